"""What a check finds, and from which number on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from softpower.model.base import Model, Number

Severity = Literal["serious", "warning", "note", "undefined"]
Part = Literal["framework", "data", "cases", "judgements"]
SEVERITIES: tuple[Severity, ...] = ("serious", "warning", "note", "undefined")
"""The gravest first. What is undefined could not be looked at, and says why."""
PARTS: tuple[Part, ...] = ("framework", "data", "cases", "judgements")

Share = Annotated[Number, Field(ge=0, le=1)]
Above = Annotated[Number, Field(gt=0)]


class Thresholds(Model):
    """From which number on a check speaks up.

    They are conventions, not laws: each is the practice of the field or a round number, and each can be set.

    Parameters
    ----------
    balance : float
        Siblings may differ so many times in the number of their indicators.
    dominance : float
        A node may weigh so many times an equal share among its siblings, an indicator so many times among all.
    availability, serious_availability : float
        The least share of values that are there.
    zeros : float
        The greatest share of zeros among an indicator's values.
    stale : float
        So many years may lie between the latest fact of an indicator and the end of the window.
    skewness, kurtosis : float
        An indicator has outliers where both are exceeded.
    width : float
        Bounds may span such a share of the scale.
    weak : float
        So much of the weight may rest on quality C and D.
    source, unfooted, interviews : float
        So much of the score may rest on one source, on facts without a footnote, on interviews.
    ceiling : float
        From this share of the scale on a score has no room left.
    positive : float
        The greatest share of facts that raise among those that raise or lower.
    judged : float
        So much of the score may rest on judgements.
    correlation : float
        Two indicators above it say the same thing.
    size : float
        An indicator above it goes with the size of the case.
    alpha, adequacy : float
        The least reliability and sampling adequacy.
    inflation : float
        The greatest variance inflation.
    influence : float
        A node may move the composite so many times what its weight says, or that part of it.
    ranks : float
        The interval of a rank may span such a share of all ranks.
    agreement, serious_agreement : float
        The least agreement of coders.
    """

    balance: Above = 2.0
    dominance: Above = 3.0
    availability: Share = 0.65
    serious_availability: Share = 0.5
    zeros: Share = 0.5
    stale: Above = 10.0
    skewness: Above = 2.0
    kurtosis: Number = 3.5
    width: Share = 0.5
    weak: Share = 0.5
    source: Share = 0.5
    unfooted: Share = 0.5
    interviews: Share = 0.5
    ceiling: Share = 0.99
    positive: Share = 0.8
    judged: Share = 0.5
    correlation: Share = 0.9
    size: Share = 0.7
    alpha: Share = 0.7
    adequacy: Share = 0.6
    inflation: Above = 10.0
    influence: Above = 2.0
    ranks: Share = 0.25
    agreement: Share = 0.8
    serious_agreement: Share = 0.667


@dataclass(frozen=True)
class Said:
    """What a check says, before it is known which check says it.

    Parameters
    ----------
    severity : {"serious", "warning", "note", "undefined"}
    what : str
    mend : str
        What to do.
    where : tuple of str
        Nodes, cases, sources.
    number, threshold : float
        What was found, and from which number on it is said; NaN where there is none.
    """

    severity: Severity
    what: str
    mend: str
    where: tuple[str, ...] = ()
    number: float = np.nan
    threshold: float = np.nan


@dataclass(frozen=True)
class Finding:
    """Something to mend, to say beside the score, or to know.

    Parameters
    ----------
    check, part : str
        Which check found it, and what part of the study it looks at.
    severity : {"serious", "warning", "note", "undefined"}
        ``serious``: do not cite before it is mended; ``warning``: say it beside the score; ``note``: know it;
        ``undefined``: this could not be looked at, and ``what`` says why.
    what : str
    where : tuple of str
        Nodes, cases, sources.
    number, threshold : float
        NaN where there is none.
    mend : str
        What to do.
    reference : str
        By which rule.
    """

    check: str
    part: Part
    severity: Severity
    what: str
    where: tuple[str, ...]
    number: float
    threshold: float
    mend: str
    reference: str

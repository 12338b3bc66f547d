"""How far the coders of a profile agree, variable by variable."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from softpower.analysis.krippendorff import Level, krippendorff_alpha
from softpower.arguments import diagnosed
from softpower.draws.points import seed_of
from softpower.errors import printed
from softpower.model.observation import Observation, readings
from softpower.model.profile import Profile
from softpower.model.unit import Unit
from softpower.model.variable import Variable
from softpower.result import Result, captioned
from softpower.steps.measures import Floats
from softpower.studies import as_profile

COLUMNS = ("title", "unit", "level", "alpha", "low", "high", "units", "coders", "codes", "reason")

Fact = Mapping[str, float]
"""The code of each coder of one fact."""


@diagnosed
def agreement(
    data: Result | Profile | str | Path,
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    rng: int | np.random.Generator | None = 0,
) -> Agreement:
    """Return how far coders agree on each variable that several of them have coded, by Krippendorff's alpha.

    alpha = 1 - D_o / D_e, the difference of codes within facts against that of any two codes; see
    `softpower.analysis.krippendorff.krippendorff_alpha`, also for the interval.

    A unit is a fact: the rows of several coders that are alike in case, variable, period, source, place and
    statement. A code is the value; bounds are not compared. The level of measurement is that of the variable: nominal
    for events and spells, ordinal for ``ordinal:a..b`` and ``rungs:n``, ratio for shares, counts and amounts.
    Judgements on one scale are pooled as well, in a row of their own, where they are of several variables.

    Parameters
    ----------
    data : Result, Profile, str or Path
        As for `score`, but no table.
    confidence : float
        Of the interval for alpha, an estimate from the facts that were coded: the share of the resamples that it holds.
    resamples : int
        How many sets of facts are drawn for the interval.
    rng : int, Generator or None
        A seed, or a source of random numbers.

    Returns
    -------
    Agreement

    Raises
    ------
    MethodError
        If the confidence is no share, or there is no resample.
    SoftPowerError
        If the data is no profile.

    Notes
    -----
    Misleads where coders have talked, or one has seen the other's codes: agreement is then no evidence. It says nothing
    about whether the codes are right.

    References
    ----------
    K. Krippendorff, Computing Krippendorff's alpha-reliability (University of Pennsylvania, 2011).

    Examples
    --------
    >>> agreement("kazakhstan").reason
    'no observation names its coder'
    """
    profile = as_profile(data)
    seed = seed_of(rng)
    coded = {name: _codes(profile, name) for name in profile.framework.variables}
    coded = {name: facts for name, facts in coded.items() if len({coder for fact in facts for coder in fact}) > 1}
    asked = [(name, one.title, one, coded[name]) for name, one in profile.framework.variables.items() if name in coded]
    for unit, names in _scales(profile, coded).items():
        facts = [fact for name in names for fact in coded[name]]
        first = profile.framework.variables[names[0]]
        asked.append((f"judgements: {unit}", f"all judgements on the scale {unit}", first, facts))
    rows = []
    for _, title, variable, facts in asked:
        level = _level(variable)
        found = krippendorff_alpha(_table(facts), level, confidence=confidence, resamples=resamples, rng=seed)
        rows.append((title, variable.unit, level, *(getattr(found, name) for name in COLUMNS[3:])))
    index = pd.Index([name for name, *_ in asked], name="variable", dtype=object)
    frame = pd.DataFrame(rows, index, list(COLUMNS))
    return Agreement(frame, "" if rows else _nobody(profile), confidence, resamples, seed)


@dataclass(frozen=True, repr=False, eq=False)
class Agreement:
    """How far coders agree.

    Parameters
    ----------
    frame : DataFrame
        One row for each variable that several coders have coded, then one for all judgements on one scale:
        ``title``, ``unit``, ``level`` of measurement, ``alpha``, ``low`` and ``high`` of its interval, ``units``,
        ``coders`` and ``codes`` that it rests on, and the ``reason`` where it is undefined.
    reason : str
        Why there is no row; empty where there are any.
    confidence : float
        The share of the resamples that the interval holds.
    resamples : int
    seed : int
        Of the resamples.
    """

    frame: pd.DataFrame
    reason: str
    confidence: float
    resamples: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each variable that several coders have coded, then one for judgements on one scale."""
        return self.frame.copy()

    @property
    def _head(self) -> str:
        if self.reason:
            return f"The agreement of coders is undefined: {self.reason}."
        return f"Krippendorff's alpha, with its interval of {self.confidence:.0%} over {self.resamples:,} resamples"

    def __repr__(self) -> str:
        """Return alpha of each variable, or why there is none."""
        shown = self.frame.drop(columns="title").round(3)
        return printed(self._head if self.reason else f"{self._head}\n{shown.to_string()}")

    def _repr_html_(self) -> str:
        """Return alpha of each variable, or why there is none, as HTML."""
        return f"<p>{html.escape(self._head)}</p>" if self.reason else captioned(self._head, self.frame)


def _codes(profile: Profile, variable: str) -> list[Fact]:
    """Return the codes of a variable, fact by fact, in its unit."""
    to = Unit.parse(profile.framework.variables[variable].unit)
    mine = [one for one in profile.observations if one.variable == variable and one.coder is not None]
    return [
        {str(one.coder): (one.value or 0.0) * Unit.parse(one.unit or to.text).factor(to) for one in fact}
        for fact in readings(mine)
        if len({one.coder for one in fact}) == len(fact)
    ]


def _table(facts: Sequence[Fact]) -> Floats:
    """Return the codes of facts, of shape (coders, facts)."""
    coders = sorted({coder for fact in facts for coder in fact})
    return np.array([[fact.get(coder, np.nan) for fact in facts] for coder in coders])


def _level(variable: Variable) -> Level:
    """Return the level of measurement of a variable."""
    if variable.kind in {"event", "spell"}:
        return "nominal"
    return "ordinal" if variable.codes else "ratio"


def _scales(profile: Profile, coded: Iterable[str]) -> dict[str, list[str]]:
    """Return the judgements that share a scale, several on each."""
    scales: dict[str, list[str]] = {}
    for name in coded:
        one = profile.framework.variables[name]
        if one.kind == "judgement":
            scales.setdefault(one.unit, []).append(name)
    return {unit: names for unit, names in scales.items() if len(names) > 1}


def _nobody(profile: Profile) -> str:
    """Return why no variable has several coders."""
    coders = sorted({str(one.coder) for one in _coded(profile)})
    if profile.values is not None:
        return "a table of values has no coders"
    if not coders:
        return "no observation names its coder"
    if len(coders) == 1:
        return f"'{coders[0]}' alone has coded"
    return f"no variable has codes of two of {', '.join(coders)}"


def _coded(profile: Profile) -> Iterator[Observation]:
    return (one for one in profile.observations if one.variable is not None and one.coder is not None)

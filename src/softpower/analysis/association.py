"""How alike two scores order the same cases: Pearson, Spearman and Kendall."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from softpower.steps.correlation import LEAST, centred, correlation
from softpower.steps.measures import Floats


@dataclass(frozen=True)
class Association:
    """The correlations of two lists of numbers; NaN, with the reason, where they are undefined."""

    pearson: float
    spearman: float
    kendall: float
    cases: int
    reason: str


def associate(a: Floats, b: Floats) -> Association:
    """Return how two lists of numbers go together, over the places where both have one.

    Pearson is of the numbers, Spearman of their ranks with ties at their mean rank, Kendall is tau-b, which corrects
    for ties.

    Parameters
    ----------
    a, b : arrays of shape (cases,)
        NaN where missing.

    Examples
    --------
    >>> associate(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0])).spearman
    1.0
    >>> associate(np.array([1.0, 2.0, np.nan]), np.array([2.0, 4.0, 9.0])).reason
    '2 cases have a score in both, and fewer than 3 say nothing'
    """
    both = ~(np.isnan(a) | np.isnan(b))
    a, b, count = a[both], b[both], int(both.sum())
    reason = _undefined(a, b)
    if reason:
        return Association(math.nan, math.nan, math.nan, count, reason)
    from scipy.stats import kendalltau, rankdata

    pearson, spearman = (float(correlation(centred(x), centred(y))) for x, y in ((a, b), (rankdata(a), rankdata(b))))
    # The p-value, which nobody reads here, may overflow; the statistic does not.
    with np.errstate(all="ignore"):
        kendall = float(kendalltau(a, b, method="asymptotic").statistic)
    return Association(pearson, spearman, kendall, count, "")


def _undefined(a: Floats, b: Floats) -> str:
    """Return why numbers have no correlation; empty where they have one."""
    if len(a) < LEAST:
        cases = "1 case has" if len(a) == 1 else f"{len(a)} cases have"
        return f"{cases} a score in both, and fewer than {LEAST} say nothing"
    flat = [name for name, one in (("a", a), ("b", b)) if not centred(one).any()]
    return f"all scores of {' and of '.join(flat)} are the same" if flat else ""

"""What the values of each indicator are like, and which rows or columns of a table are the same. Arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from softpower.errors import MethodError
from softpower.steps import statistics
from softpower.steps.measures import Floats


@dataclass(frozen=True)
class Description:
    """Statistics of indicators, each an array of shape (indicators,).

    Parameters
    ----------
    available : int array
        How many values there are.
    zeros : int array
        How many of them are zero.
    distinct : int array
        How many different values there are.
    most_alike : int array
        How often the most frequent value stands there.
    least, greatest, mean, median : arrays
        NaN where there is no value.
    deviation : array
        The standard deviation with n - 1; NaN for fewer than two values.
    skewness, kurtosis : arrays
        Corrected for small samples, the kurtosis in excess of the normal distribution's; NaN where all values are the
        same, for fewer than three values, or four.
    """

    available: np.ndarray
    zeros: np.ndarray
    distinct: np.ndarray
    most_alike: np.ndarray
    least: Floats
    greatest: Floats
    mean: Floats
    median: Floats
    deviation: Floats
    skewness: Floats
    kurtosis: Floats

    def to_frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return one row for each indicator."""
        return pd.DataFrame(asdict(self), pd.Index(list(names), name="indicator"))


def describe(values: Floats) -> Description:
    """Return statistics of indicators over their cases.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        NaN where missing.

    Notes
    -----
    Misleads where zeros are true and telling, and where a count has few distinct values because it can have no more.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 2 to 4; Joanes and Gill, Comparing measures of
    sample skewness and kurtosis, The Statistician 47 (1998).

    Examples
    --------
    >>> given = describe(np.array([[1.0, 0.0], [2.0, 0.0], [np.nan, 3.0], [6.0, 5.0]]))
    >>> given.available, given.zeros, given.most_alike, given.deviation.round(3)
    (array([3, 4]), array([0, 2]), array([1, 2]), array([2.646, 2.449]))
    """
    if not len(values):
        values = np.full((1, values.shape[1]), np.nan)
    there = ~np.isnan(values)
    ordered = np.sort(values, axis=0)
    # Gaps are sorted to the end, and none equals anything.
    fresh = np.ones(values.shape, dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    fresh &= ~np.isnan(ordered)
    place = np.arange(len(values))[:, None]
    run = place - np.maximum.accumulate(np.where(fresh, place, 0), axis=0) + 1
    return Description(
        there.sum(axis=0),
        (values == 0).sum(axis=0),
        fresh.sum(axis=0),
        np.where(np.isnan(ordered), 0, run).max(axis=0, initial=0),
        np.fmin.reduce(values, axis=0, initial=np.nan),
        np.fmax.reduce(values, axis=0, initial=np.nan),
        statistics.mean(values),
        statistics.median(values),
        _deviation(values),
        statistics.skewness(values),
        statistics.kurtosis(values),
    )


def _deviation(values: Floats) -> Floats:
    """Return the standard deviation with n - 1; NaN for fewer than two values."""
    count, largest = statistics.count(values), np.fmax.reduce(np.abs(values), axis=0, initial=0.0)
    unit = np.where(largest > 0, largest, 1.0)
    apart = values / unit - statistics.mean(values / unit)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.nansum(np.square(apart), axis=0) / (count - 1)
    return np.asarray(np.where(count > 1, unit * np.sqrt(variance), np.nan))


def identical(values: Floats, axis: Literal["cases", "indicators"] = "cases") -> tuple[tuple[int, ...], ...]:
    """Return the groups of cases, or of indicators, whose values are all the same, gaps included.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        NaN where missing.
    axis : {"cases", "indicators"}

    Returns
    -------
    tuple of tuple of int
        The places of each group of two or more, in their order. What has no value at all is like nothing.

    Raises
    ------
    MethodError
        For another axis.

    Notes
    -----
    Misleads where there are few values, or few that they can take: cases may then be alike by chance.

    Examples
    --------
    >>> identical(np.array([[1.0, 2.0], [3.0, np.nan], [1.0, 2.0]]))
    ((0, 2),)
    """
    if axis not in {"cases", "indicators"}:
        raise MethodError.of("identical: axis", f"there is no axis '{axis}'", 'Say "cases" or "indicators".')
    rows = values if axis == "cases" else values.T
    gone = np.isnan(rows)
    there = np.flatnonzero(~gone.all(axis=1))
    # Zero is added so that -0 and 0 are one number.
    told = np.concatenate([np.where(gone, 0.0, rows) + 0.0, gone], axis=1)[there]
    _, group = np.unique(told, axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    runs = np.split(there[order], np.flatnonzero(np.diff(group[order])) + 1)
    return tuple(sorted(tuple(map(int, run)) for run in runs if len(run) > 1))

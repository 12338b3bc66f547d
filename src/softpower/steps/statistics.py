"""Statistics of indicators over their cases, blind to gaps: arrays of shape (..., cases, indicators) lose the cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softpower.steps.measures import Floats, Mask

ROOM = 2.0**-32
"""Huge numbers are summed in this unit: a power of two rounds nothing, and no sum of finite numbers overflows."""
RUN = 1024
"""So many terms are added one after the other; the sums of such runs are then added."""


def total(terms: Floats, axis: int = -2) -> Floats:
    """Return the sum along an axis; a million terms of one sign come out to 3e-13 of it, however they lie in memory.

    Examples
    --------
    >>> total(np.full((1_000_000, 1), 0.1)).round(8)
    array([100000.])
    """
    if terms.shape[axis] > RUN:
        terms = np.add.reduceat(terms, np.arange(0, terms.shape[axis], RUN), axis=axis)
    return np.asarray(terms.sum(axis=axis))


def squares(values: Floats) -> float:
    """Return the sum of all squares in one pass: NaN if one of the values is, and infinite if one is far too large.

    Examples
    --------
    >>> squares(np.array([[3.0, 4.0]])), squares(np.array([[np.nan, np.inf]])), squares(np.array([1e200, -np.inf]))
    (25.0, nan, inf)
    """
    letters = "abcdefgh"[: values.ndim]
    return float(np.einsum(f"{letters},{letters}->", values, values))


def count(values: Floats) -> Floats:
    """Return how many cases have a value.

    Examples
    --------
    >>> count(np.array([[1.0], [np.nan], [3.0]]))
    array([2.])
    """
    absent = np.isnan(values)
    # The sum takes longer than to see that there is no gap.
    lacking = absent.sum(axis=-2) if absent.any() else np.zeros((*values.shape[:-2], values.shape[-1]))
    return np.asarray(values.shape[-2] - lacking, dtype=float)


def mean(values: Floats) -> Floats:
    """Return the arithmetic mean; NaN without a value.

    Examples
    --------
    >>> mean(np.array([[1.0], [np.nan], [3.0]]))
    array([2.])
    """
    n, absent = count(values), np.isnan(values)
    known = np.where(absent, 0.0, values) if absent.any() else values
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        given = total(known) / n
        if not np.isfinite(given).all():
            given = np.where(np.isfinite(given), given, total(known * ROOM) / n / ROOM)
        return np.asarray(given)


def about_mean(values: Floats) -> Floats:
    """Return what values differ from their mean, also where they differ in their last digits alone.

    Examples
    --------
    >>> about_mean(np.array([[1e15], [1e15 + 0.125], [1e15 + 0.25], [1e15 + 0.25]])).ravel()
    array([-0.15625, -0.03125,  0.09375,  0.09375])
    """
    apart = values - mean(values)[..., None, :]
    # What rounding took from the mean is missing in every difference alike.
    apart -= mean(apart)[..., None, :]
    return np.asarray(apart)


def quantile(values: Floats, share: float) -> Floats:
    """Return the quantile of type 7: linear between the two nearest of the ordered values; NaN without a value.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    share : float
        From 0 to 1.

    Examples
    --------
    >>> quantile(np.array([[1.0], [np.nan], [3.0], [7.0]]), 0.75)
    array([5.])
    """
    return quantile_of_sorted(np.moveaxis(np.sort(values, axis=-2), -2, 0), share)


def quantile_of_sorted(ordered: Floats | NDArray[np.float32], share: float | Floats) -> Floats:
    """Return the quantile of type 7 of values that are sorted along the first axis, gaps last; NaN without a value.

    Parameters
    ----------
    ordered : array of shape (values, ...)
    share : float, or array of shape (...)
        From 0 to 1, the same for all or one for each.

    Examples
    --------
    >>> quantile_of_sorted(np.array([[1.0, 1.0], [3.0, 3.0], [7.0, np.nan]]), np.array([0.75, 0.5]))
    array([5., 2.])
    """
    if not len(ordered):
        return np.full(ordered.shape[1:], np.nan)
    # Where the last is no gap there is none.
    gaps = np.isnan(ordered).sum(axis=0) if np.isnan(ordered[-1]).any() else np.zeros(ordered.shape[1:])
    place = share * np.maximum(len(ordered) - gaps - 1.0, 0.0)
    below, above = (
        np.take_along_axis(ordered, end(place).astype(np.intp)[None], axis=0)[0] for end in (np.floor, np.ceil)
    )
    part = place % 1.0
    # Clipped, so that between two equal values lies no other.
    return np.asarray(np.clip(below * (1.0 - part) + above * part, below, above))


def median(values: Floats) -> Floats:
    """Return the middle value, or the mean of the two in the middle; NaN without a value.

    Examples
    --------
    >>> median(np.array([[1.0], [np.nan], [3.0], [7.0]]))
    array([3.])
    """
    return quantile(values, 0.5)


def skewness(values: Floats) -> Floats:
    """Return the skewness corrected for small samples.

    G1 = sqrt(n (n - 1)) / (n - 2) m3 / m2^1.5, where m2 and m3 are the mean square and cube about the mean.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)

    Returns
    -------
    array of shape (..., indicators)
        NaN for fewer than three values, or if all are the same.

    References
    ----------
    Joanes and Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998).

    Examples
    --------
    >>> skewness(np.array([[1.0], [2.0], [np.nan], [6.0]])).round(4)
    array([1.4579])
    """
    n, spread, (m2, m3, _) = _moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        given = np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    return np.where(spread & (n >= 3), given, np.nan)


def kurtosis(values: Floats) -> Floats:
    """Return the kurtosis in excess of the normal distribution's, corrected for small samples.

    G2 = (n - 1) / ((n - 2) (n - 3)) ((n + 1) (m4 / m2^2 - 3) + 6), where m2 and m4 are the mean square and fourth
    power about the mean.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)

    Returns
    -------
    array of shape (..., indicators)
        NaN for fewer than four values, or if all are the same.

    References
    ----------
    Joanes and Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998).

    Examples
    --------
    >>> kurtosis(np.array([[1.0], [2.0], [3.0], [4.0]])).round(12)
    array([-1.2])
    """
    n, spread, (m2, _, m4) = _moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        given = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return np.where(spread & (n >= 4), given, np.nan)


def _moments(values: Floats) -> tuple[Floats, Mask, tuple[Floats, Floats, Floats]]:
    """Return the number of values, whether they differ, and the mean square, cube and fourth power about the mean."""
    n = count(values)
    # A power of two near the largest value as the unit: nothing is rounded, and no power over- or underflows.
    _, power = np.frexp(np.fmax.reduce(np.abs(values), axis=-2, keepdims=True))
    x = np.ldexp(values, -power)
    spread = np.fmax.reduce(x, axis=-2) > np.fmin.reduce(x, axis=-2)
    x = about_mean(x)
    square = x * x
    return n, spread, (mean(square), mean(square * x), mean(square * square))

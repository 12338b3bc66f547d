"""Normalise by where a case stands among the others: within their range, or by their spread.

Every method takes values of shape (..., cases, indicators) with the sign turned where lower is better, so that the
scores are those of the data reversed, and leaves gaps as gaps.
"""

from __future__ import annotations

import numpy as np

from softpower.errors import MethodError
from softpower.registry import NORMALISE
from softpower.steps.measures import Floats
from softpower.steps.normalise import Check, Scales, refuse
from softpower.steps.statistics import about_mean, count, median, total


def worst_and_best(values: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of each indicator; NaN where there is none."""
    with np.errstate(invalid="ignore"):
        worst, best = values.min(axis=-2, keepdims=True), values.max(axis=-2, keepdims=True)
    # The way that leaves gaps out takes longer.
    if np.isnan(worst).any():
        return np.fmin.reduce(values, axis=-2, keepdims=True), np.fmax.reduce(values, axis=-2, keepdims=True)
    return worst, best


def flat(worst: Floats, best: Floats) -> Check:
    """Return the check that indicators have two different values."""
    what = "it has the same value in every case, or one case alone, and so no place among them"
    return worst == best, what, "Score it against goalposts, or leave it out."


def alone(values: Floats) -> Check:
    """Return the check that not one case alone has a value."""
    what = "it has one case alone, and so nothing to compare it with"
    return count(values)[..., None, :] == 1, what, "Score it against goalposts, or leave it out."


REACH = 500
"""Numbers beyond two to this power, or below two to minus this power, are brought near to one before they are added."""


def reachable(values: Floats, worst: Floats, best: Floats, *others: Floats) -> tuple[Floats, ...]:
    """Return values, their ends and others times a power of two that brings the huge and the tiny near to one.

    Differences and means in proportion to one another stay the same, as nothing is rounded, but none overflows or
    underflows.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    worst, best : arrays of shape (..., 1, indicators)
        The ends of each indicator.
    *others : arrays that broadcast against these
    """
    largest = np.fmax(np.abs(worst), np.abs(best))
    power = np.frexp(np.where(np.isfinite(largest), largest, 1.0))[1]
    shift = np.where(np.abs(power) > REACH, -power, 0)
    given = (values, worst, best, *others)
    return tuple(np.asarray(np.ldexp(one, shift)) for one in given) if shift.any() else given


@NORMALISE.register("min_max", ends=lambda low, high: (low, high), signed=True)
def min_max(values: Floats, scales: Scales, *, low: float = 0.0, high: float = 100.0) -> Floats:
    """Score ``low`` for the worst case and ``high`` for the best, linear in between.

    score = low + (high - low) (x - min x) / (max x - min x), over the cases that have a value.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    low, high : float
        The ends of the scale.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has the same value in all cases, one case included, or the ends are not in order.

    Notes
    -----
    Misleads under outliers, which push all others together, and over time: a new case moves every score.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> min_max(np.array([[2.0], [3.0], [6.0]]), scales).ravel()
    array([  0.,  25., 100.])
    """
    if not low < high:
        raise MethodError.of("normalise = 'min_max'", f"low {low:g} is not below high {high:g}", "Swap them.")
    values, least, greatest = reachable(values, *worst_and_best(values))
    refuse("min_max", scales, flat(least, greatest))
    # In place: on a million cases a fresh array for each sign would take longer than the arithmetic.
    scores = np.asarray(values - least)
    scores /= greatest - least
    scores *= high - low
    scores += low
    return scores


@NORMALISE.register("z_score", signed=True)
def z_score(values: Floats, scales: Scales, *, mean: float = 0.0, deviation: float = 1.0) -> Floats:
    """Score by standard deviations from the mean of the cases.

    score = mean + deviation (x - m) / s, with s from n - 1.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    mean, deviation : float
        Of the scores.

    Returns
    -------
    array of the same shape, on an open scale; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has the same value in all cases, one case included, or the deviation is not positive.

    Notes
    -----
    Scores are negative below the mean: the geometric and the harmonic mean refuse them. Misleads under outliers: one
    weighs more than under min-max.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> z_score(np.array([[2.0], [4.0], [6.0]]), scales).ravel()
    array([-1.,  0.,  1.])
    """
    if deviation <= 0:
        what = f"the deviation {deviation:g} is not above zero"
        raise MethodError.of("normalise = 'z_score'", what, "Give a positive one.")
    values, worst, best = reachable(values, *worst_and_best(values))
    refuse("z_score", scales, flat(worst, best))
    apart = about_mean(values)
    # By the largest first, so that the squares of huge and tiny deviations are numbers.
    largest = np.fmax.reduce(np.abs(apart), axis=-2, keepdims=True)
    apart /= largest
    freedom = np.maximum(count(values) - 1, 1)[..., None, :]
    squares = np.square(apart)
    whole = total(squares)[..., None, :]
    if np.isnan(whole).any():
        whole = total(np.where(np.isnan(squares), 0.0, squares))[..., None, :]
    apart /= np.sqrt(whole / freedom)
    apart *= deviation
    apart += mean
    return np.asarray(apart)


@NORMALISE.register("robust_z", signed=True)
def robust_z(values: Floats, scales: Scales, *, consistency: float = 1.482602218505602) -> Floats:
    """Score by median absolute deviations from the median of the cases.

    score = (x - median) / (consistency MAD), where MAD is the median of abs(x - median).

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    consistency : float
        What makes the MAD of a normal distribution its standard deviation: one over the normal quantile of 3/4.
        With 1 the score counts plain median deviations.

    Returns
    -------
    array of the same shape, on an open scale; NaN stays NaN

    Raises
    ------
    MethodError
        If more than half of an indicator's cases share one value, or it has one case alone, or the constant is not
        positive.

    Notes
    -----
    Outliers move no other score. Misleads where the values have two peaks: the median may lie where no case is.
    Scores are negative below the median: the geometric and the harmonic mean refuse them.

    References
    ----------
    Rousseeuw, P. J. and Croux, C., Alternatives to the median absolute deviation, Journal of the American Statistical
    Association 88 (1993).

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> robust_z(np.array([[1.0], [2.0], [4.0], [5.0], [99.0]]), scales, consistency=1.0).ravel()
    array([-1.5, -1. ,  0. ,  0.5, 47.5])
    """
    if consistency <= 0:
        what = f"the consistency {consistency:g} is not above zero"
        raise MethodError.of("normalise = 'robust_z'", what, "Give a positive one, or leave it out.")
    values, worst, best = reachable(values, *worst_and_best(values))
    apart = values - median(values)[..., None, :]
    # What rounding took from the median is missing in every difference alike.
    apart -= median(apart)[..., None, :]
    spread = consistency * median(np.abs(apart))[..., None, :]
    what = "more than half of its cases share one value, and so their median deviation is zero"
    steady = (spread == 0, what, 'Use "z_score" or "rank", or leave it out.')
    refuse("robust_z", scales, flat(worst, best), steady)
    return np.asarray(apart / spread)

"""Normalise by where a case stands among the others: within their range, by their spread, by their order.

Every method takes values of shape (..., cases, indicators) with the sign turned where lower is better, so that the
scores are those of the data reversed, and leaves gaps as gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from softpower.errors import MethodError
from softpower.registry import NORMALISE
from softpower.steps.measures import Floats
from softpower.steps.normalise import Check, Scales, refuse

Ties = Literal["lowest", "average", "highest"]


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


def count_of(values: Floats) -> Floats:
    """Return how many cases have a value."""
    absent = np.isnan(values)
    if not absent.any():
        return np.full((*values.shape[:-2], 1, values.shape[-1]), float(values.shape[-2]))
    return np.asarray((~absent).sum(axis=-2, keepdims=True), dtype=float)


def alone(values: Floats) -> Check:
    """Return the check that not one case alone has a value."""
    what = "it has one case alone, and so nothing to compare it with"
    return count_of(values) == 1, what, "Score it against goalposts, or leave it out."


def mean_of(values: Floats) -> Floats:
    """Return the mean over the cases that have a value; NaN where none has."""
    whole = values.sum(axis=-2, keepdims=True)
    if not np.isnan(whole).any():
        return np.asarray(whole / values.shape[-2])
    count = count_of(values)
    mean = np.where(np.isnan(values), 0.0, values).sum(axis=-2, keepdims=True) / np.maximum(count, 1)
    return np.where(count > 0, mean, np.nan)


def _median(values: Floats) -> Floats:
    """Return the median over the cases that have a value; NaN where none has."""
    # Gaps sort last.
    ordered, count = np.sort(values, axis=-2), count_of(values).astype(int)
    middle = (np.take_along_axis(ordered, np.maximum(place, 0) // 2, axis=-2) for place in (count - 1, count))
    return np.asarray(sum(0.5 * one for one in middle))


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
    least, greatest = worst_and_best(values)
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
    refuse("z_score", scales, flat(*worst_and_best(values)))
    apart = values - mean_of(values)
    # By the largest first, so that the squares of huge and tiny deviations are numbers.
    largest = np.fmax.reduce(np.abs(apart), axis=-2, keepdims=True)
    apart /= np.where(largest > 0, largest, 1.0)
    freedom = np.maximum(count_of(values) - 1, 1)
    squares = np.square(apart)
    whole = squares.sum(axis=-2, keepdims=True)
    if np.isnan(whole).any():
        whole = np.where(np.isnan(squares), 0.0, squares).sum(axis=-2, keepdims=True)
    spread = np.sqrt(whole / freedom)
    apart /= np.where(spread > 0, spread, 1.0)
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
    apart = values - _median(values)
    spread = consistency * _median(np.abs(apart))
    what = "more than half of its cases share one value, and so their median deviation is zero"
    steady = (spread == 0, what, 'Use "z_score" or "rank", or leave it out.')
    refuse("robust_z", scales, flat(*worst_and_best(values)), steady)
    return np.asarray(apart / spread)


def _ranks(method: str, values: Floats, scales: Scales, ties: Ties) -> tuple[Floats, Floats]:
    """Return the ranks, 1 for the worst, and how many cases there are."""
    refuse(method, scales, alone(values))
    return ranked(values, ties), np.maximum(count_of(values), 1.0)


def ranked(values: Floats, ties: Ties) -> Floats:
    """Return the rank of each value among the cases, 1 for the least; NaN has none.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    ties : {"lowest", "average", "highest"}
        Which rank equal values share.

    Examples
    --------
    >>> ranked(np.array([[7.0], [3.0], [np.nan], [7.0]]), "average").ravel()
    array([2.5, 1. , nan, 2.5])
    """
    # The cases of an indicator side by side in memory, so that they sort fast; gaps go last.
    lanes = np.ascontiguousarray(values.swapaxes(-1, -2))
    order = lanes.argsort(axis=-1)
    order += np.arange(0, lanes.size, lanes.shape[-1]).reshape(*lanes.shape[:-1], 1)
    ordered = lanes.reshape(-1)[order]
    places: Floats = np.arange(1.0, lanes.shape[-1] + 1)
    equal = ordered[..., 1:] == ordered[..., :-1]
    if equal.any():
        edge = np.zeros((*equal.shape[:-1], 1), dtype=bool)
        lowest = np.maximum.accumulate(np.where(np.concatenate([edge, equal], axis=-1), 1.0, places), axis=-1)
        last = np.where(np.concatenate([equal, edge], axis=-1), np.inf, places)
        highest = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
        places = {"lowest": lowest, "average": (lowest + highest) / 2, "highest": highest}[ties]
    ranks = np.empty(lanes.shape)
    ranks.reshape(-1)[order] = places
    ranks = ranks.swapaxes(-1, -2)
    absent = np.isnan(values)
    return np.where(absent, np.nan, ranks) if absent.any() else ranks


@NORMALISE.register("rank", signed=True)
def rank(values: Floats, scales: Scales, *, ties: Ties = "lowest") -> Floats:
    """Score by rank among the cases: 1 for the worst, the number of cases for the best.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    ties : {"lowest", "average", "highest"}
        Which rank equal values share.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone.

    Notes
    -----
    Misleads where distances matter: it throws away how far apart the cases are. An indicator with gaps has fewer
    ranks, and so a lower best score, than one without.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> rank(np.array([[7.0], [3.0], [7.0]]), scales).ravel()
    array([2., 1., 2.])
    """
    return _ranks("rank", values, scales, ties)[0]


@NORMALISE.register("borda", signed=True)
def borda(values: Floats, scales: Scales, *, ties: Ties = "lowest") -> Floats:
    """Score by Borda's points: how many of the other cases lie below.

    score = rank - 1: 0 for the worst, n - 1 for the best.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    ties : {"lowest", "average", "highest"}
        Which rank equal values share; with "average" each of two equal cases has half a point from the other.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone.

    Notes
    -----
    Misleads where distances matter, and where cases come and go: an irrelevant case moves the points of others.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 5 and 6.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> borda(np.array([[7.0], [3.0], [9.0]]), scales).ravel()
    array([1., 0., 2.])
    """
    return np.asarray(_ranks("borda", values, scales, ties)[0] - 1.0)


@NORMALISE.register("percentile_rank", ends=(0.0, 100.0), signed=True)
def percentile_rank(
    values: Floats, scales: Scales, *, ties: Ties = "lowest", among: Literal["others", "all"] = "others"
) -> Floats:
    """Score by the share of the other cases below: 0 for the worst, 100 for the best.

    score = 100 (rank - 1) / (n - 1), n being the cases that have a value; among all of them 100 rank / n.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    ties : {"lowest", "average", "highest"}
        Which rank equal values share.
    among : {"others", "all"}
        Whether a case is compared with the others, or counts among all: the worst then scores 100 / n.

    Returns
    -------
    array of the same shape, 0 to 100; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone.

    Notes
    -----
    Misleads where distances matter: it throws away how far apart the cases are.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5; Table 15 counts among all.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> percentile_rank(np.array([[7.0], [3.0], [9.0]]), scales).ravel()
    array([ 50.,   0., 100.])
    """
    ranks, count = _ranks("percentile_rank", values, scales, ties)
    if among == "all":
        return np.asarray(100.0 * ranks / count)
    return np.asarray(100.0 * (ranks - 1.0) / np.maximum(count - 1.0, 1.0))


PERCENTILES = (5.0, 15.0, 35.0, 65.0, 85.0, 95.0)
CATEGORIES = (0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 100.0)
"""Those of the Handbook's Table 15."""


@NORMALISE.register("categorical", ends=lambda scores, **_: (scores[0], scores[-1]), signed=True)
def categorical(
    values: Floats,
    scales: Scales,
    *,
    percentiles: Sequence[float] = PERCENTILES,
    scores: Sequence[float] = CATEGORIES,
    ties: Ties = "lowest",
) -> Floats:
    """Score by categories that percentiles part: as many as the percentiles that a case reaches.

    score = scores[k], k being how many of the percentiles are at or below 100 rank / n.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    percentiles : sequence of float
        Where a category begins, from 0 to 100, rising; the lowest category begins at 0.
    scores : sequence of float
        One for each category, rising: one more than percentiles.
    ties : {"lowest", "average", "highest"}
        Which rank equal values share.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone, or percentiles and scores do not rise or do not match.

    Notes
    -----
    Misleads twice: cases that differ within a category score the same, and near cases on either side of a percentile
    score far apart. Over time nothing shows unless the order changes.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, Table 15, whose categories are the default.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> column = np.array([[7.0], [3.0], [9.0], [8.0]])
    >>> categorical(column, scales, percentiles=[50, 100], scores=[0, 1, 5]).ravel()
    array([1., 0., 5., 1.])
    """
    where = "normalise = 'categorical'"
    for name, numbers in (("percentiles", percentiles), ("scores", scores)):
        if not all(one < other for one, other in pairwise(numbers)):
            raise MethodError.of(where, f"the {name} do not rise", "Write each above the one before it.")
    if not percentiles or not 0 < percentiles[0] <= percentiles[-1] <= 100:
        raise MethodError.of(where, "a percentile is not above 0 and at most 100", "Write them as percent.")
    if len(scores) != len(percentiles) + 1:
        what = (
            f"{len(percentiles)} percentiles part {len(percentiles) + 1} categories and there are {len(scores)} scores"
        )
        raise MethodError.of(where, what, "Give one score for each category.")
    ranks, count = _ranks("categorical", values, scales, ties)
    category = np.searchsorted(percentiles, 100.0 * ranks / count, side="right")
    return np.where(np.isnan(values), np.nan, np.asarray(scores, dtype=float)[category])

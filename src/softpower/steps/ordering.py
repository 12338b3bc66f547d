"""Normalise by the order of the cases: ranks, points and percentiles of them, categories.

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
from softpower.steps.normalise import Scales, refuse
from softpower.steps.standing import alone
from softpower.steps.statistics import count

Ties = Literal["lowest", "average", "highest"]
PERCENTILES = (5.0, 15.0, 35.0, 65.0, 85.0, 95.0)
CATEGORIES = (0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 100.0)
"""Those of the Handbook's Table 15."""


def _ranks(method: str, values: Floats, scales: Scales, ties: Ties) -> tuple[Floats, Floats]:
    """Return the ranks, 1 for the worst, and how many cases there are."""
    refuse(method, scales, alone(values))
    return ranked(values, ties), count(values)[..., None, :]


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
    order = lanes.argsort()
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
    return np.asarray(100.0 * (ranks - 1.0) / (count - 1.0))


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

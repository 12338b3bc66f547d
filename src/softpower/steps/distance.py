"""Normalise by the distance to a value: that of the best case, a target, a reference case, the mean, the worst.

Distances take values with the sign turned where lower is better, so that the scores are those of the data reversed.
Shares take one over the values there: a share of the best is then min x / x. Gaps stay gaps.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from softpower.errors import MethodError, did_you_mean
from softpower.registry import NORMALISE
from softpower.steps.measures import Floats
from softpower.steps.normalise import Check, Scales, refuse, unturned
from softpower.steps.standing import alone, flat, reachable, worst_and_best
from softpower.steps.statistics import about_mean, mean

NEAR = 1e-12
"""A part of a number so small that it is rounding."""
WAY_OUT = 'Use "min_max" or goalposts, or leave it out.'


@NORMALISE.register("distance_to_best", ends=(0.0, 1.0), signed=True)
def distance_to_best(values: Floats, scales: Scales) -> Floats:
    """Score 1 for the best case, less its distance from the best as a share of the range.

    score = 1 - (max x - x) / (max x - min x), so the worst scores 0: min-max from 0 to 1.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.

    Returns
    -------
    array of the same shape, 0 to 1; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has the same value in all cases, one case included.

    Notes
    -----
    Misleads under outliers, which push all others together, and over time: a new case moves every score.

    References
    ----------
    Becker, W., Caperna, G., Del Sorbo, M., Norlen, H., Papadimitriou, E. and Saisana, M., COINr, Journal of Open Source
    Software 7 (2022), where it is the distance to the maximum.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> distance_to_best(np.array([[2.0], [3.0], [6.0]]), scales).ravel()
    array([0.  , 0.25, 1.  ])
    """
    values, worst, best = reachable(values, *worst_and_best(values))
    refuse("distance_to_best", scales, flat(worst, best))
    return np.asarray((values - worst) / (best - worst))


@NORMALISE.register("distance_to_target", ends=(0.0, 1.0), unbounded=lambda capped: not capped, signed=True)
def distance_to_target(values: Floats, scales: Scales, *, capped: bool = False) -> Floats:
    """Score by how much of the way from the worst case to the target is behind a case.

    score = (x - min x) / (target - min x); where lower is better (max x - x) / (max x - target).

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better, as the targets.
    scales : Scales
        The targets, which are the indicators' own.
    capped : bool
        Whether what lies beyond the target scores 1, as the target does.

    Returns
    -------
    array of the same shape, 0 for the worst and 1 at the target; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has no target, one that is no better than its worst case, or no two different values.

    Notes
    -----
    Misleads over time: the worst case, from which the way is measured, moves every score.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)), target=np.array([6.0]))
    >>> distance_to_target(np.array([[2.0], [3.0], [8.0]]), scales).ravel()
    array([0.  , 0.25, 1.5 ])
    """
    target = np.broadcast_to(scales.target, np.broadcast_shapes(scales.target.shape, values.shape[-1:]))
    values, worst, best, target = reachable(values, *worst_and_best(values), target)
    mend = "Give the indicator a target in the framework, or choose another method."
    lacking = (np.isnan(target), "the indicator has no target", mend)
    what = "its target is no better than its worst case"
    behind = (np.asarray(target <= worst), what, "Correct the target, or which way is better.")
    refuse("distance_to_target", scales, lacking, flat(worst, best), behind)
    return _capped((values - worst) / (target - worst), capped)


@NORMALISE.register("distance_to_reference", ends=(0.0, 1.0), unbounded=lambda capped, **_: not capped, signed=True)
def distance_to_reference(values: Floats, scales: Scales, *, case: str, capped: bool = False) -> Floats:
    """Score by how much of the way from the worst case to a reference case is behind a case.

    score = (x - min x) / (r - min x), r being the value of the reference case.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the cases; goalposts are not asked.
    case : str
        The reference case.
    capped : bool
        Whether what is better than the reference scores 1, as the reference does.

    Returns
    -------
    array of the same shape, 0 for the worst and 1 for the reference; NaN stays NaN

    Raises
    ------
    MethodError
        If there is no such case, or several rows of it, or the reference is a gap or the worst of an indicator, or an
        indicator has no two different values.

    Notes
    -----
    Misleads where the reference is near the worst: small differences then become huge scores.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> posts = (np.array([v]) for v in (0.0, 1.0, np.nan, False, True))
    >>> scales = Scales(*posts, cases=("A", "B", "C"))
    >>> distance_to_reference(np.array([[2.0], [4.0], [8.0]]), scales, case="B").ravel()
    array([0., 1., 3.])
    """
    name = "distance_to_reference"
    rows = [row for row, label in enumerate(scales.cases) if label == case]
    if not rows:
        raise MethodError.of(f"normalise = '{name}'", f"there is no case '{case}'", did_you_mean(case, scales.cases))
    if len(rows) > 1:
        what = f"the case '{case}' has {len(rows)} rows, and one is the reference"
        raise MethodError.of(f"normalise = '{name}'", what, 'Normalise each period by itself: periods = "apart".')
    values, worst, best = reachable(values, *worst_and_best(values))
    reference = values[..., rows, :]
    other = "Choose another reference case, or leave the indicator out."
    gap = (np.isnan(reference) & ~np.isnan(worst), f"the reference case '{case}' has no value", other)
    bottom = (reference == worst, f"the reference case '{case}' is the worst", other)
    refuse(name, scales, flat(worst, best), gap, bottom)
    return _capped((values - worst) / (reference - worst), capped)


def _capped(scores: Floats, capped: bool) -> Floats:
    return np.asarray(np.minimum(scores, 1.0) if capped else scores)


@NORMALISE.register("share_of_best", ends=(0.0, 1.0), reciprocal=True)
def share_of_best(values: Floats, scales: Scales) -> Floats:
    """Score by the share of the best case's value.

    score = x / max x; where lower is better min x / x.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        One over the values where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.

    Returns
    -------
    array of the same shape, 0 to 1; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone, negative values or zeros alone; where lower is better if it has a zero.

    Notes
    -----
    Needs a ratio scale: misleads where zero is arbitrary, as of temperatures or years. The two directions are no
    mirror images: a value twice the least scores a half where lower is better, whatever the greatest is. They agree
    for data turned into one over the values, as kilometres per litre and litres per kilometre.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, the distance to the best of Table 15.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> share_of_best(np.array([[2.0], [3.0], [8.0]]), scales).ravel()
    array([0.25 , 0.375, 1.   ])
    """
    refuse("share_of_best", scales, *_unshared(values))
    return np.asarray(values / worst_and_best(values)[1])


@NORMALISE.register("share_of_mean", reciprocal=True)
def share_of_mean(values: Floats, scales: Scales) -> Floats:
    """Score by the value over the mean of the cases.

    score = x / m, with the arithmetic mean m; where lower is better h / x, with the harmonic mean h.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        One over the values where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.

    Returns
    -------
    array of the same shape, 1 at the mean, from 0 up; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone, negative values or zeros alone; where lower is better if it has a zero.

    Notes
    -----
    Needs a ratio scale, as ``share_of_best``; the two directions agree for one over the values. Misleads under
    outliers, which move the mean and with it every score.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, the distance to the mean of Table 15.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> share_of_mean(np.array([[2.0], [4.0], [6.0]]), scales).ravel()
    array([0.5, 1. , 1.5])
    """
    refuse("share_of_mean", scales, *_unshared(values))
    values = reachable(values, *worst_and_best(values))[0]
    return np.asarray(values / mean(values)[..., None, :])


@NORMALISE.register("share_of_worst", reciprocal=True)
def share_of_worst(values: Floats, scales: Scales) -> Floats:
    """Score by how many times the worst case's value.

    score = x / min x; where lower is better max x / x.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        One over the values where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.

    Returns
    -------
    array of the same shape, from 1 for the worst up; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone or values that are not above zero.

    Notes
    -----
    Needs a ratio scale, as ``share_of_best``; the two directions agree for one over the values. Misleads where the
    worst is near zero: the others then score by thousands.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, the distance to the worst of Table 15.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> share_of_worst(np.array([[2.0], [3.0], [6.0]]), scales).ravel()
    array([1. , 1.5, 3. ])
    """
    worst, _ = worst_and_best(values)
    zero = (worst == 0, "its worst value is zero, and nothing is a multiple of zero", WAY_OUT)
    refuse("share_of_worst", scales, *_unshared(values), zero)
    return np.asarray(values / worst)


def _unshared(values: Floats) -> tuple[Check, ...]:
    """Return the checks that values have shares."""
    return (
        (values < 0, "it has values below zero, of which there is no share", WAY_OUT),
        unturned(values, WAY_OUT),
        (worst_and_best(values)[1] == 0, "all its values are zero", WAY_OUT),
        alone(values),
    )


@NORMALISE.register("relative_difference", signed=True)
def relative_difference(values: Floats, scales: Scales, *, to: Literal["mean", "worst", "best"] = "mean") -> Floats:
    """Score by the difference from the mean, the worst or the best, as a share of it.

    score = (x - r) / abs(r), r being what it differs from; where lower is better (r - x) / abs(r).

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    to : {"mean", "worst", "best"}
        What it differs from.

    Returns
    -------
    array of the same shape, 0 at what it differs from; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone, or what it differs from is zero.

    Notes
    -----
    Needs a ratio scale: misleads where zero is arbitrary, and where the mean or the worst is near zero, which makes
    small differences huge scores.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, the relative distances of Table 15.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> relative_difference(np.array([[2.0], [4.0], [6.0]]), scales).ravel()
    array([-0.5,  0. ,  0.5])
    """
    return _relative("relative_difference", values, scales, to)


def _relative(method: str, values: Floats, scales: Scales, to: Literal["mean", "worst", "best"]) -> Floats:
    values, worst, best = reachable(values, *worst_and_best(values))
    other = {"mean": mean(values)[..., None, :], "worst": worst, "best": best}[to]
    size = np.fmax(np.abs(worst), np.abs(best))
    zero = (np.abs(other) <= NEAR * size, f"its {to} is zero, of which nothing is a share", WAY_OUT)
    refuse(method, scales, alone(values), zero)
    apart = about_mean(values) if to == "mean" else values - other
    return np.asarray(apart / np.abs(other))


@NORMALISE.register("above_or_below_mean", ends=(-1.0, 1.0), signed=True)
def above_or_below_mean(values: Floats, scales: Scales, *, band: float = 0.2) -> Floats:
    """Score 1 above the mean, -1 below it, and 0 within a band around it.

    score = 1 if x > (1 + band) m, -1 if x < (1 - band) m, else 0, m being the mean of the cases.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        With the sign turned where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.
    band : float
        Half the width of the band, as a share of the mean; its ends belong to it.

    Returns
    -------
    array of the same shape of -1, 0 and 1; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone or a mean of zero, or the band is negative.

    Notes
    -----
    Needs a ratio scale, since the band is a share of the mean. Misleads near the ends of the band, where a small
    difference is a whole point, and beyond them, where none counts.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5, Table 15 with a band of 20 %.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> above_or_below_mean(np.array([[2.0], [4.0], [4.5], [5.5]]), scales).ravel()
    array([-1.,  0.,  0.,  1.])
    """
    if band < 0:
        what = f"the band {band:g} is below zero"
        raise MethodError.of("normalise = 'above_or_below_mean'", what, "Give a share of the mean, for instance 0.2.")
    apart = _relative("above_or_below_mean", values, scales, "mean")
    scores = np.where(np.abs(apart) > band + NEAR, np.sign(apart), 0.0)
    return np.where(np.isnan(apart), np.nan, scores)

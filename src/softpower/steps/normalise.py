"""Bring indicators to one scale; direction is handled here, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from softpower.errors import Fault, MethodError
from softpower.model.indicator import Indicator
from softpower.registry import NORMALISE, Method
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Scales:
    """Goalposts and directions as arrays of shape (..., indicators), so that alternatives index without loops.

    Goalposts that an indicator lacks are NaN.
    """

    low: Floats
    high: Floats
    parity: Floats
    log: Mask
    higher: Mask
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, indicators: Mapping[str, Indicator]) -> Scales:
        """Return the arrays of indicators."""
        chosen = list(indicators.values())
        posts = [one.goalposts for one in chosen]
        log = np.array([one is not None and one.log for one in posts])
        low, high, parity = (
            np.array([np.nan if one is None else getattr(one, end) for one in posts], dtype=float)
            for end in ("low", "high", "parity")
        )
        return cls(low, high, parity, log, np.array([one.better == "higher" for one in chosen]), tuple(indicators))

    def columns(self, places: np.ndarray) -> Scales:
        """Return the goalposts and directions of some indicators."""
        return replace(
            self,
            low=self.low[..., places],
            high=self.high[..., places],
            parity=self.parity[..., places],
            log=self.log[..., places],
            higher=self.higher[..., places],
            names=tuple(self.names[place] for place in places),
        )


@NORMALISE.register("goalposts", ends=(0.0, 100.0), fixed=True)
def goalposts(values: Floats, scales: Scales) -> Floats:
    """Score 0 at the low goalpost, 100 at the high one, linear in between; values beyond count as the goalpost.

    score = 100 (x - low) / (high - low), of logarithms where the scale is logarithmic. With a parity the scale
    is linear on either side of it: 0 to 50 below, 50 to 100 above.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    scales : Scales

    Returns
    -------
    array of the same shape, 0 to 100; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has no goalposts.

    Notes
    -----
    Misleads when the goalposts are arbitrary: a score means no more than the reason of its goalposts.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, 0.2, False, True)))
    >>> goalposts(np.array([[0.1], [0.2], [0.6], [7.0]]), scales).ravel()
    array([ 25.,  50.,  75., 100.])
    """
    _refuse_lacking(scales)
    with np.errstate(invalid="ignore"):
        x = np.clip(values, scales.low, scales.high)
    low, high, parity = scales.low, scales.high, scales.parity
    if np.any(scales.log):
        x, low, high, parity = (
            np.where(scales.log, np.log(np.where(scales.log, one, 1.0)), one) for one in (x, low, high, parity)
        )
    if np.isnan(parity).all():
        x -= low
        x /= high - low
        x *= 100.0
        return np.asarray(x)
    with np.errstate(invalid="ignore"):
        below, above = 0.5 * ((x - low) / (parity - low)), 0.5 + 0.5 * ((x - parity) / (high - parity))
    piecewise = np.where(np.isnan(parity), (x - low) / (high - low), np.where(x <= parity, below, above))
    return np.asarray(100.0 * piecewise)


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
    least, greatest = (end.reduce(values, axis=-2, keepdims=True) for end in (np.fmin, np.fmax))
    _refuse_constant("min_max", greatest > least, least, scales)
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
    Scores are negative below the mean: the geometric and the harmonic mean refuse them. An outlier weighs more than
    under min-max.

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
    there = ~np.isnan(values)
    count = there.sum(axis=-2, keepdims=True)
    centre = np.where(there, values, 0.0).sum(axis=-2, keepdims=True) / np.maximum(count, 1)
    apart = np.where(there, values - centre, 0.0)
    spread = np.sqrt(np.square(apart).sum(axis=-2, keepdims=True) / np.maximum(count - 1, 1))
    least, greatest = (end.reduce(values, axis=-2, keepdims=True) for end in (np.fmin, np.fmax))
    _refuse_constant("z_score", greatest > least, least, scales)
    return np.asarray(mean + deviation * ((values - centre) / np.where(spread > 0, spread, 1.0)))


Ties = Literal["lowest", "average", "highest"]
SCIPY_TIES: Mapping[Ties, Literal["min", "average", "max"]] = {"lowest": "min", "average": "average", "highest": "max"}


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
    Throws away how far apart the cases are.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> rank(np.array([[7.0], [3.0], [7.0]]), scales).ravel()
    array([2., 1., 2.])
    """
    from scipy.stats import rankdata

    there = ~np.isnan(values)
    _refuse_constant("rank", there.sum(axis=-2, keepdims=True) != 1, np.fmin.reduce(values, axis=-2), scales)
    # Gaps rank above all others, so that they move none.
    ranked = rankdata(np.where(there, values, np.inf), method=SCIPY_TIES[ties], axis=-2)
    return np.asarray(np.where(there, ranked, np.nan))


@NORMALISE.register("percentile_rank", ends=(0.0, 100.0), signed=True)
def percentile_rank(values: Floats, scales: Scales, *, ties: Ties = "lowest") -> Floats:
    """Score by the share of the other cases below: 0 for the worst, 100 for the best.

    score = 100 (rank - 1) / (n - 1), n being the cases that have a value.

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
    array of the same shape, 0 to 100; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has one case alone.

    Notes
    -----
    Throws away how far apart the cases are.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))
    >>> percentile_rank(np.array([[7.0], [3.0], [9.0]]), scales).ravel()
    array([ 50.,   0., 100.])
    """
    count = (~np.isnan(values)).sum(axis=-2, keepdims=True)
    return np.asarray(100.0 * (rank(values, scales, ties=ties) - 1.0) / np.maximum(count - 1, 1))


def _refuse_lacking(scales: Scales) -> None:
    """Raise MethodError naming the indicators that have no goalposts."""
    lacking = np.flatnonzero(np.atleast_1d(np.isnan(scales.low)))
    if lacking.size:
        names = [scales.names[place] if scales.names else str(place) for place in lacking]
        mend = 'Give them in the framework, or compare the cases: methodology={"normalise": "min_max"}.'
        raise MethodError(
            [Fault(f"normalise = 'goalposts': {name}", "the indicator has no goalposts", mend) for name in names]
        )


def _refuse_constant(method: str, spread: Mask, least: Floats, scales: Scales) -> None:
    """Raise MethodError naming the indicators that are observed and have no spread."""
    flat = ~spread.reshape(-1, spread.shape[-1]) & ~np.isnan(least).reshape(-1, spread.shape[-1])
    names = scales.names or tuple(map(str, range(spread.shape[-1])))
    faults = [
        Fault(
            f"normalise = '{method}': {name}",
            "it has the same value in every case, or one case alone, and so no place among them",
            "Score it against goalposts, or leave it out.",
        )
        for name, constant in zip(names, np.atleast_1d(flat.any(axis=0)), strict=True)
        if constant
    ]
    if faults:
        raise MethodError(faults)


def normalise(
    method: Method,
    parameters: Mapping[str, Any],
    values: Floats,
    scales: Scales,
    groups: Mapping[object, np.ndarray] | None = None,
) -> Floats:
    """Return the scores of values, higher being better whatever the indicator's direction.

    A signed method takes values with their sign turned where lower is better; any other takes them as they are,
    and the score is reflected between the ends of the scale.

    Parameters
    ----------
    method, parameters
        The normalisation.
    values : array of shape (..., cases, indicators)
    scales : Scales
    groups : mapping of label to places of cases, optional
        Cases that are compared with one another alone, for instance those of one period.
    """
    if groups is not None:
        apart, faults = np.empty(values.shape), []
        for label, rows in groups.items():
            try:
                apart[..., rows, :] = normalise(method, parameters, values[..., rows, :], scales)
            except MethodError as error:
                faults += [Fault(f"{label}: {one.where}", one.what, one.mend) for one in error.faults]
        if faults:
            raise MethodError(faults)
        return apart
    if method.signed:
        turned = values if scales.higher.all() else values * np.where(scales.higher, 1.0, -1.0)
        return np.asarray(method.function(turned, scales, **parameters))
    scores: Floats = method.function(values, scales, **parameters)
    if scales.higher.all():
        return np.asarray(scores)
    low, high = method.scale(parameters) or (0.0, 0.0)
    return np.asarray(np.where(scales.higher, scores, low + high - scores))


def clipped(values: Floats, scales: Scales) -> np.ndarray:
    """Return ``"low"`` or ``"high"`` where a value lies beyond that goalpost, else an empty text."""
    with np.errstate(invalid="ignore"):
        return np.where(values < scales.low, "low", np.where(values > scales.high, "high", ""))

"""Means of children's scores: what a high score makes up for, and what each child contributes.

Every aggregation maps values and weights of shape (..., children) to (...). The weights sum to one; a child of
weight zero has no influence, whatever its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from softpower.errors import MethodError
from softpower.registry import AGGREGATE
from softpower.steps.measures import Floats
from softpower.steps.statistics import RUN, total

FAR = 1e300
"""Quotients beyond it, or below one over it, lose digits."""
GEOMETRIC = 1e-20
"""Below this power the power mean is the geometric mean, to the last digit."""


def _arithmetic_parts(values: Floats, weights: Floats) -> Floats:
    return values * weights


@AGGREGATE.register("arithmetic", parts=_arithmetic_parts)
def arithmetic(values: Floats, weights: Floats) -> Floats:
    """Weighted arithmetic mean: sum of w x.

    Notes
    -----
    Misleads where a deficit should not be bought off: a high score makes up for a low one in full.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(arithmetic(np.array([20.0, 80.0]), np.array([0.5, 0.5])))
    50.0
    """
    # Without the products in memory, and without losing the order in which they are added.
    runs = range(0, values.shape[-1], RUN)
    sums = [np.einsum("...i,...i->...", values[..., at : at + RUN], weights[..., at : at + RUN]) for at in runs]
    return np.asarray(sums[0] if len(sums) == 1 else np.sum(sums, axis=0))


def _summed(parts: Floats, weights: Floats) -> Floats:
    """Return the sum of the parts of the children that have weight: zero times infinity is no part."""
    whole = total(parts, axis=-1)
    return total(np.where(weights > 0, parts, 0.0), axis=-1) if np.isnan(whole).any() else whole


def _geometric_parts(values: Floats, weights: Floats) -> Floats:
    return weights * geometric(values, weights)[..., None]


@AGGREGATE.register("geometric", parts=_geometric_parts, positive=True)
def geometric(values: Floats, weights: Floats) -> Floats:
    """Weighted geometric mean: product of x^w.

    Notes
    -----
    Needs positive values. Misleads near zero: one tiny score drags everything, so the floor decides.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(geometric(np.array([20.0, 80.0]), np.array([0.5, 0.5])).round(12))
    40.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.log(values)
        parts *= weights
    return np.asarray(np.exp(_summed(parts, weights)))


def _harmonic_parts(values: Floats, weights: Floats) -> Floats:
    return _power_parts(values, weights, p=-1.0)


@AGGREGATE.register("harmonic", parts=_harmonic_parts, positive=True)
def harmonic(values: Floats, weights: Floats) -> Floats:
    """Weighted harmonic mean: one over the sum of w / x.

    Notes
    -----
    Needs positive values. Punishes a low score more than the geometric mean does.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(harmonic(np.array([20.0, 80.0]), np.array([0.5, 0.5])))
    32.0
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        whole = _summed(weights / values, weights)
        mean = np.asarray(1.0 / whole)
    # Where quotients leave the range of numbers, those to the least score do not.
    lost = (np.abs(whole) < 1.0 / FAR) | (np.abs(whole) > FAR)
    return np.where(lost, power(values, weights, p=-1.0), mean) if lost.any() else mean


def _power_parts(values: Floats, weights: Floats, *, p: float) -> Floats:
    mean = power(values, weights, p=p)[..., None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = np.where(weights > 0, np.log(weights) + p * _log_ratios(values, mean), -np.inf)
    # Relative to the mean they are shares, but for rounding.
    parts = np.exp(logs)
    whole = parts.sum(axis=-1, keepdims=True)
    return np.asarray(np.where(parts > 0, mean, 0.0) * (parts / np.where(whole > 0, whole, 1.0)))


def _log_ratios(values: Floats, anchor: Floats) -> Floats:
    """Return ln(x / anchor), also where the quotient is no number; 0 where the anchor is not above zero."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        positive = anchor > 0
        ratios = values / np.where(positive, anchor, 1.0)
        logs = np.log(ratios)
        lost = (values > 0) & positive & ((ratios < 1.0 / FAR) | (ratios > FAR))
        if lost.any():
            logs = np.where(lost, np.log(values) - np.log(anchor), logs)
        return np.where(positive, logs, 0.0)


@AGGREGATE.register("power", parts=_power_parts, positive=True, drawn=("p",))
def power(values: Floats, weights: Floats, *, p: float) -> Floats:
    """Weighted power mean: (sum of w x^p)^(1/p); p = 1 arithmetic, 0 geometric, -1 harmonic.

    Computed as exp(log1p(sum of w expm1(p ln x)) / p), so that p near 0 is right; below 1e-20 it is 0.

    Parameters
    ----------
    values, weights : arrays of shape (..., children)
    p : float
        The lower, the less a high score makes up for a low one. Draws hand in an array of shape (..., 1).

    Notes
    -----
    Needs positive values.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(power(np.array([20.0, 80.0]), np.array([0.5, 0.5]), p=0.5).round(12))
    45.0
    """
    exponent = np.asarray(p, dtype=float)
    # So near to zero no number tells the two means apart.
    exponent = np.where(np.abs(exponent) < GEOMETRIC, 0.0, exponent)
    if exponent.ndim == 0 and exponent == 0:
        return geometric(values, weights)
    # Relative to the child that dominates, no power overflows.
    rising = exponent > 0
    most = np.where(weights > 0, values, -np.inf).max(axis=-1, keepdims=True) if rising.any() else np.inf
    least = np.where(weights > 0, values, np.inf).min(axis=-1, keepdims=True) if not rising.all() else np.inf
    anchor = np.asarray(np.where(rising, most, least))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = np.where(weights > 0, _log_ratios(values, anchor), 0.0)
        whole = total(weights * np.expm1(exponent * logs), axis=-1)[..., None]
        heights = np.log1p(whole)
        if (low := whole < -0.5).any():
            # Where hardly anything is left of one, what is left is added up itself.
            left = total(weights * np.exp(exponent * logs), axis=-1)[..., None]
            heights = np.where(low, np.log(left), heights)
        growth = heights / exponent
        if (exponent == 0).any():
            growth = np.where(exponent == 0, total(weights * logs, axis=-1)[..., None], growth)
        # In two halves, as the whole may be no number where the mean is one.
        half = np.exp(growth / 2)
        mean = np.where(anchor > 0, anchor * half * half, 0.0)
    return np.asarray(mean[..., 0])


def _minimum_parts(values: Floats, weights: Floats) -> Floats:
    least = minimum(values, weights)[..., None]
    mine = np.where(values == least, weights, 0.0)
    shared = mine.sum(axis=-1, keepdims=True)
    return values * (mine / np.where(shared > 0, shared, 1.0))


@AGGREGATE.register("minimum", parts=_minimum_parts)
def minimum(values: Floats, weights: Floats) -> Floats:
    """Smallest of the children's scores: nothing makes up for the worst.

    The weights only say who counts: a child of weight zero does not. The whole contribution belongs to the smallest
    child; several smallest ones share it by their weights.

    Notes
    -----
    Misleads where the worst child is the worst measured one: the error of one indicator is the error of the whole.
    More children can only lower the score, so that it falls with the number of indicators.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(minimum(np.array([20.0, 80.0]), np.array([0.5, 0.5])))
    20.0
    """
    return np.asarray(np.where(weights > 0, values, np.inf).min(axis=-1))


LEAST_ORNESS = 0.001
"""Below it the last digits of the weights would decide."""


def _order_shares(
    values: Floats, weights: Floats, order_weights: Sequence[float] | None, orness: float | None
) -> Floats:
    """Return the weights of the children that follow from their order: of the shape of the values."""
    where = "aggregate = 'ordered_weighted_average'"
    if (order_weights is None) == (orness is None):
        raise MethodError.of(where, "it needs one of order_weights and orness", "Give one of the two.")
    if orness is not None and not LEAST_ORNESS <= orness < 1:
        what = f"orness is {orness:g}, and must lie between {LEAST_ORNESS:g} and 1"
        raise MethodError.of(where, what, "For the smallest child alone aggregate by 'minimum'.")
    if order_weights is not None and (min(order_weights, default=-1.0) < 0 or max(order_weights) <= 0):
        what = f"order_weights are {list(order_weights)}"
        raise MethodError.of(where, what, "Give numbers from zero up, best place first, at least one above zero.")

    def quantifier(share: Floats) -> Floats:
        if orness is not None:
            return np.asarray(share ** ((1.0 - orness) / orness))
        steps = np.asarray(order_weights, dtype=float)
        heights = np.cumsum([0.0, *(steps / steps.max())])
        return np.asarray(np.interp(share, np.linspace(0.0, 1.0, len(heights)), heights / heights[-1]))

    values, weights = np.broadcast_arrays(values, weights)
    order = np.argsort(-values, kind="stable")
    ranked, mine = (np.take_along_axis(one, order, axis=-1) for one in (values, weights))
    reached = np.minimum(np.cumsum(mine, axis=-1), 1.0)
    # Equal children share by weight what their places get together, whatever order they come in.
    apart = ranked[..., 1:] != ranked[..., :-1]
    edge = np.ones((*apart.shape[:-1], 1), dtype=bool)
    left = np.concatenate([np.zeros_like(reached[..., :1]), reached[..., :-1]], axis=-1)
    start = np.maximum.accumulate(np.where(np.concatenate([edge, apart], axis=-1), left, 0.0), axis=-1)
    end = np.where(np.concatenate([apart, edge], axis=-1), reached, 1.0)
    end = np.minimum.accumulate(end[..., ::-1], axis=-1)[..., ::-1]
    width = end - start
    rise = (quantifier(end) - quantifier(start)) / np.where(width > 0, width, 1.0)
    shares = np.empty(mine.shape)
    np.put_along_axis(shares, order, mine * rise, axis=-1)
    return shares


def _ordered_parts(
    values: Floats, weights: Floats, *, order_weights: Sequence[float] | None = None, orness: float | None = None
) -> Floats:
    return values * _order_shares(values, weights, order_weights, orness)


@AGGREGATE.register("ordered_weighted_average", parts=_ordered_parts)
def ordered_weighted_average(
    values: Floats, weights: Floats, *, order_weights: Sequence[float] | None = None, orness: float | None = None
) -> Floats:
    """Ordered weighted average: weights go to places, best child first, not to children.

    y = sum over k of (Q(W_k) - Q(W_(k-1))) x_(k), where x_(k) is the k-th best child, W_k the importance weights of
    the k best ones together, and Q the quantifier: how much of the whole goes to the best share of the children.
    This is Torra's weighted OWA. With equal importance weights and one order weight for each child it is Yager's
    OWA; with equal order weights it is the weighted arithmetic mean.

    Parameters
    ----------
    values, weights : arrays of shape (..., children)
        The weights are those of importance.
    order_weights : list of float, optional
        For the places, best first, on any scale. [1, 0, 0] takes the best of three equally important children,
        [0, 0, 1] the worst. They are the steps of Q, which is linear in between; so they need not be as many as the
        children: [0, 1] is the mean of the worse half.
    orness : float, optional
        In place of order_weights, from 0.001 to below 1: Q(r) = r^((1 - orness) / orness). 0.5 is the arithmetic mean;
        towards 0 it nears the smallest child, towards 1 the largest. It is the limit of Yager's orness for
        many children.

    Raises
    ------
    MethodError
        Unless exactly one of order_weights and orness is given; for order weights that are negative or all zero;
        for an orness that is not between 0.001 and 1.

    Notes
    -----
    A child's contribution is its score times the weight that it has in its place; equal children share their
    places by importance. Misleads where a reader takes the importance weights for those that act: which child
    counts how much differs from case to case.

    References
    ----------
    Yager, On ordered weighted averaging aggregation operators in multicriteria decisionmaking (1988).
    Torra, The weighted OWA operator (1997).

    Examples
    --------
    >>> values, weights = np.array([20.0, 80.0, 50.0]), np.full(3, 1 / 3)
    >>> float(ordered_weighted_average(values, weights, order_weights=[0.2, 0.3, 0.5]).round(12))
    41.0
    >>> float(ordered_weighted_average(values, weights, orness=0.5).round(12))
    50.0
    """
    return np.asarray((values * _order_shares(values, weights, order_weights, orness)).sum(axis=-1))


Penalty = Literal["downward", "upward"]
SIGNS: dict[Penalty, float] = {"downward": -1.0, "upward": 1.0}


def _relative_moments(values: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the weighted mean, deviations from it as shares of it, and the square of the coefficient of variation."""
    mean = total(values * weights, axis=-1)[..., None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # As shares, so that the square of no huge or tiny score leaves the range of numbers.
        apart = np.where(weights > 0, (values - mean) / mean, 0.0)
        return mean, apart, total(weights * apart * apart, axis=-1)[..., None]


def _penalised_parts(values: Floats, weights: Floats, *, penalty: Penalty = "downward") -> Floats:
    _, apart, variation = _relative_moments(values, weights)
    slope = 1.0 + SIGNS[penalty] * (2.0 * apart - variation)
    return weights * values * slope


@AGGREGATE.register("mazziotta_pareto", parts=_penalised_parts, positive=True, monotone=False)
def mazziotta_pareto(values: Floats, weights: Floats, *, penalty: Penalty = "downward") -> Floats:
    """Mazziotta-Pareto index: arithmetic mean less a penalty for unequal children.

    y = M - S cv = M - S^2 / M, with the weighted mean M, the weighted standard deviation S and the coefficient of
    variation cv = S / M of the children. S^2 is the weighted mean of the squared deviations from M.

    Parameters
    ----------
    values, weights : arrays of shape (..., children)
        The index is defined for z-scores of mean 100 and deviation 10:
        ``normalise = { method = "z_score", mean = 100.0, deviation = 10.0 }``.
    penalty : {"downward", "upward"}
        Upward adds the penalty: for a composite of which less is better, such as poverty.

    Notes
    -----
    Needs positive values. Misleads on another scale: the penalty depends on where zero lies, not on the spread
    alone. It may fall when a score rises, far above the others (beyond one and a half times the mean at the
    earliest), and may then lie below the smallest child; so bounds are not offered.

    References
    ----------
    De Muro, Mazziotta and Pareto, Composite Indices of Development and Poverty: An Application to MDGs (2011).

    Examples
    --------
    >>> float(mazziotta_pareto(np.array([90.0, 110.0]), np.array([0.5, 0.5])))
    99.0
    >>> float(mazziotta_pareto(np.array([90.0, 110.0]), np.array([0.5, 0.5]), penalty="upward"))
    101.0
    """
    mean, _, variation = _relative_moments(values, weights)
    with np.errstate(invalid="ignore"):
        return np.asarray((mean + SIGNS[penalty] * mean * variation)[..., 0])


@AGGREGATE.register("adjusted_mazziotta_pareto", parts=_penalised_parts, positive=True, monotone=False)
def adjusted_mazziotta_pareto(values: Floats, weights: Floats, *, penalty: Penalty = "downward") -> Floats:
    """Adjusted Mazziotta-Pareto index: the same penalty on goalposts from 70 to 130, which compares over time.

    y = M - S^2 / M as in `mazziotta_pareto`. What is adjusted is the scale: goalposts that hold for all periods in
    place of z-scores of each. Score all periods in one table with ``periods = "pooled"`` and
    ``normalise = { method = "min_max", low = 70.0, high = 130.0 }``: then 70 and 130 are the worst and the best of
    all periods, and two years differ by what the case did and not by what the others did. (The published index moves
    these goalposts so that 100 is a reference, for instance the mean in the first year.)

    Parameters
    ----------
    values, weights : arrays of shape (..., children)
    penalty : {"downward", "upward"}
        Upward adds the penalty: for a composite of which less is better.

    Notes
    -----
    Needs positive values. Misleads when a new period moves the ends of the scale: then all earlier scores move, so
    score the whole table anew. May fall when a score rises far above the others, so bounds are not offered.

    References
    ----------
    Mazziotta and Pareto, On a Generalized Non-compensatory Composite Index for Measuring Socio-economic Phenomena
    (2016).

    Examples
    --------
    >>> float(adjusted_mazziotta_pareto(np.array([70.0, 130.0]), np.array([0.5, 0.5])))
    91.0
    """
    return mazziotta_pareto(values, weights, penalty=penalty)

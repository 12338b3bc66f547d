"""The closed set of measures: how a value comes from observations, and its exact bounds.

Every function takes arrays of shape (..., cells, terms): one row for each case and indicator, one column for each
observation that it uses, padded where ``mask`` is False. The leading axes are draws. Terms come in one unit, which
the plan has brought them to; what comes out has the shape (..., cells).
"""

from __future__ import annotations

from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Kept = TypeVar("Kept")

VERTEX_LIMIT = 12
"""Up to so many uncertain parts the minimum of an effective number is found at its vertex; beyond, an outer bound."""


def read_only(given: Kept) -> Kept:
    """Return what is given; an array as a view that cannot be written to.

    Examples
    --------
    >>> read_only(np.zeros(2)).flags.writeable, read_only("visits")
    (False, 'visits')
    """
    if isinstance(given, np.ndarray) and given.flags.writeable:
        given = given.view()
        given.flags.writeable = False
    return given


def total(x: Floats, mask: Mask) -> Floats:
    """Return the sum over the terms, sum of x: value, sum and rate, once the terms are scaled.

    Parameters
    ----------
    x : array of shape (..., cells, terms)
    mask : boolean array of shape (cells, terms)

    Notes
    -----
    A rate misleads where the events bunch: ten visits in one year and none in the others give the same.

    Examples
    --------
    >>> total(np.array([[9.0, 1.0, 7.0]]), np.array([[True, True, False]]))
    array([10.])
    """
    return np.asarray(np.where(mask, x, 0.0).sum(axis=-1))


def mean(x: Floats, mask: Mask) -> Floats:
    """Return the mean over the terms, sum of x over their number.

    Parameters
    ----------
    x : array of shape (..., cells, terms)
        Codes of an ordinal scale.
    mask : boolean array of shape (cells, terms)

    Notes
    -----
    Misleads where the steps of the scale are not equally far apart, as those of judgements seldom are.

    Examples
    --------
    >>> mean(np.array([[-2.0, -1.0, 0.0]]), np.array([[True, True, False]]))
    array([-1.5])
    """
    return np.asarray(total(x, mask) / mask.sum(axis=-1))


def ratio(x: Floats, above: Mask, below: Mask) -> Floats:
    """Return sum over sum, sum of x above / sum of x below; a term may stand above and below.

    Parameters
    ----------
    x : array of shape (..., cells, terms)
        Zero or above, in one base unit.
    above, below : boolean arrays of shape (cells, terms)

    Notes
    -----
    Misleads where the whole is small: one project of two counts like fifty of a hundred.

    Examples
    --------
    >>> ratio(np.array([[48.0, 46.0]]), np.array([[True, False]]), np.array([[True, True]])).round(4)
    array([0.5106])
    """
    return total(x, above) / total(x, below)


def ratio_ends(low: Floats, high: Floats, above: Mask, below: Mask) -> tuple[Mask, Mask]:
    """Return at which end of each term the ratio is least and greatest.

    The ratio (o + b) / (b + d) rises in o, falls in d and is monotone in b, the sum of the terms that stand above
    and below. So its extremes are at vertices: o and d at opposite ends, b at the one that is tried and found.

    Parameters
    ----------
    low, high : arrays of shape (cells, terms)
        The bounds of the terms, zero or above.
    above, below : boolean arrays of shape (cells, terms)

    Returns
    -------
    at_least, at_greatest : boolean arrays of shape (cells, terms)
        True where a term is at its high end.

    Examples
    --------
    >>> above, below = np.array([[True, True, False]]), np.array([[False, True, True]])
    >>> low, high = np.array([[4.0, 0.0, 27.0]]), np.array([[4.0, 1.0, 27.0]])
    >>> ratio_ends(low, high, above, below)
    (array([[False, False,  True]]), array([[ True,  True, False]]))
    """
    only_above, both, only_below = above & ~below, above & below, below & ~above
    ends = [total(bound, both) for bound in (low, high)]
    lows = [(total(low, only_above) + end) / (end + total(high, only_below)) for end in ends]
    highs = [(total(high, only_above) + end) / (end + total(low, only_below)) for end in ends]
    at_least = np.where(both, (lows[1] < lows[0])[:, None], ~above)
    return at_least, np.where(both, (highs[1] > highs[0])[:, None], above)


def _met(x: Floats, at_least: Floats) -> Mask:
    # 0.29 as a percentage is a hair below 29.
    met: Mask = x >= at_least - 1e-9 * np.maximum(1.0, np.abs(at_least))
    return met


def ladder(x: Floats, mask: Mask, at_least: Floats) -> Floats:
    """Return the number of the highest rung that is met, max of i over x_i >= a_i; none met is 0.

    Parameters
    ----------
    x : array of shape (..., cells, rungs)
    mask : boolean array of shape (cells, rungs)
    at_least : array of shape (cells, rungs)
        From which value on a rung is met.

    Notes
    -----
    Misleads where a higher rung does not presuppose the lower ones: what lies below the highest is not asked.

    Examples
    --------
    >>> ladder(np.array([[1.0, 0.0, 1.0, 0.0]]), np.full((1, 4), True), np.ones((1, 4)))
    array([3.])
    """
    height = np.arange(1, x.shape[-1] + 1)
    return np.asarray(np.where(mask & _met(x, at_least), height, 0).max(axis=-1), dtype=np.float64)


def checklist(x: Floats, mask: Mask, at_least: Floats) -> Floats:
    """Return the number of rungs that are met, those with x_i >= a_i.

    Parameters
    ----------
    x : array of shape (..., cells, rungs)
    mask : boolean array of shape (cells, rungs)
    at_least : array of shape (cells, rungs)
        From which value on a rung is met.

    Notes
    -----
    Misleads where the list is made from what a source reports: it tends to the ceiling.

    Examples
    --------
    >>> checklist(np.array([[1.0, 0.0, 1.0, 0.0]]), np.full((1, 4), True), np.ones((1, 4)))
    array([2.])
    """
    return np.asarray((mask & _met(x, at_least)).sum(axis=-1), dtype=np.float64)


def share_of_window(start: Floats, after: Floats, mask: Mask, window: tuple[float, float]) -> Floats:
    """Return the share of a window covered by the union of spells.

    Spells are half-open, [start, after). Sorted by their start, each adds what lies beyond all that came before.
    A spell whose end could fall before its start counts nothing.

    Parameters
    ----------
    start, after : arrays of shape (..., cells, spells)
        First day, and day after the last, as ordinals.
    mask : boolean array of shape (..., cells, spells)
        Which spells are in force.
    window : tuple of float
        First day of the window, and day after its last.

    Notes
    -----
    Says how lasting, not how strong. Start and end are read apart: two coarse dates of one year bound a spell at
    no day, where one day is the least that it can be; such bounds are marked as not attained.

    Examples
    --------
    >>> start, after = np.array([[0.0, 4.0, 8.0]]), np.array([[5.0, 6.0, 12.0]])
    >>> share_of_window(start, after, np.full((1, 3), True), (0.0, 10.0))
    array([0.8])
    """
    first, last = window
    # A spell that is not there begins when the window is over, and adds nothing.
    start, after = np.where(mask, start, last), np.clip(after, first, last)
    order = np.argsort(start, kind="stable")
    start, after = np.take_along_axis(start, order, axis=-1), np.take_along_axis(after, order, axis=-1)
    reached = np.maximum.accumulate(np.concatenate([np.full_like(start[..., :1], first), after], axis=-1), axis=-1)
    fresh = np.maximum(after - np.maximum(start, reached[..., :-1]), 0.0)
    return np.asarray(fresh.sum(axis=-1) / (last - first))


def effective_number(x: Floats, mask: Mask) -> Floats:
    """Return the inverse Herfindahl index (sum x)^2 / sum x^2: how many equal parts would be as concentrated.

    Parameters
    ----------
    x : array of shape (..., cells, parts)
        Zero or above, in one base unit.
    mask : boolean array of shape (cells, parts)

    Notes
    -----
    Misleads where a list is cut short: the parts left out count as none.

    References
    ----------
    M. Laakso and R. Taagepera, "Effective" Number of Parties, Comparative Political Studies 12(1), 1979, 3-27.

    Examples
    --------
    >>> effective_number(np.array([[5.1, 0.791, 0.6935, 0.3235, 0.2652]]), np.full((1, 5), True)).round(4)
    array([1.8854])
    """
    x = np.where(mask, x, 0.0)
    largest = x.max(axis=-1, keepdims=True)
    # Scaled by the largest part, so that neither square under- nor overflows.
    scaled = x / np.where(largest > 0, largest, 1.0)
    square: Floats = np.square(scaled).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.square(scaled.sum(axis=-1)) / np.where(square > 0, square, np.nan))


def effective_number_bounds(low: Floats, high: Floats, mask: Mask) -> tuple[Floats, Floats, Mask]:
    """Return the least and the greatest effective number, and whether the least is exact.

    The greatest is at clip(t, low, high) for one t: parts as equal as their bounds allow. Between two neighbouring
    bounds the free parts equal t, and the best t there is the ratio of the sum of squares to the sum of the rest.
    The least is at a vertex; up to `VERTEX_LIMIT` uncertain parts every vertex is tried, beyond that the parts of
    the sum of squares and of the sum are bounded apart, which is an outer bound.

    Parameters
    ----------
    low, high : array of shape (cells, terms)
    mask : array of shape (cells, terms)

    Returns
    -------
    least, greatest : arrays of shape (cells,)
    exact : boolean array of shape (cells,)
        Whether the least is attained.

    Examples
    --------
    >>> low, high = np.array([[1.0, 1.0]]), np.array([[1.0, 3.0]])
    >>> effective_number_bounds(low, high, np.full((1, 2), True))
    (array([1.6]), array([2.]), array([ True]))
    """
    low, high = np.where(mask, low, 0.0), np.where(mask, high, 0.0)
    level = _most_even(low, high)
    greatest = effective_number(np.clip(level[:, None], low, high), mask)

    least, exact = np.empty(len(low)), np.empty(len(low), dtype=bool)
    for cell, (one_low, one_high) in enumerate(zip(low, high, strict=True)):
        uncertain = np.flatnonzero(one_high > one_low)
        exact[cell] = len(uncertain) <= VERTEX_LIMIT
        if exact[cell]:
            ends = np.array(list(product((False, True), repeat=len(uncertain))), dtype=bool)
            vertices = np.repeat(one_low[None, :], len(ends), axis=0)
            vertices[:, uncertain] = np.where(ends, one_high[uncertain], one_low[uncertain])
            # Of nothing but zeros there is no number, and fmin says so without a warning.
            least[cell] = np.fmin.reduce(effective_number(vertices, mask[cell]))
        else:
            least[cell] = max(1.0, one_low.sum() ** 2 / np.square(one_high).sum())
    return least, greatest, exact


def _most_even(low: Floats, high: Floats) -> Floats:
    """Return the t of each cell for which clip(t, low, high) has the greatest effective number.

    Along the ordered bounds a part is free from its low to its high one; before it counts as the low, after as the
    high. So sums over the fixed parts are running sums, however many parts there are.
    """
    parts, largest = low.shape[-1], high.max(axis=-1, keepdims=True)
    # By the largest first, so that no square leaves the range of numbers.
    unit = np.where(largest > 0, largest, 1.0)
    edges = np.concatenate([low, high], axis=-1) / unit
    # Stable, so that of equal ends each low comes before its high.
    order = np.argsort(edges, kind="stable")
    edges, frees = np.take_along_axis(edges, order, axis=-1), np.where(order < parts, 1.0, -1.0)

    def fixed(power: int) -> Floats:
        whole = np.power(low / unit, power).sum(axis=-1, keepdims=True)
        return np.asarray(np.maximum(whole - np.cumsum(frees * np.power(edges, power), axis=-1), 0.0)[:, :-1])

    free, sums, squares = np.cumsum(frees, axis=-1)[:, :-1], fixed(1), fixed(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        best = np.clip(np.nan_to_num(squares / sums, posinf=0.0), edges[:, :-1], edges[:, 1:])
        numbers = np.square(sums + free * best) / (squares + free * np.square(best))
    place = np.nan_to_num(numbers, nan=-1.0, posinf=-1.0).argmax(axis=-1)[:, None]
    return np.asarray((np.take_along_axis(best, place, axis=-1) * unit)[:, 0])

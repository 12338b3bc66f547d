"""Weights among siblings from uniform numbers from 0 to 1: arrays of shape (..., siblings) whose rows sum to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from softpower.errors import MethodError
from softpower.steps.distributions import INNERMOST, OUTERMOST
from softpower.steps.measures import Floats

Orders = NDArray[np.intp]

EXTENSIONS = 50_000
"""More orders than these are refused: they are held in memory all at once."""

VANISHING = 1e-200
"""Gamma quantiles whose sum is below it are compared by their logarithms."""


def uniform_weights(u: Floats) -> Floats:
    """Return weights that are uniform on the simplex: w_i proportional to -ln(1 - u_i).

    Parameters
    ----------
    u : array of shape (..., siblings)
        From 0 to 1. Equal numbers give equal weights, also where all are 0.

    Returns
    -------
    array of the shape of `u`

    Examples
    --------
    >>> uniform_weights(np.array([[0.5, 0.75], [0.0, 0.0]])).round(6)
    array([[0.333333, 0.666667],
           [0.5     , 0.5     ]])
    """
    # A drawn u is a multiple of 2**-53, so that 1 - u is exact; the logarithm of it takes half the time of log1p.
    weights = np.subtract(1.0, u)
    np.clip(weights, 1.0 - OUTERMOST, OUTERMOST, out=weights)
    np.log(weights, out=weights)
    return _shares(weights)


def dirichlet_weights(u: Floats, mean: Floats, concentration: float) -> Floats:
    """Return weights of the Dirichlet distribution: shares of the gamma quantiles with shapes concentration x mean.

    The weight of a sibling has the variance mean (1 - mean) / (concentration + 1).

    Parameters
    ----------
    u : array of shape (..., siblings)
        From 0 to 1.
    mean : array of shape (siblings,)
        Zero or above; sums to one. A mean of zero gives a weight of zero.
    concentration : float
        Above zero. The larger, the closer to the mean.

    Returns
    -------
    array of the shape of `u`

    Examples
    --------
    >>> dirichlet_weights(np.array([0.5, 0.5, 0.9]), np.array([0.5, 0.5, 0.0]), 4.0)
    array([0.5, 0.5, 0. ])
    """
    from scipy.special import gammaincinv, gammaln

    some = mean > 0
    shapes = concentration * mean[some]
    inside = np.clip(u[..., some], INNERMOST, OUTERMOST)
    quantiles = gammaincinv(shapes, inside)
    lost = quantiles.sum(axis=-1) < VANISHING
    if lost.any():
        # So near to zero the gamma distribution's F(x) is x^shape / Gamma(shape + 1).
        logarithms = (np.log(inside[lost]) + gammaln(shapes + 1.0)) / shapes
        quantiles[lost] = np.exp(logarithms - logarithms.max(axis=-1, keepdims=True))
    weights = np.zeros(u.shape)
    weights[..., some] = _shares(quantiles)
    return weights


def band_weights(u: Floats, weights: Floats, share: float) -> Floats:
    """Return weights that each move within a band around the declared ones: w_i (1 + share (2 u_i - 1)), as shares.

    Parameters
    ----------
    u : array of shape (..., siblings)
        From 0 to 1; 0.5 throughout gives the declared weights, as shares.
    weights : array of shape (siblings,)
        Zero or above, not all zero.
    share : float
        From 0 to 1. Before they are made to sum to one; after it, the ratio of two weights moves by up to
        (1 + share) / (1 - share).

    Returns
    -------
    array of the shape of `u`

    Examples
    --------
    >>> band_weights(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([3.0, 3.0]), 0.5)
    array([[0.5 , 0.5 ],
           [0.75, 0.25]])
    """
    moved = np.multiply(u, 2.0)
    moved -= 1.0
    # A share of 1 at u = 0 throughout would leave nothing to share out.
    np.maximum(moved, -OUTERMOST, out=moved)
    moved *= share
    moved += 1.0
    moved *= weights
    return _shares(moved)


def linear_extensions(count: int, at_least: Iterable[tuple[int, int]], names: Sequence[str] = ()) -> Orders:
    """Return every order of the siblings that agrees with the pairs.

    Parameters
    ----------
    count : int
        Of siblings.
    at_least : pairs of int
        (a, b): sibling a weighs at least as much as sibling b, counted from 0.
    names : sequence of str
        Of the siblings, for errors; their numbers without them.

    Returns
    -------
    array of int, of shape (extensions, count)
        The siblings of each order, the one that weighs most first; the orders as in a dictionary.

    Raises
    ------
    MethodError
        If the pairs run in a circle, or more than 50,000 orders agree with them.

    Examples
    --------
    >>> linear_extensions(3, [(0, 1)])
    array([[0, 1, 2],
           [0, 2, 1],
           [2, 0, 1]])
    """
    above = np.zeros((count, count), dtype=bool)
    for more, less in at_least:
        above[more, less] = True
    _refuse_circles(above, names or [str(one) for one in range(count)])
    orders, waiting = np.zeros((1, 0), dtype=np.intp), np.ones((1, count), dtype=bool)
    for _ in range(count):
        # Every beginning of an order can be finished, each in a way of its own: there are never fewer to come.
        free = waiting & ~(waiting @ above)
        if np.count_nonzero(free) > EXTENSIONS:
            what = f"more than {EXTENSIONS:,} orders of the {count} siblings agree with the pairs"
            raise MethodError.of("weights", what, "Give more pairs, or put some siblings under a node of their own.")
        rows, chosen = np.nonzero(free)
        orders = np.column_stack([orders[rows], chosen])
        waiting = waiting[rows]
        waiting[np.arange(len(rows)), chosen] = False
    return orders


def ordered_weights(u: Floats, choice: Floats, extensions: Orders) -> Floats:
    """Return weights that are uniform on the part of the simplex where they keep to an order.

    Each complete order of the weights holds on a part of the simplex of the same volume. One of the orders is chosen,
    and the weights of a uniform draw go to the siblings in it, the largest first.

    Parameters
    ----------
    u : array of shape (..., siblings)
        From 0 to 1.
    choice : array of shape (...)
        From 0 to 1.
    extensions : array of int, of shape (extensions, siblings)
        See `linear_extensions`.

    Returns
    -------
    array of the shape of `u`

    Examples
    --------
    >>> ordered_weights(np.array([0.5, 0.75]), np.array(0.1), linear_extensions(2, [(0, 1)])).round(6)
    array([0.666667, 0.333333])
    """
    drawn = uniform_weights(u)
    drawn.sort()
    place = np.minimum((choice * len(extensions)).astype(np.intp), len(extensions) - 1)
    weights = np.empty_like(drawn)
    np.put_along_axis(weights, extensions[place], drawn[..., ::-1], axis=-1)
    return weights


def _shares(parts: Floats) -> Floats:
    """Return parts of one sign, changed in place, as shares of their sum."""
    parts /= parts.sum(axis=-1, keepdims=True)
    return parts


def _refuse_circles(above: NDArray[np.bool_], names: Sequence[str]) -> None:
    """Raise MethodError if a sibling comes above itself, be it by way of others."""
    reached = above.copy()
    for through in range(len(reached)):
        reached |= reached[:, through, None] & reached[through]
    inside = np.flatnonzero(reached.diagonal())
    if len(inside):
        which = ", ".join(names[int(one)] for one in inside)
        what = f"the pairs run in a circle through the siblings {which}"
        raise MethodError.of("weights", what, "Leave one of these pairs out.")

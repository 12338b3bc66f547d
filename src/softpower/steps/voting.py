"""Voting: each child is a voter that orders the cases, and its weight is the number of its votes.

Only orders count here, never distances. So a score depends on all cases, and nothing says what one child contributes.
Values and weights have the shape (..., cases, children); a child that a case lacks has weight zero there. A case
without any child is NaN and takes no part.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from softpower.errors import MethodError
from softpower.registry import AGGREGATE
from softpower.steps.measures import Floats, Mask

PAIRS = 2**18
"""So many pairs of cases are compared at a time: few enough to stay in the processor's cache."""
ROUNDING = 1e-12
"""Values that differ by less than this share of the largest one are tied: arithmetic alone sets them apart."""
EVEN = 1e-9
"""Two cases are even where the weight for one exceeds that for the other by less than this share."""


def takes_part(method: str, weights: Floats) -> Mask:
    """Return which cases have any child, of shape (..., cases).

    Raises
    ------
    MethodError
        Where only one case does: there is nobody to compare it with.
    """
    there: Mask = np.any(weights > 0, axis=-1, keepdims=True)[..., 0]
    if (there.sum(axis=-1) == 1).any():
        what = "only one case has scores, and a vote needs two"
        raise MethodError.of(f"aggregate = '{method}'", what, "Add cases, or aggregate by a mean.")
    return there


def beaten(values: Floats, weights: Floats) -> Floats:
    """Return how many cases each case beats in each child, ties half.

    Parameters
    ----------
    values, weights : arrays of shape (..., cases, children)

    Returns
    -------
    array of the same shape; NaN where the weight is zero

    Examples
    --------
    >>> beaten(np.array([[5.0], [9.0], [5.0]]), np.ones((3, 1))).ravel()
    array([0.5, 2. , 0.5])
    """
    there = weights > 0
    # In memory the cases of a child lie side by side, and those that lack it come last.
    counted = np.ascontiguousarray(np.where(there, values, np.inf).swapaxes(-1, -2))
    order = np.argsort(counted, kind="stable")
    ranked = np.take_along_axis(counted, order, axis=-1)
    size = np.abs(np.where(there, values, 0.0)).max(axis=-2)[..., None]
    with np.errstate(invalid="ignore"):
        apart = ~(np.diff(ranked) <= ROUNDING * size)
    place, edge = np.arange(ranked.shape[-1]), np.ones((*ranked.shape[:-1], 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.concatenate([edge, apart], axis=-1), place, 0), axis=-1)
    last = np.where(np.concatenate([apart, edge], axis=-1), place, place[-1])
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    counts = np.empty(ranked.shape)
    np.put_along_axis(counts, order, (first + last) / 2, axis=-1)
    return np.where(there, counts.swapaxes(-1, -2), np.nan)


def _leads(counts: Floats, weights: Floats, rows: slice) -> Floats:
    """Return by how much of the weight in common some cases lead each case: from -1 to 1, of shape (..., rows, cases).

    One pass for each child, so that memory is for pairs and not for pairs times children. Counts and weights have the
    shape (..., children, cases), so that a child's cases lie side by side; weights alike for all cases, one case.
    """
    some = rows if weights.shape[-1] == counts.shape[-1] else slice(None)
    lead: Floats = np.zeros((*counts.shape[:-2], *counts[..., 0, rows].shape[-1:], counts.shape[-1]))
    common: Floats = np.zeros(())
    for child in range(counts.shape[-2]):
        mine, others = counts[..., child, rows, None], counts[..., child, None, :]
        given, taken = weights[..., child, some, None], weights[..., child, None, :]
        # Gaps renormalise weights case by case. Over the children in common the two are in proportion, and so is this.
        both = np.where((given > 0) & (taken > 0), (given + taken) / 2, 0.0)
        lead += both * ((mine > others).view(np.int8) - (mine < others).view(np.int8))
        common = common + both
    lead = np.where(np.abs(lead) <= EVEN * common, 0.0, lead)
    return np.asarray(lead / np.where(common > 0, common, 1.0))


def _ballots(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return what `_leads` takes: draws in one axis, a child's cases side by side, weights that are alike as one."""
    counts = np.ascontiguousarray(beaten(values, weights).swapaxes(-1, -2))
    alike = bool((weights == weights[..., :1, :]).all())
    weights = np.ascontiguousarray((weights[..., :1, :] if alike else weights).swapaxes(-1, -2))
    return counts.reshape(-1, *counts.shape[-2:]), weights.reshape(-1, *weights.shape[-2:])


def outranking(values: Floats, weights: Floats) -> Floats:
    """Return the outranking matrix: the share of the weight on which one case beats another, ties half.

    E_ij = sum of w over the children where x_i > x_j, plus half of w where they are equal; so E_ij + E_ji = 1.

    Parameters
    ----------
    values : array of shape (..., cases, children)
        Higher is better.
    weights : array that broadcasts to it
        A child counts for a pair where both cases have weight for it; the weights in common are renormalised, as the
        mean of those of the two cases. A pair with nothing in common is even.

    Returns
    -------
    array of shape (..., cases, cases)
        0 on the diagonal; NaN in rows and columns of cases without any weight.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6: the non-compensatory approach, table 36.

    Examples
    --------
    >>> outranking(np.array([[3.0, 1.0], [2.0, 1.0]]), np.array([0.5, 0.5]))
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    values, weights = np.broadcast_arrays(values, weights)
    leads = _leads(*_ballots(values, weights), slice(None))
    shares = 0.5 + 0.5 * leads.reshape(*values.shape[:-1], values.shape[-2])
    place = np.arange(shares.shape[-1])
    shares[..., place, place] = 0.0
    gone = ~np.any(weights > 0, axis=-1, keepdims=True)
    shares[gone | gone.swapaxes(-1, -2)] = np.nan
    return shares


@AGGREGATE.register("copeland", across=True, rescores=True, monotone=False)
def copeland(values: Floats, weights: Floats) -> Floats:
    """Copeland score: pairwise majorities won less those lost.

    y_i = sum over j of sign(E_ij - 1/2), with E the outranking matrix: the share of the weight on which i beats j,
    ties half.

    Parameters
    ----------
    values, weights : arrays of shape (..., cases, children)

    Returns
    -------
    array of shape (..., cases)
        Whole numbers from 1 - n to n - 1, for n cases; their sum is zero.

    Raises
    ------
    MethodError
        If only one case has scores.

    Notes
    -----
    With gaps a pair is compared on the children that both have. What i wins j loses: the score is symmetric, which
    COINr's is not. Misleads where margins matter: beating somebody by a hair counts like beating them everywhere,
    and a case that enters or leaves may turn the order of two others.

    References
    ----------
    Copeland, A "reasonable" social welfare function (1951).
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> copeland(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 0.0]]), np.full((3, 2), 0.5))
    array([ 2.,  0., -2.])
    """
    values, weights = np.broadcast_arrays(values, weights)
    there = takes_part("copeland", weights)
    counts, votes = _ballots(values, weights)
    wins = np.empty((len(counts), counts.shape[-1]))
    for draws, rows in _blocks(*wins.shape):
        wins[draws, rows] = np.sign(_leads(counts[draws], votes[draws], rows)).sum(axis=-1)
    return np.where(there, wins.reshape(there.shape), np.nan)


def _blocks(draws: int, cases: int) -> Iterator[tuple[slice, slice]]:
    """Yield so many draws, and of each so many cases, as are compared with all cases at once."""
    some = max(1, PAIRS // max(1, cases * cases))
    rows = max(1, PAIRS // max(1, cases))
    for draw in range(0, draws, some):
        for row in range(0, cases, rows):
            yield slice(draw, draw + some), slice(row, row + rows)


@AGGREGATE.register("borda", across=True, rescores=True, monotone=False)
def borda(values: Floats, weights: Floats) -> Floats:
    """Borda score: how many cases a case beats in a child, as the weighted mean of the children.

    y_i = sum over k of w_k b_ik, with b_ik the number of cases that i beats in child k, ties half: n - 1 for the
    best of n cases, 0 for the worst. Times the number of voters it is the Handbook's Borda score.

    Parameters
    ----------
    values, weights : arrays of shape (..., cases, children)

    Returns
    -------
    array of shape (..., cases)
        From 0 to n - 1.

    Raises
    ------
    MethodError
        If only one case has scores.

    Notes
    -----
    A child that only m of the n cases have counts as if it had all: b is the share of the others that are beaten,
    times n - 1; and a case that is alone there is in the middle. Misleads where cases resemble each other: adding
    one that nobody prefers moves apart those that stand on either side of it, and may turn the order of others.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6, tables 25 to 31.

    Examples
    --------
    >>> borda(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 0.0]]), np.full((3, 2), 0.5))
    array([1.75, 1.25, 0.  ])
    """
    values, weights = np.broadcast_arrays(values, weights)
    there = takes_part("borda", weights)
    counts = beaten(values, weights)
    others = (weights > 0).sum(axis=-2, keepdims=True) - 1
    shares = np.where(others > 0, counts / np.maximum(others, 1), 0.5)
    rivals = there.sum(axis=-1, keepdims=True) - 1
    return np.where(there, rivals * (np.where(weights > 0, shares, 0.0) * weights).sum(axis=-1), np.nan)

"""Benefit of the doubt: every case weighed in its own favour, against the frontier of what cases reach."""

from __future__ import annotations

from typing import Literal

import numpy as np

from softpower.errors import Fault, MethodError
from softpower.registry import AGGREGATE, WEIGHTS
from softpower.steps.fitting import Siblings, fit
from softpower.steps.measures import Floats, Mask
from softpower.steps.tree import Tree
from softpower.words import LISTED

Of = Literal["weights", "shares"]
NOTHING = 1e-6
"""A weight by which no peer rises by more than this share of the frontier is none."""
LEVEL = 1e-10
"""Peers that stand above one by no more than this are level with the frontier: rounding must not rule weights out."""


def frontier_weights(values: Floats, *, low: float = 0.0, high: float = 1.0, of: Of = "weights") -> Floats:
    """Return for each case the weights under which it stands highest while no case stands above one.

    Maximises sum of w y over w >= 0, where the sum of w y is at most 1 for every case that has all that this one
    has. A case's benefit-of-the-doubt score is its own sum of w y. Where several weights give it, the most even are
    taken: those whose shares have the least sum of squares. So weights are blind to the order of cases and children.

    Parameters
    ----------
    values : array of shape (cases, children)
        Zero or above, NaN where missing.
    low, high : float
        Bounds of each weight as a share of the sum of the case's weights, or of each w y as a share of the case's
        sum of w y.
    of : {"weights", "shares"}
        Which of the two is bounded.

    Returns
    -------
    array of shape (cases, children)
        On the scale of one over the values; 0 where missing.

    Raises
    ------
    MethodError
        Where no weights are within the bounds.

    Notes
    -----
    One linear program and one of least squares for each case, in a loop.

    Where several weights are the best but for a share of 1e-10, which are taken may hang on rounding.

    References
    ----------
    W. W. Cooper, J. L. Ruiz, I. Sirvent, Choosing weights from alternative optimal solutions of dual multiplier models
    in DEA, European Journal of Operational Research 180 (2007).

    Examples
    --------
    >>> values = np.array([[4.0, 1.0], [1.0, 4.0], [1.0, 1.0]])
    >>> (frontier_weights(values) * values).sum(axis=-1).round(12)
    array([1. , 1. , 0.4])
    """
    weights = np.zeros(values.shape)
    there = ~np.isnan(values)
    scale = np.where(there, values, 0.0).max(initial=0.0)
    if scale <= 0:
        return np.where(there, 1.0, 0.0)
    filled = np.where(there, values / scale, 0.0)
    for mine in np.unique(there, axis=0):
        cases = np.flatnonzero((there == mine).all(axis=-1))
        peers = np.unique(_undominated(filled[np.ix_(there[:, mine].all(axis=-1), mine)]), axis=0)
        for case in cases if mine.any() else ():
            weights[case, mine] = _program(filled[case, mine], peers, low, high, of) / scale
    return weights


def _undominated(values: Floats) -> Floats:
    """Return the rows that no other row is above or level with everywhere; the frontier rests on them alone."""
    kept: list[Floats] = []
    for row in values[np.argsort(-values.sum(axis=-1), kind="stable")]:
        if not kept or not (np.array(kept) >= row).all(axis=-1).any():
            kept.append(row)
    return np.array(kept)


def _program(own: Floats, peers: Floats, low: float, high: float, of: Of) -> Floats:
    """Return the weights of one case; the largest entry of its peers is of the order of one."""
    count = len(own)
    if not own.any():
        # It stands at zero under any weights.
        return np.ones(count)
    total = np.ones(count) if of == "weights" else own
    each = np.eye(count) * (1.0 if of == "weights" else own)
    shares = np.vstack([low * total - each, each - high * total])
    # Few peers bind. The greatest on each child keep the program bounded; others join where they stand above one.
    chosen = np.unique(peers.argmax(axis=0))
    while True:
        weights = _highest(own, peers[chosen], shares, f"{low:g} and {high:g}")
        more = _binding(peers, weights, chosen)
        if not more.size:
            break
        chosen = np.union1d(chosen, more)
    # What the solver tolerates above one is taken off, so that there are weights of this height.
    height = float(own @ weights) / max(1.0, float((peers @ weights).max()))
    while True:
        weights = _most_even(own, peers[chosen], shares, height)
        more = _binding(peers, weights, chosen)
        if not more.size:
            break
        chosen = np.union1d(chosen, more)
    if low == 0:
        # What peers are tolerated to be above one is no weight on what the case scores zero.
        weights[(own == 0) & (weights * peers.max(axis=0) <= NOTHING)] = 0.0
    return weights


def _binding(peers: Floats, weights: Floats, chosen: np.ndarray) -> np.ndarray:
    """Return the places of peers above one, the highest first and not all, but for those that are chosen already."""
    heights = peers @ weights
    heights[chosen] = 0.0
    above = np.flatnonzero(heights > 1.0 + LEVEL)
    return above[np.argsort(-heights[above], kind="stable")[: 4 * len(weights)]]


def _highest(own: Floats, peers: Floats, shares: Floats, bounds: str) -> Floats:
    """Return weights under which a case stands highest and no peer above one."""
    from scipy.optimize import linprog

    found = linprog(
        -own,
        np.vstack([shares, peers]),
        np.append(np.zeros(len(shares)), np.ones(len(peers))),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    # Weights of nothing keep all bounds; they are the best only where no others do.
    if found.x is None or found.fun is None or not found.fun < 0:
        what = str(found.message) if found.x is None else f"no weights keep the bounds {bounds}"
        raise MethodError.of("benefit_of_the_doubt", what, "Widen the bounds of the weights.")
    return np.asarray(np.maximum(found.x, 0.0))


def _most_even(own: Floats, peers: Floats, shares: Floats, height: float) -> Floats:
    """Return the most even of the weights under which a case stands at a height and no peer above one.

    On any scale such weights are a cone. The shares of what equal weights come to when they are projected on it have
    the least sum of squares; what the projection takes away is in the polar cone, which is that of the constraints.
    """
    from scipy.optimize import nnls

    rows = np.vstack([-np.eye(len(own)), shares, peers - own / (height * (1.0 - LEVEL))])
    sizes = np.linalg.norm(rows, axis=1)
    rows = rows[sizes > 0] / sizes[sizes > 0, None]
    equal = np.ones(len(own))
    away, _ = nnls(rows.T, equal, maxiter=100 * len(rows))
    even = np.maximum(equal - away @ rows, 0.0)
    return np.asarray(even * (height / (own @ even)))


@WEIGHTS.register("benefit_of_the_doubt", fitted=True)
def benefit_of_the_doubt(
    tree: Tree,
    scores: Floats,
    *,
    levels: list[str] | None = None,
    low: float = 0.0,
    high: float = 1.0,
    of: Of = "weights",
) -> Floats:
    """Benefit of the doubt: each case weighs its children as suits it best against all other cases.

    w maximises sum of w y, while under the same weights no case that has all that this one has stands above 1. Where
    several weights do, the most even are taken: those whose shares have the least sum of squares.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        Zero or above. A case with a gap is weighed on what it has, against the cases that have it too; nothing is
        put in a gap's place. What is missing gets the mean of the case's other weights, which coverage counts and
        the score does not see.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.
    low, high : float
        Bounds of each weight as a share of the sum of the weights, or of each w y as a share of the sum of w y.
    of : {"weights", "shares"}
        Which of the two is bounded. With shares and ``low`` above 0 a case that scores zero on a child is refused,
        since all that it scores would be zero.

    Returns
    -------
    array of shape (cases, nodes)
        By case, since every case has its own.

    Raises
    ------
    MethodError
        For scores below zero, a child that scores zero everywhere, fewer than two cases, or bounds that no weights
        keep.

    Notes
    -----
    The tree scales a case's weights to sum to one, so that with the arithmetic mean a node's score is the case's
    mean under the weights that favour it against the others, on the scale of the scores. For the distance to the
    frontier, where the best cases reach 100, aggregate by the method of the same name, which solves the same
    programs.

    Misleads without bounds: most weights are zero, and a case that leads on one child alone is as good as the
    best. Two cases' scores rest on different weights, and a new case may move all. A case on the frontier often
    has many best weights, and its mean under the most even ones may be far below that under others: it is no
    measure of how near the case is to the frontier.

    References
    ----------
    L. Cherchye, W. Moesen, N. Rogge, T. Van Puyenbroeck, An introduction to 'benefit of the doubt' composite
    indicators, Social Indicators Research 82 (2007); OECD/JRC, Handbook on Constructing Composite Indicators
    (2008), step 6.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> scores = np.array([[40.0, 10.0, 0.0], [10.0, 40.0, 0.0], [20.0, 10.0, 0.0]])
    >>> weights = benefit_of_the_doubt(tree, scores, low=0.25, high=0.75)
    >>> tree.among_siblings(weights).round(9)[2]
    array([0.5, 0.5, 1. ])
    """

    def rule(siblings: Siblings) -> Floats:
        siblings.refuse_negative()
        _refuse(siblings.where, siblings.names, siblings.scores, low=low, high=high, of=of)
        weights = frontier_weights(siblings.scores, low=low, high=high, of=of)
        there = ~np.isnan(siblings.scores)
        counts = there.sum(axis=-1, keepdims=True)
        mean = np.where(counts > 0, weights.sum(axis=-1, keepdims=True) / np.maximum(counts, 1), 1.0)
        return np.where(there, weights, mean)

    made = fit(tree, scores, "benefit_of_the_doubt", levels, rule)
    return made if made.ndim > 1 else np.tile(made, (len(scores), 1))


def _frontier_parts(
    values: Floats, weights: Floats, *, low: float = 0.0, high: float = 1.0, of: Of = "weights"
) -> Floats:
    where = "aggregate = 'benefit_of_the_doubt'"
    names = tuple(f"child {place}" for place in range(1, values.shape[-1] + 1))
    shape = np.broadcast_shapes(values.shape, weights.shape)
    seen = np.where(weights > 0, values, np.nan)
    parts = np.zeros(shape)
    for draw in np.ndindex(shape[:-2]):
        made = seen[draw]
        # A child that no case has or weighs takes no part.
        used = np.asarray((~np.isnan(made)).any(axis=0))
        if (made[:, used] < 0).any():
            raise MethodError.of(where, "scores are below zero", 'Normalise to zero and above, as "min_max" does.')
        names_used = tuple(name for name, one in zip(names, used, strict=True) if one)
        _refuse(where, names_used, made[:, used], low=low, high=high, of=of)
        own = frontier_weights(made[:, used], low=low, high=high, of=of)
        parts[draw][:, used] = 100.0 * own * np.nan_to_num(made[:, used])
    return parts


@AGGREGATE.register("benefit_of_the_doubt", parts=_frontier_parts, across=True, rescores=True, monotone=False)
def frontier(values: Floats, weights: Floats, *, low: float = 0.0, high: float = 1.0, of: Of = "weights") -> Floats:
    """Benefit of the doubt: 100 times the sum of w y, under the weights that suit the case best.

    w maximises sum of w y, while under the same weights no case stands above 1, so that the best reach 100.

    Parameters
    ----------
    values : array of shape (..., cases, children)
        Zero or above.
    weights : array of shape (..., cases, children)
        A child of weight zero takes no part; how much the others weigh is for the method to find. A case is
        measured against the cases that have all the children that it has.
    low, high : float
        Bounds of each w as a share of the sum of w, or of each w y as a share of the sum of w y.
    of : {"weights", "shares"}
        Which of the two is bounded.

    Raises
    ------
    MethodError
        For values below zero, a child that is zero everywhere, fewer than two cases, or bounds that no weights
        keep.

    Notes
    -----
    One linear program for each draw and case, in a loop. A case's score falls when others rise.

    Misleads as the weights of the same name do: without bounds a case that leads on one child alone is at 100.

    References
    ----------
    L. Cherchye, W. Moesen, N. Rogge, T. Van Puyenbroeck, An introduction to 'benefit of the doubt' composite
    indicators, Social Indicators Research 82 (2007); OECD/JRC, Handbook on Constructing Composite Indicators
    (2008), step 6.

    Examples
    --------
    >>> values = np.array([[40.0, 10.0], [10.0, 40.0], [10.0, 10.0]])
    >>> frontier(values, np.full((3, 2), 0.5)).round(9)
    array([100., 100.,  40.])
    """
    return np.asarray(_frontier_parts(values, weights, low=low, high=high, of=of).sum(axis=-1))


def _refuse(where: str, names: tuple[str, ...], scores: Floats, *, low: float, high: float, of: Of) -> None:
    """Raise MethodError where the programs of some siblings have no meaning; scores are zero or above."""
    there: Mask = ~np.isnan(scores)
    faults = []
    if there.any(axis=-1).sum() < 2:
        faults.append(Fault(where, "fewer than two cases have scores", "A frontier needs others: weigh otherwise."))
    if not 0 <= low <= high <= 1:
        faults.append(
            Fault(where, f"low {low:g} and high {high:g} are no shares in order", "Set 0 <= low <= high <= 1.")
        )
    for place in np.flatnonzero(~(scores > 0).any(axis=0))[:LISTED]:
        what = f"'{names[place]}' scores zero in all cases, so that no frontier bounds its weight"
        faults.append(Fault(where, what, "Leave it out, give it a declared weight of zero, or weigh otherwise."))
    for count in map(int, np.unique(there.sum(axis=-1))):
        if count and (low * count > 1 + 1e-12 or high * count < 1 - 1e-12):
            what = f"{count} shares from {low:g} to {high:g} cannot sum to one"
            row = int(np.flatnonzero(there.sum(axis=-1) == count)[0]) + 1
            what += "" if count == scores.shape[-1] else f", and the case in row {row} has {count} scores"
            faults.append(Fault(where, what, "Widen the bounds, or impute the gaps."))
    if of == "shares" and low > 0:
        rows, places = np.nonzero((scores == 0) & (scores > 0).any(axis=-1, keepdims=True))
        mend = 'Set low to 0, bound the weights with of = "weights", or normalise above zero.'
        for case, place in list(zip(rows, places, strict=True))[:LISTED]:
            what = f"the case in row {case + 1} scores zero on '{names[place]}', which can have no share of {low:g}"
            faults.append(Fault(where, what, mend))
    if faults:
        raise MethodError(faults)

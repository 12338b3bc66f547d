"""The ranking with the highest support: Condorcet-Kemeny-Young-Levenglick.

An order of the cases is supported, for every pair, by the outranking of the case above over the case below. The best
order is searched for exactly. It cannot be vectorised: draws are looped over here, in `kemeny`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from softpower.errors import MethodError
from softpower.registry import AGGREGATE
from softpower.steps.measures import Floats, Mask
from softpower.steps.voting import EVEN, outranking, takes_part

SUBSETS = 14
"""Up to so many cases in a circle all subsets of them are gone through: exact, with all ties."""
LARGEST = 80
"""Up to so many cases in a circle an integer program is set up: its size grows with their third power."""
LISTED = 10_000
"""So many tied orders are listed at most."""
WHERE = "aggregate = 'kemeny'"


@dataclass(frozen=True)
class Ranking:
    """The ranking with the highest support that was found.

    Parameters
    ----------
    positions : array of shape (cases,)
        0 for the first. Of several best orders, the mean of their positions, as far as `exact` says so.
    support : float
        The sum of the outranking of each case over those below it.
    bound : float
        No order has more support.
    exact : bool
        Whether all best orders are counted. Otherwise the positions are those of one order.
    """

    positions: Floats
    support: float
    bound: float
    exact: bool

    @property
    def gap(self) -> float:
        """By what share of its support the order may fall short of the best one."""
        return (self.bound - self.support) / self.support if self.support > 0 else 0.0


@dataclass(frozen=True)
class _Subsets:
    """The best orders of all subsets of some cases, a subset being the bits of its number.

    An order of a subset is one of the subset without some case, and then that case.
    """

    best: Floats
    last: Mask
    before: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, pairs: Floats, least: float) -> _Subsets:
        """Go through all subsets, the smaller ones first; supports that differ by less than `least` are tied."""
        count = len(pairs)
        bits = 1 << np.arange(count)
        numbers = np.arange(1 << count)
        member = (numbers[:, None] & bits) > 0
        before, sizes = numbers[:, None] & ~bits, member.sum(axis=1)
        gain = np.zeros((len(numbers), count))
        for case, bit in enumerate(bits):
            gain[bit : 2 * bit] = gain[:bit] + pairs[case]
        best, last = np.zeros(len(numbers)), np.zeros(member.shape, dtype=bool)
        for size in range(1, count + 1):
            sets = np.flatnonzero(sizes == size)
            earlier = before[sets]
            support = np.where(member[sets], best[earlier] + gain[earlier, np.arange(count)], -np.inf)
            best[sets] = support.max(axis=1)
            last[sets] = support >= best[sets, None] - least
        return cls(best, last, before, sizes)

    def positions(self) -> Floats:
        """Return the mean position of each case over all best orders, without listing them."""
        ways_to, ways_on = np.ones(len(self.best)), np.zeros(len(self.best))
        ways_on[-1] = 1.0
        count = self.last.shape[1]
        for size in range(1, count + 1):
            sets = np.flatnonzero(self.sizes == size)
            ways_to[sets] = np.where(self.last[sets], ways_to[self.before[sets]], 0.0).sum(axis=1)
        for size in range(count, 0, -1):
            sets = np.flatnonzero(self.sizes == size)
            np.add.at(ways_on, self.before[sets], np.where(self.last[sets], ways_on[sets, None], 0.0))
        through = np.where(self.last, ways_to[self.before] * ways_on[:, None], 0.0)
        return np.asarray((through * (self.sizes[:, None] - 1)).sum(axis=0) / ways_to[-1])

    def orders(self) -> Iterator[tuple[int, ...]]:
        """Yield all best orders."""
        waiting: list[tuple[int, tuple[int, ...]]] = [(len(self.best) - 1, ())]
        while waiting:
            chosen, after = waiting.pop()
            if not chosen:
                yield after
            ends = np.flatnonzero(self.last[chosen])[::-1].tolist()
            waiting.extend((int(self.before[chosen, case]), (case, *after)) for case in ends)


def _pairs(matrix: Floats) -> Floats:
    """Return the supports of the pairs; refuse what is none."""
    pairs = np.array(matrix, dtype=float)
    if pairs.ndim != 2 or pairs.shape[0] != pairs.shape[1]:
        raise MethodError.of(WHERE, f"an outranking matrix has no shape {pairs.shape}", "Give one of cases x cases.")
    np.fill_diagonal(pairs, 0.0)
    if not np.isfinite(pairs).all() or (pairs < 0).any():
        what = "the outranking matrix has numbers that are missing, infinite or negative"
        raise MethodError.of(WHERE, what, "Leave out the cases that have no scores.")
    return pairs


def _circles(pairs: Floats) -> list[np.ndarray]:
    """Return the cases in parts, of which each wins against all that follow, and so precedes them in any best order.

    Within a part majorities run in circles. This is Truchon's extended Condorcet criterion.
    """
    from scipy.sparse.csgraph import connected_components

    least = EVEN * pairs.max(initial=0.0)
    count, part = connected_components(pairs >= pairs.T - least, connection="strong")
    wins = ((pairs > pairs.T) & (part[:, None] != part)).sum(axis=1)
    members = [np.flatnonzero(part == one) for one in range(count)]
    return sorted(members, key=lambda one: -wins[one[0]])


def kemeny_orders(matrix: Floats) -> tuple[np.ndarray, float]:
    """Return all orders of the cases that have the highest support, and the support.

    support = sum of E_ij over all pairs with i before j.

    Parameters
    ----------
    matrix : array of shape (cases, cases)
        E: the outranking of i over j, in shares or votes. The diagonal does not count.

    Returns
    -------
    orders : array of shape (orders, cases)
        The cases' places in the matrix, best first.
    support : float

    Raises
    ------
    MethodError
        If the matrix is not square, or has gaps; if more than 14 cases stand in one circle of majorities; if more
        than 10,000 orders are tied.

    References
    ----------
    Young and Levenglick, A consistent extension of Condorcet's election principle (1978).
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6, tables 36 and 37.

    Examples
    --------
    >>> orders, support = kemeny_orders(np.array([[0, 5, 3], [4, 0, 5], [6, 4, 0]]))
    >>> orders.tolist(), support
    ([[1, 2, 0], [2, 0, 1]], 15.0)
    """
    pairs = _pairs(matrix)
    number, parts = 1, []
    for circle in _circles(pairs):
        if len(circle) > SUBSETS:
            what = f"{len(circle)} cases stand in one circle of majorities, and {SUBSETS} can be gone through"
            raise MethodError.of(WHERE, what, "Take one best order, from kemeny_ranking.")
        found = []
        subsets = _Subsets.of(pairs[np.ix_(circle, circle)], EVEN * pairs.max())
        for order in subsets.orders():
            found.append(circle[list(order)])
            if number * len(found) > LISTED:
                what = f"more than {LISTED:,} orders are tied"
                raise MethodError.of(WHERE, what, "Take their mean positions, from kemeny_ranking.")
        number *= len(found)
        parts.append(found)
    orders = np.array([np.concatenate(one) for one in product(*parts)] if parts else np.empty((1, 0)), dtype=int)
    first = orders[0]
    return orders, float(np.triu(pairs[np.ix_(first, first)]).sum())


def kemeny_ranking(matrix: Floats, *, time_limit: float = 60.0) -> Ranking:
    """Return the ranking with the highest support, its support, and how far it may be from the best.

    Cases that have a majority over all others of a group come before it. Each group that remains, in which majorities
    run in circles, is ordered by dynamic programming over its subsets up to 14 cases, and above by an integer program
    (HiGHS): y_ij = 1 where i comes before j, and 0 <= y_ij + y_jk - y_ik <= 1 for any three.

    Parameters
    ----------
    matrix : array of shape (cases, cases)
        The outranking of i over j, in shares or votes. The diagonal does not count.
    time_limit : float
        Seconds for each integer program. Where it ends the search, `Ranking.gap` says what may be missing.

    Raises
    ------
    MethodError
        If the matrix is not square, or has gaps; if the time limit is not positive, or ends before there is any
        order; if more than 80 cases stand in one circle.

    References
    ----------
    Young and Levenglick, A consistent extension of Condorcet's election principle (1978).
    Truchon, An extension of the Condorcet criterion and Kemeny orders (1998).

    Examples
    --------
    >>> ranking = kemeny_ranking(np.array([[0, 5, 3], [4, 0, 5], [6, 4, 0]]))
    >>> ranking.positions, ranking.support, ranking.gap
    (array([1.5, 1. , 0.5]), 15.0, 0.0)
    """
    pairs = _pairs(matrix)
    if not time_limit > 0:
        raise MethodError.of(WHERE, f"the time limit is {time_limit:g} seconds", "Give a positive one.")
    positions, support, missing, exact = np.empty(len(pairs)), 0.0, 0.0, True
    behind = np.ones(len(pairs), dtype=bool)
    for circle in _circles(pairs):
        mine = pairs[np.ix_(circle, circle)]
        if len(circle) <= SUBSETS:
            subsets = _Subsets.of(mine, EVEN * pairs.max())
            places, reached = subsets.positions(), float(subsets.best[-1])
        else:
            # The solver breaks ties by the order in which it is given the cases, so that order is always the same.
            order = _by_their_votes(mine)
            ordered, reached, bound = _by_integers(mine[np.ix_(order, order)], time_limit)
            places = np.empty(len(order))
            places[order] = ordered
            missing, exact = missing + bound - reached, False
        positions[circle] = places + (~behind).sum()
        behind[circle] = False
        support += reached + float(pairs[circle][:, behind].sum())
    return Ranking(positions, support, support + missing, exact)


def _by_their_votes(pairs: Floats) -> np.ndarray:
    """Return the cases in an order that comes from their votes alone: by the sum, then by the single votes."""
    votes = np.sort(np.round(pairs / max(float(pairs.max()), 1e-300), 9))
    return np.lexsort((*votes.T, -votes.sum(axis=1)))


def _by_integers(pairs: Floats, time_limit: float) -> tuple[Floats, float, float]:
    """Return the positions in the best order that an integer program finds, its support, and a bound on any."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    count = len(pairs)
    if count > LARGEST:
        what = f"{count} cases stand in one circle of majorities, and an integer program takes {LARGEST}"
        raise MethodError.of(WHERE, what, "Aggregate by 'copeland' or 'borda'.")
    upper, lower = np.triu_indices(count, 1)
    variable = np.zeros((count, count), dtype=np.intc)  # older solvers take no longer integers for places
    variable[upper, lower] = np.arange(len(upper))
    first, second, third = (one.ravel() for one in np.indices((count, count, count)))
    first, second, third = (one[(first < second) & (second < third)] for one in (first, second, third))
    row = np.arange(len(first), dtype=np.intc)
    columns = np.concatenate([variable[first, second], variable[second, third], variable[first, third]])
    signs = np.repeat([1.0, 1.0, -1.0], len(row))
    circles = csr_array((signs, (np.tile(row, 3), columns)), shape=(len(row), len(upper)))
    # The solver stops at an absolute gap of a millionth, so the largest lead is set to a thousand.
    leads = pairs[upper, lower] - pairs[lower, upper]
    scale = 1e3 / max(float(np.abs(leads).max()), 1e-300)
    found = milp(
        -scale * leads,
        integrality=np.ones(len(upper), dtype=int),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(circles, 0, 1),
        options={"time_limit": time_limit, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        what = f"no order of {count} cases was found within {time_limit:g} seconds"
        raise MethodError.of(WHERE, what, "Raise time_limit, or aggregate by 'copeland' or 'borda'.")
    above = np.zeros((count, count))
    above[upper, lower] = np.rint(found.x)
    above[lower, upper] = 1.0 - above[upper, lower]
    positions = above.sum(axis=0)
    support = float((above * pairs).sum())
    bound = float(pairs[lower, upper].sum()) - found.mip_dual_bound / scale
    return positions, support, bound if bound - support > EVEN * support else support


@AGGREGATE.register("kemeny", across=True, rescores=True, monotone=False)
def kemeny(values: Floats, weights: Floats, *, time_limit: float = 60.0, gap: float = 0.0) -> Floats:
    """Kemeny ranking: the order of all cases that most weight supports, pair by pair.

    The order maximises the sum of E_ij over all pairs with i before j, with E the outranking matrix. A case scores
    the number of cases below it, as the mean over all best orders; where there are too many cases to go through all
    orders (see `kemeny_ranking`), in one of them.

    Parameters
    ----------
    values, weights : arrays of shape (..., cases, children)
    time_limit : float
        Seconds for each integer program.
    gap : float
        By what share of its support an order may fall short of the best. Above 0, a search that the time limit ends
        is accepted as far, and the score may depend on the machine.

    Returns
    -------
    array of shape (..., cases)
        From 0 to n - 1, higher is better; their sum is n (n - 1) / 2.

    Raises
    ------
    MethodError
        If only one case has scores; if more than 80 cases stand in one circle of majorities; if the time limit ends
        the search with a larger gap: the error states it.

    Notes
    -----
    One search for each draw: far slower than the other methods. Misleads where several orders are best, since their
    mean need not be one of them: look at `kemeny_orders`. Where the number of cases makes an integer program
    necessary, ties are broken by the solver.

    References
    ----------
    Young and Levenglick, A consistent extension of Condorcet's election principle (1978).
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6, tables 36 and 37.

    Examples
    --------
    >>> kemeny(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 0.0]]), np.full((3, 2), 0.5))
    array([2., 1., 0.])
    """
    if gap < 0:
        raise MethodError.of(WHERE, f"the gap is {gap:g}", "Give a share from zero up.")
    values, weights = np.broadcast_arrays(values, weights)
    there = takes_part("kemeny", weights)
    scores = np.full(there.shape, np.nan)
    for draw in np.ndindex(there.shape[:-1]):
        some = there[draw]
        if not some.any():
            continue
        ranking = kemeny_ranking(outranking(values[draw][some], weights[draw][some]), time_limit=time_limit)
        if ranking.gap > gap:
            what = f"the search ended at {time_limit:g} seconds; the order found may miss the best by {ranking.gap:.2%}"
            raise MethodError.of(WHERE, what, f"Raise time_limit, or accept it with gap = {1.01 * ranking.gap:.2g}.")
        scores[draw][some] = some.sum() - 1 - ranking.positions
    return scores

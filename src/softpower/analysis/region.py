"""Weights between ends: exact extremes over a polytope of weights, by linear and mixed-integer programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from softpower.draws.running import Tick
from softpower.errors import Fault, MethodError
from softpower.registry import WEIGHTS
from softpower.result import TIE, Result, tie_of
from softpower.steps.measures import Floats, Mask
from softpower.steps.polytope import Polytope, Rule
from softpower.steps.programs import Program, solve, whole
from softpower.words import LISTED

Place = tuple[int, int]
"""A row and a node."""


@dataclass(frozen=True)
class Overturn:
    """The least lead of one score over another, and the nearest weights without any lead, where there are some.

    Parameters
    ----------
    least : float
        In points, or as a ratio under the geometric mean.
    moved : float
        The share of weight that moves; NaN where the lead holds.
    weights : array of shape (nodes,)
        Among siblings, where the lead is gone, or least.
    name : str
        Of the set of weights, where they have names.
    """

    least: float
    moved: float
    weights: Floats
    name: str = ""


@dataclass(frozen=True, eq=False)
class Region:
    """What scores, ranks and leads can be over a polytope of weights.

    Parameters
    ----------
    result : Result
    rule : Rule, or mapping of level or node to Rule

    Raises
    ------
    MethodError
        If the scores are no weighted sum in any form, or the weights have no meaning on their own.
    """

    result: Result
    rule: Rule | Mapping[str, Rule]

    def __post_init__(self) -> None:
        engine = self.result.engine
        choice, means = engine.profile.methodology.weights, {method.name for method, _ in engine.methods.values()}
        mend = "uncertainty_analysis draws weights under any method."
        faults = []
        if len(means) > 1 or not means <= {"arithmetic", "geometric"}:
            what = f"weights meet in {' and '.join(sorted(means))} means, where extremes are no linear programs"
            faults.append(Fault("weight_space: aggregate", what, f"Use one mean, arithmetic or geometric; {mend}"))
        if WEIGHTS[choice.method].fitted:
            what = f"'{choice.method}' weights are fitted to the scores, so that none are declared to start from"
            faults.append(Fault("weight_space: weights", what, f"State weights by node, or by another method; {mend}"))
        if faults:
            raise MethodError(faults)
        self._refuse_zeros()

    @cached_property
    def geometric(self) -> bool:
        """Whether the scores are means of logarithms."""
        return any(method.name == "geometric" for method, _ in self.result.engine.methods.values())

    def tie(self, *nodes: int) -> float:
        """Return how close values of some nodes are tied: in points, or in logarithms."""
        return TIE if self.geometric else tie_of(self.result.score[:, nodes], self.result.scale)

    @cached_property
    def root(self) -> int:
        """The place of the composite."""
        return self.result.engine.tree.families[-1].parent

    @cached_property
    def _seen(self) -> Floats:
        """The scores of indicators as their mean sees them."""
        floor = self.result.profile.methodology.floor
        normalised = self.result.engine.normalised
        return np.maximum(normalised, floor) if self.geometric and floor is not None else normalised

    @cached_property
    def values(self) -> Floats:
        """What the weights are means of, of shape (rows, indicators): scores, or their logarithms."""
        if not self.geometric:
            return self._seen
        # What is not positive weighs nothing, or is refused.
        return np.log(np.where(self._seen <= 0, 1.0, self._seen))

    @cached_property
    def _patterns(self) -> tuple[tuple[Polytope, ...], NDArray[np.intp]]:
        """The polytopes of all patterns of gaps, and which one each row has."""
        engine = self.result.engine
        whole = Polytope.of(engine.tree, engine.weights, self.rule)
        patterns, which = np.unique(~np.isnan(engine.normalised), axis=0, return_inverse=True)
        return tuple(whole.within(present, engine.thresholds) for present in patterns), which.reshape(-1)

    def polytope(self, row: int) -> Polytope:
        """Return the admissible weights of a row."""
        polytopes, which = self._patterns
        return polytopes[int(which[row])]

    def _refuse_zeros(self) -> None:
        """Raise MethodError where a logarithm is of no positive score."""
        if not self.geometric:
            return
        polytopes, which = self._patterns
        weighed = np.zeros((len(polytopes), self._seen.shape[1]), dtype=bool)
        for place, polytope in enumerate(polytopes):
            for family in polytope.families:
                weighed[place, family.children[family.children < weighed.shape[1]]] = True
        cells = np.argwhere((self._seen <= 0) & weighed[which])
        engine, mend = self.result.engine, "Declare a floor, for instance floor = 1, or aggregate otherwise."
        faults = [
            Fault(
                f"{engine.label(row)}: {engine.indicators[place]}",
                f"the geometric mean needs positive scores and it has {self._seen[row, place]:g}",
                mend,
            )
            for row, place in cells[:LISTED]
        ]
        if len(cells) > LISTED:
            faults.append(
                Fault("", f"{len(cells) - LISTED} more scores are not positive", "The same floor mends them.")
            )
        if faults:
            raise MethodError(faults)

    def _points(self, values: Floats) -> Floats:
        """Return scores, or ratios of scores, of means of values."""
        return np.exp(values) if self.geometric else values

    def ends(self) -> tuple[Floats, Floats]:
        """Return the least and greatest scores over all admissible weights, of shape (rows, nodes)."""
        least = np.full((len(self.result.index), len(self.result.nodes)), np.nan)
        greatest = least.copy()
        polytopes, which = self._patterns
        for place, polytope in enumerate(polytopes):
            rows = which == place
            least[rows] = polytope.least(self.values[rows])[0]
            greatest[rows] = -polytope.least(-self.values[rows])[0]
        return self._points(least), self._points(greatest)

    def attaining(self, row: int, node: int, *, greatest: bool) -> tuple[Floats, str]:
        """Return weights among siblings under which a score is least, or greatest."""
        polytope = self.polytope(row)
        weights = polytope.least(-self.values[row] if greatest else self.values[row])[1]
        return self._among(polytope.under(node), weights), ""

    def _among(self, mine: Mask, weights: Floats) -> Floats:
        """Return weights of all nodes: those that were found in some families, and in the others as declared."""
        made = self.result.engine.weights.copy()
        for family in self.result.engine.tree.families:
            if mine[family.parent]:
                made[family.children] = weights[family.children]
        return made

    @cached_property
    def _alike(self) -> NDArray[np.intp]:
        """A number for each row: rows of one number are in one period and weigh the same indicators."""
        polytopes, which = self._patterns
        masks = [polytope.under(self.root) for polytope in polytopes]
        codes = np.unique(np.array(masks), axis=0, return_inverse=True)[1].reshape(-1)[which]
        return np.unique(np.column_stack([codes, self.result.engine.period_codes]), axis=0, return_inverse=True)[
            1
        ].reshape(-1)

    @cached_property
    def leads(self) -> Floats:
        """The least of the composite of a row less that of a column, in values; NaN where they do not compare.

        Closed forms, vectorised over the columns; an order of weights takes one linear program for each pair.
        """
        leads = np.full((len(self.result.index),) * 2, np.nan)
        for rows in self._groups():
            polytope = self.polytope(rows[0])
            for row in rows:
                leads[row, rows] = polytope.least(self.values[row] - self.values[rows])[0][:, self.root]
        return leads

    def _groups(self) -> Iterator[NDArray[np.intp]]:
        """Yield the rows with a composite that compare with each other."""
        scored = ~np.isnan(self.result.score[:, self.root])
        for code in np.unique(self._alike[scored]):
            yield np.flatnonzero((self._alike == code) & scored)

    def beats(self) -> tuple[Mask, Mask]:
        """Return which row is above which column under all admissible weights, and which under some."""
        tie = self.tie(self.root)
        with np.errstate(invalid="ignore"):
            some = np.less(self.leads.T, -tie)
            return (self.leads >= -tie) & some, some

    def rank_ends(self, tick: Tick) -> tuple[Floats, Floats]:
        """Return each row's best and worst rank; NaN where it has none, or does not compare with all others.

        Some mixed-integer programs for each row, in a loop, but for pairs whose order no weights change.
        """
        best, worst = np.full((2, len(self.result.index)), np.nan)
        tie = self.tie(self.root)
        scored, period = ~np.isnan(self.result.score[:, self.root]), self.result.engine.period_codes
        for rows in self._groups():
            if (scored & (period == period[rows[0]])).sum() > len(rows):
                continue
            program = self.polytope(rows[0]).program(self.root)
            for row in rows:
                rivals = rows[rows != row]
                gains = np.nan_to_num(self.values[rivals] - self.values[row])
                low, high = self.leads[rivals, row], -self.leads[row, rivals]
                worst[row] = 1 + most(program, gains, low, high, tie)
                tick(1)
                best[row] = 1 + len(rivals) - most(program, -gains, -high, -low, -tie)
                tick(1)
        return best, worst

    def overturn(self, leader: Place, other: Place) -> Overturn:
        """Return how far weights must move for a lead to go.

        Parameters
        ----------
        leader, other : tuple of row and node
            One node in two rows, or two nodes in one row.

        Raises
        ------
        MethodError
            If two rows lack different indicators under the node, or a score of zero has no ratio.
        """
        (row, node), (rival, second) = leader, other
        polytope, roots = self.polytope(row), list(dict.fromkeys((node, second)))
        mine = polytope.under(*roots)
        if not np.array_equal(mine, self.polytope(rival).under(*roots)):
            what = f"'{self._label(row)}' and '{self._label(rival)}' lack different indicators, so weights differ"
            raise MethodError.of("reversal", what, "Impute the gaps, or leave the indicators out.")
        values, others = self._compared(row, roots), self._compared(rival, roots)
        if row == rival:
            below, above = polytope.least(values), polytope.least(-values)
            least = below[0][node] + above[0][second]
            weakest = np.where(polytope.under(node), below[1], above[1])
            signs = np.where(polytope.under(node), 1.0, -1.0)[: len(values)]
            gains = signs * np.nan_to_num(values)
        else:
            leads, weakest = polytope.least(values - others)
            least = leads[node]
            gains = np.nan_to_num(values - others)
        tree = self.result.engine.tree
        masses = tree.masses(self.result.weight[row], *roots)
        if least > self.tie(*roots):
            found, moved = weakest, np.nan
        else:
            found = polytope.weights(nearest(polytope.program(*roots), masses, mine, gains, max(least, 0.0)))
            moved = 0.5 * float(np.abs(tree.masses(found, *roots) - masses)[: tree.indicator_count].sum())
        return Overturn(float(self._points(least)), moved, self._among(mine, found))

    def _compared(self, row: int, roots: Sequence[int]) -> Floats:
        """Return a row's values, in which an indicator that is compared itself counts as it is and not as the floor."""
        values: Floats = self.values[row].copy()
        for root in roots:
            if root < len(values) and self.geometric:
                own = self.result.score[row, root]
                if own <= 0:
                    where, what = f"reversal: {self._label(row)}", f"{own:g} has no ratio to another score"
                    raise MethodError.of(f"{where}: {self.result.nodes[root]}", what, "Compare nodes above it.")
                values[root] = np.log(own)
        return values

    def _label(self, row: int) -> str:
        return self.result.engine.label(row)

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know of cases that do not compare."""
        scored = ~np.isnan(self.result.score[:, self.root])
        if len(set(self._alike[scored])) > len(set(self.result.engine.period_codes[scored])):
            yield (
                "Some cases lack other indicators than others, so that the same weights mean something else for them:"
                " between these there is no dominance, and none of them has a best or worst rank."
            )


def nearest(program: Program, masses: Floats, mine: Mask, gains: Floats, limit: float) -> Floats:
    """Return the admissible masses nearest to some, under which the sum of gains x mass is at most a limit.

    The distance is the sum of what indicators lose, which the others gain: half of all changes.

    Parameters
    ----------
    program : Program
        Of the masses of all nodes, and helpers.
    masses : array of shape (nodes,)
    mine : array of shape (nodes,)
        The nodes that weigh something.
    gains : array of shape (indicators,)
    """
    leaves = np.flatnonzero(mine[: len(gains)])
    count, first = len(leaves), program.size
    moved = program.extended(np.zeros(count), np.full(count, np.inf))
    rows, each = np.zeros((count + 1, moved.size)), np.arange(count)
    rows[each, leaves] = rows[each, first + each] = -1.0
    rows[-1, : len(gains)] = gains
    limits = np.append(-masses[leaves], limit)
    cost = np.append(np.zeros(first), np.ones(count))
    return solve(moved.held(rows, limits), cost).values[: len(masses)]


def most(program: Program, gains: Floats, low: Floats, high: Floats, margin: float) -> int:
    """Return how many sums of gains x mass can be at least a margin under the same admissible masses.

    A mixed-integer program asks for one more than are known to be possible, all of them zero or above up to the
    solver's tolerance. A linear program then asks how far above zero those that it names can be at once: how many are
    at the margin there is known from then on. Where they are not all, its prices name a few that exclude each other.

    Parameters
    ----------
    program : Program
        Of the masses of all nodes, and helpers.
    gains : array of shape (rivals, indicators)
    low, high : arrays of shape (rivals,)
        The least and greatest of each sum.
    margin : float
    """
    sure, free = int((low >= margin).sum()), np.flatnonzero((low < margin) & (high >= margin))
    count, first = len(free), program.size
    if count <= 1:
        return sure + count
    gains = gains[free]
    choosing = _choosing(program, gains, low[free])
    cost = np.append(np.zeros(first), -np.ones(count))
    bound = solve(choosing, cost)
    known = max(1, _reached(bound.values, gains, margin))
    while known < int(1e-6 - bound.cost):
        values = whole(choosing.held(cost[None], np.array([-known - 1.0])))
        if values is None:
            break
        chosen = np.flatnonzero(values[first:] > 0.5)
        masses, prices = _reach(program, gains[chosen])
        if _reached(masses, gains[chosen], margin) < len(chosen):
            priced = prices > 1e-9
            together = chosen[priced] if priced.sum() > 1 else chosen
            cut = np.zeros((1, choosing.size))
            cut[0, first + together] = 1.0
            choosing = choosing.held(cut, np.array([len(together) - 1.0]))
        known = max(known, _reached(masses, gains, margin))
    return sure + known


def _choosing(program: Program, gains: Floats, low: Floats) -> Program:
    """Return the program with a whole number for each sum of gains x mass, which is zero or above where that is one."""
    count, first = len(gains), program.size
    unit = np.abs(gains).max(axis=1)
    slack = np.maximum(-low, 0.0) / unit
    choosing = program.extended(np.zeros(count), np.ones(count), whole=True)
    rows = np.zeros((count, choosing.size))
    rows[:, : gains.shape[1]] = -gains / unit[:, None]
    rows[np.arange(count), first + np.arange(count)] = slack
    return choosing.held(rows, slack)


def _reached(masses: Floats, gains: Floats, margin: float) -> int:
    """Return how many sums of gains x mass are at a margin or above."""
    return int((gains @ masses[: gains.shape[1]] >= margin).sum())


def _reach(program: Program, gains: Floats) -> tuple[Floats, Floats]:
    """Return what makes the least sum of gains x mass the greatest, and the price of each sum."""
    bounded = program.extended(np.array([-np.inf]), np.array([np.inf]))
    rows = np.zeros((len(gains), bounded.size))
    rows[:, : gains.shape[1]], rows[:, -1] = -gains, 1.0
    cost = np.zeros(bounded.size)
    cost[-1] = -1.0
    found = solve(bounded.held(rows, np.zeros(len(gains))), cost)
    return found.values, found.prices[-len(gains) :]

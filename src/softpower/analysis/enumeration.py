"""Weights from a list, named sets or experts: each of them is scored, and nothing lies between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from softpower.analysis.region import Overturn, Place
from softpower.draws.running import Tick
from softpower.draws.weights import WeightSets
from softpower.errors import MethodError
from softpower.model.uncertainty import Experts, Sets
from softpower.result import Result, in_steps
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True, eq=False)
class Enumeration:
    """What scores, ranks and leads are under each of some sets of weights, whatever the method.

    Parameters
    ----------
    result : Result
    declared : Sets or Experts

    Raises
    ------
    MethodError
        If each case has weights of its own under a set.
    SoftPowerError
        If a set cannot be scored.
    """

    result: Result
    declared: Sets | Experts

    def __post_init__(self) -> None:
        _ = self._scored

    @cached_property
    def _scored(self) -> dict[str, Result]:
        """The scores under each set, in a loop: one run of the engine each."""
        engine, sets = self.result.engine, WeightSets(self.declared)
        scored = {}
        for name, row in zip(sets.names, sets.weights(engine), strict=True):
            given = dict(zip(engine.tree.nodes[:-1], row[:-1].tolist(), strict=True))
            one = engine.choosing(weights={"method": "mapping", "weights": given})
            scored[name] = Result(one, one.score())
        return scored

    @cached_property
    def _names(self) -> list[str]:
        return list(self._scored)

    @cached_property
    def _scores(self) -> Floats:
        """Scores of shape (sets, rows, nodes)."""
        return np.array([one.score for one in self._scored.values()])

    def ends(self) -> tuple[Floats, Floats]:
        """Return the least and greatest scores over all sets, of shape (rows, nodes)."""
        return np.fmin.reduce(self._scores), np.fmax.reduce(self._scores)

    def attaining(self, row: int, node: int, *, greatest: bool) -> tuple[Floats, str]:
        """Return the weights of the set under which a score is least, or greatest."""
        scores = self._scores[:, row, node]
        place = int(np.nanargmax(scores) if greatest else np.nanargmin(scores))
        return self._weights(place)

    def _weights(self, place: int) -> tuple[Floats, str]:
        name = self._names[place]
        return self._scored[name].engine.weights, name

    def beats(self) -> tuple[Mask, Mask]:
        """Return which row is above which column under all sets, or level under some; and which under some."""
        period, scale = self.result.engine.period_codes, self.result.scale
        size = len(self.result.index)
        never_below, some = np.ones((size, size), dtype=bool), np.zeros((size, size), dtype=bool)
        for scores in self._scores[:, :, -1]:
            steps = in_steps(scores, scale)
            never_below &= steps[:, None] >= steps
            some |= steps[:, None] > steps
        some &= period[:, None] == period
        return never_below & some, some

    def rank_ends(self, tick: Tick) -> tuple[Floats, Floats]:
        """Return each row's best and worst rank over all sets; NaN where it has none."""
        ranks = np.array([one.ranks().to_numpy(dtype=float, na_value=np.nan) for one in self._scored.values()])
        tick(2 * ranks.shape[1])
        return np.fmin.reduce(ranks), np.fmax.reduce(ranks)

    def overturn(self, leader: Place, other: Place) -> Overturn:
        """Return the least lead over all sets, and the set nearest to the declared weights in which it is gone.

        Parameters
        ----------
        leader, other : tuple of row and node
            One node in two rows, or two nodes in one row.

        Raises
        ------
        MethodError
            If no set scores both.
        """
        leads = self._scores[:, *leader] - self._scores[:, *other]
        if np.isnan(leads).all():
            raise MethodError.of("reversal", "no set of weights scores both", "Compare others, or weigh otherwise.")
        nodes, scale = [leader[1], other[1]], self.result.scale
        steps = np.array([in_steps(one[:, nodes], scale) for one in self._scores])
        gone = np.flatnonzero(steps[:, leader[0], 0] <= steps[:, other[0], 1])
        if not gone.size:
            return Overturn(float(np.nanmin(leads)), np.nan, *self._weights(int(np.nanargmin(leads))))
        moved = [self._moved(self._scored[self._names[place]], leader, other) for place in gone]
        place = int(np.argmin(moved))
        return Overturn(float(np.nanmin(leads)), moved[place], *self._weights(int(gone[place])))

    def _moved(self, one: Result, leader: Place, other: Place) -> float:
        """Return the share of weight that moves from the declared weights to those of a set, under some nodes."""
        tree, roots = self.result.engine.tree, dict.fromkeys((leader[1], other[1]))
        before, after = (tree.masses(each.weight[leader[0]], *roots) for each in (self.result, one))
        return 0.5 * float(np.abs(before - after)[: tree.indicator_count].sum())

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know."""
        names = ", ".join(self._names)
        yield f"Over {len(self._names)} sets of weights: {names}. What lies between them is not covered."

"""One combination of choices, with its draws: weights, what takes part, and scores up the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from softpower.draws.base import Base
from softpower.draws.choices import Parameter
from softpower.draws.facts import chosen_of
from softpower.draws.inventory import Inventory
from softpower.draws.weights import Drawn, by_number, refuse_by_case
from softpower.engine import Engine
from softpower.errors import Fault, MethodError
from softpower.registry import Method
from softpower.result import tie_of
from softpower.steps.aggregate import aggregate, not_positive
from softpower.steps.linear import linear
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Combination:
    """A profile under one scenario and one choice of every method.

    Parameters
    ----------
    inventory : Inventory
    place : int
        Which of the bases it stands on.
    engine : Engine
        Its choices; what is the same in all draws is computed once.
    parameters : mapping of level to parameters
        Those of an aggregation that each draw has its own value of.
    """

    inventory: Inventory
    place: int
    engine: Engine
    parameters: Mapping[str, Mapping[str, Parameter]]

    @property
    def base(self) -> Base:
        """The profile under its scenario, with the methods that are declared."""
        return self.inventory.bases[self.place]

    @cached_property
    def ties(self) -> Floats:
        """The difference up to which the scores of each node are tied, of shape (nodes,)."""
        scale = self.engine.scale
        if scale is not None:
            return np.full(len(self.engine.tree.nodes), tie_of(np.empty(0), scale))
        return np.array([tie_of(scores, scale) for scores in self.engine.score().T])

    @cached_property
    def _arithmetic(self) -> bool:
        return all(method.name == "arithmetic" for method, _ in self.engine.methods.values())

    def score(self, u: Floats, normalised: Floats | None, *, out: Floats | None = None) -> Floats:
        """Return the scores of points, of shape (draws, nodes, rows).

        Parameters
        ----------
        u : array of shape (draws, dimensions)
        normalised : array of shape (draws, rows, indicators), optional
            The scores of indicators; without them they are those of the engine in every draw, and only those of
            dimensions are returned.
        out : array of shape (draws, nodes, rows), optional
            Where they may be written; they are returned in any case.
        """
        engine, count = self.engine, self.engine.tree.indicator_count
        included = self.included(u)
        weights = self.weights(u, included)
        if normalised is None and self._arithmetic and weights.ndim == 2:
            return linear(engine.tree, engine.normalised, weights, engine.thresholds, out=out)
        given = (
            np.broadcast_to(engine.normalised, (len(u), *engine.normalised.shape)) if normalised is None else normalised
        )
        floor = engine.profile.methodology.floor
        scores = aggregate(
            engine.tree,
            given,
            weights,
            self._methods(u),
            engine.thresholds,
            floor=floor,
            included=included,
            groups=engine.periods,
            out=None if normalised is None else out,
        ).swapaxes(-1, -2)
        if floor is None:
            self._refuse_zeros(scores, weights)
        if included is not None:
            # What is left out has no score in that draw, as in a profile without it.
            scores = np.where(included[..., None], scores, np.nan)
        return scores[:, count:] if normalised is None else scores

    def _methods(self, u: Floats) -> Mapping[str, tuple[Method, Mapping[str, Any]]]:
        """Return the aggregation of each level, with the parameters of each draw."""
        made = {}
        for level, (method, given) in self.engine.methods.items():
            drawn = {name: one.values(u)[:, None, None] for name, one in self.parameters.get(level, {}).items()}
            made[level] = (method, {**given, **drawn})
        return made

    def _refuse_zeros(self, scores: Floats, weights: Floats) -> None:
        """Raise MethodError where a mean that needs positive scores meets others in a draw."""
        faults, tree = [], self.engine.tree
        by_row = weights[..., None] if weights.ndim == 2 else weights.swapaxes(-1, -2)
        for family in tree.families:
            method, _ = self.engine.methods[family.level]
            if not method.positive:
                continue
            low = not_positive(scores[:, family.run], by_row[:, family.run]).any(axis=(0, 2))
            for child in family.children[low]:
                what = f"the {method.name} mean needs positive scores and '{tree.nodes[child]}' has none in some draws"
                mend = "Declare a floor, for instance floor = 1, or aggregate otherwise."
                faults.append(Fault(tree.nodes[family.parent], what, mend))
        if faults:
            raise MethodError(faults)

    def included(self, u: Floats) -> Mask | None:
        """Return which nodes take part, of shape (draws, nodes); None where all do."""
        columns, tree = self.inventory.leave_out, self.engine.tree
        if not columns:
            return None
        included = np.ones((len(u), len(tree.nodes)), dtype=bool)
        if self.inventory.uncertainty.leave_out == "one":
            names = list(columns)
            at = np.array([names.index(name) for name in self.engine.indicators])
            gone = chosen_of(u[:, columns[names[0]]], len(names) + 1, 0) - 1
            included[:, : tree.indicator_count] = at != gone[:, None]
        else:
            x = u[:, [columns[name] for name in self.engine.indicators]]
            share = float(self.inventory.uncertainty.leave_out or 0.0)
            number = min(max(1, round(share * x.shape[1])), x.shape[1] - 1)
            if number:
                last = np.sort(np.nan_to_num(x, nan=np.inf), axis=1)[:, [number - 1]]
                included[:, : tree.indicator_count] = ~(x <= last)
        for family in tree.families:
            included[:, family.parent] = included[:, family.children].any(axis=1)
        return included

    @cached_property
    def _drawn(self) -> list[Drawn]:
        """The families whose weights are drawn."""
        tree, families = self.engine.tree, self.inventory.families
        return [
            Drawn.of(tree, family, families[tree.nodes[family.parent]])
            for family in tree.families
            if tree.nodes[family.parent] in families and len(family.children) > 1
        ]

    @cached_property
    def _sets(self) -> Floats:
        """The weights of every named set, or expert."""
        assert self.inventory.sets is not None
        return self.inventory.sets.weights(self.engine)

    def weights(self, u: Floats, included: Mask | None) -> Floats:
        """Return weights of shape (draws, nodes), or (draws, rows, nodes) where each case has its own."""
        declared = self.engine.weights
        if declared.ndim > 1:
            if self._drawn or self.inventory.sets is not None:
                refuse_by_case(declared)
            weights = np.repeat(declared[None], len(u), axis=0)
        elif self.inventory.sets is not None:
            weights = self.inventory.sets.chosen(u, self._sets, declared)
        else:
            weights = np.repeat(declared[None], len(u), axis=0)
        for one in self._drawn:
            weights[:, one.run] = one.weights(u, declared[one.children])
        if included is not None:
            share = included * self._recounted(u, included)
            weights *= share if weights.ndim == 2 else share[:, None]
        return weights

    def _recounted(self, u: Floats, included: Mask) -> Floats:
        """Return by how much each node weighs less, of shape (draws, nodes), where some indicators are left out.

        Only dimensions do whose weight is the number of their indicators.
        """
        tree, sets = self.engine.tree, self.inventory.sets
        number = included.astype(float)
        for family in tree.families:
            number[:, family.parent] = number[:, family.children].sum(axis=1)
        if sets is None:
            counts = np.repeat(self._by_number[None], len(u), axis=0)
        else:
            counts = sets.chosen(u, self._by_number_in_sets, self._by_number)
        for one in self._drawn:
            counts[:, one.run] &= one.still(u)[:, None]
        return np.where(counts, number / tree.leaves(), 1.0)

    @cached_property
    def _by_number(self) -> Mask:
        """Which nodes weigh by the number of their indicators as declared."""
        return by_number(self.engine)

    @cached_property
    def _by_number_in_sets(self) -> Mask:
        """Which nodes weigh by the number of their indicators under every named set, or expert."""
        assert self.inventory.sets is not None
        return self.inventory.sets.by_number(self.engine)

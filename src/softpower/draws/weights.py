"""Weights among siblings, drawn from points of the unit cube."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from softpower.draws.factors import Columns
from softpower.draws.facts import Places, chosen_of
from softpower.engine import Engine
from softpower.errors import Fault, MethodError
from softpower.model.methodology import Choice
from softpower.model.uncertainty import AmongSiblings, Band, Dirichlet, Experts, Ordered, Sets, Simplex, Uncertainty
from softpower.registry import WEIGHTS
from softpower.steps import simplex
from softpower.steps.experts import expert_weights
from softpower.steps.measures import Floats, Mask
from softpower.steps.tree import Family, Tree, key_of, run_of

Row = TypeVar("Row", Floats, Mask)


@dataclass(frozen=True)
class FamilyWeights:
    """How the weights of a dimension's children are drawn, over all trees in which it may stand.

    Parameters
    ----------
    specification : Simplex, Dirichlet, Band or Ordered
    columns : mapping of child to column
    choice : int
        The column that picks the order of the children; -1 where none is picked.
    """

    specification: AmongSiblings
    columns: Mapping[str, int]
    choice: int = -1


@dataclass(frozen=True)
class WeightSets:
    """Weights of whole trees, of which a draw takes one: named sets, or those of experts.

    Siblings of which none is named weigh as in the study.

    Parameters
    ----------
    specification : Sets or Experts
    column : int
        The column that picks one of them; -1 where all are looked at.
    """

    specification: Sets | Experts
    column: int = -1

    @property
    def names(self) -> list[str]:
        """What the sets are called."""
        if isinstance(self.specification, Sets):
            return list(self.specification.sets)
        return [f"expert {number}" for number in range(1, max(map(len, self.specification.points.values())) + 1)]

    def weights(self, engine: Engine) -> Floats:
        """Return the weights of every set, of shape (sets, nodes).

        Raises
        ------
        MethodError
            If each case has weights of its own under a set.
        """
        if isinstance(self.specification, Experts):
            made = expert_weights(engine.tree, _points(self.specification, engine))
        else:
            each = {name: one.weights for name, one in zip(self.names, _under(self.specification, engine), strict=True)}
            what = "it gives each case weights of its own, so that no weights are common to all"
            faults = [
                Fault(f"uncertainty: weights: {name}", what, "Leave the set out.")
                for name, one in each.items()
                if one.ndim > 1
            ]
            if faults:
                raise MethodError(faults)
            made = np.array([*each.values()])
        silent = self._silent(engine)
        if silent.any():
            refuse_by_case(engine.weights)
            made = np.where(silent, engine.weights, made)
        return made

    def by_number(self, engine: Engine) -> Mask:
        """Return which nodes weigh as much as they have indicators under every set, of shape (sets, nodes)."""
        silent = self._silent(engine)
        if isinstance(self.specification, Experts):
            return silent & by_number(engine)
        return np.where(silent, by_number(engine), [by_number(one) for one in _under(self.specification, engine)])

    def _silent(self, engine: Engine) -> Mask:
        """Return of which nodes every set says nothing, nor of any sibling, of shape (sets, nodes)."""
        tree, names = engine.tree, self.names
        given = self.specification
        said = [given.points] * len(names) if isinstance(given, Experts) else list(given.sets.values())
        silent = np.zeros((len(names), len(tree.nodes)), dtype=bool)
        for mine, one in zip(silent, said, strict=True):
            for family in tree.families if not isinstance(one, str) else ():
                mine[family.children] = not any(tree.nodes[child] in one for child in family.children)
        return silent

    def chosen(self, u: Floats, sets: Row, declared: Row) -> Row:
        """Return the sets that points pick, of shape (draws, nodes); what is declared where they pick none."""
        column = u[:, self.column]
        picked = sets[chosen_of(column, len(sets), 0)]
        picked[np.isnan(column)] = declared
        return picked


def _under(sets: Sets, engine: Engine) -> list[Engine]:
    """Return a study under each of some sets of weights."""
    nodes, own = set(engine.tree.nodes), engine.profile.methodology.weights
    given = (
        {node: weight for node, weight in one.items() if node in nodes} if isinstance(one, Mapping) else one
        for one in sets.sets.values()
    )
    return [engine.choosing(weights=_on_top(own, one)) for one in given]


def _points(experts: Experts, engine: Engine) -> Mapping[str, Sequence[float]]:
    """Return the points of nodes that there are: a scenario may lack some, and what is said of the others holds."""
    nodes = set(engine.tree.nodes)
    return {node: mine for node, mine in experts.points.items() if node in nodes} or experts.points


def by_number(engine: Engine) -> Mask:
    """Return which nodes weigh as much as they have indicators, of shape (nodes,)."""
    choice, tree = engine.profile.methodology.weights, engine.tree
    method, given = choice.method, choice.parameters
    if method in {"mapping", "budget_allocation", "analytic_hierarchy"}:
        method = given.get("others", "declared")
    made = np.zeros(len(tree.nodes), dtype=bool)
    if method == "equal_indicators":
        made[tree.indicator_count : -1] = True
    elif method == "declared":
        dimensions = engine.profile.framework.dimensions
        made[tree.indicator_count :] = [
            dimensions[name].weight == "indicators" for name in tree.nodes[tree.indicator_count :]
        ]
    named = {*given.get("weights", ()), *given.get("points", ())}
    made[[name in named for name in tree.nodes]] = False
    for family in tree.families:
        if tree.nodes[family.parent] in given.get("matrices", ()):
            made[family.children] = False
    return made


def _on_top(own: Choice, given: Mapping[str, float] | str) -> Any:
    """Return a named set as a choice of weights: siblings that it does not name weigh as the profile weighs them.

    Weights that are fitted or compared have no scale on which a sibling could be named: the others weigh as declared.
    """
    if isinstance(given, str):
        return given
    if own.method == "mapping":
        return {**own.parameters, "method": "mapping", "weights": {**own.parameters["weights"], **given}}
    unscaled = own.parameters or WEIGHTS[own.method].fitted
    return {"method": "mapping", "others": "declared" if unscaled else own.method, "weights": given}


def weight_sets(uncertainty: Uncertainty, engine: Engine, columns: Columns) -> WeightSets | None:
    """Return the sets of weights that are drawn from, where there are any, and give them their column."""
    weights = uncertainty.weights
    if not isinstance(weights, Sets | Experts):
        return None
    refuse_by_case(engine.weights)
    made = WeightSets(weights, columns.count)
    same = np.isclose(made.weights(engine), engine.weights, rtol=0, atol=1e-15).all(axis=-1)
    nominal = int(np.flatnonzero(same)[0]) if same.any() else None
    columns.add(f"weights: {weights.method}", "weights", alternatives=made.names, nominal=nominal)
    return made


def specification_of(
    weights: AmongSiblings | Mapping[str, AmongSiblings], tree: Tree, family: Family
) -> AmongSiblings | None:
    """Return how the weights of a family are drawn: by its dimension's name, else by its level; None as declared."""
    if not isinstance(weights, Mapping):
        return weights
    key = key_of(weights, tree.nodes[family.parent], family)
    return None if key is None else weights[key]


def family_weights(uncertainty: Uncertainty, trees: Sequence[Tree], columns: Columns) -> dict[str, FamilyWeights]:
    """Return how weights are drawn by dimension, and give each child of these its column."""
    weights = uncertainty.weights
    if weights is None or isinstance(weights, Sets | Experts):
        return {}
    children: dict[str, dict[str, None]] = {}
    chosen: dict[str, AmongSiblings] = {}
    for tree in trees:
        for family in tree.families:
            one = specification_of(weights, tree, family)
            if one is not None:
                parent = tree.nodes[family.parent]
                chosen.setdefault(parent, one)
                children.setdefault(parent, {}).update(dict.fromkeys(tree.nodes[child] for child in family.children))
    made = {}
    # The last dimension of a tree is the composite: from the top down, as a reader walks it.
    for parent in reversed(chosen):
        names, one = list(children[parent]), chosen[parent]
        if len(names) < 2 or (isinstance(one, Ordered) and not _pairs(one, names)):
            continue
        ordered = isinstance(one, Ordered)
        taken = columns.add(f"weights: {parent}", "weights", len(names) + ordered)
        made[parent] = FamilyWeights(one, dict(zip(names, taken[ordered:], strict=True)), taken[0] if ordered else -1)
    return made


def _pairs(ordered: Ordered, names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs among some siblings, those that follow through others included."""
    above = set(ordered.at_least)
    grown = True
    while grown:
        more = {(a, d) for a, b in above for c, d in above if b == c} - above
        grown = bool(more)
        above |= more
    place = {name: at for at, name in enumerate(names)}
    return sorted((place[a], place[b]) for a, b in above if a in place and b in place)


@dataclass(frozen=True)
class Drawn:
    """The weights of one family of one tree, as they are drawn."""

    children: Places
    columns: Places
    own: FamilyWeights
    orders: Places | None

    @classmethod
    def of(cls, tree: Tree, family: Family, own: FamilyWeights) -> Drawn:
        """Return the weights of a family's children."""
        names = [tree.nodes[child] for child in family.children]
        orders = None
        if isinstance(own.specification, Ordered):
            orders = simplex.linear_extensions(len(names), _pairs(own.specification, names), names)
        return cls(family.children, np.array([own.columns[name] for name in names]), own, orders)

    @cached_property
    def run(self) -> slice | Places:
        """The children as an index, which takes no copy where they stand side by side."""
        return run_of(self.children)

    @cached_property
    def _columns(self) -> slice | Places:
        return run_of(self.columns)

    def still(self, u: Floats) -> Mask:
        """Return in which draws the number of indicators still counts: where weights are declared, or around those."""
        around = isinstance(self.own.specification, Dirichlet | Band)
        return np.isnan(u[:, self.columns[0]]) | around

    def weights(self, u: Floats, declared: Floats) -> Floats:
        """Return weights of shape (draws, children), around the declared ones of shape (children,).

        NaN in a point leaves them as declared.
        """
        x = u[:, self._columns]
        still = np.isnan(x[:, 0])
        x = np.where(still[:, None], 0.5, x) if still.any() else x
        one = self.own.specification
        if isinstance(one, Simplex):
            made = simplex.uniform_weights(x)
        elif isinstance(one, Dirichlet):
            made = simplex.dirichlet_weights(x, declared, one.concentration)
        elif isinstance(one, Band):
            made = simplex.band_weights(x, declared, one.share)
        else:
            assert self.orders is not None
            made = simplex.ordered_weights(x, np.where(still, 0.0, u[:, self.own.choice]), self.orders)
        return np.where(still[:, None], declared, made) if still.any() else made


def refuse_by_case(weights: Floats) -> None:
    """Raise MethodError where each case has weights of its own."""
    if weights.ndim > 1:
        what = "each case has weights of its own, around which none are drawn"
        raise MethodError.of("uncertainty: weights", what, 'Weigh by another method, for instance "declared".')

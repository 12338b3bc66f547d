"""The framework's tree as index arrays: indicators first, then dimensions from the deepest up, the root last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from softpower.model.framework import Framework
from softpower.steps.measures import Floats, read_only


@dataclass(frozen=True)
class Family:
    """A dimension and its children, by their places among the nodes."""

    parent: int
    children: np.ndarray
    level: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "children", read_only(self.children))

    @cached_property
    def run(self) -> slice | np.ndarray:
        """The children as an index of nodes: a slice where they stand side by side, which takes no copy."""
        return run_of(self.children)


@dataclass(frozen=True)
class Tree:
    """Nodes, families and declared weights.

    Parameters
    ----------
    nodes : tuple of str
        Ids; the first ``indicator_count`` are indicators, the last is the root.
    declared : array of shape (nodes,)
        The weights that the framework declares; ``"indicators"`` is the number of indicators under the node.
    families : tuple of Family
        Deepest parents first, so that every child is known before its parent.
    """

    nodes: tuple[str, ...]
    indicator_count: int
    declared: Floats
    families: tuple[Family, ...]

    def __post_init__(self) -> None:
        # All methods are handed the same.
        object.__setattr__(self, "declared", read_only(self.declared))

    @classmethod
    def of(cls, framework: Framework, indicators: Mapping[str, object]) -> Tree:
        """Return the tree of the chosen indicators; dimensions without any are left out."""
        kept = {name for indicator in indicators for name in framework.path(indicator)}
        dimensions = sorted(
            (name for name in framework.dimensions if name in kept), key=lambda name: -framework.depths[name]
        )
        nodes = (*indicators, *dimensions)
        place = {name: index for index, name in enumerate(nodes)}
        children: dict[str, list[int]] = {name: [] for name in dimensions}
        # In the order in which the framework declares them, whatever their depth.
        for name in (*framework.dimensions, *framework.indicators):
            if name in place and name in framework.parents:
                children[framework.parents[name]].append(place[name])
        families = tuple(Family(place[name], np.array(children[name]), framework.level(name)) for name in dimensions)
        counted = dict(zip(nodes, _leaves(len(nodes), families), strict=True))
        declared: dict[str, float] = {name: one.weight for name, one in framework.indicators.items()}
        for name, one in framework.dimensions.items():
            declared[name] = counted.get(name, 0.0) if one.weight == "indicators" else one.weight
        return cls(nodes, len(indicators), np.array([declared[name] for name in nodes]), families)

    def leaves(self) -> Floats:
        """Return how many indicators each node has under it; an indicator has one."""
        return _leaves(len(self.nodes), self.families)

    def among_siblings(self, weights: Floats) -> Floats:
        """Return weights of shape (..., nodes) scaled to sum to one among siblings; the root's is one."""
        scaled = np.ones_like(weights)
        for family in self.families:
            mine = weights[..., family.children]
            # By the largest first, so that the sum of huge weights is finite.
            mine = mine / mine.max(axis=-1, keepdims=True)
            scaled[..., family.children] = mine / mine.sum(axis=-1, keepdims=True)
        return scaled

    def effective(self, weights: Floats) -> Floats:
        """Return each node's weight in the composite: the product of the weights on its path."""
        effective = np.array(weights, dtype=float)
        for family in reversed(self.families):
            effective[..., family.children] *= effective[..., [family.parent]]
        return effective

    def masses(self, weights: Floats, *roots: int) -> Floats:
        """Return each node's weight in whichever of some nodes it is under: the product of those between them.

        Parameters
        ----------
        weights : array of shape (nodes,)
            Among siblings.
        *roots : int
            Places of nodes, none of them under another.

        Returns
        -------
        array of shape (nodes,)
            1 for each of these, 0 for what is under none.
        """
        masses = np.zeros(len(self.nodes))
        masses[list(roots)] = 1.0
        for family in reversed(self.families):
            if masses[family.parent] > 0:
                masses[family.children] = masses[family.parent] * weights[family.children]
        return masses


def key_of(table: Collection[str], node: str, family: Family) -> str | None:
    """Return which key of a table by node or level speaks of a node's children: its own name, else that of its level.

    Examples
    --------
    >>> key_of({"money": 1, "source": 2}, "trade", Family(0, np.array([1]), "source"))
    'source'
    """
    return next((key for key in (node, family.level) if key in table), None)


def run_of(places: np.ndarray) -> slice | np.ndarray:
    """Return places at equal steps as a slice, which copies nothing, and any others as they are.

    Examples
    --------
    >>> run_of(np.array([3, 4, 5])), run_of(np.array([3, 5])), run_of(np.array([3, 5, 6]))
    (slice(3, 6, 1), slice(3, 6, 2), array([3, 5, 6]))
    """
    steps = np.diff(places)
    step = int(steps[0]) if len(steps) else 1
    return slice(int(places[0]), int(places[-1]) + 1, step) if step > 0 and (steps == step).all() else places


def _leaves(nodes: int, families: Sequence[Family]) -> Floats:
    """Return how many indicators each node has under it, the deepest families first."""
    count = np.ones(nodes)
    for family in families:
        count[family.parent] = count[family.children].sum()
    return count

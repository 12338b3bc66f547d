"""The weights that a declaration admits: a polytope, since everything said of siblings is linear in their masses.

The mass of a node is its weight in the composite: the root has one, and a parent has what its children have together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softpower.errors import Fault, MethodError
from softpower.model.uncertainty import Band, Dirichlet, Ordered, Simplex
from softpower.steps.measures import Floats, Mask
from softpower.steps.missing import enough
from softpower.steps.programs import Program, solve
from softpower.steps.tree import Tree, key_of

Rule = Simplex | Dirichlet | Band | Ordered
"""How the weights of siblings may differ from those that are declared."""
EVERYWHERE = ""
"""The key of a rule for all families: no node or level has this name."""
NO_MASS = 1e-12
"""A node with less mass than this has none, and its children's weights decide nothing."""


@dataclass(frozen=True)
class WeightRule:
    """The admissible weights among the children of one node.

    Parameters
    ----------
    parent : int
    children : array of shape (children,)
        Places among the nodes.
    declared : array of shape (children,)
        Their weights as declared, which sum to one or are all zero.
    rule : Rule, optional
        Without one the weights are as declared.
    pairs : array of shape (pairs, 2)
        Places among the children: the first weighs at least as much as the second.
    """

    parent: int
    children: NDArray[np.intp]
    declared: Floats
    rule: Rule | None
    pairs: NDArray[np.intp]

    @property
    def open(self) -> Mask:
        """Which children may have a weight above zero."""
        if isinstance(self.rule, Simplex | Ordered):
            return np.ones(len(self.children), dtype=bool)
        return self.declared > 0

    @property
    def centre(self) -> Floats:
        """Weights that are admissible: those declared, or equal ones where an order might forbid them."""
        if isinstance(self.rule, Ordered) or not self.declared.any():
            return np.full(len(self.children), 1.0 / len(self.children))
        return self.declared

    def only(self, kept: Mask) -> WeightRule:
        """Return the admissible weights among some of the children, scaled to sum to one."""
        place = np.cumsum(kept) - 1
        declared = self.declared[kept]
        whole = declared.sum()
        return replace(
            self,
            children=self.children[kept],
            declared=declared / whole if whole > 0 else declared,
            pairs=place[self.pairs[kept[self.pairs].all(axis=1)]],
        )

    def lightest(self, values: Floats) -> Floats:
        """Return the admissible weights under which the mean of the children's values is least.

        Parameters
        ----------
        values : array of shape (..., children)
        """
        rule = self.rule
        if rule is None or len(self.children) == 1:
            return np.broadcast_to(self.declared if rule is None else np.ones(1), values.shape)
        if isinstance(rule, Band):
            return _lightest_in_band(values, self.declared, rule.share)
        if isinstance(rule, Ordered) and len(self.pairs):
            # One linear program for each row: orders have no closed form.
            size = len(self.children)
            alone = replace(self, parent=size, children=np.arange(size))
            program = Polytope(size + 1, (alone,)).program(size)
            flat = values.reshape(-1, size)
            rows = np.hstack([flat, np.zeros((len(flat), program.size - size))])
            made = np.array([solve(program, row).values[:size] for row in rows]).reshape(values.shape)
            made = np.maximum(made, 0.0)
            return np.asarray(made / made.sum(axis=-1, keepdims=True))
        places = np.where(self.open, values, np.inf).argmin(axis=-1)
        return np.asarray(places[..., None] == np.arange(values.shape[-1]), dtype=float)

    def rows(self, size: int, helper: int) -> tuple[Floats, Floats]:
        """Return the constraints on the masses: equal @ x = 0 and at_most @ x <= 0.

        Parameters
        ----------
        size : int
            The number of variables, of which the first are the masses of the nodes.
        helper : int
            The place of a variable for this family: under a band the mass that a weight of one would have.
        """
        count = len(self.children)
        masses, each = np.zeros((count, size)), np.arange(count)
        masses[each, self.children] = 1.0
        whole = masses.sum(axis=0, keepdims=True)
        whole[0, self.parent] = -1.0
        if self.rule is None:
            masses[:, self.parent] = -self.declared
            return masses, np.zeros((0, size))
        if isinstance(self.rule, Band):
            above, below = masses.copy(), -masses
            above[:, helper] = -self.declared * (1 + self.rule.share)
            below[:, helper] = self.declared * (1 - self.rule.share)
            return whole, np.vstack([above, below])
        if isinstance(self.rule, Ordered):
            return whole, masses[self.pairs[:, 1]] - masses[self.pairs[:, 0]]
        return whole, np.zeros((0, size))


def _lightest_in_band(values: Floats, declared: Floats, share: float) -> Floats:
    """Return declared weights, each times 1 - share or 1 + share, with the least mean of the values.

    At the least mean the children with the lowest values have the upper end; how many is tried for all numbers.
    """
    order = values.argsort()
    weights = declared[order]
    ordered = np.take_along_axis(values, order, axis=-1)
    totals = [one.cumsum(axis=-1) for one in (weights * ordered, weights)]
    # What the lowest weigh more: from (1 - share) to (1 + share) times their weight.
    above, below = (2 * share * one + (1 - share) * one[..., -1:] for one in totals)
    count = (above / below).argmin(axis=-1)[..., None]
    factors = np.empty_like(ordered)
    sides = np.where(np.arange(values.shape[-1]) <= count, 1 + share, 1 - share)
    np.put_along_axis(factors, order, sides, axis=-1)
    made = declared * factors
    return np.asarray(made / made.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Polytope:
    """The admissible weights of a tree.

    Parameters
    ----------
    count : int
        The number of nodes.
    families : tuple of WeightRule
        Deepest parents first. Nodes that never weigh anything are no children.
    """

    count: int
    families: tuple[WeightRule, ...]

    @classmethod
    def of(cls, tree: Tree, weights: Floats, declared: Rule | Mapping[str, Rule]) -> Polytope:
        """Return the admissible weights of a tree.

        Parameters
        ----------
        tree : Tree
        weights : array of shape (nodes,)
            As declared, summing to one among siblings.
        declared : Rule, or mapping of level or node to Rule
            For the children of all nodes, of the nodes of a level, or of one node, which goes before its level.
            Families without a rule keep the weights.

        Raises
        ------
        MethodError
            For an order of two nodes whose weights follow another rule.

        Examples
        --------
        >>> from softpower.model.framework import Framework
        >>> flat = Framework.flat(["trade", "aid"])
        >>> tree = Tree.of(flat, flat.indicators)
        >>> polytope = Polytope.of(tree, np.array([0.5, 0.5, 1.0]), Band(method="band", share=0.5))
        >>> polytope.least(np.array([40.0, 80.0]))[0]
        array([40., 80., 50.])
        """
        rules = declared if isinstance(declared, Mapping) else {EVERYWHERE: declared}
        keys = [
            EVERYWHERE if EVERYWHERE in rules else key_of(rules, tree.nodes[family.parent], family)
            for family in tree.families
        ]
        _refuse_idle_pairs(tree, keys, rules)
        families = []
        for key, family in zip(keys, tree.families, strict=True):
            rule = None if key is None else rules[key]
            pairs = _pairs([tree.nodes[child] for child in family.children], rule)
            families.append(WeightRule(family.parent, family.children, weights[family.children], rule, pairs))
        return cls(len(tree.nodes), tuple(families))

    def within(self, present: Mask, thresholds: Floats) -> Polytope:
        """Return the admissible weights of a case that lacks some indicators.

        A node is there if at least the threshold's share of its children is, and one of those may weigh something.

        Parameters
        ----------
        present : array of shape (indicators,)
        thresholds : array of shape (families,)
            Of all families of the tree.
        """
        there = np.zeros(self.count, dtype=bool)
        there[: len(present)] = present
        families = []
        for family, threshold in zip(self.families, thresholds, strict=True):
            mine = there[family.children]
            kept = mine & family.open
            there[family.parent] = kept.any() and enough(mine.sum(), len(mine), threshold)
            if there[family.parent]:
                families.append(family.only(kept))
        return Polytope(self.count, tuple(families))

    def under(self, *roots: int) -> Mask:
        """Return which nodes weigh something in one of the roots, the roots themselves included."""
        mine = np.zeros(self.count, dtype=bool)
        mine[list(roots)] = True
        for family in reversed(self.families):
            mine[family.children] |= mine[family.parent]
        return mine

    def least(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the least mean of each node over all admissible weights, and weights that give it.

        The linear program falls apart into one for each family, from the deepest up: a node's mean is least where the
        means of its children are. Most families have a closed form for all cases at once.

        Parameters
        ----------
        values : array of shape (..., indicators)

        Returns
        -------
        least, weights : arrays of shape (..., nodes)
            NaN, and 0, for nodes that are not there.
        """
        least = np.full((*values.shape[:-1], self.count), np.nan)
        least[..., : values.shape[-1]] = values
        weights = np.zeros_like(least)
        for family in self.families:
            mine = least[..., family.children]
            weights[..., family.children] = made = family.lightest(mine)
            least[..., family.parent] = (made * mine).sum(axis=-1)
        return least, weights

    def weights(self, masses: Floats) -> Floats:
        """Return the weights among siblings that masses stand for; admissible ones where a node has no mass."""
        weights = np.zeros(self.count)
        for family in self.families:
            mine = np.maximum(masses[family.children], 0.0)
            whole = mine.sum()
            fixed = family.rule is None or whole <= NO_MASS
            weights[family.children] = family.centre if fixed else mine / whole
        return weights

    def program(self, *roots: int) -> Program:
        """Return the constraints on the masses of all nodes, each root having one; the others have none.

        The variables are the masses, then one helper for each family.
        """
        mine = self.under(*roots)
        families = [family for family in self.families if mine[family.parent]]
        size = self.count + len(families)
        parts = [family.rows(size, self.count + place) for place, family in enumerate(families)]
        equal, at_most = (np.vstack([np.zeros((0, size)), *(part[side] for part in parts)]) for side in (0, 1))
        low, high = np.zeros(size), np.append(mine.astype(float), np.full(len(families), np.inf))
        low[list(roots)] = 1.0
        return Program(equal, at_most, np.zeros(len(at_most)), low, high, np.zeros(size, dtype=bool))


def _pairs(children: Sequence[str], rule: Rule | None) -> NDArray[np.intp]:
    """Return which child weighs at least as much as which, with all that follows, also by way of nodes left out."""
    if not isinstance(rule, Ordered):
        return np.zeros((0, 2), dtype=np.intp)
    names = list(dict.fromkeys([*children, *(name for pair in rule.at_least for name in pair)]))
    place = {name: index for index, name in enumerate(names)}
    above = np.zeros((len(names), len(names)), dtype=bool)
    for heavier, lighter in rule.at_least:
        above[place[heavier], place[lighter]] = True
    for middle in range(len(names)):
        above |= above[:, [middle]] & above[[middle], :]
    return np.argwhere(above[: len(children), : len(children)])


def _refuse_idle_pairs(tree: Tree, keys: Sequence[str | None], rules: Mapping[str, Rule]) -> None:
    """Raise MethodError where an order is of two nodes whose weights follow another rule."""
    followed = {
        tree.nodes[child]: key for key, family in zip(keys, tree.families, strict=True) for child in family.children
    }
    faults = [
        Fault(
            f"weights: {key}",
            f"the order of '{heavier}' and '{lighter}' has no effect: their weights do not follow this rule",
            "Write it at their parent, or at its level.",
        )
        for key, rule in rules.items()
        if isinstance(rule, Ordered)
        for heavier, lighter in rule.at_least
        if {heavier, lighter} <= set(followed) and followed[heavier] != key
    ]
    if faults:
        raise MethodError(faults)

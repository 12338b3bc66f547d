"""Weights of nodes among their siblings.

Every method maps a tree to weights of shape (nodes,), on any scale: they are normalised among siblings. Those that are
fitted to scores, in other modules, may give weights of shape (cases, nodes).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field

from softpower.errors import Fault, MethodError, did_you_mean
from softpower.registry import WEIGHTS
from softpower.steps.measures import Floats
from softpower.steps.returned import returned
from softpower.steps.tree import Tree

Weight = Annotated[float, Field(ge=0)]
TINY = float(np.finfo(float).tiny)
"""Of numbers below it digits are lost."""


@WEIGHTS.register("declared")
def declared(tree: Tree) -> Floats:
    """The weights that the framework declares.

    Notes
    -----
    Misleads where a weight is read as importance: what a node moves depends on its spread as well.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> from softpower.catalogue import load_framework
    >>> nye = load_framework("nye")
    >>> tree = Tree.of(nye, nye.indicators)
    >>> dict(zip(tree.nodes, declared(tree)))["education_programmes"].item()
    7.0
    """
    return tree.declared.copy()


@WEIGHTS.register("equal")
def equal(tree: Tree) -> Floats:
    """Equal among siblings, at every level: w = 1.

    Notes
    -----
    Misleads where dimensions differ in size: the only indicator of a dimension weighs as much as five of another.
    """
    return np.ones(len(tree.nodes))


@WEIGHTS.register("equal_indicators")
def equal_indicators(tree: Tree) -> Floats:
    """Equal among all indicators: w is the number of indicators under a node.

    Notes
    -----
    Misleads where some dimensions have more data than others: the best documented one dominates.
    """
    return tree.leaves()


@WEIGHTS.register("mapping")
def mapping(tree: Tree, *, weights: dict[str, Weight], others: str = "declared") -> Floats:
    """Weights by node; nodes that are not named keep the declared weight, or that of another method.

    Parameters
    ----------
    tree : Tree
    weights : mapping of node to float
        Zero or above, against those of the node's siblings.
    others : str
        The method that weighs the nodes that are not named; one without parameters, and not fitted to scores.

    Raises
    ------
    MethodError
        For an unknown node, a negative weight, or a method for the others that has parameters or sees scores.
    """
    faults = []
    method = WEIGHTS[others]
    if method.fitted:
        what = f"'{others}' is fitted to scores, and a mapping sees none"
        raise MethodError.of("weights: others", what, 'Use "declared", "equal" or "equal_indicators".')
    weighed = returned(method, method.function, [(len(tree.nodes),)], (tree,), method.check({}))
    chosen = dict(zip(tree.nodes, weighed, strict=True))
    for name, weight in weights.items():
        if name not in chosen:
            faults.append(Fault("weights", f"there is no node '{name}'", did_you_mean(name, chosen)))
        elif name == tree.nodes[-1]:
            faults.append(Fault("weights", f"'{name}' is the composite, which has no weight", "Weigh its children."))
        elif weight < 0:
            faults.append(Fault("weights", f"the weight of '{name}' is {weight:g}", "Weights are zero or above."))
        chosen[name] = weight
    if faults:
        raise MethodError(faults)
    return np.array([chosen[name] for name in tree.nodes])


def check_weights(tree: Tree, weights: Floats) -> None:
    """Raise MethodError where siblings' weights of shape (..., nodes) sum to zero, or one is nothing beside another."""
    faults = [
        Fault(
            f"weights: {tree.nodes[family.parent]}",
            "the weights of its children sum to zero",
            "Give at least one child a weight above zero.",
        )
        for family in tree.families
        if (weights[..., family.children].max(axis=-1) <= 0).any()
    ]
    if not faults and weights.max() * TINY >= weights.min(where=weights > 0, initial=np.inf):
        faults = list(_vanishing(tree, weights))
    if faults:
        raise MethodError(faults)


def _vanishing(tree: Tree, weights: Floats) -> Iterator[Fault]:
    """Yield the nodes that weigh something, but as a share among their siblings less than a number can say."""
    for family in tree.families:
        mine = weights[..., family.children]
        lost = (mine > 0) & (mine / mine.max(axis=-1, keepdims=True) < TINY)
        for child in np.flatnonzero(lost.reshape(-1, lost.shape[-1]).any(axis=0)):
            what = "its weight is too small beside a sibling's to compute with"
            mend = "Give it a weight of zero, or weights that lie nearer to one another."
            yield Fault(f"weights: {tree.nodes[family.children[child]]}", what, mend)

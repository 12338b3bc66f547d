"""Weights from a panel: every expert divides a budget of points among siblings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from softpower.errors import Fault, MethodError, unknown_names
from softpower.registry import WEIGHTS
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree


def expert_weights(tree: Tree, points: Mapping[str, Sequence[float]]) -> Floats:
    """Return the weights of every expert among siblings: the points of a node over those of all its siblings.

    Parameters
    ----------
    tree : Tree
    points : mapping of node to a list of one number for each expert
        Either all children of a node have points, or none; the latter keep the declared weight.

    Returns
    -------
    array of shape (experts, nodes)
        A draw of weights is a draw of one of its rows.

    Raises
    ------
    MethodError
        For an unknown node, a node some of whose siblings lack points, lists of different length, negative points,
        or an expert who gives nothing to any of some siblings; all of them at once.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> expert_weights(Tree.of(flat, flat.indicators), {"trade": [60, 5], "aid": [40, 5]})
    array([[0.6, 0.4, 1. ],
           [0.5, 0.5, 1. ]])
    """
    place = {name: index for index, name in enumerate(tree.nodes)}
    root = tree.nodes[-1]
    faults = unknown_names("weights: points", "node", points, place)
    if root in points:
        faults.append(Fault("weights: points", f"'{root}' is the composite, which has no weight", "Leave it out."))
    if not points:
        faults.append(Fault("weights: points", "nobody gave any points", "Name all children of a node, or more."))
    faults += _faults_of_lists(points)
    if not faults:
        faults += _faults_of_families(tree, points)
    if faults:
        raise MethodError(faults)
    given = np.tile(tree.declared, (len(next(iter(points.values()))), 1))
    for name, mine in points.items():
        given[:, place[name]] = mine
    return tree.among_siblings(given)


def expert_spread(tree: Tree, points: Mapping[str, Sequence[float]]) -> Floats:
    """Return how far the experts are apart: the standard deviation (n - 1) of each node's weight among siblings.

    Parameters
    ----------
    tree : Tree
    points : mapping of node to a list of one number for each expert

    Returns
    -------
    array of shape (nodes,)
        0 where nobody gave points.

    Raises
    ------
    MethodError
        As `expert_weights`, and for a single expert, who has no spread.

    Notes
    -----
    Weights of siblings sum to one, so that their deviations are not independent: draw whole experts, not nodes.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> expert_spread(Tree.of(flat, flat.indicators), {"trade": [60, 5], "aid": [40, 5]}).round(4)
    array([0.0707, 0.0707, 0.    ])
    """
    weights = expert_weights(tree, points)
    if len(weights) < 2:
        raise MethodError.of("weights: points", "one expert has no spread", "Ask more, or state a spread by hand.")
    return np.asarray(weights.std(axis=0, ddof=1))


@WEIGHTS.register("budget_allocation")
def budget_allocation(tree: Tree, *, points: dict[str, list[float]]) -> Floats:
    """Budget allocation: the mean over experts of the share of points that each gives to a node.

    w = mean over experts of (points of the node / points of all its siblings), so that every expert counts alike,
    whatever budget they had.

    Parameters
    ----------
    tree : Tree
    points : mapping of node to a list of one number for each expert
        Zero or above, in the same order of experts. Either all children of a node have points, or none; the
        latter keep the declared weight.

    Raises
    ------
    MethodError
        For an unknown node, a node some of whose siblings lack points, lists of different length, negative points,
        or an expert who gives nothing to any of some siblings; all of them at once.

    Notes
    -----
    Misleads where experts answer what is urgent and not what is important, or disagree: the mean may be nobody's
    view. `expert_weights` and `expert_spread` keep what the mean hides. Beyond ten children people lose track.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> budget_allocation(Tree.of(flat, flat.indicators), points={"trade": [60, 5], "aid": [40, 5]}).round(12)
    array([0.55, 0.45, 1.  ])
    """
    return np.asarray(expert_weights(tree, points).mean(axis=0))


def _faults_of_lists(points: Mapping[str, Sequence[float]]) -> list[Fault]:
    """Return which lists differ in length, are empty or have negative points."""
    faults = []
    lengths = {name: len(mine) for name, mine in points.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"'{name}' has {length}" for name, length in lengths.items())
        mend = "Give each node one number for each expert, zero where it got nothing."
        faults.append(Fault("weights: points", f"the lists are of different length: {said}", mend))
    elif 0 in lengths.values():
        faults.append(Fault("weights: points", "there are no experts", "Give each node a number for each expert."))
    for name, mine in points.items():
        for expert, one in enumerate(mine, start=1):
            if not one >= 0:
                what = f"expert {expert} gives {one:g} points to '{name}'"
                faults.append(Fault("weights: points", what, "Points are zero or above."))
    return faults


def _faults_of_families(tree: Tree, points: Mapping[str, Sequence[float]]) -> list[Fault]:
    """Return which siblings lack points, and which experts give nothing to any of some siblings."""
    faults = []
    for family in tree.families:
        children = [tree.nodes[child] for child in family.children]
        named = [name for name in children if name in points]
        if not named:
            continue
        where = f"weights: {tree.nodes[family.parent]}"
        lacking = [name for name in children if name not in points]
        if lacking:
            what = f"{', '.join(repr(name) for name in lacking)} has no points and its siblings have"
            faults.append(Fault(where, what, "Give all children of a node points, zeros included, or none."))
            continue
        totals = np.array([points[name] for name in children], dtype=float).max(axis=0)
        for expert in np.flatnonzero(totals <= 0) + 1:
            what = f"expert {expert} gives nothing to any child"
            faults.append(Fault(where, what, "Leave the expert out, or have the points divided."))
    return faults

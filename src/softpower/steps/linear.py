"""Arithmetic means up a tree for many weights at once, where the scores of indicators are the same in all of them."""

from __future__ import annotations

import numpy as np

from softpower.steps.measures import Floats
from softpower.steps.missing import enough
from softpower.steps.tree import Tree


def linear(tree: Tree, scores: Floats, weights: Floats, thresholds: Floats, *, out: Floats | None = None) -> Floats:
    """Return the scores of dimensions under many weights: sum of w x / sum of w over the children present.

    Indicators that share a parent are one matrix product, gaps included: where a score lacks, so does its weight in
    the sum below the line.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, indicators)
        NaN where missing.
    weights : array of shape (draws, nodes)
        Any scale; they are normalised among the siblings present.
    thresholds : array of shape (families,)
        Least share of children present, by number.
    out : array of shape (draws, dimensions, cases), optional
        Where to write.

    Returns
    -------
    array of shape (draws, dimensions, cases)
        In the order of the tree's nodes, the composite last; NaN where missing.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> linear(tree, np.array([[20.0, 80.0], [np.nan, 50.0]]), np.array([[1.0, 1.0, 1.0]]), np.zeros(1))
    array([[[50., 50.]]])
    """
    count = tree.indicator_count
    if out is None:
        out = np.empty((len(weights), len(tree.nodes) - count, len(scores)))
    # By the place of a dimension, where any of its scores lacks.
    gaps: dict[int, np.ndarray] = {}
    for family, threshold in zip(tree.families, thresholds, strict=True):
        made = out[:, family.parent - count]
        mine = weights[:, family.run]
        whole = mine.sum(axis=1, keepdims=True)
        # What sums to one, up to rounding, needs no copy.
        if np.abs(whole - 1.0).max(initial=0.0) > 1e-15:
            mine = mine / whole
        leaves = family.children < count
        only = slice(None) if leaves.all() else leaves
        value = scores[:, family.run if leaves.all() else family.children[leaves]].T
        present = ~np.isnan(value)
        whole = present.all()
        np.matmul(mine[:, only], value if whole else np.where(present, value, 0.0), out=made)
        inner = np.flatnonzero(~leaves)
        for place in inner:
            child = int(family.children[place])
            mine_only = mine[:, [place]]
            if child in gaps:
                made += np.where(gaps[child], 0.0, out[:, child - count]) * mine_only
            else:
                made += out[:, child - count] * mine_only
        if whole and gaps.keys().isdisjoint(family.children.tolist()):
            continue
        heard = mine[:, only] @ present
        number = np.broadcast_to(present.sum(axis=0), heard.shape).astype(float)
        for place in inner:
            there = ~gaps.get(int(family.children[place]), np.False_)
            heard = heard + there * mine[:, [place]]
            number = number + there
        scored = (heard > 0) & enough(number, len(family.children), threshold)
        made /= np.where(scored, heard, 1.0)
        made[~scored] = np.nan
        if not scored.all():
            gaps[family.parent] = ~scored
    return out

"""Aggregate scores up the tree, with gaps, floors, and what each child contributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from softpower.registry import Method
from softpower.steps.measures import Floats, Mask
from softpower.steps.missing import enough
from softpower.steps.statistics import squares, total
from softpower.steps.tree import Tree


@dataclass(frozen=True)
class Aggregated:
    """Scores of all nodes and the weights that were used.

    Parameters
    ----------
    scores : array of shape (..., cases, nodes)
        NaN where a node is missing.
    weights : array of shape (..., cases, nodes)
        Among siblings, after renormalising over those present; 0 where missing, 1 at the root. Of shape
        (..., cases, 0) where nobody asked for them.
    """

    scores: Floats
    weights: Floats


def aggregate(
    tree: Tree,
    scores: Floats,
    weights: Floats,
    methods: Mapping[str, tuple[Method, Mapping[str, Any]]],
    thresholds: Floats,
    *,
    floor: float | None = None,
    gap: float | None = None,
    included: Mask | None = None,
    weigh: bool = True,
    out: Floats | None = None,
) -> Aggregated:
    """Aggregate indicators' scores up the tree.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (..., cases, indicators)
        NaN where missing.
    weights : array of shape (..., nodes), or (..., cases, nodes)
        Any scale; they are normalised among the siblings present.
    methods : mapping of level to (method, parameters)
    thresholds : array of shape (families,)
        Least share of children present, by number.
    floor : float, optional
        Least score that a mean which needs positive values sees.
    gap : float, optional
        The score of every gap in a node that the threshold keeps; without it gaps carry no weight.
    included : boolean array of shape (..., nodes), optional
        Which nodes take part. One that does not must weigh nothing, and no threshold counts it.
    weigh : bool
        Whether the weights that were used are asked for.
    out : array of shape (..., nodes, cases), optional
        Memory for the scores, which are then a view of it.
    """
    # In memory a node's cases lie side by side, so that a step runs along them and not along a few children.
    shape = (*scores.shape[:-2], len(tree.nodes), scores.shape[-2])
    if out is None:
        out = np.empty(shape)
    out[..., : tree.indicator_count, :] = scores.swapaxes(-1, -2)
    used = np.empty(shape if weigh else (*shape[:-2], 0, shape[-1]))
    if weigh:
        used[..., tree.families[-1].parent, :] = 1.0
    # Weights are per draw, values per draw and case; weights of their own for each case have as many axes as values.
    among_cases = weights.swapaxes(-1, -2) if weights.ndim == scores.ndim else weights[..., None]
    # Which nodes have a score everywhere: of these nothing is asked cell by cell.
    filled = np.ones(len(tree.nodes), dtype=bool)
    every = tuple(axis for axis in range(scores.ndim) if axis != scores.ndim - 1)
    # One pass where nothing is missing, which is the rule.
    if np.isnan(squares(scores)):
        filled[: tree.indicator_count] = ~np.isnan(scores).any(axis=every)
    for family, threshold in zip(tree.families, thresholds, strict=True):
        values = out[..., family.run, :]
        # A method may be anybody's: it reads the scores of the tree and cannot change them.
        values.flags.writeable = False
        among = among_cases[..., family.run, :]
        complete = filled[family.children].all()
        present = np.array(True) if complete else ~np.isnan(values)
        mine = among if complete else np.where(present, among, 0.0)
        whole = total(mine)[..., None, :]
        kept = whole[..., 0, :] > 0
        if threshold > 0 and not (complete and included is None):
            counted = np.True_ if included is None else included[..., family.children, None]
            of = np.broadcast_to(counted, values.shape).sum(axis=-2)
            kept = kept & enough((present & counted).sum(axis=-2), of, threshold)
        if gap is not None and not complete:
            values, mine, present = np.where(present, values, gap), among, np.array(True)
            whole = total(mine)[..., None, :]
        mine = mine / (whole if (whole > 0).all() else np.where(whole > 0, whole, 1.0))
        method, parameters = methods[family.level]
        values = floored(values, method, floor)
        values = values if present.all() else np.where(present, values, 1.0)
        mine = np.broadcast_to(mine, values.shape)
        # A case below the threshold takes no part in what the others score.
        heard = mine if kept.all() else np.where(kept[..., None, :], mine, 0.0)
        made = method.function(values.swapaxes(-1, -2), heard.swapaxes(-1, -2), **parameters)
        made = made if kept.all() else np.where(kept, made, np.nan)
        filled[family.parent] = not np.isnan(made).any()
        out[..., family.parent, :] = made
        if weigh:
            used[..., family.run, :] = mine
    return Aggregated(out.swapaxes(-1, -2), used.swapaxes(-1, -2))


def floored(values: Floats, method: Method, floor: float | None) -> Floats:
    """Return the values as a method sees them: at least the floor, where it needs positive ones."""
    return np.maximum(values, floor) if method.positive and floor is not None else values


def contributions(
    tree: Tree,
    aggregated: Aggregated,
    methods: Mapping[str, tuple[Method, Mapping[str, Any]]],
    *,
    floor: float | None = None,
) -> Floats:
    """Return what each node contributes to the composite: its value times the derivative through the tree.

    The contributions of siblings sum to their parent's, those of all indicators to the composite. A child that
    counts as the floor contributes as the floor. NaN below a method that declares no parts.

    Returns
    -------
    array of shape (..., cases, nodes)
        0 where a node is missing.
    """
    scores, weights = aggregated.scores, aggregated.weights
    given, path = np.empty_like(scores), np.ones_like(scores)
    root = tree.families[-1].parent
    given[..., root] = scores[..., root]
    for family in reversed(tree.families):
        mine, whole = weights[..., family.children], given[..., [family.parent]]
        path[..., family.children] = path[..., [family.parent]] * mine
        method, parameters = methods[family.level]
        if method.parts is None:
            given[..., family.children] = np.nan
            continue
        seen = np.where(mine > 0, floored(scores[..., family.children], method, floor), 1.0)
        parts = np.where(mine > 0, method.parts(seen, mine, **parameters), 0.0)
        value, size = parts.sum(axis=-1, keepdims=True), np.abs(parts).sum(axis=-1, keepdims=True)
        # Parts that cancel out, as signed scores may, have no shares; there the derivative is the path's weights.
        shared = np.abs(value) > 1e-9 * size
        shares = parts / np.where(shared, value, 1.0)
        # A zero that counts as the floor further up hands its contribution down by weight.
        given[..., family.children] = np.where(
            shared, whole * shares, np.where(size == 0, whole * mine, path[..., [family.parent]] * parts)
        )
        given[..., family.children] = np.where(mine > 0, given[..., family.children], 0.0)
    return given

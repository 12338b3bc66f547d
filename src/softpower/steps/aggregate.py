"""Aggregate scores up the tree, with gaps, floors, and what each child contributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from softpower.registry import Method
from softpower.steps.groups import Groups, by_group
from softpower.steps.measures import Floats, Mask
from softpower.steps.missing import enough
from softpower.steps.returned import aggregated, returned
from softpower.steps.statistics import squares, total
from softpower.steps.tree import Tree

Methods = Mapping[str, tuple[Method, Mapping[str, Any]]]
"""By level: the method that aggregates there, and its parameters."""


def aggregate(
    tree: Tree,
    scores: Floats,
    weights: Floats,
    methods: Methods,
    thresholds: Floats,
    *,
    floor: float | None = None,
    gap: float | None = None,
    included: Mask | None = None,
    groups: Groups | None = None,
    out: Floats | None = None,
) -> Floats:
    """Return the scores of all nodes: those of indicators aggregated up the tree.

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
    groups : mapping of label to places of cases, optional
        Cases that are compared with one another alone, where a method compares cases.
    out : array of shape (..., nodes, cases), optional
        Memory for the scores, which are then a view of it.

    Returns
    -------
    array of shape (..., cases, nodes)
        NaN where a node is missing.
    """
    # In memory a node's cases lie side by side, so that a step runs along them and not along a few children.
    shape = (*scores.shape[:-2], len(tree.nodes), scores.shape[-2])
    if out is None:
        out = np.empty(shape)
    out[..., : tree.indicator_count, :] = scores.swapaxes(-1, -2)
    among_cases = _among_cases(weights, scores)
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
        mine, kept = _of_present(among, present)
        if threshold > 0 and not (complete and included is None):
            counted = np.True_ if included is None else included[..., family.children, None]
            of = np.broadcast_to(counted, values.shape).sum(axis=-2)
            kept = kept & enough((present & counted).sum(axis=-2), of, threshold)
        if gap is not None and not complete:
            values, present = np.where(present, values, gap), np.array(True)
            mine, _ = _of_present(among, present)
        method, parameters = methods[family.level]
        values = floored(values, method, floor)
        values = values if present.all() else np.where(present, values, 1.0)
        mine = np.broadcast_to(mine, values.shape)
        # A case below the threshold takes no part in what the others score.
        heard = mine if kept.all() else np.where(kept[..., None, :], mine, 0.0)
        function = partial(aggregated, method, parameters, tree.nodes[family.parent])
        compared = groups if method.across else None
        made = _compared(function, values.swapaxes(-1, -2), heard.swapaxes(-1, -2), compared)
        made = made if kept.all() else np.where(kept, made, np.nan)
        filled[family.parent] = not np.isnan(made).any()
        out[..., family.parent, :] = made
    return out.swapaxes(-1, -2)


def _among_cases(weights: Floats, scores: Floats) -> Floats:
    """Return weights that broadcast to scores by node: they are per draw, or have as many axes as the scores."""
    return weights.swapaxes(-1, -2) if weights.ndim == scores.ndim else weights[..., None]


def _of_present(among: Floats, present: Mask) -> tuple[Floats, Mask]:
    """Return weights of shape (..., children, cases) that sum to one over those present, and where they weigh at all.

    0 where a child is missing, or where those present weigh nothing.
    """
    mine = among if present.all() else np.where(present, among, 0.0)
    whole = total(mine)[..., None, :]
    kept = whole > 0
    return mine / (whole if kept.all() else np.where(kept, whole, 1.0)), kept[..., 0, :]


def _compared(
    function: Callable[[Floats, Floats], Floats], values: Floats, weights: Floats, groups: Groups | None
) -> Floats:
    """Return what a function gives for values and weights of shape (..., cases, children), group by group."""
    if groups is None:
        return function(values, weights)
    return by_group(groups, lambda rows: function(values[..., rows, :], weights[..., rows, :]), values.ndim - 2)


def renormalised(tree: Tree, scores: Floats, weights: Floats) -> Floats:
    """Return the weights among siblings that scores of all nodes were aggregated with.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (..., cases, nodes)
        As `aggregate` gives them.
    weights : array of shape (..., nodes), or (..., cases, nodes)
        As `aggregate` took them.

    Returns
    -------
    array of shape (..., cases, nodes)
        They sum to one over the siblings present; 0 where one is missing, 1 at the root.
    """
    values, among = scores.swapaxes(-1, -2), _among_cases(weights, scores)
    used = np.empty(values.shape)
    used[..., tree.families[-1].parent, :] = 1.0
    for family in tree.families:
        used[..., family.run, :], _ = _of_present(among[..., family.run, :], ~np.isnan(values[..., family.run, :]))
    return used.swapaxes(-1, -2)


def not_positive(scores: Floats, weights: Floats) -> Mask:
    """Return where a score that weighs something is not above zero, as means of positive scores do not take it."""
    return np.asarray((scores <= 0) & (weights > 0))


def floored(values: Floats, method: Method, floor: float | None) -> Floats:
    """Return the values as a method sees them: at least the floor, where it needs positive ones."""
    return np.maximum(values, floor) if method.positive and floor is not None else values


def contributions(
    tree: Tree,
    scores: Floats,
    weights: Floats,
    methods: Methods,
    *,
    floor: float | None = None,
    groups: Groups | None = None,
) -> Floats:
    """Return what each node contributes to the composite: its value times the derivative through the tree.

    The contributions of siblings sum to their parent's, those of all indicators to the composite. A child that
    counts as the floor contributes as the floor. NaN below a method that declares no parts.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (..., cases, nodes)
        As `aggregate` gives them.
    weights, methods, floor, groups
        As `aggregate` took them.

    Returns
    -------
    array of shape (..., cases, nodes)
        0 where a node is missing.
    """
    used = renormalised(tree, scores, weights)
    given, path = np.empty_like(scores), np.ones_like(scores)
    root = tree.families[-1].parent
    given[..., root] = scores[..., root]
    for family in reversed(tree.families):
        mine, whole = used[..., family.children], given[..., [family.parent]]
        path[..., family.children] = path[..., [family.parent]] * mine
        method, parameters = methods[family.level]
        if method.parts is None:
            given[..., family.children] = np.nan
            continue
        seen = np.where(mine > 0, floored(scores[..., family.children], method, floor), 1.0)
        # What has no score took no part in what the others score.
        heard = np.where(np.isnan(scores[..., [family.parent]]), 0.0, mine)
        function, compared = partial(_parts, method, method.parts, parameters), groups if method.across else None
        parts = np.where(mine > 0, _compared(function, seen, heard, compared), 0.0)
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


def _parts(
    method: Method, function: Callable[..., Any], parameters: Mapping[str, Any], values: Floats, weights: Floats
) -> Floats:
    """Return what a method says that each child's part is."""
    return returned(method, function, [values.shape], (values, weights), parameters)

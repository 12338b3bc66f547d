"""Aggregate scores up the tree, with gaps, floors, and what each child contributes.

Every aggregation maps values and weights of shape (..., children) to (...). The weights sum to one; a child of
weight zero has no influence, whatever its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from softpower.registry import AGGREGATE, Method
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree


def _arithmetic_parts(values: Floats, weights: Floats) -> Floats:
    return values * weights


@AGGREGATE.register("arithmetic", parts=_arithmetic_parts)
def arithmetic(values: Floats, weights: Floats) -> Floats:
    """Weighted arithmetic mean: sum of w x.

    Notes
    -----
    Misleads where a deficit should not be bought off: a high score makes up for a low one in full.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(arithmetic(np.array([20.0, 80.0]), np.array([0.5, 0.5])))
    50.0
    """
    return np.asarray((values * weights).sum(axis=-1))


def _geometric_parts(values: Floats, weights: Floats) -> Floats:
    return weights * geometric(values, weights)[..., None]


@AGGREGATE.register("geometric", parts=_geometric_parts, positive=True)
def geometric(values: Floats, weights: Floats) -> Floats:
    """Weighted geometric mean: product of x^w.

    Notes
    -----
    Needs positive values. Misleads near zero: one tiny score drags everything, so the floor decides.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(geometric(np.array([20.0, 80.0]), np.array([0.5, 0.5])).round(12))
    40.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(weights > 0, weights * np.log(values), 0.0)
    return np.asarray(np.exp(logs.sum(axis=-1)))


def _harmonic_parts(values: Floats, weights: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = weights / values * np.square(harmonic(values, weights))[..., None]
    return np.where(weights > 0, parts, 0.0)


@AGGREGATE.register("harmonic", parts=_harmonic_parts, positive=True)
def harmonic(values: Floats, weights: Floats) -> Floats:
    """Weighted harmonic mean: one over the sum of w / x.

    Notes
    -----
    Needs positive values. Punishes a low score more than the geometric mean does.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(harmonic(np.array([20.0, 80.0]), np.array([0.5, 0.5])))
    32.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1.0 / np.where(weights > 0, weights / values, 0.0).sum(axis=-1))


def _power_parts(values: Floats, weights: Floats, *, p: float) -> Floats:
    mean = power(values, weights, p=p)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where((weights > 0) & (mean > 0), values / mean, 1.0)
        return np.where(weights > 0, weights * mean * relative**p, 0.0)


@AGGREGATE.register("power", parts=_power_parts, positive=True)
def power(values: Floats, weights: Floats, *, p: float) -> Floats:
    """Weighted power mean: (sum of w x^p)^(1/p); p = 1 arithmetic, 0 geometric, -1 harmonic.

    Computed as exp(log1p(sum of w expm1(p ln x)) / p), so that p near 0 is right.

    Parameters
    ----------
    values, weights : arrays of shape (..., children)
    p : float
        The lower, the less a high score makes up for a low one.

    Notes
    -----
    Needs positive values.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6.

    Examples
    --------
    >>> float(power(np.array([20.0, 80.0]), np.array([0.5, 0.5]), p=0.5).round(12))
    45.0
    """
    if p == 0:
        return geometric(values, weights)
    # Relative to the child that dominates, no power overflows.
    counted = np.where(weights > 0, values, -np.inf if p > 0 else np.inf)
    anchor = counted.max(axis=-1, keepdims=True) if p > 0 else counted.min(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = np.where(weights > 0, np.log(values / np.where(anchor > 0, anchor, 1.0)), 0.0)
        terms = np.where(weights > 0, weights * np.expm1(p * logs), 0.0)
        mean = anchor[..., 0] * np.exp(np.log1p(terms.sum(axis=-1)) / p)
    return np.asarray(np.where(anchor[..., 0] > 0, mean, 0.0))


@dataclass(frozen=True)
class Aggregated:
    """Scores of all nodes and the weights that were used.

    Parameters
    ----------
    scores : array of shape (..., cases, nodes)
        NaN where a node is missing.
    weights : array of shape (..., cases, nodes)
        Among siblings, after renormalising over those present; 0 where missing, 1 at the root.
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
    """
    # In memory a node's cases lie side by side, so that a step runs along them and not along a few children.
    shape = (*scores.shape[:-2], len(tree.nodes), scores.shape[-2])
    out, used = np.full(shape, np.nan), np.zeros(shape)
    out[..., : tree.indicator_count, :] = scores.swapaxes(-1, -2)
    used[..., tree.families[-1].parent, :] = 1.0
    # Weights are per draw, values per draw and case; weights of their own for each case have as many axes as values.
    among_cases = weights.swapaxes(-1, -2) if weights.ndim == scores.ndim else weights[..., None]
    for family, threshold in zip(tree.families, thresholds, strict=True):
        values = out[..., family.children, :]
        among = np.broadcast_to(among_cases[..., family.children, :], values.shape)
        present = ~np.isnan(values)
        mine = among if present.all() else np.where(present, among, 0.0)
        whole = mine.sum(axis=-2, keepdims=True)
        enough = whole[..., 0, :] > 0
        if threshold > 0:
            enough &= present.mean(axis=-2) >= threshold - 1e-12
        if gap is not None and mine is not among:
            values, mine, present = np.where(present, values, gap), among, np.array(True)
            whole = mine.sum(axis=-2, keepdims=True)
        mine = mine / (whole if (whole > 0).all() else np.where(whole > 0, whole, 1.0))
        method, parameters = methods[family.level]
        values = floored(values, method, floor)
        values = values if present.all() else np.where(present, values, 1.0)
        made = method.function(values.swapaxes(-1, -2), mine.swapaxes(-1, -2), **parameters)
        out[..., family.parent, :] = made if enough.all() else np.where(enough, made, np.nan)
        used[..., family.children, :] = mine
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
    given = np.zeros_like(scores)
    path = np.ones_like(scores)
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
        lifted = (size == 0) & (whole != 0)
        given[..., family.children] = np.where(
            shared, whole * shares, np.where(lifted, whole * mine, path[..., [family.parent]] * parts)
        )
        given[..., family.children] = np.where(mine > 0, given[..., family.children], 0.0)
    return given

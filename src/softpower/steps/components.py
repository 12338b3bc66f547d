"""Weights by what indicators have in common: principal components and factor analysis, by the Handbook's procedure."""

from __future__ import annotations

from typing import Literal

import numpy as np

from softpower.registry import WEIGHTS
from softpower.steps.correlation import correlation_matrix
from softpower.steps.fitting import Siblings, fit
from softpower.steps.loadings import (
    factors_to_keep,
    maximum_likelihood_loadings,
    principal_axes,
    varimax,
    weights_of_loadings,
)
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree

Rotation = Literal["varimax", "none"]


@WEIGHTS.register("principal_components", fitted=True)
def principal_components(
    tree: Tree,
    scores: Floats,
    *,
    levels: list[str] | None = None,
    eigenvalue: float = 1.0,
    share: float = 0.1,
    cumulative: float = 0.6,
    factors: int | None = None,
    rotation: Rotation = "varimax",
) -> Floats:
    """By principal components: what an indicator shares with the others, on the component that it loads on most.

    w is in proportion to l^2, the squared loading of the indicator on the component where it is greatest, after
    rotation: its squared loading scaled to one within the component, times what that component explains.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        The cases that have all siblings count; they must be more than the siblings, and three at least.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.
    eigenvalue, share, cumulative : float
        Kept are components with a greater eigenvalue, or that explain a greater share of the variance, and as many
        more as explain more than the cumulative share together.
    factors : int, optional
        How many components to keep, whatever they explain.
    rotation : {"varimax", "none"}
        With one component there is nothing to rotate. ``factors = 1`` gives the squares of COINr's first component.

    Raises
    ------
    MethodError
        For too few cases, a child that scores the same everywhere, or more components than children.

    Notes
    -----
    Misleads where correlation is taken for importance: an indicator that stands alone but matters weighs least, one
    that is told twice weighs more. A sign is lost: one that runs against its siblings weighs as one that goes
    along. Take three cases an indicator or more.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6; G. Nicoletti, S. Scarpetta, O. Boylaud,
    Summary indicators of product market regulation (OECD, 2000).

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid", "visits"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> scores = np.array([[0.0, 1, 5, 0], [1, 0, 3, 0], [2, 3, 6, 0], [3, 2, 4, 0], [4, 4, 4, 0]])
    >>> principal_components(tree, scores, factors=1).round(3)
    array([0.411, 0.526, 0.063, 1.   ])
    """

    def rule(siblings: Siblings) -> Floats:
        correlations = _correlations(siblings)
        values, vectors = principal_axes(correlations)
        kept = _kept(siblings, values, factors=factors, eigenvalue=eigenvalue, share=share, cumulative=cumulative)
        made = vectors[:, :kept] * np.sqrt(values[:kept])
        return weights_of_loadings(varimax(made) if rotation == "varimax" else made)

    return fit(tree, scores, "principal_components", levels, rule)


@WEIGHTS.register("factor_analysis", fitted=True)
def factor_analysis(
    tree: Tree,
    scores: Floats,
    *,
    levels: list[str] | None = None,
    eigenvalue: float = 1.0,
    share: float = 0.1,
    cumulative: float = 0.6,
    factors: int | None = None,
    rotation: Rotation = "varimax",
) -> Floats:
    """By factor analysis: as by principal components, with common factors of greatest likelihood.

    The correlations are R = L L' + diag(u), where u is what is an indicator's own; w is in proportion to its
    greatest l^2 after rotation.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        The cases that have all siblings count; they must be more than the siblings, and three at least.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.
    eigenvalue, share, cumulative : float
        How many factors there are, from the principal components: those with a greater eigenvalue, or that explain
        a greater share of the variance, and as many more as explain more than the cumulative share together.
    factors : int, optional
        How many factors there are, whatever they explain.
    rotation : {"varimax", "none"}

    Raises
    ------
    MethodError
        For too few cases, a child that scores the same everywhere or that follows from the others, or more factors
        than the correlations of so few children can tell apart.

    Notes
    -----
    Misleads as principal components do, and where nothing of an indicator is its own: it then weighs most, and the
    weights hang on the least own part that is allowed, 0.005.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 6; K. G. Joreskog, Some contributions to
    maximum likelihood factor analysis, Psychometrika 32 (1967).

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid", "visits"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> scores = np.array([[0.0, 1, 0, 0], [1, 0, 2, 0], [2, 2, 1, 0], [3, 4, 4, 0], [4, 3, 3, 0]])
    >>> factor_analysis(tree, scores, factors=1).round(3)
    array([0.395, 0.302, 0.302, 1.   ])
    """

    def rule(siblings: Siblings) -> Floats:
        correlations = _correlations(siblings)
        values, _ = principal_axes(correlations)
        if values[-1] < 1e-9:
            what = "one of the children follows from the others in full"
            raise siblings.refusal(what, 'Leave one out, or weigh by "principal_components".')
        kept = _kept(siblings, values, factors=factors, eigenvalue=eigenvalue, share=share, cumulative=cumulative)
        size = len(values)
        if (size - kept) ** 2 < size + kept:
            what = f"the correlations of {size} children do not tell {kept} factors apart"
            raise siblings.refusal(what, 'Keep fewer with factors, or weigh by "principal_components".')
        made = maximum_likelihood_loadings(correlations, kept)
        # A factor of one child alone fits uncorrelated children as well as any other, and is nothing common.
        if np.square(np.triu(made @ made.T, 1)).sum() < 1e-9:
            raise siblings.refusal("the children have nothing in common", "Weigh otherwise.")
        return weights_of_loadings(varimax(made) if rotation == "varimax" else made)

    return fit(tree, scores, "factor_analysis", levels, rule)


def _correlations(siblings: Siblings) -> Floats:
    """Return the correlations over the complete cases, which are more than the siblings."""
    return correlation_matrix(siblings.complete(len(siblings.names) + 1))


def _kept(
    siblings: Siblings, values: Floats, *, factors: int | None, eigenvalue: float, share: float, cumulative: float
) -> int:
    """Return how many factors to keep; refuse a number that cannot be, or a cumulative share beyond all."""
    if not 0 <= cumulative < 1 or share < 0 or eigenvalue < 0:
        what = f"eigenvalue {eigenvalue:g}, share {share:g} and cumulative {cumulative:g} are no limits of variance"
        mend = "An eigenvalue is zero or above, a share too, and the cumulative one is below 1."
        raise siblings.refusal(what, mend)
    if factors is None:
        return factors_to_keep(values, eigenvalue=eigenvalue, share=share, cumulative=cumulative)
    if not 1 <= factors <= len(values):
        what = f"factors is {factors} for {len(values)} children"
        raise siblings.refusal(what, f"Keep from 1 to {len(values)}.")
    return factors

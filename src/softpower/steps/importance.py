"""Weights under which what an indicator moves is what it was meant to matter."""

from __future__ import annotations

import numpy as np

from softpower.registry import WEIGHTS
from softpower.steps.fitting import Siblings, fit
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree


def influence(covariances: Floats, weights: Floats) -> Floats:
    """Return each indicator's squared correlation with the weighted arithmetic mean, scaled to sum to one.

    r_i = (C w)_i / sqrt(C_ii w' C w). An indicator that goes against the mean counts as negative.

    Parameters
    ----------
    covariances : array of shape (indicators, indicators)
    weights : array of shape (indicators,)

    Examples
    --------
    >>> influence(np.diag([1.0, 4.0]), np.array([0.5, 0.5]))
    array([0.2, 0.8])
    """
    along = covariances @ weights
    squared = along * np.abs(along) / np.diag(covariances)
    whole = np.abs(squared).sum()
    # A mean that is the same in all cases goes along with nothing.
    return np.asarray(squared / whole if whole > 0 else squared)


def weights_for_influence(covariances: Floats, importance: Floats) -> Floats:
    """Return the weights, zero or above, whose influence comes nearest to the importance by least squares.

    Parameters
    ----------
    covariances : array of shape (indicators, indicators)
        None of a constant indicator.
    importance : array of shape (indicators,)
        Above zero; sums to one.

    Returns
    -------
    array of shape (indicators,)
        Sums to one.

    Examples
    --------
    >>> weights_for_influence(np.diag([1.0, 4.0]), np.array([0.5, 0.5])).round(6)
    array([0.666667, 0.333333])
    """
    from scipy.optimize import least_squares, lsq_linear

    # On indicators of deviation one, so that scales do not matter to the search.
    deviations = np.sqrt(np.diag(covariances))
    correlations = covariances / deviations / deviations[:, None]
    count = len(importance)

    def misfit(weights: Floats) -> Floats:
        # The last keeps the scale, which influence does not see.
        return np.append(influence(correlations, weights) - importance, weights.sum() - 1.0)

    # The squares may have several least points. The search starts where the roots, correlations and those of the
    # importance, are as near to proportional as weights allow: a convex question of one answer, whatever the order
    # of the indicators, and the end of the search where the importance can be reached. The lower half shares evenly
    # among indicators that are copies of each other.
    rows = np.vstack([correlations, 1e-7 * np.eye(count)])
    roots = np.append(np.sqrt(importance), np.zeros(count))
    # Rounding can leave less than zero.
    start = lsq_linear(rows, roots, bounds=(0.0, np.inf), method="bvls").x.clip(0.0)
    # Where the indicators cancel each other out no weights do anything.
    start = start / start.sum() if start.any() else importance
    found = least_squares(misfit, start, bounds=(0.0, np.inf), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    weights = found.x / deviations
    return np.asarray(weights / weights.sum())


@WEIGHTS.register("optimised", fitted=True)
def optimised(tree: Tree, scores: Floats, *, levels: list[str] | None = None, tolerance: float = 0.01) -> Floats:
    """Optimised: weights under which each node's influence on its parent is the importance that was declared.

    Influence is the squared correlation r^2 of a child with the weighted arithmetic mean of the siblings, over the
    sum of them; importance is the declared weight, over the sum of them. w minimises the squared differences.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        The cases that have all siblings count; they must be more than the siblings, and three at least.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.
    tolerance : float
        The greatest difference between influence and importance, both as shares, that is accepted.

    Raises
    ------
    MethodError
        For too few cases, a child that scores the same everywhere, or where no weights from zero up come within the
        tolerance.

    Notes
    -----
    Influence is that on the node's own parent, by its arithmetic mean, however it is aggregated. Where the importance
    can be reached the weights are those that are in proportion to C^-1 (s sqrt(importance)), with C the covariances
    and s the deviations. Where it cannot, the squares may have several least points, and the one is returned that a
    search finds from the weights whose correlations are nearest to proportional to sqrt(importance).

    Misleads where siblings are strongly correlated: all of them move the parent, whatever the weights, and small
    differences of importance take extreme weights.

    References
    ----------
    W. Becker, M. Saisana, P. Paruolo, I. Vandecasteele, Weights and importance in composite indicators: closing the
    gap, Ecological Indicators 80 (2017).

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> scores = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 2, 0], [0, -2, 0]])
    >>> optimised(tree, scores).round(6)
    array([0.666667, 0.333333, 1.      ])
    """

    def rule(siblings: Siblings) -> Floats:
        values = siblings.complete(len(siblings.names) + 1)
        covariances = np.cov(values / np.abs(values).max(), rowvar=False)
        importance = siblings.declared / siblings.declared.max()
        importance = importance / importance.sum()
        weights = weights_for_influence(covariances, importance)
        reached = influence(covariances, weights)
        far = np.flatnonzero(np.abs(reached - importance) > tolerance)
        if far.size:
            said = "; ".join(f"'{siblings.names[i]}' {reached[i]:.3f} for {importance[i]:.3f}" for i in far)
            what = f"no weights give the importance that is declared within {tolerance:g}: at best {said}"
            mend = "Declare other weights, leave out a child that goes against the others, or raise the tolerance."
            raise siblings.refusal(what, mend)
        return weights

    return fit(tree, scores, "optimised", levels, rule)

"""Weights by how much indicators tell cases apart: entropy and CRITIC."""

from __future__ import annotations

import numpy as np

from softpower.registry import WEIGHTS
from softpower.steps.correlation import LEAST
from softpower.steps.fitting import Siblings, fit
from softpower.steps.measures import Floats
from softpower.steps.statistics import count
from softpower.steps.tree import Tree


def diversification(scores: Floats) -> Floats:
    """Return one minus the relative entropy of each column: 0 where all cases score the same.

    d = 1 + sum of p ln p / ln n, with p = x / sum of x, over the n cases that have a score.

    Parameters
    ----------
    scores : array of shape (cases, children)
        Zero or above, NaN where missing; at least two in a column, one of them above zero.

    Returns
    -------
    array of shape (children,)

    Examples
    --------
    >>> diversification(np.array([[1.0, 0.0], [1.0, 5.0]]))
    array([0., 1.])
    """
    there = ~np.isnan(scores)
    x = np.where(there, scores, 0.0)
    # By the largest first, so that neither huge nor tiny scores leave the range of numbers.
    x = x / x.max(axis=0)
    shares = x / x.sum(axis=0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.asarray(np.clip(1.0 + (shares * logs).sum(axis=0) / np.log(there.sum(axis=0)), 0.0, 1.0))


def pairwise_correlations(scores: Floats) -> Floats:
    """Return Pearson's correlation of each pair of columns over the cases that have both; NaN where there is none.

    Parameters
    ----------
    scores : array of shape (cases, children)

    Returns
    -------
    array of shape (children, children)

    Notes
    -----
    By products of matrices, in which a pair is a number and not a column of cases: far faster with many cases than
    `correlation` of each pair. Scores that differ by less than a millionth of their column's spread among the cases
    that have both are the same there.

    Examples
    --------
    >>> pairwise_correlations(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [9.0, np.nan]])).round(12)
    array([[1., 1.],
           [1., 1.]])
    """
    there = (~np.isnan(scores)).astype(float)
    counts = there.sum(axis=0)
    means = np.where(there > 0, scores, 0.0).sum(axis=0) / np.maximum(counts, 1.0)
    x = np.where(there > 0, scores - means, 0.0)
    size = np.sqrt(np.square(x).sum(axis=0))
    x = x / np.where(size > 0, size, 1.0)
    shared = there.T @ there
    with np.errstate(divide="ignore", invalid="ignore"):
        sums, squares = x.T @ there, np.square(x).T @ there
        spread = squares - np.square(sums) / shared
        covariance = x.T @ x - sums * sums.T / shared
        correlations = covariance / np.sqrt(spread * spread.T)
    # A spread of rounding is none; one case has none.
    known = (spread > 1e-12) & (spread.T > 1e-12)
    return np.where(known, np.clip(correlations, -1.0, 1.0), np.nan)


def information(scores: Floats) -> Floats:
    """Return how much each column says that the others do not: s_j times the sum over k of 1 - r_jk.

    Parameters
    ----------
    scores : array of shape (cases, children)
        NaN where missing; standard deviations (n - 1) are over a column's own cases, correlations over a pair's.

    Returns
    -------
    array of shape (children,)

    Examples
    --------
    >>> information(np.array([[0.0, 0.0, 4.0], [2.0, 1.0, 2.0], [4.0, 2.0, 0.0]])).round(12)
    array([4., 2., 8.])
    """
    rest = 1.0 - pairwise_correlations(scores)
    # Correlations of one up to rounding are one.
    rest = np.where(rest < 1e-12, 0.0, rest)
    return np.asarray(np.nanstd(scores, axis=0, ddof=1) * rest.sum(axis=-1))


@WEIGHTS.register("entropy", fitted=True)
def entropy(tree: Tree, scores: Floats, *, levels: list[str] | None = None) -> Floats:
    """By entropy: the more unequally an indicator's scores spread over the cases, the more it weighs.

    w_j = d_j / sum of d, where d_j = 1 + sum of p ln p / ln n, and p is a case's share of the indicator's total.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        Zero or above. Each child is taken over its own cases, so that a gap of one does not touch the others.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.

    Raises
    ------
    MethodError
        For scores below zero, fewer than two of a child, or a child that scores zero or all children that score
        the same everywhere.

    Notes
    -----
    Misleads where what tells cases apart is not what matters, and depends on where zero lies: moving all
    scores up by ten shrinks every d. A child that scores the same everywhere weighs nothing.

    References
    ----------
    C. L. Hwang, K. Yoon, Multiple Attribute Decision Making (1981); C. E. Shannon, A Mathematical Theory of
    Communication, Bell System Technical Journal 27 (1948).

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> entropy(tree, np.array([[1.0, 0.0, np.nan], [1.0, 5.0, np.nan]]))
    array([0., 1., 1.])
    """

    def rule(siblings: Siblings) -> Floats:
        siblings.refuse_negative()
        few = np.flatnonzero(count(siblings.scores) < 2)
        if few.size:
            what = f"{siblings.listed(few)} has fewer than two scores"
            raise siblings.refusal(what, "Impute, leave it out, or weigh otherwise.")
        zero = np.flatnonzero(~(siblings.scores > 0).any(axis=0))
        if zero.size:
            what = f"{siblings.listed(zero)} scores zero in all cases, of which no share can be taken"
            raise siblings.refusal(what, "Leave it out, give it a declared weight of zero, or weigh otherwise.")
        weights = diversification(siblings.scores)
        if weights.max() <= 1e-14:
            raise siblings.refusal("every child has the same score in all cases", "Weigh otherwise.")
        return weights

    return fit(tree, scores, "entropy", levels, rule)


@WEIGHTS.register("critic", fitted=True)
def critic(tree: Tree, scores: Floats, *, levels: list[str] | None = None) -> Floats:
    """CRITIC: an indicator weighs more, the more it spreads and the less it goes along with its siblings.

    w_j = c_j / sum of c, where c_j = s_j (sum over siblings k of 1 - r_jk), s the standard deviation of the
    scores and r the correlation.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
        Taken as they are, on the scale of the normalisation; min-max is the one of the paper. Each correlation is
        over the cases that have both, three at least.
    levels : list of str, optional
        The levels whose nodes weigh their children so; without it every node whose children are all indicators.
        Other nodes keep the declared weight, and so does one of declared weight zero.

    Raises
    ------
    MethodError
        For a child that scores the same everywhere, fewer than three cases of a pair, or siblings that all go
        along with each other in full.

    Notes
    -----
    Misleads where an indicator runs against its siblings because it is badly measured or points the wrong way:
    that is what it rewards most. Under z-scores only the correlations count.

    References
    ----------
    D. Diakoulaki, G. Mavrotas, L. Papayannakis, Determining objective weights in multiple criteria problems: the
    CRITIC method, Computers & Operations Research 22 (1995).

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid", "visits"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> critic(tree, np.array([[0.0, 0.0, 4.0, 0.0], [2.0, 1.0, 2.0, 0.0], [4.0, 2.0, 0.0, 0.0]])).round(12)
    array([4., 2., 8., 1.])
    """

    def rule(siblings: Siblings) -> Floats:
        siblings.refuse_constant(siblings.scores)
        there = (~np.isnan(siblings.scores)).astype(float)
        correlations = pairwise_correlations(siblings.scores)
        unknown = np.argwhere(np.triu((there.T @ there < LEAST) | np.isnan(correlations), 1))
        if unknown.size:
            what = f"{siblings.listed(unknown[0])} have fewer than three cases in common, or none that differ"
            raise siblings.refusal(what, "Impute, leave one of them out, or weigh otherwise.")
        weights = information(siblings.scores)
        if weights.max() <= 0:
            raise siblings.refusal("the children rank all cases alike, in full proportion", "Weigh otherwise.")
        return weights

    return fit(tree, scores, "critic", levels, rule)

"""How indicators hang together, all at once: principal components, sampling adequacy, variance inflation. Arrays only.

What is undefined is NaN, and the reason stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from softpower.analysis.complete import SINGULAR, Sample
from softpower.steps.correlation import LEAST
from softpower.steps.loadings import factors_to_keep, principal_axes, varimax
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Components:
    """Principal components of the correlations of some indicators, what explains most first.

    Parameters
    ----------
    eigenvalues : array of shape (components,)
    share : array of shape (components,)
        Of the variance of all indicators that each explains.
    cumulative : array of shape (components,)
        What it and those before explain together.
    vectors : array of shape (indicators, components)
        Of length one; the largest entry of each is positive.
    loadings : array of shape (indicators, components)
        The correlation of each indicator with each component: its vector times the root of its eigenvalue.
    kept : int
        How many to keep by the Handbook's rule: an eigenvalue above 1, or more than 10 % of the variance, and as many
        more as explain more than 60 % together.
    rotated : array of shape (indicators, kept)
        The loadings on these, rotated by varimax.
    cases : int
        How many cases have all indicators; no others count.
    reason : str
        Why there are none; empty where there are.
    """

    eigenvalues: Floats
    share: Floats
    cumulative: Floats
    vectors: Floats
    loadings: Floats
    kept: int
    rotated: Floats
    cases: int
    reason: str


def components(values: Floats, *, names: Sequence[str] | None = None) -> Components:
    """Return the principal components of indicators, each standardised.

    R = V diag(l) V' for the correlation matrix R; a component explains l / k of the variance of k indicators, and they
    load on it by V sqrt(l).

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Cases with a gap do not count.
    names : sequence of str, optional
        What reasons call the indicators.

    Returns
    -------
    Components
        With the reason where they are undefined: fewer than two indicators, no more cases without gaps than indicators,
        fewer than three, or an indicator that is the same everywhere. What is undefined is NaN, and no component kept.

    Raises
    ------
    MethodError
        For values that are no table or infinite, or names of another number.

    Notes
    -----
    Misleads with few cases: take three an indicator or more. Only linear ties are seen, and two indicators that say the
    same twice make a component of their own.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 4; on the number kept, step 6.

    Examples
    --------
    >>> found = components(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]))
    >>> found.eigenvalues.round(6), found.loadings[:, 0].round(4)
    (array([1.5, 0.5]), array([0.866, 0.866]))
    """
    sample = Sample.of(values, names)
    count, reason = len(sample.names), sample.undefined(least=LEAST, apart=1)
    if reason:
        line, square = np.full(count, np.nan), np.full((count, count), np.nan)
        return Components(line, line, line, square, square, 0, square[:, :0], sample.cases, reason)
    eigenvalues, vectors = principal_axes(sample.correlations())
    loadings, kept = vectors * np.sqrt(eigenvalues), factors_to_keep(eigenvalues)
    share = eigenvalues / eigenvalues.sum()
    rotated = varimax(loadings[:, :kept])
    return Components(eigenvalues, share, np.cumsum(share), vectors, loadings, kept, rotated, sample.cases, "")


@dataclass(frozen=True)
class Adequacy:
    """The sampling adequacy of Kaiser, Meyer and Olkin, of 0 to 1.

    Parameters
    ----------
    overall : float
    indicators : array of shape (indicators,)
        Of each indicator.
    cases : int
        How many cases have all indicators; no others count.
    reason : str
        Why it is NaN; empty where it is defined.
    """

    overall: float
    indicators: Floats
    cases: int
    reason: str


def sampling_adequacy(values: Floats, *, names: Sequence[str] | None = None) -> Adequacy:
    """Return how far correlations are shared by many indicators, and not of two alone: KMO.

    KMO = sum r^2 / (sum r^2 + sum p^2) over all pairs, for an indicator over its own. r is the correlation of two
    indicators and p their partial correlation with all others held fixed, p_ij = -s_ij / sqrt(s_ii s_jj) with S the
    inverse of the correlation matrix.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Cases with a gap do not count.
    names : sequence of str, optional
        What reasons call the indicators.

    Returns
    -------
    Adequacy
        With the reason where it is undefined: as for `components`, or indicators of which one follows from others in
        full, so that the correlation matrix has no inverse.

    Raises
    ------
    MethodError
        For values that are no table or infinite, or names of another number.

    Notes
    -----
    Misleads with two indicators, where it is always 0.5, and with few cases, where partial correlations are mostly
    noise. Kaiser calls 0.8 meritorious and what is below 0.5 unacceptable.

    References
    ----------
    H. F. Kaiser, An index of factorial simplicity, Psychometrika 39 (1974); OECD/JRC, Handbook on Constructing
    Composite Indicators (2008), step 4.

    Examples
    --------
    >>> found = sampling_adequacy(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]))
    >>> round(found.overall, 6), found.indicators.round(6)
    (0.5, array([0.5, 0.5]))
    """
    sample = Sample.of(values, names)
    reason = sample.undefined(least=LEAST, apart=1)
    if not reason:
        matrix = sample.correlations()
        inverse, tied = _inverse(matrix)
        if tied.any():
            reason = f"of {sample.listed(np.flatnonzero(tied))} each follows from the others in full"
    if not reason:
        scale = np.sqrt(np.diag(inverse))
        squares = [np.square(one) for one in (matrix, inverse / scale / scale[:, None])]
        for one in squares:
            np.fill_diagonal(one, 0.0)
        shared, partial = squares
        # But for rounding.
        if shared.max() <= SINGULAR**2:
            reason = "no two indicators are correlated"
    if reason:
        return Adequacy(math.nan, np.full(len(sample.names), np.nan), sample.cases, reason)
    whole = shared.sum(axis=0) + partial.sum(axis=0)
    each = shared.sum(axis=0) / np.where(whole > 0, whole, np.nan)
    return Adequacy(float(shared.sum() / (shared.sum() + partial.sum())), each, sample.cases, "")


@dataclass(frozen=True)
class Inflation:
    """The variance inflation of each indicator.

    Parameters
    ----------
    factors : array of shape (indicators,)
        1 where an indicator has nothing in common with the others; infinite where it follows from them in full.
    cases : int
        How many cases have all indicators; no others count.
    reason : str
        Why they are NaN; empty where they are defined.
    """

    factors: Floats
    cases: int
    reason: str


def variance_inflation(values: Floats, *, names: Sequence[str] | None = None) -> Inflation:
    """Return how far each indicator follows from all others: its variance inflation factor.

    VIF = 1 / (1 - R^2), with R^2 of the linear regression on all others; it is the diagonal of the inverse of the
    correlation matrix.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Cases with a gap do not count.
    names : sequence of str, optional
        What reasons call the indicators.

    Returns
    -------
    Inflation
        With the reason where it is undefined, as for `components`.

    Raises
    ------
    MethodError
        For values that are no table or infinite, or names of another number.

    Notes
    -----
    Misleads with few cases, where R^2 is high by chance. For weights that are given, and not estimated, a high factor
    says that something is counted twice, and nothing is unstable.

    References
    ----------
    D. A. Belsley, E. Kuh and R. E. Welsch, Regression diagnostics (Wiley, 1980).

    Examples
    --------
    >>> variance_inflation(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])).factors.round(4)
    array([1.3333, 1.3333])
    """
    sample = Sample.of(values, names)
    reason = sample.undefined(least=LEAST, apart=1)
    if reason:
        return Inflation(np.full(len(sample.names), np.nan), sample.cases, reason)
    inverse, tied = _inverse(sample.correlations())
    return Inflation(np.where(tied, np.inf, np.diag(inverse)), sample.cases, "")


def _inverse(matrix: Floats) -> tuple[Floats, Mask]:
    """Return the inverse of a correlation matrix, and the indicators that follow from others in full.

    With such indicators it is the pseudo-inverse, whose diagonal is right for all others.
    """
    values, vectors = np.linalg.eigh(matrix)
    null = values <= SINGULAR * values[-1]
    tied = (np.abs(vectors[:, null]) > math.sqrt(SINGULAR)).any(axis=1)
    return np.asarray((vectors[:, ~null] / values[~null]) @ vectors[:, ~null].T), tied

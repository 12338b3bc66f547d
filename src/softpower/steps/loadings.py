"""Weights from what indicators have in common: principal components and factors, rotated. Arrays only.

The procedure is the Handbook's: keep some factors, rotate them by varimax, give each indicator to the factor on which
it loads most, and weigh it by its squared loading there and by what that factor explains.
"""

from __future__ import annotations

import numpy as np

from softpower.steps.measures import Floats

NEARBY = 1e-3
"""So far at most lies the minimum from where the search for it ends."""


def principal_axes(correlations: Floats) -> tuple[Floats, Floats]:
    """Return the eigenvalues of a correlation matrix, the greatest first, and its eigenvectors in columns.

    Each eigenvector has length one; its largest entry is positive.

    Parameters
    ----------
    correlations : array of shape (indicators, indicators)

    Examples
    --------
    >>> values, vectors = principal_axes(np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> values, np.square(vectors[:, 0]).round(12)
    (array([1.5, 0.5]), array([0.5, 0.5]))
    """
    values, vectors = np.linalg.eigh(correlations)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    largest = np.abs(vectors).argmax(axis=0)
    return values, vectors * np.sign(vectors[largest, np.arange(len(values))])


def factors_to_keep(
    eigenvalues: Floats, *, eigenvalue: float = 1.0, share: float = 0.1, cumulative: float = 0.6
) -> int:
    """Return how many factors to keep, by the Handbook's rule.

    Those with an eigenvalue above ``eigenvalue`` or that explain more than ``share`` of the variance, and as many
    more as it takes to explain more than ``cumulative`` together.

    Parameters
    ----------
    eigenvalues : array of shape (factors,)
        The greatest first.

    Examples
    --------
    >>> factors_to_keep(np.array([3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1]))
    4
    """
    # An eigenvalue at a limit up to rounding is at it, not above it.
    part = eigenvalues / eigenvalues.sum()
    strong = int(((eigenvalues > eigenvalue + 1e-9) | (part > share + 1e-9)).sum())
    together = int(np.searchsorted(np.cumsum(part), cumulative + 1e-9, side="right")) + 1
    return min(max(strong, together), len(eigenvalues))


def varimax(loadings: Floats, *, kaiser: bool = True, tolerance: float = 1e-12, limit: int = 1000) -> Floats:
    """Return loadings rotated so that their squares are as unequal within a factor as they can be.

    Maximises the sum over factors of the variance of squared loadings, by turning two factors at a time by the
    angle that is best in closed form.

    Parameters
    ----------
    loadings : array of shape (indicators, factors)
    kaiser : bool
        Whether indicators count alike, whatever part of their variance the factors explain.
    tolerance : float
        The angle, in radians, below which nothing is turned any more.
    limit : int
        How many rounds at most.

    References
    ----------
    H. F. Kaiser, The varimax criterion for analytic rotation in factor analysis, Psychometrika 23 (1958).

    Examples
    --------
    >>> s = 0.5**0.5
    >>> np.abs(varimax(np.array([[s, s], [s, -s]]))).round(9) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    lengths = np.sqrt(np.square(loadings).sum(axis=-1, keepdims=True)) if kaiser else np.ones((len(loadings), 1))
    lengths = np.where(lengths > 0, lengths, 1.0)
    turned = loadings / lengths
    factors = turned.shape[1]
    pairs = [(first, second) for first in range(factors) for second in range(first + 1, factors)]
    for _ in range(limit):
        largest = max((_turn(turned, first, second) for first, second in pairs), default=0.0)
        if largest < tolerance:
            break
    return turned * lengths


def _turn(loadings: Floats, first: int, second: int) -> float:
    """Turn two factors, in place, by the angle that is best for them; return how far."""
    x, y = loadings[:, first].copy(), loadings[:, second].copy()
    u, v = x * x - y * y, 2.0 * x * y
    across = 2.0 * (u @ v - u.sum() * v.sum() / len(x))
    along = float(u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / len(x))
    # Both nothing but rounding: every angle is as good.
    if np.hypot(across, along) <= 1e-14 * len(x):
        return 0.0
    angle = 0.25 * float(np.arctan2(across, along))
    loadings[:, first] = x * np.cos(angle) + y * np.sin(angle)
    loadings[:, second] = y * np.cos(angle) - x * np.sin(angle)
    return abs(angle)


def weights_of_loadings(loadings: Floats) -> Floats:
    """Return weights from rotated loadings, which sum to one.

    Each indicator counts on the factor on which it loads most. There its weight is its squared loading, scaled to
    sum to one within the factor, times what the factor explains of what all of them do: l^2 / sum of all l^2.
    What is left out of each factor is made up for by scaling to one.

    Parameters
    ----------
    loadings : array of shape (indicators, factors)

    Examples
    --------
    >>> weights_of_loadings(np.array([[0.9, 0.1], [0.9, 0.1], [0.0, 0.6]])).round(3)
    array([0.409, 0.409, 0.182])
    """
    most = np.square(loadings).max(axis=-1)
    return np.asarray(most / most.sum())


def maximum_likelihood_loadings(correlations: Floats, factors: int) -> Floats:
    """Return the loadings of common factors under which a correlation matrix is most likely, not rotated.

    Of R = L L' + diag(u) the part u of each indicator that is its own is found by L-BFGS-B between 0.005 and 1, as is
    usual; the loadings follow from it.

    Parameters
    ----------
    correlations : array of shape (indicators, indicators)
        Not singular.
    factors : int

    Returns
    -------
    array of shape (indicators, factors)

    References
    ----------
    K. G. Joreskog, Some contributions to maximum likelihood factor analysis, Psychometrika 32 (1967).

    Examples
    --------
    >>> loadings = maximum_likelihood_loadings(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]), 1)
    >>> np.abs(loadings.ravel()).round(4)
    array([0.8, 0.7, 0.6])
    """
    from scipy.optimize import minimize, root

    size = len(correlations)

    def parts(own: Floats) -> tuple[Floats, Floats]:
        scale = 1.0 / np.sqrt(own)
        values, vectors = np.linalg.eigh(correlations * scale * scale[:, None])
        return values[::-1], vectors[:, ::-1]

    def loadings(own: Floats) -> Floats:
        values, vectors = parts(own)
        excess = np.sqrt(np.maximum(values[:factors] - 1.0, 0.0))
        return np.sqrt(own)[:, None] * vectors[:, :factors] * excess

    def misfit(own: Floats) -> float:
        rest = np.maximum(parts(own)[0][factors:], 1e-300)
        return float(-(np.log(rest) - rest).sum() + factors - size)

    def slope(own: Floats) -> Floats:
        made = loadings(own)
        difference = made @ made.T + np.diag(own) - correlations
        return np.asarray(np.diag(difference) / np.square(own))

    start = (1.0 - 0.5 * factors / size) / np.diag(np.linalg.inv(correlations))
    bounds = [(0.005, 1.0)] * size
    found = minimize(
        misfit,
        np.clip(start, 0.005, 1.0),
        jac=slope,
        bounds=bounds,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 10_000},
    )
    # At the bottom the misfit hardly moves and the search ends early; where the slope is zero is sharper.
    free = (found.x > 0.005) & (found.x < 1.0)

    def with_free(some: Floats) -> Floats:
        own = found.x.copy()
        own[free] = np.clip(some, 0.005, 1.0)
        return np.asarray(own)

    def slope_of_free(some: Floats) -> Floats:
        return np.asarray(slope(with_free(some))[free])

    if free.any():
        level = with_free(root(slope_of_free, found.x[free], tol=1e-13).x)
        flatter = np.abs(slope(level)[free]).max() < np.abs(slope(found.x)[free]).max()
        if flatter and np.abs(level - found.x).max() < NEARBY:
            return loadings(level)
    return loadings(found.x)

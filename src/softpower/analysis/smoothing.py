"""How much of what varies a curve through it explains: the correlation ratio, by local-linear regression."""

from __future__ import annotations

import numpy as np

from softpower.steps.measures import Floats

LEAST = 10
"""Through fewer distinct values than this no curve is drawn."""
BANDWIDTHS = (*np.geomspace(0.05, 2.0, 10).tolist(), np.inf)
"""The bandwidths that are tried, in standard deviations; an infinite one is the straight line."""
CELLS = 2**22
"""So many pairs of cases are weighed at a time."""


def correlation_ratio(x: Floats, y: Floats) -> float:
    """Return the correlation ratio of y on x: how much of the variance of y is that of its mean given x.

    S = Var(E[y | x]) / Var(y). E[y | x] is a local-linear regression with a Gaussian kernel, whose bandwidth is the one
    of a few that predicts each case best from the others.

    Parameters
    ----------
    x, y : arrays of shape (cases,)
        Without gaps; at least three distinct values of x, and y not constant.

    Notes
    -----
    Time grows with the square of the number of cases. Misleads where cases are few: what is left of independent
    numbers is about one over their number.

    References
    ----------
    P. Paruolo, M. Saisana and A. Saltelli, Ratings and rankings: voodoo or science?, Journal of the Royal Statistical
    Society A 176 (2013).

    Examples
    --------
    >>> x = np.linspace(-1.0, 1.0, 41)
    >>> round(correlation_ratio(x, x**2), 2), round(correlation_ratio(x, 2 * x), 9)
    (1.0, 1.0)
    """
    # About the mean, the widest apart by one, so that no square overflows.
    x, y = ((one - one.mean()) / np.ptp(one) for one in (x, y))
    x = x / x.std()
    least, chosen = np.inf, y
    for bandwidth in BANDWIDTHS:
        curve, own = _local_line(x, y, bandwidth)
        # Where a case alone decides its own value, nothing predicts it from the others.
        left_out = np.divide(y - curve, 1.0 - own, out=np.full_like(y, np.inf), where=own < 1.0 - 1e-9)
        error = float(np.mean(left_out**2))
        if error < least:
            least, chosen = error, curve
    # A curve that wiggles through noise may vary more than what it is drawn through.
    return float(min(chosen.var() / y.var(), 1.0))


def _local_line(x: Floats, y: Floats, bandwidth: float) -> tuple[Floats, Floats]:
    """Return the local-linear regression of y at each x, and how much of each value is owed to the case itself."""
    curve, own = np.empty((2, len(x)))
    step = max(1, CELLS // len(x))
    for start in range(0, len(x), step):
        here = slice(start, start + step)
        apart = x - x[here, None]
        kernel = np.exp(-0.5 * (apart / bandwidth) ** 2)
        near = kernel * apart
        count, first, second = kernel.sum(axis=1), near.sum(axis=1), (near * apart).sum(axis=1)
        spread = count * second - first**2
        level, slope = kernel @ y, near @ y
        line = spread > 1e-12 * count * second
        whole = np.where(line, spread, 1.0)
        curve[here] = np.where(line, (second * level - first * slope) / whole, level / count)
        own[here] = np.where(line, second / whole, 1.0 / count)
    return curve, own

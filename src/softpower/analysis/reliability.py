"""Whether indicators measure one thing: Cronbach's alpha, and alpha without each of them. Arrays only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from softpower.analysis.complete import Sample
from softpower.steps.correlation import LEAST
from softpower.steps.measures import Floats


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of some indicators.

    Parameters
    ----------
    alpha : float
    if_deleted : array of shape (indicators,)
        Alpha of the others.
    item_rest : array of shape (indicators,)
        The correlation of each with the sum of the others.
    cases : int
        How many cases have all indicators; no others count.
    reason : str
        Why alpha is NaN, and with it everything else; empty where it is defined.
    reasons : tuple of str
        Why alpha without each indicator is NaN; empty where it is defined.
    """

    alpha: float
    if_deleted: Floats
    item_rest: Floats
    cases: int
    reason: str
    reasons: tuple[str, ...]


def cronbach_alpha(values: Floats, *, standardised: bool = True, names: Sequence[str] | None = None) -> Reliability:
    """Return Cronbach's alpha: how far indicators vary together; and what it is without each of them.

    alpha = k / (k - 1) (1 - sum of the variances / variance of the sum), for k indicators. Standardised, each has the
    variance 1.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Cases with a gap do not count. Indicators of which less is better are turned before.
    standardised : bool
        Whether each indicator is brought to mean 0 and deviation 1 first.
    names : sequence of str, optional
        What reasons call the indicators.

    Returns
    -------
    Reliability
        With the reason where alpha is undefined: fewer than two indicators or three cases without gaps, an indicator
        that is the same everywhere, or indicators that cancel out.

    Raises
    ------
    MethodError
        For values that are no table or infinite, or names of another number.

    Notes
    -----
    Misleads where a composite is formed by indicators that need not go together: a low alpha is then no fault. It rises
    with the mere number of indicators. Alpha is lower without an indicator that goes along with the others.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 4; L. J. Cronbach, Coefficient alpha and the
    internal structure of tests, Psychometrika 16 (1951).

    Examples
    --------
    >>> found = cronbach_alpha(np.array([[1.0, 2.0, 1.0], [2.0, 1.0, 2.0], [3.0, 3.0, 3.0]]))
    >>> round(found.alpha, 4), found.if_deleted.round(4)
    (0.8571, array([0.6667, 1.    , 0.6667]))
    """
    sample = Sample.of(values, names)
    count, reason = len(sample.names), sample.undefined(least=LEAST)
    if not reason:
        largest = float(np.abs(sample.values).max())
        items = sample.standardised() if standardised else sample.values / largest
        variances, whole = items.var(axis=0, ddof=1), items.sum(axis=1)
        if _cancels(whole, variances.sum()):
            reason = "the indicators cancel out, so that their sum is the same in every case"
    if reason:
        blank = np.full(count, np.nan)
        return Reliability(math.nan, blank, blank, sample.cases, reason, (reason,) * count)
    alpha = count / (count - 1) * (1.0 - variances.sum() / whole.var(ddof=1))
    rest, left = whole[:, None] - items, variances.sum() - variances
    gone = _cancels(rest, left)
    spread = np.where(gone, np.nan, rest.var(axis=0, ddof=1))
    centred = items - items.mean(axis=0)
    covariance = (centred * (rest - rest.mean(axis=0))).sum(axis=0) / (sample.cases - 1)
    if_deleted = (count - 1) / (count - 2) * (1.0 - left / spread) if count > 2 else np.full(count, np.nan)
    reasons = np.where(gone, "the others cancel out, so that their sum is the same in every case", "").tolist()
    if count == 2:
        reasons = ["one indicator alone is left, and it takes 2"] * 2
    item_rest = covariance / np.sqrt(variances * spread)
    return Reliability(float(alpha), if_deleted, item_rest, sample.cases, "", tuple(reasons))


def _cancels(sums: Floats, variances: Floats) -> np.ndarray:
    """Return whether sums over indicators are the same in every case but for rounding."""
    return np.asarray(sums.var(axis=0, ddof=1) <= 1e-14 * variances)

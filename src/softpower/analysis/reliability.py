"""Whether indicators measure one thing: Cronbach's alpha."""

from __future__ import annotations

import numpy as np

from softpower.errors import MethodError
from softpower.steps.measures import Floats


def cronbach_alpha(values: Floats, *, standardised: bool = True) -> float:
    """Return Cronbach's alpha: how far indicators vary together.

    alpha = k / (k - 1) (1 - sum of the variances / variance of the sum), for k indicators. Standardised, each has the
    variance 1.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Cases with a gap do not count.
    standardised : bool
        Whether each indicator is brought to mean 0 and deviation 1 first.

    Raises
    ------
    MethodError
        For fewer than two indicators or three cases without gaps, or an indicator that is the same everywhere.

    Notes
    -----
    Misleads where a composite is formed by indicators that need not go together: a low alpha is then no fault. It rises
    with the mere number of indicators.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 4.

    Examples
    --------
    >>> float(round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])), 4))
    0.6667
    """
    complete = values[~np.isnan(values).any(axis=1)]
    cases, count = complete.shape
    if count < 2 or cases < 3:
        what = f"{count} indicators and {cases} cases without gaps are too few"
        raise MethodError.of("cronbach_alpha", what, "It needs two indicators and three cases.")
    spread = complete.std(axis=0, ddof=1)
    if (spread == 0).any():
        raise MethodError.of("cronbach_alpha", "an indicator is the same in every case", "Leave it out.")
    items = (complete - complete.mean(axis=0)) / spread if standardised else complete
    whole = items.sum(axis=1).var(ddof=1)
    if whole == 0:
        what = "the indicators cancel out, so that their sum is the same in every case"
        raise MethodError.of("cronbach_alpha", what, "Turn those that run against the others.")
    return float(count / (count - 1) * (1.0 - items.var(axis=0, ddof=1).sum() / whole))

"""How indicators go together, two at a time: correlations. Arrays only.

What is undefined is NaN, and the reason stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from softpower.analysis.complete import checked, named
from softpower.errors import MethodError
from softpower.steps.correlation import LEAST, centred, correlation
from softpower.steps.measures import Floats, Mask

CELLS = 2**21
"""So many numbers are correlated at a time."""


@dataclass(frozen=True)
class Correlations:
    """Correlations of indicators, each over the cases that have both.

    Parameters
    ----------
    matrix : array of shape (indicators, indicators)
    cases : int array of shape (indicators, indicators)
        How many cases have both.
    reasons : array of texts of shape (indicators, indicators)
        Why a correlation is NaN; empty where it is defined.
    names : tuple of str
    """

    matrix: Floats
    cases: np.ndarray
    reasons: np.ndarray
    names: tuple[str, ...]

    def pairs(self, dimensions: Sequence[str]) -> pd.DataFrame:
        """Return one row for each pair of indicators.

        Parameters
        ----------
        dimensions : sequence of str
            The dimension of each indicator.

        Returns
        -------
        DataFrame
            ``a`` and ``b``, their dimensions ``dimension_a`` and ``dimension_b``, whether both are ``within`` one,
            their ``correlation``, how many ``cases`` have both, and the ``reason`` where it is undefined.
        """
        first, second = np.triu_indices(len(self.names), 1)
        names, under = np.array(self.names, dtype=object), np.array(list(dimensions), dtype=object)
        return pd.DataFrame(
            {
                "a": names[first],
                "b": names[second],
                "dimension_a": under[first],
                "dimension_b": under[second],
                "within": (under[first] == under[second]).astype(bool),
                "correlation": self.matrix[first, second],
                "cases": self.cases[first, second],
                "reason": self.reasons[first, second],
            }
        )


def correlations(
    values: Floats,
    *,
    method: Literal["pearson", "spearman"] = "pearson",
    names: Sequence[str] | None = None,
) -> Correlations:
    """Return the correlation of every two indicators over the cases that have both.

    r = sum (x - mean x) (y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2). Spearman's is that of ranks, with
    ties at their mean rank, among the cases that have both.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        NaN where missing.
    method : {"pearson", "spearman"}
    names : sequence of str, optional
        What reasons call the indicators.

    Returns
    -------
    Correlations
        With the reason where one is undefined: fewer than three cases have both, or one of the two is the same in all
        of these.

    Raises
    ------
    MethodError
        For another method, values that are no table or infinite, or names of another number.

    Notes
    -----
    Misleads where cases are few or one lies far out. Pairs rest on different cases where there are gaps, so the matrix
    need not be one that complete cases could have; it is for looking at pairs.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 4 and 9.

    Examples
    --------
    >>> found = correlations(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0], [4.0, np.nan]]))
    >>> float(found.matrix[0, 1].round(3)), int(found.cases[0, 1])
    (0.5, 3)
    """
    if method not in {"pearson", "spearman"}:
        raise MethodError.of("correlations: method", f"there is none called '{method}'", 'Say "pearson" or "spearman".')
    values = checked(values)
    called, count = named(values, names), values.shape[1]
    both = np.empty((count, count), dtype=np.int64)
    matrix, flat = np.empty((count, count)), np.empty((count, count), dtype=bool)
    # So many columns at a time that the table of cases by pairs stays near the processor.
    width = max(1, CELLS // max(1, values.size))
    for start in range(0, count, width):
        block = slice(start, start + width)
        both[:, block], matrix[:, block], flat[:, block] = _against(values, values[:, block], method)
    few, same = both < LEAST, flat | flat.T
    matrix = np.where(few | same, np.nan, matrix)
    reasons = np.full((count, count), "", dtype=object)
    for first, second in np.argwhere(few):
        cases = "1 case has" if both[first, second] == 1 else f"{both[first, second]} cases have"
        reasons[first, second] = f"{cases} both, and fewer than {LEAST} say nothing"
    for first, second in np.argwhere(same & ~few):
        which = dict.fromkeys(
            called[one] for one, there in ((first, flat[first, second]), (second, flat[second, first])) if there
        )
        reasons[first, second] = f"{' and '.join(which)} the same in every case that has both"
    return Correlations(matrix, both, reasons, called)


def _against(values: Floats, others: Floats, method: str) -> tuple[np.ndarray, Floats, Mask]:
    """Return for indicators and others how many cases have both, their correlation, and which first ones are flat.

    All of shape (indicators, others). An indicator is flat where it is the same in all cases that have both.
    """
    both = ~np.isnan(values)[:, :, None] & ~np.isnan(others)[:, None, :]
    pair = [np.broadcast_to(one, both.shape) for one in (values[:, :, None], others[:, None, :])]
    if method == "spearman":
        from scipy.stats import rankdata

        # What is not there comes last.
        pair = [rankdata(np.where(both, one, np.inf), axis=0) for one in pair]
    x, y = (centred(np.where(both, one, np.nan)) for one in pair)
    return both.sum(axis=0), correlation(x, y), np.asarray(~x.any(axis=0))

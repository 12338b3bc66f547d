"""By how much shares of the draws may be off by chance."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from softpower.analysis.drawn_scores import DrawnScores
from softpower.errors import MethodError

Shares = TypeVar("Shares", pd.DataFrame, "pd.Series[float]")


def error_of_shares(scores: DrawnScores, shares: Shares, draws: Shares | None) -> Shares:
    """Return the binomial error of shares: of all draws, or of those that are given.

    Raises
    ------
    MethodError
        If they are no shares, or each pair is compared in fewer draws and these are not given.
    """
    _check_shares(shares)
    mend = "Give what compared() returns for the same pairs."
    if draws is not None:
        if not isinstance(draws, type(shares)):
            what = f"the draws of a {type(shares).__name__} are a {type(draws).__name__}"
            raise MethodError.of("share_error: draws", what, mend)
        return (shares * (1 - shares) / draws.where(draws > 0)) ** 0.5
    count, n = scores.moments()[-1], scores.job.points.n
    if not _of_ranks(shares) and ((count > 0) & (count < n)).any():
        what = "some draws lack scores, and each pair is compared in those that have both"
        raise MethodError.of("share_error: draws", what, mend)
    return (shares * (1 - shares) / n) ** 0.5


def _of_ranks(shares: pd.DataFrame | pd.Series[float]) -> bool:
    """Return whether shares are of ranks, by their labels: those of pairs are texts."""
    heads = shares.columns if isinstance(shares, pd.DataFrame) else [shares.name]
    return shares.index.name == "rank" or all(
        one is None or isinstance(one, int | np.integer) or str(one).startswith("rank <= ") for one in heads
    )


def _check_shares(given: object) -> None:
    """Raise MethodError unless a table or a column of shares is given."""
    columns = [one for _, one in given.items()] if isinstance(given, pd.DataFrame) else [given]
    for one in columns:
        sound = isinstance(one, pd.Series) and pd.api.types.is_float_dtype(one) and not ((one < 0) | (one > 1)).any()
        if not sound:
            mend = "Give what acceptability(), at_most() or probability_above() returns."
            raise MethodError.of("share_error: shares", f"a {type(given).__name__} that holds no shares is given", mend)

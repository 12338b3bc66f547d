"""Quantiles of many draws, from counts over equal bins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softpower.draws.buffers import Buffers, columns_at_a_time
from softpower.steps.measures import Floats

Integers = NDArray[np.int64]

SHORT_LIMIT, DRAWS_LIMIT = 2**15 - 1, 2**31 - 1
"""So many draws a grid counts in 16 and in 32 bits, which need less memory and time; then it moves to 64."""
INDEX = 2**17
"""So many values are counted at once, or one column of them."""
SUMMED = 2**22
"""So many counts are summed up at once for quantiles, in 34 MB, or those of one column."""
TOGETHER = 512
"""So many draws are counted together: a column's counts then come into the processor's cache once for all of them."""


class Grid:
    """Quantiles of scores from counts over equal bins of the scale.

    The least and the greatest value of each column are kept as they are. A value beyond the scale's ends is counted in
    the bin at that end, which then reaches as far as the value; one that lies between two bins, in the lower one.

    Parameters
    ----------
    columns : int
    low, high : float
        The ends of the scale.
    bins : int, optional

    Examples
    --------
    >>> grid = Grid(columns=1, low=0.0, high=100.0)
    >>> grid.add(np.array([[20.0], [30.0], [np.nan], [40.0]]))
    >>> bool(abs(grid.quantile(0.25) - 25.0) <= grid.error)
    True
    """

    BINS = 4_096

    def __init__(
        self, columns: int, low: float, high: float, *, bins: int = BINS, buffers: Buffers | None = None
    ) -> None:
        self.columns = columns
        self.low = low
        self.high = high
        self.bins = bins
        self.least = np.full(columns, np.nan)
        self.greatest = np.full(columns, np.nan)
        self._buffers = buffers or Buffers()
        self._table: NDArray[Any] = np.zeros(columns * bins, dtype=np.int16)
        self._draws = 0
        # The bins of values that are not counted yet, a draw in each row: many are counted much faster than a few.
        self._waiting: NDArray[Any] | None = None
        self._number = 0

    def __getstate__(self) -> dict[str, Any]:
        self._count_waiting()
        return self.__dict__ | {"_waiting": None}

    @property
    def counts(self) -> NDArray[Any]:
        """How many values of each column, a row, lie in each bin."""
        self._count_waiting()
        return self._table.reshape(self.columns, self.bins)

    @property
    def _width(self) -> float:
        return (self.high - self.low) / self.bins

    @property
    def _slope(self) -> float:
        """By what a value above the low end is multiplied: a little less than one over a bin, and the high end fits."""
        return self.bins / (self.high - self.low) * (1 - 2.0**-51)

    @property
    def error(self) -> float:
        """How far a quantile can be from the exact one of type 7: the width of the widest bin, up to rounding.

        An ordered value and what stands for it lie in the same bin. A quantile is between two of them.
        """
        below = self.low + self._width - np.fmin.reduce(self.least, initial=np.inf)
        above = np.fmax.reduce(self.greatest, initial=-np.inf) - self.high + self._width
        return float(max(self._width, below, above))

    def add(self, scores: Floats) -> None:
        """Count a block of values.

        Parameters
        ----------
        scores : array of shape (draws, columns)
            NaN is not counted.
        """
        if not len(scores):
            return
        self._expect(len(scores))
        waiting = self._room(len(scores)) if len(scores) < TOGETHER else None
        for columns in columns_at_a_time(scores):
            into = None if waiting is None else waiting[:, columns]
            bins = self._sort(scores[:, columns], columns, into)
            if waiting is None:
                self._count(bins, columns.start)

    def _room(self, draws: int) -> NDArray[Any]:
        """Return where the bins of a few draws wait."""
        if self._number + draws > TOGETHER:
            self._count_waiting()
        if self._waiting is None:
            kind = np.uint8 if self.bins <= 2**8 else np.uint16 if self.bins <= 2**16 else np.int64
            self._waiting = np.empty((TOGETHER, self.columns), dtype=kind)
        self._number += draws
        return self._waiting[self._number - draws : self._number]

    def _expect(self, draws: int) -> None:
        """Make room for the counts of so many more draws."""
        self._draws += draws
        if self._draws > SHORT_LIMIT:
            wider = np.int32 if self._draws <= DRAWS_LIMIT else np.int64
            self._table = self._table.astype(wider, copy=False)

    def _sort(self, scores: Floats, columns: slice, into: NDArray[Any] | None) -> NDArray[Any]:
        """Return the bins of values, plus fractions, and keep the least and the greatest of each column."""
        least, greatest = scores.min(axis=0), scores.max(axis=0)
        absent = None
        # A sum is NaN if one of its terms is.
        if np.isnan(least.sum()):
            absent = np.isnan(scores)
            least, greatest = np.fmin.reduce(scores, axis=0), np.fmax.reduce(scores, axis=0)
        np.fmin(self.least[columns], least, out=self.least[columns])
        np.fmax(self.greatest[columns], greatest, out=self.greatest[columns])
        work = self._buffers.take("first", scores.shape)
        if np.fmin.reduce(least, initial=np.inf) < self.low or np.fmax.reduce(greatest, initial=-np.inf) > self.high:
            scores = np.clip(scores, self.low, self.high, out=work)
        if absent is not None:
            # Counted in the first bin, and taken off it at once.
            scores = np.where(absent, self.low, scores)
            self._table[:: self.bins][columns] -= absent.sum(axis=0, dtype=self._table.dtype)
        if self.low:
            scores = np.subtract(scores, self.low, out=work)
        return np.multiply(scores, self._slope, out=work if into is None else into, casting="unsafe")

    def _count(self, bins: NDArray[Any], left: int) -> None:
        """Count the bins of some columns, a draw in each row."""
        mine = self._table[left * self.bins : (left + bins.shape[1]) * self.bins]
        # Column by column, so that one column's counts are near each other in memory.
        first = self.bins * np.arange(bins.shape[1])[:, None]
        index = self._buffers.take("second", bins.T.shape).view(np.intp)
        np.add(bins.T, first, out=index, dtype=np.intp, casting="unsafe")
        np.add.at(mine, index.ravel(), mine.dtype.type(1))

    def _count_waiting(self) -> None:
        """Count what waits."""
        if self._waiting is None or not self._number:
            return
        number, self._number = self._number, 0
        width = max(1, INDEX // number)
        for left in range(0, self.columns, width):
            self._count(self._waiting[:number, left : left + width], left)

    def merge(self, other: Grid) -> None:
        """Add what another grid of the same columns and bins has counted."""
        self._count_waiting()
        other._count_waiting()
        self._expect(other._draws)
        self._table += other._table
        np.fmin(self.least, other.least, out=self.least)
        np.fmax(self.greatest, other.greatest, out=self.greatest)

    def quantile(self, share: float | Floats) -> Floats:
        """Return the quantile of each column, as if values lay evenly in their bin; NaN without a value.

        Parameters
        ----------
        share : float, or array of shape (columns,)
            From 0 to 1.
        """
        self._count_waiting()
        shares, width = np.broadcast_to(share, self.columns), max(1, SUMMED // self.bins)
        some = [slice(start, start + width) for start in range(0, self.columns, width)]
        return np.concatenate([self._quantile_of(columns, shares[columns]) for columns in some])

    def _quantile_of(self, columns: slice, share: Floats) -> Floats:
        """Return the quantiles of some columns."""
        least, greatest = self.least[columns], self.greatest[columns]

        def value(place: Integers, part: Floats) -> Floats:
            left = np.where(place == 0, np.fmin(least, self.low), self.low + place * self._width)
            right = np.where(place == self.bins - 1, np.fmax(greatest, self.high), self.low + (place + 1) * self._width)
            return np.asarray(np.clip(left * (1 - part) + right * part, least, greatest), dtype=float)

        counts = self.counts[columns]
        return quantile_of_counts(counts, counts.cumsum(dtype=np.int64), share, value)


def quantile_of_counts(
    counts: NDArray[Any], summed: Integers, share: float | Floats, value: Callable[[Integers, Floats], Floats]
) -> Floats:
    """Return the quantile of type 7 of what each row of bins counts.

    Parameters
    ----------
    counts : array of shape (rows, bins)
    summed : array of shape (rows * bins,)
        Their running sum through all rows, so that one search goes through all of them.
    share : float, or array of shape (rows,)
    value : callable
        From bins, and how far inside them as a part of their width, to the values that stand there.
    """
    rows, bins = counts.shape
    first = np.arange(rows) * bins
    ends = summed[first + bins - 1]
    starts = np.concatenate([[0], ends[:-1]])
    number = ends - starts
    place = share * np.maximum(number - 1, 0)
    found = []
    for nth in (np.floor(place), np.ceil(place)):
        at = np.clip(np.searchsorted(summed, starts + nth.astype(np.int64), side="right"), first, first + bins - 1)
        inside = counts.reshape(-1)[at]
        before = summed[at] - inside - starts
        found.append(value(at - first, (nth - before + 0.5) / np.maximum(inside, 1)))
    below, above = found
    with np.errstate(invalid="ignore"):
        between = np.clip(below + (above - below) * (place % 1.0), below, above)
    return np.asarray(np.where(number > 0, between, np.nan), dtype=float)

"""What many draws come to, counted block by block: ranks, quantiles and moments in memory that no draw adds to.

Each thread fills tallies of its own, and `merge` puts two together. Ranks and grids count in whole numbers: neither the
order of the blocks nor who counted them changes a digit. Moments are sums of fractions: merge them in one order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softpower.steps.measures import Floats

Integers = NDArray[np.int64]

CASES_LIMIT = 2_048
"""Of so many cases each rank is counted by itself, in 34 MB; of more, neighbouring ranks are counted together."""
COUNTS_LIMIT = 2**23
"""So many counts, in 34 MB, are kept of the ranks of more cases."""
SHORT_LIMIT, DRAWS_LIMIT = 2**15 - 1, 2**31 - 1
"""So many draws a grid counts in 16 and in 32 bits, which need less memory and time; then it moves to 64."""
SMALL = 2**17
"""A table of so many counts, in a megabyte, is written about as fast as it is read."""
CELLS = 2**21
"""So many cells are counted at once; a larger block is taken in parts, so that no buffer passes 17 MB."""
SLICE = 2**17
"""So many values are sorted into bins at once, or one column of them."""
MANTISSA = 52
"""Of so many bits: a double from 2^52 to 2^53 is whole, and what is above 2^52 stands in its low bits as an integer."""


class RankTally:
    """How often each case has each rank: 1 is the highest score, and ties take the lowest rank.

    Scores are rounded to whole steps before they are compared, as ``Result.ranks`` does.

    Parameters
    ----------
    cases : int
    step : float
        1e-9 of the scale's width.

    Notes
    -----
    Misleads where the step is not that of the scores beside it: what is tied there is in order here.

    Examples
    --------
    >>> tally = RankTally(cases=3, step=1e-7)
    >>> tally.add(np.array([[50.0, 70.0, 60.0], [50.0, 70.0, 70.0], [50.0, np.nan, 60.0]]))
    >>> tally.counts
    array([[0, 1, 2],
           [2, 0, 0],
           [2, 1, 0]])
    >>> tally.quantile(0.5)
    array([3., 1., 1.])
    """

    def __init__(self, cases: int, step: float, *, buffers: Buffers | None = None) -> None:
        self.cases = int(cases)  # numpy's own integers do not count their bits
        self.step = step
        self._buffers = buffers or Buffers()
        # By rank and case; the column behind the last case takes what has no rank.
        self._table: Integers | None = None
        # Whether draws with scores that are almost equal are the rule.
        self._alike = False
        self._grid: Grid | None = None
        self._sums, self._squares, self._present = np.zeros((3, cases), dtype=np.int64)
        if cases <= CASES_LIMIT:
            self._table = np.zeros((cases, cases + 1), dtype=np.int64)
        else:
            bins = max(1, min(1_024, COUNTS_LIMIT // cases))
            self._grid = Grid(cases, 0.5, cases + 0.5, bins=bins)

    @property
    def _running(self) -> bool:
        """Whether sums are kept as draws come in, since a large table takes long to read."""
        return self._table is not None and self._table.size > SMALL

    @property
    def counts(self) -> Integers | None:
        """How often each case, a row, has each rank, a column from 1; None above ``CASES_LIMIT`` cases."""
        return None if self._table is None else self._table[:, :-1].T

    @property
    def sums(self) -> Integers:
        """The sum of the ranks of each case."""
        if self.counts is None or self._running:
            return self._sums
        return np.asarray(self.counts @ np.arange(1, self.cases + 1))

    @property
    def squares(self) -> Integers:
        """The sum of the squares of the ranks of each case."""
        return self._squares if self.counts is None else np.asarray(self.counts @ np.arange(1, self.cases + 1) ** 2)

    @property
    def present(self) -> Integers:
        """In how many draws each case has a rank."""
        if self._running:
            return self._present
        counts = self._grid.counts if self._grid else self.counts
        return np.asarray(np.sum(np.asarray(counts), axis=1, dtype=np.int64))

    @property
    def error(self) -> float:
        """How far a quantile can be from the exact one, in ranks: 0 where each rank is counted by itself."""
        return self._grid.error if self._grid else 0.0

    def add(self, scores: Floats) -> None:
        """Count the ranks of a block of draws.

        Parameters
        ----------
        scores : array of shape (draws, cases)
            NaN where a case has no score: it has no rank in that draw, and the others are ranked among themselves.
        """
        for part in _parts(scores):
            if self._table is not None and not self._running:
                _count(self._table, self._index(part))
                continue
            cases, places = self._ordered(part)
            if self._running:
                self._present += np.bincount(cases.ravel(), minlength=self.cases + 1)[:-1]
                weights = np.broadcast_to(places + 1.0, cases.shape).ravel()
                self._sums += np.bincount(cases.ravel(), weights, self.cases + 1)[:-1].astype(np.int64)
            if self._table is not None:
                _count(self._table, self._exact_index(cases, places))
            if self._grid is not None:
                ranks = np.full((len(part), self.cases + 1), np.nan)
                np.put_along_axis(ranks, cases, np.broadcast_to(places + 1.0, cases.shape), axis=1)
                self._grid.add(ranks[:, :-1])
                self._sums += np.nansum(ranks[:, :-1], axis=0).astype(np.int64)
                self._squares += np.nansum(ranks[:, :-1] ** 2, axis=0).astype(np.int64)

    def _exact_index(self, cases: Integers, places: Integers) -> Integers:
        """Return which cells of the table are counted, given what `_ordered` returns."""
        places *= self.cases + 1
        cases += places
        return cases

    def _index(self, scores: Floats) -> Integers:
        """Return which cells of the table a block counts.

        Half as many bits sort in half the time. Scores so near to each other that these bits may not tell them apart
        are rare; the draws that have any are ordered by all their digits.
        """
        width = self.cases.bit_length()
        levels = 2 ** (31 - width) - 2
        least, greatest = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
        # A level is wider than a step, so that a tie never lies in levels with another between them.
        told_apart = least + levels * self.step < greatest
        if self._alike or not told_apart or max(-least, greatest) >= self.step * 2.0 ** (MANTISSA - 1):
            return self._exact_index(*self._ordered(scores))
        numbers = np.arange(self.cases)
        below = self._buffers.take("first", scores.shape)
        np.subtract(greatest, scores, out=below)
        keys = self._buffers.take("third", scores.shape).reshape(-1).view(np.int32)[: scores.size].reshape(scores.shape)
        np.multiply(below, levels / (greatest - least), out=keys, casting="unsafe")
        keys <<= width
        keys |= numbers.astype(np.int32)
        keys.sort(axis=1)
        # What is tied lies in one level, or in two that touch.
        apart = self._buffers.take("second", scores.shape).reshape(-1).view(np.int32)[: len(scores) * (self.cases - 1)]
        apart = np.subtract(keys[:, 1:], keys[:, :-1], out=apart.reshape(len(scores), -1))
        unsure = np.flatnonzero(apart.min(axis=1, initial=2**31 - 1) < 2 << width)
        self._alike = len(unsure) > len(scores) // 4
        # A copy, since the memory is needed again.
        exact = self._exact_index(*self._ordered(scores[unsure])).copy() if len(unsure) else None
        keys &= 2**width - 1
        index = np.add(keys, numbers * (self.cases + 1), out=below.view(np.int64))
        if exact is not None:
            index[unsure] = exact
        return index

    def _ordered(self, scores: Floats) -> tuple[Integers, Integers]:
        """Return the cases of each draw, the best first, and for each the place at which those tied with it begin.

        What has no score stands last, as a case of the number ``cases``. One number holds the score in steps and,
        in its low bits, the case; sorting such numbers sorts the cases. Both arrays are the caller's to change.
        """
        numbers = np.arange(self.cases)
        width = self.cases.bit_length()
        keys = self._buffers.take("first", scores.shape)
        with np.errstate(over="ignore", invalid="ignore"):
            np.divide(scores, -self.step, out=keys)
            np.rint(keys, out=keys)
            absent = self._absent(keys, 2.0 ** (MANTISSA - 1 - width))
        # At this size a double's last bit is worth 2^-width: the low bits are the case, those above them the steps.
        keys += 1.5 * 2.0 ** (MANTISSA - width) + numbers / 2**width
        ordered = keys.view(np.int64)
        if absent is not None:
            # Above any double, and apart from each other, so that they are not taken for ties.
            np.copyto(ordered, (7 << 60) + (numbers << width) + self.cases, where=absent)
        ordered.sort(axis=1)
        case_bits = 2**width - 1
        apart = self._buffers.take("second", scores.shape).view(np.int64)
        np.bitwise_xor(ordered.ravel()[1:], ordered.ravel()[:-1], out=apart.ravel()[1:])
        apart[:, 0] = 2**62
        ordered &= case_bits
        if apart.min() > case_bits:
            return ordered, numbers
        np.multiply(numbers, apart > case_bits, out=apart)
        np.maximum.accumulate(apart, axis=1, out=apart)
        return ordered, apart

    @staticmethod
    def _absent(steps: Floats, limit: float) -> NDArray[np.bool_] | None:
        """Return where there is no number, or None if there is one everywhere; numbers too large become their ranks."""
        # One pass, where the least and the greatest take two; NaN is not below anything.
        if np.vdot(steps, steps) < limit**2:
            return None
        absent = np.isnan(steps)
        if not absent.any() and max(-steps.min(), steps.max()) < limit:
            return None
        if max(-np.fmin.reduce(steps, axis=None), np.fmax.reduce(steps, axis=None)) >= limit:
            steps[...] = np.unique(steps, return_inverse=True)[1].reshape(steps.shape)
        return absent

    def merge(self, other: RankTally) -> None:
        """Add what another tally of the same cases and step has counted."""
        if self._table is not None and other._table is not None:
            self._table += other._table
        if self._grid is not None and other._grid is not None:
            self._grid.merge(other._grid)
        self._sums += other._sums
        self._squares += other._squares
        self._present += other._present

    def quantile(self, share: float | Floats) -> Floats:
        """Return the quantile of type 7 of each case's ranks; NaN without a rank.

        Parameters
        ----------
        share : float, or array of shape (cases,)
            From 0 to 1.
        """
        if self._grid is not None:
            return self._grid.quantile(share)
        counts = np.ascontiguousarray(self.counts)
        return _quantile(counts, counts.cumsum(), share, lambda rank, _: np.asarray(rank + 1.0))


class Grid:
    """Quantiles of scores from counts over equal bins of the scale.

    The least and the greatest value of each column are kept as they are. A value beyond the scale's ends is counted in
    the bin at that end, which then reaches as far as the value.

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
        # The count behind the last bin takes what has no value; nobody reads it, so it may overflow.
        self._table: NDArray[Any] = np.zeros(columns * bins + 1, dtype=np.int16)
        self._draws = 0
        self._summed: Integers | None = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_summed": None}

    @property
    def counts(self) -> NDArray[Any]:
        """How many values of each column, a row, lie in each bin."""
        return self._table[:-1].reshape(self.columns, self.bins)

    @property
    def _width(self) -> float:
        return (self.high - self.low) / self.bins

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
        # A few columns at a time, whose values and counts stay near the processor.
        width = max(1, SLICE // max(1, len(scores)))
        for start in range(0, self.columns, width):
            self._add(scores[:, start : start + width], slice(start, min(start + width, self.columns)))

    def _expect(self, draws: int) -> None:
        """Make room for the counts of so many more draws."""
        self._draws += draws
        if self._draws > SHORT_LIMIT:
            wider = np.int32 if self._draws <= DRAWS_LIMIT else np.int64
            self._table = self._table.astype(wider, copy=False)

    def _add(self, scores: Floats, columns: slice) -> None:
        # Column by column, so that one column's counts are near each other in memory.
        places = self._buffers.take("first", scores.T.shape)
        np.copyto(places, scores.T)
        absent = None
        with np.errstate(invalid="ignore"):
            least, greatest = places.min(axis=1), places.max(axis=1)
        if np.isnan(least).any():
            absent = np.isnan(places)
            least, greatest = np.fmin.reduce(places, axis=1), np.fmax.reduce(places, axis=1)
        self._reach(least, greatest, columns)
        # Half a bin less, because it is rounded to the nearest whole number.
        start, factor = self.low + self._width / 2, 1 / self._width
        places -= start
        places *= factor
        first, last = (np.fmin.reduce(least) - start) * factor, (np.fmax.reduce(greatest) - start) * factor
        if not (first >= 0 and last <= self.bins - 1):
            np.clip(places, 0, self.bins - 1, out=places)
        places += 2.0**MANTISSA + self.bins * np.arange(columns.start, columns.stop)[:, None]
        if absent is not None:
            places[absent] = 2.0**MANTISSA + self.bins * self.columns
        index = places.view(np.int64)
        index &= 2**MANTISSA - 1
        _count(self._table, index)
        self._summed = None

    def _reach(self, least: Floats, greatest: Floats, columns: slice) -> None:
        np.fmin(self.least[columns], least, out=self.least[columns])
        np.fmax(self.greatest[columns], greatest, out=self.greatest[columns])

    def merge(self, other: Grid) -> None:
        """Add what another grid of the same columns and bins has counted."""
        self._expect(other._draws)
        self._table += other._table
        self._summed = None
        self._reach(other.least, other.greatest, slice(None))

    def quantile(self, share: float | Floats) -> Floats:
        """Return the quantile of each column, as if values lay evenly in their bin; NaN without a value.

        Parameters
        ----------
        share : float, or array of shape (columns,)
            From 0 to 1.
        """

        def value(place: Integers, part: Floats) -> Floats:
            left = np.where(place == 0, np.fmin(self.least, self.low), self.low + place * self._width)
            right = np.where(
                place == self.bins - 1, np.fmax(self.greatest, self.high), self.low + (place + 1) * self._width
            )
            return np.asarray(np.clip(left * (1 - part) + right * part, self.least, self.greatest), dtype=float)

        if self._summed is None:
            self._summed = self.counts.cumsum(dtype=np.int64)
        return _quantile(self.counts, self._summed, share, value)


class Moments:
    """Mean and variance of columns, from sums of what their values differ from a centre.

    Parameters
    ----------
    centre : array of shape (columns,)
        A number near the values of each column, such as its score without a draw; 0 where it is NaN.

    Notes
    -----
    Misleads where the values lie far from the centre and close together: the variance is then a small difference of
    large numbers.

    Examples
    --------
    >>> moments = Moments(np.array([1e9]))
    >>> moments.add(np.array([[1e9 + 1], [np.nan], [1e9 + 3]]))
    >>> moments.mean, moments.variance
    (array([1.e+09]), array([2.]))
    """

    def __init__(self, centre: Floats, *, buffers: Buffers | None = None) -> None:
        self.centre = np.where(np.isnan(centre), 0.0, centre)
        self.count = np.zeros(self.centre.shape, dtype=np.int64)
        self._sums, self._squares = np.zeros((2, *self.centre.shape))
        self._buffers = buffers or Buffers()

    def add(self, scores: Floats) -> None:
        """Add a block of values.

        Parameters
        ----------
        scores : array of shape (draws, columns)
            NaN is not counted.
        """
        for part in _parts(scores):
            off = self._buffers.take("first", part.shape)
            np.subtract(part, self.centre, out=off)
            self.count += len(part)
            squares = np.einsum("ij,ij->j", off, off)
            if np.isnan(squares).any():
                absent = np.isnan(off)
                off[absent] = 0.0
                self.count -= absent.sum(axis=0)
                squares = np.einsum("ij,ij->j", off, off)
            self._sums += np.ones(len(off)) @ off
            self._squares += squares

    def merge(self, other: Moments) -> None:
        """Add the sums of others about the same centre."""
        self.count += other.count
        self._sums += other._sums
        self._squares += other._squares

    @property
    def mean(self) -> Floats:
        """The arithmetic mean of each column; NaN without a value."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.centre + self._sums / self.count)

    @property
    def variance(self) -> Floats:
        """The variance of each column, over one less than the values; NaN of fewer than two."""
        with np.errstate(invalid="ignore", divide="ignore"):
            squares = np.maximum(self._squares - self._sums**2 / self.count, 0.0)
            return np.where(self.count > 1, squares / (self.count - 1), np.nan)


class Buffers:
    """Memory that one block after the other uses; a copy, or what comes out of a pickle, starts without it."""

    def __init__(self) -> None:
        self._memory: dict[str, Floats] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()

    def take(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Return an array of a shape, with whatever was last in it."""
        size = int(np.prod(shape))
        if name not in self._memory or self._memory[name].size < size:
            self._memory[name] = np.empty(size)
        return self._memory[name][:size].reshape(shape)


def _parts(scores: Floats) -> list[Floats]:
    """Return the rows of a block in parts of at most so many cells, or of one row."""
    rows = max(1, CELLS // max(1, scores.shape[1]))
    return [scores[start : start + rows] for start in range(0, len(scores), rows)]


def _count(table: NDArray[Any], index: Integers) -> None:
    """Add one to a table at each place of an index."""
    counts, places = table.reshape(-1), index.reshape(-1)
    if counts.size > SMALL:
        # Touches only what it counts, but holds Python's lock. The other way is free of it, but writes the whole table.
        np.add.at(counts, places, counts.dtype.type(1))
    else:
        counts += np.bincount(places, minlength=counts.size)


def _quantile(
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

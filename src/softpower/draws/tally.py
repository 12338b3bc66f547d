"""The ranks of many draws, counted block by block in memory that no draw adds to.

Each thread fills tallies of its own, and `merge` puts two together. Ranks count in whole numbers: neither the order of
the blocks nor who counted them changes a digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from softpower.draws.buffers import Buffers
from softpower.draws.grid import Grid, Integers, quantile_of_counts
from softpower.steps.measures import Floats
from softpower.steps.statistics import quantile_of_sorted

CASES_LIMIT = 2_048
"""Of so many cases each rank is counted by itself, in 34 MB."""
COUNTS_LIMIT = 2**24
"""Of more cases neighbouring ranks are counted together: so many counts, in 34 MB while there are few draws."""
LEAST_BINS, MOST_BINS = 256, 4_096
"""No case has fewer bins, however many cases there are: a quantile of ranks is then as exact as one of scores."""
SMALL = 2**17
"""A table of so many counts, in a megabyte, is written about as fast as it is read."""
CELLS = 2**21
"""So many cells are counted at once; a larger block is taken in parts, so that no buffer passes 17 MB."""
TOGETHER = 2**15
"""So many scores, in 262 kB, are ranked at once where they come in smaller blocks."""
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
    draws : int, optional
        How many there will be, in all tallies that are merged: the ranks of so few that counts would take no less
        memory are held as they are. Many by default.

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

    def __init__(self, cases: int, step: float, *, draws: int | None = None, buffers: Buffers | None = None) -> None:
        self.cases = int(cases)  # numpy's own integers do not count their bits
        self.step = step
        self._buffers = buffers or Buffers()
        # By rank and case; the column behind the last case takes what has no rank.
        self._table: Integers | None = None
        # Whether draws with scores that are almost equal are the rule.
        self._alike = False
        self._grid: Grid | None = None
        # Ranks as they are, of shape (draws, cases), where they are few.
        self._held: list[NDArray[np.float32]] | None = None
        self._in_order = False
        self._sums, self._squares, self._present = np.zeros((3, cases), dtype=np.int64)
        # Scores that are not ranked yet.
        self._waiting: Floats | None = None
        self._number = 0
        if cases <= CASES_LIMIT:
            self._table = np.zeros((cases, cases + 1), dtype=np.int64)
            return
        bins = min(max(LEAST_BINS, COUNTS_LIMIT // cases), MOST_BINS)
        # A rank takes as much memory as two counts.
        if draws is not None and 2 * draws <= bins:
            self._held = []
        else:
            self._grid = Grid(cases, 0.5, cases + 0.5, bins=bins)

    @property
    def _running(self) -> bool:
        """Whether sums are kept as draws come in, since a large table takes long to read."""
        return self._table is not None and self._table.size > SMALL

    @property
    def counts(self) -> Integers | None:
        """How often each case, a row, has each rank, a column from 1; None above ``CASES_LIMIT`` cases."""
        self._rank_waiting()
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
        self._rank_waiting()
        counts = self.counts
        return self._present if counts is None or self._running else np.asarray(counts.sum(axis=1))

    @property
    def error(self) -> float:
        """How far a quantile can be from the exact one, in ranks: 0 where none are counted together."""
        return self._grid.error if self._grid else 0.0

    def add(self, scores: Floats) -> None:
        """Count the ranks of a block of draws.

        Parameters
        ----------
        scores : array of shape (draws, cases)
            NaN where a case has no score: it has no rank in that draw, and the others are ranked among themselves.
        """
        rows = TOGETHER // max(1, self.cases)
        if len(scores) >= rows:
            self._rank(scores)
            return
        if self._waiting is None:
            self._waiting = np.empty((rows, self.cases))
        if self._number + len(scores) > rows:
            self._rank_waiting()
        self._waiting[self._number : self._number + len(scores)] = scores
        self._number += len(scores)

    def _rank_waiting(self) -> None:
        """Rank what waits."""
        if self._waiting is not None and self._number:
            number, self._number = self._number, 0
            self._rank(self._waiting[:number])

    def __getstate__(self) -> dict[str, Any]:
        self._rank_waiting()
        return self.__dict__ | {"_waiting": None}

    def _rank(self, scores: Floats) -> None:
        """Count the ranks of scores."""
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
            else:
                self._keep(cases, places)

    def _keep(self, cases: Integers, places: Integers) -> None:
        """Hold ranks, or count them in the grid, given what `_ordered` returns."""
        made = np.full((len(cases), self.cases + 1), np.nan)
        np.put_along_axis(made, cases, np.broadcast_to(places + 1.0, cases.shape), axis=1)
        ranks = made[:, :-1]
        if self._grid is not None:
            self._grid.add(ranks)
        if self._held is not None:
            # Exact: there are fewer cases than whole numbers that fit.
            self._held.append(ranks.astype(np.float32))
            self._in_order = False
        self._present += (~np.isnan(ranks)).sum(axis=0)
        self._sums += np.nansum(ranks, axis=0).astype(np.int64)
        self._squares += np.nansum(ranks**2, axis=0).astype(np.int64)

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
        self._rank_waiting()
        other._rank_waiting()
        if self._table is not None and other._table is not None:
            self._table += other._table
        if self._grid is not None and other._grid is not None:
            self._grid.merge(other._grid)
        if self._held is not None and other._held is not None:
            self._held += other._held
            self._in_order = False
        self._sums += other._sums
        self._squares += other._squares
        self._present += other._present

    def _sorted(self) -> NDArray[np.float32]:
        """Return the ranks that are held, sorted along the draws; gaps last."""
        assert self._held is not None
        if not self._in_order:
            whole = np.concatenate([np.empty((0, self.cases), np.float32), *self._held])
            whole.sort(axis=0)
            self._held, self._in_order = [whole], True
        return self._held[0]

    def quantile(self, share: float | Floats) -> Floats:
        """Return the quantile of type 7 of each case's ranks; NaN without a rank.

        Parameters
        ----------
        share : float, or array of shape (cases,)
            From 0 to 1.
        """
        self._rank_waiting()
        if self._grid is not None:
            return self._grid.quantile(share)
        if self._held is not None:
            return quantile_of_sorted(self._sorted(), share)
        counts = np.ascontiguousarray(self.counts)
        return quantile_of_counts(counts, counts.cumsum(), share, lambda rank, _: np.asarray(rank + 1.0))


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

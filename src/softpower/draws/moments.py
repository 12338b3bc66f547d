"""Means and variances of many draws, from sums that no draw adds to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softpower.draws.buffers import Buffers, columns_at_a_time
from softpower.steps.measures import Floats


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
        self._draws = 0
        self._absent = np.zeros(self.centre.shape, dtype=np.int64)
        self._sums, self._squares = np.zeros((2, *self.centre.shape))
        self._buffers = buffers or Buffers()

    def add(self, scores: Floats) -> None:
        """Add a block of values.

        Parameters
        ----------
        scores : array of shape (draws, columns)
            NaN is not counted.
        """
        self._draws += len(scores)
        for columns in columns_at_a_time(scores):
            self._add(scores[:, columns], columns)

    def _add(self, scores: Floats, columns: slice) -> None:
        """Add the values of some columns."""
        off = np.subtract(scores, self.centre[columns], out=self._buffers.take("first", scores.shape))
        squares = np.einsum("ij,ij->j", off, off)
        if np.isnan(squares).any():
            absent = np.isnan(off)
            off[absent] = 0.0
            self._absent[columns] += absent.sum(axis=0)
            squares = np.einsum("ij,ij->j", off, off)
        self._sums[columns] += np.ones(len(off)) @ off
        self._squares[columns] += squares

    def merge(self, other: Moments) -> None:
        """Add the sums of others about the same centre."""
        self._draws += other._draws
        self._absent += other._absent
        self._sums += other._sums
        self._squares += other._squares

    @property
    def count(self) -> NDArray[np.int64]:
        """How many values each column has."""
        return self._draws - self._absent

    @property
    def mean(self) -> Floats:
        """The arithmetic mean of each column; NaN without a value."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.centre + self._sums / self.count)

    @property
    def variance(self) -> Floats:
        """The variance of each column, over one less than the values; NaN of fewer than two."""
        count = self.count
        with np.errstate(invalid="ignore", divide="ignore"):
            squares = np.maximum(self._squares - self._sums**2 / count, 0.0)
            return np.where(count > 1, squares / (count - 1), np.nan)

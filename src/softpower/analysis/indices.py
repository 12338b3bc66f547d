"""Variance-based sensitivity indices from the outputs at the rows of a Saltelli design: arrays only.

The design has rows A and B, and for each factor (or group of factors) the rows of A with that factor from B.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from softpower.steps.measures import Floats, Mask

PRODUCTS = 2**22
"""So many products of rows are held at a time when rows are resampled."""


@dataclass(frozen=True)
class Indices:
    """First-order and total indices, of shape (..., factors, outputs).

    NaN where an output does not vary.
    """

    first: Floats
    total: Floats


@dataclass(frozen=True)
class _Sums:
    """Sums over rows, of shape (..., factors, outputs) or (..., outputs), of outputs taken from their mean."""

    count: Floats
    a: Floats
    b: Floats
    squares: Floats
    crossed: Floats
    moved: Floats
    apart: Floats

    def indices(self) -> Indices:
        """Return the indices: the algebra of centred products, of sums that were centred elsewhere."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (self.a + self.b) / (2 * self.count)
            variance = (self.squares - 2 * self.count * np.square(mean)) / (2 * self.count - 1)
            variance = np.where(variance > 0, variance, np.nan)
            first = (self.crossed - mean[..., None, :] * self.moved) / self.count[..., None, :] / variance[..., None, :]
            total = self.apart / (2 * self.count[..., None, :]) / variance[..., None, :]
        return Indices(np.asarray(first), np.asarray(total))


def variance_indices(a: Floats, b: Floats, ab: Floats) -> Indices:
    """Return the first-order index of Saltelli and others and the total index of Jansen.

    first = E[(f(B) - m) (f(AB) - f(A))] / V and total = E[(f(A) - f(AB))^2] / (2 V), where AB takes one factor from B
    and all others from A, and m and V are the mean and the variance (divisor 2n - 1) of the outputs at A and B
    together.

    Parameters
    ----------
    a, b : arrays of shape (n, outputs)
    ab : array of shape (factors, n, outputs)
        A row in which an output lacks (NaN) is left out for that output.

    Returns
    -------
    Indices

    Notes
    -----
    Estimates may be negative, or above one, when n is small. Without the centring by m the first-order estimate
    depends on where the output's zero is.

    References
    ----------
    Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola, Variance based sensitivity analysis of model output,
    Computer Physics Communications 181, 2010, 259-270, table 2, (b) and (f).

    Examples
    --------
    >>> a, b = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> only_the_first = np.stack([b, a])
    >>> variance_indices(a[:, [0]], b[:, [0]], only_the_first[..., [0]]).total.ravel()
    array([1.5, 0. ])
    """
    return _summed(*_centred(a, b, ab)).indices()


def bootstrap_indices(a: Floats, b: Floats, ab: Floats, *, resamples: int, rng: np.random.Generator) -> Indices:
    """Return the indices of resampled rows, of shape (resamples, factors, outputs).

    Each resample is what `variance_indices` gives of rows drawn with replacement; all are one matrix product of how
    often each row was drawn and the products of each row.

    Parameters
    ----------
    a, b, ab
        As for `variance_indices`.
    resamples : int
    rng : numpy.random.Generator

    References
    ----------
    Archer, Saltelli and Sobol, Sensitivity measures, ANOVA-like techniques and the use of bootstrap, Journal of
    Statistical Computation and Simulation 58, 1997, 99-120.
    """
    rows, outputs = a.shape
    counts = rng.multinomial(rows, np.full(rows, 1.0 / rows), size=resamples).astype(float)
    parts = [
        _summed(*_centred(a[:, some], b[:, some], ab[..., some]), counts=counts).indices()
        for some in _slices(outputs, rows * len(ab))
    ]
    first, total = (np.concatenate([getattr(one, name) for one in parts], axis=-1) for name in ("first", "total"))
    return Indices(first, total)


def _slices(outputs: int, products: int) -> Iterator[slice]:
    """Yield the outputs that are resampled at a time, so that their products fit into memory."""
    width = max(1, PRODUCTS // max(1, products))
    for start in range(0, outputs, width):
        yield slice(start, start + width)


def _centred(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats, Floats, Mask]:
    """Return A and B less their mean, what AB adds to A, and which rows lack nothing; a row that does is 0.

    Rows come first in all of them, so that they are summed, or resampled by a matrix product, where they stand.
    """
    there = ~(np.isnan(a) | np.isnan(b) | np.isnan(ab).any(axis=0))
    count = np.maximum(2 * there.sum(axis=0), 1)
    mean = np.where(there, a + b, 0.0).sum(axis=0) / count
    moved = np.empty((len(a), len(ab), a.shape[1]))
    np.subtract(ab.swapaxes(0, 1), a[:, None], out=moved)
    if not there.all():
        np.copyto(moved, 0.0, where=~there[:, None])
    return np.where(there, a - mean, 0.0), np.where(there, b - mean, 0.0), moved, there


def _summed(a: Floats, b: Floats, moved: Floats, there: Mask, counts: Floats | None = None) -> _Sums:
    """Return the sums over rows, each row taken as often as the counts of a resample say."""

    def over(values: Floats) -> Floats:
        if counts is None:
            return np.asarray(values.sum(axis=0))
        return np.asarray(counts @ values.reshape(len(values), -1)).reshape(len(counts), *values.shape[1:])

    return _Sums(
        count=over(there.astype(float)),
        a=over(a),
        b=over(b),
        squares=over(np.square(a) + np.square(b)),
        crossed=over(b[:, None] * moved),
        moved=over(moved),
        apart=over(np.square(moved)),
    )


def interval(resampled: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the ends between which a share of the resampled estimates lies, by quantiles of type 7.

    Parameters
    ----------
    resampled : array of shape (resamples, ...)
    level : float
        The share, from 0 to 1; half of the others lie on either side.

    Examples
    --------
    >>> [round(float(end), 9) for end in interval(np.arange(11.0), 0.8)]
    [1.0, 9.0]
    """
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.asarray(low), np.asarray(high)


def convergence(a: Floats, b: Floats, ab: Floats, sizes: Sequence[int]) -> Indices:
    """Return the indices of the first rows alone, of shape (sizes, factors, outputs).

    Parameters
    ----------
    a, b, ab
        As for `variance_indices`.
    sizes : sequence of int
        How many rows.
    """
    parts = [variance_indices(a[:size], b[:size], ab[:, :size]) for size in sizes]
    return Indices(np.stack([one.first for one in parts]), np.stack([one.total for one in parts]))

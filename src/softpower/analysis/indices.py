"""How much of an output's variance is owed to each factor: first-order and total indices, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from softpower.errors import Fault, MethodError
from softpower.steps.measures import Floats, Mask
from softpower.steps.statistics import mean, quantile

MOST_RESAMPLES = 1_000_000
"""More of them say nothing more."""
COUNTS = 2**20
"""Resamples come together whose counts of rows are so many, 8 MB."""
LEAST = 16
"""So many come together at least, so that what is the same for all is not made anew for each; or a multiple of it."""
ROUNDING = 1e-12
"""An output that varies by no more than this share of its largest value is constant but for rounding."""


@dataclass(frozen=True, eq=False)
class Indices:
    """The sensitivity of outputs to factors, or to groups of factors.

    Parameters
    ----------
    first : array of shape (..., factors, outputs)
        The share of the output's variance that the factor explains alone.
    total : array of shape (..., factors, outputs)
        The share that would be left if all the other factors were known: alone and with others.
    """

    first: Floats
    total: Floats


def variance_indices(a: Floats, b: Floats, ab: Floats) -> Indices:
    """Return the first-order and total indices of every factor for every output.

    first = mean((b - m) (ab - a)) / V and total = mean((a - ab)^2) / (2 V), where m is the mean of a and b together,
    and V their variance, with one less than their number below.

    Parameters
    ----------
    a, b : arrays of shape (rows, outputs)
        The outputs of two independent samples A and B of all factors. NaN where an output is undefined.
    ab : array of shape (factors, rows, outputs)
        The outputs of A with one factor, or one group of factors, taken from B.

    Returns
    -------
    Indices
        Arrays of shape (factors, outputs). An output that does not vary has no shares: NaN.

    Raises
    ------
    MethodError
        If the shapes do not go together, or an output is infinite.

    See Also
    --------
    complete_rows : How many rows count.

    Notes
    -----
    A row in which an output is NaN, in A, B or under any factor, is left out for that output and for no other.

    Estimates are shown as they are: one near 0 may be negative, and the first-order indices may add to more than 1.
    The share is of the variance, not of the output: a factor that only shifts every row has the index 0.

    Misleads where factors depend on each other, since a swapped row then shows what cannot be: put them into one
    group. Misleads too where rows are undefined because of what a factor is: what is left is another question.

    References
    ----------
    Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola, Variance based sensitivity analysis of model output,
    Computer Physics Communications 181 (2010), Table 2: (b), with outputs about their mean, and (f), which is from
    Jansen, Analysis of variance designs for model output, Computer Physics Communications 117 (1999).

    Examples
    --------
    The output is x + 2 y for x and y of -1 or 1, so that y has four fifths of the variance. The rows hold every
    choice of x and y in A and in B once; V is a little above the variance of 5, since one less stands below.

    >>> x, y, other_x, other_y = (one.ravel() for one in np.meshgrid(*[[-1.0, 1.0]] * 4))
    >>> def output(x, y):
    ...     return (x + 2 * y)[:, None]
    >>> swapped = np.stack([output(other_x, y), output(x, other_y)])
    >>> variance_indices(output(x, y), output(other_x, other_y), swapped).total.round(2)
    array([[0.19],
           [0.78]])
    """
    a, b, ab = _outputs(a, b, ab)
    whole = _weighted(np.ones((1, len(a))), a, b, ab)
    return Indices(whole.first[0], whole.total[0])


def bootstrap_indices(a: Floats, b: Floats, ab: Floats, *, resamples: int, rng: np.random.Generator) -> Indices:
    """Return the indices of samples whose rows are drawn with replacement from those given.

    A resample holds row r so many times as c_r says, and all its sums are a product of c with the sums' terms in each
    row.

    Parameters
    ----------
    a, b : arrays of shape (rows, outputs)
    ab : array of shape (factors, rows, outputs)
        As in `variance_indices`. A row is drawn with all its outputs and all its factors.
    resamples : int
    rng : numpy.random.Generator

    Returns
    -------
    Indices
        Arrays of shape (resamples, factors, outputs); NaN where an output does not vary among the rows drawn.

    Raises
    ------
    MethodError
        If there is no resample, the shapes do not go together, or an output is infinite.

    Notes
    -----
    Misleads where rows are quasi-random: they are more even than the draws that the bootstrap takes them for, and the
    true error is smaller as a rule.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.normal(size=(2, 64, 1))
    >>> bootstrap_indices(a, b, b[None], resamples=100, rng=rng).total.shape
    (100, 1, 1)
    """
    a, b, ab = _outputs(a, b, ab)
    if not 1 <= resamples <= MOST_RESAMPLES:
        what = f"{resamples} resamples say nothing" if resamples < 1 else f"{resamples} resamples are too many"
        raise MethodError.of("resamples", what, f"Take 100 or more, and at most {MOST_RESAMPLES:,}.")
    first, total = (np.empty((resamples, *ab.shape[::2])) for _ in range(2))
    together = LEAST * max(1, COUNTS // (LEAST * len(a)))
    for start in range(0, resamples, together):
        some = slice(start, min(start + together, resamples))
        part = _weighted(_times(some.stop - some.start, len(a), rng), a, b, ab)
        first[some], total[some] = part.first, part.total
    return Indices(first, total)


def _times(resamples: int, rows: int, rng: np.random.Generator) -> Floats:
    """Return how often each resample holds each row, of shape (resamples, rows)."""
    drawn = rng.integers(rows, size=(resamples, rows))
    drawn += rows * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape).astype(float)


def convergence(a: Floats, b: Floats, ab: Floats, sizes: Sequence[int]) -> Indices:
    """Return the indices of the first so many rows, for several sizes.

    Parameters
    ----------
    a, b : arrays of shape (rows, outputs)
    ab : array of shape (factors, rows, outputs)
        As in `variance_indices`.
    sizes : sequence of int
        From 1 to the number of rows. Of Sobol points, powers of two are the most even.

    Returns
    -------
    Indices
        Arrays of shape (sizes, factors, outputs).

    Raises
    ------
    MethodError
        If a size is not between 1 and the number of rows, the shapes do not go together, or an output is infinite.

    Examples
    --------
    >>> a, b = np.random.default_rng(0).normal(size=(2, 64, 1))
    >>> convergence(a, b, b[None], [16, 32, 64]).first.shape
    (3, 1, 1)
    """
    a, b, ab = _outputs(a, b, ab)
    wrong = [size for size in sizes if not 1 <= size <= len(a)]
    if wrong:
        mend = f"Take sizes from 1 to {len(a)}."
        raise MethodError([Fault("sizes", f"there is no sample of the first {one} rows", mend) for one in wrong])
    times = np.arange(len(a)) < np.asarray(sizes, dtype=int)[:, None]
    return _weighted(times.astype(float), a, b, ab)


def interval(resampled: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the interval that holds the middle share of the resamples.

    Its ends are the quantiles (1 - level) / 2 and (1 + level) / 2, of type 7.

    Parameters
    ----------
    resampled : array of shape (resamples, ...)
    level : float
        Between 0 and 1.

    Returns
    -------
    low, high : arrays of shape (...)
        NaN where no resample has a number.

    Raises
    ------
    MethodError
        If the level is not between 0 and 1.

    Notes
    -----
    Misleads where an output is the same in most rows, such as a rare event: resamples in which it does not vary have
    no number, and the interval is of the others.

    Examples
    --------
    >>> low, high = interval(np.arange(101.0)[:, None], 0.9)
    >>> low, high
    (array([5.]), array([95.]))
    """
    if not 0.0 < level < 1.0:
        raise MethodError.of("level", f"{level} is not between 0 and 1", "Take 0.9 for nine resamples in ten.")
    shape = resampled.shape[1:]
    listed = resampled.reshape(len(resampled), int(np.prod(shape)))
    low, high = (quantile(listed, (1.0 + side * level) / 2.0).reshape(shape) for side in (-1.0, 1.0))
    return low, high


def complete_rows(a: Floats, b: Floats, ab: Floats) -> Floats:
    """Return how many rows count for each output: those in which A, B and every factor have a number.

    Parameters
    ----------
    a, b : arrays of shape (rows, outputs)
    ab : array of shape (factors, rows, outputs)
        As in `variance_indices`.

    Returns
    -------
    array of shape (outputs,)

    Examples
    --------
    >>> complete_rows(np.ones((3, 1)), np.array([[1.0], [np.nan], [3.0]]), np.ones((2, 3, 1)))
    array([2.])
    """
    return np.asarray(_complete(*_outputs(a, b, ab)).sum(axis=0), dtype=float)


def _outputs(a: ArrayLike, b: ArrayLike, ab: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return outputs as arrays of numbers; ranks are integers."""
    a, b, ab = (np.asarray(one, dtype=float) for one in (a, b, ab))
    if a.ndim != 2 or len(a) == 0 or b.shape != a.shape or ab.ndim != 3 or ab.shape[1:] != a.shape:
        what = f"A has the shape {a.shape}, B {b.shape}, and A with factors from B {ab.shape}"
        mend = "Give (rows, outputs), with a row at least, twice, and (factors, rows, outputs)."
        raise MethodError.of("outputs", what, mend)
    infinite = [_infinite(a), _infinite(b), _infinite(ab).any(axis=0)]
    faults = [
        Fault(f"output {place}", "it is infinite in a row", "Leave it out, or make it NaN there.")
        for place in np.flatnonzero(np.any(infinite, axis=0))
    ]
    if faults:
        raise MethodError(faults)
    return a, b, ab


def _infinite(outputs: Floats) -> Mask:
    return np.asarray(np.isinf(outputs).any(axis=-2))


def _complete(a: Floats, b: Floats, ab: Floats) -> Mask:
    """Return where a row counts for an output."""
    return ~(np.isnan(a) | np.isnan(b) | np.isnan(ab).any(axis=0))


def _weighted(times: Floats, a: Floats, b: Floats, ab: Floats) -> Indices:
    """Return the indices of samples that hold each row so many times: (samples, rows) gives (samples, ...)."""
    complete = _complete(a, b, ab)
    # A power of two near the largest value as the unit: nothing is rounded, and no square over- or underflows.
    _, power = np.frexp(np.fmax.reduce(np.abs([a, b]), axis=(0, 1)))
    unit = np.ldexp(1.0, -np.maximum(power, -1000))
    a, b = a * unit, b * unit
    # Taken from every output, the mean changes no index, and leaves no large numbers to cancel below.
    middle = mean(np.concatenate([a, b]))
    from_a, from_b = (np.where(complete, one - middle, 0.0) for one in (a, b))

    rows = times @ complete.astype(float)
    sums, squares = times @ (from_a + from_b), times @ (from_a * from_a + from_b * from_b)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = sums / (2.0 * rows)
        about = squares - sums * centre
        varies = about > ROUNDING * squares + 2.0 * rows * ROUNDING**2
        variance = np.where(varies, about / (2.0 * rows - 1.0), np.nan)

    first, total = (np.empty((len(times), *ab.shape[::2])) for _ in range(2))
    # One product for each factor: its terms stay in the cache, and those of all would take three times the room of ab.
    terms = np.empty((len(a), 3, a.shape[1]))
    move = terms[:, 0]
    for factor, one in enumerate(ab):
        np.subtract(one * unit, a, out=move)
        move[~complete] = 0.0
        np.multiply(move, move, out=terms[:, 1])
        np.multiply(move, from_b, out=terms[:, 2])
        moved, square, cross = np.split(times @ terms.reshape(len(terms), -1), 3, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            first[:, factor] = (cross - centre * moved) / (rows * variance)
            total[:, factor] = square / (2.0 * rows * variance)
    return Indices(first, total)

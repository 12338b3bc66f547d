"""Quantile functions: uniform numbers from 0 to 1 become values of an uncertain quantity, 0 its low and 1 its high."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from softpower.errors import MethodError
from softpower.steps.measures import Floats

INNERMOST, OUTERMOST = 2.0**-54, 1.0 - 2.0**-53
"""The ends of what stands for a uniform number where 0 or 1 itself would lead to infinity."""

FARTHEST = 37.0
"""In standard deviations: the tail of the normal distribution beyond it is too thin for double precision."""


class Sides(NamedTuple):
    """What triangular distributions are drawn from: the two sides of the mode.

    Parameters
    ----------
    left, right : arrays
        How wide they are.
    below, above : arrays
        By what the root of u is multiplied below the mode, and that of 1 - u above it.
    """

    left: Floats
    right: Floats
    below: Floats
    above: Floats

    @classmethod
    def of(cls, low: Floats | float, mode: Floats | float, high: Floats | float) -> Sides:
        """Return those of distributions by their low, mode and high.

        Examples
        --------
        >>> [float(one) for one in Sides.of(0.0, 4.0, 4.0)]
        [4.0, 0.0, 4.0, 0.0]
        """
        width, left, right = (np.subtract(*ends) for ends in ((high, low), (mode, low), (high, mode)))
        # Where low and high are equal, any other width gives them back.
        below, above = (width * np.sqrt(side / np.where(width > 0, width, 1.0)) for side in (left, right))
        # However it was rounded, nothing is left of what lies above the mode where u is 0.
        return cls(left, right, below, np.maximum(above, right))

    def some(self, places: slice | np.ndarray) -> Sides:
        """Return those of some of the distributions."""
        return Sides(*(one[places] for one in self))


def uniform(u: Floats, low: Floats | float, high: Floats | float) -> Floats:
    """Return quantiles of the uniform distribution: low + u (high - low).

    Parameters
    ----------
    u : array
        From 0 to 1.
    low, high : array or float
        Finite. They broadcast with `u`.

    Examples
    --------
    >>> uniform(np.array([0.0, 0.25, 1.0]), 2.0, 6.0)
    array([2., 3., 6.])
    """
    width = np.subtract(high, low)
    values = np.multiply(u, width, out=np.empty(np.broadcast_shapes(np.shape(u), width.shape)))
    values += low
    return _held(values, u, low, high)


def triangular(
    u: Floats,
    low: Floats | float,
    mode: Floats | float,
    high: Floats | float,
    *,
    sides: Sides | None = None,
    out: Floats | None = None,
    work: Floats | None = None,
) -> Floats:
    """Return quantiles of the triangular distribution.

    With c = (mode - low) / (high - low), they are low + (high - low) sqrt(u c) for u up to c, and
    high - (high - low) sqrt((1 - u)(1 - c)) above.

    Parameters
    ----------
    u : array
        From 0 to 1.
    low, mode, high : array or float
        Finite and in this order; any of them may be equal. They broadcast with `u`.
    sides : Sides, optional
        What `Sides.of` returns for them, where many blocks are drawn of the same numbers.
    out, work : array, optional
        Where to write, and memory of the same shape to work in.

    Examples
    --------
    >>> triangular(np.array([0.0, 0.125, 0.5, 0.875, 1.0]), 0.0, 2.0, 4.0)
    array([0., 1., 2., 3., 4.])
    """
    left, right, below, above = Sides.of(low, mode, high) if sides is None else sides
    shape = np.broadcast_shapes(np.shape(u), np.shape(below))
    # What is added below the mode ends where what is added above it begins, so that no mask slows the sum down.
    values = np.sqrt(u, out=np.empty(shape) if out is None else out)
    values *= below
    np.minimum(values, left, out=values)
    upper = np.subtract(1.0, u, out=np.empty(shape) if work is None else work)
    np.sqrt(upper, out=upper)
    upper *= above
    np.subtract(right, upper, out=upper)
    np.maximum(upper, 0.0, out=upper)
    values += upper
    values += low
    # Nothing that is added is below zero, and at 0 nothing is: rounding may lead out at the high end alone.
    np.minimum(values, high, out=values)
    if not np.max(u, initial=0.0) < 1:
        np.copyto(values, high, where=u >= 1)
    return values


def truncated_normal(
    u: Floats, mean: Floats | float, deviation: Floats | float, low: Floats | float, high: Floats | float
) -> Floats:
    """Return quantiles of the normal distribution cut off at low and high.

    F(x) = (Phi(z) - Phi(a)) / (Phi(b) - Phi(a)), where z, a and b are x, low and high less the mean, in deviations.
    Each quantile is sought in the tail that is smaller there, so that no digits are lost far from the mean.

    Parameters
    ----------
    u : array
        From 0 to 1. Towards an infinite end 0 and 1 stand for the next number inside, about 8.2 deviations off the
        mean if nothing is cut off: no draw is infinite.
    mean, deviation : array or float
        Of the distribution before it is cut; the deviation is above zero. They broadcast with `u`, and so do the ends.
        Rounding is of the size of 1e-16 deviations, however near the ends are to each other.
    low, high : array or float
        In this order; -inf and inf cut nothing off.

    Raises
    ------
    MethodError
        If the mean lies more than 37 deviations outside the ends.

    Examples
    --------
    >>> truncated_normal(np.array([0.0, 0.5, 1.0]), 10.0, 2.0, 8.0, 12.0)
    array([ 8., 10., 12.])
    """
    from scipy.special import ndtr, ndtri

    bottom, top = (np.divide(np.subtract(end, mean), deviation) for end in (low, high))
    if (np.maximum(bottom, -top) > FARTHEST).any():
        what = f"a mean lies more than {FARTHEST:g} standard deviations outside its bounds"
        raise MethodError.of("truncated_normal", what, "Correct the bounds, or give a larger deviation.")
    mass = np.where(bottom > 0, ndtr(-bottom) - ndtr(-top), ndtr(top) - ndtr(bottom))
    inside = np.clip(u, INNERMOST, OUTERMOST)
    below = ndtr(bottom) + inside * mass
    above = ndtr(-top) + (1.0 - inside) * mass
    values = np.asarray(ndtri(np.minimum(below, above)))
    np.negative(values, out=values, where=below > above)
    values *= deviation
    values += mean
    return _held(values, u, low, high)


def discrete_uniform(codes: Floats, low: float, high: float) -> Floats:
    """Return equal probabilities of the codes from low to high, and zero for the others.

    Parameters
    ----------
    codes : array of shape (codes,)
        The admissible codes, ascending.
    low, high : float

    Raises
    ------
    MethodError
        If no code lies from low to high.

    Examples
    --------
    >>> discrete_uniform(np.arange(5.0), 1, 2)
    array([0. , 0.5, 0.5, 0. , 0. ])
    """
    return _probabilities(np.ones(len(codes)), codes, low, high)


def discrete_triangular(codes: Floats, low: float, mode: float, high: float) -> Floats:
    """Return probabilities that fall off on both sides of the mode, and are zero for codes outside low and high.

    Proportional to 1 - |code - mode| / (width + 1), where the width is mode - low below the mode and high - mode above:
    the first code beyond an end would be the first to have none.

    Parameters
    ----------
    codes : array of shape (codes,)
        The admissible codes, ascending.
    low, mode, high : float
        In this order; the mode need not be a code.

    Raises
    ------
    MethodError
        If no code lies from low to high.

    Examples
    --------
    >>> discrete_triangular(np.arange(5.0), 1, 2, 3)
    array([0.  , 0.25, 0.5 , 0.25, 0.  ])
    """
    width = np.where(codes < mode, mode - low, high - mode)
    return _probabilities(1.0 - np.abs(codes - mode) / (width + 1.0), codes, low, high)


def _probabilities(height: Floats, codes: Floats, low: float, high: float) -> Floats:
    """Return the heights of the codes from low to high as shares of their sum."""
    inside = np.where((codes >= low) & (codes <= high), height, 0.0)
    if not inside.any():
        what = f"no admissible code lies from {low:g} to {high:g}"
        raise MethodError.of("codes", what, "Widen the bounds until they hold a code.")
    return np.asarray(inside / inside.sum())


def _held(values: Floats, u: Floats, low: Floats | float, high: Floats | float) -> Floats:
    """Return the values, changed in place, with what rounding moved put back: none outside, and the ends exact."""
    # Two steps take half the time of clip between arrays.
    np.maximum(values, low, out=values)
    np.minimum(values, high, out=values)
    if not (np.min(u, initial=0.5) > 0 and np.max(u, initial=0.5) < 1):
        np.copyto(values, low, where=(u <= 0) & np.isfinite(low))
        np.copyto(values, high, where=(u >= 1) & np.isfinite(high))
    return values

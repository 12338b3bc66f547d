"""Intervals of draws, and how far means and quantiles of draws may be off by chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from softpower.errors import MethodError
from softpower.steps.measures import Floats


def tail_of(interval: object, where: str) -> float:
    """Return the share of the draws on either side of an interval."""
    if not isinstance(interval, int | float) or not 0 < interval < 1:
        what = f"{interval!r} is no share"
        raise MethodError.of(f"{where}: interval", what, "Give a number between 0 and 1, for instance 0.9.")
    return (1 - interval) / 2


def error_of_mean(estimates: Floats, count: Floats) -> Floats:
    """Return the standard error of a mean of independent estimates; NaN of fewer than two."""
    with np.errstate(invalid="ignore", divide="ignore"):
        there = ~np.isnan(estimates) & (count > 0)
        many = there.sum(axis=0)
        whole = np.where(there, estimates, 0.0)
        centre = whole.sum(axis=0) / many
        square = np.where(there, np.square(estimates - centre), 0.0).sum(axis=0)
        return np.asarray(np.sqrt(square / (many - 1) / many))


def error_of_quantile(quantile: Callable[[Any], Floats], share: float, count: Floats) -> Floats:
    """Return half the distance between the quantiles one binomial standard deviation to either side.

    ``count`` is the number of draws that have a value; of fewer than two there is no error.
    """
    step = np.sqrt(share * (1 - share) / np.maximum(count, 1))
    low, high = (quantile(np.clip(one, 0.0, 1.0)) for one in (share - step, share + step))
    return np.where(count > 1, (high - low) / 2, np.nan)

"""Bring indicators to one scale; direction is handled here, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from softpower.model.indicator import Indicator
from softpower.registry import NORMALISE, Method
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Scales:
    """Goalposts and directions as arrays of shape (..., indicators), so that alternatives index without loops."""

    low: Floats
    high: Floats
    parity: Floats
    log: Mask
    higher: Mask

    @classmethod
    def of(cls, indicators: Iterable[Indicator]) -> Scales:
        """Return the arrays of indicators; a scale without parity has its middle there."""
        chosen = list(indicators)
        posts = [one.goalposts for one in chosen]
        log = np.array([one.log for one in posts])
        low, high = (np.array([getattr(one, end) for one in posts], dtype=float) for end in ("low", "high"))
        parity = np.array([np.nan if one.parity is None else one.parity for one in posts], dtype=float)
        return cls(low, high, parity, log, np.array([one.better == "higher" for one in chosen]))


@NORMALISE.register("goalposts", ends=(0.0, 100.0))
def goalposts(values: Floats, scales: Scales) -> Floats:
    """Score 0 at the low goalpost, 100 at the high one, linear in between; values beyond count as the goalpost.

    score = 100 (x - low) / (high - low), of logarithms where the scale is logarithmic. With a parity the scale
    is linear on either side of it: 0 to 50 below, 50 to 100 above.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    scales : Scales

    Returns
    -------
    array of the same shape, 0 to 100; NaN stays NaN

    Notes
    -----
    Misleads when the goalposts are arbitrary: a score means no more than the reason of its goalposts.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, 0.2, False, True)))
    >>> goalposts(np.array([[0.1], [0.2], [0.6], [7.0]]), scales).ravel()
    array([ 25.,  50.,  75., 100.])
    """
    with np.errstate(invalid="ignore"):
        clipped = np.clip(values, scales.low, scales.high)
        x, low, high, parity = (
            np.where(scales.log, np.log(np.where(scales.log, one, 1.0)), one)
            for one in (clipped, scales.low, scales.high, scales.parity)
        )
        linear = (x - low) / (high - low)
        below, above = (x - low) / (parity - low), (x - parity) / (high - parity)
        piecewise = np.where(x <= parity, 0.5 * below, 0.5 + 0.5 * above)
    return np.asarray(100.0 * np.where(np.isnan(scales.parity), linear, piecewise))


def normalise(method: Method, parameters: Mapping[str, Any], values: Floats, scales: Scales) -> Floats:
    """Return the scores of values; where lower is better the score is reflected between the ends of the scale."""
    scores: Floats = method.function(values, scales, **parameters)
    low, high = method.ends or (0.0, 0.0)
    return np.asarray(np.where(scales.higher, scores, low + high - scores))


def clipped(values: Floats, scales: Scales) -> np.ndarray:
    """Return ``"low"`` or ``"high"`` where a value lies beyond that goalpost, else an empty text."""
    with np.errstate(invalid="ignore"):
        return np.where(values < scales.low, "low", np.where(values > scales.high, "high", ""))

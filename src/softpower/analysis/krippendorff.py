"""How far coders agree beyond chance: Krippendorff's alpha, with a bootstrap interval. Arrays only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from softpower.analysis.indices import MOST_RESAMPLES, interval
from softpower.draws.points import seed_of
from softpower.errors import Fault, MethodError, did_you_mean
from softpower.steps.measures import Floats, Mask

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Level = Literal["nominal", "ordinal", "interval", "ratio"]
"""The level of measurement, which says how far two codes are apart."""


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha of some codes.

    Parameters
    ----------
    alpha : float
        1 where all coders agree, 0 where they agree as chance would, below zero where less.
    low, high : float
        The ends of its bootstrap interval.
    units : int
        How many units two coders or more have coded; no others count.
    coders : int
        How many coders have coded any of them.
    codes : int
        How many codes the units have together.
    reason : str
        Why alpha, or its interval alone, is NaN; empty where both are defined.
    """

    alpha: float
    low: float
    high: float
    units: int
    coders: int
    codes: int
    reason: str


def krippendorff_alpha(
    codes: Floats,
    level: Level,
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    rng: int | np.random.Generator | None = 0,
) -> Alpha:
    """Return Krippendorff's alpha: how far coders agree beyond chance.

    alpha = 1 - D_o / D_e. D_o is the mean difference of two codes of one unit, where a unit of m codes has the pairs
    of its codes with the weight 1 / (m - 1); D_e is the mean difference of any two codes. The difference of the codes
    c and k is 0 or 1 (nominal), (P_c - P_k)^2 with P the mid-rank among all codes (ordinal), (c - k)^2 (interval),
    or ((c - k) / (c + k))^2 (ratio).

    The interval is of the percentiles of alpha over sets of as many units, drawn with replacement. Units are what was
    sampled; codes of one unit stay together, and D_e varies as well. Krippendorff's own bootstrap holds D_e fixed and
    draws pairs of codes as if they were independent.

    Parameters
    ----------
    codes : array of shape (coders, units)
        NaN where a coder has not coded a unit.
    level : {"nominal", "ordinal", "interval", "ratio"}
    confidence : float
        The share of the resamples that the interval holds.
    resamples : int
    rng : int, Generator or None
        A seed, or a source of random numbers.

    Returns
    -------
    Alpha
        With the reason where alpha is undefined: fewer than two coders, fewer than two units that two have coded, or
        codes that are all the same.

    Raises
    ------
    MethodError
        For an unknown level, codes that are no table or infinite, codes below zero on a ratio scale, a confidence
        that is no share, or no resample.

    Notes
    -----
    Misleads where one code is rare: a few disagreements then bring alpha near zero, since chance agrees as well. From
    few units the interval is rough, and often too narrow. Krippendorff asks for 0.8, and 0.667 for tentative
    conclusions.

    References
    ----------
    K. Krippendorff, Computing Krippendorff's alpha-reliability (University of Pennsylvania, 2011); A. Zapf and others,
    Measuring inter-rater reliability for nominal data, BMC Medical Research Methodology 16 (2016), on resampling units.

    Examples
    --------
    >>> codes = np.array([[1.0, 2, 3, 3, np.nan], [1, 2, 3, 2, 1]])
    >>> round(krippendorff_alpha(codes, "nominal").alpha, 4)
    0.6667
    >>> krippendorff_alpha(codes[:1], "nominal").reason
    'one coder alone has coded'
    """
    codes = _checked(codes, level, resamples)
    there = ~np.isnan(codes)
    together = there.sum(axis=0) >= 2
    kept, mask = codes[:, together], there[:, together]
    size = int(together.sum()), int(mask.any(axis=1).sum()), int(mask.sum())
    reason = _undefined(there, kept[mask], size[0])
    if reason:
        return Alpha(math.nan, math.nan, math.nan, *size, reason)
    table = _Coincidences.of(kept, mask)
    rng = np.random.default_rng(seed_of(rng))
    times = rng.multinomial(size[0], np.full(size[0], 1.0 / size[0]), size=resamples)
    drawn = table.alphas(level, times.astype(float))
    low, high = (float(one[0]) for one in interval(drawn[:, None], confidence))
    flat = float(np.isnan(drawn).mean())
    if flat > 1.0 - confidence:
        low, high = math.nan, math.nan
        reason = f"in {flat:.0%} of the resamples all codes are the same, so there is no interval"
    return Alpha(float(table.alphas(level, np.ones((1, size[0])))[0]), low, high, *size, reason)


@dataclass(frozen=True)
class _Coincidences:
    """Which codes stand together in which unit.

    Parameters
    ----------
    values : array of shape (values,)
        The distinct codes, the least first, the largest of them 1 in size.
    counts : sparse array of shape (units, values)
        How often a unit has each of them.
    left, right : int arrays of shape (pairs,)
        The distinct pairs of codes that meet in a unit, by place among the values.
    weights : sparse array of shape (units, pairs)
        What each pair counts in a unit: 2 / (m - 1) each time, for both orders.
    """

    values: Floats
    counts: csr_array
    left: np.ndarray
    right: np.ndarray
    weights: csr_array

    @classmethod
    def of(cls, codes: Floats, mask: Mask) -> _Coincidences:
        """Return the coincidences of codes of shape (coders, units), each unit with two or more."""
        from scipy.sparse import csr_array

        unit = np.broadcast_to(np.arange(codes.shape[1]), codes.shape)
        values, place = np.unique(codes[mask], return_inverse=True)
        places = np.zeros(codes.shape, dtype=np.int64)
        places[mask] = place
        first, second = np.triu_indices(len(codes), 1)
        both = mask[first] & mask[second]
        pairs = np.sort([places[first][both], places[second][both]], axis=0)
        kinds, kind = np.unique(pairs[0] * len(values) + pairs[1], return_inverse=True)
        units, at = codes.shape[1], unit[first][both]
        counts = csr_array((np.ones(mask.sum()), (unit[mask], place)), shape=(units, len(values)))
        weights = csr_array((2.0 / (mask.sum(axis=0)[at] - 1), (at, kind)), shape=(units, len(kinds)))
        return cls(values / np.abs(values).max(), counts, kinds // len(values), kinds % len(values), weights)

    def alphas(self, level: Level, times: Floats) -> Floats:
        """Return alpha of units that count so many times, of shape (resamples, units); NaN where no code differs."""
        counts, met = times @ self.counts, times @ self.weights
        count = counts.sum(axis=-1)
        if level == "ordinal":
            # The codes from c to k, half of those at c and at k left away, are as many as their mid-ranks are apart.
            rank = np.cumsum(counts, axis=-1) - counts / 2
            apart = np.square(rank[:, self.left] - rank[:, self.right])
            expected = 2 * (count * (counts * rank**2).sum(axis=-1) - np.square((counts * rank).sum(axis=-1)))
        else:
            apart = _difference(level, self.values[self.left], self.values[self.right])
            expected = ((counts @ _difference(level, self.values[:, None], self.values)) * counts).sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(1.0 - (count - 1) * (met * apart).sum(axis=-1) / expected)


def _difference(level: Level, one: Floats, other: Floats) -> Floats:
    """Return how far codes are apart, on every level but the ordinal."""
    if level == "nominal":
        return np.asarray(one != other, dtype=float)
    whole = np.where(one + other > 0, one + other, 1.0) if level == "ratio" else 1.0
    return np.asarray(np.square((one - other) / whole))


def _undefined(there: Mask, codes: Floats, units: int) -> str:
    """Return why codes have no alpha; empty where they have one."""
    coders = int(there.any(axis=1).sum())
    if coders < 2:
        return "one coder alone has coded" if coders else "nobody has coded"
    if units < 2:
        return f"{units or 'no'} unit is coded by two coders, and fewer than 2 say nothing"
    return "all codes are the same, so that chance agrees as well" if (codes == codes[0]).all() else ""


def _checked(codes: Floats, level: str, resamples: int) -> Floats:
    """Return codes as an array of numbers; refuse what no alpha can be of."""
    faults = []
    codes = np.asarray(codes, dtype=float)
    if level not in get_args(Level):
        faults.append(Fault("level", f"there is no level '{level}'", did_you_mean(level, get_args(Level))))
    if codes.ndim != 2:
        faults.append(Fault("codes", f"they have {codes.ndim} axes", "Give a table of coders by units."))
    if np.isinf(codes).any():
        faults.append(Fault("codes", "one is infinite", "Give numbers, and NaN where there is no code."))
    if level == "ratio" and (codes < 0).any():
        faults.append(Fault("codes", "one is below zero, and a ratio scale starts there", "Use the level interval."))
    if not 1 <= resamples <= MOST_RESAMPLES:
        what = f"{resamples} resamples say nothing" if resamples < 1 else f"{resamples} resamples are too many"
        faults.append(Fault("resamples", what, f"Take 1,000 or more, and at most {MOST_RESAMPLES:,}."))
    if faults:
        raise MethodError(faults)
    return codes

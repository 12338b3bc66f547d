"""Bring indicators to one scale; direction is handled here, once.

The methods against goalposts are here too. Those that look across the cases are in `standing`, `ordering` and
`distance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from softpower.errors import Fault, MethodError
from softpower.model.indicator import Indicator, Range
from softpower.registry import NORMALISE, Method
from softpower.steps.groups import Groups, by_group
from softpower.steps.measures import Floats, Mask, read_only
from softpower.steps.returned import returned


def _nowhere() -> Floats:
    return np.array(np.nan)


def post_arrays(posts: Sequence[Range | None]) -> tuple[Floats, Floats, Floats, Mask]:
    """Return low and high ends and parities of goalposts, NaN where there are none, and which are logarithmic."""
    low, high, parity = (
        np.array([np.nan if one is None else getattr(one, end) for one in posts], dtype=float)
        for end in ("low", "high", "parity")
    )
    return low, high, parity, np.array([one is not None and one.log for one in posts])


@dataclass(frozen=True)
class Scales:
    """Goalposts, targets and directions as arrays of shape (..., indicators), so that alternatives index without loops.

    Goalposts and targets that an indicator lacks are NaN.

    Parameters
    ----------
    low, high, parity : arrays of shape (..., indicators)
        The goalposts.
    log : boolean array of shape (..., indicators)
        Whether points are spaced by the logarithm of the value.
    higher : boolean array of shape (..., indicators)
        Whether higher is better.
    names : tuple of str
        The indicators, for errors.
    target : array of shape (..., indicators)
        The values to be reached.
    cases : sequence of str
        The case of each row, for methods that ask for one by name.
    room : array of the values' shape, optional
        Memory where a method may write its scores. It may be that of the values.
    """

    low: Floats
    high: Floats
    parity: Floats
    log: Mask
    higher: Mask
    names: tuple[str, ...] = ()
    target: Floats = field(default_factory=_nowhere)
    cases: Sequence[str] | np.ndarray = ()
    room: Floats | None = None

    def __post_init__(self) -> None:
        # All methods are handed the same; the room alone is for writing.
        for name, one in vars(self).items():
            if name != "room":
                object.__setattr__(self, name, read_only(one))

    @classmethod
    def of(cls, indicators: Mapping[str, Indicator], cases: Sequence[str] | np.ndarray = ()) -> Scales:
        """Return the arrays of indicators."""
        chosen = list(indicators.values())
        posts = [one.goalposts for one in chosen]
        low, high, parity, log = post_arrays(posts)
        higher = np.array([one.better == "higher" for one in chosen])
        target = np.array([one.target for one in chosen], dtype=float)
        return cls(low, high, parity, log, higher, tuple(indicators), target, cases)

    def rows(self, places: np.ndarray) -> Scales:
        """Return the scales of some rows: those of all, and the labels of these cases."""
        cases = np.asarray(self.cases, dtype=object)[places] if len(self.cases) else self.cases
        return replace(self, cases=cases, room=None)

    def columns(self, places: np.ndarray) -> Scales:
        """Return the goalposts and directions of some indicators."""
        return replace(
            self,
            low=self.low[..., places],
            high=self.high[..., places],
            parity=self.parity[..., places],
            log=self.log[..., places],
            higher=self.higher[..., places],
            target=self.target[..., places],
            names=tuple(self.names[place] for place in places),
        )


@NORMALISE.register(
    "goalposts", ends=lambda low, high, **_: (low, high), unbounded=lambda clip, **_: not clip, fixed=True
)
def goalposts(values: Floats, scales: Scales, *, low: float = 0.0, high: float = 100.0, clip: bool = True) -> Floats:
    """Score ``low`` at the low goalpost, ``high`` at the high one, linear in between.

    score = low + (high - low) (x - bottom) / (top - bottom), bottom and top being the goalposts; of logarithms where
    the scale is logarithmic. With a parity the scale is linear on either side of it, and parity scores half way.
    Values beyond a goalpost count as the goalpost.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        As they are; the score is reflected where lower is better.
    scales : Scales
    low, high : float
        The ends of the scale of the scores.
    clip : bool
        Whether values beyond a goalpost count as the goalpost. Without it the line goes on and scores may lie beyond
        the ends: the scale is open, and a gap has no least and no greatest score.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has no goalposts, the ends are not in order, or a value without clipping has no logarithm.

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
    if not low < high:
        raise MethodError.of("normalise = 'goalposts'", f"low {low:g} is not below high {high:g}", "Swap them.")
    mend = 'Give them in the framework, or compare the cases: methodology={"normalise": "min_max"}.'
    refuse("goalposts", scales, (np.isnan(scales.low), "the indicator has no goalposts", mend))
    if clip:
        with np.errstate(invalid="ignore"):
            # Two steps take half the time of clip between arrays.
            x = np.asarray(np.maximum(values, scales.low, out=scales.room))
            np.minimum(x, scales.high, out=x)
    else:
        x = values.copy()
        what = "its goalposts are logarithmic and a value is not above zero"
        refuse("goalposts", scales, (np.asarray(scales.log & (x <= 0)), what, "Clip the values, clip = true."))
    bottom, top, parity = scales.low, scales.high, scales.parity
    if np.any(scales.log):
        x, bottom, top, parity = (_spaced(one, scales.log, bottom) for one in (x, bottom, top, parity))
    if np.isnan(parity).all():
        x -= bottom
        x /= top - bottom
    else:
        with np.errstate(invalid="ignore"):
            below, above = 0.5 * ((x - bottom) / (parity - bottom)), 0.5 + 0.5 * ((x - parity) / (top - parity))
        x = np.where(np.isnan(parity), (x - bottom) / (top - bottom), np.where(x <= parity, below, above))
    x *= high - low
    if low:
        x += low
    return np.asarray(x)


@NORMALISE.register("fuzzy", ends=(0.0, 1.0), fixed=True)
def fuzzy(values: Floats, scales: Scales, *, log_odds: float = 3.0) -> Floats:
    """Membership in a fuzzy set, by Ragin's direct calibration with three anchors.

    score = 1 / (1 + exp(-t)), where t, the log odds of membership, is -log_odds at the low goalpost (full
    non-membership), 0 at parity (the crossover) and log_odds at the high one (full membership), and linear on either
    side of parity, of logarithms where the scale is logarithmic. The line goes on beyond the goalposts.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        As they are; where lower is better the score is that of the negated set, 1 - score.
    scales : Scales
        The goalposts and their parity are the three anchors, so that each has a reason on record.
    log_odds : float
        Those of full membership; 3 is a membership of 0.953.

    Returns
    -------
    array of the same shape, 0 to 1; NaN stays NaN

    Raises
    ------
    MethodError
        If an indicator has no goalposts with a parity, or the log odds are not positive.

    Notes
    -----
    Misleads when the anchors are taken from the cases themselves: membership then says no more than their order.
    On a logarithmic scale a value of zero or below has no membership at all.

    References
    ----------
    Ragin, C. C., Redesigning Social Inquiry: Fuzzy Sets and Beyond (2008), chapter 5.

    Examples
    --------
    >>> scales = Scales(*(np.array([v]) for v in (0.0, 1.0, 0.2, False, True)))
    >>> fuzzy(np.array([[0.0], [0.1], [0.2], [1.0]]), scales).ravel().round(3)
    array([0.047, 0.182, 0.5  , 0.953])
    """
    from scipy.special import expit

    if log_odds <= 0:
        what = f"the log odds {log_odds:g} are not above zero"
        raise MethodError.of("normalise = 'fuzzy'", what, "Give those of full membership, for instance 3.")
    what = "the indicator has no goalposts with a parity, which are the three anchors"
    mend = "Give low (full non-membership), parity (the crossover) and high (full membership) in the framework."
    refuse("fuzzy", scales, (np.isnan(scales.parity), what, mend))
    ends = values, scales.low, scales.high, scales.parity
    x, low, high, parity = (_spaced(one, scales.log, scales.parity) for one in ends)
    with np.errstate(invalid="ignore"):
        way = np.where(x <= parity, parity - low, high - parity)
    return np.asarray(expit(log_odds * ((x - parity) / way)))


def _spaced(x: Floats, log: Mask, zero: Floats) -> Floats:
    """Return ln(x / zero) where the scale is logarithmic; what has no logarithm lies infinitely low."""
    spaced = np.array(np.broadcast_to(x, np.broadcast_shapes(x.shape, log.shape)), dtype=float)
    # Logarithms take long: of linear indicators none is taken.
    places = np.flatnonzero(log.reshape(-1, log.shape[-1]).any(axis=0))
    given, base = spaced[..., places], zero[..., places]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        part = (given - base) / base
        # Logarithms of near numbers differ in their last digits alone.
        logs = np.where(np.abs(part) < 0.5, np.log1p(part), np.log(np.where(given <= 0, 0.0, given)) - np.log(base))
    spaced[..., places] = np.where(log[..., places], logs, given)
    return spaced


Check = tuple[Mask, str, str]
"""Where something is wrong, the last axis being indicators; what; and how to mend it."""


@NORMALISE.register("none", fixed=True, reciprocal=True)
def none(values: Floats, scales: Scales) -> Floats:
    """Score by the value itself, on no common scale.

    score = x, or 1 / x where lower is better.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        One over the values where lower is better.
    scales : Scales
        Names the indicators; goalposts are not asked.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If lower is better of an indicator that has a zero.

    Notes
    -----
    Only a geometric mean of values on ratio scales means something over different units: a change of unit then
    multiplies every composite alike. Any other mean of different units is refused.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 5 and 6.

    Examples
    --------
    >>> none(np.array([[2.0], [8.0]]), Scales(*(np.array([v]) for v in (0.0, 1.0, np.nan, False, True)))).ravel()
    array([2., 8.])
    """
    refuse("none", scales, unturned(values, 'Use "min_max" or goalposts with another mean, or leave it out.'))
    return np.array(values)


def unturned(values: Floats, mend: str) -> Check:
    """Return the check that no value, of those that are one over the data where lower is better, is one over zero."""
    return np.isinf(values), "lower is better and it has zeros, or numbers next to zero", mend


def refuse(method: str, scales: Scales, *checks: Check) -> None:
    """Raise MethodError naming all indicators that fail a check, each with the first that it fails."""
    faults: dict[int, Fault] = {}
    for wrong, what, mend in checks:
        for place in np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(axis=0)).tolist():
            name = scales.names[place] if scales.names else str(place)
            faults.setdefault(place, Fault(f"normalise = '{method}': {name}", what, mend))
    if faults:
        raise MethodError([faults[place] for place in sorted(faults)])


def normalise(
    method: Method,
    parameters: Mapping[str, Any],
    values: Floats,
    scales: Scales,
    groups: Groups | None = None,
) -> Floats:
    """Return the scores of values, higher being better whatever the indicator's direction.

    Where lower is better a signed method takes values and targets with their sign turned, a reciprocal one takes one
    over the values, and any other takes them as they are and its score is reflected between the ends of the scale.

    Parameters
    ----------
    method, parameters
        The normalisation.
    values : array of shape (..., cases, indicators)
    scales : Scales
    groups : mapping of label to places of cases, optional
        Cases that are compared with one another alone, for instance those of one period.
    """
    if groups is not None:
        return by_group(
            groups, lambda rows: normalise(method, parameters, values[..., rows, :], scales.rows(rows)), axis=-2
        )
    if scales.higher.all():
        return _scores(method, parameters, values, scales)
    if method.signed:
        sign = np.where(scales.higher, 1.0, -1.0)
        turned = replace(scales, target=scales.target * sign)
        return _scores(method, parameters, values * sign, turned)
    if method.reciprocal:
        with np.errstate(divide="ignore", over="ignore"):
            inverse = np.where(scales.higher, values, 1.0 / values)
        return _scores(method, parameters, inverse, scales)
    low, high = method.between(parameters) or (0.0, 0.0)
    scores = _scores(method, parameters, values, scales)
    return np.asarray(np.where(scales.higher, scores, low + high - scores))


def _scores(method: Method, parameters: Mapping[str, Any], values: Floats, scales: Scales) -> Floats:
    """Return what a method gives for values that it may read and not change."""
    return returned(method, method.function, [values.shape], (read_only(values), scales), parameters)


def beyond(values: Floats, scales: Scales) -> np.ndarray:
    """Return ``"low"`` or ``"high"`` where a value lies beyond that goalpost, else an empty text."""
    with np.errstate(invalid="ignore"):
        return np.where(values < scales.low, "low", np.where(values > scales.high, "high", ""))

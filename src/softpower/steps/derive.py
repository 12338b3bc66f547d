"""Derive indicator values from slot values, and their exact bounds: arrays only.

`derive` maps slot values of shape (..., slots) to (..., cases, indicators); the leading axes are draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from softpower.steps import measures
from softpower.steps.measures import Floats, Mask
from softpower.steps.plan import Batch, Plan


def derive(plan: Plan, values: Floats) -> Floats:
    """Return the indicators' values of slot values.

    Parameters
    ----------
    plan : Plan
        How cells derive.
    values : array of shape (..., slots)
        The slots' values; the leading axes are draws.

    Returns
    -------
    array of shape (..., cases, indicators)
        NaN where an observation lacks; ``plan.reasons`` says which.
    """
    out = np.full((*values.shape[:-1], *plan.shape), np.nan)
    for batch in plan.batches:
        out[..., batch.case, batch.indicator] = _evaluate(batch.gather(values), batch, plan.window)
    return out


@dataclass(frozen=True)
class Bounds:
    """The least and greatest value of each cell over all observations within their bounds.

    Parameters
    ----------
    low, high : arrays of shape (cases, indicators)
    exact : boolean array of shape (cases, indicators)
        Whether the bounds are attained; False marks an outer bound.
    pulls : mapping of (case, indicator) places to mapping of slot to pair
        At which end of an uncertain slot (True: the high one) the low and the high bound are attained; None where
        no single end can be named.
    """

    low: Floats
    high: Floats
    exact: Mask
    pulls: Mapping[tuple[int, int], Mapping[int, tuple[bool, bool] | None]]


def derive_bounds(plan: Plan) -> Bounds:
    """Return the exact bounds of every cell, and what attains them."""
    low, high = np.full(plan.shape, np.nan), np.full(plan.shape, np.nan)
    exact = np.full(plan.shape, True)
    pulls: dict[tuple[int, int], dict[int, tuple[bool, bool] | None]] = {}
    uncertain = plan.low < plan.high
    for batch in plan.batches:
        at = (batch.case, batch.indicator)
        ends = _ends(plan, batch)
        if ends is None:
            lows, highs = batch.gather(plan.low), batch.gather(plan.high)
            low[at], high[at], exact[at] = measures.effective_number_bounds(lows, highs, batch.mask)
        else:
            low[at], high[at] = (
                _evaluate(np.where(end, *(batch.gather(one) for one in (plan.high, plan.low))), batch, plan.window)
                for end in ends
            )
        if batch.kind == "share_of_window":
            # A cell that cannot vary attains its bounds, whatever its spells may be.
            exact[at] = _attained(plan, batch) | (low[at] == high[at])
        for cell, term in np.argwhere(batch.mask & uncertain[batch.terms]):
            pull = None if ends is None else (bool(ends[0][cell, term]), bool(ends[1][cell, term]))
            place = (int(batch.case[cell]), int(batch.indicator[cell]))
            pulls.setdefault(place, {})[int(batch.terms[cell, term])] = pull
    return Bounds(low, high, exact, pulls)


def _attained(plan: Plan, batch: Batch) -> Mask:
    """Return which shares of the window attain their bounds.

    Not where a spell may begin after it ends, or where alternatives lend one their start and another their end.
    """
    starts, ends, _ = _thirds(plan.low[batch.terms], batch)
    latest, _, _ = _thirds(plan.high[batch.terms], batch)
    several = np.array([len(slot.observations) > 1 for slot in plan.slots])
    crossed = (latest >= ends) & (starts < latest) & _spells(batch)
    attained: Mask = ~(crossed.any(axis=-1) | (several[batch.terms] & batch.mask).any(axis=-1))
    return attained


def _ends(plan: Plan, batch: Batch) -> tuple[Mask, Mask] | None:
    """Return at which end of each term (True: the high one) the low and the high bound are attained.

    None for an effective number, whose greatest value lies inside the bounds.
    """
    if batch.kind == "effective_number":
        return None
    falling = batch.scale < 0
    if batch.kind == "share_of_window":
        # A later start means less time in force.
        falling = batch.above
    if batch.kind != "ratio":
        return falling, ~falling
    return measures.ratio_ends(batch.gather(plan.low), batch.gather(plan.high), batch.above, batch.below)


def _evaluate(x: Floats, batch: Batch, window: tuple[float, float]) -> Floats:
    match batch.kind:
        case "mean":
            values = measures.mean(x, batch.mask)
        case "ratio":
            values = measures.ratio(x, batch.above, batch.below)
        case "ladder":
            values = measures.ladder(x, batch.mask, batch.at_least)
        case "checklist":
            values = measures.checklist(x, batch.mask, batch.at_least)
        case "effective_number":
            values = measures.effective_number(x, batch.mask)
        case "share_of_window":
            values = _spells_in_force(x, batch, window)
        case "years_between":
            values = np.maximum(measures.total(x, batch.mask), 0.0)
        case _:
            values = measures.total(x, batch.mask)
    return values * batch.factor


def _spells_in_force(x: Floats, batch: Batch, window: tuple[float, float]) -> Floats:
    start, after, force = _thirds(x, batch)
    return measures.share_of_window(start, after, _spells(batch) & (force >= 1), window)


def _spells(batch: Batch) -> Mask:
    """Return which spells a cell has: a third of its terms."""
    spells: Mask = np.arange(batch.terms.shape[-1] // 3) < batch.mask.sum(axis=-1, keepdims=True) // 3
    return spells


def _thirds(x: Floats, batch: Batch) -> list[Floats]:
    """Return the terms of spells apart: a cell's first third are starts, then ends, then whether they are in force."""
    spells = batch.mask.sum(axis=-1, keepdims=True) // 3
    position = np.arange(batch.terms.shape[-1] // 3)
    thirds = []
    for number in range(3):
        places = np.where(position < spells, position + number * spells, 0)
        wide = np.broadcast_to(places, (*x.shape[:-1], position.size))
        thirds.append(np.take_along_axis(x, wide, axis=-1))
    return thirds

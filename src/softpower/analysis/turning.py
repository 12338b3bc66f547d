"""What would have to change for the order of two cases to turn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from softpower.arguments import diagnosed
from softpower.engine import Engine
from softpower.errors import MethodError
from softpower.result import Result, in_steps, row_of
from softpower.steps.aggregate import aggregate
from softpower.steps.measures import Floats, Mask

HALVINGS = 60
"""After so many halvings a range is no wider than what rounding leaves of it."""
STEPS = 64
"""So many weights are tried on either side of the declared one."""
SECTIONS = 40
"""After so many golden sections a range is 4e-9 of what it was."""
GOLDEN = (5**0.5 - 1) / 2
EDGE = 1e-9
"""So near to none and to all of the weight is a weight moved. At none a node is gone, and another score comes up."""
Places = NDArray[np.intp]
WEIGHT = "weight"
"""What a row of the table is about that is about no case."""


@diagnosed
def flips(result: Result, a: str, b: str, *, period: str | int | None = None) -> pd.DataFrame:
    """Return what alone would turn the order of two cases: one value of either of them, or one weight.

    A value is moved between the goalposts of its indicator, a weight between none and all of what its siblings share,
    who keep their proportions. The least move is found by halving, from the declared side on. Of weights 64 are tried
    on either side, and the lows of the lead between them: with gaps a lead may be lost and come back.

    Parameters
    ----------
    result : Result
    a, b : str
        Two cases, in whichever order.
    period : str or int, optional
        The period, where there are several.

    Returns
    -------
    DataFrame
        By ``node`` and ``of``: a case, whose value of the indicator is moved, or ``"weight"``; of weights dimensions
        have rows too. ``title``; ``unit``; ``now``; ``turns``, where the order turns; ``move``, how far that is;
        ``points``, how far the score goes with it; ``within``: ``"bounds"`` if the facts allow that value,
        ``"goalposts"`` if it lies beyond their bounds; ``reason`` where no such value or weight turns the order. The
        easiest is first: within bounds, then by points; weights come last.

    Raises
    ------
    NotFoundError
        If there is no such case or period.
    MethodError
        If the two are the same or tied, a composite is missing, or bounds are not offered: a value then moves the
        others' scores too, and its effect has no one direction.

    Notes
    -----
    A gap can be filled: then ``now`` is missing, and the weight of the others goes down.

    Under the arithmetic mean throughout, and the geometric one without a floor, a lead has one low at most, so that the
    nearest weight that turns it is found, and ``reason`` says that the order holds for every weight where none does.
    Under other means, and where they are mixed by level, it says that it holds for every weight that is tried: two
    turns between the same two of these can be missed.

    Misleads where indicators share facts, which cannot move one alone; and where a value comes in whole steps, such as
    rungs: then the next step beyond ``turns`` is what it takes. What two moves can do together is in no row.

    References
    ----------
    Triantaphyllou and Sánchez, A sensitivity analysis approach for some deterministic multi-criteria decision-making
    methods, Decision Sciences 28(1), 1997: the least change of one weight, or of one value, that reverses two.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> from softpower.model.framework import Framework
    >>> post = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the example"}
    >>> leaves = {name: {"title": name, "dimension": "all", "goalposts": post} for name in ("trade", "visits")}
    >>> made = Framework.from_dict({"dimensions": {"all": {"title": "All"}}, "indicators": leaves})
    >>> frame = pd.DataFrame({"trade": [50.0, 30.0], "visits": [40.0, 50.0]}, index=["KAZ", "UZB"])
    >>> flips(score(frame, made), "KAZ", "UZB")["turns"].round(3).to_dict()[("trade", "KAZ")]
    40.0
    """
    engine = result.engine
    if engine.bounds_refused is not None:
        what = engine.bounds_refused.replace("Bounds are not offered: ", "").rstrip(".")
        raise MethodError.of("flips", what, "Take goalposts, weights and means that let each value act by itself.")
    first, second = (row_of(result.index, one, period, "flips") for one in (a, b))
    if first == second:
        raise MethodError.of("flips", f"'{a}' is compared with itself", "Name two cases.")
    rows = np.array([first, second])
    whole = result.score[rows, -1]
    for row, one in zip(rows, whole, strict=True):
        if np.isnan(one):
            raise MethodError.of("flips", f"'{engine.label(row)}' has no composite", "See the reason in the result.")
    steps = in_steps(result.score[:, -1], result.scale)[rows]
    if steps[0] == steps[1]:
        what = f"'{engine.label(first)}' and '{engine.label(second)}' are tied"
        raise MethodError.of("flips", what, "Any change makes an order; there is none to turn.")
    rows = rows[np.argsort(-whole)]
    values = [_moved_values(result, rows, side) for side in (0, 1)]
    frame = pd.concat([*values, _moved_weights(result, rows)])
    last = np.asarray(frame.index.get_level_values("of") == WEIGHT)
    size = np.where(last, frame["move"].abs(), frame["points"].abs())
    return frame.iloc[np.lexsort((size, frame["within"] != "bounds", frame["turns"].isna(), last))]


def _composites(engine: Engine, normalised: Floats, weights: Floats) -> Floats:
    """Return the composites of scores of shape (..., cases, indicators) under weights of shape (..., nodes)."""
    floor = engine.profile.methodology.floor
    return aggregate(engine.tree, normalised, weights, engine.methods, engine.thresholds, floor=floor)[..., -1]


def _halved(turned: Callable[[Floats], Mask], start: Floats, end: Floats) -> Floats:
    """Return where something turns that has not at the start and has at the end."""
    for _ in range(HALVINGS):
        middle = start + (end - start) / 2
        there = turned(middle)
        start, end = np.where(there, start, middle), np.where(there, middle, end)
    return end


def _moved_values(result: Result, rows: np.ndarray, side: int) -> pd.DataFrame:
    """Return where the order turns as each value of the leader (side 0) or of the other (side 1) is moved."""
    engine, framework = result.engine, result.profile.framework
    raw, other = result.raw[rows[side]], float(result.score[rows[1 - side], -1])
    count = len(raw)
    weights = np.broadcast_to(engine.weights, (count, engine.weights.size))
    diagonal = np.arange(count)

    def scores(values: Floats) -> Floats:
        """Return all scores of the case, of shape (moved, 1, indicators), where each row has one value moved."""
        table = np.repeat(raw[None, None, :], count, axis=0)
        table[diagonal, 0, diagonal] = values
        return engine.normalise(table)

    def turned(values: Floats) -> Mask:
        made = _composites(engine, scores(values), weights)[:, 0]
        return np.asarray(made < other if side == 0 else made > other)

    low, high = engine.scales.low, engine.scales.high
    ranged = ~np.isnan(low)
    low, high = np.where(ranged, low, raw), np.where(ranged, high, raw)
    low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), 0.0, high)
    at_low, at_high = turned(low), turned(high)
    open_ = ranged & (at_low != at_high)
    found = _halved(turned, np.where(at_low, high, low), np.where(at_low, low, high))
    turns = np.where(open_, found, np.nan)
    moved = scores(np.where(open_, found, low))[diagonal, 0, diagonal]
    points = np.where(open_, moved, np.nan) - result.score[rows[side], :count]
    slack = 1e-9 * np.abs(high - low)
    inside = (turns >= result.raw_low[rows[side]] - slack) & (turns <= result.raw_high[rows[side]] + slack)
    reason = np.where(at_low & at_high, "any value turns it", "the order holds at both goalposts")
    reason = np.where(ranged, reason, "the indicator has no goalposts to move between")
    names = list(engine.indicators)
    of = engine.label(rows[side])
    return _told(
        result,
        names,
        of,
        unit=[framework.indicators[name].unit for name in names],
        now=raw,
        turns=turns,
        points=points,
        within=np.where(open_, np.where(inside, "bounds", "goalposts"), ""),
        reason=np.where(open_, "", reason),
    )


def _moved_weights(result: Result, rows: np.ndarray) -> pd.DataFrame:
    """Return where the order turns as the weight of each node among its siblings is moved."""
    engine = result.engine
    tree, declared = engine.tree, engine.weights
    families = [one for one in tree.families if len(one.children) > 1]
    nodes = np.concatenate([one.children for one in families] or [np.empty(0, dtype=int)])
    now = declared[nodes]
    scores = result.score[rows, : tree.indicator_count]

    def lead(given: Floats, places: Places) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.where(now[places] < 1, (1 - given) / (1 - now[places]), 1.0)
        # Weights of other families keep their proportions.
        weights = declared * scale[:, None]
        weights[np.arange(len(places)), nodes[places]] = given
        made = _composites(engine, np.broadcast_to(scores, (len(places), *scores.shape)), weights)
        return made[:, 0] - made[:, 1]

    alone = now >= 1
    nearest = np.where(alone, np.nan, _nearest(lead, now))
    holds = "the order holds for every weight" if _one_low(engine) else "the order holds for every weight that is tried"
    return _told(
        result,
        [tree.nodes[node] for node in nodes],
        WEIGHT,
        unit=["share of the siblings' weight"] * len(nodes),
        now=now,
        turns=nearest,
        points=np.full(len(nodes), np.nan),
        within=[""] * len(nodes),
        reason=np.where(np.isnan(nearest), np.where(alone, "its siblings weigh nothing", holds), ""),
    )


def _one_low(engine: Engine) -> bool:
    """Return whether a lead has one low at most as a weight is moved, so that none is overlooked.

    With one arithmetic mean throughout a score is a ratio of two linear functions of the weight, more than one of its
    kind where there are gaps. The derivative of the difference of two such is zero at one weight. Under the geometric
    mean the same holds of logarithms, unless a floor cuts them.
    """
    means = {method.name for method, _ in engine.methods.values()}
    return means == {"arithmetic"} or (means == {"geometric"} and engine.profile.methodology.floor is None)


def _nearest(lead: Callable[[Floats, Places], Floats], now: Floats) -> Floats:
    """Return for each place the nearest weight at which a lead is lost; NaN where none is found.

    Parameters
    ----------
    lead : function of weights and their places
        Of shape (weights,), zero or above at the weights as they are.
    now : array of shape (places,)
    """
    every, parts = np.arange(len(now)), np.linspace(0.0, 1.0, STEPS + 1)[1:, None]
    ends = [now + parts * (end - now) for end in (np.minimum(now, EDGE), np.full(len(now), 1 - EDGE))]
    tried = np.vstack([ends[0][::-1], now, ends[1]])
    leads = np.array([lead(row, every) for row in tried])
    above = np.pad(leads, ((1, 1), (0, 0)), constant_values=np.inf)
    # Between weights that are tried a lead may be lost beside the one where it is least.
    step, place = np.nonzero((leads >= 0) & (leads <= above[:-2]) & (leads <= above[2:]))
    beside = (tried[np.clip(step + side, 0, len(tried) - 1), place] for side in (-1, 1))
    lows = _lowest(lambda given: lead(given, place), *beside)
    lost = lead(lows, place) < 0
    places = np.concatenate([place[lost], np.nonzero(leads < 0)[1]])
    weights = np.concatenate([lows[lost], tried[leads < 0]])
    found = np.full((2, len(now)), [[-np.inf], [np.inf]])
    below = weights < now[places]
    np.maximum.at(found[0], places[below], weights[below])
    np.minimum.at(found[1], places[~below], weights[~below])
    # The lead is there still at the weight that was tried before.
    starts = np.where(tried > found[0], tried, np.inf).min(axis=0), np.where(tried < found[1], tried, 0.0).max(axis=0)
    turns = []
    for start, end in zip(starts, found, strict=True):
        known = np.isfinite(end)
        turned = _halved(lambda given: lead(given, every) < 0, start, np.where(known, end, start))
        turns.append(np.where(known, turned, np.nan))
    away = [np.where(np.isnan(one), np.inf, np.abs(one - now)) for one in turns]
    return np.where(away[1] < away[0], turns[1], turns[0])


def _lowest(height: Callable[[Floats], Floats], start: Floats, end: Floats) -> Floats:
    """Return where something is least between two ends, if it has one low there, by golden sections."""
    for _ in range(SECTIONS):
        width = GOLDEN * (end - start)
        left, right = end - width, start + width
        falls = height(left) > height(right)
        start, end = np.where(falls, left, start), np.where(falls, end, right)
    return start + (end - start) / 2


def _told(result: Result, names: list[str], of: str, **columns: object) -> pd.DataFrame:
    """Return a table by node and what of it is moved."""
    index = pd.MultiIndex.from_arrays([names, [of] * len(names)], names=["node", "of"])
    titles = [result.profile.framework.node_title(name) for name in names]
    frame = pd.DataFrame({"title": titles, **columns}, index)
    frame.insert(4, "move", frame["turns"] - frame["now"])
    return frame

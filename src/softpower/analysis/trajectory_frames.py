"""A trajectory as tables: scores by year, changes from year to year, and the indicators that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.scored_years import ScoredYears
from softpower.analysis.stepping import Step
from softpower.analysis.years import Label
from softpower.result import Result, repeated, tiled
from softpower.steps.measures import Floats


def score_frame(through: ScoredYears) -> pd.DataFrame:
    """Return one row for each case, node and year: score, interval, coverage, and why a score is missing."""
    under = _under(through.first_scored)
    observed = (~np.isnan(through.table("raw"))).astype(float) @ under.T
    low, high = _interval(through)
    frame = _rows(
        through,
        through.years,
        {
            "score": through.table("score"),
            "low": low,
            "high": high,
            "coverage": through.table("coverage"),
            "present": observed.astype(int),
            "indicators": np.broadcast_to(under.sum(axis=1).astype(int), observed.shape),
            "reason": _reasons(through),
        },
    )
    framework = through.profile.framework
    titles = np.array([framework.node_title(name) for name in through.nodes], dtype=object)
    frame.insert(0, "title", tiled(repeated(titles, len(through.years)), len(through.cases)))
    return frame


def change_frame(through: ScoredYears, steps: Sequence[Step | None]) -> pd.DataFrame:
    """Return one row for each case, node and year but the first: its change, and what of it comes from coverage."""
    under = _under(through.first_scored)
    scores, there = through.table("score"), ~np.isnan(through.table("raw"))
    moved = np.full((len(through.years) - 1, *scores.shape[1:]), np.nan)
    for place, step in enumerate(steps):
        if step is not None:
            moved[place] = step.after - step.before
    change = np.diff(scores, axis=0)
    wide = {
        "change": change,
        "moved": np.where(np.isnan(change), np.nan, moved),
        "coverage": change - moved,
        "enter": ((there[1:] & ~there[:-1]).astype(float) @ under.T).astype(int),
        "leave": ((there[:-1] & ~there[1:]).astype(float) @ under.T).astype(int),
    }
    return _rows(through, through.years[1:], wide)


def move_frame(years: Sequence[Label], steps: Sequence[Step | None]) -> pd.DataFrame:
    """Return one row for each case, year and indicator whose value changed."""
    rows = [
        {"year": year} | row
        for year, step in zip(years[1:], steps, strict=True)
        for row in (() if step is None else step.moves())
    ]
    columns = ["case", "year", "indicator", "title", "cause", "old", "new", "unit", "points", "facts"]
    numbers = dict.fromkeys(("old", "new", "points"), float)
    return pd.DataFrame(rows, columns=columns).astype(numbers).set_index(["case", "year", "indicator"])


def _under(result: Result) -> Floats:
    """Return which indicators hang under each node, or are it, of shape (nodes, indicators)."""
    framework, nodes = result.profile.framework, result.nodes
    indicators = nodes[: result.raw.shape[1]]
    return np.array([[name in framework.path(one) for one in indicators] for name in nodes], dtype=float)


def _interval(through: ScoredYears) -> tuple[Floats, Floats]:
    """Return the ends of the interval of each node, of shape (years, cases, nodes): of draws, or the bounds."""
    if not any(through.drawn):
        return through.table("low"), through.table("high")
    result = through.first_scored
    made = np.full((2, len(through.years), *result.score.shape), np.nan)
    for place, one in enumerate(through.drawn):
        if one is not None:
            frame = one.to_frame()
            for end, name in enumerate(("low", "high")):
                wide = frame.pivot_table(name, "case", "node").reindex(result.index, columns=list(result.nodes))
                made[end, place] = wide.to_numpy(dtype=float)
    return made[0], made[1]


def _reasons(through: ScoredYears) -> Any:
    """Return why scores are missing, of shape (years, cases, nodes); empty where they are there."""
    reasons = np.full((len(through.years), *through.first_scored.score.shape), "", dtype=object)
    for place, (year, one) in enumerate(zip(through.years, through.results, strict=True)):
        reasons[place] = through.failures.get(year, "") if one is None else one.engine.reasons(one.score)
    return reasons


def _rows(through: ScoredYears, years: Sequence[Label], wide: Mapping[str, Any]) -> pd.DataFrame:
    """Return arrays of shape (years, cases, nodes) as rows of cases, nodes, years, the nodes as a reader walks them."""
    order = [through.first_scored.nodes.index(name) for name in through.nodes]
    levels: list[Sequence[Any]] = [through.cases, through.nodes, years]
    index = pd.MultiIndex.from_product(levels, names=["case", "node", "year"])
    cells = {name: np.moveaxis(table[:, :, order], 0, -1).ravel() for name, table in wide.items()}
    return pd.DataFrame(cells, index)

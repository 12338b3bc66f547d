"""What one thing alone does to a score, as plain tables with bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from softpower.present.sheet import Block, Note, Sheet, Table
from softpower.present.table import BAR
from softpower.present.wording import SHOWN, not_shown, number, signed

LESS = ", which move it less"
"""What is said of the rows that are not shown."""


def tornado_table(frame: pd.DataFrame) -> Sheet:
    """Return the rows of `tornado` as bars from the low to the high of each factor, and what it is at these ends.

    Parameters
    ----------
    frame : DataFrame
    """
    blocks: list[Block] = []
    for label, rows in _cases(frame):
        span = _span(row[end] for row in rows for end in ("low", "high"))
        head = [f"{label}: {number(rows[0]['score'])} as declared", "low", "high", "swing", ""]
        shown = rows[:SHOWN]
        cells = [
            [row["factor"], *map(number, (row["low"], row["high"], row["swing"])), _bar(row, "low", "high", span)]
            for row in shown
        ]
        blocks += ["", Table(head, cells, together=[(1, 2, 4)]), *not_shown(len(rows), SHOWN, LESS)]
        moved = [row for row in shown if row["at_low"]]
        blocks += ["", "From the end at which the score is low to the end at which it is high:"] if moved else []
        blocks += [Note(f"  {row['factor']}: ", f"from {row['at_low']} to {row['at_high']}") for row in moved]
        blocks += [Note("! ", f"{row['factor']}: {row['reason']}") for row in shown if row["reason"]]
    return Sheet(blocks[1:])


def swing_table(frame: pd.DataFrame) -> Sheet:
    """Return the rows of `swings`: each observation with its ends, and a bar from the score at low to that at high.

    Parameters
    ----------
    frame : DataFrame
    """
    blocks: list[Block] = []
    for label, rows in _cases(frame):
        span = _span(row[end] for row in rows for end in ("score_at_low", "score_at_high"))
        head = [f"{label}: {number(rows[0]['score'])} as it is", "low", "high", "at low", "at high", "swing", ""]
        cells = []
        for row in rows[:SHOWN]:
            part = "" if row["part"] == "value" else f", {row['part']}"
            numbers = [number(row["score_at_low"]), number(row["score_at_high"]), signed(row["swing"])]
            bar = _bar(row, "score_at_low", "score_at_high", span)
            name = f"{row['observation']}{part}: {row['variable']}"
            cells.append([name, _value(row["low"]), _value(row["high"]), *numbers, bar])
        blocks += ["", Table(head, cells, together=[(3, 4, 6), (1, 2)]), *not_shown(len(rows), SHOWN, LESS)]
    return Sheet(blocks[1:] or ["No observation is uncertain."])


def drop_table(frame: pd.DataFrame) -> Sheet:
    """Return the rows of `drop_each`, with a bar as long as what leaving each out does.

    Parameters
    ----------
    frame : DataFrame
    """
    shown = [name for name in ("observations", "score", "difference", "rank_change") if name in frame]
    formats: dict[str, Callable[[Any], str]] = {"observations": str, "difference": signed}
    said = {"observations": "facts", "rank_change": "rank change"}
    rows = [{str(name): value for name, value in row.items()} for row in frame.reset_index().to_dict("records")]
    thing = str(frame.index.name)
    most = max((abs(row[shown[-1]]) for row in rows if not math.isnan(row[shown[-1]])), default=0.0)
    cells = []
    for row in rows[:SHOWN]:
        size = 0.0 if math.isnan(row[shown[-1]]) or not most else abs(row[shown[-1]]) / most
        numbers = [formats.get(name, number)(row[name]) for name in shown]
        cells.append([row["title"], *numbers, ("#" * round(size * BAR)).ljust(BAR)])
    head = [f"without {thing.replace('_', ' ')}", *(said.get(name, name) for name in shown), ""]
    blocks: list[Block] = [
        Table(head, cells, together=[(len(head) - 2, len(head) - 1)]),
        *not_shown(len(rows), SHOWN, LESS),
    ]
    blocks += [Note("! ", f"{row['title']}: {row['reason']}") for row in rows if row["reason"]]
    return Sheet(blocks)


def _cases(frame: pd.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of each case, and period, under its name."""
    levels = list(frame.index.names[:-1])
    for label, rows in frame.reset_index().groupby(levels, sort=False):
        records = [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
        yield " ".join(map(str, label)), records


def _span(scores: Iterable[float]) -> tuple[float, float]:
    """Return the least and the greatest of some scores; NaN where there is none."""
    there = [one for one in scores if not math.isnan(one)] or [math.nan]
    return min(there), max(there)


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _bar(row: Mapping[str, Any], one: str, other: str, span: tuple[float, float]) -> str:
    """Return the span of all rows as dots, what this one covers as a line, its score as a mark."""
    if math.isnan(row[one]) or not span[1] > span[0]:
        return ""
    ends = [round((row[name] - span[0]) / (span[1] - span[0]) * BAR) for name in (one, "score", other)]
    low, high = min(ends[0], ends[2]), max(ends[0], ends[2])
    marks = ["-" if low <= place <= high else "." for place in range(BAR + 1)]
    if 0 <= ends[1] <= BAR:
        marks[ends[1]] = "o"
    return "".join(marks)

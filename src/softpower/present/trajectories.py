"""A profile through time as a plain table: the years, the phases, what moved it, what it cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from softpower.analysis.phases import Phase
from softpower.analysis.trajectories import Trajectory, rows_of
from softpower.present.sheet import WIDTH, Block, Note, Sheet, Table
from softpower.present.wording import number

MOVES = 10
"""So many moves are shown, those of most points first."""
LEAST = 0.05
"""A move of fewer points is not shown."""


def trajectory_table(through: Trajectory, *, phases: Iterable[Phase] = (), moves: int = MOVES) -> Sheet:
    """Return a trajectory in aligned columns: year by year, in phases, what moved it most, and its limits.

    Parameters
    ----------
    through : Trajectory
    phases : iterable of (first, last) or str
        Spans of years that are compared.
    moves : int
        How many of the largest moves are shown.
    """
    spans = list(phases)
    lines: list[Block] = [through.head]
    for case in through.cases:
        lines += ["", _years(through, case)]
        lines += ["", *_phases(through, case, spans)] if spans else []
        lines += _moves(through, case, moves)
    lines.append("")
    lines += [Note("! ", note) for note in through.notes]
    return Sheet(lines)


def _years(through: Trajectory, case: str) -> Table:
    """Return one line for each year: the composite with interval and coverage, and what is right below it."""
    framework, frame = through.profile.framework, through.to_frame()
    root, *below = [name for name in through.nodes if framework.depths[name] <= 1]
    # The composite alone where its children would not fit on a line.
    titles = [framework.node_title(name) for name in below]
    below = below if sum(len(one) + 2 for one in titles) < WIDTH - 50 else []
    interval = "90 % of draws" if any(through.drawn) else "bounds"
    head = [case, framework.node_title(root), interval, "coverage", *titles[: len(below)]]
    others = [[number(one) for one in rows_of(frame, case, name)["score"]] for name in below]
    rows = []
    for place, (year, one) in enumerate(rows_of(frame, case, root).to_dict("index").items()):
        span = "-" if np.isnan(one["low"]) else f"{one['low']:.1f} to {one['high']:.1f}"
        numbers = [number(one["score"]), span, number(one["coverage"], ".0%")]
        rows.append([str(year), *numbers, *(column[place] for column in others)])
    return Table(head, rows)


def _phases(through: Trajectory, case: str, phases: Iterable[Phase]) -> list[Block]:
    """Return the phases of the composite and of what is right below it, one line each."""
    table, framework = through.phases(phases).reset_index(), through.profile.framework
    rows = [
        [f"{framework.node_title(str(row['node']))} {row['phase']}", *_phase(row)]
        for row in table[table["case"] == case].to_dict("records")
    ]
    head = ["phase", "scored", "mean", "last", "change", "moved", "by coverage", "coverage"]
    said = (
        "change: to the last year of the phase from the year before it. moved: on indicators observed in both years."
        " by coverage: the rest, from indicators that enter or leave."
    )
    return [Table(head, rows), Note("  ", said)]


def _phase(row: dict[Any, Any]) -> list[str]:
    changes = [number(row[name], "+.1f") for name in ("change", "moved", "coverage_change")]
    span = f"{number(row['coverage_first'], '.0%')} to {number(row['coverage_last'], '.0%')}"
    return [f"{row['scored']} of {row['years']}", number(row["mean"]), number(row["last"]), *changes, span]


def _moves(through: Trajectory, case: str, count: int) -> list[Block]:
    """Return the largest moves of facts, in their order in time."""
    table = through.moves().reset_index()
    mine = table[(table["case"] == case) & (table["cause"] == "facts") & table["points"].abs().ge(LEAST)]
    if not count or mine.empty:
        return []
    largest = mine.loc[mine["points"].abs().sort_values(ascending=False, kind="stable").index[:count]].sort_index()
    rows = [
        [
            f"{row['year']} {row['title']}",
            f"{row['old']:.4g} -> {row['new']:.4g}",
            f"{row['points']:+.1f}",
            _few(str(row["facts"]).split()),
        ]
        for row in largest.to_dict("records")
    ]
    shown = f", the largest {len(rows)} of {len(mine)}" if len(rows) < len(mine) else ""
    return ["", f"What facts moved{shown}:", Table(["", "value", "points", "facts"], rows)]


def _few(ids: list[str]) -> str:
    """Return the first ids, and how many more there are."""
    return " ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")

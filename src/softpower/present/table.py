"""Plain-text tables of results, for terminals and files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.present.sheet import WIDTH, Block, Note, Sheet, Table
from softpower.present.wording import IN_CSV, not_shown
from softpower.result import Result

NO_INTERVAL = "No uncertainty is declared: there are bounds, and no interval."
NOT_DRAWN = "Nothing is drawn: there are bounds, and no interval."
BAR = 20
TREES = 3
"""So many cases are shown as trees, more of them as a ranking."""
LINES = 40
"""So many lines a ranking has."""


def score_table(result: Result, *, depth: int = 2, drawn: UncertaintyResult | None = None) -> Sheet:
    """Return the scores as an indented table with intervals, bounds, coverage and a bar, then what a reader must know.

    Parameters
    ----------
    result : Result
    depth : int
        How many levels below the composite are shown.
    drawn : UncertaintyResult, optional
        What draws come to; without it the table says that no uncertainty is declared.
    """
    scale = f"scores {result.scale[0]:g} to {result.scale[1]:g}" if result.scale else "scores on an open scale"
    span = f" ({result.profile.span})" if result.profile.span else ""
    lines: list[Block] = [f"{result.profile.title}{span}, {scale}"]
    if len(result.index) > TREES:
        lines += ["", *_ranking(result, depth, drawn)]
    else:
        lines += _trees(result, depth, drawn)
    if drawn is None:
        lines += ["", NOT_DRAWN if result.profile.uncertainty.declared else NO_INTERVAL]
    for note in result.notes:
        lines += ["", Note("! ", note)]
    if result.profile.caveats:
        lines += ["", "What the profile says of its scores, as it declares them:"]
        lines += [Note("- ", caveat) for caveat in result.profile.caveats]
    return Sheet(lines)


def _trees(result: Result, depth: int, drawn: UncertaintyResult | None) -> list[Block]:
    """Return the tree of each row down to a depth, with what its signs mean."""
    framework, frame, size = result.profile.framework, result.to_frame(), len(result.nodes)
    intervals = None if drawn is None else drawn.to_frame()
    lines: list[Block] = []
    outside = False
    for row in range(len(result.index)):
        rows = frame.iloc[row * size : (row + 1) * size]
        rows.index = rows.index.get_level_values("node")
        shown = [str(node) for node in rows.index if framework.depths[str(node)] <= depth]
        labels = ["  " * framework.depths[node] + framework.node_title(node) for node in shown]
        gaps = bool((rows.loc[shown, "coverage"] < 1).any())
        cells = [
            [label, *_cells(rows.loc[node].to_dict(), result.scale, gaps=gaps)]
            for label, node in zip(labels, shown, strict=True)
        ]
        head = [result.engine.label(row), "score", "bounds", *(["with gaps"] if gaps else []), "coverage", ""]
        if intervals is not None:
            mine = intervals.iloc[row * size : (row + 1) * size].droplevel(list(result.index.names)).loc[shown]
            outside |= bool(mine["outside"].any())
            head.insert(2, "90 % of draws")
            for line, one in zip(cells, mine.to_dict("records"), strict=True):
                line.insert(2, ("! " if one["outside"] else "") + interval_text(one["low"], one["high"]))
        drawn_as = (head.index("score"), head.index("bounds"), len(head) - 1)
        lines += ["", Table(head, cells, together=[drawn_as])]
        lines += _missing(result, row, set(shown))
    if not result.exact.all():
        outer = "~ outer bounds: they may not be attained, since indicators under the node share an uncertain fact."
        lines += ["", outer]
    if outside:
        lines += ["", "! beside an interval: the score as declared lies outside it."]
    return lines


def interval_text(low: float, high: float) -> str:
    """Return an interval as it is printed; empty where there is none."""
    return "" if math.isnan(low) else f"{low:.1f} to {high:.1f}"


def _ranking(result: Result, depth: int, drawn: UncertaintyResult | None) -> list[Block]:
    """Return one line for each row, the highest first within each period, with the nodes down to a depth."""
    framework = result.profile.framework
    wide = result.to_wide()
    nodes = [name for name in wide.columns if framework.depths[name] <= min(depth, 1)]
    # The composite alone where its children would not fit on a line.
    nodes = nodes if sum(len(name) + 2 for name in nodes) <= WIDTH // 2 else nodes[:1]
    frame = wide[nodes].assign(rank=result.ranks(), coverage=result.coverage[:, -1])
    by = ["period", "rank"] if result.index.nlevels > 1 else ["rank"]
    frame = frame.sort_values(by, kind="stable", na_position="last")
    labels = [str(name) for name in result.index.names]
    header = [labels[0], *labels[1:], "rank", *nodes, "coverage"]
    intervals = ranks = None
    if drawn is not None:
        header[len(labels) + 1 : len(labels) + 1] = ["90 % of ranks"]
        header.insert(len(labels) + 3, "90 % of scores")
        intervals, ranks = drawn.to_frame().xs(result.nodes[-1], level="node"), drawn.ranks()
    places_of = {label: place for place, label in enumerate(result.index)}
    rows = []
    for label, one in frame.head(LINES).iterrows():
        cells = list(map(str, label if isinstance(label, tuple) else (label,)))
        scores = ["missing" if math.isnan(one[node]) else f"{one[node]:.1f}" for node in nodes]
        rank = "" if pd.isna(one["rank"]) else f"{one['rank']:.0f}"
        if intervals is not None and ranks is not None:
            mine, places = intervals.iloc[places_of[label]], ranks.iloc[places_of[label]]
            scores.insert(1, interval_text(mine["low"], mine["high"]))
            scores.insert(0, "" if math.isnan(places["low"]) else f"{places['low']:.0f} to {places['high']:.0f}")
        rows.append([*cells, rank, *scores, f"{one['coverage']:.0%}"])
    return [Table(header, rows), *not_shown(len(frame), LINES, f" rows{IN_CSV}")]


def _missing(result: Result, row: int, shown: set[str]) -> list[str]:
    """Return why the shown nodes are missing, and how many below them are."""
    framework = result.profile.framework
    label = result.index[row]
    key = label if isinstance(label, tuple) else (label,)
    mine = {str(node): why for (*one, node), why in result.reasons.items() if tuple(one) == key}
    lines = [f"  {framework.node_title(node)}: missing, {why}" for node, why in mine.items() if node in shown]
    hidden = len(mine) - len(lines)
    return [*lines, f"  not shown: {hidden} missing below, say --depth 9 to see them"] if hidden else lines


def _cells(row: Mapping[Any, Any], scale: tuple[float, float] | None, *, gaps: bool) -> list[str]:
    score, low, high = (float(row[name]) for name in ("score", "low", "high"))
    wide = [_bounds(row, "gap_low", "gap_high")] if gaps else []
    shown = "missing" if math.isnan(score) else f"{score:.1f}"
    return [shown, _bounds(row, "low", "high"), *wide, f"{row['coverage']:.0%}", bar(low, score, high, scale)]


def _bounds(row: Mapping[Any, Any], low: str, high: str) -> str:
    """Return the bounds, marked where they are outer; empty where there are none."""
    if math.isnan(row[low]):
        return ""
    return f"{'' if row['exact'] else '~'}{row[low]:.1f} to {row[high]:.1f}"


def bar(low: float, mark: float, high: float, scale: tuple[float, float] | None) -> str:
    """Return the scale as a row of dots, what lies from low to high as a line on it, and a mark."""
    if scale is None or math.isnan(low):
        return ""
    places = [min(max(round((one - scale[0]) / (scale[1] - scale[0]) * BAR), 0), BAR) for one in (low, mark, high)]
    marks = ["-" if places[0] <= place <= places[2] else "." for place in range(BAR + 1)]
    marks[places[1]] = "o"
    return "".join(marks)

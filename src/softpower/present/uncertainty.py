"""Uncertainty and sensitivity analyses as plain tables, for terminals and files."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from softpower.analysis.sensitivity import SensitivityResult
from softpower.analysis.uncertainty import UncertaintyResult
from softpower.present.sheet import Block, Note, Sheet, Table
from softpower.present.table import BAR, LINES, TREES, bar, interval_text
from softpower.present.wording import IN_CSV, not_shown
from softpower.words import counted

SHOWN = 12
"""So many factors are shown of an output."""


def uncertainty_table(result: UncertaintyResult, *, depth: int = 1) -> Sheet:
    """Return the scores with their intervals, ranks and claims as they come out of the draws, and what to know of them.

    Parameters
    ----------
    result : UncertaintyResult
    depth : int
        How many levels below the composite are shown.
    """
    profile = result.profile
    how = "Sobol points" if result.sampling == "sobol" else "pseudo-random points"
    count = counted(len(result.factors), "factor")
    lines: list[Block] = [f"{profile.title}: {result.n:,} draws of {count} ({how}, seed {result.seed})"]
    lines += ["", _factors(result)]
    lines += _ranking(result) if len(result.score.index) > TREES else _trees(result, depth)
    if profile.claims:
        lines += ["", *claims_sheet(result.claims()).blocks]
    lines += [""] if result.notes else []
    lines += [Note("! ", note) for note in result.notes]
    return Sheet(lines)


def _factors(result: UncertaintyResult) -> Note:
    kinds: dict[str, int] = {}
    for one in result.factors:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    said = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in kinds.items())
    return Note("Drawn: ", said or "nothing, since nothing that is named can vary")


def _trees(result: UncertaintyResult, depth: int) -> list[Block]:
    framework, frame = result.profile.framework, result.to_frame()
    count = len(result.score.nodes)
    lines: list[Block] = []
    for row in range(len(result.score.index)):
        rows = frame.iloc[row * count : (row + 1) * count]
        rows.index = rows.index.get_level_values("node")
        cells = []
        for node, one in rows.iterrows():
            if framework.depths[str(node)] <= depth:
                label = "  " * framework.depths[str(node)] + framework.node_title(str(node))
                cells.append([label, *_numbers(one), bar(one["low"], one["median"], one["high"], result.score.scale)])
        head = [result.score.engine.label(row), "score", "mean", "median", "90 % of draws", "deviation", ""]
        lines += ["", Table(head, cells, together=[(3, 4, 6)])]
    return lines


def _numbers(one: pd.Series[float]) -> list[str]:
    if math.isnan(one["score"]) and math.isnan(one["mean"]):
        return ["missing", "", "", "", ""]
    mark = "!" if one["outside"] else ""
    cells = [_number(one["score"]) + mark, _number(one["mean"]), _number(one["median"])]
    return [*cells, interval_text(one["low"], one["high"]), _number(one["standard_deviation"])]


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1f}"


def _ranking(result: UncertaintyResult) -> list[Block]:
    ranks = result.ranks()
    scores = result.to_frame().xs(result.score.nodes[-1], level="node")
    by = ["period", "rank"] if result.score.index.nlevels > 1 else ["rank"]
    order = ranks.sort_values(by, kind="stable")
    rows = []
    for label in order.index[:LINES]:
        rank, score = ranks.loc[label], scores.loc[label]
        named = list(map(str, label if isinstance(label, tuple) else (label,)))
        ranked = not pd.isna(rank["mean"])
        shown = f"{rank['low']:.0f} to {rank['high']:.0f}" if ranked else ""
        cells = [_number(score["score"]), interval_text(score["low"], score["high"])]
        place = "" if pd.isna(rank["rank"]) else f"{rank['rank']:.0f}"
        rows.append([*named, place, f"{rank['mean']:.1f}" if ranked else "", shown, *cells])
    head = [*map(str, result.score.index.names), "rank", "mean rank", "90 % of ranks", "score", "90 % of scores"]
    return ["", Table(head, rows), *not_shown(len(order), LINES, f" rows{IN_CSV}")]


def claims_sheet(claims: pd.DataFrame) -> Sheet:
    """Return claims, one block each: the verdict, the share of draws in which it holds, and what it says."""
    lines: list[Block] = ["Claims, and the share of draws in which each holds:"]
    width = max(len(str(name)) for name in claims.index)
    for name, one in claims.iterrows():
        as_declared = (
            "cannot be decided" if pd.isna(one["declared"]) else "holds" if one["declared"] else "does not hold"
        )
        share = "    -" if math.isnan(one["share"]) else f"{one['share']:5.0%}"
        few = f", of the {one['decided']:.0%} that decide it" if 0 < one["decided"] < 1 else ""
        lines.append(
            Note(f"  {str(name).ljust(width)}  {share}  ", f"{one['verdict']}{few}; as declared it {as_declared}")
        )
        lines.append(Note("      ", one["says"]))
    return Sheet(lines)


def sensitivity_table(result: SensitivityResult, outputs: Sequence[str] | None = None) -> Sheet:
    """Return the factors of each output by their total index, with 90 % intervals.

    Parameters
    ----------
    result : SensitivityResult
    outputs : sequence of str, optional
        By default all.
    """
    profile = result.design.outputs.sampler.profile
    runs = result.n * (len(result.groups) + 2)
    lines: list[Block] = [f"{profile.title}: Sobol indices from {runs:,} runs (n = {result.n:,}, seed {result.seed})"]
    for output in outputs or result.outputs:
        frame = result.to_frame(output)
        rows = [
            [str(factor), *_indices(numbers)]
            for factor, *numbers in frame.head(SHOWN).drop(columns="output").to_numpy()
        ]
        head = [output, "first", "90 %", "total", "90 %", ""]
        lines += ["", Table(head, rows, together=[(3, 4, 5), (1, 2)])]
        most = frame["total"].iloc[SHOWN:].max()
        lines += not_shown(len(frame), SHOWN, f", each with a total of {most:.2f} or less")
    for note in result.notes:
        lines += ["", Note("! ", note)]
    return Sheet(lines)


def _indices(numbers: Sequence[float]) -> list[str]:
    """Return the cells of one factor: first order and total with their intervals, and the total as a bar."""
    if math.isnan(numbers[0]):
        return ["-", "", "-", "", ""]
    first, first_low, first_high, total, total_low, total_high = numbers
    bar = "#" * round(min(max(total, 0.0), 1.0) * BAR)
    ends = [f"{low:.2f} to {high:.2f}" for low, high in ((first_low, first_high), (total_low, total_high))]
    return [f"{first:.2f}", ends[0], f"{total:.2f}", ends[1], bar.ljust(BAR)]

"""The scores of a profile under its scenarios as a plain table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from softpower.errors import visible
from softpower.model.profile import Profile
from softpower.present.sheet import NAMES, WIDTH, Block, Note, Sheet, Table, broken
from softpower.present.width import columns, padded, wrapped

ENDING = {"difference": "change", "coverage": "coverage", "indicators": "indi- cators", "observations": "facts"}
"""The columns behind the scores, with their heads."""


def scenario_table(profile: Profile, table: pd.DataFrame) -> Sheet:
    """Return a table of `score_scenarios` in aligned columns, and under it why scores are missing.

    Parameters
    ----------
    profile : Profile
    table : DataFrame
    """
    nodes = [str(name) for name in table.columns if name not in {"title", "rank", "low", "high", "reason", *ENDING}]
    for shown in (nodes, nodes[:1]):
        titles = [*(visible(_title(profile, name)) for name in shown), *ENDING.values()]
        heads = [wrapped(title, _head_width(title)) for title in titles]
        widths = [max(5, *map(columns, head)) for head in heads]
        room = WIDTH - sum(widths) - 2 * len(widths)
        if room >= NAMES:
            break
    lines: list[Block] = [f"{profile.title}: scenarios"]
    inner = [table.index.get_level_values(at) for at, name in enumerate(table.index.names) if name != "scenario"]
    for label, part in table.groupby(inner, sort=False):
        names = [visible(str(name)) for name in part.index.get_level_values("scenario")]
        case = visible(" ".join(map(str, label)))
        first, *firsts = (broken(name, max(NAMES, room)) for name in (case, *names))
        wide = max(columns(line) for lines in (first, *firsts) for line in lines)
        records = part.to_dict("records")
        cells = [_cells(row, shown) for row in records]
        plain = _block([first, *heads], [wide, *widths], bottom=True)
        for lines_of, numbers in zip(firsts, cells, strict=True):
            plain += _block([lines_of, *([cell] for cell in numbers)], [wide, *widths])
        head = [case, *(title.replace("- ", "") for title in titles)]
        rows = [[name, *numbers] for name, numbers in zip(names, cells, strict=True)]
        lines += ["", Table(head, rows, plain)]
        for name, row in zip(names, records, strict=True):
            if row["reason"]:
                lines += ["", Note("! ", f"{name}: {row['reason']}")]
    return Sheet(lines)


def _title(profile: Profile, column: str) -> str:
    known = profile.framework.depths
    return profile.framework.node_title(column if column in known else column.removesuffix("_score"))


def _head_width(title: str) -> int:
    """Return how wide the head of a column is: as its longest word, within limits."""
    return max(9, min(NAMES, max(map(columns, title.split()), default=0)))


def _block(cells: Sequence[Sequence[str]], widths: Sequence[int], *, bottom: bool = False) -> list[str]:
    """Return cells of several lines side by side, the first to the left."""
    tall = max(map(len, cells))
    filled = [[*[""] * (tall - len(one)), *one] if bottom else [*one, *[""] * (tall - len(one))] for one in cells]
    return [
        "  ".join(
            padded(cell, width, right=place > 0) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in zip(*filled, strict=True)
    ]


def _cells(row: Mapping[Any, Any], nodes: Sequence[str]) -> list[str]:
    """Return the numbers of a scenario as they are shown; `-` where there is none."""
    shown = [*((name, ".1f") for name in nodes), ("difference", "+.1f"), ("coverage", ".0%")]
    shown += [("indicators", "d"), ("observations", "d")]
    return ["-" if pd.isna(row[name]) else format(row[name], how) for name, how in shown]

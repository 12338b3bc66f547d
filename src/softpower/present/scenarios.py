"""The scores of a profile under its scenarios as a plain table."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from softpower.model.profile import Profile
from softpower.present.sheet import WIDTH, Block, Note, Sheet, Table

ENDING = {"difference": "change", "coverage": "coverage", "indicators": "indi- cators", "observations": "facts"}
"""The columns behind the scores, with their heads."""
NAMES = 24
"""The least room for the names of scenarios; nodes below the composite are shown where they leave as much."""


def scenario_table(profile: Profile, table: pd.DataFrame) -> Sheet:
    """Return a table of `score_scenarios` in aligned columns, and under it why scores are missing.

    Parameters
    ----------
    profile : Profile
    table : DataFrame
    """
    nodes = [str(name) for name in table.columns if name not in {"title", "low", "high", "reason", *ENDING}]
    for shown in (nodes, nodes[:1]):
        titles = [*(_title(profile, name) for name in shown), *ENDING.values()]
        heads = [textwrap.wrap(title, 9, break_long_words=False) for title in titles]
        widths = [max(5, *map(len, head)) for head in heads]
        room = WIDTH - sum(widths) - 2 * len(widths)
        if room >= NAMES:
            break
    lines: list[Block] = [f"{profile.title}: scenarios"]
    inner = [name for name in table.index.names if name != "scenario"]
    for label, part in table.groupby(level=inner, sort=False):
        names = [_broken(str(name), room) for name in part.index.get_level_values("scenario")]
        case = _broken(" ".join(map(str, label)), room)
        first = max(len(part) for parts in (case, *names) for part in parts)
        records = part.to_dict("records")
        cells = [_cells(row, shown) for row in records]
        plain = _block([case, *heads], [-first, *widths], bottom=True)
        for name, numbers in zip(names, cells, strict=True):
            plain += _block([name, *([cell] for cell in numbers)], [-first, *widths])
        head = [" ".join(map(str, label)), *(title.replace("- ", "") for title in titles)]
        rows = [["".join(name), *numbers] for name, numbers in zip(names, cells, strict=True)]
        lines += ["", Table(head, rows, plain)]
        for name, row in zip(names, records, strict=True):
            if row["reason"]:
                lines += ["", Note("! ", f"{''.join(name)}: {row['reason']}")]
    return Sheet(lines)


def _title(profile: Profile, column: str) -> str:
    known = profile.framework.depths
    return profile.framework.node_title(column if column in known else column.removesuffix("_score"))


def _broken(name: str, width: int) -> list[str]:
    """Return a name in lines that are no wider, broken behind its points."""
    if len(name) <= width:
        return [name]
    return [line.replace(". ", ".") for line in textwrap.wrap(name.replace(".", ". "), width)]


def _block(columns: Sequence[Sequence[str]], widths: Sequence[int], *, bottom: bool = False) -> list[str]:
    """Return cells of several lines side by side; those of negative width stand to the left."""
    tall = max(map(len, columns))
    filled = [[*[""] * (tall - len(one)), *one] if bottom else [*one, *[""] * (tall - len(one))] for one in columns]
    return [
        "  ".join(
            cell.ljust(-width) if width < 0 else cell.rjust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in zip(*filled, strict=True)
    ]


def _cells(row: Mapping[Any, Any], nodes: Sequence[str]) -> list[str]:
    """Return the numbers of a scenario as they are shown; `-` where there is none."""
    shown = [*((name, ".1f") for name in nodes), ("difference", "+.1f"), ("coverage", ".0%")]
    shown += [("indicators", "d"), ("observations", "d")]
    return ["-" if pd.isna(row[name]) else format(row[name], how) for name, how in shown]

"""The rows of COINr's iMeta, and the tree that they make."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from softpower.errors import Fault, did_you_mean
from softpower.interop.coinr_findings import Findings
from softpower.interop.coinr_tables import (
    IN_THE_TREE,
    NUMBERS,
    OWN,
    REQUIRED,
    TEXTS,
    TRUNCATES,
    TYPES,
    named,
    number,
    present,
)
from softpower.model.base import ID

Row = Mapping[str, Any]
"""The cells of one code by column; what is missing is None."""


def meta_rows(imeta: object, found: Findings) -> dict[str, Row]:
    """Return the rows of iMeta by code, their cells as texts and numbers; what is missing is None."""
    if not isinstance(imeta, pd.DataFrame):
        found.of_meta.append(Fault("iMeta", f"a {type(imeta).__name__} is no DataFrame", "Give a DataFrame."))
        return {}
    if not named("iMeta", imeta, REQUIRED, found.of_meta):
        return {}
    unknown = [name for name in imeta.columns if name not in {*TEXTS, *NUMBERS, TRUNCATES}]
    if unknown:
        found.notes.append(f"iMeta has columns that say nothing here: {', '.join(unknown)}.")
    rows: dict[str, Row] = {}
    for place, given in enumerate(imeta.astype(object).to_dict("records"), start=1):
        code = given["iCode"]
        if not isinstance(code, str) or not re.fullmatch(ID, code):
            mend = "Use letters, digits, _ . and -, beginning with a letter."
            found.keep(place, "iCode", f"{code!r} is no code", mend)
        elif code in OWN:
            found.keep(code, "iCode", f"'{code}' is a column of iData with a meaning of its own", "Rename it.")
        elif code in rows:
            found.keep(code, "iCode", "the code stands twice", "Rename or delete one.")
        else:
            rows[code] = _cells(code, {str(name): cell for name, cell in given.items()}, found)
    return rows


def _cells(code: str, given: Row, found: Findings) -> Row:
    """Return the cells of a row, and keep what is wrong with them."""
    row: dict[str, Any] = {}
    for name in TEXTS:
        cell = present(given.get(name))
        # R writes a missing text as NA, which no code or unit is; a name may be.
        row[name] = None if cell == "NA" and name not in {"iCode", "iName"} else cell
        if row[name] is not None and not isinstance(cell, str):
            found.keep(code, name, f"{cell!r} is no text", "Write a text, or leave it empty.")
            row[name] = None
    for name in NUMBERS:
        cell = present(given.get(name))
        row[name] = None if cell is None or cell == "NA" else number(cell)
        if cell not in {None, "NA"} and row[name] is None:
            found.keep(code, name, f"{cell!r} is no finite number", "Correct it, or leave the cell empty.")
    row[TRUNCATES] = present(given.get(TRUNCATES))
    if (code, "Type") in found.faulty:
        return row
    if row["Type"] not in TYPES:
        found.keep(code, "Type", f"{row['Type']!r} is no type", did_you_mean(row["Type"], TYPES))
    elif row["Type"] in IN_THE_TREE:
        _check_node(code, row, found)
    else:
        idle = [name for name in ("Level", "Parent", "Direction", "Weight") if row[name] is not None]
        if idle:
            found.notes.append(f"{', '.join(idle)} of '{code}' say nothing: it is a {row['Type']}.")
    return row


def _check_node(code: str, row: Row, found: Findings) -> None:
    """Keep what is wrong with a row that is in the tree."""
    for name in ("Level", "Direction", "Weight"):
        if row[name] is None and (code, name) not in found.faulty:
            found.keep(code, name, "the cell is empty", f"Every {row['Type']} has one.")
    if row["Direction"] not in {None, 1.0, -1.0}:
        found.keep(code, "Direction", f"{row['Direction']:g} is no direction", "Write 1, or -1 where lower is better.")
    if row["Type"] == "Aggregate" and row["Direction"] == -1.0:
        found.notes.append(f"Direction -1 of the aggregate '{code}' says nothing: only indicators turn.")
    if row["Weight"] is not None and row["Weight"] < 0:
        found.keep(code, "Weight", f"the weight {row['Weight']:g} is negative", "Write zero or more.")
    if row["ScaleFactor"] is not None and row["ScaleFactor"] <= 0:
        found.keep(code, "ScaleFactor", f"{row['ScaleFactor']:g} is not above zero", "Write a number above zero.")
    if row["Type"] == "Indicator" and row["Level"] not in {None, 1.0}:
        found.keep(code, "Level", f"an indicator is at level {row['Level']:g}", "Indicators are at level 1.")


def count_levels(rows: Mapping[str, Row], found: Findings) -> int:
    """Check parents and levels; return how many levels there are, indicators included, or 0 after a fault."""
    nodes = {code: row for code, row in rows.items() if row["Type"] in IN_THE_TREE}
    aggregates = [code for code, row in nodes.items() if row["Type"] == "Aggregate"]
    named = {code for code in nodes if (code, "Parent") in found.faulty}
    roots = [code for code in aggregates if nodes[code]["Parent"] is None and code not in named]
    if rows and not any(row["Type"] == "Indicator" for row in nodes.values()):
        found.of_meta.append(Fault("iMeta", "it has no row of type Indicator", "Give one for each indicator."))
    if rows and len(roots) != 1 and named.isdisjoint(aggregates):
        what = f"{len(roots)} aggregates have no parent{': ' if roots else ''}{', '.join(roots)}"
        found.of_meta.append(Fault("iMeta", what, "Exactly one, the index, has none."))
    for code, row in nodes.items():
        parent = row["Parent"]
        if parent is None:
            if row["Type"] == "Indicator" and code not in named:
                found.keep(code, "Parent", "the cell is empty", "Name the aggregate that it belongs to.")
        elif parent not in aggregates:
            found.keep(code, "Parent", f"there is no aggregate '{parent}'", did_you_mean(parent, aggregates))
        elif None not in {row["Level"], nodes[parent]["Level"]} and row["Level"] >= nodes[parent]["Level"]:
            what = f"level {row['Level']:g} is not below that of its parent '{parent}', {nodes[parent]['Level']:g}"
            found.keep(code, "Level", what, "Indicators are at level 1, and each parent is above its children.")
    if found.of_meta or not nodes:
        return 0
    depths: dict[str, int] = {}
    # Levels rise towards the root, so that a parent comes before its children.
    for code in sorted(aggregates, key=lambda one: nodes[one]["Level"], reverse=True):
        parent = nodes[code]["Parent"]
        depths[code] = 0 if parent is None else depths[parent] + 1
    levels = max(depths.values()) + 2
    # Ours count from the top, so that branches may end at different depths.
    for code in aggregates:
        depth = depths[code]
        if nodes[code]["Level"] != levels - depth:
            what = f"Level {nodes[code]['Level']:g} of '{code}' is {levels - depth} here"
            found.notes.append(f"{what}: levels are counted from the top.")
    return levels


def level_names_of(levels: int, given: Sequence[str] | None, found: Findings) -> tuple[str, ...]:
    """Return the names of the levels of aggregates, top down."""
    names: list[Any] = [f"Level_{rank}" for rank in range(1, levels + 1)] if given is None else list(given)
    if given is None or not levels:
        return tuple(reversed(names[1:]))
    if len(names) != levels:
        what = f"{len(names)} names are given for {levels} levels"
        found.of_meta.append(Fault("level_names", what, "Name each level once: indicators first, the index last."))
    for name in names[1:]:
        if not isinstance(name, str) or not re.fullmatch(ID, name):
            found.of_meta.append(Fault("level_names", f"{name!r} is no name of a level", "Use letters, digits and _."))
    return tuple(reversed(names[1:]))

"""COINr's two tables: their columns, and what stands in a cell."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from softpower.errors import Fault, did_you_mean
from softpower.frames import typed

REQUIRED = ("Level", "iCode", "Parent", "Direction", "Type", "Weight")
TEXTS = ("iCode", "Parent", "Type", "iName", "Unit", "Denominator")
GOALPOSTS = ("goalpost_lower", "goalpost_upper", "goalpost_scale")
NUMBERS = ("Level", "Direction", "Weight", "Target", "ScaleFactor", *GOALPOSTS)
TRUNCATES = "goalpost_trunc2posts"
TYPES = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
IN_THE_TREE = ("Indicator", "Aggregate")
OWN = ("uCode", "uName", "Time")
"""Columns of iData that iMeta does not describe."""
FULL = 100.0
"""Scores go from 0 to this; COINr multiplies by goalpost_scale."""


def named(table: str, frame: pd.DataFrame, required: Sequence[str], faults: list[Fault]) -> bool:
    """Return whether a table has rows, and columns with the names that it needs, each once."""
    before = len(faults)
    labels: list[object] = list(frame.columns)
    names = [name for name in labels if isinstance(name, str)]
    faults += [
        Fault(f"{table}: column {name!r}", "its name is no text", "Name every column by a text.")
        for name in labels
        if not isinstance(name, str)
    ]
    faults += [
        Fault(f"{table}: column '{name}'", "the name stands twice", "Rename or delete one.")
        for name in frame.columns[frame.columns.duplicated()].unique()
    ]
    for name in required:
        if name not in names:
            spare = [one for one in names if one not in required]
            faults.append(Fault(table, f"it has no column '{name}'", did_you_mean(name, spare)))
    if not len(frame):
        faults.append(Fault(table, "it has no rows", "Give one for each code; in iData, one for each unit."))
    return len(faults) == before


def present(cell: Any) -> Any:
    """Return a cell, or None where it is missing."""
    if cell is None or cell is pd.NA or (isinstance(cell, float | np.floating) and math.isnan(cell)):
        return None
    return None if isinstance(cell, str) and not cell.strip() else cell


def number(cell: object) -> float | None:
    """Return a cell as a finite number, or None where it is none."""
    if isinstance(cell, str):
        # iMeta as R writes it has NA in its columns of numbers, which are texts then.
        return float(cell) if re.fullmatch(r"-?\d+(\.\d*)?([eE][+-]?\d+)?", cell.strip()) else None
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, numbers.Real):
        return None
    return float(cell) if math.isfinite(cell) else None


def truth(cell: object) -> bool:
    """Return what a cell of TRUE and FALSE says."""
    return str(cell).upper() in {"TRUE", "T", "1", "1.0"}


def year(cell: Any) -> Any:
    """Return a whole number where a time is one."""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return int(cell)
    return cell


def label(cell: Any) -> Any:
    """Return a group's label as a text; whole numbers lose their point."""
    cell = year(present(cell))
    return "" if cell is None else str(cell)


def as_r_writes(column: pd.Series) -> pd.Series:
    """Return a column of texts that hold NA, as R writes a gap, with numbers; any other column as it is."""
    cells = column.astype(object)
    if "NA" not in set(cells[cells.map(lambda one: isinstance(one, str))]):
        return column
    if not cells.map(lambda one: isinstance(one, str)).all():
        return cells.where(cells != "NA", np.nan).infer_objects()
    return typed(pd.DataFrame({"cells": cells.where(cells != "NA", "")}))["cells"]

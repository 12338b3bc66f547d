"""What every command prints alike: CSV, JSON, and what can be called next."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from softpower.files import csv_of
from softpower.interop.tables import guarded
from softpower.present.sheet import Call, Sheet
from softpower.present.terminal import show


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV in which no text is a formula, since much of what is printed ends in a spreadsheet."""
    return csv_of(guarded(table.reset_index()), index=False).rstrip()


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows, its index among the columns; what is missing is None."""
    frame = table.reset_index()
    return [
        {str(key): one for key, one in row.items()}
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """Return a day as ISO has it, and a number of numpy as one of Python."""
    return value.isoformat() if isinstance(value, date) else value.item()


def as_json(body: Mapping[str, Any]) -> str:
    """Return what is printed as JSON."""
    # Not every output has more than ASCII, and what stands in its place must be JSON.
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(body, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_plain)


def show_next(says: str, *words: str) -> None:
    """Print what can be called next, below what is printed already."""
    show(Sheet(["", Call(says, ["softpower", *words])]))

"""Read a table of observations, row by row."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from softpower.catalogue.faults import Faults
from softpower.errors import Fault, FileError, ObservationError, SpecificationError, did_you_mean
from softpower.files import read_text, separated_otherwise
from softpower.model.observation import Observation

COLUMNS = tuple(Observation.model_fields)
REQUIRED = ("id", "case", "variable", "value", "unit")
# What the texts of models strip. Python's own strip() takes four control characters as well, which a text may keep.
BLANKS = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace() and mark not in "\x1c\x1d\x1e\x1f")

MANY = 1000
"""After so many faults of a table no more are looked for: something is wrong with all of it."""


def read_observations(folder: Path, name: str, faults: Faults) -> dict[int, Observation] | None:
    """Return the sound observations by their line."""
    try:
        text = read_text(folder, name)
    except FileError as error:
        faults.keep(error)
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[int, Observation] = {}
    errors: list[Fault] = []
    readable = False
    line = 1
    try:
        header = [column.strip() for column in next(reader)]
        errors += _header_faults(name, header)
        readable = not errors
        line = reader.line_num + 1
        for row in reader if readable else ():
            at, line = line, reader.line_num + 1
            if len(errors) >= MANY:
                errors.append(
                    Fault(f"{name} line {at}", "what follows is not read, for so much is at fault", "Mend it.")
                )
                break
            if not any(row):
                continue
            if len(row) != len(header):
                what = f"{len(row)} cells where the header has {len(header)}"
                errors.append(Fault(f"{name} line {at}", what, "Quote cells that hold a comma."))
                continue
            try:
                found[at] = Observation.parse(_cells(header, row), f"{name} line {at}")
            except SpecificationError as error:
                errors += error.faults
    except csv.Error as error:
        errors.append(Fault(f"{name} line {line}", f"not valid CSV: {error}", "Close every quoted cell."))
    if errors:
        faults.keep(ObservationError(errors))
    return found if readable else None


def _header_faults(name: str, header: list[str]) -> list[Fault]:
    if spoken := separated_otherwise(header):
        return [Fault(f"{name} line 1", f"the cells are separated by {spoken}", "Save the table with commas.")]
    unknown = [column for column in header if column not in COLUMNS]
    faults = [
        Fault(f"{name} line 1", f"unknown column '{column}'", did_you_mean(column, COLUMNS, listing=len(COLUMNS)))
        for column in unknown[: len(COLUMNS)]
    ]
    if more := len(unknown) - len(faults):
        faults.append(Fault(f"{name} line 1", f"{more} more columns are unknown", "Delete or rename them."))
    faults += [
        Fault(f"{name} line 1", f"the column '{column}' is missing", "Add it to the header.")
        for column in REQUIRED
        if column not in header
    ]
    twice = {column for column, count in Counter(header).items() if count > 1}
    faults += [Fault(f"{name} line 1", f"the column '{one}' stands twice", "Delete one.") for one in sorted(twice)]
    return faults


def _cells(header: list[str], row: list[str]) -> dict[str, Any]:
    """Return the filled cells of a row; an empty cell takes the default."""
    stripped = zip(header, (cell.strip(BLANKS) for cell in row), strict=True)
    cells: dict[str, Any] = {column: cell for column, cell in stripped if cell}
    if "flags" in cells:
        cells["flags"] = tuple(cells["flags"].split())
    return cells

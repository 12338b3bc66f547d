"""CSV texts become frames: labels as they are written, numbers to the last bit."""

import csv
import io

import numpy as np
import pandas as pd

from softpower.errors import Fault, ObservationError
from softpower.files import separated_otherwise
from softpower.frames.columns import holds_labels

NO_NUMBER = r"[^0-9eE.+-]"
"""What no number has; Python would read 1_000, nan and inf."""
COMMAS = "Save the table with commas, and numbers with points."
SHOWN = 5
"""So many rows are shown that have no cell for each column, or one too many."""


def parse_csv(text: str, where: str) -> pd.DataFrame:
    """Return the frame of a CSV text: labels as they are written, numbers as numbers, empty cells missing.

    No text stands for a gap, so that the code ``NA`` is a name. What is no number stays a text, which `read_frame`
    refuses with its place.

    Raises
    ------
    ObservationError
        If the text is no table.
    """
    _refuse_ragged(text, where)
    cells = pd.read_csv(io.StringIO(text, newline=""), header=None, dtype=str, keep_default_na=False, na_filter=False)
    header = [name.strip() for name in cells.iloc[0]]
    return typed(cells.iloc[1:].reset_index(drop=True).set_axis(header, axis=1))


def _refuse_ragged(text: str, where: str) -> None:
    """Raise ObservationError where rows have more or fewer cells than the header, or a quote stays open."""
    # As it is read here, a line may end as it ends on any computer.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults, width, line = [], None, 1
    try:
        for row in reader:
            if width is None and (spoken := separated_otherwise(row)):
                faults.append(Fault(f"{where} line {line}", f"the cells are separated by {spoken}", COMMAS))
                break
            if row and len(row) != (width := width or len(row)):
                what = f"{len(row)} cells where the header has {width}"
                faults.append(Fault(f"{where} line {line}", what, "Quote cells that hold a comma."))
            line = reader.line_num + 1
            if len(faults) == SHOWN:
                break
    except csv.Error as error:
        faults.append(Fault(f"{where} line {line}", f"not valid CSV: {error}", "Close every quoted cell."))
    if width is None and not faults:
        faults.append(Fault(where, "it has no rows", "Name the columns in the first row."))
    if faults:
        raise ObservationError(faults[:SHOWN])


def typed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of texts with numbers where every filled cell of a column is one.

    Columns of labels, which are ``case``, ``indicator``, ``period``, ``unit``, sources and groups, stay texts.
    """
    if cells.columns.has_duplicates:
        return cells
    made = {}
    for name in cells.columns:
        column = cells[name].astype(object).str.strip()
        made[name] = column if holds_labels(name) else _as_numbers(column)
    return pd.DataFrame(made)


def _as_numbers(column: pd.Series) -> pd.Series:
    """Return texts as numbers to the last bit, or as they are where one of them is no number."""
    filled = (column != "").to_numpy()
    texts = column[filled]
    if texts.str.contains(NO_NUMBER).any():
        return column.where(filled, None)
    try:
        numbers_ = np.full(len(column), np.nan)
        numbers_[filled] = texts.to_numpy(dtype=object).astype(float)
    except ValueError:
        return column.where(filled, None)
    return pd.Series(numbers_, column.index)

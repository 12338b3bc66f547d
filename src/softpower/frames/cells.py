"""The cells of a frame: numbers that are finite, bounds on their own side of the value, texts."""

import numbers
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from softpower.frames.faults import FRAME, Faults, Rows
from softpower.words import decimal_mend


def numbers_of(frame: pd.DataFrame, names: Sequence[str], rows: Rows, faults: Faults) -> np.ndarray | None:
    """Return columns as numbers; keep what is no number and what is infinite."""
    before = len(faults.found)
    for name in names:
        _refuse_type(frame[name], name, rows, faults)
    if len(faults.found) > before:
        return None
    # Taking all columns would copy them once more. Their order in memory is kept.
    taken = frame if list(frame.columns) == list(names) else frame[list(names)]
    table = np.array(taken.to_numpy(dtype=float, na_value=np.nan), order="K", copy=True)
    infinite = np.isinf(table)
    if infinite.any():
        for place in np.flatnonzero(infinite.any(axis=0)):
            hit = np.flatnonzero(infinite[:, place])
            more = f", and so are {len(hit) - 1} more in the column" if len(hit) > 1 else ""
            what = f"the value {table[hit[0], place]} is not finite{more}"
            faults.keep(rows.cell(int(hit[0]), names[int(place)]), what, "Correct it, or leave the cell empty.")
        return None
    return table


def _refuse_type(column: pd.Series, name: str, rows: Rows, faults: Faults) -> None:
    """Keep a column that does not hold numbers, at the cell that shows it."""
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind):
        mend = f"Write 1 and 0: frame['{name}'].astype(int)."
        faults.keep(rows.cell(0, name), f"the column holds True and False, as here {column.iloc[0]}", mend)
    elif not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_complex_dtype(kind):
        cells = list(column)
        doubtful = [at for at, one in enumerate(cells) if not _is_number(one)]
        if not doubtful:
            mend = f"Make it numbers: frame['{name}'].astype(float)."
            faults.keep(f"column '{name}'", f"it is of type {kind}, though its cells are numbers", mend)
            return
        # A text that reads as a number is less wrong than one that does not.
        place = next((at for at in doubtful if not _reads_as_number(cells[at])), doubtful[0])
        mend = decimal_mend(cells[place]) or "Correct it, or leave the cell empty."
        if faults.where == FRAME:
            mend += f" Then pd.to_numeric(frame['{name}']); if the column names the cases, frame.set_index('{name}')."
        elif not rows.named:
            mend += " If the column names the cases, call it 'case'."
        faults.keep(rows.cell(place, name), f"{column.iloc[place]!r} is no number", mend)


def refuse_lonely(given: np.ndarray, value: np.ndarray, names: Sequence[str], rows: Rows, faults: Faults) -> None:
    """Keep bounds without a value."""
    for row, place in np.argwhere(~np.isnan(given) & np.isnan(value))[:5]:
        what = "there is a bound but no value"
        faults.keep(rows.cell(row, names[place]), what, "Fill the value in, or leave the bound empty.")


def refuse_unordered(
    value: np.ndarray, tables: Mapping[str, np.ndarray], names: Sequence[str], rows: Rows, faults: Faults
) -> None:
    """Keep bounds on the wrong side of their value."""
    for part, sign, word in (("low", 1, "above"), ("high", -1, "below")):
        if part not in tables:
            continue
        for row, place in np.argwhere(sign * tables[part] > sign * value)[:5]:
            what = f"{part} {tables[part][row, place]:g} is {word} the value {value[row, place]:g}"
            faults.keep(rows.cell(row, names[place]), what, "Swap or correct them.")


def texts_of(column: pd.Series, name: str, rows: Rows, faults: Faults) -> tuple[str, ...]:
    """Return a column of labels as texts, empty where missing."""
    cells = column.astype(object).where(column.notna(), "")
    for place, one in enumerate(cells):
        if isinstance(one, bool) or not isinstance(one, str | numbers.Integral):
            faults.keep(rows.cell(place, name), f"{one!r} is no text", "Write a text, or leave it empty.")
            return ()
    return tuple(str(one).strip() for one in cells)


def _is_number(cell: object) -> bool:
    if isinstance(cell, bool | np.bool_):
        return False
    return isinstance(cell, numbers.Real) or cell is None or cell is pd.NA or cell is pd.NaT


def _reads_as_number(cell: object) -> bool:
    try:
        float(str(cell))
    except ValueError:
        return False
    return isinstance(cell, str)

"""Sheets of Excel workbooks, read and written cell by cell, formulas never among them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from softpower.errors import Fault, FileError, MissingExtraError, NotFoundError, ObservationError, did_you_mean
from softpower.frames import holds_labels
from softpower.interop.unpacking import unpacked
from softpower.names import said

if TYPE_CHECKING:
    from types import ModuleType

    from openpyxl.cell.cell import Cell

CELLS = 20_000_000
"""So many cells may the rows of a sheet that is read reach over, the empty ones among them."""
ROWS, COLUMNS, LETTERS = 1_048_576, 16_384, 32_767
"""What a sheet, and a cell, of Excel hold."""
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no text of a workbook may hold."""
NEVER = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that the same tables give the same bytes."""
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def _openpyxl(where: str) -> ModuleType:
    try:
        import openpyxl
    except ModuleNotFoundError:
        what = "Excel files need openpyxl, which is not installed"
        mend = "Install it: pip install 'softpower[excel]'; or use CSV."
        raise MissingExtraError.of(where, what, mend) from None
    return openpyxl


def read_sheet(path: Path, sheet: str | None) -> pd.DataFrame:
    """Return a sheet of a workbook as a table: its first row names the columns, empty rows are skipped.

    Raises
    ------
    FileError
        If the file cannot be read, or is beyond the limits within which it is unpacked, or declares entities.
    NotFoundError
        If there is no such sheet, or there are several and none is named.
    ObservationError
        If a cell holds a formula or an error of Excel's, or stands under no name.
    MissingExtraError
        If openpyxl is not installed.
    """
    openpyxl = _openpyxl(path.name)
    content = unpacked(path)
    try:
        with warnings.catch_warnings():
            # What openpyxl does not understand, such as a rule for colours, is no part of a table.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(content, read_only=True, keep_links=False)
            chosen = _chosen(path.name, list(book.sheetnames), sheet)
            rows = _rows(f"{path.name}: {chosen}", book[chosen])
    except (FileError, NotFoundError):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part makes it stumble over
        what = f"it is no workbook that can be read ({type(error).__name__})"
        raise FileError.of(path.name, what, "Open it in Excel and save it as .xlsx, or as CSV.") from None
    return _table(f"{path.name}: {chosen}", rows)


def _rows(where: str, sheet: Any) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows of a sheet that hold anything, with their numbers."""
    if not hasattr(sheet, "iter_rows"):
        raise FileError.of(where, "it is a chart, not a table", "Name another sheet.")
    # What a sheet says of its own size may be wrong, or so large that its empty cells fill the memory.
    sheet.reset_dimensions()
    rows, cells = [], 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > ROWS:
            raise FileError.of(where, f"it has more than the {ROWS:,} rows of a sheet", "Save it anew, or as CSV.")
        if any(_filled(row)):
            rows.append((number, row))
            cells += len(row)
        if cells > CELLS:
            mend = "Delete the cells far to the right of the table, or save the sheet as CSV."
            raise FileError.of(where, f"its rows reach over more than {CELLS:,} cells", mend)
    return rows


def _chosen(where: str, names: list[str], sheet: str | None) -> str:
    if sheet is None and len(names) == 1:
        return names[0]
    if sheet is None:
        raise NotFoundError.of(
            where, f"it has {len(names)} sheets: {', '.join(names[:12])}", f"Name one, like sheet={names[0]!r}."
        )
    if sheet not in names:
        raise NotFoundError.of(where, f"there is no sheet '{sheet}'", did_you_mean(sheet, names))
    return sheet


def _filled(row: Iterable[Any]) -> Iterable[bool]:
    return (cell.value is not None for cell in row)


def _table(where: str, rows: list[tuple[int, tuple[Any, ...]]]) -> pd.DataFrame:
    """Return rows of cells as a table; the first names the columns."""
    if not rows:
        raise ObservationError.of(where, "it has no rows", "Name the columns in the first row.")
    header = [None if cell.value is None else str(cell.value).strip() for cell in rows[0][1]]
    while header and header[-1] is None:
        header.pop()
    found = _faults(where, header, rows)
    faults = list(islice(found, 5))
    more = sum(1 for _ in found)
    if more:
        faults.append(Fault(where, f"{more} more cells are at fault", "Mend them alike."))
    if faults:
        raise ObservationError(faults)
    width = len(header)
    cells = [[cell.value for cell in row[:width]] + [None] * (width - len(row)) for _, row in rows]
    frame = pd.DataFrame(cells[1:], columns=header, dtype=object)
    if frame.columns.has_duplicates:
        return frame
    return pd.DataFrame({name: _column(str(name), frame[name]) for name in frame.columns})


def _faults(where: str, header: list[str | None], rows: list[tuple[int, tuple[Any, ...]]]) -> Iterator[Fault]:
    """Yield what is wrong with the cells of a sheet."""
    for place, name in enumerate(header, 1):
        if not name:
            yield Fault(f"{where}: column {place}", "it has no name", "Name it in the first row, or delete it.")
    for number, row in rows:
        for place, cell in enumerate(row):
            if cell.value is None:
                continue
            at = f"{where}: row {number}, column {place + 1}"
            if place >= len(header):
                yield Fault(at, "the cell stands under no name", "Name its column, or empty the cell.")
            elif cell.data_type == "f":
                mend = "Copy the cells and paste them as values; formulas are not evaluated here."
                yield Fault(at, f"it holds the formula {_shown(cell.value)}", mend)
            elif cell.data_type == "e":
                yield Fault(at, f"it holds the error {cell.value}", "Correct it, or leave the cell empty.")


def _shown(formula: object) -> str:
    return str(getattr(formula, "text", formula))[:40]


def _column(name: str, cells: pd.Series) -> pd.Series:
    """Return labels as texts, and numbers as numbers where all filled cells are; anything else as it is."""
    if holds_labels(name):
        return cells.map(_label).astype(object)
    plain = cells.map(lambda cell: cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)))
    return cells.astype(float) if plain.all() else cells


def _label(cell: Any) -> str:
    """Return a label as a text; whole numbers lose their point, and days their hour."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return cell.isoformat().removesuffix("T00:00:00")
    return "" if cell is None else str(cell).strip()


def workbook_bytes(where: str, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook with one sheet for each table; the same tables give the same bytes.

    Raises
    ------
    FileError
        If the folder for temporary files is full or cannot be written.
    ObservationError
        If a table or a text is larger than Excel holds, or a text has a character that it does not.
    MissingExtraError
        If openpyxl is not installed.
    """
    openpyxl = _openpyxl(where)
    faults = [fault for name, table in tables.items() for fault in _beyond(f"{where}: {name}", table)]
    if faults:
        raise ObservationError(faults)
    made = io.BytesIO()
    try:
        book = openpyxl.Workbook(write_only=True)
        for name, table in tables.items():
            _write_sheet(book.create_sheet(name), table)
        book.save(made)
    except OSError as error:
        # Until it is packed, openpyxl keeps each sheet in a file of its own.
        mend = "Free some space there, or write CSV."
        raise FileError.of(where, f"the folder for temporary files takes no sheet ({said(error)})", mend) from None
    return _dateless(made)


def _write_sheet(sheet: Any, table: pd.DataFrame) -> None:
    """Write a table into an empty sheet, its head fixed."""
    sheet.freeze_panes = "A2"
    sheet.append([str(column) for column in table.columns])
    columns = [_written(sheet, table.iloc[:, place]) for place in range(table.shape[1])]
    for row in zip(*columns, strict=True):
        sheet.append(row)


def _beyond(where: str, table: pd.DataFrame) -> Iterable[Fault]:
    """Yield what Excel does not hold."""
    rows, columns = len(table) + 1, table.shape[1]
    if rows > ROWS or columns > COLUMNS:
        what = f"{rows:,} rows and {columns:,} columns are more than the {ROWS:,} and {COLUMNS:,} of a sheet"
        yield Fault(where, what, "Write CSV: write_table(result, 'scores.csv').")
        return
    for name in table.columns:
        if pd.api.types.is_numeric_dtype(table[name].dtype):
            continue
        for number, cell in enumerate(table[name].tolist(), 2):
            if not isinstance(cell, str):
                continue
            at = f"{where}: row {number}, column '{name}'"
            if len(cell) > LETTERS:
                what = f"the text has {len(cell):,} characters, more than the {LETTERS:,} of a cell"
                yield Fault(at, what, "Shorten it, or write CSV.")
            elif found := ILLEGAL.search(cell):
                what = f"the text holds the character U+{ord(found[0]):04X}, which Excel refuses"
                yield Fault(at, what, "Take it out of the text, or write CSV.")


def _written(sheet: Any, column: pd.Series) -> list[Any]:
    """Return the cells of a column as openpyxl takes them; what is missing is empty."""
    cells = column.astype(object).where(column.notna(), None).tolist()
    return [_as_text(sheet, cell) if isinstance(cell, str) else _plain(cell) for cell in cells]


def _plain(cell: Any) -> Any:
    return cell.item() if isinstance(cell, np.generic) else cell


def _as_text(sheet: Any, text: str) -> str | Cell:
    """Return a text that openpyxl takes for a text, also where it looks like an error of Excel's."""
    if not text.startswith("#"):
        return text or None  # type: ignore[return-value]
    from openpyxl.cell.cell import WriteOnlyCell

    cell: Cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _dateless(made: io.BytesIO) -> bytes:
    """Return a packed workbook without the dates of its making."""
    again = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as fresh:
        for one in parts.infolist():
            content = parts.read(one)
            if one.filename == "docProps/core.xml":
                content = STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            fresh.writestr(zipfile.ZipInfo(one.filename, NEVER), content, zipfile.ZIP_DEFLATED)
    return again.getvalue()

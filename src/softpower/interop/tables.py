"""Tables in and out: CSV and Excel read cell by cell, scores written as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.errors import FileError, SpecificationError
from softpower.files import csv_of, read_given, write_file
from softpower.frames import is_tidy, parse_csv
from softpower.interop.sheets import read_sheet
from softpower.result import Result

GUARD = "'"
RISKY = re.compile(rf"{GUARD}*[=+\-@\t\r]")
"""How a text begins that a spreadsheet would take for a formula, guarded already or not."""


@diagnosed
def read_table(path: str | Path, *, sheet: str | None = None) -> pd.DataFrame:
    r"""Return the table of a CSV or Excel file, which `softpower.score` takes.

    Nothing is guessed: no word means a gap, so that ``NA`` can be Namibia, and a column is one of numbers only where
    every filled cell is a number. A column ``case`` becomes the index, with a column ``period`` its second level,
    unless the table is tidy. An apostrophe that `write_table` or `write_workbook` put before a text is taken off.

    Parameters
    ----------
    path : str or Path
        A file whose name ends in ``.csv`` (UTF-8, commas) or ``.xlsx``.
    sheet : str, optional
        The sheet of a workbook; it may be left out where there is one.

    Raises
    ------
    FileError
        If the file cannot be read.
    NotFoundError
        If the workbook has no such sheet.
    ObservationError
        If it is no table, or has a formula: formulas are not evaluated.
    MissingExtraError
        If it is a workbook and openpyxl is not installed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "table.csv")
    ...     _ = path.write_text("case,trade,visits\nNA,29.4,4\nUZB,,2\n")
    ...     read_table(path)
          trade  visits
    case
    NA     29.4     4.0
    UZB     NaN     2.0
    """
    path = Path(str(path))
    if path.suffix.lower() == ".xlsx":
        frame = read_sheet(path, sheet)
    elif path.suffix.lower() != ".csv":
        raise FileError.of(str(path), "its name ends neither in .csv nor in .xlsx", "Save it as one of the two.")
    elif sheet is not None:
        raise FileError.of(str(path), f"a CSV file has no sheet '{sheet}'", "Leave the sheet out.")
    else:
        if not path.parent.is_dir():
            raise FileError.of(str(path), f"there is no folder {path.parent}", "Check the name.")
        frame = parse_csv(read_given(path), path.name)
    return _indexed(_unguarded(frame))


def with_intervals(result: Result, drawn: UncertaintyResult | None) -> pd.DataFrame:
    """Return the scores, and beside them the median and the 90 % interval of the draws where there are any."""
    frame = result.to_frame()
    if drawn is None:
        return frame
    return frame.join(drawn.to_frame()[["low", "median", "high"]].add_prefix("drawn_"))


@diagnosed
def write_table(
    result: Result, path: str | Path, *, drawn: UncertaintyResult | None = None, overwrite: bool = False
) -> Path:
    """Write the scores as CSV, one row for each case and node, and return the path.

    The columns are those of ``result.to_frame()``, and with draws ``drawn_low``, ``drawn_median`` and ``drawn_high``.
    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a return gets an apostrophe in front, so that no
    spreadsheet takes it for a formula; numbers stay as they are.

    Parameters
    ----------
    result : Result
        What `softpower.score` returns.
    path : str or Path
        A name that ends in ``.csv``.
    drawn : UncertaintyResult, optional
        What draws of the same profile come to.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    FileError
        If the name is another, something is there already, or it cannot be written.

    Examples
    --------
    >>> import softpower, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_table(softpower.score("kazakhstan"), f"{folder}/scores.csv")
    ...     read_table(written).loc["EU>KAZ", "node"].iloc[0]
    'soft_power'
    """
    check_result("write_table", result)
    if not str(path).lower().endswith(".csv"):
        mend = "Choose a name like scores.csv; write_workbook writes .xlsx."
        raise FileError.of(str(path), "the name does not end in .csv", mend)
    frame = guarded(with_intervals(result, drawn).reset_index())
    return write_file(path, csv_of(frame, index=False), overwrite=overwrite)


def check_result(where: str, given: object) -> None:
    """Raise SpecificationError where something is no result."""
    if not isinstance(given, Result):
        what = f"a {type(given).__name__} is no result"
        raise SpecificationError.of(where, what, "Give what softpower.score returns.")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with an apostrophe before every text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> guarded(pd.DataFrame({"title": ["=1+1", "trade"], "score": [-1.0, 2.0]}))["title"].tolist()
    ["'=1+1", 'trade']
    """
    return _texts(frame, lambda text: f"{GUARD}{text}" if RISKY.match(text) else text)


def _unguarded(frame: pd.DataFrame) -> pd.DataFrame:
    return _texts(frame, lambda text: text[1:] if text.startswith(GUARD) and RISKY.match(text) else text)


def _texts(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Return a table with its texts changed, names of columns included."""
    made = frame.copy(deep=False)
    for place, kind in enumerate(frame.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            column = frame.iloc[:, place].astype(object)
            changed = [change(cell) if isinstance(cell, str) else cell for cell in column]
            made.isetitem(place, pd.Series(changed, frame.index, dtype=object).array)
    return made.set_axis([change(str(name)) for name in frame.columns], axis=1)


def _indexed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a wide table with its cases, and periods, as the index."""
    if is_tidy(frame) or frame.columns.has_duplicates:
        return frame
    labels = [name for name in ("case", "period") if name in frame]
    if "period" in labels and frame["period"].map(lambda one: bool(re.fullmatch("[0-9]{4}", str(one)))).all():
        frame = frame.assign(period=frame["period"].astype(int))
    return frame.set_index(labels) if labels[:1] == ["case"] else frame

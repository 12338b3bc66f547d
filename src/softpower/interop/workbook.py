"""A result as an Excel workbook: scores, and all that they came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.errors import FileError
from softpower.files import write_file
from softpower.interop.sheets import workbook_bytes
from softpower.interop.tables import check_result, guarded, with_intervals
from softpower.result import Result


@diagnosed
def write_workbook(
    result: Result, path: str | Path, *, drawn: UncertaintyResult | None = None, overwrite: bool = False
) -> Path:
    """Write a result as an Excel workbook, and return the path.

    Its sheets are ``scores`` (one row for each case and node), ``indicators``, ``observations`` or, for a table,
    ``values``, ``methodology`` (choices, notes, caveats, fingerprint) and ``sources``. Texts that a spreadsheet would
    take for formulas get an apostrophe in front, which `read_table` takes off. The same result gives the same bytes.

    Parameters
    ----------
    result : Result
        What `softpower.score` returns.
    path : str or Path
        A name that ends in ``.xlsx``.
    drawn : UncertaintyResult, optional
        What draws of the same profile come to; the scores then have their median and 90 % interval beside them.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    FileError
        If the name is another, something is there already, or it cannot be written.
    ObservationError
        If there is more than a sheet or a cell of Excel holds: 1,048,576 rows, 16,384 columns, 32,767 characters.
    MissingExtraError
        If openpyxl is not installed.

    Examples
    --------
    >>> import softpower, tempfile
    >>> from softpower.interop import read_table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_workbook(softpower.score("kazakhstan"), f"{folder}/scores.xlsx")
    ...     read_table(written, sheet="scores").loc["EU>KAZ", "node"].iloc[0]
    'soft_power'
    """
    check_result("write_workbook", result)
    if not str(path).lower().endswith(".xlsx"):
        mend = "Choose a name like scores.xlsx; write_table writes .csv."
        raise FileError.of(str(path), "the name does not end in .xlsx", mend)
    tables = {name: guarded(table) for name, table in sheets(result, drawn).items()}
    return write_file(path, workbook_bytes(Path(path).name, tables), overwrite=overwrite)


def sheets(result: Result, drawn: UncertaintyResult | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of a workbook by the name of their sheet."""
    table = result.profile.values
    given = {"observations": _words(result.observations())} if table is None else {"values": table.to_frame()}
    return {
        "scores": with_intervals(result, drawn).reset_index(),
        "indicators": _indicators(result),
        **{name: frame.reset_index() for name, frame in given.items()},
        "methodology": _methodology(result),
        "sources": result.sources().reset_index(),
    }


def _words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose lists, which are of single words, are texts."""
    return frame.map(lambda cell: " ".join(cell) if isinstance(cell, list) else cell)


def _indicators(result: Result) -> pd.DataFrame:
    """Return what each indicator is, one row each."""
    rows = []
    for name, one in result.profile.indicators.items():
        posts, by = one.goalposts, one.denominator
        row: dict[str, Any] = {"indicator": name, "title": one.title, "question": one.question}
        row |= {"dimension": one.dimension, "set": one.set, "unit": one.unit, "better": one.better}
        row |= {"weight": one.weight, "role": one.role, "mode": one.mode, "quality": one.quality}
        row |= {"measure": None if one.measure is None else one.measure.kind}
        row |= {"denominator": by.variable if by else None, "scale": by.scale if by else None, "target": one.target}
        for key in ("low", "high", "parity", "log", "reason"):
            row[f"goalpost_{key}"] = None if posts is None else getattr(posts, key)
        rows.append(row)
    return pd.DataFrame(rows)


def _methodology(result: Result) -> pd.DataFrame:
    """Return the choices, and what a reader must know beside the scores."""
    profile = result.profile
    rows: list[tuple[str, str]] = [("profile", profile.id), ("title", profile.title), ("window", profile.span)]
    rows += [(name, _said(one)) for name, one in profile.methodology.model_dump(mode="json").items()]
    rows += [("sets", _said(profile.sets)), ("left_out", _said(profile.left_out))]
    rows += [("note", one) for one in result.notes] + [("caveat", one) for one in profile.caveats]
    rows += [(f"fingerprint: {name}", one) for name, one in result.fingerprint.items()]
    return pd.DataFrame(rows, columns=["what", "choice"])


def _said(choice: Any) -> str:
    if isinstance(choice, str):
        return choice
    if isinstance(choice, tuple):
        return ", ".join(choice)
    return "" if choice is None else json.dumps(choice, ensure_ascii=False, sort_keys=True)

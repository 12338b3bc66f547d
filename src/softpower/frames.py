"""Read DataFrames: wide or tidy, checked cell by cell, into a table of values."""

from __future__ import annotations

import csv
import io
import numbers
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pydantic_core import PydanticCustomError

from softpower.errors import Fault, ObservationError, SpecificationError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.period import Moment
from softpower.model.unit import PLAIN, Unit
from softpower.model.values import Values, coded

FRAME = "frame"
TIDY = ("case", "indicator", "value")
TIDY_COLUMNS = (*TIDY, "low", "high", "period", "unit", "source")
PARTS = ("low", "high", "source")
NO_NUMBER = r"[^0-9eE.+-]"
"""What no number has; Python would read 1_000, nan and inf."""


def is_tidy(frame: pd.DataFrame) -> bool:
    """Return whether a frame has one row for each cell: exactly when it has columns case, indicator and value."""
    return set(TIDY) <= {str(name) for name in frame.columns}


def read_frame(frame: object, framework: Framework | None = None, *, where: str = FRAME) -> tuple[Values, Framework]:
    """Return the values of a frame, and the framework: the given one, or a flat one of the frame's columns.

    Parameters
    ----------
    frame : DataFrame
        Wide: one row for each case, or case and period, named by the index or by columns ``case`` and ``period``; one
        column for each indicator or denominator, ``ID:low``, ``ID:high`` and ``ID:source`` for its bounds and source,
        ``group:NAME`` for what a row belongs to. Tidy: columns case, indicator, value, and low, high, period, unit,
        source where there are any.
    framework : Framework, optional
        Whose indicators the columns are.
    where : str
        What faults call the frame.

    Returns
    -------
    Values, Framework

    Raises
    ------
    ObservationError
        With every fault: the cell, what is wrong with it, and how to mend it.
    """
    reader = _Reader(where, framework)
    read = reader.read(frame)
    if reader.faults or read is None:
        raise ObservationError(reader.faults)
    return read


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
    cells = pd.read_csv(io.StringIO(text), header=None, dtype=str, keep_default_na=False, na_filter=False)
    header = [name.strip() for name in cells.iloc[0]]
    return typed(cells.iloc[1:].reset_index(drop=True).set_axis(header, axis=1))


def _refuse_ragged(text: str, where: str) -> None:
    """Raise ObservationError where rows have more or fewer cells than the header, or a quote stays open."""
    reader = csv.reader(io.StringIO(text), strict=True)
    faults, width, line = [], None, 1
    try:
        for row in reader:
            if row and len(row) != (width := width or len(row)):
                what = f"{len(row)} cells where the header has {width}"
                faults.append(Fault(f"{where} line {line}", what, "Quote cells that hold a comma."))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(f"{where} line {line}", f"not valid CSV: {error}", "Close every quoted cell."))
    if width is None and not faults:
        faults.append(Fault(where, "it has no rows", "Name the columns in the first row."))
    if faults:
        raise ObservationError(faults[:5])


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


def holds_labels(name: str) -> bool:
    """Return whether a column of that name holds texts, whatever they look like.

    Examples
    --------
    >>> holds_labels("case"), holds_labels("trade:source"), holds_labels("trade")
    (True, True, False)
    """
    return (
        name in {"case", "indicator", "period", "unit", "source"}
        or name.startswith("group:")
        or name.endswith(":source")
    )


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


class _Reader:
    """Reads one frame and collects what is wrong with it."""

    def __init__(self, where: str, framework: Framework | None) -> None:
        self.where = where
        self.framework = framework
        self.faults: list[Fault] = []

    def fault(self, place: str, what: str, mend: str) -> None:
        """Keep a fault at a place of the frame."""
        self.faults.append(Fault(f"{self.where}: {place}" if place else self.where, what, mend))

    def read(self, frame: object) -> tuple[Values, Framework] | None:
        """Return values and framework, or None after keeping what is wrong."""
        if not isinstance(frame, pd.DataFrame):
            self.fault("", f"a {type(frame).__name__} is no DataFrame", "Give a pandas DataFrame.")
            return None
        if not self._named(frame.columns):
            return None
        if not len(frame):
            self.fault("", "it has no rows", "Give one row for each case.")
            return None
        return self._tidy(frame) if is_tidy(frame) else self._wide(frame)

    def _named(self, columns: pd.Index) -> bool:
        """Return whether the columns have names of their own."""
        if columns.nlevels > 1:
            mend = "Give one row of names, for instance frame.columns = ['_'.join(one) for one in frame.columns]."
            self.fault("columns", "their names have several levels", mend)
            return False
        for name in columns:
            if not isinstance(name, str):
                self.fault(f"column {name!r}", "its name is no text", "Name every column, for instance by indicator.")
        for name in columns[columns.duplicated()].unique():
            self.fault(f"column '{name}'", "the name stands twice", "Rename or delete one.")
        return not self.faults

    # --- wide ---------------------------------------------------------------------------------------------------------

    def _wide(self, frame: pd.DataFrame) -> tuple[Values, Framework] | None:
        index = self._index(frame)
        names = [name for name in frame.columns if name not in {"case", "period"}]
        groups = {name.removeprefix("group:"): name for name in names if name.startswith("group:")}
        plain = [name for name in names if name not in groups.values() and not _part(name)]
        if not plain and not self.faults:
            self.fault("", "it has no columns of values", "Give one column for each indicator.")
        framework, ids = self._framework(plain, {})
        for name in names:
            if (part := _part(name)) and name.removesuffix(f":{part}") not in plain:
                stem = name.removesuffix(f":{part}")
                self.fault(f"column '{name}'", f"there is no column '{stem}' beside it", did_you_mean(stem, plain))
        rows = _Rows(index, frame.index, named="case" in {*frame.index.names, *frame.columns})
        value = self._numbers(frame, plain, rows)
        if framework is None or index is None or value is None:
            return None
        tables: dict[str, Any] = {}
        for part in ("low", "high"):
            beside = [f"{name}:{part}" for name in plain]
            there = [place for place, name in enumerate(beside) if name in frame]
            if there:
                given = self._numbers(frame, [beside[place] for place in there], rows)
                if given is None:
                    return None
                table = value.copy()
                table[:, there] = np.where(np.isnan(given), value[:, there], given)
                self._lonely(given, value[:, there], [beside[place] for place in there], rows)
                tables[part] = table
        self._ordered(value, tables, plain, rows)
        labels = {name: self._texts(frame[column], column, rows) for name, column in groups.items()}
        sources = [
            self._texts(frame[f"{name}:source"], f"{name}:source", rows) if f"{name}:source" in frame else None
            for name in plain
        ]
        if self.faults:
            return None
        codes, texts = coded(sources, len(index))
        made = Values(index, tuple(ids), value, tables.get("low"), tables.get("high"), codes, texts, labels)
        return made, framework

    def _index(self, frame: pd.DataFrame) -> pd.Index | None:
        """Return the labels of the rows, by columns case and period or else by the index."""
        levels = list(frame.index.names)
        parts: dict[str, pd.Index] = {}
        if set(TIDY) <= {*levels, *frame.columns}:
            what = "its levels and the columns together make a tidy table"
            self.fault("index", what, "Make its levels columns: frame.reset_index().")
            return None
        if frame.index.nlevels > 2:
            mend = "Name rows by case, or by case and period."
            self.fault("index", f"it has {frame.index.nlevels} levels", mend)
            return None
        unnamed = [*range(len(levels))]
        for name in ("case", "period"):
            if name in frame.columns:
                if name in levels or len(levels) == 2:
                    mend = f"Leave one out: frame.drop(columns='{name}'), or frame.reset_index(drop=True)."
                    self.fault("index", f"it names rows, and so does the column '{name}'", mend)
                    return None
                parts[name] = pd.Index(frame[name])
            elif name in levels:
                unnamed.remove(levels.index(name))
                parts[name] = frame.index.get_level_values(levels.index(name))
        if "case" not in parts:
            if not unnamed:
                mend = "Add a column of cases, for instance frame.assign(case='KAZ')."
                self.fault("index", "it names periods and no cases", mend)
                return None
            parts["case"] = frame.index.get_level_values(unnamed.pop(0))
        if "period" not in parts and len(levels) == 2:
            parts["period"] = frame.index.get_level_values(unnamed[0])
        return self._labels(parts["case"], parts.get("period"))

    def _labels(self, cases: pd.Index, periods: pd.Index | None, *, unique: bool = True) -> pd.Index | None:
        before = len(self.faults)
        made: list[pd.Index] = []
        if (texts := self._cases(cases)) is not None:
            made.append(texts)
        if periods is not None and (when := self._periods(periods)) is not None:
            made.append(pd.Index(when, name="period"))
        if len(self.faults) > before:
            return None
        index = made[0] if periods is None else pd.MultiIndex.from_arrays(made)
        if unique and not index.is_unique:
            twice = index[index.duplicated()].unique()
            for label in twice[:5]:
                self.fault(f"row {_shown(label)}", "the label stands twice", "Keep one row for each label.")
            if len(twice) > 5:
                self.fault("index", f"{len(twice) - 5} more labels stand twice", "Keep one row for each label.")
            return None
        return index

    def _cases(self, labels: pd.Index) -> pd.Index | None:
        """Return the labels of cases as texts."""
        if isinstance(labels.dtype, pd.CategoricalDtype):
            labels = pd.Index(labels.to_list())
        kind = pd.api.types.infer_dtype(labels, skipna=False)
        if kind == "integer" and not labels.hasnans:
            return labels.astype(str).rename("case")
        if kind == "string" and not labels.hasnans and _are_labels(labels):
            # Texts in the type that pandas gives to texts, whatever type they came in.
            texts = labels if labels.dtype == "str" else pd.Index(labels.astype(object).to_list())
            return texts.rename("case")
        for place, label in enumerate(labels):
            if not _is_label(label) and not (kind == "integer" and isinstance(label, numbers.Integral)):
                what = f"the label {label!r} is no name of a case"
                mend = "Name cases by text without blanks around it, for instance frame.set_index('country')."
                if not isinstance(label, bool) and isinstance(label, numbers.Integral):
                    what = f"the label {label!r} is a number among texts"
                    mend = "Name all cases alike: frame.index = frame.index.astype(str)."
                self.fault(f"row {place + 1}", what, mend)
                return None
        mend = "Name cases by text, for instance frame.set_index('country')."
        self.fault("index", f"its labels of type {kind} are no names of cases", mend)
        return None

    def _periods(self, labels: pd.Index) -> np.ndarray | None:
        """Return the labels of periods: whole numbers where all are years, else ISO dates as texts."""
        codes, unique = pd.factorize(labels, use_na_sentinel=True)
        read: list[str | None] = [_moment(label) for label in unique]
        # A gap makes years floats: it is the gap that is to be mended.
        if (codes < 0).any():
            self.fault(f"row {int(np.argmin(codes)) + 1}", "the period is missing", "Fill it in.")
            return None
        if wrong := [place for place, text in enumerate(read) if text is None]:
            row = int(np.flatnonzero(np.isin(codes, wrong))[0])
            label = labels[row]
            mend = "Write it like 2019, 2019-05 or 2019-05-31."
            if isinstance(label, float) and label.is_integer():
                mend += " Years are whole numbers: .astype(int)."
            shown = str(label) if isinstance(label, numbers.Number | np.bool_) else repr(label)
            self.fault(f"row {row + 1}", f"the period {shown} is no year, month or day", mend)
            return None
        texts = [text or "" for text in read]
        if len({len(text) for text in texts}) > 1:
            shown = ", ".join(sorted(texts, key=len)[:: max(1, len(texts) - 1)])
            self.fault("period", f"years, months and days are mixed: {shown}", "Use one precision for all periods.")
            return None
        years = all(len(text) == 4 for text in texts)
        made = np.array([int(text) for text in texts]) if years else np.array(texts, dtype=object)
        taken: np.ndarray = made[codes]
        return taken

    def _framework(self, names: Sequence[str], units: Mapping[str, str]) -> tuple[Framework | None, list[str]]:
        """Return the framework and the ids of columns in it, which are named by an id or a title."""
        if self.framework is None:
            return self._flat(names, units)
        known = {*self.framework.indicators, *self.framework.denominators}
        titles = Counter(one.title for one in self.framework.indicators.values())
        by_title = {one.title: name for name, one in self.framework.indicators.items() if titles[one.title] == 1}
        ids = [name if name in known else by_title.get(name, "") for name in names]
        for name, one in zip(names, ids, strict=True):
            if not one:
                mend = did_you_mean(name, known) + " Leave out columns that are no indicators."
                self.fault(f"column '{name}'", f"the framework '{self.framework.id}' has no such indicator", mend)
            elif ids.count(one) > 1 and name != one:
                what = f"it is the title of '{one}', which has a column of its own"
                self.fault(f"column '{name}'", what, "Leave one of the two out.")
        return (None if self.faults else self.framework), ids

    def _flat(self, names: Sequence[str], units: Mapping[str, str]) -> tuple[Framework | None, list[str]]:
        if len(names) == 1:
            mend = "Give two columns of values or more, or a framework."
            self.fault(f"column '{names[0]}'", "one indicator alone makes no composite", mend)
        if len(names) < 2:
            return None, []
        try:
            made = Framework.flat(names, units=units)
        except SpecificationError as error:
            for one in error.faults:
                self.fault("columns", one.what, one.mend)
            return None, []
        return made, list(made.indicators)

    def _numbers(self, frame: pd.DataFrame, names: Sequence[str], rows: _Rows) -> np.ndarray | None:
        """Return columns as numbers; keep what is no number and what is infinite."""
        before = len(self.faults)
        for name in names:
            self._refuse_type(frame[name], name, rows)
        if len(self.faults) > before:
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
                self.fault(rows.cell(int(hit[0]), names[int(place)]), what, "Correct it, or leave the cell empty.")
            return None
        return table

    def _refuse_type(self, column: pd.Series, name: str, rows: _Rows) -> None:
        kind = column.dtype
        if pd.api.types.is_bool_dtype(kind):
            mend = f"Write 1 and 0: frame['{name}'].astype(int)."
            self.fault(rows.cell(0, name), f"the column holds True and False, as here {column.iloc[0]}", mend)
        elif not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_complex_dtype(kind):
            cells = list(column)
            doubtful = [at for at, one in enumerate(cells) if not _is_number(one)]
            if not doubtful:
                mend = f"Make it numbers: frame['{name}'].astype(float)."
                self.fault(f"column '{name}'", f"it is of type {kind}, though its cells are numbers", mend)
                return
            # A text that reads as a number is less wrong than one that does not.
            place = next((at for at in doubtful if not _reads_as_number(cells[at])), doubtful[0])
            mend = "Correct it, or leave the cell empty."
            if self.where == FRAME:
                mend += (
                    f" Then pd.to_numeric(frame['{name}']); if the column names the cases, frame.set_index('{name}')."
                )
            elif not rows.named:
                mend += " If the column names the cases, call it 'case'."
            self.fault(rows.cell(place, name), f"{column.iloc[place]!r} is no number", mend)

    def _lonely(self, given: np.ndarray, value: np.ndarray, names: Sequence[str], rows: _Rows) -> None:
        """Keep bounds without a value."""
        for row, place in np.argwhere(~np.isnan(given) & np.isnan(value))[:5]:
            what = "there is a bound but no value"
            self.fault(rows.cell(row, names[place]), what, "Fill the value in, or leave the bound empty.")

    def _ordered(self, value: np.ndarray, tables: Mapping[str, np.ndarray], names: Sequence[str], rows: _Rows) -> None:
        """Keep bounds on the wrong side of their value."""
        for part, sign, word in (("low", 1, "above"), ("high", -1, "below")):
            if part not in tables:
                continue
            for row, place in np.argwhere(sign * (tables[part] - value) > 0)[:5]:
                what = f"{part} {tables[part][row, place]:g} is {word} the value {value[row, place]:g}"
                self.fault(rows.cell(row, names[place]), what, "Swap or correct them.")

    def _texts(self, column: pd.Series, name: str, rows: _Rows) -> tuple[str, ...]:
        """Return a column of labels as texts, empty where missing."""
        cells = column.astype(object).where(column.notna(), "")
        for place, one in enumerate(cells):
            if isinstance(one, bool) or not isinstance(one, str | numbers.Integral):
                self.fault(rows.cell(place, name), f"{one!r} is no text", "Write a text, or leave it empty.")
                return ()
        return tuple(str(one).strip() for one in cells)

    # --- tidy ---------------------------------------------------------------------------------------------------------

    def _tidy(self, frame: pd.DataFrame) -> tuple[Values, Framework] | None:
        for name in frame.columns:
            if name not in TIDY_COLUMNS:
                mend = did_you_mean(name, TIDY_COLUMNS, listing=len(TIDY_COLUMNS))
                self.fault(f"column '{name}'", "a table with columns case, indicator, value has no such column", mend)
        rows = _Rows(None, pd.RangeIndex(1, len(frame) + 1))
        labels = self._labels(
            pd.Index(frame["case"]), pd.Index(frame["period"]) if "period" in frame else None, unique=False
        )
        names = self._texts(frame["indicator"], "indicator", rows)
        for place, name in enumerate(names):
            if not name:
                self.fault(rows.cell(place, "indicator"), "the name is empty", "Name the indicator of every row.")
                break
        given = {part: self._numbers(frame, [part], rows) for part in ("value", "low", "high") if part in frame}
        if self.faults or labels is None:
            return None
        column, unique = pd.factorize(np.array(names, dtype=object))
        indicators = [str(name) for name in unique]
        row, index = pd.factorize(labels)
        self._once(frame, row, column, rows)
        texts = self._texts(frame["unit"], "unit", rows) if "unit" in frame else ()
        self._refuse_units(texts, rows)
        if self.faults:
            return None
        units = dict(reversed([*zip(names, texts, strict=True)])) if texts else {}
        framework, ids = self._framework(indicators, {name: unit for name, unit in units.items() if unit})
        if framework is None or self.faults:
            return None
        factor = self._factors(names, texts, dict(zip(indicators, ids, strict=True)), framework, rows)
        flat = {part: one[:, 0] * factor for part, one in given.items() if one is not None}
        bounds = {part: flat[part] for part in ("low", "high") if part in flat}
        for part, one in bounds.items():
            self._lonely(one[:, None], flat["value"][:, None], [part], rows)
            bounds[part] = np.where(np.isnan(one), flat["value"], one)
        self._ordered(flat["value"][:, None], {part: one[:, None] for part, one in bounds.items()}, ["value"], rows)
        if self.faults:
            return None
        shape = (len(index), len(indicators))

        def spread(cells: np.ndarray) -> np.ndarray:
            table = np.full(shape, np.nan)
            table[row, column] = cells
            return table

        codes: np.ndarray | None = None
        sources: tuple[str, ...] = ()
        if "source" in frame:
            codes, sources = coded([self._texts(frame["source"], "source", rows)], len(frame))
            if codes is not None:
                wide = np.full(shape, -1, dtype=np.int64)
                wide[row, column] = codes[:, 0]
                codes = wide
        named = index.set_names(labels.names)
        tables = {part: spread(one) for part, one in bounds.items()}
        value = spread(flat["value"])
        return Values(named, tuple(ids), value, tables.get("low"), tables.get("high"), codes, sources), framework

    def _once(self, frame: pd.DataFrame, row: np.ndarray, column: np.ndarray, rows: _Rows) -> None:
        """Keep cells that are given twice."""
        twice = pd.Series(row.astype(np.int64) * (int(column.max()) + 1) + column).duplicated().to_numpy()
        for place in np.flatnonzero(twice)[:5]:
            keys = [name for name in ("case", "period", "indicator") if name in frame]
            shown = ", ".join(str(frame[name].iloc[place]) for name in keys)
            self.fault(rows.cell(place, "value"), f"{shown} is given a second time", "Keep one row for each cell.")

    def _refuse_units(self, texts: Sequence[str], rows: _Rows) -> None:
        """Keep units that are none, at their first row."""
        for text in filter(None, dict.fromkeys(texts)):
            try:
                Unit.parse(text)
            except PydanticCustomError as error:
                context = error.context or {}
                place = rows.cell(texts.index(text), "unit")
                self.fault(place, str(context.get("what")), str(context.get("mend")))

    def _factors(
        self,
        names: Sequence[str],
        texts: Sequence[str],
        ids: Mapping[str, str],
        framework: Framework,
        rows: _Rows,
    ) -> Any:
        """Return what brings each row to the unit of its indicator."""
        if not texts:
            return 1.0
        pairs = list(zip(names, texts, strict=True))
        factors: dict[tuple[str, str], float] = {}
        for place, (name, text) in enumerate(pairs):
            if (name, text) in factors:
                continue
            factors[name, text] = 1.0
            one = ids[name]
            expected = framework.indicators[one].unit if one in framework.indicators else framework.variables[one].unit
            unit = Unit.parse(text or expected)
            if not unit.alike(Unit.parse(expected)):
                stated = "states none" if expected == PLAIN else f"is in {expected}"
                what = f"'{name}' is in {text} here, and {stated} in the framework"
                self.fault(rows.cell(place, "unit"), what, "Only the scale of a unit converts; correct one of the two.")
                continue
            factors[name, text] = unit.factor(Unit.parse(expected))
        return np.array([factors[pair] for pair in pairs])


class _Rows:
    """How faults name the rows of a frame."""

    def __init__(self, index: pd.Index | None, given: pd.Index, *, named: bool = True) -> None:
        self.index = given if index is None else index
        self.named = named

    def cell(self, row: int, column: str) -> str:
        """Return the name of a cell."""
        return f"row {_shown(self.index[row])}, column '{column}'"


def _shown(label: object) -> str:
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _part(name: str) -> str | None:
    """Return which part of an indicator a column holds besides its value."""
    return next((part for part in PARTS if name.endswith(f":{part}")), None)


def _are_labels(labels: pd.Index) -> bool:
    """Return whether all labels are names: filled, printable, without blanks around them."""
    texts = labels.to_numpy(dtype=object)
    joined = "\n".join(texts)
    # The one blank that prints is the space.
    blanks = "\n " in joined or " \n" in joined or joined[:1] == " " or joined[-1:] == " "
    empty = "\n\n" in joined or joined[:1] in {"", "\n"} or joined[-1:] == "\n"
    return not blanks and not empty and "".join(texts).isprintable()


def _is_label(label: Hashable) -> bool:
    return isinstance(label, str) and bool(label) and label == label.strip() and label.isprintable()


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


def _moment(label: object) -> str | None:
    """Return a period as an ISO text, or None where it is no period."""
    if isinstance(label, pd.Period):
        # A year that ends in another month than December is that of no calendar.
        precision = {"Y-DEC": 4, "A-DEC": 4, "M": 7, "D": 10}.get(label.freqstr)
        label = None if precision is None else label.start_time.date().isoformat()[:precision]
    elif isinstance(label, date):
        # A time of day is no period that is known here.
        midnight = not isinstance(label, pd.Timestamp) or (label == label.normalize() and label.tzinfo is None)
        label = label.isoformat()[:10] if midnight else None
    elif not isinstance(label, bool) and isinstance(label, numbers.Integral):
        label = str(label)
    try:
        return Moment(label.strip()).text if isinstance(label, str) else None
    except PydanticCustomError:
        return None

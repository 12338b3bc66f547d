"""Values: a table of indicators by case and period, as arrays that do not change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from softpower.errors import problem

Label = str | int
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Values:
    """Values of indicators, and of the variables that they are divided by, for each case and period.

    Made from a table by `softpower.from_frame`, which checks every cell; arrays are read-only.

    Parameters
    ----------
    index : Index or MultiIndex
        One label for each row, each once: ``case``, or ``case`` and ``period``.
    columns : tuple of str
        Ids of indicators and of denominators.
    value : array of shape (rows, columns)
        NaN where a value is missing.
    low, high : array of shape (rows, columns), optional
        Between which bounds a value lies; without them values are exact.
    source : int array of shape (rows, columns), optional
        The place of each cell's source in ``sources``; -1 where none is named.
    sources : tuple of str
        Ids of sources.
    groups : mapping of name to labels
        What each row belongs to, for instance its region.

    Examples
    --------
    >>> table = Values(pd.Index(["KAZ", "UZB"], name="case"), ("visits",), np.array([[3.0], [1.0]]))
    >>> table.value.shape, table.periods is None
    ((2, 1), True)
    """

    index: pd.Index
    columns: tuple[str, ...]
    value: Floats
    low: Floats | None = None
    high: Floats | None = None
    source: NDArray[np.int64] | None = None
    sources: tuple[str, ...] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in vars(self).values():
            if isinstance(one, np.ndarray):
                one.flags.writeable = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @classmethod
    def blank(cls) -> Self:
        """Return the table without rows and columns."""
        return cls(pd.Index([], name="case"), (), np.empty((0, 0)))

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """The cases, each once, in the order of the rows."""
        return tuple(self.index.get_level_values("case").unique())

    @cached_property
    def periods(self) -> tuple[Label, ...] | None:
        """The periods, each once, in their order in time; None where the table has none."""
        if self.index.nlevels == 1:
            return None
        return tuple(sorted(self.index.get_level_values("period").unique()))

    def column(self, name: str, part: str = "value") -> Floats:
        """Return the values, or the low or high bounds, of a column; NaN where the table lacks it."""
        table: Floats | None = getattr(self, part)
        if name not in self._places:
            return np.full(len(self.index), np.nan)
        return (self.value if table is None else table)[:, self._places[name]]

    def part(self, names: Sequence[str], part: str = "value") -> Floats:
        """Return the values, or bounds, of several columns; no copy where they are all, in this order."""
        if tuple(names) == self.columns:
            table: Floats | None = getattr(self, part)
            return self.value if table is None else table
        return np.stack([self.column(name, part) for name in names], axis=-1)

    def take(self, rows: NDArray[np.int64], columns: Sequence[str]) -> Self:
        """Return the table of some rows and columns."""
        places = [self._places[name] for name in columns]
        parts = {
            name: None if table is None else table[rows][:, places]
            for name, table in (("value", self.value), ("low", self.low), ("high", self.high), ("source", self.source))
        }
        groups = {name: tuple(labels[row] for row in rows) for name, labels in self.groups.items()}
        return type(self)(self.index[rows], tuple(columns), **parts, sources=self.sources, groups=groups)  # type: ignore[arg-type]

    def without_sources(self, left_out: Iterable[str]) -> Self:
        """Return the table with a gap in every cell that rests on one of some sources."""
        if self.source is None:
            return self
        dropped = [place for place, name in enumerate(self.sources) if name in set(left_out)]
        gone = np.isin(self.source, dropped)
        low, high = (None if one is None else np.where(gone, np.nan, one) for one in (self.low, self.high))
        source = np.where(gone, -1, self.source)
        value = np.where(gone, np.nan, self.value)
        return type(self)(self.index, self.columns, value, low, high, source, self.sources, self.groups)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.columns)}

    def to_frame(self) -> pd.DataFrame:
        """Return the table as it is written: ``ID``, ``ID:low``, ``ID:high``, ``ID:source`` and ``group:NAME``.

        Bounds and sources stand only beside columns that have any.
        """
        columns: dict[str, Any] = {f"group:{name}": list(labels) for name, labels in self.groups.items()}
        for place, name in enumerate(self.columns):
            value = self.value[:, place]
            columns[name] = value
            for part in ("low", "high"):
                table = getattr(self, part)
                if table is not None and not np.array_equal(table[:, place], value, equal_nan=True):
                    columns[f"{name}:{part}"] = table[:, place]
            if self.source is not None and (self.source[:, place] >= 0).any():
                names = np.array([*self.sources, ""], dtype=object)
                columns[f"{name}:source"] = names[self.source[:, place]]
        return pd.DataFrame(columns, index=self.index)

    def digest(self) -> str:
        """Return the SHA-256 hash of labels and cells."""
        made = hashlib.sha256()
        frame = self.to_frame()
        for level in range(self.index.nlevels):
            made.update("\x1f".join(map(str, self.index.get_level_values(level))).encode())
        for name in frame.columns:
            made.update(f"\x1e{name}\x1e".encode())
            if str(name).startswith("group:") or str(name).endswith(":source"):
                made.update("\x1f".join(map(str, frame[name])).encode())
            else:
                cells = frame[name].to_numpy(dtype="<f8").copy()
                cells[np.isnan(cells)] = np.nan
                # A zero has no sign to a reader.
                made.update((cells + 0.0).tobytes())
        return made.hexdigest()

    def __eq__(self, other: object) -> bool:
        """Two tables are equal when they have the same labels and cells, gaps included."""
        if not isinstance(other, Values):
            return NotImplemented
        return self.index.equals(other.index) and self.to_frame().equals(other.to_frame())

    def __hash__(self) -> int:
        """Return the hash of the shape."""
        return hash((self.columns, len(self.index)))

    def __repr__(self) -> str:
        """Return how large the table is."""
        rows, columns = self.value.shape
        when = "" if self.periods is None else f", {len(self.periods)} periods"
        return f"Values({rows} rows{when}, {columns} columns)"

    def to_mapping(self) -> dict[str, Any]:
        """Return the table as plain lists, which `from_mapping` reads back."""
        frame = self.to_frame()
        cells = frame.astype(object).where(frame.notna(), None)
        names = ("case", "period")[: self.index.nlevels]
        labels = {name: self.index.get_level_values(name).tolist() for name in names}
        return {
            **labels,
            "columns": list(self.columns),
            "cells": {str(name): cells[name].tolist() for name in cells.columns},
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """Return the table of plain lists."""
        labels = [pd.Index(data[name], name=name) for name in ("case", "period") if name in data]
        index = labels[0] if len(labels) == 1 else pd.MultiIndex.from_arrays(labels)
        return cls.of(index, data["columns"], pd.DataFrame(data["cells"], index=index))

    @classmethod
    def of(cls, index: pd.Index, columns: Sequence[str], cells: pd.DataFrame) -> Self:
        """Return the table of checked cells, in columns as `to_frame` names them."""
        columns = tuple(columns)
        value = np.empty((len(index), len(columns)))
        for place, name in enumerate(columns):
            value[:, place] = cells[name].to_numpy(dtype=float)

        def bounds(part: str) -> Floats | None:
            there = [place for place, name in enumerate(columns) if f"{name}:{part}" in cells]
            if not there:
                return None
            table = value.copy()
            for place in there:
                given = cells[f"{columns[place]}:{part}"].to_numpy(dtype=float)
                table[:, place] = np.where(np.isnan(given), value[:, place], given)
            return table

        groups = {
            str(name).removeprefix("group:"): tuple(map(str, cells[name]))
            for name in cells.columns
            if str(name).startswith("group:")
        }
        source, sources = coded([cells.get(f"{name}:source") for name in columns], len(index))
        return cls(index, columns, value, bounds("low"), bounds("high"), source, sources, groups)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Take a table as it is, or as plain lists; write it as plain lists."""

        def parsed(value: Any) -> Values:
            if isinstance(value, Values):
                return value
            if isinstance(value, Mapping) and {"case", "columns", "cells"} <= set(value):
                return cls.from_mapping(value)
            raise problem(f"{type(value).__name__} is no table of values", "Make one with softpower.from_frame.")

        return core_schema.no_info_plain_validator_function(
            parsed,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda one: one.to_mapping()),
        )


def coded(columns: Sequence[Any], rows: int) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Return each cell's source as a place among the names, -1 for none, and the names; None where there are none."""
    if all(one is None for one in columns):
        return None, ()
    blank = np.full(rows, "", dtype=object)
    cells = np.column_stack([blank if one is None else np.asarray(one, dtype=object) for one in columns])
    flat = pd.Series(cells.ravel()).fillna("").astype(str)
    codes, names = pd.factorize(flat.where(flat != ""))
    if not len(names):
        return None, ()
    return codes.astype(np.int64).reshape(cells.shape), tuple(map(str, names))

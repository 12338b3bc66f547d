"""Tidy frames: one row for each cell, in columns case, indicator and value."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pydantic_core import PydanticCustomError

from softpower.errors import did_you_mean
from softpower.frames.cells import numbers_of, refuse_lonely, refuse_unordered, texts_of
from softpower.frames.columns import TIDY_COLUMNS, named_framework
from softpower.frames.faults import Faults, Rows
from softpower.frames.labels import checked_labels
from softpower.model.framework import Framework
from softpower.model.unit import PLAIN, Unit
from softpower.model.values import Values, coded


def read_tidy(frame: pd.DataFrame, framework: Framework | None, faults: Faults) -> tuple[Values, Framework] | None:
    """Return values and framework, or None after keeping what is wrong."""
    for name in frame.columns:
        if name not in TIDY_COLUMNS:
            mend = did_you_mean(name, TIDY_COLUMNS, listing=len(TIDY_COLUMNS))
            faults.keep(f"column '{name}'", "a table with columns case, indicator, value has no such column", mend)
    rows = Rows(pd.RangeIndex(1, len(frame) + 1))
    periods = pd.Index(frame["period"]) if "period" in frame else None
    labels = checked_labels(pd.Index(frame["case"]), periods, faults, unique=False)
    names = texts_of(frame["indicator"], "indicator", rows, faults)
    for place, name in enumerate(names):
        if not name:
            faults.keep(rows.cell(place, "indicator"), "the name is empty", "Name the indicator of every row.")
            break
    given = {part: numbers_of(frame, [part], rows, faults) for part in ("value", "low", "high") if part in frame}
    if faults.found or labels is None:
        return None
    column, unique = pd.factorize(np.array(names, dtype=object))
    indicators = [str(name) for name in unique]
    row, index = pd.factorize(labels)
    _refuse_twice(frame, row, column, rows, faults)
    units = texts_of(frame["unit"], "unit", rows, faults) if "unit" in frame else ()
    _refuse_units(units, rows, faults)
    if faults.found:
        return None
    pairs = list(zip(names, units, strict=True)) if units else []
    # The unit in the first row of an indicator is that of a framework made for it.
    first = {name: unit for name, unit in dict(reversed(pairs)).items() if unit}
    chosen, ids = named_framework(indicators, first, framework, faults)
    if chosen is None or faults.found:
        return None
    factor = _factors(pairs, dict(zip(indicators, ids, strict=True)), chosen, rows, faults) if pairs else 1.0
    cells = _bounded({part: one[:, 0] * factor for part, one in given.items() if one is not None}, rows, faults)
    sources = texts_of(frame["source"], "source", rows, faults) if "source" in frame else None
    if faults.found:
        return None
    codes, texts = coded([sources], len(frame))
    shape = (len(index), len(indicators))
    tables = {part: _spread(one, row, column, np.full(shape, np.nan)) for part, one in cells.items()}
    places = None if codes is None else _spread(codes[:, 0], row, column, np.full(shape, -1, dtype=np.int64))
    labelled = index.set_names(labels.names)
    return (
        Values(labelled, tuple(ids), tables["value"], tables.get("low"), tables.get("high"), places, texts),
        chosen,
    )


def _spread(cells: np.ndarray, row: np.ndarray, column: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Return a table with cells at their rows and columns."""
    table[row, column] = cells
    return table


def _bounded(cells: Mapping[str, np.ndarray], rows: Rows, faults: Faults) -> dict[str, np.ndarray]:
    """Return cells with their bounds, the value itself where one is empty; keep bounds that cannot be."""
    value = cells["value"]
    given = {part: cells[part] for part in ("low", "high") if part in cells}
    for part, one in given.items():
        refuse_lonely(one[:, None], value[:, None], [part], rows, faults)
    bounds = {part: np.where(np.isnan(one), value, one) for part, one in given.items()}
    beside = {part: one[:, None] for part, one in bounds.items()}
    refuse_unordered(value[:, None], beside, ["value"], rows, faults)
    return {"value": value, **bounds}


def _refuse_twice(frame: pd.DataFrame, row: np.ndarray, column: np.ndarray, rows: Rows, faults: Faults) -> None:
    """Keep cells that are given twice."""
    twice = pd.Series(row.astype(np.int64) * (int(column.max()) + 1) + column).duplicated().to_numpy()
    for place in np.flatnonzero(twice)[:5]:
        keys = [name for name in ("case", "period", "indicator") if name in frame]
        cell = ", ".join(str(frame[name].iloc[place]) for name in keys)
        faults.keep(rows.cell(place, "value"), f"{cell} is given a second time", "Keep one row for each cell.")


def _refuse_units(texts: Sequence[str], rows: Rows, faults: Faults) -> None:
    """Keep units that are none, at their first row."""
    for text in filter(None, dict.fromkeys(texts)):
        try:
            Unit.parse(text)
        except PydanticCustomError as error:
            context = error.context or {}
            place = rows.cell(texts.index(text), "unit")
            faults.keep(place, str(context.get("what")), str(context.get("mend")))


def _factors(
    pairs: Sequence[tuple[str, str]],
    ids: Mapping[str, str],
    framework: Framework,
    rows: Rows,
    faults: Faults,
) -> np.ndarray:
    """Return what brings each row, given by the name of its indicator and its unit, to the indicator's own unit."""
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
            faults.keep(rows.cell(place, "unit"), what, "Only the scale of a unit converts; correct one of the two.")
            continue
        factors[name, text] = unit.factor(Unit.parse(expected))
    return np.array([factors[pair] for pair in pairs])

"""Wide frames: one row for each case, or case and period, and one column for each indicator."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from softpower.errors import did_you_mean
from softpower.frames.cells import numbers_of, refuse_lonely, refuse_unordered, texts_of
from softpower.frames.columns import named_framework, part_of
from softpower.frames.faults import Faults, Rows
from softpower.frames.labels import row_labels
from softpower.model.framework import Framework
from softpower.model.values import Values, coded


def read_wide(frame: pd.DataFrame, framework: Framework | None, faults: Faults) -> tuple[Values, Framework] | None:
    """Return values and framework, or None after keeping what is wrong."""
    index = row_labels(frame, faults)
    names = [name for name in frame.columns if name not in {"case", "period"}]
    groups = {name.removeprefix("group:"): name for name in names if name.startswith("group:")}
    plain = [name for name in names if name not in groups.values() and not part_of(name)]
    if not plain and not faults.found:
        faults.keep("", "it has no columns of values", "Give one column for each indicator.")
    chosen, ids = named_framework(plain, {}, framework, faults)
    for name in names:
        if (part := part_of(name)) and name.removesuffix(f":{part}") not in plain:
            stem = name.removesuffix(f":{part}")
            faults.keep(f"column '{name}'", f"there is no column '{stem}' beside it", did_you_mean(stem, plain))
    named = "case" in {*frame.index.names, *frame.columns}
    rows = Rows(frame.index if index is None else index, named=named)
    value = numbers_of(frame, plain, rows, faults)
    if chosen is None or index is None or value is None:
        return None
    bounds = _bounds(frame, plain, value, rows, faults)
    if bounds is None:
        return None
    refuse_unordered(value, bounds, plain, rows, faults)
    labels = {name: texts_of(frame[column], column, rows, faults) for name, column in groups.items()}
    sources = [
        texts_of(frame[f"{name}:source"], f"{name}:source", rows, faults) if f"{name}:source" in frame else None
        for name in plain
    ]
    if faults.found:
        return None
    codes, texts = coded(sources, len(index))
    return Values(index, tuple(ids), value, bounds.get("low"), bounds.get("high"), codes, texts, labels), chosen


def _bounds(
    frame: pd.DataFrame, plain: Sequence[str], value: np.ndarray, rows: Rows, faults: Faults
) -> Mapping[str, np.ndarray] | None:
    """Return the bounds beside the values, the value itself where one is empty; None where they are no numbers."""
    tables: dict[str, np.ndarray] = {}
    for part in ("low", "high"):
        beside = [f"{name}:{part}" for name in plain]
        there = [place for place, name in enumerate(beside) if name in frame]
        if not there:
            continue
        given = numbers_of(frame, [beside[place] for place in there], rows, faults)
        if given is None:
            return None
        tables[part] = value.copy()
        tables[part][:, there] = np.where(np.isnan(given), value[:, there], given)
        refuse_lonely(given, value[:, there], [beside[place] for place in there], rows, faults)
    return tables

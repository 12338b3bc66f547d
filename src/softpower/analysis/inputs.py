"""What differs between the inputs of two scores: specs, facts, tables of values, sources and choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from softpower.model.profile import Profile
from softpower.model.values import Values

LIMIT = 1000
"""So many differences of one part are listed; the others are counted."""
CELLS = 100
"""Up to so many differing cells of tables are listed one by one; more are counted by column."""

PARTS = {
    ("framework", "indicators"): "indicator",
    ("framework", "dimensions"): "dimension",
    ("framework", "variables"): "variable",
    ("framework", "works"): "reference",
    ("observations",): "observation",
    ("sources",): "source",
}
"""What the tables of a profile hold; every other key is a part by its own name."""
ELSEWHERE = frozenset({"values", "scenarios", "uncertainty", "claims"})
"""Fields that are not walked: tables are compared by cell, and the others decide no score until they are applied."""
UNORDERED = frozenset({("cases",), ("sets",), ("left_out",)})
"""Lists whose order decides nothing."""

Row = tuple[str, str, object, object]
"""Part, key, what a has, what b has."""


def input_differences(a: Profile, b: Profile) -> pd.DataFrame:
    """Return what differs between two profiles, one row each: part, key, what a has and what b has.

    Every field of a profile is walked, whatever it is, down to the first place where the two part; scenarios,
    uncertainty and claims alone are not, since they decide no score. None stands where one side has nothing; a whole
    entry that one side lacks is one row. The order of keys, of facts and of cases does not matter. Of tables of
    values, cells are matched by their labels; where many differ they are counted by column, and the first is shown.

    Examples
    --------
    >>> from softpower import load_profile
    >>> a = load_profile("kazakhstan")
    >>> b = a.replace(methodology=a.methodology.replace(aggregate="geometric"))
    >>> input_differences(a, b)["b"].tolist()
    ['geometric']
    """
    rows: list[Row] = []
    count: Counter[str] = Counter()
    for part, key, one, other in (*_fields(a, b), *_values(a.values, b.values)):
        count[part] += 1
        if count[part] <= LIMIT:
            rows.append((part, key, one, other))
    rows += [(part, f"and {number - LIMIT:,} more", None, None) for part, number in count.items() if number > LIMIT]
    # Whole numbers and texts stay what they are beside a None.
    return pd.DataFrame(rows, columns=["part", "key", "a", "b"], dtype=object)


def _fields(a: Profile, b: Profile) -> Iterator[Row]:
    """Yield what differs in the fields of two profiles, the tables of values apart."""
    for name in type(a).model_fields:
        if name in ELSEWHERE:
            continue
        for path, one, other in _differences((name,), getattr(a, name), getattr(b, name)):
            head = path[:2] if path[:2] in PARTS else path[:1]
            yield PARTS.get(head, path[0]), ".".join(path[len(head) :] or path), one, other


def _differences(path: tuple[str, ...], a: Any, b: Any) -> Iterator[tuple[tuple[str, ...], object, object]]:
    """Yield the places below a path where two things part, with what each has there."""
    if a is b or a == b:
        return
    a, b = _opened(a), _opened(b)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        if path in UNORDERED:
            a, b = dict.fromkeys(a, True), dict.fromkeys(b, True)
        elif all(isinstance(one, BaseModel | Mapping) for one in (*a, *b)):
            a, b = _entries(a), _entries(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for key in dict.fromkeys((*a, *b)):
            yield from _differences((*path, str(key)), a.get(key), b.get(key))
    elif a != b:
        yield path, a, b


def _opened(one: Any) -> Any:
    """Return a model as plain data; anything else as it is."""
    return one.model_dump(mode="json") if isinstance(one, BaseModel) else one


def _entries(listed: Sequence[Any]) -> dict[str, Any]:
    """Return a list of entries by their ids, or by their places where they have none."""
    ids = [one.get("id") if isinstance(one, Mapping) else getattr(one, "id", None) for one in listed]
    known = None not in ids and len(set(ids)) == len(ids)
    return {str(name) if known else str(place): one for place, (name, one) in enumerate(zip(ids, listed, strict=True))}


def _values(a: Values | None, b: Values | None) -> Iterator[Row]:
    """Yield what differs between two tables: rows and columns of one alone, and cells of both."""
    if a is b:
        return
    if a is None or b is None:
        yield "values", "values", None if a is None else str(a), None if b is None else str(b)
        return
    yield from _alone("cases", map(_label, a.index.difference(b.index, sort=False)), in_a=True)
    yield from _alone("cases", map(_label, b.index.difference(a.index, sort=False)), in_a=False)
    for part, mine, others in (("column", a.columns, b.columns), ("group", tuple(a.groups), tuple(b.groups))):
        yield from _alone(part, [name for name in mine if name not in others], in_a=True)
        yield from _alone(part, [name for name in others if name not in mine], in_a=False)
    yield from _cells(a, b)


def _alone(part: str, names: Iterable[str], *, in_a: bool) -> Iterator[Row]:
    """Yield what one side alone has."""
    for name in names:
        yield part, name, True if in_a else None, None if in_a else True


def _label(row: Any) -> str:
    return " ".join(map(str, row)) if isinstance(row, tuple) else str(row)


def _cells(a: Values, b: Values) -> Iterator[Row]:
    """Yield the cells of both tables that differ, or how many do in each column."""
    common = a.index if a.index.equals(b.index) else a.index.intersection(b.index, sort=False)
    rows = [one.index.get_indexer(common) for one in (a, b)]
    found = []
    for part, name, one, other in _columns(a, b):
        left, right = one[rows[0]], other[rows[1]]
        alike = left == right
        if left.dtype == float:
            alike |= np.isnan(left) & np.isnan(right)
        if len(where := np.flatnonzero(~alike)):
            first = where[:CELLS]
            found.append((part, name, len(where), first, left[first], right[first]))
    each = sum(count for _, _, count, *_ in found) <= CELLS
    for part, name, count, where, left, right in found:
        for place, row in enumerate(where if each else where[:1]):
            cell = f"{name}, {_label(common[row])}"
            key = cell if each else f"{name}: {count:,} differ, the first is {_label(common[row])}"
            yield part, key, _shown(left[place]), _shown(right[place])


def _shown(cell: Any) -> object:
    """Return a cell as a plain number or text; None where it is missing."""
    if isinstance(cell, float):
        return None if np.isnan(cell) else float(cell)
    return cell or None


def _columns(a: Values, b: Values) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """Yield the columns that both tables have: values, bounds, sources and groups."""
    names = [name for name in a.columns if name in b.columns]
    for name in names:
        yield "value", name, a.column(name), b.column(name)
    for part in ("low", "high"):
        if getattr(a, part) is not None or getattr(b, part) is not None:
            for name in names:
                yield part, name, _bound(a, name, part), _bound(b, name, part)
    if a.source is not None or b.source is not None:
        for name in names:
            yield "source of a value", name, _sources(a, name), _sources(b, name)
    for name in a.groups:
        if name in b.groups:
            left, right = (np.array(one.groups[name], dtype=object) for one in (a, b))
            yield "group", name, left, right


def _bound(table: Values, name: str, part: str) -> np.ndarray:
    """Return the bounds of a column; NaN where a value is exact, so that it does not differ twice."""
    bound, value = table.column(name, part), table.column(name)
    return np.where(bound == value, np.nan, bound)


def _sources(table: Values, name: str) -> np.ndarray:
    """Return the source of each cell of a column by its name, empty where none is named."""
    if table.source is None:
        return np.full(len(table.index), "", dtype=object)
    return np.array([*table.sources, ""], dtype=object)[table.source[:, table.columns.index(name)]]

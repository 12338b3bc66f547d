"""Indicator values of a table: its columns, divided by their denominators, with exact bounds. Arrays only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from softpower.model.indicator import Indicator
from softpower.model.values import Values
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Tabulated:
    """Values and bounds of shape (rows, indicators); NaN where missing.

    Parameters
    ----------
    value, low, high : arrays of shape (rows, indicators)
        ``low`` and ``high`` are ``value`` itself where the table has no bounds.
    """

    value: Floats
    low: Floats
    high: Floats


def tabulate(table: Values, indicators: Mapping[str, Indicator]) -> Tabulated:
    """Return the values of indicators: x, or x scale / d with a denominator d above zero.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = np.array([[30.0, 2.0], [30.0, np.nan]])
    >>> table = Values(pd.Index(["A", "B"], name="case"), ("visits", "people"), cells)
    >>> visits = Indicator(title="Visits", dimension="d", denominator={"variable": "people", "scale": 10})
    >>> tabulate(table, {"visits": visits}).value.ravel()
    array([150.,  nan])
    """
    names = tuple(indicators)
    exact = table.low is None and table.high is None
    value = tabulate_cells(table.columns, table.value, indicators)
    low, high = (value, value) if exact else (table.part(names, "low"), table.part(names, "high"))
    divided = {place: one.denominator for place, one in enumerate(indicators.values()) if one.denominator is not None}
    if exact or not divided:
        return Tabulated(value, low, high)
    low, high = low.copy(), high.copy()
    for place, by in divided.items():
        least, greatest = (by.scale / table.column(by.variable, end) for end in ("high", "low"))
        # What is negative comes nearest to zero with the greatest denominator.
        low[:, place] *= np.where(low[:, place] >= 0, least, greatest)
        high[:, place] *= np.where(high[:, place] >= 0, greatest, least)
    return Tabulated(value, low, high)


def tabulate_cells(columns: Sequence[str], cells: Floats, indicators: Mapping[str, Indicator]) -> Floats:
    """Return the values of indicators, of shape (..., rows, indicators), from cells of shape (..., rows, columns).

    A column that the table lacks is missing throughout.
    """
    place = {name: column for column, name in enumerate(columns)}
    names = tuple(indicators)
    if names == tuple(columns):
        value = cells
    else:
        value = np.full((*cells.shape[:-1], len(names)), np.nan)
        there = [name for name in names if name in place]
        value[..., [names.index(name) for name in there]] = cells[..., [place[name] for name in there]]
    by = {at: one.denominator for at, one in enumerate(indicators.values()) if one.denominator is not None}
    if not by:
        return value
    value = value.copy() if value is cells else value
    for at, one in by.items():
        value[..., at] *= one.scale / cells[..., place[one.variable]] if one.variable in place else np.nan
    return value


def disputed(table: Values, indicators: Mapping[str, Indicator]) -> Mapping[str, tuple[Mask, list[str]]]:
    """Return which rows of each denominator are uncertain, and the indicators that it divides."""
    users: dict[str, list[str]] = {}
    for name, one in indicators.items():
        if one.denominator is not None:
            users.setdefault(one.denominator.variable, []).append(name)
    return {
        variable: (table.column(variable, "low") < table.column(variable, "high"), names)
        for variable, names in users.items()
    }

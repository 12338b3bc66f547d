"""The rows of COINr's iMeta become a framework."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from softpower.errors import SpecificationError, did_you_mean
from softpower.interop.coinr_findings import Findings
from softpower.interop.coinr_meta import Row
from softpower.interop.coinr_tables import FULL, GOALPOSTS, TRUNCATES, truth
from softpower.model.base import Location, parse_at
from softpower.model.framework import Framework
from softpower.model.unit import PLAIN, Unit
from softpower.words import some_quoted


def framework_of(rows: Mapping[str, Row], levels: tuple[str, ...], found: Findings) -> Framework | None:
    """Return the framework of the rows, or None after keeping what is wrong with them."""
    dimensions: dict[str, Any] = {}
    indicators: dict[str, Any] = {}
    used: dict[str, list[str]] = {}
    for code, row in rows.items():
        title = row["iName"] or code
        if row["Type"] == "Aggregate":
            dimensions[code] = {"title": title, "parent": row["Parent"], "weight": row["Weight"]}
            idle = [name for name in ("Unit", "Target", "Denominator", *GOALPOSTS[:2]) if row[name] is not None]
            if idle:
                found.notes.append(f"{', '.join(idle)} of '{code}' say nothing: it is an Aggregate.")
        elif row["Type"] == "Indicator":
            indicators[code] = _indicator(code, row, title, rows, found)
            if row["Denominator"] is not None:
                used.setdefault(row["Denominator"], []).append(code)
        elif row["Type"] == "Group" and title != code:
            found.notes.append(f"The name of the group '{code}', '{title}', is left out.")
        elif row["Type"] == "Other":
            found.notes.append(f"'{code}' is of type Other and left out.")
    variables = {}
    for code, row in rows.items():
        if row["Type"] == "Denominator" and code in used:
            unit = _unit(code, row["Unit"], found, amount=True)
            variables[code] = {"title": row["iName"] or code, "kind": "stock", "unit": unit}
        elif row["Type"] == "Denominator":
            found.notes.append(f"The denominator '{code}' divides no indicator and is left out.")
    _note_goalposts(rows, found)
    title = next(one["title"] for one in dimensions.values() if one["parent"] is None)
    data = {"id": "coinr", "title": title, "levels": levels, "dimensions": dimensions}
    data |= {"indicators": indicators, "variables": variables}
    if found.of_meta:
        return None
    try:
        return parse_at(Framework, data, _in_meta)
    except SpecificationError as error:
        found.of_meta += error.faults
        return None


def _indicator(code: str, row: Row, title: str, rows: Mapping[str, Row], found: Findings) -> dict[str, Any]:
    """Return what a row says of an indicator, and keep what is wrong with it."""
    made: dict[str, Any] = {"title": title, "dimension": row["Parent"], "weight": row["Weight"]}
    made |= {"better": "higher" if row["Direction"] == 1 else "lower", "target": row["Target"]}
    made["unit"] = _unit(code, row["Unit"], found)
    if (by := row["Denominator"]) is not None:
        known = [name for name, one in rows.items() if one["Type"] == "Denominator"]
        if by not in known:
            found.keep(code, "Denominator", f"there is no denominator '{by}'", did_you_mean(by, known))
        scale = 1.0 if row["ScaleFactor"] is None else row["ScaleFactor"]
        made["denominator"] = {"variable": by, "scale": scale}
    elif row["ScaleFactor"] is not None:
        found.notes.append(f"ScaleFactor of '{code}' says nothing: it has no Denominator.")
    low, high = row["goalpost_lower"], row["goalpost_upper"]
    if (low is None) != (high is None):
        empty = "goalpost_lower" if low is None else "goalpost_upper"
        found.keep(code, empty, "the cell is empty", "Give both goalposts, or neither.")
    elif low is not None and low >= high:
        what = f"the upper goalpost {high:g} is not above the lower one, {low:g}"
        found.keep(code, "goalpost_upper", what, "Swap or correct them; Direction says which end is better.")
    elif low is not None:
        reason = "Given in iMeta, without a reason."
        made["goalposts"] = {"low": low, "high": high, "kind": "benchmark", "reason": reason}
    return made


def _unit(code: str, text: str | None, found: Findings, *, amount: bool = False) -> str:
    """Return a unit that is known here, or that of plain numbers."""
    try:
        unit = Unit.parse(text or PLAIN)
    except PydanticCustomError:
        what = f"Unit '{text}' of '{code}' is none that is known here"
    else:
        if not (amount and (unit.codes or unit.dimension == "date")):
            return unit.text
        what = f"Unit '{text}' of '{code}' is none of a denominator"
    found.notes.append(f"{what}: it counts as a plain number.")
    return PLAIN


def _note_goalposts(rows: Mapping[str, Row], found: Findings) -> None:
    """Say where goalposts act otherwise than in COINr."""
    leaves = {code: row for code, row in rows.items() if row["Type"] == "Indicator"}
    posted = {code: row for code, row in leaves.items() if row["goalpost_lower"] is not None}
    without = [code for code in leaves if code not in posted]
    if posted and without:
        what = f"Goalposts are kept and not used, for {some_quoted(without)} have none"
        found.notes.append(f"{what}: values are scored by min_max.")
    scaled = [code for code, row in posted.items() if row["goalpost_scale"] not in {None, FULL}]
    if scaled:
        found.notes.append(f"goalpost_scale of {some_quoted(scaled)} is left out: scores go from 0 to {FULL:g}.")
    loose = [code for code, row in posted.items() if row[TRUNCATES] is not None and not truth(row[TRUNCATES])]
    if loose:
        found.notes.append(f"{TRUNCATES} of {some_quoted(loose)} is left out: scores end at the goalposts.")


def _in_meta(location: Location) -> tuple[str, Location]:
    inside = location[1:2]
    return (f"iMeta: row {inside[0]}", location[2:]) if inside else ("iMeta", location)

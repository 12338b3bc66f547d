"""COINr's two tables, iData and iMeta, become a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic_core import PydanticCustomError

from softpower.errors import Fault, ObservationError, SpecificationError, did_you_mean
from softpower.frames import read_frame
from softpower.interop.coinr_tables import (
    FULL,
    GOALPOSTS,
    IN_THE_TREE,
    NUMBERS,
    OWN,
    REQUIRED,
    TEXTS,
    TRUNCATES,
    TYPES,
    as_r_writes,
    label,
    named,
    number,
    present,
    truth,
    year,
)
from softpower.model.base import ID, Location
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.unit import PLAIN, Unit
from softpower.model.values import Values

SHOWN = 5

Row = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class FromCoinr:
    """What COINr's tables say: a profile, and what of them it does not hold.

    Parameters
    ----------
    profile : Profile
        Framework and values, to be scored.
    not_understood : tuple of str
        What the tables say beside it, a sentence each.
    """

    profile: Profile
    not_understood: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the size of the profile, its normalisation and what was not understood."""
        profile = self.profile
        how = ", ".join(one.method for one, _ in profile.methodology.choices("normalise", profile.indicators))
        table = profile.values or Values.blank()
        return listed(
            f"{profile.title}: {len(profile.indicators)} indicators, {len(table.index)} rows, {how}",
            "not understood",
            self.not_understood,
        )


def listed(head: str, what: str, sentences: Sequence[str]) -> str:
    """Return a head and sentences under it, or that there are none."""
    return "\n".join([head, f"{what}:" if sentences else f"{what}: nothing", *(f"- {one}" for one in sentences)])


def from_coinr(idata: pd.DataFrame, imeta: pd.DataFrame, *, level_names: Sequence[str] | None = None) -> FromCoinr:
    """Return the profile of COINr's two tables, and what of them is not understood.

    Codes, names, the tree with its weights, directions, units, targets, goalposts, denominators with their scale
    factors and groups are read. Longer names of units (``uName``) become a group of that name.

    Parameters
    ----------
    idata : DataFrame
        COINr's ``iData``: a column ``uCode``, and one for each indicator, denominator and group. With a column
        ``Time`` of years it is a panel.
    imeta : DataFrame
        COINr's ``iMeta``: columns ``Level``, ``iCode``, ``Parent``, ``Direction``, ``Type`` and ``Weight``; it may
        have ``iName``, ``Unit``, ``Target``, ``Denominator``, ``ScaleFactor`` and ``goalpost_lower``, ``_upper``,
        ``_scale``, ``_trunc2posts``.
    level_names : sequence of str, optional
        As ``new_coin()`` takes them, indicators first. Without them levels are called as COINr calls them: Level_2,
        Level_3 and so on.

    Raises
    ------
    SoftPowerError
        With every fault of both tables: a SpecificationError, or an ObservationError where only iData is at fault.

    Notes
    -----
    Values are scored against goalposts where every indicator has them, else by min-max over the cases, which is
    COINr's default. A denominator that iMeta names always divides: value x ScaleFactor / denominator. In COINr it
    does so only after ``Denominate()``.

    Examples
    --------
    >>> idata = pd.DataFrame({"uCode": ["KAZ", "UZB"], "trade": [29.4, 11.0], "visits": [4, 2]})
    >>> imeta = pd.DataFrame({
    ...     "Level": [1, 1, 2],
    ...     "iCode": ["trade", "visits", "index"],
    ...     "Parent": ["index", "index", None],
    ...     "Direction": [1, 1, 1],
    ...     "Type": ["Indicator", "Indicator", "Aggregate"],
    ...     "Weight": [2, 1, 1],
    ... })
    >>> from_coinr(idata, imeta)
    index: 2 indicators, 2 rows, min_max
    not understood: nothing
    """
    return _Import().read(idata, imeta, level_names)


class _Import:
    """Reads the two tables, and collects what is wrong and what is not understood."""

    def __init__(self) -> None:
        self.of_meta: list[Fault] = []
        self.of_data: list[Fault] = []
        self.notes: list[str] = []

    def fault(self, code: object, column: str, what: str, mend: str) -> None:
        """Keep a fault of a cell of iMeta."""
        self.of_meta.append(Fault(f"iMeta: row {code}, column '{column}'", what, mend))

    def read(self, idata: object, imeta: object, level_names: Sequence[str] | None) -> FromCoinr:
        """Return what the tables say, or raise every fault of both."""
        rows = self._rows(imeta)
        levels = self._tree(rows)
        names = self._level_names(levels, level_names)
        framework = None if self.of_meta else self._framework(rows, names)
        values = self._values(idata, rows, framework)
        made = None
        if framework is not None and values is not None and not self.of_data:
            made = self._profile(framework, values)
        if made is None:
            kind = SpecificationError if self.of_meta else ObservationError
            raise kind([*self.of_meta, *self.of_data])
        return FromCoinr(made, tuple(self.notes))

    # --- iMeta ----------------------------------------------------------------------------------------------------

    def _rows(self, imeta: object) -> dict[str, Row]:
        """Return the rows of iMeta by code, their cells as texts and numbers; what is missing is None."""
        if not isinstance(imeta, pd.DataFrame):
            self.of_meta.append(Fault("iMeta", f"a {type(imeta).__name__} is no DataFrame", "Give a DataFrame."))
            return {}
        if not named("iMeta", imeta, REQUIRED, self.of_meta):
            return {}
        unknown = [name for name in imeta.columns if name not in {*TEXTS, *NUMBERS, TRUNCATES}]
        if unknown:
            self.notes.append(f"iMeta has columns that say nothing here: {', '.join(unknown)}.")
        rows: dict[str, Row] = {}
        for place, given in enumerate(imeta.astype(object).to_dict("records"), start=1):
            code = given["iCode"]
            if not isinstance(code, str) or not re.fullmatch(ID, code):
                mend = "Use letters, digits, _ . and -, beginning with a letter."
                self.fault(place, "iCode", f"{code!r} is no code", mend)
            elif code in OWN:
                self.fault(code, "iCode", f"'{code}' is a column of iData with a meaning of its own", "Rename it.")
            elif code in rows:
                self.fault(code, "iCode", "the code stands twice", "Rename or delete one.")
            else:
                rows[code] = self._cells(code, {str(name): cell for name, cell in given.items()})
        return rows

    def _cells(self, code: str, given: Row) -> Row:
        row: dict[str, Any] = {}
        for name in TEXTS:
            cell = present(given.get(name))
            # R writes a missing text as NA, which no code or unit is; a name may be.
            row[name] = None if cell == "NA" and name not in {"iCode", "iName"} else cell
            if row[name] is not None and not isinstance(cell, str):
                self.fault(code, name, f"{cell!r} is no text", "Write a text, or leave it empty.")
                row[name] = None
        for name in NUMBERS:
            cell = present(given.get(name))
            row[name] = None if cell is None or cell == "NA" else number(cell)
            if cell not in {None, "NA"} and row[name] is None:
                self.fault(code, name, f"{cell!r} is no finite number", "Correct it, or leave the cell empty.")
        row[TRUNCATES] = present(given.get(TRUNCATES))
        if row["Type"] not in TYPES:
            self.fault(code, "Type", f"{row['Type']!r} is no type", did_you_mean(row["Type"], TYPES))
        elif row["Type"] in IN_THE_TREE:
            self._check_node(code, row)
        else:
            idle = [name for name in ("Level", "Parent", "Direction", "Weight") if row[name] is not None]
            if idle:
                self.notes.append(f"{', '.join(idle)} of '{code}' say nothing: it is a {row['Type']}.")
        return row

    def _check_node(self, code: str, row: Row) -> None:
        for name in ("Level", "Direction", "Weight"):
            if row[name] is None:
                self.fault(code, name, "the cell is empty", f"Every {row['Type']} has one.")
        if row["Direction"] not in {None, 1.0, -1.0}:
            self.fault(
                code, "Direction", f"{row['Direction']:g} is no direction", "Write 1, or -1 where lower is better."
            )
        if row["Type"] == "Aggregate" and row["Direction"] == -1.0:
            self.notes.append(f"Direction -1 of the aggregate '{code}' says nothing: only indicators turn.")
        if row["Weight"] is not None and row["Weight"] < 0:
            self.fault(code, "Weight", f"the weight {row['Weight']:g} is negative", "Write zero or more.")
        if row["ScaleFactor"] is not None and row["ScaleFactor"] <= 0:
            self.fault(code, "ScaleFactor", f"{row['ScaleFactor']:g} is not above zero", "Write a number above zero.")
        if row["Type"] == "Indicator" and row["Level"] not in {None, 1.0}:
            self.fault(code, "Level", f"an indicator is at level {row['Level']:g}", "Indicators are at level 1.")

    def _tree(self, rows: Mapping[str, Row]) -> int:
        """Check parents and levels; return how many levels there are, indicators included, or 0 after a fault."""
        nodes = {code: row for code, row in rows.items() if row["Type"] in IN_THE_TREE}
        aggregates = [code for code, row in nodes.items() if row["Type"] == "Aggregate"]
        roots = [code for code in aggregates if nodes[code]["Parent"] is None]
        if rows and not any(row["Type"] == "Indicator" for row in nodes.values()):
            self.of_meta.append(Fault("iMeta", "it has no row of type Indicator", "Give one for each indicator."))
        if rows and len(roots) != 1:
            what = f"{len(roots)} aggregates have no parent{': ' if roots else ''}{', '.join(roots)}"
            self.of_meta.append(Fault("iMeta", what, "Exactly one, the index, has none."))
        for code, row in nodes.items():
            parent = row["Parent"]
            if parent is None:
                if row["Type"] == "Indicator":
                    self.fault(code, "Parent", "the cell is empty", "Name the aggregate that it belongs to.")
            elif parent not in aggregates:
                self.fault(code, "Parent", f"there is no aggregate '{parent}'", did_you_mean(parent, aggregates))
            elif None not in {row["Level"], nodes[parent]["Level"]} and row["Level"] >= nodes[parent]["Level"]:
                what = f"level {row['Level']:g} is not below that of its parent '{parent}', {nodes[parent]['Level']:g}"
                self.fault(code, "Level", what, "Indicators are at level 1, and each parent is above its children.")
        if self.of_meta or not nodes:
            return 0
        depths = {code: _depth(code, nodes) for code in aggregates}
        levels = max(depths.values()) + 2
        # Ours count from the top, so that branches may end at different depths.
        for code, depth in depths.items():
            if nodes[code]["Level"] != levels - depth:
                what = f"Level {nodes[code]['Level']:g} of '{code}' is {levels - depth} here"
                self.notes.append(f"{what}: levels are counted from the top.")
        return levels

    def _level_names(self, levels: int, given: Sequence[str] | None) -> tuple[str, ...]:
        """Return the names of the levels of aggregates, top down."""
        names: list[Any] = [f"Level_{rank}" for rank in range(1, levels + 1)] if given is None else list(given)
        if given is None or not levels:
            return tuple(reversed(names[1:]))
        if len(names) != levels:
            what = f"{len(names)} names are given for {levels} levels"
            self.of_meta.append(Fault("level_names", what, "Name each level once: indicators first, the index last."))
        for name in names[1:]:
            if not isinstance(name, str) or not re.fullmatch(ID, name):
                self.of_meta.append(
                    Fault("level_names", f"{name!r} is no name of a level", "Use letters, digits and _.")
                )
        return tuple(reversed(names[1:]))

    def _framework(self, rows: Mapping[str, Row], levels: tuple[str, ...]) -> Framework | None:
        dimensions: dict[str, Any] = {}
        indicators: dict[str, Any] = {}
        used: dict[str, list[str]] = {}
        for code, row in rows.items():
            title = row["iName"] or code
            if row["Type"] == "Aggregate":
                dimensions[code] = {"title": title, "parent": row["Parent"], "weight": row["Weight"]}
                idle = [name for name in ("Unit", "Target", "Denominator", *GOALPOSTS[:2]) if row[name] is not None]
                if idle:
                    self.notes.append(f"{', '.join(idle)} of '{code}' say nothing: it is an Aggregate.")
            elif row["Type"] == "Indicator":
                indicators[code] = self._indicator(code, row, title, rows)
                if row["Denominator"] is not None:
                    used.setdefault(row["Denominator"], []).append(code)
            elif row["Type"] == "Group" and title != code:
                self.notes.append(f"The name of the group '{code}', '{title}', is left out.")
            elif row["Type"] == "Other":
                self.notes.append(f"'{code}' is of type Other and left out.")
        variables = {}
        for code, row in rows.items():
            if row["Type"] == "Denominator" and code in used:
                unit = self._unit(code, row["Unit"], amount=True)
                variables[code] = {"title": row["iName"] or code, "kind": "stock", "unit": unit}
            elif row["Type"] == "Denominator":
                self.notes.append(f"The denominator '{code}' divides no indicator and is left out.")
        self._note_goalposts(rows)
        title = next(one["title"] for one in dimensions.values() if one["parent"] is None)
        data = {"id": "coinr", "title": title, "levels": levels, "dimensions": dimensions}
        data |= {"indicators": indicators, "variables": variables}
        if self.of_meta:
            return None
        try:
            return Framework.parse(data, _in_meta)
        except SpecificationError as error:
            self.of_meta += error.faults
            return None

    def _indicator(self, code: str, row: Row, title: str, rows: Mapping[str, Row]) -> dict[str, Any]:
        made: dict[str, Any] = {"title": title, "dimension": row["Parent"], "weight": row["Weight"]}
        made |= {"better": "higher" if row["Direction"] == 1 else "lower", "target": row["Target"]}
        made["unit"] = self._unit(code, row["Unit"])
        if (by := row["Denominator"]) is not None:
            known = [name for name, one in rows.items() if one["Type"] == "Denominator"]
            if by not in known:
                self.fault(code, "Denominator", f"there is no denominator '{by}'", did_you_mean(by, known))
            scale = 1.0 if row["ScaleFactor"] is None else row["ScaleFactor"]
            made["denominator"] = {"variable": by, "scale": scale}
        elif row["ScaleFactor"] is not None:
            self.notes.append(f"ScaleFactor of '{code}' says nothing: it has no Denominator.")
        low, high = row["goalpost_lower"], row["goalpost_upper"]
        if (low is None) != (high is None):
            empty = "goalpost_lower" if low is None else "goalpost_upper"
            self.fault(code, empty, "the cell is empty", "Give both goalposts, or neither.")
        elif low is not None and low >= high:
            what = f"the upper goalpost {high:g} is not above the lower one, {low:g}"
            self.fault(code, "goalpost_upper", what, "Swap or correct them; Direction says which end is better.")
        elif low is not None:
            reason = "Given in iMeta, without a reason."
            made["goalposts"] = {"low": low, "high": high, "kind": "benchmark", "reason": reason}
        return made

    def _unit(self, code: str, text: str | None, *, amount: bool = False) -> str:
        """Return a unit that is known here, or that of plain numbers."""
        try:
            unit = Unit.parse(text or PLAIN)
        except PydanticCustomError:
            what = f"Unit '{text}' of '{code}' is none that is known here"
        else:
            if not (amount and (unit.codes or unit.dimension == "date")):
                return unit.text
            what = f"Unit '{text}' of '{code}' is none of a denominator"
        self.notes.append(f"{what}: it counts as a plain number.")
        return PLAIN

    def _note_goalposts(self, rows: Mapping[str, Row]) -> None:
        """Say where goalposts act otherwise than in COINr."""
        leaves = {code: row for code, row in rows.items() if row["Type"] == "Indicator"}
        posted = {code: row for code, row in leaves.items() if row["goalpost_lower"] is not None}
        without = [code for code in leaves if code not in posted]
        if posted and without:
            what = f"Goalposts are kept and not used, for {some(without)} have none"
            self.notes.append(f"{what}: values are scored by min_max.")
        scaled = [code for code, row in posted.items() if row["goalpost_scale"] not in {None, FULL}]
        if scaled:
            self.notes.append(f"goalpost_scale of {some(scaled)} is left out: scores go from 0 to {FULL:g}.")
        loose = [code for code, row in posted.items() if row[TRUNCATES] is not None and not truth(row[TRUNCATES])]
        if loose:
            self.notes.append(f"{TRUNCATES} of {some(loose)} is left out: scores end at the goalposts.")

    # --- iData ----------------------------------------------------------------------------------------------------

    def _values(self, idata: object, rows: Mapping[str, Row], framework: Framework | None) -> Values | None:
        """Return the cells of iData; keep their faults also where there is no framework."""
        if not isinstance(idata, pd.DataFrame):
            self.of_data.append(Fault("iData", f"a {type(idata).__name__} is no DataFrame", "Give a DataFrame."))
            return None
        if not named("iData", idata, ("uCode",), self.of_data):
            return None
        if rows:
            self._check_columns(idata, rows)
        there = {code: row for code, row in rows.items() if code in idata}
        if framework is None:
            known = {code for code, row in there.items() if row["Type"] in {"Indicator", "Denominator"}}
        else:
            known = {*framework.indicators, *framework.denominators} & {*there}
        frame = pd.DataFrame({"case": idata["uCode"].reset_index(drop=True)})
        if "Time" in idata:
            frame["period"] = pd.Series([year(one) for one in idata["Time"]], dtype=object)
        names = [code for code in there if code in known]
        columns = {code: as_r_writes(idata[code].reset_index(drop=True)) for code in names}
        groups = [code for code, row in there.items() if row["Type"] == "Group"]
        for code in (*(["uName"] if "uName" in idata else []), *groups):
            columns[f"group:{code}"] = pd.Series([label(one) for one in idata[code]], dtype=object)
        frame = pd.concat([frame, pd.DataFrame(columns)], axis=1)
        if not names:
            return None
        try:
            return read_frame(frame, framework or _stand_in(names), where="iData")[0]
        except ObservationError as error:
            self.of_data += error.faults
            return None

    def _check_columns(self, idata: pd.DataFrame, rows: Mapping[str, Row]) -> None:
        for name in idata.columns:
            if name not in rows and name not in OWN:
                mend = did_you_mean(name, rows) + " Every column but uCode, uName and Time has a row in iMeta."
                self.of_data.append(Fault(f"iData: column '{name}'", "iMeta has no such iCode", mend))
            elif name in rows and rows[name]["Type"] == "Aggregate":
                self.notes.append(f"The column '{name}' of iData is left out: aggregates are computed.")
        for code, row in rows.items():
            if row["Type"] in TYPES and row["Type"] != "Aggregate" and code not in idata:
                mend = did_you_mean(code, [name for name in idata.columns if name not in rows])
                self.of_data.append(Fault("iData", f"it has no column '{code}', which iMeta describes", mend))

    def _profile(self, framework: Framework, values: Values) -> Profile | None:
        data = {"id": framework.id, "title": framework.title, "framework": framework, "values": values}
        try:
            return Profile.parse(data | {"methodology": _methodology(framework)}, _in_data)
        except SpecificationError as error:
            self.of_data += error.faults
            return None


def _methodology(framework: Framework) -> Methodology:
    """Return how values are scored where nobody says it."""
    posted = all(one.goalposts is not None for one in framework.indicators.values())
    return Methodology() if posted else Methodology(normalise="min_max")


def _depth(code: str, nodes: Mapping[str, Row]) -> int:
    """Return how far below the root a node is; levels rise towards it, so the way ends."""
    parent = nodes[code]["Parent"]
    return 0 if parent is None else 1 + _depth(parent, nodes)


def some(names: Sequence[str]) -> str:
    """Return the first few names in quotes."""
    shown = ", ".join(f"'{name}'" for name in names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"


def _stand_in(names: Sequence[str]) -> Framework:
    """Return any framework of the columns, so that their cells can be judged where iMeta is faulty."""
    root = "root"
    while root in names:
        root += "_"
    leaves = {name: {"title": name, "dimension": root} for name in names}
    return Framework.from_dict({"dimensions": {root: {"title": root}}, "indicators": leaves})


def _in_meta(location: Location) -> tuple[str, Location]:
    inside = location[1:2]
    return (f"iMeta: row {inside[0]}", location[2:]) if inside else ("iMeta", location)


def _in_data(location: Location) -> tuple[str, Location]:
    inside = location[1:2]
    return (f"iData: column '{inside[0]}'", location[2:]) if inside else ("iData", location)

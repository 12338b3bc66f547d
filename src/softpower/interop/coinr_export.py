"""A profile becomes COINr's two tables, iData and iMeta."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from softpower.arguments import diagnosed
from softpower.errors import Fault, SpecificationError
from softpower.interop.coinr_findings import listed
from softpower.interop.coinr_import import from_coinr
from softpower.interop.coinr_tables import FULL, OWN, TRUNCATES
from softpower.model.base import ID
from softpower.model.framework import Framework
from softpower.model.indicator import Indicator
from softpower.model.profile import Profile
from softpower.model.unit import PLAIN
from softpower.model.values import Values
from softpower.model.variable import Variable
from softpower.words import some_quoted


@dataclass(frozen=True, repr=False)
class ToCoinr:
    """A profile as COINr's tables, and what of it they do not hold.

    Parameters
    ----------
    idata, imeta : DataFrame
        What ``new_coin()`` takes as ``iData`` and ``iMeta``.
    level_names : tuple of str
        What it takes as ``level_names``: indicators first, the composite last.
    not_held : tuple of str
        What the profile says beside it, a sentence each.
    """

    idata: pd.DataFrame
    imeta: pd.DataFrame
    level_names: tuple[str, ...]
    not_held: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the size of the tables and what they do not hold."""
        head = f"iData: {len(self.idata)} rows, iMeta: {len(self.imeta)} rows, levels {', '.join(self.level_names)}"
        return listed(head, "not held", self.not_held)


def _check_profile(given: object) -> None:
    if not isinstance(given, Profile):
        what = f"a {type(given).__name__} is no profile"
        raise SpecificationError.of("to_coinr", what, "Give a Profile, for instance softpower.from_frame(table).")


@diagnosed
def to_coinr(profile: Profile) -> ToCoinr:
    """Return a profile as COINr's two tables, and what of it they do not hold.

    `from_coinr` reads them back as the same profile but for what ``not_held`` says.

    Parameters
    ----------
    profile : Profile
        With a table of values. What is left out of the score is left out here.

    Raises
    ------
    SpecificationError
        If it has observations in place of a table, or codes or periods that COINr refuses.

    Notes
    -----
    COINr's ``Denominate()`` takes scale factors from its argument ``denomby``: give it the columns ``iCode``,
    ``Denominator`` and ``ScaleFactor`` of ``imeta``, in the rows that have a denominator.

    Examples
    --------
    >>> import softpower
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4, 2]}, index=["KAZ", "UZB"])
    >>> tables = to_coinr(softpower.from_frame(frame))
    >>> tables.imeta["iCode"].tolist()
    ['trade', 'visits', 'composite']
    """
    _check_profile(profile)
    table = profile.values
    if table is None:
        mend = "Score it, and make a table of the column raw: softpower.from_frame(values, framework)."
        raise SpecificationError.of("to_coinr", "COINr takes a table of values, and this profile has none", mend)
    framework = profile.framework
    kept = {node for name in profile.indicators for node in framework.path(name)}
    divisors = {one.denominator.variable for one in profile.indicators.values() if one.denominator is not None}
    _refuse(profile, table, [*kept, *divisors, *table.groups])
    dimensions = [name for name in framework.dimensions if name in kept]
    levels = max(framework.depths[name] for name in dimensions) + 2
    rows = [
        *(_indicator(name, leaf) for name, leaf in profile.indicators.items()),
        *(_aggregate(name, framework, profile.indicators, levels) for name in dimensions),
        *(_denominator(name, framework.variables[name]) for name in sorted(divisors)),
        *({"iCode": name, "Type": "Group", "iName": name} for name in table.groups if name != "uName"),
    ]
    imeta = pd.DataFrame(rows).dropna(axis="columns", how="all")
    idata = _idata(table, [*profile.indicators, *sorted(divisors)])
    names = ("Indicator", *reversed(framework.levels[: levels - 1]))
    back = from_coinr(idata, imeta, level_names=names)
    return ToCoinr(idata, imeta, names, tuple(_not_held(profile, back.profile, imeta)))


def _indicator(name: str, leaf: Indicator) -> dict[str, Any]:
    """Return the row of an indicator in iMeta."""
    row = _node(name, "Indicator", level=1, parent=leaf.dimension, weight=leaf.weight, title=leaf.title)
    row |= {"Direction": 1 if leaf.better == "higher" else -1, "Unit": _stated(leaf.unit), "Target": leaf.target}
    if leaf.denominator is not None:
        row |= {"Denominator": leaf.denominator.variable, "ScaleFactor": leaf.denominator.scale}
    if leaf.goalposts is not None:
        row |= {"goalpost_lower": leaf.goalposts.low, "goalpost_upper": leaf.goalposts.high}
        row |= {"goalpost_scale": FULL, TRUNCATES: True}
    return row


def _aggregate(name: str, framework: Framework, leaves: Iterable[str], levels: int) -> dict[str, Any]:
    """Return the row of a dimension, whose weight by rule becomes the number of indicators under it."""
    one, weight = framework.dimensions[name], framework.dimensions[name].weight
    if isinstance(weight, str):
        weight = float(sum(name in framework.path(leaf) for leaf in leaves))
    level = levels - framework.depths[name]
    return _node(name, "Aggregate", level=level, parent=one.parent, weight=weight, title=one.title)


def _denominator(name: str, variable: Variable) -> dict[str, Any]:
    """Return the row of what indicators are divided by."""
    return {"iCode": name, "Type": "Denominator", "iName": variable.title, "Unit": _stated(variable.unit)}


def _node(name: str, kind: str, *, level: int, parent: str | None, weight: float, title: str) -> dict[str, Any]:
    row = {"Level": level, "iCode": name, "Parent": parent, "Direction": 1, "Weight": weight, "Type": kind}
    return row | {"iName": title}


def _stated(unit: str) -> str | None:
    return None if unit == PLAIN else unit


def _idata(table: Values, names: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, Any] = {"uCode": list(table.index.get_level_values("case"))}
    if table.periods is not None:
        columns["Time"] = list(table.index.get_level_values("period"))
    columns |= {name: [one or None for one in labels] for name, labels in table.groups.items()}
    return pd.DataFrame(columns | {name: table.column(name) for name in names})


def _refuse(profile: Profile, table: Values, codes: Sequence[str]) -> None:
    """Raise what COINr refuses: codes, and times that are no numbers."""
    faults = []
    cases = set(table.cases)
    for code in dict.fromkeys(codes):
        where = f"to_coinr: '{code}'"
        own = code in OWN and code != "uName"
        if not re.fullmatch(ID, code) or code[0].isdigit():
            faults.append(
                Fault(where, "COINr takes no such code", "Begin it with a letter; use letters, digits and _.")
            )
        elif own or (code == "uName" and code in profile.framework.parents):
            faults.append(Fault(where, "a column of that name has a meaning of its own in iData", "Rename it."))
        elif code in cases:
            faults.append(Fault(where, "it is the name of a case as well, which COINr refuses", "Rename one."))
    taken = {*profile.framework.parents, *profile.framework.variables, profile.framework.root}
    faults += [
        Fault(f"to_coinr: group '{code}'", "another column has that name", "Rename one.")
        for code in table.groups
        if code in taken
    ]
    if any(isinstance(period, str) for period in table.periods or ()):
        faults.append(Fault("to_coinr: period", "COINr takes times that are numbers", "Use years as periods."))
    if faults:
        raise SpecificationError(faults)


def _not_held(profile: Profile, again: Profile, imeta: pd.DataFrame) -> Iterator[str]:
    """Yield what differs once the tables are read back, so that nothing is lost without a word."""
    one, other = profile.framework, again.framework
    yield from _entries("indicators", one.indicators, other.indicators)
    yield from _entries("dimensions", one.dimensions, other.dimensions)
    yield from _entries("variables", one.variables, other.variables)
    told = {"indicators", "dimensions", "variables", "framework", "values"}
    for noun, before, after in (("framework", one, other), ("profile", profile, again)):
        fields = [name for name in type(before).model_fields if name not in told]
        lost = [name for name in fields if getattr(before, name) != getattr(after, name)]
        if lost:
            yield f"Of the {noun}: {', '.join(lost)}."
    if profile.values is not None:
        parts = {str(name).rpartition(":")[2] for name in profile.values.to_frame() if _is_part(name)}
        if parts:
            yield f"Of the values: {', '.join(sorted(parts))}."
    if uneven := _uneven(imeta):
        yield f"COINr wants each parent one level above its children; that of {some_quoted(uneven)} is higher."
    if "Target" in imeta and imeta.loc[imeta["Type"] == "Indicator", "Target"].isna().any():
        yield "COINr wants a Target for every indicator, or none at all: some have none."


def _entries(noun: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what entries of a framework say that the tables do not."""
    gone = [name for name in before if name not in after]
    if gone:
        yield f"The {noun} {some_quoted(gone)}, which do not enter the score."
    lost: dict[str, list[str]] = {}
    for name in before.keys() & after.keys():
        one, other = _flat(before[name]), _flat(after[name])
        for field in one:
            if one[field] != other.get(field):
                lost.setdefault(field, []).append(name)
    for field in sorted(lost):
        yield f"{field} of the {noun} {some_quoted(sorted(lost[field]))}."


def _flat(entry: Any) -> dict[str, Any]:
    """Return the fields of an entry by name; those of its goalposts one by one."""
    fields = {name: getattr(entry, name) for name in type(entry).model_fields}
    if fields.get("goalposts") is not None:
        posts = fields.pop("goalposts")
        fields |= {f"goalposts.{name}": getattr(posts, name) for name in type(posts).model_fields}
    return fields


def _is_part(name: object) -> bool:
    return str(name).endswith((":low", ":high", ":source"))


def _uneven(imeta: pd.DataFrame) -> list[str]:
    levels = dict(zip(imeta["iCode"], imeta["Level"], strict=True))
    parents = zip(imeta["iCode"], imeta["Parent"], strict=True)
    return [code for code, parent in parents if parent in levels and levels[parent] != levels[code] + 1]

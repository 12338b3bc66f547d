"""Read a profile: its head, its framework, its observations or table of values, its sources."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from softpower.catalogue.faults import Faults, read_toml, table_of
from softpower.catalogue.frameworks import read_framework
from softpower.catalogue.observations import read_observations
from softpower.catalogue.shipping import framework_names, shipped
from softpower.errors import FileError, ObservationError, SoftPowerError, SpecificationError, did_you_mean
from softpower.files import read_text
from softpower.frames import parse_csv, read_frame
from softpower.model.base import Location
from softpower.model.framework import Framework
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.model.reference import Source
from softpower.model.values import Values
from softpower.names import inside, short

FACTS_OF_A_SCENARIO = re.compile(r"profile\.toml: scenarios\..*\.(preferred|without_observations)\b")
"""Where a scenario names facts or their sources."""
UNREAD = Source(title="unread", kind="report")
"""A source that is there, of which it is unknown what it says."""


def read_profile(folder: Path, faults: Faults) -> Profile | None:
    """Return the profile of a folder; None after keeping what is wrong with it."""
    data = read_toml(folder, "profile.toml", faults)
    head = data or {}
    framework = _named_framework(folder, _name(head, "framework", None, faults), faults)
    file = _name(head, "observations", "observations.csv", faults) or "observations.csv"
    rows: dict[int, Observation] | None = {}
    values: Values | None = None
    if "values" in head:
        values = _read_values(folder, _name(head, "values", None, faults), framework, faults)
    elif head.get("observations", file) == file and (data is not None or (folder / file).exists()):
        rows = read_observations(folder, file, faults)
    citing = any(one.source is not None for one in (rows or {}).values())
    sources: Mapping[str, Source] | None = {}
    if citing or "sources" in head or (folder / "sources.toml").exists():
        sources = _read_sources(folder, _name(head, "sources", "sources.toml", faults), faults)
    unread = framework is None or sources is None or rows is None or ("values" in head and values is None)
    incomplete = unread or any(isinstance(one, ObservationError) for one in faults.errors)
    if data is None:
        return None
    if sources is None:
        # Which sources there are is unknown: none of those that are cited is at fault.
        cited = {one.source for one in (rows or {}).values() if one.source is not None}
        sources = dict.fromkeys(cited, UNREAD)
    if "values" in head and values is None:
        # What the table holds is unknown; that there is one is not.
        values = Values.blank()
    read = {"framework": framework, "sources": sources, "observations": tuple((rows or {}).values()), "values": values}
    profile = faults.attempt(Profile, head | read, _locator(head, file, list(rows or {})))
    if profile is None:
        found = faults.errors.pop().faults
        # What could not be read is reported where it was read.
        found = tuple(
            one
            for one in found
            if not (unread and one.where.startswith(("framework ", "profile.toml: framework")))
            and not (incomplete and FACTS_OF_A_SCENARIO.match(one.where))
        )
        of_row = [one.where.startswith(f"{file} line ") for one in found]
        rows_at_fault = [one for one, here in zip(found, of_row, strict=True) if here]
        others = [one for one, here in zip(found, of_row, strict=True) if not here]
        faults.errors += [SpecificationError(others)] if others else []
        faults.errors += [ObservationError(rows_at_fault)] if rows_at_fault else []
    return None if unread else profile


def _locator(head: Mapping[str, Any], file: str, lines: Sequence[int]) -> Callable[[Location], tuple[str, Location]]:
    """Return what says in which file a part of a profile stands; observations stand in lines of theirs."""

    def locate(location: Location) -> tuple[str, Location]:
        if location[:1] == ("observations",):
            return f"{file} line {lines[int(location[1])]}", location[2:]
        if location[:1] == ("values",):
            return str(head.get("values")), location[1:]
        if location[:1] == ("framework",):
            return f"framework {head.get('framework')}", location[1:]
        return "profile.toml", location

    return locate


def _name(data: Mapping[str, Any], key: str, default: str | None, faults: Faults) -> str | None:
    """Return the file name under a key; keep the fault where it is none."""
    name = data.get(key, default)
    if isinstance(name, str) and name.strip():
        return name
    if data:
        what = (
            f"the key '{key}' is missing"
            if name is None
            else f"{name!r} is wrong: a name is a string of at least 1 character"
        )
        faults.keep(SpecificationError.of(f"profile.toml: {key}", what, "Write the name between quotes."))
    return None


def _named_framework(folder: Path, name: str | None, faults: Faults) -> Framework | None:
    """Return the framework that a profile names: one that ships, or a folder inside the profile's."""
    if name is None:
        return None
    if name in framework_names():
        return read_framework(shipped("indicators") / name, faults)
    try:
        place = inside(folder, name)
    except FileError as error:
        mend = "Keep the framework inside, or name one that ships."
        faults.keep(FileError.of("profile.toml: framework", f"'{short(name)}': {error.faults[0].what}", mend))
        return None
    if place.is_dir():
        return read_framework(place, faults)
    what = f"there is no framework '{short(name)}' and no such folder inside the profile"
    faults.keep(SpecificationError.of("profile.toml: framework", what, did_you_mean(name, framework_names())))
    return None


def _read_sources(folder: Path, name: str | None, faults: Faults) -> Mapping[str, Source] | None:
    data = read_toml(folder, name, faults) if name else None
    if name is None or data is None:
        return None
    for key in set(data) - {"sources"}:
        faults.keep(SpecificationError.of(name, f"unknown table '{key}'", "Write [sources.ID] for each source."))
    found: dict[str, Source] = {}
    for key, one in table_of(data, "sources", name, faults).items():
        source = faults.attempt(Source, one, f"{name}: sources.{key}")
        # A faulty source still exists: what cites it is not at fault.
        found[key] = source or UNREAD
    return found if isinstance(data.get("sources", {}), dict) else None


def _read_values(folder: Path, name: str | None, framework: Framework | None, faults: Faults) -> Values | None:
    """Return the table of values of a file; None where it or its framework cannot be read."""
    if name is None or framework is None:
        return None
    try:
        return read_frame(parse_csv(read_text(folder, name), name), framework, where=name)[0]
    except SoftPowerError as error:
        faults.keep(error)
        return None

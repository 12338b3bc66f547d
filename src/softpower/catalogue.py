"""The only reader of specs, profiles and observations; it finds what ships with the library."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import softpower.steps  # noqa: F401 - registers the methods that a methodology names
from softpower.errors import (
    Fault,
    FileError,
    NotFoundError,
    ObservationError,
    SoftPowerError,
    SpecificationError,
    did_you_mean,
)
from softpower.files import read_text
from softpower.frames import parse_csv, read_frame
from softpower.model.base import Location, Model
from softpower.model.borrowing import FROM, LISTED, borrowed
from softpower.model.framework import Framework
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.model.reference import Source
from softpower.model.values import Values

PACKAGE = Path(__file__).resolve().parent
COLUMNS = tuple(Observation.model_fields)
REQUIRED = ("id", "case", "variable", "value", "unit")
FACTS_OF_A_SCENARIO = re.compile(r"profile\.toml: scenarios\..*\.(preferred|without_observations)\b")
"""Where a scenario names facts or their sources."""
PARTS = ("dimensions", "variables", "indicators")
# What the texts of models strip. Python's own strip() takes four control characters as well, which a text may keep.
BLANKS = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace() and mark not in "\x1c\x1d\x1e\x1f")
Parsed = TypeVar("Parsed", bound=Model)


def shipped(folder: str) -> Path:
    """Return a folder that ships: inside the package when installed, beside ``src`` in a source tree."""
    inside = PACKAGE / folder
    return inside if inside.is_dir() else PACKAGE.parents[1] / folder


def framework_names() -> tuple[str, ...]:
    """Return the names of the frameworks that ship."""
    return tuple(sorted(path.parent.name for path in shipped("indicators").glob("*/framework.toml")))


def profile_names() -> tuple[str, ...]:
    """Return the names of the profiles that ship."""
    return tuple(sorted(path.parent.name for path in shipped("examples").glob("*/profile.toml")))


def template() -> dict[str, str]:
    """Return the texts of a small commented profile by file name, to start a study from.

    Examples
    --------
    >>> sorted(template())
    ['observations.csv', 'profile.toml', 'sources.toml', 'spec/framework.toml']
    """
    folder = PACKAGE / "template"
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    return {name: read_text(folder, name) for name in names}


def load_framework(name_or_path: str | Path) -> Framework:
    """Return a framework: one that ships, by its name, or the one in a folder.

    Parameters
    ----------
    name_or_path : str or Path
        ``"nye"``, or a folder with ``framework.toml`` and the files that it names.

    Raises
    ------
    NotFoundError
        If there is neither such a name nor such a folder.
    SoftPowerError
        With every fault of the files: a SpecificationError, or a FileError where a file cannot be read.

    Examples
    --------
    >>> load_framework("nye").root
    'soft_power'
    """
    folder = _find(name_or_path, "framework.toml", shipped("indicators"), framework_names())
    faults = _Faults()
    framework = _read_framework(folder, faults)
    return faults.settle(framework)


def load_profile(name_or_path: str | Path) -> Profile:
    """Return a profile: one that ships, by its name, or the one in a folder.

    Parameters
    ----------
    name_or_path : str or Path
        ``"kazakhstan"``, or a folder with ``profile.toml`` and the files that it names.

    Raises
    ------
    NotFoundError
        If there is neither such a name nor such a folder.
    SoftPowerError
        With every fault of every file at once: a SpecificationError, an ObservationError where only observations
        are at fault, or a FileError where a file cannot be read.

    Examples
    --------
    >>> load_profile("kazakhstan").cases
    ('EU>KAZ',)
    """
    folder = _find(name_or_path, "profile.toml", shipped("examples"), profile_names())
    faults = _Faults()
    return faults.settle(_read_profile(folder, faults))


class _Faults:
    """Collects the faults of all files before any is raised."""

    def __init__(self) -> None:
        self.errors: list[SoftPowerError] = []

    def attempt(self, model: type[Parsed], data: Any, where: Any) -> Parsed | None:
        """Return the parsed model, or None after keeping its faults."""
        try:
            return model.parse(data, where)
        except SpecificationError as error:
            self.errors.append(error)
            return None

    def settle(self, parsed: Parsed | None) -> Parsed:
        """Return what was parsed; raise all faults that were kept, as the class that fits all of them."""
        if parsed is not None and not self.errors:
            return parsed
        classes = {type(error) for error in self.errors}
        kind = classes.pop() if len(classes) == 1 else SpecificationError
        raise kind([fault for error in self.errors for fault in error.faults])


def _find(name_or_path: object, head: str, home: Path, names: tuple[str, ...]) -> Path:
    """Return the folder that a name or a path means."""
    if not isinstance(name_or_path, str | Path) or not str(name_or_path).strip():
        what = f"{name_or_path!r} is neither a name nor a path"
        raise SpecificationError.of("load", what, f"Give one of {', '.join(names)}, or a folder.")
    text = str(name_or_path)
    # A Path always means a folder, so that a folder called like a shipped name can be had.
    if isinstance(name_or_path, str) and text in names:
        return home / text
    folder = Path(name_or_path)
    try:
        if folder.is_dir():
            return folder
        if folder.is_file() and folder.name == head:
            return folder.parent
        if folder.exists():
            raise FileError.of(text, "it is a file", f"Give the folder that holds {head}.")
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError.of(
            text[:80], f"it cannot be a folder ({error})", f"Give the folder that holds {head}."
        ) from None
    if isinstance(name_or_path, Path):
        raise NotFoundError.of(text, "there is no such folder", f"Give the folder that holds {head}.")
    raise NotFoundError.of(text, "there is no such name and no such folder", did_you_mean(text, names))


def _read_toml(folder: Path, name: str, faults: _Faults) -> dict[str, Any] | None:
    try:
        return tomllib.loads(read_text(folder, name))
    except FileError as error:
        faults.errors.append(error)
    except RecursionError:
        faults.errors.append(SpecificationError.of(name, "it is nested too deeply", "Write plain tables and lists."))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        twice = "overwrite" in message or "twice" in message
        mend = "An id or key is given once: rename or delete one." if twice else "Correct the TOML at that place."
        faults.errors.append(SpecificationError.of(name, f"not valid TOML: {message}", mend))
    return None


def _table(data: Mapping[str, Any] | None, key: str, file: str, faults: _Faults) -> dict[str, Any]:
    """Return a table of a file, empty where it lacks; keep the fault where it is none."""
    table = (data or {}).get(key, {})
    if isinstance(table, dict):
        return table
    what = f"{table!r} is no table"
    faults.errors.append(SpecificationError.of(f"{file}: {key}", what, f"Write [{key}.ID] and the fields below it."))
    return {}


def _read_framework(folder: Path, faults: _Faults) -> Framework | None:
    head = _read_toml(folder, "framework.toml", faults)
    if head is None:
        return None
    before = len(faults.errors)
    files = head.pop("files", [])
    if not isinstance(files, list) or not all(isinstance(one, str) for one in files):
        mend = 'Write files = ["..."].'
        faults.errors.append(SpecificationError.of("framework.toml: files", f"{files!r} is no list of names", mend))
        files = []
    if head.pop("works", None) is not None:
        mend = "Write [references.ID] in references.toml beside it."
        faults.errors.append(SpecificationError.of("framework.toml: works", "works stand in a file of their own", mend))
    origin: dict[Location, str] = {}
    twice: list[SoftPowerError] = []
    for file, data in {file: _read_toml(folder, file, faults) for file in files}.items():
        twice += _merge(head, data or {}, file, origin, faults)
    shared, own = (_read_works(place, faults) for place in (shipped("indicators"), folder))
    lender = _lender(head, faults)
    unread = len(faults.errors) > before
    faults.errors += twice
    if unread:
        # What the unread part defines is unknown, and would be reported wherever it is used.
        return None
    misled: list[Fault] = []
    if lender is not None:
        head, misled = borrowed(head, lender)
        faults.errors += [SpecificationError.of(f"framework.toml: {one.where}", one.what, one.mend) for one in misled]
        works = {name: work.model_dump(exclude_defaults=True) for name, work in lender.works.items()}
        shared = works | shared
    cited = {*_list(head.get("references"))}
    for one in (*_entries(head, "dimensions").values(), *_entries(head, "indicators").values()):
        cited.update(_list(one.get("references")) if isinstance(one, dict) else [])

    def locate(location: Location) -> tuple[str, Location]:
        if location[:1] == ("works",):
            return "references.toml", ("references", *location[1:])
        return origin.get(location[:2], "framework.toml"), location

    # Of the works that ship it has those that it cites; those of its own file are its own, cited or not.
    works = {key: one for key, one in shared.items() if key in cited and key not in own} | own
    made = faults.attempt(Framework, head | {"works": works}, locate)
    # What a faulty list should have lent would be missed wherever it is used.
    return None if misled else made


def _lender(head: dict[str, Any], faults: _Faults) -> Framework | None:
    """Return the framework that lends its indicators, one that ships; None where nothing is lent."""
    name = head.pop(FROM, None)
    if name in framework_names():
        return _read_framework(shipped("indicators") / str(name), faults)
    if name is not None:
        what = f"no framework that ships is called {name!r}"
        error = SpecificationError.of(f"framework.toml: {FROM}", what, did_you_mean(name, framework_names()))
        faults.errors.append(error)
        return None
    for dimension, one in _entries(head, "dimensions").items():
        if isinstance(one, dict) and LISTED in one:
            what = "the dimension lists indicators, but nothing says whose they are"
            mend = f'Name the framework that lends them, {FROM} = "nye", or give each its dimension.'
            where = f"framework.toml: dimensions.{dimension}.{LISTED}"
            faults.errors.append(SpecificationError.of(where, what, mend))
    return None


def _read_works(folder: Path, faults: _Faults) -> dict[str, Any]:
    """Return the works of a folder's references.toml, none where there is no such file."""
    if not (folder / "references.toml").is_file():
        return {}
    return _table(_read_toml(folder, "references.toml", faults), "references", "references.toml", faults)


def _merge(
    head: dict[str, Any], data: dict[str, Any], file: str, origin: dict[Location, str], faults: _Faults
) -> list[SoftPowerError]:
    """Add a file's tables to the head's; keep where each id comes from, return the ids that are taken."""
    twice: list[SoftPowerError] = []
    for part, table in data.items():
        if part not in PARTS or not isinstance(table, dict):
            faults.errors.append(SpecificationError.of(file, f"unknown table '{part}'", did_you_mean(part, PARTS)))
            continue
        merged = head[part] = _entries(head, part)
        for name, one in table.items():
            if name in merged:
                first = origin.get((part, name), "framework.toml")
                what = f"the id '{name}' stands in {first} already"
                twice.append(SpecificationError.of(f"{file}: {part}.{name}", what, "Rename or delete one."))
            merged[name] = one
            origin[part, name] = file
    return twice


def _entries(data: dict[str, Any], part: str) -> dict[str, Any]:
    """Return a table of a framework's data; what is none is reported where the model is parsed."""
    table = data.get(part, {})
    return table if isinstance(table, dict) else {}


def _list(value: Any) -> list[str]:
    """Return the texts of a list; a wrong type is reported where the model is parsed."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _read_profile(folder: Path, faults: _Faults) -> Profile | None:
    data = _read_toml(folder, "profile.toml", faults)
    head = data or {}
    framework = _named_framework(folder, _name(head, "framework", None, faults), faults)
    file = _name(head, "observations", "observations.csv", faults) or "observations.csv"
    rows: dict[int, Observation] | None = {}
    values: Values | None = None
    if "values" in head:
        values = _read_values(folder, _name(head, "values", None, faults), framework, faults)
    elif head.get("observations", file) == file:
        rows = _read_observations(folder, file, faults)
    citing = any(one.source is not None for one in (rows or {}).values())
    sources: Mapping[str, Source] | None = {}
    if citing or "sources" in head or (folder / "sources.toml").exists():
        sources = _read_sources(folder, _name(head, "sources", "sources.toml", faults), faults)
    unread = framework is None or sources is None or rows is None or ("values" in head and values is None)
    incomplete = unread or any(isinstance(one, ObservationError) for one in faults.errors)
    places = list(rows or {})

    def locate(location: Location) -> tuple[str, Location]:
        if location[:1] == ("observations",):
            return f"{file} line {places[int(location[1])]}", location[2:]
        if location[:1] == ("values",):
            return str(head.get("values")), location[1:]
        if location[:1] == ("framework",):
            return f"framework {head.get('framework')}", location[1:]
        return "profile.toml", location

    if data is None:
        return None
    if sources is None:
        # Which sources there are is unknown: none of those that are cited is at fault.
        cited = {one.source for one in (rows or {}).values() if one.source is not None}
        sources = {name: Source(title=name, kind="report") for name in cited}
    if "values" in head and values is None:
        # What the table holds is unknown; that there is one is not.
        values = Values.blank()
    read = {"framework": framework, "sources": sources, "observations": tuple((rows or {}).values()), "values": values}
    profile = faults.attempt(Profile, head | read, locate)
    if profile is None:
        found = faults.errors.pop().faults
        # What could not be read is reported where it was read.
        found = tuple(
            one
            for one in found
            if not (unread and one.where.startswith(("framework ", "profile.toml: framework")))
            and not (incomplete and FACTS_OF_A_SCENARIO.match(one.where))
        )
        rows_at_fault = [one for one in found if one.where.startswith(f"{file} line ")]
        others = [one for one in found if one not in rows_at_fault]
        faults.errors += [SpecificationError(others)] if others else []
        faults.errors += [ObservationError(rows_at_fault)] if rows_at_fault else []
    return None if unread else profile


def _name(data: Mapping[str, Any], key: str, default: str | None, faults: _Faults) -> str | None:
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
        faults.errors.append(SpecificationError.of(f"profile.toml: {key}", what, "Write the name between quotes."))
    return None


def _named_framework(folder: Path, name: str | None, faults: _Faults) -> Framework | None:
    """Return the framework that a profile names: one that ships, or a folder inside the profile's."""
    if name is None:
        return None
    if name in framework_names():
        return _read_framework(shipped("indicators") / name, faults)
    inside = folder / name
    if not inside.resolve().is_relative_to(folder.resolve()):
        error: SoftPowerError = FileError.of(
            "profile.toml: framework",
            f"'{name}' leaves the profile's folder",
            "Keep the framework inside, or name one that ships.",
        )
    elif inside.is_dir():
        return _read_framework(inside, faults)
    else:
        what = f"there is no framework '{name}' and no such folder inside the profile"
        error = SpecificationError.of("profile.toml: framework", what, did_you_mean(name, framework_names()))
    faults.errors.append(error)
    return None


def _read_sources(folder: Path, name: str | None, faults: _Faults) -> Mapping[str, Source] | None:
    data = _read_toml(folder, name, faults) if name else None
    if name is None or data is None:
        return None
    for key in set(data) - {"sources"}:
        faults.errors.append(
            SpecificationError.of(name, f"unknown table '{key}'", "Write [sources.ID] for each source.")
        )
    found: dict[str, Source] = {}
    for key, one in _table(data, "sources", name, faults).items():
        source = faults.attempt(Source, one, f"{name}: sources.{key}")
        # A faulty source still exists: what cites it is not at fault.
        found[key] = source or Source(title=key, kind="report")
    return found if isinstance(data.get("sources", {}), dict) else None


def _read_values(folder: Path, name: str | None, framework: Framework | None, faults: _Faults) -> Values | None:
    """Return the table of values of a file; None where it or its framework cannot be read."""
    if name is None or framework is None:
        return None
    try:
        return read_frame(parse_csv(read_text(folder, name), name), framework, where=name)[0]
    except SoftPowerError as error:
        faults.errors.append(error)
        return None


def _read_observations(folder: Path, name: str, faults: _Faults) -> dict[int, Observation] | None:
    """Return the sound observations by their line."""
    try:
        text = read_text(folder, name)
    except FileError as error:
        faults.errors.append(error)
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[int, Observation] = {}
    errors: list[Fault] = []
    readable = False
    line = 1
    try:
        header = [column.strip() for column in next(reader)]
        errors += _header_faults(name, header)
        readable = not errors
        line = reader.line_num + 1
        for row in reader if readable else ():
            at, line = line, reader.line_num + 1
            if not any(row):
                continue
            if len(row) != len(header):
                what = f"{len(row)} cells where the header has {len(header)}"
                errors.append(Fault(f"{name} line {at}", what, "Quote cells that hold a comma."))
                continue
            try:
                found[at] = Observation.parse(_cells(header, row), f"{name} line {at}")
            except SpecificationError as error:
                errors += error.faults
    except csv.Error as error:
        errors.append(Fault(f"{name} line {line}", f"not valid CSV: {error}", "Close every quoted cell."))
    if errors:
        faults.errors.append(ObservationError(errors))
    return found if readable else None


def _header_faults(name: str, header: list[str]) -> list[Fault]:
    for mark, spoken in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            return [Fault(f"{name} line 1", f"the cells are separated by {spoken}", "Save the table with commas.")]
    faults = [
        Fault(
            f"{name} line 1",
            f"unknown column '{column}'",
            did_you_mean(column, COLUMNS, listing=len(COLUMNS)),
        )
        for column in header
        if column not in COLUMNS
    ]
    faults += [
        Fault(f"{name} line 1", f"the column '{column}' is missing", "Add it to the header.")
        for column in REQUIRED
        if column not in header
    ]
    twice = {column for column in header if header.count(column) > 1}
    faults += [Fault(f"{name} line 1", f"the column '{one}' stands twice", "Delete one.") for one in sorted(twice)]
    return faults


def _cells(header: list[str], row: list[str]) -> dict[str, Any]:
    """Return the filled cells of a row; an empty cell takes the default."""
    stripped = zip(header, (cell.strip(BLANKS) for cell in row), strict=True)
    cells: dict[str, Any] = {column: cell for column, cell in stripped if cell}
    if "flags" in cells:
        cells["flags"] = tuple(cells["flags"].split())
    return cells

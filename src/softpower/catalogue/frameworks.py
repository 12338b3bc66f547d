"""Read a framework: its head, the files that it names, the works that it cites, what another lends it."""

from pathlib import Path
from typing import Any

from softpower.catalogue.faults import Faults, read_toml, table_of
from softpower.catalogue.shipping import framework_names, shipped
from softpower.errors import Fault, FileError, SoftPowerError, SpecificationError, did_you_mean
from softpower.model.base import Location
from softpower.model.borrowing import FROM, LISTED, borrowed
from softpower.model.framework import Framework
from softpower.names import alike

PARTS = ("dimensions", "variables", "indicators")


def read_framework(folder: Path, faults: Faults) -> Framework | None:
    """Return the framework of a folder; None after keeping what is wrong with it."""
    head = read_toml(folder, "framework.toml", faults)
    if head is None:
        return None
    before = len(faults.errors)
    files = head.pop("files", [])
    if not isinstance(files, list) or not all(isinstance(one, str) and one.strip() for one in files):
        mend = 'Write files = ["..."].'
        faults.keep(SpecificationError.of("framework.toml: files", f"{files!r} is no list of names", mend))
        files = []
    if pair := alike(files):
        what = f"not every disk tells {pair[1]!r} from {pair[0]!r}"
        faults.keep(FileError.of("framework.toml: files", what, "Rename one of the two."))
    if head.pop("works", None) is not None:
        mend = "Write [references.ID] in references.toml beside it."
        faults.keep(SpecificationError.of("framework.toml: works", "works stand in a file of their own", mend))
    origin: dict[Location, str] = {}
    twice: list[SoftPowerError] = []
    for file, data in {file: read_toml(folder, file, faults) for file in files}.items():
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


def _lender(head: dict[str, Any], faults: Faults) -> Framework | None:
    """Return the framework that lends its indicators, one that ships; None where nothing is lent."""
    name = head.pop(FROM, None)
    if name in framework_names():
        return read_framework(shipped("indicators") / str(name), faults)
    if name is not None:
        what = f"no framework that ships is called {name!r}"
        error = SpecificationError.of(f"framework.toml: {FROM}", what, did_you_mean(name, framework_names()))
        faults.keep(error)
        return None
    for dimension, one in _entries(head, "dimensions").items():
        if isinstance(one, dict) and LISTED in one:
            what = "the dimension lists indicators, but nothing says whose they are"
            mend = f'Name the framework that lends them, {FROM} = "nye", or give each its dimension.'
            where = f"framework.toml: dimensions.{dimension}.{LISTED}"
            faults.keep(SpecificationError.of(where, what, mend))
    return None


def _read_works(folder: Path, faults: Faults) -> dict[str, Any]:
    """Return the works of a folder's references.toml, none where there is no such file."""
    if not (folder / "references.toml").is_file():
        return {}
    return table_of(read_toml(folder, "references.toml", faults), "references", "references.toml", faults)


def _merge(
    head: dict[str, Any], data: dict[str, Any], file: str, origin: dict[Location, str], faults: Faults
) -> list[SoftPowerError]:
    """Add a file's tables to the head's; keep where each id comes from, return the ids that are taken."""
    twice: list[SoftPowerError] = []
    for part, table in data.items():
        if part not in PARTS or not isinstance(table, dict):
            faults.keep(SpecificationError.of(file, f"unknown table '{part}'", did_you_mean(part, PARTS)))
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

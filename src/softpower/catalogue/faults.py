"""The faults of all files are kept before any is raised."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from softpower.errors import FileError, SoftPowerError, SpecificationError
from softpower.files import read_text
from softpower.model.base import Model

Parsed = TypeVar("Parsed", bound=Model)


class Faults:
    """Collects the faults of all files before any is raised."""

    def __init__(self) -> None:
        self.errors: list[SoftPowerError] = []

    def keep(self, error: SoftPowerError) -> None:
        """Keep an error to be raised with all others."""
        self.errors.append(error)

    def attempt(self, model: type[Parsed], data: Any, where: Any) -> Parsed | None:
        """Return the parsed model, or None after keeping its faults."""
        try:
            return model.parse(data, where)
        except SpecificationError as error:
            self.keep(error)
            return None

    def settle(self, parsed: Parsed | None) -> Parsed:
        """Return what was parsed; raise all faults that were kept, as the class that fits all of them."""
        if parsed is not None and not self.errors:
            return parsed
        classes = {type(error) for error in self.errors}
        kind = classes.pop() if len(classes) == 1 else SpecificationError
        raise kind([fault for error in self.errors for fault in error.faults])


def read_toml(folder: Path, name: str, faults: Faults) -> dict[str, Any] | None:
    """Return what a TOML file of a folder says; None after keeping why it cannot be read."""
    try:
        return tomllib.loads(read_text(folder, name))
    except FileError as error:
        faults.keep(error)
    except RecursionError:
        faults.keep(SpecificationError.of(name, "it is nested too deeply", "Write plain tables and lists."))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        twice = "overwrite" in message or "twice" in message
        mend = "An id or key is given once: rename or delete one." if twice else "Correct the TOML at that place."
        faults.keep(SpecificationError.of(name, f"not valid TOML: {message}", mend))
    return None


def table_of(data: Mapping[str, Any] | None, key: str, file: str, faults: Faults) -> dict[str, Any]:
    """Return a table of a file, empty where it lacks; keep the fault where it is none."""
    table = (data or {}).get(key, {})
    if isinstance(table, dict):
        return table
    what = f"{table!r} is no table"
    faults.keep(SpecificationError.of(f"{file}: {key}", what, f"Write [{key}.ID] and the fields below it."))
    return {}

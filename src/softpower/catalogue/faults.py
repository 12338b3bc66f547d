"""The faults of all files are kept before any is raised."""

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from softpower.errors import FileError, SoftPowerError, SpecificationError
from softpower.files import read_text
from softpower.model.base import Locate, Parsed, parse_at

PARTS = 100
"""So many parts has no key of a file that is meant to be read."""
PART = re.compile(r"""[\w'"-]+|"[^"]*"|'[^']*'""")

TABLE_KEY = re.compile(r"\((?:'[^']*'|\"[^\"]*\")(?:, (?:'[^']*'|\"[^\"]*\"))*,?\)")


class Faults:
    """Collects the faults of all files before any is raised."""

    def __init__(self) -> None:
        self.errors: list[SoftPowerError] = []

    def keep(self, error: SoftPowerError) -> None:
        """Keep an error to be raised with all others."""
        self.errors.append(error)

    def attempt(self, model: type[Parsed], data: Any, where: str | Locate) -> Parsed | None:
        """Return the parsed model, or None after keeping its faults."""
        try:
            return parse_at(model, data, where)
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
        return parse_toml(read_text(folder, name), name)
    except (FileError, SpecificationError) as error:
        faults.keep(error)
        return None


def parse_toml(text: str, where: str, mend: str = "Correct the TOML at that place.") -> dict[str, Any]:
    """Return what a TOML text says.

    Raises
    ------
    SpecificationError
        If it is no TOML, or says what Python cannot hold.
    """
    try:
        if any(map(_long_key, text.splitlines())):
            raise RecursionError
        return tomllib.loads(text)
    except RecursionError:
        raise SpecificationError.of(where, "it is nested too deeply", "Write plain tables and lists.") from None
    except tomllib.TOMLDecodeError as error:
        # Python's reader names a table by the parts of its key, as a tuple.
        said = TABLE_KEY.sub(lambda found: f"[{'.'.join(ast.literal_eval(found[0]))}]", str(error))
        twice = "overwrite" in said or "twice" in said
        once = "An id or key is given once: rename or delete one."
        raise SpecificationError.of(where, f"not valid TOML: {said}", once if twice else mend) from None
    except ValueError:
        # Python makes no whole number of thousands of digits.
        what = "not valid TOML: a whole number has too many digits"
        raise SpecificationError.of(where, what, "Shorten it, or write a text between quotes.") from None


def _long_key(line: str) -> bool:
    """Return whether a line has a key of very many parts, on which `tomllib` spends the square of their number."""
    if line.count(".") < PARTS:
        return False
    run = 0
    for part in line.split("."):
        run = run + 1 if PART.fullmatch(part.strip()) else 0
        if run == PARTS:
            return True
    return False


def table_of(data: Mapping[str, Any] | None, key: str, file: str, faults: Faults) -> dict[str, Any]:
    """Return a table of a file, empty where it lacks; keep the fault where it is none."""
    table = (data or {}).get(key, {})
    if isinstance(table, dict):
        return table
    what = f"{table!r} is no table"
    faults.keep(SpecificationError.of(f"{file}: {key}", what, f"Write [{key}.ID] and the fields below it."))
    return {}

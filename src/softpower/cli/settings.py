"""What options say in words of their own: choices in TOML, spans of years."""

from pathlib import Path
from typing import Any

from softpower.catalogue.faults import parse_toml
from softpower.errors import FileError, SpecificationError
from softpower.files import read_given

MEND = "Write aggregate=geometric or floor=1."


def settings_of(settings: list[str], option: str = "--methodology") -> dict[str, Any] | None:
    """Return the choices that settings make: ``key=value`` in TOML, bare words allowed, or a TOML file."""
    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        where = f"{option} {setting}"
        try:
            if equals:
                changes[key.strip()] = _toml_value(value.strip(), where)
            else:
                changes |= parse_toml(read_given(Path(setting)), where, MEND)
        except FileError as error:
            what = f"it is no setting, and no file that can be read ({error.faults[0].what})"
            mend = "Write a setting like aggregate=geometric, or name a TOML file in UTF-8."
            raise SpecificationError.of(where, what, mend) from None
    return changes or None


def _toml_value(text: str, where: str) -> Any:
    """Return what a value says in TOML, or the value itself where it is a bare word."""
    try:
        read = parse_toml(f"value = {text}", where, MEND)
    except SpecificationError:
        if text.replace("_", "").isalnum():
            return text
        raise
    if len(read) > 1:
        raise SpecificationError.of(where, "not valid TOML: one setting at a time", MEND)
    return read["value"]


def years_of(text: str | None) -> list[str] | range | None:
    """Return the years that are asked for: a span, or single ones."""
    if text is None:
        return None
    first, dash, last = (one.strip() for one in text.partition("-"))
    if dash and len(first) == len(last) == 4 and (first + last).isdecimal():
        return range(int(first), int(last) + 1)
    return [one.strip() for one in text.split(",")]

"""Plain data as TOML that people read: short tables on one line, the others under a heading of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from softpower.errors import Fault, SpecificationError

WIDTH = 100
"""What is longer than this is broken into several lines."""


def toml_text(data: Mapping[str, Any]) -> str:
    """Return plain data as the text of a TOML file.

    Parameters
    ----------
    data : mapping
        Tables, lists, texts, numbers, truths and dates by key. Tables keep their order, but below a heading the
        keys that need none of their own come first.

    Raises
    ------
    SpecificationError
        For everything that TOML has no way to write, or that a reader of specs refuses: nothing at all, infinite
        numbers, keys that are no texts.

    Examples
    --------
    >>> print(toml_text({"id": "small", "window": {"start": "2001", "end": "2010"}, "tags": {}}))
    id = "small"
    window = { start = "2001", end = "2010" }
    tags = {}
    """
    faults = list(_unwritable("", data))
    if faults:
        raise SpecificationError(faults)
    return "\n".join(_lines("", data)).lstrip("\n") + "\n"


def _unwritable(where: str, value: Any) -> Iterator[Fault]:
    """Yield what cannot be written, each at its key."""
    inside = f"{where}." if where else ""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if isinstance(key, str):
                yield from _unwritable(f"{inside}{key}", one)
            else:
                yield Fault(where, f"the key {key!r} is no text", "TOML has texts as keys alone.")
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _unwritable(f"{inside}{place}", one)
    elif value is None:
        yield Fault(where, "None cannot be written in TOML", "Leave the key out.")
    elif isinstance(value, float) and not math.isfinite(value):
        yield Fault(where, f"{value} is no finite number", "Give a finite one.")
    elif not isinstance(value, str | int | float | date | time):
        what = f"a {type(value).__name__} cannot be written in TOML"
        yield Fault(where, what, "Use texts, numbers, truths, dates, lists and tables.")


def _lines(heading: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: first its keys, then what stands under headings of its own."""
    below = {key: one for key, one in table.items() if _has_heading(key, one, table)}
    for key, one in table.items():
        if key not in below:
            yield _entry(key, one)
    for key, one in below.items():
        name = f"{heading}.{_key(key)}" if heading else _key(key)
        for part in one if isinstance(one, list | tuple) else [one]:
            # A table of entries alone needs no heading: those of its entries name it.
            if isinstance(one, list | tuple) or not part or not all(_has_heading(k, v, part) for k, v in part.items()):
                yield ""
                yield f"[[{name}]]" if isinstance(one, list | tuple) else f"[{name}]"
            yield from _lines(name, part)


def _has_heading(key: str, value: Any, table: Mapping[str, Any]) -> bool:
    """Return whether a value of a table stands under a heading: a list does where one of its tables is long."""
    if isinstance(value, Mapping):
        entries = all(isinstance(one, Mapping) for one in table.values())
        nested = any(isinstance(one, Mapping) for one in value.values())
        return entries or nested or len(_entry(key, value)) > WIDTH
    tables = isinstance(value, list | tuple) and all(isinstance(one, Mapping) for one in value)
    return tables and any(len(_literal(one)) > WIDTH for one in value)


def _entry(key: str, value: Any) -> str:
    line = f"{_key(key)} = {_literal(value)}"
    if len(line) <= WIDTH or not isinstance(value, list | tuple) or not value:
        return line
    return "\n".join([f"{_key(key)} = [", *(f"    {_literal(one)}," for one in value), "]"])


def _literal(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_literal(one)}' for key, one in value.items())} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(one) for one in value)}]"
    return _dumped("a", value).removeprefix("a = ")


def _key(key: str) -> str:
    return _dumped(key, 0).removesuffix(" = 0")


def _dumped(key: str, value: Any) -> str:
    """Return a key and a single value as a line; the package knows what has to be quoted and escaped."""
    import tomli_w

    return tomli_w.dumps({key: value}).removesuffix("\n")

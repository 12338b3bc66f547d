"""Take the indicators of one framework into another, which hangs them under dimensions of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from softpower.errors import Fault, did_you_mean
from softpower.model.framework import Framework

FROM = "indicators_from"
"""The key that names the framework which lends."""
LISTED = "indicators"
"""The key of a dimension that lists what hangs under it."""


def borrowed(data: Mapping[str, Any], lender: Framework) -> tuple[dict[str, Any], list[Fault]]:
    """Return plain data of a framework with the indicators that its dimensions list, and what is wrong with the lists.

    An indicator comes as the lender has it, but for its dimension and for overlaps with what stays behind. All
    variables and tags come along, so that the same observations fit both.

    Parameters
    ----------
    data : mapping
        What the TOML of a framework holds, with ``indicators = [...]`` in its dimensions.
    lender : Framework
        Whose indicators these are.

    Returns
    -------
    dict, list of Fault
        Faults name the key inside ``framework.toml``.

    Examples
    --------
    >>> lender = Framework.flat(["trade", "visits"])
    >>> dimensions = {"all": {"title": "All", "indicators": ["visits"]}}
    >>> made, faults = borrowed({"id": "mine", "title": "Mine", "dimensions": dimensions}, lender)
    >>> made["indicators"], faults
    ({'visits': {'title': 'visits', 'dimension': 'all'}}, [])
    """
    dimensions = {name: dict(one) if isinstance(one, Mapping) else one for name, one in _table(data, "dimensions")}
    lists = {name: one.pop(LISTED) for name, one in dimensions.items() if isinstance(one, dict) and LISTED in one}
    faults = list(_list_faults(lists, lender))
    hung = {one: name for name, listed in lists.items() if _is_list(listed) for one in listed}
    own = {part: dict(_table(data, part)) for part in ("indicators", "variables", "tags")}
    given: dict[str, dict[str, Any]] = {
        "indicators": {one: _moved(one, hung, lender) for one in hung if one in lender.indicators},
        "variables": {name: one.model_dump(exclude_defaults=True) for name, one in lender.variables.items()},
        "tags": dict(lender.tags),
    }
    for part, entries in own.items():
        taken = [name for name in entries if name in given[part]]
        faults += [
            Fault(f"{part}.{name}", f"'{name}' comes from '{lender.id}' already", "Rename or delete one.")
            for name in taken
        ]
    faults += _left_out_faults(dict(_table(data, "left_out")), hung, lender)
    merged = {part: given[part] | entries for part, entries in own.items() if given[part] or entries}
    return {**data, "dimensions": dimensions, **merged}, faults


def _table(data: Mapping[str, Any], part: str) -> Collection[tuple[str, Any]]:
    """Return the entries of a table; what is none is reported where the framework is parsed."""
    table = data.get(part, {})
    return table.items() if isinstance(table, Mapping) else ()


def _is_list(listed: Any) -> bool:
    return isinstance(listed, list | tuple) and all(isinstance(one, str) for one in listed)


def _list_faults(lists: Mapping[str, Any], lender: Framework) -> Iterator[Fault]:
    """Lists that are none, and names in them that the lender does not have, or that stand twice."""
    seen: dict[str, str] = {}
    for name, listed in lists.items():
        at = f"dimensions.{name}.{LISTED}"
        if not _is_list(listed):
            yield Fault(at, f"{listed!r} is no list of names", f'Write {LISTED} = ["..."].')
            continue
        for one in listed:
            if one not in lender.indicators:
                what = f"'{lender.id}' has no indicator '{one}'"
                yield Fault(at, what, did_you_mean(one, lender.indicators))
            elif one in seen:
                what = f"'{one}' hangs under '{seen[one]}' already"
                yield Fault(at, what, "An indicator counts once: choose one dimension.")
            seen.setdefault(one, name)


def _left_out_faults(left_out: Mapping[str, Any], hung: Mapping[str, str], lender: Framework) -> Iterator[Fault]:
    """Names of what is left out that the lender does not have, or that enter all the same."""
    for name in left_out:
        at = f"left_out.{name}"
        if name not in lender.indicators:
            yield Fault(at, f"'{lender.id}' has no indicator '{name}'", did_you_mean(name, lender.indicators))
        elif name in hung:
            yield Fault(at, f"'{name}' is left out, but hangs under '{hung[name]}'", "Delete one of the two.")


def _moved(name: str, hung: Mapping[str, str], lender: Framework) -> dict[str, Any]:
    """Return an indicator of the lender as plain data, under another dimension."""
    one = lender.indicators[name].model_dump(mode="json", exclude_defaults=True) | {"dimension": hung[name]}
    if kept := [other for other in one.pop("overlaps", ()) if other in hung]:
        one["overlaps"] = kept
    return one

"""What there is, each with its title: frameworks, indicators, profiles, methods."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from softpower.catalogue import framework_names, load_framework, load_profile, profile_names
from softpower.errors import visible
from softpower.present.width import columns, padded, wrapped
from softpower.registry import STEPS

TITLES = 24
"""The least room for titles beside their ids; where there is less they stand under them."""


class Kind(StrEnum):
    """What can be listed."""

    FRAMEWORKS = "frameworks"
    INDICATORS = "indicators"
    PROFILES = "profiles"
    METHODS = "methods"


def listing(kind: Kind, framework: str | None = None, *, width: int = 100) -> str:
    """Return a kind of things as lines, each with its id and its title, under headings.

    Parameters
    ----------
    kind : Kind
        Frameworks and profiles that ship, indicators of frameworks, or methods by the step of a methodology.
    framework : str, optional
        Whose indicators: the name of a framework or a folder. Those of all frameworks that ship by default.
    width : int
        Longer titles go on in the next line.

    Raises
    ------
    SoftPowerError
        If there is no such framework, or it cannot be read.

    Examples
    --------
    >>> print(listing(Kind.FRAMEWORKS))
    frameworks
      hdi      Human Development Index
      manners  Channels of normative diffusion
      nye      Three sources of soft power
    """
    match kind:
        case Kind.FRAMEWORKS:
            groups = {"frameworks": {name: load_framework(name).title for name in framework_names()}}
        case Kind.PROFILES:
            groups = {"profiles": {name: load_profile(name).title for name in profile_names()}}
        case Kind.INDICATORS:
            groups = {
                f"indicators of {name}": _titles(name) for name in ([framework] if framework else framework_names())
            }
        case Kind.METHODS:
            groups = {
                f"methods: {step}": {name: methods[name].summary.replace("`", "") for name in methods}
                for step, methods in STEPS.items()
            }
    return "\n\n".join("\n".join([head, *_lines(entries, width)]) for head, entries in groups.items())


def _titles(framework: str) -> dict[str, str]:
    return {name: one.title for name, one in load_framework(framework).indicators.items()}


def _lines(entries: Mapping[str, str], width: int) -> list[str]:
    """Return the entries in two columns, or, where that leaves no room for titles, each under its id."""
    longest = max(map(columns, entries), default=0)
    beside = width - longest - 4 >= TITLES
    lines = []
    for name, text in entries.items():
        head = f"  {padded(visible(name), longest)}  " if beside else f"  {visible(name)}"
        margin = " " * (columns(head) if beside else 4)
        first, *more = wrapped(f"{margin}{visible(text)}", max(width, TITLES), under=margin) or [""]
        lines += [f"{head}{first.removeprefix(margin)}".rstrip(), *more] if beside else [head, first, *more]
    return lines

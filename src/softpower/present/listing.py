"""What there is, one line each: frameworks, indicators, profiles, methods."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from enum import StrEnum

from softpower.catalogue import framework_names, load_framework, load_profile, profile_names
from softpower.registry import STEPS


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
        Longer lines are cut between words.

    Raises
    ------
    SoftPowerError
        If there is no such framework, or it cannot be read.

    Examples
    --------
    >>> print(listing(Kind.FRAMEWORKS))
    frameworks
      nye  Three sources of soft power
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
    """Return the entries in two columns; what the width cannot hold is cut between words."""
    longest = max(map(len, entries), default=0)
    left = max(width - longest - 4, len("..."))
    return [
        f"  {name:<{longest}}  {textwrap.shorten(text, left, placeholder=' ...')}" for name, text in entries.items()
    ]

"""Numbers and names as sentences say them."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAMED = 5
"""So many names are said; the others are counted."""
LISTED = 20
"""So many faults of one kind, or names in one, an error lists; the others are counted."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "indicator"), counted(3, "indicator")
    ('1 indicator', '3 indicators')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return all names as a list in words.

    Examples
    --------
    >>> listed(["trade", "visits", "aid"]), listed(["trade"]), listed([])
    ('trade, visits and aid', 'trade', '')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def some(names: Sequence[str], most: int = NAMED) -> str:
    """Return the first names, and how many more there are.

    Examples
    --------
    >>> some(["trade", "visits"]), some(list("abcdefgh"))
    ('trade, visits', 'a, b, c, d, e and 3 more')
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def some_quoted(names: Sequence[str], most: int = NAMED) -> str:
    """Return the first names in quotes, and how many more there are.

    Examples
    --------
    >>> some_quoted(list("abc"), 2)
    "'a', 'b' and 1 more"
    """
    return some([f"'{name}'" for name in names], most)


def decimal_mend(given: object) -> str | None:
    """Return how to mend a number that was written with a comma; None for anything else.

    Examples
    --------
    >>> decimal_mend("55,5")
    'Write the decimal mark as a point, and nothing between thousands.'
    >>> decimal_mend("many") is None
    True
    """
    if isinstance(given, str) and re.fullmatch(r"\s*[-+]?\d[\d.' ]*(,\d+)+(\.\d*)?\s*", given):
        return "Write the decimal mark as a point, and nothing between thousands."
    return None

"""Numbers as tables on a terminal show them, and what is not shown."""

from __future__ import annotations

import math

SHOWN = 20
"""So many rows of a table are shown, those that move a score most; the others are counted."""

IN_CSV = ", say --format csv to have them all"
"""What is said of rows that are not shown."""


def number(value: float, form: str = ".1f") -> str:
    """Return a number in a format; a hyphen where there is none.

    Examples
    --------
    >>> number(61.44), number(0.5, ".0%"), number(math.nan)
    ('61.4', '50%', '-')
    """
    return "-" if math.isnan(value) else format(value, form)


def signed(value: float) -> str:
    """Return a difference with its sign; a hyphen where there is none.

    Examples
    --------
    >>> signed(-1.25), signed(-0.0)
    ('-1.2', '+0.0')
    """
    return number(value + 0.0, "+.1f")


def not_shown(count: int, shown: int, what: str) -> list[str]:
    """Return the line that says how many of so many rows are not shown, and what of them; none where all are.

    Examples
    --------
    >>> not_shown(23, 20, ", which move it less"), not_shown(20, 20, "")
    (['  not shown: 3 more, which move it less'], [])
    """
    return [f"  not shown: {count - shown} more{what}"] if count > shown else []

"""Numbers and names as pictures say them."""

from __future__ import annotations


def plural(name: str) -> str:
    """Return the name of a level for several nodes.

    Examples
    --------
    >>> [plural(name) for name in ("source", "sub_index", "category", "level_1")]
    ['sources', 'sub indexes', 'categories', 'dimensions']
    """
    words = "dimension" if name.startswith("level_") else name.replace("_", " ")
    if words.endswith("y") and words[-2:-1] not in set("aeiou"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("s", "x", "ch", "sh")) else f"{words}s"


def percent(share: float) -> str:
    """Return a share in whole percent; none and all only where it is so.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.004, 0.25, 0.999, 1.0)]
    ['0 %', 'under 1 %', '25 %', 'over 99 %', '100 %']
    """
    if 1e-9 < share < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 <= share < 1.0 - 1e-9 else f"{100 * share:.0f} %"


def fixed(value: float, digits: int) -> str:
    """Return a number with so many decimals; zero has no sign.

    Examples
    --------
    >>> fixed(-0.04, 1), fixed(1234.5, 0)
    ('0.0', '1,234')
    >>> fixed(-2.5, 1) == "\N{MINUS SIGN}2.5"
    True
    """
    return signed(f"{round(float(value), digits) + 0.0:,.{digits}f}")


def signed(number: str) -> str:
    """Return a number that is written out with a minus in place of a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}", 1) if number.startswith("-") else number

"""Units: a scale times a dimension, from a written vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from softpower.errors import did_you_mean, problem

SCALES = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
TIMES = {"day": 1.0, "month": 365.2425 / 12, "year": 365.2425}
SHARES = {"ratio": 1.0, "percent": 0.01}
CURRENCIES = frozenset({"EUR", "USD"})
PLAIN = "number"
WORDS = (
    PLAIN,
    *SHARES,
    *TIMES,
    "date",
    *sorted(CURRENCIES),
    "EUR million",
    "USD billion",
    "count:noun",
    "rungs:n",
    "ordinal:a..b",
)


@dataclass(frozen=True)
class Unit:
    """A unit: only the scale converts, and only within one dimension.

    Parameters
    ----------
    text : str
        As written, for instance ``"EUR million per year"``.
    dimension : str
        What is measured: ``"share"``, ``"time"``, ``"date"``, a currency, ``"count:visit"``, ``"rungs:4"``,
        ``"ordinal:-2..2"``, or ``"number"`` where no unit is stated.
    scale : float
        How many base units one of these is.
    per_year : bool
        Whether it is a yearly rate.
    codes : tuple of int
        The admissible codes of an ordinal scale or a ladder; empty otherwise.

    Examples
    --------
    >>> Unit.parse("EUR million per year")
    Unit('EUR million per year')
    >>> Unit.parse("EUR billion").factor(Unit.parse("EUR million"))
    1000.0
    """

    text: str
    dimension: str
    scale: float = 1.0
    per_year: bool = False
    codes: tuple[int, ...] = ()

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Unit:
        """Return the unit that a text names; raise a validation problem if it names none."""
        body, per_year = (text[: -len(" per year")], True) if text.endswith(" per year") else (text, False)
        if body in SHARES:
            return Unit(text, "share", SHARES[body], per_year)
        if body in TIMES:
            return Unit(text, "time", TIMES[body], per_year)
        if body in {"date", PLAIN}:
            return Unit(text, body, 1.0, per_year)
        name, _, scale = body.partition(" ")
        if name in CURRENCIES and scale in SCALES:
            return Unit(text, name, SCALES[scale], per_year)
        if re.fullmatch(r"count:[a-z][a-z_-]*", body):
            return Unit(text, body, 1.0, per_year)
        if match := re.fullmatch(r"rungs:([1-9]\d?)", body):
            return Unit(text, body, 1.0, per_year, tuple(range(int(match[1]) + 1)))
        if (match := re.fullmatch(r"ordinal:(-?\d{1,3})\.\.(-?\d{1,3})", body)) and int(match[1]) < int(match[2]):
            return Unit(text, body, 1.0, per_year, tuple(range(int(match[1]), int(match[2]) + 1)))
        raise problem(f"unknown unit '{text}'", did_you_mean(text, WORDS, listing=len(WORDS)))

    def alike(self, other: Unit) -> bool:
        """Return whether two units differ in scale alone."""
        return self.dimension == other.dimension and self.per_year == other.per_year

    def factor(self, other: Unit) -> float:
        """Return what a value in this unit is multiplied by to be in the other; the two must be alike."""
        return self.scale / other.scale

    def __repr__(self) -> str:
        """Return the unit as it is written."""
        return f"Unit('{self.text}')"

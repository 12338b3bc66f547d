"""Periods: ISO dates of year, month or day precision, held as half-open days."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from softpower.arguments import diagnosed
from softpower.errors import SpecificationError, problem
from softpower.model.base import Model

DAYS_PER_YEAR = 365.2425


class Moment:
    """A date as written, with the first and the last day that it may mean.

    Examples
    --------
    >>> Moment("1994-11").first, Moment("1994-11").last
    (datetime.date(1994, 11, 1), datetime.date(1994, 11, 30))
    """

    __slots__ = ("first", "last", "text")

    def __init__(self, text: str) -> None:
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
        try:
            if match is None:
                raise ValueError
            year, month, day = (int(part) if part else None for part in match.groups())
            assert year is not None
            self.first = date(year, 1 if month is None else month, 1 if day is None else day)
            last_month = 12 if month is None else month
            last_day = calendar.monthrange(year, last_month)[1] if day is None else day
            self.last = date(year, last_month, last_day)
        except ValueError:
            raise problem(f"'{text}' is not a date", "Write a year, year-month or full date, like 1994-11.") from None
        self.text = text

    def __reduce__(self) -> tuple[type[Moment], tuple[str]]:
        """Return what makes it anew, for every protocol of pickle."""
        return Moment, (self.text,)

    def __eq__(self, other: object) -> bool:
        """Two moments are equal when they are written alike."""
        return isinstance(other, Moment) and self.text == other.text

    def __hash__(self) -> int:
        """Return the hash of the text."""
        return hash(self.text)

    def __repr__(self) -> str:
        """Return the date as written."""
        return f"Moment('{self.text}')"

    def __str__(self) -> str:
        """Return the date as written."""
        return self.text


@lru_cache(maxsize=4096)
def _read(text: str) -> Moment:
    """Return the date that a text names; many facts name the same few."""
    return Moment(text)


def _moment(value: Any) -> Moment:
    if isinstance(value, Moment):
        return value
    if isinstance(value, date):
        return Moment(value.isoformat()[:10])
    if isinstance(value, int | str) and not isinstance(value, bool):
        return _read(str(value).strip())
    raise problem(f"{value!r} is not a date", "Write a year, year-month or full date, like 1994-11.")


Date = Annotated[Moment, PlainValidator(_moment), PlainSerializer(str)]


def order_problem(start: Moment, end: Moment) -> PydanticCustomError:
    """Return the validation problem of an end that lies wholly before the start."""
    return problem(f"the period ends ({end}) before it starts ({start})", "Swap the two dates.")


class Period(Model):
    """A span of time, both ends included; either end may be open.

    Days are half-open: ``[first day, day after the last)``. A coarse date widens: a start of 1994 is some day of
    1994, read as its first day, at the latest its last; an end of 2013 is read as its last day, at the earliest
    its first.

    Examples
    --------
    >>> window = Period(start="1991", end="2022")
    >>> window.days
    11688
    """

    start: Date | None = None
    end: Date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start and self.end and self.end.last < self.start.first:
            raise order_problem(self.start, self.end)
        return self

    @property
    def first(self) -> int:
        """The ordinal of the first day of a start that is given."""
        if self.start is None:
            raise SpecificationError.of("period", "the start is open", "Give the period a start.")
        return self.start.first.toordinal()

    @property
    def after(self) -> int:
        """The ordinal of the day after the last, of an end that is given."""
        if self.end is None:
            raise SpecificationError.of("period", "the end is open", "Give the period an end.")
        return self.end.last.toordinal() + 1

    @property
    def days(self) -> int:
        """The number of days of a period with both ends."""
        return self.after - self.first

    @property
    def years(self) -> float:
        """The length in years; whole years count as whole numbers."""
        first, last = date.fromordinal(self.first), date.fromordinal(self.after - 1)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return float(last.year - first.year + 1)
        return self.days / DAYS_PER_YEAR

    @diagnosed
    def overlaps(self, other: Period) -> bool:
        """Return whether the two have a day in common; an open end reaches for ever."""
        starts_in_time = self.start is None or other.end is None or self.first < other.after
        return starts_in_time and (other.start is None or self.end is None or other.first < self.after)

    @diagnosed
    def within(self, other: Period) -> bool:
        """Return whether every day of it lies in the other; an open end lies in nothing but an open end."""
        starts = other.start is None or (self.start is not None and self.first >= other.first)
        return starts and (other.end is None or (self.end is not None and self.after <= other.after))

    def __str__(self) -> str:
        """Return the period as written, for instance ``1991 to 2022``."""
        if self.start and self.start == self.end:
            return str(self.start)
        return f"{self.start or '...'} to {self.end or '...'}"

"""A profile as of a day: what had happened, and what was known, by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from numbers import Integral
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from softpower.errors import SpecificationError, did_you_mean
from softpower.model.base import faults_of
from softpower.model.observation import Observation, grouped
from softpower.model.period import Date, Moment, Period
from softpower.model.profile_parts import ProfileParts
from softpower.model.values import Values
from softpower.model.variable import Variable

Day = int | str | date | Moment
"""A year, a text such as ``"2005-06"``, or a date; it stands for its last day."""
Undated = Literal["leave_out", "constant"]
UNDATED = ("leave_out", "constant")
CONSTANT, NOT_YET, UNSETTLED = "held_constant", "not_yet", "perhaps_not_yet"
"""Flags of a fact: it has no date and is held for every year; it lies ahead; its coarse date may lie ahead."""
BEGINNING = frozenset({"event", "spell"})
"""The kinds of variable that count from the start of their period; all others count from its end."""

_DATE: TypeAdapter[Moment] = TypeAdapter(Date)


def known_by(profile: ProfileParts, day: object, undated: object = "leave_out") -> dict[str, Any]:
    """Return the fields of a profile that are otherwise as of a day: its window, its facts, its table of values.

    Raises
    ------
    SpecificationError
        If the day is none or lies outside the window, or nobody knows what to do with undated facts.
    """
    if undated not in UNDATED:
        raise SpecificationError.of("undated", f"{undated!r} is not a possible value", did_you_mean(undated, UNDATED))
    moment = moment_of(day)
    changes: dict[str, Any] = {}
    if profile.window is not None:
        changes["window"] = window = _cut(profile.window, moment)
        facts = (_known(one, profile, window, undated=undated) for one in profile.observations)
        changes["observations"] = _together([one for one in facts if one is not None], profile)
    if profile.values is not None:
        changes["values"] = _until(profile.values, moment)
        cases = set(changes["values"].cases)
        changes["claims"] = tuple(one for one in profile.claims if cases.issuperset(one.cases))
    return changes


def moment_of(day: object) -> Moment:
    """Return the moment that is given; whole numbers of numpy are years as well.

    Raises
    ------
    SpecificationError
        If it is none.
    """
    try:
        return _DATE.validate_python(day if isinstance(day, bool) or not isinstance(day, Integral) else int(day))
    except ValidationError as error:
        raise SpecificationError(faults_of(error, Period, "as_of")) from None


def inside(window: Period, moment: Moment) -> bool:
    """Return whether a moment has a day in common with a window."""
    return window.overlaps(Period(start=moment, end=moment))


def _cut(window: Period, moment: Moment) -> Period:
    """Return a window that ends with a moment; where it ends inside the moment already, the window itself."""
    assert window.end is not None  # a profile's window has both ends
    if not inside(window, moment):
        what = f"{moment} lies outside the window {window}"
        raise SpecificationError.of("as_of", what, "Name a day inside it, or widen the window.")
    return window if moment.last >= window.end.last else Period(start=window.start, end=moment)


def _until(table: Values, moment: Moment) -> Values:
    """Return a table of values with the periods that have ended."""
    if table.periods is None:
        what = "the table of values has no periods"
        raise SpecificationError.of("as_of", what, "Give it a column 'period', or leave as_of out.")
    ends = {label: Moment(str(label)) for label in table.periods}
    known = {label for label, end in ends.items() if end.last <= moment.last}
    if not known or moment.first > max(end.last for end in ends.values()):
        what = f"{moment} lies outside the periods {table.periods[0]} to {table.periods[-1]}"
        raise SpecificationError.of("as_of", what, "Name a day inside them.")
    rows = np.flatnonzero(table.index.get_level_values("period").isin(known))
    return table.take(rows, table.columns)


def _known(one: Observation, profile: ProfileParts, window: Period, *, undated: object) -> Observation | None:
    """Return a fact as it stands when the window closes, or None where it does not count yet."""
    if one.variable is None:
        return one  # it feeds no score
    if one.start is None and one.end is None:
        return _flagged(one, CONSTANT) if undated == "constant" else None
    assert window.end is not None
    assert profile.window is not None
    assert profile.window.end is not None
    variable, last = profile.framework.variables[one.variable], window.end.last
    if variable.kind in BEGINNING:
        return _begun(one, variable, window, last)
    # An open end reaches to the end of the whole study.
    ends = (one.end or profile.window.end).last
    return one if ends <= last else None


def _begun(one: Observation, variable: Variable, window: Period, last: date) -> Observation:
    """Return an event or a spell: as it is, cut, perhaps still ahead, or as something that has not happened."""
    if one.start is not None and one.start.first > last:
        return _ahead(one, window, last)
    if one.value and variable.kind == "spell":
        # It is in force when the window closes, and when it will end is not known.
        return one.replace(end=None) if one.end is not None and one.end.first > last else one
    if one.value and (one.start or one.end).last > last:  # type: ignore[union-attr]  # one of them is given
        one = _unsettled(one, last)
    # What has not happened by the end of a span had not happened before.
    return one.replace(end=_exactly(last)) if one.end is not None and one.end.last > last else one


def _ahead(one: Observation, window: Period, last: date) -> Observation:
    assert window.start is not None
    nothing = {"value": 0.0, "low": None, "high": None, "wording": "exact", "distribution": None}
    when = {"start": _exactly(window.start.first), "end": _exactly(last)}
    return _flagged(one, NOT_YET, **nothing, **when)


def _unsettled(one: Observation, last: date) -> Observation:
    """Return an event of which a coarse date leaves open whether it has happened: it has from the middle on."""
    happened = one.start is not None and one.start.first + (one.start.last - one.start.first) / 2 <= last
    return _flagged(one, UNSETTLED, value=one.value if happened else 0.0, low=0.0, high=one.bounds[1])


def _exactly(day: date) -> Moment:
    return Moment(day.isoformat())


def _flagged(one: Observation, flag: str, **changes: Any) -> Observation:
    """Return a fact that is changed, and says so; not validated anew, since a trajectory makes thousands of them."""
    others = tuple(name for name in one.flags if name not in {CONSTANT, NOT_YET, UNSETTLED})
    return one.model_copy(update={**changes, "flags": (*others, flag)})


def _together(facts: Sequence[Observation], profile: ProfileParts) -> tuple[Observation, ...]:
    """Return facts without those that others of the same variable and case leave no room for."""
    starts = {one.id: one.start.first for one in profile.observations if one.start is not None}
    whole: dict[tuple[str, str], bool] = defaultdict(bool)
    for one in profile.observations:
        if one.variable is not None:
            whole[one.variable, one.case] |= one.preferred
    gone: set[str] = set()
    for (name, case), group in grouped(facts).items():
        if profile.framework.variables[name].combine != "alternatives":
            gone |= _crowded(group, starts)
        elif whole[name, case] and not any(one.preferred for one in group):
            # A reading that nobody prefers does not stand in for the one that is not known yet.
            gone |= {one.id for one in group}
    return tuple(one for one in facts if one.id not in gone)


def _crowded(group: Iterable[Observation], starts: dict[str, date]) -> set[str]:
    """Return the ids of what lies ahead beside something that has begun, or beside what begins earlier."""
    ahead = [one.id for one in group if NOT_YET in one.flags]
    if len(ahead) == len(list(group)):
        ahead.remove(min(ahead, key=lambda one: starts.get(one, date.max)))
    return set(ahead)

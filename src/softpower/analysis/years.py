"""As of which days a profile is scored."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

from softpower.errors import Fault, SpecificationError
from softpower.model.as_of import Day, inside, moment_of
from softpower.model.profile import Profile

Label = int | str
"""A year as a whole number, any other day as a text."""


def labels_of(profile: Profile, years: Iterable[Day] | None) -> list[Label]:
    """Return the years as labels; raise SpecificationError where they are none, or out of order."""
    window = profile.window
    assert window is not None  # a profile of observations has one, with both ends
    assert window.start is not None
    assert window.end is not None
    if years is None:
        return list(range(window.start.first.year, window.end.last.year + 1))
    if isinstance(years, str | Integral) or not isinstance(years, Iterable):
        what = f"years is a {type(years).__name__}"
        raise SpecificationError.of("trajectory: years", what, "Give several, for instance range(1991, 2023).")
    made: list[Label] = []
    faults: list[Fault] = []
    last = None
    outside: list[str] = []
    for year in years:
        try:
            end = moment_of(year)
        except SpecificationError as error:
            faults += [Fault("trajectory: years", one.what, one.mend) for one in error.faults]
            continue
        if last is not None and end.last <= last.last:
            faults.append(Fault("trajectory: years", f"{end} does not lie behind {last}", "Give them in their order."))
        last = end
        outside += [] if inside(window, end) else [end.text]
        made.append(int(end.text) if end.text.isdigit() else end.text)
    if outside:
        span = f"{outside[0]} lies" if len(outside) == 1 else f"{outside[0]} and {len(outside) - 1} more lie"
        what = f"{span} outside the window {window}"
        faults.append(Fault("trajectory: years", what, "Name years inside it, or widen the window."))
    if not made and not faults:
        faults.append(Fault("trajectory: years", "there is no year", "Give several, for instance range(1991, 2023)."))
    if faults:
        raise SpecificationError(faults)
    return made

"""Phases: spans of years that are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from softpower.errors import Fault, SoftPowerError, SpecificationError
from softpower.model.period import Moment, Period
from softpower.steps.measures import Floats

Phase = tuple[int | str, int | str] | str
"""A first and a last year, or a text such as ``"1991-2001"``."""
EXAMPLE = 'Write it like (1991, 2001) or "1991-2001".'


def phases_of(given: Iterable[Phase], moments: Sequence[Moment]) -> dict[str, list[int]]:
    """Return the places of the moments that lie in each phase, by the name of the phase.

    Raises
    ------
    SpecificationError
        If a phase is none, is named twice, or holds no moment.

    Examples
    --------
    >>> phases_of(["2001-2002", (2003, 2004)], [Moment(str(year)) for year in range(2001, 2005)])
    {'2001-2002': [0, 1], '2003-2004': [2, 3]}
    """
    made: dict[str, list[int]] = {}
    faults = []
    for one in [given] if isinstance(given, str) else given:
        try:
            span = _span(one)
        except SoftPowerError as error:
            faults += [Fault("phases", f"{one!r} is no phase: {fault.what}", EXAMPLE) for fault in error.faults]
            continue
        name = f"{span.start}-{span.end}"
        places = [place for place, moment in enumerate(moments) if span.first <= moment.last.toordinal() < span.after]
        if name in made:
            faults.append(Fault("phases", f"the phase {name} is named twice", "Name each once."))
        if not places:
            faults.append(Fault("phases", f"the phase {name} holds no year of the trajectory", "Move it."))
        made[name] = places
    if not made and not faults:
        faults.append(Fault("phases", "there is no phase", EXAMPLE))
    if faults:
        raise SpecificationError(faults)
    return made


def phase_row(here: Sequence[int], levels: Mapping[str, Floats], steps: Mapping[str, Floats]) -> dict[str, Any]:
    """Return what the years at some places come to, given the levels of a node by year and its steps to the next."""
    score, coverage = levels["score"][list(here)], levels["coverage"][list(here)]
    there = score[~np.isnan(score)]
    # The step at a place leads to the year at the next one.
    within = {name: float(one[max(here[0] - 1, 0) : here[-1]].sum()) for name, one in steps.items()}
    return {
        "years": len(here),
        "scored": len(there),
        "mean": there.mean() if len(there) else np.nan,
        "first": score[0],
        "last": score[-1],
        "change": within["change"],
        "moved": within["moved"],
        "coverage_change": within["coverage"],
        "coverage": coverage.mean(),
        "coverage_first": coverage[0],
        "coverage_last": coverage[-1],
    }


def _span(one: object) -> Period:
    """Return the span of a phase; a text has its two dates parted by a dash or by ``to``."""
    if isinstance(one, str):
        found = re.fullmatch(r"\s*(\d{4})\s*(?:-|\N{EN DASH}|to)\s*(\d{4})\s*", one)
        parts: Sequence[object] = found.groups() if found else ()
    else:
        parts = tuple(one) if isinstance(one, Sequence) else ()
    if len(parts) != 2:
        raise SpecificationError.of("phases", "it does not have two ends", EXAMPLE)
    span = Period(start=parts[0], end=parts[1])
    if span.start is None or span.end is None:
        raise SpecificationError.of("phases", "one of its ends is open", EXAMPLE)
    return span

"""What a trajectory cannot show that rests on sources which look back, in words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from softpower.analysis.scored_years import ScoredYears
from softpower.model.as_of import BEGINNING, NOT_YET
from softpower.model.indicator import Rungs
from softpower.model.observation import Observation
from softpower.result import Result


def limits(through: ScoredYears, changes: pd.DataFrame, undated_share: Callable[[], pd.DataFrame]) -> Iterator[str]:
    """Yield what a reader of a trajectory must know, what stands in the way of reading it at all first.

    Parameters
    ----------
    through : ScoredYears
    changes : DataFrame
        The change of each node from year to year, and what of it comes from coverage.
    undated_share : callable
        How much of the composite facts without a date carry, by case and year; asked where they are held constant.
    """
    for year, why in through.failures.items():
        yield f"{year} has no score or no draws: {why}"
    yield from _gaps(through)
    yield from _coverage(through, changes)
    yield from _selection(through)
    yield from _steps_up(through)
    yield from _open_ends(through)
    yield from _undated(through, undated_share)


def _gaps(through: ScoredYears) -> Iterator[str]:
    """Years without a composite, although something is observed."""
    for row, case in enumerate(through.cases):
        gone = [
            year
            for year, one in zip(through.years, through.results, strict=True)
            if one is not None and np.isnan(one.score[row, -1])
        ]
        if gone:
            span = f"{gone[0]} to {gone[-1]}" if len(gone) > 1 else str(gone[0])
            years = f"{len(gone)} of {len(through.years)} years ({span})"
            yield f"{case} has no composite in {years}: too little is observed."


def _coverage(through: ScoredYears, changes: pd.DataFrame) -> Iterator[str]:
    """How far coverage moves, and how much of all change comes from it."""
    covered = through.table("coverage")[:, :, -1]
    if np.nanmax(covered) - np.nanmin(covered) < 1e-9:
        return
    root = changes.index.get_level_values("node") == through.nodes[0]
    split = changes.loc[root, ["moved", "coverage"]].dropna().abs()
    moved, entered = float(split["moved"].sum()), float(split["coverage"].sum())
    said = f"Coverage of the composite lies between {np.nanmin(covered):.0%} and {np.nanmax(covered):.0%}. "
    said += "Years of unlike coverage do not compare: "
    if moved + entered > 0:
        said += f"{entered / (moved + entered):.0%} of all change from year to year comes from coverage alone. "
    else:
        said += "the composite rests on other indicators in each. "
    count = len(through.profile.indicators)
    yield f"{said}{len(through.always)} of {count} indicators are observed in every year (comparable())."


def _selection(through: ScoredYears) -> Iterator[str]:
    """How few facts stand behind early years."""
    scored = [(year, one) for year, one in zip(through.years, through.results, strict=True) if one is not None]
    first, middle, last = scored[0], scored[len(scored) // 2], scored[-1]
    if len(scored) < 3:
        return
    counts = [len(_counting(one)) for _, one in (first, middle, last)]
    sources = len(last[1].sources())
    here = f" (here {sources})" if sources else ""
    yield (
        f"A year holds what sources that look back{here} date by then, not what was known then; what"
        f" they pass over is missing. Facts that count: {counts[0]} in {first[0]}, {counts[1]} in {middle[0]},"
        f" {counts[2]} in {last[0]}."
    )


def _counting(result: Result) -> set[str]:
    """Return the ids of facts that feed a score and do not lie ahead."""
    ahead = {one.id for one in result.profile.observations if NOT_YET in one.flags}
    return {one for ids in result.feeds.values() for one in ids} - ahead


def _steps_up(through: ScoredYears) -> Iterator[str]:
    """Ladders and checklists, which only rise."""
    indicators = through.profile.indicators
    rising = sum(isinstance(one.measure, Rungs) for one in indicators.values())
    if rising:
        yield (
            f"Ladders and checklists ({rising} of {len(indicators)} indicators) are zero until something happens, and"
            " no event is taken back: that they rise is built in."
        )


def _feeding(through: ScoredYears) -> list[Observation]:
    """Return the facts of the whole study that the indicators in it can use."""
    terms: set[str] = set()
    for one in through.profile.indicators.values():
        terms |= set(one.measure.terms if one.measure is not None else ())
        terms |= {one.denominator.variable} if one.denominator is not None else set()
    return [one for one in through.profile.observations if one.variable in terms]


def _open_ends(through: ScoredYears) -> Iterator[str]:
    """Facts that count in the last year alone."""
    window, variables = through.profile.window, through.profile.framework.variables
    assert window is not None
    assert window.end is not None
    if through.moments[-1].last < window.end.last:
        return
    late = [
        one
        for one in _feeding(through)
        if one.start is not None and one.end is None and variables[str(one.variable)].kind not in BEGINNING
    ]
    if late:
        yield (
            f"Amounts and judgements with a start and no end ({len(late)}) count in {through.years[-1]} alone, so that"
            " the last step gathers what grew before."
        )


def _undated(through: ScoredYears, undated_share: Callable[[], pd.DataFrame]) -> Iterator[str]:
    """What becomes of facts without a date."""
    bare = [one for one in _feeding(through) if one.start is None and one.end is None]
    if not bare:
        return
    if through.undated == "leave_out":
        yield f'Facts without a date ({len(bare)}) are left out; undated="constant" holds them for every year.'
        return
    table = undated_share()
    for case in through.cases:
        shares = table["share"].xs(case, level="case").dropna()
        if len(shares):
            first, last = (f"{shares.iloc[place]:.0%}" for place in (0, -1))
            yield (
                f"{case}: facts without a date ({len(bare)}) are held constant. They alone carry {first} of the"
                f" composite in {shares.index[0]} and {last} in {shares.index[-1]}, and cannot move."
            )

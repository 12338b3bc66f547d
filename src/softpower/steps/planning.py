"""Make the plan of a profile: find the observations that each cell uses, and say why where there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from softpower.errors import Fault, ObservationError
from softpower.model.indicator import Denominator, Indicator, Ratio, Rungs, ShareOfWindow, Sum, Value, YearsBetween
from softpower.model.observation import Observation, readings
from softpower.model.period import Period
from softpower.model.profile import Profile
from softpower.model.unit import Unit
from softpower.steps import measures
from softpower.steps.plan import Batch, Cell, Plan, Slot


class _MissingError(Exception):
    """A cell lacks an observation; the text says which."""


class _Planner:
    """Collects slots and cells while it walks the cases and indicators once."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.slots: list[Slot] = []
        self._places: dict[tuple[str, ...], int] = {}
        assert profile.window is not None  # a profile of observations has one
        self.span: Period = profile.window
        self.window = (float(self.span.first), float(self.span.after))

    def slot(self, slot: Slot) -> int:
        """Return the place of a slot; the same observation and part share one."""
        key = (slot.part, *slot.observations)
        if key not in self._places:
            self._places[key] = len(self.slots)
            self.slots.append(slot)
        return self._places[key]

    def value(self, observations: Sequence[Observation], unit: str) -> int:
        """Return the slot of a value, in the variable's unit; several are alternatives, or readings of one fact."""
        to_unit = [Unit.parse(one.unit or unit).factor(Unit.parse(unit)) for one in observations]
        each = list(zip(observations, to_unit, strict=True))
        return self.slot(
            Slot(
                tuple(one.id for one in observations),
                "value",
                tuple((one.value or 0.0) * by for one, by in each),
                tuple(one.bounds[0] * by for one, by in each),
                tuple(one.bounds[1] * by for one, by in each),
                _chosen(observations),
                self.profile.framework.variables[str(observations[0].variable)].codes,
            )
        )

    def groups(
        self, variable: str, case: str, *, override: str | None = None, inside: bool = False
    ) -> list[tuple[Observation, ...]]:
        """Return the observations of a variable as it combines them: each group gives one number.

        Alternatives are one group, of which the preferred holds; the latest is one fact; all others stand on their
        own. A fact is a group of the readings of its coders.
        """
        found = self.profile.observed(variable, case)
        if not found:
            raise _MissingError(f"no observation of '{variable}'")
        preferred = [one.id for one in found if one.preferred]
        if inside:
            found = tuple(one for one in found if one.period.within(self.span))
        if not found:
            raise _MissingError(f"no observation of '{variable}' lies inside the window {self.span}")
        combine = self.profile.framework.variables[variable].combine
        how, facts = override or combine, readings(found, combine)
        if how == "latest":
            return [_latest(facts)]
        if how == "alternatives" and not any(one.preferred for one in found) and preferred:
            raise _MissingError(f"the preferred observation '{preferred[0]}' of '{variable}' lies outside the window")
        return [found] if how == "alternatives" else facts

    def cell(self, case: int, position: int, indicator: Indicator) -> Cell:
        """Return the cell of a case and an indicator; raise `_MissingError` where an observation lacks."""
        cell, name, measure = Cell(case, position), self.profile.cases[case], indicator.measure
        assert measure is not None  # the profile refuses an indicator without one
        if isinstance(measure, Ratio | ShareOfWindow):
            cell.factor = Unit.parse("ratio").factor(Unit.parse(indicator.unit))
        if isinstance(measure, ShareOfWindow):
            return self._spells(cell, name, measure)
        if isinstance(measure, YearsBetween):
            return self._dates(cell, name, measure, indicator.unit)
        rungs = measure.rungs if isinstance(measure, Rungs) else ()
        override = measure.combine if isinstance(measure, Value | Sum | Ratio) else None
        for index, variable in enumerate(measure.terms):
            unit = self.profile.framework.variables[variable].unit
            groups = self.groups(variable, name, override=override, inside=measure.kind == "rate")
            places = [self.value(group, unit) for group in groups]
            if rungs and len(places) > 1:
                raise _MissingError(f"rung '{variable}' has several observations that add up, and a rung needs one")
            cell.terms += places
            cell.scale += [self._scale(indicator, unit)] * len(places)
            if isinstance(measure, Ratio):
                cell.above += [variable in measure.numerator] * len(places)
                cell.below += [variable in measure.denominator] * len(places)
            if rungs:
                cell.at_least.append(rungs[index].at_least)
        if indicator.denominator is not None:
            self._divide(cell, name, indicator.denominator)
        return cell

    def _divide(self, cell: Cell, case: str, by: Denominator) -> None:
        """Put a denominator below the terms of a cell, which becomes a ratio."""
        unit = self.profile.framework.variables[by.variable].unit
        places = [self.value(group, unit) for group in self.groups(by.variable, case)]
        above = len(cell.terms)
        cell.terms += places
        cell.above = [True] * above + [False] * len(places)
        cell.below = [False] * above + [True] * len(places)
        cell.factor *= by.scale

    def _scale(self, indicator: Indicator, unit: str) -> float:
        """Return what a term is multiplied by to add up in the indicator's unit."""
        assert indicator.measure is not None
        kind = indicator.measure.kind
        if kind in {"value", "sum", "mean"}:
            return Unit.parse(unit).factor(Unit.parse(indicator.unit))
        if kind == "rate":
            per_year = Unit.parse(f"{unit} per year").factor(Unit.parse(indicator.unit))
            return per_year / self.span.years
        return Unit.parse(unit).scale if kind in {"ratio", "effective_number"} else 1.0

    def _dates(self, cell: Cell, case: str, measure: YearsBetween, unit: str) -> Cell:
        """Return the cell of the time between two events: the later first, the earlier taken away."""
        later, earlier = self._date(measure.later, case), self._date(measure.earlier, case)
        if self.slots[later].high < self.slots[earlier].low:
            raise _MissingError(f"'{measure.later}' lies before '{measure.earlier}'")
        days = Unit.parse("day").factor(Unit.parse(unit))
        cell.terms, cell.scale = [later, earlier], [days, -days]
        return cell

    def _date(self, variable: str, case: str) -> int:
        """Return the slot of an event's day: the middle of a coarse date, its ends as bounds."""
        (group,) = self.groups(variable, case)
        spans = []
        for one in group:
            if one.start is None or one.value == 0:
                raise _MissingError(f"observation '{one.id}' of '{variable}' has no date")
            if one.bounds[0] < 1:
                raise _MissingError(
                    f"observation '{one.id}' of '{variable}' may not have happened, so its date is open"
                )
            spans.append((one.start.first.toordinal(), (one.end or one.start).last.toordinal()))
        return self._span(group, "date", spans, [sum(span) / 2 for span in spans])

    def _spells(self, cell: Cell, case: str, measure: ShareOfWindow) -> Cell:
        """Return the cell of spells: first their starts, then their ends, then whether they were in force."""
        starts, ends, forces = [], [], []
        for variable in measure.variables:
            for group in self.groups(variable, case):
                first = [self._first_days(one) for one in group]
                after = [self._days_after(one) for one in group]
                starts.append(self._span(group, "start", first, [low for low, _ in first]))
                ends.append(self._span(group, "end", after, [high for _, high in after]))
                forces.append(self.value(group, self.profile.framework.variables[variable].unit))
        cell.terms = starts + ends + forces
        cell.above = [True] * len(starts)
        return cell

    def _span(
        self, group: Sequence[Observation], part: str, spans: Sequence[tuple[float, float]], at: Sequence[float]
    ) -> int:
        """Return the slot of a day: where it is read, and between which days it may lie."""
        ids = tuple(one.id for one in group)
        lows, highs = tuple(low for low, _ in spans), tuple(high for _, high in spans)
        return self.slot(Slot(ids, part, tuple(at), lows, highs, _chosen(group)))

    @staticmethod
    def _first_days(one: Observation) -> tuple[float, float]:
        assert one.start is not None  # the profile refuses a spell without one
        return one.start.first.toordinal(), one.start.last.toordinal()

    def _days_after(self, one: Observation) -> tuple[float, float]:
        """The days on which a spell is over; without an end it is in force when the window closes."""
        if one.end is None:
            return self.window[1], self.window[1]
        return one.end.first.toordinal() + 1, one.end.last.toordinal() + 1


def _kind(indicator: Indicator) -> str:
    """Return how the cells of an indicator are computed: by its measure, or as a ratio where it is divided."""
    assert indicator.measure is not None
    return "ratio" if indicator.denominator is not None else indicator.measure.kind


def _chosen(group: Sequence[Observation]) -> int | None:
    """Return the place of the observation that holds among several; None where their mean does."""
    return next((place for place, one in enumerate(group) if one.preferred), 0 if len(group) == 1 else None)


def _latest(facts: Sequence[tuple[Observation, ...]]) -> tuple[Observation, ...]:
    """Return the fact whose period ends last; an open end is the latest."""
    return max(facts, key=lambda fact: fact[0].period.end.last if fact[0].period.end else date.max)


def plan(profile: Profile, indicators: Mapping[str, Indicator] | None = None) -> Plan:
    """Return how every indicator of every case derives from the observations.

    Parameters
    ----------
    profile : Profile
    indicators : mapping of id to Indicator, optional
        Others than those that enter, for instance with alternative measures beside them.

    Raises
    ------
    ObservationError
        If a denominator can be zero within its bounds.
    """
    planner = _Planner(profile)
    cells: dict[str, list[Cell]] = {}
    reasons: dict[tuple[str, str], str] = {}
    feeds: dict[tuple[str, str], tuple[str, ...]] = {}
    indicators = profile.indicators if indicators is None else indicators
    for case, case_name in enumerate(profile.cases):
        for position, (name, indicator) in enumerate(indicators.items()):
            try:
                cell = planner.cell(case, position, indicator)
            except _MissingError as missing:
                reasons[case_name, name] = str(missing)
                continue
            cells.setdefault(_kind(indicator), []).append(cell)
            ids = [one for place in cell.terms for one in planner.slots[place].observations]
            feeds[case_name, name] = tuple(dict.fromkeys(ids))
    made = Plan(
        profile.cases,
        tuple(indicators),
        tuple(planner.slots),
        tuple(Batch.of(kind, group) for kind, group in cells.items()),
        reasons,
        feeds,
        planner.window,
    )
    _refuse_zero_denominators(made)
    return made


def _refuse_zero_denominators(plan: Plan) -> None:
    faults = []
    for batch in plan.batches:
        if batch.kind not in {"ratio", "effective_number"}:
            continue
        below = batch.below if batch.kind == "ratio" else batch.mask
        for row in np.flatnonzero(measures.total(batch.gather(plan.low), below) <= 0):
            case, name = plan.cases[batch.case[row]], plan.indicators[batch.indicator[row]]
            ids = [plan.slots[place].observations[0] for place in batch.terms[row][below[row]]]
            what = f"the denominator can be zero: observations {', '.join(ids)} are all zero at their low bounds"
            faults.append(Fault(f"{case}: {name}", what, "Raise a low bound above zero, or leave the case out."))
    if faults:
        raise ObservationError(faults)

"""A profile under one scenario, ready for draws: its values, its weights and its trees of methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from softpower.analysis.facts import Facts, Places, Slots, chosen_of
from softpower.engine import Engine
from softpower.model.indicator import Indicator, Range
from softpower.model.profile import Profile
from softpower.model.uncertainty import Uncertainty
from softpower.steps.derive import derive
from softpower.steps.measures import Floats
from softpower.steps.normalise import Scales
from softpower.steps.plan import Plan, plan
from softpower.steps.tabulate import tabulate_cells


@dataclass(frozen=True)
class Options:
    """Every way to measure each indicator and every range to score it against, as arrays.

    An option is a measure with a range. Those of an indicator lie side by side, those of a measure as well.

    Parameters
    ----------
    start, count : int arrays of shape (indicators, measures)
        Where the options of a measure begin, and how many there are; 0 where an indicator has fewer measures.
    measures : int array of shape (indicators,)
        How many measures there are.
    column : int array of shape (options,)
        Where the values of an option stand among the derived ones.
    low, high, parity, log : arrays of shape (options,)
        Its range.
    """

    start: Places
    count: Places
    measures: Places
    column: Places
    low: Floats
    high: Floats
    parity: Floats
    log: np.ndarray


def measured(profile: Profile, uncertainty: Uncertainty) -> tuple[dict[str, Indicator], Options]:
    """Return the indicators with alternative measures behind them, and the options of each."""
    indicators = dict(profile.indicators)
    column = {name: [place] for place, name in enumerate(indicators)}
    for name, one in profile.indicators.items():
        if _named(uncertainty.measures, name):
            for other in one.alternative_measures:
                column[name].append(len(indicators))
                indicators[f"{name}.{other.id}"] = one.measured_by(other.id)
    names = list(indicators)
    width = max(len(places) for places in column.values())
    start, count = (np.zeros((len(column), width), dtype=np.int64) for _ in range(2))
    at: list[int] = []
    ranges: list[Range | None] = []
    for row, (name, places) in enumerate(column.items()):
        for measure, place in enumerate(places):
            posts = indicators[names[place]].goalposts
            mine: list[Range | None] = [posts]
            if posts is not None and _named(uncertainty.goalposts, name):
                mine += posts.alternatives
            start[row, measure], count[row, measure] = len(at), len(mine)
            at += [place] * len(mine)
            ranges += mine
    low, high, parity = (
        np.array([np.nan if one is None else getattr(one, end) for one in ranges], dtype=float)
        for end in ("low", "high", "parity")
    )
    log = np.array([one is not None and one.log for one in ranges])
    measures = np.array([len(places) for places in column.values()])
    return indicators, Options(start, count, measures, np.array(at), low, high, parity, log)


def _named(chosen: bool | tuple[str, ...], name: str) -> bool:
    return chosen if isinstance(chosen, bool) else name in chosen


@dataclass(frozen=True)
class Base:
    """A profile under one scenario.

    Parameters
    ----------
    engine : Engine
        Its choices as they are declared.
    uncertainty : Uncertainty
    columns : mapping of indicator to (measure column, goalposts column, leave-out column)
        Of the points; -1 where it has none.
    """

    engine: Engine
    uncertainty: Uncertainty
    measure_columns: Mapping[str, int] = field(default_factory=dict)
    goalpost_columns: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _measured(self) -> tuple[dict[str, Indicator], Options]:
        return measured(self.engine.profile, self.uncertainty)

    @property
    def options(self) -> Options:
        """The measures and ranges of each indicator."""
        return self._measured[1]

    @cached_property
    def plan(self) -> Plan:
        """How values derive, alternative measures included."""
        indicators = self._measured[0]
        return (
            self.engine.plan
            if len(indicators) == len(self.engine.indicators)
            else plan(self.engine.profile, indicators)
        )

    @property
    def of_table(self) -> bool:
        """Whether values are those of a table."""
        return self.engine.profile.values is not None

    @property
    def used(self) -> Sequence[str]:
        """The columns of a table that are used."""
        indicators = self.engine.profile.indicators
        below = (one.denominator.variable for one in indicators.values() if one.denominator is not None)
        return [*indicators, *below]

    def raw(self, u: Floats, facts: Facts, drawn: Floats, slots: Slots | None) -> Floats:
        """Return values of shape (draws, rows, measures), or (rows, measures) where no observation is drawn."""
        with np.errstate(over="ignore", invalid="ignore"):
            if slots is not None:
                return derive(self.plan, slots.values(u, drawn))
            if not self.of_table:
                return derive(self.plan, self.plan.nominal)
            table = self.engine.profile.values
            assert table is not None
            cells = table.value
            if facts.table:
                cells = np.repeat(cells.reshape(1, -1), len(u), axis=0)
                cells[:, self.cells(facts)] = drawn
                cells = cells.reshape(len(u), *table.value.shape)
            return tabulate_cells(table.columns, cells, self.engine.profile.indicators)

    def cells(self, facts: Facts) -> Places:
        """Return where each uncertain cell stands in the table, row by row."""
        table = self.engine.profile.values
        assert table is not None
        row = {self.engine.label(place): place for place in range(len(table.index))}
        column = {name: place for place, name in enumerate(table.columns)}
        return np.array([row[case] * len(column) + column[name] for case, name in facts.table], dtype=np.int64)

    @property
    def varied(self) -> bool:
        """Whether measures or goalposts have alternatives."""
        return len(self.options.column) > len(self.engine.indicators)

    def chosen(self, u: Floats, raw: Floats) -> tuple[Floats, Scales]:
        """Return the values of the measures that points pick, and the scales of the ranges that they pick."""
        scales = self.engine.scales
        if not self.varied:
            return raw, scales
        options, names = self.options, self.engine.indicators
        shape = (len(u), len(names))
        measure = self._picked(u, self.measure_columns, np.broadcast_to(options.measures, shape))
        rows = np.arange(len(names))
        posts = self._picked(u, self.goalpost_columns, options.count[rows, measure])
        option = options.start[rows, measure] + posts
        if len(options.measures) < raw.shape[-1]:
            column = np.broadcast_to(options.column[option][:, None, :], (len(u), raw.shape[-2], len(names)))
            raw = np.take_along_axis(np.broadcast_to(raw, (len(u), *raw.shape[-2:])), column, axis=-1)
        ends = {name: getattr(options, name)[option][:, None, :] for name in ("low", "high", "parity", "log")}
        return raw, replace(scales, **ends)

    def _picked(self, u: Floats, columns: Mapping[str, int], count: Places) -> Places:
        at = np.array([columns.get(name, -1) for name in self.engine.indicators])
        picked = np.zeros(count.shape, dtype=np.int64)
        there = np.flatnonzero(at >= 0)
        picked[:, there] = chosen_of(u[:, at[there]], count[:, there], 0)
        return picked

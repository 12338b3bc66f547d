"""A profile under one scenario, ready for draws: its values, its weights and its trees of methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from softpower.draws.facts import Cells, Facts, Places, Slots, chosen_of
from softpower.engine import Engine
from softpower.model.indicator import Indicator, Range
from softpower.model.profile import Profile
from softpower.steps.derive import derive
from softpower.steps.measures import Floats
from softpower.steps.normalise import Scales, post_arrays
from softpower.steps.plan import Plan
from softpower.steps.planning import plan
from softpower.steps.regression import multiple_imputation
from softpower.steps.tabulate import tabulate_cells

Labels = Mapping[str, tuple[int, Sequence[str]]]
"""By indicator: the column that picks one of its measures, or ranges, and their ids, the main one first."""


@dataclass(frozen=True)
class Options:
    """Every way to measure each indicator and every range to score it against, as arrays.

    Parameters
    ----------
    place : int array of shape (indicators, measures, ranges)
        Which option a measure and a range are, each by its place among the ids that are drawn from. What an indicator
        or a measure lacks stands for its main one.
    column : int array of shape (options,)
        Where the values of an option stand among the derived ones.
    low, high, parity, log : arrays of shape (options,)
        Its range.
    """

    place: Places
    column: Places
    low: Floats
    high: Floats
    parity: Floats
    log: np.ndarray


def measured(profile: Profile, measures: Labels, goalposts: Labels) -> tuple[dict[str, Indicator], Options]:
    """Return the indicators with their alternative measures behind them, and the options of each."""
    indicators = dict(profile.indicators)
    wide, deep = (max((len(ids) for _, ids in one.values()), default=1) for one in (measures, goalposts))
    place = np.zeros((len(indicators), wide, deep), dtype=np.int64)
    column: list[int] = []
    ranges: list[Range | None] = []
    for row, (name, one) in enumerate(profile.indicators.items()):
        own = {other.id for other in one.alternative_measures}
        for measure, label in enumerate(measures[name][1] if name in measures else ["main"]):
            if measure and label not in own:
                place[row, measure] = place[row, 0]
                continue
            if measure:
                # No id has a blank in it, so this is nobody else's.
                indicators[f"{name} {label}"] = one.measured_by(label)
            posts = indicators[f"{name} {label}"].goalposts if measure else one.goalposts
            others = {} if posts is None else {other.id: other for other in posts.alternatives}
            for depth, post in enumerate(goalposts[name][1] if name in goalposts else ["main"]):
                if depth and post not in others:
                    place[row, measure, depth] = place[row, measure, 0]
                    continue
                place[row, measure, depth] = len(column)
                column.append(len(indicators) - 1 if measure else row)
                ranges.append(others[post] if depth else posts)
    return indicators, Options(place, np.array(column), *post_arrays(ranges))


@dataclass(frozen=True)
class Base:
    """A profile under one scenario.

    Parameters
    ----------
    engine : Engine
        Its choices as they are declared.
    measures, goalposts : Labels
        Of the indicators whose measures, or ranges, are drawn.
    """

    engine: Engine
    measures: Labels
    goalposts: Labels

    @cached_property
    def _measured(self) -> tuple[dict[str, Indicator], Options]:
        return measured(self.engine.profile, self.measures, self.goalposts)

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

    def owner(self, place: int) -> str:
        """Return the indicator that a derived value is a measure of."""
        return list(self._measured[0])[place].split(" ", 1)[0]

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

    @cached_property
    def nominal(self) -> Floats:
        """The values as declared, of shape (rows, measures)."""
        if self.of_table:
            return self.engine.raw
        with np.errstate(over="ignore", invalid="ignore"):
            return derive(self.plan, self.plan.nominal)

    def completed(self, tables: int, seed: int) -> Floats:
        """Return tables that multiple imputation completes, of shape (tables, rows, measures).

        An alternative measure is completed beside the main measures of the others, as in a study that measures by it.
        """
        values, layout, names = self.nominal, self.engine.layout, list(self._measured[0])
        made = [multiple_imputation(values[:, : len(layout.indicators)], layout, tables=tables, rng=seed)]
        for place in range(len(layout.indicators), values.shape[-1]):
            own = layout.indicators.index(self.owner(place))
            beside = np.flatnonzero(layout.dimensions == layout.dimensions[own])
            taken = np.where(beside == own, place, beside)
            there = replace(layout.columns(beside), indicators=tuple(names[one] for one in taken))
            made.append(multiple_imputation(values[:, taken], there, tables=tables, rng=seed)[..., beside == own])
        return np.concatenate(made, axis=-1)

    def raw(self, u: Floats, drawn: Floats, slots: Slots | None, cells: Places | slice) -> Floats:
        """Return values of shape (draws, rows, measures), or (rows, measures) where no observation is drawn.

        Parameters
        ----------
        u : array of shape (draws, dimensions)
        drawn : array of shape (draws, numbers)
            The numbers that are drawn.
        slots : Slots, optional
            How values derive from them.
        cells : int array of shape (numbers,), or slice
            Or where they stand in the table, column by column.
        """
        if slots is None and not isinstance(cells, slice) and not len(cells):
            return self.nominal
        with np.errstate(over="ignore", invalid="ignore"):
            if slots is not None:
                return derive(self.plan, slots.values(u, drawn))
            table = self.engine.profile.values
            assert table is not None
            each = drawn
            if not isinstance(cells, slice) or cells != slice(0, table.value.size, 1):
                each = np.repeat(table.value.T.reshape(1, -1), len(u), axis=0)
                each[:, cells] = drawn
            values = each.reshape(len(u), *table.value.T.shape).swapaxes(-1, -2)
            return tabulate_cells(table.columns, values, self.engine.profile.indicators)

    def cells(self, facts: Facts) -> Places:
        """Return where each uncertain cell stands in the table, column by column."""
        table = self.engine.profile.values
        assert table is not None
        cells = facts.table
        if not isinstance(cells, Cells):
            return np.array([], dtype=np.int64)
        row = {self.engine.label(place): place for place in range(len(table.index))}
        column = {name: place for place, name in enumerate(table.columns)}
        rows, columns = (
            np.array([place[one] for one in labels], dtype=np.int64)
            for place, labels in ((row, cells.labels), (column, cells.names))
        )
        return np.asarray(columns[cells.column] * len(row) + rows[cells.row])

    @property
    def varied(self) -> bool:
        """Whether measures or goalposts have alternatives."""
        return len(self.options.column) > len(self.engine.indicators)

    def chosen(self, u: Floats, raw: Floats) -> tuple[Floats, Scales]:
        """Return the values of the measures that points pick, and the scales of the ranges that they pick."""
        scales = self.engine.scales
        if not self.varied:
            return raw, scales
        options, rows = self.options, np.arange(len(self.engine.indicators))
        option = options.place[rows, self._picked(u, self.measures), self._picked(u, self.goalposts)]
        if len(rows) < raw.shape[-1]:
            column = np.broadcast_to(options.column[option][:, None, :], (len(u), raw.shape[-2], len(rows)))
            raw = np.take_along_axis(np.broadcast_to(raw, (len(u), *raw.shape[-2:])), column, axis=-1)
        ends = {name: getattr(options, name)[option][:, None, :] for name in ("low", "high", "parity", "log")}
        return raw, replace(scales, **ends)

    def _picked(self, u: Floats, labels: Labels) -> Places:
        """Return which of its measures, or ranges, each indicator has, of shape (draws, indicators)."""
        picked = np.zeros((len(u), len(self.engine.indicators)), dtype=np.int64)
        there = [(place, *labels[name]) for place, name in enumerate(self.engine.indicators) if name in labels]
        if there:
            places, columns, ids = zip(*there, strict=True)
            picked[:, places] = chosen_of(u[:, columns], np.array([len(one) for one in ids]), 0)
        return picked

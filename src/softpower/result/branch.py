"""A node of one case taken apart: the nodes under it, their indicators, observations and places in the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from softpower.engine import Engine
from softpower.model.indicator import Indicator, Measure, Ratio, Rungs, YearsBetween
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.result.outline import Entry
from softpower.result.tables import Feeds, walked

COLUMNS = [
    *("indicator", "score", "raw", "observation", "value", "low", "high", "unit", "wording", "start", "end"),
    *("statement", "section", "paragraph", "footnote", "source", "citation"),
]


@dataclass(frozen=True)
class Branch:
    """A node of one case, and what is under it.

    Parameters
    ----------
    engine : Engine
    feeds : mapping
        The ids of the observations behind each (case, indicator).
    row : int
        The row of the case.
    node : str
    scored : mapping of str to mapping
        What was computed of each node of the case, by column.
    """

    engine: Engine
    feeds: Feeds
    row: int
    node: str
    scored: Mapping[str, Mapping[str, Any]]

    @property
    def profile(self) -> Profile:
        """Everything that went in."""
        return self.engine.profile

    @cached_property
    def nodes(self) -> list[str]:
        """The node and all under it, in the order in which a reader meets them."""
        framework = self.profile.framework
        return [one for one in walked(framework, self.engine.tree.nodes) if self.node in framework.path(one)]

    @cached_property
    def _facts(self) -> Mapping[str, Observation]:
        return {one.id: one for one in self.profile.observations}

    def facts(self, indicator: str) -> Iterator[Observation]:
        """Yield the observations behind an indicator."""
        case = str(self.engine.index.get_level_values("case")[self.row])
        for one in self.feeds.get((case, indicator), ()):
            yield self._facts[one]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each indicator under the node and each observation that feeds it."""
        rows: list[dict[str, object]] = []
        for name in self.nodes:
            if name in self.profile.framework.indicators:
                shared = {"indicator": name} | {key: self.scored[name][key] for key in ("score", "raw")}
                rows += [shared | self._of_fact(one) for one in self.facts(name)] or [shared]
        return pd.DataFrame(rows, columns=COLUMNS).set_index(["indicator", "observation"])

    def _of_fact(self, fact: Observation) -> dict[str, object]:
        names = ("value", "unit", "wording", "statement", "section", "paragraph", "footnote", "source")
        row: dict[str, object] = {name: getattr(fact, name) for name in names}
        row |= {"observation": fact.id, "start": str(fact.start or ""), "end": str(fact.end or "")}
        row["low"], row["high"] = fact.bounds
        source = self.profile.sources.get(fact.source or "")
        return row | {"citation": str(source) if source else ""}

    def outline(self) -> Iterator[Entry]:
        """Yield the case, the nodes under it and their observations, in the order in which a reader meets them."""
        framework = self.profile.framework
        yield Entry(0, self.engine.label(self.row))
        for name in self.nodes:
            depth, row = framework.depths[name] - framework.depths[self.node], self.scored[name]
            head = f"{framework.node_title(name)} [{name}]: {spanned(row['score'], row['low'], row['high'])}"
            indicator = framework.indicators.get(name)
            if indicator is None:
                yield Entry(depth, head, node=name)
                continue
            yield Entry(depth, head, tuple(self._said_of(name, indicator)), name)
            for fact in self.facts(name):
                yield self._entry(fact, indicator, depth + 2)

    def _entry(self, fact: Observation, indicator: Indicator, depth: int) -> Entry:
        """Return what is said of an observation that feeds an indicator."""
        when = f", {fact.period}" if fact.start or fact.end else ""
        chosen = ", preferred" if fact.preferred else ""
        span = f"{_part(indicator.measure, fact)}{spanned(fact.value, *fact.bounds)} {fact.unit}"
        source = self.profile.sources.get(fact.source or "")
        place = fact.place + (f"; {source}" if source else "")
        head = f"{fact.id}: {span} ({fact.wording}{chosen}{when})"
        return Entry(depth, head, (fact.statement or indicator.title, place))

    def _said_of(self, name: str, indicator: Indicator) -> Iterator[str]:
        """Yield what is said of an indicator, a line each."""
        row = self.scored[name]
        if row["reason"]:
            yield f"missing: {row['reason']}"
            return
        if indicator.question:
            yield indicator.question
        yield self._value(indicator, row)
        if np.isnan(row["raw"]):
            place = self.engine.indicators.index(name)
            method, value = self.engine.method_names("impute")[place], self.engine.imputed[self.row, place]
            yield f"imputed by '{method}': {value:.4g}"
        if (cell := self._cell(name)) is not None:
            yield f"from the table: {cell}"
        if (posts := indicator.goalposts) is not None:
            shape = ", logarithmic" if posts.log else ""
            shape += f", 50 points at {posts.parity:g}" if posts.parity else ""
            span = f"{posts.low:g} to {posts.high:g}{shape}"
            yield f"goalposts: {span}, {indicator.better} is better: {posts.reason}"
        else:
            yield f"{indicator.better} is better"
        if indicator.quality is not None:
            yield f"quality {indicator.quality}: {indicator.quality_reason or 'no reason given'}"
        yield f"weight {row['effective_weight']:.3f} of the composite, contribution {row['contribution']:.2f}"

    def _value(self, indicator: Indicator, row: Mapping[str, Any]) -> str:
        """Return the line of an indicator's value: how it is measured, in what unit, whether it is clipped."""
        measure = None if self.profile.values is not None else indicator.measure
        kind = "value" if measure is None else measure.kind
        per = ""
        if (by := indicator.denominator) is not None:
            per = f" per {by.scale:g} of '{by.variable}'" if by.scale != 1 else f" per '{by.variable}'"
        beyond = f", beyond the {row['clipped']} goalpost" if row["clipped"] else ""
        return f"{kind}: {spanned(row['raw'], row['raw_low'], row['raw_high'])} {indicator.unit}{per}{beyond}"

    def _cell(self, name: str) -> str | None:
        """Return a cell of the table of values, with its source."""
        table = self.profile.values
        if table is None or name not in table.columns:
            return None
        place = table.columns.index(name)
        value, low, high = (float(table.column(name, part)[self.row]) for part in ("value", "low", "high"))
        code = -1 if table.source is None else int(table.source[self.row, place])
        source = "no source named" if code < 0 else str(self.profile.sources[table.sources[code]])
        return f"{spanned(value, low, high)}; {source}"


def spanned(value: float | None, low: float, high: float) -> str:
    """Return a value with its bounds, where they are not the value itself."""
    if value is None or np.isnan(value):
        return "missing"
    # Bounds that are not offered are no bounds.
    return f"{value:.4g}" if low == high or np.isnan(low) else f"{value:.4g} [{low:.4g}, {high:.4g}]"


def _part(measure: Measure | None, fact: Observation) -> str:
    """Return which part of a measure a fact plays, where it is not plain."""
    if isinstance(measure, Ratio):
        above, below = fact.variable in measure.numerator, fact.variable in measure.denominator
        return "above and below, " if above and below else "above, " if above else "below, "
    if isinstance(measure, YearsBetween):
        return "later, " if fact.variable == measure.later else "earlier, "
    if isinstance(measure, Rungs):
        place, rung = next((i, one) for i, one in enumerate(measure.rungs, 1) if one.variable == fact.variable)
        met = "met" if (fact.value or 0) >= rung.at_least else "not met"
        return f"rung {place} of {len(measure.rungs)} ({rung.title}), {met}, "
    return ""

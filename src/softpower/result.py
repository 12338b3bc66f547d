"""What a score returns: the scores with everything that they came from."""

from __future__ import annotations

import hashlib
import html
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from softpower.engine import Engine
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.model.as_of import CONSTANT
from softpower.model.base import FrozenDict
from softpower.model.framework import FLAT, Dimension
from softpower.model.indicator import Indicator, Measure, Ratio, Rungs, YearsBetween
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.steps.aggregate import Aggregated, contributions
from softpower.steps.measures import Floats, Mask
from softpower.steps.normalise import clipped

ROWS = 20
"""So many rows are shown of a result of many."""
TIE = 1e-9
"""Scores that agree when rounded to this share of the scale are tied."""


Kept = TypeVar("Kept")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Scores of every node of every case, with bounds, coverage, weights and reasons.

    Arrays have the shape (rows, nodes), or (rows, indicators) for ``raw``, ``raw_low``, ``raw_high`` and ``clipped``.
    A row is a case, or a case in a period: ``index`` names it. They are read-only, and all but the scores are
    computed when they are first asked for.

    Parameters
    ----------
    engine : Engine
        The profile and its choices, as they were run.
    score : array of shape (rows, nodes)
        The scores; NaN where missing.
    """

    engine: Engine
    score: Floats

    def __post_init__(self) -> None:
        _read_only(self.score)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for value in state.values():
            _read_only(value)

    @property
    def profile(self) -> Profile:
        """Everything that went in: framework, observations or values, methodology."""
        return self.engine.profile

    @property
    def nodes(self) -> tuple[str, ...]:
        """Indicators first, the composite last."""
        return self.engine.tree.nodes

    @property
    def index(self) -> pd.Index:
        """The rows: cases, or cases and periods."""
        return self.engine.index

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """What was scored, each once."""
        return tuple(self.index.get_level_values("case").unique())

    @property
    def raw(self) -> Floats:
        """Indicators' values in their own units."""
        return _read_only(self.engine.raw)

    @property
    def raw_low(self) -> Floats:
        """The low bounds of indicators' values."""
        return _read_only(self.engine.derived.low)

    @property
    def raw_high(self) -> Floats:
        """The high bounds of indicators' values."""
        return _read_only(self.engine.derived.high)

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        certain = self.raw_low is self.raw and self.raw_high is self.raw
        if certain and self.engine.bounds_refused is None:
            return self.score, self.score
        low, high = self.engine.bounds(self.raw_low, self.raw_high)
        return _read_only(low), _read_only(high)

    @cached_property
    def _gap_bounds(self) -> tuple[Floats, Floats]:
        low, high = self.engine.bounds(self.raw_low, self.raw_high, gaps=True)
        return _read_only(low), _read_only(high)

    @property
    def low(self) -> Floats:
        """The least scores with all observations within their bounds."""
        return self._bounds[0]

    @property
    def high(self) -> Floats:
        """The greatest scores with all observations within their bounds."""
        return self._bounds[1]

    @property
    def gap_low(self) -> Floats:
        """The least scores with, in addition, every gap at the low end of the scale."""
        return self._gap_bounds[0]

    @property
    def gap_high(self) -> Floats:
        """The greatest scores with, in addition, every gap at the high end of the scale."""
        return self._gap_bounds[1]

    @cached_property
    def coverage(self) -> Floats:
        """Observed effective weight over included effective weight."""
        return _read_only(self.engine.coverage(self.raw))

    @property
    def _normalised(self) -> Floats:
        return self.score[:, : self.engine.tree.indicator_count]

    @cached_property
    def _aggregated(self) -> Aggregated:
        return Aggregated(self.score, _read_only(self.engine.aggregate(self._normalised).weights))

    @property
    def weight(self) -> Floats:
        """Weights among siblings, as used after renormalising over what is present."""
        return self._aggregated.weights

    @cached_property
    def effective_weight(self) -> Floats:
        """Weights in the composite, as used after renormalising over what is present."""
        return _read_only(self.engine.tree.effective(self.weight))

    @cached_property
    def contribution(self) -> Floats:
        """What each node adds to the composite."""
        floor = self.profile.methodology.floor
        return _read_only(contributions(self.engine.tree, self._aggregated, self.engine.methods, floor=floor))

    @cached_property
    def exact(self) -> Mask:
        """Whether the bounds are attained; False marks an outer bound, where indicators share uncertain facts."""
        return _read_only(self.engine.exact())

    def imputed(self) -> pd.DataFrame:
        """Return every cell that was imputed: one row each, with its value and the method."""
        return self._changes("impute", self.raw, self.engine.imputed).drop(columns="before")

    def treated(self) -> pd.DataFrame:
        """Return every cell whose value was treated as an outlier: before, after, and the method."""
        return self._changes("treat", self.engine.imputed, self.engine.treated)

    def _changes(self, step: str, before: Floats, after: Floats) -> pd.DataFrame:
        """Return the cells that a step changed."""
        same = (before == after) | (np.isnan(before) & np.isnan(after))
        rows, columns = np.nonzero(~same)
        methods = self.engine.method_names(step)
        labels = {name: self.index.get_level_values(name)[rows] for name in ("case", "period")[: self.index.nlevels]}
        indicators = pd.Index(self.engine.indicators)[columns]
        names = pd.Index(methods)[columns]
        cells = {"before": before[rows, columns], "value" if step == "impute" else "after": after[rows, columns]}
        return pd.DataFrame({**labels, "indicator": indicators, **cells, "method": names})

    @cached_property
    def clipped(self) -> np.ndarray:
        """``"low"`` or ``"high"`` where a value lies beyond a goalpost."""
        if not self.engine.fixed:
            return _read_only(np.full(self.raw.shape, ""))
        return _read_only(clipped(self.engine.treated, self.engine.scales))

    @cached_property
    def _reasons(self) -> np.ndarray:
        return _read_only(self.engine.reasons(self.score))

    @cached_property
    def reasons(self) -> Mapping[tuple[Any, ...], str]:
        """Why a node is missing, by (case, node), or by (case, period, node)."""
        missing = np.argwhere(self._reasons != "")
        return FrozenDict(
            {(*_key(self.index[row]), self.nodes[node]): str(self._reasons[row, node]) for row, node in missing}
        )

    @property
    def feeds(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The ids of the observations behind each (case, indicator); empty for a table of values."""
        return FrozenDict(self.engine.plan.feeds) if self.profile.values is None else FrozenDict()

    @property
    def scale(self) -> tuple[float, float] | None:
        """The ends of the scale of the scores, where it has ends."""
        return self.engine.ends

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        """Version of the library and hashes of specs, observations, sources and methodology."""
        return FrozenDict(fingerprint(self.profile))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the numbers themselves say to a reader; the caveats of the profile stand beside them."""
        return tuple(_notes(self))

    @property
    def composite(self) -> pd.Series[float]:
        """The composite by case, or by case and period."""
        return pd.Series(self.score[:, -1].copy(), self.index, name=self.nodes[-1])

    def to_wide(self, level: str | None = None) -> pd.DataFrame:
        """Return the scores alone, one row for each case and one column for each node, the composite first.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level.

        Raises
        ------
        NotFoundError
            If the framework has no such level.
        """
        framework = self.profile.framework
        self._check_level("to_wide", level)
        names = [name for name in _walk(self.profile, self.nodes) if level in {None, framework.level(name)}]
        places = [self.nodes.index(name) for name in names]
        return pd.DataFrame(self.score[:, places], self.index, pd.Index(names, name="node"))

    def _check_level(self, where: str, level: str | None) -> None:
        levels = (*self.profile.framework.levels, "indicator")
        if level is not None and level not in levels:
            raise NotFoundError.of(f"{where}: level", f"there is no level '{level}'", did_you_mean(level, levels))

    @cached_property
    def _frame(self) -> pd.DataFrame:
        framework = self.profile.framework
        leaves = self.raw.shape[1]
        wide: dict[str, np.ndarray] = {
            name: getattr(self, name)
            for name in (
                *("score", "low", "high", "gap_low", "gap_high", "coverage"),
                *("weight", "effective_weight", "contribution", "exact"),
            )
        }
        empty = np.full((len(self.index), len(self.nodes) - leaves), np.nan)
        for name in ("raw", "raw_low", "raw_high"):
            wide[name] = np.hstack([getattr(self, name), empty])
        wide["clipped"] = np.hstack([self.clipped, np.full(empty.shape, "")])
        # Down the tree as a reader walks it, each node before its children.
        order = [self.nodes.index(name) for name in _walk(self.profile, self.nodes)]
        names = [self.nodes[place] for place in order]
        labels = [self.index.get_level_values(level).repeat(len(order)) for level in range(self.index.nlevels)]
        places = np.tile(np.arange(len(order)), len(self.index))
        nodes = pd.Index(names)[places]
        index = pd.MultiIndex.from_arrays([*labels, nodes], names=[*self.index.names, "node"])
        frame = pd.DataFrame({name: table[:, order].ravel() for name, table in wide.items()}, index)
        units = {name: one.unit for name, one in framework.indicators.items()}
        for place, (column, text) in enumerate(
            (
                ("title", framework.node_title),
                ("level", framework.level),
                ("unit", lambda name: units.get(name, "")),
            )
        ):
            at = place if column != "unit" else list(frame.columns).index("raw")
            frame.insert(at, column, pd.Index([text(name) for name in names])[places])
        frame["reason"] = pd.Index(self._reasons[:, order].ravel())
        return frame

    def to_frame(self, level: str | None = None) -> pd.DataFrame:
        """Return one row for each case and node, the composite first.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level: ``"indicator"``, or one that the framework names.

        Raises
        ------
        NotFoundError
            If the framework has no such level.
        """
        self._check_level("to_frame", level)
        return self._frame.copy() if level is None else self._frame[self._frame["level"] == level].copy()

    def ranks(self, node: str | None = None) -> pd.Series[int]:
        """Return each case's rank by a node, the composite by default; 1 is the highest score.

        Ties take the lowest rank; scores that agree when rounded to 1e-9 of the scale are tied. A missing score
        has no rank. With periods, cases are ranked within each period.

        Raises
        ------
        MethodError
            If there is one case alone.
        NotFoundError
            If there is no such node.
        """
        if len(self.cases) < 2:
            mend = "Score several cases, or read the score against its goalposts."
            raise MethodError.of("ranks", "one case has no rank", mend)
        scores = self.score[:, self._place(node or self.nodes[-1])]
        steps = pd.Series(in_steps(scores, self.scale), self.index)
        grouped = steps.groupby(level="period") if self.index.nlevels > 1 else steps
        return grouped.rank(ascending=False, method="min").astype("Int64").rename("rank")

    def explain(self, case: str | None = None, node: str | None = None, period: str | int | None = None) -> Explanation:
        """Return a node taken apart: down to each observation and its place in the source.

        Parameters
        ----------
        case : str, optional
            The case; it may be left out where there is one.
        node : str, optional
            A dimension or an indicator; the composite by default.
        period : str or int, optional
            The period; it may be left out where the case has one.

        Raises
        ------
        NotFoundError
            If there is no such case, period or node.
        """
        case = _one("case", case, self.cases)
        rows = np.flatnonzero(self.index.get_level_values("case") == case)
        if self.index.nlevels > 1:
            periods = self.index.get_level_values("period")[rows].tolist()
            rows = rows[[periods.index(_one("period", period, periods))]]
        elif period is not None:
            raise NotFoundError.of("explain: period", "the scores have no periods", "Leave it out.")
        self._place(node or self.nodes[-1])
        return Explanation(self, int(rows[0]), node or self.nodes[-1])

    def observations(self) -> pd.DataFrame:
        """Return every observation, those that feed no score included, with the indicators that it feeds."""
        feeds: dict[str, list[str]] = {}
        for (_, indicator), ids in self.feeds.items():
            for one in ids:
                feeds.setdefault(one, []).append(indicator)
        rows = [
            one.model_dump(mode="json") | {"feeds": " ".join(dict.fromkeys(feeds.get(one.id, [])))}
            for one in self.profile.observations
        ]
        return pd.DataFrame(rows).set_index("id") if rows else pd.DataFrame()

    def sources(self) -> pd.DataFrame:
        """Return the sources of the observations, or cells, that feed a score, with how many rest on each."""
        used = {one for ids in self.feeds.values() for one in ids}
        count = Counter(one.source for one in self.profile.observations if one.id in used and one.source is not None)
        table = self.profile.values
        if table is not None and table.source is not None:
            cells = [table.source[:, place] for place, name in enumerate(table.columns) if name in self.nodes]
            for place, number in zip(*np.unique(np.concatenate(cells), return_counts=True), strict=True):
                if place >= 0:
                    count[table.sources[place]] = int(number)
        rows = [
            {"source": name, "observations": number, "kind": self.profile.sources[name].kind}
            | {"citation": str(self.profile.sources[name])}
            for name, number in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        return pd.DataFrame(rows, columns=["source", "observations", "kind", "citation"]).set_index("source")

    def undated(self) -> pd.DataFrame:
        """Return how much of each case's composite rests on facts that have neither a start nor an end.

        Returns
        -------
        DataFrame
            One row for each case: ``points``, what indicators add to the composite that rest on such facts alone;
            ``points_in_part``, those of indicators that rest on dated facts as well; ``share`` and ``share_in_part``,
            the same as parts of the composite.

        Raises
        ------
        MethodError
            If a table of values was scored, whose cells have periods.

        Notes
        -----
        Misleads where it is read as what would be lost without them: then the others weigh more.

        Examples
        --------
        >>> import softpower
        >>> softpower.score("kazakhstan").undated().round(2).loc["EU>KAZ"].to_dict()
        {'points': 3.06, 'points_in_part': 24.69, 'share': 0.05, 'share_in_part': 0.4}
        """
        if self.profile.values is not None:
            mend = "Ask it of a profile of observations."
            raise MethodError.of("undated", "a table of values has periods, and no facts without a date", mend)
        bare = {one.id for one in self.profile.observations if one.start is None and one.end is None}
        rests = np.zeros((2, *self.raw.shape), dtype=bool)
        rows = {case: row for row, case in enumerate(self.index)}
        places = {name: place for place, name in enumerate(self.engine.indicators)}
        for (case, indicator), ids in self.feeds.items():
            at = rows[case], places[indicator]
            rests[0][at] = bare.issuperset(ids)
            rests[1][at] = not bare.isdisjoint(ids) and not rests[0][at]
        given = self.contribution[:, : self.raw.shape[1]]
        points = np.where(np.isnan(self.score[:, -1]), np.nan, np.where(rests, given, 0.0).sum(axis=-1))
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = points / self.score[:, -1]
        columns = ["points", "points_in_part", "share", "share_in_part"]
        return pd.DataFrame(np.vstack([points, shares]).T, self.index, columns)

    def references(self) -> pd.DataFrame:
        """Return the works that the framework and the indicators in it cite, with what cites them."""
        framework = self.profile.framework
        citing: dict[str, list[str]] = {name: [framework.id] for name in framework.references}
        nodes: dict[str, Dimension | Indicator] = {**framework.dimensions, **self.profile.indicators}
        for name, node in nodes.items():
            for work in node.references:
                citing.setdefault(work, []).append(name)
        rows = [
            {"reference": work, "citation": str(framework.works[work]), "cited_by": " ".join(names)}
            for work, names in sorted(citing.items())
        ]
        return pd.DataFrame(rows, columns=["reference", "citation", "cited_by"]).set_index("reference")

    def _place(self, node: object) -> int:
        framework, left_out = self.profile.framework, set(self.profile.left_out)
        known = isinstance(node, str) and (node in framework.indicators or node in framework.dimensions)
        if known and node not in self.nodes and not left_out.isdisjoint(framework.path(str(node))):
            raise NotFoundError.of("node", f"'{node}' is left out of the score", "Score without leaving it out.")
        if isinstance(node, str) and node in self.profile.framework.indicators and node not in self.nodes:
            which = self.profile.framework.indicators[node].set
            raise NotFoundError.of(
                "node", f"'{node}' is in the {which} set, which is not scored", "Score with both sets."
            )
        if not isinstance(node, str) or node not in self.nodes:
            raise NotFoundError.of("node", f"there is no node '{node}' in the score", did_you_mean(node, self.nodes))
        return self.nodes.index(node)

    def _top(self) -> pd.DataFrame:
        """The composite and the first level: with bounds and coverage for one row, else side by side."""
        framework = self.profile.framework
        if len(self.index) == 1:
            near = self._frame[[framework.depths[node] <= 1 for node in self._frame.index.get_level_values("node")]]
            return near[["title", "score", "low", "high", "coverage"]]
        places = [self.nodes.index(name) for name in _walk(self.profile, self.nodes) if framework.depths[name] <= 1]
        frame = pd.DataFrame(self.score[:, places], self.index, [self.nodes[place] for place in places])
        return frame.assign(coverage=self.coverage[:, -1])

    @property
    def _head(self) -> str:
        span = self.profile.span
        return f"{self.profile.title} ({span})" if span else self.profile.title

    def __repr__(self) -> str:
        """Return the composite and the first level as a table, with the notes."""
        table = self._top().round(3).to_string(max_rows=ROWS)
        return "\n".join([self._head, table, self._interval, *self.notes, *self.profile.caveats])

    @property
    def _interval(self) -> str:
        """Where the interval of a score is to be had, or why there is none."""
        if self.profile.uncertainty.declared:
            return "Bounds alone; uncertainty_analysis(result.profile) gives intervals."
        return "Bounds alone; no uncertainty is declared."

    def _repr_html_(self) -> str:
        """Return the composite and the first level as an HTML table, with the notes."""
        return captioned(self._head, self._top(), (self._interval, *self.notes, *self.profile.caveats))


class Entry(NamedTuple):
    """One entry of an explanation: a node, or an observation under it."""

    depth: int
    """How far it is under the node that is explained; an observation is two below its indicator."""
    head: str
    details: tuple[str, ...] = ()
    node: str | None = None
    """The node; None for an observation and for the case."""


@dataclass(frozen=True, repr=False)
class Explanation:
    """One node of one case, down to the observations that it rests on."""

    result: Result
    row: int
    node: str

    @property
    def case(self) -> str:
        """The case."""
        return str(self.result.index.get_level_values("case")[self.row])

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each indicator under the node and each observation that feeds it."""
        facts = {one.id: one for one in self.result.profile.observations}
        table, rows = self._table(), []
        for name in self._indicators():
            scored = table[name]
            ids = self.result.feeds.get((self.case, name), ())
            shared = {"indicator": name, "score": scored["score"], "raw": scored["raw"]}
            rows += [shared | self._row(facts[one]) for one in ids] or [shared]
        columns = [
            "indicator",
            "score",
            "raw",
            "observation",
            "value",
            "low",
            "high",
            "unit",
            "wording",
            "start",
        ]
        columns += ["end", "statement", "section", "paragraph", "footnote", "source", "citation"]
        return pd.DataFrame(rows, columns=columns).set_index(["indicator", "observation"])

    def _table(self) -> dict[str, dict[str, Any]]:
        """The case's rows of the result by node."""
        size = len(self.result.nodes)
        mine = self.result._frame.iloc[self.row * size : (self.row + 1) * size]  # noqa: SLF001 - its own result
        mine.index = mine.index.get_level_values("node")
        return {str(node): dict(row) for node, row in mine.iterrows()}

    def _indicators(self) -> list[str]:
        framework = self.result.profile.framework
        walked = _walk(self.result.profile, self.result.nodes)
        return [one for one in walked if one in framework.indicators and self.node in framework.path(one)]

    def _row(self, fact: Observation) -> dict[str, object]:
        names = ("value", "unit", "wording", "statement", "section", "paragraph", "footnote", "source")
        row: dict[str, object] = {name: getattr(fact, name) for name in names}
        row |= {"observation": fact.id, "start": str(fact.start or ""), "end": str(fact.end or "")}
        row["low"], row["high"] = fact.bounds
        source = self.result.profile.sources.get(fact.source or "")
        return row | {"citation": str(source) if source else ""}

    def outline(self) -> list[Entry]:
        """Return the case, the nodes under it and their observations, in the order in which a reader meets them."""
        framework = self.result.profile.framework
        facts = {one.id: one for one in self.result.profile.observations}
        base = framework.depths[self.node]
        entries, table = [Entry(0, self.result.engine.label(self.row))], self._table()
        for name in _walk(self.result.profile, self.result.nodes):
            if self.node not in framework.path(name):
                continue
            depth, row = framework.depths[name] - base, table[name]
            head = f"{framework.node_title(name)} [{name}]: {_span(row['score'], row['low'], row['high'])}"
            if name not in framework.indicators:
                entries.append(Entry(depth, head, node=name))
                continue
            indicator = framework.indicators[name]
            entries.append(Entry(depth, head, tuple(self._indicator_lines(name, row)), name))
            for one in self.result.feeds.get((self.case, name), ()):
                fact = facts[one]
                low, high = fact.bounds
                when = f", {fact.period}" if fact.start or fact.end else ""
                chosen = ", preferred" if fact.preferred else ""
                part = _part(indicator.measure, fact)
                head = f"{one}: {part}{_span(fact.value, low, high)} {fact.unit} ({fact.wording}{chosen}{when})"
                source = self.result.profile.sources.get(fact.source or "")
                place = fact.place + (f"; {source}" if source else "")
                entries.append(Entry(depth + 2, head, (fact.statement or indicator.title, place)))
        return entries

    def __repr__(self) -> str:
        """Return the node as an indented tree."""
        lines = []
        for one in self.outline():
            margin = "  " * one.depth
            lines += [f"{margin}{one.head}", *(f"{margin}  {detail}" for detail in one.details)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return the node as an indented table: what it is, and what is said of it."""
        top, *entries = self.outline()
        rows = []
        for one in entries:
            said = "<br>".join(map(html.escape, one.details))
            style = f"text-align: left; padding-left: {one.depth + 1}em"
            head = f'<th scope="row" style="{style}">{html.escape(one.head)}</th>'
            rows.append(f'<tr>{head}<td style="text-align: left">{said}</td></tr>')
        return f"<table><caption>{html.escape(top.head)}</caption>{''.join(rows)}</table>"

    def _indicator_lines(self, name: str, row: Mapping[str, Any]) -> list[str]:
        indicator = self.result.profile.framework.indicators[name]
        if row["reason"]:
            return [f"missing: {row['reason']}"]
        beyond = f", beyond the {row['clipped']} goalpost" if row["clipped"] else ""
        measure = None if self.result.profile.values is not None else indicator.measure
        kind = "value" if measure is None else measure.kind
        per = ""
        if (by := indicator.denominator) is not None:
            per = f" per {by.scale:g} of '{by.variable}'" if by.scale != 1 else f" per '{by.variable}'"
        lines = [indicator.question] if indicator.question else []
        span = _span(row["raw"], row["raw_low"], row["raw_high"])
        lines.append(f"{kind}: {span} {indicator.unit}{per}{beyond}")
        if np.isnan(row["raw"]):
            engine = self.result.engine
            place = engine.indicators.index(name)
            method, value = engine.method_names("impute")[place], engine.imputed[self.row, place]
            lines.append(f"imputed by '{method}': {value:.4g}")
        if (cell := self._cell(name)) is not None:
            lines.append(f"from the table: {cell}")
        if (posts := indicator.goalposts) is not None:
            shape = ", logarithmic" if posts.log else ""
            shape += f", 50 points at {posts.parity:g}" if posts.parity else ""
            lines.append(
                f"goalposts: {posts.low:g} to {posts.high:g}{shape}, {indicator.better} is better: {posts.reason}"
            )
        else:
            lines.append(f"{indicator.better} is better")
        if indicator.quality is not None:
            lines.append(f"quality {indicator.quality}: {indicator.quality_reason or 'no reason given'}")
        weight, given = row["effective_weight"], row["contribution"]
        return [*lines, f"weight {weight:.3f} of the composite, contribution {given:.2f}"]

    def _cell(self, name: str) -> str | None:
        """Return a cell of the table of values, with its source."""
        table = self.result.profile.values
        if table is None or name not in table.columns:
            return None
        place = table.columns.index(name)
        parts = [float(table.column(name, part)[self.row]) for part in ("value", "low", "high")]
        code = -1 if table.source is None else int(table.source[self.row, place])
        source = "no source named" if code < 0 else str(self.result.profile.sources[table.sources[code]])
        return f"{_span(parts[0], parts[1], parts[2])}; {source}"


def captioned(caption: str, frame: pd.DataFrame, notes: Iterable[str] = (), *, index: bool = True) -> str:
    """Return a frame as an HTML table of few rows, with a caption and notes below it; all text is escaped."""
    with pd.option_context("display.max_colwidth", None):
        table = frame.round(3).to_html(escape=True, index=index, max_rows=ROWS)
    heads, body, cells = table.partition("<tbody>")
    # All text is escaped: a tag is a tag.
    table = heads.replace("<th>", '<th scope="col">').replace("<th ", '<th scope="col" ')
    table += body + cells.replace("<th>", '<th scope="row">').replace("<th ", '<th scope="row" ')
    head = f"<caption><strong>{html.escape(caption)}</strong></caption>"
    said = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return table.replace(">", f">{head}", 1) + said


def in_steps(scores: Floats, scale: tuple[float, float] | None) -> Floats:
    """Return scores as whole numbers of steps, 1e-9 of the scale each, so that tied scores are equal."""
    width = scale[1] - scale[0] if scale else max(float(np.nanmax(np.abs(scores), initial=1.0)), 1.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(scores / (width * TIE)))


def _one(what: str, given: Any, known: Sequence[Any]) -> Any:
    """Return the label that is given, or the only one; raise NotFoundError where there is no such one."""
    if given is None and len(known) == 1:
        return known[0]
    if given is None:
        shown = ", ".join(map(str, known[:5]))
        more = " ..." if len(known) > 5 else ""
        raise NotFoundError.of(f"explain: {what}", f"there are {len(known)} {what}s: {shown}{more}", "Name one.")
    if given not in known:
        mend = did_you_mean(given, map(str, known))
        raise NotFoundError.of(f"explain: {what}", f"there is no {what} '{given}'", mend)
    return given


def _key(label: Any) -> tuple[Any, ...]:
    return label if isinstance(label, tuple) else (label,)


def _read_only(table: Kept) -> Kept:
    """Return what is given; an array cannot be written to any more."""
    if isinstance(table, np.ndarray):
        table.flags.writeable = False
    return table


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


def _span(value: float | None, low: float, high: float) -> str:
    if value is None or np.isnan(value):
        return "missing"
    return f"{value:.4g}" if low == high else f"{value:.4g} [{low:.4g}, {high:.4g}]"


def _walk(profile: Profile, nodes: tuple[str, ...]) -> list[str]:
    """Return the scored nodes as a reader walks the tree: each before its children, in declared order."""
    framework, scored = profile.framework, set(nodes)
    children: dict[str, list[str]] = {}
    for name in (*framework.dimensions, *framework.indicators):
        if name in scored and name in framework.parents:
            children.setdefault(framework.parents[name], []).append(name)
    walked, waiting = [], [framework.root]
    while waiting:
        walked.append(waiting.pop())
        waiting += reversed(children.get(walked[-1], []))
    return walked


def _notes(result: Result) -> Iterator[str]:
    """Yield what the numbers say to a reader: choices that nobody made, refused bounds, orders that are left open."""
    profile, engine = result.profile, result.engine
    if profile.framework.id == FLAT:
        yield _flat_note(result)
    if engine.bounds_refused is not None:
        yield engine.bounds_refused
    if any(CONSTANT in one.flags for one in profile.observations):
        yield from _constant_notes(result)
    first = engine.tree.families[-1].children
    if len(result.index) > 1 or len(first) < 2:
        return
    scores, low, high = (table[0, first] for table in (result.score, result.low, result.high))
    if np.isnan(low).any():
        return
    order = np.argsort(-scores, kind="stable")
    if (low[order[:-1]] <= high[order[1:]]).any():
        ranked = ", ".join(profile.framework.node_title(engine.tree.nodes[first[one]]) for one in order)
        yield f"{engine.label(0)}: the facts do not settle the order {ranked}: their bounds overlap."


def _constant_notes(result: Result) -> Iterator[str]:
    """Yield what facts without a date carry of each score, where they are held constant."""
    for case, row in zip(result.index, result.undated().to_dict("records"), strict=True):
        if np.isnan(row["points"]):
            continue
        yield (
            f"{case}: facts without a date, held constant, carry {row['points']:.1f} points ({row['share']:.0%}), and"
            f" {row['points_in_part']:.1f} more ({row['share_in_part']:.0%}) beside dated ones."
        )


def _flat_note(result: Result) -> str:
    """Return what a score without a framework of its own takes for granted."""
    engine, indicators = result.engine, result.profile.indicators.values()
    weights = np.atleast_2d(engine.weights)[:, : engine.tree.indicator_count]
    equal = "equal weights" if np.allclose(weights, weights[:, :1]) else "weights as given"
    turned = [one.title for one in indicators if one.better == "lower"]
    better = f"lower is better for {', '.join(turned)}" if turned else "higher is better"
    number = f"{len(result.cases)} cases" if len(result.cases) > 1 else "one case"
    if result.index.nlevels > 1:
        number += f" in {result.index.get_level_values('period').nunique()} periods"
    how = ", ".join(one.method.name for one in engine.normalisers) + ("" if engine.fixed else f" over {number}")
    return f"Scored without a framework: {len(engine.indicators)} indicators, {equal}, {better}, {how}."


def fingerprint(profile: Profile) -> dict[str, str]:
    """Return the library's version and SHA-256 hashes of what decides a score.

    ``specifications`` covers the framework, ``observations`` every row or cell, ``sources`` where they come from,
    ``methodology`` the choices, the cases, the window, the sets of indicators and what is left out. The order of keys
    and rows in the files does not matter.
    """
    parts: dict[str, Any] = {
        "specifications": profile.framework.model_dump(mode="json"),
        "observations": sorted((one.model_dump(mode="json") for one in profile.observations), key=itemgetter("id")),
        "sources": {name: one.model_dump(mode="json") for name, one in profile.sources.items()},
        "methodology": profile.model_dump(mode="json", include={"methodology", "cases", "window"})
        | {"sets": sorted(set(profile.sets)), "left_out": sorted(set(profile.left_out))},
    }
    if profile.values is not None:
        parts["observations"] = profile.values.digest()
    hashes = {
        name: hashlib.sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        for name, part in parts.items()
    }
    return {"version": version("softpower"), **hashes}

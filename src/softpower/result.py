"""What a score returns: the scores with everything that they came from."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.model.framework import Dimension
from softpower.model.indicator import Indicator, Measure, Ratio, Rungs, YearsBetween
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.steps.measures import Floats, Mask

TIE = 1e-9
"""Scores that agree when rounded to this share of the scale are tied."""


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Scores of every node of every case, with bounds, coverage, weights and reasons.

    Arrays have the shape (cases, nodes), or (cases, indicators) for ``raw``, ``raw_low``, ``raw_high`` and
    ``clipped``. They are read-only.

    Parameters
    ----------
    profile : Profile
        Everything that went in: framework, observations, methodology.
    nodes : tuple of str
        Indicators first, the composite last.
    score, low, high : array
        The score and its bounds with all observations within theirs. NaN where missing.
    gap_low, gap_high : array
        The bounds with, in addition, every gap at the scale's ends.
    coverage : array
        Observed effective weight over included effective weight.
    weight, effective_weight : array
        Among siblings and in the composite, as used after renormalising over what is present.
    contribution : array
        What each node adds to the composite.
    exact : boolean array
        Whether the bounds are attained; False marks an outer bound, where indicators share uncertain facts.
    raw, raw_low, raw_high : array
        Indicators' values in their own units.
    clipped : array of str
        ``"low"`` or ``"high"`` where a value lies beyond a goalpost.
    reasons : mapping of (case, node) to str
        Why a node is missing.
    feeds : mapping of (case, indicator) to observation ids
    scale : tuple of float, optional
        The ends of the scale of the scores, where it has ends.
    fingerprint : mapping
        Version of the library and hashes of specs, observations, sources and methodology.
    notes : tuple of str
        What the numbers themselves say to a reader; the caveats of the profile stand beside them.
    """

    profile: Profile
    nodes: tuple[str, ...]
    score: Floats
    low: Floats
    high: Floats
    gap_low: Floats
    gap_high: Floats
    coverage: Floats
    weight: Floats
    effective_weight: Floats
    contribution: Floats
    exact: Mask
    raw: Floats
    raw_low: Floats
    raw_high: Floats
    clipped: np.ndarray
    reasons: Mapping[tuple[str, str], str]
    feeds: Mapping[tuple[str, str], tuple[str, ...]]
    scale: tuple[float, float] | None
    fingerprint: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def cases(self) -> tuple[str, ...]:
        """What was scored."""
        return self.profile.cases

    @property
    def composite(self) -> pd.Series[float]:
        """The composite by case."""
        return pd.Series(self.score[:, -1].copy(), pd.Index(self.cases, name="case"), name=self.nodes[-1])

    @cached_property
    def _frame(self) -> pd.DataFrame:
        framework = self.profile.framework
        leaves = self.raw.shape[1]
        wide = {
            name: getattr(self, name)
            for name in (
                *("score", "low", "high", "gap_low", "gap_high", "coverage"),
                *("weight", "effective_weight", "contribution", "exact"),
            )
        }
        empty = np.full((len(self.cases), len(self.nodes) - leaves), np.nan)
        for name in ("raw", "raw_low", "raw_high"):
            wide[name] = np.hstack([getattr(self, name), empty])
        wide["clipped"] = np.hstack([self.clipped, np.full(empty.shape, "")])
        # Down the tree as a reader walks it, each node before its children.
        order = [self.nodes.index(name) for name in _walk(self.profile, self.nodes)]
        index = pd.MultiIndex.from_product([self.cases, [self.nodes[i] for i in order]], names=["case", "node"])
        frame = pd.DataFrame({name: table[:, order].ravel() for name, table in wide.items()}, index)
        nodes = index.get_level_values("node")
        frame.insert(0, "title", [framework.node_title(node) for node in nodes])
        frame.insert(1, "level", [framework.level(node) for node in nodes])
        units = {name: one.unit for name, one in framework.indicators.items()}
        frame.insert(list(frame.columns).index("raw"), "unit", [units.get(node, "") for node in nodes])
        frame["reason"] = [self.reasons.get(key, "") for key in index]
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
        if level is None:
            return self._frame.copy()
        levels = (*self.profile.framework.levels, "indicator")
        if level not in levels:
            raise NotFoundError.of("to_frame: level", f"there is no level '{level}'", did_you_mean(level, levels))
        return self._frame[self._frame["level"] == level].copy()

    def ranks(self, node: str | None = None) -> pd.Series[int]:
        """Return each case's rank by a node, the composite by default; 1 is the highest score.

        Ties take the lowest rank; scores that agree when rounded to 1e-9 of the scale are tied. A missing score
        has no rank.

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
        width = self.scale[1] - self.scale[0] if self.scale else max(float(np.nanmax(np.abs(scores), initial=1.0)), 1.0)
        with np.errstate(invalid="ignore"):
            steps = pd.Series(np.rint(scores / (width * TIE)), pd.Index(self.cases, name="case"))
        return steps.rank(ascending=False, method="min").astype("Int64").rename("rank")

    def explain(self, case: str | None = None, node: str | None = None) -> Explanation:
        """Return a node taken apart: down to each observation and its place in the source.

        Parameters
        ----------
        case : str, optional
            The case; it may be left out where there is one.
        node : str, optional
            A dimension or an indicator; the composite by default.

        Raises
        ------
        NotFoundError
            If there is no such case or node.
        """
        if case is None and len(self.cases) == 1:
            case = self.cases[0]
        if case is None:
            shown = ", ".join(self.cases[:5])
            what = f"there are {len(self.cases)} cases: {shown}{' ...' if len(self.cases) > 5 else ''}"
            raise NotFoundError.of("explain: case", what, "Name one.")
        if case not in self.cases:
            raise NotFoundError.of("explain: case", f"there is no case '{case}'", did_you_mean(case, self.cases))
        self._place(node or self.nodes[-1])
        return Explanation(self, case, node or self.nodes[-1])

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
        """Return the sources of the observations that feed a score, with how many rest on each."""
        used = {one for ids in self.feeds.values() for one in ids}
        count: dict[str, int] = {}
        for one in self.profile.observations:
            if one.id in used and one.source is not None:
                count[one.source] = count.get(one.source, 0) + 1
        rows = [
            {"source": name, "observations": number, "kind": self.profile.sources[name].kind}
            | {"citation": str(self.profile.sources[name])}
            for name, number in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        return pd.DataFrame(rows, columns=["source", "observations", "kind", "citation"]).set_index("source")

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
        """The composite and the first level, with bounds and coverage."""
        framework = self.profile.framework
        near = self._frame[[framework.depths[node] <= 1 for node in self._frame.index.get_level_values("node")]]
        return near[["title", "score", "low", "high", "coverage"]]

    def __repr__(self) -> str:
        """Return the composite and the first level as a table, with the notes."""
        head = f"{self.profile.title} ({self.profile.window})"
        return "\n".join([head, self._top().round(3).to_string(), *self.notes, *self.profile.caveats])

    def _repr_html_(self) -> str:
        """Return the composite and the first level as an HTML table, with the notes."""
        head = f"<p><strong>{html.escape(self.profile.title)}</strong> ({self.profile.window})</p>"
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in (*self.notes, *self.profile.caveats))
        return head + self._top().round(3).to_html(escape=True) + notes


@dataclass(frozen=True, repr=False)
class Explanation:
    """One node of one case, down to the observations that it rests on."""

    result: Result
    case: str
    node: str

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
        frame = self.result.to_frame()
        mine = frame[frame.index.get_level_values("case") == self.case].droplevel("case")
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

    def __repr__(self) -> str:
        """Return the node as an indented tree."""
        framework = self.result.profile.framework
        facts = {one.id: one for one in self.result.profile.observations}
        base = framework.depths[self.node]
        lines, table = [self.case], self._table()
        for name in _walk(self.result.profile, self.result.nodes):
            if self.node not in framework.path(name):
                continue
            margin = "  " * (framework.depths[name] - base)
            row = table[name]
            lines.append(
                f"{margin}{framework.node_title(name)} [{name}]: {_span(row['score'], row['low'], row['high'])}"
            )
            if name not in framework.indicators:
                continue
            indicator = framework.indicators[name]
            lines += [f"{margin}  {text}" for text in self._indicator_lines(name, row)]
            for one in self.result.feeds.get((self.case, name), ()):
                fact = facts[one]
                low, high = fact.bounds
                when = f", {fact.period}" if fact.start or fact.end else ""
                chosen = ", preferred" if fact.preferred else ""
                value = f"{_span(fact.value, low, high)} {fact.unit}"
                part = _part(indicator.measure, fact)
                lines.append(f"{margin}    {one}: {part}{value} ({fact.wording}{chosen}{when})")
                lines.append(f"{margin}      {fact.statement or indicator.title}")
                source = self.result.profile.sources.get(fact.source or "")
                lines.append(f"{margin}      {fact.place}" + (f"; {source}" if source else ""))
        return "\n".join(lines)

    def _indicator_lines(self, name: str, row: Mapping[str, Any]) -> list[str]:
        indicator = self.result.profile.framework.indicators[name]
        posts = indicator.goalposts
        if row["reason"]:
            return [f"missing: {row['reason']}"]
        shape = (", logarithmic" if posts.log else "") + (f", 50 points at {posts.parity:g}" if posts.parity else "")
        beyond = f", beyond the {row['clipped']} goalpost" if row["clipped"] else ""
        return [
            f"{indicator.question}",
            f"{indicator.measure.kind}: {_span(row['raw'], row['raw_low'], row['raw_high'])} {indicator.unit}{beyond}",
            f"goalposts: {posts.low:g} to {posts.high:g}{shape}, {indicator.better} is better: {posts.reason}",
            f"quality {indicator.quality}: {indicator.quality_reason}",
            f"weight {row['effective_weight']:.3f} of the composite, contribution {row['contribution']:.2f}",
        ]


def _part(measure: Measure, fact: Observation) -> str:
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

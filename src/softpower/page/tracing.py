"""One case from its composite down to each fact, and to the place in the source where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.naming import Titles
from softpower.analysis.one_at_a_time import tornado
from softpower.analysis.scenarios import score_scenarios
from softpower.analysis.sensitivity import SensitivityResult, sensitivity_analysis
from softpower.analysis.uncertainty import UncertaintyResult
from softpower.model.indicator import (
    EffectiveNumber,
    Indicator,
    Mean,
    Measure,
    Range,
    Rate,
    Ratio,
    Rungs,
    ShareOfWindow,
    Sum,
    Value,
    YearsBetween,
)
from softpower.model.observation import Observation
from softpower.page.contents import Entry, Fact, Link, Node
from softpower.page.wording import Anchors, isolated, listed, number_text, score_text, share_text, span_text, valued
from softpower.result import Result

ROWS = 256
"""The rows of the design of a sensitivity analysis: enough to tell what matters, and quick."""
Scores = Mapping[str, Mapping[str, Any]]
"""What there is of each node of a row."""


@dataclass(frozen=True)
class Study:
    """A score, its draws where there are any, and the names of the places of its page."""

    result: Result
    drawn: UncertaintyResult | None
    anchors: Anchors = field(default_factory=Anchors)

    @cached_property
    def scores(self) -> list[Scores]:
        """The scores of each row by node, as a reader walks the tree."""
        return self._rows(self.result.to_frame())

    @cached_property
    def intervals(self) -> list[Scores]:
        """What the draws of each row come to by node; empty where nothing is drawn."""
        return [] if self.drawn is None else self._rows(self.drawn.to_frame())

    def _rows(self, frame: pd.DataFrame) -> list[Scores]:
        size = len(self.result.nodes)
        nodes = map(str, frame.index.get_level_values("node"))
        cells = list(zip(nodes, frame.to_dict("records"), strict=True))
        return [
            {node: {str(key): one for key, one in row.items()} for node, row in cells[start : start + size]}
            for start in range(0, len(cells), size)
        ]

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """The scores under each scenario, which a table and a picture show."""
        return score_scenarios(self.result)

    @cached_property
    def sensitivity(self) -> SensitivityResult | None:
        """What the spread comes from, by kinds of factors; None where nothing is drawn."""
        if self.drawn is None:
            return None
        return sensitivity_analysis(self.result, groups="kinds", n=ROWS, rng=self.drawn.seed)

    @cached_property
    def tornado(self) -> pd.DataFrame | None:
        """What each factor alone does to the composite; None where nothing is drawn, or for several cases."""
        return None if self.drawn is None or len(self.labels) > 1 else tornado(self.result)

    @cached_property
    def specifications(self) -> pd.DataFrame | None:
        """The scores under every combination of choices; None where nothing is drawn."""
        return None if self.drawn is None else self.drawn.specifications()

    @cached_property
    def titles(self) -> Titles:
        """What factors and their ends are called."""
        return Titles(self.result.profile)

    @cached_property
    def labels(self) -> list[str]:
        """The name of each row: its case, and its period where it has one."""
        return [self.result.engine.label(row) for row in range(len(self.result.index))]

    @cached_property
    def facts(self) -> Mapping[str, Observation]:
        """The observations by id."""
        return {one.id: one for one in self.result.profile.observations}

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """The scored nodes under each node, in declared order."""
        parents, found = self.result.profile.framework.parents, dict[str, list[str]]()
        for name in self.scores[0]:
            if name in parents:
                found.setdefault(parents[name], []).append(name)
        return found

    @property
    def root(self) -> str:
        """The composite."""
        return self.result.nodes[-1]

    @property
    def first_level(self) -> Sequence[str]:
        """The nodes right below the composite."""
        return self.children[self.root]

    def title(self, node: str) -> str:
        """Return the title of a node, isolated."""
        return isolated(self.result.profile.framework.node_title(node))

    @cached_property
    def methods(self) -> Mapping[str, Sequence[str]]:
        """The method of each indicator that fills gaps, and the one that treats outliers."""
        return {step: self.result.engine.method_names(step) for step in ("impute", "treat")}

    def interval(self, row: int, node: str) -> str:
        """Return the interval that holds 90 % of the draws of a score; empty where nothing is drawn."""
        if self.drawn is None:
            return ""
        one = self.intervals[row][node]
        return "" if np.isnan(one["low"]) else span_text(one["low"], one["high"])


def trace(study: Study, row: int, *, defined: bool) -> Node:
    """Return the tree of a row.

    Parameters
    ----------
    study : Study
    row : int
    defined : bool
        Whether each indicator's definition stands with it; else it leads to where it is told once for all cases.
    """
    return _node(study, row, study.root, defined=defined)


def _node(study: Study, row: int, name: str, *, defined: bool) -> Node:
    profile = study.result.profile
    scored = study.scores[row][name]
    indicator = profile.framework.indicators.get(name)
    entries = _scores(study, row, name, scored)
    facts: tuple[Fact, ...] = ()
    if indicator is not None:
        how = definition(study, name) if defined else (_elsewhere(study, name, indicator),)
        entries = (*how, *_values(study, row, name, scored), *entries)
        facts = tuple(_facts(study, row, name))
    elif (said := profile.framework.dimensions[name].description) is not None:
        entries = (Entry("What it is", (said,)), *entries)
    return Node(
        study.anchors.of("node", study.labels[row], name),
        profile.framework.node_title(name),
        name,
        profile.framework.level(name),
        score_text(scored["score"]),
        entries,
        tuple(_node(study, row, child, defined=defined) for child in study.children.get(name, ())),
        facts,
    )


def _elsewhere(study: Study, name: str, indicator: Indicator) -> Entry:
    link = Link("How it is measured, and against which goalposts", study.anchors.of("indicator", name))
    return Entry("Question", (indicator.question, link) if indicator.question else (link,))


def definition(study: Study, name: str) -> tuple[Entry, ...]:
    """Return what an indicator measures, how, and against which goalposts."""
    profile = study.result.profile
    indicator = profile.framework.indicators[name]
    found = [Entry("Question", (indicator.question,))] if indicator.question else []
    if indicator.measure is not None and profile.values is None:
        found.append(Entry("Measure", tuple(measured(indicator.measure, _titles(study)))))
    if (by := indicator.denominator) is not None:
        scale = f"{by.scale:g} of " if by.scale != 1 else ""
        found.append(Entry("Divided by", (f"per {scale}{_titles(study).get(by.variable, by.variable)}",)))
    found.append(Entry("Unit", (f"{indicator.unit}, {indicator.better} is better",)))
    if (posts := indicator.goalposts) is not None:
        found.append(Entry("Goalposts", (_range(posts), posts.reason)))
        other = tuple(f"{_range(one)}: {one.reason}" for one in posts.alternatives)
        found += [Entry("Other goalposts", other)] if other else []
    if indicator.alternative_measures:
        also = tuple(f"{isolated(one.title)}: {one.reason}" for one in indicator.alternative_measures)
        found.append(Entry("Other measures", also))
    if indicator.quality is not None:
        found.append(Entry("Quality", (f"{indicator.quality}, where A is the best and D the worst",)))
    if indicator.overlaps:
        found.append(Entry("Overlaps", (listed(profile.framework.node_title(one) for one in indicator.overlaps),)))
    if indicator.references:
        cited = (Link(_short(study, one), study.anchors.of("work", one)) for one in indicator.references)
        found.append(Entry("Rests on", tuple(cited)))
    return tuple(found)


def _short(study: Study, work: str) -> str:
    cited = study.result.profile.framework.works[work]
    return f"{listed(cited.authors)} ({cited.year})"


def _titles(study: Study) -> Mapping[str, str]:
    return {name: isolated(one.title) for name, one in study.result.profile.framework.variables.items()}


def _range(posts: Range) -> str:
    shape = ", by the logarithm" if posts.log else ""
    shape += f", 50 points at {posts.parity:g}" if posts.parity is not None else ""
    return f"{posts.low:g} to {posts.high:g}{shape}"


def measured(measure: Measure, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield in words how a measure derives from variables, rungs one by one."""
    named = [titles.get(one, one) for one in measure.terms]
    match measure:
        case Value():
            yield f"The value of: {named[0]}."
        case Sum():
            yield f"The sum of: {'; '.join(named)}."
        case Ratio():
            parts = (measure.numerator, measure.denominator)
            above, below = ("; ".join(titles.get(one, one) for one in part) for part in parts)
            yield f"A ratio. Above: {above}."
            yield f"Below: {below}."
        case Rate():
            yield f"How many a year of the window: {'; '.join(named)}."
        case ShareOfWindow():
            yield f"The share of the window in which any of these is in force: {'; '.join(named)}."
        case Rungs():
            yield "The highest rung that is met." if measure.kind == "ladder" else "How many of these are met."
            for place, rung in enumerate(measure.rungs, 1):
                yield f"{place}. {isolated(rung.title)} ({titles.get(rung.variable, rung.variable)})"
        case YearsBetween():
            yield f"Years from the first to the second: {named[0]}; {named[1]}."
        case EffectiveNumber():
            yield f"The effective number, 1 over the sum of squared shares, of: {'; '.join(named)}."
        case Mean():
            yield f"The mean of the judgements: {'; '.join(named)}."


def _values(study: Study, row: int, name: str, scored: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the value in its own unit, where it comes from, and what is wrong with its data."""
    value = valued(scored["raw"], scored["raw_low"], scored["raw_high"])
    yield Entry("Value, with bounds", (f"{value} {scored['unit']}" if value != "missing" else value,))
    table = study.result.profile.values
    if table is not None and table.source is not None and name in table.columns:
        code = int(table.source[row, table.columns.index(name)])
        if code >= 0:
            source = table.sources[code]
            known = study.result.profile.sources.get(source)
            yield Entry("Comes from", (Link(str(known) if known else source, study.anchors.of("source", source)),))
    if wrong := tuple(_wrong(study, row, name, scored)):
        yield Entry("What is wrong with its data", wrong)


def _wrong(study: Study, row: int, name: str, scored: Mapping[str, Any]) -> Iterator[str]:
    result = study.result
    indicator, place = result.profile.framework.indicators[name], result.engine.indicators.index(name)
    if scored["reason"]:
        yield f"It is missing: {scored['reason']}."
    if indicator.quality_reason:
        yield indicator.quality_reason
    if indicator.note:
        yield indicator.note
    if scored["clipped"]:
        yield f"The value lies beyond the {scored['clipped']} goalpost, where the score stays."
    if np.isnan(scored["raw"]) and not np.isnan(result.engine.imputed[row, place]):
        filled = result.engine.imputed[row, place]
        yield f"There is no observation; {filled:.4g} is imputed by '{study.methods['impute'][place]}'."
    before, after = result.engine.imputed[row, place], result.engine.treated[row, place]
    if not np.isnan(before) and before != after:
        yield f"As an outlier it is treated by '{study.methods['treat'][place]}': {before:.4g} becomes {after:.4g}."
    if not scored["exact"]:
        yield "Its bounds are outer bounds: they may not be attained."
    facts = [study.facts[one] for one in _fed(study, row, name)]
    sources = {one.source for one in facts}
    if len(facts) > 1 and len(sources) == 1 and None not in sources:
        yield f"All its {len(facts)} observations come from one source."


def _scores(study: Study, row: int, name: str, scored: Mapping[str, Any]) -> tuple[Entry, ...]:
    known = study.result.profile.framework.indicators
    score = "Normalised value" if name in known else "Score"
    found = [Entry(score, (score_text(scored["score"]),))]
    if scored["reason"] and name not in known:
        found.append(Entry("Why it is missing", (scored["reason"],)))
    if between := study.interval(row, name):
        found.append(Entry("90 % of draws", (between,)))
    if not np.isnan(scored["low"]):
        bounds = span_text(scored["low"], scored["high"])
        found.append(Entry("Bounds", (bounds if scored["exact"] else f"{bounds}, outer bounds",)))
    if name != study.root:
        found.append(Entry("Weight among its siblings", (number_text(scored["weight"], ".3f"),)))
    weight, given = number_text(scored["effective_weight"], ".3f"), number_text(scored["contribution"], ".2f")
    found += [Entry("Weight in the composite", (weight,)), Entry("Contribution, in points", (given,))]
    return (*found, Entry("Coverage", (share_text(scored["coverage"]),)))


def _fed(study: Study, row: int, name: str) -> Sequence[str]:
    case = str(study.result.index.get_level_values("case")[row])
    return study.result.feeds.get((case, name), ())


def _facts(study: Study, row: int, name: str) -> Iterator[Fact]:
    profile = study.result.profile
    titles = _titles(study)
    for one in _fed(study, row, name):
        fact = study.facts[one]
        low, high = fact.bounds
        value = f"{valued(fact.value or 0.0, low, high)} {fact.unit}"
        entries = [Entry("Variable", (titles.get(fact.variable or "", fact.variable or ""),))]
        words = (fact.wording.replace("_", " "), *compress(["preferred to the others"], [fact.preferred]))
        entries.append(Entry("Wording", (", ".join(words),)))
        if fact.start or fact.end:
            entries.append(Entry("Period", (str(fact.period),)))
        if fact.case != profile.cases[0] or len(profile.cases) > 1:
            entries.append(Entry("About", (fact.case,)))
        entries += [Entry("Place in the source", (placed(fact),))] if fact.place else []
        if fact.source is not None:
            link = Link(str(profile.sources[fact.source]), study.anchors.of("source", fact.source))
            entries.append(Entry("Source", (link,)))
        entries += [Entry("Remark", (fact.reason,))] if fact.reason else []
        entries += [Entry("Flags", (flags(fact),))] if fact.flags else []
        anchor = study.anchors.of("fact", study.labels[row], name, one)
        yield Fact(anchor, one, fact.statement or titles.get(fact.variable or "", ""), value, tuple(entries))


def placed(fact: Observation) -> str:
    """Return where a fact stands in its source; the name of a section turns nothing behind it."""
    section = fact.section or ""
    return isolated(section) + fact.place.removeprefix(section)


def flags(fact: Observation) -> str:
    """Return the flags of a fact in words."""
    return ", ".join(isolated(one.replace("_", " ")) for one in fact.flags)

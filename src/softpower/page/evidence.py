"""What scores rest on: how much is observed, what is unclear in it, sources and works."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from softpower.model.observation import Observation
from softpower.page.contents import Cell, Section, Source, Table
from softpower.page.tracing import Study, flags, placed
from softpower.page.wording import isolated, listed, number_text, share_text

LISTED = 200
"""So many gaps and changed cells are listed."""

Rows = list[tuple[Cell, ...]]


def coverage_section(study: Study) -> Section:
    """Return how much is observed, and what is missing, imputed or treated."""
    result = study.result
    said, tables = [], []
    coverage = result.coverage[:, -1]
    if np.nanmin(coverage, initial=1.0) >= 1:
        said.append("Every indicator that enters is observed for every case.")
    else:
        low = int(np.nanargmin(coverage))
        said.append(
            "Coverage is the weight of what is observed in the weight of all that enters. The least is"
            f" {share_text(coverage[low])}, of {isolated(study.labels[low])}."
        )
    gaps: Rows = [
        (" ".join(map(str, row)), study.title(node), why) for (*row, node), why in list(result.reasons.items())[:LISTED]
    ]
    if gaps:
        more = f", the first {LISTED}" if len(result.reasons) > LISTED else ""
        tables.append(
            Table(f"What is missing, and why{more}", ("Case", "node", "why"), tuple(gaps), frozenset({1, 2}), True)
        )
    for frame, caption in ((result.imputed(), "Imputed values"), (result.treated(), "Values treated as outliers")):
        if len(frame):
            rows = tuple(tuple(_plain(cell) for cell in row) for row in frame.head(LISTED).itertuples(index=False))
            texts = frozenset(
                place for place, name in enumerate(frame.columns) if name in {"indicator", "method", "period"}
            )
            more = f", the first {LISTED} of {len(frame):,}" if len(frame) > LISTED else ""
            tables.append(Table(f"{caption}{more}", tuple(map(str, frame.columns)), rows, texts, True))
    return Section("coverage", "Coverage", tuple(said), tuple(tables))


def _plain(cell: Any) -> str:
    return number_text(cell) if isinstance(cell, float) else str(cell)


def doubts_section(study: Study) -> Section:
    """Return what is inconsistent or unclear in the sources, as the rows themselves say it."""
    profile = study.result.profile
    feeding: dict[str, list[str]] = {}
    for (_, indicator), ids in study.result.feeds.items():
        for one in ids:
            feeding.setdefault(one, []).append(indicator)
    differing: Rows = list(_differing(study, feeding))
    scored: Rows = [
        (one.id, one.statement or "", one.reason or "", flags(one), placed(one), titles_of(study, feeding[one.id]))
        for one in profile.observations
        if one.id in feeding and (one.reason or one.flags)
    ]
    measures = [one.measure for one in profile.indicators.values()]
    used = {term for one in measures if one is not None for term in one.terms}
    others: Rows = [
        (one.id, one.use.replace("_", " "), one.statement or "", _why_idle(one, used), placed(one))
        for one in profile.observations
        if one.id not in feeding
    ]
    tables = []
    if differing:
        apart = ("Observations", "what they say", "what holds", "what each says", "feed")
        tables.append(Table("Observations that do not agree", apart, tuple(differing), frozenset({0, 3, 4}), True))
    if scored:
        head = ("Observation", "what it says", "remark", "flags", "place in the source", "feeds")
        texts = frozenset(range(1, 6))
        tables.append(
            Table("Observations that feed a score and have a remark or a flag", head, tuple(scored), texts, True)
        )
    if others:
        idle = ("Observation", "use", "what it says", "why it feeds no score", "place in the source")
        tables.append(Table("Observations that feed no score", idle, tuple(others), frozenset(range(1, 5)), True))
    said = ("What is unclear, derived or at odds in the sources, as each observation has it.",)
    if not tables:
        said = ("All observations feed a score, agree, and have no remark or flag.",)
    return Section("inconsistencies", "Inconsistencies that touch a score", said, tuple(tables))


def _differing(study: Study, feeding: Mapping[str, Sequence[str]]) -> Iterator[tuple[Cell, ...]]:
    """Yield the alternatives and the readings by several coders of one number that are not the same."""
    profile = study.result.profile
    if profile.values is not None:
        return
    statements = {one.id: one.statement or "" for one in profile.observations}
    for slot in {(one.observations, one.part): one for one in study.result.engine.plan.slots}.values():
        if len(set(slot.nominals)) > 1:
            names = slot.observations
            said = "; ".join(f"{name}: {isolated(statements[name])}" for name in names)
            holds = "their mean" if slot.chosen is None else names[slot.chosen]
            fed = titles_of(study, [indicator for name in names for indicator in feeding.get(name, ())])
            yield listed(names), "; ".join(map(number_text, slot.nominals)), holds, said, fed


def _why_idle(one: Observation, used: Collection[str]) -> str:
    """Return why an observation feeds no score."""
    if one.reason or not one.feeds:
        return one.reason or ""
    if one.variable not in used:
        return "No indicator that enters uses its variable."
    return "Another observation of its variable holds, or it lies outside what is scored."


def sources_of(study: Study) -> Iterator[Source]:
    """Yield the sources of the facts, with what rests on each."""
    counts = study.result.sources()["observations"]
    unit = "observations" if study.result.profile.values is None else "cells"
    for name, one in study.result.profile.sources.items():
        count = int(counts.get(name, 0))
        said = [
            one.kind.replace("_", " "),
            f"{count} {unit} that feed a score rest on it" if count else "no score rests on it",
        ]
        said += [f"accessed {one.accessed}"] if one.accessed else []
        said += [one.note] if one.note else []
        yield Source(study.anchors.of("source", name), str(one), _web(one.url or ""), "; ".join(map(isolated, said)))


def works_of(study: Study) -> Iterator[Source]:
    """Yield the works that the framework cites."""
    framework = study.result.profile.framework
    for name, one in study.result.references().iterrows():
        work = framework.works[str(name)]
        address = f"https://doi.org/{work.doi}" if work.doi else work.url or ""
        cited = [node for node in str(one["cited_by"]).split() if node != framework.id]
        said = f"Cited by {titles_of(study, cited)}." if cited else "Cited by the framework."
        yield Source(study.anchors.of("work", str(name)), str(one["citation"]), _web(address), said)


def titles_of(study: Study, nodes: Sequence[str]) -> str:
    """Return the titles of nodes as one text, each once."""
    return listed(study.result.profile.framework.node_title(one) for one in dict.fromkeys(nodes))


def _web(address: str) -> str:
    """Return an address of the web; nothing else is ever made a link."""
    return address if address.startswith(("https://", "http://")) else ""

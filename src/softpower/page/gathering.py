"""From a study to everything that its page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from softpower.errors import SoftPowerError
from softpower.model.methodology import Choice
from softpower.model.saving import profile_files
from softpower.model.toml import toml_text
from softpower.page.analyses import SHOWN, UNDECLARED, sections
from softpower.page.audited import audit_section
from softpower.page.contents import Block, CasePart, Cell, Definition, Link, Page, Section, Source, Table
from softpower.page.tracing import Study, definition, flags, placed, trace
from softpower.page.wording import (
    difference_text,
    isolated,
    listed,
    number_text,
    score_text,
    share_text,
    span_text,
)
from softpower.registry import STEPS

NODES = 3_000
"""So many nodes of all cases together are traced down to their facts; the page stays small enough to be sent."""
PARTS = 300
"""So many cases have a section of their own."""
RANKED = 1_000
"""So many cases are ranked on the page."""
FIRST = 5
"""So many cases stand under the finding."""
LISTED = 200
"""So many gaps and changed cells are listed."""
FILES = 600_000
"""So many characters the files of the study may have to be put into the page."""
SURE = 0.9
"""From this share of the draws on, an order counts as robust; that of claims is the same."""

Rows = list[tuple[Cell, ...]]


def gather(
    study: Study,
    date: str | None = None,
    compared: tuple[int, int] | None = None,
    told: Callable[[int, int], object] = lambda *_: None,
) -> Page:
    """Return everything that the page of a study says.

    Parameters
    ----------
    study : Study
    date : str, optional
        The date that it bears; none unless given.
    compared : pair of int, optional
        The rows that stand side by side; the first two of the ranking unless given.
    told : function
        Is told how many of the analyses are done, and how many there are.
    """
    result = study.result
    profile = result.profile
    parts = _case_parts(study)
    robust, still_open = _robustness(study)
    span = f"Period: {profile.span}." if profile.span else ""
    scale = f"Scores run from {result.scale[0]:g} to {result.scale[1]:g}." if result.scale else "The scale is open."
    return Page(
        title=profile.title,
        about=tuple(one for one in (profile.summary, " ".join(filter(None, (span, scale)))) if one),
        finding=_finding(study),
        first=_first(study),
        robust=tuple(robust),
        open=tuple(still_open),
        notes=(*result.notes, *profile.caveats),
        ranking=(_ranking(study), *_side_by_side(study, compared)) if len(result.cases) > 1 else (),
        cases=parts,
        cases_said=_cases_said(study, parts),
        sections=(*sections(study, told), audit_section(study), _coverage(study), _doubts(study), *_methodology(study)),
        works=tuple(_works(study)),
        sources=tuple(_sources(study)),
        fingerprint=_fingerprint(study, date),
    )


# The first screen


def _order(study: Study) -> list[int]:
    """Return the rows that have a composite, by period, the highest first."""
    composite = study.result.score[:, -1]
    there = np.flatnonzero(~np.isnan(composite))
    return [int(row) for row in there[np.argsort(-composite[there], kind="stable")]]


def _finding(study: Study) -> str:
    """Return the finding in one sentence, with its interval."""
    result = study.result
    composite, order = study.title(study.root), _order(study)
    if not order:
        return f"{composite} has no score: {isolated(next(iter(result.reasons.values()), 'nothing is observed'))}."
    if len(study.labels) == 1:
        return _finding_of(study, 0)
    first = order[0]
    if result.index.nlevels > 1:
        return f"Over {len(result.cases)} cases in several periods, the highest: {_finding_of(study, first)}"
    tied = [row for row in order if result.ranks().iloc[row] == 1]
    if len(tied) > 1:
        return (
            f"Of {len(order)} cases, {listed(study.labels[row] for row in tied[:SHOWN])} share the highest"
            f" {composite}: {_with_interval(study, first, study.root)}."
        )
    said = f"Of {len(order)} cases, {isolated(study.labels[first])} has the highest {composite}: "
    said += _with_interval(study, first, study.root)
    if len(order) > 1:
        said += f", ahead of {isolated(study.labels[order[1]])} with {_with_interval(study, order[1], study.root)}"
    return f"{said}."


def _first(study: Study) -> Table:
    """Return the scores that stand under the finding: of one case down to its first level, or the first cases."""
    if len(study.labels) == 1:
        return _score_table(study, 0, depth=1, traced=True)
    ranking = _ranking(study)
    caption = ranking.caption if len(ranking.rows) <= FIRST else f"{ranking.caption}: the first {FIRST}"
    return replace(ranking, caption=caption, rows=ranking.rows[:FIRST])


def _finding_of(study: Study, row: int) -> str:
    """Return what the scores of a row say in one sentence."""
    scored = study.scores[row]
    label, composite = isolated(study.labels[row]), study.title(study.root)
    if np.isnan(scored[study.root]["score"]):
        return f"{label} has no {composite}: {isolated(scored[study.root]['reason'])}."
    said = f"{label}: {composite} comes to {_with_interval(study, row, study.root)}"
    there = {node: scored[node]["score"] for node in study.first_level if not np.isnan(scored[node]["score"])}
    high, low = max(there, key=there.__getitem__), min(there, key=there.__getitem__)
    if there[high] > there[low]:
        said += (
            f"; the highest part is {study.title(high)} with {score_text(there[high])},"
            f" the lowest {study.title(low)} with {score_text(there[low])}"
        )
    return f"{said}."


def _with_interval(study: Study, row: int, node: str) -> str:
    scored = study.scores[row][node]
    said = score_text(scored["score"])
    if study.result.scale == (0.0, 100.0):
        said += " of 100"
    if between := study.interval(row, node):
        return f"{said} ({between} in 90 % of the draws)"
    if scored["low"] < scored["high"]:
        return f"{said} (bounds {span_text(scored['low'], scored['high'])})"
    return said


def _robustness(study: Study) -> tuple[list[str], list[str]]:
    """Return what holds in nearly all draws, and what does not."""
    robust: list[str] = []
    still_open: list[str] = []
    if study.drawn is None:
        return robust, [UNDECLARED]
    claims = study.drawn.claims() if study.result.profile.claims else pd.DataFrame()
    for _, one in claims.iterrows():
        said, share = isolated(str(one["says"])), share_text(one["share"])
        match one["verdict"]:
            case "robust":
                robust.append(f"{said} It holds in {share} of the draws.")
            case "robustly denied":
                robust.append(f"The contrary of this: {said} It holds in {share} of the draws.")
            case "undecided":
                still_open.append(f"{said} No draw decides it.")
            case _:
                still_open.append(f"{said} It holds in {share} of the draws.")
    for order, held in _orders(study):
        (robust if held >= SURE else still_open).append(f"{order}: in {share_text(held)} of the draws.")
    return robust, still_open


def _orders(study: Study) -> Iterator[tuple[str, float]]:
    """Yield the order of neighbours as declared, and the share of draws in which it holds."""
    drawn = study.drawn
    if drawn is None or not drawn.job.sampler.comparable:
        return
    if len(study.labels) == 1:
        scores = {node: study.scores[0][node]["score"] for node in study.first_level}
        order: list[Any] = sorted((node for node in scores if not np.isnan(scores[node])), key=lambda one: -scores[one])
        if len(order) < 2 or not set(order) <= set(drawn.job.sampler.children(study.root)):
            return
        titles = {node: study.title(node) for node in order}
    elif drawn.job.ranked and study.result.index.nlevels == 1:
        order = [study.result.index[row] for row in _order(study)][: SHOWN // 2]
        titles = {label: isolated(str(label)) for label in order}
    else:
        return
    shares = drawn.probability_above()
    for above, below in pairwise(order):
        share = float(shares.loc[above, below])
        if not np.isnan(share):
            yield f"{titles[above]} above {titles[below]}", share


# Cases


def _ranking(study: Study) -> Table:
    """Return the rows by rank, within each period."""
    result = study.result
    ranks = result.ranks()
    by_rank = ranks.reset_index(drop=True)
    keys = pd.DataFrame({"rank": by_rank})
    if result.index.nlevels > 1:
        keys.insert(0, "period", result.index.get_level_values("period"))
    order = [int(row) for row in keys.sort_values(list(keys.columns), kind="stable", na_position="last").index]
    drawn = None if study.drawn is None or not study.drawn.job.ranked else study.drawn.ranks()
    sectioned = set(_sectioned(study))
    rows: Rows = []
    for row in order[:RANKED]:
        scored = study.scores[row][study.root]
        label = study.labels[row]
        name: Cell = Link(label, study.anchors.of("case", label)) if row in sectioned else label
        cells = ["" if pd.isna(by_rank.iloc[row]) else str(by_rank.iloc[row])]
        if drawn is not None:
            one = drawn.iloc[row]
            cells.append(span_text(one["low"], one["high"], ".0f"))
        cells += [score_text(scored["score"]), study.interval(row, study.root)] if study.drawn else []
        cells += [] if study.drawn else [score_text(scored["score"]), span_text(scored["low"], scored["high"])]
        rows.append((name, *cells, share_text(scored["coverage"])))
    head = ["Case", "rank", *(["90 % of ranks"] if drawn is not None else []), "score"]
    head += ["90 % of draws" if study.drawn else "bounds", "coverage"]
    more = f", the first {RANKED:,} of {len(order):,}" if len(order) > RANKED else ""
    return Table(f"Ranking by {study.title(study.root)}{more}", tuple(head), tuple(rows))


def _side_by_side(study: Study, compared: tuple[int, int] | None) -> Iterator[Table]:
    """Yield two rows side by side: how far they are apart in each node, and what that adds in points.

    Unless two are given they are the first two, where there is one period and both have a composite.
    """
    ranks = study.result.ranks().reset_index(drop=True).dropna().sort_values(kind="stable")
    if compared is None and (len(ranks) < 2 or len(study.result.engine.by_period) > 1):
        return
    one, other = compared or map(int, ranks.index[:2])
    a, b = study.scores[one], study.scores[other]
    rows: Rows = []
    for node in a:
        pair = (a[node]["score"], b[node]["score"])
        given = a[node]["contribution"] - b[node]["contribution"]
        cells = [*map(score_text, pair), difference_text(pair[0] - pair[1])]
        rows.append((study.title(node), *cells, number_text(given, "+.2f")))
    names = tuple(isolated(study.labels[row]) for row in (one, other))
    head = ("Node", *names, "difference", "points of the composite")
    caption = f"{'Side' if compared else 'The first two side'} by side: {names[0]} and {names[1]}"
    yield Table(caption, head, tuple(rows), folded=len(rows) > 2 * SHOWN)


def _sectioned(study: Study) -> list[int]:
    """Return the rows that have a section of their own, in the order of the data."""
    if len(study.labels) <= PARTS:
        return list(range(len(study.labels)))
    return sorted(_order(study)[:PARTS])


def _case_parts(study: Study) -> tuple[CasePart, ...]:
    rows = _sectioned(study)
    full = NODES // len(study.result.nodes)
    traced = set(rows if len(rows) <= full else [row for row in _order(study) if row in set(rows)][:full])
    return tuple(_case_part(study, row, traced=row in traced) for row in rows)


def _case_part(study: Study, row: int, *, traced: bool) -> CasePart:
    label = study.labels[row]
    return CasePart(
        study.anchors.of("case", label),
        label,
        _finding_of(study, row),
        _score_table(study, row, depth=2 if traced else 1, traced=traced),
        trace(study, row, defined=len(study.labels) == 1) if traced else None,
    )


def _score_table(study: Study, row: int, *, depth: int, traced: bool) -> Table:
    """Return the scores of a row down to a depth; where its tree is on the page they lead into it."""
    label = study.labels[row]
    depths = study.result.profile.framework.depths
    rows: Rows = []
    for name, one in study.scores[row].items():
        if depths[name] > depth:
            continue
        title = study.title(name)
        shown: Cell = Link(title, study.anchors.of("node", label, name)) if traced else title
        cells = [score_text(one["score"]), *([study.interval(row, name)] if study.drawn else [])]
        cells += [span_text(one["low"], one["high"]), number_text(one["contribution"], ".2f")]
        rows.append((shown, *cells, share_text(one["coverage"])))
    head = ("Node", "score", *(["90 % of draws"] if study.drawn else []), "bounds", "contribution", "coverage")
    return Table(f"Scores of {isolated(label)}", head, tuple(rows))


def _cases_said(study: Study, parts: Sequence[CasePart]) -> tuple[str, ...]:
    """Return what the sections of the cases leave out."""
    said = []
    if len(parts) < len(study.labels):
        said.append(
            f"Of {len(study.labels):,} cases, the first {len(parts):,} have a section here; the rest are ranked."
        )
    traced = sum(part.tree is not None for part in parts)
    if traced < len(parts):
        mend = "the command `softpower explain` takes each of the others apart"
        said.append(f"The first {traced:,} are taken apart down to every indicator; {mend}.")
    return tuple(said)


# The rest


def _coverage(study: Study) -> Section:
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


def _doubts(study: Study) -> Section:
    """Return what is inconsistent or unclear in the sources, as the rows themselves say it."""
    profile = study.result.profile
    feeding: dict[str, list[str]] = {}
    for (_, indicator), ids in study.result.feeds.items():
        for one in ids:
            feeding.setdefault(one, []).append(indicator)
    scored: Rows = [
        (one.id, one.statement or "", one.reason or "", flags(one), placed(one), _titles(study, feeding[one.id]))
        for one in profile.observations
        if one.id in feeding and (one.reason or one.flags)
    ]
    others: Rows = [
        (one.id, one.use.replace("_", " "), one.statement or "", one.reason or "", placed(one))
        for one in profile.observations
        if not one.feeds
    ]
    tables = []
    head = ("Observation", "what it says", "remark", "flags", "place in the source", "feeds")
    if scored:
        texts = frozenset(range(1, 6))
        tables.append(
            Table("Observations that feed a score and have a remark or a flag", head, tuple(scored), texts, True)
        )
    idle = ("Observation", "use", "what it says", "why it feeds no score", "place in the source")
    if others:
        tables.append(Table("Observations that feed no score", idle, tuple(others), frozenset(range(1, 5)), True))
    said = ("What is unclear, derived or at odds in the sources, as each observation has it.",)
    if not tables:
        said = ("No observation has a remark or a flag.",)
    return Section("inconsistencies", "Inconsistencies that touch a score", said, tuple(tables))


def _titles(study: Study, nodes: Sequence[str]) -> str:
    return listed(study.result.profile.framework.node_title(one) for one in dict.fromkeys(nodes))


def _methodology(study: Study) -> Iterator[Section]:
    result, profile = study.result, study.result.profile
    how = profile.methodology
    said = [
        (
            "Values are derived from the observations, or taken from the table; gaps are imputed and outliers treated,"
            " where that is chosen; values are normalised, weighted, and aggregated up the tree."
        ),
        f"Framework: {isolated(profile.framework.title)}."
        + (f" {profile.framework.summary}" if profile.framework.summary else ""),
        f"Sets of indicators: {', '.join(profile.sets)}; {len(profile.indicators)} indicators enter."
        + (f" Left out: {_titles(study, profile.left_out)}." if profile.left_out else ""),
    ]
    if how.floor is not None:
        said.append(f"The least score that a mean which needs positive values sees is {how.floor:g}.")
    if result.index.nlevels > 1:
        said.append(f"Over periods, values are normalised {how.periods}.")
    rows: Rows = []
    for step in ("missing", "impute", "treat", "normalise", "weights", "aggregate"):
        given = getattr(how, step)
        if given is None:
            rows.append((step, "", "none", "", "Nothing is done."))
            continue
        for of, choice in [("", given)] if isinstance(given, Choice) else given.items():
            parameters = ", ".join(f"{key} = {value}" for key, value in choice.parameters.items())
            summary = STEPS[step][choice.method].summary.replace("`", "")
            rows.append((step, str(of), choice.method, parameters, summary))
    steps = Table(
        "The choices", ("Step", "of", "method", "parameters", "what it does"), tuple(rows), frozenset(range(1, 5))
    )
    scored = study.scores[0]
    depths = profile.framework.depths
    weights: Rows = []
    for name in scored:
        node = profile.framework.dimensions.get(name) or profile.framework.indicators[name]
        declared = str(node.weight) if isinstance(node.weight, str) else f"{node.weight:g}"
        parent = study.title(profile.framework.parents[name]) if name != study.root else ""
        cells = (declared, number_text(scored[name]["effective_weight"], ".4f"))
        weights.append((study.title(name), profile.framework.level(name), str(depths[name]), parent, *cells))
    head = ("Node", "level", "depth", "under", "declared weight", "weight in the composite")
    whose = f", as used for {isolated(study.labels[0])}" if len(study.labels) > 1 else ""
    tree = Table(f"The tree and its weights{whose}", head, tuple(weights), frozenset({1, 3}), True)
    blocks = [*_declared(study), *_files(study)]
    said += (
        [] if any(one.title.startswith("File") for one in blocks) else ["The files of the study are not on the page."]
    )
    yield Section("methodology", "Methodology in full", tuple(said), (steps, tree), (), tuple(blocks))
    if len(study.labels) > 1:
        definitions = tuple(
            Definition(study.anchors.of("indicator", name), one.title, name, definition(study, name))
            for name, one in profile.indicators.items()
        )
        yield Section("indicators", "Indicators", ("How each indicator is measured.",), definitions=definitions)


def _declared(study: Study) -> Iterator[Block]:
    uncertainty = study.result.profile.uncertainty
    if uncertainty.declared:
        text = toml_text({"uncertainty": uncertainty.model_dump(exclude_defaults=True)})
        yield Block("What is declared uncertain", text)


def _files(study: Study) -> Iterator[Block]:
    """Yield the files with which the scores can be computed again, where they are not too large."""
    try:
        files: Mapping[str, str] = profile_files(study.result.profile)
    except SoftPowerError:
        # What cannot be written to a file, such as a method of one's own, cannot be shown as one.
        return
    if sum(map(len, files.values())) <= FILES:
        for name, text in files.items():
            yield Block(f"File {name}", text)


def _works(study: Study) -> Iterator[Source]:
    framework = study.result.profile.framework
    for name, one in study.result.references().iterrows():
        work = framework.works[str(name)]
        address = f"https://doi.org/{work.doi}" if work.doi else work.url or ""
        cited = [node for node in str(one["cited_by"]).split() if node != framework.id]
        said = f"Cited by {_titles(study, cited)}." if cited else "Cited by the framework."
        yield Source(study.anchors.of("work", str(name)), str(one["citation"]), _web(address), said)


def _sources(study: Study) -> Iterator[Source]:
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


def _web(address: str) -> str:
    """Return an address of the web; nothing else is ever made a link."""
    return address if address.startswith(("https://", "http://")) else ""


def _fingerprint(study: Study, date: str | None) -> Table:
    marks = dict(study.result.fingerprint)
    rows: Rows = [("version of softpower", marks.pop("version"))]
    rows += [(f"SHA-256 of the {name}", mark) for name, mark in marks.items()]
    if study.drawn is not None:
        rows += [("draws", f"{study.drawn.n}"), ("sampling", study.drawn.sampling), ("seed", f"{study.drawn.seed}")]
    rows += [("date", date)] if date is not None else []
    return Table("Fingerprint", ("What", "value"), tuple(rows), frozenset({1}))

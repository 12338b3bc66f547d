"""The analyses of a study as sections of a page: what moves its scores, and by how much."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.admissible import WeightSpace, weight_space
from softpower.analysis.leaving_out import drop_each
from softpower.analysis.uncertainty import UncertaintyResult
from softpower.errors import SoftPowerError
from softpower.model.scenario_parts import DECLARED
from softpower.page.contents import Cell, Section, Table
from softpower.page.tracing import Study
from softpower.page.wording import difference_text, isolated, number_text, score_text, share_text, span_text
from softpower.words import counted

SHOWN = 15
"""So many factors are shown of an output, and so many scenarios of many cases."""
CURVE = 200
"""So many combinations of choices are listed."""
FEW = 6
"""So many cases are shown one by one under each scenario, and have their best and worst ranks searched."""
UNDECLARED = "No uncertainty is declared, so nothing is drawn: there are bounds, and no interval."

Rows = list[tuple[Cell, ...]]


Parts = tuple[tuple[str, ...], tuple[Table, ...]]


def sections(study: Study, told: Callable[[int, int], object]) -> Iterator[Section]:
    """Yield the sections in the order in which they are read, and say how many are done."""
    made: tuple[tuple[str, str, Callable[[Study], Parts]], ...] = (
        ("uncertainty", "Uncertainty", _uncertainty),
        ("claims", "Claims tested", _claims),
        ("specification-curve", "Specification curve", _specifications),
        ("sensitivity", "Sensitivity", _sensitivity),
        ("scenarios", "Scenarios", _scenarios),
        ("weight-space", "Weight space", _weight_space),
    )
    for done, (anchor, title, make) in enumerate(made, start=1):
        yield Section(anchor, title, *make(study))
        told(done, len(made))


def _refused(error: SoftPowerError) -> str:
    return "Not shown: " + "; ".join(f"{one.what}. {one.mend}" for one in error.faults)


def _uncertainty(study: Study) -> Parts:
    drawn = study.drawn
    if drawn is None:
        return (UNDECLARED,), ()
    factors = counted(len(drawn.factors), "factor")
    how = "scrambled Sobol points" if drawn.sampling == "sobol" else "pseudo-random points"
    kinds = ", ".join(dict.fromkeys(one.kind for one in drawn.factors))
    said = (
        (
            f"Everything that is declared uncertain is drawn jointly: {drawn.n:,} draws of {factors}"
            f" by {how}, seed {drawn.seed}. Drawn are: {kinds or 'nothing'}."
        ),
        "The intervals hold 90 % of the draws. They hold what is declared uncertain, no more.",
        *drawn.notes,
    )
    listed = [
        (isolated(study.titles.factor(one.name)), one.kind, _alternatives(study, one.name, one.alternatives))
        for one in drawn.factors
    ]
    drawn_table = Table("What is drawn", ("Factor", "Kind", "What it may be"), tuple(listed), frozenset({1, 2}), True)
    return said, (_distributions(study, drawn), drawn_table)


def _alternatives(study: Study, factor: str, alternatives: Sequence[str]) -> str:
    """Return what a factor may be, so far as it can be listed."""
    shown = [isolated(study.titles.end(factor, one)) for one in alternatives[:SHOWN]]
    return "; ".join(shown) + (" ..." if len(alternatives) > SHOWN else "")


def _distributions(study: Study, drawn: UncertaintyResult) -> Table:
    """Return what the draws come to: of the nodes of one case, or the composite of each of several."""
    head = ("score", "mean", "median", "90 % of draws", "standard deviation", "error of the mean", "draws with a score")
    rows: Rows = []
    nodes = list(study.scores[0]) if len(study.labels) == 1 else [study.root]
    for row, label in enumerate(study.labels):
        for node in nodes:
            one = study.intervals[row][node]
            cells = [score_text(one[name]) for name in ("score", "mean", "median")]
            cells += [study.interval(row, node), number_text(one["standard_deviation"], ".1f")]
            cells += [number_text(one["mean_error"], ".2g"), share_text(one["present"])]
            rows.append((study.title(node) if len(study.labels) == 1 else label, *cells))
    caption = f"What {drawn.n:,} draws come to"
    return Table(caption, ("Node" if len(study.labels) == 1 else "Case", *head), tuple(rows), folded=len(rows) > SHOWN)


def _claims(study: Study) -> Parts:
    if not study.result.profile.claims:
        return ("The profile states no claims.",), ()
    if study.drawn is None:
        return ("The profile states claims, and nothing is drawn that they could be held against.",), ()
    rows: Rows = []
    for name, one in study.drawn.claims().iterrows():
        declared = "undecided" if pd.isna(one["declared"]) else "holds" if one["declared"] else "does not hold"
        share = f"{share_text(one['share'])}"
        rows.append((str(one["says"]), str(one["verdict"]), share, share_text(one["decided"]), declared, str(name)))
    head = ("Claim", "Verdict", "Holds in", "Decided in", "As declared it", "Name")
    said = (
        "Each claim is held against every draw. Robust: it holds in 90 % or more of the draws that decide it; leaning:"
        " in two thirds or more; open: between; and the same for its denial."
    )
    return (said,), (
        Table("Claims, and the share of draws in which each holds", head, tuple(rows), frozenset({1, 4, 5})),
    )


def _specifications(study: Study) -> Parts:
    try:
        curve = study.specifications
    except SoftPowerError as error:
        return (_refused(error),), ()
    if study.drawn is None or curve is None:
        return (UNDECLARED,), ()
    names = list(study.result.index.names)
    sampler = study.drawn.job.sampler
    nodes = [study.root, *sampler.children(study.root)]
    factors = [str(name) for name in curve.columns if name not in {*names, *nodes}]
    count = len(curve) // len(study.labels)
    if not factors:
        return ("No choice between methods, scenarios or weights has alternatives, so there is one combination.",), ()
    rows: Rows = []
    composite = study.result.score[:, -1]
    spread = curve.groupby(names)[study.root].agg(["min", "median", "max"]).reindex(study.result.index)
    for row, ends in enumerate(spread.to_numpy(dtype=float)):
        rows.append((study.labels[row], score_text(composite[row]), *(score_text(float(one)) for one in ends)))
    said = (
        f"Every combination of methods, scenarios and weights that the study names, all else as declared: {count:,}.",
        "Choices: " + "; ".join(map(isolated, factors)) + ".",
    )
    head = ("Case", "as declared", "least", "median", "greatest")
    tables = [Table(f"The composite over {count:,} combinations", head, tuple(rows), folded=len(rows) > SHOWN)]
    if len(study.labels) == 1:
        places = np.unique(np.linspace(0, len(curve) - 1, min(CURVE, len(curve))).astype(int))
        shown = curve.iloc[places]
        listing = [
            (
                str(place + 1),
                score_text(one[study.root]),
                *(str(one[name]) for name in factors),
                *(score_text(one[node]) for node in nodes[1:]),
            )
            for place, one in zip(places, shown.to_dict("records"), strict=True)
        ]
        all_ = "All" if len(places) == len(curve) else f"{len(places)} of the {len(curve):,}"
        columns = ("Place", study.title(study.root), *factors, *(study.title(node) for node in nodes[1:]))
        texts = frozenset(range(2, 2 + len(factors)))
        tables.append(Table(f"{all_} combinations, the lowest first", columns, tuple(listing), texts, True))
    return said, tuple(tables)


def _sensitivity(study: Study) -> Parts:
    profile = study.result.profile
    said: list[str] = []
    tables: list[Table] = []
    try:
        found = study.sensitivity
    except SoftPowerError as error:
        said.append(_refused(error))
    else:
        if found is None:
            said.append("No uncertainty is declared, so no variance is shared out among its factors.")
        else:
            said.append(
                f"Sobol indices from a design of {found.n} rows, seed {found.seed}: first order is the share of the"
                " variance that a factor accounts for alone, total its share with all interactions."
            )
            said += found.notes
            tables += [_indices(study, str(output), found.to_frame(output)) for output in found.outputs[:FEW]]
    if len(study.labels) == 1 and study.drawn is not None:
        tables += _tried(said, partial(_tornado, study))
    ways = ["indicator", *(["dimension"] if len(profile.framework.dimensions) > 1 else [])]
    sourced = any(one.source for one in profile.observations)
    ways += ["source_text"] if sourced else []
    for way in ways:
        tables += _tried(said, partial(_dropped, study, way))
    # What several analyses are refused for is said once.
    return tuple(dict.fromkeys(said)), tuple(tables)


def _tried(said: list[str], make: Callable[[], Table]) -> list[Table]:
    """Return a table, or none where it is refused; why is added to what is said."""
    try:
        return [make()]
    except SoftPowerError as error:
        said.append(_refused(error))
        return []


def _indices(study: Study, output: str, frame: pd.DataFrame) -> Table:
    rows: Rows = []
    for one in frame.head(SHOWN).to_dict("records"):
        cells = [number_text(one["first"], ".2f"), span_text(one["first_low"], one["first_high"], ".2f")]
        cells += [number_text(one["total"], ".2f"), span_text(one["total_low"], one["total_high"], ".2f")]
        rows.append((isolated(study.titles.factor(str(one["factor"]))), *cells))
    title = study.title(output) if output in study.result.nodes else isolated(output)
    head = ("Factor", "first order", "90 % interval", "total", "90 % interval")
    return Table(f"What the spread comes from: {title}", head, tuple(rows), folded=output != study.root)


def _tornado(study: Study) -> Table:
    frame, rows = study.tornado, list[tuple[Cell, ...]]()
    assert frame is not None  # there is one case, and something is drawn
    for one in frame.head(SHOWN).reset_index().to_dict("records"):
        cells = [score_text(one["low"]), score_text(one["high"]), number_text(one["swing"], ".1f")]
        factor = str(one["factor"])
        ends = [isolated(study.titles.end(factor, str(one[end]))) for end in ("at_low", "at_high")]
        rows.append((isolated(study.titles.factor(factor)), *cells, *ends))
    head = ("Factor", "low", "high", "swing", "at low it is", "at high it is")
    caption = f"One factor at a time, the {len(rows)} that move the composite most"
    return Table(caption, head, tuple(rows), frozenset({4, 5}), True)


def _dropped(study: Study, way: str) -> Table:
    frame = drop_each(study.result, by=way)
    names = {"score": "composite without it", "difference": "difference", "rank_change": "mean change of rank"}
    shown = [name for name in names if name in frame]
    forms: dict[str, Callable[[float], str]] = {"difference": difference_text}
    rows: Rows = []
    for one in frame.to_dict("records"):
        cells = [forms.get(name, score_text)(one[name]) for name in shown]
        rows.append((str(one["title"]), *cells, str(one["reason"])))
    what = {"source_text": "source"}.get(way, way)
    head = (f"Without the {what}", *(names[name] for name in shown), "why it is missing")
    return _with_reasons(f"One {what} left out at a time", head, rows, frozenset(), folded=True)


def _scenarios(study: Study) -> Parts:
    profile = study.result.profile
    if not profile.all_scenarios:
        return ("The profile has no scenarios, and its indicators have no alternatives.",), ()
    frame = study.scenarios
    said = ("The profile as declared, and under each other reading, one at a time. They are not drawn, nor combined.",)
    composite = str(frame.columns[1])
    if len(study.labels) > FEW:
        return said, (_over_scenarios(study, frame, composite),)
    nodes = [str(name) for name in frame.columns[1 : list(frame.columns).index("difference")]]
    heads = [study.title(name if name in study.result.nodes else name.removesuffix("_score")) for name in nodes]
    several = len(study.labels) > 1
    rows: Rows = []
    for label, one in zip(frame.index, frame.to_dict("records"), strict=True):
        name, *case = map(str, label)
        cells = [" ".join(case)] if several else []
        cells += [*(score_text(one[node]) for node in nodes), difference_text(one["difference"])]
        cells += [share_text(one["coverage"]), *(_count(one[key]) for key in ("indicators", "observations"))]
        title = str(one["title"]) if name == DECLARED else f"{isolated(str(one['title']))} ({name})"
        rows.append((title, *cells, str(one["reason"])))
    head = ("Scenario", *(["case"] if several else []), *heads, "difference", "coverage", "indicators", "facts", "gaps")
    texts = frozenset([1]) if several else frozenset[int]()
    return said, (_with_reasons("The scores under each scenario", head, rows, texts, folded=False),)


def _with_reasons(caption: str, head: tuple[str, ...], rows: Rows, texts: frozenset[int], *, folded: bool) -> Table:
    """Return a table whose last column says why scores are missing; without it where none is."""
    if any(row[-1] for row in rows):
        return Table(caption, head, tuple(rows), texts | {len(head) - 1}, folded)
    return Table(caption, head[:-1], tuple(row[:-1] for row in rows), texts, folded)


def _count(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:,}"


def _over_scenarios(study: Study, frame: pd.DataFrame, composite: str) -> Table:
    """Return what each scenario does to the composites of many cases."""
    rows: Rows = []
    ranks = frame["rank"].astype(float)
    for name, part in frame.groupby(level="scenario", sort=False):
        moved = part["difference"].abs()
        cells = [score_text(float(part[composite].mean())), score_text(float(moved.mean()))]
        change = np.abs(ranks.xs(name, level="scenario").to_numpy() - ranks.xs(DECLARED, level="scenario").to_numpy())
        there = change[~np.isnan(change)]
        cells.append(number_text(float(there.mean()) if len(there) else math.nan, ".1f"))
        most = "" if moved.isna().all() or not moved.max() else study.labels[int(np.nanargmax(moved.to_numpy()))]
        rows.append((f"{isolated(str(part['title'].iloc[0]))} ({name})", *cells, most))
    head = ("Scenario", "mean composite", "mean change of score", "mean change of rank", "what moves most")
    return Table(f"{len(study.labels)} composites under each scenario", head, tuple(rows), frozenset({4}))


def _weight_space(study: Study) -> Parts:
    if study.result.profile.uncertainty.weights is None:
        return ("Nothing says which other weights are admissible.",), ()
    try:
        space = weight_space(study.result)
    except SoftPowerError as error:
        return (_refused(error),), ()
    frame = space.to_frame()
    several = len(study.labels) > 1
    frame = frame[frame.index.get_level_values("node") == study.root] if several else frame
    rows: Rows = []
    names = list(study.result.index.names)
    for one in frame.reset_index().to_dict("records"):
        title = " ".join(str(one[name]) for name in names) if several else str(one["title"])
        rows.append((title, *(score_text(one[name]) for name in ("score", "least", "greatest"))))
    head = ("Case" if several else "Node", "declared weights", "least", "greatest")
    tables = [Table("Scores over all admissible weights, exactly", head, tuple(rows), folded=len(rows) > 2 * SHOWN)]
    said = ["What scores can be over all weights that are admissible: what is possible, not how likely it is."]
    if not several:
        tables += _tried(said, partial(_reversals, study, space)) if len(study.first_level) > 1 else []
    elif len(study.labels) <= FEW:
        tables += _tried(said, partial(_rank_ends, study, space))
    return (*said, *space.notes), tuple(tables)


def _reversals(study: Study, space: WeightSpace) -> Table:
    """Return what it takes to reverse each pair below the composite."""
    rows: Rows = []
    indicators = study.result.profile.indicators
    for one, other in combinations([node for node in study.first_level if node not in indicators], 2):
        found = space.reversal(one, other)
        if found.lead == 0:
            rows.append((f"{study.title(one)} and {study.title(other)}", "0", "they are tied"))
            continue
        lead = f"{found.lead:.1%}" if found.ratios else score_text(found.lead)
        gone = f"{found.moved:.3f} of the weight moves" if found.possible else "no admissible weights take it away"
        rows.append((f"{study.title(found.leader)} above {study.title(found.other)}", lead, gone))
    head = ("Order", "lead", "the lead is gone when")
    return Table("What it takes to reverse an order", head, tuple(rows), frozenset({2}))


def _rank_ends(study: Study, space: WeightSpace) -> Table:
    rows: Rows = [
        (study.labels[place], *("" if pd.isna(one) else str(one) for one in ranks))
        for place, ranks in enumerate(space.ranks().itertuples(index=False))
    ]
    return Table("Ranks over all admissible weights", ("Case", "rank", "best", "worst"), tuple(rows))

"""The cases on a page: ranked, side by side, and one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from softpower.page.analyses import SHOWN
from softpower.page.contents import CasePart, Cell, Link, Table
from softpower.page.finding import finding_of, order_of
from softpower.page.tracing import Study, trace
from softpower.page.wording import difference_text, isolated, number_text, score_text, share_text, span_text

NODES = 3_000
"""So many nodes of all cases together are traced down to their facts; the page stays small enough to be sent."""
PARTS = 300
"""So many cases have a section of their own."""
RANKED = 1_000
"""So many cases are ranked on the page."""
FIRST = 5
"""So many cases stand under the finding."""

Rows = list[tuple[Cell, ...]]


def first_table(study: Study) -> Table:
    """Return the scores that stand under the finding: of one case down to its first level, or the first cases."""
    if len(study.labels) == 1:
        return _score_table(study, 0, depth=1, traced=True)
    whole = ranking(study)
    caption = whole.caption if len(whole.rows) <= FIRST else f"{whole.caption}: the first {FIRST}"
    return replace(whole, caption=caption, rows=whole.rows[:FIRST])


def ranking(study: Study) -> Table:
    """Return the rows by rank, within each period."""
    result = study.result
    ranks = result.ranks()
    by_rank = ranks.reset_index(drop=True)
    keys = pd.DataFrame({"rank": by_rank})
    if result.index.nlevels > 1:
        keys.insert(0, "period", result.index.get_level_values("period"))
    order = [int(row) for row in keys.sort_values(list(keys.columns), kind="stable", na_position="last").index]
    ranked = None if study.drawn is None or not study.drawn.job.ranked else study.drawn.ranks()
    # A row of the whole table has pandas' own mark where an end is missing, which is no number.
    ends = None if ranked is None else ranked[["low", "high"]].to_numpy(dtype=float)
    sectioned = set(_sectioned(study))
    rows: Rows = []
    for row in order[:RANKED]:
        scored = study.scores[row][study.root]
        label = study.labels[row]
        name: Cell = Link(label, study.anchors.of("case", label)) if row in sectioned else label
        cells = ["" if pd.isna(by_rank.iloc[row]) else str(by_rank.iloc[row])]
        if ends is not None:
            cells.append(span_text(ends[row, 0], ends[row, 1], ".0f"))
        cells += [score_text(scored["score"]), study.interval(row, study.root)] if study.drawn else []
        cells += [] if study.drawn else [score_text(scored["score"]), span_text(scored["low"], scored["high"])]
        rows.append((name, *cells, share_text(scored["coverage"])))
    head = ["Case", "rank", *(["90 % of ranks"] if ends is not None else []), "score"]
    head += ["90 % of draws" if study.drawn else "bounds", "coverage"]
    more = f", the first {RANKED:,} of {len(order):,}" if len(order) > RANKED else ""
    return Table(f"Ranking by {study.title(study.root)}{more}", tuple(head), tuple(rows))


def side_by_side(study: Study, compared: tuple[int, int] | None) -> Iterator[Table]:
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
    return sorted(order_of(study)[:PARTS])


def case_parts(study: Study) -> tuple[CasePart, ...]:
    """Return the sections of the cases; where there are many, the highest alone are taken apart."""
    rows = _sectioned(study)
    full = NODES // len(study.result.nodes)
    traced = set(rows if len(rows) <= full else [row for row in order_of(study) if row in set(rows)][:full])
    return tuple(_case_part(study, row, traced=row in traced) for row in rows)


def _case_part(study: Study, row: int, *, traced: bool) -> CasePart:
    label = study.labels[row]
    return CasePart(
        study.anchors.of("case", label),
        label,
        finding_of(study, row),
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


def cases_said(study: Study, parts: Sequence[CasePart]) -> tuple[str, ...]:
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

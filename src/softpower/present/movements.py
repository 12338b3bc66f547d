"""What moved between periods, as plain tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from softpower.analysis.movements import Changes
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.present.sheet import Block, Note, Sheet, Table
from softpower.present.wording import IN_CSV, SHOWN, not_shown, number, signed


def movement_table(moved: Changes, *, case: str | None = None) -> Sheet:
    """Return the changes of one case, with what its indicators add, or of every case from its first period to its last.

    Parameters
    ----------
    moved : Changes
    case : str, optional
        May be left out where there is one.

    Raises
    ------
    NotFoundError
        If no such case has changes.
    """
    cases = list(moved.scores.index.get_level_values("case").unique())
    if case is not None and case not in cases:
        raise NotFoundError.of("changes: case", f"no case '{case}' has two periods", did_you_mean(case, cases))
    case = cases[0] if len(cases) == 1 else case
    result = moved.result
    root = result.profile.framework.node_title(result.nodes[-1])
    head = f"{result.profile.title}: changes of {root}"
    if case is None:
        return Sheet([head, "", *_all(moved), *_movers(moved)])
    return Sheet([f"{head}, {case}", "", *_of_case(moved, case), *_movers(moved, case)])


def _all(moved: Changes) -> list[Block]:
    """Return the changes from first to last, the largest first."""
    frame = moved.summary
    rows = []
    for one in frame.head(SHOWN).reset_index().to_dict("records"):
        span = [str(one["case"]), str(one["from"]), str(one["to"])]
        cells = [number(one["before"]), number(one["after"]), signed(one["change"])]
        rows.append([*span, *cells, _rank(one["rank_before"]), _rank(one["rank_after"]), signed(one["own"])])
    titles = ["case", "from", "to", "before", "after", "change", "rank", "rank after", "own part"]
    return [Table(titles, rows), *not_shown(len(frame), SHOWN, IN_CSV)]


def _of_case(moved: Changes, case: str) -> list[Block]:
    """Return all changes of a case, and what indicators add from its first period to its last."""
    root = moved.result.nodes[-1]
    frame = moved.scores.xs(root, level="node").loc[[case]]
    titles = ["from", "to", "before", "after", "change"]
    parts = ["own", "others", "entering", "leaving"]
    ranked = len(moved.cases) > 1
    if ranked:
        ranks = moved.ranks.loc[[case]]
        frame = frame.assign(rank=ranks["before"], then=ranks["after"], **{name: ranks[name] for name in parts})
        titles += ["rank", "after", *parts]
    rows = []
    records = frame.reset_index().to_dict("records")
    for one in records:
        cells = [str(one["from"]), str(one["to"]), number(one["before"]), number(one["after"])]
        ends = [_rank(one["rank"]), _rank(one["then"]), *(signed(one[name]) for name in parts)] if ranked else []
        rows.append([*cells, signed(one["change"]), *ends])
    blocks: list[Block] = [Table(titles, rows)]
    reasons = dict.fromkeys(str(one["reason"]) for one in records if one["reason"])
    blocks += [Note("! ", reason) for reason in reasons]
    return [*blocks, "", *_indicators(moved, case, records[-1])]


def _indicators(moved: Changes, case: str, whole: Mapping[Any, Any]) -> list[Block]:
    """Return what indicators add to a change, the largest first, or why they add nothing."""
    try:
        labels = (case, whole["from"], whole["to"])
        names = ["case", "from", "to"]
        frame = moved.contributions.xs(labels, level=names)
    except MethodError as error:
        return [Note("! ", error.faults[0].what)]
    if frame["change"].isna().any():
        return [Note("! ", f"No parts: {frame['reason'].iloc[0]}")]
    title = moved.result.profile.framework.node_title
    order = frame.iloc[frame["change"].abs().argsort(kind="stable").to_numpy()[::-1]]
    rows = [
        [title(str(name)), signed(one["value"]), signed(one["weights"]), signed(one["change"])]
        for name, one in order.head(SHOWN).iterrows()
    ]
    head = f"What indicators add, {whole['from']} to {whole['to']}"
    return [Table([head, "by value", "by weights", "change"], rows), *not_shown(len(order), SHOWN, IN_CSV)]


def _movers(moved: Changes, case: str | None = None) -> list[Block]:
    """Return who enters and who leaves."""
    notes: list[Block] = []
    for frame, says, effect in ((moved.entered, "enters in", "lower"), (moved.left, "leaves after", "higher")):
        mine = frame if case is None else frame[frame.index.get_level_values("case") == case]
        for one in mine.head(SHOWN).reset_index().to_dict("records"):
            count = f"{one['moves']} other{' ranks' if one['moves'] == 1 else 's rank'} {effect} for it"
            notes.append(
                Note("- ", f"{one['case']} {says} {one['period']}: {count} ({one['without']}: {one['reason']})")
            )
        notes += not_shown(len(mine), SHOWN, IN_CSV)
    return ["", *notes] if notes else []


def _rank(value: Any) -> str:
    return "-" if pd.isna(value) else f"{value:.0f}"

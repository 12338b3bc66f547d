"""What moved the composite of one case between two periods: a step for each indicator, from one score to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.analysis.movements import Changes
from softpower.arguments import diagnosed
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import broken, centres, line_count
from softpower.plot.rows import BETWEEN, LETTERS, column, ground, height_of, name_rows
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, HATCHES, INK, PAPER, QUIET, canvas, entitle, styled
from softpower.plot.subject import Subject
from softpower.plot.wording import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 24
"""So many indicators have a step of their own; what the others come to is one step."""


@diagnosed
def changes(
    result: Changes,
    *,
    case: str | None = None,
    start: str | int | None = None,
    stop: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each indicator adds to the change of one case's composite, as steps from the old score to the new.

    Beside a step stand its size and, where weights or gaps moved, the part of it that they make.

    Parameters
    ----------
    result : Changes
    case : str, optional
        The case; it may be left out where there is one.
    start, stop : str or int, optional
        From which of its periods to which; from its first to its last by default. Two that follow one another.
    ax : Axes, optional
        Where to draw; a figure of its own by default.

    Raises
    ------
    SpecificationError
        If what is given is no changes.
    MethodError
        If a composite is missing, or its mean has no parts.
    NotFoundError
        If there is no such case, or no change of it between these periods.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where a step is read as what an indicator moved in the world: under scores that are normalised in each
    period apart it moves with the other cases as well.

    Examples
    --------
    >>> import pandas as pd
    >>> from softpower.analysis import movements
    >>> from softpower.scoring import score
    >>> rows = [("A", 2000, 1.0, 5.0), ("A", 2001, 3.0, 5.0), ("B", 2000, 2.0, 1.0), ("B", 2001, 2.0, 9.0)]
    >>> moved = movements.changes(score(pd.DataFrame(rows, columns=["case", "period", "trade", "visits"])))
    >>> ax = changes(moved, case="A")
    >>> " ".join(ax.get_title(loc="left").split())
    'Composite of A rises from 25 in 2000 to 75 in 2001, most by trade (+50.0)'
    """
    expect(result, Changes, "changes", "changes")
    pair = _pair(result, case, start, stop)
    score, before, after = result.result, int(result.pairs[0][pair]), int(result.pairs[1][pair])
    count = score.engine.tree.indicator_count
    frame = result.contributions.iloc[pair * count : (pair + 1) * count]
    label = result.index[pair]
    if frame["change"].isna().any():
        mend = "See result.scores, which says why, or draw another change."
        raise MethodError.of(f"plot.changes: {label[0]}", f"no change: {frame['reason'].iloc[0]}", mend)
    subject = Subject(score, None)
    steps = _steps(frame, score.profile.framework.node_title)
    ends = [float(score.score[row, -1]) for row in (before, after)]
    with styled():
        root = score.profile.framework.node_title(score.nodes[-1])
        titles = [f"{root}, {label[1]}", *steps["title"], f"{root}, {label[2]}"]
        names = [broken(title, LETTERS) for title in titles]
        heavy = [True, *[False] * len(steps), True]
        places, _ = centres(
            [line_count(name) for name in names], gap=BETWEEN, above=[0.0, 0.6, *[0.0] * (len(steps) - 1), 0.6]
        )
        ax = canvas(ax, 9.0, height_of(places))
        left = name_rows(ax, places, names, [9.0 if one else 8.0 for one in heavy], heavy)
        ground(ax, places)
        _draw(ax, steps, places, ends)
        sizes = [subject.number(ends[0], 1), *map(_signed, steps["change"]), subject.number(ends[1], 1)]
        at = column(ax, places, sizes, head="adds", left=10.0, bold=heavy)
        if (steps["weights"].abs() >= 0.05).any():
            texts = ["", *("" if abs(one) < 0.05 else _signed(one) for one in steps["weights"]), ""]
            column(ax, places, texts, head="by weights and gaps", left=at, bold=heavy)
        ax.set_xlabel("points of the composite", size=7.5, color=QUIET, loc="left")
        falls = "Hatched: a fall." if (steps["change"] < 0).any() else ""
        entitle(ax, _finding(subject, label, steps, ends), source_line(score), note=falls, columns=84, left=left)
    return ax


def _pair(result: Changes, case: str | None, start: object, stop: object) -> int:
    """Return the number of a change."""
    index = result.index
    mine = one_of(index.droplevel(["from", "to"]), case, None, "changes")
    for name, given in (("from", start), ("to", stop)):
        known = index.get_level_values(name)
        if given is not None and given not in known[mine]:
            alike = [one for one in known[mine].unique() if str(one) == str(given)]
            mend = f"Give {alike[0]!r}." if alike else did_you_mean(given, map(str, known[mine].unique()))
            what = f"there is no change {name} {given!r}"
            raise NotFoundError.of(f"plot.changes: {'start' if name == 'from' else 'stop'}", what, mend)
        mine = mine & (np.asarray(known == given) if given is not None else True)
    # The change from first to last is the last of a case, also where there is one alone.
    return int(np.flatnonzero(mine)[-1])


def _steps(frame: pd.DataFrame, title: object) -> pd.DataFrame:
    """Return the steps, the largest first, and what the small ones come to."""
    assert callable(title)
    steps = frame[["change", "weights"]].assign(title=[title(name) for name in frame.index.get_level_values(-1)])
    steps = steps.iloc[np.argsort(-steps["change"].abs().to_numpy(), kind="stable")].reset_index(drop=True)
    if len(steps) > STEPS + 1:
        rest = steps.iloc[STEPS:]
        one = {
            "change": rest["change"].sum(),
            "weights": rest["weights"].sum(),
            "title": f"{len(rest)} others together",
        }
        steps = pd.concat([steps.iloc[:STEPS], pd.DataFrame([one])], ignore_index=True)
    return steps


def _draw(ax: Axes, steps: pd.DataFrame, places: np.ndarray, ends: list[float]) -> None:
    """Draw the steps, a line from where each ends to the next, and the scores between which they go."""
    sizes = steps["change"].to_numpy()
    reached = ends[0] + np.concatenate([[0.0], np.cumsum(sizes)])
    for place, begin, size in zip(places[1:-1], reached, sizes, strict=False):
        kind = 0 if size >= 0 else 1
        ax.barh(
            place, size, left=begin, height=1.0, color=COLOURS[kind], hatch=HATCHES[kind], edgecolor=PAPER,
            linewidth=0.0, zorder=2,
        )  # fmt: skip
    ax.vlines(reached, places[:-1], places[1:], color=QUIET, linewidth=0.7, zorder=1)
    ax.scatter(ends, places[[0, -1]], s=60.0, color=INK, edgecolor=PAPER, linewidth=0.8, zorder=3)
    room = 0.05 * float(np.ptp(reached)) or 1.0
    ax.set_xlim(reached.min() - room, reached.max() + room)


def _finding(subject: Subject, label: tuple[object, ...], steps: pd.DataFrame, ends: list[float]) -> str:
    """Return the change, and what made most of it."""
    case, start, stop = label
    result = subject.result
    name = f"{result.profile.framework.node_title(result.nodes[-1])} of {case}"
    old, new = (subject.number(one) for one in ends)
    move = ends[1] - ends[0]
    named = steps[~steps["title"].str.endswith("others together")]
    if old == new:
        largest = named.iloc[0]
        by = f"; {largest['title']} moves most ({_signed(largest['change'])})" if largest["change"] else ""
        return f"{name} stays at {old} from {start} to {stop}{by}"
    same = named[named["change"] * move > 0]
    by = "" if same.empty else f", most by {same.iloc[0]['title']} ({_signed(same.iloc[0]['change'])})"
    return f"{name} {'rises' if move > 0 else 'falls'} from {old} in {start} to {new} in {stop}{by}"


def _signed(value: float) -> str:
    """Return a change as it is shown, with its sign."""
    text = fixed(value, 1)
    return f"+{text}" if value > 0 and float(f"{value:.1f}") != 0 else text

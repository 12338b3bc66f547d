"""Where one case is ahead of another and where behind: two dots on a line for each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.analysis.ahead import strengths as ahead
from softpower.arguments import diagnosed
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import broken, centres, line_count
from softpower.plot.rows import BETWEEN, LETTERS, column, ground, height_of, name_rows, show_scale
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, PAPER, QUIET, canvas, entitle, inches_across, styled
from softpower.plot.subject import Subject
from softpower.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DISC, SQUARE = "disc", "open square"
SIZE = 46.0
"""Of the dots."""
NOTE = (
    "ahead by: points of its score; of the whole: what that makes of the difference of the composites, gaps included."
)


@diagnosed
def strengths(
    result: Result,
    case: str | None = None,
    *,
    against: str | None = None,
    level: str | None = "indicator",
    period: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw each node of a case as a dot, joined to what it is compared with, furthest ahead on top.

    The columns say how far it is ahead, and how much of the difference of the composites that makes.

    Parameters
    ----------
    result : Result
    case : str, optional
        Whose strengths; it may be left out where there is one.
    against : str, optional
        The case that it is compared with; by default the mean of all others, and for one case alone the middle of the
        scale.
    level : str, optional
        ``"indicator"``, or a level of the framework.
    period : str or int, optional
        The period; it may be left out where there is one.
    ax : Axes, optional
        Where to draw; a figure of its own by default, as high as there are rows.

    Raises
    ------
    NotFoundError
        If there is no such case, level or period, or there are several and none is named.
    MethodError
        If the case is alone and its scale has no ends, or it is compared with itself.
    SpecificationError
        If what is given is no result.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where bounds are wide: a lead on the nominal scores may not hold; `pairwise` says how often it does.

    Examples
    --------
    >>> import softpower
    >>> ax = strengths(softpower.score("comparison"), "AAA>KAZ", against="ZZZ>KAZ", level="source")
    >>> ax.get_title(loc="left").replace("\n", " ")
    'AAA>KAZ is furthest ahead of ZZZ>KAZ in Foreign policy (+25) and furthest behind in Culture (−18)'
    """  # noqa: RUF002 - a minus sign, as in the picture
    expect(result, Result, "strengths", "score")
    subject = Subject.of(result, "strengths")
    row = int(one_of(result.index, case, period, "strengths").argmax())
    mine = str(result.index.get_level_values("case")[row])
    table = ahead(result, mine, against=against, level=level)
    if result.index.nlevels > 1:
        when = result.index.get_level_values("period")[row]
        table = table[table.index.get_level_values("period") == when]
    other = against or ("the mean of the others" if len(result.cases) > 1 else "the middle of the scale")
    with styled():
        names = [broken(title, LETTERS) for title in table["title"]]
        places, _ = centres([line_count(name) for name in names], gap=BETWEEN)
        ax = canvas(ax, 9.6, height_of(places, 135.0))
        plain = [False] * len(names)
        left = name_rows(ax, places, names, [8.0] * len(names), plain)
        ground(ax, places)
        _dots(ax, subject, table, places, (mine, other))
        ahead_by = [_signed(subject, one) for one in table["difference"]]
        at = column(ax, places, ahead_by, head="ahead by", left=10.0, bold=plain)
        column(
            ax, places, [_signed(subject, one, 1) for one in table["gain"]], head="of the whole", left=at, bold=plain
        )
        entitle(ax, _finding(subject, table, mine, other), source_line(result), note=NOTE, columns=92, left=left)
    return ax


def _dots(ax: Axes, subject: Subject, table: pd.DataFrame, places: np.ndarray, names: tuple[str, str]) -> None:
    mine, other = names
    scores, against = (table[name].to_numpy(dtype=float) for name in ("score", "against"))
    show_scale(ax, subject.result.scale, np.concatenate([scores, against]))
    ax.grid(axis="x", color=FAINT, linewidth=0.7)
    both = ~np.isnan(scores) & ~np.isnan(against)
    lead = np.where(scores >= against, COLOURS[0], COLOURS[1])
    ax.hlines(places[both], scores[both], against[both], color=lead[both], linewidth=2.2, alpha=0.55, zorder=2)
    ax.scatter(
        against, places, s=SIZE, marker="s", color=PAPER, edgecolor=INK, linewidth=1.0, zorder=3, clip_on=False,
        label=other,
    )  # fmt: skip
    ax.scatter(
        scores, places, s=SIZE, marker="o", color=INK, edgecolor=PAPER, linewidth=0.8, zorder=4, clip_on=False,
        label=mine,
    )  # fmt: skip
    for place, score, one in zip(places, scores, against, strict=True):
        gone = [mark for mark, value in ((DISC, score), (SQUARE, one)) if np.isnan(value)]
        if gone:
            # On the side that the dot leaves free.
            right = len(gone) > 1 or np.nanmax([score, one]) < np.mean(ax.get_xlim())
            ax.annotate(
                f"{' and '.join(gone)} missing", xy=(0.99 if right else 0.01, place),
                xycoords=ax.get_yaxis_transform(), ha="right" if right else "left", va="center", size=7.0,
                style="italic", color=QUIET, backgroundcolor=PAPER,
            )  # fmt: skip
    said = broken(f"{DISC}: {mine}; {SQUARE}: {other}", int(inches_across(ax, 0.0) * 14))
    ax.set_xlabel(said, size=7.5, color=QUIET, loc="left")


def _signed(subject: Subject, value: float, more: int = 0) -> str:
    """Return a difference with its sign; empty where there is none."""
    text = subject.number(value, more)
    return f"+{text}" if text and value > 0 and text.strip("0.") else text


def _finding(subject: Subject, table: pd.DataFrame, mine: str, other: str) -> str:
    """Return where the case is furthest ahead, and where furthest behind."""
    known = table.dropna(subset=["difference"])
    if not len(known):
        return f"{mine} and {other} have no score in common"
    best, worst = known.iloc[0], known.iloc[-1]
    first, last = (f"{one['title']} ({_signed(subject, float(one['difference']))})" for one in (best, worst))
    if worst["difference"] >= 0:
        return f"{mine} is nowhere behind {other}, and furthest ahead in {first}"
    if best["difference"] <= 0:
        return f"{mine} is nowhere ahead of {other}, and furthest behind in {last}"
    return f"{mine} is furthest ahead of {other} in {first} and furthest behind in {last}"

"""Pictures of ranks: where each case stands, and how often it stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import LINE, broken, centres, line_count
from softpower.plot.rows import BETWEEN, LETTERS, column, ground, height_of, name_rows
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, LOW_TO_HIGH, PAPER, QUIET, canvas, entitle, styled, text_on
from softpower.plot.subject import Subject
from softpower.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CELL = 24.0
"""The side of a cell of the heat map in points, where there is room for it."""
WIDEST = 620.0
"""The heat map grows no wider than this, in points: where there are many cases its cells shrink."""


@diagnosed
def ranking(result: Result | UncertaintyResult, *, period: str | int | None = None, ax: Axes | None = None) -> Axes:
    """Draw the cases by rank: of draws each with the interval of its rank, of a score each with its bounds.

    Parameters
    ----------
    result : Result or UncertaintyResult
    period : str or int, optional
        The period; it may be left out where there is one.
    ax : Axes, optional
        Where to draw; a figure of its own by default, as high as there are cases.

    Raises
    ------
    SpecificationError
        If what is given is no result.
    MethodError
        If there is one case alone.
    NotFoundError
        If there is no such period, or there are several and none is named.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where cases close in score are read as apart: look at the intervals before the order.

    Examples
    --------
    >>> import softpower
    >>> ax = ranking(softpower.score("technology_achievement"))
    >>> ax.get_title(loc="left").partition(", ahead")[0]
    'Finland ranks first of 23 cases with 74'
    """
    subject = Subject.of(result, "ranking")
    table, _ = _standing(subject, "ranking", period)
    with styled():
        names = [broken(str(name), LETTERS) for name in table.index]
        places, _ = centres([line_count(name) for name in names], gap=BETWEEN)
        ax = canvas(ax, 8.6, height_of(places))
        plain = [False] * len(names)
        left = name_rows(ax, places, names, [8.5] * len(names), plain)
        ground(ax, places)
        _marks(ax, subject, table, places)
        at = column(
            ax, places, [_place(one) for one in table["rank"]], head="rank", left=10.0, bold=[True] * len(names)
        )
        if subject.drawn is not None:
            spans = [_places(low, high) for low, high in zip(table["rank_low"], table["rank_high"], strict=True)]
            at = column(ax, places, spans, head="90 % of ranks", left=at, bold=plain)
        at = column(
            ax, places, [subject.number(one) or "missing" for one in table["score"]], head="score", left=at, bold=plain
        )
        spans = [subject.span(low, high) for low, high in zip(table["low"], table["high"], strict=True)]
        if any(spans):
            column(ax, places, spans, head="bounds" if subject.drawn is None else "90 % of scores", left=at, bold=plain)
        entitle(ax, _finding(subject, table), source_line(result), columns=82, left=left)
    return ax


@diagnosed
def acceptability(drawn: UncertaintyResult, *, period: str | int | None = None, ax: Axes | None = None) -> Axes:
    """Draw in which share of the draws each case has each rank, as a heat map.

    Parameters
    ----------
    drawn : UncertaintyResult
    period : str or int, optional
        The period; it may be left out where there is one.
    ax : Axes, optional
        Where to draw; a figure of its own by default, as high as there are cases.

    Raises
    ------
    SpecificationError
        If there are no draws.
    MethodError
        If there is one case alone, or there are too many cases to count each rank.
    NotFoundError
        If there is no such period, or there are several and none is named.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where a case is missing in some draws: its row then sums to less than all of them.

    Examples
    --------
    >>> import softpower
    >>> drawn = softpower.uncertainty_analysis(
    ...     "technology_achievement", uncertainty={"weights": "simplex"}, n=256
    ... )
    >>> ax = acceptability(drawn)
    >>> ax.get_ylabel(), ax.get_xlabel()
    ('', 'rank')
    """
    expect(drawn, UncertaintyResult, "acceptability", "uncertainty_analysis")
    order, period = _standing(Subject.of(drawn, "acceptability"), "acceptability", period)
    table = drawn.acceptability(period).loc[order.index]
    with styled():
        names = [broken(str(name), LETTERS) for name in table.index]
        places = np.arange(len(names), dtype=float)
        count = len(names)
        across = min(max(count * CELL, 240.0), WIDEST)
        ax = canvas(ax, (across + 230.0) / 72, count * (line_count(*names) + BETWEEN) * LINE + 1.5)
        left = name_rows(ax, places, names, [8.5] * count, [False] * count)
        _cells(ax, table, across / count)
        entitle(ax, _chances(table), source_line(drawn), columns=round((across + left) / 7.6), left=left)
    return ax


def _standing(subject: Subject, where: str, period: str | int | None) -> tuple[pd.DataFrame, str | int | None]:
    """Return the cases of a period, the first on top and those without a rank last, and the period."""
    result, drawn = subject.result, subject.drawn
    if len(result.cases) < 2:
        mend = "Draw its profile instead, softpower.plot.profile(result), or score several cases."
        raise MethodError.of(f"plot.{where}", "one case has no rank", mend)
    mine = one_of(result.index, None, period, where, every=True)
    table = pd.DataFrame(
        {
            "rank": result.ranks().astype(float),
            "score": result.score[:, -1],
            "low": result.low[:, -1],
            "high": result.high[:, -1],
        },
        result.index,
    )
    if drawn is not None:
        scores = drawn.to_frame(subject.result.profile.framework.levels[0]).droplevel("node")
        table[["low", "high"]] = scores[["low", "high"]].to_numpy()
        table[["rank_low", "rank_high"]] = drawn.ranks()[["low", "high"]].to_numpy()
    table = table[mine].sort_values("rank", kind="stable", na_position="last")
    if result.index.nlevels == 1:
        return table, None
    return table.droplevel("period"), result.index.get_level_values("period")[int(mine.argmax())]


def _marks(ax: Axes, subject: Subject, table: pd.DataFrame, places: np.ndarray) -> None:
    """Draw a dot and a line for each case: of ranks where there are draws, else of scores."""
    ranked = subject.drawn is not None
    dot, low, high = ("rank", "rank_low", "rank_high") if ranked else ("score", "low", "high")
    ax.hlines(places, table[low], table[high], color=COLOURS[0], linewidth=4.0, alpha=0.4, zorder=2)
    ax.scatter(table[dot], places, s=38, color=COLOURS[0], edgecolor=PAPER, linewidth=0.8, zorder=3, clip_on=False)
    if ranked:
        ax.set_xlim(0.5, len(table) + 0.5)
        step = max(1, round(len(table) / 50) * 10, 5 * (len(table) > 12))
        ax.set_xticks([1, *range(max(step, 2), len(table) + 1, step)])
        said = "rank, 1 the highest; dot: as declared; line: 90 % of the draws"
    else:
        if subject.result.scale is not None:
            ax.set_xlim(*subject.result.scale)
        said = "dot: the score"
        said += "; line: all facts within their bounds" if (table["low"] < table["high"]).any() else ""
    ax.set_xlabel(said, size=7.5, color=QUIET, loc="left")


def _cells(ax: Axes, table: pd.DataFrame, wide: float) -> None:
    """Draw the cells of the heat map, white where a case never stands, and the percentages where they fit."""
    import matplotlib as mpl

    shares = table.to_numpy()
    count = len(table)
    ranks = np.arange(1, count + 1)
    # Lines between narrow cells would hide them.
    edges = 0.5 if wide >= 17.0 else 0.0
    colours = mpl.colormaps[LOW_TO_HIGH].reversed()
    shown, most = np.ma.masked_equal(shares, 0.0), max(float(shares.max()), 0.01)
    mesh = ax.pcolormesh(
        ranks, np.arange(count), shown, cmap=colours, vmin=0.0, vmax=most, edgecolor=PAPER, linewidth=edges
    )
    ax.set_ylim(count - 0.5, -0.5)
    ax.set_xlim(0.5, count + 0.5)
    for row, rank in np.argwhere(shares >= 0.005) if wide >= 17.0 else ():
        ax.text(
            rank + 1,
            row,
            f"{100 * shares[row, rank]:.0f}",
            ha="center",
            va="center",
            size=7.0,
            color=text_on(np.array(colours(shares[row, rank] / most))),
        )
    step = max(1, round(count / 25))
    ax.set_xticks(ranks[::step])
    ax.set_xlabel("rank")
    bar = ax.figure.colorbar(
        mesh,
        ax=ax,
        shrink=min(1.0, 12.0 / count + 0.3),
        aspect=25,
        pad=0.02,
        format=lambda share, _: f"{100 * share:.0f} %",
    )
    bar.set_label("share of the draws", size=8.0)
    bar.outline.set_edgecolor(FAINT)


def _place(rank: float) -> str:
    return "" if np.isnan(rank) else f"{rank:.0f}"


def _places(low: float, high: float) -> str:
    if np.isnan(low):
        return ""
    return _place(low) if low == high else f"{_place(low)} to {_place(high)}"


def _finding(subject: Subject, table: pd.DataFrame) -> str:
    """Return who leads, and how sure that is."""
    there = table.dropna(subset="rank")
    if there.empty:
        return f"None of {len(table)} cases has a score"
    firsts = there[there["rank"] == 1]
    leader, number = firsts.index[0], f"{len(there)} cases"
    score = subject.number(firsts["score"].iloc[0])
    if len(firsts) > 1:
        said = f"{len(firsts)} of {number} tie for the first rank with {score}"
    else:
        said = f"{leader} ranks first of {number} with {score}"
    if subject.drawn is None:
        if len(firsts) == 1 and len(there) > 1:
            said += f", ahead of {there.index[1]} with {subject.number(there['score'].iloc[1])}"
        return said
    firm = int((there["rank_low"] == there["rank_high"]).sum())
    reach = int((there["rank_low"] == 1).sum())
    kept = "no case has" if not firm else "1 case has" if firm == 1 else f"{firm} cases have"
    return f"{said}; {kept} one rank alone in the 90 % interval, and {reach} may be first"


def _chances(table: pd.DataFrame) -> str:
    """Return who is most often first, and how many ranks are settled."""
    often = table[1]
    most = often.max()
    leader = table.index[int(np.argmax(often.to_numpy()))]
    firm = int((table.max(axis=1) >= 0.9).sum())
    settled = "no case has" if not firm else "1 case has" if firm == 1 else f"{firm} cases have"
    return f"{leader} is first in {100 * most:.0f} % of the draws; {settled} one rank in 90 % or more"

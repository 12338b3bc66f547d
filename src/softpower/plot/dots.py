"""The profile of one case: every node as a dot with its interval, under what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.plot.choosing import one_of
from softpower.plot.lines import broken, centres, line_count
from softpower.plot.rows import BETWEEN, LETTERS, column, coverage_column, ground, height_of, name_rows, show_scale
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, INK, MARKERS, PAPER, QUIET, canvas, entitle, styled
from softpower.plot.subject import Subject
from softpower.plot.wording import plural
from softpower.result import Result, tie_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = (110.0, 75.0, 46.0, 26.0)
"""Dots of the composite, the first level, what is between, and the indicators."""
WIDTHS = (3.6, 3.0, 2.2, 1.4)
TEXTS = (10.0, 9.0, 8.5, 8.0)


@diagnosed
def profile(
    result: Result | UncertaintyResult,
    *,
    case: str | None = None,
    period: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every node of one case as a dot with its interval, indicators under their dimensions.

    Of a score the line goes from bound to bound; of draws it holds 90 % of them, and the dot is the score as declared.
    A disc to the right is as full as the node is observed.

    Parameters
    ----------
    result : Result or UncertaintyResult
    case : str, optional
        The case; it may be left out where there is one.
    period : str or int, optional
        The period; it may be left out where the case has one.
    ax : Axes, optional
        Where to draw; a figure of its own by default, as high as there are rows.

    Raises
    ------
    SpecificationError
        If what is given is no result.
    NotFoundError
        If there is no such case or period, or there are several and none is named.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where dots are compared whose lines overlap: the order of two nodes is in `claims` and
    `probability_above`, which draw both at once.

    Examples
    --------
    >>> import softpower
    >>> ax = profile(softpower.score("kazakhstan"))
    >>> ax.get_title(loc="left").split(";")[0]
    'Soft power of the European Union in Kazakhstan: 61 (bounds 45 to 75)'
    """
    subject = Subject.of(result, "profile")
    row = int(one_of(subject.result.index, case, period, "profile").argmax())
    with styled():
        table = subject.table(row)
        framework = subject.result.profile.framework
        depths = np.array([framework.depths[node] for node in table.index])
        kinds = np.where(table["level"] == "indicator", 3, np.minimum(depths, 2))
        titled = zip(table["title"], depths, strict=True)
        names = [broken(title, LETTERS, indent="    " * depth) for title, depth in titled]
        above = np.where((depths == 1) & (kinds < 3), 0.9, 0.0).tolist()
        places, _ = centres([line_count(name) for name in names], gap=BETWEEN, above=above)
        ax = canvas(ax, 9.6, height_of(places, 125.0))
        heavy = [bool(one) for one in kinds < 2]
        left = name_rows(ax, places, names, [TEXTS[kind] for kind in kinds], heavy)
        ground(ax, places)
        _dots(ax, subject, table, places, kinds)
        at = column(ax, places, [subject.number(one) for one in table["score"]], head="score", left=10.0, bold=heavy)
        if any(spans := _spans(subject, table)):
            at = column(ax, places, spans, head=subject.interval, left=at, bold=heavy)
        coverage_column(ax, places, table["coverage"].to_numpy(dtype=float), at)
        entitle(ax, _finding(subject, row, table), source_line(result), columns=92, left=left)
    return ax


def _spans(subject: Subject, table: pd.DataFrame) -> list[str]:
    """Return the intervals as texts, marked where a reader must know more."""
    marks = np.where(table["outside"], "! ", np.where(table["outer"], "~ ", ""))
    spans = [subject.span(low, high) for low, high in zip(table["low"], table["high"], strict=True)]
    return [mark + span if span else "" for mark, span in zip(marks, spans, strict=True)]


def _dots(ax: Axes, subject: Subject, table: pd.DataFrame, places: np.ndarray, kinds: np.ndarray) -> None:
    framework = subject.result.profile.framework
    first = [node for node in table.index if framework.depths[node] == 1]
    low, high, scores = (table[name].to_numpy(dtype=float) for name in ("low", "high", "score"))
    flat = all(node in framework.indicators for node in first)
    _limits(ax, subject, low, high, scores)
    ax.axvline(scores[0], color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    for place, kind, node, start, end, score in zip(places, kinds, table.index, low, high, scores, strict=True):
        path = framework.path(node)
        branch = -1 if len(path) < 2 else 0 if flat else first.index(path[1])
        colour = COLOURS[branch % len(COLOURS)] if branch >= 0 else INK
        marker = MARKERS[branch % len(MARKERS)] if branch >= 0 else "o"
        if start < end:
            ends = "round" if kind < 3 else "butt"
            ax.plot(
                [start, end],
                [place, place],
                color=colour,
                linewidth=WIDTHS[kind],
                alpha=0.55,
                solid_capstyle=ends,
                zorder=2,
            )
        if not np.isnan(score):
            ax.scatter(
                [score], [place], s=SIZES[kind], marker=marker, color=colour, edgecolor=PAPER, linewidth=0.8, zorder=3,
                clip_on=False,
            )  # fmt: skip
        else:
            said = f"missing: {table.loc[node, 'reason']}"
            ax.annotate(
                broken(said, 58), xy=(0.01, place), xycoords=ax.get_yaxis_transform(), va="center", size=7.0,
                style="italic", color=QUIET, backgroundcolor=PAPER,
            )  # fmt: skip
    _explain(ax, subject, table)


def _limits(ax: Axes, subject: Subject, *values: np.ndarray) -> None:
    """Show the whole scale, of a hundred points in quarters; where it has no ends, what there is."""
    ends = subject.result.scale
    show_scale(ax, ends, np.concatenate(values))
    if ends is not None and np.ptp(ends) == 100:
        ax.set_xticks(np.linspace(*ends, 5))


def _explain(ax: Axes, subject: Subject, table: pd.DataFrame) -> None:
    """Say under the axis what dot, line and marks are."""
    line = "all facts within their bounds" if subject.drawn is None else "90 % of the draws"
    shown = f"line: {line}; " if (table["low"] < table["high"]).any() else ""
    said = [f"dot: the score as declared; {shown}dashes: the composite"]
    if table["outside"].any():
        said.append("!  the score as declared lies outside the line")
    if table["outer"].any():
        said.append("~  outer bounds: they may not be attained")
    ax.set_xlabel("\n".join(said), size=7.5, color=QUIET, loc="left")


def _finding(subject: Subject, row: int, table: pd.DataFrame) -> str:
    """Return what the picture shows in a sentence."""
    name, whole = subject.name(row), table.iloc[0]
    if np.isnan(whole["score"]):
        return f"{name}: no score, {whole['reason']}"
    said = f"{name}: {subject.number(whole['score'])}"
    if whole["low"] < whole["high"]:
        called = "bounds" if subject.drawn is None else "90 % interval"
        said += f" ({called} {subject.span(whole['low'], whole['high'])})"
    order = _order(subject, row, table)
    return f"{said}; {order}" if order else said


def _order(subject: Subject, row: int, table: pd.DataFrame) -> str:
    """Return what is certain of the order of the first level; empty where nothing can be said."""
    framework = subject.result.profile.framework
    first = [node for node in table.index if framework.depths[node] == 1]
    ahead = _ahead(subject, row, table.loc[first])
    if len(first) < 2 or ahead is None:
        return ""
    called = plural(framework.level(first[0]))
    highest = [framework.node_title(first[one]) for one in np.flatnonzero(ahead.sum(axis=1) == len(first) - 1)]
    lowest = [framework.node_title(first[one]) for one in np.flatnonzero(ahead.sum(axis=0) == len(first) - 1)]
    surely = "surely" if subject.drawn is None else "robustly"
    if not ahead.any():
        return f"no order of the {called} is certain"
    if highest and lowest and len(first) == 2:
        return f"{highest[0]} is {surely} above {lowest[0]}"
    if highest and lowest:
        return f"of the {called} {highest[0]} is {surely} highest and {lowest[0]} lowest"
    if highest or lowest:
        return f"of the {called} {(highest or lowest)[0]} is {surely} {'highest' if highest else 'lowest'}"
    return f"the order of the {called} is certain in part"


def _ahead(subject: Subject, row: int, first: pd.DataFrame) -> np.ndarray | None:
    """Return which of the first level are certainly above which; None where that is not known.

    Of draws it is certain from 90 % of them on, as claims are robust; of bounds where they do not overlap.
    """
    if subject.drawn is None:
        low, high = first["low"].to_numpy(dtype=float), first["high"].to_numpy(dtype=float)
        tie = tie_of(np.append(low, high), subject.result.scale)
        return None if np.isnan(low).any() else low[:, None] > high + tie
    index = subject.result.index
    case, period = (index.get_level_values(name)[row] if name in index.names else None for name in ("case", "period"))
    try:
        shares = subject.drawn.probability_above(case=str(case), period=period)
    except MethodError:
        return None
    return (shares.to_numpy() >= 0.9) if list(shares.index) == list(first.index) else None

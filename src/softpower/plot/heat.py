"""Maps of cells: how indicators go together, and which values are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.plot.cells import HATCH, LEAST_WIDTH, LETTER, grid, hatched, letters, room_for
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import broken
from softpower.plot.sources import source_line
from softpower.plot.style import (
    APART,
    COLOURS,
    FAINT,
    INK,
    PAPER,
    QUIET,
    canvas,
    entitle,
    inches_across,
    styled,
    text_on,
)
from softpower.plot.wording import fixed, percent
from softpower.result import Result
from softpower.steps.correlation import LEAST
from softpower.steps.measures import Floats, Mask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOM_FOR_NUMBERS = 0.34
"""A cell of so many inches holds a correlation."""
ROOM_FOR_LINES = 0.29
"""A row of so many inches holds a label of two lines."""
WRAPPED = 38
"""A label is broken where it has more letters."""
MANY = 30
"""With more rows, each is lower."""
SHOWN = 60
"""So many rows of cases are shown, those with most gaps where there are more."""
PRESENT, IMPUTED, MISSING = range(3)


@diagnosed
def correlations(
    result: Result, *, level: str | None = None, period: str | int | None = None, ax: Axes | None = None
) -> Axes:
    r"""Draw how the scores of indicators go together over cases, those of a dimension side by side.

    Pearson's r, over the cases that have both scores. Scores run the same way: a negative r is a trade-off, whichever
    way the values are better. A negative cell bears its number, or a stroke where numbers do not fit.

    Parameters
    ----------
    result : Result
    level : str, optional
        Dimensions of this level, rather than indicators.
    period : optional
        The cases in one period. Without it rows of all periods count as cases.
    ax : Axes, optional
        Where to draw; by default axes of a new figure.

    Raises
    ------
    SpecificationError
        If what is given is no score.
    MethodError
        If there are fewer than three cases, or fewer than two nodes of the level.
    NotFoundError
        If there is no such level or period.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads with few cases, of which some pairs go together by chance, and where one outlier makes a correlation. What
    is imputed counts like what is observed.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> table = pd.DataFrame({"trade": [1.0, 2.0, 3.0], "visits": [3.0, 4.0, 5.0]}, index=["KAZ", "UZB", "KGZ"])
    >>> correlations(score(table)).get_title(loc="left").replace("\n", " ")
    'The one pair of indicators goes together: trade and visits (1.00)'
    """
    expect(result, Result, "correlations", "score")
    wide = _scores(result, level, period)
    nodes = [str(name) for name in wide]
    with np.errstate(all="ignore"):
        found = wide.corr(min_periods=LEAST).to_numpy(copy=True)
    np.fill_diagonal(found, np.nan)
    titles = [result.profile.framework.node_title(name) for name in nodes]
    groups = list(_groups(result, nodes))
    with styled():
        high = 0.36 if len(nodes) <= MANY else 0.2
        across = inches_across(ax, max(LEAST_WIDTH, len(nodes) * high))
        labels = _wrapped([f"{place}. {title}" for place, title in enumerate(titles, 1)], high)
        beside = room_for(labels) + (room_for([title for title, _, _ in groups]) if len(groups) > 1 else 0.0)
        ax = canvas(ax, beside + across + 1.2, len(nodes) * high + 1.9)
        colours = _shade(ax, found)
        diagonal = np.eye(len(nodes), dtype=bool)
        hatched(ax, np.isnan(found) & ~diagonal)
        _numbered(ax, found, colours, shown=across / len(nodes) >= ROOM_FOR_NUMBERS)
        small = 7.5 if len(nodes) <= MANY else 6.5
        ax.set_yticks(range(len(nodes)), labels, fontsize=small)
        ax.set_xticks(range(len(nodes)), [str(place) for place in range(1, len(nodes) + 1)], fontsize=small)
        if len(groups) > 1:
            _divide(ax, groups, rows=True, columns=True)
            _name(ax, groups)
        what = "indicators" if level in {None, "indicator"} else "dimensions"
        said = (
            f"Pearson's r of the scores of {len(wide)} {_rows(result, period)}; hatched where fewer than {LEAST} have"
        )
        said += " both, or all score the same."
        entitle(ax, _together(found, titles, what), source_line(result), note=said, columns=letters(across), below=6.0)
    return ax


@diagnosed
def missing(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw which values are there, imputed or missing, case by indicator, with the shares that are there.

    What is longer runs down: cases, or indicators where there are fewer cases. Of more than 60 rows of cases those with
    most gaps are shown.

    Parameters
    ----------
    result : Result
    ax : Axes, optional
        Where to draw; by default axes of a new figure.

    Raises
    ------
    SpecificationError
        If what is given is no score.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where it is read as a picture of quality: a value that is there may be a guess, and gaps may be no
    accident.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> table = pd.DataFrame({"trade": [1.0, 2.0], "visits": [np.nan, np.nan]}, index=["KAZ", "UZB"])
    >>> missing(score(table, methodology={"normalise": "percentile_rank"})).get_title(loc="left")
    "2 of 4 values are missing (50 %): all of 'visits'"
    """
    expect(result, Result, "missing", "score")
    engine, framework = result.engine, result.profile.framework
    nodes = [str(name) for name in result.to_wide("indicator")]
    order = [engine.indicators.index(name) for name in nodes]
    state = np.where(~np.isnan(result.raw), PRESENT, np.where(np.isnan(engine.imputed), MISSING, IMPUTED))[:, order]
    gone = state != PRESENT
    rows = np.arange(len(state))
    if len(rows) > SHOWN:
        rows = np.sort(np.argsort(-gone.sum(axis=1), kind="stable")[:SHOWN])
    cells, names = state[rows], [engine.label(int(row)) for row in rows]
    titles = [framework.node_title(name) for name in nodes]
    shares = 1.0 - gone[rows].mean(axis=1), 1.0 - gone.mean(axis=0)
    groups = list(_groups(result, nodes))
    down = len(names) >= len(titles)
    left, top = (names, titles) if down else (titles, names)
    if not down:
        cells, shares = cells.T, shares[::-1]
    with styled():
        high = 0.3 if len(left) <= MANY and max(map(len, left)) > WRAPPED else 0.2
        across = inches_across(ax, max(LEAST_WIDTH, len(top) * 0.3))
        upright = max(map(len, top)) * LETTER > across / len(top) - 0.05
        labels, heads = _wrapped(left, high), _wrapped(top, across / len(top)) if upright else top
        above = room_for(heads) if upright else 0.2
        ax = canvas(ax, room_for(labels) + across + 1.8, len(left) * high + above + 1.8)
        _states(ax, cells)
        ax.set_yticks(range(len(left)), labels, fontsize=7.5)
        ax.set_xticks(range(len(top)), heads, fontsize=7.5, rotation=90 if upright else 0)
        if len(groups) > 1:
            _divide(ax, groups, rows=not down, columns=down)
        _margins(ax, *shares)
        _key(ax, sorted({*state.ravel().tolist()}))
        hidden = gone.any(axis=1).sum() - gone[rows].any(axis=1).sum()
        more = len(state) - len(rows)
        said = f"Not shown: {more:,} more rows, {hidden:,} of them with gaps." if more else ""
        entitle(ax, _lacking(state, titles), source_line(result), note=said, columns=letters(across), below=18.0)
    return ax


def _scores(result: Result, level: str | None, period: object) -> pd.DataFrame:
    """Return the scores that are correlated; refuse what says nothing."""
    wide = result.to_wide(level or "indicator")
    if period is not None:
        wide = wide[one_of(wide.index, None, period, "correlations", every=True)]
    cases = len(wide.index.get_level_values("case").unique())
    if cases < LEAST:
        what = "one case has no correlations" if cases == 1 else f"any {cases} cases lie on a line"
        mend = f"Score {LEAST} cases or more; plot.missing shows what a profile of one case rests on."
        raise MethodError.of("plot.correlations", what, mend)
    if wide.shape[1] < 2:
        what = f"there is one node of the level '{level or 'indicator'}', which has nothing to go together with"
        known = ", ".join(repr(one) for one in (*result.profile.framework.levels, "indicator"))
        raise MethodError.of("plot.correlations: level", what, f"Name a level of several nodes, of {known}.")
    return wide


def _rows(result: Result, period: object) -> str:
    if result.index.nlevels == 1:
        return "cases"
    return "cases and periods" if period is None else f"cases in {period}"


def _groups(result: Result, nodes: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the title of each parent with the first place of its children and the one after the last."""
    framework, start = result.profile.framework, 0
    for parent, mine in groupby(nodes, key=lambda node: framework.parents.get(node, node)):
        stop = start + len(list(mine))
        yield framework.node_title(parent), start, stop
        start = stop


def _together(found: Floats, titles: Sequence[str], what: str) -> str:
    """Return what correlations say: how many pairs run against each other, and which goes together most."""
    left, right = np.triu_indices(len(titles), 1)
    pairs = found[left, right]
    known = ~np.isnan(pairs)
    if not known.any():
        return f"No pair of {what} has a correlation: too few cases have both, or all score the same"
    most = int(np.nanargmax(pairs))
    pair, r = f"{titles[left[most]]} and {titles[right[most]]}", fixed(pairs[most], 2)
    against, count = int((pairs[known] < 0).sum()), int(known.sum())
    if count == 1:
        return f"The one pair of {what} {'runs against each other' if against else 'goes together'}: {pair} ({r})"
    if against == count:
        return f"All {count:,} pairs of {what} run against each other, least {pair} ({r})"
    some = f"{against:,}" if against else "None"
    runs = "run" if against > 1 else "runs"
    return f"{some} of {count:,} pairs of {what} {runs} against each other; {pair} go together most ({r})"


def _lacking(state: Mask, titles: Sequence[str]) -> str:
    """Return how many values are missing, how many of them are imputed, and where most are."""
    gone = state != PRESENT
    count, filled = int(gone.sum()), int((state == IMPUTED).sum())
    if not count:
        return f"Nothing is missing: {_all(state.size)} there"
    share = percent(count / state.size)
    said = f"{count:,} of {state.size:,} values {'is' if count == 1 else 'are'} missing ({share})"
    if filled:
        said += ", imputed" if filled == count else f", {filled:,} of them imputed"
    by = gone.sum(axis=0)
    most = int(by.argmax())
    if (by == by[most]).sum() > 1 or len(titles) == 1:
        return said
    if by[most] == count:
        return f"{said}: {'' if count == 1 else 'all '}of '{titles[most]}'"
    return f"{said}; '{titles[most]}' lacks most, {by[most]:,} of {len(state):,}"


def _all(count: int) -> str:
    return "the one value is" if count == 1 else f"all {count:,} values are"


def _wrapped(labels: Sequence[str], room: float) -> list[str]:
    """Return labels in two lines where they are long and so many inches have room for two."""
    return [broken(one, max(WRAPPED, len(one) // 2 + 8) if room >= ROOM_FOR_LINES else len(one)) for one in labels]


def _shade(ax: Axes, found: Floats) -> Floats:
    """Shade cells by correlation, with a bar that says how; return their colours, of shape (rows, columns, 4)."""
    from matplotlib.colors import Normalize

    edges = np.arange(len(found) + 1) - 0.5
    mesh = ax.pcolormesh(
        edges, edges, np.ma.masked_invalid(found), cmap=APART, norm=Normalize(-1, 1), edgecolors=PAPER, linewidth=0.6
    )
    grid(ax, *found.shape)
    bar = ax.figure.colorbar(mesh, ax=ax, fraction=0.04, pad=0.02, aspect=25, shrink=0.8, ticks=[-1, 0, 1])
    bar.outline.set_visible(False)
    bar.ax.set_yticklabels(["\N{MINUS SIGN}1 against", "0", "1 together"], fontsize=7.5)
    bar.ax.tick_params(length=0)
    return np.asarray(mesh.to_rgba(np.ma.masked_invalid(found)))


def _numbered(ax: Axes, found: Floats, colours: Floats, *, shown: bool) -> None:
    """Write correlations into their cells; mark what is negative where numbers do not fit, for colour may be lost."""
    if not shown:
        rows, columns = np.nonzero(found < 0)
        ax.scatter(columns, rows, marker="_", s=12, color=QUIET, linewidth=0.8, zorder=3)
        return
    for row, column in np.argwhere(~np.isnan(found)):
        colour = text_on(colours[row, column])
        text = fixed(found[row, column], 2)
        ax.text(column, row, text, ha="center", va="center", fontsize=6.5, color=colour, zorder=3)


def _states(ax: Axes, cells: Mask) -> None:
    """Shade cells by what they hold, hatch what is missing and dot what is imputed."""
    from matplotlib.colors import ListedColormap

    rows, columns = cells.shape
    ax.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        cells,
        cmap=ListedColormap([FAINT, COLOURS[1], PAPER]),
        vmin=PRESENT,
        vmax=MISSING,
        edgecolors=PAPER,
        linewidth=1.0,
    )
    grid(ax, rows, columns)
    hatched(ax, cells == MISSING)
    places = np.argwhere(cells == IMPUTED)
    if len(places):
        ax.scatter(places[:, 1], places[:, 0], s=8, marker="o", color=INK, zorder=3)


def _key(ax: Axes, states: Sequence[int]) -> None:
    """Say what the shades stand for, right of the shares."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    shades = {
        PRESENT: (Patch(facecolor=FAINT), "present"),
        IMPUTED: (
            (Patch(facecolor=COLOURS[1]), Line2D([], [], marker="o", markersize=3, linestyle="", color=INK)),
            "imputed",
        ),
        MISSING: (Patch(facecolor=PAPER, edgecolor=QUIET, hatch=HATCH), "missing"),
    }
    beside = ax.transAxes + ScaledTranslation(36 / 72, 0.0, ax.figure.dpi_scale_trans)
    handles, labels = zip(*(shades[one] for one in states), strict=True)
    ax.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        bbox_transform=beside,
        frameon=False,
        fontsize=7.5,
        borderaxespad=0.0,
    )


def _margins(ax: Axes, right: Floats, below: Floats) -> None:
    """Write beside each row and below each column how much of it is there."""
    last, bottom = len(below) - 0.5, len(right) - 0.5
    text: Any = {"textcoords": "offset points", "fontsize": 6.5, "color": QUIET, "annotation_clip": False}
    for row, share in enumerate(right):
        ax.annotate(_whole(share), (last, row), xytext=(22, 0), ha="right", va="center", **text)
    for column, share in enumerate(below):
        ax.annotate(_whole(share), (column, bottom), xytext=(0, -3), ha="center", va="top", **text)
    ax.annotate("% there", (last, bottom), xytext=(4, -3), ha="left", va="top", **text)


def _whole(share: float) -> str:
    """Return a share in whole percent, 0 or 100 only where it is so."""
    return f"{share * 100 if share in {0, 1} else min(max(share * 100, 1), 99):.0f}"


def _divide(ax: Axes, groups: Sequence[tuple[str, int, int]], *, rows: bool, columns: bool) -> None:
    """Draw lines between the groups."""
    for _, start, _ in groups[1:]:
        if rows:
            ax.axhline(start - 0.5, color=INK, linewidth=1.0, zorder=4)
        if columns:
            ax.axvline(start - 0.5, color=INK, linewidth=1.0, zorder=4)


def _name(ax: Axes, groups: Sequence[tuple[str, int, int]]) -> None:
    """Write the titles of the groups right of their rows."""
    for title, start, stop in groups:
        ax.annotate(
            title,
            (1.0, (start + stop) / 2 - 0.5),
            xycoords=ax.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=QUIET,
            annotation_clip=False,
        )

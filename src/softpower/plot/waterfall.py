"""What the composite is made of: a step for each contribution, from zero up to the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.plot.choosing import one_of
from softpower.plot.lines import broken, centres, line_count
from softpower.plot.rows import BETWEEN, LETTERS, column, ground, height_of, name_rows
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, HATCHES, INK, PAPER, QUIET, canvas, entitle, styled
from softpower.plot.subject import Subject
from softpower.plot.wording import plural
from softpower.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@diagnosed
def contributions(
    result: Result,
    *,
    case: str | None = None,
    period: str | int | None = None,
    level: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each part adds to the composite, as steps from zero to the whole.

    The steps sum to the composite, and those under a node of the first level to what that node adds.

    Parameters
    ----------
    result : Result
    case : str, optional
        The case; it may be left out where there is one.
    period : str or int, optional
        The period; it may be left out where the case has one.
    level : str, optional
        The level of the framework whose nodes are the steps; indicators by default. An indicator that hangs beside
        or above that level is a step of its own, so that the sum stays whole.
    ax : Axes, optional
        Where to draw; a figure of its own by default.

    Raises
    ------
    SpecificationError
        If what is given is no result.
    MethodError
        If it holds draws, the composite is missing, or its mean has no parts.
    NotFoundError
        If there is no such case, period or level below the composite.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads under any mean but the arithmetic one where a step is read as what would be lost without the part: the
    other steps would change as well.

    Examples
    --------
    >>> import softpower
    >>> ax = contributions(softpower.score("kazakhstan"), level="source")
    >>> [label.get_text().strip() for label in ax.get_yticklabels()]
    ['Foreign policy', 'Culture', 'Political values', 'Soft power']
    """
    subject = Subject.of(result, "contributions")
    if subject.drawn is not None:
        mend = "Give their score: contributions(drawn.score)."
        raise MethodError.of("plot.contributions", "draws have no contributions of their own", mend)
    row = int(one_of(result.index, case, period, "contributions").argmax())
    _check_level(result, level)
    table = subject.table(row)
    _check_parts(subject, row, table)
    with styled():
        steps = _steps(subject, table, level or "indicator")
        names = [
            broken(title, LETTERS, indent="" if head else "    ")
            for title, head in zip(steps["title"], steps["head"], strict=True)
        ]
        heavy = [bool(split) or branch < 0 for split, branch in zip(steps["split"], steps["branch"], strict=True)]
        # Room between groups only where they have parts; above the whole always.
        grouped = bool(steps["split"].any())
        above = [0.75 * (one and grouped) for one in steps["head"][:-1]] + [1.05]
        places, _ = centres([line_count(name) for name in names], gap=BETWEEN, above=above)
        ax = canvas(ax, 9.0, height_of(places))
        left = name_rows(ax, places, names, [9.0 if one else 8.0 for one in heavy], heavy)
        ground(ax, places)
        _bars(ax, steps, places)
        texts = [
            "missing" if missing else subject.number(one, 1)
            for one, missing in zip(steps["given"], steps["missing"], strict=True)
        ]
        column(ax, places, texts, head="adds", left=10.0, bold=heavy)
        ax.set_xlabel("points of the composite", size=7.5, color=QUIET, loc="left")
        entitle(ax, _finding(subject, row, table), source_line(result), columns=84, left=left)
    return ax


def _check_level(result: Result, level: str | None) -> None:
    levels = [*result.profile.framework.levels[1:], "indicator"]
    if level is not None and level not in levels:
        what = f"there is no level '{level}' below the composite"
        raise NotFoundError.of("plot.contributions: level", what, did_you_mean(level, levels))


def _check_parts(subject: Subject, row: int, table: pd.DataFrame) -> None:
    whole = table.iloc[0]
    where = f"plot.contributions: {subject.result.engine.label(row)}"
    if np.isnan(whole["score"]):
        mend = "See result.reasons, or draw the profile, which shows what is there."
        raise MethodError.of(where, f"the composite is missing: {whole['reason']}", mend)
    if table["contribution"].isna().any():
        what = "the composite is no sum of parts under its aggregation"
        raise MethodError.of(where, what, 'Score with a mean, for instance methodology={"aggregate": "arithmetic"}.')


def _steps(subject: Subject, table: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the rows of the picture: a head for each node of the first level, its parts, and the whole last.

    ``start`` and ``given`` say where a bar begins and how far it goes; ``branch`` is the number of the first level's
    node, -1 for the whole; ``missing`` marks what has no score, and adds nothing. Largest first, among heads and among
    the parts of each.
    """
    framework = subject.result.profile.framework
    paths = {str(node): framework.path(str(node)) for node in table.index}
    # A node is a step if it is of the level, or an indicator with no node of the level above it.
    within = {node: [one for one in path if framework.level(one) == level] for node, path in paths.items()}
    cut = [
        node
        for node in paths
        if (within[node] == [node]) or (node in framework.indicators and node not in within[node] and not within[node])
    ]
    first = [node for node, path in paths.items() if len(path) == 2]
    flat = all(node in framework.indicators for node in first)
    given, gap = table["contribution"], table["score"].isna()
    rows, start = [], 0.0
    for head in sorted(first, key=lambda node: -given[node]):
        branch, parts = (
            0 if flat else first.index(head),
            [node for node in cut if paths[node][1] == head and node != head],
        )
        rows.append((framework.node_title(head), True, branch, start, given[head], bool(parts), gap[head]))
        at = start
        for node in sorted(parts, key=lambda one: -given[one]):
            rows.append((framework.node_title(node), False, branch, at, given[node], False, gap[node]))
            at += given[node]
        start += given[head]
    root = subject.result.nodes[-1]
    rows.append((framework.node_title(root), True, -1, 0.0, given[root], False, False))
    return pd.DataFrame(rows, columns=["title", "head", "branch", "start", "given", "split", "missing"])


def _bars(ax: Axes, steps: pd.DataFrame, places: np.ndarray) -> None:
    """Draw the bars, and from each to the next a line where it ends."""
    for place, (_, head, branch, start, given, split, _) in zip(places, steps.itertuples(index=False), strict=True):
        colour = INK if branch < 0 else COLOURS[branch % len(COLOURS)]
        hatch = "" if branch < 0 else HATCHES[branch % len(HATCHES)]
        # A node whose parts follow is an outline around what they add up to.
        ax.barh(
            place,
            given,
            left=start,
            height=0.95 if head else 1.05,
            color=PAPER if split else colour,
            edgecolor=colour if split else PAPER,
            hatch="" if split else hatch,
            linewidth=1.4 if split else 0.0,
            zorder=2,
        )
    ax.axvline(0.0, color=QUIET, linewidth=0.8)
    ends = (steps["start"] + steps["given"]).to_numpy()
    reach = np.array([0.0, *steps["start"], *ends])
    room = 0.04 * float(np.ptp(reach))
    ax.set_xlim(reach.min() - room * bool(reach.min() < 0), reach.max() + room * bool(reach.max() > 0) or 1.0)
    last = ~steps["split"].to_numpy()[:-1]
    ax.vlines(ends[:-1][last], places[:-1][last], places[1:][last], color=QUIET, linewidth=0.7, zorder=1)


def _finding(subject: Subject, row: int, table: pd.DataFrame) -> str:
    framework = subject.result.profile.framework
    first = [node for node in table.index if framework.depths[node] == 1]
    given = table["contribution"]
    order = sorted(first, key=lambda node: -given[node])
    whole = subject.number(given.iloc[0], 1)
    said = [f"{framework.node_title(node)} {subject.number(given[node], 1)}" for node in order]
    name = subject.name(row)
    if len(order) <= 3:
        return f"{name}: of {whole} points {', '.join(said)}"
    called = plural(framework.level(order[0]))
    return f"{name}: of {whole} points from {len(order)} {called} most from {said[0]}, least from {said[-1]}"

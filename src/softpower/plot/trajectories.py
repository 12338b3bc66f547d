"""A picture of a profile through time: the score in its interval, its coverage, and what moved it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from softpower.analysis.phases import Phase, phases_of
from softpower.analysis.trajectories import Trajectory, rows_of
from softpower.arguments import diagnosed
from softpower.errors import NotFoundError, did_you_mean
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import broken
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, PAPER, QUIET, canvas, entitle, inches_across, styled
from softpower.plot.wording import percent
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 8
"""So many years are numbered and told, those in which most happens."""
STRIP, FLOOR, CEILING, LABELS, TOP = 0.11, 0.22, 0.74, 0.80, 0.985
"""Parts of the height: coverage ends, the score begins and ends, the numbers stand, the phases are named."""
LETTER = 4.2
"""So many points a letter of what is told takes at most on average."""
MANY = 60
"""Of more years dots are small and bars touch."""
APART = 17.0
"""So many points apart two numbers beside each other stand at least."""
LEAST = 0.05
"""So many points are told, and no less."""
HALF = 0.5 + 1e-9


@dataclass(frozen=True)
class _Told:
    """A year in which much happens.

    Parameters
    ----------
    place : int
        Of the year.
    weight : float
        How much, in points.
    covered : bool
        Whether coverage alone did more than facts.
    text : str
    """

    place: int
    weight: float
    covered: bool
    text: str


@diagnosed
def trajectory(
    through: Trajectory,
    *,
    node: str | None = None,
    case: str | None = None,
    phases: Iterable[Phase] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw a node through time in its interval, with its coverage below it and what moved it told underneath.

    Parameters
    ----------
    through : Trajectory
    node : str, optional
        A dimension or an indicator; the composite by default.
    case : str, optional
        The case; it may be left out where there is one.
    phases : iterable of (first, last) or str, optional
        Spans of years that are shaded, with the mean of each.
    ax : Axes, optional
        Where to draw; a figure of its own by default.

    Raises
    ------
    SpecificationError
        If what is given is no trajectory, or a phase is none, or holds no year.
    NotFoundError
        If there is no such node or case, or there are several cases and none is named.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    The line is broken where there is no score, and dashed where indicators enter or leave between two years, which
    then do not compare. The band is the fainter the less is observed; dots are open where that is half or less.

    Misleads where it is read without the bars of coverage.

    Examples
    --------
    >>> import softpower
    >>> through = softpower.trajectory("kazakhstan", years=range(1998, 2002), undated="constant")
    >>> trajectory(through).get_title(loc="left").partition(" in 1998")[0]
    'Soft power: up from 50.5'
    """
    expect(through, Trajectory, "trajectory", "trajectory")
    whole, node = through.to_frame(), through.nodes[0] if node is None else node
    index = whole.index
    case = str(index[one_of(index, case, None, "trajectory")].get_level_values("case")[0])
    if node not in through.nodes:
        what = f"there is no node '{node}' in the score"
        raise NotFoundError.of("plot.trajectory: node", what, did_you_mean(node, through.nodes))
    frame, changes = (rows_of(one, case, node) for one in (whole, through.changes()))
    spans = phases_of(phases, through.moments) if phases else {}
    with styled():
        told = _told(through, case, node, changes)
        unlike = (changes["enter"] + changes["leave"]).to_numpy() > 0
        wide = inches_across(ax, 8.1) * 72
        lines = _lines(told, round(wide / LETTER))
        ax = canvas(ax, 9.0, 4.6 + 0.145 * len(lines))
        years = _places(through)
        numbers = {name: frame[name].to_numpy(dtype=float) for name in ("score", "low", "high", "coverage")}
        _room(ax, years, numbers, through.years)
        _phases(ax, years, spans, numbers["score"], wide)
        _band(ax, years, numbers)
        _line(ax, years, numbers, unlike)
        _coverage(ax, years, numbers["coverage"])
        _numbered(ax, years, told, numbers["score"], wide)
        ax.set_ylabel(broken(f"{through.profile.framework.node_title(node)}, {_interval(through)}", 44))
        if lines:
            ax.annotate(
                "\n".join(lines),
                (0.0, 0.0),
                xycoords="axes fraction",
                xytext=(0.0, -24.0),
                textcoords="offset points",
                va="top",
                fontsize=7.5,
                linespacing=1.35,
                annotation_clip=False,
            )
        last = next(one for one in reversed((*through.results, *through.drawn)) if one is not None)
        finding = _finding(through, case, node, frame, changes)
        below = 26.0 + 10.6 * len(lines) + (6.0 if lines else 0.0)
        note = _marks(told, unlike=bool(unlike.any()))
        entitle(ax, finding, source_line(last), note=note, columns=80, below=below)
    return ax


def _places(through: Trajectory) -> Floats:
    """Return where the years lie: at their number, or where there are other days among them at the last day of each."""
    if all(isinstance(year, int) for year in through.years):
        return np.array(through.years, dtype=float)
    return np.array([one.last.year + one.last.timetuple().tm_yday / 366 for one in through.moments])


def _interval(through: Trajectory) -> str:
    return "90 % of draws" if any(through.drawn) else "bounds"


def _room(ax: Axes, years: Floats, numbers: dict[str, Floats], labels: Sequence[int | str]) -> None:
    """Set the limits so that there is room for coverage below the scores, and for numbers above them."""
    from matplotlib.ticker import MaxNLocator

    ends = np.concatenate([numbers["low"], numbers["high"], numbers["score"]])
    ends = ends[~np.isnan(ends)]
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else (0.0, 100.0)
    if high - low < 1e-9:
        low, high = low - 1.0, high + 1.0
    tall = (high - low) / (CEILING - FLOOR)
    ticks = [one for one in MaxNLocator(5).tick_values(low, high) if low - 0.02 * tall <= one <= high + 0.02 * tall]
    ax.set_ylim(low - FLOOR * tall, high + (1 - CEILING) * tall)
    ax.set_yticks(ticks)
    margin = 0.6 if all(isinstance(one, int) for one in labels) else 0.04 * float(np.ptp(years)) or 1.0
    ax.set_xlim(years[0] - margin, years[-1] + margin)
    if margin == 0.6 and len(years) > 1:
        ax.xaxis.set_major_locator(MaxNLocator(11, integer=True))
    else:
        apart = 0.09 * (float(np.ptp(years)) + 2 * margin)
        shown: list[int] = []
        for place, year in enumerate(years):
            shown += [place] if not shown or year - years[shown[-1]] >= apart else []
        ax.set_xticks(years[shown], [str(labels[place]) for place in shown])
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)


def _phases(ax: Axes, years: Floats, spans: dict[str, list[int]], score: Floats, width: float) -> None:
    """Shade every other phase, and write its name and its mean at the top."""
    whole = float(np.ptp(ax.get_xlim()))
    for number, (name, places) in enumerate(spans.items()):
        first, last = years[places[0]] - 0.5, years[places[-1]] + 0.5
        if number % 2 == 0:
            ax.axvspan(first, last, color="#f1f1ee", zorder=0, linewidth=0)
        there = score[places][~np.isnan(score[places])]
        mean = f"mean {there.mean():.1f}" if len(there) else "no score"
        said = f"{name}: {mean}" if len(there) in {0, len(places)} else f"{name}: {mean} ({len(there)} years)"
        room = int((last - first) / whole * width / 5.2)
        lines = textwrap.wrap(said, room) if room > 4 else []
        # A phase too short for its words stands in the table of phases alone.
        if 0 < len(lines) <= 2 and max(map(len, lines)) <= room:
            place: dict[str, Any] = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top"}
            ax.text((first + last) / 2, TOP, "\n".join(lines), fontsize=8, color=QUIET, **place)


def _paler(strength: float) -> tuple[float, float, float]:
    """Return the first colour mixed with the ground."""
    from matplotlib.colors import to_rgb

    mixed = np.array(to_rgb(COLOURS[0])) * strength + np.array(to_rgb(PAPER)) * (1 - strength)
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def _band(ax: Axes, years: Floats, numbers: dict[str, Floats]) -> None:
    """Fill the interval from year to year, the paler the less is observed; that of a year by itself is a line."""
    low, high, coverage = numbers["low"], numbers["high"], numbers["coverage"]
    there = np.concatenate([[False], ~np.isnan(low), [False]])
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    ax.vlines(years[alone], low[alone], high[alone], color=_paler(0.4), linewidth=5.0, zorder=1.5)
    for place in range(len(years) - 1):
        here = slice(place, place + 2)
        if np.isnan([low[here], high[here]]).any():
            continue
        strength = 0.08 + 0.3 * float(coverage[here].mean()) ** 2
        ax.fill_between(years[here], low[here], high[here], color=_paler(strength), linewidth=0.4, zorder=1.5)


def _line(ax: Axes, years: Floats, numbers: dict[str, Floats], unlike: np.ndarray) -> None:
    """Draw the score: dashed between years of unlike indicators, open dots where half or less is observed."""
    score = numbers["score"]
    for place in range(len(years) - 1):
        here = slice(place, place + 2)
        style: Any = (0, (2.2, 1.6)) if unlike[place] else "-"
        ax.plot(years[here], score[here], color=COLOURS[0], linewidth=1.6, linestyle=style, zorder=3)
    few = numbers["coverage"] <= HALF
    size = 20.0 if len(years) <= MANY else 6.0
    for which, face in ((few, PAPER), (~few, COLOURS[0])):
        ax.scatter(years[which], score[which], size, facecolor=face, edgecolor=COLOURS[0], linewidth=1.2, zorder=4)


def _coverage(ax: Axes, years: Floats, coverage: Floats) -> None:
    """Draw coverage as bars at the foot, with its first and its last number."""
    across = ax.get_xaxis_transform()
    gaps = np.diff(years)
    wide = max(0.8 * float(gaps.min()), 0.008 * float(np.ptp(years))) if len(gaps) else 0.3
    wide = wide if len(years) <= MANY else wide / 0.8
    for full in (True, False):
        height = np.full(len(years), STRIP) if full else STRIP * np.nan_to_num(coverage)
        colour = FAINT if full else "#8a8a8a"
        ax.bar(years, height, wide, color=colour, alpha=0.55 if full else 1.0, transform=across, zorder=1)
    there = np.flatnonzero(~np.isnan(coverage))
    if not len(there):
        return
    first, last = there[0], there[-1]
    words: dict[str, Any] = {"transform": across, "fontsize": 7.5, "color": QUIET, "va": "bottom"}
    ax.text(years[first] - wide / 2, STRIP + 0.012, f"coverage {percent(coverage[first])}", ha="left", **words)
    if abs(coverage[last] - coverage[first]) > 0.005 and years[last] - years[first] > 0.2 * np.ptp(years):
        ax.text(years[last] + wide / 2, STRIP + 0.012, percent(coverage[last]), ha="right", **words)


def _told(through: Trajectory, case: str, node: str, changes: pd.DataFrame) -> list[_Told]:
    """Return the years in which most happens, in their order."""
    moves, root = through.moves().reset_index(), node == through.nodes[0]
    framework = through.profile.framework
    under = [node in framework.path(str(name)) for name in moves["indicator"]]
    inside = np.array(under, dtype=bool) & (moves["case"] == case)
    mine = moves[inside & (moves["cause"] == "facts")]
    found = []
    for place, (year, row) in enumerate(changes.iterrows(), start=1):
        here = mine[mine["year"] == year]
        here = here.loc[here["points"].abs().sort_values(ascending=False, kind="stable").index]
        here = here[here["points"].abs() > 1e-9] if root else here
        moved = float(here["points"].sum()) if root else float(row["moved"]) if len(here) else 0.0
        by_facts, by_coverage = abs(np.nan_to_num(moved)), abs(np.nan_to_num(row["coverage"]))
        if max(by_facts, by_coverage) < LEAST:
            continue
        here = here[here["points"].abs() >= LEAST] if root else here
        parts = [_fact(one, root=root) for one in here.head(3).to_dict("records")]
        parts += [f"{len(here) - 3} more by facts"] if len(here) > 3 else []
        if by_coverage >= LEAST:
            parts.append(
                f"{_crossing(moves[inside & (moves['year'] == year)])}: {row['coverage']:+.1f} by coverage alone"
            )
        covered = bool(by_coverage > by_facts)
        found.append(_Told(place, float(max(by_facts, by_coverage)), covered, f"{year}: {'; '.join(parts)}"))
    largest = sorted(found, key=lambda one: -one.weight)[:SHOWN]
    return sorted(largest, key=lambda one: one.place)


def _crossing(moves: pd.DataFrame) -> str:
    """Return which indicators enter and leave in a year: by name where they are few."""
    said = []
    for cause, verb in (("enters", "enter"), ("leaves", "leave")):
        titles = moves.loc[moves["cause"] == cause, "title"].tolist()
        if len(titles) in {1, 2}:
            said.append(f"{' and '.join(titles)} {cause if len(titles) == 1 else verb}")
        elif titles:
            said.append(f"{len(titles)} indicators {verb}")
    return ", ".join(said)


def _fact(row: dict[Any, Any], *, root: bool) -> str:
    """Return what facts did to an indicator."""
    ids = str(row["facts"]).split()
    named = " ".join(ids[:2]) + (f" and {len(ids) - 2} more" if len(ids) > 2 else "")
    how = f"{row['points']:+.1f}" if root else f"{row['old']:.3g} to {row['new']:.3g}"
    return f"{row['title']} {how} ({named})"


def _lines(told: Sequence[_Told], columns: int) -> list[str]:
    """Return what is told, in lines."""
    lines: list[str] = []
    for number, one in enumerate(told, start=1):
        lines += textwrap.wrap(f"{number}  {one.text}", columns, subsequent_indent="    ")
    return lines


def _marks(told: Sequence[_Told], *, unlike: bool) -> str:
    """Return what the marks mean that are in the picture."""
    marks = ["a round number: facts that count from that year on"] if not all(one.covered for one in told) else []
    marks += ["a square one: indicators that enter or leave"] if any(one.covered for one in told) else []
    marks += ["dashed: unlike indicators in the two years"] if unlike else []
    marks += ["an open dot: half or less is observed"]
    return f"{'; '.join(marks).capitalize()}."


def _numbered(ax: Axes, years: Floats, told: Sequence[_Told], score: Floats, width: float) -> None:
    """Write the numbers of what is told above the years, one beneath the other where they are close."""
    across = ax.get_xaxis_transform()
    rows: list[float] = []
    per_year = width / float(np.ptp(ax.get_xlim()))
    for number, one in enumerate(told, start=1):
        at = float(years[one.place])
        row = next((row for row, last in enumerate(rows) if (at - last) * per_year >= APART), len(rows))
        rows[row : row + 1] = [at]
        height = LABELS + 0.06 * row
        bottom, top = ax.get_ylim()
        foot = (float(score[one.place]) - bottom) / (top - bottom)
        ax.plot([at, at], [foot + 0.015, height], color=QUIET, linewidth=0.7, transform=across, zorder=2.5)
        box = {
            "boxstyle": "square,pad=0.28" if one.covered else "circle,pad=0.22",
            "facecolor": PAPER if one.covered else INK,
            "edgecolor": INK,
            "linewidth": 0.9,
        }
        ax.text(
            at,
            height,
            str(number),
            transform=across,
            ha="center",
            va="center",
            fontsize=7.5,
            color=INK if one.covered else PAPER,
            bbox=box,
            zorder=5,
        )


def _finding(through: Trajectory, case: str, node: str, frame: pd.DataFrame, changes: pd.DataFrame) -> str:
    """Return from where to where the node goes, and how much of that is coverage alone."""
    name = through.profile.framework.node_title(node)
    name = name if len(through.cases) == 1 else f"{name} of {case}"
    scores = frame["score"].dropna()
    if scores.empty:
        return f"{name}: no score in any year, since too little is observed"
    first, last = (float(scores.iloc[place]) for place in (0, -1))
    start, end = scores.index[0], scores.index[-1]
    way = "up" if last - first >= 0.05 else "down" if last - first <= -0.05 else ""
    said = (
        f"{name}: {way} from {first:.1f} in {start} to {last:.1f} in {end}" if way else f"{name}: {last:.1f} in {end}"
    )
    said += f", as in {start}" if not way and start != end else ""
    if through.profile.left_out and node == through.nodes[0]:
        count = len(through.profile.indicators)
        said += f", on {count} indicator{'s' if count > 1 else ''}"
    gone = len(frame) - len(scores)
    said += f", and no score in {gone} of {len(frame)} years" if gone else ""
    parts = changes[["moved", "coverage"]].dropna().abs().sum()
    whole = float(parts.sum())
    if whole > 0 and parts["coverage"] / whole >= 0.005:
        said += f"; {percent(parts['coverage'] / whole)} of all change from year to year is coverage alone"
    return said

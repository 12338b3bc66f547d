"""Bars: how far one thing at a time moves a score, and what its spread comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from softpower.analysis.naming import Titles
from softpower.analysis.sensitivity import SensitivityResult
from softpower.arguments import diagnosed
from softpower.errors import Fault, MethodError, NotFoundError, SpecificationError
from softpower.model.profile import Profile
from softpower.plot.choosing import expect, label_of
from softpower.plot.lines import LINE, broken, centres, line_count
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, QUIET, canvas, entitle, styled
from softpower.result import label_problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOM = 1.75
"""So many inches are kept on either side of the bars for what is at their ends."""
PALE = "#b9cfe2"
"""Of a bar on which the line of its interval stands out."""
NAME, END = 34, 27
"""So many letters of a name, and of what is at an end, stand beside each other."""


class _Bar(NamedTuple):
    """One bar: its name, its ends, and what is there."""

    name: str
    low: float
    high: float
    at_low: str
    at_high: str


@diagnosed
def tornado(table: pd.DataFrame, *, profile: Profile | None = None, top: int = 15, ax: Axes | None = None) -> Axes:
    r"""Draw how far each thing alone moves a score, the widest bar on top, with what is at its ends.

    Parameters
    ----------
    table : DataFrame
        What `softpower.tornado` or `softpower.swings` returns, of one case.
    profile : Profile, optional
        Whose titles stand in the place of ids.
    top : int
        So many bars are drawn at most.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    SpecificationError
        If it is no such table, or `top` is no number of bars.
    NotFoundError
        If it holds several cases or periods.
    MethodError
        If nothing in it moves the score.

    Notes
    -----
    Misleads where bars are added up: what two things do at once need not be the sum.

    Examples
    --------
    >>> import softpower as sp
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> ax = tornado(sp.tornado(frame, uncertainty={"weights": "simplex"}, case="KGZ"))
    >>> ax.get_title(loc="left").split("\n")[0]
    "'weights: composite' alone moves the score of KGZ from 50.0 to 100.0"
    """
    count = _count(top, "tornado")
    if profile is not None:
        expect(profile, Profile, "tornado: profile", "load_profile")
    bars, score = _bars(table, None if profile is None else Titles(profile))
    case = label_of(table.index, np.ones(len(table), dtype=bool))
    moved = [one for one in bars if one.high > one.low]
    if not moved:
        raise MethodError.of("plot.tornado", f"nothing in the table moves the score of {case}", "Declare what may.")
    moved.sort(key=lambda one: one.low - one.high)
    shown = moved[:count]
    with styled():
        names = [broken(one.name, NAME) for one in shown]
        said = [(broken(one.at_low, END), broken(one.at_high, END)) for one in shown]
        places, whole = centres([line_count(name, *ends) for name, ends in zip(names, said, strict=True)])
        ax = canvas(ax, 10.0, LINE * (whole + 2) + 1.5)
        for place, one, ends in zip(places, shown, said, strict=True):
            _bar(ax, float(place), one, score, ends)
        low, high = min(score, *(one.low for one in shown)), max(score, *(one.high for one in shown))
        _with_room(ax, low, high)
        ax.axvline(score, color=INK, linewidth=1.0, zorder=3)
        above: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "bottom"}
        ax.annotate(f"as declared {score:.1f}", (score, -0.3), fontsize=8, **above)
        ax.set_ylim(whole + 0.2, -2.0)
        ax.set_yticks(places, names)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel("score")
        first = shown[0]
        finding = f"'{first.name}' alone moves the score of {case} from {first.low:.1f} to {first.high:.1f}"
        finding += f", furthest of {len(moved)}" if len(moved) > 1 else ""
        entitle(ax, finding, source_line(table), note=_left_out(bars, moved, shown), columns=72)
    return ax


def _bar(ax: Axes, place: float, one: _Bar, score: float, said: tuple[str, str]) -> None:
    """Draw what lies below the declared score and what lies above it, and the texts beside them."""
    parts = ((one.low, min(one.high, score), COLOURS[0], ""), (max(one.low, score), one.high, COLOURS[1], "////"))
    for left, right, colour, hatch in parts:
        if right > left:
            style: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.0}
            ax.barh(place, right - left, left=left, height=1.0, **style)
    for end, text, side, shift in ((one.low, said[0], "right", -4), (one.high, said[1], "left", 4)):
        at: dict[str, Any] = {"xytext": (shift, 0), "textcoords": "offset points", "ha": side, "va": "center"}
        ax.annotate(text, (end, place), fontsize=7, color=QUIET, linespacing=1.05, **at)


def _with_room(ax: Axes, low: float, high: float) -> None:
    """Set the axis so that what is at the ends has room, with ticks where there are scores alone."""
    from matplotlib.ticker import MaxNLocator

    inches = ax.get_window_extent().width / ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    share = min(ROOM / max(inches - 2.0, 1.0), 0.4)
    room = (high - low) * share / (1 - 2 * share)
    ax.set_xlim(low - room, high + room)
    ticks = np.array(MaxNLocator(6).tick_values(low, high))
    ax.set_xticks(ticks[(ticks >= low) & (ticks <= high)])
    ax.spines["bottom"].set_bounds(low, high)


def _left_out(bars: Sequence[_Bar], moved: Sequence[_Bar], shown: Sequence[_Bar]) -> str:
    """Return how the bars came about, and how many are not drawn and why."""
    hidden, still = len(moved) - len(shown), sum(one.high == one.low for one in bars)
    unknown = len(bars) - len(moved) - still
    said = "One at a time from end to end, all else as declared."
    said += f" Not shown: {hidden} that move it less." if hidden else ""
    said += f" Without effect: {still}." if still else ""
    return said + (f" With too few scores to say: {unknown}." if unknown else "")


def _count(top: object, where: str) -> int:
    if not isinstance(top, int | np.integer) or isinstance(top, bool) or top < 1:
        what = f"{top!r} is no number of bars"
        raise SpecificationError.of(f"plot.{where}: top", what, "Give a whole number, 1 or above.")
    return int(top)


def _expect_one(index: pd.Index) -> None:
    """Raise NotFoundError where a table is of several cases or periods: the rows of one can be taken."""
    faults = []
    for name in [one for one in ("case", "period") if one in index.names]:
        known = index.unique(name).tolist()
        if found := label_problem(name, None, known):
            mend = f"Draw the rows of one: table.xs({known[0]!r}, level={name!r}, drop_level=False)."
            faults.append(Fault(f"plot.tornado: {name}", found[0], mend))
    if faults:
        raise NotFoundError(faults)


def _bars(table: object, titles: Titles | None) -> tuple[list[_Bar], float]:
    """Return the bars of either table, named by titles where there are any, and the score as declared.

    Raises
    ------
    SpecificationError
        If it is neither.
    MethodError
        If it is empty.
    NotFoundError
        If it is of several cases or periods.
    """
    columns = set(table.columns) if isinstance(table, pd.DataFrame) else set()
    factors, facts = {"low", "high", "at_low", "at_high"} <= columns, {"score_at_low", "score_at_high"} <= columns
    if not isinstance(table, pd.DataFrame) or not (factors or facts) or "case" not in table.index.names:
        said = f"a {type(table).__name__}" if not columns else "a table of something else"
        raise SpecificationError.of(
            "plot.tornado", f"{said} is given", "Give what softpower.tornado or softpower.swings returns."
        )
    if table.empty:
        raise MethodError.of("plot.tornado", "the table has no rows", "Declare what is uncertain, or give bounds.")
    _expect_one(table.index)
    rows = [{str(key): value for key, value in row.items()} for row in table.reset_index().to_dict("records")]
    made = [_of_factor(row, titles) if factors else _of_fact(row, titles) for row in rows]
    return made, float(rows[0]["score"])


def _of_factor(row: dict[str, Any], titles: Titles | None) -> _Bar:
    known = not math.isnan(row["swing"])
    low, high = (row["low"], row["high"]) if known else (math.nan, math.nan)
    still = known and row["swing"] == 0
    name, *ends = row["factor"], row["at_low"], row["at_high"]
    if titles is not None:
        name, ends = titles.factor(name), [titles.end(name, said) for said in ends]
    return _Bar(name, low, low if still else high, *ends)


def _of_fact(row: dict[str, Any], titles: Titles | None) -> _Bar:
    part = "" if row["part"] == "value" else f", {row['part']}"
    ends = [(row["score_at_low"], _number(row["low"])), (row["score_at_high"], _number(row["high"]))]
    if row["score_at_high"] < row["score_at_low"]:
        ends.reverse()
    (low, at_low), (high, at_high) = ends
    still = row["swing"] == 0
    variable = row["variable"] if titles is None else titles.variable(row["variable"])
    return _Bar(f"{row['observation']}{part}: {variable}", low, low if still else high, at_low, at_high)


def _number(value: object) -> str:
    return f"at {value:.6g}" if isinstance(value, float) else f"at {value}"


@diagnosed
def sensitivity(result: SensitivityResult, *, output: str | None = None, top: int = 20, ax: Axes | None = None) -> Axes:
    """Draw first-order and total Sobol indices with their intervals, the greatest total on top.

    Parameters
    ----------
    result : SensitivityResult
        What `softpower.sensitivity_analysis` returns.
    output : str, optional
        Whose spread; the first output by default.
    top : int
        So many factors are drawn at most.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    SpecificationError
        If it is no such result, or `top` is no number of factors.
    NotFoundError
        If there is no such output.
    MethodError
        If the output does not vary.

    Notes
    -----
    Estimates below zero are drawn as they are: the true index is then near zero.

    Misleads where a long bar is taken for importance as such: it is a share of the variance that the declared
    uncertainty makes.

    Examples
    --------
    >>> import softpower as sp
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> chosen = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}
    >>> ax = sensitivity(sp.sensitivity_analysis(frame, uncertainty=chosen, n=64), output="rank_change")
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['aggregation', 'weights: Composite']
    """
    count = _count(top, "sensitivity")
    expect(result, SensitivityResult, "sensitivity", "sensitivity_analysis")
    chosen = result.outputs[0] if output is None else output
    frame = result.to_frame(chosen)
    if frame["total"].isna().all():
        others = ", ".join(name for name in result.outputs if name != chosen)
        mend = f"Look at another: {others}." if others else "Declare something uncertain that moves it."
        raise MethodError.of("plot.sensitivity: output", f"'{chosen}' does not vary", mend)
    shown = frame.head(count)
    with styled():
        titles = Titles(result.design.outputs.sampler.profile)
        names = [broken(titles.factor(name), NAME) for name in shown["factor"]]
        places, whole = centres([max(2, line_count(name)) for name in names])
        ax = canvas(ax, 8.5, LINE * (whole + 2.4) + 1.5)
        styles: tuple[tuple[str, float, dict[str, Any]], ...] = (
            ("first", -0.45, {"color": COLOURS[1], "edgecolor": INK, "label": "first order: alone"}),
            ("total", 0.45, {"color": PALE, "edgecolor": COLOURS[0], "hatch": "////", "label": "total: with others"}),
        )
        for name, shift, look in styles:
            ax.barh(places + shift, shown[name], 0.9, linewidth=0.5, **look)
            ax.hlines(places + shift, shown[f"{name}_low"], shown[f"{name}_high"], color=INK, linewidth=1.1)
        ax.axvline(0.0, color=QUIET, linewidth=0.8)
        low, high = float(shown["first_low"].min()), float(shown[["first_high", "total_high", "total"]].max().max())
        ax.set_xlim(min(0.0, low) - 0.03 * high, 1.12 * high)
        for place, end, total in zip(places, shown[["total_high", "total"]].max(axis=1), shown["total"], strict=True):
            at: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
            ax.annotate(f"{total:.2f}", (end, place + 0.45), fontsize=7, color=QUIET, **at)
        ax.set_ylim(whole + 0.2, -2.2)
        ax.legend(loc="upper right", ncols=2, frameon=False, fontsize=8, borderaxespad=0.0)
        ax.set_yticks(places, names)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=FAINT, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel("share of the variance")
        entitle(
            ax, _spread(result, chosen, shown), source_line(result), note=_made(len(frame) - len(shown)), columns=60
        )
    return ax


def _spread(result: SensitivityResult, output: str, shown: pd.DataFrame) -> str:
    """Return which factor matters most and how much of it is its own doing."""
    titles = Titles(result.design.outputs.sampler.profile)
    said = output.replace("_", " ") if titles.node(output) == output else titles.node(output)
    first = shown.iloc[0]
    alone = f"{100 * max(first['first'], 0.0):.0f} %"
    total = f"{100 * first['total']:.0f} %"
    name = titles.factor(first["factor"])
    return f"'{name}' makes {alone} of the variance of '{said}' alone, {total} together with the others"


def _made(hidden: int) -> str:
    return "Lines: 90 % of the resamples." + (f" Not shown: {hidden} with a smaller total." if hidden else "")

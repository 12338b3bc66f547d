"""An indicator's values before and after outliers are treated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softpower.arguments import diagnosed
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.model.unit import PLAIN
from softpower.plot.choosing import expect
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, QUIET, canvas, entitle, legible, styled
from softpower.plot.wording import fixed, signed
from softpower.result import Result
from softpower.steps import statistics
from softpower.steps.measures import Floats, Mask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMED = 8
"""So many of the cases that moved are named, those that moved furthest; the others are counted."""
BINS = 70
"""Dots that fall into one of so many columns stand above each other."""
STEP, ROOM = 0.085, 0.34
"""How far apart dots and the lines of names are, and how high dots may pile up; the two rows are 1 apart."""
WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@diagnosed
def treatment(result: Result, *, indicator: str, ax: Axes | None = None) -> Axes:
    r"""Draw the values of an indicator before and after the treatment of outliers, and name the cases that moved.

    A dot is a case, the bar behind them the middle half, its stroke the median. Values that a power or logarithm
    transforms are on a scale of their own below; no case stands out as moved then, for all are.

    Parameters
    ----------
    result : Result
    indicator : str
    ax : Axes, optional
        Where to draw; by default axes of a new figure.

    Raises
    ------
    SpecificationError
        If what is given is no score.
    NotFoundError
        If there is no such indicator in the score.
    MethodError
        If no case has a value of it.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where the eye takes a lower skewness for a better indicator: what came in may be what one wants to see.

    Examples
    --------
    >>> import pandas as pd
    >>> from softpower.scoring import score
    >>> table = pd.DataFrame({"visits": [1.0, 1, 1, 2, 500], "trade": [5.0, 4, 3, 2, 1]}, index=list("ABCDE"))
    >>> result = score(table, methodology={"treat": "jrc"})
    >>> treatment(result, indicator="visits").get_title(loc="left").replace("\n", " ")
    "One outlier of 'visits' comes in from 500 to 2; skewness falls from 2.2 to 0.6"
    """
    expect(result, Result, "treatment", "score")
    engine = result.engine
    if indicator not in engine.indicators:
        what = f"there is no indicator '{indicator}' in the score"
        raise NotFoundError.of("plot.treatment: indicator", what, did_you_mean(indicator, engine.indicators))
    place = engine.indicators.index(indicator)
    there = np.flatnonzero(~np.isnan(engine.imputed[:, place]))
    if not len(there):
        mend = "Name an indicator that has values; plot.missing shows which have."
        raise MethodError.of(f"plot.treatment: {indicator}", "no case has a value of it", mend)
    before, after = engine.imputed[there, place], engine.treated[there, place]
    title, method = result.profile.framework.node_title(indicator), engine.method_names("treat")[place]
    moved = np.flatnonzero(before != after)
    brought_in = bool((after == np.clip(before, after.min(), after.max())).all())
    named = moved[np.argsort(-np.abs(after - before)[moved], kind="stable")][:NAMED] if brought_in else moved[:0]
    with styled():
        levels = len(named) * STEP * 1.5
        rows = 2 if len(moved) else 1
        ax = canvas(ax, 7.2, 1.5 + 1.1 * rows + levels)
        unit = result.profile.framework.indicators[indicator].unit.replace(PLAIN, "value")
        top = ax
        if len(moved):
            if not brought_in:
                top = ax.twiny()
                top.spines["top"].set_visible(True)
                top.spines["left"].set_visible(False)
            _strip(ax, after, 0.0, moved=_among(moved, after) & brought_in)
        _strip(top, before, 1.0, moved=_among(moved, before) & brought_in)
        if brought_in:
            ax.plot(
                np.stack([before[moved], after[moved]]), [[0.93], [0.07]], color=COLOURS[1], linewidth=0.7, zorder=1
            )
        _name(ax, [engine.label(row) for row in there[named]], before[named], after[named])
        ax.set_ylim(-0.5 if len(moved) else 0.5, 1.5 + levels)
        ax.set_yticks([0.0, 1.0] if len(moved) else [1.0], ["After", "Before"] if len(moved) else ["As it is"])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        if brought_in:
            ax.set_xlabel(unit)
        else:
            ax.set_xlabel(f"after '{method}'")
            top.set_xlabel(unit)
            legible(top)
        said = source_line(result)
        if brought_in and len(moved) > len(named):
            said += f". {len(moved) - len(named)} more cases that moved are not named."
        entitle(ax, _finding(title, method, before, after, brought_in=brought_in), said)
    return ax


def _among(places: np.ndarray, values: Floats) -> Mask:
    """Return which values are at the places."""
    mask = np.zeros(len(values), dtype=bool)
    mask[places] = True
    return mask


def _finding(title: str, method: str, before: Floats, after: Floats, *, brought_in: bool) -> str:
    """Return what the treatment did, and what it made of the skewness."""
    far = np.abs(after - before)
    count, old, new = int((far > 0).sum()), _skewness(before), _skewness(after)
    values = "the one value" if len(before) == 1 else f"all {len(before):,} values"
    if not count and not method:
        return f"Nothing of '{title}' is treated: the methodology names no treatment"
    if not count:
        return f"Nothing of '{title}' is treated: '{method}' finds no outlier and leaves {values} as they are"
    if brought_in:
        most, number = int(far.argmax()), WORDS[count] if count < len(WORDS) else f"{count:,}"
        which = "" if count == 1 or len({*zip(before[far > 0], after[far > 0], strict=True)}) == 1 else ", the furthest"
        said = f"{number} outlier{'' if count == 1 else 's'} of '{title}' {'comes' if count == 1 else 'come'} in{which}"
        said += f" from {_number(before[most])} to {_number(after[most])}"
    else:
        said = f"'{method}' transforms {values} of '{title}'"
    if np.isnan(old) or np.isnan(new):
        return said
    if fixed(old, 1) == fixed(new, 1):
        return f"{said}; skewness stays at {fixed(new, 1)}"
    how = "falls" if new < old else "rises"
    return f"{said}; skewness {how} from {fixed(old, 1)} to {fixed(new, 1)}"


def _skewness(values: Floats) -> float:
    return float(statistics.skewness(values[:, None])[0])


def _number(value: float) -> str:
    """Return a number as a reader of a picture wants it: three digits, or all before the point."""
    return signed(f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.3g}")


def _strip(ax: Axes, values: Floats, middle: float, *, moved: Mask) -> None:
    """Draw a row of dots about a height, before its middle half and its median."""
    quarters = [float(statistics.quantile(values[:, None], share)[0]) for share in (0.25, 0.5, 0.75)]
    ax.fill_between([quarters[0], quarters[2]], middle - 0.4, middle + 0.4, color=FAINT, linewidth=0, zorder=0)
    ax.plot([quarters[1]] * 2, [middle - 0.4, middle + 0.4], color=QUIET, linewidth=1.2, zorder=1)
    heights = middle + _piled(values)
    ax.plot(values[~moved], heights[~moved], "o", color=COLOURS[0], markersize=4, alpha=0.8, zorder=2)
    if moved.any():
        ax.plot(values[moved], heights[moved], "D", color=COLOURS[1], markersize=5, zorder=3)


def _piled(values: Floats) -> Floats:
    """Return how far above or below its row each dot stands, so that dots near each other do not hide each other."""
    wide = float(np.ptp(values))
    bins = np.floor((values - values.min()) / wide * BINS) if wide > 0 else np.zeros(len(values))
    order = np.lexsort((values, bins))
    _, starts, counts = np.unique(bins[order], return_index=True, return_counts=True)
    nth = np.arange(len(values)) - np.repeat(starts, counts)
    size = np.repeat(counts, counts)
    step = np.minimum(STEP, 2 * ROOM / np.maximum(size - 1, 1))
    heights = np.empty(len(values))
    # From the middle out: 0, 1, -1, 2, -2.
    heights[order] = np.where(nth % 2 == 1, nth // 2 + 1, -(nth // 2)) * step
    return heights


def _name(ax: Axes, names: Sequence[str], before: Floats, after: Floats) -> None:
    """Write the names of cases above their dots, each on a line of its own and towards the middle of the axes.

    The further out, the higher: so the line to a dot passes beside the names below it.
    """
    middle = np.mean(ax.get_xlim())
    right, far = before > middle, np.abs(before - middle)
    order = np.concatenate([np.flatnonzero(side)[np.argsort(far[side])] for side in (right, ~right)])
    for level, place in enumerate(order):
        height = 1.45 + level * STEP * 1.5
        ax.plot([before[place]] * 2, [1.0, height + 0.04], color=QUIET, linewidth=0.5, zorder=1)
        ax.annotate(
            f"{names[place]}, {_number(before[place])} to {_number(after[place])}",
            (before[place], height),
            xytext=(-3 if right[place] else 3, 0),
            textcoords="offset points",
            ha="right" if right[place] else "left",
            va="center",
            fontsize=7.5,
            color=INK,
        )

"""Pictures in rows: names to the left, in lines that fit; numbers in columns to the right, all measured in points."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softpower.plot.style import FAINT, INK, PAPER, QUIET
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

ROW = 16.0
"""The height of a row of one line, in points."""
LETTERS = 52
"""So many letters of a name stand on one line."""
SIZE = 8.0
"""Of the letters of numbers."""
GAP = 12.0
"""Between columns, in points."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in points; inside `styled`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    widths = [text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in text.split("\n")]
    # Where few pixels make a point, letters are set on whole ones and take more room.
    return 1.08 * float(max(widths))


def lines_of(text: str, letters: int = LETTERS, indent: str = "") -> str:
    """Return a text broken into lines, each of them indented."""
    return "\n".join(indent + line for line in textwrap.wrap(text, letters) or [""])


def stacked(names: Sequence[str], gaps: Sequence[float] | Floats) -> Floats:
    r"""Return the middles of rows that stand under one another, in rows from the top, so that no lines overlap.

    Parameters
    ----------
    names : sequence of str
        Their texts; one of two lines takes more room.
    gaps : sequence of float
        The room above each, in rows.

    Examples
    --------
    >>> stacked(["a", "b\nb", "c"], [0.0, 0.5, 0.0]).tolist()
    [0.5, 2.375, 3.75]
    """
    heights = np.array([1.0 + 0.75 * name.count("\n") for name in names])
    return np.asarray(np.cumsum(heights + np.asarray(gaps)) - heights / 2)


def name_rows(ax: Axes, places: Floats, names: Sequence[str], sizes: Sequence[float], bold: Sequence[bool]) -> float:
    """Write the names of rows to the left of the axes, the first on top; return how wide they are in points."""
    ax.set_yticks(list(places), list(names))
    # The heads of columns stand in the room above the first row.
    ax.set_ylim(float(places[-1]) + 0.8, float(places[0]) - 1.8)
    each = zip(names, sizes, bold, strict=True)
    width = max(text_width(name, size, bold=heavy) for name, size, heavy in each) + 8
    for label, size, heavy in zip(ax.get_yticklabels(), sizes, bold, strict=True):
        label.set(ha="left", size=size, weight="bold" if heavy else "normal")
        label.set_parse_math(False)
    ax.tick_params(axis="y", length=0, pad=width)
    ax.spines["left"].set_visible(False)
    return width


def column(ax: Axes, places: Floats, texts: Sequence[str], *, head: str, left: float, bold: Sequence[bool]) -> float:
    """Write texts in a column to the right of the axes, under a head; return where it ends, in points from there."""
    each = zip(texts, bold, strict=True)
    width = max([text_width(head, 7.5), *(text_width(text, SIZE, bold=heavy) for text, heavy in each)])
    for place, text, heavy in zip(places, texts, bold, strict=True):
        beside(ax, place, text, left + width, size=SIZE, weight="bold" if heavy else "normal")
    beside(ax, places[0] - 1.2, head, left + width, size=7.5, color=QUIET)
    return left + width + GAP


def beside(
    ax: Axes, place: float, text: str, at: float, *, size: float, weight: str = "normal", color: str = INK
) -> None:
    """Write a text that ends so many points to the right of the axes."""
    if text:
        ax.annotate(
            text,
            xy=(1.0, place),
            xycoords=ax.get_yaxis_transform(),
            xytext=(at, 0.0),
            textcoords="offset points",
            ha="right",
            va="center",
            size=size,
            weight=weight,
            color=color,
            annotation_clip=False,
        )


def coverage_column(ax: Axes, places: Floats, shares: Floats, left: float) -> float:
    """Draw how much of each row is observed as a disc that is as full; return where the column ends."""
    from matplotlib.path import Path

    head = "observed"
    width = text_width(head, 7.5)
    middle = shifted(ax, left + width / 2)
    ax.scatter(
        np.ones(len(places)), places, s=42, transform=middle, color=PAPER, edgecolor=QUIET, linewidth=0.7, clip_on=False
    )
    for share in np.unique(shares[shares > 0]):
        rows = places[shares == share]
        disc = "o" if share >= 1 else Path.wedge(90 - 360 * float(share), 90)
        ax.scatter(
            np.ones(len(rows)), rows, s=42, marker=disc, transform=middle, color=QUIET, linewidth=0, clip_on=False
        )
    beside(ax, places[0] - 1.2, head, left + width, size=7.5, color=QUIET)
    return left + width + GAP


def shifted(ax: Axes, points: float) -> Transform:
    """Return the transform of (share of the width, row), shifted to the right."""
    from matplotlib.transforms import ScaledTranslation

    return ax.get_yaxis_transform() + ScaledTranslation(points / 72, 0.0, ax.figure.dpi_scale_trans)


def ground(ax: Axes, places: Floats) -> None:
    """Draw what the eye follows: a hairline along each row, and lines up from the ticks."""
    ax.hlines(places, 0.0, 1.0, transform=ax.get_yaxis_transform(), color=FAINT, linewidth=0.5, zorder=0)
    ax.grid(axis="x", color=FAINT, linewidth=0.7)
    ax.set_axisbelow(True)


def height_of(places: Floats, around: float = 110.0) -> float:
    """Return how high a picture of rows is in inches, with the title and the foot around it."""
    return float((places[-1] - places[0] + 2.6) * ROW + around) / 72

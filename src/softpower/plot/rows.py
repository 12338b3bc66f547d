"""Pictures in rows: names to the left, numbers in columns to the right, measured in points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softpower.plot.lines import LINE
from softpower.plot.style import FAINT, INK, PAPER, QUIET, others_for
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

LETTERS = 52
"""So many letters of a name stand on one line."""
BETWEEN = 0.5
"""So many lines between two rows."""
SIZE = 8.0
"""Of the letters of numbers."""
GAP = 12.0
"""Between columns, in points."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in points; inside `styled`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    fonts = others_for(text)
    font = FontProperties(family=fonts or None, size=size, weight="bold" if bold and not fonts else "normal")
    widths = [text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in text.split("\n")]
    # Where few pixels make a point, letters are set on whole ones and take more room.
    return 1.08 * float(max(widths))


def name_rows(ax: Axes, places: Floats, names: Sequence[str], sizes: Sequence[float], bold: Sequence[bool]) -> float:
    """Write the names of rows to the left of the axes, the first on top; return how wide they are in points."""
    ax.set_yticks(list(places), list(names))
    ax.tick_params(axis="y", left=True, labelleft=True, right=False, labelright=False)
    # The heads of columns stand in the room above the first row.
    ax.set_ylim(float(places[-1]) + 1.2, float(places[0]) - 2.7)
    each = zip(names, sizes, bold, strict=True)
    width = max(text_width(name, size, bold=heavy) for name, size, heavy in each) + 8
    for label, size, heavy in zip(ax.get_yticklabels(), sizes, bold, strict=True):
        label.set(ha="left", size=size, weight="bold" if heavy else "normal", linespacing=1.05)
    ax.tick_params(axis="y", length=0, pad=width)
    ax.spines["left"].set_visible(False)
    return width


def column(ax: Axes, places: Floats, texts: Sequence[str], *, head: str, left: float, bold: Sequence[bool]) -> float:
    """Write texts in a column to the right of the axes, under a head; return where it ends, in points from there."""
    each = zip(texts, bold, strict=True)
    width = max([text_width(head, 7.5), *(text_width(text, SIZE, bold=heavy) for text, heavy in each)])
    for place, text, heavy in zip(places, texts, bold, strict=True):
        beside(ax, place, text, left + width, size=SIZE, weight="bold" if heavy else "normal")
    beside(ax, places[0] - 1.8, head, left + width, size=7.5, color=QUIET)
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
    beside(ax, places[0] - 1.8, head, left + width, size=7.5, color=QUIET)
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
    return float(places[-1] - places[0] + 3.9) * LINE + around / 72


def show_scale(ax: Axes, ends: tuple[float, float] | None, shown: Floats) -> None:
    """Show the whole scale; where it has no ends, what there is with some room beside it."""
    if ends is not None:
        ax.set_xlim(*ends)
        return
    there = shown[~np.isnan(shown)]
    least, most = (float(there.min()), float(there.max())) if len(there) else (0.0, 1.0)
    room = 0.05 * (most - least) or 1.0
    ax.set_xlim(least - room, most + room)

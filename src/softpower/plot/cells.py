"""Pictures made of cells: how large they come out, what stands beside them, and what is hatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softpower.plot.style import PAPER, QUIET
from softpower.steps.measures import Mask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_WIDTH = 5.0
"""So many inches are the cells wide at least, so that the title has room above them."""
LETTER = 0.064
"""About so many inches takes a letter of a label."""
LETTERS = 11
"""So many letters of a title stand on an inch."""
HATCH = "////"


def letters(across: float) -> int:
    """Return how many letters of a title fit on a line above cells of so many inches."""
    return round(across * LETTERS)


def room_for(labels: Sequence[str]) -> float:
    """Return how many inches labels take."""
    return LETTER * max(len(line) for label in labels for line in label.split("\n")) + 0.2


def grid(ax: Axes, rows: int, columns: int) -> None:
    """Set the axes up for cells whose middles are whole numbers, the first row above."""
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def hatched(ax: Axes, where: Mask) -> None:
    """Hatch the cells in which there is nothing to show."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    cells = [Rectangle((column - 0.5, row - 0.5), 1, 1) for row, column in np.argwhere(where)]
    if cells:
        ax.add_collection(
            PatchCollection(cells, facecolor=PAPER, edgecolor=QUIET, hatch=HATCH, linewidth=0.4, zorder=2)
        )

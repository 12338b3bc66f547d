"""Texts broken into lines, and rows beneath each other, each as tall as the texts in it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np

from softpower.steps.measures import Floats

LINE = 0.15
"""So many inches a line of small text takes."""


def broken(text: str, columns: int, *, indent: str = "") -> str:
    """Return a text in lines of so many letters, each indented; long names break behind a point or an underscore.

    Examples
    --------
    >>> broken("share_of_capacity_building_money", 20).split()
    ['share_of_capacity_', 'building_money']
    """
    lines: list[str] = []
    for line in textwrap.wrap(text, columns, break_long_words=False) or [""]:
        rest = line
        while len(rest) > columns:
            cut = 1 + max(rest.rfind(mark, 0, columns) for mark in "._")
            cut = cut if cut > columns // 3 else columns
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return "\n".join(indent + line for line in lines)


def line_count(*texts: str) -> int:
    """Return how many lines the tallest of some texts has."""
    return max(1 + text.count("\n") for text in texts)


def centres(lines: Sequence[int], *, gap: float = 0.6, above: Sequence[float] | float = 0.0) -> tuple[Floats, float]:
    """Return where the middle of each row lies, downwards from 0, and how far down all of them go, in lines.

    Parameters
    ----------
    lines : sequence of int
        How many lines each row has.
    gap : float
        Between two rows.
    above : sequence of float, optional
        More room above each.

    Examples
    --------
    >>> places, whole = centres([1, 3, 1], gap=1.0)
    >>> places.tolist(), whole
    ([1.0, 4.0, 7.0], 8.0)
    """
    heights = np.array(lines, dtype=float) + gap
    ends = np.cumsum(heights + np.asarray(above))
    return ends - heights / 2, float(ends[-1])

"""What the rows and columns of a table stand for, for the steps that look beyond a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from softpower.steps.measures import Floats

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Which case, period and group a row is of, and which dimension a column is of.

    Parameters
    ----------
    indicators : tuple of str
        The ids of the columns.
    dimensions : int array of shape (indicators,)
        Indicators with the same number share a dimension.
    cases : int array of shape (rows,)
        Rows with the same number are one case, in several periods.
    times : array of shape (rows,), optional
        When each row is, in years; None where there are no periods.
    groups : mapping of name to int array of shape (rows,)
        What each row belongs to, for instance its region; -1 where unknown.
    """

    indicators: tuple[str, ...]
    dimensions: Codes
    cases: Codes
    times: Floats | None = None
    groups: Mapping[str, Codes] = field(default_factory=dict)

    @classmethod
    def plain(cls, rows: int, indicators: tuple[str, ...]) -> Layout:
        """Return the layout of a table of one dimension, without periods and groups."""
        return cls(indicators, np.zeros(len(indicators), dtype=np.int64), np.arange(rows))

"""What the rows and columns of a table stand for, for the steps that look beyond a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from softpower.steps.measures import Floats, read_only

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

    def __post_init__(self) -> None:
        # All methods are handed the same.
        for name, one in vars(self).items():
            object.__setattr__(self, name, read_only(one))
        groups = {name: read_only(one) for name, one in self.groups.items()}
        object.__setattr__(self, "groups", MappingProxyType(groups))

    def columns(self, places: Codes) -> Layout:
        """Return the layout of some columns."""
        if len(places) == len(self.indicators):
            return self
        return replace(
            self, indicators=tuple(self.indicators[place] for place in places), dimensions=self.dimensions[places]
        )

    @classmethod
    def plain(cls, rows: int, indicators: tuple[str, ...]) -> Layout:
        """Return the layout of a table of one dimension, without periods and groups."""
        return cls(indicators, np.zeros(len(indicators), dtype=np.int64), np.arange(rows))

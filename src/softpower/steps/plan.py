"""How indicator values derive from observations: which numbers there are, and which cells use them.

The plan turns a profile into slots (one number each: a value, a start, an end or a date, with its bounds) and batches
(all cells of one kind of measure). `planning` makes it, once for a profile; `derive` then works on arrays alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean

import numpy as np

from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Slot:
    """One number that an observation gives, or one of several alternatives or readings of it, with its bounds.

    Parameters
    ----------
    observations : tuple of str
        Ids; of several the one at ``chosen`` holds.
    part : str
        Which number of the observation: ``value``, ``start``, ``end`` or ``date``.
    nominals, lows, highs : tuple of float
        Of each observation, in the unit of the slot.
    chosen : int or None
        None where the mean of several readings holds.
    codes : tuple of int
        The numbers that it may be; empty where it may be any.
    """

    observations: tuple[str, ...]
    part: str
    nominals: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    chosen: int | None = 0
    codes: tuple[int, ...] = ()

    @property
    def nominal(self) -> float:
        """The number that holds."""
        return fmean(self.nominals) if self.chosen is None else self.nominals[self.chosen]

    @property
    def low(self) -> float:
        """The least that it may be, over all alternatives."""
        return min(self.lows)

    @property
    def high(self) -> float:
        """The most that it may be, over all alternatives."""
        return max(self.highs)


@dataclass
class Cell:
    """What one case needs for one indicator, before padding."""

    case: int
    indicator: int
    factor: float = 1.0
    terms: list[int] = field(default_factory=list)
    scale: list[float] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)
    below: list[bool] = field(default_factory=list)
    at_least: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """All cells of one kind of measure, padded to the same number of terms.

    ``scale`` brings each term to one unit, ``factor`` what comes out to the indicator's.
    """

    kind: str
    case: np.ndarray
    indicator: np.ndarray
    factor: Floats
    terms: np.ndarray
    mask: Mask
    scale: Floats
    above: Mask
    below: Mask
    at_least: Floats

    @classmethod
    def of(cls, kind: str, cells: Sequence[Cell]) -> Batch:
        """Return the padded batch of cells."""
        width = max(len(cell.terms) for cell in cells)

        def padded(name: str, dtype: type, blank: float = 0) -> np.ndarray:
            table: np.ndarray = np.full((len(cells), width), blank, dtype=dtype)
            for row, cell in enumerate(cells):
                values = getattr(cell, name)
                table[row, : len(values)] = values
            return table

        lengths = np.array([len(cell.terms) for cell in cells])
        return cls(
            kind,
            np.array([cell.case for cell in cells]),
            np.array([cell.indicator for cell in cells]),
            np.array([cell.factor for cell in cells]),
            padded("terms", int),
            np.arange(width) < lengths[:, None],
            padded("scale", float, 1),
            padded("above", bool),
            padded("below", bool),
            padded("at_least", float, 1),
        )

    def gather(self, values: Floats) -> Floats:
        """Return slot values of shape (..., slots) as scaled terms of shape (..., cells, terms)."""
        gathered: Floats = values[..., self.terms] * self.scale
        return gathered


@dataclass(frozen=True)
class Plan:
    """How every cell derives from slots.

    Parameters
    ----------
    cases, indicators : tuple of str
        The axes of what is derived.
    slots : tuple of Slot
        The numbers that observations give.
    batches : tuple of Batch
        The cells, by kind of measure.
    reasons : mapping of (case, indicator) to str
        Why a cell is missing.
    feeds : mapping of (case, indicator) to observation ids
        Which observations a cell rests on.
    window : tuple of float
        First day of the window and the day after its last, as ordinals.
    """

    cases: tuple[str, ...]
    indicators: tuple[str, ...]
    slots: tuple[Slot, ...]
    batches: tuple[Batch, ...]
    reasons: Mapping[tuple[str, str], str]
    feeds: Mapping[tuple[str, str], tuple[str, ...]]
    window: tuple[float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of cases and indicators."""
        return len(self.cases), len(self.indicators)

    @cached_property
    def used(self) -> frozenset[int]:
        """The slots that a cell rests on; one that lacks another observation leaves some without any."""
        return frozenset(int(term) for batch in self.batches for term in batch.terms[batch.mask])

    @cached_property
    def nominal(self) -> Floats:
        """The slots' values."""
        return np.array([slot.nominal for slot in self.slots], dtype=float)

    @cached_property
    def low(self) -> Floats:
        """The slots' low bounds."""
        return np.array([slot.low for slot in self.slots], dtype=float)

    @cached_property
    def high(self) -> Floats:
        """The slots' high bounds."""
        return np.array([slot.high for slot in self.slots], dtype=float)

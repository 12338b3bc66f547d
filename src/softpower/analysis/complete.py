"""The cases that have all indicators, and why their correlations are undefined. Arrays only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from softpower.errors import MethodError
from softpower.steps.correlation import correlation_matrix, of_length_one
from softpower.steps.measures import Floats
from softpower.words import counted, listed

SINGULAR = 1e-10
"""An eigenvalue of a correlation matrix at most this large is zero but for rounding."""


@dataclass(frozen=True)
class Sample:
    """The complete cases of some indicators.

    Parameters
    ----------
    values : array of shape (cases, indicators)
    names : tuple of str
        What reasons call the indicators.
    """

    values: Floats
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Floats, names: Sequence[str] | None = None) -> Sample:
        """Return the complete cases of values of shape (cases, indicators), NaN where missing."""
        values = checked(values)
        return cls(values[~np.isnan(values).any(axis=1)], named(values, names))

    @property
    def cases(self) -> int:
        """How many cases are complete."""
        return len(self.values)

    def undefined(self, *, least: int, apart: int = 0) -> str:
        """Return why there are no correlations; empty where there are.

        Parameters
        ----------
        least : int
            How many cases it takes at least.
        apart : int
            By how many the cases must outnumber the indicators; 0 where they need not.
        """
        count, cases = len(self.names), f"{counted(self.cases, 'case')} without gaps"
        if count < 2:
            return f"{count or 'no'} indicator{'' if count == 1 else 's'} alone, and it takes 2"
        if self.cases < least:
            return f"{cases}, and fewer than {least} say nothing"
        if apart and self.cases < count + apart:
            return f"{cases} for {count} indicators, and it takes more cases than indicators"
        flat = np.flatnonzero((self.values == self.values[0]).all(axis=0))
        return f"{self.listed(flat)} {'is' if len(flat) == 1 else 'are'} the same in every case" if len(flat) else ""

    def listed(self, places: Sequence[int] | np.ndarray) -> str:
        """Return the names of some indicators as words."""
        return listed([self.names[place] for place in places])

    def standardised(self) -> Floats:
        """Return the values with mean 0 and standard deviation 1 (n - 1)."""
        return of_length_one(self.values) * math.sqrt(self.cases - 1)

    def correlations(self) -> Floats:
        """Return the correlation matrix of the indicators, of which none is the same in every case."""
        return correlation_matrix(self.values)


def checked(values: Floats) -> Floats:
    """Return values as numbers of shape (cases, indicators).

    Raises
    ------
    MethodError
        If they have another shape, or one is infinite.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise MethodError.of("values", f"they have {values.ndim} axes", "Give a table of cases by indicators.")
    if np.isinf(values).any():
        raise MethodError.of("values", "one is infinite", "Give numbers, and NaN where one is missing.")
    return values


def named(values: Floats, names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of indicators, numbered where none are given.

    Raises
    ------
    MethodError
        If they are not as many as the indicators.
    """
    count = values.shape[1]
    if names is None:
        return tuple(f"indicator {number}" for number in range(1, count + 1))
    if len(names) != count:
        raise MethodError.of("names", f"there are {len(names)} for {count} indicators", "Give one to each.")
    return tuple(names)

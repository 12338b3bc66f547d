"""Factors: what is drawn, by name, and the columns of the points that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "scenarios",
    "selection",
    "missing",
    "imputation",
    "treatment",
    "normalisation",
    "aggregation",
    "weights",
    "goalposts",
    "measures",
    "observations",
]


@dataclass(frozen=True)
class Factor:
    """One thing that may be otherwise.

    Parameters
    ----------
    name : str
    kind : str
        What it is about: observations, measures, goalposts, weights, a step, the selection of indicators.
    columns : tuple of int
        Its columns among the points; several for the weights of siblings.
    alternatives : tuple of str
        What it may be, where that can be listed.
    nominal : int, optional
        Which of the alternatives holds as declared; None where none of them does.
    dimension : str
        For an observation: the child of the composite that it feeds, or ``"several"``.
    """

    name: str
    kind: Kind
    columns: tuple[int, ...]
    alternatives: tuple[str, ...] = ()
    nominal: int | None = None
    dimension: str = ""

    @property
    def contained(self) -> bool:
        """Whether what is declared is among what may be drawn."""
        return not self.alternatives or self.nominal is not None

    @property
    def group(self) -> str:
        """The kind, observations apart by what they feed: the usual grouping."""
        return f"observations: {self.dimension}" if self.kind == "observations" and self.dimension else self.kind


@dataclass
class Columns:
    """Hands out the columns of the points, in the order in which factors ask."""

    factors: list[Factor] = field(default_factory=list)
    count: int = 0

    def take(self, count: int) -> tuple[int, ...]:
        """Return so many columns of a factor that is made later."""
        self.count += count
        return tuple(range(self.count - count, self.count))

    def add(
        self,
        name: str,
        kind: Kind,
        count: int = 1,
        *,
        alternatives: Sequence[str] = (),
        nominal: int | None = None,
        dimension: str = "",
    ) -> tuple[int, ...]:
        """Add a factor and return its columns."""
        columns = self.take(count)
        self.factors.append(Factor(name, kind, columns, tuple(alternatives), nominal, dimension))
        return columns

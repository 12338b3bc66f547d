"""The scores of a profile as of one year after another, as they are, before anything is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.analysis.years import Label
from softpower.arguments import diagnosed
from softpower.errors import NotFoundError, did_you_mean
from softpower.model.as_of import Undated
from softpower.model.period import Moment
from softpower.model.profile import Profile
from softpower.result import Result
from softpower.steps.measures import Floats

TABLES = (
    *("score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "effective_weight", "contribution"),
    *("raw", "raw_low", "raw_high"),
)
"""The arrays of numbers that a result has."""


@dataclass(frozen=True, repr=False, eq=False)
class ScoredYears:
    """Scores as of one year after another; `Trajectory` says what each field is, and what they come to."""

    profile: Profile
    years: tuple[Label, ...]
    results: tuple[Result | None, ...]
    drawn: tuple[UncertaintyResult | None, ...]
    failures: Mapping[Label, str]
    undated: Undated

    @cached_property
    def first_scored(self) -> Result:
        """The first result that there is; all have the same cases and nodes."""
        return next(one for one in self.results if one is not None)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes as a reader walks the tree, the composite first."""
        return tuple(map(str, self.first_scored.to_wide().columns))

    @property
    def cases(self) -> tuple[str, ...]:
        """What is scored."""
        return self.first_scored.cases

    @cached_property
    def always(self) -> tuple[str, ...]:
        """The indicators that are observed in every year, of every case."""
        gaps = np.isnan(self.table("raw")).any(axis=(0, 1))
        return tuple(name for name, gap in zip(self.first_scored.engine.indicators, gaps, strict=True) if not gap)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The years as dates."""
        return tuple(Moment(str(year)) for year in self.years)

    @diagnosed
    def table(self, name: str) -> Floats:
        """Return an array of the results, for instance ``"score"``, with the years in front; NaN where a year lacks."""
        if name not in TABLES:
            raise NotFoundError.of("table: name", f"there is no table '{name}'", did_you_mean(name, TABLES))
        blank = np.full(getattr(self.first_scored, name).shape, np.nan)
        return np.stack([blank if one is None else getattr(one, name) for one in self.results])

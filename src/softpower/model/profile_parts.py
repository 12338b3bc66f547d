"""What a profile is made of but its scenarios, which patch these parts; nothing is checked across them here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from softpower.arguments import diagnosed
from softpower.model.base import Case, Id, Model, Table, Text
from softpower.model.claim import Claim
from softpower.model.framework import Framework
from softpower.model.indicator import Indicator
from softpower.model.methodology import Methodology
from softpower.model.observation import Groups, Observation, grouped, patterns
from softpower.model.period import Period
from softpower.model.reference import Source
from softpower.model.uncertainty import Uncertainty
from softpower.model.values import Values


class ProfileParts(Model):
    """The fields of a `Profile` but its scenarios, and what follows from them."""

    id: Id
    title: Text
    summary: Text | None = None
    framework: Framework
    cases: tuple[Case, ...] = ()
    window: Period | None = None
    observations: tuple[Observation, ...] = ()
    values: Values | None = None
    sources: Table[Id, Source] = Field(default_factory=dict)
    methodology: Methodology = Field(default_factory=Methodology)
    sets: Annotated[tuple[Literal["base", "extended"], ...], Field(min_length=1)] = ("base",)
    left_out: tuple[Id, ...] = ()
    caveats: tuple[Text, ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    claims: tuple[Claim, ...] = ()

    @property
    def index(self) -> pd.Index:
        """What is scored, row by row: an index of cases, or of cases and periods."""
        return pd.Index(self.cases, name="case") if self.values is None else self.values.index

    @property
    def span(self) -> str:
        """The time that the study covers, as a text; empty where none is stated."""
        if self.window is not None:
            return str(self.window)
        periods = None if self.values is None else self.values.periods
        return "" if not periods else str(periods[0]) if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators that enter: those of the chosen sets that are not left out."""
        return self.framework.entering(self.sets, self.left_out)

    @cached_property
    def _observed(self) -> Groups:
        return grouped(self.observations)

    @diagnosed
    def observed(self, variable: str, case: str) -> tuple[Observation, ...]:
        """Return the observations of a variable for a case; the most specific ones win.

        A fact about ``EU>KAZ`` wins over one about ``EU>*`` or ``*>KAZ``.
        """
        for pattern in patterns(case):
            if group := self._observed.get((variable, pattern)):
                return group
        return ()

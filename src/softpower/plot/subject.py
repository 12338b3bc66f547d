"""What a picture is of: a score, with or without draws around it; its rows, its numbers and its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.plot.choosing import expect
from softpower.plot.wording import fixed
from softpower.result import Result


@dataclass(frozen=True, eq=False)
class Subject:
    """A score, and the draws around it where there are any.

    Parameters
    ----------
    result : Result
        The score as declared.
    drawn : UncertaintyResult, optional
        What draws come to.
    """

    result: Result
    drawn: UncertaintyResult | None

    @classmethod
    def of(cls, given: Result | UncertaintyResult, where: str) -> Subject:
        """Return the subject of a picture.

        Raises
        ------
        SpecificationError
            If what is given is no result.
        """
        expect(given, (Result, UncertaintyResult), where, "score", "uncertainty_analysis")
        return cls(given.score, given) if isinstance(given, UncertaintyResult) else cls(given, None)

    def name(self, row: int) -> str:
        """Return what the composite of a row is called."""
        result = self.result
        if len(result.index) == 1:
            return result.profile.title
        return f"{result.profile.framework.node_title(result.nodes[-1])} of {result.engine.label(row)}"

    def table(self, row: int) -> pd.DataFrame:
        """Return the nodes of one row, each before its children, ``low`` and ``high`` being 90 % of draws or bounds.

        ``outside`` says where the score lies outside of 90 % of draws; ``outer`` where bounds may not be attained.
        """
        size = len(self.result.nodes)
        mine = slice(row * size, (row + 1) * size)
        table = self.result.to_frame().iloc[mine].assign(outside=False, outer=False)
        if self.drawn is None:
            table["outer"] = ~table["exact"].astype(bool) & (table["low"] < table["high"])
        else:
            columns = ["low", "high", "outside"]
            table[columns] = self.drawn.to_frame().iloc[mine][columns]
        table.index = table.index.get_level_values("node")
        return table

    @property
    def decimals(self) -> int:
        """So many decimals tell scores apart on their scale."""
        scale = self.result.scale
        width = np.ptp(scale) if scale else np.nanmax(np.abs(self.result.score))
        return 0 if width >= 20 else 1 if width >= 2 else 2

    def number(self, value: float, more: int = 0) -> str:
        """Return a score as it is shown, with more decimals where asked; empty where it is missing."""
        return "" if np.isnan(value) else fixed(value, self.decimals + more)

    def span(self, low: float, high: float) -> str:
        """Return an interval as it is shown; empty where there is none, or it is the score alone."""
        return "" if np.isnan(low) or np.isnan(high) or low == high else f"{self.number(low)} to {self.number(high)}"

    @property
    def interval(self) -> str:
        """What an interval is called."""
        return "bounds" if self.drawn is None else "90 % of draws"

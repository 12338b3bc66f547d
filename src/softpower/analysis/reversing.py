"""What it takes to reverse an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from softpower.result import captioned


@dataclass(frozen=True, repr=False, eq=False)
class Reversal:
    """What it takes to reverse an order, or the proof that no admissible weights do.

    Parameters
    ----------
    leader, other : str
        The two that are compared: cases, or nodes of one case. The leader is ahead under the declared weights.
    lead : float
        By how much, under the declared weights; 0 where they are tied.
    least_lead : float
        The least lead over all admissible weights: above zero, no admissible weights reverse the order.
    moved : float
        The least share of weight that has to move until the lead is gone: half the sum of the absolute changes of the
        indicators' weights in what is compared; of two nodes, the shares of both together. NaN where the lead holds.
    weights : Series
        Weights among siblings by node: the nearest under which the lead is gone, or those of the least lead.
    ratios : bool
        Whether leads are ratios of scores, less one, as under the geometric mean, and not points.
    """

    leader: str
    other: str
    lead: float
    least_lead: float
    moved: float
    weights: pd.Series[float]
    ratios: bool

    @property
    def possible(self) -> bool:
        """Whether some admissible weights take the lead away."""
        return not np.isnan(self.moved)

    def to_frame(self) -> pd.DataFrame:
        """Return ``weight`` among siblings by node: the nearest under which the lead is gone, or those of the least."""
        return self.weights.rename("weight").to_frame()

    def __repr__(self) -> str:
        """Return the finding in words."""
        if self.lead == 0:
            return f"{self.leader} and {self.other} are tied."
        lead, least = (
            f"{100 * one:.4g} %" if self.ratios else f"{one:.4g} points" for one in (self.lead, self.least_lead)
        )
        said = f"{self.leader} leads {self.other} by {lead}."
        if not self.possible:
            return f"{said} The order holds for all admissible weights; the least lead is {least}."
        name = f" The nearest are those of '{self.weights.name}'." if self.weights.name is not None else ""
        return f"{said} The lead is gone when {self.moved:.3g} of the weight moves.{name}"

    def _repr_html_(self) -> str:
        """Return the finding in words over the weights that it is about."""
        return captioned(repr(self), self.to_frame())

"""Variables: what can be observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from softpower.errors import problem
from softpower.model.base import Model, Text
from softpower.model.unit import Unit

Kind = Literal["stock", "flow", "share", "event", "spell", "count", "judgement"]
Extent = Literal["national", "regional", "global"]
Combine = Literal["sum", "latest", "alternatives"]


def _known_unit(text: str) -> str:
    Unit.parse(text)
    return text


UnitText = Annotated[str, AfterValidator(_known_unit)]


MENDS: Mapping[str, str] = {
    "event": "Use count:event.",
    "spell": "Use count:spell.",
    "judgement": "Use an ordinal scale such as ordinal:-2..2, ratio or percent.",
    "share": "Use ratio or percent.",
    "count": "Use a count such as count:visit, or an ordinal scale.",
}


class Variable(Model):
    """Something observable, e.g. official visits of the partner's head of state."""

    title: Text
    kind: Kind
    unit: UnitText
    extent: Extent = "national"
    combine: Combine | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.combine == "sum" and self.kind in {"event", "spell", "judgement"}:
            raise problem(f"a {self.kind} does not add up", 'Use combine = "latest" or "alternatives", or none.')
        unit = Unit.parse(self.unit)
        counted, coded, shared = unit.dimension.startswith("count:"), bool(unit.codes), unit.dimension == "share"
        fits = {
            "event": counted,
            "spell": counted,
            "judgement": coded or shared,
            "share": shared,
            "count": counted or coded,
        }
        if not fits.get(self.kind, not coded and unit.dimension != "date"):
            raise problem(
                f"a {self.kind} is not measured in {self.unit}", MENDS.get(self.kind, "Use an amount or a count.")
            )
        return self

    @property
    def codes(self) -> tuple[int, ...]:
        """The admissible codes: 0 and 1 for events and spells, those of the unit for ordinals and rungs, else none."""
        return (0, 1) if self.kind in {"event", "spell"} else Unit.parse(self.unit).codes

    @property
    def averages(self) -> bool:
        """Whether several coders' readings of one fact are averaged: judgements are, but half a rung is no value."""
        return self.kind == "judgement" and not Unit.parse(self.unit).dimension.startswith("rungs")

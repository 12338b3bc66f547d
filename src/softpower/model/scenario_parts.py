"""What a scenario is made of: what it names and changes, each key checked by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from softpower.errors import SpecificationError, problem, raise_all
from softpower.model.base import FrozenDict, Id, Model, Number, Problem, Table, Text, Truth
from softpower.model.framework import Framework
from softpower.model.indicator import Indicator
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.period import Date


def _frozen(value: Any) -> Any:
    """Return plain data whose tables cannot be changed."""
    return FrozenDict({key: _frozen(one) for key, one in value.items()}) if isinstance(value, Mapping) else value


DECLARED = "declared"
"""The name under which the profile itself stands among its scenarios."""


class Selection(Model):
    """Some indicators, by what their specs say of them or by the nodes above them.

    Parameters
    ----------
    tags, mode, quality : tuple of str
        An indicator fits a key if it has any of the values.
    nodes : tuple of str
        Indicators, or dimensions with all that hangs under them.
    """

    tags: tuple[Id, ...] = ()
    mode: tuple[Literal["active", "passive"], ...] = ()
    quality: tuple[Literal["A", "B", "C", "D"], ...] = ()
    nodes: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if not (self.tags or self.mode or self.quality or self.nodes):
            raise problem("the selection names nothing", "Give it tags, mode, quality or nodes.")
        return self

    def fits(self, name: str, indicator: Indicator, framework: Framework) -> list[bool]:
        """Return for each key that is given whether the indicator fits it."""
        has = [
            (self.tags, indicator.tags),
            (self.mode, (indicator.mode,)),
            (self.quality, (indicator.quality,)),
            (self.nodes, framework.path(name)),
        ]
        return [not set(wanted).isdisjoint(mine) for wanted, mine in has if wanted]


class Unobserved(Model):
    """Facts that a scenario does without; a fact leaves if any of the keys names it.

    Of a table of values, cells leave by their source alone.

    Parameters
    ----------
    sources, ids, flags : tuple of str
        The source that a fact rests on, its own id, a flag that it carries.
    after : date, optional
        Facts whose period begins later leave; undated ones stay.
    without_footnote : bool
        Whether facts leave that no footnote stands behind.
    """

    sources: tuple[Id, ...] = ()
    ids: tuple[Id, ...] = ()
    flags: tuple[Text, ...] = ()
    after: Date | None = None
    without_footnote: Truth = False

    def names(self, fact: Observation) -> bool:
        """Return whether the fact is one of those that leave."""
        late = self.after is not None and fact.start is not None and fact.start.first > self.after.last
        bare = self.without_footnote and fact.footnote is None
        flagged = not set(self.flags).isdisjoint(fact.flags)
        return late or bare or flagged or fact.id in self.ids or fact.source in self.sources


class ScenarioParts(Model):
    """The fields of a `Scenario`."""

    title: Text
    reason: Text | None = None
    include: Selection | None = None
    exclude: Selection | None = None
    sets: Annotated[tuple[Literal["base", "extended"], ...], Field(min_length=1)] | None = None
    without_observations: Unobserved | None = None
    preferred: tuple[Id, ...] = ()
    weights: Table[Id, Annotated[Number, Field(ge=0)]] = Field(default_factory=dict)
    parents: Table[Id, Id] = Field(default_factory=dict)
    rungs: Table[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = Field(default_factory=dict)
    measures: Table[Id, Id] = Field(default_factory=dict)
    goalposts: Table[Id, Id] = Field(default_factory=dict)
    methodology: Annotated[Mapping[str, Any], AfterValidator(_frozen)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound_choices(self) -> Self:
        found: list[Problem] = []
        if self.weights and "weights" in self.methodology:
            what = "both 'weights' and 'methodology.weights' are given"
            found.append((("weights",), problem(what, "Give one: 'weights' stands on top of what the profile uses.")))
        # Most scenarios choose no method, and a profile checks all of its scenarios whenever it is made.
        found += self._choice_problems() if self.methodology else []
        raise_all("Scenario", found)
        return self

    def _choice_problems(self) -> list[Problem]:
        try:
            Methodology().replace(**self.methodology)
        except SpecificationError as error:
            named = [(fault.where.removeprefix("Methodology: "), fault) for fault in error.faults]
            return [(("methodology", key), problem(fault.what, fault.mend)) for key, fault in named]
        return []

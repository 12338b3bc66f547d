"""What a framework is made of, and where its nodes stand in the tree; nothing is checked across the parts here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter

from softpower.arguments import diagnosed
from softpower.errors import NotFoundError, did_you_mean, problem
from softpower.model.base import Id, Model, Number, Table, Text
from softpower.model.indicator import Indicator
from softpower.model.methodology import Methodology
from softpower.model.reference import Reference
from softpower.model.variable import Variable

_NUMBER: TypeAdapter[float] = TypeAdapter(Annotated[Number, Field(ge=0)], config=ConfigDict(allow_inf_nan=False))


def _number_or_rule(value: Any) -> float | str:
    if isinstance(value, str) and value != "indicators":
        mend = 'Write a number from zero up, or "indicators" for the number of indicators under it that enter.'
        raise problem(f"{value!r} is wrong: a weight is a number or a rule", mend)
    return value if value == "indicators" else _NUMBER.validate_python(value)


Weight = Annotated[float | Literal["indicators"], PlainValidator(_number_or_rule)]


class Dimension(Model):
    """A node of the tree; the one without a parent is the composite.

    Its weight among its siblings is a number, or ``"indicators"``: as much as it has indicators under it that enter
    the score, so that they weigh the same wherever they hang.
    """

    title: Text
    parent: Id | None = None
    weight: Weight = 1.0
    description: Text | None = None
    references: tuple[Id, ...] = ()


class FrameworkParts(Model):
    """The fields of a `Framework`, and the places of its nodes."""

    id: Id
    title: Text
    summary: Text | None = None
    levels: tuple[Id, ...] = ("composite",)
    tags: Table[Id, Text] = Field(default_factory=dict)
    references: tuple[Id, ...] = ()
    dimensions: Annotated[Table[Id, Dimension], Field(min_length=1)]
    indicators: Annotated[Table[Id, Indicator], Field(min_length=1)]
    variables: Table[Id, Variable] = Field(default_factory=dict)
    works: Table[Id, Reference] = Field(default_factory=dict)
    methodology: Methodology | None = None
    left_out: Table[Id, Text] = Field(default_factory=dict)

    @cached_property
    def root(self) -> str:
        """The id of the composite."""
        return next(name for name, one in self.dimensions.items() if one.parent is None)

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The parent of every node but the root."""
        above = {name: one.parent for name, one in self.dimensions.items() if one.parent is not None}
        return above | {name: one.dimension for name, one in self.indicators.items()}

    @cached_property
    def denominators(self) -> frozenset[str]:
        """The variables that indicators are divided by."""
        return frozenset(one.denominator.variable for one in self.indicators.values() if one.denominator is not None)

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """How far below the root each node is."""
        return {name: len(self.path(name)) - 1 for name in (*self.dimensions, *self.indicators)}

    def _check(self, node: object) -> None:
        """Raise NotFoundError unless there is such a node."""
        if not isinstance(node, str) or (node not in self.indicators and node not in self.dimensions):
            known = (*self.dimensions, *self.indicators)
            raise NotFoundError.of(f"framework '{self.id}'", f"there is no node {node!r}", did_you_mean(node, known))

    def path(self, node: str) -> tuple[str, ...]:
        """Return the nodes from the root to a node, both included."""
        self._check(node)
        above = [node]
        while above[-1] in self.parents:
            above.append(self.parents[above[-1]])
        return tuple(reversed(above))

    def level(self, node: str) -> str:
        """Return the name of a node's level; an indicator's is ``indicator``."""
        self._check(node)
        return "indicator" if node in self.indicators else self.levels[self.depths[node]]

    @diagnosed
    def entering(self, sets: Collection[str], left_out: Collection[str] = ()) -> Mapping[str, Indicator]:
        """Return the indicators of some sets that are not left out, nor hang under a dimension that is."""
        out = set(left_out)
        chosen = {name: one for name, one in self.indicators.items() if one.set in sets}
        return {name: one for name, one in chosen.items() if out.isdisjoint(self.path(name))} if out else chosen

    def node_title(self, node: str) -> str:
        """Return the title of a dimension or an indicator."""
        self._check(node)
        return (self.dimensions.get(node) or self.indicators[node]).title

"""Indicators: what a framework measures, how it derives from variables, and against which goalposts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from softpower.errors import problem, raise_all
from softpower.model.base import Id, Location, Model, Number, Text, Truth
from softpower.model.forms import By
from softpower.model.unit import PLAIN, Unit
from softpower.model.variable import UnitText, Variable


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise problem(f"'{twice[0]}' stands twice", "Name each variable once.")
    return names


Variables = Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(_each_once)]
Override = Literal["sum", "latest"]


TABLE = "a table holds the values of one measure for each indicator, and none of others"
"""Why alternative measures have no meaning for a table."""


class _OverVariables(Model):
    variables: Variables

    @property
    def terms(self) -> tuple[Id, ...]:
        """The variables that it uses."""
        return self.variables


class Value(Model):
    """The value of one variable."""

    kind: Literal["value"]
    variable: Id
    combine: Override | None = None

    @property
    def terms(self) -> tuple[Id, ...]:
        """The variables that it uses."""
        return (self.variable,)


class Sum(_OverVariables):
    """The sum of variables."""

    kind: Literal["sum"]
    combine: Override | None = None


class Ratio(Model):
    """Sum over sum; a variable may stand above and below."""

    kind: Literal["ratio"]
    numerator: Variables
    denominator: Variables
    combine: Override | None = None

    @property
    def terms(self) -> tuple[Id, ...]:
        """The variables that it uses, each once."""
        return tuple(dict.fromkeys((*self.numerator, *self.denominator)))


class Rate(_OverVariables):
    """Count per year of the profile's window."""

    kind: Literal["rate"]


class ShareOfWindow(_OverVariables):
    """Share of the window during which any of the spells is in force."""

    kind: Literal["share_of_window"]


class Rung(Model):
    """One rung: met when the variable reaches ``at_least``."""

    variable: Id
    title: Text
    at_least: Number = 1.0


class Rungs(Model):
    """Rungs that are met: the highest one (ladder) or how many (checklist)."""

    kind: Literal["ladder", "checklist"]
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]

    @property
    def terms(self) -> tuple[Id, ...]:
        """The variables that it uses."""
        return tuple(rung.variable for rung in self.rungs)


class YearsBetween(Model):
    """Years from one event to another."""

    kind: Literal["years_between"]
    earlier: Id
    later: Id

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.earlier == self.later:
            raise problem(f"'{self.earlier}' is both the earlier and the later event", "Name two events.")
        return self

    @property
    def terms(self) -> tuple[Id, ...]:
        """The variables that it uses."""
        return (self.earlier, self.later)


class EffectiveNumber(_OverVariables):
    """Inverse Herfindahl index over the single observations: how many equal parts would be as concentrated."""

    kind: Literal["effective_number"]


class Mean(_OverVariables):
    """Mean of ordinal judgements, over the single observations."""

    kind: Literal["mean"]


Measure = Annotated[
    Value | Sum | Ratio | Rate | ShareOfWindow | Rungs | YearsBetween | EffectiveNumber | Mean,
    By("kind"),
]

KINDS: Mapping[str, frozenset[str]] = {
    "value": frozenset({"stock", "flow", "share", "count"}),
    "sum": frozenset({"stock", "flow", "share", "count"}),
    "ratio": frozenset({"stock", "flow", "share", "count"}),
    "rate": frozenset({"count"}),
    "share_of_window": frozenset({"spell"}),
    "ladder": frozenset({"event", "count", "stock", "flow", "share"}),
    "checklist": frozenset({"event", "count", "stock", "flow", "share"}),
    "years_between": frozenset({"event"}),
    "effective_number": frozenset({"stock", "flow", "count"}),
    "mean": frozenset({"judgement"}),
}
"""The kinds of variable that each measure takes."""

DIVISIBLE = frozenset({"value", "sum", "rate"})
"""The measures that a denominator may divide: amounts and counts."""


class Range(Model):
    """A low and a high goalpost; 0 and 100 points, or the other way round where lower is better.

    ``parity`` is a value in between that scores 50, so that the scale is linear on either side of it.
    ``log`` spaces the points by the logarithm of the value.
    """

    low: Number
    high: Number
    parity: Number | None = None
    log: Truth = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        found = []
        if not self.low < self.high:
            what = f"goalpost low {self.low:g} is not below high {self.high:g}"
            found.append(problem(what, "Swap or correct them."))
        elif self.parity is not None and not self.low < self.parity < self.high:
            what = f"parity {self.parity:g} is not between low {self.low:g} and high {self.high:g}"
            found.append(problem(what, "Parity is a value strictly between the goalposts."))
        if not math.isfinite(self.high - self.low):
            found.append(problem("the goalposts are too far apart to compute with", "Bring them nearer."))
        if self.log and self.low <= 0:
            what = f"logarithmic goalposts start at {self.low:g}"
            found.append(problem(what, "They need a low above zero."))
        raise_all(type(self).__name__, [((), one) for one in found])
        return self


class AlternativeGoalposts(Range):
    """Another defensible range, for the uncertainty analysis."""

    id: Id
    reason: Text


class Goalposts(Range):
    """The range against which an indicator is scored, its kind, and why."""

    kind: Literal["natural_share", "parity", "participation_rate", "share_of_time", "ladder", "scale_ends", "benchmark"]
    reason: Text
    alternatives: tuple[AlternativeGoalposts, ...] = ()


def ends_of(kind: str, unit: str) -> tuple[float, float] | None:
    """Return the only ends that goalposts of a kind can have in a unit; None where they are chosen.

    Examples
    --------
    >>> ends_of("scale_ends", "ordinal:-2..2"), ends_of("natural_share", "percent"), ends_of("benchmark", "percent")
    ((-2.0, 2.0), (0.0, 100.0), None)
    """
    parsed = Unit.parse(unit)
    if kind in {"scale_ends", "ladder"} and parsed.codes:
        return float(parsed.codes[0]), float(parsed.codes[-1])
    if kind in {"natural_share", "participation_rate", "share_of_time"} and parsed.dimension == "share":
        return 0.0, round(1 / parsed.scale, 9)
    return None


def _ends_problem(posts: Goalposts | None, unit: str) -> PydanticCustomError | None:
    """Return what is wrong with goalposts that are not the ends of what they are said to be."""
    ends = None if posts is None else ends_of(posts.kind, unit)
    if posts is None or ends is None or ends == (posts.low, posts.high):
        return None
    what = f"the goalposts {posts.low:g} and {posts.high:g} are no {posts.kind} in {unit}"
    return problem(what, f'Write low = {ends[0]:g} and high = {ends[1]:g}, or kind = "benchmark".')


class AlternativeMeasure(Model):
    """Another defensible way to measure the same thing; unit and goalposts where they differ."""

    id: Id
    title: Text
    reason: Text
    measure: Measure
    unit: UnitText | None = None
    goalposts: Goalposts | None = None


class Denominator(Model):
    """What a value is divided by: value x ``scale`` / variable, so ``scale = 1000`` means per thousand."""

    variable: Id
    scale: Annotated[Number, Field(gt=0)] = 1.0


class Indicator(Model):
    """What a framework measures, with everything a sceptic asks of it.

    Only ``title`` and ``dimension`` are always needed. A profile of observations needs the measure as well, and
    normalisation against goalposts needs the goalposts. A value with a denominator is divided by it, whether it comes
    from observations or from a table; ``unit`` is then the unit before dividing.
    """

    title: Text
    question: Text | None = None
    dimension: Id
    set: Literal["base", "extended"] = "base"
    unit: UnitText = PLAIN
    better: Literal["higher", "lower"] = "higher"
    role: Literal["resource", "output", "outcome"] | None = None
    mode: Literal["active", "passive"] | None = None
    quality: Literal["A", "B", "C", "D"] | None = None
    quality_reason: Text | None = None
    tags: tuple[Id, ...] = ()
    overlaps: tuple[Id, ...] = ()
    weight: Annotated[Number, Field(ge=0)] = 1.0
    references: tuple[Id, ...] = ()
    applies_to: Text = "any directed pair"
    note: Text | None = None
    measure: Measure | None = None
    denominator: Denominator | None = None
    goalposts: Goalposts | None = None
    target: Number | None = None
    alternative_measures: tuple[AlternativeMeasure, ...] = ()

    @property
    def alternative_goalposts(self) -> tuple[AlternativeGoalposts, ...]:
        """The alternative ranges of the main goalposts."""
        return () if self.goalposts is None else self.goalposts.alternatives

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measure, where there is one, and its alternatives."""
        own = () if self.measure is None else (self.measure,)
        return (*own, *(one.measure for one in self.alternative_measures))

    def measured_by(self, alternative: str) -> Self:
        """Return the indicator with an alternative measure in the place of its own, or itself where it has none."""
        for one in self.alternative_measures:
            if one.id == alternative:
                return self.replace(
                    measure=one.measure,
                    unit=one.unit or self.unit,
                    goalposts=one.goalposts or self.goalposts,
                    alternative_measures=(),
                )
        return self

    @model_validator(mode="after")
    def _against_ends(self) -> Self:
        if self.denominator is not None:
            # The unit is that before dividing.
            return self
        given: list[tuple[Location, Goalposts | None, str]] = [(("goalposts",), self.goalposts, self.unit)]
        given += [
            (("alternative_measures", one.id, "goalposts"), one.goalposts, one.unit or self.unit)
            for one in self.alternative_measures
        ]
        raise_all("Indicator", [(at, one) for at, posts, unit in given if (one := _ends_problem(posts, unit))])
        return self

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.denominator is not None:
            for measure in self.measures:
                if measure.kind not in DIVISIBLE:
                    what = f"a {measure.kind} is not divided by '{self.denominator.variable}'"
                    raise problem(what, f"A denominator goes with the measures {', '.join(sorted(DIVISIBLE))}.")
        return self


def measure_problem(measure: Measure, unit: str, variables: Mapping[str, Variable]) -> tuple[str, str] | None:
    """Return what is wrong with a measure's variables and how to mend it, or None."""
    for name in measure.terms:
        kind = variables[name].kind
        if kind not in KINDS[measure.kind]:
            takes = ", ".join(sorted(KINDS[measure.kind]))
            return (
                f"the measure '{measure.kind}' does not take the variable '{name}' of kind {kind}",
                f"It takes: {takes}.",
            )
    for name in measure.terms:
        unit_of = Unit.parse(variables[name].unit)
        if unit_of.codes and measure.kind in {"sum", "ratio", "rate", "effective_number"}:
            return f"the codes of '{name}' ({unit_of.text}) do not add up", 'Use the measure "mean" or "value".'
        if unit_of.per_year and measure.kind == "rate":
            return f"the variable '{name}' is per year already", 'Use the measure "sum" or "value".'
    expected = Unit.parse(unit)
    result = result_unit(measure, variables)
    if result is not None and not result.alike(expected):
        return (
            f"the measure gives {result.text!r} but the indicator's unit is {unit!r}",
            "Only the scale of a unit converts; correct the unit or the measure.",
        )
    return None


def result_unit(measure: Measure, variables: Mapping[str, Variable]) -> Unit | None:
    """Return the unit in which a measure comes out; None where the indicator's own unit names it."""
    first = Unit.parse(variables[measure.terms[0]].unit)
    if isinstance(measure, Value | Sum | Mean):
        return first
    if isinstance(measure, Ratio | ShareOfWindow):
        return Unit.parse("ratio")
    if isinstance(measure, Rate):
        return Unit.parse(f"{first.text} per year")
    if isinstance(measure, Rungs):
        return Unit.parse(f"rungs:{len(measure.rungs)}")
    if isinstance(measure, YearsBetween):
        return Unit.parse("year")
    return None

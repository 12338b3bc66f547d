"""Frameworks: the tree of dimensions and indicators with declared weights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from softpower.errors import Fault, SpecificationError, did_you_mean, problem, raise_all
from softpower.model.base import ID, Id, Model, Number, Problem, Table, Text, sound, unknown, with_more
from softpower.model.indicator import Indicator, Measure, Ratio, Rungs, YearsBetween, measure_problem
from softpower.model.methodology import OTHERS, Choice, Methodology
from softpower.model.reference import Reference
from softpower.model.toml import toml_text
from softpower.model.unit import Unit
from softpower.model.variable import Variable

Entry = TypeVar("Entry")
EXTENTS = ("national", "regional", "global")
FLAT = "flat"
"""The id of the framework that is made where none is given."""
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


class Framework(Model):
    """A tree of dimensions and indicators, the variables that they derive from, and the works that they cite.

    Every reference between the parts is checked: parents, variables, overlaps, tags, references, units, kinds.
    All faults are reported together.

    Parameters
    ----------
    methodology : Methodology, optional
        The choices that belong to the framework, where an index is defined by them. They hold wherever neither a
        profile nor a caller makes any.
    left_out : mapping of indicator to text
        Indicators of another framework for which this one has no place, each with the reason. For the reader.
    """

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

    @model_validator(mode="wrap")
    @classmethod
    def _all_faults(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Name what does not resolve also where other entries cannot be parsed."""
        try:
            return handler(data)
        except ValidationError as error:
            if not isinstance(data, Mapping):
                raise
            parts: dict[str, Any] = {
                "dimensions": sound(Dimension, data.get("dimensions")),
                "indicators": sound(Indicator, data.get("indicators")),
                "variables": sound(Variable, data.get("variables")),
                "works": sound(Reference, data.get("works")),
            }
            parts |= {name: data.get(name) or () for name in ("tags", "references")}
            if not all(isinstance(parts[name], Mapping | list | tuple) for name in parts):
                raise
            more = cls.model_construct(id="", title="", **parts)._name_problems()  # noqa: SLF001 - its own class
            raise with_more(error, "Framework", more) from None

    @model_validator(mode="after")
    def _resolved(self) -> Self:
        tree = list(self._tree_problems())
        rest = [] if tree else [*self._level_problems(), *self._methodology_problems()]
        raise_all("Framework", [*tree, *self._name_problems(), *rest])
        return self

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

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Return the framework of plain data: what the TOML of a framework holds, as mappings and lists.

        Parameters
        ----------
        data : mapping
            ``dimensions`` and ``indicators`` by id, and whatever else a framework has. ``id`` and ``title`` may be
            left out, and so may ``levels``: they are then called ``composite``, ``level_1``, ``level_2`` and so on.

        Raises
        ------
        SpecificationError
            With every fault of the data at its key.

        Examples
        --------
        >>> made = Framework.from_dict({
        ...     "dimensions": {"index": {"title": "Index"}, "money": {"title": "Money", "parent": "index"}},
        ...     "indicators": {"trade": {"title": "Trade", "dimension": "money"}},
        ... })
        >>> made.levels, made.path("trade")
        (('composite', 'level_1'), ('index', 'money', 'trade'))
        """
        if not isinstance(data, Mapping):
            mend = 'Give {"dimensions": {...}, "indicators": {...}}.'
            raise SpecificationError.of("Framework", f"a {type(data).__name__} is no mapping", mend)
        filled = {"id": "framework", "title": "A framework of one's own"} | dict(data)
        if "levels" not in filled and (depth := _depth(filled.get("dimensions"))):
            filled["levels"] = ("composite", *(f"level_{number}" for number in range(1, depth)))
        return cls.parse(filled, "Framework")

    @classmethod
    def flat(
        cls,
        indicators: Iterable[str],
        *,
        better: Mapping[str, str] | None = None,
        weights: Mapping[str, float] | None = None,
        units: Mapping[str, str] | None = None,
        title: str = "Composite",
    ) -> Self:
        """Return a tree of one level: the composite, and indicators that weigh the same unless told otherwise.

        Parameters
        ----------
        indicators : iterable of str
            Their names. A name that is no id keeps its words as the title; its id is made of its letters and digits.
        better : mapping of name to {"higher", "lower"}, optional
            Where lower is better; all others are better when higher.
        weights : mapping of name to number, optional
            Weights; all others are 1.
        units : mapping of name to unit, optional
            Units; all others are plain numbers.
        title : str
            Of the composite.

        Raises
        ------
        SpecificationError
            If a name is given twice, gives no id, or is named in a mapping and is none of the indicators.

        Examples
        --------
        >>> made = Framework.flat(["visits", "GDP per head"], better={"visits": "lower"})
        >>> list(made.indicators), made.indicators["visits"].better
        (['visits', 'gdp_per_head'], 'lower')
        """
        given: dict[str, Any] = {"better": better or {}, "weight": weights or {}, "unit": units or {}}
        wrong = [
            Fault(f"Framework.flat: {key}", f"a {type(table).__name__} is no mapping", "Give one, by indicator.")
            for key, table in given.items()
            if not isinstance(table, Mapping)
        ]
        if isinstance(indicators, str) or not isinstance(indicators, Iterable):
            what = f"{indicators!r} is no list of names"
            wrong.insert(0, Fault("Framework.flat: indicators", what, 'Give names, for instance ["trade", "visits"].'))
        if wrong:
            raise SpecificationError(wrong)
        names = list(indicators)
        ids = _ids(names)
        unknown = [
            Fault(f"Framework.flat: {key}", f"there is no indicator '{name}'", did_you_mean(name, names))
            for key, table in given.items()
            for name in table
            if name not in names
        ]
        if unknown:
            raise SpecificationError(unknown)
        leaves = {
            one: {"title": name, "dimension": "composite"}
            | {key: table[name] for key, table in given.items() if name in table}
            for one, name in zip(ids, names, strict=True)
        }
        data = {"id": FLAT, "title": title, "dimensions": {"composite": {"title": title}}, "indicators": leaves}
        return cls.parse(data, "Framework.flat")

    def path(self, node: str) -> tuple[str, ...]:
        """Return the nodes from the root to a node, both included."""
        above = [node]
        while above[-1] in self.parents:
            above.append(self.parents[above[-1]])
        return tuple(reversed(above))

    def level(self, node: str) -> str:
        """Return the name of a node's level; an indicator's is ``indicator``."""
        return "indicator" if node in self.indicators else self.levels[self.depths[node]]

    def entering(self, sets: Collection[str], left_out: Collection[str] = ()) -> Mapping[str, Indicator]:
        """Return the indicators of some sets that are not left out, nor hang under a dimension that is."""
        out = set(left_out)
        chosen = {name: one for name, one in self.indicators.items() if one.set in sets}
        return {name: one for name, one in chosen.items() if out.isdisjoint(self.path(name))} if out else chosen

    def node_title(self, node: str) -> str:
        """Return the title of a dimension or an indicator."""
        return (self.dimensions.get(node) or self.indicators[node]).title

    def to_toml(self) -> str:
        """Return the framework as the text of a ``framework.toml``, without the works that it cites.

        What equals its default is left out. The works go into a file of their own: see ``to_files``.

        Examples
        --------
        >>> import softpower
        >>> print(softpower.load_framework("nye").to_toml()[:36])
        id = "nye"
        title = "Three sources of
        """
        return toml_text(self.model_dump(exclude_defaults=True, exclude={"works"}))

    def to_files(self) -> dict[str, str]:
        """Return the texts of the framework's folder by file name, which ``load_framework`` reads back as equal.

        These are ``framework.toml`` and, where there are works, ``references.toml``.

        Examples
        --------
        >>> import softpower
        >>> sorted(softpower.load_framework("nye").to_files())
        ['framework.toml', 'references.toml']
        """
        works = {name: one.model_dump(exclude_defaults=True) for name, one in self.works.items()}
        files = {"framework.toml": self.to_toml()}
        return files | {"references.toml": toml_text({"references": works})} if works else files

    def _tree_problems(self) -> Iterable[Problem]:
        roots = [name for name, one in self.dimensions.items() if one.parent is None]
        if len(roots) != 1:
            what = (
                "no dimension is without a parent" if not roots else f"{len(roots)} dimensions have no parent: {roots}"
            )
            yield ("dimensions",), problem(what, "Exactly one, the composite, has none.")
        above = {name: one.parent for name, one in self.dimensions.items()}
        for name, dimension in self.dimensions.items():
            path = ("dimensions", name, "parent")
            if dimension.parent is not None and dimension.parent not in self.dimensions:
                what = f"there is no dimension '{dimension.parent}'"
                yield path, problem(what, did_you_mean(dimension.parent, self.dimensions))
            elif circle := _cycle(name, above):
                yield (
                    path,
                    problem(f"the parents go in a circle: {' > '.join(circle)}", "Cut the circle at one parent."),
                )
        for name, indicator in self.indicators.items():
            if name in self.dimensions:
                what = f"'{name}' is the id of a dimension and of an indicator"
                yield ("indicators", name), problem(what, "Ids are unique in a framework: rename one.")
            if indicator.dimension not in self.dimensions:
                what = f"there is no dimension '{indicator.dimension}'"
                yield (
                    ("indicators", name, "dimension"),
                    problem(what, did_you_mean(indicator.dimension, self.dimensions)),
                )
        children: dict[str, list[float]] = {}
        for one in self.dimensions.values():
            # By its rule a dimension that is there at all weighs something.
            children.setdefault(one.parent or "", []).append(1.0 if one.weight == "indicators" else one.weight)
        for leaf in self.indicators.values():
            children.setdefault(leaf.dimension, []).append(leaf.weight)
        for name in self.dimensions:
            if name not in children:
                yield (
                    ("dimensions", name),
                    problem("the dimension has no children", "Give it indicators, or delete it."),
                )
            elif sum(children[name]) <= 0:
                what = "the weights of its children sum to zero"
                yield ("dimensions", name), problem(what, "Give at least one child a weight above zero.")

    def _name_problems(self) -> Iterable[Problem]:
        known = _parsed(self.variables)
        for name, indicator in _parsed(self.indicators).items():
            at = ("indicators", name)
            yield from _unknown(at, "tags", indicator.tags, self.tags, "tag")
            yield from _unknown(at, "overlaps", indicator.overlaps, self.indicators, "indicator")
            yield from _unknown(at, "references", indicator.references, self.works, "reference")
            for one in indicator.alternative_measures:
                if one.unit is not None and one.goalposts is None:
                    what = f"the alternative measure '{one.id}' has a unit of its own but no goalposts in it"
                    yield (
                        (*at, "alternative_measures", one.id),
                        problem(what, "Give it goalposts, or the indicator's unit."),
                    )
            taken = [one.id for one in indicator.alternative_measures]
            for one_id in sorted({one for one in taken if taken.count(one) > 1}):
                what = f"two alternative measures are called '{one_id}'"
                yield (*at, "alternative_measures"), problem(what, "Give each its own id.")
            measures: list[tuple[tuple[str, ...], Measure, str]] = [
                (("alternative_measures", one.id, "measure"), one.measure, one.unit or indicator.unit)
                for one in indicator.alternative_measures
            ]
            if indicator.measure is not None:
                measures.insert(0, (("measure",), indicator.measure, indicator.unit))
            if indicator.denominator is not None:
                yield from _unknown(at, "denominator", [indicator.denominator.variable], self.variables, "variable")
            for inside, measure, unit in measures:
                yield from _unknown(at, ".".join(inside), measure.terms, self.variables, "variable")
                if all(term in known for term in measure.terms) and (wrong := measure_problem(measure, unit, known)):
                    yield (*at, *inside), problem(*wrong)
        for name, dimension in _parsed(self.dimensions).items():
            yield from _unknown(("dimensions", name), "references", dimension.references, self.works, "reference")
        yield from _unknown((), "references", self.references, self.works, "reference")

    def _level_problems(self) -> Iterable[Problem]:
        deepest = max(self.depths[name] for name in self.dimensions)
        if len(self.levels) != deepest + 1 or len(set(self.levels)) != len(self.levels) or "indicator" in self.levels:
            what = (
                f"{len(self.levels)} levels are named ({', '.join(self.levels)}) for {deepest + 1} levels of dimensions"
            )
            yield (
                ("levels",),
                problem(what, "Name each level of dimensions once, top down; indicators name themselves."),
            )

    def unfit(self, methodology: Methodology) -> Iterable[Problem]:
        """Yield what of a methodology does not fit the levels of the tree, at its key."""
        if isinstance(methodology.aggregate, Choice):
            return
        for level in methodology.aggregate:
            if level not in self.levels:
                yield ("aggregate",), problem(f"the framework has no level '{level}'", did_you_mean(level, self.levels))
        for level in self.levels:
            if level not in methodology.aggregate:
                what = f"no aggregation is chosen for the level '{level}'"
                yield ("aggregate",), problem(what, f'Add {level} = "arithmetic" or another.')

    def _methodology_problems(self) -> Iterable[Problem]:
        """What does not fit in the methodology of the framework itself."""
        if self.methodology is None:
            return
        yield from ((("methodology", *at), one) for at, one in self.unfit(self.methodology))
        for step in ("impute", "treat", "normalise"):
            given = getattr(self.methodology, step)
            names = [] if given is None or isinstance(given, Choice) else [one for one in given if one != OTHERS]
            yield from unknown(("methodology", step), names, self.indicators, "indicator")
        weights = self.methodology.weights.parameters.get("weights", {})
        nodes = {*self.dimensions, *self.indicators}
        yield from unknown(("methodology", "weights"), weights, nodes, "node")


def _depth(dimensions: Any) -> int:
    """Return how many levels of dimensions plain data has; 0 where the parents do not resolve."""
    if not isinstance(dimensions, Mapping) or not all(isinstance(one, Mapping) for one in dimensions.values()):
        return 0
    above = {name: one.get("parent") for name, one in dimensions.items()}
    deepest = 0
    for parent in above.values():
        length, here = 1, parent
        while here in above and length <= len(above):
            length, here = length + 1, above[here]
        deepest = max(deepest, length)
    return deepest if deepest <= len(above) else 0


def _ids(names: Sequence[object]) -> list[str]:
    """Return an id for each name: the name itself, or its letters and digits."""
    faults, taken = [], {"composite": "the composite"}
    ids = []
    for name in names:
        text = str(name)
        made = text if re.fullmatch(ID, text) else _slug(text)
        if not isinstance(name, str) or not made:
            what = f"the name {name!r} gives no id"
            faults.append(Fault("Framework.flat", what, "Name indicators with Latin letters and digits."))
        elif made in taken:
            what = f"the name '{name}' gives the id '{made}', which is that of {taken[made]}"
            faults.append(Fault("Framework.flat", what, "Rename one of the two."))
        taken[made] = f"'{name}'"
        ids.append(made)
    if faults:
        raise SpecificationError(faults)
    return ids


def _slug(text: str) -> str:
    """Return a name's Latin letters and digits, joined by underscores; accents are left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:120]


def _parsed(entries: Mapping[str, Entry | None]) -> dict[str, Entry]:
    """Return the entries without those that could not be parsed."""
    return {name: one for name, one in entries.items() if one is not None}


def _unknown(
    at: tuple[str, ...], key: str, names: Sequence[str], known: Collection[str], noun: str
) -> Iterable[Problem]:
    for name in names:
        if name not in known:
            yield (*at, key), problem(f"there is no {noun} '{name}'", did_you_mean(name, known))


def _cycle(start: str, parents: Mapping[str, str | None]) -> list[str]:
    walked, here = [start], parents.get(start)
    while here is not None and here not in walked:
        walked.append(here)
        here = parents.get(here)
    return [*walked, here] if here == start else []


def clashes(framework: Framework, facts: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Yield what an indicator adds or divides that may not be: its id, what is wrong, how to mend it.

    Parameters
    ----------
    framework : Framework
    facts : mapping of variable to observation id
        An observation of each variable, to be named; empty for a framework alone.
    """
    for name, indicator in framework.indicators.items():
        for measure in indicator.measures:
            if isinstance(measure, Rungs | YearsBetween):
                continue
            sides = [measure.numerator, measure.denominator] if isinstance(measure, Ratio) else [measure.terms]
            pairs = [(a, b, False) for side in sides for a, b in combinations(dict.fromkeys(side), 2)]
            if isinstance(measure, Ratio):
                pairs.append((measure.numerator[0], measure.denominator[0], True))
            for one, other, over in pairs:
                differ = _difference(framework.variables[one], framework.variables[other], over=over)
                if differ:
                    named = [
                        f"'{term}'" + (f" (observation '{facts[term]}')" if term in facts else "")
                        for term in (one, other)
                    ]
                    what = f"{named[0]} and {named[1]} differ in {differ}"
                    mend = "Currencies never add, a stock never meets a flow, a region never stands for a nation."
                    yield name, what, mend


def _difference(one: Variable, other: Variable, *, over: bool) -> str | None:
    """Return in what two variables differ that may not be added, or set one over the other."""
    if not Unit.parse(one.unit).alike(Unit.parse(other.unit)):
        return f"unit: {one.unit} against {other.unit}"
    if {one.kind, other.kind} == {"stock", "flow"} or (one.kind != other.kind and not over):
        return f"kind: {one.kind} against {other.kind}"
    # A part stands over its whole: a national figure over a regional one, never the other way round.
    wider = EXTENTS.index(one.extent) > EXTENTS.index(other.extent)
    apart = wider if over else one.extent != other.extent
    return f"extent: {one.extent} against {other.extent}" if apart else None

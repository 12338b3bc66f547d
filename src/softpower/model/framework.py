"""Frameworks: the tree of dimensions and indicators with declared weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from softpower.arguments import diagnosed
from softpower.errors import Fault, SpecificationError, raise_all, unknown_names
from softpower.model.base import Problem, sound, with_more
from softpower.model.framework_parts import Dimension, FrameworkParts
from softpower.model.framework_problems import (
    level_problems,
    methodology_problems,
    misfits,
    tree_problems,
    unresolved,
)
from softpower.model.ids import ids_of
from softpower.model.indicator import Indicator
from softpower.model.methodology import Methodology
from softpower.model.parents import depth_of
from softpower.model.reference import Reference
from softpower.model.toml import toml_text
from softpower.model.variable import Variable

FLAT = "flat"
"""The id of the framework that is made where none is given."""


class Framework(FrameworkParts):
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
            parts |= {name: () if data.get(name) is None else data[name] for name in ("tags", "references")}
            if not all(isinstance(parts[name], Mapping | list | tuple) for name in parts):
                raise
            # What is no text may not even be looked up; it is refused where it stands.
            for name in ("references", "tags"):
                if not isinstance(parts[name], Mapping):
                    parts[name] = tuple(one for one in parts[name] if isinstance(one, str))
            more = unresolved(cls.model_construct(id="", title="", **parts))
            raise with_more(error, "Framework", more) from None

    @model_validator(mode="after")
    def _resolved(self) -> Self:
        tree = list(tree_problems(self))
        rest = [] if tree else [*level_problems(self), *methodology_problems(self)]
        raise_all("Framework", [*tree, *unresolved(self), *rest])
        return self

    @classmethod
    @diagnosed
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
    @diagnosed
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
        ids = ids_of(names)
        unknown = [
            fault
            for key, table in given.items()
            for fault in unknown_names(f"Framework.flat: {key}", "indicator", table, names)
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

    @diagnosed
    def unfit(self, methodology: Methodology) -> Iterable[Problem]:
        """Return what of a methodology names a level or a node that the tree has not, at its key."""
        return tuple(misfits(self, methodology))


def _depth(dimensions: Any) -> int:
    """Return how many levels of dimensions plain data has; 0 where the parents do not resolve."""
    if not isinstance(dimensions, Mapping) or not all(isinstance(one, Mapping) for one in dimensions.values()):
        return 0
    parents = {name: one.get("parent") for name, one in dimensions.items()}
    # What is no text is reported where it is parsed; here it could not even be looked up.
    named = all(parent is None or isinstance(parent, str) for parent in parents.values())
    return depth_of(parents) if named else 0

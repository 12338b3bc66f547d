"""Uncertainty: what of a profile could be otherwise, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from softpower.errors import SoftPowerError, problem, raise_all
from softpower.model.base import FrozenDict, Id, Model, Number, Problem, Table, Truth, Whole
from softpower.model.forms import By
from softpower.model.methodology import Choice, Methodology, OneOrSeveral, Several, form, no_method
from softpower.registry import AGGREGATE

Positive = Annotated[Number, Field(gt=0)]


class Simplex(Model):
    """Siblings' weights drawn uniformly among all that sum to one."""

    method: Literal["simplex"]


class Dirichlet(Model):
    """Weights around the declared ones: Dirichlet with parameters ``concentration`` x declared share.

    The share of a sibling has the declared one as its mean and, with concentration c, the variance
    w (1 - w) / (c + 1). A weight of zero stays zero.
    """

    method: Literal["dirichlet"]
    concentration: Positive


class Band(Model):
    """Each declared weight times a number between 1 - ``share`` and 1 + ``share``, then brought to sum to one."""

    method: Literal["band"]
    share: Annotated[Number, Field(gt=0, lt=1)]


class Ordered(Model):
    """Weights drawn uniformly among those in which, of each pair, the first weighs at least as much as the second."""

    method: Literal["ordered"]
    at_least: Annotated[tuple[tuple[Id, Id], ...], Field(min_length=1)]


def _method_or_weights(value: Any) -> str:
    return "<method>" if isinstance(value, str) else "<weights>"


NamedSet = Annotated[
    Annotated[str, Tag("<method>")] | Annotated[Table[Id, Annotated[Number, Field(ge=0)]], Tag("<weights>")],
    Discriminator(_method_or_weights),
]


class Sets(Model):
    """Named sets of weights, each as likely as the others.

    A set is a mapping of nodes to weights, or the name of a method of weights that takes no parameters. Nodes that a
    mapping does not name weigh as in the study; siblings of a node that it names as the framework declares, where
    those of the study are fitted, or are points or comparisons.
    """

    method: Literal["sets"]
    sets: Annotated[Table[Id, NamedSet], Field(min_length=1)]

    @field_validator("sets")
    @classmethod
    def _known(cls, sets: Mapping[str, Any]) -> Mapping[str, Any]:
        found: list[Problem] = []
        for name, one in sets.items():
            try:
                Methodology(weights=one)
            except SoftPowerError as error:
                found += [((name,), problem(fault.what, fault.mend)) for fault in error.faults]
        raise_all("Sets", found)
        return FrozenDict({name: FrozenDict(one) if isinstance(one, Mapping) else one for name, one in sets.items()})


class Experts(Model):
    """A panel's table of points: each draw takes the weights of one expert, all of them alike likely.

    Siblings to which nobody gives points weigh as in the study.
    """

    method: Literal["experts"]
    points: Annotated[Table[Id, tuple[Number, ...]], Field(min_length=1)]


AmongSiblings = Annotated[Simplex | Dirichlet | Band | Ordered, By("method")]
Anywhere = Annotated[Simplex | Dirichlet | Band | Ordered | Sets | Experts, By("method")]


class Ends(Model):
    """The ends between which a parameter is drawn, each value as likely."""

    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise problem(f"low {self.low:g} is not below high {self.high:g}", "Swap or correct them.")
        if not math.isfinite(self.high - self.low):
            raise problem("the ends are too far apart to compute with", "Bring them nearer.")
        return self


class Mean(Model):
    """An aggregation, a parameter of which may lie between two ends.

    Written as a name, or as a table: ``{ method = "power", p = { low = -1.0, high = 1.0 } }``.
    """

    model_config = ConfigDict(populate_by_name=True)

    method: str
    parameters: Table[str, Any] = Field(default_factory=dict)
    # Written as a parameter, its ends stand under no key of this name: faults leave out what is in angles.
    between: Table[str, Ends] = Field(default_factory=dict, alias="<between>")

    @model_validator(mode="before")
    @classmethod
    def _from_table(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"method": data}
        if not isinstance(data, Mapping):
            raise no_method(data)
        if "method" not in data or set(data) <= {"method", "parameters", "between"}:
            return data
        rest = {key: value for key, value in data.items() if key != "method"}
        between = {key: value for key, value in rest.items() if isinstance(value, Mapping) and "low" in value}
        fixed = {key: value for key, value in rest.items() if key not in between}
        return {"method": data["method"], "parameters": fixed, "<between>": between}

    @model_serializer
    def _to_table(self) -> str | dict[str, Any]:
        ends = {name: one.model_dump() for name, one in self.between.items()}
        return {"method": self.method, **self.parameters, **ends} if self.parameters or ends else self.method

    @model_validator(mode="after")
    def _known(self) -> Self:
        found: list[Problem] = []
        try:
            method = AGGREGATE[self.method]
            for name in self.between:
                if name in method.parameters and name not in method.drawn:
                    what = f"'{self.method}' does not take another '{name}' in each draw"
                    found.append(((name,), problem(what, "List values of it as methods of their own.")))
            for end in ("low", "high"):
                ends = {name: getattr(one, end) for name, one in self.between.items()}
                method.check({**self.parameters, **ends})
        except SoftPowerError as error:
            found += [((), problem(one.what, one.mend)) for one in error.faults]
        raise_all("Mean", found)
        return self

    @property
    def label(self) -> str:
        """The method with its parameters, as a text."""
        ends = {name: f"{one.low:g} to {one.high:g}" for name, one in self.between.items()}
        return labelled(self.method, {**self.parameters, **ends})

    @property
    def choice(self) -> Choice:
        """The method as a methodology takes it, with parameters in the middle between their ends."""
        middle = {name: (one.low + one.high) / 2 for name, one in self.between.items()}
        return Choice(method=self.method, parameters={**self.parameters, **middle})


def labelled(method: str, parameters: Mapping[str, Any]) -> str:
    """Return a method with its parameters as a text.

    Examples
    --------
    >>> labelled("power", {"p": 0.5})
    'power(p=0.5)'
    """
    said = ", ".join(
        f"{name}={one:g}" if isinstance(one, float) else f"{name}={one}" for name, one in parameters.items()
    )
    return f"{method}({said})" if said else method


Means = tuple[Mean, ...]
Aggregations = Annotated[
    Annotated[Means, Tag("<one>")] | Annotated[Table[str, Means], Tag("<several>")], Discriminator(form)
]
Weights = Annotated[
    Annotated[Anywhere, Tag("<one>")] | Annotated[Table[Id, AmongSiblings], Tag("<several>")], Discriminator(form)
]
WHOLE = ("sets", "experts")
"""The methods that draw the weights of the whole tree at once."""


def _of_the_whole_tree(weights: Mapping[Any, Any]) -> list[Problem]:
    """Return each level or node under which weights of the whole tree are given."""
    found: list[Problem] = []
    for name, one in weights.items():
        method = one.get("method") if isinstance(one, Mapping) else one
        if method in WHOLE:
            mend = f'Write weights = {{ method = "{method}", ... }}, without a level or node.'
            found.append(((name,), problem(f"'{method}' weighs the whole tree, and not the children of some", mend)))
    return found


def _all_or_some(value: Any) -> str:
    return "<all>" if isinstance(value, bool) else "<some>"


Indicators = Annotated[
    Annotated[bool, Tag("<all>")] | Annotated[tuple[Id, ...], Tag("<some>")], Discriminator(_all_or_some)
]
NONE = "none"
"""The name under which alternatives say that gaps are not filled, or outliers not treated."""


class Uncertainty(Model):
    """What of a profile could be otherwise; everything that is named is drawn jointly, the rest stays as declared.

    Parameters
    ----------
    observations : bool, "triangular" or "uniform"
        Whether each observation, or cell of a table, is drawn within its bounds: by its own distribution, by the
        named one (triangular for true) where it states none. Events, rungs and ordinals draw admissible codes.
    imputations : int
        So many tables are completed by chained regressions, of which each draw takes one. An alternative measure is
        completed as in the study that measures by it.
    measures, goalposts : bool or tuple of indicators
        Whether the alternatives of each indicator, or of some, are drawn beside the main ones.
    weights : optional
        ``"simplex"``, or a table with ``method``: ``dirichlet`` (``concentration``), ``band`` (``share``), ``ordered``
        (``at_least`` = pairs), ``sets`` (``sets``), ``experts`` (``points``). Or a table of these by level, or by
        node, for the children of the nodes of that level, or of that node; what is not named stays as declared.
    missing, impute, treat, normalise : tuple
        Alternatives of the step, as a methodology takes them; ``"none"`` for no imputation or no treatment.
    aggregate : tuple, or table of level to tuple
        Alternatives for all levels at once, or of single levels. ``{ method = "power", p = { low = -1, high = 1 } }``
        draws p.
    scenarios : tuple of str
        Scenarios of the profile, drawn beside the profile as declared.
    sets : bool
        Whether the base set and all sets are drawn.
    leave_out : "one" or float, optional
        Indicators that are left out in a draw: none or one, or this share of them. The draw is the score of the study
        without them, but that weights that are fitted stay in proportion, and gaps as they are filled from the others.

    Raises
    ------
    SpecificationError
        With every key that is wrong by itself; what does not fit a profile is a fault of that profile.

    Notes
    -----
    Misleads where it is taken for all that is uncertain: what nobody names does not vary. Alternatives are alike
    likely because nothing says otherwise, not because somebody knows.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7.

    Examples
    --------
    >>> Uncertainty(weights="simplex").weights
    Simplex(method='simplex')
    >>> Uncertainty().declared
    False
    """

    observations: bool | Literal["triangular", "uniform"] = False
    imputations: Annotated[Whole, Field(ge=0, le=1000)] = 0
    measures: Indicators = False
    goalposts: Indicators = False
    weights: Weights | None = None
    missing: tuple[Choice, ...] = ()
    impute: tuple[OneOrSeveral, ...] = ()
    treat: tuple[OneOrSeveral, ...] = ()
    normalise: tuple[OneOrSeveral, ...] = ()
    aggregate: Aggregations = ()
    scenarios: tuple[Id, ...] = ()
    sets: Truth = False
    leave_out: Literal["one"] | Annotated[Number, Field(gt=0, lt=1)] | None = None

    @property
    def declared(self) -> bool:
        """Whether anything is uncertain."""
        return self != Uncertainty()

    @field_validator("observations", "measures", "goalposts", "leave_out", mode="before")
    @classmethod
    def _of_a_form(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what has none of the forms of a field, once and not for each form."""
        name = str(info.field_name)
        drawn = isinstance(value, bool) or (isinstance(value, str) and value in {"triangular", "uniform"})
        if name == "observations" and not drawn:
            raise problem(f"{value!r} is no way to draw", 'Write true, false, "triangular" or "uniform".')
        if name == "leave_out" and not (
            value is None
            or (isinstance(value, str) and value == "one")
            or (isinstance(value, int | float) and 0 < value < 1)
        ):
            raise problem(f"{value!r} is neither 'one' nor a share", 'Write "one", or a share like 0.1.')
        if name in {"measures", "goalposts"} and not isinstance(value, bool | list | tuple):
            raise problem(f"{value!r} is neither true, false nor a list", "List indicators, or write true.")
        return value

    @field_validator("weights", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        """Return weights by method: a name alone, a table with a method, or a table of these."""
        if isinstance(value, str):
            return {"method": value}
        if isinstance(value, Mapping) and "method" not in value:
            raise_all("Uncertainty", _of_the_whole_tree(value))
            return {name: {"method": one} if isinstance(one, str) else one for name, one in value.items()}
        return value

    @field_validator("missing", "impute", "treat", "normalise", mode="after")
    @classmethod
    def _alternatives(cls, given: tuple[Several, ...], info: ValidationInfo) -> tuple[Several, ...]:
        found: list[Problem] = []
        step = str(info.field_name)
        checked: list[Several] = []
        for place, one in enumerate(given):
            try:
                checked.append(alternative(step, one))
            except SoftPowerError as error:
                found += [((place,), problem(fault.what, fault.mend)) for fault in error.faults]
        found += [
            ((place,), problem(f"{described(one)} stands twice", "Name each alternative once."))
            for place, one in enumerate(given)
            if one in given[:place]
        ]
        raise_all("Uncertainty", found)
        return tuple(checked)

    @field_validator("aggregate")
    @classmethod
    def _some(cls, given: Means | Mapping[str, Means]) -> Means | Mapping[str, Means]:
        tables = given if isinstance(given, Mapping) else {"": given}
        found: list[Problem] = []
        for level, means in tables.items():
            at = (level,) if level else ()
            if level and not means:
                found.append((at, problem("no aggregation is named", "Name one or more, or leave the level out.")))
            labels = [one.label for one in means]
            found += [
                (at, problem(f"{label} stands twice", "Name each alternative once."))
                for label in dict.fromkeys(labels)
                if labels.count(label) > 1
            ]
        raise_all("Uncertainty", found)
        return given

    @field_validator("scenarios", "measures", "goalposts")
    @classmethod
    def _once(cls, names: Any) -> Any:
        if isinstance(names, tuple) and len(set(names)) < len(names):
            raise problem("a name stands twice", "Name each once.")
        return names


def alternative(step: str, given: Several) -> Several:
    """Return an alternative of a step as a methodology takes it; none where the step is left out.

    Raises
    ------
    SpecificationError
        If the step has no such method, or a parameter is wrong.
    """
    off = step in {"impute", "treat"} and given == Choice(method=NONE)
    checked: Several = getattr(Methodology.parse({step: None if off else given}, "uncertainty"), step)
    return given if off else checked


def described(choice: Several) -> str:
    """Return a choice as a text: a method with its parameters, or one for each indicator."""
    if choice is None:
        return NONE
    if isinstance(choice, Choice):
        return labelled(choice.method, choice.parameters)
    return ", ".join(f"{name}: {described(one)}" for name, one in choice.items())

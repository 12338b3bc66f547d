"""Methodologies: one complete set of choices, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from softpower.arguments import diagnosed
from softpower.errors import NotFoundError, SoftPowerError, did_you_mean, problem, raise_all
from softpower.model.base import FrozenDict, Model, Number, Problem, Table
from softpower.registry import AGGREGATE, STEPS, Method, Registry


def no_method(given: Any, of: str = "its parameters, for instance { method = ... }") -> PydanticCustomError:
    """Return the error that something is neither the name of a method nor a table."""
    shown = (
        repr(given) if given is None or isinstance(given, str | int | float | list | tuple) else type(given).__name__
    )
    return problem(f"{shown} is no method", f"Give a name, or a table of {of}.")


class Choice(Model):
    """A method by name, with its parameters.

    Written as the name alone, or as a table with ``method`` and the parameters beside it.

    Examples
    --------
    >>> Choice.model_validate({"method": "power", "p": 0.5})
    Choice(method='power', parameters={'p': 0.5})
    """

    method: str
    parameters: Table[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"method": data}
        if not isinstance(data, Mapping):
            raise no_method(data)
        if "method" in data and set(data) != {"method", "parameters"}:
            return {"method": data["method"], "parameters": {k: v for k, v in data.items() if k != "method"}}
        return data

    @model_serializer
    def _to_table(self) -> str | dict[str, Any]:
        return {"method": self.method, **self.parameters} if self.parameters else self.method

    def checked(self, registry: Registry) -> Choice:
        """Return the choice with its parameters checked against the method."""
        return Choice(method=self.method, parameters=registry[self.method].check(self.parameters))


def _checked(choices: Mapping[tuple[str, ...], Choice], registry: Registry) -> dict[tuple[str, ...], Choice]:
    """Return the checked choices; raise all their faults as validation problems, each at its place in the field."""
    checked: dict[tuple[str, ...], Choice] = {}
    found: list[Problem] = []
    for at, one in choices.items():
        try:
            checked[at] = one.checked(registry)
        except SoftPowerError as error:
            found += [(at, problem(fault.what, fault.mend)) for fault in error.faults]
    raise_all("Choice", found)
    return checked


def form(value: Any) -> str:
    """Return whether a value is one choice for all, or a table of some."""
    return "<several>" if isinstance(value, Mapping) and "method" not in value else "<one>"


OneOrSeveral = Annotated[
    Annotated[Choice, Tag("<one>")] | Annotated[Table[str, Choice], Tag("<several>")], Discriminator(form)
]
OTHERS = "others"
"""The name under which a table of methods by indicator gives that of all indicators that it does not name."""
Several = Choice | Mapping[str, Choice] | None
"""One choice for all, or one for each of some."""


SEVERAL = ("impute", "treat", "normalise")
"""The steps whose methods may differ between indicators."""


class Methodology(Model):
    """One complete set of choices: missing data, normalisation, weights, aggregation.

    Parameters
    ----------
    missing, weights : str or table
        A method's name, or a table with ``method`` and its parameters. ``weights`` also takes a mapping
        of nodes to weights.
    impute, treat, normalise : str or table
        The same, or a table with a method for each of some indicators, and for all ``others``. Without ``impute``
        gaps stay gaps, without ``treat`` outliers stay as they are.
    aggregate : str or table
        One method for all levels, or a table with one for each level by the framework's level names.
    periods : {"pooled", "apart"}
        Whether normalisations and aggregations that look across cases look across all periods at once, or at each by
        itself. Pooled scores compare over time; apart they say where a case stands in its own period. Whichever it is,
        values are imputed and treated and weights are fitted over all rows together, so that one value is treated alike
        in every period, and an indicator weighs alike.
    floor : float, optional
        The least score that a mean which needs positive values sees, on the scale of the scores.

    Examples
    --------
    >>> Methodology(aggregate="geometric", floor=1).aggregate
    Choice(method='geometric', parameters={})
    >>> Methodology().replace(weights={"culture": 2}).weights
    Choice(method='mapping', parameters={'weights': {'culture': 2.0}})
    """

    missing: Choice = Choice(method="available")
    impute: OneOrSeveral | None = None
    treat: OneOrSeveral | None = None
    normalise: OneOrSeveral = Choice(method="goalposts")
    weights: Choice = Choice(method="declared")
    aggregate: OneOrSeveral = Choice(method="arithmetic")
    periods: Literal["pooled", "apart"] = "pooled"
    floor: Annotated[Number, Field(ge=1e-6)] | None = None

    @field_validator("weights", mode="before")
    @classmethod
    def _weights_by_node(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and "method" not in value:
            return {"method": "mapping", "weights": dict(value)}
        if not isinstance(value, str | Mapping | Choice):
            raise no_method(value, "nodes and their weights")
        return value

    @field_validator("impute", "treat", "normalise", "aggregate", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.field_name in {"impute", "treat"}:
            return None
        if not isinstance(value, str | Mapping | Choice):
            of = "levels" if info.field_name == "aggregate" else "indicators"
            raise no_method(value, f"{of} and names")
        return value

    @field_validator("missing", "weights")
    @classmethod
    def _known(cls, choice: Choice, info: ValidationInfo) -> Choice:
        return _checked({(): choice}, STEPS[str(info.field_name)])[()]

    @field_validator("impute", "treat", "normalise", "aggregate")
    @classmethod
    def _all_known(cls, choice: Several, info: ValidationInfo) -> Several:
        registry = STEPS[str(info.field_name)]
        if choice is None:
            return None
        if isinstance(choice, Choice):
            return _checked({(): choice}, registry)[()]
        checked = _checked({(name,): one for name, one in choice.items()}, registry)
        return FrozenDict({name: one for (name,), one in checked.items()})

    @model_validator(mode="after")
    def _names_given(self) -> Self:
        found: list[Problem] = []
        if not isinstance(self.aggregate, Choice) and not self.aggregate:
            raise problem("aggregate names no level", "Give one method, or one for each level.")
        if not isinstance(self.normalise, Choice) and OTHERS not in self.normalise:
            mend = f'Add {OTHERS} = "goalposts" or another.'
            found.append((("normalise",), problem("no method is chosen for all other indicators", mend)))
        raise_all("Methodology", found)
        return self

    @diagnosed
    def choices(self, step: str, indicators: Iterable[str]) -> list[tuple[Choice, tuple[str, ...]]]:
        """Return the choices of a step, each with its indicators; an indicator may have none.

        Parameters
        ----------
        step : {"impute", "treat", "normalise"}
        indicators : iterable of str
        """
        if step not in SEVERAL:
            raise NotFoundError.of(
                "choices: step", f"'{step}' has no choice for each indicator", did_you_mean(step, SEVERAL)
            )
        given: Several = getattr(self, step)
        if given is None or isinstance(given, Choice):
            names = tuple(indicators)
            return [(given, names)] if given is not None and names else []
        chosen: dict[str, list[str]] = {}
        by_text: dict[str, Choice] = {}
        for name in indicators:
            one = given.get(name, given.get(OTHERS))
            if one is not None:
                by_text[repr(one)] = one
                chosen.setdefault(repr(one), []).append(name)
        return [(by_text[text], tuple(names)) for text, names in chosen.items()]

    @diagnosed
    def aggregation(self, level: str) -> tuple[Method, Mapping[str, Any]]:
        """Return the aggregation of a level with its parameters."""
        if isinstance(self.aggregate, Choice):
            choice = self.aggregate
        elif level in self.aggregate:
            choice = self.aggregate[level]
        else:
            mend = did_you_mean(level, self.aggregate)
            raise NotFoundError.of("aggregate", f"no method is chosen for a level '{level}'", mend)
        return AGGREGATE[choice.method], choice.parameters

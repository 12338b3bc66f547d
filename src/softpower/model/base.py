"""What every model shares: frozen, strict about keys, finite numbers, faults in our own words."""

from __future__ import annotations

import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NoReturn, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import no_info_wrap_validator_function

from softpower.arguments import diagnosed
from softpower.errors import Fault, SpecificationError, did_you_mean, problem

ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
Case = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]*|\*)(>([A-Za-z0-9][A-Za-z0-9_.-]*|\*))?$")
]
Number = Annotated[float, Strict()]
"""A number as TOML has it: no text that looks like one, and no yes or no."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Key = TypeVar("Key")
Item = TypeVar("Item")
Parsed = TypeVar("Parsed", bound=BaseModel)


class FrozenDict(dict[Key, Item]):
    """A dict that cannot be changed, so that a frozen model is frozen all the way down.

    Examples
    --------
    >>> FrozenDict(a=1)["a"]
    1
    >>> FrozenDict(a=1).pop("a")
    Traceback (most recent call last):
        ...
    TypeError: this mapping is frozen; use replace() on the model that holds it
    """

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        """Raise TypeError: a frozen mapping does not change."""
        raise TypeError("this mapping is frozen; use replace() on the model that holds it")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Self], tuple[dict[Key, Item]]]:
        return type(self), (dict(self),)


Table = Annotated[Mapping[Key, Item], AfterValidator(FrozenDict)]
"""A mapping field of a frozen model."""

Location = tuple[int | str, ...]
Problem = tuple[Location, PydanticCustomError]
"""What is wrong at a location."""
Locate = Callable[[Location], tuple[str, Location]]
"""Where a location of the data stands: the file, and the key inside it."""


class Model(BaseModel):
    """A frozen record that forbids unknown keys and re-validates on every change."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a schema that takes a record of this very class as it is.

        It is frozen, and was sound when it was made; validators that run after the fields would run again.
        """
        made = handler(source)
        return no_info_wrap_validator_function(lambda data, go: data if type(data) is cls else go(data), made)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise SpecificationError(faults_of(error, type(self), type(self).__name__)) from None

    # Nested models are then still validated in one pass, whose faults all come back together.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    @diagnosed
    def parse(cls, data: Any, where: str = "") -> Self:
        """Return the model of plain data.

        Raises
        ------
        SpecificationError
            With every fault of the data, each at its key under ``where``.
        """
        return parse_at(cls, data, where)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated anew.

        Raises
        ------
        SpecificationError
            If a field is unknown or the changed model is not valid.
        """
        data = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).parse(data | changes, type(self).__name__)


def unknown(at: tuple[str, ...], names: Iterable[str], known: Collection[str], noun: str) -> Iterable[Problem]:
    """Yield a problem for each name that is not known, with the nearest that is."""
    for name in names:
        if name not in known:
            yield at, problem(f"there is no {noun} '{name}'", did_you_mean(name, known))


def with_more(error: ValidationError, title: str, more: Iterable[Problem]) -> ValidationError:
    """Return a validation error with more problems: those of other parts than it tells of."""
    details = []
    for one in error.errors(include_url=False):
        context = one.get("ctx", {})
        kind = problem(context["what"], context["mend"]) if one["type"] == "softpower" else one["type"]
        details.append(InitErrorDetails(type=kind, loc=one["loc"], input=one["input"], ctx=context))
    details += [InitErrorDetails(type=found, loc=location, input=None) for location, found in more]
    return ValidationError.from_exception_data(title, details)


def sound(model: type[Parsed], table: Any) -> dict[str, Parsed | None]:
    """Return the entries of a table that can be parsed; None in the place of the others."""
    entries: dict[str, Parsed | None] = {}
    for name, one in table.items() if isinstance(table, Mapping) else ():
        try:
            entries[name] = model.model_validate(one)
        except ValidationError:
            entries[name] = None
    return entries


def parse_at(model: type[Parsed], data: Any, where: str | Locate) -> Parsed:
    """Return the model of plain data, whose keys may stand in several files.

    Raises
    ------
    SpecificationError
        With every fault of the data, each where it stands.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise SpecificationError(faults_of(error, model, where)) from None


def faults_of(error: ValidationError, model: type[BaseModel], where: str | Locate) -> list[Fault]:
    """Return a validation error as faults: the key, what is wrong with it, how to mend it."""
    locate: Locate = (lambda location: (where, location)) if isinstance(where, str) else where
    found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
    places: list[Location] = [one["loc"] for one in found]
    # A list with a faulty item counts as short; the item is what is wrong.
    echoes = [
        one["type"] == "too_short" and any(place[: len(one["loc"])] == one["loc"] != place for place in places)
        for one in found
    ]
    return [_fault(one, model, locate) for one, echo in zip(found, echoes, strict=True) if not echo]


def fault_of(where: str, found: Problem) -> Fault:
    """Return a problem at a location as a fault under a place."""
    location, one = found
    context = one.context or {}
    key = ".".join(str(part) for part in location)
    return Fault(": ".join(part for part in (where, key) if part), context["what"], context["mend"])


def _fault(one: dict[str, Any], model: type[BaseModel], locate: Locate) -> Fault:
    location: Location = one["loc"]
    file, inside = locate(location)
    # A tag in angles tells the forms of a value apart, and stands in no file.
    key = ".".join(str(part) for part in inside if not str(part).startswith("<"))
    at = ": ".join(part for part in (file, key) if part)
    kind, context = one["type"], one.get("ctx", {})
    last = str(location[-1]) if location else ""
    if kind == "softpower":
        return Fault(at, context["what"], context["mend"])
    if kind == "extra_forbidden":
        return Fault(at, f"unknown key '{last}'", did_you_mean(last, _known_keys(model, location[:-1])))
    if kind == "missing":
        return Fault(at, f"the key '{last}' is missing", "Add it; the README of indicators/ describes every field.")
    if kind in {"union_tag_invalid", "literal_error", "enum"}:
        expected = context.get("expected_tags") or context.get("expected") or ""
        names = [name.strip("' ") for part in expected.split(" or ") for name in part.split(",")]
        given = context.get("tag", one["input"])
        return Fault(at, f"{given!r} is not a possible value", did_you_mean(str(given), filter(None, names)))
    if kind == "union_tag_not_found":
        return Fault(at, "the key 'kind' is missing", 'Say of which kind it is, for instance kind = "value".')
    if kind in {"model_type", "model_attributes_type", "dict_type", "mapping_type"}:
        mend = "Write a table, for instance { start = 1991, end = 2022 }."
        return Fault(at, f"{one['input']!r} is wrong: it is no table", mend)
    if kind in {"tuple_type", "list_type"}:
        return Fault(at, f"{one['input']!r} is wrong: it is no list", 'Write a list, for instance ["EU>KAZ"].')
    if kind == "string_pattern_mismatch":
        mend = "Use letters, digits, _ . and -; in a case also > between two names, and * for any."
        return Fault(at, f"{one['input']!r} is not a valid name", mend)
    shown = repr(one["input"])
    return Fault(at, f"{shown[:80]} is wrong: {one['msg'][0].lower()}{one['msg'][1:]}", "Correct the value.")


def _known_keys(model: type[BaseModel], location: Sequence[int | str]) -> set[str]:
    """Return the keys that the model at a location knows."""
    candidates = [model]
    for step in location:
        candidates = [found for one in candidates for found in _inside(one, step)] or candidates
    return {key for one in candidates for key in one.model_fields}


def _inside(model: type[BaseModel], step: int | str) -> Iterator[type[BaseModel]]:
    field = model.model_fields.get(str(step))
    if field is not None:
        yield from _models(field.annotation)
    elif _tag(model) == step:
        yield model


def _models(annotation: Any) -> Iterator[Any]:
    """Yield the model classes named anywhere in an annotation."""
    if _is_model(annotation):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _tag(model: type[BaseModel]) -> Any:
    field = model.model_fields.get("kind")
    return typing.get_args(field.annotation)[0] if field and typing.get_args(field.annotation) else None

"""What every model shares: frozen, strict about keys, finite numbers, faults in our own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
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
from softpower.model.forms import form_of, keys_of, reached
from softpower.words import decimal_mend

ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
Case = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]*|\*)(>([A-Za-z0-9][A-Za-z0-9_.-]*|\*))?$")
]
Number = Annotated[float, Strict()]
"""A number as TOML has it: no text that looks like one, and no yes or no."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Whole = Annotated[int, Strict()]
"""A whole number as TOML has it."""
Truth = Annotated[bool, Strict()]
"""true or false, and no word for either."""

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
    # A tag in angles tells the forms of a value apart, as pydantic's brackets tell a key from its value.
    key = ".".join(str(part) for part in inside if not str(part).startswith(("<", "[")))
    at = ": ".join(part for part in (file, key) if part)
    kind, context = one["type"], one.get("ctx", {})
    if kind == "softpower":
        return Fault(at, context["what"], context["mend"])
    return Fault(at, *_said(one, kind, context, model))


def _said(one: dict[str, Any], kind: str, context: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    """Return what is wrong in our own words, and how to mend it."""
    location, given = one["loc"], one["input"]
    last = str(location[-1]) if location else ""
    if kind == "extra_forbidden":
        return f"unknown key '{last}'", did_you_mean(last, keys_of(reached(model, location[:-1])))
    if kind == "missing":
        return f"the key '{last}' is missing", f"Add it: {form_of(reached(model, location))}."
    if kind in {"literal_error", "enum"}:
        names = [name.strip("' ") for part in context["expected"].split(" or ") for name in part.split(",")]
        return f"{given!r} is not a possible value", did_you_mean(str(given), filter(None, names))
    if kind in {"model_type", "model_attributes_type", "dict_type", "mapping_type"}:
        return f"{given!r} is wrong: it is no table", f"Write {form_of(reached(model, location), 'a table')}."
    if kind in {"tuple_type", "list_type"}:
        inside = json.dumps(given, ensure_ascii=False) if isinstance(given, str | int | float) else "..."
        return f"{given!r} is wrong: it is no list", f"Write a list: [{inside}]."
    if kind == "string_pattern_mismatch":
        mend = "Use letters, digits, _ . and -; in a case also > between two names, and * for any."
        return f"{given!r} is not a valid name", mend
    shown = repr(given)
    mend = decimal_mend(given) or "Correct the value."
    return f"{shown[:80]} is wrong: {one['msg'][0].lower()}{one['msg'][1:]}", mend

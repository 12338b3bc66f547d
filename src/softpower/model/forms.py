"""The forms that a value of a model may have: which of a union it is, what stands where, and how one is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function, tagged_union_schema

from softpower.errors import did_you_mean, problem

SHOWN = 4
"""So many keys of a table are shown."""


@dataclass(frozen=True)
class By:
    """Tells the models of a union apart by a key of theirs, as in ``Annotated[Value | Sum, By("kind")]``.

    What a location then says of the form stands in angles, as it stands in no file.
    """

    key: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a union, of which one form is tried and no other."""
        forms = {
            f"<{tag}>": handler.generate_schema(model)
            for model in get_args(source)
            for tag in get_args(model.model_fields[self.key].annotation)
        }

        def known(value: Any) -> Any:
            tag = self._tag(value)
            names = [name.strip("<>") for name in forms]
            if tag is None and isinstance(value, Mapping):
                mend = f'Say which it is, for instance {self.key} = "{names[0]}".'
                raise problem(f"the key '{self.key}' is missing", mend)
            if tag is None:
                raise problem(f"{value!r} is wrong: it is no table", f"Write a table, {{ {self.key} = ... }}.")
            if tag not in forms:
                said = tag[1:-1]
                raise problem(f"{said!r} is not a possible value", did_you_mean(said, names))
            return value

        return no_info_before_validator_function(known, tagged_union_schema(forms, self._tag))

    def _tag(self, value: Any) -> str | None:
        found = value.get(self.key) if isinstance(value, Mapping) else getattr(value, self.key, None)
        return None if found is None else f"<{found}>"


def tags_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the tags in angles of a model that stands in unions."""
    fields = [model.model_fields.get(key) for key in ("kind", "method")]
    return tuple(f"<{tag}>" for one in fields if one is not None for tag in get_args(one.annotation))


def reached(model: Any, location: Sequence[int | str]) -> tuple[Any, ...]:
    """Return the types of what stands at a location of a model; none where the model has no such place."""
    found: tuple[Any, ...] = (model,)
    for step in location:
        found = tuple(one for annotation in found for one in _into(annotation, step))
    return found


def _into(annotation: Any, step: int | str) -> Iterator[Any]:
    if isinstance(step, str) and step.startswith("<"):
        tagged = [one for one in models_in(annotation) if step in tags_of(one)]
        yield from tagged or [annotation]
        return
    origin, inside = get_origin(annotation), get_args(annotation)
    if _is_model(annotation):
        if (field := annotation.model_fields.get(str(step))) is not None:
            yield field.annotation
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        yield inside[1]
    elif origin is tuple:
        yield from (one for one in inside if one is not Ellipsis)
    elif origin is Annotated:
        yield from _into(inside[0], step)
    else:
        for one in inside:
            yield from _into(one, step)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a value may be, of those whose keys stand at its place."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if _is_model(annotation):
        yield annotation
    elif origin is Annotated:
        yield from models_in(inside[0])
    elif origin is not tuple and not (isinstance(origin, type) and issubclass(origin, Mapping)):
        for one in inside:
            yield from models_in(one)


def keys_of(annotations: Sequence[Any]) -> set[str]:
    """Return the keys that what stands at a place may have."""
    return {key for one in annotations for model in models_in(one) for key in model.model_fields}


def form_of(annotations: Collection[Any], kind: str = "") -> str:
    """Return how a value of some types is written: the first form of a kind, else the kind alone.

    Examples
    --------
    >>> form_of([float]), form_of([Literal["a", "b"] | None], "one of"), form_of([str | tuple[str, ...]], "a list")
    ('a number', 'one of a, b', 'a list')
    """
    return next((form for one in annotations for form in _forms(one) if form.startswith(kind)), kind or "a value")


def _forms(annotation: Any) -> Iterator[str]:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        yield f"one of {', '.join(map(str, inside))}"
    elif origin is tuple:
        yield "a list"
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield "a table, { NAME = ... }"
    elif _is_model(annotation):
        fields = annotation.model_fields
        needed = [key for key, one in fields.items() if one.is_required()] or list(fields)
        yield f"a table, {{ {', '.join(f'{key} = ...' for key in needed[:SHOWN])} }}"
    elif annotation in WORDS:
        yield WORDS[annotation]
    elif origin is Annotated:
        yield from _forms(inside[0])
    else:
        for one in inside:
            yield from _forms(one)


WORDS: Mapping[Any, str] = {str: "a text", float: "a number", int: "a whole number", bool: "true or false"}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

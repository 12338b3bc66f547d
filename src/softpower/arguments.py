"""Whether the arguments of a public function are to blame where it breaks off, and which."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import math
import numbers
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from typing import Any, Literal, ParamSpec, TypeVar

import numpy as np

from softpower.errors import Fault, SoftPowerError, SpecificationError, did_you_mean

Given = ParamSpec("Given")
Returned = TypeVar("Returned")
Misfit = tuple[str, str]
"""What is wrong with an argument, and how to mend it."""

LISTS = (collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable)
WORDS: Mapping[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a text",
    collections.abc.Mapping: "a mapping",
    collections.abc.Callable: "a function",
}
MAKERS = {
    "Changes": "changes",
    "Result": "score",
    "SensitivityResult": "sensitivity_analysis",
    "Trajectory": "trajectory",
    "UncertaintyResult": "uncertainty_analysis",
}
"""Which public function returns what nobody makes by hand."""


class _Named(type):
    """The type of whatever has a class of some name above it: stands for a class that is not imported."""

    def __instancecheck__(cls, value: object) -> bool:
        return cls.__name__ in {one.__name__ for one in type(value).__mro__}


def diagnosed(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Return a function that, where it breaks off over arguments of wrong types, names all of them and the mend.

    What it says itself of an argument stands, and arguments that it makes sense of cost nothing.

    Parameters
    ----------
    function : callable
        With a type for each parameter.

    Raises
    ------
    SpecificationError
        When it is called with arguments of other types and breaks off.

    Examples
    --------
    >>> @diagnosed
    ... def shout(text: str, times: int = 1) -> str:
    ...     return text.upper() * times
    >>> shout("ab", np.int64(2))
    'ABAB'
    >>> shout(["ab"])
    Traceback (most recent call last):
        ...
    softpower.errors.SpecificationError: shout: text: a list is given. Give a text.
    """

    @functools.wraps(function)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
        try:
            return function(*args, **kwargs)
        except SoftPowerError:
            raise
        except Exception as error:
            if faults := [*_faults(function, args, kwargs)]:
                raise SpecificationError(faults) from error
            raise

    return call


def _faults(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each argument that is not of its declared type."""
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        # Python has said what does not fit the signature.
        return
    room = function.__module__.split(".")[1:2]
    # A method may come from a class below the public one.
    whose = f"{type(args[0]).__name__}.{function.__name__}" if "self" in bound.arguments else function.__qualname__
    where = ".".join([*(one for one in room if one in {"plot", "interop"}), whose])
    declared = _declared(function)
    for name, value in bound.arguments.items():
        several = signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
        for one in value if several else [value]:
            if name in declared and (found := _misfit(one, declared[name])):
                yield Fault(f"{where}: {name}", *found)


def _declared(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of parameters; one that is imported for type checkers alone is held against its name."""
    # What is returned is of no interest, and may be a type that only a type checker takes apart.
    parameters = {name: one for name, one in function.__annotations__.items() if name != "return"}
    stated, unseen = types.SimpleNamespace(__annotations__=parameters), dict[str, Any]()
    while True:
        try:
            return typing.get_type_hints(stated, function.__globals__, unseen)
        except NameError as error:
            unseen[str(error.name)] = _Named(str(error.name), (), {})


def _misfit(value: Any, declared: Any) -> Misfit | None:
    """Return what is wrong with a value of a declared type; None where nothing is."""
    options = _options(declared)
    plain = value.item() if isinstance(value, np.number | np.bool_ | np.str_) else value
    for one in options:
        if _fits(plain, one):
            return _misfit_inside(plain, one)
    if isinstance(plain, str) and (known := [name for one in options for name in _literals(one)]):
        return f"{plain!r} is no possible value", did_you_mean(plain, known)
    given = "None" if plain is None else _with_article(type(plain).__name__)
    what = f"{plain} is no finite number" if isinstance(plain, float) and float in options else f"{given} is given"
    return what, f"Give {_either(options)}."


def _misfit_inside(values: Any, declared: Any) -> Misfit | None:
    """Return what is wrong with an item of a list; None where nothing is, or looking would use it up."""
    kind, items = typing.get_origin(declared) or declared, typing.get_args(declared)
    if kind not in LISTS or not items or not isinstance(values, Collection):
        return None
    for place, one in enumerate(values, start=1):
        if found := _misfit(one, items[0]):
            return f"item {place}: {found[0]}", found[1]
    return None


def _options(declared: Any) -> list[Any]:
    """Return the types that a type is one of; a variable stands for what it is bound to."""
    if isinstance(declared, TypeVar) and isinstance(declared.__bound__, type):
        return [declared.__bound__]
    if typing.get_origin(declared) in {typing.Union, types.UnionType}:
        return [one for part in typing.get_args(declared) for one in _options(part)]
    return [type(None) if declared is None else declared]


def _fits(value: Any, declared: Any) -> bool:
    """Whether a value is of a type, which is no union."""
    kind = typing.get_origin(declared) or declared
    if kind in {Any, object} or isinstance(kind, TypeVar):
        return True
    if kind is int:
        return isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if kind is float:
        return not isinstance(value, bool) and isinstance(value, numbers.Real) and math.isfinite(value)
    if kind is Literal:
        return isinstance(value, str) and value in typing.get_args(declared)
    if kind in LISTS:
        # A text is a list of letters to Python, and to nobody else; of an array nobody can say whether it is true.
        others = (str, bytes, Mapping, *((Set,) if kind is collections.abc.Sequence else ()))
        return isinstance(value, Collection | Iterator) and not isinstance(value, others) and not _is_array(value)
    if kind is collections.abc.Callable:
        # A class can be called too, and is in nobody's mind when a function is asked for.
        return callable(value) and not isinstance(value, type)
    return isinstance(value, tuple | list) if kind is tuple else isinstance(value, kind)


def _is_array(value: object) -> bool:
    return hasattr(value, "__array__")


def _literals(declared: Any) -> tuple[str, ...]:
    return typing.get_args(declared) if typing.get_origin(declared) is Literal else ()


def _either(options: list[Any]) -> str:
    """Return types in words, None last."""
    words = list(dict.fromkeys(word for one in options if one is not type(None) for word in _words(one)))
    words += ["None"] if type(None) in options else []
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _words(declared: Any) -> tuple[str, ...]:
    """Return a type in words."""
    kind = typing.get_origin(declared) or declared
    if kind is Literal:
        return tuple(map(repr, typing.get_args(declared)))
    if kind in LISTS or kind is tuple:
        return ("a list",)
    if kind in WORDS:
        return (WORDS[kind],)
    # What models are made of is named as the public class that it is made into.
    name = kind.__name__.removesuffix("Parts")
    return (f"what softpower.{MAKERS[name]} returns" if name in MAKERS else _with_article(name),)


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].upper() in {*'AEIOU'} else 'a'} {name}"

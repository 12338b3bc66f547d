"""Arguments of public functions, held against their declared types before anything is done with them."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import math
import numbers
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any, Literal, ParamSpec, TypeVar

import numpy as np

from softpower.errors import Fault, SpecificationError, did_you_mean

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

LISTS = (collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable)
WORDS: Mapping[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a text",
    type(None): "None",
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


class _WrongError(Exception):
    """An argument is not of its declared type: what is wrong with it, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(what)


def checked(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Return a function that refuses arguments of wrong types, all of them by name, before it starts.

    Numbers and texts of numpy become Python's, and lists of any kind tuples, so that a function meets no array whose
    truth is ambiguous and no generator twice. Types that only a type checker sees are not held against anything.

    Parameters
    ----------
    function : callable
        With a type for each parameter.

    Raises
    ------
    SpecificationError
        When it is called with arguments of other types.

    Examples
    --------
    >>> @checked
    ... def repeat(text: str, times: int = 2) -> str:
    ...     return text * times
    >>> repeat("ab", np.int64(2))
    'abab'
    >>> repeat(["ab"])
    Traceback (most recent call last):
        ...
    softpower.errors.SpecificationError: repeat: text: a list is given. Give a text.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            # Python says best what does not fit the signature.
            return function(*args, **kwargs)
        faults = []
        declared = _declared(function)
        for name, value in bound.arguments.items():
            kind = signature.parameters[name].kind
            try:
                if kind is inspect.Parameter.VAR_POSITIONAL:
                    bound.arguments[name] = tuple(_taken(one, declared[name]) for one in value)
                elif kind is not inspect.Parameter.VAR_KEYWORD and name in declared:
                    bound.arguments[name] = _taken(value, declared[name])
            except _WrongError as error:
                faults.append(Fault(f"{_name_of(function)}: {name}", error.what, error.mend))
        if faults:
            raise SpecificationError(faults)
        return function(*bound.args, **bound.kwargs)

    return call


def _name_of(function: Callable[..., Any]) -> str:
    """Return the name by which a user calls a function."""
    room = function.__module__.split(".")[1:2]
    return ".".join([*(one for one in room if one in {"plot", "interop"}), function.__qualname__])


@functools.cache
def _declared(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of parameters; a name that is imported for type checkers alone stands for any."""
    # What is returned is of no interest, and may be a type that only a type checker takes apart.
    parameters = {name: one for name, one in function.__annotations__.items() if name != "return"}
    stated, unseen = types.SimpleNamespace(__annotations__=parameters), dict[str, Any]()
    while True:
        try:
            return typing.get_type_hints(stated, function.__globals__, unseen)
        except NameError as error:
            unseen[str(error.name)] = object


def _taken(value: Any, declared: Any) -> Any:
    """Return an argument as its function takes it; raise where it is of another type."""
    options = _options(declared)
    plain = value.item() if isinstance(value, np.generic) else value
    for one in options:
        if _fits(plain, one):
            return tuple(_items(plain, one)) if _is_list(one) else plain
    if isinstance(plain, str) and (known := [name for one in options for name in _literals(one)]):
        raise _WrongError(f"{plain!r} is no possible value", did_you_mean(plain, known))
    mend = f"Give {_either(options)}."
    if isinstance(plain, float) and float in options:
        raise _WrongError(f"{plain} is no finite number", mend)
    raise _WrongError(f"{_described(plain)} is given", mend)


def _options(declared: Any) -> list[Any]:
    """Return the types that a type is one of."""
    if typing.get_origin(declared) in {typing.Union, types.UnionType}:
        return [one for part in typing.get_args(declared) for one in _options(part)]
    return [type(None) if declared is None else declared]


def _fits(value: Any, declared: Any) -> bool:
    """Whether a value is of a type, which is no union."""
    if declared in {Any, object} or isinstance(declared, TypeVar):
        return True
    if declared is int:
        return isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if declared is float:
        return not isinstance(value, bool) and isinstance(value, numbers.Real) and math.isfinite(value)
    if typing.get_origin(declared) is Literal:
        return isinstance(value, str) and value in typing.get_args(declared)
    kind = typing.get_origin(declared) or declared
    if kind in LISTS:
        # A text is a list of letters to Python, and to nobody else.
        ordered = kind is not collections.abc.Sequence or not isinstance(value, Set)
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping) and ordered
    if kind is collections.abc.Callable:
        return callable(value)
    if kind is tuple:
        return isinstance(value, tuple | list)
    return isinstance(value, kind)


def _is_list(declared: Any) -> bool:
    return (typing.get_origin(declared) or declared) in LISTS


def _items(values: Iterable[Any], declared: Any) -> Iterable[Any]:
    """Yield the items of a list as they are taken."""
    arguments = typing.get_args(declared)
    if isinstance(values, np.ndarray) and values.ndim == 0:
        raise _WrongError("an array without a dimension is given", "Give a list.")
    for place, one in enumerate(values, start=1):
        try:
            yield _taken(one, arguments[0]) if arguments else one
        except _WrongError as error:
            raise _WrongError(f"item {place}: {error.what}", error.mend) from None


def _literals(declared: Any) -> tuple[str, ...]:
    return typing.get_args(declared) if typing.get_origin(declared) is Literal else ()


def _either(options: list[Any]) -> str:
    """Return the types in words, what is left out by default last."""
    words = list(dict.fromkeys(word for one in options if one is not type(None) for word in _words(one)))
    if type(None) in options:
        words.append("None")
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
    name = kind.__name__
    return (f"what softpower.{MAKERS[name]} returns" if name in MAKERS else _with_article(name),)


def _described(value: object) -> str:
    """Return what kind of value is given."""
    return "None" if value is None else _with_article(type(value).__name__)


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].upper() in 'AEIOU' else 'a'} {name}"

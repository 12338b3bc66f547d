"""A typed table of named methods: the one extension point."""

from __future__ import annotations

import ast
import inspect
import math
import numbers
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from softpower.arguments import diagnosed
from softpower.errors import Fault, MethodError, NotFoundError, SoftPowerError, did_you_mean
from softpower.signatures import adapters, evaluated, keywords, positional

Function = TypeVar("Function", bound=Callable[..., Any])
Returned = TypeVar("Returned")


@dataclass(frozen=True)
class Method:
    """One named method of a step: its function and what is known of it.

    Parameters
    ----------
    step, name : str
        The step that it belongs to and its name there.
    function : callable
        The array function. Its keyword-only arguments are the parameters that a methodology may set.
    parts : callable, optional
        For an aggregation: the function with the same arguments that gives y times the derivative with respect
        to y for each child. The parts sum to the value. Without it contributions are undefined.
    positive : bool
        For an aggregation: whether the values must be above zero.
    monotone : bool
        For an aggregation: whether the result never falls when a value rises. Bounds are offered only then.
    ends : tuple of float, or function of the parameters, optional
        For a normalisation: the ends of its scale, where it has ends.
    unbounded : function of the parameters, optional
        For a normalisation: whether scores may lie beyond the ends, which leaves its scale open.
    fixed : bool
        For a normalisation: whether a score depends on its own value alone. Bounds are offered only then.
    signed : bool
        For a normalisation: whether it takes values with their sign turned where lower is better.
    reciprocal : bool
        For a normalisation: whether it takes one over the values where lower is better, as shares do. Without this
        and without ``signed`` it takes them as they are, and the score is reflected between the ends.
    rescales : bool
        For a treatment: whether values may come out in another unit, in which goalposts have no meaning.
    across : bool
        For an aggregation: whether a case's score depends on the other cases. Bounds are not offered then.
    rescores : bool
        For an aggregation: whether its scores lie on another scale than those of the children, as victories do.
    fitted : bool
        For weights: whether they come from the scores of the cases, which the function takes as a second argument.
    drawn : tuple of str
        For an aggregation: the parameters that may be arrays which broadcast against the values, so that each draw
        has its own.
    """

    step: str
    name: str
    function: Callable[..., Any]
    parts: Callable[..., Any] | None = None
    positive: bool = False
    monotone: bool = True
    ends: tuple[float, float] | Callable[..., tuple[float, float] | None] | None = None
    unbounded: Callable[..., bool] | None = None
    fixed: bool = False
    signed: bool = False
    reciprocal: bool = False
    rescales: bool = False
    across: bool = False
    rescores: bool = False
    fitted: bool = False
    drawn: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The method as errors name it."""
        return f"{self.step} = '{self.name}'"

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (documentation(self.function) or self.name).splitlines()[0]

    def scale(self, parameters: Mapping[str, Any]) -> tuple[float, float] | None:
        """Return the ends of the scale under some parameters, where it has ends that no score leaves."""
        beyond = self.unbounded is not None and self.ask(self.unbounded, **self._completed(parameters))
        if not isinstance(beyond, bool):
            raise MethodError.of(self.where, f"its 'unbounded' gave {beyond!r}", "It must give True or False.")
        return None if beyond else self.between(parameters)

    def between(self, parameters: Mapping[str, Any]) -> tuple[float, float] | None:
        """Return the ends under some parameters, between which scores are reflected where lower is better."""
        if not callable(self.ends):
            return self.ends
        made = self.ask(self.ends, **self._completed(parameters))
        if made is not None and not _is_pair(made):
            raise MethodError.of(self.where, f"its ends are {made!r}", "They must be a tuple of two numbers, or None.")
        return made

    def _completed(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with the defaults of those that are not given."""
        return {name: one.default for name, one in self.parameters.items()} | dict(parameters)

    def ask(self, function: Callable[..., Returned], /, *arguments: Any, **parameters: Any) -> Returned:
        """Return what a function of the method gives.

        Raises
        ------
        MethodError
            If it breaks off: it names the method and holds what was raised as its cause.
        """
        try:
            return function(*arguments, **parameters)
        except (SoftPowerError, MemoryError):
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            mend = "Mend the function, or choose another method."
            raise MethodError.of(self.where, f"its function broke off ({said})", mend) from error

    @cached_property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The keyword-only arguments of the function."""
        return keywords(self.function)

    @cached_property
    def _adapters(self) -> Mapping[str, TypeAdapter[Any]]:
        """What holds each parameter against its declared type."""
        return adapters(self.function, self.where)

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters in their declared types.

        Raises
        ------
        MethodError
            For a parameter that is unknown, missing or of a wrong type; all of them at once.
        """
        where, parameters = self.where, self.parameters
        checked: dict[str, Any] = {}
        faults: list[tuple[str, str]] = []
        for name, value in given.items():
            if name not in parameters:
                faults.append((f"unknown parameter '{name}'", did_you_mean(name, parameters)))
                continue
            try:
                checked[name] = self._adapters[name].validate_python(_held(value))
            except ValidationError as error:
                faults.append(_refused(name, value, error))
            except TypeError as error:
                faults.append((f"parameter '{name}' is {error}, which no specification can hold", HELD))
        for name, parameter in parameters.items():
            if parameter.default is inspect.Parameter.empty and name not in given:
                faults.append((f"parameter '{name}' is missing", f"Set {name} beside the method."))
        if faults:
            raise MethodError([Fault(where, what, mend) for what, mend in faults])
        return checked


def _refused(name: str, value: Any, error: ValidationError) -> tuple[str, str]:
    """Return what is wrong with a parameter, down to the entry of a table or list, and how to mend it."""
    # Of the forms that a value may have, the one that got furthest is meant.
    one = max(
        error.errors(include_url=False), key=lambda found: (len(found["loc"]), not found["type"].endswith("_type"))
    )
    at, keys = value, []
    for part in one["loc"]:
        # What else stands there names the form, and no key.
        inside = at if isinstance(at, Mapping) else dict(enumerate(at)) if isinstance(at, list | tuple) else {}
        if part in inside:
            at = inside[part]
            keys.append(str(part))
    where = f": '{'.'.join(keys)}'" if keys else ""
    said = f"{one['msg'][0].lower()}{one['msg'][1:]}"
    ends = [f"{one['ctx'][key]:g} {words}" for key, words in ENDS.items() if key in one.get("ctx", {})]
    mend = f"Give {ends[0]}." if ends else MENDS.get(one["type"], "Correct it.")
    return f"parameter '{name}'{where} is {one['input']!r}: {said}", mend


NUMBER = "Write a number, without quotes."
MENDS: Mapping[str, str] = {
    **dict.fromkeys(("float_type", "float_parsing", "int_type", "int_parsing", "int_from_float"), NUMBER),
    **dict.fromkeys(("list_type", "tuple_type"), "Write a list."),
    **dict.fromkeys(("dict_type", "mapping_type"), "Write a table."),
    "finite_number": "Write a finite number.",
    "string_type": "Write a text, between quotes.",
    "bool_type": "Write true or false.",
}
ENDS: Mapping[str, str] = {"ge": "or more", "le": "at most"}
HELD = "Give a text, a number, true or false, a date, or a list or table of these."


def _held(value: Any) -> Any:
    """Return a parameter as a specification holds it, arrays as lists; raise TypeError for what none can hold."""
    if isinstance(value, np.ndarray | np.generic | pd.Series | pd.Index):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {name: _held(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        made = [_held(one) for one in value]
        return tuple(made) if isinstance(value, tuple) else made
    if value is None or (isinstance(value, str | int | float | date | time) and not isinstance(value, np.generic)):
        return value
    raise TypeError(f"of type {type(value).__name__}")


def documentation(function: Callable[..., Any]) -> str | None:
    """Return the docstring of a function, from its source where Python has left it out, as under ``-OO``."""
    return inspect.getdoc(function) or _written(function)


def _written(function: Callable[..., Any]) -> str | None:
    try:
        (defined,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, ValueError, SyntaxError):
        return None
    return ast.get_docstring(defined) if isinstance(defined, ast.FunctionDef) else None


def _is_pair(value: object) -> bool:
    """Whether a value is a tuple of two finite numbers."""
    ends = value if isinstance(value, tuple) else ()
    return len(ends) == 2 and all(isinstance(end, numbers.Real) and math.isfinite(end) for end in ends)


class Registry:
    """The methods of one step, by name.

    Parameters
    ----------
    step : str
        The step's name, as it stands in a methodology.
    arguments : int, optional
        How many arguments its functions take before the keyword-only parameters.

    Examples
    --------
    >>> registry = Registry("aggregate")
    >>> @registry.register("largest")
    ... def largest(values, weights):
    ...     return values.max(axis=-1)
    >>> list(registry)
    ['largest']
    """

    def __init__(self, step: str, arguments: int | None = None) -> None:
        self.step = step
        self.arguments = arguments
        self._methods: dict[str, Method] = {}

    def register(self, name: str, **properties: Any) -> Callable[[Function], Function]:
        """Return a decorator that adds a function under a name.

        Raises
        ------
        MethodError
            If the name is none or taken, as a method is never replaced in silence; or if the function or a property
            cannot be what it is given for.
        """
        if not _is_name(name):
            raise MethodError.of(self.step, f"{name!r} is no name of a method", "Give a text that can be printed.")

        def add(function: Function) -> Function:
            if not callable(function):
                raise MethodError.of(self.step, f"'{name}' is no function", "Register a function.")
            takes = positional(function)
            if takes is None or self.arguments not in {None, takes}:
                number = "arguments that can be read" if self.arguments is None else f"{self.arguments} arguments"
                what = f"'{name}' is no function of {number} before the parameters"
                raise MethodError.of(self.step, what, "Make the parameters of a methodology keyword-only, after *.")
            known = {one.name for one in fields(Method)} - {"step", "name", "function"}
            for given in properties:
                if given not in known:
                    raise MethodError.of(self.step, f"unknown property '{given}'", did_you_mean(given, known))
            made = Method(self.step, name, function, **properties)
            _check_properties(made, properties)
            if texts := evaluated(function):
                faults = [Fault(made.where, f"parameter '{one}' is declared as {text!r}", TYPED) for one, text in texts]
                raise MethodError(faults)
            # Looked up and kept in one step, so that of two threads with one name one is refused.
            if self._methods.setdefault(name, made) is not made:
                raise MethodError.of(self.step, f"method '{name}' is registered already", "Choose another name.")
            return function

        return add

    def __getitem__(self, name: str) -> Method:
        """Return the method of a name, or raise NotFoundError with the nearest name."""
        try:
            return self._methods[name]
        except KeyError:
            what = f"there is no method '{name}'"
            raise NotFoundError.of(self.step, what, did_you_mean(name, self._methods)) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in order of registration."""
        return iter(self._methods)

    def __len__(self) -> int:
        """Return the number of methods."""
        return len(self._methods)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value.strip())


TYPED = "Declare a type: names, with brackets and | alone."
GIVEN = {
    "ends": "a tuple of two numbers in order, or a function of the parameters",
    "drawn": "a tuple of names of its parameters",
}
"""What properties are, other than functions and true or false."""


def _check_properties(method: Method, given: Mapping[str, Any]) -> None:
    """Raise MethodError for the properties of a method that cannot be what they are given for."""
    known = {one.name: one.type for one in fields(Method) if one.name in given}
    faults = []
    for name, value in given.items():
        if known[name] == "bool":
            fits, kind = isinstance(value, bool), "True or False"
        elif name == "drawn":
            fits, kind = (
                isinstance(value, tuple) and all(isinstance(one, str) and one in method.parameters for one in value),
                GIVEN[name],
            )
        else:
            pair = name == "ends" and _is_pair(value) and value[0] < value[1]
            fits, kind = value is None or callable(value) or pair, GIVEN.get(name, "a function")
        if not fits:
            faults.append(Fault(method.where, f"its property '{name}' is {value!r}", f"Give {kind}."))
    if faults:
        raise MethodError(faults)


MISSING = Registry("missing", 1)
IMPUTE = Registry("impute", 2)
TREAT = Registry("treat", 2)
NORMALISE = Registry("normalise", 2)
WEIGHTS = Registry("weights")
AGGREGATE = Registry("aggregate", 2)
STEPS: Mapping[str, Registry] = {one.step: one for one in (MISSING, IMPUTE, TREAT, NORMALISE, WEIGHTS, AGGREGATE)}


@diagnosed
def register(step: str, name: str, **properties: Any) -> Callable[[Function], Function]:
    """Return a decorator that adds a method of your own to a step.

    Parameters
    ----------
    step : {"missing", "impute", "treat", "normalise", "weights", "aggregate"}
        The step that the method belongs to.
    name : str
        The name by which a methodology asks for it.
    **properties
        ``parts``, ``positive``, ``monotone``, ``ends``, ``unbounded``, ``fixed``, ``signed``, ``reciprocal``,
        ``rescales``, ``across``, ``rescores``, ``fitted`` and ``drawn``: what is known of the method.

    Raises
    ------
    NotFoundError
        If there is no such step.
    MethodError
        If the name is none or taken, or if the function or a property cannot be what it is given for.

    Examples
    --------
    >>> import numpy as np
    >>> @register("aggregate", "doctest_median", monotone=True)
    ... def median(values, weights):
    ...     "Median of the children, blind to weights."
    ...     return np.nanmedian(values, axis=-1)
    >>> AGGREGATE["doctest_median"].summary
    'Median of the children, blind to weights.'
    """
    if step not in STEPS:
        raise NotFoundError.of("register", f"there is no step '{step}'", did_you_mean(step, STEPS))
    return STEPS[step].register(name, **properties)

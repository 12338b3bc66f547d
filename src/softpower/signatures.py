"""What a function takes: how many arguments, which parameters, and of which types."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

from softpower.errors import MethodError


def positional(function: Callable[..., Any]) -> int | None:
    """Return how many arguments a function takes before its keyword-only ones; None where nobody can read it."""
    kinds = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    try:
        return sum(one.kind in kinds for one in inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None


def keywords(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """Return the keyword-only arguments of a function.

    Examples
    --------
    >>> list(keywords(lambda values, weights, *, share=0.5: share))
    ['share']
    """
    arguments = inspect.signature(function).parameters
    return {name: one for name, one in arguments.items() if one.kind is inspect.Parameter.KEYWORD_ONLY}


def evaluated(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """Return the parameters whose type is a text that is no type, each with the text: it is not to be evaluated.

    Examples
    --------
    >>> def own(values, weights, *, share: float | None, power: 1 / 0): ...
    >>> evaluated(own)
    [('power', '1 / 0')]
    """
    declared = ((name, one.annotation) for name, one in keywords(function).items())
    return [(name, text) for name, text in declared if isinstance(text, str) and not _is_type(text)]


def _is_type(text: str) -> bool:
    try:
        return _names_a_type(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _names_a_type(part: ast.expr, *, literal: bool = False) -> bool:
    """Whether a part of a text is names, with brackets and bars alone, so that to read it as a type does nothing."""
    match part:
        case ast.Name():
            return True
        case ast.Attribute(value=whole):
            return _names_a_type(whole)
        case ast.Constant(value=str(text)):
            return literal or _is_type(text)
        case ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_names_a_type(one, literal=literal) for one in parts)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _names_a_type(left) and _names_a_type(right)
        case ast.Subscript(value=whole, slice=inside):
            name = ast.unparse(whole).rpartition(".")[2]
            # What else stands in the brackets says something of the type, and is no type.
            inside = inside.elts[0] if name == "Annotated" and isinstance(inside, ast.Tuple) else inside
            return _names_a_type(whole) and _names_a_type(inside, literal=name == "Literal")
    return False


def adapters(function: Callable[..., Any], where: str) -> Mapping[str, TypeAdapter[Any]]:
    """Return what holds each parameter against its declared type.

    Parameters
    ----------
    function : callable
    where : str
        The method, as errors name it.

    Raises
    ------
    MethodError
        If a declared type is unknown, or one that no specification can hold.
    """
    strict, made = ConfigDict(allow_inf_nan=False, strict=True), {}
    taken = keywords(function)
    stated = {name: one.annotation for name, one in taken.items() if one.annotation is not inspect.Parameter.empty}
    try:
        hints = get_type_hints(SimpleNamespace(__annotations__=stated), _globals(function), include_extras=True)
    except Exception as error:
        what, mend = f"a type of its function is unknown: {error}", "Import it outside TYPE_CHECKING."
        raise MethodError.of(where, what, mend) from error
    for name in taken:
        declared = hints.get(name, Any)
        try:
            made[name] = TypeAdapter(declared, config=strict)
        except PydanticSchemaGenerationError:
            kind = getattr(declared, "__name__", declared)
            what = f"parameter '{name}' is declared as {kind}, which no specification can hold"
            raise MethodError.of(where, what, "Declare it as list[float], or another plain type.") from None
    return made


def _globals(function: Any) -> dict[str, Any]:
    """Return the names that the texts of a function's types are written with."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function)
    written = function if hasattr(function, "__globals__") or inspect.ismethod(function) else type(function).__call__
    return getattr(written, "__globals__", {})

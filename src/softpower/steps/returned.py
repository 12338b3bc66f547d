"""What the functions of methods return, held to be numbers of the shape that a step needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from softpower.errors import MethodError
from softpower.registry import Method
from softpower.steps.measures import Floats
from softpower.steps.statistics import squares

MOST = 1e100
"""Scores beyond it are refused: their squares, and sums of these, would leave the range of numbers."""
ROUNDING = 1.0 + 1e-9
"""By so much a mean may lie beyond the greatest of its children."""


def returned(
    method: Method,
    function: Callable[..., Any],
    shapes: Sequence[tuple[int, ...]],
    arguments: tuple[object, ...],
    parameters: Mapping[str, Any],
) -> Floats:
    """Return the numbers that a function of a method gives.

    Parameters
    ----------
    method : Method
    function : callable
        The method's own, or that of its parts.
    shapes : sequence of tuples of int
        Those that are right; errors ask for the first.
    arguments, parameters
        What the function is called with.

    Raises
    ------
    MethodError
        If the function breaks off, or returns anything but whole numbers or floats of one of the shapes.

    Examples
    --------
    >>> mean = Method("aggregate", "mean", lambda values, weights: (values * weights).sum(axis=-1))
    >>> returned(mean, mean.function, [(1,)], (np.array([[20.0, 80.0]]), np.array([[0.5, 0.5]])), {})
    array([50.])
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        given = method.ask(function, *arguments, **parameters)
    made = _array(given)
    if made is not None and made.dtype.kind in "iuf" and made.shape in shapes:
        return np.asarray(made, dtype=float)
    if made is None or not made.ndim:
        what = f"it returned a value of type {type(given).__name__}"
    else:
        what = f"it returned an array of {made.dtype.name} of shape {made.shape}"
    raise MethodError.of(method.where, what, f"It must return an array of floats of shape {shapes[0]}.")


def _array(given: object) -> np.ndarray | None:
    """Return what is given as an array; None where it is none, or masks some of its numbers."""
    if isinstance(given, np.ma.MaskedArray):
        return None
    try:
        return np.asarray(given)
    except Exception:  # noqa: BLE001 - an object may raise anything when it is asked for its numbers
        return None


def aggregated(method: Method, parameters: Mapping[str, Any], node: str, values: Floats, weights: Floats) -> Floats:
    """Return the scores that an aggregation gives a node, of shape (..., cases).

    Parameters
    ----------
    method, parameters
        The aggregation.
    node : str
        Its name, for errors.
    values, weights : arrays of shape (..., cases, children)

    Raises
    ------
    MethodError
        If the function breaks off, returns something else, or has no finite score for a case whose children have
        scores; those above zero, where the method needs such.
    """
    made = returned(method, method.function, [values.shape[:-1]], (values, weights), parameters)
    # One pass where all is well, which is the rule.
    if squares(made) <= MOST**2:
        return made
    odd = ~(np.abs(made) <= MOST * ROUNDING)
    seen, heard = values[odd], weights[odd] > 0
    known = np.isfinite(seen) & (seen > 0 if method.positive else True)
    if (heard.any(axis=-1) & (known | ~heard).all(axis=-1)).any():
        what = f"it gives '{node}' no finite score, or one beyond {MOST:g}, where its children have scores"
        mend = "It must return a finite number wherever a child has weight."
        raise MethodError.of(method.where, what, mend)
    return made

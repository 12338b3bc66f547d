"""What a registered method promises, held against what it gives."""

from collections.abc import Sequence

import numpy as np

from softpower.engine.choices import Chosen
from softpower.errors import Fault, MethodError
from softpower.registry import Method
from softpower.steps.measures import Floats, Mask
from softpower.steps.statistics import squares

MOST = 1e100
"""Scores beyond it are refused: their squares, and sums of these, would leave the range of numbers."""


def _where(method: Method) -> str:
    return f"{method.step} = '{method.name}'"


def amounts(method: Method, shapes: tuple[tuple[int, ...], ...], *arguments: object, **parameters: object) -> Floats:
    """Return the weights or shares that a method gives.

    Raises
    ------
    MethodError
        If they are no finite array, from zero up, of one of the shapes.
    """
    given = method.function(*arguments, **parameters)
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        what = f"it returned a {type(given).__name__}"
        raise MethodError.of(_where(method), what, "It must return numbers.") from None
    if made.shape not in shapes or not np.isfinite(made).all() or (made < 0).any():
        what = f"it returned numbers of shape {made.shape}, or some that are negative or not finite"
        mend = f"It must return finite numbers from zero up, of shape {shapes[0]}."
        raise MethodError.of(_where(method), what, mend)
    return made


def check_filled(method: Method, before: Floats, after: object, indicators: Sequence[str]) -> Floats:
    """Return the values that an imputation or a treatment gives.

    Raises
    ------
    MethodError
        If an imputation changes what is observed, a treatment fills a gap or makes one, or either is infinite.
    """
    made = np.asarray(after, dtype=float)
    if made.shape != before.shape:
        what = f"it returned values of shape {made.shape} for values of shape {before.shape}"
        raise MethodError.of(_where(method), what, "It must return one value for each cell.")
    if method.step == "impute":
        broken, what = ~np.isnan(before) & (made != before), "it changes a value that is observed"
    else:
        broken, what = np.isnan(before) != np.isnan(made), "it fills a gap, or makes one"
    faults = [
        Fault(f"{_where(method)}: {indicators[int(place)]}", said, "Check the values, or choose another method.")
        for wrong, said in ((broken, what), (np.isinf(made), "it gives an infinite value"))
        for place in np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(axis=0))
    ]
    if faults:
        raise MethodError(faults)
    return made


def check_normalised(
    one: Chosen, shape: tuple[int, ...], gaps: Mask | None, scores: Floats, indicators: Sequence[str]
) -> Floats:
    """Return the scores that a normalisation gives.

    Parameters
    ----------
    one : Chosen
    shape : tuple of int
        That of the values.
    gaps : boolean array of this shape, optional
        Where there is none; nowhere, if it is not given.
    scores : array of shape (..., rows, columns)
    indicators : sequence of str
        All of them; those of the method are in its columns.

    Raises
    ------
    MethodError
        If a value has no finite score, or one too large to compute with, or a gap has one.
    """
    if scores.shape != shape:
        what = f"it returned scores of shape {scores.shape} for values of shape {shape}"
        raise MethodError.of(_where(one.method), what, "It must return one score for each value.")
    # One pass where nothing is missing or out of reach, which is the rule.
    if gaps is None and squares(scores) <= MOST**2:
        return scores
    missing = np.zeros(shape, dtype=bool) if gaps is None else gaps
    checks = (
        (np.isfinite(scores) == missing, "a value has no finite score, or a gap has one"),
        (np.abs(scores) > MOST, f"a score lies beyond {MOST:g}, whose square is no number"),
    )
    mend = "Check that the values are not too large or too far apart to compute with."
    for wrong, what in checks:
        places = np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(axis=0))
        if len(places):
            where = [f"{_where(one.method)}: {indicators[one.columns[place]]}" for place in places]
            raise MethodError([Fault(place, what, mend) for place in where])
    return scores

"""What a registered method promises, held against what it gives."""

from collections.abc import Sequence

import numpy as np

from softpower.engine.choices import Chosen
from softpower.errors import Fault, MethodError
from softpower.registry import Method
from softpower.steps.measures import Floats, Mask
from softpower.steps.returned import MOST, returned
from softpower.steps.statistics import squares


def amounts(method: Method, shapes: tuple[tuple[int, ...], ...], *arguments: object, **parameters: object) -> Floats:
    """Return the weights or shares that a method gives.

    Raises
    ------
    MethodError
        If they are no finite array, from zero up, of one of the shapes.
    """
    made = returned(method, method.function, shapes, arguments, parameters)
    if not np.isfinite(made).all() or (made < 0).any():
        what = "it returned numbers that are negative or not finite"
        raise MethodError.of(method.where, what, "It must return finite numbers from zero up.")
    return made


def check_filled(method: Method, before: Floats, made: Floats, indicators: Sequence[str]) -> None:
    """Refuse values that an imputation or a treatment may not give.

    Raises
    ------
    MethodError
        If an imputation changes what is observed, a treatment fills a gap or makes one, or either is infinite.
    """
    if method.step == "impute":
        broken, what = ~np.isnan(before) & (made != before), "it changes a value that is observed"
    else:
        broken, what = np.isnan(before) != np.isnan(made), "it fills a gap, or makes one"
    faults = [
        Fault(f"{method.where}: {indicators[int(place)]}", said, "Check the values, or choose another method.")
        for wrong, said in ((broken, what), (np.isinf(made), "it gives an infinite value"))
        for place in np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(axis=0))
    ]
    if faults:
        raise MethodError(faults)


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
            where = [f"{one.method.where}: {indicators[one.columns[place]]}" for place in places]
            raise MethodError([Fault(place, what, mend) for place in where])
    return scores

"""When scores are tied."""

import numpy as np

from softpower.steps.measures import Floats

TIE = 1e-9
"""Scores that agree when rounded to this share of the scale are tied."""


def width_of(scores: Floats, scale: tuple[float, float] | None) -> float:
    """Return how wide the scale of scores is, or how far they lie from zero on an open one, at least 1."""
    return scale[1] - scale[0] if scale else float(np.nanmax(np.abs(scores), initial=1.0))


def tie_of(scores: Floats, scale: tuple[float, float] | None) -> float:
    """Return the difference up to which scores are tied.

    Parameters
    ----------
    scores : array
        Those of the nodes that are compared, in all rows, and of no others: on an open scale they decide how far apart
        is apart, and a raw indicator may be a million times the composite.
    scale : (float, float), optional

    Examples
    --------
    >>> [float(f"{tie_of(np.array([-3e4, 2e4]), scale):g}") for scale in ((0.0, 100.0), None)]
    [1e-07, 3e-05]
    """
    return TIE * width_of(scores, scale)


def steps_of(scores: Floats, tie: float | Floats) -> Floats:
    """Return scores as whole numbers of steps, as large as a tie, so that tied scores are equal."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(scores / tie))


def in_steps(scores: Floats, scale: tuple[float, float] | None) -> Floats:
    """Return scores that are compared as whole numbers of steps, 1e-9 of the scale each."""
    return steps_of(scores, tie_of(scores, scale))

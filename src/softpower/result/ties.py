"""When scores are tied."""

import numpy as np

from softpower.steps.measures import Floats

TIE = 1e-9
"""Scores that agree when rounded to this share of the scale are tied."""


def in_steps(scores: Floats, scale: tuple[float, float] | None) -> Floats:
    """Return scores as whole numbers of steps, 1e-9 of the scale each, so that tied scores are equal."""
    width = scale[1] - scale[0] if scale else float(np.nanmax(np.abs(scores), initial=1.0))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(scores / (width * TIE)))

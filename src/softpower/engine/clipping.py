"""Where values lie beyond a goalpost, at which their score stays."""

from collections.abc import Sequence

import numpy as np

from softpower.engine.choices import Chosen
from softpower.steps.measures import Floats
from softpower.steps.normalise import Scales, beyond, normalise


def clipped(normalisers: Sequence[Chosen], scales: Scales, values: Floats, scores: Floats) -> np.ndarray:
    """Return ``"low"`` or ``"high"`` where a value lies beyond that goalpost and scores as the goalpost does.

    Parameters
    ----------
    normalisers : sequence of Chosen
        One for each column.
    scales : Scales
    values, scores : arrays of shape (rows, indicators)
        What is normalised, and what that gives.
    """
    marks = beyond(values, scales)
    held = np.where(marks == "low", scales.low, np.where(marks == "high", scales.high, values))
    for one in normalisers:
        # Among the cases there is no goalpost for a score to stay at.
        stays = np.zeros(scores[:, one.columns].shape, dtype=bool)
        if one.method.fixed:
            with np.errstate(over="ignore", invalid="ignore"):
                at = normalise(one.method, one.parameters, held[:, one.columns], scales.columns(one.columns))
            stays = at == scores[:, one.columns]
        marks[:, one.columns] = np.where(stays, marks[:, one.columns], "")
    return marks

"""The methods that a methodology chooses, each with its parameters and the indicators that it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softpower.errors import MethodError, unknown_names
from softpower.model.methodology import OTHERS, Choice
from softpower.model.profile import Profile
from softpower.registry import STEPS, Method


@dataclass(frozen=True)
class Chosen:
    """A method with its parameters and the columns that it is for."""

    method: Method
    parameters: Mapping[str, Any]
    columns: NDArray[np.int64]


def chosen_methods(profile: Profile, step: str, indicators: Sequence[str]) -> tuple[Chosen, ...]:
    """Return the methods of a step with their parameters and columns; none where nothing is chosen.

    Parameters
    ----------
    profile : Profile
    step : {"impute", "treat", "normalise"}
    indicators : sequence of str
        Those that enter, in the order of the columns.

    Raises
    ------
    MethodError
        If a method is chosen for what is no indicator.
    """
    given = getattr(profile.methodology, step)
    known = profile.framework.indicators
    names = [] if given is None or isinstance(given, Choice) else [one for one in given if one != OTHERS]
    if faults := unknown_names(f"methodology: {step}", "indicator", names, known):
        raise MethodError(faults)
    registry, place = STEPS[step], {name: column for column, name in enumerate(indicators)}
    return tuple(
        Chosen(registry[choice.method], choice.parameters, np.array([place[name] for name in names]))
        for choice, names in profile.methodology.choices(step, indicators)
    )


def shared_scale(normalisers: Sequence[Chosen]) -> tuple[float, float] | None:
    """Return the ends of the scale that all indicators are brought to, where it has ends.

    Raises
    ------
    MethodError
        If indicators are brought to scales with different ends.
    """
    scales = [(one.method.name, one.method.scale(one.parameters)) for one in normalisers]
    if len({ends for _, ends in scales}) > 1:
        shown = ", ".join(
            f"{name} on {'an open scale' if one is None else f'{one[0]:g} to {one[1]:g}'}" for name, one in scales
        )
        mend = "Bring all indicators to one scale."
        raise MethodError.of("normalise", f"indicators are brought to different scales: {shown}", mend)
    return scales[0][1]

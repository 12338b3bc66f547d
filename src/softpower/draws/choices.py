"""Choices of methods, alike likely, that part the draws: each combination is one run of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from softpower.draws.factors import Columns, Kind
from softpower.draws.facts import Places, chosen_of
from softpower.model.methodology import Choice, Methodology
from softpower.model.uncertainty import NONE, Mean, Uncertainty, described
from softpower.steps.measures import Floats

STEPS: Mapping[str, Kind] = {
    "impute": "imputation",
    "treat": "treatment",
    "normalise": "normalisation",
    "missing": "missing",
}
"""The steps whose methods may be drawn, aggregation apart, in their order, and what their factors are about."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an aggregation that each draw has its own value of."""

    name: str
    column: int
    low: float
    high: float

    def values(self, u: Floats) -> Floats:
        """Return the values of points of shape (draws, columns)."""
        x = u[:, self.column]
        return self.low + (self.high - self.low) * np.where(np.isnan(x), 0.5, x)


@dataclass(frozen=True)
class Choices:
    """Alternatives of one step, or of the aggregation of one level.

    Parameters
    ----------
    step : str
    level : str, optional
        Of an aggregation: the level that it is for, where not for all.
    options : sequence
        The choices, as a methodology takes them.
    nominal : int
        Which of them is declared; -1 where none is, and then that is the choice of a point without one.
    column : int
    parameters : mapping of place among the options to parameters
    """

    step: str
    level: str | None
    options: Sequence[Any]
    nominal: int
    column: int
    parameters: Mapping[int, Sequence[Parameter]] = field(default_factory=dict)

    def codes(self, u: Floats) -> Places:
        """Return which option each point picks."""
        return chosen_of(u[:, self.column], len(self.options), self.nominal)


def method_choices(uncertainty: Uncertainty, methodology: Methodology, columns: Columns) -> list[Choices]:
    """Return the choices of methods, and give each its columns."""
    made = []
    for step, kind in STEPS.items():
        given = getattr(uncertainty, step)
        if given:
            options = [None if step in {"impute", "treat"} and one == Choice(method=NONE) else one for one in given]
            declared = getattr(methodology, step)
            nominal = options.index(declared) if declared in options else None
            labels = [described(one) for one in options]
            (column,) = columns.add(kind, kind, alternatives=labels, nominal=nominal)
            made.append(Choices(step, None, options, -1 if nominal is None else nominal, column))
    means = uncertainty.aggregate
    tables: Iterable[tuple[str | None, Sequence[Mean]]] = (
        means.items() if isinstance(means, Mapping) else [(None, means)] if means else []
    )
    return made + [_aggregation(level, options, methodology, columns) for level, options in tables]


def _aggregation(level: str | None, means: Sequence[Mean], methodology: Methodology, columns: Columns) -> Choices:
    declared = methodology.aggregate
    if level is not None and isinstance(declared, Mapping):
        declared = declared[level]
    options = [one.choice for one in means]
    held = [place for place, one in enumerate(means) if not one.between and options[place] == declared]
    nominal = held[0] if held else None
    name = "aggregation" if level is None else f"aggregation: {level}"
    (column,) = columns.add(name, "aggregation", alternatives=[one.label for one in means], nominal=nominal)
    parameters: dict[int, list[Parameter]] = {}
    for place, one in enumerate(means):
        for parameter, ends in one.between.items():
            (own,) = columns.add(f"{name}: {parameter} of {one.method}", "aggregation")
            parameters.setdefault(place, []).append(Parameter(parameter, own, ends.low, ends.high))
    return Choices("aggregate", level, options, -1 if nominal is None else nominal, column, parameters)


def changes(
    choices: Sequence[Choices], codes: Sequence[int], methodology: Methodology, levels: Sequence[str]
) -> dict[str, Any]:
    """Return what a methodology becomes under some of the options; -1 leaves a choice as declared."""
    made: dict[str, Any] = {}
    for one, code in zip(choices, codes, strict=True):
        if code < 0:
            continue
        if one.level is None:
            made[one.step] = one.options[code]
            continue
        declared = methodology.aggregate
        if "aggregate" not in made:
            made["aggregate"] = {
                level: declared if isinstance(declared, Choice) else declared[level] for level in levels
            }
        made["aggregate"][one.level] = one.options[code]
    return made

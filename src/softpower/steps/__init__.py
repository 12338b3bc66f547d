"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import (
    aggregate,
    components,
    derive,
    dispersion,
    experts,
    frontier,
    hierarchy,
    importance,
    measures,
    missing,
    normalise,
    plan,
    tree,
    weight,
)

__all__ = [
    "aggregate",
    "components",
    "derive",
    "dispersion",
    "experts",
    "frontier",
    "hierarchy",
    "importance",
    "measures",
    "missing",
    "normalise",
    "plan",
    "tree",
    "weight",
]

"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import (
    aggregate,
    consensus,
    derive,
    means,
    measures,
    missing,
    normalise,
    plan,
    tree,
    voting,
    weight,
)

__all__ = [
    "aggregate",
    "consensus",
    "derive",
    "means",
    "measures",
    "missing",
    "normalise",
    "plan",
    "tree",
    "voting",
    "weight",
]

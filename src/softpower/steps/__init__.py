"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import (
    aggregate,
    derive,
    distance,
    impute,
    measures,
    missing,
    normalise,
    plan,
    regression,
    standing,
    treat,
    tree,
    weight,
)

__all__ = [
    "aggregate",
    "derive",
    "distance",
    "impute",
    "measures",
    "missing",
    "normalise",
    "plan",
    "regression",
    "standing",
    "treat",
    "tree",
    "weight",
]

"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import (
    aggregate,
    derive,
    impute,
    measures,
    missing,
    normalise,
    plan,
    regression,
    treat,
    tree,
    weight,
)

__all__ = [
    "aggregate",
    "derive",
    "impute",
    "measures",
    "missing",
    "normalise",
    "plan",
    "regression",
    "treat",
    "tree",
    "weight",
]

"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import aggregate, derive, distance, measures, missing, normalise, plan, standing, tree, weight

__all__ = [
    "aggregate",
    "derive",
    "distance",
    "measures",
    "missing",
    "normalise",
    "plan",
    "standing",
    "tree",
    "weight",
]

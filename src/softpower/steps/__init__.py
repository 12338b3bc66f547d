"""The steps from observations to scores: pure functions on arrays, each in a registry."""

from softpower.steps import aggregate, derive, measures, missing, normalise, plan, tree, weight

__all__ = ["aggregate", "derive", "measures", "missing", "normalise", "plan", "tree", "weight"]

"""What every method needs that has parameters without a default, for tests that run all of them."""

from collections.abc import Sequence
from typing import Any


def parameters_of_methods(case: str, leaves: Sequence[str], family: str, children: int) -> dict[str, dict[str, Any]]:
    """Return parameters by the name of the method.

    Parameters
    ----------
    case : str
        One of the cases.
    leaves : sequence of str
        The indicators; the table has a group ``half``.
    family : str
        A dimension.
    children : int
        So many children it has.
    """
    return {
        "distance_to_reference": {"case": case},
        "power": {"p": 0.5},
        "ordered_weighted_average": {"orness": 0.4},
        "group_mean": {"group": "half"},
        "group_median": {"group": "half"},
        "last_observation": {"maximum_gap": 1},
        "linear": {"maximum_gap": 1},
        "multiple": {"tables": 3, "rounds": 3},
        "mapping": {"weights": {leaves[0]: 2.0}},
        "budget_allocation": {"points": {name: [1.0, 2.0] for name in leaves}},
        "analytic_hierarchy": {"matrices": {family: [[1.0] * children] * children}},
    }

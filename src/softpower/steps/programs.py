"""Linear and mixed-integer programs: the one place that calls the solver for them, one program at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softpower.errors import MethodError
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Program:
    """Linear constraints on some variables: equal @ x = 0, at_most @ x <= limit, low <= x <= high.

    Parameters
    ----------
    equal, at_most : arrays of shape (constraints, variables)
    limit : array of shape (constraints,)
        Of ``at_most``.
    low, high : arrays of shape (variables,)
    whole : array of shape (variables,)
        Which variables are whole numbers.
    """

    equal: Floats
    at_most: Floats
    limit: Floats
    low: Floats
    high: Floats
    whole: Mask

    @property
    def size(self) -> int:
        """The number of variables."""
        return len(self.low)

    def extended(self, low: Floats, high: Floats, *, whole: bool = False) -> Program:
        """Return the program with more variables behind the others, which no constraint binds yet."""
        more = len(low)
        equal, at_most = (np.hstack([one, np.zeros((len(one), more))]) for one in (self.equal, self.at_most))
        bounds = (np.append(self.low, low), np.append(self.high, high))
        return Program(equal, at_most, self.limit, *bounds, np.append(self.whole, np.full(more, whole)))

    def held(self, at_most: Floats, limit: Floats) -> Program:
        """Return the program with more constraints below the others."""
        rows, limits = np.vstack([self.at_most, at_most]), np.append(self.limit, limit)
        return Program(self.equal, rows, limits, self.low, self.high, self.whole)


@dataclass(frozen=True)
class Solution:
    """What minimises a cost, and the price of each constraint ``at_most``: how fast the cost falls with its limit.

    A program with whole numbers has no prices.
    """

    cost: float
    values: Floats
    prices: Floats


def solve(program: Program, cost: Floats) -> Solution:
    """Return the least cost @ x of a program.

    Raises
    ------
    MethodError
        If the solver finds no solution.

    Notes
    -----
    With whole numbers the solver stops within 1e-4 of the least cost: for a count below ten thousand that is exact.

    Examples
    --------
    >>> flat = np.zeros((0, 2))
    >>> bounds = np.zeros(2), np.ones(2), np.zeros(2, dtype=bool)
    >>> program = Program(flat, np.array([[-1.0, -2.0]]), np.array([-2.5]), *bounds)
    >>> solve(program, np.array([1.0, 1.0])).values
    array([0.5, 1. ])
    """
    from scipy.optimize import linprog

    mixed = bool(program.whole.any())
    found = linprog(
        cost,
        A_ub=program.at_most,
        b_ub=program.limit,
        A_eq=program.equal,
        b_eq=np.zeros(len(program.equal)),
        bounds=list(zip(program.low.tolist(), program.high.tolist(), strict=True)),
        method="highs",
        integrality=program.whole.astype(np.int64) if mixed else None,
    )
    if found.x is None or found.status != 0:
        raise MethodError.of("linear program", f"the solver finds no solution: {found.message}", "Report the data.")
    prices = np.zeros(len(program.limit)) if mixed else -np.asarray(found.ineqlin.marginals)
    values = np.asarray(found.x, dtype=float)
    return Solution(float(cost @ values), values, prices)

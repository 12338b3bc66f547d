"""Linear and mixed-integer programs: the one place that calls the solver for them, one program at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softpower.errors import MethodError
from softpower.steps.measures import Floats, Mask

INFEASIBLE = 2
"""The status of a program whose constraints nothing keeps."""


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
    """What minimises a cost, and the price of each constraint ``at_most``: how fast the cost falls with its limit."""

    cost: float
    values: Floats
    prices: Floats


def solve(program: Program, cost: Floats) -> Solution:
    """Return the least cost @ x of a program. Whole numbers may be broken: it is then a bound.

    Raises
    ------
    MethodError
        If the solver finds no solution.

    Examples
    --------
    >>> flat = np.zeros((0, 2))
    >>> bounds = np.zeros(2), np.ones(2), np.zeros(2, dtype=bool)
    >>> program = Program(flat, np.array([[-1.0, -2.0]]), np.array([-2.5]), *bounds)
    >>> solve(program, np.array([1.0, 1.0])).values
    array([0.5, 1. ])
    """
    found = _asked(program, cost, None)
    if found.x is None or found.status != 0:
        raise _unsolved(found.message)
    values = np.asarray(found.x, dtype=float)
    return Solution(float(cost @ values), values, -np.asarray(found.ineqlin.marginals))


def whole(program: Program) -> Floats | None:
    """Return values that keep all constraints, whole numbers included; None where there are none.

    Raises
    ------
    MethodError
        If the solver comes to no end.

    Notes
    -----
    It takes no cost: where a solution must be the best and mixes whole and other numbers, HiGHS 1.12 prints lines from
    within that no option silences.

    Examples
    --------
    >>> flat = np.zeros((0, 2))
    >>> bounds = np.zeros(2), np.ones(2), np.array([True, False])
    >>> whole(Program(flat, np.array([[-1.0, -1.0]]), np.array([-2.0]), *bounds))
    array([1., 1.])
    >>> whole(Program(flat, np.array([[-2.0, 0.0], [2.0, 0.0]]), np.array([-1.0, 1.0]), *bounds)) is None
    True
    """
    found = _asked(program, np.zeros(program.size), program.whole.astype(np.int64))
    if found.status == INFEASIBLE:
        return None
    if found.x is None or found.status != 0:
        raise _unsolved(found.message)
    return np.asarray(found.x, dtype=float)


def _asked(program: Program, cost: Floats, integrality: NDArray[np.int64] | None) -> Any:
    """Return what the solver answers."""
    from scipy.optimize import linprog

    return linprog(
        cost,
        A_ub=program.at_most,
        b_ub=program.limit,
        A_eq=program.equal,
        b_eq=np.zeros(len(program.equal)),
        bounds=list(zip(program.low.tolist(), program.high.tolist(), strict=True)),
        method="highs",
        integrality=integrality,
    )


def _unsolved(message: str) -> MethodError:
    return MethodError.of("linear program", f"the solver finds no solution: {message}", "Report the data.")

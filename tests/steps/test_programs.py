"""Linear programs: bounds, prices, whole numbers, and what has no solution."""

import numpy as np
import pytest
from scipy import optimize
from scipy.optimize import linprog

from softpower import MethodError
from softpower.steps.programs import Program, solve, whole

BOX = Program(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(2), np.ones(2), np.zeros(2, dtype=bool))


def test_a_price_is_how_fast_the_cost_falls_with_a_limit():
    # x + 2 y at most 2, both at most 1: x = 1 and y = 1/2; one more in the limit is half a y.
    found = solve(BOX.held(np.array([[1.0, 2.0]]), np.array([2.0])), np.array([-1.0, -1.0]))
    np.testing.assert_allclose(found.values, [1.0, 0.5])
    assert found.cost == pytest.approx(-1.5)
    np.testing.assert_allclose(found.prices, [0.5])


def test_more_variables_stand_behind_the_others_and_may_be_whole():
    program = BOX.extended(np.zeros(1), np.full(1, 9.0), whole=True)
    assert program.size == 3
    program = program.held(np.array([[1.0, 1.0, 2.0]]), np.array([5.0]))
    # 2 z at most 5: z is 2.5, and as a whole number 2.
    cost = np.array([0.0, 0.0, -1.0])
    assert solve(program, cost).cost == pytest.approx(-2.5)
    found = whole(program.held(cost[None], np.array([-2.0])))
    np.testing.assert_allclose(found[2], 2.0)
    assert whole(program.held(cost[None], np.array([-2.1]))) is None


def test_what_the_solver_does_not_stand_by_is_no_solution(monkeypatch):
    def stopped(*given, **more):
        found = linprog(*given, **more)
        found.status = 1
        return found

    monkeypatch.setattr(optimize, "linprog", stopped)
    with pytest.raises(MethodError, match="no solution"):
        solve(BOX, np.ones(2))
    with pytest.raises(MethodError, match="no solution"):
        whole(BOX)


def test_no_solution_is_an_error():
    with pytest.raises(MethodError, match="no solution"):
        solve(BOX.held(np.array([[1.0, 1.0]]), np.array([-1.0])), np.ones(2))

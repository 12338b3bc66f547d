"""Quantile functions by hand, at their ends, and as scipy has them."""

import math

import numpy as np
import pytest
from scipy import stats

from softpower.errors import MethodError
from softpower.steps.distributions import (
    discrete_triangular,
    discrete_uniform,
    triangular,
    truncated_normal,
    uniform,
)

U = np.concatenate([[1e-12, 1e-6], np.linspace(0.001, 0.999, 97), [1 - 1e-6, 1 - 1e-12]])
ENDS = np.array([0.0, 1.0])


class TestUniform:
    def test_by_hand(self):
        assert uniform(np.array([0, 0.25, 0.5, 1]), -1, 3).tolist() == [-1, 0, 1, 3]

    def test_without_width(self):
        assert uniform(U, 0.1, 0.1).tolist() == [0.1] * len(U)

    def test_each_column_has_its_own_ends(self):
        u = np.array([[0.0, 0.0], [0.5, 0.5]])
        assert uniform(u, np.array([0.0, 10.0]), np.array([1.0, 30.0])).tolist() == [[0, 10], [0.5, 20]]


class TestTriangular:
    def test_by_hand(self):
        # the area up to x is (x - 1)^2 / (4 x 1) below 2, and above it 1 - (5 - x)^2 / (4 x 3)
        u = np.array([0, 1 / 16, 1 / 4, 2 / 3, 1])
        np.testing.assert_allclose(triangular(u, 1, 2, 5), [1, 1.5, 2, 3, 5], rtol=1e-15)

    def test_one_sided(self):
        # more than 70 with a cap of 100: the density falls from 70 to 100
        assert triangular(np.array([0, 0.75, 1]), 70, 70, 100).tolist() == [70, 85, 100]
        assert triangular(np.array([0, 0.25, 1]), 70, 100, 100).tolist() == [70, 85, 100]

    def test_without_width(self):
        assert triangular(U, 0.1, 0.1, 0.1).tolist() == [0.1] * len(U)

    @pytest.mark.parametrize(("low", "mode", "high"), [(0, 0.3, 1), (-7, -7, 2), (3, 11, 11), (1e-9, 1, 1e6)])
    def test_as_scipy_has_it(self, low, mode, high):
        theirs = stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
        np.testing.assert_allclose(triangular(U, low, mode, high), theirs.ppf(U), rtol=1e-12, atol=1e-15 * (high - low))

    def test_ends_that_rounding_would_miss(self):
        low, high = 0.1, 0.7
        assert high - (high - low) != low
        for mode in (low, high):
            assert triangular(ENDS, low, mode, high).tolist() == [low, high]
        # What lies on the two sides of the mode sums up to less than what lies between the ends.
        assert triangular(ENDS, 0.2, 0.2, 0.9).tolist() == [0.2, 0.9]

    def test_each_column_has_its_own_parameters_and_u_may_broadcast(self):
        low, mode, high = np.array([[0.0, 5.0, 70.0], [2.0, 5.0, 70.0], [4.0, 5.0, 100.0]])
        expected = [[0, 5, 70], [2, 5, 100 - 30 * math.sqrt(0.5)], [4, 5, 100]]
        u = np.array([0, 0.5, 1])[:, None]
        np.testing.assert_allclose(triangular(u, low, mode, high), expected, rtol=1e-15)
        np.testing.assert_allclose(triangular(np.tile(u, 3), low, mode, high), expected, rtol=1e-15)
        assert triangular(np.array(0.5), 0, 2, 4).tolist() == 2


class TestTruncatedNormal:
    def test_by_hand(self):
        # Half of Phi(1) - Phi(0) = 0.3413 is 0.1707; in a table Phi(0.44) = 0.6700 and Phi(0.45) = 0.6736
        assert truncated_normal(np.array(0.5), 10, 2, 10, 12) == pytest.approx(10 + 2 * 0.4418, abs=2e-4)
        assert truncated_normal(np.array(0.5), 10, 2, 7, 13) == pytest.approx(10, rel=1e-15)

    @pytest.mark.parametrize(
        ("low", "high"),
        [
            (-1, 2),
            (-math.inf, math.inf),
            (-math.inf, 0.5),
            (0.5, math.inf),
            (5, 6),
            (-6, -5),
            (9, 40),
            (-math.inf, -30),
            (36, math.inf),
            (-38, 38),
            (0, 1e-3),
        ],
    )
    def test_as_scipy_has_it_in_the_middle_and_far_out(self, low, high):
        expected = stats.truncnorm(low, high).ppf(U)
        np.testing.assert_allclose(truncated_normal(U, 0, 1, low, high), expected, rtol=1e-9, atol=1e-12)
        moved = truncated_normal(U, 100, 0.5, 100 + low / 2, 100 + high / 2)
        np.testing.assert_allclose(moved, 100 + expected / 2, rtol=1e-11)

    def test_ends_are_exact(self):
        low, high = np.array([0.1, 0.3, -7.7]), np.array([0.7, 0.3, 0.1])
        found = truncated_normal(ENDS[:, None], np.array([0.3, 5, 0.1]), 0.3, low, high)
        assert found.tolist() == [low.tolist(), high.tolist()]

    def test_no_draw_is_infinite(self):
        found = truncated_normal(np.array([0, 2.0**-53, 0.5, 1 - 2.0**-53, 1]), 0, 1, -math.inf, math.inf)
        assert np.isfinite(found).all()
        assert found[0] < found[1] < found[2] == 0 < found[3] <= found[4]
        assert truncated_normal(ENDS, 0, 1, -3, math.inf)[0] == -3

    @pytest.mark.parametrize(("low", "high"), [(38, 40), (-math.inf, -37.5)])
    def test_a_mean_beyond_reach_is_refused(self, low, high):
        with pytest.raises(MethodError, match=r"37 standard deviations outside its bounds. Correct"):
            truncated_normal(U, np.array([0.0, 0.0])[:, None], 1, np.array([[-1.0], [low]]), np.array([[1.0], [high]]))


def test_of_no_numbers_there_are_no_quantiles():
    none = np.empty(0)
    for made in (uniform(none, 1, 2), triangular(none, 1, 2, 3), truncated_normal(none, 1, 2, 0, 3)):
        assert made.shape == (0,)


class TestDiscrete:
    codes = np.arange(-2.0, 3.0)

    def test_uniform(self):
        assert discrete_uniform(self.codes, -1, 1.9).tolist() == [0, 1 / 3, 1 / 3, 1 / 3, 0]

    @pytest.mark.parametrize(
        ("low", "mode", "high", "heights"),
        [
            (-2, 0, 2, [1, 2, 3, 2, 1]),
            (-1, 1, 1, [0, 1, 2, 3, 0]),
            (-1, -1, 2, [0, 4, 3, 2, 1]),
            (-2, 1, 2, [1 / 4, 2 / 4, 3 / 4, 1, 1 / 2]),  # 3 below the mode, 1 above it
            (1, 1, 1, [0, 0, 0, 1, 0]),
            (-0.5, 0.5, 1.5, [0, 0, 3 / 4, 3 / 4, 0]),  # a mode between two codes
        ],
    )
    def test_triangular(self, low, mode, high, heights):
        found = discrete_triangular(self.codes, low, mode, high)
        np.testing.assert_allclose(found, np.array(heights) / sum(heights), rtol=1e-15)

    def test_gaps_between_codes(self):
        assert discrete_triangular(np.array([0.0, 3.0, 10.0]), 0, 0, 3).tolist() == [0.8, 0.2, 0]

    def test_no_code_within_the_bounds(self):
        with pytest.raises(MethodError, match=r"no admissible code lies from 0.2 to 0.8. Widen"):
            discrete_triangular(self.codes, 0.2, 0.5, 0.8)
        with pytest.raises(MethodError, match="no admissible code"):
            discrete_uniform(self.codes, 3, 4)

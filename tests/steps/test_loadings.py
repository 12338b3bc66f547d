"""Principal axes, how many factors to keep, varimax, maximum likelihood."""

import numpy as np
import pytest

from softpower.steps.loadings import (
    factors_to_keep,
    maximum_likelihood_loadings,
    principal_axes,
    varimax,
    weights_of_loadings,
)

SIMPLE = np.array([[0.8, 0.1], [0.7, 0.0], [0.75, -0.1], [0.1, 0.9], [0.0, 0.6], [-0.2, 0.7]])
"""Six indicators, two factors."""


def criterion(loadings):
    return np.square(loadings).var(axis=0).sum()


def same_up_to_signs_and_order(got, expected, **how):
    """Factors have neither a sign nor an order."""
    order = [int(np.abs(expected.T @ column).argmax()) for column in got.T]
    assert sorted(order) == list(range(got.shape[1]))
    matched = expected[:, order]
    signs = np.sign((got * matched).sum(axis=0))
    np.testing.assert_allclose(got * signs, matched, **how)


def data(count=300, seed=0):
    """Scores with two common factors behind them."""
    rng = np.random.default_rng(seed)
    own = np.sqrt(1 - np.square(SIMPLE).sum(axis=1))
    return rng.normal(size=(count, 2)) @ SIMPLE.T + rng.normal(size=(count, 6)) * own


class TestPrincipalAxes:
    def test_two_indicators_by_hand(self):
        values, vectors = principal_axes(np.array([[1.0, -0.6], [-0.6, 1.0]]))
        assert values.tolist() == pytest.approx([1.6, 0.4])
        assert np.abs(vectors).ravel().tolist() == pytest.approx([0.5**0.5] * 4)
        assert vectors[0, 0] * vectors[1, 0] < 0

    def test_against_scikit_learn(self):
        decomposition = pytest.importorskip("sklearn.decomposition", reason="scikit-learn is not installed")
        scores = data()
        standard = (scores - scores.mean(axis=0)) / scores.std(axis=0)
        oracle = decomposition.PCA().fit(standard)
        values, vectors = principal_axes(np.corrcoef(scores, rowvar=False))
        np.testing.assert_allclose(values / values.sum(), oracle.explained_variance_ratio_, rtol=1e-9)
        np.testing.assert_allclose(np.abs(vectors.T), np.abs(oracle.components_), atol=1e-9)


class TestFactorsToKeep:
    @pytest.mark.parametrize(
        ("eigenvalues", "expected"),
        [
            # Ten indicators: a share above 10 % is an eigenvalue above 1.
            ([5, 3, 0.9, 0.4, 0.3, 0.2, 0.1, 0.1, 0, 0], 2),
            # The first two explain 45 %, so it takes two more to pass 60 %.
            ([2.5, 2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.6, 0.2, 0.2], 4),
            # A share above 10 % of four is an eigenvalue above 0.4.
            ([2, 1.5, 0.45, 0.05], 3),
            ([1, 1, 1, 1], 4),
        ],
    )
    def test_the_rule_of_the_handbook(self, eigenvalues, expected):
        assert factors_to_keep(np.array(eigenvalues, dtype=float)) == expected

    def test_its_limits_are_parameters(self):
        values = np.array([3.0, 2, 1.5, 1, 0.5])
        assert factors_to_keep(values, eigenvalue=2.5, share=1, cumulative=0.1) == 1
        assert factors_to_keep(values, eigenvalue=9, share=0.2, cumulative=0.1) == 2
        assert factors_to_keep(values, eigenvalue=9, share=1, cumulative=0.85) == 4

    def test_each_limit_by_itself(self):
        # Of 3 in all: 1.5 and 1.4 are above one; 50 % is not above 50 %, so that two are needed.
        assert factors_to_keep(np.array([1.5, 1.4, 0.1]), share=1.0, cumulative=0.1) == 2
        assert factors_to_keep(np.array([1.5, 0.9, 0.6]), eigenvalue=2.0, share=1.0, cumulative=0.5) == 2

    def test_what_is_at_a_limit_is_not_above_it(self):
        values = np.array([4.0, 1.0])
        assert factors_to_keep(values, eigenvalue=1, share=1, cumulative=0.1) == 1
        assert factors_to_keep(values, eigenvalue=9, share=0.2, cumulative=0.1) == 1


class TestVarimax:
    @pytest.mark.parametrize("kaiser", [True, False])
    def test_undoes_a_rotation(self, kaiser):
        angle = 0.6
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        straight = varimax(SIMPLE, kaiser=kaiser)
        same_up_to_signs_and_order(varimax(SIMPLE @ turn, kaiser=kaiser), straight, atol=1e-9)

    def test_is_a_rotation(self):
        rng = np.random.default_rng(1)
        loadings = rng.normal(size=(9, 4))
        turned = varimax(loadings)
        np.testing.assert_allclose(turned @ turned.T, loadings @ loadings.T, atol=1e-12)

    def test_no_angle_is_better(self):
        best = criterion(varimax(SIMPLE, kaiser=False))
        for angle in np.linspace(0, np.pi, 721):
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            assert criterion(SIMPLE @ turn) <= best + 1e-12

    def test_against_scikit_learn(self):
        factors = pytest.importorskip("sklearn.decomposition._factor_analysis", reason="scikit-learn is not installed")
        loadings = np.random.default_rng(2).normal(size=(8, 3)) * [2, 1, 0.5]
        oracle = factors._ortho_rotation(loadings, method="varimax", tol=1e-14, max_iter=10_000).T
        same_up_to_signs_and_order(varimax(loadings, kaiser=False), oracle, atol=1e-6)

    def test_a_factor_that_stands_apart_ends_no_search(self):
        apart = np.zeros((8, 4))
        apart[:6, :3] = np.random.default_rng(3).normal(size=(6, 3))
        apart[6:, 3] = 0.5, 0.9
        once = varimax(apart)
        np.testing.assert_allclose(varimax(once), once, rtol=0, atol=1e-9)

    @pytest.mark.parametrize("kaiser", [True, False])
    def test_two_factors_are_turned_once(self, kaiser):
        # The angle is the best in closed form, so a second round finds nothing.
        loadings = np.random.default_rng(3).normal(size=(7, 2)) + np.array([0.5, 0.0])
        once = varimax(loadings, kaiser=kaiser, limit=1)
        assert np.abs(once - loadings).max() > 0.05
        np.testing.assert_allclose(once, varimax(loadings, kaiser=kaiser), atol=1e-12)

    def test_where_every_angle_is_as_good_nothing_is_turned(self):
        angles = np.arange(8) * np.pi / 8
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        for turn in (0.0, 0.1):
            turned = circle @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            assert varimax(turned, kaiser=False).tolist() == turned.tolist()

    def test_with_kaiser_indicators_count_alike_whatever_is_explained_of_them(self):
        """Loadings of indicators times some numbers are rotated as they were without them."""
        some = np.array([[3.0], [0.5], [1.0], [0.1], [2.0], [0.7]])
        np.testing.assert_allclose(varimax(some * SIMPLE), some * varimax(SIMPLE), atol=1e-12)

    def test_one_factor_and_none_of_an_indicator_stay(self):
        assert varimax(SIMPLE[:, :1]).tolist() == pytest.approx(SIMPLE[:, :1])
        assert varimax(np.array([[0.0, 0], [0.5, 0.1], [0.1, 0.5]]))[0].tolist() == [0, 0]


class TestWeightsOfLoadings:
    def test_the_handbooks_two_steps_give_the_same(self):
        squared = np.square(SIMPLE)
        explained = squared.sum(axis=0)
        scaled, shares = squared / explained, explained / explained.sum()
        most = np.array([0, 0, 0, 1, 1, 1])
        by_hand = scaled[np.arange(6), most] * shares[most]
        assert weights_of_loadings(SIMPLE).tolist() == pytest.approx((by_hand / by_hand.sum()).tolist())


class TestMaximumLikelihood:
    @pytest.mark.parametrize(("r12", "r13", "r23"), [(0.5, 0.4, 0.3), (0.1, 0.1, 0.1)])
    def test_one_factor_of_three_in_closed_form(self, r12, r13, r23):
        # l_1^2 = r_12 r_13 / r_23
        got = maximum_likelihood_loadings(np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]]), 1)
        expected = [r12 * r13 / r23, r12 * r23 / r13, r13 * r23 / r12]
        assert np.square(got.ravel()).tolist() == pytest.approx(expected, abs=1e-5)

    def test_against_scikit_learn(self):
        decomposition = pytest.importorskip("sklearn.decomposition", reason="scikit-learn is not installed")
        scores = data()
        standard = (scores - scores.mean(axis=0)) / scores.std(axis=0)
        oracle = decomposition.FactorAnalysis(2, tol=1e-12, max_iter=100_000, svd_method="lapack").fit(standard)
        got = maximum_likelihood_loadings(np.corrcoef(scores, rowvar=False), 2)
        same_up_to_signs_and_order(varimax(got), varimax(oracle.components_.T), atol=1e-4)

    def test_what_is_an_indicators_own_has_a_least_part(self):
        # r_12 r_13 / r_23 = 2.13 would be more than all of it.
        got = maximum_likelihood_loadings(np.array([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]]), 1)
        assert np.square(got).max() == pytest.approx(0.995, abs=1e-3)

"""Weights among siblings: by hand, by their moments in closed form, and by rejection of what breaks an order."""

import math

import numpy as np
import pytest
from scipy.special import gammaincinv

from softpower.draws.points import Points
from softpower.errors import MethodError
from softpower.steps import simplex
from softpower.steps.simplex import (
    band_weights,
    dirichlet_weights,
    linear_extensions,
    ordered_weights,
    uniform_weights,
)

EDGES = np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [0, 0.5, 1], [1 - 2.0**-53, 0, 2.0**-53]])


def points(dimensions, n=2**14):
    return Points(dimensions, n, "sobol", 1).all()


def sound(weights):
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-14)


class TestUniform:
    def test_by_hand(self):
        # -ln(1 - u) is 1, 2 and 5 times ln 2
        np.testing.assert_allclose(uniform_weights(1 - 0.5 ** np.array([1, 2, 5])), [1 / 8, 2 / 8, 5 / 8], rtol=1e-14)

    def test_moments(self):
        weights = uniform_weights(points(5))
        covariances = np.cov(weights.T)
        np.testing.assert_allclose(weights.mean(axis=0), 1 / 5, atol=2e-4)
        # (m - 1) / (m^2 (m + 1)) = 2 / 75, and -1 / (m^2 (m + 1)) = -1 / 150 for two of them
        expected = np.where(np.eye(5) == 1, 2 / 75, -1 / 150)
        np.testing.assert_allclose(covariances, expected, atol=1e-4)

    def test_one_of_them_is_as_the_beta_distribution(self):
        # a share of m is Beta(1, m - 1): P(w > x) = (1 - x)^(m - 1)
        weights = uniform_weights(points(4))
        for x in (0.1, 0.5, 0.8):
            assert (weights[:, 2] > x).mean() == pytest.approx((1 - x) ** 3, abs=2e-3)

    def test_edges(self):
        weights = uniform_weights(EDGES)
        sound(weights)
        np.testing.assert_allclose(weights[[0, 2]], 1 / 3, rtol=1e-15)
        assert weights[1, 2] == pytest.approx(1)

    def test_shapes(self):
        u = points(3, 8)
        assert (uniform_weights(u.reshape(2, 4, 3)) == uniform_weights(u).reshape(2, 4, 3)).all()
        assert uniform_weights(u[:, :1]).tolist() == [[1]] * 8
        assert (u == points(3, 8)).all()


class TestDirichlet:
    mean = np.array([0.5, 0.0, 0.3, 0.2])

    def test_all_shapes_one_is_uniform_on_the_simplex(self):
        u = points(4, 256)
        np.testing.assert_allclose(dirichlet_weights(u, np.full(4, 0.25), 4.0), uniform_weights(u), rtol=1e-10)

    @pytest.mark.parametrize("concentration", [0.5, 8.0, 300.0])
    def test_moments(self, concentration):
        weights = dirichlet_weights(points(4, 2**12), self.mean, concentration)
        sound(weights)
        assert (weights[:, 1] == 0).all()
        np.testing.assert_allclose(weights.mean(axis=0), self.mean, atol=2e-3)
        # m_i (1 - m_i) / (c + 1), and -m_i m_j / (c + 1) for two of them
        expected = (np.diag(self.mean) - np.outer(self.mean, self.mean)) / (concentration + 1)
        np.testing.assert_allclose(np.cov(weights.T), expected, atol=0.02 / (concentration + 1))

    def test_quantiles_that_next_to_vanish_keep_their_shares(self):
        shapes, u = np.array([0.07, 0.06]), np.array([1e-15, 1.5e-13])
        quantiles = gammaincinv(shapes, u)
        assert quantiles.sum() < simplex.VANISHING
        made = dirichlet_weights(u, shapes / shapes.sum(), shapes.sum())
        np.testing.assert_allclose(made, quantiles / quantiles.sum(), rtol=1e-9)

    @pytest.mark.parametrize("concentration", [1e-3, 0.1, 1.0, 1e7])
    def test_edges(self, concentration):
        weights = dirichlet_weights(EDGES, np.array([0.2, 0.5, 0.3]), concentration)
        sound(weights)

    def test_where_every_gamma_quantile_is_too_small_for_a_number(self):
        # Shapes near zero put all weight on one sibling, with the mean as the probability of each.
        weights = dirichlet_weights(points(3, 2**12), np.array([0.6, 0.3, 0.1]), 3e-3)
        sound(weights)
        np.testing.assert_allclose(weights.mean(axis=0), [0.6, 0.3, 0.1], atol=0.02)

    def test_logarithms_say_what_the_quantiles_say(self, monkeypatch):
        u = 0.3 + 0.01 * points(3, 16)  # the quantiles are about 1e-52, of shape 0.01
        plain = dirichlet_weights(u, np.full(3, 1 / 3), 0.03)
        monkeypatch.setattr(simplex, "VANISHING", 1e-20)
        np.testing.assert_allclose(dirichlet_weights(u, np.full(3, 1 / 3), 0.03), plain, rtol=1e-9)

    def test_one_row_and_one_sibling(self):
        u = points(4, 2)
        assert (dirichlet_weights(u[0], self.mean, 5.0) == dirichlet_weights(u, self.mean, 5.0)[0]).all()
        assert dirichlet_weights(np.array([0.3, 0.4]), np.array([0.0, 1.0]), 1e-3).tolist() == [0, 1]
        assert np.isfinite(dirichlet_weights(np.full(3, 1e-9), np.full(3, 1 / 3), 1e-3)).all()


class TestBand:
    def test_by_hand(self):
        # 6 x 1.25 and 2 x 0.75 of 9
        np.testing.assert_allclose(
            band_weights(np.array([1, 0]), np.array([6, 2]), 0.25), [7.5 / 9, 1.5 / 9], rtol=1e-14
        )

    def test_the_middle_is_what_was_declared(self):
        assert band_weights(np.full((2, 3), 0.5), np.array([1, 0, 3]), 0.7).tolist() == [[0.25, 0, 0.75]] * 2

    def test_edges(self):
        for share in (0.0, 0.5, 1.0):
            weights = band_weights(EDGES, np.array([1.0, 0.0, 3.0]), share)
            sound(weights)
            np.testing.assert_allclose(weights[[0, 2]], [[0.25, 0, 0.75]] * 2, rtol=1e-14)


class TestLinearExtensions:
    def test_by_hand(self):
        assert linear_extensions(3, [(1, 0), (1, 2)]).tolist() == [[1, 0, 2], [1, 2, 0]]
        assert linear_extensions(3, [(2, 1), (1, 0), (2, 0)]).tolist() == [[2, 1, 0]]
        assert linear_extensions(1, []).tolist() == [[0]]

    def test_counts_in_closed_form(self):
        assert len(linear_extensions(6, [])) == math.factorial(6)
        # two chains of 5 shuffled into each other; 2 x 4 standard Young tableaux, a Catalan number
        chains = [(one, one + 1) for one in range(9) if one != 4]
        assert len(linear_extensions(10, chains)) == math.comb(10, 5)
        rows = [(one, one + 1) for one in range(7) if one != 3] + [(one, one + 4) for one in range(4)]
        assert len(linear_extensions(8, rows)) == 14

    @pytest.mark.parametrize(
        ("pairs", "which"), [([(0, 1), (1, 0)], "0, 1"), ([(3, 1), (1, 2), (2, 3), (3, 0)], "1, 2, 3"), ([(2, 2)], "2")]
    )
    def test_circles_are_refused(self, pairs, which):
        with pytest.raises(
            MethodError, match=f"run in a circle through the siblings {which}\\. Leave one of these pairs out"
        ) as caught:
            linear_extensions(12, pairs)
        assert caught.value.faults[0].where == "weights"

    def test_too_many_are_refused_and_one_less_is_not(self, monkeypatch):
        with pytest.raises(MethodError, match=r"more than 50,000 orders of the 9 siblings agree with the pairs"):
            linear_extensions(9, [])
        monkeypatch.setattr(simplex, "EXTENSIONS", 24)
        assert len(linear_extensions(4, [])) == 24
        monkeypatch.setattr(simplex, "EXTENSIONS", 23)
        with pytest.raises(MethodError, match="more than 23"):
            linear_extensions(4, [])


class TestOrdered:
    def test_by_hand(self):
        u = 1 - 0.5 ** np.array([1, 2, 5])  # weights of 1/8, 2/8 and 5/8
        extensions = np.array([[1, 0, 2], [2, 1, 0]])
        found = ordered_weights(np.tile(u, (4, 1)), np.array([0, 0.49, 0.5, 1]), extensions)
        np.testing.assert_allclose(found * 8, [[2, 5, 1], [2, 5, 1], [1, 2, 5], [1, 2, 5]], rtol=1e-14)

    def test_a_complete_order_in_closed_form(self):
        # the k-th largest of m shares has the mean (1 / m) (1 / k + ... + 1 / m)
        u = points(5)
        weights = ordered_weights(u[:, :4], u[:, 4], linear_extensions(4, [(3, 1), (1, 0), (0, 2)]))
        means = [sum(1 / j for j in range(k, 5)) / 4 for k in range(1, 5)]
        np.testing.assert_allclose(weights[:, [3, 1, 0, 2]].mean(axis=0), means, atol=5e-4)

    @pytest.mark.parametrize("pairs", [[(0, 1), (0, 2)], [(0, 1), (2, 1), (3, 2)], []])
    def test_as_rejection_has_it(self, pairs):
        u = points(5)
        weights = ordered_weights(u[:, :4], u[:, 4], linear_extensions(4, pairs))
        sound(weights)
        assert all((weights[:, more] >= weights[:, less]).all() for more, less in pairs)
        free = uniform_weights(np.random.default_rng(1).random((60_000, 4)))
        kept = free[np.all([free[:, more] >= free[:, less] for more, less in pairs], axis=0)] if pairs else free
        np.testing.assert_allclose(weights.mean(axis=0), kept.mean(axis=0), atol=6e-3)
        np.testing.assert_allclose(np.cov(weights.T), np.cov(kept.T), atol=2e-3)
        for x in (0.1, 0.3, 0.5):
            np.testing.assert_allclose((weights > x).mean(axis=0), (kept > x).mean(axis=0), atol=0.02)

    def test_every_order_is_drawn_as_often(self):
        extensions = linear_extensions(4, [(0, 1)])
        u = np.random.default_rng(1).random((1200, 4))
        drawn = ordered_weights(u, (np.arange(1200) + 0.5) / 1200, extensions)
        _, counts = np.unique(np.argsort(-drawn, axis=1), axis=0, return_counts=True)
        assert counts.tolist() == [100] * 12

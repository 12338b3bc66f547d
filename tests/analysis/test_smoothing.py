"""The correlation ratio: where it is known."""

import numpy as np
import pytest

from softpower.analysis.smoothing import CELLS, correlation_ratio

RNG = np.random.default_rng(7)


def test_a_straight_line_explains_all():
    x = RNG.normal(size=30)
    assert correlation_ratio(x, 3 - 2 * x) == pytest.approx(1)


def test_a_parabola_is_seen_where_a_correlation_is_blind():
    x = np.linspace(-1, 1, 60)
    assert abs(np.corrcoef(x, x**2)[0, 1]) < 1e-12
    assert correlation_ratio(x, x**2) > 0.99


def test_independent_numbers_explain_next_to_nothing():
    assert np.mean([correlation_ratio(*RNG.normal(size=(2, 200))) for _ in range(10)]) < 0.05


def test_the_parts_of_a_sum_explain_their_share_of_the_variance():
    # y = 2 a + b + c with like variances: 4/6, 1/6, 1/6.
    a, b, c = RNG.uniform(-1, 1, size=(3, 500))
    y = 2 * a + b + c
    assert correlation_ratio(a, y) == pytest.approx(4 / 6, abs=0.08)
    assert correlation_ratio(b, y) == pytest.approx(1 / 6, abs=0.08)


def test_neither_unit_nor_origin_matters():
    x, noise = RNG.normal(size=(2, 40))
    y = np.sin(3 * x) + 0.2 * noise
    assert correlation_ratio(1e6 * x - 5, -1e-7 * y) == pytest.approx(correlation_ratio(x, y))


def test_an_outlier_alone_in_its_place_is_no_reason_for_a_narrow_curve():
    x = np.append(np.linspace(0, 1, 20), 50.0)
    y = np.append(RNG.normal(size=20), 9.0)
    assert 0 < correlation_ratio(x, y) < 1


def fit(x, y, bandwidth, at):
    """The local line at one place, by weighted least squares of numpy."""
    root = np.exp(-0.25 * ((x - at) / bandwidth) ** 2)
    rows = np.column_stack([np.ones_like(x), x - at])
    return np.linalg.lstsq(rows * root[:, None], y * root, rcond=None)[0][0]


def test_the_bandwidth_is_the_one_that_predicts_each_case_best_from_the_others(monkeypatch):
    x = RNG.normal(size=30)
    y = np.sin(2 * x) + 0.3 * RNG.normal(size=30)
    x = x / x.std()
    found = {}
    for bandwidth in (0.3, 0.5, 1.0, 4.0):
        others = [fit(np.delete(x, i), np.delete(y, i), bandwidth, x[i]) for i in range(30)]
        explained = np.var([fit(x, y, bandwidth, at) for at in x]) / y.var()
        found[bandwidth] = (np.square(y - others).mean(), explained)
        monkeypatch.setattr("softpower.analysis.smoothing.BANDWIDTHS", (bandwidth,))
        assert correlation_ratio(x, y) == pytest.approx(explained, rel=1e-9)
    monkeypatch.setattr("softpower.analysis.smoothing.BANDWIDTHS", tuple(found))
    assert correlation_ratio(x, y) == pytest.approx(min(found.values())[1], rel=1e-9)
    assert len({round(explained, 3) for _, explained in found.values()}) == 4


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_no_square_leaves_the_range_of_numbers(size):
    x, y = RNG.normal(size=(2, 20))
    assert correlation_ratio(x * size, y * size) == pytest.approx(correlation_ratio(x, y))


class TestTies:
    """Cases that stand at one place, and none near: the curve is their mean."""

    def test_explains_what_lies_between_the_groups(self, monkeypatch):
        monkeypatch.setattr("softpower.analysis.smoothing.BANDWIDTHS", (1e-3,))
        # Means of 1 and 7 about 4; squares of 16, 4, 1 and 25.
        assert correlation_ratio(np.array([0.0, 0, 1, 1]), np.array([0.0, 2, 5, 9])) == pytest.approx(9 / 11.5)

    def test_half_of_a_pair_predicts_the_other_half(self, monkeypatch):
        monkeypatch.setattr("softpower.analysis.smoothing.BANDWIDTHS", (np.inf, 1e-3))
        x, y = np.array([0.0, 0, 1, 1, 2, 2]), np.array([0.0, 1, 9, 10, 0, 1])
        assert correlation_ratio(x, y) == pytest.approx(18 / (18 + 0.25))

    def test_one_that_stands_alone_predicts_nothing(self, monkeypatch):
        x, y = np.array([0.0, 0, 1, 1, 2]), np.array([0.0, 0, 9, 9, 0])
        found = []
        for bandwidths in ((np.inf,), (np.inf, 1e-3)):
            monkeypatch.setattr("softpower.analysis.smoothing.BANDWIDTHS", bandwidths)
            found.append(correlation_ratio(x, y))
        assert found[0] == found[1] < 1


@pytest.mark.parametrize("cells", [1, 50 * 7])
def test_cases_in_several_blocks_are_the_same_curve(monkeypatch, cells):
    x, noise = RNG.normal(size=(2, 50))
    whole = correlation_ratio(x, x**2 + noise)
    assert CELLS > 50**2
    monkeypatch.setattr("softpower.analysis.smoothing.CELLS", cells)
    assert correlation_ratio(x, x**2 + noise) == pytest.approx(whole)

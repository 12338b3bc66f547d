"""Moments and quantiles over cases, with gaps: by hand, and as scipy and numpy have them."""

import math

import numpy as np
import pytest
from scipy import stats

from softpower.steps import statistics

NAN = np.nan


def column(*cells):
    return np.array(cells, dtype=float)[:, None]


def test_by_hand():
    cells = column(1, NAN, 3, 8)
    assert statistics.count(cells) == [3]
    assert statistics.mean(cells) == [4]
    assert statistics.median(cells) == [3]
    # type 7: 0.75 of the way over two steps is half of the second, from 3 to 8
    assert statistics.quantile(cells, 0.75) == [5.5]
    assert statistics.quantile(cells, 0) == [1]
    assert statistics.quantile(cells, 1) == [8]


@pytest.mark.parametrize("count", [1024, 1025, 3000])
def test_a_long_sum_is_that_of_its_terms_along_either_axis(count):
    terms = np.random.default_rng(1).random((count, 3))
    expected = [math.fsum(column) for column in terms.T]
    assert statistics.total(terms).tolist() == pytest.approx(expected, rel=1e-14)
    assert statistics.total(terms.T, axis=-1).tolist() == pytest.approx(expected, rel=1e-14)
    assert statistics.total(np.full((1_000_000, 2), 0.1)).tolist() == pytest.approx([1e5, 1e5], rel=3e-13)


def test_skewness_by_hand():
    # 0, 0, 3 about 1: m2 = (1 + 1 + 4) / 3 = 2, m3 = (-1 - 1 + 8) / 3 = 2, sqrt(6) / 1 x 2 / 2^1.5 = sqrt(3)
    assert statistics.skewness(column(0, NAN, 0, 3)) == pytest.approx([np.sqrt(3)])


def test_kurtosis_by_hand():
    # 0, 0, 0, 4 about 1: m2 = 3, m4 = (3 + 81) / 4 = 21; 3 / (2 x 1) (5 (21 / 9 - 3) + 6) = 4
    assert statistics.kurtosis(column(0, 0, NAN, 0, 4)) == pytest.approx([4])


@pytest.mark.parametrize("shape", [(9, 4), (3, 9, 4)])
def test_as_scipy_and_numpy_have_them(shape):
    values = np.random.default_rng(1).lognormal(size=shape)
    values[..., 2, 1] = values[..., 5, 3] = NAN
    for ours, theirs in (
        (statistics.skewness(values), stats.skew(values, axis=-2, bias=False, nan_policy="omit")),
        (statistics.kurtosis(values), stats.kurtosis(values, axis=-2, bias=False, nan_policy="omit")),
        (statistics.mean(values), np.nanmean(values, axis=-2)),
        (statistics.median(values), np.nanmedian(values, axis=-2)),
        (statistics.quantile(values, 0.17), np.nanquantile(values, 0.17, axis=-2)),
    ):
        np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-12)


@pytest.mark.parametrize("cells", [(), (1,), (1, 5), (5, 5, 5, 5, 5), (0.1, 0.1, 0.1, 0.1)])
def test_what_is_undefined_is_missing(cells):
    cells = column(*cells, NAN)
    assert np.isnan(statistics.skewness(cells))
    assert np.isnan(statistics.kurtosis(cells))


def test_three_values_have_skewness_alone():
    assert statistics.skewness(column(1, 2, 6)) > 0
    assert np.isnan(statistics.kurtosis(column(1, 2, 6)))


def test_nothing_has_no_mean_and_no_quantile():
    assert np.isnan(statistics.mean(column(NAN, NAN)))
    assert np.isnan(statistics.median(column(NAN, NAN)))


@pytest.mark.parametrize("unit", [2.0**1000, 2.0**-900, -(2.0**1000)])
def test_no_power_overflows(unit):
    cells = column(1, 2, 3, 4, 50)
    assert statistics.skewness(cells * unit) == statistics.skewness(cells) * np.sign(unit)
    assert statistics.kurtosis(cells * unit) == statistics.kurtosis(cells)


def test_no_sum_overflows():
    assert statistics.mean(column(1.5e308, 1.5e308, 1.5e308)) == [1.5e308]
    assert statistics.mean(np.array([[1.5e308, 1], [1.5e308, 2]])).tolist() == [1.5e308, 1.5]


def test_a_small_spread_far_from_zero_keeps_its_shape():
    far = column(1, 2, 3, 4, 50) + 2.0**40
    assert statistics.skewness(far) == pytest.approx(statistics.skewness(column(1, 2, 3, 4, 50)), rel=1e-9)


def test_each_column_may_ask_for_a_quantile_of_its_own():
    values = np.random.default_rng(2).normal(size=(30, 2, 3))
    values[4:9, 0, 1] = values[:, 1, 2] = NAN
    shares = np.array([[0.0, 0.31, 1.0], [0.5, 0.99, 0.5]])
    found = statistics.quantile_of_sorted(np.sort(values, axis=0), shares)
    for place, share in np.ndenumerate(shares):
        there = values[(slice(None), *place)]
        expected = np.quantile(there[~np.isnan(there)], share) if place != (1, 2) else NAN
        assert found[place] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_between_equal_values_lies_no_other_and_between_huge_ones_a_number():
    share = np.linspace(0.0, 1.0, 101)
    equal = np.full((4, 101), 0.1)
    np.testing.assert_array_equal(statistics.quantile_of_sorted(equal, share), 0.1)
    huge = np.repeat([[-1.7e308], [1.7e308]], 101, axis=1)
    assert np.isfinite(statistics.quantile_of_sorted(huge, share)).all()


def test_of_no_values_there_is_no_quantile():
    assert np.isnan(statistics.quantile(np.empty((0, 3)), 0.5)).tolist() == [True] * 3

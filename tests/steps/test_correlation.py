"""Correlations: by hand, as numpy has them, and of numbers that are huge, tiny or close together."""

import numpy as np
import pytest

from softpower.steps.correlation import centred, correlation, correlation_matrix, of_length_one

TABLE = np.random.default_rng(0).lognormal(size=(40, 5))


def of(x, y):
    return float(correlation(centred(np.array(x, dtype=float)), centred(np.array(y, dtype=float))))


def test_by_hand():
    # 1, 2, 3 and 1, 3, 2 about 2: -1, 0, 1 and -1, 1, 0; the products add up to 1, the squares to 2 each
    assert of([1, 2, 3], [1, 3, 2]) == pytest.approx(1 / 2)
    assert of([1, 2, 3], [30, 20, 10]) == -1.0
    assert np.isnan(of([1, 2, 3], [7, 7, 7]))


def test_as_numpy_has_them():
    expected = np.corrcoef(TABLE, rowvar=False)
    np.testing.assert_allclose(correlation_matrix(TABLE), expected, rtol=0, atol=1e-14)
    x = centred(TABLE)
    np.testing.assert_allclose(correlation(x[:, :, None], x[:, None, :]), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_the_unit_does_not_matter(unit):
    np.testing.assert_allclose(correlation_matrix(TABLE * unit), correlation_matrix(TABLE), rtol=0, atol=1e-14)


def test_the_ends_of_all_numbers_are_no_infinity():
    assert of([-1.7e308, 0.0, 1.7e308], [1, 2, 3]) == pytest.approx(1.0)


def test_numbers_close_together_lose_no_digit():
    far = 2.0**40 + np.rint(TABLE * 2**10) / 2**10  # binary fractions, which are kept as they are
    np.testing.assert_allclose(
        correlation_matrix(far), np.corrcoef(np.rint(TABLE * 2**10), rowvar=False), rtol=0, atol=1e-14
    )


def test_what_is_missing_counts_as_the_mean():
    np.testing.assert_array_equal(centred(np.array([np.nan, 0.0, 4.0, 8.0])), [0.0, -0.5, 0.0, 0.5])


def test_columns_of_length_one():
    made = of_length_one(TABLE)
    np.testing.assert_allclose(made.sum(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(np.square(made).sum(axis=0), 1.0, rtol=1e-14)
    np.testing.assert_array_equal(np.diag(correlation_matrix(TABLE)), 1.0)

"""Statistics of indicators, and what is identical: by hand, and as numpy and scipy have it."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from softpower import MethodError
from softpower.analysis.description import describe, identical

NAN = np.nan


def test_by_hand():
    found = describe(np.array([[0.0, 4, NAN], [3, 4, NAN], [0, NAN, NAN], [9, 1, NAN]]))
    assert found.available.tolist() == [4, 3, 0]
    assert found.zeros.tolist() == [2, 0, 0]
    assert found.distinct.tolist() == [3, 2, 0]
    assert found.most_alike.tolist() == [2, 2, 0]
    assert found.least[:2].tolist() == [0, 1]
    assert found.greatest[:2].tolist() == [9, 4]
    assert found.mean[:2].tolist() == [3, 3]
    assert found.median[:2].tolist() == [1.5, 4]
    # squares about 3: 9, 0, 9, 36 over 3; 1, 1, 4 over 2
    assert found.deviation[:2].tolist() == pytest.approx([18**0.5, 3**0.5])
    for name in ("least", "greatest", "mean", "median", "deviation", "skewness", "kurtosis"):
        assert np.isnan(getattr(found, name)[2])


def test_as_numpy_and_scipy_have_it():
    rng = np.random.default_rng(3)
    values = rng.integers(0, 6, size=(30, 4)).astype(float)
    values[rng.uniform(size=values.shape) < 0.2] = NAN
    found = describe(values)
    for place, column in enumerate(values.T):
        there = column[~np.isnan(column)]
        assert found.available[place] == len(there)
        assert found.distinct[place] == len(set(there))
        assert found.most_alike[place] == max(Counter(there).values())
        assert found.deviation[place] == pytest.approx(there.std(ddof=1), rel=1e-12)
        assert found.skewness[place] == pytest.approx(stats.skew(there, bias=False), rel=1e-12)
        assert found.kurtosis[place] == pytest.approx(stats.kurtosis(there, bias=False), rel=1e-12)


def test_a_value_alone_has_no_deviation():
    found = describe(np.array([[2.0], [NAN]]))
    assert np.isnan(found.deviation).all()
    assert found.mean.tolist() == [2]


def test_no_case_at_all():
    found = describe(np.empty((0, 2)))
    assert found.available.tolist() == found.distinct.tolist() == found.most_alike.tolist() == [0, 0]
    assert np.isnan(found.mean).all()


def test_no_square_leaves_the_range_of_numbers():
    assert describe(np.array([[1e300], [3e300]])).deviation == pytest.approx([2**0.5 * 1e300])


def test_a_frame_has_a_row_for_each_indicator():
    frame = describe(np.array([[1.0, 2], [3, 4]])).to_frame(["a", "b"])
    assert frame.index.tolist() == ["a", "b"]
    assert frame.loc["b", ["available", "mean"]].tolist() == [2, 3]


class TestIdentical:
    VALUES = np.array([[1.0, 2, NAN], [3, 4, 5], [1, 2, NAN], [3, 4, 5], [1, 2, 0], [-0.0, 0, 0], [0, 0, 0]])

    def test_cases_gaps_included(self):
        assert identical(self.VALUES) == ((0, 2), (1, 3), (5, 6))

    def test_indicators(self):
        values = np.array([[1.0, 1, NAN, 1], [NAN, NAN, 2, 3], [5, 5, 5, 5]])
        assert identical(values, "indicators") == ((0, 1),)

    def test_what_has_no_value_is_like_nothing(self):
        assert identical(np.full((3, 2), NAN)) == ()

    def test_nothing_is_alike_where_all_differ(self):
        assert identical(np.arange(6.0).reshape(3, 2)) == ()
        assert identical(np.empty((0, 2))) == ()

    def test_three_of_a_kind_are_one_group(self):
        assert identical(np.array([[1.0], [2], [1], [1]])) == ((0, 2, 3),)

    def test_another_axis_is_refused(self):
        with pytest.raises(MethodError, match="there is no axis 'rows'"):
            identical(self.VALUES, "rows")

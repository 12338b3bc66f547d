"""Which cases or indicators are the same, by hand."""

import numpy as np
import pytest

from softpower import MethodError
from softpower.analysis.alike import identical

NAN = np.nan


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

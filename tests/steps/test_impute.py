"""Gaps filled by hand: over cases, within groups, along periods; and what is refused."""

import numpy as np
import pytest

from softpower.errors import MethodError
from softpower.registry import IMPUTE
from softpower.steps.impute import group_mean, group_median, last_observation, linear, mean, median
from softpower.steps.layout import Layout

NAN = np.nan


def table(*rows):
    return np.array(rows, dtype=float)


def grouped(codes, indicators=("visits",)):
    codes = np.array(codes)
    return Layout(indicators, np.zeros(len(indicators), dtype=int), np.arange(len(codes)), groups={"region": codes})


def timed(cases, times):
    return Layout(("visits",), np.zeros(1, dtype=int), np.array(cases), np.array(times, dtype=float))


def same(got, expected):
    # Fifteen digits: a third of the way is no number of the machine.
    np.testing.assert_allclose(got, np.array(expected, dtype=float).reshape(np.shape(got)), rtol=1e-15, atol=0)


def test_all_are_registered():
    names = {"mean", "median", "group_mean", "group_median", "last_observation", "linear", "regression", "multiple"}
    assert names <= set(IMPUTE)


class TestOverCases:
    VALUES = table([1, 10], [NAN, 20], [2, NAN], [9, 30])
    LAYOUT = Layout.plain(4, ("visits", "students"))

    def test_mean(self):
        # (1 + 2 + 9) / 3 = 4
        same(mean(self.VALUES, self.LAYOUT), [[1, 10], [4, 20], [2, 20], [9, 30]])

    def test_median(self):
        same(median(self.VALUES, self.LAYOUT), [[1, 10], [2, 20], [2, 20], [9, 30]])

    @pytest.mark.parametrize("method", [mean, median])
    def test_each_draw_by_itself(self, method):
        both = np.stack([self.VALUES, self.VALUES * 3])
        same(method(both, self.LAYOUT), np.stack([method(one, self.LAYOUT) for one in both]))

    @pytest.mark.parametrize("method", [mean, median])
    def test_what_was_given_is_not_changed(self, method):
        before = self.VALUES.copy()
        method(self.VALUES, self.LAYOUT)
        same(self.VALUES, before)

    @pytest.mark.parametrize("name", ["mean", "median"])
    def test_what_nobody_observed_is_refused_by_name(self, name):
        says = f"impute = '{name}': students: no case has a value. Leave the indicator out, or keep its gaps."
        lacks = table([1, NAN], [2, NAN])
        for values in (lacks, np.stack([table([1, 5], [2, 6]), lacks]), np.stack([lacks, lacks])[:, None]):
            with pytest.raises(MethodError) as caught:
                IMPUTE[name].function(values, Layout.plain(2, ("visits", "students")))
            assert str(caught.value) == says


class TestWithinGroups:
    def test_mean(self):
        values = table([1], [NAN], [3], [10], [NAN], [NAN], [50])
        same(group_mean(values, grouped([0, 0, 0, 1, 1, 1, 1]), group="region"), [1, 2, 3, 10, 30, 30, 50])

    def test_median(self):
        values = table([1], [NAN], [3], [50], [7], [NAN])
        same(group_median(values, grouped([0, 0, 0, 0, 1, 1]), group="region"), [1, 3, 3, 50, 7, 7])

    def test_each_draw_by_itself(self):
        draws = np.array([[[1], [NAN]], [[NAN], [4]]])
        same(group_mean(draws, grouped([3, 3]), group="region"), [[[1], [1]], [[4], [4]]])

    def test_gaps_of_one_draw_are_refused(self):
        draws = np.array([[[1], [NAN], [5]], [[1], [2], [5]]])
        with pytest.raises(MethodError, match="no case has a value in the 'region' of row 2"):
            group_mean(draws, grouped([0, 1, 0]), group="region")

    def test_a_row_of_no_group_keeps_its_value(self):
        same(group_mean(table([1], [NAN], [9]), grouped([0, 0, -1]), group="region"), [1, 1, 9])

    def test_rows_of_no_group_are_no_group(self):
        with pytest.raises(MethodError, match="row 2 has neither a value nor a known 'region'"):
            group_mean(table([9], [NAN], [1]), grouped([-1, -1, 0]), group="region")

    @pytest.mark.parametrize("name", ["group_mean", "group_median"])
    @pytest.mark.parametrize("codes", [(0, 1, 1, -1), (1, 0, 0, -1)])
    def test_gaps_that_no_group_fills_are_refused_all_at_once(self, name, codes):
        values = table([1, 1], [NAN, NAN], [NAN, NAN], [NAN, 5])
        layout = grouped(codes, ("visits", "students"))
        with pytest.raises(MethodError) as caught:
            IMPUTE[name].function(values, layout, group="region")
        where = f"impute = '{name}'"
        mend = "Impute by 'mean', or by a coarser group, or leave the indicator out."
        assert [(one.where, one.what, one.mend) for one in caught.value.faults] == [
            (f"{where}: visits", "row 4 has neither a value nor a known 'region'", f"Say its 'region'. {mend}"),
            (f"{where}: visits", "no case has a value in the 'region' of row 2", mend),
            (f"{where}: students", "no case has a value in the 'region' of row 2", mend),
        ]

    @pytest.mark.parametrize("name", ["group_mean", "group_median"])
    def test_an_unknown_group_is_refused(self, name):
        with pytest.raises(MethodError, match=r"there is no group 'regio'\. Did you mean 'region'"):
            IMPUTE[name].function(table([1]), grouped([0]), group="regio")


class TestAlongPeriods:
    def test_last_observation_up_to_the_maximum(self):
        layout = timed([0] * 5, range(2010, 2015))
        values = table([NAN], [7], [NAN], [NAN], [NAN])
        same(last_observation(values, layout, maximum_gap=2), [NAN, 7, 7, 7, NAN])
        same(last_observation(values, layout, maximum_gap=9), [NAN, 7, 7, 7, 7])

    def test_linear_fills_a_gap_whole_or_not_at_all(self):
        layout = timed([0] * 6, range(2010, 2016))
        values = table([NAN], [1], [NAN], [NAN], [7], [NAN])
        same(linear(values, layout, maximum_gap=2), [NAN, 1, 3, 5, 7, NAN])
        same(linear(values, layout, maximum_gap=1), values)

    def test_cases_are_kept_apart_in_any_order_of_rows(self):
        # case 0 has 1, a gap and 3, case 1 has 20 between two gaps
        layout = timed([1, 0, 1, 0, 1, 0], [2012, 2012, 2011, 2011, 2010, 2010])
        values = table([NAN], [3], [20], [NAN], [NAN], [1])
        same(last_observation(values, layout, maximum_gap=5), [20, 3, 20, 1, NAN, 1])
        same(linear(values, layout, maximum_gap=5), [NAN, 3, 20, 2, NAN, 1])

    def test_a_line_follows_the_years_not_the_rows(self):
        # a third of the way from 2010 to 2016
        same(linear(table([0], [NAN], [9]), timed([0] * 3, [2010, 2012, 2016]), maximum_gap=1), [0, 3, 9])

    def test_a_period_passes_where_a_case_has_no_row(self):
        # case 1 has rows in 2011 and 2012, which case 0 lacks
        layout = timed([0, 0, 0, 1, 1], [2010, 2013, 2014, 2011, 2012])
        values = table([5], [NAN], [9], [1], [1])
        same(last_observation(values, layout, maximum_gap=2), values)
        same(last_observation(values, layout, maximum_gap=3), [5, 5, 9, 1, 1])
        same(linear(values, layout, maximum_gap=2), values)
        same(linear(values, layout, maximum_gap=3), [5, 8, 9, 1, 1])

    def test_each_draw_and_each_indicator_by_itself(self):
        layout = Layout(("a", "b"), np.zeros(2, dtype=int), np.zeros(3, dtype=int), np.array([1.0, 2.0, 3.0]))
        draws = np.array([[[1, NAN], [NAN, 2], [3, NAN]], [[NAN, 1], [5, NAN], [NAN, 9]]])
        same(linear(draws, layout, maximum_gap=1), [[[1, NAN], [2, 2], [3, NAN]], [[NAN, 1], [5, 5], [NAN, 9]]])
        same(last_observation(draws, layout, maximum_gap=1), [[[1, NAN], [1, 2], [3, 2]], [[NAN, 1], [5, 1], [5, 9]]])

    @pytest.mark.parametrize("method", [linear, last_observation])
    def test_the_gap_of_a_row_alone_stays(self, method):
        same(method(table([NAN]), timed([0], [2010]), maximum_gap=1), [NAN])

    def test_between_equal_values_lies_no_other(self):
        layout = timed([0] * 4, [0, 1, 2, 3])
        assert linear(table([0.1], [NAN], [NAN], [0.1]), layout, maximum_gap=2).ravel().tolist() == [0.1] * 4

    @pytest.mark.parametrize("name", ["last_observation", "linear"])
    def test_what_has_no_meaning_is_refused(self, name):
        method = IMPUTE[name].function
        with pytest.raises(MethodError, match=r"rows have no periods to look along\. Impute over the cases"):
            method(table([1]), Layout.plain(1, ("visits",)), maximum_gap=1)
        with pytest.raises(MethodError, match="rows 1 and 3 are of one case and one period"):
            method(table([1], [2], [3]), timed([0, 1, 0], [2010, 2010, 2010]), maximum_gap=1)
        with pytest.raises(MethodError, match="rows 1 and 2 are of one case and one period"):
            method(table([1], [2], [3], [4]), timed([0, 0, 1, 1], [2010] * 4), maximum_gap=1)
        with pytest.raises(MethodError, match="maximum_gap is 0"):
            method(table([1]), timed([0], [2010]), maximum_gap=0)
        with pytest.raises(MethodError, match="parameter 'maximum_gap' is missing"):
            IMPUTE[name].check({})

"""Values against goalposts (linear, logarithmic, with parity, clipped, reflected) and among the other cases."""

import math
from typing import ClassVar

import numpy as np
import pytest

from properties.strategies import Engine, framework, indicator, study, variable
from softpower.errors import MethodError
from softpower.registry import NORMALISE, Method
from softpower.steps.normalise import Scales, clipped, goalposts, normalise

GOALPOSTS = NORMALISE["goalposts"]


def scales(low, high, *, parity=math.nan, log=False, better="higher"):
    one = (low, high, parity, log, better == "higher")
    return Scales(*(np.array([part]) for part in one))


def scores(values, *posts, **more):
    return normalise(GOALPOSTS, {}, np.array(values, dtype=float)[:, None], scales(*posts, **more)).ravel().tolist()


class TestLinear:
    def test_low_is_0_and_high_is_100(self):
        # 40 units are 100 points, so 10 are 25
        assert scores([20, 30, 40, 60], 20, 60) == [0, 25, 50, 100]

    def test_goalposts_may_lie_below_zero(self):
        assert scores([-2, -1, 0, 2], -2, 2) == [0, 25, 50, 100]

    def test_beyond_a_goalpost_counts_as_the_goalpost(self):
        assert scores([-5, 19.9, 60.1, 1e12], 20, 60) == [0, 0, 100, 100]


class TestLog:
    def test_equal_factors_are_equal_points(self):
        # 1, 10, 100 are two factors of ten
        assert scores([1, 10, 100], 1, 100, log=True) == pytest.approx([0, 50, 100])

    def test_at_a_third_of_the_way(self):
        # from 2 to 16 are three doublings
        assert scores([4, 8], 2, 16, log=True) == pytest.approx([100 / 3, 200 / 3])

    def test_zero_counts_as_the_low_goalpost(self):
        assert scores([0, -3, 1000], 1, 100, log=True) == [0, 0, 100]


class TestParity:
    def test_is_50_and_linear_on_either_side(self):
        # 0 to 0.2 are the lower 50 points, 0.2 to 1 the upper 50
        assert scores([0, 0.1, 0.2, 0.6, 1], 0, 1, parity=0.2) == pytest.approx([0, 25, 50, 75, 100])

    def test_is_clipped_too(self):
        assert scores([-1, 2], 0, 1, parity=0.2) == [0, 100]

    def test_on_a_logarithmic_scale(self):
        # one factor of ten below the parity of 10, two above: 100 is half of the upper way
        assert scores([1, math.sqrt(10), 10, 100, 1000], 1, 1000, parity=10, log=True) == pytest.approx(
            [0, 25, 50, 75, 100]
        )


class TestDirection:
    def test_lower_is_better_is_reflected(self):
        assert scores([20, 30, 60, 99], 20, 60, better="lower") == [100, 75, 0, 0]

    def test_with_parity(self):
        assert scores([0.1, 0.2, 0.6], 0, 1, parity=0.2, better="lower") == pytest.approx([75, 50, 25])

    def test_with_logarithms_the_score_is_reflected_not_the_value(self):
        assert scores([2, 4, 16], 2, 16, log=True, better="lower") == pytest.approx([100, 200 / 3, 0])

    def test_a_scale_without_ends_changes_its_sign(self):
        signed = Method("normalise", "as_is", lambda values, _: values)
        two = Scales(*(np.array(part) for part in ([0, 0], [1, 1], [math.nan] * 2, [False] * 2, [True, False])))
        assert normalise(signed, {}, np.array([[3.0, 3.0]]), two).tolist() == [[3, -3]]

    def test_a_scale_with_other_ends_is_reflected_between_them(self):
        method = Method("normalise", "as_is", lambda values, _: values, ends=(1.0, 7.0))
        assert normalise(method, {}, np.array([[2.0]]), scales(0, 1, better="lower")).tolist() == [[6]]

    def test_parameters_reach_the_method(self):
        method = Method("normalise", "times", lambda values, _, *, by: values * by)
        assert normalise(method, {"by": 3.0}, np.array([[2.0]]), scales(0, 1)).tolist() == [[6]]


def test_a_gap_stays_a_gap():
    gaps = [scores([math.nan], 1, 2, parity=parity, log=log) for parity in (math.nan, 1.5) for log in (False, True)]
    assert np.isnan(gaps).all()


def test_each_indicator_has_its_own_scale_and_leading_axes_are_draws():
    both = Scales(*(np.array(part) for part in ([0, 1], [10, 100], [math.nan, math.nan], [False, True], [True, True])))
    values = np.array([[[5.0, 10.0]], [[10.0, 1.0]]])
    assert goalposts(values, both) == pytest.approx(np.array([[[50, 50]], [[100, 0]]]))


def test_clipped_says_beyond_which_goalpost():
    values = np.array([[-1.0], [0.0], [1.0], [1.1], [math.nan]])
    assert clipped(values, scales(0, 1)).ravel().tolist() == ["low", "", "", "high", ""]


def test_scales_of_indicators():
    specs = framework(
        {
            "plain": indicator("v", low=0.1, high=0.9),
            "other": indicator("v", low=0.2, high=0.8, parity=0.4, log=True, better="lower"),
        },
        {"v": variable()},
    )
    made = Engine(study(specs, [])).scales
    assert made.low.tolist() == [0.1, 0.2]
    assert made.high.tolist() == [0.9, 0.8]
    assert np.isnan(made.parity[0])
    assert made.parity[1] == 0.4
    assert made.log.tolist() == [False, True]
    assert made.higher.tolist() == [True, False]


def across(name, cells, higher=True, **parameters):
    """The scores of one indicator's cases."""
    blank = np.array([math.nan])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([higher]), ("visits",))
    scores = normalise(NORMALISE[name], parameters, np.array(cells, dtype=float)[:, None], scales)
    return scores.ravel().tolist()


class TestAcrossCases:
    CELLS: ClassVar = [2, 3, math.nan, 6, 3]

    def test_min_max(self):
        # (3 - 2) / (6 - 2) is a quarter
        assert across("min_max", self.CELLS) == pytest.approx([0, 25, math.nan, 100, 25], nan_ok=True)

    def test_min_max_of_what_is_better_low(self):
        assert across("min_max", self.CELLS, higher=False) == pytest.approx([100, 75, math.nan, 0, 75], nan_ok=True)

    def test_min_max_to_other_ends(self):
        assert across("min_max", [2, 3, 6], low=1, high=5) == [1, 2, 5]

    def test_z_score(self):
        # 2, 4 and 6 lie around 4 with a deviation of 2 (squares 4 + 0 + 4 over n - 1 = 2)
        assert across("z_score", [2, math.nan, 4, 6]) == pytest.approx([-1, math.nan, 0, 1], nan_ok=True)
        assert across("z_score", [2, 4, 6], mean=50, deviation=10) == pytest.approx([40, 50, 60])
        assert across("z_score", [2, 4, 6], higher=False) == pytest.approx([1, 0, -1])

    @pytest.mark.parametrize(
        ("ties", "expected"),
        [
            ("lowest", [1, 2, math.nan, 4, 2]),
            ("average", [1, 2.5, math.nan, 4, 2.5]),
            ("highest", [1, 3, math.nan, 4, 3]),
        ],
    )
    def test_rank(self, ties, expected):
        assert across("rank", self.CELLS, ties=ties) == pytest.approx(expected, nan_ok=True)

    def test_rank_of_what_is_better_low(self):
        assert across("rank", self.CELLS, higher=False) == pytest.approx([4, 2, math.nan, 1, 2], nan_ok=True)

    def test_percentile_rank(self):
        # four cases: (rank - 1) / 3
        assert across("percentile_rank", self.CELLS) == pytest.approx([0, 100 / 3, math.nan, 100, 100 / 3], nan_ok=True)

    def test_what_nobody_observed_stays_a_gap(self):
        for name in ("min_max", "z_score", "rank", "percentile_rank"):
            assert all(map(math.isnan, across(name, [math.nan] * 3)))

    @pytest.mark.parametrize("name", ["min_max", "z_score"])
    @pytest.mark.parametrize("cells", [[5], [5, 5, 5], [5, math.nan]])
    def test_what_has_no_spread_is_refused(self, name, cells):
        with pytest.raises(MethodError, match=f"normalise = '{name}': visits: it has the same value in every case"):
            across(name, cells)

    @pytest.mark.parametrize("name", ["rank", "percentile_rank"])
    @pytest.mark.parametrize("cells", [[5], [math.nan, 5]])
    def test_one_case_has_no_rank(self, name, cells):
        with pytest.raises(MethodError, match="one case alone"):
            across(name, cells)

    def test_equal_cases_share_their_rank(self):
        assert across("rank", [5, 5, 5]) == [1, 1, 1]

    def test_ends_and_deviations_make_sense(self):
        with pytest.raises(MethodError, match="low 9 is not below high 1"):
            across("min_max", [1, 2], low=9, high=1)
        with pytest.raises(MethodError, match="the deviation 0 is not above zero"):
            across("z_score", [1, 2], deviation=0)

"""Values against goalposts (linear, logarithmic, with parity, clipped), fuzzy sets, and the one place of direction."""

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from properties.strategies import Engine, framework, indicator, study, variable
from softpower.errors import MethodError
from softpower.registry import NORMALISE, Method
from softpower.steps.normalise import Scales, beyond, goalposts, normalise

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

    def test_of_goalposts_below_one(self):
        assert scores([0.1, 1, 10], 0.1, 10, log=True) == pytest.approx([0, 50, 100])

    def test_of_goalposts_that_lie_next_to_each_other(self):
        # The way is a part in a thousand million: half of it is half of the logarithms too, but for 2e-8 points.
        low, step = 1e6, 3 * 2.0**-13
        assert scores([low, low + step, low + 2 * step], low, low + 2 * step, log=True) == pytest.approx(
            [0, 50, 100], abs=1e-6
        )

    def test_may_differ_from_draw_to_draw(self):
        log = np.array([[[True, False]], [[False, False]], [[False, True]]])
        posts = Scales(*(np.array([one, one]) for one in (1.0, 100.0, math.nan)), log, np.array([True, True]))
        got = goalposts(np.full((3, 1, 2), 10.0), posts)
        np.testing.assert_allclose(got[:, 0], [[50, 100 / 11], [100 / 11, 100 / 11], [100 / 11, 50]])

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


def test_indicators_with_and_without_parity_stand_side_by_side():
    low, high, parity = np.array([[10.0, 10], [50, 50], [np.nan, 20]])
    both = Scales(low, high, parity, np.array([False, False]), np.array([True, True]))
    got = goalposts(np.array([[10.0, 10], [20, 20], [30, 30], [50, 50]]), both)
    np.testing.assert_allclose(got, [[0, 0], [25, 50], [50, 50 + 50 / 3], [100, 100]])


class TestEnds:
    def test_other_ends(self):
        assert across_ends([20, 30, 60, 99], low=1, high=5) == [1, 2, 5, 5]

    def test_are_reflected_where_lower_is_better(self):
        assert across_ends([20, 30, 60], better="lower", low=1, high=5) == [5, 4, 1]

    def test_are_the_ends_of_the_scale(self):
        assert GOALPOSTS.scale({"low": 1.0}) == (1, 100)
        assert GOALPOSTS.scale({}) == (0, 100)

    def test_make_sense(self):
        with pytest.raises(MethodError, match="normalise = 'goalposts': low 9 is not below high 1"):
            across_ends([20], low=9, high=1)
        with pytest.raises(MethodError, match="normalise = 'goalposts': low 5 is not below high 5"):
            across_ends([20], low=5, high=5)

    def test_goalposts_that_are_not_there_are_refused(self):
        with pytest.raises(MethodError, match="normalise = 'goalposts': 0: the indicator has no goalposts"):
            scores([20], math.nan, math.nan)

    def test_without_clipping_there_are_none_but_scores_are_reflected_as_with_it(self):
        assert GOALPOSTS.scale({"clip": False}) is None
        assert GOALPOSTS.between({"clip": False, "high": 10.0}) == (0, 10)

    def test_without_clipping_the_line_goes_on(self):
        assert across_ends([10, 20, 60, 100], clip=False) == [-25, 0, 100, 200]
        assert across_ends([10, 100], better="lower", clip=False) == [125, -100]

    def test_without_clipping_on_either_side_of_parity(self):
        values = np.array([[-0.2], [0.1], [1.8]])
        got = goalposts(values, scales(0, 1, parity=0.2), clip=False)
        assert got.ravel().tolist() == pytest.approx([-50, 25, 150])

    def test_without_clipping_logarithms_need_values_above_zero(self):
        three = (np.array(part) for part in ([1, 1, 0], [10, 10, 10], [math.nan] * 3, [True, True, False], [True] * 3))
        values = np.array([[100.0, 10.0, 0.0], [1.0, 0.0, 1.0]])
        with pytest.raises(
            MethodError, match=r"goalposts': b: its goalposts are logarithmic .* Clip the values"
        ) as caught:
            goalposts(values, Scales(*three, ("a", "b", "c")), clip=False)
        assert len(caught.value.faults) == 1

    def test_values_are_not_changed(self):
        values = np.array([[10.0], [70.0]])
        for clip in (True, False):
            goalposts(values, scales(20, 60), clip=clip)
        assert values.ravel().tolist() == [10, 70]


def across_ends(values, better="higher", **parameters):
    column = np.array(values, dtype=float)[:, None]
    return normalise(GOALPOSTS, parameters, column, scales(20, 60, better=better)).ravel().tolist()


class TestScales:
    def test_some_indicators_keep_all_that_is_theirs(self):
        places, three = np.array([2, 0]), np.arange(3.0)
        whole = Scales(three, three + 10, three + 5, three > 1, three < 1, ("a", "b", "c"), three + 7, ("A", "B"))
        kept = whole.columns(places)
        assert (kept.names, kept.cases) == (("c", "a"), ("A", "B"))
        for part in ("low", "high", "parity", "log", "higher", "target"):
            assert getattr(kept, part).tolist() == getattr(whole, part)[places].tolist()

    def test_some_rows_keep_their_labels(self):
        whole = Scales(*[np.zeros(1)] * 3, *[np.zeros(1, dtype=bool)] * 2, ("a",), cases=("A", "B", "C"))
        assert list(whole.rows(np.array([2, 0])).cases) == ["C", "A"]


class TestFuzzy:
    def fuzzy(self, values, *posts, log_odds=3.0, **more):
        column = np.array(values, dtype=float)[:, None]
        return normalise(NORMALISE["fuzzy"], {"log_odds": log_odds}, column, scales(*posts, **more)).ravel()

    def odds(self, *log_odds):
        return pytest.approx([1 / (1 + math.exp(-one)) for one in log_odds])

    def test_anchors_have_log_odds_of_minus_3_0_and_3(self):
        assert self.fuzzy([2, 5, 15], 2, 15, parity=5) == self.odds(-3, 0, 3)
        assert self.fuzzy([2, 15], 2, 15, parity=5).round(3).tolist() == [0.047, 0.953]

    def test_between_and_beyond_the_anchors(self):
        # a third of the way from 5 down to 2, half of the way up to 15, and twice that way
        assert self.fuzzy([4, 10, 25], 2, 15, parity=5) == self.odds(-1, 1.5, 6)

    def test_income_per_head(self):
        # 5,000 is the crossover and 20,000 full membership in the developed countries: 15,000 has odds of 2
        assert self.fuzzy([15000, 3750], 2500, 20000, parity=5000) == self.odds(2, -1.5)

    def test_other_log_odds(self):
        assert self.fuzzy([2, 15], 2, 15, parity=5, log_odds=2) == self.odds(-2, 2)
        assert self.fuzzy([2, 15], 2, 15, parity=5, log_odds=0.5) == self.odds(-0.5, 0.5)

    def test_logarithmic(self):
        assert self.fuzzy([1, 10, 100, 1000, 0, -0.5, -1], 1, 1000, parity=10, log=True) == self.odds(
            -3, 0, 1.5, 3, -math.inf, -math.inf, -math.inf
        )

    def test_lower_is_better_is_the_negated_set(self):
        assert self.fuzzy([2, 5, 10], 2, 15, parity=5, better="lower") == self.odds(3, 0, -1.5)

    def test_far_away_is_all_or_nothing(self):
        assert self.fuzzy([-1e9, 1e9, math.nan], 2, 15, parity=5) == pytest.approx([0, 1, math.nan], nan_ok=True)

    def test_needs_three_anchors(self):
        two = Scales(*(np.array(one) for one in ([0, 0], [1, 1], [0.5, math.nan], [False] * 2, [True] * 2)), ("a", "b"))
        with pytest.raises(MethodError, match=r"'fuzzy': b: the indicator has no goalposts with a parity.*crossover"):
            normalise(NORMALISE["fuzzy"], {}, np.zeros((1, 2)), two)

    def test_log_odds_make_sense(self):
        with pytest.raises(MethodError, match="the log odds 0 are not above zero"):
            self.fuzzy([1], 2, 15, parity=5, log_odds=0)


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

    def test_a_signed_method_sees_values_and_targets_with_their_sign_turned(self):
        method = Method("normalise", "to_target", lambda values, one: one.target - values, signed=True)
        two = (np.array(part) for part in ([0, 0], [1, 1], [math.nan] * 2, [False] * 2, [True, False]))
        both = Scales(*two, target=np.array([5.0, 5.0]))
        assert normalise(method, {}, np.array([[3.0, 3.0]]), both).tolist() == [[2, -2]]

    def test_a_reciprocal_method_sees_one_over_the_values(self):
        method = Method("normalise", "as_is", lambda values, _: values, reciprocal=True)
        two = Scales(*(np.array(part) for part in ([0, 0], [1, 1], [math.nan] * 2, [False] * 2, [True, False])))
        assert normalise(method, {}, np.array([[4.0, 4.0]]), two).tolist() == [[4, 0.25]]

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


def test_beyond_which_goalpost():
    values = np.array([[-1.0], [0.0], [1.0], [1.1], [math.nan]])
    assert beyond(values, scales(0, 1)).ravel().tolist() == ["low", "", "", "high", ""]


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


def test_scales_know_targets_and_cases():
    specs = framework({"plain": indicator("v"), "other": {**indicator("v"), "target": 0.7}}, {"v": variable()})
    made = Scales.of(Engine(study(specs, [])).profile.indicators, ["A", "B"])
    assert np.isnan(made.target[0])
    assert made.target[1] == 0.7
    assert list(made.cases) == ["A", "B"]


class TestGroups:
    BLANK: ClassVar = tuple(np.array([one]) for one in (math.nan, math.nan, math.nan, False, True))
    GROUPS: ClassVar = {2000: np.array([0, 1]), 2001: np.array([2, 3])}

    def test_each_has_its_own_reference(self):
        both = Scales(*self.BLANK, ("x",), cases=("A", "B", "A", "B"))
        method, values = NORMALISE["distance_to_reference"], np.array([[1.0], [3.0], [2.0], [6.0]])
        assert normalise(method, {"case": "B"}, values, both, self.GROUPS).ravel().tolist() == [0, 1, 0, 1]
        with pytest.raises(MethodError, match=r"the case 'B' has 2 rows.*apart"):
            normalise(method, {"case": "B"}, values, both)

    def test_memory_that_is_given_for_all_rows_is_none_of_a_group(self):
        values, posts = np.array([[1.0], [3.0], [2.0], [6.0]]), scales(0, 10)
        expected = normalise(GOALPOSTS, {}, values, posts, self.GROUPS)
        again = normalise(GOALPOSTS, {}, values, replace(posts, room=np.empty((4, 1))), self.GROUPS)
        assert again.tolist() == expected.tolist() == [[10], [30], [20], [60]]

    def test_faults_of_all_groups_are_reported_at_once(self):
        values = np.array([[1.0], [1.0], [math.nan], [6.0]])
        with pytest.raises(MethodError, match="2 faults") as caught:
            normalise(NORMALISE["min_max"], {}, values, Scales(*self.BLANK, ("x",)), self.GROUPS)
        assert [one.where for one in caught.value.faults] == [
            "2000: normalise = 'min_max': x",
            "2001: normalise = 'min_max': x",
        ]

"""Distances and shares, worked by hand, and what has none."""

import math

import numpy as np
import pandas as pd
import pytest

from softpower import Framework, score
from softpower.errors import MethodError
from softpower.registry import NORMALISE
from softpower.steps.normalise import Scales, normalise

GAP = math.nan


def one(name, cells, higher=True, target=GAP, **parameters):
    """The scores of one indicator's cases A, B, C ..."""
    blank = np.array([math.nan])
    cases = tuple("ABCDEFGH"[: len(cells)])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([higher]), ("visits",), np.array([target]), cases)
    scores = normalise(NORMALISE[name], parameters, np.array(cells, dtype=float)[:, None], scales)
    return scores.ravel().tolist()


def close(*expected):
    return pytest.approx(list(expected), nan_ok=True)


def refused(words, name, cells, **more):
    with pytest.raises(MethodError, match=f"normalise = '{name}': {words}"):
        one(name, cells, **more)


class TestToBest:
    def test_by_hand(self):
        assert one("distance_to_best", [2, 3, GAP, 6]) == close(0, 0.25, GAP, 1)
        assert one("distance_to_best", [2, 3, 6], higher=False) == close(1, 0.75, 0)

    @pytest.mark.parametrize("cells", [[5], [5, 5], [5, GAP]])
    def test_needs_two_values(self, cells):
        refused("visits: it has the same value in every case", "distance_to_best", cells)


class TestToTarget:
    def test_by_hand(self):
        # from 2 to the target of 6 are 4: 3 is a quarter of the way, 8 half of it beyond
        assert one("distance_to_target", [2, 3, GAP, 8], target=6) == close(0, 0.25, GAP, 1.5)
        assert one("distance_to_target", [2, 3, 8], target=6, capped=True) == close(0, 0.25, 1)

    def test_lower_is_better(self):
        # from 10 down to the target of 2 are 8
        assert one("distance_to_target", [10, 8, 1], higher=False, target=2) == close(0, 0.25, 1.125)
        assert one("distance_to_target", [10, 8, 1], higher=False, target=2, capped=True) == close(0, 0.25, 1)

    def test_refusals(self):
        refused("visits: the indicator has no target.*Give the indicator a target", "distance_to_target", [1, 2])
        for target in (1, 2):
            refused("visits: its target is no better than its worst case", "distance_to_target", [2, 3], target=target)
        refused("visits: its target is no better", "distance_to_target", [2, 3], target=3, higher=False)
        refused("visits: it has the same value in every case", "distance_to_target", [2, 2], target=5)

    def test_all_indicators_without_one_are_named_at_once(self):
        blank, yes = np.full(3, GAP), np.ones(3, dtype=bool)
        scales = Scales(blank, blank, blank, ~yes, yes, ("a", "b", "c"), np.array([GAP, 9.0, GAP]))
        with pytest.raises(MethodError) as caught:
            normalise(NORMALISE["distance_to_target"], {}, np.arange(6.0).reshape(2, 3), scales)
        assert [fault.where[-1] for fault in caught.value.faults] == ["a", "c"]
        plain = Scales(blank, blank, blank, ~yes, yes)
        with pytest.raises(MethodError, match="3 faults"):
            normalise(NORMALISE["distance_to_target"], {}, np.arange(6.0).reshape(2, 3), plain)

    def test_its_scale_has_ends_where_it_is_capped(self):
        assert NORMALISE["distance_to_target"].scale({"capped": True}) == (0, 1)
        assert NORMALISE["distance_to_target"].scale({}) is None

    def test_the_targets_of_a_framework(self):
        specs = {"x": {"title": "x", "dimension": "index", "target": 6.0}}
        specs["y"] = {"title": "y", "dimension": "index", "target": 0.0, "better": "lower"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "index"}}, "indicators": specs})
        table = pd.DataFrame({"x": [2.0, 4.0], "y": [4.0, 3.0]}, ["A", "B"])
        # B has gone a half of one way and a quarter of the other
        result = score(table, framework, methodology={"normalise": "distance_to_target"})
        assert result.composite.tolist() == [0, 0.375]


class TestToReference:
    def test_by_hand(self):
        assert one("distance_to_reference", [2, 4, GAP, 8], case="B") == close(0, 1, GAP, 3)
        assert one("distance_to_reference", [2, 4, 8], case="B", capped=True) == close(0, 1, 1)

    def test_lower_is_better(self):
        assert one("distance_to_reference", [2, 4, 8], case="B", higher=False) == close(1.5, 1, 0)

    def test_refusals(self):
        name = "distance_to_reference"
        refused("there is no case 'Z'. Known: A, B", name, [2, 4], case="Z")
        refused("visits: the reference case 'B' has no value. Choose another", name, [2, GAP, 4], case="B")
        refused("visits: the reference case 'A' is the worst", name, [2, 4], case="A")
        refused("visits: it has the same value in every case", name, [2, 2], case="A")

    def test_what_nobody_observed_stays_a_gap(self):
        assert one("distance_to_reference", [GAP, GAP], case="A") == close(GAP, GAP)

    def test_its_scale_has_ends_where_it_is_capped(self):
        assert NORMALISE["distance_to_reference"].scale({"case": "A", "capped": True}) == (0, 1)
        assert NORMALISE["distance_to_reference"].scale({"case": "A"}) is None


class TestShares:
    def test_of_the_best(self):
        assert one("share_of_best", [2, 3, GAP, 8, 0]) == close(0.25, 0.375, GAP, 1, 0)
        # the least of what is better low over the value
        assert one("share_of_best", [2, 3, GAP, 8], higher=False) == close(1, 2 / 3, GAP, 0.25)

    def test_of_the_mean(self):
        assert one("share_of_mean", [2, 4, GAP, 6]) == close(0.5, 1, GAP, 1.5)
        # the harmonic mean of 1, 3 and 3 is 3 / (1 + 1/3 + 1/3) = 1.8
        assert one("share_of_mean", [1, 3, 3], higher=False) == close(1.8, 0.6, 0.6)

    def test_of_the_worst(self):
        assert one("share_of_worst", [2, 3, GAP, 6]) == close(1, 1.5, GAP, 3)
        assert one("share_of_worst", [2, 3, 6], higher=False) == close(3, 2, 1)

    def test_equal_cases_have_equal_shares(self):
        for name in ("share_of_best", "share_of_mean", "share_of_worst"):
            assert one(name, [5, 5]) == [1, 1]

    @pytest.mark.parametrize("name", ["share_of_best", "share_of_mean", "share_of_worst"])
    def test_refusals(self, name):
        refused('visits: it has values below zero.*Use "min_max"', name, [-1, 2])
        refused("visits: it has values below zero", name, [-1, 2], higher=False)
        refused("visits: lower is better and it has zeros", name, [0, 2], higher=False)
        refused("visits: all its values are zero", name, [0, 0, GAP])
        refused("visits: it has one case alone", name, [3, GAP])

    def test_nothing_is_a_multiple_of_zero(self):
        refused("visits: its worst value is zero", "share_of_worst", [0, 2])

    def test_indicators_with_different_faults_are_named_together(self):
        blank, yes = np.full(3, GAP), np.ones(3, dtype=bool)
        scales = Scales(blank, blank, blank, ~yes, np.array([True, False, True]), ("a", "b", "c"))
        with pytest.raises(MethodError) as caught:
            normalise(NORMALISE["share_of_best"], {}, np.array([[-1.0, 0.0, 1.0], [1.0, 1.0, 2.0]]), scales)
        assert [str(fault).split(". ")[0] for fault in caught.value.faults] == [
            "normalise = 'share_of_best': a: it has values below zero, of which there is no share",
            "normalise = 'share_of_best': b: lower is better and it has zeros, or numbers next to zero",
        ]


class TestRelative:
    def test_to_the_mean(self):
        assert one("relative_difference", [2, 4, GAP, 6]) == close(-0.5, 0, GAP, 0.5)
        assert one("relative_difference", [2, 4, 6], higher=False) == close(0.5, 0, -0.5)
        # below a mean of -4
        assert one("relative_difference", [-2, -4, -6]) == close(0.5, 0, -0.5)

    def test_to_the_worst_and_the_best(self):
        assert one("relative_difference", [2, 3, 8], to="worst") == close(0, 0.5, 3)
        assert one("relative_difference", [2, 3, 8], to="best") == close(-0.75, -0.625, 0)
        # where lower is better 8 is the worst
        assert one("relative_difference", [2, 3, 8], to="worst", higher=False) == close(0.75, 0.625, 0)

    def test_refusals(self):
        refused("visits: its mean is zero", "relative_difference", [-1, 0, 1])
        # a mean that is zero but for rounding
        refused("visits: its mean is zero", "relative_difference", [0.1, 0.2, -0.3])
        refused("visits: its worst is zero", "relative_difference", [0, 1], to="worst")
        refused("visits: its best is zero", "relative_difference", [0, 1], to="best", higher=False)
        refused("visits: its best is zero", "relative_difference", [-1, 0.1 + 0.2 - 0.3], to="best")
        refused("visits: its mean is zero", "relative_difference", [0, 0])
        refused("visits: it has one case alone", "relative_difference", [GAP, 1])


class TestAboveOrBelow:
    def test_by_hand(self):
        # the mean is 10, the band from 8 to 12, its ends included
        cells = [7.9, 8, 10, 12, 12.1]
        assert one("above_or_below_mean", cells) == [-1, 0, 0, 0, 1]
        assert one("above_or_below_mean", cells, higher=False) == [1, 0, 0, 0, -1]
        assert one("above_or_below_mean", cells, band=0.0) == [-1, -1, 0, 1, 1]

    def test_rounding_does_not_lift_the_end_of_the_band_out_of_it(self):
        # 4.2 is 1.2 times the mean of 3.5
        assert one("above_or_below_mean", [2.8, 3.5, 4.2]) == [0, 0, 0]

    def test_gaps_and_equal_cases(self):
        assert one("above_or_below_mean", [5, GAP, 5]) == close(0, GAP, 0)

    def test_refusals(self):
        refused("the band -0.1 is below zero", "above_or_below_mean", [1, 2], band=-0.1)
        refused("visits: it has one case alone", "above_or_below_mean", [1])
        refused("visits: its mean is zero", "above_or_below_mean", [-1, 1])


def test_leading_axes_are_draws_and_each_indicator_has_its_own_scale():
    draws = np.random.default_rng(1).uniform(1, 9, size=(4, 6, 3))
    blank, yes = np.full(3, GAP), np.ones(3, dtype=bool)
    higher = np.array([True, False, True])
    scales = Scales(blank, blank, blank, ~yes, higher, (), np.array([9.0, 0.5, 9.0]), tuple("ABCDEF"))
    for name in ("distance_to_best", "distance_to_target", "share_of_best", "share_of_mean", "share_of_worst"):
        got = normalise(NORMALISE[name], {}, draws, scales)
        for draw in range(4):
            for place in range(3):
                column = draws[draw, :, place]
                alone = one(name, column, higher=higher[place], target=scales.target[place])
                np.testing.assert_allclose(got[draw, :, place], alone, rtol=1e-12)

"""Means up a tree by hand, with gaps and floors, and what each child contributes."""

import math
from typing import ClassVar

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower.engine import Engine
from softpower.errors import MethodError
from softpower.registry import AGGREGATE, Method
from softpower.scoring import score
from softpower.steps.aggregate import aggregate, contributions, floored, renormalised

PARTS = [[None, None], None]  # d0 (d1 (i0, i1), i2)
LEVELS = {"level0": "geometric", "level1": "arithmetic"}


def scores(tree, cells, weights=(), **methodology):
    result = score(scored(tree_specs(tree, weights), [cells], methodology=methodology))
    return dict(zip(result.nodes, result.score[0].tolist(), strict=True))


class TestTree:
    def test_arithmetic_at_every_level(self):
        # d1 = (1 x 20 + 3 x 60) / 4 = 50; (2 x 50 + 1 x 80) / 3
        got = scores([[None, None], None], [20, 60, 80], [1, 2, 1, 3, 1])
        assert (got["d1"], got["d0"]) == pytest.approx((50, 60))

    def test_one_method_for_each_level(self):
        # d2 = (20 + 60) / 2 = 40 arithmetic; d1 = sqrt(40 x 90) = 60 geometric; d0 = 2 / (1/60 + 1/20) = 30 harmonic
        levels = {"level0": "harmonic", "level1": "geometric", "level2": "arithmetic"}
        got = scores([[[None, None], None], None], [20, 60, 90, 20], aggregate=levels)
        assert [got[node] for node in ("d2", "d1", "d0")] == pytest.approx([40, 60, 30])

    def test_a_power_mean_at_one_level(self):
        # d1 = ((sqrt 16 + sqrt 64) / 2)^2 = 36; (36 + 64) / 2
        levels = {"level0": "arithmetic", "level1": {"method": "power", "p": 0.5}}
        assert scores([[None, None], None], [16, 64, 64], aggregate=levels)["d0"] == pytest.approx(50)

    def test_a_gap_gives_its_weight_to_its_siblings(self):
        # d1 = 60 alone, for 20 is missing; (2 x 60 + 90) / 3
        got = scores([[None, None], None], [None, 60, 90], [1, 2, 1, 3, 1])
        assert math.isnan(got["i0"])
        assert (got["d1"], got["d0"]) == pytest.approx((60, 70))

    def test_a_dimension_whose_children_are_all_missing_is_missing(self):
        got = scores([[None, None], None], [None, None, 90])
        assert math.isnan(got["d1"])
        assert got["d0"] == 90

    def test_weights_as_used_are_renormalised(self):
        # d0 of d1 (2), i2 (1); d1 of i0 (1), i1 (3), i0 missing
        result = score(scored(tree_specs([[None, None], None], [1, 2, 1, 3, 1]), [[None, 60, 90], [20, 60, None]]))
        assert result.nodes == ("i0", "i1", "i2", "d1", "d0")
        assert result.weight == pytest.approx(np.array([[0, 1, 1 / 3, 2 / 3, 1], [0.25, 0.75, 0, 1, 1]]))
        assert result.effective_weight == pytest.approx(np.array([[0, 2 / 3, 1 / 3, 2 / 3, 1], [0.25, 0.75, 0, 1, 1]]))

    def test_present_children_without_weight_do_not_make_a_score(self):
        got = scores([[None, None], None], [20, None, 90], [1, 1, 0, 1, 1])
        assert math.isnan(got["d1"])
        assert got["d0"] == 90


class TestFloor:
    def test_is_what_a_mean_that_needs_positive_scores_sees(self):
        # sqrt(1 x 81) = 9, 2 / (1/1 + 1/4) = 1.6, ((sqrt 1 + sqrt 81) / 2)^2 = 25
        assert scores([None, None], [0, 81], aggregate="geometric", floor=1)["d0"] == pytest.approx(9)
        assert scores([None, None], [0.5, 4], aggregate="harmonic", floor=1)["d0"] == pytest.approx(1.6)
        assert scores([None, None], [0, 81], aggregate={"method": "power", "p": 0.5}, floor=1)["d0"] == pytest.approx(
            25
        )

    def test_leaves_the_score_that_is_shown(self):
        assert scores([None, None], [0, 81], aggregate="geometric", floor=1)["i0"] == 0

    def test_does_not_touch_the_arithmetic_mean(self):
        assert scores([None, None], [0, 80], floor=10)["d0"] == 40

    def test_lifts_an_inner_node_too(self):
        # d1 = 0 arithmetic, seen as 4 above: sqrt(4 x 100)
        got = scores([[None, None], None], [0, 0, 100], aggregate=LEVELS, floor=4)
        assert (got["d1"], got["d0"]) == pytest.approx((0, 20))

    def test_floored(self):
        values = np.array([0.0, 5.0])
        assert floored(values, AGGREGATE["geometric"], 1.0).tolist() == [1, 5]
        assert floored(values, AGGREGATE["geometric"], None).tolist() == [0, 5]
        assert floored(values, AGGREGATE["arithmetic"], 1.0).tolist() == [0, 5]


def filled(engine, cells, gap):
    """Return the scores of the nodes where every gap counts as a score."""
    return aggregate(engine.tree, cells, engine.weights, engine.methods, engine.thresholds, gap=gap)


class TestGaps:
    """Bounds with every gap at an end of the scale."""

    def test_a_gap_counts_as_the_score_it_is_given(self):
        engine = Engine(scored(tree_specs([None, None, None]), [[30, None, 60]]))
        cells = np.array([[30.0, math.nan, 60.0]])
        assert engine.aggregate(cells)[0, -1] == 45
        assert filled(engine, cells, 0.0)[0, -1] == 30
        assert filled(engine, cells, 100.0)[0, -1] == pytest.approx(190 / 3)

    def test_all_weights_count_again(self):
        engine = Engine(scored(tree_specs([None, None], [1, 3, 1]), [[None, 60]]))
        assert filled(engine, np.array([[math.nan, 60.0]]), 100.0)[0, -1] == 90

    def test_a_node_that_is_not_kept_is_a_gap_itself(self):
        # d1 (gap, gap) is missing: not two gaps of its own but one above; d0 = (100 + 60) / 2
        engine = Engine(scored(tree_specs([[None, None], None]), [[None, None, 60]]))
        cells = np.array([[math.nan, math.nan, 60.0]])
        made = filled(engine, cells, 100.0)[0]
        assert math.isnan(made[3])
        assert made[4] == 80

    def test_a_node_whose_children_present_have_no_weight_is_a_gap_itself(self):
        # d1 (0 x 20, 1 x gap) is missing, and in d0 a gap of 100 beside 60
        engine = Engine(scored(tree_specs(PARTS, [1, 1, 0, 1, 1]), [[20, None, 60]]))
        made = filled(engine, np.array([[20.0, math.nan, 60.0]]), 100.0)[0]
        assert math.isnan(made[3])
        assert made[4] == 80

    def test_a_node_that_the_threshold_drops_stays_dropped(self):
        missing = {"method": "available", "threshold": 0.6}
        profile = scored(tree_specs([[None, None], None]), [[10, None, 60]], methodology={"missing": missing})
        result = score(profile)
        assert np.isnan(result.gap_low[0, 3:]).all()
        assert np.isnan(result.gap_high[0, 3:]).all()


class TestMethodsOfOnesOwn:
    """A method reads the scores of the tree: it cannot change them, and a missing child is a harmless one."""

    def run(self, function, cells):
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]]))
        methods = {level: (Method("aggregate", "own", function), {}) for level in engine.methods}
        return aggregate(engine.tree, np.array(cells), engine.weights, methods, engine.thresholds)

    def test_cannot_change_the_scores(self):
        def spoiling(values, _weights):
            values[...] = 0.0
            return values.sum(axis=-1)

        with pytest.raises(MethodError, match=r"aggregate = 'own': .*\(ValueError: .*read-only\)"):
            self.run(spoiling, [[10.0, 20.0, 30.0]])

    def test_that_gives_one_draw_for_all_is_refused(self):
        def first(values, weights):
            return (values * weights).sum(axis=-1).reshape(-1)[: values.shape[-2]]

        # Of two draws of one case it says one number, which would be the score of both.
        with pytest.raises(MethodError, match=r"an array of float64 of shape \(1,\)\. .* of shape \(2, 1\)"):
            self.run(first, [[[10.0, 20.0, 30.0]], [[40.0, 50.0, 60.0]]])

    def test_that_says_of_parts_what_cannot_be_theirs_is_refused(self):
        mean = AGGREGATE["arithmetic"].function
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]]))
        for parts, says in (
            (lambda values, weights: np.nan, "it returned a value of type float"),  # noqa: ARG005 - a contract
            (lambda values, weights: values[:, :1], "it returned an array of float64 of shape"),  # noqa: ARG005
            (lambda values, weights: 1 / 0, "ZeroDivisionError"),  # noqa: ARG005
        ):
            methods = {level: (Method("aggregate", "own", mean, parts=parts), {}) for level in engine.methods}
            made = aggregate(engine.tree, np.ones((1, 3)), engine.weights, methods, engine.thresholds)
            with pytest.raises(MethodError, match=f"aggregate = 'own': .*{says}"):
                contributions(engine.tree, made, engine.weights, methods)

    def test_sees_one_where_a_child_is_missing(self):
        seen = []

        def watching(values, weights):
            seen.append((values.tolist(), weights.tolist()))
            return (values * weights).sum(axis=-1)

        self.run(watching, [[math.nan, 20.0, 30.0]])
        assert seen[0] == ([[1.0, 20.0]], [[0.0, 1.0]])

    def test_sees_no_weight_in_a_case_that_has_no_score(self):
        seen = []

        def watching(values, weights):
            seen.append(weights.tolist())
            return (values * weights).sum(axis=-1)

        self.run(watching, [[10.0, 20.0, 30.0], [math.nan, math.nan, 30.0]])
        assert seen[0] == [[0.5, 0.5], [0.0, 0.0]]

    def test_what_it_says_of_a_missing_child_does_not_count(self):
        seen = []

        def parts(values, _weights):
            seen.append(values.tolist())
            return values

        mean = AGGREGATE["arithmetic"].function
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]]))
        methods = {level: (Method("aggregate", "own", mean, parts=parts), {}) for level in engine.methods}
        made = aggregate(engine.tree, np.array([[math.nan, 20.0, 60.0]]), engine.weights, methods, engine.thresholds)
        # d0 = 40, shared as 20 to 60
        assert contributions(engine.tree, made, engine.weights, methods)[0].tolist() == pytest.approx(
            [0, 10, 30, 10, 40]
        )
        assert seen == [[[20.0, 60.0]], [[1.0, 20.0]]]

    def test_nor_does_its_share_see_weight_in_a_case_that_has_no_score(self):
        seen = []

        def parts(values, weights):
            seen.append(weights.tolist())
            return values * weights

        mean = AGGREGATE["arithmetic"].function
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]]))
        methods = {level: (Method("aggregate", "own", mean, parts=parts), {}) for level in engine.methods}
        cells = np.array([[10.0, 20.0, 30.0], [10.0, math.nan, 30.0]])
        made = aggregate(engine.tree, cells, engine.weights, methods, np.ones(2))
        contributions(engine.tree, made, engine.weights, methods)
        assert seen == [[[0.5, 0.5], [0.0, 0.0]], [[0.5, 0.5], [0.0, 0.0]]]


class TestTogether:
    """Draws and cases, each with weights of its own, score, weigh and contribute as each does alone."""

    CELLS: ClassVar = np.array([[[0, 0, 100], [10, 30, 80], [math.nan, 50, 40]], [[5, 0, 1], [0, 0, 0], [2, 90, 7]]])
    WEIGHTS: ClassVar = np.random.default_rng(1).uniform(1, 9, (2, 3, 5))

    def run(self, cells, weights):
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]], methodology={"aggregate": LEVELS, "floor": 1}))
        made = aggregate(engine.tree, cells, weights, engine.methods, engine.thresholds, floor=1)
        used = renormalised(engine.tree, made, weights)
        return made, used, contributions(engine.tree, made, weights, engine.methods, floor=1)

    def test_as_alone(self):
        together = self.run(self.CELLS, self.WEIGHTS)
        for place in np.ndindex(2, 3):
            alone = self.run(self.CELLS[place][None], self.WEIGHTS[place])
            for one, mine in zip(together, alone, strict=True):
                np.testing.assert_allclose(one[place], mine[0])


def given(tree, cells, weights=(), **methodology):
    result = score(scored(tree_specs(tree, weights), [cells], methodology=methodology))
    return dict(zip(result.nodes, result.contribution[0].tolist(), strict=True))


class TestContributions:
    def test_arithmetic_is_effective_weight_times_score(self):
        # effective weights 1/6, 1/2, 1/3
        got = given([[None, None], None], [30, 60, 90], [1, 2, 1, 3, 1])
        assert got == pytest.approx({"i0": 5, "i1": 30, "i2": 30, "d1": 35, "d0": 65})

    def test_geometric_over_arithmetic(self):
        # d1 = 40, d0 = sqrt(40 x 90) = 60, shared half and half; in d1 20 and 60 carry 10 and 30 of 40
        got = given([[None, None], None], [20, 60, 90], aggregate=LEVELS)
        assert got == pytest.approx({"i0": 7.5, "i1": 22.5, "i2": 30, "d1": 30, "d0": 60})

    def test_harmonic_over_geometric(self):
        # d1 = sqrt(20 x 80) = 40, d0 = 2 / (1/40 + 1/40) = 40: 20 each, those of d1 by weight
        levels = {"level0": "harmonic", "level1": "geometric"}
        got = given([[None, None], None], [20, 80, 40], aggregate=levels)
        assert got == pytest.approx({"i0": 10, "i1": 10, "i2": 20, "d1": 20, "d0": 40})

    def test_a_gap_contributes_nothing(self):
        got = given([[None, None], None], [None, 60, 90])
        assert got == pytest.approx({"i0": 0, "i1": 30, "i2": 45, "d1": 30, "d0": 75})

    def test_below_a_missing_dimension_nothing_contributes(self):
        got = given([[None, None], None], [10, None, 90], missing={"method": "available", "threshold": {"level1": 1}})
        assert got == pytest.approx({"i0": 0, "i1": 0, "i2": 90, "d1": 0, "d0": 90})

    def test_a_child_below_the_floor_contributes_as_the_floor(self):
        # d0 = sqrt(1 x 100) = 10
        assert given([None, None], [0, 100], aggregate="geometric", floor=1) == pytest.approx(
            {"i0": 5, "i1": 5, "d0": 10}
        )

    def test_a_dimension_of_zero_hands_the_floor_down_by_weight(self):
        # d1 = 0 counts as 1: 5 of 10, a quarter and three quarters of it
        got = given([[None, None], None], [0, 0, 100], [1, 1, 1, 3, 1], aggregate=LEVELS, floor=1)
        assert got == pytest.approx({"i0": 1.25, "i1": 3.75, "i2": 5, "d1": 5, "d0": 10})

    def test_zero_is_handed_down_two_levels(self):
        # d1 (d2 (0, 0), 0) counts as 1: 5, of which d2 has half, and each of its two half of that
        levels = {"level0": "geometric", "level1": "arithmetic", "level2": "arithmetic"}
        got = given([[[None, None], None], None], [0, 0, 0, 100], aggregate=levels, floor=1)
        assert got == pytest.approx({"i0": 1.25, "i1": 1.25, "i2": 2.5, "i3": 5, "d2": 2.5, "d1": 5, "d0": 10})

    def test_a_dimension_below_the_floor_hands_it_down_by_what_its_children_are(self):
        # d1 = (0.2 + 0.6) / 2 = 0.4 counts as 1 and contributes 5: 0.1 of 0.4 and 0.3 of 0.4
        got = given([[None, None], None], [0.2, 0.6, 100], aggregate=LEVELS, floor=1)
        assert got == pytest.approx({"i0": 1.25, "i1": 3.75, "i2": 5, "d1": 5, "d0": 10})

    def test_a_dimension_ever_so_far_below_the_floor(self):
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]], methodology={"aggregate": LEVELS, "floor": 1}))
        made = engine.aggregate(np.array([[1e-308, 3e-308, 100.0]]))
        got = engine.contributions(made)[0]
        assert got.tolist() == pytest.approx([1.25, 3.75, 5, 5, 10])

    def test_of_signed_scores_are_value_times_derivative(self):
        # weights a quarter, a quarter, a half: 12.5 - 12.5 + 15, and d1, which is 0, hands on what cancels out
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]]))
        made = engine.aggregate(np.array([[50.0, -50.0, 30.0], [50.0, -30.0, 30.0], [50.0, -50.0, 0.0]]))
        assert engine.contributions(made) == pytest.approx(
            np.array([[12.5, -12.5, 15, 0, 15], [12.5, -7.5, 15, 5, 20], [12.5, -12.5, 0, 0, 0]])
        )

    def test_of_signed_scores_that_cancel_out_two_levels_down(self):
        # d2 (40, -40) weighs 3 of 4 in d1, d1 1 of 3 in d0: an eighth each
        engine = Engine(scored(tree_specs([[[None, None], None], None], [1, 1, 3, 1, 1, 1, 2]), [[1, 1, 1, 1]]))
        made = engine.aggregate(np.array([[40.0, -40.0, 8.0, 9.0]]))
        assert engine.contributions(made)[0].tolist() == pytest.approx([5, -5, 8 / 12, 6, 0, 8 / 12, 80 / 12])

    def test_of_signed_scores_that_cancel_out_but_for_rounding(self):
        # 0.1 + 0.2 - 0.3 leaves 6e-17, which is no whole to take shares of
        engine = Engine(scored(tree_specs([[None, None, None], None]), [[1, 1, 1, 1]]))
        made = engine.aggregate(np.array([[0.1, 0.2, -0.3, 6.0]]))
        assert made[0, 4] != 0
        assert engine.contributions(made)[0].tolist() == pytest.approx([0.1 / 6, 0.2 / 6, -0.3 / 6, 3, 0, 3])

    def test_a_dimension_below_zero_hands_the_floor_down_by_what_its_children_are(self):
        # d1 = (-20 + 0) / 2 counts as 1 and contributes 5 of sqrt(1 x 100), all of it from -20
        engine = Engine(scored(tree_specs(PARTS), [[1, 1, 1]], methodology={"aggregate": LEVELS, "floor": 1}))
        made = engine.aggregate(np.array([[-20.0, 0.0, 100.0]]))
        got = engine.contributions(made)[0]
        assert got.tolist() == pytest.approx([5, 0, 5, 5, 10])

    def test_of_nothing_are_nothing(self):
        for name in (
            "arithmetic",
            "geometric",
            "harmonic",
            {"method": "power", "p": 0.5},
            {"method": "power", "p": -2},
        ):
            result = score(scored(tree_specs(PARTS), [[None, None, 90]], methodology={"aggregate": name}))
            assert result.contribution[0].tolist() == pytest.approx([0, 0, 90, 0, 90])

    def test_are_undefined_below_a_method_that_does_not_say_them(self):
        engine = Engine(scored(tree_specs([[None, None], None]), [[20, 60, 90]]))
        largest = Method("aggregate", "largest", lambda values, _: values.max(axis=-1))
        mean_ = (AGGREGATE["arithmetic"], {})
        methods = {"level0": mean_, "level1": (largest, {})}
        cells = np.array([[20.0, 60.0, 90.0]])
        made = aggregate(engine.tree, cells, engine.weights, methods, engine.thresholds)
        assert contributions(engine.tree, made, engine.weights, methods)[0].tolist() == pytest.approx(
            [math.nan, math.nan, 45, 30, 75], nan_ok=True
        )

    def test_are_undefined_all_the_way_down(self):
        engine = Engine(scored(tree_specs([[None, None], None]), [[20, None, 90]]))
        largest = Method("aggregate", "largest", lambda values, _: values.max(axis=-1))
        methods = {"level0": (largest, {}), "level1": (AGGREGATE["arithmetic"], {})}
        cells = np.array([[20.0, math.nan, 90.0]])
        made = aggregate(engine.tree, cells, engine.weights, methods, engine.thresholds)
        got = contributions(engine.tree, made, engine.weights, methods)[0]
        assert np.isnan(got[[0, 2, 3]]).all()
        assert (got[1], got[4]) == (0, 90)

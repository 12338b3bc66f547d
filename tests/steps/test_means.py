"""Means of the children of one node by hand, and what each child contributes."""

import math
import tomllib

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower.errors import MethodError
from softpower.model.methodology import Methodology
from softpower.registry import AGGREGATE
from softpower.scoring import score
from softpower.steps.means import SIGNS


def mean(name, values, weights=None, **parameters):
    values = np.array(values, dtype=float)
    weights = np.full(len(values), 1 / len(values)) if weights is None else np.array(weights)
    return float(AGGREGATE[name].function(values, weights, **parameters))


def parts(name, values, weights, **parameters):
    return AGGREGATE[name].parts(np.array(values, dtype=float), np.array(weights), **parameters).tolist()


class TestMeans:
    def test_arithmetic(self):
        assert mean("arithmetic", [20, 80]) == 50
        assert mean("arithmetic", [20, 80], [0.75, 0.25]) == 35

    @pytest.mark.parametrize("count", [1500, 3000])
    def test_arithmetic_of_many_children(self, count):
        values = np.random.default_rng(1).uniform(0, 100, (2, count))
        got = AGGREGATE["arithmetic"].function(values, np.full(values.shape, 1 / count))
        assert got.tolist() == pytest.approx([math.fsum(row) / count for row in values], rel=1e-13)

    def test_geometric(self):
        # sqrt(20 x 80); 16^(3/4) x 81^(1/4) = 8 x 3
        assert mean("geometric", [20, 80]) == pytest.approx(40, rel=1e-14)
        assert mean("geometric", [16, 81], [0.75, 0.25]) == pytest.approx(24, rel=1e-14)

    def test_harmonic(self):
        # 2 / (1/20 + 1/80); 1 / (3/80 + 1/160) with weights 3/4 and 1/4
        assert mean("harmonic", [20, 80]) == pytest.approx(32, rel=1e-14)
        assert mean("harmonic", [20, 40], [0.75, 0.25]) == pytest.approx(160 / 7, rel=1e-14)

    @pytest.mark.parametrize(
        ("p", "expected"),
        [
            (0.5, 45),  # ((sqrt 20 + sqrt 80) / 2)^2 = (20 + 80 + 2 x 40) / 4
            (1, 50),
            (2, math.sqrt(3400)),  # (400 + 6400) / 2
            (-1, 32),
            (0, 40),
            (-2, math.sqrt(2 / (1 / 400 + 1 / 6400))),
            (500, 80 * 0.5 ** (1 / 500)),  # the other term is smaller by 4^500
            (-500, 20 * 2 ** (1 / 500)),
        ],
    )
    def test_power(self, p, expected):
        assert mean("power", [20, 80], p=p) == pytest.approx(expected, rel=1e-13)

    def test_power_whose_greatest_child_weighs_next_to_nothing(self):
        assert mean("power", [1, 1e-30], [1e-12, 1.0], p=1) == pytest.approx(1e-12, rel=1e-13, abs=0)

    @pytest.mark.parametrize("least", [1e-200, 1e-310])
    def test_power_of_scores_whose_quotient_is_no_number(self, least):
        greatest = 1e110 * least**-0.5 if least > 1e-300 else 0.5
        for p in (0.01, -0.01, -0.9):
            ratio = math.log(greatest) - math.log(least)
            expected = math.log(least) + math.log(0.5 + 0.5 * math.exp(p * ratio)) / p
            assert math.log(mean("power", [least, greatest], p=p)) == pytest.approx(expected, rel=1e-12)

    @pytest.mark.parametrize("p", [2.0, -2.0])
    def test_power_of_near_and_far_scores_together(self, p):
        rows = np.array([[3, 5], [3e-200, 5e-200], [3e200, 5e200]])
        got = AGGREGATE["power"].function(rows, np.full((3, 2), 0.5), p=p)
        near = mean("power", [3, 5], p=p)
        assert got.tolist() == pytest.approx([near, near * 1e-200, near * 1e200], rel=1e-12, abs=0)

    def test_power_of_children_that_weigh_little_and_much_together(self):
        got = AGGREGATE["power"].function(np.array([[1, 1e-30], [1, 1]]), np.array([[1e-12, 1], [0.5, 0.5]]), p=1)
        assert got.tolist() == pytest.approx([1e-12, 1], rel=1e-13, abs=0)

    @pytest.mark.parametrize("p", [2.0, -2.0])
    def test_power_is_blind_to_a_child_without_weight_however_far(self, p):
        for far in (1e-200, 1e200):
            assert mean("power", [far, 3, 5], [0.0, 0.5, 0.5], p=p) == pytest.approx(mean("power", [3, 5], p=p))

    def test_exponents_of_zero_alone_are_geometric(self):
        got = AGGREGATE["power"].function(np.array([[20.0, 80], [3, 12]]), np.full((2, 2), 0.5), p=np.zeros((2, 1)))
        assert got.tolist() == pytest.approx([40, 6])

    @pytest.mark.parametrize(("name", "expected"), [("geometric", 40), ("harmonic", 32)])
    def test_a_zero_without_weight_among_other_cases(self, name, expected):
        rows, weights = np.array([[0.0, 64], [20, 80]]), np.array([[0, 1], [0.5, 0.5]])
        assert AGGREGATE[name].function(rows, weights).tolist() == pytest.approx([64, expected])

    def test_harmonic_of_near_and_far_scores_together(self):
        rows = np.array([[2.0**-1040, 2.0**-1041], [20, 80]])
        got = AGGREGATE["harmonic"].function(rows, np.full((2, 2), 0.5))
        assert got.tolist() == pytest.approx([2.0**-1039 / 3, 32], rel=1e-6, abs=0)

    @pytest.mark.parametrize("p", [1e-9, -1e-9, 1e-12])
    def test_power_near_zero_leaves_the_geometric_mean_at_the_right_slope(self, p):
        # ln M = mean of ln x + p / 2 x variance of ln x: both lie ln 2 from ln 40
        assert mean("power", [20, 80], p=p) - 40 == pytest.approx(40 * p / 2 * math.log(2) ** 2, rel=1e-3, abs=2e-14)

    def test_power_with_unequal_weights(self):
        # (0.75 x sqrt 16 + 0.25 x sqrt 64)^2 = 5^2; (0.75 x 3^2 + 0.25 x 5^2)^(1/2) = sqrt 13
        assert mean("power", [16, 64], [0.75, 0.25], p=0.5) == pytest.approx(25, rel=1e-14)
        assert mean("power", [3, 5], [0.75, 0.25], p=2) == pytest.approx(math.sqrt(13), rel=1e-14)

    @pytest.mark.parametrize(
        ("name", "parameters", "expected"),
        [
            ("arithmetic", {}, 32),
            ("geometric", {}, 0),
            ("harmonic", {}, 0),
            ("power", {"p": -2.0}, 0),
            ("power", {"p": 0.0}, 0),
            ("power", {"p": 0.5}, 16),  # (sqrt 64 / 2)^2
            ("power", {"p": 2.0}, math.sqrt(2048)),
        ],
    )
    def test_of_a_zero(self, name, parameters, expected):
        assert mean(name, [0, 64], **parameters) == pytest.approx(expected, rel=1e-14)

    @pytest.mark.parametrize("p", [-2.0, 0.0, 0.5, 3.0])
    def test_power_of_zeros_alone_is_zero(self, p):
        assert mean("power", [0, 0], p=p) == 0

    @pytest.mark.parametrize(
        ("name", "parameters"),
        [
            ("arithmetic", {}),
            ("geometric", {}),
            ("harmonic", {}),
            *(("power", {"p": p}) for p in (-2.0, 0.0, 0.5, 3.0)),
        ],
    )
    def test_a_zero_without_weight_has_no_influence(self, name, parameters):
        assert mean(name, [0, 64], [0.0, 1.0], **parameters) == pytest.approx(64, rel=1e-14)
        assert mean(name, [99, 64], [0.0, 1.0], **parameters) == pytest.approx(64, rel=1e-14)

    def test_which_need_positive_scores(self):
        needy = {name for name in ("arithmetic", "geometric", "harmonic", "power") if AGGREGATE[name].positive}
        assert needy == {"geometric", "harmonic", "power"}


class TestParts:
    def test_arithmetic_is_weight_times_score(self):
        assert parts("arithmetic", [20, 80], [0.75, 0.25]) == [15, 20]

    def test_geometric_is_shared_by_weight(self):
        # the mean is 24, its elasticities are the weights
        assert parts("geometric", [16, 81], [0.75, 0.25]) == pytest.approx([18, 6])

    def test_harmonic(self):
        # the mean H is 32; x dH/dx = w / x x H^2 = 0.5 / 20 x 1024 and 0.5 / 80 x 1024
        assert parts("harmonic", [20, 80], [0.5, 0.5]) == pytest.approx([25.6, 6.4])

    def test_power_of_two(self):
        # the mean M is sqrt 3400; x dM/dx = w x^2 / M
        root = math.sqrt(3400)
        assert parts("power", [20, 80], [0.5, 0.5], p=2.0) == pytest.approx([200 / root, 3200 / root])

    def test_of_scores_whose_quotient_is_no_number(self):
        # Shares are as w x^p: 0.999 times 10^3 and 0.001 times 10^-0.1.
        first, second = parts("power", [1e-300, 1e10], [0.999, 0.001], p=-0.01)
        assert second / first == pytest.approx(0.001 * 10**-0.1 / (0.999 * 1000), rel=1e-9)

    @pytest.mark.parametrize(("p", "twin"), [(1.0, "arithmetic"), (0.0, "geometric"), (-1.0, "harmonic")])
    def test_power_with_the_exponent_of_a_named_mean(self, p, twin):
        weights = [0.75, 0.25]
        assert parts("power", [20, 80], weights, p=p) == pytest.approx(parts(twin, [20, 80], weights))

    @pytest.mark.parametrize(
        ("name", "parameters"), [("geometric", {}), ("harmonic", {}), ("power", {"p": -2.0}), ("power", {"p": 0.0})]
    )
    def test_of_a_mean_of_zero_are_zero(self, name, parameters):
        assert parts(name, [0, 64], [0.5, 0.5], **parameters) == [0, 0]

    @pytest.mark.parametrize("p", [500.0, -500.0, 1e25, -1e25])
    def test_power_far_out_gives_all_to_the_child_that_decides(self, p):
        expected = [mean("power", [20, 80], p=p), 0]
        assert parts("power", [20, 80], [0.5, 0.5], p=p) == pytest.approx(expected if p < 0 else expected[::-1])

    @pytest.mark.parametrize(("name", "parameters"), [("geometric", {}), ("harmonic", {}), ("power", {"p": -2.0})])
    def test_a_child_without_weight_contributes_nothing(self, name, parameters):
        assert parts(name, [0, 64], [0.0, 1.0], **parameters) == pytest.approx([0, 64])


class TestMinimum:
    def test_is_the_smallest_child_that_counts(self):
        assert mean("minimum", [20, 80]) == 20
        assert mean("minimum", [20, 80], [0.0, 1.0]) == 80
        assert mean("minimum", [-3, 80]) == -3

    def test_the_smallest_contributes_all(self):
        assert parts("minimum", [20, 80], [0.9, 0.1]) == [20, 0]

    def test_the_smallest_ones_share_by_weight(self):
        assert parts("minimum", [20, 80, 20, 5], [0.3, 0.6, 0.1, 0.0]) == pytest.approx([15, 0, 5, 0])


class TestOrderedWeightedAverage:
    NAME = "ordered_weighted_average"

    def test_yager(self):
        # 0.2 x 80 + 0.3 x 50 + 0.5 x 20
        assert mean(self.NAME, [20, 80, 50], order_weights=[0.2, 0.3, 0.5]) == pytest.approx(41, rel=1e-14)
        assert parts(self.NAME, [20, 80, 50], np.full(3, 1 / 3), order_weights=[2, 3, 5]) == pytest.approx([10, 16, 15])

    def test_of_unequal_importance(self):
        # Q is flat to 1/2 and then rises by 2: the best one takes Q(0.6) = 0.2, the other 0.8
        assert mean(self.NAME, [80, 20], [0.6, 0.4], order_weights=[0, 1]) == pytest.approx(32, rel=1e-14)
        assert mean(self.NAME, [20, 80], [0.6, 0.4], order_weights=[0, 1]) == pytest.approx(20, rel=1e-14)

    def test_fewer_places_than_children(self):
        # the mean of the worse half, and of the worse half of three: half of the middle one counts
        assert mean(self.NAME, [10, 20, 30, 40], order_weights=[0, 1]) == pytest.approx(15, rel=1e-14)
        assert mean(self.NAME, [10, 20, 30], order_weights=[0, 1]) == pytest.approx((10 + 0.5 * 20) / 1.5, rel=1e-14)

    def test_orness(self):
        # 1/4: Q(r) = r^3, so the better half takes 1/8
        assert mean(self.NAME, [80, 16], orness=0.25) == pytest.approx(24, rel=1e-14)
        assert mean(self.NAME, [80, 16], orness=0.001) == pytest.approx(16)
        assert mean(self.NAME, [80, 16], orness=0.75) == pytest.approx(16 + 64 * 0.5 ** (1 / 3), rel=1e-14)

    def test_equal_children_share_their_places_by_importance(self):
        # the two best take Q(0.75) = 0.5 of [0, 1] together
        got = parts(self.NAME, [80, 80, 20], [0.5, 0.25, 0.25], order_weights=[0, 1])
        assert got == pytest.approx([80 * 0.5 * 2 / 3, 80 * 0.5 / 3, 10])

    def test_a_child_without_weight_has_no_place(self):
        assert mean(self.NAME, [99, 80, 20], [0, 0.5, 0.5], order_weights=[1, 0]) == pytest.approx(80)
        assert parts(self.NAME, [99, 80, 20], [0, 0.5, 0.5], order_weights=[1, 0]) == pytest.approx([0, 80, 0])

    @pytest.mark.parametrize(
        ("parameters", "words"),
        [
            ({}, "one of order_weights and orness"),
            ({"orness": 0.5, "order_weights": [1]}, "one of order_weights and orness"),
            ({"orness": 0.0}, "orness is 0, and must lie between 0.001 and 1"),
            ({"orness": 1.0}, "orness is 1, and"),
            ({"order_weights": []}, "order_weights are \\[\\]"),
            ({"order_weights": [2, -1]}, "numbers from zero up"),
            ({"order_weights": [0, 0]}, "at least one above zero"),
        ],
    )
    def test_refuses(self, parameters, words):
        with pytest.raises(MethodError, match=words):
            mean(self.NAME, [20, 80], **parameters)

    def test_a_list_comes_from_a_methodology(self):
        text = 'aggregate = { method = "ordered_weighted_average", order_weights = [0, 1] }'
        study = scored(tree_specs([None, None]), [[20, 80]], methodology=Methodology(**tomllib.loads(text)))
        assert score(study).composite.item() == pytest.approx(20)


class TestMazziottaPareto:
    @pytest.mark.parametrize("name", ["mazziotta_pareto", "adjusted_mazziotta_pareto"])
    def test_by_hand(self, name):
        # M = 100, S = 10, cv = 0.1
        assert mean(name, [90, 110]) == 99
        assert mean(name, [90, 110], penalty="upward") == 101
        # M = 100, S^2 = 0.75 x 100 + 0.25 x 900
        assert mean(name, [90, 130], [0.75, 0.25]) == pytest.approx(97, rel=1e-14)

    def test_parts(self):
        # w x (1 - 2 (x - M) / M + S^2 / M^2): 45 x (1 + 0.2 + 0.01), 55 x (1 - 0.2 + 0.01)
        assert parts("mazziotta_pareto", [90, 110], [0.5, 0.5]) == pytest.approx([54.45, 44.55])
        assert parts("mazziotta_pareto", [90, 110], [0.5, 0.5], penalty="upward") == pytest.approx([35.55, 65.45])
        assert parts("mazziotta_pareto", [0, 110], [0.0, 1.0]) == [0, 110]

    def test_a_child_without_weight_has_no_influence_however_huge(self):
        values, weights = [1e308, 0.09, 0.11], [0.0, 0.5, 0.5]
        assert mean("mazziotta_pareto", values, weights) == pytest.approx(0.099)
        assert parts("mazziotta_pareto", values, weights) == pytest.approx([0, 0.05445, 0.04455])

    def test_may_fall_when_a_score_rises(self):
        assert mean("mazziotta_pareto", [10, 10, 100]) > mean("mazziotta_pareto", [10, 10, 110])
        assert not AGGREGATE["mazziotta_pareto"].monotone

    def test_scores_that_are_not_positive_are_refused_with_their_name(self):
        study = scored(tree_specs([None, None]), [[0, 80]], methodology={"aggregate": "mazziotta_pareto"})
        with pytest.raises(MethodError, match="mazziotta_pareto mean needs positive scores"):
            score(study)

    def test_a_mean_of_zero_does_not_warn(self):
        assert not np.isfinite(mean("mazziotta_pareto", [-1, 1]))
        assert set(SIGNS) == {"downward", "upward"}

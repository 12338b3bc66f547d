"""Benefit of the doubt: weights by case, and the score against the frontier."""

import numpy as np
import pandas as pd
import pytest

from properties.strategies import tree_specs
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.registry import AGGREGATE
from softpower.scoring import score
from softpower.steps.frontier import benefit_of_the_doubt, frontier, frontier_weights
from softpower.steps.tree import Tree
from softpower.steps.weight import check_weights

NAN = np.nan
VALUES = np.array([[40.0, 10], [10, 40], [20, 10], [0, 0]])


def scores_of(values, **parameters):
    return np.nansum(frontier_weights(values, **parameters) * values, axis=-1)


class TestProgram:
    def test_by_hand(self):
        # Through (40, 10) and (10, 40) runs x + y = 50; (20, 10) lies at 30 / 50 of it.
        assert scores_of(VALUES).tolist() == pytest.approx([1, 1, 0.6, 0])

    def test_of_several_best_weights_the_most_even_are_taken(self):
        # The first stands at 1 with 4a + b = 1, and the second at most there with 3a + 4b <= 1: from a = 1/4, b = 0 to
        # a = 3/13, b = 1/13, where b has most.
        got = frontier_weights(np.array([[4.0, 1.0], [3.0, 4.0]]))
        np.testing.assert_allclose(got[0], [3 / 13, 1 / 13], atol=1e-9)
        # 3a + 4b = 1 and 4a + b <= 1 allow a = b = 1/7.
        np.testing.assert_allclose(got[1], [1 / 7, 1 / 7], atol=1e-9)

    def test_bounds_on_weights(self):
        # With equal weights alone everybody is measured against 50.
        assert scores_of(VALUES, low=0.5, high=0.5).tolist() == pytest.approx([1, 1, 0.6, 0])
        # A third at least: (40, 10) weighs 2 : 1 and has 90, the others then 60, 50.
        weights = frontier_weights(np.array([[40.0, 10], [10, 30]]), low=1 / 3)
        assert scores_of(np.array([[40.0, 10], [10, 30]]), low=1 / 3).tolist() == pytest.approx([1, 1])
        assert ((weights / weights.sum(axis=-1, keepdims=True)) > 1 / 3 - 1e-9).all()

    def test_a_bound_that_binds(self):
        # Through (40, 10) and (1, 40) runs 30 x + 39 y = 1590, where the second weighs 57 %.
        # With 55 % at most (40, 10) stands highest, at 0.45 x 40 + 0.55 x 10 = 23.5.
        values = np.array([[40.0, 10], [1, 40], [1, 39]])
        assert scores_of(values)[2] == pytest.approx((30 + 39 * 39) / 1590)
        assert scores_of(values, high=0.55)[2] == pytest.approx((0.45 + 0.55 * 39) / 23.5)

    def test_bounds_that_no_weights_keep(self):
        with pytest.raises(MethodError, match=r"no weights keep the bounds 0\.6 and 1\. Widen the bounds"):
            frontier_weights(VALUES[:2], low=0.6)
        with pytest.raises(MethodError, match=r"no weights keep the bounds 0 and 0\.4\."):
            frontier_weights(VALUES[:2], high=0.4)
        with pytest.raises(MethodError, match=r"no weights keep the bounds 0\.1 and 1\."):
            frontier_weights(np.array([[40.0, 10], [10, 0]]), low=0.1, of="shares")

    def test_bounds_on_weighted_shares(self):
        values = np.array([[40.0, 10], [10, 40], [20, 10]])
        weights = frontier_weights(values, low=0.4, of="shares")
        parts = weights * values
        assert (parts / parts.sum(axis=-1, keepdims=True) > 0.4 - 1e-9).all()
        # (20, 10) has at least 40 % from each: 0.6, 0.4 of s are w = (0.03, 0.04) s, and (10, 40) has 1.9 s.
        # With 0.4 from the first w = (0.02, 0.06) s is worse.
        assert scores_of(values, low=0.4, of="shares")[2] == pytest.approx(1 / 1.9)

    def test_a_gap_is_neither_a_value_nor_a_rival(self):
        # The third and fourth are measured on the first child alone; the first two never against them.
        values = np.array([[40.0, 10], [10, 40], [30, NAN], [60, NAN], [NAN, NAN]])
        assert scores_of(values).tolist() == pytest.approx([1, 1, 0.5, 1, 0])
        assert frontier_weights(values)[2, 1] == 0

    def test_each_case_that_alone_has_something_of_a_child_is_the_best(self):
        assert scores_of(40 * np.eye(4)).tolist() == pytest.approx([1, 1, 1, 1])

    def test_all_zero_stands_at_zero(self):
        assert scores_of(np.zeros((2, 2))).tolist() == [0, 0]
        weights = frontier_weights(np.array([[0, NAN], [0, 0]]))
        assert (weights / weights.sum(axis=-1, keepdims=True)).tolist() == [[1, 0], [0.5, 0.5]]

    def test_of_no_cases_there_are_no_weights(self):
        assert frontier_weights(np.zeros((0, 2))).shape == (0, 2)

    def test_the_scale_does_not_matter(self):
        assert scores_of(VALUES * 1e-200).tolist() == pytest.approx(scores_of(VALUES).tolist())
        assert scores_of(VALUES * 1e200).tolist() == pytest.approx(scores_of(VALUES).tolist())
        gaps = np.array([[40.0, 10], [10, 40], [20, 10], [30, NAN]])
        assert scores_of(gaps * 1e-200).tolist() == pytest.approx([1, 1, 0.6, 0.75])


class TestAggregation:
    def test_the_best_reach_100(self):
        assert frontier(VALUES, np.full((4, 2), 0.5)).tolist() == pytest.approx([100, 100, 60, 0])

    def test_a_child_without_weight_takes_no_part(self):
        values = np.column_stack([VALUES, [1.0, 99, 99, 99]])
        weights = np.tile([0.5, 0.5, 0.0], (4, 1))
        assert frontier(values, weights).tolist() == pytest.approx([100, 100, 60, 0])

    def test_a_gap_of_one_case_leaves_the_child_to_the_others(self):
        # The third is measured on the first child alone, where 40 is the most.
        values = np.array([[40.0, 10], [10, 40], [20, 1]])
        weights = np.array([[0.5, 0.5], [0.5, 0.5], [1, 0]])
        assert frontier(values, weights).tolist() == pytest.approx([100, 100, 50])

    def test_a_zero_is_refused_only_where_it_must_have_a_share(self):
        values, weights = np.array([[40.0, 10], [10, 0], [20, 10]]), np.full((3, 2), 0.5)
        # On the line between (40, 10) and (0, 10) lies the best of the third: 10 / 10.
        assert frontier(values, weights, of="shares").tolist() == pytest.approx([100, 25, 100])
        with pytest.raises(MethodError, match="the case in row 2 scores zero on 'child 2'") as refused:
            frontier(values, weights, of="shares", low=0.1)
        assert len(refused.value.faults) == 1

    def test_a_case_of_zeros_alone_may_have_them(self):
        values, weights = np.array([[40.0, 10], [0, 0], [10, 40]]), np.full((3, 2), 0.5)
        assert frontier(values, weights, of="shares", low=0.1).tolist() == pytest.approx([100, 0, 100])

    def test_bounds_on_weighted_shares(self):
        got = frontier(VALUES[:3], np.full((3, 2), 0.5), low=0.4, of="shares")
        assert got.tolist() == pytest.approx((100 * scores_of(VALUES[:3], low=0.4, of="shares")).tolist())
        assert got[2] == pytest.approx(100 / 1.9)

    def test_a_child_that_is_zero_everywhere_is_named_by_its_place(self):
        values = np.array([[1.0, 40, 0], [2, 10, 0]])
        with pytest.raises(MethodError, match="'child 3' scores zero in all cases"):
            frontier(values, np.tile([0, 0.5, 0.5], (2, 1)))

    def test_draws(self):
        drawn = np.stack([VALUES, VALUES[::-1]])
        got = frontier(drawn, np.full((2, 4, 2), 0.5))
        assert got.tolist() == [pytest.approx([100, 100, 60, 0]), pytest.approx([0, 60, 100, 100])]

    def test_parts_sum_to_the_value(self):
        method = AGGREGATE["benefit_of_the_doubt"]
        assert method.across
        assert not method.monotone
        parts = method.parts(VALUES, np.full((4, 2), 0.5), low=0.2)
        assert parts.sum(axis=-1).tolist() == pytest.approx(frontier(VALUES, np.full((4, 2), 0.5), low=0.2).tolist())

    def test_negative_values_are_refused(self):
        with pytest.raises(MethodError, match="aggregate = 'benefit_of_the_doubt': scores are below zero"):
            frontier(-VALUES / 100, np.full((4, 2), 0.5))

    def test_a_single_case_is_refused(self):
        with pytest.raises(MethodError, match="fewer than two cases have scores"):
            frontier(VALUES[:1], np.full((1, 2), 0.5))


def tree_of(count, **weights):
    flat = Framework.flat([f"i{place}" for place in range(count)], weights=weights)
    return Tree.of(flat, flat.indicators)


def weigh(values, tree=None, **parameters):
    values = np.array(values, dtype=float)
    tree = tree or tree_of(values.shape[1])
    return benefit_of_the_doubt(tree, np.column_stack([values, np.zeros(len(values))]), **parameters)


class TestWeights:
    @pytest.mark.parametrize(
        "bounds", [{"low": 0.3}, {"high": 0.6}, {"low": 0.5, "high": 0.5}, {"low": 0.4, "of": "shares"}]
    )
    def test_are_by_case_and_those_of_the_programs(self, bounds):
        tree, values = tree_of(2), VALUES[:3]
        got = tree.among_siblings(weigh(values, **bounds))
        expected = frontier_weights(values, **bounds)
        np.testing.assert_allclose(got[:, :2], expected / expected.sum(axis=-1, keepdims=True), rtol=1e-12)

    def test_scores_do_not_hang_on_the_order_of_the_children(self):
        frame = pd.DataFrame({"x": [73.0, 56, 81, 40, 4], "y": [63.0, 93, 67, 85, 76], "z": [54.0, 28, 1, 55, 73]})
        frame.index = pd.Index(list("ABCDE"))
        chosen = {"normalise": {"method": "min_max", "low": 1, "high": 101}, "weights": "benefit_of_the_doubt"}
        before = score(frame, methodology=chosen).composite
        for names in ("zyx", "yzx"):
            after = score(frame[list(names)], methodology=chosen).composite
            pd.testing.assert_series_equal(after, before, rtol=1e-9)

    def test_a_gap_gets_the_mean_of_the_others(self):
        tree = tree_of(2)
        weights = weigh([[40, 10], [10, 40], [30, NAN], [NAN, NAN]])
        check_weights(tree, weights)
        assert tree.among_siblings(weights)[2:, :2].tolist() == [[0.5, 0.5], [0.5, 0.5]]

    def test_a_case_with_a_gap_is_another(self):
        assert weigh([[40, 10], [20, NAN]])[1, :2].tolist() == pytest.approx([1 / 40, 1 / 40])

    def test_a_gap_of_one_among_three_has_a_third(self):
        tree = tree_of(3)
        weights = tree.among_siblings(weigh([[40, 10, 5], [10, 40, 7], [30, 20, NAN]], tree, low=0.1))
        assert weights[2, 2] == pytest.approx(1 / 3)

    def test_nothing_to_fit_is_by_case_too(self):
        assert weigh([[40], [10]]).shape == (2, 2)

    def test_nodes_of_other_levels_keep_the_declared_weight(self):
        framework = Framework.parse(tree_specs([[None, None], None], [1, 3, 1, 1, 2]))
        tree = Tree.of(framework, framework.indicators)
        scores = np.array([[40.0, 10, 5, 1, 0], [10, 40, 6, 2, 0]])
        assert benefit_of_the_doubt(tree, scores)[:, 2:].tolist() == [[2, 3, 1], [2, 3, 1]]
        assert (benefit_of_the_doubt(tree, scores, levels=["level0"])[:, :2] == 1).all()

    @pytest.mark.parametrize(
        ("values", "parameters", "says"),
        [
            ([[1, -2], [2, 3]], {}, "'i1' has scores below zero"),
            ([[1, 2]], {}, "fewer than two cases have scores"),
            ([[1, 0], [2, 0]], {}, "'i1' scores zero in all cases, so that no frontier bounds its weight"),
            ([[1, 2], [2, 3]], {"low": 0.6}, "2 shares from 0.6 to 1 cannot sum to one"),
            ([[1, 2], [2, 3]], {"high": 0.4}, "2 shares from 0 to 0.4 cannot sum to one"),
            ([[1, 2], [2, 3]], {"high": 1.5}, "low 0 and high 1.5 are no shares in order"),
            ([[1, 2], [2, 3]], {"low": -0.5}, "low -0.5 and high 1 are no shares in order"),
            ([[1, 2], [2, 3]], {"low": 0.5, "high": 0.4}, "low 0.5 and high 0.4 are no shares in order"),
            (
                [[1, 2], [2, 3], [2, NAN]],
                {"high": 0.7},
                "1 shares from 0 to 0.7 cannot sum to one, and the case in row 3 has 1",
            ),
            ([[1, 2], [2, 3], [3, 4]], {"low": 0.6}, "2 shares from 0.6 to 1 cannot sum to one. Widen"),
            ([[1, 2], [2, 0]], {"low": 0.1, "of": "shares"}, "the case in row 2 scores zero on 'i1'"),
            ([[0.1, 0.2], [0.2, 0]], {"low": 0.1, "of": "shares"}, "the case in row 2 scores zero on 'i1'"),
        ],
    )
    def test_refusals(self, values, parameters, says):
        with pytest.raises(MethodError) as refused:
            weigh(values, **parameters)
        assert says in str(refused.value)


def test_a_case_that_scores_zero_on_all_weighs_them_alike():
    weights = frontier_weights(np.array([[0.0, 0.0], [1.0, 4.0], [4.0, 1.0]]))
    assert weights[0, 0] == weights[0, 1] > 0

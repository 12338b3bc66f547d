"""Weights by entropy and CRITIC, worked by hand."""

import math

import numpy as np
import pytest

from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.steps.dispersion import critic, diversification, entropy, information, pairwise_correlations
from softpower.steps.tree import Tree

NAN = np.nan


def tree_of(count):
    flat = Framework.flat([f"i{place}" for place in range(count)])
    return Tree.of(flat, flat.indicators)


def weights(method, columns, **parameters):
    """The weights of indicators under one node, which sum to one."""
    scores = np.array([*columns, np.zeros(len(columns[0]))], dtype=float).T
    tree = tree_of(len(columns))
    return tree.among_siblings(method(tree, scores, **parameters))[:-1].tolist()


class TestEntropy:
    def test_by_hand(self):
        # Shares 1/4, 3/4 of two cases: entropy (1/4 ln 4 + 3/4 ln 4/3) / ln 2; shares 0, 1: entropy 0.
        first = 1 - (math.log(4) / 4 + 3 * math.log(4 / 3) / 4) / math.log(2)
        assert diversification(np.array([[1.0, 0], [3, 8]])).tolist() == pytest.approx([first, 1])
        assert weights(entropy, [[1, 3], [0, 8]]) == pytest.approx([first / (1 + first), 1 / (1 + first)])

    def test_equal_shares_of_any_number_of_cases_have_no_diversification_below_zero(self):
        made = np.concatenate([diversification(np.full((count, 1), 0.1)) for count in range(2, 60)])
        assert (made >= 0).all()
        assert made.max() < 1e-14

    def test_each_child_is_taken_over_its_own_cases(self):
        assert diversification(np.array([[1.0, 1], [3, 3], [NAN, 5]]))[0] == diversification(np.array([[1.0], [3]]))[0]

    def test_a_constant_child_weighs_nothing(self):
        assert weights(entropy, [[3, 3, 3], [1, 2, 3]]) == pytest.approx([0, 1], abs=1e-12)

    def test_huge_and_tiny_scores(self):
        mild = weights(entropy, [[1, 3], [1, 8]])
        assert weights(entropy, [[1e307, 3e307], [1e-300, 8e-300]]) == pytest.approx(mild)

    @pytest.mark.parametrize(
        ("columns", "says"),
        [
            ([[1, -3], [1, 8]], "'i0' has scores below zero. Normalise to zero and above"),
            ([[1, NAN], [1, 8]], "'i0' has fewer than two scores"),
            ([[1, 2], [0, 0]], "'i1' scores zero in all cases"),
            ([[2, 2], [3, 3]], "every child has the same score in all cases"),
        ],
    )
    def test_refusals(self, columns, says):
        with pytest.raises(MethodError) as refused:
            weights(entropy, columns)
        assert says in str(refused.value)


class TestCritic:
    def test_by_hand(self):
        # Deviations 1, 2, 1; i0 and i1 go along (r = 1), i2 against both (r = -1): 1 x 2, 2 x 2, 1 x 4.
        columns = [[0, 1, 2], [0, 2, 4], [2, 1, 0]]
        assert information(np.array(columns, dtype=float).T).tolist() == pytest.approx([2, 4, 4])
        assert weights(critic, columns) == pytest.approx([0.2, 0.4, 0.4])

    def test_by_hand_of_children_that_go_along_in_part(self):
        # All deviations are 1; r is 1/2 of i0 and i1, -1/2 of i0 and i2, -1 of i1 and i2.
        columns = [[1, 2, 3], [1, 3, 2], [3, 1, 2]]
        assert information(np.array(columns, dtype=float).T).tolist() == pytest.approx([2, 2.5, 3.5])
        assert weights(critic, [[0.1, 0.2, 0.3], [0.1, 0.3, 0.2]]) == pytest.approx([0.5, 0.5])

    def test_correlations_are_over_the_cases_of_a_pair(self):
        scores = np.array([[1.0, 3, NAN], [2, 1, 5], [4, 4, 6], [8, NAN, 1], [3, 2, 2]])
        got = pairwise_correlations(scores)
        for i in range(3):
            for j in range(3):
                both = ~np.isnan(scores[:, [i, j]]).any(axis=-1)
                assert got[i, j] == pytest.approx(np.corrcoef(scores[both, i], scores[both, j])[0, 1], rel=1e-12)

    def test_no_correlation_without_a_spread(self):
        got = pairwise_correlations(np.array([[1.0, 5, 1e9], [2, 5, 1e9 + 1], [3, 5, NAN]]))
        assert np.isnan(got[1]).all()
        assert got[0, 2] == pytest.approx(1)
        assert np.isnan(pairwise_correlations(np.array([[1.0, NAN, NAN], [2, NAN, 3]]))[0, 1:]).all()

    def test_no_unit_of_a_column_moves_a_correlation(self):
        scores = np.array([[1.0, 3, 5], [2, 1, NAN], [4, 4, 6], [3, 2, 2]])
        np.testing.assert_allclose(pairwise_correlations(scores * [1e-9, 1, 1e9]), pairwise_correlations(scores))

    def test_no_correlation_where_a_column_is_the_same_in_the_cases_of_a_pair(self):
        for same in (0.1, 0.3, 0.7, 1 / 3, 1e9 / 7):
            scores = np.array([[same, 1, 5], [same, 2, 7], [same, 4, 6], [9 * same, NAN, 2]])
            got = pairwise_correlations(scores)
            assert np.isnan(got[[0, 1], [1, 0]]).all()
            assert np.isfinite(got[[0, 2], [2, 0]]).all()

    def test_a_child_that_goes_along_with_all_others_weighs_nothing(self):
        # i0 has the first three cases, in which all go along; in the others i1 and i2 do not.
        columns = [[1, 2, 3, NAN, NAN], [1, 2, 3, 4, 0], [2, 4, 6, 1, 9]]
        got = weights(critic, columns)
        assert got[0] == 0
        assert got[1] > 0

    @pytest.mark.parametrize(
        ("columns", "says"),
        [
            ([[1, 2, 3], [4, 4, 4]], "'i1' has the same score in all cases"),
            ([[1, 2, 3], [2, 4, 6]], "the children rank all cases alike"),
            ([[1, 4, 5, 8, 9], [3, 12, 15, 24, 27]], "the children rank all cases alike"),
            ([[1, 2, NAN, 4], [NAN, 4, 6, 7]], "'i0', 'i1' have fewer than three cases in common"),
            ([[1, 2], [2, 1]], "'i0', 'i1' have fewer than three cases in common"),
        ],
    )
    def test_refusals(self, columns, says):
        with pytest.raises(MethodError) as refused:
            weights(critic, columns)
        assert says in str(refused.value)

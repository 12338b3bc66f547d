"""Outranking, Copeland and Borda by hand and on the voting examples of the Handbook."""

import numpy as np
import pytest

from properties.strategies import TABLE_25, TABLE_28, TABLE_31, ballots, tree_specs
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.registry import AGGREGATE
from softpower.steps import voting
from softpower.steps.aggregate import aggregate, contributions
from softpower.steps.tree import Tree
from softpower.steps.voting import beaten, borda, copeland, outranking

NAN = float("nan")


def without(weights, *cells):
    """Weights after gaps, renormalised case by case as the tree does it."""
    mine = np.array(weights)
    for cell in cells:
        mine[cell] = 0.0
    whole = mine.sum(axis=-1, keepdims=True)
    return mine / np.where(whole > 0, whole, 1.0)


class TestBeaten:
    def test_ties_count_half_and_gaps_not_at_all(self):
        values, weights = np.array([[3.0], [1.0], [3.0], [9.0], [2.0]]), np.array([[1.0], [1], [1], [0], [1]])
        assert beaten(values, weights).ravel().tolist() == pytest.approx([2.5, 0, 2.5, NAN, 1], nan_ok=True)

    def test_what_rounding_sets_apart_is_tied(self):
        values = np.array([[0.1 + 0.2], [0.3], [0.300000001]])
        assert values[0] != values[1]
        assert beaten(values, np.ones((3, 1))).ravel().tolist() == [0.5, 0.5, 2]

    def test_what_is_rounding_hangs_on_the_values_and_not_on_their_gaps(self):
        values, weights = np.array([[1e-15], [2e-15], [NAN]]), np.array([[1.0], [1], [0]])
        assert beaten(values, weights).ravel().tolist() == pytest.approx([0, 1, NAN], nan_ok=True)

    def test_what_is_rounding_hangs_on_the_child(self):
        values = np.array([[1e15, 1.0], [2e15, 2.0]])
        assert beaten(values, np.ones((2, 2))).tolist() == [[0, 0], [1, 1]]


class TestOutranking:
    def test_by_hand(self):
        values = np.array([[3.0, 1, 5], [2, 1, 6], [9, 0, 5]])
        got = outranking(values, np.array([0.5, 0.3, 0.2]))
        assert got == pytest.approx(np.array([[0, 0.65, 0.4], [0.35, 0, 0.5], [0.6, 0.5, 0]]))

    def test_a_pair_is_compared_on_what_both_have(self):
        weights = without(np.full((3, 3), [0.5, 0.3, 0.2]), (0, 0))
        got = outranking(np.array([[1.0, 1, 5], [2, 1, 6], [9, 0, 5]]), weights)
        # without the first child 0.3 and 0.2 are shares of 0.5
        assert got == pytest.approx(np.array([[0, 0.3, 0.8], [0.7, 0, 0.5], [0.2, 0.5, 0]]))

    def test_of_weights_of_its_own_a_pair_takes_the_mean(self):
        # 0.8 and 0.4 of the first child, as under benefit of the doubt
        got = outranking(np.array([[3.0, 1.0], [1.0, 8.0]]), np.array([[0.8, 0.2], [0.4, 0.6]]))
        assert got == pytest.approx(np.array([[0, 0.6], [0.4, 0]]))

    def test_a_pair_with_nothing_in_common_is_even(self):
        got = outranking(np.array([[3.0, 1.0], [1.0, 8.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
        assert got.tolist() == [[0, 0.5], [0.5, 0]]

    def test_a_case_without_anything_is_missing(self):
        got = outranking(np.array([[3.0], [1.0], [2.0]]), np.array([[1.0], [0.0], [1.0]]))
        assert got == pytest.approx(np.array([[0, NAN, 1], [NAN, NAN, NAN], [0, NAN, 0]]), nan_ok=True)

    def test_draws(self):
        rng = np.random.default_rng(1)
        values, weights = rng.integers(0, 4, (2, 3, 5, 4)).astype(float), rng.dirichlet(np.ones(4), (2, 3, 1))
        got = outranking(values, weights)
        assert got.shape == (2, 3, 5, 5)
        assert got[1, 2] == pytest.approx(outranking(values[1, 2], weights[1, 2]), abs=1e-15)


class TestCopeland:
    def test_majorities_won_less_lost(self):
        # a beats b on 0.6 and c on 0.6; b and c are even
        values = np.array([[3.0, 1], [1, 3], [2, 2]])
        assert copeland(values, np.full((3, 2), [0.6, 0.4])).tolist() == [2, -2, 0]
        assert copeland(values, np.full((3, 2), 0.5)).tolist() == [0, 0, 0]

    def test_half_is_half_however_the_weights_add_up(self):
        # 0.1 + 0.2 against 0.3
        values = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0]])
        assert copeland(values, np.full((2, 4), [0.1, 0.2, 0.3, 0.4])).tolist() == [0, 0]

    def test_with_gaps_what_one_wins_another_loses(self):
        # COINr's lets the second of a pair win what is missing
        values = np.array([[1.0, 1], [2, 0], [1, 1]])
        weights = without(np.full((3, 2), [0.7, 0.3]), (0, 0))
        # 0 beats 1 on the second child, its only one; 1 beats 2 on the first
        assert copeland(values, weights).tolist() == [1, 0, -1]

    def test_condorcet_winner_of_table_25(self):
        values, weights, _ = ballots(TABLE_25, "abcd")
        # the Handbook's order is c b d a
        assert np.argsort(-copeland(values, weights)).tolist() == [2, 1, 3, 0]

    def test_a_case_without_anything_takes_no_part(self):
        values, weights = np.array([[3.0], [9.0], [2.0]]), np.array([[1.0], [0.0], [1.0]])
        assert copeland(values, weights).tolist() == pytest.approx([1, NAN, -1], nan_ok=True)

    @pytest.mark.parametrize("pairs", [1, 7, 60, 200])
    def test_in_blocks_it_is_the_same(self, pairs, monkeypatch):
        rng = np.random.default_rng(2)
        values, weights = rng.integers(0, 5, (3, 7, 4)).astype(float), rng.dirichlet(np.ones(4), (3, 7))
        whole = copeland(values, weights)
        monkeypatch.setattr(voting, "PAIRS", pairs)
        assert copeland(values, weights).tolist() == whole.tolist()


class TestBorda:
    @pytest.mark.parametrize(
        ("profile", "expected"),
        [
            (TABLE_25, {"a": 24, "b": 44, "c": 38, "d": 20}),
            (TABLE_28, {"a": 58, "b": 69, "c": 53}),
            (TABLE_31, {"a": 13, "b": 12, "c": 11, "d": 6}),
            (tuple((count, order.replace("d", "")) for count, order in TABLE_31), {"a": 6, "b": 7, "c": 8}),
        ],
        ids=["25", "28", "31", "31 without d"],
    )
    def test_tables_of_the_handbook(self, profile, expected):
        values, weights, votes = ballots(profile, expected)
        assert (votes * borda(values, weights)).tolist() == pytest.approx(list(expected.values()))

    def test_is_what_a_case_outranks_altogether(self):
        rng = np.random.default_rng(3)
        values, weights = rng.integers(0, 4, (6, 5)).astype(float), np.full((6, 5), rng.dirichlet(np.ones(5)))
        assert borda(values, weights) == pytest.approx(outranking(values, weights).sum(axis=-1))

    def test_a_child_that_few_have_counts_as_if_all_had_it(self):
        # in the first child 0 beats the only other that has it: as if it beat all three others
        values = np.array([[9.0, 1], [5, 2], [0, 3], [0, 4]])
        weights = without(np.full((4, 2), 0.5), (2, 0), (3, 0))
        assert borda(values, weights).tolist() == [1.5, 0.5, 2, 3]

    def test_alone_in_a_child_a_case_is_in_the_middle(self):
        weights = without(np.full((3, 2), 0.5), (1, 0), (2, 0))
        assert borda(np.array([[9.0, 1], [0, 2], [0, 3]]), weights).tolist() == [0.5, 1, 2]

    def test_a_case_without_anything_takes_no_part(self):
        values, weights = np.array([[3.0], [9.0], [2.0]]), np.array([[1.0], [0.0], [1.0]])
        assert borda(values, weights).tolist() == pytest.approx([1, NAN, 0], nan_ok=True)


@pytest.mark.parametrize("name", ["copeland", "borda", "kemeny"])
class TestAll:
    def test_one_case_is_refused(self, name):
        for weights in (np.ones((1, 1)), np.array([[[1.0], [0.0]], [[1.0], [1.0]]])):
            with pytest.raises(MethodError, match=f"{name}.*only one case has scores") as error:
                AGGREGATE[name].function(np.ones(weights.shape), weights)
            assert "aggregate by a mean" in str(error.value)

    def test_no_case_at_all_is_missing(self, name):
        assert np.isnan(AGGREGATE[name].function(np.ones((3, 2)), np.zeros((3, 2)))).all()

    def test_says_what_it_is(self, name):
        method = AGGREGATE[name]
        assert method.across
        assert not method.monotone
        assert method.parts is None

    def test_below_the_threshold_a_case_takes_no_part(self, name):
        parsed = Framework.parse(tree_specs([None, None]))
        tree = Tree.of(parsed, parsed.indicators)
        scores = np.array([[3.0, 3.0], [9.0, NAN], [1.0, 1.0]])
        methods = {family.level: (AGGREGATE[name], {}) for family in tree.families}
        made = aggregate(tree, scores, np.ones(3), methods, np.array([0.6]))
        alone = AGGREGATE[name].function(scores[[0, 2]], np.full((2, 2), 0.5))
        assert made[:, -1] == pytest.approx(np.array([alone[0], NAN, alone[1]]), nan_ok=True)
        assert np.isnan(contributions(tree, made, np.ones(3), methods)[[0, 2], :2]).all()

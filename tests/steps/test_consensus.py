"""The ranking with the highest support: by hand, against all permutations, and by both ways of searching."""

from itertools import permutations

import numpy as np
import pytest
from scipy import optimize
from scipy.optimize import milp

from properties.strategies import TABLE_25, TABLE_28, TABLE_31, ballots
from softpower.errors import MethodError
from softpower.steps import consensus
from softpower.steps.consensus import Ranking, _by_integers, _by_their_votes, kemeny, kemeny_orders, kemeny_ranking
from softpower.steps.voting import outranking

# Table 36 of the Handbook: Finland, United States, Sweden, Japan, Korea
TABLE_36 = np.array(
    [
        [0, 0.5, 0.375, 0.75, 0.625],
        [0.5, 0, 0.5, 0.625, 0.625],
        [0.625, 0.5, 0, 0.75, 0.625],
        [0.25, 0.375, 0.25, 0, 0.75],
        [0.375, 0.375, 0.375, 0.25, 0],
    ]
)


def support(matrix, order):
    return sum(matrix[one][other] for place, one in enumerate(order) for other in order[place + 1 :])


def by_permutations(matrix):
    """All best orders and their support, by going through all."""
    every = {order: support(matrix, order) for order in permutations(range(len(matrix)))}
    most = max(every.values())
    return {order for order, one in every.items() if one > most - 1e-9}, most


def votes(profile, names):
    values, weights, total = ballots(profile, names)
    return total * outranking(values, weights)


def as_set(orders):
    return {tuple(order) for order in orders.tolist()}


def circle(count, seed):
    """A random matrix in which majorities run round all cases: each beats the next, and the last the first."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(0, 21, (count, count)) / 20, 1)
    for place in range(count - 1):
        upper[place, place + 1] = 0.6
    upper[0, -1] = 0.4
    return upper + np.tril(1 - upper.T, -1)


class TestHandbook:
    def test_table_37(self):
        orders, most = kemeny_orders(TABLE_36)
        assert most == 6.375
        # US Sweden Finland, Sweden Finland US, Sweden US Finland; then Japan and Korea
        assert as_set(orders) == {(1, 2, 0, 3, 4), (2, 0, 1, 3, 4), (2, 1, 0, 3, 4)}
        others = [(0, 1, 2, 3, 4), (0, 2, 1, 3, 4), (1, 0, 2, 3, 4)]
        assert [support(TABLE_36, order) for order in others] == [6.125] * 3

    def test_table_28(self):
        matrix = votes(TABLE_28, "abc")
        every = {"abc": 100, "bca": 104, "cab": 86, "bac": 94, "cba": 80, "acb": 76}
        assert {name: support(matrix, ["abc".index(one) for one in name]) for name in every} == pytest.approx(every)
        orders, most = kemeny_orders(matrix)
        assert (orders.tolist(), most) == ([[1, 2, 0]], pytest.approx(104))

    def test_table_25_is_the_order_of_majorities(self):
        assert kemeny_orders(votes(TABLE_25, "abcd"))[0].tolist() == [[2, 1, 3, 0]]

    def test_table_31(self):
        matrix = votes(TABLE_31, "abcd")
        assert as_set(kemeny_orders(matrix)[0]) == by_permutations(matrix)[0]


class TestSearch:
    @pytest.mark.parametrize("seed", range(12))
    @pytest.mark.parametrize("count", [2, 3, 5, 7])
    def test_against_all_permutations(self, count, seed):
        rng = np.random.default_rng(seed)
        # few voters and values, so that there are ties
        matrix = outranking(rng.integers(0, 5, (count, 4)).astype(float), np.full(4, 0.25))
        best, most = by_permutations(matrix)
        orders, found = kemeny_orders(matrix)
        assert as_set(orders) == best
        assert len(orders) == len(best)
        ranking = kemeny_ranking(matrix)
        places = np.array([[order.index(case) for case in range(count)] for order in best])
        assert ranking.positions == pytest.approx(places.mean(axis=0))
        assert (found, ranking.support, ranking.bound) == pytest.approx((most, most, most))
        assert ranking.exact

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("count", [8, 9, 10])
    def test_integers_against_subsets(self, count, seed):
        matrix = circle(count, seed)
        orders, most = kemeny_orders(matrix)
        positions, found, bound = _by_integers(matrix, 60.0)
        assert (found, bound) == pytest.approx((most, most), rel=1e-12)
        assert sorted(positions.tolist()) == list(range(count))
        assert tuple(np.argsort(positions).tolist()) in as_set(orders)

    def test_above_the_limit_the_ranking_is_one_of_the_best(self, monkeypatch):
        matrix = np.full((12, 12), 1.0)
        matrix[:10, :10] = circle(10, 7)
        matrix[10:] = 0.0
        matrix[11, 10] = 1.0
        matrix[10, 11] = 0.0
        orders, most = kemeny_orders(matrix)
        monkeypatch.setattr(consensus, "SUBSETS", 4)
        ranking = kemeny_ranking(matrix)
        assert not ranking.exact
        assert (ranking.support, ranking.bound, ranking.gap) == pytest.approx((most, most, 0))
        assert tuple(np.argsort(ranking.positions).tolist()) in as_set(orders)
        assert ranking.positions[10:].tolist() == [11, 10]
        with pytest.raises(MethodError, match="10 cases stand in one circle of majorities, and 4 can be gone through"):
            kemeny_orders(matrix)

    def test_as_many_as_a_limit_says_are_taken(self, monkeypatch):
        for limit in ("SUBSETS", "LARGEST"):
            monkeypatch.setattr(consensus, limit, 6)
        monkeypatch.setattr(consensus, "LISTED", 24)
        matrix = circle(6, 1)
        orders, _ = kemeny_orders(matrix)
        assert tuple(np.argsort(_by_integers(matrix, 60.0)[0]).tolist()) in as_set(orders)
        assert len(kemeny_orders(np.full((4, 4), 0.5))[0]) == 24

    def test_fourteen_cases_are_gone_through(self):
        matrix = circle(14, 3)
        ranking = kemeny_ranking(matrix)
        assert ranking.exact
        assert ranking.support == pytest.approx(_by_integers(matrix, 60.0)[1], rel=1e-12)

    def test_a_search_without_a_time_to_finish_states_the_gap(self, monkeypatch):
        def cut(pairs, _time_limit):
            order = np.arange(len(pairs))
            reached = support(pairs, order.tolist())
            return order.astype(float), reached, 1.25 * reached

        monkeypatch.setattr(consensus, "SUBSETS", 2)
        monkeypatch.setattr(consensus, "_by_integers", cut)
        values, weights = ballots(((2, "abc"), (2, "bca"), (1, "cab")), "abc")[:2]
        ranking = kemeny_ranking(outranking(values, weights))
        assert ranking.gap == pytest.approx(0.25)
        with pytest.raises(MethodError, match=r"ended at 3 seconds; .* by 25.00%.*gap = 0.25"):
            kemeny(values, weights, time_limit=3.0)
        # The search is given the cases by their votes: b has 6 of 10, a has 5, c has 4.
        assert kemeny(values, weights, gap=0.26).tolist() == [1, 2, 0]

    def test_the_bound_is_what_the_program_proved(self, monkeypatch):
        # A lead is worth `scale` in the program; one that proved less leaves so much of the support open.
        matrix = circle(6, 2)
        scale = 1e3 / np.abs(matrix - matrix.T).max()
        _, reached, bound = _by_integers(matrix, 60.0)
        assert bound == pytest.approx(reached, rel=1e-9)

        def cut(*given, **more):
            found = milp(*given, **more)
            found.mip_dual_bound -= 0.5 * scale
            return found

        monkeypatch.setattr(optimize, "milp", cut)
        _, again, bound = _by_integers(matrix, 60.0)
        assert (again, bound) == pytest.approx((reached, reached + 0.5))

    def test_a_bound_that_rounding_alone_parts_from_the_support_is_the_support(self, monkeypatch):
        matrix = circle(6, 2)
        scale = 1e3 / np.abs(matrix - matrix.T).max()
        _, reached, _ = _by_integers(matrix, 60.0)

        def rounded(*given, **more):
            found = milp(*given, **more)
            found.mip_dual_bound -= 0.5e-9 * reached * scale
            return found

        monkeypatch.setattr(optimize, "milp", rounded)
        assert _by_integers(matrix, 60.0)[2] == reached

    def test_a_search_that_has_its_time_leaves_no_gap(self):
        for seed in (1, 4, 5):
            assert kemeny_ranking(circle(20, seed)).gap == 0

    def test_no_order_in_time(self):
        with pytest.raises(MethodError, match=r"no order of 60 cases was found within 1e-06 seconds"):
            kemeny_ranking(circle(60, 1), time_limit=1e-6)


class TestScale:
    """Supports count against each other: neither their size nor the rounding of their sums moves an order."""

    @pytest.mark.parametrize("unit", [1e-300, 1e-12, 0.1, 1 / 3, 1e12])
    def test_in_any_unit(self, unit, monkeypatch):
        for matrix in (TABLE_36, np.full((3, 3), 0.7), circle(6, 2)):
            expected, ranking = kemeny_orders(matrix)[0], kemeny_ranking(matrix)
            assert as_set(kemeny_orders(matrix * unit)[0]) == as_set(expected)
            assert kemeny_ranking(matrix * unit).positions.tolist() == ranking.positions.tolist()
        monkeypatch.setattr(consensus, "SUBSETS", 2)
        np.testing.assert_array_equal(
            kemeny_ranking(circle(6, 2) * unit).positions, kemeny_ranking(circle(6, 2)).positions
        )

    @pytest.mark.parametrize("unit", [1e-300, 1e-12, 1e12])
    def test_many_cases_in_one_order_are_no_circle_in_any_unit(self, unit):
        assert kemeny_ranking(np.triu(np.full((90, 90), unit))).positions.tolist() == list(range(90))

    @pytest.mark.parametrize("unit", [1e-300, 1e-12, 1e12])
    def test_votes_sort_the_cases_in_any_unit(self, unit):
        assert _by_their_votes(circle(9, 2) * unit).tolist() == _by_their_votes(circle(9, 2)).tolist() != [*range(9)]

    def test_what_rounding_parts_is_tied(self):
        # 0.1 + 0.2 is more than 0.3 by the last digit
        assert len(kemeny_orders(np.array([[0, 0.1 + 0.2], [0.3, 0]]))[0]) == 2
        # Round three cases: each beats the next by the same, but for the last digit.
        matrix = np.array([[0, 0.1 + 0.2, 0.1], [0.1, 0, 0.3], [0.3, 0.1, 0]])
        assert len(kemeny_orders(matrix)[0]) == 3
        assert kemeny_ranking(matrix).positions.tolist() == [1, 1, 1]

    def test_the_diagonal_does_not_count(self):
        for own in (np.nan, -1.0, 1e12):
            matrix = TABLE_36.copy()
            np.fill_diagonal(matrix, own)
            assert as_set(kemeny_orders(matrix)[0]) == as_set(kemeny_orders(TABLE_36)[0])
            assert kemeny_ranking(matrix).support == kemeny_ranking(TABLE_36).support

    def test_a_gap_is_a_share_of_the_support(self):
        assert Ranking(np.zeros(2), 0.5, 0.75, exact=False).gap == 0.5


class TestNothing:
    def test_of_no_cases_there_is_one_order(self):
        orders, most = kemeny_orders(np.zeros((0, 0)))
        assert (orders.shape, most) == ((1, 0), 0)

    def test_without_support_there_is_no_gap(self):
        ranking = kemeny_ranking(np.zeros((3, 3)))
        assert (ranking.support, ranking.gap, ranking.positions.tolist()) == (0, 0, [1, 1, 1])

    def test_without_a_lead_an_integer_program_finds_any_order(self, monkeypatch):
        monkeypatch.setattr(consensus, "SUBSETS", 2)
        for matrix in (np.zeros((4, 4)), np.full((4, 4), 0.5)):
            ranking = kemeny_ranking(matrix)
            assert sorted(ranking.positions.tolist()) == [0, 1, 2, 3]
            assert ranking.support == pytest.approx(6 * matrix[0, 1])


class TestRefused:
    @pytest.mark.parametrize(
        ("matrix", "words"),
        [
            (np.zeros((2, 3)), "no shape \\(2, 3\\)"),
            ([[0, np.nan], [1, 0]], "missing, infinite or negative"),
            ([[0, -1], [1, 0]], "Leave out the cases"),
        ],
    )
    def test_what_is_no_outranking(self, matrix, words):
        for function in (kemeny_orders, kemeny_ranking):
            with pytest.raises(MethodError, match=words):
                function(np.array(matrix))

    def test_too_many_tied_orders(self):
        with pytest.raises(MethodError, match="more than 10,000 orders are tied"):
            kemeny_orders(np.full((8, 8), 0.5))
        assert kemeny_ranking(np.full((8, 8), 0.5)).positions.tolist() == [3.5] * 8

    def test_orders_are_counted_over_all_circles(self):
        # Five tied cases before five others: 120 times 120 orders
        matrix = np.full((10, 10), 0.5)
        matrix[:5, 5:], matrix[5:, :5] = 1.0, 0.0
        with pytest.raises(MethodError, match="more than 10,000 orders are tied"):
            kemeny_orders(matrix)
        assert len(kemeny_orders(np.full((7, 7), 0.5))[0]) == 5040

    def test_too_many_cases_in_a_circle(self):
        with pytest.raises(MethodError, match=r"81 cases stand in one circle.* takes 80.*'copeland' or 'borda'"):
            kemeny_ranking(circle(81, 1))

    def test_parameters(self):
        values, weights = ballots(TABLE_28, "abc")[:2]
        with pytest.raises(MethodError, match="time limit is 0 seconds"):
            kemeny(values, weights, time_limit=0.0)
        with pytest.raises(MethodError, match="the gap is -1"):
            kemeny(values, weights, gap=-1.0)

    def test_many_cases_in_one_order_are_no_circle(self):
        values = np.arange(200.0)[:, None]
        assert kemeny(values, np.ones((200, 1))).tolist() == list(range(200))


class TestKemeny:
    def test_scores_are_the_cases_below(self):
        values, weights = ballots(TABLE_28, "abc")[:2]
        assert kemeny(values, weights).tolist() == [0, 2, 1]

    def test_tied_orders_give_the_mean(self):
        # the three best orders of table 37: Finland is third, second and third
        assert (4 - kemeny_ranking(TABLE_36).positions).tolist() == pytest.approx([7 / 3, 3, 11 / 3, 1, 0])

    def test_draws_and_gaps(self):
        values, weights = ballots(TABLE_28, "abc")[:2]
        gone = weights.copy()
        gone[1] = 0.0
        got = kemeny(np.stack([values, values]), np.stack([weights, gone]))
        assert got == pytest.approx(np.array([[0, 2, 1], [0, np.nan, 1]]), nan_ok=True)

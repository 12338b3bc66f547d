"""Laws of voting: outranking, Copeland, Borda and Kemeny.

References: Young and Levenglick, A consistent extension of Condorcet's election principle (1978); Moulin, Axioms of
Cooperative Decision Making (1988), chapter 9.
"""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower.registry import AGGREGATE
from softpower.steps.consensus import kemeny_orders, kemeny_ranking
from softpower.steps.voting import outranking

NAMES = st.sampled_from(["copeland", "borda", "kemeny"])


def vote(name, values, weights):
    return AGGREGATE[name].function(values, weights)


@st.composite
def profiles(draw, *, gaps=False, most=6):
    """Values with ties and their weights, which sum to one over what each case has."""
    cases, children = draw(st.integers(2, most)), draw(st.integers(1, 5))
    values = draw(st.lists(st.integers(0, 4), min_size=cases * children, max_size=cases * children))
    weights = np.array(draw(st.lists(st.integers(1, 5), min_size=children, max_size=children)), dtype=float)
    weights = np.tile(weights, (cases, 1))
    if gaps:
        there = draw(st.lists(st.booleans(), min_size=cases * children, max_size=cases * children))
        weights = np.where(np.array(there).reshape(weights.shape), weights, 0.0)
        weights[:, 0] = 1.0
    return np.array(values, dtype=float).reshape(cases, children), weights / weights.sum(axis=1, keepdims=True)


class TestOutranking:
    """E_ij + E_ji = 1 for any two cases, gaps or not; and each E_ij is its definition."""

    @given(profiles(gaps=True))
    def test_complementary(self, profile):
        shares = outranking(*profile)
        whole = shares + shares.T + np.eye(len(shares))
        assert whole == pytest.approx(np.ones_like(whole), abs=1e-15)
        assert ((shares >= 0) & (shares <= 1)).all()

    @given(profiles(gaps=True))
    def test_definition(self, profile):
        values, weights = profile
        shares = outranking(values, weights)
        for one in range(len(values)):
            for other in range(len(values)):
                both = [w if v else 0.0 for w, v in zip(weights[one], weights[other], strict=True)]
                won = [(x > y) + (x == y) / 2 for x, y in zip(values[one], values[other], strict=True)]
                expected = sum(w * x for w, x in zip(both, won, strict=True)) / sum(both)
                assert shares[one, other] == pytest.approx(expected if one != other else 0.0, abs=1e-12)


class TestOnlyOrdersCount:
    """A vote is blind to distances: any increasing transformation of a child's values leaves it."""

    @given(profiles(gaps=True), NAMES)
    @fewer
    def test_transformation(self, profile, name):
        values, weights = profile
        assert vote(name, np.exp(values) + 7, weights).tolist() == vote(name, values, weights).tolist()


class TestUnanimity:
    """Where all children have one order, it is the result: Pareto, for whole orders."""

    @given(st.permutations(range(6)), st.lists(st.integers(1, 5), min_size=1, max_size=4), NAMES)
    def test_one_order(self, order, weights, name):
        values = np.array(order, dtype=float)[:, None] * np.arange(1, len(weights) + 1)
        shares = np.tile(np.array(weights) / sum(weights), (6, 1))
        got = vote(name, values, shares)
        assert np.argsort(got).tolist() == np.argsort(order).tolist()
        assert len(set(got.round(9).tolist())) == 6

    @given(profiles(), NAMES)
    @fewer
    def test_of_two_cases(self, profile, name):
        """Better in one child and worse in none, a case is never below the other."""
        values, weights = profile
        values[1] = values[0]
        values[1, 0] += 1
        first, second = vote(name, values, weights)[:2]
        assert first <= second + 1e-9


class TestCondorcet:
    """A case that has a majority against each other case is first under Copeland and Kemeny."""

    @given(profiles(), st.sampled_from(["copeland", "kemeny"]))
    @fewer
    def test_winner(self, profile, name):
        shares = outranking(*profile) + np.eye(len(profile[0]))
        for winner in np.flatnonzero((shares > 0.5 + 1e-9).all(axis=1)):
            assert vote(name, *profile)[winner] == pytest.approx(len(shares) - 1)


class TestReversal:
    """Turning all data round turns the result round: the scores of a vote, and the set of best orders."""

    @given(profiles(gaps=True), NAMES)
    @fewer
    def test_scores(self, profile, name):
        values, weights = profile
        whole = {"copeland": 0.0}.get(name, len(values) - 1.0)
        expected = whole - vote(name, values, weights)
        assert vote(name, -values, weights) == pytest.approx(expected, abs=1e-9)

    @given(profiles())
    @fewer
    def test_best_orders(self, profile):
        values, weights = profile
        orders, support = kemeny_orders(outranking(values, weights))
        turned, reached = kemeny_orders(outranking(-values, weights))
        assert {tuple(one) for one in turned.tolist()} == {tuple(one[::-1]) for one in orders.tolist()}
        assert reached == pytest.approx(support)


class TestNeutrality:
    """No case and no child is special: in another order they have the same scores."""

    @given(profiles(gaps=True), NAMES, st.randoms(use_true_random=False))
    @fewer
    def test_permuted(self, profile, name, random):
        values, weights = profile
        cases, children = (random.sample(range(count), count) for count in values.shape)
        got = vote(name, values[cases][:, children], weights[cases][:, children])
        assert got == pytest.approx(vote(name, values, weights)[cases], abs=1e-9)


class TestZeroWeight:
    """A child of weight zero has no influence."""

    @given(profiles(gaps=True), NAMES, st.lists(st.integers(-9, 9), min_size=6, max_size=6))
    @fewer
    def test_another_child(self, profile, name, more):
        values, weights = profile
        wider = np.column_stack([values, more[: len(values)]])
        got = vote(name, wider, np.column_stack([weights, np.zeros(len(values))]))
        assert got == pytest.approx(vote(name, values, weights), abs=1e-12)


class TestSums:
    """What one case wins another loses: Copeland sums to 0, Kemeny and (without gaps) Borda to n (n - 1) / 2."""

    @given(profiles(gaps=True), st.sampled_from(["copeland", "kemeny"]))
    @fewer
    def test_with_gaps(self, profile, name):
        count = len(profile[0])
        assert vote(name, *profile).sum() == pytest.approx(0 if name == "copeland" else count * (count - 1) / 2)

    @given(profiles())
    def test_borda(self, profile):
        count = len(profile[0])
        assert vote("borda", *profile).sum() == pytest.approx(count * (count - 1) / 2)


class TestRises:
    """Where one value of a case rises, its score does not fall; under Kemeny, its best place in any best order."""

    @given(profiles(), NAMES, st.data())
    @fewer
    def test_own_value(self, profile, name, data):
        values, weights = profile
        risen = values.copy()
        risen[0, data.draw(st.integers(0, values.shape[1] - 1))] += data.draw(st.integers(1, 3))
        before, after = (vote(name, one, weights)[0] for one in (values, risen))
        if name == "kemeny":
            before, after = (
                -kemeny_orders(outranking(one, weights))[0].argsort(axis=1)[:, 0].min() for one in (values, risen)
            )
        assert after >= before - 1e-9


class TestKemeny:
    """No order has more support than those listed, and none that has as much is left out."""

    @given(profiles(gaps=True, most=5))
    @fewer
    def test_all_permutations(self, profile):
        matrix = outranking(*profile)
        every = {}
        for order in permutations(range(len(matrix))):
            every[order] = sum(matrix[a, b] for place, a in enumerate(order) for b in order[place + 1 :])
        most = max(every.values())
        orders, support = kemeny_orders(matrix)
        assert support == pytest.approx(most)
        assert {tuple(one) for one in orders.tolist()} == {one for one, much in every.items() if much > most - 1e-9}
        positions = kemeny_ranking(matrix).positions
        assert positions == pytest.approx(orders.argsort(axis=1).mean(axis=0))


class TestDraws:
    """The leading axes are draws: together equals one by one."""

    @given(NAMES, st.integers(0, 99))
    @fewer
    def test_together_and_apart(self, name, seed):
        rng = np.random.default_rng(seed)
        values = rng.integers(0, 4, (3, 2, 5, 4)).astype(float)
        weights = np.broadcast_to(rng.dirichlet(np.ones(4), (3, 2, 1)), values.shape)
        together = vote(name, values, weights)
        assert together.shape == (3, 2, 5)
        for draw in np.ndindex(3, 2):
            assert together[draw] == pytest.approx(vote(name, values[draw], weights[draw]), abs=1e-12)

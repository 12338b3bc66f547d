"""Laws of weights that are fitted to scores, judged in pairs or divided by a panel."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from properties.strategies import numbers, positive_weights
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.registry import WEIGHTS
from softpower.steps.experts import budget_allocation, expert_weights
from softpower.steps.frontier import frontier_weights
from softpower.steps.hierarchy import analytic_hierarchy, consistency
from softpower.steps.tree import Tree

FITTED = {
    "entropy": {},
    "critic": {},
    "principal_components": {},
    "factor_analysis": {"factors": 1},
    "optimised": {"tolerance": 1.0},
    "benefit_of_the_doubt": {"low": 0.1},
}
fitted = pytest.mark.parametrize("name", FITTED)
few = settings(max_examples=max(8, settings.default.max_examples // 8))
"""For laws whose every example solves programs or searches for a maximum."""
SEARCHED = {"optimised": 1e-6, "factor_analysis": 1e-4}


@st.composite
def tables(draw, gaps=False):
    """Scores of seven to twelve cases on three or four children: numbers that no two share, some of them missing."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cases, children = draw(st.integers(7, 12)), draw(st.integers(3, 4))
    common = rng.normal(size=(cases, 1))
    own = draw(numbers(0.5, 3))
    scores = 50 + 10 * (common + own * rng.normal(size=(cases, children)))
    scores = np.clip(scores, 1, 100)
    if gaps:
        scores[draw(st.integers(0, cases - 1)), draw(st.integers(0, children - 1))] = np.nan
    return scores


def tree_of(declared):
    names = [f"i{place}" for place in range(len(declared))]
    flat = Framework.flat(names, weights=dict(zip(names, declared, strict=True)))
    return Tree.of(flat, flat.indicators)


def weigh(name, scores, declared=None):
    """Return weights among siblings; what the method refuses is another example."""
    tree = tree_of([1.0] * scores.shape[1] if declared is None else declared)
    method = WEIGHTS[name]
    assert method.fitted
    nodes = np.column_stack([scores, np.zeros(len(scores))])
    try:
        made = method.function(tree, nodes, **FITTED[name])
    except MethodError:
        assume(False)
    return tree.among_siblings(made)[..., :-1]


class TestFitted:
    @few
    @fitted
    @given(scores=tables(gaps=True))
    def test_weights_of_siblings_sum_to_one_and_none_is_negative(self, name, scores):
        weights = weigh(name, scores)
        assert (weights >= 0).all()
        assert np.abs(weights.sum(axis=-1) - 1).max() < 1e-12

    @few
    @fitted
    @given(scores=tables(gaps=True), data=st.data())
    def test_blind_to_the_order_of_cases(self, name, scores, data):
        order = data.draw(st.permutations(range(len(scores))))
        before, after = weigh(name, scores), weigh(name, scores[order])
        expected = before[order] if before.ndim > 1 else before
        np.testing.assert_allclose(after, expected, atol=SEARCHED.get(name, 1e-7))

    @few
    @fitted
    @given(scores=tables(), data=st.data())
    def test_blind_to_the_order_of_siblings(self, name, scores, data):
        order = data.draw(st.permutations(range(scores.shape[1])))
        before, after = weigh(name, scores), weigh(name, scores[:, order])
        np.testing.assert_allclose(after, before[..., order], atol=SEARCHED.get(name, 1e-7))

    @few
    @fitted
    @given(scores=tables(), other=numbers(-1e6, 1e6), gap=st.booleans())
    def test_a_declared_weight_of_zero_has_no_influence(self, name, scores, other, gap):
        """Whatever the values of the child, present or missing, the others weigh the same."""
        declared = [1.0, 2.0, *[1.0] * (scores.shape[1] - 2)]
        alone = weigh(name, scores, declared)
        beside = np.column_stack([scores, np.full(len(scores), np.nan if gap else other)])
        beside[0, -1] = -3.0
        together = weigh(name, beside, [*declared, 0.0])
        assert (together[..., -1] == 0).all()
        np.testing.assert_array_equal(together[..., :-1], alone)

    @few
    @fitted
    @given(scores=tables(), factor=numbers(0.01, 100))
    def test_unit_free(self, name, scores, factor):
        """All scores in another unit give the same weights."""
        before, after = weigh(name, scores), weigh(name, scores * factor)
        np.testing.assert_allclose(after, before, atol=SEARCHED.get(name, 1e-7))


bounds = st.sampled_from([{}, {"low": 0.1}, {"high": 0.5}, {"low": 0.2, "high": 0.4}])


def another_of_the_best(values, case, best, child, *, low=0.0, high=1.0):
    """Return shares of weights under which a case does as well, with as much of one child as there can be."""
    count = values.shape[1]
    peers = values - values[case] / (best * (1 - 1e-9))
    rows = np.vstack([peers, low - np.eye(count), np.eye(count) - high])
    found = linprog(-np.eye(count)[child], rows, np.zeros(len(rows)), np.ones((1, count)), [1.0], method="highs")
    assert found.success
    return found.x


class TestBenefitOfTheDoubt:
    @few
    @given(tables(), bounds)
    def test_no_case_scores_below_what_equal_weights_give(self, values, limits):
        """Its equal-weight score over the best equal-weight score, where the bounds allow equal weights."""
        got = (frontier_weights(values, **limits) * values).sum(axis=-1)
        equal = values.mean(axis=-1)
        assert (got >= equal / equal.max() - 1e-9).all()

    @few
    @given(st.integers(0, 2**32 - 1), bounds, st.data())
    def test_many_best_weights_are_blind_to_order_too(self, seed, limits, data):
        """Of small whole numbers, of which many cases are level with others and with mixtures of them."""
        values = np.random.default_rng(seed).integers(0, 5, (8, 3)) + 0.0
        assume((values > 0).any(axis=0).all() and (values > 0).any(axis=1).all())
        cases, children = (data.draw(st.permutations(range(size))) for size in values.shape)
        before, after = (frontier_weights(one, **limits) for one in (values, values[cases][:, children]))
        np.testing.assert_allclose(after, before[cases][:, children], atol=1e-8)

    @few
    @given(tables(), bounds, st.data())
    def test_no_best_weights_are_more_even(self, values, limits, data):
        """Neither another vertex of the best ones nor what lies between is: any step there makes shares less even."""
        case = data.draw(st.integers(0, len(values) - 1))
        shares = frontier_weights(values, **limits)[case]
        best = float(shares @ values[case])
        shares = shares / shares.sum()
        other = another_of_the_best(values, case, best, data.draw(st.integers(0, values.shape[1] - 1)), **limits)
        assert (other - shares) @ shares >= -1e-6

    @few
    @given(tables(), bounds)
    def test_no_other_cases_weights_suit_a_case_better(self, values, limits):
        weights = frontier_weights(values, **limits)
        by_whom = values @ weights.T
        assert (np.diag(by_whom)[:, None] >= by_whom - 1e-9).all()

    @few
    @given(tables(), bounds)
    def test_nobody_stands_above_the_frontier_and_somebody_on_it(self, values, limits):
        weights = frontier_weights(values, **limits)
        assert (values @ weights.T).max() <= 1 + 1e-9
        assert np.diag(values @ weights.T).max() == pytest.approx(1, abs=1e-9)

    @few
    @given(tables(gaps=True), bounds)
    def test_weights_keep_their_bounds(self, values, limits):
        """Or are refused, where a case has so few children that no weights keep them."""
        complete, children = ~np.isnan(values).any(axis=-1), (~np.isnan(values)).sum(axis=-1)
        children = children[children > 0]
        if (children * limits.get("high", 1.0) < 1 - 1e-9).any() or (
            children * limits.get("low", 0.0) > 1 + 1e-9
        ).any():
            with pytest.raises(MethodError, match="Widen the bounds"):
                frontier_weights(values, **limits)
            return
        weights = frontier_weights(values, **limits)[complete]
        shares = weights / weights.sum(axis=-1, keepdims=True)
        assert (shares >= limits.get("low", 0.0) - 1e-9).all()
        assert (shares <= limits.get("high", 1.0) + 1e-9).all()

    @few
    @given(tables(), st.data())
    def test_a_case_that_another_beats_everywhere_changes_nobodys_score(self, values, data):
        beaten = values[data.draw(st.integers(0, len(values) - 1))] * data.draw(numbers(0.1, 0.9))
        before = (frontier_weights(values) * values).sum(axis=-1)
        more = np.vstack([values, beaten])
        after = (frontier_weights(more) * more).sum(axis=-1)
        np.testing.assert_allclose(after[:-1], before, rtol=1e-9)


class TestJudgements:
    @given(st.lists(positive_weights, min_size=1, max_size=9))
    def test_ratios_of_weights_give_the_weights_back(self, given_weights):
        """And agree with each other in full."""
        weights = np.array(given_weights)
        matrix = weights[:, None] / weights
        tree = tree_of([1.0] * len(weights))
        got = analytic_hierarchy(tree, matrices={tree.nodes[-1]: matrix.tolist()}, limit=1e-9)[:-1]
        np.testing.assert_allclose(got, weights / weights.sum(), rtol=1e-9)
        assert consistency(matrix) < 1e-9

    @given(st.integers(3, 8), st.data())
    def test_the_consistency_ratio_is_blind_to_the_order(self, size, data):
        scale = st.sampled_from([1 / 9, 1 / 5, 1 / 3, 1.0, 2.0, 4.0, 9.0])
        matrix = np.ones((size, size))
        for i, j in np.argwhere(np.triu(np.ones((size, size)), 1)):
            matrix[i, j] = data.draw(scale)
            matrix[j, i] = 1 / matrix[i, j]
        order = data.draw(st.permutations(range(size)))
        ratio = consistency(matrix)
        assert ratio >= 0
        assert consistency(matrix[np.ix_(order, order)]) == pytest.approx(ratio, abs=1e-9)


class TestPanels:
    panels = st.integers(2, 4).flatmap(
        lambda experts: st.lists(st.lists(positive_weights, min_size=experts, max_size=experts), min_size=2, max_size=5)
    )

    @given(panels, numbers(0.1, 1000))
    def test_the_size_of_a_budget_does_not_matter(self, points, factor):
        tree = tree_of([1.0] * len(points))
        names = tree.nodes[:-1]
        larger = [[mine[0] * factor, *mine[1:]] for mine in points]
        before, after = (budget_allocation(tree, points=dict(zip(names, one, strict=True))) for one in (points, larger))
        np.testing.assert_allclose(after, before, rtol=1e-12)
        assert before[:-1].sum() == pytest.approx(1)

    @given(panels)
    def test_the_mean_lies_among_the_experts(self, points):
        tree = tree_of([1.0] * len(points))
        given_points = dict(zip(tree.nodes[:-1], points, strict=True))
        each, mean = expert_weights(tree, given_points), budget_allocation(tree, points=given_points)
        assert (mean >= each.min(axis=0) - 1e-12).all()
        assert (mean <= each.max(axis=0) + 1e-12).all()

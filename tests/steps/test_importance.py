"""Weights under which influence is the declared importance."""

import itertools

import numpy as np
import pytest

from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.steps.importance import influence, optimised, weights_for_influence
from softpower.steps.tree import Tree

CORRELATED = np.array([[1.0, 0.6, 0.1], [0.6, 1.0, 0.3], [0.1, 0.3, 1.0]])


def weigh(columns, declared, **parameters):
    names = [f"i{place}" for place in range(len(columns))]
    flat = Framework.flat(names, weights=dict(zip(names, declared, strict=True)))
    tree = Tree.of(flat, flat.indicators)
    return optimised(tree, np.array([*columns, np.zeros(len(columns[0]))], dtype=float).T, **parameters)[:-1]


def test_influence_is_the_squared_correlation_with_the_mean():
    rng = np.random.default_rng(0)
    scores, weights = rng.normal(size=(50, 3)) @ CORRELATED, np.array([0.2, 0.5, 0.3])
    squared = np.square([np.corrcoef(column, scores @ weights)[0, 1] for column in scores.T])
    expected = squared / squared.sum()
    assert influence(np.cov(scores, rowvar=False), weights).tolist() == pytest.approx(expected.tolist(), rel=1e-10)


def test_what_goes_against_the_mean_counts_as_negative():
    against = np.array([[1.0, -0.5], [-0.5, 1.0]])
    assert influence(against, np.array([0.9, 0.1]))[1] < 0


def test_uncorrelated_indicators_weigh_by_the_root_of_their_importance():
    # r_i^2 is in proportion to (w_i s_i)^2, so w_i to sqrt(importance) / s_i: sqrt 0.8 / 1 and sqrt 0.2 / 2.
    weights = weights_for_influence(np.diag([1.0, 4.0]), np.array([0.8, 0.2]))
    assert weights.tolist() == pytest.approx([0.8, 0.2], abs=1e-7)


@pytest.mark.parametrize("importance", [[1, 1, 1], [4, 4, 3], [3, 4, 2]])
def test_influence_is_the_importance_that_is_declared(importance):
    rng = np.random.default_rng(1)
    columns = (rng.normal(size=(60, 3)) @ np.linalg.cholesky(CORRELATED).T * [1, 5, 0.2]).T
    weights = weigh(columns, importance)
    squared = np.square([np.corrcoef(column, weights @ columns)[0, 1] for column in columns])
    assert (squared / squared.sum()).tolist() == pytest.approx(
        (np.array(importance) / sum(importance)).tolist(), abs=1e-6
    )


@pytest.mark.parametrize(
    ("correlations", "importance"),
    [
        (CORRELATED, [0.4, 0.2, 0.4]),
        # Without the bound of zero on the weights of its start, the search ends elsewhere.
        (np.array([[1, 0.7, -0.9], [0.7, 1, -0.5], [-0.9, -0.5, 1]]), [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_what_cannot_be_reached_is_met_as_nearly_as_on_a_grid(correlations, importance):
    steps = np.linspace(0, 1, 61)
    grid = [np.array([a, b, 1 - a - b]) for a in steps for b in steps if a + b <= 1]

    def misfit(weights):
        return np.square(influence(correlations, weights) - importance).sum()

    best = misfit(weights_for_influence(correlations, np.array(importance)))
    assert 0.001 < best <= min(map(misfit, grid)) + 1e-9


def test_of_several_weights_that_no_near_ones_beat_the_nearest_are_taken():
    correlations = np.array([[1, 0.4, -0.3], [0.4, 1, -0.4], [-0.3, -0.4, 1]])
    importance = np.array([0.3, 0.1, 0.6])
    weights = weights_for_influence(correlations, importance)
    assert influence(correlations, weights).tolist() == pytest.approx(importance.tolist(), abs=1e-6)


def test_what_can_be_reached_has_a_closed_form():
    deviations = np.array([1.0, 5.0, 0.2])
    importance = np.array([0.3, 0.4, 0.3])
    covariances = CORRELATED * np.outer(deviations, deviations)
    expected = np.linalg.inv(covariances) @ (deviations * np.sqrt(importance))
    assert (expected > 0).all()
    weights = weights_for_influence(covariances, importance)
    assert weights.tolist() == pytest.approx((expected / expected.sum()).tolist(), abs=1e-10)


def test_of_several_least_points_one_is_taken_whatever_the_order_of_the_indicators():
    scores = np.array(
        [
            [1, 40.39749516, 64.57993746, 83.73026027],
            [7.78906895, 66.87976241, 89.8137277, 57.92124351],
            [1, 53.41040281, 1, 100],
            [100, 25.22606066, 3.55198782, 19.34676769],
            [37.56479713, 73.79376891, 76.53327434, 48.17645948],
            [100, 66.386678, 87.64860958, 8.22087239],
            [17.62255755, 44.31241312, 30.6513678, 88.46504783],
        ]
    )
    covariances, importance = np.cov(scores, rowvar=False), np.full(4, 0.25)
    weights = weights_for_influence(covariances, importance)
    for order in itertools.permutations(range(4)):
        found = weights_for_influence(covariances[np.ix_(order, order)], importance)
        np.testing.assert_allclose(found, weights[list(order)], atol=1e-7)


def test_copies_of_one_indicator_share_its_weight():
    one, other = np.random.default_rng(3).normal(size=(2, 20))
    weights = weights_for_influence(np.cov([one, one, other]), np.full(3, 1 / 3))
    assert weights[0] == pytest.approx(weights[1], abs=1e-9)


@pytest.mark.parametrize("importance", [[0.5, 0.5], [0.3, 0.7]])
def test_children_that_cancel_each_other_out_are_refused(importance):
    with pytest.raises(MethodError, match=r"at best 'i0' -?0\.\d+ for"):
        weigh([[1, 2, 4], [-1, -2, -4]], importance)


def test_rounding_puts_no_start_of_the_search_below_zero():
    correlations = np.array([[1, 0.3, 0.3, 0.5], [0.3, 1, 0.9, -0.6], [0.3, 0.9, 1, -0.5], [0.5, -0.6, -0.5, 1]])
    weights = weights_for_influence(correlations, np.full(4, 0.25))
    assert (weights >= 0).all()
    assert weights[2:].min() > 0.4


def test_what_cannot_be_reached_is_refused_with_what_can_be():
    rng = np.random.default_rng(2)
    first = rng.normal(size=30)
    columns = [first, first + 0.1 * rng.normal(size=30)]
    with pytest.raises(MethodError) as refused:
        weigh(columns, [9, 1])
    assert "no weights give the importance that is declared within 0.01: at best 'i0' 0.5" in str(refused.value)
    assert "for 0.900" in str(refused.value)
    # Nearest to it all weight is on the first.
    assert weigh(columns, [9, 1], tolerance=1.0).tolist() == pytest.approx([1, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ([[1, 2], [2, 1]], "2 cases have a score on each of the 2 children. It takes 3 at least"),
        ([[1, 2, 3], [1, 1, 1]], "'i1' has the same score in all cases"),
    ],
)
def test_refusals(columns, says):
    with pytest.raises(MethodError) as refused:
        weigh(columns, [1, 1])
    assert says in str(refused.value)


def test_cases_are_more_than_children():
    columns = [[1, 2, 4], [2, 1, 3], [3, 5, 1]]
    with pytest.raises(MethodError, match=r"3 cases have a score on each of the 3 children. It takes 4 at least"):
        weigh(columns, [1, 1, 1])


def test_declared_weights_may_be_huge():
    columns = np.array([[1.0, -1, 0, 0], [0, 0, 2, -2]])
    assert weigh(columns, [1.6e308, 0.4e308]).tolist() == weigh(columns, [4, 1]).tolist()
    three = np.array([[1.0, -1, 0, 0, 0, 0], [0, 0, 2, -2, 0, 0], [0, 0, 0, 0, 3, -3]])
    assert weigh(three, [1.6e308, 1.6e308, 1e-3]).tolist() == pytest.approx([2 / 3, 1 / 3, 0], abs=1e-3)


def test_scores_may_be_huge_or_tiny():
    columns = np.array([[1.0, -1, 0, 0], [0, 0, 2, -2]])
    for unit in (1e-200, 1e200):
        assert weigh(unit * columns, [4, 1]).tolist() == pytest.approx(weigh(columns, [4, 1]).tolist())


def test_only_complete_cases_count():
    columns = np.array([[1.0, -1, 0, 0], [0, 0, 2, -2]])
    gapped = np.column_stack([columns, [np.nan, 7], [9, np.nan]])
    assert weigh(gapped, [1, 1]).tolist() == weigh(columns, [1, 1]).tolist()

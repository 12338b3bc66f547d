"""Which families fitted weights act on, and which scores they see."""

import numpy as np
import pytest

from properties.strategies import tree_specs
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.steps.fitting import Siblings, fit
from softpower.steps.tree import Tree

NAN = np.nan


def made(tree, weights=()):
    framework = Framework.parse(tree_specs(tree, weights))
    return Tree.of(framework, framework.indicators)


@pytest.fixture(scope="module")
def tree():
    """d0 of level0 (d1 of level1 (i0, i1 weigh 4 and 0, i2), d2 of level1 (i3)), all else weighs 1."""
    return made([[None, None, None], [None]], [1, 3, 4, 0, 5, 2, 7])


def spread(siblings):
    return np.ptp(siblings.scores, axis=0)


def by_node(tree, weights):
    return dict(zip(tree.nodes, weights.tolist(), strict=True))


SCORES = np.array([[0.0, 0, 0, 0, 10, 0, 0], [6, 7, 8, 9, 30, 50, 0]])
"""In the order of the nodes: i0, i1, i2, i3, d1, d2, d0."""


def test_families_of_indicators_are_fitted_unless_told_otherwise(tree):
    weights = by_node(tree, fit(tree, SCORES, "spread", None, spread))
    assert weights == {"i0": 6, "i1": 0, "i2": 8, "i3": 7, "d1": 3, "d2": 2, "d0": 1}


def test_levels_name_the_nodes_whose_children_are_fitted(tree):
    weights = by_node(tree, fit(tree, SCORES, "spread", ["level0"], spread))
    assert weights == {"i0": 4, "i1": 0, "i2": 5, "i3": 7, "d1": 20, "d2": 50, "d0": 1}
    both = by_node(tree, fit(tree, SCORES, "spread", ["level0", "level1"], spread))
    assert (both["i0"], both["d2"]) == (6, 50)


def test_a_family_of_indicators_and_dimensions_is_not_fitted_unless_named():
    mixed = made([None, [None, None]])
    scores = np.array([[0.0] * 5, [9.0, 2, 3, 4, 0]])
    assert by_node(mixed, fit(mixed, scores, "spread", None, spread))["i0"] == 1
    assert by_node(mixed, fit(mixed, scores, "spread", ["level0"], spread))["d1"] == 4


def test_an_unknown_level_is_refused(tree):
    with pytest.raises(MethodError, match=r"weights = 'spread': no node with children is on a level 'level2'. Did you"):
        fit(tree, SCORES, "spread", ["level2"], spread)


def test_weights_by_case_make_all_weights_by_case(tree):
    weights = fit(tree, SCORES, "spread", None, lambda siblings: siblings.scores)
    assert weights.shape == SCORES.shape
    assert by_node(tree, weights[1]) == {"i0": 6, "i1": 0, "i2": 8, "i3": 7, "d1": 3, "d2": 2, "d0": 1}


def test_weights_are_of_nodes_where_no_family_has_anything_to_fit():
    alone = made([[None], [None]], [1, 3, 4, 5, 2])
    weights = fit(alone, np.ones((2, 5)), "spread", None, lambda siblings: siblings.scores)
    assert weights.tolist() == alone.declared.tolist()


def test_faults_of_all_families_come_together():
    two = made([[None, None], [None, None]])

    def refuse(siblings):
        raise siblings.refusal(f"no {siblings.listed([1])}", "Mend.")

    with pytest.raises(MethodError) as refused:
        fit(two, np.zeros((3, 7)), "spread", None, refuse)
    said = [(fault.where, fault.what) for fault in refused.value.faults]
    assert said == [("weights = 'spread': d1", "no 'i1'"), ("weights = 'spread': d2", "no 'i3'")]


def siblings(scores):
    scores = np.array(scores, dtype=float)
    names = tuple(f"i{place}" for place in range(scores.shape[1]))
    return Siblings("here", names, scores, np.ones(len(names)))


def test_complete_cases_have_every_score():
    assert siblings([[1, 2], [NAN, 3], [4, 5]]).complete(2).tolist() == [[1, 2], [4, 5]]


def test_too_few_complete_cases_are_refused():
    with pytest.raises(MethodError, match=r"here: 1 cases have a score on each of the 2 children. It takes 2 at least"):
        siblings([[1, 2], [NAN, 3]]).complete(2)


@pytest.mark.parametrize("constant", [5.0, 0.1 + 0.2, NAN])
def test_a_constant_child_is_refused(constant):
    almost = 0.3 if constant == 0.1 + 0.2 else constant
    with pytest.raises(MethodError, match="'i1' has the same score in all cases"):
        siblings([[1, constant], [2, almost]]).refuse_constant(np.array([[1, constant], [2, almost]]))


def test_without_a_case_no_child_has_two_scores():
    with pytest.raises(MethodError, match="'i0', 'i1' has the same score in all cases"):
        siblings(np.empty((0, 2))).refuse_constant(np.empty((0, 2)))


def test_negative_scores_are_refused_by_name():
    siblings([[0, NAN]]).refuse_negative()
    with pytest.raises(MethodError, match=r"'i0', 'i2' has scores below zero"):
        siblings([[-1, 2, -1], [3, 3, NAN]]).refuse_negative()


def test_long_lists_are_counted():
    assert siblings(np.zeros((1, 22))).listed(range(22)).endswith("'i19' and 2 more")
    assert siblings(np.zeros((1, 22))).listed(range(20)).endswith("'i19'")

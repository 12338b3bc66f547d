"""Weights among siblings: declared, equal, by indicators, by hand."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower.engine import Engine
from softpower.errors import MethodError, SoftPowerError
from softpower.model.framework import Framework
from softpower.scoring import score
from softpower.steps.tree import Tree
from softpower.steps.weight import check_weights, declared, equal, equal_indicators, mapping

# d0 (d1 of weight 3 (i0 of 1, i1 of 4), i2 of 2); weights in the order of a reader
SPECS = tree_specs([[None, None], None], [1, 3, 1, 4, 2])


@pytest.fixture(scope="module")
def tree():
    framework = Framework.parse(SPECS)
    return Tree.of(framework, framework.indicators)


def by_node(tree, weights):
    return dict(zip(tree.nodes, np.asarray(weights).tolist(), strict=True))


def test_declared(tree):
    assert by_node(tree, declared(tree)) == {"i0": 1, "i1": 4, "i2": 2, "d1": 3, "d0": 1}


def test_declared_weights_are_a_copy(tree):
    declared(tree)[:] = 0
    assert by_node(tree, tree.declared)["i1"] == 4


def test_equal(tree):
    assert set(by_node(tree, equal(tree)).values()) == {1}


def test_equal_indicators_weighs_a_dimension_by_the_indicators_under_it(tree):
    assert by_node(tree, equal_indicators(tree)) == {"i0": 1, "i1": 1, "i2": 1, "d1": 2, "d0": 3}


def test_a_mapping_keeps_the_declared_weight_of_the_others(tree):
    assert by_node(tree, mapping(tree, weights={"d1": 7.0, "i0": 0.0})) == {"i0": 0, "i1": 4, "i2": 2, "d1": 7, "d0": 1}


def test_a_mapping_may_weigh_the_others_otherwise(tree):
    weights = mapping(tree, weights={"i0": 9.0}, others="equal_indicators")
    assert by_node(tree, weights) == {"i0": 9, "i1": 1, "i2": 1, "d1": 2, "d0": 3}


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ("equall", "Did you mean 'equal'?"),
        ("mapping", "'weights' is missing"),
        ("entropy", "'entropy' is fitted to scores, and a mapping sees none"),
    ],
)
def test_the_others_need_a_method_without_parameters(tree, others, says):
    with pytest.raises(SoftPowerError) as refused:
        mapping(tree, weights={"i0": 9.0}, others=others)
    assert says in str(refused.value)


def test_all_faults_of_a_mapping_come_together(tree):
    with pytest.raises(MethodError) as refused:
        mapping(tree, weights={"d9": 1.0, "i1": -0.5})
    said = [(fault.where, fault.what) for fault in refused.value.faults]
    assert said == [("weights", "there is no node 'd9'"), ("weights", "the weight of 'i1' is -0.5")]


def test_a_mapping_weighs_no_composite(tree):
    with pytest.raises(MethodError, match=r"'d0' is the composite, which has no weight\. Weigh its children"):
        mapping(tree, weights={"d0": 1.0})


def test_siblings_whose_weights_sum_to_zero_are_refused(tree):
    with pytest.raises(MethodError, match=r"weights: d1: the weights of its children sum to zero"):
        check_weights(tree, mapping(tree, weights={"i0": 0.0, "i1": 0.0}))
    check_weights(tree, mapping(tree, weights={"i0": 0.0}))


def test_siblings_whose_weights_sum_to_zero_in_one_case_are_refused(tree):
    one = equal(tree)
    with pytest.raises(MethodError, match="weights: d1"):
        check_weights(tree, np.array([one, mapping(tree, weights={"i0": 0.0, "i1": 0.0})]))
    check_weights(tree, np.array([one, one]))


def test_a_weight_that_vanishes_beside_a_sibling_in_one_case_is_named(tree):
    rows = np.array([equal(tree), equal(tree), mapping(tree, weights={"i0": 1e-320, "i1": 1.0})])
    with pytest.raises(MethodError, match="weights: i0: its weight is too small beside a sibling's") as caught:
        check_weights(tree, rows)
    assert len(caught.value.faults) == 1


def test_a_weight_vanishes_beside_the_siblings_of_its_own_case_alone(tree):
    # i0, i1, i2, d1: in the first case i1 vanishes and i2 weighs nothing, in the second all are as small
    rows = np.array([[1.0, 1e-320, 0.0, 1.0, 1.0], [1e-310, 1e-310, 1e-310, 1e-310, 1.0]])
    with pytest.raises(MethodError) as caught:
        check_weights(tree, rows)
    assert [fault.where for fault in caught.value.faults] == ["weights: i1"]


def test_where_weights_sum_to_zero_no_weight_vanishes_beside_them(tree):
    with pytest.raises(MethodError) as caught:
        check_weights(tree, mapping(tree, weights={"i0": 0.0, "i1": 0.0, "i2": 1e-320}))
    assert [fault.where for fault in caught.value.faults] == ["weights: d1"]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # i0, i1, i2 score 10, 60, 80
        ("declared", (3 * (1 * 10 + 4 * 60) / 5 + 2 * 80) / 5),  # part 50; (3 x 50 + 2 x 80) / 5 = 62
        ("equal", ((10 + 60) / 2 + 80) / 2),  # 57.5
        ("equal_indicators", (10 + 60 + 80) / 3),  # 50
        ({"i0": 4, "d1": 1}, ((4 * 10 + 4 * 60) / 8 + 2 * 80) / 3),  # part 35; (35 + 160) / 3 = 65
        ({"i2": 0}, 50),
    ],
)
def test_in_a_score(weights, expected):
    result = score(scored(SPECS, [[10, 60, 80]], methodology={"weights": weights}))
    assert result.composite.tolist() == pytest.approx([expected])


def test_weights_may_be_huge():
    profile = scored(SPECS, [[10, 60, 80]], methodology={"weights": dict.fromkeys(["i0", "i1", "i2", "d1"], 1e308)})
    assert score(profile).composite.tolist() == pytest.approx([57.5])


def test_the_engine_refuses_weights_that_sum_to_zero():
    profile = scored(SPECS, [[10, 60, 80]], methodology={"weights": {"i2": 0, "d1": 0}})
    with pytest.raises(MethodError, match="weights: d0"):
        _ = Engine(profile).weights

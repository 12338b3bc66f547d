"""The tree as index arrays."""

import numpy as np
import pytest

from properties.strategies import tree_specs
from softpower.model.framework import Framework
from softpower.steps.tree import Tree

# d0 (d1 (d2 (i0, i1), i2), i3, d3 (i4)) with weights as a reader meets the nodes
WEIGHTS = {"d0": 1, "d1": 2, "d2": 3, "i0": 1, "i1": 3, "i2": 1, "i3": 6, "d3": 2, "i4": 5}
FRAMEWORK = Framework.parse(tree_specs([[[None, None], None], None, [None]], WEIGHTS.values()))


@pytest.fixture(scope="module")
def tree():
    return Tree.of(FRAMEWORK, FRAMEWORK.indicators)


def by_node(tree, weights):
    return dict(zip(tree.nodes, np.asarray(weights).tolist(), strict=True))


def families(tree):
    return [(tree.nodes[one.parent], [tree.nodes[child] for child in one.children], one.level) for one in tree.families]


def test_indicators_come_first_and_the_root_last(tree):
    assert tree.nodes == ("i0", "i1", "i2", "i3", "i4", "d2", "d1", "d3", "d0")
    assert tree.indicator_count == 5


def test_families_come_deepest_first_dimensions_before_indicators(tree):
    assert families(tree) == [
        ("d2", ["i0", "i1"], "level2"),
        ("d1", ["d2", "i2"], "level1"),
        ("d3", ["i4"], "level1"),
        ("d0", ["d1", "d3", "i3"], "level0"),
    ]


def test_declared_weights_stand_at_their_nodes(tree):
    assert by_node(tree, tree.declared) == WEIGHTS


def test_siblings_share_one_whatever_the_size_of_their_weights_and_of_those_of_others():
    flat = Framework.flat(["trade", "aid"])
    weights = np.array([[1e-300, 3e-300, 1], [1e308, 1e308, 1], [1, 4, 1]])
    got = Tree.of(flat, flat.indicators).among_siblings(weights)
    np.testing.assert_allclose(got, [[0.25, 0.75, 1], [0.5, 0.5, 1], [0.2, 0.8, 1]])


def test_a_dimension_without_chosen_indicators_is_left_out():
    few = Tree.of(FRAMEWORK, {"i2": None, "i3": None})
    assert few.nodes == ("i2", "i3", "d1", "d0")
    assert families(few) == [("d1", ["i2"], "level1"), ("d0", ["d1", "i3"], "level0")]
    assert by_node(few, few.declared) == {"i2": 1, "i3": 6, "d1": 2, "d0": 1}


def test_a_dimension_may_weigh_as_much_as_it_has_indicators_that_enter():
    ruled = [
        weight if name in {"i0", "i1", "i2", "i3", "i4", "d3"} else "indicators" for name, weight in WEIGHTS.items()
    ]
    framework = Framework.parse(tree_specs([[[None, None], None], None, [None]], ruled))
    whole = Tree.of(framework, framework.indicators)
    assert by_node(whole, whole.declared) == WEIGHTS | {"d2": 2, "d1": 3, "d0": 5}
    few = Tree.of(framework, {"i0": None, "i3": None, "i4": None})
    assert by_node(few, few.declared) == {"i0": 1, "i3": 6, "i4": 5, "d2": 1, "d1": 1, "d3": 2, "d0": 3}


def test_leaves_counts_indicators(tree):
    assert by_node(tree, tree.leaves()) == (
        {"i0": 1, "i1": 1, "i2": 1, "i3": 1, "i4": 1} | {"d2": 2, "d1": 3, "d3": 1, "d0": 5}
    )


def test_weights_among_siblings_sum_to_one(tree):
    # d1 : d3 : i3 are 2 : 2 : 6; d2 : i2 are 3 : 1; i0 : i1 are 1 : 3; i4 is alone
    assert by_node(tree, tree.among_siblings(tree.declared)) == pytest.approx(
        {"d0": 1, "d1": 0.2, "d3": 0.2, "i3": 0.6, "d2": 0.75, "i2": 0.25} | {"i0": 0.25, "i1": 0.75, "i4": 1}
    )


def test_effective_weights_are_products_down_the_path(tree):
    effective = by_node(tree, tree.effective(tree.among_siblings(tree.declared)))
    assert effective == pytest.approx(
        {"d0": 1, "d1": 0.2, "d3": 0.2, "i3": 0.6, "d2": 0.15, "i2": 0.05} | {"i0": 0.0375, "i1": 0.1125, "i4": 0.2}
    )


def test_neither_changes_what_it_is_given(tree):
    before = tree.declared.copy()
    tree.effective(tree.among_siblings(tree.declared))
    tree.effective(tree.declared)
    assert (tree.declared == before).all()


def test_leading_axes_are_draws(tree):
    draws = np.stack([tree.declared, np.ones(len(tree.nodes)), tree.leaves()])
    together = tree.effective(tree.among_siblings(draws))
    apart = [tree.effective(tree.among_siblings(one)) for one in draws]
    assert (together == np.stack(apart)).all()

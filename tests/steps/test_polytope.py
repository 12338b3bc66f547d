"""Admissible weights: extremes of each kind by hand, orders and their faults, gaps."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, score
from softpower.model.uncertainty import Band, Dirichlet, Ordered, Simplex
from softpower.steps.polytope import Polytope
from softpower.steps.programs import solve

SIMPLEX = Simplex(method="simplex")
BAND = Band(method="band", share=0.5)
VALUES = np.array([10.0, 40.0, 70.0])


def tree(shape=(None, None, None), weights=()):
    return score(scored(tree_specs(list(shape), weights), [[50.0] * 3])).engine.tree


def polytope(rule, shape=(None, None, None), weights=()):
    made = tree(shape, weights)
    return Polytope.of(made, made.among_siblings(made.declared), rule)


def ends(rule, values=VALUES, **more):
    made = polytope(rule, **more)
    return float(made.least(values)[0][-1]), -float(made.least(-values)[0][-1])


def ordered(*pairs):
    return Ordered(method="ordered", at_least=pairs)


def test_over_the_simplex_the_ends_are_the_worst_and_the_best_child():
    assert ends(SIMPLEX) == (10, 70)


def test_a_weight_of_zero_stays_zero_under_a_dirichlet_and_not_under_the_simplex():
    weights = (1, 0, 1, 1)
    assert ends(Dirichlet(method="dirichlet", concentration=5), weights=weights) == (40, 70)
    assert ends(SIMPLEX, weights=weights) == (10, 70)


def test_a_band_gives_the_worst_children_its_upper_end():
    # Weights 1.5, 1.5, 0.5 and 1.5, 0.5, 0.5 over three: (15 + 60 + 35) / 3.5 = 31.4, (15 + 20 + 35) / 2.5 = 28.
    assert ends(BAND)[0] == pytest.approx(28)
    assert ends(BAND)[1] == pytest.approx((5 + 20 + 105) / 2.5)
    # Weights 1.9, 0.1, 0.1: 11 / 2.1 = 5.2; of two at the upper end it is (19 + 10) / 3.9 = 7.4.
    wide = ends(Band(method="band", share=0.9), np.array([0.0, 10.0, 100.0]))
    assert wide == pytest.approx(((1 + 10) / 2.1, (190 + 1) / 2.1))


def test_an_order_leaves_the_means_of_its_heavier_nodes():
    # i1 >= i0 and i1 >= i2: the corners are i1 alone, with i0, with i2, or with both.
    assert ends(ordered(("i1", "i0"), ("i1", "i2"))) == pytest.approx((25, 55))


def test_a_circle_of_orders_makes_weights_equal():
    assert ends(ordered(("i0", "i1"), ("i1", "i2"), ("i2", "i0"))) == pytest.approx((40, 40))


def test_without_a_rule_weights_are_as_declared():
    assert ends({}, weights=(1, 2, 1, 1)) == (32.5, 32.5)


def test_a_node_goes_before_its_level():
    # d0 holds i0 and d1, which holds i1 and i2.
    shape = (None, [None, None])
    assert ends({"level1": SIMPLEX}, shape=shape) == pytest.approx((25, 40))
    assert ends({"level0": SIMPLEX}, shape=shape) == pytest.approx((10, 55))
    assert ends({"level1": BAND, "d1": SIMPLEX}, shape=shape) == pytest.approx((25, 40))


def test_an_order_of_nodes_that_follow_another_rule_is_a_fault():
    with pytest.raises(MethodError) as caught:
        polytope({"d0": ordered(("i1", "i2"))}, shape=(None, [None, None]))
    assert str(caught.value) == (
        "weights: d0: the order of 'i1' and 'i2' has no effect: their weights do not follow this rule."
        " Write it at their parent, or at its level."
    )


def test_an_order_of_all_that_there_is_may_follow_another_rule_too():
    made = score(scored(tree_specs([None, None]), [[50.0, 50.0]])).engine.tree
    with pytest.raises(MethodError, match="weights: level0: the order of 'i0' and 'i1' has no effect"):
        Polytope.of(made, made.among_siblings(made.declared), {"d0": BAND, "level0": ordered(("i0", "i1"))})


def test_a_gap_leaves_the_order_that_leads_through_it():
    made = polytope(ordered(("i0", "i1"), ("i1", "i2"))).within(np.array([True, False, True]), np.zeros(1))
    assert float(made.least(np.array([10.0, np.nan, 70.0]))[0][-1]) == 10
    assert float(made.least(np.array([70.0, np.nan, 10.0]))[0][-1]) == pytest.approx(40)


def test_a_gap_takes_the_orders_that_it_stood_in_along():
    made = polytope(ordered(("i1", "i2"))).within(np.array([True, False, True]), np.zeros(1))
    assert float(made.least(np.array([70.0, np.nan, 10.0]))[0][-1]) == 10


def test_what_is_not_there_weighs_nothing():
    made = polytope(SIMPLEX).within(np.array([True, False, True]), np.zeros(1))
    assert made.least(np.array([70.0, np.nan, 10.0]))[1][:3].tolist() == [0, 0, 1]
    assert made.weights(np.array([0.25, 0.0, 0.75, 1.0]))[:3].tolist() == [0.25, 0, 0.75]


def test_a_gap_hands_its_weight_to_its_siblings():
    # i0 lacks: of 1, 1 and 2 the last two are left, a third and two thirds.
    kept, values = np.array([False, True, True]), np.array([np.nan, 40.0, 70.0])
    for rule, expected in (({}, 60), (BAND, (40 * 1.5 + 70 * 2 * 0.5) / 2.5)):
        made = polytope(rule, weights=(1, 1, 1, 2)).within(kept, np.zeros(1))
        assert float(made.least(values)[0][-1]) == pytest.approx(expected)


def test_where_only_weights_of_zero_are_left_the_simplex_is_all_the_same():
    made = polytope(SIMPLEX, weights=(1, 1, 0, 0)).within(np.array([False, True, True]), np.zeros(1))
    assert float(made.least(np.array([np.nan, 40.0, 70.0]))[0][-1]) == 40


def test_each_row_of_values_has_its_own_least():
    rows = np.array([VALUES, VALUES[::-1], [50.0, 20.0, 30.0], [9.0, 9.0, 9.0]])
    for rule in (SIMPLEX, BAND, ordered(("i1", "i0"), ("i1", "i2")), {}):
        made = polytope(rule, weights=(1, 1, 2, 3))
        together = made.least(rows)[0]
        for row, values in zip(together, rows, strict=True):
            np.testing.assert_allclose(row, made.least(values)[0])
        np.testing.assert_allclose(made.least(rows.reshape(2, 2, 3))[0].reshape(4, -1), together)


def test_a_node_is_gone_below_its_threshold_or_where_nothing_left_may_weigh():
    made = polytope({}, weights=(1, 0, 1, 1))
    for present, threshold, there in (
        ([True, False, False], 0.0, False),
        ([True, True, False], 0.5, True),
        ([True, True, False], 0.7, False),
    ):
        values = np.where(present, VALUES, np.nan)
        least = made.within(np.array(present), np.array([threshold])).least(values)[0][-1]
        assert np.isnan(least) != there


@pytest.mark.parametrize("rule", [SIMPLEX, BAND, ordered(("i1", "i0")), {"d1": BAND}, {"level0": SIMPLEX}])
def test_families_one_by_one_give_what_the_program_of_the_whole_tree_gives(rule):
    made = polytope(rule, shape=(None, [None, None]), weights=(1, 2, 1, 3, 1))
    program = made.program(made.count - 1)
    for values in (VALUES, VALUES[::-1], np.array([30.0, 90.0, 20.0])):
        cost = np.append(values, np.zeros(program.size - 3))
        assert solve(program, cost).cost == pytest.approx(float(made.least(values)[0][-1]))


def test_under_a_node_without_mass_declared_weights_are_admissible():
    nothing = np.zeros(4)
    for rule, expected in (({}, [0.25, 0.75, 0]), (BAND, [0.25, 0.75, 0]), (ordered(("i2", "i0")), [1 / 3] * 3)):
        assert polytope(rule, weights=(1, 1, 3, 0)).weights(nothing)[:3].tolist() == pytest.approx(expected)


def test_masses_and_weights_stand_for_each_other():
    made = polytope(SIMPLEX, shape=(None, [None, None]))
    nodes = tree((None, [None, None]))
    weights = np.array([0.25, 0.5, 0.5, 0.75, 1.0])
    masses = nodes.masses(weights, 4)
    np.testing.assert_allclose(masses, [0.25, 0.375, 0.375, 0.75, 1.0])
    np.testing.assert_allclose(made.weights(masses)[:4], weights[:4])
    # Under a node without mass the weights are some that are admissible.
    np.testing.assert_allclose(made.weights(np.array([1.0, 0, 0, 0, 1]))[:4], [1.0, 0.5, 0.5, 0.0])

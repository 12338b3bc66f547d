"""Budget allocation: a panel's mean, every expert's weights, and the spread."""

import numpy as np
import pytest

from properties.strategies import tree_specs
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.registry import WEIGHTS
from softpower.steps.experts import budget_allocation, expert_spread, expert_weights
from softpower.steps.tree import Tree

SPECS = tree_specs([[None, None], None], [1, 3, 1, 4, 2])
POINTS = {"i0": [50.0, 1.0, 30.0], "i1": [50.0, 3.0, 70.0]}


@pytest.fixture(scope="module")
def tree():
    framework = Framework.parse(SPECS)
    return Tree.of(framework, framework.indicators)


def test_every_experts_weights(tree):
    # In the order of the nodes: i0, i1, i2, d1, d0; i2 and d1 keep 2 and 3 of 5.
    assert expert_weights(tree, POINTS).tolist() == [
        pytest.approx([0.5, 0.5, 0.4, 0.6, 1]),
        pytest.approx([0.25, 0.75, 0.4, 0.6, 1]),
        pytest.approx([0.3, 0.7, 0.4, 0.6, 1]),
    ]


def test_the_mean_counts_every_expert_alike(tree):
    # (0.5 + 0.25 + 0.3) / 3, whatever budget they divide
    assert budget_allocation(tree, points=POINTS).tolist() == pytest.approx([0.35, 0.65, 0.4, 0.6, 1])


def test_the_spread(tree):
    # Deviations 0.15, -0.10, -0.05 from the mean: variance (0.0225 + 0.01 + 0.0025) / 2
    assert expert_spread(tree, POINTS).tolist() == pytest.approx([0.0175**0.5, 0.0175**0.5, 0, 0, 0], abs=1e-12)


def test_one_expert_has_weights_but_no_spread(tree):
    one = {"d1": [1.0], "i2": [3.0]}
    assert budget_allocation(tree, points=one)[3] == 0.25
    with pytest.raises(MethodError, match="one expert has no spread"):
        expert_spread(tree, one)


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({}, ["nobody gave any points"]),
        ({"i9": [1.0]}, ["there is no node 'i9'"]),
        ({"d0": [1.0]}, ["'d0' is the composite, which has no weight"]),
        ({"i0": [1.0]}, ["weights: d1: 'i1' has no points and its siblings have"]),
        ({"i2": [1.0]}, ["weights: d0: 'd1' has no points and its siblings have"]),
        ({"i0": [1.0, 2.0], "i1": [1.0]}, ["the lists are of different length: 'i0' has 2, 'i1' has 1"]),
        ({"i0": [], "i1": []}, ["there are no experts"]),
        ({"i0": [1.0, 0.0], "i1": [1.0, 0.0]}, ["weights: d1: expert 2 gives nothing to any child"]),
        ({"i0": [1.0, -0.5], "i9": [1.0, 1.0]}, ["there is no node 'i9'", "expert 2 gives -0.5 points to 'i0'"]),
    ],
)
def test_refusals(tree, points, says):
    with pytest.raises(MethodError) as refused:
        budget_allocation(tree, points=points)
    assert len(refused.value.faults) == len(says)
    for one in says:
        assert one in str(refused.value)


def test_parameters_are_plain_tables(tree):
    given = WEIGHTS["budget_allocation"].check({"points": {"i0": [1, 2], "i1": [1, 2]}})
    assert budget_allocation(tree, **given)[:2].tolist() == [0.5, 0.5]


def test_huge_points(tree):
    assert np.isfinite(budget_allocation(tree, points={"i0": [1e308], "i1": [1e308]})).all()

"""Arithmetic means under many weights at once are those under each."""

import numpy as np
import pytest

from properties.strategies import tree_specs
from softpower.model.framework import Framework
from softpower.registry import AGGREGATE
from softpower.steps.aggregate import aggregate
from softpower.steps.linear import linear
from softpower.steps.tree import Tree

NAN = np.nan
SPECS = Framework.parse(tree_specs([[None, None], None, [None]]))
TREE = Tree.of(SPECS, SPECS.indicators)
SCORES = np.array([[10.0, 30, 80, 5], [NAN, 50, 40, 6], [NAN, NAN, 7, 90], [1, 2, NAN, NAN]])
WEIGHTS = np.array([[1.0, 1, 1, 1, 2, 3, 1], [0.5, 0.5, 0.25, 1, 0.5, 0.25, 1], [4, 0, 1, 1, 1, 1, 1]])
"""Of three draws; in the second the weights of siblings sum to one."""


@pytest.mark.parametrize("scores", [SCORES, np.nan_to_num(SCORES)])
@pytest.mark.parametrize("draws", [slice(0, 3), slice(0, 1), slice(1, 2), slice(1, 3), slice(0, 0)])
@pytest.mark.parametrize("size", [1.0, 0.75, 3.0])
def test_weights_of_any_size(scores, draws, size):
    weights, thresholds = size * WEIGHTS[draws], np.array([0.0, 0.0, 0.5])
    made = linear(TREE, scores, weights, thresholds)
    methods = {family.level: (AGGREGATE["arithmetic"], {}) for family in TREE.families}
    every = np.broadcast_to(scores, (len(weights), *scores.shape))
    expected = aggregate(TREE, every, weights, methods, thresholds)
    np.testing.assert_allclose(made, expected[..., TREE.indicator_count :].swapaxes(-1, -2), rtol=1e-14)

"""What sensitivity looks at: an order of two nodes, and what one case does not have."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, sensitivity_analysis
from softpower.analysis.outputs import RANK_CHANGE

ONE = scored(tree_specs([[None, None], None]), [[10, 90, 50]])
WEIGHTS = {"weights": {"d1": "simplex"}}
"""With w on i1 the node d1 has 10 + 80 w, which is above the 50 of i2 in half of all draws."""


def test_one_node_above_another_is_an_output_of_one_case():
    found = sensitivity_analysis(ONE, uncertainty=WEIGHTS, n=256, outputs="d1 above i2")
    assert found.outputs == ("d1 above i2",)
    assert set(np.unique(found.a)) == {0.0, 1.0}
    assert found.a.mean() == pytest.approx(0.5, abs=0.02)
    assert found.indices.total.ravel().tolist() == pytest.approx([1], abs=0.1)


def test_one_case_has_no_rank_that_changes():
    with pytest.raises(MethodError, match="outputs: one case has no rank"):
        sensitivity_analysis(ONE, uncertainty=WEIGHTS, n=16, outputs=[RANK_CHANGE])

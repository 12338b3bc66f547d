"""The analytic hierarchy process."""

import numpy as np
import pytest

from properties.strategies import tree_specs
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.registry import WEIGHTS
from softpower.steps.hierarchy import RANDOM_INDICES, analytic_hierarchy, consistency
from softpower.steps.tree import Tree

SPECS = tree_specs([[None, None, None], None], [1, 3, 1, 4, 2, 6])
AGREED = [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]


@pytest.fixture(scope="module")
def tree():
    framework = Framework.parse(SPECS)
    return Tree.of(framework, framework.indicators)


def by_node(tree, weights):
    return dict(zip(tree.nodes, weights.tolist(), strict=True))


def test_judgements_that_agree_are_the_ratios_of_the_weights(tree):
    got = by_node(tree, analytic_hierarchy(tree, matrices={"d1": AGREED}))
    assert got == pytest.approx({"i0": 4 / 7, "i1": 2 / 7, "i2": 1 / 7, "i3": 6, "d1": 3, "d0": 1})


def test_several_nodes(tree):
    got = by_node(tree, analytic_hierarchy(tree, matrices={"d1": AGREED, "d0": [[1, 3], [1 / 3, 1]]}))
    assert (got["i0"], got["d1"], got["i3"]) == pytest.approx((4 / 7, 0.75, 0.25))


def test_reciprocals_may_be_rounded(tree):
    exact = analytic_hierarchy(tree, matrices={"d1": [[1, 3, 7], [1 / 3, 1, 3], [1 / 7, 1 / 3, 1]]})
    rounded = analytic_hierarchy(tree, matrices={"d1": [[1, 3, 7], [0.33, 1, 3], [0.14, 0.33, 1]]})
    assert rounded.tolist() == exact.tolist()


def test_the_eigenvector_against_powers_of_the_matrix(tree):
    matrix = np.array([[1, 2, 5], [1 / 2, 1, 2], [1 / 5, 1 / 2, 1]])
    vector = np.linalg.matrix_power(matrix, 60).sum(axis=1)
    got = analytic_hierarchy(tree, matrices={"d1": matrix.tolist()})
    assert got[:3].tolist() == pytest.approx((vector / vector.sum()).tolist(), rel=1e-12)


def test_consistency_of_three_by_its_closed_form():
    # Of a 3 x 3 matrix the greatest eigenvalue is 1 + d + 1/d with d the cube root of a13 / (a12 a23).
    d = (0.25 / (2 * 2)) ** (1 / 3)
    matrix = np.array([[1, 2, 0.25], [0.5, 1, 2], [4, 0.5, 1]])
    assert consistency(matrix) == pytest.approx((1 + d + 1 / d - 3) / 2 / 0.58)


def test_random_indices_are_those_of_saaty():
    # One pair that is judged t times too high makes l - n grow alike for all sizes; what differs is the index.
    published = {3: 0.58, 4: 0.9, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}
    published |= {11: 1.51, 12: 1.48, 13: 1.56, 14: 1.57, 15: 1.59}
    for size, index in published.items():
        matrix = np.ones((size, size))
        matrix[0, 1], matrix[1, 0] = 4, 0.25
        greatest = np.linalg.eigvals(matrix).real.max()
        assert consistency(matrix) == pytest.approx((greatest - size) / (size - 1) / index)


def test_two_judgements_always_agree():
    assert consistency(np.array([[1, 9], [1 / 9, 1]])) == 0
    assert consistency(np.ones((1, 1))) == 0


def test_consistency_has_random_indices_for_fifteen():
    assert consistency(np.ones((15, 15))) == pytest.approx(0, abs=1e-12)
    assert len(RANDOM_INDICES) == 15
    with pytest.raises(MethodError, match=r"no random index for 16 rows\. Compare 15 at most"):
        consistency(np.ones((16, 16)))


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (
            [[1, 2], [0.5, 1]],
            "2 rows of 2 numbers, and the node has 3 children. Write 3 rows of 3, in this order: i0, i1",
        ),
        ([[1, 2, 4], [0.5, 1], [0.25, 0.5, 1]], "3 rows of 3, 2, 3 numbers"),
        ([[1, 2, 4], [0.5, 1, 0], [0.25, 0.5, 1]], "'i1' against 'i2' is 0"),
        (
            [[1, 2, 4], [2, 1, 2], [0.25, 0.5, 1]],
            "'i0' against 'i1' is 2, and the reverse is 2. The reverse of 2 is 0.5",
        ),
        (
            [[1, 2, 4], [0.53, 1, 2], [0.25, 0.5, 1]],
            "'i0' against 'i1' is 2, and the reverse is 0.53. The reverse of 2 is 0.5",
        ),
        (
            [[3, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]],
            "'i0' against 'i0' is 3, and the reverse is 3. A node against itself is 1",
        ),
    ],
)
def test_refusals(tree, matrix, says):
    with pytest.raises(MethodError) as refused:
        analytic_hierarchy(tree, matrices={"d1": matrix})
    assert refused.value.faults[0].where == "weights: d1"
    assert says in str(refused.value)


def test_judgements_that_contradict_each_other_are_refused_with_the_worst(tree):
    matrix = [[1, 2, 9], [1 / 2, 1, 1 / 2], [1 / 9, 2, 1]]
    with pytest.raises(MethodError) as refused:
        analytic_hierarchy(tree, matrices={"d1": matrix})
    said = str(refused.value)
    assert f"their consistency ratio is {consistency(np.array(matrix)):.3f}, above 0.1" in said
    assert "Look first at" in said
    assert analytic_hierarchy(tree, matrices={"d1": matrix}, limit=1.0)[:3].sum() == pytest.approx(1)


def test_the_judgement_that_breaks_with_all_others_is_the_worst():
    framework = Framework.parse(tree_specs([None] * 4))
    # All follow from weights of 8, 4, 2 and 1 but that of i1 against i2, which should be 2.
    matrix = np.array([[8 / 8, 8 / 4, 8 / 2, 8 / 1]] * 4) * np.array([[1.0], [1 / 2], [1 / 4], [1 / 8]])
    matrix[1, 2], matrix[2, 1] = 1 / 5, 5
    with pytest.raises(MethodError, match=r"Look first at 'i1' against 'i2', which is 0.2"):
        analytic_hierarchy(Tree.of(framework, framework.indicators), matrices={"d0": matrix.tolist()})


def test_no_contradiction_is_the_least_limit(tree):
    assert analytic_hierarchy(tree, matrices={"d0": [[1, 3], [1 / 3, 1]]}, limit=0.0)[3:].tolist() == [0.25, 0.75, 1]


def test_all_faults_come_together(tree):
    with pytest.raises(MethodError) as refused:
        analytic_hierarchy(tree, matrices={"d9": [[1]], "i0": [[1]], "d1": [[1]]}, limit=-1.0)
    assert [fault.where for fault in refused.value.faults] == [
        "weights: limit",
        "weights: d9",
        "weights: i0",
        "weights: d1",
    ]


def test_more_than_fifteen_children_are_refused():
    flat = Framework.flat([f"i{place}" for place in range(16)])
    with pytest.raises(MethodError, match="16 children are more than can be judged in pairs"):
        analytic_hierarchy(Tree.of(flat, flat.indicators), matrices={flat.root: np.ones((16, 16)).tolist()})


def test_fifteen_children_are_judged():
    flat = Framework.flat([f"i{place}" for place in range(15)])
    got = analytic_hierarchy(Tree.of(flat, flat.indicators), matrices={flat.root: np.ones((15, 15)).tolist()})
    assert got[:15].tolist() == pytest.approx([1 / 15] * 15)


def test_parameters_are_plain_tables(tree):
    given = WEIGHTS["analytic_hierarchy"].check({"matrices": {"d1": AGREED}})
    assert analytic_hierarchy(tree, **given)[:3].sum() == pytest.approx(1)

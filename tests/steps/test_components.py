"""Weights by principal components and factor analysis, in the tree."""

from inspect import signature
from itertools import product

import numpy as np
import pytest

from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.steps.components import factor_analysis, principal_components
from softpower.steps.loadings import factors_to_keep, maximum_likelihood_loadings, varimax, weights_of_loadings
from softpower.steps.tree import Tree

BOTH = pytest.mark.parametrize("method", [principal_components, factor_analysis])
RNG = np.random.default_rng(0)
COMMON = RNG.normal(size=(40, 2))
SCORES = np.column_stack([COMMON[:, [0]] * [3, 1, 2], COMMON[:, [1]] * [2, 1]]) + RNG.normal(size=(40, 5))


def weigh(method, scores, declared=None, **parameters):
    names = [f"i{place}" for place in range(scores.shape[1])]
    flat = Framework.flat(names, weights=dict(zip(names, declared or [1] * len(names), strict=True)))
    tree = Tree.of(flat, flat.indicators)
    return tree.among_siblings(method(tree, np.column_stack([scores, np.zeros(len(scores))]), **parameters))[:-1]


def test_one_component_weighs_by_the_squares_of_the_first_eigenvector():
    values, vectors = np.linalg.eigh(np.corrcoef(SCORES, rowvar=False))
    got = weigh(principal_components, SCORES, factors=1)
    assert got.tolist() == pytest.approx(np.square(vectors[:, values.argmax()]).tolist(), rel=1e-9)


def test_two_components_that_are_not_rotated_by_hand():
    values, vectors = np.linalg.eigh(np.corrcoef(SCORES, rowvar=False))
    most = (np.square(vectors[:, -2:]) * values[-2:]).max(axis=-1)
    got = weigh(principal_components, SCORES, factors=2, rotation="none")
    assert got.tolist() == pytest.approx((most / most.sum()).tolist(), rel=1e-9)


def test_two_components_are_rotated_unless_told_otherwise():
    turned = weigh(principal_components, SCORES, factors=2)
    plain = weigh(principal_components, SCORES, factors=2, rotation="none")
    assert np.abs(turned - plain).max() > 0.001


def test_two_children_that_share_something_are_enough_for_a_factor():
    # Orthogonal columns: the first two correlate with 0.8, and the third and fourth with none.
    columns = np.array(
        [[1, 1, 1, 1, -1, -1, -1, -1], [1, 1, -1, -1, 1, 1, -1, -1.0], [1, -1] * 4, [1, -1, -1, 1] * 2]
    ).T
    scores = columns @ np.array([[1, 0.8, 0, 0], [0, 0.6, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    got = weigh(factor_analysis, scores, factors=1)
    assert got[:2].sum() == pytest.approx(1, abs=1e-6)


def test_factors_weigh_what_is_shared_and_components_what_is_there():
    # All correlate with the first; what the last has of its own is no factor's.
    scores = np.column_stack([SCORES[:, :3], SCORES[:, 0] + 4 * RNG.normal(size=40)])
    assert weigh(factor_analysis, scores, factors=1)[3] < weigh(principal_components, scores, factors=1)[3]


@BOTH
def test_the_handbooks_limits_are_the_defaults(method):
    limits = {"eigenvalue": 1.0, "share": 0.1, "cumulative": 0.6}
    for function in (method, factors_to_keep):
        assert {name: signature(function).parameters[name].default for name in limits} == limits


@BOTH
def test_only_complete_cases_count(method):
    gapped = np.vstack([SCORES, [np.nan, 99, 99, 99, 99]])
    assert weigh(method, gapped, factors=2).tolist() == weigh(method, SCORES, factors=2).tolist()


@BOTH
def test_the_unit_of_a_score_does_not_matter(method):
    far = SCORES * [1e-200, 1, 1e200, 3, 1e9] + [0, 5, 0, 7, 1]
    assert weigh(method, far, factors=2).tolist() == pytest.approx(weigh(method, SCORES, factors=2).tolist(), abs=1e-6)


@BOTH
def test_a_child_of_declared_weight_zero_is_not_seen(method):
    got = weigh(method, np.column_stack([SCORES, RNG.normal(size=40)]), [1, 1, 1, 1, 1, 0], factors=2)
    assert got[-1] == 0
    assert got[:-1].tolist() == weigh(method, SCORES, factors=2).tolist()


@BOTH
@pytest.mark.parametrize(
    ("scores", "parameters", "says"),
    [
        (SCORES[:5], {}, "5 cases have a score on each of the 5 children. It takes 6 at least"),
        (SCORES * [1, 1, 0, 1, 1], {}, "'i2' has the same score in all cases"),
        (SCORES, {"factors": 0}, "factors is 0 for 5 children. Keep from 1 to 5"),
        (SCORES, {"factors": 6}, "factors is 6 for 5 children"),
        (SCORES, {"cumulative": 1.0}, "cumulative 1 are no limits of variance"),
        (SCORES, {"cumulative": -0.5}, "cumulative -0.5 are no limits of variance"),
        (SCORES, {"share": -0.5}, "share -0.5 and cumulative 0.6 are no limits of variance"),
        (SCORES, {"eigenvalue": -1.0}, "eigenvalue -1, share 0.1"),
    ],
)
def test_refusals(method, scores, parameters, says):
    with pytest.raises(MethodError) as refused:
        weigh(method, scores, **parameters)
    assert says in str(refused.value)


def test_factors_that_few_children_do_not_tell_apart_are_refused():
    with pytest.raises(MethodError, match="the correlations of 2 children do not tell 1 factors apart"):
        weigh(factor_analysis, SCORES[:, :2], factors=1)
    with pytest.raises(MethodError, match="the correlations of 4 children do not tell 2 factors apart"):
        weigh(factor_analysis, SCORES[:, :4], factors=2)
    assert weigh(factor_analysis, SCORES, factors=2).sum() == pytest.approx(1)


def test_children_that_have_nothing_in_common_are_refused_by_factor_analysis():
    # All eight combinations of three signs: no two go together.
    signs = np.array(list(product([-1.0, 1.0], repeat=3)))
    with pytest.raises(MethodError, match=r"the children have nothing in common\. Weigh otherwise"):
        weigh(factor_analysis, signs, factors=1)


def test_a_child_that_follows_from_the_others_is_refused_by_factor_analysis_alone():
    scores = np.column_stack([SCORES[:, :3], SCORES[:, :3].sum(axis=1)])
    assert weigh(principal_components, scores).sum() == pytest.approx(1)
    with pytest.raises(MethodError, match="one of the children follows from the others in full"):
        weigh(factor_analysis, scores, factors=1)


@pytest.mark.parametrize("rotation", ["varimax", "none"])
def test_factor_analysis_is_its_parts(rotation):
    loadings = maximum_likelihood_loadings(np.corrcoef(SCORES, rowvar=False), 2)
    expected = weights_of_loadings(varimax(loadings) if rotation == "varimax" else loadings)
    got = weigh(factor_analysis, SCORES, factors=2, rotation=rotation)
    assert got.tolist() == pytest.approx(expected.tolist(), rel=1e-9)


@BOTH
def test_limits_of_nothing_are_limits(method):
    kept = {"eigenvalue": 0.0, "share": 0.0, "cumulative": 0.0}
    assert weigh(principal_components, SCORES, **kept).tolist() == pytest.approx(
        weigh(principal_components, SCORES, factors=5).tolist()
    )
    # An eigenvalue and a share that none has leave one, which any cumulative share needs.
    one = {"eigenvalue": 9.0, "share": 1.0, "cumulative": 0.0}
    assert weigh(method, SCORES, **one).tolist() == weigh(method, SCORES, factors=1).tolist()

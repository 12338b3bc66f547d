"""What sensitivity looks at: an order of two nodes, and what one case does not have."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, SoftPowerError, sensitivity_analysis
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


def test_it_is_shown_with_what_matters_most_for_the_first_output():
    # Weights of d1 alone move d1; the composite moves with those of d0 too.
    found = sensitivity_analysis(ONE, uncertainty={"weights": "simplex"}, n=64, outputs=["d1", "d0"])
    total = found.to_frame("d1").iloc[0]["total"]
    assert f"n = 64; d1: weights: d1 {total:.2f} in total" in repr(found)


def test_one_case_has_no_rank_that_changes():
    with pytest.raises(MethodError, match="outputs: one case has no rank"):
        sensitivity_analysis(ONE, uncertainty=WEIGHTS, n=16, outputs=[RANK_CHANGE])


def test_one_case_is_asked_for_the_scores_of_the_composite_and_its_children():
    found = sensitivity_analysis(ONE, uncertainty={"weights": "simplex"}, n=64)
    assert found.outputs == ("d0", "d1")
    assert found.indices.first.sum(axis=0).tolist() == pytest.approx([1, 1], abs=0.35)


def test_claims_are_outputs_by_their_ids():
    claim = {"id": "wide", "says": "d1 is above i2.", "kind": "above", "nodes": ["d1", "i2"]}
    found = sensitivity_analysis(
        ONE.replace(claims=[claim]), uncertainty=WEIGHTS, n=64, outputs=["wide", "d1 above i2"]
    )
    assert found.outputs == ("wide", "d1 above i2")
    assert found.a[:, 0].tolist() == found.a[:, 1].tolist()


@pytest.mark.parametrize(
    ("uncertain", "options", "said"),
    [
        (WEIGHTS, {"outputs": "i2"}, "outputs: the score of 'i2' is the same in all draws"),
        (WEIGHTS, {"outputs": "d7 above i2"}, "outputs: there is no output 'd7 above i2'"),
        (WEIGHTS, {"groups": 3}, "groups: 3 is no grouping"),
        ({"observations": True}, {}, "nothing that is declared uncertain can vary"),
    ],
)
def test_what_does_not_vary_or_is_no_output_is_refused(uncertain, options, said):
    with pytest.raises(SoftPowerError, match=said):
        sensitivity_analysis(ONE, uncertainty=uncertain, n=16, **options)


def test_the_change_of_ranks_is_its_mean_over_the_cases():
    # Declared 45 and 55; with w on i1 it is 10 + 70 w against 60 - 10 w: both move by one place where w > 5/8.
    two = scored(tree_specs([None, None]), [[10, 80], [60, 50]])
    found = sensitivity_analysis(two, uncertainty={"weights": "simplex"}, n=256, outputs=RANK_CHANGE)
    assert set(np.unique(found.a)) == {0.0, 1.0}
    assert found.a.mean() == pytest.approx(3 / 8, abs=0.02)


def test_where_no_case_has_a_rank_no_rank_changes():
    # Without i0 no case has a score; without i1, which nobody has, the order is as declared.
    two = scored(tree_specs([None, None]), [[10, None], [60, None]])
    found = sensitivity_analysis(two, uncertainty={"leave_out": "one"}, n=64, outputs=RANK_CHANGE)
    assert 0 < np.isnan(found.a).sum() < found.a.size
    assert np.unique(found.a[~np.isnan(found.a)]).tolist() == [0.0]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"all": ["weights: d0"]}, ["1 factor in no group: weights: d1. Put each in one"]),
        (
            {"one": ["weights: d0", "weights: d1"], "two": ["weights: d1"]},
            ["groups: two: 'weights: d1' stands in 'one' as well"],
        ),
        (
            {"all": ["weights: d0", "weights: d9", "weights: d8"]},
            ["no factor 'weights: d9'", "no factor 'weights: d8'"],
        ),
    ],
)
def test_groups_hold_each_factor_once(groups, said):
    with pytest.raises(SoftPowerError) as caught:
        sensitivity_analysis(ONE, uncertainty={"weights": "simplex"}, n=16, groups=groups)
    assert len(caught.value.faults) == len(said)
    for fault, words in zip(str(caught.value).splitlines()[-len(said) :], said, strict=True):
        assert words in fault


def test_a_group_of_all_factors_owns_all_and_an_empty_one_is_none():
    groups = {"none": [], "all": ["weights: d0", "weights: d1"]}
    found = sensitivity_analysis(ONE, uncertainty={"weights": "simplex"}, n=64, groups=groups)
    assert found.groups == ("all",)
    assert found.indices.total[:, 0].tolist() == pytest.approx([1], abs=0.05)


def test_two_rows_and_one_resample_are_enough():
    found = sensitivity_analysis(ONE, uncertainty={"weights": "simplex"}, n=2, resamples=1)
    assert len(found.a) == 2
    assert len(found.to_frame()) == len(found.groups) * len(found.outputs)

"""What sensitivity looks at: an order of two nodes, and what one case does not have."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, NotFoundError, SoftPowerError, sensitivity_analysis
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


def test_ties_have_the_better_rank():
    # 60, 60 and 50 as declared; without i1 40, 80 and 100, without i0 80, 40 and 0.
    three = scored(tree_specs([None, None]), [[40, 80], [80, 40], [100, 0]])
    found = sensitivity_analysis(three, uncertainty={"leave_out": "one"}, n=64, outputs=RANK_CHANGE)
    assert np.unique(found.a).tolist() == pytest.approx([0, 1 / 3, 5 / 3])


def test_what_is_nearly_tied_is_tied_in_the_score_and_in_draws():
    two = scored(tree_specs([None, None]), [[50, 50], [50 + 5e-8, 50 + 5e-8]])
    found = sensitivity_analysis(two, uncertainty={"weights": "simplex"}, n=16, outputs=RANK_CHANGE)
    assert set(np.unique(found.a)) == {0.0}


def test_ranks_change_over_the_cases_that_have_one_both_times():
    # Without i0 the first case has none, and the second is first.
    two = scored(tree_specs([None, None]), [[90, None], [60, 5]])
    found = sensitivity_analysis(two, uncertainty={"leave_out": "one"}, n=64, outputs=RANK_CHANGE)
    assert np.unique(found.a).tolist() == [0.0, 1.0]


def test_scores_of_two_cases_are_two_outputs_and_their_order_is_one():
    two = scored(tree_specs([None, None]), [[10, 80], [60, 50]])
    asked = ["d0", "A>0 above A>1"]
    found = sensitivity_analysis(two, uncertainty={"weights": "simplex"}, n=256, outputs=asked)
    assert found.outputs == ("A>0: d0", "A>1: d0", "A>0 above A>1")
    assert found.a[:, 2].mean() == pytest.approx(3 / 8, abs=0.02)


def test_a_node_is_not_above_its_only_child():
    one = scored(tree_specs([None]), [[(10, 20, 30)]])
    found = sensitivity_analysis(one, uncertainty={"observations": True}, n=16, outputs="d0 above i0")
    assert set(np.unique(found.a)) == {0.0}


def test_where_some_names_are_none_that_is_the_error():
    with pytest.raises(NotFoundError) as caught:
        sensitivity_analysis(ONE, uncertainty=WEIGHTS, n=16, outputs=["d7", "i2"])
    assert len(caught.value.faults) == 2


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

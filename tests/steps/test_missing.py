"""How many of a node's children must be present."""

import numpy as np
import pytest

from properties.strategies import scored, tree_specs
from softpower.analysis.admissible import weight_space
from softpower.analysis.uncertainty import uncertainty_analysis
from softpower.errors import MethodError, NotFoundError, SpecificationError
from softpower.scoring import score
from softpower.steps.missing import available, enough, strict

LEVELS = ["part", "part", "composite"]


def test_one_threshold_for_all_levels():
    assert available(LEVELS, threshold=0.6).tolist() == [0.6, 0.6, 0.6]


def test_no_threshold_needs_no_share():
    assert available(LEVELS).tolist() == [0, 0, 0]


def test_a_threshold_by_level_leaves_the_others_at_zero():
    assert available(LEVELS, threshold={"part": 0.75}).tolist() == [0.75, 0.75, 0]


def test_a_level_that_is_not_there_is_named():
    with pytest.raises(MethodError, match=r"no level 'parts'\. Did you mean 'part'\?"):
        available(LEVELS, threshold={"parts": 0.5})


@pytest.mark.parametrize("threshold", [-0.01, 1.01, {"part": 2.0}])
def test_a_threshold_is_a_share(threshold):
    with pytest.raises(MethodError, match="is not a share"):
        available(LEVELS, threshold=threshold)


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_ends_are_shares(threshold):
    assert (available(LEVELS, threshold=threshold) == threshold).all()


def test_strict_needs_all():
    assert strict(LEVELS).tolist() == [1, 1, 1]


def composites(missing, cells):
    """The composites of five indicators side by side, of which some are gaps."""
    return score(scored(tree_specs([None] * 5), cells, methodology={"missing": missing})).composite.tolist()


GAPS = [[10, 20, 30, None, None], [10, 20, None, None, None], [10, 20, 30, 40, 50], [None] * 5]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("available", [20, 15, 30, np.nan]),
        ({"method": "available", "threshold": 0.6}, [20, np.nan, 30, np.nan]),  # 3 of 5 are 0.6 and enough, 2 are not
        ({"method": "available", "threshold": 0.61}, [np.nan, np.nan, 30, np.nan]),
        ({"method": "available", "threshold": {"level0": 0.4}}, [20, 15, 30, np.nan]),
        ("strict", [np.nan, np.nan, 30, np.nan]),
    ],
)
def test_in_a_score(missing, expected):
    assert composites(missing, GAPS) == pytest.approx(expected, nan_ok=True)


def test_a_threshold_by_level_spares_the_other_level():
    # part (10, gap) at the lower level, indicator 60 beside it; one of two is enough above, not below
    specs = tree_specs([[None, None], None])
    cells = [[10, None, 60]]
    above = {"method": "available", "threshold": {"level0": 0.5}}
    below = {"method": "available", "threshold": {"level1": 0.75}}
    assert score(scored(specs, cells, methodology={"missing": above})).score[0].tolist()[3:] == [10, 35]
    lower = score(scored(specs, cells, methodology={"missing": below}))
    assert np.isnan(lower.score[0, 3])
    assert lower.composite.tolist() == [60]


@pytest.mark.parametrize(
    ("threshold", "there"),
    [(2 / 3, True), (0.6666666666666667, True), (2 / 3 + 1e-13, True), (2 / 3 + 2e-10, False), (0.7, False)],
)
class TestTwoOfThree:
    """Two of three are two thirds up to rounding, and everybody who asks is told the same."""

    def scored(self, threshold, weights=()):
        missing = {"method": "available", "threshold": threshold}
        cells = [[20, None, 40], [30, 60, 60]]
        return score(scored(tree_specs([None, None, None], weights), cells, methodology={"missing": missing}))

    def test_of_any_shape(self, threshold, there):
        assert enough(np.array([[1, 2], [3, 0]]), 3, threshold).tolist() == [[False, there], [True, False]]
        assert enough(np.array([2, 4]), np.array([3, 6]), threshold).tolist() == [there, there]

    def test_a_score_draws_and_the_space_of_weights_agree(self, threshold, there):
        result = self.scored(threshold)
        expected = [30 if there else np.nan, 50]
        assert result.composite.tolist() == pytest.approx(expected, nan_ok=True)
        drawn = uncertainty_analysis(result.profile, uncertainty={"weights": "simplex"}, n=16)
        assert np.isnan(drawn.to_frame().xs("d0", level="node")["mean"].iloc[0]) != there
        space = weight_space(result.profile, weights="simplex").to_frame().xs("d0", level="node")
        assert np.isnan(space["least"].iloc[0]) != there

    def test_the_reason_blames_it_only_where_it_is_not_met(self, threshold, there):
        # Here what is present weighs nothing, so that the node is missing in any case.
        reason = self.scored(threshold, [1, 0, 1, 0]).reasons["A>0", "d0"]
        assert ("threshold" in reason) != there
        assert ("weights are zero" in reason) == there


def test_a_level_of_no_framework_is_refused():
    with pytest.raises(SpecificationError, match=r"methodology\.missing: there is no level 'x'"):
        scored(tree_specs([None]), [[1]], methodology={"missing": {"method": "available", "threshold": {"x": 1}}})
    with pytest.raises(MethodError, match="no level 'x'"):
        available(["level0"], threshold={"x": 1.0})


def test_a_method_that_is_not_there_is_named():
    with pytest.raises(
        (SpecificationError, NotFoundError), match=r"no method 'avaliable'\. Did you mean 'available'\?"
    ):
        scored(tree_specs([None]), [[1]], methodology={"missing": "avaliable"})

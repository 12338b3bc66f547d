"""The finding of a page and what of it is robust, from tables whose scores are read off."""

import numpy as np
import pandas as pd
import pytest

from analysis.test_uncertainty import hundred
from page.studies import drawn_study
from properties.strategies import scored, tree_specs
from softpower import from_frame
from softpower.page.finding import finding, finding_of, robustness

NAN = np.nan
FRAME = pd.DataFrame({"x": [90.0, 10.0, 40.0], "y": [80.0, 20.0, 10.0]}, index=["A", "B", "C"])


def strict(frame, **more):
    """Return a study in which whoever lacks a value has no score."""
    return drawn_study(hundred(frame, methodology={"missing": "strict"}, **more))


class TestFinding:
    def test_the_highest_stands_before_the_next(self):
        said = finding(drawn_study(hundred(FRAME)))
        assert said == "Of 3 cases, A has the highest Index: 85.0 of 100, ahead of C with 25.0 of 100."

    def test_on_an_open_scale_a_score_is_of_nothing(self):
        said = finding(drawn_study(from_frame(FRAME, methodology={"normalise": "z_score"})))
        assert said.startswith("Of 3 cases, A has the highest Composite: 1.1, ahead of ")
        assert "of 100" not in said

    def test_a_case_without_a_score_has_the_reason_of_its_composite(self):
        study = strict(pd.DataFrame({"x": [1.0], "y": [NAN]}, index=["A"]))
        assert finding(study) == "A has no Index: 1 of 2 children are present, below the threshold of 1."

    def test_where_no_case_has_a_score_the_first_says_why(self):
        study = strict(pd.DataFrame({"x": [1.0, NAN], "y": [NAN, 2.0]}, index=["A", "B"]))
        said = "A has no Index: 1 of 2 children are present, below the threshold of 1."
        assert finding(study) == f"None of 2 cases has a score. {said}"

    def test_the_one_case_that_has_a_score_is_the_highest_of_none(self):
        study = strict(pd.DataFrame({"x": [1.0, 2.0, 30.0], "y": [NAN, NAN, 40.0]}, index=["A", "B", "C"]))
        parts = "the highest part is y with 40.0, the lowest x with 30.0"
        assert finding(study) == f"Of 3 cases, one has a score. C: Index comes to 35.0 of 100; {parts}."
        assert finding_of(study, 0).startswith("A has no Index: ")


class TestRobustness:
    CLAIMS = (
        {"id": "no", "says": "B leads.", "kind": "highest", "cases": ["B"]},
        {"id": "far", "says": "A is far above B.", "kind": "above", "cases": ["A", "B"], "by": 20.0},
    )

    def test_a_claim_that_the_draws_deny_is_robust_as_its_contrary(self):
        robust, still_open = robustness(drawn_study(hundred(FRAME, claims=self.CLAIMS), weights="simplex"))
        assert "The contrary of this: B leads. It holds in 0% of the draws." in robust
        assert "A is far above B. It holds in 100% of the draws." in robust
        assert not [one for one in still_open if "leads" in one]

    def test_a_claim_by_points_is_decided_by_no_draw_on_several_scales(self):
        profile = from_frame(FRAME).replace(claims=self.CLAIMS)
        robust, still_open = robustness(drawn_study(profile, normalise=["min_max", "z_score"]))
        assert still_open == ["A is far above B. No draw decides it."]
        assert robust == ["The contrary of this: B leads. It holds in 0% of the draws."]

    def test_neighbours_are_held_against_the_draws(self):
        # y alone puts B before C: with 20 against 10, x with 10 against 40, from a weight of three quarters on.
        robust, still_open = robustness(drawn_study(hundred(FRAME), n=4096, weights="simplex"))
        assert robust == ["A above C: in 100% of the draws."]
        assert still_open == ["C above B: in 75% of the draws."]

    def test_two_that_no_draw_scores_have_no_order(self):
        frame = FRAME.assign(y=[80.0, NAN, NAN])
        robust, still_open = robustness(drawn_study(hundred(frame), missing=["strict"]))
        assert robust == still_open == []

    def test_indicators_of_one_case_are_the_same_in_all_draws_of_weights_and_have_no_order(self):
        assert robustness(drawn_study(hundred(FRAME.iloc[:1]), weights="simplex")) == ([], [])

    @pytest.mark.parametrize("parts", [[[None, None]], [[None], [None]]])
    def test_parts_of_one_case_are_ordered_where_there_are_two(self, parts):
        robust, _ = robustness(drawn_study(scored(tree_specs(parts), [[(70, 80, 90), 20]]), observations=True))
        assert robust == (["d1 above d2: in 100% of the draws."] if len(parts) == 2 else [])

"""Whether two scores are tied: one answer, whoever is asked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softpower import Framework, compare, flips, from_frame, score, uncertainty_analysis, weight_space
from softpower.result import in_steps, steps_of, tie_of

TREE = {"title": "Plain", "dimensions": {"all": {"title": "All"}}}
PLAIN = {
    **TREE,
    "indicators": {
        name: {"title": name, "dimension": "all", "unit": unit}
        for name, unit in (("gdp", "EUR"), ("visits", "count:visit"))
    },
}
RAW = {"normalise": "none", "aggregate": "geometric"}
ABOVE = {"id": "above", "says": "B above A.", "kind": "above", "cases": ["B", "A"]}


def raw(first, second, **more):
    """Return a study on an open scale, of a raw indicator far above the composite, and another far below."""
    frame = pd.DataFrame({"gdp": first, "visits": second}, index=list("ABC")[: len(first)])
    return from_frame(frame, Framework.from_dict(PLAIN), methodology=RAW).replace(**more)


class TestAnOpenScale:
    """The composites are 1,000, 1,000.05 and 1,414, roots of products; 1e-9 of the raw indicator is a million."""

    @pytest.fixture
    def profile(self):
        return raw([1e15, 1e15, 5e14], [1e-9, 1.0001e-9, 4e-9], claims=[ABOVE])

    def test_all_say_that_b_is_above(self, profile):
        result = score(profile)
        assert result.ranks().to_dict() == {"A": 3, "B": 2, "C": 1}
        space = weight_space(profile, weights="simplex")
        assert repr(space.reversal("A", "B")).startswith("B leads A by 0.005 %.")
        one = weight_space(profile, weights={"method": "sets", "sets": {"equal": "equal"}})
        assert one.dominance().loc["B", "A"] == "necessary"
        assert not one.reversal("A", "B").possible
        assert flips(result, "A", "B")["reason"].notna().all()
        drawn = uncertainty_analysis(profile, uncertainty={"weights": {"method": "band", "share": 0.1}}, n=64)
        assert drawn.probability_above().loc["B", "A"] == 1.0
        assert drawn.claims().loc["above", ["declared", "share"]].tolist() == [True, 1.0]

    def test_a_difference_is_held_against_the_scores_of_its_node(self, profile):
        # The composite of B moves by 0.05. That of A does by 2.5e-7, and a tie is 1.4e-6.
        moved = raw([1e15 + 5e5, 1e15, 5e14], [1e-9, 1.0002e-9, 4e-9])
        assert "All moves in 1 of 3 cases, by 0.05 on average." in str(compare(score(profile), score(moved)))

    def test_a_raw_indicator_is_moved_only_beyond_a_tie_of_its_own(self, profile):
        from softpower.analysis.idle import idle_factors
        from softpower.draws.sampler import Sampler
        from softpower.model.uncertainty import Uncertainty

        sampler = Sampler(profile, Uncertainty.parse({"weights": "simplex"}, "weights"))
        ties = dict(zip(sampler.engine.tree.nodes, sampler.declared.ties, strict=True))
        assert ties == pytest.approx({"gdp": 1e6, "visits": 1e-9, "all": 1e-9 * np.sqrt(2e6)})
        assert idle_factors(sampler, 0) == ()


def test_each_draw_has_the_ties_of_its_own_scale():
    """As declared scores are raw and of 1e15, so that a tie is a million; min-max scores lie within a hundred."""
    frame = pd.DataFrame({"a": [1e15, 1.0, 2.0], "b": [3e14, 3.0, 1.0]}, index=["P", "Q", "R"])
    claims = [{"id": "p", "says": "P above Q.", "kind": "above", "cases": ["P", "Q"]}]
    leaves = {name: {"title": name, "dimension": "all", "unit": "EUR"} for name in "ab"}
    choices = {"normalise": "none", "aggregate": "arithmetic"}
    profile = from_frame(frame, Framework.from_dict({**TREE, "indicators": leaves}), methodology=choices)
    profile = profile.replace(claims=claims)
    drawn = uncertainty_analysis(profile, uncertainty={"normalise": ["min_max"], "weights": "simplex"}, n=64)
    assert drawn.probability_above().loc["P", "Q"] == 1.0
    assert drawn.claims().loc["p", "share"] == 1.0
    assert drawn.acceptability().loc["P", 1] == 1.0


@given(
    st.lists(st.integers(-20, 20), min_size=2, max_size=2),
    st.sampled_from([1.0, 1e5, 1e12]),
    st.sampled_from(["none", "goalposts"]),
)
def test_ranks_claims_pairs_reversals_and_sets_agree_within_a_hair(steps, size, how):
    """Two scores that lie some tenths of a step apart are tied for all of them, or for none."""
    post = {"low": 0, "high": 2 * size, "kind": "benchmark", "reason": "For the test."}
    leaves = {name: {"title": name, "dimension": "all", "unit": "EUR", "goalposts": post} for name in "xy"}
    values = [size * (1 + 1e-10 * step) for step in steps]
    frame = pd.DataFrame({"x": values, "y": values}, index=["A", "B"])
    profile = from_frame(
        frame,
        Framework.from_dict({**TREE, "indicators": leaves}),
        methodology={"normalise": how, "aggregate": "arithmetic"},
    ).replace(claims=[ABOVE])
    result = score(profile)
    above = bool(result.ranks()["B"] < result.ranks()["A"])
    tied = bool(result.ranks()["B"] == result.ranks()["A"])
    drawn = uncertainty_analysis(profile, uncertainty={"weights": {"method": "sets", "sets": {"equal": "equal"}}}, n=2)
    assert drawn.probability_above().loc["B", "A"] == above == drawn.claims().loc["above", "share"]
    assert (drawn.acceptability().loc["A", 1] == 0.0) == above
    assert (weight_space(profile, weights="simplex").reversal("A", "B").lead == 0.0) == tied
    space = weight_space(profile, weights={"method": "sets", "sets": {"equal": "equal"}})
    assert (space.dominance().loc["B", "A"] == "necessary") == above


def test_the_scores_that_are_compared_decide_what_a_tie_is_on_an_open_scale():
    scores = np.array([[1e15, 5.0], [np.nan, -20.0]])
    assert tie_of(scores[:, 1], None) == pytest.approx(2e-8)
    assert tie_of(scores, None) == pytest.approx(1e6)
    assert tie_of(scores, (0.0, 100.0)) == pytest.approx(1e-7)
    assert tie_of(np.array([0.5]), None) == 1e-9
    assert in_steps(scores[:, 1], None).tolist() == steps_of(scores[:, 1], 2e-8).tolist() == [250_000_000, -1e9]

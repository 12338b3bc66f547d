"""The study `comparison`: invented, and said to be so wherever a reader may look."""

import pytest

import softpower
from softpower import load_framework, load_profile, score, uncertainty_analysis


@pytest.fixture(scope="module")
def profile():
    return load_profile("comparison")


def test_it_says_everywhere_that_its_numbers_are_invented(profile):
    assert "invented" in profile.title
    assert "INVENTED" in profile.summary
    assert "invented" in profile.caveats[0]
    assert [source.title for source in profile.sources.values()] == [
        "Invented for this example: no source stands behind these numbers"
    ]
    for one in profile.observations:
        assert one.statement.startswith("Invented: ")
        assert one.source == "invention"
    assert all("(invented)" in claim.says for claim in profile.claims)
    assert "invented" in repr(score(profile))


def test_its_actors_have_codes_that_no_country_has(profile):
    # ISO 3166-1 leaves AAA to AAZ and ZZA to ZZZ to its users.
    assert profile.cases == ("AAA>KAZ", "ZZZ>KAZ")


def test_the_framework_is_nye_unchanged(profile):
    assert profile.framework == load_framework("nye")


def test_it_has_gaps_in_both_and_bounds(profile):
    result = score(profile)
    gaps = {case: {node for one, node in result.reasons if one == case} for case in profile.cases}
    assert gaps == {
        "AAA>KAZ": {"mobility_money_share", "reception_of_values"},
        "ZZZ>KAZ": {"non_academic_partners", "reform_steps", "cooperation_breadth"},
    }
    assert sum(one.low is not None for one in profile.observations) > 20


def test_the_declared_order_is_not_the_one_of_most_draws(profile):
    one, other = score(profile).composite
    assert (round(one, 1), round(other, 1)) == (54.4, 55.6)
    drawn = uncertainty_analysis(profile, n=1024)
    assert drawn.probability_above().loc["AAA>KAZ", "ZZZ>KAZ"] > 0.5
    assert drawn.claims().loc["first_ahead", "verdict"] == "open"


def test_on_what_both_have_the_order_is_the_other_one(profile):
    lacking = {node for _, node in score(profile).reasons}
    both = profile.without(*lacking)
    assert len(both.indicators) == 25
    assert softpower.weight_space(both, weights="simplex").reversal(*profile.cases).leader == "AAA>KAZ"

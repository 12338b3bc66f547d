"""A framework that takes the indicators of another."""

import pytest

from softpower import Framework, load_framework
from softpower.model.borrowing import borrowed


@pytest.fixture(scope="module")
def nye():
    return load_framework("nye")


def data(**more):
    dimensions = {
        "all": {"title": "All"},
        "money": {"title": "Money", "parent": "all", "indicators": ["trade_share", "investor_rank"]},
        "words": {"title": "Words", "parent": "all", "indicators": ["criticism_of_governance"]},
    }
    return {"id": "mine", "title": "Mine", "levels": ["composite", "part"], "dimensions": dimensions} | more


def test_indicators_come_as_the_lender_has_them_but_for_their_dimension_and_overlaps(nye):
    made, faults = borrowed(data(), nye)
    assert faults == []
    framework = Framework.parse(made | {"works": nye.works})
    assert {name: framework.parents[name] for name in framework.indicators} == {
        "trade_share": "money",
        "investor_rank": "money",
        "criticism_of_governance": "words",
    }
    for name, one in framework.indicators.items():
        theirs = nye.indicators[name]
        kept = tuple(other for other in theirs.overlaps if other in framework.indicators)
        assert one == theirs.replace(dimension=one.dimension, overlaps=kept)


def test_all_variables_and_tags_come_along_so_that_the_same_observations_fit(nye):
    made, _ = borrowed(data(), nye)
    framework = Framework.parse(made | {"works": nye.works})
    assert framework.variables == nye.variables
    assert framework.tags == nye.tags


def test_what_is_given_is_left_as_it_was(nye):
    given = data()
    borrowed(given, nye)
    assert given == data()


def test_what_is_its_own_stays_beside_what_is_lent(nye):
    own = {"ties": {"title": "Ties", "dimension": "words"}}
    made, faults = borrowed(data(indicators=own, tags={"mine": "Of my own."}), nye)
    assert faults == []
    assert list(made["indicators"]) == ["trade_share", "investor_rank", "criticism_of_governance", "ties"]
    assert made["tags"]["mine"] == "Of my own."


def test_every_fault_is_named_at_once(nye):
    wrong = data(
        indicators={"trade_share": {"title": "Mine", "dimension": "words"}},
        variables={"mission": {"title": "Mine", "kind": "spell", "unit": "count:spell"}},
        left_out={"coherence": "Why.", "investor_rank": "Why.", "nothing": "Why."},
    )
    wrong["dimensions"]["words"]["indicators"] = ["criticism_of_governance", "trade_share", "nonsense"]
    _, faults = borrowed(wrong, nye)
    assert [one.where for one in faults] == [
        "dimensions.words.indicators",
        "dimensions.words.indicators",
        "indicators.trade_share",
        "variables.mission",
        "left_out.investor_rank",
        "left_out.nothing",
    ]
    assert all(one.what and one.mend for one in faults)

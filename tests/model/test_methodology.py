"""Methodologies: one complete set of choices, as data."""

import json

import pytest

from softpower import Methodology, SpecificationError
from softpower.model.methodology import Choice

EVERY = {
    "missing": {"method": "available", "threshold": {"part": 0.5}},
    "impute": None,
    "treat": None,
    "normalise": "goalposts",
    "weights": {"method": "mapping", "weights": {"regard": 2.0}},
    "aggregate": {"composite": {"method": "power", "p": 0.5}, "part": "geometric"},
    "periods": "apart",
    "floor": 1.0,
}


def test_the_default_is_what_the_documentation_says():
    assert Methodology().model_dump() == {
        "missing": "available",
        "impute": None,
        "treat": None,
        "normalise": "goalposts",
        "weights": "declared",
        "aggregate": "arithmetic",
        "periods": "pooled",
        "floor": None,
    }


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ("power", Choice(method="power")),
        ({"method": "power", "p": 2}, Choice(method="power", parameters={"p": 2})),
        ({"method": "power", "parameters": {"p": 2}}, Choice(method="power", parameters={"p": 2})),
        ({"method": "strict"}, Choice(method="strict")),
    ],
)
def test_a_choice_is_a_name_or_a_table(given, choice):
    assert Choice.parse(given) == choice


def test_a_methodology_round_trips():
    whole = Methodology.parse(EVERY)
    assert whole.model_dump() == EVERY
    assert Methodology.parse(json.loads(whole.model_dump_json())) == whole


def test_weights_may_be_a_mapping_of_nodes():
    assert Methodology(weights={"regard": 2}) == Methodology.parse(
        {"weights": {"method": "mapping", "weights": {"regard": 2.0}}}
    )


def test_one_aggregation_serves_all_levels_or_each_has_its_own():
    one = Methodology(aggregate={"method": "power", "p": 2})
    assert [one.aggregation(level)[0].name for level in ("composite", "anything")] == ["power", "power"]
    assert one.aggregation("composite")[1] == {"p": 2.0}
    each = Methodology.parse(EVERY)
    assert [each.aggregation(level)[0].name for level in ("composite", "part")] == ["power", "geometric"]


def test_a_change_leaves_the_rest_and_the_original_alone():
    before = Methodology.parse(EVERY)
    after = before.replace(aggregate="harmonic")
    assert after.model_dump() == EVERY | {"aggregate": "harmonic"}
    assert before.model_dump() == EVERY


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"agregate": "geometric"}, "agregate: unknown key 'agregate'. Did you mean 'aggregate'?"),
        ({"aggregate": "geometrc"}, "aggregate: there is no method 'geometrc'. Did you mean 'geometric'?"),
        ({"missing": "drop"}, "missing: there is no method 'drop'. Known: available, strict."),
        ({"normalise": "zscore"}, "normalise: there is no method 'zscore'"),
        ({"weights": "equl"}, "weights: there is no method 'equl'. Did you mean 'equal'?"),
        ({"aggregate": "power"}, "aggregate: parameter 'p' is missing. Set p beside the method."),
        ({"aggregate": {"method": "power", "q": 1, "p": 1}}, "unknown parameter 'q'"),
        ({"aggregate": {"method": "power", "p": float("nan")}}, "finite"),
        ({"aggregate": {"method": "arithmetic", "p": 1}}, "unknown parameter 'p'. None is known."),
        ({"aggregate": {}}, "aggregate names no level. Give one method, or one for each level."),
        ({"weights": {"regard": "much"}}, "parameter 'weights': 'regard' is 'much'"),
        ({"floor": 0}, "floor: 0 is wrong"),
        ({"floor": -1}, "floor: -1 is wrong"),
        ({"floor": float("inf")}, "floor: inf is wrong"),
        ({"missing": {"threshold": 0.5}}, "missing.method: the key 'method' is missing"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choices, says):
    with pytest.raises(SpecificationError) as caught:
        Methodology(**choices)
    assert says in str(caught.value)


def test_faults_of_all_choices_are_reported_together():
    with pytest.raises(SpecificationError) as caught:
        Methodology(aggregate="geometrc", weights="equl", missing={"method": "available", "treshold": 1}, floor=0)
    assert len(caught.value.faults) == 4


def test_faults_of_all_levels_are_reported_together():
    with pytest.raises(SpecificationError) as caught:
        Methodology(aggregate={"composite": "geometrc", "part": "power"})
    assert "there is no method 'geometrc'" in str(caught.value)
    assert "parameter 'p' is missing" in str(caught.value)


@pytest.mark.parametrize(
    "choices",
    [
        {"floor": True},
        {"floor": "5"},
        {"missing": {"method": "available", "threshold": True}},
        {"weights": {"culture": True}},
        {"weights": {"culture": "2"}},
    ],
)
def test_a_number_is_a_number_and_nothing_that_looks_like_one(choices):
    with pytest.raises(SpecificationError):
        Methodology(**choices)

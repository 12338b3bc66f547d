"""Observations: what one fact must say, and what it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softpower import Observation, ObservationError, Period, SpecificationError
from softpower.model.observation import readings

FACT = {"id": "O", "case": "A>B", "variable": "share", "value": 30, "unit": "percent"}
CONTEXT = {"id": "O", "case": "A>B", "use": "context", "reason": "It says nothing."}
FINITE = st.floats(-1e9, 1e9)


def test_an_exact_value_has_itself_as_bounds():
    assert Observation(**FACT).bounds == (30, 30)
    assert Observation(**FACT, low=20).bounds == (20, 30)
    assert Observation(**FACT, high=40).bounds == (30, 40)


def test_a_row_without_value_has_no_bounds():
    with pytest.raises(ObservationError, match="observation O has no value"):
        _ = Observation(**CONTEXT).bounds


@pytest.mark.parametrize(
    ("use", "feeds"),
    [("scored", True), ("denominator", True)]
    + [(use, False) for use in ("context", "do_not_score", "coding_rule", "weighting", "data_quality")],
)
def test_only_scored_rows_and_denominators_feed_indicators(use, feeds):
    row = FACT if feeds else CONTEXT
    assert Observation(**row | {"use": use}).feeds is feeds


@pytest.mark.parametrize("field", ["variable", "value", "unit"])
def test_a_row_that_feeds_is_complete(field):
    with pytest.raises(SpecificationError, match=rf"'{field}' is empty on a row of use 'scored'. Fill {field} in"):
        Observation(**FACT | {field: None})


def test_a_row_that_feeds_nothing_names_no_variable_and_says_why():
    with pytest.raises(SpecificationError, match="names the variable 'share', which it does not feed"):
        Observation(**CONTEXT | {"variable": "share"})
    with pytest.raises(SpecificationError, match=r"a row of use 'context' has no reason. Write in 'reason'"):
        Observation(**CONTEXT | {"reason": None})


def test_context_keeps_its_value_and_unit():
    assert Observation(**CONTEXT, value=30, low=20, high=40, unit="year").bounds == (20, 40)


@pytest.mark.parametrize("wording", ["about", "between", "judgement"])
@pytest.mark.parametrize("given_bounds", [{}, {"low": 20}, {"high": 40}])
def test_a_vague_wording_needs_both_bounds(wording, given_bounds):
    with pytest.raises(SpecificationError, match=rf"'{wording}' has no bounds. Fill in both low and high."):
        Observation(**FACT, wording=wording, **given_bounds)
    assert Observation(**FACT, wording=wording, low=20, high=40).bounds == (20, 40)


@pytest.mark.parametrize(("wording", "cap", "value"), [("at_least", "high", 100), ("at_most", "low", 0)])
def test_an_open_bound_needs_a_cap_and_its_reason(wording, cap, value):
    with pytest.raises(SpecificationError, match=rf"open bound '{wording}' has no cap. Write a cap in '{cap}'"):
        Observation(**FACT, wording=wording)
    with pytest.raises(SpecificationError, match=rf"cap of '{wording}' has no reason"):
        Observation(**FACT, wording=wording, **{cap: value})
    capped = Observation(**FACT, wording=wording, reason="The end of the scale.", **{cap: value})
    assert value in capped.bounds


@given(FINITE, FINITE, FINITE)
def test_a_value_lies_between_its_bounds_or_is_refused(value, low, high):
    row = FACT | {"value": value, "low": low, "high": high}
    if low <= value <= high:
        assert Observation(**row).bounds == (low, high)
    else:
        with pytest.raises(SpecificationError, match=r"is above value|is below value"):
            Observation(**row)


@pytest.mark.parametrize("field", ["value", "low", "high", "standard_error"])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), "nan", "inf", "ten", True])
def test_a_number_is_finite(field, number):
    with pytest.raises(SpecificationError, match=rf"Observation: {field}: .* is wrong"):
        Observation(**FACT | {field: number})


def test_a_normal_distribution_needs_a_standard_error():
    with pytest.raises(SpecificationError, match=r"'normal' has no standard_error. Fill standard_error in."):
        Observation(**FACT, distribution="normal")
    assert Observation(**FACT, distribution="normal", standard_error=2).standard_error == 2
    with pytest.raises(SpecificationError, match="standard_error: 0 is wrong"):
        Observation(**FACT, standard_error=0)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({}, ""),
        ({"section": "Trade"}, "Trade"),
        ({"section": "Trade", "paragraph": 3}, "Trade, paragraph 3"),
        ({"section": "Trade", "paragraph": 3, "footnote": 7}, "Trade, paragraph 3, footnote 7"),
        ({"footnote": 7}, "footnote 7"),
    ],
)
def test_a_place_is_section_paragraph_and_footnote(fields, place):
    assert Observation(**FACT, **fields).place == place


def test_a_period_may_be_open_and_is_in_order():
    assert Observation(**FACT, start=2001).period == Period(start=2001)
    with pytest.raises(SpecificationError, match=r"the period ends \(2000\) before it starts \(2001\)"):
        Observation(**FACT, start=2001, end=2000)


@pytest.mark.parametrize("case", ["EU>KAZ", "EU>*", "*>KAZ", "*>*", "KAZ", "*"])
def test_a_case_is_a_pair_or_a_single_one_with_wildcards(case):
    assert Observation(**FACT | {"case": case}).case == case


@pytest.mark.parametrize("case", ["", "EU KAZ", "EU>", ">KAZ", "EU>KAZ>RUS", "E*>KAZ", "EU/KAZ"])
def test_what_is_no_case_is_refused(case):
    with pytest.raises(SpecificationError, match=r"Observation: case: .* is not a valid"):
        Observation(**FACT | {"case": case})


def test_a_row_round_trips():
    fact = Observation(**FACT, low=20, high=40, wording="about", start="2001-02", flags=("one", "two"), footnote=3)
    assert Observation.parse(fact.model_dump(mode="json")) == fact


def test_all_faults_of_a_row_are_reported_together():
    with pytest.raises(SpecificationError) as caught:
        Observation(id="O1", case="A>B", variable="v", value=5, low=6, high=4, start=2003, end=2001)
    message = str(caught.value)
    for words in (
        "'unit' is empty",
        "low 6 is above value 5",
        "high 4 is below value 5",
        "ends (2001) before it starts",
    ):
        assert words in message


class TestReadings:
    @pytest.fixture
    def ann(self):
        place = {"source": "report", "section": "Mood", "paragraph": 2, "footnote": 3}
        return Observation(**FACT, coder="Ann", start="2001", end="2002", statement="30 percent agree.", **place)

    def test_rows_that_differ_in_what_the_coder_decides_are_readings_of_one_fact(self, ann):
        other = {"value": 0.4, "unit": "ratio", "low": 0.3, "high": 0.5, "wording": "about", "preferred": True}
        bob = ann.replace(id="O2", coder="Bob", polarity="raises", reason="It says so.", flags=("slip",), **other)
        assert readings([ann, bob]) == [(ann, bob)]

    @pytest.mark.parametrize(
        "change",
        [
            {"case": "A>*"},
            {"variable": "other"},
            {"start": "2000"},
            {"end": None},
            {"source": "talk"},
            {"section": "Help"},
            {"paragraph": 3},
            {"footnote": None},
            {"statement": "Many agree."},
        ],
    )
    def test_rows_that_differ_in_what_was_read_are_not(self, ann, change):
        bob = ann.replace(id="O2", coder="Bob", **change)
        assert readings([ann, bob]) == [(ann,), (bob,)]

    @pytest.mark.parametrize("coder", [None, "Ann"])
    def test_rows_of_one_coder_or_of_nobody_are_facts_of_their_own(self, ann, coder):
        rows = [ann.replace(id=f"O{number}", coder=coder) for number in range(3)]
        assert readings(rows) == [(one,) for one in rows]

    def test_alternatives_stay_apart(self, ann):
        bob = ann.replace(id="O2", coder="Bob")
        assert readings([ann, bob], "alternatives") == [(ann,), (bob,)]
        assert readings([ann, bob], "sum") == [(ann, bob)]

    def test_facts_stand_where_their_first_reading_does(self, ann):
        alone, bob = ann.replace(id="O3", paragraph=9), ann.replace(id="O2", coder="Bob")
        assert readings([ann, alone, bob]) == [(ann, bob), (alone,)]
        assert readings([alone, bob, ann]) == [(alone,), (bob, ann)]
        assert readings([]) == []

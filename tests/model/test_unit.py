"""Units: only the scale converts, only within one dimension."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from softpower.model.unit import SCALES, SHARES, TIMES, WORDS, Unit

NUMBERS = st.floats(min_value=1e-9, max_value=1e9)
BODIES = st.one_of(
    st.sampled_from([*SHARES, *TIMES, "date"]),
    st.tuples(st.sampled_from(["EUR", "USD"]), st.sampled_from(list(SCALES))).map(lambda pair: " ".join(pair).strip()),
    st.from_regex(r"count:[a-z][a-z_-]{0,8}", fullmatch=True),
    st.integers(1, 99).map("rungs:{}".format),
    st.tuples(st.integers(-99, 0), st.integers(1, 99)).map(lambda ends: f"ordinal:{ends[0]}..{ends[1]}"),
)
UNITS = st.tuples(BODIES, st.sampled_from(["", " per year"])).map("".join)


@pytest.mark.parametrize(
    ("text", "dimension", "scale"),
    [
        ("ratio", "share", 1.0),
        ("percent", "share", 0.01),
        ("day", "time", 1.0),
        ("month", "time", 365.2425 / 12),
        ("year", "time", 365.2425),
        ("date", "date", 1.0),
        ("EUR", "EUR", 1.0),
        ("EUR thousand", "EUR", 1e3),
        ("USD million", "USD", 1e6),
        ("USD billion", "USD", 1e9),
        ("count:state_visit", "count:state_visit", 1.0),
        ("rungs:4", "rungs:4", 1.0),
        ("ordinal:-2..2", "ordinal:-2..2", 1.0),
    ],
)
def test_a_unit_is_a_scale_times_a_dimension(text, dimension, scale):
    for written, per_year in ((text, False), (f"{text} per year", True)):
        unit = Unit.parse(written)
        assert (unit.dimension, unit.scale, unit.per_year, unit.text) == (dimension, scale, per_year, written)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "per cent", "%", "Percent", "eur", "EUR trillion", "GBP", "EURmillion", "million EUR"),
        *("count:", "count:Visit", "count:2", "count", "rungs:0", "rungs:-1", "rungs:100", "rungs:n", "rungs:٣"),
        *("ordinal:2..-2", "ordinal:1..1", "ordinal:1", "ordinal:a..b", "percent per month", "per year"),
        *("EUR per year per year", " percent", "percent\n", "count:visit\n"),
    ],
)
def test_what_is_no_unit_is_refused_with_a_suggestion(text):
    with pytest.raises(PydanticCustomError, match="unknown unit") as caught:
        Unit.parse(text)
    assert caught.value.context["mend"].startswith(("Did you mean", "Known: "))


def test_all_words_are_listed_where_none_is_near():
    with pytest.raises(PydanticCustomError) as caught:
        Unit.parse("qqqqqq")
    assert all(word in caught.value.context["mend"] for word in WORDS)


def test_codes_are_those_of_ordinals_and_ladders_alone():
    assert Unit.parse("ordinal:-2..2").codes == (-2, -1, 0, 1, 2)
    assert Unit.parse("rungs:3").codes == (0, 1, 2, 3)
    assert Unit.parse("percent").codes == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("EUR", "USD"), ("EUR million", "USD million"), ("EUR", "EUR per year"), ("ratio", "year")),
        *(("count:visit", "count:treaty"), ("rungs:3", "rungs:4"), ("ordinal:0..2", "ordinal:0..3"), ("date", "day")),
    ],
)
def test_units_of_two_dimensions_are_not_alike(one, other):
    assert not Unit.parse(one).alike(Unit.parse(other))


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("percent", "ratio", 0.01),
        ("EUR billion", "EUR million", 1000.0),
        ("year", "day", 365.2425),
        ("USD", "USD", 1.0),
    ],
)
def test_a_factor_turns_a_value_into_another_unit(one, other, factor):
    assert Unit.parse(one).factor(Unit.parse(other)) == pytest.approx(factor)


@given(UNITS)
def test_a_unit_reads_back_what_it_prints(text):
    unit = Unit.parse(text)
    assert Unit.parse(unit.text) == unit
    assert repr(unit) == f"Unit('{text}')"
    assert pickle.loads(pickle.dumps(unit)) == unit


@given(UNITS, UNITS, NUMBERS)
def test_converting_there_and_back_changes_nothing(one, other, value):
    one, other = Unit.parse(one), Unit.parse(other)
    assert one.alike(other) == other.alike(one)
    assert one.alike(one)
    if one.alike(other):
        assert value * one.factor(other) * other.factor(one) == pytest.approx(value)

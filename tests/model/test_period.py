"""Periods: dates of three precisions, held as half-open days."""

import pickle
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softpower import Period, SpecificationError
from softpower.model.period import DAYS_PER_YEAR, Moment

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
WRITTEN = st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda pair: pair[0].isoformat()[: pair[1]])


@st.composite
def periods(draw) -> Period:
    """Periods of any precision; either end may be open."""
    ends = [draw(st.none() | WRITTEN) for _ in range(2)]
    if None not in ends and Moment(ends[1]).last < Moment(ends[0]).first:
        ends.reverse()
    return Period(start=ends[0], end=ends[1])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1994", date(1994, 1, 1), date(1994, 12, 31)),
        ("1994-11", date(1994, 11, 1), date(1994, 11, 30)),
        ("2000-02", date(2000, 2, 1), date(2000, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("1994-11-05", date(1994, 11, 5), date(1994, 11, 5)),
    ],
)
def test_a_coarse_date_is_all_its_days(text, first, last):
    moment = Moment(text)
    assert (moment.first, moment.last, str(moment)) == (first, last, text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "94", "1994-1", "1994-13", "1994-02-30", "1994-11-5", "19941105", "5.11.1994", "1994/11", "early"),
        *("0000", "-1994", "1994-", "1994-11-05T00:00", "1994-00", "1994-11-00", "\uff11\uff19\uff19\uff14", "1994\n"),
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="is not a date"):
        Moment(text)


@pytest.mark.parametrize(
    "value",
    [1994, "1994", " 1994 ", date(1994, 1, 2), datetime(1994, 1, 2, 23, 59, tzinfo=timezone(timedelta(hours=-9)))],
)
def test_a_date_may_be_a_number_a_text_or_a_date(value):
    moment = Period(start=value).start
    assert moment in {Moment("1994"), Moment("1994-01-02")}
    assert moment == Moment("1994") or isinstance(value, date)


@pytest.mark.parametrize("value", [True, 1994.0, [], {}, b"1994"])
def test_what_has_no_type_of_a_date_is_refused(value):
    with pytest.raises(SpecificationError, match=r"start: .* is not a date. Write a year"):
        Period(start=value)


def test_moments_are_equal_when_they_are_written_alike():
    assert Moment("1994") == Moment("1994")
    assert hash(Moment("1994")) == hash(Moment("1994"))
    assert Moment("1994") != Moment("1994-01")
    assert Moment("1994") != "1994"
    assert repr(Moment("1994")) == "Moment('1994')"


def test_days_are_half_open():
    day = Period(start="2001-02-03", end="2001-02-03")
    assert day.days == 1
    assert day.after - day.first == 1
    assert Period(start="2000", end="2000").days == 366


def test_whole_years_count_as_whole_numbers():
    assert Period(start=1991, end=2022).years == 32
    assert Period(start="1991-01-01", end="2022-12").years == 32
    assert Period(start="1991-02", end="2022").years == pytest.approx((11688 - 31) / DAYS_PER_YEAR)


def test_an_open_end_has_no_day():
    with pytest.raises(SpecificationError, match="the start is open"):
        _ = Period(end=2000).first
    with pytest.raises(SpecificationError, match="the end is open"):
        _ = Period(start=2000).after


@pytest.mark.parametrize(("start", "end"), [("2001", "2000"), ("2001-06", "2001-05"), ("2001-06-02", "2001-06-01")])
def test_an_end_before_the_start_is_refused(start, end):
    with pytest.raises(SpecificationError, match=f"the period ends \\({end}\\) before it starts \\({start}\\). Swap"):
        Period(start=start, end=end)


@pytest.mark.parametrize(("start", "end"), [("2001-06", "2001"), ("2001", "2001-06"), ("2001", "2001")])
def test_dates_that_may_be_in_order_are_accepted(start, end):
    assert Period(start=start, end=end).days > 0


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((2000, 2001), (2001, 2002), True),
        ((2000, 2001), (2002, 2003), False),
        (("2000", "2001-05"), ("2001-06", "2002"), False),
        ((None, 2001), (2001, None), True),
        ((None, 2001), (2002, None), False),
        ((None, None), (2002, 2002), True),
    ],
)
def test_periods_overlap_when_they_share_a_day(one, other, overlap):
    one, other = (Period(start=start, end=end) for start, end in (one, other))
    assert one.overlaps(other) is other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("one", "other", "within"),
    [
        ((2000, 2001), (2000, 2001), True),
        (("2000-02", "2000-03"), (2000, 2000), True),
        ((1999, 2000), (2000, 2001), False),
        ((2000, None), (2000, 2001), False),
        ((None, 2000), (1999, 2001), False),
        ((2000, None), (1999, None), True),
        ((None, None), (None, None), True),
    ],
)
def test_a_period_lies_within_another_with_every_day(one, other, within):
    one, other = (Period(start=start, end=end) for start, end in (one, other))
    assert one.within(other) is within


@given(periods(), periods())
def test_a_period_within_another_overlaps_it(one, other):
    assert one.overlaps(one)
    assert one.within(one)
    assert one.overlaps(other) == other.overlaps(one)
    if one.within(other):
        assert one.overlaps(other)


@given(periods())
def test_a_period_round_trips(period):
    assert Period.parse(period.model_dump(mode="json")) == period
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(period, protocol)) == period


@given(WRITTEN, WRITTEN)
def test_a_closed_period_has_at_least_a_day_or_is_refused(one, other):
    if Moment(other).last < Moment(one).first:
        with pytest.raises(SpecificationError):
            Period(start=one, end=other)
    else:
        assert Period(start=one, end=other).days >= 1


def test_a_period_reads_as_it_is_written():
    assert str(Period(start=1991, end="2022-06")) == "1991 to 2022-06"
    assert str(Period(start=1991)) == "1991 to ..."
    assert str(Period(end=1991)) == "... to 1991"

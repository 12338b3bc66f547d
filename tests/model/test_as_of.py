"""Profiles as of a day: what counts by then, what does not, what may."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from properties.strategies import framework, indicator, study, variable
from softpower import Profile, SpecificationError, from_frame, load_profile, score
from softpower.model.as_of import CONSTANT, NOT_YET, UNSETTLED
from softpower.model.period import Moment

KINDS = {
    "signed": variable("event", "count:event"),
    "office": variable("spell", "count:spell"),
    "share": variable("share", "percent"),
    "aid": variable("flow", "EUR million", combine="alternatives"),
    "visits": variable("count", "count:visit", combine="latest"),
    "mood": variable("judgement", "ordinal:-2..2"),
    "treaty": variable("event", "count:event", combine="latest"),
}
INDICATORS = {
    "ladder": indicator({"kind": "ladder", "rungs": [{"variable": "signed", "title": "signed"}]}, unit="rungs:1"),
    "newer": indicator({"kind": "ladder", "rungs": [{"variable": "treaty", "title": "treaty"}]}, unit="rungs:1"),
    "time": indicator({"kind": "share_of_window", "variables": ["office"]}),
    "part": indicator("share"),
    "help": indicator("aid", unit="EUR million", high=100),
    "trips": indicator("visits", unit="count:visit", high=9),
    "feeling": indicator({"kind": "mean", "variables": ["mood"]}, unit="ordinal:-2..2", low=-2, high=2),
}


@pytest.fixture(scope="module")
def whole():
    return load_profile("kazakhstan")


def profile(*facts, window=("2001", "2010"), **more) -> Profile:
    """A study of some facts, with an indicator for each variable that there is."""
    return study(framework(INDICATORS, KINDS), [{"value": 1, **one} for one in facts], window=window, **more)


def known(day, *facts, undated="leave_out", **more):
    """What is left of some facts as of a day."""
    return profile(*facts, **more).as_of(day, undated=undated).observations


def seen(fact):
    return fact.value, fact.bounds, str(fact.start or ""), str(fact.end or ""), fact.flags


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (2005, "2005"),
        ("2005-06", "2005-06"),
        (date(2005, 6, 3), "2005-06-03"),
        (datetime(2005, 6, 3, 12, tzinfo=UTC), "2005-06-03"),
        (pd.Timestamp("2005-06-03"), "2005-06-03"),
        (np.int64(2005), "2005"),
        (Moment("2005"), "2005"),
        ("2010-12-31", "2010"),
        (2010, "2010"),
    ],
)
def test_the_window_ends_with_the_day(day, end):
    assert str(profile().as_of(day).window.end) == end


def test_a_window_that_ends_inside_the_year_ends_where_it_did():
    assert profile(window=("2001", "2010-06")).as_of(2010).span == "2001 to 2010-06"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (2000, "as_of: 2000 lies outside the window 2001 to 2010"),
        ("2011-01", "as_of: 2011-01 lies outside the window"),
        ("May 2005", "as_of: 'May 2005' is not a date"),
        (True, "as_of: True is not a date"),
        (2005.0, "as_of: 2005.0 is not a date"),
        (None, "as_of: None is not a date"),
    ],
)
def test_a_day_that_is_none_or_lies_outside_is_refused(day, said):
    with pytest.raises(SpecificationError) as caught:
        profile().as_of(day)
    assert said in str(caught.value)


def test_what_becomes_of_undated_facts_is_one_of_two_things():
    with pytest.raises(SpecificationError, match="undated: 'keep' is not a possible value"):
        profile().as_of(2005, undated="keep")
    with pytest.raises(SpecificationError, match=r"no day is given\. Give as_of"):
        score(profile({"variable": "share"}), undated="constant")


class TestEvents:
    """An event counts from its start."""

    def test_it_has_happened(self):
        (fact,) = known(2005, {"variable": "signed", "start": "2003", "end": "2003"})
        assert seen(fact) == (1, (1, 1), "2003", "2003", ())

    def test_it_has_not_happened_and_is_zero_and_not_missing(self):
        (fact,) = known(2005, {"variable": "signed", "low": 0, "start": "2006", "flags": ["rank"]})
        assert seen(fact) == (0, (0, 0), "2001-01-01", "2005-12-31", ("rank", NOT_YET))

    def test_one_that_lasts_counts_from_its_start_and_is_cut(self):
        (fact,) = known(2005, {"variable": "signed", "start": "2003", "end": "2008"})
        assert seen(fact) == (1, (1, 1), "2003", "2005-12-31", ())

    @pytest.mark.parametrize(("day", "value"), [("2005-06", 0), ("2005-07", 1)])
    def test_a_coarse_date_that_straddles_the_day_leaves_it_open(self, day, value):
        (fact,) = known(day, {"variable": "signed", "start": "2005", "end": "2005"})
        assert (fact.value, fact.bounds, fact.flags) == (value, (0, 1), (UNSETTLED,))

    @pytest.mark.parametrize(("day", "bounds"), [(2003, (0, 1)), (2004, (1, 1))])
    def test_one_without_a_start_may_have_happened_until_it_has(self, day, bounds):
        (fact,) = known(day, {"variable": "signed", "end": "2004"})
        assert (fact.value, fact.bounds) == (bounds[0], bounds)

    @pytest.mark.parametrize("when", [{"start": "2001", "end": "2010"}, {"end": "2010"}, {"start": "2003"}])
    def test_what_has_not_happened_by_the_end_of_a_span_had_not_before(self, when):
        (fact,) = known(2005, {"variable": "signed", "value": 0, "low": 0, "high": 1, **when})
        assert (fact.value, fact.bounds, fact.flags) == (0, (0, 1), ())

    def test_a_doubt_about_a_later_time_is_none_before(self):
        (fact,) = known(2005, {"variable": "signed", "value": 0, "low": 0, "high": 1, "start": "2007"})
        assert (fact.value, fact.bounds, fact.flags) == (0, (0, 0), (NOT_YET,))

    def test_of_several_what_has_begun_is_not_hidden_by_what_lies_ahead(self):
        facts = ({"variable": "treaty", "start": year, "end": year} for year in ("2008", "2003", "2006"))
        made = profile(*facts)
        assert [one.id for one in made.as_of(2005).observations] == ["o2"]
        assert [(one.id, one.value) for one in made.as_of(2002).observations] == [("o2", 0)]
        assert score(made, as_of=2005).raw[0, 1] == 1


class TestSpells:
    """A spell counts from its start and is cut."""

    @pytest.mark.parametrize(("start", "end", "share"), [("2003", "2008", 0.6), ("2003", "2004", 0.4), ("2007", "", 0)])
    def test_its_share_of_the_shorter_window(self, start, end, share):
        made = profile({"variable": "office", "start": start, "end": end or None}).as_of(2005)
        assert score(made).raw[0, 2] == pytest.approx(share, abs=1e-3)
        assert made.observations[0].end == (None if end == "2008" else Moment(end or "2005-12-31"))

    def test_before_its_start_it_is_zero_without_a_doubt(self):
        result = score(profile({"variable": "office", "start": "2007"}), as_of=2005)
        assert (result.raw_low[0, 2], result.raw_high[0, 2], result.exact[0, 2]) == (0, 0, True)


class TestAllOthers:
    """Totals, shares, averages and judgements count from the end of their period."""

    @pytest.mark.parametrize("name", ["share", "mood", "visits"])
    @pytest.mark.parametrize(
        ("day", "count"), [(2004, 0), ("2005-11", 0), (2005, 1), (date(2005, 12, 31), 1), (2010, 1)]
    )
    def test_from_the_end(self, name, day, count):
        assert len(known(day, {"variable": name, "start": "2002", "end": "2005"})) == count

    @pytest.mark.parametrize(("day", "count"), [(2009, 0), ("2010-11", 0), (2010, 1)])
    def test_an_open_end_reaches_to_the_end_of_the_window(self, day, count):
        assert len(known(day, {"variable": "share", "start": "2002"})) == count

    def test_the_latest_is_the_latest_that_is_known(self):
        facts = ({"variable": "visits", "value": n, "start": f"200{n}", "end": f"200{n}"} for n in (3, 5, 7))
        assert score(profile(*facts), as_of=2006).raw[0, 5] == 5

    def test_a_reading_that_nobody_prefers_does_not_stand_in(self):
        first = {"variable": "aid", "start": "2002", "end": "2003"}
        late = {"variable": "aid", "value": 9, "start": "2002", "end": "2008", "preferred": True}
        assert known(2005, first, late) == ()
        assert [one.id for one in known(2008, first, late)] == ["o1", "o2"]
        assert [one.id for one in known(2005, first | {"preferred": True}, late | {"preferred": False})] == ["o1"]

    def test_the_most_specific_of_what_is_known_holds(self):
        own = {"variable": "share", "value": 20, "start": "2008", "end": "2008"}
        anyone = {"variable": "share", "value": 10, "case": "A>*", "start": "2002", "end": "2002"}
        assert score(profile(own, anyone), as_of=2005).raw[0, 3] == pytest.approx(0.1)
        assert score(profile(own, anyone), as_of=2009).raw[0, 3] == pytest.approx(0.2)


class TestUndated:
    """Facts without a start and an end."""

    @pytest.mark.parametrize("name", ["signed", "share", "mood"])
    def test_they_are_left_out_or_held(self, name):
        assert known(2005, {"variable": name}) == ()
        (fact,) = known(2005, {"variable": name}, undated="constant")
        assert (fact.value, fact.flags) == (1, (CONSTANT,))

    def test_the_result_says_what_they_carry(self):
        held = {"variable": "share", "value": 50}
        moods = [{"variable": "mood", "value": 2, "start": "2004", "end": "2004"}, {"variable": "mood", "value": 0}]
        signed = {"variable": "signed", "start": "2003"}
        result = score(profile(held, *moods, signed), as_of=2005, undated="constant")
        # A third each: 50 without a date, 75 in part, 100 with one.
        row = result.undated().loc["A>B"]
        assert row.tolist() == pytest.approx([50 / 3, 25, 50 / 225, 75 / 225])
        said = "A>B: facts without a date, held constant, carry 16.7 points (22%), and 25.0 more (33%) beside dated"
        assert any(note.startswith(said) for note in result.notes)
        assert not any("held constant" in note for note in score(profile(held, *moods, signed)).notes)

    def test_without_a_composite_there_is_no_share(self):
        strict = {"missing": {"method": "available", "threshold": 1.0}}
        result = score(profile({"variable": "share"}, methodology=strict), as_of=2005, undated="constant")
        assert result.undated().isna().all(axis=None)
        assert not any("held constant" in note for note in result.notes)

    def test_a_table_has_none(self):
        with pytest.raises(Exception, match="no facts without a date"):
            score(pd.DataFrame({"x": [1.0, 2.0], "y": [2.0, 1.0]}, index=["A", "B"])).undated()


class TestTables:
    """Of a table of values, the periods that have ended."""

    def table(self, periods):
        index = pd.MultiIndex.from_product([["KAZ", "UZB"], periods], names=["case", "period"])
        return from_frame(pd.DataFrame({name: np.arange(len(index), dtype=float) for name in "xy"}, index=index))

    def test_later_periods_leave_and_with_them_what_values_are_held_against(self):
        made = self.table([2000, 2005, 2010]).as_of(2007)
        assert made.values.periods == (2000, 2005)
        assert score(self.table([2000, 2005, 2010]), as_of=2007).composite.max() == 100

    @pytest.mark.parametrize(
        ("periods", "day", "said"),
        [
            ([2000, 2005], 1999, "1999 lies outside the periods 2000 to 2005"),
            ([2000, 2005], 2006, "2006 lies outside the periods 2000 to 2005"),
        ],
    )
    def test_what_has_no_meaning_is_refused(self, periods, day, said):
        with pytest.raises(SpecificationError) as caught:
            self.table(periods).as_of(day)
        assert said in str(caught.value)

    def test_so_is_a_table_without_periods(self):
        with pytest.raises(SpecificationError, match="the table of values has no periods"):
            from_frame(pd.DataFrame({"x": [1.0, 2.0], "y": [2.0, 1.0]}, index=["A", "B"])).as_of(2005)


class TestKazakhstan:
    """The whole study as of a day."""

    def test_the_agreement_of_1999_counts_from_1999(self, whole):
        rungs = [score(whole, as_of=year).to_frame().loc[("EU>KAZ", "legal_ties"), "raw"] for year in (1998, 1999)]
        assert rungs == [1, 2]

    def test_scenarios_that_name_a_fact_that_is_gone_go_with_it(self, whole):
        before = whole.as_of(2005)
        assert "visa_list" in whole.scenarios
        assert "visa_list" not in before.scenarios
        assert set(before.uncertainty.scenarios) == set(whole.uncertainty.scenarios) - {"visa_list"}
        assert "no_judgements" in before.all_scenarios
        assert score(before, scenario="culture_first").profile.title.endswith("Culture first")

    def test_a_scenario_comes_first_and_the_day_after(self, whole):
        result = score(whole, scenario="visa_list", as_of=2022, undated="constant")
        assert result.to_frame().loc[("EU>KAZ", "visa_openness"), "raw"] == pytest.approx(9 / 27)

    def test_the_last_day_is_the_score_but_for_what_lies_after(self, whole):
        result, plain = score(whole, as_of=2022, undated="constant"), score(whole)
        differs = {
            result.nodes[place] for place in np.flatnonzero(~np.isclose(result.raw[0], plain.raw[0], equal_nan=True))
        }
        # FOR-16 is of February 2023.
        assert differs == {"environmental_commitment"}
        assert result.composite["EU>KAZ"] == pytest.approx(60.36, abs=0.01)

    def test_rows_that_feed_nothing_stay(self, whole):
        context = [one for one in whole.observations if one.variable is None]
        assert [one for one in whole.as_of(1995).observations if one.variable is None] == context

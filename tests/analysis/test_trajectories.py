"""Trajectories: scores year by year, what moved them, phases, what is comparable, what they cannot show."""

import numpy as np
import pandas as pd
import pytest

import softpower as sp
from properties.strategies import framework, indicator, study, variable
from softpower.analysis.phases import phases_of
from softpower.model.period import Moment

KINDS = {
    "signed": variable("event", "count:event"),
    "office": variable("spell", "count:spell"),
    "share": variable("share", "percent"),
    "mood": variable("judgement", "ordinal:-2..2"),
}
INDICATORS = {
    "ladder": indicator({"kind": "ladder", "rungs": [{"variable": "signed", "title": "signed"}]}, unit="rungs:1"),
    "time": indicator({"kind": "share_of_window", "variables": ["office"]}),
    "part": indicator("share"),
    "feeling": indicator({"kind": "mean", "variables": ["mood"]}, unit="ordinal:-2..2", low=-2, high=2),
}
FACTS = (
    {"id": "F1", "variable": "signed", "value": 1, "start": "2003", "end": "2003"},
    {"id": "F2", "variable": "office", "value": 1, "start": "2001-01-01", "end": "2002-12-31"},
    {"id": "F3", "variable": "share", "value": 80, "low": 60, "high": 90, "start": "2002", "end": "2004"},
    {"id": "F4", "variable": "mood", "value": 0},
)


@pytest.fixture(scope="module")
def small():
    return study(framework(INDICATORS, KINDS), FACTS, window=("2001", "2005"))


@pytest.fixture(scope="module")
def through(small):
    return sp.trajectory(small)


@pytest.fixture(scope="module")
def kazakhstan():
    return sp.trajectory("kazakhstan", undated="constant")


def dividing(numbers):
    """A ladder, reached in 2003, beside a ratio of two counts, given by year."""
    counts = {name: variable("count", "count:visit", combine="latest") for name in ("part", "whole")}
    ratio = indicator({"kind": "ratio", "numerator": ["part"], "denominator": ["whole"]})
    specs = framework({"ladder": INDICATORS["ladder"], "ratio": ratio}, {**counts, "signed": KINDS["signed"]})
    facts = [
        {"id": f"{name}{year}", "variable": name, "value": value, "start": str(year), "end": str(year)}
        for year, pair in numbers.items()
        for name, value in zip(counts, pair, strict=True)
    ]
    return study(specs, [FACTS[0], *facts], window=("2001", "2005"))


def of(frame, node="index", case="A>B"):
    """The rows of a node by year."""
    index = frame.index
    return frame[(index.get_level_values("case") == case) & (index.get_level_values("node") == node)].droplevel([0, 1])


class TestByHand:
    """A ladder, a share of time and a share; a judgement without a date is left out."""

    def test_the_scores_of_each_year(self, through):
        assert through.years == (2001, 2002, 2003, 2004, 2005)
        frame = through.to_frame()
        # 2001 and 2002: not signed, and the office open all the time; then it closed.
        assert of(frame, "ladder")["score"].tolist() == [0, 0, 100, 100, 100]
        assert of(frame, "time")["score"].tolist() == pytest.approx([100, 100, 200 / 3, 50, 40], abs=0.1)
        assert of(frame, "part")["score"].tolist() == pytest.approx([np.nan] * 3 + [80, 80], nan_ok=True)
        assert of(frame)["score"].tolist() == pytest.approx([50, 50, 83.3, 76.7, 73.3], abs=0.1)
        assert of(frame)["coverage"].tolist() == [0.5, 0.5, 0.5, 0.75, 0.75]
        assert of(frame)["present"].tolist() == [2, 2, 2, 3, 3]
        assert set(of(frame)["indicators"]) == {4}
        assert of(frame)[["low", "high"]].loc[2004].tolist() == pytest.approx([210 / 3, 240 / 3], abs=0.1)
        assert of(frame, "feeling")["reason"].tolist() == ["no observation of 'mood'"] * 5

    def test_what_moved(self, through):
        moves = through.moves()
        assert moves["cause"].to_dict() == {
            ("A>B", 2003, "ladder"): "facts",
            ("A>B", 2003, "time"): "time",
            ("A>B", 2004, "time"): "time",
            ("A>B", 2004, "part"): "enters",
            ("A>B", 2005, "time"): "time",
        }
        signed = moves.loc[("A>B", 2003, "ladder")]
        assert (signed["old"], signed["new"], signed["facts"]) == (0, 1, "F1")
        assert signed["points"] == pytest.approx(50)
        assert np.isnan(moves.loc[("A>B", 2004, "part"), "points"])
        assert moves.loc[("A>B", 2004, "part"), "facts"] == "F3"

    def test_changes_are_split_into_what_moved_and_what_entered(self, through):
        changes = of(through.changes())
        assert changes.loc[2004, "change"] == pytest.approx(230 / 3 - 250 / 3, abs=0.1)
        # On the ladder and the time alone: from (100 + 66.7) / 2 to (100 + 50) / 2.
        assert changes.loc[2004, "moved"] == pytest.approx(75 - 250 / 3, abs=0.1)
        assert changes.loc[2004, "coverage"] == pytest.approx(230 / 3 - 75, abs=0.1)
        assert changes["enter"].tolist() == [0, 0, 1, 0]
        assert changes["leave"].tolist() == [0, 0, 0, 0]

    def test_phases(self, through):
        table = through.phases([(2001, 2002), "2003-2005"])
        first, second = (table.loc[("A>B", "index", name)] for name in ("2001-2002", "2003-2005"))
        assert first[["years", "scored", "mean", "first", "last"]].tolist() == [2, 2, 50, 50, 50]
        assert second[["first", "last"]].tolist() == pytest.approx([250 / 3, 220 / 3], abs=0.1)
        assert second["mean"] == pytest.approx((250 / 3 + 230 / 3 + 220 / 3) / 3, abs=0.1)
        # From the last year before the phase.
        assert second["change"] == pytest.approx(220 / 3 - 50, abs=0.1)
        assert second["moved"] + second["coverage_change"] == pytest.approx(second["change"])
        assert second["coverage"] == pytest.approx(2 / 3)
        assert second[["coverage_first", "coverage_last"]].tolist() == [0.5, 0.75]

    def test_rows_have_their_titles_first(self, through):
        frame = through.to_frame()
        assert frame.columns[0] == "title"
        assert frame["title"].groupby("node", sort=False).unique().str[0].to_dict() == {
            "index": "index",
            **dict.fromkeys(INDICATORS, "an indicator"),
        }

    def test_in_a_year_that_cannot_be_scored_all_leave(self):
        # Nothing is divided by nothing in 2004, which is refused.
        made = sp.trajectory(dividing({2002: (1, 5), 2003: (2, 5), 2004: (0, 0)}))
        changes = of(made.changes())
        assert changes["enter"].tolist() == [1, 0, 0, 0]
        assert changes["leave"].tolist() == [0, 0, 2, 0]
        shares = made.undated_share()
        assert shares.index.names == ["case", "year"]
        assert shares["points"].isna().tolist() == [False, False, False, True, True]

    def test_a_small_change_is_a_change(self):
        moves = sp.trajectory(dividing({2002: (1, 5), 2003: (1 + 1e-7, 5)})).moves()
        assert moves.loc[("A>B", 2003, "ratio"), "points"] == pytest.approx(1e-6)

    @pytest.mark.parametrize("aggregate", ["geometric", "harmonic"])
    def test_points_are_what_contributions_grow_by_under_a_floor_too(self, aggregate):
        study = dividing({2001: (1, 5), 2003: (2, 5)}).replace(methodology={"aggregate": aggregate, "floor": 4.0})
        made = sp.trajectory(study)
        points = made.moves().xs(2003, level="year")["points"].loc["A>B"]
        before, after = (one.contribution[0] for one in made.results[1:3])
        assert points[["ladder", "ratio"]].tolist() == pytest.approx((after - before)[:2].tolist())
        assert points.sum() == pytest.approx(of(made.changes()).loc[2003, "moved"])

    def test_what_is_comparable(self, through):
        alone = through.comparable()
        assert through.always == ("ladder", "time")
        held = sp.trajectory(through.profile, undated="constant").comparable()
        assert of(held.to_frame(), "feeling")["score"].tolist() == [50] * 5
        assert tuple(alone.profile.indicators) == ("ladder", "time")
        assert set(of(alone.to_frame())["coverage"]) == {1.0}
        assert not any(note.startswith("Coverage of the composite") for note in alone.notes)
        assert of(alone.changes())["coverage"].abs().max() == 0

    def test_held_constant_the_judgement_counts_every_year(self, small):
        held = sp.trajectory(small, undated="constant")
        assert of(held.to_frame(), "feeling")["score"].tolist() == [50] * 5
        share = held.undated_share().loc[("A>B", 2001)]
        assert share["points"] == pytest.approx(50 / 3)
        assert share["share"] == pytest.approx(1 / 3)

    def test_the_notes_say_what_it_cannot_show(self, through, small):
        notes = " ".join(through.notes)
        assert "between 50% and 75%" in notes
        changes = of(through.changes())[["moved", "coverage"]].abs().sum()
        assert f"{changes['coverage'] / changes.sum():.0%} of all change from year to year comes from coverage" in notes
        assert "A year holds what sources that look back date by then" in notes
        assert "2 of 4 indicators are observed in every year" in notes
        assert "Facts without a date (1) are left out" in notes
        assert "Ladders and checklists (1 of 4 indicators)" in notes
        assert "Amounts and judgements with a start and no end" not in notes
        assert "Facts that count: 1 in 2001, 2 in 2003, 3 in 2005." in notes
        held = " ".join(sp.trajectory(small, undated="constant").notes)
        assert "facts without a date (1) are held constant. They alone carry 33% of the composite in 2001" in held

    def test_open_ends_and_denominators_are_told(self):
        counts = {name: variable("count", "count:visit", combine="latest") for name in ("visits", "people")}
        share = indicator("visits", denominator={"variable": "people"}, unit="count:visit")
        facts = [
            {"id": "V1", "variable": "visits", "value": 1, "start": "2001", "end": "2001"},
            {"id": "P1", "variable": "people", "value": 5},
            {"id": "F5", "variable": "mood", "value": 1, "start": "2003"},
            {"id": "F6", "variable": "office", "value": 1, "start": "2003"},
            {"id": "F7", "variable": "office", "value": 1, "start": "2004"},
        ]
        specs = framework({**INDICATORS, "share": share}, {**KINDS, **counts})
        notes = sp.trajectory(study(specs, [FACTS[0], *facts], window=("2001", "2005"))).notes
        assert any(one.startswith("Facts without a date (1) are left out") for one in notes)
        assert any(one.startswith("Amounts and judgements with a start and no end (1) count in 2005") for one in notes)

    def test_years_without_a_composite_are_told_from_the_first_to_the_last(self):
        shares = [{"variable": "share", "value": 50, "start": year, "end": year} for year in ("2003", "2004", "2005")]
        latest = {"share": KINDS["share"] | {"combine": "latest"}}
        made = sp.trajectory(study(framework({"part": indicator("share")}, latest), shares, window=("2001", "2005")))
        assert "A>B has no composite in 2 of 5 years (2001 to 2002): too little is observed." in made.notes

    @pytest.mark.parametrize(
        ("later", "said"),
        [(50.5, "0% of all change from year to year comes from"), (50, "the composite rests on other indicators in")],
    )
    def test_how_much_coverage_moves_is_told_however_little_it_is(self, later, said):
        # The mood enters with 50, where the share is.
        facts = [
            {"variable": "share", "value": 50, "start": "2001", "end": "2001"},
            {"variable": "mood", "value": 0, "start": "2002", "end": "2002"},
            {"variable": "share", "value": later, "start": "2003", "end": "2003"},
        ]
        kinds = {"share": KINDS["share"] | {"combine": "latest"}, "mood": KINDS["mood"]}
        specs = framework({name: INDICATORS[name] for name in ("part", "feeling")}, kinds)
        notes = " ".join(sp.trajectory(study(specs, facts, window=("2001", "2003"))).notes)
        assert said in notes

    @pytest.mark.parametrize(("years", "told"), [([2004, 2005], False), ([2003, 2004, 2005], True)])
    def test_what_early_years_rest_on_is_told_of_three_years_or_more(self, small, years, told):
        notes = " ".join(sp.trajectory(small, years=years).notes)
        assert ("Facts that count" in notes) == told

    def test_how_it_shows(self, through):
        assert repr(through).startswith("A study for a test, 2001 to 2005, facts without a date left out")
        assert "<caption><strong>A study for a test, 2001 to 2005" in through._repr_html_()
        assert all(note in repr(through) for note in through.notes)
        columns = ["index", "low", "high", "coverage", "ladder", "time", "part", "feeling"]
        assert repr(through).splitlines()[1].split() == columns
        row = of(through.to_frame()).loc[2004, ["score", "low", "high", "coverage"]]
        shown = next(line.split() for line in repr(through).splitlines() if line.split()[:2] == ["2004", "76.655"])
        assert [float(one) for one in shown[1:5]] == pytest.approx(row.tolist(), abs=0.001)
        assert "<th" not in through._repr_html_().split("<tbody>")[1]


def test_a_small_value_moves_too():
    rows = [
        {"variable": "share", "value": value, "start": year, "end": year}
        for value, year in ((1e-9, 2001), (2e-9, 2003))
    ]
    latest = {"share": KINDS["share"] | {"combine": "latest"}}
    small_ = study(framework({"part": indicator("share")}, latest), rows, window=("2001", "2003"))
    assert sp.trajectory(small_).moves()["cause"].to_dict() == {("A>B", 2003, "part"): "facts"}


class TestYears:
    """The days as of which a profile is scored."""

    def test_days_of_any_precision(self, small):
        made = sp.trajectory(small, years=["2001-06", np.int64(2003), pd.Timestamp("2004-03-01")])
        assert made.years == ("2001-06", 2003, "2004-03-01")
        assert len(made.changes()) == 2 * len(made.nodes)

    def test_one_year_has_no_changes(self, small):
        one = sp.trajectory(small, years=[2003])
        assert len(one.changes()) == len(one.moves()) == 0
        assert one.phases(["2003-2003"]).loc[("A>B", "index", "2003-2003"), "change"] == 0
        assert one.notes

    @pytest.mark.parametrize(
        ("years", "said"),
        [
            (2003, "years is a int"),
            ("2003", "years is a str"),
            ([], "there is no year"),
            ([2003, 2003], "2003 does not lie behind 2003"),
            ([2004, 2003], "2003 does not lie behind 2004"),
            ([2001, 2006], "2006 lies outside the window 2001 to 2005"),
            (range(2001, 2009), "2006 and 2 more lie outside the window 2001 to 2005"),
            ([2001, "soon"], "'soon' is not a date"),
        ],
    )
    def test_what_is_no_row_of_years_is_refused(self, small, years, said):
        with pytest.raises(sp.SpecificationError) as caught:
            sp.trajectory(small, years=years)
        assert f"trajectory: years: {said}" in str(caught.value)

    def test_all_faults_come_at_once(self, small):
        with pytest.raises(sp.SpecificationError) as caught:
            sp.trajectory(small, years=["soon", 1999, 2004, 2003])
        assert len(caught.value.faults) == 3


class TestPhases:
    """Which spans of years are none."""

    @pytest.mark.parametrize(
        ("phases", "said"),
        [
            ([], "there is no phase"),
            (["2001"], "'2001' is no phase: it does not have two ends"),
            ([(2003, 2001)], "the period ends (2001) before it starts (2003)"),
            ([(2001, "x")], "'x' is not a date"),
            ([7], "7 is no phase"),
            ([(None, 2001)], "(None, 2001) is no phase: one of its ends is open"),
            (["1990-1995"], "the phase 1990-1995 holds no year of the trajectory"),
            (["2001-2002", (2001, 2002)], "the phase 2001-2002 is named twice"),
        ],
    )
    def test_they_are_refused(self, through, phases, said):
        with pytest.raises(sp.SpecificationError) as caught:
            through.phases(phases)
        assert said in str(caught.value)

    def test_a_day_is_in_the_phase_that_starts_on_it(self):
        assert phases_of(["2001-2002"], [Moment("2001-01-01"), Moment("2003-01-01")]) == {"2001-2002": [0]}

    def test_a_year_is_in_a_phase_that_holds_its_last_day(self, through):
        for end, years in (("2002-12-30", 1), ("2002-12-31", 2), ("2003-12-30", 2)):
            assert through.phases([(2001, end)]).loc[("A>B", "index", f"2001-{end}"), "years"] == years

    def test_all_faults_are_named_at_once(self, through):
        with pytest.raises(sp.SpecificationError) as caught:
            through.phases(["2001", (2003, 2001), "1990-1995"])
        assert len(caught.value.faults) == 3

    def test_no_node_at_all(self, through):
        with pytest.raises(sp.SpecificationError, match="phases: nodes: no node is named"):
            through.phases(["2001-2002"], [])

    def test_a_node_that_is_none(self, through):
        with pytest.raises(sp.NotFoundError, match=r"there is no node 'indx' in the score\. Did you mean 'index'"):
            through.phases(["2001-2002"], ["indx"])

    def test_a_table_that_is_none(self, through):
        with pytest.raises(sp.NotFoundError, match=r"table: name: there is no table 'scores'. Did you mean 'score'"):
            through.table("scores")

    def test_a_level_that_is_none(self, through):
        assert set(through.to_frame("indicator").index.get_level_values("node")) == set(INDICATORS)
        with pytest.raises(sp.NotFoundError, match="there is no level 'indicators'"):
            through.to_frame("indicators")


METHODS = {"aggregate": "geometric"}
NEARLY_ALL = {"method": "available", "threshold": 0.6}


class TestWhatCannotBeScored:
    """A year that cannot be scored has its reason; if none can, that is the error."""

    def test_a_year_without_a_score(self, small):
        made = sp.trajectory(small, methodology=METHODS)
        assert [one is None for one in made.results] == [True, True, False, False, False]
        frame = of(made.to_frame())
        assert "needs positive scores" in frame["reason"][2001]
        assert frame["score"].isna().tolist() == [True, True, False, False, False]
        assert np.isnan(of(made.changes())["change"][2003])
        assert made.notes[0].startswith("2001 has no score or no draws: the geometric mean needs positive scores")

    @pytest.mark.parametrize(
        ("years", "said"),
        [
            ([2003, 2004, 2005], "A>B has no composite in 1 of 3 years (2003): too little is observed."),
            (range(2001, 2005), "A>B has no composite in 3 of 4 years (2001 to 2003): too little is observed."),
        ],
    )
    def test_years_without_a_composite_are_named(self, small, years, said):
        assert said in sp.trajectory(small, years=list(years), methodology={"missing": NEARLY_ALL}).notes

    def test_of_a_case_without_a_composite_nothing_is_said_of_undated_facts(self):
        specs = framework({name: indicator(name) for name in "xy"}, {name: variable() for name in "xy"})
        facts = [{"variable": "x", "value": 0.5, "case": "A>B"}]
        notes = sp.trajectory(study(specs, facts, cases=("A>B", "A>C")), undated="constant").notes
        (said,) = [note for note in notes if "held constant" in note]
        assert said.startswith(
            "A>B: facts without a date (1) are held constant. They alone carry 100% of the composite"
        )

    def test_no_year_has_one(self, small):
        with pytest.raises(sp.MethodError, match="needs positive scores"):
            sp.trajectory(small, years=[2001, 2002], methodology=METHODS)

    def test_a_table_has_a_score_for_each_period_already(self):
        with pytest.raises(sp.MethodError, match="a table of values needs no trajectory"):
            sp.trajectory("technology_achievement")

    def test_nothing_may_be_comparable(self, small):
        late = small.without("ladder", "time")
        with pytest.raises(sp.MethodError, match="no indicator is observed in every year"):
            sp.trajectory(late).comparable()


class TestDraws:
    """Intervals of draws in the place of bounds."""

    def test_the_interval_is_that_of_the_profile_as_of_the_year(self, small):
        made = sp.trajectory(small, years=[2003, 2005], uncertainty={"observations": True}, n=64, rng=3)
        row = of(made.to_frame()).loc[2005]
        alone = sp.uncertainty_analysis(small.as_of(2005), uncertainty={"observations": True}, n=64, rng=3)
        expected = alone.to_frame().loc[("A>B", "index")]
        assert row[["score", "low", "high"]].tolist() == expected[["score", "low", "high"]].tolist()
        assert of(made.to_frame(), "part").loc[2003, ["low", "high"]].isna().all()

    def test_a_year_without_draws_has_no_interval(self, small):
        years, more = [2001, 2005], {"methodology": METHODS, "uncertainty": {"observations": True}}
        made = sp.trajectory(small, years=years, n=32, **more)
        assert [one is None for one in made.drawn] == [True, False]
        frame = of(made.to_frame())
        assert frame.loc[2001, ["score", "low", "high"]].isna().all()
        alone = sp.uncertainty_analysis(small.as_of(2005), n=32, **more).to_frame().loc[("A>B", "index")]
        assert frame.loc[2005, ["low", "high"]].tolist() == alone[["low", "high"]].tolist()

    def test_a_year_that_cannot_be_scored_leaves_the_others_their_draws(self):
        study = dividing({2003: (2, 5), 2004: (0, 0)})
        given = [one.replace(low=1.0, high=4.0) if one.id == "part2003" else one for one in study.observations]
        study = study.replace(observations=given)
        made = sp.trajectory(study, years=[2003, 2004], uncertainty={"observations": True}, n=64)
        low, high = of(made.to_frame(), "ratio").loc[2003, ["low", "high"]]
        assert 20 < low < high < 80

    def test_without_a_number_there_are_1024(self, small):
        made = sp.trajectory(small, years=[2005], uncertainty={"observations": True})
        assert made.drawn[0].n == 1024

    def test_facts_without_a_date_are_held_constant_in_draws_too(self, small):
        made = sp.trajectory(small, years=[2005], undated="constant", uncertainty={"observations": True}, n=64)
        assert of(made.to_frame(), "feeling").loc[2005, ["score", "low", "high"]].tolist() == [50, 50, 50]

    def test_progress_is_told(self, small):
        told = []
        sp.trajectory(small, progress=lambda done, whole: told.append((done, whole)))
        assert told == [(done, 5) for done in (1, 2, 3, 4, 5)]


class TestKazakhstan:
    """1991 to 2022, as one article dates it."""

    def test_three_phases(self, kazakhstan):
        table = kazakhstan.phases(["1991-2001", "2002-2013", "2014-2022"], ["soft_power"])
        assert table["mean"].round(1).tolist() == [49.1, 58.9, 55.2]
        assert table["moved"].round(1).tolist() == [13.8, 3.3, 4.8]
        assert table["coverage_change"].round(1).tolist() == [0.0, -0.2, -3.3]

    def test_dated_facts_alone_carry_no_composite_before_2018(self):
        frame = of(sp.trajectory("kazakhstan", years=[2017, 2018]).to_frame(), "soft_power", "EU>KAZ")
        assert frame["score"].isna().tolist() == [True, False]

    def test_most_of_1991_rests_on_facts_without_a_date(self, kazakhstan):
        share = kazakhstan.undated_share()["share"]
        assert share["EU>KAZ", 1991] == pytest.approx(0.83, abs=0.01)
        assert share["EU>KAZ", 2022] == pytest.approx(0.05, abs=0.01)

    def test_the_ladder_of_ties_moves_with_its_facts(self, kazakhstan):
        moves = kazakhstan.moves().xs("legal_ties", level="indicator")
        assert moves["facts"].tolist() == ["ENG-02", "ENG-10", "ENG-13"]
        assert moves.index.get_level_values("year").tolist() == [1993, 1999, 2020]

"""From observations to indicators' values: units, bounds, combining, cases, gaps."""

from typing import ClassVar

import numpy as np
import pytest

from properties.strategies import CASE, Engine, framework, indicator, one_measure, study, values, variable
from softpower.errors import ObservationError, SpecificationError
from softpower.steps.derive import derive, derive_bounds

COUNT = variable("count", "count:visit")
EVENT = variable("event", "count:event")
SPELL = variable("spell", "count:spell")
YEAR = 365.2425


def rungs(kind, *names, **at_least):
    listed = [{"variable": name, "title": name, "at_least": at_least.get(name, 1)} for name in names]
    return {"kind": kind, "rungs": listed}


class TestValue:
    def test_percent_becomes_a_ratio(self):
        rows = [{"variable": "v", "value": 48, "low": 46, "high": 52.5}]
        assert values(one_measure("v", {"v": variable("share", "percent")}, rows)) == pytest.approx((0.48, 0.46, 0.525))

    def test_an_observation_comes_in_a_unit_of_its_own(self):
        rows = [{"variable": "v", "value": 0.5, "high": 0.75, "unit": "EUR billion"}]
        engine = one_measure("v", {"v": variable("stock", "EUR million")}, rows, unit="EUR thousand")
        assert engine.plan.nominal == [500]  # in the variable's unit
        assert values(engine) == (500_000, 500_000, 750_000)  # in the indicator's

    def test_a_code_zero_is_a_value_and_no_gap(self):
        engine = one_measure("v", {"v": COUNT}, [{"variable": "v", "value": 0}], unit="count:visit")
        assert values(engine) == (0, 0, 0)
        assert engine.plan.reasons == {}


class TestSum:
    def test_adds_across_scales(self):
        variables = {"a": variable("flow", "EUR million"), "b": variable("flow", "EUR billion")}
        rows = [{"variable": "a", "value": 500, "low": 400}, {"variable": "b", "value": 2, "high": 3}]
        engine = one_measure({"kind": "sum", "variables": ["a", "b"]}, variables, rows, unit="EUR million")
        assert values(engine) == pytest.approx((2500, 2400, 3500))

    def test_lacks_what_one_of_its_variables_lacks(self):
        rows = [{"variable": "a", "value": 500}]
        engine = one_measure(
            {"kind": "sum", "variables": ["a", "b"]}, {"a": COUNT, "b": COUNT}, rows, unit="count:visit"
        )
        assert np.isnan(values(engine)[0])
        assert engine.plan.reasons == {(CASE, "it"): "no observation of 'b'"}
        assert engine.plan.feeds == {}


class TestRatio:
    MEASURE: ClassVar = {"kind": "ratio", "numerator": ["out"], "denominator": ["out", "in"]}

    def test_a_variable_above_and_below(self):
        # 4 of 4 + 12; least with 4 of 4 + 12, greatest with 6 of 6 + 8
        rows = [{"variable": "out", "value": 4, "high": 6}, {"variable": "in", "value": 12, "low": 8}]
        engine = one_measure(self.MEASURE, {"out": COUNT, "in": COUNT}, rows)
        assert values(engine) == pytest.approx((4 / 16, 4 / 16, 6 / 14))

    def test_scales_cancel(self):
        # 500 million over 2 billion
        measure = {"kind": "ratio", "numerator": ["a"], "denominator": ["b"]}
        variables = {"a": variable("flow", "EUR million"), "b": variable("flow", "EUR billion")}
        rows = [{"variable": "a", "value": 500}, {"variable": "b", "value": 2}]
        assert values(one_measure(measure, variables, rows)) == (0.25, 0.25, 0.25)

    def test_a_small_denominator_is_not_zero(self):
        measure = {"kind": "ratio", "numerator": ["a"], "denominator": ["b"]}
        rows = [{"variable": "a", "value": 1e-9}, {"variable": "b", "value": 4e-9}]
        variables = {name: variable("flow", "EUR million") for name in "ab"}
        assert values(one_measure(measure, variables, rows)) == pytest.approx((0.25, 0.25, 0.25))

    def test_comes_in_percent_where_the_indicator_is_in_percent(self):
        rows = [{"variable": "out", "value": 4, "high": 6}, {"variable": "in", "value": 12, "low": 8}]
        engine = one_measure(self.MEASURE, {"out": COUNT, "in": COUNT}, rows, unit="percent")
        assert values(engine) == pytest.approx((25, 25, 600 / 14))

    def test_a_denominator_that_can_be_zero_is_refused(self):
        measure = {"kind": "ratio", "numerator": ["a"], "denominator": ["b", "c"]}
        rows = [
            {"variable": "a", "value": 4},
            {"variable": "b", "value": 2, "low": 0, "id": "exports"},
            {"variable": "c", "value": 0, "id": "imports"},
        ]
        engine = one_measure(measure, {"a": COUNT, "b": COUNT, "c": COUNT}, rows)
        with pytest.raises(ObservationError) as refused:
            _ = engine.plan
        assert str(refused.value) == (
            "A>B: it: the denominator can be zero: observations exports, imports are all zero at their low bounds."
            " Raise a low bound above zero, or leave the case out."
        )

    def test_a_zero_above_is_fine_and_so_is_one_below_beside_others(self):
        measure = {"kind": "ratio", "numerator": ["a"], "denominator": ["b", "c"]}
        rows = [{"variable": name, "value": value} for name, value in (("a", 0), ("b", 0), ("c", 4))]
        assert values(one_measure(measure, {"a": COUNT, "b": COUNT, "c": COUNT}, rows)) == (0, 0, 0)


class TestRate:
    MEASURE: ClassVar = {"kind": "rate", "variables": ["visits"]}
    VARIABLES: ClassVar = {"visits": COUNT | {"combine": "sum"}}

    def rate(self, rows, **more):
        rows = [{"variable": "visits", **one} for one in rows]
        return one_measure(self.MEASURE, self.VARIABLES, rows, unit="count:visit per year", **more)

    def test_is_per_year_of_the_window(self):
        # 10 + 6 visits in the 32 years 1991 to 2022
        rows = [
            {"value": 10, "high": 12, "start": "1993", "end": "1999"},
            {"value": 6, "low": 2, "start": "2001", "end": "2022"},
        ]
        assert values(self.rate(rows, window=("1991", "2022"))) == pytest.approx((16 / 32, 12 / 32, 18 / 32))

    def test_of_a_window_in_days(self):
        # 2001-01-01 to 2001-06-30 are 181 days
        engine = self.rate([{"value": 3, "start": "2001-02", "end": "2001-03"}], window=("2001-01-01", "2001-06-30"))
        assert values(engine)[0] == pytest.approx(3 / (181 / YEAR))

    def test_leaves_out_what_lies_outside_the_window(self):
        rows = [{"value": 5, "start": "2001", "end": "2010"}, {"value": 40, "start": "1995", "end": "2000"}]
        engine = self.rate(rows)
        assert values(engine)[0] == pytest.approx(0.5)
        assert engine.plan.feeds == {(CASE, "it"): ("o1",)}

    def test_lacks_where_all_lie_outside(self):
        engine = self.rate([{"value": 40, "start": "1995", "end": "2000"}])
        why = "no observation of 'visits' lies inside the window 2001 to 2010"
        assert engine.plan.reasons == {(CASE, "it"): why}


class TestShareOfWindow:
    """The window 2001 to 2010 has 3,652 days: ten years and the 29th of February in 2004 and 2008."""

    def share(self, *rows, **more):
        measure = {"kind": "share_of_window", "variables": ["a", "b"][: len({one["variable"] for one in rows})]}
        rows = [{"value": 1, **one} for one in rows]
        return one_measure(measure, {"a": SPELL, "b": SPELL}, rows, **more)

    def test_overlapping_spells_of_two_variables(self):
        # 2001-01-01 to 2002-12-31 and 2002-07-01 to 2003-12-31 are the three years 2001 to 2003
        engine = self.share(
            {"variable": "a", "start": "2001-01-01", "end": "2002-12-31"},
            {"variable": "b", "start": "2002-07-01", "end": "2003-12-31"},
        )
        assert values(engine) == pytest.approx((1095 / 3652,) * 3)

    def test_a_spell_still_in_force_reaches_to_the_end_of_the_window(self):
        # 2006 to 2010: five years and a leap day
        assert values(self.share({"variable": "a", "start": "2006-01-01"})) == pytest.approx((0.5,) * 3)

    def test_a_spell_that_began_before_the_window_counts_from_its_first_day(self):
        assert values(self.share({"variable": "a", "start": "1990", "end": "2001-12-31"})) == pytest.approx(
            (365 / 3652,) * 3
        )

    def test_coarse_dates_widen(self):
        # 2003 to 2004: at the most both years, 731 days; at the least from the last day of 2003 to the first of 2004
        engine = self.share({"variable": "a", "start": "2003", "end": "2004"})
        assert values(engine) == pytest.approx((731 / 3652, 2 / 3652, 731 / 3652))

    def test_spells_of_one_variable_stand_side_by_side(self):
        engine = self.share(
            {"variable": "a", "start": "2001-01-01", "end": "2001-12-31"},
            {"variable": "a", "start": "2003-01-01", "end": "2003-12-31"},
        )
        assert values(engine) == pytest.approx((730 / 3652,) * 3)
        assert engine.plan.feeds == {(CASE, "it"): ("o1", "o2")}

    def test_cases_with_different_numbers_of_spells(self):
        rows = [
            {"variable": "a", "case": "A>B", "value": 1, "start": "2001-01-01", "end": "2001-12-31"},
            {"variable": "a", "case": "A>C", "value": 1, "start": "2001-01-01", "end": "2001-12-31"},
            {"variable": "a", "case": "A>C", "value": 1, "start": "2009-01-01", "end": "2010-12-31"},
            {"variable": "a", "case": "A>C", "value": 1, "start": "2005-01-01", "end": "2005-12-31"},
        ]
        engine = one_measure({"kind": "share_of_window", "variables": ["a"]}, {"a": SPELL}, rows, cases=("A>B", "A>C"))
        derived = derive(engine.plan, engine.plan.nominal)
        assert derived.ravel() == pytest.approx([365 / 3652, 1460 / 3652])

    def test_a_spell_that_is_said_not_to_be_in_force_adds_nothing(self):
        engine = self.share(
            {"variable": "a", "start": "2001-01-01", "end": "2001-12-31"},
            {"variable": "a", "value": 0, "start": "2003-01-01", "end": "2003-12-31"},
        )
        assert values(engine) == pytest.approx((365 / 3652,) * 3)

    def test_of_no_spell_in_force_is_zero_and_no_gap(self):
        engine = self.share({"variable": "a", "value": 0, "start": "2003-01-01", "end": "2003-12-31"})
        assert values(engine) == (0, 0, 0)
        assert engine.plan.feeds == {(CASE, "it"): ("o1",)}

    def test_a_spell_that_may_not_have_been_in_force_is_bounded_by_zero(self):
        engine = self.share({"variable": "a", "low": 0, "start": "2001-01-01", "end": "2001-12-31"})
        assert values(engine) == pytest.approx((365 / 3652, 0, 365 / 3652))

    def test_alternatives_are_one_spell_within_their_hull(self):
        # the year 2002 is preferred, the years 2001 to 2003 are the alternative
        measure = {"kind": "share_of_window", "variables": ["a"]}
        rows = [
            {"variable": "a", "value": 1, "start": "2001-01-01", "end": "2003-12-31"},
            {"variable": "a", "value": 1, "start": "2002-01-01", "end": "2002-12-31", "preferred": True},
        ]
        engine = one_measure(measure, {"a": SPELL | {"combine": "alternatives"}}, rows)
        assert values(engine) == pytest.approx((365 / 3652, 365 / 3652, 1095 / 3652))

    def test_comes_in_percent_where_the_indicator_is_in_percent(self):
        engine = self.share({"variable": "a", "start": "2006-01-01"}, unit="percent")
        assert values(engine) == pytest.approx((50,) * 3)


class TestRungs:
    ROWS: ClassVar = [
        {"variable": "signed", "value": 1},
        {"variable": "in_force", "value": 0},
        {"variable": "visits", "value": 4, "low": 3, "high": 6},
    ]
    VARIABLES: ClassVar = {"signed": EVENT, "in_force": EVENT, "visits": COUNT}

    @pytest.mark.parametrize(("kind", "expected"), [("ladder", (1, 1, 3)), ("checklist", (1, 1, 2))])
    def test_four_visits_miss_a_rung_of_five_and_six_meet_it(self, kind, expected):
        measure = rungs(kind, "signed", "in_force", "visits", visits=5)
        assert values(one_measure(measure, self.VARIABLES, self.ROWS, unit="rungs:3")) == expected

    def test_an_uncertain_event_bounds_the_ladder(self):
        rows = [{"variable": "signed", "value": 1}, {"variable": "in_force", "value": 1, "low": 0}]
        measure = rungs("ladder", "signed", "in_force")
        assert values(one_measure(measure, self.VARIABLES, rows, unit="rungs:2")) == (2, 1, 2)

    @pytest.mark.parametrize("kind", ["ladder", "checklist"])
    def test_a_rung_without_observation_makes_it_missing(self, kind):
        measure = rungs(kind, "signed", "in_force", "visits")
        engine = one_measure(measure, self.VARIABLES, self.ROWS[:2], unit="rungs:3")
        assert np.isnan(values(engine)).all()
        assert engine.plan.reasons == {(CASE, "it"): "no observation of 'visits'"}

    def test_a_rung_needs_one_value(self):
        variables = {"visits": COUNT | {"combine": "sum"}}
        rows = [{"variable": "visits", "value": 4}, {"variable": "visits", "value": 2}]
        engine = one_measure(rungs("ladder", "visits"), variables, rows, unit="rungs:1")
        why = "rung 'visits' has several observations that add up, and a rung needs one"
        assert engine.plan.reasons == {(CASE, "it"): why}

    def test_ladders_of_different_heights_keep_their_own(self):
        specs = framework(
            {
                "tall": indicator(rungs("ladder", "signed", "in_force", "visits"), unit="rungs:3", high=3),
                "short": indicator(rungs("ladder", "signed"), unit="rungs:1", high=1),
            },
            self.VARIABLES,
        )
        plan = Engine(study(specs, self.ROWS)).plan
        assert derive(plan, plan.nominal).tolist() == [[3, 1]]


class TestYearsBetween:
    MEASURE: ClassVar = {"kind": "years_between", "earlier": "signed", "later": "in_force"}

    def years(self, signed, in_force, unit="year", **more):
        variables = {"signed": EVENT | more, "in_force": EVENT}
        rows = [
            *({"variable": "signed", "value": 1, **one} for one in signed),
            *({"variable": "in_force", "value": 1, **one} for one in in_force),
        ]
        return one_measure(self.MEASURE, variables, rows, unit=unit)

    def test_of_two_days(self):
        # 2 February 1993 to 2 February 1999: 6 x 365 + 1; on to 1 July: 28 + 31 + 30 + 31 + 29
        engine = self.years([{"start": "1993-02-02"}], [{"start": "1999-07-01"}])
        assert values(engine) == pytest.approx((2340 / YEAR,) * 3)

    def test_of_one_day_is_no_time(self):
        assert values(self.years([{"start": "1993-02-02"}], [{"start": "1993-02-02"}])) == (0, 0, 0)

    def test_a_coarse_date_lies_in_the_middle_of_what_it_may_mean(self):
        # 1993 is 1 January to 31 December, its middle 2 July, 182 days on; to 1 January 1995 from its first day: 730
        engine = self.years([{"start": "1993"}], [{"start": "1995-01-01"}])
        assert values(engine) == pytest.approx((548 / YEAR, 366 / YEAR, 730 / YEAR))

    def test_two_coarse_dates_widen_to_both_sides(self):
        # June 1994 to March 1995: first days 273 apart; 30 and 31 days long
        engine = self.years([{"start": "1994-06"}], [{"start": "1995-03"}])
        days = (273 + 15 - 14.5, 273 - 29, 273 + 30)
        assert values(engine) == pytest.approx(tuple(day / YEAR for day in days))

    def test_is_missing_where_the_order_is_the_other(self):
        engine = self.years([{"start": "1995-01-01"}], [{"start": "1994-01-01"}])
        assert engine.plan.reasons == {(CASE, "it"): "'in_force' lies before 'signed'"}

    def test_no_time_is_the_least_where_coarse_dates_overlap(self):
        # some day of 1995 to some day of 1995: at most 364 days, and never less than none
        engine = self.years([{"start": "1995"}], [{"start": "1995"}])
        assert values(engine) == pytest.approx((0, 0, 364 / YEAR))

    def test_is_none_where_only_the_middle_of_a_coarse_date_lies_behind(self):
        # 1994 to 1 March 1994: from its middle it would be negative, from 1 January it is 31 + 28 days
        engine = self.years([{"start": "1994"}], [{"start": "1994-03-01"}])
        assert values(engine) == pytest.approx((0, 0, 59 / YEAR))

    def test_comes_in_months_where_the_indicator_is_in_months(self):
        # 365 days are 365 / 365.2425 years of twelve months each
        engine = self.years([{"start": "2001-01-01"}], [{"start": "2002-01-01"}], unit="month")
        assert values(engine) == pytest.approx((12 * 365 / YEAR,) * 3)

    def test_an_event_without_date_makes_it_missing(self):
        engine = self.years([{}], [{"start": "1995"}])
        assert engine.plan.reasons == {(CASE, "it"): "observation 'o1' of 'signed' has no date"}

    def test_an_event_that_did_not_happen_makes_it_missing(self):
        engine = self.years([{"start": "1994"}], [{"start": "1995", "value": 0}])
        assert engine.plan.reasons == {(CASE, "it"): "observation 'o2' of 'in_force' has no date"}

    @pytest.mark.parametrize("turn", [1, -1])
    def test_of_several_dates_the_latest_holds_in_whatever_order_they_stand(self, turn):
        signed = [{"start": "2001-01-01", "end": "2001-01-01"}, {"start": "2003-01-01", "end": "2003-01-01"}]
        engine = self.years(signed[::turn], [{"start": "2005-01-01"}], combine="latest")
        assert values(engine)[0] == pytest.approx(731 / YEAR)

    @pytest.mark.parametrize("turn", [1, -1])
    def test_of_alternative_dates_the_preferred_holds(self, turn):
        signed = [{"start": "2001-01-01"}, {"start": "2003-01-01", "preferred": True}]
        engine = self.years(signed[::turn], [{"start": "2005-01-01"}], combine="alternatives")
        assert values(engine) == pytest.approx((731 / YEAR, 731 / YEAR, 1461 / YEAR))


class TestEffectiveNumber:
    MEASURE: ClassVar = {"kind": "effective_number", "variables": ["loans"]}

    def test_is_over_single_observations_even_where_they_add_up(self):
        # 2, 1 and 1: 16 / 6; with 2 to 4 for the first, least at 4: 36 / 18
        rows = [
            {"variable": "loans", "value": 2, "high": 4, "start": "2001", "end": "2001"},
            {"variable": "loans", "value": 1, "start": "2002", "end": "2002"},
            {"variable": "loans", "value": 1, "start": "2003", "end": "2003"},
        ]
        variables = {"loans": variable("flow", "EUR million", combine="sum")}
        engine = one_measure(self.MEASURE, variables, rows, unit="count:part")
        assert values(engine) == pytest.approx((16 / 6, 2, 16 / 6))

    def test_alternatives_are_one_part(self):
        # 3, and 1 or else 2: 16 / 10 with the preferred 1, at the most 25 / 13
        rows = [
            {"variable": "a", "value": 3},
            {"variable": "b", "value": 1, "preferred": True},
            {"variable": "b", "value": 2},
        ]
        variables = {"a": variable("flow", "EUR million"), "b": variable("flow", "EUR million", combine="alternatives")}
        measure = {"kind": "effective_number", "variables": ["a", "b"]}
        engine = one_measure(measure, variables, rows, unit="count:part")
        assert values(engine) == pytest.approx((16 / 10, 16 / 10, 25 / 13))

    def test_parts_in_different_scales_count_as_what_they_are(self):
        # 1000 million and 1 billion are two equal parts
        variables = {"a": variable("flow", "EUR million"), "b": variable("flow", "EUR billion")}
        rows = [{"variable": "a", "value": 1000}, {"variable": "b", "value": 1}]
        measure = {"kind": "effective_number", "variables": ["a", "b"]}
        assert values(one_measure(measure, variables, rows, unit="count:part")) == pytest.approx((2, 2, 2))

    def test_parts_that_can_all_be_zero_are_refused(self):
        rows = [{"variable": "loans", "value": 2, "low": 0}]
        engine = one_measure(self.MEASURE, {"loans": variable("flow", "EUR million")}, rows, unit="count:part")
        with pytest.raises(ObservationError, match="observations o1 are all zero at their low bounds"):
            _ = engine.plan

    def test_says_where_its_least_is_an_outer_bound(self):
        variables = {"loans": variable("flow", "EUR million", combine="sum")}
        marks = []
        for count in (12, 13):
            rows = [{"variable": "loans", "value": 1, "high": 2}] * count
            engine = one_measure(self.MEASURE, variables, rows, unit="count:part")
            marks.append(bool(derive_bounds(engine.plan).exact[0, 0]))
        assert marks == [True, False]


class TestMean:
    def test_of_judgements(self):
        # coders say -2, -1 and 1, the last at the least 0 and at the most 2
        rows = [{"variable": "judged", "value": code} for code in (-2, -1)]
        rows.append({"variable": "judged", "value": 1, "low": 0, "high": 2, "wording": "judgement"})
        scale = "ordinal:-2..2"
        engine = one_measure(
            {"kind": "mean", "variables": ["judged"]}, {"judged": variable("judgement", scale)}, rows, unit=scale
        )
        assert values(engine) == pytest.approx((-2 / 3, -1, -1 / 3))

    def test_of_two_variables_counts_every_judgement_once(self):
        rows = [{"variable": "a", "value": 2}, {"variable": "a", "value": 2}, {"variable": "b", "value": -1}]
        scale = "ordinal:-2..2"
        variables = {name: variable("judgement", scale) for name in "ab"}
        assert values(one_measure({"kind": "mean", "variables": ["a", "b"]}, variables, rows, unit=scale))[0] == 1

    def test_across_scales_is_in_the_indicators_unit(self):
        rows = [{"variable": "a", "value": 50}, {"variable": "b", "value": 0.7}]
        variables = {"a": variable("judgement", "percent"), "b": variable("judgement", "ratio")}
        engine = one_measure({"kind": "mean", "variables": ["a", "b"]}, variables, rows, unit="percent")
        assert values(engine)[0] == pytest.approx(60)


def read(coder, value, more, variable="judged"):
    return {"variable": variable, "value": value, "coder": coder, **more}


class TestReadings:
    """Several coders of one fact."""

    SCALE = "ordinal:-2..2"

    def judged(self, *rows):
        measure = {"kind": "mean", "variables": ["judged"]}
        given = [read(*row) for row in rows]
        return one_measure(measure, {"judged": variable("judgement", self.SCALE)}, given, unit=self.SCALE)

    def test_a_judgement_is_their_mean_within_the_hull_of_all(self):
        engine = self.judged(("Ann", -1, {"low": -2, "high": 0}), ("Bob", 1, {"low": 1, "high": 2}), ("Cem", 0, {}))
        assert values(engine) == (0, -2, 2)
        assert len(engine.plan.slots) == 1
        assert engine.plan.feeds == {(CASE, "it"): ("o1", "o2", "o3")}

    def test_bounds_are_no_mean_of_bounds(self):
        # as facts of their own they would be -0.5 in all, and nothing open
        assert values(self.judged(("Ann", -2, {}), ("Bob", 1, {}))) == (-0.5, -2, 1)
        apart = self.judged(("Ann", -2, {"paragraph": 1}), ("Bob", 1, {"paragraph": 2}))
        assert values(apart) == (-0.5, -0.5, -0.5)

    def test_the_preferred_holds_where_there_is_one(self):
        assert values(self.judged(("Ann", -2, {}), ("Bob", 1, {"preferred": True}))) == (1, -2, 1)

    def test_two_facts_are_averaged_as_facts_however_many_have_read_them(self):
        # (2 + 1) / 2 and -1: 0.25, from (1 - 1) / 2 to (2 - 1) / 2; three rows would have the mean 2 / 3
        one = [("Ann", 2, {"paragraph": 1}), ("Bob", 1, {"paragraph": 1}), ("Ann", -1, {"paragraph": 2})]
        assert values(self.judged(*one)) == (0.25, 0, 0.5)

    def test_each_converts_from_its_own_unit(self):
        rows = [read("Ann", 30, {"unit": "percent"}), read("Bob", 0.5, {"unit": "ratio"})]
        engine = one_measure(
            {"kind": "mean", "variables": ["judged"]},
            {"judged": variable("judgement", "percent")},
            rows,
            unit="percent",
        )
        assert values(engine) == pytest.approx((40, 30, 50))

    def test_an_event_is_the_preferred_one_within_both(self):
        rows = [read("Ann", 1, {"preferred": True}, "a"), read("Bob", 0, {}, "a"), {"variable": "b", "value": 1}]
        rungs = [{"variable": name, "title": name} for name in "ab"]
        engine = one_measure(
            {"kind": "checklist", "rungs": rungs},
            dict.fromkeys("ab", variable("event", "count:event")),
            rows,
            unit="rungs:2",
            indicator={"high": 2.0},
        )
        assert values(engine) == (2, 1, 2)

    def test_facts_add_up_and_readings_do_not(self):
        years = [("2001", 10, 12), ("2002", 20, 19)]
        rows = [
            read(coder, value, {"start": year, "end": year, "preferred": coder == "Ann"}, "aid")
            for year, *both in years
            for coder, value in zip(("Ann", "Bob"), both, strict=True)
        ]
        specs = {"aid": variable("flow", "EUR million", combine="sum")}
        engine = one_measure({"kind": "sum", "variables": ["aid"]}, specs, rows, unit="EUR million")
        assert values(engine) == (30, 29, 32)
        latest = one_measure({"kind": "value", "variable": "aid", "combine": "latest"}, specs, rows, unit="EUR million")
        assert values(latest) == (20, 19, 20)

    def test_a_spell_is_one_with_its_force_in_doubt(self):
        spell = {"start": "2001", "end": "2005"}
        rows = [read("Ann", 1, spell | {"preferred": True}, "s"), read("Bob", 0, spell, "s")]
        engine = one_measure(
            {"kind": "share_of_window", "variables": ["s"]}, {"s": variable("spell", "count:spell")}, rows
        )
        value, low, _ = values(engine)
        assert (value, low) == (pytest.approx(0.5, abs=0.001), 0)


class TestCombine:
    ROWS: ClassVar = [
        {"variable": "v", "value": 3, "start": "2003", "end": "2004", "preferred": True},
        {"variable": "v", "value": 5, "low": 4, "high": 9, "start": "2001", "end": "2005"},
        {"variable": "v", "value": 1, "start": "2002", "end": "2002"},
    ]

    def value(self, combine, override=None, rows=ROWS):
        measure = {"kind": "value", "variable": "v", "combine": override}
        return one_measure(measure, {"v": COUNT | {"combine": combine}}, rows, unit="count:visit")

    def test_sum(self):
        assert values(self.value("sum")) == (9, 8, 13)

    def test_latest_is_what_ends_last(self):
        engine = self.value("latest")
        assert values(engine) == (5, 4, 9)
        assert engine.plan.feeds == {(CASE, "it"): ("o2",)}

    def test_latest_is_what_still_goes_on(self):
        rows = [*self.ROWS, {"variable": "v", "value": 7, "start": "2001"}]
        assert values(self.value("latest", rows=rows))[0] == 7

    def test_alternatives_take_the_preferred_value_and_the_hull(self):
        engine = self.value("alternatives")
        assert values(engine) == (3, 1, 9)
        assert engine.plan.feeds == {(CASE, "it"): ("o1", "o2", "o3")}

    def test_alternatives_convert_each_from_its_own_unit(self):
        rows = [
            {"variable": "v", "value": 2, "unit": "EUR billion"},
            {"variable": "v", "value": 1500, "preferred": True},
        ]
        engine = one_measure(
            "v", {"v": variable("stock", "EUR million", combine="alternatives")}, rows, unit="EUR million"
        )
        assert values(engine) == (1500, 1500, 2000)

    def test_a_measure_may_combine_otherwise_than_its_variable(self):
        assert values(self.value("sum", "latest"))[0] == 5
        assert values(self.value("latest", "sum"))[0] == 9

    def test_what_a_measure_calls_the_latest_must_end_last(self):
        rows = [{"variable": "v", "value": value, "start": "2001", "end": "2001"} for value in (1, 3)]
        with pytest.raises(SpecificationError, match="end on the same day, so none is the latest"):
            self.value("sum", "latest", rows)

    def test_a_ratio_adds_what_adds_up(self):
        # 3 + 5 + 1 of them over one more
        measure = {"kind": "ratio", "numerator": ["v"], "denominator": ["v", "w"]}
        rows = [*self.ROWS, {"variable": "w", "value": 1}]
        assert values(one_measure(measure, {"v": COUNT | {"combine": "sum"}, "w": COUNT}, rows))[0] == pytest.approx(
            0.9
        )


class TestCases:
    def derived(self, rows, cases):
        engine = one_measure(
            "v", {"v": COUNT}, [{"variable": "v", **one} for one in rows], cases=cases, unit="count:visit"
        )
        return engine, derive(engine.plan, engine.plan.nominal)[:, 0].tolist()

    def test_the_most_specific_fact_wins(self):
        rows = [
            {"case": "*>*", "value": 1},
            {"case": "A>*", "value": 2},
            {"case": "*>D", "value": 3},
            {"case": "A>B", "value": 4},
        ]
        assert self.derived(rows, ("A>B", "A>C", "E>D", "E>F"))[1] == [4, 2, 3, 1]

    def test_the_order_of_the_rows_decides_nothing(self):
        rows = [{"case": "A>B", "value": 4}, {"case": "A>*", "value": 2}, {"case": "*>*", "value": 1}]
        assert self.derived(rows, ("A>B",))[1] == self.derived(rows[::-1], ("A>B",))[1] == [4]

    def test_a_specific_fact_hides_general_ones_it_does_not_join_them(self):
        engine, _ = self.derived([{"case": "A>*", "value": 2}, {"case": "A>B", "value": 4}], ("A>B",))
        assert engine.plan.feeds == {("A>B", "it"): ("o2",)}

    def test_a_country_may_stand_under_a_fact_about_all(self):
        assert self.derived([{"case": "*", "value": 5}, {"case": "B", "value": 6}], ("A", "B"))[1] == [5, 6]

    def test_a_fact_that_two_cases_share_is_one_slot(self):
        engine, derived = self.derived([{"case": "A>*", "value": 2}], ("A>B", "A>C"))
        assert len(engine.plan.slots) == 1
        assert derived == [2, 2]

    def test_a_fact_about_another_case_is_none_about_this_one(self):
        engine, derived = self.derived([{"case": "A>B", "value": 4}], ("A>B", "A>C"))
        assert derived[0] == 4
        assert np.isnan(derived[1])
        assert engine.plan.reasons == {("A>C", "it"): "no observation of 'v'"}


class TestPlan:
    def test_facts_of_no_score_feed_nothing(self):
        context = {"id": "c", "case": CASE, "value": 99, "unit": "ratio", "use": "context", "reason": "background"}
        profile = study(framework({"it": indicator("v")}, {"v": variable()}), [{"variable": "v", "value": 0.5}])
        facts = [*profile.model_dump(mode="json")["observations"], context]
        plan = Engine(profile.replace(observations=tuple(facts))).plan
        assert [slot.observations for slot in plan.slots] == [("o1",)]

    def test_a_denominator_feeds(self):
        engine = one_measure("v", {"v": variable()}, [{"variable": "v", "value": 0.5, "use": "denominator"}])
        assert values(engine)[0] == 0.5

    def test_indicators_of_sets_that_are_not_chosen_are_left_out(self):
        specs = framework({"it": indicator("v"), "more": indicator("v", set="extended")}, {"v": variable()})
        rows = [{"variable": "v", "value": 0.5}]
        assert Engine(study(specs, rows)).plan.indicators == ("it",)
        assert Engine(study(specs, rows, sets=("base", "extended"))).plan.indicators == ("it", "more")

    def test_a_cell_that_lacks_an_observation_is_not_a_number_in_bounds_either(self):
        engine = one_measure("v", {"v": variable()}, [])
        assert np.isnan(values(engine)).all()

    def test_a_slot_keeps_the_place_of_its_fact(self):
        rows = [{"variable": "v", "value": 0.5, "low": 0.25, "high": 0.75}]
        (slot,) = one_measure("v", {"v": variable()}, rows).plan.slots
        assert (slot.observations, slot.part) == (("o1",), "value")
        assert (slot.nominal, slot.low, slot.high) == (0.5, 0.25, 0.75)


class TestPulls:
    def test_say_at_which_ends_of_what_is_uncertain_the_bounds_are_attained(self):
        # a / (a + b) rises in a and falls in b; of the first case a is uncertain, of the second b.
        rows = [
            {"case": "A>1", "variable": "a", "value": 2, "low": 1, "high": 3},
            {"case": "A>1", "variable": "b", "value": 1},
            {"case": "A>1", "variable": "b", "value": 3},
            {"case": "A>2", "variable": "a", "value": 2},
            {"case": "A>2", "variable": "b", "value": 4, "low": 2, "high": 6},
        ]
        measure = {"kind": "ratio", "numerator": ["a"], "denominator": ["a", "b"]}
        engine = one_measure(measure, {"a": COUNT, "b": COUNT | {"combine": "sum"}}, rows, cases=("A>1", "A>2"))
        bounds = derive_bounds(engine.plan)
        assert [slot.observations for slot in engine.plan.slots] == [("o1",), ("o2",), ("o3",), ("o4",), ("o5",)]
        assert bounds.pulls == {(0, 0): {0: (False, True)}, (1, 0): {4: (True, False)}}
        assert bounds.low[:, 0].tolist() == [1 / 5, 2 / 8]
        assert bounds.high[:, 0].tolist() == [3 / 7, 2 / 4]
        assert bounds.exact.all()


class TestCombineEverywhere:
    """How several observations combine holds for every measure."""

    ALTERNATIVES: ClassVar = [{"value": 10, "preferred": True}, {"value": 20}]
    DATED: ClassVar = {"start": "2001", "end": "2010"}

    def test_a_rate_of_alternatives_counts_one_of_them(self):
        rows = [{"variable": "v", **self.DATED, **one} for one in self.ALTERNATIVES]
        measure = {"kind": "rate", "variables": ["v"]}
        engine = one_measure(measure, {"v": COUNT | {"combine": "alternatives"}}, rows, unit="count:visit per year")
        assert values(engine) == pytest.approx((1, 1, 2))

    def test_alternative_judgements_are_not_averaged(self):
        judged = variable("judgement", "ordinal:-2..2", combine="alternatives")
        rows = [{"variable": "v", "value": 2, "preferred": True}, {"variable": "v", "value": -1}]
        engine = one_measure({"kind": "mean", "variables": ["v"]}, {"v": judged}, rows, unit="ordinal:-2..2")
        assert values(engine) == (2, -1, 2)

    def test_alternative_amounts_are_one_part(self):
        rows = [{"variable": "a", **one} for one in self.ALTERNATIVES] + [{"variable": "b", "value": 10}]
        variables = {"a": variable("flow", "EUR million", combine="alternatives"), "b": variable("flow", "EUR million")}
        measure = {"kind": "effective_number", "variables": ["a", "b"]}
        engine = one_measure(measure, variables, rows, unit="count:part")
        # 10 and 10 are two parts; 20 and 10: 900 / 500
        assert values(engine) == pytest.approx((2, 1.8, 2))

    def test_of_spells_the_latest_alone_counts(self):
        spell = variable("spell", "count:spell", combine="latest")
        rows = [
            {"variable": "v", "value": 1, "start": "2001-01-01", "end": "2004-12-31"},
            {"variable": "v", "value": 1, "start": "2010-01-01", "end": "2010-12-31"},
        ]
        engine = one_measure({"kind": "share_of_window", "variables": ["v"]}, {"v": spell}, rows)
        assert values(engine)[0] == pytest.approx(365 / 3652)

    def test_alternatives_whose_preferred_lies_outside_the_window_give_no_rate(self):
        rows = [
            {"variable": "v", "value": 10, "preferred": True, "start": "1990", "end": "1995"},
            {"variable": "v", "value": 9, **self.DATED},
        ]
        measure = {"kind": "rate", "variables": ["v"]}
        engine = one_measure(measure, {"v": COUNT | {"combine": "alternatives"}}, rows, unit="count:visit per year")
        assert engine.plan.reasons == {(CASE, "it"): "the preferred observation 'o1' of 'v' lies outside the window"}
        engine = one_measure(
            measure, {"v": COUNT | {"combine": "alternatives"}}, rows[::-1], unit="count:visit per year"
        )
        assert engine.plan.reasons == {(CASE, "it"): "the preferred observation 'o2' of 'v' lies outside the window"}


class TestAttained:
    """Which shares of the window say that their bounds are attained."""

    def exact(self, rows, **more):
        spell = variable("spell", "count:spell", **more)
        rows = [{"variable": "v", "value": 1, **row} for row in rows]
        engine = one_measure({"kind": "share_of_window", "variables": ["v"]}, {"v": spell}, rows)
        return bool(derive_bounds(engine.plan).exact[0, 0])

    def test_a_spell_with_its_ends_apart_attains_them(self):
        assert self.exact([{"start": "2001", "end": "2004"}])
        assert self.exact([{"start": "2005-03-01", "end": "2005-03-01"}])

    def test_a_spell_inside_one_coarse_year_does_not(self):
        assert not self.exact([{"start": "2005", "end": "2005"}])
        assert not self.exact([{"start": "2001", "end": "2003"}, {"start": "2005", "end": "2005"}])

    def test_a_spell_that_may_begin_on_the_day_after_it_ends_does_not(self):
        assert not self.exact([{"start": "2005-01", "end": "2005-01-30"}])
        assert self.exact([{"start": "2005-01", "end": "2005-01-31"}])

    def test_alternatives_that_lend_each_other_their_ends_do_not(self):
        rows = [{"start": "2001", "end": "2003", "preferred": True}, {"start": "2006", "end": "2009"}]
        assert not self.exact(rows, combine="alternatives")

    def test_alternatives_beside_a_spell_of_another_variable_do_not(self):
        spell = variable("spell", "count:spell")
        rows = [
            {"variable": "v", "value": 1, "start": "2001", "end": "2006", "preferred": True},
            {"variable": "v", "value": 1, "start": "2003", "end": "2008"},
            {"variable": "w", "value": 1, "start": "2002-01-01", "end": "2002-12-31"},
        ]
        variables = {"v": spell | {"combine": "alternatives"}, "w": spell}
        engine = one_measure({"kind": "share_of_window", "variables": ["v", "w"]}, variables, rows)
        assert not derive_bounds(engine.plan).exact[0, 0]

    @pytest.mark.parametrize(
        ("combined", "doubtful"),
        [
            ({}, [{"start": "2005", "end": "2005"}]),
            (
                {"combine": "alternatives"},
                [{"start": "2001", "end": "2003", "preferred": True}, {"start": "2006", "end": "2009"}],
            ),
        ],
    )
    def test_a_case_that_does_not_leaves_the_others_as_they_are(self, combined, doubtful):
        rows = [{"case": "A>1", "start": "2001", "end": "2004"}, *({"case": "A>2", **row} for row in doubtful)]
        rows = [{"variable": "v", "value": 1, **row} for row in rows]
        spell = variable("spell", "count:spell", **combined)
        measure = {"kind": "share_of_window", "variables": ["v"]}
        engine = one_measure(measure, {"v": spell}, rows, cases=("A>1", "A>2"))
        assert derive_bounds(engine.plan).exact[:, 0].tolist() == [True, False]

    def test_cases_of_fewer_spells_attain_them_too(self):
        cases = {"A>1": ["2001"], "A>2": ["2001", "2004"], "A>3": ["2001", "2004", "2007"]}
        rows = [
            {"variable": "v", "value": 1, "case": case, "start": year, "end": str(int(year) + 1)}
            for case, years in cases.items()
            for year in years
        ]
        spell = variable("spell", "count:spell")
        engine = one_measure({"kind": "share_of_window", "variables": ["v"]}, {"v": spell}, rows, cases=tuple(cases))
        bounds = derive_bounds(engine.plan)
        assert bounds.exact[:, 0].tolist() == [True] * 3
        # From the last day of the first year to the first of the next, and both years in full: 2 and 731 of 3652 days.
        assert bounds.high[:, 0].tolist() == pytest.approx([0.2, 0.4, 0.6], abs=1e-3)


class TestRungsOfShares:
    def test_a_hair_of_rounding_misses_no_rung(self):
        # 0.29 as a percentage is 28.999999999999996
        measure = {"kind": "checklist", "rungs": [{"variable": "v", "title": "enough", "at_least": 29}]}
        rows = [{"variable": "v", "value": 0.29, "unit": "ratio"}]
        engine = one_measure(measure, {"v": variable("share", "percent")}, rows, unit="rungs:1")
        assert values(engine) == (1, 1, 1)


class TestDoubtfulDates:
    YEARS: ClassVar = {"kind": "years_between", "earlier": "a", "later": "b"}

    def engine(self, **first):
        event = variable("event", "count:event")
        rows = [{"variable": "a", "value": 1, **first}, {"variable": "b", "value": 1, "start": "2010-01-01"}]
        return one_measure(self.YEARS, {"a": event, "b": event}, rows, unit="day")

    def test_an_event_that_may_not_have_happened_has_no_date(self):
        engine = self.engine(low=0, high=1, start="2005")
        assert "may not have happened" in engine.plan.reasons[CASE, "it"]

    def test_an_event_between_two_dates_lies_anywhere_between(self):
        engine = self.engine(start="2009-12-01", end="2009-12-11")
        assert values(engine) == pytest.approx((26, 21, 31))


class TestDenominator:
    """An indicator of observations, divided by a variable: value x scale / variable, bounds at the vertices."""

    VARIABLES = {  # noqa: RUF012
        "visits": variable("count", "count:visit", combine="sum"),
        "people": variable("stock", "count:person"),
        "share": variable(),
    }
    ROWS = [  # noqa: RUF012
        {"variable": "visits", "value": 20, "low": 10, "high": 30, "start": "2001", "end": "2001"},
        {"variable": "visits", "value": 20, "start": "2002", "end": "2002"},
        {"variable": "people", "value": 4, "low": 2, "high": 5},
    ]
    PER = {"variable": "people", "scale": 100}  # noqa: RUF012

    def test_a_sum(self):
        engine = one_measure(
            "visits", self.VARIABLES, self.ROWS, unit="count:visit", indicator={"denominator": self.PER}
        )
        assert values(engine) == pytest.approx((1000, 600, 2500))

    def test_a_rate(self):
        measure = {"kind": "rate", "variables": ["visits"]}
        unit = "count:visit per year"
        engine = one_measure(measure, self.VARIABLES, self.ROWS, unit=unit, indicator={"denominator": self.PER})
        # ten years
        assert values(engine) == pytest.approx((100, 60, 250))

    def test_a_gap_of_the_denominator_is_a_gap(self):
        engine = one_measure(
            "visits", self.VARIABLES, self.ROWS[:2], unit="count:visit", indicator={"denominator": self.PER}
        )
        assert np.isnan(values(engine)[0])
        assert engine.plan.reasons[CASE, "it"] == "no observation of 'people'"

    def test_a_denominator_that_can_be_zero_is_refused(self):
        rows = [*self.ROWS[:2], {"variable": "people", "value": 4, "low": 0}]
        with pytest.raises(ObservationError, match="the denominator can be zero"):
            values(one_measure("visits", self.VARIABLES, rows, unit="count:visit", indicator={"denominator": self.PER}))

    def test_a_ratio_takes_none(self):
        measure = {"kind": "ratio", "numerator": ["visits"], "denominator": ["visits"]}
        with pytest.raises(SpecificationError, match="a ratio is not divided by 'people'"):
            one_measure(measure, self.VARIABLES, self.ROWS, indicator={"denominator": self.PER})

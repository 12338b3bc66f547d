"""A score from end to end, by hand: bounds, gaps, coverage, marks, reasons, refusals, notes."""

import hashlib
import json
import math
from importlib.metadata import version
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from properties.strategies import CASE, framework, indicator, one_measure, scored, study, tree_specs, variable
from softpower.engine import Engine
from softpower.errors import MethodError, ObservationError, SpecificationError
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.registry import AGGREGATE, NORMALISE, WEIGHTS, Method, register
from softpower.result import fingerprint
from softpower.scoring import score

PARTS = [[None, None], None]  # d0 (d1 (i0, i1), i2)


def column(result, name, case=0):
    return dict(zip(result.nodes, getattr(result, name)[case].tolist(), strict=True))


class TestOneStudy:
    """Two sources of two indicators each, of which one is missing, one is clipped and one is uncertain.

    trade: 30 % [20 %, 50 %] of 0 to 1            -> 30 [20, 50], weight 1
    aid:   EUR 20 million of 1 to 100, log        -> 100 log 20 / log 100 = 65.05, weight 3
    tension: 9 incidents of 0 to 5, lower better  -> 0, clipped high, weight 1
    trust: not observed                           -> missing, weight 1
    """

    AID = 100 * math.log(20) / math.log(100)
    SPECS = framework(
        {
            "trade": indicator("share", dimension="resources", weight=1),
            "aid": indicator("money", dimension="resources", unit="EUR million", low=1, high=100, log=True, weight=3),
            "tension": indicator("incidents", dimension="policy", unit="count:incident", high=5, better="lower"),
            "trust": indicator("trust", dimension="policy"),
        },
        {
            "share": variable("share", "percent"),
            "money": variable("flow", "EUR million"),
            "incidents": variable("count", "count:incident"),
            "trust": variable(),
        },
        {"index": {}, "resources": {"parent": "index"}, "policy": {"parent": "index"}},
        ("composite", "source"),
    )
    ROWS: ClassVar = [
        {"id": "share-1", "variable": "share", "value": 30, "low": 20, "high": 50},
        {"id": "aid-1", "variable": "money", "value": 0.02, "unit": "EUR billion"},
        {"id": "tension-1", "variable": "incidents", "value": 9},
    ]

    @pytest.fixture
    def result(self):
        return score(study(self.SPECS, self.ROWS))

    def test_raw(self, result):
        assert result.raw[0] == pytest.approx([0.3, 20, 9, math.nan], nan_ok=True)
        assert result.raw_low[0] == pytest.approx([0.2, 20, 9, math.nan], nan_ok=True)
        assert result.raw_high[0] == pytest.approx([0.5, 20, 9, math.nan], nan_ok=True)

    def test_score(self, result):
        resources = (30 + 3 * self.AID) / 4
        expected = {"trade": 30, "aid": self.AID, "tension": 0, "trust": math.nan}
        expected |= {"resources": resources, "policy": 0, "index": resources / 2}
        assert column(result, "score") == pytest.approx(expected, nan_ok=True)
        assert result.composite.to_dict() == pytest.approx({CASE: resources / 2})

    def test_bounds(self, result):
        low, high = column(result, "low"), column(result, "high")
        assert (low["trade"], high["trade"]) == pytest.approx((20, 50))
        assert (low["resources"], high["resources"]) == pytest.approx(
            ((20 + 3 * self.AID) / 4, (50 + 3 * self.AID) / 4)
        )
        assert (low["index"], high["index"]) == pytest.approx(((20 + 3 * self.AID) / 8, (50 + 3 * self.AID) / 8))
        assert (low["policy"], high["policy"]) == (0, 0)

    def test_bounds_with_gaps_at_the_ends(self, result):
        # trust at 0 leaves policy at 0, at 100 it makes it 50
        low, high = column(result, "gap_low"), column(result, "gap_high")
        assert (low["policy"], high["policy"]) == (0, 50)
        assert low["index"] == pytest.approx((20 + 3 * self.AID) / 8)
        assert high["index"] == pytest.approx(((50 + 3 * self.AID) / 4 + 50) / 2)

    def test_coverage(self, result):
        # policy is half observed, and is half of the index
        assert column(result, "coverage") == (
            {"trade": 1, "aid": 1, "tension": 1, "trust": 0} | {"resources": 1, "policy": 0.5, "index": 0.75}
        )

    def test_weights(self, result):
        assert column(result, "weight") == (
            {"trade": 0.25, "aid": 0.75, "tension": 1, "trust": 0} | {"resources": 0.5, "policy": 0.5, "index": 1}
        )
        assert column(result, "effective_weight") == (
            {"trade": 0.125, "aid": 0.375, "tension": 0.5, "trust": 0} | {"resources": 0.5, "policy": 0.5, "index": 1}
        )

    def test_contributions(self, result):
        given = column(result, "contribution")
        assert given["trade"] == pytest.approx(30 / 8)
        assert given["aid"] == pytest.approx(3 * self.AID / 8)
        assert (given["tension"], given["trust"], given["policy"]) == (0, 0, 0)
        assert given["index"] == pytest.approx((30 + 3 * self.AID) / 8)

    def test_clipping_is_seen(self, result):
        assert result.clipped.tolist() == [["", "", "high", ""]]

    def test_it_is_the_value_that_is_clipped_whatever_its_bounds(self):
        rows = [{"variable": "incidents", "value": 9, "low": 4}, {"variable": "share", "value": 50, "high": 120}]
        assert score(study(self.SPECS, rows)).clipped.tolist() == [["", "", "high", ""]]

    def test_reasons_and_feeds(self, result):
        assert dict(result.reasons) == {(CASE, "trust"): "no observation of 'trust'"}
        assert dict(result.feeds) == {
            (CASE, "trade"): ("share-1",),
            (CASE, "aid"): ("aid-1",),
            (CASE, "tension"): ("tension-1",),
        }

    def test_scale(self, result):
        assert result.scale == (0, 100)

    def test_everything_that_went_in(self, result):
        assert result.profile.observations[0].id == "share-1"

    def test_arrays_are_read_only(self, result):
        with pytest.raises(ValueError, match="read-only"):
            result.score[0, 0] = 1

    def test_a_strict_methodology_drops_what_has_a_gap(self):
        result = score(study(self.SPECS, self.ROWS), methodology={"missing": "strict"})
        assert np.isnan(result.composite[CASE])
        assert dict(result.reasons) == {
            (CASE, "trust"): "no observation of 'trust'",
            (CASE, "policy"): "1 of 2 children are present, below the threshold of 1",
            (CASE, "index"): "1 of 2 children are present, below the threshold of 1",
        }


class TestBounds:
    def test_geometric_with_floor(self):
        # sqrt(low x low) and so on; 0 counts as 1
        result = score(
            scored(tree_specs([None, None]), [[(0, 25, 49), (36, 64, 100)]]),
            methodology={"aggregate": "geometric", "floor": 1},
        )
        assert [result.low[0, -1], result.composite.iloc[0], result.high[0, -1]] == pytest.approx([6, 40, 70])

    def test_a_bound_at_zero_gives_zero_without_a_floor(self):
        result = score(scored(tree_specs([None, None]), [[(0, 25, 49), 64]]), methodology={"aggregate": "geometric"})
        assert [result.low[0, -1], result.composite.iloc[0], result.high[0, -1]] == pytest.approx([0, 40, 56])

    def test_gaps_under_a_geometric_mean(self):
        # gap at 0 counts as the floor 4: sqrt(4 x 64) = 16; at 100: sqrt(100 x 64) = 80
        result = score(
            scored(tree_specs([None, None]), [[None, 64]]), methodology={"aggregate": "geometric", "floor": 4}
        )
        assert [result.gap_low[0, -1], result.low[0, -1], result.gap_high[0, -1]] == pytest.approx([16, 64, 80])

    def test_lower_is_better_turns_them_round(self):
        specs = tree_specs([None], i0={"better": "lower"})
        result = score(scored(specs, [[(10, 30, 60)]]))
        assert [result.low[0, -1], result.composite.iloc[0], result.high[0, -1]] == pytest.approx([40, 70, 90])

    def test_are_not_offered_where_a_score_may_fall_when_a_value_rises(self, monkeypatch):
        method = Method("aggregate", "odd", lambda values, _: 100 - values.mean(axis=-1), monotone=False)
        monkeypatch.setitem(AGGREGATE._methods, "odd", method)
        result = score(scored(tree_specs([None]), [[30]], methodology={"aggregate": "odd"}))
        assert result.composite.iloc[0] == 70
        for name in ("low", "high", "gap_low", "gap_high"):
            assert np.isnan(getattr(result, name)).all()
        assert result.notes == ("Bounds are not offered: 'odd' may fall when a value rises.",)

    def test_are_not_offered_where_a_score_depends_on_the_other_cases(self, monkeypatch):
        method = Method("normalise", "relative", lambda values, _: values - values.mean(axis=0))
        monkeypatch.setitem(NORMALISE._methods, "relative", method)
        result = score(scored(tree_specs([None]), [[30], [50]], methodology={"normalise": "relative"}))
        assert result.composite.tolist() == pytest.approx([-0.1, 0.1])
        assert np.isnan(result.low).all()
        assert result.scale is None
        assert result.notes == ("Bounds are not offered: 'relative' scores depend on the other cases.",)


class TestExact:
    """d0 (d1 (x, y), z), all from shares."""

    DIMENSIONS: ClassVar = {"d0": {}, "d1": {"parent": "d0"}}

    def marks(self, x, y, z, rows, turned=None):
        places = {"x": "d1", "y": "d1", "z": "d0"}
        names = {"x": x, "y": y, "z": z}
        specs = framework(
            {
                name: indicator(names[name], dimension=place) | (turned or {}).get(name, {})
                for name, place in places.items()
            },
            {name: variable() for name in "abc"},
            self.DIMENSIONS,
            ("top", "part"),
        )
        return column(score(study(specs, rows)), "exact")

    ROWS: ClassVar = [{"variable": name, "value": 0.5, "high": 0.9} for name in "abc"]

    def test_facts_of_their_own_attain_every_bound(self):
        assert set(self.marks("a", "b", "c", self.ROWS).values()) == {True}

    LOWER: ClassVar = {"better": "lower"}

    def test_a_shared_fact_that_lifts_both_attains_every_bound(self):
        assert set(self.marks("a", "a", "c", self.ROWS).values()) == {True}
        assert set(self.marks("a", "a", "c", self.ROWS, {"x": self.LOWER, "y": self.LOWER}).values()) == {True}

    def test_a_shared_fact_that_pulls_two_ways_makes_the_nodes_above_both_outer(self):
        marks = self.marks("a", "a", "c", self.ROWS, {"y": self.LOWER})
        assert marks == {"x": True, "y": True, "z": True, "d1": False, "d0": False}

    def test_not_the_nodes_above_one_of_them(self):
        marks = self.marks("a", "b", "a", self.ROWS, {"z": self.LOWER})
        assert marks == {"x": True, "y": True, "z": True, "d1": True, "d0": False}

    @pytest.mark.parametrize("order", ["xyz", "zyx"])
    def test_a_fact_without_one_best_end_makes_the_nodes_above_both_outer(self, order):
        # what is most equal to the loan of 3 lies between the bounds, so no end of it suits both
        parts = {"kind": "effective_number", "variables": ["loans", "fixed"]}
        indicators = {
            "x": indicator(parts, dimension="d1", unit="count:part", low=1, high=2),
            "y": indicator("loans", dimension="d1", unit="EUR million", high=9),
            "z": indicator("fixed", dimension="d0", unit="EUR million", high=9),
        }
        money = {name: variable("flow", "EUR million") for name in ("loans", "fixed")}
        specs = framework({name: indicators[name] for name in order}, money, self.DIMENSIONS, ("top", "part"))
        rows = [{"variable": "loans", "value": 2, "low": 1, "high": 5}, {"variable": "fixed", "value": 3}]
        marks = column(score(study(specs, rows)), "exact")
        assert marks == {"x": True, "y": True, "z": True, "d1": False, "d0": False}

    SPREAD: ClassVar = indicator({"kind": "effective_number", "variables": ["a", "b"]}, unit="count:part", high=2)
    MONEY: ClassVar = {name: variable("flow", "EUR million") for name in "ab"}

    def test_two_indicators_without_one_best_end_make_the_node_above_outer(self):
        specs = framework({"x": self.SPREAD, "y": self.SPREAD}, self.MONEY)
        rows = [{"variable": "a", "value": 2, "high": 5}, {"variable": "b", "value": 3}]
        assert column(score(study(specs, rows)), "exact") == {"x": True, "y": True, "index": False}

    def test_a_fact_that_cases_share_is_shared_by_no_two_indicators(self):
        rows = [{"variable": "a", "case": "A>*", "value": 2, "high": 5}, {"variable": "b", "case": "A>*", "value": 3}]
        specs = framework({"x": self.SPREAD}, self.MONEY)
        assert score(study(specs, rows, cases=("A>B", "A>C"))).exact.all()

    def test_the_ends_of_a_ratio_count_as_what_they_are(self):
        # a / (a + b) is least where a is least and b greatest: alike with a, otherwise with b
        share = {"kind": "ratio", "numerator": ["a"], "denominator": ["a", "b"]}
        for other, exact in (("a", True), ("b", False)):
            specs = framework(
                {"share": indicator(share), "amount": indicator(other, unit="EUR million", high=9)},
                {name: variable("flow", "EUR million") for name in "ab"},
            )
            rows = [{"variable": name, "value": 2, "low": 1, "high": 5} for name in "ab"]
            assert column(score(study(specs, rows)), "exact")["index"] == exact

    def test_ends_that_meet_where_lower_is_better_are_attained(self):
        # What lifts a / (a + b) lowers b / (a + b), of which less is better.
        shares = {one: {"kind": "ratio", "numerator": [one], "denominator": ["a", "b"]} for one in ("a", "b")}
        specs = framework(
            {"x": indicator(shares["a"]), "y": indicator(shares["b"], better="lower")},
            {name: variable("flow", "EUR million") for name in "ab"},
        )
        rows = [{"variable": name, "value": 2, "low": 1, "high": 5} for name in "ab"]
        assert column(score(study(specs, rows)), "exact") == {"x": True, "y": True, "index": True}

    def test_a_fact_is_shared_by_what_takes_it_alone_and_among_alternatives(self):
        # o1 is 0.5 to 0.9 for both: the worst for one is the best for the other
        specs = framework(
            {
                "hull": indicator("a"),
                "last": indicator({"kind": "value", "variable": "a", "combine": "latest"}, better="lower"),
            },
            {"a": variable("stock", "ratio", combine="alternatives")},
        )
        rows = [
            {"variable": "a", "value": 0.5, "high": 0.9, "start": "2005", "end": "2006", "preferred": True},
            {"variable": "a", "value": 0.7, "start": "2001", "end": "2002"},
        ]
        assert column(score(study(specs, rows)), "exact")["index"] is False

    def test_a_shared_fact_that_is_certain_makes_nothing_outer(self):
        rows = [{"variable": "a", "value": 0.5}, *self.ROWS[1:]]
        assert set(self.marks("a", "a", "c", rows).values()) == {True}

    def test_an_outer_indicator_makes_what_is_above_it_outer(self):
        # thirteen uncertain parts: beyond the vertices that are tried
        spread = indicator({"kind": "effective_number", "variables": ["loans"]}, unit="count:part", low=1, high=20)
        specs = framework(
            {"spread": spread, "plain": indicator("a")},
            {"loans": variable("flow", "EUR million", combine="sum"), "a": variable()},
        )
        rows = [{"variable": "loans", "value": 1, "high": 2}] * 13 + [{"variable": "a", "value": 0.5}]
        assert column(score(study(specs, rows)), "exact") == {"spread": False, "plain": True, "index": False}

    def test_marks_are_by_case(self):
        specs = framework({"x": indicator("a"), "y": indicator("a") | self.LOWER}, {"a": variable()})
        rows = [
            {"variable": "a", "case": "A>B", "value": 0.5, "high": 0.9},
            {"variable": "a", "case": "A>C", "value": 0.5},
        ]
        result = score(study(specs, rows, cases=("A>B", "A>C")))
        assert result.exact[:, -1].tolist() == [False, True]


class TestCoverage:
    def test_is_by_effective_weight_not_by_number(self):
        # d1 (1 of 4 observed) is two thirds of d0; d0: 2/3 x 1/4 + 1/3
        result = score(scored(tree_specs(PARTS, [1, 2, 1, 3, 1]), [[20, None, 90]]))
        assert column(result, "coverage") == pytest.approx({"i0": 1, "i1": 0, "i2": 1, "d1": 0.25, "d0": 0.5})

    def test_counts_what_a_threshold_drops_as_observed(self):
        missing = {"method": "available", "threshold": {"level1": 1}}
        result = score(scored(tree_specs(PARTS), [[20, None, 90]], methodology={"missing": missing}))
        assert column(result, "coverage") == {"i0": 1, "i1": 0, "i2": 1, "d1": 0.5, "d0": 0.75}

    def test_of_nothing_is_zero(self):
        assert score(scored(tree_specs([None]), [[None]])).coverage.tolist() == [[0, 0]]

    @pytest.mark.parametrize("count", [5, 12, 30])
    def test_of_everything_is_exactly_one_however_many_there_are(self, count):
        weights = [1, *(0.1 * number for number in range(1, count + 1))]
        cells = [[50] * count] * 3
        assert (score(scored(tree_specs([None] * count, weights), cells)).coverage == 1).all()

    def test_of_an_observed_indicator_without_weight_is_one(self):
        result = score(scored(tree_specs([None, None], [1, 0, 1]), [[20, 30]]))
        assert column(result, "coverage") == {"i0": 1, "i1": 1, "d0": 1}


class TestReasons:
    def test_each_row_has_its_own_count(self):
        threshold = {"method": "available", "threshold": 1.0}
        profile = scored(
            tree_specs([None, None, None]), [[1, None, 3], [None, None, 3]], methodology={"missing": threshold}
        )
        reasons = score(profile).reasons
        assert reasons["A>0", "d0"] == "2 of 3 children are present, below the threshold of 1"
        assert reasons["A>1", "d0"] == "1 of 3 children are present, below the threshold of 1"

    @pytest.mark.parametrize("threshold", [0.0, 0.75])
    def test_all_children_missing(self, threshold):
        missing = {"method": "available", "threshold": threshold}
        result = score(scored(tree_specs(PARTS), [[None, None, 90]], methodology={"missing": missing}))
        assert result.reasons["A>0", "d1"] == "0 of 2 children are present"

    def test_too_few_by_number(self):
        missing = {"method": "available", "threshold": 0.75}
        result = score(scored(tree_specs(PARTS), [[20, None, 90]], methodology={"missing": missing}))
        assert result.reasons["A>0", "d1"] == "1 of 2 children are present, below the threshold of 0.75"

    def test_a_score_has_none(self):
        assert dict(score(scored(tree_specs(PARTS), [[10, 20, 90]])).reasons) == {}

    def test_only_children_without_weight_present_blames_no_threshold(self):
        result = score(scored(tree_specs(PARTS, [1, 1, 0, 1, 1]), [[20, None, 90]]))
        assert np.isnan(result.score[0, 3])
        assert "weight" in result.reasons["A>0", "d1"]
        assert "threshold" not in result.reasons["A>0", "d1"]

    def test_nor_does_just_enough_of_them(self):
        missing = {"method": "available", "threshold": 0.5}
        profile = scored(tree_specs(PARTS, [1, 1, 0, 1, 1]), [[20, None, 90]], methodology={"missing": missing})
        assert "threshold" not in score(profile).reasons["A>0", "d1"]


class TestRefuseZeros:
    def refused(self, tree, cells, weights=(), **methodology):
        with pytest.raises(MethodError) as refusal:
            score(scored(tree_specs(tree, weights), cells, methodology=methodology))
        return [str(fault) for fault in refusal.value.faults]

    def test_says_where_what_and_the_way_out(self):
        (said,) = self.refused([None, None], [[0, 81]], aggregate="geometric")
        assert said == (
            "A>0: d0: the geometric mean needs positive scores and 'i0' has 0."
            " Declare a floor, for instance floor = 1, or aggregate otherwise."
        )

    def test_rows_keep_their_names_however_many_are_taken_at_a_time(self, monkeypatch):
        monkeypatch.setattr("softpower.engine.engine.BLOCK", 2)
        said = self.refused([None, None], [[5, 5], [5, 5], [5, 5], [0, 5]], aggregate="geometric")
        assert [one.split(": ")[0] for one in said] == ["A>3"]

    def test_counts_what_it_does_not_name(self):
        said = self.refused([None, None], [[0, 5]] * 25, aggregate="geometric")
        assert len(said) == 21
        assert said[-1].startswith("5 more scores are not positive.")

    def test_names_all_of_them(self):
        said = self.refused(PARTS, [[0, 5, 0], [5, 5, 0]], aggregate="harmonic")
        assert [(one.split(": ")[0], one.split("'")[1]) for one in said] == [
            ("A>0", "i0"),
            ("A>0", "d1"),
            ("A>0", "i2"),
            ("A>1", "i2"),
        ]

    def test_an_inner_node_of_zero(self):
        levels = {"level0": "geometric", "level1": "arithmetic"}
        (said,) = self.refused(PARTS, [[0, 0, 50]], aggregate=levels)
        assert said.startswith("A>0: d0: the geometric mean needs positive scores and 'd1' has 0.")

    @pytest.mark.parametrize(
        ("weights", "methodology"),
        [
            ((), {"aggregate": "geometric", "floor": 1}),
            ((), {"aggregate": "arithmetic"}),
            ((1, 0, 1), {"aggregate": "geometric"}),
        ],
    )
    def test_not_with_a_floor_nor_in_other_means_nor_without_weight(self, weights, methodology):
        result = score(scored(tree_specs([None, None], weights), [[0, 64]], methodology=methodology))
        assert not np.isnan(result.composite.iloc[0])

    def test_a_floor_at_the_top_of_the_scale_is_refused(self):
        with pytest.raises(MethodError, match="the floor 100 is not below the top of the scale, 100"):
            score(scored(tree_specs([None]), [[5]], methodology={"floor": 100}))

    def test_not_for_a_gap(self):
        methodology = {"aggregate": "geometric"}
        assert score(scored(tree_specs([None, None]), [[None, 64]], methodology=methodology)).composite.iloc[
            0
        ] == pytest.approx(64)


class TestNotes:
    def test_say_that_bounds_overlap(self):
        result = score(scored(tree_specs([None, None]), [[(20, 30, 50), (40, 60, 80)]]))
        titles = "an indicator, an indicator"
        assert result.notes == (f"A>0: the facts do not settle the order {titles}: their bounds overlap.",)

    def test_name_the_highest_first(self):
        specs = tree_specs([None, None], i0={"title": "low one"}, i1={"title": "high one"})
        result = score(scored(specs, [[(20, 30, 50), (50, 60, 80)]]))
        assert "the order high one, low one:" in result.notes[0]

    def test_are_silent_where_the_order_is_settled(self):
        assert score(scored(tree_specs([None, None]), [[(20, 30, 39), (40, 60, 80)]])).notes == ()

    def test_are_silent_on_orders_where_there_are_several_cases(self):
        assert score(scored(tree_specs([None, None]), [[(20, 30, 50), (40, 60, 80)]] * 2)).notes == ()

    def test_are_silent_on_orders_where_a_part_is_missing(self):
        assert score(scored(tree_specs([None, None]), [[None, (40, 60, 80)]])).notes == ()

    def test_the_caveats_of_the_profile_are_shown_beside_them(self):
        result = score(scored(tree_specs([None]), [[30]], caveats=("one coder",)))
        assert result.notes == ()
        assert repr(result).endswith("one coder")
        assert "one coder" in result._repr_html_()


class TestChoices:
    PROFILE = scored(tree_specs([None, None]), [[20, 80]])

    def test_a_mapping_changes_only_what_it_names(self):
        profile = scored(tree_specs([None, None]), [[0, 81]], methodology={"aggregate": "harmonic", "floor": 1})
        changed = score(profile, methodology={"aggregate": "geometric"})
        assert changed.composite.iloc[0] == pytest.approx(9)
        assert changed.profile.methodology.floor == 1

    def test_a_methodology_replaces_it(self):
        assert score(self.PROFILE, methodology=Methodology(aggregate="geometric")).composite.iloc[0] == pytest.approx(
            40
        )

    def test_none_leaves_it(self):
        assert score(self.PROFILE).composite.iloc[0] == pytest.approx(50)

    def test_another_framework(self):
        other = Framework.parse(tree_specs([None, None], [1, 3, 1]))
        result = score(self.PROFILE, other)
        assert result.composite.iloc[0] == pytest.approx(35)
        assert result.profile.framework == other

    def test_sets(self):
        specs = tree_specs([None, None], i1={"set": "extended"})
        assert score(scored(specs, [[20, 80]])).composite.iloc[0] == pytest.approx(20)
        assert score(scored(specs, [[20, 80]], sets=("base", "extended"))).composite.iloc[0] == pytest.approx(50)

    def test_data_that_is_no_profile_is_refused(self):
        with pytest.raises(SpecificationError, match="data is a int"):
            score(3)

    def test_a_study_without_observations_is_missing_with_reasons(self):
        result = score(one_measure("v", {"v": variable()}, []).profile)
        assert np.isnan(result.composite[CASE])
        assert dict(result.reasons) == {
            (CASE, "it"): "no observation of 'v'",
            (CASE, "index"): "0 of 1 children are present",
        }


class TestFingerprint:
    PROFILE = scored(tree_specs([None, None]), [[20, 80]])

    def changed(self, **changes):
        before, after = fingerprint(self.PROFILE), fingerprint(self.PROFILE.replace(**changes))
        return {name for name in before if before[name] != after[name]}

    def test_stays_where_nothing_changes(self):
        assert self.changed(title="Another title") == set()
        assert score(self.PROFILE).fingerprint == fingerprint(self.PROFILE)
        assert fingerprint(self.PROFILE)["version"] == version("softpower")

    def test_a_cell_of_a_table_is_an_observation(self):
        table = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 5.0]}, index=["A", "B"])
        before, after = (fingerprint(score(one).profile) for one in (table, table.replace(5.0, 4.0)))
        assert {name for name in before if before[name] != after[name]} == {"observations"}

    def test_the_order_of_rows_does_not_matter(self):
        assert self.changed(observations=self.PROFILE.observations[::-1]) == set()

    def test_tells_specifications_observations_and_methodology_apart(self):
        assert self.changed(methodology=Methodology(floor=1)) == {"methodology"}
        assert self.changed(sets=("base", "extended")) == {"methodology"}
        assert self.changed(left_out=("i0",)) == {"methodology"}
        assert self.changed(observations=self.PROFILE.observations[:1]) == {"observations"}
        assert self.changed(framework=Framework.parse(tree_specs([None, None], [1, 3, 1]))) == {"specifications"}

    def test_is_sha256_of_canonical_json(self):
        rows = [one.model_dump(mode="json") for one in self.PROFILE.observations]
        text = json.dumps(rows, sort_keys=True, ensure_ascii=False)
        assert fingerprint(self.PROFILE)["observations"] == hashlib.sha256(text.encode()).hexdigest()
        named = self.PROFILE.framework.replace(title="Жұмсақ күш")
        text = json.dumps(named.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        found = fingerprint(self.PROFILE.replace(framework=named))["specifications"]
        assert found == hashlib.sha256(text.encode()).hexdigest()


def test_the_engine_keeps_what_it_made():
    engine = Engine(scored(tree_specs([None]), [[30]]))
    assert engine.plan is engine.plan
    assert engine.tree is engine.tree


def test_a_floor_lies_below_the_top_of_the_scale():
    study_ = scored(tree_specs([None, None]), [[30, 60]], methodology={"aggregate": "geometric", "floor": 200})
    with pytest.raises(MethodError, match="the floor 200 is not below the top of the scale, 100"):
        score(study_)


def test_huge_weights_weigh_as_their_ratio():
    result = score(scored(tree_specs([None, None]), [[30, 60]], methodology={"weights": {"i0": 1e308, "i1": 1e308}}))
    assert result.composite.iloc[0] == pytest.approx(45)


class TestAcrossCases:
    CELLS: ClassVar = [[20, 40], [30, 80], [60, 60]]

    def scored(self, **methodology):
        return score(scored(tree_specs([None, None]), self.CELLS, methodology=methodology))

    def test_min_max_scores_each_case_among_the_others(self):
        # 0, 25, 100 and 0, 100, 50
        result = self.scored(normalise="min_max")
        assert result.composite.tolist() == pytest.approx([0, 62.5, 75])
        assert result.scale == (0, 100)
        assert result.ranks().tolist() == [3, 2, 1]

    def test_bounds_are_not_offered_and_the_result_says_so(self):
        result = self.scored(normalise="min_max")
        assert np.isnan(result.low).all()
        assert result.notes == ("Bounds are not offered: 'min_max' scores depend on the other cases.",)
        assert set(result.clipped.ravel()) == {""}

    def test_the_scale_is_that_of_the_parameters(self):
        assert self.scored(normalise={"method": "min_max", "low": 1.0}).scale == (1, 100)
        assert self.scored(normalise="z_score").scale is None

    def test_one_case_is_refused_with_a_way_out(self):
        study_ = scored(tree_specs([None, None]), self.CELLS[:1], methodology={"normalise": "min_max"})
        with pytest.raises(MethodError, match="Score it against goalposts") as caught:
            score(study_)
        assert len(caught.value.faults) == 2

    def test_contributions_of_signed_scores_sum_to_the_composite(self):
        result = self.scored(normalise="z_score")
        assert result.contribution[:, :2].sum(axis=1) == pytest.approx(result.composite.to_numpy())


def test_a_value_too_large_to_compute_with_is_refused():
    specs = framework(
        {"x": indicator({"kind": "value", "variable": "aid"}, unit="EUR")}, {"aid": variable("flow", "EUR")}
    )
    with pytest.raises(ObservationError, match="x: its value or a bound of it is too large to compute with"):
        score(study(specs, [{"variable": "aid", "value": 1e308, "unit": "EUR billion"}]))


def test_a_bound_too_large_to_compute_with_is_refused_too():
    specs = framework(
        {"x": indicator({"kind": "value", "variable": "aid"}, unit="EUR")}, {"aid": variable("flow", "EUR")}
    )
    rows = [
        {"case": case, "variable": "aid", "value": 1.0, "high": high, "unit": "EUR billion"}
        for case, high in (("A>0", 2.0), ("A>1", 1e300))
    ]
    with pytest.raises(ObservationError, match="A>1: x: its value or a bound of it is too large"):
        score(study(specs, rows, cases=("A>0", "A>1")))


@pytest.mark.parametrize(("count", "more"), [(20, []), (23, ["3 more cells are too large"])])
def test_of_many_values_too_large_to_compute_with_twenty_are_named_and_the_others_counted(count, more):
    specs = framework(
        {"x": indicator({"kind": "value", "variable": "aid"}, unit="EUR")}, {"aid": variable("flow", "EUR")}
    )
    cases = [f"A>{number}" for number in range(count)]
    rows = [{"case": one, "variable": "aid", "value": 1e308, "unit": "EUR billion"} for one in cases]
    with pytest.raises(ObservationError) as caught:
        score(study(specs, rows, cases=tuple(cases)))
    assert [one.what for one in caught.value.faults[20:]] == more


@pytest.mark.parametrize("given", [None, [1.0], [math.nan] * 3, [-1.0] * 3])
def test_a_method_that_returns_no_weights_is_refused(monkeypatch, given):
    monkeypatch.setattr(WEIGHTS, "_methods", dict(WEIGHTS._methods))
    register("weights", "doubtful")(lambda _: given)
    with pytest.raises(MethodError, match="weights = 'doubtful': it returned"):
        score(scored(tree_specs([None, None]), [[30, 60]], methodology={"weights": "doubtful"}))

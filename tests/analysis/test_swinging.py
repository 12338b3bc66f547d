"""That a swing is the score with the bound in the place of the value, and nothing else changed."""

from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties.strategies import framework, indicator, measured_studies, scored, study, tree_specs, variable
from softpower import Framework, load_profile, score, swings
from softpower.draws.facts import Cells
from softpower.errors import MethodError, NotFoundError
from softpower.model.observation import Observation
from softpower.model.profile import Profile

CASE = "A>0"
SCORES = ["low", "high", "score", "score_at_low", "score_at_high", "swing"]
TWO = Framework.parse(tree_specs([None, None], [1, 1, 3]))
"""Two indicators from 0 to 1, of which the second weighs three times as much."""


@pytest.fixture(scope="module")
def kazakhstan() -> Profile:
    return load_profile("kazakhstan")


def at(one: Observation, part: str, end: object) -> Observation:
    """The observation with one number at an end, all its other bounds kept."""
    if part in {"start", "end"}:
        return one.replace(**{part: str(end)})
    low, high = one.bounds
    return one.replace(value=end, low=low, high=high)


class TestByHand:
    def test_two_facts(self):
        table = swings(scored(tree_specs([None, None], [1, 1, 3]), [[(10, 20, 40), (50, 50, 58)]]))
        # (20 + 3 x 50) / 4 = 42.5
        assert table.loc[(CASE, "0-0"), SCORES].tolist() == pytest.approx([0.1, 0.4, 42.5, 40.0, 47.5, 7.5])
        assert table.loc[(CASE, "0-1"), SCORES].tolist() == pytest.approx([0.5, 0.58, 42.5, 42.5, 48.5, 6.0])
        assert table.index.tolist() == [(CASE, "0-0"), (CASE, "0-1")]
        assert table[["variable", "indicators", "unit", "part", "ends"]].iloc[0].tolist() == [
            "v0",
            "i0",
            "ratio",
            "value",
            "bounds",
        ]

    def test_a_swing_falls_where_lower_is_better(self):
        table = swings(scored(tree_specs([None], i0={"better": "lower"}), [[(10, 20, 40)]]))
        assert table[SCORES].iloc[0].tolist() == pytest.approx([0.1, 0.4, 80, 90, 60, -30])

    def test_another_node(self):
        study = scored(tree_specs([[None, None], None]), [[(10, 20, 40), 50, (0, 60, 60)]])
        table = swings(study, node="d1")
        # What is not under the node stays, without a swing, and comes last.
        assert table["swing"].tolist() == pytest.approx([15, 0])
        assert table.index.get_level_values("observation").tolist() == ["0-0", "0-2"]
        assert swings(study, node="i0")["swing"].tolist() == pytest.approx([30, 0])

    def test_a_shared_fact_moves_both_indicators(self):
        specs = {"a": indicator("v"), "b": indicator("v", high=2.0)}
        profile = study(framework(specs, {"v": variable()}), [{"variable": "v", "low": 0.2, "value": 0.4, "high": 0.6}])
        table = swings(profile)
        assert table[SCORES].iloc[0].tolist() == pytest.approx([0.2, 0.6, 30, 15, 45, 30])
        assert table["indicators"].tolist() == ["a b"]

    def test_units_are_those_of_the_variable(self):
        profile = study(
            framework({"a": indicator("v")}, {"v": variable()}),
            [{"variable": "v", "unit": "percent", "low": 20, "value": 40, "high": 60}],
        )
        assert swings(profile)[["value", "low", "high", "unit"]].iloc[0].tolist() == pytest.approx(
            [0.4, 0.2, 0.6, "ratio"]
        )

    def test_a_normal_fact_goes_from_quantile_to_quantile_where_it_has_no_bound(self):
        fact = {"variable": "v", "value": 0.4, "distribution": "normal", "standard_error": 0.05}
        for bounds, ends in (
            ({}, "5 % and 95 % quantiles"),
            ({"high": 0.45}, "5 % quantile"),
            ({"low": 0.3, "high": 0.45}, "bounds"),
        ):
            profile = study(framework({"a": indicator("v")}, {"v": variable()}), [fact | bounds])
            row = swings(profile).iloc[0]
            assert row["ends"] == ends
            if not bounds:
                quantile = NormalDist(0.4, 0.05).inv_cdf
                assert [row["low"], row["high"]] == pytest.approx([quantile(0.05), quantile(0.95)], rel=1e-9)
            assert row["high"] == bounds.get("high", row["high"])
            assert row["low"] == bounds.get("low", row["low"])
            assert [row["score_at_low"], row["score_at_high"]] == pytest.approx([100 * row["low"], 100 * row["high"]])

    def test_three_readings_of_a_figure(self):
        readings = [
            {"variable": "v", "value": 0.2},
            {"variable": "v", "value": 0.5, "low": 0.4, "high": 0.6, "preferred": True},
            {"variable": "v", "value": 0.9, "low": 0.8, "high": 1.0},
        ]
        profile = study(framework({"a": indicator("v")}, {"v": variable(combine="alternatives")}), readings)
        table = swings(profile).droplevel("case")
        assert table.loc["o3", SCORES].tolist() == pytest.approx([0.5, 0.9, 50, 50, 90, 40])
        assert table.loc["o1", SCORES].tolist() == pytest.approx([0.2, 0.5, 50, 20, 50, 30])
        # The bounds of the reading that holds count; those of the others do not.
        assert table.loc["o2", SCORES].tolist() == pytest.approx([0.4, 0.6, 50, 40, 60, 20])
        assert table["ends"].tolist() == ["instead of o2", "instead of o2", "bounds"]
        assert table["value"].tolist() == [0.5, 0.5, 0.5]

    def test_coders_whose_mean_holds(self):
        readings = [
            {"variable": "v", "value": 0.2, "coder": "Ann"},
            {"variable": "v", "value": 0.6, "low": 0.4, "high": 0.8, "coder": "Bob"},
        ]
        specs, mean = {"v": variable("judgement", "ratio")}, indicator({"kind": "mean", "variables": ["v"]})
        table = swings(study(framework({"a": mean}, specs), readings)).droplevel("case")
        assert sorted(table["ends"]) == ["bounds", "instead of the mean", "instead of the mean"]
        # Ann's reading instead of the mean of both; Bob's, whose bounds count half
        assert table.loc["o1", SCORES].tolist() == pytest.approx([0.2, 0.4, 40, 20, 40, 20])
        bob = table.loc["o2"]
        assert bob.loc[bob["ends"] == "bounds", SCORES].iloc[0].tolist() == pytest.approx([0.4, 0.8, 40, 30, 50, 20])
        assert bob.loc[bob["ends"] != "bounds", SCORES].iloc[0].tolist() == pytest.approx([0.4, 0.6, 40, 40, 60, 20])

    def test_readings_without_any_bounds(self):
        readings = [{"variable": "v", "value": 0.2, "preferred": True}, {"variable": "v", "value": 0.5}]
        profile = study(framework({"a": indicator("v")}, {"v": variable(combine="alternatives")}), readings)
        assert swings(profile)[SCORES].iloc[0].tolist() == pytest.approx([0.2, 0.5, 20, 20, 50, 30])

    def test_a_fact_that_its_indicator_cannot_use_is_no_row(self):
        specs = {"a": indicator("v"), "b": indicator({"kind": "sum", "variables": ["v", "w"]})}
        profile = study(
            framework(
                {**specs, "c": indicator({"kind": "sum", "variables": ["x", "w"]})}, dict.fromkeys("vwx", variable())
            ),
            [{"variable": "v", "value": 0.4}, {"variable": "x", "low": 0.1, "value": 0.4}],
        )
        assert len(swings(profile)) == 0

    def test_days_are_shown_as_days(self):
        specs = {"a": indicator({"kind": "share_of_window", "variables": ["s"]})}
        spell = {"variable": "s", "value": 1, "start": "2001", "end": "2005"}
        table = swings(study(framework(specs, {"s": variable("spell", "count:spell")}), [spell]))
        assert table["part"].tolist() == ["start", "end"] or table["part"].tolist() == ["end", "start"]
        shown = table.set_index("part")
        assert shown.loc["start", ["value", "low", "high"]].tolist() == [
            date(2001, 1, 1),
            date(2001, 1, 1),
            date(2001, 12, 31),
        ]
        assert shown.loc["end", ["value", "low", "high"]].tolist() == [
            date(2005, 12, 31),
            date(2005, 1, 1),
            date(2005, 12, 31),
        ]
        # 364 of the 3652 days of the window
        assert shown["swing"].to_dict() == pytest.approx({"start": -36400 / 3652, "end": 36400 / 3652})

    def test_what_rounding_leaves_is_no_swing(self):
        table = swings(scored(tree_specs([None, None]), [[(50 - 1e-9, 50, 50 + 1e-9), 60]]))
        assert table["swing"].tolist() == [0]
        assert (table["score_at_low"] < table["score_at_high"]).all()

    def test_nothing_uncertain_is_no_row(self):
        table = swings(scored(tree_specs([None]), [[20]]))
        assert len(table) == 0
        assert table.columns.tolist() == swings(scored(tree_specs([None]), [[(1, 2, 3)]])).columns.tolist()


class TestTables:
    FRAME = pd.DataFrame(
        {
            "i0": [0.2, 0.5, 0.7],
            "i0:low": [0.1, None, 0.6],
            "i0:high": [0.4, None, 0.9],
            "i1": [0.5, 0.6, 0.9],
            "i1:high": [None, 0.8, None],
            "i1:source": ["a page", "a book", None],
        },
        index=["KAZ", "UZB", "KGZ"],
    )

    def test_by_hand(self):
        table = swings(self.FRAME, TWO)
        assert table.index.tolist() == [("KAZ", "KAZ, i0"), ("UZB", "UZB, i1"), ("KGZ", "KGZ, i0")]
        assert table["swing"].tolist() == pytest.approx([7.5, 15, 7.5])
        assert table["source"].tolist() == ["", "a_book", ""]

    def test_no_cell_becomes_a_fact_by_itself(self, monkeypatch):
        """There may be millions: their bounds are columns already."""
        monkeypatch.delattr(Cells, "__getitem__")
        self.test_by_hand()

    @pytest.mark.parametrize("methodology", [{}, {"normalise": "min_max"}])
    def test_each_cell_as_in_a_table_with_the_bound_in_its_place(self, methodology):
        # A middle value under min_max shows whether its neighbours moved along.
        frame = self.FRAME.assign(**{"i0:low": [0.1, 0.4, 0.6]})
        table = swings(frame, TWO, methodology=methodology)
        assert len(table) == 4
        for (case, _), row in table.iterrows():
            for end in ("low", "high"):
                moved = frame[["i0", "i1"]].copy()
                moved.loc[case, row["variable"]] = row[end]
                expected = score(moved, TWO, methodology=methodology).composite[case]
                assert row[f"score_at_{end}"] == pytest.approx(expected, abs=1e-12)

    def test_cells_of_other_cases_count_where_they_move_the_case(self):
        assert swings(self.FRAME, TWO, case="UZB").index.tolist() == [("UZB", "UZB, i1")]
        moved = swings(self.FRAME, TWO, case="UZB", methodology={"normalise": "min_max"})
        assert set(moved.index.get_level_values("observation")) == {"UZB, i1", "KAZ, i0", "KGZ, i0"}
        # The least stays the least, whatever the others are.
        middle = self.FRAME.assign(**{"i0:low": [0.1, 0.4, 0.6]})
        moved = swings(middle, TWO, case="KAZ", methodology={"normalise": "min_max"})
        assert set(moved.index.get_level_values("observation")) == {"KAZ, i0"}

    def test_a_table_of_one_row(self):
        row = swings(self.FRAME.loc[["UZB"]], TWO).loc[("UZB", "UZB, i1")]
        assert row["swing"] == pytest.approx(15)
        assert row["source"] == "a_book"

    def test_a_denominator_moves_what_it_divides(self):
        specs = tree_specs([None, None])
        specs["indicators"]["i0"] |= {"denominator": {"variable": "people"}, "measure": None}
        specs["variables"]["people"] = variable("stock", "count:person")
        frame = pd.DataFrame({"i0": [3.0], "i1": [0.5], "people": [6.0], "people:high": [10.0]}, index=["KAZ"])
        row = swings(frame, Framework.parse(specs)).iloc[0]
        assert [row["score_at_low"], row["score_at_high"], row["swing"]] == pytest.approx([50, 40, -10])
        assert (row["variable"], row["indicators"], row["unit"]) == ("people", "i0", "count:person")

    def test_periods(self):
        frame = self.FRAME.assign(period=[2001, 2001, 2002]).rename_axis("case").reset_index()
        table = swings(frame, TWO)
        assert table.index.names == ["case", "period", "observation"]
        assert table["swing"].tolist() == pytest.approx([7.5, 15, 7.5])


class TestKazakhstan:
    def test_each_number_as_in_a_profile_with_the_bound_in_its_place(self, kazakhstan):
        table = swings(kazakhstan)
        assert len(table) > 40
        bare = kazakhstan.replace(scenarios={}, uncertainty={}, claims=())
        bounded = table[table["ends"] == "bounds"].head(8)
        dated = table[table["part"] != "value"]
        for (case, name), row in pd.concat([bounded, dated]).iterrows():
            end = "low" if row["value"] == row["high"] else "high"
            facts = [at(one, row["part"], row[end]) if one.id == name else one for one in kazakhstan.observations]
            expected = score(bare.replace(observations=facts)).composite[case]
            assert row[f"score_at_{end}"] == pytest.approx(expected, abs=1e-12)

    def test_a_reading_is_its_scenario(self, kazakhstan):
        row = swings(kazakhstan).loc[("EU>KAZ", "VIS-06")]
        assert row["score_at_low"] == pytest.approx(score(kazakhstan, scenario="visa_list").composite["EU>KAZ"])
        assert row["score_at_high"] == pytest.approx(score(kazakhstan).composite["EU>KAZ"])
        assert row["place"] == "TEMPUS/ERASMUS+, paragraph 15, footnote 44"

    def test_the_widest_come_first(self, kazakhstan):
        sizes = swings(kazakhstan)["swing"].abs()
        assert (sizes.diff().dropna() < 1e-9).all()


class TestPeriods:
    INDEX = pd.MultiIndex.from_product([["KAZ", "UZB"], [2000, 2001]], names=["case", "period"])
    FRAME = pd.DataFrame({"a": [10.0, 30, 20, 50], "b": [40.0, 20, 40, 10]}, index=INDEX).assign(
        **{"a:low": [9.0, 25, 11, 49], "a:high": [12.0, 31, 22, 55]}
    )

    # Where scores are relative to the others, cells of other periods move them too.
    @pytest.mark.parametrize("normalise", ["goalposts", "min_max"])
    def test_one_period_of_all(self, normalise):
        from analysis.test_uncertainty import hundred

        profile = hundred(self.FRAME, methodology={"normalise": normalise})
        every = swings(profile)
        assert every.index.get_level_values("period").unique().tolist() == [2000, 2001]
        wanted = every.xs(2001, level="period", drop_level=False)
        pd.testing.assert_frame_equal(swings(profile, period=2001), wanted)
        one = swings(profile, case="UZB")
        pd.testing.assert_frame_equal(
            swings(profile, case="UZB", period=2000), one.xs(2000, level="period", drop_level=False)
        )
        with pytest.raises(NotFoundError, match="swings: period: there is no period 2002"):
            swings(profile, period=2002)


class TestRefusals:
    def test_unknown_names_at_once(self, kazakhstan):
        with pytest.raises(NotFoundError) as caught:
            swings(kazakhstan, node="cultur", case="EU>KAS")
        assert [one.mend for one in caught.value.faults] == ["Did you mean 'culture'?", "Did you mean 'EU>KAZ'?"]

    def test_a_node_without_a_score(self):
        with pytest.raises(MethodError, match="'i0' has no score that could move: no observation of 'v0'"):
            swings(scored(tree_specs([None, None]), [[None, 5]]), node="i0")


class TestLaws:
    """A swing lies inside the bounds of the result, and one end of an exact value is the score itself."""

    @settings(max_examples=10)
    @given(measured_studies(aggregate="arithmetic"), st.data())
    def test_within_the_bounds(self, profile, data):
        result = score(profile)
        rows = np.flatnonzero(~np.isnan(result.score[:, -1]))
        if not len(rows):
            return
        case = data.draw(st.sampled_from([str(result.index[row]) for row in rows]))
        row = result.index.get_loc(case)
        table = swings(profile, case=case)
        for end in ("score_at_low", "score_at_high"):
            assert (table[end] >= result.low[row, -1] - 1e-9).all()
            assert (table[end] <= result.high[row, -1] + 1e-9).all()
        held = (table["value"] == table["low"]) & (table["part"] != "date")
        assert table.loc[held, "score_at_low"].tolist() == pytest.approx(table.loc[held, "score"].tolist(), abs=1e-9)

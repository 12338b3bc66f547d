"""What moved from period to period, by hand."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower.analysis import movements
from softpower.analysis.movements import Changes, changes
from softpower.errors import MethodError

ROWS = [
    # case, period, x, y: both score 0 to 100 as they are, since 0 and 100 are there in every column
    ("A", 2000, 0.0, 40.0),
    ("A", 2001, 20.0, 60.0),
    ("A", 2003, 100.0, np.nan),
    ("B", 2000, 100.0, 0.0),
    ("B", 2001, 30.0, 30.0),
    ("B", 2003, 10.0, 100.0),
    ("C", 2001, 90.0, 90.0),
    ("C", 2003, 0.0, 4.0),
    ("D", 2000, 60.0, 60.0),
]


@pytest.fixture(scope="module")
def moved() -> Changes:
    return changes(softpower.score(pd.DataFrame(ROWS, columns=["case", "period", "x", "y"])))


def test_rows_are_consecutive_periods_of_a_case_and_then_its_first_and_last(moved):
    spans = [("A", 2000, 2001), ("A", 2001, 2003), ("A", 2000, 2003)]
    spans += [("B", 2000, 2001), ("B", 2001, 2003), ("B", 2000, 2003), ("C", 2001, 2003)]
    assert moved.index.tolist() == spans
    assert moved.index[moved.whole].tolist() == [("A", 2000, 2003), ("B", 2000, 2003), ("C", 2001, 2003)]


def test_scores(moved):
    assert moved.scores.loc[("A", 2000, 2001, "composite")].tolist() == [20.0, 40.0, 20.0, ""]
    before, after, change, reason = moved.scores.loc[("A", 2001, 2003, "y")]
    assert (before, reason) == (60.0, "2003: no value in the table")
    assert np.isnan([after, change]).all()
    assert moved.to_frame().equals(moved.scores)


def test_values_alone_move_where_nothing_is_missing(moved):
    frame = moved.contributions.loc["A"].xs((2000, 2001), level=["from", "to"])
    assert frame["value"].tolist() == [10.0, 10.0]
    assert frame["weights"].tolist() == [0.0, 0.0]


def test_a_gap_moves_weights_and_both_orders_count_half(moved):
    # x goes from 20 with weight 1/2 to 100 with weight 1; y leaves with 60 and weight 1/2.
    frame = moved.contributions.loc["A"].xs((2001, 2003), level=["from", "to"])
    assert frame["value"].tolist() == pytest.approx([80 * (0.5 + 1.0) / 2, 0.0])
    assert frame["weights"].tolist() == pytest.approx([(20 + 100) / 2 * 0.5, -30.0])
    assert frame["change"].sum() == pytest.approx(100.0 - 40.0)


@pytest.mark.parametrize("aggregate", ["geometric", "harmonic"])
def test_values_alone_move_under_a_floor_too(aggregate):
    rows = [("A", 2001, 0.0, 50.0), ("A", 2002, 40.0, 0.0), ("B", 2001, 100.0, 100.0), ("B", 2002, 9.0, 0.0)]
    frame = pd.DataFrame(rows, columns=["case", "period", "x", "y"])
    made = changes(softpower.score(frame, methodology={"aggregate": aggregate, "floor": 4.0}))
    assert made.contributions["weights"].tolist() == pytest.approx([0.0] * 4)
    assert made.contributions["value"].groupby("case").sum().tolist() == pytest.approx(
        made.scores.xs("composite", level="node")["change"].tolist()
    )


def test_a_mean_that_is_not_arithmetic_is_split_between_its_movers():
    rows = [("A", 2001, 100.0, 25.0), ("A", 2002, 100.0, 100.0), ("B", 2001, 1.0, 1.0), ("B", 2002, 1.0, 1.0)]
    frame = pd.DataFrame(rows, columns=["case", "period", "x", "y"])
    made = softpower.score(frame, methodology={"aggregate": "geometric", "floor": 1.0})
    part = changes(made).contributions.loc["A"]
    before = made.composite.iloc[0]
    # Under a geometric mean contributions are the composite by weight, so that both carry the move of y.
    assert part["before"].tolist() == pytest.approx([before / 2] * 2)
    assert part["value"].tolist() == pytest.approx([(100.0 - before) / 2] * 2)


def test_ranks_are_split_into_own_and_others_movement_and_who_comes_and_goes(moved):
    # A: 20 and 40; B: 50 and 30; D is gone after 2000 with 60, C enters in 2001 with 90.
    frame = moved.ranks.xs((2000, 2001), level=["from", "to"])
    assert frame.loc["A", ["before", "after", "change"]].tolist() == [3, 2, -1]
    # Alone, A's 40 is not above B's 50; B's 30 does not fall below A's 20 either. Both together do.
    assert frame.loc["A", ["own", "others", "entering", "leaving"]].tolist() == [-0.5, -0.5, 1.0, -1.0]
    assert frame.loc["B", ["before", "after", "own", "others", "entering", "leaving"]].tolist() == [
        2,
        3,
        0.5,
        0.5,
        1,
        -1,
    ]


def test_of_two_cases_who_enters_has_a_rank():
    rows = [("A", 2000, 4.0, 4.0), ("A", 2001, 3.0, 9.0), ("B", 2001, 1.0, 1.0)]
    made = changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"])))
    assert made.entered["rank"].tolist() == [2]


def test_who_enters_and_who_leaves(moved):
    assert moved.entered.reset_index().to_dict("records") == [
        {"case": "C", "period": 2001, "without": 2000, "score": 90.0, "rank": 1, "moves": 2, "reason": "it has no row"}
    ]
    assert moved.left.reset_index().to_dict("records") == [
        {"case": "D", "period": 2000, "without": 2001, "score": 60.0, "rank": 1, "moves": 2, "reason": "it has no row"}
    ]


def test_who_enters_moves_those_below_that_were_there_before():
    # C comes second and is level with B then; D and E come third, above all but A.
    years = {2001: {"A": 0, "B": 10, "F": 100}, 2002: {"A": 40, "B": 20, "C": 20, "F": 100}}
    years |= {2003: {"A": 50, "B": 30, "C": 10, "D": 45, "E": 40}}
    rows = [(case, year, float(x), float(x)) for year, here in years.items() for case, x in here.items()]
    entered = changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))).entered
    assert entered["moves"].to_dict() == {("C", 2002): 0, ("D", 2003): 2, ("E", 2003): 2}


def test_the_first_row_too_says_why_it_had_no_composite():
    rows = [("A", 2001, np.nan, np.nan), ("A", 2002, 1.0, 2.0), ("B", 2001, 3.0, 1.0), ("B", 2002, 2.0, 2.0)]
    made = changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"])))
    assert made.entered["reason"].tolist() == ["0 of 2 children are present"]


def test_a_row_without_a_composite_is_as_good_as_gone_and_says_why():
    rows = [
        ("A", 2001, 1.0, 2.0),
        ("A", 2002, np.nan, np.nan),
        ("A", 2003, 2.0, 2.0),
        ("B", 2001, 3.0, 1.0),
        ("B", 2003, 4.0, 4.0),
    ]
    made = changes(softpower.score(pd.DataFrame([*rows, ("B", 2002, 2.0, 2.0)], columns=["case", "period", "x", "y"])))
    assert [(*one, reason) for one, reason in made.left["reason"].items()] == [
        ("A", 2001, "0 of 2 children are present")
    ]
    assert made.entered.index.tolist() == [("A", 2003)]
    frame = made.contributions.loc["A"]
    assert frame["change"].isna().tolist() == [True] * 4 + [False] * 2
    assert frame["reason"].iloc[0] == "2002: 0 of 2 children are present"
    assert frame[["before", "after"]].isna().to_numpy().tolist() == [
        *[[False, True]] * 2,
        *[[True, False]] * 2,
        *[[False, False]] * 2,
    ]
    assert made.ranks.loc[("A", 2001, 2002), "reason"] == "2002: 0 of 2 children are present"
    assert made.ranks.loc["A"][["own", "others"]].isna().all(axis=1).tolist() == [True, True, False]


def test_one_case_has_no_ranks_and_all_else():
    frame = pd.DataFrame(
        {"x": [1.0, 2.0], "y": [2.0, 4.0]}, index=pd.MultiIndex.from_tuples([("A", 2001), ("A", 2002)])
    )
    made = changes(softpower.score(frame.rename_axis(["case", "period"])))
    assert made.contributions["change"].tolist() == [50.0, 50.0]
    with pytest.raises(MethodError, match="one case has no rank"):
        _ = made.ranks
    assert made.entered.empty
    assert repr(made).splitlines() == ["Changes of Composite, 2001 to 2002, A", "  A, 2001 to 2002: 0 -> 100 (+100)"]


def test_in_the_summary_what_is_missing_comes_last():
    rows = [*ROWS[3:5], ("A", 2000, 99.9, 39.9), ("A", 2001, 100.0, 40.0), ("C", 2000, 0.0, 0.0)]
    rows += [("C", 2001, np.nan, np.nan), ("D", 2000, 9.0, 9.0), ("D", 2001, 9.0, 9.0)]
    made = changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"])))
    assert made.summary["change"].abs().round(3).tolist()[:2] == [2.5, 0.175]
    assert made.summary.index.get_level_values("case").tolist() == ["B", "A", "D", "C"]
    assert made.summary["change"].isna().tolist() == [False, False, False, True]


def test_in_words(moved):
    lines = repr(moved).splitlines()
    assert lines[0] == "Changes of Composite, 2000 to 2003, 4 cases"
    assert lines[1] == "  C, 2001 to 2003: 90 -> 2 (-88)"
    assert lines[-2:] == ["Entered: C in 2001", "Left: D after 2000"]
    assert "<caption><strong>Changes of Composite" in moved._repr_html_()


@pytest.mark.parametrize(("cases", "told", "shown"), [(2, [], []), (3, ["  and 1 more"], ["2 of 3 are shown."])])
def test_in_words_of_many_cases_the_rest_is_counted(monkeypatch, cases, told, shown):
    monkeypatch.setattr(movements, "TOLD", 2)
    monkeypatch.setattr(movements, "ROWS", 2)
    rows = [(f"C{case}", year, float(case), float(case * year)) for case in range(cases) for year in (2000, 2001)]
    made = changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"])))
    lines = repr(made).splitlines()
    assert lines[0].endswith(f", {cases} cases")
    assert lines[3:] == told
    assert [one for one in ("2 of 3 are shown.", " are shown.") if one in made._repr_html_()] == [
        *shown,
        *[" are shown."] * bool(shown),
    ]
    assert made.summary.columns.tolist() == ["before", "after", "change", "rank_before", "rank_after", "own"]


def test_what_has_no_changes_is_refused():
    with pytest.raises(MethodError, match="no periods"):
        changes(softpower.score("technology_achievement"))
    with pytest.raises(MethodError, match="is given a str"):
        changes("kazakhstan")  # type: ignore[arg-type]
    rows = [("A", 2001, 1.0, 2.0), ("B", 2001, 3.0, 1.0)]
    with pytest.raises(MethodError, match="no case has two periods"):
        changes(softpower.score(pd.DataFrame(rows, columns=["case", "period", "x", "y"])))


def test_an_aggregation_without_parts_has_no_contributions_and_says_so():
    frame = pd.DataFrame(ROWS[:2] + ROWS[3:5], columns=["case", "period", "x", "y"])
    made = changes(softpower.score(frame, methodology={"aggregate": "copeland"}))
    with pytest.raises(MethodError, match="no sum of parts under its aggregation: copeland"):
        _ = made.contributions
    assert len(made.scores)
    assert len(made.ranks) == 2


class TestWhereCasesAreCompared:
    """A case moves as the others do, so that nothing in it says why: its scores and ranks alone are told."""

    ROWS = (("A", 2000, 4.0, 1.0), ("A", 2001, 4.0, 1.0), ("B", 2000, 1.0, 4.0), ("B", 2001, 3.0, 6.0))

    @pytest.mark.parametrize("periods", ["pooled", "apart"])
    @pytest.mark.parametrize("method", ["benefit_of_the_doubt", "borda"])
    def test_there_are_no_parts(self, method, periods):
        frame = pd.DataFrame(self.ROWS, columns=["case", "period", "x", "y"])
        methodology = {"normalise": "share_of_best", "aggregate": method, "periods": periods}
        moved = changes(softpower.score(frame, methodology=methodology))
        assert moved.partless == method
        with pytest.raises(MethodError, match=f"a change of the composite is no sum of parts .*: {method}"):
            _ = moved.contributions
        change = moved.scores.loc[("A", 2000, 2001, "composite")]
        assert change["change"] == change["after"] - change["before"]

"""The analyses of a page: what each says, and why where it is refused."""

import pandas as pd
import pytest

from analysis.test_uncertainty import hundred
from page.studies import drawn_study
from properties.strategies import scored, tree_specs
from softpower.analysis import specifications
from softpower.page.analyses import FEW, sections

FRAME = pd.DataFrame({"x": [90.0, 10.0, 40.0], "y": [80.0, 20.0, 10.0]}, index=["A", "B", "C"])


def section(anchor, profile, **uncertain):
    """Return one section of the analyses of a study."""
    return {one.anchor: one for one in sections(drawn_study(profile, **uncertain), lambda *_: None)}[anchor]


class TestRefused:
    """What an analysis refuses has its reason and its mend where the table would stand."""

    NOTHING = (
        "Not shown: nothing that is declared uncertain can vary. Declare bounds, alternatives or weights that can."
    )

    def test_claims_of_a_study_that_is_not_drawn(self):
        claims = [{"id": "first", "says": "A leads.", "kind": "highest", "cases": ["A"]}]
        made = section("claims", hundred(FRAME, claims=claims))
        said = "The profile states claims, and nothing is drawn that they could be held against."
        assert (made.paragraphs, made.tables) == ((said,), ())

    @pytest.mark.parametrize("cases", [1, 3])
    def test_a_sensitivity_analysis_of_what_cannot_vary(self, cases):
        made = section("sensitivity", hundred(FRAME.iloc[:cases]), observations=True)
        assert made.paragraphs == (self.NOTHING,)
        assert [one.caption for one in made.tables] == ["One indicator left out at a time"]

    def test_too_many_combinations(self, monkeypatch):
        monkeypatch.setattr(specifications, "LIMIT", 1)
        made = section("specification-curve", hundred(FRAME), aggregate=["arithmetic", "minimum"])
        assert made.paragraphs == ("Not shown: 1 factors have 2 combinations. Name fewer of them: aggregation.",)
        assert made.tables == ()

    def test_weights_whose_extremes_are_no_linear_programs(self):
        made = section("weight-space", hundred(FRAME, methodology={"aggregate": "minimum"}), weights="simplex")
        assert made.paragraphs[0].startswith("Not shown: weights meet in minimum means")
        assert made.tables == ()


def test_combinations_of_several_cases_are_not_listed_one_by_one():
    made = section("specification-curve", hundred(FRAME), aggregate=["arithmetic", "minimum"])
    (table,) = made.tables
    assert table.head == ("Case", "as declared", "least", "median", "greatest")
    assert table.rows[0] == ("A", "85.0", "80.0", "82.5", "85.0")


@pytest.mark.parametrize("more", [0, 1])
def test_ranks_over_all_weights_are_searched_for_few_cases(more):
    number = FEW + more
    frame = pd.DataFrame(
        {"x": range(number), "y": range(number)}, [f"C{place}" for place in range(number)], dtype=float
    )
    made = section("weight-space", hundred(frame), weights="simplex")
    ranks = [one.rows for one in made.tables if one.caption == "Ranks over all admissible weights"]
    expected = tuple((f"C{place}", *[str(number - place)] * 3) for place in range(number))
    assert ranks == ([] if more else [expected])


def test_parts_that_are_tied_have_no_order_to_reverse():
    profile = scored(tree_specs([[None, None], [None, None], [None]]), [[10, 30, 20, 20, 50]])
    table = section("weight-space", profile, weights="simplex").tables[-1]
    assert table.head == ("Order", "lead", "the lead is gone when")
    assert table.rows[0] == ("d1 and d2", "0", "they are tied")
    assert [row[:2] for row in table.rows[1:]] == [("d3 above d1", "30.0"), ("d3 above d2", "30.0")]


def test_the_change_of_rank_under_a_scenario_is_that_of_ranks_in_which_ties_take_the_lowest():
    """By both all are tied and first; by x alone they are first, second and so on, which moves them by 0, 1, 2, ..."""
    number = FEW + 1
    names = [f"C{place}" for place in range(number)]
    frame = pd.DataFrame({"x": range(number, 0, -1), "y": range(number)}, names, dtype=float)
    scenarios = {"one": {"title": "x alone", "exclude": {"nodes": ["y"]}}}
    (table,) = section("scenarios", hundred(frame, scenarios=scenarios), weights="simplex").tables
    column = table.head.index("mean change of rank")
    assert [row[column] for row in table.rows] == ["0.0", f"{(number - 1) / 2:.1f}"]

"""How draws, claims and indices are printed."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower.present.sheet import WIDTH
from softpower.present.table import score_table
from softpower.present.uncertainty import claims_sheet, sensitivity_table, uncertainty_table

FRAME = pd.DataFrame({"a": [1.0, 3.0, 2.0, 5.0], "b": [4.0, 2.0, 5.0, 1.0]}, index=["P", "Q", "R", "S"])
POSTS = {"kind": "scale_ends", "low": 0, "high": 10, "reason": "The ends of a scale."}


@pytest.fixture(scope="module")
def kazakhstan():
    return softpower.uncertainty_analysis("kazakhstan", n=256)


@pytest.fixture(scope="module")
def ranked():
    return softpower.uncertainty_analysis(FRAME, uncertainty={"weights": "simplex"}, n=256)


def test_a_tree_has_an_interval_on_each_line(kazakhstan):
    lines = uncertainty_table(kazakhstan).splitlines()
    assert "256 draws of 84 factors (Sobol points, seed 0)" in lines[0]
    row = next(line for line in lines if line.startswith("  Culture"))
    frame = kazakhstan.to_frame().droplevel("case").loc["culture"]
    assert f"{frame['low']:.1f} to {frame['high']:.1f}" in row
    assert all(len(line) <= WIDTH for line in lines)


def test_a_node_without_a_score_is_missing_in_every_draw():
    gaps = FRAME.assign(b=np.nan).iloc[:1]
    framework = softpower.Framework.from_dict(
        {
            "dimensions": {"all": {"title": "All"}},
            "indicators": {name: {"title": name, "dimension": "all", "goalposts": POSTS} for name in gaps},
        }
    )
    drawn = softpower.uncertainty_analysis(gaps, framework, uncertainty={"weights": "simplex"}, n=16)
    assert ["b", "missing"] in [line.split() for line in uncertainty_table(drawn).splitlines()]


def test_claims_are_printed_with_their_words(kazakhstan):
    lines = claims_sheet(kazakhstan.claims()).splitlines()
    assert lines[1].split()[0] == "culture_leads"
    assert "as declared it does not hold" in lines[1]
    assert lines[2].strip() == "Culture is the strongest of the three sources."


def test_several_cases_are_a_ranking(ranked):
    text = uncertainty_table(ranked)
    assert "90 % of ranks" in text
    assert "of 1 factor (" in text
    order = ranked.score.ranks().sort_values(kind="stable").index
    assert [line.split()[0] for line in text.splitlines()[5:9]] == list(order)


def test_scores_have_intervals_or_say_that_none_is_declared(kazakhstan, ranked):
    assert "90 % of draws" in score_table(kazakhstan.score, drawn=kazakhstan)
    assert "No uncertainty is declared" not in score_table(kazakhstan.score, drawn=kazakhstan)
    assert "Nothing is drawn: there are bounds, and no interval." in score_table(kazakhstan.score)
    assert "No uncertainty is declared: there are bounds, and no interval." in score_table(softpower.score(FRAME))
    table = score_table(ranked.score, drawn=ranked)
    assert "90 % of ranks" in table
    assert "90 % of scores" in table


def test_the_greatest_totals_come_first_and_the_others_are_counted():
    found = softpower.sensitivity_analysis("kazakhstan", outputs=["soft_power"], n=16, resamples=4)
    lines = sensitivity_table(found).splitlines()
    assert lines[2].startswith("soft_power")
    assert any(line.startswith("  not shown: 72 more, each with a total of") for line in lines)


def test_an_output_that_does_not_vary_has_dashes():
    still = FRAME.assign(b=FRAME["a"] * 2)
    found = softpower.sensitivity_analysis(still, uncertainty={"weights": "simplex"}, outputs=["P above Q"], n=16)
    text = sensitivity_table(found)
    assert "-" in text
    assert "Outputs that do not vary, and have no indices: P above Q." in text


SIMPLEX = {"weights": "simplex"}


def rows(frame):
    table = uncertainty_table(softpower.uncertainty_analysis(frame, uncertainty=SIMPLEX, n=16)).splitlines()
    start = next(place for place, line in enumerate(table) if line.startswith("case"))
    end = table.index("", start)
    return [line.split() for line in table[start + 1 : end]]


def test_periods_are_ranked_apart():
    panel = pd.DataFrame(
        {"a": [1.0, 3.0, 2.0, 5.0, 3.0, 1.0], "b": [1.0, 3.0, 2.0, 5.0, 3.0, 1.0]},
        index=pd.MultiIndex.from_product([["X", "Y", "Z"], [2019, 2020]], names=["case", "period"]),
    )
    assert [one[:3] for one in rows(panel)] == [
        ["Z", "2019", "1"],
        ["Y", "2019", "2"],
        ["X", "2019", "3"],
        ["Y", "2020", "1"],
        ["X", "2020", "2"],
        ["Z", "2020", "3"],
    ]


def test_a_case_without_a_score_has_no_ranks():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, np.nan], "b": [1.0, 2.0, 3.0, np.nan]}, index=["X", "Y", "Z", "V"])
    assert [one[:2] for one in rows(frame)] == [["Z", "1"], ["Y", "2"], ["X", "3"], ["V"]]

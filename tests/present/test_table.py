"""Tables for the terminal: trees for a few cases, a ranking for many."""

import numpy as np
import pandas as pd

from softpower import score, uncertainty_analysis
from softpower.present.table import score_table

FRAME = pd.DataFrame(
    {"a": [1.0, 2.0, 4.0, np.nan, 3.0], "b": [30.0, 10.0, 20.0, np.nan, 40.0]}, index=["X", "Y", "Z", "V", "W"]
)


def lines(frame, **options):
    return score_table(score(frame), **options).splitlines()


def test_many_cases_are_ranked_the_highest_first():
    table = lines(FRAME)
    assert table[2].split() == ["case", "rank", "composite", "a", "b", "coverage"]
    # a: 0, 1/3, 1, missing, 2/3; b: 2/3, 0, 1/3, missing, 1
    assert [one.split() for one in table[3:8]] == [
        ["W", "1", "83.3", "66.7", "100.0", "100%"],
        ["Z", "2", "66.7", "100.0", "33.3", "100%"],
        ["X", "3", "33.3", "0.0", "66.7", "100%"],
        ["Y", "4", "16.7", "33.3", "0.0", "100%"],
        ["V", "missing", "missing", "missing", "0%"],
    ]


def test_periods_are_ranked_apart():
    panel = FRAME.iloc[[0, 1, 2, 4]].set_axis(pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]]))
    assert [one.split()[1:3] for one in lines(panel)[3:7]] == [
        ["2019", "1"],
        ["2019", "2"],
        ["2020", "1"],
        ["2020", "2"],
    ]


def test_few_cases_are_shown_as_trees():
    text = "\n".join(lines(FRAME.iloc[:2]))
    assert text.count("coverage") == 2


def test_the_depth_says_how_much_is_shown():
    assert lines(FRAME, depth=0)[2].split() == ["case", "rank", "composite", "coverage"]


def test_what_is_left_out_is_said():
    many = pd.DataFrame({"a": range(60), "b": range(60)}, index=[f"C{place}" for place in range(60)])
    assert "  not shown: 20 more rows, say --format csv to have them all" in lines(many)


def test_no_line_is_wider_than_a_terminal():
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(6, 20)), columns=[f"indicator_{n}" for n in range(20)])
    assert max(map(len, lines(wide))) <= 100


def test_a_table_without_draws_does_not_say_that_nothing_is_uncertain():
    text = "\n".join(score_table(score("kazakhstan")).splitlines())
    assert "Nothing is drawn: there are bounds" in text
    assert "No uncertainty is declared" not in text
    assert "No uncertainty is declared" in "\n".join(lines(FRAME))


def test_a_score_outside_its_interval_is_marked_and_told():
    said = "! beside an interval: the score as declared lies outside it."
    drawn = uncertainty_analysis("kazakhstan", uncertainty={"aggregate": ["geometric"]}, n=16)
    lines = score_table(drawn.score, drawn=drawn, depth=0).splitlines()
    assert said in lines
    low, high = drawn.to_frame("composite")[["low", "high"]].iloc[0]
    assert [line for line in lines if line.startswith("Soft power ") and f"! {low:.1f} to {high:.1f}" in line]
    inside = uncertainty_analysis("kazakhstan", uncertainty={"weights": "simplex"}, n=16)
    assert said not in score_table(inside.score, drawn=inside, depth=0).splitlines()


def test_bounds_that_may_not_be_attained_are_marked_and_told(sound):
    said = "~ outer bounds: they may not be attained, since indicators under the node share an uncertain fact."
    twin = sound.indicators["visit_rate"].replace(title="Fewer visits", dimension="help", better="lower")
    shared = sound.framework.replace(indicators={**sound.indicators, "visits_again": twin})
    lines = score_table(score(sound.replace(framework=shared))).splitlines()
    assert said in lines
    assert [line for line in lines if "~" in line and line != said]
    assert said not in score_table(score(sound.without("trade_volume", "ties"))).splitlines()

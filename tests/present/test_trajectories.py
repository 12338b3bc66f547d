"""The printed table of a trajectory: years, phases, moves, limits."""

import pytest

import softpower as sp
from properties.strategies import framework, indicator, study, variable
from softpower.present.sheet import WIDTH
from softpower.present.trajectories import trajectory_table

KINDS = {"signed": variable("event", "count:event"), "share": variable("share", "percent")}
INDICATORS = {
    "ladder": indicator({"kind": "ladder", "rungs": [{"variable": "signed", "title": "signed"}]}, unit="rungs:1"),
    "part": indicator("share", title="A part"),
}
FACTS = (
    {"id": "F1", "variable": "signed", "value": 1, "start": "2002-01-01"},
    {"id": "F2", "variable": "share", "value": 40, "start": "2003", "end": "2003"},
)


def test_a_table_by_hand():
    through = sp.trajectory(study(framework(INDICATORS, KINDS), FACTS, window=("2001", "2003")))
    lines = trajectory_table(through, phases=["2001-2002", (2003, 2003)]).splitlines()
    assert lines[:21] == [
        "A study for a test, 2001 to 2003, facts without a date left out",
        "",
        "A>B   index          bounds  coverage  an indicator  A part",
        "2001    0.0      0.0 to 0.0       50%           0.0       -",
        "2002  100.0  100.0 to 100.0       50%         100.0       -",
        "2003   70.0    70.0 to 70.0      100%         100.0    40.0",
        "",
        "phase                   scored   mean   last  change   moved  by coverage      coverage",
        "index 2001-2002         2 of 2   50.0  100.0  +100.0  +100.0         +0.0    50% to 50%",
        "index 2003-2003         1 of 1   70.0   70.0   -30.0    +0.0        -30.0  100% to 100%",
        "an indicator 2001-2002  2 of 2   50.0  100.0  +100.0  +100.0         +0.0  100% to 100%",
        "an indicator 2003-2003  1 of 1  100.0  100.0    +0.0    +0.0         +0.0  100% to 100%",
        "A part 2001-2002        0 of 2      -      -       -       -            -      0% to 0%",
        "A part 2003-2003        1 of 1   40.0   40.0       -       -            -  100% to 100%",
        "  change: to the last year of the phase from the year before it. moved: on indicators observed in",
        "  both years. by coverage: the rest, from indicators that enter or leave.",
        "",
        "What facts moved:",
        "                    value  points  facts",
        "2002 an indicator  0 -> 1  +100.0     F1",
        "",
    ]
    assert lines[21].startswith("! Coverage of the composite lies between 50% and 100%.")


def test_the_largest_moves_are_shown_in_their_order_in_time():
    through = sp.trajectory("kazakhstan", undated="constant")
    text = trajectory_table(through, moves=3)
    shown = text.partition("What facts moved, the largest 3 of ")[2].splitlines()[2:5]
    assert [line[:15] for line in shown] == ["1993 Legal ties", "1999 Legal ties", "2022 Steps of p"]
    assert "What facts moved" not in trajectory_table(through, moves=0)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_year_without_a_score_has_dashes():
    lines = trajectory_table(sp.trajectory("kazakhstan", years=[2001, 2022])).splitlines()
    assert lines[3].split() == ["2001", "-", "-", "20%", "-", "-", "-"]


@pytest.mark.parametrize("drawn", [{}, {"uncertainty": {"observations": True}, "n": 16}])
def test_the_interval_is_named(drawn):
    text = trajectory_table(sp.trajectory("kazakhstan", years=[2022], undated="constant", **drawn))
    assert ("90 % of draws" if drawn else "bounds") in text.splitlines()[2]

"""The printed tables of what one thing alone does: aligned, within the width, the numbers of the frames."""

import re

import pandas as pd
import pytest

from properties.strategies import scored, tree_specs
from softpower import Framework, drop_each, swings, tornado
from softpower.present.one_at_a_time import drop_table, swing_table, tornado_table
from softpower.present.sheet import WIDTH
from softpower.present.wording import SHOWN

STUDY = scored(tree_specs([None, None], [1, 1, 3]), [[(10, 20, 40), (50, 50, 58)], [60, None]])


def test_a_tornado_by_hand():
    table = tornado(STUDY, uncertainty={"observations": True, "weights": "simplex"})
    assert tornado_table(table).splitlines() == [
        "A>0: 42.5 as declared   low  high  swing",
        "weights: d0            20.0  50.0   30.0  ---------------o-----",
        "observation: 0-0       40.0  47.5    7.5  .............--o---..",
        "observation: 0-1       42.5  48.5    6.0  ...............o----.",
        "",
        "From the end at which the score is low to the end at which it is high:",
        "  weights: d0: from all weight on i0 to all weight on i1",
        "  observation: 0-0: from 0.1 to 0.4",
        "  observation: 0-1: from 0.5 to 0.58",
        "",
        "A>1: 60.0 as declared   low  high  swing",
        "weights: d0            60.0  60.0      -",
        "! weights: d0: no score: all weight on i1",
    ]


def test_a_declared_score_that_no_end_reaches_has_no_mark():
    # The mean 50 is declared, and neither of the drawn ones comes to it: the least is 20, with more on it 30.
    study = scored(tree_specs([None, None]), [[20, 80]])
    lighter = {"method": "ordered_weighted_average", "order_weights": [1, 5]}
    table = tornado(study, uncertainty={"aggregate": ["minimum", lighter]})
    assert tornado_table(table).splitlines()[:2] == [
        "A>0: 50.0 as declared   low  high  swing",
        "aggregation            20.0  30.0   10.0  ---------------------",
    ]


def test_swings_by_hand():
    assert swing_table(swings(STUDY, case="A>0")).splitlines() == [
        "A>0: 42.5 as it is  low  high  at low  at high  swing",
        "0-0: v0             0.1   0.4    40.0     47.5   +7.5  ------o------------..",
        "0-1: v1             0.5  0.58    42.5     48.5   +6.0  ......o--------------",
    ]


def test_leaving_out_by_hand():
    spec = tree_specs([None, None, None], [1, 1, 1, 2])
    for name, indicator in spec["indicators"].items():
        indicator["title"] = f"Title of {name}"
    study = scored(spec, [[10, 50, 80]])
    assert drop_table(drop_each(study)).splitlines() == [
        "without indicator  score  difference",
        "Title of i2         30.0       -25.0  ####################",
        "Title of i0         70.0       +15.0  ############",
        "Title of i1         56.7        +1.7  #",
    ]


def test_ranks_and_reasons():
    frame = pd.DataFrame({"i0": [0.9, 0.5, 0.1], "i1": [0.1, 0.5, None]}, index=["KAZ", "UZB", "KGZ"])
    spec = tree_specs([None, None])
    for name, indicator in spec["indicators"].items():
        indicator["title"] = name
    assert drop_table(drop_each(frame, Framework.parse(spec))).splitlines() == [
        "without indicator  rank change",
        "i0                         0.5  ####################",
        "i1                         0.3  #############",
        "! i0: 1 of 3 cases lose their score",
    ]


def test_nothing_uncertain():
    assert swing_table(swings(scored(tree_specs([None]), [[10]]))) == "No observation is uncertain."


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        (tornado_table, lambda: tornado("kazakhstan")),
        (swing_table, lambda: swings("kazakhstan")),
        (drop_table, lambda: drop_each(pd.DataFrame({f"i{at}": [at, 1.0, 2.0] for at in range(25)}, list("KLM")))),
    ],
)
def test_it_fits_the_width_and_counts_what_it_hides(table, frame):
    shown = frame()
    lines = table(shown).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not any(re.search(r"[a-np-z]\.\.\.", line) for line in lines)
    assert f"  not shown: {len(shown) - SHOWN} more, which move it less" in lines

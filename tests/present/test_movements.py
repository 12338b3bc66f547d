"""What moved between periods, as printed."""

import pandas as pd
import pytest

import softpower
from softpower.analysis.movements import changes
from softpower.errors import NotFoundError
from softpower.present.movements import movement_table

ROWS = [
    ("A", 2000, 0.0, 40.0),
    ("A", 2001, 20.0, 60.0),
    ("B", 2000, 100.0, 0.0),
    ("B", 2001, 30.0, 100.0),
    ("C", 2001, 90.0, 90.0),
]


@pytest.fixture
def moved():
    return changes(softpower.score(pd.DataFrame(ROWS, columns=["case", "period", "x", "y"])))


def test_all_cases_the_largest_change_first(moved):
    lines = str(movement_table(moved)).splitlines()
    assert lines[2].split() == [
        "case",
        "from",
        "to",
        "before",
        "after",
        "change",
        "rank",
        "rank",
        "after",
        "own",
        "part",
    ]
    assert lines[3].split() == ["A", "2000", "2001", "20.0", "40.0", "+20.0", "2", "3", "+0.0"]
    assert lines[4].split()[:1] == ["B"]
    assert lines[-1] == "- C enters in 2001: 2 others rank lower for it (2000: it has no row)"


def test_one_case_with_its_indicators(moved):
    lines = str(movement_table(moved, case="B")).splitlines()
    assert lines[0] == "Composite: changes of Composite, B"
    assert lines[3].split()[:5] == ["2000", "2001", "50.0", "65.0", "+15.0"]
    assert lines[6].split() == ["y", "+50.0", "+0.0", "+50.0"]
    assert lines[7].split() == ["x", "-35.0", "+0.0", "-35.0"]


def test_a_case_without_changes(moved):
    with pytest.raises(NotFoundError, match="no case 'C' has two periods"):
        movement_table(moved, case="C")


def test_one_case_alone_has_no_ranks():
    # x goes up by halves from 0 to 100; y is at a third, at its best and at its worst
    alone = pd.DataFrame(
        {"x": [10.0, 20.0, 30.0], "y": [40.0, 60.0, 30.0]}, [("A", year) for year in (2000, 2001, 2002)]
    )
    alone.index = pd.MultiIndex.from_tuples(alone.index, names=["case", "period"])
    lines = [line.split() for line in str(movement_table(changes(softpower.score(alone)))).splitlines()]
    assert lines[2] == ["from", "to", "before", "after", "change"]
    assert lines[3:6] == [
        ["2000", "2001", "16.7", "75.0", "+58.3"],
        ["2001", "2002", "75.0", "50.0", "-25.0"],
        ["2000", "2002", "16.7", "50.0", "+33.3"],
    ]


@pytest.mark.parametrize(
    ("frame", "methodology", "says"),
    [
        (
            ROWS,
            {"aggregate": "copeland"},
            "! a change of the composite is no sum of parts under its aggregation: copeland",
        ),
        ([*ROWS[:3], ("B", 2001, None, None)], None, "! No parts: 2001: 0 of 2 children are present"),
    ],
)
def test_a_change_without_parts_says_why(frame, methodology, says):
    result = softpower.score(pd.DataFrame(frame, columns=["case", "period", "x", "y"]), methodology=methodology)
    assert says in str(movement_table(changes(result), case="B")).splitlines()

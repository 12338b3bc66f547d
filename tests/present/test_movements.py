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

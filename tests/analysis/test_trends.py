"""Growth and straight lines, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress

import softpower
from softpower.analysis.trends import growth
from softpower.errors import MethodError

ROWS = [
    ("A", 2000, 100.0, 1.0, -2.0),
    ("A", 2002, 121.0, 3.0, 2.0),
    ("A", 2005, 161.051, 2.0, 4.0),
    ("B", 2000, np.nan, 5.0, np.nan),
    ("B", 2002, 8.0, 5.0, np.nan),
    ("B", 2005, 64.0, np.nan, np.nan),
]


@pytest.fixture(scope="module")
def found():
    return growth(pd.DataFrame(ROWS, columns=["case", "period", "x", "y", "z"]))


def test_growth_is_by_year_and_gaps_count_with_their_length(found):
    assert found.loc[("A", "x"), "growth"] == pytest.approx(0.1)
    assert found.loc[("B", "x"), "growth"] == pytest.approx(8 ** (1 / 3) - 1)
    assert found.loc[("B", "x"), ["from", "to", "first", "last", "periods"]].tolist() == [2002, 2005, 8.0, 64.0, 2]
    assert found.loc[("B", "y"), ["growth", "slope"]].tolist() == [0.0, 0.0]


def test_the_line_is_that_of_least_squares(found):
    for name, values in (("x", [100.0, 121.0, 161.051]), ("y", [1.0, 3.0, 2.0])):
        line = linregress([2000, 2002, 2005], values)
        assert found.loc[("A", name), "slope"] == pytest.approx(line.slope)
        assert found.loc[("A", name), "slope_error"] == pytest.approx(line.stderr)


def test_what_is_undefined_says_why(found):
    assert np.isnan(found.loc[("A", "z"), "growth"])
    assert found.loc[("A", "z"), "reason"] == "no growth: not all values are above zero"
    assert found.loc[("B", "z"), ["from", "periods", "reason"]].tolist() == [None, 0, "no period is observed"]
    assert np.isnan(found.loc[("B", "x"), "slope_error"])
    assert found.loc[("B", "x"), "reason"].startswith("no error: a line through two values")
    one = growth(pd.DataFrame([("A", 1999, 1.0, 2.0)], columns=["case", "period", "x", "y"]))
    assert one["reason"].tolist() == ["one period alone is observed"] * 2
    assert one[["growth", "slope"]].isna().all(axis=None)


def test_months_are_parts_of_years():
    rows = [("A", "2000-01", 1.0, 1.0), ("A", "2000-07", 2.0, 1.0)]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))
    assert found.loc[("A", "x"), "growth"] == pytest.approx(2 ** (365.2425 / 182) - 1)


def test_a_score_has_the_growth_of_its_values():
    frame = pd.DataFrame(ROWS[:3] + [("C", *row[1:]) for row in ROWS[:3]], columns=["case", "period", "x", "y", "z"])
    assert growth(softpower.score(frame)).equals(growth(frame))


def test_values_without_periods_are_refused():
    with pytest.raises(MethodError, match="no periods"):
        growth("technology_achievement")

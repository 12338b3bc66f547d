"""Growth and straight lines, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress

import softpower
from softpower import Framework
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


def test_a_gap_counts_in_no_line():
    years, values = [2000, 2001, 2003, 2004, 2008], [3.0, np.nan, 4.0, 6.5, np.nan]
    rows = [("A", year, value, 1.0 if year < 2002 else np.nan) for year, value in zip(years, values, strict=True)]
    both = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))
    assert both.loc[("A", "y"), ["from", "to", "last"]].tolist() == [2000, 2001, 1.0]
    found = both.loc[("A", "x")]
    line = linregress([2000, 2003, 2004], [3.0, 4.0, 6.5])
    assert found[["slope", "slope_error"]].tolist() == pytest.approx([line.slope, line.stderr])
    assert found[["from", "to", "last", "reason"]].tolist() == [2000, 2004, 6.5, ""]
    whole = growth(
        pd.DataFrame(
            [(*row[:2], 2.0**place, 1.0) for place, row in enumerate(rows)], columns=["case", "period", "x", "y"]
        )
    )
    line = linregress(years, 2.0 ** np.arange(5))
    assert whole.loc[("A", "x"), ["slope", "slope_error"]].tolist() == pytest.approx([line.slope, line.stderr])


def test_two_values_leave_no_error_whatever_rounding_leaves():
    values = np.random.default_rng(0).uniform(size=(40, 2))
    rows = [
        (f"C{case}", 2000 + 3 * place, one, 1.0) for case, pair in enumerate(values) for place, one in enumerate(pair)
    ]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))
    assert found["slope_error"].isna().all()


@pytest.mark.parametrize("power", [-1000, -570, 530, 1000])
def test_what_is_told_of_huge_and_tiny_values_is_that_of_others_in_another_unit(power):
    frame = pd.DataFrame(ROWS, columns=["case", "period", "x", "y", "z"])
    before, after = growth(frame), growth(frame.assign(**{name: np.ldexp(frame[name], power) for name in "xyz"}))
    for name in ("first", "last", "slope", "slope_error"):
        pd.testing.assert_series_equal(after[name], np.ldexp(before[name], power), check_exact=True)
    pd.testing.assert_frame_equal(after[["growth", "reason"]], before[["growth", "reason"]])


def test_growth_between_numbers_too_far_apart_to_divide():
    rows = [("A", 2000, 1e-200, 1e200), ("A", 2004, 1e200, 1e-200)]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))["growth"]
    assert found.loc[("A", "x")] == pytest.approx(1e100)
    assert found.loc[("A", "y")] == -1.0
    rows = [("A", 1000, 1e200, 1.0), ("A", 3000, 1e-200, 1.0)]
    near = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"]))
    assert near.loc[("A", "x"), "growth"] == pytest.approx(10**-0.2 - 1)


def test_a_line_that_is_too_steep_says_so():
    rows = [("A", "2000-01", -1.7e308, 1.0), ("A", "2000-02", 1.7e308, 1.0), ("A", "2000-03", 1.0, 1.0)]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"])).loc[("A", "x")]
    assert np.isnan(found["slope_error"])
    assert found["reason"] == "no growth: not all values are above zero"
    rows = [("A", "2000-01", 1.0, 1.0), ("A", "2000-02", 1.7e308, 1.0), ("A", "2000-03", 1.7e308, 1.0)]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"])).loc[("A", "x")]
    assert np.isnan(found[["growth", "slope"]].tolist()).all()
    assert found["reason"] == "no growth: it is beyond the numbers that there are"


@pytest.mark.parametrize("values", [(0.0, 5.0), (-0.5, -0.25)])
def test_what_is_not_above_zero_has_no_growth(values):
    rows = [("A", 2000, values[0], 1.0), ("A", 2001, values[1], 1.0)]
    found = growth(pd.DataFrame(rows, columns=["case", "period", "x", "y"])).loc[("A", "x")]
    assert np.isnan(found["growth"])
    assert found["reason"] == "no growth: not all values are above zero"


def test_codes_and_dates_have_no_growth():
    rows = pd.DataFrame([("A", 2000, 1.0, 1990.0), ("A", 2001, 2.0, 1995.0)], columns=["case", "period", "x", "y"])
    units = {"x": "ordinal:1..5", "y": "date"}
    found = growth(softpower.score(rows, Framework.flat(["x", "y"], units=units)))
    assert found["growth"].isna().all()
    assert found["reason"].tolist() == [f"no growth: the unit '{one}' does not start at zero" for one in units.values()]


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

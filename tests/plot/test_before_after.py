"""The picture of a treatment: what it says, which cases it names, and that no name covers another."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from plot.overlap import cut, overlapping
from softpower import Framework, MethodError, NotFoundError, score
from softpower.plot.before_after import treatment

FRAME = pd.DataFrame({"visits": [1.0, 2.0, 3.0, 4.0, 500.0], "trade": [5.0, 4.0, 3.0, 2.0, 1.0]}, index=list("ABCDE"))


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


def texts(ax):
    return [one.get_text() for one in ax.texts]


def dots(ax, marker):
    """The places of the dots of a marker, as (value, row) with the rows at 0 and 1."""
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return sorted((x, round(y)) for line in lines for x, y in line.get_xydata())


def test_an_outlier_that_comes_in():
    ax = treatment(score(FRAME, methodology={"treat": "jrc"}), indicator="visits")
    assert title(ax) == "One outlier of 'visits' comes in from 500 to 4; skewness falls from 2.2 to \N{MINUS SIGN}0.5"
    assert dots(ax, "D") == [(4.0, 0), (500.0, 1)]
    assert dots(ax, "o") == [(x, row) for x in (1.0, 2.0, 3.0, 4.0) for row in (0, 1)]
    assert texts(ax)[0] == "E, 500 to 4"
    assert [one.get_text() for one in ax.get_yticklabels()] == ["After", "Before"]


def test_both_ends_come_in():
    """Of 0, 10, ..., 40 the percentiles 25 and 75 are 10 and 30."""
    frame = pd.DataFrame({"visits": [0.0, 10.0, 20.0, 30.0, 40.0], "trade": FRAME["trade"].tolist()}, list("ABCDE"))
    result = score(frame, methodology={"treat": {"method": "percentile_clip", "low": 25.0, "high": 75.0}})
    ax = treatment(result, indicator="visits")
    assert title(ax) == "Two outliers of 'visits' come in, the furthest from 0 to 10; skewness stays at 0.0"
    assert set(texts(ax)[:2]) == {"A, 0 to 10", "E, 40 to 30"}
    assert dots(ax, "D") == [(0.0, 1), (10.0, 0), (30.0, 0), (40.0, 1)]


def test_two_values_have_no_skewness():
    frame = pd.DataFrame({"visits": [0.0, 10.0, np.nan], "trade": [1.0, 2.0, 4.0]}, list("ABC"))
    ax = treatment(score(frame, methodology={"treat": {"method": "percentile_clip", "low": 0.0}}), indicator="visits")
    assert title(ax) == "One outlier of 'visits' comes in from 10 to 9.5"


def test_without_a_treatment_nothing_is_said_to_be_treated():
    ax = treatment(score(FRAME), indicator="visits")
    assert title(ax) == "Nothing of 'visits' is treated: the methodology names no treatment"
    assert [one.get_text() for one in ax.get_yticklabels()] == ["As it is"]
    assert dots(ax, "o") == [(x, 1) for x in (1.0, 2.0, 3.0, 4.0, 500.0)]


def test_a_treatment_that_finds_nothing():
    ax = treatment(score(FRAME, methodology={"treat": "jrc"}), indicator="trade")
    assert title(ax) == "Nothing of 'trade' is treated: 'jrc' finds no outlier and leaves all 5 values as they are"


def test_a_transformation_has_two_scales():
    result = score(FRAME, methodology={"treat": {"method": "box_cox", "exponent": 0.0}})
    ax = treatment(result, indicator="visits")
    assert title(ax).startswith("'box_cox' transforms all 5 values of 'visits'; skewness falls from 2.2 to ")
    twin = next(one for one in ax.figure.axes if one is not ax)
    np.testing.assert_allclose([x for x, _ in dots(ax, "o")], np.log(FRAME["visits"]))
    assert [x for x, _ in dots(twin, "o")] == FRAME["visits"].tolist()
    assert dots(ax, "D") == []
    assert overlapping(ax) == []
    assert cut(ax) == []


def test_of_many_that_moved_some_are_named_and_none_covered():
    values = np.exp(np.random.default_rng(0).normal(size=200) * 1.5)
    frame = pd.DataFrame({"visits": values, "trade": values[::-1]}, [f"Country of a long name {i}" for i in range(200)])
    ax = treatment(score(frame, methodology={"treat": "percentile_clip"}), indicator="visits")
    assert title(ax).startswith("20 outliers of 'visits' come in, the furthest from ")
    assert sum(one.startswith("Country") for one in texts(ax)) == 8
    assert "12 more cases that moved are not named" in texts(ax)[-1].replace("\n", " ")
    assert overlapping(ax) == []
    assert cut(ax) == []


def test_dots_at_one_value_stand_apart():
    frame = pd.DataFrame({"visits": [2.0, 2.0, 2.0, 5.0], "trade": [1.0, 2.0, 3.0, 4.0]}, index=list("ABCD"))
    ax = treatment(score(frame), indicator="visits")
    places = [tuple(spot) for line in ax.lines if line.get_marker() == "o" for spot in line.get_xydata()]
    assert len(set(places)) == 4


def test_one_case():
    ax = treatment(score("kazakhstan"), indicator="legal_ties")
    assert title(ax) == "Nothing of 'Legal ties' is treated: the methodology names no treatment"
    assert len(dots(ax, "o")) == 1
    assert cut(ax) == []


def test_axes_that_are_given_are_drawn_on_and_returned():
    ax = Figure().subplots()
    assert treatment(score(FRAME), indicator="visits", ax=ax) is ax


def test_an_unknown_indicator_is_refused():
    with pytest.raises(NotFoundError, match=r"there is no indicator 'visit' in the score. Did you mean 'visits'"):
        treatment(score(FRAME), indicator="visit")


def test_an_indicator_without_a_value_is_refused():
    result = score(FRAME.assign(visits=np.nan), Framework.flat(FRAME.columns))
    with pytest.raises(MethodError, match=r"plot.treatment: visits: no case has a value of it. Name an indicator"):
        treatment(result, indicator="visits")

"""Where a case is ahead, by hand."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower import Framework, MethodError, NotFoundError, score
from softpower.analysis.ahead import strengths

POSTS = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
TREE = Framework.from_dict(
    {
        "dimensions": {"all": {"title": "All"}, "d": {"title": "D", "parent": "all"}},
        "indicators": {
            name: {"title": name.upper(), "dimension": parent, "goalposts": POSTS}
            for name, parent in (("a", "d"), ("b", "d"), ("c", "all"))
        },
    }
)
FRAME = pd.DataFrame({"a": [80.0, 20, 50], "b": [40.0, 60, np.nan], "c": [30.0, 30, 60]}, index=["X", "Y", "Z"])


def test_against_the_mean_of_the_others_by_hand():
    table = strengths(score(FRAME, TREE), "X")
    assert table.index.tolist() == [("X", "a"), ("X", "c"), ("X", "b")]
    said = ("title", "level", "score", "against", "difference", "contribution", "gain", "reason")
    assert tuple(table.columns) == said
    assert table["against"].tolist() == [35.0, 45.0, 60.0]
    assert table["difference"].tolist() == [45.0, -15.0, -20.0]
    # Contributions: X 20, 15, 10. Y 5, 15, 15. Z 25 (of a alone), 30, 0.
    assert table["contribution"].tolist() == [20.0, 15.0, 10.0]
    assert table["gain"].tolist() == [20 - 15, 15 - 22.5, 10 - 7.5]
    assert table["gain"].sum() == pytest.approx(45 - (35 + 55) / 2)


def test_against_one_case():
    table = strengths(score(FRAME, TREE), "X", against="Y").droplevel("case")
    assert table["difference"].to_dict() == {"a": 60.0, "c": 0.0, "b": -20.0}
    every = strengths(score(FRAME, TREE), against="Y")
    assert every.index.get_level_values("case").unique().tolist() == ["X", "Z"]


def test_what_is_not_compared_says_why():
    table = strengths(score(FRAME, TREE), "Z", against="X").droplevel("case")
    assert table["reason"].to_dict() == {"c": "", "a": "", "b": "no value in the table"}
    assert table.index[-1] == "b"
    table = strengths(score(FRAME, TREE), "X", against="Z").droplevel("case")
    assert table.loc["b", "reason"] == "none of the others has a score"


def test_one_case_is_held_against_the_middle_of_the_scale():
    table = strengths(score(FRAME.iloc[:1], TREE), level=None)
    assert table["against"].tolist() == [50.0] * 4
    assert table.droplevel("case")["difference"].to_dict() == {"a": 30.0, "d": 10.0, "b": -10.0, "c": -20.0}
    # Weights 1/4, 1/2, 1/4, 1/2.
    assert table["gain"].tolist() == pytest.approx([7.5, 5.0, -2.5, -10.0])
    assert table[table["level"] == "indicator"]["gain"].sum() == pytest.approx(45 - 50)


def test_a_level_and_all_nodes():
    result = score(FRAME, TREE)
    assert strengths(result, "X", level="level_1").index.tolist() == [("X", "d")]
    assert set(strengths(result, "X", level=None).index.get_level_values("node")) == {"a", "b", "c", "d"}


def test_without_a_composite_on_both_sides_there_is_no_gain():
    # V has c alone, and half of the children of the composite is too little.
    frame = pd.concat([FRAME, pd.DataFrame({"c": [90.0]}, index=["V"])])
    result = score(frame, TREE, methodology={"missing": {"method": "available", "threshold": 0.6}})
    assert np.isnan(result.composite["V"])
    mine = strengths(result, "V").droplevel("case")
    assert mine.loc["c", "difference"] == 90 - (30 + 30 + 60) / 3
    assert mine["gain"].isna().all()
    assert mine["reason"].to_dict() == {
        "c": "the case has no composite",
        "a": "no value in the table",
        "b": "no value in the table",
    }
    against = strengths(result, "X", against="V").droplevel("case")
    assert against.loc["c", "difference"] == 30 - 90
    assert against["gain"].isna().all()
    assert against.loc["c", "reason"] == "none of the others has a composite"
    # Of several others those without a composite count in no mean.
    assert strengths(result, "X", level="level_1")["gain"].tolist() == [30 - 20]
    alone = strengths(score(frame.loc[["V"]], TREE, methodology={"missing": {"method": "available", "threshold": 0.6}}))
    assert alone["gain"].isna().all()


def test_periods_are_compared_apart():
    frame = FRAME.assign(period=[2001, 2001, 2002]).rename_axis("case").set_index("period", append=True)
    frame.loc[("Y", 2002), :] = [10.0, 10, 10]
    table = strengths(score(frame, TREE), "Y")
    assert table.loc[("Y", 2001, "a"), "difference"] == 20 - 80
    assert table.loc[("Y", 2002, "a"), "difference"] == 10 - 50
    against = strengths(score(frame, TREE), "Y", against="X")["difference"]
    assert against["Y", 2001, "a"] == 20 - 80
    assert against["Y", 2002].isna().all()


def test_one_period_of_all():
    panel = pd.concat({2000: FRAME, 2001: 100 - FRAME}, names=["period", "case"]).swaplevel()
    made = score(panel, TREE)
    table = strengths(made, "X")
    pd.testing.assert_frame_equal(strengths(made, "X", period=2001), table.xs(2001, level="period", drop_level=False))
    every = strengths(made, period=2000)
    assert every.index.get_level_values("period").unique().tolist() == [2000]
    assert every.index.get_level_values("case").unique().tolist() == ["X", "Y", "Z"]
    with pytest.raises(NotFoundError, match="strengths: period: there is no period 2002"):
        strengths(made, period=2002)
    with pytest.raises(NotFoundError, match=r"strengths: period: the scores have no periods. Leave it out."):
        strengths(score(FRAME, TREE), period=2000)


def test_what_it_refuses():
    result = score(FRAME, TREE)
    with pytest.raises(NotFoundError, match="strengths: case: there is no case 'W'"):
        strengths(result, "W")
    with pytest.raises(NotFoundError, match="strengths: against"):
        strengths(result, "X", against="W")
    with pytest.raises(NotFoundError, match="strengths: level"):
        strengths(result, "X", level="levels")
    with pytest.raises(MethodError, match="'X' is compared with itself"):
        strengths(result, "X", against="X")
    open_ = score(FRAME.iloc[:1], TREE, methodology={"normalise": "none", "aggregate": "geometric"})
    with pytest.raises(MethodError, match="one case alone on an open scale"):
        strengths(open_)


def test_kazakhstan_against_the_middle():
    table = strengths(softpower.score("kazakhstan"), level="source")
    assert table["difference"].sum() / 3 == pytest.approx(softpower.score("kazakhstan").composite.iloc[0] - 50)

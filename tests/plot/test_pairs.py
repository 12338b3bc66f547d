"""The map of pairs, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.overlap import cut, overlapping
from softpower import NotFoundError, SpecificationError, uncertainty_analysis
from softpower.plot.pairs import pairwise


@pytest.fixture(scope="module")
def drawn():
    return uncertainty_analysis("comparison", n=64)


@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.random((60, 3)), index=[f"Country {place}" for place in range(60)], columns=list("abc"))
    return uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=64)


def shares(ax):
    return np.ma.filled(ax.collections[0].get_array().reshape(len(ax.get_yticks()), -1), np.nan)


def test_a_cell_is_the_share_of_draws_in_which_the_row_is_above(drawn):
    ax = pairwise(drawn)
    names = [label.get_text() for label in ax.get_yticklabels()]
    # The highest as declared on top.
    assert names == ["ZZZ>KAZ", "AAA>KAZ"]
    wanted = drawn.probability_above().loc[names, names].to_numpy()
    assert np.array_equal(shares(ax), wanted, equal_nan=True)
    numbers = {text.get_text() for text in ax.texts}
    assert {f"{wanted[0, 1] * 100:.0f}", f"{wanted[1, 0] * 100:.0f}"} <= numbers


def test_the_title_says_who_is_above_and_how_often(drawn):
    ax = pairwise(drawn, node="culture")
    share = drawn.probability_above("culture").loc["ZZZ>KAZ", "AAA>KAZ"]
    said = ax.get_title(loc="left").replace("\n", " ")
    assert said == f"ZZZ>KAZ is above AAA>KAZ in {share * 100:.0f} % of the draws by Culture"


def test_nodes_of_one_case(drawn):
    ax = pairwise(drawn, case="AAA>KAZ")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Foreign policy", "Political values", "Culture"]
    assert "of 3 orders" in ax.get_title(loc="left")
    assert not overlapping(ax)
    assert not cut(ax)


def test_cases_in_periods_bear_both_names():
    index = pd.MultiIndex.from_product([["A", "B"], [2000, 2001]], names=["case", "period"])
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [5.0, 1.0, 2.0, 4.0]}, index)
    ax = pairwise(uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=16))
    assert {label.get_text() for label in ax.get_yticklabels()} == {"A 2000", "A 2001", "B 2000", "B 2001"}


def test_of_many_the_highest_are_shown_and_low_shares_bear_a_stroke(many):
    ax = pairwise(many)
    assert len(ax.get_yticks()) == 50
    top = many.score.composite.sort_values(ascending=False).index[:50]
    assert [label.get_text() for label in ax.get_yticklabels()] == top.tolist()
    found = shares(ax)
    strokes = ax.collections[-1].get_offsets()
    assert len(strokes) == (found < 0.5).sum()
    assert any("10 with lower scores are not shown" in text.get_text().replace("\n", " ") for text in ax.texts)


@pytest.mark.parametrize("node", [None, "culture"])
def test_no_text_overlaps_or_is_cut(drawn, node):
    ax = pairwise(drawn, node=node)
    assert not overlapping(ax)
    assert not cut(ax)


def test_many_leave_their_labels_room(many):
    ax = pairwise(many)
    assert not overlapping(ax)
    assert not cut(ax)


def test_it_draws_where_it_is_told(drawn):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert pairwise(drawn, ax=ax) is ax


def test_what_it_refuses(drawn):
    with pytest.raises(NotFoundError):
        pairwise(drawn, node="cultures")
    with pytest.raises(SpecificationError, match="uncertainty_analysis"):
        pairwise(softpower.score("comparison"))

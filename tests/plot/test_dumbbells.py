"""Strengths, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.overlap import cut, overlapping
from softpower import MethodError, NotFoundError, SpecificationError, score
from softpower.analysis.ahead import strengths as table_of
from softpower.plot.dumbbells import strengths

ONE, OTHER = "AAA>KAZ", "ZZZ>KAZ"


@pytest.fixture(scope="module")
def result():
    return score("comparison")


@pytest.fixture(scope="module")
def picture(result):
    return strengths(result, ONE, against=OTHER)


def dots(ax, label):
    (found,) = [one for one in ax.collections if one.get_label() == label]
    return np.ma.filled(found.get_offsets(), np.nan)


def test_every_indicator_has_a_row_the_furthest_ahead_on_top(result, picture):
    table = table_of(result, ONE, against=OTHER)
    names = [label.get_text().replace("\n", " ") for label in picture.get_yticklabels()]
    assert names == table["title"].tolist()
    assert (np.diff(picture.get_yticks()) > 0.9).all()


def test_dots_are_the_two_scores_and_lines_join_them(result, picture):
    table = table_of(result, ONE, against=OTHER)
    known = {name: table[name].dropna().tolist() for name in ("score", "against")}
    for label, name in ((ONE, "score"), (OTHER, "against")):
        xs = dots(picture, label)[:, 0]
        assert xs[~np.isnan(xs)].tolist() == pytest.approx(known[name])
    lines = picture.collections[-3] if len(picture.collections) > 2 else picture.collections[0]
    spans = [np.ptp(one[:, 0]) for one in lines.get_segments()]
    assert spans == pytest.approx(table["difference"].dropna().abs().tolist())


def test_columns_say_how_far_and_how_much_of_the_whole(result, picture):
    table = table_of(result, ONE, against=OTHER)
    texts = [text.get_text() for text in picture.texts]
    first = table.iloc[0]
    assert f"+{first['difference']:.0f}" in texts
    assert f"+{first['gain']:.1f}" in texts
    assert {"ahead by", "of the whole"} <= set(texts)
    assert texts.count("disc missing") == 2
    assert texts.count("open square missing") == 3


def test_the_title_says_where_it_is_furthest_ahead_and_behind(picture):
    assert picture.get_title(loc="left").replace("\n", " ") == (
        f"{ONE} is furthest ahead of {OTHER} in Opening of the border by the actor (+50) and furthest behind in Breadth"
        " of the cultural network (\N{MINUS SIGN}55)"
    )


def test_a_case_alone_is_held_against_the_middle():
    ax = strengths(score("kazakhstan"), level="source")
    assert set(dots(ax, "the middle of the scale")[:, 0]) == {50.0}
    assert "nowhere behind the middle of the scale" in ax.get_title(loc="left").replace("\n", " ")


def test_no_text_overlaps_or_is_cut(picture):
    assert not overlapping(picture)
    assert not cut(picture)


def test_sixty_indicators_leave_their_labels_room():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.random((3, 60)), index=list("ABC"), columns=[f"indicator number {i}" for i in range(60)])
    ax = strengths(score(frame), "A")
    assert len(ax.get_yticks()) == 60
    assert not overlapping(ax)


def test_periods():
    frame = pd.DataFrame(
        {"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]},
        index=pd.MultiIndex.from_product([["X", "Y"], [2001, 2002]], names=["case", "period"]),
    )
    ax = strengths(score(frame), "X", period=2002)
    assert len(ax.get_yticks()) == 2
    with pytest.raises(NotFoundError):
        strengths(score(frame), "X")


def test_what_it_refuses(result):
    with pytest.raises(NotFoundError, match=r"plot\.strengths"):
        strengths(result)
    with pytest.raises(MethodError):
        strengths(result, ONE, against=ONE)
    with pytest.raises(SpecificationError, match=r"softpower\.score"):
        strengths(softpower.load_profile("comparison"), ONE)

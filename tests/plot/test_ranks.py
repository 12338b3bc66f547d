"""Ranks and how often they are had, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.drawn import sizes_of, texts
from plot.overlap import overlapping
from softpower.errors import MethodError, NotFoundError, SpecificationError
from softpower.plot.ranks import acceptability, ranking

FRAME = pd.DataFrame({"trade": [1.0, 3.0, 2.0, 5.0], "visits": [4.0, 2.0, 5.0, 1.0]}, index=["P", "Q", "R", "S"])
SIMPLEX = {"weights": "simplex"}


@pytest.fixture(scope="module")
def achievement():
    return softpower.uncertainty_analysis("technology_achievement", uncertainty=SIMPLEX, n=64)


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_cases_stand_in_the_order_of_their_ranks_with_the_intervals(achievement):
    ax = ranking(achievement)
    frame = achievement.ranks().sort_values("rank", kind="stable")
    assert names(ax) == list(frame.index)
    lines = next(one for one in ax.collections if one.get_linewidths()[0] == 4.0).get_segments()
    assert [line[:, 0].tolist() for line in lines] == frame[["low", "high"]].to_numpy().tolist()
    dots = next(one for one in ax.collections if sizes_of(one) == [38.0])
    assert dots.get_offsets()[:, 0].tolist() == frame["rank"].tolist()
    assert overlapping(ax) == []


def test_a_score_alone_has_its_scores_on_the_axis():
    result = softpower.score("technology_achievement")
    ax = ranking(result)
    dots = next(one for one in ax.collections if sizes_of(one) == [38.0])
    assert dots.get_offsets()[:, 0].tolist() == result.composite.sort_values(ascending=False).tolist()
    assert " ".join(ax.get_title(loc="left").split()) == (
        "Finland ranks first of 23 cases with 74, ahead of United States with 73"
    )
    assert "score" in texts(ax)
    assert overlapping(ax) == []


def test_the_title_says_how_sure_the_ranks_are(achievement):
    frame = achievement.ranks()
    title = " ".join(ranking(achievement).get_title(loc="left").split())
    assert title.endswith(f"and {(frame['low'] == 1).sum()} may be first")


def test_a_tie_and_a_gap_are_said():
    frame = pd.DataFrame({"trade": [3.0, 3.0, 1.0, np.nan], "visits": [2.0, 2.0, 1.0, np.nan]}, index=list("ABCD"))
    ax = ranking(softpower.score(frame))
    assert ax.get_title(loc="left") == "2 of 3 cases tie for the first rank with 100"
    assert names(ax)[-1] == "D"
    assert "missing" in texts(ax)


def test_a_case_without_a_rank_in_any_draw_has_no_interval():
    frame = FRAME.assign(visits=[4.0, 2.0, 5.0, np.nan])
    profile = softpower.from_frame(frame, methodology={"missing": "strict"})
    ax = ranking(softpower.uncertainty_analysis(profile, uncertainty=SIMPLEX, n=16))
    assert names(ax)[-1] == "S"
    lines = next(one for one in ax.collections if one.get_linewidths()[0] == 4.0).get_segments()
    assert [len(line) for line in lines] == [2, 2, 2, 0]
    start, end = (texts(ax).index(head) for head in ("rank", "90 % of ranks"))
    assert len(texts(ax)[start + 1 : end]) == 3
    assert "missing" in texts(ax)


def test_one_case_has_no_rank():
    with pytest.raises(MethodError, match=r"one case has no rank. Draw its profile instead"):
        ranking(softpower.score("kazakhstan"))


def test_the_cells_are_the_shares_of_draws(achievement):
    ax = acceptability(achievement)
    table = achievement.acceptability()
    order = names(ax)
    mesh = ax.collections[0].get_array()
    assert np.ma.filled(mesh, 0.0).reshape(23, 23) == pytest.approx(table.loc[order].to_numpy())
    shown = {(int(one.get_position()[1]), int(one.get_position()[0])): one.get_text() for one in ax.texts[:-1]}
    assert shown[0, 1] == f"{100 * table.loc['Finland', 1]:.0f}"
    assert ax.get_title(loc="left").startswith(f"Finland is first in {shown[0, 1]} % of the draws; no case has")
    assert overlapping(ax) == []


def test_numbers_are_left_out_where_they_do_not_fit():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.random((60, 3)), index=[f"case {one}" for one in range(60)], columns=list("abc"))
    ax = acceptability(softpower.uncertainty_analysis(frame, uncertainty=SIMPLEX, n=64))
    assert len(ax.texts) == 1
    assert overlapping(ax) == []


def test_a_period_of_several_must_be_named():
    panel = pd.DataFrame(
        {"a": [1.0, 2.0, 2.0, 1.0], "b": [1.0, 2.0, 3.0, 1.0]},
        index=pd.MultiIndex.from_product([["A", "B"], [2020, 2021]], names=["case", "period"]),
    )
    drawn = softpower.uncertainty_analysis(panel, uncertainty=SIMPLEX, n=16)
    periods = list(drawn.score.index.get_level_values("period").unique())
    for draw in (ranking, acceptability):
        assert len(names(draw(drawn, period=periods[0]))) == 2
        with pytest.raises(NotFoundError, match="there are 2 periods"):
            draw(drawn)
        with pytest.raises(NotFoundError, match="there is no period 1999"):
            draw(drawn, period=1999)
    plain = softpower.score(FRAME)
    with pytest.raises(NotFoundError, match="the scores have no periods"):
        ranking(plain, period=2020)


def test_wrong_input_is_refused():
    with pytest.raises(SpecificationError, match=r"plot.ranking: a DataFrame is given. Give what softpower.score or"):
        ranking(FRAME)
    with pytest.raises(SpecificationError, match=r"a Result is given. Give what softpower.uncertainty_analysis"):
        acceptability(softpower.score(FRAME))

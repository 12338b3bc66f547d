"""Contributions as steps, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.overlap import overlapping
from properties.strategies import scored, tree_specs
from softpower.errors import MethodError, NotFoundError, SpecificationError
from softpower.plot.waterfall import contributions

FRAME = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4.0, 2.0], "aid": [1.0, 2.0]}, index=["KAZ", "UZB"])


@pytest.fixture(scope="module")
def kazakhstan():
    return softpower.score("kazakhstan")


def bars(ax):
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def names(ax):
    return [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]


def test_each_step_begins_where_the_last_ends_and_the_last_is_the_composite(kazakhstan):
    ax = contributions(kazakhstan)
    drawn = dict(zip(names(ax), bars(ax), strict=True))
    frame = kazakhstan.to_frame("indicator").droplevel("case")
    heads = set(kazakhstan.to_frame("source")["title"])
    steps = [bar for name, bar in drawn.items() if name not in heads | {"Soft power"}]
    assert len(steps) == 30
    assert steps[0][0] == 0
    assert [end for _, end in steps[:-1]] == pytest.approx([start for start, _ in steps[1:]])
    assert steps[-1][1] == pytest.approx(kazakhstan.composite.iloc[0])
    assert drawn["Soft power"] == pytest.approx((0, kazakhstan.composite.iloc[0]))
    for row in frame.itertuples():
        start, end = drawn[row.title]
        assert end - start == pytest.approx(row.contribution)
    assert overlapping(ax) == []


@pytest.mark.parametrize("level", ["source", "dimension"])
def test_the_steps_of_a_level_sum_to_the_composite(kazakhstan, level):
    ax = contributions(kazakhstan, level=level)
    drawn = dict(zip(names(ax), bars(ax), strict=True))
    titles = kazakhstan.to_frame(level)["title"]
    assert sum(drawn[title][1] - drawn[title][0] for title in titles) == pytest.approx(kazakhstan.composite.iloc[0])


def test_a_mean_that_is_not_arithmetic_sums_as_well():
    result = softpower.score("kazakhstan", methodology={"aggregate": "geometric", "floor": 1.0})
    assert bars(contributions(result))[-2][1] == pytest.approx(result.composite.iloc[0])


def test_the_title_says_what_gives_most(kazakhstan):
    title = " ".join(contributions(kazakhstan).get_title(loc="left").split())
    assert title.endswith("of 61.2 points Foreign policy 21.5, Culture 20.5, Political values 19.2")


def test_scores_below_zero_step_back():
    result = softpower.score(FRAME, methodology={"normalise": "z_score"})
    ax = contributions(result, case="KAZ")
    steps = bars(ax)[:-1]
    assert any(start > end for start, end in steps)
    assert steps[-1][1] == pytest.approx(result.composite["KAZ"])


def test_where_nothing_can_be_taken_apart_it_says_so():
    copeland = softpower.score(FRAME, methodology={"aggregate": "copeland"})
    with pytest.raises(MethodError, match="no sum of parts under its aggregation"):
        contributions(copeland, case="KAZ")
    gone = FRAME.astype(float)
    gone.loc["KAZ"] = np.nan
    with pytest.raises(MethodError, match="KAZ: the composite is missing"):
        contributions(softpower.score(pd.concat([gone, FRAME.rename(index={"KAZ": "X", "UZB": "Y"})])), case="KAZ")


def test_wrong_input_is_refused(kazakhstan):
    with pytest.raises(NotFoundError, match=r"no level 'sources' below the composite. Did you mean 'source'"):
        contributions(kazakhstan, level="sources")
    with pytest.raises(NotFoundError, match="there are 2 cases"):
        contributions(softpower.score(FRAME))
    drawn = softpower.uncertainty_analysis(FRAME, uncertainty={"weights": "simplex"}, n=16)
    with pytest.raises(MethodError, match=r"contributions\(drawn.score\)"):
        contributions(drawn, case="KAZ")
    with pytest.raises(SpecificationError, match="a DataFrame is given"):
        contributions(FRAME)


def test_what_is_missing_is_no_zero():
    spec = tree_specs([None, None, None])
    ax = contributions(softpower.score(scored(spec, [[10, 60, None]])))
    assert "missing" in [text.get_text() for text in ax.texts]

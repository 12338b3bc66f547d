from itertools import pairwise

import pandas as pd
import pytest
from matplotlib.figure import Figure

import softpower as sp
from softpower.plot.ladder import scenarios


def table(scores, **more):
    """A table as score_scenarios returns it, of KAZ."""
    names = ["declared", *(f"s{i}" for i in range(len(scores) - 1))]
    index = pd.MultiIndex.from_product([names, ["KAZ"]], names=["scenario", "case"])
    columns = {"title": ["As declared", *(f"Scenario {i}" for i in range(len(scores) - 1))], "power": scores}
    columns |= {"difference": 0.0, "low": [one - 1 for one in scores], "high": [one + 2 for one in scores]}
    return pd.DataFrame(columns | {"coverage": 1.0, "reason": ""} | more, index)


def labels(ax):
    return [text.get_text() for text in ax.get_yticklabels()]


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def test_dots_and_bounds_stand_in_the_order_of_the_scores():
    ax = scenarios(table([50.0, 40.0, 60.0]))
    assert labels(ax) == ["Scenario 1", "As declared", "Scenario 0"]
    places = ax.get_yticks().tolist()
    bounds, others, own = ax.collections
    assert [one.tolist() for one in bounds.get_segments()] == [
        [[score - 1, place], [score + 2, place]] for score, place in zip([60.0, 50.0, 40.0], places, strict=True)
    ]
    assert others.get_offsets().tolist() == [[60.0, places[0]], [40.0, places[2]]]
    assert own.get_offsets().tolist() == [[50.0, places[1]]]
    assert ax.get_yticklabels()[1].get_fontweight() == "bold"
    assert (
        title(ax) == "KAZ scores 50.0 as declared, as little as 40.0 under 'Scenario 0', up to 60.0 under 'Scenario 1'"
    )


def test_scenarios_of_one_title_are_told_apart():
    ax = scenarios(table([50.0, 40.0, 60.0], title=["As declared", "Twice", "Twice"]))
    assert labels(ax) == ["Twice (s1)", "As declared", "Twice (s0)"]


def test_what_has_no_score_says_why():
    ax = scenarios(table([50.0, float("nan"), 50.0], reason=["", "a floor is missing", ""]))
    assert labels(ax)[-1] == "Scenario 0"
    assert ax.texts[0].get_text() == "no score: a floor is missing"
    assert title(ax) == "KAZ scores 50.0 as declared, and no more or less under any scenario"


def test_kazakhstan_fits_its_figure():
    ax = scenarios(sp.score("kazakhstan"))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
    assert len(boxes) == len(sp.load_profile("kazakhstan").all_scenarios) + 1
    assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0
    assert ax._left_title.get_window_extent().x1 <= ax.figure.bbox.x1


def test_wrong_inputs():
    given = Figure().subplots()
    assert scenarios(table([1.0, 2.0]), ax=given) is given
    with pytest.raises(sp.NotFoundError, match="23 cases"):
        scenarios("technology_achievement")
    with pytest.raises(sp.NotFoundError, match="no case 'UZB'"):
        scenarios(table([1.0, 2.0]), case="UZB")
    with pytest.raises(sp.MethodError, match="nothing to compare"):
        scenarios(table([1.0]))
    with pytest.raises(sp.MethodError, match="nothing to compare"):
        scenarios(table([1.0, 2.0, 3.0])[1:])
    with pytest.raises(sp.MethodError, match="no score as declared: a gap"):
        scenarios(table([float("nan"), 2.0], reason=["a gap", ""]))
    with pytest.raises(sp.SpecificationError, match="data is a int"):
        scenarios(7)

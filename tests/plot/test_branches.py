"""The tree of a framework, as drawn."""

import pandas as pd
import pytest

import softpower
from plot.drawn import texts
from plot.overlap import overlapping
from softpower.errors import MethodError, SpecificationError
from softpower.model.framework import Framework
from softpower.plot.branches import framework

UNEQUAL = Framework.from_dict(
    {
        "title": "Unequal",
        "dimensions": {
            "index": {"title": "Index"},
            "money": {"title": "Money", "parent": "index", "weight": 3.0},
            "people": {"title": "People", "parent": "index"},
        },
        "indicators": {
            "trade": {"title": "Trade", "dimension": "money"},
            "aid": {"title": "Aid", "dimension": "money", "weight": 4.0},
            "visits": {"title": "Visits", "dimension": "people"},
        },
    }
)


def after(ax, name):
    """The texts written in the row of a name: before it, itself, after it."""
    row = next(one for one in ax.texts if one.get_text() == name).get_position()[1]
    near = [one for one in ax.texts if one.get_position()[1] == row and one.get_text().endswith(" %")]
    at = next(one for one in ax.texts if one.get_text() == name).get_position()[0]
    before = [one.get_text() for one in near if at - 20 < one.get_position()[0] < at]
    behind = min((one for one in near if one.get_position()[0] > at), key=lambda one: one.get_position()[0])
    return (before[0] if before else None, behind.get_text())


def test_weights_among_siblings_stand_before_and_in_the_composite_after():
    ax = framework(UNEQUAL)
    assert after(ax, "Index") == (None, "100.0 %")
    assert after(ax, "Money") == ("75.0 %", "75.0 %")
    assert after(ax, "Aid") == ("80.0 %", "60.0 %")
    assert after(ax, "Trade") == ("20.0 %", "15.0 %")
    assert after(ax, "Visits") == ("100.0 %", "25.0 %")


def test_the_title_says_what_weighs_most():
    said = " ".join(framework(UNEQUAL).get_title(loc="left").split())
    assert said == "Unequal: of 2 dimensions Money weighs most, 75.0 %, of 3 indicators Aid weighs most, 60.0 %"


def test_a_profile_shows_the_weights_of_its_methodology():
    profile = softpower.load_profile("kazakhstan")
    assert after(framework(profile), "Mobility") == ("20.0 %", "6.7 %")
    equal = softpower.score(profile, scenario="equal_weights")
    assert after(framework(equal), "Mobility") == ("25.0 %", "8.3 %")


@pytest.mark.parametrize("given", ["nye", "flat", "single"])
def test_no_text_lies_on_another(given):
    made = {
        "nye": lambda: softpower.load_framework("nye"),
        "flat": lambda: Framework.flat([f"indicator number {one} with a name of some words" for one in range(12)]),
        "single": lambda: Framework.flat(["trade"]),
    }
    assert overlapping(framework(made[given]())) == []


def test_all_nodes_are_named():
    nye = softpower.load_framework("nye")
    said = {" ".join(text.split()) for text in texts(framework(nye))}
    assert {nye.node_title(node) for node in (*nye.dimensions, *nye.indicators)} <= said


def test_wrong_input_is_refused():
    with pytest.raises(SpecificationError, match=r"plot.framework: a str is given"):
        framework("nye")
    frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4.0, 2.0, 3.0]}, index=["A", "B", "C"])
    own = softpower.score(frame, methodology={"weights": "benefit_of_the_doubt"})
    with pytest.raises(MethodError, match="each case has weights of its own"):
        framework(own)

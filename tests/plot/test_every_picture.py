"""What holds for every picture: where it is drawn, which names it bears, what stands at its foot, what it refuses."""

import inspect
from functools import cache
from importlib.metadata import version

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

import softpower
from plot.overlap import cut, overlapping
from properties.strategies import framework, indicator, variable
from properties.strategies import study as built
from softpower import plot
from softpower.errors import SoftPowerError, SpecificationError

CASES = ["中国", "Қазақстан", "a $b$ c$", "हिन्दी", "a name of very many letters, " * 4 + "as some have"]
TREE = softpower.Framework.from_dict(
    {
        "dimensions": {"index": {"title": "Index of $x^"}}
        | {
            f"d{place}": {"title": f"Мәдениет_{place} $\nin" + " many more lines" * 6, "parent": "index"}
            for place in range(3)
        },
        "indicators": {
            f"i{place}": {
                "title": f"中国 ${place}, of a title longer than a line",
                "dimension": f"d{place % 3}",
            }
            for place in range(6)
        },
    }
)
CHOSEN = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}
BOXES = "Last Resort High-Efficiency" in fontManager.get_font_names()
# Before 3.11 matplotlib says of some scripts, Devanagari among them, that it does not join their letters.
pytestmark = [pytest.mark.filterwarnings("ignore:Matplotlib currently does not support:UserWarning")]
if not BOXES:
    pytestmark.append(pytest.mark.filterwarnings("ignore:Glyph:UserWarning"))


@cache
def study():
    """A frame of odd names and a gap, its score and its draws."""
    values = np.random.default_rng(0).normal(50.0, 10.0, (5, 6))
    values[1, 2] = np.nan
    frame = pd.DataFrame(values, CASES, list(TREE.indicators))
    return frame, softpower.score(frame, TREE), softpower.uncertainty_analysis(frame, TREE, uncertainty=CHOSEN, n=64)


def dated():
    """A study of dated facts, of odd names."""
    variables = {f"v{place}": variable("event", "count:event") for place in range(4)}
    indicators = {
        f"i{place}": indicator(
            {"kind": "ladder", "rungs": [{"variable": f"v{place}", "title": "$x^"}]},
            unit="rungs:1",
            title=f"中国 ${place}, of a title longer than a line" + " many more words" * 4,
        )
        for place in range(4)
    }
    facts = [{"variable": f"v{place}", "case": "A>B", "value": 1, "start": str(2002 + place)} for place in range(4)]
    tree = framework(indicators, variables, {"index": {"title": "Мәдениет $x^ " + "many more words " * 6}})
    return built(tree, facts, window=("2001", "2005"))


@cache
def given(name):
    """What a picture is given: first the result, then the rest."""
    frame, result, drawn = study()
    if name == "tornado":
        return softpower.tornado(frame, TREE, uncertainty=CHOSEN, case=CASES[0]), {}
    if name == "sensitivity":
        chosen = {"uncertainty": CHOSEN, "n": 16, "resamples": 20, "outputs": ["rank_change"]}
        return softpower.sensitivity_analysis(frame, TREE, **chosen), {}
    if name == "scenarios":
        return softpower.score_scenarios("kazakhstan", ["visa_list", "as_printed"]), {}
    if name == "trajectory":
        return softpower.trajectory(dated(), years=[2001, 2003, 2005]), {}
    if name == "changes":
        # A second period, in which the gap of one case has closed and that of another has opened.
        panel = pd.concat({2019: frame, 2020: frame[::-1].set_axis(CASES)}, names=["period", "case"]).swaplevel()
        return softpower.changes(softpower.score(panel, TREE)), {"case": CASES[1]}
    more = {"treatment": {"indicator": "i0"}}
    more |= {one: {"case": CASES[0]} for one in ("profile", "contributions", "specifications", "strengths")}
    return (drawn if name in {"profile", "specifications", "acceptability", "pairwise"} else result), more.get(name, {})


def drawn_by(name, **where):
    first, more = given(name)
    return getattr(plot, name)(first, **more, **where)


def of_case(name):
    return "case" in inspect.signature(getattr(plot, name)).parameters


@pytest.mark.parametrize("name", plot.__all__)
def test_odd_and_long_names_are_drawn_whole_apart_and_without_a_warning(name):
    ax = drawn_by(name)
    assert overlapping(ax) == []
    assert cut(ax) == []
    said = ax.texts[-1].get_text()
    assert "Source: " in said
    assert " ".join(said.split()).endswith(f"softpower {version('softpower')}")


@pytest.mark.parametrize("name", plot.__all__)
def test_it_is_drawn_inside_the_axes_that_are_given_and_changes_nothing_else(name):
    figure = Figure(figsize=(20, 12), layout="constrained")
    left, right = figure.subplots(1, 2)
    before = dict(mpl.rcParams)
    assert drawn_by(name, ax=left) is left
    assert dict(mpl.rcParams) == before
    assert figure.get_size_inches().tolist() == [20, 12]
    assert [*right.texts, *right.collections, *right.patches, *right.lines] == []
    assert right.get_title(loc="left") == ""
    title = left._left_title
    figure.draw_without_rendering()
    assert title.get_window_extent().x1 <= right.get_window_extent().x0


@pytest.mark.parametrize("name", plot.__all__)
def test_what_is_given_wrongly_is_refused_with_a_mend(name):
    with pytest.raises(SpecificationError, match=r"plot: ax: a str is given. Give axes of matplotlib"):
        drawn_by(name, ax="x")
    with pytest.raises(SpecificationError, match=r"7|a int"):
        getattr(plot, name)(7, **given(name)[1])
    if of_case(name):
        with pytest.raises(SoftPowerError, match=rf"^plot.{name}: case: there is no case 'KAS'. (Known|Did you mean)"):
            getattr(plot, name)(given(name)[0], **given(name)[1] | {"case": "KAS"})


def test_names_of_rows_are_there_where_a_user_has_turned_them_off():
    table = pd.DataFrame({"x": [1.0, 2, 3], "y": [3.0, 1, 2]}, index=["A", "B", "C"])
    with mpl.rc_context({"ytick.labelleft": False, "ytick.left": False}):
        ax = plot.ranking(softpower.score(table))
        assert sorted(label.get_text() for label in ax.get_yticklabels())[-3:] == ["A", "B", "C"]
        assert all(label.get_visible() for label in ax.get_yticklabels())

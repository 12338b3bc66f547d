"""Pictures of a page: described, with ids of their own, and nothing in them that others wrote."""

import re

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from softpower import score
from softpower.page.pictures import pictures, svg
from softpower.page.tracing import Study
from softpower.plot.style import canvas


def drawn(title):
    def draw():
        ax = canvas(None, 3, 2)
        ax.plot([0, 1], [1, 0])
        ax.set_title(title)
        return ax

    return draw


def test_it_says_what_it_shows_and_its_parts_have_names_of_their_own():
    one = svg(drawn("Trade"), 'Trade "falls" <b>', name="finding")
    assert one.startswith('<svg role="img" aria-label="Trade &#34;falls&#34; &lt;b&gt;" ')
    ids = re.findall(r'\bid="([^"]*)"', one)
    assert len(ids) == len(set(ids)) > 0
    assert all(name.startswith("finding-") for name in ids)
    assert set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', one)) <= {(name, "") for name in ids} | {
        ("", name) for name in ids
    }


def test_what_is_drawn_is_no_text_and_comes_out_the_same():
    hostile = "--><script>alert(1)</script>"
    one = svg(drawn(hostile), "a", name="x")
    assert "script" not in one
    assert "<!--" not in one
    assert "<text" not in one
    assert one == svg(drawn(hostile), "a", name="x")


@pytest.mark.parametrize(
    "own",
    [
        {"ytick.labelleft": False, "xtick.labelbottom": False, "ytick.left": False, "axes.spines.left": False},
        {"figure.dpi": 300, "xtick.labelsize": 20, "font.weight": "bold", "axes.grid": True, "axes.axisbelow": False},
    ],
)
def test_pictures_are_the_same_whatever_settings_a_user_has(own):
    table = pd.DataFrame({"x": [1.0, 2, 3], "y": [3.0, 1, 2]}, index=["A", "B", "C"])
    plain = pictures(Study(score(table), None))
    assert "finding" in plain
    with mpl.rc_context(own):
        assert pictures(Study(score(table), None)) == plain


def test_what_has_no_meaning_for_a_study_is_left_out(scored):
    made = pictures(Study(scored, None))
    assert "finding" in made
    assert "specification-curve" not in made
    assert all(one.startswith("<svg ") for one in made.values())


def test_a_picture_is_as_large_as_what_is_drawn():
    def draw():
        ax = Figure((3, 2)).subplots()
        ax.annotate("far out", (0, 0), xytext=(-300, 0), textcoords="offset points", annotation_clip=False)
        return ax

    one = svg(draw, "a", name="x")
    left, _, width, height = map(float, re.search(r'viewBox="([^"]*)"', one)[1].split())
    assert left < -200 < 0 < left + width
    assert f'width="{width:.2f}pt" height="{height:.2f}pt"' in one


def test_no_coordinate_is_finer_than_a_hundredth_of_a_point():
    one = svg(drawn("Trade"), "a", name="x")
    coordinates = " ".join(re.findall(r' [dxy]="([^"]*)"', one))
    assert re.search(r"\d\.\d\d\b", coordinates)
    assert not re.search(r"\.\d{3}", coordinates)

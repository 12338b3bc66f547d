"""Every result shows itself in a notebook: a captioned table, its own numbers, and no text taken for HTML."""

import inspect
import re
import types
from functools import cache
from html.parser import HTMLParser

import pandas as pd
import pytest

import softpower
from properties.strategies import scored, tree_specs
from results import NAMES
from softpower import (
    agreement,
    audit,
    changes,
    compare,
    score,
    screen,
    sensitivity_analysis,
    uncertainty_analysis,
    weight_space,
)
from softpower.result.notebook import captioned

HOSTILE = "<script>alert('x')</script><b onclick=\"y\">&amp;"
TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "p", "strong", "ul", "li", "br"}
CLAIM = {"id": "first", "says": HOSTILE, "kind": "order", "nodes": ["i0", "i1"], "cases": ["A>0"]}
SIMPLEX = {"weights": "simplex"}


def hostile_study():
    spec = tree_specs([None, None])
    for indicator in spec["indicators"].values():
        indicator["title"] = HOSTILE
    study = scored(spec, [[10, 60], [40, 30]])
    return study.replace(title=HOSTILE, caveats=(HOSTILE,), claims=[CLAIM], uncertainty=SIMPLEX)


def coded_twice():
    """The study with its facts read by two coders, who name themselves with care."""
    study = hostile_study()
    rows = [
        one.replace(id=f"{one.id}-{place}", coder=f"{HOSTILE}{place}", preferred=place == 0)
        for one in study.observations
        for place in range(2)
    ]
    framework = study.framework
    variables = {name: one.replace(title=HOSTILE) for name, one in framework.variables.items()}
    return study.replace(observations=rows, framework=framework.replace(variables=variables))


FRAME = pd.DataFrame({"x": [1.0, 2.0, None], HOSTILE: [1.0, 2.0, 3.0]}, index=["P", "Q", HOSTILE])


@cache
def shown(name):
    """One of each public result."""
    study = hostile_study()
    match name:
        case "Agreement":
            return agreement(coded_twice())
        case "Audit":
            return audit(study)
        case "Changes":
            return changes(score(pd.concat({2019: FRAME, 2020: FRAME}, names=["period", "case"]).swaplevel()))
        case "Comparison":
            return compare(score(study), score(study, methodology={"aggregate": "geometric", "floor": 1}))
        case "Explanation":
            return score(study).explain("A>0")
        case "Result":
            return score(study)
        case "Reversal":
            return weight_space(study).reversal("A>0", "A>1")
        case "Screening":
            return screen(FRAME, case_availability=0.9)
        case "SensitivityResult":
            return sensitivity_analysis(study, n=16, resamples=4)
        case "Trajectory":
            return softpower.trajectory(study, undated="constant")
        case "UncertaintyResult":
            return uncertainty_analysis(study, n=64)
        case "WeightSpace":
            return weight_space(study)


class Page(HTMLParser):
    """The tags, and the text inside each, of a piece of HTML in which every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.attributes, self.texts = set(), [], set(), {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in {*self.open, "page"}:
            self.texts.setdefault(tag, []).append(data)

    def said(self, tag="page"):
        return "".join(self.texts.get(tag, []))


@pytest.mark.parametrize("name", NAMES)
def test_all_text_is_escaped(name):
    page = Page(shown(name)._repr_html_())
    assert page.tags <= TAGS
    assert page.attributes <= {"border", "class", "style", "scope"}
    if name != "Reversal":  # it names ids alone
        assert HOSTILE in page.said()


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_a_caption_and_says_what_its_heads_belong_to(name):
    text = shown(name)._repr_html_()
    page = Page(text)
    assert page.said("caption").strip()
    assert page.said("td").strip()
    assert "scope=" in text
    assert re.findall(r"<th(?=[ >])(?![^>]*\bscope=)[^>]*>", text) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_result_can_be_compared_and_be_a_key(name):
    one = shown(name)
    assert one == one  # noqa: PLR0124 - tables inside it have no truth value
    assert one in {one: 1}


SPECIFICATIONS = {"Framework", "Profile"}
"""What is read and scored, and is no result."""
PARTS = {"Finding"}
"""What results are made of; a tuple of them shows each by its repr."""


def returned(function):
    """The classes of this library that a function says it returns; entries of lists are none."""
    names = re.findall(r"\w+", str(function.__annotations__.get("return", "")))
    kinds = [inspect.unwrap(function).__globals__.get(name) for name in names]
    classes = [one for one in kinds if isinstance(one, type) and not issubclass(one, tuple)]
    return {one.__name__ for one in classes if one.__module__.startswith("softpower.")}


def test_whatever_comes_back_from_a_public_function_or_method_shows_itself():
    public = [getattr(softpower, name) for name in softpower.__all__]
    functions = [one for one in public if isinstance(one, types.FunctionType)]
    results = [one for one in public if isinstance(one, type) and one.__name__ in NAMES]
    methods = [
        one
        for result in results
        for name, one in vars(result).items()
        if isinstance(one, types.FunctionType) and not name.startswith("_")
    ]
    found = {name for one in (*functions, *methods) for name in returned(one)}
    assert {"Result", "Explanation", "Reversal", "Comparison"} <= found
    assert found - SPECIFICATIONS - PARTS == set(NAMES)


def test_no_public_result_is_left_out():
    in_html = {name for name in softpower.__all__ if hasattr(getattr(softpower, name), "_repr_html_")}
    assert in_html == set(NAMES) == {type(shown(name)).__name__ for name in NAMES}
    assert {name for name in softpower.__all__ if name.endswith("Result")} <= in_html


def test_the_numbers_are_those_of_the_frames():
    drawn = shown("UncertaintyResult")
    numbers = Page(drawn._repr_html_()).said("td")
    for column in ("score", "low", "high"):
        assert str(round(drawn.to_frame()[column].iloc[0], 3)) in numbers
    space = Page(shown("WeightSpace")._repr_html_()).said("td")
    assert "10.0" in space
    assert "60.0" in space
    total = shown("SensitivityResult").to_frame()["total"].iloc[0]
    assert str(round(total, 3)) in Page(shown("SensitivityResult")._repr_html_()).said("td")
    assert Page(shown("Reversal")._repr_html_()).said("caption") == repr(shown("Reversal"))


def test_rows_have_heads_only_where_an_index_says_what_they_are():
    frame = pd.DataFrame({"score": [10.0, 60.0]}, index=["KAZ", "UZB"])
    assert 'scope="row">KAZ' in captioned("Scores", frame)
    assert "KAZ" not in captioned("Scores", frame, index=False)


def test_an_explanation_says_what_its_text_says():
    page = Page(shown("Explanation")._repr_html_()).said()
    assert all(line.strip() in page for line in str(shown("Explanation")).splitlines())

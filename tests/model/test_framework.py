"""Frameworks: the tree, and that every name in it means something."""

import subprocess
import sys
from pathlib import Path

import pytest

from softpower import Framework, SpecificationError
from softpower.model.framework_problems import clashes


@pytest.fixture
def spec(sound):
    """The sound framework as plain data, to be changed."""
    return sound.framework.model_dump()


def faults(spec) -> dict[str, str]:
    """What is wrong with a framework, by its place."""
    with pytest.raises(SpecificationError) as caught:
        Framework.parse(spec)
    return {fault.where: f"{fault.what}. {fault.mend}" for fault in caught.value.faults}


def test_the_tree_is_walked_from_the_root(sound):
    framework = sound.framework
    assert framework.root == "all"
    assert framework.path("ties") == ("all", "help", "ties")
    assert framework.path("all") == ("all",)
    assert framework.parents["ties"] == "help"
    assert "all" not in framework.parents
    assert framework.depths == {name: len(framework.path(name)) - 1 for name in framework.depths}
    assert (framework.depths["all"], framework.depths["help"], framework.depths["ties"]) == (0, 1, 2)


def test_a_node_has_a_level_and_a_title(sound):
    framework = sound.framework
    assert [framework.level(node) for node in ("all", "help", "ties")] == ["composite", "part", "indicator"]
    assert [framework.node_title(node) for node in ("help", "ties")] == ["Help", "Legal ties"]


def test_a_framework_round_trips(sound):
    framework = sound.framework
    assert Framework.parse(framework.model_dump(mode="json")) == framework
    assert Framework.model_validate_json(framework.model_dump_json()) == framework


def test_a_long_circle_is_shown_whole(spec):
    for name, parent in (("one", "two"), ("two", "three"), ("three", "one")):
        spec["dimensions"][name] = {"title": name, "parent": parent}
    found = faults(spec)
    assert found["dimensions.one.parent"].startswith("the parents go in a circle: one > two > three > one. Cut")


def test_a_dimension_above_a_circle_is_not_blamed_for_it(spec):
    spec["dimensions"]["one"] = {"title": "One", "parent": "two"}
    spec["dimensions"]["two"] = {"title": "Two", "parent": "two"}
    found = faults(spec)
    assert "circle" in found["dimensions.two.parent"]
    assert "dimensions.one.parent" not in found


def test_a_framework_needs_one_root(spec):
    spec["dimensions"]["all"]["parent"] = "help"
    assert faults(spec)["dimensions"].startswith("no dimension is without a parent. Exactly one, the composite")


def test_an_indicator_named_like_its_own_dimension_is_refused_at_once():
    # In a process of its own with little memory: a walk up the parents that never ends must not take the tests along.
    code = """
import resource
from softpower import Framework, SpecificationError, load_profile
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
spec = load_profile(r"{folder}").framework.model_dump()
spec["indicators"]["regard"] = spec["indicators"].pop("mood_mean")
try:
    Framework.parse(spec)
except SpecificationError as error:
    print(error)
"""
    pytest.importorskip("resource", reason="a limit of memory needs Unix")
    folder = Path(__file__).parents[1] / "broken" / "sound"
    done = subprocess.run(
        [sys.executable, "-c", code.format(folder=folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "'regard' is the id of a dimension and of an indicator" in done.stdout, done.stderr[-300:]


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        (("composite",), "1 levels are named (composite) for 2 levels of dimensions"),
        (("composite", "part", "theme"), "3 levels are named"),
        (("composite", "composite"), "Name each level of dimensions once"),
        (("composite", "indicator"), "indicators name themselves"),
    ],
)
def test_each_level_of_dimensions_has_one_name(spec, levels, says):
    assert says in faults(spec | {"levels": levels})["levels"]


def test_a_weight_of_zero_is_allowed_beside_another(spec):
    spec["dimensions"]["help"]["weight"] = 0
    assert Framework.parse(spec).dimensions["help"].weight == 0


def test_a_dimension_that_weighs_by_its_indicators_is_enough_beside_zeros(spec):
    spec["dimensions"]["help"]["weight"] = 0
    spec["dimensions"]["regard"]["weight"] = "indicators"
    assert Framework.parse(spec).dimensions["regard"].weight == "indicators"


def test_which_indicators_enter(spec):
    spec["indicators"]["ties"]["set"] = "extended"
    framework = Framework.parse(spec)
    assert "ties" not in framework.entering(("base",))
    assert set(framework.entering(("base", "extended"), ("regard",))) == {"health_share", "trade_volume", "ties"}
    assert set(framework.entering(("extended",), ("regard", "health_share"))) == {"ties"}


def test_all_faults_of_a_framework_are_reported_together(spec):
    spec["dimensions"]["regard"]["parent"] = "al"
    spec["indicators"]["ties"]["dimension"] = "halp"
    spec["indicators"]["ties"]["tags"] = ["moneys"]
    spec["indicators"]["agreement"]["measure"]["variable"] = "shares"
    spec["indicators"]["trade_volume"]["overlaps"] = ["tie"]
    spec["references"] = ["hand_book"]
    assert faults(spec) == {
        "dimensions.regard.parent": "there is no dimension 'al'. Did you mean 'all'?",
        "indicators.ties.dimension": "there is no dimension 'halp'. Did you mean 'help'?",
        "indicators.ties.tags": "there is no tag 'moneys'. Did you mean 'money'?",
        "indicators.agreement.measure": "there is no variable 'shares'. Did you mean 'share'?",
        "indicators.trade_volume.overlaps": "there is no indicator 'tie'. Did you mean 'ties'?",
        "references": "there is no reference 'hand_book'. Did you mean 'handbook'?",
    }


def test_an_alternative_measure_is_checked_like_the_first(spec):
    alternative = {"id": "aid", "title": "In euros", "reason": "Another view."}
    measure = {"kind": "value", "variable": "help_all"}
    place = "indicators.trade_volume.alternative_measures.aid"

    spec["indicators"]["trade_volume"]["alternative_measures"] = [alternative | {"measure": measure}]
    assert "gives 'EUR million' but the indicator's unit is 'USD billion'" in faults(spec)[f"{place}.measure"]

    own_unit = alternative | {"measure": measure, "unit": "EUR million"}
    spec["indicators"]["trade_volume"]["alternative_measures"] = [own_unit]
    assert "has a unit of its own but no goalposts in it. Give it goalposts" in faults(spec)[place]

    spec["indicators"]["trade_volume"]["alternative_measures"] = [own_unit, own_unit]
    said = faults(spec)["indicators.trade_volume.alternative_measures"]
    assert said == "two alternative measures are called 'aid'. Give each its own id."

    posts = {"low": 1, "high": 5000, "kind": "benchmark", "reason": "From little to much."}
    spec["indicators"]["trade_volume"]["alternative_measures"] = [own_unit | {"goalposts": posts}]
    assert Framework.parse(spec).indicators["trade_volume"].alternative_measures[0].unit == "EUR million"


@pytest.mark.parametrize(
    ("measure", "differ"),
    [
        ({"kind": "sum", "variables": ["help_all", "trade"]}, "unit: EUR million against USD billion"),
        ({"kind": "sum", "variables": ["help_all", "loans"]}, "kind: flow against stock"),
        ({"kind": "sum", "variables": ["help_all", "help_region"]}, "extent: national against regional"),
        ({"kind": "ratio", "numerator": ["help_all"], "denominator": ["trade"]}, "unit: EUR million against USD"),
        ({"kind": "ratio", "numerator": ["loans"], "denominator": ["help_all"]}, "kind: stock against flow"),
        ({"kind": "ratio", "numerator": ["help_all", "loans"], "denominator": ["loans"]}, "kind: flow against stock"),
        ({"kind": "effective_number", "variables": ["help_all", "trade"]}, "unit: EUR million against USD billion"),
    ],
)
def test_what_may_not_be_added_or_divided_names_both_observations(spec, measure, differ):
    spec["variables"]["loans"] = {"title": "Loans", "kind": "stock", "unit": "EUR million"}
    spec["variables"]["help_region"] = spec["variables"]["help_all"] | {"extent": "regional"}
    spec["indicators"]["health_share"] |= {
        "measure": measure,
        "unit": {"ratio": "ratio", "sum": "EUR", "effective_number": "count:part"}[measure["kind"]],
    }
    framework = Framework.parse(spec)
    facts = {name: f"O-{name}" for name in framework.variables}
    found = [one for one in clashes(framework, facts) if one[0] == "health_share"]
    assert found
    assert any(differ in what for _, what, _ in found)
    assert all(what.count("(observation 'O-") == 2 for _, what, _ in found)
    assert all(mend.startswith("Currencies never add, a stock never meets a flow") for _, _, mend in found)


@pytest.mark.parametrize(
    "measure",
    [
        {"kind": "ratio", "numerator": ["help_all"], "denominator": ["help_region"]},
        {"kind": "ratio", "numerator": ["help_health"], "denominator": ["help_all", "help_health"]},
    ],
)
def test_what_may_be_divided_is_no_clash(spec, measure):
    spec["variables"]["help_region"] = spec["variables"]["help_all"] | {"extent": "regional"}
    spec["indicators"]["health_share"]["measure"] = measure
    assert list(clashes(Framework.parse(spec), {})) == []


def test_a_ladder_may_stand_on_variables_of_any_kind(spec):
    rungs = [{"variable": name, "title": name} for name in ("treaty", "help_all", "share", "visits")]
    spec["indicators"]["ties"] |= {"unit": "rungs:4", "measure": {"kind": "ladder", "rungs": rungs}}
    spec["indicators"]["ties"]["goalposts"]["high"] = 4
    assert list(clashes(Framework.parse(spec), {})) == []


def test_a_faulty_entry_hides_no_name_that_does_not_resolve(sound):
    data = sound.framework.model_dump()
    first, second = list(data["indicators"])[:2]
    data["indicators"][first]["weight"] = "much"
    data["indicators"][second]["tags"] = ["unheard_of"]
    with pytest.raises(SpecificationError) as caught:
        Framework.parse(data)
    assert f"indicators.{first}.weight: 'much' is wrong" in str(caught.value)
    assert "there is no tag 'unheard_of'" in str(caught.value)
    assert len(caught.value.faults) == 2


class TestFromDict:
    """Frameworks without TOML: what may be left out, and what is said of what is wrong."""

    TREE = {  # noqa: RUF012
        "dimensions": {"index": {"title": "Index"}, "left": {"title": "Left", "parent": "index"}},
        "indicators": {"a": {"title": "A", "dimension": "left"}, "b": {"title": "B", "dimension": "index"}},
    }

    def test_a_title_and_a_place_are_enough(self):
        made = Framework.from_dict(self.TREE)
        assert made.levels == ("composite", "level_1")
        assert made.indicators["a"].unit == "number"
        assert made.indicators["a"].better == "higher"
        assert made.indicators["a"].measure is None

    def test_what_is_given_holds(self):
        made = Framework.from_dict(self.TREE | {"id": "own", "levels": ["top", "side"]})
        assert (made.id, made.levels) == ("own", ("top", "side"))

    def test_it_takes_what_a_framework_dumps(self):
        made = Framework.from_dict(self.TREE)
        assert Framework.from_dict(made.model_dump()) == made

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ([1], "Framework: a list is no mapping"),
            ({}, "Framework: dimensions: the key 'dimensions' is missing"),
            ({"dimensions": 3, "indicators": {}}, "dimensions: 3 is wrong: it is no table"),
            (TREE | {"dimension": {}}, "unknown key 'dimension'. Did you mean 'dimensions'?"),
            (TREE | {"indicators": {"a": {"dimension": "left"}}}, "indicators.a.title: the key 'title' is missing"),
            (TREE | {"indicators": {"a": {"title": "A", "dimension": "lef"}}}, "Did you mean 'left'?"),
            (
                TREE | {"dimensions": {"x": {"title": "x", "parent": "y"}, "y": {"title": "y", "parent": "x"}}},
                "the parents go in a circle",
            ),
        ],
    )
    def test_a_fault_names_its_key(self, data, says):
        with pytest.raises(SpecificationError) as caught:
            Framework.from_dict(data)
        assert says in str(caught.value)


class TestFlat:
    def test_columns_weigh_the_same_and_higher_is_better(self):
        made = Framework.flat(["a", "b"])
        assert made.levels == ("composite",)
        assert {one.weight for one in made.indicators.values()} == {1.0}
        assert {one.better for one in made.indicators.values()} == {"higher"}

    def test_what_is_said_of_some(self):
        made = Framework.flat(["a", "GDP (€)"], better={"GDP (€)": "lower"}, weights={"a": 2}, units={"a": "ratio"})
        assert made.indicators["gdp"].better == "lower"
        assert made.indicators["gdp"].title == "GDP (€)"
        assert (made.indicators["a"].weight, made.indicators["a"].unit) == (2.0, "ratio")

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({"indicators": ["a", "a"]}, "the name 'a' gives the id 'a', which is that of 'a'"),
            ({"indicators": ["a", 3]}, "the name 3 gives no id"),
            ({"indicators": ["a", "…"]}, "the name '…' gives no id"),
            ({"indicators": []}, "indicators: {} is wrong"),
            ({"indicators": 5}, "Framework.flat: indicators: 5 is no list of names"),
            ({"indicators": "abc"}, "Framework.flat: indicators: 'abc' is no list of names. Give names"),
            ({"indicators": ["a"], "better": "lower"}, "Framework.flat: better: a str is no mapping"),
            ({"indicators": ["abc"], "better": {"abd": "lower"}}, "better: there is no indicator 'abd'. Did you mean"),
            ({"indicators": ["a"], "better": {"a": "less"}}, "'less' is not a possible value"),
            ({"indicators": ["a"], "weights": {"a": -1}}, "weight: -1 is wrong"),
            ({"indicators": ["a"], "units": {"a": "furlong"}}, "unknown unit 'furlong'"),
        ],
    )
    def test_what_is_wrong_is_named(self, arguments, says):
        with pytest.raises(SpecificationError) as caught:
            Framework.flat(**arguments)
        assert says in str(caught.value)

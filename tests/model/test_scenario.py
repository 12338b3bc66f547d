"""What each key of a scenario does to a profile, and what it refuses."""

import pickle

import pandas as pd
import pytest

from properties.strategies import framework, indicator, scored, study, tree_specs, variable
from softpower import Profile, Scenario, SpecificationError, from_frame, load_profile, register, score
from softpower.registry import WEIGHTS

MONEY = {"health_share", "trade_volume"}


def under(profile, **keys) -> Profile:
    return Scenario(title="Another choice", **keys).apply(profile)


def refusal(profile, **keys) -> list[str]:
    with pytest.raises(SpecificationError) as caught:
        under(profile, **keys)
    assert all(fault.where.startswith("scenario 'Another choice'") for fault in caught.value.faults)
    return [str(fault).removeprefix("scenario 'Another choice': ") for fault in caught.value.faults]


def value(profile, node):
    return score(profile).to_frame().loc["A>B", "score"][node]


class TestSelections:
    @pytest.mark.parametrize(
        ("keys", "left"),
        [
            ({"exclude": {"tags": ["money"]}}, {"visit_rate", "mood_mean", "agreement", "presence", "ties"}),
            ({"include": {"tags": ["money"]}}, MONEY),
            ({"include": {"mode": ["passive"]}}, {"mood_mean", "agreement"}),
            ({"include": {"quality": ["B", "C"]}}, {"mood_mean", "agreement", "trade_volume"}),
            ({"include": {"nodes": ["help"]}}, {*MONEY, "ties"}),
            ({"exclude": {"nodes": ["help", "mood_mean"]}}, {"visit_rate", "agreement", "presence"}),
            # include needs every key to fit, exclude any: each further key leaves fewer.
            ({"include": {"nodes": ["help"], "quality": ["A"]}}, {"health_share", "ties"}),
            ({"exclude": {"nodes": ["help"], "quality": ["A"]}}, {"mood_mean", "agreement"}),
            ({"include": {"nodes": ["help"]}, "exclude": {"quality": ["B"]}}, {"health_share", "ties"}),
        ],
    )
    def test_which_indicators_stay(self, sound, keys, left):
        assert set(under(sound, **keys).indicators) == left

    def test_sets_are_chosen_before_indicators_are_left_out(self):
        specs = tree_specs([None, None, None], i1={"set": "extended"}, i2={"set": "extended", "mode": "passive"})
        profile = scored(specs, [[10, 40, 80]])
        both = under(profile, sets=["base", "extended"], exclude={"mode": ["passive"]})
        assert set(both.indicators) == {"i0", "i1"}
        assert score(both).composite.tolist() == [25]

    def test_what_is_left_out_already_stays_out(self, sound):
        profile = sound.replace(left_out=("ties",))
        assert set(under(profile, exclude={"tags": ["money"]}).left_out) == {"ties", *MONEY}

    def test_nothing_may_not_be_left(self, sound):
        assert refusal(sound, include={"nodes": ["ties"]}, exclude={"nodes": ["help"]}) == [
            "exclude: every indicator is left out. Leave at least one in."
        ]


class TestFacts:
    @pytest.mark.parametrize(
        ("keys", "gone"),
        [
            ({"sources": ["talk"]}, {"O-mood", "O-help-other"}),
            ({"ids": ["O-trade"]}, {"O-trade"}),
            ({"after": 2003}, {"O-visit-2", "O-share"}),
            ({"after": "2001-12-31"}, {"O-visit-2", "O-share", "O-trade"}),
            ({"ids": ["O-office"], "after": 2004}, {"O-office", "O-share"}),
        ],
    )
    def test_which_facts_leave(self, sound, keys, gone):
        left = under(sound, without_observations=keys).observations
        assert {one.id for one in sound.observations} - {one.id for one in left} == gone

    def test_facts_without_a_footnote_leave(self, sound):
        left = under(sound, without_observations={"without_footnote": True}).observations
        assert [one.id for one in left] == ["O-visit-2", "O-share"]

    def test_facts_with_a_flag_leave(self, sound):
        flagged = [one.replace(flags=("doubtful",)) if one.id == "O-mood" else one for one in sound.observations]
        left = under(sound.replace(observations=flagged), without_observations={"flags": ["doubtful"]})
        assert value(left, "ties") == 50
        assert score(left).reasons["A>B", "mood_mean"] == "no observation of 'mood'"

    def test_another_alternative_is_preferred(self, sound):
        # Help for health is 250 million: of 1000 by the report, of 1250 by the talk.
        assert value(sound, "health_share") == pytest.approx(25)
        assert value(under(sound, preferred=["O-help-other"]), "health_share") == pytest.approx(20)

    def test_what_is_left_must_be_sound(self):
        specs = framework({"it": indicator("a")}, {"a": variable()})
        facts = [{"variable": "a", "case": case, "value": 0.5} for case in ("A>B", "A>*", "*>B")]
        said = refusal(study(specs, facts), without_observations={"ids": ["o1"]})
        assert len(said) == 1
        assert said[0].startswith("without_observations: observations 'o2' (A>*) and 'o3' (*>B) both stand for 'a'")


ALTERNATIVES = {
    "it": indicator(
        "a",
        alternative_measures=[
            {"id": "b", "title": "By b", "reason": "Why not.", "measure": {"kind": "value", "variable": "b"}},
            {
                "id": "steps",
                "title": "By steps",
                "reason": "Why not.",
                "unit": "rungs:2",
                "measure": {
                    "kind": "checklist",
                    "rungs": [{"variable": "c", "title": "c"}, {"variable": "d", "title": "d"}],
                },
                "goalposts": {"low": 0, "high": 2, "kind": "ladder", "reason": "The steps."},
            },
        ],
    )
}
ALTERNATIVES["it"]["goalposts"] |= {
    "alternatives": [
        {"id": "half", "low": 0, "high": 0.5, "reason": "Half is all."},
        {"id": "b", "low": 0, "parity": 0.2, "high": 1, "reason": "A fifth is parity."},
    ]
}


class TestMeasures:
    @pytest.fixture
    def profile(self):
        kinds = {"a": variable(), "b": variable(), "c": variable("event", "count:event")}
        facts = [{"variable": "a", "value": 0.3}, {"variable": "b", "value": 0.8}]
        facts += [{"variable": "c", "value": 1}, {"variable": "d", "value": 0}]
        return study(framework(ALTERNATIVES, {**kinds, "d": variable("event", "count:event")}), facts)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({}, 30),
            ({"measures": {"it": "b"}}, 80),
            ({"measures": {"it": "steps"}}, 50),
            ({"goalposts": {"it": "half"}}, 60),
            ({"goalposts": {"it": "b"}}, 50 + 50 / 8),  # 50 at 0.2, then 0.1 of the 0.8 above
            ({"measures": {"it": "b"}, "goalposts": {"it": "half"}}, 100),
            ({"measures": {"it": "steps"}, "rungs": {"it": ["d"]}}, 100),
            ({"measures": {"it": "steps"}, "rungs": {"it": ["c"]}}, 0),
        ],
    )
    def test_what_an_indicator_scores(self, profile, keys, expected):
        assert value(under(profile, **keys), "it") == pytest.approx(expected)

    def test_each_alternative_is_a_scenario_by_itself(self, profile):
        named = profile.all_scenarios
        assert list(named) == ["it.b", "it.steps", "it.half", "it.b.goalposts"]
        assert [score(profile, scenario=name).composite.iloc[0] for name in named] == pytest.approx([80, 50, 60, 56.25])
        assert named["it.steps"].title == "By steps"
        assert named["it.half"].reason == "Half is all."

    def test_only_indicators_that_enter_have_them(self, sound):
        profile = load_profile("kazakhstan")
        assert not any(name.startswith("scholarship_volume.") for name in profile.all_scenarios)
        both = profile.replace(sets=("base", "extended"), left_out=("legal_ties",))
        assert "scholarship_volume.three_doublings" in both.all_scenarios
        assert "legal_ties.with_association" not in both.all_scenarios
        assert dict(sound.all_scenarios) == {}

    def test_a_dropped_rung_shrinks_unit_and_goalposts(self, sound):
        changed = under(sound, rungs={"ties": ["union"]})
        ties = changed.indicators["ties"]
        assert (ties.unit, ties.goalposts.high, [one.variable for one in ties.measure.rungs]) == (
            "rungs:1",
            1,
            ["treaty"],
        )
        assert (value(sound, "ties"), value(changed, "ties")) == (50, 100)

    def test_another_range_is_no_natural_share(self, sound):
        specs = {**sound.framework.indicators}
        whole = specs["health_share"].goalposts
        posts = [
            {"id": "half", "low": 0, "high": 0.5, "reason": "Half."},
            {"id": "same", "low": 0, "high": 1, "reason": "."},
        ]
        specs["health_share"] = specs["health_share"].replace(goalposts=whole.replace(alternatives=posts))
        profile = sound.replace(framework=sound.framework.replace(indicators=specs))
        for chosen, kind in (("half", "benchmark"), ("same", "natural_share")):
            changed = under(profile, goalposts={"health_share": chosen}).framework.indicators["health_share"]
            assert changed.goalposts.kind == kind

    def test_goalposts_that_no_longer_reach_are_refused(self, sound):
        ties = sound.framework.indicators["ties"]
        narrow = ties.replace(goalposts=ties.goalposts.replace(low=1, kind="benchmark"))
        profile = sound.replace(
            framework=sound.framework.replace(indicators={**sound.framework.indicators, "ties": narrow})
        )
        assert refusal(profile, rungs={"ties": ["union"]}) == [
            "rungs.ties: goalpost low 1 is not below high 1. Swap or correct them."
        ]


class TestTree:
    def test_a_moved_indicator_counts_where_it_hangs(self, sound):
        changed = under(sound, parents={"ties": "regard"})
        # By hand: help is the mean of 25 and 50, regard of its own four and ties.
        assert value(changed, "help") == pytest.approx((25 + value(sound, "trade_volume")) / 2)
        assert value(changed, "regard") == pytest.approx((4 * value(sound, "regard") + 50) / 5)

    def test_a_dimension_moves_with_what_hangs_under_it(self):
        # d0 (d1 (d2 (i0, i1), i2), d3 (i3)): d2 leaves d1 for d3.
        profile = scored(tree_specs([[[None, None], None], [None]]), [[10, 30, 80, 100]])
        changed = score(under(profile, parents={"d2": "d3"}))
        assert changed.composite.tolist() == pytest.approx([(80 + (20 + 100) / 2) / 2])

    def test_a_level_that_nothing_stands_on_is_gone(self):
        # d0 (d1 (d2 (i0), i1), i2): without d2 all three are siblings in pairs.
        profile = scored(tree_specs([[[None], None], None]), [[10, 40, 90]])
        changed = under(profile, parents={"i0": "d0"})
        assert changed.framework.levels == ("level0", "level1")
        assert score(changed).composite.tolist() == pytest.approx([140 / 3])

    def test_a_dimension_that_loses_all_its_children_is_gone(self):
        profile = scored(tree_specs([[None, None], [None]]), [[10, 30, 80]], methodology={"weights": {"d2": 5}})
        changed = under(profile, parents={"i2": "d1"})
        assert "d2" not in changed.framework.dimensions
        assert score(changed).composite.tolist() == pytest.approx([40])

    def test_what_is_left_out_stays_out_when_it_moves(self):
        profile = scored(tree_specs([[None, None], [None]]), [[10, 30, 80]], left_out=("d2",))
        assert set(under(profile, parents={"i2": "d1"}).indicators) == {"i0", "i1"}


class TestWeights:
    # d0 (d1 of weight 3 (i0 of 1, i1 of 4), i2 of 2), which score 10, 60, 80
    SPECS = tree_specs([[None, None], None], [1, 3, 1, 4, 2])

    @pytest.mark.parametrize(
        ("weights", "expected"),
        [
            ("declared", (1 * 50 + 2 * 80) / 3),
            ("equal", (1 * 35 + 1 * 80) / 2),
            ({"i1": 1}, (1 * 35 + 2 * 80) / 3),
            ({"d1": 7, "i2": 1}, (1 * 50 + 1 * 80) / 2),
            ({"method": "mapping", "weights": {"i2": 3}, "others": "equal"}, (1 * 35 + 3 * 80) / 4),
        ],
    )
    def test_they_stand_on_top_of_what_the_profile_weighs_with(self, weights, expected):
        profile = scored(self.SPECS, [[10, 60, 80]], methodology={"weights": weights})
        assert score(under(profile, weights={"d1": 1})).composite.tolist() == pytest.approx([expected])

    def test_a_method_with_parameters_takes_none_on_top(self, monkeypatch):
        monkeypatch.setattr(WEIGHTS, "_methods", dict(WEIGHTS._methods))
        register("weights", "test_powers")(lambda tree, *, base: tree.leaves() ** base)
        profile = scored(self.SPECS, [[10, 60, 80]], methodology={"weights": {"method": "test_powers", "base": 2.0}})
        assert refusal(profile, weights={"d1": 1})[0].startswith("weights: the profile weighs with 'test_powers'")

    def test_a_node_that_is_left_out_loses_the_weight_that_the_profile_gives_it(self):
        profile = scored(self.SPECS, [[10, 60, 80]], methodology={"weights": {"i0": 9}})
        for changed in (under(profile, exclude={"nodes": ["i0"]}), profile.without("i0")):
            assert score(changed).composite.tolist() == pytest.approx([(3 * 60 + 2 * 80) / 5])

    def test_a_misspelt_weight_of_the_profile_is_still_found(self):
        with pytest.raises(SpecificationError, match=r"methodology\.weights: there is no node 'i9'"):
            scored(self.SPECS, [[10, 60, 80]], methodology={"weights": {"i9": 9}})

    def test_choices_replace_those_of_the_profile_one_by_one(self, sound):
        changed = under(sound, methodology={"aggregate": "geometric"}).methodology
        assert changed == sound.methodology.replace(aggregate="geometric")


class TestApply:
    def test_it_changes_a_copy_that_has_no_scenarios_and_says_which_it_is(self, sound):
        scenario = Scenario(title="No money", exclude={"tags": ["money"]})
        profile = sound.replace(scenarios={"no_money": scenario})
        changed = scenario.apply(profile)
        assert (changed.title, dict(changed.scenarios)) == ("A small study: No money", {})
        assert profile == sound.replace(scenarios={"no_money": scenario})

    def test_all_that_does_not_fit_is_said_at_once(self, sound):
        assert refusal(sound, exclude={"tags": ["monei"]}, weights={"halp": 1}, preferred=["O-mod"]) == [
            "exclude.tags: there is no tag 'monei'. Did you mean 'money'?",
            "preferred: there is no observation 'O-mod'. Did you mean 'O-mood'?",
            "weights.halp: there is no node 'halp'. Did you mean 'help'?",
        ]

    def test_choices_of_an_indicator_that_there_is_not_are_its_fault_alone(self, sound):
        for key, chosen in (("measures", "other"), ("goalposts", "other"), ("rungs", ["visits"])):
            (fault,) = refusal(sound, **{key: {"visit_rat": chosen}})
            assert fault == f"{key}.visit_rat: there is no indicator 'visit_rat'. Did you mean 'visit_rate'?"

    def test_faults_of_several_scenarios_come_together(self, sound):
        wrong = {"a": {"title": "A", "exclude": {"tags": ["x"]}}, "b": {"title": "B", "sats": ["base"]}}
        with pytest.raises(SpecificationError) as caught:
            sound.replace(scenarios={**wrong, "c": {"title": "C", "weights": {"y": 1}}}, title="")
        places = {fault.where for fault in caught.value.faults}
        assert places == {
            "Profile: title",
            "Profile: scenarios.a.exclude.tags",
            "Profile: scenarios.b.sats",
            "Profile: scenarios.c.weights.y",
        }

    def test_it_is_frozen_all_the_way_down(self):
        scenario = Scenario(title="T", methodology={"missing": {"method": "available", "threshold": {"part": 0.5}}})
        with pytest.raises(TypeError, match="frozen"):
            scenario.methodology["missing"]["threshold"]["part"] = 1

    def test_every_shipped_scenario_survives_a_copy_as_plain_data(self):
        for scenario in load_profile("kazakhstan").all_scenarios.values():
            plain = scenario.model_dump(mode="json", exclude_defaults=True)
            assert Scenario.parse(plain) == scenario
            assert pickle.loads(pickle.dumps(scenario)) == scenario

    def test_score_takes_a_name_a_scenario_or_a_mapping(self, sound):
        scenario = Scenario(title="No money", exclude={"tags": ["money"]})
        profile = sound.replace(scenarios={"no_money": scenario})
        given = ["no_money", scenario, {"exclude": {"tags": ["money"]}}, {"title": "T", "exclude": {"tags": ["money"]}}]
        found = {score(profile, scenario=one).composite["A>B"] for one in given}
        assert len(found) == 1
        assert found != {score(profile).composite["A>B"]}

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ("no_mony", "profile 'mini': there is no scenario 'no_mony'. Did you mean 'no_money'?"),
            (3, "score: scenario is a int. Give a name"),
            ({"exlude": {}}, "scenario: exlude: unknown key 'exlude'. Did you mean 'exclude'?"),
        ],
    )
    def test_score_refuses_what_is_no_scenario(self, sound, given, says):
        profile = sound.replace(scenarios={"no_money": {"title": "No money", "exclude": {"tags": ["money"]}}})
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the words are what matters
            score(profile, scenario=given)
        assert str(caught.value).startswith(says)

    def test_a_scenario_stands_on_top_of_another_methodology_and_framework(self, sound):
        profile = sound.replace(scenarios={"no_money": {"title": "No money", "exclude": {"tags": ["money"]}}})
        help_alone = {name: one for name, one in sound.framework.indicators.items() if one.dimension == "help"}
        dimensions = {name: one for name, one in sound.framework.dimensions.items() if name != "regard"}
        smaller = sound.framework.replace(indicators=help_alone, dimensions=dimensions)
        result = score(profile, smaller, methodology={"aggregate": "geometric"}, scenario="no_money")
        assert set(result.profile.indicators) == {"ties"}
        assert result.profile.methodology.aggregate.method == "geometric"

    def test_another_framework_need_not_fit_the_scenarios(self, sound):
        profile = sound.replace(scenarios={"moved": {"title": "Moved", "parents": {"ties": "regard"}}})
        help_alone = {name: one for name, one in sound.framework.indicators.items() if one.dimension == "help"}
        dimensions = {name: one for name, one in sound.framework.dimensions.items() if name != "regard"}
        smaller = sound.framework.replace(indicators=help_alone, dimensions=dimensions)
        assert score(profile, smaller).composite["A>B"] == pytest.approx(125 / 3)


class TestWithout:
    def test_indicators_dimensions_sources_and_facts_leave(self, sound):
        changed = sound.without("regard", "ties", sources=["talk"], observations=["O-trade"])
        assert set(changed.indicators) == MONEY
        assert {"O-mood", "O-help-other", "O-trade"}.isdisjoint(one.id for one in changed.observations)
        assert changed.without("trade_volume").left_out == ("regard", "ties", "trade_volume")

    def test_one_name_needs_no_list(self, sound):
        assert sound.without(sources="talk") == sound.without(sources=["talk"])

    def test_every_unknown_name_is_said(self, sound):
        with pytest.raises(SpecificationError) as caught:
            sound.without("regrad", sources=["talks"], observations=["O-mod"])
        assert [str(fault) for fault in caught.value.faults] == [
            "without: nodes: there is no node 'regrad'. Did you mean 'regard'?",
            "without: sources: there is no source 'talks'. Did you mean 'talk'?",
            "without: observations: there is no observation 'O-mod'. Did you mean 'O-mood'?",
        ]

    @pytest.mark.parametrize(
        ("nodes", "more"),
        [([["ties", "presence"]], {}), ([3], {}), ([], {"sources": 3}), ([], {"observations": [None]})],
    )
    def test_what_is_no_name_is_refused(self, sound, nodes, more):
        with pytest.raises(SpecificationError):
            sound.without(*nodes, **more)

    def test_scenarios_stay_but_for_those_that_name_a_fact_that_is_gone(self, sound):
        profile = sound.replace(
            scenarios={
                "talk": {"title": "By the talk", "preferred": ["O-help-other"]},
                "no_talk": {"title": "Without the talk", "without_observations": {"sources": ["talk"]}},
                "ties": {"title": "Ties first", "weights": {"ties": 2}},
            }
        )
        changed = profile.without("ties", sources="talk")
        assert list(changed.scenarios) == ["no_talk", "ties"]
        with pytest.raises(SpecificationError, match=r"weights\.ties: 'ties' does not enter under this scenario"):
            score(changed, scenario="ties")

    def test_other_sets_make_no_scenario_a_fault(self):
        specs = tree_specs([None, None], i1={"set": "extended"})
        scenarios = {"first": {"title": "The first alone", "include": {"nodes": ["i0"]}}}
        profile = scored(specs, [[10, 40]], scenarios=scenarios)
        assert score(profile.replace(sets=("extended",))).composite.tolist() == [40]

    def test_something_must_stay(self, sound):
        with pytest.raises(SpecificationError, match="left_out: every indicator is left out"):
            sound.without("all")

    def test_a_node_that_is_left_out_is_said_to_be(self, sound):
        result = score(sound.without("help"))
        for node in ("help", "ties"):
            with pytest.raises(KeyError, match=f"'{node}' is left out of the score"):
                result.explain(node=node)


def test_a_saved_profile_keeps_its_scenarios_and_what_is_left_out(tmp_path):
    profile = load_profile("kazakhstan").without("reform")
    profile.save(tmp_path / "saved")
    again = load_profile(tmp_path / "saved")
    assert (again.left_out, dict(again.scenarios)) == (("reform",), dict(profile.scenarios))
    assert again == profile


class TestTables:
    """A table of values loses cells by their source alone."""

    TABLE = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0], "b": [3.0, 1.0, 2.0], "a:source": ["old", "new", "new"]}, index=["X", "Y", "Z"]
    )

    def test_a_source_leaves_gaps(self):
        scenario = {"title": "Without the old one", "without_observations": {"sources": ["old"]}}
        result = score(self.TABLE, scenario=scenario)
        assert dict(result.reasons) == {("X", "a"): "no value in the table"}
        assert dict(score(from_frame(self.TABLE).without(sources=["old"])).reasons) == dict(result.reasons)
        assert dict(score(self.TABLE).reasons) == {}

    def test_a_node_leaves(self):
        assert score(from_frame(self.TABLE).without("a")).nodes == ("b", "composite")
        assert score(self.TABLE, scenario={"exclude": {"nodes": ["a"]}}).nodes == ("b", "composite")

    @pytest.mark.parametrize("leaving", [{"after": 2020}, {"without_footnote": True}])
    def test_nothing_else_names_its_cells(self, leaving):
        with pytest.raises(SpecificationError, match="a table of values has sources, and no facts"):
            score(self.TABLE, scenario={"without_observations": leaving})

    def test_an_unknown_source_is_named(self):
        with pytest.raises(SpecificationError, match=r"there is no source 'od'\. Did you mean 'old'"):
            score(self.TABLE, scenario={"without_observations": {"sources": ["od"]}})

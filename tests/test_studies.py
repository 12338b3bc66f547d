"""What can be scored becomes a profile: from a frame, with the choices that nobody made said aloud."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower import (
    Framework,
    MethodError,
    SpecificationError,
    drop_each,
    from_frame,
    influence,
    register,
    score,
    sensitivity_analysis,
    swings,
    tornado,
    uncertainty_analysis,
    weight_space,
)
from softpower.registry import NORMALISE

FRAME = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [30.0, 10.0, 20.0]}, index=["X", "Y", "Z"])
POSTS = {"low": 0, "high": 50, "kind": "benchmark", "reason": "for the test"}


def specs(**more):
    one = {"title": "one", "dimension": "index"}
    return Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": {"a": one, "b": one | more}})


class TestWithoutAFramework:
    def test_the_result_says_what_it_took_for_granted(self):
        (first, second) = score(FRAME).notes
        assert first == (
            "Scored without a framework: 2 indicators, equal weights, higher is better, min_max over 3 cases."
        )
        assert second == "Bounds are not offered: 'min_max' scores depend on the other cases."

    def test_it_says_what_was_chosen_after_all(self):
        framework = Framework.flat(["a", "b"], better={"b": "lower"}, weights={"a": 3})
        note = score(FRAME, framework, methodology={"normalise": "rank"}).notes[0]
        assert "weights as given, lower is better for b, rank over 3 cases." in note
        equal = score(FRAME, framework, methodology={"normalise": "rank", "weights": "equal"}).notes[0]
        assert "equal weights" in equal

    def test_by_hand(self):
        # a: 0, 100/3, 100; b: 100, 0, 50
        assert score(FRAME).composite.tolist() == pytest.approx([50, 50 / 3, 75])


class TestTheMethodology:
    def test_goalposts_where_every_indicator_has_them(self):
        every = specs(goalposts=POSTS).model_dump()
        every["indicators"]["a"]["goalposts"] = POSTS
        assert from_frame(FRAME, Framework.parse(every)).methodology.normalise.method == "goalposts"

    def test_else_among_the_cases(self):
        assert from_frame(FRAME, specs(goalposts=POSTS)).methodology.normalise.method == "min_max"

    def test_one_that_is_given_holds(self):
        result = score(FRAME, specs(), methodology=softpower.Methodology(normalise="z_score"))
        assert result.profile.methodology.normalise.method == "z_score"
        assert score(FRAME, methodology={"aggregate": "harmonic", "floor": 1}).profile.methodology.floor == 1

    def test_goalposts_that_lack_are_named(self):
        with pytest.raises(MethodError) as caught:
            score(FRAME, specs(goalposts=POSTS), methodology={"normalise": "goalposts"})
        assert str(caught.value) == (
            "normalise = 'goalposts': a: the indicator has no goalposts. Give them in the framework, or compare the"
            ' cases: methodology={"normalise": "min_max"}.'
        )


class TestDefects:
    @pytest.mark.parametrize(
        "data", [None, 3, [1, 2], FRAME["a"], np.zeros((2, 2))], ids=lambda one: type(one).__name__
    )
    def test_what_is_no_study_is_refused(self, data):
        with pytest.raises(SpecificationError, match=r"Give a Profile, .*, or what score\(\) returns"):
            score(data)

    def test_what_is_no_methodology_is_refused(self):
        with pytest.raises(SpecificationError, match=r"methodology is a str\. Give a Methodology, or choices like"):
            score(FRAME, methodology="geometric")

    def test_scores_that_no_number_holds_are_refused(self):
        far = FRAME.assign(a=[1e308, -1e308, 0])
        assert score(far).to_wide()["a"].tolist() == [100, 0, 50]
        with pytest.raises(MethodError, match="a score lies beyond 1e\\+100, whose square is no number"):
            score(far.abs() + 1, methodology={"normalise": "none", "aggregate": "geometric"})

    def test_one_case_alone_needs_goalposts(self):
        with pytest.raises(MethodError, match="one case alone"):
            score(FRAME.iloc[:1])
        framework = Framework.flat(["a", "b"]).model_dump()
        for one in framework["indicators"].values():
            one["goalposts"] = POSTS
        assert score(FRAME.iloc[:1], Framework.parse(framework)).composite["X"] == pytest.approx((2 + 60) / 2)

    @pytest.mark.parametrize(
        ("function", "says"),
        [
            (lambda values, scales: values[..., :1], "it returned an array of float64 of shape"),  # noqa: ARG005
            (lambda values, scales: np.nan_to_num(values), "or a gap has one"),  # noqa: ARG005
            (lambda values, scales: values / 0.0, "a value has no finite score"),  # noqa: ARG005
        ],
    )
    def test_a_method_of_ones_own_that_loses_values_is_refused(self, function, says, monkeypatch):
        monkeypatch.setattr(NORMALISE, "_methods", dict(NORMALISE._methods))
        register("normalise", "faulty")(function)
        with pytest.raises(MethodError, match=says), np.errstate(divide="ignore"):
            score(FRAME.assign(a=[1.0, None, 2.0]), methodology={"normalise": "faulty"})


WIDE = FRAME.assign(c=[3.0, 3.0, 1.0], **{"a:low": [0.5, 2.0, 3.0]})
SCENARIO = {"exclude": {"nodes": ["c"]}, "weights": {"a": 3.0}}
CHOSEN = {"aggregate": "geometric", "floor": 1}
WEIGHTS = {"weights": "simplex"}
ANALYSES = {
    "drop_each": drop_each,
    "influence": influence,
    "sensitivity_analysis": lambda *given, **more: sensitivity_analysis(
        *given, uncertainty=WEIGHTS, n=16, resamples=20, **more
    ).to_frame(),
    "swings": swings,
    "tornado": lambda *given, **more: tornado(*given, uncertainty=WEIGHTS, **more),
    "uncertainty_analysis": lambda *given, **more: uncertainty_analysis(
        *given, uncertainty=WEIGHTS, n=64, **more
    ).to_frame(),
    "weight_space": lambda *given, **more: weight_space(*given, uncertainty=WEIGHTS, **more).to_frame(),
}


class TestWhatIsGivenFirst:
    """Every analysis of a study takes it as `score` does, with the same choices, and a score for what was scored."""

    @pytest.mark.parametrize("name", ANALYSES)
    def test_a_scenario_is_one_everywhere(self, name):
        analyse = ANALYSES[name]
        found = analyse(WIDE, methodology=CHOSEN, scenario=SCENARIO)
        # Without c, and with a weighing three times b, from the start.
        bare = analyse(WIDE.drop(columns="c"), Framework.flat(["a", "b"], weights={"a": 3}), methodology=CHOSEN)
        pd.testing.assert_frame_equal(found, bare)
        with pytest.raises(AssertionError):
            pd.testing.assert_frame_equal(found, analyse(WIDE, methodology=CHOSEN))

    @pytest.mark.parametrize("name", ANALYSES)
    def test_a_score_stands_for_its_profile_with_the_choices_that_were_made(self, name):
        analyse = ANALYSES[name]
        expected = analyse(WIDE, methodology=CHOSEN, scenario=SCENARIO)
        pd.testing.assert_frame_equal(analyse(score(WIDE, methodology=CHOSEN, scenario=SCENARIO)), expected)
        pd.testing.assert_frame_equal(analyse(score(WIDE, methodology=CHOSEN), scenario=SCENARIO), expected)

    def test_scoring_a_score_changes_it_only_where_something_is_chosen(self):
        result = score(WIDE, methodology=CHOSEN)
        assert score(result) is result
        pd.testing.assert_frame_equal(
            score(result, scenario=SCENARIO).to_frame(), score(WIDE, methodology=CHOSEN, scenario=SCENARIO).to_frame()
        )
        raised = score(WIDE, methodology={**CHOSEN, "floor": 2})
        pd.testing.assert_series_equal(score(result, methodology={"floor": 2}).composite, raised.composite)
        assert score(score("kazakhstan"), as_of=2005).profile == softpower.load_profile("kazakhstan").as_of(2005)

    def test_a_report_is_of_the_scenario(self, tmp_path):
        pages = [
            softpower.report(given, tmp_path / f"{number}.html", scenario=scenario).read_text(encoding="utf-8")
            for number, (given, scenario) in enumerate([(WIDE, SCENARIO), (score(WIDE, scenario=SCENARIO), None)])
        ]
        assert pages[0] == pages[1]
        assert pages[0] != softpower.report(WIDE, tmp_path / "other.html").read_text(encoding="utf-8")

    def test_the_others_take_a_score_too(self, scored, sound):
        through, expected = (softpower.trajectory(one, years=[2005, 2006]).to_frame() for one in (scored, sound))
        pd.testing.assert_frame_equal(through, expected)
        pd.testing.assert_frame_equal(softpower.score_scenarios(scored), softpower.score_scenarios(sound))
        assert softpower.agreement(scored).reason == softpower.agreement(sound).reason
        screened = softpower.screen(score(WIDE, scenario=SCENARIO), case_availability=0.5)
        assert list(screened.profile.indicators) == ["a", "b"]


class TestResults:
    PANEL = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 1.0, np.nan]},
        index=pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]], names=["case", "period"]),
    )

    def test_frames_carry_the_period(self):
        result = score(self.PANEL)
        assert result.to_frame().index.names == ["case", "period", "node"]
        assert result.to_wide().index.equals(self.PANEL.index)
        assert result.composite["Y"].index.tolist() == [2019, 2020]
        assert result.cases == ("X", "Y")

    def test_reasons_do_too(self):
        assert dict(score(self.PANEL).reasons) == {("Y", 2020, "b"): "no value in the table"}

    def test_wide_and_tidy_hold_the_same_scores(self):
        result = score(self.PANEL)
        tidy, wide = result.to_frame()["score"], result.to_wide()
        for node in wide.columns:
            pd.testing.assert_series_equal(tidy.xs(node, level="node"), wide[node], check_names=False)
        assert list(result.to_wide("indicator").columns) == ["a", "b"]
        with pytest.raises(softpower.NotFoundError, match="Did you mean 'indicator'"):
            result.to_wide("indicators")

    def test_ranks_are_within_each_period(self):
        # a pooled: 0, 1/3, 2/3, 1; b: 1, 2/3, 0, missing
        assert score(self.PANEL).ranks().to_dict() == {
            ("X", 2019): 1,
            ("Y", 2019): 2,
            ("X", 2020): 2,
            ("Y", 2020): 1,
        }

    def test_a_cell_is_explained_with_its_source(self):
        frame = self.PANEL.assign(**{"a:low": self.PANEL["a"] - 0.5, "a:source": "Yearbook"})
        result = score(frame)
        text = repr(result.explain("X", "a", 2020))
        assert "X 2020" in text
        assert "from the table: 2 [1.5, 2]; Yearbook" in text
        assert result.sources().loc["Yearbook", "observations"] == 4
        with pytest.raises(softpower.NotFoundError, match=r"there are 2 periods: 2019, 2020\. Name one"):
            result.explain("X")
        with pytest.raises(softpower.NotFoundError, match="there is no period 2021"):
            result.explain("X", period=2021)
        with pytest.raises(softpower.NotFoundError, match="the scores have no periods"):
            score(FRAME).explain("X", period=2019)

    def test_a_print_shows_rows_side_by_side_and_never_a_million(self):
        many = pd.DataFrame({"a": range(5000), "b": range(5000, 0, -1)}, index=[f"C{one}" for one in range(5000)])
        assert len(repr(score(many)).splitlines()) < 40
        assert len(score(many)._repr_html_()) < 10_000
        assert "2019" in repr(score(self.PANEL))


class TestWhatFitsAnotherFramework:
    """What is declared uncertain is kept where it fits, and named where it does not."""

    def test_one_missing_level_takes_nothing_else_away(self):
        declared = softpower.load_profile("kazakhstan")
        under = score(declared, "manners").profile
        assert set(under.uncertainty.weights) == set(declared.uncertainty.weights) - {"source"}
        assert "weights of source" in under.caveats[-1]
        assert all(one.id in under.caveats[-1] for one in declared.claims if one not in under.claims)

    def test_nothing_is_said_where_everything_fits(self):
        declared = softpower.load_profile("kazakhstan")
        assert score(declared, methodology={"aggregate": "geometric", "floor": 1}).profile.caveats == declared.caveats
        assert score(declared, scenario="no_trade").profile.caveats == declared.caveats

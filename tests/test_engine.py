"""The engine's steps together: methods for some indicators, imputation, treatment, weights and ranks across cases."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from softpower import Framework, MethodError, SpecificationError, from_frame, register, score, uncertainty_analysis
from softpower.engine.choices import Chosen
from softpower.engine.promises import check_filled, check_normalised
from softpower.registry import AGGREGATE, IMPUTE, NORMALISE, TREAT, WEIGHTS, Method, Registry

FRAME = pd.DataFrame(
    {"a": [1.0, 2.0, np.nan, 4.0], "b": [10.0, 30.0, 20.0, 900.0], "c": [1.0, 5.0, 2.0, 3.0]}, index=list("WXYZ")
)


@pytest.fixture(autouse=True)
def registries(monkeypatch):
    """Methods of a test are gone after it."""
    for registry in (IMPUTE, TREAT, WEIGHTS, AGGREGATE):
        monkeypatch.setattr(registry, "_methods", dict(registry._methods))

    @register("impute", "seven")
    def seven(values, layout):  # noqa: ARG001 - a contract
        return np.where(np.isnan(values), 7.0, values)

    @register("treat", "cut")
    def cut(values, layout, *, top: float):  # noqa: ARG001 - a contract
        return np.minimum(values, top)


class TestImputation:
    def test_a_gap_is_filled_and_counts_as_unobserved(self):
        result = score(FRAME, methodology={"impute": "seven"})
        # a is then 1, 2, 7, 4
        assert result.to_wide()["a"].tolist() == pytest.approx([0, 100 / 6, 100, 50])
        assert np.isnan(result.raw[2, 0])
        assert result.coverage[2, -1] == pytest.approx(2 / 3)
        assert not result.reasons

    def test_it_sees_the_periods_of_a_case_and_the_groups_of_cases(self):
        index = pd.MultiIndex.from_product([["X", "Y"], [2018, 2019, 2020]], names=["case", "period"])
        panel = pd.DataFrame({"a": [1.0, np.nan, 3, 9, np.nan, 5], "b": np.arange(6.0)}, index)
        made = score(panel, methodology={"impute": {"method": "linear", "maximum_gap": 1}}).imputed()
        assert made["value"].tolist() == [2, 7]
        grouped = FRAME.assign(**{"a": [1.0, np.nan, 3, 4], "group:g": ["p", "p", "", ""]})
        made = score(grouped, methodology={"impute": {"method": "group_mean", "group": "g"}}).imputed()
        # A case without a group is in none.
        assert made[["case", "value"]].to_numpy().tolist() == [["X", 1]]

    def test_every_imputed_cell_is_listed(self):
        listed = score(FRAME, methodology={"impute": "seven"}).imputed()
        assert listed.to_dict("records") == [{"case": "Y", "indicator": "a", "value": 7.0, "method": "seven"}]
        assert score(FRAME).imputed().empty

    def test_one_indicator_alone(self):
        frame = FRAME.assign(c=[1.0, 5.0, np.nan, 3.0])
        result = score(frame, methodology={"impute": {"a": "seven"}})
        assert result.imputed()["indicator"].tolist() == ["a"]
        assert dict(result.reasons) == {("Y", "c"): "no value in the table"}

    def test_it_is_explained(self):
        text = repr(score(FRAME, methodology={"impute": "seven"}).explain("Y", "a"))
        assert "imputed by 'seven': 7" in text

    def test_bounds_are_refused(self):
        result = score(FRAME, methodology={"impute": "seven"})
        assert np.isnan(result.low).all()
        assert any("what 'seven' makes of a value depends on the other cases" in note for note in result.notes)

    def test_a_method_that_changes_what_is_observed_is_refused(self):
        @register("impute", "all_seven")
        def all_seven(values, layout):  # noqa: ARG001 - a contract
            return np.full_like(values, 7.0)

        with pytest.raises(MethodError, match="impute = 'all_seven': a: it changes a value that is observed"):
            score(FRAME, methodology={"impute": "all_seven"})

    @pytest.mark.parametrize("step", ["impute", "treat"])
    def test_a_method_that_gives_other_cells_than_it_got_is_refused(self, step):
        @register(step, f"first_{step}")
        def first(values, layout):  # noqa: ARG001 - a contract
            return values[..., :1]

        says = rf"{step} = 'first_{step}': it returned an array of float64 of shape \(4, 1\)\. .* \(4, 3\)"
        with pytest.raises(MethodError, match=says):
            score(FRAME.assign(c=1.0), methodology={step: f"first_{step}", "normalise": "rank"})

    @pytest.mark.parametrize(
        ("fill", "says"),
        [
            (lambda values: np.where(np.isnan(values), np.inf, values), "a: it gives an infinite value"),
            (lambda values: np.where(values == 900, 0.0, values), "b: it changes a value that is observed"),
        ],
    )
    def test_a_method_that_does_not_keep_its_promise_is_refused_with_its_indicator(self, fill, says):
        register("impute", "doubtful")(lambda values, layout: fill(values))  # noqa: ARG005 - a contract
        with pytest.raises(MethodError, match=f"impute = 'doubtful': {says}") as caught:
            score(FRAME, methodology={"impute": "doubtful"})
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize("step", ["impute", "treat"])
def test_of_many_draws_too_it_is_the_indicator_that_is_named(step):
    before = np.arange(24.0).reshape(2, 3, 4)
    after = before.copy()
    after[1, 0, 3] = np.inf
    before[1, 0, 3] = np.nan if step == "impute" else 0.0
    method = Method(step, "doubtful", lambda values: values)
    with pytest.raises(MethodError, match=f"{step} = 'doubtful': d: it gives an infinite value") as caught:
        check_filled(method, before, after, "abcd")
    assert len(caught.value.faults) == 1
    chosen = Chosen(Method("normalise", "doubtful", lambda values: values), {}, np.arange(4))
    with pytest.raises(MethodError, match="normalise = 'doubtful': d: a value has no finite score") as caught:
        check_normalised(chosen, before.shape, None, after, "abcd")
    assert len(caught.value.faults) == 1


class TestTreatment:
    def test_cells_before_and_after(self):
        treated = score(FRAME, methodology={"treat": {"method": "cut", "top": 100.0}}).treated()
        assert treated.to_dict("records") == [
            {"case": "Z", "indicator": "b", "before": 900.0, "after": 100.0, "method": "cut"}
        ]

    def test_it_comes_after_imputation(self):
        result = score(FRAME, methodology={"impute": "seven", "treat": {"a": {"method": "cut", "top": 5.0}}})
        assert result.engine.treated[2].tolist() == [5, 20, 2]
        assert result.treated()["before"].tolist() == [7]

    def test_what_is_chosen_for_an_indicator_that_is_left_out_takes_no_bounds_away(self):
        posts = {"low": 0, "high": 1000, "kind": "benchmark", "reason": "For the test."}
        indicators = {name: {"title": name, "dimension": "top", "goalposts": posts} for name in FRAME}
        framework = Framework.from_dict({"dimensions": {"top": {"title": "Top"}}, "indicators": indicators})
        profile = from_frame(FRAME, framework, methodology={"treat": {"c": {"method": "cut", "top": 2.0}}})
        assert score(profile).engine.bounds_refused == (
            "Bounds are not offered: what 'cut' makes of a value depends on the other cases."
        )
        result = score(profile.replace(left_out=("c",)))
        assert result.engine.bounds_refused is None
        np.testing.assert_array_equal(result.low, result.score)

    def test_a_method_that_fills_a_gap_is_refused(self):
        @register("treat", "fill")
        def fill(values, layout):  # noqa: ARG001 - a contract
            return np.nan_to_num(values)

        with pytest.raises(MethodError, match="treat = 'fill': a: it fills a gap, or makes one"):
            score(FRAME, methodology={"treat": "fill"})

    def test_what_a_treatment_leaves_as_it_is_keeps_its_goalposts(self):
        posts = {"goalposts": {"low": 0, "high": 1000, "kind": "benchmark", "reason": "for the test"}}
        leaves = {name: {"title": name, "dimension": "index", **posts} for name in "ac"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})
        # No outlier is among one to five, each once.
        frame = pd.DataFrame({"a": [1.0, 2, np.nan, 4, 3], "c": [1.0, 5, 2, 3, 4]}, index=list("VWXYZ"))
        treated = score(frame, framework, methodology={"treat": "jrc"})
        np.testing.assert_array_equal(treated.score, score(frame, framework).score)

    def test_another_unit_and_the_old_goalposts_are_refused(self):
        posts = {"goalposts": {"low": 0, "high": 1000, "kind": "benchmark", "reason": "for the test"}}
        leaves = {name: {"title": name, "dimension": "index", **posts} for name in "bc"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})
        frame = FRAME[["b", "c"]]
        with pytest.raises(MethodError, match="b: 'box_cox' may give it another unit, and 'goalposts' scores it"):
            score(frame, framework, methodology={"treat": {"b": "box_cox"}})
        assert (
            score(frame, framework, methodology={"treat": {"b": "box_cox"}, "normalise": "min_max"})
            .composite.notna()
            .all()
        )


class TestNormalisation:
    def test_each_indicator_may_have_its_own(self):
        result = score(FRAME, methodology={"normalise": {"others": "min_max", "b": "percentile_rank"}})
        assert result.to_wide()["b"].tolist() == pytest.approx([0, 200 / 3, 100 / 3, 100])
        assert result.to_wide()["c"].tolist() == pytest.approx([0, 100, 25, 50])
        assert result.scale == (0, 100)

    def test_a_method_that_loses_one_value_is_refused_with_its_indicator(self, monkeypatch):
        # What is registered here is gone when the test ends.
        monkeypatch.setattr(NORMALISE, "_methods", dict(NORMALISE._methods))

        @register("normalise", "lossy")
        def lossy(values, scales):  # noqa: ARG001 - a contract
            scores = values.copy()
            scores[0, 1] = np.nan
            return scores

        with pytest.raises(MethodError, match="normalise = 'lossy': b: a value has no finite score") as caught:
            score(FRAME, methodology={"normalise": "lossy"})
        assert len(caught.value.faults) == 1

    def test_different_scales_are_refused(self):
        with pytest.raises(MethodError, match="indicators are brought to different scales"):
            score(FRAME, methodology={"normalise": {"others": "min_max", "b": "z_score"}})

    def test_a_zero_that_has_no_reciprocal_is_named_as_such(self):
        tree = Framework.flat(["p", "q"], better={"q": "lower"})
        frame = pd.DataFrame({"p": [1.0, 2, 4], "q": [0.0, 2, 8]}, index=list("XYZ"))
        with pytest.raises(MethodError, match="normalise = 'none': q: lower is better and it has zeros"):
            score(frame, tree, methodology={"normalise": "none", "aggregate": "geometric"})

    def test_different_ends_of_one_method_are_refused_too(self):
        with pytest.raises(MethodError, match="min_max on 0 to 100, min_max on 0 to 1"):
            score(FRAME, methodology={"normalise": {"others": "min_max", "c": {"method": "min_max", "high": 1.0}}})

    def test_a_name_that_is_no_indicator_is_refused(self):
        with pytest.raises(MethodError, match=r"there is no indicator 'bb'\. Did you mean 'b'"):
            score(FRAME, methodology={"normalise": {"others": "min_max", "bb": "rank"}})

    def test_all_others_need_one(self):
        with pytest.raises(SpecificationError, match="no method is chosen for all other indicators"):
            score(FRAME, methodology={"normalise": {"b": "rank"}})

    def test_periods_may_be_scored_apart(self):
        index = pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]], names=["case", "period"])
        panel = pd.DataFrame({"a": [1.0, 5, 2, 9], "b": [1.0, 5, 2, 9]}, index)
        apart = score(panel, methodology={"periods": "apart"}).composite
        assert apart.to_dict() == {("X", 2019): 0, ("X", 2020): 0, ("Y", 2019): 100, ("Y", 2020): 100}
        assert score(panel).composite.tolist() == [0, 50, 12.5, 100]
        alone = score(FRAME[["b", "c"]], methodology={"periods": "apart"})
        np.testing.assert_array_equal(alone.score, score(FRAME[["b", "c"]]).score)

    def test_periods_apart_have_one_treatment_and_one_set_of_fitted_weights(self):
        @register("weights", "by_mean", fitted=True)
        def by_mean(tree, scores):  # noqa: ARG001 - a contract
            return np.nanmean(scores, axis=0)

        index = pd.MultiIndex.from_product([list("UVWXYZ"), [2019, 2020]], names=["case", "period"])
        panel = pd.DataFrame({"a": np.arange(12.0) ** 2, "b": np.arange(12.0)[::-1] % 5}, index)
        treat = {"method": "percentile_clip", "low": 25.0, "high": 75.0}
        result = score(panel, methodology={"periods": "apart", "treat": treat, "weights": "by_mean"})
        np.testing.assert_allclose(
            result.engine.treated, panel.clip(panel.quantile(0.25), panel.quantile(0.75), axis=1)
        )
        means = result.to_wide()[["a", "b"]].mean()
        np.testing.assert_allclose(result.weight[:, :2], np.tile(means / means.sum(), (12, 1)))

    @pytest.mark.parametrize(
        ("normalise", "expected"),
        [
            ("goalposts", [["high", "low"], ["high", "high"], ["high", ""], ["high", ""]]),
            ({"others": "goalposts", "c": "min_max"}, [["high", ""]] * 4),
            ({"others": "goalposts", "b": "min_max"}, [["", "low"], ["", "high"], ["", ""], ["", ""]]),
            ("min_max", [["", ""]] * 4),
            # Their scores go on beyond the goalposts.
            ({"method": "goalposts", "clip": False}, [["", ""]] * 4),
            ("fuzzy", [["", ""]] * 4),
        ],
    )
    def test_a_value_is_marked_where_its_own_score_stays_at_a_goalpost(self, normalise, expected):
        posts = {"low": 1.5, "high": 4, "parity": 2, "kind": "benchmark", "reason": "for the test"}
        leaves = {name: {"title": name, "dimension": "index", "goalposts": posts} for name in "bc"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})
        result = score(FRAME[["b", "c"]], framework, methodology={"normalise": normalise})
        assert result.clipped.tolist() == expected

    def test_a_score_a_little_beyond_a_goalpost_does_not_stay_at_it(self):
        posts = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
        leaves = {name: {"title": name, "dimension": "index", "goalposts": posts} for name in "xy"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})
        frame = pd.DataFrame({"x": [100 + 1e-6, 50], "y": [-1e-10, 50]}, index=["A", "B"])
        for clip, marked in ((True, ["high", "low"]), (False, ["", ""])):
            result = score(frame, framework, methodology={"normalise": {"method": "goalposts", "clip": clip}})
            assert result.clipped[0].tolist() == marked

    def test_one_level_that_rescores_leaves_the_scale_open(self):
        nested = Framework.from_dict(
            {
                "dimensions": {"index": {"title": "Index"}, "part": {"title": "Part", "parent": "index"}},
                "indicators": {name: {"title": name, "dimension": "part"} for name in "bc"},
            }
        )
        levels = {nested.levels[0]: "arithmetic", nested.levels[1]: "copeland"}
        assert score(FRAME[["b", "c"]], nested, methodology={"aggregate": levels}).scale is None
        assert score(FRAME[["b", "c"]], nested).scale == (0, 100)


class TestUntouchedValues:
    def test_a_geometric_mean_of_different_units_means_something(self):
        result = score(FRAME.assign(a=[1.0, 2, 3, 4]), methodology={"normalise": "none", "aggregate": "geometric"})
        assert result.composite["W"] == pytest.approx(10 ** (1 / 3))
        assert result.scale is None

    def test_lower_is_better_turns_them_over(self):
        framework = Framework.flat(["a", "b"], better={"b": "lower"})
        frame = FRAME[["a", "b"]].fillna(1.0)
        result = score(frame, framework, methodology={"normalise": "none", "aggregate": "geometric"})
        assert result.composite["X"] == pytest.approx((2 / 30) ** 0.5)

    def test_one_indicator_alone_meets_no_other_unit(self):
        result = score(FRAME[["b"]], Framework.flat(["b"]), methodology={"normalise": "none"})
        assert result.composite.tolist() == FRAME["b"].tolist()

    def test_any_other_mean_of_them_is_refused(self):
        with pytest.raises(MethodError, match="values in different units meet in the arithmetic mean: number"):
            score(FRAME, methodology={"normalise": "none"})
        with pytest.raises(MethodError, match="values in different units meet in the arithmetic mean: number"):
            score(FRAME[["a", "b"]], methodology={"normalise": "none"})
        alike = Framework.flat(["a", "b"], units={"a": "ratio", "b": "ratio"})
        assert score(FRAME[["a", "b"]], alike, methodology={"normalise": "none"}).composite["W"] == 5.5
        unlike = Framework.flat(["a", "b"], units={"a": "ratio", "b": "year"})
        with pytest.raises(MethodError, match="the arithmetic mean: ratio, year"):
            score(FRAME[["a", "b"]], unlike, methodology={"normalise": "none"})


class TestWeights:
    def test_they_may_come_from_scores(self):
        @register("weights", "by_mean", fitted=True)
        def by_mean(tree, scores):  # noqa: ARG001 - a contract
            return np.nanmean(scores, axis=0)

        wide = score(FRAME).to_wide()
        means = wide[["a", "b", "c"]].mean()
        result = score(FRAME, methodology={"weights": "by_mean"})
        assert result.weight[0, :3] == pytest.approx((means / means.sum()).to_numpy())

    def test_each_case_may_have_its_own(self):
        @register("weights", "best_alone", fitted=True)
        def best_alone(tree, scores):
            leaves = np.nan_to_num(scores[:, : tree.indicator_count], nan=-1.0)
            chosen = np.zeros(scores.shape)
            chosen[np.arange(len(scores)), leaves.argmax(axis=1)] = 1.0
            chosen[:, -1] = 1.0
            return chosen

        result = score(FRAME, methodology={"weights": "best_alone"})
        wide = result.to_wide()
        assert wide["composite"].tolist() == wide[["a", "b", "c"]].max(axis=1).tolist()
        assert result.contribution[0].sum() == pytest.approx(2 * result.score[0, -1])
        # All weight is on a value that is there.
        assert result.coverage[:, -1].tolist() == [1.0] * len(FRAME)
        # They hold in every draw.
        drawn = np.stack([result.engine.normalised, 50 + result.engine.normalised / 2])
        together = result.engine.aggregate(drawn)
        np.testing.assert_array_equal(together, [result.engine.aggregate(one) for one in drawn])


@pytest.mark.parametrize(
    ("methodology", "why"),
    [
        ({"weights": "entropy"}, "'entropy' weights depend on the scores"),
        ({"aggregate": "borda"}, "'borda' scores depend on the other cases"),
    ],
)
def test_what_looks_across_cases_takes_the_bounds_away_and_says_so(methodology, why):
    posts = {"kind": "scale_ends", "low": 0, "high": 10, "reason": "A scale of ten."}
    framework = Framework.from_dict(
        {
            "dimensions": {"all": {"title": "All"}},
            "indicators": {name: {"title": name, "dimension": "all", "goalposts": posts} for name in "ab"},
        }
    )
    frame = pd.DataFrame({"a": [1.0, 2.0, 4.0], "a:low": [0.5, 2.0, 4.0], "b": [4.0, 2.0, 1.0]}, list("XYZ"))
    assert score(frame, framework).low[0, -1] == pytest.approx(22.5)
    result = score(frame, framework, methodology={"normalise": "goalposts", **methodology})
    assert f"Bounds are not offered: {why}." in result.notes
    assert np.isnan(result.low[:, -1]).all()


class TestAcross:
    @pytest.fixture
    def ranked(self):
        @register("aggregate", "mean_rank", across=True)
        def mean_rank(values, weights):
            from scipy.stats import rankdata

            return (rankdata(values, axis=-2) * weights).sum(axis=-1)

        return {"aggregate": "mean_rank"}

    def test_all_rows_are_compared_however_many_are_taken_at_a_time(self, ranked, monkeypatch):
        monkeypatch.setattr("softpower.engine.engine.BLOCK", 2)
        frame = FRAME.assign(a=[1.0, 2.0, 3.0, 4.0])
        # a: 1 2 3 4, b: 1 3 2 4, c: 1 4 2 3
        assert score(frame, methodology=ranked).composite.tolist() == pytest.approx([1, 3, 7 / 3, 11 / 3])

    def test_periods_apart(self, ranked):
        panel = FRAME.assign(a=[1.0, 2.0, 3.0, 4.0]).set_axis(pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]]))
        result = score(panel, methodology=ranked | {"periods": "apart"})
        assert result.composite.xs(2019, level="period").tolist() == pytest.approx([1, 2])

    def test_bounds_are_refused(self, ranked):
        posts = {"goalposts": {"low": 0, "high": 1000, "kind": "benchmark", "reason": "for the test"}}
        leaves = {name: {"title": name, "dimension": "index", **posts} for name in "bc"}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})
        assert not np.isnan(score(FRAME[["b", "c"]], framework).low).any()
        assert score(FRAME[["b", "c"]], framework).exact.all()
        result = score(FRAME[["b", "c"]], framework, methodology=ranked)
        assert np.isnan(result.low).all()
        assert result.notes == ("Bounds are not offered: 'mean_rank' scores depend on the other cases.",)


@pytest.mark.parametrize("method", [name for name in AGGREGATE if AGGREGATE[name].across])
class TestPeriodsApart:
    """Where cases are compared in each period alone, all that is said of a period is as if it were scored alone."""

    FRAMEWORK = Framework.from_dict(
        {
            "dimensions": {"index": {"title": "Index"}, "part": {"title": "Part", "parent": "index", "weight": 2}},
            "indicators": {
                "a": {"title": "A", "dimension": "part"},
                "b": {"title": "B", "dimension": "part", "weight": 3},
                "c": {"title": "C", "dimension": "index"},
            },
        }
    )

    @pytest.fixture
    def panel(self):
        """Six cases in two years whose rows lie mixed, with a gap."""
        rng = np.random.default_rng(4)
        index = pd.MultiIndex.from_product([list("UVWXYZ"), [2001, 2002]], names=["case", "period"])
        table = pd.DataFrame(rng.uniform(1, 10, (12, 3)), index, list("abc"))
        table.loc[("W", 2001), "b"] = np.nan
        return table.iloc[rng.permutation(12)]

    def methodology(self, method):
        return {"normalise": "share_of_best", "aggregate": method}

    def test_scores_weights_and_contributions(self, panel, method):
        apart = score(panel, self.FRAMEWORK, methodology=self.methodology(method) | {"periods": "apart"})
        for rows in apart.engine.by_period.values():
            part = panel.iloc[rows].droplevel("period")
            alone = score(part, self.FRAMEWORK, methodology=self.methodology(method))
            for name in ("score", "weight", "effective_weight", "contribution"):
                np.testing.assert_allclose(getattr(apart, name)[rows], getattr(alone, name), rtol=1e-9, atol=1e-9)

    def test_draws(self, panel, method):
        methodology = self.methodology(method)
        uncertainty = {"weights": "simplex", "leave_out": "one"}
        run = partial(uncertainty_analysis, framework=self.FRAMEWORK, uncertainty=uncertainty, n=16)
        apart = run(panel, methodology=methodology | {"periods": "apart"}).draws()
        for year in (2001, 2002):
            part = panel.xs(year, level="period")
            alone = run(part, methodology=methodology).draws()
            for case in part.index:
                np.testing.assert_allclose(apart[case, year, "index"], alone[case, "index"], rtol=1e-9)

    def test_the_weights_in_force_ask_for_no_vote(self, panel, method, monkeypatch):
        result = score(panel, self.FRAMEWORK, methodology=self.methodology(method) | {"periods": "apart"})
        voting = replace(AGGREGATE[method], function=None)
        monkeypatch.setitem(result.engine.__dict__, "methods", {level: (voting, {}) for level in result.engine.methods})
        # b weighs 3 of 4 in its part, and nothing where it is missing.
        weights = result.to_frame().xs("b", level="node")["weight"]
        assert weights.tolist() == [0.0 if one == ("W", 2001) else 0.75 for one in weights.index]

    def test_a_period_that_has_no_meaning_is_named(self, panel, method):
        # In 2002 nobody but U has both children of the part.
        for child, cases in (("a", "VW"), ("b", "XYZ")):
            panel.loc[[(case, 2002) for case in cases], child] = np.nan
        methodology = self.methodology(method) | {"periods": "apart", "missing": "strict"}
        with pytest.raises(MethodError, match=f"2002: aggregate = '{method}'"):
            score(panel, self.FRAMEWORK, methodology=methodology)


class TestWhatMethodsAreHanded:
    """Methods share what they are handed: one that writes to it breaks off and changes nothing for the others."""

    PANEL = pd.DataFrame(
        {
            "a": [1.0, 2.0, np.nan, 4.0],
            "b": [10.0, 30.0, 20.0, 5.0],
            "group:region": ["north", "north", "south", "south"],
        },
        pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]], names=["case", "period"]),
    )

    @staticmethod
    def wiped(step, *of):
        """Return what is wiped: the values, or what the path of names leads to."""

        def own(values, about):
            table = values
            for name in of:
                table = about if table is values else table
                table = table[name] if hasattr(table, "keys") else getattr(table, name)
            table[...] = 0
            return values

        register(step, "wiping")(own)

    @pytest.mark.parametrize(
        ("step", "of"),
        [(step, of) for step in ("impute", "treat") for of in ([], ["cases"], ["times"], ["dimensions"])]
        + [(step, ["groups", "region"]) for step in ("impute", "treat")]
        + [("normalise", of) for of in ([], ["low"], ["high"], ["parity"], ["log"], ["higher"], ["target"], ["cases"])],
        ids=str,
    )
    def test_cannot_be_changed(self, step, of, monkeypatch):
        monkeypatch.setattr(NORMALISE, "_methods", dict(NORMALISE._methods))
        self.wiped(step, *of)
        profile = from_frame(self.PANEL)
        with pytest.raises(MethodError, match=rf"{step} = 'wiping': its function broke off .*read-only"):
            score(profile, methodology={step: "wiping"})

    def test_groups_cannot_be_taken_away(self):
        @register("impute", "robbing")
        def robbing(values, layout):
            layout.groups.clear()
            return values

        with pytest.raises(MethodError, match="impute = 'robbing': its function broke off"):
            score(self.PANEL, methodology={"impute": "robbing"})

    def test_nor_can_the_tree(self):
        for number, wiped in enumerate((lambda tree: tree.declared, lambda tree: tree.families[0].children)):

            def own(tree, wiped=wiped):
                wiped(tree)[:] = 0
                return np.ones(len(tree.nodes))

            register("weights", f"wiping {number}")(lambda tree, own=own: own(tree))
            with pytest.raises(MethodError, match=r"weights = 'wiping .': its function broke off .*read-only"):
                score(FRAME, methodology={"weights": f"wiping {number}"})


def test_what_a_method_raised_in_a_period_is_the_cause():
    def broken(values, weights):  # noqa: ARG001 - a contract
        raise ZeroDivisionError("of a period")

    register("aggregate", "broken", across=True)(broken)
    panel = FRAME.assign(a=[1.0, 2.0, 3.0, 4.0]).set_axis(pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]]))
    with pytest.raises(MethodError, match="2020: aggregate = 'broken': its function broke off") as caught:
        score(panel, methodology={"aggregate": "broken", "periods": "apart"})
    assert len(caught.value.faults) == 2
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_methods_that_a_mapping_leaves_the_others_to_are_held_to_numbers():
    register("weights", "words")(lambda tree: ["many"] * len(tree.nodes))
    mapping = {"method": "mapping", "weights": {"a": 1.0}, "others": "words"}
    with pytest.raises(MethodError, match="weights = 'words': it returned an array of str"):
        score(FRAME, methodology={"weights": mapping})


@pytest.mark.parametrize("weights", [name for name in WEIGHTS if WEIGHTS[name].fitted])
def test_fitted_weights_need_declared_ones_that_are_not_all_zero(weights, recwarn):
    # Of p there is only what weighs nothing.
    dimensions = {"all": {"title": "All"}, "p": {"title": "P", "parent": "all"}, "q": {"title": "Q", "parent": "all"}}
    leaves = {name: {"title": name, "dimension": "p" if name in "ab" else "q"} for name in "abcd"}
    leaves["a"] |= {"weight": 0.0}
    leaves["b"] |= {"set": "extended"}
    framework = Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
    frame = pd.DataFrame(np.random.default_rng(0).normal(50, 9, (8, 4)), columns=list("abcd"), index=list("STUVWXYZ"))
    with pytest.raises(MethodError, match="weights: p: the weights of its children sum to zero"):
        score(frame, framework, methodology={"weights": weights})
    assert not recwarn


def test_each_period_has_its_rows_in_whatever_order_they_come():
    index = pd.MultiIndex.from_tuples([("A", 2001), ("B", 2000), ("A", 2000), ("B", 2001)], names=["case", "period"])
    engine = score(pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]}, index)).engine
    assert [(period, rows.tolist()) for period, rows in engine.by_period.items()] == [(2000, [1, 2]), (2001, [0, 3])]


def test_registries_know_six_steps():
    from softpower.registry import STEPS

    assert list(STEPS) == ["missing", "impute", "treat", "normalise", "weights", "aggregate"]
    assert all(isinstance(one, Registry) for one in STEPS.values())

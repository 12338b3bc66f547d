"""That each end of a factor is the score of the study in which that factor alone is so."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from properties.strategies import framework, indicator, scored, study, tree_specs, variable
from softpower import Framework, drop_each, from_frame, load_profile, score, sensitivity_analysis, swings, tornado
from softpower.analysis.ends import NumberEnds, _end_text
from softpower.errors import MethodError, NotFoundError, SpecificationError
from softpower.model.profile import Profile
from softpower.registry import IMPUTE

CASE = "A>0"
THREE = scored(tree_specs([None, None, None], [1, 1, 1, 2]), [[10, 50, 80]])
"""Scores of 10, 50 and 80, the last of which weighs as much as the two others: 55."""


@pytest.fixture(scope="module")
def kazakhstan() -> Profile:
    return load_profile("kazakhstan")


def only(table: pd.DataFrame, columns: tuple[str, ...] = ("low", "high", "at_low", "at_high")) -> list[object]:
    """The cells of the only row."""
    (row,) = table[list(columns)].to_numpy().tolist()
    return row


class TestWeights:
    def test_simplex(self):
        table = tornado(THREE, uncertainty={"weights": "simplex"})
        assert table.index.tolist() == [(CASE, "weights: d0")]
        assert table.index.names == ["case", "factor"]
        assert only(table) == pytest.approx([10, 80, "all weight on i0", "all weight on i2"])
        assert only(table, ("score", "swing", "kind", "reason")) == pytest.approx([55, 70, "weights", ""])

    def test_siblings_under_a_scenario_alone_change_nothing_as_declared(self):
        moved = {"moved": {"title": "Moved", "parents": {"i2": "d1"}}}
        study = scored(tree_specs([[None], [None, None]]), [[10, 40, 70]], scenarios=moved)
        table = tornado(study, uncertainty={"weights": "simplex", "scenarios": ["moved"]}).loc[CASE]
        numbers = table.loc["weights: d1", ["score", "low", "high", "swing"]].tolist()
        assert numbers == pytest.approx([32.5, 32.5, 32.5, 0.0])
        assert table.loc["weights: d1", ["at_low", "at_high", "reason"]].tolist() == ["", "", ""]
        assert table.loc["weights: d2", ["low", "high"]].tolist() == pytest.approx([25.0, 40.0])

    def test_a_case_without_a_score_has_no_ends(self):
        table = tornado(scored(tree_specs([None, None]), [[10, 50], [None, None]]), uncertainty={"weights": "simplex"})
        assert table.loc[CASE, ["low", "high", "swing"]].to_numpy() == pytest.approx(np.array([[10, 50, 40]]))
        assert table.loc["A>1", ["low", "high", "swing"]].isna().all(axis=None)

    def test_a_child_that_is_missing_takes_no_weight(self):
        study = scored(tree_specs([None, None, None]), [[None, 50, 80], [10, 50, None]])
        table = tornado(study, uncertainty={"weights": "simplex"})
        assert table["low"].tolist() == pytest.approx([50, 10])
        assert table["high"].tolist() == pytest.approx([80, 50])
        assert table["reason"].tolist() == ["no score: all weight on i0", "no score: all weight on i2"]

    @pytest.mark.parametrize(
        ("pairs", "low", "high"),
        [
            # i0 first: it alone, or equal with some of the others
            ([["i0", "i1"], ["i0", "i2"]], (10, "all weight on i0"), (140 / 3, "equal weight on i0, i1, i2")),
            ([["i2", "i1"]], (10, "all weight on i0"), (80, "all weight on i2")),
            ([["i1", "i0"], ["i0", "i2"]], (30, "equal weight on i0, i1"), (50, "all weight on i1")),
        ],
    )
    def test_ordered(self, pairs, low, high):
        table = tornado(THREE, uncertainty={"weights": {"method": "ordered", "at_least": pairs}})
        assert only(table) == pytest.approx([low[0], high[0], low[1], high[1]])

    def test_band(self):
        table = tornado(THREE, uncertainty={"weights": {"method": "band", "share": 0.5}})
        low = (1.5 * 10 + 0.5 * 50 + 2 * 0.5 * 80) / (1.5 + 0.5 + 1)
        high = (0.5 * 10 + 0.5 * 50 + 2 * 1.5 * 80) / (0.5 + 0.5 + 3)
        assert only(table) == pytest.approx(
            [low, high, "more weight on i0, less on the rest", "more weight on i2, less on the rest"]
        )

    def test_a_band_of_many_sets_each_against_the_others(self):
        profile = scored(tree_specs([None] * 6), [[0, 20, 40, 60, 80, 100]])
        table = tornado(profile, uncertainty={"weights": {"method": "band", "share": 0.5}})
        assert only(table) == pytest.approx(
            [
                # 0.5 x 300 and 1.0 x 100 more, over 5 x 0.5 + 1.5
                1.5 * 0 / 4 + 0.5 * 300 / 4,
                0.5 * 200 / 4 + 1.5 * 100 / 4,
                "more weight on i0, less on the rest",
                "more weight on i5, less on the rest",
            ]
        )

    def test_a_band_names_those_that_are_fewer(self):
        def ends(scores):
            profile = scored(tree_specs([None] * len(scores[0])), scores)
            return tornado(profile, uncertainty={"weights": {"method": "band", "share": 0.5}})[["high", "at_high"]]

        # One is low and the others are high: 1.5 x 190 over 3.5, 1.5 x 360 over 6.5, whichever one it is.
        assert ends([[0, 90, 100]]).to_numpy().tolist() == [
            [pytest.approx(1.5 * 190 / 3.5), "less weight on i0, more on the rest"]
        ]
        assert ends([[0, *[90] * 4], [*[90] * 4, 0]]).to_numpy().tolist() == [
            [pytest.approx(1.5 * 360 / 6.5), f"less weight on {one}, more on the rest"] for one in ("i0", "i4")
        ]

    def test_dirichlet_goes_from_quantile_to_quantile_of_each_share(self):
        table = tornado(THREE, uncertainty={"weights": {"method": "dirichlet", "concentration": 8.0}})
        # Least where i0 has most, the others 1 : 2; greatest where i2 has most, the others 1 : 1.
        most = beta(2, 6).ppf(0.95)
        assert table["low"].iloc[0] == pytest.approx(10 * most + 70 * (1 - most), rel=1e-9)
        assert table["at_low"].iloc[0] == f"{100 * most:.1f} % of the weight on i0 (95 % quantile)"
        most = beta(4, 4).ppf(0.95)
        assert table["high"].iloc[0] == pytest.approx(80 * most + 30 * (1 - most), rel=1e-9)

    def test_dirichlet_leaves_what_weighs_nothing_and_what_weighs_all(self):
        uncertain = {"weights": {"method": "dirichlet", "concentration": 9.0}}
        table = tornado(scored(tree_specs([None] * 3, [1, 1, 0, 2]), [[10, 50, 80]]), uncertainty=uncertain)
        least, most = (beta(3, 6).ppf(tail) for tail in (0.05, 0.95))
        assert only(table, ("low", "high", "reason")) == pytest.approx(
            [10 * most + 80 * (1 - most), 10 * least + 80 * (1 - least), ""]
        )
        alone = tornado(scored(tree_specs([None] * 2, [1, 0, 1]), [[10, 50]]), uncertainty=uncertain)
        assert only(alone, ("low", "high", "swing", "at_low", "reason")) == [50, 50, 0, "", ""]

    def test_some_that_share_the_weight_have_a_score_where_one_of_them_has(self):
        pairs = {"method": "ordered", "at_least": [["i0", "i1"], ["i0", "i2"]]}
        table = tornado(scored(tree_specs([None] * 3), [[10, None, 80]]), uncertainty={"weights": pairs})
        assert only(table, ("low", "high", "reason")) == pytest.approx([10, 45, ""])

    @pytest.mark.parametrize("sets", [("base", "extended"), ("extended", "extended")])
    def test_siblings_in_another_set_alone_move_nothing(self, sets):
        changes = {name: {"set": one} for name, one in zip(("i0", "i1"), sets, strict=True)}
        profile = scored(tree_specs([[None, None], None], **changes), [[10, 90, 50], [None, 90, 50]])
        table = tornado(profile, uncertainty={"weights": {"d1": "simplex"}, "sets": True}, node="d0")
        rows = table.xs("weights: d1", level="factor")
        assert (rows["low"] == rows["score"]).all()
        assert rows["swing"].tolist() == [0, 0]
        assert rows["reason"].tolist() == ["", ""]

    def test_sets_and_experts(self):
        sets = {"method": "sets", "sets": {"first": {"i0": 1, "i1": 0, "i2": 0}, "as_it_is": "declared"}}
        assert only(tornado(THREE, uncertainty={"weights": sets})) == pytest.approx(
            [10, 55, "first", "as_it_is, as declared"]
        )
        points = {"i0": [1.0, 0.0], "i1": [1.0, 0.0], "i2": [0.0, 5.0]}
        table = tornado(THREE, uncertainty={"weights": {"method": "experts", "points": points}})
        assert only(table) == pytest.approx([30, 80, "expert 1", "expert 2"])

    def test_an_indicator_rests_where_weights_alone_move(self):
        table = tornado(THREE, uncertainty={"weights": "simplex"}, node="i1")
        assert only(table, ("score", "low", "high", "swing", "at_low")) == pytest.approx([50, 50, 50, 0, ""])


class TestChoices:
    def test_aggregation_and_its_parameter(self):
        options = ["arithmetic", {"method": "power", "p": {"low": -1.0, "high": 2.0}}]
        table = tornado(THREE, uncertainty={"aggregate": options}).droplevel("case")
        values, weights = np.array([10.0, 50.0, 80.0]), np.array([0.25, 0.25, 0.5])

        def power(p: float) -> float:
            return float((weights @ values**p) ** (1 / p))

        parameter = table.loc["aggregation: p of power"]
        assert parameter[["low", "high"]].tolist() == pytest.approx([power(-1), power(2)])
        assert parameter[["at_low", "at_high"]].tolist() == ["power, p = -1", "power, p = 2"]
        choice = table.loc["aggregation"]
        assert choice[["low", "high"]].tolist() == pytest.approx([power(0.5), 55])
        assert choice[["at_low", "at_high"]].tolist() == ["power(p=0.5)", "arithmetic, as declared"]

    def test_one_alternative_alone_is_both_ends(self):
        table = tornado(THREE, uncertainty={"aggregate": ["minimum"], "weights": "simplex"})
        assert table.loc[(CASE, "aggregation"), ["low", "high", "swing"]].tolist() == [10, 10, 0]

    def test_parameters_of_two_levels_move_with_their_own(self):
        profile = scored(tree_specs([[None, None], None]), [[10, 50, 80]])
        power = {"method": "power", "p": {"low": 1.0, "high": 3.0}}
        table = tornado(
            profile, uncertainty={"aggregate": {"level0": ["geometric", power], "level1": [power]}}
        ).droplevel("case")
        inner = ((10**3 + 50**3) / 2) ** (1 / 3)
        assert table.loc["aggregation: level1: p of power", "high"] == pytest.approx((inner + 80) / 2)
        assert table.loc["aggregation: level0: p of power", "high"] == pytest.approx(((30**3 + 80**3) / 2) ** (1 / 3))

    def test_each_level_names_its_own_aggregations(self):
        profile = scored(tree_specs([[None, None], None]), [[10, 90, 80]])
        options = {"level0": ["arithmetic", "minimum"], "level1": ["harmonic", "arithmetic"]}
        table = tornado(profile, uncertainty={"aggregate": options}).droplevel("case")
        ends = table.loc[["aggregation: level0", "aggregation: level1"], ["at_low", "at_high"]]
        assert ends.to_numpy().tolist() == [
            ["minimum", "arithmetic, as declared"],
            ["harmonic", "arithmetic, as declared"],
        ]

    def test_a_parameter_moves_with_its_aggregation_wherever_that_stands(self):
        options = [{"method": "power", "p": {"low": -1.0, "high": 2.0}}, "arithmetic", "minimum"]
        row = tornado(THREE, uncertainty={"aggregate": options}).droplevel("case").loc["aggregation: p of power"]
        values, weights = np.array([10.0, 50.0, 80.0]), np.array([0.25, 0.25, 0.5])
        assert row[["low", "high"]].tolist() == pytest.approx(
            [1 / (weights / values).sum(), (weights @ values**2) ** 0.5]
        )

    def test_leaving_out_one(self):
        table = tornado(THREE, uncertainty={"leave_out": "one"})
        assert only(table) == pytest.approx([30, 70, "without i2", "without i0"])

    def test_leaving_out_a_share_shows_each_alone(self):
        table = tornado(THREE, uncertainty={"leave_out": 0.6})
        assert only(table) == pytest.approx([30, 70, "without i2", "without i0"])

    def test_where_a_score_is_lost_it_says_so(self):
        table = tornado(
            scored(tree_specs([[None], None]), [[10, 50]], methodology={"missing": "strict"}),
            uncertainty={"leave_out": "one"},
            node="d1",
        )
        assert only(table, ("low", "high", "reason")) == pytest.approx([10, 10, "no score: without i0"])

    def test_another_scale_is_no_end(self):
        frame = pd.DataFrame({"i0": [0.2, 0.5], "i1": [0.1, 0.9]}, index=["KAZ", "UZB"])
        specs = Framework.parse(tree_specs([None, None]))
        table = tornado(frame, specs, uncertainty={"normalise": ["goalposts", "min_max", "z_score"]}, case="KAZ")
        assert only(table, ("low", "high", "at_low", "at_high", "reason")) == pytest.approx(
            [0, 15, "min_max", "goalposts, as declared", "another scale: z_score"]
        )
        alone = tornado(frame, specs, uncertainty={"normalise": ["goalposts", "z_score"]}, case="KAZ")
        assert np.isnan(alone["swing"].iloc[0])

    def test_what_has_no_swing_comes_after_a_swing_of_zero(self):
        frame = pd.DataFrame({"i0": [0.2, 0.5], "i1": [0.2, 0.5]}, index=["KAZ", "UZB"])
        uncertain = {"normalise": ["goalposts", "z_score"], "aggregate": ["arithmetic", "minimum"]}
        table = tornado(frame, Framework.parse(tree_specs([None, None])), uncertainty=uncertain, case="KAZ")
        assert table["swing"].droplevel("case").to_dict() == pytest.approx(
            {"aggregation": 0.0, "normalisation": np.nan}, nan_ok=True
        )
        assert table.index.get_level_values("factor").tolist() == ["aggregation", "normalisation"]

    @pytest.mark.parametrize("narrow", [{"low": 1.0}, {"high": 99.9999}])
    def test_a_scale_that_is_a_little_narrower_is_another_one(self, narrow):
        frame = pd.DataFrame({"i0": [0.2, 0.5], "i1": [0.1, 0.9]}, index=["KAZ", "UZB"])
        narrow = {"method": "min_max"} | narrow
        table = tornado(frame, uncertainty={"normalise": ["min_max", narrow]}, case="KAZ")
        assert only(table, ("reason",))[0].startswith("another scale: min_max")

    def test_completed_tables(self):
        frame = pd.DataFrame(
            {"a": [1.0, 2.0, 3.0, 4.0, None, 6.0], "b": [2.0, 1.0, 4.0, 3.0, 5.0, 7.0]}, index=list("UVWXYZ")
        )
        table = tornado(frame, uncertainty={"imputations": 2}, case="Y")
        assert table["swing"].iloc[0] > 0
        assert sorted(only(table, ("at_low", "at_high"))) == ["completed table 1", "completed table 2"]
        (alone,) = tornado(frame, uncertainty={"imputations": 1}, case="Y")["swing"]
        assert alone == 0

    def test_each_alternative_is_its_scenario(self, kazakhstan):
        names = ["no_judgements", "culture_first", "as_printed"]
        table = tornado(kazakhstan, uncertainty={"goalposts": ["trade_share"], "scenarios": names}).droplevel("case")
        scores = {name: score(kazakhstan, scenario=name).composite.iloc[0] for name in names}
        scores["declared, as declared"] = score(kazakhstan).composite.iloc[0]
        least, most = min(scores, key=scores.get), max(scores, key=scores.get)
        row = table.loc["scenarios"]
        assert row[["at_low", "at_high"]].tolist() == [least, most]
        assert row[["low", "high"]].tolist() == pytest.approx([scores[least], scores[most]])
        half = score(kazakhstan, scenario="trade_share.half").composite.iloc[0]
        assert half in table.loc["goalposts: trade_share", ["low", "high"]].tolist()


def test_points_that_are_scored_one_by_one_move_as_far(monkeypatch):
    uncertain = {"weights": "simplex", "leave_out": "one"}
    together = tornado(THREE, uncertainty=uncertain)
    monkeypatch.setattr("softpower.analysis.alone.MANY", 1)
    pd.testing.assert_frame_equal(tornado(THREE, uncertainty=uncertain), together)


def test_why_no_score_could_move_is_told_of_the_case_that_is_named():
    scores = [[None, None, None, 5], [None, 10, 10, 5]]
    profile = scored(tree_specs([None] * 4), scores, methodology={"missing": "strict"})
    with pytest.raises(MethodError, match="A>0: 'd0' has no score that could move: 1 of 4 children are present"):
        tornado(profile, uncertainty={"weights": "simplex"})


class TestObservations:
    def test_bounds(self):
        profile = scored(tree_specs([None, None], [1, 1, 3]), [[(10, 20, 40), 50]])
        table = tornado(profile, uncertainty={"observations": True})
        assert only(table, ("low", "high", "at_low", "at_high")) == pytest.approx([40, 47.5, "0.1", "0.4"])

    def test_numbers_of_one_observation_go_to_every_corner(self):
        specs = {"a": indicator({"kind": "share_of_window", "variables": ["s"]})}
        spell = {"variable": "s", "value": 1, "start": "2001", "end": "2005"}
        table = tornado(
            study(framework(specs, {"s": variable("spell", "count:spell")}), [spell]),
            uncertainty={"observations": True},
        )
        # From 31 December 2001 to 1 January 2005, or from 1 January 2001 to 31 December 2005, of 3652 days.
        assert only(table) == pytest.approx(
            [
                100 * 1098 / 3652,
                100 * 1826 / 3652,
                "start 2001-12-31, end 2005-01-01",
                "start 2001-01-01, end 2005-12-31",
            ]
        )

    def test_a_normal_observation(self):
        fact = {"variable": "v", "value": 0.4, "distribution": "normal", "standard_error": 0.05}
        profile = study(framework({"a": indicator("v")}, {"v": variable()}), [fact])
        quantile = NormalDist(40, 5).inv_cdf
        row = only(tornado(profile, uncertainty={"observations": True}))
        assert row[:2] == pytest.approx([quantile(0.05), quantile(0.95)], rel=1e-9)
        assert row[2].endswith(" (5 % quantile)")
        assert row[3].endswith(" (95 % quantile)")

    def test_readings_of_a_figure(self, kazakhstan):
        row = tornado(kazakhstan, uncertainty={"observations": True}).loc[("EU>KAZ", "alternatives: VIS-06 or VIS-07a")]
        assert row[["at_low", "at_high"]].tolist() == ["VIS-06: 9 member", "VIS-07a: 27 member, as declared"]

    @pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
    def test_ends_lie_within_the_bounds_of_the_result(self, kazakhstan, aggregate):
        table = tornado(kazakhstan, uncertainty={"observations": True}, methodology={"aggregate": aggregate})
        result = score(kazakhstan, methodology={"aggregate": aggregate})
        assert (table["low"] >= result.low[0, -1]).all()
        assert (table["high"] <= result.high[0, -1]).all()
        assert (table["low"] <= table["score"] + 1e-12).all()
        assert (table["high"] >= table["score"] - 1e-12).all()

    def test_cells_stand_with_the_cases_that_they_move(self):
        frame = pd.DataFrame(
            {"i0": [0.2, 0.5, 0.7], "i0:low": [0.1, 0.4, None], "i1": [0.5, 0.6, 0.1]}, index=["KAZ", "UZB", "KGZ"]
        )
        specs = Framework.parse(tree_specs([None, None]))
        apart = tornado(frame, specs, uncertainty={"observations": True})
        assert apart.index.tolist() == [("KAZ", "observation: KAZ, i0"), ("UZB", "observation: UZB, i0")]
        across = tornado(frame, specs, uncertainty={"observations": True}, methodology={"normalise": "z_score"})
        assert len(across) == 6
        # What weighs nothing moves nothing, and stands with its own.
        nothing = tornado(frame, specs, uncertainty={"observations": True}, methodology={"weights": {"i0": 0.0}})
        assert nothing.index.tolist() == apart.index.tolist()
        assert nothing["swing"].tolist() == [0, 0]

    def test_observations_stand_with_the_cases_that_they_feed(self):
        profile = scored(tree_specs([None, None], [1, 0, 1]), [[(10, 20, 30), 50], [40, 60]])
        table = tornado(profile, uncertainty={"observations": True})
        assert table.index.tolist() == [(CASE, "observation: 0-0")]


class TestWhole:
    def test_widest_first_in_each_case(self, kazakhstan):
        table = tornado(kazakhstan)
        assert len(table) > 50
        assert table["swing"].diff().max() < 1e-9

    def test_several_cases_and_one(self):
        frame = pd.DataFrame({"a": [1.0, 3.0, 2.0], "b": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
        table = tornado(frame, uncertainty={"weights": "simplex", "leave_out": "one"})
        assert table.index.get_level_values("case").tolist() == ["KAZ", "KAZ", "UZB", "UZB", "KGZ", "KGZ"]
        pd.testing.assert_frame_equal(
            tornado(frame, uncertainty={"weights": "simplex", "leave_out": "one"}, case="KGZ"), table.loc[["KGZ"]]
        )

    def test_one_period_of_all(self):
        index = pd.MultiIndex.from_product([["KAZ", "UZB"], [2000, 2001]], names=["case", "period"])
        frame = pd.DataFrame({"a": [1.0, 3.0, 2.0, 5.0], "b": [4, 2, 4, 1]}, index=index)
        table = tornado(frame, uncertainty={"weights": "simplex"})
        assert len(table) == 4
        for case in (None, "UZB"):
            found = tornado(frame, uncertainty={"weights": "simplex"}, case=case, period=2001)
            wanted = table.xs(2001, level="period", drop_level=False)
            pd.testing.assert_frame_equal(found, wanted if case is None else wanted.loc[[case]])
        with pytest.raises(
            NotFoundError, match=r"tornado: period: there is no period '2001'. Name it so: period=2001."
        ):
            tornado(frame, uncertainty={"weights": "simplex"}, period="2001")

    def test_a_profile_without_uncertainty_is_refused(self):
        with pytest.raises(MethodError, match="declares no uncertainty"):
            tornado(THREE)

    def test_unknown_names(self):
        with pytest.raises(NotFoundError) as caught:
            tornado(
                from_frame(pd.DataFrame({"a": [1.0, 2.0], "c": [1.0, 2.0]}, index=["KAZ", "UZB"])),
                uncertainty={"leave_out": "one"},
                node="d",
                case="KAS",
            )
        assert [one.where for one in caught.value.faults] == ["tornado: node", "tornado: case"]
        assert caught.value.faults[1].mend == "Did you mean 'KAZ'?"


def few_rows(study, **more):
    return sensitivity_analysis(study, n=4, resamples=2, **more)


@pytest.mark.parametrize("analysis", [tornado, swings, few_rows])
def test_what_does_not_reproduce_the_score_is_refused(monkeypatch, analysis):
    from softpower.draws.sampler import Sampler

    monkeypatch.setattr(Sampler, "scores", lambda self, u: np.zeros((len(u), len(self.nodes), len(self.index))))
    with pytest.raises(MethodError, match="the draws do not reproduce the score"):
        analysis(scored(tree_specs([None]), [[(10, 20, 30)]], uncertainty={"observations": True}))


@pytest.mark.parametrize("analysis", [tornado, swings, few_rows])
def test_an_imputation_that_fills_each_draw_otherwise_is_refused(monkeypatch, analysis):
    monkeypatch.setattr(IMPUTE, "_methods", dict(IMPUTE._methods))
    chance = np.random.default_rng(0)

    @IMPUTE.register("by_chance")
    def by_chance(values, _):
        # The first table is filled as it is for the score; what follows in a block of draws is not.
        filled = chance.random(values.shape)
        filled.reshape(-1, *values.shape[-2:])[0] = 0.5
        return np.where(np.isnan(values), filled, values)

    frame = pd.DataFrame({"a": [1.0, 3.0, 2.0], "a:low": [0.5, 3.0, 2.0], "b": [4.0, np.nan, 1.0]}, index=list("PQR"))
    with pytest.raises(MethodError, match="the draws do not reproduce the score: b of"):
        analysis(from_frame(frame, methodology={"impute": "by_chance"}).replace(uncertainty={"observations": True}))


def test_a_cell_that_hardly_moves_swings_nothing_whatever_is_imputed_by_chance():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed; the extra `impute` brings it")
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.normal(size=12)}, index=[f"C{place}" for place in range(12)])
    frame["b"] = 2 * frame["a"] + rng.normal(size=12)
    frame.loc["C5", "b"] = np.nan
    for end, by in (("low", -1e-9), ("high", 1e-9)):
        frame[f"a:{end}"] = frame["a"] + [by, *[0.0] * 11]
    study = from_frame(frame, methodology={"impute": {"method": "multiple", "tables": 2, "rounds": 3}})
    study = study.replace(uncertainty={"observations": True})
    assert (tornado(study, case="C5")["swing"].abs() < 1e-5).all()
    assert (swings(study, case="C5")["swing"].abs() < 1e-5).all()


@pytest.mark.parametrize("analysis", [tornado, swings, drop_each, few_rows])
class TestProgress:
    """What may take long says how far it is, to the end."""

    def test_counts_to_the_end(self, analysis):
        seen = []
        analysis("kazakhstan", progress=lambda done, whole: seen.append((done, whole)))
        assert seen[-1][0] == seen[-1][1] > 1

    def test_refuses_what_is_neither_a_function_nor_yes_or_no(self, analysis):
        with pytest.raises(SpecificationError, match="no way to show progress"):
            analysis("kazakhstan", progress=3)


@pytest.mark.parametrize(
    ("part", "unit", "alone", "said"),
    [
        ("value", "percent", True, "3 percent"),
        ("value", "percent", False, "value 3 percent"),
        ("start", "start", True, "start 0001-01-03"),
        ("start", "start", False, "start 0001-01-03"),
    ],
)
def test_an_end_says_of_which_part_it_is_where_that_is_not_plain(part, unit, alone, said):
    numbers = NumberEnds(np.zeros((2, 1)), np.full((2, 1), 3.0), np.zeros((2, 1), dtype=bool))
    assert _end_text(part, unit, numbers, 0, 0, alone=alone) == said

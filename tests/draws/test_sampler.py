"""That a drawn score is the score of the study in which what was drawn is simply so."""

import pickle
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

import softpower
from properties.strategies import framework, indicator, scored, study, tree_specs, variable
from softpower.draws.points import Points
from softpower.draws.realised import realised
from softpower.draws.sampler import Sampler
from softpower.errors import MethodError, SpecificationError
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty

FRAME = pd.DataFrame(
    {
        "trade": [1.0, 3.0, 2.0, 9.0],
        "trade:low": [0.5, 3.0, 1.0, 8.0],
        "trade:high": [2.0, 3.0, 2.5, 9.5],
        "visits": [4.0, 2.0, 5.0, 1.0],
        "aid": [7.0, 6.0, 1.0, 2.0],
    },
    index=["KAZ", "UZB", "KGZ", "TJK"],
)
"""A table with bounds around one of its columns."""


def sampler(profile: Profile, **uncertain: object) -> Sampler:
    return Sampler(profile, Uncertainty.parse(uncertain, "uncertainty"))


def drawn(one: Sampler, n: int = 6, seed: int = 3) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """Return points, what they stand for, and their scores."""
    u = Points(one.dimensions, n, "random", seed).all()
    return u, realised(one, u), one.scores(u)


def expected(one: Sampler, result: softpower.Result) -> np.ndarray:
    """Return the scores of a result where those of the sampler's nodes stand; NaN where it lacks a node."""
    wide = result.to_wide().reindex(columns=list(one.nodes))
    return wide.to_numpy().T


@pytest.fixture(scope="module")
def kazakhstan() -> Profile:
    return softpower.load_profile("kazakhstan")


@pytest.fixture(scope="module")
def table() -> Profile:
    return softpower.from_frame(FRAME)


class TestNothingDrawn:
    @pytest.mark.parametrize("name", ["kazakhstan", "technology_achievement"])
    def test_is_the_score(self, name):
        profile = softpower.load_profile(name)
        one = Sampler(profile, Uncertainty())
        assert one.dimensions == 0
        scores = one.scores(np.empty((3, 0)))
        assert np.allclose(scores[2], expected(one, softpower.score(profile)), rtol=1e-12, atol=0, equal_nan=True)

    def test_a_point_of_gaps_is_the_score_whatever_is_uncertain(self, kazakhstan):
        one = Sampler(kazakhstan, kazakhstan.uncertainty)
        scores = one.scores(np.full((1, one.dimensions), np.nan))
        assert np.allclose(scores[0], expected(one, softpower.score(kazakhstan)), rtol=0, atol=1e-12)


class TestTable:
    def test_weights(self, table):
        one = sampler(table, weights="simplex")
        _, said, scores = drawn(one)
        for row, weights in said.iterrows():
            given = {name.rsplit(": ", 1)[1]: weight for name, weight in weights.items()}
            result = softpower.score(table, methodology={"weights": given})
            assert np.allclose(scores[row], expected(one, result), rtol=0, atol=1e-12)

    def test_cells(self, table):
        one = sampler(table, observations=True)
        _, said, scores = drawn(one)
        assert said.shape[1] == 3  # one of the four cells has no bounds
        for row, cells in said.iterrows():
            frame = FRAME[["trade", "visits", "aid"]].copy()
            for name, value in cells.items():
                case, column = name.removeprefix("observation: ").split(", ")
                frame.loc[case, column] = value
            assert np.allclose(scores[row], expected(one, softpower.score(frame)), rtol=0, atol=1e-12)

    def test_a_denominator_moves_all_that_it_divides(self):
        framework = softpower.Framework.from_dict(
            {
                "id": "two",
                "title": "Two",
                "levels": ["composite"],
                "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
                "dimensions": {"index": {"title": "Index"}},
                "indicators": {
                    name: {"title": name, "dimension": "index", "denominator": {"variable": "people"}}
                    for name in ("trade", "aid")
                },
            }
        )
        frame = pd.DataFrame(
            {"trade": [10.0, 30.0], "aid": [4.0, 2.0], "people": [2.0, 5.0], "people:low": [1.0, 5.0]}, index=["A", "B"]
        )
        profile = softpower.from_frame(frame, framework, methodology={"normalise": "none", "aggregate": "geometric"})
        one = sampler(profile, observations="uniform")
        scores = one.scores(np.array([[0.0], [1.0]]))
        trade, aid = (one.nodes.index(name) for name in ("trade", "aid"))
        assert scores[:, trade, 0].tolist() == [10.0, 5.0]
        assert scores[:, aid, 0].tolist() == [4.0, 2.0]

    @pytest.mark.parametrize(
        ("step", "options"),
        [
            ("normalise", ["min_max", "rank", "z_score"]),
            ("aggregate", ["arithmetic", "minimum", "median"]),
            ("treat", ["none", "percentiles"]),
            ("missing", ["available", "strict"]),
        ],
    )
    def test_methods(self, table, step, options):
        known = [name for name in options if name == "none" or name in softpower.registry.STEPS[step]]
        one = sampler(table, **{step: known})
        u, said, scores = drawn(one, 12)
        assert said.iloc[:, 0].nunique() == len(known)
        for row, name in enumerate(said.iloc[:, 0]):
            result = softpower.score(table, methodology={step: None if name == "none" else name})
            assert np.allclose(scores[row], expected(one, result), rtol=0, atol=1e-12)
        assert np.allclose(one.scores(u[[5]])[0], scores[5], rtol=1e-12, atol=0)

    def test_a_parameter_between_two_ends(self):
        one = sampler(
            softpower.from_frame(FRAME, methodology={"floor": 1.0}),
            aggregate=[{"method": "power", "p": {"low": -1.0, "high": 1.0}}],
        )
        _, said, scores = drawn(one)
        assert not one.factors[0].contained
        for row, p in enumerate(said["aggregation: p of power"]):
            method = {"method": "power", "p": p}
            result = softpower.score(FRAME, methodology={"aggregate": method, "floor": 1.0, "normalise": "min_max"})
            assert np.allclose(scores[row], expected(one, result), rtol=1e-12, atol=1e-12)

    def test_named_sets_of_weights(self, table):
        sets = {"as_declared": "declared", "trade_first": {"trade": 3.0}, "aid_alone": {"trade": 0, "visits": 0}}
        one = sampler(table, weights={"method": "sets", "sets": sets})
        assert one.factors[0].nominal == 0
        _, said, scores = drawn(one, 12)
        for row, name in enumerate(said.iloc[:, 0]):
            result = softpower.score(table, methodology={"weights": sets[name]})
            assert np.allclose(scores[row], expected(one, result), rtol=0, atol=1e-12)

    def test_experts(self, table):
        points = {"trade": [60, 10], "visits": [20, 80], "aid": [20, 10]}
        one = sampler(table, weights={"method": "experts", "points": points})
        scores = one.scores(np.array([[0.1], [0.9], [np.nan]]))
        for row, given in enumerate(
            [{name: mine[0] for name, mine in points.items()}, {k: v[1] for k, v in points.items()}, {}]
        ):
            result = softpower.score(table, methodology={"weights": given or "declared"})
            assert np.allclose(scores[row], expected(one, result), rtol=0, atol=1e-12)

    def test_a_share_of_the_indicators_left_out(self):
        frame = pd.DataFrame(np.arange(24.0).reshape(4, 6) % 7, index=list("ABCD"), columns=list("uvwxyz"))
        one = sampler(softpower.from_frame(frame), leave_out=0.34)
        _, said, scores = drawn(one)
        for row, names in enumerate(said["selection: left out"]):
            gone = names.split(", ")
            assert len(gone) == 2
            assert np.allclose(scores[row, -1], softpower.score(frame.drop(columns=gone)).composite, rtol=0, atol=1e-12)

    def test_imputed_tables(self):
        frame = FRAME[["trade", "visits", "aid"]].copy()
        frame = pd.concat([frame, frame.iloc[::-1].rename(index=lambda name: f"{name}2") * 1.1])
        frame.loc["UZB", "aid"] = np.nan
        frame["visits"] = [4.0, 3.0, 5.0, 1.0, 1.5, 2.5, 3.5, 4.5]
        profile = softpower.from_frame(frame, methodology={"impute": "mean"})
        one = sampler(profile, imputations=4)
        filled = frame.copy()
        for table, u in enumerate([0.1, 0.4, 0.6, 0.9]):
            filled.loc["UZB", "aid"] = one._completed[0][table, 1, 2]
            expect = softpower.score(filled).composite
            assert np.allclose(one.scores(np.array([[u]]))[0, -1], expect, rtol=0, atol=1e-12)
        assert len(np.unique(one._completed[0][:, 1, 2])) == 4
        assert realised(one, np.array([[0.1], [0.9], [np.nan]]))["imputation: table"].tolist() == [1, 4, 0]

    def test_methods_of_a_level_whose_levels_have_their_own(self):
        methods = {"level0": "arithmetic", "level1": "minimum"}
        profile = scored(tree_specs([[None, None], [None]]), [[20, 60, 50]], methodology={"aggregate": methods})
        one = sampler(profile, aggregate={"level1": ["arithmetic", "minimum"]})
        assert one.factors[0].nominal == 1
        for u, method in ((0.1, "arithmetic"), (0.9, "minimum"), (np.nan, "minimum")):
            result = softpower.score(profile, methodology={"aggregate": {**methods, "level1": method}})
            assert np.allclose(one.scores(np.array([[u]]))[0], expected(one, result), rtol=0, atol=1e-12)

    def test_weights_that_each_case_has_of_its_own_stay_while_cells_are_drawn(self, table):
        profile = table.replace(methodology=table.methodology.replace(weights="benefit_of_the_doubt"))
        one = sampler(profile, observations=True)
        _, said, scores = drawn(one, 3)
        result = softpower.score(profile)
        for row, cells in said.iterrows():
            frame = FRAME[["trade", "visits", "aid"]].copy()
            for name, value in cells.items():
                case, column = name.removeprefix("observation: ").split(", ")
                frame.loc[case, column] = value
            wide = softpower.score(frame).to_wide()[list(frame)]
            expect = sum(wide[name] * result.to_frame()["weight"].xs(name, level="node") for name in frame)
            assert np.allclose(scores[row, -1], expect, rtol=0, atol=1e-12)

    def test_named_sets_beside_fitted_weights(self, table):
        """What a set names is set beside the declared weights: fitted ones cannot be named one by one."""
        profile = table.replace(methodology=table.methodology.replace(weights="entropy"))
        one = sampler(profile, weights={"method": "sets", "sets": {"own": {}, "trade": {"trade": 3.0}}})
        assert one.factors[0].nominal == 0
        for u, given in ((0.1, "entropy"), (0.9, {"trade": 3.0}), (np.nan, "entropy")):
            result = softpower.score(table, methodology={"weights": given})
            assert np.allclose(one.scores(np.array([[u]]))[0], expected(one, result), rtol=0, atol=1e-12)


class TestWhatNobodyNames:
    """Siblings of which a set names none, and no expert gives points to, weigh as in the study, whatever its method."""

    CELLS = ((10, 20, 60, 80, 30, 50), (20, 70, 10, 90, 95, 15), (30, 10, 90, 40, 45, 75))
    COMPARED: ClassVar = {"d0": [[1.0, 2.0, 4.0], [0.5, 1.0, 2.0], [0.25, 0.5, 1.0]]}
    METHODS = (
        "equal",
        "entropy",
        {"method": "mapping", "weights": {"d1": 5.0}, "others": "equal"},
        {"method": "budget_allocation", "points": {"d1": [1.0], "d2": [4.0], "i5": [5.0]}},
        {"method": "analytic_hierarchy", "matrices": COMPARED},
    )

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize(
        "given",
        [
            {"method": "sets", "sets": {"first": {"i3": 1, "i4": 3}, "nothing": {}, "other": {"i3": 2, "i4": 1}}},
            {"method": "experts", "points": {"i3": [1, 2, 2], "i4": [3, 2, 1]}},
        ],
    )
    def test_it_weighs_as_in_the_study(self, method, given):
        profile = scored(tree_specs([[None] * 3, [None] * 2, None], [1, 2, 1, 1, 1, 3, 2, 1, 1]), self.CELLS)
        profile = profile.replace(methodology=profile.methodology.replace(weights=method))
        result = softpower.score(profile)
        own = dict(zip(result.nodes[:-1], result.engine.weights[:-1].tolist(), strict=True))
        one = sampler(profile, weights=given)
        for u, share in ((0.1, (1, 3)), (0.9, (2, 1))):
            named = softpower.score(profile, methodology={"weights": {**own, "i3": share[0], "i4": share[1]}})
            assert np.allclose(one.scores(np.array([[u]]))[0], expected(one, named), rtol=0, atol=1e-12)

    def test_beside_weights_that_are_compared_a_dimension_still_counts_what_is_left(self):
        profile = scored(
            tree_specs([[None] * 3, [None] * 2, None], [1, "indicators", 1, 1, 1, "indicators"]), self.CELLS
        )
        profile = profile.replace(
            methodology={"weights": {"method": "analytic_hierarchy", "matrices": {"d2": [[1.0, 3.0], [1 / 3, 1.0]]}}}
        )
        one = sampler(profile, weights={"method": "sets", "sets": {"one": {"i3": 1.0, "i4": 4.0}}}, leave_out="one")
        names = next(factor for factor in one.factors if factor.kind == "selection").alternatives
        scores = one.scores(np.array([[0.5, (names.index("i0") + 0.5) / len(names)]]))
        weighed = profile.without("i0").replace(methodology={"weights": {"i3": 1.0, "i4": 4.0}})
        assert np.allclose(scores[0, -1], softpower.score(weighed).composite, rtol=0, atol=1e-12)

    def test_an_expert_who_weighs_as_the_study_does_is_the_declared_one(self, table):
        one = sampler(
            table, weights={"method": "experts", "points": {"trade": [1, 2], "visits": [2, 2], "aid": [1, 2]}}
        )
        assert one.factors[0].nominal == 1


class TestLeavingOut:
    """A draw without an indicator is the score of the study without it, weighed as the draw says."""

    CELLS = ((10, 20, 60, 80, 30, 50), (20, 70, 10, 90, 95, 15))
    NAMED: ClassVar = {"i0": 3.0, "d2": 2.0}

    @pytest.fixture
    def counted(self):
        """Three indicators under d1, two under d2, one beside them; d1 and d2 weigh as many as they have."""
        specs = tree_specs([[None, None, None], [None, None], None], [1, "indicators", 1, 1, 1, "indicators", 2, 1, 1])
        return scored(specs, self.CELLS)

    def held(self, profile, weighed, /, **uncertain):
        """Hold two draws against the declared weights, the others against those that a function takes from them."""
        one = sampler(profile, leave_out="one", **uncertain)
        u, said, scores = drawn(one, 24)
        others = [column for factor in one.factors if factor.kind != "selection" for column in factor.columns]
        u[:2, others] = np.nan
        scores[:2] = one.scores(u[:2])
        gone = said["selection: left out"]
        assert gone.nunique() > 3
        for row, draw in said.iterrows():
            given = profile.methodology.weights if row < 2 else weighed(draw)
            study = profile.replace(methodology=profile.methodology.replace(weights=given))
            result = softpower.score(study.without(gone[row]) if gone[row] in profile.indicators else study)
            assert np.allclose(scores[row, -1], result.composite, rtol=0, atol=1e-12)

    def without(self, given, draw):
        return {name: one for name, one in given.items() if name != draw["selection: left out"]}

    @pytest.mark.parametrize("others", ["declared", "equal", "equal_indicators"])
    def test_where_weights_are_named(self, counted, others):
        named = {"method": "mapping", "weights": {"d2": 2.0}, "others": others}
        for weights in (others, named):
            profile = counted.replace(methodology=counted.methodology.replace(weights=weights))
            self.held(profile, lambda _, weights=weights: weights, sets=True)

    @pytest.mark.parametrize("others", ["declared", "equal", "equal_indicators"])
    def test_where_sets_are_drawn(self, counted, others):
        profile = counted.replace(methodology=counted.methodology.replace(weights=others))
        sets = {"one": "declared", "two": "equal", "three": "equal_indicators", "four": self.NAMED}

        def weights(draw):
            given = sets[draw["weights: sets"]]
            return (
                given
                if isinstance(given, str)
                else {"method": "mapping", "others": others, "weights": self.without(given, draw)}
            )

        self.held(profile, weights, weights={"method": "sets", "sets": sets})

    @pytest.mark.parametrize("others", ["declared", "equal", "equal_indicators"])
    @pytest.mark.parametrize("points", [{"d1": [60, 10], "d2": [20, 80], "i5": [20, 10]}, {"i3": [1, 2], "i4": [3, 1]}])
    def test_where_experts_are_drawn(self, counted, points, others):
        profile = counted.replace(methodology=counted.methodology.replace(weights=others))

        def weights(draw):
            expert = int(draw["weights: experts"].removeprefix("expert ")) - 1
            given = {name: mine[expert] for name, mine in points.items()}
            return {"method": "mapping", "others": others, "weights": self.without(given, draw)}

        self.held(profile, weights, weights={"method": "experts", "points": points})

    @pytest.mark.parametrize(
        "among", [{"method": "simplex"}, {"method": "ordered", "at_least": [["d1", "d2"], ["d2", "i5"]]}]
    )
    def test_where_every_division_is_as_likely(self, counted, among):
        def weights(draw):
            given = {str(name).rsplit(": ", 1)[1]: one for name, one in draw.items() if str(name).startswith("weights")}
            return {"method": "mapping", "weights": self.without(given, draw)}

        self.held(counted, weights, weights={"d0": among})

    def test_where_pairs_are_compared(self, counted):
        matrices = {"d2": [[1.0, 3.0], [1 / 3, 1.0]]}
        compared = {"method": "analytic_hierarchy", "matrices": matrices}
        profile = counted.replace(methodology=counted.methodology.replace(weights=compared))
        one = sampler(profile, leave_out="one")
        (factor,) = one.factors
        pick = factor.alternatives.index("i0")
        scores = one.scores(np.array([[(pick + 0.5) / len(factor.alternatives)]]))
        assert np.allclose(scores[0, -1], softpower.score(profile.without("i0")).composite, rtol=0, atol=1e-12)

    @pytest.mark.parametrize("method", ["critic", "principal_components", "benefit_of_the_doubt"])
    def test_weights_that_are_fitted_stay_in_proportion(self, method):
        cells = np.random.default_rng(3).uniform(1, 9, (12, 4))
        frame = pd.DataFrame(cells, columns=list("abcd"), index=[f"C{place}" for place in range(12)])
        profile = softpower.from_frame(frame, methodology={"weights": method, "normalise": "min_max"})
        one = sampler(profile, leave_out="one")
        pick = one.factors[0].alternatives.index("a")
        scores = one.scores(np.array([[(pick + 0.5) / 5]]))[0, -1]
        kept = np.broadcast_to(one.engine.weights, (12, 5))[:, 1:4]
        normalised = (cells - cells.min(axis=0)) / np.ptp(cells, axis=0) * 100
        # A case that puts all its weight on a has no score without it.
        whole = np.where(kept.sum(axis=1) > 0, kept.sum(axis=1), np.nan)
        by_hand = (kept * normalised[:, 1:]).sum(axis=1) / whole
        assert np.allclose(scores, by_hand, rtol=0, atol=1e-9, equal_nan=True)
        fitted_anew = softpower.score(profile.without("a")).composite.to_numpy()
        assert np.nanmax(np.abs(scores - fitted_anew)) > 0.1

    def test_gaps_stay_as_they_were_filled_from_what_is_left_out(self):
        pytest.importorskip("sklearn", reason="scikit-learn is not installed; the extra `impute` brings it")
        cells = np.random.default_rng(3).uniform(1, 9, (12, 3))
        cells[:, 1] += 2 * cells[:, 0]
        cells[4, 1] = np.nan
        frame = pd.DataFrame(cells, columns=list("abc"), index=[f"C{place}" for place in range(12)])
        profile = softpower.from_frame(frame, methodology={"impute": "regression", "normalise": "min_max"})
        one = sampler(profile, leave_out="one")
        pick = one.factors[0].alternatives.index("a")
        scores = one.scores(np.array([[(pick + 0.5) / 4]]))[0, -1]
        filled = softpower.score(pd.DataFrame(one.engine.imputed[:, 1:], columns=list("bc"), index=frame.index))
        assert np.allclose(scores, filled.composite, rtol=0, atol=1e-12)
        assert abs(scores[4] - softpower.score(profile.without("a")).composite["C4"]) > 1

    def test_a_study_of_one_indicator_keeps_it(self):
        one = sampler(scored(tree_specs([None]), [[40], [70]]), leave_out=0.5)
        assert one.scores(np.full((1, one.dimensions), 0.5))[0, -1].tolist() == pytest.approx([40.0, 70.0])


class TestAlternatives:
    """Measures and ranges of one indicator, of which a scenario or a measure may lack some."""

    @pytest.fixture
    def profile(self):
        """One indicator by two measures, the first against two ranges, the second against its own."""
        posts = {"low": 0, "high": 1, "kind": "benchmark", "reason": "for the test"}
        narrow = {"id": "narrow", "low": 0, "high": 0.5, "reason": "for the test"}
        other = {
            "id": "other",
            "title": "Another",
            "reason": "for the test",
            "measure": {"kind": "value", "variable": "v1"},
            "goalposts": {**posts, "high": 2},
        }
        only = indicator("v0", goalposts={**posts, "alternatives": [narrow]}, alternative_measures=[other])
        specs = framework({"it": only}, {"v0": variable(), "v1": variable()})
        rows = [{"variable": "v0", "value": 0.2}, {"variable": "v1", "value": 0.6}]
        scenarios = {"settled": {"title": "Settled", "measures": {"it": "other"}}}
        return study(specs, rows, scenarios=scenarios)

    def test_a_measure_without_a_range_is_scored_against_its_own(self, profile):
        one = sampler(profile, measures=True, goalposts=True)
        _, said, scores = drawn(one, 32)
        by_hand = {("main", "main"): 20, ("main", "narrow"): 40, ("other", "main"): 30, ("other", "narrow"): 30}
        drawn_ones = [*zip(said["measures: it"], said["goalposts: it"], strict=True)]
        assert {*drawn_ones} == {*by_hand}
        assert scores[:, -1, 0].tolist() == pytest.approx([by_hand[one] for one in drawn_ones])

    def test_a_scenario_that_settles_the_measure_leaves_nothing_to_draw(self, profile):
        one = sampler(profile, measures=True, scenarios=["settled"])
        _, said, scores = drawn(one, 32)
        by_hand = {
            ("main", "declared"): 20,
            ("other", "declared"): 30,
            ("main", "settled"): 30,
            ("other", "settled"): 30,
        }
        drawn_ones = [*zip(said["measures: it"], said["scenarios"], strict=True)]
        assert {*drawn_ones} == {*by_hand}
        assert scores[:, -1, 0].tolist() == pytest.approx([by_hand[one] for one in drawn_ones])


class TestCompletedMeasures:
    """With completed tables, a draw by an alternative measure is the score of the study that measures by it."""

    def profile(self, there):
        """Nine cases by two measures, of 0 to 10 and of 0 to 1000, in a dimension with another; one has neither."""
        pytest.importorskip("sklearn", reason="scikit-learn is not installed; the extra `impute` brings it")
        other = {
            "id": "other",
            "title": "Another",
            "reason": "for the test",
            "measure": {"kind": "value", "variable": "v1"},
            "goalposts": {"low": 0, "high": 1000, "kind": "benchmark", "reason": "for the test"},
        }
        indicators = {
            "apart": indicator("v3", dimension="two", high=10),
            "it": indicator("v0", dimension="one", high=10, alternative_measures=[other]),
            "beside": indicator("v2", dimension="one", high=10),
        }
        specs = framework(
            indicators,
            {f"v{place}": variable("stock", "ratio") for place in range(4)},
            {"index": {}, "one": {"parent": "index"}, "two": {"parent": "index"}},
            ("composite", "source"),
        )
        chance = np.random.default_rng(5).uniform(-0.3, 0.3, 9).round(2)
        every = {*range(9)}
        given = [
            (1 + chance, every - {5}),
            (100 - 90 * chance[::-1], there - {5}),
            (np.ones(9), every),
            (1 - chance, every),
        ]
        rows = [
            {"variable": f"v{at}", "value": float((place + 1) * unit[place]), "case": f"A>{place}"}
            for at, (unit, places) in enumerate(given)
            for place in sorted(places)
        ]
        settled = {"title": "Settled", "measures": {"it": "other"}}
        return study(specs, rows, cases=[f"A>{place}" for place in range(9)], scenarios={"settled": settled})

    def test_each_has_tables_of_its_own(self):
        profile = self.profile({*range(9)})
        one, plain = sampler(profile, measures=True, imputations=3), sampler(profile, imputations=3)
        settled = sampler(profile.all_scenarios["settled"].apply(profile), imputations=3)
        assert [factor.name for factor in one.factors] == ["measures: it", "imputation: table"]
        for table in (0.1, 0.5, 0.9, np.nan):
            main, by_other = one.scores(np.array([[0.1, table], [0.9, table]]))
            assert np.array_equal(main, plain.scores(np.array([[table]]))[0], equal_nan=True)
            assert np.array_equal(by_other, settled.scores(np.array([[table]]))[0], equal_nan=True)
            if not np.isnan(table):
                assert by_other[one.nodes.index("it"), 5] == pytest.approx(60, abs=20)

    def test_one_that_cannot_be_completed_is_named(self):
        one = sampler(self.profile({3, 4}), measures=True, imputations=3)
        with pytest.raises(
            MethodError, match="multiple_imputation: it other: it has 2 values, and a regression needs 3"
        ):
            one.scores(np.array([[0.1, 0.1]]))


class TestObservations:
    def test_everything_at_once(self, kazakhstan):
        """The hardest case: each draw is rebuilt as a profile of its own, by other ways than the draws take."""
        one = sampler(
            kazakhstan,
            observations=True,
            measures=True,
            goalposts=True,
            aggregate={
                "composite": ["arithmetic", "geometric"],
                "dimension": ["arithmetic", {"method": "power", "p": {"low": 0, "high": 1}}],
            },
            scenarios=["visa_list", "no_interview_3"],
            weights={
                "composite": {"method": "dirichlet", "concentration": 9.0},
                "education_programmes": {"method": "band", "share": 0.5},
            },
            leave_out="one",
        )
        u = Points(one.dimensions, 8, "random", 5).all()
        # Days are drawn as well; here they stay, for no date stands for the middle of one.
        dated = [
            column
            for column, at in one.inventory.fact_place.items()
            if list(one.inventory.facts.table)[at][1] != "value"
        ]
        u[:, dated] = np.nan
        scores, said = one.scores(u), realised(one, u)
        for row, draw in said.iterrows():
            result = softpower.score(rebuilt(kazakhstan, draw))
            assert np.allclose(scores[row], expected(one, result), rtol=0, atol=1e-9, equal_nan=True)

    def test_two_indicators_move_with_their_common_fact(self, kazakhstan):
        one = sampler(kazakhstan, observations=True)
        shared = [factor for factor in one.factors if factor.dimension == "several"]
        assert shared
        points = np.full((2, one.dimensions), np.nan)
        points[:, shared[0].columns[0]] = [0.0, 1.0]
        scores = one.scores(points)
        moved = [node for at, node in enumerate(one.nodes) if scores[0, at, 0] != scores[1, at, 0]]
        assert len([node for node in moved if node in kazakhstan.indicators]) > 1

    def test_events_draw_codes_alone(self, kazakhstan):
        one = sampler(kazakhstan, observations="uniform")
        drawn_facts = one.inventory.facts.draw(np.random.default_rng(0).random((64, len(one.inventory.facts.table))))
        coded = [(at, fact) for at, fact in enumerate(one.inventory.facts.table.values()) if fact.codes]
        assert coded
        for at, fact in coded:
            assert set(drawn_facts[:, at]) <= {code for code in fact.codes if fact.low <= code <= fact.high}

    def test_sets(self, kazakhstan):
        one = sampler(kazakhstan, sets=True)
        scores = one.scores(np.array([[0.2], [0.8]]))
        both = softpower.score(kazakhstan.replace(sets=("base", "extended")))
        assert np.allclose(scores[1], expected(one, both), rtol=0, atol=1e-12)

    def test_leaving_one_out_is_the_profile_without_it(self, kazakhstan):
        one = sampler(kazakhstan, leave_out="one")
        (factor,) = one.factors
        picks = np.array([0, 1, 8, 17, 30])
        scores = one.scores(((picks + 0.5) / len(factor.alternatives))[:, None])
        for row, pick in enumerate(picks):
            name = factor.alternatives[pick]
            profile = kazakhstan if name == "none" else kazakhstan.without(name)
            result = softpower.score(profile)
            dimensions = [node for node in result.nodes if node not in kazakhstan.indicators]
            places = [one.nodes.index(node) for node in dimensions]
            assert np.allclose(scores[row, places, 0], result.to_wide()[dimensions].to_numpy()[0], rtol=0, atol=1e-12)


def rebuilt(profile: Profile, draw: pd.Series) -> Profile:
    """Return a profile in which what was drawn is so: facts exact, alternatives chosen, weights and means set."""
    values = {}
    preferred = []
    patch: dict[str, dict[str, str]] = {"measures": {}, "goalposts": {}}
    weights, methodology = {}, {}
    for name, value in draw.items():
        kind, _, rest = str(name).partition(": ")
        if kind == "observation":
            values[rest] = value
        elif kind == "alternatives":
            preferred.append(value)
        elif kind in patch and value != "main":
            patch[kind][rest] = value
        elif kind == "weights":
            weights[rest.rsplit(": ", 1)[1]] = value
    p = draw["aggregation: dimension: p of power"]
    power = {"method": "power", "p": p}
    methodology["aggregate"] = {
        "composite": draw["aggregation: composite"],
        "source": "arithmetic",
        "dimension": "arithmetic" if draw["aggregation: dimension"] == "arithmetic" else power,
    }
    # A measure that brings its own range has the alternatives of that one.
    for name, chosen in dict(patch["goalposts"]).items():
        one = profile.indicators[name].measured_by(patch["measures"].get(name, "main"))
        if chosen not in {other.id for other in one.goalposts.alternatives}:
            del patch["goalposts"][name]
    if draw["scenarios"] != "declared":
        profile = profile.all_scenarios[draw["scenarios"]].apply(profile)
    facts = []
    for one in profile.observations:
        if one.id in values:
            unit = profile.framework.variables[one.variable].unit
            facts.append(one.replace(value=values[one.id], low=None, high=None, wording="exact", unit=unit))
        else:
            facts.append(one)
    known = {one.id for one in facts}
    out = draw["selection: left out"]
    gone = {"exclude": {"nodes": [out]}} if out in profile.indicators else {}
    weights.pop(out, None)
    made = Scenario(
        title="drawn",
        preferred=[one for one in preferred if one in known],
        methodology=methodology,
        weights=weights,
        **patch,
        **gone,
    )
    return made.apply(profile.replace(observations=facts, scenarios={}, uncertainty=Uncertainty()))


class TestReadings:
    """Several coders of one fact."""

    def judged(self, **preferred):
        codes = {"Ann": {"low": -2, "value": -1, "high": 0}, "Bob": {"value": 1}, "Cem": {"value": 2}}
        rows = [
            {"variable": "v", "coder": coder, "preferred": coder in preferred, **bounds}
            for coder, bounds in codes.items()
        ]
        measure = {"kind": "mean", "variables": ["v"]}
        it = indicator(measure, unit="ordinal:-2..2", low=-2, high=2)
        return study(framework({"it": it}, {"v": variable("judgement", "ordinal:-2..2")}), rows)

    def test_a_draw_is_a_reading(self):
        one = sampler(self.judged(), observations=True)
        assert [factor.name for factor in one.factors] == ["observation: o1", "alternatives: o1 or o2 or o3"]
        column = one.factors[1].columns[0]
        u = np.full((6, one.dimensions), 0.5)
        u[:, column] = [0.0, 0.3, 0.4, 0.6, 0.7, 1.0]
        # codes -1, 1 and 2 on a scale from -2 to 2
        assert one.scores(u)[:, -1, 0].tolist() == [25, 25, 75, 75, 100, 100]

    def test_each_within_its_own_bounds(self):
        one = sampler(self.judged(), observations="uniform")
        _, said, scores = drawn(one, 200)
        expected = said["observation: o1"].where(said["alternatives: o1 or o2 or o3"] == "o1", np.nan)
        expected = expected.fillna(said["alternatives: o1 or o2 or o3"].map({"o2": 1.0, "o3": 2.0}))
        np.testing.assert_allclose(scores[:, -1, 0], 25 * (expected + 2))
        assert set(expected) == {-2.0, -1.0, 0.0, 1.0, 2.0}

    def test_where_none_is_picked_their_mean_holds(self):
        one = sampler(self.judged(), observations="uniform")
        u = np.full((3, one.dimensions), np.nan)
        u[1:, one.factors[0].columns[0]] = [0.0, 1.0]
        # (-1 + 1 + 2) / 3, and with -2 or 0 in the place of -1
        np.testing.assert_allclose(one.scores(u)[:, -1, 0], 25 * (np.array([2, 1, 3]) / 3 + 2))

    def test_the_preferred_holds_where_there_is_one(self):
        one = sampler(self.judged(Bob=True), observations=True)
        assert one.scores(np.full((1, one.dimensions), np.nan))[0, -1, 0] == 75

    def test_what_is_not_drawn_stays_their_mean(self):
        one = sampler(self.judged(), weights="simplex")
        np.testing.assert_allclose(one.scores(np.full((2, one.dimensions), 0.5))[:, -1, 0], 25 * (2 / 3 + 2))


class TestRefusals:
    def test_choices_without_meaning_are_named(self, table):
        one = sampler(table, aggregate=["arithmetic", "geometric"])
        with pytest.raises(MethodError, match=r"aggregation = geometric: .*the geometric mean needs positive scores"):
            one.scores(np.array([[0.9]]))

    def test_zeros_that_only_draws_have(self):
        frame = pd.DataFrame({"a": [1.0, 2.0], "a:low": [0.0, 2.0], "b": [1.0, 4.0]}, index=["X", "Y"])
        profile = softpower.from_frame(frame, methodology={"normalise": "none", "aggregate": "geometric"})
        one = sampler(profile, observations="uniform")
        with pytest.raises(MethodError, match="'a' has none in some draws"):
            one.scores(np.array([[0.0], [0.5]]))

    @pytest.mark.parametrize("under", [lambda one: one, lambda one: {"composite": one}], ids=["tree", "level"])
    def test_orders_in_a_circle_are_named(self, under):
        frame = pd.DataFrame({"trade": [1.0, 3.0], "aid": [2.0, 1.0], "visits": [5.0, 2.0]}, index=["X", "Y"])
        weights = under({"method": "ordered", "at_least": [["trade", "visits"], ["visits", "trade"]]})
        with pytest.raises(MethodError, match=r"circle through the siblings trade, visits\. Leave one of these pairs"):
            softpower.uncertainty_analysis(frame, uncertainty={"weights": weights}, n=16)
        # Not to be drawn, it is still a rule: the two weigh the same, and aid what is left.
        space = softpower.weight_space(frame, weights=weights).to_frame().xs("composite", level="node")
        assert space.loc["X", ["least", "greatest"]].tolist() == pytest.approx([50, 100])

    def test_zeros_that_weigh_nothing_in_their_row(self):
        # A and B stand as high as C and D only where they weigh nothing on what they score zero.
        frame = pd.DataFrame({"x": [0.0, 10, 1, 10], "y": [10.0, 0, 10, 1]}, index=list("ABCD"))
        frame = frame.assign(**{"x:low": frame["x"] - [0, 0, 0.5, 0], "x:high": frame["x"] + [0, 0, 0.5, 0]})
        weights = {"weights": "benefit_of_the_doubt", "aggregate": "geometric"}
        profile = softpower.from_frame(frame, methodology={"normalise": "share_of_best"} | weights)
        one = sampler(profile, observations="uniform")
        drawn = one.scores(np.full((2, one.dimensions), 0.5))
        used = softpower.score(profile).weight[:, :2]
        assert (used == 0).any(axis=0).all()
        # At one half every number is the declared one.
        expected = np.prod((frame[["x", "y"]] / 10).to_numpy() ** used, axis=1)
        np.testing.assert_allclose(drawn[:, -1], [expected, expected])

    def test_zeros_that_weigh_nothing_in_their_draw(self):
        frame = pd.DataFrame({"a": [1.0, 2.0], "a:low": [0.0, 2.0], "b": [1.0, 4.0]}, index=["X", "Y"])
        profile = softpower.from_frame(frame, methodology={"normalise": "none", "aggregate": "geometric"})
        one = sampler(profile, observations="uniform", leave_out="one")
        u = np.full((3, one.dimensions), np.nan)
        place = {factor.name: factor.columns[0] for factor in one.factors}
        drawn, gone = (next(column for name, column in place.items() if said in name) for said in ("X", "left out"))
        # Nothing is left out of the first draw, a of the second, b of the third.
        u[:, gone] = [0.1, 0.5, 0.9]
        u[1, drawn] = 0.0
        np.testing.assert_allclose(one.scores(u)[:, -1], [[1, np.sqrt(8)], [1, 4], [1, 2]])
        u[2, drawn] = 0.0
        with pytest.raises(MethodError, match="'a' has none in some draws"):
            one.scores(u)

    def test_weights_by_case(self):
        profile = softpower.from_frame(FRAME, methodology={"weights": "benefit_of_the_doubt"})
        one = sampler(profile, weights="simplex")
        with pytest.raises(MethodError, match="each case has weights of its own"):
            one.scores(np.full((1, one.dimensions), 0.5))

    @pytest.mark.parametrize(
        "given",
        [
            {"method": "sets", "sets": {"one": {"trade": 2.0}, "two": "equal"}},
            {"method": "experts", "points": {"trade": [1.0], "visits": [2.0], "aid": [1.0]}},
        ],
    )
    def test_sets_beside_weights_by_case(self, given):
        profile = softpower.from_frame(FRAME, methodology={"weights": "benefit_of_the_doubt"})
        with pytest.raises(MethodError, match="each case has weights of its own"):
            sampler(profile, weights=given)

    def test_a_set_of_weights_by_case_is_named(self, table):
        sets = {"equal": "equal", "doubt": "benefit_of_the_doubt"}
        with pytest.raises(MethodError, match="weights: doubt: it gives each case weights of its own"):
            sampler(table, weights={"method": "sets", "sets": sets})


def test_it_can_be_sent_to_another_process(kazakhstan):
    one = Sampler(kazakhstan, kazakhstan.uncertainty)
    u = Points(one.dimensions, 5, "random", 1).all()
    assert np.array_equal(pickle.loads(pickle.dumps(one)).scores(u), one.scores(u), equal_nan=True)


class TestMeasuresOfATable:
    """A table holds the values of one measure for each indicator: none can be scored by the range of another."""

    @pytest.fixture
    def given(self):
        posts = {"low": 0, "high": 10, "kind": "benchmark", "reason": "for the test"}
        other = {
            "id": "other",
            "title": "Another",
            "reason": "for the test",
            "measure": {"kind": "value", "variable": "v"},
            "goalposts": posts | {"high": 1000},
        }
        indicators = {name: {"title": name, "dimension": "all", "goalposts": posts} for name in "pq"}
        indicators["p"]["alternative_measures"] = [other]
        variables = {"v": {"title": "v", "kind": "stock", "unit": "number"}}
        specs = {"dimensions": {"all": {"title": "All"}}, "variables": variables, "indicators": indicators}
        return pd.DataFrame({"p": [10.0, 5.0], "q": [3.0, 4.0]}, index=["A", "B"]), softpower.Framework.from_dict(specs)

    def test_all_there_are_is_none(self, given):
        drawn = softpower.uncertainty_analysis(*given, uncertainty={"measures": True, "weights": "simplex"}, n=64)
        assert [one.name for one in drawn.factors] == ["weights: all"]

    def test_one_that_is_named_is_refused(self, given):
        said = "measures.*: a table holds the values of one measure for each indicator, and none of others"
        with pytest.raises(MethodError, match=said):
            softpower.uncertainty_analysis(*given, uncertainty={"measures": ["p"]}, n=64)
        with pytest.raises(SpecificationError, match=said):
            softpower.score(*given, scenario={"title": "Otherwise", "measures": {"p": "other"}})

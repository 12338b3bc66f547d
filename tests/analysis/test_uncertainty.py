"""Uncertainty analysis: worked answers, what it refuses, what it says, and the same bits on any executor."""

import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest

import softpower
from properties.strategies import framework, indicator, scored, study, tree_specs, variable
from softpower import Claim, Uncertainty, uncertainty_analysis
from softpower.analysis import idle, specifications
from softpower.analysis.drawn_notes import SHOWN, outside_notes
from softpower.analysis.monte_carlo import error_of_mean, error_of_quantile
from softpower.draws import drawing, tally
from softpower.errors import ExecutionError, MethodError, NotFoundError, SoftPowerError, SpecificationError

FRAME = pd.DataFrame({"a": [80.0, 20.0, 55.0], "b": [30.0, 60.0, 55.0]}, index=["P", "Q", "R"])
SHARES = {"normalise": "none", "aggregate": "arithmetic"}


def hundred(frame, **more):
    """Return the profile of a table that is scored against 0 to 100, so that a value is its score."""
    names = [name for name in frame.columns if ":" not in name]
    posts = {"low": 0, "high": 100, "kind": "natural_share", "reason": "a share"}
    framework = softpower.Framework.from_dict(
        {
            "id": "flat",
            "title": "Flat",
            "levels": ["composite"],
            "dimensions": {"index": {"title": "Index"}},
            "indicators": {name: {"title": name, "dimension": "index", "goalposts": posts} for name in names},
        }
    )
    return softpower.from_frame(frame, framework).replace(**more)


@pytest.fixture(scope="module")
def two():
    return uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=8192)


@pytest.fixture(scope="module")
def kazakhstan():
    return uncertainty_analysis("kazakhstan", n=4096)


@pytest.fixture(scope="module")
def claimed():
    claims = [
        Claim(id="leads", says="P leads.", kind="highest", cases=["P"]),
        Claim(id="not_leads", says="P does not lead.", kind="highest", cases=["P"], negated=True),
        Claim(id="above", says="P by ten.", kind="above", cases=["P", "Q"], by=10.0),
        Claim(id="order", says="R, Q, P.", kind="order", cases=["R", "Q", "P"]),
        Claim(id="last", says="P is last.", kind="lowest", cases=["P", "Q", "R"]),
        Claim(id="apart", says="They differ.", kind="spread", cases=["P", "Q", "R"], by=10.0),
    ]
    profile = hundred(FRAME).replace(claims=claims)
    return uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=8192)


class TestClosedForm:
    """Two indicators and weights on the simplex: w of `a` is uniform, so every probability is a length."""

    @pytest.fixture
    def drawn(self, two):
        return two

    def test_acceptability(self, drawn):
        # P = 30 + 50 w, Q = 60 - 40 w, R = 55. P passes Q at 1/3 and R at 1/2; Q falls below R at 1/8.
        table = drawn.acceptability()
        expected = {
            "P": [1 / 2, 1 / 2 - 1 / 3, 1 / 3],
            "Q": [1 / 8, 1 / 3 - 1 / 8, 2 / 3],
            "R": [1 / 2 - 1 / 8, 1 - 3 / 8, 0],
        }
        for case, shares in expected.items():
            assert np.abs(table.loc[case].to_numpy() - shares).max() < 2e-3
        assert np.allclose(table.sum(axis=1), 1.0)
        assert np.allclose(table.sum(axis=0), 1.0, atol=1e-3)

    def test_the_sums_that_follow_from_it(self, drawn):
        table = drawn.acceptability()
        assert np.allclose(drawn.at_most(2), table[[1, 2]].sum(axis=1))
        assert drawn.share_error(table).notna().all(axis=None)
        assert np.allclose(drawn.ranks()["mean"], table @ [1, 2, 3])

    def test_pairs(self, drawn):
        above = drawn.probability_above()
        assert above.loc["P", "Q"] == pytest.approx(2 / 3, abs=2e-3)
        assert above.loc["Q", "R"] == pytest.approx(1 / 8, abs=2e-3)
        assert np.isnan(above.loc["P", "P"])

    def test_every_share_and_rank_has_an_error(self, drawn):
        table = drawn.acceptability()
        assert drawn.share_error(table).loc["P", 1] == pytest.approx(np.sqrt(0.25 / 8192), rel=1e-3)
        assert drawn.share_error(drawn.at_most(3)).tolist() == [0.0, 0.0, 0.0]
        assert drawn.ranks().filter(like="_error").notna().all(axis=None)

    def test_the_spread_of_ranks_is_that_of_their_shares(self, drawn):
        shares, ranks = drawn.acceptability(), np.array([1, 2, 3])
        # Over one less than the draws, as that of scores.
        variance = (shares @ ranks**2 - (shares @ ranks) ** 2) * 8192 / 8191
        assert drawn.ranks()["standard_deviation"].to_numpy() == pytest.approx(np.sqrt(variance).to_numpy())

    def test_moments(self, drawn):
        frame = drawn.to_frame("composite").droplevel("node")
        assert frame.loc["P", "mean"] == pytest.approx(55.0, abs=0.05)
        assert frame.loc["P", "standard_deviation"] == pytest.approx(50 / np.sqrt(12), abs=0.05)
        assert frame.loc["P", ["low", "median", "high"]].tolist() == pytest.approx([32.5, 55.0, 77.5], abs=0.1)
        assert frame.loc["R", "standard_deviation"] == pytest.approx(0.0, abs=1e-9)
        assert frame.loc["Q", "score"] == 40.0

    def test_errors_are_as_large_as_the_errors(self, drawn):
        runs = [uncertainty_analysis(drawn.profile, n=512, sampling="random", rng=seed) for seed in range(12)]
        means = np.array([one.to_frame("composite")["mean"].iloc[0] for one in runs])
        said = np.array([one.to_frame("composite")["mean_error"].iloc[0] for one in runs])
        assert 0.5 < said.mean() / means.std(ddof=1) < 2.0
        ranks = np.array([one.ranks().loc["P", ["mean", "mean_error"]].tolist() for one in runs])
        assert 0.5 < ranks[:, 1].mean() / ranks[:, 0].std(ddof=1) < 2.0
        assert drawn.to_frame("composite")["mean_error"].iloc[0] < said.mean() / 10


class TestDiscrete:
    def test_draws_come_to_the_mean_over_all_combinations(self):
        uncertain = {
            "normalise": ["goalposts", "min_max"],
            "aggregate": ["arithmetic", "minimum", "geometric"],
            "weights": {"method": "sets", "sets": {"equal": "equal", "first": {"a": 3.0}}},
        }
        drawn = uncertainty_analysis(hundred(FRAME), methodology={"floor": 1.0}, uncertainty=uncertain, n=4096)
        table = drawn.specifications()
        assert len(table) == 2 * 3 * 2 * len(FRAME)
        exact = table.groupby("case")["index"].mean()
        assert np.abs(drawn.to_frame("composite").droplevel("node")["mean"] - exact).max() < 0.05

    def test_specifications_are_scores(self):
        drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"aggregate": ["arithmetic", "minimum"]}, n=64)
        table = drawn.specifications().set_index(["aggregation", "case"])["index"]
        for method in ("arithmetic", "minimum"):
            expected = softpower.score(hundred(FRAME), methodology={"aggregate": method}).composite
            assert np.allclose(table[method][expected.index], expected)

    def test_as_many_as_may_be(self, monkeypatch):
        uncertain = {"aggregate": ["arithmetic", "minimum"], "normalise": ["min_max", "rank"]}
        drawn = uncertainty_analysis(FRAME, uncertainty=uncertain, n=16)
        both = ["aggregation", "normalisation"]
        monkeypatch.setattr(specifications, "LIMIT", 4)
        assert len(drawn.specifications(both)) == 4 * len(FRAME)
        monkeypatch.setattr(specifications, "LIMIT", 3)
        with pytest.raises(MethodError, match="2 factors have 4 combinations"):
            drawn.specifications(both)

    def test_too_many(self):
        profile = softpower.load_profile("kazakhstan")
        drawn = uncertainty_analysis(profile, n=64)
        names = [one.name for one in drawn.factors if one.alternatives]
        with pytest.raises(MethodError, match=r"factors have [\d,]+ combinations"):
            drawn.specifications(names)
        with pytest.raises(NotFoundError, match="Did you mean 'scenarios'"):
            drawn.specifications(["scenario"])


class TestClaims:
    @pytest.fixture
    def drawn(self, claimed):
        return claimed

    def test_shares_in_closed_form(self, drawn):
        share = drawn.claims()["share"]
        # P leads beyond 1/2. It is ten above Q where 90 w >= 40. R, Q, P is the order between 1/8 and 1/3.
        assert share["leads"] == pytest.approx(1 / 2, abs=2e-3)
        assert share["above"] == pytest.approx(1 - 4 / 9, abs=2e-3)
        assert share["order"] == pytest.approx(1 / 3 - 1 / 8, abs=2e-3)
        assert share["last"] == pytest.approx(1 / 3, abs=2e-3)
        # The spread is that of P and Q up to 1/8 ... and nowhere under ten but from 2/9 on to 3/8 or so.
        w = (np.arange(100_000) + 0.5) / 100_000
        scores = np.stack([30 + 50 * w, 60 - 40 * w, np.full_like(w, 55.0)])
        assert share["apart"] == pytest.approx((np.ptp(scores, axis=0) >= 10).mean(), abs=2e-3)

    def test_a_claim_and_its_denial_add_to_one(self, drawn):
        share = drawn.claims()["share"]
        assert share["leads"] + share["not_leads"] == 1.0

    def test_the_error_of_a_share_is_below_that_of_draws_at_random(self, drawn):
        table = drawn.claims()
        at_random = np.sqrt(table["share"] * (1 - table["share"]) / drawn.n)
        assert (table["error"] > 0).all()
        assert (table["error"] <= at_random).all()

    def test_what_is_not_robust_is_said(self, drawn):
        assert any(note.startswith("Not robust: leads: P leads.") for note in drawn.notes)

    def test_what_the_draws_deny_is_said_and_what_they_bear_out_is_not(self):
        frame = pd.DataFrame({"a": [80.0, 20.0], "b": [70.0, 30.0]}, index=["P", "Q"])
        claims = [
            Claim(id="p_leads", says="P leads.", kind="highest", cases=["P"]),
            Claim(id="q_leads", says="Q leads.", kind="highest", cases=["Q"]),
        ]
        drawn = uncertainty_analysis(hundred(frame, claims=claims), uncertainty={"weights": "simplex"}, n=256)
        said = [note for note in drawn.notes if "_leads" in note]
        assert said == ["Against the draws: q_leads: Q leads. It holds in 0% of them."]

    def test_ties_are_no_lead(self):
        frame = pd.DataFrame({"a": [50.0, 50.0], "b": [50.0, 50.0]}, index=["P", "Q"])
        claims = [Claim(id="above", says="P above Q.", kind="above", cases=["P", "Q"])]
        drawn = uncertainty_analysis(hundred(frame, claims=claims), uncertainty={"weights": "simplex"}, n=64)
        assert drawn.claims()[["share", "error"]].to_numpy().tolist() == [[0.0, 0.0]]
        assert drawn.ranks()["mean"].tolist() == [1.0, 1.0]

    def test_a_lead_within_a_thousand_millionth_of_the_scale_is_a_tie(self):
        frame = pd.DataFrame({"a": [50.0 + 5e-8, 50.0], "b": [50.0 + 5e-8, 50.0]}, index=["P", "Q"])
        drawn = uncertainty_analysis(hundred(frame), uncertainty={"weights": "simplex"}, n=64)
        assert drawn.probability_above().loc["P", "Q"] == 0


class TestKazakhstan:
    @pytest.fixture
    def drawn(self, kazakhstan):
        return kazakhstan

    @pytest.mark.parametrize("order", [[0, 1, 2, 3], [1, 0, 3, 2]])
    def test_over_periods_a_claim_is_about_the_last(self, order):
        years = pd.MultiIndex.from_product([["A", "B"], [2000, 2001]], names=["case", "period"])
        # A leads by both in 2000, B by both in 2001.
        panel = pd.DataFrame({"x": [9.0, 1, 2, 8], "y": [8.0, 2, 1, 9]}, years).iloc[order]
        claims = [
            {"id": f"{one}_leads", "says": "So.", "kind": "above", "cases": [one, other]} for one, other in ("AB", "BA")
        ]
        profile = softpower.from_frame(panel).replace(claims=claims)
        drawn = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=16)
        assert drawn.claims()["share"].to_dict() == {"A_leads": 0.0, "B_leads": 1.0}

    def test_it_states_the_claims_of_the_article(self, drawn):
        claims = drawn.claims()
        assert {"culture_leads", "values_are_lowest", "sources_differ", "order_of_sources"} <= set(claims.index)
        assert claims["decided"].eq(1.0).all()
        assert claims.loc["order_of_sources", "share"] <= claims.loc["culture_leads", "share"]
        assert claims["source"].str.startswith("zhunissova2023").all()

    def test_says_plainly_what_is_not_robust(self, drawn):
        said = " ".join(drawn.notes)
        assert "Not robust: culture_leads" in said
        assert "Not robust: sources_differ" not in said

    def test_dimensions_of_one_case_are_compared(self, drawn):
        above = drawn.probability_above()
        assert set(above.index) == {"culture", "political_values", "foreign_policy"}
        assert above.loc["culture", "political_values"] > 0.5
        for ask in (drawn.ranks, drawn.acceptability):
            with pytest.raises(MethodError, match="one case has no rank"):
                ask()

    def test_every_draw_can_be_had_back(self, drawn):
        factors, draws = drawn.drawn_factors(), drawn.draws()
        assert len(factors) == len(draws) == 4096
        assert (draws.index.name, draws.columns.name) == ("draw", "node")
        assert not factors.isna().to_numpy().any()
        declared = factors["scenarios"] == "no_judgements"
        assert draws.loc[declared, "governance_tension"].isna().all()

    def test_idle_factors_are_named(self):
        profile = softpower.load_profile("kazakhstan")
        drawn = uncertainty_analysis(profile, uncertainty={"missing": ["available", "strict"]}, n=64)
        assert drawn.idle == ("missing",)
        assert "Factors that change no score: missing." in drawn.notes

    def test_what_is_declared_may_be_none_of_the_alternatives(self):
        both = {"aggregate": ["geometric"], "weights": "simplex"}
        drawn = uncertainty_analysis("kazakhstan", uncertainty=both, n=64)
        assert "Draws choose among alternatives of which none is what is declared: aggregation." in drawn.notes
        drawn = uncertainty_analysis("kazakhstan", uncertainty={"aggregate": ["geometric"]}, n=64)
        assert any(
            one.startswith("EU>KAZ soft_power: the score as declared, 61.2, lies outside") for one in drawn.notes
        )
        assert "Draws choose among alternatives of which none is what is declared: aggregation." in drawn.notes
        assert drawn.to_frame("composite")["outside"].all()


@pytest.mark.parametrize("means", [("arithmetic", "geometric"), ("geometric", "arithmetic")])
def test_a_score_is_outside_on_either_side_however_little(means):
    declared, drawn = means
    profile = hundred(pd.DataFrame({"a": [50.0, 70.0], "b": [52.0, 70.0]}, index=["P", "Q"]))
    frame = uncertainty_analysis(
        profile, methodology={"aggregate": declared}, uncertainty={"aggregate": [drawn]}, n=16
    ).to_frame("composite")
    assert frame["outside"].droplevel("node").to_dict() == {"P": True, "Q": False}


class TestShown:
    def test_as_text(self, two, kazakhstan):
        assert repr(two).startswith("UncertaintyResult(8,192 draws of 1 factor: P 55.0 (32.4 to 77.5); Q 40.0 (")
        assert repr(two).endswith(")")
        assert ", ..." not in repr(two)
        assert repr(kazakhstan).count(" to ") == 1
        more = pd.concat([FRAME, FRAME.rename(index=str.lower)]).head(4)
        drawn = uncertainty_analysis(hundred(more), uncertainty={"weights": "simplex"}, n=16)
        assert repr(drawn).count(" to ") == 3
        assert repr(drawn).endswith(", ...)")

    def test_as_text_on_several_scales(self):
        drawn = uncertainty_analysis(FRAME, uncertainty={"normalise": ["min_max", "z_score"]}, n=16)
        assert repr(drawn) == (
            "UncertaintyResult(16 draws of 1 factor: on several scales, so that ranks alone compare)"
        )

    def test_as_html(self, claimed, two, kazakhstan):
        assert "<strong>Claims</strong>" in claimed._repr_html_()
        assert "<strong>Claims</strong>" not in two._repr_html_()
        # Of several cases the composite alone; of one what is right below it, too.
        for result, nodes in ((two, ["index"]), (kazakhstan, kazakhstan.probability_above().index)):
            rows = result._repr_html_().split("</table>")[0].split("<tbody>")[1]
            assert rows.count("<tr>") == len(result.score.index) * (1 if len(nodes) == 1 else 1 + len(nodes))


@pytest.mark.parametrize(("more", "said"), [(0, []), (2, ["2 more scores lie outside their intervals."])])
def test_only_so_many_scores_outside_their_intervals_are_named(more, said):
    names = [f"C{place}" for place in range(SHOWN + more)]
    frame = pd.DataFrame({"outside": True, "score": 9.0, "low": 1.0, "high": 2.0}, pd.MultiIndex.from_arrays([names]))
    notes = list(outside_notes(frame))
    assert notes[0] == "C0: the score as declared, 9.0, lies outside 1.0 to 2.0."
    assert notes[SHOWN:] == said


class TestErrors:
    """Errors of Monte Carlo by hand."""

    def test_of_a_mean(self):
        # 1 and 3 lie 1 from their mean: the variance 2 over two estimates is 1. A replicate without a draw is none.
        estimates, count = np.array([[1.0, 7.0], [3.0, np.nan], [90.0, 8.0]]), np.array([[5, 1], [5, 5], [0, 0]])
        np.testing.assert_array_equal(error_of_mean(estimates, count), [1.0, np.nan])
        # One draw makes a replicate as well.
        np.testing.assert_array_equal(error_of_mean(np.array([[1.0, 1], [3, 5]]), np.array([[1, 1], [1, 1]])), [1, 2])

    def test_of_a_quantile(self):
        # With 25 draws the median's share is off by sqrt(1 / 4 / 25) = 1 / 10 to either side.
        assert error_of_quantile(lambda share: 100 * share, 0.5, np.array([25])) == pytest.approx([10])

    def test_of_a_quantile_near_an_end(self):
        # With two draws a share of 0.1 is off by sqrt(0.09 / 2), and none is below zero; one draw has no error.
        found = error_of_quantile(lambda share: 100 * share, 0.1, np.array([1, 2]))
        np.testing.assert_allclose(found, [np.nan, 100 * (0.1 + np.sqrt(0.045)) / 2])
        upper = error_of_quantile(lambda share: 100 * share, 0.9, np.array([1, 2]))
        np.testing.assert_allclose(upper, found)


class TestManyScores:
    """Above a million scores quantiles come from a grid, whose error is stated."""

    def test_those_of_few_are_exact(self):
        """Quantiles of type 7, as numpy has them, of the scores of each draw."""
        drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=7)
        scores = drawn.draws().xs("index", axis=1, level="node")
        frame = drawn.to_frame("composite").droplevel("node")
        for name, share in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
            assert frame[name].tolist() == pytest.approx(scores.quantile(share).tolist(), rel=1e-12)

    def test_the_grid_agrees_within_its_error(self, monkeypatch):
        profile = hundred(FRAME)
        kept = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=2048)
        monkeypatch.setattr(drawing, "KEPT", 0)
        counted = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=2048)
        assert kept.grid_error == 0 < counted.grid_error < 0.1
        assert [any("come from a grid" in note for note in one.notes) for one in (kept, counted)] == [False, True]
        for name in ("low", "median", "high"):
            apart = (kept.to_frame()[name] - counted.to_frame()[name]).abs().max()
            assert apart <= counted.grid_error
        for name in ("mean", "standard_deviation", "present"):
            assert (kept.to_frame()[name] == counted.to_frame()[name]).all()
        assert kept.draws().equals(counted.draws())
        assert kept.probability_above().equals(counted.probability_above())
        said = f"Quantiles of scores come from a grid and may be wrong by {counted.grid_error:.2g}."
        assert said in counted.notes
        assert not [note for note in kept.notes if "grid" in note]

    def test_the_grid_of_an_open_scale_reaches_beyond_the_scores(self, monkeypatch):
        profile = softpower.from_frame(FRAME, methodology={"normalise": "z_score"})
        kept = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=2048)
        monkeypatch.setattr(drawing, "KEPT", 0)
        counted = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=2048)
        assert 0 < counted.grid_error < 0.1
        for name in ("low", "median", "high"):
            assert (kept.to_frame()[name] - counted.to_frame()[name]).abs().max() <= counted.grid_error

    def test_there_is_a_grid_where_nothing_has_a_score(self, monkeypatch):
        monkeypatch.setattr(drawing, "KEPT", 0)
        choices = {"normalise": "none", "aggregate": "geometric"}
        profile = softpower.from_frame(FRAME.where(FRAME > 100), methodology=choices)
        drawn = uncertainty_analysis(profile, uncertainty={"weights": "simplex"}, n=16)
        assert drawn.to_frame()[["low", "median", "high"]].isna().all(axis=None)

    def test_scores_on_several_scales_are_counted_by_rank_alone(self, monkeypatch):
        uncertain = {"normalise": ["min_max", "z_score"], "weights": "simplex"}
        kept = uncertainty_analysis(FRAME, uncertainty=uncertain, n=256)
        monkeypatch.setattr(drawing, "KEPT", 0)
        counted = uncertainty_analysis(FRAME, uncertainty=uncertain, n=256)
        assert counted.to_frame()["median"].isna().all()
        assert counted.grid_error == 0
        assert counted.ranks().equals(kept.ranks())


def test_ranks_of_too_many_cases_are_not_counted_one_by_one(monkeypatch):
    monkeypatch.setattr("softpower.draws.tally.CASES_LIMIT", 2)
    monkeypatch.setattr("softpower.draws.tally.COUNTS_LIMIT", 2)
    drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=64)
    with pytest.raises(MethodError, match="3 cases have too many ranks to count each by itself"):
        drawn.acceptability()


class TestRanksOfManyCases:
    """Of more than 2,048 cases the ranks are held while there are few draws, and counted on a grid that is stated."""

    @pytest.fixture
    def frame(self):
        cells = np.random.default_rng(0).normal(size=(2_100, 2))
        return pd.DataFrame(cells, [f"C{place}" for place in range(2_100)], ["x", "y"])

    @staticmethod
    def exact(drawn, share):
        """The quantiles of the ranks of every draw, as pandas has them."""
        scores = drawn.draws().xs("composite", axis=1, level="node")
        steps = (scores / 1e-7).round()
        return steps.rank(axis=1, ascending=False, method="min").quantile(share)

    def test_those_of_few_draws_are_exact(self, frame):
        drawn = uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=32)
        assert drawn.rank_error == 0
        assert not [note for note in drawn.notes if "grid" in note]
        table = drawn.ranks()
        for name, share in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
            np.testing.assert_allclose(table[name], self.exact(drawn, share), rtol=1e-12)

    def test_those_of_many_are_within_the_error_that_is_stated(self, frame, monkeypatch):
        monkeypatch.setattr(tally, "COUNTS_LIMIT", 0)
        monkeypatch.setattr(tally, "LEAST_BINS", 50)
        drawn = uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=32)
        assert drawn.rank_error == 2_100 / 50
        assert "Quantiles of ranks come from a grid and may be wrong by 42 ranks." in drawn.notes
        table = drawn.ranks()
        apart = [
            np.abs(table[name] - self.exact(drawn, share)).max() for name, share in (("low", 0.05), ("high", 0.95))
        ]
        assert 1 < max(apart) <= drawn.rank_error

    def test_of_one_case_there_is_none(self, kazakhstan):
        assert kazakhstan.rank_error == 0


def test_each_draw_has_a_column_for_each_case_and_period():
    frame = FRAME.rename(index={"P": "KAZ"})
    for made, names in ((frame, ["case"]), (frame.assign(period=2000), ["case", "period"])):
        table = made.rename_axis("case")
        table = table.set_index("period", append=True) if len(names) == 2 else table
        drawn = uncertainty_analysis(hundred(table), uncertainty={"weights": "simplex"}, n=4).draws()
        assert drawn.columns.names == [*names, "node"]
        assert drawn.columns[0] == ("KAZ", *([2000] if len(names) == 2 else []), "index")


def random_table(rows, names):
    values = np.random.default_rng(1).random((rows, len(names)))
    return pd.DataFrame(values, index=[f"c{row}" for row in range(rows)], columns=list(names))


def bits(result):
    """Return everything that an analysis prints, to the bit."""
    tables = [result.to_frame(), result.claims()] + (
        [result.ranks(), result.acceptability()] if result.job.ranked else []
    )
    return [table.to_csv(float_format="%.17g") for table in tables]


class TestExecutors:
    @pytest.mark.parametrize("workers", [1, 2, 7])
    def test_the_same_bits_on_any_number_of_threads(self, workers):
        with ThreadPoolExecutor(workers) as executor:
            threads = uncertainty_analysis("kazakhstan", n=256, executor=executor)
        assert bits(threads) == bits(uncertainty_analysis("kazakhstan", n=256))

    def test_the_same_bits_in_pieces(self, monkeypatch):
        frame = pd.DataFrame(
            np.random.default_rng(1).random((30, 8)), index=[f"c{row}" for row in range(30)], columns=list("abcdefgh")
        )
        uncertain = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}
        monkeypatch.setattr(drawing, "CELLS", 2**14)
        alone = uncertainty_analysis(frame, uncertainty=uncertain, n=4096)
        assert len(alone.job.pieces) > 1
        with ThreadPoolExecutor(7) as executor:
            assert bits(alone) == bits(uncertainty_analysis(frame, uncertainty=uncertain, n=4096, executor=executor))

    def test_processes(self):
        with ProcessPoolExecutor(2) as executor:
            apart = uncertainty_analysis("kazakhstan", n=128, executor=executor)
        assert bits(apart) == bits(uncertainty_analysis("kazakhstan", n=128))

    def test_a_cluster_of_dask(self):
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            executor = client.get_executor()
            apart = uncertainty_analysis("kazakhstan", n=128, executor=executor)
        assert bits(apart) == bits(uncertainty_analysis("kazakhstan", n=128))
        with pytest.raises(ExecutionError, match="so there is no answer"):
            uncertainty_analysis("kazakhstan", n=128, executor=executor)

    def test_an_executor_that_dies_gives_no_answer(self):
        with ProcessPoolExecutor(1) as executor:
            executor.submit(int).result()
            for process in executor._processes.values():
                process.kill()
            with pytest.raises(ExecutionError, match=r"did not come back .*so there is no answer"):
                uncertainty_analysis("kazakhstan", n=64, executor=executor)

    @pytest.mark.parametrize("error", [BrokenProcessPool("gone"), RuntimeError("no more workers"), MemoryError("full")])
    def test_one_that_loses_work_in_the_middle(self, error):
        class Losing(ThreadPoolExecutor):
            """Does the first task and loses the second."""

            count = 0

            def submit(self, function, *arguments):
                self.count += 1
                if self.count < 2:
                    return super().submit(function, *arguments)
                lost: Future = Future()
                lost.set_exception(error)
                return lost

        frame = pd.DataFrame(
            np.random.default_rng(1).random((40, 4)), index=[f"c{row}" for row in range(40)], columns=list("abcd")
        )
        with Losing(4) as executor, pytest.MonkeyPatch.context() as patch:
            patch.setattr(drawing, "CELLS", 2**12)
            if isinstance(error, MemoryError):
                with pytest.raises(MemoryError):
                    uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=1024, executor=executor)
            else:
                with pytest.raises(ExecutionError, match=type(error).__name__):
                    uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=1024, executor=executor)

    def test_a_shut_executor(self):
        executor = ThreadPoolExecutor(1)
        executor.shutdown()
        with pytest.raises(ExecutionError, match="cannot schedule new futures"):
            uncertainty_analysis("kazakhstan", n=64, executor=executor)

    def test_no_executor_at_all(self):
        with pytest.raises(SpecificationError, match="executor: a int is no executor"):
            uncertainty_analysis("kazakhstan", n=64, executor=4)

    def test_progress_counts_to_the_end(self):
        seen = []
        uncertainty_analysis("kazakhstan", n=100, progress=lambda done, whole: seen.append((done, whole)))
        assert seen[-1] == (100, 100)
        assert threading.active_count() < 20

    def test_progress_on_the_terminal(self, capsys):
        uncertainty_analysis("kazakhstan", n=64, progress=True)
        shown = capsys.readouterr()
        assert "100% done" in shown.err
        assert shown.out == ""

    def test_an_interruption_stops_and_is_passed_on(self):
        def interrupt(_done, _whole):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            uncertainty_analysis("kazakhstan", n=64, progress=interrupt)


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({}, "declares no uncertainty. Say what is uncertain"),
            ({"uncertainty": {"weight": "simplex"}}, "unknown key 'weight'. Did you mean 'weights'"),
            ({"uncertainty": "simplex"}, "uncertainty is a str"),
            ({"uncertainty": {"weights": {"indx": "simplex"}}}, "no level or dimension 'indx'. Did you mean 'index'"),
            ({"uncertainty": {"scenarios": ["none"]}}, "there is no scenario 'none'"),
            ({"uncertainty": {"goalposts": ["a"]}}, "'a' has no alternative goalposts"),
            ({"uncertainty": {"goalposts": ["z"]}}, "there is no indicator 'z'"),
            ({"uncertainty": {"weights": "simplex"}, "n": 0}, "n"),
            ({"uncertainty": {"weights": "simplex"}, "sampling": "sobl"}, "Did you mean 'sobol'"),
            ({"uncertainty": {"weights": "simplex"}, "rng": -1}, "rng"),
            ({"uncertainty": {"weights": "simplex"}, "progress": 3}, "no way to show progress"),
            (
                {"uncertainty": {"weights": {"method": "ordered", "at_least": [["a", "b"], ["b", "a"]]}}},
                "weights",
            ),
        ],
    )
    def test_what_cannot_be(self, more, said):
        with pytest.raises(SoftPowerError) as caught:
            uncertainty_analysis(hundred(FRAME), **more)
        assert said in str(caught.value)

    def test_a_method_that_mixes_draws_is_found_out(self, monkeypatch):
        from softpower.draws.sampler import Sampler

        monkeypatch.setattr(Sampler, "scores", lambda self, u: np.zeros((len(u), len(self.nodes), len(self.index))))
        with pytest.raises(MethodError, match="the draws do not reproduce the score"):
            uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=64)

    @pytest.fixture
    def off(self, monkeypatch):
        """Let the draws depart from the score by so much, in all cases but the first."""
        from softpower.draws.sampler import Sampler

        def depart(by):
            def scores(self, u, **_):
                made = np.repeat(self.nominal_of_nodes[None], len(u), axis=0)
                made[:, 0, 1:] += by
                return made

            monkeypatch.setattr(Sampler, "scores", scores)

        return depart

    @pytest.mark.parametrize(("by", "as_drawn"), [(1, "41"), (1e-9, r"40\.000000001")])
    def test_one_score_that_is_drawn_otherwise_is_enough(self, off, by, as_drawn):
        off(by)
        with pytest.raises(MethodError, match=f"index of Q is .*40.* and is drawn as .*{as_drawn}"):
            uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=64)

    def test_what_rounding_leaves_on_a_scale_of_hundred_is_no_departure(self, off):
        off(9e-11)
        assert uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=64).n == 64

    def test_no_uncertainty_is_the_score(self):
        drawn = uncertainty_analysis(hundred(FRAME), uncertainty=Uncertainty(), n=32)
        frame = drawn.to_frame()
        assert not frame["outside"].any()
        for name in ("mean", "low", "median", "high"):
            assert np.allclose(frame[name], frame["score"], rtol=0, atol=1e-12)
        assert np.allclose(frame["standard_deviation"], 0.0, atol=1e-12)

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (lambda one: one.to_frame(interval=90), "90 is no share"),
            (lambda one: one.to_frame("level"), "there is no level 'level'"),
            (lambda one: one.at_most(7), "there is no rank 7"),
            (lambda one: one.probability_above("c"), "there is no node 'c'"),
            (lambda one: one.probability_above("a"), "is the same in all draws"),
            (lambda one: one.probability_above(case="P"), "'index' has no children whose scores differ between draws"),
            (lambda one: one.acceptability("2001"), "the scores have no periods"),
        ],
    )
    def test_wrong_questions(self, call, said):
        drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=32)
        with pytest.raises(SoftPowerError, match=said):
            call(drawn)


def test_periods_are_ranked_apart():
    index = pd.MultiIndex.from_product([["P", "Q", "R"], [2000, 2001]], names=["case", "period"])
    frame = pd.DataFrame({"a": [80, 20, 20, 60, 55, 55], "b": [30.0, 60, 60, 30, 55, 55]}, index=index)
    drawn = uncertainty_analysis(hundred(frame), uncertainty={"weights": "simplex"}, n=4096)
    first = drawn.acceptability(2000)
    assert first.loc["P", 1] == pytest.approx(1 / 2, abs=3e-3)
    assert drawn.acceptability(2001).loc["P", 3] == pytest.approx(4 / 7, abs=3e-3)
    assert drawn.ranks().loc[("P", 2000), "rank"] == 1
    with pytest.raises(NotFoundError, match="there are 2 periods: 2000, 2001"):
        drawn.acceptability()


def test_a_period_that_is_the_only_one_need_not_be_named():
    drawn = uncertainty_analysis(
        hundred(FRAME.assign(period=2000).rename_axis("case").set_index("period", append=True)),
        uncertainty={"weights": "simplex"},
        n=32,
    )
    pd.testing.assert_frame_equal(drawn.acceptability(), drawn.acceptability(2000))


def test_children_are_compared_in_the_last_period_of_a_case():
    index = pd.MultiIndex.from_product([["P", "Q"], [2000, 2001]], names=["case", "period"])
    # a is above b but in 2001 of P, where it is below it wherever both lie.
    frame = pd.DataFrame({"a": [80.0, 20, 80, 80], "b": [30.0, 60, 30, 30]}, index=index)
    frame = frame.assign(
        **{f"{name}:{end}": frame[name] + move for name in "ab" for end, move in (("low", -9), ("high", 9))}
    )
    drawn = uncertainty_analysis(hundred(frame), uncertainty={"observations": True}, n=32)
    assert drawn.probability_above(case="P").loc["b", "a"] == 1
    assert drawn.probability_above(case="Q").loc["b", "a"] == 0
    with pytest.raises(NotFoundError, match="there is no case 'R'"):
        drawn.probability_above(case="R")
    alone = uncertainty_analysis(hundred(frame.loc[["P"]]), uncertainty={"observations": True}, n=32)
    assert alone.probability_above().loc["b", "a"] == 1
    # The last in time, wherever it stands in the table.
    back = uncertainty_analysis(hundred(frame.loc[["P"]].iloc[::-1]), uncertainty={"observations": True}, n=32)
    assert back.probability_above().loc["b", "a"] == 1
    for made in (alone, back):
        assert made.probability_above(period=2000).loc["b", "a"] == 0
    assert drawn.probability_above(case="P", period=2000).loc["b", "a"] == 0
    assert drawn.compared(case="P", period=2000).loc["b", "a"] == 32


def test_cases_are_compared_in_one_period_or_in_all():
    index = pd.MultiIndex.from_product([["P", "Q"], [2000, 2001]], names=["case", "period"])
    drawn = uncertainty_analysis(
        hundred(pd.DataFrame({"a": [80.0, 20, 50, 60], "b": [70.0, 10, 50, 60]}, index=index)),
        uncertainty={"weights": "simplex"},
        n=16,
    )
    assert drawn.probability_above(period=2000).loc["P", "Q"] == 1
    assert drawn.probability_above(period=2001).loc["P", "Q"] == 0
    every = drawn.probability_above()
    assert every.loc[("P", 2000), ("Q", 2001)] == 1
    assert every.loc[("P", 2001), ("P", 2000)] == 0
    with pytest.raises(NotFoundError, match="probability_above: period: there is no period 2002"):
        drawn.probability_above(period=2002)
    with pytest.raises(NotFoundError, match=r"there is no period '2000'. Name it so: period=2000."):
        drawn.compared(period="2000")


def test_an_only_child_is_compared_with_none():
    profile = scored(tree_specs([[None], [None, None]]), [[(10, 20, 30), (30, 40, 50), (50, 60, 70)]])
    drawn = uncertainty_analysis(profile, uncertainty={"observations": True}, n=32)
    assert drawn.probability_above("d2").loc["i2", "i1"] == 1
    with pytest.raises(MethodError, match="'d1' has no children whose scores differ between draws"):
        drawn.probability_above("d1")


def test_what_rests_in_all_draws_is_there_in_all_or_in_none():
    drawn = uncertainty_analysis(hundred(FRAME.replace(20.0, np.nan)), uncertainty={"weights": "simplex"}, n=16)
    present = drawn.to_frame()["present"]
    assert present.xs("a", level="node").to_dict() == {"P": 1.0, "Q": 0.0, "R": 1.0}


def test_a_case_without_a_score_is_shown_as_one():
    drawn = uncertainty_analysis(
        pd.DataFrame({"x": [1.0, 0.0, np.nan], "y": [1.0, 0.0, np.nan]}, ["A", "B", "C"]),
        uncertainty={"weights": "simplex"},
        n=16,
    )
    shown = "A 100.0 (100.0 to 100.0); B 0.0 (0.0 to 0.0); C without a score"
    assert repr(drawn) == f"UncertaintyResult(16 draws of 1 factor: {shown})"


def test_open_scales_are_compared_by_rank_alone():
    drawn = uncertainty_analysis(FRAME, uncertainty={"normalise": ["min_max", "z_score"], "weights": "simplex"}, n=256)
    assert drawn.to_frame()["mean"].isna().all()
    assert not drawn.ranks()["mean"].isna().any()
    assert any("different scales" in note for note in drawn.notes)
    assert repr(drawn) == "UncertaintyResult(256 draws of 2 factors: on several scales, so that ranks alone compare)"


def test_of_very_many_cases_ranks_are_not_counted_one_by_one(monkeypatch):
    monkeypatch.setattr(tally, "CASES_LIMIT", 2)
    drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=64)
    with pytest.raises(MethodError, match=r"3 cases have too many ranks to count each by itself\. Ask for ranks\(\)"):
        drawn.acceptability()
    assert drawn.ranks()["mean"].sum() == pytest.approx(6.0)


def test_claims_are_shown_where_there_are_any(two, claimed):
    assert "<strong>Claims</strong>" in claimed._repr_html_()
    assert "<strong>Claims</strong>" not in two._repr_html_()


@pytest.mark.parametrize("method", ["copeland", "borda"])
def test_points_between_cases_are_no_scores(method):
    drawn = uncertainty_analysis(FRAME, uncertainty={"aggregate": ["arithmetic", method]}, n=32)
    assert drawn.to_frame()["mean"].isna().all()
    assert any("different scales" in note for note in drawn.notes)
    alone = uncertainty_analysis(
        FRAME, methodology={"aggregate": method}, uncertainty={"aggregate": [method], "weights": "simplex"}, n=32
    )
    assert not alone.to_frame("composite")["mean"].isna().any()


def test_rounding_alone_is_no_effect():
    same = pd.DataFrame({"a": [20.0, 70.0], "b": [20.0, 70.0]}, index=["P", "Q"])
    assert uncertainty_analysis(hundred(same), uncertainty={"weights": "simplex"}, n=32).idle == ("weights: index",)


def test_idle_factors_are_the_same_however_many_are_looked_at_at_a_time(monkeypatch):
    same = pd.DataFrame({"a": [20.0, 70.0], "b": [20.0, 70.0]}, index=["P", "Q"])
    monkeypatch.setattr(idle, "CELLS", 1)
    uncertain = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"], "normalise": ["goalposts", "min_max"]}
    drawn = uncertainty_analysis(hundred(same), uncertainty=uncertain, n=32)
    assert set(drawn.idle) == {"weights: index", "aggregation"}
    assert len(drawn.factors) == 3


@pytest.mark.parametrize(("width", "rests"), [(1e-5, False), (5e-8, True)])
def test_a_factor_is_idle_only_within_rounding(width, rests):
    profile = scored(tree_specs([None, None]), [[(50 - width, 50, 50 + width), 60]])
    found = uncertainty_analysis(profile, uncertainty={"observations": True}, n=32).idle
    assert bool(found) == rests


def test_what_moves_the_score_only_while_all_else_is_as_declared_is_not_idle():
    # The least of several hangs on no weights; the mean, which is declared, does.
    uncertain = {"aggregate": ["minimum"], "weights": "simplex"}
    assert uncertainty_analysis(hundred(FRAME), uncertainty=uncertain, n=32).idle == ()


def test_what_single_facts_may_be_is_no_specification():
    readings = [{"variable": "v", "value": 0.2, "preferred": True}, {"variable": "v", "value": 0.5}]
    variables = {"v": variable(combine="alternatives"), "w": variable()}
    specs = framework({"a": indicator("v"), "b": indicator("w")}, variables)
    profile = study(specs, [*readings, {"variable": "w", "value": 0.5}])
    uncertain = {"observations": True, "aggregate": ["arithmetic", "minimum"]}
    drawn = uncertainty_analysis(profile, uncertainty=uncertain, n=16)
    assert [one.name for one in drawn.factors] == ["aggregation", "alternatives: o1 or o2"]
    assert drawn.specifications()["aggregation"].tolist() == ["minimum", "arithmetic"]
    assert "alternatives: o1 or o2" not in drawn.specifications()


def test_without_choices_the_score_is_the_one_specification():
    curve = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=16).specifications()
    assert curve["case"].tolist() == ["Q", "P", "R"]
    assert curve["index"].tolist() == pytest.approx([40.0, 55.0, 55.0])
    assert curve.index.tolist() == [0, 1, 2]


def test_claims_that_compare_cases_by_the_composite_survive_another_methodology():
    claim = Claim(id="leads", says="P leads.", kind="highest", nodes=["index"], cases=["P", "Q"])
    profile = hundred(FRAME).replace(claims=[claim])
    assert softpower.score(profile, methodology={"aggregate": "minimum"}).profile.claims == (claim,)


@pytest.mark.parametrize("interval", [0, 1, 1.5, -1, "x", None])
def test_intervals_are_shares(two, interval):
    for table in (two.to_frame, two.ranks):
        with pytest.raises(MethodError, match="is no share"):
            table(interval=interval)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n": None}, "n: None is no number of rows"),
        ({"n": 1}, "n: 1 is no number of rows"),
        ({"n": True}, "n: True is no number of rows"),
        ({"resamples": 1.5}, "resamples: 1.5 is no number"),
        ({"resamples": 0}, "resamples: 0 is no number"),
        ({"outputs": []}, "names no outputs"),
        ({"outputs": 3}, "names no outputs"),
        ({"outputs": [None]}, "names no outputs"),
        ({"groups": {"all": "weights: index"}}, "'weights: index' is no list"),
        ({"groups": {"all": None}}, "None is no list"),
    ],
)
def test_sensitivity_refuses_what_it_cannot_read(options, said):
    with pytest.raises(SoftPowerError, match=said):
        softpower.sensitivity_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, **{"n": 16, **options})


def test_convergence_doubles_up_to_all():
    found = softpower.sensitivity_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=50)
    made = found.convergence()
    assert made["n"].drop_duplicates().tolist() == [16, 32, 50]
    last = made[made["n"] == 50].set_index("factor")["total"]
    np.testing.assert_allclose(last, found.indices.total[:, 0])
    even = softpower.sensitivity_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=32)
    assert even.convergence()["n"].drop_duplicates().tolist() == [16, 32]
    assert even.convergence().index.size == 2 * len(even.groups)


def test_convergence_needs_sizes():
    found = softpower.sensitivity_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=16)
    for sizes in ([], [2.5], ["a"]):
        with pytest.raises(MethodError, match="size"):
            found.convergence(sizes=sizes)


def test_convergence_of_an_output_that_there_is_not_is_refused():
    found = softpower.sensitivity_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=16)
    with pytest.raises(NotFoundError, match="output: there is no output 'ranks'"):
        found.convergence("ranks")


def test_ninety_percent_intervals_hold_the_truth_nine_times_in_ten():
    """Coverage: 300 cases whose true values are drawn as their bounds say, by another generator's triangular."""
    rng = np.random.default_rng(11)
    names = list("abcd")
    ends = np.sort(rng.random((300, 4, 3)) * 100, axis=-1)
    frame = pd.DataFrame(ends[..., 1], index=[f"c{row}" for row in range(300)], columns=names)
    for place, name in enumerate(names):
        frame[f"{name}:low"], frame[f"{name}:high"] = ends[:, place, 0], ends[:, place, 2]
    drawn = uncertainty_analysis(hundred(frame), uncertainty={"observations": True}, n=1024, sampling="random")
    truth = rng.triangular(ends[..., 0], ends[..., 1], ends[..., 2]).mean(axis=1)
    interval = drawn.to_frame("composite")
    inside = ((interval["low"] <= truth) & (truth <= interval["high"])).mean()
    # 300 cases: two standard errors are 3.5 points.
    assert inside == pytest.approx(0.9, abs=0.035)


class TestWhatASceptic:
    """Answers that would mislead, and do not come."""

    def test_another_methodology_leaves_the_uncertainty_as_it_was(self):
        drawn = uncertainty_analysis("kazakhstan", methodology={"floor": 2.0}, n=32)
        declared = softpower.load_profile("kazakhstan")
        assert drawn.profile.uncertainty == declared.uncertainty
        assert drawn.profile.scenarios == declared.scenarios

    def test_points_on_several_scales_decide_no_claim(self):
        claims = [
            Claim(id="by", says="By twenty.", kind="above", cases=["P", "Q"], by=20.0),
            Claim(id="above", says="Above.", kind="above", cases=["P", "Q"]),
        ]
        profile = softpower.from_frame(FRAME).replace(claims=claims)
        drawn = uncertainty_analysis(profile, uncertainty={"normalise": ["min_max", "z_score"]}, n=64)
        assert [one == "undecided" for one in drawn.claims()["verdict"]] == [True, False]
        with pytest.raises(MethodError, match="on several scales"):
            softpower.sensitivity_analysis(
                drawn.profile, uncertainty=drawn.profile.uncertainty, outputs="composite", n=8
            )

    def test_a_claim_about_nothing_is_a_fault(self):
        framework = softpower.Framework.from_dict(
            {
                "id": "one",
                "title": "One",
                "levels": ["composite", "part"],
                "dimensions": {"top": {"title": "Top"}, "p": {"title": "P", "parent": "top"}},
                "indicators": {name: {"title": name, "dimension": "p"} for name in "ab"},
            }
        )
        profile = softpower.from_frame(FRAME, framework)
        with pytest.raises(SpecificationError, match="'p' has no siblings"):
            profile.replace(claims=[Claim(id="a", says="A.", kind="highest", nodes=["p"], cases=["P"])])

    def test_gaps_count_for_errors_and_pairs(self):
        frame = pd.DataFrame({"a": [20.0, 60.0, np.nan], "b": [80.0, 30.0, 40.0]}, index=["P", "Q", "R"])
        claims = [Claim(id="above", says="P above R.", kind="above", cases=["P", "R"])]
        profile = hundred(frame, methodology={"missing": "strict"}, claims=claims)
        drawn = uncertainty_analysis(profile, uncertainty={"leave_out": "one"}, n=3000)
        assert drawn.claims().loc["above", "decided"] == pytest.approx(1 / 3, abs=0.01)
        assert drawn.probability_above().loc["P", "R"] == 1.0
        one = drawn.to_frame("composite").droplevel("node")
        assert one.loc["R", "present"] == pytest.approx(1 / 3, abs=0.01)
        assert drawn.ranks()["present"].to_dict() == one["present"].to_dict()
        few = uncertainty_analysis(profile, uncertainty={"leave_out": "one"}, n=1)
        assert few.to_frame()["median_error"].isna().all()
        assert few.ranks()["standard_deviation"].isna().all()

    def test_the_error_of_a_pair_is_that_of_the_draws_that_have_both(self):
        frame = pd.DataFrame({"a": [20.0, 60.0, np.nan], "b": [80.0, 30.0, 40.0]}, index=["P", "Q", "R"])
        profile = hundred(frame, methodology={"missing": "strict"})
        drawn = uncertainty_analysis(profile, uncertainty={"leave_out": "one"}, n=3000)
        shares, counts = drawn.probability_above(), drawn.compared()
        scores = drawn.draws().xs("index", axis=1, level="node")
        for one, other in (("P", "Q"), ("P", "R")):
            both = scores[[one, other]].dropna()
            assert counts.loc[one, other] == len(both)
            share = (both[one] > both[other]).mean()
            error = np.sqrt(share * (1 - share) / len(both))
            assert drawn.share_error(shares, counts).loc[one, other] == pytest.approx(error)
            assert drawn.share_error(shares[other], counts[other])[one] == pytest.approx(error)
        assert counts.loc["P", "R"] == pytest.approx(1000, abs=30)
        for pairs in (shares, shares["R"]):
            with pytest.raises(MethodError, match="share_error: draws: some draws lack scores"):
                drawn.share_error(pairs)
        with pytest.raises(MethodError, match="share_error: draws: the draws of a DataFrame are a Series"):
            drawn.share_error(shares, counts["P"])
        # Ranks are counted in all draws.
        table = drawn.acceptability()
        for ranks in (table, table[1], table.loc["R"], drawn.at_most(1), table[[1, 2]].sum(axis=1)):
            expected = (ranks * (1 - ranks) / 3000) ** 0.5
            np.testing.assert_allclose(drawn.share_error(ranks), expected)

    def test_a_named_set_stands_on_top_of_the_profiles_weights(self):
        profile = softpower.from_frame(FRAME, methodology={"weights": {"a": 3.0}, "normalise": "min_max"})
        sets = {"own": {}, "b": {"b": 2.0}}
        drawn = uncertainty_analysis(profile, uncertainty={"weights": {"method": "sets", "sets": sets}}, n=32)
        table = drawn.specifications().set_index(["weights: sets", "case"])["composite"]
        assert np.allclose(table["own"][list("PQR")], softpower.score(profile).composite)
        expected = softpower.score(profile, methodology={"weights": {"a": 3.0, "b": 2.0}}).composite
        assert np.allclose(table["b"][list("PQR")], expected)

    @pytest.mark.parametrize("uncertain", [{}, {"measures": True}, {"observations": True}])
    def test_that_nothing_can_vary_is_said(self, uncertain):
        drawn = uncertainty_analysis(hundred(FRAME), uncertainty=uncertain, n=16)
        assert drawn.notes[0].startswith("Nothing can vary")

    @pytest.mark.parametrize("workers", [0, -1, None, "x"])
    def test_an_executor_that_does_not_know_its_workers(self, workers):
        class Plain:
            _max_workers = workers

            def submit(self, function, *arguments):
                done: Future = Future()
                done.set_result(function(*arguments))
                return done

        drawn = uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=16, executor=Plain())
        assert drawn.n == 16

    def test_an_executor_that_gives_no_futures(self):
        class Eager:
            def submit(self, function, *arguments):
                return function(*arguments)

        with pytest.raises(SpecificationError, match="comes back as no future"):
            uncertainty_analysis(hundred(FRAME), uncertainty={"weights": "simplex"}, n=16, executor=Eager())

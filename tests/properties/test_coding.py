"""Laws of several coders: of their agreement, and of what one fact is that they read differently."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import fewer, framework, indicator, study, variable
from softpower.analysis.krippendorff import krippendorff_alpha
from softpower.draws.points import Points
from softpower.draws.sampler import Sampler
from softpower.model.uncertainty import Uncertainty
from softpower.scoring import score

LEVELS = ("nominal", "ordinal", "interval", "ratio")
SCALE = "ordinal:-2..2"


@st.composite
def codes(draw):
    """Codes from 0 to 4 of two to four coders and two to seven units, with gaps."""
    coders, units = draw(st.integers(2, 4)), draw(st.integers(2, 7))
    cell = st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, np.nan])
    table = draw(st.lists(st.lists(cell, min_size=units, max_size=units), min_size=coders, max_size=coders))
    return np.array(table)


def alpha(table, level):
    return krippendorff_alpha(table, level, resamples=1).alpha


def by_definition(table, level):
    """Return alpha pair by pair, as the book has it: all pairs within units against all pairs of codes."""
    units = [unit[~np.isnan(unit)].tolist() for unit in table.T]
    units = [unit for unit in units if len(unit) > 1]
    pool = sorted(code for unit in units for code in unit)

    def apart(one, other):
        if level == "nominal":
            return float(one != other)
        if level == "ordinal":
            low, high = sorted([one, other])
            between = sum(low <= code <= high for code in pool)
            return (between - (pool.count(one) + pool.count(other)) / 2) ** 2 if one != other else 0.0
        if level == "ratio":
            return ((one - other) / (one + other)) ** 2 if one != other else 0.0
        return (one - other) ** 2

    observed = sum(
        apart(unit[one], unit[other]) / (len(unit) - 1)
        for unit in units
        for one in range(len(unit))
        for other in range(len(unit))
        if one != other
    )
    expected = sum(apart(one, other) for one in pool for other in pool) / (len(pool) - 1)
    return 1 - observed / expected


class TestAlpha:
    @pytest.mark.parametrize("level", LEVELS)
    @fewer
    @given(codes())
    def test_is_its_definition(self, level, table):
        """1 - D_o / D_e, and undefined exactly where D_e is zero or fewer than two units have a pair."""
        got = alpha(table, level)
        there = ~np.isnan(table)
        together = there.sum(axis=0) > 1
        pool = table[:, together][there[:, together]]
        if together.sum() < 2 or len(set(pool)) < 2:
            assert np.isnan(got)
            assert krippendorff_alpha(table, level, resamples=1).reason
        else:
            assert got == pytest.approx(by_definition(table, level), abs=1e-9)

    @pytest.mark.parametrize("level", LEVELS)
    @fewer
    @given(codes(), st.randoms(use_true_random=False))
    def test_neither_the_order_of_coders_nor_of_units_matters(self, level, table, random):
        coders, units = list(range(len(table))), list(range(table.shape[1]))
        random.shuffle(coders)
        random.shuffle(units)
        turned = table[coders][:, units]
        np.testing.assert_allclose(alpha(turned, level), alpha(table, level), atol=1e-12)

    @pytest.mark.parametrize(
        ("level", "change"),
        [
            ("nominal", lambda x: (3 * x) % 5),
            ("ordinal", np.exp),
            ("interval", lambda x: 7 - 3 * x),
            ("ratio", lambda x: 12 * x),
        ],
    )
    @fewer
    @given(codes())
    def test_what_the_level_allows_changes_nothing(self, level, change, table):
        """Renaming for nominal codes, a rising function for ordinal, a line for interval, a scale for ratio."""
        np.testing.assert_allclose(alpha(change(table), level), alpha(table, level), atol=1e-9)

    @pytest.mark.parametrize("level", LEVELS)
    @fewer
    @given(codes())
    def test_is_at_most_one_and_one_where_all_agree(self, level, table):
        got = alpha(table, level)
        assert np.isnan(got) or got <= 1 + 1e-12
        same = np.where(np.isnan(table), np.nan, np.arange(table.shape[1]))
        agreed = alpha(same, level)
        assert np.isnan(agreed) or agreed == 1

    @fewer
    @given(codes())
    def test_what_one_has_coded_alone_changes_nothing(self, table):
        alone = np.full((len(table), 1), np.nan)
        alone[0] = 4.0
        for level in LEVELS:
            np.testing.assert_equal(alpha(np.hstack([table, alone]), level), alpha(table, level))

    @fewer
    @given(codes())
    def test_the_interval_lies_on_the_scale(self, table):
        found = krippendorff_alpha(table, "ordinal", resamples=50)
        assume(not found.reason)
        assert found.low <= found.high <= 1 + 1e-12


@st.composite
def coded(draw):
    """One to three facts, each as code within bounds by one to three coders."""
    facts = []
    for number in range(draw(st.integers(1, 3))):
        for coder in draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True)):
            low, value, high = sorted(draw(st.lists(st.integers(-2, 2), min_size=3, max_size=3)))
            facts.append({"paragraph": number + 1, "coder": coder, "low": low, "value": value, "high": high})
    return facts


def judged(facts):
    measure = {"kind": "mean", "variables": ["v"]}
    it = indicator(measure, unit=SCALE, low=-2, high=2)
    rows = [{"variable": "v", **one} for one in facts]
    return study(framework({"it": it}, {"v": variable("judgement", SCALE)}), rows)


class TestReadings:
    @fewer
    @given(coded())
    def test_a_score_is_the_mean_over_facts_of_the_mean_over_coders_within_their_hull(self, facts):
        result = score(judged(facts))
        pages = {one["paragraph"] for one in facts}
        by_page = [[one for one in facts if one["paragraph"] == page] for page in pages]
        value = np.mean([np.mean([one["value"] for one in page]) for page in by_page])
        low = np.mean([min(one["low"] for one in page) for page in by_page])
        high = np.mean([max(one["high"] for one in page) for page in by_page])
        got = [float(part[0, -1]) for part in (result.score, result.low, result.high)]
        assert got == pytest.approx([25 * (one + 2) for one in (value, low, high)])

    @fewer
    @given(coded(), st.permutations("ABC"))
    def test_who_the_coders_are_does_not_matter(self, facts, names):
        renamed = [one | {"coder": names["ABC".index(one["coder"])]} for one in facts]
        assert score(judged(renamed)).to_frame().equals(score(judged(facts)).to_frame())

    @fewer
    @given(coded())
    def test_a_coder_who_agrees_changes_no_number(self, facts):
        """A fourth who reads every fact as a fact's single coder did."""
        alone = [one for one in facts if sum(other["paragraph"] == one["paragraph"] for other in facts) == 1]
        before, after = (
            score(judged([*facts, *more])).to_frame() for more in ([], [{**one, "coder": "D"} for one in alone])
        )
        np.testing.assert_allclose(after[["score", "low", "high"]], before[["score", "low", "high"]], atol=1e-12)

    @fewer
    @given(coded(), st.integers(0, 9))
    def test_no_draw_leaves_the_bounds(self, facts, seed):
        profile = judged(facts)
        one, result = Sampler(profile, Uncertainty(observations=True)), score(profile)
        drawn = one.scores(Points(one.dimensions, 32, "random", seed).all())[:, -1, 0]
        assert drawn.min() >= result.low[0, -1] - 1e-9
        assert drawn.max() <= result.high[0, -1] + 1e-9

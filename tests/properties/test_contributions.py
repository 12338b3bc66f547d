"""Laws of contributions: value times derivative through the tree, which sums exactly for homogeneous means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import any_scores, fewer, measured_studies, numbers, tree_studies
from softpower.engine import Engine
from softpower.scoring import score

small_scores = st.one_of(st.just(0.0), numbers(1e-6, 2), any_scores)


def sums_up(profile):
    result, engine = score(profile), Engine(profile)
    given_ = result.contribution
    for family in engine.tree.families:
        for case in range(len(profile.cases)):
            if not np.isnan(result.score[case, -1]):
                children = given_[case, family.children].sum()
                assert children == pytest.approx(given_[case, family.parent], rel=1e-9, abs=1e-12)
    leaves = given_[:, : engine.tree.indicator_count].sum(axis=-1)
    there = ~np.isnan(result.score[:, -1])
    np.testing.assert_allclose(leaves[there], result.score[there, -1], rtol=1e-9, atol=1e-12)
    return result


class TestSums:
    """Siblings sum to their parent, indicators to the composite, in any mix of methods, with gaps and floors."""

    @fewer
    @given(tree_studies(zeros=True))
    def test_in_trees(self, profile):
        sums_up(profile)

    @fewer
    @given(tree_studies(scores=small_scores))
    def test_around_the_floor(self, profile):
        sums_up(profile)

    @fewer
    @given(measured_studies())
    def test_over_measures(self, profile):
        sums_up(profile)


class TestShares:
    @fewer
    @given(tree_studies(scores=small_scores))
    def test_none_is_below_zero_and_what_is_missing_gives_nothing(self, profile):
        result = score(profile)
        there = ~np.isnan(result.score[:, -1])
        given_ = result.contribution[there]
        assert (given_ >= 0).all()
        assert (given_[np.isnan(result.score[there])] == 0).all()

    @fewer
    @given(tree_studies(gaps=False, scores=numbers(20, 90)))
    def test_are_value_times_derivative_of_the_composite(self, profile):
        """x_i dC/dx_i by a central difference through the whole tree, above every floor."""
        engine, result = Engine(profile), score(profile)
        leaves = engine.tree.indicator_count
        cells = result.score[:, :leaves]
        for leaf in range(leaves):
            step = np.where(np.arange(leaves) == leaf, 1e-5, 0.0)
            up, down = (engine.aggregate(cells * (1 + sign * step))[:, -1] for sign in (1, -1))
            got = result.contribution[:, leaf]
            np.testing.assert_allclose(got, (up - down) / 2e-5, rtol=1e-4, atol=1e-6)

    @fewer
    @given(tree_studies(methodology={}))
    def test_under_arithmetic_means_are_effective_weight_times_score(self, profile):
        result = score(profile)
        there = ~np.isnan(result.score)
        expected = np.where(there, result.effective_weight * np.nan_to_num(result.score), 0)
        composite = there[:, -1]
        np.testing.assert_allclose(result.contribution[composite], expected[composite], rtol=1e-9, atol=1e-12)

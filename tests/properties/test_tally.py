"""Laws of the tallies of draws: what is counted block by block is what the whole says.

Oracles: `scipy.stats.rankdata` on rounded scores, and numpy's quantile and variance of all values at once.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import rankdata

from properties.strategies import fewer
from softpower.draws.grid import Grid
from softpower.draws.moments import Moments
from softpower.draws.tally import RankTally

STEP = 1e-7
SHARES = st.floats(0, 1)
LOW, HIGH = 0.0, 100.0

# A few levels, so that there are ties; shifts about half a step; gaps.
LEVELS = st.builds(
    lambda level, shift: level + shift * STEP,
    st.sampled_from([0.0, 12.5, 50.0, 50.000001, 100.0]),
    st.sampled_from([-1.0, -0.5, -0.3, 0.0, 0.3, 0.5, 1.0]),
)
SCORES = st.one_of(LEVELS, st.floats(LOW, HIGH), st.just(np.nan))
BLOCKS = arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=SCORES)
# Without gaps, and with both ends: some draws are told apart by half of their digits, others are not.
WHOLE = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=9),
    elements=st.one_of(LEVELS, st.floats(LOW, HIGH)),
).map(lambda block: np.column_stack([np.full(len(block), LOW), block, np.full(len(block), HIGH)]))
WILD = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.one_of(SCORES, st.floats(-1e12, 1e12), st.sampled_from([1e200, -1e200])),
)


def ranked(scores):
    """Return ranks by other hands: (draws, cases), NaN without a score."""
    # An old scipy warns of NaN among ranks that are whole numbers: last they take no rank from the others.
    ranks = rankdata(np.where(np.isnan(scores), np.inf, -np.rint(scores / STEP)), method="min", axis=1)
    return np.where(np.isnan(scores), np.nan, ranks)


def filled(tally, *blocks):
    """Return a tally that has eaten blocks."""
    for block in blocks:
        tally.add(block)
    return tally


def tallied(*blocks):
    """Return the ranks in blocks."""
    return filled(RankTally(blocks[0].shape[1], STEP), *blocks)


def gridded(*blocks, bins=16):
    """Return the scores in blocks."""
    return filled(Grid(blocks[0].shape[1], LOW, HIGH, bins=bins), *blocks)


def halves(block):
    """Return a block's first rows and the others."""
    return block[: len(block) // 2], block[len(block) // 2 :]


class TestRanks:
    """counts[case, rank - 1] is in how many draws the case has the rank; sums, squares and quantiles are theirs."""

    @given(st.one_of(BLOCKS, WHOLE, WILD))
    def test_oracle(self, scores):
        ranks, tally = ranked(scores), tallied(*halves(scores))
        cases = np.arange(1, scores.shape[1] + 1)
        assert tally.counts.tolist() == (ranks[:, :, None] == cases).sum(axis=0).tolist()
        assert tally.sums.tolist() == np.nansum(ranks, axis=0).tolist()
        assert tally.squares.tolist() == np.nansum(ranks**2, axis=0).tolist()
        assert tally.present.tolist() == (~np.isnan(scores)).sum(axis=0).tolist()

    @given(st.integers(362, 400), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 0.9]))
    @fewer
    def test_oracle_of_many_cases(self, cases, seed, tied):
        rng = np.random.default_rng(seed)
        scores = rng.uniform(LOW, HIGH, size=(3, cases))
        scores[rng.random(scores.shape) < tied] = 50.0
        ranks, tally = ranked(scores), tallied(*halves(scores))
        assert tally.sums.tolist() == np.nansum(ranks, axis=0).tolist()
        assert tally.squares.tolist() == np.nansum(ranks**2, axis=0).tolist()
        assert (tally.present == len(scores)).all()

    @given(BLOCKS, SHARES)
    @fewer
    def test_quantiles(self, scores, share):
        ranks, found = ranked(scores), tallied(scores).quantile(share)
        for case, column in enumerate(ranks.T):
            there = column[~np.isnan(column)]
            expected = np.quantile(there, share) if there.size else np.nan
            assert found[case] == pytest.approx(expected, abs=1e-12, nan_ok=True)

    @given(BLOCKS, st.randoms(use_true_random=False))
    @fewer
    def test_permuting_cases_permutes(self, scores, random):
        order = random.sample(range(scores.shape[1]), scores.shape[1])
        assert tallied(scores[:, order]).counts.tolist() == tallied(scores).counts[order].tolist()


class TestGrid:
    """A quantile of a grid is within its error of the exact one, and between the least and the greatest value."""

    @given(st.one_of(BLOCKS, WILD), SHARES, st.sampled_from([1, 7, 16, Grid.BINS]))
    def test_error(self, scores, share, bins):
        grid = gridded(scores, bins=bins)
        found = grid.quantile(share)
        assert grid.error >= (HIGH - LOW) / bins
        for place, column in enumerate(scores.T):
            there = column[~np.isnan(column)]
            if not there.size:
                assert np.isnan(found[place])
                continue
            assert there.min() <= found[place] <= there.max()
            assert (grid.least[place], grid.greatest[place]) == (there.min(), there.max())
            assert abs(found[place] - np.quantile(there, share)) <= grid.error * (1 + 1e-9)

    @given(BLOCKS)
    @fewer
    def test_within_the_ends_the_error_is_one_bin(self, scores):
        assert gridded(np.clip(scores, LOW, HIGH), bins=16).error == (HIGH - LOW) / 16

    @given(st.one_of(BLOCKS, WILD))
    @fewer
    def test_every_value_is_counted_once(self, scores):
        assert gridded(scores).counts.sum(axis=1).tolist() == (~np.isnan(scores)).sum(axis=0).tolist()

    @given(BLOCKS, SHARES, SHARES)
    @fewer
    def test_quantiles_rise(self, scores, one, other):
        low, high = gridded(scores).quantile(min(one, other)), gridded(scores).quantile(max(one, other))
        assert (np.isnan(low) | (low <= high + 1e-12)).all()


class TestPartsAndOrder:
    """Parts merged are the whole; for counts, in whatever order, to the bit."""

    @given(st.one_of(BLOCKS, WILD))
    @fewer
    def test_ranks(self, scores):
        first, second = halves(scores)
        merged = tallied(second)
        merged.merge(tallied(first))
        for other in (merged, tallied(second, first)):
            assert other.counts.tolist() == tallied(scores).counts.tolist()

    @given(st.one_of(BLOCKS, WILD), SHARES)
    @fewer
    def test_grid(self, scores, share):
        first, second = halves(scores)
        merged = gridded(second)
        merged.merge(gridded(first))
        whole = gridded(scores)
        for other in (merged, gridded(second, first)):
            assert other.counts.tolist() == whole.counts.tolist()
            assert other.error == whole.error
            np.testing.assert_array_equal(other.quantile(share), whole.quantile(share))

    @given(BLOCKS)
    @fewer
    def test_moments(self, scores):
        first, second = halves(scores)
        centre = np.full(scores.shape[1], 50.0)
        merged = filled(Moments(centre), first)
        merged.merge(filled(Moments(centre), second))
        whole = filled(Moments(centre), scores)
        assert merged.count.tolist() == whole.count.tolist()
        assert merged.mean == pytest.approx(whole.mean, rel=1e-12, nan_ok=True)
        assert merged.variance == pytest.approx(whole.variance, rel=1e-9, abs=1e-9, nan_ok=True)


class TestMoments:
    """Mean and variance are numpy's, wherever the scale begins."""

    @given(BLOCKS, st.sampled_from([0.0, -1e6, 2.0**30]))
    @fewer
    def test_oracle(self, scores, offset):
        moved = scores + offset
        moments = filled(Moments(np.full(scores.shape[1], 50.0 + offset)), moved)
        for place, column in enumerate(moved.T):
            there = column[~np.isnan(column)] - offset
            mean = there.mean() + offset if there.size else np.nan
            variance = there.var(ddof=1) if there.size > 1 else np.nan
            assert moments.mean[place] == pytest.approx(mean, rel=1e-12, nan_ok=True)
            assert moments.variance[place] == pytest.approx(variance, rel=1e-9, abs=1e-9, nan_ok=True)

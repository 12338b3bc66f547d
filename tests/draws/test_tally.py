"""Tallies of draws: by hand, at their limits, and through a pickle."""

import pickle

import numpy as np
import pytest

from softpower.draws import grid as of_grid
from softpower.draws import tally as module
from softpower.draws.grid import Grid
from softpower.draws.moments import Moments
from softpower.draws.tally import RankTally

NAN, STEP = np.nan, 1e-7


def ranks(scores, step=STEP):
    """Return the tally of one block."""
    tally = RankTally(np.shape(scores)[1], step)
    tally.add(np.asarray(scores, dtype=float))
    return tally


class TestRankTally:
    def test_by_hand(self):
        tally = ranks([[10, 30, 20], [10, 20, 30], [30, 20, 10], [10, 30, 20]])
        assert tally.counts.tolist() == [[1, 0, 3], [2, 2, 0], [1, 2, 1]]
        assert tally.sums.tolist() == [10, 6, 8]
        assert tally.squares.tolist() == [28, 10, 18]
        assert tally.present.tolist() == [4, 4, 4]
        assert tally.error == 0

    def test_ties_take_the_lowest_rank(self):
        assert ranks([[5, 7, 7, 1, 5, 5]]).sums.tolist() == [3, 1, 1, 6, 3, 3]

    @pytest.mark.parametrize(("apart", "expected"), [(0.4, [1, 1]), (0.6, [2, 1])])
    def test_scores_are_compared_in_steps(self, apart, expected):
        assert ranks([[50.0, 50.0 + apart * STEP]]).sums.tolist() == expected

    def test_neighbouring_steps_are_no_tie(self):
        assert ranks([[50.0, 50.0 + STEP, 50.0 - STEP]]).sums.tolist() == [2, 1, 3]

    def test_negative_scores(self):
        assert ranks([[-1.0, 0.0, -0.0, 1.0, -2.0]]).sums.tolist() == [4, 2, 2, 1, 5]

    @pytest.mark.parametrize("nan", [NAN, -NAN, np.copysign(NAN, -1.0)])
    def test_without_a_score_there_is_no_rank(self, nan):
        tally = ranks([[nan, 3, 3, nan, 9], [4, 3, 2, nan, 1]])
        assert tally.counts.tolist() == [
            [1, 0, 0, 0, 0],
            [0, 2, 0, 0, 0],
            [0, 1, 1, 0, 0],
            [0, 0, 0, 0, 0],
            [1, 0, 0, 1, 0],
        ]
        assert tally.present.tolist() == [1, 2, 2, 0, 2]
        assert np.isnan(tally.quantile(0.5)).tolist() == [False, False, False, True, False]

    def test_a_draw_without_any_score_counts_nothing(self):
        assert ranks([[NAN, NAN], [NAN, NAN]]).counts.tolist() == [[0, 0], [0, 0]]

    def test_a_block_without_draws_counts_nothing(self):
        assert ranks(np.empty((0, 2))).present.tolist() == [0, 0]

    def test_one_case_is_first(self):
        assert ranks([[3.0], [NAN], [4.0]]).counts.tolist() == [[2]]

    def test_quantiles_are_of_type_7(self):
        tally = ranks([[1, 2], [1, 2], [1, 2], [2, 1]])
        # the ranks of the first case are 1, 2, 2, 2: the first quarter lies at place 0.75
        assert tally.quantile(0.25).tolist() == [1.75, 1.0]
        assert tally.quantile(0.0).tolist() == [1, 1]
        assert tally.quantile(1.0).tolist() == [2, 2]

    @pytest.mark.parametrize("size", [1e3, 1e6, 1e9, 1e15, 1e200])
    def test_scores_far_off_the_scale_keep_their_order(self, size):
        scores = np.array([[1.0, 3.0, -2.0, 3.0, NAN, 1.5], [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]]) * size
        assert ranks(scores[:1]).sums.tolist() == [4, 1, 5, 1, 0, 3]
        assert ranks(scores).sums.tolist() == [10, 6, 9, 4, 2, 4]

    def test_the_largest_scores_that_need_no_detour(self):
        # three cases take two bits: 2^49 steps are the first too many
        for steps in (2.0**49 - 1, 2.0**49):
            scores = np.array([[steps, steps - 1, -steps], [-steps, 1 - steps, steps]])
            assert ranks(scores, step=1.0).sums.tolist() == [4, 4, 4]

    def test_infinite_scores(self):
        assert ranks([[-np.inf, 1.0, np.inf, np.inf]]).sums.tolist() == [4, 3, 1, 1]

    def test_the_scores_are_left_alone(self):
        scores = np.array([[2.0, NAN, 1e30]])
        scores.flags.writeable = False
        assert ranks(scores).sums.tolist() == [2, 0, 1]

    def test_layout_in_memory_does_not_matter(self):
        scores = np.random.default_rng(0).normal(size=(30, 4))
        assert (ranks(np.asfortranarray(scores)).counts == ranks(scores).counts).all()
        assert (ranks(np.repeat(scores, 2, axis=1)[:, ::2]).counts == ranks(scores).counts).all()

    def test_a_large_block_is_taken_in_parts(self, monkeypatch):
        scores = np.random.default_rng(0).normal(size=(30, 4))
        whole = ranks(scores)
        monkeypatch.setattr(module, "CELLS", 10)
        assert (ranks(scores).counts == whole.counts).all()

    @pytest.mark.parametrize("name", ["counts", "sums", "squares", "present"])
    def test_draws_that_wait_are_ranked_before_anything_is_read(self, name):
        scores = np.random.default_rng(0).normal(size=(40, 4)).round(1)
        whole, parts = ranks(scores), RankTally(4, STEP)
        for row in scores[:30]:
            parts.add(row[None])
        other = pickle.loads(pickle.dumps(ranks(scores[30:])))
        parts.merge(other)
        assert getattr(parts, name).tolist() == getattr(whole, name).tolist()

    @pytest.mark.parametrize("rows", [1, 3, 7, 100])
    def test_how_many_draws_come_at_once_changes_no_count(self, monkeypatch, rows):
        scores = np.random.default_rng(0).normal(size=(40, 4)).round(1)
        monkeypatch.setattr(module, "TOGETHER", 4 * 10)
        parts = RankTally(4, STEP)
        for start in range(0, len(scores), rows):
            parts.add(scores[start : start + rows])
        assert parts.counts.tolist() == ranks(scores).counts.tolist()

    def test_a_tally_comes_back_from_a_pickle_without_its_buffers(self):
        tally = ranks(np.random.default_rng(0).normal(size=(4_096, 3)))
        text = pickle.dumps(tally)
        assert len(text) < 2_000
        back = pickle.loads(text)
        back.add(np.array([[1.0, 2.0, 3.0]]))
        assert (back.counts - tally.counts).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


class TestManyCases:
    """Above the limit ranks are counted in a grid; sums stay exact."""

    @pytest.fixture
    def pair(self, monkeypatch):
        scores = np.random.default_rng(0).integers(0, 20, size=(50, 30)).astype(float)
        scores[scores == 7] = NAN
        exact = ranks(scores)
        monkeypatch.setattr(module, "CASES_LIMIT", 29)
        monkeypatch.setattr(module, "COUNTS_LIMIT", 300)
        monkeypatch.setattr(module, "LEAST_BINS", 1)
        return exact, ranks(scores), scores

    def test_sums_are_exact_and_counts_are_not_kept(self, pair):
        exact, coarse, _ = pair
        assert coarse.counts is None
        for name in ("sums", "squares", "present"):
            assert getattr(coarse, name).tolist() == getattr(exact, name).tolist(), name

    def test_quantiles_are_within_the_stated_error(self, pair):
        exact, coarse, _ = pair
        assert coarse.error == 3  # 30 ranks in 10 bins
        for share in (0.0, 0.05, 0.5, 0.95, 1.0):
            assert coarse.quantile(share) == pytest.approx(exact.quantile(share), abs=coarse.error)

    def test_merged(self, pair):
        _, coarse, scores = pair
        one, other = ranks(scores[:20]), ranks(scores[20:])
        one.merge(other)
        for name in ("sums", "squares", "present"):
            assert getattr(one, name).tolist() == getattr(coarse, name).tolist(), name
        assert one.quantile(0.3).tolist() == coarse.quantile(0.3).tolist()

    def test_so_few_draws_that_counts_take_no_less_memory_are_held_as_they_are(self, pair):
        exact, _, scores = pair
        # 300 counts are 10 bins for each of 30 cases, in the memory of 5 ranks.
        assert RankTally(30, STEP, draws=6).error == 3
        few, whole = RankTally(30, STEP, draws=5), RankTally(30, STEP, draws=5)
        few.add(scores[:30])
        assert few.quantile(0.5).shape == (30,)
        other = RankTally(30, STEP, draws=5)
        other.add(scores[30:])
        few.merge(pickle.loads(pickle.dumps(other)))
        whole.add(scores)
        for tally in (few, whole):
            assert tally.error == 0
            assert tally.counts is None
            for name in ("sums", "squares", "present"):
                assert getattr(tally, name).tolist() == getattr(exact, name).tolist(), name
            for share in (0.0, 0.05, 0.5, 0.95, np.linspace(0.0, 1.0, 30)):
                np.testing.assert_allclose(tally.quantile(share), exact.quantile(share), rtol=1e-12)

    @pytest.mark.usefixtures("pair")
    def test_without_a_rank_that_is_held_there_is_no_quantile(self):
        assert np.isnan(RankTally(30, STEP, draws=5).quantile(0.5)).all()
        tally = RankTally(30, STEP, draws=5)
        tally.add(np.where(np.arange(30) == 3, np.nan, np.arange(30.0))[None])
        assert np.flatnonzero(np.isnan(tally.quantile(0.5))).tolist() == [3]

    def test_no_case_has_fewer_bins_however_many_there_are(self, pair, monkeypatch):
        monkeypatch.setattr(module, "LEAST_BINS", 15)
        assert ranks(pair[2]).error == 2

    def test_each_rank_has_a_bin_while_there_are_enough(self, monkeypatch):
        monkeypatch.setattr(module, "CASES_LIMIT", 2)
        tally = ranks([[1.0, 2.0, 3.0]])
        assert tally.error == 3 / 4_096
        assert tally.quantile(0.5).tolist() == [3, 2, 1]


class TestGrid:
    def test_by_hand(self):
        grid = Grid(2, 0.0, 8.0, bins=4)
        grid.add(np.array([[0.5, 7.0], [2.5, NAN], [3.5, 7.0], [8.0, 7.0]]))
        assert grid.counts.tolist() == [[1, 2, 0, 1], [0, 0, 0, 3]]
        assert grid.least.tolist() == [0.5, 7.0]
        assert grid.greatest.tolist() == [8.0, 7.0]
        assert grid.error == 2
        # two values in the bin from 2 to 4 stand at its quarters, 2.5 and 3.5; a third of the way from the first
        # value to the last is the second
        assert grid.quantile(1 / 3) == pytest.approx([2.5, 7.0])
        assert grid.quantile(1 / 2) == pytest.approx([3.0, 7.0])

    def test_beyond_the_ends(self):
        grid = Grid(1, 0.0, 10.0, bins=10)
        grid.add(np.array([[-5.0], [4.5], [30.0]]))
        assert grid.counts.tolist() == [[1, 0, 0, 0, 1, 0, 0, 0, 0, 1]]
        # the first bin reaches from -5 to 1, the last from 9 to 30; one value stands in the middle
        assert grid.error == 21
        assert grid.quantile(0.0).tolist() == [-2.0]
        assert grid.quantile(1.0).tolist() == [19.5]

    def test_the_ends_themselves(self):
        grid = Grid(1, 0.0, 10.0, bins=10)
        grid.add(np.array([[0.0], [10.0]]))
        assert grid.counts[0, [0, -1]].tolist() == [1, 1]

    def test_between_two_bins(self):
        # It lies in both, and is counted in the lower one.
        grid = Grid(1, 0.0, 10.0, bins=10)
        grid.add(np.array([[4.0]]))
        assert grid.counts.tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]

    @pytest.mark.parametrize("draws", [3, 600])
    def test_nothing_is_counted_in_the_next_column(self, draws):
        grid = Grid(300, 0.0, 100.0)
        grid.add(np.full((draws, 300), np.nextafter(100.0, 0.0)))
        assert (grid.counts[:, -1] == draws).all()

    def test_one_value_comes_back_to_the_bit(self):
        grid = Grid(1, 0.0, 100.0)
        grid.add(np.full((5, 1), 100.0 / 3.0))
        assert grid.quantile(0.3).tolist() == [100.0 / 3.0]

    def test_a_column_without_a_value_has_no_quantile(self):
        grid = Grid(2, 0.0, 1.0)
        grid.add(np.array([[NAN, 0.5], [NAN, NAN]]))
        assert np.isnan(grid.quantile(0.5)).tolist() == [True, False]
        assert np.isnan(grid.least).tolist() == [True, False]
        assert grid.counts.sum(axis=1).tolist() == [0, 1]

    def test_nothing_counted(self):
        grid = Grid(2, 0.0, 4_096.0)
        assert np.isnan(grid.quantile(0.5)).all()
        assert grid.error == 1

    @pytest.mark.parametrize(
        ("limits", "narrow", "wide"),
        [
            ({"SHORT_LIMIT": 20}, np.int16, np.int32),
            ({"SHORT_LIMIT": 5, "DRAWS_LIMIT": 20}, np.int32, np.int64),
        ],
    )
    def test_counts_move_to_more_bits_before_they_overflow(self, monkeypatch, limits, narrow, wide):
        scores = np.random.default_rng(0).random((30, 2))
        whole, part, other = Grid(2, 0.0, 1.0), Grid(2, 0.0, 1.0), Grid(2, 0.0, 1.0)
        whole.add(scores)
        for name, limit in limits.items():
            monkeypatch.setattr(of_grid, name, limit)
        part.add(scores[:20])
        other.add(scores[20:])
        assert part.counts.dtype == other.counts.dtype == narrow
        part.merge(other)
        assert part.counts.dtype == wide
        other.add(scores[:20])
        assert other.counts.dtype == wide
        assert part.counts.tolist() == other.counts.tolist() == whole.counts.tolist()

    def test_a_grid_comes_back_from_a_pickle_without_its_buffers(self):
        grid = Grid(1, 0.0, 1.0, bins=4)
        grid.add(np.random.default_rng(0).random((4_096, 1)))
        text = pickle.dumps(grid)
        assert len(text) < 2_000
        assert pickle.loads(text).quantile(0.5).tolist() == grid.quantile(0.5).tolist()

    @pytest.mark.parametrize("rows", [1, 7, 300, 600])
    def test_how_many_draws_come_at_once_changes_no_count(self, rows):
        scores = np.random.default_rng(0).normal(50.0, 40.0, size=(1_300, 5))
        scores[scores > 95] = NAN
        whole, parts = Grid(5, 0.0, 100.0, bins=300), Grid(5, 0.0, 100.0, bins=300)
        whole.add(scores)
        for start in range(0, len(scores), rows):
            parts.add(scores[start : start + rows])
        for name in ("counts", "least", "greatest"):
            assert (getattr(parts, name) == getattr(whole, name)).all(), name
        bins = np.clip((np.nan_to_num(scores) * 3).astype(int), 0, 299)
        for column in range(5):
            mine = bins[~np.isnan(scores[:, column]), column]
            assert whole.counts[column].tolist() == np.bincount(mine, minlength=300).tolist()

    def test_the_scores_are_left_alone(self):
        scores = np.array([[0.25], [0.75]])
        Grid(1, 0.0, 1.0).add(scores)
        assert scores.tolist() == [[0.25], [0.75]]


class TestMoments:
    def test_by_hand(self):
        moments = Moments(np.array([10.0, NAN, 0.0]))
        moments.add(np.array([[9.0, 2.0, NAN], [12.0, NAN, NAN]]))
        moments.add(np.array([[15.0, 4.0, NAN]]))
        assert moments.count.tolist() == [3, 2, 0]
        assert moments.mean == pytest.approx([12.0, 3.0, NAN], nan_ok=True)
        assert moments.variance == pytest.approx([9.0, 2.0, NAN], nan_ok=True)

    def test_one_value_has_no_variance(self):
        moments = Moments(np.array([1.0]))
        moments.add(np.array([[1.0]]))
        assert np.isnan(moments.variance).all()

    def test_a_constant_has_none_at_all(self):
        moments = Moments(np.array([0.1]))
        moments.add(np.full((1_000, 1), 0.1))
        assert (moments.mean.tolist(), moments.variance.tolist()) == ([0.1], [0.0])

    def test_a_large_offset_does_not_cancel(self):
        noise = np.random.default_rng(0).normal(size=(5_000, 3))
        moments = Moments(np.array([1e12, -1e9, 0.0]))
        moments.add(noise * 2.0**-6 + moments.centre)
        rounded = noise * 2.0**-6 + moments.centre - moments.centre
        assert moments.variance == pytest.approx(rounded.var(axis=0, ddof=1), rel=1e-12)
        assert moments.mean - moments.centre == pytest.approx(rounded.mean(axis=0), abs=1e-4)

    def test_moments_come_back_from_a_pickle_without_their_buffers(self):
        moments = Moments(np.zeros(1))
        moments.add(np.arange(4_096.0)[:, None])
        text = pickle.dumps(moments)
        assert len(text) < 2_000
        assert pickle.loads(text).mean.tolist() == [2047.5]

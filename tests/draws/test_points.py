"""Points of the unit cube: the same bits from the same seed, independent replicates, even filling."""

import numpy as np
import pytest

from softpower.draws import points as module
from softpower.draws.points import Points, seed_of
from softpower.errors import SpecificationError

SAMPLINGS = ("sobol", "random")
both = pytest.mark.parametrize("sampling", SAMPLINGS)


class TestParts:
    def test_sizes(self):
        assert Points(2, 8192, "sobol", 0).sizes() == (512,) * 16
        assert Points(2, 35, "sobol", 0).sizes() == (3,) * 3 + (2,) * 13
        assert Points(2, 3, "sobol", 0).sizes() == (1, 1, 1)
        assert Points(2, 3, "sobol", 0).replicates == 3

    @both
    @pytest.mark.parametrize("dimensions", [0, 1, 3])
    def test_blocks(self, sampling, dimensions):
        points = Points(dimensions, 16 * 1024 + 1, sampling, 0)
        assert [block.shape for block in points.replicate(0)] == [(1024, dimensions), (1, dimensions)]
        assert [block.shape for block in points.replicate(1)] == [(1024, dimensions)]
        assert points.all().shape == (16 * 1024 + 1, dimensions)

    @both
    @pytest.mark.parametrize("dimensions", [3, 1030])
    def test_wide_points_come_a_few_at_a_time_and_are_the_same(self, sampling, dimensions, monkeypatch):
        points = Points(dimensions, 16 * 1030, sampling, 0)
        whole = list(points.replicate(2))
        monkeypatch.setattr(module, "NUMBERS", 300 * dimensions)
        for passing in (False, True):
            # What is passing may be written over, so that it is copied at once.
            parts = [block.copy() for block in points.replicate(2, passing=passing)]
            assert [len(block) for block in parts] == [300, 300, 300, 124, 6]
            assert (np.concatenate(parts) == np.concatenate(whole)).all()

    @both
    def test_all_is_the_replicates_in_order(self, sampling):
        points = Points(3, 40, sampling, 7)
        parts = np.split(points.all(), np.cumsum(points.sizes())[:-1])
        for number in (15, 0, 8):
            (block,) = points.replicate(number)
            assert (block == parts[number]).all()


class TestBits:
    @both
    @pytest.mark.parametrize("seed", [0, 1, 2**63, 2**200 + 1])
    def test_same_seed_same_bits(self, sampling, seed):
        points = Points(5, 100, sampling, seed)
        assert (points.all() == Points(5, 100, sampling, seed).all()).all()
        assert ((points.all() >= 0) & (points.all() < 1)).all()

    @both
    def test_seeds_and_replicates_differ(self, sampling):
        seeds = (0, 1, 2**32, 2**200)
        drawn = np.concatenate([Points(2, 64, sampling, seed).all() for seed in seeds])
        assert len(np.unique(drawn, axis=0)) == 64 * len(seeds)

    def test_random_blocks_have_streams_of_their_own(self):
        first, second, _ = Points(2, 16 * 2049, "random", 0).replicate(3)
        assert abs(np.corrcoef(first.T, second.T)[:2, 2:]).max() < 0.12
        assert not (first == second).any()

    @both
    def test_estimates_of_replicates_are_uncorrelated(self, sampling):
        # Means of a product over each replicate, for 40 seeds: sixteen columns that do not go together.
        made = [Points(2, 16 * 4, sampling, seed).all().prod(axis=1).reshape(16, 4).mean(axis=1) for seed in range(40)]
        correlations = np.corrcoef(np.array(made).T)[np.triu_indices(16, 1)]
        assert abs(correlations.mean()) < 0.03
        assert correlations.std() == pytest.approx(1 / np.sqrt(39), rel=0.25)


class TestSobol:
    def test_a_replicate_has_a_point_in_each_slice_of_each_dimension(self):
        """Two to the power k points of a scrambled Sobol sequence fill 2^k equal slices with one each."""
        points = Points(6, 16 * 2048, "sobol", 3)
        for number in (0, 9):
            slices = np.sort(np.floor(np.concatenate(list(points.replicate(number))) * 2048), axis=0)
            assert (slices == np.arange(2048)[:, None]).all()

    def test_the_random_ones_do_not(self):
        (block,) = Points(1, 16 * 64, "random", 3).replicate(0)
        assert len(np.unique(np.floor(block * 64))) < 64

    def test_dimensions_beyond_the_limit_are_random(self):
        wide = Points(2000, 2, "sobol", 0).all()
        assert (wide[:, :1024] == Points(1024, 2, "sobol", 0).all()).all()
        assert (wide[:, 1024:] == Points(976, 2, "random", 0).all()).all()
        assert wide.shape == (2, 2000)


class TestRefused:
    @pytest.mark.parametrize("n", [0, -1, 1.5, True, "8"])
    def test_no_number_of_points(self, n):
        with pytest.raises(SpecificationError, match=r"n: .* is no number of draws"):
            Points(2, n, "sobol", 0)

    def test_both_faults_at_once(self):
        with pytest.raises(SpecificationError) as caught:
            Points(2, 0, "sobel", 0)
        assert [fault.where for fault in caught.value.faults] == ["n", "sampling"]
        assert caught.value.faults[1].mend == "Did you mean 'sobol'?"


class TestSeedOf:
    def test_a_number_is_itself(self):
        for number in (0, 1, 2**200):
            assert seed_of(number) == number
        assert type(seed_of(np.int64(3))) is int

    def test_a_generator_gives_its_next_number(self):
        rng, other = np.random.default_rng(5), np.random.default_rng(5)
        first = seed_of(rng)
        assert first == seed_of(other)
        assert seed_of(rng) != first
        assert type(first) is int
        assert 0 <= first < 2**63

    def test_a_seed_sequence_gives_the_same_number_each_time(self):
        sequence = np.random.SeedSequence(3)
        assert seed_of(sequence) == seed_of(sequence) == seed_of(np.random.default_rng(3))

    def test_none_gives_another_one_each_time(self):
        assert len({seed_of(None) for _ in range(20)}) == 20

    @pytest.mark.parametrize("rng", [-1, True, 1.0, "0", [1], np.random.RandomState(0)])
    def test_anything_else_is_refused(self, rng):
        with pytest.raises(SpecificationError, match=r"rng: .* Give a whole number, 0 or above"):
            seed_of(rng)

"""Laws of the points of the unit cube."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower.draws.points import BLOCK, REPLICATES, Points

samplings = st.sampled_from(["sobol", "random"])


class TestParts:
    @given(st.integers(1, 10**7))
    def test_sizes(self, n):
        """They sum to n, differ by one at most, and never rise."""
        points = Points(1, n, "sobol", 0)
        sizes = points.sizes()
        assert sum(sizes) == n
        assert max(sizes) - min(sizes) <= 1
        assert list(sizes) == sorted(sizes, reverse=True)
        assert len(sizes) == points.replicates == min(n, REPLICATES)

    @fewer
    @given(st.integers(0, 3), st.integers(1, 40_000), samplings, st.integers(0, 2**70), st.data())
    def test_blocks(self, dimensions, n, sampling, seed, data):
        """A replicate is itself whether or not others are made; all blocks but its last are full; [0, 1) throughout."""
        points = Points(dimensions, n, sampling, seed)
        number = data.draw(st.integers(0, points.replicates - 1))
        blocks = list(points.replicate(number))
        assert all(len(block) == BLOCK for block in blocks[:-1])
        whole = np.concatenate(blocks)
        assert whole.shape == (points.sizes()[number], dimensions)
        assert ((whole >= 0) & (whole < 1)).all()
        start = sum(points.sizes()[:number])
        assert (points.all()[start : start + len(whole)] == whole).all()

    @fewer
    @given(st.integers(1, 3), st.integers(1, 300), samplings, st.integers(0, 2**70))
    def test_a_longer_replicate_begins_like_a_shorter_one(self, dimensions, size, sampling, seed):
        """More draws in a block continue it: replicates of n and 2 n begin alike."""
        few, more = (
            np.concatenate(list(Points(dimensions, n, sampling, seed).replicate(0)))
            for n in (REPLICATES * size, 2 * REPLICATES * size)
        )
        assert (more[:size] == few).all()

"""Laws of normalisation among cases."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from softpower.registry import NORMALISE
from softpower.steps.normalise import Scales, normalise

NAMES = ("min_max", "z_score", "rank", "percentile_rank")
# On a grid, so that rescaling keeps equal values equal and unequal ones apart.
cells = st.lists(st.one_of(st.just(float("nan")), st.integers(-40, 40).map(lambda n: n / 4)), min_size=2, max_size=12)


def scores(name, column, higher=True):
    blank = np.array([np.nan])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([higher]))
    return normalise(NORMALISE[name], {}, np.array(column)[:, None], scales).ravel()


def spread(column):
    return len({one for one in column if not np.isnan(one)}) > 1


@pytest.mark.parametrize("name", NAMES)
class TestAmongCases:
    """Order is kept, the order of cases and the unit do not matter, gaps stay gaps, directions mirror each other."""

    @given(column=cells)
    def test_order_is_kept(self, name, column):
        assume(spread(column))
        got = scores(name, column)
        for (x, a), (y, b) in itertools.product(zip(column, got, strict=True), repeat=2):
            if x < y:
                assert a < b
            if x == y:
                assert a == b

    @given(column=cells)
    def test_gaps_stay_gaps_and_move_nothing(self, name, column):
        assume(spread(column))
        got = scores(name, column)
        assert np.isnan(got).tolist() == np.isnan(column).tolist()
        there = [one for one in column if not np.isnan(one)]
        assert got[~np.isnan(column)] == pytest.approx(scores(name, there), abs=1e-12)

    @given(data=st.data(), column=cells)
    def test_the_order_of_cases_does_not_matter(self, name, data, column):
        assume(spread(column))
        order = data.draw(st.permutations(range(len(column))))
        turned = scores(name, [column[place] for place in order])
        assert turned == pytest.approx(scores(name, column)[list(order)], abs=1e-12, nan_ok=True)

    @given(column=cells, factor=st.integers(1, 1000), shift=st.integers(-100, 100))
    def test_the_unit_does_not_matter(self, name, column, factor, shift):
        assume(spread(column))
        other = [one * factor + shift for one in column]
        assert scores(name, other) == pytest.approx(scores(name, column), abs=1e-9, nan_ok=True)

    @given(column=cells)
    def test_lower_is_better_agrees_with_the_data_reversed(self, name, column):
        assume(spread(column))
        turned = scores(name, [-one for one in column])
        assert scores(name, column, higher=False) == pytest.approx(turned, abs=1e-12, nan_ok=True)


class TestScales:
    """Min-max and percentile rank reach both ends of 0 to 100; z-scores have mean 0 and deviation 1."""

    @given(cells)
    def test_ends(self, column):
        assume(spread(column))
        for name in ("min_max", "percentile_rank"):
            got = scores(name, column)
            assert np.nanmin(got) == 0
            assert np.nanmax(got) <= 100
        assert np.nanmax(scores("min_max", column)) == 100

    @given(cells)
    def test_moments(self, column):
        assume(spread(column))
        got = scores("z_score", column)
        assert np.nanmean(got) == pytest.approx(0, abs=1e-9)
        assert np.nanstd(got, ddof=1) == pytest.approx(1)

"""What sensitivity looks at: ranks of draws."""

import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from hypothesis.strategies import sampled_from
from scipy.stats import rankdata

from softpower.analysis.outputs import ranked


class TestRanked:
    """Ranks from the highest are those of `scipy.stats.rankdata` of the scores turned round, among those there are."""

    @given(arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=sampled_from([1.0, 2, 3, np.nan])))
    def test_oracle(self, steps):
        expected = rankdata(-steps, method="min", axis=1, nan_policy="omit")
        np.testing.assert_array_equal(ranked(steps), expected)

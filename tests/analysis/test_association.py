"""Correlations of two lists of numbers: at the ends of the numbers that a machine has."""

import numpy as np
import pytest
from scipy import stats

from softpower.analysis.association import associate

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("size", [1e-300, 1e-150, 1.0, 1e150, 1e300])
def test_the_size_of_numbers_does_not_matter(size):
    a, b = RNG.normal(size=(2, 12))
    found = associate(a * size, b)
    assert found.pearson == pytest.approx(stats.pearsonr(a, b).statistic, rel=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(a, b).statistic, rel=1e-9)
    assert found.kendall == pytest.approx(stats.kendalltau(a, b).statistic, rel=1e-9)


def test_on_a_line_rounding_goes_beyond_neither_end():
    for seed in range(40):
        a = np.random.default_rng(seed).normal(size=7)
        for slope in (0.3, -0.3):
            found = associate(a, slope * a + 0.1)
            assert abs(found.pearson) <= 1
            assert found.pearson == pytest.approx(np.sign(slope))

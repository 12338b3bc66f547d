"""Laws of how indicators hang together: what must not matter, and what one number says of another."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower.analysis.association import associate
from softpower.analysis.correlations import correlations
from softpower.analysis.reliability import cronbach_alpha
from softpower.analysis.structure import components, sampling_adequacy, variance_inflation


@st.composite
def tables(draw, *, gaps=False):
    """Whole numbers in two to five columns and up to nine rows more than columns, with ties, perhaps with gaps."""
    columns = draw(st.integers(2, 5))
    rows = columns + draw(st.integers(1, 9))
    cell = st.one_of(st.integers(-9, 9).map(float), st.just(np.nan)) if gaps else st.integers(-9, 9).map(float)
    return np.array(draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows)))


def defined(found):
    assume(not found.reason)
    return found


class TestCorrelations:
    @pytest.mark.parametrize("method", ["pearson", "spearman"])
    @fewer
    @given(tables(gaps=True))
    def test_each_is_that_of_its_two_indicators_alone(self, method, values):
        found = correlations(values, method=method)
        for first, second in np.argwhere(~np.eye(values.shape[1], dtype=bool)):
            alone = associate(values[:, first], values[:, second])
            np.testing.assert_allclose(found.matrix[first, second], getattr(alone, method), atol=1e-9)
            assert found.cases[first, second] == alone.cases
            assert bool(found.reasons[first, second]) == bool(alone.reason)

    @fewer
    @given(tables(gaps=True))
    def test_turning_one_turns_its_correlations(self, values):
        turned = values * np.where(np.arange(values.shape[1]) == 0, -2.0, 1.0)
        before, after = correlations(values).matrix, correlations(turned).matrix
        np.testing.assert_allclose(after[0, 1:], -before[0, 1:], atol=1e-9)
        np.testing.assert_allclose(after[1:, 1:], before[1:, 1:], atol=1e-9)


class TestComponents:
    @fewer
    @given(tables())
    def test_they_hold_all_correlations(self, values):
        """R = L L' over all components, and the eigenvalues sum to the number of indicators."""
        found = defined(components(values))
        np.testing.assert_allclose(found.loadings @ found.loadings.T, np.corrcoef(values, rowvar=False), atol=1e-9)
        assert found.eigenvalues.sum() == pytest.approx(values.shape[1])
        assert (np.diff(found.eigenvalues) <= 1e-12).all()


class TestInflation:
    @fewer
    @given(tables())
    def test_is_at_least_one_and_an_indicator_more_lowers_none(self, values):
        without, more = variance_inflation(values[:, :-1]), variance_inflation(values)
        assume(not without.reason and not more.reason)
        assert (more.factors >= 1 - 1e-9).all()
        assert (more.factors[:-1] >= without.factors * (1 - 1e-6)).all()

    @fewer
    @given(tables())
    def test_where_it_is_infinite_there_is_no_adequacy(self, values):
        found = defined(variance_inflation(values))
        assert np.isinf(found.factors).any() == ("follows from the others" in sampling_adequacy(values).reason)


class TestAdequacy:
    @fewer
    @given(tables())
    def test_lies_between_0_and_1_and_between_those_of_its_indicators(self, values):
        found = defined(sampling_adequacy(values))
        each = found.indicators[~np.isnan(found.indicators)]
        assert -1e-9 <= each.min() - 1e-9 <= found.overall <= each.max() + 1e-9 <= 1 + 2e-9

    @fewer
    @given(tables())
    def test_turning_an_indicator_changes_nothing(self, values):
        found = defined(sampling_adequacy(values))
        turned = sampling_adequacy(values * np.where(np.arange(values.shape[1]) == 0, -1.0, 1.0))
        assert turned.overall == pytest.approx(found.overall, rel=1e-9)


class TestReliability:
    @pytest.mark.parametrize("standardised", [True, False])
    @fewer
    @given(tables())
    def test_without_one_is_alpha_of_the_others(self, standardised, values):
        found = defined(cronbach_alpha(values, standardised=standardised))
        for place in range(values.shape[1]):
            others = cronbach_alpha(np.delete(values, place, axis=1), standardised=standardised)
            assert bool(others.reason) == bool(found.reasons[place])
            np.testing.assert_allclose(found.if_deleted[place], others.alpha, rtol=1e-9, atol=1e-9)

    @fewer
    @given(tables())
    def test_of_standardised_indicators_follows_from_their_mean_correlation(self, values):
        """It is k r / (1 + (k - 1) r) for the mean correlation r."""
        found = defined(cronbach_alpha(values))
        count = values.shape[1]
        mean = (np.corrcoef(values, rowvar=False).sum() - count) / (count * (count - 1))
        assert found.alpha == pytest.approx(count * mean / (1 + (count - 1) * mean), rel=1e-6, abs=1e-9)

"""How indicators hang together: by hand, by other paths, as the Handbook prints it, and where it is undefined."""

import math

import numpy as np
import pytest
from scipy import stats

from softpower import MethodError, load_profile
from softpower.analysis.correlations import correlations
from softpower.analysis.structure import components, sampling_adequacy, variance_inflation

NAN = np.nan
PAIR = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
"""Two indicators of three cases, with the correlation 0.5."""
RNG = np.random.default_rng(7)
COMMON = RNG.normal(size=(60, 2))
VALUES = np.column_stack([COMMON[:, [0]] * [2, 1, 3], COMMON[:, [1]] * [1, 2]]) + RNG.normal(size=(60, 5))
GAPPED = np.where(RNG.uniform(size=VALUES.shape) < 0.2, NAN, VALUES)
ALL = pytest.mark.parametrize("function", [components, sampling_adequacy, variance_inflation])


def numbers_of(found):
    """All floats of a result."""
    parts = [one for one in vars(found).values() if isinstance(one, np.ndarray | float)]
    return np.concatenate([np.ravel(one) for one in parts])


class TestCorrelations:
    @pytest.mark.parametrize("method", ["pearson", "spearman"])
    def test_pair_by_pair_as_scipy_has_them(self, method):
        found = correlations(GAPPED, method=method)
        function = stats.pearsonr if method == "pearson" else stats.spearmanr
        for first in range(5):
            for second in range(5):
                both = ~np.isnan(GAPPED[:, [first, second]]).any(axis=1)
                expected = function(GAPPED[both, first], GAPPED[both, second]).statistic
                assert found.matrix[first, second] == pytest.approx(expected, rel=1e-12)
                assert found.cases[first, second] == both.sum()
        assert found.reasons.ravel().tolist() == [""] * 25

    def test_by_hand(self):
        assert correlations(PAIR).matrix.tolist() == [[1, 0.5], [0.5, 1]]
        # ranks 1, 2.5, 2.5 against 1, 2, 3: covariance 1.5, of 1.5 and 2
        ties = np.array([[1.0, 0.0], [7.0, 1.0], [7.0, 100.0]])
        assert correlations(ties, method="spearman").matrix[0, 1] == pytest.approx(1.5 / 3**0.5)

    def test_ranks_are_among_the_cases_that_have_both(self):
        # without the third case 1, 9, 2, 8 against 1, 4, 2, 3: the same order
        values = np.array([[1.0, 1], [9, 4], [5, NAN], [2, 2], [8, 3]])
        assert correlations(values, method="spearman").matrix[0, 1] == pytest.approx(1)

    def test_a_far_case_without_its_pair_takes_nothing_away(self):
        near = np.array([[1.0, 2], [2, 1], [3, 3], [1e12, NAN]])
        assert correlations(near).matrix[0, 1] == pytest.approx(0.5, rel=1e-12)

    @pytest.mark.parametrize("unit", [1e-300, 1e308])
    def test_no_square_leaves_the_range_of_numbers(self, unit):
        assert correlations((PAIR - 2) * unit).matrix[0, 1] == pytest.approx(0.5)

    @pytest.mark.parametrize("cells", [1, 700])
    def test_columns_are_taken_a_few_at_a_time(self, monkeypatch, cells):
        whole = correlations(GAPPED, method="spearman")
        monkeypatch.setattr("softpower.analysis.correlations.CELLS", cells)
        np.testing.assert_array_equal(correlations(GAPPED, method="spearman").matrix, whole.matrix)

    def test_says_why_one_is_undefined(self):
        values = np.array([[1.0, 5, 2, NAN], [2, 5, 1, NAN], [3, 5, NAN, 1], [4, NAN, NAN, 2], [4, NAN, NAN, 2]])
        found = correlations(values, names=["a", "flat", "short", "late"])
        says = {
            (0, 1): "flat the same in every case that has both",
            (1, 1): "flat the same in every case that has both",
            (0, 2): "2 cases have both, and fewer than 3 say nothing",
            (1, 2): "2 cases have both, and fewer than 3 say nothing",
            (2, 3): "0 cases have both, and fewer than 3 say nothing",
            (1, 3): "1 case has both, and fewer than 3 say nothing",
            (0, 3): "",
        }
        for (first, second), reason in says.items():
            assert found.reasons[first, second] == found.reasons[second, first] == reason
        assert ((found.reasons == "") == ~np.isnan(found.matrix)).all()

    def test_both_of_a_pair_may_be_flat(self):
        found = correlations(np.array([[1.0, 2], [1, 2], [1, 2]]), names=["a", "b"])
        assert found.reasons[0, 1] == "a and b the same in every case that has both"

    def test_one_case_has_none(self):
        found = correlations(VALUES[:1])
        assert np.isnan(found.matrix).all()
        assert set(found.reasons.ravel()) == {"1 case has both, and fewer than 3 say nothing"}

    def test_pairs(self):
        found = correlations(GAPPED, names=list("abcde")).pairs(["x", "x", "x", "y", "y"])
        assert list(zip(found["a"], found["b"], strict=True))[:5] == [*(("a", one) for one in "bcde"), ("b", "c")]
        assert found["within"].tolist() == [True, True, False, False, True, False, False, False, False, True]
        assert found.loc[2, ["dimension_a", "dimension_b"]].tolist() == ["x", "y"]
        expected = correlations(GAPPED)
        assert found.loc[9, ["correlation", "cases"]].tolist() == [expected.matrix[3, 4], expected.cases[3, 4]]

    def test_refusals(self):
        with pytest.raises(MethodError, match="there is none called 'kendall'"):
            correlations(PAIR, method="kendall")
        with pytest.raises(MethodError, match="one is infinite"):
            correlations(PAIR * np.inf)


class TestComponents:
    def test_by_hand(self):
        # of two with the correlation r: 1 + r and 1 - r
        found = components(PAIR)
        assert found.eigenvalues.tolist() == pytest.approx([1.5, 0.5])
        assert found.share.tolist() == pytest.approx([0.75, 0.25])
        assert found.cumulative.tolist() == pytest.approx([0.75, 1])
        assert np.abs(found.vectors).ravel().tolist() == pytest.approx([0.5**0.5] * 4)
        assert (found.kept, found.cases, found.reason) == (2, 3, "")

    def test_loadings_are_correlations_with_the_component(self):
        found = components(VALUES)
        standard = (VALUES - VALUES.mean(axis=0)) / VALUES.std(axis=0)
        scores = standard @ found.vectors
        expected = np.corrcoef(standard, scores, rowvar=False)[:5, 5:]
        np.testing.assert_allclose(found.loadings, expected, atol=1e-12)

    def test_as_singular_values_have_them(self):
        standard = (VALUES - VALUES.mean(axis=0)) / VALUES.std(axis=0)
        expected = np.square(np.linalg.svd(standard, compute_uv=False)) / len(VALUES)
        np.testing.assert_allclose(components(VALUES).eigenvalues, expected, rtol=1e-12)

    def test_the_largest_loading_of_each_is_positive(self):
        for loadings in (components(VALUES).loadings, components(-VALUES).loadings):
            assert (loadings[np.abs(loadings).argmax(axis=0), np.arange(5)] > 0).all()

    def test_the_kept_ones_are_rotated(self):
        found = components(VALUES)
        # two eigenvalues above 1, and a third that explains more than 10 %
        assert found.rotated.shape == (5, found.kept) == (5, 3)
        kept = found.loadings[:, :3]
        np.testing.assert_allclose(found.rotated @ found.rotated.T, kept @ kept.T, atol=1e-12)
        unequal = [np.square(one).var(axis=0).sum() for one in (found.rotated, kept)]
        assert unequal[0] > unequal[1]

    def test_one_that_follows_from_the_others_leaves_a_component_of_nothing(self):
        found = components(np.column_stack([VALUES, VALUES[:, :2].sum(axis=1)]))
        assert found.eigenvalues[-1] == pytest.approx(0, abs=1e-12)
        assert found.reason == ""


class TestTables16And17:
    """The Handbook's data are printed with two decimals, so print is met nearly."""

    EIGENVALUES = (3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1)
    VARIANCE = (41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9)
    ROTATED = (
        (0.07, 0.97, 0.06, 0.06),
        (0.13, 0.07, -0.07, 0.93),
        (0.79, -0.21, 0.21, 0.42),
        (-0.64, 0.56, -0.04, 0.36),
        (0.37, 0.17, 0.38, 0.68),
        (0.82, -0.04, 0.25, 0.35),
        (0.88, 0.23, -0.09, 0.09),
        (0.08, 0.04, 0.96, 0.04),
    )

    @pytest.fixture
    def found(self):
        return components(load_profile("technology_achievement").values.value)

    def test_eigenvalues_and_variance(self, found):
        np.testing.assert_allclose(found.eigenvalues, self.EIGENVALUES, atol=0.06)
        np.testing.assert_allclose(100 * found.share, self.VARIANCE, atol=0.15)
        assert (found.kept, found.cases) == (4, 23)

    def test_rotated_loadings(self, found):
        printed = np.abs(np.array(self.ROTATED))
        # factors have neither a sign nor an order
        order = [int(np.abs(printed - np.abs(column)[:, None]).max(axis=0).argmin()) for column in found.rotated.T]
        assert sorted(order) == [0, 1, 2, 3]
        np.testing.assert_allclose(np.abs(found.rotated), printed[:, order], atol=0.013)


class TestSamplingAdequacy:
    def test_of_three_by_hand(self):
        # correlations all r: the partial ones are (r - r^2) / (1 - r^2) = r / (1 + r), so KMO = 1 / (1 + 1 / (1 + r)^2)
        r = 0.6
        root = np.linalg.cholesky(np.full((3, 3), r) + (1 - r) * np.eye(3))
        base = np.linalg.qr(np.column_stack([np.ones(9), RNG.normal(size=(9, 3))]))[0][:, 1:]
        found = sampling_adequacy(base @ root.T)
        assert found.overall == pytest.approx(1 / (1 + 1 / (1 + r) ** 2))
        assert found.indicators.tolist() == pytest.approx([found.overall] * 3)

    def test_partial_correlations_are_those_of_residuals(self):
        found = sampling_adequacy(VALUES)
        standard = (VALUES - VALUES.mean(axis=0)) / VALUES.std(axis=0)
        shared = np.square(np.corrcoef(VALUES, rowvar=False)) - np.eye(5)
        partial = np.zeros((5, 5))
        for first, second in np.argwhere(~np.eye(5, dtype=bool)):
            others = np.delete(standard, [first, second], axis=1)
            left = [
                one - others @ np.linalg.lstsq(others, one, rcond=None)[0]
                for one in (standard[:, first], standard[:, second])
            ]
            partial[first, second] = np.corrcoef(*left)[0, 1] ** 2
        assert found.overall == pytest.approx(shared.sum() / (shared + partial).sum(), rel=1e-9)
        np.testing.assert_allclose(found.indicators, shared.sum(axis=0) / (shared + partial).sum(axis=0), rtol=1e-9)

    def test_of_two_is_a_half_whatever_they_are(self):
        assert sampling_adequacy(VALUES[:, :2]).overall == pytest.approx(0.5)

    def test_without_an_inverse_it_says_so(self):
        values = np.column_stack([VALUES[:, :3], VALUES[:, 0] - VALUES[:, 1]])
        found = sampling_adequacy(values, names=["a", "b", "c", "a less b"])
        assert found.reason == "of a, b and a less b each follows from the others in full"
        assert math.isnan(found.overall)

    def test_without_any_correlation_it_says_so(self):
        square = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
        found = sampling_adequacy(square)
        assert (found.reason, math.isnan(found.overall)) == ("no two indicators are correlated", True)


class TestVarianceInflation:
    def test_by_hand(self):
        # 1 / (1 - r^2) for two
        assert variance_inflation(PAIR).factors.tolist() == pytest.approx([4 / 3, 4 / 3])

    def test_as_least_squares_have_it(self):
        found = variance_inflation(VALUES)
        for place in range(5):
            others = np.column_stack([np.ones(60), np.delete(VALUES, place, axis=1)])
            mine = VALUES[:, place]
            left = mine - others @ np.linalg.lstsq(others, mine, rcond=None)[0]
            assert found.factors[place] == pytest.approx(mine.var() / left.var(), rel=1e-9)

    def test_is_infinite_where_one_follows_from_others_and_right_for_the_rest(self):
        values = np.column_stack([VALUES, VALUES[:, 0] + VALUES[:, 3]])
        found = variance_inflation(values)
        assert np.isinf(found.factors).tolist() == [True, False, False, True, False, True]
        assert found.factors[[1, 2, 4]].tolist() == pytest.approx(
            variance_inflation(VALUES).factors[[1, 2, 4]].tolist()
        )
        assert found.reason == ""

    def test_is_infinite_for_all_that_are_one_in_other_units(self):
        for seed in range(20):
            values = np.random.default_rng(seed).normal(size=(12, 1)) * [1, 2, -3, 1 / 7]
            assert np.isinf(variance_inflation(values).factors).all()


class TestUndefined:
    def test_of_no_components_none_is_kept(self):
        found = components(VALUES[:1])
        assert (found.kept, found.rotated.shape) == (0, (VALUES.shape[1], 0))

    @ALL
    @pytest.mark.parametrize(
        ("values", "says"),
        [
            (VALUES[:, :1], "1 indicator alone, and it takes 2"),
            (VALUES[:1], "1 case without gaps, and fewer than 3 say nothing"),
            (VALUES[:2, :2], "2 cases without gaps, and fewer than 3 say nothing"),
            (VALUES[:5], "5 cases without gaps for 5 indicators, and it takes more cases than indicators"),
            (VALUES * [1, 1, 0, 1, 1], "indicator 3 is the same in every case"),
            (VALUES * NAN, "0 cases without gaps, and fewer than 3 say nothing"),
        ],
    )
    def test_says_why(self, function, values, says):
        found = function(values)
        assert found.reason == says
        assert np.isnan(numbers_of(found)).all()

    @ALL
    def test_only_complete_cases_count(self, function):
        complete = GAPPED[~np.isnan(GAPPED).any(axis=1)]
        found = function(GAPPED)
        assert found.cases == len(complete) < 60
        np.testing.assert_array_equal(numbers_of(found), numbers_of(function(complete)))

    @ALL
    def test_the_unit_of_an_indicator_does_not_matter(self, function):
        far = VALUES * [1e-200, 1, 1e200, 3, 1e5] + [0, 5, 0, 7, 1]
        np.testing.assert_allclose(numbers_of(function(far)), numbers_of(function(VALUES)), rtol=1e-9, atol=1e-9)

    @ALL
    def test_refusals(self, function):
        with pytest.raises(MethodError, match="they have 1 axes"):
            function(VALUES[0])
        with pytest.raises(MethodError, match="there are 1 for 5 indicators"):
            function(VALUES, names=["a"])

"""Where a case stands among the others: range, spread, order."""

import math
from typing import ClassVar

import numpy as np
import pytest
from scipy import stats

from softpower.errors import MethodError
from softpower.model.methodology import Methodology
from softpower.registry import NORMALISE
from softpower.steps.normalise import Scales, normalise
from softpower.steps.statistics import mean

STANDING = ("min_max", "z_score", "robust_z", "rank", "percentile_rank", "borda", "categorical")


def across(name, cells, higher=True, **parameters):
    """The scores of one indicator's cases."""
    blank = np.array([math.nan])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([higher]), ("visits",))
    scores = normalise(NORMALISE[name], parameters, np.array(cells, dtype=float)[:, None], scales)
    return scores.ravel().tolist()


class TestAcrossCases:
    CELLS: ClassVar = [2, 3, math.nan, 6, 3]

    def test_min_max(self):
        # (3 - 2) / (6 - 2) is a quarter
        assert across("min_max", self.CELLS) == pytest.approx([0, 25, math.nan, 100, 25], nan_ok=True)

    def test_min_max_of_what_is_better_low(self):
        assert across("min_max", self.CELLS, higher=False) == pytest.approx([100, 75, math.nan, 0, 75], nan_ok=True)

    def test_min_max_to_other_ends(self):
        assert across("min_max", [2, 3, 6], low=1, high=5) == [1, 2, 5]

    @pytest.mark.parametrize("unit", [2.0**-700, 2.0**-490, 1.0, 2.0**490, 2.0**700])
    @pytest.mark.parametrize("step", [1.0, 2.0**-50])
    def test_z_score_of_numbers_and_steps_of_any_size(self, unit, step):
        assert across("z_score", [unit, unit * (1 + step), unit * (1 + 2 * step)]) == pytest.approx([-1, 0, 1])

    def test_z_score(self):
        # 2, 4 and 6 lie around 4 with a deviation of 2 (squares 4 + 0 + 4 over n - 1 = 2)
        assert across("z_score", [2, math.nan, 4, 6]) == pytest.approx([-1, math.nan, 0, 1], nan_ok=True)
        assert across("z_score", [2, 4, 6], mean=50, deviation=10) == pytest.approx([40, 50, 60])
        assert across("z_score", [2, 4, 6], higher=False) == pytest.approx([1, 0, -1])

    @pytest.mark.parametrize(
        ("ties", "expected"),
        [
            ("lowest", [1, 2, math.nan, 4, 2]),
            ("average", [1, 2.5, math.nan, 4, 2.5]),
            ("highest", [1, 3, math.nan, 4, 3]),
        ],
    )
    def test_rank(self, ties, expected):
        assert across("rank", self.CELLS, ties=ties) == pytest.approx(expected, nan_ok=True)

    def test_rank_of_what_is_better_low(self):
        assert across("rank", self.CELLS, higher=False) == pytest.approx([4, 2, math.nan, 1, 2], nan_ok=True)

    def test_percentile_rank(self):
        # four cases: (rank - 1) / 3
        assert across("percentile_rank", self.CELLS) == pytest.approx([0, 100 / 3, math.nan, 100, 100 / 3], nan_ok=True)

    def test_what_nobody_observed_stays_a_gap(self):
        for name in STANDING:
            assert all(map(math.isnan, across(name, [math.nan] * 3)))

    @pytest.mark.parametrize("name", ["min_max", "z_score", "robust_z"])
    @pytest.mark.parametrize("cells", [[5], [5, 5, 5], [5, math.nan]])
    def test_what_has_no_spread_is_refused(self, name, cells):
        with pytest.raises(MethodError, match=f"normalise = '{name}': visits: it has the same value in every case"):
            across(name, cells)

    @pytest.mark.parametrize("name", ["rank", "percentile_rank", "borda", "categorical"])
    @pytest.mark.parametrize("cells", [[5], [math.nan, 5]])
    def test_one_case_has_no_rank(self, name, cells):
        with pytest.raises(MethodError, match=f"normalise = '{name}': visits: it has one case alone"):
            across(name, cells)

    def test_equal_cases_share_their_rank(self):
        assert across("rank", [5, 5, 5]) == [1, 1, 1]

    def test_ends_and_deviations_make_sense(self):
        with pytest.raises(MethodError, match="low 9 is not below high 1"):
            across("min_max", [1, 2], low=9, high=1)
        with pytest.raises(MethodError, match="low 5 is not below high 5"):
            across("min_max", [1, 2], low=5, high=5)
        with pytest.raises(MethodError, match="the consistency 0 is not above zero"):
            across("robust_z", [1, 2], consistency=0.0)
        with pytest.raises(MethodError, match="the deviation 0 is not above zero"):
            across("z_score", [1, 2], deviation=0)
        with pytest.raises(MethodError, match="the consistency -1 is not above zero"):
            across("robust_z", [1, 2], consistency=-1.0)


def test_the_mean_of_an_indicator_that_one_case_has_is_its_value():
    assert mean(np.array([[3.0, math.nan, 1.0], [math.nan, math.nan, 2.0]])).tolist() == pytest.approx(
        [3, math.nan, 1.5], nan_ok=True
    )


class TestRobust:
    # the median is 4, the deviations 3, 2, 0, 1 and 95: their median is 2
    CELLS: ClassVar = [1, 2, math.nan, 4, 5, 99]

    def test_by_hand(self):
        expected = [-1.5, -1, math.nan, 0, 0.5, 47.5]
        assert across("robust_z", self.CELLS, consistency=1.0) == pytest.approx(expected, nan_ok=True)
        assert across("robust_z", self.CELLS, higher=False, consistency=1.0) == pytest.approx(
            [-one for one in expected], nan_ok=True
        )

    def test_an_even_number_of_cases(self):
        # between 2 and 4 lies 3; the deviations 2, 1, 1 and 7 have the median 1.5
        assert across("robust_z", [1, 2, 4, 10], consistency=2.0) == pytest.approx([-2 / 3, -1 / 3, 1 / 3, 7 / 3])

    def test_the_constant_makes_it_a_deviation_of_the_normal_distribution(self):
        normal = stats.norm.ppf((np.arange(2001) + 0.5) / 2001) * 7 + 3
        got = across("robust_z", normal)
        assert got == pytest.approx(((normal - 3) / 7).tolist(), rel=1e-3, abs=1e-3)

    def test_agrees_with_scipy(self):
        cells = np.random.default_rng(5).normal(size=(3, 20, 4))
        expected = (cells - np.median(cells, axis=1, keepdims=True)) / stats.median_abs_deviation(
            cells, axis=1, scale="normal"
        )[:, None, :]
        np.testing.assert_allclose(many("robust_z", cells), expected, rtol=1e-12, atol=1e-14)

    def test_more_than_half_equal_is_refused(self):
        with pytest.raises(MethodError, match=r"robust_z': visits: more than half .*\"z_score\" or \"rank\""):
            across("robust_z", [1, 1, 1, 5, 9])


def many(name, cells, **parameters):
    """The scores of tables of several indicators."""
    blank = np.full(cells.shape[-1], math.nan)
    flags = (np.zeros(len(blank), dtype=bool), np.ones(len(blank), dtype=bool))
    return normalise(NORMALISE[name], parameters, cells, Scales(blank, blank, blank, *flags))


class TestAgainstScipy:
    CELLS: ClassVar = np.random.default_rng(3).integers(0, 9, size=(3, 15, 4)).astype(float)

    def test_z_score(self):
        np.testing.assert_allclose(many("z_score", self.CELLS), stats.zscore(self.CELLS, axis=1, ddof=1), rtol=1e-12)

    @pytest.mark.parametrize(("ties", "theirs"), [("lowest", "min"), ("average", "average"), ("highest", "max")])
    def test_ranks(self, ties, theirs):
        expected = stats.rankdata(self.CELLS, method=theirs, axis=1)
        assert (many("rank", self.CELLS, ties=ties) == expected).all()
        assert (many("borda", self.CELLS, ties=ties) == expected - 1).all()

    @pytest.mark.parametrize(("ties", "theirs"), [("average", "rank"), ("highest", "weak")])
    def test_percentiles_among_all(self, ties, theirs):
        column = self.CELLS[0, :, :1]
        expected = stats.percentileofscore(column.ravel(), column.ravel(), kind=theirs)
        np.testing.assert_allclose(many("percentile_rank", column, ties=ties, among="all").ravel(), expected)


class TestBorda:
    def test_is_how_many_lie_below(self):
        assert across("borda", TestAcrossCases.CELLS) == pytest.approx([0, 1, math.nan, 3, 1], nan_ok=True)
        assert across("borda", [2, 3, 6], higher=False) == [2, 1, 0]

    def test_on_average_equal_cases_share_a_point(self):
        assert across("borda", [1, 5, 5], ties="average") == [0, 1.5, 1.5]


class TestPercentiles:
    def test_among_all_the_worst_has_its_own_share(self):
        assert across("percentile_rank", [7, 3, 9, 8], among="all") == [50, 25, 100, 75]


class TestCategories:
    # ten cases: the percentile of each is ten times its rank
    TEN: ClassVar = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]

    def test_as_many_as_the_percentiles_reached(self):
        assert across("categorical", self.TEN, percentiles=[30.0, 75.0], scores=[1.0, 2.0, 9.0]) == [
            *(1, 1),
            *(2, 2, 2, 2, 2),
            *(9, 9, 9),
        ]

    def test_a_percentile_may_be_less_than_one(self):
        got = across("categorical", range(400), percentiles=[0.5], scores=[0.0, 1.0])
        assert got == [0] + [1] * 399

    def test_those_of_the_handbook_are_the_default(self):
        assert across("categorical", self.TEN) == [20, 40, 40, 50, 50, 50, 60, 60, 80, 100]

    def test_each_percentile_of_the_handbook_belongs_to_the_category_below(self):
        # A hundred cases: the percentile of each is its rank.
        expected = np.repeat([0.0, 20, 40, 50, 60, 80, 100], [4, 10, 20, 30, 20, 10, 6])
        assert across("categorical", range(100)) == expected.tolist()

    def test_lower_is_better_reverses_the_order(self):
        assert across("categorical", self.TEN, higher=False) == [100, 80, 60, 60, 50, 50, 50, 40, 40, 20]

    def test_gaps_do_not_count(self):
        got = across("categorical", [5, math.nan, 7], percentiles=[60.0], scores=[0.0, 1.0])
        assert got == pytest.approx([0, math.nan, 1], nan_ok=True)

    def test_the_ends_of_the_scale_are_the_ends_of_the_scores(self):
        assert NORMALISE["categorical"].scale({}) == (0, 100)
        assert NORMALISE["categorical"].scale({"scores": [1.0, 5.0], "percentiles": [50.0]}) == (1, 5)

    @pytest.mark.parametrize(
        ("percentiles", "scores", "words"),
        [
            ([50.0, 20.0], [0.0, 1.0, 2.0], "the percentiles do not rise"),
            ([20.0, 50.0], [0.0, 2.0, 2.0], "the scores do not rise"),
            ([-5.0, 50.0], [0.0, 1.0, 2.0], "a percentile is not above 0 and at most 100"),
            ([0.0], [0.0, 1.0], "a percentile is not above 0 and at most 100"),
            ([50.0, 101.0], [0.0, 1.0, 2.0], "a percentile is not above 0 and at most 100"),
            ([], [0.0], "a percentile is not above 0"),
            ([50.0], [0.0, 1.0, 2.0], "1 percentiles part 2 categories and there are 3 scores"),
        ],
    )
    def test_percentiles_and_scores_match(self, percentiles, scores, words):
        with pytest.raises(MethodError, match=f"normalise = 'categorical': {words}"):
            across("categorical", self.TEN, percentiles=percentiles, scores=scores)

    def test_a_methodology_takes_them_as_lists(self):
        given = {"method": "categorical", "percentiles": [50, 90], "scores": [0, 1, 2]}
        assert Methodology(normalise=given).normalise.parameters["scores"] == [0, 1, 2]


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1.0, 1e200, 1e300])
def test_z_scores_of_any_size(size):
    column = np.array([[1.0], [2.0], [3.0]]) * size
    scales = Scales(*(np.array([value]) for value in (0.0, 1.0, np.nan, False, True)), ("x",))
    np.testing.assert_allclose(normalise(NORMALISE["z_score"], {}, column, scales).ravel(), [-1, 0, 1], atol=1e-12)

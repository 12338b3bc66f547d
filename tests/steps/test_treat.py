"""Outliers treated by hand: the JRC rule, Box-Cox, percentiles; and what is refused."""

import math
from inspect import signature

import numpy as np
import pytest
from scipy import stats

from softpower.errors import MethodError
from softpower.registry import TREAT
from softpower.steps import statistics
from softpower.steps.layout import Layout
from softpower.steps.treat import box_cox, box_cox_treatment, clip_treatment, jrc, jrc_treatment, percentile_clip

NAN = math.nan


def one(*cells):
    return np.array(cells, dtype=float)[:, None], Layout.plain(len(cells), ("visits",))


def treated(method, *cells, **parameters):
    return method(*one(*cells), **parameters).ravel().tolist()


def test_all_are_registered():
    assert {"jrc", "box_cox", "percentile_clip"} <= set(TREAT)


@pytest.mark.parametrize(
    ("method", "how"), [(jrc, jrc_treatment), (box_cox, box_cox_treatment), (percentile_clip, clip_treatment)]
)
def test_a_method_has_the_defaults_of_its_treatment(method, how):
    values = np.array([*range(1, 42), 90, 150], dtype=float)[:, None]
    layout = Layout.plain(len(values), ("visits",))
    assert method(values, layout).tolist() == how(values, layout).values.tolist()
    assert signature(method).parameters == signature(how).parameters


class TestJRC:
    @pytest.mark.parametrize(
        ("cells", "skewness", "kurtosis", "method"),
        [
            ([*range(12), 80, 83], 2.2, 3.6, "winsorised"),
            ([*range(11), 60, 63], 2.1, 3.0, "none"),
            ([*range(15), 30], 1.8, 4.8, "none"),
        ],
    )
    def test_the_published_thresholds_are_the_defaults(self, cells, skewness, kurtosis, method):
        assert stats.skew(cells, bias=False) == pytest.approx(skewness, abs=0.05)
        assert stats.kurtosis(cells, bias=False) == pytest.approx(kurtosis, abs=0.05)
        assert jrc_treatment(*one(*cells)).method == [method]

    def test_the_highest_takes_the_next_value(self):
        cells = (1, 2, NAN, 3, 4, 500)
        made = jrc_treatment(*one(*cells))
        assert made.values.ravel().tolist() == pytest.approx([1, 2, NAN, 3, 4, 4], nan_ok=True)
        assert (made.method.tolist(), made.cells.tolist()) == (["winsorised"], [1])

    def test_the_lowest_where_the_tail_is_low(self):
        assert treated(jrc, -1, -2, -3, -4, -500) == [-1, -2, -3, -4, -4]

    def test_what_passes_stays_the_same_to_the_bit(self):
        values, layout = one(-0.0, 0.0, 0.1, 7.3, NAN, 5.2)
        made = jrc_treatment(values, layout)
        assert made.values.tobytes() == values.tobytes()
        assert (made.method.tolist(), made.cells.tolist()) == (["none"], [0])

    def test_one_of_the_two_thresholds_is_enough(self):
        # skewness 1.5 and kurtosis 4.4 pass, as do 2.2 and 3.4
        values = np.array([*range(12), 30, 40, 60, 100], dtype=float)[:, None]
        layout = Layout.plain(16, ("visits",))
        skewness, kurtosis = statistics.skewness(values).item(), statistics.kurtosis(values).item()
        for limits in ((skewness + 0.01, 0.0), (0.01, kurtosis + 0.01)):
            made = jrc_treatment(values, layout, skewness_threshold=limits[0], kurtosis_threshold=limits[1])
            assert made.method == ["none"]
        made = jrc_treatment(values, layout, skewness_threshold=skewness - 0.01, kurtosis_threshold=kurtosis - 0.01)
        assert made.method != ["none"]
        # What is at a threshold does not pass.
        made = jrc_treatment(values, layout, skewness_threshold=skewness, kurtosis_threshold=kurtosis)
        assert made.method != ["none"]

    def test_thresholds_are_those_that_are_given(self):
        cells = [1, 2, 3, 4, 500]
        for limits in ({"skewness_threshold": 9.0}, {"kurtosis_threshold": 9.0}):
            assert treated(jrc, *cells, **limits) == cells

    def test_the_highest_moves_where_the_tail_is_barely_high(self):
        cells = [*range(10), 14]
        assert 0.5 < stats.skew(cells, bias=False) < 1
        limits = {"skewness_threshold": 0.3, "kurtosis_threshold": -1.0}
        assert treated(jrc, *cells, **limits) == [*range(10), 9]
        assert treated(jrc, *(-cell for cell in cells), **limits) == [-cell for cell in (*range(10), 9)]

    def test_columns_with_low_tails_side_by_side(self):
        values = -np.array([[1.0, 1], [2, 2], [3, 3], [4, 10], [500, 500]])
        made = jrc(values, Layout.plain(5, ("a", "b")))
        assert made.tolist() == [[-1, -1], [-2, -2], [-3, -3], [-4, -10], [-4, -10]]

    def test_too_few_values_of_one_draw_are_refused(self):
        draws = np.array([[1.0, 2, 3, 4], [1, 2, 3, NAN]])[..., None]
        with pytest.raises(MethodError, match="visits: it has fewer than 4 values"):
            jrc(draws, Layout.plain(4, ("visits",)))

    def test_beyond_the_number_of_cells_the_original_values_become_logarithms(self):
        cells = [*range(1, 11), 30, 100]
        made = jrc_treatment(*one(*cells), most=0)
        # ln(x - 1 + 0.01 x 99)
        assert made.values.ravel() == pytest.approx([math.log(x - 1 + 0.99) for x in cells], rel=1e-12)
        assert (made.method.tolist(), made.cells.tolist()) == (["logarithm"], [0])
        assert treated(jrc, *cells, most=0, offset=0.5)[0] == pytest.approx(math.log(49.5))

    def test_two_thirds_of_the_way_are_not_kept(self):
        # Six of the seven giants would have to move.
        cells = [*np.linspace(0, 1, 60), 10, 20, 40, 80, 160, 320, 640]
        made = jrc_treatment(*one(*cells))
        assert made.method == ["logarithm"]
        assert made.values.ravel() == pytest.approx([math.log(x + 6.4) for x in cells], rel=1e-12)
        more = jrc_treatment(*one(*cells), most=7)
        assert more.method == ["winsorised"]
        assert more.cells == (np.array(cells) != more.values.ravel()).sum()

    def test_cells_of_one_value_move_together_or_not_at_all(self):
        # After the first step two cells are at 300, which two more share: the next step would move three or more.
        cells = [*range(40), 300, 300, 600]
        for most in range(1, 5):
            made = jrc_treatment(*one(*cells), most=most)
            assert made.cells <= most
        assert jrc_treatment(*one(*cells), most=2).method == ["logarithm"]
        three = jrc_treatment(*one(*cells), most=3)
        assert (three.method.tolist(), three.cells.tolist()) == (["winsorised"], [3])
        assert three.values.max() == 39

    def test_no_difference_is_never_all_that_is_left(self):
        # the one that differs cannot take the next value: all would be the same
        made = jrc_treatment(*one(*[0] * 20, 1))
        assert made.method == ["logarithm"]
        assert len(set(made.values.ravel().tolist())) == 2

    def test_a_constant_has_no_outlier(self):
        assert treated(jrc, 5, 5, 5, 5, 5) == [5] * 5

    def test_what_nobody_observed_stays_a_gap(self):
        assert np.isnan(treated(jrc, NAN, NAN, NAN)).all()

    def test_each_draw_and_each_indicator_by_itself(self):
        rng = np.random.default_rng(3)
        values = rng.lognormal(sigma=[0.1, 1.0, 2.0, 3.0], size=(5, 40, 4))
        values[rng.random(values.shape) < 0.1] = NAN
        layout = Layout.plain(40, ("a", "b", "c", "d"))
        made = jrc_treatment(values, layout, most=2)
        assert set(made.method.ravel()) == {"none", "winsorised", "logarithm"}
        for draw in range(5):
            for place in range(4):
                alone = jrc_treatment(values[draw][:, [place]], Layout.plain(40, ("x",)), most=2)
                np.testing.assert_array_equal(made.values[draw][:, [place]], alone.values)
                assert (made.method[draw, place], made.cells[draw, place]) == (alone.method[0], alone.cells[0])

    def test_huge_values_give_no_infinity(self):
        cells = [-1.7e308, *np.linspace(-1e300, 1e300, 20), 1.7e308, 1.7e308]
        assert np.isfinite(treated(jrc, *cells, most=0, skewness_threshold=1e-9, kurtosis_threshold=0.0)).all()

    @pytest.mark.parametrize("cells", [(1,), (1, 2, 3, NAN)])
    def test_too_few_values_are_refused(self, cells):
        with pytest.raises(MethodError, match="treat = 'jrc': visits: it has fewer than 4 values"):
            treated(jrc, *cells)

    @pytest.mark.parametrize("wrong", [{"most": -1}, {"skewness_threshold": 0.0}, {"offset": 0.0}])
    def test_parameters_make_sense(self, wrong):
        with pytest.raises(MethodError, match="treat = 'jrc'"):
            treated(jrc, 1, 2, 3, 4, **wrong)


class TestBoxCox:
    CELLS = (1, 4, NAN, 9, 30, 100)

    def test_a_given_exponent(self):
        assert treated(box_cox, *self.CELLS, exponent=0.5) == pytest.approx(
            [0, 2, NAN, 4, 2 * (math.sqrt(30) - 1), 18], nan_ok=True
        )
        assert treated(box_cox, *self.CELLS, exponent=-1) == pytest.approx(
            [0, 0.75, NAN, 8 / 9, 29 / 30, 0.99], nan_ok=True
        )

    def test_zero_is_the_logarithm(self):
        np.testing.assert_array_equal(box_cox(*one(*self.CELLS), exponent=0), np.log(one(*self.CELLS)[0]))

    @pytest.mark.parametrize("seed", range(12))
    def test_the_likeliest_exponent_is_that_of_scipy(self, seed):
        rng = np.random.default_rng(seed)
        cells = rng.gamma(shape=rng.uniform(0.5, 20), scale=10.0 ** rng.integers(-3, 4), size=rng.integers(5, 80))
        _, exponent = stats.boxcox(cells)
        made = box_cox_treatment(*one(*cells))
        # scipy searches the top of a flat hill, down to the root of the last digit
        assert made.parameter == pytest.approx([exponent], rel=1e-5, abs=1e-5)
        assert made.method == ["box_cox"]
        np.testing.assert_array_equal(
            made.values.ravel(), box_cox(*one(*cells), exponent=made.parameter.item()).ravel()
        )
        np.testing.assert_allclose(
            made.values.ravel(), stats.boxcox(cells, lmbda=made.parameter.item()), rtol=1e-9, atol=1e-12
        )
        ours, theirs = (stats.boxcox_llf(one, cells) for one in (made.parameter.item(), exponent))
        assert ours >= theirs - 1e-9

    def test_each_draw_and_each_indicator_by_itself(self):
        values = np.random.default_rng(2).lognormal(size=(3, 20, 2))
        values[1, 4, 0] = NAN
        values[2, :, 1] = NAN
        made = box_cox_treatment(values, Layout.plain(20, ("a", "b")))
        alone = box_cox_treatment(values[1], Layout.plain(20, ("a", "b")))
        np.testing.assert_allclose(made.values[1], alone.values, rtol=1e-9)
        assert np.isnan(made.values[2, :, 1]).all()
        assert made.method[2].tolist() == ["box_cox", "none"]
        np.testing.assert_allclose(
            made.parameter[0], [stats.boxcox(values[0, :, place])[1] for place in (0, 1)], rtol=1e-5, atol=1e-5
        )

    def test_what_has_no_power_is_refused_by_name(self):
        values = np.array([[1.0, 0.0, 2.0], [2.0, 1.0, -1.0]])
        with pytest.raises(MethodError) as caught:
            box_cox(values, Layout.plain(2, ("a", "b", "c")))
        assert [fault.where for fault in caught.value.faults] == ["treat = 'box_cox': b", "treat = 'box_cox': c"]
        assert "values of zero or below" in str(caught.value)
        assert "Treat it by 'jrc'" in str(caught.value)

    @pytest.mark.parametrize("cells", [(5,), (5, 5, 5), (5, NAN), (1.0, np.nextafter(1.0, 2), 1.0)])
    def test_a_constant_has_no_likeliest_exponent(self, cells):
        with pytest.raises(MethodError, match="no exponent is the likeliest"):
            treated(box_cox, *cells)

    @pytest.mark.parametrize("exponent", [400.0, -400.0])
    def test_those_that_merge_are_named_alone(self, exponent):
        values = np.array([[1.0, 10], [1.01, 1000], [1.02, 1001]])
        with pytest.raises(MethodError) as caught:
            box_cox(values, Layout.plain(3, ("a", "b")), exponent=exponent)
        assert [fault.where for fault in caught.value.faults] == ["treat = 'box_cox': b"]

    def test_a_value_that_is_too_large_alone_is_refused(self):
        with pytest.raises(MethodError, match="too large, or too close, to be told apart"):
            treated(box_cox, 1, 2, 1000, exponent=400.0)

    def test_no_cell_is_brought_in(self):
        assert box_cox_treatment(*one(*self.CELLS)).cells.tolist() == [0]

    def test_a_constant_has_a_power(self):
        assert treated(box_cox, 5, 5, exponent=1) == pytest.approx([4, 4])

    @pytest.mark.parametrize("exponent", [400.0, -400.0])
    def test_an_exponent_that_merges_values_is_refused(self, exponent):
        with pytest.raises(MethodError, match="too large, or too close, to be told apart"):
            treated(box_cox, 10, 1000, 1001, exponent=exponent)

    def test_the_greatest_alone_may_merge(self):
        with pytest.raises(MethodError, match="too large, or too close, to be told apart"):
            treated(box_cox, 1, 1000, 1001, exponent=-400.0)


class TestPercentileClip:
    def test_by_hand(self):
        # of 0, 10, ..., 40 the 5th percentile is a fifth of the first step
        made = clip_treatment(*one(0, 10, NAN, 20, 30, 40))
        assert made.values.ravel().tolist() == pytest.approx([2, 10, NAN, 20, 30, 38], nan_ok=True)
        assert (made.method.tolist(), made.cells.tolist()) == (["clipped"], [2])

    def test_one_end_alone(self):
        assert treated(percentile_clip, 0, 10, 20, 30, 40, low=0, high=75) == [0, 10, 20, 30, 30]
        made = clip_treatment(*one(0, 10, 20, 30, 40), low=0, high=75)
        assert (made.method.tolist(), made.cells.tolist()) == (["clipped"], [1])

    def test_what_is_within_stays(self):
        made = clip_treatment(*one(7, 7, 7))
        assert (made.values.ravel().tolist(), made.method.tolist()) == ([7, 7, 7], ["none"])

    @pytest.mark.parametrize("ends", [(50, 50), (90, 10), (-1, 50), (5, 101)])
    def test_percentiles_make_sense(self, ends):
        with pytest.raises(MethodError, match="Give two percentiles in order, from 0 to 100"):
            treated(percentile_clip, 1, 2, 3, low=ends[0], high=ends[1])

    def test_no_difference_left_is_refused(self):
        # of 40 cases all but one are the same, and the 95th percentile is theirs
        with pytest.raises(MethodError, match="visits: between the percentiles all its values are the same"):
            treated(percentile_clip, *[0] * 39, 1)

    def test_one_value_is_refused(self):
        with pytest.raises(MethodError, match="treat = 'percentile_clip': visits: it has one value"):
            treated(percentile_clip, 1, NAN)

"""Laws of the treatment of outliers."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

from properties.strategies import fewer
from softpower.errors import MethodError
from softpower.registry import TREAT
from softpower.steps.layout import Layout
from softpower.steps.treat import box_cox_treatment, jrc_treatment

METHODS = {
    "jrc": {},
    "jrc with one cell": {"most": 1},
    "jrc that logs": {"most": 0, "skewness_threshold": 0.2, "kurtosis_threshold": -5.0},
    "box_cox": {},
    "box_cox with an exponent": {"exponent": -0.5},
    "percentile_clip": {},
    "percentile_clip of a quarter": {"low": 25.0, "high": 100.0},
}
# Many small numbers and a few giants, all above zero; gaps between them.
cells = st.one_of(
    st.just(np.nan), st.integers(1, 80).map(lambda n: n / 8), st.integers(1, 9).map(lambda n: 10.0**n / 8)
)
columns = st.lists(cells, min_size=6, max_size=16).filter(
    lambda column: (
        len({one for one in column if not math.isnan(one)}) > 1 and sum(not math.isnan(one) for one in column) > 3
    )
)


def treat(name, column):
    """Return the treated column; an example of which no difference would be left is no example."""
    if name.startswith("percentile"):
        ends = [METHODS[name].get(end, default) for end, default in (("low", 5.0), ("high", 95.0))]
        assume(len(set(np.clip(column, *np.nanpercentile(column, ends))[~np.isnan(column)])) > 1)
    method = TREAT[name.partition(" ")[0]].function
    try:
        return method(np.array(column)[:, None], Layout.plain(len(column), ("x",)), **METHODS[name]).ravel()
    except MethodError as refused:
        assume("to be told apart" not in str(refused))
        raise


@pytest.mark.parametrize("name", METHODS)
class TestEveryTreatment:
    """No two cases change places, equal cases stay equal, gaps stay gaps, and the order of cases does not matter."""

    @fewer
    @given(column=columns)
    @example(column=[1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1e9])
    def test_weakly_monotone(self, name, column):
        made = treat(name, column)
        kept = [(before, after) for before, after in zip(column, made, strict=True) if not math.isnan(before)]
        ordered = sorted(kept)
        assert all(a[1] <= b[1] for a, b in itertools.pairwise(ordered))
        assert all(a[1] == b[1] for a, b in itertools.pairwise(ordered) if a[0] == b[0])

    @fewer
    @given(column=columns)
    def test_gaps_and_nothing_else_are_gaps(self, name, column):
        made = treat(name, column)
        assert np.isnan(made).tolist() == np.isnan(column).tolist()
        assert not np.isinf(made).any()

    @fewer
    @given(column=columns, data=st.data())
    def test_order_of_cases(self, name, column, data):
        order = data.draw(st.permutations(range(len(column))))
        turned = treat(name, [column[place] for place in order])
        np.testing.assert_array_equal(turned, treat(name, column)[list(order)])

    @fewer
    @given(column=columns)
    def test_a_difference_is_left(self, name, column):
        assert len({one for one in treat(name, column) if not math.isnan(one)}) > 1


class TestJRC:
    """What passes is left alone, and the number of cells that are winsorised is kept; scipy says what passes."""

    @staticmethod
    def passes(column):
        values = np.array([one for one in column if not math.isnan(one)])
        skewness, kurtosis = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
        # On the threshold the last digit decides.
        assume(abs(abs(skewness) - 2) > 1e-9 and abs(kurtosis - 3.5) > 1e-9)
        return abs(skewness) < 2 or kurtosis < 3.5

    @given(column=columns, most=st.integers(0, 6))
    @example(column=[1.0] * 10 + [2.0, 1e9], most=1)
    def test_the_rule(self, column, most):
        values = np.array(column)[:, None]
        made = jrc_treatment(values, Layout.plain(len(column), ("x",)), most=most)
        if self.passes(column):
            assert made.values.tobytes() == values.tobytes()
            assert made.method == ["none"]
        elif made.method == ["winsorised"]:
            moved = made.values[~np.isnan(values)] != values[~np.isnan(values)]
            assert made.cells == moved.sum() <= most
            assert moved.any()
            assert self.passes(made.values.ravel())
        else:
            assert made.method == ["logarithm"]
            least, greatest = np.nanmin(values), np.nanmax(values)
            expected = np.log(values - least + 0.01 * (greatest - least))
            np.testing.assert_allclose(made.values, expected, rtol=1e-9, atol=1e-9)

    @given(column=columns)
    def test_tails_mirror_each_other(self, column):
        values, layout = np.array(column)[:, None], Layout.plain(len(column), ("x",))
        made, turned = jrc_treatment(values, layout), jrc_treatment(-values, layout)
        assert made.cells == turned.cells
        assert made.method == turned.method
        if made.method != ["logarithm"]:
            np.testing.assert_array_equal(turned.values, -made.values)


class TestBoxCox:
    """The likeliest exponent is likelier than scipy's, up to rounding."""

    @fewer
    @given(column=columns)
    def test_likelihood(self, column):
        values = np.array([one for one in column if not math.isnan(one)])
        made = box_cox_treatment(values[:, None], Layout.plain(len(values), ("x",)))
        theirs = stats.boxcox_normmax(values, method="mle")
        ours = made.parameter.item()
        assert stats.boxcox_llf(ours, values) >= stats.boxcox_llf(theirs, values) - 1e-6

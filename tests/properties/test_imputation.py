"""Laws of imputation."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from properties.strategies import fewer
from softpower.registry import IMPUTE
from softpower.steps.layout import Layout

ROWS, COLUMNS = 8, 3
ACROSS = ("mean", "median", "group_mean", "group_median")
ALONG = ("last_observation", "linear")
numbers = st.one_of(st.just(np.nan), st.just(-0.0), st.integers(-400, 400).map(lambda n: n / 7))
tables = arrays.arrays(float, (ROWS, COLUMNS), elements=numbers)
# Four cases in four periods, of which each lacks some.
places = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=ROWS, max_size=ROWS, unique=True)
regions = st.lists(st.integers(0, 2), min_size=ROWS, max_size=ROWS)
gaps = st.integers(1, 4)


@st.composite
def layouts(draw):
    cases, periods = np.array(draw(places)).T
    names = tuple("abc"[:COLUMNS])
    times = 2000.0 + np.array([0, 1, 3, 4])[periods]
    return Layout(names, np.zeros(COLUMNS, dtype=int), cases, times, {"region": np.array(draw(regions))})


def impute(name, values, layout, maximum_gap=2):
    parameters = {"group": "region"} if "group" in name else {"maximum_gap": maximum_gap} if name in ALONG else {}
    return IMPUTE[name].function(values, layout, **parameters)


def fillable(name, values, layout):
    """Whether every indicator has a value, in each group where it is the group's that counts."""
    if name in ALONG:
        return True
    codes = layout.groups["region"] if "group" in name else np.zeros(ROWS)
    return all((~np.isnan(values[codes == code])).any(axis=0).all() for code in np.unique(codes))


def moved(layout, order):
    groups = {"region": layout.groups["region"][order]}
    return Layout(layout.indicators, layout.dimensions, layout.cases[order], layout.times[order], groups)


@pytest.mark.parametrize("name", ACROSS + ALONG)
class TestEveryImputation:
    """What was observed stays the same to the bit; the order of rows does not matter; the unit does not either."""

    @fewer
    @given(values=tables, layout=layouts())
    def test_observed_cells(self, name, values, layout):
        assume(fillable(name, values, layout))
        made, observed = impute(name, values, layout), ~np.isnan(values)
        assert made[observed].tobytes() == values[observed].tobytes()

    @fewer
    @given(values=tables, layout=layouts(), order=st.permutations(range(ROWS)))
    def test_order_of_rows(self, name, values, layout, order):
        assume(fillable(name, values, layout))
        turned = impute(name, values[order], moved(layout, order))
        np.testing.assert_allclose(turned, impute(name, values, layout)[order], rtol=1e-12, atol=1e-12)

    @fewer
    @given(values=tables, layout=layouts(), factor=st.integers(-9, 9).filter(bool), shift=st.integers(-99, 99))
    def test_unit(self, name, values, layout, factor, shift):
        assume(fillable(name, values, layout))
        turned = impute(name, values * factor + shift, layout)
        np.testing.assert_allclose(turned, impute(name, values, layout) * factor + shift, rtol=1e-9, atol=1e-9)

    @fewer
    @given(values=tables, layout=layouts())
    def test_nothing_lies_beyond_what_was_observed(self, name, values, layout):
        assume(fillable(name, values, layout))
        made = impute(name, values, layout)
        for column in range(COLUMNS):
            seen, filled = values[:, column][~np.isnan(values[:, column])], made[:, column][~np.isnan(made[:, column])]
            if len(filled):
                assert seen.min() - 1e-9 <= filled.min() <= filled.max() <= seen.max() + 1e-9


@pytest.mark.parametrize("name", ACROSS)
@fewer
@given(values=tables, layout=layouts())
def test_no_gap_is_left_across_cases(name, values, layout):
    """Means and medians promise to fill every gap."""
    assume(fillable(name, values, layout))
    assert not np.isnan(impute(name, values, layout)).any()


class TestAlongPeriods:
    """Each gap is filled exactly as its neighbours in the same case say, looked up one by one."""

    @fewer
    @given(values=tables, layout=layouts(), maximum_gap=gaps)
    def test_last_observation(self, values, layout, maximum_gap):
        made = impute("last_observation", values, layout, maximum_gap)
        periods = np.unique(layout.times, return_inverse=True)[1]
        for row, column in np.argwhere(np.isnan(values)):
            seen = (layout.cases == layout.cases[row]) & (periods < periods[row]) & ~np.isnan(values[:, column])
            last = max(np.flatnonzero(seen), key=lambda one: periods[one], default=None)
            near = last is not None and periods[row] - periods[last] <= maximum_gap
            np.testing.assert_equal(made[row, column], values[last, column] if near else np.nan)

    @fewer
    @given(values=tables, layout=layouts(), maximum_gap=gaps)
    def test_linear(self, values, layout, maximum_gap):
        made = impute("linear", values, layout, maximum_gap)
        times = np.unique(layout.times).tolist()
        for row, column in np.argwhere(np.isnan(values)):
            seen = np.flatnonzero((layout.cases == layout.cases[row]) & ~np.isnan(values[:, column]))
            ordered = sorted(seen, key=lambda one: layout.times[one])
            before = [one for one in ordered if layout.times[one] < layout.times[row]][-1:]
            after = [one for one in ordered if layout.times[one] > layout.times[row]][:1]
            ends = [times.index(layout.times[one]) for one in (*before, *after)]
            if len(ends) < 2 or ends[1] - ends[0] - 1 > maximum_gap:
                assert np.isnan(made[row, column])
            else:
                line = np.interp(layout.times[row], layout.times[ordered], values[ordered, column])
                np.testing.assert_allclose(made[row, column], line, rtol=1e-12, atol=1e-12)


class TestRegression:
    """Observed cells stay to the bit, no gap is left, and a regression without chance is blind to the order of rows."""

    @settings(max_examples=10)
    @given(seed=st.integers(0, 10_000), order=st.permutations(range(20)))
    def test_regression_and_multiple(self, seed, order):
        pytest.importorskip("sklearn", reason="scikit-learn is not installed; the extra `impute` brings it")
        rng = np.random.default_rng(seed)
        values = rng.normal(size=(20, 1)) + rng.normal(size=(20, 3))
        values[rng.random(values.shape) < 0.1] = np.nan
        layout, observed = Layout.plain(20, ("a", "b", "c")), ~np.isnan(values)
        for name, parameters in (("regression", {"rounds": 1000}), ("multiple", {"tables": 2, "rounds": 2})):
            made = IMPUTE[name].function(values, layout, **parameters)
            assert made[observed].tobytes() == values[observed].tobytes()
            assert np.isfinite(made).all()
        turned = IMPUTE["regression"].function(values[order], layout, rounds=1000)
        made = IMPUTE["regression"].function(values, layout, rounds=1000)
        np.testing.assert_allclose(turned, made[order], rtol=1e-6, atol=1e-6)

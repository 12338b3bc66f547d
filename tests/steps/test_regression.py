"""Gaps filled from the other indicators of the dimension, by scikit-learn."""

import sys
import warnings
from types import ModuleType

import numpy as np
import pytest

from softpower.errors import MethodError, MissingExtraError
from softpower.steps.layout import Layout
from softpower.steps.regression import multiple, multiple_imputation, regression

NAN = np.nan
NAMES = ("a", "b", "c", "d")


@pytest.fixture(autouse=True)
def _with_scikit_learn():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed; the extra `impute` brings it")


def layout(rows, dimensions=(0, 0, 0, 1), indicators=NAMES):
    return Layout(indicators, np.array(dimensions), np.arange(rows))


@pytest.fixture
def lines():
    """Three indicators on one line and one of another dimension; gaps in three of them."""
    x = np.linspace(1.0, 10.0, 30)
    values = np.column_stack([x, 1e6 * x + 5, -1e-3 * x, np.random.default_rng(0).normal(size=30)])
    whole = values.copy()
    values[3, 0] = values[7, 1] = values[20, 1] = values[11, 2] = NAN
    return values, whole


def _loose(seed, share):
    """Five indicators of thirty cases that go together in part, with a share of gaps."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(30, 1)) * rng.uniform(0.7, 1, 5) + rng.normal(size=(30, 5)) * 0.35
    values[rng.random((30, 5)) < share] = NAN
    return values * 100


def _chained(scaled):
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401  # makes the next import possible
    from sklearn.impute import IterativeImputer

    return IterativeImputer(tol=1e-9, max_iter=5000, min_value=-1, max_value=1).fit_transform(scaled)


class TestRegression:
    def test_finds_what_lies_on_a_line_whatever_the_unit(self, lines):
        values, whole = lines
        np.testing.assert_allclose(regression(values, layout(30)), whole, rtol=1e-3)

    def test_the_unit_changes_nothing(self, lines):
        values, _ = lines
        turned = values * [-2.0, 1e-9, 7.0, 1.0] + [3.0, 0.0, -1.0, 0.0]
        expected = regression(values, layout(30)) * [-2.0, 1e-9, 7.0, 1.0] + [3.0, 0.0, -1.0, 0.0]
        np.testing.assert_allclose(regression(turned, layout(30)), expected, rtol=1e-6)

    def test_another_dimension_is_not_looked_at(self, lines):
        values, _ = lines
        other = values.copy()
        other[:, 3] = np.arange(30.0)[::-1]
        np.testing.assert_array_equal(regression(values, layout(30))[:, :3], regression(other, layout(30))[:, :3])

    def test_a_dimension_without_gaps_leaves_the_others_to_be_filled(self, lines):
        values, _ = lines
        first = regression(values, layout(30, (1, 1, 1, 0)))
        np.testing.assert_array_equal(first, regression(values, layout(30, (0, 0, 0, 1))))

    def test_is_the_same_each_time_and_for_each_draw(self, lines):
        values, _ = lines
        made = regression(values, layout(30))
        np.testing.assert_array_equal(regression(np.stack([values, values]), layout(30)), np.stack([made, made]))

    def test_nothing_lies_beyond_what_was_observed(self):
        # the line would put the gap at 0
        values = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0], [0.0, NAN]])
        assert regression(values, layout(5, (0, 0), ("a", "b")))[4, 1] == 10

    def test_ends_may_lie_on_either_side_of_zero(self, lines):
        values, whole = lines
        moved = [1e6, 0, 0, 0]
        np.testing.assert_allclose(regression(values + moved, layout(30)) - moved, whole, rtol=1e-3)
        np.testing.assert_allclose(regression(values - [5.5, 0, 0, 0], layout(30))[:, 0], whole[:, 0] - 5.5, atol=1e-2)

    def test_a_constant_stays_constant(self):
        values = np.array([[7.0, 1.0, 2.0], [7.0, 2.0, 4.0], [NAN, 3.0, 6.0], [7.0, 4.0, NAN]])
        made = regression(values, layout(4, (0, 0, 0), ("a", "b", "c")))
        assert made[2, 0] == 7
        assert np.isfinite(made).all()

    def test_a_gap_of_a_constant_alone_takes_its_value(self):
        values = np.array([[7.0, 1.0, 2.0], [7.0, 2.0, 4.0], [NAN, 3.0, 6.0], [7.0, 4.0, 8.5]])
        made = regression(values, layout(4, (0, 0, 0), ("a", "b", "c")))
        np.testing.assert_array_equal(made, np.where(np.isnan(values), 7.0, values))

    def test_a_case_without_any_value_is_filled(self, lines):
        values, _ = lines
        values[5, :3] = NAN
        assert np.isfinite(regression(values, layout(30))).all()

    def test_without_gaps_nothing_is_done(self, lines):
        _, whole = lines
        np.testing.assert_array_equal(regression(whole, layout(30)), whole)

    def test_goes_on_until_nothing_moves(self):
        """What scikit-learn comes to when it is told to go on is reached, where its own tolerance stops far from it."""
        values = _loose(7, 0.35)
        made = regression(values, layout(30, (0,) * 5, "abcde"))
        least, greatest = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
        scaled = (values - (least + greatest) / 2) / ((greatest - least) / 2)
        wanted = _chained(scaled) * (greatest - least) / 2 + (least + greatest) / 2
        np.testing.assert_allclose(made, wanted, atol=1e-4 * (greatest - least).max())

    def test_blind_to_the_order_of_the_indicators(self):
        values, turned = _loose(9, 0.2), [3, 0, 4, 1, 2]
        before = regression(values, layout(30, (0,) * 5, "abcde"))
        after = regression(values[:, turned], layout(30, (0,) * 5, "abcde"))
        np.testing.assert_allclose(after, before[:, turned], atol=1e-4 * np.ptp(before))

    def test_predictions_that_still_move_are_refused(self, lines):
        values, _ = lines
        values[0:20, 0] = values[10:30, 1] = NAN
        # Also where a caller hears no warnings.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(MethodError, match=r"still move after 1 rounds\. Allow more rounds"):
                regression(values, layout(30), rounds=1)


class TestMultiple:
    def test_the_tables_agree_on_what_was_observed_and_differ_in_the_gaps(self, lines):
        values, _ = lines
        values[:, 1] += np.random.default_rng(1).normal(scale=1e6, size=30)
        made = multiple_imputation(values, layout(30), tables=4, rng=0)
        assert made.shape == (4, 30, 4)
        gaps = np.isnan(values)
        np.testing.assert_array_equal(made[:, ~gaps], np.broadcast_to(values[~gaps], (4, (~gaps).sum())))
        assert (made[:, 7, 1].std(axis=0) > 0).all()
        assert ((made >= np.nanmin(values, axis=0)) & (made <= np.nanmax(values, axis=0))).all()

    def test_a_seed_or_its_generator_gives_the_same_tables(self, lines):
        values, _ = lines
        made = multiple_imputation(values, layout(30), tables=2, rng=7)
        again = multiple_imputation(values, layout(30), tables=2, rng=np.random.default_rng(7))
        np.testing.assert_array_equal(made, again)
        other = multiple_imputation(values, layout(30), tables=2, rng=8)
        assert (made != other).any()

    def test_each_draw_is_filled_by_itself(self, lines):
        values, _ = lines
        draws = np.stack([values, values + 1.0, values])
        made = multiple(draws, layout(30), tables=2, rounds=2)
        np.testing.assert_array_equal(made, [multiple(one, layout(30), tables=2, rounds=2) for one in draws])
        assert np.isfinite(made).all()
        np.testing.assert_array_equal(made[1][~np.isnan(values)], values[~np.isnan(values)] + 1.0)

    def test_draws_differ_by_their_values_and_not_by_chance(self, lines):
        values, _ = lines
        values += np.random.default_rng(4).normal(size=values.shape) * np.nanstd(values, axis=0)
        nearly = values.copy()
        nearly[0] *= 1 + 1e-10
        made = multiple(np.stack([values, nearly]), layout(30), tables=2, rounds=3)
        np.testing.assert_allclose(made[1], made[0], rtol=1e-7)

    def test_the_method_is_the_mean_of_the_tables(self, lines):
        values, _ = lines
        made = multiple_imputation(values, layout(30), tables=3, rng=5)
        np.testing.assert_allclose(multiple(values, layout(30), tables=3, seed=5), made.mean(axis=0), rtol=1e-12)

    def test_there_are_twenty_where_none_says_how_many(self, lines):
        values, _ = lines
        made = multiple_imputation(values, layout(30), tables=20, rounds=1, rng=5)
        np.testing.assert_allclose(multiple(values, layout(30), rounds=1, seed=5), made.mean(axis=0), rtol=1e-12)

    def test_numbers_below_one_are_refused(self, lines):
        values, _ = lines
        assert np.isfinite(multiple(values, layout(30), tables=1, rounds=1, seed=0)).all()
        for wrong in ({"tables": 0}, {"rounds": 0}, {"seed": -1}):
            with pytest.raises(MethodError, match="impute = 'multiple'"):
                multiple(values, layout(30), **wrong)
        for wrong in ({"tables": 0}, {"tables": 1, "rounds": 0}):
            with pytest.raises(MethodError, match="multiple_imputation: tables"):
                multiple_imputation(values, layout(30), rng=0, **wrong)
        with pytest.raises(MethodError, match="rounds is 0"):
            regression(values, layout(30), rounds=0)


@pytest.mark.parametrize("method", [regression, multiple])
def test_what_has_no_regression_is_refused_all_at_once(method):
    values = np.array([[1, NAN, 1, NAN, 5], [2, NAN, 5, 2, 5], [3, 1, NAN, 3, 5], [4, 2, 7, 4, 5]])
    names = ("a", "few", "alone", "beside_constant", "constant")
    with pytest.raises(MethodError) as caught:
        method(values, layout(4, (0, 0, 1, 2, 2), names))
    assert [(one.where.partition(": ")[2], one.what) for one in caught.value.faults] == [
        ("few", "it has 2 values, and a regression needs 3"),
        ("alone", "no other indicator of its dimension varies from case to case"),
        ("beside_constant", "no other indicator of its dimension varies from case to case"),
    ]


def test_faults_of_several_draws_are_told_once():
    draws = np.full((2, 3, 2), [[1, NAN], [2, NAN], [3, NAN]])
    with pytest.raises(MethodError) as caught:
        regression(draws, layout(3, (0, 0), ("a", "b")))
    said = "b: it has 0 values, and a regression needs 3. Leave the indicator out, or keep its gaps."
    assert str(caught.value) == f"impute = 'regression': {said}"


def test_what_scikit_learn_itself_lacks_is_not_taken_for_it(monkeypatch, lines):
    class Broken(ModuleType):
        def __getattr__(self, _):
            raise ModuleNotFoundError("no module named 'joblib'", name="joblib")

    monkeypatch.setitem(sys.modules, "sklearn.experimental", Broken("sklearn.experimental"))
    with pytest.raises(ModuleNotFoundError, match="joblib"):
        regression(lines[0], layout(30))


def test_without_scikit_learn_the_extra_is_named(monkeypatch, lines):
    monkeypatch.setitem(sys.modules, "sklearn.experimental", None)
    with pytest.raises(MissingExtraError) as caught:
        regression(lines[0], layout(30))
    assert str(caught.value) == (
        "impute = 'regression': regressions need scikit-learn, which is not installed. "
        "Install it: pip install 'softpower[impute]'; in a clone: pip install '.[impute]'"
    )

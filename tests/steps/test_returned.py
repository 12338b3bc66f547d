"""What methods return: numbers of the right shape, finite where the children are, or an error that names the method."""

import numpy as np
import pytest

from softpower import MethodError
from softpower.errors import NotFoundError
from softpower.registry import Method
from softpower.steps.returned import MOST, aggregated

VALUES = np.array([[20.0, 80.0], [40.0, 40.0]])
WEIGHTS = np.array([[0.5, 0.5], [0.5, 0.5]])


def scores(function, values=VALUES, weights=WEIGHTS, **properties):
    """Return what a method of one's own gives the node 'trade'."""
    return aggregated(Method("aggregate", "own", function, **properties), {}, "trade", values, weights)


def mean(values, weights):
    """Weighted mean."""
    return (values * weights).sum(axis=-1)


@pytest.mark.parametrize(
    "shaped",
    [list, np.float32, np.asfortranarray, lambda numbers: numbers.astype(int)],
    ids=["list", "float32", "array", "whole numbers"],
)
def test_whatever_holds_a_number_for_each_case_is_taken(shaped):
    made = scores(lambda values, weights: shaped(mean(values, weights)))
    assert made.dtype == float
    assert made.tolist() == [50.0, 40.0]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "a value of type NoneType"),
        ("x", "a value of type str"),
        (5.0, "a value of type float"),
        (np.float64(5), "a value of type float64"),
        ((x for x in "ab"), "a value of type generator"),
        ([[1.0], [1.0, 2.0]], "a value of type list"),
        (np.ma.array([1.0, 2.0], mask=[True, False]), "a value of type MaskedArray"),
        (np.ones(3), r"an array of float64 of shape \(3,\)"),
        (np.ones((2, 1)), r"an array of float64 of shape \(2, 1\)"),
        ([True, False], r"an array of bool of shape \(2,\)"),
        (np.array([1, 2], dtype=object), r"an array of object of shape \(2,\)"),
        (np.array([1j, 2.0]), r"an array of complex128 of shape \(2,\)"),
        (np.array([1, 2], dtype="M8[s]"), r"an array of datetime64\[s\] of shape \(2,\)"),
        (["1", "2"], r"an array of str\d+ of shape \(2,\)"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_anything_else_is_refused_for_what_it_is(given, says):
    what = rf"aggregate = 'own': it returned {says}\. It must return an array of floats of shape \(2,\)\."
    with pytest.raises(MethodError, match=what):
        scores(lambda values, weights: given)  # noqa: ARG005 - a contract


def test_what_cannot_say_which_numbers_it_holds_is_refused():
    class Closed:
        """An object that breaks off when it is asked."""

        def __array__(self, *_, **__):
            raise RuntimeError("closed")

    with pytest.raises(MethodError, match="it returned a value of type Closed"):
        scores(lambda values, weights: Closed())  # noqa: ARG005 - a contract


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 10 * MOST, -10 * MOST])
def test_a_score_that_is_none_is_refused_with_its_node(wrong):
    says = r"aggregate = 'own': it gives 'trade' no finite score, or one beyond 1e\+100, where its children have scores"
    with pytest.raises(MethodError, match=says):
        scores(lambda values, weights: np.where(values[..., 0] < 30, wrong, mean(values, weights)))


class TestWhereNobodyAsks:
    """A score may be anything where the children have none that the method could take."""

    WRONG = staticmethod(lambda values, weights: np.where(values[..., 0] < 30, np.nan, mean(values, weights)))

    def test_of_a_case_without_weights(self):
        assert np.isnan(scores(self.WRONG, weights=np.array([[0.0, 0.0], [0.5, 0.5]]))[0])

    def test_of_two_cases_for_two_reasons(self):
        values, weights = np.array([[20.0, 80.0], [20.0, np.nan]]), np.array([[0.0, 0.0], [0.5, 0.5]])
        assert np.isnan(scores(self.WRONG, values, weights)).all()

    def test_but_not_of_another_case(self):
        with pytest.raises(MethodError, match="no finite score"):
            scores(self.WRONG, np.array([[20.0, 80.0], [20.0, np.nan]]))

    def test_of_a_child_without_a_score(self):
        assert np.isnan(scores(self.WRONG, np.array([[20.0, np.nan], [40.0, 40.0]]))[0])

    def test_but_a_child_that_weighs_nothing_is_not_asked(self):
        with pytest.raises(MethodError, match="no finite score"):
            scores(self.WRONG, np.array([[20.0, np.nan], [40.0, 40.0]]), np.array([[1.0, 0.0], [0.5, 0.5]]))

    def test_of_a_child_at_zero_where_the_method_needs_more(self):
        below = np.array([[20.0, 0.0], [40.0, 40.0]])
        assert np.isnan(scores(self.WRONG, below, positive=True)[0])
        with pytest.raises(MethodError, match="no finite score"):
            scores(self.WRONG, below)

    @pytest.mark.parametrize("least", [20.0, 0.5, 1e-300])
    def test_but_not_of_children_above_zero(self, least):
        with pytest.raises(MethodError, match="no finite score"):
            scores(self.WRONG, np.array([[least, 80.0], [40.0, 40.0]]), positive=True)


def test_the_greatest_scores_may_lie_a_rounding_beyond():
    assert scores(lambda values, weights: np.full(2, MOST * (1 + 1e-12))).max() > MOST  # noqa: ARG005 - a contract


class TestMethodsThatBreakOff:
    """An error of a method names it; what was raised is its cause."""

    @pytest.mark.parametrize(
        ("error", "says"),
        [(ZeroDivisionError("by zero"), r"ZeroDivisionError: by zero"), (StopIteration(), "StopIteration")],
    )
    def test_are_named(self, error, says):
        def broken(values, weights):  # noqa: ARG001 - a contract
            raise error

        said = rf"aggregate = 'own': its function broke off \({says}\)\. Mend the function"
        with pytest.raises(MethodError, match=said) as caught:
            scores(broken)
        assert caught.value.__cause__ is error

    @pytest.mark.parametrize(
        "error", [KeyboardInterrupt(), SystemExit(3), MemoryError(), NotFoundError.of("own", "no", "Yes.")]
    )
    def test_but_what_is_no_fault_of_the_method_comes_out_as_it_is(self, error):
        def broken(values, weights):  # noqa: ARG001 - a contract
            raise error

        with pytest.raises(type(error)) as caught:
            scores(broken)
        assert caught.value is error

    def test_do_not_warn(self, recwarn):
        with pytest.raises(MethodError):
            scores(lambda values, weights: mean(values, weights) / 0.0)
        assert not recwarn

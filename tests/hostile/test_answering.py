"""The judge of hostile files is judged: what is no answer does not pass for one."""

import time
import warnings

import pytest

from hostile.answering import Overdue, answered, check, kept, within
from softpower import SoftPowerError


def refused(*parts):
    return SoftPowerError.of(*parts)


def broken(error):
    def act():
        raise error

    return act


@pytest.mark.parametrize(
    "error", [ValueError("no"), RecursionError(), MemoryError(), KeyError(1), ZeroDivisionError(), Overdue()]
)
def test_another_exception_is_no_answer(error):
    with pytest.raises(AssertionError, match=f"{type(error).__name__} instead of an answer"):
        answered(broken(error))


def test_a_warning_is_no_answer():
    with pytest.raises(AssertionError, match="RuntimeWarning instead"):
        answered(warnings.warn, "divide by zero", RuntimeWarning)


def test_what_takes_too_long_is_stopped():
    with pytest.raises(Overdue), within(0.05):
        time.sleep(5)


def test_an_error_of_ours_is_an_answer():
    error = refused("own.csv line 2", "it is wrong", "Correct it.")
    assert answered(broken(error), names={"own.csv"}) is error


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("own.csv", "", "Correct it."), "says nothing"),
        (("own.csv", "it is wrong", " . "), "says nothing"),
        (("column 'x'", "it is wrong", "Correct it."), "no file is named"),
        (("gone.csv", "there is no such file in somewhere", "Known: a.csv."), "no file is named"),
    ],
)
def test_a_fault_without_what_a_reader_needs_is_none(parts, said):
    with pytest.raises(AssertionError, match=said):
        check(refused(*parts), names={"own.csv"})


def test_what_is_not_kept_is_seen(tmp_path):
    with pytest.raises(AssertionError, match="refused"):
        kept("one", tmp_path / "saved", lambda folder: folder, lambda _: refused("x", "y", "z"))
    with pytest.raises(AssertionError):
        kept("one", tmp_path / "saved", lambda folder: folder, lambda _: "another")

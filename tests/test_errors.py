"""What an error says, and what catches it."""

import pickle

import pytest

from softpower.errors import (
    ExecutionError,
    Fault,
    FileError,
    MethodError,
    MissingExtraError,
    NotFoundError,
    ObservationError,
    SoftPowerError,
    SpecificationError,
    did_you_mean,
    problem,
)

BUILTINS = {
    SpecificationError: ValueError,
    ObservationError: ValueError,
    MethodError: ValueError,
    NotFoundError: KeyError,
    FileError: OSError,
    MissingExtraError: ImportError,
    ExecutionError: RuntimeError,
}
ONE = Fault("profile.toml: window", "the end is before the start", "Swap them.")
OTHER = Fault("observations.csv line 2", "low 3 is above value 2", "A low bound is at most the value.")


@pytest.mark.parametrize("kind", BUILTINS)
def test_an_error_is_caught_as_ours_and_as_the_builtin_that_fits(kind):
    for caught in (SoftPowerError, BUILTINS[kind]):
        with pytest.raises(caught):
            raise kind([ONE])


def test_every_error_of_the_module_is_ours():
    import softpower.errors

    kinds = {one for one in vars(softpower.errors).values() if isinstance(one, type) and issubclass(one, Exception)}
    assert {one for one in kinds if one.__module__ == "softpower.errors"} == {SoftPowerError, *BUILTINS}


@pytest.mark.parametrize("kind", [SoftPowerError, *BUILTINS])
def test_a_single_fault_is_one_line_of_place_mistake_and_mend(kind):
    assert str(kind([ONE])) == "profile.toml: window: the end is before the start. Swap them."


@pytest.mark.parametrize("kind", [SoftPowerError, *BUILTINS])
def test_several_faults_are_counted_and_listed_in_their_order(kind):
    assert str(kind([ONE, OTHER])).splitlines() == ["2 faults:", f"- {ONE}", f"- {OTHER}"]


@pytest.mark.parametrize("kind", [SoftPowerError, *BUILTINS])
def test_an_error_survives_pickling(kind):
    copy = pickle.loads(pickle.dumps(kind([ONE, OTHER])))
    assert type(copy) is kind
    assert copy.faults == (ONE, OTHER)
    assert str(copy) == str(kind([ONE, OTHER]))


def test_a_fault_without_a_place_begins_with_the_mistake():
    assert str(Fault("", "nothing is known", "Say something.")) == "nothing is known. Say something."


def test_an_error_of_one_fault_is_made_of_its_words():
    error = NotFoundError.of("explain: case", "there is no case 'X'", "Known: A>B.")
    assert type(error) is NotFoundError
    assert error.faults == (Fault("explain: case", "there is no case 'X'", "Known: A>B."),)


@pytest.mark.parametrize(
    ("name", "known", "says"),
    [
        ("geometrc", ["arithmetic", "geometric"], "Did you mean 'geometric'?"),
        ("x", ["b", "a"], "Known: a, b."),
        ("x", [], "None is known."),
        ("zz", [f"n{number:02}" for number in range(20)], None),
    ],
)
def test_the_nearest_name_is_suggested_or_the_known_ones_are_listed(name, known, says):
    sentence = did_you_mean(name, known)
    assert sentence == (says or f"Known: {', '.join(known[:12])} ...")


def test_all_known_names_are_listed_when_asked_for():
    known = [f"n{number:02}" for number in range(20)]
    assert did_you_mean("zz", known, listing=20) == f"Known: {', '.join(known)}."


def test_a_validation_problem_keeps_mistake_and_mend_apart():
    one = problem("low {3} is 100% above", "Use {braces} freely.")
    assert one.type == "softpower"
    assert one.context == {"what": "low {3} is 100% above", "mend": "Use {braces} freely."}
    assert one.message() == "low {3} is 100% above. Use {braces} freely."

"""Named methods and their parameters."""

import functools
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple  # noqa: F401 - texts of types name them

import numpy as np
import pandas as pd
import pytest
from pydantic import Field  # noqa: F401 - texts of types name it

import softpower
from softpower import MethodError, Methodology, NotFoundError, SpecificationError, score
from softpower.registry import AGGREGATE, MISSING, NORMALISE, STEPS, WEIGHTS, Method, Registry, register


@pytest.fixture
def registry() -> Registry:
    """A registry of its own, with one method."""
    own = Registry("aggregate")

    @own.register("shifted", positive=True, monotone=False)
    def shifted(values, weights, *, by: float, times: int = 1):
        """Mean, shifted.

        More words.
        """
        return (values * weights).sum(axis=-1) + by * times

    return own


@pytest.fixture
def registered(monkeypatch):
    """Registers methods that are gone after the test."""
    for one in STEPS.values():
        monkeypatch.setattr(one, "_methods", dict(one._methods))
    return register


def test_each_step_has_the_methods_that_are_promised():
    assert set(MISSING) >= {"available", "strict"}
    assert set(NORMALISE) >= {"goalposts"}
    assert set(WEIGHTS) >= {"declared", "equal", "equal_indicators", "mapping"}
    assert set(AGGREGATE) >= {"arithmetic", "geometric", "harmonic", "power"}


@pytest.mark.parametrize("step", STEPS)
def test_every_method_knows_its_step_and_name_and_says_what_it_does(step):
    for name in STEPS[step]:
        method = STEPS[step][name]
        assert (method.step, method.name) == (step, name)
        assert method.summary != name
        assert method.summary.endswith(".")


def test_a_method_is_found_by_its_name(registry):
    method = registry["shifted"]
    assert (method.step, method.name, method.positive, method.monotone) == ("aggregate", "shifted", True, False)
    assert method.summary == "Mean, shifted."
    assert list(registry) == ["shifted"]
    assert len(registry) == 1


class Pair(NamedTuple):
    """Two numbers with names."""

    first: int
    second: int


def kept(values, layout, *, by=None):
    """Values as they are, whatever else is given."""
    return values + 0 * len((layout, by))


class TestParametersOfAnyType:
    """A parameter whose type is not declared is kept as a specification holds it, or refused."""

    @staticmethod
    def made(by):
        frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, 1.0]})
        return score(frame, methodology={"normalise": {"method": "kept", "by": by}})

    @pytest.mark.parametrize(
        ("given", "held"),
        [
            (np.array([1.0, 2.0]), [1.0, 2.0]),
            (np.array(["a", None], dtype=object), ["a", None]),
            (pd.Series([1, 2]), [1, 2]),
            ({"q": np.arange(2)}, {"q": [0, 1]}),
            ((np.float64(0.5), np.str_("x")), (0.5, "x")),
            (Pair(1, np.int64(2)), (1, 2)),
            (date(2020, 1, 2), date(2020, 1, 2)),
        ],
    )
    def test_arrays_are_lists(self, registered, given, held):
        registered("normalise", "kept")(kept)
        made = self.made(given)
        assert repr(made.profile.methodology.normalise.parameters["by"]) == repr(held)
        assert made.fingerprint["methodology"]

    @pytest.mark.parametrize(
        "given", [{1, 2}, b"x", object(), [print], np.longdouble(1)], ids=lambda one: type(one).__name__
    )
    def test_what_no_file_can_hold_is_refused(self, registered, given):
        registered("normalise", "kept")(kept)
        with pytest.raises(SpecificationError, match="which no specification can hold"):
            self.made(given)

    @pytest.mark.parametrize(
        ("declared", "says"),
        [
            (np.ndarray, "is declared as ndarray, which no specification can hold"),
            ("Nowhere", "'Nowhere' is not defined"),
        ],
    )
    def test_a_type_that_cannot_be_checked_is_refused(self, registered, declared, says):
        def own(values, layout, *, by=None):
            return kept(values, layout, by=by)

        own.__annotations__["by"] = declared
        registered("normalise", "kept")(own)
        with pytest.raises(SpecificationError, match=says):
            self.made([1.0])


def test_only_keywords_are_parameters(registry):
    assert list(registry["shifted"].parameters) == ["by", "times"]


def test_an_unknown_method_suggests_the_nearest(registry):
    with pytest.raises(NotFoundError, match=r"aggregate: there is no method 'shiftd'. Did you mean 'shifted'\?"):
        registry["shiftd"]


def test_a_method_is_never_replaced_in_silence(registry):
    with pytest.raises(MethodError, match=r"method 'shifted' is registered already. Choose another name"):
        registry.register("shifted")(lambda values, weights: values + weights)
    assert registry["shifted"].summary == "Mean, shifted."


def test_parameters_come_back_in_their_declared_types(registry):
    checked = registry["shifted"].check({"by": 1, "times": 3})
    assert checked == {"by": 1.0, "times": 3}
    assert (type(checked["by"]), type(checked["times"])) == (float, int)


def test_all_faults_of_parameters_are_reported_together(registry):
    with pytest.raises(MethodError) as caught:
        registry["shifted"].check({"tims": 2, "times": 1.5})
    message = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "aggregate = 'shifted': unknown parameter 'tims'. Did you mean 'times'?" in message
    assert "parameter 'times' is 1.5" in message
    assert "parameter 'by' is missing. Set by beside the method." in message


@pytest.mark.parametrize(
    ("step", "name", "given", "says"),
    [
        (
            "weights",
            "mapping",
            {"weights": {"a": "2"}},
            "'weights': 'a' is '2': input should be a valid number. Write a numb",
        ),
        (
            "weights",
            "mapping",
            {"weights": [1, 2]},
            "'weights' is [1, 2]: input should be a valid dictionary. Write a table.",
        ),
        (
            "weights",
            "mapping",
            {"weights": {"a": -1}},
            "'weights': 'a' is -1: input should be greater than or equal to 0. Give 0",
        ),
        (
            "weights",
            "mapping",
            {"weights": {}, "others": 3},
            "'others' is 3: input should be a valid string. Write a text",
        ),
        ("weights", "budget_allocation", {"points": {"a": [1, "x"]}}, "'points': 'a.1' is 'x'"),
        (
            "weights",
            "budget_allocation",
            {"points": {"a": 1}},
            "'points': 'a' is 1: input should be a valid list. Write a list.",
        ),
        (
            "missing",
            "available",
            {"threshold": 50},
            "'threshold' is 50: input should be less than or equal to 1. Give 1 at most.",
        ),
        (
            "missing",
            "available",
            {"threshold": "half"},
            "'threshold' is 'half': input should be a valid number. Write a number",
        ),
        ("missing", "available", {"threshold": {"part": 50}}, "'threshold': 'part' is 50: input should be less"),
        (
            "weights",
            "mapping",
            {"weights": {1: 2}},
            "'weights': '1' is 1: input should be a valid string. Write a text",
        ),
        ("missing", "available", {"threshold": {"part": "half"}}, "'threshold': 'part' is 'half'"),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_named_down_to_its_entry(step, name, given, says):
    with pytest.raises(MethodError) as caught:
        STEPS[step][name].check(given)
    assert f"{step} = '{name}': parameter {says}" in str(caught.value)
    assert "docstring" not in str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_parameter_that_is_not_finite_is_refused(registry, value):
    with pytest.raises(MethodError, match="finite"):
        registry["shifted"].check({"by": value})
    with pytest.raises(MethodError, match="finite"):
        WEIGHTS["mapping"].check({"weights": {"regard": value}})


def test_a_method_without_docstring_is_summed_up_by_its_name(registry):
    registry.register("bare")(lambda values, weights: values + weights)
    assert registry["bare"].summary == "bare"


def test_a_method_without_docstring_and_without_a_source_is_summed_up_by_its_name(registry):
    made = {}
    exec("def added(values, weights):\n    return values + weights", made)
    registry.register("typed")(made["added"])
    assert registry["typed"].summary == "typed"


def test_an_unknown_step_suggests_the_nearest():
    with pytest.raises(NotFoundError, match=r"there is no step 'agregate'. Did you mean 'aggregate'\?"):
        register("agregate", "other")


def test_a_method_of_ones_own_scores(registered, sound):
    @registered("aggregate", "largest")
    def largest(values, weights):
        """Largest of the children that carry weight."""
        return np.where(weights > 0, values, -np.inf).max(axis=-1)

    result = score(sound, methodology={"aggregate": "largest"})
    # The presence of an office scores 100, more than anything else.
    assert result.composite["A>B"] == 100
    assert result.to_frame()["contribution"].drop(("A>B", "all")).isna().all()


def test_bounds_are_not_offered_where_a_method_may_fall(registered, sound):
    @registered("aggregate", "spread", monotone=False)
    def spread(values, weights):
        """Largest less smallest."""
        return np.ptp(np.where(weights > 0, values, values[..., :1]), axis=-1)

    result = score(sound, methodology={"aggregate": "spread"})
    assert np.isnan(result.low).all()
    assert "Bounds are not offered: 'spread' may fall when a value rises." in result.notes


def test_a_methodology_checks_parameters_of_ones_own_method(registered):
    @registered("aggregate", "trimmed")
    def trimmed(values, weights, *, share: float):
        """Mean without the ends."""
        return (values * weights).sum(axis=-1) * share

    assert Methodology(aggregate={"method": "trimmed", "share": 1}).aggregate.parameters == {"share": 1.0}
    with pytest.raises(SpecificationError, match="parameter 'share' is missing"):
        Methodology(aggregate="trimmed")


def test_register_names_every_property():
    told = re.findall(r"``(\w+)``", register.__doc__.partition("**properties")[2].partition("Raises")[0])
    there = [one.name for one in fields(Method) if one.name not in {"step", "name", "function"}]
    assert told == there
    page = (Path(__file__).parent.parent / "docs" / "add-a-method.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", page.partition("| property |")[2], re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(there)


def test_register_is_public():
    assert softpower.register is register


def test_a_function_that_cannot_be_a_method_is_refused():
    with pytest.raises(MethodError, match="'lonely' is no function of 2 arguments"):
        register("aggregate", "lonely")(lambda values: values)
    with pytest.raises(MethodError, match=r"'lonely' is no function\. Register a function"):
        register("aggregate", "lonely")("mean")
    # Nobody can read how many arguments it takes.
    with pytest.raises(MethodError, match="'lonely' is no function of 2 arguments"):
        register("aggregate", "lonely")(max)
    with pytest.raises(MethodError, match="unknown property 'monotonous'"):
        register("aggregate", "lonely", monotonous=True)(lambda values, weights: values * weights)
    assert "lonely" not in list(AGGREGATE)


@pytest.mark.parametrize("name", [None, 5, "", " ", "\ud800", "a\nb", "a\x1b[31m", ("a",), ["a"], b"a"], ids=repr)
def test_a_name_that_nobody_can_read_is_refused(registry, name):
    with pytest.raises(MethodError, match=r"aggregate: .* is no name of a method\. Give a text that can be printed"):
        registry.register(name)
    assert list(registry) == ["shifted"]


def mean(values, weights, *, times: int = 1):
    """Weighted mean, several times."""
    return (values * weights).sum(axis=-1) * times


class TestProperties:
    """A property that cannot be what it is given for is refused when the method is registered."""

    @pytest.mark.parametrize(
        ("name", "value", "mend"),
        [
            ("monotone", "no", "Give True or False"),
            ("positive", np.array([1, 2]), "Give True or False"),
            ("across", 1, "Give True or False"),
            ("fitted", None, "Give True or False"),
            ("parts", 5, "Give a function"),
            ("unbounded", True, "Give a function"),
            ("ends", 5, "Give a tuple of two numbers in order, or a function of the parameters"),
            ("ends", (1.0, 0.0), "Give a tuple of two numbers in order"),
            ("ends", (0.0, np.inf), "Give a tuple of two numbers in order"),
            ("ends", [0.0, 1.0], "Give a tuple of two numbers in order"),
            ("ends", ("a", "b"), "Give a tuple of two numbers in order"),
            ("drawn", 5, "Give a tuple of names of its parameters"),
            ("drawn", "times", "Give a tuple of names of its parameters"),
            ("drawn", ("times", "tims"), "Give a tuple of names of its parameters"),
            ("drawn", (np.ones(2),), "Give a tuple of names of its parameters"),
        ],
    )
    def test_are_checked(self, registry, name, value, mend):
        with pytest.raises(MethodError, match=f"aggregate = 'own': its property '{name}' is .*{mend}"):
            registry.register("own", **{name: value})(mean)
        assert list(registry) == ["shifted"]

    def test_are_all_named(self, registry):
        with pytest.raises(MethodError) as caught:
            registry.register("own", ends=5, monotone="no", parts=mean)(mean)
        assert len(caught.value.faults) == 2

    def test_that_fit_are_kept(self, registry):
        registry.register("own", parts=mean, ends=(0, 100), drawn=("times",), across=True)(mean)
        made = registry["own"]
        assert (made.parts, made.scale({}), made.drawn, made.across) == (mean, (0, 100), ("times",), True)

    @pytest.mark.parametrize(
        ("ends", "says"),
        [
            (lambda **_: 1 / 0, "its function broke off .ZeroDivisionError: division by zero"),
            (lambda: (0.0, 1.0), "its function broke off .TypeError: .* unexpected keyword argument 'times'"),
            (lambda **_: 5, "its ends are 5. They must be a tuple of two numbers, or None"),
            (lambda **_: (0.0, np.nan), "its ends are"),
        ],
    )
    def test_ends_that_cannot_be_found_name_the_method(self, registry, ends, says):
        registry.register("own", ends=ends)(mean)
        with pytest.raises(MethodError, match=f"aggregate = 'own': {says}"):
            registry["own"].scale({})

    @pytest.mark.parametrize(
        ("unbounded", "says"),
        [
            (lambda **_: 1 / 0, "its function broke off .ZeroDivisionError: division by zero"),
            (lambda **_: np.ones(2), "its 'unbounded' gave array"),
        ],
    )
    def test_so_does_what_does_not_say_whether_scores_stay_between_them(self, registry, unbounded, says):
        registry.register("own", ends=(0.0, 1.0), unbounded=unbounded)(mean)
        with pytest.raises(MethodError, match=f"aggregate = 'own': {says}"):
            registry["own"].scale({})


class Called:
    """An object that is called, equals others and so has no hash."""

    def __eq__(self, other):
        return isinstance(other, Called)

    __hash__ = None

    def __call__(self, values, weights, *, times: int = 1):
        return mean(values, weights, times=times)


@functools.wraps(mean)
def wrapped(*given, **more):
    """Call what is wrapped."""
    return mean(*given, **more)


class TestWhatIsCalled:
    """Whatever can be called with values and weights is a method, and its parameters are checked alike."""

    @pytest.mark.parametrize(
        "function",
        [
            mean,
            functools.partial(mean, times=1),
            functools.partial(functools.partial(mean)),
            Called(),
            Called().__call__,
            wrapped,
        ],
        ids=["function", "partial", "partial of a partial", "object", "bound", "wrapped"],
    )
    def test_takes_parameters(self, registered, function):
        registered("aggregate", "own")(function)
        frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 1.0, 2.0]}, index=list("ABC"))
        once = score(frame, methodology={"aggregate": "own"})
        twice = score(frame, methodology={"aggregate": {"method": "own", "times": 2}})
        assert twice.composite.tolist() == pytest.approx(2 * once.composite)
        with pytest.raises(SpecificationError, match="parameter 'times' is 'x'"):
            score(frame, methodology={"aggregate": {"method": "own", "times": "x"}})

    def test_nobody_can_read_the_arguments_of_some(self):
        with pytest.raises(MethodError, match="'lonely' is no function of arguments that can be read"):
            register("weights", "lonely")(max)


class TestTextsOfTypes:
    """The text of a type is read as names, brackets and bars; any other is refused before it can do anything."""

    @staticmethod
    def typed(text):
        def own(values, weights, *, by=1):
            return mean(values, weights) * by

        own.__annotations__["by"] = text
        return own

    @pytest.mark.parametrize(
        "text",
        [
            *("1 / 0", "x y", "", "print('done')", "print().real", "int | print()", "int + str", "lambda: int"),
            *("list[1 / 0]", "list['1 / 0']", "Literal[1 / 0]", "Annotated[print(), 1]", "int if 1 else str"),
            *("[int for one in 'a']", "\0", "(" * 1000),
        ],
    )
    def test_that_are_none_are_refused_when_the_method_is_registered(self, registry, capsys, text):
        with pytest.raises(MethodError, match=r"aggregate = 'own': parameter 'by' is declared as .* Declare a type"):
            registry.register("own")(self.typed(text))
        assert not capsys.readouterr().out
        assert list(registry) == ["shifted"]

    @pytest.mark.parametrize(
        ("text", "right", "wrong"),
        [
            ("int", 2, 2.5),
            ("float | None", None, "x"),
            ("'list[\"float\"]'", [2.0], [None]),
            ("Literal['down', -1]", -1, "up"),
            ("dict[str, tuple[int, ...]]", {"a": (1, 2)}, {"a": 1}),
            ("date", date(2020, 1, 2), 1),
            ("Annotated[int, 'any words']", 2, "x"),
            ("Annotated[int, Field(ge=0)]", 0, -1),
        ],
    )
    def test_are_types_where_a_parameter_is_given(self, registry, text, right, wrong):
        registry.register("own")(self.typed(text))
        assert registry["own"].check({"by": right}) == {"by": right}
        with pytest.raises(MethodError, match=r"parameter 'by'(: '\w+')? is"):
            registry["own"].check({"by": wrong})

    @pytest.mark.parametrize("text", ["Nowhere", "np.nowhere", "int[str]", "date | 'Nowhere'"])
    def test_that_name_nothing_are_refused_where_a_parameter_is_given(self, registry, text):
        registry.register("own")(self.typed(text))
        assert registry["own"].check({}) == {}
        with pytest.raises(MethodError, match="a type of its function is unknown"):
            registry["own"].check({"by": 1})

    def test_of_values_and_weights_are_nobodys_business(self, registry):
        def own(values: "Nowhere", weights: "1 / 0", *, by: int = 1):  # noqa: F821 - types that are none
            return mean(values, weights) * by

        registry.register("own")(own)
        assert registry["own"].check({"by": 2}) == {"by": 2}

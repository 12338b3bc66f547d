"""Indicators: measures and the variables that they take, goalposts and their order."""

import pytest
from pydantic import TypeAdapter

from softpower import SpecificationError
from softpower.model.indicator import KINDS, Goalposts, Indicator, Measure, measure_problem, result_unit
from softpower.model.variable import Variable

VARIABLES = {
    name: Variable(title=name, kind=kind, unit=unit)
    for name, kind, unit in (
        ("aid", "flow", "EUR million"),
        ("loans", "stock", "EUR billion"),
        ("trade", "flow", "USD billion"),
        ("visits", "count", "count:visit"),
        ("support", "share", "percent"),
        ("treaty", "event", "count:event"),
        ("union", "event", "count:event"),
        ("office", "spell", "count:event"),
        ("mood", "judgement", "ordinal:-2..2"),
    )
}
RUNGS = [{"variable": "treaty", "title": "Treaty"}, {"variable": "support", "title": "Half agree", "at_least": 50}]
# Each measure with the variables that it names, in the order of the text, and the unit that comes out.
MEASURES = [
    ({"kind": "value", "variable": "aid"}, ("aid",), "EUR million"),
    ({"kind": "sum", "variables": ["aid", "trade"]}, ("aid", "trade"), "EUR million"),
    (
        {"kind": "ratio", "numerator": ["aid", "visits"], "denominator": ["visits", "trade"]},
        ("aid", "visits", "trade"),
        "ratio",
    ),
    ({"kind": "rate", "variables": ["visits"]}, ("visits",), "count:visit per year"),
    ({"kind": "share_of_window", "variables": ["office"]}, ("office",), "ratio"),
    ({"kind": "ladder", "rungs": RUNGS}, ("treaty", "support"), "rungs:2"),
    ({"kind": "checklist", "rungs": RUNGS}, ("treaty", "support"), "rungs:2"),
    ({"kind": "years_between", "earlier": "treaty", "later": "union"}, ("treaty", "union"), "year"),
    ({"kind": "mean", "variables": ["mood"]}, ("mood",), "ordinal:-2..2"),
    ({"kind": "effective_number", "variables": ["aid", "loans"]}, ("aid", "loans"), None),
]


def measure(data):
    return TypeAdapter(Measure).validate_python(data)


@pytest.mark.parametrize(("data", "terms", "unit"), MEASURES)
def test_a_measure_knows_its_variables_and_its_unit(data, terms, unit):
    one = measure(data)
    assert one.terms == terms
    made = result_unit(one, VARIABLES)
    assert (made.text if made else None) == unit


def test_every_measure_says_which_kinds_it_takes():
    kinds = {data["kind"] for data, _, _ in MEASURES}
    assert set(KINDS) == kinds


@pytest.mark.parametrize(("data", "terms", "unit"), MEASURES)
def test_a_measure_in_its_own_unit_has_no_problem(data, terms, unit):
    kinds = KINDS[data["kind"]]
    fit = {name: VARIABLES[name] for name in terms if VARIABLES[name].kind in kinds}
    assert set(fit) == set(terms)
    assert measure_problem(measure(data), unit or "count:part", VARIABLES) is None


@pytest.mark.parametrize(
    ("data", "unit", "what", "mend"),
    [
        (
            {"kind": "value", "variable": "mood"},
            "ordinal:-2..2",
            "'value' does not take the variable 'mood' of kind judgement",
            "It takes: count, flow, share, stock.",
        ),
        ({"kind": "mean", "variables": ["aid"]}, "EUR", "'mean' does not take the variable 'aid'", "takes: judgement."),
        ({"kind": "rate", "variables": ["aid"]}, "EUR per year", "of kind flow", "It takes: count."),
        ({"kind": "value", "variable": "aid"}, "USD", "gives 'EUR million' but the indicator's unit is 'USD'", "scale"),
        ({"kind": "rate", "variables": ["visits"]}, "count:visit", "gives 'count:visit per year'", "correct the unit"),
        ({"kind": "ladder", "rungs": RUNGS}, "rungs:3", "gives 'rungs:2'", "correct the unit"),
    ],
)
def test_a_measure_that_does_not_fit_says_how_to_mend_it(data, unit, what, mend):
    found = measure_problem(measure(data), unit, VARIABLES)
    assert found is not None
    assert what in found[0]
    assert mend in found[1]


@pytest.mark.parametrize(
    ("data", "unit"),
    [
        ({"kind": "value", "variable": "aid"}, "EUR billion"),
        ({"kind": "value", "variable": "support"}, "ratio"),
        ({"kind": "years_between", "earlier": "treaty", "later": "union"}, "month"),
        ({"kind": "ratio", "numerator": ["aid"], "denominator": ["trade"]}, "percent"),
    ],
)
def test_the_scale_of_a_unit_converts(data, unit):
    assert measure_problem(measure(data), unit, VARIABLES) is None


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "sum", "variables": []},
        {"kind": "ratio", "numerator": [], "denominator": ["aid"]},
        {"kind": "ratio", "numerator": ["aid"], "denominator": []},
        {"kind": "ladder", "rungs": []},
        {"kind": "mean"},
        {"kind": "value", "variables": ["aid"]},
        {"kind": "value", "variable": "aid", "combine": "alternatives"},
        {"kind": "rate", "variables": ["visits"], "combine": "sum"},
    ],
)
def test_a_measure_without_its_parts_is_refused(data):
    with pytest.raises(ValueError, match="validation error"):
        measure(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"kind": "sum", "variables": ["aid", "trade", "aid"]}, "'aid' stands twice"),
        ({"kind": "years_between", "earlier": "union", "later": "union"}, "'union' is both the earlier and the later"),
    ],
)
def test_a_measure_that_names_a_variable_twice_is_refused(data, says):
    with pytest.raises(ValueError, match=says):
        measure(data)


def test_a_rung_is_met_from_one_on():
    assert [rung.at_least for rung in measure({"kind": "ladder", "rungs": RUNGS}).rungs] == [1.0, 50.0]


@pytest.mark.parametrize(
    ("posts", "says"),
    [
        ({"low": 1, "high": 1}, "goalpost low 1 is not below high 1. Swap or correct them."),
        ({"low": 2, "high": 1}, "goalpost low 2 is not below high 1"),
        ({"low": 0, "high": 1, "parity": 0}, "parity 0 is not between low 0 and high 1"),
        ({"low": 0, "high": 1, "parity": 1}, "Parity is a value strictly between the goalposts."),
        ({"low": 0, "high": 1, "log": True}, "logarithmic goalposts start at 0. They need a low above zero."),
        ({"low": -1, "high": 1, "log": True}, "logarithmic goalposts start at -1"),
        ({"low": float("-inf"), "high": 1}, "low: -inf is wrong"),
        ({"low": 0, "high": 1, "kind": "guess"}, "kind: 'guess' is not a possible value"),
        ({"low": 0, "high": 1, "reason": " "}, "reason: ' ' is wrong"),
        ({"low": 0, "high": 1, "alternatives": [{"id": "a", "low": 3, "high": 2, "reason": "r"}]}, "low 3"),
        ({"low": 0, "high": 1, "alternatives": [{"id": "a", "low": 0, "high": 2}]}, "the key 'reason' is missing"),
    ],
)
def test_goalposts_that_cannot_be_are_refused(posts, says):
    with pytest.raises(SpecificationError) as caught:
        Goalposts.parse({"kind": "benchmark", "reason": "Because."} | posts)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "unit", "low", "high"),
    [
        ("scale_ends", "ordinal:-2..2", -2, 2),
        ("scale_ends", "ordinal:1..7", 1, 7),
        ("ladder", "rungs:3", 0, 3),
        ("natural_share", "ratio", 0, 1),
        ("natural_share", "percent", 0, 100),
        ("participation_rate", "ratio", 0, 1),
        ("share_of_time", "percent", 0, 100),
    ],
)
def test_the_ends_of_a_scale_are_no_choice(kind, unit, low, high):
    def made(of, at, **more):
        posts = {"low": at[0], "high": at[1], "kind": of, "reason": "Ends."}
        return Indicator(title="T", dimension="d", unit=unit, goalposts=posts, **more)

    assert made(kind, (low, high)).goalposts.kind == kind
    for at in ((low - 1, high), (low, high + 1), (low, high - 0.5), (low + 0.5, high)):
        assert made("benchmark", at).goalposts.low == at[0]
        with pytest.raises(SpecificationError) as caught:
            made(kind, at)
        (fault,) = caught.value.faults
        assert fault.where == "Indicator: goalposts"
        assert f"are no {kind} in {unit}" in fault.what
        assert fault.mend == f'Write low = {low} and high = {high}, or kind = "benchmark".'
    # The unit is that before dividing, and so says nothing of the ends.
    shared = {"denominator": {"variable": "people"}}
    assert made(kind, (low, high + 1), **shared).goalposts.high == high + 1


def test_the_ends_of_an_alternative_measure_are_those_of_its_own_unit():
    posts = {"low": 0, "high": 3, "kind": "ladder", "reason": "Rungs."}
    other = {"id": "short", "title": "T", "reason": "R", "measure": {"kind": "ladder", "rungs": RUNGS}}
    with pytest.raises(SpecificationError) as caught:
        Indicator(
            title="T",
            dimension="d",
            unit="rungs:3",
            goalposts=posts,
            alternative_measures=[other | {"unit": "rungs:2", "goalposts": posts}],
        )
    assert "Indicator: alternative_measures.short.goalposts: the goalposts 0 and 3 are no ladder" in str(caught.value)


def test_goalposts_may_have_parity_a_logarithm_and_alternatives():
    posts = Goalposts.parse(
        {
            "low": 0.1,
            "high": 10,
            "parity": 1,
            "log": True,
            "kind": "parity",
            "reason": "Equal exchange.",
            "alternatives": [{"id": "narrow", "low": 0.5, "high": 2, "reason": "Most pairs lie here."}],
        }
    )
    assert (posts.low, posts.parity, posts.high, posts.log) == (0.1, 1, 10, True)
    assert [one.id for one in posts.alternatives] == ["narrow"]


@pytest.mark.parametrize("kind", ["sum", "rate", "effective_number"])
def test_codes_of_an_ordinal_scale_do_not_add_up(kind):
    variables = {"v": Variable(title="A rank", kind="count", unit="ordinal:-2..2")}
    one = TypeAdapter(Measure).validate_python({"kind": kind, "variables": ["v"]})
    found = measure_problem(one, "ordinal:-2..2", variables)
    assert found == ("the codes of 'v' (ordinal:-2..2) do not add up", 'Use the measure "mean" or "value".')


def test_a_yearly_figure_has_no_rate():
    variables = {"v": Variable(title="Visits", kind="count", unit="count:visit per year")}
    one = TypeAdapter(Measure).validate_python({"kind": "rate", "variables": ["v"]})
    found = measure_problem(one, "count:visit per year", variables)
    assert found is not None
    assert found[0] == "the variable 'v' is per year already"

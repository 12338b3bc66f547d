"""Variables: what can be observed."""

import pytest

from softpower import SpecificationError
from softpower.model.variable import Variable


@pytest.mark.parametrize(
    ("kind", "unit", "codes"),
    [
        ("event", "count:event", (0, 1)),
        ("judgement", "ordinal:-1..1", (-1, 0, 1)),
        ("judgement", "rungs:2", (0, 1, 2)),
        ("flow", "EUR million", ()),
        ("share", "percent", ()),
        ("spell", "count:event", (0, 1)),
    ],
)
def test_codes_are_those_of_the_kind_and_the_unit(kind, unit, codes):
    assert Variable(title="V", kind=kind, unit=unit).codes == codes


def test_a_variable_is_national_and_combines_nothing_unless_it_says_so():
    variable = Variable(title="V", kind="flow", unit="EUR")
    assert (variable.extent, variable.combine, variable.note) == ("national", None, None)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("kind", "flows", "kind: 'flows' is not a possible value. Did you mean 'flow'?"),
        ("unit", "euros", "unit: unknown unit 'euros'"),
        ("extent", "worldwide", "extent: 'worldwide' is not a possible value. Known: global, national, regional."),
        ("combine", "add", "combine: 'add' is not a possible value. Known: alternatives, latest, sum."),
        ("title", "", "title: '' is wrong"),
        ("titel", "V", "titel: unknown key 'titel'. Did you mean 'title'?"),
    ],
)
def test_what_a_variable_cannot_be_is_refused(field, value, says):
    with pytest.raises(SpecificationError) as caught:
        Variable.parse({"title": "V", "kind": "flow", "unit": "EUR", field: value})
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", ["event", "spell", "judgement"])
def test_what_is_no_amount_does_not_add_up(kind):
    unit = "ordinal:-2..2" if kind == "judgement" else "count:event"
    with pytest.raises(SpecificationError, match=f"a {kind} does not add up"):
        Variable.parse({"title": "V", "kind": kind, "unit": unit, "combine": "sum"})


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("event", "EUR"),
        ("spell", "year"),
        ("judgement", "EUR million"),
        ("share", "count:visit"),
        ("count", "percent"),
        ("stock", "ordinal:-2..2"),
        ("flow", "date"),
    ],
)
def test_a_kind_has_the_units_that_fit_it(kind, unit):
    with pytest.raises(SpecificationError, match=f"a {kind} is not measured in"):
        Variable(title="It", kind=kind, unit=unit)


@pytest.mark.parametrize(
    ("kind", "unit", "averages"),
    [
        ("judgement", "ordinal:-2..2", True),
        ("judgement", "percent", True),
        ("judgement", "rungs:3", False),
        ("count", "ordinal:1..9", False),
        ("event", "count:event", False),
        ("flow", "EUR", False),
    ],
)
def test_readings_of_judgements_are_averaged_but_half_a_rung_is_no_value(kind, unit, averages):
    assert Variable(title="V", kind=kind, unit=unit).averages is averages

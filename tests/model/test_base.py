"""What every model shares."""

from collections.abc import Mapping

import pytest
from pydantic import Field, ValidationError

from softpower import Framework, Methodology, Period, SpecificationError
from softpower.model.base import Id, Model, Text
from softpower.model.framework_parts import Dimension
from softpower.model.indicator import Measure


class Leaf(Model):
    """A model inside another."""

    name: Text
    size: float = 1.0


class Trunk(Model):
    """A model with models inside."""

    id: Id
    leaves: tuple[Leaf, ...] = ()
    by_name: Mapping[str, Leaf] = Field(default_factory=dict)
    measure: Measure | None = None


@pytest.mark.parametrize("name", ["a", "A.b-c_d", "0", "x" * 120])
def test_an_id_is_made_of_letters_digits_and_a_few_signs(name):
    assert Trunk(id=name).id == name


@pytest.mark.parametrize("name", ["", " a", "a b", "_a", "-a", "a/b", "ä", "a\n", "x" * 121, 3, None])
def test_what_is_no_id_is_refused(name):
    with pytest.raises(SpecificationError, match="Trunk: id: "):
        Trunk(id=name)


def test_text_is_stripped_and_not_empty():
    assert Leaf(name="  two words \n").name == "two words"
    with pytest.raises(SpecificationError, match="Leaf: name: "):
        Leaf(name="   ")


def test_a_model_does_not_change():
    leaf = Leaf(name="a")
    with pytest.raises(ValidationError, match="frozen"):
        leaf.name = "b"
    assert leaf == Leaf(name="a")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(number):
    with pytest.raises(SpecificationError, match=r"Leaf: size: .* finite"):
        Leaf(name="a", size=number)


@pytest.mark.parametrize("number", [True, "2"])
def test_a_truth_or_a_text_is_no_number(number):
    with pytest.raises(SpecificationError, match="Dimension: weight: "):
        Dimension(title="T", weight=number)


def test_a_fault_names_file_and_key():
    with pytest.raises(SpecificationError) as caught:
        Trunk.parse({"id": "t", "leaves": [{"name": "a"}, {"name": "b", "size": "big"}]}, "trunk.toml")
    (fault,) = caught.value.faults
    assert fault.where == "trunk.toml: leaves.1.size"
    assert "'big' is wrong" in fault.what


def test_a_fault_may_stand_in_a_file_of_its_own():
    def locate(location):
        return f"{location[0]}.toml", location[1:]

    with pytest.raises(SpecificationError) as caught:
        Trunk.parse({"id": "t", "leaves": [{}]}, locate)
    assert caught.value.faults[0].where == "leaves.toml: 0.name"


def test_all_faults_are_reported_together():
    with pytest.raises(SpecificationError) as caught:
        Trunk.parse({"leaves": [{"name": ""}], "by_name": {"x": {"name": "a", "sise": 2}}, "kind": 1}, "trunk.toml")
    assert [fault.where for fault in caught.value.faults] == [
        "trunk.toml: id",
        "trunk.toml: leaves.0.name",
        "trunk.toml: by_name.x.sise",
        "trunk.toml: kind",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"idd": "t"}, "unknown key 'idd'. Did you mean 'id'?"),
        ({"leaves": [{"name": "a", "nam": "b"}]}, "unknown key 'nam'. Did you mean 'name'?"),
        ({"by_name": {"x": {"name": "a", "sise": 2}}}, "unknown key 'sise'. Did you mean 'size'?"),
        ({"measure": {"kind": "value", "variable": "v", "combin": "sum"}}, "'combin'. Did you mean 'combine'?"),
        ({"measure": {"kind": "valu"}}, "'valu' is not a possible value. Did you mean 'value'?"),
        ({"measure": {"variable": "v"}}, "the key 'kind' is missing"),
    ],
)
def test_a_misspelt_key_suggests_the_nearest_of_its_place(data, says):
    with pytest.raises(SpecificationError) as caught:
        Trunk.parse({"id": "t"} | data)
    assert says in str(caught.value)


def test_a_change_is_validated():
    assert Leaf(name="a").replace(size=2) == Leaf(name="a", size=2)
    with pytest.raises(SpecificationError, match=r"Leaf: sise: unknown key 'sise'. Did you mean 'size'\?"):
        Leaf(name="a").replace(sise=2)
    with pytest.raises(SpecificationError, match="Leaf: name: "):
        Leaf(name="a").replace(name="")


def test_a_replaced_part_is_validated_against_the_whole(sound):
    with pytest.raises(SpecificationError, match="the window is open"):
        sound.replace(window=Period(start=2000))
    with pytest.raises(SpecificationError, match="no level 'source'"):
        sound.replace(methodology=Methodology(aggregate={"composite": "arithmetic", "source": "arithmetic"}))


def test_a_constructor_reports_faults_of_models_inside_together():
    with pytest.raises(SpecificationError) as caught:
        Framework(id="f", title="", dimensions={"all": {"titel": "All"}}, indicators={})
    assert len(caught.value.faults) == 4
    assert "Framework: dimensions.all.titel: unknown key 'titel'. Did you mean 'title'?" in str(caught.value)

"""That a fault says where it stands by the keys that the file has, whatever forms a value may have."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import ValidationError

import softpower.model
from softpower import SpecificationError
from softpower.model.base import Model, faults_of
from softpower.model.observation import Observation


def every_model() -> list[type[Model]]:
    for module in pkgutil.iter_modules(softpower.model.__path__, "softpower.model."):
        importlib.import_module(module.name)
    found, waiting = [], [Model]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found += [one for one in below if one.__module__.startswith("softpower.model.")]
    # The fields of these are those of a model that is in the list as well.
    parts = {"ProfileParts", "FrameworkParts", "ScenarioParts", "Range"}
    return sorted({one for one in found if one.__name__ not in parts}, key=lambda one: (one.__module__, one.__name__))


MODELS = every_model()
JUNK: tuple[Any, ...] = (
    5,
    -1.5,
    "no such",
    True,
    None,
    [],
    [5],
    ["a", 5],
    [[5]],
    {},
    {"a": 5},
    {"a": "b"},
    {"a": {"b": 5}},
)


def tables() -> Iterator[dict[str, Any]]:
    """Yield a table for each tag of each model in a union, every key of which holds a wrong number or list."""
    for model in MODELS:
        for key in {"kind", "method"} & set(model.model_fields):
            for tag in get_args(model.model_fields[key].annotation):
                others = [name for name in model.model_fields if name != key]
                for wrong in (-3, [3], {"a": {"a": -3}}, {"low": 1, "high": 0}):
                    yield {key: tag, **dict.fromkeys(others, wrong)}
                yield {key: tag, "no_such_key": 1}
                yield {key: tag}
    yield {"method": "power", "p": {"low": 1, "high": 0}}
    yield {"method": "power", "p": {"low": "x"}}


def stands(place: tuple[str, ...], data: Any, *, missing: bool) -> bool:
    """Whether keys lead through data; the last may lack where it is said to be missing."""
    for at, part in enumerate(place):
        if isinstance(data, Mapping) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return missing and at == len(place) - 1
    return True


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.__name__)
def test_the_place_of_a_fault_is_made_of_keys_of_the_file(model):
    wrong = [*JUNK, *tables()]
    wrong += [[one] for one in wrong if isinstance(one, dict)] + [{"a": one} for one in wrong if isinstance(one, dict)]
    seen = 0
    for name in model.model_fields:
        for one in wrong:
            data = {name: one}
            try:
                model.model_validate(data)
            except ValidationError as error:
                for fault in faults_of(error, model, ""):
                    place = tuple(fault.where.split(".")) if fault.where else ()
                    assert stands(place, data, missing="missing" in fault.what), (data, str(fault))
                    seen += 1
    assert seen


def plain(annotation: Any) -> Any:
    """Return the type of a field without what is said beside it, and without None."""
    if get_origin(annotation) is Annotated:
        return plain(get_args(annotation)[0])
    rest = [one for one in get_args(annotation) if one is not type(None)]
    return plain(rest[0]) if len(rest) == 1 and type(None) in get_args(annotation) else annotation


@pytest.mark.parametrize(
    ("model", "field", "text"),
    [
        pytest.param(model, name, "true" if kind is bool else "1", id=f"{model.__name__}.{name}")
        for model in MODELS
        # The cells of a CSV are texts.
        if model is not Observation
        for name, field in model.model_fields.items()
        if (kind := plain(field.annotation)) in {bool, int, float}
    ],
)
def test_a_text_in_toml_is_no_number_and_no_truth(model, field, text):
    with pytest.raises(ValidationError) as caught:
        model.model_validate({field: text})
    assert (field,) in {one["loc"] for one in caught.value.errors()}


@pytest.mark.parametrize(
    ("key", "given", "mend"),
    [
        ("window", 3, "Write a table, { start = ..., end = ... }."),
        ("sets", "base", 'Write a list: ["base"].'),
        ("sets", {"base": 1}, "Write a list: [...]."),
        ("methodology", {"weights": [1, 2]}, "Give a name, or a table of nodes and their weights."),
        ("methodology", {"aggregate": 3}, "Give a name, or a table of levels and names."),
        ("methodology", {"missing": 3}, "Give a name, or a table of its parameters, for instance { method = ... }."),
        ("sources", {"s": "a talk"}, "Write a table, { title = ..., kind = ... }."),
        ("sources", {"s": {"title": "A talk"}}, "Add it: one of article, book, report"),
        ("scenarios", {"s": {}}, "Add it: a text."),
        ("claims", [{"says": "So.", "kind": "top"}], "Known: above, highest, lowest, order, spread."),
        ("uncertainty", {"weights": {"method": "dirichlet"}}, "Add it: a number."),
        ("uncertainty", {"weights": {"method": "ordered"}}, "Add it: a list."),
        ("uncertainty", {"weights": {"share": 0.5}}, "Write a table, { method = ... }."),
    ],
    ids=str,
)
def test_a_mend_is_about_what_stands_there(sound, key, given, mend):
    with pytest.raises(SpecificationError) as caught:
        sound.replace(**{key: given})
    assert mend in str(caught.value)

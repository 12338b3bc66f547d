"""How plain data look as TOML; that they read back is a law in properties/test_saving."""

from datetime import date

import pytest

from softpower import SpecificationError
from softpower.model.toml import toml_text


def test_short_tables_and_lists_stand_on_one_line():
    data = {"window": {"start": "2001", "end": "2002"}, "cases": ["A>B", "A>C"], "tags": {}, "flags": []}
    assert toml_text(data) == (
        'window = { start = "2001", end = "2002" }\ncases = ["A>B", "A>C"]\ntags = {}\nflags = []\n'
    )


def test_entries_have_headings_and_keep_their_order():
    data = {"id": "x", "dimensions": {"b": {"title": "B"}, "a.c": {}}, "levels": ["one"]}
    assert toml_text(data) == 'id = "x"\nlevels = ["one"]\n\n[dimensions.b]\ntitle = "B"\n\n[dimensions."a.c"]\n'


def test_long_lists_and_tables_are_broken_up():
    long = "long " * 18
    assert toml_text({"caveats": [long, "short"]}) == f'caveats = [\n    "{long}",\n    "short",\n]\n'
    assert toml_text({"post": {"low": 0.0, "reason": long}}) == f'[post]\nlow = 0.0\nreason = "{long}"\n'
    assert toml_text({"posts": [{"low": 1, "reason": long}, {"low": 2}]}) == (
        f'[[posts]]\nlow = 1\nreason = "{long}"\n\n[[posts]]\nlow = 2\n'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (5e-324, "5e-324"),
        (1e16, "1e+16"),
        (-0.0, "-0.0"),
        (True, "true"),
        (date(2001, 2, 3), "2001-02-03"),
        ('a "b" \\ \n\x00', '"a \\"b\\" \\\\ \\n\\u0000"'),
        ("\U0001f600 é", '"\U0001f600 é"'),
    ],
)
def test_a_value_is_written_exactly(value, written):
    assert toml_text({"value": value}) == f"value = {written}\n"


def test_all_that_cannot_be_written_is_named_at_once():
    data = {"a": {"b": None}, "c": [1, float("nan")], "d": float("inf"), "e": {1: 2}, "f": object()}
    with pytest.raises(SpecificationError) as caught:
        toml_text(data)
    assert [fault.where for fault in caught.value.faults] == ["a.b", "c.1", "d", "e", "f"]
    for words in ("None cannot be written", "nan is no finite", "inf is no finite", "the key 1 is no text", "a object"):
        assert words in str(caught.value)

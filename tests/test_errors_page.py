"""Errors as a program meets them: each has a code, is a builtin, travels whole, and stands on the page of errors."""

import copy
import importlib
import importlib.util
import io
import pickle
import pkgutil
import sys
from pathlib import Path

import pytest

import softpower
from softpower import Fault, SoftPowerError
from softpower.present.terminal import complain

ROOT = Path(__file__).parents[1]
FAULTS = (Fault("a.toml: x", 'it\'s "5"', "Say 'six'."), Fault("", "a \\ line", "Mend it."))
BUILTINS = (ValueError, KeyError, OSError, RuntimeError, ImportError)


def below(kind: type[SoftPowerError]) -> list[type[SoftPowerError]]:
    """Return a class of errors and all that inherit from it, those of tests left out."""
    found = [kind]
    for one in kind.__subclasses__():
        found += below(one)
    return [one for one in dict.fromkeys(found) if one.__module__.startswith("softpower.")]


for module in pkgutil.walk_packages(softpower.__path__, "softpower."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
KINDS = below(SoftPowerError)


@pytest.fixture(scope="module")
def maker():
    path = ROOT / "docs" / "making" / "errors.py"
    specification = importlib.util.spec_from_file_location("making_errors", path)
    made = importlib.util.module_from_spec(specification)
    sys.modules["making_errors"] = made
    specification.loader.exec_module(made)
    yield made
    del sys.modules["making_errors"]


class TestPage:
    def test_it_is_up_to_date(self, maker):
        assert maker.PAGE.read_text(encoding="utf-8") == maker.page(), "run: python docs/making/errors.py"

    def test_every_class_has_a_row_with_its_code_and_its_builtin(self, maker):
        rows = [
            line.split(" | ") for line in maker.PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
        ]
        told = {row[1].strip("`"): (row[0].strip("| []`").partition("`")[0], row[2].strip("`")) for row in rows[2:]}
        assert told == {one.__name__: (one.code, maker.builtin(one)) for one in KINDS}

    def test_every_example_is_a_mistake_with_a_place_and_a_mend(self, maker):
        made = [maker.made(one).error for one in maker.MISTAKES]
        assert [type(one) for one in made] != []
        assert {type(one) for one in made} == {*KINDS} - {SoftPowerError}
        assert all(fault.where and fault.what and fault.mend for one in made for fault in one.faults)

    def test_a_mistake_that_is_none_is_seen(self, maker):
        with pytest.raises(ValueError, match="no mistake"):
            maker.made("softpower.load_framework('nye')")


class TestClasses:
    def test_codes_differ_and_are_words(self):
        codes = [one.code for one in KINDS]
        assert len(KINDS) == 8
        assert len(set(codes)) == len(codes)
        assert all(one.isidentifier() and one == one.lower() for one in codes)

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_ours_and_one_builtin(self, kind):
        assert (
            [one for one in BUILTINS if issubclass(kind, one)] == []
            if kind is SoftPowerError
            else [next(one for one in BUILTINS if issubclass(kind, one))]
        )

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("faults", [FAULTS[:1], FAULTS, ()], ids=["one", "two", "none"])
    def test_each_travels_whole(self, kind, faults):
        error = kind(faults)
        error.add_note("while scoring")
        copies = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
        for one in (*copies, copy.copy(error), copy.deepcopy(error)):
            assert type(one) is kind
            assert (one.faults, str(one), one.code, one.__notes__) == (
                faults,
                str(error),
                error.code,
                ["while scoring"],
            )

    @pytest.mark.parametrize("kind", KINDS)
    def test_none_quotes_its_message(self, kind, monkeypatch):
        """A KeyError shows the repr of its text, an OSError a number; ours show the text."""
        written = io.StringIO()
        monkeypatch.setattr(sys, "stderr", written)
        error = kind.of(*(getattr(FAULTS[0], name) for name in ("where", "what", "mend")))
        complain(str(error))
        assert str(error) == "a.toml: x: it's \"5\". Say 'six'."
        assert written.getvalue() == f"{error}\n"

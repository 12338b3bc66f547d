"""Laws of saving: what is written as files reads back as the same, and scores the same to the bit."""

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer, framework, indicator, measured_studies, study, tree_studies, variable
from properties.test_round_trip import same_bits
from softpower import load_framework, load_profile
from softpower.catalogue import profile_names
from softpower.files import write_folder
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.toml import toml_text
from softpower.result import fingerprint
from softpower.scoring import score

MARKS = "\"'\\#=,;[]{}.\n\r\t\x00\x1b\x1c\x1f\x7f\x85\u2028\ufeff é中\U0001f600"
anything = st.text(st.one_of(st.sampled_from(MARKS), st.characters(codec="utf-8")), max_size=12)
texts = st.text(st.one_of(st.sampled_from(MARKS), st.characters(codec="utf-8")), min_size=1, max_size=12).filter(
    lambda text: any(not mark.isspace() for mark in text)
)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)
finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.one_of(anything, finite, st.integers(-(2**70), 2**70), st.booleans(), st.dates())
data = st.dictionaries(
    anything,
    st.recursive(
        plain, lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(anything, inside, max_size=3))
    ),
    max_size=4,
)


def through_files(profile):
    """The profile saved as a folder and loaded again."""
    with tempfile.TemporaryDirectory() as above:
        return load_profile(profile.save(Path(above) / "study"))


def framework_through_files(one):
    with tempfile.TemporaryDirectory() as above:
        return load_framework(write_folder(Path(above) / "spec", one.to_files()))


class TestToml:
    """Whatever plain data hold, a TOML reader finds it again: the same values of the same types."""

    @given(data)
    def test_reads_back(self, data):
        assert repr(sort(tomllib.loads(toml_text(data)))) == repr(sort(data))

    @given(data)
    def test_tables_of_tables_keep_their_order(self, data):
        entries = {"entries": {name: {"value": one} for name, one in data.items()}}
        assert list(tomllib.loads(toml_text(entries))["entries"]) == list(data)


def sort(value):
    """The same data with the keys of each table in one order."""
    if isinstance(value, dict):
        return {key: sort(value[key]) for key in sorted(value)}
    return [sort(one) for one in value] if isinstance(value, list) else value


class TestProfiles:
    """A profile saved and loaded is equal, has the same fingerprint, and scores the same to the bit."""

    @fewer
    @given(st.one_of(measured_studies(), tree_studies(bounds=True)))
    def test_read_back_equal_and_score_equal(self, profile):
        again = through_files(profile)
        assert again == profile
        assert fingerprint(again) == fingerprint(profile)
        assert list(again.framework.indicators) == list(profile.framework.indicators)
        same_bits(score(again), score(profile))

    @pytest.mark.parametrize("name", profile_names())
    def test_what_ships_reads_back_equal_and_scores_equal(self, name):
        profile = load_profile(name)
        again = through_files(profile)
        assert again == profile
        assert fingerprint(again) == fingerprint(profile)
        same_bits(score(again), score(profile))

    @fewer
    @given(measured_studies())
    def test_what_is_saved_twice_is_the_same_text(self, profile):
        assert through_files(profile).to_files() == profile.to_files()


@st.composite
def wordy_studies(draw):
    """Return a study of one indicator, with any words wherever the models take words, and any finite numbers."""
    more = st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("statement", "section", "reason", "coder"), texts),
            "flags": st.lists(st.from_regex(r"[^\s\x1c-\x1f]{1,5}", fullmatch=True), max_size=3),
            "paragraph": st.integers(1, 2**40),
            "spread": st.floats(0, exclude_min=True, allow_infinity=False),
            "polarity": st.sampled_from(["raises", "lowers"]),
            "preferred": st.booleans(),
            "start": st.sampled_from(["1994", "1994-11", "2001-02-28"]),
        },
    )
    name = draw(ids)
    words = {field: draw(texts) for field in ("title", "question", "quality_reason", "note", "applies_to")}
    specs = framework({"it": indicator("seen", unit="EUR", high=draw(st.floats(1e-300, 1e300)), **words)}, {})
    specs["variables"] = {"seen": variable("flow", "EUR", note=draw(texts))}
    specs["tags"] = draw(st.dictionaries(ids, texts, max_size=2))
    specs["works"] = draw(st.dictionaries(ids, WORKS, max_size=2))
    value = draw(st.floats(0, allow_infinity=False))
    said = draw(more)
    # A standard error goes with a normal distribution, and with no other.
    said |= {"distribution": "normal", "standard_error": said.pop("spread")} if "spread" in said else {}
    facts = [{"variable": "seen", "value": value, "low": draw(st.floats(0, value)), **said}]
    aside = {"id": draw(ids.filter(lambda one: one != "o1")), "case": "B", "use": "context", "reason": draw(texts)}
    profile = study(specs, facts, title=draw(texts), summary=draw(texts), caveats=draw(st.lists(texts, max_size=2)))
    observations = [*profile.observations, {**aside, "value": draw(finite), "statement": draw(texts)}]
    sources = {name: {"title": draw(texts), "kind": "report", "note": draw(texts)}} if draw(st.booleans()) else {}
    return profile.replace(observations=observations, sources=sources)


WORKS = st.fixed_dictionaries(
    {"authors": st.lists(texts, min_size=1, max_size=2), "year": st.integers(-500, 3000), "title": texts},
    optional={"note": texts, "url": texts},
)


class TestWords:
    """No word, sign or number gets lost or changed on the way: not in TOML and not in a cell."""

    @given(wordy_studies())
    def test_read_back_equal(self, profile):
        again = through_files(profile)
        assert again == profile
        assert again.framework == profile.framework
        assert repr(again.observations) == repr(profile.observations)
        assert fingerprint(again) == fingerprint(profile)


class TestFrameworks:
    """A framework written as files and loaded is equal, works that nothing cites included."""

    @fewer
    @given(measured_studies(), st.dictionaries(st.sampled_from(["nye1990", "own", "a.b"]), WORKS))
    def test_read_back_equal(self, profile, works):
        made = profile.framework.replace(works=works, references=list(works)[:1])
        again = framework_through_files(made)
        assert again == made
        assert list(again.indicators) == list(made.indicators)
        assert list(again.dimensions) == list(made.dimensions)

    def test_what_ships_reads_back_equal(self):
        made = load_framework("nye")
        assert framework_through_files(made) == made
        assert Framework.parse(tomllib.loads(made.to_toml()) | {"works": made.works}) == made


class TestMethodologies:
    """A methodology is written in full, so that it stays what it is whatever the defaults become."""

    def test_the_defaults_are_in_the_file(self, sound):
        written = tomllib.loads(sound.replace(methodology=Methodology()).to_files()["profile.toml"])["methodology"]
        assert set(written) == set(Methodology.model_fields) - {"floor", "impute", "treat"}

    @pytest.mark.parametrize(
        "choices",
        [
            {"aggregate": {"composite": {"method": "power", "p": -0.5}, "part": "arithmetic"}},
            {"missing": {"method": "available", "threshold": {"part": 0.1 + 0.2}}},
            {"weights": {"regard": 1e-17, "help": 3.0}},
            {"normalise": {"method": "z_score", "mean": 5.0}},
            {"floor": 0.1},
        ],
    )
    def test_a_choice_reads_back_equal(self, sound, choices):
        made = sound.replace(methodology=choices)
        assert through_files(made) == made

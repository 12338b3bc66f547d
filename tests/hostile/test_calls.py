"""Whatever a public function is given in the place of what it asks for: it answers, or refuses it with a mend."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import softpower
from hostile import subjects
from hostile.arguments import WRONG
from hostile.judging import judged, untouched, used
from softpower import interop, plot
from softpower.registry import STEPS

few = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)

SLOW = ("report", "plot.", "audit", "sensitivity_analysis", "interop.write_workbook", "screen", "swings")
"""What takes long with most arguments; the long run has all."""
THEIRS = {"progress": {"type", "class of profiles", "exception"}}
"""Functions of a caller that do not take what they are told."""

numbers = st.one_of(st.integers(), st.floats(), st.complex_numbers(), st.decimals(), st.fractions(), st.booleans())
words = st.one_of(st.text(max_size=8), st.sampled_from(["a", "b", "X", "Y", "soft_power", "composite", "2019"]))
made_up = st.recursive(
    st.one_of(st.none(), numbers, words, st.binary(max_size=4), st.dates(), st.sampled_from([2019, "2019", 1])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3), st.tuples(inner, inner)
    ),
    max_leaves=4,
)


@dataclass(frozen=True)
class Given:
    """The name of what is given; it is made when it is needed, anew for each call."""

    name: str


TARGETS: list[subjects.Target] = []
"""What is called, once there is a folder to write to."""


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory):
    """A folder to write to, where relative paths lead as well."""
    before, made = Path.cwd(), tmp_path_factory.mktemp("hostile")
    os.chdir(made)
    TARGETS[:] = subjects.targets(made)
    yield
    os.chdir(before)


@pytest.fixture(autouse=True)
def _methods():
    """Methods that a call registers are gone after it."""
    before = {step: dict(registry._methods) for step, registry in STEPS.items()}
    yield
    for step, registry in STEPS.items():
        registry._methods.clear()
        registry._methods.update(before[step])


def call(target: subjects.Target, wrong: dict[str, Any]) -> None:
    """A function answers or refuses arguments, some of which are wrong, and changes none of them."""
    checks = [untouched(value) for value in wrong.values()]
    shown = ", ".join(f"{name}={type(value).__name__}" for name, value in wrong.items())
    judged(lambda: used(target.function(**{**target.arguments, **wrong})), f"{target.name}({shown})")
    for check in checks:
        check()


places = st.integers(0, 9999)
wrongs = st.lists(st.tuples(places, st.one_of(st.sampled_from([*WRONG]).map(Given), made_up)), min_size=1, max_size=2)
"""One argument of a function is wrong, or two; by places, since functions are made when a folder is there."""


def make_call(targets: list[subjects.Target], place: int, wrong: list[tuple[int, Any]]) -> None:
    """Call a function at a place with wrong arguments at places."""
    target = targets[place % len(targets)]
    names, given_ = [*target.arguments], {}
    for where, value in wrong:
        name = names[where % len(names)]
        if isinstance(value, Given) and value.name in THEIRS.get(name, set()):
            continue
        given_[name] = WRONG[value.name]() if isinstance(value, Given) else value
    call(target, given_)


def test_every_public_name_is_called():
    called = {one.name.split(" of ")[0].split(".")[0] for one in TARGETS}
    beside = {"Agreement", "Changes", "Comparison", "Explanation", "Fault", "Finding", "Reversal", "Screening"}
    errors = {name for name in softpower.__all__ if name.endswith("Error")}
    assert set(softpower.__all__) - beside - errors <= called
    assert {f"plot.{name}" for name in plot.__all__} <= {one.name for one in TARGETS}
    assert {f"interop.{name}" for name in interop.__all__ if name.islower()} <= {one.name for one in TARGETS}


@given(place=places, wrong=wrongs)
@few
def test_wrong_arguments_are_answered_or_refused(place, wrong):
    make_call([one for one in TARGETS if not one.name.startswith(SLOW)], place, wrong)


@pytest.mark.long
def test_every_target_answers_to_what_is_right():
    for one in TARGETS:
        answer = judged(lambda one=one: used(one.function(**one.arguments)), one.name)
        assert not isinstance(answer, Exception), (one.name, answer)


@pytest.mark.long
@given(place=places, wrong=wrongs)
@many
def test_many_wrong_arguments_are_answered_or_refused(place, wrong):
    make_call(TARGETS, place, wrong)

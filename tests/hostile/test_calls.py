"""Whatever a public function is given in the place of what it asks for: it answers, or refuses it with a mend."""

from __future__ import annotations

import os
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

few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=26_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder to write to, where relative paths lead as well."""
    before, made = Path.cwd(), tmp_path_factory.mktemp("hostile")
    os.chdir(made)
    yield made
    os.chdir(before)


@pytest.fixture(scope="module")
def targets(folder):
    return subjects.targets(folder)


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


def drawn_call(data: st.DataObject, targets: list[subjects.Target]) -> None:
    """One argument is wrong, or two."""
    target = data.draw(st.sampled_from(targets), "function")
    wrong = {}
    for _ in range(data.draw(st.sampled_from([1, 1, 1, 2]))):
        name = data.draw(st.sampled_from([*target.arguments]), "argument")
        known = sorted(WRONG.keys() - THEIRS.get(name, set()))
        chosen = data.draw(st.one_of(st.sampled_from(known), st.none()), "is")
        wrong[name] = data.draw(made_up, "given") if chosen is None else WRONG[chosen]()
    call(target, wrong)


def test_every_public_name_is_called(targets):
    called = {one.name.split(" of ")[0].split(".")[0] for one in targets}
    beside = {"Agreement", "Changes", "Comparison", "Explanation", "Fault", "Finding", "Reversal", "Screening"}
    errors = {name for name in softpower.__all__ if name.endswith("Error")}
    assert set(softpower.__all__) - beside - errors <= called
    assert {f"plot.{name}" for name in plot.__all__} <= {one.name for one in targets}
    assert {f"interop.{name}" for name in interop.__all__ if name.islower()} <= {one.name for one in targets}


@given(st.data())
@few
def test_wrong_arguments_are_answered_or_refused(targets, data):
    drawn_call(data, [one for one in targets if not one.name.startswith(SLOW)])


@pytest.mark.long
def test_every_target_answers_to_what_is_right(targets):
    for one in targets:
        answer = judged(lambda one=one: used(one.function(**one.arguments)), one.name)
        assert not isinstance(answer, Exception), (one.name, answer)


@pytest.mark.long
@given(st.data())
@many
def test_many_wrong_arguments_are_answered_or_refused(targets, data):
    drawn_call(data, targets)

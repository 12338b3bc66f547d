"""What the library shows: its names, their documentation, what importing it costs, and that it pickles."""

import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import softpower
from results import NAMES
from softpower import Fault, SoftPowerError
from softpower.registry import STEPS

PUBLIC = [
    "Agreement",
    "Audit",
    "Changes",
    "Claim",
    "Comparison",
    "ExecutionError",
    "Explanation",
    "Fault",
    "FileError",
    "Finding",
    "Framework",
    "MethodError",
    "Methodology",
    "MissingExtraError",
    "NotFoundError",
    "Observation",
    "ObservationError",
    "Period",
    "Profile",
    "Result",
    "Reversal",
    "Scenario",
    "Screening",
    "SensitivityResult",
    "SoftPowerError",
    "SpecificationError",
    "Thresholds",
    "Trajectory",
    "Uncertainty",
    "UncertaintyResult",
    "WeightSpace",
    "agreement",
    "audit",
    "changes",
    "compare",
    "drop_each",
    "flips",
    "from_frame",
    "growth",
    "influence",
    "load_framework",
    "load_profile",
    "register",
    "report",
    "score",
    "score_scenarios",
    "screen",
    "sensitivity_analysis",
    "strengths",
    "swings",
    "tornado",
    "trajectory",
    "uncertainty_analysis",
    "weight_space",
]
BUILTINS = {
    "SpecificationError": ValueError,
    "ObservationError": ValueError,
    "MethodError": ValueError,
    "NotFoundError": KeyError,
    "FileError": OSError,
    "MissingExtraError": ImportError,
    "ExecutionError": RuntimeError,
}
# What is taken where nothing is given: a user who writes none of these relies on all of them.
DEFAULTS = {
    "agreement": {"confidence": 0.95, "resamples": 10_000, "rng": 0},
    "audit": {"leave_out": (), "n": 1024, "progress": False, "rng": 0},
    "drop_each": {"by": "indicator", "progress": False},
    "report": {"n": 8192, "overwrite": False, "progress": False, "rng": 0},
    "sensitivity_analysis": {"n": 1024, "progress": False, "resamples": 1000, "rng": 0, "sampling": "sobol"},
    "strengths": {"level": "indicator"},
    "trajectory": {"progress": False, "rng": 0, "undated": "leave_out"},
    "uncertainty_analysis": {"n": 8192, "progress": False, "rng": 0, "sampling": "sobol"},
    "aggregate benefit_of_the_doubt": {"high": 1.0, "low": 0.0, "of": "weights"},
    "aggregate kemeny": {"gap": 0.0, "time_limit": 60.0},
    "impute multiple": {"rounds": 10, "seed": 0, "tables": 20},
    "impute regression": {"rounds": 1000},
    "missing available": {"threshold": 0.0},
    "normalise distance_to_reference": {"capped": False},
    "normalise fuzzy": {"log_odds": 3.0},
    "normalise goalposts": {"clip": True, "high": 100.0, "low": 0.0},
    "normalise min_max": {"high": 100.0, "low": 0.0},
    "normalise z_score": {"deviation": 1.0, "mean": 0.0},
    "treat jrc": {"kurtosis_threshold": 3.5, "most": 5, "offset": 0.01, "skewness_threshold": 2.0},
    "weights analytic_hierarchy": {"limit": 0.1},
    "weights factor_analysis": {"cumulative": 0.6, "eigenvalue": 1.0, "rotation": "varimax", "share": 0.1},
    "weights optimised": {"tolerance": 0.01},
    "weights principal_components": {"cumulative": 0.6, "eigenvalue": 1.0, "rotation": "varimax", "share": 0.1},
}
# A function of a study takes whatever score() takes; one of scores alone takes what score() returns.
SCORES = {
    "changes": softpower.changes,
    "compare": lambda given: softpower.compare(given, given),
    "flips": lambda given: softpower.flips(given, "A", "B"),
    "strengths": softpower.strengths,
}
MODULES = [one.name for one in pkgutil.walk_packages(softpower.__path__, "softpower.")]


def documented(owner: object) -> list[str]:
    """The public classes, functions, methods and properties that a module or class defines without a docstring."""
    bare = []
    for name, one in vars(owner).items():
        function = one.func if hasattr(one, "func") else getattr(one, "fget", None) or getattr(one, "__func__", one)
        home = owner.__name__ if inspect.ismodule(owner) else owner.__module__
        ours = (inspect.isclass(function) or inspect.isfunction(function)) and function.__module__ == home
        if name.startswith("_") or not ours:
            continue
        if not function.__doc__:
            bare.append(f"{owner.__name__}.{name}")
        if inspect.isclass(function):
            bare += documented(function)
    return bare


def test_the_public_names_are_these():
    assert softpower.__all__ == PUBLIC


def test_dir_shows_the_public_names_alone():
    assert dir(softpower) == softpower.__all__


def test_a_room_is_there_without_being_imported():
    code = "import softpower; assert softpower.steps.means.__name__ == 'softpower.steps.means'; dir(softpower)"
    assert "numpy" in brought_by(code)


def test_a_name_that_is_not_there_is_no_attribute():
    with pytest.raises(AttributeError, match="module 'softpower' has no attribute 'scor'"):
        _ = softpower.scor
    with pytest.raises(ImportError, match="cannot import name 'scor' from 'softpower'"):
        from softpower import scor  # noqa: F401


def test_every_public_name_is_there():
    for name in softpower.__all__:
        assert getattr(softpower, name).__module__.startswith("softpower.")


def test_no_module_is_named_like_a_public_name():
    assert set(softpower.__all__).isdisjoint(name.rpartition(".")[2] for name in MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_class_and_function_is_documented(name):
    module = importlib.import_module(name)
    assert inspect.getdoc(module)
    assert documented(module) == []


def test_every_public_error_is_ours_and_the_builtin_that_fits():
    errors = {name for name in PUBLIC if name.endswith("Error")}
    assert errors == {"SoftPowerError", *BUILTINS}
    for name, builtin in BUILTINS.items():
        assert issubclass(getattr(softpower, name), SoftPowerError)
        assert issubclass(getattr(softpower, name), builtin)


def brought_by(code):
    """The packages that are there once some code has run in a Python of its own."""
    code = f"import sys; {code}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_is_taken_where_nothing_is_given(name):
    step, _, method = name.partition(" ")
    function = STEPS[step][method].function if method else getattr(softpower, name)
    given = {one.name: one.default for one in inspect.signature(function).parameters.values()}
    assert {one: value for one, value in given.items() if value not in (None, inspect.Parameter.empty)} == DEFAULTS[
        name
    ]


def taken_by(name):
    """The parameters of a public function, with their types as texts."""
    return {one.name: str(one.annotation) for one in inspect.signature(getattr(softpower, name)).parameters.values()}


FUNCTIONS = [name for name in PUBLIC if name.islower() and name not in {"register", "load_framework", "load_profile"}]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in {*SCORES, "from_frame"}])
def test_what_takes_a_study_takes_a_score_of_it_and_calls_it_data(name):
    (first, types), *more = taken_by(name).items()
    assert first == "data"
    assert {"Result", "Profile", "str", "Path"} <= set(types.split(" | "))
    assert ("methodology" in dict(more)) == ("scenario" in dict(more))


def test_a_seed_is_given_alike_everywhere():
    assert {taken_by(name).get("rng") for name in FUNCTIONS} == {None, "int | np.random.Generator | None"}


@pytest.mark.parametrize("name", SCORES)
def test_what_takes_scores_alone_says_what_gives_them(name):
    assert next(iter(taken_by(name).values())) == "Result"
    for given in (softpower.load_profile("kazakhstan"), "kazakhstan", pd.DataFrame({"a": [1.0]})):
        with pytest.raises(SoftPowerError, match=r"Give what (softpower\.score|score\(\)) returns"):
            SCORES[name](given)


@pytest.mark.parametrize("name", NAMES)
def test_every_result_is_a_frame_and_its_notes_and_summary_are_no_calls(name):
    kind = getattr(softpower, name)
    assert inspect.isfunction(kind.to_frame)
    assert not any(inspect.isfunction(getattr(kind, one, None)) for one in ("notes", "summary"))


def test_no_progress_is_told_unasked():
    public = [getattr(softpower, name) for name in softpower.__all__]
    owned = [method for one in public if isinstance(one, type) for method in vars(one).values()]
    functions = [one for one in (*public, *owned) if inspect.isfunction(one)]
    told = [
        parameters["progress"] for one in functions if "progress" in (parameters := inspect.signature(one).parameters)
    ]
    assert len(told) > 5
    assert {one.default for one in told} == {False}


def test_importing_brings_nothing_until_a_name_is_asked_for():
    assert brought_by("import softpower").isdisjoint({"numpy", "pandas", "pydantic"})


INTERRUPTED = """
import importlib.abc
import signal
import sys

signal.signal(signal.SIGINT, signal.default_int_handler)


class Interrupts(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "softpower.model.uncertainty":
            signal.raise_signal(signal.SIGINT)


sys.meta_path.insert(0, Interrupts())
import softpower

try:
    softpower.score
except KeyboardInterrupt:
    print("heard", "softpower.public" in sys.modules, softpower.score.__name__)
"""


def test_an_interruption_waits_until_a_name_is_there():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "heard True score\n"


def test_asking_for_a_name_brings_no_optional_or_slow_package():
    brought = brought_by("import softpower; softpower.score")
    assert {"numpy", "pandas", "pydantic"} <= brought
    assert brought.isdisjoint(
        {"scipy", "matplotlib", "typer", "rich", "jinja2", "sklearn", "openpyxl", "distributed", "tomli_w"}
    )


@pytest.mark.parametrize("name", [name for name in PUBLIC if name.endswith("Error")])
def test_errors_pickle(name):
    error = getattr(softpower, name).of("here", "it is wrong", "Mend it.")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert copy.faults == (Fault("here", "it is wrong", "Mend it."),)
    assert str(copy) == str(error)


def test_parts_of_a_profile_pickle(sound):
    for one in (sound, sound.framework, sound.methodology, sound.window, sound.observations[0]):
        assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize("used", [False, True])
def test_a_result_pickles_before_and_after_use(sound, used):
    result = softpower.score(sound)
    if used:
        result.to_frame()
    copy = pickle.loads(pickle.dumps(result))
    pd.testing.assert_frame_equal(copy.to_frame(), result.to_frame())
    assert copy.profile == result.profile
    assert copy.fingerprint == result.fingerprint
    for name, value in vars(result).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(copy, name), value)


def test_an_explanation_pickles(scored):
    assert str(pickle.loads(pickle.dumps(scored.explain()))) == str(scored.explain())

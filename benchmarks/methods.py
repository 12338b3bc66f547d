"""How long each method takes on 10,000 cases x 50 indicators, beside the least that any program does.

Run it with ``python benchmarks/methods.py`` in an environment that has softpower, with ``softpower[impute]``. Where
pymcdm and scikit-criteria are installed as well, what they have stands beside. Every figure is the least of several
times of one run: nanoseconds for each cell, and the ratio to reading and writing the cells once.

Methods that solve a program for each case or for all pairs of cases are timed on fewer cases, which is said.
"""

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import softpower.steps
from softpower.errors import SoftPowerError
from softpower.model.framework import Framework
from softpower.registry import AGGREGATE, IMPUTE, NORMALISE, TREAT, WEIGHTS, Method
from softpower.steps.layout import Layout
from softpower.steps.normalise import Scales, normalise
from softpower.steps.tree import Tree

CASES, INDICATORS, RUNS = 10_000, 50, 3
FEWER = {"benefit_of_the_doubt": 60, "kemeny": 40, "multiple": 200}
"""Methods that are not meant for ten thousand cases."""
PARAMETERS: dict[str, dict[str, Any]] = {
    "distance_to_reference": {"case": "3"},
    "power": {"p": 0.5},
    "ordered_weighted_average": {"orness": 0.3},
    "group_mean": {"group": "region"},
    "group_median": {"group": "region"},
    "last_observation": {"maximum_gap": 2},
    "linear": {"maximum_gap": 2},
}


def seconds(work: Callable[[], object]) -> float:
    """Return the least time of some work."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def cells(cases: int) -> np.ndarray:
    """Return positive numbers without gaps, between 1 and 100, in which indicators go together."""
    rng = np.random.default_rng(0)
    return 0.5 * rng.uniform(1.0, 100.0, size=(cases, 1)) + 0.5 * rng.uniform(1.0, 100.0, size=(cases, INDICATORS))


def layout(cases: int) -> Layout:
    """Return cases in four regions over five periods."""
    row = np.arange(cases)
    names = tuple(f"i{place}" for place in range(INDICATORS))
    return Layout(names, np.arange(INDICATORS) // 5, row // 5, 2000.0 + row % 5, {"region": row % 4})


def scales(cases: int) -> Scales:
    """Return goalposts and targets for all, and the names of the cases."""
    one = np.ones(INDICATORS)
    plain = np.zeros(INDICATORS, dtype=bool)
    return Scales(
        0 * one, 100 * one, 40 * one, plain, ~plain, layout(1).indicators, 200 * one, tuple(map(str, range(cases)))
    )


def tree() -> Tree:
    """Return ten dimensions of five indicators."""
    dimensions = {"index": {"title": "Index"}} | {f"d{n}": {"title": f"D{n}", "parent": "index"} for n in range(10)}
    leaves = {f"i{n}": {"title": f"I{n}", "dimension": f"d{n // 5}"} for n in range(INDICATORS)}
    made = Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
    return Tree.of(made, made.indicators)


def call(method: Method, cases: int) -> Callable[[], object]:
    """Return the method at work on so many cases."""
    values, more = cells(cases), PARAMETERS.get(method.name, {})
    if method.step == "normalise":
        given = scales(cases)
        return lambda: normalise(method, more, values, given)
    if method.step in {"impute", "treat"}:
        if method.step == "impute":
            values[np.random.default_rng(1).random(values.shape) < 0.05] = np.nan
        rows = layout(cases)
        return lambda: method.function(values, rows, **more)
    if method.step == "aggregate":
        weights = np.full(values.shape, 1.0 / INDICATORS)
        return lambda: method.function(values, weights, **more)
    nodes = tree()
    scores = np.full((cases, len(nodes.nodes)), 50.0)
    scores[:, :INDICATORS] = values
    return lambda: method.function(nodes, scores, **more)


def peers() -> dict[str, Callable[[], object]]:
    """Return what pymcdm and scikit-criteria have of the same, on the same cells."""
    found: dict[str, Callable[[], object]] = {}
    values = cells(CASES)
    try:
        import pymcdm.normalizations as theirs
        from pymcdm import weights as their_weights

        found |= {
            "pymcdm minmax_normalization, column by column": lambda: np.apply_along_axis(
                theirs.minmax_normalization, 0, values
            ),
            "pymcdm entropy_weights": lambda: their_weights.entropy_weights(values),
            "pymcdm critic_weights": lambda: their_weights.critic_weights(values),
        }
    except ImportError:
        print("pymcdm is not installed")
    try:
        from skcriteria import mkdm
        from skcriteria.preprocessing import scalers, weighters

        made = mkdm(values, [max] * INDICATORS)
        found |= {
            "scikit-criteria MinMaxScaler": lambda: scalers.MinMaxScaler(target="matrix").transform(made),
            "scikit-criteria EntropyWeighter": lambda: weighters.EntropyWeighter().transform(made),
            "scikit-criteria CRITIC": lambda: weighters.CRITIC().transform(made),
        }
    except ImportError:
        print("scikit-criteria is not installed")
    return found


def main() -> None:
    """Print a line for each method."""
    values = cells(CASES)
    bare = seconds(values.copy) / values.size
    print(f"{CASES:,} cases x {INDICATORS} indicators; reading and writing a cell once: {bare * 1e9:.2f} ns")
    assert softpower.steps.__all__
    for registry in (IMPUTE, TREAT, NORMALISE, WEIGHTS, AGGREGATE):
        for name in registry:
            method, cases = registry[name], FEWER.get(name, CASES)
            if method.step == "weights" and not method.fitted:
                continue
            try:
                each = seconds(call(method, cases)) / (cases * INDICATORS)
            except SoftPowerError as error:
                print(f"{method.step:<9} {name:<26} not timed: {error}"[:118])
                continue
            said = "" if cases == CASES else f", on {cases} cases"
            print(f"{method.step:<9} {name:<26} {each * 1e9:>10.1f} ns a cell {each / bare:>9.0f} x{said}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, work in peers().items():
            each = seconds(work) / values.size
            print(f"{name:<48} {each * 1e9:>10.1f} ns a cell {each / bare:>9.0f} x")


if __name__ == "__main__":
    main()

"""How long a million cases take, beside the least that any program does: reading and writing the same memory.

Run it with ``python benchmarks/tables.py`` in an environment that has softpower; it needs about 3 GB of memory.
Every figure is a ratio of two times of one run, the middle of several, after one that does not count.
"""

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import softpower

CASES, INDICATORS, GAPS, RUNS = 1_000_000, 36, 0.1, 5
STEPS = ("derive", "impute", "treat", "normalise", "weight", "aggregate")


def table() -> pd.DataFrame:
    """Return a table of random numbers with gaps, and names for its cases."""
    rng = np.random.default_rng(0)
    cells = rng.normal(50, 10, size=(INDICATORS, CASES))
    cells[rng.random(cells.shape) < GAPS] = np.nan
    return pd.DataFrame(dict(zip(names(), cells, strict=True)), index=[f"C{place}" for place in range(CASES)])


def names() -> list[str]:
    """Return the ids of the indicators."""
    return [f"i{place}" for place in range(INDICATORS)]


def framework(*, goalposts: bool) -> softpower.Framework:
    """Return three sources of three dimensions of four indicators."""
    posts = (
        {"goalposts": {"low": 0, "high": 100, "kind": "benchmark", "reason": "Drawn at random."}} if goalposts else {}
    )
    dimensions = {"index": {"title": "Index"}}
    dimensions |= {f"s{place}": {"title": f"Source {place}", "parent": "index"} for place in range(3)}
    dimensions |= {f"d{place}": {"title": f"Dimension {place}", "parent": f"s{place // 3}"} for place in range(9)}
    leaves = {
        name: {"title": name, "dimension": f"d{place // 4}", "weight": 1.0 + place % 3, **posts}
        for place, name in enumerate(names())
    }
    return softpower.Framework.from_dict({"dimensions": dimensions, "indicators": leaves})


def seconds(work: Callable[[], object]) -> float:
    """Return the median time of some work."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print the ratios."""
    frame = table()
    cells = frame.to_numpy()
    bare = len(STEPS) * seconds(cells.copy)
    print(f"{CASES:,} cases x {INDICATORS} indicators, {GAPS:.0%} gaps: {cells.nbytes / 1e6:.0f} MB")
    print(f"reading it and writing it once for each of {len(STEPS)} steps: {bare:.2f} s")
    for title, specs, methodology in (
        ("min-max, arithmetic", framework(goalposts=False), {"normalise": "min_max"}),
        ("goalposts, arithmetic", framework(goalposts=True), {}),
        ("goalposts, geometric", framework(goalposts=True), {"aggregate": "geometric", "floor": 1}),
    ):
        taken = seconds(lambda specs=specs, chosen=methodology: softpower.score(frame, specs, methodology=chosen))
        print(f"{title}: {taken:.2f} s, {taken / bare:.1f} times that")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"most memory at any time, the table included: {peak:.2f} GB")


if __name__ == "__main__":
    main()

"""How long a draw takes in which everything is uncertain at once: 51 cases x 49 indicators in 7 dimensions.

Run it with ``python benchmarks/choices.py`` in an environment that has softpower. Each draw picks one of three
normalisations and one of three means, draws the weights of all eight sets of siblings from their simplex, and every
value of the table between 10 % below and above itself. Every figure is the least of several times of one run; what
drawing costs by itself stands beside, each choice fixed in turn.
"""

import os
import time
from typing import Any

import numpy as np
import pandas as pd

import softpower

CASES, DIMENSIONS, EACH, DRAWS, RUNS = 51, 7, 7, 8_192, 5
TARGET, COINR = 0.1, 90.0
"""Milliseconds a draw: what is aimed at, and what COINr takes for the same on such a machine, measured apart."""
UNCERTAIN: dict[str, Any] = {
    "normalise": [
        {"method": "min_max", "low": 1, "high": 100},
        {"method": "z_score", "mean": 50, "deviation": 10},
        "rank",
    ],
    "aggregate": ["arithmetic", "geometric", "harmonic"],
    "weights": "simplex",
    "observations": True,
}


def profile() -> softpower.Profile:
    """Return a table of positive numbers with bounds, and its tree."""
    names = [f"i{place}" for place in range(DIMENSIONS * EACH)]
    values = np.random.default_rng(0).uniform(0.2, 1.2, size=(CASES, len(names)))
    columns = {name: values[:, place] for place, name in enumerate(names)}
    columns |= {f"{name}:low": 0.9 * columns[name] for name in names}
    columns |= {f"{name}:high": 1.1 * columns[name] for name in names}
    frame = pd.DataFrame(columns, index=[f"c{row}" for row in range(CASES)])
    dimensions = {"index": {"title": "Index"}}
    dimensions |= {f"d{place}": {"title": f"Dimension {place}", "parent": "index"} for place in range(DIMENSIONS)}
    leaves = {name: {"title": name, "dimension": f"d{place // EACH}"} for place, name in enumerate(names)}
    framework = softpower.Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
    return softpower.from_frame(frame, framework, methodology={"normalise": UNCERTAIN["normalise"][0]})


def milliseconds(study: softpower.Profile, uncertain: dict[str, Any], sampling: str) -> float:
    """Return the least time of a draw."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        softpower.uncertainty_analysis(study, uncertainty=uncertain, n=DRAWS, sampling=sampling)
        times.append(time.perf_counter() - start)
    return min(times) / DRAWS * 1e3


def main() -> None:
    """Print a line for all choices at once, and one for each that is fixed."""
    study = profile()
    print(f"{DRAWS:,} draws x {CASES} cases x {DIMENSIONS * EACH} indicators, {os.cpu_count()} cores")
    for sampling in ("random", "sobol"):
        each = milliseconds(study, UNCERTAIN, sampling)
        against = f"target {TARGET}; COINr takes {COINR:.0f}, {COINR / each:,.0f} times that"
        print(f"{'all at once, ' + sampling:<32} {each:.4f} ms a draw ({against})")
    for name in UNCERTAIN:
        fewer = {other: choice for other, choice in UNCERTAIN.items() if other != name}
        print(f"{'all but ' + name:<32} {milliseconds(study, fewer, 'random'):.4f} ms a draw")


if __name__ == "__main__":
    main()

"""How long draws of a panel take: 200 cases, 30 periods and 50 indicators, weights, goalposts and errors drawn.

Run it with ``python benchmarks/panels.py`` in an environment that has softpower; a number behind it is that of draws,
10,000 by default. Every cell has an error of its own, 300,000 of them, so that 10,000 draws are 3 billion drawn cells.
Besides the time that passes it prints that of the processors, which others that work beside it lengthen less.
"""

import sys
import time

import numpy as np
import pandas as pd

import softpower

CASES, PERIODS, INDICATORS, DRAWS = 200, 30, 50, 10_000
NAMES = [f"i{column:02}" for column in range(INDICATORS)]
UNCERTAINTY = {"weights": "simplex", "goalposts": True, "observations": True}


def framework() -> softpower.Framework:
    """Return five dimensions of ten indicators each, every one with goalposts and an alternative to them."""
    other = {"id": "wide", "low": 0, "high": 100, "reason": "The ends of the scale."}
    posts = {"low": 5, "high": 95, "kind": "benchmark", "reason": "What is seen.", "alternatives": [other]}
    parts = {f"d{part}": {"title": f"Part {part}", "parent": "index"} for part in range(5)}
    return softpower.Framework.from_dict(
        {
            "dimensions": {"index": {"title": "Index"}, **parts},
            "indicators": {
                name: {"title": name, "dimension": f"d{column % 5}", "goalposts": posts}
                for column, name in enumerate(NAMES)
            },
        }
    )


def panel() -> pd.DataFrame:
    """Return values with an error of five on either side."""
    index = pd.MultiIndex.from_product(
        [[f"c{case:03}" for case in range(CASES)], range(1991, 1991 + PERIODS)], names=["case", "period"]
    )
    values = np.random.default_rng(0).normal(50.0, 10.0, (len(index), INDICATORS))
    ends = {name: (column - 5.0, column + 5.0) for name, column in zip(NAMES, values.T, strict=True)}
    bounds = {f"{name}:{end}": pair[at] for name, pair in ends.items() for at, end in enumerate(("low", "high"))}
    return pd.DataFrame({**dict(zip(NAMES, values.T, strict=True)), **bounds}, index)


def main() -> None:
    """Print the times."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    profile = softpower.from_frame(panel(), framework())
    start, busy = time.perf_counter(), time.process_time()
    drawn = softpower.uncertainty_analysis(profile, uncertainty=UNCERTAINTY, n=draws, sampling="random")
    passed, worked = time.perf_counter() - start, time.process_time() - busy
    start = time.perf_counter()
    drawn.ranks(), drawn.to_frame()
    cells = draws * CASES * PERIODS * INDICATORS
    print(f"{draws:,} draws of {CASES} cases, {PERIODS} periods and {INDICATORS} indicators: {passed:.0f} s")
    print(f"of the processors: {worked:.0f} s, {worked / cells * 1e9:.0f} ns for each of {cells:,} drawn cells")
    print(f"ranks and scores with quantiles as frames: {time.perf_counter() - start:.1f} s more")


if __name__ == "__main__":
    main()

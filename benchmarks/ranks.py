"""How long it takes to count the ranks of 200 cases in 100,000 draws of 50 weights, beside the least that any does.

Run it with ``python benchmarks/ranks.py`` in an environment that has softpower. The limit is the bare kernel of
``kernel.py``. Every way runs on the same draws in two threads; every figure is the least of several times of one run.
"""

import os
import time
from collections.abc import Callable

import numpy as np
from kernel import CASES, DRAWS, HIGH, INDICATORS, LOW, STEP, THREADS, Bare, Tally, run
from threadpoolctl import threadpool_limits

from softpower.draws.grid import Grid
from softpower.draws.tally import RankTally

RUNS = 20


class Nothing:
    """Draws and scores alone."""

    def add(self, scores: np.ndarray) -> None:
        """Drop them."""


class RanksAndScores:
    """Ranks, and quantiles of scores."""

    def __init__(self) -> None:
        self.ranks = RankTally(CASES, STEP)
        self.grid = Grid(CASES, LOW, HIGH)

    def add(self, scores: np.ndarray) -> None:
        """Count both."""
        self.ranks.add(scores)
        self.grid.add(scores)


WAYS: dict[str, Callable[[], Tally]] = {
    "draw and score, count nothing": Nothing,
    "bare kernel": Bare,
    "RankTally": lambda: RankTally(CASES, STEP),
    "RankTally and Grid": RanksAndScores,
}


def main() -> None:
    """Print a line for each way."""
    best = dict.fromkeys(WAYS, np.inf)
    with threadpool_limits(1):
        for _ in range(RUNS):
            for name, make in WAYS.items():
                start = time.perf_counter()
                parts = run(make)
                if isinstance(parts[0], RankTally):
                    parts[0].merge(parts[1])
                if isinstance(parts[0], RanksAndScores):
                    parts[0].ranks.merge(parts[1].ranks)
                    parts[0].grid.merge(parts[1].grid)
                best[name] = min(best[name], time.perf_counter() - start)
        whole = RankTally(CASES, STEP)
        for part in run(lambda: RankTally(CASES, STEP)):
            whole.merge(part)
        counts = sum(part.counts for part in run(Bare)).reshape(CASES, CASES).T
    print(f"{DRAWS:,} draws x {CASES} cases x {INDICATORS} indicators, {THREADS} threads, {os.cpu_count()} cores")
    for name, seconds in best.items():
        each = seconds / DRAWS / CASES
        print(f"{name:<30} {seconds:.3f} s {each * 1e9:>5.1f} ns a score {seconds / best['bare kernel']:>5.2f} x")
    differ = np.abs(whole.counts - counts).sum() / 2
    print(f"ranks that the bare kernel gives another case, since it breaks ties: {differ:.0f} of {counts.sum():,}")


if __name__ == "__main__":
    main()

"""How long it takes to count the ranks of 200 cases in 100,000 draws of 50 weights, beside the least that any does.

Run it with ``python benchmarks/ranks.py`` in an environment that has softpower. The limit is the bare kernel: draw
weights, multiply them with the values, sort one number for each case, count. It looks at nothing else: not for ties,
gaps, or scores too large for it. Every way runs on the same draws in two threads; every figure is the least of several
times of one run.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from softpower.draws.tally import Grid, RankTally

CASES, INDICATORS, DRAWS, BLOCK, THREADS, RUNS = 200, 50, 100_000, 1_024, 2, 20
LOW, HIGH = 0.0, 100.0
STEP = (HIGH - LOW) * 1e-9
VALUES = np.random.default_rng(0).uniform(LOW, HIGH, size=(INDICATORS, CASES))
STREAMS = np.random.SeedSequence(1).spawn(-(-DRAWS // BLOCK))


class Tally(Protocol):
    """What eats blocks of scores."""

    def add(self, scores: np.ndarray) -> None:
        """Take a block."""


class Nothing:
    """Draws and scores alone."""

    def add(self, scores: np.ndarray) -> None:
        """Drop them."""


class Bare:
    """The bare kernel."""

    def __init__(self) -> None:
        self.counts = np.zeros(CASES * CASES, dtype=np.int64)
        self.keys = np.empty((BLOCK, CASES))
        self.bits = CASES.bit_length()
        # 1.5 x 2^(52 - bits): the last bits of such a double are the case, those above them the score in steps.
        self.case = 1.5 * 2.0 ** (52 - self.bits) + np.arange(CASES) / 2**self.bits
        self.place = np.arange(CASES) * CASES

    def add(self, scores: np.ndarray) -> None:
        """Count the ranks."""
        keys = self.keys[: len(scores)]
        np.multiply(scores, -1 / STEP, out=keys)
        np.rint(keys, out=keys)
        keys += self.case
        index = keys.view(np.int64)
        index.sort(axis=1)
        index &= 2**self.bits - 1
        index += self.place
        self.counts += np.bincount(index.ravel(), minlength=self.counts.size)


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


def work(make: Callable[[], Tally], first: int) -> Tally:
    """Return what every second block comes to."""
    tally = make()
    draws, scores = np.empty((BLOCK, INDICATORS)), np.empty((BLOCK, CASES))
    for block in range(first, len(STREAMS), THREADS):
        np.random.default_rng(STREAMS[block]).random(out=draws)
        # log(1 - u), not log1p(-u): 1 - u is exact for these numbers, and the plain logarithm four times as fast.
        np.subtract(1.0, draws, out=draws)
        np.log(draws, out=draws)
        draws /= draws.sum(axis=1, keepdims=True)
        np.matmul(draws, VALUES, out=scores)
        tally.add(scores[: DRAWS - block * BLOCK])
    return tally


def run(make: Callable[[], Tally]) -> list[Tally]:
    """Return the tallies of all threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda first: work(make, first), range(THREADS)))


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

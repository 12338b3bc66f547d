"""The least that any program does to count the ranks of 200 cases in 100,000 draws of 50 weights: the bare kernel.

It draws weights, multiplies them with the values, sorts one number for each case, and counts, in two threads. It looks
at nothing else: not for ties, gaps, or scores too large for it. Other benchmarks run it beside what they measure.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import numpy as np

CASES, INDICATORS, DRAWS, BLOCK, THREADS = 200, 50, 100_000, 1_024, 2
LOW, HIGH = 0.0, 100.0
STEP = (HIGH - LOW) * 1e-9
VALUES = np.random.default_rng(0).uniform(LOW, HIGH, size=(INDICATORS, CASES))
STREAMS = np.random.SeedSequence(1).spawn(-(-DRAWS // BLOCK))


class Tally(Protocol):
    """What eats blocks of scores."""

    def add(self, scores: np.ndarray) -> None:
        """Take a block."""


Made = TypeVar("Made", bound=Tally)


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


def work(make: Callable[[], Made], first: int) -> Made:
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


def run(make: Callable[[], Made]) -> list[Made]:
    """Return the tallies of all threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda first: work(make, first), range(THREADS)))

"""Points of the unit cube, from which every draw of an analysis is made: the same seed, the same bits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import Any, Literal, TypeGuard, get_args

import numpy as np

from softpower.errors import Fault, SpecificationError, did_you_mean
from softpower.steps.measures import Floats

BLOCK = 1024
"""Points that come together: large enough for numpy, small enough for the processor's cache."""

REPLICATES = 16
"""Parts that do not depend on each other; how far they differ shows the error of an estimate."""

NUMBERS = 2**22
"""Points that come together are fewer where they are wide: so many numbers at most, or one point."""

SOBOL_DIMENSIONS = 1024
"""Those beyond it are pseudo-random."""

MOST = REPLICATES * 2**30
"""A Sobol sequence of 30 bits has no more points; a number that wants more is a slip of the pen."""

FIRST = Lock()
"""One thread after the other asks whether Sobol points can be made."""

Sampling = Literal["sobol", "random"]
SAMPLINGS: tuple[str, ...] = get_args(Sampling)


@dataclass(frozen=True)
class Points:
    """Points of the unit cube, [0, 1) in each dimension, in independent replicates.

    Parameters
    ----------
    dimensions : int
        Zero or more.
    n : int
        Number of points.
    sampling : "sobol" or "random"
        Sobol points fill the cube evenly; each replicate is a scrambling of its own. They fill it best where a
        replicate has a power of two of them. Their first 1,024 dimensions are Sobol points, the others pseudo-random.
    seed : int
        See `seed_of`.

    Raises
    ------
    SpecificationError
        If there are no points, or the sampling is unknown.

    Examples
    --------
    >>> points = Points(dimensions=2, n=20, sampling="sobol", seed=0)
    >>> points.sizes()
    (2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    >>> [block.shape for block in points.replicate(0)]
    [(2, 2)]
    """

    dimensions: int
    n: int
    sampling: Sampling
    seed: int

    def __post_init__(self) -> None:
        """Refuse what no points can be made of."""
        faults = []
        if not _is_whole(self.n) or self.n < 1:
            faults.append(Fault("n", f"{self.n!r} is no number of draws", "Give a whole number, 1 or above."))
        elif self.n > MOST:
            faults.append(Fault("n", f"{self.n} draws are more than there are Sobol points", f"Take {MOST:,} at most."))
        if self.sampling not in SAMPLINGS:
            what = f"there is no sampling {self.sampling!r}"
            faults.append(Fault("sampling", what, did_you_mean(self.sampling, SAMPLINGS)))
        if faults:
            raise SpecificationError(faults)

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return min(REPLICATES, self.n)

    def sizes(self) -> tuple[int, ...]:
        """Return the number of points of each replicate: as even as can be, the longer first."""
        size, longer = divmod(self.n, self.replicates)
        return (size + 1,) * longer + (size,) * (self.replicates - longer)

    @property
    def together_at_most(self) -> int:
        """How many points a block has at most."""
        return max(1, min(BLOCK, NUMBERS // max(1, self.dimensions)))

    def replicate(self, number: int, *, passing: bool = False) -> Iterator[Floats]:
        """Yield the points of one replicate, in blocks of shape (up to 1,024, dimensions), shorter where they are wide.

        How short they are changes no number. What is ``passing`` may be written over when the next block is asked for.
        """
        size = self.sizes()[number]
        counts = [
            [min(self.together_at_most, stop - start) for start in range(begin, stop, self.together_at_most)]
            for begin, stop in ((one, min(one + BLOCK, size)) for one in range(0, size, BLOCK))
        ]
        evenly = min(self.dimensions, SOBOL_DIMENSIONS) if self.sampling == "sobol" else 0
        others = self.dimensions - evenly
        if not evenly:
            yield from _random(others, counts, self.seed, number, passing=passing)
        elif not others:
            yield from _sobol(evenly, counts, self.seed, number)
        else:
            parts = (make(width, counts, self.seed, number) for make, width in ((_sobol, evenly), (_random, others)))
            yield from map(np.hstack, zip(*parts, strict=True))

    def all(self) -> Floats:
        """Return all points, those of the first replicate first: an array of shape (n, dimensions).

        Examples
        --------
        >>> Points(dimensions=3, n=5, sampling="random", seed=0).all().shape
        (5, 3)
        """
        return self.together(range(self.replicates))

    def together(self, numbers: range) -> Floats:
        """Return all points of some replicates, those of the first before the others."""
        made, start = np.empty((sum(self.sizes()[number] for number in numbers), self.dimensions)), 0
        for number in numbers:
            for block in self.replicate(number):
                made[start : start + len(block)] = block
                start += len(block)
        return made


def seed_of(rng: int | np.random.Generator | np.random.SeedSequence | None) -> int:
    """Return the whole number that a source of randomness stands for, so that it can be recorded and used again.

    Parameters
    ----------
    rng : int, numpy.random.Generator, numpy.random.SeedSequence or None
        A whole number, 0 or above, is itself. A generator gives its next number, and another one when asked again. None
        gives one that nobody can foresee.

    Raises
    ------
    SpecificationError
        For a number below zero, and anything else.

    Examples
    --------
    >>> seed_of(0)
    0
    >>> seed_of(np.random.default_rng(1)) == seed_of(np.random.default_rng(1))
    True
    """
    if _is_whole(rng) and rng >= 0:
        return int(rng)
    if rng is None or isinstance(rng, np.random.Generator | np.random.SeedSequence):
        # Below 2**63, so that it fits wherever it is written down: TOML and data frames end there.
        return int(np.random.default_rng(rng).integers(2**63))
    what = f"{rng!r} is no source of random numbers"
    raise SpecificationError.of("rng", what, "Give a whole number, 0 or above, a numpy.random.Generator, or None.")


def _is_whole(number: object) -> TypeGuard[int]:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _sobol(dimensions: int, counts: Sequence[Sequence[int]], seed: int, replicate: int) -> Iterator[Floats]:
    """Yield blocks of one scrambled Sobol sequence."""
    from scipy.stats import qmc

    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate,)))
    # Before scipy 1.15 the keyword was `seed`.
    keyword = "rng" if "rng" in inspect.signature(qmc.Sobol).parameters else "seed"
    chosen: dict[str, Any] = {keyword: rng}
    with FIRST:
        # The first of all reads tables that older versions of scipy hand out half read to other threads.
        qmc.Sobol(1, scramble=False)
    engine = qmc.Sobol(dimensions, **chosen)
    # The first point by itself: scipy warns of a first draw of any number but a power of two.
    first, *others = chain.from_iterable(counts)
    yield np.concatenate([engine.random(1), engine.random(first - 1)])
    yield from map(engine.random, others)


def _random(
    dimensions: int, counts: Sequence[Sequence[int]], seed: int, replicate: int, *, passing: bool = False
) -> Iterator[Floats]:
    """Yield blocks of pseudo-random points, every 1,024 of them from a stream of its own."""
    # Fresh memory for each block may take as long as its numbers.
    room = np.empty((max(map(max, counts)), dimensions)) if passing else None
    for block, parts in enumerate(counts):
        sequence = np.random.SeedSequence(seed, spawn_key=(replicate, block))
        stream = np.random.Generator(np.random.SFC64(sequence))
        for count in parts:
            yield stream.random((count, dimensions)) if room is None else stream.random(out=room[:count])

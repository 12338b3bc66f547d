"""What block after block of draws is worked off in: memory that is used again, and a few columns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from softpower.steps.measures import Floats

SLICE = 2**19
"""So many values are in work at once, or one column of them."""


class Buffers:
    """Memory that one block after the other uses; a copy, or what comes out of a pickle, starts without it."""

    def __init__(self) -> None:
        self._memory: dict[str, Floats] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()

    def take(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Return an array of a shape, with whatever was last in it."""
        size = int(np.prod(shape))
        if name not in self._memory or self._memory[name].size < size:
            self._memory[name] = np.empty(size)
        return self._memory[name][:size].reshape(shape)


def columns_at_a_time(scores: Floats) -> Iterator[slice]:
    """Yield the columns of an array of shape (draws, columns), so few that they stay near the processor.

    Examples
    --------
    >>> [(few.start, few.stop) for few in columns_at_a_time(np.zeros((2**18, 5)))]
    [(0, 2), (2, 4), (4, 5)]
    """
    width = max(1, SLICE // max(1, len(scores)))
    for left in range(0, scores.shape[1], width):
        yield slice(left, min(left + width, scores.shape[1]))

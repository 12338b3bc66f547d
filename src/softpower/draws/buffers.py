"""Memory that block after block of draws uses again."""

from __future__ import annotations

from typing import Any

import numpy as np

from softpower.steps.measures import Floats


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

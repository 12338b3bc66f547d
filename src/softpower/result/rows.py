"""Labels of many rows.

Older numpy repeats objects without Python's lock, and threads that do so crash; places are repeated instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Labels = TypeVar("Labels", pd.Index, NDArray[Any])


def repeated(labels: Labels, times: int) -> Labels:
    """Return each label so many times, one after the other.

    Examples
    --------
    >>> repeated(np.array(["a", "b"], dtype=object), 2)
    array(['a', 'a', 'b', 'b'], dtype=object)
    """
    return labels[np.repeat(np.arange(len(labels)), times)]


def tiled(labels: Labels, times: int) -> Labels:
    """Return all labels so many times, one round after the other.

    Examples
    --------
    >>> tiled(np.array(["a", "b"], dtype=object), 2)
    array(['a', 'b', 'a', 'b'], dtype=object)
    """
    return labels[np.tile(np.arange(len(labels)), times)]


def by_each(index: pd.Index, name: str, labels: Sequence[str]) -> pd.MultiIndex:
    """Return rows by a further level, every label of it for each row.

    Examples
    --------
    >>> by_each(pd.Index(["KAZ", "UZB"], name="case"), "node", ["a", "b"]).tolist()
    [('KAZ', 'a'), ('KAZ', 'b'), ('UZB', 'a'), ('UZB', 'b')]
    """
    levels = [repeated(index.get_level_values(level), len(labels)) for level in range(index.nlevels)]
    return pd.MultiIndex.from_arrays([*levels, tiled(pd.Index(labels), len(index))], names=[*index.names, name])

"""Labels of many rows.

Older numpy repeats objects without Python's lock, and threads that do so crash; places are repeated instead.
"""

from __future__ import annotations

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

"""Which rows or columns of a table are the same. Arrays only."""

from __future__ import annotations

from typing import Literal

import numpy as np

from softpower.errors import MethodError
from softpower.steps.measures import Floats


def identical(values: Floats, axis: Literal["cases", "indicators"] = "cases") -> tuple[tuple[int, ...], ...]:
    """Return the groups of cases, or of indicators, whose values are all the same, gaps included.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        NaN where missing.
    axis : {"cases", "indicators"}

    Returns
    -------
    tuple of tuple of int
        The places of each group of two or more, in their order. What has no value at all is like nothing.

    Raises
    ------
    MethodError
        For another axis.

    Notes
    -----
    Misleads where there are few values, or few that they can take: cases may then be alike by chance.

    Examples
    --------
    >>> identical(np.array([[1.0, 2.0], [3.0, np.nan], [1.0, 2.0]]))
    ((0, 2),)
    """
    if axis not in {"cases", "indicators"}:
        raise MethodError.of("identical: axis", f"there is no axis '{axis}'", 'Say "cases" or "indicators".')
    rows = values if axis == "cases" else values.T
    gone = np.isnan(rows)
    there = np.flatnonzero(~gone.all(axis=1))
    told = np.concatenate([np.where(gone, 0.0, rows), gone], axis=1)[there]
    _, group = np.unique(told, axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    runs = np.split(there[order], np.flatnonzero(np.diff(group[order])) + 1)
    return tuple(sorted(tuple(map(int, run)) for run in runs if len(run) > 1))

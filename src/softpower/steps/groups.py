"""Rows that are compared with one another alone, such as those of one period."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from softpower.errors import Fault, MethodError
from softpower.steps.measures import Floats

Groups = Mapping[object, np.ndarray]
"""The places of the rows of each group, by its label; every row is in one."""


def by_group(groups: Groups, made: Callable[[np.ndarray], Floats], axis: int) -> Floats:
    """Return what a function makes of each group's rows, all rows in their own order.

    Parameters
    ----------
    groups : mapping of label to places of rows
    made : function of the places of rows
    axis : int
        That of the rows in what it returns.

    Raises
    ------
    MethodError
        If something has no meaning in a group; of all groups at once, each with its label.

    Examples
    --------
    >>> values = np.array([1.0, 5.0, 3.0, 9.0])
    >>> groups = {2001: np.array([0, 2]), 2002: np.array([1, 3])}
    >>> by_group(groups, lambda rows: values[rows] / values[rows].sum(), 0)
    array([0.25      , 0.35714286, 0.75      , 0.64285714])
    """
    parts, faults, cause = [], list[Fault](), None
    for label, rows in groups.items():
        try:
            parts.append(made(rows))
        except MethodError as error:
            cause = cause or error.__cause__
            faults += [Fault(f"{label}: {one.where}", one.what, one.mend) for one in error.faults]
    if faults:
        raise MethodError(faults) from cause
    order = np.argsort(np.concatenate(list(groups.values())))
    return np.take(np.concatenate(parts, axis=axis), order, axis=axis)

"""Whether a picture is given what it can draw, and which case and period it is of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from softpower.errors import Fault, NotFoundError, SpecificationError
from softpower.result import label_problem
from softpower.steps.measures import Mask


def expect(given: object, kinds: type | tuple[type, ...], where: str, *makers: str) -> None:
    """Raise SpecificationError unless what is given is what one of some functions returns."""
    if not isinstance(given, kinds):
        mend = f"Give what {' or '.join(f'softpower.{maker}' for maker in makers)} returns."
        raise SpecificationError.of(f"plot.{where}", f"a {type(given).__name__} is given", mend)


def one_of(index: pd.Index, case: object, period: object, where: str, *, every: bool = False) -> Mask:
    """Return the rows of one case, and of one period where there are several.

    Parameters
    ----------
    index : Index
        With levels ``case`` and, where there are any, ``period``.
    case, period : str or int, optional
        May be left out where there is one.
    where : str
        The picture that asks.
    every : bool
        Whether no name of a case means all of them.

    Raises
    ------
    NotFoundError
        If there is no such one, or several and none is named.
    """
    mine = np.ones(len(index), dtype=bool)
    faults = []
    for name, given in (("case", case), ("period", period)):
        if given is None and (name not in index.names or (name == "case" and every)):
            continue
        labels = index.get_level_values(name)[mine] if name in index.names else pd.Index([])
        known: list[object] = list(labels.unique().tolist())
        fault = label_problem(name, given, known)
        if fault is not None:
            faults.append(Fault(f"plot.{where}: {name}", *fault))
        else:
            mine &= np.asarray(index.get_level_values(name) == (known[0] if given is None else given))
    if faults:
        raise NotFoundError(faults)
    return mine


def label_of(index: pd.Index, mine: Mask) -> str:
    """Return the name of what was chosen: its case, and its period where it has one."""
    first = index[mine][:1]
    return " ".join(str(first.get_level_values(name)[0]) for name in ("case", "period") if name in first.names)

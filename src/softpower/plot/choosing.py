"""Which case, and period, a picture of one of them is of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from softpower.errors import NotFoundError, SpecificationError, did_you_mean
from softpower.steps.measures import Mask


def expect(given: object, kind: type, where: str, maker: str) -> None:
    """Raise SpecificationError unless what is given is what some function returns."""
    if not isinstance(given, kind):
        raise SpecificationError.of(where, f"a {type(given).__name__} is given", f"Give what sp.{maker} returns.")


def one_of(index: pd.Index, case: object, period: object, where: str, *, every: bool = False) -> Mask:
    """Return the rows of one case, and of one period where there are several.

    Parameters
    ----------
    index : Index
        With levels ``case`` and, where there are any, ``period``.
    case, period : str or int, optional
        May be left out where there is one.
    where : str
        Who asks.
    every : bool
        Whether no name of a case means all of them.

    Raises
    ------
    NotFoundError
        If there is no such one, or several and none is named.
    """
    mine = np.ones(len(index), dtype=bool)
    for name, given in (("case", case), ("period", period)):
        if given is None and name == "case" and every:
            continue
        if name not in index.names:
            if given is not None:
                raise NotFoundError.of(f"{where}: {name}", f"there are no {name}s", "Leave it out.")
            continue
        labels = index.get_level_values(name)
        known = labels[mine].unique().tolist()
        if given is None and len(known) > 1:
            shown = ", ".join(map(str, known[:5])) + (" ..." if len(known) > 5 else "")
            what = f"there are {len(known)} {name}s: {shown}"
            raise NotFoundError.of(f"{where}: {name}", what, f"Name one: {name}={known[0]!r}.")
        if given is not None and given not in known:
            what = f"there is no {name} '{given}'"
            raise NotFoundError.of(f"{where}: {name}", what, did_you_mean(given, map(str, known)))
        if known:
            mine &= np.asarray(labels == (known[0] if given is None else given))
    return mine


def label_of(index: pd.Index, mine: Mask) -> str:
    """Return the name of what was chosen: its case, and its period where it has one."""
    first = index[mine][:1]
    return " ".join(str(first.get_level_values(name)[0]) for name in ("case", "period") if name in first.names)

"""Cases, periods, nodes and levels that a reader names; a name that is none is an error that says which there are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from softpower.errors import Fault, NotFoundError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.profile import Profile


def row_of(index: pd.Index, case: str | None, period: str | int | None, where: str) -> int:
    """Return the row of a case, and of a period where there are any; one that is the only one may be left out.

    Parameters
    ----------
    index : Index
        With levels ``case`` and, where there are any, ``period``.
    case, period : str or int, optional
    where : str
        Who asks, for errors.

    Raises
    ------
    NotFoundError
        If there is no such case or period, or there are several and none is named.
    """
    rows = np.arange(len(index))
    for name, given in (("case", case), ("period", period)):
        if name in index.names:
            labels = index.get_level_values(name)[rows]
            known = labels.unique().tolist()
            check_label(where, name, given, known)
            rows = rows[labels == (known[0] if given is None else given)]
        elif given is not None:
            check_label(where, name, given, ())
    return int(rows[0])


def rows_of(
    index: pd.Index, case: str | None, period: str | int | None, where: str
) -> tuple[NDArray[np.intp], list[Fault]]:
    """Return the rows of a case and of a period, of all where none is named; and for each that is none a fault.

    Parameters
    ----------
    index : Index
        With levels ``case`` and, where there are any, ``period``.
    case, period : str or int, optional
    where : str
        Who asks, for the faults.
    """
    here, faults = np.ones(len(index), dtype=bool), []
    for name, given in (("case", case), ("period", period)):
        if given is None:
            continue
        labels = index.get_level_values(name)[here] if name in index.names else pd.Index([])
        problem = label_problem(name, given, labels.unique().tolist())
        if problem is not None:
            faults.append(Fault(f"{where}: {name}", *problem))
        else:
            here &= np.asarray(index.get_level_values(name) == given)
    return np.flatnonzero(here), faults


def check_label(where: str, name: str, given: object, known: Sequence[Any]) -> None:
    """Raise NotFoundError where the label of a case or a period is none, or none is given and there are several."""
    fault = label_problem(name, given, known)
    if fault is not None:
        raise NotFoundError.of(f"{where}: {name}", *fault)


def label_problem(name: str, given: object, known: Sequence[Any]) -> tuple[str, str] | None:
    """Return what is wrong with the label of a case or a period, and how to mend it.

    None where it is known, or left out and the only one.
    """
    if given is None and len(known) <= 1:
        return None
    if given is None:
        shown = ", ".join(map(str, known[:5])) + (" ..." if len(known) > 5 else "")
        return f"there are {len(known)} {name}s: {shown}", f"Name one: {name}={known[0]!r}."
    if not known:
        return f"the scores have no {name}s", "Leave it out."
    # An array is equal to each of its cells, and to none.
    if isinstance(given, str | int | np.integer) and given in known:
        return None
    alike = [one for one in known if str(one) == str(given)]
    mend = f"Name it so: {name}={alike[0]!r}." if alike else did_you_mean(given, map(str, known))
    return f"there is no {name} {given!r}", mend


def place_of(node: object, profile: Profile, nodes: Sequence[str]) -> int:
    """Return the column of a node.

    Raises
    ------
    NotFoundError
        If it is not scored: why not, where that is known.
    """
    framework, left_out = profile.framework, set(profile.left_out)
    known = isinstance(node, str) and (node in framework.indicators or node in framework.dimensions)
    if known and node not in nodes and not left_out.isdisjoint(framework.path(str(node))):
        raise NotFoundError.of("node", f"'{node}' is left out of the score", "Score without leaving it out.")
    if isinstance(node, str) and node in framework.indicators and node not in nodes:
        which = framework.indicators[node].set
        raise NotFoundError.of("node", f"'{node}' is in the {which} set, which is not scored", "Score with both sets.")
    if not isinstance(node, str) or node not in nodes:
        raise NotFoundError.of("node", f"there is no node '{node}' in the score", did_you_mean(node, nodes))
    return nodes.index(node)


def check_level(where: str, level: str | None, framework: Framework) -> None:
    """Raise NotFoundError where a level is given that the framework does not have."""
    levels = (*framework.levels, "indicator")
    if level is not None and level not in levels:
        raise NotFoundError.of(f"{where}: level", f"there is no level '{level}'", did_you_mean(level, levels))

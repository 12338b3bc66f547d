"""Cases, periods, nodes and levels that a reader names; a name that is none is an error that says which there are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from softpower.errors import NotFoundError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.profile import Profile


def row_of(index: pd.Index, case: str | None, period: str | int | None) -> int:
    """Return the row of a case, and of a period where there are any; one that is the only one may be left out.

    Raises
    ------
    NotFoundError
        If there is no such case or period, or there are several and none is named.
    """
    cases = index.get_level_values("case")
    rows = np.flatnonzero(cases == _named("case", case, tuple(cases.unique())))
    if index.nlevels > 1:
        periods = index.get_level_values("period")[rows].tolist()
        return int(rows[periods.index(_named("period", period, periods))])
    if period is not None:
        raise NotFoundError.of("explain: period", "the scores have no periods", "Leave it out.")
    return int(rows[0])


def _named(what: str, given: Any, known: Sequence[Any]) -> Any:
    """Return the label that is given, or the only one."""
    if given is None and len(known) == 1:
        return known[0]
    if given is None:
        shown = ", ".join(map(str, known[:5]))
        more = " ..." if len(known) > 5 else ""
        raise NotFoundError.of(f"explain: {what}", f"there are {len(known)} {what}s: {shown}{more}", "Name one.")
    if given not in known:
        mend = did_you_mean(given, map(str, known))
        raise NotFoundError.of(f"explain: {what}", f"there is no {what} '{given}'", mend)
    return given


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

"""The tables that a result gives, as functions of the profile and the arrays that were computed of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.framework_parts import Dimension
from softpower.model.indicator import Indicator
from softpower.model.profile import Profile
from softpower.result.rows import by_each, tiled
from softpower.steps.measures import Floats

Feeds = Mapping[tuple[str, str], Iterable[str]]
"""The ids of the observations behind each (case, indicator)."""


def walked(framework: Framework, nodes: Iterable[str]) -> list[str]:
    """Return the scored nodes as a reader walks the tree: each before its children, in declared order."""
    scored = set(nodes)
    children: dict[str, list[str]] = {}
    for name in (*framework.dimensions, *framework.indicators):
        if name in scored and name in framework.parents:
            children.setdefault(framework.parents[name], []).append(name)
    met, waiting = [], [framework.root]
    while waiting:
        met.append(waiting.pop())
        waiting += reversed(children.get(met[-1], []))
    return met


def score_table(
    framework: Framework,
    index: pd.Index,
    nodes: Sequence[str],
    tables: Mapping[str, np.ndarray],
    reasons: np.ndarray,
) -> pd.DataFrame:
    """Return one row for each case and node, down the tree as a reader walks it.

    Parameters
    ----------
    tables : mapping of str to array
        The columns, of shape (rows, nodes), or (rows, indicators) where they are of indicators alone.
    reasons : array of shape (rows, nodes)
        Why a node is missing, empty where it is not.
    """
    names = walked(framework, nodes)
    order = [nodes.index(name) for name in names]
    by_node = by_each(index, "node", names)
    wide = {name: _of_all_nodes(table, len(nodes)) for name, table in tables.items()}
    frame = pd.DataFrame({name: table[:, order].ravel() for name, table in wide.items()}, by_node)
    units = {name: one.unit for name, one in framework.indicators.items()}
    said = {
        "title": [framework.node_title(name) for name in names],
        "level": [framework.level(name) for name in names],
        "unit": [units.get(name, "") for name in names],
    }
    for at, column in ((0, "title"), (1, "level"), (2 + list(tables).index("raw"), "unit")):
        frame.insert(at, column, tiled(pd.Index(said[column]), len(index)))
    frame["reason"] = pd.Index(reasons[:, order].ravel())
    return frame


def _of_all_nodes(table: np.ndarray, count: int) -> np.ndarray:
    """Return a table with a column for each node, also where it is of indicators alone, which come first."""
    lacking = count - table.shape[1]
    if not lacking:
        return table
    blank = np.nan if table.dtype.kind == "f" else ""
    return np.hstack([table, np.full((len(table), lacking), blank)])


def reasons_by_node(index: pd.Index, nodes: Sequence[str], reasons: np.ndarray) -> dict[tuple[Any, ...], str]:
    """Return the reasons that are not empty by (case, node), or by (case, period, node)."""
    rows, columns = np.nonzero(reasons != "")
    labels = index[rows] if index.nlevels > 1 else zip(index[rows], strict=True)
    return {
        (*label, nodes[int(column)]): str(reasons[row, column])
        for label, row, column in zip(labels, rows, columns, strict=True)
    }


def changed_cells(
    index: pd.Index,
    indicators: Sequence[str],
    methods: Sequence[str],
    before: Floats,
    after: Floats,
) -> pd.DataFrame:
    """Return the cells that a step changed: one row each, with the value before and after, and the method."""
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    rows, columns = np.nonzero(~same)
    labels = {name: index.get_level_values(name)[rows] for name in ("case", "period")[: index.nlevels]}
    return pd.DataFrame(
        {
            **labels,
            "indicator": pd.Index(indicators)[columns],
            "before": before[rows, columns],
            "after": after[rows, columns],
            "method": pd.Index(methods)[columns],
        }
    )


def observation_table(profile: Profile, feeds: Feeds) -> pd.DataFrame:
    """Return every observation of a profile, with the indicators that it feeds."""
    fed: dict[str, list[str]] = {}
    for (_, indicator), ids in feeds.items():
        for one in ids:
            fed.setdefault(one, []).append(indicator)
    rows = [
        one.model_dump(mode="json") | {"feeds": " ".join(dict.fromkeys(fed.get(one.id, [])))}
        for one in profile.observations
    ]
    return pd.DataFrame(rows).set_index("id") if rows else pd.DataFrame()


def source_table(profile: Profile, feeds: Feeds, nodes: Sequence[str]) -> pd.DataFrame:
    """Return the sources of the observations, or cells, that feed a score, with how many rest on each."""
    used = {one for ids in feeds.values() for one in ids}
    count = Counter(one.source for one in profile.observations if one.id in used and one.source is not None)
    table = profile.values
    if table is not None and table.source is not None:
        feeding = {*nodes} | {one.denominator.variable for one in profile.indicators.values() if one.denominator}
        there = [place for place, name in enumerate(table.columns) if name in feeding]
        # A source may stand beside an empty cell.
        filled = (table.source[:, there] >= 0) & ~np.isnan(table.value[:, there])
        for place, number in zip(*np.unique(table.source[:, there][filled], return_counts=True), strict=True):
            count[table.sources[place]] = int(number)
    rows = [
        {"source": name, "observations": number, "kind": profile.sources[name].kind}
        | {"citation": str(profile.sources[name])}
        for name, number in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return pd.DataFrame(rows, columns=["source", "observations", "kind", "citation"]).set_index("source")


def reference_table(profile: Profile) -> pd.DataFrame:
    """Return the works that the framework and the indicators in it cite, with what cites them."""
    framework = profile.framework
    citing: dict[str, list[str]] = {name: [framework.id] for name in framework.references}
    nodes: dict[str, Dimension | Indicator] = {**framework.dimensions, **profile.indicators}
    for name, node in nodes.items():
        for work in node.references:
            citing.setdefault(work, []).append(name)
    rows = [
        {"reference": work, "citation": str(framework.works[work]), "cited_by": " ".join(names)}
        for work, names in sorted(citing.items())
    ]
    return pd.DataFrame(rows, columns=["reference", "citation", "cited_by"]).set_index("reference")


def undated_table(profile: Profile, feeds: Feeds, composite: Floats, contribution: Floats) -> pd.DataFrame:
    """Return how much of each case's composite rests on facts that have neither a start nor an end.

    Parameters
    ----------
    composite : array of shape (rows,)
    contribution : array of shape (rows, indicators)

    Raises
    ------
    MethodError
        If a table of values was scored, whose cells have periods.
    """
    if profile.values is not None:
        mend = "Ask it of a profile of observations."
        raise MethodError.of("undated", "a table of values has periods, and no facts without a date", mend)
    bare = {one.id for one in profile.observations if one.start is None and one.end is None}
    rests = np.zeros((2, *contribution.shape), dtype=bool)
    rows = {case: row for row, case in enumerate(profile.index)}
    places = {name: place for place, name in enumerate(profile.indicators)}
    for (case, indicator), ids in feeds.items():
        at = rows[case], places[indicator]
        rests[0][at] = bare.issuperset(ids)
        rests[1][at] = not bare.isdisjoint(ids) and not rests[0][at]
    points = np.where(np.isnan(composite), np.nan, np.where(rests, contribution, 0.0).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = points / composite
    columns = ["points", "points_in_part", "share", "share_in_part"]
    return pd.DataFrame(np.vstack([points, shares]).T, profile.index, columns)

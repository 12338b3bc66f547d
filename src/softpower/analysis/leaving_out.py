"""Leave one thing out at a time: an indicator, a dimension, or a source of facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.draws.running import Progress, meter
from softpower.errors import Fault, MethodError, NotFoundError, SoftPowerError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.result import Result, label_problem
from softpower.scoring import score
from softpower.steps.measures import Floats
from softpower.studies import as_profile

BY = ("indicator", "dimension", "source_text")
"""What can be left out in every framework; its own levels come besides."""


@diagnosed
def drop_each(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    by: str = "indicator",
    case: str | None = None,
    period: str | int | None = None,
    progress: Progress = False,
) -> pd.DataFrame:
    """Return what becomes of the composite, or of the ranks, when one thing at a time is left out.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.
    by : str
        ``"indicator"``; ``"dimension"``, every one below the composite; ``"source_text"``, every source that facts or
        cells rest on; or a level of the framework, for the dimensions of that level alone.
    case, period : optional
        Whose composite is shown where there are several.
    progress : bool or function
        Whether to write to the terminal how far it is, or what to call with the work done and the whole.

    Returns
    -------
    DataFrame
        One row for each thing, what matters most first: ``title``; for a node its ``level``, for a source text
        ``observations``, how many facts (or cells) that feed the score leave with it. Of one case ``score``, the
        composite without it, and ``difference`` from the composite with it. Of several cases ``rank_change``, the mean
        over the cases of how far each moves in rank. ``reason`` where a score is missing.

    Raises
    ------
    NotFoundError
        If there is no such level, case or period.
    SoftPowerError
        If the data cannot be scored with everything in. What cannot be scored without something has its reason in the
        table.

    Notes
    -----
    What stays keeps its declared weight; a dimension of weight ``"indicators"`` counts those that stay. Fitted weights
    are fitted anew, and imputation no longer sees what is left out; draws with ``leave_out`` keep both.

    Misleads where two things say the same: leaving out either changes little, leaving out both much.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7.

    Examples
    --------
    >>> drop_each("kazakhstan", by="source")["difference"].round(1).to_dict()
    {'political_values': 1.8, 'foreign_policy': -1.7, 'culture': -0.1}
    """
    profile = as_profile(data, framework, methodology, scenario)
    declared = score(profile)
    ways = _by_source(profile) if by == "source_text" else _by_node(declared, by)
    rows, several = _rows(declared, case, period), len(declared.cases) > 1
    ranks = declared.ranks().to_numpy(dtype=float, na_value=np.nan) if several else None
    made: list[dict[str, Any]] = []
    with meter(progress, len(ways)) as tick:
        for name, way in ways.items():
            row: dict[str, Any] = {by: name, "title": way.title}
            made.append(row)
            try:
                result = score(way.apply(profile))
            except SoftPowerError as error:
                row["reason"] = "; ".join(f"{one.what}. {one.mend}" for one in error.faults)
                continue
            finally:
                tick(1)
            row["reason"] = _missing(result, declared, rows)
            if len(rows) == 1:
                row["score"] = float(result.score[rows[0], -1])
                row["difference"] = row["score"] - float(declared.score[rows[0], -1])
            if ranks is not None:
                row["rank_change"] = _mean(np.abs(result.ranks().to_numpy(dtype=float, na_value=np.nan) - ranks))
    shown = [*(["score", "difference"] if len(rows) == 1 else []), *(["rank_change"] if several else [])]
    frame = pd.DataFrame(made, columns=[by, "title", *shown, "reason"]).set_index(by)
    frame.insert(1, *_about(declared, frame.index, by))
    order = np.argsort(-np.nan_to_num(frame[shown[-1]].abs().to_numpy(dtype=float), nan=-1.0), kind="stable")
    return frame.iloc[order]


def _by_node(declared: Result, by: str) -> dict[str, Scenario]:
    """Return how to leave out each node of a kind, in the order in which the framework declares them."""
    framework, nodes = declared.profile.framework, set(declared.nodes)
    known = [*BY, *(level for level in framework.levels[1:] if level not in BY)]
    if by not in known:
        if by == framework.levels[0]:
            what = f"the level '{by}' is the composite, and without it there is no score"
            raise MethodError.of("drop_each: by", what, f"Leave out by one of these: {', '.join(known)}.")
        raise NotFoundError.of("drop_each: by", f"there is nothing called '{by}' to leave out", did_you_mean(by, known))
    if by == "indicator":
        chosen: Iterable[str] = declared.profile.indicators
    else:
        chosen = (
            name
            for name in framework.dimensions
            if name in nodes and name != framework.root and by in {"dimension", framework.level(name)}
        )
    return {name: Scenario(title=framework.node_title(name), exclude={"nodes": [name]}) for name in chosen}


def _by_source(profile: Profile) -> dict[str, Scenario]:
    """Return how to leave out each source that a fact, or a cell, rests on."""
    used = {one.source for one in profile.observations}
    table = profile.values
    if table is not None and table.source is not None:
        used = {table.sources[code] for code in np.unique(table.source[table.source >= 0])}
    if used <= {None}:
        what = "no fact, and no cell of a table, names the source that it rests on"
        raise MethodError.of("drop_each: by", what, "Name sources, or leave out indicators or dimensions.")
    return {
        name: Scenario(title=one.title, without_observations={"sources": [name]})
        for name, one in profile.sources.items()
        if name in used
    }


def _about(declared: Result, names: pd.Index, by: str) -> tuple[str, list[Any]]:
    """Return the name and the cells of the column that says what each row is about."""
    if by != "source_text":
        return "level", [declared.profile.framework.level(str(name)) for name in names]
    counts = declared.sources()
    return "observations", [int(counts["observations"].get(name, 0)) if len(counts) else 0 for name in names]


def _rows(declared: Result, case: str | None, period: str | int | None) -> list[int]:
    """Return the row whose composite is shown; none where there are several cases and none is asked for."""
    index = declared.index
    asked = {name: label for name, label in (("case", case), ("period", period)) if label is not None}
    faults, here = [], np.ones(len(index), dtype=bool)
    for name, label in asked.items():
        known = index.get_level_values(name) if name in index.names else pd.Index([])
        if (fault := label_problem(name, label, known.unique().tolist())) is not None:
            faults.append(Fault(f"drop_each: {name}", *fault))
        else:
            here &= known == label
    if faults:
        raise NotFoundError(faults)
    rows = np.flatnonzero(here).tolist()
    if len(rows) == 1 or (not asked and len(declared.cases) > 1):
        return rows if len(rows) == 1 else []
    lacking = "case" if "period" in asked else "period"
    labels = list(dict.fromkeys(index.get_level_values(lacking)[rows]))
    what = f"there are {len(labels)} {lacking}s: {', '.join(map(str, labels[:5]))}{' ...' if len(labels) > 5 else ''}"
    raise NotFoundError.of(f"drop_each: {lacking}", what, "Name one.")


def _missing(result: Result, declared: Result, rows: Sequence[int]) -> str:
    """Return why the composite that is shown is missing, or how many have lost theirs."""
    lost = np.isnan(result.score[:, -1]) & ~np.isnan(declared.score[:, -1])
    if len(rows) == 1 and np.isnan(result.score[rows[0], -1]):
        return str(result.engine.reasons(result.score)[rows[0], -1])
    return f"{lost.sum()} of {len(lost)} cases lose their score" if lost.any() else ""


def _mean(changes: Floats) -> float:
    """Return the mean over the cases that have a rank both times; NaN where none has."""
    there = changes[~np.isnan(changes)]
    return float(there.mean()) if len(there) else np.nan

"""Tornado: what one factor does to a score between its ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.alone import View
from softpower.analysis.before_drawing import check_nominal, declared
from softpower.analysis.ends import Ends, factor_ends
from softpower.arguments import diagnosed
from softpower.draws.factors import Factor
from softpower.draws.facts import Places
from softpower.draws.running import Progress
from softpower.draws.sampler import Sampler
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.result import TIE, Result
from softpower.steps.measures import Floats, Mask
from softpower.studies import as_profile


@diagnosed
def tornado(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    uncertainty: Uncertainty | Mapping[str, Any] | None = None,
    node: str | None = None,
    case: str | None = None,
    period: str | int | None = None,
    progress: Progress = False,
) -> pd.DataFrame:
    """Return how far a score moves when each uncertain factor alone goes from end to end.

    swing = high - low, the greatest less the least score over the ends of the factor, with all others as declared.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.
    uncertainty : Uncertainty or mapping, optional
        What is uncertain; by default what the profile declares.
    node : str, optional
        Whose score; the composite by default.
    case : str, optional
        One case; all by default.
    period : str or int, optional
        One period; all by default.
    progress : bool or function
        Whether to write to the terminal how far it is, or what to call with the work done and the whole.

    Returns
    -------
    DataFrame
        One row for each case (and period) and factor, the widest first: ``kind``; the ``score`` as declared; ``low``
        and ``high``, and ``at_low`` and ``at_high``, what the factor is there (empty where it moves nothing);
        ``swing``; ``reason`` where there is no score at some end. Cells of a table, and observations, stand with the
        cases that they feed or move.

    Raises
    ------
    MethodError
        If nothing is uncertain, something has no meaning for the data, or the node has no score.
    NotFoundError
        If there is no such node, case or period.

    Notes
    -----
    Ends are: each alternative; the bounds of an observation, in every combination where several of its numbers are
    uncertain; each indicator left out alone; each completed table; all weight on one child for simplex weights; the
    first children of an order sharing all weight for ordered ones; each combination of high and low within a band, of
    more than four children each against all others. Where a distribution has no ends that are ever reached, the 5 %
    and 95 % quantiles stand for them: of a normal observation without bounds, and of each share of Dirichlet weights,
    the others in proportion. A parameter of an aggregation is moved with that aggregation chosen. Weights that are
    fitted stay in proportion where an indicator is left out; `drop_each` fits them anew.

    Misleads where factors act together: what two of them do at once shows in no row. Ends are as far as a factor goes,
    however seldom it goes there, and a score that is greatest between two ends is not found.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> tornado(frame, uncertainty={"weights": "simplex"}, case="KGZ")[["score", "low", "high", "at_low"]]
                               score   low   high               at_low
    case factor
    KGZ  weights: composite     75.0  50.0  100.0  all weight on trade
    """
    profile = declared(as_profile(data, framework, methodology, scenario), uncertainty, "tornado")
    sampler = Sampler(profile, profile.uncertainty)
    check_nominal(sampler)
    if not sampler.factors:
        mend = "Declare bounds, alternatives or weights that can."
        raise MethodError.of("tornado", "nothing that is declared uncertain can vary", mend)
    view = View.of(sampler, node, case, period, "tornado")
    ends = factor_ends(sampler)
    moves = [(one.columns, point) for one in ends for point in one.u]
    scores = view.moved(moves, progress=progress)[:, view.rows]
    fed = _fed(sampler)
    parts = []
    for factor, one in zip(sampler.factors, ends, strict=True):
        mine, scores = scores[: len(one.u)], scores[len(one.u) :]
        rows = _extremes(view, factor, one, mine)
        if factor.kind == "observations":
            kept = (rows["swing"] > 0) | np.isin(view.rows, [*fed[factor.name]])
            rows = {name: column[kept] for name, column in rows.items()}
        parts.append(rows)
    return view.table({name: np.concatenate([one[name] for one in parts]) for name in parts[0]}, "factor")


def _extremes(view: View, factor: Factor, ends: Ends, scores: Floats) -> dict[str, np.ndarray]:
    """Return the columns of one factor, of shape (rows,), from the scores at its ends, of shape (points, rows)."""
    nominal = view.score[view.rows]
    said = np.array([*ends.said], dtype=object)
    if not len(said):
        # What it weighs stands under a scenario alone.
        said, scores = np.array([""], dtype=object), nominal[None, :]
    elsewhere = _elsewhere(view.sampler, factor, ends)
    there = ~np.isnan(scores) & ~elsewhere[:, None]
    there &= True if ends.empty is None else ~ends.empty[:, view.rows]
    none = ~there.any(axis=0)
    low = np.where(none, np.nan, np.where(there, scores, np.inf).min(axis=0))
    high = np.where(none, np.nan, np.where(there, scores, -np.inf).max(axis=0))
    swing = high - low
    still = swing <= view.tie
    # A single score among several ends says nothing about how far it goes.
    swing = np.where((there.sum(axis=0) < 2) & (len(said) > 1), np.nan, np.where(still, 0.0, swing))
    at = [np.where(still | none, "", said[_nearest(scores, there, end, view.tie)]) for end in (low, high)]
    reasons = np.full(len(view.rows), "", dtype=object)
    for row in np.flatnonzero(~there.all(axis=0)):
        reasons[row] = _reason(said, there[:, row], elsewhere)
    return {
        "row": view.rows,
        "factor": np.full(len(view.rows), factor.name, dtype=object),
        "kind": np.full(len(view.rows), factor.kind, dtype=object),
        "score": nominal,
        "low": low,
        "high": high,
        "at_low": at[0],
        "at_high": at[1],
        "swing": swing,
        "reason": reasons,
    }


def _nearest(scores: Floats, there: Mask, end: Floats, tie: float) -> Places:
    """Return the first point at which each row is at an end."""
    with np.errstate(invalid="ignore"):
        return np.asarray((there & (np.abs(scores - end) <= tie)).argmax(axis=0))


def _elsewhere(sampler: Sampler, factor: Factor, ends: Ends) -> Mask:
    """Return the ends of a factor at which scores are on another scale than the declared one."""
    if sampler.comparable or factor.kind not in {"normalisation", "scenarios"}:
        return np.zeros(1, dtype=bool)
    u = np.full((len(ends.u), sampler.dimensions), np.nan)
    u[:, ends.columns] = ends.u
    return np.asarray(~np.isclose(sampler.ties(u)[:, -1], sampler.declared.ties[-1], rtol=TIE, atol=0))


def _reason(said: np.ndarray, there: Mask, elsewhere: Mask) -> str:
    """Return at which ends there is no score, and which are on another scale."""
    gone = [("no score", ~there & ~elsewhere), ("another scale", elsewhere)]
    return "; ".join(f"{what}: {', '.join(filter(None, said[which]))}" for what, which in gone if which.any())


def _fed(sampler: Sampler) -> Mapping[str, set[int]]:
    """Return the rows that the observations of each factor feed."""
    inventory = sampler.inventory
    row = {sampler.engine.label(place): place for place in range(len(sampler.index))}
    feeds: dict[str, set[int]] = {}
    for base in inventory.bases:
        pairs = {(name, name) for name, _ in inventory.facts.table}
        if not base.of_table:
            pairs = {(name, case) for (case, _), names in base.plan.feeds.items() for name in names}
        for name, case in pairs:
            feeds.setdefault(name, set()).add(row[case])
    keys = list(inventory.facts.table)
    made = {}
    for one in sampler.factors:
        if one.kind == "observations":
            names = one.alternatives or [keys[inventory.fact_place[column]][0] for column in one.columns]
            made[one.name] = {place for name in names for place in feeds.get(name, ())}
    return made

"""A profile through time: scored as of one year after another, with what moved it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.hindsight import limits
from softpower.analysis.phases import Phase, phase_row, phases_of
from softpower.analysis.scored_years import ScoredYears
from softpower.analysis.stepping import Step
from softpower.analysis.trajectory_frames import change_frame, move_frame, score_frame
from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.analysis.years import Label, labels_of
from softpower.arguments import diagnosed
from softpower.draws.points import seed_of
from softpower.draws.running import Progress, meter
from softpower.errors import (
    Fault,
    MethodError,
    NotFoundError,
    SoftPowerError,
    SpecificationError,
    did_you_mean,
    printed,
)
from softpower.model.as_of import Day, Undated
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.result import Result, captioned, check_level
from softpower.scoring import score
from softpower.steps.measures import Floats
from softpower.studies import as_profile

DRAWS = 1024
"""So many draws a year has where something is to be drawn and nobody says how many."""


@diagnosed
def trajectory(
    data: Result | Profile | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    years: Iterable[Day] | None = None,
    undated: Undated = "leave_out",
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    uncertainty: Uncertainty | Mapping[str, Any] | None = None,
    n: int | None = None,
    rng: int | np.random.Generator | None = 0,
    progress: Progress = False,
) -> Trajectory:
    """Return a profile of observations through time: its score as of each year, with bounds and coverage.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.
    years : iterable of int, str or date, optional
        The days as of which it is scored, in their order, as `Profile.as_of` takes them; by default every year of the
        window.
    undated : {"leave_out", "constant"}
        Whether facts without a date are left out, or hold in every year.
    uncertainty : Uncertainty or mapping, optional
        What is drawn, in the place of what the profile declares.
    n : int, optional
        How many draws the interval of each year rests on. Nothing is drawn, and the interval is the bounds, unless
        this or an uncertainty is given (then 1,024).
    rng : int or Generator
        The seed, the same for every year.
    progress : bool or function
        Whether to write to the terminal how far it is, or what to call with the years done and the whole.

    Returns
    -------
    Trajectory

    Raises
    ------
    MethodError
        If a table of values is given: it has a score for each of its periods already.
    SpecificationError
        If a year is none, lies outside the window or not behind the one before.
    SoftPowerError
        If no year can be scored. A single year that cannot has its reason in the table.

    Notes
    -----
    Misleads where a change of coverage is read as a change of the case: ``changes()`` takes the two apart,
    ``comparable()`` leaves out all that is not observed in every year, and ``notes`` says what the facts cannot show.

    Examples
    --------
    >>> through = trajectory("kazakhstan", years=[1998, 1999, 2000], undated="constant")
    >>> through.moves().query("cause == 'facts'")["facts"].to_dict()
    {('EU>KAZ', 1999, 'legal_ties'): 'ENG-10'}
    """
    profile = as_profile(data, framework, methodology, scenario)
    if profile.values is not None:
        mend = "Take softpower.score(...).to_frame(), which has a score for each period."
        raise MethodError.of("trajectory", "a table of values needs no trajectory", mend)
    labels = labels_of(profile, years)
    draws = n if n is not None else DRAWS if uncertainty is not None else 0
    seed, bare = seed_of(rng), profile.replace(scenarios={}, claims=(), uncertainty=Uncertainty())
    results: list[Result | None] = []
    drawn: list[UncertaintyResult | None] = []
    reasons: dict[Label, str] = {}
    failed: SoftPowerError | None = None
    with meter(progress, len(labels)) as tick:
        for year in labels:
            results.append(None)
            drawn.append(None)
            try:
                results[-1] = score(bare, as_of=year, undated=undated)
                if draws:
                    known = profile.as_of(year, undated=undated)
                    drawn[-1] = uncertainty_analysis(known, uncertainty=uncertainty, n=draws, rng=seed)
            except SoftPowerError as error:
                failed = error
                reasons[year] = "; ".join(f"{one.what}. {one.mend}" for one in error.faults)
            tick(1)
    if failed is not None and not any(drawn if draws else results):
        raise failed
    return Trajectory(profile, tuple(labels), tuple(results), tuple(drawn), reasons, undated)


@dataclass(frozen=True, repr=False, eq=False)
class Trajectory(ScoredYears):
    """Scores as of one year after another.

    Parameters
    ----------
    profile : Profile
        The whole study, whose window is not cut.
    years : tuple of int or str
        The days as of which it is scored: years as whole numbers, others as texts.
    results : tuple of Result or None
        The score of each year; None where it cannot be scored.
    drawn : tuple of UncertaintyResult or None
        The draws of each year, where draws were asked for.
    failures : mapping of year to str
        Why a year cannot be scored or drawn.
    undated : {"leave_out", "constant"}
        What became of facts without a date.
    """

    @cached_property
    def _frame(self) -> pd.DataFrame:
        return score_frame(self)

    @diagnosed
    def to_frame(self, level: str | None = None) -> pd.DataFrame:
        """Return one row for each case, node and year, the composite first.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level: ``"indicator"``, or one that the framework names.

        Returns
        -------
        DataFrame
            ``score``; ``low`` and ``high``, its bounds, or where draws were asked for the ends of 90 % of them;
            ``coverage``; how many ``indicators`` enter under the node, and how many of them are ``present``; the reason
            of a score that is missing.

        Raises
        ------
        NotFoundError
            If the framework has no such level.
        """
        check_level("to_frame", level, self.profile.framework)
        if level is None:
            return self._frame.copy()
        fits = [self.profile.framework.level(str(name)) == level for name in self._frame.index.get_level_values("node")]
        return self._frame[fits].copy()

    @cached_property
    def _steps(self) -> tuple[Step | None, ...]:
        """From each year to the next; None where one of the two has no result."""
        return tuple(
            None if before is None or after is None else Step.of(before, after)
            for before, after in zip(self.results, self.results[1:], strict=False)
        )

    def changes(self) -> pd.DataFrame:
        """Return each node's change from the year before, and how much of it comes from coverage alone.

        Returns
        -------
        DataFrame
            One row for each case, node and year but the first: ``change``; ``moved``, the change of the score on the
            indicators that are observed in both years; ``coverage``, the rest, which comes from indicators that enter
            or leave; how many ``enter`` and ``leave``. A change is missing where a score is, and its two parts also
            where too little is observed in both years to score.

        Examples
        --------
        >>> through = trajectory("kazakhstan", years=[2010, 2011], undated="constant")
        >>> through.changes().loc[("EU>KAZ", "soft_power", 2011), ["moved", "coverage"]].round(1).tolist()
        [0.1, 3.1]
        """
        return change_frame(self, self._steps)

    @cached_property
    def _moves(self) -> pd.DataFrame:
        return move_frame(self.years, self._steps)

    def moves(self) -> pd.DataFrame:
        """Return which indicators moved in which year, by which facts, and what that did to the composite.

        Returns
        -------
        DataFrame
            One row for each case, year and indicator whose value changed. ``cause``: ``facts`` that count now or
            changed; ``time``, where a share of time or a yearly rate changed because the window grew; ``enters`` and
            ``leaves``, where it was not observed before, or is no more. ``old`` and ``new`` value, ``points`` of the
            composite on the indicators that are observed in both years (they sum to ``changes()["moved"]``; none for
            what enters or leaves), the ids of the ``facts``.

        Notes
        -----
        Where facts and time act together, the row is put down to the facts.
        """
        return self._moves.copy()

    def undated_share(self) -> pd.DataFrame:
        """Return by case and year how much of the composite facts without a date carry, as `Result.undated` does."""
        frames = {year: one.undated() for year, one in zip(self.years, self.results, strict=True) if one is not None}
        table = pd.concat(frames).swaplevel()
        return table.reindex(pd.MultiIndex.from_product([self.cases, self.years], names=["case", "year"]))

    @diagnosed
    def phases(self, phases: Iterable[Phase] | str, nodes: Iterable[str] | str | None = None) -> pd.DataFrame:
        """Return phases side by side: the scores in each, and how much of the change comes from coverage alone.

        Parameters
        ----------
        phases : iterable of (first, last) or str
            For instance ``[(1991, 2001), "2002-2013"]``, both ends included.
        nodes : iterable of str, optional
            By default the composite and what is right below it.

        Returns
        -------
        DataFrame
            One row for each case, node and phase. ``years`` and how many of them are ``scored``; ``mean``, ``first``,
            ``last`` score in it; ``change`` to its last year from the year before the phase, or from its first year
            where there is none before; the part of that which ``moved`` on indicators observed in both years, and the
            part that comes from ``coverage_change`` alone; mean ``coverage``, and that of the first and last year.

        Raises
        ------
        SpecificationError
            If a phase is none, or holds no year of the trajectory.
        NotFoundError
            If there is no such node.

        Examples
        --------
        >>> through = trajectory("kazakhstan", undated="constant")
        >>> table = through.phases(["1991-2001", "2002-2013", "2014-2022"], ["soft_power"])
        >>> table["mean"].round(1).tolist()
        [49.1, 58.9, 55.2]
        """
        chosen = phases_of(phases, self.moments)
        names = self._top if nodes is None else [nodes] if isinstance(nodes, str) else list(nodes)
        if not names:
            raise SpecificationError.of("phases: nodes", "no node is named", "Name one, or leave it out.")
        unknown = [
            Fault("phases: nodes", f"there is no node '{name}' in the score", did_you_mean(name, self.nodes))
            for name in names
            if name not in self.nodes
        ]
        if unknown:
            raise NotFoundError(unknown)
        places = [self.nodes.index(name) for name in names]
        levels = {name: self._cells(self._frame, name) for name in ("score", "coverage")}
        changes = self.changes()
        steps = {name: self._cells(changes, name) for name in ("change", "moved", "coverage")}
        rows = [
            {"case": case, "node": name, "phase": label}
            | phase_row(
                here,
                {key: table[row, place] for key, table in levels.items()},
                {key: table[row, place] for key, table in steps.items()},
            )
            for row, case in enumerate(self.cases)
            for name, place in zip(names, places, strict=True)
            for label, here in chosen.items()
        ]
        return pd.DataFrame(rows).set_index(["case", "node", "phase"])

    def _cells(self, frame: pd.DataFrame, column: str) -> Floats:
        """Return a column of a frame by case, node and year as an array of that shape."""
        return frame[column].to_numpy(dtype=float).reshape(len(self.cases), len(self.nodes), -1)

    @property
    def _top(self) -> list[str]:
        depths = self.profile.framework.depths
        return [name for name in self.nodes if depths[name] <= 1]

    def comparable(self) -> Trajectory:
        """Return the trajectory of the indicators alone that are observed in every year, with bounds.

        Raises
        ------
        MethodError
            If there is none.

        Notes
        -----
        What is observed in every year is what can be scored without a fact: ladders and checklists of dated events,
        which score zero before anything happened, and shares of time. So it rises by construction.
        """
        if not self.always:
            mend = 'Take fewer years, or undated="constant".'
            raise MethodError.of("comparable", "no indicator is observed in every year", mend)
        gone = [name for name in self.first_scored.engine.indicators if name not in self.always]
        return trajectory(self.profile.without(*gone), years=self.years, undated=self.undated)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the trajectory cannot show, with the numbers that say so."""
        return tuple(limits(self, self.changes(), self.undated_share))

    @property
    def head(self) -> str:
        """What is shown, as one line."""
        how = "left out" if self.undated == "leave_out" else "held constant"
        return f"{self.profile.title}, {self.years[0]} to {self.years[-1]}, facts without a date {how}"

    def _wide(self) -> pd.DataFrame:
        """The composite with interval and coverage, and what is right below it."""
        top = self._top
        wide = self._frame["score"].unstack("node")[top]  # noqa: PD010 - a Series has no pivot_table
        composite = self._frame.xs(top[0], level="node")[["low", "high", "coverage"]]
        made = wide.join(composite)
        return made[[top[0], "low", "high", "coverage", *top[1:]]]

    def __repr__(self) -> str:
        """Return the composite and what is right below it by year, with the notes."""
        return printed("\n".join([self.head, self._wide().round(3).to_string(max_rows=60), *self.notes]))

    def _repr_html_(self) -> str:
        """Return the composite and what is right below it by year as an HTML table, with the notes."""
        return captioned(self.head, self._wide().reset_index(), self.notes, index=False)


def rows_of(frame: pd.DataFrame, case: str, node: str) -> pd.DataFrame:
    """Return the rows of a case and a node, by year; none where a frame of changes has none."""
    mine = (frame.index.get_level_values("case") == case) & (frame.index.get_level_values("node") == node)
    return frame[mine].droplevel(["case", "node"])

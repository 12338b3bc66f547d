"""A result: scores with everything that they came from; and an explanation: one node of it, down to its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.engine import Engine
from softpower.engine.clipping import clipped
from softpower.errors import MethodError, printed
from softpower.model.as_of import CONSTANT
from softpower.model.base import FrozenDict
from softpower.model.profile import Profile
from softpower.result.branch import Branch
from softpower.result.fingerprints import fingerprint
from softpower.result.lookup import check_level, place_of, row_of
from softpower.result.notebook import ROWS, captioned
from softpower.result.notes import held_constant, left_open, taken_for_granted
from softpower.result.outline import Entry, indented, indented_html
from softpower.result.tables import (
    changed_cells,
    observation_table,
    reasons_by_node,
    reference_table,
    score_table,
    source_table,
    undated_table,
    walked,
)
from softpower.result.ties import in_steps
from softpower.steps.aggregate import renormalised
from softpower.steps.measures import Floats, Mask

COLUMNS = (
    *("score", "low", "high", "gap_low", "gap_high", "coverage"),
    *("weight", "effective_weight", "contribution", "exact"),
    *("raw", "raw_low", "raw_high", "clipped"),
)
"""The arrays that are columns of a result's frame."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Scores of every node of every case, with bounds, coverage, weights and reasons.

    Arrays have the shape (rows, nodes), or (rows, indicators) for ``raw``, ``raw_low``, ``raw_high`` and ``clipped``.
    A row is a case, or a case in a period: ``index`` names it. They are read-only, and all but the scores are
    computed when they are first asked for.

    Parameters
    ----------
    engine : Engine
        The profile and its choices, as they were run.
    score : array of shape (rows, nodes)
        The scores; NaN where missing.
    """

    engine: Engine
    score: Floats

    def __post_init__(self) -> None:
        _read_only(self.score)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for value in state.values():
            _read_only(value)

    @property
    def profile(self) -> Profile:
        """Everything that went in: framework, observations or values, methodology."""
        return self.engine.profile

    @property
    def nodes(self) -> tuple[str, ...]:
        """Indicators first, the composite last."""
        return self.engine.tree.nodes

    @property
    def index(self) -> pd.Index:
        """The rows: cases, or cases and periods."""
        return self.engine.index

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """What was scored, each once."""
        return tuple(self.index.get_level_values("case").unique())

    @property
    def raw(self) -> Floats:
        """Indicators' values in their own units."""
        return _read_only(self.engine.raw)

    @property
    def raw_low(self) -> Floats:
        """The low bounds of indicators' values."""
        return _read_only(self.engine.derived.low)

    @property
    def raw_high(self) -> Floats:
        """The high bounds of indicators' values."""
        return _read_only(self.engine.derived.high)

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        certain = self.raw_low is self.raw and self.raw_high is self.raw
        if certain and self.engine.bounds_refused is None:
            return self.score, self.score
        low, high = self.engine.bounds(self.raw_low, self.raw_high)
        return _read_only(low), _read_only(high)

    @cached_property
    def _gap_bounds(self) -> tuple[Floats, Floats]:
        low, high = self.engine.bounds(self.raw_low, self.raw_high, gaps=True)
        return _read_only(low), _read_only(high)

    @property
    def low(self) -> Floats:
        """The least scores with all observations within their bounds."""
        return self._bounds[0]

    @property
    def high(self) -> Floats:
        """The greatest scores with all observations within their bounds."""
        return self._bounds[1]

    @property
    def gap_low(self) -> Floats:
        """The least scores with, in addition, every gap at the low end of the scale; NaN above one on an open scale."""
        return self._gap_bounds[0]

    @property
    def gap_high(self) -> Floats:
        """The greatest scores with, in addition, every gap at the high end of the scale; NaN as for ``gap_low``."""
        return self._gap_bounds[1]

    @cached_property
    def coverage(self) -> Floats:
        """Observed effective weight over included effective weight."""
        return _read_only(self.engine.coverage(self.raw))

    @property
    def _normalised(self) -> Floats:
        return self.score[:, : self.engine.tree.indicator_count]

    @cached_property
    def weight(self) -> Floats:
        """Weights among siblings, as used after renormalising over what is present."""
        return _read_only(renormalised(self.engine.tree, self.score, self.engine.weights))

    @cached_property
    def effective_weight(self) -> Floats:
        """Weights in the composite, as used after renormalising over what is present."""
        return _read_only(self.engine.tree.effective(self.weight))

    @cached_property
    def contribution(self) -> Floats:
        """What each node adds to the composite."""
        return _read_only(self.engine.contributions(self.score))

    @cached_property
    def exact(self) -> Mask:
        """Whether the bounds are attained; False marks an outer bound, where indicators share uncertain facts."""
        return _read_only(self.engine.exact())

    def imputed(self) -> pd.DataFrame:
        """Return every cell that was imputed: one row each, with its value and the method."""
        changed = self._changes("impute", self.raw, self.engine.imputed)
        return changed.drop(columns="before").rename(columns={"after": "value"})

    def treated(self) -> pd.DataFrame:
        """Return every cell whose value was treated as an outlier: before, after, and the method."""
        return self._changes("treat", self.engine.imputed, self.engine.treated)

    def _changes(self, step: str, before: Floats, after: Floats) -> pd.DataFrame:
        """Return the cells that a step changed."""
        return changed_cells(self.index, self.engine.indicators, self.engine.method_names(step), before, after)

    @cached_property
    def clipped(self) -> np.ndarray:
        """``"low"`` or ``"high"`` where a value lies beyond that goalpost and scores as the goalpost does."""
        engine = self.engine
        return _read_only(clipped(engine.normalisers, engine.scales, engine.treated, self._normalised))

    @cached_property
    def _reasons(self) -> np.ndarray:
        return _read_only(self.engine.reasons(self.score))

    @cached_property
    def reasons(self) -> Mapping[tuple[Any, ...], str]:
        """Why a node is missing, by (case, node), or by (case, period, node)."""
        return FrozenDict(reasons_by_node(self.index, self.nodes, self._reasons))

    @property
    def feeds(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The ids of the observations behind each (case, indicator); empty for a table of values."""
        return FrozenDict(self.engine.plan.feeds) if self.profile.values is None else FrozenDict()

    @property
    def scale(self) -> tuple[float, float] | None:
        """The ends of the scale of all scores; None where it is open, or an aggregation brings them to another."""
        return self.engine.scale

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        """Version of the library and hashes of specs, observations, sources and methodology."""
        return FrozenDict(fingerprint(self.profile))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the numbers themselves say to a reader; the caveats of the profile stand beside them."""
        found = [*taken_for_granted(self.engine)]
        if self.engine.bounds_refused is not None:
            found.append(self.engine.bounds_refused)
        elif self.engine.ends is None and np.isnan(self.engine.normalised).any():
            found.append("Gap bounds are not offered where values are missing: the scale is open.")
        if any(CONSTANT in one.flags for one in self.profile.observations):
            found += held_constant(self.undated())
        if len(self.index) == 1:
            found += left_open(self.engine, self.score[0], self.low[0], self.high[0])
        return tuple(found)

    @property
    def composite(self) -> pd.Series[float]:
        """The composite by case, or by case and period."""
        return pd.Series(self.score[:, -1].copy(), self.index, name=self.nodes[-1])

    @diagnosed
    def to_wide(self, level: str | None = None) -> pd.DataFrame:
        """Return the scores alone, one row for each case and one column for each node, the composite first.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level.

        Raises
        ------
        NotFoundError
            If the framework has no such level.
        """
        framework = self.profile.framework
        check_level("to_wide", level, framework)
        names = [name for name in walked(framework, self.nodes) if level in {None, framework.level(name)}]
        places = [self.nodes.index(name) for name in names]
        return pd.DataFrame(self.score[:, places], self.index, pd.Index(names, name="node"))

    @cached_property
    def _frame(self) -> pd.DataFrame:
        return self._table(slice(None))

    def _table(self, rows: slice) -> pd.DataFrame:
        """Return what is known of some rows, one row for each of their nodes."""
        tables = {name: getattr(self, name)[rows] for name in COLUMNS}
        return score_table(self.profile.framework, self.index[rows], self.nodes, tables, self._reasons[rows])

    @diagnosed
    def to_frame(self, level: str | None = None) -> pd.DataFrame:
        """Return one row for each case and node, the composite first.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level: ``"indicator"``, or one that the framework names.

        Raises
        ------
        NotFoundError
            If the framework has no such level.
        """
        check_level("to_frame", level, self.profile.framework)
        return self._frame.copy() if level is None else self._frame[self._frame["level"] == level].copy()

    @diagnosed
    def ranks(self, node: str | None = None) -> pd.Series[int]:
        """Return each case's rank by a node, the composite by default; 1 is the highest score.

        Ties take the lowest rank; scores that agree when rounded to 1e-9 of the scale are tied. A missing score
        has no rank. With periods, cases are ranked within each period.

        Raises
        ------
        MethodError
            If there is one case alone.
        NotFoundError
            If there is no such node.
        """
        if len(self.cases) < 2:
            mend = "Score several cases, or read the score against its goalposts."
            raise MethodError.of("ranks", "one case has no rank", mend)
        scores = self.score[:, place_of(self.nodes[-1] if node is None else node, self.profile, self.nodes)]
        steps = pd.Series(in_steps(scores, self.scale), self.index, name="rank")
        return steps.groupby(self.engine.period_codes).rank(ascending=False, method="min").astype("Int64")

    @diagnosed
    def explain(self, case: str | None = None, node: str | None = None, period: str | int | None = None) -> Explanation:
        """Return a node taken apart: down to each observation and its place in the source.

        Parameters
        ----------
        case : str, optional
            The case; it may be left out where there is one.
        node : str, optional
            A dimension or an indicator; the composite by default.
        period : str or int, optional
            The period; it may be left out where the case has one.

        Raises
        ------
        NotFoundError
            If there is no such case, period or node.
        """
        row = row_of(self.index, case, period, "explain")
        node = self.nodes[-1] if node is None else node
        place_of(node, self.profile, self.nodes)
        return Explanation(self, row, node)

    def observations(self) -> pd.DataFrame:
        """Return every observation, those that feed no score included, with the indicators that it feeds."""
        return observation_table(self.profile, self.feeds)

    def sources(self) -> pd.DataFrame:
        """Return the sources of the observations, or cells, that feed a score, with how many rest on each."""
        return source_table(self.profile, self.feeds, self.nodes)

    def undated(self) -> pd.DataFrame:
        """Return how much of each case's composite rests on facts that have neither a start nor an end.

        Returns
        -------
        DataFrame
            One row for each case: ``points``, what indicators add to the composite that rest on such facts alone;
            ``points_in_part``, those of indicators that rest on dated facts as well; ``share`` and ``share_in_part``,
            the same as parts of the composite.

        Raises
        ------
        MethodError
            If a table of values was scored, whose cells have periods.

        Notes
        -----
        Misleads where it is read as what would be lost without them: then the others weigh more.

        Examples
        --------
        >>> import softpower
        >>> softpower.score("kazakhstan").undated().round(2).loc["EU>KAZ"].to_dict()
        {'points': 3.06, 'points_in_part': 24.69, 'share': 0.05, 'share_in_part': 0.4}
        """
        given = self.contribution[:, : self.raw.shape[1]]
        return undated_table(self.profile, self.feeds, self.score[:, -1], given)

    def references(self) -> pd.DataFrame:
        """Return the works that the framework and the indicators in it cite, with what cites them."""
        return reference_table(self.profile)

    def _top(self) -> pd.DataFrame:
        """The composite and the first level: with bounds and coverage for one row, else side by side."""
        framework = self.profile.framework
        if len(self.index) == 1:
            near = self._frame[[framework.depths[node] <= 1 for node in self._frame.index.get_level_values("node")]]
            return near[["title", "score", "low", "high", "coverage"]]
        places = [self.nodes.index(name) for name in walked(framework, self.nodes) if framework.depths[name] <= 1]
        frame = pd.DataFrame(self.score[:, places], self.index, [self.nodes[place] for place in places])
        return frame.assign(coverage=self.coverage[:, -1])

    @property
    def _head(self) -> str:
        span = self.profile.span
        return f"{self.profile.title} ({span})" if span else self.profile.title

    def __repr__(self) -> str:
        """Return the composite and the first level as a table, with the notes."""
        table = self._top().round(3).to_string(max_rows=ROWS)
        return printed("\n".join([self._head, table, self._interval, *self.notes, *self.profile.caveats]))

    @property
    def _interval(self) -> str:
        """Where the interval of a score is to be had, or why there is none."""
        there = "No bounds" if self.engine.bounds_refused else "Bounds alone"
        if self.profile.uncertainty.declared:
            return f"{there}; uncertainty_analysis(result) gives intervals."
        return f"{there}; no uncertainty is declared."

    def _repr_html_(self) -> str:
        """Return the composite and the first level as an HTML table, with the notes."""
        return captioned(self._head, self._top(), (self._interval, *self.notes, *self.profile.caveats))


@dataclass(frozen=True, repr=False)
class Explanation:
    """One node of one case, down to the observations that it rests on."""

    result: Result
    row: int
    node: str

    @property
    def case(self) -> str:
        """The case."""
        return str(self.result.index.get_level_values("case")[self.row])

    @property
    def _branch(self) -> Branch:
        """The node with what the result says of the case."""
        # Of one row: of a million cases a table of all would take gigabytes.
        mine = self.result._table(slice(self.row, self.row + 1))  # noqa: SLF001 - its own result
        names = mine.index.get_level_values("node")
        scored = dict(zip(names, mine.to_dict("records"), strict=True))
        return Branch(self.result.engine, self.result.feeds, self.row, self.node, scored)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each indicator under the node and each observation that feeds it."""
        return self._branch.to_frame()

    def outline(self) -> list[Entry]:
        """Return the case, the nodes under it and their observations, in the order in which a reader meets them."""
        return list(self._branch.outline())

    def __repr__(self) -> str:
        """Return the node as an indented tree."""
        return printed(indented(self.outline()))

    def _repr_html_(self) -> str:
        """Return the node as an indented table: what it is, and what is said of it."""
        return indented_html(self.outline())


def _read_only(table: Kept) -> Kept:
    """Return what is given; an array cannot be written to any more."""
    if isinstance(table, np.ndarray):
        table.flags.writeable = False
    return table

"""A score as an auditor looks at it: what each indicator weighs and adds, and what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from softpower.analysis.correlations import correlations
from softpower.analysis.uncertainty import UncertaintyResult
from softpower.auditing.families import Family
from softpower.auditing.findings import Thresholds
from softpower.model.framework import Framework
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.result import Result
from softpower.steps.measures import Floats

Cells = Set[tuple[int, int]]
"""Rows and indicators, by place."""


@dataclass(frozen=True, eq=False)
class Audited:
    """A score, its draws where there are any, and the thresholds.

    Parameters
    ----------
    result : Result
    drawn : UncertaintyResult, optional
    thresholds : Thresholds
    """

    result: Result
    drawn: UncertaintyResult | None
    thresholds: Thresholds

    @property
    def profile(self) -> Profile:
        """The study."""
        return self.result.profile

    @property
    def framework(self) -> Framework:
        """Its tree."""
        return self.result.profile.framework

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that enter."""
        return self.result.engine.indicators

    @property
    def several(self) -> bool:
        """Whether there are several cases."""
        return len(self.result.cases) > 1

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """The nodes under each node, from the composite down."""
        tree = self.result.engine.tree
        return {
            tree.nodes[family.parent]: [tree.nodes[place] for place in family.children]
            for family in reversed(tree.families)
        }

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Each node with the scores of what is right under it."""
        place = {node: column for column, node in enumerate(self.result.nodes)}
        return tuple(
            Family(node, self.title(node), children, self.result.score[:, [place[child] for child in children]])
            for node, children in self.children.items()
        )

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """How each pair of indicators goes together."""
        homes = [self.framework.parents[name] for name in self.indicators]
        return correlations(self.result.score[:, : len(self.indicators)], names=self.indicators).pairs(homes)

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """The indicators under each node."""
        found: dict[str, list[str]] = {}
        for name in self.indicators:
            for node in self.framework.path(name)[:-1]:
                found.setdefault(node, []).append(name)
        return {node: tuple(names) for node, names in found.items()}

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """What each node weighs in the composite as declared, before any gap; the mean where cases differ."""
        effective = self.result.engine.tree.effective(self.result.engine.weights)
        return dict(zip(self.result.nodes, effective.reshape(-1, effective.shape[-1]).mean(axis=0), strict=True))

    @cached_property
    def shares(self) -> Floats:
        """The share of each row's composite that an indicator adds, of shape (rows, indicators).

        Where contributions are undefined it is its weight. Contributions of either sign count by their size.
        """
        count = len(self.indicators)
        given = np.abs(np.nan_to_num(self.result.contribution[:, :count]))
        if not given.any():
            given = np.nan_to_num(self.result.effective_weight[:, :count])
        whole = given.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(given, whole, out=np.zeros_like(given), where=whole > 0))

    @cached_property
    def facts(self) -> Mapping[str, Observation]:
        """The observations by id."""
        return {one.id: one for one in self.profile.observations}

    def fed(self, row: int, indicator: str) -> list[Observation]:
        """Return the observations that an indicator of a row rests on."""
        case = str(self.result.index.get_level_values("case")[row])
        return [self.facts[one] for one in self.result.feeds.get((case, indicator), ())]

    def share_of(self, cells: Cells) -> float:
        """Return how much of the score rests on some cells: the mean over rows.

        Parameters
        ----------
        cells : set of (row, indicator)
            By place.
        """
        there = ~np.isnan(self.result.score[:, -1])
        if not there.any():
            return np.nan
        mine = [self.shares[cell] for cell in cells if there[cell[0]]]
        return float(np.sum(mine) / there.sum())

    def names_of(self, cells: Cells) -> tuple[str, ...]:
        """Return the indicators of some cells, in their order."""
        return tuple(self.indicators[column] for column in sorted({column for _, column in cells}))

    def cells_where(self, holds: Callable[[list[Observation]], bool]) -> Cells:
        """Return the cells that rest on observations of which something holds."""
        rows, columns = len(self.result.index), len(self.indicators)
        places = ((row, column) for row in range(rows) for column in range(columns))
        return {place for place in places if holds(self.fed(place[0], self.indicators[place[1]]))}

    def _by(self, key: Callable[[Observation], str | None]) -> Mapping[str, Cells]:
        """Return the cells that rest on each of what observations are told apart by."""
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for row in range(len(self.result.index)):
            for column, name in enumerate(self.indicators):
                for one in self.fed(row, name):
                    if (mine := key(one)) is not None:
                        found[mine].add((row, column))
        return dict(found)

    @cached_property
    def resting(self) -> Mapping[str, Cells]:
        """Which cells rest on each source, in whole or in part."""
        table = self.profile.values
        if table is None:
            return self._by(lambda one: one.source)
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        if table.source is not None:
            for column, name in enumerate(self.indicators):
                by = self.framework.indicators[name].denominator
                for one in (name, *(() if by is None else (by.variable,))):
                    if one not in table.columns:
                        continue
                    codes = table.source[:, table.columns.index(one)]
                    for row in np.flatnonzero((codes >= 0) & ~np.isnan(self.result.raw[:, column])).tolist():
                        found[table.sources[codes[row]]].add((row, column))
        return dict(found)

    @cached_property
    def unfooted(self) -> Mapping[str, Cells]:
        """Which cells rest on each fact that no footnote stands behind."""
        return self._by(lambda one: one.id if one.footnote is None else None)

    def title(self, node: str) -> str:
        """Return the title of a node."""
        return self.framework.node_title(node)

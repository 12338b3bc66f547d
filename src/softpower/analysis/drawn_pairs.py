"""In what share of the draws one is above the other: cases by a node, or the children of a node in one case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.drawn_scores import DrawnScores
from softpower.errors import Fault, MethodError, NotFoundError, did_you_mean
from softpower.result import rows_of, steps_of
from softpower.steps.measures import Floats


@dataclass(frozen=True)
class Pairs:
    """What is compared with each other.

    Parameters
    ----------
    scores : DrawnScores
    labels : Index
    nodes, rows : int arrays, or one place
        Where the scores of each stand among the drawn nodes and the rows: one node in several rows, or the reverse.
    """

    scores: DrawnScores
    labels: pd.Index
    nodes: Any
    rows: Any

    @classmethod
    def of(cls, scores: DrawnScores, node: str | None, case: str | None, period: str | int | None, where: str) -> Pairs:
        """Return what is asked for.

        Raises
        ------
        NotFoundError
            If there is no such node, case or period.
        MethodError
            If there is nothing to compare.
        """
        sampler = scores.job.sampler
        known = sampler.engine.tree.nodes
        node = known[-1] if node is None else node
        rows, faults = rows_of(sampler.index, case, period, where)
        if node not in known:
            faults.insert(0, Fault(f"{where}: node", f"there is no node '{node}'", did_you_mean(node, known)))
        if faults:
            raise NotFoundError(faults)
        if case is None and scores.job.ranked:
            if node not in sampler.nodes:
                what = f"the score of '{node}' is the same in all draws"
                raise MethodError.of(where, what, "Compare by a node above it.")
            labels = sampler.index[rows] if period is None else sampler.index[rows].get_level_values("case")
            return cls(scores, labels, sampler.nodes.index(node), rows)
        children = sampler.children(node)
        if len(children) < 2:
            what = f"'{node}' has no children whose scores differ between draws"
            raise MethodError.of(where, what, "Compare the children of a node above it.")
        # The last period of the case, wherever it stands in the table.
        last = rows[sampler.engine.period_codes[rows].argmax()]
        places = np.array([sampler.nodes.index(one) for one in children])
        return cls(scores, pd.Index(children, name="node"), places, last)

    def _blocks(self) -> Iterator[Floats]:
        """Yield the scores of some draws after others, of shape (draws, each)."""
        for one in self.scores.blocks():
            yield one[:, self.nodes, self.rows]

    def above(self) -> pd.DataFrame:
        """Return in what share of the draws that have both the row is above the column."""
        count, start = len(self.labels), 0
        above, both = np.zeros((2, count, count))
        ties = self.scores.ties(np.atleast_1d(self.nodes))
        for scores in self._blocks():
            steps = steps_of(scores, ties[start : start + len(scores), None])
            start += len(scores)
            both += _both(scores)
            with np.errstate(invalid="ignore"):
                for place in range(count):
                    above[place] += (steps[:, [place]] > steps).sum(axis=0)
        with np.errstate(invalid="ignore"):
            return self._table(np.where(np.eye(count) > 0, np.nan, above / both))

    def both(self) -> pd.DataFrame:
        """Return in how many draws both the row and the column have a score."""
        return self._table(np.sum([_both(scores) for scores in self._blocks()], axis=0).astype(np.int64))

    def _table(self, found: Any) -> pd.DataFrame:
        index = self.labels
        return pd.DataFrame(found, index, index.rename("above") if index.nlevels == 1 else index)


def _both(scores: Floats) -> Floats:
    """Return in how many of some draws each has a score where each other has one."""
    there = (~np.isnan(scores)).astype(float)
    return np.asarray(there.T @ there)

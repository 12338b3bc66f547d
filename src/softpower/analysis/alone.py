"""One score of a profile, and how it moves when some columns of a point are set and all else is as declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from softpower.draws.facts import Places
from softpower.draws.running import Progress, meter
from softpower.draws.sampler import Sampler
from softpower.errors import Fault, MethodError, NotFoundError, did_you_mean
from softpower.result import rows_of
from softpower.steps.measures import Floats

MANY = 2**23
"""So many numbers, at most, are in the points, or in the scores of them, that are evaluated at a time."""


@dataclass(frozen=True)
class View:
    """The score that is looked at.

    Parameters
    ----------
    sampler : Sampler
    node : str
    rows : int array
    one : bool
        Whether one case is asked for.
    """

    sampler: Sampler
    node: str
    rows: Places
    one: bool

    @classmethod
    def of(cls, sampler: Sampler, node: str | None, case: str | None, period: str | int | None, where: str) -> View:
        """Return what is asked for: the composite and all rows by default.

        Raises
        ------
        NotFoundError
            If there is no such node, case or period.
        MethodError
            If the node has no score in any of the rows.
        """
        engine, index = sampler.engine, sampler.index
        nodes = engine.tree.nodes
        node = nodes[-1] if node is None else node
        rows, faults = rows_of(index, case, period, where)
        if node not in nodes:
            what = f"there is no node '{node}' in the score"
            faults.insert(0, Fault(f"{where}: node", what, did_you_mean(node, nodes)))
        if faults:
            raise NotFoundError(faults)
        at = nodes.index(node)
        if np.isnan(sampler.nominal[rows, at]).all():
            why = engine.reasons(sampler.nominal)[rows[0], at]
            what = f"'{node}' has no score that could move: {why}"
            raise MethodError.of(f"{where}: {engine.label(rows[0])}", what, "Look at a node that has one.")
        return cls(sampler, node, rows, case is not None)

    @property
    def score(self) -> Floats:
        """The score as declared, of all rows."""
        return np.asarray(self.sampler.nominal[:, self.sampler.engine.tree.nodes.index(self.node)])

    @property
    def tie(self) -> float:
        """Scores that are no further apart are tied."""
        return float(self.sampler.declared.ties[self.sampler.engine.tree.nodes.index(self.node)])

    def moved(self, moves: Sequence[tuple[Places, Floats]], *, progress: Progress = False) -> Floats:
        """Return scores of shape (moves, all rows); each move sets some columns, and leaves all else as declared."""
        sampler, node = self.sampler, self.node
        made = np.empty((len(moves), len(sampler.index)))
        if node not in sampler.nodes:
            # Where weights alone are drawn, the scores of indicators rest.
            made[:] = sampler.nominal[:, sampler.engine.tree.nodes.index(node)]
            return made
        at = sampler.nodes.index(node)
        together = max(1, MANY // max(1, sampler.dimensions, len(sampler.nodes) * len(sampler.index)))
        with meter(progress, len(moves)) as tick:
            for start in range(0, len(moves), together):
                some = moves[start : start + together]
                u = np.full((len(some), sampler.dimensions), np.nan)
                rows = np.repeat(np.arange(len(some)), [len(columns) for columns, _ in some])
                columns, values = (np.concatenate(one) for one in zip(*some, strict=True))
                u[rows, columns] = values
                made[start : start + together] = sampler.scores(u)[:, at]
                tick(len(some))
        return made

    def table(self, found: Mapping[str, Any], name: str) -> pd.DataFrame:
        """Return rows by case and by what was moved, the widest first in each case."""
        frame = pd.DataFrame(found)
        rows = frame["row"].to_numpy(dtype=np.int64)
        # Swings that rounding alone parts keep their order; what has none comes last.
        width = np.rint(np.abs(frame["swing"].to_numpy(dtype=float)) / self.tie)
        order = np.lexsort((-np.nan_to_num(width, nan=-1.0), rows))
        frame, rows = frame.iloc[order], rows[order]
        labels = [self.sampler.index.get_level_values(level)[rows] for level in range(self.sampler.index.nlevels)]
        index = pd.MultiIndex.from_arrays([*labels, frame[name]])
        return frame.drop(columns=["row", name]).set_axis(index)

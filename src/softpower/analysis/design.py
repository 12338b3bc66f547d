"""The design of a sensitivity analysis: which groups of factors there are, and the outputs at its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

import numpy as np

from softpower.analysis.outputs import Outputs
from softpower.draws.factors import Factor
from softpower.draws.points import BLOCK, Points
from softpower.draws.running import Progress, Tick, run, workers
from softpower.draws.sampler import CELLS
from softpower.errors import Fault, MethodError, NotFoundError, SpecificationError, did_you_mean
from softpower.steps.measures import Floats
from softpower.words import counted

Groups = Mapping[str, Sequence[str]] | Literal["kinds"] | None


@dataclass(frozen=True)
class Design:
    """The points at which outputs are asked for: rows of A and of B, and of A with one group of factors from B.

    Parameters
    ----------
    outputs : Outputs
    points : Points
        A and B side by side; the first of the replicates holds them.
    n : int
    groups : mapping of name to columns
    """

    outputs: Outputs
    points: Points
    n: int
    groups: Mapping[str, Sequence[int]]

    @property
    def runs(self) -> int:
        """How often the model runs for each row."""
        return len(self.groups) + 2

    @property
    def together(self) -> int:
        """How many rows are scored at once."""
        sampler = self.outputs.sampler
        cells = max(sampler.dimensions, len(sampler.index) * sampler.engine.tree.indicator_count)
        return max(1, CELLS // (self.runs * cells))

    def blocks(self, start: int, end: int) -> Iterator[Floats]:
        """Yield the points of some rows, a few rows at a time, of shape (groups + 2, rows, dimensions).

        Points come one after the other, so that those before are drawn as well and left.
        """
        place, count = 0, self.outputs.sampler.dimensions
        drawn = self.points.replicate(0)
        while place < end:
            both = np.concatenate(list(islice(drawn, max(1, self.together // BLOCK))))
            mine = both[max(start - place, 0) : max(end - place, 0)]
            for first in range(0, len(mine), self.together):
                some = mine[first : first + self.together]
                yield self._swapped(some[:, :count], some[:, count:])
            place += len(both)

    def _swapped(self, a: Floats, b: Floats) -> Floats:
        """Return A, B, and A with each group of factors from B."""
        points = np.repeat(a[None], self.runs, axis=0)
        points[1] = b
        for place, columns in enumerate(self.groups.values(), start=2):
            points[place][:, list(columns)] = b[:, list(columns)]
        return points

    def values(self, *, executor: Executor | None, progress: Progress) -> Floats:
        """Return the outputs of all rows, of shape (groups + 2, n, outputs)."""
        # Each worker draws the points by itself and holds a block of them, however many rows there are.
        ends = np.linspace(0, self.n, min(workers(executor), self.n) + 1).astype(int).tolist()
        tasks = list(pairwise(ends))
        return np.concatenate(run(_rows, self, tasks, work=self.n, executor=executor, progress=progress), axis=1)


def _rows(design: Design, task: tuple[int, int], tick: Tick) -> Floats:
    """Return the outputs of some rows, of shape (groups + 2, rows, outputs)."""
    made = []
    for points in design.blocks(*task):
        values = design.outputs.values(points.reshape(-1, points.shape[-1]))
        made.append(values.reshape(*points.shape[:2], -1))
        tick(points.shape[1])
    return np.concatenate(made, axis=1)


def grouped(groups: object, factors: Sequence[Factor]) -> dict[str, Sequence[int]]:
    """Return the columns of each group; refuse groups that do not part the factors."""
    if not factors:
        what = "nothing that is declared uncertain can vary"
        raise MethodError.of("sensitivity_analysis", what, "Declare bounds, alternatives or weights that can.")
    if groups is None:
        return {one.name: one.columns for one in factors}
    if groups == "kinds":
        made: dict[str, Sequence[int]] = {}
        for one in factors:
            made[one.group] = (*made.get(one.group, ()), *one.columns)
        return made
    if not isinstance(groups, Mapping):
        what = f"{groups!r} is no grouping"
        raise SpecificationError.of("groups", what, 'Write "kinds", or a mapping of names to lists of factors.')
    known = {one.name: one for one in factors}
    faults: list[Fault] = []
    owner: dict[str, str] = {}
    for group, names in groups.items():
        if isinstance(names, str) or not isinstance(names, Iterable):
            faults.append(Fault(f"groups: {group}", f"{names!r} is no list", "Name its factors in a list."))
            continue
        for name in names:
            if name not in known:
                faults.append(Fault(f"groups: {group}", f"there is no factor '{name}'", did_you_mean(name, known)))
            elif name in owner:
                what = f"'{name}' stands in '{owner[name]}' as well"
                faults.append(Fault(f"groups: {group}", what, "A factor stands in one group: its share is one share."))
            owner[name] = str(group)
    if faults:
        raise NotFoundError(faults)
    left = [name for name in known if name not in owner]
    if left:
        shown = ", ".join(left[:5]) + (", ..." if len(left) > 5 else "")
        what = f"{counted(len(left), 'factor')} in no group: {shown}"
        raise MethodError.of("groups", what, "Put each in one: what is left out would vary unaccounted for.")
    return {str(group): [c for name in names for c in known[name].columns] for group, names in groups.items() if names}

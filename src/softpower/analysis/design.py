"""The design of a sensitivity analysis: which groups of factors there are, and the outputs at its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
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

    def steps(self) -> Iterator[Floats]:
        """Yield the rows of A and B side by side, so many as are scored at once, whoever scores them."""
        drawn = self.points.replicate(0)
        while blocks := list(islice(drawn, max(1, self.together // BLOCK))):
            both = np.concatenate(blocks) if len(blocks) > 1 else blocks[0]
            for start in range(0, len(both), self.together):
                yield both[start : start + self.together]

    def swapped(self, both: Floats) -> Floats:
        """Return A, B, and A with each group of factors from B, of shape (groups + 2, rows, dimensions)."""
        a, b = np.split(both, 2, axis=1)
        points = np.repeat(a[None], self.runs, axis=0)
        points[1] = b
        for place, columns in enumerate(self.groups.values(), start=2):
            points[place][:, list(columns)] = b[:, list(columns)]
        return points

    def values(self, *, executor: Executor | None, progress: Progress) -> Floats:
        """Return the outputs of all rows, of shape (groups + 2, n, outputs)."""
        # Each worker draws all points by itself, a few at a time, and scores the steps on which it has its turn.
        count = min(workers(executor), self.n)
        tasks = [(first, count) for first in range(count)]
        parts = run(_scored, self, tasks, work=self.n, executor=executor, progress=progress)
        dealt = chain.from_iterable(zip_longest(*parts))
        return np.concatenate([one for one in dealt if one is not None], axis=1)


def _scored(design: Design, task: tuple[int, int], tick: Tick) -> list[Floats]:
    """Return the outputs of the steps of a worker, each of shape (groups + 2, rows, outputs).

    Its task is its first step, and how many workers take turns.
    """
    made = []
    for both in islice(design.steps(), task[0], None, task[1]):
        points = design.swapped(both)
        values = design.outputs.values(points.reshape(-1, points.shape[-1]))
        made.append(values.reshape(*points.shape[:2], -1))
        tick(len(both))
    return made


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
        mend = 'Write "kinds", None for each factor alone, or a mapping of names to lists of factors.'
        raise SpecificationError.of("groups", what, mend)
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

"""Draw, and keep what many draws come to: one task draws some replicates and returns sums, counts and ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from softpower.draws.buffers import Buffers
from softpower.draws.claims import Held
from softpower.draws.grid import Grid
from softpower.draws.moments import Moments
from softpower.draws.points import BLOCK, Points
from softpower.draws.running import Progress, Tick, run, workers
from softpower.draws.sampler import CELLS, Sampler
from softpower.draws.tally import RankTally
from softpower.model.claim import Claim
from softpower.steps.measures import Floats

KEPT = 1_000_000
"""So many scores are kept as they are drawn; of more, quantiles come from a grid."""
COUNTS = 2**22
"""So many counts a grid has at most, as long as `LEAST_BINS` allow; of many columns each then has fewer bins."""
SCORES = 2**19
"""So many scores, in 4 MB, are counted at once, or one block of them."""
LEAST_BINS = 256
"""No column of a grid has fewer bins: of more than 16,384 columns, counts grow with the columns."""


def held_against(sampler: Sampler, claims: Iterable[Claim]) -> list[Held]:
    """Return claims as they are held against the draws of a sampler."""
    given = (sampler.engine, sampler.nodes, sampler.nominal)
    return [Held.of(one, *given, comparable=sampler.comparable) for one in claims]


@dataclass(frozen=True)
class Job:
    """What is drawn, and what is kept of it.

    Parameters
    ----------
    sampler : Sampler
    points : Points
    claims : sequence of Held
    """

    sampler: Sampler
    points: Points
    claims: Sequence[Held]

    @property
    def keeps(self) -> bool:
        """Whether every score is kept."""
        return self.points.n * len(self.sampler.nodes) * len(self.sampler.index) <= KEPT

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Between which scores the grid lies: the ends of the scale, or far beyond the scores as declared."""
        scale = self.sampler.engine.scale
        if scale is not None:
            return scale
        seen = self.sampler.nominal[np.isfinite(self.sampler.nominal)]
        if not len(seen):
            return 0.0, 1.0
        middle, reach = (seen.max() + seen.min()) / 2, max(float(np.ptp(seen)), 1.0)
        return float(middle - 2 * reach), float(middle + 2 * reach)

    @cached_property
    def periods(self) -> Sequence[Any]:
        """The rows that are ranked among one another."""
        # A slice takes no copy of the scores.
        return list(self.sampler.engine.by_period.values()) if self.sampler.index.nlevels > 1 else [slice(None)]

    @property
    def ranked(self) -> bool:
        """Whether there are several cases to rank."""
        return len(self.sampler.index.get_level_values("case").unique()) > 1

    @property
    def blocks(self) -> int:
        """How many blocks are scored and counted at once: steps so short that threads wait for each other are slow."""
        # Points that are wide come a few at a time, and never stand side by side.
        if self.points.together_at_most < BLOCK:
            return 1
        return max(1, SCORES // (BLOCK * len(self.sampler.nodes) * len(self.sampler.index)))

    @property
    def room(self) -> int:
        """For how many points there is memory, where scores are not kept."""
        return self.blocks * self.points.together_at_most

    @property
    def pieces(self) -> list[range]:
        """The replicates that are scored at once: several where draws are small, whoever does the work."""
        sizes = self.points.sizes()
        cells = len(self.sampler.index) * max(len(self.sampler.nodes), self.sampler.engine.tree.indicator_count)
        together = max(1, CELLS // max(1, cells * sizes[0]))
        return [range(start, min(start + together, len(sizes))) for start in range(0, len(sizes), together)]


@dataclass
class Drawn:
    """What some replicates come to.

    Parameters
    ----------
    moments : list of Moments
        Of each replicate, over nodes and rows.
    kept : list of arrays of shape (draws, nodes, rows)
    grid : Grid, optional
    tallies : list of RankTally
        Of the composite, one for each period.
    rank_sums : list of arrays
        The sums of ranks in each replicate, and the draws in which each row has one.
    holds : list of arrays of shape (2, claims)
        In how many draws of each replicate a claim holds, and in how many it can be decided.
    """

    moments: list[Moments]
    kept: list[Floats]
    grid: Grid | None
    tallies: list[RankTally]
    rank_sums: list[Floats]
    holds: list[Floats]

    @classmethod
    def blank(cls, job: Job, buffers: Buffers) -> Drawn:
        """Return what no draws come to; buffers serve one tally after the other."""
        columns = len(job.sampler.nodes) * len(job.sampler.index)
        bins = int(np.clip(COUNTS // columns, LEAST_BINS, Grid.BINS))
        counted = not job.keeps and job.sampler.comparable
        grid = Grid(columns, *job.ends, bins=bins, buffers=buffers) if counted else None
        # On several scales composites come in steps of their own.
        step = float(job.sampler.declared.ties[-1]) if job.sampler.comparable else 1.0
        rows = np.arange(len(job.sampler.index))
        tallies = (
            [RankTally(len(rows[period]), step, draws=job.points.n, buffers=buffers) for period in job.periods]
            if job.ranked
            else []
        )
        return cls([], [], grid, tallies, [], [])

    def rank_totals(self, job: Job) -> Floats:
        """Return the sums of ranks so far, and the draws in which each row has one, of shape (2, rows)."""
        totals = np.zeros((2, len(job.sampler.index)))
        for tally, rows in zip(self.tallies, job.periods, strict=False):
            totals[0, rows], totals[1, rows] = tally.sums, tally.present
        return totals

    def close(self, job: Job, before: Floats) -> Floats:
        """Keep the ranks of a replicate, given the totals before it, and return the totals after it."""
        after = self.rank_totals(job)
        self.rank_sums.append(after - before)
        return after

    def merge(self, other: Drawn) -> None:
        """Add what later replicates come to."""
        self.moments += other.moments
        self.kept += other.kept
        self.rank_sums += other.rank_sums
        self.holds += other.holds
        if self.grid is not None and other.grid is not None:
            self.grid.merge(other.grid)
        for mine, theirs in zip(self.tallies, other.tallies, strict=True):
            mine.merge(theirs)


def draw(job: Job, *, executor: Executor | None, progress: Progress) -> Drawn:
    """Return what all draws of a job come to: the same to the bit for any number of workers."""
    pieces = job.pieces
    # Sums of floats are kept by replicate, and all else are whole numbers: how pieces are dealt out changes no bit.
    tasks = [list(one) for one in np.array_split(np.arange(len(pieces)), min(workers(executor), len(pieces)))]
    parts: list[Drawn] = run(_draw, job, tasks, work=job.points.n, executor=executor, progress=progress)
    whole = parts[0]
    for part in parts[1:]:
        whole.merge(part)
    return whole


def _draw(job: Job, task: Sequence[int], tick: Tick) -> Drawn:
    """Return what some pieces come to."""
    sampler, pieces, buffers = job.sampler, job.pieces, Buffers()
    made = Drawn.blank(job, buffers)
    nominal = sampler.nominal_of_nodes.ravel()
    room = None if job.keeps else np.empty((job.room, len(sampler.nodes), len(sampler.index)))
    for place in task:
        piece = pieces[place]
        first = piece[0] - len(made.moments)
        made.moments += [Moments(nominal, buffers=buffers) for _ in piece]
        made.holds += [np.zeros((2, len(job.claims))) for _ in piece]
        before = made.rank_totals(job)
        for scores, ties, owners in _scored_at_once(job, piece, room, buffers):
            composite = scores[:, -1] / ties[:, -1:] if ties is not None else scores[:, -1]
            flat = scores.reshape(len(scores), -1)
            start = 0
            for number, count in owners:
                mine, at = slice(start, start + count), number - first
                start += count
                made.moments[at].add(flat[mine])
                _hold(job, scores[mine], None if ties is None else ties[mine], made.holds[at])
                for tally, rows in zip(made.tallies, job.periods, strict=False):
                    tally.add(composite[mine, rows])
                if len(piece) > 1:
                    before = made.close(job, before)
            if job.keeps:
                made.kept.append(scores)
            elif made.grid is not None:
                made.grid.add(flat)
            tick(len(scores))
        if len(piece) == 1:
            made.close(job, before)
    return made


Scored = tuple[Floats, Floats | None, list[tuple[int, int]]]
"""Scores; what is a tie of each node where they have several scales; and how many belong to which replicate."""


def _scored_at_once(job: Job, piece: range, room: Floats | None, buffers: Buffers) -> Iterator[Scored]:
    """Yield the scores of some blocks of one replicate, or of several replicates whole.

    Those that are not kept are gone before the next ones need their memory.
    """
    points, first = job.points, piece[0]
    if len(piece) > 1:
        sizes = points.sizes()
        together = points.together(piece)
        yield *_scored(job, together, room), [(number, sizes[number]) for number in piece]
        return
    # What is drawn and not kept is gone before the next points need its memory.
    passing = room is not None and job.blocks == 1
    blocks = points.replicate(first, passing=passing)
    while some := list(islice(blocks, job.blocks)):
        together = np.concatenate(some) if len(some) > 1 else some[0]
        yield *_scored(job, together, room, buffers if passing else None), [(first, len(together))]


def _scored(
    job: Job, points: Floats, room: Floats | None, buffers: Buffers | None = None
) -> tuple[Floats, Floats | None]:
    """Return the scores of points, in memory that is there where it is large enough, and their ties."""
    sampler = job.sampler
    out = room[: len(points)] if room is not None and len(points) <= len(room) else None
    return sampler.scores(points, out=out, buffers=buffers), None if sampler.comparable else sampler.ties(points)


def _hold(job: Job, scores: Floats, ties: Floats | None, counts: Floats) -> None:
    for place, one in enumerate(job.claims):
        holds = one.holds(scores, ties)
        counts[0, place] += np.nansum(holds)
        counts[1, place] += np.count_nonzero(~np.isnan(holds))

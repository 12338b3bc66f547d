"""What drawn scores come to: their means, standard deviations and quantiles, each with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from softpower.analysis.monte_carlo import error_of_mean, error_of_quantile
from softpower.draws.drawing import Drawn, Job
from softpower.draws.facts import Places
from softpower.draws.moments import Moments
from softpower.steps.measures import Floats
from softpower.steps.statistics import quantile_of_sorted


@dataclass(frozen=True, eq=False)
class DrawnScores:
    """The scores of all draws, or the sums and counts that were kept of them.

    Parameters
    ----------
    job : Job
        What was drawn.
    drawn : Drawn
        What came of it.
    """

    job: Job
    drawn: Drawn

    def blocks(self) -> Iterator[Floats]:
        """Yield the scores in the order of the draws, of shape (draws, nodes, rows); where none were kept, anew."""
        if self.drawn.kept:
            yield from self.drawn.kept
            return
        for number in range(self.job.points.replicates):
            for points in self.job.points.replicate(number):
                yield self.job.sampler.scores(points)

    def ties(self, nodes: Places) -> Floats:
        """Return up to which difference scores of some drawn nodes are tied in each draw, of shape (draws,)."""
        sampler, points = self.job.sampler, self.job.points
        places = len(sampler.engine.tree.nodes) - len(sampler.nodes) + nodes
        if sampler.comparable:
            return np.broadcast_to(sampler.declared.ties[places].max(), points.n)
        blocks = (block for number in range(points.replicates) for block in points.replicate(number))
        return np.concatenate([sampler.ties(block)[:, places].max(axis=1) for block in blocks])

    def quantile(self, share: Any) -> Floats:
        """Return a quantile of the scores of the drawn nodes, of shape (nodes, rows); or of each its own."""
        shape = (len(self.job.sampler.nodes), len(self.job.sampler.index))
        if not self.job.sampler.comparable:
            return np.full(shape, np.nan)
        if self.drawn.grid is not None:
            return self.drawn.grid.quantile(np.broadcast_to(share, shape).ravel()).reshape(shape)
        return quantile_of_sorted(self._sorted, share)

    @cached_property
    def _sorted(self) -> Floats:
        """The scores that were kept, sorted along the draws; gaps last."""
        return np.sort(np.concatenate(self.drawn.kept), axis=0)

    def moments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return mean, its error, standard deviation, its error, and the draws with a score, of the drawn nodes."""
        shape = (len(self.job.sampler.nodes), len(self.job.sampler.index))
        parts = self.drawn.moments
        count = np.array([one.count for one in parts], dtype=float)
        means = np.array([one.mean for one in parts])
        spreads = np.sqrt(np.array([one.variance for one in parts]))
        whole = self._whole
        with np.errstate(invalid="ignore", divide="ignore"):
            deviation = np.sqrt(whole.variance)
        results = (
            whole.mean,
            error_of_mean(means, count),
            deviation,
            error_of_mean(spreads, count),
            whole.count.astype(float),
        )
        return tuple(one.reshape(shape) for one in results)  # type: ignore[return-value]

    @cached_property
    def _whole(self) -> Moments:
        whole = Moments(self.job.sampler.nominal_of_nodes.ravel())
        for one in self.drawn.moments:
            whole.merge(one)
        return whole

    def columns(self, tail: float) -> dict[str, Floats]:
        """Return what the scores of all nodes come to, of shape (nodes, rows), those that do not move included.

        ``tail`` is the share of the draws on either side of the interval.
        """
        mean, mean_error, deviation, deviation_error, count = self.moments()
        made: dict[str, Floats] = {"mean": mean, "mean_error": mean_error}
        made |= {"standard_deviation": deviation, "standard_deviation_error": deviation_error}
        for name, share in (("low", tail), ("median", 0.5), ("high", 1 - tail)):
            made[name] = self.quantile(share)
            made[f"{name}_error"] = error_of_quantile(self.quantile, share, count)
        if not self.job.sampler.comparable:
            made = {name: np.full_like(mean, np.nan) for name in made}
        made["present"] = count / self.job.points.n
        return {name: self._with_still(name, table) for name, table in made.items()}

    def _with_still(self, name: str, table: Floats) -> Floats:
        """Return a table of all nodes: indicators that do not move are at their score, without a spread."""
        sampler = self.job.sampler
        if sampler.moving:
            return table
        still = sampler.nominal.T[: sampler.engine.tree.indicator_count]
        if name == "present":
            filled = (~np.isnan(still)).astype(float)
        elif name in {"mean", "low", "median", "high"} and sampler.comparable:
            filled = still
        else:
            filled = np.where(np.isnan(still) | (not sampler.comparable), np.nan, 0.0)
        return np.vstack([filled, table])

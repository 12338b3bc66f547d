"""What drawn ranks come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from softpower.analysis.monte_carlo import error_of_mean, error_of_quantile
from softpower.draws.drawing import Drawn, Job
from softpower.draws.tally import RankTally
from softpower.result import check_label
from softpower.steps.measures import Floats


def rank_columns(job: Job, drawn: Drawn, tail: float) -> dict[str, Floats]:
    """Return mean, standard deviation and quantiles of the ranks of each row, and in what share of draws it has one.

    ``tail`` is the share of the draws on either side of the interval.
    """
    rows_in_all = len(job.sampler.index)
    ends = (("low", tail), ("median", 0.5), ("high", 1 - tail))
    parts = (part for name, _ in ends for part in (name, f"{name}_error"))
    names = ("mean", "mean_error", "standard_deviation", *parts, "present")
    columns = {name: np.full(rows_in_all, np.nan) for name in names}
    for tally, rows in zip(drawn.tallies, job.periods, strict=True):
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = tally.sums / tally.present
            variance = np.maximum(tally.squares / tally.present - np.square(mean), 0.0)
            variance *= tally.present / (tally.present - 1)
        columns["mean"][rows] = mean
        columns["standard_deviation"][rows] = np.sqrt(np.where(tally.present > 1, variance, np.nan))
        for name, share in ends:
            columns[name][rows] = tally.quantile(share)
            columns[f"{name}_error"][rows] = error_of_quantile(tally.quantile, share, tally.present.astype(float))
        columns["present"][rows] = tally.present / job.points.n
    sums = np.array(drawn.rank_sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["mean_error"] = error_of_mean(sums[:, 0] / sums[:, 1], sums[:, 1])
    return columns


def tally_of(job: Job, drawn: Drawn, period: object, where: str) -> tuple[RankTally, Any]:
    """Return the ranks of a period as they were counted, and its rows.

    Raises
    ------
    NotFoundError
        If there is no such period, or there are several and none is named.
    """
    index = job.sampler.index
    periods = [] if index.nlevels == 1 else sorted(index.get_level_values("period").unique().tolist())
    check_label(where, "period", period, periods)
    if not periods:
        return drawn.tallies[0], slice(None)
    place = 0 if period is None else periods.index(period)
    return drawn.tallies[place], job.periods[place]

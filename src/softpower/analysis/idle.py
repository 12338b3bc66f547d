"""Factors that change nothing: found by moving one factor at a time in a few draws."""

from __future__ import annotations

import numpy as np

from softpower.draws.points import Points
from softpower.draws.sampler import CELLS, Sampler
from softpower.steps.measures import Floats

DRAWS = 16
"""In so many draws each factor is moved."""


def idle_factors(sampler: Sampler, seed: int) -> tuple[str, ...]:
    """Return the names of the factors that change no score.

    Each factor is moved half way round its range in a few draws, and in the point at which all else is as declared.
    A factor with an effect that is too rare for these is named as well; single cells of a table are not looked at.
    """
    points = np.vstack(
        [Points(sampler.dimensions, DRAWS, "random", seed).all(), np.full((1, sampler.dimensions), np.nan)]
    )
    looked = [one for one in sampler.factors if one.kind != "observations" or sampler.profile.values is None]
    scores = sampler.scores(points)
    together = max(1, CELLS // max(1, scores.size))
    idle = []
    for start in range(0, len(looked), together):
        group = looked[start : start + together]
        moved = np.concatenate([_moved(points, one.columns) for one in group])
        made = sampler.scores(moved).reshape(len(group), *scores.shape)
        same = (made == scores) | (np.isnan(made) & np.isnan(scores))
        idle += [one.name for one, still in zip(group, same.reshape(len(group), -1).all(axis=1), strict=True) if still]
    return tuple(idle)


def _moved(points: Floats, columns: tuple[int, ...]) -> Floats:
    """Return the points with a factor half way round; of several columns each by another step, so that shares move."""
    moved = points.copy()
    at = list(columns)
    step = 0.5 + 0.3 * np.arange(len(at)) / max(1, len(at))
    moved[:, at] = (np.nan_to_num(points[:, at], nan=0.25) + step) % 1.0
    return moved

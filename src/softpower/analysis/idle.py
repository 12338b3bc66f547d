"""Factors that change nothing: found by moving one factor at a time in a few draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from softpower.draws.factors import Factor
from softpower.draws.points import Points
from softpower.draws.sampler import CELLS, Sampler
from softpower.steps.measures import Floats

DRAWS = (16, 1024)
"""In so many draws each factor is moved at first, and then each that has not shown an effect."""


def idle_factors(sampler: Sampler, seed: int) -> tuple[str, ...]:
    """Return the names of the factors that change no score.

    Each factor is moved half way round its range in some draws, and in the point at which all else is as declared. One
    whose effect is too rare for these is named as well; single cells of a table are not looked at.
    """
    left: Sequence[Factor] = sampler.inventory.listed
    for count in DRAWS:
        if left:
            left = _still(sampler, left, Points(sampler.dimensions, count, "random", seed).all())
    return tuple(one.name for one in left)


def _still(sampler: Sampler, looked: Sequence[Factor], drawn: Floats) -> list[Factor]:
    """Return the factors that change no score when they are moved in some draws."""
    points = np.vstack([drawn, np.full((1, sampler.dimensions), np.nan)])
    scores, ties = sampler.scores(points), sampler.declared.ties[-len(sampler.nodes) :, None]
    together = max(1, CELLS // max(1, scores.size))
    still: list[Factor] = []
    for start in range(0, len(looked), together):
        group = looked[start : start + together]
        moved = np.concatenate([_moved(points, one.columns) for one in group])
        made = sampler.scores(moved).reshape(len(group), *scores.shape)
        # What is left of a sum that another order of weights rounds otherwise is no change.
        same = ((np.abs(made - scores) <= ties) | (np.isnan(made) & np.isnan(scores))).reshape(len(group), -1)
        still += [one for one, none in zip(group, np.asarray(same.all(axis=1)), strict=True) if none]
    return still


def _moved(points: Floats, columns: tuple[int, ...]) -> Floats:
    """Return the points with a factor half way round; of several columns each by another step, so that shares move."""
    moved = points.copy()
    at = list(columns)
    step = 0.5 + 0.3 * np.arange(len(at)) / max(1, len(at))
    moved[:, at] = (np.nan_to_num(points[:, at], nan=0.25) + step) % 1.0
    return moved

"""One step through time: what moved between two scores of one profile, on what is observed in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from softpower.model.observation import Observation
from softpower.result import Result
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True, eq=False)
class Step:
    """What became of the scores from one day to a later one, on the indicators that are observed on both.

    Parameters
    ----------
    earlier, later : Result
        The same profile as of two days.
    same : boolean array of shape (cases, indicators)
        Which are observed on both days.
    before, after : arrays of shape (cases, nodes)
        The scores on them alone.
    points : array of shape (cases, indicators)
        What each of them adds to the composite, on the later day less on the earlier.
    """

    earlier: Result
    later: Result
    same: Mask
    before: Floats
    after: Floats
    points: Floats

    @classmethod
    def of(cls, earlier: Result, later: Result) -> Self:
        """Return the step between two results."""
        same = ~np.isnan(earlier.raw) & ~np.isnan(later.raw)
        (old, old_points), (new, new_points) = (_on(one, same) for one in (earlier, later))
        return cls(earlier, later, same, old, new, new_points - old_points)

    def moves(self) -> Iterator[dict[str, Any]]:
        """Yield every indicator whose value changed: from what to what, by which facts, and what that adds."""
        both = (self.earlier, self.later)
        facts = [{fact.id: fact for fact in one.profile.observations} for one in both]
        one, other = self.earlier.raw, self.later.raw
        with np.errstate(invalid="ignore"):
            differs = ~(np.isclose(one, other, rtol=1e-12, atol=0) | (np.isnan(one) & np.isnan(other)))
        for row, column in np.argwhere(differs):
            case, name = str(self.later.index[row]), self.later.nodes[column]
            indicator = self.later.profile.framework.indicators[name]
            old, new = float(one[row, column]), float(other[row, column])
            moved = _different(facts, [result.feeds.get((case, name), ()) for result in both])
            if np.isnan(old) or np.isnan(new):
                cause = "enters" if np.isnan(old) else "leaves"
            else:
                cause = "facts" if moved else "time"
            yield {
                "case": case,
                "indicator": name,
                "title": indicator.title,
                "cause": cause,
                "old": old,
                "new": new,
                "unit": indicator.unit,
                "points": float(self.points[row, column]) if self.same[row, column] else np.nan,
                "facts": " ".join(moved),
            }


def _on(result: Result, same: Mask) -> tuple[Floats, Floats]:
    """Return the scores on some indicators alone, and what each indicator adds to the composite."""
    engine, count = result.engine, result.raw.shape[1]
    made = engine.aggregate(np.where(same, result.score[:, :count], np.nan))
    given = engine.contributions(made)[:, :count]
    # Where the composite is missing nothing adds up to it.
    return made, np.where(np.isnan(made[:, -1:]), np.nan, given)


def _different(facts: Sequence[Mapping[str, Observation]], feeds: Sequence[Sequence[str]]) -> list[str]:
    """Return the ids of facts that feed a cell now and did not before, or the other way round, or have changed."""
    old, new = ({one: (facts[side][one].value, facts[side][one].bounds) for one in feeds[side]} for side in (0, 1))
    return [one for one in dict.fromkeys((*new, *old)) if old.get(one) != new.get(one)]

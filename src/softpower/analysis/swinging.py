"""Swings: what one observation, or one cell of a table, does to a score between its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from softpower.analysis.alone import View
from softpower.analysis.before_drawing import check_nominal
from softpower.analysis.ends import DAYS, NumberEnds, day, number_ends, number_units
from softpower.arguments import diagnosed
from softpower.draws.facts import Places
from softpower.draws.running import Progress
from softpower.draws.sampler import Sampler
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.result import Result
from softpower.steps.measures import Floats
from softpower.steps.plan import Slot
from softpower.studies import as_profile

LABELS = ("observation", "part", "variable", "indicators", "unit", "value", "low", "high", "ends", "source", "place")
"""What is said of each number."""


@diagnosed
def swings(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    node: str | None = None,
    case: str | None = None,
    period: str | int | None = None,
    progress: Progress = False,
) -> pd.DataFrame:
    """Return the score with each observation, or cell of a table, alone at its low and at its high.

    swing = score at high - score at low, with all other observations as they are.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`. Nothing need be declared uncertain: the bounds are looked at.
    node : str, optional
        Whose score; the composite by default.
    case : str, optional
        One case, with the observations of other cases that move it; by default each case, with those that feed it.
    period : str or int, optional
        One period; all by default.
    progress : bool or function
        Whether to write to the terminal how far it is, or what to call with the work done and the whole.

    Returns
    -------
    DataFrame
        One row for each case (and period) and uncertain number of an observation, the widest first: which ``part`` of
        the observation (its value, or a day), ``variable``, ``indicators`` that it feeds, ``unit``, ``value``,
        ``low``, ``high``, where these ends come from (``ends``); the ``score`` as it is, ``score_at_low``,
        ``score_at_high`` and ``swing``; ``source`` and ``place`` in it. Of a figure with alternatives each other
        reading has a row, in which one end is the reading and the other the figure that holds. A cell is named by its
        case and column.

    Raises
    ------
    MethodError
        If something has no meaning for the data, or the node has no score.
    NotFoundError
        If there is no such node, case or period.

    Notes
    -----
    A normal observation without bounds goes from its 5 % to its 95 % quantile, and ``ends`` says so.

    Misleads where swings are added up: what two observations do at once need not be the sum. The ``low`` and ``high``
    of a result have all of them at their worst and at their best together.

    Examples
    --------
    >>> table = swings("kazakhstan")
    >>> table.columns[-5:].tolist()
    ['score_at_low', 'score_at_high', 'swing', 'source', 'place']
    """
    sampler = Sampler(as_profile(data, framework, methodology, scenario), Uncertainty(observations=True))
    check_nominal(sampler)
    view = View.of(sampler, node, case, period, "swings")
    numbers = _facts(sampler) if sampler.profile.values is None else _cells(sampler)
    return view.table(_swung(view, numbers, progress), "observation")


@dataclass(frozen=True)
class _Numbers:
    """The uncertain numbers, and other readings of a figure.

    Parameters
    ----------
    labels : DataFrame
        What each is, one row each.
    column : int array of shape (numbers,)
        Its column of the points.
    u : array of shape (2, numbers)
        Its low and its high end there; NaN is what holds.
    number, row : int arrays
        Which of them feeds which row, in pairs.
    """

    labels: pd.DataFrame
    column: Places
    u: Floats
    number: Places
    row: Places


def _cells(sampler: Sampler) -> _Numbers:
    """Return the uncertain cells of a table."""
    table, ends = sampler.profile.values, number_ends(sampler)
    assert table is not None
    column, row = np.divmod(sampler.inventory.bases[0].cells(sampler.inventory.facts), len(table.index))
    feeds: dict[str, list[str]] = {}
    for name, one in sampler.profile.indicators.items():
        feeds.setdefault(name, []).append(name)
        if one.denominator is not None:
            feeds.setdefault(one.denominator.variable, []).append(name)
    code = np.full(len(row), -1) if table.source is None else table.source[row, column]
    names = [name for _, name in sampler.inventory.facts.table]
    labels = pd.DataFrame(
        {
            "observation": [", ".join(key) for key in sampler.inventory.facts.table],
            "part": "value",
            "variable": names,
            "indicators": [" ".join(feeds[name]) for name in names],
            "unit": number_units(sampler),
            "value": sampler.inventory.facts.nominal,
            "low": ends.value[0],
            "high": ends.value[1],
            "ends": "bounds",
            "source": np.array([*table.sources, ""], dtype=object)[code],
            "place": "",
        }
    )
    return _Numbers(labels, sampler.inventory.fact_columns, ends.u, np.arange(len(row)), row)


class _Move(NamedTuple):
    """How one number of an observation moves, and by which column of the points."""

    observation: str
    part: str
    value: float
    low: float
    high: float
    ends: str
    column: int
    at_low: float
    at_high: float


def _facts(sampler: Sampler) -> _Numbers:
    """Return the uncertain numbers of observations that hold, and the readings that do not."""
    plan = sampler.engine.plan
    fed: dict[int, set[tuple[int, str]]] = {}
    for batch in plan.batches:
        for case, indicator, terms, mask in zip(batch.case, batch.indicator, batch.terms, batch.mask, strict=True):
            for slot in terms[mask]:
                fed.setdefault(int(slot), set()).add((int(case), plan.indicators[indicator]))
    found: dict[_Move, set[tuple[int, str]]] = {}
    ends = number_ends(sampler)
    for place, cells in sorted(fed.items()):
        for move in (*_bounded(sampler, plan.slots[place], ends), *_readings(sampler, plan.slots[place])):
            found.setdefault(move, set()).update(cells)
    return _labelled(sampler.profile, found)


def _bounded(sampler: Sampler, slot: Slot, ends: NumberEnds) -> Iterator[_Move]:
    """Yield the number that holds, where it is uncertain; each of the readings whose mean does."""
    inventory = sampler.inventory
    for held in slot.observations if slot.chosen is None else (slot.observations[slot.chosen],):
        at = inventory.facts.place.get((held, slot.part))
        if at is None:
            continue
        how = [f"{100 * u:g} %" for u, there in zip(ends.u[:, at], ends.quantile[:, at], strict=True) if there]
        said = f"{' and '.join(how)} quantile{'s' if len(how) > 1 else ''}" if how else "bounds"
        value = float(inventory.facts.nominal[at])
        low, high = map(float, ends.value[:, at])
        column = int(inventory.fact_columns[at])
        yield _Move(held, slot.part, value, low, high, said, column, *map(float, ends.u[:, at]))


def _readings(sampler: Sampler, slot: Slot) -> Iterator[_Move]:
    """Yield the other readings of a figure: one end is the reading, the other the figure that holds."""
    count, held = len(slot.observations), slot.nominal
    for number, (name, reading) in enumerate(zip(slot.observations, slot.nominals, strict=True)):
        if reading != held:
            (low, at_low), (high, at_high) = sorted([(reading, (number + 0.5) / count), (held, np.nan)])
            said = "instead of the mean" if slot.chosen is None else f"instead of {slot.observations[slot.chosen]}"
            column = sampler.inventory.alternatives[slot.observations]
            yield _Move(name, slot.part, held, low, high, said, column, at_low, at_high)


def _labelled(profile: Profile, found: Mapping[_Move, set[tuple[int, str]]]) -> _Numbers:
    """Return the numbers that were found, with what their observations say of them."""
    rows = {one.id: one for one in profile.observations}
    labels = []
    for move, cells in found.items():
        one = rows[move.observation]
        three: list[Any] = [move.value, move.low, move.high]
        dated = move.part in DAYS
        labels.append(
            {
                "observation": move.observation,
                "part": move.part,
                "variable": one.variable,
                "indicators": " ".join(dict.fromkeys(name for _, name in sorted(cells))),
                "unit": "date" if dated else profile.framework.variables[str(one.variable)].unit,
                **dict(
                    zip(("value", "low", "high"), [day(x, move.part) for x in three] if dated else three, strict=True)
                ),
                "ends": move.ends,
                "source": one.source or "",
                "place": one.place,
            }
        )
    pairs = [
        (number, case) for number, cells in enumerate(found.values()) for case in sorted({case for case, _ in cells})
    ]
    fed = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    column = np.array([move.column for move in found], dtype=np.int64)
    u = np.array([(move.at_low, move.at_high) for move in found], dtype=float).reshape(-1, 2).T
    return _Numbers(pd.DataFrame(labels, columns=LABELS), column, u, fed[:, 0], fed[:, 1])


def _swung(view: View, numbers: _Numbers, progress: Progress) -> dict[str, Any]:
    """Return the columns of numbers moved one at a time, in the rows that are looked at."""
    sampler = view.sampler
    apart = sampler.engine.bounds_refused is None
    number, row, fed = numbers.number, numbers.row, np.ones(len(numbers.row), dtype=bool)
    if apart or not view.one:
        here = np.isin(row, view.rows)
        number, row, fed = number[here], row[here], fed[here]
    else:
        mine = set(zip(number.tolist(), row.tolist(), strict=True))
        number, row = (one.ravel() for one in np.meshgrid(np.arange(len(numbers.column)), view.rows, indexing="ij"))
        fed = np.array([pair in mine for pair in zip(number.tolist(), row.tolist(), strict=True)], dtype=bool)
    # Where no row depends on another, all cells of a table's column move in one point.
    together = apart and sampler.profile.values is not None
    group = pd.factorize(numbers.labels["variable"])[0] if together else np.arange(len(numbers.column))
    order = np.argsort(group, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(order) else []
    moves = [(numbers.column[one], u[one]) for u in numbers.u for one in members]
    both = view.moved(moves, progress=progress).reshape(2, len(members), len(sampler.index))
    low, high = (scores[group[number], row] for scores in both)
    swing = np.where(np.abs(high - low) <= view.tie, 0.0, high - low)
    kept = fed | (swing != 0)
    labels = numbers.labels.iloc[number[kept]].reset_index(drop=True)
    scores = {"score": view.score[row], "score_at_low": low, "score_at_high": high, "swing": swing}
    made = {name: one[kept] for name, one in scores.items()}
    # Where it stands in the source comes last: these are long texts.
    return {"row": row[kept], **labels[[*LABELS[:-2]]], **made, **labels[[*LABELS[-2:]]]}

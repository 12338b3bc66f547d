"""Observations that may be otherwise: their numbers as arrays, drawn from points of the unit cube.

Two indicators that rest on one observation see the same drawn number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from softpower.draws.buffers import Buffers
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.model.unit import Unit
from softpower.model.values import Values
from softpower.steps import distributions
from softpower.steps.measures import Floats
from softpower.steps.plan import Plan, Slot

Key = tuple[str, str]
"""An observation's id, and which of its numbers: value, start, end or date; a case and a column of a table."""
Places = NDArray[np.int64]
CELLS = 2**19
"""So many numbers are drawn at a time."""
WIDE = 2**16
"""So many numbers of a point, where one has many more: then what is known of them stays near the processor too."""


@dataclass(frozen=True)
class Fact:
    """One number that may be otherwise."""

    low: float
    nominal: float
    high: float
    distribution: str
    deviation: float = np.nan
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Cells(Mapping[Key, Fact]):
    """The uncertain cells of a table by row and column; there may be many, and each is made when it is asked for.

    Parameters
    ----------
    labels : sequence of str
        Of all rows of the table.
    names : sequence of str
        Of the columns that are used.
    row, column : int arrays of shape (cells,)
        Where each stands among them.
    low, nominal, high : arrays of shape (cells,)
    distribution : str
    """

    labels: Sequence[str]
    names: Sequence[str]
    row: Places
    column: Places
    low: Floats
    nominal: Floats
    high: Floats
    distribution: str

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[Key]:
        for row, column in zip(self.row.tolist(), self.column.tolist(), strict=True):
            yield self.labels[row], self.names[column]

    @cached_property
    def _place(self) -> Mapping[Key, int]:
        return {key: place for place, key in enumerate(self)}

    def __getitem__(self, key: Key) -> Fact:
        place = self._place[key]
        low, nominal, high = (float(one[place]) for one in (self.low, self.nominal, self.high))
        return Fact(low, nominal, high, self.distribution)


@dataclass(frozen=True)
class Facts:
    """Uncertain numbers, one for each column of the points that they are drawn from."""

    table: Mapping[Key, Fact]

    @cached_property
    def place(self) -> Mapping[Key, int]:
        """The column of each number."""
        return {key: column for column, key in enumerate(self.table)}

    def _array(self, name: str) -> Floats:
        if isinstance(self.table, Cells):
            return np.full(len(self.table), np.nan) if name == "deviation" else np.asarray(getattr(self.table, name))
        return np.array([getattr(one, name) for one in self.table.values()], dtype=float)

    @cached_property
    def nominal(self) -> Floats:
        """The numbers that hold."""
        return self._array("nominal")

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats, Floats]:
        return self._array("low"), self._array("high"), self._array("deviation")

    @cached_property
    def _sides(self) -> distributions.Sides:
        """Those of all numbers as if they were triangular."""
        low, high, _ = self._bounds
        with np.errstate(invalid="ignore"):  # a normal one may have no bounds
            return distributions.Sides.of(low, self.nominal, high)

    @cached_property
    def _kinds(self) -> Mapping[str, Places]:
        if isinstance(self.table, Cells):
            return {self.table.distribution: np.arange(len(self.table))} if self.table else {}
        kinds = np.array(["codes" if one.codes else one.distribution for one in self.table.values()])
        return {str(kind): np.flatnonzero(kinds == kind) for kind in np.unique(kinds)}

    @property
    def normal(self) -> Places:
        """The columns of the numbers that are normal, and so may have no ends."""
        return self._kinds.get("normal", np.empty(0, dtype=np.int64))

    @cached_property
    def _coded(self) -> tuple[Floats, Floats]:
        """The codes of the numbers that have any, and how likely it is to get no further: (numbers, codes) each."""
        coded = [one for one in self.table.values() if one.codes]
        width = max(len(one.codes) for one in coded)
        codes, reached = np.zeros((len(coded), width)), np.full((len(coded), width), np.inf)
        for row, one in enumerate(coded):
            mine = np.array(one.codes, dtype=float)
            if one.distribution == "uniform":
                chances = distributions.discrete_uniform(mine, one.low, one.high)
            else:
                chances = distributions.discrete_triangular(mine, one.low, one.nominal, one.high)
            last = np.flatnonzero(chances)[-1]
            codes[row, : len(mine)] = mine
            reached[row, :last] = np.cumsum(chances)[:last]
        return codes, reached

    def draw(
        self, u: Floats, order: Places | None = None, out: Floats | None = None, buffers: Buffers | None = None
    ) -> Floats:
        """Return the numbers of points of shape (draws, numbers), in an order of them where one is given.

        NaN in a point stands for the number that holds. They are written to an array where one is given.
        """
        buffers = buffers or Buffers()
        drawn = np.empty(u.shape) if out is None else out
        # A few rows at a time, whose intermediate results stay near the processor; but steps so short that threads
        # would wait for each other between them.
        width = min(u.shape[1], WIDE) if len(self._kinds) == 1 else u.shape[1]
        rows = max(1, CELLS // max(1, width))
        for start in range(0, len(u), rows):
            block = slice(start, start + rows)
            points = u[block] if order is None else u[order[block]]
            for left in range(0, u.shape[1], max(1, width)):
                columns = slice(left, left + width)
                self._draw(points[:, columns], drawn[block, columns], columns, buffers)
        return drawn

    def _draw(self, u: Floats, drawn: Floats, columns: slice, buffers: Buffers) -> None:
        """Write the numbers of points, of some columns where all are of one kind."""
        low, high, deviation = (one[columns] for one in self._bounds)
        nominal = self.nominal[columns]
        for kind, at in self._kinds.items():
            # One kind for all is the rule, and needs no copies.
            mine = slice(None) if len(self._kinds) == 1 else at
            x, ends = u[:, mine], (low[mine], high[mine])
            if kind == "triangular":
                sides = self._sides.some(columns).some(mine)
                into, work = drawn if len(self._kinds) == 1 else None, buffers.take("work", x.shape)
                made = distributions.triangular(x, ends[0], nominal[mine], ends[1], sides=sides, out=into, work=work)
                if into is None:
                    drawn[:, mine] = made
            elif kind == "uniform":
                drawn[:, mine] = distributions.uniform(x, *ends)
            elif kind == "normal":
                drawn[:, mine] = distributions.truncated_normal(x, nominal[mine], deviation[mine], *ends)
            else:
                codes, reached = (one[columns] if len(self._kinds) == 1 else one for one in self._coded)
                place = (x[..., None] >= reached).sum(axis=-1)
                drawn[:, mine] = codes[np.arange(len(codes)), place]
        # The greatest of numbers is NaN if one of them is.
        if np.isnan(u.max(initial=0.0)):
            np.copyto(drawn, nominal, where=np.isnan(u))


def facts_of_plans(profiles: Iterable[tuple[Profile, Plan]], default: str) -> Facts:
    """Return the uncertain numbers of observations that any of some plans uses.

    Parameters
    ----------
    profiles : iterable of (Profile, Plan)
    default : {"triangular", "uniform"}
        The distribution of observations that state none.
    """
    table: dict[Key, Fact] = {}
    for profile, plan in profiles:
        rows = {one.id: one for one in profile.observations}
        for slot in (plan.slots[place] for place in sorted(plan.used)):
            for member, name in enumerate(slot.observations):
                fact = _fact(profile, rows[name], slot, member, default)
                if fact is not None:
                    table.setdefault((name, slot.part), fact)
    return Facts(table)


def _fact(profile: Profile, one: Observation, slot: Slot, member: int, default: str) -> Fact | None:
    """Return the number of an observation in a slot, or None where it cannot be otherwise."""
    low, nominal, high = slot.lows[member], slot.nominals[member], slot.highs[member]
    if slot.part == "value" and one.distribution == "normal" and not slot.codes:
        unit = profile.framework.variables[str(one.variable)].unit
        by = Unit.parse(one.unit or unit).factor(Unit.parse(unit))
        # Amounts start at zero; a bound that is not stated is none.
        ends = (0.0 if one.low is None else low, np.inf if one.high is None else high)
        return Fact(ends[0], nominal, ends[1], "normal", (one.standard_error or 0.0) * by)
    if not low < high:
        return None
    stated = one.distribution if slot.part == "value" and one.distribution != "normal" else None
    return Fact(low, nominal, high, stated or default, codes=slot.codes)


def facts_of_table(values: Values, names: Sequence[str], default: str) -> Facts:
    """Return the uncertain cells of some columns of a table, column by column.

    Parameters
    ----------
    values : Values
    names : sequence of str
        The columns that are used.
    default : {"triangular", "uniform"}
    """
    labels = [" ".join(map(str, row)) if isinstance(row, tuple) else str(row) for row in values.index]
    columns = [name for name in values.columns if name in set(names)]
    value, low, high = (values.part(columns, part) for part in ("value", "low", "high"))
    # Indicator by indicator, as scores lie in memory, so that a step runs along the cases and not along a few columns.
    column, row = np.nonzero((low < high).T)
    low, value, high = (one[row, column] for one in (low, value, high))
    return Facts(Cells(labels, columns, row, column, low, value, high, default))


@dataclass(frozen=True)
class Slots:
    """How the slots of a plan take their numbers from facts, alternatives and readings included.

    Parameters
    ----------
    nominal : array of shape (slots,)
    single, fact : int arrays
        Slots of one uncertain number, and its place among the facts.
    several : sequence of (slot, choice, numbers, facts, chosen)
        Slots of alternatives: the column of the points that picks one, the numbers that hold, their places among the
        facts (-1 where they cannot be otherwise), and the one that holds; None where their mean does.
    """

    nominal: Floats
    single: Places
    fact: Places
    several: Sequence[tuple[int, int, Floats, Places, int | None]]

    @classmethod
    def of(cls, plan: Plan, facts: Facts, choices: Mapping[tuple[str, ...], int]) -> Slots:
        """Return the slots of a plan; `choices` has the column that picks among some alternative observations."""
        single: dict[int, int] = {}
        several = []
        for place, slot in enumerate(plan.slots):
            found = np.array([facts.place.get((name, slot.part), -1) for name in slot.observations])
            if slot.observations in choices:
                choice = choices[slot.observations]
                several.append((place, choice, np.array(slot.nominals), found, slot.chosen))
            elif slot.chosen is not None and found[slot.chosen] >= 0:
                single[place] = int(found[slot.chosen])
        places = np.array([*single], dtype=np.int64)
        return cls(plan.nominal, places, np.array([*single.values()], dtype=np.int64), several)

    def values(self, u: Floats, drawn: Floats) -> Floats:
        """Return the slots' values of shape (draws, slots) from points and the numbers that were drawn from them."""
        values = np.repeat(self.nominal[None, :], len(u), axis=0)
        values[:, self.single] = drawn[:, self.fact]
        for place, choice, numbers, facts, chosen in self.several:
            picked = chosen_of(u[:, choice], len(numbers), 0 if chosen is None else chosen)
            options, there = np.repeat(numbers[None, :], len(u), axis=0), facts >= 0
            options[:, there] = drawn[:, facts[there]]
            values[:, place] = np.take_along_axis(options, picked[:, None], axis=1)[:, 0]
            if chosen is None:
                np.copyto(values[:, place], options.mean(axis=1), where=np.isnan(u[:, choice]))
        return values


def chosen_of(u: Floats, count: int | Places, nominal: int | Places) -> Places:
    """Return which of so many alternatives points pick, all alike likely; NaN in a point picks the nominal one.

    Examples
    --------
    >>> chosen_of(np.array([0.0, 0.5, 1.0, np.nan]), 2, 0)
    array([0, 1, 1, 0])
    """
    with np.errstate(invalid="ignore"):
        picked = np.minimum(np.nan_to_num(u) * count, np.asarray(count) - 1).astype(np.int64)
    still = np.isnan(u)
    return np.where(still, nominal, picked) if still.any() else picked

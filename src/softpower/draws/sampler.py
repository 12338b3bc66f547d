"""The engine with a draw axis: points of the unit cube in, scores of every node out.

One point fixes everything that is uncertain. NaN in the columns of a factor leaves it as declared, so that a row of
NaN is the score itself, and one-at-a-time analyses are points like any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from softpower.draws.buffers import Buffers
from softpower.draws.choices import Parameter, changes
from softpower.draws.combination import Combination
from softpower.draws.factors import Factor
from softpower.draws.facts import Places, Slots, chosen_of
from softpower.draws.inventory import Inventory
from softpower.errors import Fault, MethodError
from softpower.model.profile import Profile
from softpower.model.uncertainty import Uncertainty
from softpower.registry import AGGREGATE
from softpower.steps.measures import Floats
from softpower.steps.tree import run_of

CELLS = 2**22
"""So many values are in work at a time: enough that what a batch costs by itself is little, in 34 MB."""
OF_VALUES = frozenset({"impute", "treat", "normalise"})
"""Steps that decide the scores of indicators; those of weights and means come after."""
ABOVE_VALUES = frozenset({"weights", "missing", "aggregate"})
"""What may be uncertain while the scores of indicators stay the same."""


class Sampler:
    """Scores of points of the unit cube.

    Parameters
    ----------
    profile : Profile
    uncertainty : Uncertainty
    seed : int
        Of the tables that are completed by multiple imputation.

    Raises
    ------
    SoftPowerError
        If something that is to be drawn has no meaning for the profile.
    """

    def __init__(self, profile: Profile, uncertainty: Uncertainty, seed: int = 0) -> None:
        self.profile, self.uncertainty, self.seed = profile, uncertainty, seed
        self.inventory = Inventory.of(profile, uncertainty)
        self.engine = self.inventory.engine
        self._combinations: dict[tuple[int, ...], Combination] = {}
        # The score itself: whatever has no meaning is refused here, before anything is drawn.
        self.nominal = self.engine.score()

    def __getstate__(self) -> dict[str, Any]:
        # What is computed is computed again where it is needed.
        return {"profile": self.profile, "uncertainty": self.uncertainty, "seed": self.seed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Sampler.__init__(self, **state)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What is drawn."""
        return self.inventory.factors

    @property
    def dimensions(self) -> int:
        """How many columns a point has."""
        return self.inventory.dimensions

    @property
    def index(self) -> pd.Index:
        """The rows: cases, or cases and periods."""
        return self.engine.index

    @cached_property
    def moving(self) -> bool:
        """Whether the scores of indicators may differ between draws."""
        still = Uncertainty()
        return any(
            getattr(self.uncertainty, name) != getattr(still, name)
            for name in Uncertainty.model_fields
            if name not in ABOVE_VALUES
        )

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose scores are drawn: all, or dimensions alone where those of indicators do not move."""
        tree = self.engine.tree
        return tree.nodes if self.moving else tree.nodes[tree.indicator_count :]

    def children(self, node: str) -> list[str]:
        """Return the drawn nodes right below a node."""
        parents = self.profile.framework.parents
        return [one for one in self.nodes if parents.get(one) == node]

    @cached_property
    def nominal_of_nodes(self) -> Floats:
        """The scores as declared of the nodes that are drawn, of shape (nodes, rows)."""
        tree = self.engine.tree
        return self.nominal.T if self.moving else self.nominal.T[tree.indicator_count :]

    @cached_property
    def comparable(self) -> bool:
        """Whether all draws, and what is declared, score on one scale."""
        made = {
            (repr(one), base.engine.choosing(normalise=one).ends)
            for base in self.inventory.bases
            for one in (base.engine.profile.methodology.normalise, *self.uncertainty.normalise)
        }
        ends = {one for _, one in made}
        # Two open scales are two scales.
        return len(ends) == 1 and (None not in ends or len(made) == 1) and not self._counts_in_some

    @cached_property
    def _counts_in_some(self) -> bool:
        """Whether some draws, and not all alike, count points between cases, which no scale of scores holds."""
        levels: dict[str, set[str]] = {}
        for base in self.inventory.bases:
            for level, (method, _) in base.engine.methods.items():
                levels.setdefault(level, set()).add(method.name if method.across else "")
        for one in self.inventory.choices:
            if one.step == "aggregate":
                drawn = {option.method if AGGREGATE[option.method].across else "" for option in one.options}
                for level in levels if one.level is None else [one.level]:
                    levels.setdefault(level, set()).update(drawn)
        return any(len(methods) > 1 for methods in levels.values())

    @cached_property
    def declared(self) -> Combination:
        """The choices as declared."""
        inventory = self.inventory
        return self.combination([0] * len(inventory.selections) + [one.nominal for one in inventory.choices])

    def combination(self, picked: Iterable[int]) -> Combination:
        """Return a combination of choices, by the place of each among its alternatives; -1 leaves one as declared.

        Raises
        ------
        MethodError
            If something has no meaning under it.
        """
        codes = tuple(map(int, picked))
        if codes not in self._combinations:
            self._combinations[codes] = self._combine(codes)
        return self._combinations[codes]

    def _combine(self, codes: Sequence[int]) -> Combination:
        inventory, place = self.inventory, 0
        for code, (_, count) in zip(codes, inventory.selections, strict=False):
            place = place * count + code
        engine = inventory.bases[place].engine
        mine = codes[len(inventory.selections) :]
        changed = changes(inventory.choices, mine, engine.profile.methodology, engine.profile.framework.levels)
        if changed:
            engine = engine.choosing(**changed)
        try:
            # The profile as declared has been scored already.
            if engine is not self.engine:
                engine.score()
        except MethodError as error:
            said = self._said(codes)
            faults = [Fault(": ".join(filter(None, (said, one.where))), one.what, one.mend) for one in error.faults]
            raise MethodError(faults) from None
        parameters: dict[str, dict[str, Parameter]] = {}
        for one, code in zip(inventory.choices, mine, strict=True):
            for parameter in one.parameters.get(code, ()):
                for level in engine.methods if one.level is None else [one.level]:
                    parameters.setdefault(level, {})[parameter.name] = parameter
        return Combination(inventory, place, engine, parameters)

    def _said(self, codes: Sequence[int]) -> str:
        """Return a combination of choices in words."""
        columns = [column for column, _ in self.inventory.selections] + [one.column for one in self.inventory.choices]
        named = {one.columns[0]: one for one in self.factors if one.alternatives}
        pairs = [(named[column], code) for column, code in zip(columns, codes, strict=True) if code >= 0]
        return ", ".join(f"{one.name} = {one.alternatives[code]}" for one, code in pairs)

    def _codes(self, u: Floats) -> Places:
        """Return the combination that each point picks, of shape (draws, choices)."""
        picked = [chosen_of(u[:, column], count, 0) for column, count in self.inventory.selections]
        picked += [one.codes(u) for one in self.inventory.choices]
        return np.stack(picked, axis=1) if picked else np.zeros((len(u), 0), dtype=np.int64)

    @cached_property
    def _outer(self) -> int:
        """How many choices decide the scores of indicators."""
        return len(self.inventory.selections) + sum(one.step in OF_VALUES for one in self.inventory.choices)

    @cached_property
    def batch(self) -> int:
        """So many draws are in work at a time."""
        return max(1, CELLS // max(1, len(self.index) * (self.engine.tree.indicator_count if self.moving else 1)))

    def ties(self, u: Floats) -> Floats:
        """Return up to which difference the scores of each node are tied in each point, of shape (draws, nodes)."""
        made, codes = np.empty((len(u), len(self.engine.tree.nodes))), self._codes(u)
        order = order_of(codes)
        for run, picked in runs(codes if order is None else codes[order]):
            made[run if order is None else order[run]] = self.combination(picked).ties
        return made

    def scores(self, u: Floats, *, out: Floats | None = None, buffers: Buffers | None = None) -> Floats:
        """Return the scores of points.

        Parameters
        ----------
        u : array of shape (draws, dimensions)
            From 0 to 1; NaN leaves a factor as declared.
        out : array of shape (draws, nodes, rows), optional
            Memory that may be used for the answer, so that block after block needs none of its own.
        buffers : Buffers, optional
            Memory for what is drawn on the way.

        Returns
        -------
        array of shape (draws, nodes, rows)
            NaN where a node is missing.
        """
        room = out
        for start in range(0, len(u), self.batch):
            block = slice(start, start + self.batch)
            for rows, made in self._parts(u[block], None if room is None else room[block], buffers):
                if isinstance(rows, slice) and len(made) == len(u):
                    return made
                if room is None:
                    room = np.empty((len(u), len(self.nodes), len(self.index)))
                mine = room[block][rows]
                # What was written to its place already needs no copy.
                if not np.may_share_memory(made, mine):
                    room[block][rows] = made
        return np.empty((0, len(self.nodes), len(self.index))) if room is None else room

    def _parts(self, u: Floats, out: Floats | None, buffers: Buffers | None) -> Iterator[tuple[Any, Floats]]:
        """Yield the scores of points part by part: each combination of choices is one run of the engine."""
        codes = self._codes(u)
        order = order_of(codes)
        of_facts = u[:, self.inventory.fact_run]
        drawn = self.inventory.facts.draw(of_facts, order, self._room_of_facts(of_facts, order, out, buffers), buffers)
        if order is not None:
            # What has been drawn from a run of columns at the end, most of them by far, is not asked again.
            u, codes, out = u[order, : self._asked], codes[order], None
        for rows, picked in runs(codes[:, : self._outer]):
            mine, theirs = u[rows], codes[rows]
            normalised = self._normalised(self.combination(theirs[0]), mine, drawn[rows]) if self.moving else None
            for places, inner in runs(theirs[:, self._outer :]):
                one = self.combination((*picked, *inner))
                made = one.score(mine[places], None if normalised is None else normalised[places], out=out)
                at = slice(rows.start + places.start, rows.start + places.stop)
                yield slice(None) if order is None else order[at], self._placed(one, made)

    def _room_of_facts(
        self, of_facts: Floats, order: Places | None, out: Floats | None, buffers: Buffers | None
    ) -> Floats | None:
        """Return where numbers are drawn: where the scores of indicators will stand, if there are as many of each."""
        if out is not None and order is None:
            below = out[:, : self.engine.tree.indicator_count]
            if below[0].size == of_facts.shape[1]:
                # Of each draw they lie side by side, so that this is the same memory.
                return below.reshape(of_facts.shape)
        return None if buffers is None else buffers.take("facts", of_facts.shape)

    @cached_property
    def _asked(self) -> int:
        """Of so many columns something is asked besides the numbers of observations."""
        run = self.inventory.fact_run
        return run.start if isinstance(run, slice) and run.stop == self.dimensions else self.dimensions

    def _placed(self, one: Combination, made: Floats) -> Floats:
        """Return the scores of a combination's nodes where those of the profile stand; NaN for what it lacks."""
        nodes = one.engine.tree.nodes[len(one.engine.tree.nodes) - made.shape[1] :]
        if nodes == self.nodes:
            return made
        place = {node: at for at, node in enumerate(nodes)}
        here = [at for at, node in enumerate(self.nodes) if node in place]
        spread = np.full((made.shape[0], len(self.nodes), made.shape[2]), np.nan)
        spread[:, here] = made[:, [place[self.nodes[at]] for at in here]]
        return spread

    @cached_property
    def _slots(self) -> list[Slots | None]:
        """How the slots of each base take their numbers; None where nothing of observations is drawn."""
        facts, alternatives = self.inventory.facts, self.inventory.alternatives
        drawn = bool(facts.table or alternatives)
        return [
            Slots.of(base.plan, facts, alternatives) if drawn and not base.of_table else None
            for base in self.inventory.bases
        ]

    @cached_property
    def _cells(self) -> list[Places | slice]:
        """Where the uncertain cells stand in the table of each base."""
        none = np.array([], dtype=np.int64)
        found = [base.cells(self.inventory.facts) if base.of_table else none for base in self.inventory.bases]
        # Those of a whole table are a slice, which takes no copies.
        return [run_of(cells) if len(cells) else cells for cells in found]

    @cached_property
    def _completed(self) -> list[Floats]:
        """The tables that multiple imputation completes, of shape (tables, rows, measures), for each base."""
        return [one.completed(self.uncertainty.imputations, self.seed) for one in self.inventory.bases]

    def _normalised(self, one: Combination, u: Floats, drawn: Floats) -> Floats:
        """Return the scores of indicators, of shape (draws, rows, indicators)."""
        base, engine = one.base, one.engine
        raw = base.raw(u, drawn, self._slots[one.place], self._cells[one.place])
        if self.inventory.table_column >= 0:
            raw = self._impute(one.place, u, raw)
        raw, scales = base.chosen(u, raw)
        if raw.ndim == 2 and scales is engine.scales:
            normalised = engine.normalised
        else:
            treated = engine.treat(engine.impute(raw))
            # Values that are drawn are nobody else's. Where all share them, each point may have ranges of its own.
            out = treated if treated.ndim > 2 else None
            normalised = engine.normalise(np.broadcast_to(treated, (len(u), *treated.shape[-2:])), scales, out=out)
        return np.broadcast_to(normalised, (len(u), *normalised.shape[-2:]))

    def _impute(self, place: int, u: Floats, raw: Floats) -> Floats:
        """Return values of shape (draws, rows, measures) with the gaps filled from the tables that points pick."""
        column, tables = u[:, self.inventory.table_column], self._completed[place]
        # As declared, gaps stay for the methodology to fill.
        picked = ~np.isnan(column)[:, None, None]
        return np.where(np.isnan(raw) & picked, tables[chosen_of(column, len(tables), 0)], raw)


def order_of(codes: Places) -> Places | None:
    """Return the order in which rows of the same combination follow one another; None where all are of one."""
    return np.lexsort(codes.T[::-1]) if codes.shape[1] and (codes != codes[:1]).any() else None


def runs(codes: Places) -> Iterator[tuple[slice, Places]]:
    """Yield the rows of each run of the same combination, and the combination.

    Examples
    --------
    >>> [(rows, codes.tolist()) for rows, codes in runs(np.array([[0, 1], [0, 1], [1, 1]]))]
    [(slice(0, 2, None), [0, 1]), (slice(2, 3, None), [1, 1])]
    """
    edges = [0, *(np.flatnonzero((codes[1:] != codes[:-1]).any(axis=1)) + 1).tolist(), len(codes)]
    for start, stop in pairwise(edges):
        yield slice(start, stop), codes[start]

"""The engine: a profile's choices as arrays and functions, and the steps in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from softpower.engine.bounds import attained, why_refused
from softpower.engine.choices import Chosen, chosen_methods, shared_scale
from softpower.engine.promises import amounts, check_filled, check_normalised
from softpower.engine.reasons import reasons_of_cells, reasons_of_facts, reasons_of_nodes
from softpower.engine.refusals import Zeros, refuse_floor, refuse_infinite, refuse_rescaled, refuse_units
from softpower.model.period import DAYS_PER_YEAR, Moment
from softpower.model.profile import Profile
from softpower.registry import MISSING, WEIGHTS, Method
from softpower.steps.aggregate import aggregate, contributions
from softpower.steps.derive import Bounds, derive, derive_bounds
from softpower.steps.layout import Layout
from softpower.steps.measures import Floats, Mask, read_only
from softpower.steps.normalise import Scales, normalise
from softpower.steps.plan import Plan
from softpower.steps.planning import plan
from softpower.steps.returned import returned
from softpower.steps.statistics import squares
from softpower.steps.tabulate import Tabulated, tabulate
from softpower.steps.tree import Tree
from softpower.steps.weight import check_weights

BLOCK = 8192
"""So many rows are aggregated at a time: few enough to stay in the processor's cache."""
UNCHOSEN = ("indicators", "raw", "derived", "tree", "scales", "layout")
"""What hangs on no choice of a methodology."""


@dataclass(frozen=True)
class Engine:
    """A profile's choices as arrays and functions; `score` runs it without a draw axis.

    Rows are cases, or cases and periods: `index` names them.

    Parameters
    ----------
    profile : Profile
    """

    profile: Profile

    def __getstate__(self) -> dict[str, Any]:
        # What is computed from the profile is computed again.
        return {"profile": self.profile}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def choosing(self, **changes: Any) -> Engine:
        """Return the engine under other choices of its methodology; what does not hang on them is not made again.

        Raises
        ------
        SpecificationError
            If a choice is none.
        """
        methodology = self.profile.methodology.replace(**changes)
        made = Engine(self.profile.model_copy(update={"methodology": methodology}))
        made.__dict__.update({name: getattr(self, name) for name in UNCHOSEN})
        return made

    @property
    def index(self) -> pd.Index:
        """The labels of the rows."""
        return self.profile.index

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The included indicators."""
        return tuple(self.profile.indicators)

    @cached_property
    def plan(self) -> Plan:
        """How values derive from observations."""
        return plan(self.profile)

    @cached_property
    def tabulated(self) -> Tabulated:
        """The values of a table."""
        assert self.profile.values is not None
        return tabulate(self.profile.values, self.profile.indicators)

    @cached_property
    def raw(self) -> Floats:
        """Indicators' values in their own units, of shape (rows, indicators)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.tabulated.value if self.profile.values is not None else derive(self.plan, self.plan.nominal)

    @cached_property
    def derived(self) -> Bounds:
        """The bounds of the values, and what attains them."""
        with np.errstate(over="ignore", invalid="ignore"):
            if self.profile.values is None:
                return derive_bounds(self.plan)
            return Bounds(self.tabulated.low, self.tabulated.high, np.array(True), {})

    @cached_property
    def tree(self) -> Tree:
        """The tree of the included indicators."""
        return Tree.of(self.profile.framework, self.profile.indicators)

    @cached_property
    def scales(self) -> Scales:
        """Goalposts and directions."""
        return Scales.of(self.profile.indicators, self.index.get_level_values("case").to_numpy(dtype=object))

    @cached_property
    def normalisers(self) -> tuple[Chosen, ...]:
        """The normalisations, each with its parameters and the columns that it is for."""
        return self._chosen("normalise")

    def _chosen(self, step: str) -> tuple[Chosen, ...]:
        """Return the methods of a step."""
        return chosen_methods(self.profile, step, self.indicators)

    @property
    def fixed(self) -> bool:
        """Whether every score depends on its own value alone."""
        return all(one.method.fixed for one in self.normalisers)

    @cached_property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the scale that indicators are brought to, where it has ends.

        Raises
        ------
        MethodError
            If indicators are brought to scales with different ends.
        """
        return shared_scale(self.normalisers)

    @property
    def scale(self) -> tuple[float, float] | None:
        """The ends of the scale of all scores; None where it is open, or an aggregation brings them to another."""
        return None if any(method.rescores for method, _ in self.methods.values()) else self.ends

    def method_names(self, step: str) -> list[str]:
        """Return the name of each indicator's method of a step; empty where it has none."""
        names = [""] * len(self.indicators)
        for one in self._chosen(step):
            for place in one.columns:
                names[place] = one.method.name
        return names

    @cached_property
    def layout(self) -> Layout:
        """What the rows and columns stand for."""
        parents = [self.profile.framework.parents[name] for name in self.indicators]
        cases = pd.factorize(self.index.get_level_values("case"))[0]
        times = None
        if self.index.nlevels > 1:
            times = np.array([_years(one) for one in self.index.get_level_values("period")])
        groups = {} if self.profile.values is None else self.profile.values.groups
        codes = {
            name: pd.factorize(pd.Series(labels).where(pd.Series(labels) != ""))[0] for name, labels in groups.items()
        }
        return Layout(self.indicators, pd.factorize(pd.Series(parents))[0], cases, times, codes)

    @cached_property
    def imputed(self) -> Floats:
        """The values with gaps filled, where the methodology says so."""
        return self.impute(self.raw)

    @cached_property
    def treated(self) -> Floats:
        """The values with outliers treated, where the methodology says so."""
        return self.treat(self.imputed)

    def impute(self, values: Floats) -> Floats:
        """Return values of shape (..., rows, indicators) with gaps filled, where the methodology says so."""
        return self._filled("impute", values)

    def treat(self, values: Floats) -> Floats:
        """Return values of shape (..., rows, indicators) with outliers treated, where the methodology says so."""
        return self._filled("treat", values)

    def _filled(self, step: str, values: Floats) -> Floats:
        """Return values after a step, in which each method sees its own indicators; refuse what it may not change."""
        chosen = self._chosen(step)
        if not chosen:
            return values
        made = values.copy()
        for one in chosen:
            before, layout = read_only(values[..., one.columns]), self.layout.columns(one.columns)
            after = returned(one.method, one.method.function, [before.shape], (before, layout), one.parameters)
            check_filled(one.method, before, after, layout.indicators)
            made[..., one.columns] = after
        return made

    @cached_property
    def methods(self) -> Mapping[str, tuple[Method, Mapping[str, Any]]]:
        """The aggregation of each level."""
        levels = {family.level for family in self.tree.families}
        return {level: self.profile.methodology.aggregation(level) for level in levels}

    @cached_property
    def weights(self) -> Floats:
        """Weights among siblings, before any gap."""
        choice = self.profile.methodology.weights
        method, shape = WEIGHTS[choice.method], (len(self.tree.nodes),)
        if not method.fitted:
            weights = amounts(method, (shape,), self.tree, **choice.parameters)
        else:
            check_weights(self.tree, self.tree.declared)
            scores = self._run(self.normalised, self.tree.among_siblings(self.tree.declared))
            weights = amounts(method, (shape, scores.shape), self.tree, scores, **choice.parameters)
        check_weights(self.tree, weights)
        return self.tree.among_siblings(weights)

    def _run(self, normalised: Floats, weights: Floats) -> Floats:
        """Return the scores of all nodes under some weights, without asking whether means like them."""
        scores = self._blank()
        for rows in self.blocks():
            scores[rows] = self._aggregate(normalised[rows], _of_rows(weights, rows))
        return scores

    @cached_property
    def normalised(self) -> Floats:
        """The scores of indicators."""
        return self.normalise(self.treated)

    @cached_property
    def thresholds(self) -> Floats:
        """Least share of children present, by family."""
        choice = self.profile.methodology.missing
        levels = [family.level for family in self.tree.families]
        return amounts(MISSING[choice.method], ((len(levels),),), levels, **choice.parameters)

    @cached_property
    def by_period(self) -> Mapping[object, np.ndarray]:
        """The rows of each period, in their order in time; all rows together where there are none."""
        if self.index.nlevels == 1:
            return {"all": np.arange(len(self.index))}
        periods = sorted(self.index.get_level_values("period").unique())
        return {period: np.flatnonzero(self.period_codes == code) for code, period in enumerate(periods)}

    @cached_property
    def period_codes(self) -> NDArray[np.intp]:
        """The place of each row's period in time, of shape (rows,); 0 throughout where there are no periods."""
        if self.index.nlevels == 1:
            return np.zeros(len(self.index), dtype=np.intp)
        return pd.factorize(self.index.get_level_values("period"), sort=True)[0]

    @property
    def periods(self) -> Mapping[object, np.ndarray] | None:
        """The rows of each period, where cases are compared in each by itself."""
        return self.by_period if self.profile.methodology.periods == "apart" else None

    def normalise(self, raw: Floats, scales: Scales | None = None, *, out: Floats | None = None) -> Floats:
        """Return the scores of indicators' values, against other goalposts where some are given.

        Parameters
        ----------
        raw : array of shape (rows, indicators), or (draws, rows, indicators)
        scales : Scales, optional
        out : array of the same shape, optional
            Memory that may be used for the answer; it may be that of the values.

        Raises
        ------
        MethodError
            If the method has no meaning for the values, or loses one.
        """
        scales = self.scales if scales is None else scales
        if len(self.normalisers) == 1:
            return self._normalise(self.normalisers[0], raw, scales, out)
        scores = np.empty_like(raw) if out is None else out
        for one in self.normalisers:
            scores[..., one.columns] = self._normalise(one, raw[..., one.columns], scales.columns(one.columns))
        return scores

    def _normalise(self, one: Chosen, raw: Floats, scales: Scales, out: Floats | None = None) -> Floats:
        """Return the scores of the values of a method's own columns."""
        # Asked before the values may be written over.
        gaps = np.isnan(raw) if np.isnan(squares(raw)) else None
        groups = None if one.method.fixed else self.periods
        with np.errstate(over="ignore", invalid="ignore"):
            scores = normalise(one.method, one.parameters, raw, replace(scales, room=out), groups)
        return check_normalised(one, raw.shape, gaps, scores, self.indicators)

    def aggregate(self, normalised: Floats, *, gap: float | None = None) -> Floats:
        """Return the scores of all nodes, of shape (..., rows, nodes), from those of the indicators of all rows."""
        return self._aggregate(normalised, self._weights_of(normalised), gap=gap)

    def contributions(self, scores: Floats) -> Floats:
        """Return what each node contributes to the composite, of the shape of the scores of all nodes."""
        floor, weights = self.profile.methodology.floor, self._weights_of(scores)
        return contributions(self.tree, scores, weights, self.methods, floor=floor, groups=self.periods)

    def _weights_of(self, scores: Floats) -> Floats:
        """Return the weights; those of their own for each case hold in every draw."""
        weights = self.weights
        return weights if weights.ndim == 1 else np.broadcast_to(weights, (*scores.shape[:-1], weights.shape[-1]))

    def _aggregate(self, normalised: Floats, weights: Floats, *, gap: float | None = None) -> Floats:
        """Return the scores of all nodes of some rows: of all of them, where cases are compared."""
        return aggregate(
            self.tree,
            normalised,
            weights,
            self.methods,
            self.thresholds,
            floor=self.profile.methodology.floor,
            gap=gap,
            groups=self.periods,
        )

    def _blank(self) -> Floats:
        """Return a table of shape (rows, nodes) in which the rows of a node lie side by side in memory."""
        return np.empty((len(self.tree.nodes), len(self.index))).T

    @property
    def across(self) -> str | None:
        """The aggregation under which a case's score depends on the other cases, if there is one."""
        return next((method.name for method, _ in self.methods.values() if method.across), None)

    def blocks(self) -> Iterator[slice]:
        """Yield the rows that are aggregated together: so many at a time, or all where cases are compared."""
        size = BLOCK if self.across is None else len(self.index)
        for start in range(0, len(self.index), size):
            yield slice(start, start + size)

    def score(self) -> Floats:
        """Return the scores of all nodes, of shape (rows, nodes); refuse what has no meaning.

        Raises
        ------
        ObservationError
            If a value or bound is too large to compute with.
        MethodError
            If a method has no meaning for the data.
        """
        refuse_infinite((self.raw, self.derived.low, self.derived.high), self.indicators, self.label)
        floor, treatments = self.profile.methodology.floor, self._chosen("treat")
        refuse_floor(floor, self.ends)
        refuse_units(self.tree, self.profile.framework, self.normalisers, self.methods)
        refuse_rescaled(self.normalisers, treatments, self.imputed, self.treated, self.indicators)
        scores = self._blank()
        zeros = Zeros(self.tree, self.methods, self.label)
        for rows in self.blocks():
            weights = _of_rows(self.weights, rows)
            scores[rows] = self._aggregate(self.normalised[rows], weights)
            if floor is None:
                zeros.look(scores[rows], weights, rows.start)
        zeros.refuse()
        return scores

    def label(self, row: int) -> str:
        """Return the name of a row: its case, and its period where it has one."""
        label = self.index[int(row)]
        return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)

    def bounds(self, low: Floats, high: Floats, *, gaps: bool = False) -> tuple[Floats, Floats]:
        """Return the least and greatest scores of all nodes; NaN where bounds are not offered.

        On an open scale a gap has no ends, and with ``gaps`` so has no node above one.

        Parameters
        ----------
        low, high : arrays of shape (rows, indicators)
            The bounds of the values.
        gaps : bool
            Whether every gap counts as well, at the ends of the scale.
        """
        least, greatest = self._blank(), self._blank()
        if self.bounds_refused is not None:
            least[:], greatest[:] = np.nan, np.nan
            return least, greatest
        bottom, top = (self.ends or (np.nan, np.nan)) if gaps else (None, None)
        for rows in self.blocks():
            ends = [self.normalise(one[rows]) for one in (low, high)]
            weights = _of_rows(self.weights, rows)
            least[rows] = self._aggregate(np.minimum(*ends), weights, gap=bottom)
            greatest[rows] = self._aggregate(np.maximum(*ends), weights, gap=top)
        return least, greatest

    @property
    def bounds_refused(self) -> str | None:
        """Why bounds are not offered, or None where they are."""
        filling = [self._chosen(step) for step in ("impute", "treat")]
        weights = self.profile.methodology.weights.method
        return why_refused(filling, self.normalisers, weights, [method for method, _ in self.methods.values()])

    def coverage(self, normalised: Floats) -> Floats:
        """Return observed effective weight over included effective weight, by node.

        Parameters
        ----------
        normalised : array of shape (..., cases, indicators)
            Values or scores before imputation: what is imputed is not observed.
        """
        coverage = np.empty((*normalised.shape[:-1], len(self.tree.nodes)))
        coverage[..., : self.tree.indicator_count] = ~np.isnan(normalised)
        for family in self.tree.families:
            mine = self.weights[..., family.children]
            coverage[..., family.parent] = (coverage[..., family.children] * mine).sum(axis=-1) / mine.sum(axis=-1)
        return coverage

    def exact(self) -> Mask:
        """Return where bounds are attained: where every uncertain fact pulls all indicators under a node alike."""
        slots = self.plan.slots if self.profile.values is None else ()
        return attained(self.profile, self.tree, self.derived, slots)

    def reasons(self, scores: Floats) -> np.ndarray:
        """Return why each missing node is missing, as texts of shape (rows, nodes), empty where it is not."""
        if self.profile.values is None:
            leaves = reasons_of_facts(self.profile, self.plan.reasons)
        else:
            leaves = reasons_of_cells(self.profile, self.imputed)
        return reasons_of_nodes(self.tree, scores, self.thresholds, leaves)


def _of_rows(weights: Floats, rows: slice) -> Floats:
    """Return the weights of some rows, where each case has its own."""
    return weights if weights.ndim == 1 else weights[rows]


def _years(period: str | int) -> float:
    """Return a period as a number of years: months and days as parts of theirs."""
    moment = Moment(str(period))
    return moment.first.year + (moment.first.timetuple().tm_yday - 1) / DAYS_PER_YEAR

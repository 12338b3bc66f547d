"""The engine: a profile's choices as arrays and functions, and the steps in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from softpower.errors import Fault, MethodError, ObservationError, did_you_mean
from softpower.model.methodology import OTHERS, Choice
from softpower.model.period import DAYS_PER_YEAR, Moment
from softpower.model.profile import Profile
from softpower.model.unit import PLAIN
from softpower.registry import IMPUTE, MISSING, NORMALISE, STEPS, TREAT, WEIGHTS, Method, Registry
from softpower.steps.aggregate import Aggregated, aggregate
from softpower.steps.derive import Bounds, derive, derive_bounds
from softpower.steps.layout import Layout
from softpower.steps.measures import Floats, Mask
from softpower.steps.normalise import Scales, normalise
from softpower.steps.plan import Plan, plan
from softpower.steps.tabulate import Tabulated, disputed, tabulate
from softpower.steps.tree import Tree
from softpower.steps.weight import check_weights


@dataclass(frozen=True)
class Chosen:
    """A method with its parameters and the columns that it is for."""

    method: Method
    parameters: Mapping[str, Any]
    columns: NDArray[np.int64]


BLOCK = 8192
"""So many rows are aggregated at a time: few enough to stay in the processor's cache."""
UNCHOSEN = ("indicators", "raw", "derived", "tree", "scales", "layout")
"""What hangs on no choice of a methodology."""
SHOWN = 20
"""So many cells of one kind are named in an error; the others are counted."""


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
        return self._chosen("normalise", NORMALISE)

    def _chosen(self, step: str, registry: Registry) -> tuple[Chosen, ...]:
        """Return the methods of a step with their parameters and columns; refuse names that are no indicators."""
        given = getattr(self.profile.methodology, step)
        known = self.profile.framework.indicators
        unknown = [] if given is None or isinstance(given, Choice) else [one for one in given if one != OTHERS]
        faults = [
            Fault(f"methodology: {step}", f"there is no indicator '{name}'", did_you_mean(name, known))
            for name in unknown
            if name not in known
        ]
        if faults:
            raise MethodError(faults)
        place = {name: column for column, name in enumerate(self.indicators)}
        return tuple(
            Chosen(registry[choice.method], choice.parameters, np.array([place[name] for name in names]))
            for choice, names in self.profile.methodology.choices(step, self.indicators)
        )

    @property
    def fixed(self) -> bool:
        """Whether every score depends on its own value alone."""
        return all(one.method.fixed for one in self.normalisers)

    @cached_property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the scale of the scores, where it has ends.

        Raises
        ------
        MethodError
            If indicators are brought to scales with different ends.
        """
        scales = [(one.method.name, one.method.scale(one.parameters)) for one in self.normalisers]
        if len({ends for _, ends in scales}) > 1:
            shown = ", ".join(
                f"{name} on {'an open scale' if one is None else f'{one[0]:g} to {one[1]:g}'}" for name, one in scales
            )
            mend = "Bring all indicators to one scale."
            raise MethodError.of("normalise", f"indicators are brought to different scales: {shown}", mend)
        return scales[0][1]

    def method_names(self, step: str) -> list[str]:
        """Return the name of each indicator's method of a step; empty where it has none."""
        names = [""] * len(self.indicators)
        for one in self._chosen(step, STEPS[step]):
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
        return self._filled("impute", IMPUTE, values)

    def treat(self, values: Floats) -> Floats:
        """Return values of shape (..., rows, indicators) with outliers treated, where the methodology says so."""
        return self._filled("treat", TREAT, values)

    def _filled(self, step: str, registry: Registry, values: Floats) -> Floats:
        """Return values after a step, in which each method sees its own indicators; refuse what it may not change."""
        chosen = self._chosen(step, registry)
        if not chosen:
            return values
        made = values.copy()
        for one in chosen:
            layout = self.layout.columns(one.columns)
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                given = one.method.function(values[..., one.columns], layout, **one.parameters)
            made[..., one.columns] = _changed(one.method, values[..., one.columns], given, layout)
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
            weights = _array(method, (shape,), self.tree, **choice.parameters)
        else:
            scores = self._run(self.normalised, self.tree.among_siblings(self.tree.declared))
            weights = _array(method, (shape, scores.shape), self.tree, scores, **choice.parameters)
        check_weights(self.tree, weights)
        return self.tree.among_siblings(weights)

    def _run(self, normalised: Floats, weights: Floats) -> Floats:
        """Return the scores of all nodes under some weights, without asking whether means like them."""
        scores = self._blank()
        for rows in self.blocks():
            scores[rows] = self._aggregate(normalised[rows], _of_rows(weights, rows)).scores
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
        return _array(MISSING[choice.method], ((len(levels),),), levels, **choice.parameters)

    @cached_property
    def by_period(self) -> Mapping[object, np.ndarray]:
        """The rows of each period, in their order in time; all rows together where there are none."""
        if self.index.nlevels == 1:
            return {"all": np.arange(len(self.index))}
        codes, periods = pd.factorize(self.index.get_level_values("period"), sort=True)
        return {period: np.flatnonzero(codes == code) for code, period in enumerate(periods)}

    @property
    def periods(self) -> Mapping[object, np.ndarray] | None:
        """The rows of each period, where periods are normalised apart."""
        apart = self.index.nlevels > 1 and self.profile.methodology.periods == "apart"
        return self.by_period if apart else None

    def normalise(self, raw: Floats, scales: Scales | None = None) -> Floats:
        """Return the scores of indicators' values, against other goalposts where some are given.

        Raises
        ------
        MethodError
            If the method has no meaning for the values, or loses one.
        """
        scales = self.scales if scales is None else scales
        if len(self.normalisers) == 1:
            return self._normalise(self.normalisers[0], raw, scales)
        scores = np.empty_like(raw)
        for one in self.normalisers:
            scores[..., one.columns] = self._normalise(one, raw[..., one.columns], scales.columns(one.columns))
        return scores

    def _normalise(self, one: Chosen, raw: Floats, scales: Scales) -> Floats:
        """Return the scores of the values of a method's own columns."""
        groups = None if one.method.fixed else self.periods
        with np.errstate(over="ignore", invalid="ignore"):
            scores = normalise(one.method, one.parameters, raw, scales, groups)
        self._refuse_lost(one, raw, scores)
        return scores

    def _refuse_lost(self, one: Chosen, raw: Floats, scores: Floats) -> None:
        """Raise MethodError where a value has no finite score, or a gap has one."""
        where = f"normalise = '{one.method.name}'"
        if scores.shape != raw.shape:
            what = f"it returned scores of shape {scores.shape} for values of shape {raw.shape}"
            raise MethodError.of(where, what, "It must return one score for each value.")
        # One pass where nothing is missing, which is the rule: a sum is finite only if all its terms are.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(scores.sum()) and not np.isnan(raw.sum()):
                return
        lost = np.isfinite(scores) == np.isnan(raw)
        if lost.any():
            faults = [
                Fault(
                    f"{where}: {self.indicators[one.columns[place]]}",
                    "a value has no finite score, or a gap has one",
                    "Check that the values are not too large or too far apart to compute with.",
                )
                for place in np.flatnonzero(lost.reshape(-1, lost.shape[-1]).any(axis=0))
            ]
            raise MethodError(faults)

    def aggregate(self, normalised: Floats, *, gap: float | None = None) -> Aggregated:
        """Return the scores of all nodes."""
        weights = self.weights
        if weights.ndim > 1:
            # Weights of their own for each case hold in every draw.
            weights = np.broadcast_to(weights, (*normalised.shape[:-1], weights.shape[-1]))
        return self._aggregate(normalised, weights, gap=gap)

    def _aggregate(self, normalised: Floats, weights: Floats, *, gap: float | None = None) -> Aggregated:
        return aggregate(
            self.tree,
            normalised,
            weights,
            self.methods,
            self.thresholds,
            floor=self.profile.methodology.floor,
            gap=gap,
        )

    def _blank(self) -> Floats:
        """Return a table of shape (rows, nodes) in which the rows of a node lie side by side in memory."""
        return np.empty((len(self.tree.nodes), len(self.index))).T

    @property
    def across(self) -> str | None:
        """The aggregation under which a case's score depends on the other cases, if there is one."""
        return next((method.name for method, _ in self.methods.values() if method.across), None)

    def blocks(self) -> Iterator[NDArray[np.int64] | slice]:
        """Yield the rows that are aggregated together: so many at a time, or all that are compared."""
        if self.across is not None:
            yield from (self.periods or {"all": np.arange(len(self.index))}).values()
            return
        for start in range(0, len(self.index), BLOCK):
            yield slice(start, start + BLOCK)

    def score(self) -> Floats:
        """Return the scores of all nodes, of shape (rows, nodes); refuse what has no meaning.

        Raises
        ------
        ObservationError
            If a value or bound is too large to compute with.
        MethodError
            If a method has no meaning for the data.
        """
        self._refuse_infinite(self.raw, self.derived.low, self.derived.high)
        self._refuse_floor()
        self._refuse_units()
        self._refuse_rescaled()
        scores = self._blank()
        zeros = _Zeros(self)
        for rows in self.blocks():
            made = self._aggregate(self.normalised[rows], _of_rows(self.weights, rows))
            scores[rows] = made.scores
            zeros.look(made, rows)
        zeros.refuse()
        return scores

    def _refuse_units(self) -> None:
        """Raise MethodError where values in different units meet in another mean than the geometric one."""
        bare = [place for one in self.normalisers if one.method.name == "none" for place in one.columns]
        faults = []
        for family in self.tree.families:
            method, _ = self.methods[family.level]
            names = [self.indicators[child] for child in family.children if child in bare]
            units = {self.profile.framework.indicators[name].unit for name in names}
            # Numbers without a stated unit may be anything.
            unlike = len(units) > 1 or (len(names) > 1 and units == {PLAIN})
            if unlike and method.name != "geometric":
                what = f"values in different units meet in the {method.name} mean: {', '.join(sorted(units))}"
                mend = "Normalise them, or take the geometric mean."
                faults.append(Fault(self.tree.nodes[family.parent], what, mend))
        if faults:
            raise MethodError(faults)

    def _refuse_rescaled(self) -> None:
        """Raise MethodError where values that a treatment brought to another unit meet goalposts in the old one."""
        fixed = {place: one.method.name for one in self.normalisers if one.method.fixed for place in one.columns}
        faults = []
        for one in self._chosen("treat", TREAT):
            moved = [place for place in one.columns if one.method.rescales and place in fixed]
            for place in moved:
                if not np.array_equal(self.imputed[:, place], self.treated[:, place], equal_nan=True):
                    what = (
                        f"'{one.method.name}' may give it another unit, and '{fixed[place]}' scores it in the old one"
                    )
                    mend = 'Normalise it among the cases, for instance by "min_max", or clip percentiles instead.'
                    faults.append(Fault(f"methodology: {self.indicators[place]}", what, mend))
        if faults:
            raise MethodError(faults)

    def _refuse_floor(self) -> None:
        """Raise MethodError where the floor is not below the top of the scale."""
        floor, ends = self.profile.methodology.floor, self.ends
        if floor is not None and ends is not None and floor >= ends[1]:
            what = f"the floor {floor:g} is not below the top of the scale, {ends[1]:g}"
            raise MethodError.of("methodology: floor", what, "A floor is a small score, for instance 1 of 100.")

    def _refuse_infinite(self, *values: Floats) -> None:
        """Raise ObservationError where a value is too large to compute with."""
        infinite = [np.isinf(one) for one in {id(one): one for one in values}.values()]
        if not any(one.any() for one in infinite):
            return
        cells = np.argwhere(np.any(infinite, axis=0))
        faults = [
            Fault(
                f"{self.label(row)}: {self.indicators[indicator]}",
                "its value or a bound of it is too large to compute with",
                "Check the figures and the scale of their unit.",
            )
            for row, indicator in cells[:SHOWN]
        ]
        if len(cells) > SHOWN:
            faults.append(Fault("", f"{len(cells) - SHOWN} more cells are too large", "Check the unit of the columns."))
        raise ObservationError(faults)

    def label(self, row: int) -> str:
        """Return the name of a row: its case, and its period where it has one."""
        label = self.index[int(row)]
        return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)

    def bounds(self, low: Floats, high: Floats, *, gaps: bool = False) -> tuple[Floats, Floats]:
        """Return the least and greatest scores of all nodes; NaN where bounds are not offered.

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
        bottom, top = (self.ends or (0.0, 0.0)) if gaps else (None, None)
        for rows in self.blocks():
            ends = [self.normalise(one[rows]) for one in (low, high)]
            weights = _of_rows(self.weights, rows)
            least[rows] = self._aggregate(np.minimum(*ends), weights, gap=bottom).scores
            greatest[rows] = self._aggregate(np.maximum(*ends), weights, gap=top).scores
        return least, greatest

    @property
    def bounds_refused(self) -> str | None:
        """Why bounds are not offered, or None where they are."""
        for step in ("impute", "treat"):
            if getattr(self.profile.methodology, step) is not None:
                names = ", ".join(one.method.name for one in self._chosen(step, STEPS[step]))
                return f"Bounds are not offered: what '{names}' makes of a value depends on the other cases."
        standing = [one.method.name for one in self.normalisers if not one.method.fixed]
        if standing:
            return f"Bounds are not offered: '{standing[0]}' scores depend on the other cases."
        if WEIGHTS[self.profile.methodology.weights.method].fitted:
            name = self.profile.methodology.weights.method
            return f"Bounds are not offered: '{name}' weights depend on the scores."
        if self.across is not None:
            return f"Bounds are not offered: '{self.across}' scores depend on the other cases."
        unsteady = [method.name for method, _ in self.methods.values() if not method.monotone]
        if unsteady:
            return f"Bounds are not offered: '{unsteady[0]}' may fall when a value rises."
        return None

    def coverage(self, normalised: Floats) -> Floats:
        """Return observed effective weight over included effective weight, by node.

        Parameters
        ----------
        normalised : array of shape (..., cases, indicators)
            Values or scores before imputation: what is imputed is not observed.
        """
        coverage = np.zeros((*normalised.shape[:-1], len(self.tree.nodes)))
        coverage[..., : self.tree.indicator_count] = ~np.isnan(normalised)
        for family in self.tree.families:
            mine = self.weights[..., family.children]
            coverage[..., family.parent] = (coverage[..., family.children] * mine).sum(axis=-1) / mine.sum(axis=-1)
        return coverage

    def exact(self) -> Mask:
        """Return where bounds are attained: where every uncertain fact pulls all indicators under a node alike."""
        exact = np.ones((len(self.index), len(self.tree.nodes)), dtype=bool)
        exact[:, : self.tree.indicator_count] = self.derived.exact
        if self.profile.values is None:
            self._mark_facts(exact)
        else:
            self._mark_denominators(exact)
        for family in self.tree.families:
            exact[:, family.parent] &= exact[:, family.children].all(axis=-1)
        return exact

    def _mark_facts(self, exact: Mask) -> None:
        """Mark nodes under which an uncertain fact pulls indicators to different ends."""
        place = {node: index for index, node in enumerate(self.tree.nodes)}
        taken: dict[tuple[int, str, str, str], tuple[int, tuple[bool, bool] | None]] = {}
        for (case, indicator), pulls in self.derived.pulls.items():
            name = self.indicators[indicator]
            turned = self.profile.framework.indicators[name].better == "lower"
            for number, pull in pulls.items():
                slot, mine = self.plan.slots[number], pull[::-1] if pull is not None and turned else pull
                for fact, node in product(slot.observations, self.profile.framework.path(name)[:-1]):
                    key = (case, node, fact, slot.part)
                    # A fact taken alone here and among alternatives there is not at one end for both.
                    if key in taken and (mine is None or taken[key] != (number, mine)):
                        exact[case, place[node]] = False
                    taken[key] = (number, mine)

    def _mark_denominators(self, exact: Mask) -> None:
        """Mark nodes under which an uncertain denominator pulls indicators to different ends."""
        assert self.profile.values is not None
        framework, place = self.profile.framework, {node: index for index, node in enumerate(self.tree.nodes)}
        for rows, names in disputed(self.profile.values, self.profile.indicators).values():
            signs = {name: framework.indicators[name].better for name in names}
            negative = np.any([self.derived.low[:, self.indicators.index(name)] < 0 for name in names], axis=0)
            above = Counter(node for name in names for node in framework.path(name)[:-1])
            for node, count in above.items():
                ways = {signs[name] for name in names if node in framework.path(name)}
                if count > 1:
                    exact[rows & (negative if len(ways) == 1 else True), place[node]] = False

    def reasons(self, scores: Floats) -> np.ndarray:
        """Return why each missing node is missing, as texts of shape (rows, nodes), empty where it is not."""
        reasons = np.full(scores.shape, "", dtype=object)
        if self.profile.values is None:
            place = {name: column for column, name in enumerate(self.indicators)}
            rows = {case: row for row, case in enumerate(self.index)}
            for (case, indicator), why in self.plan.reasons.items():
                reasons[rows[case], place[indicator]] = why
        else:
            self._cell_reasons(reasons)
        for family, threshold in zip(self.tree.families, self.thresholds, strict=True):
            gone = np.isnan(scores[:, family.parent])
            present = (~np.isnan(scores[:, family.children])).sum(axis=-1)
            for count in np.unique(present[gone]):
                why = f"{count} of {len(family.children)} children are present"
                if 0 < count / len(family.children) < threshold:
                    why += f", below the threshold of {threshold:g}"
                elif count:
                    why += ", and their weights are zero"
                reasons[gone & (present == count), family.parent] = why
        return reasons

    def _cell_reasons(self, reasons: np.ndarray) -> None:
        """Say of each missing cell of a table what it lacks."""
        table = self.profile.values
        assert table is not None
        for place, (name, one) in enumerate(self.profile.indicators.items()):
            gone = np.isnan(self.imputed[:, place])
            lacking = "no value in the table" if name in table.columns else f"the table has no column '{name}'"
            reasons[gone, place] = lacking
            if one.denominator is not None:
                by = one.denominator.variable
                reasons[gone & ~np.isnan(table.column(name)), place] = f"no value of the denominator '{by}'"


class _Zeros:
    """Where means that need positive values meet others, without a floor."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.count = 0
        self.faults: list[Fault] = []

    def look(self, made: Aggregated, rows: NDArray[np.int64] | slice) -> None:
        """Keep what some rows have."""
        if self.engine.profile.methodology.floor is not None:
            return
        tree = self.engine.tree
        for family in tree.families:
            method, _ = self.engine.methods[family.level]
            if not method.positive:
                continue
            values, weights = made.scores[:, family.children], made.weights[:, family.children]
            cells = np.argwhere((values <= 0) & (weights > 0))
            self.count += len(cells)
            for row, child in cells[: max(0, SHOWN - len(self.faults))]:
                name = tree.nodes[family.children[child]]
                what = f"the {method.name} mean needs positive scores and '{name}' has {values[row, child]:g}"
                place = rows.start + row if isinstance(rows, slice) else rows[row]
                where = f"{self.engine.label(place)}: {tree.nodes[family.parent]}"
                mend = "Declare a floor, for instance floor = 1, or aggregate otherwise."
                self.faults.append(Fault(where, what, mend))

    def refuse(self) -> None:
        """Raise MethodError where there are any."""
        if self.count > len(self.faults):
            what = f"{self.count - len(self.faults)} more scores are not positive"
            self.faults.append(Fault("", what, "The same floor mends them."))
        if self.faults:
            raise MethodError(self.faults)


def _of_rows(weights: Floats, rows: NDArray[np.int64] | slice) -> Floats:
    """Return the weights of some rows, where each case has its own."""
    return weights if weights.ndim == 1 else weights[rows]


def _years(period: str | int) -> float:
    """Return a period as a number of years: months and days as parts of theirs."""
    moment = Moment(str(period))
    return moment.first.year + (moment.first.timetuple().tm_yday - 1) / DAYS_PER_YEAR


def _changed(method: Method, before: Floats, after: object, layout: Layout) -> Floats:
    """Return what an imputation or treatment gives; raise MethodError where it breaks its promise."""
    where = f"{method.step} = '{method.name}'"
    made = np.asarray(after, dtype=float)
    if made.shape != before.shape:
        what = f"it returned values of shape {made.shape} for values of shape {before.shape}"
        raise MethodError.of(where, what, "It must return one value for each cell.")
    if method.step == "impute":
        broken, what = ~np.isnan(before) & (made != before), "it changes a value that is observed"
    else:
        broken, what = np.isnan(before) != np.isnan(made), "it fills a gap, or makes one"
    broken |= np.isinf(made)
    faults = [
        Fault(f"{where}: {layout.indicators[place]}", what, "Check the values, or choose another method.")
        for place in np.flatnonzero(broken.reshape(-1, broken.shape[-1]).any(axis=0))
    ]
    if faults:
        raise MethodError(faults)
    return made


def _array(method: Method, shapes: tuple[tuple[int, ...], ...], *arguments: object, **parameters: object) -> Floats:
    """Return what a registered method gives; raise MethodError where it is no finite array of one of the shapes."""
    given = method.function(*arguments, **parameters)
    where = f"{method.step} = '{method.name}'"
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise MethodError.of(where, f"it returned a {type(given).__name__}", "It must return numbers.") from None
    if made.shape not in shapes or not np.isfinite(made).all() or (made < 0).any():
        what = f"it returned numbers of shape {made.shape}, or some that are negative or not finite"
        raise MethodError.of(where, what, f"It must return finite numbers from zero up, of shape {shapes[0]}.")
    return made

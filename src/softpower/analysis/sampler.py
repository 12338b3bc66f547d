"""The engine with a draw axis: points of the unit cube in, scores of every node out.

One point fixes everything that is uncertain. NaN in the columns of a factor leaves it as declared, so that a row of
NaN is the score itself, and one-at-a-time analyses are points like any others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.base import Base
from softpower.analysis.choices import Parameter, changes, method_choices
from softpower.analysis.factors import Columns, Factor
from softpower.analysis.facts import Facts, Places, Slots, chosen_of, facts_of_plans, facts_of_table
from softpower.analysis.weights import Drawn, family_weights, refuse_by_case
from softpower.engine import Engine
from softpower.errors import Fault, MethodError
from softpower.model.framework import Framework
from softpower.model.profile import DECLARED, Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Experts, Sets, Uncertainty
from softpower.registry import Method
from softpower.steps.aggregate import aggregate
from softpower.steps.experts import expert_weights
from softpower.steps.linear import linear
from softpower.steps.measures import Floats, Mask
from softpower.steps.regression import multiple_imputation

CELLS = 2**19
"""So many values are in work at a time: few enough to stay near the processor."""
ALL_SETS = Scenario(title="Base and extended set", sets=("base", "extended"))


@dataclass(frozen=True)
class Run:
    """One combination of choices: an engine, and what is computed once for all its draws."""

    base: Base
    engine: Engine
    parameters: Mapping[str, Mapping[str, Parameter]]

    @cached_property
    def width(self) -> float:
        """How wide the scale of the scores is, or how far scores lie from zero on an open one."""
        if self.engine.ends is not None:
            return self.engine.ends[1] - self.engine.ends[0]
        return max(float(np.nanmax(np.abs(self.engine.score()[:, -1]), initial=1.0)), 1.0)

    @cached_property
    def arithmetic(self) -> bool:
        """Whether every mean is the arithmetic one."""
        return all(method.name == "arithmetic" for method, _ in self.engine.methods.values())


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
        self.engine = Engine(profile)
        columns = Columns()
        self._runs: dict[tuple[int, ...], Run] = {}
        self._selections = self._select(columns)
        self._choices = method_choices(uncertainty, profile.methodology, columns)
        engines = [Engine(one) for one in self._profiles()]
        self._experts = self._panel(columns)
        self.families = family_weights(uncertainty, [one.tree for one in engines], columns)
        self._leave_out = self._leave(engines, columns)
        measure, posts = self._alternatives(engines, columns)
        self._tables = columns.add("imputation: table", "imputation") if uncertainty.imputations else ()
        self.bases = [Base(one, uncertainty, measure, posts) for one in engines]
        self._observations(columns)
        self.factors: tuple[Factor, ...] = tuple(columns.factors)
        self.dimensions = columns.count
        # The score itself: whatever has no meaning is refused here, before anything is drawn.
        self.nominal = self.engine.score()

    def __getstate__(self) -> dict[str, Any]:
        # What is computed is computed again where it is needed.
        return {"profile": self.profile, "uncertainty": self.uncertainty, "seed": self.seed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Sampler.__init__(self, **state)

    # Which profiles there are

    def _select(self, columns: Columns) -> list[tuple[int, int]]:
        """Return the column and the number of alternatives of scenarios and of sets, and give them their columns."""
        made = []
        if self.uncertainty.scenarios:
            names = [DECLARED, *self.uncertainty.scenarios]
            (column,) = columns.add("scenarios", "scenarios", alternatives=names, nominal=0)
            made.append((column, len(names)))
        if self.uncertainty.sets and set(self.profile.sets) != {"base", "extended"}:
            names = [" and ".join(self.profile.sets), "base and extended"]
            (column,) = columns.add("selection: sets", "selection", alternatives=names, nominal=0)
            made.append((column, 2))
        return made

    def _profiles(self) -> list[Profile]:
        """Return the profile under every combination of scenarios and sets, as declared first."""
        scenarios: list[Scenario | None] = [None]
        scenarios += [self.profile.all_scenarios[name] for name in self.uncertainty.scenarios]
        made = []
        for one in scenarios:
            profile = self.profile if one is None else one.apply(self.profile)
            made.append(profile)
            if self.uncertainty.sets and set(self.profile.sets) != {"base", "extended"}:
                made.append(ALL_SETS.apply(profile))
        return made

    # Which factors there are

    def _panel(self, columns: Columns) -> int:
        """Return the column that picks a named set of weights, or an expert; -1 where there is none."""
        weights = self.uncertainty.weights
        if isinstance(weights, Sets):
            return columns.add("weights: sets", "weights", alternatives=list(weights.sets), nominal=self._set())[0]
        if isinstance(weights, Experts):
            count = max(map(len, weights.points.values()))
            names = [f"expert {number}" for number in range(1, count + 1)]
            return columns.add("weights: experts", "weights", alternatives=names)[0]
        return -1

    def _set(self) -> int | None:
        """Return which of the named sets weighs as declared."""
        declared = self.engine.weights
        for place, one in enumerate(self._sets(self.engine)):
            if one.shape == declared.shape and np.allclose(one, declared, rtol=0, atol=1e-15):
                return place
        return None

    def _sets(self, engine: Engine) -> Floats:
        """Return the weights of every named set, or of every expert, of shape (sets, nodes)."""
        weights = self.uncertainty.weights
        if isinstance(weights, Experts):
            return expert_weights(engine.tree, weights.points)
        assert isinstance(weights, Sets)
        names = set(engine.tree.nodes)
        made = []
        for one in weights.sets.values():
            given = {node: weight for node, weight in one.items() if node in names} if isinstance(one, Mapping) else one
            made.append(engine.choosing(weights=given or "declared").weights)
            refuse_by_case(made[-1])
        return np.array(made)

    def _leave(self, engines: Sequence[Engine], columns: Columns) -> dict[str, int]:
        """Return the column of each indicator that may be left out; one column for all where one is."""
        if self.uncertainty.leave_out is None:
            return {}
        names = list(dict.fromkeys(name for one in engines for name in one.indicators))
        if self.uncertainty.leave_out == "one":
            labels = ["none", *names]
            (column,) = columns.add("selection: left out", "selection", alternatives=labels, nominal=0)
            return dict.fromkeys(names, column)
        taken = columns.add("selection: left out", "selection", len(names))
        return dict(zip(names, taken, strict=True))

    def _alternatives(self, engines: Sequence[Engine], columns: Columns) -> tuple[dict[str, int], dict[str, int]]:
        """Return the columns of goalposts and of measures by indicator."""
        given: dict[str, tuple[list[str], list[str]]] = {}
        for engine in engines:
            for name, one in engine.profile.indicators.items():
                measures, posts = given.setdefault(name, (["main"], ["main"]))
                measures += [other.id for other in one.alternative_measures if other.id not in measures]
                posts += [other.id for other in one.alternative_goalposts if other.id not in posts]
        found: tuple[dict[str, int], dict[str, int]] = ({}, {})
        wanted = (self.uncertainty.goalposts, self.uncertainty.measures)
        for kind, chosen, made, place in zip(("goalposts", "measures"), wanted, found, (1, 0), strict=True):
            for name, labels in given.items():
                if (chosen if isinstance(chosen, bool) else name in chosen) and len(labels[place]) > 1:
                    # What an alternative measure is scored against may be another list; the share of it is what counts.
                    made[name] = columns.add(
                        f"{kind}: {name}",
                        "goalposts" if kind == "goalposts" else "measures",
                        alternatives=labels[place],
                        nominal=0,
                    )[0]
        return found[1], found[0]

    def _observations(self, columns: Columns) -> None:
        """Give every uncertain observation its columns."""
        self.facts, self.fact_columns = Facts({}), np.array([], dtype=np.int64)
        self._alternative_columns: dict[tuple[str, ...], int] = {}
        default = self.uncertainty.observations
        if not default:
            return
        named = "triangular" if default is True else default
        if self.profile.values is not None:
            used = list(dict.fromkeys(name for base in self.bases for name in base.used))
            self.facts = facts_of_table(self.profile.values, used, named)
        else:
            self.facts = facts_of_plans([(base.engine.profile, base.plan) for base in self.bases], named)
        by_name: dict[str, list[tuple[str, str]]] = {}
        for key in self.facts.table:
            by_name.setdefault(", ".join(key) if self.profile.values is not None else key[0], []).append(key)
        dimension = self._dimensions()
        place: dict[tuple[str, str], int] = {}
        for name, keys in by_name.items():
            taken = columns.add(f"observation: {name}", "observations", len(keys), dimension=dimension.get(keys[0], ""))
            place.update(zip(keys, taken, strict=True))
        self.fact_columns = np.array([place[key] for key in self.facts.table], dtype=np.int64)
        if self.profile.values is None:
            groups = dict.fromkeys(
                slot.observations for base in self.bases for slot in base.plan.slots if len(slot.observations) > 1
            )
            for names in groups:
                chosen = next(
                    slot.chosen for base in self.bases for slot in base.plan.slots if slot.observations == names
                )
                self._alternative_columns[names] = columns.add(
                    f"alternatives: {' or '.join(names)}",
                    "observations",
                    alternatives=names,
                    nominal=chosen,
                    dimension=dimension.get((names[0], "value"), ""),
                )[0]

    def _dimensions(self) -> dict[tuple[str, str], str]:
        """Return the child of the composite that each uncertain number feeds."""
        found: dict[tuple[str, str], set[str]] = {}
        for base in self.bases:
            framework = base.engine.profile.framework
            if base.of_table:
                by = {name: [name] for name in base.engine.indicators}
                for name, one in base.engine.profile.indicators.items():
                    if one.denominator is not None:
                        by.setdefault(one.denominator.variable, []).append(name)
                for key in self.facts.table:
                    found.setdefault(key, set()).update(_top(framework, name) for name in by.get(key[1], ()))
                continue
            for batch in base.plan.batches:
                for row, terms in enumerate(batch.terms):
                    name = base.plan.indicators[batch.indicator[row]].split(".", 1)[0]
                    for slot in {int(term) for term in terms[batch.mask[row]]}:
                        one_slot = base.plan.slots[slot]
                        for fact in one_slot.observations:
                            found.setdefault((fact, one_slot.part), set()).add(_top(framework, name))
        return {key: next(iter(tops)) if len(tops) == 1 else "several" for key, tops in found.items()}

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """The uncertain numbers, by observation and part, or by case and column."""
        parts = Counter(name for name, _ in self.facts.table)
        whole = self.profile.values is not None
        return tuple(
            f"observation: {name}" + (f", {part}" if whole or parts[name] > 1 or part != "value" else "")
            for name, part in self.facts.table
        )

    @cached_property
    def fact_place(self) -> Mapping[int, int]:
        """The place of an uncertain number by its column."""
        return {int(column): place for place, column in enumerate(self.fact_columns)}

    def parameter(self, column: int) -> Parameter:
        """Return the parameter of an aggregation that has a column."""
        return next(
            one
            for choice in self._choices
            for given in choice.parameters.values()
            for one in given
            if one.column == column
        )

    # What a point is worth

    @cached_property
    def moving(self) -> bool:
        """Whether the scores of indicators may differ between draws."""
        one = self.uncertainty
        kept = {"weights", "missing", "aggregate"}
        return any(
            getattr(one, name) != field.default for name, field in type(one).model_fields.items() if name not in kept
        )

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose scores are drawn: all, or dimensions alone where those of indicators do not move."""
        tree = self.engine.tree
        return tree.nodes if self.moving else tree.nodes[tree.indicator_count :]

    @property
    def index(self) -> pd.Index:
        """The rows: cases, or cases and periods."""
        return self.engine.index

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every combination of choices that a draw may have, the declared one first."""
        options = [range(count) for _, count in self._selections]
        methods = [range(-1 if one.nominal < 0 else 0, len(one.options)) for one in self._choices]
        return tuple(self._run(codes) for codes in product(*options, *methods))

    @cached_property
    def declared(self) -> Run:
        """The choices as declared."""
        return self._run([0] * len(self._selections) + [one.nominal for one in self._choices])

    @cached_property
    def comparable(self) -> bool:
        """Whether all draws score on one scale."""
        scales = {None if one.engine.ends is None else one.engine.ends for one in self._distinct_scales()}
        return len(scales) == 1 and (None not in scales or len(self._normalisations()) == 1)

    def _normalisations(self) -> Sequence[Any]:
        return self.uncertainty.normalise or (self.profile.methodology.normalise,)

    def _distinct_scales(self) -> list[Run]:
        """Return one combination for each base and normalisation."""
        where = [place for place, one in enumerate(self._choices) if one.step == "normalise"]
        made = []
        for base in range(len(self.bases)):
            start = list(np.unravel_index(base, [count for _, count in self._selections] or [1]))
            codes = [*start[: len(self._selections)], *(one.nominal for one in self._choices)]
            picks: Sequence[int] = [0]
            if where:
                one = self._choices[where[0]]
                picks = [*({one.nominal} - set(range(len(one.options)))), *range(len(one.options))]
            for pick in picks:
                mine = [int(code) for code in codes]
                if where:
                    mine[len(self._selections) + where[0]] = pick
                made.append(self._run(tuple(mine)))
        return made

    def _run(self, given: Sequence[int]) -> Run:
        """Return the engine of a combination of choices; what has no meaning under it is refused."""
        codes = tuple(map(int, given))
        if codes in self._runs:
            return self._runs[codes]
        place = 0
        for code, (_, count) in zip(codes, self._selections, strict=False):
            place = place * count + code
        base = self.bases[place]
        picked = codes[len(self._selections) :]
        engine = base.engine
        parameters: dict[str, dict[str, Parameter]] = {}
        changed = changes(self._choices, picked, engine.profile.methodology, engine.profile.framework.levels)
        if changed:
            engine = engine.choosing(**changed)
        try:
            engine.score()
        except MethodError as error:
            said = self._said(codes)
            raise MethodError(
                [Fault(": ".join(filter(None, (said, one.where))), one.what, one.mend) for one in error.faults]
            ) from None
        for one, code in zip(self._choices, picked, strict=True):
            for parameter in one.parameters.get(code, ()) if code >= 0 else ():
                for level in engine.methods if one.level is None else [one.level]:
                    parameters.setdefault(level, {})[parameter.name] = parameter
        self._runs[codes] = Run(base, engine, parameters)
        return self._runs[codes]

    def _said(self, codes: Sequence[int]) -> str:
        """Return a combination of choices in words."""
        named = [one for one in self.factors if one.alternatives and one.columns[0] in self._code_columns]
        return ", ".join(
            f"{one.name} = {one.alternatives[code]}" for one, code in zip(named, codes, strict=True) if code >= 0
        )

    @cached_property
    def _code_columns(self) -> tuple[int, ...]:
        return (*(column for column, _ in self._selections), *(one.column for one in self._choices))

    def _codes(self, u: Floats) -> Places:
        """Return the combination that each point picks, of shape (draws, choices)."""
        picked = [chosen_of(u[:, column], count, 0) for column, count in self._selections]
        picked += [one.codes(u) for one in self._choices]
        return np.stack(picked, axis=1) if picked else np.zeros((len(u), 0), dtype=np.int64)

    @cached_property
    def _outer(self) -> int:
        """How many choices decide the scores of indicators; those of the means come after."""
        return len(self._selections) + sum(one.step in {"impute", "treat", "normalise"} for one in self._choices)

    @cached_property
    def batch(self) -> int:
        """So many draws are in work at a time."""
        return max(1, CELLS // max(1, len(self.index) * (self.engine.tree.indicator_count if self.moving else 1)))

    @cached_property
    def nominal_of_nodes(self) -> Floats:
        """The scores as declared of the nodes that are drawn, of shape (nodes, rows)."""
        tree = self.engine.tree
        return self.nominal.T if self.moving else self.nominal.T[tree.indicator_count :]

    def widths(self, u: Floats) -> Floats:
        """Return how wide the scale is on which each point is scored, of shape (draws,)."""
        made = np.empty(len(u))
        for rows, picked in parts(self._codes(u)):
            made[rows] = self._run(picked).width
        return made

    def scores(self, u: Floats) -> Floats:
        """Return the scores of points.

        Parameters
        ----------
        u : array of shape (draws, dimensions)
            From 0 to 1; NaN leaves a factor as declared.

        Returns
        -------
        array of shape (draws, nodes, rows)
            NaN where a node is missing.
        """
        out = np.empty((len(u), len(self.nodes), len(self.index)))
        for start in range(0, len(u), self.batch):
            block, into = u[start : start + self.batch], out[start : start + self.batch]
            drawn = self.facts.draw(block[:, self.fact_columns]) if self.facts.table else block[:, :0]
            codes = self._codes(block)
            for rows, _ in parts(codes[:, : self._outer]):
                mine, theirs = block[rows], codes[rows]
                normalised = self._normalised(self._run(theirs[0]), mine, drawn[rows]) if self.moving else None
                for places, picked in parts(theirs[:, self._outer :]):
                    within = places if isinstance(rows, slice) else rows[places]
                    run = self._run((*theirs[0, : self._outer], *picked))
                    made = self._score(run, mine[places], None if normalised is None else normalised[places])
                    self._place(run, made, into, within)
        return out

    def _place(self, run: Run, made: Floats, into: Floats, rows: Places | slice) -> None:
        """Write the scores of a run's nodes of shape (draws, nodes, rows) where those of the profile stand."""
        nodes = run.engine.tree.nodes[len(run.engine.tree.nodes) - made.shape[1] :]
        if nodes == self.nodes:
            into[rows] = made
            return
        place = {node: at for at, node in enumerate(nodes)}
        found = [(at, place[node]) for at, node in enumerate(self.nodes) if node in place]
        here, there = (np.array(one) for one in zip(*found, strict=True))
        spread = np.full((made.shape[0], len(self.nodes), made.shape[2]), np.nan)
        spread[:, here] = made[:, there]
        into[rows] = spread

    def _score(self, run: Run, u: Floats, normalised: Floats | None) -> Floats:
        """Return the scores of points, of shape (draws, nodes, rows); of dimensions alone where all else rests."""
        engine = run.engine
        included = self.included(engine, u)
        weights = self.weights(run, u, included)
        if normalised is None:
            if run.arithmetic and weights.ndim == 2:
                return linear(engine.tree, engine.normalised, weights, engine.thresholds)
            normalised = np.broadcast_to(engine.normalised, (len(u), *engine.normalised.shape))
        methods = self._methods(run, u)
        floor = engine.profile.methodology.floor
        made = aggregate(engine.tree, normalised, weights, methods, engine.thresholds, floor=floor, included=included)
        scores = made.scores.swapaxes(-1, -2)
        if floor is None:
            self._refuse_zeros(engine, scores, weights)
        return scores if self.moving else scores[:, engine.tree.indicator_count :]

    def _methods(self, run: Run, u: Floats) -> Mapping[str, tuple[Method, Mapping[str, Any]]]:
        """Return the aggregation of each level, with the parameters of each draw."""
        return {
            level: (
                method,
                {
                    **given,
                    **{name: one.values(u)[:, None, None] for name, one in run.parameters.get(level, {}).items()},
                },
            )
            for level, (method, given) in run.engine.methods.items()
        }

    def _refuse_zeros(self, engine: Engine, scores: Floats, weights: Floats) -> None:
        """Raise MethodError where a mean that needs positive scores meets others in a draw."""
        faults = []
        for family in engine.tree.families:
            method, _ = engine.methods[family.level]
            if not method.positive:
                continue
            low = (scores[:, family.children] <= 0).any(axis=-1)
            mine = np.broadcast_to(
                weights if weights.ndim == 2 else weights.max(axis=-2), (len(scores), weights.shape[-1])
            )
            for child in np.flatnonzero((low & (mine[:, family.children] > 0)).any(axis=0)):
                name = engine.tree.nodes[family.children[child]]
                what = f"the {method.name} mean needs positive scores and '{name}' has none in some draws"
                mend = "Declare a floor, for instance floor = 1, or aggregate otherwise."
                faults.append(Fault(engine.tree.nodes[family.parent], what, mend))
        if faults:
            raise MethodError(faults)

    # Values

    @cached_property
    def _slots(self) -> list[Slots | None]:
        drawn = bool(self.facts.table or self._alternative_columns)
        return [
            Slots.of(base.plan, self.facts, self._alternative_columns) if drawn and not base.of_table else None
            for base in self.bases
        ]

    @cached_property
    def _completed(self) -> list[Floats]:
        """The tables that multiple imputation completes, of shape (tables, rows, indicators), for each base."""
        return [
            multiple_imputation(one.engine.raw, one.engine.layout, tables=self.uncertainty.imputations, rng=self.seed)
            for one in self.bases
        ]

    def _normalised(self, run: Run, u: Floats, drawn: Floats) -> Floats:
        """Return the scores of indicators, of shape (draws, rows, indicators)."""
        base, engine = run.base, run.engine
        place = self.bases.index(base)
        raw, scales = base.chosen(u, base.raw(u, self.facts, drawn, self._slots[place]))
        if self._tables:
            raw = self._impute(place, u, np.broadcast_to(raw, (len(u), *raw.shape[-2:])))
        same = raw.ndim == 2 and scales is engine.scales
        if same:
            return np.broadcast_to(engine.normalised, (len(u), *engine.normalised.shape))
        normalised = engine.normalise(engine.treat(engine.impute(raw)), scales)
        return np.broadcast_to(normalised, (len(u), *normalised.shape[-2:]))

    def _impute(self, place: int, u: Floats, raw: Floats) -> Floats:
        column = u[:, self._tables[0]]
        tables = self._completed[place]
        filled = tables[chosen_of(column, len(tables), 0)]
        # As declared, gaps stay for the methodology to fill.
        return np.where(np.isnan(raw) & ~np.isnan(column)[:, None, None], filled, raw)

    # Weights

    def included(self, engine: Engine, u: Floats) -> Mask | None:
        """Return which nodes take part, of shape (draws, nodes); None where all do."""
        if not self._leave_out:
            return None
        tree = engine.tree
        included = np.ones((len(u), len(tree.nodes)), dtype=bool)
        names = list(self._leave_out)
        at = np.array([names.index(name) for name in engine.indicators])
        if self.uncertainty.leave_out == "one":
            gone = chosen_of(u[:, self._leave_out[names[0]]], len(names) + 1, 0) - 1
            included[:, : tree.indicator_count] = at != gone[:, None]
        else:
            x = u[:, [self._leave_out[name] for name in names]][:, at]
            fewest = max(1, round(float(self.uncertainty.leave_out or 0) * len(at)))
            last = np.sort(np.nan_to_num(x, nan=np.inf), axis=1)[:, [fewest - 1]]
            included[:, : tree.indicator_count] = ~(x <= last)
        for family in tree.families:
            included[:, family.parent] = included[:, family.children].any(axis=1)
        return included

    @cached_property
    def _drawn(self) -> list[list[Drawn]]:
        """The families of each base whose weights are drawn."""
        found = []
        for base in self.bases:
            tree = base.engine.tree
            found.append(
                [
                    Drawn.of(tree, family, self.families[tree.nodes[family.parent]])
                    for family in tree.families
                    if tree.nodes[family.parent] in self.families and len(family.children) > 1
                ]
            )
        return found

    def weights(self, run: Run, u: Floats, included: Mask | None) -> Floats:
        """Return weights of shape (draws, nodes), or (draws, rows, nodes) where each case has its own."""
        engine = run.engine
        declared = engine.weights
        drawn = self._drawn[self.bases.index(run.base)]
        if declared.ndim > 1:
            if drawn or self._experts >= 0:
                refuse_by_case(declared)
            weights = np.broadcast_to(declared, (len(u), *declared.shape)).copy()
            if included is not None:
                weights *= included[:, None, :]
            return weights
        if self._experts >= 0:
            sets = self._set_weights(run)
            column = u[:, self._experts]
            weights = sets[chosen_of(column, len(sets), 0)]
            weights[np.isnan(column)] = declared
        else:
            weights = np.repeat(declared[None, :], len(u), axis=0)
        for one in drawn:
            weights[:, one.children] = one.weights(u, declared[one.children])
        if included is not None:
            weights *= included
            self._recount(engine, weights, included)
        return weights

    def _set_weights(self, run: Run) -> Floats:
        kept: Floats | None = run.__dict__.get("set_weights")
        if kept is None:
            kept = run.__dict__["set_weights"] = self._sets(run.engine)
        return kept

    def _recount(self, engine: Engine, weights: Floats, included: Mask) -> None:
        """Scale the weights of dimensions that weigh as much as they have indicators, where some are left out."""
        tree = engine.tree
        number = included.astype(float)
        for family in tree.families:
            number[:, family.parent] = number[:, family.children].sum(axis=1)
        counted = counted_nodes(engine)
        weights[:, counted] *= number[:, counted] / tree.leaves()[counted]


def parts(codes: Places) -> Iterator[tuple[Any, Places]]:
    """Yield the rows of each distinct combination of codes, and the combination."""
    if not codes.shape[1] or (codes == codes[:1]).all():
        yield slice(None), codes[0]
        return
    distinct, which = np.unique(codes, axis=0, return_inverse=True)
    which = which.reshape(-1)
    for number, one in enumerate(distinct):
        yield np.flatnonzero(which == number), one


def counted_nodes(engine: Engine) -> Places:
    """Return the dimensions whose weight is the number of their indicators."""
    choice, framework, tree = engine.profile.methodology.weights, engine.profile.framework, engine.tree
    method, given = choice.method, choice.parameters.get("weights", {})
    if method == "mapping":
        method = choice.parameters.get("others", "declared")
    names = tree.nodes[tree.indicator_count : -1]
    if method == "declared":
        names = tuple(name for name in names if framework.dimensions[name].weight == "indicators")
    elif method != "equal_indicators":
        names = ()
    return np.array([tree.nodes.index(name) for name in names if name not in given], dtype=np.int64)


def _top(framework: Framework, name: str) -> str:
    """Return the child of the composite under which an indicator stands, or the indicator itself."""
    path = framework.path(name)
    return path[1] if len(path) > 1 else name

"""Take stock of what is uncertain in a profile: its factors, and the columns of the points that each is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from softpower.draws.base import Base, Labels
from softpower.draws.choices import Choices, Parameter, method_choices
from softpower.draws.factors import Columns, Factor, Kind
from softpower.draws.facts import Facts, Key, Places, facts_of_plans, facts_of_table
from softpower.draws.weights import FamilyWeights, WeightSets, family_weights, weight_sets
from softpower.engine import Engine
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.indicator import TABLE
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.scenario_parts import DECLARED
from softpower.model.uncertainty import Uncertainty

ALL_SETS = Scenario(title="Base and extended set", sets=("base", "extended"))


@dataclass(frozen=True)
class Inventory:
    """Everything that is drawn.

    Structural choices, weights and goalposts take the first columns, observations the last: the first dimensions of
    Sobol points are the most even.

    Parameters
    ----------
    engine : Engine
        The profile as declared.
    uncertainty : Uncertainty
    bases : sequence of Base
        The profile under every combination of scenarios and sets, as declared first.
    selections : sequence of (column, alternatives)
        Scenarios, then sets.
    choices : sequence of Choices
        Of methods.
    sets : WeightSets, optional
        Named sets of weights, or experts.
    families : mapping of dimension to FamilyWeights
    leave_out : mapping of indicator to column
        One column for all where one indicator may be left out.
    table_column : int
        The column that picks one of the tables that are completed by multiple imputation; -1 without.
    facts : Facts
        The numbers of observations that may be otherwise.
    fact_columns : int array
        Their columns.
    alternatives : mapping of observations to column
        Which of several alternative observations holds.
    listed : tuple of Factor
        Without the cells of a table, which may be many.
    dimension : mapping of column to dimension
        Of the columns of a table.
    dimensions : int
        How many columns there are.
    """

    engine: Engine
    uncertainty: Uncertainty
    bases: Sequence[Base]
    selections: Sequence[tuple[int, int]]
    choices: Sequence[Choices]
    sets: WeightSets | None
    families: Mapping[str, FamilyWeights]
    leave_out: Mapping[str, int]
    table_column: int
    facts: Facts
    fact_columns: Places
    alternatives: Mapping[tuple[str, ...], int]
    listed: tuple[Factor, ...]
    dimension: Mapping[str, str]
    dimensions: int

    @classmethod
    def of(cls, profile: Profile, uncertainty: Uncertainty) -> Inventory:
        """Return what is uncertain in a profile.

        Raises
        ------
        SoftPowerError
            If something that is to be drawn has no meaning for the profile.
        """
        columns, engine = Columns(), Engine(profile)
        selections = _selections(profile, uncertainty, columns)
        choices = method_choices(uncertainty, profile.methodology, columns)
        engines = [engine, *(Engine(one) for one in _variants(profile, uncertainty))]
        sets = weight_sets(uncertainty, engine, columns)
        families = family_weights(uncertainty, [one.tree for one in engines], columns)
        leave_out = _leave_out(uncertainty, engines, columns)
        posts = _alternatives("goalposts", uncertainty, engines, columns)
        measures = _alternatives("measures", uncertainty, engines, columns)
        table = columns.add("imputation: table", "imputation")[0] if uncertainty.imputations else -1
        bases = [Base(one, measures, posts) for one in engines]
        facts = _facts(bases, uncertainty)
        if profile.values is not None:
            tops = _dimensions_of_columns(bases)
            fact_columns, alternatives = np.array(columns.take(len(facts.table)), dtype=np.int64), {}
        else:
            dimension, tops = _dimensions(bases), {}
            fact_columns = _fact_columns(facts, dimension, columns)
            alternatives = _alternative_columns(bases, uncertainty, dimension, columns)
        return cls(
            engine,
            uncertainty,
            bases,
            selections,
            choices,
            sets,
            families,
            leave_out,
            table,
            facts,
            fact_columns,
            alternatives,
            tuple(columns.factors),
            tops,
            columns.count,
        )

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Everything that is drawn by name; each cell of a table is one."""
        if self.engine.profile.values is None:
            return self.listed
        cells = zip(self.fact_names, self.facts.table, self.fact_columns.tolist(), strict=True)
        return self.listed + tuple(
            Factor(name, "observations", (column,), dimension=self.dimension[key[1]]) for name, key, column in cells
        )

    @cached_property
    def fact_run(self) -> slice | Places:
        """Their columns, as a slice where they lie side by side, which needs no copy of the points."""
        columns = self.fact_columns
        if len(columns) and (np.diff(columns) == 1).all():
            return slice(int(columns[0]), int(columns[-1]) + 1)
        return columns

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """The uncertain numbers, by observation and part, or by case and column."""
        parts = Counter(name for name, _ in self.facts.table)
        whole = self.engine.profile.values is not None
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
            for choice in self.choices
            for given in choice.parameters.values()
            for one in given
            if one.column == column
        )


def _draws_sets(profile: Profile, uncertainty: Uncertainty) -> bool:
    return uncertainty.sets and set(profile.sets) != {"base", "extended"}


def _selections(profile: Profile, uncertainty: Uncertainty, columns: Columns) -> list[tuple[int, int]]:
    """Return the column and the number of alternatives of scenarios and of sets."""
    made = []
    if uncertainty.scenarios:
        names = [DECLARED, *uncertainty.scenarios]
        (column,) = columns.add("scenarios", "scenarios", alternatives=names, nominal=0)
        made.append((column, len(names)))
    if _draws_sets(profile, uncertainty):
        names = [" and ".join(profile.sets), "base and extended"]
        (column,) = columns.add("selection: sets", "selection", alternatives=names, nominal=0)
        made.append((column, 2))
    return made


def _variants(profile: Profile, uncertainty: Uncertainty) -> list[Profile]:
    """Return the profile under every combination of scenarios and sets but the declared one, the sets fastest."""
    made = []
    for name in (None, *uncertainty.scenarios):
        one = profile if name is None else profile.all_scenarios[name].apply(profile)
        made.append(one)
        if _draws_sets(profile, uncertainty):
            made.append(ALL_SETS.apply(one))
    return made[1:]


def _leave_out(uncertainty: Uncertainty, engines: Sequence[Engine], columns: Columns) -> dict[str, int]:
    """Return the column of each indicator that may be left out."""
    if uncertainty.leave_out is None:
        return {}
    names = list(dict.fromkeys(name for one in engines for name in one.indicators))
    if uncertainty.leave_out == "one":
        (column,) = columns.add("selection: left out", "selection", alternatives=["none", *names], nominal=0)
        return dict.fromkeys(names, column)
    return dict(zip(names, columns.add("selection: left out", "selection", len(names)), strict=True))


def _alternatives(kind: str, uncertainty: Uncertainty, engines: Sequence[Engine], columns: Columns) -> Labels:
    """Return the column and the ids of each indicator whose measures, or goalposts, are drawn."""
    labels: dict[str, list[str]] = {}
    chosen = getattr(uncertainty, kind)
    if kind == "measures" and engines[0].profile.values is not None:
        if isinstance(chosen, tuple) and chosen:
            raise MethodError.of("uncertainty.measures", TABLE, "Leave it out, or score observations.")
        # Asked for all there are, and there are none.
        return {}
    for engine in engines:
        for name, one in engine.profile.indicators.items():
            mine = labels.setdefault(name, ["main"])
            ids = [other.id for other in one.alternative_measures]
            if kind == "goalposts":
                posts = [one.goalposts, *(other.goalposts for other in one.alternative_measures)]
                ids = [other.id for each in posts if each is not None for other in each.alternatives]
            mine += [other for other in dict.fromkeys(ids) if other not in mine]
    about: Kind = "measures" if kind == "measures" else "goalposts"
    return {
        name: (columns.add(f"{kind}: {name}", about, alternatives=mine, nominal=0)[0], mine)
        for name, mine in labels.items()
        if len(mine) > 1 and (chosen if isinstance(chosen, bool) else name in chosen)
    }


def _facts(bases: Sequence[Base], uncertainty: Uncertainty) -> Facts:
    """Return the numbers of observations that may be otherwise."""
    if not uncertainty.observations:
        return Facts({})
    default = "triangular" if uncertainty.observations is True else uncertainty.observations
    values = bases[0].engine.profile.values
    if values is None:
        return facts_of_plans([(base.engine.profile, base.plan) for base in bases], default)
    return facts_of_table(values, list(dict.fromkeys(name for base in bases for name in base.used)), default)


def _fact_columns(facts: Facts, dimension: Mapping[Key, str], columns: Columns) -> Places:
    """Give each observation a factor, with a column for each of its uncertain numbers."""
    by_name: dict[str, list[Key]] = {}
    for key in facts.table:
        by_name.setdefault(key[0], []).append(key)
    place: dict[Key, int] = {}
    for name, keys in by_name.items():
        taken = columns.add(f"observation: {name}", "observations", len(keys), dimension=dimension[keys[0]])
        place.update(zip(keys, taken, strict=True))
    return np.array([place[key] for key in facts.table], dtype=np.int64)


def _alternative_columns(
    bases: Sequence[Base], uncertainty: Uncertainty, dimension: Mapping[Key, str], columns: Columns
) -> dict[tuple[str, ...], int]:
    """Return the column that picks one of some alternative observations, or of the readings of one fact."""
    if not uncertainty.observations:
        return {}
    used = (base.plan.slots[place] for base in reversed(bases) for place in base.plan.used)
    groups = {slot.observations: slot for slot in used}
    return {
        names: columns.add(
            f"alternatives: {' or '.join(names)}",
            "observations",
            alternatives=names,
            nominal=slot.chosen,
            dimension=dimension.get((names[0], slot.part), ""),
        )[0]
        for names, slot in groups.items()
        if len(names) > 1
    }


def _dimensions_of_columns(bases: Sequence[Base]) -> dict[str, str]:
    """Return the child of the composite that each column of a table feeds, or "several"."""
    found: dict[str, set[str]] = {name: set() for base in bases for name in base.used}
    for base in bases:
        for name, one in base.engine.profile.indicators.items():
            top = _top(base.engine.profile.framework, name)
            for column in [name] if one.denominator is None else [name, one.denominator.variable]:
                found[column].add(top)
    return {column: next(iter(tops)) if len(tops) == 1 else "several" for column, tops in found.items()}


def _dimensions(bases: Sequence[Base]) -> dict[Key, str]:
    """Return the child of the composite that each number of an observation feeds, or "several"."""
    found: dict[Key, set[str]] = {}
    for base in bases:
        framework = base.engine.profile.framework
        for batch in base.plan.batches:
            for row, terms in enumerate(batch.terms):
                name = base.owner(int(batch.indicator[row]))
                for slot in (base.plan.slots[int(term)] for term in terms[batch.mask[row]]):
                    for fact in slot.observations:
                        found.setdefault((fact, slot.part), set()).add(_top(framework, name))
    return {key: next(iter(tops)) if len(tops) == 1 else "several" for key, tops in found.items()}


def _top(framework: Framework, name: str) -> str:
    """Return the child of the composite under which an indicator stands, or the indicator itself."""
    path = framework.path(name)
    return path[1] if len(path) > 1 else name

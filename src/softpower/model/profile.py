"""Profiles: one study, with everything that a score needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from softpower.errors import SpecificationError, did_you_mean, problem, raise_all
from softpower.files import write_folder
from softpower.model.as_of import Day, Undated, known_by
from softpower.model.base import Case, FrozenDict, Id, Model, Problem, Table, Text, fault_of, sound, unknown, with_more
from softpower.model.claim import Claim
from softpower.model.declarations import claim_problems, uncertainty_problems
from softpower.model.framework import Framework
from softpower.model.framework_problems import clashes
from softpower.model.indicator import Indicator, Rate, Ratio, Sum, Value
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation, readings
from softpower.model.patching import name_problems, patched, without_weights
from softpower.model.period import Moment, Period
from softpower.model.reference import Source
from softpower.model.saving import NAMES, profile_files
from softpower.model.scenario import Scenario, Unobserved
from softpower.model.uncertainty import Uncertainty
from softpower.model.unit import Unit
from softpower.model.values import Values
from softpower.model.variable import Variable

Found = Iterable[Problem]
DECLARED = "declared"
"""The name under which the profile itself stands among its scenarios."""


class Profile(Model):
    """One study: framework, observations or a table of values, sources, methodology.

    Parameters
    ----------
    cases : tuple of str
        What is scored, for instance ``("EU>KAZ",)``: who acts > on whom. With a table of values they are its rows.
    window : Period
        The span of time that the study covers; rates and shares of time are per window. A table needs none.
    values : Values, optional
        Indicators' values by case and period, in the place of observations; `softpower.from_frame` makes it.
    sets : tuple
        Which indicators enter: ``base``, ``extended`` or both.
    methodology : Methodology, optional
        The choices; without them those of the framework, where it has its own.
    left_out : tuple of str
        Indicators, or dimensions with all that hangs under them, that do not enter.
    scenarios : mapping of id to Scenario
        What else could have been chosen.
    uncertainty : Uncertainty
        What could be otherwise and how it is drawn; nothing unless it is declared.
    claims : tuple of Claim
        Statements about the scores that draws are held against.
    caveats : tuple of str
        What a reader must know before citing a score; printed with it.
    """

    id: Id
    title: Text
    summary: Text | None = None
    framework: Framework
    cases: tuple[Case, ...] = ()
    window: Period | None = None
    observations: tuple[Observation, ...] = ()
    values: Values | None = None
    sources: Table[Id, Source] = Field(default_factory=dict)
    methodology: Methodology = Field(default_factory=Methodology)
    sets: Annotated[tuple[Literal["base", "extended"], ...], Field(min_length=1)] = ("base",)
    left_out: tuple[Id, ...] = ()
    caveats: tuple[Text, ...] = ()
    scenarios: Table[Id, Scenario] = Field(default_factory=dict)
    uncertainty: Uncertainty = Uncertainty()
    claims: tuple[Claim, ...] = ()

    @field_validator("window")
    @classmethod
    def _closed(cls, window: Period | None) -> Period | None:
        if window is not None and (window.start is None or window.end is None):
            raise problem("the window is open", "Give it both a start and an end.")
        return window

    @model_validator(mode="wrap")
    @classmethod
    def _all_faults(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Name faulty rows also where the window, the methodology or another key cannot be parsed."""
        framework = data.get("framework") if isinstance(data, Mapping) else None
        if isinstance(framework, Framework) and framework.methodology is not None and "methodology" not in data:
            data = {**data, "methodology": framework.methodology}
        try:
            return handler(data)
        except ValidationError as error:
            at_fault = {one["loc"][:1] for one in error.errors()}
            needed = {"framework", "cases", "observations", "sources"}
            if isinstance(data, Mapping) and data.get("values") is not None:
                raise
            if not isinstance(data, Mapping) or not needed <= set(data) or at_fault & {(name,) for name in needed}:
                raise
            if not isinstance(data["framework"], Framework) or not all(
                isinstance(one, Observation) for one in data["observations"]
            ):
                raise
            window = Period.model_construct(start=Moment("0001"), end=Moment("9999"))
            partial = cls.model_construct(
                **{name: data[name] for name in needed - {"cases"}}, cases=tuple(data["cases"]), window=window
            )
            scenarios = {name: one for name, one in sound(Scenario, data.get("scenarios")).items() if one is not None}
            more = [*partial._row_problems(), *partial._named_problems(scenarios)]  # noqa: SLF001 - its own class
            raise with_more(error, "Profile", more) from None

    @model_validator(mode="after")
    def _resolved(self) -> Self:
        parts: list[Problem] = [*self._name_problems()]
        if self.values is not None:
            parts += self._table_problems(self.values)
        else:
            parts += self._study_problems()
            if self.window is not None:
                parts += [*self._row_problems(), *self._rate_problems(self.window), *self._clash_problems()]
        raise_all("Profile", parts or self._scenario_problems())
        return self

    @cached_property
    def index(self) -> pd.Index:
        """What is scored, row by row: an index of cases, or of cases and periods."""
        return pd.Index(self.cases, name="case") if self.values is None else self.values.index

    @property
    def span(self) -> str:
        """The time that the study covers, as a text; empty where none is stated."""
        if self.window is not None:
            return str(self.window)
        periods = None if self.values is None else self.values.periods
        return "" if not periods else str(periods[0]) if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators that enter: those of the chosen sets that are not left out."""
        return self.framework.entering(self.sets, self.left_out)

    @cached_property
    def all_scenarios(self) -> Mapping[str, Scenario]:
        """The declared scenarios, then one for each alternative of an indicator that enters.

        These are named ``INDICATOR.ALTERNATIVE``; where a measure and goalposts share an id, the goalposts' one is
        ``INDICATOR.ALTERNATIVE.goalposts``.
        """
        return FrozenDict({**self.scenarios, **self._alternatives()})

    def _alternatives(self) -> dict[str, Scenario]:
        made: dict[str, Scenario] = {}
        for name, one in self.indicators.items():
            for measure in one.alternative_measures:
                made[f"{name}.{measure.id}"] = Scenario(
                    title=measure.title, reason=measure.reason, measures={name: measure.id}
                )
            for posts in getattr(one.goalposts, "alternatives", ()):
                key = f"{name}.{posts.id}"
                made[f"{key}.goalposts" if key in made else key] = Scenario(
                    title=f"{one.title}, from {posts.low:g} to {posts.high:g}",
                    reason=posts.reason,
                    goalposts={name: posts.id},
                )
        return made

    def without(self, *nodes: str, sources: Iterable[str] = (), observations: Iterable[str] = ()) -> Self:
        """Return the profile without some indicators, dimensions, sources of facts or single facts.

        What stays keeps its declared weight; a dimension of weight ``"indicators"`` counts those that stay. Scenarios
        that name a fact that is gone go with it.

        Parameters
        ----------
        *nodes : str
            Indicators, or dimensions with all that hangs under them.
        sources : iterable of str
            Sources whose facts, or cells of a table, are taken away.
        observations : iterable of str
            Ids of facts that are taken away.

        Raises
        ------
        SpecificationError
            For every unknown name; if no indicator is left; or if what is left is no sound profile.

        Notes
        -----
        Misleads where much leaves: a composite of what is left may be about something else.

        Examples
        --------
        >>> from softpower import load_profile
        >>> profile = load_profile("kazakhstan").without("economic_ties", sources=["interview_3"])
        >>> len(profile.indicators)
        29
        """
        leaving = Unobserved(sources=_names(sources), ids=_names(observations))
        found = [
            *unknown(("nodes",), nodes, [*self.framework.dimensions, *self.framework.indicators], "node"),
            *unknown(("sources",), leaving.sources, self.sources, "source"),
            *unknown(("observations",), leaving.ids, {one.id for one in self.observations}, "observation"),
        ]
        if found:
            raise SpecificationError([fault_of("without", one) for one in found])
        left_out = tuple(dict.fromkeys((*self.left_out, *nodes)))
        kept = self.framework.entering(self.sets, left_out)
        before, after = (
            {node for one in names for node in self.framework.path(one)} for names in (self.indicators, kept)
        )
        facts = [one for one in self.observations if not leaving.names(one)]
        return self.replace(
            left_out=left_out,
            methodology=without_weights(self.methodology, before - after),
            observations=facts,
            values=None if self.values is None else self.values.without_sources(leaving.sources),
            **self._on(facts, kept),
        )

    def as_of(self, day: Day, *, undated: Undated = "leave_out") -> Profile:
        """Return the profile as of a day: the window ends there, and facts are those that count by then.

        An event or a spell counts from its start. Before, it has not happened: its value is 0, not missing. A spell
        that goes on is cut. Everything else counts from the end of its period, so nothing leaks from the future; with
        an open end the period reaches to the window's end, and the fact counts there alone.

        Parameters
        ----------
        day : int, str or date
            A year, a text such as ``"2005-06"``, or a date, inside the window; it stands for its last day.
        undated : {"leave_out", "constant"}
            Facts without start and end are left out, or hold on every day; these have the flag ``held_constant``.

        Returns
        -------
        Profile
            Of a table of values, the periods that have ended by then. Scenarios that name a fact that is gone go with
            it; whether another fits shows when it is applied.

        Raises
        ------
        SpecificationError
            If the day is none or lies outside the window, or a table has no periods; if what is left is no sound
            profile.

        Notes
        -----
        Events that lie ahead have the flag ``not_yet``. An event whose coarse date straddles the day may have happened
        or not: its bounds are 0 and 1, it counts from the middle of the date on, and its flag is ``perhaps_not_yet``.
        An event of value 0 says that something did not happen in a span, so it had not happened before either. Where
        the preferred one of several alternatives does not count yet, none of them does. Rows that feed no score stay.

        Misleads where it is read as what people knew on that day: it is what sources that look back date by then.

        Examples
        --------
        >>> from softpower import load_profile
        >>> before = load_profile("kazakhstan").as_of(2005)
        >>> before.span, [one.value for one in before.observed("enhanced_agreement", "EU>KAZ")]
        ('1991 to 2005', [0.0])
        """
        changes = known_by(self, day, undated)
        named = self._on(changes.get("observations", ()), self.indicators)
        changed = self.replace(**changes, scenarios={}, uncertainty=self.uncertainty.replace(scenarios=()))
        # The scenarios were sound before, and to check them all again takes longer than a score.
        kept = {name: getattr(changed, name) for name in type(self).model_fields} | named
        return type(self).model_construct(**kept | {"scenarios": FrozenDict(named["scenarios"])})

    def _on(self, facts: Sequence[Observation], entering: Iterable[str]) -> dict[str, Any]:
        """Return scenarios and uncertainty without the scenarios that name what some facts and indicators lack."""
        scenarios = {
            name: one
            for name, one in self.scenarios.items()
            if not any(name_problems(one, self.framework, facts, self.sources))
        }
        named = [
            name for name in self.uncertainty.scenarios if name in scenarios or name.split(".", 1)[0] in set(entering)
        ]
        return {"scenarios": scenarios, "uncertainty": self.uncertainty.replace(scenarios=tuple(named))}

    @cached_property
    def _observed(self) -> Mapping[tuple[str, str], tuple[Observation, ...]]:
        grouped: dict[tuple[str, str], list[Observation]] = defaultdict(list)
        for one in self.observations:
            if one.variable is not None:
                grouped[one.variable, one.case].append(one)
        return {key: tuple(group) for key, group in grouped.items()}

    def observed(self, variable: str, case: str) -> tuple[Observation, ...]:
        """Return the observations of a variable for a case; the most specific ones win.

        A fact about ``EU>KAZ`` wins over one about ``EU>*`` or ``*>KAZ``.
        """
        for pattern in patterns(case):
            if group := self._observed.get((variable, pattern)):
                return group
        return ()

    def to_files(self) -> dict[str, str]:
        """Return the texts of the profile's folder by file name, its framework in ``spec``.

        Raises
        ------
        SoftPowerError
            If something cannot be written so that it reads back as it is.

        Examples
        --------
        >>> import softpower
        >>> list(softpower.load_profile("kazakhstan").to_files())[:3]
        ['profile.toml', 'observations.csv', 'sources.toml']
        """
        return profile_files(self)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write the profile as a folder that ``load_profile`` reads back as equal, and return the folder.

        The folder holds all that a score needs, the framework included, so it can be handed over. It is written
        whole or not at all. Comments of the files that the profile was read from are not in it.

        Parameters
        ----------
        folder : str or Path
            Where to write; the folder above must exist.
        overwrite : bool
            Whether a folder that is there already may be replaced. It must be empty or hold a profile; other files
            in it survive.

        Raises
        ------
        FileError
            If the folder is there already, or cannot be written.
        SoftPowerError
            If something cannot be written so that it reads back as it is.

        Examples
        --------
        >>> import tempfile, softpower
        >>> profile = softpower.load_profile("kazakhstan")
        >>> with tempfile.TemporaryDirectory() as above:
        ...     softpower.load_profile(profile.save(f"{above}/mine")) == profile
        True
        """
        return write_folder(folder, self.to_files(), overwrite=overwrite, stale=NAMES)

    def _study_problems(self) -> Found:
        """What a profile of observations needs."""
        if not self.cases:
            yield ("cases",), problem("no case is named", 'Name what is scored, for instance ["EU>KAZ"].')
        if self.window is None:
            yield ("window",), problem("the key 'window' is missing", "Write { start = 1991, end = 2022 }.")
        for name, one in self.indicators.items():
            if one.measure is None:
                yield (
                    ("framework", "indicators", name, "measure"),
                    problem(
                        "the indicator has no measure, so no observation feeds it",
                        'Give it one, for instance kind = "value", or score a table of values.',
                    ),
                )

    def _table_problems(self, table: Values) -> Found:
        """What does not go with a table of values, and columns that nothing uses."""
        for key, given in (("observations", self.observations), ("cases", self.cases)):
            if given:
                yield (key,), problem(f"the profile has a table of values and {key} as well", f"Leave {key} out.")
        known = {*self.framework.indicators, *self.framework.denominators}
        for name in table.columns:
            if name not in known:
                yield ("values", name), problem(f"there is no indicator '{name}'", did_you_mean(name, known))
        for name in self.framework.denominators & {*table.columns}:
            for row in np.flatnonzero(table.column(name, "low") <= 0)[:1]:
                where = ", ".join(map(str, np.atleast_1d(table.index[row])))
                what = f"the denominator of {where} is zero or below, or can be within its bounds"
                yield ("values", name), problem(what, "Correct it, or leave the cell empty.")
        for name in table.sources:
            if name not in self.sources:
                yield ("values",), problem(f"there is no source '{name}'", did_you_mean(name, self.sources))

    def _name_problems(self) -> Found:
        for case in self.cases:
            if "*" in case:
                yield ("cases",), problem(f"'{case}' is a pattern, not a case", "Name what is scored, like EU>KAZ.")
        for case in sorted(case for case, count in Counter(self.cases).items() if count > 1):
            yield ("cases",), problem(f"the case '{case}' is named twice", "Name each case once.")
        yield from unknown(
            ("left_out",), self.left_out, {*self.framework.dimensions, *self.framework.indicators}, "node"
        )
        if not self.framework.entering(self.sets):
            yield ("sets",), problem("no indicator is in the chosen sets", "Choose base, extended or both.")
        elif not self.indicators:
            yield ("left_out",), problem("every indicator is left out", "Leave at least one in.")
        yield from ((("methodology", *at), one) for at, one in self.framework.unfit(self.methodology))

    def _scenario_problems(self) -> Found:
        """Scenarios that cannot be applied, or have a name that is taken.

        They are judged on all sets with nothing left out, so that leaving out more makes no scenario a fault.
        """
        named = list(self._named_problems(self.scenarios))
        yield from named
        yield from self._declared_problems()
        faulty = {location[1] for location, _ in named}
        whole = self.model_copy(update={"sets": ("base", "extended"), "left_out": (), "scenarios": {}})
        for name, scenario in self.scenarios.items():
            if name not in faulty and isinstance(outcome := patched(scenario, whole), list):
                yield from ((("scenarios", name, *location), one) for location, one in outcome)

    def _declared_problems(self) -> Found:
        """Names in the uncertainty and in claims that nothing has."""
        found = uncertainty_problems(self.uncertainty, self.framework, self.all_scenarios)
        yield from ((("uncertainty", *location), one) for location, one in found)
        if not self.claims:
            return
        cases = self.cases if self.values is None else tuple(self.values.index.get_level_values("case").unique())
        yield from claim_problems(self.claims, self.framework, cases, self.sources)

    def _named_problems(self, scenarios: Mapping[str, Scenario]) -> Found:
        """Names in scenarios that nothing has, and names of scenarios that are taken."""
        for name, scenario in scenarios.items():
            at = ("scenarios", name)
            if name == DECLARED:
                what = f"'{DECLARED}' is the profile without a scenario"
                yield at, problem(what, "Choose another name.")
            if any(name.startswith(f"{one}.") for one in self.framework.indicators):
                what = f"'{name}' is a name that alternatives of an indicator have"
                yield at, problem(what, "Choose one without the indicator in front.")
            for location, one in name_problems(scenario, self.framework, self.observations, self.sources):
                yield (*at, *location), one

    def _row_problems(self) -> Found:
        yield from self._observation_problems()
        yield from self._conflict_problems()
        yield from self._tie_problems()

    def _observation_problems(self) -> Found:
        known = {pattern for case in self.cases for pattern in patterns(case)}
        seen: dict[str, int] = {}
        first: dict[str, Observation] = {}
        for index, one in enumerate(self.observations):
            at: tuple[str | int, ...] = ("observations", index)
            if one.id in seen:
                yield (
                    (*at, "id"),
                    problem(f"the id '{one.id}' is taken already", "Give each observation its own id."),
                )
            seen[one.id] = index
            if one.source is not None and one.source not in self.sources:
                what = f"there is no source '{one.source}'"
                yield (*at, "source"), problem(what, did_you_mean(one.source, self.sources))
            if one.variable is None:
                continue
            if one.case not in known:
                what = f"observation '{one.id}' is about '{one.case}', which is none of the profile's cases"
                yield (*at, "case"), problem(what, did_you_mean(one.case, self.cases))
            variable = self.framework.variables.get(one.variable)
            if variable is None:
                what = f"there is no variable '{one.variable}'"
                yield (*at, "variable"), problem(what, did_you_mean(one.variable, self.framework.variables))
                continue
            yield from _unlike(at, one, variable, first.setdefault(one.variable, one))

    def _clash_problems(self) -> Found:
        facts: dict[str, str] = {}
        for one in self.observations:
            if one.variable is not None:
                facts.setdefault(one.variable, one.id)
        for name, what, mend in clashes(self.framework, facts):
            yield ("framework", "indicators", name, "measure"), problem(what, mend)

    def _conflict_problems(self) -> Found:
        """Several observations where one is needed."""
        places = {one.id: index for index, one in enumerate(self.observations)}
        latest = {
            term
            for one in self.framework.indicators.values()
            for measure in one.measures
            if isinstance(measure, Value | Sum | Ratio) and measure.combine == "latest"
            for term in measure.terms
        }
        for (name, _), group in self._observed.items():
            variable = self.framework.variables.get(name)
            if variable is None:
                continue
            at = ("observations", places[group[-1].id])
            for what, mend in _conflicts(name, variable, group, latest=variable.combine == "latest" or name in latest):
                yield at, problem(what, mend)

    def _tie_problems(self) -> Found:
        """Two wildcards of which neither is more specific."""
        places = {one.id: index for index, one in enumerate(self.observations)}
        for case in self.cases:
            one_sided = patterns(case)[1:3]
            for name in self.framework.variables:
                sides = [self._observed[name, pattern][0] for pattern in one_sided if (name, pattern) in self._observed]
                if len(sides) == 2 and (name, case) not in self._observed:
                    one, other = sides
                    what = (
                        f"observations '{one.id}' ({one.case}) and '{other.id}' ({other.case}) both stand for '{name}'"
                        f" of {case}, and neither is more specific"
                    )
                    yield (
                        ("observations", places[other.id], "case"),
                        problem(what, f"Write the one that holds as {case}."),
                    )

    def _rate_problems(self, window: Period) -> Found:
        """Counts over a period that the window cuts, where a rate is needed."""
        rates = {
            term
            for one in self.framework.indicators.values()
            if isinstance(one.measure, Rate)
            for term in one.measure.terms
        }
        for index, one in enumerate(self.observations):
            if one.variable in rates and one.period.overlaps(window) and not one.period.within(window):
                what = f"observation '{one.id}' covers {one.period}, not inside {window}: no rate derives from it"
                yield (
                    ("observations", index, "start"),
                    problem(what, "Count the part inside the window, or widen the window."),
                )


def _names(given: Any) -> tuple[Any, ...]:
    """Return names; a single one may stand without a list."""
    return tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)


def patterns(case: str) -> tuple[str, ...]:
    """Return the cases that an observation for a case may name, the most specific first.

    Examples
    --------
    >>> patterns("EU>KAZ")
    ('EU>KAZ', 'EU>*', '*>KAZ', '*>*')
    """
    actor, pair, partner = case.partition(">")
    return (case, f"{actor}>*", f"*>{partner}", "*>*") if pair else (case, "*")


def _conflicts(
    name: str, variable: Variable, group: Sequence[Observation], *, latest: bool
) -> Iterable[tuple[str, str]]:
    """What is wrong with several observations of one variable for one case, of which perhaps the latest holds."""
    if len(group) < 2:
        return
    ids = " and ".join(f"'{one.id}'" for one in group[:2])
    if variable.combine == "alternatives" and sum(one.preferred for one in group) != 1:
        count = sum(one.preferred for one in group)
        yield (
            f"{count} of the alternatives {ids} of '{name}' are marked preferred",
            "Mark exactly one with preferred = yes.",
        )
    facts = readings(group, variable.combine)
    for fact in facts:
        yield from _disagreements(name, variable, fact)
    if len(facts) < 2:
        return
    ids = " and ".join(f"'{fact[0].id}'" for fact in facts[:2])
    if variable.combine is None and variable.kind not in {"spell", "judgement"}:
        where = "for overlapping periods" if facts[0][0].period.overlaps(facts[1][0].period) else "for one case"
        yield (
            f"observations {ids} of '{name}' stand side by side {where}",
            'Delete one, or give the variable combine = "sum", "latest" or "alternatives".',
        )
    undated = [fact[0].id for fact in facts if fact[0].start is None and fact[0].end is None]
    if latest and undated:
        what = f"observation '{undated[0]}' of '{name}' has no date, so which one is the latest is unknown"
        yield what, "Date it, or leave it as context."
    elif latest:
        ends = sorted(fact[0].period.end.last if fact[0].period.end else date.max for fact in facts)
        if ends[-1] == ends[-2]:
            yield (
                f"observations {ids} of '{name}' end on the same day, so none is the latest",
                "Date them more finely.",
            )


def _disagreements(name: str, variable: Variable, fact: Sequence[Observation]) -> Iterable[tuple[str, str]]:
    """What is wrong with several coders' readings of one fact."""
    if len(fact) < 2:
        return
    ids = " and ".join(f"'{one.id}'" for one in fact)
    nameless = [one.id for one in fact if one.coder is None]
    if nameless:
        what = f"observations {ids} of '{name}' are alike but for their coders, and '{nameless[0]}' names none"
        yield what, "Name the coder of each, or say with section, paragraph or statement what each rests on."
    twice = [coder for coder, count in Counter(one.coder for one in fact).items() if coder and count > 1]
    if twice:
        what = f"the coder '{twice[0]}' has read one fact of '{name}' twice, and others have read it too: {ids}"
        yield what, "Delete one, or say with section, paragraph or statement what each rests on."
    preferred = sum(one.preferred for one in fact)
    if preferred > 1 or (preferred == 0 and not variable.averages):
        what = f"{preferred} of the readings {ids} of one fact of '{name}' are marked preferred"
        few = "one at most: without one, judgements are averaged" if variable.averages else "exactly one"
        yield what, f"Mark {few}."


def _unlike(at: tuple[str | int, ...], one: Observation, variable: Variable, first: Observation) -> Found:
    """What an observation says that its variable cannot hold."""
    against = "" if first is one else f", in which observation '{first.id}' stands,"
    unit, expected = Unit.parse(one.unit or ""), Unit.parse(variable.unit)
    if not unit.alike(expected):
        what = (
            f"observation '{one.id}' is in {one.unit}, but the variable '{one.variable}'{against} is in {variable.unit}"
        )
        yield (
            (*at, "unit"),
            problem(what, "Only the scale of a unit converts; currencies never do. Use another variable."),
        )
    if one.scope != variable.extent:
        what = (
            f"observation '{one.id}' is {one.scope}, but the variable '{one.variable}'{against} is {variable.extent}:"
            " one never stands for the other"
        )
        yield (*at, "scope"), problem(what, "Observe a variable of that extent, or leave the row as context.")
    if variable.codes and {one.value, *one.bounds} - set(variable.codes):
        what = f"observation '{one.id}' has a value or bound that is no code of '{one.variable}'"
        yield (*at, "value"), problem(what, f"The codes are {', '.join(map(str, variable.codes))}.")
    if variable.codes and one.distribution == "normal":
        what = f"observation '{one.id}' is a code of '{one.variable}', which no normal distribution draws"
        yield (*at, "distribution"), problem(what, "Leave it out, or write triangular or uniform.")
    if not variable.codes and one.bounds[0] < 0:
        what = f"observation '{one.id}' is below zero, which a {variable.kind} cannot be"
        yield (*at, "low"), problem(what, "Amounts, counts and shares start at zero.")
    if variable.kind == "spell" and one.start is None:
        what = f"observation '{one.id}' of the spell '{one.variable}' has no start"
        yield (*at, "start"), problem(what, "Say when it began, at least the year.")

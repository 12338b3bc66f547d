"""Profiles: one study, with everything that a score needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from softpower.arguments import diagnosed
from softpower.errors import SpecificationError, problem, raise_all
from softpower.files import write_folder
from softpower.model.as_of import Day, Undated, known_by
from softpower.model.base import FrozenDict, Id, Problem, Table, fault_of, sound, unknown, with_more
from softpower.model.framework import Framework
from softpower.model.observation import Observation
from softpower.model.observation_problems import clash_problems, rate_problems, row_problems
from softpower.model.patching import name_problems, without_weights
from softpower.model.period import Moment, Period
from softpower.model.profile_parts import ProfileParts
from softpower.model.profile_problems import (
    choice_problems,
    scenario_problems,
    study_problems,
    table_problems,
    taken_or_unknown,
)
from softpower.model.saving import NAMES, profile_files
from softpower.model.scenario import Scenario
from softpower.model.scenario_parts import Unobserved
from softpower.words import NAMED, counted, some


class Profile(ProfileParts):
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

    scenarios: Table[Id, Scenario] = Field(default_factory=dict)

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
            rows = row_problems(partial, partial._observed)  # noqa: SLF001 - its own class
            raise with_more(error, "Profile", [*rows, *taken_or_unknown(partial, scenarios)]) from None

    @model_validator(mode="after")
    def _resolved(self) -> Self:
        parts: list[Problem] = [*choice_problems(self)]
        if self.values is not None:
            parts += table_problems(self, self.values)
        else:
            parts += study_problems(self)
            if self.window is not None:
                parts += [*row_problems(self, self._observed), *rate_problems(self, self.window), *clash_problems(self)]
        raise_all("Profile", parts or scenario_problems(self, self.scenarios, self.all_scenarios))
        return self

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

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated anew.

        Raises
        ------
        SpecificationError
            If a field is unknown, the changed profile is not valid, or cases leave without their observations.
        """
        cases = changes.get("cases")
        if isinstance(cases, list | tuple) and "observations" not in changes:
            gone = [one for one in self.cases if one not in cases]
            facts = sum(one.case in gone for one in self.observations)
            if facts:
                what = f"{counted(facts, 'observation')} would be about no case: those of {some(gone)}"
                names = json.dumps(gone) if len(gone) <= NAMED else "[...]"
                mend = f"Drop cases with their observations: screen(profile, drop={names})."
                raise SpecificationError.of("Profile: cases", what, mend)
        return super().replace(**changes)

    @diagnosed
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

    @diagnosed
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

    @diagnosed
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


def _names(given: Any) -> tuple[Any, ...]:
    """Return names; a single one may stand without a list."""
    return tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)

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
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, field_validator, model_validator

from softpower.errors import did_you_mean, problem, raise_all
from softpower.files import write_folder
from softpower.model.base import Case, Id, Model, Problem, Table, Text, with_more
from softpower.model.framework import Framework, clashes
from softpower.model.indicator import Indicator, Rate, Ratio, Sum, Value
from softpower.model.methodology import Choice, Methodology
from softpower.model.observation import Observation
from softpower.model.period import Moment, Period
from softpower.model.reference import Source
from softpower.model.saving import NAMES, profile_files
from softpower.model.unit import Unit
from softpower.model.values import Values
from softpower.model.variable import Variable

Found = Iterable[Problem]


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
    caveats: tuple[Text, ...] = ()

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
            more = partial._row_problems()  # noqa: SLF001 - its own class
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
        raise_all("Profile", parts)
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
        """The indicators of the chosen sets."""
        return {name: one for name, one in self.framework.indicators.items() if one.set in self.sets}

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
        if not self.indicators:
            yield ("sets",), problem("no indicator is in the chosen sets", "Choose base, extended or both.")
        aggregate, levels = self.methodology.aggregate, self.framework.levels
        if not isinstance(aggregate, Choice):
            for level in aggregate:
                if level not in levels:
                    what = f"the framework has no level '{level}'"
                    yield ("methodology", "aggregate"), problem(what, did_you_mean(level, levels))
            for level in levels:
                if level not in aggregate:
                    what = f"no aggregation is chosen for the level '{level}'"
                    yield (
                        ("methodology", "aggregate"),
                        problem(what, f'Add {level} = "arithmetic" or another.'),
                    )

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
    if variable.combine is None and variable.kind not in {"spell", "judgement"}:
        where = "for overlapping periods" if group[0].period.overlaps(group[1].period) else "for one case"
        yield (
            f"observations {ids} of '{name}' stand side by side {where}",
            'Delete one, or give the variable combine = "sum", "latest" or "alternatives".',
        )
    if variable.combine == "alternatives" and sum(one.preferred for one in group) != 1:
        count = sum(one.preferred for one in group)
        yield (
            f"{count} of the alternatives {ids} of '{name}' are marked preferred",
            "Mark exactly one with preferred = yes.",
        )
    undated = [one.id for one in group if one.start is None and one.end is None]
    if latest and undated:
        what = f"observation '{undated[0]}' of '{name}' has no date, so which one is the latest is unknown"
        yield what, "Date it, or leave it as context."
    elif latest:
        ends = sorted(one.period.end.last if one.period.end else date.max for one in group)
        if ends[-1] == ends[-2]:
            yield (
                f"observations {ids} of '{name}' end on the same day, so none is the latest",
                "Date them more finely.",
            )


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
    if not variable.codes and one.bounds[0] < 0:
        what = f"observation '{one.id}' is below zero, which a {variable.kind} cannot be"
        yield (*at, "low"), problem(what, "Amounts, counts and shares start at zero.")
    if variable.kind == "spell" and one.start is None:
        what = f"observation '{one.id}' of the spell '{one.variable}' has no start"
        yield (*at, "start"), problem(what, "Say when it began, at least the year.")

"""What is wrong with the observations of a profile, one by one and side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from softpower.errors import did_you_mean, problem
from softpower.model.base import Problem
from softpower.model.framework_problems import clashes
from softpower.model.indicator import Rate, Ratio, Sum, Value
from softpower.model.observation import Groups, Observation, patterns, readings
from softpower.model.period import Period
from softpower.model.profile_parts import ProfileParts
from softpower.model.reference import source_mend
from softpower.model.unit import Unit
from softpower.model.variable import Variable

Found = Iterable[Problem]


def row_problems(profile: ProfileParts, grouped: Groups) -> Found:
    """Yield what is wrong with observations, one by one and together."""
    yield from _observation_problems(profile)
    yield from _conflict_problems(profile, grouped)
    yield from _tie_problems(profile, grouped)


def _observation_problems(profile: ProfileParts) -> Found:
    known = {pattern for case in profile.cases for pattern in patterns(case)}
    seen: dict[str, int] = {}
    first: dict[str, Observation] = {}
    for index, one in enumerate(profile.observations):
        at: tuple[str | int, ...] = ("observations", index)
        if one.id in seen:
            yield (
                (*at, "id"),
                problem(f"the id '{one.id}' is taken already", "Give each observation its own id."),
            )
        seen[one.id] = index
        if one.source is not None and one.source not in profile.sources:
            what = f"there is no source '{one.source}'"
            yield (*at, "source"), problem(what, source_mend(one.source, profile.sources))
        if one.variable is None:
            continue
        if one.case not in known:
            what = f"observation '{one.id}' is about '{one.case}', which is none of the profile's cases"
            yield (*at, "case"), problem(what, did_you_mean(one.case, profile.cases))
        variable = profile.framework.variables.get(one.variable)
        if variable is None:
            what = f"there is no variable '{one.variable}'"
            yield (*at, "variable"), problem(what, did_you_mean(one.variable, profile.framework.variables))
            continue
        yield from _unlike(at, one, variable, first.setdefault(one.variable, one))


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


def _conflict_problems(profile: ProfileParts, grouped: Groups) -> Found:
    """Several observations where one is needed."""
    places = {one.id: index for index, one in enumerate(profile.observations)}
    latest = {
        term
        for one in profile.framework.indicators.values()
        for measure in one.measures
        if isinstance(measure, Value | Sum | Ratio) and measure.combine == "latest"
        for term in measure.terms
    }
    for (name, _), group in grouped.items():
        variable = profile.framework.variables.get(name)
        if variable is None:
            continue
        at = ("observations", places[group[-1].id])
        for what, mend in _conflicts(name, variable, group, latest=variable.combine == "latest" or name in latest):
            yield at, problem(what, mend)


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


def _tie_problems(profile: ProfileParts, grouped: Groups) -> Found:
    """Two wildcards of which neither is more specific."""
    places = {one.id: index for index, one in enumerate(profile.observations)}
    for case in profile.cases:
        one_sided = patterns(case)[1:3]
        for name in profile.framework.variables:
            sides = [grouped[name, pattern][0] for pattern in one_sided if (name, pattern) in grouped]
            if len(sides) == 2 and (name, case) not in grouped:
                one, other = sides
                what = (
                    f"observations '{one.id}' ({one.case}) and '{other.id}' ({other.case}) both stand for '{name}'"
                    f" of {case}, and neither is more specific"
                )
                yield (
                    ("observations", places[other.id], "case"),
                    problem(what, f"Write the one that holds as {case}."),
                )


def clash_problems(profile: ProfileParts) -> Found:
    """Yield what indicators add or divide that may not be, naming an observation of each side."""
    facts: dict[str, str] = {}
    for one in profile.observations:
        if one.variable is not None:
            facts.setdefault(one.variable, one.id)
    for name, what, mend in clashes(profile.framework, facts):
        yield ("framework", "indicators", name, "measure"), problem(what, mend)


def rate_problems(profile: ProfileParts, window: Period) -> Found:
    """Yield counts over a period that the window cuts, where a rate is needed."""
    rates = {
        term
        for one in profile.framework.indicators.values()
        if isinstance(one.measure, Rate)
        for term in one.measure.terms
    }
    for index, one in enumerate(profile.observations):
        if one.variable in rates and one.period.overlaps(window) and not one.period.within(window):
            at = ("observations", index, "end" if one.start and not one.end else "start")
            if one.start and one.end:
                what = f"observation '{one.id}' covers {one.period}, not inside {window}: no rate derives from it"
                yield at, problem(what, "Count the part inside the window, or widen the window.")
                continue
            lacks = "no end" if one.start else "no start" if one.end else "no dates"
            what = f"observation '{one.id}' has {lacks}, and only a count of a known time gives a rate"
            yield at, problem(what, f"Date it: from when to when it counts, inside {window}.")

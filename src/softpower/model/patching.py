"""How a scenario changes a profile, and what in it does not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from softpower.errors import Fault, SpecificationError, problem
from softpower.model.base import Location, Problem, unknown
from softpower.model.declarations import fitting
from softpower.model.framework import Framework
from softpower.model.indicator import TABLE, Goalposts, Indicator, Rungs, ends_of
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.parents import depth_of
from softpower.model.profile_parts import ProfileParts
from softpower.model.scenario_parts import ScenarioParts

Patched = TypeVar("Patched", bound=ProfileParts)


def name_problems(
    scenario: ScenarioParts, framework: Framework, observations: Sequence[Observation], sources: Collection[str]
) -> Iterable[Problem]:
    """Yield every name in a scenario that nothing has, at its key."""
    nodes = [*framework.dimensions, *framework.indicators]
    for key in ("include", "exclude"):
        selection = getattr(scenario, key)
        if selection is not None:
            yield from unknown((key, "tags"), selection.tags, framework.tags, "tag")
            yield from unknown((key, "nodes"), selection.nodes, nodes, "node")
    if (leaving := scenario.without_observations) is not None:
        at = "without_observations"
        yield from unknown((at, "sources"), leaving.sources, sources, "source")
        yield from unknown((at, "ids"), leaving.ids, [one.id for one in observations], "observation")
        flags = {flag for one in observations for flag in one.flags}
        yield from unknown((at, "flags"), leaving.flags, flags, "flag")
    yield from _preferred_problems(scenario, framework, observations)
    for key in ("weights", "parents"):
        for name in getattr(scenario, key):
            yield from unknown((key, name), [name], nodes, "node")
            if name == framework.root:
                what = f"'{name}' is the composite, which has no {key[:-1]}"
                yield (key, name), problem(what, "Name a node below it.")
    for name, parent in scenario.parents.items():
        yield from unknown(("parents", name), [parent], framework.dimensions, "dimension")
    yield from _indicator_problems(scenario, framework)


def _preferred_problems(
    scenario: ScenarioParts, framework: Framework, observations: Sequence[Observation]
) -> Iterable[Problem]:
    """Observations that cannot be preferred, or not both."""
    facts = {one.id: one for one in observations}
    yield from unknown(("preferred",), scenario.preferred, facts, "observation")
    chosen: dict[tuple[str | None, str], str] = {}
    for name in scenario.preferred:
        if (one := facts.get(name)) is None:
            continue
        variable = framework.variables.get(one.variable or "")
        if variable is None or variable.combine != "alternatives":
            what = f"observation '{name}' has no alternatives"
            yield ("preferred",), problem(what, 'Name one whose variable has combine = "alternatives".')
        elif (first := chosen.setdefault((one.variable, one.case), name)) != name:
            what = f"'{first}' and '{name}' are alternatives of each other"
            yield ("preferred",), problem(what, "One of them holds: name that one.")


def _indicator_problems(scenario: ScenarioParts, framework: Framework) -> Iterable[Problem]:
    """Indicators, alternatives and rungs that are not there."""
    for key in ("rungs", "measures", "goalposts"):
        for name in getattr(scenario, key):
            yield from unknown((key, name), [name], framework.indicators, "indicator")
    for name, chosen in scenario.measures.items():
        if (one := framework.indicators.get(name)) is not None:
            known = [alternative.id for alternative in one.alternative_measures]
            yield from unknown(("measures", name), [chosen], known, f"alternative measure of '{name}' called")
    for name, chosen in scenario.goalposts.items():
        if (one := _measured(scenario, framework, name)) is not None:
            known = [alternative.id for alternative in getattr(one.goalposts, "alternatives", ())]
            yield from unknown(("goalposts", name), [chosen], known, f"alternative range of '{name}' called")
    for name, dropped in scenario.rungs.items():
        if (one := _measured(scenario, framework, name)) is None:
            continue
        if not isinstance(one.measure, Rungs):
            mend = "Name an indicator that is a ladder or a checklist."
            yield ("rungs", name), problem(f"'{name}' has no rungs", mend)
            continue
        yield from unknown(("rungs", name), dropped, one.measure.terms, f"rung of '{name}' on the variable")
        if set(dropped) >= set(one.measure.terms):
            yield ("rungs", name), problem(f"no rung of '{name}' is left", "Leave one, or exclude the indicator.")


def _measured(scenario: ScenarioParts, framework: Framework, name: str) -> Indicator | None:
    """Return an indicator with the measure that holds in the scenario, its main one or an alternative."""
    indicator, chosen = framework.indicators.get(name), scenario.measures.get(name)
    return indicator if indicator is None or chosen is None else indicator.measured_by(chosen)


def patched(scenario: ScenarioParts, profile: Patched) -> Patched | list[Problem]:
    """Return the profile under a scenario whose names are all known, or else all that does not fit."""
    found: list[Problem] = []
    declared, sets = profile.framework, scenario.sets or profile.sets
    before = declared.entering(sets, profile.left_out)
    entering = {name for name, one in before.items() if _stays(scenario, name, one, declared)}
    if not entering:
        keys = [key for key in ("sets", "include", "exclude") if getattr(scenario, key) is not None]
        found.append((tuple(keys[-1:]), problem("every indicator is left out", "Leave at least one in.")))
    if profile.values is not None:
        mend = "Leave it out, or score observations."
        found += [(("measures", name), problem(TABLE, mend)) for name in scenario.measures]
    framework = _reframed(scenario, declared, found)
    nodes = {node for name in entering for node in framework.path(name)}
    gone = {node for name in profile.indicators for node in declared.path(name)} - nodes
    methodology = _weighed(scenario, without_weights(profile.methodology, gone), nodes, found)
    leaving = scenario.without_observations
    facts = [one for one in profile.observations if leaving is None or not leaving.names(one)]
    values = profile.values
    if leaving is not None and values is not None:
        if leaving.replace(sources=()) != type(leaving)():
            what = "a table of values has sources, and no facts to be named otherwise"
            found.append((("without_observations",), problem(what, "Name sources alone.")))
        values = values.without_sources(leaving.sources)
    for name in sorted(set(scenario.preferred) - {one.id for one in facts}):
        what = f"observation '{name}' is preferred, and 'without_observations' leaves it out"
        found.append((("preferred",), problem(what, "Keep it, or prefer another.")))
    if found:
        return found
    out = profile.left_out
    if scenario.parents:
        # Nodes move: what hung under a dimension that is left out stays out wherever it hangs now.
        out = tuple(name for name in declared.indicators if not set(out).isdisjoint(declared.path(name)))
    uncertainty, claims, lost = fitting(profile.uncertainty, profile.claims, framework)
    try:
        return profile.replace(
            title=f"{profile.title}: {scenario.title}",
            framework=framework,
            sets=sets,
            left_out=(*out, *(name for name in before if name not in entering)),
            observations=_preferring(scenario.preferred, facts),
            values=values,
            methodology=methodology,
            scenarios={},
            uncertainty=uncertainty,
            claims=claims,
            caveats=(*profile.caveats, *lost),
        )
    except SpecificationError as error:
        return [(_key(scenario, fault), problem(fault.what, fault.mend)) for fault in error.faults]


def without_weights(methodology: Methodology, gone: Collection[str]) -> Methodology:
    """Return a methodology whose mapping of weights names no node that is gone."""
    choice = methodology.weights
    named = choice.parameters.get("weights", {}) if choice.method == "mapping" else {}
    if set(named).isdisjoint(gone):
        return methodology
    kept = {name: weight for name, weight in named.items() if name not in gone}
    return methodology.replace(weights={**choice.parameters, "method": "mapping", "weights": kept})


def _stays(scenario: ScenarioParts, name: str, indicator: Indicator, framework: Framework) -> bool:
    kept = scenario.include is None or all(scenario.include.fits(name, indicator, framework))
    return kept and (scenario.exclude is None or not any(scenario.exclude.fits(name, indicator, framework)))


def _reframed(scenario: ScenarioParts, framework: Framework, found: list[Problem]) -> Framework:
    """Return the framework with other measures, goalposts, rungs and parents; keep what does not fit."""
    indicators = dict(framework.indicators)
    for name in {**scenario.measures, **scenario.goalposts, **scenario.rungs}:
        one = _measured(scenario, framework, name) or indicators[name]
        try:
            one = _against(one, scenario.goalposts.get(name))
            indicators[name] = _shortened(one, scenario.rungs.get(name, ()))
        except SpecificationError as error:
            found += [(("rungs", name), problem(fault.what, fault.mend)) for fault in error.faults]
    dimensions = dict(framework.dimensions)
    for name, parent in scenario.parents.items():
        if name in dimensions:
            dimensions[name] = dimensions[name].replace(parent=parent)
        else:
            indicators[name] = indicators[name].replace(dimension=parent)
    while True:
        used = {one.parent for one in dimensions.values()} | {one.dimension for one in indicators.values()}
        if used.issuperset(dimensions):
            break
        dimensions = {name: one for name, one in dimensions.items() if name in used}
    if dimensions == framework.dimensions and indicators == framework.indicators:
        return framework
    try:
        levels = framework.levels[: depth_of({name: one.parent for name, one in dimensions.items()})]
        return framework.replace(dimensions=dimensions, indicators=indicators, levels=levels)
    except SpecificationError as error:
        found += [(("parents",), problem(fault.what, fault.mend)) for fault in error.faults]
        return framework


def _against(indicator: Indicator, chosen: str | None) -> Indicator:
    """Return an indicator with alternative goalposts."""
    posts: Any = indicator.goalposts
    for one in getattr(posts, "alternatives", ()):
        if one.id == chosen:
            ends = one.model_dump(exclude={"id"})
            # A range that was chosen is no end of a scale any more.
            kind = posts.kind if ends_of(posts.kind, indicator.unit) in {None, (one.low, one.high)} else "benchmark"
            return indicator.replace(goalposts=posts.replace(**ends, kind=kind, alternatives=()))
    return indicator


def _shortened(indicator: Indicator, dropped: Sequence[str]) -> Indicator:
    """Return a ladder or checklist without some rungs; its goalposts end so many rungs lower."""
    measure = indicator.measure
    if not dropped or not isinstance(measure, Rungs):
        return indicator
    rungs = tuple(one for one in measure.rungs if one.variable not in dropped)
    return indicator.replace(
        measure=measure.replace(rungs=rungs),
        unit=f"rungs:{len(rungs)}",
        goalposts=_lowered(indicator.goalposts, len(measure.rungs) - len(rungs)),
        alternative_measures=(),
    )


def _lowered(posts: Goalposts | None, by: int) -> Goalposts | None:
    return None if posts is None else posts.replace(high=posts.high - by, alternatives=())


def _weighed(
    scenario: ScenarioParts, methodology: Methodology, nodes: Collection[str], found: list[Problem]
) -> Methodology:
    """Return the methodology of a scenario: its choices, then its weights on top."""
    if scenario.methodology:
        methodology = methodology.replace(**scenario.methodology)
    for name in scenario.weights:
        if name not in nodes:
            mend = "Weigh what enters the score."
            found.append((("weights", name), problem(f"'{name}' does not enter under this scenario", mend)))
    choice = methodology.weights
    if not scenario.weights:
        return methodology
    if choice.method == "mapping":
        below = dict(choice.parameters)
    elif choice.parameters:
        what = f"the profile weighs with '{choice.method}' and its parameters, on top of which no weights stand"
        found.append((("weights",), problem(what, "Give 'methodology.weights' instead.")))
        return methodology
    else:
        below = {} if choice.method == "declared" else {"others": choice.method}
    below |= {"method": "mapping", "weights": {**below.get("weights", {}), **scenario.weights}}
    return methodology.replace(weights=below)


def _preferring(chosen: Collection[str], facts: Sequence[Observation]) -> list[Observation]:
    """Return the observations with some preferred to their alternatives."""
    groups = {(one.variable, one.case) for one in facts if one.id in chosen}
    return [
        one.replace(preferred=one.id in chosen)
        if (one.variable, one.case) in groups and one.preferred != (one.id in chosen)
        else one
        for one in facts
    ]


def _key(scenario: ScenarioParts, fault: Fault) -> Location:
    """Return the key of a scenario that makes a profile faulty."""
    place = fault.where.removeprefix("Profile: ")
    if place.startswith("methodology"):
        return tuple(place.split("."))
    keys = ("without_observations", "preferred", "measures")
    return tuple(key for key in keys if getattr(scenario, key))[:1]

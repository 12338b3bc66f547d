"""What is wrong with a framework: the tree, names that nothing has, levels, and what cannot be added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from softpower.errors import did_you_mean, problem
from softpower.model.base import Problem, unknown
from softpower.model.framework_parts import FrameworkParts
from softpower.model.indicator import Measure, Ratio, Rungs, YearsBetween, measure_problem
from softpower.model.methodology import OTHERS, Choice, Methodology
from softpower.model.parents import circle
from softpower.model.unit import Unit
from softpower.model.variable import Variable

Entry = TypeVar("Entry")
EXTENTS = ("national", "regional", "global")


def tree_problems(framework: FrameworkParts) -> Iterable[Problem]:
    """Yield what keeps dimensions and indicators from being one tree whose nodes all can be weighed."""
    roots = [name for name, one in framework.dimensions.items() if one.parent is None]
    if len(roots) != 1:
        what = "no dimension is without a parent" if not roots else f"{len(roots)} dimensions have no parent: {roots}"
        yield ("dimensions",), problem(what, "Exactly one, the composite, has none.")
    above = {name: one.parent for name, one in framework.dimensions.items()}
    for name, dimension in framework.dimensions.items():
        path = ("dimensions", name, "parent")
        if dimension.parent is not None and dimension.parent not in framework.dimensions:
            what = f"there is no dimension '{dimension.parent}'"
            yield path, problem(what, did_you_mean(dimension.parent, framework.dimensions))
        elif way := circle(name, above):
            yield path, problem(f"the parents go in a circle: {' > '.join(way)}", "Cut the circle at one parent.")
    for name, indicator in framework.indicators.items():
        if name in framework.dimensions:
            what = f"'{name}' is the id of a dimension and of an indicator"
            yield ("indicators", name), problem(what, "Ids are unique in a framework: rename one.")
        if indicator.dimension not in framework.dimensions:
            what = f"there is no dimension '{indicator.dimension}'"
            yield (
                ("indicators", name, "dimension"),
                problem(what, did_you_mean(indicator.dimension, framework.dimensions)),
            )
    children: dict[str, list[float]] = {}
    for one in framework.dimensions.values():
        # By its rule a dimension that is there at all weighs something.
        children.setdefault(one.parent or "", []).append(1.0 if one.weight == "indicators" else one.weight)
    for leaf in framework.indicators.values():
        children.setdefault(leaf.dimension, []).append(leaf.weight)
    for name in framework.dimensions:
        if name not in children:
            yield (
                ("dimensions", name),
                problem("the dimension has no children", "Give it indicators, or delete it."),
            )
        elif sum(children[name]) <= 0:
            what = "the weights of its children sum to zero"
            yield ("dimensions", name), problem(what, "Give at least one child a weight above zero.")


def unresolved(framework: FrameworkParts) -> Iterable[Problem]:
    """Yield every name that nothing has, and measures that do not fit the variables that they name."""
    known = _parsed(framework.variables)
    for name, indicator in _parsed(framework.indicators).items():
        at = ("indicators", name)
        yield from unknown((*at, "tags"), indicator.tags, framework.tags, "tag")
        yield from unknown((*at, "overlaps"), indicator.overlaps, framework.indicators, "indicator")
        yield from unknown((*at, "references"), indicator.references, framework.works, "reference")
        for one in indicator.alternative_measures:
            if one.unit is not None and one.goalposts is None:
                what = f"the alternative measure '{one.id}' has a unit of its own but no goalposts in it"
                yield (
                    (*at, "alternative_measures", one.id),
                    problem(what, "Give it goalposts, or the indicator's unit."),
                )
        taken = [one.id for one in indicator.alternative_measures]
        for one_id in sorted({one for one in taken if taken.count(one) > 1}):
            what = f"two alternative measures are called '{one_id}'"
            yield (*at, "alternative_measures"), problem(what, "Give each its own id.")
        measures: list[tuple[tuple[str, ...], Measure, str]] = [
            (("alternative_measures", one.id, "measure"), one.measure, one.unit or indicator.unit)
            for one in indicator.alternative_measures
        ]
        if indicator.measure is not None:
            measures.insert(0, (("measure",), indicator.measure, indicator.unit))
        if indicator.denominator is not None:
            yield from unknown((*at, "denominator"), [indicator.denominator.variable], framework.variables, "variable")
        for inside, measure, unit in measures:
            yield from unknown((*at, ".".join(inside)), measure.terms, framework.variables, "variable")
            if all(term in known for term in measure.terms) and (wrong := measure_problem(measure, unit, known)):
                yield (*at, *inside), problem(*wrong)
    for name, dimension in _parsed(framework.dimensions).items():
        yield from unknown(("dimensions", name, "references"), dimension.references, framework.works, "reference")
    yield from unknown(("references",), framework.references, framework.works, "reference")


def level_problems(framework: FrameworkParts) -> Iterable[Problem]:
    """Yield what is wrong with the names of the levels."""
    levels, needed = framework.levels, max(framework.depths[name] for name in framework.dimensions) + 1
    if len(levels) != needed or len(set(levels)) != len(levels) or "indicator" in levels:
        what = f"{len(levels)} levels are named ({', '.join(levels)}) for {needed} levels of dimensions"
        mend = "Name each level of dimensions once, top down; indicators name themselves."
        yield ("levels",), problem(what, mend)


NODES_IN = {"mapping": "weights", "budget_allocation": "points", "analytic_hierarchy": "matrices"}
"""The methods of weights that name nodes, and the parameter in which they do."""


def misfits(framework: FrameworkParts, methodology: Methodology) -> Iterable[Problem]:
    """Yield what of a methodology names a level or a node that the tree has not, at its key."""
    yield from _aggregation_problems(framework, methodology)
    threshold = methodology.missing.parameters.get("threshold") if methodology.missing.method == "available" else None
    if isinstance(threshold, Mapping):
        yield from unknown(("missing",), threshold, framework.levels, "level")
    choice = methodology.weights
    named = choice.parameters.get(NODES_IN.get(choice.method, ""), {})
    yield from unknown(("weights",), named, {*framework.dimensions, *framework.indicators}, "node")


def _aggregation_problems(framework: FrameworkParts, methodology: Methodology) -> Iterable[Problem]:
    if isinstance(methodology.aggregate, Choice):
        return
    for level in methodology.aggregate:
        if level not in framework.levels:
            what = f"the framework has no level '{level}'"
            yield ("aggregate",), problem(what, did_you_mean(level, framework.levels))
    for level in framework.levels:
        if level not in methodology.aggregate:
            what = f"no aggregation is chosen for the level '{level}'"
            yield ("aggregate",), problem(what, f'Add {level} = "arithmetic" or another.')


def methodology_problems(framework: FrameworkParts) -> Iterable[Problem]:
    """Yield what does not fit in the methodology of the framework itself."""
    if framework.methodology is None:
        return
    yield from ((("methodology", *at), one) for at, one in misfits(framework, framework.methodology))
    for step in ("impute", "treat", "normalise"):
        given = getattr(framework.methodology, step)
        names = [] if given is None or isinstance(given, Choice) else [one for one in given if one != OTHERS]
        yield from unknown(("methodology", step), names, framework.indicators, "indicator")


def clashes(framework: FrameworkParts, facts: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Yield what an indicator adds or divides that may not be: its id, what is wrong, how to mend it.

    Parameters
    ----------
    framework : FrameworkParts
    facts : mapping of variable to observation id
        An observation of each variable, to be named; empty for a framework alone.
    """
    for name, indicator in framework.indicators.items():
        for measure in indicator.measures:
            if isinstance(measure, Rungs | YearsBetween):
                continue
            sides = [measure.numerator, measure.denominator] if isinstance(measure, Ratio) else [measure.terms]
            pairs = [(a, b, False) for side in sides for a, b in combinations(dict.fromkeys(side), 2)]
            if isinstance(measure, Ratio):
                pairs.append((measure.numerator[0], measure.denominator[0], True))
            for one, other, over in pairs:
                differ = _difference(framework.variables[one], framework.variables[other], over=over)
                if differ:
                    named = [
                        f"'{term}'" + (f" (observation '{facts[term]}')" if term in facts else "")
                        for term in (one, other)
                    ]
                    what = f"{named[0]} and {named[1]} differ in {differ}"
                    mend = "Currencies never add, a stock never meets a flow, a region never stands for a nation."
                    yield name, what, mend


def _difference(one: Variable, other: Variable, *, over: bool) -> str | None:
    """Return in what two variables differ that may not be added, or set one over the other."""
    if not Unit.parse(one.unit).alike(Unit.parse(other.unit)):
        return f"unit: {one.unit} against {other.unit}"
    if {one.kind, other.kind} == {"stock", "flow"} or (one.kind != other.kind and not over):
        return f"kind: {one.kind} against {other.kind}"
    # A part stands over its whole: a national figure over a regional one, never the other way round.
    wider = EXTENTS.index(one.extent) > EXTENTS.index(other.extent)
    apart = wider if over else one.extent != other.extent
    return f"extent: {one.extent} against {other.extent}" if apart else None


def _parsed(entries: Mapping[str, Entry | None]) -> dict[str, Entry]:
    """Return the entries without those that could not be parsed."""
    return {name: one for name, one in entries.items() if one is not None}

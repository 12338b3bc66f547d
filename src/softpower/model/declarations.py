"""What uncertainty and claims name, held against the framework and the scenarios of a profile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from softpower.errors import problem
from softpower.model.base import Problem, unknown
from softpower.model.claim import Claim
from softpower.model.framework import Framework
from softpower.model.uncertainty import Experts, Ordered, Sets, Uncertainty


def uncertainty_problems(
    uncertainty: Uncertainty, framework: Framework, scenarios: Collection[str]
) -> Iterable[Problem]:
    """Yield every name in an uncertainty that nothing has, and what cannot be drawn, at its key."""
    for key, has in (("measures", "alternative measures"), ("goalposts", "alternative goalposts")):
        names = getattr(uncertainty, key)
        for name in names if isinstance(names, tuple) else ():
            yield from unknown((key,), [name], framework.indicators, "indicator")
            one = framework.indicators.get(name)
            if (one is not None and not one.alternative_measures and key == "measures") or (
                one is not None and not one.alternative_goalposts and key == "goalposts"
            ):
                yield (key,), problem(f"'{name}' has no {has}", "Leave it out, or give it some.")
    if isinstance(uncertainty.aggregate, Mapping):
        for level in uncertainty.aggregate:
            yield from unknown(("aggregate", level), [level], framework.levels, "level")
    yield from unknown(("scenarios",), uncertainty.scenarios, scenarios, "scenario")
    yield from _weight_problems(uncertainty, framework)


def _weight_problems(uncertainty: Uncertainty, framework: Framework) -> Iterable[Problem]:
    weights = uncertainty.weights
    nodes = [*framework.dimensions, *framework.indicators]
    if isinstance(weights, Mapping):
        for name, one in weights.items():
            yield from unknown(
                ("weights", name), [name], {*framework.levels, *framework.dimensions}, "level or dimension"
            )
            if isinstance(one, Ordered):
                yield from _pair_problems(("weights", name), one, framework)
    elif isinstance(weights, Ordered):
        yield from _pair_problems(("weights",), weights, framework)
    elif isinstance(weights, Sets):
        for name, given in weights.sets.items():
            if isinstance(given, Mapping):
                yield from unknown(("weights", "sets", name), given, nodes, "node")
    elif isinstance(weights, Experts):
        yield from unknown(("weights", "points"), weights.points, nodes, "node")


def _pair_problems(at: tuple[str, ...], ordered: Ordered, framework: Framework) -> Iterable[Problem]:
    """Pairs that are no siblings."""
    for pair in ordered.at_least:
        named = list(unknown((*at, "at_least"), pair, framework.parents, "node below the composite"))
        yield from named
        if not named and framework.parents[pair[0]] != framework.parents[pair[1]]:
            what = f"'{pair[0]}' and '{pair[1]}' are no siblings"
            yield (*at, "at_least"), problem(what, "Compare the weights of children of one node.")
        elif pair[0] == pair[1]:
            yield (*at, "at_least"), problem(f"'{pair[0]}' stands against itself", "Name two siblings.")


def claim_problems(
    claims: Sequence[Claim], framework: Framework, cases: Collection[str], sources: Collection[str]
) -> Iterable[Problem]:
    """Yield every name in claims that nothing has, and claims that do not say whom they are about."""
    seen: set[str] = set()
    nodes = [*framework.dimensions, *framework.indicators]
    for place, claim in enumerate(claims):
        at = ("claims", place)
        if claim.id in seen:
            yield (*at, "id"), problem(f"the id '{claim.id}' is taken already", "Give each claim its own id.")
        seen.add(claim.id)
        named = [
            *unknown(("nodes",), claim.nodes, nodes, "node"),
            *unknown(("cases",), claim.cases, cases, "case"),
            *unknown(("source",), [claim.source] if claim.source else [], sources, "source"),
        ]
        yield from (((*at, *key), one) for key, one in named)
        if not named and not claim.cases and len(cases) > 1:
            mend = "Name the case whose nodes are compared, or the cases."
            yield (*at, "cases"), problem("there are several cases and it names none", mend)
        if not named and len(claim.nodes) == 1 and not claim.of_cases:
            parent = framework.parents.get(claim.nodes[0])
            if parent is None or list(framework.parents.values()).count(parent) < 2:
                yield (*at, "nodes"), problem(f"'{claim.nodes[0]}' has no siblings", "Name what it is compared with.")
        if not named and claim.of_cases and len(claim.cases) == 1 and len(cases) < 2:
            yield (*at, "cases"), problem("there is no other case", "Compare nodes of the one case.")


def fitting(
    uncertainty: Uncertainty, claims: Sequence[Claim], framework: Framework
) -> tuple[Uncertainty, tuple[Claim, ...], tuple[str, ...]]:
    """Return what of an uncertainty and of claims fits a framework from which nodes have moved or gone.

    Its scenarios are gone in any case: a profile under a scenario has none.

    Returns
    -------
    Uncertainty, tuple of Claim
    tuple of str
        A sentence on what does not fit; none where everything does.
    """
    changed = uncertainty.replace(scenarios=())
    faulty: dict[str, set[str]] = {}
    for (first, *rest), _ in uncertainty_problems(changed, framework, ()):
        faulty.setdefault(str(first), set()).add(str(rest[0]) if rest else "")
    kept, gone = changed, []
    for key, names in faulty.items():
        given = getattr(changed, key)
        # Entries by level or node stand each for itself; anything else goes whole.
        apart = isinstance(given, Mapping) and "" not in names
        entries = {name: one for name, one in given.items() if name not in names} if apart else {}
        kept = kept.replace(**{key: entries or Uncertainty.model_fields[key].default})
        gone += [f"{key} of {name}" for name in sorted(names)] if apart else [key]
    nodes = {*framework.dimensions, *framework.indicators}
    held = tuple(
        one for one in claims if nodes.issuperset(one.nodes) and (one.of_cases or one.nodes != (framework.root,))
    )
    gone += [f"the claim {one.id}" for one in claims if one not in held]
    said = f"Declared, but without a place in this framework, and so not drawn: {', '.join(gone)}."
    return kept, held, (said,) if gone else ()

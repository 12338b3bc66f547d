"""Small studies: built by hand in a few words, or drawn at random."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from softpower.engine import Engine
from softpower.model.framework import Framework
from softpower.model.profile import Profile
from softpower.steps.derive import derive, derive_bounds
from softpower.steps.measures import Floats

CASE = "A>B"
MEANS = ("arithmetic", "geometric", "harmonic", "power")

fewer = settings(max_examples=max(10, settings.default.max_examples // 3))
"""For laws about whole studies, which are drawn and validated anew for each example."""


def variable(kind: str = "share", unit: str = "ratio", **more: Any) -> dict[str, Any]:
    return {"title": f"a {kind}", "kind": kind, "unit": unit, **more}


def indicator(
    measure: Mapping[str, Any] | str,
    *,
    dimension: str = "index",
    unit: str = "ratio",
    low: float = 0.0,
    high: float = 1.0,
    parity: float | None = None,
    log: bool = False,
    **more: Any,
) -> dict[str, Any]:
    if isinstance(measure, str):
        measure = {"kind": "value", "variable": measure}
    posts = {"low": low, "high": high, "parity": parity, "log": log, "kind": "benchmark", "reason": "for the test"}
    words = {"title": "an indicator", "question": "How much?", "quality_reason": "for the test"}
    codes = {"role": "output", "mode": "active", "quality": "A"}
    return {**words, **codes, "dimension": dimension, "unit": unit, "measure": measure, "goalposts": posts, **more}


_indicator = indicator


def framework(
    indicators: Mapping[str, Any],
    variables: Mapping[str, Any],
    dimensions: Mapping[str, Any] | None = None,
    levels: Sequence[str] = ("composite",),
) -> dict[str, Any]:
    tree = {name: {"title": name, **one} for name, one in (dimensions or {"index": {}}).items()}
    words = {"id": "test", "title": "A framework for a test", "levels": tuple(levels)}
    return {**words, "dimensions": tree, "indicators": indicators, "variables": variables}


def rows(given: Iterable[Mapping[str, Any]], variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return observations: ids, the case and the variable's unit are filled in where they are not given."""
    return [
        {"id": f"o{number}", "case": CASE, "unit": variables[one["variable"]]["unit"], **one}
        for number, one in enumerate(given, start=1)
    ]


def study(
    specs: Mapping[str, Any],
    observations: Sequence[Mapping[str, Any]],
    *,
    cases: Sequence[str] = (CASE,),
    window: tuple[str, str] = ("2001", "2010"),
    **more: Any,
) -> Profile:
    return Profile.parse(
        {
            "id": "test",
            "title": "A study for a test",
            "framework": specs,
            "cases": tuple(cases),
            "window": {"start": window[0], "end": window[1]},
            "observations": rows(observations, specs["variables"]),
            **more,
        }
    )


def one_measure(
    measure: Mapping[str, Any] | str,
    variables: Mapping[str, Any],
    observations: Sequence[Mapping[str, Any]],
    *,
    unit: str = "ratio",
    indicator: Mapping[str, Any] | None = None,
    **more: Any,
) -> Engine:
    """Return the engine of a study with the one indicator `it`."""
    it = _indicator(measure, unit=unit, **(indicator or {}))
    return Engine(study(framework({"it": it}, variables), observations, **more))


def values(engine: Engine) -> tuple[float, float, float]:
    """Return value, least and greatest value of the first indicator of the first case."""
    bounds = derive_bounds(engine.plan)
    low, high = bounds.low, bounds.high
    return derive(engine.plan, engine.plan.nominal)[0, 0], low[0, 0], high[0, 0]


Tree = list[Any]


def tree_specs(tree: Tree, weights: Iterable[float] = (), **changes: Any) -> dict[str, Any]:
    """Return the framework of a tree of lists, in which None is an indicator.

    Dimensions are d0 (the composite), d1 and so on, indicators i0, i1 and so on, both in the order of a reader.
    Indicator iN is the value of the variable vN, a share from 0 to 1, so that a score of 30 is observed as 0.3.
    """
    dimensions: dict[str, Any] = {}
    indicators: dict[str, Any] = {}
    weight = iter(weights)

    def walk(node: Tree, parent: str | None, depth: int) -> int:
        name, deepest = f"d{len(dimensions)}", depth
        dimensions[name] = {"parent": parent, "weight": next(weight, 1.0)}
        for child in node:
            if child is None:
                number = len(indicators)
                indicators[f"i{number}"] = indicator(
                    f"v{number}", dimension=name, weight=next(weight, 1.0), **changes.get(f"i{number}", {})
                )
            else:
                deepest = max(deepest, walk(child, name, depth + 1))
        return deepest

    deepest = walk(tree, None, 0)
    variables = {f"v{number}": variable() for number in range(len(indicators))}
    return framework(indicators, variables, dimensions, [f"level{depth}" for depth in range(deepest + 1)])


def scored(specs: Mapping[str, Any], scores: Sequence[Sequence[Any]], **more: Any) -> Profile:
    """Return the study in which each case has the scores that are given: a number, low-value-high, or None."""
    cases = tuple(f"A>{number}" for number in range(len(scores)))
    observations = []
    for case, mine in zip(cases, scores, strict=True):
        for number, one in enumerate(mine):
            if one is not None:
                low, value, high = one if isinstance(one, tuple) else (one, one, one)
                bounds = {"low": low / 100, "value": value / 100, "high": high / 100}
                observations.append({"id": f"{case[2:]}-{number}", "case": case, "variable": f"v{number}", **bounds})
    return study(specs, observations, cases=cases, **more)


def mean_by_hand(method: str, parameters: Mapping[str, float], children: Sequence[tuple[float, float]]) -> float:
    """Return the mean of (score, weight) pairs by its formula in a book; weights sum to one."""
    children = [(score, weight) for score, weight in children if weight > 0]
    p = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}.get(method, parameters.get("p", 1.0))
    if p == 0:
        return math.exp(math.fsum(weight * math.log(score) for score, weight in children))
    return math.fsum(weight * score**p for score, weight in children) ** (1 / p)


def tree_by_hand(
    specs: Framework,
    leaves: Mapping[str, float | None],
    weight: Callable[[str], float],
    method: Callable[[str], tuple[str, Mapping[str, float]]],
    *,
    threshold: Callable[[str], float] = lambda _: 0.0,
    floor: float | None = None,
) -> dict[str, float | None]:
    """Return the score of every node by recursion over names, None where it is missing."""
    scores: dict[str, float | None] = dict(leaves)

    def visit(node: str) -> float | None:
        if node in leaves:
            return leaves[node]
        children = [name for name in (*specs.dimensions, *specs.indicators) if specs.parents.get(name) == node]
        found = [(visit(child), weight(child)) for child in children]
        present = [(score, share) for score, share in found if score is not None]
        whole = math.fsum(share for _, share in present)
        name, parameters = method(specs.level(node))
        if not present or len(present) < threshold(specs.level(node)) * len(found) - 1e-9 or whole <= 0:
            scores[node] = None
        else:
            if floor is not None and name != "arithmetic":
                present = [(max(score, floor), share) for score, share in present]
            shares = [(score, share / whole) for score, share in present]
            scores[node] = mean_by_hand(name, parameters, shares)
        return scores[node]

    visit(specs.root)
    return scores


TABLE_25 = ((3, "abcd"), (5, "acbd"), (7, "bdca"), (6, "cbda"))
TABLE_28 = ((23, "abc"), (17, "bca"), (2, "bac"), (10, "cab"), (8, "cba"))
TABLE_31 = ((3, "cbad"), (2, "badc"), (2, "adcb"))
"""Voters and their orders: tables of the OECD/JRC Handbook on Constructing Composite Indicators (2008)."""


def ballots(profile: Sequence[tuple[int, str]], names: Iterable[str]) -> tuple[Floats, Floats, int]:
    """Return values of cases x voters, the voters' shares of the votes, of the same shape, and the number of votes."""
    values = np.array([[-order.index(name) for _, order in profile] for name in names], dtype=float)
    votes = np.array([count for count, _ in profile], dtype=float)
    return values, np.broadcast_to(votes / votes.sum(), values.shape), int(votes.sum())


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_subnormal=False)


positive_scores = numbers(0.01, 100)
any_scores = st.one_of(st.sampled_from([0.0, 50.0, 100.0]), numbers(1e-6, 100))
positive_weights = numbers(0.05, 20)
exponents = st.one_of(st.sampled_from([-50.0, -1.0, -1e-9, 0.0, 1e-12, 1e-6, 1.0, 2.0, 50.0]), numbers(-50, 50))
choices = st.one_of(
    st.sampled_from(MEANS[:3]), st.builds(lambda p: {"method": "power", "p": p}, st.sampled_from([-2.0, 0.0, 0.5, 3.0]))
)


@st.composite
def siblings(
    draw: st.DrawFn, scores: st.SearchStrategy[float] = positive_scores, *, zeros: bool = False
) -> tuple[Floats, Floats]:
    """Return the scores of some children and their weights, which sum to one."""
    count = draw(st.integers(1, 6))
    weights = draw(st.lists(positive_weights, min_size=count, max_size=count))
    if zeros and count > 1:
        weights[draw(st.integers(0, count - 1))] = 0.0
    scale = sum(weights)
    given = draw(st.lists(scores, min_size=count, max_size=count))
    return np.array(given), np.array([weight / scale for weight in weights])


def _node(depth: int) -> st.SearchStrategy[Tree | None]:
    leaf = st.none()
    return leaf if depth == 0 else st.one_of(leaf, st.lists(_node(depth - 1), min_size=1, max_size=3))


trees: st.SearchStrategy[Tree] = st.lists(_node(2), min_size=1, max_size=4)
"""Two to four levels, indicators included; branches may end at different depths."""


def leaf_count(tree: Tree | None) -> int:
    return 1 if tree is None else sum(leaf_count(child) for child in tree)


def node_count(tree: Tree | None) -> int:
    return 1 if tree is None else 1 + sum(node_count(child) for child in tree)


def families(specs: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the specs of the children of each dimension."""
    children: dict[str, list[dict[str, Any]]] = {name: [] for name in specs["dimensions"]}
    for one in (*specs["dimensions"].values(), *specs["indicators"].values()):
        parent = one.get("dimension", one.get("parent"))
        if parent is not None:
            children[parent].append(one)
    return list(children.values())


@st.composite
def methodologies(draw: st.DrawFn, specs: Mapping[str, Any], *, floor: bool = True) -> dict[str, Any]:
    """Return an aggregation for each level, a floor where one is allowed, and a rule for gaps."""
    threshold = st.sampled_from([0.0, 0.5, 0.6, 1.0])
    methodology: dict[str, Any] = {
        "aggregate": {level: draw(choices) for level in specs["levels"]},
        "missing": draw(
            st.one_of(
                st.sampled_from(["available", "strict"]),
                st.builds(lambda share: {"method": "available", "threshold": share}, threshold),
            )
        ),
    }
    if floor:
        methodology["floor"] = draw(st.sampled_from([0.5, 1.0, 10.0]))
    return methodology


@st.composite
def tree_studies(
    draw: st.DrawFn,
    *,
    gaps: bool = True,
    bounds: bool = False,
    scores: st.SearchStrategy[float] = any_scores,
    zeros: bool = False,
    methodology: Mapping[str, Any] | None = None,
) -> Profile:
    """Return a study on a random tree, one fact for each indicator; with `zeros` some nodes have no weight."""
    tree = draw(trees)
    nodes, leaves = node_count(tree), leaf_count(tree)
    specs = tree_specs(tree, draw(st.lists(positive_weights, min_size=nodes, max_size=nodes)))
    for siblings_ in families(specs) if zeros else ():
        if len(siblings_) > 1 and draw(st.booleans()):
            draw(st.sampled_from(siblings_))["weight"] = 0.0
    one = st.lists(scores, min_size=3, max_size=3).map(lambda three: tuple(sorted(three))) if bounds else scores
    cell = st.one_of(st.none(), one, one, one) if gaps else one
    table = draw(st.lists(st.lists(cell, min_size=leaves, max_size=leaves), min_size=1, max_size=2))
    chosen = draw(methodologies(specs)) if methodology is None else methodology
    return scored(specs, table, methodology=chosen)


VARIABLES = {
    "share": variable("share", "percent"),
    "aid": variable("flow", "EUR million", combine="alternatives"),
    "loans": variable("flow", "EUR million", combine="sum"),
    "visits": variable("count", "count:visit", combine="latest"),
    "meetings": variable("count", "count:visit", combine="sum"),
    "signed": variable("event", "count:event"),
    "in_force": variable("event", "count:event"),
    "dialogue": variable("spell", "count:spell"),
    "envoy": variable("spell", "count:spell"),
    "judged": variable("judgement", "ordinal:-2..2"),
}
RUNGS = [
    {"variable": "signed", "title": "signed"},
    {"variable": "in_force", "title": "in force"},
    {"variable": "visits", "title": "visits", "at_least": 5},
]
MEASURES: dict[str, dict[str, Any]] = {
    "value": indicator("share"),
    "lower": indicator("share", better="lower", low=0.2, high=0.7, parity=0.3),
    "sum": indicator({"kind": "sum", "variables": ["aid", "loans"]}, unit="EUR billion", low=0.001, high=1, log=True),
    "share_of": indicator({"kind": "ratio", "numerator": ["visits"], "denominator": ["visits", "meetings"]}),
    "over": indicator({"kind": "ratio", "numerator": ["loans"], "denominator": ["aid"]}, high=5, better="lower"),
    "rate": indicator({"kind": "rate", "variables": ["meetings"]}, unit="count:visit per year", high=6),
    "time": indicator({"kind": "share_of_window", "variables": ["dialogue", "envoy"]}),
    "ladder": indicator({"kind": "ladder", "rungs": RUNGS}, unit="rungs:3", high=3),
    "checklist": indicator({"kind": "checklist", "rungs": RUNGS}, unit="rungs:3", high=3),
    "years": indicator({"kind": "years_between", "earlier": "signed", "later": "in_force"}, unit="year", high=9),
    "spread": indicator({"kind": "effective_number", "variables": ["loans"]}, unit="count:part", low=1, high=3),
    "mean": indicator({"kind": "mean", "variables": ["judged"]}, unit="ordinal:-2..2", low=-2, high=2),
}
"""One indicator of each kind; several share facts."""

dates = st.one_of(
    st.integers(1999, 2012).map(str),
    st.builds("{}-{:02}".format, st.integers(1999, 2012), st.integers(1, 12)),
    st.builds("{}-{:02}-{:02}".format, st.integers(1999, 2012), st.integers(1, 12), st.integers(1, 28)),
)


@st.composite
def _bounded(draw: st.DrawFn, low: float, high: float) -> dict[str, Any]:
    """Return a value within its bounds, half of the time without any."""
    given = sorted(draw(st.lists(numbers(low, high), min_size=3, max_size=3)))
    return draw(st.sampled_from([dict(zip(("low", "value", "high"), given, strict=True)), {"value": given[1]}]))


@st.composite
def _facts(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    """Return some observations of a variable for one case, or none."""
    kind = VARIABLES[name]["kind"]
    count = draw(st.integers(0, 3))
    years = draw(st.lists(st.integers(2001, 2010), min_size=count, max_size=count, unique=True))
    if kind == "event":
        code = st.sampled_from([{"value": 1, "low": 0}, {"value": 1}, {"value": 1}, {"value": 0}])
        return [draw(code) | {"start": draw(dates)}][:count]
    if kind == "spell":
        ends = [(sorted([draw(dates), draw(dates)]), draw(st.booleans())) for _ in years]
        force = st.sampled_from([{"value": 1}, {"value": 1}, {"value": 1, "low": 0}, {"value": 0}])
        return [draw(force) | {"start": start, "end": None if still else end} for (start, end), still in ends]
    if kind == "judgement":
        codes = [sorted(draw(st.lists(st.integers(-2, 2), min_size=3, max_size=3))) for _ in years]
        return [dict(zip(("low", "value", "high"), one, strict=True)) for one in codes]
    if kind == "share":
        return [draw(_bounded(0, 100))][:count]
    dated = [draw(_bounded(0.5, 40)) | {"start": str(year), "end": str(year)} for year in years]
    return [one | {"preferred": place == 0} for place, one in enumerate(dated)]


def _named_in(part: Any) -> list[str]:
    """Return the variables that a part of specs names, in the order of all."""
    parts = part.values() if isinstance(part, Mapping) else part if isinstance(part, list | tuple) else ()
    found = {name for one in parts for name in _named_in(one)} | ({part} if isinstance(part, str) else set())
    return [name for name in VARIABLES if name in found]


@st.composite
def measured_studies(draw: st.DrawFn, **methodology: Any) -> Profile:
    """Return a study with indicators of every kind, some facts shared, some for any partner, some missing."""
    names = draw(st.lists(st.sampled_from(list(MEASURES)), min_size=1, max_size=6, unique=True))
    dimensions = {"index": {}, "left": {"parent": "index"}, "right": {"parent": "index", "weight": 2.0}}
    places = [draw(st.sampled_from(list(dimensions))) for _ in names]
    used = {above for place in places for above in (place, "index")}
    chosen = {name: one for name, one in dimensions.items() if name in used}
    levels = ("composite", "part")[: 1 + (len(chosen) > 1)]
    indicators = {name: MEASURES[name] | {"dimension": place} for name, place in zip(names, places, strict=True)}
    specs = framework(indicators, VARIABLES, chosen, levels)
    cases = ("A>B", "A>C")[: draw(st.integers(1, 2))]
    observations = []
    for name in _named_in(indicators):
        if draw(st.booleans()):
            observations += [{"variable": name, "case": "A>*", **one} for one in draw(_facts(name))]
        for case in cases:
            observations += [{"variable": name, "case": case, **one} for one in draw(_facts(name))]
    made = methodology or {"aggregate": {level: draw(choices) for level in levels}, "floor": 1.0}
    return study(specs, observations, cases=cases, methodology=made)


def drawn_slots(engine: Engine, count: int, seed: int) -> Floats:
    """Return admissible slot values, (count, slots): uniform within the bounds, every other draw at the ends."""
    rng = np.random.default_rng(seed)
    low, high = engine.plan.low, engine.plan.high
    share = rng.uniform(size=(count, len(low)))
    share[::2] = np.rint(share[::2])
    return low + share * (high - low)

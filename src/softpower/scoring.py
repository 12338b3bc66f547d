"""Score a profile: the steps in their order, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from softpower.catalogue import load_framework, load_profile
from softpower.errors import Fault, MethodError, NotFoundError, ObservationError, SpecificationError, did_you_mean
from softpower.model.base import FrozenDict
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.registry import MISSING, NORMALISE, WEIGHTS, Method
from softpower.result import Result
from softpower.steps.aggregate import Aggregated, aggregate, contributions
from softpower.steps.derive import Bounds, derive, derive_bounds
from softpower.steps.measures import Floats, Mask
from softpower.steps.normalise import Scales, clipped, normalise
from softpower.steps.plan import Plan, plan
from softpower.steps.tree import Tree
from softpower.steps.weight import check_weights


def score(
    data: Profile | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
) -> Result:
    """Return the scores of a profile: composite, every dimension, every indicator, with bounds and coverage.

    Derive values from observations, normalise them against goalposts, weight, aggregate up the tree.

    Parameters
    ----------
    data : Profile, str or Path
        A profile, the name of one that ships, or a folder.
    framework : Framework, str or Path, optional
        Another framework for the same observations.
    methodology : Methodology or mapping, optional
        Another methodology; a mapping changes only the choices that it names.
    scenario : Scenario, mapping or str, optional
        A patch of the profile with its framework and methodology; a name is one of ``profile.all_scenarios``.

    Returns
    -------
    Result

    Raises
    ------
    SoftPowerError
        If the parts do not fit each other, or a method has no meaning for the data; the faults name the place
        and the mend.

    Notes
    -----
    A score says what the observations say against the goalposts, no more: read its bounds and coverage with it.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008).

    Examples
    --------
    >>> result = score("kazakhstan")
    >>> result.composite.index.tolist()
    ['EU>KAZ']
    >>> cautious = score("kazakhstan", methodology={"aggregate": "geometric"})
    >>> bool(cautious.composite["EU>KAZ"] < result.composite["EU>KAZ"])
    True
    >>> score("kazakhstan", scenario="legal_ties.with_association").profile.indicators["legal_ties"].unit
    'rungs:5'
    """
    profile = _profile(data, framework, methodology, scenario)
    engine = Engine(profile)
    with np.errstate(over="ignore", invalid="ignore"):
        raw = derive(engine.plan, engine.plan.nominal)
        derived = derive_bounds(engine.plan)
    engine.refuse_infinite(raw, derived.low, derived.high)
    normalised = engine.normalise(raw)
    nominal = engine.aggregate(normalised)
    engine.refuse_zeros(nominal)
    bounds = engine.bounds(nominal, derived.low, derived.high)
    return Result(
        profile=profile,
        nodes=engine.tree.nodes,
        score=nominal.scores,
        **bounds,
        coverage=engine.coverage(normalised),
        weight=nominal.weights,
        effective_weight=engine.tree.effective(nominal.weights),
        contribution=contributions(engine.tree, nominal, engine.methods, floor=profile.methodology.floor),
        exact=engine.exact(derived),
        raw=raw,
        raw_low=derived.low,
        raw_high=derived.high,
        clipped=clipped(raw, engine.scales) if engine.normaliser.fixed else np.full(raw.shape, ""),
        reasons=FrozenDict(engine.reasons(nominal)),
        feeds=FrozenDict(engine.plan.feeds),
        scale=engine.ends,
        fingerprint=FrozenDict(fingerprint(profile)),
        notes=_notes(engine, bounds, nominal),
    )


def _profile(
    data: object,
    framework: Framework | str | Path | None,
    methodology: object,
    scenario: object,
) -> Profile:
    if isinstance(data, str | Path):
        data = load_profile(data)
    if not isinstance(data, Profile):
        what = f"data is a {type(data).__name__}"
        raise SpecificationError.of("score", what, "Give a Profile, the name of one, or a folder.")
    changes: dict[str, Any] = {}
    if framework is not None:
        changes["framework"] = framework if isinstance(framework, Framework) else load_framework(framework)
    if isinstance(methodology, Methodology):
        changes["methodology"] = methodology
    elif isinstance(methodology, Mapping):
        changes["methodology"] = data.methodology.replace(**{str(key): value for key, value in methodology.items()})
    elif methodology is not None:
        what = f"methodology is a {type(methodology).__name__}"
        raise SpecificationError.of("score", what, 'Give a Methodology, or choices like {"aggregate": "geometric"}.')
    patch = None if scenario is None else find_scenario(data, scenario)
    if changes:
        # The scenarios of a profile may not fit another framework; the one that is asked for is applied below.
        data = data.replace(**changes, scenarios={})
    return data if patch is None else patch.apply(data)


def find_scenario(profile: Profile, given: object) -> Scenario:
    """Return a scenario of a profile by its name, or the one that is given itself.

    Raises
    ------
    NotFoundError
        If the profile has no scenario of that name; it names the nearest.
    SpecificationError
        If what is given is none.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, Mapping):
        return Scenario.parse({"title": "a scenario", **given}, "scenario")
    if not isinstance(given, str):
        what = f"scenario is a {type(given).__name__}"
        raise SpecificationError.of("score", what, "Give a name, a Scenario, or a mapping like a scenario's table.")
    if given not in profile.all_scenarios:
        what = f"there is no scenario '{given}'"
        raise NotFoundError.of(f"profile '{profile.id}'", what, did_you_mean(given, profile.all_scenarios))
    return profile.all_scenarios[given]


@dataclass(frozen=True)
class Engine:
    """A profile's choices as arrays and functions; `score` runs it without a draw axis.

    Parameters
    ----------
    profile : Profile
    """

    profile: Profile

    @cached_property
    def plan(self) -> Plan:
        """How values derive from observations."""
        return plan(self.profile)

    @cached_property
    def tree(self) -> Tree:
        """The tree of the included indicators."""
        return Tree.of(self.profile.framework, self.profile.indicators)

    @cached_property
    def scales(self) -> Scales:
        """Goalposts and directions."""
        return Scales.of(self.profile.indicators)

    @cached_property
    def normaliser(self) -> Method:
        """The normalisation."""
        return NORMALISE[self.profile.methodology.normalise.method]

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the scale of the scores, where it has ends."""
        return self.normaliser.scale(self.profile.methodology.normalise.parameters)

    @cached_property
    def methods(self) -> Mapping[str, tuple[Method, Mapping[str, Any]]]:
        """The aggregation of each level."""
        levels = {family.level for family in self.tree.families}
        return {level: self.profile.methodology.aggregation(level) for level in levels}

    @cached_property
    def weights(self) -> Floats:
        """Weights among siblings, before any gap."""
        choice = self.profile.methodology.weights
        weights = _array(WEIGHTS[choice.method], (len(self.tree.nodes),), self.tree, **choice.parameters)
        check_weights(self.tree, weights)
        return self.tree.among_siblings(weights)

    @cached_property
    def thresholds(self) -> Floats:
        """Least share of children present, by family."""
        choice = self.profile.methodology.missing
        levels = [family.level for family in self.tree.families]
        return _array(MISSING[choice.method], (len(levels),), levels, **choice.parameters)

    def normalise(self, raw: Floats) -> Floats:
        """Return the scores of indicators' values."""
        parameters = self.profile.methodology.normalise.parameters
        return normalise(self.normaliser, parameters, raw, self.scales)

    def aggregate(self, normalised: Floats, *, gap: float | None = None) -> Aggregated:
        """Return the scores of all nodes."""
        return aggregate(
            self.tree,
            normalised,
            self.weights,
            self.methods,
            self.thresholds,
            floor=self.profile.methodology.floor,
            gap=gap,
        )

    def refuse_infinite(self, *values: Floats) -> None:
        """Raise ObservationError where a value is too large to compute with."""
        faults = [
            Fault(
                f"{self.plan.cases[case]}: {self.plan.indicators[indicator]}",
                "its value or a bound of it is too large to compute with",
                "Check the figures and the scale of their unit.",
            )
            for case, indicator in np.argwhere(np.any([np.isinf(one) for one in values], axis=0))
        ]
        if faults:
            raise ObservationError(faults)

    def refuse_zeros(self, nominal: Aggregated) -> None:
        """Raise MethodError where a mean that needs positive values met another and there is no floor."""
        floor, ends = self.profile.methodology.floor, self.ends
        if floor is not None and ends is not None and floor >= ends[1]:
            what = f"the floor {floor:g} is not below the top of the scale, {ends[1]:g}"
            raise MethodError.of("methodology: floor", what, "A floor is a small score, for instance 1 of 100.")
        if floor is not None:
            return
        faults = []
        for family in self.tree.families:
            method, _ = self.methods[family.level]
            if not method.positive:
                continue
            values, weights = nominal.scores[:, family.children], nominal.weights[:, family.children]
            for case, child in np.argwhere((values <= 0) & (weights > 0)):
                where = f"{self.plan.cases[case]}: {self.tree.nodes[family.parent]}"
                name = self.tree.nodes[family.children[child]]
                what = f"the {method.name} mean needs positive scores and '{name}' has {values[case, child]:g}"
                faults.append(Fault(where, what, "Declare a floor, for instance floor = 1, or aggregate otherwise."))
        if faults:
            raise MethodError(faults)

    def bounds(self, nominal: Aggregated, raw_low: Floats, raw_high: Floats) -> dict[str, Floats]:
        """Return low, high, gap_low and gap_high of all nodes; NaN where bounds are not offered."""
        if self.bounds_refused is not None:
            blank = np.full_like(nominal.scores, np.nan)
            return {name: blank.copy() for name in ("low", "high", "gap_low", "gap_high")}
        ends = [self.normalise(raw_low), self.normalise(raw_high)]
        least, greatest = np.minimum(*ends), np.maximum(*ends)
        low, high = self.ends or (0.0, 0.0)
        return {
            "low": self.aggregate(least).scores,
            "high": self.aggregate(greatest).scores,
            "gap_low": self.aggregate(least, gap=low).scores,
            "gap_high": self.aggregate(greatest, gap=high).scores,
        }

    @property
    def bounds_refused(self) -> str | None:
        """Why bounds are not offered, or None where they are."""
        if not self.normaliser.fixed:
            return f"Bounds are not offered: '{self.normaliser.name}' scores depend on the other cases."
        unsteady = [method.name for method, _ in self.methods.values() if not method.monotone]
        if unsteady:
            return f"Bounds are not offered: '{unsteady[0]}' may fall when a value rises."
        return None

    def coverage(self, normalised: Floats) -> Floats:
        """Return observed effective weight over included effective weight, by node."""
        coverage = np.zeros((*normalised.shape[:-1], len(self.tree.nodes)))
        coverage[..., : self.tree.indicator_count] = ~np.isnan(normalised)
        for family in self.tree.families:
            mine = self.weights[family.children]
            coverage[..., family.parent] = (coverage[..., family.children] * mine).sum(axis=-1) / mine.sum()
        return coverage

    def exact(self, bounds: Bounds) -> Mask:
        """Return where bounds are attained: where every uncertain fact pulls all indicators under a node alike."""
        exact = np.ones((len(self.plan.cases), len(self.tree.nodes)), dtype=bool)
        exact[:, : self.tree.indicator_count] = bounds.exact
        place = {node: index for index, node in enumerate(self.tree.nodes)}
        taken: dict[tuple[int, str, str, str], tuple[int, tuple[bool, bool] | None]] = {}
        for (case, indicator), pulls in bounds.pulls.items():
            name = self.plan.indicators[indicator]
            turned = self.profile.framework.indicators[name].better == "lower"
            for number, pull in pulls.items():
                slot, mine = self.plan.slots[number], pull[::-1] if pull is not None and turned else pull
                for fact, node in product(slot.observations, self.profile.framework.path(name)[:-1]):
                    key = (case, node, fact, slot.part)
                    # A fact taken alone here and among alternatives there is not at one end for both.
                    if key in taken and (mine is None or taken[key] != (number, mine)):
                        exact[case, place[node]] = False
                    taken[key] = (number, mine)
        for family in self.tree.families:
            exact[:, family.parent] &= exact[:, family.children].all(axis=-1)
        return exact

    def reasons(self, nominal: Aggregated) -> dict[tuple[str, str], str]:
        """Return why each missing node is missing."""
        reasons = dict(self.plan.reasons)
        for family, threshold in zip(self.tree.families, self.thresholds, strict=True):
            present = (~np.isnan(nominal.scores[:, family.children])).sum(axis=-1)
            for case in np.flatnonzero(np.isnan(nominal.scores[:, family.parent])):
                share = present[case] / len(family.children)
                why = f"{present[case]} of {len(family.children)} children are present"
                if 0 < share < threshold:
                    why += f", below the threshold of {threshold:g}"
                elif present[case]:
                    why += ", and their weights are zero"
                reasons[self.plan.cases[case], self.tree.nodes[family.parent]] = why
        return reasons


def _array(method: Method, shape: tuple[int, ...], *arguments: object, **parameters: object) -> Floats:
    """Return what a registered method gives; raise MethodError where it is no finite array of the shape."""
    given = method.function(*arguments, **parameters)
    where = f"{method.step} = '{method.name}'"
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise MethodError.of(where, f"it returned a {type(given).__name__}", "It must return numbers.") from None
    if made.shape != shape or not np.isfinite(made).all() or (made < 0).any():
        what = f"it returned numbers of shape {made.shape}, or some that are negative or not finite"
        raise MethodError.of(where, what, f"It must return finite numbers from zero up, of shape {shape}.")
    return made


def _notes(engine: Engine, bounds: Mapping[str, Floats], nominal: Aggregated) -> tuple[str, ...]:
    """What the numbers themselves say to a reader: refused bounds, orders that the facts leave open."""
    notes = [] if engine.bounds_refused is None else [engine.bounds_refused]
    first = engine.tree.families[-1].children
    titles = [engine.profile.framework.node_title(engine.tree.nodes[one]) for one in first]
    for case, name in enumerate(engine.plan.cases):
        scores, low, high = (table[case, first] for table in (nominal.scores, bounds["low"], bounds["high"]))
        if len(first) < 2 or np.isnan(low).any() or len(engine.plan.cases) > 1:
            continue
        order = np.argsort(-scores, kind="stable")
        if (low[order[:-1]] <= high[order[1:]]).any():
            ranked = ", ".join(titles[one] for one in order)
            notes.append(f"{name}: the facts do not settle the order {ranked}: their bounds overlap.")
    return tuple(notes)


def fingerprint(profile: Profile) -> dict[str, str]:
    """Return the library's version and SHA-256 hashes of what decides a score.

    ``specifications`` covers the framework, ``observations`` every row, ``sources`` where they come from,
    ``methodology`` the choices, the cases, the window, the sets of indicators and what is left out. The order of keys
    and rows in the files does not matter.
    """
    parts = {
        "specifications": profile.framework.model_dump(mode="json"),
        "observations": sorted((one.model_dump(mode="json") for one in profile.observations), key=itemgetter("id")),
        "sources": {name: one.model_dump(mode="json") for name, one in profile.sources.items()},
        "methodology": profile.model_dump(mode="json", include={"methodology", "cases", "window"})
        | {"sets": sorted(set(profile.sets)), "left_out": sorted(set(profile.left_out))},
    }
    hashes = {
        name: hashlib.sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        for name, part in parts.items()
    }
    return {"version": version("softpower"), **hashes}

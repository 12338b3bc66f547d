"""What is wrong with a profile apart from its observations: cases, choices, scenarios, uncertainty and claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from softpower.errors import did_you_mean, problem
from softpower.model.base import Problem, unknown
from softpower.model.declarations import claim_problems, uncertainty_problems
from softpower.model.patching import name_problems, patched
from softpower.model.profile_parts import ProfileParts
from softpower.model.reference import source_mend
from softpower.model.scenario import Scenario
from softpower.model.scenario_parts import DECLARED
from softpower.model.uncertainty import Uncertainty
from softpower.model.unit import Unit
from softpower.model.values import Values

Found = Iterable[Problem]


def study_problems(profile: ProfileParts) -> Found:
    """Yield what a profile of observations lacks."""
    if not profile.cases:
        yield ("cases",), problem("no case is named", 'Name what is scored, for instance ["EU>KAZ"].')
    if profile.window is None:
        yield ("window",), problem("the key 'window' is missing", "Write { start = 1991, end = 2022 }.")
    for name, one in profile.indicators.items():
        if one.measure is None:
            yield (
                ("framework", "indicators", name, "measure"),
                problem(
                    "the indicator has no measure, so no observation feeds it",
                    'Give it one, for instance kind = "value", or score a table of values.',
                ),
            )


def table_problems(profile: ProfileParts, table: Values) -> Found:
    """Yield what does not go with a table of values, and columns that nothing uses."""
    for key, given in (("observations", profile.observations), ("cases", profile.cases)):
        if given:
            yield (key,), problem(f"the profile has a table of values and {key} as well", f"Leave {key} out.")
    known = {*profile.framework.indicators, *profile.framework.denominators}
    for name in table.columns:
        if name not in known:
            yield ("values", name), problem(f"there is no indicator '{name}'", did_you_mean(name, known))
    for name in profile.framework.denominators & {*table.columns}:
        for row in np.flatnonzero(table.column(name, "low") <= 0)[:1]:
            where = ", ".join(map(str, np.atleast_1d(table.index[row])))
            what = f"the denominator of {where} is zero or below, or can be within its bounds"
            yield ("values", name), problem(what, "Correct it, or leave the cell empty.")
    for name in table.columns:
        if (one := profile.framework.indicators.get(name)) is not None:
            yield from _impossible(table, name, Unit.parse(one.unit))
    for place, source in enumerate(table.sources):
        if source not in profile.sources:
            cells = np.argwhere(table.source == place)
            at = [_cell(table, row, f"{table.columns[column]}:source") for row, column in cells[:1]]
            yield ("values", *at), problem(f"there is no source '{source}'", source_mend(source, profile.sources))


def _impossible(table: Values, name: str, unit: Unit) -> Found:
    """The first cell of a column that its unit rules out: a count below zero, a code beyond the ends of its scale."""
    if not unit.codes and not unit.dimension.startswith("count:"):
        return
    least, most = (unit.codes[0], unit.codes[-1]) if unit.codes else (0.0, np.inf)
    for part in ("value", "low", "high"):
        cells = table.column(name, part)
        for row in np.flatnonzero((cells < least) | (cells > most))[:1]:
            said = f"goes from {least:g} to {most:g}" if unit.codes else "starts at zero"
            mend = 'Correct it. A change or a balance has the unit "number".' if not unit.codes else "Correct it."
            at = _cell(table, row, name if part == "value" else f"{name}:{part}")
            yield ("values", at), problem(f"{cells[row]:g} is impossible: {unit.text} {said}", mend)
            return


def _cell(table: Values, row: int, column: str) -> str:
    """Return the name of a cell, as the faults of a frame say it."""
    label = table.index[row]
    return f"row {' '.join(map(str, label)) if isinstance(label, tuple) else label}, column '{column}'"


def choice_problems(profile: ProfileParts) -> Found:
    """Yield what is wrong with the cases, the sets, what is left out and the methodology."""
    for case in profile.cases:
        if "*" in case:
            yield ("cases",), problem(f"'{case}' is a pattern, not a case", "Name what is scored, like EU>KAZ.")
    for case in sorted(case for case, count in Counter(profile.cases).items() if count > 1):
        yield ("cases",), problem(f"the case '{case}' is named twice", "Name each case once.")
    yield from unknown(
        ("left_out",), profile.left_out, {*profile.framework.dimensions, *profile.framework.indicators}, "node"
    )
    if not profile.framework.entering(profile.sets):
        yield ("sets",), problem("no indicator is in the chosen sets", "Choose base, extended or both.")
    elif not profile.indicators:
        yield ("left_out",), problem("every indicator is left out", "Leave at least one in.")
    yield from ((("methodology", *at), one) for at, one in profile.framework.unfit(profile.methodology))


def scenario_problems(profile: ProfileParts, scenarios: Mapping[str, Scenario], every: Collection[str]) -> Found:
    """Yield scenarios that cannot be applied, or have a name that is taken, and what uncertainty and claims lack.

    They are judged on all sets with nothing left out, so that leaving out more makes no scenario a fault.

    Parameters
    ----------
    profile : ProfileParts
    scenarios : mapping of name to Scenario
        The declared ones.
    every : collection of str
        The names of all, those for alternatives included.
    """
    named = list(taken_or_unknown(profile, scenarios))
    yield from named
    yield from _declared_problems(profile, every)
    faulty = {location[1] for location, _ in named}
    # What is wrong with a claim, or with what is drawn, is said above, and is no fault of a scenario.
    apart = {"scenarios": {}, "claims": (), "uncertainty": Uncertainty()}
    whole = profile.model_copy(update={"sets": ("base", "extended"), "left_out": (), **apart})
    for name, scenario in scenarios.items():
        if name not in faulty and isinstance(outcome := patched(scenario, whole), list):
            yield from ((("scenarios", name, *location), one) for location, one in outcome)


def _declared_problems(profile: ProfileParts, scenarios: Collection[str]) -> Found:
    """Names in the uncertainty and in claims that nothing has."""
    found = uncertainty_problems(profile.uncertainty, profile.framework, scenarios)
    yield from ((("uncertainty", *location), one) for location, one in found)
    if not profile.claims:
        return
    cases = profile.cases if profile.values is None else tuple(profile.values.index.get_level_values("case").unique())
    yield from claim_problems(profile.claims, profile.framework, cases, profile.sources)


def taken_or_unknown(profile: ProfileParts, scenarios: Mapping[str, Scenario]) -> Found:
    """Yield names in scenarios that nothing has, and names of scenarios that are taken."""
    for name, scenario in scenarios.items():
        at = ("scenarios", name)
        if name == DECLARED:
            what = f"'{DECLARED}' is the profile without a scenario"
            yield at, problem(what, "Choose another name.")
        if any(name.startswith(f"{one}.") for one in profile.framework.indicators):
            what = f"'{name}' is a name that alternatives of an indicator have"
            yield at, problem(what, "Choose one without the indicator in front.")
        for location, one in name_problems(scenario, profile.framework, profile.observations, profile.sources):
            yield (*at, *location), one

"""What can be scored becomes a profile: a profile, its name or folder, a DataFrame, or a score."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from softpower.arguments import diagnosed
from softpower.catalogue import load_framework, load_profile
from softpower.errors import NotFoundError, SpecificationError, did_you_mean
from softpower.frames import FRAME, read_frame
from softpower.model.base import ID
from softpower.model.declarations import fitting
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.reference import Source
from softpower.model.scenario import Scenario
from softpower.model.values import Values
from softpower.result import Result


def as_profile(
    data: object,
    framework: Framework | str | Path | None = None,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: object = None,
) -> Profile:
    """Return the profile of whatever can be scored, with another framework or methodology, under a scenario.

    A score stands for the profile that was scored, which holds the choices that were made then.

    Raises
    ------
    SoftPowerError
        If it is nothing that can be scored, or its parts do not fit.
    """
    if isinstance(data, pd.DataFrame):
        made = from_frame(data, framework, methodology=methodology)
        return made if scenario is None else find_scenario(made, scenario).apply(made)
    if isinstance(data, str | Path):
        data = load_profile(data)
    elif isinstance(data, Result):
        data = data.profile
    if not isinstance(data, Profile):
        what = f"data is a {type(data).__name__}"
        mend = "Give a Profile, the name of one, a folder, a DataFrame, or what score() returns."
        raise SpecificationError.of("score", what, mend)
    changes: dict[str, Any] = {}
    own = data.methodology
    if framework is not None:
        chosen = _framework(framework)
        changes = _under(chosen, data)
        if chosen.methodology is not None:
            # It belongs to the framework that was asked for; the study's was made for another.
            own = changes["methodology"] = chosen.methodology
    if methodology is not None:
        changes["methodology"] = _methodology(methodology, own)
    patch = None if scenario is None else find_scenario(data, scenario)
    if changes:
        # The scenarios of a profile may not fit another framework; the one that is asked for is applied below.
        under = changes.get("framework", data.framework)
        uncertainty, claims, lost = fitting(data.uncertainty, data.claims, under)
        caveats = (*changes.pop("caveats", data.caveats), *lost)
        changed = data.replace(**changes, scenarios={}, uncertainty=uncertainty, claims=claims, caveats=caveats)
        data = changed if framework is not None else _as_before(changed, data)
    return data if patch is None else patch.apply(data)


def _under(framework: Framework, profile: Profile) -> dict[str, Any]:
    """Return what changes in a profile under a framework; under another one it does not pass for what it was."""
    before = profile.framework
    if framework.id == before.id:
        return {"framework": framework}
    said = f"Scored under '{framework.title}'. What follows was said of scores under '{before.title}'."
    return {
        "framework": framework,
        "title": f"{profile.title}: {framework.title}",
        "caveats": (said, *profile.caveats) if profile.caveats else (),
    }


def _as_before(changed: Profile, before: Profile) -> Profile:
    """Return a profile under another methodology with the scenarios and the uncertainty that it had.

    Whether a scenario fits the methodology shows when it is applied.
    """
    kept = {name: getattr(changed, name) for name in Profile.model_fields}
    kept |= {"scenarios": before.scenarios, "uncertainty": before.uncertainty}
    return Profile.model_construct(**kept)


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


@diagnosed
def from_frame(
    frame: pd.DataFrame,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    id: str = "frame",  # noqa: A002 - what a profile calls it
    title: str | None = None,
    where: str = FRAME,
) -> Profile:
    """Return the profile of a table of indicator values.

    Parameters
    ----------
    frame : DataFrame
        Wide, cases by indicators: the index, or a column ``case``, names the cases; a second level of the index, or a
        column ``period``, the periods. ``ID:low``, ``ID:high`` and ``ID:source`` beside a column give its bounds and
        where it comes from, ``group:NAME`` what a case belongs to. Or tidy, one row for each cell: exactly when it
        has columns ``case``, ``indicator`` and ``value``; it may have ``low``, ``high``, ``period``, ``unit`` and
        ``source``. Labels become texts; periods that are all years become whole numbers.
    framework : Framework, str or Path, optional
        Whose indicators the columns are. Without one it is flat: the columns weigh the same, and higher is better.
    methodology : Methodology or mapping, optional
        Without one, that of the framework, where it has its own; else values are scored against goalposts where every
        indicator has them, and otherwise by min-max over the cases. A mapping changes only the choices that it names.
    id, title : str, optional
        Of the profile.
    where : str
        What faults call the frame, for instance the name of its file.

    Raises
    ------
    ObservationError
        With every fault of the frame: the cell, what is wrong, and how to mend it.

    Notes
    -----
    Without a framework the choices are nobody's: the notes of the result say so.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4, 2]}, index=["KAZ", "UZB"])
    >>> profile = from_frame(frame)
    >>> profile.framework.id, profile.methodology.normalise.method
    ('flat', 'min_max')
    """
    values, chosen = read_frame(frame, None if framework is None else _framework(framework), where=where)
    values, sources = _sourced(values)
    named = title or chosen.title
    bare = any(one.goalposts is None for one in chosen.indicators.values())
    own = chosen.methodology or (Methodology(normalise="min_max") if bare else Methodology())
    return Profile.parse(
        {
            "id": id,
            "title": named,
            "framework": chosen,
            "values": values,
            "sources": sources,
            "methodology": own if methodology is None else _methodology(methodology, own),
        },
        "profile",
    )


def _framework(given: object) -> Framework:
    return given if isinstance(given, Framework) else load_framework(given)  # type: ignore[arg-type]


def _methodology(given: object, own: Methodology) -> Methodology:
    """Return a methodology: the given one, or one's own with some choices changed."""
    if isinstance(given, Methodology):
        return given
    if isinstance(given, Mapping):
        return own.replace(**{str(key): value for key, value in given.items()})
    what = f"methodology is a {type(given).__name__}"
    raise SpecificationError.of("score", what, 'Give a Methodology, or choices like {"aggregate": "geometric"}.')


def _sourced(values: Values) -> tuple[Values, dict[str, Source]]:
    """Return the table with an id for each source, and the sources by id."""
    ids: list[str] = []
    for text in values.sources:
        name = text if re.fullmatch(ID, text) else re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:60] or "source"
        while name in ids:
            name += "_"
        ids.append(name)
    sources = {name: Source(title=text, kind="dataset") for name, text in zip(ids, values.sources, strict=True)}
    if not ids:
        return values, {}
    made = Values(
        values.index, values.columns, values.value, values.low, values.high, values.source, tuple(ids), values.groups
    )
    return made, sources

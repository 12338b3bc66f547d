"""Score a study: the steps in their order, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from softpower.arguments import diagnosed
from softpower.engine import Engine
from softpower.errors import SpecificationError
from softpower.model.as_of import Day, Undated
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.result import Result
from softpower.studies import as_profile


@diagnosed
def score(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    as_of: Day | None = None,
    undated: Undated = "leave_out",
) -> Result:
    """Return the scores of a study: composite, every dimension, every indicator, with bounds and coverage.

    Derive values from observations, or take those of a table; normalise them, weight, aggregate up the tree.

    Parameters
    ----------
    data : Result, Profile, DataFrame, str or Path
        A profile, the name of one that ships, a folder, or a table of values as `from_frame` takes it. A score that is
        there already stands for its profile; without another choice it is returned as it is.
    framework : Framework, str or Path, optional
        Another framework for the same observations, or that of the table's columns.
    methodology : Methodology or mapping, optional
        Another methodology; a mapping changes only the choices that it names.
    scenario : Scenario, mapping or str, optional
        A patch of the profile with its framework and methodology; a name is one of ``profile.all_scenarios``.
    as_of : int, str or date, optional
        The day as of which the profile is scored, as `Profile.as_of` takes it; it stands for its last day.
    undated : {"leave_out", "constant"}
        What becomes of facts without a date then. Where they are held constant, the notes of the result say what they
        carry (`Result.undated`).

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
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> score(frame).composite.round(1).to_dict()
    {'KAZ': 50.0, 'UZB': 50.0, 'KGZ': 75.0}
    >>> score("kazakhstan", scenario="legal_ties.with_association").profile.indicators["legal_ties"].unit
    'rungs:5'
    >>> score("kazakhstan", as_of=2005).profile.span
    '1991 to 2005'
    """
    if as_of is None and undated != "leave_out":
        what = "'undated' says what becomes of facts without a date on a day, and no day is given"
        raise SpecificationError.of("score", what, "Give as_of, for instance as_of=2005.")
    if isinstance(data, Result) and all(one is None for one in (framework, methodology, scenario, as_of)):
        return data
    profile = as_profile(data, framework, methodology, scenario)
    if as_of is not None:
        profile = profile.as_of(as_of, undated=undated)
    engine = Engine(profile)
    return Result(engine, engine.score())

"""Score a study: the steps in their order, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from softpower.engine import Engine
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.result import Result
from softpower.studies import as_profile


def score(
    data: Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
) -> Result:
    """Return the scores of a study: composite, every dimension, every indicator, with bounds and coverage.

    Derive values from observations, or take those of a table; normalise them, weight, aggregate up the tree.

    Parameters
    ----------
    data : Profile, DataFrame, str or Path
        A profile, the name of one that ships, a folder, or a table of values as `from_frame` takes it.
    framework : Framework, str or Path, optional
        Another framework for the same observations, or that of the table's columns.
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
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> score(frame).composite.round(1).to_dict()
    {'KAZ': 50.0, 'UZB': 50.0, 'KGZ': 75.0}
    >>> score("kazakhstan", scenario="legal_ties.with_association").profile.indicators["legal_ties"].unit
    'rungs:5'
    """
    engine = Engine(as_profile(data, framework, methodology, scenario))
    return Result(engine, engine.score())

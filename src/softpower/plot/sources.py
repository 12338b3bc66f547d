"""What a picture says at its foot of where its numbers come from."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd

from softpower.analysis.sensitivity import SensitivityResult
from softpower.analysis.uncertainty import UncertaintyResult
from softpower.model.framework import Framework
from softpower.result import Result
from softpower.words import counted

NAMED = 2
"""So many sources are named, those behind most numbers first; the others are counted."""


def source_line(given: Result | UncertaintyResult | SensitivityResult | Framework | pd.DataFrame) -> str:
    """Return the study's title, the sources behind most of its numbers, its draws where there are any, the version.

    Examples
    --------
    >>> import pandas as pd
    >>> from softpower.scoring import score
    >>> source_line(score(pd.DataFrame({"trade": [1.0, 2.0], "visits": [3.0, 1.0]}, index=["KAZ", "UZB"])))[:32]
    'Composite, which names no source'
    """
    return f"{_study(given)}.{_draws(given)} softpower {version('softpower')}"


def _study(given: object) -> str:
    if isinstance(given, pd.DataFrame):
        return "a table, which names no study"
    if isinstance(given, Framework):
        return _named(given.title, [str(given.works[one]) for one in given.references if one in given.works])
    result = _result(given)
    return _named(result.profile.title, result.sources()["citation"].tolist())


def _result(given: object) -> Result:
    if isinstance(given, UncertaintyResult):
        return given.score
    if isinstance(given, SensitivityResult):
        sampler = given.design.outputs.sampler
        return Result(sampler.engine, sampler.nominal)
    assert isinstance(given, Result)
    return given


def _named(title: str, cited: list[str]) -> str:
    if not cited:
        return f"{title}, which names no source"
    more = len(cited) - NAMED
    rest = f"; and {more} more source{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{title}: {'; '.join(one.rstrip('.') for one in cited[:NAMED])}{rest}"


def _draws(given: object) -> str:
    if not isinstance(given, UncertaintyResult | SensitivityResult):
        return ""
    count = len(given.factors)
    rows = "draws" if isinstance(given, UncertaintyResult) else "rows of Sobol indices"
    return f" {given.n:,} {rows} of {counted(count, 'factor')}, seed {given.seed}."

"""What a picture says at its foot of where its numbers come from."""

from __future__ import annotations

from softpower.result import Result

NAMED = 2
"""So many sources are named, those behind most numbers first; the others are counted."""


def source_line(result: Result) -> str:
    """Return the study's title and the sources behind most of its scores, as one line.

    Examples
    --------
    >>> import pandas as pd
    >>> from softpower.scoring import score
    >>> source_line(score(pd.DataFrame({"trade": [1.0, 2.0], "visits": [3.0, 1.0]}, index=["KAZ", "UZB"])))
    'Composite, which names no source'
    """
    cited = result.sources()["citation"].tolist()
    if not cited:
        return f"{result.profile.title}, which names no source"
    more = len(cited) - NAMED
    rest = f"; and {more} more source{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{result.profile.title}: {'; '.join(one.rstrip('.') for one in cited[:NAMED])}{rest}"

"""Which two cases of a page stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from softpower.errors import Fault, MethodError, did_you_mean
from softpower.result import Result

WHERE = "report: compare"


def chosen(result: Result, names: Sequence[str]) -> tuple[int, int]:
    """Return the rows of two cases by name.

    Parameters
    ----------
    result : Result
    names : pair of str

    Raises
    ------
    MethodError
        If there are not two names of two cases, or the cases are scored in several periods.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> result = score("technology_achievement")
    >>> [result.cases[row] for row in chosen(result, ("Japan", "Finland"))]
    ['Japan', 'Finland']
    """
    faults = tuple(_faults(result, names))
    if faults:
        raise MethodError(faults)
    rows = list(result.index.get_level_values("case"))
    one, other = map(rows.index, names)
    return one, other


def _faults(result: Result, names: object) -> Iterator[Fault]:
    cases = [str(case) for case in result.cases]
    if len(cases) < 2:
        yield Fault(WHERE, f"there is one case, {cases[0]!r}, and nothing to compare it with", "Leave it out.")
        return
    if (periods := len(result.engine.by_period)) > 1:
        what = f"two cases stand side by side in one period, and these are scored in {periods}"
        yield Fault(WHERE, what, "Score one period alone, or leave it out.")
    if isinstance(names, str) or not isinstance(names, Sequence) or len(names) != 2:
        yield Fault(WHERE, f"{names!r} are not two cases", f"Name two, such as {tuple(cases[:2])}.")
        return
    for name in names:
        if name not in cases:
            yield Fault(WHERE, f"there is no case {name!r}", did_you_mean(name, cases))
    if names[0] == names[1]:
        yield Fault(WHERE, f"{names[0]!r} is named twice", "Name two cases.")

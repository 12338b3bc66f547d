"""The columns of a frame: what their names mean, and whose indicators they are."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from softpower.errors import SpecificationError, did_you_mean
from softpower.frames.faults import Faults
from softpower.model.framework import Framework

TIDY = ("case", "indicator", "value")
TIDY_COLUMNS = (*TIDY, "low", "high", "period", "unit", "source")
PARTS = ("low", "high", "source")


def is_tidy(frame: pd.DataFrame) -> bool:
    """Return whether a frame has one row for each cell: exactly when it has columns case, indicator and value."""
    return set(TIDY) <= {str(name) for name in frame.columns}


def holds_labels(name: str) -> bool:
    """Return whether a column of that name holds texts, whatever they look like.

    Examples
    --------
    >>> holds_labels("case"), holds_labels("trade:source"), holds_labels("trade")
    (True, True, False)
    """
    return (
        name in {"case", "indicator", "period", "unit", "source"}
        or name.startswith("group:")
        or name.endswith(":source")
    )


def part_of(name: str) -> str | None:
    """Return which part of an indicator a column holds besides its value."""
    return next((part for part in PARTS if name.endswith(f":{part}")), None)


def are_named(columns: pd.Index, faults: Faults) -> bool:
    """Return whether the columns have names of their own."""
    if columns.nlevels > 1:
        mend = "Give one row of names, for instance frame.columns = ['_'.join(one) for one in frame.columns]."
        faults.keep("columns", "their names have several levels", mend)
        return False
    for name in columns:
        if not isinstance(name, str):
            faults.keep(f"column {name!r}", "its name is no text", "Name every column, for instance by indicator.")
    for name in columns[columns.duplicated()].unique():
        faults.keep(f"column '{name}'", "the name stands twice", "Rename or delete one.")
    return not faults.found


def named_framework(
    names: Sequence[str], units: Mapping[str, str], framework: Framework | None, faults: Faults
) -> tuple[Framework | None, list[str]]:
    """Return the framework and the ids of columns in it, which are named by an id or a title."""
    if framework is None:
        return _flat(names, units, faults)
    known = {*framework.indicators, *framework.denominators}
    titles = Counter(one.title for one in framework.indicators.values())
    by_title = {one.title: name for name, one in framework.indicators.items() if titles[one.title] == 1}
    ids = [name if name in known else by_title.get(name, "") for name in names]
    for name, one in zip(names, ids, strict=True):
        if not one:
            mend = did_you_mean(name, known) + " Leave out columns that are no indicators."
            faults.keep(f"column '{name}'", f"the framework '{framework.id}' has no such indicator", mend)
        elif ids.count(one) > 1 and name != one:
            what = f"it is the title of '{one}', which has a column of its own"
            faults.keep(f"column '{name}'", what, "Leave one of the two out.")
    return (None if faults.found else framework), ids


def _flat(names: Sequence[str], units: Mapping[str, str], faults: Faults) -> tuple[Framework | None, list[str]]:
    """Return a framework without dimensions, of the columns themselves."""
    if len(names) == 1:
        mend = "Give two columns of values or more, or a framework."
        faults.keep(f"column '{names[0]}'", "one indicator alone makes no composite", mend)
    if len(names) < 2:
        return None, []
    try:
        made = Framework.flat(names, units=units)
    except SpecificationError as error:
        for one in error.faults:
            faults.keep("columns", one.what, one.mend)
        return None, []
    return made, list(made.indicators)

"""A profile as the files that make up its folder."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from softpower.errors import Fault, ObservationError, SpecificationError
from softpower.files import csv_of, short_ends
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.profile_parts import ProfileParts
from softpower.model.toml import toml_text

NAMES = (
    *("profile.toml", "observations.csv", "values.csv", "sources.toml"),
    *("spec/framework.toml", "spec/references.toml"),
)
"""The files of a saved profile, of which those that have nothing to hold are left out."""
APART = {"framework", "observations", "values", "sources", "methodology"}
"""What profile.toml does not hold as it is: it stands in a file of its own, or is written in full."""


def profile_files(profile: ProfileParts) -> dict[str, str]:
    """Return the texts of a profile's folder by file name, its framework in ``spec``.

    Raises
    ------
    SoftPowerError
        If something cannot be written so that it reads back as it is.
    """
    head = profile.model_dump(exclude_defaults=True, exclude=APART)
    first = {name: head.pop(name) for name in ("id", "title", "summary") if name in head}
    parts = {"framework": "spec"}
    if profile.values is None:
        parts["observations"] = "observations.csv"
        files = {"observations.csv": observation_table(profile.observations)}
    else:
        parts["values"] = "values.csv"
        files = {"values.csv": csv_of(profile.values.to_frame(), index=True)}
    if profile.sources:
        parts["sources"] = "sources.toml"
        entries = {name: one.model_dump(exclude_defaults=True) for name, one in profile.sources.items()}
        files["sources.toml"] = toml_text({"sources": entries})
    files |= {f"spec/{name}": text for name, text in profile.framework.to_files().items()}
    # In full, so that a saved study keeps its choices whatever the defaults of a later release are.
    chosen = {"methodology": profile.methodology.model_dump(exclude_none=True)}
    text = toml_text(first | parts | head | chosen)
    _check_choices(profile.methodology, text)
    return {"profile.toml": text, **files}


def _check_choices(methodology: Methodology, text: str) -> None:
    """Raise SpecificationError where a method of one's own takes parameters that TOML does not hold as they are."""
    mend = "Let the method take numbers, texts, lists and tables."
    try:
        read = Methodology.parse(tomllib.loads(text)["methodology"], "methodology")
    except SpecificationError as error:
        raise SpecificationError(
            [Fault(one.where, f"written as TOML, {one.what}", mend) for one in error.faults]
        ) from None
    if read != methodology:
        raise SpecificationError.of("methodology", "a parameter changes when it is written as TOML", mend)


def observation_table(observations: Iterable[Observation]) -> str:
    """Return observations as the text of a CSV file, with the columns that any of them fills.

    Raises
    ------
    ObservationError
        For every text that is too long for a cell.

    Examples
    --------
    >>> seen = Observation(id="v1", case="A>B", variable="visits", value=3, unit="count:visit", start="2001")
    >>> print(observation_table([seen]))
    id,case,variable,value,unit,start
    v1,A>B,visits,3,count:visit,2001
    """
    rows = list(observations)
    needed = {"id", "case", "variable", "value", "unit"}
    defaults = {name: field.get_default() for name, field in Observation.model_fields.items()}
    columns = [
        name
        for name, default in defaults.items()
        if name in needed or any(getattr(one, name) != default for one in rows)
    ]
    table = [[_cell(getattr(one, name)) for name in columns] for one in rows]
    faults = list(_too_long(columns, table))
    if faults:
        raise ObservationError(faults)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([columns, *table])
    return short_ends(text.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _too_long(columns: list[str], table: list[list[str]]) -> Iterator[Fault]:
    limit = csv.field_size_limit()
    for row in table:
        for name, cell in zip(columns, row, strict=True):
            if len(cell) >= limit:
                where = f"observation '{row[0]}': {name}"
                yield Fault(where, f"{len(cell)} characters are too many for a cell", f"Keep below {limit}.")

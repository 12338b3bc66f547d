"""COINr's two tables, iData and iMeta, become a profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from softpower.arguments import diagnosed
from softpower.errors import ObservationError, SpecificationError
from softpower.interop.coinr_data import values_of
from softpower.interop.coinr_findings import Findings, listed
from softpower.interop.coinr_framework import framework_of
from softpower.interop.coinr_meta import count_levels, level_names_of, meta_rows
from softpower.model.base import Location, parse_at
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.values import Values


@dataclass(frozen=True, repr=False)
class FromCoinr:
    """What COINr's tables say: a profile, and what of them it does not hold.

    Parameters
    ----------
    profile : Profile
        Framework and values, to be scored.
    not_understood : tuple of str
        What the tables say beside it, a sentence each.
    """

    profile: Profile
    not_understood: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the size of the profile, its normalisation and what was not understood."""
        profile = self.profile
        how = ", ".join(one.method for one, _ in profile.methodology.choices("normalise", profile.indicators))
        table = profile.values or Values.blank()
        return listed(
            f"{profile.title}: {len(profile.indicators)} indicators, {len(table.index)} rows, {how}",
            "not understood",
            self.not_understood,
        )


@diagnosed
def from_coinr(idata: pd.DataFrame, imeta: pd.DataFrame, *, level_names: Sequence[str] | None = None) -> FromCoinr:
    """Return the profile of COINr's two tables, and what of them is not understood.

    Codes, names, the tree with its weights, directions, units, targets, goalposts, denominators with their scale
    factors and groups are read. Longer names of units (``uName``) become a group of that name.

    Parameters
    ----------
    idata : DataFrame
        COINr's ``iData``: a column ``uCode``, and one for each indicator, denominator and group. With a column
        ``Time`` of years it is a panel.
    imeta : DataFrame
        COINr's ``iMeta``: columns ``Level``, ``iCode``, ``Parent``, ``Direction``, ``Type`` and ``Weight``; it may
        have ``iName``, ``Unit``, ``Target``, ``Denominator``, ``ScaleFactor`` and ``goalpost_lower``, ``_upper``,
        ``_scale``, ``_trunc2posts``.
    level_names : sequence of str, optional
        As ``new_coin()`` takes them, indicators first. Without them levels are called as COINr calls them: Level_2,
        Level_3 and so on.

    Raises
    ------
    SoftPowerError
        With every fault of both tables: a SpecificationError, or an ObservationError where only iData is at fault.

    Notes
    -----
    Values are scored against goalposts where every indicator has them, else by min-max over the cases, which is
    COINr's default. A denominator that iMeta names always divides: value x ScaleFactor / denominator. In COINr it
    does so only after ``Denominate()``.

    Examples
    --------
    >>> idata = pd.DataFrame({"uCode": ["KAZ", "UZB"], "trade": [29.4, 11.0], "visits": [4, 2]})
    >>> imeta = pd.DataFrame({
    ...     "Level": [1, 1, 2],
    ...     "iCode": ["trade", "visits", "index"],
    ...     "Parent": ["index", "index", None],
    ...     "Direction": [1, 1, 1],
    ...     "Type": ["Indicator", "Indicator", "Aggregate"],
    ...     "Weight": [2, 1, 1],
    ... })
    >>> from_coinr(idata, imeta)
    index: 2 indicators, 2 rows, min_max
    not understood: nothing
    """
    found = Findings()
    rows = meta_rows(imeta, found)
    levels = count_levels(rows, found)
    names = level_names_of(levels, level_names, found)
    framework = None if found.of_meta else framework_of(rows, names, found)
    values = values_of(idata, rows, framework, found)
    made = None
    if framework is not None and values is not None and not found.of_data:
        made = _profile(framework, values, found)
    if made is None:
        kind = SpecificationError if found.of_meta else ObservationError
        raise kind([*found.of_meta, *found.of_data])
    return FromCoinr(made, tuple(found.notes))


def _profile(framework: Framework, values: Values, found: Findings) -> Profile | None:
    """Return the profile of both tables, or None after keeping what is wrong with its values."""
    data = {"id": framework.id, "title": framework.title, "framework": framework, "values": values}
    try:
        return parse_at(Profile, data | {"methodology": _methodology(framework)}, _in_data)
    except SpecificationError as error:
        found.of_data += error.faults
        return None


def _methodology(framework: Framework) -> Methodology:
    """Return how values are scored where nobody says it."""
    posted = all(one.goalposts is not None for one in framework.indicators.values())
    return Methodology() if posted else Methodology(normalise="min_max")


def _in_data(location: Location) -> tuple[str, Location]:
    if len(location) < 2:
        return "iData", location
    # A cell is named with its row, and a column by itself.
    place = str(location[1])
    return f"iData: {place}" if place.startswith("row ") else f"iData: column '{place}'", location[2:]

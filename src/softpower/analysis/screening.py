"""Screen cases and indicators: by how much is there, and how much of that is zero."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.engine import Engine
from softpower.errors import Fault, MethodError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.observation import patterns
from softpower.model.profile import Profile
from softpower.result import ROWS, Result, captioned
from softpower.steps.measures import Mask
from softpower.studies import as_profile


@diagnosed
def screen(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    case_availability: float | None = None,
    indicator_availability: float | None = None,
    case_zeros: float | None = None,
    indicator_zeros: float | None = None,
    keep: Iterable[str] | str = (),
    drop: Iterable[str] | str = (),
) -> Screening:
    """Drop the cases and indicators that have too few values, or too many zeros among them.

    availability = values that are there / cells; zeros = zeros / values that are there. A case is dropped when its
    availability is below ``case_availability`` or its share of zeros above ``case_zeros``, an indicator likewise. With
    periods a row is a case in a period, and it is the row that is dropped.

    Parameters
    ----------
    data, framework
        As for `score`.
    case_availability, indicator_availability : float, optional
        The least availability, from 0 to 1.
    case_zeros, indicator_zeros : float, optional
        The greatest share of zeros, from 0 to 1.
    keep, drop : str or iterable of str
        Cases, with all their periods, and indicators that stay or go whatever their shares are.

    Returns
    -------
    Screening

    Raises
    ------
    MethodError
        For every threshold that is no share and every name that is neither a case nor an indicator, or both; if no case
        or no indicator is left.
    SoftPowerError
        If the data is nothing that can be scored, or what is left is no sound profile.

    Notes
    -----
    The values are those that are normalised, ``Result.raw``: derived from observations, or the cells of a table after
    their denominators. A value whose denominator is missing is thus missing. COINr screens before denominators by
    default, where such a value is there; without denominators the shares are the same.

    Only indicators of the chosen sets count. All shares are of what is given, before anything is dropped. Once a sparse
    indicator is gone, a case that was dropped for it might have stayed: to screen in two steps, screen twice.

    Misleads where gaps are no accident: cases that are dropped for lack of data are often alike, for instance poor.
    A zero may also be a true and telling value, for instance no visit.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 2 and 3.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {"trade": [1.0, 3.0, np.nan], "visits": [4, 2, np.nan], "aid": [0, 5, 1]}, index=["KAZ", "UZB", "KGZ"]
    ... )
    >>> screening = screen(frame, case_availability=0.5)
    >>> screening.dropped[["name", "availability", "reason"]].to_dict("records")
    [{'name': 'KGZ', 'availability': 0.33..., 'reason': '1 of 3 values is there, below the least availability of 0.5'}]
    >>> screening.profile.values.cases
    ('KAZ', 'UZB')
    """
    limits = {
        "case": (case_availability, case_zeros),
        "indicator": (indicator_availability, indicator_zeros),
    }
    profile = as_profile(data, framework)
    forced = {key: _names(key, names) for key, names in (("keep", keep), ("drop", drop))}
    faults = [*_threshold_faults(limits), *_name_faults(profile, forced["keep"], forced["drop"])]
    if faults:
        raise MethodError(faults)
    raw = Engine(profile).raw
    there, zero = ~np.isnan(raw), raw == 0
    labels = {"case": profile.index.get_level_values("case"), "indicator": pd.Index(list(profile.indicators))}
    parts = []
    for axis, (what, names) in enumerate(labels.items()):
        across = 1 - axis
        part = _judged(there.sum(across), zero.sum(across), raw.shape[across], limits[what])
        for place, name in enumerate(("what", "name")):
            part.insert(place, name, (what, names)[place])
        parts.append(_force(part, forced["keep"], forced["drop"]))
    if profile.index.nlevels > 1:
        parts[0].insert(2, "period", profile.index.get_level_values("period").astype(object))
        parts[1].insert(2, "period", None)
    _refuse_nothing_left(parts)
    rows, columns = (part["decision"].eq("kept").to_numpy() for part in parts)
    left = _remaining(profile, rows, labels["indicator"][columns])
    return Screening(left, pd.concat(parts, ignore_index=True))


@dataclass(frozen=True, repr=False, eq=False)
class Screening:
    """What screening left, and why.

    Parameters
    ----------
    profile : Profile
        The profile without what was dropped; `score` takes it.
    report : DataFrame
        One row for each case (and period) and each indicator that were given: ``what``, ``name``, ``availability``,
        ``zeros``, ``decision`` (kept or dropped), whether it was ``forced`` by name, and the ``reason``.
    """

    profile: Profile
    report: pd.DataFrame

    @property
    def kept(self) -> pd.DataFrame:
        """The rows of the report for what stays."""
        return self.report[self.report["decision"] == "kept"]

    @property
    def dropped(self) -> pd.DataFrame:
        """The rows of the report for what is dropped."""
        return self.report[self.report["decision"] == "dropped"]

    def to_frame(self) -> pd.DataFrame:
        """Return the report: one row for each case (and period) and each indicator that were given."""
        return self.report.copy()

    @property
    def _head(self) -> str:
        size, gone = (one["what"].value_counts() for one in (self.report, self.dropped))
        parts = [f"{gone.get(what, 0):,} of {size[what]:,} {what}s" for what in ("case", "indicator")]
        return f"Screening drops {' and '.join(parts)}."

    def __repr__(self) -> str:
        """Return how much is dropped, and what, with the reasons."""
        gone = self.dropped.drop(columns="decision")
        if gone.empty:
            return self._head
        more = f"\nand {len(gone) - ROWS:,} more" if len(gone) > ROWS else ""
        return f"{self._head}\n{gone.head(ROWS).round(3).to_string(index=False)}{more}"

    def _repr_html_(self) -> str:
        """Return how much is dropped, and what, with the reasons, as HTML."""
        gone = self.dropped.drop(columns="decision")
        return captioned(self._head, gone, index=False)


def _names(key: str, given: object) -> list[str]:
    """Return names, of which a single one may stand without a list."""
    if isinstance(given, str):
        return [given]
    listed = list(given) if isinstance(given, Iterable) else [None]
    names = [one for one in listed if isinstance(one, str)]
    if len(names) < len(listed):
        mend = 'Give cases and indicators by name, for instance ["KAZ", "trade"].'
        raise MethodError.of(f"screen: {key}", f"{given!r} is no list of names", mend)
    return names


def _threshold_faults(limits: Mapping[str, tuple[object, object]]) -> list[Fault]:
    return [
        Fault(f"screen: {what}_{key}", f"{limit!r} is no share", "Give a number from 0 to 1.")
        for what, pair in limits.items()
        for key, limit in zip(("availability", "zeros"), pair, strict=True)
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 <= limit <= 1)
    ]


def _name_faults(profile: Profile, keep: Collection[str], drop: Collection[str]) -> list[Fault]:
    cases, indicators = set(profile.index.get_level_values("case")), set(profile.indicators)
    faults = []
    for key, names in (("keep", keep), ("drop", drop)):
        for name in dict.fromkeys(names):
            where = f"screen: {key}"
            if name in cases and name in indicators:
                faults.append(Fault(where, f"'{name}' is a case and an indicator", "Rename one of the two."))
            elif name in profile.framework.indicators and name not in indicators | cases:
                faults.append(Fault(where, f"'{name}' is in no chosen set, so it is not screened", "Leave it out."))
            elif name not in indicators | cases:
                faults.append(
                    Fault(where, f"there is no case or indicator '{name}'", did_you_mean(name, indicators | cases))
                )
    return faults + [
        Fault("screen", f"'{name}' is to be kept and dropped", "Name it in one of the two.")
        for name in sorted(set(keep) & set(drop))
    ]


def _judged(there: np.ndarray, zero: np.ndarray, cells: int, limits: tuple[float | None, float | None]) -> pd.DataFrame:
    """Return the shares, the decision and its reason, of counts of what is there and what is zero."""
    # Few counts differ, however many cases there are.
    pairs, which = np.unique(np.stack([there, zero], axis=-1), axis=0, return_inverse=True)
    rows = []
    for values, zeros in pairs.tolist():
        availability, share = values / cells, zeros / values if values else np.nan
        reasons = []
        if limits[0] is not None and availability < limits[0]:
            there_is = f"{values} of {cells} values {'is' if values == 1 else 'are'} there"
            reasons.append(f"{there_is}, below the least availability of {limits[0]:g}")
        if limits[1] is not None and share > limits[1]:
            is_zero = f"{zeros} of {values} values {'is' if zeros == 1 else 'are'} zero"
            reasons.append(f"{is_zero}, above the greatest share of {limits[1]:g}")
        decision = "dropped" if reasons else "kept"
        rows.append((availability, share, decision, False, "; ".join(reasons)))
    table = pd.DataFrame(rows, columns=["availability", "zeros", "decision", "forced", "reason"])
    return table.iloc[which.ravel()].reset_index(drop=True)


def _force(part: pd.DataFrame, keep: Collection[str], drop: Collection[str]) -> pd.DataFrame:
    """Return the report with what is kept and dropped by name."""
    stays, goes = part["name"].isin([*keep]), part["name"].isin([*drop])
    although = part["reason"].where(part["reason"].eq(""), ", although " + part["reason"])
    reason = part["reason"].mask(stays, "kept by name" + although).mask(goes, "dropped by name")
    decision = part["decision"].mask(stays, "kept").mask(goes, "dropped")
    return part.assign(decision=decision, forced=stays | goes, reason=reason)


def _refuse_nothing_left(parts: Iterable[pd.DataFrame]) -> None:
    """Raise MethodError where all cases, or all indicators, are dropped."""
    faults = []
    for part in parts:
        if part["decision"].eq("dropped").all():
            what = part["what"].iloc[0]
            best = part.iloc[int(part["availability"].to_numpy().argmax())]
            why = f"the fullest is '{best['name']}': {best['reason']}"
            mend = "Lower the least availability, raise the greatest share of zeros, or keep some by name."
            faults.append(Fault("screen", f"every {what} is dropped: {why}", mend))
    if faults:
        raise MethodError(faults)


def _remaining(profile: Profile, rows: Mask, indicators: Collection[str]) -> Profile:
    """Return the profile of some rows and indicators; facts that are of none of its cases go with the others."""
    gone = [name for name in profile.indicators if name not in set(indicators)]
    if rows.all() and not gone:
        return profile
    kept = set(profile.index.get_level_values("case")[rows])
    claims = tuple(one for one in profile.claims if kept.issuperset(one.cases))
    if profile.values is None:
        facts = set(_matched(profile.index[~rows])) - set(_matched(profile.index[rows]))
        left = profile.without(*gone, observations=[one.id for one in profile.observations if one.case in facts])
        return left if rows.all() else left.replace(cases=tuple(profile.index[rows]), claims=claims)
    left = profile.without(*gone)
    known = {name: one for name, one in profile.framework.indicators.items() if name not in gone}
    below = {one.denominator.variable for one in known.values() if one.denominator is not None}
    columns = [name for name in profile.values.columns if name in known or name in below]
    return left.replace(values=profile.values.take(np.flatnonzero(rows), columns), claims=claims)


def _matched(cases: Iterable[str]) -> Iterator[str]:
    """Yield what a fact about some cases may name, wildcards included."""
    for case in cases:
        yield from patterns(case)

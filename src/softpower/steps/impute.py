"""Fill gaps before values are treated and normalised.

Every imputation maps values of shape (..., rows, indicators) to values of the same shape. What was observed stays the
same to the bit. It fills what it promises, or says why it cannot.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from softpower.errors import Fault, MethodError, did_you_mean
from softpower.registry import IMPUTE
from softpower.steps import statistics
from softpower.steps.layout import Codes, Layout
from softpower.steps.measures import Floats

OTHERWISE = "Leave the indicator out, or keep its gaps."


@IMPUTE.register("mean")
def mean(values: Floats, layout: Layout) -> Floats:
    """Fill gaps with the indicator's mean over all rows: sum of x / n.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout

    Returns
    -------
    array of the same shape, without gaps

    Raises
    ------
    MethodError
        If an indicator has no value at all.

    Notes
    -----
    Misleads on spread: the more gaps, the more cases look alike, and correlations with other indicators shrink.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> mean(np.array([[1.0], [np.nan], [5.0]]), Layout.plain(3, ("visits",))).ravel()
    array([1., 3., 5.])
    """
    return _centred("mean", values, layout, statistics.mean)


@IMPUTE.register("median")
def median(values: Floats, layout: Layout) -> Floats:
    """Fill gaps with the indicator's median over all rows.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout

    Returns
    -------
    array of the same shape, without gaps

    Raises
    ------
    MethodError
        If an indicator has no value at all.

    Notes
    -----
    Misleads on spread, as the mean does; but one outlier does not draw every gap to it.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> median(np.array([[1.0], [np.nan], [2.0], [90.0]]), Layout.plain(4, ("visits",))).ravel()
    array([ 1.,  2.,  2., 90.])
    """
    return _centred("median", values, layout, statistics.median)


@IMPUTE.register("group_mean")
def group_mean(values: Floats, layout: Layout, *, group: str) -> Floats:
    """Fill gaps with the mean of the rows of the same group, for instance of the region.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
    group : str
        One of the groups of the layout.

    Returns
    -------
    array of the same shape, without gaps

    Raises
    ------
    MethodError
        If there is no such group, if a row with a gap is of no group, or if nobody in its group has a value.

    Notes
    -----
    Misleads in small groups, where a gap takes the value of the one neighbour that has one.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> layout = Layout(("visits",), np.zeros(1, dtype=int), np.arange(3), groups={"region": np.array([0, 0, 1])})
    >>> group_mean(np.array([[1.0], [np.nan], [5.0]]), layout, group="region").ravel()
    array([1., 1., 5.])
    """
    return _by_group("group_mean", values, layout, group, statistics.mean)


@IMPUTE.register("group_median")
def group_median(values: Floats, layout: Layout, *, group: str) -> Floats:
    """Fill gaps with the median of the rows of the same group, for instance of the region.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
    group : str
        One of the groups of the layout.

    Returns
    -------
    array of the same shape, without gaps

    Raises
    ------
    MethodError
        If there is no such group, if a row with a gap is of no group, or if nobody in its group has a value.

    Notes
    -----
    Misleads in small groups, as the group mean does.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> layout = Layout(("visits",), np.zeros(1, dtype=int), np.arange(4), groups={"region": np.zeros(4, dtype=int)})
    >>> group_median(np.array([[1.0], [np.nan], [2.0], [90.0]]), layout, group="region").ravel()
    array([ 1.,  2.,  2., 90.])
    """
    return _by_group("group_median", values, layout, group, statistics.median)


@IMPUTE.register("last_observation")
def last_observation(values: Floats, layout: Layout, *, maximum_gap: int) -> Floats:
    """Carry a case's last observation forward over the periods that follow without one.

    Periods are counted among all that the table has: where a case lacks a row, the period still passes.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
        With times.
    maximum_gap : int
        An observation is carried over at most so many periods.

    Returns
    -------
    array of the same shape; gaps before the first observation and further off than the maximum stay

    Raises
    ------
    MethodError
        If the rows have no times, a case has two rows at one time, or the maximum is below 1.

    Notes
    -----
    Misleads where things move: a change is dated to the next observation, and a trend becomes a flight of stairs.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> layout = Layout(("visits",), np.zeros(1, dtype=int), np.zeros(4, dtype=int), np.arange(2010.0, 2014.0))
    >>> last_observation(np.array([[7.0], [np.nan], [np.nan], [np.nan]]), layout, maximum_gap=2).ravel()
    array([ 7.,  7.,  7., nan])
    """
    order, cases, periods, _ = _timeline("last_observation", layout, maximum_gap)
    ordered = values[..., order, :]
    last = _last(ordered, cases)
    near = (last >= 0) & (periods[:, None] - periods[last] <= maximum_gap)
    carried = np.take_along_axis(ordered, np.maximum(last, 0), axis=-2)
    return _back(values, np.where(near, carried, np.nan), order)


@IMPUTE.register("linear")
def linear(values: Floats, layout: Layout, *, maximum_gap: int) -> Floats:
    """Fill the gaps between two observations of a case on the straight line between them.

    x = a + (b - a) (t - t_a) / (t_b - t_a). Nothing is filled before the first observation or after the last.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
        With times.
    maximum_gap : int
        Of the periods that the table has, at most so many may lie between the two observations; a longer gap stays
        whole.

    Returns
    -------
    array of the same shape

    Raises
    ------
    MethodError
        If the rows have no times, a case has two rows at one time, or the maximum is below 1.

    Notes
    -----
    Misleads where the years between were unlike both ends, and it looks ahead: a later observation moves an earlier
    score.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> layout = Layout(("visits",), np.zeros(1, dtype=int), np.zeros(3, dtype=int), np.array([2010.0, 2011, 2014]))
    >>> linear(np.array([[1.0], [np.nan], [9.0]]), layout, maximum_gap=1).ravel()
    array([1., 3., 9.])
    """
    order, cases, periods, times = _timeline("linear", layout, maximum_gap)
    ordered = values[..., order, :]
    before = _last(ordered, cases)
    behind = _last(ordered[..., ::-1, :], cases[::-1])[..., ::-1, :]
    after = np.where(behind >= 0, len(order) - 1 - behind, -1)
    inside = (before >= 0) & (before < after) & (periods[after] - periods[before] - 1 <= maximum_gap)
    before, after = (np.where(inside, one, 0) for one in (before, after))
    a, b = (np.take_along_axis(ordered, one, axis=-2) for one in (before, after))
    span = np.where(inside, times[after] - times[before], 1.0)
    part = np.where(inside, times[:, None] - times[before], 0.0) / span
    # Clipped, so that between two equal values lies no other.
    line = np.clip(a * (1.0 - part) + b * part, np.minimum(a, b), np.maximum(a, b))
    return _back(values, np.where(inside, line, np.nan), order)


def _centred(name: str, values: Floats, layout: Layout, statistic: Callable[[Floats], Floats]) -> Floats:
    """Return the values with a statistic of each indicator in its gaps."""
    where = f"impute = '{name}'"
    centre = statistic(values)
    lacking = np.isnan(centre).reshape(-1, len(layout.indicators)).any(axis=0)
    faults = [
        Fault(f"{where}: {layout.indicators[place]}", "no case has a value", OTHERWISE)
        for place in np.flatnonzero(lacking)
    ]
    if faults:
        raise MethodError(faults)
    return np.where(np.isnan(values), centre[..., None, :], values)


def _by_group(name: str, values: Floats, layout: Layout, group: str, statistic: Callable[[Floats], Floats]) -> Floats:
    """Return the values with a statistic of their group in the gaps; the only loop is over groups."""
    where = f"impute = '{name}'"
    if group not in layout.groups:
        raise MethodError.of(where, f"there is no group '{group}'", did_you_mean(group, layout.groups))
    codes = layout.groups[group]
    filled = values.copy()
    order = np.argsort(codes, kind="stable")
    # Rows without a group come first.
    begins = np.searchsorted(codes[order], np.unique(codes[codes >= 0]))
    for rows in np.split(order, begins)[1:]:
        mine = values[..., rows, :]
        filled[..., rows, :] = np.where(np.isnan(mine), statistic(mine)[..., None, :], mine)
    _refuse_left(where, filled, layout, group)
    return filled


def _refuse_left(where: str, filled: Floats, layout: Layout, group: str) -> None:
    """Raise MethodError for gaps that no group could fill, naming the first row of each group."""
    codes = layout.groups[group]
    left = np.asarray(np.isnan(filled).reshape(-1, *filled.shape[-2:]).any(axis=0))
    faults = []
    for place in np.flatnonzero(left.any(axis=0)):
        name, rows = layout.indicators[place], np.flatnonzero(left[:, place])
        unknown, known = rows[codes[rows] < 0], rows[codes[rows] >= 0]
        mend = "Impute by 'mean', or by a coarser group, or leave the indicator out."
        if len(unknown):
            what = f"row {unknown[0] + 1} has neither a value nor a known '{group}'"
            faults.append(Fault(f"{where}: {name}", what, f"Say its '{group}'. {mend}"))
        for row in known[np.unique(codes[known], return_index=True)[1]]:
            what = f"no case has a value in the '{group}' of row {row + 1}"
            faults.append(Fault(f"{where}: {name}", what, mend))
    if faults:
        raise MethodError(faults)


def _timeline(name: str, layout: Layout, maximum_gap: int) -> tuple[Codes, Codes, Codes, Floats]:
    """Return the order of rows by case and time; and in that order their cases, the places of their periods, times.

    Raises
    ------
    MethodError
        If the rows have no times, two rows of a case have the same, or the maximum gap is below 1.
    """
    where = f"impute = '{name}'"
    if maximum_gap < 1:
        raise MethodError.of(where, f"maximum_gap is {maximum_gap}", "Give the number of periods, 1 or more.")
    if layout.times is None:
        raise MethodError.of(where, "the rows have no periods to look along", "Impute over the cases, by 'mean'.")
    order = np.lexsort((layout.times, layout.cases))
    cases, times = layout.cases[order], layout.times[order]
    twice = np.flatnonzero((np.diff(cases) == 0) & (np.diff(times) == 0))
    if len(twice):
        first, second = sorted((order[twice[0]] + 1, order[twice[0] + 1] + 1))
        what = f"rows {first} and {second} are of one case and one period"
        raise MethodError.of(where, what, "Keep one row of a case for each period.")
    periods = np.unique(times, return_inverse=True)[1]
    return order, cases, periods, times


def _last(ordered: Floats, cases: Codes) -> Codes:
    """Return the place of the last row of the same case, up to each, that has a value; -1 where there is none."""
    places = np.arange(len(cases))
    last = np.maximum.accumulate(np.where(np.isnan(ordered), -1, places[:, None]), axis=-2)
    begins = np.concatenate([[True], cases[1:] != cases[:-1]])
    first = np.maximum.accumulate(np.where(begins, places, 0))
    return np.where(last >= first[:, None], last, -1)


def _back(values: Floats, found: Floats, order: Codes) -> Floats:
    """Return the values with what was found, in the order given, in their gaps."""
    filled = np.empty_like(values)
    filled[..., order, :] = found
    return np.where(np.isnan(values), filled, values)

"""How indicators grow: compound growth and a straight line through the periods of each case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.engine import Engine
from softpower.errors import MethodError
from softpower.model.profile import Profile
from softpower.model.unit import Unit
from softpower.result import Result
from softpower.steps.measures import Floats, Mask
from softpower.studies import as_profile


@diagnosed
def growth(data: Result | Profile | pd.DataFrame | str | Path) -> pd.DataFrame:
    """Return how each indicator grows in each case, in its own unit and over the years that its periods are apart.

    growth = (last / first)^(1 / (t_last - t_first)) - 1, and slope is that of the line with the least sum of squares
    through the values; t are years, and months and days are parts of theirs, so that gaps count with their length.

    Parameters
    ----------
    data : Result, Profile, DataFrame, str or Path
        As for `score`, with periods.

    Returns
    -------
    DataFrame
        By case and indicator: ``from``, ``to``, ``first``, ``last``, ``periods`` (how many are observed), ``growth`` (a
        share per year), ``slope`` and ``slope_error`` (units per year), ``unit`` and ``reason``, which says why one of
        them is missing.

    Raises
    ------
    MethodError
        If there are no periods.

    Notes
    -----
    Values are those that were observed: none is imputed or treated. Growth has a meaning only for values above zero
    whose unit starts at zero: not for dates, codes and rungs. A number without a stated unit is taken to start at zero.

    Misleads where the first or the last value is out of the ordinary, since growth knows no other; the line does. The
    error of a slope takes deviations from the line to be independent, which those of years that follow one another
    seldom are: it is then too small.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("A", 2000, 100.0, 1.0), ("A", 2001, 110.0, 1.0), ("A", 2003, 133.1, 1.0)]
    >>> found = growth(pd.DataFrame(rows, columns=["case", "period", "trade", "visits"]))
    >>> found.loc[("A", "trade"), ["from", "to"]].tolist(), float(found["growth"].iloc[0].round(6))
    ([2000, 2003], 0.1)
    """
    engine = data.engine if isinstance(data, Result) else Engine(as_profile(data))
    if engine.index.nlevels == 1:
        mend = "Give a table with periods: a second level of its index, or a column 'period'."
        raise MethodError.of("growth", "the values have no periods", mend)
    labels = list(engine.by_period)
    codes = engine.period_codes
    cases, names = pd.factorize(engine.index.get_level_values("case"))
    rows = engine.layout.times
    assert rows is not None
    values = np.full((len(names), len(labels), len(engine.indicators)), np.nan)
    values[cases, codes] = engine.raw
    times = np.empty(len(labels))
    times[codes] = rows
    return _frame(engine, values, times, names, labels)


def _frame(engine: Engine, values: Floats, times: Floats, names: pd.Index, labels: list[object]) -> pd.DataFrame:
    """Return the frame of values of shape (cases, periods, indicators) at some times."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    first, last = there.argmax(axis=1), len(labels) - 1 - there[:, ::-1].argmax(axis=1)
    ends = [np.take_along_axis(values, one[:, None], axis=1)[:, 0] for one in (first, last)]
    units = [engine.profile.framework.indicators[name].unit for name in engine.indicators]
    positive = (values > 0).sum(axis=1) == count
    rate = _rate(ends[0], ends[1], times[last] - times[first])
    beyond = np.isinf(rate) & positive
    rate = np.where((count > 1) & positive & _from_zero(units) & ~beyond, rate, np.nan)
    slope, error = _line(values, times)
    steep = np.isinf(slope) | np.isinf(error)
    slope, error = (np.where(np.isinf(one), np.nan, one) for one in (slope, error))
    periods = pd.Index(labels, dtype=object)
    gone = count == 0
    columns = {
        "from": np.where(gone, np.array(None), periods.to_numpy()[first]),
        "to": np.where(gone, np.array(None), periods.to_numpy()[last]),
        "first": ends[0],
        "last": ends[1],
        "periods": count,
        "growth": rate,
        "slope": slope,
        "slope_error": error,
        "unit": np.broadcast_to(np.array(units, dtype=object), count.shape),
        "reason": _reasons(count, positive, beyond, steep, units),
    }
    index = pd.MultiIndex.from_product([names, engine.indicators], names=["case", "indicator"])
    return pd.DataFrame({name: one.ravel() for name, one in columns.items()}, index)


def _rate(first: Floats, last: Floats, years: Floats) -> Floats:
    """Return compound growth by year, as a share."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = last / first
        # Of numbers too far apart to divide the logarithms are near enough.
        far = np.exp((np.log(last) - np.log(first)) / years)
        return np.where((ratio > 0) & (ratio < np.inf), ratio ** (1.0 / years), far) - 1.0


def _line(values: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Return the slope of the least squares line through values of shape (cases, periods, indicators), and its error.

    The error is NaN of fewer than three values, the slope of fewer than two; either is infinite beyond all numbers.
    """
    there = ~np.isnan(values)
    count = np.maximum(there.sum(axis=1), 1)
    x = np.where(there, times[:, None], 0.0)
    y = np.where(there, values, 0.0)
    # Both grow with the values: powers of two bring these near one and leave their digits, so that no square is lost.
    power = np.frexp(np.abs(y).max(axis=1))[1]
    y = np.ldexp(y, -power[:, None])
    x = np.where(there, x - (x.sum(axis=1) / count)[:, None], 0.0)
    y = np.where(there, y - (y.sum(axis=1) / count)[:, None], 0.0)
    spread = (x * x).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (x * y).sum(axis=1) / spread
        off = y - slope[:, None] * x
        error = np.where(count > 2, np.sqrt((off * off).sum(axis=1) / (count - 2) / spread), np.nan)
    with np.errstate(over="ignore"):
        return np.ldexp(slope, power), np.ldexp(error, power)


def _from_zero(units: list[str]) -> Mask:
    """Return which units start at zero."""
    return np.array([not Unit.parse(one).codes and Unit.parse(one).dimension != "date" for one in units])


def _reasons(count: np.ndarray, positive: Mask, beyond: Mask, steep: Mask, units: list[str]) -> np.ndarray:
    """Return why something is missing; empty where nothing is."""
    scale = np.array([f"no growth: the unit '{one}' does not start at zero" for one in units], dtype=object)
    texts = np.where(count > 2, "", "no error: a line through two values leaves nothing over").astype(object)
    texts = np.where(steep, "no line: its slope or error is beyond the numbers that there are", texts)
    texts = np.where(beyond, "no growth: it is beyond the numbers that there are", texts)
    texts = np.where(positive, texts, "no growth: not all values are above zero")
    texts = np.where(_from_zero(units), texts, scale)
    texts = np.where(count > 1, texts, "one period alone is observed")
    return np.where(count > 0, texts, "no period is observed")

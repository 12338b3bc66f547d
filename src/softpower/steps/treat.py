"""Treat outliers before values are normalised.

Every treatment maps values of shape (..., cases, indicators) to values of the same shape. It looks at each indicator
by itself, over all rows, and never asks which way is better. Gaps stay gaps, and no two cases change places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softpower.errors import Fault, MethodError
from softpower.registry import TREAT
from softpower.steps import statistics
from softpower.steps.layout import Codes, Layout
from softpower.steps.measures import Floats, Mask

CLOSE = 1e-9
"""Values whose logarithms differ by less count as the same: what lies between them is rounding."""
HALVINGS = 60
"""So often is the interval halved in which the exponent lies: down to the last digit of a number."""


ROUNDING = 1e-9


@dataclass(frozen=True)
class Treatment:
    """Treated values and how each indicator was treated.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    method : text array of shape (..., indicators)
        ``"none"``, ``"winsorised"``, ``"logarithm"``, ``"box_cox"`` or ``"clipped"``.
    cells : int array of shape (..., indicators)
        How many cells were brought in by winsorising or clipping; 0 under a transformation, which moves all.
    parameter : array of shape (..., indicators)
        The exponent of a Box-Cox transformation; NaN otherwise.
    """

    values: Floats
    method: NDArray[np.str_]
    cells: Codes
    parameter: Floats


def jrc_treatment(
    values: Floats,
    layout: Layout,
    *,
    most: int = 5,
    skewness_threshold: float = 2.0,
    kurtosis_threshold: float = 3.5,
    offset: float = 0.01,
) -> Treatment:
    """Return what `jrc` makes of the values, and how.

    Examples
    --------
    >>> values = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0], [5.0, 500.0]])
    >>> made = jrc_treatment(values, Layout.plain(5, ("even", "uneven")))
    >>> made.method.tolist(), made.cells.tolist()
    (['none', 'winsorised'], [0, 1])
    """
    where = "treat = 'jrc'"
    if most < 0:
        raise MethodError.of(where, f"most is {most}", "Give the number of cells that may be winsorised, 0 or more.")
    if skewness_threshold <= 0 or offset <= 0:
        mend = "The threshold of skewness and the offset of the logarithm must be above zero."
        raise MethodError.of(where, f"skewness_threshold {skewness_threshold:g}, offset {offset:g}", mend)
    count = statistics.count(values)
    _refuse(
        where,
        layout,
        (count > 0) & (count < 4),
        "it has fewer than 4 values, of which skewness and kurtosis say nothing",
        "Clip it by 'percentile_clip', or leave outliers as they are.",
    )

    def failing(columns: Floats) -> Mask:
        # A constant has neither, and no outlier.
        skewness, kurtosis = statistics.skewness(columns), statistics.kurtosis(columns)
        # At a threshold up to rounding is at it, so that a column and its mirror image fare alike.
        peaked = kurtosis >= kurtosis_threshold - ROUNDING
        return np.asarray((np.abs(skewness) >= skewness_threshold - ROUNDING) & peaked)

    # Ordered, the cases give the same sums whatever their order was. One column for each indicator of each draw.
    ordered = _columns(np.sort(values, axis=-2))
    ends = (*_winsorised(ordered, failing, most), np.fmin.reduce(ordered), np.fmax.reduce(ordered))
    shape = (*values.shape[:-2], 1, values.shape[-1])
    low, high, logged, least, greatest = (one.reshape(shape) for one in ends)
    treated = _within(values, low, high)
    if logged.any():
        # As a share of the range, so that no difference overflows; ln of the range comes back as a sum.
        wide = np.where(logged, greatest / 2 - least / 2, 1.0)
        share = np.where(logged, values / 2 - least / 2, 0.0) / wide
        treated = np.where(logged, np.log(share + offset) + np.log(wide) + np.log(2.0), treated)
    gone = logged[..., 0, :]
    with np.errstate(invalid="ignore"):
        cells = np.where(gone, 0, ((values < low) | (values > high)).sum(axis=-2))
    method = np.where(gone, "logarithm", np.where(cells > 0, "winsorised", "none"))
    return Treatment(treated, method, cells, np.full(gone.shape, np.nan))


@TREAT.register("jrc", rescales=True)
def jrc(
    values: Floats,
    layout: Layout,
    *,
    most: int = 5,
    skewness_threshold: float = 2.0,
    kurtosis_threshold: float = 3.5,
    offset: float = 0.01,
) -> Floats:
    """Winsorise a few cells of an indicator that is skewed and peaked; take logarithms where that does not do.

    An indicator passes if its absolute skewness is below one threshold or its excess kurtosis below the other. One
    that fails is winsorised, a step at a time until it passes: where the skewness is zero or above, all cells at the
    maximum take the next lower value, otherwise those at the minimum the next higher. If it would take more than
    ``most`` cells, its original values become ln(x - min + offset (max - min)).

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    layout : Layout
    most : int
        So many cells of an indicator may be winsorised. A step that would go beyond, as cells of one value move
        together, is not taken.
    skewness_threshold, kurtosis_threshold : float
        Of the sample-corrected skewness and excess kurtosis.
    offset : float
        What the least value is lifted to before the logarithm, as a share of the range.

    Returns
    -------
    array of the same shape; NaN stays NaN, and an indicator that passes stays as it is

    Raises
    ------
    MethodError
        If an indicator has one to three values.

    Notes
    -----
    Misleads where the extreme is what one wants to see: a true giant is made equal to the next. Logarithms change
    the unit, so goalposts in the original unit say nothing of them; normalise such indicators among the cases. After
    the logarithm nothing is tested any more.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5. The rule as the JRC's COIN Tool has it.

    Examples
    --------
    >>> values = np.array([[1.0], [2.0], [3.0], [4.0], [500.0]])
    >>> jrc(values, Layout.plain(5, ("visits",))).ravel()
    array([1., 2., 3., 4., 4.])
    """
    return jrc_treatment(
        values,
        layout,
        most=most,
        skewness_threshold=skewness_threshold,
        kurtosis_threshold=kurtosis_threshold,
        offset=offset,
    ).values


def box_cox_treatment(values: Floats, layout: Layout, *, exponent: float | None = None) -> Treatment:
    """Return what `box_cox` makes of the values, and with which exponents.

    Examples
    --------
    >>> values = np.array([[1.0], [10.0], [100.0]])
    >>> box_cox_treatment(values, Layout.plain(3, ("visits",))).parameter.round(6) + 0.0
    array([0.])
    """
    where = "treat = 'box_cox'"
    with np.errstate(invalid="ignore"):
        _refuse(
            where,
            layout,
            (values <= 0).any(axis=-2),
            "it has values of zero or below, which have no power",
            "Treat it by 'jrc', or measure it from another zero.",
        )
    least, greatest = (end.reduce(values, axis=-2) for end in (np.fmin, np.fmax))
    if exponent is None:
        _refuse(
            where,
            layout,
            np.log(greatest) - np.log(least) < CLOSE,
            "its values are the same, or nearly, so no exponent is the likeliest",
            "Give an exponent, or leave the indicator as it is.",
        )
        exponents = _likeliest(np.log(_columns(np.sort(values, axis=-2)))).reshape(least.shape)
    else:
        exponents = np.where(np.isnan(least), np.nan, exponent)
    logs = np.log(values)
    with np.errstate(over="ignore"):
        treated = _power(logs, exponents[..., None, :])
    apart, ordered = np.diff(np.sort(logs, axis=-2), axis=-2) > CLOSE, np.sort(treated, axis=-2)
    merged = apart & (ordered[..., 1:, :] <= ordered[..., :-1, :])
    _refuse(
        where,
        layout,
        merged.any(axis=-2) | np.isinf(treated).any(axis=-2),
        "under the exponent its values are too large, or too close, to be told apart",
        "Give an exponent nearer to zero, or treat it by 'jrc'.",
    )
    kind = np.where(np.isnan(least), "none", "box_cox")
    return Treatment(treated, kind, np.zeros(least.shape, dtype=np.int64), exponents)


@TREAT.register("box_cox", rescales=True)
def box_cox(values: Floats, layout: Layout, *, exponent: float | None = None) -> Floats:
    """Transform by a power: (x^lambda - 1) / lambda, and ln x for lambda = 0.

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
        Above zero.
    layout : Layout
    exponent : float, optional
        Lambda, for all indicators. Without it each has the one under which its values are likeliest to be normal:
        the lambda that maximises (lambda - 1) sum of ln x - n / 2 ln var.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If a value is zero or below, if all are the same and no exponent is given, or if the exponent leaves nothing
        to be told apart.

    Notes
    -----
    Misleads where a unit matters: every indicator gets a scale of its own, and goalposts in the original unit say
    nothing of it. With few cases the likeliest exponent is mostly chance.

    References
    ----------
    Box and Cox, An analysis of transformations, Journal of the Royal Statistical Society B 26 (1964).

    Examples
    --------
    >>> values = np.array([[1.0], [4.0], [9.0]])
    >>> box_cox(values, Layout.plain(3, ("visits",)), exponent=0.5).ravel()
    array([0., 2., 4.])
    """
    return box_cox_treatment(values, layout, exponent=exponent).values


def clip_treatment(values: Floats, layout: Layout, *, low: float = 5.0, high: float = 95.0) -> Treatment:
    """Return what `percentile_clip` makes of the values, and how many cells it moves.

    Examples
    --------
    >>> values = np.array([[0.0], [10.0], [20.0], [30.0], [40.0]])
    >>> clip_treatment(values, Layout.plain(5, ("visits",))).cells
    array([2])
    """
    where = "treat = 'percentile_clip'"
    if not 0 <= low < high <= 100:
        raise MethodError.of(where, f"low {low:g} and high {high:g}", "Give two percentiles in order, from 0 to 100.")
    _refuse(
        where,
        layout,
        statistics.count(values) == 1,
        "it has one value, which has no percentiles",
        "Leave outliers as they are.",
    )
    ends = [statistics.quantile(values, percentile / 100)[..., None, :] for percentile in (low, high)]
    treated = _within(values, *ends)
    before, after = (np.fmax.reduce(one, axis=-2) > np.fmin.reduce(one, axis=-2) for one in (values, treated))
    _refuse(
        where,
        layout,
        before & ~after,
        "between the percentiles all its values are the same",
        "Choose percentiles further out, or treat it by 'jrc'.",
    )
    with np.errstate(invalid="ignore"):
        cells = ((values < ends[0]) | (values > ends[1])).sum(axis=-2)
    return Treatment(treated, np.where(cells > 0, "clipped", "none"), cells, np.full(cells.shape, np.nan))


@TREAT.register("percentile_clip")
def percentile_clip(values: Floats, layout: Layout, *, low: float = 5.0, high: float = 95.0) -> Floats:
    """Bring values beyond two percentiles in to them: min(max(x, p_low), p_high).

    Parameters
    ----------
    values : array of shape (..., cases, indicators)
    layout : Layout
    low, high : float
        Percentiles, from 0 to 100, linear between the ordered values.

    Returns
    -------
    array of the same shape; NaN stays NaN

    Raises
    ------
    MethodError
        If the percentiles are not in order, if an indicator has a single value, or if no difference would be left.

    Notes
    -----
    Misleads where there is no outlier: the same share of cases is moved all the same, and few cases lose their ends.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.

    Examples
    --------
    >>> values = np.array([[0.0], [10.0], [20.0], [30.0], [40.0]])
    >>> percentile_clip(values, Layout.plain(5, ("visits",)), low=25, high=75).ravel()
    array([10., 10., 20., 30., 30.])
    """
    return clip_treatment(values, layout, low=low, high=high).values


def _columns(values: Floats) -> Floats:
    """Return values of shape (..., cases, indicators) as (cases, all indicators of all draws)."""
    return np.moveaxis(values, -2, 0).reshape(values.shape[-2], -1)


def _winsorised(ordered: Floats, failing: Callable[[Floats], Mask], most: int) -> tuple[Floats, Floats, Mask]:
    """Return the ends that columns of shape (cases, columns) are brought in to, and which fail all the same."""
    low, high = (end.reduce(ordered) for end in (np.fmin, np.fmax))
    failed = failing(ordered)
    active = np.flatnonzero(failed)
    # A step moves at least one cell, so that there are no more steps than cells allowed.
    while active.size:
        x, lows, highs = ordered[:, active], low[active], high[active]
        upper = statistics.skewness(np.clip(x, lows, highs)) >= 0
        highs = np.where(upper, np.where(x < highs, x, -np.inf).max(axis=0), highs)
        lows = np.where(upper, lows, np.where(x > lows, x, np.inf).min(axis=0))
        # Never more cells than allowed, and never so many that no difference is left.
        taken = (((x < lows) | (x > highs)).sum(axis=0) <= most) & (lows < highs)
        active = active[taken]
        low[active], high[active] = lows[taken], highs[taken]
        failed[active] = failing(np.clip(ordered[:, active], low[active], high[active]))
        active = active[failed[active]]
    return low, high, failed


def _power(logs: Floats, exponents: Floats) -> Floats:
    """Return (x^lambda - 1) / lambda of ln x."""
    zero = exponents == 0
    return np.asarray(np.where(zero, logs, np.expm1(exponents * logs) / np.where(zero, 1.0, exponents)))


def _likeliest(logs: Floats) -> Floats:
    """Return the exponents of the greatest likelihood for ln x of shape (cases, columns); NaN for an empty column.

    About the mean of ln x the likelihood falls with the variance v of y = (e^(lambda u) - 1) / lambda alone, so
    that lambda is where dv / dlambda changes its sign. Halving an interval finds it for all columns at once.
    """
    u = logs - statistics.mean(logs)
    least, greatest = (end.reduce(u) for end in (np.fmin, np.fmax))
    # Beyond these ends the one extreme value outweighs all others, and the variance grows. The least part of the width
    # that a side can have, 1 / n, holds where rounding left it nothing.
    reach, part = 30.0 + np.log(len(u)), (greatest - least) / len(u)
    low, high = -reach / np.maximum(-least, part), reach / np.maximum(greatest, part)
    middle = low + (high - low) / 2
    for _ in range(HALVINGS):
        y, zero = _power(u, middle), middle == 0
        steep = np.where(zero, u * u / 2, (u * np.exp(middle * u) - y) / np.where(zero, 1.0, middle))
        rising = statistics.mean((y - statistics.mean(y)) * steep) > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
        middle = low + (high - low) / 2
    return np.asarray(middle)


def _within(values: Floats, low: Floats, high: Floats) -> Floats:
    """Return the values, the same to the bit, or the end that they lie beyond."""
    with np.errstate(invalid="ignore"):
        return np.where(values < low, low, np.where(values > high, high, values))


def _refuse(where: str, layout: Layout, wrong: ArrayLike, what: str, mend: str) -> None:
    """Raise MethodError for the indicators, of shape (..., indicators), of which something is wrong in any draw."""
    places: Iterable[int] = np.flatnonzero(np.reshape(wrong, (-1, len(layout.indicators))).any(axis=0))
    faults = [Fault(f"{where}: {layout.indicators[place]}", what, mend) for place in places]
    if faults:
        raise MethodError(faults)

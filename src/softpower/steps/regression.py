"""Fill gaps from the other indicators of the dimension, by scikit-learn's chained regressions.

These are iterative: they run once for each draw and each dimension. Indicators are put on one scale before, so that no
unit decides which of them counts. What is filled in stays within the observed range of its indicator: no number of
visits falls below zero.
"""

from __future__ import annotations

import warnings
from threading import Lock
from typing import Any

import numpy as np

from softpower.errors import Fault, MethodError, MissingExtraError
from softpower.registry import IMPUTE
from softpower.steps.correlation import LEAST
from softpower.steps.layout import Codes, Layout
from softpower.steps.measures import Floats

STILL = 1e-6
"""A prediction that moves by no more than this share of half the observed range of its indicator stands still."""
SEEDS = 2**32
"""scikit-learn takes seeds below this."""


@IMPUTE.register("regression")
def regression(values: Floats, layout: Layout, *, rounds: int = 1000) -> Floats:
    """Fill gaps by regressing each indicator on the others of its dimension, in rounds until nothing moves.

    Each indicator with gaps in turn, the one with the fewest first, is predicted by a Bayesian ridge regression on
    the others, whose own gaps hold their latest prediction. A round in which no prediction moves by more than a
    millionth of half the observed range of its indicator is the last. There is no chance in it.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
        Says which indicators share a dimension.
    rounds : int
        At most so many rounds.

    Returns
    -------
    array of the same shape, without gaps, each filled cell within the observed range of its indicator

    Raises
    ------
    MethodError
        If an indicator with gaps has fewer than three values, or no other indicator of its dimension varies, or the
        predictions still move after the last round.
    MissingExtraError
        If scikit-learn is not installed.

    Notes
    -----
    Misleads on certainty: filled cells lie on the line, so that indicators look more correlated than they are. Use
    `multiple_imputation` to see how uncertain they are. A case without any value in the dimension gets near the mean.

    A dozen rounds do where a tenth of the values is missing. Where a third is, hundreds may, or none: several tables
    can then agree with their own regressions, and the order of the indicators may decide which is reached.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3. van Buuren and Groothuis-Oudshoorn, mice,
    Journal of Statistical Software 45 (2011).

    Examples
    --------
    >>> values = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, np.nan], [4.0, 40.0]])
    >>> regression(values, Layout.plain(4, ("visits", "students"))).round(2)[2].tolist()
    [3.0, 30.0]
    """
    where = "impute = 'regression'"
    if rounds < 1:
        raise MethodError.of(where, f"rounds is {rounds}", "Give the number of rounds, 1 or more.")
    return _filled(where, values, layout, rounds, None)


@IMPUTE.register("multiple")
def multiple(values: Floats, layout: Layout, *, tables: int = 20, rounds: int = 10, seed: int = 0) -> Floats:
    """Fill gaps with the mean of several completed tables, each drawn as `multiple_imputation` draws it.

    Parameters
    ----------
    values : array of shape (..., rows, indicators)
    layout : Layout
        Says which indicators share a dimension.
    tables : int
        How many tables are completed.
    rounds : int
        So many rounds of regressions make a table.
    seed : int
        The same seed gives the same cells.

    Returns
    -------
    array of the same shape, without gaps

    Raises
    ------
    MethodError
        If there is no table, no round, or a negative seed; if an indicator with gaps has fewer than three values, or
        no other indicator of its dimension varies.
    MissingExtraError
        If scikit-learn is not installed.

    Notes
    -----
    Misleads where it is taken for the tables themselves: their mean says nothing of how far they lie apart, and nor do
    draws of observations, which all see the same chances. Declare ``imputations`` uncertain to draw the tables. Under
    another order of rows the chances fall otherwise, so cells differ a little.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3. Rubin, Multiple Imputation for
    Nonresponse in Surveys (1987).

    Examples
    --------
    >>> values = np.array([[1.0, 10.0], [2.0, 21.0], [3.0, np.nan], [4.0, 39.0]])
    >>> bool(21 < multiple(values, Layout.plain(4, ("visits", "students")))[2, 1] < 39)
    True
    """
    where = "impute = 'multiple'"
    if seed < 0:
        raise MethodError.of(where, f"seed is {seed}", "Give a seed of 0 or more.")
    _refuse_none(where, tables, rounds)
    flat = values.reshape(-1, *values.shape[-2:])
    # The same chances for every draw, so that draws differ by their values alone.
    filled = [_completed(where, one, layout, tables=tables, rounds=rounds, rng=seed).mean(axis=0) for one in flat]
    # Observed cells as they were: a mean of equal numbers may differ in the last digit.
    return np.where(np.isnan(values), np.reshape(filled, values.shape), values)


def multiple_imputation(
    values: Floats, layout: Layout, *, tables: int, rng: int | np.random.Generator, rounds: int = 10
) -> Floats:
    """Return several completed tables: the gaps of each are drawn from what the regressions leave open.

    As `regression`, but each prediction is drawn from its distribution given the other indicators, within the
    observed range, so that the tables differ where the gaps are uncertain.

    Parameters
    ----------
    values : array of shape (rows, indicators)
    layout : Layout
        Says which indicators share a dimension.
    tables : int
    rng : int or numpy.random.Generator
        The same seed gives the same tables.
    rounds : int
        So many rounds of regressions make a table.

    Returns
    -------
    array of shape (tables, rows, indicators)
        Observed cells are the same in all.

    Raises
    ------
    MethodError
        As for `multiple`.
    MissingExtraError
        If scikit-learn is not installed.

    Notes
    -----
    Misleads where the gaps are not random given the other indicators: who hides a number is not like who shows it.

    References
    ----------
    Rubin, Multiple Imputation for Nonresponse in Surveys (1987).

    Examples
    --------
    >>> values = np.array([[1.0, 10.0], [2.0, 21.0], [3.0, np.nan], [4.0, 39.0]])
    >>> made = multiple_imputation(values, Layout.plain(4, ("visits", "students")), tables=3, rng=0)
    >>> made.shape, made[:, 1, 1].tolist()
    ((3, 4, 2), [21.0, 21.0, 21.0])
    """
    where = "multiple_imputation"
    _refuse_none(where, tables, rounds)
    return _completed(where, values, layout, tables=tables, rounds=rounds, rng=rng)


def _refuse_none(where: str, tables: int, rounds: int) -> None:
    if tables < 1 or rounds < 1:
        raise MethodError.of(where, f"tables {tables}, rounds {rounds}", "Give 1 or more of each.")


def _completed(
    where: str, values: Floats, layout: Layout, *, tables: int, rounds: int, rng: int | np.random.Generator
) -> Floats:
    """Return completed tables of shape (tables, rows, indicators), each from a seed of its own."""
    seeds = np.random.default_rng(rng).integers(SEEDS, size=tables)
    return np.stack([_filled(where, values, layout, rounds, int(seed)) for seed in seeds])


def _filled(where: str, values: Floats, layout: Layout, rounds: int, seed: int | None) -> Floats:
    """Return the values with gaps predicted, or drawn where there is a seed; loops over draws and dimensions."""
    filled = values.reshape(-1, *values.shape[-2:]).copy()
    faults: list[Fault] = []
    for table in filled:
        for dimension in np.unique(layout.dimensions):
            columns = np.flatnonzero(layout.dimensions == dimension)
            gaps = np.isnan(table[:, columns])
            if not gaps.any():
                continue
            found = _refused(where, table, columns, layout)
            faults += [one for one in found if one not in faults]
            if not faults:
                _fill(where, table, columns, rounds, seed)
    if faults:
        raise MethodError(faults)
    return filled.reshape(values.shape)


def _varying(table: Floats, columns: Codes) -> Codes:
    """Return those of the columns that have more than one value."""
    with np.errstate(invalid="ignore"):
        return np.asarray(columns[np.fmax.reduce(table[:, columns]) > np.fmin.reduce(table[:, columns])])


def _refused(where: str, table: Floats, columns: Codes, layout: Layout) -> list[Fault]:
    """Return why indicators with gaps cannot be regressed on the others of their dimension."""
    varying, faults = _varying(table, columns), []
    mend = "Impute by 'mean' or 'median', or leave the indicator out."
    for column in columns[np.isnan(table[:, columns]).any(axis=0)]:
        place, count = f"{where}: {layout.indicators[column]}", int((~np.isnan(table[:, column])).sum())
        if count < LEAST:
            what = f"it has {count} values, and a regression needs {LEAST}"
            faults.append(Fault(place, what, mend if count else "Leave the indicator out, or keep its gaps."))
        elif not (varying != column).any():
            faults.append(Fault(place, "no other indicator of its dimension varies from case to case", mend))
    return faults


def _fill(where: str, table: Floats, columns: Codes, rounds: int, seed: int | None) -> None:
    """Fill the gaps of some columns in place."""
    varying = _varying(table, columns)
    for column in np.setdiff1d(columns, varying):
        # The only value that was ever observed.
        table[np.isnan(table[:, column]), column] = np.fmax.reduce(table[:, column])
    x = table[:, varying]
    gaps = np.isnan(x)
    if not gaps.any():
        return
    least, greatest = np.fmin.reduce(x), np.fmax.reduce(x)
    half = greatest / 2 - least / 2
    # From -1 to 1; halved first, so that no difference overflows.
    scaled = (x / 2 - least / 4 - greatest / 4) / (half / 2)
    made = _predicted(where, scaled, rounds, seed) * half + (least / 2 + greatest / 2)
    table[:, varying] = np.where(gaps, np.clip(made, least, greatest), x)


_WARNING = Lock()
"""Python has one list of filters for the warnings of all threads."""


def _predicted(where: str, scaled: Floats, rounds: int, seed: int | None) -> Floats:
    imputer = _imputer(where)(
        max_iter=rounds,
        tol=STILL,
        sample_posterior=seed is not None,
        random_state=seed,
        min_value=-1.0,
        max_value=1.0,
    )
    from sklearn.exceptions import ConvergenceWarning

    with _WARNING, warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            return np.asarray(imputer.fit_transform(scaled), dtype=float)
        except ConvergenceWarning:
            what = f"its predictions still move after {rounds} rounds"
            raise MethodError.of(where, what, "Allow more rounds, or impute by 'mean' or 'multiple'.") from None


def _imputer(where: str) -> Any:
    """Return scikit-learn's class, or say how to install it."""
    try:
        from sklearn.experimental import enable_iterative_imputer  # noqa: F401  # makes the next import possible
        from sklearn.impute import IterativeImputer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "sklearn":
            raise
        what = "regressions need scikit-learn, which is not installed"
        mend = "Install it: pip install 'softpower[impute]'; in a clone: pip install '.[impute]'"
        raise MissingExtraError.of(where, what, mend) from None
    return IterativeImputer

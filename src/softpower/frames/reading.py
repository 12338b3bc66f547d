"""Read DataFrames: wide or tidy, checked cell by cell, into a table of values."""

import numpy as np
import pandas as pd

from softpower.errors import ObservationError
from softpower.frames.columns import are_named, is_tidy
from softpower.frames.faults import FRAME, Faults
from softpower.frames.tidy import read_tidy
from softpower.frames.wide import read_wide
from softpower.model.framework import Framework
from softpower.model.values import Values


def read_frame(frame: object, framework: Framework | None = None, *, where: str = FRAME) -> tuple[Values, Framework]:
    """Return the values of a frame, and the framework: the given one, or a flat one of the frame's columns.

    Parameters
    ----------
    frame : DataFrame
        Wide: one row for each case, or case and period, named by the index or by columns ``case`` and ``period``; one
        column for each indicator or denominator, ``ID:low``, ``ID:high`` and ``ID:source`` for its bounds and source,
        ``group:NAME`` for what a row belongs to. Tidy: columns case, indicator, value, and low, high, period, unit,
        source where there are any.
    framework : Framework, optional
        Whose indicators the columns are.
    where : str
        What faults call the frame.

    Returns
    -------
    Values, Framework

    Raises
    ------
    ObservationError
        With every fault: the cell, what is wrong with it, and how to mend it.
    """
    faults = Faults(where)
    read = _read(frame, framework, faults)
    if faults.found or read is None:
        raise ObservationError(faults.found)
    return read


def _read(frame: object, framework: Framework | None, faults: Faults) -> tuple[Values, Framework] | None:
    """Return values and framework, or None after keeping what is wrong."""
    if not isinstance(frame, pd.DataFrame):
        faults.keep("", f"a {type(frame).__name__} is no DataFrame", "Give a pandas DataFrame.")
        return None
    if not are_named(frame.columns, faults):
        return None
    if not len(frame):
        faults.keep("", "it has no rows", "Give one row for each case.")
        return None
    frame = _native(frame)
    return read_tidy(frame, framework, faults) if is_tidy(frame) else read_wide(frame, framework, faults)


def _native(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose numbers have this machine's order of bytes, in which alone pandas sorts and groups them."""
    swapped = {
        place: dtype.newbyteorder("=")
        for place, dtype in enumerate(frame.dtypes)
        if isinstance(dtype, np.dtype) and not dtype.isnative
    }
    if not swapped:
        return frame
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    columns = [one.astype(swapped[place]) if place in swapped else one for place, one in enumerate(columns)]
    return pd.concat(columns, axis=1).set_axis(frame.columns, axis=1)

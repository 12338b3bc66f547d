"""What may come of a hostile frame or argument, and what may not."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from softpower import Result, SoftPowerError

SIGNATURE = re.compile(r"unexpected keyword|missing \d+ required|positional argument|multiple values")
"""What Python itself says of a call that does not fit a function."""


class Broken(AssertionError):  # noqa: N818 - a verdict
    """A call that came to neither an answer nor an error of ours."""


def judged(call: Callable[[], Any], said: str = "") -> Any:
    """Return what a call returns, or its SoftPowerError; raise Broken for whatever else it comes to.

    A warning is a failure, too.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return call()
    except SoftPowerError as error:
        if not error.faults or not all(one.what.strip() and one.mend.strip() for one in error.faults):
            raise Broken(f"{said}: no word of what is wrong, or of how to mend it: {error!r}") from error
        return error
    except TypeError as error:
        if SIGNATURE.search(str(error)) and _is_of_the_call(error):
            return error
        raise Broken(f"{said}: {error!r}") from error
    except Exception as error:
        raise Broken(f"{said}: {error!r}") from error


def _is_of_the_call(error: TypeError) -> bool:
    """Whether an error was raised by a call in this folder's files, not by one inside of the library."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    room = "" if trace is None else trace.tb_frame.f_globals.get("__name__", "")
    return not room.startswith("softpower") or room == "softpower.arguments"


def used(answer: Any) -> Any:
    """Return an answer after its table was made and it was shown."""
    for name in ("to_frame", "_repr_html_"):
        if callable(made := getattr(answer, name, None)) and not isinstance(answer, type | pd.Series | pd.Index):
            made()
    repr(answer)
    return answer


def native(dtype: Any) -> Any:
    """Return a type of cells in the machine's order of bytes."""
    return dtype.newbyteorder("=") if isinstance(dtype, np.dtype) else dtype


def untouched(given: Any) -> Callable[[], None]:
    """Return what raises Broken when something that was given has changed since."""
    if isinstance(given, pd.DataFrame):
        before = (given.copy(deep=True), given.index.copy(deep=True), given.columns.copy(deep=True))

        def check() -> None:
            kept, index, columns = before
            if not (index.identical(given.index) and columns.identical(given.columns)):
                raise Broken("the labels of the frame have changed")
            for place in range(kept.shape[1]):
                ours, theirs = kept.iloc[:, place], given.iloc[:, place]
                # Gaps of some types equal nothing, themselves included. Older pandas copies into its own byte order.
                alike = native(ours.dtype) == native(theirs.dtype) and repr(list(ours)) == repr(list(theirs))
                if not (ours.equals(theirs) or alike):
                    said = f"{list(ours)!r}, {ours.dtype}; {list(theirs)!r}, {theirs.dtype}"
                    raise Broken(f"column {place} of the frame has changed: {said}")

        return check
    if isinstance(given, np.ndarray | pd.Series | pd.Index):
        held = given.copy()
        return lambda: _same(repr(held), repr(given))
    if isinstance(given, list | dict | set | bytearray):
        before_text = repr(given)
        return lambda: _same(before_text, repr(given))
    return lambda: None


def _same(before: str, after: str) -> None:
    if before != after:
        raise Broken(f"{before} has become {after}")


def read(result: Result) -> pd.DataFrame:
    """Return the table of a result after every part of it was read, and no score is missing without a reason."""
    table = result.to_frame()
    for name in ("low", "high", "gap_low", "gap_high", "coverage", "contribution", "effective_weight"):
        cells = getattr(result, name)
        assert not np.isinf(cells).any(), f"{name} is infinite"
        assert not cells.flags.writeable, f"{name} can be written to"
    missing = np.isnan(result.score)
    reasons = {key[-1:] + key[:-1] for key in result.reasons}
    labels = [one if isinstance(one, tuple) else (one,) for one in result.index]
    gone = {(result.nodes[node], *labels[row]) for row, node in np.argwhere(missing)}
    assert gone == reasons, f"missing {sorted(gone)}, said of {sorted(reasons)}"
    scored = ~missing
    assert np.isfinite(result.score[scored]).all(), "a score is infinite"
    if any(note.startswith("Bounds are not offered") for note in result.notes):
        assert np.isnan(result.low).all(), "bounds are offered after all"
    else:
        _enclose(result, result.low, result.high)
        _enclose(result, result.gap_low, result.gap_high)
    repr(result), result._repr_html_(), result.to_wide(), result.notes, dict(result.fingerprint)
    return table


def _enclose(result: Result, low: np.ndarray, high: np.ndarray) -> None:
    """Hold every score against its bounds."""
    scored = ~np.isnan(result.score)
    room = 1e-9 * np.maximum(1, np.abs(result.score[scored]))
    assert (low[scored] <= result.score[scored] + room).all(), "a score is below its low bound, or has none"
    assert (high[scored] >= result.score[scored] - room).all(), "a score is above its high bound, or has none"

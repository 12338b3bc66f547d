"""The one answer that a hostile file may have: a sound one, or an error that says what is wrong and how to mend it."""

import math
import shutil
import signal
import traceback
import warnings
from contextlib import contextmanager

import numpy as np

from softpower import SoftPowerError, score
from softpower.errors import LONGEST

LIMIT = 60.0
"""So many seconds may an answer take; a thousandth of them is usual, and other work may have the core."""


def answered(act, *arguments, names=(), **choices):
    """Return what a call returns, or the SoftPowerError that it raises; anything else is a failure of the test.

    Parameters
    ----------
    act : callable
    names : collection of str
        The names of files and folders of which every fault has to state one; none where the call reads no file.
    """
    try:
        with within(LIMIT), warnings.catch_warnings():
            warnings.simplefilter("error")
            return act(*arguments, **choices)
    except SoftPowerError as error:
        check(error, names)
        return error
    except (Exception, Overdue) as error:  # noqa: BLE001 - whatever it is, it is no answer
        told = "".join(traceback.format_exception(error, limit=-12))[-6000:]
        raise AssertionError(f"{type(error).__name__} instead of an answer\n{told}") from None


class Overdue(BaseException):
    """No Exception, so that nothing that is tried catches it."""


@contextmanager
def within(seconds):
    """Interrupt what takes longer."""

    def stop(*_):
        raise Overdue(f"no answer within {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def check(error, names=()):
    """Hold an error against what its reader needs: what is wrong, in which file, how to mend it, a line for each."""
    assert error.faults, f"{type(error).__name__} without a fault"
    for fault in error.faults:
        for part in (fault.what, fault.mend):
            assert part.strip(" ."), f"a fault says nothing: {fault!r}"
        for part in (fault.where, fault.what, fault.mend):
            assert len(part) <= LONGEST, f"a fault of {len(part)} characters: {part[:200]!r}"
            assert not set(part) & set("\n\r\x1b\x00"), f"a fault of several lines: {part!r}"
        if fault.mend == "Choose another name.":
            # A name that no file may have is told as it is written.
            assert fault.where.strip(), f"no name is told: {str(fault)!r}"
        elif names:
            # A file that another one names, and that is not there, has no name that is known.
            told = fault.what if " no such file in " in fault.what else fault.where
            assert any(name in told for name in names), f"no file is named: {str(fault)[:600]!r}"
    assert str(error).encode("utf-8")


def scored(profile):
    """Score a profile: every score is a number, or it is said why there is none."""
    result = answered(score, profile)
    if isinstance(result, SoftPowerError):
        return result
    reasons = answered(lambda: result.reasons)
    for row, place in np.argwhere(~np.isfinite(result.score)):
        label = result.index[row]
        key = (*(label if isinstance(label, tuple) else (label,)), result.nodes[place])
        assert math.isnan(result.score[row, place]), f"an infinite score: {key}"
        assert reasons.get(key, "").strip(), f"a gap without a reason: {key}"
    for part in ("low", "high", "gap_low", "gap_high", "coverage", "contribution"):
        table = answered(getattr, result, part)
        assert isinstance(table, SoftPowerError) or not np.isinf(table).any(), f"infinite {part}"
    return result


def kept(one, folder, save, load):
    """Save something and load it again: it is the same, or it is said what cannot be written."""
    shutil.rmtree(folder, ignore_errors=True)
    saved = answered(save, folder)
    if isinstance(saved, SoftPowerError):
        return
    again = load(saved)
    assert type(again) is type(one), f"what was saved is refused: {again}"
    assert again == one


def written(files, folder):
    """Write files into a folder that is emptied first; None stands for a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, raw in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if raw is None:
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(raw)
    return folder

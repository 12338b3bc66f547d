"""Keeps others from coming between while something is written: what ends the program, and other programs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What may end the program while it writes."""


@contextmanager
def alone(above: Path) -> Iterator[None]:
    """Wait until no other process, or thread, puts a folder in the place of another here; as far as the disk tells."""
    lock = None
    try:
        # Where there is no such lock, as on Windows and some network disks, one of two may fail, but both stay whole.
        with suppress(ImportError, OSError):
            import fcntl

            lock = os.open(above, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        if lock is not None:
            os.close(lock)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C, and what else may end the program, wait until all within is done or undone.

    Only the main thread is ever interrupted, and only it may say what a signal does.
    """
    came: list[int] = []
    before: dict[signal.Signals, Any] = {}
    try:
        if threading.current_thread() is threading.main_thread():
            for one in SIGNALS:
                # What was not set from Python cannot be set again, and nothing from an interpreter within another.
                with suppress(ValueError):
                    if signal.getsignal(one) is not None:
                        before[one] = signal.signal(one, lambda number, _: came.append(number))
        yield
    finally:
        for one, handler in reversed(before.items()):
            signal.signal(one, handler)
        for number in came:
            signal.raise_signal(number)

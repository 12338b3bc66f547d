"""Writes one file or folder over and over, as a process of its own: ``python writers.py WHAT FOLDER LETTER TIMES``.

It prints how often each came about: ``written``, ``stopped``, or the mistake that a fault states.
"""

import json
import random
import resource
import signal
import sys
import time
import types
from collections import Counter
from pathlib import Path

LENGTH = 20_000
HEADS = ("profile.toml", "spec/framework.toml", "observations.csv")


def alone() -> None:
    """Load the room that writes without the rest of the library, which takes long to import."""
    package = types.ModuleType("softpower")
    package.__path__ = [str(Path(__file__).parents[2] / "src" / "softpower")]
    sys.modules["softpower"] = package


def repeat(what: str, folder: Path, letter: str, times: int, *, stopping: bool) -> Counter[str]:
    """Write so often, and count what came of it; stopping sends Ctrl-C once at some moment of each time."""
    from softpower.errors import FileError
    from softpower.files import write_file, write_folder

    writing = {"file": write_file, "folder": write_folder}[what.removeprefix("new ")]
    overwrite = not what.startswith("new ")
    ends: Counter[str] = Counter()
    chance = random.Random(times)
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    longest = 1e-3
    for number in range(times):
        began = time.perf_counter()
        try:
            if stopping:
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, longest))
            said = ("ab"[number % 2] if stopping else letter) * LENGTH
            target = folder / ("target" if overwrite else str(number))
            writing(target, said if writing is write_file else dict.fromkeys(HEADS, said), overwrite=overwrite)
            signal.setitimer(signal.ITIMER_REAL, 0)
            ends["written"] += 1
            # At times it comes after all is written, and often before.
            longest = 1.5 * (time.perf_counter() - began)
        except KeyboardInterrupt:
            ends["stopped"] += 1
            longest *= 1.2
        except FileError as error:
            ends[error.faults[0].what] += 1
        strays = [path.name for path in folder.iterdir() if path.name.startswith(".")] if stopping else []
        ends["strays"] += len(strays)
    return ends


def main() -> None:
    """Do what the arguments say."""
    what, folder, letter, times, *more = sys.argv[1:]
    if "limited" in more:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LENGTH // 2, LENGTH // 2))
    json.dump(repeat(what, Path(folder), letter, int(times), stopping="stopping" in more), sys.stdout)


if __name__ == "__main__":
    alone()
    main()

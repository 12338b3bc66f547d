"""How long a hundred thousand observations take to load, to derive and to score, beside reading the same file alone.

Run it with ``python benchmarks/observations.py`` in an environment that has softpower.
"""

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import softpower
from softpower.engine import Engine

CASES = 25_000
VARIABLES = ("trade", "students", "visits", "treaties")
Made = TypeVar("Made")

PROFILE = """
id = "many"
title = "Many observations"
framework = "spec"
cases = [{cases}]
window = {{ start = 2010, end = 2019 }}
"""
INDICATOR = """
[variables.{name}]
title = "{name}"
kind = "count"
unit = "count:{name}"
[indicators.{name}]
title = "{name}"
dimension = "{dimension}"
unit = "count:{name}"
measure = {{ kind = "value", variable = "{name}" }}
goalposts = {{ low = 0, high = 1000, kind = "benchmark", reason = "Counted up from zero." }}
"""


def write(folder: Path) -> None:
    """Write a profile in which each case has one bounded observation of each variable."""
    (folder / "spec").mkdir()
    head = 'id = "spec"\ntitle = "Spec"\nlevels = ["composite", "part"]\n[dimensions.index]\ntitle = "Index"\n'
    head += "".join(f'[dimensions.{one}]\ntitle = "{one}"\nparent = "index"\n' for one in ("left", "right"))
    head += "".join(
        INDICATOR.format(name=name, dimension=("left", "right")[place % 2]) for place, name in enumerate(VARIABLES)
    )
    (folder / "spec" / "framework.toml").write_text(head, encoding="utf-8")
    cases = [f"A>C{place}" for place in range(CASES)]
    (folder / "profile.toml").write_text(PROFILE.format(cases=", ".join(f'"{one}"' for one in cases)), encoding="utf-8")
    (folder / "sources.toml").write_text("# none\n", encoding="utf-8")
    with (folder / "observations.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "case", "variable", "value", "low", "high", "wording", "unit", "start", "end"])
        for place, case in enumerate(cases):
            for number, name in enumerate(VARIABLES):
                value = (place * 7 + number * 131) % 900
                row = [
                    f"o{place}-{number}",
                    case,
                    name,
                    value,
                    value,
                    value + 50,
                    "between",
                    f"count:{name}",
                    2015,
                    2015,
                ]
                rows.writerow(row)


def timed(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what some work makes, and how long it takes."""
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start


def main() -> None:
    """Print the times and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        path = folder / "observations.csv"
        rows, bare = timed(lambda: list(csv.reader(path.read_text(encoding="utf-8").splitlines())))
        profile, loading = timed(lambda: softpower.load_profile(folder))
        engine = Engine(profile)
        _, planning = timed(lambda: engine.plan)
        _, deriving = timed(lambda: (engine.raw, engine.derived))
        _, scoring = timed(lambda: softpower.score(profile))
    print(f"{len(rows) - 1:,} observations of {CASES:,} cases; reading the file alone takes {bare:.2f} s")
    print(f"load and check every row: {loading:.1f} s, {loading / bare:.0f} times that")
    print(f"plan, once for a profile: {planning:.1f} s; derive values and bounds: {deriving:.2f} s")
    print(f"score, all of that included: {scoring:.1f} s")


if __name__ == "__main__":
    main()

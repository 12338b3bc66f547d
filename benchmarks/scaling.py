"""How time and memory grow with draws, cases and indicators, when weights are drawn.

Run it with ``python benchmarks/scaling.py`` in an environment that has softpower. With ``--output growth.png`` and
matplotlib (``softpower[benchmark]``) it draws the times beside lines along which time grows as the work does; a picture
that is there already stays, unless ``--overwrite`` is given. Every time is the least of several times of one run.

Memory is all that an analysis holds at most at any time, the draws in work included. What ranks take should stay below
200 MB, whatever the number of draws. Above 2,048 cases neighbouring ranks are counted together, and what is kept of
them no longer grows with the square of the cases.
"""

import argparse
import os
import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd

import softpower
from softpower.draws.tally import RankTally
from softpower.errors import SoftPowerError
from softpower.files import write_file

Size = tuple[int, int, int]
"""Draws, cases and indicators."""
ENOUGH, RUNS = 3.0, 5
"""After so many seconds nothing is timed again, or after so many times."""
SERIES: dict[str, list[Size]] = {
    "draws": [(n, 200, 50) for n in (1_000, 10_000, 100_000, 1_000_000)],
    "cases": [(256, cases, 10) for cases in (100, 1_000, 2_000, 10_000, 100_000)],
    "indicators": [(8_192, 200, indicators) for indicators in (10, 100, 1_000)],
}
KEPT: list[Size] = [(10_000, 200, 50), (1_000_000, 200, 50), (256, 100_000, 10)]
CELLS = 2**18
"""Scores that are ranked at once where ranks are counted by themselves, about as many as in an analysis."""


def table(cases: int, indicators: int) -> pd.DataFrame:
    """Return random numbers."""
    cells = np.random.default_rng(0).uniform(0.0, 100.0, size=(cases, indicators))
    return pd.DataFrame(cells, [f"c{row}" for row in range(cases)], [f"i{column}" for column in range(indicators)])


def analyse(frame: pd.DataFrame, n: int) -> None:
    """Draw, and make the table of ranks."""
    softpower.uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=n, sampling="random").ranks()


def seconds(size: Size) -> float:
    """Return the least time of an analysis."""
    n, *shape = size
    frame, times = table(*shape), []
    while len(times) < RUNS and sum(times) < ENOUGH:
        start = time.perf_counter()
        analyse(frame, n)
        times.append(time.perf_counter() - start)
    return min(times)


def megabytes(work: Callable[[], object]) -> float:
    """Return how much memory some work holds at most, beside what was there before."""
    tracemalloc.start()
    kept = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak / 1e6


def tallied(size: Size) -> RankTally:
    """Return the ranks of as many draws, counted."""
    n, cases, _ = size
    tally, rows = RankTally(cases, step=1e-7), max(1, CELLS // cases)
    scores = np.random.default_rng(0).uniform(0.0, 100.0, size=(min(n, rows), cases))
    for _ in range(0, n, len(scores)):
        tally.add(scores)
    return tally


def memory(size: Size) -> tuple[float, float]:
    """Return how much memory an analysis holds at most, beside the table, and what of that each worker's ranks take."""
    n, *shape = size
    frame, cases = table(*shape), shape[0]
    # What is imported at the first use is there before.
    analyse(frame, 16)
    scores = min(n, max(1, CELLS // cases)) * cases * 8 / 1e6
    return megabytes(lambda: analyse(frame, n)), megabytes(lambda: tallied(size)) - scores


def said(size: Size) -> str:
    """Return a size in words."""
    n, cases, indicators = size
    return f"{n:>9,} draws x {cases:>7,} cases x {indicators:>5,} indicators"


def picture(found: dict[str, list[float]]) -> bytes:
    """Return a picture of the times, as PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4 * len(found), 4), layout="constrained")
    for axes, (name, times) in zip(figure.subplots(1, len(found), sharey=True), found.items(), strict=True):
        cells = np.array([np.prod(size) for size in SERIES[name]])
        axes.loglog(cells, times, "o-", label="measured")
        axes.loglog(cells, times[-1] * cells / cells[-1], "--", color="grey", label="as the work")
        axes.set(title=f"more {name}", xlabel="draws x cases x indicators")
        axes.legend()
    figure.axes[0].set_ylabel("seconds")
    made = BytesIO()
    figure.savefig(made, format="png", dpi=120)
    return made.getvalue()


def options() -> argparse.Namespace:
    """Return what was asked for on the command line; nothing is measured for a picture that cannot be kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="where to write a picture")
    parser.add_argument("--overwrite", action="store_true", help="replace a picture that is there already")
    given = parser.parse_args()
    if given.output and given.output.exists() and not given.overwrite:
        parser.error(f"{given.output} is there already: choose another name, or give --overwrite")
    if given.output and find_spec("matplotlib") is None:
        parser.error("a picture needs matplotlib: pip install 'softpower[benchmark]', or leave --output out")
    return given


def main() -> None:
    """Print a line for each size, and draw the times."""
    given = options()
    print(f"{os.cpu_count()} cores")
    found: dict[str, list[float]] = {}
    for name, sizes in SERIES.items():
        print(f"more {name}")
        found[name] = []
        for size in sizes:
            found[name].append(seconds(size))
            each = found[name][-1] / np.prod(size) * 1e9
            print(f"{said(size)} {found[name][-1]:>8.3f} s {each:>7.2f} ns a draw of a cell")
    print("most memory at any time, beside the table")
    for size in KEPT:
        whole, ranks = memory(size)
        print(f"{said(size)} {whole:>5.0f} MB; to count ranks takes each worker {ranks:.0f} MB of it")
    if given.output:
        try:
            print(f"wrote {write_file(given.output, picture(found), overwrite=given.overwrite)}")
        except SoftPowerError as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()

"""How long sensitivity indices with bootstrap intervals take, beside SALib on the same outputs.

Run it with ``python benchmarks/indices.py`` in an environment that has softpower and SALib. Both run in one process,
one after the other, several times; every figure is the least of its times. BLAS has one thread, as in the analyses.

- ours: the indices, the resamples and their intervals, of all outputs at once;
- SALib: ``SALib.analyze.sobol.analyze`` as its users call it, once for each output.

Beside the times stands how far the estimates lie apart, and how wide the errors are that both give.
"""

import time
from collections.abc import Callable

import numpy as np
from SALib.analyze import sobol
from threadpoolctl import threadpool_limits

from softpower.analysis.indices import bootstrap_indices, interval, variance_indices

FACTORS, ROWS, OUTPUTS, RESAMPLES = 20, 1024, 50, 100
RUNS, SALIB_RUNS = 7, 2


def seconds(work: Callable[[], object], runs: int) -> float:
    """Return the least time of some work."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print both times, their ratio and how far the answers agree."""
    rng = np.random.default_rng(0)
    loads, pairs = rng.exponential(size=(FACTORS, OUTPUTS)), rng.normal(size=(FACTORS, OUTPUTS))

    def model(x: np.ndarray) -> np.ndarray:
        """Fifty outputs of twenty uniform factors, some of which act together."""
        return 50 + x @ loads + ((x - 0.5) * (np.roll(x, 1, axis=-1) - 0.5)) @ pairs

    x, y = rng.random((2, ROWS, FACTORS))
    swapped = np.repeat(x[None], FACTORS, axis=0)
    for factor in range(FACTORS):
        swapped[factor, :, factor] = y[:, factor]
    a, b, ab = model(x), model(y), model(swapped)
    problem = {"num_vars": FACTORS, "names": [f"x{factor}" for factor in range(FACTORS)]}
    rows = np.concatenate([a[None], ab, b[None]]).swapaxes(0, 1).reshape(-1, OUTPUTS)

    def ours() -> tuple[np.ndarray, ...]:
        found = variance_indices(a, b, ab)
        resampled = bootstrap_indices(a, b, ab, resamples=RESAMPLES, rng=np.random.default_rng(1))
        ends = [interval(one, 0.95) for one in (resampled.first, resampled.total)]
        return found.first, found.total, *(high - low for low, high in ends)

    def theirs() -> tuple[np.ndarray, ...]:
        each = [
            sobol.analyze(problem, one, calc_second_order=False, num_resamples=RESAMPLES, conf_level=0.95, seed=1)
            for one in rows.T
        ]
        first, total, *errors = (
            np.stack([one[name] for one in each], axis=1) for name in ("S1", "ST", "S1_conf", "ST_conf")
        )
        return first, total, *(2 * one for one in errors)

    mine, other = ours(), theirs()
    with threadpool_limits(1):
        fast, slow = seconds(ours, RUNS), seconds(theirs, SALIB_RUNS)
    print(f"{FACTORS} factors, {ROWS:,} rows, {OUTPUTS} outputs, {RESAMPLES} resamples")
    print(f"softpower, all outputs at once {fast * 1e3:>10.1f} ms")
    print(f"SALib, output by output        {slow * 1e3:>10.1f} ms {slow / fast:>8.0f} x")
    for place, name in enumerate(("first order", "total")):
        apart = np.abs(mine[place] - other[place]).max()
        wide = np.median(mine[place + 2] / other[place + 2])
        print(f"{name:<12} estimates at most {apart:.1e} apart, 95 % intervals {wide:.2f} x as wide")


if __name__ == "__main__":
    main()

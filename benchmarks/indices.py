"""How long Sobol indices of many outputs take, with their bootstrap intervals, beside SALib in a loop over outputs.

Run it with ``python benchmarks/indices.py`` in an environment that has softpower and SALib (``softpower[benchmark]``).
Both get the outputs of the same design: what is timed is the estimates alone, in one thread, since SALib uses no more.
Every figure is the least of several times of one run.
"""

import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from softpower.analysis.indices import Indices, bootstrap_indices, interval, variance_indices

FACTORS, N, OUTPUTS, RESAMPLES, LEVEL, RUNS = 20, 1_024, 50, 100, 0.9, 5
NAMES = [f"x{place}" for place in range(FACTORS)]
PROBLEM = {"num_vars": FACTORS, "names": NAMES, "bounds": [[0, 1]] * FACTORS}


def design() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the outputs at A, B, and A with each factor from B: sums and one product of factors, about zero."""
    rng = np.random.default_rng(0)
    a, b = rng.random((2, N, FACTORS)) - 0.5
    crossed = np.where(np.eye(FACTORS, dtype=bool)[:, None], b, a)
    slopes = rng.random((FACTORS, OUTPUTS))
    return tuple(points @ slopes + points[..., :1] * points[..., 1:2] for points in (a, b, crossed))


def ours(a: np.ndarray, b: np.ndarray, ab: np.ndarray) -> Indices:
    """Return indices; their intervals are worked out as well."""
    drawn = bootstrap_indices(a, b, ab, resamples=RESAMPLES, rng=np.random.default_rng(0))
    interval(drawn.first, LEVEL), interval(drawn.total, LEVEL)
    return variance_indices(a, b, ab)


def salib(a: np.ndarray, b: np.ndarray, ab: np.ndarray) -> Indices:
    """Return what SALib makes of each output."""
    from SALib.analyze import sobol

    whole = np.concatenate([a[None], ab, b[None]]).swapaxes(0, 1).reshape(-1, OUTPUTS)
    options = {"calc_second_order": False, "num_resamples": RESAMPLES, "conf_level": LEVEL, "seed": 0}
    found = [sobol.analyze(PROBLEM, np.ascontiguousarray(one), **options) for one in whole.T]
    return Indices(*(np.array([one[name] for one in found]).T for name in ("S1", "ST")))


def seconds(work: Callable[[], object]) -> float:
    """Return the least time of some work."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print both and their ratio."""
    made = design()
    print(f"{FACTORS} factors, n = {N:,}, {OUTPUTS} outputs, {RESAMPLES} resamples")
    with threadpool_limits(1):
        found, taken = ours(*made), seconds(lambda: ours(*made))
        print(f"softpower        {taken:>7.3f} s")
        try:
            theirs, slow = salib(*made), seconds(lambda: salib(*made))
        except ImportError:
            print("SALib is not installed")
            return
    off = max(np.abs(found.first - theirs.first).max(), np.abs(found.total - theirs.total).max())
    print(f"SALib in a loop  {slow:>7.3f} s, {slow / taken:.0f} times that; indices differ by {off:.4f} at most")


if __name__ == "__main__":
    main()

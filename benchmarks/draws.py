"""How long 100,000 draws of weights take, from a table to ranks and quantiles, beside the least that any program does.

Run it with ``python benchmarks/draws.py`` in an environment that has softpower. Where pysensmcda, pymcdm and
scikit-criteria are installed as well (``softpower[benchmark]``), they do the same as their users would: a weighted sum
of indicators scaled by min-max, ranked for each draw. pysensmcda takes any function as well: given a bare product of
scaled indicators it is far faster than with a method, and that stands beside. Peers are timed on fewer draws and scaled
to all of them, which is said. Every figure is the least of several times of one run.

Below that stands how far mean ranks are from those of a long run, for Sobol points and for pseudo-random draws that
take the same time.
"""

import os
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from kernel import CASES, DRAWS, INDICATORS, THREADS, VALUES, Bare, run
from threadpoolctl import threadpool_limits

import softpower

RUNS, PEER_RUNS = 10, 3
SHARES = (0.05, 0.5, 0.95)
SAMPLINGS = ("random", "sobol")
SIZES = (8_192, 131_072)
LONG, SEEDS = 2**20, 4
FRAME = pd.DataFrame(VALUES.T, [f"c{row}" for row in range(CASES)], [f"i{column}" for column in range(INDICATORS)])
Peer = Callable[[int], np.ndarray]
"""From a number of draws to the mean rank of each case."""


def drawn(n: int, sampling: str = "random", rng: int = 0) -> softpower.UncertaintyResult:
    """Return the analysis that is timed."""
    return softpower.uncertainty_analysis(FRAME, uncertainty={"weights": "simplex"}, n=n, sampling=sampling, rng=rng)


def whole() -> None:
    """Draw, and make the tables: rank acceptability, quantiles of ranks, quantiles of scores."""
    found = drawn(DRAWS)
    found.acceptability(), found.ranks(), found.to_frame("composite")


def bare() -> None:
    """Draw and count, no more."""
    with threadpool_limits(1):
        run(Bare)


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def summed(ranks: np.ndarray) -> np.ndarray:
    """Return the mean ranks, and work out the quantiles and the rank acceptability of what a loop has gathered."""
    cells = ranks.astype(np.int64) - 1 + CASES * np.arange(CASES)
    np.bincount(cells.ravel(), minlength=CASES * CASES)
    np.quantile(ranks, SHARES, axis=0)
    return ranks.mean(axis=0)


def weights(n: int) -> np.ndarray:
    """Return weights drawn uniformly."""
    return np.random.default_rng(0).dirichlet(np.ones(INDICATORS), n)


def pysensmcda() -> dict[str, tuple[Peer, int]]:
    """Return its simulation, of pymcdm's method and of a function, and on how many draws each is timed."""
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization
    from pysensmcda.smaa import rank_acceptability, simulate

    def simulated(method: Callable[..., np.ndarray], values: np.ndarray, n: int) -> np.ndarray:
        made = simulate(method, values, np.ones(INDICATORS), num_samples=n, seed=0)
        rank_acceptability(made)
        np.quantile(made.rankings, SHARES, axis=0)
        return np.asarray(made.rankings.mean(axis=0))

    scaled = (VALUES.T - VALUES.min(axis=1)) / np.ptp(VALUES, axis=1)
    method = WSM(minmax_normalization)
    return {
        "pysensmcda simulate, WSM": (lambda n: simulated(method, VALUES.T, n), 1_000),
        "pysensmcda simulate, a bare product": (lambda n: simulated(lambda m, w, _: m @ w, scaled, n), 10_000),
    }


def pymcdm() -> dict[str, tuple[Peer, int]]:
    """Return a loop over its method."""
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    method, types = WSM(minmax_normalization), np.ones(INDICATORS)

    def looped(n: int) -> np.ndarray:
        return summed(np.array([method.rank(method(VALUES.T, one, types)) for one in weights(n)]))

    return {"pymcdm WSM in a loop": (looped, 500)}


def scikit_criteria() -> dict[str, tuple[Peer, int]]:
    """Return a loop over its method, on indicators that are scaled once."""
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler

    made, model = mkdm(VALUES.T, [max] * INDICATORS), WeightedSumModel()

    def looped(n: int) -> np.ndarray:
        scaled = MinMaxScaler(target="matrix").transform(made)
        return summed(np.array([model.evaluate(scaled.replace(weights=one)).rank_ for one in weights(n)]))

    return {"scikit-criteria WeightedSumModel in a loop": (looped, 500)}


def peers() -> dict[str, tuple[Peer, int]]:
    """Return those that are installed."""
    found: dict[str, tuple[Peer, int]] = {}
    for name, make in (("pysensmcda", pysensmcda), ("pymcdm", pymcdm), ("scikit-criteria", scikit_criteria)):
        try:
            found |= make()
        except ImportError:
            print(f"{name} is not installed")
    return found


def least(work: Callable[[], object]) -> float:
    """Return the least of several times."""
    return min(seconds(work) for _ in range(PEER_RUNS))


def errors() -> None:
    """Print how far mean ranks are from those of a long run, at equal time."""
    exact = drawn(LONG, "sobol", rng=SEEDS).ranks()["mean"]
    print(f"\nError of mean ranks (root mean square over cases and {SEEDS} seeds, against {LONG:,} Sobol points):")
    for n in SIZES:
        random, sobol = (least(lambda one=one, n=n: drawn(n, one)) for one in SAMPLINGS)
        off = [[drawn(n, one, rng).ranks()["mean"] - exact for rng in range(SEEDS)] for one in SAMPLINGS]
        error, evenly = np.sqrt(np.mean(np.square(off), axis=(1, 2)))
        # The error of pseudo-random draws goes with the root of their number, and their number with the time.
        equal = error * np.sqrt(random / sobol)
        print(f"{n:>8,} Sobol points, {sobol:.3f} s: {evenly:.4f}; pseudo-random draws in that time: {equal:.4f}")


def main() -> None:
    """Print a line for each way."""
    print(f"{DRAWS:,} draws x {CASES} cases x {INDICATORS} indicators, {THREADS} threads, {os.cpu_count()} cores")
    limit, ours = np.min([(seconds(bare), seconds(whole)) for _ in range(RUNS)], axis=0)
    print(f"{'bare kernel':<44} {limit:>8.3f} s")
    print(f"{'softpower, with its tables':<44} {ours:>8.3f} s, {ours / limit:.1f} times the bare kernel")
    expected = drawn(DRAWS).ranks()["mean"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, (work, n) in peers().items():
            taken = least(lambda work=work, n=n: work(n)) * DRAWS / n
            off = np.abs(work(n) - expected).mean()
            said = f"scaled from {n:,} draws; mean ranks within {off:.1f} of softpower's"
            print(f"{name:<44} {taken:>8.1f} s, {taken / ours:,.0f} times softpower's ({said})")
    errors()


if __name__ == "__main__":
    main()

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Indices:
    first: np.ndarray
    total: np.ndarray


def variance_indices(a, b, ab):
    m = np.concatenate([a, b]).mean(0)
    v = np.concatenate([a, b]).var(0)
    a = a - m
    b = b - m
    ab = ab - m
    with np.errstate(all="ignore"):
        return Indices((b * (ab - a)).mean(1) / v, ((a - ab) ** 2).mean(1) / 2 / v)


def bootstrap_indices(a, b, ab, *, resamples, rng):
    f = []
    t = []
    for _ in range(min(resamples, 100)):
        i = rng.integers(0, len(a), len(a))
        x = variance_indices(a[i], b[i], ab[:, i])
        f.append(x.first)
        t.append(x.total)
    return Indices(np.array(f), np.array(t))


def interval(r, level):
    return np.quantile(r, (1 - level) / 2, axis=0), np.quantile(r, (1 + level) / 2, axis=0)


def convergence(a, b, ab, sizes):
    x = [variance_indices(a[:s], b[:s], ab[:, :s]) for s in sizes]
    return Indices(np.array([i.first for i in x]), np.array([i.total for i in x]))

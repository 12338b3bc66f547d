"""A specification curve: every combination of discrete choices, all else as declared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from softpower.draws.sampler import Sampler
from softpower.errors import Fault, MethodError, NotFoundError, did_you_mean
from softpower.result import repeated, tiled

LIMIT = 100_000
"""So many combinations of choices are scored at most."""
SINGLE = frozenset({"measures", "goalposts", "observations"})
"""Factors of single indicators and observations, which enter when they are named."""


def specifications(sampler: Sampler, factors: Sequence[str] | None = None) -> pd.DataFrame:
    """Return every combination of the alternatives of factors, with the composite and the nodes below it.

    Parameters
    ----------
    sampler : Sampler
    factors : sequence of str, optional
        Factors that have alternatives; by default all but those of single indicators and observations.

    Raises
    ------
    NotFoundError
        For a name that is no factor with alternatives.
    MethodError
        If there are too many combinations.
    """
    known = {one.name: one for one in sampler.factors if one.alternatives}
    names = [name for name, one in known.items() if one.kind not in SINGLE] if factors is None else list(factors)
    faults = [
        Fault("specifications", f"no factor '{name}' has alternatives", did_you_mean(name, known))
        for name in names
        if name not in known
    ]
    if faults:
        raise NotFoundError(faults)
    chosen = [known[name] for name in names]
    counts = [len(one.alternatives) for one in chosen]
    size = float(np.prod(np.array(counts, dtype=float)))
    if size > LIMIT:
        mend = f"Name fewer of them: {', '.join(names)}."
        raise MethodError.of("specifications", f"{len(names)} factors have {size:,.0f} combinations", mend)
    picks = np.array(list(product(*map(range, counts))), dtype=np.int64).reshape(int(size), len(names))
    points = np.full((len(picks), sampler.dimensions), np.nan)
    for place, one in enumerate(chosen):
        points[:, one.columns[0]] = (picks[:, place] + 0.5) / counts[place]
    scores = sampler.scores(points)
    rows, root = sampler.index, sampler.nodes[-1]
    columns: dict[str, object] = {
        str(name): tiled(rows.get_level_values(place).to_numpy(), len(picks)) for place, name in enumerate(rows.names)
    }
    for place, one in enumerate(chosen):
        columns[one.name] = repeated(np.array(one.alternatives, dtype=object)[picks[:, place]], len(rows))
    for node in (root, *sampler.children(root)):
        columns[node] = scores[:, sampler.nodes.index(node)].ravel()
    return pd.DataFrame(columns).sort_values(root, kind="stable", ignore_index=True)

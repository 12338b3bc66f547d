"""What a reader must know of draws, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from softpower.draws.factors import Factor
from softpower.draws.sampler import Sampler
from softpower.model.uncertainty import Sets
from softpower.registry import WEIGHTS

SHOWN = 10
"""So many scores outside their intervals are named; the others are counted."""


def absent_notes(factors: Iterable[Factor]) -> Iterator[str]:
    """Yield the note on factors of which what is declared is none of the alternatives, where there are some."""
    absent = [one.name.removeprefix("alternatives: ") for one in factors if not one.contained]
    if absent:
        yield f"Draws choose among alternatives of which none is what is declared: {'; '.join(absent)}."


def fitted_notes(sampler: Sampler) -> Iterator[str]:
    """Yield the note on weights that are fitted, where draws leave indicators out."""
    if not sampler.inventory.leave_out:
        return
    weights = sampler.uncertainty.weights
    methods = [base.engine.profile.methodology.weights.method for base in sampler.inventory.bases]
    if isinstance(weights, Sets):
        methods += [one for one in weights.sets.values() if isinstance(one, str)]
    fitted = [name for name in dict.fromkeys(methods) if WEIGHTS[name].fitted]
    if fitted:
        yield (
            f"Weights by {' and '.join(fitted)} stay in proportion where a draw leaves indicators out; drop_each() fits"
            " them anew."
        )


def outside_notes(frame: pd.DataFrame) -> Iterator[str]:
    """Yield which scores lie outside the interval of their draws, from the rows of all scores."""
    outside = frame[frame["outside"]]
    for row in outside.index[:SHOWN]:
        one = outside.loc[row]
        label = " ".join(map(str, row))
        yield f"{label}: the score as declared, {one['score']:.1f}, lies outside {one['low']:.1f} to {one['high']:.1f}."
    if len(outside) > SHOWN:
        yield f"{len(outside) - SHOWN} more scores lie outside their intervals."


def claim_notes(claims: pd.DataFrame) -> Iterator[str]:
    """Yield the claims that the draws do not bear out, from the table of all claims."""
    for name, one in claims.iterrows():
        if one["verdict"] not in {"robust", "robustly denied", "undecided"}:
            yield f"Not robust: {name}: {one['says']} It holds in {one['share']:.0%} of the draws."
        elif one["verdict"] == "robustly denied":
            yield f"Against the draws: {name}: {one['says']} It holds in {one['share']:.0%} of them."

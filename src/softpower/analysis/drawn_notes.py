"""What a reader must know of draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from softpower.draws.factors import Factor

if TYPE_CHECKING:
    from softpower.analysis.uncertainty import UncertaintyResult


def notes_of(result: UncertaintyResult) -> list[str]:
    """Return what a reader must know of the draws."""
    notes = []
    if not result.factors:
        notes.append("Nothing can vary: what is declared uncertain has no bounds, alternatives or siblings to draw.")
    notes += absent_notes(result.factors)
    if result.idle:
        notes.append(f"Factors that change no score: {', '.join(result.idle)}.")
    if not result.job.sampler.comparable:
        notes.append("The alternatives score on different scales: ranks compare, scores do not, and are not shown.")
    frame = result.to_frame()
    outside = frame[frame["outside"]]
    for row in outside.index[:10]:
        one = outside.loc[row]
        label = " ".join(map(str, row))
        notes.append(
            f"{label}: the score as declared, {one['score']:.1f}, lies outside {one['low']:.1f} to {one['high']:.1f}."
        )
    if len(outside) > 10:
        notes.append(f"{len(outside) - 10} more scores lie outside their intervals.")
    if result.grid_error:
        notes.append(f"Quantiles of scores come from a grid and may be wrong by {result.grid_error:.2g}.")
    claims = result.claims()
    for name, one in claims.iterrows():
        if one["verdict"] not in {"robust", "robustly denied", "undecided"}:
            notes.append(f"Not robust: {name}: {one['says']} It holds in {one['share']:.0%} of the draws.")
        elif one["verdict"] == "robustly denied":
            notes.append(f"Against the draws: {name}: {one['says']} It holds in {one['share']:.0%} of them.")
    return notes


def absent_notes(factors: Iterable[Factor]) -> list[str]:
    """Return the note on factors of which what is declared is none of the alternatives, where there are some."""
    absent = [one.name for one in factors if not one.contained]
    return [f"What is declared is none of the alternatives of: {', '.join(absent)}."] if absent else []

"""Hold claims against scores: in each draw a claim holds, does not hold, or cannot be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from softpower.engine import Engine
from softpower.model.claim import Claim
from softpower.result import steps_of, tie_of
from softpower.steps.measures import Floats, Mask


@dataclass(frozen=True)
class Held:
    """A claim and what it compares.

    Parameters
    ----------
    claim : Claim
    items : sequence of (node, row, score)
        Places among the nodes and rows of draws, in the order of the claim; where the place of the node is -1, it is
        the score in every draw.
    compared : sequence of int
        The places of the nodes in the tree.
    tie : float
        The difference up to which their scores are tied.
    decidable : bool
        Whether points between scores mean the same in all draws; without that no claim that counts them is decided.
    """

    claim: Claim
    items: Sequence[tuple[int, int, float]]
    compared: Sequence[int]
    tie: float
    decidable: bool = True

    @classmethod
    def of(
        cls, claim: Claim, engine: Engine, nodes: Sequence[str], nominal: Floats, *, comparable: bool = True
    ) -> Held:
        """Return a claim about scores; where there are periods, about the last of each case.

        Parameters
        ----------
        claim : Claim
        engine : Engine
        nodes : sequence of str
            Those of the draws.
        nominal : array of shape (rows, nodes of the engine)
            The scores as declared, of which those of other nodes are the same in every draw.
        comparable : bool
            Whether all draws score on one scale.
        """
        tree, framework = engine.tree, engine.profile.framework
        cases = engine.index.get_level_values("case").tolist()
        row = {case: place for place, case in enumerate(cases)}
        if engine.index.nlevels > 1:
            periods = engine.index.get_level_values("period").tolist()
            row = {case: place for _, place, case in sorted(zip(periods, range(len(cases)), cases, strict=True))}
        names, chosen = list(claim.nodes), list(claim.cases)
        if claim.of_cases:
            names = names or [framework.root]
            chosen += [case for case in row if case != chosen[0]] if len(chosen) == 1 else []
        elif len(names) == 1:
            parent = framework.parents[names[0]]
            names += [one for one in tree.nodes if framework.parents.get(one) == parent and one != names[0]]
        items = []
        for case in chosen or cases[:1]:
            for node in names:
                drawn = nodes.index(node) if node in nodes else -1
                still = nominal[row[case], tree.nodes.index(node)] if node in tree.nodes else np.nan
                items.append((drawn, row[case], float(still)))
        compared = [tree.nodes.index(node) for node in names if node in tree.nodes]
        tie = tie_of(nominal[:, compared], engine.scale)
        return cls(claim, items, compared, tie, comparable or not claim.by)

    def holds(self, scores: Floats, ties: Floats | None = None) -> Floats:
        """Return 1 where the claim holds and 0 where it does not, of shape (draws,); NaN where a score lacks.

        Parameters
        ----------
        scores : array of shape (draws, nodes, rows)
        ties : array of shape (draws, nodes of the tree), optional
            The difference up to which the scores of each node are tied, where draws are on several scales.
        """
        if len(self.items) < 2 or not self.decidable:
            return np.full(len(scores), np.nan)
        still = np.full(len(scores), 1.0)
        items = np.stack(
            [scores[:, node, row] if node >= 0 else still * fixed for node, row, fixed in self.items], axis=1
        )
        tie = self.tie if ties is None else ties[:, self.compared].max(axis=1, keepdims=True, initial=0.0)
        by, kind = self.claim.by, self.claim.kind
        with np.errstate(invalid="ignore", divide="ignore"):
            if kind == "spread":
                holds = (np.ptp(items, axis=1, keepdims=True) >= by - tie)[:, 0]
            elif kind in {"order", "above"}:
                holds = _ahead(items[:, :-1], items[:, 1:], by, tie).all(axis=1)
            else:
                items = -items if kind == "lowest" else items
                holds = _ahead(items[:, :1], items[:, 1:], by, tie).all(axis=1)
        said = holds != self.claim.negated
        return np.where(np.isnan(items).any(axis=1), np.nan, said)


def _ahead(first: Floats, second: Floats, by: float, tie: float | Floats) -> Mask:
    """Return where scores are above others: not tied with them, and by as much as is asked."""
    return np.asarray((steps_of(first, tie) > steps_of(second, tie)) & (first - second >= by - tie))


def verdict(share: float) -> str:
    """Return what a share of draws says of a claim.

    Examples
    --------
    >>> [verdict(share) for share in (0.97, 0.7, 0.5, 0.02)]
    ['robust', 'leans to yes', 'open', 'robustly denied']
    """
    if np.isnan(share):
        return "undecided"
    for least, said in ((0.9, "robust"), (2 / 3, "leans to yes"), (1 / 3, "open"), (0.1, "leans to no")):
        if share >= least:
            return said
    return "robustly denied"


def claim_table(held: Sequence[Held], nominal: Floats, share: Floats, error: Floats, decided: Floats) -> pd.DataFrame:
    """Return one row for each claim: what it says, whether it holds as declared, in which share of the draws."""
    as_declared = [one.holds(nominal[None])[0] for one in held]
    return pd.DataFrame(
        {
            "says": [one.claim.says for one in held],
            "kind": [("not " if one.claim.negated else "") + one.claim.kind for one in held],
            "declared": pd.array([pd.NA if np.isnan(one) else bool(one) for one in as_declared], dtype="boolean"),
            "share": share,
            "error": error,
            "decided": decided,
            "verdict": [verdict(float(one)) for one in share],
            "source": [" ".join(filter(None, (one.claim.source, one.claim.place))) for one in held],
        },
        index=pd.Index([one.claim.id for one in held], name="claim"),
    )

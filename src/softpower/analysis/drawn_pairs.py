"""In what share of the draws one is above the other: cases by a node, or the children of a node in one case."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from softpower.analysis.drawn_scores import DrawnScores
from softpower.draws.sampler import Sampler
from softpower.errors import MethodError, NotFoundError, did_you_mean
from softpower.result import label_problem
from softpower.steps.measures import Floats

WHERE = "probability_above"


def shares_above(scores: DrawnScores, node: str | None, case: str | None) -> pd.DataFrame:
    """Return the share of draws in which the row's score is above the column's.

    Raises
    ------
    NotFoundError
        If there is no such node or case.
    MethodError
        If there is nothing to compare.
    """
    job, sampler = scores.job, scores.job.sampler
    known = sampler.engine.tree.nodes
    node = known[-1] if node is None else node
    if node not in known:
        raise NotFoundError.of(WHERE, f"there is no node '{node}'", did_you_mean(node, known))
    if job.ranked and case is None:
        if node not in sampler.nodes:
            what = f"the score of '{node}' is the same in all draws"
            raise MethodError.of(WHERE, what, "Compare by a node above it.")
        at = sampler.nodes.index(node)
        index = sampler.index
        shares = _shares((one[:, at] for one in scores.blocks()), len(index), sampler)
    else:
        children, row = _children(sampler, node), _last_row(sampler, case)
        places = [sampler.nodes.index(one) for one in children]
        index = pd.Index(children, name="node")
        shares = _shares((one[:, places, row] for one in scores.blocks()), len(index), sampler)
    return pd.DataFrame(shares, index, index.rename("above") if index.nlevels == 1 else index)


def _children(sampler: Sampler, node: str) -> list[str]:
    """Return the children of a node whose scores differ between draws."""
    children = list(sampler.children(node))
    if len(children) < 2:
        what = f"'{node}' has no children whose scores differ between draws"
        raise MethodError.of(WHERE, what, "Compare the children of a node above it.")
    return children


def _last_row(sampler: Sampler, case: str | None) -> int:
    """Return the last row of a case, or of all."""
    cases = sampler.index.get_level_values("case").tolist()
    if case is None:
        return len(cases) - 1
    if (problem := label_problem("case", case, cases)) is not None:
        raise NotFoundError.of(WHERE, *problem)
    return len(cases) - 1 - cases[::-1].index(case)


def _shares(blocks: Iterable[Floats], count: int, sampler: Sampler) -> Floats:
    """Return in what share of the draws that have both each is above each other, of scores of shape (draws, each)."""
    tie = float(sampler.declared.ties[-1])
    above, both = np.zeros((2, count, count))
    for scores in blocks:
        there = (~np.isnan(scores)).astype(float)
        both += there.T @ there
        for place in range(count):
            above[place] += (scores[:, [place]] - scores > tie).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(np.eye(count) > 0, np.nan, above / both)

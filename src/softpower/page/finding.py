"""What a page says first: the finding in one sentence, and what of it is robust."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from softpower.page.analyses import SHOWN, UNDECLARED
from softpower.page.tracing import Study
from softpower.page.wording import isolated, listed, score_text, share_text, span_text

SURE = 0.9
"""From this share of the draws on, an order counts as robust; that of claims is the same."""


def finding(study: Study) -> str:
    """Return the finding in one sentence, with its interval."""
    result = study.result
    composite, order = study.title(study.root), order_of(study)
    if len(study.labels) == 1:
        return finding_of(study, 0)
    if not order:
        return f"None of {len(study.labels):,} cases has a score. {finding_of(study, 0)}"
    first = order[0]
    if result.index.nlevels > 1:
        return f"Over {len(result.cases)} cases in several periods, the highest: {finding_of(study, first)}"
    tied = [row for row in order if result.ranks().iloc[row] == 1]
    if len(tied) > 1:
        return (
            f"Of {len(order)} cases, {listed(study.labels[row] for row in tied[:SHOWN])} share the highest"
            f" {composite}: {_with_interval(study, first, study.root)}."
        )
    if len(order) == 1:
        return f"Of {len(study.labels):,} cases, one has a score. {finding_of(study, first)}"
    second = order[1]
    return (
        f"Of {len(order)} cases, {isolated(study.labels[first])} has the highest {composite}:"
        f" {_with_interval(study, first, study.root)}, ahead of {isolated(study.labels[second])} with"
        f" {_with_interval(study, second, study.root)}."
    )


def finding_of(study: Study, row: int) -> str:
    """Return what the scores of a row say in one sentence."""
    scored = study.scores[row]
    label, composite = isolated(study.labels[row]), study.title(study.root)
    if np.isnan(scored[study.root]["score"]):
        return f"{label} has no {composite}: {isolated(scored[study.root]['reason'])}."
    said = f"{label}: {composite} comes to {_with_interval(study, row, study.root)}"
    there = {node: scored[node]["score"] for node in study.first_level if not np.isnan(scored[node]["score"])}
    high, low = max(there, key=there.__getitem__), min(there, key=there.__getitem__)
    if there[high] > there[low]:
        said += (
            f"; the highest part is {study.title(high)} with {score_text(there[high])},"
            f" the lowest {study.title(low)} with {score_text(there[low])}"
        )
    return f"{said}."


def _with_interval(study: Study, row: int, node: str) -> str:
    scored = study.scores[row][node]
    said = score_text(scored["score"])
    if study.result.scale == (0.0, 100.0):
        said += " of 100"
    if between := study.interval(row, node):
        return f"{said} ({between} in 90 % of the draws)"
    if scored["low"] < scored["high"]:
        return f"{said} (bounds {span_text(scored['low'], scored['high'])})"
    return said


def order_of(study: Study) -> list[int]:
    """Return the rows that have a composite, by period, the highest first."""
    composite = study.result.score[:, -1]
    there = np.flatnonzero(~np.isnan(composite))
    return [int(row) for row in there[np.argsort(-composite[there], kind="stable")]]


def robustness(study: Study) -> tuple[list[str], list[str]]:
    """Return what holds in nearly all draws, and what does not."""
    robust: list[str] = []
    still_open: list[str] = []
    if study.drawn is None:
        return robust, [UNDECLARED]
    claims = study.drawn.claims() if study.result.profile.claims else pd.DataFrame()
    for _, one in claims.iterrows():
        said, share = isolated(str(one["says"])), share_text(one["share"])
        match one["verdict"]:
            case "robust":
                robust.append(f"{said} It holds in {share} of the draws.")
            case "robustly denied":
                robust.append(f"The contrary of this: {said} It holds in {share} of the draws.")
            case "undecided":
                still_open.append(f"{said} No draw decides it.")
            case _:
                still_open.append(f"{said} It holds in {share} of the draws.")
    for order, held in _orders(study):
        (robust if held >= SURE else still_open).append(f"{order}: in {share_text(held)} of the draws.")
    return robust, still_open


def _orders(study: Study) -> Iterator[tuple[str, float]]:
    """Yield the order of neighbours as declared, and the share of draws in which it holds."""
    drawn = study.drawn
    if drawn is None or not drawn.job.sampler.comparable:
        return
    if len(study.labels) == 1:
        scores = {node: study.scores[0][node]["score"] for node in study.first_level}
        order: list[Any] = sorted((node for node in scores if not np.isnan(scores[node])), key=lambda one: -scores[one])
        if len(order) < 2 or not set(order) <= set(drawn.job.sampler.children(study.root)):
            return
        titles = {node: study.title(node) for node in order}
    elif drawn.job.ranked and study.result.index.nlevels == 1:
        order = [study.result.index[row] for row in order_of(study)][: SHOWN // 2]
        titles = {label: isolated(str(label)) for label in order}
    else:
        return
    shares = drawn.probability_above()
    for above, below in pairwise(order):
        share = float(shares.loc[above, below])
        if not np.isnan(share):
            yield f"{titles[above]} above {titles[below]}", share

"""Checks of the tree: is it balanced, what dominates, what is counted twice, what is mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from softpower.auditing.audited import Audited
from softpower.auditing.checks import HANDBOOK, Check
from softpower.auditing.findings import Said
from softpower.words import counted


def balance(audited: Audited) -> Iterator[Said]:
    """Siblings of which one rests on many indicators, another on few."""
    most = audited.thresholds.balance
    for parent, children in audited.children.items():
        counts = {child: len(audited.below.get(child, (child,))) for child in children}
        high, low = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
        ratio = counts[high] / counts[low]
        if ratio > most:
            yield Said(
                "warning",
                f"{audited.title(high)} has {counted(counts[high], 'indicator')}, {audited.title(low)} {counts[low]}:"
                f" under {audited.title(parent)} they are {ratio:.3g} times as many.",
                "Find more indicators where there are few, or say why one side needs so many.",
                (high, low),
                ratio,
                most,
            )


def dominance(audited: Audited) -> Iterator[Said]:
    """Nodes that weigh much more than an equal share."""
    most, weights = audited.thresholds.dominance, audited.weights
    for parent, children in audited.children.items():
        whole = sum(weights[child] for child in children)
        for child in children:
            ratio = weights[child] / whole * len(children) if whole > 0 else 0.0
            if len(children) > 1 and ratio > most:
                yield Said(
                    "warning",
                    f"{audited.title(child)} weighs {weights[child] / whole:.0%} of {audited.title(parent)}, which has"
                    f" {counted(len(children), 'part')}.",
                    "Weigh it less, split it, or give the reason for its weight.",
                    (child,),
                    ratio,
                    most,
                )
    equal = 1 / len(audited.indicators)
    for name in audited.indicators:
        if weights[name] > most * equal and len(audited.indicators) > 1:
            yield Said(
                "warning",
                f"{audited.title(name)} alone weighs {weights[name]:.1%} of the composite; an equal share of"
                f" {len(audited.indicators)} indicators is {equal:.1%}.",
                "A small dimension makes its indicators heavy: find more for it, or weigh it less.",
                (name,),
                weights[name] / equal,
                most,
            )


def weightless(audited: Audited) -> Iterator[Said]:
    """Indicators that are in the tree and weigh nothing."""
    idle = [name for name in audited.indicators if audited.weights[name] == 0]
    if idle:
        yield Said(
            "warning",
            f"{counted(len(idle), 'indicator')} in the tree {'weigh' if len(idle) > 1 else 'weighs'} nothing.",
            "Leave them out, so that nobody takes them for part of the score.",
            tuple(idle),
            len(idle),
            0.0,
        )


def overlaps(audited: Audited) -> Iterator[Said]:
    """Pairs of indicators that the specs themselves declare to overlap."""
    pairs = {
        tuple(sorted((name, other)))
        for name in audited.indicators
        for other in audited.framework.indicators[name].overlaps
        if other in audited.indicators
    }
    for one, other in sorted(pairs):
        both = audited.weights[one] + audited.weights[other]
        apart = audited.framework.parents[one] != audited.framework.parents[other]
        where = "in different dimensions" if apart else "in one dimension"
        yield Said(
            "note",
            f"{audited.title(one)} and {audited.title(other)} overlap, as their specs say; {where}, they weigh"
            f" {both:.1%} together.",
            "See by a scenario what is left without either.",
            (one, other),
            both,
        )


def shared_facts(audited: Audited) -> Iterator[Said]:
    """Indicators that rest on the same observations: one fact then counts more than once."""
    rests: dict[str, set[str]] = defaultdict(set)
    for (_, name), ids in audited.result.feeds.items():
        rests[name] |= set(ids)
    for one, other in combinations(sorted(rests), 2):
        shared = rests[one] & rests[other]
        if shared:
            part = len(shared) / min(len(rests[one]), len(rests[other]))
            yield Said(
                "warning" if part == 1 else "note",
                f"{audited.title(one)} and {audited.title(other)} share {counted(len(shared), 'observation')}"
                f" ({', '.join(sorted(shared)[:4])}{' ...' if len(shared) > 4 else ''}):"
                f" {part:.0%} of what the smaller one rests on.",
                "Declare the overlap in the specs, or let each fact feed one indicator.",
                (one, other),
                part,
            )


def roles(audited: Audited) -> Iterator[Said]:
    """Nodes that mix resources, outputs and outcomes."""
    for parent, children in audited.children.items():
        found: dict[str, list[str]] = defaultdict(list)
        for child in children:
            one = audited.framework.indicators.get(child)
            if one is not None and one.role is not None:
                found[one.role].append(child)
        if len(found) > 1:
            mixed = ", ".join(f"{counted(len(names), role)}" for role, names in sorted(found.items()))
            yield Said(
                "note",
                f"{audited.title(parent)} mixes {mixed}: what is had and what comes of it are one number.",
                "Read its parts, or leave one role out by a scenario.",
                tuple(children),
                len(found),
                1.0,
            )


def directions(audited: Audited) -> Iterator[Said]:
    """Indicators for which lower is better."""
    turned = [name for name in audited.indicators if audited.framework.indicators[name].better == "lower"]
    if turned:
        number = counted(len(turned), "indicator")
        yield Said(
            "note",
            f"Lower is better for {number}: {', '.join(map(audited.title, turned[:6]))}"
            f"{' ...' if len(turned) > 6 else ''}.",
            "See that the direction is meant, for every one of them.",
            tuple(turned),
            len(turned),
        )


CHECKS = (
    Check("balance", "Siblings rest on alike many indicators", "framework", HANDBOOK.format(2), balance),
    Check("dominance", "Nothing weighs far more than its siblings", "framework", HANDBOOK.format(6), dominance),
    Check("weightless", "Every indicator weighs something", "framework", HANDBOOK.format(6), weightless),
    Check("overlaps", "No overlap is declared", "framework", HANDBOOK.format(2), overlaps),
    Check(
        "shared_facts",
        "No fact feeds two indicators",
        "framework",
        HANDBOOK.format(6),
        shared_facts,
        needs="observations",
    ),
    Check("roles", "No node mixes resources, outputs and outcomes", "framework", HANDBOOK.format(1), roles),
    Check("directions", "Higher is better throughout", "framework", HANDBOOK.format(5), directions),
)

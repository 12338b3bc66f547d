"""Checks over several cases: do indicators go together, is one said twice, does each do what it weighs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from softpower.analysis.correlations import correlations
from softpower.analysis.influences import influence_of
from softpower.auditing.audited import Audited
from softpower.auditing.checks import HANDBOOK, Check
from softpower.auditing.families import defined
from softpower.auditing.findings import Said
from softpower.words import counted, some

ROWS = 2_000
"""Over so many rows influences are still quick."""

RISE = 0.05
"""By so much Cronbach's alpha rises without a child that is named."""


def correlation(audited: Audited) -> Iterator[Said]:
    """Indicators that say the same thing, and siblings that run against each other."""
    pairs, most = audited.pairs, audited.thresholds.correlation
    for _, one in pairs[pairs["correlation"] > most].sort_values("correlation", ascending=False).iterrows():
        within = "in one dimension" if one["within"] else "in different dimensions"
        yield Said(
            "warning",
            f"{audited.title(one['a'])} and {audited.title(one['b'])}, {within}, go together by"
            f" {one['correlation']:.2f} over {one['cases']} cases.",
            "Keep one, or let them share one weight.",
            (one["a"], one["b"]),
            float(one["correlation"]),
            most,
        )
    for _, one in pairs[pairs["within"] & (pairs["correlation"] < 0)].sort_values("correlation").iterrows():
        yield Said(
            "warning" if one["correlation"] < -0.3 else "note",
            f"{audited.title(one['a'])} and {audited.title(one['b'])} run against each other by"
            f" {one['correlation']:.2f} over {one['cases']} cases, and their dimension adds them up.",
            "See that the direction of both is right, or part them.",
            (one["a"], one["b"]),
            float(one["correlation"]),
            0.0,
        )
    undefined = pairs[pairs["reason"] != ""]
    if len(undefined):
        yield Said(
            "undefined",
            f"{counted(len(undefined), 'pair')} of indicators have no correlation; the first: {undefined.iloc[0]['a']}"
            f" and {undefined.iloc[0]['b']}, since {undefined.iloc[0]['reason']}.",
            "Leave out what is the same in every case, or find more cases.",
        )


def size(audited: Audited) -> Iterator[Said]:
    """Indicators that go with the size of the case, although there is something to divide them by."""
    table = audited.profile.values
    columns = sorted(audited.framework.denominators & {*table.columns}) if table is not None else []
    if table is None or not columns:
        yield Said(
            "undefined",
            "The study has no denominator, so that nothing says how large a case is.",
            "Add one, for instance population, where amounts are scored.",
        )
        return
    raw, most = audited.result.raw, audited.thresholds.size
    for by in columns:
        both = correlations(np.column_stack([table.column(by), raw]), names=(by, *audited.indicators))
        for place, name in enumerate(audited.indicators, 1):
            if abs(both.matrix[0, place]) > most:
                yield Said(
                    "warning",
                    f"{audited.title(name)} goes with '{by}' by {both.matrix[0, place]:.2f} over"
                    f" {both.cases[0, place]} cases: it may say how large a case is.",
                    f"Divide it by '{by}', or say that size is meant.",
                    (name,),
                    float(abs(both.matrix[0, place])),
                    most,
                )


def reliability(audited: Audited) -> Iterator[Said]:
    """Siblings that do not vary together, and the one that stands apart."""
    least = audited.thresholds.alpha
    for family, found in defined(audited.families, "Cronbach's alpha", lambda one: one.reliability):
        if isinstance(found, Said):
            yield found
            continue
        if found.alpha < least:
            yield Said(
                "note",
                f"What is under {family.title} varies little together: standardised alpha is {found.alpha:.2f}"
                f" over {found.cases} cases.",
                "No fault where the parts form the whole and need not go together; else part them.",
                (family.node,),
                float(found.alpha),
                least,
            )
        for child, without in zip(family.children, found.if_deleted, strict=True):
            if without > max(found.alpha, least) + RISE:
                yield Said(
                    "note",
                    f"Without {audited.title(child)} standardised alpha of {family.title} rises from"
                    f" {found.alpha:.2f} to {without:.2f}.",
                    "See whether it belongs there.",
                    (child,),
                    float(without - found.alpha),
                    RISE,
                )


def dimensionality(audited: Audited) -> Iterator[Said]:
    """Dimensions whose indicators hang together by more than one component."""
    for family, found in defined(audited.families, "Principal components", lambda one: one.components):
        if isinstance(found, Said):
            yield found
            continue
        strong = int((found.eigenvalues > 1).sum())
        first = found.loadings[:, 0]
        against = [child for child, load in zip(family.children, first, strict=True) if load < 0]
        if strong > 1:
            yield Said(
                "note",
                f"{family.title} has {strong} components with an eigenvalue above 1; the first explains"
                f" {found.share[0]:.0%} of the variance.",
                "Its parts measure several things: look at the loadings before reading it as one.",
                (family.node,),
                strong,
                1,
            )
        if against:
            yield Said(
                "note",
                f"On the first component of {family.title} {some([audited.title(one) for one in against])} runs"
                " against the others.",
                "See that its direction is right.",
                tuple(against),
                float(min(first)),
                0.0,
            )


def adequacy(audited: Audited) -> Iterator[Said]:
    """Dimensions whose indicators share too little for a component to mean much."""
    least = audited.thresholds.adequacy
    for family, found in defined(audited.families, "Sampling adequacy", lambda one: one.adequacy, least=3):
        if isinstance(found, Said):
            yield found
        elif found.overall < least:
            yield Said(
                "note",
                f"The sampling adequacy of {family.title} is {found.overall:.2f}: its parts share little.",
                "Do not derive weights from components here.",
                (family.node,),
                float(found.overall),
                least,
            )


def inflation(audited: Audited) -> Iterator[Said]:
    """Indicators that follow from their siblings."""
    most = audited.thresholds.inflation
    for family, found in defined(audited.families, "Variance inflation", lambda one: one.inflation):
        if isinstance(found, Said):
            yield found
            continue
        for child, factor in zip(family.children, found.factors, strict=True):
            if factor > most:
                yield Said(
                    "warning",
                    f"{audited.title(child)} follows from what else is under {family.title}: its variance"
                    f" inflation is {factor:.3g}.",
                    "Leave it out, or weigh the group less.",
                    (child,),
                    float(factor),
                    most,
                )


def influence_against_weight(audited: Audited) -> Iterator[Said]:
    """Nodes that move the composite much more, or less, than they weigh."""
    rows = len(audited.result.index)
    if rows > ROWS:
        yield Said(
            "undefined",
            f"Influence is not looked at over {rows:,} rows, more than {ROWS:,}: it takes the square of their number.",
            "Call softpower.influence() where it may take its time.",
        )
        return
    most = audited.thresholds.influence
    frame = influence_of(audited.result)
    for node, one in frame.iterrows():
        if np.isnan(one["ratio"]) or 1 / most <= one["ratio"] <= most:
            continue
        yield Said(
            "warning" if one["ratio"] > most else "note",
            f"{one['title']} has {one['influence_share']:.0%} of the influence among its siblings and"
            f" {one['weight_share']:.0%} of the weight.",
            "Weights are not importance: say what moves the composite, or reweigh.",
            (str(node),),
            float(one["ratio"]),
            most,
        )
    told = frame.loc[frame["note"] != "", "note"]
    if len(told):
        yield Said(
            "undefined",
            f"The influence of {counted(len(told), 'node')} is undefined; the first: {told.index[0]}, since"
            f" {told.iloc[0]}.",
            "Find more cases.",
            tuple(map(str, told.index)),
        )


def rank_robustness(audited: Audited) -> Iterator[Said]:
    """Ranks that other defensible choices move."""
    if audited.drawn is None:
        yield Said(
            "warning",
            "Nothing is declared uncertain, so that no rank has an interval.",
            'Declare it, for instance uncertainty = {weights = "simplex"}, and audit again.',
        )
        return
    ranks = audited.drawn.ranks().dropna(subset=["low", "high"])
    if ranks.empty:
        yield Said("undefined", "No case has a rank in the draws.", "See why their composites are missing.")
        return
    most = audited.thresholds.ranks
    wide = (ranks["high"] - ranks["low"]) / max(len(audited.result.cases) - 1, 1)
    loose = wide[wide > most]
    if len(loose):
        labels = [" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in loose.index]
        worst = int(np.argmax(loose.to_numpy()))
        yield Said(
            "warning",
            f"The 90 % interval of the rank of {counted(len(loose), 'row')} of {len(ranks)} spans more than {most:.0%}"
            f" of all ranks; the widest is {labels[worst]}, {ranks.loc[loose.index[worst], 'low']:.0f} to"
            f" {ranks.loc[loose.index[worst], 'high']:.0f}.",
            "Publish intervals beside ranks, or groups in place of ranks.",
            tuple(labels),
            float(loose.max()),
            most,
        )


def tables(audited: Audited) -> dict[str, pd.DataFrame]:
    """Return the statistics behind the checks, as frames: none for one case.

    ``correlations`` of each pair; ``structure`` of what is under each node; its ``parts``, with their loading on the
    first component, inflation and adequacy; all its ``components``.
    """
    if not audited.several:
        return {}
    nodes, parts, spread = [], [], []
    for one in audited.families:
        node, children = one.node, one.children
        alpha, main, share, grow = one.reliability, one.components, one.adequacy, one.inflation
        nodes.append(
            {"node": node, "title": one.title, "parts": len(children), "alpha": alpha.alpha}
            | {"first_component": main.share[0] if len(main.share) else np.nan}
            | {"components": float((main.eigenvalues > 1).sum()) if not main.reason else np.nan}
            | {"adequacy": share.overall}
            | {"note": "; ".join(dict.fromkeys(filter(None, (alpha.reason, main.reason, share.reason))))}
        )
        if not main.reason:
            each = zip(main.eigenvalues, main.share, main.cumulative, strict=True)
            spread += [
                {"node": node, "component": number, "eigenvalue": value, "share": part, "cumulative": whole}
                for number, (value, part, whole) in enumerate(each, 1)
            ]
        for place, child in enumerate(children):
            parts.append(
                {"node": child, "title": audited.title(child), "under": node}
                | {"alpha_if_deleted": alpha.if_deleted[place], "item_rest": alpha.item_rest[place]}
                | {"loading": main.loadings[place, 0] if not main.reason else np.nan}
                | {"adequacy": share.indicators[place], "inflation": grow.factors[place]}
            )
    return {
        "correlations": audited.pairs,
        "structure": pd.DataFrame(nodes).set_index("node"),
        "parts": pd.DataFrame(parts).set_index("node"),
        "components": pd.DataFrame(
            spread, columns=["node", "component", "eigenvalue", "share", "cumulative"]
        ).set_index(["node", "component"]),
    }


KAISER = "H. F. Kaiser, An index of factorial simplicity, Psychometrika 39 (1974)"
CHECKS = (
    Check("correlation", "Indicators say different things", "cases", HANDBOOK.format(4), correlation, needs="cases"),
    Check("size", "No indicator goes with the size of the case", "cases", HANDBOOK.format(5), size, needs="cases"),
    Check("reliability", "Siblings vary together", "cases", HANDBOOK.format(4), reliability, needs="cases"),
    Check("dimensionality", "A dimension is one thing", "cases", HANDBOOK.format(4), dimensionality, needs="cases"),
    Check("adequacy", "Siblings share enough for components", "cases", KAISER, adequacy, needs="cases"),
    Check("inflation", "No indicator follows from the others", "cases", HANDBOOK.format(4), inflation, needs="cases"),
    Check(
        "influence",
        "Nodes move the composite as they weigh",
        "cases",
        "P. Paruolo, M. Saisana and A. Saltelli, Ratings and rankings: voodoo or science?, Journal of the Royal"
        " Statistical Society A 176 (2013)",
        influence_against_weight,
        needs="cases",
    ),
    Check("rank_robustness", "Ranks are robust", "cases", HANDBOOK.format(7), rank_robustness, needs="cases"),
)

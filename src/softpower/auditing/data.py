"""Checks of the data: what is there, how old, how sure, and on whose word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from softpower.analysis.alike import identical
from softpower.auditing.audited import Audited
from softpower.auditing.checks import HANDBOOK, Check
from softpower.auditing.findings import Said
from softpower.model.observation import Observation
from softpower.model.period import DAYS_PER_YEAR
from softpower.steps import statistics
from softpower.words import counted, some

MUCH = 0.25
"""Beyond this share, of values or of the score, a note is a warning."""


def availability(audited: Audited) -> Iterator[Said]:
    """Cases and indicators of which much is missing."""
    there = ~np.isnan(audited.result.raw)
    least, serious = audited.thresholds.availability, audited.thresholds.serious_availability
    labels = [audited.result.engine.label(row) for row in range(len(there))]
    for noun, names, axis in (("indicator", audited.indicators, 0), ("case", labels, 1)):
        if there.shape[axis] == 1 and noun == "indicator":
            gone = [name for name, seen in zip(names, there[0], strict=True) if not seen]
            if gone:
                yield Said(
                    "note",
                    f"{counted(len(gone), 'indicator')} of {len(names)} {'is' if len(gone) == 1 else 'are'} not"
                    f" observed: {some([audited.title(name) for name in gone])}.",
                    "Find them, or say what the score says nothing about.",
                    tuple(gone),
                    1 - len(gone) / len(names),
                )
            continue
        shares = there.mean(axis=axis)
        for severity, low, high in (("serious", -1.0, serious), ("warning", serious, least)):
            thin = np.flatnonzero((shares >= low) & (shares < high)).tolist()
            if thin:
                worst = min(thin, key=lambda place: shares[place])
                named = [audited.title(names[one]) if noun == "indicator" else names[one] for one in thin]
                yield Said(
                    severity,  # type: ignore[arg-type]
                    f"Of {counted(len(thin), noun)} fewer than {high:.0%} of the values are there: {some(named)}. The"
                    f" least is {shares[worst]:.0%}, of {named[thin.index(worst)]}.",
                    f"Leave {'them' if len(thin) > 1 else 'it'} out with `screen`, or fill the gaps and say so.",
                    tuple(names[one] for one in thin),
                    float(shares[worst]),
                    high,
                )


def coverage(audited: Audited) -> Iterator[Said]:
    """Composites of which much of the weight is not observed."""
    shares, least = audited.result.coverage[:, -1], audited.thresholds.availability
    thin = np.flatnonzero(shares < least)
    if thin.size:
        worst = int(thin[shares[thin].argmin()])
        labels = [audited.result.engine.label(int(row)) for row in thin]
        yield Said(
            "serious" if shares[worst] < audited.thresholds.serious_availability else "warning",
            f"Of {counted(len(thin), 'composite')} less than {least:.0%} of the weight is observed: {some(labels)}. The"
            f" least is {shares[worst]:.0%}, of {audited.result.engine.label(worst)}.",
            "Set a threshold for `missing`, so that they have no score, or find what is missing.",
            tuple(labels),
            float(shares[worst]),
            least,
        )


def zeros(audited: Audited) -> Iterator[Said]:
    """Indicators that are mostly zero."""
    raw, most = audited.result.raw, audited.thresholds.zeros
    there = (~np.isnan(raw)).sum(axis=0)
    for column, name in enumerate(audited.indicators):
        share = (raw[:, column] == 0).sum() / there[column] if there[column] else 0.0
        if share > most:
            yield Said(
                "warning",
                f"{share:.0%} of the values of {audited.title(name)} are zero.",
                "See that a zero is not a gap, and whether the indicator tells cases apart.",
                (name,),
                float(share),
                most,
            )


def duplicates(audited: Audited) -> Iterator[Said]:
    """Facts that stand twice; cases, and indicators, that are the same throughout."""
    seen: dict[tuple[object, ...], list[str]] = {}
    for one in audited.profile.observations:
        if one.feeds:
            key = (one.variable, one.case, one.value, one.start, one.end, one.source, one.statement, one.coder)
            seen.setdefault(key, []).append(one.id)
    for ids in seen.values():
        if len(ids) > 1:
            yield Said(
                "serious",
                f"The observations {', '.join(ids)} say the same of the same source and period.",
                "Keep one of them.",
                tuple(ids),
                len(ids),
                1,
            )
    if audited.several:
        raw = audited.result.raw
        labels = [audited.result.engine.label(row) for row in range(len(raw))]
        for noun, names in (("case", labels), ("indicator", audited.indicators)):
            for alike in identical(raw, "cases" if noun == "case" else "indicators"):
                yield Said(
                    "warning",
                    f"The {noun}s {some([names[one] for one in alike])} are the same in every value.",
                    "See that none was copied by mistake.",
                    tuple(names[one] for one in alike),
                    len(alike),
                    1,
                )


def stale(audited: Audited) -> Iterator[Said]:
    """Indicators whose latest dated fact lies long before the end of the window."""
    window, most = audited.profile.window, audited.thresholds.stale
    assert window is not None  # a profile of observations has one
    for column, name in enumerate(audited.indicators):
        ages = []
        for row in range(len(audited.result.index)):
            days = [day for one in audited.fed(row, name) for day in _last_days(one, window.after)]
            if days:
                ages.append((window.after - max(days)) / DAYS_PER_YEAR)
        if ages and max(ages) > most:
            yield Said(
                "warning",
                f"The latest dated fact behind {audited.title(name)} is {max(ages):.0f} years older than the end of the"
                f" window; it carries {audited.shares[:, column].mean():.1%} of the score.",
                "Find a newer fact, or end the window where the facts end.",
                (name,),
                max(ages),
                most,
            )
    undated = audited.cells_where(
        lambda facts: bool(facts) and all(one.start is None and one.end is None for one in facts)
    )
    if undated:
        share = audited.share_of(undated)
        yield Said(
            "note",
            f"{share:.0%} of the score rests on indicators none of whose facts bears a date.",
            "Date them, or do not read the score as one of a year.",
            audited.names_of(undated),
            share,
        )


def _last_days(one: Observation, end: int) -> list[int]:
    """Return the day after a fact's last; what is still open holds until the end of the window."""
    if one.start is None and one.end is None:
        return []
    return [min(end, one.end.last.toordinal() + 1) if one.end is not None else end]


def outliers(audited: Audited) -> Iterator[Said]:
    """Indicators that some cases stretch."""
    values = audited.result.engine.treated
    skew, peak = statistics.skewness(values), statistics.kurtosis(values)
    limits = audited.thresholds.skewness, audited.thresholds.kurtosis
    for column in np.flatnonzero((np.abs(skew) > limits[0]) & (peak > limits[1])):
        yield Said(
            "warning",
            f"{audited.title(audited.indicators[column])} has outliers: skewness {skew[column]:.2f}, excess kurtosis"
            f" {peak[column]:.2f}.",
            'Treat it (treat = "jrc"), score it by logarithms or ranks, or say that the extremes are meant.',
            (audited.indicators[column],),
            float(abs(skew[column])),
            limits[0],
        )


def wide_bounds(audited: Audited) -> Iterator[Said]:
    """Scores of indicators whose bounds span much of the scale."""
    scale, most = audited.result.engine.ends, audited.thresholds.width
    if scale is None:
        return
    count = len(audited.indicators)
    spans = (audited.result.high[:, :count] - audited.result.low[:, :count]) / (scale[1] - scale[0])
    for column, name in enumerate(audited.indicators):
        wide = np.flatnonzero(spans[:, column] > most)
        if wide.size:
            worst = float(spans[wide, column].max())
            whose = "" if len(spans) == 1 else f" of {counted(len(wide), 'case')}"
            yield Said(
                "warning",
                f"The bounds of {audited.title(name)}{whose} span up to {worst:.0%} of the scale.",
                "Find a sharper fact, or read the composite by its interval alone.",
                (name,),
                worst,
                most,
            )


def beyond_goalposts(audited: Audited) -> Iterator[Said]:
    """Values that lie beyond a goalpost, where the score stays."""
    clipped = audited.result.clipped
    for column, name in enumerate(audited.indicators):
        beyond = int((clipped[:, column] != "").sum())
        if beyond:
            share = beyond / len(clipped)
            yield Said(
                "warning" if share > MUCH else "note",
                f"{counted(beyond, 'value')} of {audited.title(name)} {'lies' if beyond == 1 else 'lie'} beyond a"
                " goalpost and would score the same further out.",
                "Move the goalpost if the difference matters.",
                (name,),
                share,
                MUCH,
            )


def ceilings(audited: Audited) -> Iterator[Said]:
    """Indicators at the top of their scale: they cannot show a rise."""
    scale, most = audited.result.engine.ends, audited.thresholds.ceiling
    if scale is None:
        return
    count = len(audited.indicators)
    scores = (audited.result.score[:, :count] - scale[0]) / (scale[1] - scale[0])
    full = [column for column in range(count) if np.nanmin(scores[:, column], initial=np.inf) >= most]
    full = [column for column in full if not np.isnan(scores[:, column]).all()]
    if full:
        names = tuple(audited.indicators[column] for column in full)
        share = float(audited.shares[:, full].sum(axis=1).mean())
        yield Said(
            "warning" if share > MUCH else "note",
            f"{counted(len(full), 'indicator')} {'is' if len(full) == 1 else 'are'} at the top of the scale in every"
            f" case and cannot rise: {some([audited.title(name) for name in names])}. They carry {share:.0%} of the"
            " score.",
            "Set goalposts that leave room, or read them as conditions that are met.",
            names,
            share,
            MUCH,
        )


def weak_data(audited: Audited) -> Iterator[Said]:
    """How much of the weight rests on data of quality C and D, and which is D."""
    grades = {name: audited.framework.indicators[name].quality for name in audited.indicators}
    if not any(grades.values()):
        yield Said("note", "No indicator states the quality of its data.", "Grade them from A to D, with reasons.")
        return
    most = audited.thresholds.weak
    weak = sum(audited.weights[name] for name, grade in grades.items() if grade in {"C", "D"})
    worst = [name for name, grade in grades.items() if grade == "D"]
    if weak > most:
        yield Said(
            "warning",
            f"{weak:.0%} of the weight rests on data of quality C or D.",
            "See by a scenario what the data of quality A and B say alone.",
            tuple(name for name, grade in grades.items() if grade in {"C", "D"}),
            weak,
            most,
        )
    if worst:
        yield Said(
            "note",
            f"{counted(len(worst), 'indicator')} of quality D: {some([audited.title(name) for name in worst])}.",
            "Leave out what cannot be defended.",
            tuple(worst),
            len(worst),
        )


def one_source(audited: Audited) -> Iterator[Said]:
    """How much of the score rests on one source, on interviews, on facts without a footnote."""
    limits = audited.thresholds
    shares = dependence(audited)
    if shares.empty:
        yield Said("warning", "No source is named.", "Name where each fact comes from.")
        return
    for name, one in shares.iterrows():
        heavy = one["share"] > limits.source
        if heavy or one["kind"] == "interview":
            yield Said(
                "warning" if heavy else "note",
                f"{one['share']:.0%} of the score rests on {one['citation']}, in whole or in part.",
                "Find a second source, or leave this one out by a scenario and see what stays.",
                (str(name),),
                float(one["share"]),
                limits.source,
            )
    interviews = [str(name) for name in shares.index[shares["kind"] == "interview"]]
    if interviews:
        share = audited.share_of({cell for name in interviews for cell in audited.resting[name]})
        yield Said(
            "warning" if share > limits.interviews else "note",
            f"{share:.0%} of the score rests on {counted(len(interviews), 'interview')}, in whole or in part.",
            "Say who was asked, and see what stays without them.",
            tuple(interviews),
            share,
            limits.interviews,
        )


def dependence(audited: Audited) -> pd.DataFrame:
    """Return every source with its kind and the share of the score that rests on it, in whole or in part."""
    rows = [
        {"source": name, "kind": getattr(source, "kind", ""), "citation": str(source or name), "share": share}
        for name, cells in audited.resting.items()
        for source, share in [(audited.profile.sources.get(name), audited.share_of(cells))]
    ]
    frame = pd.DataFrame(rows, columns=["source", "kind", "citation", "share"]).set_index("source")
    return frame.sort_values("share", ascending=False, kind="stable")


def bare_facts(audited: Audited) -> pd.DataFrame:
    """Return every fact that no footnote stands behind, with what it feeds and the share of the score that it is in."""
    rows = [
        {
            "fact": name,
            "feeds": " ".join(audited.names_of(cells)),
            "share": audited.share_of(cells),
        }
        for name, cells in audited.unfooted.items()
    ]
    frame = pd.DataFrame(rows, columns=["fact", "feeds", "share"]).set_index("fact")
    return frame.sort_values("share", ascending=False, kind="stable")


def unfooted(audited: Audited) -> Iterator[Said]:
    """How much of the score rests on facts that no footnote stands behind."""
    bare = audited.unfooted
    if bare:
        share, most = audited.share_of({cell for cells in bare.values() for cell in cells}), audited.thresholds.unfooted
        yield Said(
            "warning" if share > most else "note",
            f"{share:.0%} of the score rests, in whole or in part, on {counted(len(bare), 'fact')} that no footnote"
            " stands behind.",
            "Find what they rest on, or leave them out by a scenario.",
            tuple(sorted(bare)),
            share,
            most,
        )


def positives(audited: Audited) -> Iterator[Said]:
    """Whether facts that raise were sought more than facts that lower."""
    counts = Counter(one.polarity for one in audited.profile.observations if one.polarity is not None)
    told = counts["raises"] + counts["lowers"]
    if not told:
        yield Said(
            "undefined",
            "No observation says whether it raises or lowers.",
            "Fill in 'polarity', so that a selection of good news shows.",
        )
        return
    share, most = counts["raises"] / told, audited.thresholds.positive
    said = f"Of {told} observations that raise or lower, {counts['raises']} raise ({share:.0%})"
    if share > most:
        yield Said(
            "warning",
            f"{said}: good news may have been sought.",
            "Look for what lowers as hard as for what raises.",
            (),
            share,
            most,
        )
    elif 1 - share > most:
        yield Said(
            "warning", f"{said}: bad news may have been sought.", "Look for what raises as well.", (), 1 - share, most
        )


CHECKS = (
    Check("availability", "Values are there", "data", HANDBOOK.format(3), availability),
    Check("coverage", "Composites rest on what is observed", "data", HANDBOOK.format(3), coverage),
    Check("zeros", "Few values are zero", "data", HANDBOOK.format(2), zeros, needs="cases"),
    Check("duplicates", "Nothing stands twice", "data", HANDBOOK.format(2), duplicates),
    Check("stale", "Facts are recent", "data", HANDBOOK.format(2), stale, needs="observations"),
    Check("outliers", "No case stretches an indicator", "data", HANDBOOK.format(3), outliers, needs="cases"),
    Check("wide_bounds", "Bounds are narrow", "data", HANDBOOK.format(7), wide_bounds),
    Check("beyond_goalposts", "Values lie between the goalposts", "data", HANDBOOK.format(5), beyond_goalposts),
    Check("ceilings", "There is room to rise", "data", HANDBOOK.format(5), ceilings),
    Check("weak_data", "Data are of quality A or B", "data", HANDBOOK.format(2), weak_data),
    Check("one_source", "No source carries the score", "data", HANDBOOK.format(2), one_source),
    Check("unfooted", "A footnote stands behind each fact", "data", HANDBOOK.format(2), unfooted, needs="observations"),
    Check("positives", "Good and bad news are both told", "data", HANDBOOK.format(2), positives, needs="observations"),
)

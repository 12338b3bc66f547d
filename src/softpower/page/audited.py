"""The audit of a study as a section of its page."""

from __future__ import annotations

import numpy as np

from softpower.auditing.inspecting import audit
from softpower.page.contents import Cell, Section, Table
from softpower.page.tracing import Study
from softpower.page.wording import isolated, number_text, share_text

SEVERE = {
    "serious": "mend before citing",
    "warning": "say beside the score",
    "note": "know",
    "undefined": "undefined here",
}
FEW = 25
"""So many findings stand open; more are opened by a click."""


def audit_section(study: Study) -> Section:
    """Return what an auditor would question, what passed, and the Handbook's ten steps.

    Parameters
    ----------
    study : Study
    """
    found = audit(study.drawn or study.result)
    names = _names(study)
    rows: list[tuple[Cell, ...]] = [
        (
            SEVERE[one.severity],
            _said(one.what, names),
            *map(_number, (one.number, one.threshold)),
            one.mend,
            one.reference,
        )
        for one in found.findings
        if one.severity != "undefined"
    ]
    undefined: list[tuple[Cell, ...]] = [
        (_said(one.what, names), one.mend) for one in found.findings if one.severity == "undefined"
    ]
    passed = found.checks.index[found.checks["passed"].fillna(value=False)]
    said = [f"{found.summary}. Thresholds are conventions; each finding names its own."]
    if len(passed):
        said.append(f"Passed: {'; '.join(found.checks.loc[passed, 'title'])}.")
    tables = []
    head: tuple[str, ...]
    if rows:
        head = ("What to do", "what was found", "number", "threshold", "how to mend it", "by which rule")
        tables.append(Table("Findings", head, tuple(rows), frozenset({1, 4, 5}), len(rows) > FEW))
    if undefined:
        head = ("What could not be looked at", "what would give it a meaning")
        tables.append(Table("Undefined here", head, tuple(undefined), frozenset({1}), folded=True))
    steps = tuple(
        (f"{one.number}. {one.title}", *(_said(text, names) for text in (one.done, one.lacking)))
        for one in found.handbook
    )
    tables.append(Table("The ten steps of the Handbook", ("Step", "done", "lacking"), steps, frozenset({1, 2}), True))
    sources = found.tables["sources"]
    if len(sources):
        told = zip(sources["citation"], sources["kind"], sources["share"], strict=True)
        each = tuple((isolated(one), kind, share_text(share)) for one, kind, share in told)
        head = ("Source", "kind", "share of the score that rests on it")
        tables.append(Table("What the score rests on, in whole or in part", head, each, frozenset({1}), True))
    return Section("audit", "Audit", tuple(said), tuple(tables))


def _names(study: Study) -> list[str]:
    """Return the names of a study that turn what follows them, the longest first."""
    framework = study.result.profile.framework
    names = {framework.node_title(node) for node in (*framework.dimensions, *framework.indicators)}
    names |= {framework.title, *study.labels, *map(str, study.result.profile.sources.values())}
    return sorted((one for one in names if isolated(one) != one), key=len, reverse=True)


def _said(text: str, names: list[str]) -> str:
    """Return a sentence in which no name turns what stands behind it."""
    for name in names:
        text = text.replace(name, isolated(name))
    return isolated(text)


def _number(value: float) -> str:
    return "" if np.isnan(value) else number_text(value, ".3g")

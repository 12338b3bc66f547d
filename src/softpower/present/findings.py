"""Audits as plain text, for terminals and files."""

from __future__ import annotations

from collections.abc import Iterator

from softpower.auditing.findings import SEVERITIES, Finding
from softpower.auditing.handbook import Step
from softpower.auditing.inspecting import Audit, by_part
from softpower.present.sheet import Block, Note, Sheet

MARKS = {"serious": "!! ", "warning": "!  ", "note": "-  ", "undefined": "?  "}
HEADS = {
    "framework": "The tree",
    "data": "The data",
    "cases": "Over several cases",
    "judgements": "Judgements",
}


def audit_sheet(audit: Audit) -> Sheet:
    """Return an audit: what was found, part by part, what passed, and the Handbook's ten steps.

    Parameters
    ----------
    audit : Audit
    """
    blocks: list[Block] = [Note("", f"{audit.result.profile.title}: {audit.summary}.")]
    blocks.append(Note("", "!! mend before citing   !  say beside the score   -  know   ?  undefined here"))
    for part, findings in by_part(audit):
        blocks += ["", HEADS[part]]
        for one in sorted(findings, key=lambda found: SEVERITIES.index(found.severity)):
            blocks += _found(one)
    passed = [str(title) for title in audit.checks.loc[audit.checks["passed"].fillna(False), "title"]]
    if passed:
        blocks += ["", Note("Passed: ", "; ".join(passed) + ".")]
    blocks += ["", "The ten steps of the Handbook"]
    for step in audit.handbook:
        blocks += _step(step)
    return Sheet(blocks)


def _found(one: Finding) -> Iterator[Block]:
    yield Note(f"  {MARKS[one.severity]}", f"{one.what} [{one.check}]")
    if one.severity != "undefined":
        yield Note("       ", one.mend)


def _step(step: Step) -> Iterator[Block]:
    yield Note(f"  {step.number:2}  ", f"{step.title}. {step.done}")
    if step.lacking:
        yield Note("      lacking: ", step.lacking)

"""Checks of judgements: how much rests on them, and do coders agree."""

from __future__ import annotations

from collections.abc import Iterator

from softpower.analysis.coders import agreement
from softpower.auditing.audited import Audited
from softpower.auditing.checks import Check
from softpower.auditing.findings import Said
from softpower.words import counted

KRIPPENDORFF = "K. Krippendorff, Computing Krippendorff's alpha-reliability (2011)"


def judged(audited: Audited) -> Iterator[Said]:
    """How much of the score rests on judgements."""
    variables, most = audited.framework.variables, audited.thresholds.judged
    cells = audited.cells_where(lambda facts: any(variables[str(one.variable)].kind == "judgement" for one in facts))
    if cells:
        share, names = audited.share_of(cells), audited.names_of(cells)
        yield Said(
            "warning" if share > most else "note",
            f"{share:.0%} of the score rests on judgements, in {counted(len(names), 'indicator')}.",
            "See by a scenario what is left without them.",
            names,
            share,
            most,
        )


def coders(audited: Audited) -> Iterator[Said]:
    """Whether coders agree, where there are several."""
    found = agreement(audited.profile)
    least, serious = audited.thresholds.agreement, audited.thresholds.serious_agreement
    frame = found.to_frame()
    if not len(frame):
        yield Said("undefined", f"{found.reason.rstrip('.')}.", "Let a second coder code the same facts.")
    for name, one in frame.iterrows():
        if one["reason"]:
            yield Said("undefined", f"{one['title']}: {one['reason']}.", "Let coders code more facts.", (str(name),))
        elif one["alpha"] < least:
            yield Said(
                "serious" if one["alpha"] < serious else "warning",
                f"Coders of {one['title']} agree by {one['alpha']:.2f} (Krippendorff's alpha,"
                f" {one['low']:.2f} to {one['high']:.2f}) on {counted(int(one['units']), 'fact')}.",
                "Sharpen the rule of coding and code anew; the bounds hold the disagreement meanwhile.",
                (str(name),),
                float(one["alpha"]),
                least,
            )


CHECKS = (
    Check("judged", "Facts carry the score, not judgements", "judgements", KRIPPENDORFF, judged, needs="observations"),
    Check("coders", "Coders agree", "judgements", KRIPPENDORFF, coders, needs="observations"),
)

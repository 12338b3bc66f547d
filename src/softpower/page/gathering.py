"""From a study to everything that its page says."""

from __future__ import annotations

from collections.abc import Callable

from softpower.page.analyses import sections
from softpower.page.audited import audit_section
from softpower.page.cases import case_parts, cases_said, first_table, ranking, side_by_side
from softpower.page.contents import Page
from softpower.page.evidence import coverage_section, doubts_section, sources_of, works_of
from softpower.page.finding import finding, robustness
from softpower.page.methodology import fingerprint_table, methodology_sections
from softpower.page.tracing import Study


def gather(
    study: Study,
    date: str | None = None,
    compared: tuple[int, int] | None = None,
    told: Callable[[int, int], object] = lambda *_: None,
) -> Page:
    """Return everything that the page of a study says.

    Parameters
    ----------
    study : Study
    date : str, optional
        The date that it bears; none unless given.
    compared : pair of int, optional
        The rows that stand side by side; the first two of the ranking unless given.
    told : function
        Is told how many of the analyses are done, and how many there are.
    """
    result = study.result
    profile = result.profile
    parts = case_parts(study)
    robust, still_open = robustness(study)
    span = f"Period: {profile.span}." if profile.span else ""
    scale = f"Scores run from {result.scale[0]:g} to {result.scale[1]:g}." if result.scale else "The scale is open."
    return Page(
        title=profile.title,
        about=tuple(one for one in (profile.summary, " ".join(filter(None, (span, scale)))) if one),
        finding=finding(study),
        first=first_table(study),
        robust=tuple(robust),
        open=tuple(still_open),
        notes=(*result.notes, *profile.caveats),
        ranking=(ranking(study), *side_by_side(study, compared)) if len(result.cases) > 1 else (),
        cases=parts,
        cases_said=cases_said(study, parts),
        sections=(
            *sections(study, told),
            audit_section(study),
            coverage_section(study),
            doubts_section(study),
            *methodology_sections(study),
        ),
        works=tuple(works_of(study)),
        sources=tuple(sources_of(study)),
        fingerprint=fingerprint_table(study, date),
    )

"""Ask every question to a study, and keep what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.arguments import diagnosed
from softpower.auditing import cases, judgements
from softpower.auditing import data as data_checks
from softpower.auditing import framework as framework_checks
from softpower.auditing.audited import Audited
from softpower.auditing.checks import Check
from softpower.auditing.findings import PARTS, SEVERITIES, Finding, Said, Severity, Thresholds
from softpower.auditing.handbook import Step, steps
from softpower.draws.running import Progress
from softpower.errors import MethodError, did_you_mean, printed, unknown_names
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.result import Result, captioned
from softpower.scoring import score
from softpower.words import counted

CHECKS: tuple[Check, ...] = (*framework_checks.CHECKS, *data_checks.CHECKS, *cases.CHECKS, *judgements.CHECKS)
"""All questions, in the order in which they are asked."""
WHY: Mapping[str, tuple[str, str]] = {
    "cases": ("in one case nothing varies", "Score several cases together."),
    "observations": ("no observations stand behind the cells of a table", "Code observations, with their sources."),
}
"""Why a check has no meaning, and what would give it one."""


@diagnosed
def audit(
    data: Result | UncertaintyResult | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    thresholds: Thresholds | Mapping[str, float] | None = None,
    leave_out: Iterable[str] | str = (),
    n: int = 1024,
    rng: int | np.random.Generator | None = 0,
    progress: Progress = False,
) -> Audit:
    """Ask of a score what an auditor asks before vouching for it: of its tree, data, cases and judgements.

    Parameters
    ----------
    data : Result, UncertaintyResult, Profile, DataFrame, str or Path
        As for `score`, or draws that are there already.
    framework, methodology, scenario
        As for `score`; not with draws.
    thresholds : Thresholds or mapping, optional
        From which numbers on checks speak up; a mapping changes those that it names.
    leave_out : str or iterable of str
        Checks that are not made; the audit says so.
    n : int
        How many draws ranks are held against, where uncertainty is declared and there are several cases.
    rng : int or Generator
        The seed.
    progress : bool or function
        Whether to show how far the draws are.

    Returns
    -------
    Audit

    Raises
    ------
    MethodError
        For a check or a threshold that there is not, or choices beside draws that are there already.
    SoftPowerError
        If the data cannot be scored.

    Notes
    -----
    Thresholds are conventions. Misleads where a study without findings is taken for a true one: checks see how a
    number was made, not whether the right thing was counted.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008).

    Examples
    --------
    >>> found = audit("kazakhstan")
    >>> found.worst
    'warning'
    >>> sorted({one.check for one in found.findings if one.severity == "warning"})[:3]
    ['balance', 'positives', 'shared_facts']
    """
    result, drawn = _scored(data, framework=framework, methodology=methodology, scenario=scenario)
    limits = _limits(thresholds)
    left_out = _left_out(leave_out)
    if drawn is None and result.profile.uncertainty.declared and len(result.cases) > 1:
        drawn = uncertainty_analysis(result, n=n, rng=rng, progress=progress)
    audited = Audited(result, drawn, limits)
    asked = tuple(one for one in CHECKS if one.name not in left_out)
    found = [_finding(check, said) for check in asked for said in _look(check, audited)]
    found.sort(key=lambda one: SEVERITIES.index(one.severity))
    return Audit(result, limits, asked, tuple(found), steps(audited), tables(audited))


def tables(audited: Audited) -> dict[str, pd.DataFrame]:
    """Return the frames behind the checks, by name."""
    facts = {"sources": data_checks.dependence(audited), "unfooted": data_checks.bare_facts(audited)}
    return facts | cases.tables(audited)


def _look(check: Check, audited: Audited) -> Iterator[Said]:
    """Yield what a check says, or why it has no meaning here."""
    lacks = (check.needs == "cases" and not audited.several) or (
        check.needs == "observations" and audited.profile.values is not None
    )
    if lacks:
        why, mend = WHY[str(check.needs)]
        yield Said("undefined", f"{check.title}: undefined, since {why}.", mend)
    else:
        yield from check.look(audited)


def _finding(check: Check, said: Said) -> Finding:
    return Finding(
        check.name,
        check.part,
        said.severity,
        said.what,
        said.where,
        said.number,
        said.threshold,
        said.mend,
        check.reference,
    )


def _scored(data: Any, **choices: Any) -> tuple[Result, UncertaintyResult | None]:
    """Return the score that is audited, and its draws where they are given."""
    if not isinstance(data, UncertaintyResult):
        return score(data, **choices), None
    if given := [name for name, one in choices.items() if one is not None]:
        what = f"{' and '.join(given)} {'is' if len(given) == 1 else 'are'} given beside draws that are there already"
        raise MethodError.of("audit", what, "Give them to uncertainty_analysis(), or the profile to audit().")
    return data.score, data


def _limits(given: object) -> Thresholds:
    if given is None or isinstance(given, Thresholds):
        return given or Thresholds()
    if not isinstance(given, Mapping):
        what = f"thresholds is a {type(given).__name__}"
        raise MethodError.of("audit", what, 'Give numbers by name, like {"correlation": 0.95}.')
    _refuse_unknown("thresholds", "threshold", given, Thresholds.model_fields)
    return Thresholds().replace(**given)


def _left_out(given: Iterable[str] | str) -> set[str]:
    names = [given] if isinstance(given, str) else list(given)
    _refuse_unknown("leave_out", "check", names, [one.name for one in CHECKS])
    return set(names)


def _refuse_unknown(key: str, noun: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise MethodError for all names that there are not."""
    if faults := unknown_names(f"audit: {key}", noun, names, known):
        raise MethodError(faults)


@dataclass(frozen=True, repr=False, eq=False)
class Audit:
    """What the checks of a score found, the gravest first.

    Parameters
    ----------
    result : Result
        The score.
    thresholds : Thresholds
    asked : tuple of Check
        The checks that were made.
    findings : tuple of Finding
    handbook : tuple of Step
        The Handbook's ten steps, and what the study did for each.
    tables : mapping of str to DataFrame
        What stands behind the checks: ``sources`` with the share of the score that rests on each, ``unfooted`` facts
        with theirs; over several cases ``correlations`` of pairs, ``structure`` of nodes, their ``parts`` and
        ``components``.
    """

    result: Result
    thresholds: Thresholds
    asked: tuple[Check, ...]
    findings: tuple[Finding, ...]
    handbook: tuple[Step, ...]
    tables: Mapping[str, pd.DataFrame]

    @property
    def worst(self) -> Severity | None:
        """The gravest severity that was found, what is undefined not counted; None where nothing was."""
        return next((one.severity for one in self.findings if one.severity != "undefined"), None)

    @diagnosed
    def at_least(self, severity: str) -> tuple[Finding, ...]:
        """Return the findings as grave as a severity, or graver.

        Raises
        ------
        MethodError
            If there is no such severity.
        """
        if severity not in SEVERITIES:
            what = f"there is no severity '{severity}'"
            raise MethodError.of("Audit.at_least", what, did_you_mean(severity, SEVERITIES))
        order: Sequence[str] = SEVERITIES
        graver = order[: order.index(severity) + 1]
        return tuple(one for one in self.findings if one.severity in graver)

    def to_frame(self) -> pd.DataFrame:
        """Return the findings by check, one row each, the gravest first; ``where`` holds names parted by blanks."""
        columns = [*Finding.__dataclass_fields__]
        frame = pd.DataFrame([asdict(one) for one in self.findings], columns=pd.Index(columns))
        frame["where"] = [" ".join(one.where) for one in self.findings]
        return frame.set_index("check")

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every check that was made, by name: title, part, how many findings of each severity, whether it passed.

        ``passed`` is true where nothing was found, and missing where the check is undefined.
        """
        counts = Counter((one.check, one.severity) for one in self.findings)
        rows = []
        for one in self.asked:
            each: dict[str, Any] = {severity: counts[one.name, severity] for severity in SEVERITIES}
            silent = not any(each[severity] for severity in SEVERITIES[:3])
            passed = pd.NA if silent and each["undefined"] else silent
            rows.append({"check": one.name, "title": one.title, "part": one.part, **each, "passed": passed})
        frame = pd.DataFrame(rows).set_index("check")
        return frame.astype({"passed": "boolean"})

    @property
    def summary(self) -> str:
        """What was found, in one sentence."""
        counts = Counter(one.severity for one in self.findings)
        asked = counted(len(self.asked), "check")
        nouns = {"serious": "serious finding", "warning": "warning", "note": "note"}
        told = [counted(counts[one], noun) for one, noun in nouns.items() if counts[one]]  # type: ignore[index]
        undefined = int(self.checks["passed"].isna().sum())
        said = f"{asked}: {', '.join(told) or 'nothing found'}"
        return said + (f"; {counted(undefined, 'check')} undefined here" if undefined else "")

    def __repr__(self) -> str:
        return printed(f"Audit of {self.result.profile.title}: {self.summary}")

    def _repr_html_(self) -> str:
        frame = self.to_frame()[["severity", "what", "mend", "reference"]]
        return captioned(repr(self), frame)


def by_part(audit: Audit) -> Iterator[tuple[str, list[Finding]]]:
    """Yield each part with its findings, the gravest first."""
    for part in PARTS:
        if mine := [one for one in audit.findings if one.part == part]:
            yield part, mine

"""The Handbook's ten steps, and what a study did for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from softpower.auditing.audited import Audited
from softpower.model.methodology import Choice
from softpower.words import counted


@dataclass(frozen=True)
class Step:
    """One of the ten steps.

    Parameters
    ----------
    number : int
    title : str
    done : str
        What the study did; empty where it did nothing.
    lacking : str
        What it did not do; empty where nothing lacks.
    """

    number: int
    title: str
    done: str
    lacking: str


TITLES = (
    "Theoretical framework",
    "Selection of variables",
    "Imputation of missing data",
    "Multivariate analysis",
    "Normalisation",
    "Weighting and aggregation",
    "Robustness and sensitivity",
    "Back to the details",
    "Links to other variables",
    "Presentation and dissemination",
)


def steps(audited: Audited) -> tuple[Step, ...]:
    """Return what was done for each of the ten steps, and what was not."""
    told = (
        *(_theory, _selection, _imputation, _multivariate, _normalisation),
        *(_weighting, _robustness, _details, _links, _presentation),
    )
    return tuple(
        Step(number, title, *tell(audited)) for number, (title, tell) in enumerate(zip(TITLES, told, strict=True), 1)
    )


def _theory(audited: Audited) -> tuple[str, str]:
    framework = audited.framework
    works = len(audited.result.references())
    asked = sum(framework.indicators[name].question is not None for name in audited.indicators)
    count = len(audited.indicators)
    done = f"{framework.title}: {counted(count, 'indicator')} under {counted(len(audited.below), 'node')}"
    done += f", resting on {counted(works, 'work')}." if works else "."
    lacking = [] if works else ["no work is cited"]
    if asked < count:
        lacking.append(f"{counted(count - asked, 'indicator')} without a question to answer")
    return done, _sentence(lacking)


def _selection(audited: Audited) -> tuple[str, str]:
    count, sources = len(audited.indicators), len(audited.result.sources())
    grades = Counter[str | None](audited.framework.indicators[name].quality for name in audited.indicators)
    facts = {one for ids in audited.result.feeds.values() for one in ids}
    done = f"{counted(len(facts), 'observation')} feed the score" if facts else f"A table of {count} columns"
    done += f", from {counted(sources, 'source')}" if sources else ""
    graded = ", ".join(f"{grades[grade]} {grade}" for grade in "ABCD" if grades[grade])
    done += f"; quality of the data: {graded}." if graded else "."
    lacking = [] if sources else ["no source is named"]
    if grades[None]:
        lacking.append(f"{counted(grades[None], 'indicator')} without a grade of quality")
    return done, _sentence(lacking)


def _imputation(audited: Audited) -> tuple[str, str]:
    raw, choice = audited.result.raw, audited.profile.methodology.impute
    gaps = int(np.isnan(raw).sum())
    if not gaps:
        return "Nothing is missing.", ""
    said = f"{counted(gaps, 'value')} of {raw.size:,} {'is' if gaps == 1 else 'are'} missing"
    if choice is None:
        how = "left missing: weights go to what is there, and the result says what gaps could make of the score."
        return f"{said}; {'it is' if gaps == 1 else 'they are'} {how}", ""
    return f"{said} and filled by {_named(choice)}.", "Imputed values carry no error of their own into the intervals."


def _multivariate(audited: Audited) -> tuple[str, str]:
    if not audited.several:
        return "", "In one case nothing varies, so that nothing correlates."
    return "Correlations, reliability, components, adequacy and inflation are in this audit.", ""


def _normalisation(audited: Audited) -> tuple[str, str]:
    done = f"By {_named(audited.profile.methodology.normalise)}."
    if not audited.result.engine.fixed:
        return done, "Scores depend on which cases take part."
    unreasoned = [
        name
        for name in audited.indicators
        if (posts := audited.framework.indicators[name].goalposts) is None or not posts.reason
    ]
    other = sum(len(audited.framework.indicators[name].alternative_goalposts) for name in audited.indicators)
    done = f"{done[:-1]}, each goalpost with its reason; {counted(other, 'alternative')} stated."
    return done, _sentence([f"{counted(len(unreasoned), 'indicator')} without goalposts"] if unreasoned else [])


def _weighting(audited: Audited) -> tuple[str, str]:
    how = audited.profile.methodology
    return f"Weights by {_named(how.weights)}, aggregated by {_named(how.aggregate)}.", ""


def _robustness(audited: Audited) -> tuple[str, str]:
    profile = audited.profile
    done, lacking = [], []
    if profile.uncertainty.declared:
        done.append("what is uncertain is declared, and `uncertainty_analysis` draws it")
    else:
        lacking.append("nothing is declared uncertain")
    (done if profile.all_scenarios else lacking).append(
        counted(len(profile.all_scenarios), "scenario") if profile.all_scenarios else "no scenario"
    )
    (done if profile.claims else lacking).append(
        f"{counted(len(profile.claims), 'claim')} held against the draws" if profile.claims else "no claim is tested"
    )
    return _sentence(done), _sentence(lacking)


def _details(audited: Audited) -> tuple[str, str]:
    kind = "observation and its place in the source" if audited.profile.values is None else "cell of the table"
    return f"`explain` takes every score apart down to each {kind}.", ""


def _links(audited: Audited) -> tuple[str, str]:
    what = "the score" if audited.several else "the score of one case"
    return "", f"No number from outside of the study is held against {what}."


def _presentation(audited: Audited) -> tuple[str, str]:
    count = len(audited.profile.caveats)
    done = "Pictures and a page with the methodology in full"
    done += f"; {counted(count, 'caveat')} to read first." if count else "."
    return done, "" if count else "No caveat is stated."


def _named(choice: object) -> str:
    """Return the names of the methods of a choice, of one or of one for each level or indicator."""
    if isinstance(choice, Choice):
        return f"'{choice.method}'"
    each = dict.fromkeys(one.method for one in choice.values())  # type: ignore[attr-defined]
    return " and ".join(f"'{name}'" for name in each)


def _sentence(parts: list[str]) -> str:
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""

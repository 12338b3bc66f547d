"""How scores are made: the choices, the tree and its weights, the files of the study, its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from softpower.errors import SoftPowerError
from softpower.model.methodology import Choice
from softpower.model.saving import profile_files
from softpower.model.toml import toml_text
from softpower.page.contents import Block, Cell, Definition, Section, Table
from softpower.page.evidence import titles_of
from softpower.page.tracing import Study, definition
from softpower.page.wording import isolated, number_text
from softpower.registry import STEPS

FILES = 600_000
"""So many characters the files of the study may have to be put into the page."""

Rows = list[tuple[Cell, ...]]


def methodology_sections(study: Study) -> Iterator[Section]:
    """Yield how the scores are made, in full, and where there are several cases how each indicator is measured."""
    result, profile = study.result, study.result.profile
    how = profile.methodology
    said = [
        (
            "Values are derived from the observations, or taken from the table; gaps are imputed and outliers treated,"
            " where that is chosen; values are normalised, weighted, and aggregated up the tree."
        ),
        f"Framework: {isolated(profile.framework.title)}."
        + (f" {profile.framework.summary}" if profile.framework.summary else ""),
        f"Sets of indicators: {', '.join(profile.sets)}; {len(profile.indicators)} indicators enter."
        + (f" Left out: {titles_of(study, profile.left_out)}." if profile.left_out else ""),
    ]
    if how.floor is not None:
        said.append(f"The least score that a mean which needs positive values sees is {how.floor:g}.")
    if result.index.nlevels > 1:
        where = "in each by itself" if how.periods == "apart" else "over all of them at once"
        said.append(f"Over periods, what compares cases does so {where}.")
    blocks = [*_declared(study), *_files(study)]
    said += (
        [] if any(one.title.startswith("File") for one in blocks) else ["The files of the study are not on the page."]
    )
    yield Section("methodology", "Methodology in full", tuple(said), (_choices(study), _tree(study)), (), tuple(blocks))
    if len(study.labels) > 1:
        definitions = tuple(
            Definition(study.anchors.of("indicator", name), one.title, name, definition(study, name))
            for name, one in profile.indicators.items()
        )
        yield Section("indicators", "Indicators", ("How each indicator is measured.",), definitions=definitions)


def _choices(study: Study) -> Table:
    """Return the method of each step with its parameters."""
    rows: Rows = []
    for step in ("missing", "impute", "treat", "normalise", "weights", "aggregate"):
        given = getattr(study.result.profile.methodology, step)
        if given is None:
            rows.append((step, "", "none", "", "Nothing is done."))
            continue
        for of, choice in [("", given)] if isinstance(given, Choice) else given.items():
            parameters = ", ".join(f"{key} = {value}" for key, value in choice.parameters.items())
            summary = STEPS[step][choice.method].summary.replace("`", "")
            rows.append((step, str(of), choice.method, parameters, summary))
    head = ("Step", "of", "method", "parameters", "what it does")
    return Table("The choices", head, tuple(rows), frozenset(range(1, 5)))


def _tree(study: Study) -> Table:
    """Return the nodes with their declared weights, and those that they have in the composite."""
    framework = study.result.profile.framework
    rows: Rows = []
    for name, scored in study.scores[0].items():
        node = framework.dimensions.get(name) or framework.indicators[name]
        declared = str(node.weight) if isinstance(node.weight, str) else f"{node.weight:g}"
        parent = study.title(framework.parents[name]) if name != study.root else ""
        cells = (declared, number_text(scored["effective_weight"], ".4f"))
        rows.append((study.title(name), framework.level(name), str(framework.depths[name]), parent, *cells))
    head = ("Node", "level", "depth", "under", "declared weight", "weight in the composite")
    whose = f", as used for {isolated(study.labels[0])}" if len(study.labels) > 1 else ""
    return Table(f"The tree and its weights{whose}", head, tuple(rows), frozenset({1, 3}), True)


def _declared(study: Study) -> Iterator[Block]:
    uncertainty = study.result.profile.uncertainty
    if uncertainty.declared:
        text = toml_text({"uncertainty": uncertainty.model_dump(exclude_defaults=True)})
        yield Block("What is declared uncertain", text)


def _files(study: Study) -> Iterator[Block]:
    """Yield the files with which the scores can be computed again, where they are not too large."""
    try:
        files: Mapping[str, str] = profile_files(study.result.profile)
    except SoftPowerError:
        # What a method of one's own is given may be nothing that a file holds.
        return
    if sum(map(len, files.values())) <= FILES:
        for name, text in files.items():
            yield Block(f"File {name}", text)


def fingerprint_table(study: Study, date: str | None) -> Table:
    """Return what tells these scores from all others: hashes of what went in, draws and seed, the date."""
    marks = dict(study.result.fingerprint)
    rows: Rows = [("version of softpower", marks.pop("version"))]
    rows += [(f"SHA-256 of the {name}", mark) for name, mark in marks.items()]
    if study.drawn is not None:
        rows += [("draws", f"{study.drawn.n}"), ("sampling", study.drawn.sampling), ("seed", f"{study.drawn.seed}")]
    rows += [("date", date)] if date is not None else []
    return Table("Fingerprint", ("What", "value"), tuple(rows), frozenset({1}))

"""The commands that score a study: ``score``, ``explain``, ``scenarios``."""

import math
from pathlib import Path
from typing import Annotated

import typer

from softpower.analysis.scenarios import score_scenarios
from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.cli import options
from softpower.cli.options import DRAWS
from softpower.cli.printing import as_csv, as_json, records, show_next
from softpower.cli.studies import named, period_of, scored
from softpower.interop import write_table, write_workbook
from softpower.interop.tables import with_intervals
from softpower.present.scenarios import scenario_table
from softpower.present.sheet import Sheet
from softpower.present.table import NO_INTERVAL, score_table
from softpower.present.terminal import meter, show, show_as_it_is
from softpower.result import Explanation, Result


def score_command(
    name: options.NameOrPath,
    framework: options.Framework = None,
    methodology: options.Methodology = None,
    sets: options.Sets = None,
    scenario: options.ScenarioName = None,
    as_of: options.AsOf = None,
    undated: options.UndatedFacts = options.Undated.LEAVE_OUT,
    format_: options.PrintedAs = options.Format.TABLE,
    depth: options.Depth = 2,
    draws: Annotated[int, typer.Option(min=0, help="How many draws the intervals rest on; 0 for none.")] = DRAWS,
    output: Annotated[str | None, typer.Option(help="Write to this file instead: .csv or .xlsx.")] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Print the scores of a profile with 90 % intervals, bounds and coverage, or write them to a file."""
    result = scored(name, framework, methodology, sets, scenario, as_of=as_of, undated=undated.value)
    drawn = None
    if draws and result.profile.uncertainty.declared:
        with meter() as progress:
            drawn = uncertainty_analysis(result, n=draws, progress=progress)
    if output is not None:
        write = write_workbook if Path(output).suffix.lower() == ".xlsx" else write_table
        show_as_it_is(f"written: {write(result, output, drawn=drawn, overwrite=overwrite)}")
        return
    match format_:
        case options.Format.CSV:
            show_as_it_is(as_csv(with_intervals(result, drawn)))
        case options.Format.JSON:
            show_as_it_is(_json(result, drawn))
        case options.Format.TABLE:
            show(score_table(result, depth=depth, drawn=drawn))
            same: dict[str, list[str | None]] = {
                "--framework": [framework],
                "--methodology": [*(methodology or [])],
                "--sets": [sets],
                "--scenario": [scenario],
                "--as-of": [as_of],
                "--undated": [undated if undated is not options.Undated.LEAVE_OUT else None],
            }
            chosen = [word for option, values in same.items() for one in values if one for word in (option, one)]
            show_next("Every number down to its facts", "explain", name, *chosen)


def _json(result: Result, drawn: UncertaintyResult | None) -> str:
    body = {
        "profile": result.profile.id,
        "window": result.profile.span,
        "scale": result.scale,
        "draws": None if drawn is None else {"n": drawn.n, "sampling": drawn.sampling, "seed": drawn.seed},
        "fingerprint": dict(result.fingerprint),
        "notes": result.notes,
        "scores": records(with_intervals(result, drawn)),
    }
    return as_json(body)


def explain_command(
    name: options.NameOrPath,
    node: Annotated[str | None, typer.Option(help="A dimension or an indicator; everything by default.")] = None,
    case: Annotated[str | None, typer.Option(help="The case, where there are several.")] = None,
    period: options.Period = None,
    framework: options.Framework = None,
    methodology: options.Methodology = None,
    sets: options.Sets = None,
    scenario: options.ScenarioName = None,
    as_of: options.AsOf = None,
    undated: options.UndatedFacts = options.Undated.LEAVE_OUT,
) -> None:
    """Print where a score comes from: indicators, observations, places in the source."""
    result = scored(name, framework, methodology, sets, scenario, as_of=as_of, undated=undated.value)
    explanation = result.explain(case, node, period_of(result, period))
    show(explanation)
    show(Sheet(["", _interval(result, explanation)]))


def _interval(result: Result, explanation: Explanation) -> str:
    """Return the interval of the node that is explained, or why there is none."""
    if not result.profile.uncertainty.declared:
        return NO_INTERVAL
    with meter() as progress:
        drawn = uncertainty_analysis(result, n=DRAWS, progress=progress)
    one = drawn.to_frame().iloc[explanation.row * len(result.nodes) : (explanation.row + 1) * len(result.nodes)]
    row = one.droplevel(list(result.index.names)).loc[explanation.node].to_dict()
    if math.isnan(row["low"]):
        return "No interval: draws are on several scales, or have no score here."
    return f"90 % of draws of what is declared uncertain: {row['low']:.1f} to {row['high']:.1f}"


def scenarios_command(
    name: options.NameOrPath,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Only this scenario beside the declared score. May be repeated.")
    ] = None,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print the scores as declared and under every scenario of a profile, one line each."""
    profile = named(name)
    with meter():
        table = score_scenarios(profile, scenario)
    if format_ == "csv":
        show_as_it_is(as_csv(table))
    elif format_ == "json":
        show_as_it_is(as_json({"profile": profile.id, "window": profile.span, "scenarios": records(table)}))
    else:
        show(scenario_table(profile, table))
        if profile.all_scenarios:
            says = "One of them in full, with an interval where uncertainty is declared"
            show_next(says, "score", name, "--scenario", "NAME")
        else:
            show(Sheet(["", "There are no scenarios beside it: a profile declares them, in profile.toml."]))

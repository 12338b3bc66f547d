"""The command that questions a study: ``audit``."""

from dataclasses import asdict
from typing import Annotated

import typer

from softpower.auditing.inspecting import audit
from softpower.cli import options
from softpower.cli.exits import FOUND
from softpower.cli.printing import as_csv, as_json, records
from softpower.cli.studies import scored
from softpower.present.findings import audit_sheet
from softpower.present.terminal import meter, show, show_as_it_is


def audit_command(
    name: options.NameOrPath,
    framework: options.Framework = None,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="A check that is not made. May be repeated.")] = None,
    fail_on: Annotated[
        options.Gravity, typer.Option(help=f"From what on the exit code is {FOUND} and not 0.")
    ] = options.Gravity.SERIOUS,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print what an auditor would question: the tree, the data, the cases, the judgements, with what to do."""
    result = scored(name, framework, methodology, None, scenario)
    with meter() as progress:
        found = audit(result, leave_out=leave_out or (), progress=progress)
    if format_ == options.Format.CSV:
        show_as_it_is(as_csv(found.to_frame()))
    elif format_ == options.Format.JSON:
        steps = [asdict(one) for one in found.handbook]
        body = {"profile": result.profile.id, "summary": found.summary}
        show_as_it_is(as_json({**body, "findings": records(found.to_frame()), "handbook": steps}))
    else:
        show(audit_sheet(found))
    severity = fail_on.value
    if severity != "never" and found.at_least(severity):
        raise typer.Exit(FOUND)

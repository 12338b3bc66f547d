"""The command that writes a page: ``report``."""

from typing import Annotated

import typer

from softpower.cli import options
from softpower.cli.options import DRAWS
from softpower.cli.studies import scored
from softpower.page.writing import report
from softpower.present.terminal import meter, show_as_it_is


def report_command(
    name: options.NameOrPath,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The page to be written: .html.")],
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    draws: options.Draws = DRAWS,
    seed: options.Seed = 0,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="CASE CASE", help="The two cases that stand side by side; by default the first two ranked."
        ),
    ] = None,
    date: Annotated[str | None, typer.Option(help="The date that the page bears, like 2024-05-31.")] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write a profile as one HTML file: the finding, every number down to its facts, the analyses, the method."""
    result = scored(name, None, methodology, None, scenario)
    with meter() as progress:
        written = report(
            result, output, n=draws, rng=seed, compare=compare, date=date, overwrite=overwrite, progress=progress
        )
    show_as_it_is(f"written: {written}")

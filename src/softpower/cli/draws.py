"""The commands that draw: ``uncertainty``, ``claims``, ``sensitivity``."""

from typing import Annotated, Any

import typer

from softpower.analysis.sensitivity import sensitivity_analysis
from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.cli import options
from softpower.cli.options import DRAWS
from softpower.cli.printing import as_csv, as_json, records, show_next
from softpower.cli.settings import settings_of
from softpower.cli.studies import scored
from softpower.errors import SpecificationError
from softpower.present.terminal import meter, show, show_as_it_is
from softpower.present.uncertainty import claims_sheet, sensitivity_table, uncertainty_table


def uncertainty_command(
    name: options.NameOrPath,
    uncertainty: options.Uncertainty = None,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    draws: options.Draws = DRAWS,
    sampling: options.SamplingMethod = options.Sampling.SOBOL,
    seed: options.Seed = 0,
    depth: options.Depth = 1,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print what scores, ranks and claims come to when all that is uncertain is drawn jointly."""
    drawn = _drawn(name, uncertainty, methodology, scenario, draws, sampling, seed)
    if format_ is options.Format.TABLE:
        show(uncertainty_table(drawn, depth=depth))
        show_next("Which factors the spread comes from", "sensitivity", name)
    elif format_ is options.Format.CSV:
        show_as_it_is(as_csv(drawn.to_frame()))
    else:
        ranks = {"ranks": records(drawn.ranks())} if drawn.job.ranked else {}
        tables = {"scores": records(drawn.to_frame()), **ranks, "claims": records(drawn.claims())}
        show_as_it_is(as_json({**_head(drawn), "notes": drawn.notes, **tables}))


def claims_command(
    name: options.NameOrPath,
    uncertainty: options.Uncertainty = None,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    draws: options.Draws = DRAWS,
    sampling: options.SamplingMethod = options.Sampling.SOBOL,
    seed: options.Seed = 0,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print the claims of a profile and in how many draws each holds."""
    drawn = _drawn(name, uncertainty, methodology, scenario, draws, sampling, seed)
    if not drawn.profile.claims:
        mend = "Write [[claims]] in its profile.toml, with id, says, kind and nodes."
        raise SpecificationError.of(name, "the profile states no claims", mend)
    claims = drawn.claims()
    if format_ is options.Format.TABLE:
        show(claims_sheet(claims))
    elif format_ is options.Format.CSV:
        show_as_it_is(as_csv(claims))
    else:
        show_as_it_is(as_json({**_head(drawn), "claims": records(claims)}))


def sensitivity_command(
    name: options.NameOrPath,
    output: Annotated[
        list[str] | None,
        typer.Option(help="A node, rank_change, 'a above b', or a claim. May be repeated; by default the top nodes."),
    ] = None,
    groups: Annotated[options.Groups, typer.Option(help="Factors by kind, or each alone.")] = options.Groups.KINDS,
    uncertainty: options.Uncertainty = None,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    rows: Annotated[int, typer.Option(min=2, help="Rows of the design: the model runs rows x (groups + 2).")] = 1024,
    sampling: options.SamplingMethod = options.Sampling.SOBOL,
    seed: options.Seed = 0,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print how much of the spread each factor accounts for, alone (first) and with others (total)."""
    with meter() as progress:
        found = sensitivity_analysis(
            scored(name, None, methodology, None, scenario),
            uncertainty=settings_of(uncertainty or [], "--uncertainty"),
            groups="kinds" if groups is options.Groups.KINDS else None,
            outputs=output,
            n=rows,
            sampling=sampling.value,
            rng=seed,
            progress=progress,
        )
    if format_ is options.Format.TABLE:
        show(sensitivity_table(found))
    elif format_ is options.Format.CSV:
        show_as_it_is(as_csv(found.to_frame()))
    else:
        profile = found.design.outputs.sampler.profile
        body = {"profile": profile.id, "n": found.n, "seed": found.seed, "notes": found.notes}
        show_as_it_is(as_json({**body, "indices": records(found.to_frame())}))


def _drawn(
    name: str,
    uncertainty: list[str] | None,
    methodology: list[str] | None,
    scenario: str | None,
    draws: int,
    sampling: options.Sampling,
    seed: int,
) -> UncertaintyResult:
    with meter() as progress:
        return uncertainty_analysis(
            scored(name, None, methodology, None, scenario),
            uncertainty=settings_of(uncertainty or [], "--uncertainty"),
            n=draws,
            sampling=sampling.value,
            rng=seed,
            progress=progress,
        )


def _head(drawn: UncertaintyResult) -> dict[str, Any]:
    return {"profile": drawn.profile.id, "n": drawn.n, "sampling": drawn.sampling, "seed": drawn.seed}

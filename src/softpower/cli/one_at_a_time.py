"""The commands that move one thing and leave all others: ``tornado``, ``swings``, ``drop-each``."""

from collections.abc import Callable
from typing import Annotated

import pandas as pd
import typer

from softpower.analysis.leaving_out import drop_each
from softpower.analysis.one_at_a_time import tornado
from softpower.analysis.swinging import swings
from softpower.cli import options
from softpower.cli.printing import as_csv, as_json, records
from softpower.cli.settings import settings_of
from softpower.cli.studies import period_of, scored
from softpower.model.profile import Profile
from softpower.present.one_at_a_time import drop_table, swing_table, tornado_table
from softpower.present.sheet import Sheet
from softpower.present.terminal import meter, show, show_as_it_is


def tornado_command(
    name: options.NameOrPath,
    uncertainty: options.Uncertainty = None,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    node: options.Node = None,
    case: options.Case = None,
    period: options.Period = None,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print how far a score moves when each uncertain factor alone goes from end to end."""
    result = scored(name, None, methodology, None, scenario)
    changes = settings_of(uncertainty or [], "--uncertainty")
    when = period_of(result, period)
    with meter() as progress:
        frame = tornado(result, uncertainty=changes, node=node, case=case, period=when, progress=progress)
    _show_alone(result.profile, "tornado", frame, tornado_table, "each uncertain factor alone", node, format_)


def swings_command(
    name: options.NameOrPath,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    node: options.Node = None,
    case: options.Case = None,
    period: options.Period = None,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print the score with each observation, or cell of a table, alone at its low and at its high."""
    result = scored(name, None, methodology, None, scenario)
    when = period_of(result, period)
    with meter() as progress:
        frame = swings(result, node=node, case=case, period=when, progress=progress)
    _show_alone(result.profile, "swings", frame, swing_table, "each observation alone", node, format_)


def drop_each_command(
    name: options.NameOrPath,
    by: Annotated[
        str, typer.Option(help="indicator, dimension, source_text, or a level of the framework.")
    ] = "indicator",
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    case: options.Case = None,
    period: options.Period = None,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print what becomes of the composite, or of the ranks, when one thing at a time is left out."""
    result = scored(name, None, methodology, None, scenario)
    when = period_of(result, period)
    with meter() as progress:
        frame = drop_each(result, by=by, case=case, period=when, progress=progress)
    _show_alone(result.profile, "drop_each", frame, drop_table, "one thing at a time left out", None, format_)


def _show_alone(
    profile: Profile,
    name: str,
    frame: pd.DataFrame,
    table: Callable[[pd.DataFrame], Sheet],
    says: str,
    node: str | None,
    format_: options.Format,
) -> None:
    """Print what one thing alone does."""
    if format_ == "csv":
        show_as_it_is(as_csv(frame))
    elif format_ == "json":
        show_as_it_is(as_json({"profile": profile.id, "window": profile.span, name: records(frame)}))
    else:
        title = profile.framework.node_title(node or profile.framework.root)
        show(Sheet([f"{profile.title}: {says} ({title})", "", *table(frame).blocks]))

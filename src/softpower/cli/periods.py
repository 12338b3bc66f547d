"""The commands that follow a study through time: ``trajectory``, ``changes``."""

from softpower.analysis.movements import changes
from softpower.analysis.trajectories import trajectory
from softpower.cli import options
from softpower.cli.printing import as_csv, as_json, records
from softpower.cli.settings import years_of
from softpower.cli.studies import scored
from softpower.present.movements import movement_table
from softpower.present.terminal import meter, show, show_as_it_is
from softpower.present.trajectories import trajectory_table


def trajectory_command(
    name: options.NameOrPath,
    years: options.Years = None,
    undated: options.UndatedFacts = options.Undated.LEAVE_OUT,
    phases: options.Phases = None,
    comparable: options.Comparable = False,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    draws: options.DrawsOrBounds = 0,
    seed: options.Seed = 0,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print a profile year by year: what its dated facts give, what moved it, and what that cannot show."""
    with meter() as progress:
        through = trajectory(
            scored(name, None, methodology, None, scenario),
            years=years_of(years),
            undated=undated.value,
            n=draws,
            rng=seed,
            progress=progress,
        )
        through = through.comparable() if comparable else through
    spans = [one.strip() for one in phases.split(",")] if phases else []
    if format_ is options.Format.TABLE:
        show(trajectory_table(through, phases=spans))
    elif format_ is options.Format.CSV:
        show_as_it_is(as_csv(through.phases(spans) if spans else through.to_frame()))
    else:
        tables = {"scores": through.to_frame(), "changes": through.changes(), "moves": through.moves()}
        tables |= {"phases": through.phases(spans)} if spans else {}
        body = {"profile": through.profile.id, "undated": through.undated, "notes": through.notes}
        show_as_it_is(as_json({**body, **{key: records(table) for key, table in tables.items()}}))


def changes_command(
    name: options.NameOrPath,
    methodology: options.Methodology = None,
    scenario: options.ScenarioName = None,
    case: options.Case = None,
    format_: options.PrintedAs = options.Format.TABLE,
) -> None:
    """Print what moved scores and ranks from period to period."""
    moved = changes(scored(name, None, methodology, None, scenario))
    sheet = movement_table(moved, case=case)
    if format_ == "table":
        show(sheet)
        return
    frames = {"scores": moved.scores}
    if format_ == "json":
        frames |= {} if moved.partless else {"contributions": moved.contributions}
        frames |= {"ranks": moved.ranks} if len(moved.cases) > 1 else {}
        frames |= {"entered": moved.entered, "left": moved.left}
    if case is not None:
        frames = {one: frame[frame.index.get_level_values("case") == case] for one, frame in frames.items()}
    if format_ == "csv":
        show_as_it_is(as_csv(frames["scores"]))
    else:
        body = {"profile": moved.result.profile.id, **{one: records(frame) for one, frame in frames.items()}}
        show_as_it_is(as_json(body))

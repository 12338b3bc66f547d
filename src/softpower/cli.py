"""The ``softpower`` command: says, calls, prints."""

import io
import json
import math
import os
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from softpower.analysis.leaving_out import drop_each
from softpower.analysis.movements import changes
from softpower.analysis.one_at_a_time import tornado
from softpower.analysis.scenarios import score_scenarios
from softpower.analysis.sensitivity import sensitivity_analysis
from softpower.analysis.swinging import swings
from softpower.analysis.trajectories import trajectory
from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.auditing.inspecting import audit
from softpower.catalogue import load_framework, load_profile, template
from softpower.errors import FileError, MissingExtraError, SoftPowerError, SpecificationError
from softpower.files import write_folder
from softpower.interop import read_table, write_table, write_workbook
from softpower.interop.tables import guarded, with_intervals
from softpower.model.as_of import Undated
from softpower.model.profile import Profile
from softpower.page.writing import report
from softpower.present.findings import audit_sheet
from softpower.present.listing import Kind, listing
from softpower.present.movements import movement_table
from softpower.present.one_at_a_time import drop_table, swing_table, tornado_table
from softpower.present.scenarios import scenario_table
from softpower.present.sheet import Call, Sheet
from softpower.present.table import NO_INTERVAL, score_table
from softpower.present.terminal import complain, meter, show, show_as_it_is
from softpower.present.trajectories import trajectory_table
from softpower.present.uncertainty import claims_sheet, sensitivity_table, uncertainty_table
from softpower.present.width import DEGRADED
from softpower.result import Explanation, Result
from softpower.scoring import score
from softpower.studies import from_frame

if TYPE_CHECKING:
    import pandas as pd
    import typer

    from softpower import options


ONE_LINE = 10_000
DRAWS = 8192
STOPPED = 128 + 2
"""The exit code of what Ctrl-C has stopped."""
FOUND = 3
"""The exit code where an audit found something grave."""
UNREAD = 1
"""The exit code where nobody reads what is printed, as after ``| head -1``."""


def main() -> None:
    """Run the command; a fault is printed without a traceback and ends it with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=DEGRADED)
    try:
        try:
            _application()(prog_name="softpower")
        finally:
            # A reader that has gone shows at the latest here, and not when nobody can catch it any more.
            sys.stdout.flush()
    except SoftPowerError as error:
        complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNREAD)


def _application() -> "typer.Typer":
    try:
        import typer
    except ModuleNotFoundError:
        what = "the command line needs typer, which is not installed"
        raise MissingExtraError.of(
            "softpower", what, "Install it: pip install 'softpower[cli]'; in a clone: pip install '.[cli]'"
        ) from None
    from softpower import options

    application = typer.Typer(
        help="Score soft power, and trace every number to its facts.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )

    def print_version(wanted: bool) -> None:
        if wanted:
            print(version("softpower"))
            raise typer.Exit

    version_option = typer.Option("--version", help="Print the version.", is_eager=True, callback=print_version)

    @application.callback()
    def callback(_version: Annotated[bool, version_option] = False) -> None:
        """Score soft power, and trace every number to its facts."""

    @application.command("score")
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
        result = _score(name, framework, methodology, sets, scenario, as_of=as_of, undated=undated.value)
        drawn = None
        if draws and result.profile.uncertainty.declared:
            with meter() as progress:
                drawn = uncertainty_analysis(result.profile, n=draws, progress=progress)
        if output is not None:
            write = write_workbook if Path(output).suffix.lower() == ".xlsx" else write_table
            show_as_it_is(f"written: {write(result, output, drawn=drawn, overwrite=overwrite)}")
            return
        match format_:
            case options.Format.CSV:
                show_as_it_is(_csv(result, drawn))
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
                _show_next("Every number down to its facts", "explain", name, *chosen)

    @application.command("explain")
    def explain_command(
        name: options.NameOrPath,
        node: Annotated[str | None, typer.Option(help="A dimension or an indicator; everything by default.")] = None,
        case: Annotated[str | None, typer.Option(help="The case, where there are several.")] = None,
        framework: options.Framework = None,
        methodology: options.Methodology = None,
        sets: options.Sets = None,
        scenario: options.ScenarioName = None,
        as_of: options.AsOf = None,
        undated: options.UndatedFacts = options.Undated.LEAVE_OUT,
    ) -> None:
        """Print where a score comes from: indicators, observations, places in the source."""
        result = _score(name, framework, methodology, sets, scenario, as_of=as_of, undated=undated.value)
        explanation = result.explain(case, node)
        show(explanation)
        show(Sheet(["", _interval(result, explanation)]))

    @application.command("scenarios")
    def scenarios_command(
        name: options.NameOrPath,
        scenario: Annotated[
            list[str] | None, typer.Option(help="Only this scenario beside the declared score. May be repeated.")
        ] = None,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print the scores as declared and under every scenario of a profile, one line each."""
        _show_scenarios(name, scenario, format_)

    _add_analysis_commands(application)
    _add_one_at_a_time_commands(application)
    _add_time_command(application)
    _add_audit_command(application)
    _add_panel_commands(application)
    _add_report_command(application)
    _add_folder_commands(application)
    return application


def _add_analysis_commands(application: "typer.Typer") -> None:
    """Add the commands that draw."""
    import typer

    from softpower import options

    @application.command("uncertainty")
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
            _show_next("Which factors the spread comes from", "sensitivity", name)
        elif format_ is options.Format.CSV:
            show_as_it_is(_guarded_csv(drawn.to_frame()))
        else:
            ranks = {"ranks": _records(drawn.ranks())} if drawn.job.ranked else {}
            tables = {"scores": _records(drawn.to_frame()), **ranks, "claims": _records(drawn.claims())}
            show_as_it_is(_dumped({**_head(drawn), "notes": drawn.notes, **tables}))

    @application.command("claims")
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
            show_as_it_is(_guarded_csv(claims))
        else:
            show_as_it_is(_dumped({**_head(drawn), "claims": _records(claims)}))

    @application.command("sensitivity")
    def sensitivity_command(
        name: options.NameOrPath,
        output: Annotated[
            list[str] | None,
            typer.Option(
                help="A node, rank_change, 'a above b', or a claim. May be repeated; by default the top nodes."
            ),
        ] = None,
        groups: Annotated[options.Groups, typer.Option(help="Factors by kind, or each alone.")] = options.Groups.KINDS,
        uncertainty: options.Uncertainty = None,
        methodology: options.Methodology = None,
        scenario: options.ScenarioName = None,
        rows: Annotated[
            int, typer.Option(min=2, help="Rows of the design: the model runs rows x (groups + 2).")
        ] = 1024,
        sampling: options.SamplingMethod = options.Sampling.SOBOL,
        seed: options.Seed = 0,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print how much of the spread each factor accounts for, alone (first) and with others (total)."""
        with meter() as progress:
            found = sensitivity_analysis(
                _score(name, None, methodology, None, scenario).profile,
                uncertainty=_changes(uncertainty or [], "--uncertainty"),
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
            show_as_it_is(_guarded_csv(found.to_frame()))
        else:
            profile = found.design.outputs.sampler.profile
            body = {"profile": profile.id, "n": found.n, "seed": found.seed, "notes": found.notes}
            show_as_it_is(_dumped({**body, "indices": _records(found.to_frame())}))


def _add_one_at_a_time_commands(application: "typer.Typer") -> None:
    """Add the commands that move one thing and leave all others as they are."""
    import typer

    from softpower import options

    @application.command("tornado")
    def tornado_command(
        name: options.NameOrPath,
        uncertainty: options.Uncertainty = None,
        methodology: options.Methodology = None,
        scenario: options.ScenarioName = None,
        node: options.Node = None,
        case: options.Case = None,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print how far a score moves when each uncertain factor alone goes from end to end."""
        profile = _score(name, None, methodology, None, scenario).profile
        changes = _changes(uncertainty or [], "--uncertainty")
        with meter() as progress:
            frame = tornado(profile, uncertainty=changes, node=node, case=case, progress=progress)
        _show_alone(profile, "tornado", frame, tornado_table, "each uncertain factor alone", node, format_)

    @application.command("swings")
    def swings_command(
        name: options.NameOrPath,
        methodology: options.Methodology = None,
        scenario: options.ScenarioName = None,
        node: options.Node = None,
        case: options.Case = None,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print the score with each observation, or cell of a table, alone at its low and at its high."""
        profile = _score(name, None, methodology, None, scenario).profile
        with meter() as progress:
            frame = swings(profile, node=node, case=case, progress=progress)
        _show_alone(profile, "swings", frame, swing_table, "each observation alone", node, format_)

    @application.command("drop-each")
    def drop_each_command(
        name: options.NameOrPath,
        by: Annotated[
            str, typer.Option(help="indicator, dimension, source_text, or a level of the framework.")
        ] = "indicator",
        methodology: options.Methodology = None,
        scenario: options.ScenarioName = None,
        case: options.Case = None,
        period: Annotated[str | None, typer.Option(help="Which period, where there are several.")] = None,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print what becomes of the composite, or of the ranks, when one thing at a time is left out."""
        profile = _score(name, None, methodology, None, scenario).profile
        with meter() as progress:
            frame = drop_each(profile, by=by, case=case, period=period, progress=progress)
        _show_alone(profile, "drop_each", frame, drop_table, "one thing at a time left out", None, format_)


def _show_alone(
    profile: Profile,
    name: str,
    frame: "pd.DataFrame",
    table: Callable[["pd.DataFrame"], Sheet],
    says: str,
    node: str | None,
    format_: "options.Format",
) -> None:
    """Print what one thing alone does."""
    if format_ == "csv":
        show_as_it_is(_guarded_csv(frame))
    elif format_ == "json":
        show_as_it_is(_dumped({"profile": profile.id, "window": profile.span, name: _records(frame)}))
    else:
        title = profile.framework.node_title(node or profile.framework.root)
        show(Sheet([f"{profile.title}: {says} ({title})", "", *table(frame).blocks]))


def _add_report_command(application: "typer.Typer") -> None:
    """Add the command that writes a page."""
    import typer

    from softpower import options

    @application.command("report")
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
        profile = _score(name, None, methodology, None, scenario).profile
        with meter() as progress:
            written = report(
                profile, output, n=draws, rng=seed, compare=compare, date=date, overwrite=overwrite, progress=progress
            )
        show_as_it_is(f"written: {written}")


def _add_audit_command(application: "typer.Typer") -> None:
    """Add the command that questions a profile."""
    import typer

    from softpower import options

    @application.command("audit")
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
        result = _score(name, framework, methodology, None, scenario)
        with meter() as progress:
            found = audit(result, leave_out=leave_out or (), progress=progress)
        if format_ == options.Format.CSV:
            show_as_it_is(_guarded_csv(found.to_frame()))
        elif format_ == options.Format.JSON:
            steps = [asdict(one) for one in found.handbook]
            body = {"profile": result.profile.id, "summary": found.summary}
            show_as_it_is(_dumped({**body, "findings": _records(found.to_frame()), "handbook": steps}))
        else:
            show(audit_sheet(found))
        severity = fail_on.value
        if severity != "never" and found.at_least(severity):
            raise typer.Exit(FOUND)


def _drawn(
    name: str,
    uncertainty: list[str] | None,
    methodology: list[str] | None,
    scenario: str | None,
    draws: int,
    sampling: "options.Sampling",
    seed: int,
) -> UncertaintyResult:
    with meter() as progress:
        return uncertainty_analysis(
            _score(name, None, methodology, None, scenario).profile,
            uncertainty=_changes(uncertainty or [], "--uncertainty"),
            n=draws,
            sampling=sampling.value,
            rng=seed,
            progress=progress,
        )


def _head(drawn: UncertaintyResult) -> dict[str, Any]:
    return {"profile": drawn.profile.id, "n": drawn.n, "sampling": drawn.sampling, "seed": drawn.seed}


def _add_folder_commands(application: "typer.Typer") -> None:
    """Add the commands that start and check a folder, and say what it can name."""
    import typer

    @application.command("validate")
    def validate_command(
        folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder with a profile or a framework.")],
    ) -> None:
        """Check a profile or framework and print all its faults at once; exit code 1 if there are any."""
        if (Path(folder) / "framework.toml").is_file() and not (Path(folder) / "profile.toml").is_file():
            load_framework(Path(folder))
        else:
            for note in _notes(score(load_profile(Path(folder)))):
                show(Sheet([f"note: {note}"]))
        show_as_it_is(f"{folder}: no faults")

    @application.command("new")
    def new_command(
        folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The folder to be made.")],
    ) -> None:
        """Write a small commented profile that scores at once."""
        files = template()
        written = write_folder(folder, files, overwrite=_holds_nothing(folder))
        show_as_it_is(f"{written}: a profile to change, with invented facts")
        for name in files:
            show_as_it_is(f"  {name}")
        # A name alone may be that of a profile that ships.
        shown = shlex.quote(str(written) if written.is_absolute() else f"./{written}")
        show_as_it_is("\nNext:")
        for command in ("score", "explain", "validate"):
            show_as_it_is(f"  softpower {command} {shown}")

    @application.command("list")
    def list_command(
        kind: Annotated[Kind | None, typer.Argument(metavar="KIND", help=f"One of {', '.join(Kind)}.")] = None,
        framework: Annotated[str | None, typer.Option(help="Whose indicators: a name, or a folder.")] = None,
    ) -> None:
        """Print what there is, each with its title: everything, or one kind of it."""
        if framework is not None and kind not in {None, Kind.INDICATORS}:
            mend = "Leave it out, or say: softpower list indicators."
            raise SpecificationError.of("--framework", f"{kind} belong to no framework", mend)
        kinds = [kind] if kind else [Kind.INDICATORS] if framework else [*Kind]
        # Where no terminal has a width, each thing has one line.
        width = shutil.get_terminal_size((ONE_LINE, 0)).columns
        show_as_it_is("\n\n".join(listing(one, framework, width=width) for one in kinds))


def _add_panel_commands(application: "typer.Typer") -> None:
    """Add the command for cases with several periods."""
    from softpower import options

    @application.command("changes")
    def changes_command(
        name: options.NameOrPath,
        methodology: options.Methodology = None,
        scenario: options.ScenarioName = None,
        case: options.Case = None,
        format_: options.PrintedAs = options.Format.TABLE,
    ) -> None:
        """Print what moved scores and ranks from period to period."""
        moved = changes(_score(name, None, methodology, None, scenario))
        sheet = movement_table(moved, case=case)
        if format_ == "table":
            show(sheet)
            return
        frames = {"scores": moved.scores}
        if format_ == "json":
            frames |= {} if moved.partless else {"contributions": moved.contributions}
            frames |= {"ranks": moved.ranks} if len(moved.cases) > 1 else {}
        if case is not None:
            frames = {one: frame.loc[[case]] for one, frame in frames.items()}
        if format_ == "csv":
            show_as_it_is(_guarded_csv(frames["scores"]))
        else:
            frames |= {"entered": moved.entered, "left": moved.left}
            body = {"profile": moved.result.profile.id, **{one: _records(frame) for one, frame in frames.items()}}
            show_as_it_is(_dumped(body))


def _add_time_command(application: "typer.Typer") -> None:
    """Add the command that follows a profile through time."""
    from softpower import options

    @application.command("trajectory")
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
                _score(name, None, methodology, None, scenario).profile,
                years=_years(years),
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
            show_as_it_is(_guarded_csv(through.phases(spans) if spans else through.to_frame()))
        else:
            tables = {"scores": through.to_frame(), "changes": through.changes(), "moves": through.moves()}
            tables |= {"phases": through.phases(spans)} if spans else {}
            body = {"profile": through.profile.id, "undated": through.undated, "notes": through.notes}
            show_as_it_is(_dumped({**body, **{key: _records(table) for key, table in tables.items()}}))


def _years(text: str | None) -> list[str] | range | None:
    """Return the years that are asked for: a span, or single ones."""
    if text is None:
        return None
    first, dash, last = (one.strip() for one in text.partition("-"))
    if dash and len(first) == len(last) == 4 and (first + last).isdigit():
        return range(int(first), int(last) + 1)
    return [one.strip() for one in text.split(",")]


def _holds_nothing(folder: str) -> bool:
    """Return whether there is an empty folder; raise FileError where there is one that holds something."""
    path = Path(folder)
    try:
        if not folder.strip() or not path.is_dir():
            return False
        if any(path.iterdir()):
            raise FileError.of(folder, "it is there already, and not empty", "Name a folder that is not there yet.")
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        return False
    return True


def _score(
    name: str,
    framework: str | None,
    methodology: list[str] | None,
    sets: str | None,
    scenario: str | None,
    *,
    as_of: str | None = None,
    undated: Undated = "leave_out",
) -> Result:
    if Path(name).suffix.lower() in {".csv", ".xlsx"} and not Path(name).is_dir():
        profile, framework = from_frame(read_table(name), framework, where=Path(name).name), None
    else:
        profile = load_profile(name)
    if sets is not None:
        profile = profile.replace(sets=tuple(one.strip() for one in sets.split(",")))
    changes = _changes(methodology or [])
    return score(profile, framework, methodology=changes, scenario=scenario, as_of=as_of, undated=undated)


def _show_scenarios(name: str, chosen: list[str] | None, format_: "options.Format") -> None:
    """Print the scores under scenarios."""
    profile = load_profile(name)
    with meter():
        table = score_scenarios(profile, chosen)
    if format_ == "csv":
        show_as_it_is(_guarded_csv(table))
    elif format_ == "json":
        show_as_it_is(_dumped({"profile": profile.id, "window": profile.span, "scenarios": _records(table)}))
    else:
        show(scenario_table(profile, table))
        says = "One of them in full, with an interval where uncertainty is declared"
        _show_next(says, "score", name, "--scenario", "NAME")


def _show_next(says: str, *words: str) -> None:
    """Print what can be called next, below what is printed already."""
    show(Sheet(["", Call(says, ["softpower", *words])]))


def _notes(result: Result) -> list[str]:
    """Return what is no fault and still worth a look: idle rows, rows outside the window, gaps."""
    profile, framework = result.profile, result.profile.framework
    used = {term for one in framework.indicators.values() for measure in one.measures for term in measure.terms}
    feeding = [one for one in profile.observations if one.variable is not None]
    idle = [one.id for one in feeding if one.variable not in used]
    window = profile.window
    outside = [one.id for one in feeding if window is not None and not one.period.overlaps(window)]
    notes = [f"scored rows that no indicator uses: {', '.join(idle)}"] if idle else []
    notes += [f"scored rows dated outside {window}: {', '.join(outside)}"] if outside else []
    gaps = ((" ".join(map(str, row)), node, why) for (*row, node), why in result.reasons.items())
    return notes + [f"{row}: {node} is missing: {why}" for row, node, why in gaps]


def _changes(settings: list[str], option: str = "--methodology") -> dict[str, Any] | None:
    """Return the choices that settings make: ``key=value`` in TOML, bare words allowed, or a TOML file."""
    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        where = f"{option} {setting}"
        try:
            if equals:
                changes[key.strip()] = _toml_value(value.strip())
            else:
                changes |= tomllib.loads(Path(setting).read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SpecificationError.of(
                where, f"not valid TOML: {error}", "Write aggregate=geometric or floor=1."
            ) from None
        except UnicodeDecodeError:
            raise FileError.of(where, "the file is not UTF-8", "Save it as UTF-8.") from None
        except OSError as error:
            mend = "Write a setting like aggregate=geometric, or name a TOML file."
            raise SpecificationError.of(
                where, f"it is no setting, and no file that can be read ({error.strerror})", mend
            ) from None
    return changes or None


def _toml_value(text: str) -> Any:
    try:
        read = tomllib.loads(f"value = {text}")
        if len(read) > 1:
            raise tomllib.TOMLDecodeError("one setting at a time")
        return read["value"]
    except tomllib.TOMLDecodeError:
        if text.replace("_", "").isalnum():
            return text
        raise


def _csv(result: Result, drawn: UncertaintyResult | None) -> str:
    return _guarded_csv(with_intervals(result, drawn))


def _interval(result: Result, explanation: Explanation) -> str:
    """Return the interval of the node that is explained, or why there is none."""
    if not result.profile.uncertainty.declared:
        return NO_INTERVAL
    with meter() as progress:
        drawn = uncertainty_analysis(result.profile, n=DRAWS, progress=progress)
    one = drawn.to_frame().iloc[explanation.row * len(result.nodes) : (explanation.row + 1) * len(result.nodes)]
    row = one.droplevel(list(result.index.names)).loc[explanation.node].to_dict()
    if math.isnan(row["low"]):
        return "No interval: draws are on several scales, or have no score here."
    return f"90 % of draws of what is declared uncertain: {row['low']:.1f} to {row['high']:.1f}"


def _guarded_csv(table: "pd.DataFrame") -> str:
    """Return a table as CSV in which no text is a formula, since much of what is printed ends in a spreadsheet."""
    return str(guarded(table.reset_index()).to_csv(index=False)).rstrip()


def _json(result: Result, drawn: UncertaintyResult | None) -> str:
    head = {"profile": result.profile.id, "window": result.profile.span, "scale": result.scale}
    body = {
        **head,
        "draws": None if drawn is None else {"n": drawn.n, "sampling": drawn.sampling, "seed": drawn.seed},
        "fingerprint": dict(result.fingerprint),
        "notes": result.notes,
        "scores": _records(with_intervals(result, drawn)),
    }
    return _dumped(body)


def _records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a table's rows, its index among the columns; what is missing is None."""
    frame = table.reset_index()
    return [
        {str(key): one for key, one in row.items()}
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]


def _dumped(body: Mapping[str, Any]) -> str:
    # Not every output has more than ASCII, and what stands in its place must be JSON.
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(body, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=lambda number: number.item())


if __name__ == "__main__":
    main()

"""Runs the command: which commands there are, and what becomes of a fault."""

import io
import os
import re
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

from softpower.cli.exits import STOPPED, UNREAD
from softpower.errors import FileError, MissingExtraError, SoftPowerError
from softpower.names import said
from softpower.present.terminal import complain
from softpower.present.width import DEGRADED
from softpower.registry import documentation

if TYPE_CHECKING:
    import typer


KEYWORD = re.compile(r"\b(case|period|overwrite)=('[^']*'|\"[^\"]*\"|\w+)")
"""How errors name a keyword of Python that is an option here."""


def main() -> None:
    """Run the command; a fault is printed without a traceback and ends it with exit code 1."""
    # A stream that is closed from the start is none: what is printed goes nowhere, as print() itself has it.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
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
        complain(KEYWORD.sub(_as_option, str(error)))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except OSError as error:
        if error.filename is not None:
            raise
        if not isinstance(error, BrokenPipeError):
            complain(str(FileError.of("stdout", said(error), "Free some space, or let it go elsewhere.")))
        # What is left of it would be written once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNREAD)


def _as_option(keyword: re.Match[str]) -> str:
    """Return what is said of a keyword as it is said of an option."""
    return f"--{keyword[1]}" if keyword[2] == "True" else f"--{keyword[1]} {keyword[2]}"


def _application() -> "typer.Typer":
    try:
        import typer
    except ModuleNotFoundError:
        what = "the command line needs typer, which is not installed"
        raise MissingExtraError.of(
            "softpower", what, "Install it: pip install 'softpower[cli]'; in a clone: pip install '.[cli]'"
        ) from None
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

    for name, command in _commands().items():
        application.command(name, help=documentation(command))(command)
    return application


def _commands() -> Mapping[str, Callable[..., None]]:
    """Return the commands by name, in the order in which the help lists them."""
    # They need typer, which may not be there.
    from softpower.cli import audits, draws, folders, one_at_a_time, pages, periods, scores

    return {
        "score": scores.score_command,
        "explain": scores.explain_command,
        "scenarios": scores.scenarios_command,
        "uncertainty": draws.uncertainty_command,
        "claims": draws.claims_command,
        "sensitivity": draws.sensitivity_command,
        "tornado": one_at_a_time.tornado_command,
        "swings": one_at_a_time.swings_command,
        "drop-each": one_at_a_time.drop_each_command,
        "trajectory": periods.trajectory_command,
        "audit": audits.audit_command,
        "changes": periods.changes_command,
        "report": pages.report_command,
        "validate": folders.validate_command,
        "new": folders.new_command,
        "list": folders.list_command,
    }

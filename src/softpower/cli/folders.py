"""The commands that check and start a folder, and say what it can name: ``validate``, ``new``, ``list``."""

import shlex
import shutil
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from softpower.analysis.uncertainty import uncertainty_analysis
from softpower.catalogue import load_framework, load_profile, template
from softpower.errors import Fault, FileError, SoftPowerError, SpecificationError
from softpower.files import write_folder
from softpower.model.profile import Profile
from softpower.present.listing import Kind, listing
from softpower.present.sheet import Sheet
from softpower.present.terminal import show, show_as_it_is
from softpower.result import Result
from softpower.scoring import score
from softpower.words import some

FEW = 256
"""So many Sobol points take each alternative of each choice, for they are spread evenly over every factor."""
ONE_LINE = 10_000
"""The width of what is printed where no terminal has one."""


def validate_command(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A folder with a profile or a framework.")],
) -> None:
    """Check a profile or framework and print all its faults at once; exit code 1 if there are any."""
    if (Path(folder) / "framework.toml").is_file() and not (Path(folder) / "profile.toml").is_file():
        load_framework(Path(folder))
    else:
        profile = load_profile(Path(folder))
        for note in _notes(score(profile)):
            show(Sheet([f"note: {note}"]))
        _draw_a_few(profile)
    show_as_it_is(f"{folder}: no faults")


def _draw_a_few(profile: Profile) -> None:
    """Raise what drawing refuses of what a profile declares uncertain, at its place in the file."""
    if not profile.uncertainty.declared:
        return
    try:
        uncertainty_analysis(profile, n=FEW)
    except SoftPowerError as error:
        at = "profile.toml: uncertainty"
        faults = [Fault(": ".join(filter(None, (at, one.where))), one.what, one.mend) for one in error.faults]
        raise type(error)(faults) from None


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
    notes += _beyond(result)
    gaps = ((" ".join(map(str, row)), node, why) for (*row, node), why in result.reasons.items())
    return notes + [f"{row}: {node} is missing: {why}" for row, node, why in gaps]


def _beyond(result: Result) -> list[str]:
    """Return which values lie beyond a goalpost, by indicator and goalpost."""
    notes = []
    for column, name in enumerate(result.engine.indicators):
        for end in ("low", "high"):
            rows = np.flatnonzero(result.clipped[:, column] == end)
            said = [f"{result.engine.label(int(row))} ({result.raw[row, column]:g})" for row in rows]
            notes += [f"{name} lies beyond its {end} goalpost, where the score stays: {some(said)}"] if said else []
    return notes


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

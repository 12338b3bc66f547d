"""The study that a command is called for, as a score."""

from pathlib import Path

from softpower.catalogue import load_profile
from softpower.cli.settings import settings_of
from softpower.interop import read_table
from softpower.model.as_of import Undated
from softpower.result import Result
from softpower.scoring import score
from softpower.studies import from_frame


def scored(
    name: str,
    framework: str | None,
    methodology: list[str] | None,
    sets: str | None,
    scenario: str | None,
    *,
    as_of: str | None = None,
    undated: Undated = "leave_out",
) -> Result:
    """Return the scores of what is named: a profile that ships, a folder, or a table."""
    if Path(name).suffix.lower() in {".csv", ".xlsx"} and not Path(name).is_dir():
        profile, framework = from_frame(read_table(name), framework, where=Path(name).name), None
    else:
        profile = load_profile(name)
    if sets is not None:
        profile = profile.replace(sets=tuple(one.strip() for one in sets.split(",")))
    changes = settings_of(methodology or [])
    return score(profile, framework, methodology=changes, scenario=scenario, as_of=as_of, undated=undated)

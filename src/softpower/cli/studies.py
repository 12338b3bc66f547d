"""The study that a command is called for, as a profile and as a score, and which of its periods is meant."""

from pathlib import Path

from softpower.catalogue import load_profile
from softpower.cli.settings import settings_of
from softpower.interop import read_table
from softpower.model.as_of import Undated
from softpower.model.profile import Profile
from softpower.result import Result
from softpower.scoring import score
from softpower.studies import from_frame


def named(name: str, framework: str | None = None) -> Profile:
    """Return what is named: a profile that ships, a folder, or a table, with a framework's columns if one is given."""
    if _is_table(name):
        return from_frame(read_table(name), framework, where=Path(name).name)
    return load_profile(name)


def period_of(result: Result, text: str | None) -> str | int | None:
    """Return the period that a text names, as the scores have it; a text that names none is left as it is."""
    known = result.index.unique("period") if "period" in result.index.names else ()
    return next((one for one in known if str(one) == text), text)


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
    profile = named(name, framework)
    if sets is not None:
        profile = profile.replace(sets=tuple(one.strip() for one in sets.split(",")))
    changes = settings_of(methodology or [])
    other = None if _is_table(name) else framework
    return score(profile, other, methodology=changes, scenario=scenario, as_of=as_of, undated=undated)


def _is_table(name: str) -> bool:
    return Path(name).suffix.lower() in {".csv", ".xlsx"} and not Path(name).is_dir()

"""Load a framework or a profile by its name, or from its folder."""

from pathlib import Path

import softpower.steps  # noqa: F401 - registers the methods that a methodology names
from softpower.arguments import diagnosed
from softpower.catalogue.faults import Faults
from softpower.catalogue.frameworks import read_framework
from softpower.catalogue.profiles import read_profile
from softpower.catalogue.shipping import framework_names, profile_names, shipped
from softpower.errors import FileError, NotFoundError, SpecificationError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.profile import Profile


@diagnosed
def load_framework(name_or_path: str | Path) -> Framework:
    """Return a framework: one that ships, by its name, or the one in a folder.

    Parameters
    ----------
    name_or_path : str or Path
        ``"nye"``, or a folder with ``framework.toml`` and the files that it names.

    Raises
    ------
    NotFoundError
        If there is neither such a name nor such a folder.
    SoftPowerError
        With every fault of the files: a SpecificationError, or a FileError where a file cannot be read.

    Examples
    --------
    >>> load_framework("nye").root
    'soft_power'
    """
    folder = _find(name_or_path, "framework.toml", shipped("indicators"), framework_names())
    faults = Faults()
    framework = read_framework(folder, faults)
    return faults.settle(framework)


@diagnosed
def load_profile(name_or_path: str | Path) -> Profile:
    """Return a profile: one that ships, by its name, or the one in a folder.

    Parameters
    ----------
    name_or_path : str or Path
        ``"kazakhstan"``, or a folder with ``profile.toml`` and the files that it names.

    Raises
    ------
    NotFoundError
        If there is neither such a name nor such a folder.
    SoftPowerError
        With every fault of every file at once: a SpecificationError, an ObservationError where only observations
        are at fault, or a FileError where a file cannot be read.

    Examples
    --------
    >>> load_profile("kazakhstan").cases
    ('EU>KAZ',)
    """
    folder = _find(name_or_path, "profile.toml", shipped("examples"), profile_names())
    faults = Faults()
    return faults.settle(read_profile(folder, faults))


def _find(name_or_path: object, head: str, home: Path, names: tuple[str, ...]) -> Path:
    """Return the folder that a name or a path means."""
    if not isinstance(name_or_path, str | Path) or not str(name_or_path).strip():
        what = f"{name_or_path!r} is neither a name nor a path"
        raise SpecificationError.of("load", what, f"Give one of {', '.join(names)}, or a folder.")
    text = str(name_or_path)
    # A Path always means a folder, so that a folder called like a shipped name can be had.
    if isinstance(name_or_path, str) and text in names:
        return home / text
    folder = Path(name_or_path)
    try:
        if folder.is_dir():
            return folder
        if folder.is_file() and folder.name == head:
            return folder.parent
        if folder.exists():
            raise FileError.of(text, "it is a file", f"Give the folder that holds {head}.")
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError.of(
            text[:80], f"it cannot be a folder ({error})", f"Give the folder that holds {head}."
        ) from None
    if isinstance(name_or_path, Path):
        raise NotFoundError.of(text, "there is no such folder", f"Give the folder that holds {head}.")
    raise NotFoundError.of(text, "there is no such name and no such folder", did_you_mean(text, names))

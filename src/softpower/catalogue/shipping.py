"""What ships with the library: where it is, and what it is called."""

from pathlib import Path

from softpower.files import read_text

PACKAGE = Path(__file__).resolve().parents[1]


def shipped(folder: str) -> Path:
    """Return a folder that ships: inside the package when installed, beside ``src`` in a source tree."""
    inside = PACKAGE / folder
    return inside if inside.is_dir() else PACKAGE.parents[1] / folder


def framework_names() -> tuple[str, ...]:
    """Return the names of the frameworks that ship."""
    return tuple(sorted(path.parent.name for path in shipped("indicators").glob("*/framework.toml")))


def profile_names() -> tuple[str, ...]:
    """Return the names of the profiles that ship."""
    return tuple(sorted(path.parent.name for path in shipped("examples").glob("*/profile.toml")))


def template() -> dict[str, str]:
    """Return the texts of a small commented profile by file name, to start a study from.

    Examples
    --------
    >>> sorted(template())
    ['observations.csv', 'profile.toml', 'sources.toml', 'spec/framework.toml']
    """
    folder = PACKAGE / "template"
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    return {name: read_text(folder, name) for name in names}

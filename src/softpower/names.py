"""What may be the name of a file inside a folder, on every system that a study may be handed over to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from softpower.errors import FileError

DEVICES = frozenset(
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"),
    }
)
"""What Windows takes for a device in every folder, whatever ending follows."""
SHOWN = 80
"""So many characters of a name does a fault show."""


def inside(folder: Path, name: str) -> Path:
    """Return where a name stands in a folder.

    Raises
    ------
    FileError
        If the name leaves the folder, be it by a link, or is none on some system that a study may be handed over to.

    Examples
    --------
    >>> inside(Path("study"), "NUL.csv")
    Traceback (most recent call last):
        ...
    softpower.errors.FileError: NUL.csv: it names a device on Windows. Choose another name.
    """
    if why := unfit(name):
        raise FileError.of(short(name), why, "Choose another name.")
    place = folder / name
    try:
        # Here a name shows that is too long.
        place.exists()
        within = place.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise FileError.of(short(name), f"it cannot be read ({said(error)})", "Check the name and the links.") from None
    if not within:
        raise FileError.of(short(name), "the name leaves the folder", "Keep every file inside the folder.")
    return place


def alike(names: Iterable[str]) -> tuple[str, str] | None:
    """Return two names that some disk takes for one, if there are any: they differ in case or in accents' form alone.

    Examples
    --------
    >>> alike(["trade.toml", "aid.toml", "Trade.toml"])
    ('trade.toml', 'Trade.toml')
    """
    taken: dict[str, str] = {}
    for name in names:
        first = taken.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if first != name:
            return first, name
    return None


def unfit(name: str) -> str | None:
    """Return why a name is none on some system, since a study is handed over; None where it is one."""
    if "\\" in name or ":" in name:
        return "it holds a backslash or a colon, which parts folders or drives on Windows"
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in name):
        return "it holds a control character"
    if any(part.partition(".")[0].strip().upper() in DEVICES for part in name.split("/")):
        return "it names a device on Windows"
    return None


def short(name: str) -> str:
    """Return a name as a fault can show it."""
    plain = name if name.isprintable() else repr(name)
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}..."


def said(error: Exception) -> str:
    """Return what the system says, without the path, which the fault names already."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)

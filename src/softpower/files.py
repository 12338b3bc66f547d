"""Text in and text out: a file is read as UTF-8, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from softpower.errors import FileError, did_you_mean
from softpower.holding import alone, uninterrupted
from softpower.names import alike, inside, said, short, unfit

if TYPE_CHECKING:
    import pandas as pd

HEADS = ("profile.toml", "framework.toml")
"""A folder that holds one of these is the library's to replace, where it is told so."""

LARGEST = 1_000_000_000
"""So many bytes may a file have that is read."""
MARK = b"\xef\xbb\xbf"
"""What some programs begin a text with, to say that it is UTF-8."""

MENDS = {
    errno.ENOSPC: "Free some space, or choose another place; nothing was changed.",
    errno.EDQUOT: "Free some space, or choose another place; nothing was changed.",
    errno.EFBIG: "Choose a disk that takes larger files; nothing was changed.",
    errno.EACCES: "Check the permissions, close what has it open, or choose another place.",
    errno.EBUSY: "Close what has it open, or choose another place.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ENOTEMPTY: "Something else is in the way: look at it, or choose another name.",
    errno.EEXIST: "Something else is in the way: look at it, or choose another name.",
}

QUOTED_OR_END = re.compile(r'("[^"]*")|\r\n')
"""In CSV: a quoted part, or the end of a line."""


def short_ends(table: str) -> str:
    r"""Return CSV whose lines end in a carriage return and a line feed with lines that end in a line feed.

    The long end makes writers quote a lone carriage return in a cell, too.

    Examples
    --------
    >>> short_ends('a,"b\r\n""c"\r\n1,2\r\n')
    'a,"b\r\n""c"\n1,2\n'
    """
    return QUOTED_OR_END.sub(lambda found: found[1] or "\n", table)


def csv_of(table: pd.DataFrame, *, index: bool) -> str:
    """Return a table as CSV whose lines end in a line feed, with every carriage return in a cell quoted."""
    return short_ends(table.to_csv(index=index, lineterminator="\r\n"))


def read_text(folder: Path, name: str) -> str:
    """Return the text of a file inside a folder.

    Parameters
    ----------
    folder : Path
        The folder that the file may not leave, not even by a link.
    name : str
        The name of the file in it.

    Raises
    ------
    FileError
        If there is no such file, or it is no UTF-8 text, or it is empty.

    Examples
    --------
    >>> read_text(Path("nowhere"), "../profile.toml")
    Traceback (most recent call last):
        ...
    softpower.errors.FileError: ../profile.toml: the name leaves the folder. Keep every file inside the folder.
    """
    place = inside(folder, name)
    raw = read_bytes(place, short(name), folder)
    if raw.startswith(MARK):
        raise FileError.of(name, "it begins with a byte order mark", "Save it as UTF-8 without BOM.")
    return _decoded(raw, name)


def read_given(path: Path) -> str:
    """Return the text of a file that a user names, which may begin with a byte order mark as spreadsheets write it.

    Raises
    ------
    FileError
        If there is no such file, or it is no UTF-8 text, or it is empty.
    """
    raw = read_bytes(path, path.name)
    while raw.startswith(MARK):
        # A program that adds a mark may have been given a file with one.
        raw = raw.removeprefix(MARK)
    text = _decoded(raw, path.name)
    if "\0" in text.partition("\n")[0]:
        raise FileError.of(f"{path.name} line 1", "it holds a NUL character, as UTF-16 does", "Save the file as UTF-8.")
    return text


def read_bytes(path: Path, name: str, folder: Path | None = None) -> bytes:
    """Return what a plain file holds.

    Parameters
    ----------
    path : Path
    name : str
        What a fault calls the file.
    folder : Path, optional
        Where files with a name like it may be; without it the folder of the path.

    Raises
    ------
    FileError
        If there is no such file, it is no plain file, it cannot be read, or it is too large.
    """
    try:
        if path.is_dir():
            raise FileError.of(name, "it is a folder, not a file", "Name a file.")
        if path.exists() and not path.is_file():
            raise FileError.of(name, "it is no plain file", "Name a file that holds text.")
        size = path.stat().st_size
        if size > LARGEST:
            what = f"it has {size:,} bytes, more than {LARGEST:,}"
            raise FileError.of(name, what, "Split the study, or score a DataFrame.")
        return path.read_bytes()
    except FileError:
        raise
    except FileNotFoundError:
        folder = _above(path) if folder is None else folder
        here = [one.name for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []
        raise FileError.of(name, f"there is no such file in {folder.name}", did_you_mean(name, here)) from None
    except (OSError, ValueError) as error:
        raise FileError.of(name, f"it cannot be read ({said(error)})", "Check the name and the permissions.") from None


def _above(path: Path) -> Path:
    """Return the folder of a path, by its whole name where that can be known."""
    try:
        return path.absolute().parent
    except OSError:
        return path.parent  # the folder in which this program runs is gone


def _decoded(raw: bytes, name: str) -> str:
    """Return bytes as the text that they are in UTF-8."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        what = f"byte {raw[error.start]:#04x} is not UTF-8"
        raise FileError.of(f"{name} line {line}", what, "Save the file as UTF-8.") from None
    if not text.strip():
        raise FileError.of(name, "the file is empty", "Fill it in, or delete what names it.")
    return text


def separated_otherwise(header: Sequence[str]) -> str | None:
    """Return what separates the cells of a table, where its header shows that it is no comma."""
    if len(header) != 1:
        return None
    marks = {";": "semicolons", "\t": "tabs", "|": "bars"}
    return next((spoken for mark, spoken in marks.items() if mark in header[0]), None)


def write_file(path: str | Path, data: str | bytes, *, overwrite: bool = False) -> Path:
    r"""Write a file whole or not at all, and return its path.

    The data go to a temporary file beside it, which then takes its name. Whatever fails, the old content stays.

    Parameters
    ----------
    path : str or Path
        Where to write. The folder must exist. A link is followed.
    data : str or bytes
        What to write; text becomes UTF-8, with its line ends as they are.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    FileError
        If something is there already, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(f"{folder}/scores.csv", "case,score\n").read_text()
    'case,score\n'
    """
    with _told(path), uninterrupted():
        given = _path(path)
        if str(path).endswith(("/", os.sep)) or given.is_dir():
            raise FileError.of(str(path), "it names a folder, not a file", "Add the name of the file.")
        if given.exists() and not given.is_file():
            raise FileError.of(str(path), "it is no plain file", "Choose another name.")
        target = _target_of(given, overwrite=overwrite)
        with _temporary(target) as fresh:
            _write(fresh, data)
            if target.exists():
                shutil.copymode(target, fresh)
            if overwrite:
                fresh.replace(target)
            else:
                _take_name(fresh, target)
    return given


def write_folder(
    folder: str | Path,
    files: Mapping[str, str | bytes],
    *,
    overwrite: bool = False,
    stale: Collection[str] = (),
) -> Path:
    """Write a folder of files whole or not at all, and return its path.

    The files go to a temporary folder beside it, which then takes its name. Whatever fails, the old folder stays.

    Parameters
    ----------
    folder : str or Path
        Where to write. The folder above must exist. A link is followed.
    files : mapping of str to str or bytes
        The contents by name, relative to the folder and with ``/`` between the parts.
    overwrite : bool
        Whether a folder that is there already may be replaced. It must be empty, or hold a ``profile.toml`` or a
        ``framework.toml``. What else it holds is copied into the new one.
    stale : collection of str
        Names of files that do not outlive a replacement, for they would be read with the new ones.

    Raises
    ------
    FileError
        If something is there already, a name leaves the folder, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as above:
    ...     written = write_folder(f"{above}/study", {"spec/framework.toml": "id = 'small'"})
    ...     sorted(path.name for path in written.rglob("*"))
    ['framework.toml', 'spec']
    """
    with _told(folder), alone(_path(folder).resolve().parent), uninterrupted():
        for name in files:
            _check_inside(name)
        if pair := alike(files):
            what = f"not every disk tells it from {pair[0]!r}"
            raise FileError.of(repr(pair[1]), what, "Choose another name for one of the two.")
        given = _path(folder)
        if given.exists() and not given.is_dir():
            raise FileError.of(str(folder), "it is a file, not a folder", "Name a folder.")
        target = _target_of(given, overwrite=overwrite)
        old = overwrite and target.exists()
        if old:
            _check_replaceable(target, str(folder))
        with _temporary(target) as fresh:
            fresh.mkdir()
            if old:
                shutil.copytree(target, fresh, symlinks=True, copy_function=_keep, dirs_exist_ok=True)
            for name in {*stale} - {*files}:
                _place(fresh, name).unlink(missing_ok=True)
            for name, data in files.items():
                place = _place(fresh, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                _write(place, data)
            if old:
                _swap(fresh, target)
            else:
                fresh.rename(target)
    return given


@contextmanager
def _told(path: object) -> Iterator[None]:
    """Turn what the system says of a path into a FileError that says how to mend it."""
    try:
        yield
    except FileError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        mend = MENDS.get(number or 0, "Check the name and the permissions, or choose another place.")
        raise FileError.of(str(path)[:200], f"it cannot be written ({said(error)})", mend) from None


def _path(path: object) -> Path:
    """Return what was given as a path; raise FileError where it is none."""
    if not isinstance(path, str | Path) or not str(path).strip():
        raise FileError.of("write", f"{path!r} is no path", "Name the file or folder to be written.")
    return Path(path)


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise FileError where a file could not be written to a path, before anything is worked out for it."""
    with _told(path):
        _target_of(path, overwrite=overwrite)


def _target_of(path: Path, *, overwrite: bool) -> Path:
    """Return the place that a path means, links followed.

    Raises
    ------
    FileError
        If something is there that may not be replaced, or the folder above it is none.
    """
    if overwrite is not True and os.path.lexists(path):
        mend = "Choose another name, or say overwrite=True to replace it."
        raise FileError.of(str(path), "it is there already", mend)
    if path.is_symlink() and os.path.lexists(path.resolve()):
        path.stat()  # a circle of links is an error, which `resolve` tells in older versions of Python alone
    target = path.resolve()
    if not target.parent.is_dir():
        what = "what is above it is no folder" if target.parent.exists() else f"there is no folder {path.parent}"
        raise FileError.of(str(path), what, "Make that folder first, or choose another place.")
    return target


def _check_inside(name: object) -> None:
    """Raise FileError where a name is none of a file inside a folder."""
    text = name if isinstance(name, str) else ""
    parts = text.split("/")
    rooted = PurePosixPath(text).is_absolute() or PureWindowsPath(text).anchor
    if rooted or unfit(text) or any(part.strip() in {"", ".", ".."} for part in parts):
        raise FileError.of(
            repr(name), "it is no name of a file inside the folder", "Write it like spec/framework.toml."
        )


def _check_replaceable(target: Path, shown: str) -> None:
    """Raise FileError where a folder is not the library's to replace."""
    if not os.access(target, os.W_OK):
        raise FileError.of(shown, "it is read-only", "Change its permissions, or write to a new folder.")
    if _runs_within(target):
        what = "it is the folder in which this program runs, which cannot be replaced from within"
        raise FileError.of(shown, what, "Go to the folder above, or write to a new folder.")
    if any(target.iterdir()) and not any((target / head).is_file() for head in HEADS):
        what = f"it holds other things and no {' or '.join(HEADS)}, so it may be anything"
        raise FileError.of(shown, what, "Choose a new folder, or empty this one.")


def _runs_within(folder: Path) -> bool:
    """Return whether the folder in which this program runs is, or lies in, another."""
    try:
        return Path.cwd().resolve().is_relative_to(folder)
    except FileNotFoundError:
        return False  # it is gone


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """Give a free name beside the target; whatever bears it in the end is deleted."""
    # Short whatever the target is called, and beside it so that a rename crosses no disks.
    fresh = target.with_name(f".softpower-{secrets.token_hex(8)}")
    try:
        yield fresh
    finally:
        _delete(fresh)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _keep(source: str, copy: str) -> None:
    """Carry a file over that is not the library's: by a second name, or where the disk has none, by a copy."""
    try:
        Path(copy).hardlink_to(source)
    except OSError:
        shutil.copy2(source, copy)


def _place(folder: Path, name: str) -> Path:
    """Return where a name stands in a folder; raise FileError where a link leads out of it."""
    place = folder / name
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        what = f"'{name}' leaves the folder by a link"
        raise FileError.of(name, what, "Put a folder in the place of the link, or write to a new folder.")
    return place


def _write(path: Path, data: str | bytes) -> None:
    """Write data until they are on the disk."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    # What was carried over from an old folder is a link to it: it is not written through.
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _take_name(fresh: Path, target: Path) -> None:
    """Give a file its name, unless another has it by now."""
    try:
        target.hardlink_to(fresh)
    except FileExistsError:
        raise
    except OSError:
        # Not every disk has hard links: the name is taken by an empty file first, which the rename replaces.
        target.open("xb").close()
        try:
            fresh.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _swap(fresh: Path, target: Path) -> None:
    """Put a new folder in the place of an old one, or leave the old one."""
    gone = target.with_name(f"{fresh.name}-old")
    try:
        target.rename(gone)
        fresh.rename(target)
    finally:
        # Also where an interruption fell between the two: the old folder comes back, and goes only when the new one is
        # in its place. Where another program took the place meanwhile, the old one stays beside it.
        if gone.exists() and not target.exists():
            gone.rename(target)
        if not fresh.exists():
            _delete(gone)

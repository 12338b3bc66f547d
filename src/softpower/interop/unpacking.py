"""A workbook that is read, unpacked within limits, so that no later reader of it needs any."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from softpower.errors import FileError
from softpower.files import read_bytes
from softpower.names import short

LARGEST = 100_000_000
"""So many bytes may the parts of a workbook have when they are unpacked."""
TAGS = 12_000_000
"""So many tags may a part have: a sheet of the largest size that holds as many cells as it can."""
TOGETHER = 500_000
"""So many of them may be held at once: those of a row of a sheet, of the text of a cell, or of another part."""
SHEETS = 1_000
"""So many sheets may a workbook have."""
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How the parts of a workbook are packed."""
LONG = ("xl/worksheets/", "xl/sharedstrings.xml")
"""Where the parts stand that are read row by row, or text by text; all others are held in memory whole."""
WHOLE = "main+xml"
"""How the kind of a part ends that is the workbook itself, wherever it stands."""


def unpacked(path: Path) -> io.BytesIO:
    """Return a workbook with the XML of a file, within limits of size, and without what XML can hide.

    Raises
    ------
    FileError
        If the file cannot be read or is no workbook, would be larger than 100 MB when unpacked, declares entities, or
        has more tags than a table needs.
    """
    where = str(path)
    raw = read_bytes(path, where)
    plain = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts, zipfile.ZipFile(plain, "w") as copy:
            for name, content in _read(where, parts).items():
                copy.writestr(name, content)
    except FileError:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError):
        mend = "Save it as .xlsx without a password, or as CSV."
        raise FileError.of(where, "it is no .xlsx workbook", mend) from None
    return plain


def _read(where: str, parts: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the parts that are XML, each looked through."""
    needed = [one for one in parts.infolist() if one.filename.endswith((".xml", ".rels"))]
    if len({one.filename for one in needed}) < len(needed):
        raise FileError.of(where, "a part of it is there twice", "Save it anew, or save the sheet as CSV.")
    size = sum(one.file_size for one in needed)
    if size > LARGEST:
        what = f"unpacked it has {size:,} bytes, more than {LARGEST:,}"
        raise FileError.of(where, what, "Save the sheet as CSV.")
    contents: dict[str, bytes] = {}
    for one in needed:
        if one.compress_type not in PACKINGS:
            raise zipfile.BadZipFile
        with parts.open(one) as packed:
            # No more than is declared is unpacked, however much there is.
            contents[one.filename] = packed.read(one.file_size)
    held = set[str]()
    # What is held whole is known by the list of kinds, which is looked through first.
    for name in sorted(contents, key=lambda one: one != "[Content_Types].xml"):
        look = _Look(long=name.lower().startswith(LONG) and f"/{name}" not in held)
        look.through(contents[name])
        if look.fault:
            what = f"its part {short(name)} {look.fault}"
            raise FileError.of(where, what, "Open it in Excel and save it as .xlsx, or as CSV.")
        held |= look.held
    return contents


class _Stop(Exception):  # noqa: N818 - it ends a parse, and is no error of anybody's
    """Enough is known of a part."""


@dataclass
class _Look:
    """A look through XML for what another reader must not come upon, or would lose."""

    long: bool
    """Whether the part is read row by row, or text by text."""
    fault: str | None = None
    held: set[str] = field(default_factory=set)
    """The parts that it says are workbooks."""
    tags: int = 0
    together: int = 0
    sheets: int = 0
    row: int = 0
    cells: set[str] = field(default_factory=set)

    def through(self, content: bytes) -> None:
        """Look through a part; what is wrong with it becomes the fault."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._declared
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        try:
            with warnings.catch_warnings():
                # Some encodings that Python knows warn of what they do not understand.
                warnings.simplefilter("ignore")
                # All at once: some versions keep the last of several pieces to themselves.
                parser.Parse(content, True)
        except _Stop:
            pass
        except (LookupError, ValueError):
            # Another reader may know it, and come upon what is hidden in it.
            self.fault = "is in an encoding that is not known"
        except expat.ExpatError:
            # It is no XML, or broken from here on: another reader says so.
            pass

    def _stop(self, fault: str) -> None:
        self.fault = fault
        raise _Stop

    def _declared(self, *_: object) -> None:
        self._stop("declares a type of document, which could hold entities")

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        self.together += 1
        if self.together > TOGETHER:
            self._stop(f"has more than {TOGETHER:,} tags in one piece, which no table needs")
        if self.tags > TAGS:
            self._stop(f"has more than {TAGS:,} tags, which no table needs")
        plain = name.rpartition(":")[2]
        if plain == "sheet":
            self.sheets += 1
            if self.sheets > SHEETS:
                self._stop(f"names more than {SHEETS:,} sheets")
        elif plain == "row" and self.long:
            self._row(attributes.get("r", ""))
        elif plain == "c" and self.long:
            self._cell(attributes.get("r", ""))
        elif plain == "Override" and attributes.get("ContentType", "").endswith(WHOLE):
            self.held.add(attributes.get("PartName", ""))

    def _row(self, number: str) -> None:
        """Hold a row against the one before: a reader skips what comes too late, and keeps the last of two cells."""
        row = int(number) if number.isdecimal() else self.row + 1
        if row <= self.row:
            self._stop(f"has row {row} after row {self.row}")
        self.row = row
        self.cells.clear()

    def _cell(self, place: str) -> None:
        if place and place in self.cells:
            self._stop(f"has the cell {short(place)} twice")
        self.cells.add(place)

    def _ends(self, name: str) -> None:
        if self.long and name.rpartition(":")[2] in {"row", "si"}:
            self.together = 0

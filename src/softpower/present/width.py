"""Text in the columns of a terminal: how many it fills, how it is broken into lines, what an output writes."""

from __future__ import annotations

import codecs
import re
import unicodedata

UNSEEN = {"Mn", "Me", "Cf"}
"""Categories of characters that fill no column."""
EMOJI = "\ufe0f"
"""It asks for the picture of the character before it, which may fill one column more."""
BLANKS = re.compile(r"\s")
BREAKS = re.compile(r"(?<=\s)(?=\S)|(?<=\w[^\W\d]-)(?=\w[^\W\d])")
"""Lines end behind blanks, and behind the hyphen of a word."""
NAME_BREAKS = re.compile(rf"{BREAKS.pattern}|(?<=[._/>])(?=\S)")
"""Lines of a name end behind its points and strokes, too."""
PLAIN = {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "…": "...", "\u00a0": " ", "≥": ">="}  # noqa: RUF001
"""What stands for a character where an output has only ASCII."""


def columns(text: str) -> int:
    """Return how many columns a text fills; where terminals differ, the greater number.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> columns("soft"), columns("影響力"), columns("e\u0301")
    (4, 6, 1)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if character == EMOJI:
        return 1
    if unicodedata.category(character) in UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return a text with blanks up to a width, behind it or before it.

    Parameters
    ----------
    text : str
    width : int
        In columns.
    right : bool
        Whether the text stands to the right.
    """
    blanks = " " * (width - columns(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, width: int, *, under: str = "", breaks: re.Pattern[str] = BREAKS) -> list[str]:
    """Return a text in lines no wider than a width; a word that is wider is broken anywhere.

    Parameters
    ----------
    text : str
    width : int
        In columns.
    under : str
        What the lines below the first begin with.
    breaks : pattern
        Where a line may end.

    Examples
    --------
    >>> wrapped("- as far as it goes", 12, under="  ")
    ['- as far as', '  it goes']
    """
    lines: list[str] = []
    line = ""
    for piece in breaks.split(BLANKS.sub(" ", text).rstrip()):
        full = line.strip() and columns(line + piece.rstrip()) > width
        # What is wider than a line anyway begins on the one that is there.
        if full and (columns(under + piece.rstrip()) <= width or columns(line) >= width):
            lines.append(line.rstrip())
            line = under
        line += piece if line.strip() or not lines else piece.lstrip()
        while columns(line.rstrip()) > width:
            cut = _cut(line, width, least=len(under) + 1 if lines else 1)
            lines.append(line[:cut].rstrip())
            line = under + line[cut:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _cut(line: str, width: int, least: int) -> int:
    """Return how many characters fit a width."""
    cut = next(place for place in range(1, len(line) + 1) if columns(line[:place]) > width) - 1
    return max(cut, least)


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    """Return what is written for characters that an output does not have: one that is like it, else its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    said = (PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode("ascii") for one in found)
    return "".join(said), error.end


DEGRADED = "softpower.degraded"
"""Under this name outputs are told to write what they have no character for in another way."""
codecs.register_error(DEGRADED, _in_ascii)

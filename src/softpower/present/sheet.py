"""What is printed: a text that knows its tables and notes, so that a terminal can lay them out anew."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from softpower.errors import visible
from softpower.present.width import NAME_BREAKS, columns, padded, wrapped

WIDTH = 100
"""So wide is a text where no terminal says how wide it is."""
NAMES = 24
"""The least room for the names of rows, where they are as long."""


@dataclass(frozen=True)
class Note:
    """A text behind a mark, its further lines under its first.

    Parameters
    ----------
    mark : str
        For instance ``"! "``, or blanks.
    text : str
    """

    mark: str
    text: str

    def lines(self, width: int = WIDTH) -> list[str]:
        """Return the note in lines no wider than a width; none where it says nothing."""
        if not self.text:
            return []
        under = columns(self.mark) if columns(self.mark) <= width // 2 else 4
        return wrapped(self.mark + self.text, width, under=" " * under)


@dataclass(frozen=True)
class Table:
    """Cells in columns; the first column names the rows, one without a head holds bars.

    Parameters
    ----------
    head : sequence of str
    rows : sequence of sequences of str
    plain : sequence of str, optional
        Its lines, where they are laid out in another way than in aligned columns.
    together : sequence of sequences of int, optional
        The places of columns that stay side by side, the most important first: bars and the numbers that they show.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    plain: Sequence[str] = ()
    together: Sequence[Sequence[int]] = ()

    def lines(self) -> list[str]:
        """Return the table as it is printed where there is no terminal."""
        return [*self.plain] or aligned(self.head, self.rows)


@dataclass(frozen=True)
class Call:
    """What can be called next: it stands on one line, or, where that is too narrow, as a shell takes it on several.

    Parameters
    ----------
    says : str
        What it is good for.
    words : sequence of str
        The command, not yet quoted.
    """

    says: str
    words: Sequence[str]

    def lines(self, width: int | None = None) -> list[str]:
        """Return it on one line, or, where a width is given and too small, in lines that a shell takes as one."""
        one = f"{self.says}: {shlex.join(self.words)}"
        if width is None or columns(one) <= width:
            return [one]
        lines = [*wrapped(f"{self.says}:", width), " "]
        for word in map(shlex.quote, self.words):
            if lines[-1].strip() and columns(f"{lines[-1]} {word} \\") > width:
                lines[-1] += " \\"
                lines.append("   ")
            lines[-1] += f" {word}"
        return lines


Block = str | Note | Table | Call


class Sheet(str):
    """Plain text, as a file and a pipe take it, with the blocks that it is made of.

    Parameters
    ----------
    blocks : iterable of str, Note, Table or Call
        A str is one line. What a terminal would obey in a text is written out.

    Examples
    --------
    >>> sheet = Sheet(["Scores", Table(["case", "score"], [["KAZ", "61.2"], ["UZB", "9.0"]]), Note("! ", "Made up.")])
    >>> print(sheet)
    Scores
    case  score
    KAZ    61.2
    UZB     9.0
    ! Made up.
    """

    blocks: tuple[Block, ...]

    def __new__(cls, blocks: Iterable[Block]) -> Sheet:
        """Return the text of blocks."""
        listed = tuple(map(_shown, blocks))
        made = super().__new__(cls, "\n".join(line for one in listed for line in _lines(one)))
        made.blocks = listed
        return made


def _shown(block: Block) -> Block:
    """Return a block in which nothing is left that a terminal obeys."""
    match block:
        case str():
            return visible(block)
        case Note():
            return Note(visible(block.mark), visible(block.text))
        case Call():
            return Call(visible(block.says), [*map(visible, block.words)])
        case Table():
            head, *rows = ([*map(visible, row)] for row in (block.head, *block.rows))
            return replace(block, head=head, rows=rows, plain=[*map(visible, block.plain)])


def _lines(block: Block) -> list[str]:
    return [block] if isinstance(block, str) else block.lines()


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows under a header: the first column to the left, the others to the right.

    Names are broken into lines where they leave no room for the rest.
    """
    table = [header, *rows]
    widths = [max(columns(row[place]) for row in table) for place in range(1, len(header))]
    longest = max(columns(row[0]) for row in table)
    room = min(longest, max(NAMES, WIDTH - sum(widths) - 2 * len(widths)))
    lines = []
    for name, *cells in table:
        first, *more = broken(name, room) or [""]
        shown = (padded(cell, width, right=True) for cell, width in zip(cells, widths, strict=True))
        lines += ["  ".join([padded(first, room), *shown]).rstrip(), *more]
    return lines


def broken(name: str, width: int) -> list[str]:
    """Return a name in lines no wider than a width, those below the first moved in."""
    margin = " " * (len(name) - len(name.lstrip()))
    return wrapped(name, width, under=f"{margin}  ", breaks=NAME_BREAKS) if columns(name) > width else [name]

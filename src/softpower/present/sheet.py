"""What is printed: a text that knows its tables and notes, so that a terminal can lay them out anew."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100
"""So wide is a text where no terminal says how wide it is."""


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
        under = len(self.mark) if len(self.mark) <= width // 2 else 4
        return textwrap.wrap(self.mark + self.text, width, subsequent_indent=" " * under)


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


Block = str | Note | Table


class Sheet(str):
    """Plain text, as a file and a pipe take it, with the blocks that it is made of.

    Parameters
    ----------
    blocks : iterable of str, Note or Table
        A str is one line.

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
        listed = tuple(blocks)
        made = super().__new__(cls, "\n".join(line for one in listed for line in _lines(one)))
        made.blocks = listed
        return made


def _lines(block: Block) -> list[str]:
    return [block] if isinstance(block, str) else block.lines()


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows under a header: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *rows)
    ]

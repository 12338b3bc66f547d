"""Sheets and explanations on a terminal: in its width and colours; a bar of how far work is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from softpower.errors import visible
from softpower.present.sheet import Call, Note, Sheet, Table, broken
from softpower.present.width import columns, wrapped
from softpower.result import Explanation

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text
    from rich.tree import Tree

NAMES = 20
"""The least room for the names of rows, where they are as long."""
GAP = 2
INKS = " .-#o"
"""The characters of a bar, the strongest last."""
DRAWN = str.maketrans(".-#o", "·━█●")
"""What they are where the terminal has more than ASCII."""
STYLES = {".": "dim", "-": "cyan", "#": "cyan", "o": "bold cyan"}


@contextmanager
def meter() -> Iterator[Callable[[int, int], object] | bool]:
    """Yield what takes how far work is, to be given as ``progress=``: a bar where stderr is a terminal.

    Until it is told how much work there is, the bar shows that something is done.
    """
    if not sys.stderr.isatty():
        yield False
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, work: shown.update(task, completed=done, total=work)


def show(page: Sheet | Explanation) -> None:
    """Write to stdout: laid out for its width where it is a terminal, as plain text elsewhere.

    Parameters
    ----------
    page : Sheet or Explanation
        An explanation is a tree on a terminal.
    """
    if not sys.stdout.isatty():
        lines = [page] if isinstance(page, Sheet) else map(visible, str(page).splitlines())
        sys.stdout.write("\n".join(lines) + "\n")
        return
    from rich.console import Console

    # A console takes every dumb terminal to have 80 columns, unless it is told both.
    size = shutil.get_terminal_size()
    console = Console(highlight=False, width=size.columns, height=size.lines)
    for one in (tree(page),) if isinstance(page, Explanation) else rendered(page, console):
        console.print(one)


def show_as_it_is(text: str) -> None:
    """Write lines to stdout as they are, except for what a terminal would obey where it is one.

    Parameters
    ----------
    text : str
    """
    sys.stdout.write("\n".join(map(visible, text.splitlines()) if sys.stdout.isatty() else [text]) + "\n")


def complain(faults: str) -> None:
    """Write faults to stderr, in the width of the terminal where it is one.

    Parameters
    ----------
    faults : str
        One in each line.
    """
    # This is also said where rich is not installed.
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
    for line in map(visible, faults.splitlines()):
        lines = [line] if width is None else wrapped(line, width, under="  ")
        sys.stderr.write("\n".join(lines) + "\n")


def rendered(sheet: Sheet, console: Console) -> Iterator[RenderableType]:
    """Yield the blocks of a sheet as they fit the width of a console."""
    from rich.text import Text

    for place, block in enumerate(sheet.blocks):
        if isinstance(block, Table):
            yield from _grids(block, console)
        elif isinstance(block, Call):
            # What is longer than the terminal is left to it, so that it can be copied in one piece.
            yield Text("\n".join(block.lines(console.width)), no_wrap=True, overflow="ignore")
        else:
            yield Text("\n".join(_note(block).lines(console.width)), _style(block, first=place == 0))


def _note(line: str | Note) -> Note:
    """Return a line as a note: its further lines stand under its first."""
    if isinstance(line, Note):
        return line
    text = line.lstrip()
    return Note(line[: len(line) - len(text)], text)


def _style(block: str | Note, *, first: bool) -> str:
    if isinstance(block, Note):
        return "yellow" if block.mark.startswith("!") else ""
    return "bold" if first else ""


def _grids(table: Table, console: Console) -> Iterator[RenderableType]:
    """Yield a table, or, where not all columns fit side by side, several with the same names of rows."""
    from rich.table import Table as Grid
    from rich.text import Text

    natural = max(columns(row[0]) for row in (table.head, *table.rows))
    for number, widths in enumerate(_parts(table, console.width - min(natural, NAMES))):
        if number:
            yield Text()
        room = min(natural, console.width - sum(width + GAP for width in widths.values()))
        grid = Grid(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
        grid.add_column(Text("\n".join(broken(table.head[0], room))), width=room, vertical="top")
        for place, width in widths.items():
            head = table.head[place]
            grid.add_column(Text(head), width=width, justify="right" if head else "left", overflow="fold")
        for name, *cells in table.rows:
            shown = (
                Text(cells[place - 1]) if table.head[place] else _bar(cells[place - 1], width, console)
                for place, width in widths.items()
            )
            grid.add_row(Text("\n".join(broken(name, room))), *shown)
        yield grid


def _parts(table: Table, room: int) -> list[dict[int, int]]:
    """Return the columns that go side by side, with their widths: all as they are if they fit, else narrow ones."""
    places = dict(enumerate(zip(*(row[1:] for row in (table.head, *table.rows)), strict=True), start=1))
    wide = {place: max(map(columns, cells)) for place, cells in places.items()}
    if sum(width + GAP for width in wide.values()) <= room:
        return [wide]
    narrow = {
        place: min(max(map(columns, (*head.split(), *cells))), room - GAP) if head else wide[place] // 2 + 1
        for place, (head, *cells) in places.items()
    }
    bound = {place for unit in table.together for place in unit}
    parts: list[dict[int, int]] = []
    for unit in (*table.together, *((place,) for place in places if place not in bound)):
        widths = {place: narrow[place] for place in unit}
        if not parts or sum(width + GAP for width in (parts[-1] | widths).values()) > room:
            parts.append({})
        parts[-1] |= widths
    return [dict(sorted(part.items())) for part in parts]


def _bar(cell: str, width: int, console: Console) -> Text:
    """Return a bar in colours and, where there is no room for all of it, in fewer steps."""
    from rich.text import Text

    step = 1 if len(cell) <= width else 2
    steps = [max(cell[place : place + step], key=INKS.index) for place in range(0, len(cell), step)]
    plain = console.options.ascii_only
    return Text.assemble(*((one if plain else one.translate(DRAWN), STYLES.get(one, "")) for one in steps))


def tree(explanation: Explanation) -> Tree:
    """Return an explanation as a tree: dimensions, indicators, and the observations under them.

    Parameters
    ----------
    explanation : Explanation
    """
    from rich.text import Text
    from rich.tree import Tree

    top, *entries = explanation.outline()
    path = [(-1, Tree(Text(visible(top.head), "bold")))]
    for entry in entries:
        while path[-1][0] >= entry.depth:
            path.pop()
        label = Text(visible(entry.head), "bold" if entry.node else "cyan")
        label.append("".join(f"\n{visible(one)}" for one in entry.details), "not bold default")
        path.append((entry.depth, path[-1][1].add(label)))
    return path[0][1]

"""What a page holds: texts and numbers as texts, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A text that leads to a place of the page."""

    text: str
    anchor: str


Cell = str | Link


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names it.

    Parameters
    ----------
    caption : str
    head : tuple of str
    rows : tuple of tuple of Cell
    texts : frozenset of int
        The columns that hold words beside the first; all others hold numbers.
    folded : bool
        Whether it is opened by a click.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True)
class Block:
    """A text as it stands in a file, such as a specification; opened by a click."""

    title: str
    text: str


@dataclass(frozen=True)
class Entry:
    """What is said of something, under a word for what it is."""

    term: str
    said: tuple[Cell, ...]


@dataclass(frozen=True)
class Definition:
    """An indicator: what it measures, how, and against which goalposts."""

    anchor: str
    title: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading of its own."""

    anchor: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    definitions: tuple[Definition, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Fact:
    """An observation that feeds an indicator, and its place in the source."""

    anchor: str
    name: str
    says: str
    value: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Node:
    """A node of one case, with everything under it."""

    anchor: str
    title: str
    name: str
    level: str
    score: str
    entries: tuple[Entry, ...]
    children: tuple[Node, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class CasePart:
    """A case, or a case in a period: its finding, its scores as a table, and its tree."""

    anchor: str
    title: str
    finding: str
    scores: Table
    tree: Node | None


@dataclass(frozen=True)
class Source:
    """A work or a source: its citation, its address on the web where it has one, and what else is said of it."""

    anchor: str
    citation: str
    address: str
    said: str


@dataclass(frozen=True)
class Page:
    """A report, from its first screen to its fingerprint."""

    title: str
    about: tuple[str, ...]
    finding: str
    first: Table
    robust: tuple[str, ...]
    open: tuple[str, ...]
    notes: tuple[str, ...]
    ranking: tuple[Table, ...]
    cases: tuple[CasePart, ...]
    cases_said: tuple[str, ...]
    sections: tuple[Section, ...]
    works: tuple[Source, ...]
    sources: tuple[Source, ...]
    fingerprint: Table

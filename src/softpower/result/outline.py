"""An explanation as text: its entries one under another, indented by how deep they are."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """One entry of an explanation: a node, or an observation under it."""

    depth: int
    """How far it is under the node that is explained; an observation is two below its indicator."""
    head: str
    details: tuple[str, ...] = ()
    node: str | None = None
    """The node; None for an observation and for the case."""


def indented(entries: Iterable[Entry]) -> str:
    """Return entries as an indented tree."""
    lines = []
    for one in entries:
        margin = "  " * one.depth
        lines += [f"{margin}{one.head}", *(f"{margin}  {detail}" for detail in one.details)]
    return "\n".join(lines)


def indented_html(entries: Sequence[Entry]) -> str:
    """Return entries as an indented HTML table, the first as its caption; all text is escaped."""
    top, *below = entries
    rows = []
    for one in below:
        said = "<br>".join(map(html.escape, one.details))
        style = f"text-align: left; padding-left: {one.depth + 1}em"
        head = f'<th scope="row" style="{style}">{html.escape(one.head)}</th>'
        rows.append(f'<tr>{head}<td style="text-align: left">{said}</td></tr>')
    return f"<table><caption>{html.escape(top.head)}</caption>{''.join(rows)}</table>"

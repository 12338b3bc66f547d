"""Draws the rooms of the library and how data flows through them, from the layers in pyproject.toml.

``python docs/making/rooms.py`` writes docs/pictures/rooms.svg. A room is described by the first line of its docstring.
"""

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
FLOW = (
    ("facts, tables", "derive, tabulate", "impute", "treat", "normalise", "weigh", "aggregate", "result"),
    ("what is uncertain", "points", "the same engine", "draws", "intervals, claims", "table, picture, page"),
)
INK, QUIET, BOX, LINE = "#1b1b1b", "#555555", "#eef2f8", "#7a8699"
WIDTH, MARGIN, FONT = 1000, 20, "font-family='sans-serif'"


def layers() -> list[list[str]]:
    """Return the rooms, the top layer first; neighbours share a layer."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (rooms,) = (one for one in written["tool"]["importlinter"]["contracts"] if one["id"] == "rooms")
    return [[room.strip() for room in layer.replace("|", ":").split(":")] for layer in rooms["layers"]]


def purpose(room: str) -> str:
    """Return what a room says of itself in its first line."""
    home = ROOT / "src" / "softpower"
    path = next(one for one in (home / f"{room}.py", home / room / "__init__.py") if one.is_file())
    says = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return says.splitlines()[0].replace("``", "").rstrip(".:,")


def text(x: float, y: float, says: str, *, size: int = 13, colour: str = INK, more: str = "") -> str:
    """Return one line of text."""
    return f"<text x='{x:g}' y='{y:g}' {FONT} font-size='{size}' fill='{colour}' {more}>{escape(says)}</text>"


def box(x: float, y: float, width: float, height: float) -> str:
    """Return one box."""
    return f"<rect x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' rx='4' fill='{BOX}' stroke='{LINE}'/>"


def arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return one arrow."""
    ends = f"x1='{x:g}' y1='{y:g}' x2='{to_x:g}' y2='{to_y:g}'"
    return f"<line {ends} stroke='{LINE}' stroke-width='1.5' marker-end='url(#head)'/>"


def flow(stages: tuple[str, ...], y: float) -> list[str]:
    """Return the stages of one flow, from the left to the right."""
    gap = 20
    width = (WIDTH - 2 * MARGIN - gap * (len(stages) - 1)) / len(stages)
    parts = []
    for place, stage in enumerate(stages):
        x = MARGIN + place * (width + gap)
        parts += [box(x, y, width, 34), text(x + width / 2, y + 22, stage, size=12, more="text-anchor='middle'")]
        if place:
            parts.append(arrow(x - gap, y + 17, x - 2, y + 17))
    return parts


def drawing() -> str:
    """Return the whole picture as SVG."""
    parts = [text(MARGIN, 30, "How data flows: one way", size=16, more="font-weight='bold'")]
    parts += [
        *flow(FLOW[0], 46),
        text(MARGIN, 106, "with one more axis, the draws:", colour=QUIET),
        *flow(FLOW[1], 118),
    ]
    parts.append(text(MARGIN, 196, "Rooms: imports point down only", size=16, more="font-weight='bold'"))
    y, left = 212.0, MARGIN + 24
    for layer in layers():
        width = (WIDTH - left - MARGIN - 10 * (len(layer) - 1)) / len(layer)
        purposes = [textwrap.wrap(purpose(room), int((width - 110) / 6.3)) for room in layer]
        height = 8 + 15 * max(2, *map(len, purposes))
        for column, (room, lines) in enumerate(zip(layer, purposes, strict=True)):
            x, middle = left + column * (width + 10), y + height / 2 + 4
            parts += [box(x, y, width, height), text(x + 10, middle, room, more="font-weight='bold'")]
            first = middle - 7.5 * (len(lines) - 1)
            parts += [text(x + 100, first + 15 * row, line, size=12, colour=QUIET) for row, line in enumerate(lines)]
        y += height + 8
    parts.append(arrow(MARGIN + 8, 212, MARGIN + 8, y - 8))
    head = (
        "<defs><marker id='head' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0 0L8 4L0 8z' fill='{LINE}'/></marker></defs>"
    )
    size = f"width='{WIDTH}' height='{y + 8:g}' viewBox='0 0 {WIDTH} {y + 8:g}'"
    ground = "<rect width='100%' height='100%' fill='white'/>"
    return "\n".join([f"<svg xmlns='http://www.w3.org/2000/svg' {size}>", head, ground, *parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")

"""Tables as a notebook shows them."""

import html
import re
from collections.abc import Iterable

import pandas as pd

ROWS = 20
"""So many rows are shown of a result of many."""


def captioned(caption: str, frame: pd.DataFrame, notes: Iterable[str] = (), *, index: bool = True) -> str:
    """Return a frame as an HTML table of few rows, with a caption and notes below it; all text is escaped."""
    with pd.option_context("display.max_colwidth", None):
        table = frame.round(3).to_html(escape=True, index=index, max_rows=ROWS)
    heads, body, cells = table.partition("<tbody>")
    # All text is escaped: a tag is a tag.
    table = re.sub(r"<th\b", '<th scope="col"', heads) + body + re.sub(r"<th\b", '<th scope="row"', cells)
    head = f"<caption><strong>{html.escape(caption)}</strong></caption>"
    said = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return table.replace(">", f">{head}", 1) + said

"""That the page on panels shows what its snippets print."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "panels.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_what_is_shown_is_what_is_printed(capsys):
    namespace: dict[str, object] = {}
    for snippet in blocks("python"):
        exec(snippet, namespace)
    printed = capsys.readouterr().out
    # Lines of a table end in blanks where its last column is empty.
    assert [line.rstrip() for line in printed.splitlines()] == "".join(blocks("text")).splitlines()

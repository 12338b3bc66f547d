"""That the page on one thing at a time shows what its snippets print."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "one-at-a-time.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_what_is_shown_is_what_is_printed(capsys):
    namespace: dict[str, object] = {}
    for snippet in blocks("python"):
        exec(snippet, namespace)
    printed = capsys.readouterr().out
    assert printed == "".join(blocks("text"))

"""That the page on weights shows what its snippets print, and names every rule."""

import re
from pathlib import Path
from typing import get_args

from softpower.model.uncertainty import Band, Dirichlet, Experts, Ordered, Sets, Simplex

PAGE = Path(__file__).parents[1] / "docs" / "weights.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_what_is_shown_is_what_is_printed(capsys):
    namespace: dict[str, object] = {}
    for snippet in blocks("python"):
        exec(snippet, namespace)
    printed = capsys.readouterr().out
    assert printed == "".join(blocks("text"))


def test_the_page_names_every_rule():
    for rule in (Simplex, Dirichlet, Band, Ordered, Sets, Experts):
        (name,) = get_args(rule.model_fields["method"].annotation)
        assert f'"{name}"' in TEXT

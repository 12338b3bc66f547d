"""That the page on weights names every rule. Its snippets run in test_readme."""

from pathlib import Path
from typing import get_args

from softpower.model.uncertainty import Band, Dirichlet, Experts, Ordered, Sets, Simplex

PAGE = Path(__file__).parents[1] / "docs" / "weights.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_rule():
    for rule in (Simplex, Dirichlet, Band, Ordered, Sets, Experts):
        (name,) = get_args(rule.model_fields["method"].annotation)
        assert f'"{name}"' in TEXT

"""That the page on audits is true: what it names is there. Its snippets run in test_readme."""

import re
from pathlib import Path

from softpower import Audit, cli
from softpower.auditing.findings import SEVERITIES

TEXT = (Path(__file__).parents[1] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_names_on_the_page_are_those_of_the_library():
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == list(SEVERITIES)
    for name in re.findall(r"`found\.(\w+)", TEXT):
        assert name in {*Audit.__dataclass_fields__, *vars(Audit)}
    assert f"exit code {cli.FOUND}" in TEXT

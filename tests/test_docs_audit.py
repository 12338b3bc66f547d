"""That the page on audits is true: what it shows is printed, what it names is there."""

import contextlib
import io
import re
from pathlib import Path

from softpower import Audit, cli
from softpower.auditing.findings import SEVERITIES

TEXT = (Path(__file__).parents[1] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_snippet_prints_what_the_page_shows():
    code = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
    shown = re.findall(r"^```text\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})
    assert out.getvalue() == shown


def test_the_names_on_the_page_are_those_of_the_library():
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == list(SEVERITIES)
    for name in re.findall(r"`found\.(\w+)", TEXT):
        assert name in {*Audit.__dataclass_fields__, *vars(Audit)}
    assert f"exit code {cli.FOUND}" in TEXT

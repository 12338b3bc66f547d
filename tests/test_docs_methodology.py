"""That the guide to methodologies has every method of every step, once, in the table of its step."""

import re
from pathlib import Path

import pytest

from softpower.registry import STEPS

PAGE = Path(__file__).parents[1] / "docs" / "choose-a-methodology.md"
PARTS = dict(
    re.findall(r"^## `(\w+)`[^\n]*\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)


def test_every_step_has_its_part():
    assert list(PARTS) == list(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_the_table_names_the_methods_of_the_step(step):
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", PARTS[step], re.MULTILINE)
    shipped = [name for name in STEPS[step] if STEPS[step][name].function.__module__.startswith("softpower.steps.")]
    assert len(shipped) >= 2
    assert sorted(rows) == sorted(shipped)

"""That the library gives the same however Python is run: without docstrings, with other seeds of hashes."""

import json
import os
import subprocess
import sys

import pytest

from softpower import cli
from softpower.registry import STEPS

SCORED = """
import softpower
result = softpower.score("kazakhstan")
print(result, result.explain(), result.to_frame().to_csv())
"""
REPORTED = """
import pathlib, softpower, tempfile
with tempfile.TemporaryDirectory() as folder:
    page = softpower.report("kazakhstan", pathlib.Path(folder) / "page.html", n=256)
    print(page.read_text(encoding="utf-8"))
"""


def printed(code, *options, **environment):
    run = [sys.executable, *options, "-c", code]
    done = subprocess.run(
        run, env=os.environ | environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=True
    )
    return done.stdout


def test_methods_and_commands_are_described_without_docstrings(capsys, monkeypatch):
    code = """
import json, sys
assert json.__doc__ is None
import softpower.cli, softpower.steps
from softpower.registry import STEPS
print(json.dumps([[one.summary for one in map(step.__getitem__, step)] for step in STEPS.values()]))
sys.argv = ["softpower", "--help"]
softpower.cli.main()
"""
    summaries, _, listed = printed(code, "-OO").partition("\n")
    ours = [[step[name].summary for name in step if "doctest" not in name] for step in STEPS.values()]
    assert json.loads(summaries) == ours
    monkeypatch.setattr(sys, "argv", ["softpower", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    assert listed == capsys.readouterr().out


def test_the_seed_of_hashes_moves_nothing_that_is_scored_or_printed():
    first, second = (printed(SCORED, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second
    assert "Kazakhstan" in first


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_seed_of_hashes_moves_nothing_of_a_report(seed):
    assert printed(REPORTED, PYTHONHASHSEED=str(seed)) == printed(REPORTED, PYTHONHASHSEED="0")

"""That the page on saving is true: its commands print what it shows. Its snippets run in test_readme."""

import re
import sys
from pathlib import Path

import pytest

from softpower import cli

PAGE = Path(__file__).parents[1] / "docs" / "save-and-share.md"
RUNS = re.findall(
    r"^```console\n(.*?)^```\n\n```text\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def test_the_page_shows_commands():
    assert len(RUNS) == PAGE.read_text(encoding="utf-8").count("```console")


@pytest.mark.parametrize(("command", "shown"), RUNS, ids=[command.strip() for command, _ in RUNS])
def test_a_command_prints_what_the_page_shows(command, shown, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    assert capsys.readouterr().out == shown

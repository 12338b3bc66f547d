"""That the page on time is true: its command prints what it shows, and its numbers are those of the study."""

import re
import sys
from pathlib import Path

import pytest

import softpower
from softpower import cli

PAGE = Path(__file__).parents[1] / "docs" / "time.md"
TEXT = PAGE.read_text(encoding="utf-8")
PHASES = ("1991-2001", "2002-2013", "2014-2022")


def row(start):
    """The cells of a row of a table that starts so."""
    line = next(one for one in TEXT.splitlines() if one.startswith(f"| {start}"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_the_command_prints_what_the_page_shows(monkeypatch, capsys):
    command, shown = re.search(
        r"^```console\n(.*?)\n```\n\n```text\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL
    ).groups()
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    assert capsys.readouterr().out.rstrip() == shown


def test_the_phases_are_those_of_the_study():
    constant, dated = (softpower.trajectory("kazakhstan", undated=way) for way in ("constant", "leave_out"))
    table = constant.phases(PHASES, ["soft_power"])
    assert row("facts without a date held constant, mean") == [f"{one:.1f}" for one in table["mean"]]
    assert row("of it, change that facts and time made") == [f"{one:+.1f}" for one in table["moved"]]
    assert [float(cell) for cell in row("of it, change by coverage alone")] == table["coverage_change"].round(
        1
    ).tolist()
    alone = dated.phases(PHASES, ["soft_power"])
    assert row("dated facts alone, mean") == ["no score", "no score", f"{alone['mean'].iloc[2]:.1f} in five years"]
    assert alone["scored"].tolist() == [0, 0, 5]
    assert len(dated.always) == 6
    comparable = dated.comparable().phases(PHASES, ["soft_power"])["mean"]
    assert row("the six indicators that dated facts settle") == [f"{one:.1f}" for one in comparable]
    assert any("Facts that count: 3 in 1991, 11 in 2007, 43 in 2022." in note for note in dated.notes)
    assert "Three dated facts stand behind 1991, 43 behind 2022" in TEXT


def test_so_many_facts_have_no_date():
    profile = softpower.load_profile("kazakhstan")
    kinds = {name: one.kind for name, one in profile.framework.variables.items()}
    bare = [one for one in profile.observations if one.feeds and one.start is None and one.end is None]
    judged = sum(kinds[one.variable] == "judgement" for one in bare)
    assert f"{len(bare)} facts that can feed a score have no date, {judged} of them judgements." in TEXT

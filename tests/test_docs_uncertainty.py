"""That the page on uncertainty is true: commands print what it shows, tables name every key."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

import softpower
from softpower import cli
from softpower.model.uncertainty import AmongSiblings, Experts, Sets

PAGE = Path(__file__).parents[1] / "docs" / "uncertainty.md"
TEXT = PAGE.read_text(encoding="utf-8")
RUNS = re.findall(r"^```console\n(.*?)\n```\n\n```text\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)
TABLES = [tomllib.loads(text) for text in re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)]


@pytest.mark.parametrize(("command", "shown"), RUNS, ids=[command for command, _ in RUNS])
def test_a_command_prints_what_the_page_shows(command, shown, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    assert capsys.readouterr().out.rstrip() == shown


def test_what_is_declared_on_the_page_fits_the_profile():
    uncertainty = next(table["uncertainty"] for table in TABLES if "uncertainty" in table)
    drawn = softpower.uncertainty_analysis("kazakhstan", uncertainty=uncertainty, n=64)
    assert len(drawn.factors) > 20
    claims = next(table["claims"] for table in TABLES if "claims" in table)
    profile = softpower.load_profile("kazakhstan").replace(claims=claims, uncertainty=uncertainty)
    assert softpower.uncertainty_analysis(profile, n=64).claims()["decided"].eq(1.0).all()


def rows():
    return {name for row in re.findall(r"^\| (`[^|]*) \|", TEXT, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("model", [softpower.Uncertainty, softpower.Claim], ids=lambda one: one.__name__)
def test_the_tables_name_every_key(model):
    assert set(model.model_fields) <= rows()


def test_the_tables_name_every_way_to_weigh():
    kinds = [*AmongSiblings.__origin__.__args__, Sets, Experts]
    assert {kind.__name__.lower() for kind in kinds} <= rows()

"""The examples: that they run, what they print, what they write, and that they overwrite nothing unasked."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(monkeypatch, name, *arguments):
    monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


WRITTEN = {
    "compare_countries.py": (
        {"ranking.png", "acceptability.png", "correlations.png", "missing.png", "treatment.png"},
        "90 % of ranks",
    ),
    "compare_actors.py": ({"strengths.png", "pairwise.png", "pairwise_culture.png"}, "invented for illustration"),
    "kazakhstan.py": (
        {
            "profile.png",
            "contributions.png",
            "framework.png",
            "specifications.png",
            "tornado.png",
            "sensitivity.png",
            "simplex.png",
            "scenarios.png",
        },
        "Most on weights, with a part in",
    ),
    "kazakhstan_through_time.py": (
        {"trajectory.png", "trajectory_comparable.png"},
        "The same phases, read otherwise:",
    ),
}


@pytest.mark.parametrize("script", WRITTEN)
def test_pictures_are_written_and_never_overwritten_unasked(script, monkeypatch, tmp_path, capsys):
    pictures, said = WRITTEN[script]
    folder = tmp_path / "new" / "pictures"
    run(monkeypatch, script, "--output", folder)
    assert said in capsys.readouterr().out
    assert {one.name for one in folder.iterdir()} == pictures
    assert all(one.read_bytes().startswith(b"\x89PNG") for one in folder.iterdir())
    first = min(pictures)
    (folder / first).write_bytes(b"mine")
    with pytest.raises(SystemExit):
        run(monkeypatch, script, "--output", folder)
    assert "give --overwrite" in capsys.readouterr().err
    assert (folder / first).read_bytes() == b"mine"


OTHERS = sorted({script.name for script in EXAMPLES.glob("*.py")} - WRITTEN.keys())


@pytest.mark.parametrize("script", OTHERS)
def test_those_without_pictures_run(script, monkeypatch, capsys):
    run(monkeypatch, script)
    assert capsys.readouterr().out

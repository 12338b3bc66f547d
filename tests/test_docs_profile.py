"""That the page on profiles is true: its folder loads, its commands print what it shows, and it names every field."""

import csv
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

import softpower
from softpower import cli
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.reference import Source
from softpower.model.variable import Combine
from softpower.registry import STEPS

PAGE = Path(__file__).parents[1] / "docs" / "your-own-profile.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"^File `([^`]+)`:\n\n```\w*\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(r"^```(diff|console|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Run:
    """One command of the page, with the change of a file before it and what the page shows as printed."""

    command: str
    printed: str
    change: str = ""


def runs() -> list[Run]:
    """Pair each command with the text below it, and with the change above it."""
    blocks = BLOCK.findall(TEXT)
    before = [("", ""), *blocks]
    after = [*blocks[1:], ("", "")]
    return [
        Run(body.strip(), printed, change if kind == "diff" else "")
        for (kind, change), (language, body), (_, printed) in zip(before, blocks, after, strict=False)
        if language == "console"
    ]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def changed(files: dict[str, str], change: str) -> dict[str, str]:
    """Return the files after a change that takes one line away, or puts another in its place."""
    if not change:
        return files
    lines = change.splitlines()
    name = lines[0].removeprefix("--- ")
    (old,) = (line[1:] for line in lines[2:] if line.startswith("-"))
    new = "".join(f"{line[1:]}\n" for line in lines[2:] if line.startswith("+"))
    assert files[name].count(f"{old}\n") == 1
    return files | {name: files[name].replace(f"{old}\n", new)}


def printed(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit code of a command and what it prints."""
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out + err


def test_the_page_shows_a_whole_folder():
    assert {Path(name).name for name in FILES} == {
        "profile.toml",
        "observations.csv",
        "sources.toml",
        "framework.toml",
    }
    assert len(runs()) >= 7


def test_the_folder_loads_and_scores(tmp_path):
    write(tmp_path, FILES)
    profile = softpower.load_profile(tmp_path / "arvonia")
    result = softpower.score(profile)
    assert sorted(one.measure.kind for one in profile.indicators.values()) == ["ladder", "mean", "ratio"]
    # By hand: 1200 of 6000 students; two rungs of three; the mean of 1 and -1 on a scale from -2 to 2.
    scores = result.to_frame().loc["ARV>SEL", "score"]
    assert scores["student_share"] == pytest.approx(20)
    assert scores["school_ties"] == pytest.approx(200 / 3)
    assert scores["press_regard"] == pytest.approx(50)
    assert scores["soft_power"] == pytest.approx((2 * (20 + 200 / 3) / 2 + 50) / 3)


@pytest.mark.parametrize("run", runs(), ids=lambda run: run.command)
def test_a_command_prints_what_the_page_shows(run, tmp_path, monkeypatch, capsys):
    write(tmp_path, changed(FILES, run.change))
    monkeypatch.chdir(tmp_path)
    code, out = printed(run.command, monkeypatch, capsys)
    assert out.rstrip() == run.printed.rstrip()
    assert code == int("validate" in run.command and "no faults" not in run.printed)


@pytest.mark.parametrize("model", [softpower.Profile, Methodology, Observation, Source], ids=lambda one: one.__name__)
def test_the_page_names_every_field(model):
    named = {name for row in re.findall(r"^\| (`[^|]*) \|", TEXT, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert set(model.model_fields) <= named


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Observation, "wording"),
        (Observation, "use"),
        (Observation, "scope"),
        (Observation, "polarity"),
        (Observation, "channel"),
        (Observation, "distribution"),
        (Source, "kind"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_the_page_names_every_allowed_value(model, field):
    annotation = model.model_fields[field].annotation
    choices = [one for one in get_args(annotation) if isinstance(one, str)]
    choices += [one for inner in get_args(annotation) for one in get_args(inner)]
    assert choices
    assert [one for one in choices if f"`{one}`" not in TEXT] == []


def test_the_page_names_every_way_to_combine():
    assert [one for one in get_args(Combine) if f'| `"{one}"` |' not in TEXT] == []


@pytest.mark.parametrize("step", ["missing", "impute", "treat", "normalise", "weights", "aggregate"])
def test_the_page_names_every_method(step):
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{step}` |"))
    methods = [name for name in STEPS[step] if name != "mapping"]
    assert methods
    assert [name for name in methods if f'"{name}"' not in row] == []


def test_the_header_names_no_more_than_the_page_explains():
    header = next(text for name, text in FILES.items() if name.endswith(".csv")).splitlines()[0].split(",")
    assert set(header) <= set(Observation.model_fields)


def test_two_coders_of_one_fact(tmp_path):
    write(tmp_path, FILES)
    profile = softpower.load_profile(tmp_path / "arvonia")
    (text,) = (one for one in re.findall(r"^```csv\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL) if "coder" in one)
    rows = [Observation(**row) for row in csv.DictReader(text.splitlines())]
    others = [one for one in profile.observations if one.variable != "press_tone"]
    (name,) = (name for name, one in profile.indicators.items() if one.measure.kind == "mean")

    def said(facts):
        frame = softpower.score(profile.replace(observations=[*others, *facts])).to_frame()
        # on a scale from -2 to 2
        return [frame.loc[("ARV>SEL", name), part] / 25 - 2 for part in ("score", "low", "high")]

    assert said(rows) == pytest.approx([0, -1, 2])
    assert said([rows[0], rows[1].replace(statement="Another one.")]) == pytest.approx([0, -0.5, 1])

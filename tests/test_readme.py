"""That README and docs say what is so: their commands, their snippets, what they show as printed."""

import re
import sys
from pathlib import Path

import pytest

from softpower import cli
from softpower.registry import STEPS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
OTHERS = (ROOT / "indicators" / "README.md", ROOT / "examples" / "kazakhstan" / "README.md")
PAGES = [page for page in (README, *OTHERS, *sorted((ROOT / "docs").glob("**/*.md"))) if page.is_file()]
BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The blocks of a language with the line on which their text begins."""
    text = page.read_text(encoding="utf-8")
    return [
        (text[: found.start(2)].count("\n") + 1, found[2]) for found in BLOCK.finditer(text) if found[1] == language
    ]


def snippets(page: Path) -> list[tuple[int, str, str | None]]:
    """The snippets of Python: their first line, their code, and the block of text directly below, which they print."""
    text = page.read_text(encoding="utf-8")
    found = list(BLOCK.finditer(text))
    return [
        (
            text[: one.start(2)].count("\n") + 1,
            one[2],
            after[2] if after and after[1] == "text" and not text[one.end() : after.start()].strip() else None,
        )
        for one, after in zip(found, [*found[1:], None], strict=False)
        if one[1] == "python"
    ]


def commands() -> list[str]:
    lines = README.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.lstrip("$ ").startswith("python3 -m venv")]


# The page of errors shows mistakes, and is made by making them: tests/test_errors_page.py holds it.
WITH_SNIPPETS = [page for page in PAGES if blocks(page, "python") and page.name != "errors.md"] or [
    pytest.param(None, marks=pytest.mark.skip(reason="neither README.md nor docs/ has a block of Python yet"))
]


def test_the_readme_has_two_commands_of_one_line_that_do_all_set_up():
    if not README.is_file():
        pytest.skip("README.md is not in this tree")
    assert len(commands()) == 2
    for line in commands():
        assert line.startswith("python3 -m venv ")
        assert not line.endswith("\\")
        assert "pip install" in line
    assert [sum(word in line for line in commands()) for word in ("softpower score kazakhstan", "pytest")] == [1, 1]


def test_the_scores_that_the_readme_shows_are_what_the_command_prints(monkeypatch, capsys):
    shown = [text for _, text in blocks(README, "text") if "EU>KAZ" in text] if README.is_file() else []
    if not shown:
        pytest.skip("README.md shows no scores in this tree")
    monkeypatch.setattr(sys, "argv", ["softpower", "score", "kazakhstan"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    printed = capsys.readouterr().out.splitlines()
    lines = [line.rstrip() for line in shown[0].splitlines() if line.strip() not in {"", "..."}]
    assert [line for line in lines if line not in printed] == []


@pytest.mark.parametrize(
    "page", WITH_SNIPPETS, ids=lambda page: page.relative_to(ROOT).as_posix() if isinstance(page, Path) else "none"
)
def test_every_snippet_runs_and_prints_what_stands_below_it(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for registry in STEPS.values():
        # What a page registers is gone when it ends.
        monkeypatch.setattr(registry, "_methods", dict(registry._methods))
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line, snippet, shown in snippets(page):
        # Empty lines before it, so that a traceback names the line of the page.
        exec(compile("\n" * (line - 1) + snippet, str(page), "exec"), namespace)
        printed = capsys.readouterr().out
        assert shown in {None, printed}, f"{page.name} line {line} prints:\n{printed}"
    assert len(namespace) > 1

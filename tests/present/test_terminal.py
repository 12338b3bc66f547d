"""Sheets on a terminal: the cells of the plain text, in whatever width, in colour only where it is wanted."""

import io
import re
import sys
from itertools import product

import pandas as pd
import pytest
from rich.console import Console

from softpower import cli, score, score_scenarios, sensitivity_analysis, uncertainty_analysis
from softpower.errors import SpecificationError
from softpower.present.scenarios import scenario_table
from softpower.present.sheet import Note, Sheet, Table
from softpower.present.table import score_table
from softpower.present.terminal import complain, meter, rendered, show, show_as_it_is, tree
from softpower.present.uncertainty import sensitivity_table, uncertainty_table

WIDTHS = [60, 80, 120]


class Terminal(io.StringIO):
    """A stream that says it is a terminal, in an encoding."""

    encoding = "utf-8"

    def isatty(self):
        return True


def printed(sheet, width, **options):
    stream = Terminal()
    console = Console(file=stream, width=width, highlight=False, color_system=None, **options)
    for block in rendered(sheet, console):
        console.print(block)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def drawn_again(text):
    """Text without what a bar may be drawn with, and without the way in which it is broken into lines."""
    return re.sub(r"[·━█●\s]", "", text)


def sheets():
    drawn = uncertainty_analysis("kazakhstan", n=64)
    scenarios = score_scenarios("kazakhstan", ["no_trade", "cultural_network_breadth.all_founders"])
    countries = uncertainty_analysis("technology_achievement", uncertainty={"weights": "simplex"}, n=16)
    return {
        "score": score_table(drawn.score, drawn=drawn),
        "uncertainty": uncertainty_table(drawn),
        "scenarios": scenario_table(drawn.profile, scenarios),
        "sensitivity": sensitivity_table(sensitivity_analysis("kazakhstan", n=4, resamples=2, groups="kinds")),
        "ranking": uncertainty_table(countries),
        "scores of countries": score_table(countries.score, drawn=countries),
    }


def test_every_cell_is_there_whole_and_no_line_is_too_long():
    for (name, sheet), width in product(sheets().items(), WIDTHS):
        lines = printed(sheet, width)
        assert max(map(len, lines)) <= width, name
        text = "\n".join(lines)
        for block in sheet.blocks:
            if not isinstance(block, Table):
                said = block if isinstance(block, str) else block.mark + block.text
                assert drawn_again(said) in drawn_again(text)
                continue
            for row in block.rows:
                # Numbers are never broken.
                bars = {place for place, head in enumerate(block.head) if not head}
                assert all(cell in text for place, cell in enumerate(row) if place and place not in bars)


TABLE = Table(
    ["case", "score", "bounds", "coverage", ""],
    [
        ["KAZ", "61.2", "44.6 to 74.7", "100%", ".....----o---........"],
        ["  a dimension with a long name", "9.0", "", "50%", "o...................."],
    ],
    together=[(1, 2, 4)],
)


def test_what_fits_is_one_table_with_whole_bars():
    assert printed(Sheet([TABLE]), 100) == [
        "case                            score        bounds  coverage",
        "KAZ                              61.2  44.6 to 74.7      100%  ·····━━━━●━━━········",
        "  a dimension with a long name    9.0                     50%  ●····················",
    ]


def test_what_does_not_fit_goes_below_with_the_same_names():
    assert printed(Sheet([TABLE]), 55) == [
        "case                   score        bounds",
        "KAZ                     61.2  44.6 to 74.7  ··━━●━━····",
        "  a dimension with a     9.0                ●··········",
        "    long name",
        "",
        "case                            coverage",
        "KAZ                                 100%",
        "  a dimension with a long name       50%",
    ]


def test_notes_hang_under_their_first_line():
    assert printed(Sheet([Note("  id  7%  ", "it holds in seven of a hundred")]), 30) == [
        "  id  7%  it holds in seven of",
        "          a hundred",
    ]


def test_what_looks_like_markup_is_text():
    assert printed(Sheet(["[bold]a :smile:", Table(["[red]x", "[/]"], [["[b]", "1"]])]), 80) == [
        "[bold]a :smile:",
        "[red]x  [/]",
        "[b]       1",
    ]


def test_a_terminal_without_more_than_ascii_gets_ascii(monkeypatch):
    monkeypatch.setattr(Terminal, "encoding", "ascii")
    assert ".....----o---........" in printed(Sheet([TABLE]), 100)[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_explanation_is_a_tree_that_says_what_its_text_says(width):
    explanation = score("kazakhstan").explain(node="visa_openness")
    stream = Terminal()
    Console(file=stream, width=width, color_system=None).print(tree(explanation))
    text = stream.getvalue()
    assert text.count("├── ") == 2
    assert text.count("└── ") == 2
    assert max(map(len, text.splitlines())) <= width
    assert re.sub(r"[├└─│\s]", "", text) == re.sub(r"\s", "", str(explanation))


class TestShow:
    SHEET = Sheet(["A title", Table(["case", "score"], [["KAZ", "1.0"]])])

    def test_elsewhere_it_is_the_plain_text(self, capsys):
        show(self.SHEET)
        assert capsys.readouterr().out == "A title\ncase  score\nKAZ     1.0\n"

    @pytest.mark.parametrize("no_color", [False, True])
    def test_no_color_is_honoured(self, monkeypatch, no_color):
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "60")
        monkeypatch.delenv("NO_COLOR", raising=False)
        if no_color:
            monkeypatch.setenv("NO_COLOR", "1")
        show(Sheet(["A title", Note("! ", "Look."), TABLE]))
        codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", stream.getvalue()) for code in found.split(";")}
        assert bool(codes & {str(colour) for colour in range(30, 38)}) != no_color
        assert "Look." in stream.getvalue()

    def test_a_dumb_terminal_is_as_wide_as_it_is(self, monkeypatch):
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        for name, value in {"TERM": "dumb", "COLUMNS": "60"}.items():
            monkeypatch.setenv(name, value)
        show(Sheet(["A title of several words " * 4, Note("! ", "Look there. " * 20), TABLE]))
        assert max(len(line.rstrip()) for line in stream.getvalue().splitlines()) <= 60
        assert "\x1b" not in stream.getvalue()

    def test_what_is_written_as_it_is_commands_no_terminal(self, monkeypatch, capsys):
        show_as_it_is("a,\x1b[31mb\nc")
        assert capsys.readouterr().out == "a,\x1b[31mb\nc\n"
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        show_as_it_is("a,\x1b[31mb\nc")
        assert stream.getvalue() == "a,\\x1b[31mb\nc\n"

    def test_faults_fit_the_terminal(self, monkeypatch):
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("COLUMNS", "60")
        complain(str(SpecificationError.of("a.toml", "\x1b[31m and more " * 9, "Mend it.")))
        assert max(map(len, stream.getvalue().splitlines())) <= 60
        assert "\x1b" not in stream.getvalue()


class TestMeter:
    def test_nothing_is_written_where_there_is_no_terminal(self, capsys):
        with meter() as progress:
            assert progress is False
        assert capsys.readouterr().err == ""

    def test_a_bar_comes_and_goes(self, monkeypatch):
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        with meter() as progress:
            uncertainty_analysis(
                pd.DataFrame({"a": [1, 2], "b": [3, 1]}), uncertainty={"weights": "simplex"}, n=64, progress=progress
            )
        assert "100%" in stream.getvalue()
        assert stream.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["score", "kazakhstan", "--depth", "1", "--draws", "64"], "Soft power "),
        (["explain", "kazakhstan"], "└── Soft"),
        (["tornado", "kazakhstan", "--node", "culture"], "  weights: culture: from "),
        (["swings", "kazakhstan"], "VIS-06: visa_free_members"),
        (["drop-each", "kazakhstan", "--by", "dimension"], "Political values"),
    ],
)
def test_commands_on_a_terminal_of_sixty_columns(monkeypatch, arguments, begins):
    stream, errors = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(sys, "argv", ["softpower", *arguments])
    for name, value in {"COLUMNS": "60", "NO_COLOR": "1", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    lines = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()).splitlines()
    # The last line is a command, or an interval in words, which the terminal breaks itself.
    assert max(len(line.rstrip()) for line in lines[:-1]) <= 60
    assert any(line.startswith(begins) for line in lines)
    assert "100%" in errors.getvalue()

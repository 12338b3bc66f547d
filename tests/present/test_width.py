"""Text in columns: as wide as a terminal shows it, broken without loss, and nothing in it that is obeyed."""

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from softpower.errors import visible
from softpower.present.sheet import Call, Sheet
from softpower.present.width import DEGRADED, NAME_BREAKS, columns, padded, wrapped

TEXTS = st.text(st.sampled_from("ab -._/>é影😀\u0301\u200f"), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [("soft", 4), ("影響力", 6), ("e\u0301", 1), ("😀", 2), ("\u200fa", 1), ("", 0), ("…", 1), ("❤\ufe0f", 2)],
)
def test_columns_are_those_of_a_terminal(text, width):
    assert columns(text) == width == cell_len(text)


class TestWrapped:
    """No line is wider than the width, and all that is no blank is there in its order."""

    @given(text=TEXTS, width=st.integers(6, 30), under=st.sampled_from(["", "  "]), name=st.booleans())
    def test_nothing_is_lost_and_nothing_sticks_out(self, text, width, under, name):
        lines = wrapped(text, width, under=under, **({"breaks": NAME_BREAKS} if name else {}))
        assert all(columns(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(line.startswith(under) for line in lines[1:])

    def test_it_breaks_at_blanks_hyphens_and_points_of_names(self):
        assert wrapped("as far as well-known words go", 15) == ["as far as well-", "known words go"]
        assert wrapped("a_name.of_parts", 8, breaks=NAME_BREAKS) == ["a_name.", "of_parts"]
        assert wrapped("a veryverylongword", 8) == ["a veryve", "rylongwo", "rd"]

    def test_padding_counts_columns(self):
        assert padded("影", 4) == "影  "
        assert padded("影", 4, right=True) == "  影"


class TestVisible:
    """A text shows what a terminal would obey, and is otherwise as it was."""

    @given(st.text())
    def test_nothing_that_is_obeyed_is_left(self, text):
        assert re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", visible(text)) is None

    def test_what_is_obeyed_is_written_out(self):
        assert visible("\x1b]0;x\x07\u202e é\n影") == r"\x1b]0;x\x07\u202e é 影"

    def test_sheets_hold_nothing_else(self):
        assert Sheet(["\x1b[1m", Call("a\x9b", ["b\x07"])]) == "\\x1b[1m\na\\x9b: 'b\\x07'"


def test_ascii_has_what_is_like_a_character_or_its_number():
    assert "a – ’b’ × é 影".encode("ascii", DEGRADED) == rb"a - 'b' x \xe9 \u5f71"  # noqa: RUF001
    with pytest.raises(UnicodeDecodeError):
        codecs.decode(b"\xff", "utf-8", DEGRADED)


class TestCall:
    CALL = Call("All of it", ["softpower", "score", "a name", "--methodology", "weights={a = 2}"])

    def test_it_stands_on_one_line_where_there_is_room(self):
        one = "All of it: softpower score 'a name' --methodology 'weights={a = 2}'"
        assert self.CALL.lines() == self.CALL.lines(len(one)) == [one]

    def test_a_shell_takes_its_lines_as_one(self):
        assert self.CALL.lines(30) == [
            "All of it:",
            "  softpower score 'a name' \\",
            "    --methodology \\",
            "    'weights={a = 2}'",
        ]

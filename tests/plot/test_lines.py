from hypothesis import given
from hypothesis import strategies as st

from softpower.plot.lines import broken, centres, line_count


@given(st.text("abc_. ", max_size=80), st.integers(4, 20))
def test_nothing_is_lost_and_no_line_is_too_long(text, columns):
    made = broken(text, columns)
    assert "".join(made.split()) == "".join(text.split())
    assert max(map(len, made.split("\n"))) <= columns
    assert line_count(made, "x") == len(made.split("\n"))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=20))
def test_rows_follow_one_another_and_fill_the_whole(lines):
    places, whole = centres(lines, gap=0.5)
    tops = [place - (count + 0.5) / 2 for place, count in zip(places, lines, strict=True)]
    assert tops[0] == 0
    assert whole == sum(lines) + 0.5 * len(lines)
    assert all(abs(tops[i + 1] - (places[i] + (lines[i] + 0.5) / 2)) < 1e-9 for i in range(len(lines) - 1))

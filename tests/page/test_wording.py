"""Numbers and texts of a page, by hand."""

import math

import pytest

from softpower.page.wording import Anchors, isolated, listed, share_text, span_text, valued


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("trade", "trade"),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\u202etrade", "\u2068\u202etrade\u2069"),
        ("\u2069\u202etrade", "\u2068\u202etrade\u2069"),
        ("\u2067trade", "\u2068\u2067trade\u2069\u2069"),
        ("\u0642\u0648\u0629", "\u2068\u0642\u0648\u0629\u2069"),
    ],
)
def test_a_text_turns_nothing_around_it(text, shown):
    assert isolated(text) == shown


def test_a_text_that_is_isolated_twice_stays_balanced():
    twice = isolated(isolated("\u202etrade") + " rises")
    assert twice.count("\u2068") == twice.count("\u2069") == 2


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0%"), (0.001, "under 1%"), (0.5, "50%"), (0.999, "over 99%"), (1.0, "100%")]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, shown):
    assert share_text(share) == shown


def test_numbers_that_are_missing_are_dashes():
    assert share_text(math.nan) == span_text(math.nan, 1.0) == "\N{EN DASH}"
    assert valued(math.nan, 0.0, 1.0) == "missing"


def test_spans_that_are_points_are_one_number():
    assert span_text(1.0, 1.0) == "1.0"
    assert valued(2.0, 1.0, 3.0) == "2 (1 to 3)"


def test_lists_are_words():
    assert [listed([]), listed(["a"]), listed(["a", "b"])] == ["", "a", "a and b"]


def test_anchors_are_plain_stable_and_unique():
    anchors = Anchors()
    assert anchors.of("case", "a b") == "case-a-b"
    assert anchors.of("case", "a-b") == "case-a-b-2"
    assert anchors.of("case", "<script>") == "case-script"
    assert anchors.of("case", "a b") == "case-a-b"

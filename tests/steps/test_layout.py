"""Which columns a layout keeps."""

import numpy as np

from softpower.steps.layout import Layout

LAYOUT = Layout(
    ("visits", "trade", "aid"),
    np.array([0, 1, 1]),
    np.arange(2),
    np.array([2001.0, 2002.0]),
    {"half": np.array([0, 1])},
)


def test_columns_keep_their_names_and_dimensions():
    kept = LAYOUT.columns(np.array([2, 0]))
    assert (kept.indicators, kept.dimensions.tolist()) == (("aid", "visits"), [1, 0])
    assert (kept.cases, kept.times, kept.groups) == (LAYOUT.cases, LAYOUT.times, LAYOUT.groups)


def test_all_columns_are_the_layout_itself():
    assert LAYOUT.columns(np.arange(3)) is LAYOUT


def test_a_plain_layout_has_one_dimension_and_a_case_in_each_row():
    plain = Layout.plain(3, ("visits", "trade"))
    assert (plain.dimensions.tolist(), plain.cases.tolist(), plain.times, plain.groups) == ([0, 0], [0, 1, 2], None, {})

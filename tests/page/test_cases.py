"""The cases of a page: how they are ranked, and what of them is left out."""

import numpy as np
import pandas as pd

from analysis.test_uncertainty import hundred
from page.studies import drawn_study
from softpower.page import cases
from softpower.page.cases import case_parts, cases_said, ranking


def test_a_case_without_a_score_has_no_ranks_in_the_draws():
    frame = pd.DataFrame({"x": [1.0, 2.0, 30.0], "y": [np.nan, 2.0, 40.0]}, index=["A", "B", "C"])
    table = ranking(drawn_study(hundred(frame, methodology={"missing": "strict"}), weights="simplex"))
    assert table.head[:3] == ("Case", "rank", "90 % of ranks")
    shown = [[cell if isinstance(cell, str) else cell.text for cell in row[:4]] for row in table.rows]
    dash = "\N{EN DASH}"
    assert shown == [["C", "1", "1", "35.0"], ["B", "2", "2", "2.0"], ["A", "", dash, dash]]


def test_where_trees_are_too_many_the_highest_alone_are_taken_apart(monkeypatch):
    # Two cases of an index and two indicators are six nodes.
    monkeypatch.setattr(cases, "NODES", 6)
    frame = pd.DataFrame({"x": [1.0, 3.0, 2.0], "y": [1.0, 3.0, 2.0]}, index=["A", "B", "C"])
    study = drawn_study(hundred(frame))
    parts = case_parts(study)
    assert [part.title for part in parts if part.tree is not None] == ["B", "C"]
    mend = "the command `softpower explain` takes each of the others apart"
    assert cases_said(study, parts) == (f"The first 2 are taken apart down to every indicator; {mend}.",)

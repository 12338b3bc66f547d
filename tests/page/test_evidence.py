"""What a page says of coverage, gaps, and of values that are not those observed."""

import numpy as np
import pandas as pd
import pytest

from page.studies import drawn_study
from softpower import from_frame
from softpower.page import evidence
from softpower.page.evidence import coverage_section

FRAME = pd.DataFrame({"x": [1.0, 2.0, 6.0, np.nan], "y": [3.0, 1.0, 4.0, 100.0]}, index=list("ABCD"))


@pytest.fixture
def tables():
    """The tables of coverage where a gap is filled by the mean and ends are cut at the quartiles, by their caption."""
    choices = {"impute": "mean", "treat": {"method": "percentile_clip", "low": 25, "high": 75}}
    made = coverage_section(drawn_study(from_frame(FRAME, methodology=choices)))
    return {one.caption: one for one in made.tables}


def test_what_is_imputed_is_listed(tables):
    one = tables["Imputed values"]
    assert (one.head, one.rows) == (("case", "indicator", "value", "method"), (("D", "x", "3", "mean"),))
    assert one.texts == {1, 3}


def test_what_is_treated_is_listed_with_what_it_was(tables):
    one = tables["Values treated as outliers"]
    assert one.head == ("case", "indicator", "before", "after", "method")
    # The quartiles of 1, 2, 3 and 6 are 1.75 and 3.75; those of 1, 3, 4 and 100 are 2.5 and 28.
    assert one.rows == (
        ("A", "x", "1", "1.75", "percentile_clip"),
        ("B", "y", "1", "2.5", "percentile_clip"),
        ("C", "x", "6", "3.75", "percentile_clip"),
        ("D", "y", "100", "28", "percentile_clip"),
    )


def test_of_very_many_the_first_are_listed(monkeypatch, request):
    monkeypatch.setattr(evidence, "LISTED", 3)
    tables = request.getfixturevalue("tables")
    assert len(tables["Values treated as outliers, the first 3 of 4"].rows) == 3
    assert len(tables["Imputed values"].rows) == 1

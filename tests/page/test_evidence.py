"""What a page says of coverage, gaps, and of values that are not those observed."""

import numpy as np
import pandas as pd
import pytest

from page.studies import drawn_study
from properties.strategies import scored, tree_specs
from softpower import from_frame
from softpower.page import evidence
from softpower.page.evidence import coverage_section, doubts_section

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


class TestDoubts:
    """What a page says of the observations of a study on which sources or coders differ, and of those left over."""

    @pytest.fixture
    def tables(self):
        spec = tree_specs([None, None])
        study = scored(spec, [[10, 60]])
        first, second = study.observations
        rows = [
            first.replace(id="coder-1", coder="one", preferred=True, statement="It may say ten or thirty."),
            first.replace(
                id="coder-2", coder="two", value=0.3, low=None, high=None, statement="It may say ten or thirty."
            ),
            second,
            second.replace(id="aside", use="context", variable=None, reason="It is told twice."),
        ]
        made = doubts_section(drawn_study(study.replace(observations=rows)))
        return {one.caption: one for one in made.tables}

    def test_two_who_read_a_number_otherwise_stand_side_by_side(self, tables):
        ((names, numbers, holds, said, feed),) = tables["Observations that do not agree"].rows
        assert (names, numbers, holds) == ("coder-1 and coder-2", "0.1; 0.3", "coder-1")
        assert said.count("It may say ten or thirty.") == 2
        assert feed

    def test_what_feeds_nothing_says_why(self, tables):
        rows = {row[0]: row for row in tables["Observations that feed no score"].rows}
        assert rows["aside"][3] == "It is told twice."

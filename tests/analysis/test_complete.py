"""Which cases are complete, and when they are too few."""

import numpy as np

from softpower.analysis.complete import Sample

FEW = Sample.of(np.array([[1.0, 2, 9, 4, 6], [2, 1, 3, 3, 7], [np.nan, 1, 2, 3, 8], [5, 3, 8, 1, 9]]))


def test_a_case_with_a_gap_is_not_complete():
    assert FEW.cases == 3
    assert FEW.names == ("indicator 1", "indicator 2", "indicator 3", "indicator 4", "indicator 5")


def test_cases_need_not_outnumber_the_indicators_unless_asked():
    assert FEW.undefined(least=3) == ""
    assert FEW.undefined(least=4) == "3 cases without gaps, and fewer than 4 say nothing"
    assert (
        FEW.undefined(least=3, apart=1)
        == "3 cases without gaps for 5 indicators, and it takes more cases than indicators"
    )
    square = Sample(np.array([[1.0, 2], [2, 1], [3, 5]]), ("a", "b"))
    assert square.undefined(least=3, apart=1) == ""
    assert square.undefined(least=3, apart=2).startswith("3 cases without gaps for 2 indicators")

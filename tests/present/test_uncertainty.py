"""Tables of draws for the terminal."""

import numpy as np
import pandas as pd

from softpower import uncertainty_analysis
from softpower.present.uncertainty import uncertainty_table

SIMPLEX = {"weights": "simplex"}


def rows(frame):
    table = uncertainty_table(uncertainty_analysis(frame, uncertainty=SIMPLEX, n=16)).splitlines()
    start = next(place for place, line in enumerate(table) if line.startswith("case"))
    end = table.index("", start)
    return [line.split() for line in table[start + 1 : end]]


def test_periods_are_ranked_apart():
    panel = pd.DataFrame(
        {"a": [1.0, 3.0, 2.0, 5.0, 3.0, 1.0], "b": [1.0, 3.0, 2.0, 5.0, 3.0, 1.0]},
        index=pd.MultiIndex.from_product([["X", "Y", "Z"], [2019, 2020]], names=["case", "period"]),
    )
    assert [one[:3] for one in rows(panel)] == [
        ["Z", "2019", "1"],
        ["Y", "2019", "2"],
        ["X", "2019", "3"],
        ["Y", "2020", "1"],
        ["X", "2020", "2"],
        ["Z", "2020", "3"],
    ]


def test_a_case_without_a_score_has_no_ranks():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, np.nan], "b": [1.0, 2.0, 3.0, np.nan]}, index=["X", "Y", "Z", "V"])
    assert [one[:2] for one in rows(frame)] == [["Z", "1"], ["Y", "2"], ["X", "3"], ["V"]]

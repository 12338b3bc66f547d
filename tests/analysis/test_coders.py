"""The agreement of a profile's coders: which facts are compared, on which level, and what it says without any."""

import numpy as np
import pandas as pd
import pytest

from properties.strategies import framework, indicator, study, variable
from softpower import MethodError, from_frame
from softpower.analysis.coders import COLUMNS, agreement
from softpower.analysis.krippendorff import krippendorff_alpha

SCALE = "ordinal:-2..2"
VARIABLES = {
    "warmth": variable("judgement", SCALE, title="Warmth"),
    "trust": variable("judgement", SCALE),
    "treaty": variable("event", "count:event"),
    "aid": variable("flow", "EUR million", combine="sum"),
}
MEAN = indicator({"kind": "mean", "variables": ["warmth", "trust"]}, unit=SCALE, low=-2, high=2)


def read(variable, value, coder, **more):
    return {"variable": variable, "value": value, "coder": coder, **more}


def judged(observations, **more):
    """The study of observations by several coders; Ann's hold where one must."""
    given = [
        one | {"preferred": one["coder"] == "Ann" and one["variable"] in {"treaty", "aid"}, "id": f"o{number}"}
        for number, one in enumerate(observations)
    ]
    return study(framework({"it": MEAN}, VARIABLES), given, **more)


def by_both(variable, pairs, **more):
    """Two coders' codes of facts that are told apart by their paragraph."""
    return [
        read(variable, value, coder, paragraph=number, **more)
        for number, pair in enumerate(pairs, start=1)
        for coder, value in zip(("Ann", "Bob"), pair, strict=True)
    ]


WARMTH, TRUST = [(2, 1), (0, 0), (-1, -1)], [(1, 1), (-2, 0)]


def test_one_row_for_each_variable_then_what_shares_a_scale():
    found = agreement(
        judged([*by_both("trust", TRUST), *by_both("warmth", WARMTH)]), confidence=0.5, resamples=200, rng=4
    )
    assert found.frame.index.tolist() == ["warmth", "trust", f"judgements: {SCALE}"]
    assert found.frame.index.name == "variable"
    assert list(found.frame.columns) == list(COLUMNS)
    assert found.frame["level"].unique().tolist() == ["ordinal"]
    assert found.frame["units"].tolist() == [3, 2, 5]
    assert found.frame.loc["warmth", ["title", "unit", "coders", "codes"]].tolist() == ["Warmth", SCALE, 2, 6]
    assert (found.reason, found.confidence, found.resamples, found.seed) == ("", 0.5, 200, 4)
    for name, pairs in (("warmth", WARMTH), ("trust", TRUST), (f"judgements: {SCALE}", [*WARMTH, *TRUST])):
        codes = np.array(pairs, dtype=float).T
        alone = krippendorff_alpha(codes, "ordinal", confidence=0.5, resamples=200, rng=4)
        np.testing.assert_equal(
            found.frame.loc[name, ["alpha", "low", "high"]].tolist(), [alone.alpha, alone.low, alone.high]
        )


def test_the_level_is_that_of_the_variable():
    # in the unit of the variable
    aid = [*by_both("aid", [(20, 20)], start="2001"), *by_both("aid", [(30, 30)], start="2002")]
    aid[-1] |= {"value": 0.06, "unit": "EUR billion"}
    frame = agreement(judged([*aid, *by_both("warmth", WARMTH)])).frame
    assert frame["level"].to_dict() == {"warmth": "ordinal", "aid": "ratio"}
    assert frame.loc["aid", "alpha"] == krippendorff_alpha(np.array([[20.0, 30], [20, 60]]), "ratio").alpha


def test_events_are_nominal():
    signed = [read("treaty", 1, coder, case=case) for case in ("A>B", "A>C") for coder in ("Ann", "Bob")]
    signed[-1]["value"] = 0
    (row,) = agreement(judged(signed, cases=("A>B", "A>C"))).frame.to_dict("records")
    # 1, 1 and 1, 0: D_o = 2 / 4, D_e = 6 / 12
    assert (row["level"], row["units"], row["alpha"]) == ("nominal", 2, 0)


def test_what_one_has_coded_alone_does_not_count():
    rows = [*by_both("warmth", WARMTH), read("warmth", 2, "Bob", paragraph=9), read("warmth", 2, None, paragraph=8)]
    frame = agreement(judged(rows)).frame
    assert frame.loc["warmth", "units"] == 3
    assert frame.loc["warmth", "alpha"] == agreement(judged(by_both("warmth", WARMTH))).frame.loc["warmth", "alpha"]


def test_a_fact_that_one_has_coded_twice_has_no_code_of_theirs():
    read_as = (("Ann", 20, "2001"), ("Ann", 90, "2001"), ("Bob", 20, "2001"), ("Ann", 30, "2002"), ("Bob", 60, "2002"))
    rows = [
        read("aid", value, coder, start=year, preferred=number == 0, id=f"o{number}")
        for number, (coder, value, year) in enumerate(read_as)
    ]
    aid = {"aid": VARIABLES["aid"] | {"combine": "alternatives"}, "warmth": VARIABLES["warmth"]}
    mean = indicator({"kind": "mean", "variables": ["warmth"]}, unit=SCALE, low=-2, high=2)
    found = agreement(study(framework({"it": mean}, aid), rows)).frame.loc["aid"]
    assert found[["units", "codes"]].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no observation names its coder"),
        ([read("warmth", 1, None)], "no observation names its coder"),
        ([read("warmth", 1, "Ann")], "'Ann' alone has coded"),
        ([read("warmth", 1, "Bob"), read("trust", 1, "Ann")], "no variable has codes of two of Ann, Bob"),
    ],
)
def test_says_why_there_is_nothing(rows, says):
    found = agreement(judged(rows))
    assert found.reason == says
    assert len(found.to_frame()) == 0
    assert list(found.to_frame().columns) == list(COLUMNS)
    assert repr(found) == f"The agreement of coders is undefined: {says}."
    assert says.replace("'", "&#x27;") in found._repr_html_()


def test_a_table_has_no_coders():
    profile = from_frame(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["X", "Y"]))
    assert agreement(profile).reason == "a table of values has no coders"


def test_coders_of_different_facts_are_named_and_their_row_says_why():
    frame = agreement(judged([read("warmth", 1, "Ann", paragraph=1), read("warmth", 1, "Bob", paragraph=2)])).frame
    assert frame.loc["warmth", "reason"] == "no unit is coded by two coders, and fewer than 2 say nothing"
    assert np.isnan(frame.loc["warmth", "alpha"])


def test_is_shown_as_text_and_as_html():
    found = agreement(judged(by_both("warmth", WARMTH)), confidence=0.9, resamples=50)
    assert repr(found).startswith("Krippendorff's alpha, with its interval of 90% over 50 resamples\n")
    assert "warmth" in repr(found)
    assert "<caption>" in found._repr_html_()
    assert found.to_frame() is not found.frame


def test_refusals_are_those_of_alpha():
    with pytest.raises(MethodError, match="0 resamples say nothing"):
        agreement(judged(by_both("warmth", WARMTH)), resamples=0)

"""Screening by availability and zeros, worked by hand, and against the shares that COINr gives."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from softpower import Framework, MethodError, from_frame, load_profile, score, screen
from softpower.model.observation import patterns
from softpower.result import ROWS

REFERENCE = Path(__file__).parents[2] / ".." / "shared" / "reference" / "coinr_synthetic"
NAN = np.nan


@pytest.fixture
def cells():
    """Availability by row 1, 2/3, 1/3 and 2/3; by column 3/4, 3/4 and 2/4. B has zeros alone."""
    return pd.DataFrame(
        {"x": [1.0, 0, NAN, 4], "y": [2.0, 0, 3, NAN], "z": [3.0, NAN, NAN, 0]}, index=["A", "B", "C", "D"]
    )


def reasons(screening):
    return screening.dropped.set_index("name")["reason"].to_dict()


def test_the_shares_by_hand(cells):
    report = screen(cells).to_frame().set_index("name")
    assert report["what"].tolist() == ["case"] * 4 + ["indicator"] * 3
    assert report["availability"].tolist() == pytest.approx([1, 2 / 3, 1 / 3, 2 / 3, 3 / 4, 3 / 4, 2 / 4])
    assert report["zeros"].tolist() == pytest.approx([0, 1, 0, 1 / 2, 1 / 3, 1 / 3, 1 / 2])
    assert set(report["decision"]) == {"kept"}
    assert set(report["reason"]) == {""}
    assert not report["forced"].any()


def test_nothing_asked_gives_the_profile_as_it_is():
    profile = load_profile("kazakhstan")
    assert screen(profile).profile is profile


def test_what_is_at_the_threshold_stays(cells):
    assert reasons(screen(cells, case_availability=2 / 3, indicator_availability=0.75, case_zeros=0.5)) == {
        "B": "2 of 2 values are zero, above the greatest share of 0.5",
        "C": "1 of 3 values is there, below the least availability of 0.666667",
        "z": "2 of 4 values are there, below the least availability of 0.75",
    }


def test_both_reasons_are_given(cells):
    assert reasons(screen(cells, indicator_availability=0.6, indicator_zeros=0.4)) == {
        "z": "2 of 4 values are there, below the least availability of 0.6; "
        "1 of 2 values is zero, above the greatest share of 0.4"
    }


def test_what_has_no_value_has_no_share_of_zeros(cells):
    cells.loc["E"] = NAN
    screening = screen(cells, case_zeros=0.0)
    row = screening.report.set_index("name").loc["E"]
    assert row["availability"] == 0
    assert np.isnan(row["zeros"])
    assert row["decision"] == "kept"
    assert reasons(screen(cells, case_availability=0.1)) == {
        "E": "0 of 3 values are there, below the least availability of 0.1"
    }


def test_shares_are_of_what_was_given_before_anything_goes(cells):
    # Without z, D would have one value of two; without C, x would have all.
    screening = screen(cells, case_availability=0.5, indicator_availability=0.75)
    assert screening.kept["name"].tolist() == ["A", "B", "D", "x", "y"]
    assert screening.kept["availability"].tolist() == pytest.approx([1, 2 / 3, 2 / 3, 3 / 4, 3 / 4])
    left = screening.profile.values.to_frame()
    pd.testing.assert_frame_equal(left, cells.loc[["A", "B", "D"], ["x", "y"]].rename_axis("case"))
    assert list(screening.profile.indicators) == ["x", "y"]


def test_names_overrule_shares_and_the_report_says_so(cells):
    screening = screen(cells, case_availability=0.5, keep=["C", "A"], drop="x")
    report = screening.report.set_index("name")
    assert report.loc["C", ["decision", "forced"]].tolist() == ["kept", True]
    assert report.loc["C", "reason"] == (
        "kept by name, although 1 of 3 values is there, below the least availability of 0.5"
    )
    assert report.loc["A", ["decision", "forced", "reason"]].tolist() == ["kept", True, "kept by name"]
    assert report.loc["x", ["decision", "forced", "reason"]].tolist() == ["dropped", True, "dropped by name"]
    assert screening.profile.values.cases == ("A", "B", "C", "D")
    assert screening.profile.values.columns == ("y", "z")


def test_every_fault_is_named_at_once(cells):
    cells = cells.rename(index={"D": "z"})
    with pytest.raises(MethodError) as error:
        screen(cells, case_availability=-0.5, case_zeros=True, indicator_zeros=NAN, keep=["z", "A"], drop=["A", "yy"])
    assert [str(fault) for fault in error.value.faults] == [
        "screen: case_availability: -0.5 is no share. Give a number from 0 to 1.",
        "screen: case_zeros: True is no share. Give a number from 0 to 1.",
        "screen: indicator_zeros: nan is no share. Give a number from 0 to 1.",
        "screen: keep: 'z' is a case and an indicator. Rename one of the two.",
        "screen: drop: there is no case or indicator 'yy'. Did you mean 'y'?",
        "screen: 'A' is to be kept and dropped. Name it in one of the two.",
    ]


@pytest.mark.parametrize("given", [3, [3], None])
def test_names_are_texts(cells, given):
    with pytest.raises(MethodError, match=r"screen: keep: .* is no list of names"):
        screen(cells, keep=given)


def test_dropping_everything_is_refused_with_the_reason(cells):
    with pytest.raises(MethodError) as error:
        screen(cells.iloc[1:], case_availability=0.9, indicator_zeros=0.0)
    assert [fault.what for fault in error.value.faults] == [
        "every case is dropped: the fullest is 'B': 2 of 3 values are there, below the least availability of 0.9",
        "every indicator is dropped: the fullest is 'x': 1 of 2 values is zero, above the greatest share of 0",
    ]


def test_with_periods_it_is_the_row_that_goes():
    index = pd.MultiIndex.from_product([["A", "B"], [2019, 2020]], names=["case", "period"])
    panel = pd.DataFrame({"x": [1.0, NAN, 3, 4], "y": [1.0, NAN, 3, 4]}, index=index)
    screening = screen(panel, case_availability=0.5)
    assert screening.report.columns[:4].tolist() == ["what", "name", "period", "availability"]
    assert screening.report[["name", "period", "decision"]].to_numpy().tolist() == [
        *(["A", 2019, "kept"], ["A", 2020, "dropped"], ["B", 2019, "kept"], ["B", 2020, "kept"]),
        *(["x", None, "kept"], ["y", None, "kept"]),
    ]
    assert screening.profile.index.tolist() == [("A", 2019), ("B", 2019), ("B", 2020)]
    # A name is that of the case in all its periods.
    assert screen(panel, drop=["B"]).profile.index.tolist() == [("A", 2019), ("A", 2020)]


def divided():
    goalposts = {"low": 0, "high": 10, "kind": "benchmark", "reason": "for the test"}
    shared = {"dimension": "index", "goalposts": goalposts}
    return Framework.from_dict(
        {
            "dimensions": {"index": {"title": "Index"}},
            "variables": {
                "people": {"title": "People", "kind": "stock", "unit": "count:person"},
                "money": {"title": "Money", "kind": "stock", "unit": "EUR"},
            },
            "indicators": {
                "x": shared | {"title": "X", "denominator": {"variable": "people"}},
                "y": shared | {"title": "Y", "denominator": {"variable": "money"}},
                "z": shared | {"title": "Z", "set": "extended"},
            },
        }
    )


def test_a_value_without_its_denominator_is_missing_and_other_columns_stay():
    cells = pd.DataFrame(
        {"x": [1.0, 2, 3], "y": [1.0, 1, 1], "z": 5.0, "people": [1.0, NAN, 2], "money": [1.0, NAN, NAN]},
        index=["A", "B", "C"],
    )
    screening = screen(cells, divided(), indicator_availability=0.5)
    report = screening.report.set_index("name")
    assert report.loc[["x", "y"], "availability"].tolist() == pytest.approx([2 / 3, 1 / 3])
    # z is in no chosen set: it is not screened and stays for whoever chooses it.
    assert "z" not in report.index
    assert screening.profile.values.columns == ("x", "z", "people")
    with pytest.raises(MethodError, match="'z' is in no chosen set"):
        screen(cells, divided(), drop="z")


def test_what_is_left_scores_as_if_it_had_been_given_alone(cells):
    left = score(screen(cells, case_availability=0.5, indicator_availability=0.75).profile)
    alone = score(cells.loc[["A", "B", "D"], ["x", "y"]])
    pd.testing.assert_frame_equal(left.to_wide(), alone.to_wide())


def test_claims_about_cases_that_go_go_with_them(cells):
    claims = [{"id": f"over_{other}", "says": "So.", "kind": "above", "cases": ["A", other]} for other in "BC"]
    left = screen(from_frame(cells).replace(claims=claims), drop=["C"]).profile
    assert [one.id for one in left.claims] == ["over_B"]


def test_a_profile_of_observations_loses_cases_with_their_facts():
    profile = load_profile("kazakhstan")
    both = profile.replace(cases=("EU>KAZ", "EU>UZB"))
    screening = screen(both, case_availability=0.5)
    assert reasons(screening)["EU>UZB"].startswith(f"{screening.report['availability'][1] * 30:.0f} of 30 values")
    assert screening.profile.cases == ("EU>KAZ",)
    assert screening.profile.observations == profile.observations
    other = screen(both, drop=["EU>KAZ"]).profile
    assert {one.case for one in other.observations} <= set(patterns("EU>UZB"))
    assert any(one.case == "EU>*" for one in other.observations)
    pd.testing.assert_frame_equal(score(screening.profile).to_frame(), score(profile).to_frame())


def test_indicators_of_a_profile_of_observations_are_left_out():
    profile = load_profile("kazakhstan").replace(methodology={"weights": {"visa_openness": 2, "visa_reciprocity": 3}})
    screening = screen(profile, indicator_zeros=0.5)
    assert "visa_reciprocity" in screening.profile.left_out
    assert set(screening.profile.left_out) == set(screening.dropped["name"])
    assert score(screening.profile).composite.notna().all()


def test_the_words(cells):
    text = repr(screen(cells, case_availability=0.5, drop="x"))
    assert text.splitlines()[0] == "Screening drops 1 of 4 cases and 1 of 3 indicators."
    assert "below the least availability of 0.5" in text
    assert repr(screen(cells)) == "Screening drops 0 of 4 cases and 0 of 3 indicators."
    html = screen(cells.rename(index={"C": "EU>C"}), case_availability=0.5)._repr_html_()
    assert "EU&gt;C" in html
    assert "<strong>Screening drops 1 of 4 cases" in html
    # Rows have their names, and no numbers.
    assert "<th" not in html.split("<tbody>")[1]
    many = pd.DataFrame({"x": [1.0] * 5 + [NAN] * 95, "y": 1.0}, index=[f"C{place}" for place in range(100)])
    assert repr(screen(many, case_availability=1)).endswith("and 75 more")
    assert "more" not in repr(screen(many.head(5 + ROWS), case_availability=1))


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the numbers of COINr are not here: ../shared/reference")
def test_the_shares_of_indicators_are_those_of_coinr():
    with (REFERENCE / "statistics_raw.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["iCode"]: row for row in csv.DictReader(file)}
    raw = pd.read_csv(REFERENCE / "raw.csv", index_col="case").drop(columns="region")
    report = screen(raw).report
    mine = report[report["what"] == "indicator"].set_index("name")
    assert list(mine.index) == list(expected)
    for name, row in expected.items():
        assert mine.loc[name, "availability"] == pytest.approx(float(row["Frc.Avail"]), abs=1e-12)
        assert 1 - mine.loc[name, "zeros"] == pytest.approx(float(row["Frc.NonZero"]), abs=1e-12)
        there, nonzero = int(row["N.Avail"]), int(row["N.NonZero"])
        assert mine.loc[name, "availability"] * len(raw) == pytest.approx(there)
        assert (1 - mine.loc[name, "zeros"]) * there == pytest.approx(nonzero)

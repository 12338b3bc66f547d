"""The table of scenarios: its rows, what is missing in it and why."""

import pandas as pd
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, NotFoundError, from_frame, load_profile, score, score_scenarios
from softpower.present.scenarios import scenario_table

COLUMNS = ["title", "all", "regard", "help", "difference", "low", "high"]
COLUMNS += ["coverage", "indicators", "observations", "reason"]


@pytest.fixture(scope="module")
def profile(sound):
    return sound.replace(
        scenarios={
            "no_money": {"title": "Without money", "exclude": {"tags": ["money"]}},
            "nothing": {"title": "Nothing", "include": {"nodes": ["all"]}},
            "no_help": {"title": "Without help", "exclude": {"nodes": ["help"]}},
            "no_talk": {"title": "Without the talk", "without_observations": {"sources": ["talk"]}},
            "floor": {"title": "A floor too high", "methodology": {"aggregate": "geometric", "floor": 100.0}},
        }
    )


@pytest.fixture(scope="module")
def table(profile):
    return score_scenarios(profile)


def test_the_profile_as_declared_stands_first(table, scored):
    assert table.index.tolist() == [
        (name, "A>B") for name in ("declared", "no_money", "nothing", "no_help", "no_talk", "floor")
    ]
    assert table.index.names == ["scenario", "case"]
    assert list(table.columns) == COLUMNS
    first = table.loc[("declared", "A>B")]
    assert first["all"] == scored.composite["A>B"]
    assert (first["title"], first["difference"], first["coverage"], first["reason"]) == ("As declared", 0, 1, "")
    assert (first["indicators"], first["observations"]) == (7, 11)


def test_a_row_is_what_the_scenario_scores(table, profile):
    row, result = table.loc[("no_money", "A>B")], score(profile, scenario="no_money")
    scores = result.to_frame().loc["A>B", "score"]
    assert row[["all", "regard", "help"]].tolist() == scores[["all", "regard", "help"]].tolist()
    assert row["difference"] == scores["all"] - score(profile).composite["A>B"]
    assert (row["indicators"], row["observations"]) == (5, 7)
    assert row[["low", "high"]].tolist() == [result.low[0, -1], result.high[0, -1]]
    assert row["low"] < row["all"] < row["high"]


def test_a_scenario_that_changes_nothing_shows(table):
    numbers = ["all", "regard", "help", "difference", "coverage", "indicators", "observations"]
    assert table.loc["nothing", numbers].equals(table.loc["declared", numbers])


def test_a_node_that_is_left_out_says_so(table):
    row = table.loc[("no_help", "A>B")]
    assert pd.isna(row["help"])
    assert row["reason"] == "help: it is left out"


def test_a_fact_less_shows_in_coverage_and_counts(table):
    row = table.loc[("no_talk", "A>B")]
    assert row["coverage"] == pytest.approx((3 / 4 + 1) / 2)
    assert (row["indicators"], row["observations"], row["reason"]) == (7, 9, "")


def test_a_scenario_that_cannot_be_scored_has_its_reason(table):
    row = table.loc[("floor", "A>B")]
    assert row[["all", "regard", "help", "difference", "coverage", "indicators", "observations"]].isna().all()
    assert row["reason"].startswith("methodology: floor: the floor 100 is not below the top of the scale")


def test_every_missing_score_has_its_reason(table):
    missing = table[["all", "regard", "help"]].isna().any(axis=1)
    assert (table.loc[missing, "reason"] != "").all()
    assert (table.loc[~missing, "reason"] == "").all()


def test_each_case_has_its_rows():
    study = scored(tree_specs([[None, None], None]), [[10, 20, 30], [40, None, 60]])
    study = study.replace(scenarios={"less": {"title": "Less", "exclude": {"nodes": ["i0"]}}})
    table = score_scenarios(study)
    assert table.index.tolist() == [(name, case) for name in ("declared", "less") for case in ("A>0", "A>1")]
    assert table.loc["less", "d0"].tolist() == [25, 60]
    assert table.loc[("less", "A>1"), "reason"] == "d1: 0 of 1 children are present"
    assert table.loc["declared", "observations"].tolist() == [3, 2]


def test_a_table_of_values_has_scenarios_for_each_case_and_period():
    index = pd.MultiIndex.from_product([["KAZ", "UZB"], [2001, 2002]], names=["case", "period"])
    frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0, 5.0], "visits": [4.0, None, 2.0, 0.0]}, index)
    study = from_frame(frame).replace(
        scenarios={
            "trade": {"title": "Trade alone", "include": {"nodes": ["trade"]}},
            "first": {"title": "Trade first", "weights": {"trade": 3}},
            "ranks": {"title": "By ranks", "methodology": {"normalise": "rank"}},
        }
    )
    table = score_scenarios(study)
    assert table.index.names == ["scenario", "case", "period"]
    assert len(table) == 16
    root = study.framework.root
    # Min-max over all rows: trade 0, 50, 25, 100, visits 100, -, 50, 0.
    assert table.loc["declared", root].tolist() == [50, 50, 37.5, 50]
    assert table.loc["trade", root].tolist() == [0, 50, 25, 100]
    assert table.loc["first", root].tolist() == [25, 50, 31.25, 75]
    assert table.loc["declared", "observations"].tolist() == [2, 1, 2, 2]
    assert table.loc[("trade", "UZB", 2002), "difference"] == 50
    assert "UZB 2002" in scenario_table(study, table)
    assert len(score_scenarios(frame)) == 4


def test_several_cases_have_ranks_as_the_score_under_the_scenario_has_them():
    frame = pd.DataFrame({"a": [1.0, 3.0, 3.0], "b": [2.0, 1.0, 3.0]}, index=["P", "Q", "R"])
    scenarios = {
        "less": {"title": "Without b", "exclude": {"nodes": ["b"]}},
        "none": {"title": "A mean that needs a floor", "methodology": {"aggregate": "geometric"}},
    }
    profile = from_frame(frame).replace(scenarios=scenarios)
    table = score_scenarios(profile, ["less", "none"])
    assert table["rank"].dtype == "Int64"
    assert table.loc["less", "rank"].tolist() == [3, 1, 1] == score(profile, scenario="less").ranks().tolist()
    assert table.loc["declared", "rank"].tolist() == score(profile).ranks().tolist()
    assert table.loc["none", "rank"].isna().all()
    assert (
        "rank" not in scenario_table(profile, table).text() if hasattr(scenario_table(profile, table), "text") else True
    )


def test_a_node_may_be_called_like_a_column():
    specs = tree_specs([[None], None])
    specs["dimensions"]["coverage"] = specs["dimensions"].pop("d1") | {"title": "Coverage"}
    specs["indicators"]["i0"]["dimension"] = "coverage"
    table = score_scenarios(scored(specs, [[10, 30]]))
    assert table.loc[("declared", "A>0"), ["d0", "coverage_score", "coverage"]].tolist() == [20, 10, 1]


def test_some_scenarios_may_be_asked_for(profile):
    assert score_scenarios(profile, ["no_help"]).index.get_level_values(0).tolist() == ["declared", "no_help"]
    assert score_scenarios(profile, "no_help").equals(score_scenarios(profile, ["no_help", "no_help"]))
    assert len(score_scenarios("kazakhstan", ["legal_ties.with_association"])) == 2


def test_every_unknown_name_is_said(profile):
    with pytest.raises(NotFoundError) as caught:
        score_scenarios(profile, ["no_hlp", "no_mony"])
    assert [fault.mend for fault in caught.value.faults] == ["Did you mean 'no_help'?", "Did you mean 'no_money'?"]


@pytest.mark.parametrize("names", [3, [["no_help"]], [None]])
def test_what_is_no_name_is_refused(profile, names):
    with pytest.raises(NotFoundError, match="there is no scenario"):
        score_scenarios(profile, names)


def test_a_profile_that_cannot_be_scored_as_declared_is_refused(profile):
    with pytest.raises(MethodError, match="floor"):
        score_scenarios(profile.replace(methodology=profile.methodology.replace(floor=100.0)))


def test_by_default_all_scenarios_are_scored():
    profile = load_profile("kazakhstan")
    names = score_scenarios(profile).index.get_level_values("scenario")
    assert list(names) == ["declared", *profile.all_scenarios]


def test_progress_counts_scenarios():
    told: list[tuple[int, int]] = []
    score_scenarios(
        "kazakhstan", ["geometric_mean", "no_trade"], progress=lambda done, whole: told.append((done, whole))
    )
    assert told == [(1, 2), (2, 2)]

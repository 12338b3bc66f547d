"""Influence beside declared weight: shares, gaps, notes and what is refused."""

import numpy as np
import pandas as pd
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, from_frame, influence

COLUMNS = [
    *("title", "level", "weight", "influence", "linear", "influence_share", "weight_share", "ratio"),
    *("cases", "note"),
]
RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def table():
    wide, narrow = RNG.uniform(0, 100, 60), RNG.uniform(40, 60, 60)
    return pd.DataFrame({"wide": wide, "narrow": narrow, "flat": 50.0}, [f"C{i}" for i in range(60)])


@pytest.fixture(scope="module")
def found(table):
    # Values that are scores already: with shares min-max would make both as wide.
    profile = scored(tree_specs([None, None, None]), table.to_numpy().tolist())
    return influence(profile)


def test_every_node_below_the_composite_has_a_row(found):
    assert list(found.columns) == COLUMNS
    assert found.index.tolist() == ["i0", "i1", "i2"]
    assert found["level"].tolist() == ["indicator"] * 3


def test_of_equal_weights_the_wider_one_moves_more(found):
    # Variances 100^2 / 12 and 20^2 / 12: 25/26 and 1/26 of the whole.
    assert found["weight"].to_numpy() == pytest.approx(1 / 3)
    assert found.loc["i0", "influence"] == pytest.approx(25 / 26, abs=0.05)
    assert found.loc["i1", "influence"] < 0.2
    assert found.loc["i0", "ratio"] > 1 > found.loc["i1", "ratio"]
    assert found["ratio"].iloc[:2].to_numpy() == pytest.approx(
        (found["influence_share"] / found["weight_share"]).iloc[:2].to_numpy()
    )


def test_shares_are_among_the_siblings_that_have_an_influence(found):
    assert found["influence_share"].sum() == pytest.approx(1)
    assert found["weight_share"].tolist()[:2] == pytest.approx([0.5, 0.5])
    assert found.loc["i2", ["influence", "linear", "influence_share", "weight_share", "ratio"]].isna().all()
    assert found.loc["i2", "note"] == "its scores are all the same"


def test_an_only_child_explains_all_of_its_parent(table):
    alone = influence(scored(tree_specs([None]), table[["wide"]].to_numpy().tolist()))
    assert alone.loc["i0", ["influence", "linear", "ratio", "weight"]].tolist() == pytest.approx([1, 1, 1, 1])


def test_few_values_have_a_line_and_no_curve():
    frame = pd.DataFrame({"a": np.arange(12.0) % 4, "b": RNG.uniform(size=12)}, [f"C{i}" for i in range(12)])
    row = influence(frame).loc["a"]
    assert np.isnan(row["influence"])
    assert row["linear"] > 0
    assert row["note"] == "4 distinct values are too few for a curve"


def test_two_cases_lie_on_a_line_and_say_nothing():
    found = influence(from_frame(pd.DataFrame({"x": [1.0, 3.0], "y": [2.0, 8.0]}, index=["A", "B"])))
    assert found["note"].str.contains("2 cases have a score in both, and fewer than 3 say nothing").all()
    assert found[["influence", "linear"]].isna().all(axis=None)


def test_a_composite_that_is_the_same_everywhere_has_no_influences():
    x = np.arange(12.0)
    row = influence(pd.DataFrame({"a": x, "b": -x}, [f"C{i}" for i in range(12)])).loc["a"]
    assert np.isnan(row["linear"])
    assert row["note"] == "the composites are all the same"


def test_pairs_with_a_gap_are_left_out(table):
    frame = table.copy()
    frame.loc["C0", "wide"] = np.nan
    found = influence(frame[["wide", "narrow"]])
    assert found["cases"].tolist() == [59, 60]


def test_weights_are_those_down_the_tree():
    scores = RNG.uniform(0, 100, (12, 3)).tolist()
    found = influence(scored(tree_specs([None, [None, None]], (1, 1, 3, 1, 3)), scores))
    assert found.index.tolist() == ["d1", "i1", "i2", "i0"]
    assert found["weight"].tolist() == pytest.approx([0.75, 0.1875, 0.5625, 0.25])
    assert found["weight_share"].tolist() == pytest.approx([0.75, 0.25, 0.75, 0.25])


def test_a_methodology_may_be_given(table):
    found = influence(table[["wide", "narrow"]], methodology={"weights": {"wide": 3.0}})
    assert found["weight"].to_dict() == pytest.approx({"wide": 0.75, "narrow": 0.25})


def test_a_scenario_may_be_given(table):
    found = influence(table[["wide", "narrow"]], scenario={"title": "Wide", "methodology": {"weights": {"wide": 3.0}}})
    assert found["weight"].to_dict() == pytest.approx({"wide": 0.75, "narrow": 0.25})


def test_weights_of_each_case_count_by_their_mean(table):
    doubt = {"weights": {"method": "benefit_of_the_doubt", "low": 0.1}}
    found = influence(from_frame(table[["wide", "narrow"]]), methodology=doubt)
    assert found["weight"].sum() == pytest.approx(1)


def test_a_node_without_weight_may_move_with_the_composite_and_has_no_ratio(table):
    # The third is the first once more, without weight of its own.
    twice = table.assign(flat=table["wide"]).to_numpy().tolist()
    row = influence(scored(tree_specs([None, None, None], [1, 1, 1, 0]), twice)).loc["i2"]
    assert row["weight_share"] == 0
    assert row["influence_share"] > 0.3
    assert np.isnan(row["ratio"])


@pytest.mark.parametrize(("count", "note"), [(9, "9 distinct values are too few for a curve"), (10, "")])
def test_ten_values_are_enough_for_a_curve(count, note):
    frame = pd.DataFrame({"a": np.arange(count), "b": RNG.uniform(size=count)}, [f"C{i}" for i in range(count)])
    row = influence(frame).loc["a"]
    assert row["note"] == note
    assert np.isnan(row["influence"]) == bool(note)


def test_one_case_is_refused():
    with pytest.raises(MethodError, match="Compare several cases"):
        influence("kazakhstan")

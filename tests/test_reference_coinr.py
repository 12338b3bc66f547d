"""Aggregations and normalisations against COINr 1.1.14 on invented data, as ../shared/reference/README.md says."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from properties.strategies import framework, indicator, variable
from softpower import from_frame, score
from softpower.errors import MethodError
from softpower.interop import from_coinr, to_coinr
from softpower.model.framework import Framework
from softpower.registry import AGGREGATE, NORMALISE
from softpower.steps.aggregate import aggregate
from softpower.steps.missing import available, strict
from softpower.steps.normalise import Scales, normalise
from softpower.steps.tree import Tree
from softpower.steps.weight import declared, equal

FOLDER = Path(__file__).parents[1] / ".." / "shared" / "reference" / "coinr_synthetic"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the numbers of COINr are not here: ../shared/reference")

LEVELS = ("index", "source", "dimension")
SAME = {
    "copeland": ("copeland", {}),
    "arithmetic": ("arithmetic", {}),
    "geometric": ("geometric", {}),
    "harmonic": ("harmonic", {}),
    "power_p0.5": ("power", {"p": 0.5}),
    "power_p2": ("power", {"p": 2.0}),
}
CHOICES = {name: dict.fromkeys(LEVELS, one) for name, one in SAME.items()}
CHOICES["mixed_arithmetic_geometric_arithmetic"] = {
    "dimension": ("arithmetic", {}),
    "source": ("geometric", {}),
    "index": ("arithmetic", {}),
}
WEIGHTS = {"declared": declared, "equal": equal}


def rows(name):
    """The rows of a file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name):
    """The rows of a file by their first column."""
    found = rows(name)
    key = next(iter(found[0]))
    return {row[key]: {name: text for name, text in row.items() if name != key} for row in found}


def numbers(name, columns):
    """The columns of a file as an array; an empty cell is missing."""
    return np.array([[float(row[one] or "nan") for one in columns] for row in table(name).values()])


@pytest.fixture(scope="module")
def tree():
    structure = table("structure.csv")
    nodes = {name: {"parent": row["parent"] or None, "weight": float(row["weight"])} for name, row in structure.items()}
    leaves = [name for name, row in structure.items() if row["kind"] == "indicator"]
    specs = framework(
        {name: indicator("v", dimension=nodes[name]["parent"], weight=nodes[name]["weight"]) for name in leaves},
        {"v": variable()},
        {name: one for name, one in nodes.items() if name not in leaves},
        LEVELS,
    )
    parsed = Framework.parse(specs)
    return Tree.of(parsed, parsed.indicators)


def scores(tree, normalised, choice, weights, thresholds):
    methods = {level: (AGGREGATE[name], parameters) for level, (name, parameters) in CHOICES[choice].items()}
    indicators = numbers(normalised, tree.nodes[: tree.indicator_count])
    return aggregate(tree, indicators, WEIGHTS[weights](tree), methods, thresholds)[:, tree.indicator_count :]


def agree(got, expected):
    assert got.shape == expected.shape
    assert (np.isnan(got) == np.isnan(expected)).all()
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("choice", CHOICES)
def test_without_gaps(tree, choice, weights):
    levels = [family.level for family in tree.families]
    got = scores(tree, "normalised_minmax_1_100.csv", choice, weights, available(levels))
    agree(got, numbers(f"aggregated_{choice}_weights_{weights}.csv", tree.nodes[tree.indicator_count :]))


@pytest.mark.parametrize("threshold", ["none", "0.6", "1"])
@pytest.mark.parametrize("choice", ["arithmetic", "geometric", "harmonic"])
def test_with_gaps(tree, choice, threshold):
    levels = [family.level for family in tree.families]
    least = available(levels, threshold=0.0 if threshold == "none" else float(threshold))
    got = scores(tree, "normalised_raw_with_gaps_minmax_1_100.csv", choice, "declared", least)
    expected = numbers(f"aggregated_with_gaps_{choice}_threshold_{threshold}.csv", tree.nodes[tree.indicator_count :])
    assert np.isnan(expected).any() == (threshold != "none")
    agree(got, expected)


def test_a_threshold_of_one_is_strict(tree):
    levels = [family.level for family in tree.families]
    got = scores(tree, "normalised_raw_with_gaps_minmax_1_100.csv", "arithmetic", "declared", strict(levels))
    agree(got, numbers("aggregated_with_gaps_arithmetic_threshold_1.csv", tree.nodes[tree.indicator_count :]))


def test_a_power_mean_with_gaps_is_missing_only_where_all_are(tree):
    # COINr's is missing as soon as one child is: a defect that is not copied
    levels = [family.level for family in tree.families]
    got = scores(tree, "normalised_raw_with_gaps_minmax_1_100.csv", "power_p2", "declared", available(levels))
    assert not np.isnan(got).any()


def test_effective_weights(tree):
    expected = {name: float(row["EffWeight"]) for name, row in table("effective_weights.csv").items()}
    got = tree.effective(tree.among_siblings(tree.declared))
    assert dict(zip(tree.nodes, got.tolist(), strict=True)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("case", ["p", "na", "allna"])
def test_means_of_short_vectors(case):
    """With gaps, whose weights go to the values that are there."""
    one = json.loads((FOLDER.parent / "coinr_small_vectors.json").read_text(encoding="utf-8"))["aggregation"][case]
    values = np.array(one["x"], dtype=float)
    weights = np.where(np.isnan(values), 0.0, one["w"])
    for rule, (name, parameters) in {
        "a_amean": ("arithmetic", {}),
        "a_gmean": ("geometric", {}),
        "a_hmean": ("harmonic", {}),
        "a_genmean_p2": ("power", {"p": 2.0}),
    }.items():
        if not weights.any():
            assert one[rule] is None
            continue
        there = np.where(np.isnan(values), 1.0, values)
        got = AGGREGATE[name].function(there, weights / weights.sum(), **parameters)
        # COINr's power mean is missing as soon as one child is
        expected = math.sqrt((1 + 27 + 64) / 8) if (case, rule) == ("na", "a_genmean_p2") else one[rule]
        assert got == pytest.approx(expected, rel=1e-9)


def test_copeland_with_gaps_is_symmetric(tree):
    """COINr's is not: it gives the second of each pair what is missing. Here what one wins another loses."""
    levels = [family.level for family in tree.families]
    got = scores(tree, "normalised_raw_with_gaps_minmax_1_100.csv", "copeland", "declared", available(levels))
    assert got.sum(axis=0).tolist() == [0.0] * got.shape[1]


NORMALISED = {
    "normalised_minmax_0_100": ("min_max", {}, 1.0),
    "normalised_minmax_1_100": ("min_max", {"low": 1.0}, 1.0),
    "normalised_zscore_0_1": ("z_score", {}, 1.0),
    "normalised_rank_min": ("rank", {}, 1.0),
    "normalised_rank_average": ("rank", {"ties": "average"}, 1.0),
    # COINr gives the share, from 0 to 1
    "normalised_percentile_rank_min": ("percentile_rank", {}, 0.01),
    "normalised_percentile_rank_average": ("percentile_rank", {"ties": "average"}, 0.01),
    "normalised_borda_min": ("borda", {}, 1.0),
    "normalised_distance_to_max": ("distance_to_best", {}, 1.0),
    "normalised_distance_to_reference_case10": ("distance_to_reference", {"case": "C10"}, 1.0),
    "normalised_distance_to_reference_case10_capped": ("distance_to_reference", {"case": "C10", "capped": True}, 1.0),
    "normalised_raw_with_gaps_minmax_0_100": ("min_max", {}, 1.0),
    "normalised_raw_with_gaps_minmax_1_100": ("min_max", {"low": 1.0}, 1.0),
    "normalised_raw_with_gaps_zscore_0_1": ("z_score", {}, 1.0),
    "normalised_raw_with_gaps_percentile_rank_min": ("percentile_rank", {}, 0.01),
}


@pytest.mark.parametrize("name", NORMALISED)
def test_normalisations(name):
    """Of the treated values, or of the raw ones with gaps."""
    structure = {one: row for one, row in table("structure.csv").items() if row["kind"] == "indicator"}
    values = numbers("raw.csv" if "with_gaps" in name else "treated.csv", structure)
    blank = np.full(len(structure), np.nan)
    higher = np.array([row["direction"] == "1" for row in structure.values()])
    cases = tuple(table("raw.csv"))
    flags = (np.zeros(len(structure), dtype=bool), higher)
    scales = Scales(blank, blank, blank, *flags, tuple(structure), cases=cases)
    choice, parameters, unit = NORMALISED[name]
    got = normalise(NORMALISE[choice], parameters, values, scales) * unit
    agree(got, numbers(f"{name}.csv", structure))


@pytest.fixture(scope="module")
def read():
    """What the two tables say that COINr was given."""
    structure = pd.read_csv(FOLDER / "structure.csv").set_axis(
        ["iCode", "Type", "Level", "Parent", "Direction", "Weight"], axis=1
    )
    imeta = structure.assign(Type=np.where(structure["Type"] == "indicator", "Indicator", "Aggregate"))
    imeta.loc[len(imeta), ["iCode", "Type"]] = ["region", "Group"]
    idata = pd.read_csv(FOLDER / "raw.csv").rename(columns={"case": "uCode"})
    return from_coinr(idata, imeta, level_names=("indicator", *reversed(LEVELS)))


def test_its_tables_are_understood_and_come_back(read):
    assert read.not_understood == ()
    written = to_coinr(read.profile)
    assert written.not_held == ()
    assert from_coinr(written.idata, written.imeta, level_names=written.level_names).profile == read.profile


def test_effective_weights_of_its_tables(read):
    expected = {name: float(row["EffWeight"]) for name, row in table("effective_weights.csv").items()}
    treated = pd.read_csv(FOLDER / "treated.csv", index_col="uCode").rename_axis("case")
    result = score(from_frame(treated, read.profile.framework))
    assert dict(zip(result.nodes, result.effective_weight[0].tolist(), strict=True)) == pytest.approx(
        expected, rel=1e-9
    )


@pytest.mark.parametrize("choice", SAME)
def test_its_tables_score_as_there(read, choice):
    """Raw values with gaps; its power mean with gaps is missing too often, so that of treated values is compared."""
    gaps = choice in {"arithmetic", "geometric", "harmonic"}
    name, parameters = SAME[choice]
    methodology = {"normalise": {"method": "min_max", "low": 1.0}, "aggregate": {"method": name, **parameters}}
    if gaps:
        result, file = score(read.profile, methodology=methodology), f"aggregated_with_gaps_{choice}_threshold_none.csv"
    else:
        treated = pd.read_csv(FOLDER / "treated.csv", index_col="uCode").rename_axis("case")
        result = score(from_frame(treated, read.profile.framework), methodology=methodology)
        file = f"aggregated_{choice}_weights_declared.csv"
    nodes = list(read.profile.framework.dimensions)
    agree(result.to_wide()[nodes].to_numpy(), numbers(file, nodes))


def test_every_file_of_normalisations_is_compared():
    assert {path.stem for path in FOLDER.glob("normalised_*.csv")} == set(NORMALISED)


VECTORS = json.loads((FOLDER.parent / "coinr_small_vectors.json").read_text())["vectors"] if FOLDER.is_dir() else {}
ON_2_TO_8 = {"low": 2.0, "high": 8.0}
SMALL = {
    "n_minmax": ("min_max", {}, 1.0, {}),
    "n_minmax_50_100": ("min_max", {"low": 50.0}, 1.0, {}),
    "Normalise_minmax_dir_minus1": ("min_max", {}, 1.0, {"higher": False}),
    "n_zscore_0_1": ("z_score", {}, 1.0, {}),
    "n_zscore_10_2": ("z_score", {"mean": 10.0, "deviation": 2.0}, 1.0, {}),
    "n_rank": ("rank", {}, 1.0, {}),
    "n_borda": ("borda", {}, 1.0, {}),
    "n_prank": ("percentile_rank", {}, 0.01, {}),
    "n_prank_avg": ("percentile_rank", {"ties": "average"}, 0.01, {}),
    "n_dist2max": ("distance_to_best", {}, 1.0, {}),
    "n_dist2ref_3": ("distance_to_reference", {"case": "2"}, 1.0, {}),
    "n_dist2ref_3_cap": ("distance_to_reference", {"case": "2", "capped": True}, 1.0, {}),
    "n_dist2targ_5": ("distance_to_target", {}, 1.0, {"target": 5.0}),
    "n_dist2targ_5_cap": ("distance_to_target", {"capped": True}, 1.0, {"target": 5.0}),
    "n_dist2targ_2_negdir": ("distance_to_target", {}, 1.0, {"target": 2.0, "higher": False}),
    "n_fracmax": ("share_of_best", {}, 1.0, {}),
    "n_goalposts_2_8_100": ("goalposts", {}, 1.0, ON_2_TO_8),
    "n_goalposts_2_8_100_notrunc": ("goalposts", {"clip": False}, 1.0, ON_2_TO_8),
    "n_goalposts_2_8_100_negdir": ("goalposts", {}, 1.0, {**ON_2_TO_8, "higher": False}),
    # COINr's scaling by given ends, 1 to 10 here, is goalposts that do not clip
    "n_scaled_1_10": ("goalposts", {"clip": False}, 1.0, {"low": 1.0, "high": 10.0}),
}
NO_MEANING = {
    ("d", "n_fracmax"): "below zero",
    ("neg", "n_fracmax"): "below zero",
    # a target beyond the worst case, which COINr divides by all the same
    ("neg", "n_dist2targ_2_negdir"): "no better than its worst case",
}
KNOWN_WRONG = {
    # the worst case scores highest, see below
    "Normalise_fracmax_dir_minus1_QUIRK",
    # the values with their sign turned, on no scale
    "Normalise_scaled_dir_minus1",
}


def small(vector, name):
    """The scores of a short vector, of shape (cases,)."""
    choice, parameters, unit, posts = SMALL[name]
    values = np.array(VECTORS[vector]["x"], dtype=float)[:, None]
    low, high, target = (np.array([posts.get(one, np.nan)]) for one in ("low", "high", "target"))
    flags = (np.array([np.nan]), np.array([False]), np.array([posts.get("higher", True)]))
    scales = Scales(low, high, *flags, ("x",), target, tuple(map(str, range(len(values)))))
    return normalise(NORMALISE[choice], parameters, values, scales).ravel() * unit


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("vector", VECTORS)
def test_small_vectors(vector, name):
    if (vector, name) in NO_MEANING:
        with pytest.raises(MethodError, match=NO_MEANING[vector, name]):
            small(vector, name)
        return
    expected = np.array(VECTORS[vector][name], dtype=float)
    np.testing.assert_allclose(small(vector, name), expected, rtol=1e-9, atol=1e-13)


def test_every_rule_of_the_small_vectors_is_compared_or_known():
    rules = {name for one in VECTORS.values() for name in one if name.startswith(("n_", "Normalise_"))}
    assert rules == set(SMALL) | KNOWN_WRONG


@pytest.mark.parametrize("vector", ["a", "b", "c", "ties"])
def test_a_share_of_the_best_scores_the_least_highest_where_lower_is_better(vector):
    values = np.array(VECTORS[vector]["x"], dtype=float)[:, None]
    blank = np.array([np.nan])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([False]))
    got = normalise(NORMALISE["share_of_best"], {}, values, scales)
    np.testing.assert_allclose(got, np.nanmin(values) / values, rtol=1e-12)
    # COINr gives x / min x there: its worst case scores highest, the reverse of ours
    theirs = np.array(VECTORS[vector]["Normalise_fracmax_dir_minus1_QUIRK"], dtype=float)
    assert np.nanargmax(theirs) == np.nanargmax(values)
    assert np.nanargmax(got) == np.nanargmin(values)
    np.testing.assert_allclose(got.ravel(), 1 / theirs, rtol=1e-9)


def test_every_file_of_aggregations_is_compared_or_known():
    compared = {f"aggregated_{choice}_weights_{weights}" for choice in CHOICES for weights in WEIGHTS}
    compared |= {
        f"aggregated_with_gaps_{choice}_threshold_{threshold}"
        for choice in ("arithmetic", "geometric", "harmonic")
        for threshold in ("none", "0.6", "1")
    }
    assert {path.stem for path in FOLDER.glob("aggregated_*.csv")} == compared

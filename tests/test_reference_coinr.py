"""Aggregations and normalisations against COINr 1.1.14 on invented data, as ../shared/reference/README.md says."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from properties.strategies import framework, indicator, variable
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


def table(name):
    """The rows of a file by their first column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    key = next(iter(rows[0]))
    return {row[key]: {name: text for name, text in row.items() if name != key} for row in rows}


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
    return aggregate(tree, indicators, WEIGHTS[weights](tree), methods, thresholds).scores[:, tree.indicator_count :]


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
    scales = Scales(blank, blank, blank, np.zeros(len(structure), dtype=bool), higher, tuple(structure))
    choice, parameters, unit = NORMALISED[name]
    got = normalise(NORMALISE[choice], parameters, values, scales) * unit
    agree(got, numbers(f"{name}.csv", structure))


def test_every_file_of_aggregations_is_compared_or_known():
    compared = {f"aggregated_{choice}_weights_{weights}" for choice in CHOICES for weights in WEIGHTS}
    compared |= {
        f"aggregated_with_gaps_{choice}_threshold_{threshold}"
        for choice in ("arithmetic", "geometric", "harmonic")
        for threshold in ("none", "0.6", "1")
    }
    assert {path.stem for path in FOLDER.glob("aggregated_*.csv")} == compared

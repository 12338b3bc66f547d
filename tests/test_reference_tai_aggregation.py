"""Aggregations of the Technology Achievement Index against the OECD/JRC Handbook, see ../shared/reference/README.md.

The Handbook's figures are printed with two decimals for the logarithms; where that decides, a test says so.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from properties.strategies import TABLE_25, TABLE_28, TABLE_31
from softpower.registry import AGGREGATE
from softpower.steps.consensus import kemeny_orders, kemeny_ranking
from softpower.steps.voting import outranking

FOLDER = Path(__file__).parents[1] / ".." / "shared" / "reference" / "tai"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the Handbook's numbers are not here: ../shared/reference")

# UN Human Development Report 2001, over 72 countries
LOW = np.array([0, 0, 0, 0, np.log10(1), np.log10(22), 0.8, 0.1])
HIGH = np.array([994, 272.6, 232.4, 80.8, np.log10(901), np.log10(6969), 12, 27.4])
WEIGHTS = np.full(8, 1 / 8)
TELEPHONES, ELECTRICITY = 4, 5


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    countries = [row.pop("country") for row in rows]
    return countries, {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


@pytest.fixture(scope="module")
def countries():
    return read("tai23_raw.csv")[0]


@pytest.fixture(scope="module")
def raw():
    return np.column_stack(list(read("tai23_raw.csv")[1].values()))


@pytest.fixture(scope="module")
def tables():
    return json.loads((FOLDER / "tai23_tables.json").read_text(encoding="utf-8"))


def table_38(countries, column):
    names, columns = read("tai23_table38_ranks_by_aggregation.csv")
    return np.array([columns[column][names.index(one)] for one in countries])


def ranks(scores):
    return rankdata(-scores, method="min")


def test_linear_ranks_of_table_38(countries, raw):
    scores = np.clip((raw - LOW) / (HIGH - LOW), 0, 1)
    got = ranks(AGGREGATE["arithmetic"].function(scores, WEIGHTS))
    assert got.tolist() == table_38(countries, "LIN").tolist()


def test_geometric_ranks_of_table_38_are_of_raw_values(countries, raw):
    got = ranks(AGGREGATE["geometric"].function(raw, WEIGHTS))
    assert got.tolist() == table_38(countries, "GME").tolist()


def support(values, order):
    return np.triu(outranking(values[order], WEIGHTS), 1).sum()


def ties_above(values, order, child):
    """Pairs that a child ties: deciding one adds half the child's weight to an order's support."""
    ranked = values[order, child]
    return np.triu(ranked[:, None] == ranked, 1).sum()


def test_the_non_compensatory_ranks_of_table_38_are_not_the_best_order(countries, raw):
    """NCMC is not reproduced, and need not be: the printed ranking has less support than another.

    It has 181.625, the best order 184.5. Ties in the printed logarithms, which more decimals might break, do not
    explain it: with all of them for the printed ranking and against the other one it still has less.
    """
    printed = np.argsort(table_38(countries, "NCMC"), kind="stable")
    ranking = kemeny_ranking(outranking(raw, WEIGHTS))
    assert ranking.gap == 0
    best = np.argsort(ranking.positions, kind="stable")
    assert (support(raw, printed), support(raw, best), ranking.support) == (181.625, 184.5, 184.5)
    gain, loss = (
        sum(ties_above(raw, order, child) for child in (TELEPHONES, ELECTRICITY)) / 16 for order in (printed, best)
    )
    assert support(raw, printed) + gain < support(raw, best) - loss


def test_tables_36_and_37(countries, raw, tables):
    """Five countries. Japan has more telephones than the United States, which two decimals of the logarithm hide."""
    five = raw[:5].copy()
    states, japan = countries.index("United States"), countries.index("Japan")
    assert five[states, TELEPHONES] == five[japan, TELEPHONES]
    assert kemeny_orders(outranking(five, WEIGHTS))[1] == 6.4375
    five[japan, TELEPHONES] += 0.001
    matrix = outranking(five, WEIGHTS)
    assert matrix.tolist() == tables["table36_outranking_5"]
    orders, most = kemeny_orders(matrix)
    printed = tables["table37_top_permutations"]
    best = [names for names, reached in printed if reached == 6.375]
    assert (most, len(orders), len(best)) == (6.375, 3, 3)
    assert sorted([countries[place] for place in order] for order in orders) == sorted(best)
    for names, reached in printed:
        places = [countries.index(name) for name in names]
        assert np.triu(matrix[np.ix_(places, places)], 1).sum() == reached


def test_the_voting_examples_are_those_of_the_handbook(tables):
    for name, ours in (
        ("table25_plurality", TABLE_25),
        ("table28_condorcet", TABLE_28),
        ("table31_fishburn", TABLE_31),
    ):
        assert tuple((count, order) for count, order in tables[name]["profile"]) == ours


def test_geometric_toy(tables):
    """The Handbook's example of what a geometric mean rewards; it cuts 2.546 to 2.54."""
    toy = tables["geometric_toy"]
    quarter = np.full(4, 0.25)
    for name in "ab":
        values = np.array(toy[name], dtype=float)
        assert AGGREGATE["geometric"].function(values, quarter) == pytest.approx(toy[f"{name}_geo"], abs=0.005)
    assert AGGREGATE["geometric"].function(np.array([21.0, 2, 1, 1]), quarter) == pytest.approx(2.54, abs=0.011)

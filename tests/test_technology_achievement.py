"""That the example of the Handbook comes out as its page says; the printed tables stand beside it."""

import runpy
from pathlib import Path

import pytest

from softpower import load_profile, score

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def example():
    """The names of the script."""
    return runpy.run_path(str(ROOT / "examples" / "technology_achievement.py"))


def test_table_11(example):
    alpha, apart = example["reliability"]()
    assert alpha == pytest.approx(0.70, abs=0.005)
    assert apart < 0.0015


def test_table_15(example):
    found = example["table_15"]()
    assert len(found) == 11
    assert set(found.values()) == {23}


def test_tables_19_and_23(example):
    apart, ranks = example["doubt"]()
    assert apart < 0.0071
    assert ranks == 23
    assert example["ranks_by_weighting"]() == {"EW": 23, "FA": 19, "BAP": 23, "AHP": 20}


def test_table_20(example):
    assert example["hierarchy"]() == pytest.approx(0.021, abs=0.0005)


def test_table_37(example):
    support, orders = example["best_orders"]()
    assert support == 6.375
    printed = example["OTHERS"]["table37_top_permutations"]
    assert orders == sorted(names for names, reached in printed if reached == 6.375)


def test_table_38(example):
    assert example["ranks_by_aggregation"]() == {"LIN": 23, "GME": 23}


def test_table_41(example):
    six = score(load_profile("technology_achievement"), scenario="without_telephones_and_electricity")
    assert example["agreeing"](six, example["printed"]("table41").iloc[:, 1]) == 23


def test_every_cell_names_its_source():
    assert score(load_profile("technology_achievement")).sources().loc["handbook", "observations"] == 23 * 8

from importlib.metadata import version

import pandas as pd

import softpower
from softpower import load_framework, score
from softpower.plot.sources import source_line

FRAME = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
CHOSEN = {"weights": "simplex"}
VERSION = f" softpower {version('softpower')}"


def test_one_source_is_cited():
    said = source_line(score("technology_achievement"))
    assert said.startswith("Technology Achievement Index of 23 countries: OECD and Joint Research Centre")
    assert said.endswith(VERSION)


def test_of_many_sources_two_are_cited_and_the_others_counted():
    result = score("kazakhstan")
    assert source_line(result).endswith(f"; and {len(result.sources()) - 2} more sources.{VERSION}")


def test_draws_are_counted_with_their_seed():
    drawn = softpower.uncertainty_analysis(FRAME, uncertainty=CHOSEN, n=64, rng=3)
    assert source_line(drawn) == f"Composite, which names no source. 64 draws of 1 factor, seed 3.{VERSION}"
    found = softpower.sensitivity_analysis(FRAME, uncertainty=CHOSEN, n=16, outputs=["rank_change"], rng=3)
    expected = f"Composite, which names no source. 16 rows of Sobol indices of 1 factor, seed 3.{VERSION}"
    assert source_line(found) == expected


def test_a_framework_cites_its_works_and_a_table_says_that_it_names_none():
    nye = load_framework("nye")
    assert source_line(nye).startswith(f"{nye.title}: {str(nye.works[nye.references[0]]).rstrip('.')}")
    assert source_line(FRAME) == f"a table, which names no study.{VERSION}"

from softpower import score
from softpower.plot.sources import source_line


def test_one_source_is_cited():
    said = source_line(score("technology_achievement"))
    assert said.startswith("Technology Achievement Index of 23 countries: OECD and Joint Research Centre")


def test_of_many_sources_two_are_cited_and_the_others_counted():
    result = score("kazakhstan")
    assert source_line(result).endswith(f"; and {len(result.sources()) - 2} more sources")

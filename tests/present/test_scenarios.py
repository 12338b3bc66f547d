"""The printed table of scenarios: aligned, within the width, with reasons below."""

import pytest

from properties.strategies import scored, tree_specs
from softpower import load_profile, score_scenarios
from softpower.present.scenarios import scenario_table
from softpower.present.sheet import WIDTH


def test_a_table_by_hand():
    study = scored(tree_specs([[None, None], None]), [[10, 20, 30], [40, None, 60]])
    study = study.replace(
        scenarios={
            "last": {"title": "The last alone", "include": {"nodes": ["i2"]}},
            "without_the_first": {"title": "Without the first", "exclude": {"nodes": ["i0"]}},
        }
    )
    assert scenario_table(study, score_scenarios(study)).splitlines() == [
        "A study for a test: scenarios",
        "",
        "                                        an                     indi-",
        "A>0                   d0     d1  indicator  change  coverage  cators  facts",
        "declared            22.5   15.0       30.0    +0.0      100%       3      3",
        "last                30.0      -       30.0    +7.5      100%       1      1",
        "without_the_first   25.0   20.0       30.0    +2.5      100%       2      2",
        "",
        "! last: d1: it is left out",
        "",
        "                                        an                     indi-",
        "A>1                   d0     d1  indicator  change  coverage  cators  facts",
        "declared            50.0   40.0       60.0    +0.0       75%       3      2",
        "last                60.0      -       60.0   +10.0      100%       1      1",
        "without_the_first   60.0      -       60.0   +10.0       50%       2      1",
        "",
        "! last: d1: it is left out",
        "",
        "! without_the_first: d1: 0 of 1 children are present",
    ]


@pytest.mark.parametrize("count", [3, 12])
def test_it_fits_the_width_and_shows_what_leaves_room(count):
    names = [f"i{number}" for number in range(count)]
    study = scored(tree_specs([None] * count), [[50.0] * count])
    long = {
        f"a_scenario_with_a_name_that_is_long.and_a_second_part_{one}": {"title": "T", "exclude": {"nodes": [one]}}
        for one in names
    }
    lines = scenario_table(study, score_scenarios(study.replace(scenarios=long))).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert ("indicator" in "\n".join(lines)) == (count == 3)


def test_the_shipped_profile_fits_the_width():
    profile = load_profile("kazakhstan")
    text = scenario_table(profile, score_scenarios(profile))
    assert max(map(len, text.splitlines())) <= WIDTH
    for words in ("Political", "declared  ", "+7.4", "legal_ties.with_association"):
        assert words in text

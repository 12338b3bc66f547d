"""Titles in the place of ids, on profiles whose titles are known."""

import re

import pandas as pd
import pytest

from softpower.analysis.naming import Titles
from softpower.catalogue import load_profile
from softpower.studies import from_frame


@pytest.fixture(scope="module")
def titles():
    return Titles(load_profile("kazakhstan"))


class TestFactors:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("weights: soft_power", "weights: Soft power"),
            ("goalposts: trade_share", "goalposts: Share of the partner's trade"),
            ("observations: foreign_policy", "observations: Foreign policy"),
            ("observations: several", "observations: several"),
            ("aggregation: p of power", "aggregation: p of power"),
            ("scenarios", "scenarios"),
            ("observation: VIS-03", "observation: VIS-03, How the actor answers the partner's opening of the border"),
            ("observation: nowhere", "observation: nowhere"),
        ],
    )
    def test_what_has_a_title_is_called_by_it(self, titles, name, said):
        assert titles.factor(name) == said

    def test_a_part_and_alternatives(self, titles):
        title = titles.fact("VIS-06").removeprefix("VIS-06, ")
        assert title != "VIS-06"
        assert titles.factor("observation: VIS-06, start") == f"observation: VIS-06, {title}, start"
        assert titles.factor("alternatives: VIS-06 or VIS-07a") == f"alternatives: VIS-06 or VIS-07a, {title}"

    def test_a_variable_has_its_own_title_or_that_of_a_column(self, titles):
        name = next(iter(titles.profile.framework.variables))
        assert titles.variable(name) == titles.profile.framework.variables[name].title
        assert titles.variable("trade_share") == "Share of the partner's trade"
        assert titles.variable("nowhere") == "nowhere"

    def test_a_cell_of_a_table(self):
        frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4, 2]}, index=["KAZ", "UZB"])
        profile = from_frame(frame)
        known = profile.framework.indicators["trade"].replace(title="Trade with the partner")
        indicators = {**profile.framework.indicators, "trade": known}
        titles = Titles(profile.replace(framework=profile.framework.replace(indicators=indicators)))
        assert titles.factor("observation: KAZ, trade") == "observation: KAZ, Trade with the partner"


class TestEnds:
    def test_goalposts_of_measures_without_any_are_none(self, titles):
        told = {name: titles.end(f"goalposts: {name}", "main") for name in titles.profile.framework.indicators}
        assert all(" to " in one for one in told.values())

    @pytest.mark.parametrize("factor", ["measures: nowhere", "goalposts: nowhere", "observations: trade_share"])
    def test_what_has_no_titles_stays_as_it_is(self, titles, factor):
        assert titles.end(factor, "main") == "main"

    def test_weights_name_the_children_alone(self, titles):
        said = titles.end("weights: soft_power", "more weight on culture, less on the rest")
        assert said == "more weight on Culture, less on the rest"
        assert titles.end("weights: culture", "all weight on foreign_policy") == "all weight on foreign_policy"

    def test_options(self, titles):
        assert titles.end("scenarios", "visa_list") == "Visa opening by the list"
        assert titles.end("scenarios", "declared, as declared") == "no scenario, as declared"
        assert titles.end("selection: left out", "without trade_share") == "without Share of the partner's trade"
        assert titles.end("goalposts: cultural_network_breadth", "main, as declared") == "0 to 1, as declared"
        shares = [
            titles.end("goalposts: mobility_money_share", one) for one in ("main", "natural_share", "parity_to_all")
        ]
        assert len(set(shares)) == 3
        assert all(re.match(r"[\d.]+ to [\d.]+", one) for one in shares)
        assert titles.end("aggregation", "arithmetic, as declared") == "arithmetic, as declared"
        measure = titles.profile.indicators["trade_share"].alternative_measures[0]
        assert titles.end("measures: trade_share", measure.id) == measure.title != measure.id

"""What docs/other-frameworks.md and indicators/README.md state in numbers."""

import pandas as pd
import pytest

import softpower as sp


def test_the_two_invented_actors():
    result = sp.score("comparison")
    assert result.composite.round(1).to_dict() == {"AAA>KAZ": 54.4, "ZZZ>KAZ": 55.6}
    drawn = sp.uncertainty_analysis("comparison", n=1024)
    assert round(drawn.probability_above().loc["AAA>KAZ", "ZZZ>KAZ"], 2) == 0.59
    assert round(drawn.probability_above("culture").loc["ZZZ>KAZ", "AAA>KAZ"], 2) == 0.90


def test_kazakhstan_under_two_theories():
    one, other = sp.score("kazakhstan"), sp.score("kazakhstan", framework="manners")
    assert (one.composite.iloc[0].round(1), other.composite.iloc[0].round(1)) == (61.2, 60.7)
    assert other.to_wide("channel").iloc[0].round(1).to_dict() == {
        "contagion": 76.4,
        "transference": 67.4,
        "information": 49.3,
        "cultural_filter": 49.6,
    }
    sources = one.to_wide("source").iloc[0]
    assert sources.max() - sources.min() < 7.2
    weight = other.to_frame("channel")["effective_weight"]
    assert weight.iloc[-1] == pytest.approx(0.25)


def test_orders_of_channels_that_the_draws_bear_out():
    both_have = {"observations": True, "goalposts": True, "weights": {"composite": {"method": "simplex"}}}
    shares = sp.uncertainty_analysis("kazakhstan", "manners", uncertainty=both_have, n=256).probability_above()
    assert (shares.loc[["contagion", "transference"], "information"] > 0.9).all()
    assert shares.loc["cultural_filter"].dropna().between(0.1, 0.9).all()


def test_the_human_development_index():
    countries = pd.DataFrame(
        {
            "life_expectancy": [72.0, 85.6],
            "expected_schooling": [13.5, 19.2],
            "mean_schooling": [9.0, 13.0],
            "gni_per_capita": [10_000, 90_000],
        },
        index=["A", "B"],
    )
    assert sp.score(countries, framework="hdi").composite.round(1).to_dict() == {"A": 72.2, "B": 97.7}


def test_how_many_indicators_each_channel_has():
    framework = sp.load_framework("manners")
    table = pd.crosstab(
        pd.Series([framework.path(name)[1] for name in framework.indicators]),
        pd.Series([one.set for one in framework.indicators.values()]),
    )
    assert table.loc[["contagion", "transference", "information", "cultural_filter"]].to_numpy().tolist() == [
        [6, 1],
        [11, 9],
        [4, 2],
        [2, 2],
    ]
    nye = sp.load_framework("nye").indicators
    assert len(framework.left_out) == 10
    assert sum(nye[name].set == "base" for name in framework.left_out) == 7

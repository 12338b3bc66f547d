"""The maps of cells: what they say, what they draw, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection, PathCollection, QuadMesh
from matplotlib.figure import Figure

from plot.overlap import cut, overlapping
from softpower import Framework, MethodError, NotFoundError, score
from softpower.plot.heat import correlations, missing

TREE = Framework.from_dict(
    {
        "dimensions": {
            "index": {"title": "Index"},
            "economy": {"title": "Economy", "parent": "index"},
            "people": {"title": "People", "parent": "index"},
        },
        "indicators": {
            "trade": {"title": "Trade", "dimension": "economy"},
            "tension": {"title": "Tension", "dimension": "people", "better": "lower"},
            "visits": {"title": "Visits", "dimension": "people"},
        },
    }
)
FRAME = pd.DataFrame(
    {"trade": [1.0, 2.0, 3.0, 4.0], "tension": [1.0, 2.0, 3.0, 4.0], "visits": [1.0, 3.0, 2.0, 4.0]},
    index=["KAZ", "UZB", "KGZ", "TJK"],
)
GAPPY = FRAME.assign(trade=[1.0, np.nan, 3.0, 4.0], visits=[np.nan, np.nan, 2.0, 4.0])


@pytest.fixture(scope="module")
def many():
    """Thirty cases of sixty indicators in six dimensions, a tenth of the cells empty."""
    rng = np.random.default_rng(0)
    cells = rng.normal(size=(30, 60))
    cells[rng.uniform(size=cells.shape) < 0.1] = np.nan
    tree = {"index": {"title": "Index"}}
    tree |= {f"d{place}": {"title": f"Dimension of number {place}", "parent": "index"} for place in range(6)}
    indicators = {
        f"i{place}": {"title": f"Indicator whose title is long, {place}", "dimension": f"d{place // 10}"}
        for place in range(60)
    }
    frame = pd.DataFrame(cells, [f"Country {row}" for row in range(30)], list(indicators))
    return score(frame, Framework.from_dict({"dimensions": tree, "indicators": indicators}))


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


def texts(ax):
    return [one.get_text() for one in ax.texts]


def drawn(ax, kind):
    return [one for one in ax.collections if type(one) is kind]


class TestCorrelations:
    def test_scores_that_run_the_other_way_are_turned(self):
        """Trade and tension rise together, but less tension is better. Trade and visits have r = 0.8 by hand."""
        ax = correlations(score(FRAME, TREE))
        cells = drawn(ax, QuadMesh)[0].get_array()
        np.testing.assert_allclose(cells[0, 1:], [-1.0, 0.8])
        np.testing.assert_allclose(cells[1, 2], -0.8)
        assert (
            title(ax) == "2 of 3 pairs of indicators run against each other; Trade and Visits go together most (0.80)"
        )
        assert sorted(one for one in texts(ax)[:-1] if "0" in one) == sorted(
            ["\N{MINUS SIGN}1.00", "\N{MINUS SIGN}0.80", "0.80"] * 2
        )

    def test_dimensions_are_named_and_parted(self):
        ax = correlations(score(FRAME, TREE))
        assert {"Economy", "People"} <= set(texts(ax))
        assert [line.get_ydata()[0] for line in ax.lines if line.get_ydata()[0] == line.get_ydata()[1]] == [0.5]
        assert [one.get_text() for one in ax.get_yticklabels()] == ["1. Trade", "2. Tension", "3. Visits"]

    def test_what_has_no_correlation_is_hatched(self):
        ax = correlations(score(FRAME.assign(visits=2.0), TREE, methodology={"normalise": "rank"}))
        (hatched,) = drawn(ax, PatchCollection)
        assert hatched.get_hatch()
        middles = {tuple(path.get_extents().get_points().mean(axis=0)) for path in hatched.get_paths()}
        assert middles == {(2.0, 0.0), (2.0, 1.0), (0.0, 2.0), (1.0, 2.0)}

    def test_levels(self):
        ax = correlations(score(FRAME, TREE), level="level_1")
        assert title(ax).startswith("The one pair of dimensions runs against each other: Economy and People")

    def test_periods(self):
        panel = pd.concat([FRAME, FRAME.assign(visits=[1.0, 2.0, 3.0, 4.0])], keys=[2019, 2020]).swaplevel()
        panel.index.names = ["case", "period"]
        ax = correlations(score(panel, TREE), period=2020)
        assert "Trade and Visits go together most (1.00)" in title(ax)
        assert "4 cases in 2020" in texts(ax)[-1].replace("\n", " ")
        with pytest.raises(NotFoundError, match=r"period: there is no period 2021. Did you mean '2020'"):
            correlations(score(panel, TREE), period=2021)

    def test_sixty_indicators_bear_strokes_in_place_of_numbers(self, many):
        ax = correlations(many)
        cells = np.ma.filled(drawn(ax, QuadMesh)[0].get_array(), 1.0)
        (strokes,) = drawn(ax, PathCollection)
        assert len(strokes.get_offsets()) == (cells < 0).sum() > 0
        assert overlapping(ax) == []
        assert cut(ax) == []

    def test_one_case_is_refused(self):
        with pytest.raises(MethodError, match=r"plot.correlations: one case has .*\. Score 3 cases or more"):
            correlations(score("kazakhstan"))

    def test_two_cases_are_refused(self):
        with pytest.raises(MethodError, match="any 2 cases lie on a line"):
            correlations(score(FRAME.head(2), TREE))

    def test_unknown_names_are_refused(self):
        result = score(FRAME, TREE)
        with pytest.raises(NotFoundError, match="there is no level 'dimensions'"):
            correlations(result, level="dimensions")
        with pytest.raises(NotFoundError, match="the scores have no periods"):
            correlations(result, period=2020)
        with pytest.raises(MethodError, match="one node of the level 'composite'"):
            correlations(result, level="composite")


class TestMissing:
    def test_gaps_are_told_from_what_is_imputed(self):
        ax = missing(score(GAPPY, TREE, methodology={"impute": {"visits": {"method": "mean"}}}))
        assert title(ax) == "3 of 12 values are missing (25 %), 2 of them imputed; 'Visits' lacks most, 2 of 4"
        np.testing.assert_array_equal(drawn(ax, QuadMesh)[0].get_array(), [[0, 0, 1], [2, 0, 1], [0, 0, 0], [0, 0, 0]])
        (dots,) = drawn(ax, PathCollection)
        assert dots.get_offsets().tolist() == [[2.0, 0.0], [2.0, 1.0]]
        (hatched,) = drawn(ax, PatchCollection)
        assert len(hatched.get_paths()) == 1
        assert [one.get_text() for one in ax.get_legend().get_texts()] == ["present", "imputed", "missing"]

    def test_shares_stand_at_the_margins(self):
        ax = missing(score(GAPPY, TREE))
        assert texts(ax)[:8] == ["67", "33", "100", "100", "75", "100", "50", "% there"]

    def test_nothing_missing_of_one_case(self):
        ax = missing(score("kazakhstan"))
        assert title(ax) == "Nothing is missing: all 30 values are there"
        assert drawn(ax, QuadMesh)[0].get_array().shape == (30, 1)
        assert overlapping(ax) == []
        assert cut(ax) == []

    def test_one_indicator(self):
        tree = Framework.from_dict(
            {"dimensions": {"x": {"title": "X"}}, "indicators": {"trade": {"title": "Trade", "dimension": "x"}}}
        )
        ax = missing(score(GAPPY[["trade"]], tree))
        assert title(ax) == "1 of 4 values is missing (25 %)"
        assert overlapping(ax) == []

    def test_indicators_run_down_where_they_are_more(self, many):
        ax = missing(many)
        assert drawn(ax, QuadMesh)[0].get_array().shape == (60, 30)
        assert overlapping(ax) == []
        assert cut(ax) == []

    def test_of_many_cases_those_with_gaps_are_shown(self):
        cells = np.arange(300.0).reshape(100, 3)
        cells[95, 0] = np.nan
        ax = missing(score(pd.DataFrame(cells, [f"c{row}" for row in range(100)], list(FRAME)), TREE))
        labels = [one.get_text() for one in ax.get_yticklabels()]
        assert len(labels) == 60
        assert labels[-1] == "c95"
        assert "Not shown: 40 more rows, 0 of them with gaps." in texts(ax)[-1].replace("\n", " ")

    def test_a_small_share_is_not_rounded_away(self):
        cells = np.arange(900.0).reshape(300, 3)
        cells[0, 0] = np.nan
        ax = missing(score(pd.DataFrame(cells, [f"c{row}" for row in range(300)], list(FRAME)), TREE))
        assert title(ax) == "1 of 900 values is missing (under 1 %): of 'Trade'"
        assert "99" in texts(ax)

    @pytest.mark.parametrize("draw", [correlations, missing])
    def test_axes_that_are_given_are_drawn_on_and_returned(self, draw):
        ax = Figure(figsize=(8, 5), layout="constrained").subplots()
        assert draw(score(FRAME, TREE), ax=ax) is ax
        assert overlapping(ax) == []

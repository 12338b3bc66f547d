"""What titles say, and what pictures refuse, where cases are few, alike or without scores."""

import numpy as np
import pandas as pd
import pytest

import softpower as sp
from softpower.analysis import movements
from softpower.plot.curve import specifications
from softpower.plot.dots import profile
from softpower.plot.dumbbells import strengths
from softpower.plot.heat import correlations
from softpower.plot.ladder import scenarios
from softpower.plot.movements import changes
from softpower.plot.pairs import pairwise
from softpower.plot.ranks import ranking
from softpower.plot.ternary import simplex
from softpower.plot.trajectories import trajectory
from softpower.plot.waterfall import contributions

GAP = np.nan
SIMPLEX = {"weights": "simplex"}
STRICT = {"missing": "strict"}
SOME = pd.DataFrame({"x": [1.0, 3, GAP, 2], "y": [4.0, 2, GAP, 1], "z": [3.0, 2, GAP, 2.5]}, list("ABCD"))
# Each case lacks what the others have.
HALVES = pd.DataFrame({"x": [1.0, 2, GAP, GAP], "y": [GAP, GAP, 1, 2], "z": [1.0, 2, 3, 4]}, list("ABCD"))
AGAINST = pd.DataFrame({"x": [3.0, 0, 0, 1], "y": [0.0, 3, 0, 1], "z": [0.0, 0, 3, 1]}, list("ABCD"))
ALIKE = pd.DataFrame({"x": [1.0, 2], "y": [1.0, 2], "z": [1.0, 2]}, list("AB"))
YEARS = pd.MultiIndex.from_product([["A", "B"], [2000, 2001]], names=["case", "period"])
PANEL = pd.DataFrame({"x": [1.0, 3, 1, 3], "y": [5.0, 1, 5, 1]}, YEARS)


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def judged():
    """One case whose two indicators have bounds that do not meet, against the ends of a scale."""
    posts = {"kind": "scale_ends", "low": 0, "high": 10, "reason": "A scale of ten."}
    indicators = {name: {"title": name, "dimension": "all", "goalposts": posts} for name in "xy"}
    framework = sp.Framework.from_dict(
        {"title": "All", "dimensions": {"all": {"title": "All"}}, "indicators": indicators}
    )
    cells = {"x": 8.0, "x:low": 7.0, "x:high": 9.0, "y": 2.0, "y:low": 1.0, "y:high": 3.0}
    return sp.from_frame(pd.DataFrame(cells, ["A"]), framework)


def circle():
    """Twelve cases around a circle of three indicators, so that each leads under some weights."""
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    columns = {name: 1 + np.cos(angles - turn) for name, turn in (("x", 0.0), ("y", 2.1), ("z", 4.2))}
    return sp.score(pd.DataFrame(columns, [f"C{place}" for place in range(12)]))


SAID = {
    "a case without a score": (
        lambda: profile(sp.score(SOME), case="C"),
        "Composite of C: no score, 0 of 3 children are present",
    ),
    "two nodes in a certain order": (
        lambda: profile(sp.score(judged())),
        "All: 50 (bounds 40 to 60); x is surely above y",
    ),
    "nothing in common": (
        lambda: strengths(sp.score(SOME), "A", against="C"),
        "A and C have no score in common",
    ),
    "nowhere ahead": (
        lambda: strengths(sp.score(SOME[["y", "z"]]), "D", against="A"),
        "D is nowhere ahead of A, and furthest behind in y (−100)",  # noqa: RUF001
    ),
    "no pair with a correlation": (
        lambda: correlations(sp.score(HALVES[["x", "y"]])),
        "No pair of indicators has a correlation: too few cases have both, or all score the same",
    ),
    "all against each other": (
        # three unit vectors less their mean: each pair has the correlation -1/2
        lambda: correlations(sp.score(AGAINST)),
        "All 3 pairs of indicators run against each other, least x and y (−0.50)",  # noqa: RUF001
    ),
    "nobody has a score": (
        lambda: ranking(sp.score(HALVES, methodology=STRICT)),
        "None of 4 cases has a score",
    ),
    "an open scale": (
        lambda: ranking(sp.score(SOME.assign(x=SOME["y"])[["x", "y"]], methodology={"normalise": "z_score"})),
        # 5/3, -1/3 and -4/3 from the mean of 7/3, over the deviation of 1.53
        "A ranks first of 3 cases with 1.09, ahead of B with −0.22",  # noqa: RUF001
    ),
    "a change of nothing": (
        lambda: changes(movements.changes(sp.score(PANEL)), case="A"),
        "Composite of A stays at 50 from 2000 to 2001; x moves most (+50.0)",
    ),
    "more than three steps": (
        lambda: contributions(sp.score(SOME.assign(w=[2.0, 3, GAP, 1])), case="A"),
        # x is at the bottom, y and z are at the top, w in the middle: (0 + 100 + 100 + 50) / 4
        "Composite of A: of 62.5 points from 4 indicators most from y 25.0, least from x 0.0",
    ),
    "weights that do not matter": (
        lambda: simplex(sp.score(ALIKE), case="A"),
        "A scores 0.0 to 0.0 under all weights, 0.0 under the declared ones",
    ),
    "no two in the same draw": (
        lambda: pairwise(sp.uncertainty_analysis(HALVES, methodology=STRICT, uncertainty=SIMPLEX, n=16)),
        "No two of them have a score in the same draw",
    ),
    "a case in an earlier period": (
        lambda: profile(sp.uncertainty_analysis(PANEL, uncertainty=SIMPLEX, n=16), case="A", period=2000),
        "Composite of A 2000: 50 (90 % interval",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_the_title_says_what_is_rare(name):
    picture, says = SAID[name]
    assert title(picture()).startswith(says)


REFUSED = {
    "a change that is none": (
        lambda: changes(movements.changes(sp.score(PANEL.drop(index=("A", 2001)).reindex(PANEL.index))), case="A"),
        r"plot\.changes: A: no change: 2001: 0 of 2 children are present",
    ),
    "a triangle of nothing": (
        lambda: simplex(sp.score(HALVES, methodology=STRICT)),
        r"plot\.simplex: nothing that is drawn has a score",
    ),
    "a curve of nothing": (
        lambda: specifications(
            sp.uncertainty_analysis(SOME, uncertainty={"aggregate": ["arithmetic", "minimum"]}, n=16), case="C"
        ),
        r"plot\.specifications: C has no score",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_score_is_refused_by_name(name):
    picture, says = REFUSED[name]
    with pytest.raises(sp.MethodError, match=says):
        picture()


def test_of_many_that_may_lead_the_others_are_counted():
    legend = [one.get_text() for one in simplex(circle()).get_legend().get_texts()]
    (others,) = [one for one in legend if " others: " in one]
    leading = [one for one in legend if " leads: " in one]
    shares = [float(one.split(":")[1].strip(" %")) for one in (*leading, others)]
    assert int(others.split()[0]) + len(leading) == 12
    assert sum(shares) == pytest.approx(100, abs=1 + len(leading))


def test_an_open_scale_shows_what_there_is():
    result = sp.score(SOME, methodology={"normalise": "z_score"})
    low, high = profile(result, case="A").get_xlim()
    assert low < np.nanmin(result.score[0]) < np.nanmax(result.score[0]) < high


def test_a_trajectory_of_fewer_indicators_says_of_how_many(sound):
    left = sound.without("visit_rate")
    count = len(left.indicators)
    assert f", on {count} indicators" in title(trajectory(sp.trajectory(left)))


def test_a_ladder_on_which_no_scenario_has_a_score():
    names = pd.MultiIndex.from_product([["declared", "other"], ["A"]], names=["scenario", "case"])
    columns = {"title": ["As declared", "Other"], "power": [50.0, GAP], "difference": GAP, "low": GAP, "high": GAP}
    table = pd.DataFrame(columns | {"coverage": 1.0, "reason": ["", "it is left out"]}, names)
    assert title(scenarios(table)) == "A scores 50.0 as declared, and under no scenario"

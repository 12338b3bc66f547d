"""The picture of a trajectory: line and band where the scores are, what is told, no text over another."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure

import softpower as sp
from plot.overlap import cut, overlapping
from properties.strategies import framework, indicator, study, variable
from softpower.plot.trajectories import SHOWN, trajectory

PHASES = ("1991-2001", "2002-2013", "2014-2022")


@pytest.fixture(scope="module")
def kazakhstan():
    return sp.trajectory("kazakhstan", undated="constant")


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def told(ax):
    """The lines under the axes."""
    return next((one.get_text() for one in ax.texts if one.get_text().startswith("1  ")), "")


def numbers(ax):
    return [one for one in ax.texts if one.get_text().isdigit()]


def events(count, years):
    """A study of many events, each an indicator of its own."""
    kinds = {f"v{i}": variable("event", "count:event") for i in range(count)}
    made = {
        name: indicator({"kind": "ladder", "rungs": [{"variable": name, "title": name}]}, unit="rungs:1", title=name)
        for name in kinds
    }
    facts = [
        {"variable": name, "value": 1, "start": str(years[0] + (7 * place) % (years[1] - years[0]))}
        for place, name in enumerate(kinds)
    ]
    return study(
        framework({f"i{name}": one for name, one in made.items()}, kinds), facts, window=tuple(map(str, years))
    )


def test_the_line_and_the_band_lie_where_the_scores_are(kazakhstan):
    ax = trajectory(kazakhstan, node="political_values")
    frame = kazakhstan.to_frame()
    mine = frame[frame.index.get_level_values("node") == "political_values"].droplevel([0, 1])
    segments = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) == 2 and line.get_linewidth() == 1.6]
    assert len(segments) == 31
    np.testing.assert_allclose([one[1, 1] for one in segments], mine["score"].iloc[1:])
    assert [one[0, 0] for one in segments] == list(range(1991, 2022))
    band = [one for one in ax.collections if isinstance(one, PolyCollection)]
    assert len(band) == 31
    edges = np.vstack([one.get_paths()[0].vertices for one in band])
    assert edges[:, 1].min() == pytest.approx(mine["low"].min())
    assert edges[:, 1].max() == pytest.approx(mine["high"].max())
    assert title(ax).startswith("Political values: up from 38.1 in 1991 to 55.0 in 2022")


def test_the_line_is_dashed_where_indicators_enter(kazakhstan):
    ax = trajectory(kazakhstan, node="political_values")
    dashed = {line.get_xdata()[1] for line in ax.lines if line.get_linewidth() == 1.6 and line.get_linestyle() == "--"}
    # Use of experience in law from 2011, the reception of values from 2022.
    assert dashed == {2011, 2022}


def test_dots_are_open_where_half_or_less_is_observed(kazakhstan):
    ax = trajectory(kazakhstan)
    opened, full = (one for one in ax.collections if isinstance(one, PathCollection))
    assert opened.get_offsets()[:, 0].tolist() == list(range(1991, 2008))
    assert full.get_offsets()[:, 0].tolist() == list(range(2008, 2023))


def test_coverage_stands_at_the_foot(kazakhstan):
    ax = trajectory(kazakhstan)
    heights = [one.get_height() for one in ax.patches[32:64]]
    assert heights[-1] == pytest.approx(2 * heights[0])
    assert {"coverage 50 %", "100 %"} <= {one.get_text() for one in ax.texts}


def test_what_moved_it_is_numbered_and_told(kazakhstan):
    ax = trajectory(kazakhstan, phases=PHASES)
    lines = told(ax)
    assert "1  1993: Legal ties +4.2 (ENG-02)" in lines
    assert "Opening of the border by the actor enters: -5.1 by coverage alone" in lines
    assert [one.get_text() for one in numbers(ax)] == [str(number + 1) for number in range(SHOWN)]
    assert {one.get_text() for one in ax.texts} >= {"1991-2001: mean 49.1", "2002-2013: mean 58.9"}
    assert "51 % of all change from year to year is coverage alone" in title(ax)


@pytest.mark.parametrize("node", [None, "foreign_policy", "legal_ties"])
def test_no_text_lies_on_another_and_none_is_cut(kazakhstan, node):
    ax = trajectory(kazakhstan, node=node, phases=PHASES)
    assert overlapping(ax) == []
    assert cut(ax) == []


@pytest.mark.parametrize(
    ("profile", "years", "phases"),
    [
        (events(60, (1900, 2000)), None, ["1900-1903", "1904-2000"]),
        (events(12, (2000, 2003)), None, ()),
        (events(3, (2000, 2003)), [2003], ()),
        (events(9, (2000, 2003)), ["2000-01", "2000-02-03", "2000-02-04", 2000, "2002-11"], ()),
    ],
    ids=["sixty", "crowded", "one year", "days"],
)
def test_nor_at_the_edges(profile, years, phases):
    ax = trajectory(sp.trajectory(profile, years=years), phases=phases)
    assert overlapping(ax) == []
    assert cut(ax) == []


def test_years_without_a_score_leave_a_gap():
    through = sp.trajectory("kazakhstan", years=range(2016, 2020))
    ax = trajectory(through, phases=["2016-2017", "2018-2019"])
    assert "no score in 2 of 4 years" in title(ax)
    assert {one.get_text() for one in ax.texts} >= {"2016-2017: no score"}
    nothing = trajectory(sp.trajectory("kazakhstan", years=[2001, 2002]))
    assert title(nothing) == "Soft power: no score in any year, since too little is observed"


def test_a_case_is_named_where_there_are_several():
    specs = framework({"i": indicator("x"), "j": indicator("x")}, {"x": variable()})
    facts = [{"variable": "x", "value": 0.5, "case": case, "start": "2001", "end": "2001"} for case in ("A>B", "A>C")]
    through = sp.trajectory(study(specs, facts, cases=("A>B", "A>C")))
    assert title(trajectory(through, case="A>C")) == "index of A>C: 50.0 in 2010, as in 2001"
    with pytest.raises(sp.NotFoundError, match="there are 2 cases"):
        trajectory(through)


def test_wrong_inputs(kazakhstan):
    given = Figure().subplots()
    assert trajectory(kazakhstan, ax=given) is given
    with pytest.raises(sp.SpecificationError, match="a Result is given"):
        trajectory(sp.score("kazakhstan"))
    with pytest.raises(sp.NotFoundError, match="there is no node 'culturee'"):
        trajectory(kazakhstan, node="culturee")
    with pytest.raises(sp.NotFoundError, match="no case 'KAZ'"):
        trajectory(kazakhstan, case="KAZ")
    with pytest.raises(sp.SpecificationError, match="holds no year"):
        trajectory(kazakhstan, phases=["1950-1960"])

"""What turns an order, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize_scalar

from properties.strategies import scored, tree_specs
from softpower import Framework, MethodError, NotFoundError, load_profile, score
from softpower.analysis.turning import flips


def tree(**more):
    posts = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
    leaves = {
        "a": {"title": "A", "dimension": "d", "weight": 3, "goalposts": posts},
        "b": {"title": "B", "dimension": "d", "goalposts": posts},
        "c": {"title": "C", "dimension": "all", "goalposts": posts},
    }
    for name, changes in more.items():
        leaves[name] = leaves[name] | changes
    dimensions = {"all": {"title": "All"}, "d": {"title": "D", "parent": "all"}}
    return Framework.from_dict({"dimensions": dimensions, "indicators": leaves})


# X 0.375 * 80 + 0.125 * 40 + 0.5 * 30 = 50, Y 7.5 + 7.5 + 30 = 45.
FRAME = pd.DataFrame({"a": [80.0, 20], "b": [40.0, 60], "c": [30.0, 60]}, index=["X", "Y"])


def test_values_by_hand():
    table = flips(score(FRAME, tree()), "Y", "X")
    turns = table["turns"].to_dict()
    assert turns["a", "X"] == pytest.approx(80 - 5 / 0.375)
    assert turns["c", "X"] == pytest.approx(30 - 5 / 0.5)
    assert turns["a", "Y"] == pytest.approx(20 + 5 / 0.375)
    assert turns["c", "Y"] == pytest.approx(60 + 5 / 0.5)
    # b would have to go to a goalpost of its own, where the two are tied: 40 - 5 / 0.125 and 60 + 5 / 0.125.
    assert np.isnan([turns["b", "X"], turns["b", "Y"]]).all()
    assert table.loc[("c", "Y"), "move"] == pytest.approx(10)
    assert table.loc[("c", "Y"), "points"] == pytest.approx(10)
    # The easiest first: c of either, then a, then b; weights last.
    assert [node for node, of in table.index if of != "weight"][:4] == ["c", "c", "a", "a"]
    assert [of for _, of in table.index][6:] == ["weight"] * 4
    said = ("title", "unit", "now", "turns", "move", "points", "within", "reason")
    assert tuple(table.columns) == said
    assert set(table["unit"].iloc[:6]) == {"number"}


def test_weights_by_hand():
    table = flips(score(FRAME, tree()), "X", "Y")
    # Of d: X 70, Y 30; of c: X 30, Y 60. w 40 - (1 - w) 30 = 0 at w = 3/7.
    assert table.loc[("d", "weight"), "turns"] == pytest.approx(3 / 7)
    assert table.loc[("c", "weight"), "turns"] == pytest.approx(4 / 7)
    assert table.loc[("d", "weight"), "now"] == pytest.approx(0.5)
    # Of a: 60, of b: -20; d must lead by 30. w 60 - (1 - w) 20 = 30 at w = 5/8.
    assert table.loc[("a", "weight"), "turns"] == pytest.approx(5 / 8)
    assert table.loc[("b", "weight"), "turns"] == pytest.approx(3 / 8)
    weights = table.xs("weight", level="of")
    assert weights.index.tolist() == ["d", "c", "a", "b"]
    assert weights["points"].isna().all()
    for name, said in (("unit", "share of the siblings' weight"), ("within", ""), ("reason", "")):
        assert set(weights[name]) == {said}


def test_of_a_weight_that_turns_nothing_it_says_why():
    table = flips(score(FRAME.assign(b=[40.0, 0]), tree(a={"weight": 1}, b={"weight": 0})), "X", "Y")
    weights = table.xs("weight", level="of")
    assert weights["reason"].to_dict() == {
        "d": "",
        "c": "",
        "b": "the order holds for every weight",
        "a": "its siblings weigh nothing",
    }


GAP = pd.DataFrame({"p": [7.0, 38], "q": [np.nan, 42], "r": [76.0, 66], "s": [41.0, 52]}, index=["X", "Y"])


def with_a_gap():
    posts = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
    above = {"p": ("d", 16), "q": ("d", 63), "r": ("d", 21), "s": ("e", 1)}
    leaves = {
        name: {"title": name, "dimension": parent, "weight": weight, "goalposts": posts}
        for name, (parent, weight) in above.items()
    }
    inner = {name: {"title": name, "parent": "all"} for name in "de"}
    return Framework.from_dict({"dimensions": {"all": {"title": "All"}, **inner}, "indicators": leaves})


def ahead_in_d(weight):
    """By how much Y leads X in d as r has a weight of its own; X lacks q."""
    p, q = (1 - weight) * 16 / 79, (1 - weight) * 63 / 79
    return p * 38 + q * 42 + weight * 66 - (p * 7 + weight * 76) / (p + weight)


def test_a_lead_that_is_lost_at_neither_end_of_a_weight():
    result = score(GAP, with_a_gap())
    assert result.composite["Y"] > result.composite["X"]
    turns = flips(result, "X", "Y").loc[("r", "weight"), "turns"]
    assert turns == pytest.approx(brentq(lambda weight: ahead_in_d(weight) + 52 - 41, 0.21, 0.6), abs=1e-12)
    # All of d the lead is back.
    assert ahead_in_d(0.95) + 52 - 41 > 0


@pytest.mark.parametrize("start", [41.0, 10.0])
def test_a_lead_that_is_lost_between_two_weights_that_lie_side_by_side(start):
    low = minimize_scalar(ahead_in_d, bounds=(0.3, 0.99), method="bounded", options={"xatol": 1e-12})
    for lost, turns in ((1e-7, low.x), (-1e-7, np.nan)):
        frame = GAP.assign(s=[start, start - low.fun - lost])
        row = flips(score(frame, with_a_gap()), "X", "Y").loc[("r", "weight")]
        assert row["turns"] == pytest.approx(turns, abs=1e-3, nan_ok=True)
        assert row["reason"] == ("" if lost > 0 else "the order holds for every weight")


def test_a_lead_that_is_lost_between_under_means_that_are_mixed():
    frame = pd.DataFrame({"a": [100.0, 80], "b": [1.0, 20], "c": [75.0, 50]}, index=["X", "Y"])
    mixed = {"aggregate": {"composite": "arithmetic", "level_1": "geometric"}}
    made = tree(a={"weight": 9})
    # X leads by 100^w + 75 - 80^w 20^(1 - w) - 50 at w = 0.9 of a, and at either end.
    turn = brentq(lambda w: 100**w + 75 - 80**w * 20 ** (1 - w) - 50, 0.56, 0.9)
    table = flips(score(frame, made, methodology=mixed), "X", "Y")
    assert table.loc[("a", "weight"), "turns"] == pytest.approx(turn)
    assert table.loc[("b", "weight"), "turns"] == pytest.approx(1 - turn)
    # Where no weight turns it, the search does not claim more than it tried.
    table = flips(score(frame.assign(c=[95.0, 10.0]), made, methodology=mixed), "X", "Y")
    assert table.loc[("a", "weight"), "reason"] == "the order holds for every weight that is tried"


def test_beyond_a_goalpost_nothing_is_looked_for():
    # X 31, Y 18; c of X would turn it at about 11, below the goalpost of 25, at which X still has 28.
    posts = {"low": 25, "high": 100, "kind": "benchmark", "reason": "for the test"}
    frame = pd.DataFrame({"a": [60.0, 20], "b": [40.0, 60], "c": [30.0, 30]}, index=["X", "Y"])
    open_ended = {"normalise": {"method": "goalposts", "clip": False}}
    row = flips(score(frame, tree(c={"goalposts": posts}), methodology=open_ended), "X", "Y").loc[("c", "X")]
    assert np.isnan(row["turns"])
    assert row["reason"] == "the order holds at both goalposts"


def test_in_its_own_unit_where_lower_is_better_and_on_a_logarithmic_scale():
    posts = {"low": 1, "high": 10000, "log": True, "kind": "benchmark", "reason": "for the test"}
    frame = FRAME.assign(c=[1000.0, 10.0])
    # c: X 25, Y 75, lower being better; X 0.5 * 70 + 12.5 = 47.5, Y 15 + 37.5 = 52.5: Y leads by 5.
    table = flips(score(frame, tree(c={"better": "lower", "goalposts": posts})), "X", "Y")
    # A move of 10 points is a tenth of four powers of ten.
    assert table.loc[("c", "X"), "turns"] == pytest.approx(1000 / 10**0.4)
    assert table.loc[("c", "Y"), "turns"] == pytest.approx(10 * 10**0.4)
    assert table.loc[("c", "X"), "points"] == pytest.approx(10)


def test_it_says_whether_the_facts_allow_the_value():
    frame = FRAME.assign(**{"c:low": [15.0, 55], "c:high": [35.0, 65]})
    table = flips(score(frame, tree()), "X", "Y")
    assert table.loc[("c", "X"), "within"] == "bounds"
    assert table.loc[("c", "Y"), "within"] == "goalposts"
    assert table.index[0] == ("c", "X")
    # What the facts allow comes first, although c moves less.
    allowed = flips(score(FRAME.assign(**{"a:low": [60.0, 20]}), tree()), "X", "Y")
    assert allowed.index[:2].tolist() == [("a", "X"), ("c", "X")]


def test_what_turns_nothing_says_so():
    frame = FRAME.assign(b=[40.0, 99.0], c=[90.0, 10.0])
    table = flips(score(frame, tree()), "X", "Y")
    row = table.loc[("b", "X")]
    assert np.isnan(row["turns"])
    assert (row["within"], row["reason"]) == ("", "the order holds at both goalposts")


def test_a_gap_can_be_filled():
    frame = FRAME.assign(c=[30.0, np.nan])
    # X 50; Y 30 of d alone; with c it is 15 + c / 2, above 50 from 70 on.
    row = flips(score(frame, tree()), "X", "Y").loc[("c", "Y")]
    assert np.isnan(row["now"])
    assert row["turns"] == pytest.approx(70)
    # X leads by 18 on a and b alone; a c of Y's turns it whatever it is.
    whole = pd.DataFrame({"a": [90.0, 20], "b": [0.0, 0], "c": [np.nan, 100]}, index=["X", "Y"])
    row = flips(score(whole, tree()), "X", "Y").loc[("c", "X")]
    assert row["turns"] == pytest.approx(2 * (57.5 - 67.5 / 2))


def test_the_geometric_mean_agrees_with_its_formula():
    flat = Framework.flat(["a", "b"]).model_dump()
    for one in flat["indicators"].values():
        one["goalposts"] = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
    frame = pd.DataFrame({"a": [80.0, 20], "b": [45.0, 60]}, index=["X", "Y"])
    table = flips(score(frame, Framework.parse(flat), methodology={"aggregate": "geometric"}), "X", "Y")
    # X 60, Y sqrt(1200): a of X at which 45 a = 1200, a of Y at which 60 a = 3600.
    assert table.loc[("a", "X"), "turns"] == pytest.approx(1200 / 45)
    assert table.loc[("a", "Y"), "turns"] == pytest.approx(60)


def test_what_it_refuses():
    result = score(FRAME, tree())
    with pytest.raises(NotFoundError, match="flips: case"):
        flips(result, "X", "Z")
    with pytest.raises(MethodError, match="'X' is compared with itself"):
        flips(result, "X", "X")
    with pytest.raises(MethodError, match="'X' and 'Y' are tied"):
        flips(score(FRAME.iloc[[0, 0]].set_axis(["X", "Y"]), tree()), "X", "Y")
    with pytest.raises(MethodError, match="flips: 'min_max' scores depend on the other cases"):
        flips(score(FRAME, tree(), methodology={"normalise": "min_max"}), "X", "Y")
    gone = FRAME.assign(a=[80.0, np.nan], b=[40.0, np.nan], c=[30.0, np.nan])
    with pytest.raises(MethodError, match="'Y' has no composite"):
        flips(score(gone, tree()), "X", "Y")


def test_one_indicator_under_a_node_has_no_weight_to_move():
    lone = tree(b={"dimension": "all"}, c={"dimension": "all"})
    table = flips(score(FRAME, lone), "X", "Y")
    assert ("a", "weight") not in table.index


@pytest.mark.parametrize(("now", "sign"), [(0.5, 1), (0.3, -1)])
def test_of_two_weights_that_turn_the_order_the_nearer_one_is_told(now, sign):
    # With w on i0 the geometric d1 is 5 t against t^2, where t = 10^w; i2 takes 4.5: 5 t - t^2 = 4.5.
    levels = {"level0": "arithmetic", "level1": "geometric"}
    specs = tree_specs([[None, None], None], [1, 1, now, 1 - now])
    profile = scored(specs, [[50, 5, 45.5], [100, 1, 50]], methodology={"aggregate": levels})
    row = flips(score(profile), "A>0", "A>1").loc[("i0", "weight")]
    assert row["now"] == pytest.approx(now)
    assert row["turns"] == pytest.approx(np.log10((5 + sign * np.sqrt(7)) / 2))


def test_where_every_node_has_one_child_values_alone_turn():
    posts = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
    one = Framework.from_dict(
        {"dimensions": {"d": {"title": "D"}}, "indicators": {"a": {"title": "A", "dimension": "d", "goalposts": posts}}}
    )
    table = flips(score(FRAME[["a"]], one), "X", "Y")
    assert table["turns"].to_dict() == pytest.approx({("a", "X"): 20, ("a", "Y"): 80})


def test_the_shipped_study_turns_where_the_table_says():
    profile = load_profile("comparison")
    table = flips(score(profile), *profile.cases)
    row = table.loc[("foreign_policy", "weight")]
    share = row["turns"]
    given = {"culture": (1 - share) / 2, "political_values": (1 - share) / 2, "foreign_policy": share}
    one, other = score(profile, methodology={"weights": given}).composite
    assert one == pytest.approx(other)

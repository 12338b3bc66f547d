"""All admissible weights: worked examples, gaps, periods, what is refused, and a real table in full."""

import itertools
import pickle
import time

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from properties.strategies import scored, tree_specs
from softpower import (
    MethodError,
    NotFoundError,
    SpecificationError,
    WeightSpace,
    load_profile,
    score,
    uncertainty_analysis,
    weight_space,
)
from softpower.analysis.region import most
from softpower.model.uncertainty import Simplex, Uncertainty
from softpower.steps.polytope import Polytope

SIMPLEX = "simplex"
BAND = {"method": "band", "share": 0.5}


def flat(*scores, weights=(), **methodology):
    return scored(tree_specs([None] * len(scores[0]), weights), scores, methodology=methodology)


def reordered(first, second):
    return {"method": "ordered", "at_least": [[first, second]]}


@pytest.fixture(scope="module")
def three():
    """With w on i0: 100 (1 - w), 75 - 25 w, 100 w; they cross at w = 1/3, 1/2 and 3/5."""
    return flat([0, 100], [50, 75], [100, 0])


@pytest.fixture(scope="module")
def space(three):
    return weight_space(three, weights=SIMPLEX)


def test_scores_lie_between_the_worst_and_the_best_child(space):
    frame = space.to_frame()
    assert list(frame.columns) == ["title", "score", "least", "greatest"]
    assert frame.index.names == ["case", "node"]
    assert frame[["score", "least", "greatest"]].to_numpy().tolist() == [[50, 0, 100], [62.5, 50, 75], [50, 0, 100]]


def test_ranks_at_their_best_and_worst(space):
    # Never are both others above the second.
    assert space.ranks().to_numpy().tolist() == [[2, 1, 3], [1, 1, 2], [2, 1, 3]]
    assert space.ranks().dtypes.astype(str).tolist() == ["Int64"] * 3


def test_a_tie_costs_no_rank_neither_best_nor_worst():
    # The second equals the first at w = 0 and is above it elsewhere; the third equals the first always.
    space = weight_space(flat([10, 50], [20, 50], [10, 50]), weights=SIMPLEX)
    # Of several cases the composite alone is shown, and its name need not stand in each row.
    assert "node" not in repr(space)
    ranks = space.ranks()
    assert ranks[["best", "worst"]].to_numpy().tolist() == [[1, 2], [1, 1], [1, 2]]


def test_two_that_tie_at_one_weight_alone_are_never_both_above():
    # Over the first: the second where w > 1/2, the third where w < 1/2; at 1/2 all tie.
    ranks = weight_space(flat([50, 50], [60, 40], [40, 60]), weights=SIMPLEX).ranks()
    assert ranks[["best", "worst"]].to_numpy().tolist() == [[1, 2], [1, 3], [1, 3]]


def test_progress_counts_two_ends_of_each_rank(three):
    counts, sets = [], {"method": "sets", "sets": {"first": {"i0": 3}, "equal": "equal"}}
    for weights in (SIMPLEX, sets):
        weight_space(three, weights=weights).ranks(progress=lambda done, whole: counts.append((done, whole)))
    assert counts == [(done, 6) for done in (1, 2, 3, 4, 5, 6)] + [(6, 6)]


def test_dominance_is_necessary_possible_or_none():
    table = weight_space(flat([10, 50], [20, 50], [90, 0]), weights=SIMPLEX).dominance()
    assert table.to_numpy().tolist() == [
        ["", "", "possible"],
        ["necessary", "", "possible"],
        ["possible", "possible", ""],
    ]
    assert table.index.tolist() == table.columns.tolist() == ["A>0", "A>1", "A>2"]


def test_the_order_of_two_cases_reverses_at_their_crossing(space):
    found = space.reversal("A>0", "A>1")
    assert (found.leader, found.other, found.possible) == ("A>1", "A>0", True)
    assert (found.lead, found.least_lead) == pytest.approx((12.5, -25))
    assert found.moved == pytest.approx(0.5 - 1 / 3)
    assert found.weights.to_dict() == pytest.approx({"i0": 1 / 3, "i1": 2 / 3})
    assert found.to_frame()["weight"].to_dict() == found.weights.to_dict()
    assert found.to_frame().index.names == ["node"]
    assert str(found) == "A>1 leads A>0 by 12.5 points. The lead is gone when 0.167 of the weight moves."


def test_the_least_lead_is_the_proof_that_none_reverses():
    # Band of 10 % around a half: w from 9/20 to 11/20; the lead 60 - 80 w is at least 16.
    found = weight_space(flat([0, 100], [20, 40]), weights={"method": "band", "share": 0.1}).reversal("A>1", "A>0")
    assert not found.possible
    assert np.isnan(found.moved)
    assert (found.lead, found.least_lead) == pytest.approx((20, 16))
    assert found.weights.to_dict() == pytest.approx({"i0": 0.55, "i1": 0.45})
    assert "holds for all admissible weights; the least lead is 16 points" in str(found)


def test_what_rounding_leaves_is_no_lead():
    profile = flat([10, 10, 70], [70, 10, 10])
    assert len(set(score(profile).composite)) == 2
    assert weight_space(profile, weights=SIMPLEX).reversal("A>0", "A>1").lead == 0


def test_a_tie_under_the_declared_weights_needs_no_move(space):
    found = space.reversal("A>0", "A>2")
    assert found.moved == pytest.approx(0)
    assert str(found) == "A>0 and A>2 are tied."


def test_a_band_moves_no_further_than_its_ends(three):
    # w from 1/4 to 3/4.
    space = weight_space(three, weights=BAND)
    assert space.to_frame()[["least", "greatest"]].to_numpy().tolist() == [[25, 75], [56.25, 68.75], [25, 75]]
    assert space.weights_of("A>0", end="greatest").to_dict() == {"i0": 0.25, "i1": 0.75}


def test_an_order_is_measured_from_the_declared_weights_also_where_it_forbids_them():
    # Declared 1/4 on i0, admissible from 1/2; the lead 80 - 90 w is gone at 8/9.
    profile = flat([10, 90], [20, 10], weights=(1, 1, 3))
    found = weight_space(profile, weights=reordered("i0", "i1")).reversal("A>0", "A>1")
    assert found.possible
    assert found.moved == pytest.approx(8 / 9 - 1 / 4)


@pytest.fixture(scope="module")
def nested():
    """One case: d1 of 20 and 60, d2 of 50 and 70, each of equal weights."""
    return scored(tree_specs([[None, None], [None, None]]), [[20, 60, 50, 70]])


def test_the_order_of_two_nodes_moves_the_weights_in_both(nested):
    # 60 against 40: a share of d1 moves the lead by 40, one of d2 by 20; 1/2 of d1 is all it has.
    found = weight_space(nested, weights=SIMPLEX).reversal("d1", "d2")
    assert (found.leader, found.other, found.lead, found.least_lead) == ("d2", "d1", 20, -10)
    assert found.moved == pytest.approx(0.5)
    assert found.weights.to_dict() == pytest.approx({"i0": 0, "i1": 1, "i2": 0.5, "i3": 0.5})


def test_a_rule_for_one_node_leaves_the_others_as_declared(nested):
    found = weight_space(nested, weights={"d2": "simplex"}).reversal("d1", "d2")
    assert not found.possible
    assert found.least_lead == 10
    assert found.weights.to_dict() == pytest.approx({"i0": 0.5, "i1": 0.5, "i2": 1, "i3": 0})


def test_a_node_compares_with_an_indicator(nested):
    found = weight_space(nested, weights=SIMPLEX).reversal("d1", "i2")
    assert found.moved == pytest.approx(0.25)
    assert found.weights.to_dict() == pytest.approx({"i0": 0.25, "i1": 0.75})


def test_the_nearest_weights_are_so_wherever_in_the_tree_they_move():
    # Leads of -30 and 30 in d1 and 50 beside it, 25 in all: from i2 to i0 the lead falls by 80, within d1 by 60.
    profile = scored(tree_specs([[None, None], None]), [[20, 60, 80], [50, 30, 30]])
    found = weight_space(profile, weights=SIMPLEX).reversal("A>0", "A>1")
    assert (found.lead, found.moved) == pytest.approx((25, 25 / 80))


def test_two_indicators_of_one_case_hang_on_no_weights(nested):
    found = weight_space(nested, weights=SIMPLEX).reversal("i0", "i1")
    assert (found.possible, found.least_lead, len(found.weights)) == (False, 40, 0)


def test_cases_compare_by_a_node():
    profile = scored(tree_specs([[None, None], None]), [[20, 60, 0], [50, 70, 100]])
    found = weight_space(profile, weights=SIMPLEX).reversal("A>0", "A>1", node="d1")
    assert (found.leader, found.least_lead, found.possible) == ("A>1", 10, False)
    assert list(found.weights.index) == ["i0", "i1"]


def test_nearly_tied_is_tied_in_points_and_not_in_ratios():
    # The second is above by 8e-8 in both: less than 1e-9 of the scale, and more than that of the score.
    scores = [[50 - 4e-8, 50 - 4e-8], [50 + 4e-8, 50 + 4e-8]]
    for aggregate, said in (("arithmetic", ""), ("geometric", "necessary")):
        table = weight_space(flat(*scores, aggregate=aggregate), weights=SIMPLEX).dominance()
        assert table.loc["A>1", "A>0"] == said
    sets = {"method": "sets", "sets": {"equal": "equal"}}
    assert (weight_space(flat(*scores), weights=sets).dominance() == "").all(axis=None)


def test_dominance_is_by_the_composite():
    # The second is above in d1 always, and in i2 never.
    profile = scored(tree_specs([[None, None], None]), [[10, 20, 90], [30, 40, 50]])
    table = weight_space(profile, weights=SIMPLEX).dominance()
    assert table.to_numpy().tolist() == [["", "possible"], ["possible", ""]]
    assert weight_space(profile, weights=SIMPLEX).ranks()[["best", "worst"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def as_many(gains):
    """How many of some gains can be above zero at once, by one linear program for each subset."""
    for size in range(len(gains), 0, -1):
        for some in itertools.combinations(gains, size):
            # The greatest least gain t: -gain x + t <= 0 for each, the weights sum to one.
            rows = np.column_stack([-np.array(some), np.ones(size)])
            bounds = [(0, 1)] * 3 + [(None, None)]
            found = linprog([0, 0, 0, -1], rows, np.zeros(size), [[1, 1, 1, 0]], [1], bounds)
            if found.x[-1] > 1e-9:
                return size
    return 0


@pytest.mark.parametrize("shape", [[None] * 3, [[None, None], None], [[[None, None]], None]])
@pytest.mark.parametrize("unit", [1.0, 1e-4])
def test_as_many_are_above_at_once_as_exclude_none(shape, unit):
    # The first two exclude each other, the third and the fourth neither; one excludes two that go together.
    rng = np.random.default_rng(0)
    tables = [np.array([[1, -1, -1], [-1, 1, -1], [1, 1, -3], [1, 1, -2]]), *rng.integers(-5, 6, (6, 6, 3))]
    tables.append(np.array([[-1, -1, 1], [1, 1, -4], [2, 1, -7]]))
    tree = score(scored(tree_specs(shape), [[50, 50, 50]])).engine.tree
    polytope = Polytope.of(tree, tree.among_siblings(tree.declared), Simplex(method="simplex"))
    for gains in tables:
        leads = unit * gains
        found = most(polytope.program(polytope.count - 1), leads, leads.min(axis=1), leads.max(axis=1), 1e-9)
        assert found == as_many(gains)


@pytest.mark.parametrize("count", [4, 5, 6])
def test_of_rivals_all_around_as_many_are_above_as_some_weights_are_above_of(count):
    # Half-planes around the middle of the simplex of three weights: only neighbours meet, in pairs, which no program
    # without whole numbers finds. A grid of weights counts them.
    first, second = np.array([1, -1, 0]) / 2**0.5, np.array([1, 1, -2]) / 6**0.5
    angles = 2 * np.pi * np.arange(count)[:, None] / count
    gains = np.cos(angles) * first + np.sin(angles) * second - 0.3
    steps = np.linspace(0, 1, 201)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1 + 1e-12])
    tree = score(flat([50, 50, 50])).engine.tree
    polytope = Polytope.of(tree, tree.among_siblings(tree.declared), Simplex(method="simplex"))
    found = most(polytope.program(polytope.count - 1), gains, gains.min(axis=1), gains.max(axis=1), 1e-9)
    assert found == (grid @ gains.T >= 1e-9).sum(axis=1).max() == 2


@pytest.mark.parametrize("seed", [3, 4])
def test_the_solver_prints_nothing_from_within(seed, capfd):
    values = np.random.default_rng(seed).random((20, 5))
    frame = pd.DataFrame(values, columns=list("abcde"), index=[f"c{place}" for place in range(20)])
    weight_space(frame, weights={"method": "band", "share": 0.3}).ranks()
    assert capfd.readouterr() == ("", "")


def test_of_sets_each_is_scored_and_nothing_between_them(three):
    sets = {"method": "sets", "sets": {"first": {"i0": 3}, "equal": "equal", "second": {"i1": 9}}}
    space = weight_space(three, weights=sets)
    assert space.to_frame()[["least", "greatest"]].to_numpy() == pytest.approx(
        np.array([[25, 90], [56.25, 72.5], [10, 75]])
    )
    assert space.ranks().to_numpy().tolist() == [[2, 1, 3], [1, 1, 2], [2, 1, 3]]
    assert space.dominance().to_numpy()[1].tolist() == ["possible", "", "possible"]
    greatest = space.weights_of("A>0")
    assert (greatest.name, greatest.to_dict()) == ("second", pytest.approx({"i0": 0.1, "i1": 0.9}))
    found = space.reversal("A>1", "A>2")
    assert (found.moved, found.weights.name) == (pytest.approx(0.25), "first")
    assert str(found).endswith("The nearest are those of 'first'.")
    assert "first, equal, second" in space.notes[0]


def test_the_set_that_is_nearest_reverses_two_nodes(nested):
    # d2 leads d1 by 60 to 40. Under both sets d1 is 60: d2 is then 50, for a half of its weight, or 60, for none.
    sets = {"far": {"i0": 0, "i1": 1, "i2": 1, "i3": 0}, "near": {"i0": 0, "i1": 1}, "equal": "equal"}
    found = weight_space(nested, weights={"method": "sets", "sets": sets}).reversal("d1", "d2")
    assert (found.leader, found.weights.name) == ("d2", "near")
    assert (found.lead, found.least_lead, found.moved) == pytest.approx((20, -10, 0.5))
    assert weight_space(nested, weights={"method": "sets", "sets": {"far": sets["far"]}}).reversal(
        "d2", "d1"
    ).moved == pytest.approx(1)


def test_a_set_that_leaves_a_case_without_a_score_is_no_lead():
    # Under the first set the second case has nothing that weighs: 90 against 60 and 40 are all there is.
    profile = flat([40, 90], [None, 60])
    sets = {"method": "sets", "sets": {"first": {"i0": 1, "i1": 0}, "second": {"i0": 0, "i1": 1}}}
    found = weight_space(profile, weights=sets).reversal("A>0", "A>1")
    assert (found.possible, found.least_lead, found.weights.name) == (False, pytest.approx(30), "second")
    with pytest.raises(MethodError, match="no set of weights scores both"):
        weight_space(profile, weights={"method": "sets", "sets": {"first": {"i0": 1, "i1": 0}}}).reversal("A>0", "A>1")


def test_the_weight_that_a_set_moves_is_that_of_the_case_that_leads():
    # The second leads on i1 and i2, a half each; under the set a fifth and four fifths: 3/10 move.
    profile = flat([90, 10, 80], [None, 90, 60])
    sets = {"method": "sets", "sets": {"one": {"i0": 1, "i1": 1, "i2": 4}}}
    found = weight_space(profile, weights=sets).reversal("A>1", "A>0")
    assert (found.leader, found.possible, found.moved) == ("A>1", True, pytest.approx(0.3))


def test_of_sets_a_lead_under_all_is_necessary_and_a_tie_under_some_does_not_hinder():
    sets = {"method": "sets", "sets": {"first": {"i0": 1, "i1": 0}, "second": {"i0": 0, "i1": 1}}}
    table = weight_space(flat([10, 50], [20, 50], [20, 60]), weights=sets).dominance()
    assert table.to_numpy().tolist() == [["", "", ""], ["necessary", "", ""], ["necessary", "necessary", ""]]


def test_experts_are_sets(three):
    space = weight_space(three, weights={"method": "experts", "points": {"i0": [50, 60], "i1": [50, 40]}})
    assert space.to_frame()["least"].tolist() == pytest.approx([40, 60, 50])
    found = space.reversal("A>1", "A>0")
    assert (found.possible, found.least_lead, found.weights.name) == (False, pytest.approx(12.5), "expert 1")


@pytest.mark.parametrize(
    ("given", "by_hand"),
    [
        # Two thirds of d1 are i0: it is 20 and 60, and half of (20 + 60) and (60 + 10) is the composite.
        ({"method": "sets", "sets": {"mine": {"i0": 2.0, "i1": 1.0}}}, [40, 35]),
        # The other expert divides d1 as it is: 30 and 45 give (30 + 60) / 2 and (45 + 10) / 2.
        ({"method": "experts", "points": {"i0": [2, 5], "i1": [1, 5]}}, [40, 27.5]),
    ],
)
def test_what_nobody_names_weighs_as_in_the_study(given, by_hand):
    # The framework weighs d1 three times as much as i2, the study both alike.
    profile = scored(tree_specs([[None, None], None], [1, 3]), [[0, 60, 60], [90, 0, 10]])
    profile = profile.replace(methodology=profile.methodology.replace(weights="equal"))
    least = weight_space(profile, weights=given).to_frame().xs("d0", level="node")["least"]
    assert least.tolist() == pytest.approx(by_hand)


@pytest.mark.parametrize("weights", ["declared", "equal", "equal_indicators", "entropy", {"i2": 2.0}])
@pytest.mark.parametrize(
    "given",
    [
        {"method": "sets", "sets": {"one": {"i0": 4.0}, "two": {"i2": 5.0}, "all": "equal", "none": {}}},
        {"method": "experts", "points": {"i0": [1, 7], "i1": [4, 2]}},
    ],
)
def test_sets_have_the_ends_that_their_draws_have(weights, given):
    profile = scored(tree_specs([[None, None], None], [1, 3, 2]), [[0, 70, 60], [90, 10, 20], [50, 30, 80]])
    profile = profile.replace(methodology=profile.methodology.replace(weights=weights))
    ends = weight_space(profile, weights=given).to_frame().xs("d0", level="node")
    drawn = uncertainty_analysis(profile, uncertainty={"weights": given}, n=16).specifications().groupby("case")["d0"]
    assert ends["least"].tolist() == pytest.approx(drawn.min()[ends.index].tolist())
    assert ends["greatest"].tolist() == pytest.approx(drawn.max()[ends.index].tolist())


def test_sets_are_exact_under_any_mean(three):
    sets = {"method": "sets", "sets": {"equal": "equal", "first": {"i0": 3}}}
    profile = three.replace(methodology={"aggregate": "harmonic", "floor": 1.0})
    space = weight_space(profile, weights=sets)
    by_hand = [score(profile, methodology={"weights": one}).composite for one in ("equal", {"i0": 3})]
    assert space.to_frame()["least"].tolist() == pytest.approx(np.minimum(*by_hand).tolist())


def test_weights_of_each_case_are_no_set(three):
    sets = {"method": "sets", "sets": {"doubt": "benefit_of_the_doubt"}}
    with pytest.raises(MethodError, match="doubt: it gives each case weights of its own"):
        weight_space(three, weights=sets)


def test_under_the_geometric_mean_leads_are_ratios():
    # 20 and 80 against 50 and 50: 40 against 50. At w on i0, 80 (1/4)^w = 50 where w = ln 1.6 / ln 4.
    space = weight_space(flat([20, 80], [50, 50], aggregate="geometric"), weights=SIMPLEX)
    assert space.to_frame()[["least", "greatest"]].to_numpy() == pytest.approx(np.array([[20, 80], [50, 50]]))
    found = space.reversal("A>0", "A>1")
    assert (found.leader, found.ratios) == ("A>1", True)
    assert (found.lead, found.least_lead) == pytest.approx((0.25, -0.375))
    assert found.weights["i0"] == pytest.approx(np.log(1.6) / np.log(4))
    assert str(found).startswith("A>1 leads A>0 by 25 %.")


def test_the_geometric_mean_of_less_than_one_is_no_less_itself():
    space = weight_space(flat([0.25, 64], [0.5, 0.125], aggregate="geometric"), weights=SIMPLEX)
    assert space.to_frame()["least"].tolist() == pytest.approx([0.25, 0.125])
    assert space.to_frame()["greatest"].tolist() == pytest.approx([64, 0.5])
    # At w on i0 the ratio is 512 / 2^(10 w): gone where w = 0.9.
    found = space.reversal("A>0", "A>1")
    assert (found.moved, found.weights["i0"]) == pytest.approx((0.4, 0.9))


def test_a_geometric_mean_of_zero_needs_a_floor():
    profile = flat([0, 80], [50, 50], weights=(1, 0, 1), aggregate="geometric")
    with pytest.raises(MethodError, match="A>0: i0: the geometric mean needs positive scores and it has 0"):
        weight_space(profile, weights=SIMPLEX)
    with pytest.raises(MethodError, match="A>1: i1: the geometric mean needs positive scores and it has 0"):
        weight_space(flat([80, 80], [50, 0], weights=(1, 1, 0), aggregate="geometric"), weights=SIMPLEX)
    # What cannot weigh anything does not matter.
    assert weight_space(profile, weights=BAND).to_frame()["least"].tolist() == pytest.approx([80, 50])
    floored = flat([0, 80], [50, 50], aggregate="geometric", floor=2.0)
    assert weight_space(floored, weights=SIMPLEX).to_frame()["least"].tolist() == pytest.approx([2, 50])


@pytest.mark.parametrize(("count", "more"), [(20, []), (40, ["20 more scores are not positive"])])
def test_many_zeros_are_counted(count, more):
    profile = flat(*[[0, 80]] * count, weights=(1, 0, 1), aggregate="geometric")
    with pytest.raises(MethodError) as caught:
        weight_space(profile, weights=SIMPLEX)
    assert [one.what for one in caught.value.faults[20:]] == more


def test_an_indicator_that_is_compared_itself_knows_no_floor():
    shape = tree_specs([[None, None], None, None])
    profile = scored(shape, [[20, 80, 0.5, 0]], methodology={"aggregate": "geometric", "floor": 1.0})
    space = weight_space(profile, weights=SIMPLEX)
    assert space.reversal("d1", "i2").least_lead == pytest.approx(39)
    with pytest.raises(MethodError, match="A>0: i3: 0 has no ratio"):
        space.reversal("d1", "i3")


def test_a_scale_without_ends_has_ties_of_its_own():
    frame = pd.DataFrame({"a": [1.0, 2, 9], "b": [4.0, 1, 3]}, ["x", "y", "z"])
    ranks = weight_space(frame, methodology={"normalise": "z_score"}, weights=SIMPLEX).ranks()
    assert ranks[["best", "worst"]].to_numpy().tolist() == [[1, 3], [2, 3], [1, 2]]


@pytest.fixture(scope="module")
def gaps():
    return weight_space(flat([0, 100, None], [50, 70, None], [100, 0, 50], [60, 80, None]), weights=SIMPLEX)


def test_a_case_with_gaps_is_scored_on_what_it_has(gaps):
    frame = gaps.to_frame()
    assert frame[["least", "greatest"]].to_numpy().tolist() == [[0, 100], [50, 70], [0, 100], [60, 80]]
    assert gaps.weights_of("A>0", end="greatest").to_dict() == {"i0": 0, "i1": 1, "i2": 0}


def test_cases_with_the_same_gaps_compare_and_others_do_not(gaps):
    table = gaps.dominance()
    assert table.loc["A>3", "A>1"] == "necessary"
    assert table.loc["A>0", "A>1"] == "possible"
    assert set(table["A>2"]) == set(table.loc["A>2"]) == {""}
    assert gaps.ranks()[["best", "worst"]].isna().to_numpy().all()
    assert gaps.ranks()["rank"].notna().all()
    assert "lack other indicators" in gaps.notes[0]
    assert gaps.reversal("A>0", "A>1").possible
    with pytest.raises(MethodError, match="lack different indicators"):
        gaps.reversal("A>0", "A>2")


def test_a_missing_score_has_no_rank_and_hinders_none():
    profile = flat([0, 100], [50, 70], [None, 50], missing="strict")
    space = weight_space(profile, weights=SIMPLEX)
    assert space.ranks().fillna(0).to_numpy().tolist() == [[2, 1, 2], [1, 1, 2], [0, 0, 0]]
    assert space.notes == ()
    with pytest.raises(MethodError, match="has no score of 'd0'"):
        space.reversal("A>0", "A>2")
    with pytest.raises(MethodError, match="has no score"):
        space.weights_of("A>2")


def test_cases_compare_within_their_period():
    index = pd.MultiIndex.from_product([["x", "y"], [2001, 2002]], names=["case", "period"])
    frame = pd.DataFrame({"a": [0.0, 10, 5, 2], "b": [1.0, 0, 3, 4]}, index)
    space = weight_space(frame, weights=SIMPLEX)
    assert space.ranks()[["best", "worst"]].to_numpy().tolist() == [[2, 2], [1, 2], [1, 1], [1, 2]]
    table = space.dominance()
    assert table.loc[("y", 2001), ("x", 2001)] == "necessary"
    assert table.loc[("y", 2001)].drop(("x", 2001)).eq("").all()
    assert space.reversal("x", "y", period=2002).possible
    assert space.weights_of("x", period=2002).to_dict() == {"a": 1, "b": 0}
    with pytest.raises(NotFoundError, match="no period 2003"):
        space.weights_of("x", period=2003)
    frame.loc[("z", 2003), :] = [1.0, 1.0]
    alone = weight_space(frame, weights=SIMPLEX).ranks().loc[("z", 2003)]
    assert alone.tolist() == [1, 1, 1]
    sets = weight_space(
        frame.drop(index="z"), weights={"method": "sets", "sets": {"first": {"a": 1, "b": 0}, "equal": "equal"}}
    )
    pd.testing.assert_frame_equal(sets.dominance() != "", table != "")


def test_the_profile_says_it_unless_told_otherwise(three):
    declared = three.replace(uncertainty=Uncertainty(weights=BAND))
    assert weight_space(declared).to_frame()["least"].tolist() == [25, 56.25, 25]
    for more in ({"uncertainty": {"weights": SIMPLEX}}, {"uncertainty": Uncertainty(weights=SIMPLEX)}):
        assert weight_space(declared, **more).to_frame()["least"].tolist() == [0, 50, 0]
        assert weight_space(declared, **more, weights=BAND).to_frame()["least"].tolist() == [25, 56.25, 25]


def test_without_any_it_is_refused_with_the_way_out(three):
    with pytest.raises(MethodError, match='weights="simplex"'):
        weight_space(three)
    with pytest.raises(SpecificationError, match="uncertainty is a int"):
        weight_space(three, uncertainty=3)


def test_names_that_nothing_has_are_faults(three):
    with pytest.raises(SpecificationError, match="no level or dimension 'dO'"):
        weight_space(three, weights={"dO": SIMPLEX})
    with pytest.raises(SpecificationError, match="'i9'"):
        weight_space(three, weights=reordered("i0", "i9"))


def test_other_means_and_fitted_weights_are_refused_together():
    frame = pd.DataFrame({"a": [1.0, 2, 9], "b": [4.0, 1, 3]}, ["x", "y", "z"])
    with pytest.raises(MethodError) as caught:
        weight_space(frame, methodology={"aggregate": "harmonic", "floor": 1, "weights": "entropy"}, weights=SIMPLEX)
    assert len(caught.value.faults) == 2
    assert "uncertainty_analysis" in str(caught.value)
    mixed = {"aggregate": {"level0": "geometric", "level1": "arithmetic"}, "floor": 1.0}
    with pytest.raises(MethodError, match="arithmetic and geometric means"):
        weight_space(scored(tree_specs([[None], None]), [[5, 9]], methodology=mixed), weights=SIMPLEX)


def test_one_case_has_ranges_and_no_ranks(nested):
    space = weight_space(nested, weights=SIMPLEX)
    assert "d1" in repr(space)
    for ask in (space.ranks, space.dominance):
        with pytest.raises(MethodError, match="one case"):
            ask()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("A>0", "A>O"), "no case 'A>O'"),
        (("A>0", "A>0"), "compared with itself"),
        (("i0", "d0"), "Name one"),
    ],
)
def test_who_is_compared_is_checked(space, given, words):
    with pytest.raises((NotFoundError, MethodError), match=words):
        space.reversal(*given)


def test_of_two_cases_too_an_unknown_one_is_named():
    space = weight_space(flat([10], [20]), weights=SIMPLEX)
    with pytest.raises(NotFoundError, match="no case 'A>O'"):
        space.reversal("A>0", "A>O")
    with pytest.raises(NotFoundError, match="Name one"):
        space.reversal("i0", "d0")


def test_what_does_not_go_with_a_node_is_named(space):
    with pytest.raises(NotFoundError, match="Did you mean 'A>"):
        space.reversal("A>0", "A>O", node="d0")
    with pytest.raises(NotFoundError, match="Leave out case, or node"):
        space.reversal("A>0", "A>1", node="d0", case="A>0")


def test_nodes_under_each_other_and_unknown_names_are_refused(space, nested):
    one = weight_space(nested, weights=SIMPLEX)
    with pytest.raises(MethodError, match="'i0' is under 'd1'"):
        one.reversal("d1", "i0")
    with pytest.raises(NotFoundError, match="no node 'd9'"):
        one.reversal("d1", "d9")
    with pytest.raises(NotFoundError, match="not two cases"):
        one.reversal("d1", "d2", node="d0")
    with pytest.raises(NotFoundError, match="no end 'most'"):
        one.weights_of(None, end="most")
    with pytest.raises(NotFoundError, match="no periods"):
        one.weights_of(None, period=2001)
    with pytest.raises(NotFoundError, match="no node 'd9'"):
        space.reversal("A>0", "A>1", node="d9")


def test_it_pickles_and_shows_itself(space):
    copy = pickle.loads(pickle.dumps(space))
    pd.testing.assert_frame_equal(copy.to_frame(), space.to_frame())
    assert repr(copy) == repr(space)
    assert "greatest" in repr(space)


def test_the_achievement_index_in_full_within_seconds():
    begun = time.perf_counter()
    space = weight_space("technology_achievement", weights={"method": "band", "share": 0.25})
    ranks = space.ranks()
    assert time.perf_counter() - begun < 20
    assert ranks["rank"].between(ranks["best"], ranks["worst"]).all()
    assert ranks.loc["Finland"].tolist() == [1, 1, 3]
    beaten = space.dominance()
    # Whom all weights put above a case is above it at its best as well.
    assert ((beaten == "necessary").sum(axis=0) < ranks["best"]).all()
    assert ((beaten == "necessary").sum(axis=1) <= len(ranks) - ranks["worst"]).all()


def test_the_sources_of_soft_power_reverse():
    profile = load_profile("kazakhstan")
    found = weight_space(profile, weights=SIMPLEX).reversal("foreign_policy", "culture")
    again = score(profile, methodology={"weights": found.weights.to_dict()}).to_frame().loc["EU>KAZ"]["score"]
    assert found.leader == "foreign_policy"
    assert again["foreign_policy"] == pytest.approx(again["culture"], abs=1e-6)


def test_a_score_that_says_nothing_of_weights_has_no_space():
    with pytest.raises(MethodError, match=r"nothing says which weights are admissible\. Use weight_space\(\)"):
        WeightSpace(score("technology_achievement"))

"""Laws of all admissible weights: what no draw of weights may leave, and what some weights must attain."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import any_scores, fewer, scored, tree_by_hand, tree_specs, tree_studies
from softpower import weight_space
from softpower.model.uncertainty import Band, Dirichlet, Ordered, Simplex

DRAWS = 8
small = st.integers(0, 2**32 - 1)


@st.composite
def spaces(draw, *, gaps=True):
    """Return the weight space of a random study under a random rule, and a generator."""
    mean = draw(st.sampled_from(["arithmetic", "geometric"]))
    threshold = draw(st.sampled_from([0.0, 0.5]))
    methodology = {"aggregate": mean, "floor": 1.0, "missing": {"method": "available", "threshold": threshold}}
    profile = draw(tree_studies(gaps=gaps, zeros=True, methodology=methodology))
    family = draw(st.sampled_from(list(profile.framework.dimensions)))
    children = [name for name, parent in profile.framework.parents.items() if parent == family]
    rules = [
        "simplex",
        {"method": "dirichlet", "concentration": 3.0},
        {"method": "band", "share": draw(st.sampled_from([0.1, 0.5, 0.9]))},
        {family: "simplex"},
        {profile.framework.levels[0]: {"method": "band", "share": 0.5}},
    ]
    if len(children) > 1:
        pairs = [draw(st.permutations(children))[:2] for _ in range(draw(st.integers(1, 3)))]
        rules.append({"method": "ordered", "at_least": pairs})
    space = weight_space(profile, weights=draw(st.sampled_from(rules)))
    # A node whose only children with a score weigh nothing is missing as declared, and there under other weights.
    result = space.result
    for one in result.engine.tree.families:
        there = ~np.isnan(result.score[:, one.children])
        assume(not (there.any(axis=1) & ~(there & (result.engine.weights[one.children] > 0)).any(axis=1)).any())
    return space, np.random.default_rng(draw(small))


def drawn(space, rng):
    """Return admissible weights by node: drawn as each rule says it, by rejection where it is an order."""
    profile, tree = space.result.profile, space.result.engine.tree
    rule, declared = profile.uncertainty.weights, space.result.engine.weights
    made = {}
    for family in tree.families:
        names = [tree.nodes[child] for child in family.children]
        parent, mine, own = tree.nodes[family.parent], declared[family.children], rule
        if isinstance(rule, dict):
            own = rule.get(parent, rule.get(family.level))
        if isinstance(own, Simplex | Ordered):
            weights = rng.dirichlet(np.ones(len(names)))
        elif isinstance(own, Dirichlet):
            weights = np.zeros(len(names))
            weights[mine > 0] = rng.dirichlet(np.ones((mine > 0).sum()))
        elif isinstance(own, Band):
            ends = rng.choice([1 - own.share, 1 + own.share], len(names))
            weights = mine * np.where(rng.random() < 0.5, ends, rng.uniform(1 - own.share, 1 + own.share, len(names)))
        else:
            weights = mine
        given_ = dict(zip(names, weights, strict=True))
        if isinstance(own, Ordered):
            # Equal weights keep every order.
            kept = all(given_[a] >= given_[b] for a, b in own.at_least if {a, b} <= set(names))
            given_ = given_ if kept else dict.fromkeys(names, 1.0)
        made |= given_
    return made


def by_hand(space, row, weights):
    """Return the scores of all nodes by recursion over names."""
    result = space.result
    profile = result.profile
    leaves = {
        name: None if np.isnan(one) else float(one)
        for name, one in zip(result.engine.indicators, result.engine.normalised[row], strict=True)
    }
    choice = profile.methodology
    found = tree_by_hand(
        profile.framework,
        leaves,
        weights.__getitem__,
        lambda _: (choice.aggregate.method, {}),
        threshold=lambda _: choice.missing.parameters["threshold"],
        floor=choice.floor,
    )
    return {name: np.nan if one is None else one for name, one in found.items()}


class TestNothingAdmissibleLeavesTheRange:
    """A score under admissible weights lies between the least and the greatest, and these are scores under some."""

    @fewer
    @given(spaces())
    def test_draws_lie_inside(self, given_):
        space, rng = given_
        frame = space.to_frame()
        for _ in range(DRAWS):
            weights = drawn(space, rng)
            for row, case in enumerate(space.result.cases):
                scores = by_hand(space, row, weights)
                mine = frame.loc[case]
                made = np.array([scores[node] for node in mine.index])
                there = ~np.isnan(made)
                assert (made[there] >= mine["least"][there] - 1e-7).all()
                assert (made[there] <= mine["greatest"][there] + 1e-7).all()

    @fewer
    @given(spaces(), st.sampled_from(["least", "greatest"]))
    def test_both_ends_are_attained(self, given_, end):
        space, _ = given_
        frame, result = space.to_frame(), space.result
        for row, case in enumerate(result.cases):
            for node in frame.loc[case].index:
                if np.isnan(result.score[row, result.nodes.index(node)]):
                    continue
                engine = dict(zip(result.nodes, result.engine.weights, strict=True))
                weights = engine | space.weights_of(case, node, end).to_dict()
                assert by_hand(space, row, weights)[node] == pytest.approx(frame.loc[(case, node), end], abs=1e-6)


class TestRanksHoldForAllWeights:
    """No draw gives a case a better rank than its best or a worse one than its worst; a necessary lead is in all."""

    @fewer
    @given(spaces(gaps=False))
    def test_draws_lie_inside(self, given_):
        space, rng = given_
        if len(space.result.cases) < 2:
            return
        ranks, table = space.ranks(), space.dominance().to_numpy()
        root = space.result.nodes[-1]
        for _ in range(DRAWS):
            weights = drawn(space, rng)
            scores = np.array([by_hand(space, row, weights)[root] for row in range(len(ranks))])
            above = scores[:, None] - scores
            worse, better = 1 + (above > 1e-6).sum(axis=0), 1 + (above > -1e-6).sum(axis=0) - 1
            assert (worse <= ranks["worst"]).all()
            assert (better >= ranks["best"]).all()
            assert (above[table == "necessary"] > -1e-6).all()
            assert (above[table == ""] < 1e-6).all()


def planes(cases, mine):
    return [tuple(int(one) for one in other - cases[mine]) for place, other in enumerate(cases) if place != mine]


def above(gains, weights):
    return sum(sum(g * w for g, w in zip(gain, weights, strict=True)) > 0 for gain in gains)


def best_and_worst(cases, mine):
    """Return best and worst rank of one of some cases of three indicators, in fractions.

    Where lines on which two cases tie cross each other and the edges, as few as can be are above; in the middle
    between three such corners, as many as can be.
    """
    gains = planes(cases, mine)
    lines = [gain for gain in gains if any(gain)] + [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    corners = set()
    for p, q in itertools.combinations(lines, 2):
        cross = (p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0])
        if sum(cross):
            corner = tuple(Fraction(one, sum(cross)) for one in cross)
            if min(corner) >= 0:
                corners.add(corner)
    middles = (
        tuple(sum(one) / 3 for one in zip(*three, strict=True))
        for three in itertools.combinations_with_replacement(sorted(corners), 3)
    )
    return 1 + min(above(gains, one) for one in corners), 1 + max(above(gains, one) for one in middles)


class TestRanksAreExact:
    """Best and worst are those of an enumeration of all cells, ties included."""

    @fewer
    @given(
        st.sampled_from([[0, 50, 100], range(101)]).flatmap(
            lambda some: st.lists(st.lists(st.sampled_from(some), min_size=3, max_size=3), min_size=2, max_size=4)
        )
    )
    def test_three_indicators(self, cases):
        ranks = weight_space(scored(tree_specs([None] * 3), cases), weights="simplex").ranks()
        expected = [best_and_worst(np.array(cases), one) for one in range(len(cases))]
        assert [tuple(one) for one in ranks[["best", "worst"]].to_numpy().tolist()] == expected


class TestReversalsAreNearest:
    """At the weights of a reversal the scores tie, no draw that is nearer reverses, and a proof holds in all draws."""

    @fewer
    @given(spaces())
    def test_of_cases_and_of_nodes(self, given_):
        space, rng = given_
        result = space.result
        pairs = [((0, name), (0, other)) for name, other in itertools.combinations(result.nodes, 2)]
        framework = result.profile.framework
        sides = [
            pair
            for pair in pairs
            if pair[0][1] not in framework.path(pair[1][1]) and pair[1][1] not in framework.path(pair[0][1])
        ][-3:]
        alike = len({tuple(one) for one in np.isnan(result.engine.normalised)}) == 1
        if len(result.cases) == 2 and alike:
            sides.append(((0, result.nodes[-1]), (1, result.nodes[-1])))
        for first, second in sides:
            scores = [result.score[row, result.nodes.index(node)] for row, node in (first, second)]
            if np.isnan(scores).any() or min(scores) <= 0:
                continue
            of_cases = first[0] != second[0]
            names = [result.cases[one[0]] if of_cases else one[1] for one in (first, second)]
            found = space.reversal(*names, case=None if of_cases else result.cases[0])
            ordered = (first, second) if found.leader == names[0] else (second, first)
            self.check(space, rng, found, *ordered)

    def check(self, space, rng, found, first, second):
        result = space.result
        engine = dict(zip(result.nodes, result.engine.weights, strict=True))

        def lead(weights):
            scores = [by_hand(space, row, weights)[node] for row, node in (first, second)]
            return scores[0] / scores[1] - 1 if found.ratios else scores[0] - scores[1]

        if found.possible:
            # Declared weights that an order forbids may have no tie within it.
            assert lead(engine | found.weights.to_dict()) <= 1e-6
            if not isinstance(result.profile.uncertainty.weights, Ordered):
                assert lead(engine | found.weights.to_dict()) == pytest.approx(min(0, found.lead), abs=1e-6)
        roots = list(dict.fromkeys(result.nodes.index(node) for _, node in (first, second)))
        tree, leaves = result.engine.tree, result.engine.tree.indicator_count
        before = tree.masses(result.weight[first[0]], *roots)[:leaves]
        gap = np.isnan(result.score[first[0]])
        for _ in range(DRAWS):
            weights = drawn(space, rng)
            mine = lead(weights)
            if np.isnan(mine):
                continue
            assert mine >= found.least_lead - 1e-6
            if found.possible and mine < -1e-6:
                array = np.array([weights.get(node, 1.0) for node in result.nodes])
                used = tree.among_siblings(np.where(gap, 1e-300, array))
                after = tree.masses(used, *roots)[:leaves]
                assert 0.5 * np.abs(after - before).sum() >= found.moved - 1e-6


class TestDominanceOverTheSimplex:
    """On a flat tree a case is above another under all weights exactly if it is at least as high in every child."""

    @fewer
    @given(st.lists(st.lists(any_scores, min_size=3, max_size=3), min_size=2, max_size=4))
    def test_is_by_component(self, cases):
        table = weight_space(scored(tree_specs([None] * 3), cases), weights="simplex").dominance().to_numpy()
        # Scores as the engine reads them back from facts, closer than a tie being equal.
        scores = np.array(cases)
        leads = scores[:, None] - scores
        some = (leads > 1e-7).any(axis=-1)
        necessary = (leads >= -1e-7).all(axis=-1) & some
        clear = (np.abs(np.abs(leads) - 1e-7) > 1e-10).all(axis=-1)
        expected = np.where(necessary, "necessary", np.where(some, "possible", ""))
        assert (table[clear] == expected[clear]).all()


class TestWiderIsWider:
    """A wider band never narrows a range, and no band is wider than the weights that stay at zero allow."""

    @fewer
    @given(tree_studies(gaps=False, zeros=True, methodology={"aggregate": "arithmetic"}))
    def test_ranges_grow(self, profile):
        rules = [{"method": "band", "share": share} for share in (0.1, 0.6)]
        rules += [{"method": "dirichlet", "concentration": 1.0}, "simplex"]
        frames = [weight_space(profile, weights=rule).to_frame() for rule in rules]
        for narrow, wide in itertools.pairwise(frames):
            assert (wide["least"] <= narrow["least"] + 1e-9).all()
            assert (wide["greatest"] >= narrow["greatest"] - 1e-9).all()

"""Laws of scores up a tree: the recursion, gaps, thresholds, weights, coverage."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import (
    any_scores,
    choices,
    families,
    fewer,
    leaf_count,
    methodologies,
    node_count,
    numbers,
    positive_weights,
    scored,
    tree_by_hand,
    tree_specs,
    tree_studies,
    trees,
)
from softpower.engine import Engine
from softpower.model.framework import Framework
from softpower.scoring import score


def by_hand(profile, case, weight=None):
    """The scores of a case by recursion over names, from what the profile says alone."""
    methodology, specs = profile.methodology, profile.framework
    facts = {(one.case, one.variable): one.value for one in profile.observations}
    leaves = {name: facts.get((case, f"v{name[1:]}")) for name in specs.indicators}
    leaves = {name: None if value is None else 100 * value for name, value in leaves.items()}
    declared = {name: one.weight for name, one in (*specs.dimensions.items(), *specs.indicators.items())}
    chosen = methodology.missing.parameters.get("threshold", 0.0)
    if methodology.missing.method == "strict":
        chosen = 1.0

    def method(level):
        choice = methodology.aggregate[level]
        return choice.method, choice.parameters

    def threshold(level):
        return chosen.get(level, 0.0) if isinstance(chosen, dict) else chosen

    return tree_by_hand(
        specs, leaves, weight or declared.__getitem__, method, threshold=threshold, floor=methodology.floor
    )


def as_array(scores, nodes):
    return [np.nan if scores[name] is None else scores[name] for name in nodes]


class TestRecursion:
    """A node's score is the mean of its children's by its level's method, with weights among those present."""

    @fewer
    @given(tree_studies(zeros=True))
    def test_scores(self, profile):
        result = score(profile)
        for place, case in enumerate(profile.cases):
            expected = as_array(by_hand(profile, case), result.nodes)
            assert result.score[place].tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True)

    @fewer
    @given(tree_studies(), st.sampled_from(["equal", "equal_indicators"]))
    def test_weights(self, profile, weights):
        result = score(profile, methodology={"weights": weights})
        specs = profile.framework

        def leaves_under(name):
            return sum(name in specs.path(leaf) for leaf in specs.indicators)

        weight = (lambda _: 1.0) if weights == "equal" else leaves_under
        for place, case in enumerate(profile.cases):
            expected = as_array(by_hand(profile, case, weight), result.nodes)
            assert result.score[place].tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True)

    @fewer
    @given(tree_studies(zeros=True), st.data())
    def test_threshold_by_level(self, profile, data):
        shares = st.sampled_from([0.0, 0.3, 0.5, 2 / 3, 1.0])
        levels = {level: data.draw(shares) for level in profile.framework.levels if data.draw(st.booleans())}
        changed = profile.methodology.replace(missing={"method": "available", "threshold": levels})
        profile = profile.replace(methodology=changed)
        result = score(profile)
        for place, case in enumerate(profile.cases):
            expected = as_array(by_hand(profile, case), result.nodes)
            assert result.score[place].tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True)

    @fewer
    @given(tree_studies(zeros=True))
    def test_every_missing_node_says_why(self, profile):
        result = score(profile)
        missing = {(result.cases[case], result.nodes[node]) for case, node in np.argwhere(np.isnan(result.score))}
        assert set(result.reasons) == missing


class TestWeights:
    @fewer
    @given(tree_studies(), numbers(0.01, 100), st.data())
    def test_scaling_the_weights_of_siblings_changes_nothing(self, profile, factor, data):
        specs = profile.framework.model_dump(mode="json")
        parent = data.draw(st.sampled_from(list(specs["dimensions"])))
        for one in specs["dimensions"].values():
            one["weight"] *= factor if one["parent"] == parent else 1
        for one in specs["indicators"].values():
            one["weight"] *= factor if one["dimension"] == parent else 1
        before, after = score(profile), score(profile, Framework.parse(specs))
        for name in ("score", "low", "gap_high", "coverage", "weight", "effective_weight", "contribution"):
            np.testing.assert_allclose(getattr(after, name), getattr(before, name), rtol=1e-11, atol=1e-11)

    @fewer
    @given(tree_studies(gaps=False, methodology={"floor": 1.0}), choices, st.data(), any_scores)
    def test_an_indicator_without_weight_has_no_influence(self, profile, choice, data, other):
        """Whatever its value, present or missing."""
        specs = profile.framework.model_dump(mode="json")
        crowded = [one for siblings in families(specs) if len(siblings) > 1 for one in siblings]
        beside = [name for name, one in specs["indicators"].items() if one in crowded]
        assume(beside)
        name = data.draw(st.sampled_from(beside))
        specs["indicators"][name]["weight"] = 0.0
        profile = profile.replace(framework=Framework.parse(specs), methodology={"aggregate": choice, "floor": 1.0})
        mine = [one for one in profile.observations if one.variable == f"v{name[1:]}"]
        rest = tuple(one for one in profile.observations if one not in mine)
        moved = tuple(one.replace(value=other / 100, low=None, high=None) for one in mine)
        inner = slice(len(specs["indicators"]), None)
        results = [score(profile.replace(observations=facts)) for facts in ((*rest, *mine), (*rest, *moved), rest)]
        for result in results[1:]:
            np.testing.assert_allclose(result.score[:, inner], results[0].score[:, inner], rtol=1e-12)

    @fewer
    @given(tree_studies(zeros=True))
    def test_effective_weights_of_indicators_sum_to_one(self, profile):
        result = score(profile)
        leaves = len(profile.framework.indicators)
        there = ~np.isnan(result.score[:, -1])
        total = np.where(np.isnan(result.score[:, :leaves]), 0, result.effective_weight[:, :leaves]).sum(axis=-1)
        dropped = np.isnan(result.score[:, leaves:]).any(axis=-1)
        assert (np.abs(total[there & ~dropped] - 1) < 1e-9).all()


@st.composite
def with_one_gap(draw):
    """A study in which one indicator is missing, and the same without that indicator."""
    tree = draw(trees.filter(lambda tree: leaf_count(tree) > 1))
    nodes, leaves = node_count(tree), leaf_count(tree)
    specs = tree_specs(tree, draw(st.lists(positive_weights, min_size=nodes, max_size=nodes)))
    methodology = draw(methodologies(specs)) | {"missing": "available"}
    cells = draw(st.lists(any_scores, min_size=leaves, max_size=leaves))
    gone = draw(st.integers(0, leaves - 1))
    cells[gone] = None
    profile = scored(specs, [cells], methodology=methodology)
    # Out of the sets that are scored, and with it any dimension that had no other indicator.
    fewer_specs = profile.framework.model_dump(mode="json")
    fewer_specs["indicators"][f"i{gone}"]["set"] = "extended"
    return profile, profile.replace(framework=Framework.parse(fewer_specs))


class TestGaps:
    """With weights fixed among siblings and no threshold, a gap under a mean equals dropping the child."""

    @fewer
    @given(with_one_gap())
    def test_equal_dropping_the_child(self, studies):
        gap, dropped = (score(one) for one in studies)
        for place, name in enumerate(dropped.nodes):
            other = gap.nodes.index(name)
            for table in ("score", "low", "high", "weight", "effective_weight", "contribution"):
                got, expected = getattr(gap, table)[0, other], getattr(dropped, table)[0, place]
                assert got == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)

    @fewer
    @given(tree_studies())
    def test_equal_the_mean_of_the_present_siblings(self, profile):
        """Filling every gap of a kept node with the node's own score changes nothing, floors aside."""
        engine, result = Engine(profile), score(profile)
        leaves = engine.tree.indicator_count
        filled = result.score[:, :leaves].copy()
        for family in engine.tree.families:
            mine = family.children[family.children < leaves]
            above = result.score[:, [family.parent]]
            floor = profile.methodology.floor if engine.methods[family.level][0].positive else 0.0
            filled[:, mine] = np.where(np.isnan(filled[:, mine]), np.maximum(above, floor), filled[:, mine])
        after = engine.aggregate(filled)
        for family in engine.tree.families:
            if (family.children < leaves).all():
                got, expected = after[:, family.parent], result.score[:, family.parent]
                np.testing.assert_allclose(got, expected, rtol=1e-9)


class TestCoverage:
    """The share of effective weight that is observed, before anything is renormalised."""

    @fewer
    @given(tree_studies(zeros=True))
    def test_is_the_observed_share_of_effective_weight(self, profile):
        result, specs = score(profile), profile.framework
        weight = {name: one.weight for name, one in (*specs.dimensions.items(), *specs.indicators.items())}

        def among(name):
            siblings = [other for other, parent in specs.parents.items() if parent == specs.parents[name]]
            return weight[name] / sum(weight[other] for other in siblings)

        def effective(leaf, node):
            path = specs.path(leaf)
            product = 1.0
            for name in path[path.index(node) + 1 :]:
                product *= among(name)
            return product

        for case in range(len(profile.cases)):
            observed = {
                name for name, value in zip(result.nodes, result.score[case], strict=True) if not np.isnan(value)
            }
            for place, node in enumerate(result.nodes):
                under = [leaf for leaf in specs.indicators if node in specs.path(leaf)]
                expected = sum(effective(leaf, node) for leaf in under if leaf in observed)
                assert result.coverage[case, place] == pytest.approx(expected, abs=1e-12)

    @fewer
    @given(tree_studies())
    def test_is_1_where_nothing_is_missing_and_only_there(self, profile):
        result, specs = score(profile), profile.framework
        assert ((result.coverage >= 0) & (result.coverage <= 1)).all()
        for case in range(len(profile.cases)):
            gaps = {leaf for leaf in specs.indicators if np.isnan(result.score[case, result.nodes.index(leaf)])}
            for place, node in enumerate(result.nodes):
                whole = not any(node in specs.path(leaf) for leaf in gaps)
                assert (result.coverage[case, place] == 1) == whole

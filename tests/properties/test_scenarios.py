"""Laws of scenarios: what changes nothing, what is left out, weights, applying twice."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import (
    any_scores,
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
from softpower import Profile, Scenario, score
from softpower.model.framework import Framework

ARRAYS = (
    "score",
    "low",
    "high",
    "gap_low",
    "gap_high",
    "coverage",
    "weight",
    "effective_weight",
    "contribution",
    "raw",
)


def same_to_the_bit(one, other):
    assert one.nodes == other.nodes
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert dict(one.reasons) == dict(other.reasons)


@st.composite
def ruled_studies(draw: st.DrawFn) -> Profile:
    """Return a study on a random tree in which some dimensions weigh by the number of their indicators."""
    tree = draw(trees)
    leaves = leaf_count(tree)
    weights = draw(st.lists(positive_weights, min_size=node_count(tree), max_size=node_count(tree)))
    specs = tree_specs(tree, weights)
    for one in specs["dimensions"].values():
        if draw(st.booleans()):
            one["weight"] = "indicators"
    cell = st.one_of(st.none(), any_scores, any_scores, any_scores)
    table = draw(st.lists(st.lists(cell, min_size=leaves, max_size=leaves), min_size=1, max_size=2))
    return scored(specs, table, methodology=draw(methodologies(specs)))


def some_indicators(data, profile):
    """Draw indicators to leave out, at least one and not all."""
    names = list(profile.framework.indicators)
    assume(len(names) > 1)
    return data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=len(names) - 1, unique=True))


def never_had(framework: Framework, names) -> Framework:
    """The framework as if the indicators had never been thought of, nor dimensions for them alone."""
    data = framework.model_dump()
    data["indicators"] = {name: one for name, one in data["indicators"].items() if name not in names}
    kept = {node for name in data["indicators"] for node in framework.path(name)}
    data["dimensions"] = {name: one for name, one in data["dimensions"].items() if name in kept}
    deepest = max(framework.depths[name] for name in data["dimensions"])
    data["levels"] = data["levels"][: deepest + 1]
    return Framework.parse(data)


class TestNothing:
    """A scenario that changes nothing changes no score, to the bit."""

    @fewer
    @given(ruled_studies(), st.data())
    def test_whatever_the_key(self, profile, data):
        framework = profile.framework
        modes = {"include": {"mode": ["active", "passive"]}}
        nodes = {"include": {"nodes": [framework.root]}}
        late = {"without_observations": {"after": "9999"}}
        home = {"parents": {name: one.dimension for name, one in framework.indicators.items()}}
        sets = {"sets": ["base"]}
        method = {"methodology": {"weights": "declared"}}
        numbers_ = {name: one.weight for name, one in framework.indicators.items()}
        keys = data.draw(st.sampled_from([{}, modes, nodes, late, home, sets, method, {"weights": numbers_}]))
        same_to_the_bit(score(profile, scenario=keys), score(profile))


class TestLeavingOut:
    """What is left out counts as if it had never been there: shares present, rule weights and all."""

    @fewer
    @given(ruled_studies(), st.data())
    def test_equals_a_framework_that_never_had_it(self, profile, data):
        names = some_indicators(data, profile)
        result = score(profile, scenario={"exclude": {"nodes": names}})
        specs = never_had(profile.framework, names)
        assert set(result.nodes) == {*specs.dimensions, *specs.indicators}

        def weight(node):
            one = specs.dimensions.get(node) or specs.indicators[node]
            return (
                sum(node in specs.path(leaf) for leaf in specs.indicators) if one.weight == "indicators" else one.weight
            )

        def method(level):
            choice = profile.methodology.aggregate[level]
            return choice.method, choice.parameters

        missing = profile.methodology.missing
        least = 1.0 if missing.method == "strict" else missing.parameters.get("threshold", 0.0)
        facts = {(one.case, one.variable): one.value for one in profile.observations}
        for place, case in enumerate(profile.cases):
            leaves = {name: facts.get((case, f"v{name[1:]}")) for name in specs.indicators}
            leaves = {name: None if value is None else 100 * value for name, value in leaves.items()}
            by_hand = tree_by_hand(
                specs, leaves, weight, method, threshold=lambda _: least, floor=profile.methodology.floor
            )
            expected = [np.nan if by_hand[node] is None else by_hand[node] for node in result.nodes]
            assert result.score[place].tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True)

    @fewer
    @given(ruled_studies(), st.data())
    def test_however_it_is_said(self, profile, data):
        names = some_indicators(data, profile)
        stay = [name for name in profile.framework.indicators if name not in names]
        excluded = score(profile, scenario={"exclude": {"nodes": names}})
        same_to_the_bit(excluded, score(profile, scenario={"include": {"nodes": stay}}))
        same_to_the_bit(excluded, score(profile.without(*names)))
        same_to_the_bit(excluded, score(profile.replace(left_out=tuple(names))))

    @fewer
    @given(
        tree_studies(methodology={"aggregate": "arithmetic", "missing": "available"}),
        st.data(),
    )
    def test_equals_a_weight_of_zero_under_the_arithmetic_mean_of_what_is_there(self, profile, data):
        framework = profile.framework
        siblings = {name: list(framework.parents.values()).count(parent) for name, parent in framework.parents.items()}
        choices = [name for name, count in siblings.items() if count > 1]
        assume(choices)
        node = data.draw(st.sampled_from(choices))
        without = score(profile.without(node)).to_frame()["score"]
        weightless = score(profile, methodology={"weights": {node: 0}}).to_frame()["score"]
        assert without.to_numpy() == pytest.approx(weightless.loc[without.index].to_numpy(), rel=1e-12, nan_ok=True)


class TestWeights:
    """Weights of a scenario equal the same weights in the methodology, to the bit."""

    @fewer
    @given(ruled_studies(), st.data())
    def test_on_declared_weights(self, profile, data):
        nodes = list(profile.framework.parents)
        weights = data.draw(st.dictionaries(st.sampled_from(nodes), numbers(0.05, 20), min_size=1))
        scenario = score(profile, scenario={"weights": weights})
        same_to_the_bit(scenario, score(profile, methodology={"weights": weights}))
        same_to_the_bit(scenario, score(profile, scenario={"methodology": {"weights": weights}}))

    @fewer
    @given(ruled_studies(), st.sampled_from(["declared", "equal", "equal_indicators"]), st.data())
    def test_naming_a_weight_that_holds_already(self, profile, method, data):
        profile = profile.replace(methodology=profile.methodology.replace(weights=method))
        name = data.draw(st.sampled_from(list(profile.framework.indicators)))
        holds = profile.framework.indicators[name].weight if method == "declared" else 1.0
        same_to_the_bit(score(profile, scenario={"weights": {name: holds}}), score(profile))


class TestRule:
    """Under `weight = "indicators"` on every dimension, all indicators that enter weigh the same."""

    @fewer
    @given(trees, st.data())
    def test_whatever_is_left_out(self, tree, data):
        specs = tree_specs(tree)
        for one in specs["dimensions"].values():
            one["weight"] = "indicators"
        profile = scored(specs, [[50.0] * leaf_count(tree)])
        names = data.draw(st.lists(st.sampled_from([*profile.framework.indicators]), unique=True))
        assume(len(names) < leaf_count(tree))
        weights = score(profile.without(*names)).to_frame(level="indicator")["effective_weight"]
        assert weights.to_numpy() == pytest.approx(1 / len(weights))

    @fewer
    @given(trees)
    def test_it_equals_the_method_of_that_name(self, tree):
        specs = tree_specs(tree)
        for siblings in families(specs):
            for one in siblings:
                if "parent" in one:
                    one["weight"] = "indicators"
        profile = scored(specs, [[50.0] * leaf_count(tree)])
        same_to_the_bit(score(profile), score(profile, methodology={"weights": "equal_indicators"}))


class TestTwice:
    """Applying what leaves out, weighs and chooses a second time changes nothing more."""

    @fewer
    @given(ruled_studies(), st.data())
    def test_is_as_good_as_once(self, profile, data):
        names = some_indicators(data, profile)
        (weighed, *_) = [name for name in profile.framework.indicators if name not in names]
        scenario = Scenario(
            title="twice",
            exclude={"nodes": names},
            weights={weighed: 3.0},
            methodology={"missing": "strict"},
            without_observations={"after": 2005},
        )
        once = scenario.apply(profile)
        assert scenario.apply(once).replace(title=once.title) == once

"""Laws of draws and of what they come to."""

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

import softpower
from properties.strategies import fewer, measured_studies, tree_studies
from softpower.draws.claims import Held
from softpower.draws.points import Points
from softpower.draws.sampler import Sampler
from softpower.engine import Engine
from softpower.model.claim import Claim
from softpower.model.uncertainty import Uncertainty
from softpower.steps.aggregate import aggregate
from softpower.steps.linear import linear
from softpower.steps.tree import Tree

SEEDS = st.integers(0, 2**32)


def sampler(profile, **uncertain):
    return Sampler(profile, Uncertainty.parse(uncertain, "uncertainty"))


def near(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


@st.composite
def tables(draw):
    """Draw a table without ties in a column, so that min-max has a meaning."""
    rows, width = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    order = np.random.default_rng(draw(SEEDS)).permuted(np.arange(1.0, rows + 1))
    values = order[:, None] * 3 + np.random.default_rng(draw(SEEDS)).random((rows, width))
    return pd.DataFrame(values, [f"c{row}" for row in range(rows)], [f"x{at}" for at in range(width)])


WEIGHTS = st.sampled_from(
    [
        "simplex",
        {"method": "dirichlet", "concentration": 5.0},
        {"method": "band", "share": 0.4},
        {"method": "ordered", "at_least": [["x0", "x1"]]},
        {"method": "sets", "sets": {"equal": "equal", "first": {"x0": 4.0}}},
    ]
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "weights": WEIGHTS,
        "normalise": st.just(["min_max", "rank", "percentile_rank"]),
        "aggregate": st.just(["arithmetic", "minimum", {"method": "ordered_weighted_average", "orness": 0.3}]),
        "leave_out": st.sampled_from(["one", 0.3]),
    },
)


class TestNothingUncertain:
    """Draws of nothing are the score; a point of gaps is the score, whatever else is uncertain."""

    @fewer
    @given(tree_studies())
    def test_of_trees(self, profile):
        expected = softpower.score(profile).score
        one = sampler(profile)
        got = one.scores(np.empty((2, 0)))
        near(got[1], expected.T[len(expected.T) - got.shape[1] :])

    @fewer
    @given(measured_studies())
    def test_of_observations(self, profile):
        one = sampler(profile, observations=True, weights="simplex", leave_out="one")
        near(one.scores(np.full((1, one.dimensions), np.nan))[0], softpower.score(profile).score.T)

    @fewer
    @given(tables(), CHOICES)
    def test_of_tables(self, frame, uncertain):
        one = sampler(softpower.from_frame(frame), **uncertain)
        got = one.scores(np.full((1, one.dimensions), np.nan))[0]
        near(got, softpower.score(frame).score.T[-len(got) :])


class TestEachDraw:
    """A draw does not depend on the draws beside it."""

    @fewer
    @given(tables(), CHOICES, SEEDS)
    def test_together_is_one_by_one(self, frame, uncertain, seed):
        one = sampler(softpower.from_frame(frame), **uncertain)
        u = Points(one.dimensions, 7, "random", seed).all()
        near(one.scores(u), np.concatenate([one.scores(u[[row]]) for row in range(7)]))


class TestPermutation:
    """Permuting cases permutes the answer."""

    @fewer
    @given(tables(), CHOICES, SEEDS, st.data())
    def test_of_cases(self, frame, uncertain, seed, data):
        order = data.draw(st.permutations(range(len(frame))))
        one, other = (sampler(softpower.from_frame(given), **uncertain) for given in (frame, frame.iloc[order]))
        u = Points(one.dimensions, 5, "random", seed).all()
        near(other.scores(u), one.scores(u)[:, :, order])


class TestBounds:
    """Draws of observations lie inside the exact bounds of the score."""

    @fewer
    @given(measured_studies(), SEEDS, st.sampled_from(["triangular", "uniform"]))
    def test_draws_lie_inside(self, profile, seed, distribution):
        one = sampler(profile, observations=distribution)
        scores = one.scores(Points(one.dimensions, 32, "random", seed).all())
        result = softpower.score(profile)
        low, high = result.low.T, result.high.T
        assert ((scores >= low - 1e-9) | np.isnan(low)).all()
        assert ((scores <= high + 1e-9) | np.isnan(high)).all()

    @fewer
    @given(measured_studies(), st.floats(0, 1), st.data())
    def test_widening_an_observation_moves_no_bound_inward(self, profile, by, data):
        """An exact bound of the score never comes nearer to it when a fact becomes less certain."""
        free = [
            place
            for place, one in enumerate(profile.observations)
            if one.variable and not profile.framework.variables[one.variable].codes and one.value is not None
        ]
        assume(free)
        place = data.draw(st.sampled_from(free))
        one = profile.observations[place]
        low, high = one.bounds
        # No denominator may come near to zero.
        wider = one.replace(low=low - by * 0.4 * low, high=high + by * max(high, 1.0), wording="about")
        facts = [wider if at == place else fact for at, fact in enumerate(profile.observations)]
        before, after = softpower.score(profile), softpower.score(profile.replace(observations=facts))
        assert ((after.low <= before.low + 1e-9) | np.isnan(before.low)).all()
        assert ((after.high >= before.high - 1e-9) | np.isnan(before.high)).all()


THREE = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [3.0, 1.0, 2.0]}, index=["A", "B", "C"])
ENGINE = Engine(softpower.from_frame(THREE))


class TestClaims:
    """A claim and its logical negation add to one."""

    @given(
        st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3), min_size=1, max_size=8),
        st.sampled_from(["order", "highest", "lowest", "spread"]),
        st.floats(0, 30),
    )
    def test_add_to_one(self, scores, kind, by):
        engine = ENGINE
        claim = Claim(id="one", says="One.", kind=kind, cases=("A", "B", "C"), by=max(by, 0.001))
        nodes = engine.tree.nodes
        drawn = np.repeat(np.array(scores)[:, None, :], len(nodes), axis=1)
        held = [Held.of(one, engine, nodes, drawn[0].T) for one in (claim, claim.replace(negated=True))]
        holds = [one.holds(drawn) for one in held]
        assert (holds[0] + holds[1] == 1).all()

    def test_what_lacks_is_undecided_both_ways(self):
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 1.0]}, index=["A", "B"])
        engine = Engine(softpower.from_frame(frame))
        claim = Claim(id="one", says="One.", kind="above", cases=("A", "B"))
        drawn = np.full((1, 3, 2), [np.nan, 1.0])
        for one in (claim, claim.replace(negated=True)):
            assert np.isnan(Held.of(one, engine, engine.tree.nodes, drawn[0].T).holds(drawn)).all()


class TestLinear:
    """Many weights at once, as matrix products, are the means that they stand for, gaps and thresholds included."""

    @given(tree_studies(), SEEDS, st.floats(0, 0.5), st.sampled_from([0.0, 0.5, 1.0]))
    def test_is_the_arithmetic_mean(self, profile, seed, gaps, threshold):
        rng = np.random.default_rng(seed)
        tree = Tree.of(profile.framework, profile.indicators)
        scores = rng.random((4, tree.indicator_count)) * 100
        scores[rng.random(scores.shape) < gaps] = np.nan
        weights = rng.random((6, len(tree.nodes))) + 0.01
        weights[:, rng.integers(len(tree.nodes))] *= rng.random() > 0.5
        assume(all((weights[:, family.children].max(axis=1) > 0).all() for family in tree.families))
        thresholds = np.full(len(tree.families), threshold)
        methods = {family.level: (softpower.registry.AGGREGATE["arithmetic"], {}) for family in tree.families}
        given_ = np.broadcast_to(scores, (6, *scores.shape))
        expected = aggregate(tree, given_, weights, methods, thresholds)[..., tree.indicator_count :]
        near(linear(tree, scores, weights, thresholds), expected.swapaxes(-1, -2))

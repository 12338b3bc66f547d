"""Laws of draws: every step takes leading axes, and together equals one by one, to the bit or within 1e-12."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import drawn_slots, fewer, measured_studies, tree_studies
from softpower.engine import Engine
from softpower.scoring import score
from softpower.steps.aggregate import aggregate, contributions
from softpower.steps.derive import derive


def near(together, apart):
    np.testing.assert_allclose(together, np.stack(apart), rtol=1e-12, atol=1e-12)


class TestSteps:
    @fewer
    @given(measured_studies(), st.integers(0, 9), st.booleans())
    def test_derive_normalise_aggregate(self, profile, seed, deep):
        engine = Engine(profile)
        slots = drawn_slots(engine, 6, seed)
        given_ = slots.reshape(2, 3, -1) if deep else slots
        raw = derive(engine.plan, given_)
        assert raw.shape == (*given_.shape[:-1], len(profile.cases), len(profile.indicators))
        normalised = engine.normalise(raw)
        made = engine.aggregate(normalised)
        raws = [derive(engine.plan, one) for one in slots]
        scores = [engine.normalise(one) for one in raws]
        results = [engine.aggregate(one) for one in scores]

        def flat(table):
            return table.reshape(6, *table.shape[-2:])

        near(flat(raw), raws)
        near(flat(normalised), scores)
        near(flat(made.scores), [one.scores for one in results])
        near(flat(made.weights), [one.weights for one in results])

    @fewer
    @given(tree_studies(), st.integers(0, 9))
    def test_contributions_and_coverage(self, profile, seed):
        engine = Engine(profile)
        floor = profile.methodology.floor
        nominal = engine.normalise(derive(engine.plan, engine.plan.nominal))
        cells = np.clip(nominal + np.random.default_rng(seed).normal(0, 20, size=(4, *nominal.shape)), 0, 100)
        made = engine.aggregate(cells)
        given_ = contributions(engine.tree, made, engine.methods, floor=floor)
        apart = [contributions(engine.tree, engine.aggregate(one), engine.methods, floor=floor) for one in cells]
        near(given_, apart)
        near(engine.coverage(cells), [engine.coverage(one) for one in cells])

    @fewer
    @given(tree_studies(), st.integers(0, 9))
    def test_weights_of_their_own_for_each_draw(self, profile, seed):
        """Weights of shape (draws, nodes) against scores of shape (draws, cases, indicators)."""
        engine = Engine(profile)
        nominal = engine.normalise(derive(engine.plan, engine.plan.nominal))
        weights = np.random.default_rng(seed).uniform(0.1, 3, size=(3, len(engine.tree.nodes)))
        cells = np.broadcast_to(nominal, (3, *nominal.shape))

        def run(scores, weights):
            return aggregate(
                engine.tree, scores, weights, engine.methods, engine.thresholds, floor=profile.methodology.floor
            )

        near(run(cells, weights).scores, [run(nominal, one).scores for one in weights])
        near(run(cells, weights).weights, [run(nominal, one).weights for one in weights])

    @fewer
    @given(measured_studies())
    def test_score_is_the_engine_without_a_draw_axis(self, profile):
        engine, result = Engine(profile), score(profile)
        raw = derive(engine.plan, engine.plan.nominal)
        np.testing.assert_array_equal(result.raw, raw)
        np.testing.assert_array_equal(result.score, engine.aggregate(engine.normalise(raw)).scores)

"""Laws of draws: every step takes leading axes, and together equals one by one, to the bit or within 1e-12."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import drawn_slots, fewer, measured_studies, tree_studies
from softpower.engine import Engine
from softpower.registry import AGGREGATE, IMPUTE, NORMALISE, TREAT
from softpower.scoring import score
from softpower.steps.aggregate import aggregate, renormalised
from softpower.steps.derive import derive
from softpower.steps.layout import Layout
from softpower.steps.normalise import Scales, normalise


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
        near(flat(made), results)

    @fewer
    @given(tree_studies(), st.integers(0, 9))
    def test_contributions_and_coverage(self, profile, seed):
        engine = Engine(profile)
        nominal = engine.normalise(derive(engine.plan, engine.plan.nominal))
        cells = np.clip(nominal + np.random.default_rng(seed).normal(0, 20, size=(4, *nominal.shape)), 0, 100)
        made = engine.aggregate(cells)
        near(engine.contributions(made), [engine.contributions(engine.aggregate(one)) for one in cells])
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

        made, alone = run(cells, weights), [run(nominal, one) for one in weights]
        near(made, alone)
        used = [renormalised(engine.tree, scores, one) for scores, one in zip(alone, weights, strict=True)]
        near(renormalised(engine.tree, made, weights), used)

    @fewer
    @given(measured_studies())
    def test_score_is_the_engine_without_a_draw_axis(self, profile):
        engine, result = Engine(profile), score(profile)
        raw = derive(engine.plan, engine.plan.nominal)
        np.testing.assert_array_equal(result.raw, raw)
        np.testing.assert_array_equal(result.score, engine.aggregate(engine.normalise(raw)))


DRAWS, CASES, COLUMNS = 3, 9, 2
PARAMETERS = {
    "distance_to_reference": {"case": "7"},
    "power": {"p": -0.5},
    "ordered_weighted_average": {"orness": 0.4},
    "group_mean": {"group": "half"},
    "group_median": {"group": "half"},
    "last_observation": {"maximum_gap": 2},
    "linear": {"maximum_gap": 2},
}
CHANCE = {"regression", "multiple"}
"""Imputations that draw numbers, or look across indicators; they have laws of their own."""


def tables():
    """Draws of a table with gaps, ties and, in one draw, an outlier; no two axes have one length."""
    made = np.random.default_rng(7).integers(2, 12, size=(DRAWS, CASES, COLUMNS)) / 2
    made[0, 3, 0] = made[1, 5, 1] = made[2, 8, 0] = made[2, 0, 1] = np.nan
    made[:, 7] = 8.0
    made[1, 4, 0], made[2, 6, 1] = 5e4, 3e3
    return made


def across_cases(step, name):
    """The method as a function of tables alone."""
    parameters = PARAMETERS.get(name, {})
    layout = Layout(
        ("a", "b"),
        np.zeros(COLUMNS, dtype=int),
        np.repeat([0, 1, 2], 3),
        np.tile([2000.0, 2001.0, 2003.0], 3),
        {"half": np.arange(CASES) % 2},
    )

    def run(cells):
        count = cells.shape[-1]
        if step is not NORMALISE:
            return step[name].function(cells, replace(layout, indicators=layout.indicators[:count]), **parameters)
        posts = [np.full(count, post) for post in (1.0, 9.0, 4.0)]
        flags = (np.zeros(count, dtype=bool), np.ones(count, dtype=bool), layout.indicators[:count])
        scales = Scales(*posts, *flags, np.full(count, 6.0), [str(case) for case in range(CASES)])
        return normalise(step[name], parameters, cells, scales)

    return run


@pytest.mark.parametrize(
    ("step", "name"),
    [pytest.param(step, name, id=name) for step in (NORMALISE, TREAT, IMPUTE) for name in step if name not in CHANCE],
)
class TestMethodsAcrossCases:
    """A draw hears nothing of the others, nor an indicator, also where some have gaps and others have none."""

    def test_each_draw_by_itself(self, step, name):
        run, cells = across_cases(step, name), tables()
        near(run(cells), [run(one) for one in cells])
        deep = np.stack([cells, cells[::-1]])
        near(run(deep).reshape(-1, CASES, COLUMNS), [run(one) for one in (*cells, *cells[::-1])])

    def test_each_indicator_by_itself(self, step, name):
        run, cells = across_cases(step, name), tables()
        near(np.moveaxis(run(cells), -1, 0), [run(cells[..., [one]])[..., 0] for one in range(COLUMNS)])


@pytest.mark.parametrize("name", list(AGGREGATE))
class TestAggregations:
    """A draw hears nothing of the others, also where cases lack children; nor do those with weights of their own."""

    def test_each_draw_by_itself(self, name):
        def run(values, weights):
            return AGGREGATE[name].function(values, weights, **PARAMETERS.get(name, {}))

        cells = np.concatenate([tables(), tables()[::-1, :, ::-1] + 0.5], axis=-1)
        absent = np.isnan(cells)
        weights = np.where(absent, 0.0, np.random.default_rng(8).uniform(0.5, 2, size=(DRAWS, 1, 2 * COLUMNS)))
        weights[1, 2] = 0.0
        whole = weights.sum(axis=-1, keepdims=True)
        weights, cells = weights / np.where(whole > 0, whole, 1.0), np.where(absent, 1.0, cells)
        near(run(cells, weights), [run(*one) for one in zip(cells, weights, strict=True)])
        parts = AGGREGATE[name].parts
        if parts is not None:
            made = parts(cells, weights, **PARAMETERS.get(name, {}))
            apart = [parts(*one, **PARAMETERS.get(name, {})) for one in zip(cells, weights, strict=True)]
            near(made, apart)
            assert (made[weights == 0] == 0).all()
            heard = (weights > 0).any(axis=-1)
            np.testing.assert_allclose(made.sum(axis=-1)[heard], run(cells, weights)[heard], rtol=1e-12)

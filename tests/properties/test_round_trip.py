"""Laws of specs: what is written out reads back as the same, and scores the same to the bit."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import choices, fewer, measured_studies, numbers, tree_studies
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.profile import Profile
from softpower.result import fingerprint
from softpower.scoring import score


def through_json(model):
    """The model written as JSON text and read back."""
    text = json.dumps(model.model_dump(mode="json"), allow_nan=False)
    return type(model).parse(json.loads(text))


def same_bits(one, other):
    for name in ("score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "contribution", "raw", "exact"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.reasons == other.reasons
    assert one.feeds == other.feeds
    assert one.notes == other.notes


class TestProfiles:
    @fewer
    @given(st.one_of(measured_studies(), tree_studies(bounds=True)))
    def test_read_back_equal_and_score_equal(self, profile):
        again = through_json(profile)
        assert again == profile
        assert fingerprint(again) == fingerprint(profile)
        same_bits(score(again), score(profile))

    @fewer
    @given(measured_studies())
    def test_their_parts_read_back_too(self, profile):
        assert through_json(profile.framework) == profile.framework
        assert [through_json(one) for one in profile.observations] == list(profile.observations)
        assert through_json(profile.window) == profile.window

    @fewer
    @given(measured_studies())
    def test_a_replacement_by_itself_is_the_same(self, profile):
        assert profile.replace() == profile
        assert profile.replace(framework=profile.framework, observations=profile.observations) == profile


weights = st.one_of(
    st.sampled_from(["declared", "equal", "equal_indicators"]),
    st.dictionaries(st.sampled_from(["culture", "policy", "method_of_choice"]), numbers(0, 9), min_size=1),
)
thresholds = st.one_of(numbers(0, 1), st.dictionaries(st.sampled_from(["source", "composite"]), numbers(0, 1)))
missing = st.one_of(
    st.sampled_from(["available", "strict"]),
    st.builds(lambda one: {"method": "available", "threshold": one}, thresholds),
)


class TestMethodologies:
    @given(
        st.fixed_dictionaries(
            {
                "missing": missing,
                "weights": weights,
                "aggregate": st.one_of(
                    choices, st.dictionaries(st.sampled_from(["source", "index"]), choices, min_size=1)
                ),
                "floor": st.one_of(st.none(), numbers(0.1, 10)),
            }
        )
    )
    def test_read_back_equal(self, data):
        made = Methodology.parse(data)
        assert through_json(made) == made
        assert made.replace() == made

    @given(choices)
    def test_a_choice_reads_back_from_its_full_form_too(self, choice):
        made = Methodology(aggregate=choice).aggregate
        full = {"method": made.method, "parameters": dict(made.parameters)}
        assert Methodology(aggregate=full).aggregate == made


class TestObservations:
    texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
    dates = st.sampled_from([None, "1994", "1994-11", "1994-11-03"])

    @given(
        st.builds(
            lambda low, width, more: {"low": low, "value": low + width, "high": low + width + more},
            *(numbers(0, 1e9),) * 3,
        ),
        st.fixed_dictionaries({"statement": texts, "section": texts, "reason": texts, "start": dates}),
        st.sampled_from([("kind", {}), ("end", {"end": "1995-01"}), ("flags", {"flags": ["a", "b"]})]),
    )
    def test_read_back_equal(self, value, words, more):
        one = Observation.parse(
            {"id": "o", "case": "A>B", "variable": "v", "unit": "ratio", **value, **words, **more[1]}
        )
        assert through_json(one) == one


def test_the_models_that_are_read_from_files_are_all_held_here():
    held = (Framework, Methodology, Observation, Profile)
    assert all(hasattr(one, "parse") for one in held)

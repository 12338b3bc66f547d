"""Laws of weights among siblings that are made from uniform numbers."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer, numbers, positive_weights
from softpower.errors import MethodError
from softpower.steps.simplex import (
    band_weights,
    dirichlet_weights,
    linear_extensions,
    ordered_weights,
    uniform_weights,
)

unit = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 1 - 2.0**-53]), st.floats(0, 1))


@st.composite
def draws(draw):
    """Return uniform numbers of shape (draws, siblings), the ends among them."""
    count = draw(st.integers(1, 6))
    return np.array(draw(st.lists(st.lists(unit, min_size=count, max_size=count), min_size=1, max_size=4)))


@st.composite
def declared(draw, count):
    """Return weights of siblings, some of them zero, that sum to one."""
    weights = np.array(draw(st.lists(st.one_of(positive_weights, st.just(0.0)), min_size=count, max_size=count)))
    weights[draw(st.integers(0, count - 1))] = draw(positive_weights)
    return weights / weights.sum()


@st.composite
def pairs(draw):
    """Return a number of siblings, and pairs of them."""
    count = draw(st.integers(1, 5))
    place = st.integers(0, count - 1)
    return count, draw(st.lists(st.tuples(place, place), max_size=6))


def sound(weights):
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-13)


class TestSumToOne:
    """Weights are zero or above and sum to one, whatever the numbers; a declared zero stays zero."""

    @fewer
    @given(draws())
    def test_uniform(self, u):
        sound(uniform_weights(u))

    @fewer
    @given(st.data(), draws(), st.one_of(numbers(1e-6, 1), numbers(1, 1e6)))
    def test_dirichlet(self, data, u, concentration):
        mean = data.draw(declared(u.shape[1]))
        found = dirichlet_weights(u, mean, concentration)
        sound(found)
        assert (found[:, mean == 0] == 0).all()

    @fewer
    @given(st.data(), draws(), numbers(0, 1))
    def test_band(self, data, u, share):
        weights = data.draw(declared(u.shape[1]))
        found = band_weights(u, weights, share)
        sound(found)
        assert (found[:, weights == 0] == 0).all()


class TestRising:
    @fewer
    @given(st.data(), draws(), numbers(0.01, 0.99))
    def test_a_larger_number_is_a_larger_weight(self, data, u, share):
        """Moving one sibling's number up moves its weight up or not at all, and no other's."""
        place = data.draw(st.integers(0, u.shape[1] - 1))
        up = u.copy()
        up[:, place] += (1 - up[:, place]) / 2
        weights = data.draw(declared(u.shape[1]))
        others = np.arange(u.shape[1]) != place
        for make in (uniform_weights, lambda numbers_: band_weights(numbers_, weights, share)):
            change = make(up) - make(u)
            assert (change[:, place] >= -1e-14).all()
            assert (change[:, others] <= 1e-14).all()


class TestBand:
    @fewer
    @given(st.data(), draws(), numbers(0, 0.99))
    def test_ratios(self, data, u, share):
        """The ratio of two weights moves by no more than (1 + share) / (1 - share) from the declared one."""
        weights = data.draw(declared(u.shape[1]))
        moved = band_weights(u, weights, share)[:, weights > 0] / weights[weights > 0]
        bound = (1 + share) / (1 - share)
        assert (moved.max(axis=1) / moved.min(axis=1) <= bound * (1 + 1e-12)).all()


class TestOrders:
    @fewer
    @given(pairs())
    def test_extensions_are_the_permutations_that_agree(self, given_):
        """Enumerated: every permutation in which a stands before b for each pair (a, b); none for a circle."""
        count, wanted = given_
        agree = [
            list(order)
            for order in itertools.permutations(range(count))
            if all(order.index(more) < order.index(less) for more, less in wanted)
        ]
        if agree:
            assert linear_extensions(count, wanted).tolist() == agree
        else:
            with pytest.raises(MethodError, match="circle"):
                linear_extensions(count, wanted)

    @fewer
    @given(st.data(), pairs(), st.integers(0, 99))
    def test_weights_keep_to_the_pairs(self, data, given_, seed):
        """w_a >= w_b for each pair, and the weights are those of the uniform draw in another order."""
        count, wanted = given_
        extensions = linear_extensions(count, [(more, less) for more, less in wanted if more < less])
        u = np.random.default_rng(seed).random((2, 3, count))
        choice = np.array(data.draw(st.lists(unit, min_size=6, max_size=6))).reshape(2, 3)
        found = ordered_weights(u, choice, extensions)
        assert (np.sort(found) == np.sort(uniform_weights(u))).all()
        assert all((found[..., more] >= found[..., less]).all() for more, less in wanted if more < less)

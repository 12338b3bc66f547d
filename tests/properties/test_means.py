"""Laws of the aggregations, on the children of one node.

References: Hardy, Littlewood and Polya, Inequalities (1934), chapter II; Bullen, Handbook of Means (2003), chapter III.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from properties.strategies import (
    any_scores,
    exponents,
    mean_by_hand,
    numbers,
    positive_scores,
    positive_weights,
    siblings,
)
from softpower.registry import AGGREGATE

NEAR = 1e-9


def mean(name, values, weights, **parameters):
    return float(AGGREGATE[name].function(values, weights, **parameters))


@st.composite
def methods(draw):
    name = draw(st.sampled_from(["arithmetic", "geometric", "harmonic", "power"]))
    return name, {"p": draw(exponents)} if name == "power" else {}


order_weights = st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any)
ordered = st.one_of(
    st.builds(lambda weights: {"order_weights": weights}, order_weights),
    st.builds(lambda orness: {"orness": orness}, numbers(0.02, 0.98)),
)
compromises = st.one_of(
    methods(),
    st.just(("minimum", {})),
    st.builds(lambda parameters: ("ordered_weighted_average", parameters), ordered),
)
"""Whatever lies between the children, rises with each of them and is homogeneous."""


class TestFormulas:
    """Each mean is its formula: here in plain Python, and as SciPy has it."""

    @given(siblings(zeros=True), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
    def test_named_means(self, children, name):
        values, weights = children
        expected = mean_by_hand(name, {}, list(zip(values.tolist(), weights.tolist(), strict=True)))
        assert mean(name, values, weights) == pytest.approx(expected, rel=1e-11)

    @given(siblings(numbers(1, 100), zeros=True), st.one_of(numbers(0.1, 20), numbers(-20, -0.1)))
    def test_power_mean(self, children, p):
        values, weights = children
        expected = mean_by_hand("power", {"p": p}, list(zip(values.tolist(), weights.tolist(), strict=True)))
        assert mean("power", values, weights, p=p) == pytest.approx(expected, rel=1e-11)

    @given(siblings(), exponents)
    def test_as_in_scipy(self, children, p):
        values, weights = children
        assume(abs(p) > 1e-3)
        with np.errstate(all="ignore"):
            expected = stats.pmean(values / values.max(), p, weights=weights) * values.max()
        assume(np.isfinite(expected) and expected > 0)
        assume(abs(p) * np.log(values.max() / values.min()) < 300)
        assert mean("power", values, weights, p=p) == pytest.approx(expected, rel=1e-9)
        assert mean("geometric", values, weights) == pytest.approx(stats.gmean(values, weights=weights), rel=1e-11)
        assert mean("harmonic", values, weights) == pytest.approx(stats.hmean(values, weights=weights), rel=1e-11)


class TestBetween:
    """min x_i <= M(x; w) <= max x_i over the children of positive weight."""

    @given(siblings(zeros=True), compromises)
    def test_least_and_greatest_child(self, children, method):
        values, weights = children
        counted = values[weights > 0]
        got = mean(method[0], values, weights, **method[1])
        assert counted.min() * (1 - NEAR) <= got <= counted.max() * (1 + NEAR)

    @given(positive_scores, st.lists(positive_weights, min_size=1, max_size=6), compromises)
    def test_idempotent(self, value, weights, method):
        """M(x, ..., x; w) = x."""
        weights = np.array(weights) / sum(weights)
        assert mean(method[0], np.full(len(weights), value), weights, **method[1]) == pytest.approx(value, rel=1e-11)


class TestOrderOfMeans:
    """harmonic <= geometric <= arithmetic, and M_p <= M_q for p <= q: the inequality of power means."""

    @given(siblings(zeros=True))
    def test_harmonic_geometric_arithmetic(self, children):
        least, middle, greatest = (mean(name, *children) for name in ("harmonic", "geometric", "arithmetic"))
        assert least <= middle * (1 + NEAR)
        assert middle <= greatest * (1 + NEAR)

    @given(siblings(zeros=True), exponents, exponents)
    def test_power_mean_does_not_fall_in_p(self, children, p, q):
        low, high = sorted([p, q])
        assert mean("power", *children, p=low) <= mean("power", *children, p=high) * (1 + 1e-11)

    @given(siblings(), st.sampled_from([1e-13, 1e-9, 1e-6, -1e-13, -1e-9, -1e-6]))
    def test_power_mean_is_smooth_at_zero(self, children, p):
        """The logarithm ln M_p is sum w ln x + p / 2 var(ln x) + O(p^2), the variance weighted by w."""
        values, weights = children
        logs = np.log(values)
        centre = (weights * logs).sum()
        expected = centre + p / 2 * (weights * (logs - centre) ** 2).sum()
        assert np.log(mean("power", values, weights, p=p)) == pytest.approx(expected, abs=2e-13 + 100 * p**2)

    @given(siblings(zeros=True), st.sampled_from([(1.0, "arithmetic"), (0.0, "geometric"), (-1.0, "harmonic")]))
    def test_power_mean_meets_the_named_means(self, children, twin):
        p, name = twin
        assert mean("power", *children, p=p) == pytest.approx(mean(name, *children), rel=1e-11)

    @given(siblings(numbers(1, 100)), st.sampled_from([500.0, 5000.0, -500.0, -5000.0]))
    def test_power_mean_tends_to_the_ends(self, children, p):
        """It holds max w_m^(1/p) <= M_p <= max for p > 0, m the largest child, and the mirror of it for p < 0."""
        values, weights = children
        end = values.argmax() if p > 0 else values.argmin()
        limits = sorted([values[end], values[end] * weights[end] ** (1 / p)])
        got = mean("power", values, weights, p=p)
        assert limits[0] * (1 - NEAR) <= got <= limits[1] * (1 + NEAR)


class TestMonotone:
    """For fixed weights M(x; w) does not fall when one x_i rises."""

    @given(siblings(any_scores, zeros=True), compromises, st.data())
    def test_a_child_that_rises(self, children, method, data):
        values, weights = children
        place = data.draw(st.integers(0, len(values) - 1))
        risen = values.copy()
        risen[place] = data.draw(numbers(float(values[place]), 100))
        before, after = (mean(method[0], x, weights, **method[1]) for x in (values, risen))
        assert before <= after * (1 + 1e-11)

    @given(siblings(zeros=True), compromises)
    def test_homogeneous(self, children, method):
        """M(c x; w) = c M(x; w)."""
        values, weights = children
        name, parameters = method
        scaled = mean(name, values * 7.3, weights, **parameters)
        assert scaled == pytest.approx(7.3 * mean(name, values, weights, **parameters), rel=1e-11)


class TestWeights:
    """A child of weight zero has no influence, and children of one value may be merged."""

    @given(siblings(), compromises, any_scores)
    def test_zero_weight(self, children, method, other):
        values, weights = children
        more = mean(method[0], np.append(values, other), np.append(weights, 0.0), **method[1])
        assert more == pytest.approx(mean(method[0], values, weights, **method[1]), rel=1e-11)

    @given(siblings(), compromises, st.data())
    def test_splitting_a_child_in_two(self, children, method, data):
        values, weights = children
        place = data.draw(st.integers(0, len(values) - 1))
        share = data.draw(numbers(0.01, 0.99)) * weights[place]
        apart = weights.copy()
        apart[place] -= share
        split = mean(method[0], np.append(values, values[place]), np.append(apart, share), **method[1])
        assert split == pytest.approx(mean(method[0], values, weights, **method[1]), rel=1e-11)


class TestParts:
    """Euler: a mean is homogeneous of degree one, so sum of x_i dM/dx_i = M."""

    @given(siblings(zeros=True), compromises)
    def test_sum_to_the_mean(self, children, method):
        values, weights = children
        name, parameters = method
        parts = AGGREGATE[name].parts(values, weights, **parameters)
        assert parts.sum() == pytest.approx(mean(name, values, weights, **parameters), rel=1e-9, abs=1e-300)
        assert (parts >= 0).all()
        assert (parts[weights == 0] == 0).all()

    @given(siblings(numbers(1, 100)), methods())
    def test_are_value_times_derivative(self, children, method):
        """x_i dM/dx_i by a central difference."""
        values, weights = children
        name, parameters = method
        parameters = {key: float(np.clip(p, -5, 5)) for key, p in parameters.items()}
        parts = AGGREGATE[name].parts(values, weights, **parameters)
        for place in range(len(values)):
            step = np.where(np.arange(len(values)) == place, 1e-5, 0.0)
            up, down = (mean(name, values * (1 + sign * step), weights, **parameters) for sign in (1, -1))
            assert parts[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-6)


class TestDraws:
    """The leading axes are draws: together equals one by one."""

    @given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 4), compromises, st.integers(0, 99))
    def test_together_and_apart(self, draws, cases, children, method, seed):
        name, parameters = method
        rng = np.random.default_rng(seed)
        values = rng.uniform(0.1, 100, size=(draws, cases, children))
        weights = rng.dirichlet(np.ones(children), size=(draws, 1))
        weights = np.broadcast_to(weights, values.shape)
        together = AGGREGATE[name].function(values, weights, **parameters)
        assert together.shape == (draws, cases)
        for draw in range(draws):
            for case in range(cases):
                alone = mean(name, values[draw, case], weights[draw, case], **parameters)
                assert together[draw, case] == pytest.approx(alone, rel=1e-12)

    @given(siblings(zeros=True), st.lists(exponents, min_size=1, max_size=5))
    def test_exponents_of_their_own(self, children, drawn):
        values, weights = children
        given_ = np.array([*drawn, 0.0, 1.0])[:, None]
        together = AGGREGATE["power"].function(np.tile(values, (len(given_), 1)), weights, p=given_)
        for p, made in zip(given_.ravel().tolist(), together.tolist(), strict=True):
            assert made == pytest.approx(mean("power", values, weights, p=p), rel=1e-9)


class TestOrderedWeights:
    """An ordered weighted average lies where its order weights put it, from the smallest child to the largest."""

    NAME = "ordered_weighted_average"

    @given(siblings(zeros=True), st.integers(1, 8))
    def test_equal_order_weights_are_the_mean(self, children, places):
        expected = pytest.approx(mean("arithmetic", *children), rel=1e-11)
        assert mean(self.NAME, *children, order_weights=[3] * places) == expected
        assert mean(self.NAME, *children, orness=0.5) == expected

    @given(st.lists(positive_scores, min_size=1, max_size=6))
    def test_of_equal_importance_it_is_yagers(self, values):
        order = np.arange(1, len(values) + 1) / sum(range(1, len(values) + 1))
        got = mean(self.NAME, np.array(values), np.full(len(values), 1 / len(values)), order_weights=order.tolist())
        assert got == pytest.approx(float(np.sort(values)[::-1] @ order), rel=1e-11)

    @given(st.lists(positive_scores, min_size=1, max_size=6))
    def test_all_weight_on_one_place(self, values):
        """On the last place it is the minimum, on the first the maximum."""
        last = [0.0] * (len(values) - 1) + [1.0]
        values, weights = np.array(values), np.full(len(values), 1 / len(values))
        assert mean(self.NAME, values, weights, order_weights=last) == pytest.approx(values.min(), rel=1e-11)
        assert mean(self.NAME, values, weights, order_weights=last[::-1]) == pytest.approx(values.max(), rel=1e-11)

    @given(siblings(zeros=True), numbers(0.02, 0.98), numbers(0.02, 0.98))
    def test_does_not_fall_in_orness(self, children, one, other):
        low, high = sorted([one, other])
        assert mean(self.NAME, *children, orness=low) <= mean(self.NAME, *children, orness=high) * (1 + NEAR)

    @given(siblings(), ordered, st.randoms(use_true_random=False))
    def test_blind_to_the_order_in_which_children_come(self, children, parameters, random):
        values, weights = children
        values = values.round(-1)
        shuffled = random.sample(range(len(values)), len(values))
        parts = AGGREGATE[self.NAME].parts(values, weights, **parameters)
        again = AGGREGATE[self.NAME].parts(values[shuffled], weights[shuffled], **parameters)
        assert again == pytest.approx(parts[shuffled], rel=1e-9, abs=1e-9)


penalised = st.builds(
    lambda name, penalty: (name, {"penalty": penalty}),
    st.sampled_from(["mazziotta_pareto", "adjusted_mazziotta_pareto"]),
    st.sampled_from(["downward", "upward"]),
)


class TestPenalty:
    """Mazziotta and Pareto: M - S cv, which is M where all are equal and less elsewhere, by what it is more upwards."""

    @given(siblings(numbers(70, 130), zeros=True))
    def test_formula(self, children):
        values, weights = children
        centre = np.average(values, weights=weights)
        spread = np.sqrt(np.cov(values, aweights=weights, ddof=0)) if len(values) > 1 else 0.0
        penalty = float(spread * (spread / centre))
        for sign, way in ((-1, "downward"), (1, "upward")):
            got = mean("mazziotta_pareto", values, weights, penalty=way)
            assert got == pytest.approx(centre + sign * penalty, rel=1e-9)

    @given(positive_scores, st.lists(positive_weights, min_size=1, max_size=6), penalised)
    def test_no_penalty_for_equal_children(self, value, weights, method):
        weights = np.array(weights) / sum(weights)
        assert mean(method[0], np.full(len(weights), value), weights, **method[1]) == pytest.approx(value, rel=1e-11)

    @given(siblings(zeros=True), penalised, any_scores)
    def test_a_child_without_weight(self, children, method, other):
        values, weights = children
        more = mean(method[0], np.append(values, other), np.append(weights, 0.0), **method[1])
        assert more == pytest.approx(mean(method[0], values, weights, **method[1]), rel=1e-9)

    @given(siblings(numbers(1, 100), zeros=True), penalised)
    def test_parts(self, children, method):
        """Value times derivative, by a central difference; they sum to the index."""
        values, weights = children
        name, parameters = method
        parts = AGGREGATE[name].parts(values, weights, **parameters)
        assert parts.sum() == pytest.approx(mean(name, values, weights, **parameters), rel=1e-9, abs=1e-9)
        assert (parts[weights == 0] == 0).all()
        for place in range(len(values)):
            step = np.where(np.arange(len(values)) == place, 1e-5, 0.0)
            up, down = (mean(name, values * (1 + sign * step), weights, **parameters) for sign in (1, -1))
            assert parts[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-5)

    @given(siblings(numbers(70, 130)), penalised, st.data())
    def test_monotone_up_to_half_as_much_again_as_the_mean(self, children, method, data):
        """For the downward penalty; the upward one is monotone from half the mean."""
        values, weights = children
        place = data.draw(st.integers(0, len(values) - 1))
        risen = values.copy()
        risen[place] = data.draw(numbers(float(values[place]), 130))
        for one in (values, risen):
            centre = one @ weights
            assume(one[place] <= 1.5 * centre if method[1]["penalty"] == "downward" else one[place] >= 0.8 * centre)
        before, after = (mean(method[0], one, weights, **method[1]) for one in (values, risen))
        assert before <= after * (1 + 1e-11)

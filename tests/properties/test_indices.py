"""Laws of sensitivity indices."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower.analysis.indices import bootstrap_indices, convergence, interval, variance_indices

seeds = st.integers(0, 2**32 - 1)


@st.composite
def outputs(draw, gaps=True):
    """Three outputs of two to four factors that go together: with a mean far from zero or near it, in steps or not."""
    rng = np.random.default_rng(draw(seeds))
    factors, rows = draw(st.integers(2, 4)), draw(st.integers(8, 40))
    shift, steps = draw(st.sampled_from([0.0, 50.0, -1e4])), draw(st.booleans())
    inputs, loads = rng.normal(size=(2, rows, factors)), rng.normal(size=(factors, 3))
    ab = np.repeat(inputs[:1], factors, axis=0)
    for factor in range(factors):
        ab[factor, :, factor] = inputs[1, :, factor]
    a, b, *ab = (shift + 5 * (x @ loads) + x[:, :1] * x[:, 1:2] for x in (*inputs, *ab))
    made = a, b, np.array(ab)
    if steps:
        made = tuple(np.rint(one) for one in made)
    if gaps and draw(st.booleans()):
        made[draw(st.integers(0, 1))][draw(st.integers(0, rows - 1)), 0] = np.nan
        made[2][draw(st.integers(0, factors - 1)), draw(st.integers(0, rows - 1)), 0] = np.nan
    return made


def assert_same(found, expected, tolerance=1e-9):
    np.testing.assert_allclose(found.first, expected.first, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found.total, expected.total, rtol=tolerance, atol=tolerance)


def rows_of(made, rows):
    a, b, ab = made
    return a[rows], b[rows], ab[:, rows]


class TestIndices:
    """Shares have no unit and no zero, and neither the order of rows, of factors nor of outputs moves them."""

    @fewer
    @given(made=outputs(), factor=st.sampled_from([-3.0, 1e-6, 7.0, 1e6]), shift=st.sampled_from([0.0, -20.0, 1e3]))
    def test_unit_and_zero(self, made, factor, shift):
        turned = variance_indices(*(factor * one + abs(factor) * shift for one in made))
        assert_same(turned, variance_indices(*made))

    @fewer
    @given(made=outputs(), seed=seeds)
    def test_order(self, made, seed):
        a, b, ab = made
        rng = np.random.default_rng(seed)
        rows, factors, which = (rng.permutation(size) for size in (len(a), len(ab), a.shape[1]))
        turned = variance_indices(a[rows][:, which], b[rows][:, which], ab[factors][:, rows][..., which])
        plain = variance_indices(a, b, ab)
        np.testing.assert_allclose(turned.first, plain.first[factors][:, which], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(turned.total, plain.total[factors][:, which], rtol=1e-9, atol=1e-12)

    @fewer
    @given(made=outputs(gaps=False))
    def test_as_the_formulas_say(self, made):
        a, b, ab = made
        both = np.concatenate([a, b])
        first = ((b - both.mean(axis=0)) * (ab - a)).mean(axis=1) / both.var(axis=0, ddof=1)
        total = ((a - ab) ** 2).mean(axis=1) / 2 / both.var(axis=0, ddof=1)
        found = variance_indices(a, b, ab)
        np.testing.assert_allclose([found.first, found.total], [first, total], rtol=1e-9, atol=1e-9)

    @fewer
    @given(made=outputs(), place=st.integers(0, 3))
    def test_a_factor_that_does_not_enter_has_none(self, made, place):
        a, b, ab = made
        still = np.insert(ab, min(place, len(ab)), a, axis=0)
        found = variance_indices(a, b, still)
        assert (found.first[min(place, len(ab))] == 0.0).all()
        assert (found.total[min(place, len(ab))] == 0.0).all()

    @fewer
    @given(made=outputs())
    def test_totals_are_never_negative(self, made):
        assert (variance_indices(*made).total >= 0.0).all()


class TestResamples:
    """A resample has the indices that its rows have; a seed has one answer, to the bit."""

    @fewer
    @given(made=outputs(), seed=seeds)
    def test_of_its_rows(self, made, seed):
        resampled = bootstrap_indices(*made, resamples=5, rng=np.random.default_rng(seed))
        drawn = np.random.default_rng(seed).integers(len(made[0]), size=(5, len(made[0])))
        for place, rows in enumerate(drawn):
            expected = variance_indices(*rows_of(made, rows))
            np.testing.assert_allclose(resampled.first[place], expected.first, rtol=1e-7, atol=1e-9)
            np.testing.assert_allclose(resampled.total[place], expected.total, rtol=1e-7, atol=1e-9)

    @fewer
    @given(made=outputs(), seed=seeds)
    def test_same_seed_same_bits(self, made, seed):
        one, other = (bootstrap_indices(*made, resamples=9, rng=np.random.default_rng(seed)) for _ in range(2))
        assert one.first.tobytes() == other.first.tobytes()
        assert one.total.tobytes() == other.total.tobytes()

    @fewer
    @given(made=outputs(), seed=seeds)
    def test_an_interval_holds_its_share_of_them(self, made, seed):
        resampled = bootstrap_indices(*made, resamples=41, rng=np.random.default_rng(seed)).total
        low, high = interval(resampled, 0.9)
        held = ((low <= resampled) & (resampled <= high)).sum(axis=0)
        # Resamples in which nothing varies have no number. The ends fall between two of the others.
        assert (held >= np.floor(0.9 * (np.isfinite(resampled).sum(axis=0) - 1))).all()


class TestConvergence:
    """The indices at a size are those of the first so many rows, and at the last size those of all."""

    @fewer
    @given(made=outputs())
    def test_of_the_first_rows(self, made):
        sizes = [4, 7, len(made[0])]
        found = convergence(*made, sizes)
        for place, size in enumerate(sizes):
            expected = variance_indices(*rows_of(made, slice(size)))
            np.testing.assert_allclose(found.first[place], expected.first, rtol=1e-7, atol=1e-9)
            np.testing.assert_allclose(found.total[place], expected.total, rtol=1e-7, atol=1e-9)

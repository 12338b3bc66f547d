"""Laws of quantile functions: uniform numbers from 0 to 1 become values."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer, numbers
from softpower.steps.distributions import (
    discrete_triangular,
    discrete_uniform,
    triangular,
    truncated_normal,
    uniform,
)

U = np.sort([0, 2.0**-53, *np.random.default_rng(1).random(35), 0.5, 1 - 2.0**-53, 1])
ends = st.one_of(numbers(-1e6, 1e6), st.sampled_from([-1.0, 0.0, 0.1, 0.3, 1e-300, 70.0]))


@st.composite
def families(draw):
    """Return a quantile function and its mirror image, with their ends and the size of the numbers within."""
    low, mode, high = sorted(draw(st.lists(ends, min_size=3, max_size=3)))
    size = max(abs(low), abs(high))
    name = draw(st.sampled_from(["uniform", "triangular", "truncated_normal"]))
    if name == "uniform":
        return lambda u: uniform(u, low, high), lambda u: uniform(u, -high, -low), low, high, size
    if name == "triangular":
        mode = draw(st.sampled_from([low, mode, high]))
        return lambda u: triangular(u, low, mode, high), lambda u: triangular(u, -high, -mode, -low), low, high, size
    deviation = draw(numbers(0.01, 3)) * max(high - low, 1.0)
    return (
        lambda u: truncated_normal(u, mode, deviation, low, high),
        lambda u: truncated_normal(u, -mode, deviation, -high, -low),
        low,
        high,
        size + deviation,
    )


class TestQuantiles:
    @given(families())
    def test_within_the_ends_which_are_exact(self, family):
        """Low <= Q(u) <= high to the bit, Q(0) = low, Q(1) = high."""
        quantiles, _, low, high, _ = family
        found = quantiles(U)
        assert ((found >= low) & (found <= high)).all()
        assert (found[0], found[-1]) == (low, high)

    @fewer
    @given(families())
    def test_rising(self, family):
        """Q(u) <= Q(v) for u <= v, but for rounding."""
        quantiles, _, _, _, size = family
        assert (np.diff(quantiles(U)) >= -4e-15 * size).all()

    @fewer
    @given(families())
    def test_mirrored(self, family):
        """Q(u) of x is -Q(1 - u) of -x."""
        quantiles, mirrored, _, _, size = family
        inner = U[2:-2]
        np.testing.assert_allclose(quantiles(inner), -mirrored(1 - inner), rtol=0, atol=1e-12 * size)

    @fewer
    @given(families())
    def test_together_as_one_by_one(self, family):
        quantiles, *_ = family
        assert quantiles(U.reshape(5, -1)).ravel().tolist() == [float(quantiles(np.array(u))) for u in U]


class TestTriangular:
    @fewer
    @given(st.lists(numbers(-100, 100), min_size=3, max_size=3, unique=True).map(sorted))
    def test_share_below(self, three):
        """The area of the triangle up to Q(u) is u."""
        low, mode, high = three
        x = triangular(U, low, mode, high)
        # Of a triangle of area 1, the height at the mode is 2 / (high - low).
        left = (x - low) / (high - low) * (x - low) / max(mode - low, 1e-300)
        right = 1 - (high - x) / (high - low) * (high - x) / max(high - mode, 1e-300)
        near = 1e-9 + 1e-13 / min(mode - low, high - mode)
        assert (abs(np.where(x < mode, left, right) - U) <= near).all()


class TestDiscrete:
    bounds = st.lists(st.integers(-5, 5), min_size=3, max_size=3).map(sorted)

    @given(bounds, st.integers(0, 3))
    def test_probabilities(self, three, beyond):
        """They sum to one, are above zero exactly from low to high, and fall off from the mode."""
        low, mode, high = three
        codes = np.arange(low - beyond, high + beyond + 1.0)
        inside = (codes >= low) & (codes <= high)
        for found in (discrete_triangular(codes, low, mode, high), discrete_uniform(codes, low, high)):
            assert abs(found.sum() - 1) < 1e-14
            assert ((found > 0) == inside).all()
        found = discrete_triangular(codes, low, mode, high)
        assert (np.diff(found[codes <= mode]) >= 0).all()
        assert (np.diff(found[codes >= mode]) <= 0).all()

"""Sensitivity indices against answers in closed form and against estimators by other hands."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softpower.analysis.indices import bootstrap_indices, convergence, interval, variance_indices

ISHIGAMI = Path(__file__).parents[2] / ".." / "shared" / "reference" / "ishigami_sobol_N200.csv"


def design(function, dimensions, n, seed=0, groups=None):
    """Return the outputs at A, B and, for each group of columns, at A with that group from B; from Sobol points."""
    from scipy.stats import qmc

    points = qmc.Sobol(2 * dimensions, seed=seed).random(n)
    a, b = points[:, :dimensions], points[:, dimensions:]
    mixed = []
    for columns in groups or [[at] for at in range(dimensions)]:
        one = a.copy()
        one[:, columns] = b[:, columns]
        mixed.append(function(one))
    return function(a), function(b), np.array(mixed)


def ishigami(u):
    """Sin x + 7 sin^2 y + 0.1 z^4 sin x, with x, y and z uniform between -pi and pi."""
    x, y, z = (np.pi * (2 * u - 1)).T
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def ishigami_indices():
    """Return first-order and total indices in closed form.

    With E[sin^2] = 1/2, E[z^4] = pi^4/5 and E[z^8] = pi^8/9: y alone adds 49 V(sin^2 y) = 49/8. x alone has the mean
    over z of (1 + 0.1 z^4) sin x, whose variance is (1 + 0.1 pi^4/5)^2 / 2. x and z together add V(0.1 z^4) times
    E[sin^2 x], 0.01 (pi^8/9 - pi^8/25) / 2. z alone adds nothing, since the mean over x is 0.
    """
    x = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2
    y = 49 / 8
    together = 0.01 * (np.pi**8 / 9 - np.pi**8 / 25) / 2
    whole = x + y + together
    return np.array([x, y, 0.0]) / whole, np.array([x + together, y, together]) / whole


class TestClosedForm:
    def test_ishigami(self):
        first, total = ishigami_indices()
        found = variance_indices(*design(ishigami, 3, 2**13))
        assert np.abs(found.first[:, 0] - first).max() < 0.01
        assert np.abs(found.total[:, 0] - total).max() < 0.01

    def test_an_additive_model(self):
        """Y is a sum of c x of uniform x: each share is c^2 over the sum of squares, in total as well; groups add."""
        weights = np.array([1.0, 2.0, 4.0, 0.0])
        shares = weights**2 / (weights**2).sum()
        found = variance_indices(*design(lambda u: (u @ weights)[:, None], 4, 2**12))
        assert np.abs(found.first[:, 0] - shares).max() < 2e-3
        assert np.abs(found.total[:, 0] - shares).max() < 2e-3
        grouped = variance_indices(*design(lambda u: (u @ weights)[:, None], 4, 2**12, groups=[[0, 1], [2, 3]]))
        assert np.abs(grouped.first[:, 0] - [shares[:2].sum(), shares[2:].sum()]).max() < 2e-3

    def test_a_factor_that_does_not_enter_has_nothing(self):
        found = variance_indices(*design(lambda u: u[:, [0]] ** 2, 2, 256))
        assert found.total[1, 0] == found.first[1, 0] == 0.0

    def test_by_hand(self):
        # m = 1/2, V = 4 (1/2)^2 / 3 = 1/3. (A - AB)^2 is 1 and 1: total 1 / (2/3). (B - m)(AB - A) is 1/2 and 1/2.
        a, b = np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])
        found = variance_indices(a, b, b[None])
        assert found.total[0, 0] == pytest.approx(1.5)
        assert found.first[0, 0] == pytest.approx(1.5)


class TestOtherHands:
    @pytest.mark.skipif(not ISHIGAMI.is_file(), reason="the fixed sample is not here: ../shared/reference")
    def test_the_fixed_sample(self):
        """200 rows of A, of B, and of A with each factor from B."""
        table = pd.read_csv(ISHIGAMI)
        points = table[["V1", "V2", "V3"]].to_numpy()
        np.testing.assert_allclose(ishigami(points)[:, 0], table["y"], rtol=1e-9, atol=1e-9)
        made = table["y"].to_numpy().reshape(5, 200, 1)
        first, total = ishigami_indices()
        found = variance_indices(made[0], made[1], made[2:])
        assert np.abs(found.total[:, 0] - total).max() < 0.1
        # By the definitions, written out.
        a, b, ab = made[0, :, 0], made[1, :, 0], made[2:, :, 0]
        both = np.concatenate([a, b])
        np.testing.assert_allclose(
            found.first[:, 0], [np.mean((b - both.mean()) * (one - a)) / both.var(ddof=1) for one in ab], rtol=1e-12
        )
        np.testing.assert_allclose(
            found.total[:, 0], [np.mean((a - one) ** 2) / 2 / both.var(ddof=1) for one in ab], rtol=1e-12
        )
        assert np.abs(found.first[:, 0] - first).max() < 0.2

    def test_salib(self):
        """Its first order is not centred, so the mean is taken off before; its variance is that of A and B over 2n."""
        from SALib.analyze import sobol

        a, b, ab = design(ishigami, 3, 256)
        problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}
        mean = np.concatenate([a, b]).mean()
        interleaved = np.concatenate([a[None], ab, b[None]])[..., 0].T.ravel() - mean
        theirs = sobol.analyze(problem, interleaved, calc_second_order=False, num_resamples=2, seed=0)
        ours = variance_indices(a, b, ab)
        # It scales outputs to unit variance first, with its own divisor.
        assert np.allclose(ours.total[:, 0], theirs["ST"], rtol=5e-3)
        assert np.allclose(ours.first[:, 0], theirs["S1"], rtol=5e-3, atol=5e-3)

    def test_scipy(self):
        from scipy.stats import sobol_indices

        a, b, ab = design(ishigami, 3, 256)
        theirs = sobol_indices(func={"f_A": a.T, "f_B": b.T, "f_AB": ab.transpose(0, 2, 1)}, n=256)
        ours = variance_indices(a, b, ab)
        assert np.allclose(ours.total[:, 0], np.ravel(theirs.total_order), rtol=5e-3)
        assert np.allclose(ours.first[:, 0], np.ravel(theirs.first_order), rtol=2e-2, atol=5e-3)


def outputs(seed, rows=24, factors=3, count=2):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, count)), rng.normal(size=(rows, count)), rng.normal(size=(factors, rows, count))


class TestBootstrap:
    """A resample is the estimate of the rows that were drawn; the same seed gives the same bits."""

    @given(st.integers(0, 2**32))
    def test_of_the_drawn_rows(self, seed):
        a, b, ab = outputs(seed)
        found = bootstrap_indices(a, b, ab, resamples=3, rng=np.random.default_rng(seed))
        counts = np.random.default_rng(seed).multinomial(24, np.full(24, 1 / 24), size=3)
        for place, times in enumerate(counts):
            rows = np.repeat(np.arange(24), times)
            expected = variance_indices(a[rows], b[rows], ab[:, rows])
            np.testing.assert_allclose(found.first[place], expected.first, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(found.total[place], expected.total, rtol=1e-9, atol=1e-12)

    def test_in_slices_of_outputs(self, monkeypatch):
        a, b, ab = outputs(1, count=5)
        whole = bootstrap_indices(a, b, ab, resamples=4, rng=np.random.default_rng(0))
        monkeypatch.setattr("softpower.analysis.indices.PRODUCTS", 1)
        parts = bootstrap_indices(a, b, ab, resamples=4, rng=np.random.default_rng(0))
        np.testing.assert_allclose(parts.total, whole.total, rtol=1e-12)

    def test_intervals_hold_the_answer_about_as_often_as_they_say(self):
        first, total = ishigami_indices()
        held = []
        for seed in range(40):
            rng = np.random.default_rng(seed)
            points = rng.random((300, 6))
            a, b = points[:, :3], points[:, 3:]
            mixed = [np.where(np.arange(3) == at, b, a) for at in range(3)]
            made = (ishigami(a), ishigami(b), np.array([ishigami(one) for one in mixed]))
            found = bootstrap_indices(*made, resamples=200, rng=rng)
            for answer, name in ((first, "first"), (total, "total")):
                low, high = interval(getattr(found, name), 0.9)
                held += [(low[:, 0] <= answer) & (answer <= high[:, 0])]
        # 240 intervals: two standard errors are 4 points.
        assert 0.80 <= np.mean(held) <= 0.97


class TestLaws:
    """What must not matter does not, and an output without variance has no index."""

    @given(st.integers(0, 2**32), st.floats(0.1, 100), st.floats(-1000, 1000))
    def test_scale_and_place_do_not_matter(self, seed, scale, shift):
        a, b, ab = outputs(seed)
        one, other = variance_indices(a, b, ab), variance_indices(*(scale * y + shift for y in (a, b, ab)))
        np.testing.assert_allclose(other.first, one.first, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(other.total, one.total, rtol=1e-6, atol=1e-6)

    @given(st.integers(0, 2**32), st.permutations(range(3)))
    def test_the_order_of_factors_permutes(self, seed, order):
        a, b, ab = outputs(seed)
        one, other = variance_indices(a, b, ab), variance_indices(a, b, ab[list(order)])
        np.testing.assert_allclose(other.total, one.total[list(order)], rtol=1e-12)

    @given(st.integers(0, 2**32))
    def test_outputs_do_not_touch_each_other(self, seed):
        a, b, ab = outputs(seed)
        expected = variance_indices(a[:, [0]], b[:, [0]], ab[..., [0]])
        a[:, 1] = 4.0
        b[:, 1] = 4.0
        ab[..., 1] = 4.0
        found = variance_indices(a, b, ab)
        np.testing.assert_allclose(found.total[:, [0]], expected.total, rtol=1e-12)
        assert np.isnan(found.first[:, 1]).all()

    @given(st.integers(0, 2**32))
    def test_rows_that_lack_are_left_out_for_that_output(self, seed):
        a, b, ab = outputs(seed)
        expected = variance_indices(a[1:], b[1:], ab[:, 1:])
        untouched = variance_indices(a, b, ab)
        ab[1, 0, 0] = np.nan
        found = variance_indices(a, b, ab)
        np.testing.assert_allclose(found.first[:, 0], expected.first[:, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found.first[:, 1], untouched.first[:, 1], rtol=1e-12)

    def test_convergence_is_the_first_rows(self):
        a, b, ab = outputs(5)
        found = convergence(a, b, ab, [8, 24])
        np.testing.assert_array_equal(found.total[0], variance_indices(a[:8], b[:8], ab[:, :8]).total)
        np.testing.assert_array_equal(found.total[1], variance_indices(a, b, ab).total)

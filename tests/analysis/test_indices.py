"""Sensitivity indices: analytic answers, other hands, and what has no answer."""

import csv
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from SALib.sample import sobol as salib_sample
from scipy.stats import qmc, sobol_indices

from softpower.analysis import indices
from softpower.analysis.indices import (
    MOST_RESAMPLES,
    bootstrap_indices,
    complete_rows,
    convergence,
    interval,
    variance_indices,
)
from softpower.errors import MethodError

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "reference"
reference = pytest.mark.skipif(not FOLDER.is_dir(), reason="the numbers of others are not here: ../shared/reference")


def swapped(a, b, groups):
    """A with one group of columns from B, for each group."""
    made = np.repeat(a[None], len(groups), axis=0)
    for place, group in enumerate(groups):
        made[place][:, group] = b[:, group]
    return made


def run(model, factors, rows, groups=None):
    """The outputs of a model of uniform factors, at the first Sobol points, which no seed chooses."""
    points = qmc.Sobol(2 * factors, scramble=False).random(rows)
    a, b = points[:, :factors], points[:, factors:]
    ab = swapped(a, b, groups or [[factor] for factor in range(factors)])
    return tuple(model(x).reshape(*x.shape[:-1], -1) for x in (a, b, ab))


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


SHARES = np.array([4.0, 2.0, 1.0, 0.0])


def additive(u):
    return 50 + u @ SHARES


class TestIshigami:
    """f = sin x1 + a sin^2 x2 + b x3^4 sin x1 with a = 7, b = 0.1 and x uniform on -pi to pi.

    The mean of x^4 is pi^4 / 5, of x^8 pi^8 / 9; sin has the mean 0 and the variance 1/2, sin^2 = (1 - cos 2x) / 2 the
    mean 1/2 and the variance 1/8.

    - E(f | x1) = sin x1 (1 + b pi^4 / 5) + a / 2, so V1 = (1 + b pi^4 / 5)^2 / 2.
    - E(f | x2) = a sin^2 x2, so V2 = a^2 / 8.
    - E(f | x3) = a / 2, so V3 = 0.
    - What x1 and x3 do together is b sin x1 (x3^4 - pi^4 / 5), so V13 = b^2 (pi^8 / 9 - pi^8 / 25) / 2, which is
      8 b^2 pi^8 / 225.
    - Nothing else is left: V = V1 + V2 + V13.
    """

    a, b = 7.0, 0.1
    v1, v2, v13 = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, 8 * b**2 * np.pi**8 / 225
    v = v1 + v2 + v13
    first, total = np.array([v1, v2, 0.0]) / v, np.array([v1 + v13, v2, v13]) / v

    def test_the_indices(self):
        found = variance_indices(*run(ishigami, 3, 4096))
        np.testing.assert_allclose(found.first[:, 0], self.first, atol=0.01)
        np.testing.assert_allclose(found.total[:, 0], self.total, atol=0.01)
        assert found.first.sum() < 1.01

    def test_more_rows_come_nearer(self):
        found = convergence(*run(ishigami, 3, 4096), [64, 512, 4096])
        errors = np.abs(found.total[..., 0] - self.total).max(axis=1)
        assert errors[0] > errors[1] > errors[2]

    def test_the_interval_holds_the_answer_and_narrows(self):
        rng, widths = np.random.default_rng(5), []
        for rows in (256, 4096):
            a, b = rng.random((2, rows, 3))
            outputs = [ishigami(x)[..., None] for x in (a, b, swapped(a, b, [[0], [1], [2]]))]
            made = bootstrap_indices(*outputs, resamples=200, rng=rng)
            for resampled, truth in ((made.first, self.first), (made.total, self.total)):
                low, high = interval(resampled, 0.99)
                assert ((low[:, 0] <= truth) & (truth <= high[:, 0])).all()
            widths.append(high - low)
        assert 2.5 < (widths[0] / widths[1]).mean() < 6.5  # the root of 16 is 4

    @reference
    def test_a_fixed_sample(self):
        with (FOLDER / "ishigami_sobol_N200.csv").open(encoding="utf-8", newline="") as file:
            rows = np.array([[float(one) for one in row.values()] for row in csv.DictReader(file)])
        np.testing.assert_allclose(ishigami(rows[:, :3]), rows[:, 3], rtol=0, atol=1e-12)
        a, b, *ab = rows[:, 3:].reshape(5, 200, 1)
        made = bootstrap_indices(a, b, np.array(ab), resamples=400, rng=np.random.default_rng(0))
        for resampled, truth in ((made.first, self.first), (made.total, self.total)):
            low, high = interval(resampled[..., 0], 0.99)
            assert ((low <= truth) & (truth <= high)).all()
        assert_as_salib(a, b, np.array(ab))


class TestAdditive:
    """y = sum of c x for uniform x: factor i owns c_i^2 / sum of c^2, alone and in total."""

    owned = SHARES**2 / (SHARES**2).sum()

    def test_the_indices(self):
        found = variance_indices(*run(additive, 4, 1024))
        np.testing.assert_allclose(found.first[:, 0], self.owned, atol=0.01)
        np.testing.assert_allclose(found.total[:, 0], self.owned, atol=0.01)

    def test_a_factor_that_does_not_enter_has_none(self):
        found = variance_indices(*run(additive, 4, 64))
        assert found.first[3, 0] == found.total[3, 0] == 0.0

    def test_groups_add(self):
        singly, grouped = (variance_indices(*run(additive, 4, 1024, groups)) for groups in (None, [[0, 2], [1, 3]]))
        np.testing.assert_allclose(grouped.first[:, 0], singly.first[[0, 1], 0] + singly.first[[2, 3], 0], rtol=1e-12)
        np.testing.assert_allclose(grouped.total[:, 0], self.owned[[0, 1]] + self.owned[[2, 3]], atol=0.01)

    def test_all_factors_in_one_group_own_everything(self):
        a, b, ab = run(additive, 4, 1024, [[0, 1, 2, 3]])
        assert (ab[0] == b).all()
        found = variance_indices(a, b, ab)
        np.testing.assert_allclose([found.first, found.total], 1.0, atol=0.01)


def test_by_hand():
    # The mean of A and B is 3, their variance (4 + 1 + 0 + 1 + 4 + 4 + 4 + 0) / 7 = 18 / 7.
    a, b = np.array([[1.0], [2], [3], [4]]), np.array([[5.0], [1], [5], [3]])
    # ab - a = 4, 0, 2, 0 and b - 3 = 2, -2, 2, 0: the mean product is (8 + 4) / 4 = 3, the mean square 20 / 4 = 5.
    found = variance_indices(a, b, np.array([[[5.0], [2], [5], [4]]]))
    np.testing.assert_allclose(found.first, [[3 / (18 / 7)]], rtol=1e-14)
    np.testing.assert_allclose(found.total, [[5 / 2 / (18 / 7)]], rtol=1e-14)


def test_an_estimate_below_zero_is_shown():
    a, b = np.array([[1.0], [2], [3], [4]]), np.array([[5.0], [1], [5], [3]])
    assert variance_indices(a, b, np.array([[[0.0], [2], [3], [4]]])).first < 0


def assert_as_salib(a, b, ab):
    """SALib divides by the number of outputs, not one less, and takes the mean of AB, too, from the outputs.

    The totals then differ by 2 n / (2 n - 1), and the first order by that and by what the other mean moves: its
    distance from ours, times the mean of ab - a, over V.
    """
    more = 2 * len(a) / (2 * len(a) - 1)
    variance = np.concatenate([a, b]).var(axis=0)
    move = (np.concatenate([a, b]).mean(axis=0) - np.concatenate([a, b, *ab]).mean(axis=0)) / variance
    found = variance_indices(a, b, ab)
    for place in range(a.shape[1]):
        listed = np.stack([a, *ab, b], axis=1)[..., place].ravel()
        names = {"num_vars": len(ab), "names": [f"x{one}" for one in range(len(ab))]}
        theirs = salib.analyze(names, listed, calc_second_order=False, num_resamples=2, seed=1)
        np.testing.assert_allclose(found.total[:, place] * more, theirs["ST"], rtol=1e-10)
        moved = move[place] * (ab - a).mean(axis=1)[:, place]
        np.testing.assert_allclose(found.first[:, place] * more + moved, theirs["S1"], rtol=1e-10, atol=1e-12)


def two(u):
    """An additive output far from zero, and one that is not additive."""
    return np.stack([additive(u), u[..., 0] * u[..., 1] + u[..., 2] ** 2 * u[..., 3]], axis=-1)


def test_as_salib():
    assert_as_salib(*run(two, 4, 256))


def test_groups_as_salib():
    """SALib swaps the groups and estimates; we estimate from its outputs."""
    problem = {"num_vars": 4, "names": list("wxyz"), "groups": ["p", "q", "p", "q"], "bounds": [[0, 1]] * 4}
    points = salib_sample.sample(problem, 256, calc_second_order=False, scramble=False)
    a, p, q, b = points.reshape(256, 4, 4).swapaxes(0, 1)
    np.testing.assert_array_equal(np.stack([p, q]), swapped(a, b, [[0, 2], [1, 3]]))
    outputs = [two(x) for x in (a, b, np.stack([p, q]))]
    theirs = salib.analyze(problem, two(points)[:, 1], calc_second_order=False, num_resamples=2, seed=1)
    found = variance_indices(*outputs)
    np.testing.assert_allclose(found.total[:, 1] * 512 / 511, theirs["ST"], rtol=1e-10)
    np.testing.assert_allclose(found.first[:, 1], theirs["S1"], atol=0.01)


def test_as_scipy():
    """Its outputs are about the same mean; only the variance is with the number of outputs below, not one less."""
    a, b, ab = run(two, 4, 256)
    theirs = sobol_indices(func={"f_A": a.T, "f_B": b.T, "f_AB": ab.swapaxes(1, 2)}, n=256)
    found = variance_indices(a, b, ab)
    np.testing.assert_allclose(found.first.T * 512 / 511, theirs.first_order, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.total.T * 512 / 511, theirs.total_order, rtol=1e-10, atol=1e-12)


@reference
def test_totals_as_coinr():
    """The output is the mean absolute rank change against the nominal run; the first order there is not centred."""
    with (FOLDER / "coinr_synthetic" / "sensitivity_ranks.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    ranks = np.array([[int(one) for one in line[1:]] for line in lines])
    outputs = np.abs(ranks[:, 1:] - ranks[:, :1]).mean(axis=0)
    a, b, *ab = outputs.reshape(5, 128, 1)
    found = variance_indices(a, b, np.array(ab))
    with (FOLDER / "coinr_synthetic" / "sensitivity_indices_coinr.csv").open(encoding="utf-8", newline="") as file:
        theirs = [float(row["STi"]) for row in csv.DictReader(file)]
    np.testing.assert_allclose(found.total[:, 0], theirs, rtol=0, atol=1e-12)
    assert_as_salib(a, b, np.array(ab))


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e9, 1e300])
@pytest.mark.parametrize("noise", [0.0, 1e-15])
def test_an_output_that_does_not_vary_has_no_shares(constant, noise):
    a, b, ab = run(additive, 4, 64)
    flat = [np.full_like(one, constant) * (1 + noise * (one > one.mean())) for one in (a, b, ab)]
    pairs = [np.concatenate(pair, axis=-1) for pair in zip((a, b, ab), flat, strict=True)]
    for made, alone in (
        (variance_indices(*pairs), variance_indices(a, b, ab)),
        (convergence(*pairs, [8, 64]), convergence(a, b, ab, [8, 64])),
    ):
        assert np.isnan(made.first[..., 1]).all()
        assert np.isnan(made.total[..., 1]).all()
        np.testing.assert_allclose(made.first[..., 0], alone.first[..., 0], rtol=1e-12)
        np.testing.assert_allclose(made.total[..., 0], alone.total[..., 0], rtol=1e-12)
    resampled = bootstrap_indices(*pairs, resamples=20, rng=np.random.default_rng(0))
    assert np.isnan(resampled.total[..., 1]).all()
    low, high = interval(resampled.total, 0.9)
    assert np.isnan([low[:, 1], high[:, 1]]).all()
    assert (low[:3, 0] < high[:3, 0]).all()


def test_resamples_without_a_rare_event_have_no_number():
    a, b = (np.full((64, 1), 0.3) for _ in range(2))
    a[17] = 0.7
    resampled = bootstrap_indices(a, b, b[None], resamples=200, rng=np.random.default_rng(4))
    drawn = np.random.default_rng(4).integers(64, size=(200, 64))
    without = ~(drawn == 17).any(axis=1)
    assert 40 < without.sum() < 110  # (1 - 1/64)^64 is 0.37
    np.testing.assert_array_equal(np.isnan(resampled.total[:, 0, 0]), without)
    low, high = interval(resampled.total, 0.9)
    assert low <= variance_indices(a, b, b[None]).total <= high


def test_a_resample_is_the_rows_that_it_draws(monkeypatch):
    """However many come together, resample r is the indices of the rows that the generator draws for it."""
    a, b, ab = run(two, 4, 64)
    drawn = np.random.default_rng(3).integers(64, size=(50, 64))
    alone = [variance_indices(a[rows], b[rows], ab[:, rows]) for rows in drawn]
    for counts in (1, 64 * 32, indices.COUNTS):
        monkeypatch.setattr(indices, "COUNTS", counts)
        made = bootstrap_indices(a, b, ab, resamples=50, rng=np.random.default_rng(3))
        np.testing.assert_allclose(made.first, [one.first for one in alone], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(made.total, [one.total for one in alone], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_outputs_of_any_size(size):
    a, b, ab = run(ishigami, 3, 64)
    found, plain = variance_indices(a * size, b * size, ab * size), variance_indices(a, b, ab)
    np.testing.assert_allclose([found.first, found.total], [plain.first, plain.total], rtol=1e-12)


def test_outputs_close_together_and_far_from_zero():
    """An output moved and scaled has the same indices; of these binary fractions no digit is lost."""
    a, b, ab = (np.rint(one * 1024) for one in run(additive, 4, 64))
    found, plain = variance_indices(*(1 + 2.0**-38 * one for one in (a, b, ab))), variance_indices(a, b, ab)
    np.testing.assert_allclose([found.first, found.total], [plain.first, plain.total], rtol=1e-9)


def test_a_row_counts_for_the_outputs_that_have_it():
    a, b, ab = run(two, 4, 64)
    a[3, 0] = b[5, 0] = ab[2, 7, 0] = ab[3, 7, 0] = np.nan
    kept = np.delete(np.arange(64), [3, 5, 7])
    found, whole, part = (
        variance_indices(*(one[..., rows, :] for one in (a, b, ab))) for rows in (slice(None), slice(None), kept)
    )
    np.testing.assert_array_equal(complete_rows(a, b, ab), [61, 64])
    np.testing.assert_allclose(found.first[:, 0], part.first[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found.total[:, 0], part.total[:, 0], rtol=1e-12)
    np.testing.assert_array_equal(found.total[:, 1], whole.total[:, 1])
    np.testing.assert_array_equal(found.total[:, 1], variance_indices(*run(two, 4, 64)).total[:, 1])


def test_an_output_without_rows_has_no_shares():
    a, b, ab = run(two, 4, 64)
    a[:, 0] = np.nan
    found = variance_indices(a, b, ab)
    assert np.isnan(found.first[:, 0]).all()
    assert np.isfinite(found.first[:, 1]).all()
    assert complete_rows(a, b, ab).tolist() == [0, 64]


def test_ranks_are_integers():
    a, b, ab = (np.rint(one).astype(int) for one in run(additive, 4, 64))
    found, floats = variance_indices(a, b, ab), variance_indices(*(one.astype(float) for one in (a, b, ab)))
    np.testing.assert_array_equal(found.total, floats.total)


@pytest.mark.parametrize("shapes", [[(4,), (4,), (2, 4)], [(4, 1), (3, 1), (2, 4, 1)], [(4, 1), (4, 1), (2, 3, 1)]])
def test_shapes_that_do_not_go_together(shapes):
    with pytest.raises(MethodError, match=r"\(factors, rows, outputs\)"):
        variance_indices(*map(np.zeros, shapes))


def test_no_rows():
    with pytest.raises(MethodError, match="a row at least"):
        variance_indices(np.zeros((0, 1)), np.zeros((0, 1)), np.zeros((2, 0, 1)))


def test_infinite_outputs_are_named():
    a, b, ab = run(lambda u: u, 3, 8)
    a[0, 1], ab[1, 2, 2] = np.inf, -np.inf
    with pytest.raises(MethodError, match=r"(?s)output 1: it is infinite.*output 2: it is infinite") as raised:
        variance_indices(a, b, ab)
    assert len(raised.value.faults) == 2


def test_choices_without_meaning():
    outputs = run(additive, 4, 8)
    with pytest.raises(MethodError, match=r"(?s)first 0 rows.*first 9 rows.*from 1 to 8"):
        convergence(*outputs, [0, 8, 9])
    for resamples, said in ((0, "0 resamples say nothing"), (MOST_RESAMPLES + 1, "resamples are too many")):
        with pytest.raises(MethodError, match=said):
            bootstrap_indices(*outputs, resamples=resamples, rng=np.random.default_rng(0))
    for level in (0.0, 1.0, 95.0, np.nan):
        with pytest.raises(MethodError, match="not between 0 and 1"):
            interval(np.zeros((3, 1)), level)


def test_one_row_and_one_resample_are_enough_to_ask():
    outputs = run(additive, 4, 8)
    assert bootstrap_indices(*outputs, resamples=1, rng=np.random.default_rng(0)).total.shape == (1, 4, 1)
    whole = variance_indices(*outputs).total
    np.testing.assert_array_equal(convergence(*outputs, [1, 8]).total[1], whole)


def test_an_interval_is_of_type_7_and_blind_to_gaps():
    values = np.random.default_rng(0).normal(size=(30, 2, 3))
    expected = np.quantile(values, [0.05, 0.95], axis=0, method="linear")
    np.testing.assert_allclose(interval(values, 0.9), expected, rtol=1e-12)
    gaps = np.insert(values, 7, np.nan, axis=0)
    np.testing.assert_array_equal(interval(gaps, 0.9), interval(values, 0.9))
    low, high = interval(values[:, 0, 0], 0.9)
    assert (low, high) == (interval(values, 0.9)[0][0, 0], interval(values, 0.9)[1][0, 0])

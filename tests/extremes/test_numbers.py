"""Numbers at the ends of what a computer holds: right against exact arithmetic, or refused in words."""

import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from parameters import parameters_of_methods
from softpower import Framework, MethodError, SoftPowerError, load_profile, score, sensitivity_analysis
from softpower import uncertainty_analysis as drawn
from softpower.registry import AGGREGATE, STEPS
from softpower.steps import statistics
from softpower.steps.importance import influence
from softpower.steps.loadings import maximum_likelihood_loadings
from softpower.steps.measures import effective_number_bounds

ROWS, LEAVES = 12, ("a", "b", "c", "d")
STEP = np.arange(1.0, ROWS + 1)
PLAIN = np.random.default_rng(5).uniform(1.0, 9.0, ROWS)
COLUMNS = {
    "plain": PLAIN,
    "huge": PLAIN * 1e307,
    "from end to end": np.linspace(-1.0, 1.0, ROWS) * 1.79e308,
    "denormal": STEP * 5e-324,
    "tiny": PLAIN * 1e-300,
    "over all orders": np.logspace(-308, 308, ROWS),
    "nearly constant": 1e15 + STEP * 0.125,
    "apart in the last digit": 1.0 + STEP * 2.0**-52,
    "huge and nearly constant": 1e308 * (1.0 + STEP * 2.0**-52),
    "one far out": np.where(STEP == 3, 1e308, STEP),
    "one far below": np.where(STEP == 3, -1e308, STEP),
    "negative": -PLAIN * 1e300,
    "zeros": np.zeros(ROWS),
}
FEW = ("denormal", "one far out")


def exact(values):
    return [Fraction(float(one)) for one in values]


def root(number):
    """The square root of a fraction to fifty digits."""
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 60, -(10**6), 10**6
        return Fraction((Decimal(number.numerator) / Decimal(number.denominator)).sqrt())


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def standing(method, values, better):
    """The scores by a normalisation among the cases, in fractions; ZeroDivisionError where there are none."""
    sign = 1 if better == "higher" else -1
    shared = method.startswith("share")
    x = [one**sign for one in values] if shared else [sign * one for one in values]
    least, most, mean = min(x), max(x), sum(x) / len(x)
    if method == "min_max":
        return [100 * (one - least) / (most - least) for one in x]
    if method == "distance_to_best":
        return [(one - least) / (most - least) for one in x]
    if method == "z_score":
        deviation = root(sum((one - mean) ** 2 for one in x) / (len(x) - 1))
        return [(one - mean) / deviation for one in x]
    if method == "robust_z":
        middle = median(x)
        spread = median([abs(one - middle) for one in x]) * Fraction(1.482602218505602)
        return [(one - middle) / spread for one in x]
    if method == "rank":
        return [1 + sum(other < one for other in x) for one in x]
    if method == "relative_difference":
        return [(one - mean) / abs(mean) for one in x]
    by = {"share_of_best": most, "share_of_mean": mean, "share_of_worst": least}[method]
    return [one / by for one in x]


STANDING = (
    "min_max",
    "distance_to_best",
    "z_score",
    "robust_z",
    "rank",
    "relative_difference",
    "share_of_best",
    "share_of_mean",
    "share_of_worst",
)
REFUSED = {
    # why what exact arithmetic scores may be refused all the same
    "share_of_best": "below zero|next to zero|beyond",
    "share_of_mean": "below zero|next to zero|beyond",
    "share_of_worst": "below zero|next to zero|no finite score|beyond",
    "relative_difference": "its mean is zero",
    "robust_z": "beyond",
}


class TestManyTerms:
    """A sum of a million numbers differs from the exact one by less than 1e-12 of the sum of their sizes."""

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_means_over_cases(self, order):
        rng = np.random.default_rng(1)
        values = np.column_stack([np.full(10**6, 0.1), rng.lognormal(0.0, 3.0, 10**6), 1e6 + rng.random(10**6)])
        made = statistics.mean(np.asarray(values, order=order))
        wanted = [math.fsum(column) / 10**6 for column in values.T]
        np.testing.assert_allclose(made, wanted, rtol=1e-13)

    @pytest.mark.parametrize("order", ["C", "F"])
    @pytest.mark.parametrize("name", ["arithmetic", "geometric", "harmonic"])
    def test_means_over_children(self, name, order):
        one = np.full((2, 10**6), 0.1)
        one[1] = np.random.default_rng(2).uniform(1.0, 9.0, 10**6)
        made = AGGREGATE[name].function(np.asarray(one, order=order), np.full(one.shape, 1e-6))
        to, back = {
            "arithmetic": (np.asarray, float),
            "geometric": (np.log, math.exp),
            "harmonic": (np.reciprocal, lambda mean: 1.0 / mean),
        }[name]
        np.testing.assert_allclose(made, [back(math.fsum(to(row)) / 10**6) for row in one], rtol=1e-12)

    def test_a_flat_framework(self):
        count = 3_000
        names = [f"i{place}" for place in range(count)]
        cells = np.random.default_rng(3).lognormal(0.0, 2.0, size=(3, count))
        made = score(pd.DataFrame(cells, list("xyz"), names), methodology={"normalise": "rank"})
        wanted = [math.fsum(row) / count for row in made.score[:, :count]]
        np.testing.assert_allclose(made.composite, wanted, rtol=1e-13)


class TestAmongCases:
    """Scores among cases are those of exact arithmetic to 1e-12 of the greatest one, or refused in words."""

    @pytest.mark.parametrize("better", ["higher", "lower"])
    @pytest.mark.parametrize("method", STANDING)
    def test_are_exact_or_refused(self, method, better):
        leaf = {"title": "A", "dimension": "index", "better": better}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": {"a": leaf}})
        scored = 0
        for name, column in COLUMNS.items():
            try:
                wanted = standing(method, exact(column), better)
            except ZeroDivisionError:
                wanted = None
            try:
                made = score(pd.DataFrame({"a": column}), framework, methodology={"normalise": method}).composite
            except MethodError as error:
                if wanted is not None and not re.search(REFUSED.get(method, "^$"), str(error)):
                    pytest.fail(f"{name}: {error}")
                continue
            assert wanted is not None, name
            size = max(abs(one) for one in wanted) or 1
            off = max(abs(one - other) for one, other in zip(exact(made), wanted, strict=True))
            assert off <= Fraction(1e-12) * size, name
            scored += 1
        assert scored >= 5

    def test_shares_of_a_mean_whose_sum_overflows(self):
        made = score(pd.DataFrame({one: [1e308, 1.5e308] for one in "ab"}), methodology={"normalise": "share_of_mean"})
        np.testing.assert_allclose(made.composite, [0.8, 1.2], rtol=1e-12)


class TestGoalposts:
    """A score against goalposts is exact however near, far, huge or tiny they are."""

    @pytest.mark.parametrize(
        ("low", "high", "parity", "value", "wanted"),
        [
            (1e-300, 2e-300, None, 1.25e-300, 25.0),
            (0.0, 1e-300, 5e-301, 2.5e-301, 25.0),
            (-8e307, 8e307, None, 4e307, 75.0),
            (5e-324, 1e-323, None, 1e-323, 100.0),
            (1.0, 1.0 + 2.0**-51, None, 1.0 + 2.0**-52, 50.0),
            (0.0, 1.0, 5e-324, 0.5, 75.0),
            (0.0, 1.0, 1.0 - 2.0**-53, 0.5, 25.0),
            (-1.0, 1.0, None, 1e300, 100.0),
            (-1.0, 1.0, None, -1e300, 0.0),
        ],
    )
    def test_linear(self, low, high, parity, value, wanted):
        assert self.scored(low, high, value, parity=parity) == pytest.approx(wanted, rel=1e-12)

    @pytest.mark.parametrize(
        ("low", "high", "value", "wanted"),
        [
            (1e-300, 1e300, 1.0, 50.0),
            (1.0, 100.0, 10.0, 50.0),
            (1e-5, 1.0, 0.0, 0.0),
            # Of near ends the logarithms are alike in all digits but the last ones.
            (1e6, 1e6 + 4e-6, 1e6 + 1e-6, 25.0),
        ],
    )
    def test_logarithmic(self, low, high, value, wanted):
        assert self.scored(low, high, value, log=True) == pytest.approx(wanted, rel=1e-4 if low == 1e6 else 1e-12)

    def test_near_logarithmic_ones_are_as_exact_as_the_numbers(self):
        low, high, value = 1e6, 1e6 + 2.0**-20, 1e6 + 2.0**-22
        assert self.scored(low, high, value, log=True) == pytest.approx(25.0, rel=1e-9)

    @pytest.mark.parametrize("ends", [(-1e308, 1e308), (1.0, 1.0), (2.0, 1.0)])
    def test_that_cannot_be_are_refused(self, ends):
        with pytest.raises(SoftPowerError, match=r"too far apart|is not below"):
            self.scored(*ends, 1.0)

    @staticmethod
    def scored(low, high, value, **more):
        posts = {"low": low, "high": high, "kind": "benchmark", "reason": "None.", **more}
        leaf = {"title": "A", "dimension": "index", "goalposts": {k: v for k, v in posts.items() if v is not None}}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": {"a": leaf}})
        return score(pd.DataFrame({"a": [value]}), framework).composite.iloc[0]


def mean_of(name, values, weights, parameter):
    """A mean in decimals of a hundred digits."""
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 120, -(10**15), 10**15
        whole = sum(Decimal(one) for one in weights)
        x, w = [Decimal(one) for one in values], [Decimal(one) / whole for one in weights]
        if name == "harmonic":
            name, parameter = "power", -1.0
        if name == "power" and abs(parameter) < 1e-20:
            name = "geometric"
        if name == "arithmetic":
            return sum(one * by for one, by in zip(x, w, strict=True))
        if name == "geometric":
            return sum(by * one.ln() for one, by in zip(x, w, strict=True)).exp()
        if name == "minimum":
            return min(x)
        if name == "power":
            p = Decimal(parameter)
            anchor = max(x) if p > 0 else min(x)
            powers = [p * (one.ln() - anchor.ln()) for one in x]
            left = sum(by * one.exp() for one, by in zip(powers, w, strict=True) if one > -(10**6))
            return anchor * (left.ln() / p).exp()
        mean = sum(one * by for one, by in zip(x, w, strict=True))
        return mean - sum(by * (one - mean) ** 2 for one, by in zip(x, w, strict=True)) / mean


class TestMeans:
    """Means of huge, tiny and unlike scores under unlike weights are exact to 1e-12, and their parts sum to them."""

    VALUES = ((20.0, 80.0, 50.0), (1e300, 2e300, 5e307), (1e-320, 3e-320, 2e-320), (1e15, 1e15 + 0.125, 1e15 + 0.25))
    WEIGHTS = ((1.0, 1.0, 1.0), (1e-12, 1e12, 1.0), (1e-300, 1e-300, 2e-300), (1.79e308, 1.79e308, 1e300))
    POWERS = (5e-324, 1e-300, 1e-12, -1e-8, 2.0, -100.0, 1e6, -1e300)

    @pytest.mark.parametrize(
        ("name", "parameter"),
        [
            *((name, None) for name in ("arithmetic", "geometric", "harmonic", "minimum", "mazziotta_pareto")),
            *(("power", p) for p in POWERS),
        ],
    )
    def test_are_exact(self, name, parameter):
        given = {} if parameter is None else {"p": parameter}
        for values, weights in product(self.VALUES, self.WEIGHTS):
            x, w = np.array(values), np.array(weights)
            w = w / w.max() / (w / w.max()).sum()
            with np.errstate(all="raise", under="ignore"):
                made = AGGREGATE[name].function(x, w, **given)
                parts = AGGREGATE[name].parts(x, w, **given)
            wanted = mean_of(name, values, weights, parameter)
            # Of the least numbers there are, one step more or less is rounding.
            near = Decimal("1e-12") * max(abs(wanted), max(Decimal(one) for one in values) / 1000) + Decimal("1e-323")
            assert abs(Decimal(float(made)) - wanted) <= near, (values, weights)
            assert math.isclose(math.fsum(parts), made, rel_tol=1e-9, abs_tol=2e-323), (values, weights)

    @pytest.mark.parametrize("orness", [0.0, 1e-12, 0.0009, 1.0, 5e-324])
    def test_an_orness_at_which_rounding_decides_is_refused(self, orness):
        with pytest.raises(MethodError, match=r"must lie between 0\.001 and 1"):
            AGGREGATE["ordered_weighted_average"].function(np.ones(2), np.full(2, 0.5), orness=orness)

    def test_order_weights_may_be_huge(self):
        function = AGGREGATE["ordered_weighted_average"].function
        made = function(np.array([20.0, 80.0]), np.full(2, 0.5), order_weights=[1e308, 1e308])
        assert made == pytest.approx(50.0)


class TestWeights:
    def test_far_apart(self):
        flat = Framework.flat(["a", "b"], weights={"a": 1e-12, "b": 1e12})
        made = score(pd.DataFrame({"a": [0.0, 1.0], "b": [0.0, 1.0]}), flat, methodology={"normalise": "min_max"})
        assert made.weight[0, 0] == pytest.approx(1e-24, rel=1e-12)
        assert made.composite.tolist() == [0.0, 100.0]

    def test_of_which_a_share_would_lose_its_digits_are_refused(self):
        flat = Framework.flat(["a", "b"], weights={"a": 1e-300, "b": 1e12})
        with pytest.raises(MethodError, match="a: its weight is too small beside a sibling's"):
            score(pd.DataFrame({"a": [0.0, 1.0], "b": [0.0, 1.0]}), flat, methodology={"normalise": "min_max"})

    def test_influence_on_a_mean_that_never_moves_is_none(self):
        opposite = np.array([[1.0, -1.0], [-1.0, 1.0]])
        assert influence(opposite, np.array([0.5, 0.5])).tolist() == [0.0, 0.0]


class TestEveryMethod:
    """Whatever the numbers, every method of every step gives finite scores or a refusal with a mend."""

    PARAMETERS: ClassVar = parameters_of_methods("k3", LEAVES, "left", 2) | {"multiple": {"tables": 2, "rounds": 2}}
    EVERY = tuple((step, name) for step, methods in STEPS.items() if step != "missing" for name in methods)

    @pytest.mark.parametrize("table", FEW)
    def test_scores_or_refuses(self, table):
        self.check(table, "lower", alike=False)

    @pytest.mark.long
    @pytest.mark.parametrize("table", COLUMNS)
    def test_scores_or_refuses_whatever_is_better(self, table):
        for better, alike in product(("higher", "lower"), (True, False)):
            self.check(table, better, alike=alike)

    def check(self, table, better, *, alike):
        scored, mends = 0, []
        for step, name in self.EVERY:
            try:
                result = self.scored(COLUMNS[table], better, step, name, alike=alike)
                assert np.isfinite(result.score).all(), (step, name)
                undefined = step == "aggregate" and AGGREGATE[name].parts is None
                assert undefined or np.isfinite(result.contribution).all(), (step, name)
                assert str(result)
                scored += 1
            except SoftPowerError as error:
                mends += [fault.mend for fault in error.faults]
        assert scored >= 4
        assert all(mends)

    def scored(self, column, better, step, name, *, alike):
        cells = np.column_stack([column if alike or place == 1 else np.roll(PLAIN, place) for place in range(4)])
        with np.errstate(over="ignore"):
            posts = [(float(one.min()), float(one.max())) for one in cells.T]
        leaves = {
            leaf: {
                "title": leaf,
                "dimension": ("left", "right")[place // 2],
                "better": better if place % 2 else "higher",
            }
            for place, leaf in enumerate(LEAVES)
        }
        for leaf, (low, high) in zip(leaves.values(), posts, strict=True):
            if low < high and math.isfinite(high - low):
                leaf["goalposts"] = {"low": low, "high": high, "kind": "benchmark", "reason": "The ends."}
                leaf["target"] = high if leaf["better"] == "higher" else low
        dimensions = {"index": {"title": "Index"}}
        dimensions |= {one: {"title": one, "parent": "index"} for one in ("left", "right")}
        chosen = {"normalise": {"method": "min_max", "low": 1.0}}
        if name in {"mazziotta_pareto", "adjusted_mazziotta_pareto"}:
            chosen["normalise"] = {"method": "z_score", "mean": 100.0, "deviation": 10.0}
        if name == "none":
            chosen["aggregate"] = "geometric"
        chosen[step] = {"method": name, **self.PARAMETERS.get(name, {})}
        frame = pd.DataFrame(cells, columns=list(LEAVES))
        if name in {"last_observation", "linear"}:
            frame = frame.assign(case=[f"k{row // 3}" for row in range(ROWS)], period=[row % 3 for row in range(ROWS)])
            frame["period"] += 2000
        else:
            frame.index = [f"k{row}" for row in range(ROWS)]
            frame["group:half"] = ["a", "b"] * (ROWS // 2)
        framework = Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
        return score(frame, framework, methodology=chosen)

    def test_scores_whose_squares_are_no_numbers_are_refused(self):
        frame = pd.DataFrame({"a": [1e120, 2e120], "b": [1.0, 2.0]})
        with pytest.raises(MethodError, match="a score lies beyond 1e\\+100"):
            score(frame, methodology={"normalise": "none", "aggregate": "geometric"})


class TestMoments:
    """Skewness and kurtosis of numbers that are huge, tiny or nearly the same are those of exact arithmetic."""

    @pytest.mark.parametrize("name", [one for one in COLUMNS if one != "zeros"])
    def test_are_exact(self, name):
        x = exact(COLUMNS[name])
        n, mean = len(x), sum(x) / len(x)
        second, third, fourth = (sum((one - mean) ** power for one in x) / n for power in (2, 3, 4))
        skewness = float(third / root(second) ** 3) * math.sqrt(n * (n - 1)) / (n - 2)
        kurtosis = float(Fraction(n - 1, (n - 2) * (n - 3)) * ((n + 1) * (fourth / second**2 - 3) + 6))
        column = COLUMNS[name][:, None]
        assert statistics.skewness(column)[0] == pytest.approx(skewness, rel=1e-10, abs=1e-10)
        assert statistics.kurtosis(column)[0] == pytest.approx(kurtosis, rel=1e-10, abs=1e-10)
        near = Fraction(1e-15) * max(abs(one) for one in x) + Fraction(3e-324)
        assert abs(Fraction(float(statistics.mean(column)[0])) - mean) <= near


class TestEffectiveNumbers:
    """The greatest effective number within bounds is at least that of any level that all parts are brought to."""

    def test_greatest(self):
        rng = np.random.default_rng(4)
        low = rng.uniform(0.0, 5.0, size=(20, 6)).round(1)
        high = low + rng.uniform(0.0, 4.0, size=low.shape).round(1) * rng.integers(0, 2, low.shape)
        _, greatest, _ = effective_number_bounds(low, high, np.ones(low.shape, dtype=bool))
        levels = np.linspace(0.0, 9.0, 901)[:, None, None]
        tried = np.clip(levels, low, high)
        best = (tried.sum(axis=-1) ** 2 / np.square(tried).sum(axis=-1)).max(axis=0)
        assert (greatest >= best - 1e-12).all()
        np.testing.assert_allclose(greatest, best, rtol=1e-4)

    def test_of_nothing_but_zeros_is_missing_without_a_warning(self):
        zeros = np.zeros((1, 3))
        assert np.isnan(effective_number_bounds(zeros, zeros, np.ones((1, 3), dtype=bool))[:2]).all()


EVERYTHING = """
import sys
import numpy as np, pandas as pd
from softpower import load_profile, score, sensitivity_analysis, uncertainty_analysis
table, study = load_profile("technology_achievement"), load_profile("kazakhstan")
chosen = {"normalise": {"method": "min_max", "low": 1.0}, "impute": "mean"}
rng = np.random.default_rng(0)
wide = pd.DataFrame(rng.lognormal(0.0, 2.0, (200, 16)), [f"c{n}" for n in range(200)], [f"i{n}" for n in range(16)])
found = [score(table).score, score(study).score]
for weights in ("principal_components", "factor_analysis", "critic"):
    # What has nothing in common, as random columns, leaves a factor analysis a digit less.
    tables = (table,) if weights == "factor_analysis" else (table, wide)
    found += [score(one, methodology=chosen | {"weights": weights}).score for one in tables]
found.append(uncertainty_analysis(wide, uncertainty={"weights": "simplex"}, n=256).to_frame().select_dtypes("number"))
found.append(sensitivity_analysis(study, n=64).to_frame().select_dtypes("number"))
np.save(sys.argv[1], np.concatenate([np.asarray(one, dtype=float).ravel() for one in found]))
"""


class TestProcessors:
    """Scores, uncertainty and sensitivity are the same to 1e-12 on any number of threads and any kernel of BLAS."""

    def test_threads(self):
        study = load_profile("technology_achievement")
        weights = {"uncertainty": {"weights": "simplex"}}

        def found(executor):
            uncertain = drawn(study, n=64, executor=executor, **weights)
            sensitive = sensitivity_analysis(study, n=4, executor=executor, **weights)
            return [one.to_frame().select_dtypes("number").to_numpy(dtype=float) for one in (uncertain, sensitive)]

        alone = found(None)
        for workers in (1, 2, 7):
            with ThreadPoolExecutor(workers) as executor:
                for one, other in zip(found(executor), alone, strict=True):
                    np.testing.assert_array_equal(one, other)

    @pytest.mark.long
    def test_kernels_of_blas(self, tmp_path):
        settings = [{"OPENBLAS_NUM_THREADS": str(number)} for number in (1, 2, 4)]
        settings += [{"OPENBLAS_CORETYPE": one} for one in ("Nehalem", "Haswell", "SkylakeX", "Prescott")]
        settings += [{"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}]
        found = []
        for number, one in enumerate(settings):
            path = tmp_path / f"{number}.npy"
            subprocess.run([sys.executable, "-c", EVERYTHING, path], env=os.environ | one, check=True, timeout=300)
            found.append(np.load(path))
        for one in found[1:]:
            np.testing.assert_allclose(one, found[0], rtol=1e-12, atol=1e-12 * np.nanmax(np.abs(found[0])))

    def test_a_factor_analysis_ends_where_the_slope_is_zero(self):
        values = np.random.default_rng(0).lognormal(0.0, 2.0, size=(400, 12))
        correlations = np.corrcoef(values, rowvar=False)
        loadings = maximum_likelihood_loadings(correlations, 2)
        own = 1.0 - np.square(loadings).sum(axis=1)
        inside = (own > 0.006) & (own < 0.999)
        assert inside.any()
        # There the loadings and what is each indicator's own add up to its variance; elsewhere they need not.
        turned = np.random.default_rng(1).permutation(12)
        again = maximum_likelihood_loadings(correlations[np.ix_(turned, turned)], 2)
        np.testing.assert_allclose(np.square(again).sum(axis=1), np.square(loadings[turned]).sum(axis=1), atol=1e-11)

"""Laws of normalisation among cases."""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import rankdata

from softpower.registry import NORMALISE
from softpower.steps.normalise import Scales, normalise
from softpower.steps.ordering import ranked


@dataclass(frozen=True)
class Promise:
    """What a method promises: on which scale of measurement, and whether it tells unequal cases apart."""

    method: str
    parameters: dict = field(default_factory=dict)
    unit: str = "interval"
    strict: bool = True


def promises():
    reference = {"case": "R"}
    yield from (Promise(name) for name in ("min_max", "z_score", "robust_z", "distance_to_best"))
    yield from (Promise(name, unit="order") for name in ("rank", "percentile_rank", "borda"))
    yield Promise("percentile_rank", {"among": "all", "ties": "highest"}, "order")
    yield Promise("categorical", unit="order", strict=False)
    yield Promise("categorical", {"percentiles": [50.0], "scores": [-1.0, 3.0]}, "order", strict=False)
    yield from (Promise("distance_to_reference", reference | {"capped": one}, strict=not one) for one in (False, True))
    yield from (Promise("distance_to_target", {"capped": one}, strict=not one) for one in (False, True))
    yield from (Promise(name, unit="ratio") for name in ("share_of_best", "share_of_mean", "share_of_worst"))
    yield from (Promise("relative_difference", {"to": one}, "ratio") for one in ("mean", "worst", "best"))
    yield Promise("above_or_below_mean", unit="ratio", strict=False)


PROMISES = list(promises())
# On a grid, so that rescaling keeps equal values equal and unequal ones apart; above zero, so that shares exist.
values = st.integers(1, 80).map(lambda n: n / 4)
cells = st.lists(st.one_of(st.just(float("nan")), values), min_size=2, max_size=12)


def scores(promise, column, *, higher=True, turn=lambda x: x, cases=None):
    """The scores of a column, the target turned with it; the reference case R is the best of what is better."""
    blank = np.array([np.nan])
    target = np.array([turn(50.0 if higher else 0.125)])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([higher]), ("x",), target, tuple(cases or ()))
    return normalise(NORMALISE[promise.method], promise.parameters, np.array(column)[:, None], scales).ravel()


def labels(column, *, higher=True):
    """The labels of cases, the best of them called R."""
    best = (np.nanargmax if higher else np.nanargmin)(column)
    return ["R" if place == best else str(place) for place in range(len(column))]


def fit(promise, column):
    """Whether a column has a spread, in the sense of the method."""
    there = sorted(one for one in column if not math.isnan(one))
    if len(set(there)) < 2:
        return False
    return promise.method != "robust_z" or max(there.count(one) for one in there) <= len(there) / 2


def promised(column):
    """The promises of the methods for which a column has a spread; one column is tried on all of them."""
    kept = [one for one in PROMISES if fit(one, column)]
    assume(kept)
    for promise in kept:
        note(f"{promise.method} {promise.parameters or ''}")
        yield promise


class TestAmongCases:
    """Order is kept, the order of cases and the unit do not matter, gaps stay gaps, directions mirror each other.

    A share where lower is better is the share of one over the value where higher is; anything else is that of the
    value with its sign turned.
    """

    @given(column=cells, higher=st.booleans())
    def test_order_is_kept(self, column, higher):
        for promise in promised(column):
            got = scores(promise, column, higher=higher, cases=labels(column, higher=higher))
            for (x, a), (y, b) in itertools.product(zip(column, got, strict=True), repeat=2):
                if (x < y) if higher else (x > y):
                    assert a < b if promise.strict else a <= b
                if x == y:
                    assert a == b

    @given(column=cells)
    def test_gaps_stay_gaps_and_move_nothing(self, column):
        for promise in promised(column):
            names = labels(column)
            got = scores(promise, column, cases=names)
            assert np.isnan(got).tolist() == np.isnan(column).tolist()
            there = [place for place, one in enumerate(column) if not math.isnan(one)]
            alone = scores(promise, [column[place] for place in there], cases=[names[place] for place in there])
            assert got[there] == pytest.approx(alone, abs=1e-12)

    @given(data=st.data(), column=cells)
    def test_the_order_of_cases_does_not_matter(self, data, column):
        order = data.draw(st.permutations(range(len(column))))
        for promise in promised(column):
            names = labels(column)
            turned = scores(promise, [column[place] for place in order], cases=[names[place] for place in order])
            expected = scores(promise, column, cases=names)[list(order)]
            assert turned == pytest.approx(expected, abs=1e-12, nan_ok=True)

    @given(column=cells, factor=st.integers(1, 1000), shift=st.integers(-100, 100))
    def test_the_unit_does_not_matter(self, column, factor, shift):
        for promise in promised(column):
            move, names = shift if promise.unit in {"interval", "order"} else 0, labels(column)
            moved = [one * factor + move for one in column]
            other = scores(promise, moved, cases=names, turn=lambda x, by=move: x * factor + by)
            assert other == pytest.approx(scores(promise, column, cases=names), abs=1e-9, nan_ok=True)

    @given(column=cells)
    def test_lower_is_better_agrees_with_the_data_reversed(self, column):
        for promise in promised(column):
            names = labels(column, higher=False)
            got = scores(promise, column, higher=False, cases=names)
            if NORMALISE[promise.method].reciprocal:
                reversed_scores = scores(promise, [1 / one for one in column])
            else:
                blank = np.array([np.nan])
                flags = (np.array([False]), np.array([True]), ("x",), np.array([-0.125]), tuple(names))
                scales = Scales(blank, blank, blank, *flags)
                turned = np.array([-one for one in column])[:, None]
                reversed_scores = normalise(NORMALISE[promise.method], promise.parameters, turned, scales).ravel()
            assert got == pytest.approx(reversed_scores, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("promise", [one for one in PROMISES if one.unit == "order"], ids=lambda one: one.method)
class TestOrder:
    """What looks at order alone sees no difference between a column and any rising function of it."""

    @given(column=cells)
    def test_a_rising_function_changes_nothing(self, promise, column):
        assume(fit(promise, column))
        np.testing.assert_array_equal(scores(promise, np.exp(column)), scores(promise, column))


def test_every_method_among_cases_makes_its_promises():
    assert {one.method for one in PROMISES} == {name for name in NORMALISE if not NORMALISE[name].fixed}


def plain(name):
    return next(one for one in PROMISES if one.method == name)


@st.composite
def anchored(draw):
    """Goalposts with a parity, logarithmic or not, in either direction."""
    low, parity, high = (
        np.array([one / 4]) for one in sorted(draw(st.sets(st.integers(1, 80), min_size=3, max_size=3)))
    )
    return Scales(low, high, parity, np.array([draw(st.booleans())]), np.array([draw(st.booleans())]))


class TestFuzzy:
    """Memberships lie from 0 to 1, keep order, pass a half at the crossover, and do not depend on the unit."""

    @given(anchored(), st.lists(st.one_of(st.just(float("nan")), values), min_size=2))
    def test_order_and_gaps(self, scales, column):
        got = normalise(NORMALISE["fuzzy"], {}, np.array(column)[:, None], scales).ravel()
        assert np.isnan(got).tolist() == np.isnan(column).tolist()
        assert ((got >= 0) & (got <= 1))[~np.isnan(got)].all()
        sign = 1 if scales.higher[0] else -1
        for (x, a), (y, b) in itertools.product(zip(column, got, strict=True), repeat=2):
            if x < y:
                assert sign * a <= sign * b
            if x == scales.parity[0]:
                assert a == pytest.approx(0.5)

    @given(anchored(), values, st.integers(1, 1000))
    def test_the_unit_does_not_matter(self, scales, value, factor):
        posts = (one * factor for one in (scales.low, scales.high, scales.parity))
        other = Scales(*posts, scales.log, scales.higher)
        one, two = (
            normalise(NORMALISE["fuzzy"], {}, np.array([[x]]), mine).item()
            for x, mine in ((value, scales), (value * factor, other))
        )
        assert one == pytest.approx(two, abs=1e-9)

    @given(anchored(), values)
    def test_the_two_directions_mirror_each_other(self, scales, value):
        other = Scales(scales.low, scales.high, scales.parity, scales.log, ~scales.higher)
        both = [normalise(NORMALISE["fuzzy"], {}, np.array([[value]]), mine).item() for mine in (scales, other)]
        assert sum(both) == pytest.approx(1)


class TestScales:
    """Min-max and percentile rank reach both ends of 0 to 100; z-scores have mean 0 and deviation 1."""

    @given(cells)
    def test_ends(self, column):
        assume(fit(plain("min_max"), column))
        for name in ("min_max", "percentile_rank"):
            got = scores(plain(name), column)
            assert np.nanmin(got) == 0
            assert np.nanmax(got) <= 100
        assert np.nanmax(scores(plain("min_max"), column)) == 100

    @given(cells)
    def test_moments(self, column):
        assume(fit(plain("z_score"), column))
        got = scores(plain("z_score"), column)
        assert np.nanmean(got) == pytest.approx(0, abs=1e-9)
        assert np.nanstd(got, ddof=1) == pytest.approx(1)


def among_those_there(column, method):
    """The ranks among the values that are there; `rankdata` itself warns of the others where scipy is old."""
    ranks, there = np.full(column.shape, np.nan), ~np.isnan(column)
    ranks[there] = rankdata(column[there], method=method)
    return ranks


class TestRanked:
    """Ranks are those of `scipy.stats.rankdata` among the values that are there, however ties share them."""

    @given(
        arrays(
            float,
            array_shapes(min_dims=2, max_dims=3, max_side=6),
            elements=st.sampled_from([-1.5, -0.0, 0.0, 0.25, 7.0, math.nan, math.inf]),
        ),
        st.sampled_from([("lowest", "min"), ("average", "average"), ("highest", "max")]),
    )
    def test_oracle(self, values, ties):
        ours, theirs = ties
        expected = np.apply_along_axis(among_those_there, -2, values, theirs)
        np.testing.assert_array_equal(ranked(values, ours), expected)

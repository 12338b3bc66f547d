"""Laws of tables: however a table is given it scores the same, and as the same facts observed one by one."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import fewer, measured_studies, numbers, tree_studies
from properties.test_round_trip import same_bits
from softpower import from_frame, load_profile, score
from softpower.engine import engine as engine_module
from softpower.model.framework import Framework
from softpower.result import fingerprint

RELATIVE = ("min_max", "z_score", "rank", "percentile_rank")


@st.composite
def frames(draw, *, periods=0, gaps=True, rows=(2, 6)):
    """Return a wide frame of small numbers, with a spread in every column."""
    count, width = draw(st.integers(*rows)), draw(st.integers(2, 4))
    cell = numbers(-50, 50).map(lambda one: round(one, 3))
    cell = st.one_of(st.none(), cell, cell, cell) if gaps else cell
    labels = [f"C{place}" for place in range(count)]
    index = pd.Index(labels) if not periods else pd.MultiIndex.from_product([labels, range(2000, 2000 + periods)])
    table = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=len(index), max_size=len(index)))
    frame = pd.DataFrame(table, index, [f"x{place}" for place in range(width)], dtype=float)
    # The first two cases stand apart in every column and period.
    cases = index.get_level_values(0)
    frame.loc[cases == "C0"], frame.loc[cases == "C1"] = -60.0, 60.0
    return frame


def tidy(frame):
    """The frame in rows of one cell each, gaps left out."""
    names = ["case", "period"][: frame.index.nlevels]
    long = frame.rename_axis(names).reset_index().melt(id_vars=names, var_name="indicator")
    return long.dropna(subset="value")


def by_hand(column, method):
    """The scores of one column by the formula of a book, one case after the other."""
    there = [one for one in column if not np.isnan(one)]
    if not there:
        return [np.nan for _ in column]
    mean = sum(there) / len(there)
    deviation = (sum((one - mean) ** 2 for one in there) / max(len(there) - 1, 1)) ** 0.5
    below = [sum(other < one for other in there) for one in column]
    scores = {
        "min_max": [100 * (one - min(there)) / (max(there) - min(there)) for one in column],
        "z_score": [(one - mean) / deviation for one in column],
        "rank": [under + 1 for under in below],
        "percentile_rank": [100 * under / (len(there) - 1) for under in below],
    }[method]
    return [np.nan if np.isnan(one) else score for one, score in zip(column, scores, strict=True)]


class TestForms:
    """Wide and tidy agree to the bit, and so do columns and index, and any order of rows, case by case."""

    @fewer
    @given(frames(), st.sampled_from(RELATIVE))
    def test_wide_and_tidy(self, frame, method):
        kept = frame.dropna(how="all")
        one = score(kept, methodology={"normalise": method})
        # A tidy table names cases and indicators as they come.
        other = score(tidy(kept), Framework.flat(kept.columns), methodology={"normalise": method})
        pd.testing.assert_series_equal(one.composite, other.composite[one.composite.index])

    @fewer
    @given(frames(periods=2, gaps=False), st.randoms(use_true_random=False))
    def test_the_order_of_rows_does_not_matter(self, frame, random):
        order = list(range(len(frame)))
        random.shuffle(order)
        one, other = score(frame).to_wide(), score(frame.iloc[order]).to_wide()
        pd.testing.assert_frame_equal(one.iloc[order], other, rtol=1e-12)

    @fewer
    @given(frames(periods=2, gaps=False))
    def test_labels_in_columns(self, frame):
        same_bits(score(frame), score(frame.rename_axis(["case", "period"]).reset_index()))


class TestScores:
    """A flat table scores the mean of its columns' scores, each by the formula of a book."""

    @fewer
    @given(frames(), st.sampled_from(RELATIVE), st.data())
    def test_by_hand(self, frame, method, data):
        lower = data.draw(st.sets(st.sampled_from(list(frame.columns))))
        weights = {name: data.draw(st.integers(1, 3)) for name in frame.columns}
        framework = Framework.flat(frame.columns, better=dict.fromkeys(lower, "lower"), weights=weights)
        got = score(frame, framework, methodology={"normalise": method}).composite
        turned = {name: (-frame[name] if name in lower else frame[name]).to_numpy() for name in frame.columns}
        scored = {name: by_hand(column, method) for name, column in turned.items()}
        for row, label in enumerate(frame.index):
            there = [(scored[name][row], weights[name]) for name in frame.columns if not np.isnan(scored[name][row])]
            whole = sum(weight for _, weight in there)
            expected = sum(one * weight for one, weight in there) / whole if there else np.nan
            np.testing.assert_allclose(got[label], expected, rtol=1e-9, atol=1e-9)

    @fewer
    @given(frames(rows=(5, 9)), st.integers(1, 4))
    def test_however_many_rows_are_taken_at_a_time(self, frame, size):
        whole = score(frame)
        before, engine_module.BLOCK = engine_module.BLOCK, size
        try:
            parts = score(frame)
        finally:
            engine_module.BLOCK = before
        np.testing.assert_allclose(parts.score, whole.score, rtol=1e-13, atol=1e-12)


class TestPeriods:
    """Pooled, equal values score equal in every period; apart, a period scores as if it were alone."""

    @fewer
    @given(frames(periods=3), st.sampled_from(RELATIVE))
    def test_pooled_makes_equal_values_equal_in_every_period(self, frame, method):
        # The first period again, in the place of the second.
        second, first = (frame.index.get_level_values(1) == year for year in (2001, 2000))
        frame.loc[second] = frame.loc[first].to_numpy()
        wide = score(frame, methodology={"normalise": method}).to_wide()
        np.testing.assert_array_equal(wide.xs(2000, level="period"), wide.xs(2001, level="period"))

    @fewer
    @given(frames(periods=3), st.sampled_from(RELATIVE))
    def test_apart_is_each_period_alone(self, frame, method):
        years = {year: frame.xs(year, level=1) for year in (2000, 2001, 2002)}
        apart = score(frame, methodology={"normalise": method, "periods": "apart"}).to_wide()
        for year, one in years.items():
            alone = score(one, methodology={"normalise": method}).to_wide()
            pd.testing.assert_frame_equal(apart.xs(year, level="period"), alone, rtol=1e-12)

    @fewer
    @given(frames(periods=2, gaps=False))
    def test_goalposts_do_not_ask_for_periods(self, frame):
        posts = {"goalposts": {"low": -50, "high": 50, "kind": "benchmark", "reason": "for the test"}}
        specs = {name: {"title": name, "dimension": "index", **posts} for name in frame.columns}
        framework = Framework.from_dict({"dimensions": {"index": {"title": "index"}}, "indicators": specs})
        same_bits(score(frame, framework), score(frame, framework, methodology={"periods": "apart"}))

    @fewer
    @given(frames(periods=2, gaps=False))
    def test_ranks_are_within_a_period(self, frame):
        result = score(frame)
        for year in (2000, 2001):
            mine = result.composite.xs(year, level="period")
            ranks = result.ranks().xs(year, level="period")
            # Of two cases that are further apart than a tie, the higher one ranks before.
            for case in mine.index:
                assert ranks[case] <= 1 + (mine > mine[case] + 1e-6).sum() + (abs(mine - mine[case]) <= 1e-6).sum()
                assert ranks[case] >= 1 + (mine > mine[case] + 1e-6).sum()


class TestAsObserved:
    """A table of what observations derive scores as the observations: values, bounds, gaps, weights, contributions."""

    @fewer
    @given(st.one_of(measured_studies(), tree_studies(bounds=True)))
    def test_table_and_observations_agree(self, profile):
        observed = score(profile)
        names = list(profile.indicators)
        cells = {}
        for place, name in enumerate(names):
            cells |= {name: observed.raw[:, place], f"{name}:low": observed.raw_low[:, place]}
            cells |= {f"{name}:high": observed.raw_high[:, place]}
        table = pd.DataFrame(cells, index=list(profile.cases))
        again = score(table, profile.framework, methodology=profile.methodology)
        for name in ("raw", "score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "contribution"):
            np.testing.assert_array_equal(getattr(again, name), getattr(observed, name), err_msg=name)
        assert set(again.reasons) == set(observed.reasons)


class TestDenominators:
    """Dividing in the specs is dividing before, and bounds enclose what any value over any denominator gives."""

    FRAMEWORK = Framework.from_dict(
        {
            "dimensions": {"index": {"title": "index"}},
            "variables": {"people": {"title": "people", "kind": "stock", "unit": "count:person"}},
            "indicators": {
                "x": {"title": "x", "dimension": "index", "denominator": {"variable": "people", "scale": 4}},
                "y": {"title": "y", "dimension": "index"},
            },
        }
    )

    @given(st.lists(st.tuples(numbers(-9, 9), numbers(-9, 9), numbers(0.5, 9)), min_size=2, max_size=5))
    def test_dividing_before(self, rows):
        frame = pd.DataFrame(rows, [f"C{place}" for place in range(len(rows))], ["x", "y", "people"])
        divided = frame[["x", "y"]].assign(x=frame["x"] / (frame["people"] / 4))
        assume(((divided.max() - divided.min()) > 1e-6).all())
        got = score(frame, self.FRAMEWORK)
        np.testing.assert_allclose(got.raw[:, 0], divided["x"], rtol=1e-12)
        np.testing.assert_allclose(got.composite, score(divided).composite, rtol=1e-6, atol=1e-6)

    @given(
        st.lists(numbers(-9, 9), min_size=3, max_size=3).map(sorted),
        st.lists(numbers(0.5, 9), min_size=3, max_size=3).map(sorted),
        st.tuples(numbers(0, 1), numbers(0, 1)),
    )
    def test_bounds_enclose_and_are_attained(self, x, people, shares):
        parts = zip((":low", "", ":high"), x, people, strict=True)
        cells = {f"{name}{part}": [value] for part, a, b in parts for name, value in (("x", a), ("people", b))}
        result = from_frame(pd.DataFrame({**cells, "y": [1.0]}, ["C"]), self.FRAMEWORK)
        low, high = (getattr(engine_module.Engine(result).derived, end)[0, 0] for end in ("low", "high"))
        corners = [4 * a / b for a in (x[0], x[2]) for b in (people[0], people[2])]
        np.testing.assert_allclose((low, high), (min(corners), max(corners)), rtol=1e-12, atol=1e-12)
        inside = 4 * (x[0] + shares[0] * (x[2] - x[0])) / (people[0] + shares[1] * (people[2] - people[0]))
        assert low - 1e-9 <= inside <= high + 1e-9


labels = st.one_of(
    st.sampled_from(["NA", "NaN", "null", "1", "007", "=1+1", 'a "quoted", one', "Côte d'Ivoire", "中国", "true", "-"]),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8),
)


@st.composite
def whole_frames(draw):
    """Return a frame with odd labels, numbers of any size, bounds, sources, groups, and perhaps periods."""
    cases = draw(st.lists(labels, min_size=2, max_size=5, unique=True))
    dated = draw(st.booleans())
    index = pd.MultiIndex.from_product([cases, ["2019-05", "2019-06"]]) if dated else pd.Index(cases)
    size = len(index)

    def column(strategy):
        return draw(st.lists(strategy, min_size=size, max_size=size))

    number = st.floats(-1e300, 1e300, allow_nan=False)
    frame = pd.DataFrame({"a": column(number), "Any name": column(st.one_of(st.none(), number))}, index, dtype=float)
    if draw(st.booleans()):
        wider = pd.Series(column(st.floats(0, 1e10)), index)
        frame["a:low"], frame["a:high"] = frame["a"] - wider, frame["a"] + wider
    if draw(st.booleans()):
        frame["a:source"] = column(st.one_of(st.just(""), labels))
    if draw(st.booleans()):
        frame["group:region"] = column(labels)
    return frame


class TestSaved:
    """A table scored through a saved and loaded profile gives the same result, to the bit."""

    @fewer
    @given(whole_frames(), st.sampled_from(RELATIVE[2:]), st.sampled_from(["higher", "lower"]))
    def test_read_back_equal_and_score_equal(self, frame, method, better):
        framework = Framework.flat(["a", "Any name"], better={"a": better})
        named = frame.rename(columns={"Any name": "any_name"})
        assume(frame["Any name"].count() != 1)
        result = score(named, framework, methodology={"normalise": method})
        with tempfile.TemporaryDirectory() as above:
            again = load_profile(result.profile.save(Path(above) / "study"))
        assert again == result.profile
        assert fingerprint(again) == result.fingerprint
        other = score(again)
        same_bits(other, result)
        pd.testing.assert_frame_equal(other.to_frame(), result.to_frame())
        pd.testing.assert_frame_equal(other.sources(), result.sources())

    @fewer
    @given(frames(periods=2))
    def test_without_a_framework_too(self, frame):
        result = score(frame)
        with tempfile.TemporaryDirectory() as above:
            again = score(load_profile(result.profile.save(Path(above) / "study")))
        same_bits(again, result)
        assert again.fingerprint == result.fingerprint

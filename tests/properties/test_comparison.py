"""Laws of comparing and of screening."""

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower import MethodError, compare, score, screen

shares = st.sampled_from([0.0, 0.2, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.9, 1.0])
optional = st.none() | shares


@st.composite
def tables(draw, *, gaps=True, periods=None):
    """A table of two to four indicators and two to six cases, perhaps with periods and gaps; each column varies."""
    columns = list("xyzw")[: draw(st.integers(2, 4))]
    cases = [f"C{place}" for place in range(draw(st.integers(2, 6)))]
    index = pd.Index(cases, name="case")
    if periods if periods is not None else draw(st.booleans()):
        index = pd.MultiIndex.from_product([cases, [2019, 2020]], names=["case", "period"])
    cell = st.sampled_from([0.0, 0.0, 1.0, 2.5, 7.0, 40.0])
    cell = cell | st.just(np.nan) if gaps else cell
    rows = draw(st.lists(st.lists(cell, min_size=len(index), max_size=len(index)), min_size=4, max_size=4))
    return pd.DataFrame(dict(zip(columns, rows, strict=False)), index=index)


@st.composite
def results(draw, **more):
    """A scored table; columns are made to vary, which min-max needs."""
    frame = draw(tables(**more))
    frame.iloc[0], frame.iloc[1] = -1.0, 100.0
    return score(frame)


class TestComparison:
    """Comparing is a difference: zero of a thing with itself, turned when the sides are, blind to order."""

    @given(results())
    @fewer
    def test_a_result_and_itself_differ_nowhere(self, result):
        comparison = compare(result, result)
        frame = comparison.scores
        assert (frame["difference"].fillna(0) == 0).all()
        assert (frame["lacking"] == "").all()
        np.testing.assert_array_equal(frame["a"], frame["b"])
        assert len(frame) == result.score.size
        assert (comparison.ranks["difference"].dropna() == 0).all()
        assert comparison.inputs.empty
        found = comparison.correlations
        for name in ("pearson", "spearman", "kendall"):
            np.testing.assert_allclose(found[name].dropna(), 1, atol=1e-12)
            assert (found[name].isna() == (found["reason"] != "")).all()

    @given(results(periods=False), results(periods=False))
    @fewer
    def test_turning_the_sides_turns_the_differences(self, a, b):
        there, back = compare(a, b), compare(b, a)
        frame, turned = there.scores, back.scores.reindex(there.scores.index)
        assert len(there.scores) == len(back.scores)
        np.testing.assert_array_equal(frame["difference"], -turned["difference"])
        np.testing.assert_array_equal(frame["a"], turned["b"])
        assert (frame["lacking"].map({"": "", "a": "b", "b": "a"}) == turned["lacking"]).all()
        ranks = (there.ranks["difference"] + back.ranks["difference"]).dropna()
        assert (ranks == 0).all()
        keys = ["pearson", "spearman", "kendall", "cases"]
        both = back.correlations.reindex(there.correlations.index)
        np.testing.assert_allclose(there.correlations[keys], both[keys], atol=1e-12)
        rows = sorted(map(str, there.inputs[["part", "key", "a", "b"]].to_numpy().tolist()))
        assert rows == sorted(map(str, back.inputs[["part", "key", "b", "a"]].to_numpy().tolist()))

    @given(results(), st.randoms(use_true_random=False))
    @fewer
    def test_the_order_of_cases_changes_nothing(self, result, random):
        order = list(range(len(result.index)))
        random.shuffle(order)
        table = result.profile.values
        other = score(result.profile.replace(values=table.take(np.array(order), table.columns)))
        comparison = compare(result, other)
        assert (comparison.scores["lacking"] == "").all()
        np.testing.assert_allclose(comparison.scores["difference"].fillna(0), 0, atol=1e-9)
        assert (comparison.ranks["difference"].dropna() == 0).all()
        assert comparison.inputs.empty

    @given(results(), st.data())
    @fewer
    def test_every_row_and_node_of_both_is_there_once(self, result, data):
        rows = data.draw(st.lists(st.sampled_from(range(len(result.index))), min_size=2, unique=True))
        part = result.profile.values.take(np.array(sorted({0, 1, *rows})), result.profile.values.columns)
        other = score(result.profile.replace(values=part))
        frame = compare(other, result).scores
        assert frame.index.is_unique
        assert len(frame) == result.score.size
        assert (frame["lacking"] == "a").sum() == result.score.size - other.score.size


class TestScreening:
    """Screening drops what misses a threshold, and no more when thresholds are looser."""

    @given(tables())
    @fewer
    def test_thresholds_that_nothing_can_miss_drop_nothing(self, frame):
        screening = screen(frame, case_availability=0, indicator_availability=0.0, case_zeros=1, indicator_zeros=1.0)
        assert screening.dropped.empty
        pd.testing.assert_frame_equal(screening.profile.values.to_frame(), frame)

    @given(tables(), st.tuples(optional, optional, optional, optional))
    @fewer
    def test_every_row_and_column_is_in_the_report_once(self, frame, limits):
        screening = screened(frame, limits)
        report = screening.report
        cases, indicators = (report[report["what"] == what] for what in ("case", "indicator"))
        named = ["name"] if frame.index.nlevels == 1 else ["name", "period"]
        expected = [label if isinstance(label, tuple) else (label,) for label in frame.index]
        assert list(cases[named].itertuples(index=False, name=None)) == expected
        assert indicators["name"].tolist() == list(frame.columns)
        assert len(screening.kept) + len(screening.dropped) == len(report)
        left = screening.profile.values
        assert len(left.index) == (cases["decision"] == "kept").sum()
        assert list(left.columns) == indicators.loc[indicators["decision"] == "kept", "name"].tolist()
        assert ((report["reason"] != "") == (report["decision"] == "dropped")).all()

    @given(tables(), shares, shares, st.sampled_from(["availability", "zeros"]), st.sampled_from(["case", "indicator"]))
    @fewer
    def test_a_stricter_threshold_drops_no_less(self, frame, one, other, share, what):
        loose, strict = sorted([one, other], reverse=share == "zeros")
        try:
            dropped = [set(screen(frame, **{f"{what}_{share}": limit}).dropped.index) for limit in (loose, strict)]
        except MethodError:
            assume(False)
        assert dropped[0] <= dropped[1]

    @given(tables(gaps=False), st.data())
    @fewer
    def test_names_overrule_every_threshold(self, frame, data):
        cases = frame.index.get_level_values("case").unique()
        kept = data.draw(st.sampled_from([*cases, *frame.columns]))
        try:
            report = screen(frame, case_zeros=0.0, indicator_zeros=0.0, keep=[kept]).report
        except MethodError:
            assume(False)
        assert (report.loc[report["name"] == kept, "decision"] == "kept").all()


def screened(frame, limits):
    """What is left, where anything is."""
    names = ("case_availability", "indicator_availability", "case_zeros", "indicator_zeros")
    try:
        return screen(frame, **dict(zip(names, limits, strict=True)))
    except MethodError:
        assume(False)

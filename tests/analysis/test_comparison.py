"""What moved between two scores, worked by hand; and that nothing is dropped without a word."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest

import softpower
from properties.strategies import framework, indicator, study, variable
from softpower import Framework, MethodError, compare, score
from softpower.analysis import inputs
from softpower.analysis.comparison import SHOWN, _told
from softpower.analysis.inputs import input_differences

GOALPOSTS = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}


def tree(*names, **changes):
    """The composite of some indicators, each of which scores what it is, from 0 to 100."""
    leaves = {
        name: {"title": name.title(), "dimension": "index", "goalposts": GOALPOSTS, **changes.get(name, {})}
        for name in names
    }
    return Framework.from_dict({"dimensions": {"index": {"title": "Index"}}, "indicators": leaves})


def table(**columns):
    count = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=list("ABCDEFGH")[:count], dtype=float)


@pytest.fixture(scope="module")
def kazakhstan():
    return score("kazakhstan")


@pytest.fixture
def first():
    return score(table(x=[10, 20, 30, 40], y=[10, 40, 30, 60]), tree("x", "y"))


@pytest.fixture
def second():
    """B rises, C lacks its y, D is gone, E is new; y weighs three times as much."""
    cells = pd.DataFrame({"x": [10.0, 20, 30, 0], "y": [10, 80, np.nan, 0]}, index=list("ABCE"))
    return score(cells, tree("x", "y", y={"weight": 3}))


def test_differences_are_b_less_a_and_what_one_side_lacks_is_listed(first, second):
    frame = compare(first, second).scores
    index = frame.xs("index", level="node")
    assert index["a"].tolist()[:4] == [10, 30, 30, 50]
    assert index["b"].tolist()[:3] == [10, 65, 30]
    assert index["difference"].tolist()[:3] == [0, 35, 0]
    assert index["lacking"].to_dict() == {"A": "", "B": "", "C": "", "D": "b", "E": "a"}
    assert index.loc["E", "b"] == 0
    assert np.isnan(index.loc["E", ["a", "difference"]].astype(float)).all()


def test_what_is_in_b_alone_follows_in_the_order_of_b(first):
    cells = pd.DataFrame({"x": [10.0, 20, 30], "y": [10.0, 20, 30]}, index=list("ZBE"))
    frame = compare(first, score(cells, tree("x", "y"))).scores
    assert frame.xs("index", level="node").index.tolist() == list("ABCDZE")


def test_a_score_that_is_missing_is_not_lacking(first, second):
    row = compare(first, second).scores.loc[("C", "y")]
    assert row["a"] == 30
    assert np.isnan(row["b"])
    assert row["lacking"] == ""
    assert "Missing in b alone: 1 score." in repr(compare(first, second))


def test_to_frame_is_a_copy_of_the_scores(first, second):
    comparison = compare(first, second)
    frame = comparison.to_frame()
    pd.testing.assert_frame_equal(frame, comparison.scores)
    frame["a"] = 0
    assert comparison.scores.loc[("B", "x"), "a"] == 20


def test_nodes_of_one_side_are_listed_and_a_cell_of_neither_is_not():
    a = score(table(x=[10, 20], y=[10, 40]), tree("x", "y"))
    b = score(table(x=[10, 20, 30], z=[1, 2, 3]), tree("x", "z"))
    frame = compare(a, b).scores
    assert frame.loc[("A", "y"), "lacking"] == "b"
    assert frame.loc[("A", "z"), "lacking"] == "a"
    assert frame.loc[("C", "z"), "lacking"] == "a"
    # C is a case of b alone and y a node of a alone.
    assert ("C", "y") not in frame.index
    assert len(frame) == 2 * 4 + 3
    assert frame.index.names == ["case", "node"]
    assert compare(a, b).correlations.index.tolist() == ["index", "x"]


def test_moves_on_an_open_scale_are_told():
    cells = table(x=[10, 20, 30], y=[10, 40, 30])
    a, b = (score(one, methodology={"normalise": "z_score"}) for one in (cells, cells.replace(20.0, 25.0)))
    assert a.scale is None
    moved = compare(a, b)
    assert "moves in 3 of 3 cases, by " in repr(moved)
    assert "moves in 0 of 3 cases." in repr(compare(a, a))


@pytest.mark.parametrize("normalise", ["z_score", {"method": "goalposts", "low": -100.0, "high": 100.0}])
def test_what_rounding_leaves_is_no_move(normalise):
    cells = table(x=[10, 20, 30], y=[10, 40, 30])
    a, b = (
        score(one, tree("x", "y"), methodology={"normalise": normalise})
        for one in (cells, cells.replace(20, 20 + 1e-11))
    )
    assert (a.score != b.score).any()
    assert "moves in 0 of 3 cases." in repr(compare(a, b))


def test_ranks(first, second):
    ranks = compare(first, second).ranks
    # D leads a with 50, B and C share the second place; B leads b with 65.
    assert ranks["a"].dropna().to_dict() == {"A": 4, "B": 2, "C": 2, "D": 1}
    assert ranks["b"].dropna().to_dict() == {"A": 3, "B": 1, "C": 2, "E": 4}
    assert ranks["difference"].dropna().to_dict() == {"A": -1, "B": -1, "C": 0}
    assert ranks["lacking"].to_dict() == {"A": "", "B": "", "C": "", "D": "b", "E": "a"}


def test_one_case_has_no_rank_and_the_words_say_so(scored):
    comparison = compare(scored, scored)
    with pytest.raises(MethodError, match="one case has no rank"):
        _ = comparison.ranks
    assert "No ranks: one case has no rank." in repr(comparison)


def test_correlations_by_hand():
    a = score(table(x=[1, 2, 3, 4], y=[1, 1, 2, 3]), tree("x", "y"))
    b = score(table(x=[1, 3, 2, 4], y=[1, 2, 2, 9]), tree("x", "y"))
    found = compare(a, b).correlations
    # x: deviations -1.5 -0.5 0.5 1.5 and -1.5 0.5 -0.5 1.5, products 2.25 - 0.25 - 0.25 + 2.25 = 4, squares 5 and 5.
    # Of 6 pairs one is the other way round.
    assert found.loc["x", ["pearson", "spearman"]].tolist() == pytest.approx([0.8, 0.8])
    assert found.loc["x", "kendall"] == pytest.approx(4 / 6)
    # y: ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: products 1.5 + 0 + 0 + 2.25 = 3.75, squares 4.5 and 4.5.
    assert found.loc["y", "spearman"] == pytest.approx(3.75 / 4.5)
    # Four pairs agree; the first is tied in a, the second in b: tau-b = 4 / sqrt(5 x 5).
    assert found.loc["y", "kendall"] == pytest.approx(0.8)
    # Means 1.75 and 3.5: products 1.875 + 1.125 - 0.375 + 6.875 = 9.5, squares 2.75 and 41.
    assert found.loc["y", "pearson"] == pytest.approx(9.5 / np.sqrt(2.75 * 41))
    assert found["cases"].tolist() == [4, 4, 4]
    assert found["reason"].tolist() == ["", "", ""]


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ([1, 2], [2, 3], "2 cases have a score in both, and fewer than 3 say nothing"),
        ([1, 2, np.nan], [np.nan, 3, 4], "1 case has a score in both, and fewer than 3 say nothing"),
        ([5, 5, 5], [1, 2, 3], "all scores of a are the same"),
        ([5, 5, 5], [1, 1, 1], "all scores of a and of b are the same"),
        # 1e-13 of 100 is a tie.
        ([1, 2, 3], [5, 5 + 1e-13, 5], "all scores of b are the same"),
    ],
)
def test_a_correlation_that_is_undefined_says_why(left, right, reason):
    a, b = (score(table(x=one, y=[50.0] * len(one)), tree("x", "y")) for one in (left, right))
    row = compare(a, b).correlations.loc["x"]
    assert row["reason"] == reason
    assert row[["pearson", "spearman", "kendall"]].isna().all()


def test_scores_on_other_scales_have_no_difference_but_ranks_and_correlations():
    cells = table(x=[10, 20, 60], y=[10, 40, 30])
    comparison = compare(
        score(cells, tree("x", "y")), score(cells, tree("x", "y"), methodology={"normalise": "z_score"})
    )
    assert comparison.scores["difference"].isna().all()
    assert comparison.scores["a"].notna().all()
    assert comparison.incomparable == "a scores on 0 to 100 (goalposts) and b on an open scale (z_score)"
    assert "A difference of scores has no meaning" in repr(comparison)
    assert comparison.ranks["difference"].tolist() == [0, 0, 0]
    assert comparison.correlations.loc["x", "pearson"] == pytest.approx(1)


def test_two_open_scales_are_the_same_only_if_they_are_made_alike():
    cells = table(x=[10, 20, 60], y=[10, 40, 30])
    z_score, rank = (score(cells, tree("x", "y"), methodology={"normalise": one}) for one in ("z_score", "rank"))
    assert compare(z_score, rank).incomparable
    assert compare(z_score, z_score).incomparable == ""
    assert (compare(z_score, z_score).scores["difference"] == 0).all()
    least = score(cells, tree("x", "y"), methodology={"normalise": "z_score", "aggregate": "minimum"})
    assert compare(z_score, least).incomparable == ""


def test_periods_are_matched_too():
    index = pd.MultiIndex.from_product([["A", "B"], [2019, 2020]], names=["case", "period"])
    later = index.set_levels([2020, 2021], level=1)
    a = score(pd.DataFrame({"x": [1.0, 2, 3, 4], "y": 0.0}, index=index), tree("x", "y"))
    b = score(pd.DataFrame({"x": [5.0, 6, 7, 8], "y": 0.0}, index=later), tree("x", "y"))
    comparison = compare(a, b)
    frame = comparison.scores.xs("x", level="node")
    assert frame["difference"].dropna().to_dict() == pytest.approx({("A", 2020): 3, ("B", 2020): 3})
    assert frame.loc[("A", 2019), "lacking"] == "b"
    assert frame.loc[("B", 2021), "lacking"] == "a"
    assert comparison.ranks["difference"].dropna().to_dict() == {("A", 2020): 0, ("B", 2020): 0}
    assert "Index moves in 2 of 2 cases and periods, by " in repr(comparison)


def test_what_cannot_be_compared_is_refused(first):
    with pytest.raises(MethodError, match=r"compare: b: it is a DataFrame. Give what score\(\) returns"):
        compare(first, first.to_frame())
    index = pd.MultiIndex.from_product([["A", "B"], [2019]], names=["case", "period"])
    panel = score(pd.DataFrame({"x": [1.0, 2], "y": 0.0}, index=index), tree("x", "y"))
    for one, other, which in ((panel, first, "a"), (first, panel, "b")):
        with pytest.raises(MethodError, match=f"{which} alone has periods"):
            compare(one, other)


def test_composites_of_other_names_are_not_matched(first):
    data = first.profile.framework.model_dump()
    data["dimensions"] = {"other": {"title": "Other"}}
    for one in data["indicators"].values():
        one["dimension"] = "other"
    other = score(table(x=[10, 20], y=[10, 40]), Framework.from_dict(data))
    assert "The composite of a is 'index' and that of b is 'other': they are not matched." in repr(
        compare(first, other)
    )


def test_scores_without_a_common_case_are_told_apart(first):
    other = score(table(x=[1, 2], y=[3, 4]).rename(index={"A": "Y", "B": "Z"}), tree("x", "y"))
    comparison = compare(first, other)
    assert "None of the cases is in both." in repr(comparison)
    assert comparison.scores["lacking"].value_counts().to_dict() == {"b": 12, "a": 6}


def test_the_words_of_a_single_case(kazakhstan):
    text = repr(compare(kazakhstan, score(kazakhstan.profile, methodology={"aggregate": "geometric"}))).splitlines()
    assert text[2] == "EU>KAZ, Soft power: 61.2 -> 48.83 (-12.37)"
    assert text[4] == "  EU>KAZ, Mobility: 50 -> 10 (-40)"
    assert text[-2:] == ["What differs in the inputs:", "  methodology aggregate: arithmetic -> geometric"]


def test_the_words_of_several_cases(first, second):
    text = repr(compare(first, second))
    assert "Index moves in 1 of 3 cases, by 35 on average.\n  B, Index: 30 -> 65 (+35)\n" in text
    assert "Index, correlation over 3 cases: Pearson 0." in text
    assert "Ranks change in 2 of 3 cases, each ranked among all of its own score.\n  A: 4 -> 3\n  B: 2 -> 1\n" in text
    assert "In a alone, cases (1): D.\n" in text
    assert "In b alone, cases (1): E." in text
    assert "  indicator y.weight: 1 -> 3\n" in text
    assert "  cases D: in a alone\n" in text
    assert "  value y, B: 40 -> 80\n" in text
    assert "and 0 more" not in text


def test_the_words_count_all_and_name_the_largest_first():
    rng = np.random.default_rng(0)
    cells = pd.DataFrame(rng.uniform(0, 100, (40, 6)), [f"C{place}" for place in range(40)], list("uvwxyz"))
    moved = pd.DataFrame(rng.uniform(0, 100, (40, 6)), cells.index, cells.columns)
    moved.iloc[[3, 5], 1] = np.nan
    a, b = (score(one, tree(*"uvwxyz")) for one in (cells, moved.rename(index={"C38": "D38", "C39": "D39"})))
    lines = repr(compare(a, b)).splitlines()
    by = compare(a, b).scores["difference"].drop("index", level="node").dropna()
    by = by.sort_values(key=np.abs, ascending=False)
    below = lines.index("The largest moves below it:") + 1
    for (case, node), line in zip(by.index, lines[below : below + SHOWN], strict=False):
        assert line.startswith(f"  {case}, {node.upper()}: ")
    assert lines[below + SHOWN] == f"  and {38 * 6 - 2 - SHOWN} more: see .scores"
    changes = compare(a, b).ranks["difference"].dropna()
    ranked = next(place for place, line in enumerate(lines) if line.startswith("Ranks change"))
    assert lines[ranked + 1].split(":")[0].strip() == changes.abs().astype(float).idxmax()
    for said in (
        "In a alone, cases (2): C38, C39.",
        "In b alone, cases (2): D38, D39.",
        "Missing in b alone: 2 scores.",
    ):
        assert said in lines
    assert lines[0].endswith("40 cases")
    assert repr(compare(score(cells[:2], tree(*"uvwxyz")), a)).splitlines()[0].endswith("2 cases")


def test_the_span_is_told_where_there_is_one(kazakhstan, first):
    assert "(1991 to 2022), EU>KAZ" in repr(compare(kazakhstan, kazakhstan))
    assert "None" not in repr(compare(first, first))


def test_the_same_score_twice_says_so(kazakhstan):
    text = repr(compare(kazakhstan, kazakhstan))
    assert "EU>KAZ, Soft power: 61.2 -> 61.2 (the same)" in text
    assert text.endswith("The inputs are the same.")


def test_the_words_stay_short_whatever_the_size():
    rng = np.random.default_rng(0)
    names = [f"n{place}" for place in range(60)]
    a = pd.DataFrame(rng.random((900, 60)), index=[f"C{place}" for place in range(900)], columns=names)
    b = a.iloc[300:].sample(frac=1, random_state=0) + rng.random((600, 60))
    b = b.rename(columns={name: f"m{name}" for name in names[:30]})
    framework = Framework.flat(b.columns, better=dict.fromkeys(b.columns, "lower"))
    comparison = compare(score(a), score(b, framework, methodology={"missing": "strict"}))
    for text in (repr(comparison), comparison._repr_html_()):
        assert len(text.splitlines()) < 80
        assert "and more: see .inputs" in text


def test_html_is_escaped(kazakhstan):
    text = compare(kazakhstan, kazakhstan)._repr_html_()
    assert ">EU&gt;KAZ, Soft power: 61.2 -&gt; 61.2 (the same)</th>" in text
    assert not re.search(r"EU>KAZ", text)


def test_a_comparison_pickles(first, second):
    comparison = compare(first, second)
    _ = comparison.scores
    assert repr(pickle.loads(pickle.dumps(comparison))) == repr(comparison)


def differences(a, b):
    return [tuple(row) for row in input_differences(a, b).itertuples(index=False)]


class TestInputs:
    def test_every_part_of_a_study_by_its_path(self, kazakhstan):
        a = kazakhstan.profile
        named = {other for one in a.framework.indicators.values() for other in one.overlaps}
        gone = next(name for name in a.framework.indicators if name not in named | {"visa_openness"})
        indicators = {
            name: one.replace(weight=2.0) if name == "visa_openness" else one
            for name, one in a.framework.indicators.items()
            if name != gone
        }
        first = a.observations[0]
        b = a.replace(
            title="Another",
            window={"start": "1990", "end": "2022"},
            sets=("extended", "base"),
            framework=a.framework.replace(indicators=indicators),
            observations=(first.replace(flags=("doubtful",)), *a.observations[2:]),
            methodology=a.methodology.replace(normalise={"method": "min_max", "low": 1.0}, floor=2),
            scenarios={},
            uncertainty={},
        )
        found = {(part, key): (one, other) for part, key, one, other in differences(a, b)}
        assert found.pop(("title", "title")) == (a.title, "Another")
        assert found.pop(("window", "start")) == ("1991", "1990")
        assert found.pop(("sets", "extended")) == (None, True)
        assert found.pop(("indicator", "visa_openness.weight")) == (a.framework.indicators["visa_openness"].weight, 2.0)
        assert found.pop(("indicator", gone)) == (a.framework.indicators[gone].model_dump(mode="json"), None)
        assert found.pop(("observation", f"{first.id}.flags"))[1] == ["doubtful"]
        assert found.pop(("observation", a.observations[1].id))[0]["id"] == a.observations[1].id
        assert found.pop(("methodology", "normalise")) == ("goalposts", {"method": "min_max", "low": 1.0})
        assert found.pop(("methodology", "floor")) == (a.methodology.floor, 2.0)
        # Scenarios that are not applied decide no score.
        assert a.scenarios
        assert found == {}

    def test_order_decides_nothing(self, kazakhstan):
        a = kazakhstan.profile
        b = a.replace(
            observations=a.observations[::-1],
            sources=dict(reversed(a.sources.items())),
            framework=a.framework.replace(indicators=dict(reversed(a.framework.indicators.items()))),
        )
        assert differences(a, b) == []

    def test_entries_of_a_list_go_by_their_ids_or_their_places(self, kazakhstan):
        a = kazakhstan.profile
        name, one = next((name, one) for name, one in a.framework.indicators.items() if one.alternative_measures)
        listed = one.alternative_measures
        changed = one.replace(alternative_measures=(listed[0].replace(reason="Another."), *listed[1:]))
        b = a.replace(framework=a.framework.replace(indicators={**a.framework.indicators, name: changed}))
        key = f"{name}.alternative_measures.{listed[0].id}.reason"
        assert differences(a, b) == [("indicator", key, listed[0].reason, "Another.")]
        name, one = next((n, one) for n, one in a.framework.indicators.items() if one.measure.kind == "ladder")
        rungs = one.measure.rungs
        measure = one.measure.replace(rungs=(*rungs[:-1], rungs[-1].replace(title="Another")))
        b = a.replace(
            framework=a.framework.replace(indicators={**a.framework.indicators, name: one.replace(measure=measure)})
        )
        key = f"{name}.measure.rungs.{len(rungs) - 1}.title"
        assert differences(a, b) == [("indicator", key, rungs[-1].title, "Another")]

    def test_another_measure_is_told_part_by_part(self):
        variables = {name: variable() for name in ("visits", "guests")}

        def made(measure):
            return study(framework({"x": indicator(measure)}, variables), [{"variable": "visits", "value": 0.5}])

        a, b = made({"kind": "sum", "variables": ["visits", "guests"]}), made("visits")
        found = {key: (one, other) for _, key, one, other in differences(a, b)}
        assert found["x.measure.variables"] == (["visits", "guests"], None)
        assert found["x.measure.variable"] == (None, "visits")

    def test_cells_bounds_sources_groups_and_columns_of_tables(self):
        def made(**changes):
            columns = {
                "x": [1.0, 2.0],
                "y": [3.0, np.nan],
                "x:low": [1.0, 1.5],
                "x:source": "One",
                "group:g": ["p", "q"],
            }
            return softpower.from_frame(pd.DataFrame(columns | changes, index=["A", "B"]), tree("x", "y", "z"))

        a = made()
        assert differences(a, made()) == []
        assert differences(a, made(y=[3.0, 4.0])) == [("value", "y, B", None, 4.0)]
        assert differences(a, made(x=[1.0, 2.5])) == [("value", "x, B", 2.0, 2.5)]
        assert differences(a, made(**{"x:low": [0.5, 1.5]})) == [("low", "x, A", None, 0.5)]
        assert differences(a, made(**{"group:g": ["p", "r"]})) == [("group", "g, B", "q", "r")]
        others = made(**{"group:g": ["p", "q"], "group:h": ["u", "v"]})
        assert differences(a, others) == [("group", "h", None, True)]
        assert differences(others, a) == [("group", "h", True, None)]
        assert differences(a, made(z=[1.0, 2.0])) == [("column", "z", None, True)]
        found = differences(a, made(**{"x:source": ["One", "Two"]}))
        assert found[1:] == [("source of a value", "x, B", "One", "Two")]
        assert found[0][:2] == ("source", "Two")
        bare = made(**{"x:source": ["", ""]})
        assert ("source of a value", "x, A", "One", None) in differences(a, bare)
        assert ("source of a value", "x, A", None, "One") in differences(bare, a)

    @pytest.mark.parametrize(
        ("listed", "keys"),
        [
            ([{"id": "p"}, {"id": "q"}], ["p", "q"]),
            ([{"title": "p"}], ["0"]),
            ([{"id": "p"}, {"id": "p"}], ["0", "1"]),
            ([{"id": "p"}, {"title": "q"}], ["0", "1"]),
        ],
    )
    def test_entries_have_their_ids_where_these_tell_them_apart(self, listed, keys):
        assert list(inputs._entries(listed)) == keys

    def test_a_difference_is_told_by_what_each_side_has(self):
        assert _told("cases", "C", True, None) == "cases C: in a alone"
        assert _told("indicator", "x", None, {"title": "X"}) == "indicator x: in b alone"
        assert _told("cases", "and 3 more", None, None) == "cases and 3 more"
        assert _told("title", "x", None, "X") == "title x: none -> X"
        assert _told("value", "x", 1.0, True) == "value x: 1 -> True"

    def test_bounds_of_one_table_alone_are_told(self):
        plain = table(x=[10, 20], y=[10, 40])
        bounded = plain.assign(**{"x:low": [9.0, 20.0]})
        a, b = (score(one, tree("x", "y")).profile for one in (plain, bounded))
        assert differences(a, b) == [("low", "x, A", None, 9.0)]
        assert differences(b, a) == [("low", "x, A", 9.0, None)]

    def test_cases_of_one_table_alone_are_told_in_its_order(self):
        whole = pd.DataFrame({"x": [1.0, 2, 3], "y": 1.0}, index=["Z", "A", "M"])
        a, b = (softpower.from_frame(one, tree("x", "y")) for one in (whole, whole.loc[["A"]]))
        assert differences(a, b) == [("cases", "Z", True, None), ("cases", "M", True, None)]
        assert differences(b, a) == [("cases", "Z", None, True), ("cases", "M", None, True)]

    def test_many_cells_are_counted_by_column(self):
        cells = pd.DataFrame({"x": np.arange(200.0), "y": 0.0}, index=[f"C{place}" for place in range(200)])
        other = cells.assign(x=cells["x"] + 1)
        a, b = (softpower.from_frame(one, tree("x", "y")) for one in (cells, other))
        assert differences(a, b) == [("value", "x: 200 differ, the first is C0", 0.0, 1.0)]
        # The first of those that both have, as the first table has them.
        c = softpower.from_frame(other.drop("C0").iloc[::-1], tree("x", "y"))
        assert ("value", "x: 199 differ, the first is C199", 200.0, 199.0) in differences(c, a)

    def test_as_many_cells_as_a_list_holds_are_listed(self, monkeypatch):
        monkeypatch.setattr(inputs, "CELLS", 2)
        a, b = (softpower.from_frame(table(x=cells, y=[1, 1]), tree("x", "y")) for cells in ([1, 2], [3, 4]))
        assert differences(a, b) == [("value", "x, A", 1.0, 3.0), ("value", "x, B", 2.0, 4.0)]

    def test_more_than_a_list_holds_are_counted(self, monkeypatch):
        monkeypatch.setattr(inputs, "LIMIT", 3)
        a, b = (softpower.from_frame(table(x=range(count), y=range(count)), tree("x", "y")) for count in (2, 8))
        found = differences(a, b)
        assert found == [*(("cases", name, None, True) for name in "CDE"), ("cases", "and 3 more", None, None)]
        monkeypatch.setattr(inputs, "LIMIT", 6)
        assert differences(a, b) == [("cases", name, None, True) for name in "CDEFGH"]

    def test_a_table_against_observations(self, kazakhstan):
        a = softpower.from_frame(table(x=[1, 2], y=[3, 4]), tree("x", "y"))
        found = {part: (one, other) for part, _, one, other in differences(a, kazakhstan.profile)}
        assert found["values"] == ("Values(2 rows, 2 columns)", None)
        assert found["cases"] == (None, True)

    def test_another_field_is_found_without_being_known(self, kazakhstan):
        b = kazakhstan.profile.replace(caveats=("Mind the gap.",))
        assert differences(kazakhstan.profile, b) == [
            ("caveats", "caveats", kazakhstan.profile.caveats, ("Mind the gap.",))
        ]


def test_points_of_votes_do_not_subtract_from_scores():
    frame = table(a=[1, 2, 3], b=[4, 2, 8], c=[1, 5, 2])
    mean, wins, points = (score(frame, methodology={"aggregate": one}) for one in ("arithmetic", "copeland", "borda"))
    assert "copeland" in compare(mean, wins).incomparable
    assert "borda" in compare(wins, points).incomparable
    assert not compare(wins, wins).incomparable

"""What a score returns: tables, ranks, explanations, citations, and that nothing of it changes by accident."""

import math
import pickle

import numpy as np
import pandas as pd
import pytest

from properties.strategies import framework, indicator, study, tree_specs, variable
from properties.strategies import scored as scored_study
from softpower import MethodError, Methodology, NotFoundError, Observation, Profile, load_profile, score
from softpower.engine.promises import amounts
from softpower.model.framework import Framework
from softpower.registry import Method
from softpower.result import in_steps, label_problem, width_of

COLUMNS = [
    *("title", "level", "score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "effective_weight"),
    *("contribution", "exact", "unit", "raw", "raw_low", "raw_high", "clipped", "reason"),
]
NODES = [
    *("all", "regard", "visit_rate", "mood_mean", "agreement", "presence"),
    *("help", "health_share", "trade_volume", "ties"),
]


def without(profile: Profile, *ids: str) -> Profile:
    """The profile without some observations."""
    return profile.replace(observations=[one for one in profile.observations if one.id not in ids])


@pytest.fixture(scope="module")
def gappy(sound):
    """The scores with no judgement of the mood and an unobserved rung."""
    return score(without(sound, "O-mood", "O-union"))


def league(sound, values):
    """The scores of several cases in one indicator, which is 100 times their value."""
    indicator = sound.framework.indicators["agreement"]
    goalposts = indicator.goalposts.replace(parity=None)
    framework = Framework(
        id="league",
        title="League",
        dimensions={"all": {"title": "All"}},
        indicators={"share": indicator.replace(dimension="all", goalposts=goalposts)},
        variables={"share": sound.framework.variables["share"]},
    )
    observations = [
        Observation(id=f"O-{case}", case=case, variable="share", value=value, unit="ratio")
        for case, value in values.items()
        if value is not None
    ]
    return score(
        Profile(
            id="league",
            title="League",
            framework=framework,
            cases=tuple(values),
            window={"start": 2000, "end": 2009},
            observations=observations,
        )
    )


class TestTable:
    def test_it_has_one_row_for_each_case_and_node_down_the_tree(self, scored):
        frame = scored.to_frame()
        assert list(frame.columns) == COLUMNS
        assert frame.index.names == ["case", "node"]
        assert list(frame.index) == [("A>B", node) for node in NODES]
        assert frame.index.is_unique

    def test_it_holds_every_number_of_the_result(self, scored):
        frame = scored.to_frame().loc["A>B"]
        for place, node in enumerate(scored.nodes):
            for name in ("score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "contribution", "exact"):
                assert frame.loc[node, name] == getattr(scored, name)[0, place]
        for place, node in enumerate(scored.nodes[: scored.raw.shape[1]]):
            assert frame.loc[node, "raw"] == scored.raw[0, place]
            assert frame.loc[node, "clipped"] == scored.clipped[0, place]

    def test_a_dimension_has_no_raw_value_and_no_unit(self, scored):
        frame = scored.to_frame()
        dimensions = frame[frame["level"] != "indicator"]
        assert dimensions[["raw", "raw_low", "raw_high"]].isna().all(axis=None)
        assert set(dimensions["unit"]) == set(dimensions["clipped"]) == {""}
        assert frame.loc[("A>B", "trade_volume"), "unit"] == "USD billion"

    @pytest.mark.parametrize(
        ("level", "nodes"),
        [
            ("composite", ["all"]),
            ("part", ["regard", "help"]),
            ("indicator", [node for node in NODES if node not in {"all", "regard", "help"}]),
        ],
    )
    def test_a_level_alone_is_its_nodes(self, scored, level, nodes):
        frame = scored.to_frame(level=level)
        assert list(frame.index.get_level_values("node")) == nodes
        assert set(frame["level"]) == {level}
        pd.testing.assert_frame_equal(frame, scored.to_frame().loc[frame.index])

    def test_an_unknown_level_suggests_the_nearest(self, scored):
        with pytest.raises(NotFoundError, match=r"to_frame: level: there is no level 'indicators'. Did you mean"):
            scored.to_frame(level="indicators")
        with pytest.raises(NotFoundError, match=r"to_wide: level: there is no level 'indicators'. Did you mean"):
            scored.to_wide("indicators")

    def test_a_missing_node_has_no_score_and_a_reason(self, gappy):
        frame = gappy.to_frame().loc["A>B"]
        assert math.isnan(frame.loc["mood_mean", "score"])
        assert frame.loc["mood_mean", "reason"] == "no observation of 'mood'"
        assert frame.loc["ties", "reason"] == "no observation of 'union'"
        assert frame.loc["mood_mean", "contribution"] == 0
        assert frame.loc["regard", "reason"] == ""
        assert frame.loc["regard", "coverage"] == pytest.approx(3 / 4)

    def test_changing_a_table_changes_no_result(self, scored):
        before = scored.to_frame()
        for frame in (scored.to_frame(), scored.to_frame(level="part")):
            frame["score"] = 0.0
        composite = scored.composite
        composite["A>B"] = 0.0
        assert scored.composite["A>B"] > 0
        pd.testing.assert_frame_equal(scored.to_frame(), before)

    def test_several_cases_follow_each_other(self, sound):
        result = league(sound, {"b": 0.2, "a": 0.9})
        assert list(result.to_frame().index) == [("b", "all"), ("b", "share"), ("a", "all"), ("a", "share")]


class TestComposite:
    def test_it_is_a_series_by_case_for_one_case_too(self, scored):
        composite = scored.composite
        assert (composite.name, composite.index.name, list(composite.index)) == ("all", "case", ["A>B"])
        assert composite["A>B"] == scored.to_frame().loc[("A>B", "all"), "score"]

    def test_it_is_the_sum_of_the_contributions(self, scored):
        frame = scored.to_frame(level="indicator")
        assert frame["contribution"].sum() == pytest.approx(scored.composite["A>B"])


class TestRanks:
    @pytest.mark.parametrize(
        ("values", "ranks"),
        [
            ({"a": 0.1, "b": 0.9, "c": 0.5}, [3, 1, 2]),
            ({"a": 0.9, "b": 0.5, "c": 0.5, "d": 0.1}, [1, 2, 2, 4]),
            ({"a": 0.5, "b": 0.5, "c": 0.5}, [1, 1, 1]),
            ({"a": 0.0, "b": 1.0, "c": 1.0}, [3, 1, 1]),
            ({"a": 0.5, "b": 0.5 + 1e-12, "c": 0.5 - 1e-12}, [1, 1, 1]),
            ({"a": 0.5, "b": 0.5 + 1e-8, "c": 0.5 - 1e-8}, [2, 1, 3]),
            ({"a": 0.1, "b": None, "c": 0.9}, [2, pd.NA, 1]),
            ({"a": None, "b": None}, [pd.NA, pd.NA]),
        ],
    )
    def test_the_highest_is_first_and_ties_take_the_lowest_rank(self, sound, values, ranks):
        result = league(sound, values).ranks()
        expected = pd.Series(ranks, pd.Index(list(values), name="case"), dtype="Int64", name="rank")
        pd.testing.assert_series_equal(result, expected)

    def test_one_case_has_no_rank(self, scored):
        with pytest.raises(MethodError, match="one case has no rank"):
            scored.ranks()

    def test_the_order_of_the_cases_means_nothing(self, sound):
        values = {"a": 0.9, "b": 0.5, "c": 0.5, "d": None, "e": 0.1}
        backwards = league(sound, dict(reversed(values.items()))).ranks()
        pd.testing.assert_series_equal(backwards[list(values)], league(sound, values).ranks())

    def test_any_node_ranks(self, sound):
        result = league(sound, {"a": 0.1, "b": 0.9})
        assert list(result.ranks("share")) == [2, 1]
        with pytest.raises(NotFoundError, match=r"there is no node 'shares' in the score. Did you mean 'share'\?"):
            result.ranks("shares")


class TestExplanation:
    def test_it_reaches_section_paragraph_and_footnote(self, scored):
        text = str(scored.explain("A>B"))
        assert scored.explain().case == "A>B"
        for words in (
            "All [all]: 57.71 [53.08, 67.92]",
            "Regard [regard]: 73.75",
            "Visits a year [visit_rate]: 50 [50, 70]",
            "How often do they meet?",
            "rate: 0.5 [0.5, 0.7] count:visit per year",
            "goalposts: 0 to 1, higher is better: One a year is much.",
            "quality C: Judged by one person.",
            "goalposts: 0 to 1, 50 points at 0.5, higher is better: Half is a tie.",
            "O-visit-2: 2 [2, 4] count:visit (between",
            "Two to four visits.",
            "Visits, paragraph 2, footnote 7; A. Author (2010). A report on help",
        ):
            assert words in text

    def test_a_fact_stands_two_steps_below_its_indicator(self, scored):
        lines = str(scored.explain("A>B")).splitlines()
        above, below = (
            next(len(line) - len(line.lstrip()) for line in lines if name in line)
            for name in ("[visit_rate]", "O-visit-2")
        )
        assert below == above + 2 * len("  ")

    def test_it_names_every_observation_that_feeds_the_node_and_no_other(self, scored, sound):
        text = str(scored.explain())
        fed = {one.id for one in sound.observations if one.feeds}
        # Only the latest trade counts; the context row feeds nothing.
        assert {one.id for one in sound.observations if f" {one.id}: " in text} == fed - {"O-trade-before"}

    def test_a_node_alone_is_its_part_of_the_tree(self, scored):
        text = str(scored.explain(node="help"))
        assert text.splitlines()[:2] == ["A>B", "Help [help]: 41.67 [38.67, 43.33]"]
        assert "Legal ties [ties]" in text
        assert "visit_rate" not in text
        assert set(scored.explain(node="ties").to_frame().reset_index()["indicator"]) == {"ties"}

    def test_its_table_has_a_row_for_each_observation_of_each_indicator(self, scored):
        frame = scored.explain().to_frame()
        assert frame.index.names == ["indicator", "observation"]
        row = frame.loc[("visit_rate", "O-visit-2")]
        assert row[["score", "raw", "value", "low", "high"]].tolist() == [50, 0.5, 2, 2, 4]
        assert row[["unit", "wording", "start", "end"]].tolist() == ["count:visit", "between", "2004", "2005"]
        assert row[["section", "paragraph", "footnote", "source"]].tolist() == ["Visits", 2, 7, "report"]
        assert row["statement"] == "Two to four visits."
        assert row["citation"] == "A. Author (2010). A report on help"

    def test_alternatives_are_all_named(self, scored):
        ids = scored.explain(node="health_share").to_frame().reset_index()["observation"]
        assert list(ids) == ["O-help-health", "O-help-all", "O-help-other"]

    def test_the_two_events_between_which_years_lie_are_told_apart(self):
        kinds = {name: variable("event", "count:event") for name in ("signed", "in_force")}
        years = {"kind": "years_between", "earlier": "signed", "later": "in_force"}
        facts = [
            {"variable": "signed", "value": 1, "start": "2002"},
            {"variable": "in_force", "value": 1, "start": "2005"},
        ]
        specs = framework({"delay": indicator(years, unit="year", high=10.0)}, kinds)
        text = str(score(study(specs, facts)).explain())
        assert text.index("later, ") < text.index("2005")
        assert text.index("earlier, ") < text.index("2002")

    @pytest.mark.parametrize(("scale", "says"), [(1.0, " per 'people'"), (1000.0, " per 1000 of 'people'")])
    def test_a_value_that_is_divided_says_by_what(self, scale, says):
        specs = {
            "dimensions": {"all": {"title": "All"}},
            "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
            "indicators": {
                "a": {"title": "A", "dimension": "all", "denominator": {"variable": "people", "scale": scale}},
                "b": {"title": "B", "dimension": "all"},
            },
        }
        frame = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0], "people": [4.0, 5.0]}, ["X", "Y"])
        text = str(score(frame, Framework.from_dict(specs)).explain("X"))
        # 1 / 4, times the scale
        assert f"{0.25 * scale:g} number{says}" in text

    def test_an_indicator_of_a_set_that_is_not_scored(self, sound):
        ties = sound.indicators["ties"].replace(set="extended")
        specs = sound.framework.replace(indicators={**sound.indicators, "ties": ties})
        with pytest.raises(NotFoundError, match="'ties' is in the extended set, which is not scored"):
            score(sound.replace(framework=specs, sets=("base",))).explain(node="ties")

    def test_a_missing_indicator_says_why(self, gappy):
        assert "missing: no observation of 'mood'" in str(gappy.explain())
        frame = gappy.explain(node="mood_mean").to_frame()
        assert len(frame) == 1
        assert frame["score"].isna().all()

    def test_the_case_may_be_left_out_where_there_is_one(self, scored, sound):
        assert str(scored.explain()) == str(scored.explain("A>B", "all"))
        with pytest.raises(NotFoundError, match=r"explain: case: .*a, b"):
            league(sound, {"a": 0.1, "b": 0.2}).explain()

    def test_an_unknown_case_or_node_suggests_the_nearest(self, scored):
        with pytest.raises(NotFoundError, match=r"there is no case 'A>C'. Did you mean 'A>B'\?"):
            scored.explain("A>C")
        with pytest.raises(NotFoundError, match=r"there is no node 'tie' in the score. Did you mean 'ties'\?"):
            scored.explain(node="tie")


class TestCitations:
    def test_works_come_with_what_cites_them(self, scored):
        frame = scored.references()
        assert frame.index.name == "reference"
        assert frame.to_dict("index") == {
            "handbook": {
                "citation": "OECD, JRC (2008). Handbook on Constructing Composite Indicators. OECD",
                "cited_by": "mini visit_rate",
            }
        }

    def test_sources_come_with_the_number_of_facts_that_feed_a_score(self, scored):
        frame = scored.sources()
        assert frame.index.name == "source"
        # O-trade-before is not the latest, O-aside is context; both are from the report.
        assert frame["observations"].to_dict() == {"report": 9, "talk": 2}
        assert frame.loc["talk", ["kind", "citation"]].tolist() == ["interview", "A talk"]

    def test_every_observation_is_listed_with_what_it_feeds(self, scored, sound):
        frame = scored.observations()
        assert list(frame.index) == [one.id for one in sound.observations]
        assert frame.loc["O-visit-1", "feeds"] == "visit_rate"
        assert frame.loc["O-aside", "feeds"] == ""
        assert frame.loc["O-aside", "reason"] == "It says nothing about attraction."

    def test_without_facts_the_tables_are_empty(self, sound):
        result = score(sound.replace(observations=()))
        assert result.sources().empty
        assert result.observations().empty
        assert math.isnan(result.composite["A>B"])
        assert result.coverage[0, -1] == 0


class TestFrozen:
    def test_arrays_are_read_only(self, scored):
        names = (
            "score",
            "low",
            "high",
            "gap_low",
            "gap_high",
            "coverage",
            "weight",
            "effective_weight",
            "contribution",
        )
        arrays = [getattr(scored, name) for name in (*names, "contribution", "exact", "raw", "raw_low", "clipped")]
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0

    def test_nothing_is_assigned(self, scored):
        with pytest.raises(AttributeError):
            scored.score = np.zeros(1)
        with pytest.raises(AttributeError):
            scored.explain().node = "ties"


class TestPrint:
    def test_it_shows_the_composite_its_parts_and_the_notes(self, scored):
        text = repr(scored)
        assert text.startswith("A small study (2000 to 2009)\n")
        assert text.endswith("All numbers are made up.")
        for words in ("All", "Regard", "73.75", "coverage"):
            assert words in text
        assert "visit_rate" not in text

    def test_html_shows_the_same(self, scored):
        page = scored._repr_html_()
        for words in (
            "<strong>A small study (2000 to 2009)</strong>",
            "<table",
            "73.75",
            "<p>All numbers are made up.</p>",
        ):
            assert words in page
        heads, cells = page.split("<tbody>")
        assert heads.count("<th ") == heads.count("scope=") == heads.count('<th scope="col">')
        assert cells.count("<th ") == cells.count("scope=") == cells.count('<th scope="row"')

    def test_html_escapes_every_text(self, sound):
        hostile = "<script>alert('x')</script>&"
        dimensions = dict(sound.framework.dimensions)
        dimensions["help"] = dimensions["help"].replace(title=hostile)
        framework = sound.framework.replace(dimensions=dimensions)
        page = score(sound.replace(title=hostile, caveats=(hostile,), framework=framework))._repr_html_()
        assert "<script" not in page
        assert page.count("&lt;script&gt;") == 3


def test_the_width_of_a_scale_is_from_end_to_end_and_of_an_open_one_the_largest_score():
    scores = np.array([[-3.0, 2.0, np.nan]])
    assert [width_of(scores, scale) for scale in ((-100.0, 100.0), (1.0, 100.0), None)] == [200, 99, 3]


class TestFingerprint:
    PARTS = ("specifications", "observations", "sources", "methodology")

    def changed(self, before, after):
        """The parts whose hash differs."""
        assert before["version"] == after["version"]
        return {part for part in self.PARTS if before[part] != after[part]}

    def test_each_part_is_a_hash_beside_the_version(self, scored):
        assert set(scored.fingerprint) == {"version", *self.PARTS}
        for part in self.PARTS:
            assert len(scored.fingerprint[part]) == 64
            assert int(scored.fingerprint[part], 16) > 0

    @pytest.mark.parametrize(
        ("file", "edit", "changed"),
        [
            ("spec/framework.toml", ("high = 100, log", "high = 200, log"), {"specifications"}),
            ("spec/framework.toml", ('"Customs."', '"Customs, revised."'), {"specifications"}),
            ("spec/variables.toml", ('"Visits"', '"All visits"'), {"specifications"}),
            ("observations.csv", ("trade,10,", "trade,11,"), {"observations"}),
            ("observations.csv", ("The weather was fine.", "The weather was foul."), {"observations"}),
            ("profile.toml", ('weights = "declared"', 'weights = "equal"'), {"methodology"}),
            ("profile.toml", ("floor = 1.0", "floor = 2.0"), {"methodology"}),
            ("profile.toml", ('sets = ["base"]', 'sets = ["base", "extended"]'), {"methodology"}),
            ("profile.toml", ("floor = 1.0", "floor = 1"), set()),
            ("profile.toml", ("floor = 1.0", "floor = 1.0 # as the article"), set()),
            ("profile.toml", ("All numbers are made up.", "Nothing is real."), set()),
        ],
    )
    def test_it_changes_with_what_it_covers_and_with_nothing_else(self, study, scored, file, edit, changed):
        path = study / file
        text = path.read_text(encoding="utf-8")
        assert edit[0] in text
        path.write_text(text.replace(*edit), encoding="utf-8")
        assert self.changed(scored.fingerprint, score(study).fingerprint) == changed

    def test_the_order_of_keys_means_nothing(self, study, scored):
        for file in ("spec/framework.toml", "spec/variables.toml", "profile.toml", "sources.toml"):
            path = study / file
            head, *tables = path.read_text(encoding="utf-8").split("\n\n")
            turned = ["\n".join([lines[0], *reversed(lines[1:])]) for lines in (one.split("\n") for one in tables)]
            start = [] if head.startswith("[") else [head]
            rest = turned if start else [head, *turned]
            path.write_text("\n\n".join([*start, *reversed(rest)]) + "\n", encoding="utf-8")
        profile = load_profile(study)
        assert list(profile.framework.dimensions) == ["help", "regard", "all"]
        result = score(profile)
        assert self.changed(scored.fingerprint, result.fingerprint) == set()
        assert result.composite["A>B"] == pytest.approx(scored.composite["A>B"], abs=1e-12)

    def test_a_methodology_given_to_score_counts(self, sound, scored):
        other = score(sound, methodology=Methodology(aggregate="geometric", floor=1)).fingerprint
        assert self.changed(scored.fingerprint, other) == {"methodology"}
        assert score(sound, methodology={}).fingerprint == scored.fingerprint


class TestScales:
    """The ends of the scale are those of every score, and what has no ends is not bounded by any."""

    FRAME = pd.DataFrame({"a": [1.0, 2, 3], "b": [4.0, 2, 8], "c": [1.0, 5, 2]}, index=list("XYZ"))

    @pytest.mark.parametrize("method", ["copeland", "borda", "kemeny", "benefit_of_the_doubt"])
    def test_what_counts_otherwise_than_its_children_leaves_their_scale(self, method):
        result = score(self.FRAME, methodology={"aggregate": method, "normalise": {"method": "min_max", "high": 1.0}})
        assert result.scale is None
        assert score(self.FRAME).scale == (0.0, 100.0)

    def test_goalposts_that_clip_nothing_leave_the_scale_open(self):
        post = {"low": 0, "high": 100, "kind": "benchmark", "reason": "for the test"}
        leaves = {name: {"title": name, "dimension": "all", "goalposts": post} for name in "pq"}
        tree = Framework.from_dict({"dimensions": {"all": {"title": "All"}}, "indicators": leaves})
        frame = pd.DataFrame({"p": [-60.0, 50], "q": [np.nan, 10]}, index=["A", "B"])
        result = score(frame, tree, methodology={"normalise": {"method": "goalposts", "clip": False}})
        assert result.scale is None
        assert [result.low[0, -1], result.score[0, -1], result.high[0, -1]] == [-60.0] * 3
        # The gap may score what lies beyond either end: no number bounds it.
        assert np.isnan([result.gap_low[0, -1], result.gap_high[0, -1]]).all()
        assert result.gap_low[1, -1] == result.gap_high[1, -1] == 30.0
        assert any("Gap bounds are not offered" in note for note in result.notes)
        assert score(frame, tree).scale == (0.0, 100.0)

    def test_a_gap_on_an_open_scale_has_no_bounds_and_says_so(self):
        frame = self.FRAME.copy()
        frame.loc["Z", "a"] = np.nan
        result = score(frame, methodology={"normalise": "none", "aggregate": "geometric"})
        assert np.isnan(result.gap_low[2, -1])
        assert np.isnan(result.gap_high[2, -1])
        assert result.gap_high[0, -1] == result.score[0, -1] == result.high[0, -1]
        assert any("Gap bounds are not offered" in note for note in result.notes)
        assert not any("Gap bounds" in note for note in score(frame).notes)
        whole = score(self.FRAME, methodology={"normalise": "none", "aggregate": "geometric"})
        assert not any("Gap bounds" in note for note in whole.notes)


class TestSourcesOfTables:
    """A source counts once for each filled cell that a score rests on, denominators included."""

    def test_empty_cells_do_not_count_and_denominators_do(self):
        framework = Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}},
                "variables": {"people": {"title": "People", "kind": "stock", "unit": "number"}},
                "indicators": {
                    "visits": {"title": "Visits", "dimension": "all", "denominator": {"variable": "people"}},
                    "trade": {"title": "Trade", "dimension": "all"},
                },
            }
        )
        frame = pd.DataFrame(
            {"visits": [1.0, np.nan, 3.0], "people": [1.0, 2, 2], "trade": [1.0, 2, 5]}, index=list("XYZ")
        ).assign(**{"visits:source": ["one", "one", "two"], "people:source": "census"})
        counts = score(frame, framework).sources()["observations"]
        assert counts.to_dict() == {"census": 3, "one": 1, "two": 1}

    def test_a_table_of_what_does_not_enter_has_none(self):
        leaf = {"title": "A", "dimension": "all"}
        posts = {"goalposts": {"low": 0, "high": 1, "kind": "benchmark", "reason": "r"}}
        framework = Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}},
                "indicators": {"a": leaf | posts, "b": leaf | posts | {"title": "B", "set": "extended"}},
            }
        )
        frame = pd.DataFrame({"b": [0.5, 1.0], "b:source": "book"}, index=list("XY"))
        assert score(frame, framework).sources().empty


def test_bounds_that_are_not_offered_are_not_printed():
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=list("XY"))
    assert "nan" not in repr(score(frame).explain("X"))


def test_a_year_given_as_a_text_says_how_to_name_it():
    frame = pd.DataFrame({"case": list("XY"), "period": 2001, "a": [1.0, 2.0], "b": [2.0, 1.0]})
    with pytest.raises(NotFoundError, match="Name it so: period=2001"):
        score(frame).explain("X", period="2001")


def sourced() -> pd.DataFrame:
    """Three cells of visits with their sources, two of them one; trade has none."""
    columns = {"visits": [1.0, 2.0, 4.0], "trade": [3.0, 1.0, 2.0], "visits:source": ["Book", "Page", "Book"]}
    return pd.DataFrame(columns, index=["A", "B", "C"])


class TestTables:
    """What is told of tables of values: where a cell comes from, how many cells a source has, over how many cases."""

    def test_a_cell_comes_with_its_source_or_with_none(self):
        result = score(sourced())
        assert "from the table: 2; Page" in str(result.explain("B", "visits"))
        assert "from the table: 1; Book" in str(result.explain("A", "visits"))
        assert "from the table: 1; no source named" in str(result.explain("B", "trade"))

    def test_sources_come_with_the_number_of_their_cells_the_most_first(self):
        counted = score(sourced().iloc[[1, 0, 2]]).sources()["observations"]
        assert counted.tolist() == [2, 1]
        turned = score(sourced().replace({"Book": "Page", "Page": "Book"})).sources()["observations"]
        assert turned.to_dict() == {"Page": 2, "Book": 1}
        assert turned.index.tolist() == ["Page", "Book"]
        assert score(sourced()[["visits", "trade"]]).sources().empty
        assert score(score(sourced()).profile.without("visits")).sources().empty

    def test_sources_of_as_many_cells_stand_by_name(self):
        assert score(sourced().iloc[[1, 0]]).sources().index.tolist() == ["Book", "Page"]
        assert score(sourced().iloc[:2]).sources().index.tolist() == ["Book", "Page"]

    def test_notes_count_cases_and_periods(self):
        rows = [("A", 2001, 1.0, 4.0), ("A", 2002, 3.0, 2.0), ("B", 2001, 2.0, 3.0)]
        two, one = (
            pd.DataFrame(some, columns=["case", "period", "x", "y"]).set_index(["case", "period"])
            for some in (rows, rows[:2])
        )
        assert any("over 2 cases in 2 periods" in note for note in score(two).notes)
        assert any("over one case in 2 periods" in note for note in score(one).notes)


class TestSeveralCases:
    def test_the_first_level_stands_beside_the_composite_with_its_coverage(self):
        cells = [[90.0, 10.0, None], [80.0, 20.0, 30.0]]
        shown = score(scored_study(tree_specs([[None, None], None]), cells))._top()
        assert shown.columns.tolist() == ["d0", "d1", "i2", "coverage"]
        assert shown["coverage"].tolist() == [0.5, 1.0]


class TestDates:
    def test_a_fact_says_when_it_is_also_where_it_has_no_end(self):
        specs = framework({"it": indicator("v0")}, {"v0": variable()})
        for dates, told in (({"start": "2003"}, ", 2003"), ({"end": "2004"}, "2004"), ({}, "")):
            result = score(study(specs, [{"variable": "v0", "value": 0.5, **dates}]))
            (line,) = [one for one in str(result.explain()).splitlines() if "o1" in one]
            assert told in line
            assert ("2003" in line or "2004" in line) == bool(dates)
            assert "preferred" not in line

    def test_of_several_readings_the_preferred_one_says_so(self):
        specs = framework({"it": indicator("v0")}, {"v0": variable(combine="alternatives")})
        rows = [{"variable": "v0", "value": 0.5, "preferred": True}, {"variable": "v0", "value": 0.7}]
        lines = str(score(study(specs, rows)).explain()).splitlines()
        assert [("preferred" in one) for one in lines if "o1:" in one or "o2:" in one] == [True, False]


class TestLabels:
    @pytest.mark.parametrize(("count", "more"), [(5, ""), (6, " ...")])
    def test_five_of_several_are_named(self, count, more):
        names = [f"C{place}" for place in range(count)]
        what, mend = label_problem("case", None, names)
        assert what == f"there are {count} cases: C0, C1, C2, C3, C4{more}"
        assert mend == "Name one: case='C0'."


class TestWhole:
    def test_what_is_unpickled_cannot_be_written_to_either(self, scored):
        assert not pickle.loads(pickle.dumps(scored)).score.flags.writeable

    def test_a_bound_on_one_side_is_a_bound(self):
        specs = Framework.parse(tree_specs([None, None]))
        frame = pd.DataFrame({"i0": [0.2, 0.4], "i1": [0.4, 0.6]}, index=["X", "Y"])
        for side, end in (("high", 0.8), ("low", 0.0)):
            result = score(frame.assign(**{f"i0:{side}": [end, None]}), specs)
            moved = getattr(result, side)[:, -1] - result.score[:, -1]
            assert moved.tolist() == pytest.approx([50 * (end - 0.2), 0])

    def test_contributions_are_of_what_a_mean_sees_above_its_floor(self):
        study_ = scored_study(tree_specs([None, None]), [[0, 50]], methodology={"aggregate": "harmonic", "floor": 4.0})
        result = score(study_)
        assert result.composite.tolist() == pytest.approx([2 / (1 / 4 + 1 / 50)])
        shares = result.contribution[0, :2] / result.composite.iloc[0]
        assert shares.tolist() == pytest.approx([0.25 / 0.27, 0.02 / 0.27])

    def test_a_level_alone_is_asked_for(self):
        result = score(scored_study(tree_specs([[None, None], None]), [[10, 20, 30]]))
        assert result.to_wide("level1").columns.tolist() == ["d1"]
        assert result.to_wide("indicator").columns.tolist() == ["i0", "i1", "i2"]

    def test_it_says_where_intervals_are_to_be_had(self, sound):
        for more, said in (({}, "no uncertainty is declared."), ({"weights": "simplex"}, "gives intervals.")):
            text = repr(score(sound.replace(uncertainty=more)))
            assert any(line.startswith("Bounds alone; ") and line.endswith(said) for line in text.splitlines())


class TestGaps:
    def test_a_node_without_a_score_is_missing_and_says_why(self):
        told = str(score(scored_study(tree_specs([None, None]), [[20, None]])).explain())
        assert "[i1]: missing\n    missing: no observation of 'v1'" in told


class TestDepth:
    def test_a_part_of_the_tree_begins_at_the_edge(self):
        result = score(scored_study(tree_specs([[None, None], None]), [[10, 20, 30]]))
        whole, part = (str(result.explain(node=node)).splitlines() for node in (None, "d1"))
        (inside,) = [line for line in whole if "[d1]" in line]
        (first,) = [line for line in part if "[d1]" in line]
        assert first == inside.strip() != inside


class TestRungs:
    def test_each_fact_says_its_rung(self):
        rungs = [{"variable": name, "title": f"has {name}", "at_least": 0.5} for name in ("v0", "v1")]
        it = indicator({"kind": "ladder", "rungs": rungs}, unit="rungs:2", high=2.0)
        specs = framework({"it": it}, {"v0": variable(), "v1": variable()})
        told = str(score(study(specs, [{"variable": "v0", "value": 0.9}, {"variable": "v1", "value": 0.2}])).explain())
        assert "rung 1 of 2 (has v0), met" in told
        assert "rung 2 of 2 (has v1), not met" in told

    @pytest.mark.parametrize(("value", "met"), [(5, "met"), (4, "not met"), (0, "not met")])
    def test_a_rung_is_met_from_its_number_on(self, value, met):
        rungs = [{"variable": "v", "title": "some", "at_least": 5 if value else 1}]
        it = indicator({"kind": "ladder", "rungs": rungs}, unit="rungs:1")
        specs = framework({"it": it}, {"v": variable("count", "count:visit")})
        told = str(score(study(specs, [{"variable": "v", "value": value}])).explain())
        assert f"rung 1 of 1 (some), {met}," in told


class TestUndated:
    def test_what_is_imputed_rests_on_no_fact(self):
        specs = framework({"x": indicator("v"), "y": indicator("w")}, {"v": variable(), "w": variable()})
        facts = [("A>B", "v", 0.5, "2001"), ("A>B", "w", 0.5, None), ("A>C", "w", 0.5, "2001")]
        rows = [
            {"case": case, "variable": name, "value": value, **({"start": year, "end": year} if year else {})}
            for case, name, value, year in facts
        ]
        result = score(study(specs, rows, cases=("A>B", "A>C"), methodology={"impute": "mean"}))
        assert result.contribution.tolist() == [[25, 25, 50]] * 2
        assert result.undated()[["points", "points_in_part"]].to_numpy().tolist() == [[25, 0], [0, 0]]


class TestOrder:
    def test_an_overlap_further_down_leaves_the_order_open(self):
        exact, wide = (90, 90, 90), (20, 30, 50)
        apart = scored_study(tree_specs([None] * 3), [[exact, (40, 60, 60), (20, 30, 30)]])
        open_ = scored_study(tree_specs([None] * 3), [[exact, (40, 60, 60), wide]])
        assert not any("do not settle the order" in note for note in score(apart).notes)
        assert any("do not settle the order" in note for note in score(open_).notes)

    def test_the_order_is_that_of_the_first_level(self):
        # Inside d1 the order is open, and above it is not.
        inside = scored_study(tree_specs([[None, None], None]), [[(10, 20, 30), (10, 20, 30), (80, 80, 80)]])
        assert not any("do not settle the order" in note for note in score(inside).notes)
        above = scored_study(tree_specs([[None, None], None]), [[(10, 20, 90), (95, 95, 99), (60, 60, 60)]])
        assert any("do not settle the order" in note for note in score(above).notes)

    def test_an_order_with_a_gap_is_not_told(self):
        gappy_ = scored_study(tree_specs([None] * 3), [[(40, 60, 60), (20, 30, 50), None]])
        assert not any("do not settle the order" in note for note in score(gappy_).notes)


class TestTies:
    """A step is a thousand-millionth of how wide the scale is; of an open one, of the largest score, and at least 1."""

    @pytest.mark.parametrize(
        ("scores", "scale", "steps"),
        [
            ([1.0, 100.0], (1.0, 100.0), [1e9 / 99, 1e11 / 99]),
            ([-8.0, 4.0, math.nan], None, [-1e9, 5e8, math.nan]),
            ([0.25, math.nan], None, [2.5e8, math.nan]),
            ([math.nan], None, [math.nan]),
        ],
    )
    def test_scores_in_steps(self, scores, scale, steps):
        assert in_steps(np.array(scores), scale).tolist() == pytest.approx(steps, abs=1, nan_ok=True)


def test_of_zeros_at_several_nodes_twenty_are_named_and_the_others_counted():
    shape, cells = tree_specs([[None, None], [None, None]]), [[0, 50, 0, 50]] * 15
    with pytest.raises(MethodError) as caught:
        score(scored_study(shape, cells, methodology={"aggregate": "geometric"}))
    faults = caught.value.faults
    assert len(faults) == 21
    # Fifteen cells of each of four: two indicators, and the two dimensions that are zero for them.
    assert faults[-1].what == "40 more scores are not positive"


def test_weights_of_a_method_are_numbers():
    for given in ("many", ["a", "b"], object(), [[1], [1, 2]], 1.0, np.ma.ones(2), np.array([1, None])):
        method = Method("weights", "words", lambda given=given: given)
        with pytest.raises(MethodError, match=r"it returned an? .+\. It must return .+ of shape \(2,\)"):
            amounts(method, ((2,),))
    with pytest.raises(MethodError, match=r"it returned an array of float64 of shape \(3,\)"):
        amounts(Method("weights", "wrong", lambda: np.ones(3)), ((2,),))
    for wrong in (np.array([1.0, -1.0]), np.array([1.0, np.inf])):
        method = Method("weights", "wrong", lambda wrong=wrong: wrong)
        with pytest.raises(MethodError, match="It must return finite numbers from zero up"):
            amounts(method, ((2,),))

"""The Kazakhstan profile: nothing the article reports is left out, and what is said of its scores is computed."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest

import softpower
from softpower.present.table import score_table

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "kazakhstan"
FOLDER = ROOT / "examples" / "kazakhstan"
SOURCES = ("culture", "political_values", "foreign_policy")


@pytest.fixture(scope="module")
def profile() -> softpower.Profile:
    return softpower.load_profile("kazakhstan")


@pytest.fixture(scope="module")
def result(profile: softpower.Profile) -> softpower.Result:
    return softpower.score(profile)


REPORTED = {
    "TEMPUS": "TEMPUS",
    "Erasmus Mundus": "Erasmus Mundus",
    "Erasmus+": r"Erasmus\+",
    "Bolashak": "Bolashak",
    "Bologna": "Bologna",
    "the visa regime": "visa",
    "no answer to the visa step": "without having seen a clear answer",
    "trade": "of all Kazakh trade",
    "exports": "Kazakh exports",
    "investment": "investor",
    "stock of investment": "61.5",
    "diplomatic ties of 1993": "Diplomatic relations.*1993",
    "the first agreement": r"\(PCA\)",
    "the enhanced agreement": r"\(EPCA\)",
    "Path to Europe": "Path to Europe",
    "EUNIC": "EUNIC",
    "cultural institutes": "Goethe-Institut",
    "TACIS": "TACIS",
    "CADAP": "CADAP",
    "BOMCA": "BOMCA",
    "EIDHR": "EIDHR",
    "the Special Representative": "Special Representative",
    "the strategy of 2007": r"Strategy for a New Partnership \(2007-2013\)",
    "the strategy of 2019": "Strategy for Central Asia.*2019",
    "Global Gateway": "Global Gateway",
    "the programme 2021-2027": "2021-2027",
    "visits to Brussels": "visited Brussels",
    "visits to Kazakhstan": "visited Kazakhstan",
    "the OSCE chair": "OSCE",
    "SWITCH-Asia": "SWITCH-Asia",
    "the dialogue on Afghanistan": "Afghanistan",
    "carbon neutrality": "carbon neutrality",
    "the reforms of 2022": "reforms of 2022",
    "the referendum": "referendum",
    "tension over governance": "tension",
    "criticism of democracy": "raising concern",
    "economy before politics": "rather than in politics",
    "divergence": "diverge",
    "no unified foreign policy": "lack of one foreign policy",
    "money that went to Russia": "went to Russia",
    "limits of the document of 2002": "limitations",
    "pressure": "political pressure",
}


class TestNothingIsLeftOut:
    @pytest.mark.parametrize("name", REPORTED)
    def test_what_the_article_reports_has_an_observation(self, profile: softpower.Profile, name: str) -> None:
        pattern = re.compile(REPORTED[name])
        assert any(pattern.search(one.statement or "") for one in profile.observations)

    def test_every_fact_found_in_the_article_is_a_row_with_its_use(self, profile: softpower.Profile) -> None:
        if not SHARED.is_dir():
            pytest.skip("the list of facts stands beside the project, and is not here")
        with (SHARED / "facts.csv").open(encoding="utf-8", newline="") as file:
            facts = Counter(row["id"] for row in csv.DictReader(file))
        wanted = set(facts) | {f"{name}b" for name, count in facts.items() if count == 2}
        assert wanted <= {one.id for one in profile.observations}
        assert sum(facts.values()) == 240

    def test_figures_agree_with_the_list_of_facts(self, profile: softpower.Profile) -> None:
        """Counts, amounts and shares are transcribed; only judgements follow a lexicon of our own."""
        if not SHARED.is_dir():
            pytest.skip("the list of facts stands beside the project, and is not here")
        with (SHARED / "facts.csv").open(encoding="utf-8", newline="") as file:
            facts = {row["id"]: row for row in csv.DictReader(file)}
        kinds = {"amount", "count", "coder_count", "share"}
        compared = 0
        for one in profile.observations:
            fact = facts.get(one.id)
            if fact is not None and fact["obs_kind"] in kinds and fact["value"] and one.value is not None:
                assert one.value == float(fact["value"]), one.id
                compared += 1
        assert compared > 60

    def test_every_row_that_feeds_no_score_says_why(self, profile: softpower.Profile) -> None:
        idle = [one for one in profile.observations if one.use not in {"scored", "denominator"}]
        assert len(idle) > 100
        assert all(one.reason for one in idle)

    def test_every_row_that_can_feed_a_score_feeds_an_indicator(self, profile: softpower.Profile) -> None:
        measures = [measure for one in profile.framework.indicators.values() for measure in one.measures]
        used = {term for measure in measures for term in measure.terms}
        assert [one.id for one in profile.observations if one.variable and one.variable not in used] == []

    def test_every_row_has_its_place_in_the_article(self, profile: softpower.Profile) -> None:
        assert [one.id for one in profile.observations if not (one.statement and one.section and one.paragraph)] == []

    def test_sources_hold_what_is_cited_and_the_three_interviews(self, profile: softpower.Profile) -> None:
        assert {"interview_1", "interview_2", "interview_3"} <= set(profile.sources)
        footnotes = {one.footnote for one in profile.observations if one.variable and one.footnote}
        known = {number for source in profile.sources.values() for number in source.footnotes}
        assert footnotes <= known


class TestTheFramework:
    def test_each_source_has_enough_base_indicators_of_both_modes(self, profile: softpower.Profile) -> None:
        framework = profile.framework
        for source, least in zip(SOURCES, (10, 8, 10), strict=True):
            mine = [one for name, one in profile.indicators.items() if source in framework.path(name)]
            assert len(mine) >= least
            assert {one.mode for one in mine} == {"active", "passive"}

    def test_a_reception_judgement_stands_in_each_source(self, profile: softpower.Profile) -> None:
        for name in ("reception_of_culture", "reception_of_values", "reception_of_foreign_policy"):
            assert profile.indicators[name].mode == "passive"

    def test_no_title_or_question_names_a_country(self, profile: softpower.Profile) -> None:
        named = re.compile(r"\bEU\b|European Union|Kazakh|Brussels|Central Asia")
        texts = {name: f"{one.title} {one.question}" for name, one in profile.framework.indicators.items()}
        assert [name for name, text in texts.items() if named.search(text)] == []

    def test_weak_indicators_say_why(self, profile: softpower.Profile) -> None:
        weak = [one for one in profile.framework.indicators.values() if one.quality in "CD" or "ceiling" in one.tags]
        assert len(weak) > 10
        assert all(len(one.quality_reason) > 30 for one in weak)

    def test_base_indicators_weigh_the_same_inside_a_source(self, result: softpower.Result) -> None:
        weights = result.to_frame(level="indicator")["effective_weight"]
        assert weights.to_numpy() == pytest.approx(1 / 30, abs=1e-12)

    def test_at_most_two_base_indicators_measure_how_long(self, profile: softpower.Profile) -> None:
        assert sum("duration" in one.tags for one in profile.indicators.values()) <= 2


class TestScores:
    """Worked by hand from the article's figures."""

    BY_HAND: ClassVar = {
        "cultural_network_breadth": (100 * 5 / 28, 100 * 4 / 27, 100 * 5 / 28),
        "capacity_building_money_share": (100 * 0.26 / 0.4, 100 * 0.255 / 0.4, 100 * 0.30 / 0.4),
        "mobility_money_share": (75.0, 75.0, 100.0),
        "capacity_building_participation": (100 * 53 / 79,) * 3,
        # 1 January 1994 to 31 December 2022 are 29 of 32 years: 10,592 of 11,688 days; at worst all of 1994 but a day.
        "education_programme_continuity": (100 * 10592 / 11688, 100 * (10592 - 364) / 11688, 100 * 10592 / 11688),
        "non_academic_partners": (100 * 48 / 94,) * 3,
        "visa_openness": (100.0, 100 * 9 / 27, 100.0),
        "visa_reciprocity": (0.0, 0.0, 50.0),
        "education_alignment": (100 * 2 / 3, 100 * 2 / 3, 100.0),
        # Judgements on -2..2: 25 points a step. (1 + 2 + 1 + 1) / 4 = 1.25; bounds (0, 2) each.
        "reception_of_culture": (81.25, 50.0, 100.0),
        # (-2 - 1 - 1) / 3; bounds (-2, -1), (-2, 0), (-2, 0).
        "governance_tension": (100 * (2 - 4 / 3) / 4, 0.0, 100 * (2 - 1 / 3) / 4),
        "criticism_of_governance": (25.0, 0.0, 75.0),
        "legal_ties": (75.0, 75.0, 75.0),
        "cooperation_breadth": (80.0, 80.0, 85.0),
        "trade_share": (29.4, 29.35, 29.45),
        "outbound_visits": (100 * 10 / 32,) * 3,
        "inbound_visits": (100 * 3 / 32, 100 * 3 / 32, 100 * 4 / 32),
    }

    @pytest.mark.parametrize("name", BY_HAND)
    def test_an_indicator_scores_what_its_facts_say(self, result: softpower.Result, name: str) -> None:
        row = result.to_frame().loc[("EU>KAZ", name)]
        assert (row["score"], row["low"], row["high"]) == pytest.approx(self.BY_HAND[name], abs=1e-9)

    def test_every_base_indicator_is_observed(self, result: softpower.Result) -> None:
        assert result.reasons == {}
        assert result.coverage.min() == 1.0

    def test_every_number_leads_to_a_place_in_the_article(self, result: softpower.Result) -> None:
        facts = result.explain().to_frame()
        assert set(facts.index.get_level_values("indicator")) == set(result.profile.indicators)
        assert facts["section"].notna().all()
        assert facts["paragraph"].notna().all()

    def test_the_extended_set_scores_too(self, profile: softpower.Profile) -> None:
        extended = softpower.score(profile.replace(sets=("base", "extended")))
        assert extended.reasons == {}
        assert len(extended.to_frame(level="indicator")) == len(profile.framework.indicators)


@pytest.fixture(scope="module")
def table(profile: softpower.Profile) -> pd.DataFrame:
    return softpower.score_scenarios(profile).droplevel("case")


@pytest.fixture(scope="module")
def computed(table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Composite and sources of each scenario, as they are printed."""
    return {str(name): tuple(f"{row[node]:.1f}" for node in ("soft_power", *SOURCES)) for name, row in table.iterrows()}


WITHOUT_INTERVIEW_3 = {"reception_of_culture", "criticism_of_governance", "reform_steps"}


class TestScenarios:
    """Figures worked by hand from the scores of indicators; ten base indicators in each source weigh a tenth each."""

    def scores(self, result: softpower.Result, source: str) -> dict[str, float]:
        frame = result.to_frame(level="indicator").droplevel("case")
        framework = result.profile.framework
        return {str(name): one for name, one in frame["score"].items() if source in framework.path(str(name))}

    def test_every_scenario_says_why(self, profile: softpower.Profile) -> None:
        assert len(profile.scenarios) > 20
        assert [name for name, one in profile.scenarios.items() if len(one.reason or "") < 40] == []

    def test_reasons_name_facts_that_there_are(self, profile: softpower.Profile) -> None:
        named = {
            id_ for one in profile.scenarios.values() for id_ in re.findall(r"\b[A-Z]{3}-\d+\w?", one.reason or "")
        }
        assert len(named) > 15
        assert named <= {one.id for one in profile.observations}
        mine = [one.id for one in profile.observations if one.source == "interview_2" and one.variable]
        assert f"({', '.join(mine)})" in (profile.scenarios["no_interview_2"].reason or "")

    def test_the_front_page_counts_them(self, profile: softpower.Profile) -> None:
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        assert f"`kazakhstan` has {len(profile.scenarios)} of its own" in text

    def test_every_scenario_scores_and_all_but_one_change_something(self, table: pd.DataFrame) -> None:
        assert table["reason"].eq("").all()
        counts = ["soft_power", *SOURCES, "coverage", "indicators", "observations"]
        same = table[counts].eq(table.loc["declared", counts]).all(axis=1)
        assert list(table.index[same]) == ["declared", "no_interview_2"]

    def test_without_trade_foreign_policy_is_the_mean_of_the_other_nine(
        self, result: softpower.Result, table: pd.DataFrame
    ) -> None:
        mine = self.scores(result, "foreign_policy")
        others = [score for name, score in mine.items() if name != "trade_share"]
        assert len(others) == 9
        assert table.loc["no_trade", "foreign_policy"] == pytest.approx(sum(others) / 9, abs=1e-9)
        assert table.loc["no_trade", "culture"] == table.loc["declared", "culture"]

    def test_the_list_of_visa_free_countries_takes_two_thirds_of_a_tenth_away(self, table: pd.DataFrame) -> None:
        # 9 of 27 members and not 27: 33.3 points and not 100, a tenth of culture.
        less = table.loc["declared", "culture"] - table.loc["visa_list", "culture"]
        assert less == pytest.approx(200 / 3 / 10, abs=1e-9)

    def test_culture_first_weighs_it_like_the_others_together(self, table: pd.DataFrame) -> None:
        culture, values, policy = table.loc["declared", list(SOURCES)]
        assert table.loc["culture_first", "soft_power"] == pytest.approx((2 * culture + values + policy) / 4, abs=1e-9)

    def test_economics_first_weighs_trade_as_half_of_foreign_policy(
        self, result: softpower.Result, table: pd.DataFrame
    ) -> None:
        mine = self.scores(result, "foreign_policy")
        others = (sum(mine.values()) - 29.4) / 9
        assert table.loc["economics_first", "foreign_policy"] == pytest.approx((29.4 + others) / 2, abs=1e-9)

    def test_space_in_the_text_weighs_by_words(self, table: pd.DataFrame) -> None:
        culture, values, policy = table.loc["declared", list(SOURCES)]
        by_words = (1798 * culture + 969 * values + 669 * policy) / (1798 + 969 + 669)
        assert table.loc["text_space", "soft_power"] == pytest.approx(by_words, abs=1e-9)

    def test_association_as_a_rung_makes_three_of_five(self, table: pd.DataFrame) -> None:
        # 75 points become 60, a tenth of foreign policy, a third of the composite.
        assert table.loc["legal_ties.with_association", "difference"] == pytest.approx(-15 / 30, abs=1e-9)

    def test_without_interview_3_three_indicators_are_missing_and_one_keeps_one_fact(
        self, profile: softpower.Profile
    ) -> None:
        result = softpower.score(profile, scenario="no_interview_3")
        assert {node for _, node in result.reasons} == WITHOUT_INTERVIEW_3
        assert result.feeds["EU>KAZ", "governance_tension"] == ("POL-07",)
        assert result.coverage[0, -1] == pytest.approx(27 / 30)

    def test_no_fact_is_later_than_2022_where_none_should_be(self, profile: softpower.Profile) -> None:
        left = {one.id for one in profile.scenarios["until_2022"].apply(profile).observations if one.variable}
        gone = {one.id for one in profile.observations if one.variable} - left
        assert gone == {"FOR-16"}

    def test_fewer_rungs_leave_what_is_met_of_what_is_left(self, profile: softpower.Profile) -> None:
        scores = softpower.score(profile, scenario="fewer_rungs").to_frame().loc["EU>KAZ", "score"]
        by_hand = {
            "reform_steps": 200 / 3,  # announced and put to a vote, not carried out
            "education_alignment": 100.0,  # law and area
            "multilateral_engagement": 200 / 3,  # bodies and the dialogue, no membership
            "values_mandate": 200 / 3,  # mandate and condition, no projects
            "environmental_commitment": 200 / 3,  # goal and support, no results
        }
        assert {name: scores[name] for name in by_hand} == pytest.approx(by_hand)

    def test_placement_follows_the_section_in_which_the_facts_stand(self, profile: softpower.Profile) -> None:
        """An indicator is printed where more than half of its facts are; introduction and conclusion are no place."""
        printed = {
            "Culture": "culture",
            "TEMPUS/ERASMUS+": "culture",
            "TACIS": "political_values",
            "CADAP, BOMCA": "political_values",
            "Key Aspects": "engagement",
            "Political Values": "political_values",
            "Foreign Policies": "foreign_policy",
        }
        sections = {one.id: (one.section or "").rpartition(": ")[2] for one in profile.observations}
        whole = softpower.score(profile, scenario="extended")
        scenario = profile.scenarios["as_printed"]
        assert scenario.exclude is not None
        framework = scenario.apply(profile).framework
        checked = 0
        for (_, name), ids in whole.feeds.items():
            count = Counter(printed.get(sections[one], "none") for one in ids)
            place, most = count.most_common(1)[0]
            if place == "none" or most * 2 <= len(ids) or name == "coherence":
                continue
            checked += 1
            if place == "engagement":
                assert name in scenario.exclude.nodes, name
            else:
                assert place in framework.path(name), name
        assert checked > 30

    def test_a_moved_indicator_still_weighs_like_its_new_siblings(self, profile: softpower.Profile) -> None:
        frame = softpower.score(profile, scenario="as_printed_engagement").to_frame(level="indicator").droplevel("case")
        assert frame.loc["environmental_commitment", "effective_weight"] == pytest.approx(1 / 33)
        assert frame.loc["legal_ties", "effective_weight"] == pytest.approx(1 / 33)
        assert frame.loc["values_mandate", "effective_weight"] == pytest.approx(1 / 27)


class TestWhatIsSaidOfTheScores:
    def test_the_tables_of_scenarios_in_the_readme_are_computed(
        self, profile: softpower.Profile, table: pd.DataFrame, computed: dict[str, tuple[str, ...]]
    ) -> None:
        text = (FOLDER / "README.md").read_text(encoding="utf-8")
        for name, scores in computed.items():
            title = f"{table.loc[name, 'title']} | ".lower() if name in {"declared", *profile.scenarios} else ""
            row = f"| `{name}` | {title}{' | '.join(scores)} | {table.loc[name, 'coverage']:.0%} |"
            assert row.lower() in text.lower(), row

    def test_the_figures_below_the_tables_are_computed(self, computed: dict[str, tuple[str, ...]]) -> None:
        text = (FOLDER / "README.md").read_text(encoding="utf-8").partition("What follows from it:")[2]
        text = text.partition("## What survives")[0]
        figures = {figure for scores in computed.values() for figure in scores}
        printed = set(re.findall(r"\b\d\d\.\d\b", text)) - {"29.2", "80.0"}
        assert len(printed) >= 6
        assert printed <= figures

    def test_what_stays_weighs_the_same_inside_its_source(self, profile: softpower.Profile) -> None:
        for name in (
            "no_trade_no_aid",
            "active",
            "passive",
            "quality_ab",
            "no_judgements",
            "no_receptions",
            "extended",
        ):
            result = softpower.score(profile, scenario=name)
            weights = result.to_frame(level="indicator")["effective_weight"].droplevel("case")
            for source in SOURCES:
                mine = weights[[source in profile.framework.path(str(node)) for node in weights.index]]
                assert mine.to_numpy() == pytest.approx(1 / 3 / len(mine), abs=1e-12)

    def test_the_figures_in_the_caveats_are_computed(
        self, profile: softpower.Profile, result: softpower.Result, computed: dict[str, tuple[str, ...]]
    ) -> None:
        figures = {figure for scores in computed.values() for figure in scores}
        frame = result.to_frame().droplevel("case")
        figures |= {f"{frame.loc[node, end]:.1f}" for node in ("soft_power", *SOURCES) for end in ("low", "high")}
        printed = re.findall(r"\d+\.\d", " ".join(profile.caveats))
        assert len(printed) >= 8
        assert set(printed) <= figures

    def test_the_caveats_say_what_moves_the_order(self, computed: dict[str, tuple[str, ...]]) -> None:
        def order(name: str) -> list[str]:
            scores = dict(zip(SOURCES, map(float, computed[name][1:]), strict=True))
            return sorted(SOURCES, key=scores.__getitem__, reverse=True)

        assert order("declared")[0] == "foreign_policy"
        assert order("quality_ab")[0] == "culture"
        assert order("no_judgements")[-1] == "foreign_policy"
        assert order("visa_list")[-1] == "culture"
        assert order("no_visa_step")[0] == "culture"

    def test_the_facts_under_political_values_are_counted(
        self, profile: softpower.Profile, result: softpower.Result
    ) -> None:
        mine = result.explain(node="political_values").to_frame().reset_index().drop_duplicates("observation")
        interview = (mine["source"] == "interview_3").sum()
        assert f"{interview} of the {len(mine)} facts under them" in " ".join(profile.caveats)

    def test_polarity_counts_of_the_readme_are_those_of_the_facts(self, profile: softpower.Profile) -> None:
        facts = [one for one in profile.observations if "derived" not in one.flags]
        count = Counter(one.polarity for one in facts)
        assert len(facts) == 240
        text = (FOLDER / "README.md").read_text(encoding="utf-8") + " ".join(profile.caveats)
        assert f"{count['raises']} of 240" in text

    def test_the_front_page_shows_what_the_command_prints(self, result: softpower.Result) -> None:
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        assert score_table(result, drawn=softpower.uncertainty_analysis(result.profile)) in text


def test_the_front_page_explains_as_the_command_does(result: softpower.Result) -> None:
    assert str(result.explain(node="visa_openness")) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_profile_file_names_what_it_uses() -> None:
    with (FOLDER / "profile.toml").open("rb") as file:
        head = tomllib.load(file)
    assert head["framework"] == "nye"
    assert head["window"] == {"start": 1991, "end": 2022}
    assert head["methodology"]["floor"] == 1.0


def unit_names(profile: softpower.Profile) -> Iterable[str]:
    return (one.unit for one in profile.framework.variables.values())


def test_currencies_are_kept_apart(profile: softpower.Profile) -> None:
    assert {name.split()[0] for name in unit_names(profile)} >= {"EUR", "USD"}
    usd = next(one for one in profile.observations if one.id == "ENG-30")
    clash = usd.replace(variable="regional_programme_money", scope="regional", case="EU>*", id="X-1")
    with pytest.raises(softpower.SpecificationError) as caught:
        profile.replace(observations=(*profile.observations, clash))
    assert "'X-1' is in USD billion" in str(caught.value)
    assert "'TAC-06'" in str(caught.value)


def test_the_readme_says_which_claims_survive() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    drawn = softpower.uncertainty_analysis("kazakhstan")
    claims = drawn.claims()
    shares = re.findall(r"^\| [^|]+ \| (\d+) %[^|]*\|", text.split("## What survives")[1], re.MULTILINE)
    assert [int(share) for share in shares] == [round(100 * share) for share in claims["share"]]
    composite = drawn.to_frame("composite").iloc[0]
    assert f"between {composite['low']:.1f} and {composite['high']:.1f} in 90 %" in text
    assert claims["verdict"].tolist() == ["open", "open", "robust", "leans to no"]

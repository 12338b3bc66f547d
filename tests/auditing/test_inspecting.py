"""Audits: each check once silent and once not, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

import softpower as sp
from softpower.auditing.findings import SEVERITIES, Finding, Thresholds
from softpower.auditing.inspecting import CHECKS, Audit, audit
from softpower.model.profile import Profile

CASES = [f"C{place:02}" for place in range(30)]


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=30)


def table(**columns: Any) -> Profile:
    """Thirty cases whose indicators vary together without being the same, and columns that take their place."""
    made = {name: 50 + 10 * (noise(1) + 0.7 * noise(seed)) for seed, name in enumerate("abc", 2)}
    return sp.from_frame(pd.DataFrame(made | columns, CASES))


def tree(indicators: Mapping[str, Mapping[str, Any]], dimensions: Mapping[str, Any] | None = None) -> Profile:
    """Thirty cases under a tree of one's own."""
    framework = sp.Framework.from_dict(
        {
            "dimensions": {"all": {"title": "All"}, **(dimensions or {})},
            "indicators": {name: {"title": name, "dimension": "all", **one} for name, one in indicators.items()},
        }
    )
    values = pd.DataFrame(
        np.column_stack([50 + 10 * noise(10 + place) for place in range(len(indicators))]), CASES, list(indicators)
    )
    return sp.from_frame(values, framework)


def found(profile: Any, check: str, **given: Any) -> list[Finding]:
    return [one for one in audit(profile, **given).findings if one.check == check]


def doubled(sound: Profile) -> Profile:
    """The sound study with an indicator that rests on the facts of another."""
    framework = sound.framework
    twin = framework.indicators["visit_rate"].replace(title="Visits again", dimension="help")
    return sound.replace(framework=framework.replace(indicators={**framework.indicators, "visits_again": twin}))


def facts(sound: Profile, ids: str, **changes: Any) -> Profile:
    """The sound study with some facts changed."""
    rows = [one.replace(**changes) if one.id.startswith(ids) else one for one in sound.observations]
    return sound.replace(observations=rows)


def told_twice(sound: Profile) -> Profile:
    again = next(one for one in sound.observations if one.id == "O-visit-1").replace(id="O-again")
    return sound.replace(observations=[*sound.observations, again])


def coded(sound: Profile, *codes: int) -> Profile:
    """The sound study with the mood of several places, each coded by two people."""
    rows = [one for one in sound.observations if one.id != "O-mood"]
    mood = next(one for one in sound.observations if one.id == "O-mood")
    for place, code in enumerate(codes):
        for who, value in (("Ann", (-2, 0, 2, 1)[place % 4]), ("Ben", code)):
            known = {"low": value, "high": value, "value": value, "coder": who, "paragraph": place + 1}
            rows.append(mood.replace(id=f"O-mood-{place}-{who}", **known))
    return sound.replace(observations=rows)


LINE = np.arange(30.0)
SPEAKS: Mapping[str, Callable[[Profile], Any]] = {
    "balance": lambda _: tree(
        {"a": {"dimension": "one"}, **{name: {"dimension": "two"} for name in "bcd"}},
        {"one": {"title": "One", "parent": "all"}, "two": {"title": "Two", "parent": "all"}},
    ),
    "dominance": lambda _: tree({"a": {"weight": 20}, **{name: {} for name in "bcdef"}}),
    "weightless": lambda _: tree({"a": {"weight": 0}, "b": {}, "c": {}}),
    "overlaps": lambda sound: sound,
    "shared_facts": doubled,
    "roles": lambda sound: sound,
    "directions": lambda _: tree({"a": {"better": "lower"}, "b": {}}),
    "availability": lambda _: table(a=[np.nan] * 20 + [1.0, 2] * 5),
    "coverage": lambda _: table(a=[np.nan, *LINE[1:]], b=[np.nan, *LINE[:0:-1]]),
    "zeros": lambda _: table(a=[0.0] * 20 + [1.0] * 10),
    "duplicates": told_twice,
    "stale": lambda sound: sound.replace(window={"start": 2000, "end": 2039}),
    "outliers": lambda _: table(a=[1000.0, *LINE[1:]]),
    "wide_bounds": lambda sound: facts(sound, "O-share", high=100, low=10, value=70),
    "beyond_goalposts": lambda sound: facts(sound, "O-trade", value=1000.0),
    "ceilings": lambda sound: facts(sound, "O-trade", value=1000.0),
    "weak_data": lambda _: table(),
    "one_source": lambda sound: sound,
    "unfooted": lambda sound: sound,
    "positives": lambda sound: facts(sound, "O-", polarity="raises"),
    "correlation": lambda _: table(a=LINE, b=LINE + noise(21)),
    "size": lambda _: sized(),
    "reliability": lambda _: tree({name: {} for name in "abc"}),
    "dimensionality": lambda _: tree({name: {} for name in "abcdef"}),
    "adequacy": lambda _: tree({name: {} for name in "abcd"}),
    "inflation": lambda _: table(a=LINE, b=LINE**2, c=LINE + LINE**2 / 20 + noise(22) / 10),
    "influence": lambda _: table(a=LINE, b=noise(23), c=LINE + noise(24)),
    "rank_robustness": lambda _: table().replace(uncertainty={"weights": "simplex"}),
    "judged": lambda sound: sound,
    "coders": lambda sound: coded(sound, 2, -2, 0, 2),
}
SILENT: Mapping[str, Callable[[Profile], Any]] = {
    **dict.fromkeys((one.name for one in CHECKS if one.needs != "observations"), lambda _: table()),
    "weak_data": lambda _: tree({name: {"quality": "A"} for name in "ab"}),
    "one_source": lambda _: table(**{f"{name}:source": f"Yearbook {name}" for name in "abc"}),
    "size": lambda _: sized(divided=True),
    "rank_robustness": lambda _: table(a=LINE, b=LINE + noise(25) / 9, c=LINE + noise(26) / 9).replace(
        uncertainty={"weights": "simplex"}
    ),
    "shared_facts": lambda sound: sound,
    "stale": lambda sound: sound.without("mood_mean", "ties"),
    "unfooted": lambda sound: facts(sound, "O-", footnote=1),
    "positives": lambda sound: facts(facts(sound, "O-", polarity="raises"), "O-h", polarity="lowers"),
    "judged": lambda sound: sound.without("mood_mean"),
    "coders": lambda sound: coded(sound, -2, 0, 2, 1),
}


def sized(*, divided: bool = False) -> Profile:
    """A table with the population beside what grows with it, divided by it or not."""
    people = np.exp(noise(27))
    by = {"denominator": {"variable": "people"}}
    framework = sp.Framework.from_dict(
        {
            "dimensions": {"all": {"title": "All"}},
            "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
            "indicators": {
                "a": {"title": "Amount", "dimension": "all", **(by if divided else {})},
                "b": {"title": "Rate", "dimension": "all", **by},
            },
        }
    )
    values = {"a": people * (1 + abs(noise(41)) / 9), "b": people * abs(noise(42)), "people": people}
    return sp.from_frame(pd.DataFrame(values, CASES), framework)


NAMES = [one.name for one in CHECKS]


@pytest.mark.parametrize("name", NAMES)
def test_every_check_speaks_where_it_should(name: str, sound: Profile) -> None:
    told = [one for one in found(SPEAKS[name](sound), name) if one.severity != "undefined"]
    assert told
    for one in told:
        assert one.what.endswith(".")
        assert one.mend.endswith(".")
        assert one.reference
        assert len(one.what) > 20


@pytest.mark.parametrize("name", NAMES)
def test_every_check_is_silent_where_it_should(name: str, sound: Profile) -> None:
    assert found(SILENT[name](sound), name) == []


def test_every_check_is_tried_both_ways() -> None:
    assert list(SPEAKS) == NAMES
    assert set(SILENT) == set(NAMES)


class TestNumbers:
    """What stands in a finding, worked by hand."""

    def test_balance(self) -> None:
        (one,) = found(SPEAKS["balance"](None), "balance")  # type: ignore[arg-type]
        assert (one.number, one.threshold, one.severity, one.where) == (3.0, 2.0, "warning", ("two", "one"))
        assert one.what == "Two has 3 indicators, One 1: under All they are 3 times as many."

    def test_dominance(self) -> None:
        among, alone = found(SPEAKS["dominance"](None), "dominance")  # type: ignore[arg-type]
        # 20 of 25, six times a sixth of which is 4.8.
        assert among.number == alone.number == pytest.approx(4.8)
        assert among.what == "a weighs 80% of All, which has 6 parts."

    def test_coverage(self) -> None:
        (one,) = found(SPEAKS["coverage"](None), "coverage")  # type: ignore[arg-type]
        assert (one.severity, one.number, one.where) == ("serious", pytest.approx(1 / 3), ("C00",))

    def test_stale(self, sound: Profile) -> None:
        told = found(sound.replace(window={"start": 2000, "end": 2039}), "stale")
        ages = {one.where[0]: one.number for one in told if one.severity == "warning"}
        # The last visits are of 2005, so the end of 2039 is 34 years later; an office that is open is not old.
        assert ages["visit_rate"] == pytest.approx(34, abs=0.01)
        assert "presence" not in ages

    def test_positives(self, sound: Profile) -> None:
        rows = sound.observations
        signed = ["raises"] * 8 + ["lowers"] * 1 + ["neutral"] * 4
        told = [one.replace(polarity=sign) for one, sign in zip(rows, signed, strict=True)]
        (one,) = found(sound.replace(observations=told), "positives")
        assert one.number == pytest.approx(8 / 9)
        assert one.what == "Of 9 observations that raise or lower, 8 raise (89%): good news may have been sought."

    def test_share_of_a_source(self, sound: Profile) -> None:
        result = sp.score(sound)
        share = audit(result).tables["sources"]["share"]
        frame = result.to_frame().loc["A>B"]
        rests = {"talk": ["mood_mean", "health_share"]}
        # One reading of the help is from the talk: its indicator rests on it in part.
        expected = frame.loc[rests["talk"], "contribution"].sum() / result.composite.iloc[0]
        assert share["talk"] == pytest.approx(expected)

    def test_a_source_is_as_large_as_the_weight_of_what_rests_on_it_where_no_contribution_is(self) -> None:
        values = {"a": [1.0, 2, 3], "b": [3.0, 1, 2], "c": [2.0, 3, 1]}
        frame = pd.DataFrame({**values, "a:source": "Yearbook", "b:source": "Survey"}, list("ABC"))
        told = audit(frame, methodology={"aggregate": "copeland", "weights": {"a": 2.0}})
        assert told.result.to_frame()["contribution"].xs("a", level="node").isna().all()
        assert told.tables["sources"]["share"].to_dict() == pytest.approx({"Yearbook": 0.5, "Survey": 0.25})

    def test_an_indicator_that_a_table_lacks_rests_on_no_source(self) -> None:
        framework = sp.Framework.flat(["a", "b", "c"])
        frame = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 1, 2], "a:source": "Yearbook"}, list("ABC"))
        assert list(audit(sp.from_frame(frame, framework)).tables["sources"].index) == ["Yearbook"]

    def test_facts_without_a_footnote(self, sound: Profile) -> None:
        result = sp.score(sound)
        told = audit(result)
        bare = told.tables["unfooted"]
        feeding = {one for ids in result.feeds.values() for one in ids}
        assert set(bare.index) == {one.id for one in sound.observations if one.id in feeding and one.footnote is None}
        contribution = result.to_frame().loc["A>B", "contribution"]
        assert bare.loc["O-visit-1", "feeds"] == "visit_rate"
        assert bare.loc["O-visit-1", "share"] == pytest.approx(contribution["visit_rate"] / result.composite.iloc[0])
        (one,) = found(result, "unfooted")
        # The survey alone has a footnote.
        assert one.number == pytest.approx(1 - contribution["agreement"] / result.composite.iloc[0])

    def test_components_are_those_of_the_correlations(self) -> None:
        tables = audit(table()).tables
        pairs = tables["correlations"].set_index(["a", "b"])["correlation"]
        matrix = np.eye(3)
        for place, other in ((0, 1), (0, 2), (1, 2)):
            matrix[place, other] = matrix[other, place] = pairs["abc"[place], "abc"[other]]
        values = np.sort(np.linalg.eigvalsh(matrix))[::-1]
        np.testing.assert_allclose(tables["components"]["eigenvalue"], values)
        np.testing.assert_allclose(tables["components"]["cumulative"], np.cumsum(values) / 3)
        inverse = np.diag(np.linalg.inv(matrix))
        np.testing.assert_allclose(tables["parts"]["inflation"], inverse)

    def test_coders(self, sound: Profile) -> None:
        (one,) = [each for each in found(coded(sound, 2, -2, 0, 2), "coders") if each.where == ("mood",)]
        assert one.severity == "serious"
        assert one.number < 0.667


class TestOneCase:
    def test_what_needs_several_is_undefined_and_says_why(self) -> None:
        told = audit("kazakhstan")
        undefined = {one.check: one.what for one in told.findings if one.severity == "undefined"}
        needing = {one.name for one in CHECKS if one.needs == "cases"}
        assert needing <= set(undefined)
        assert all("in one case nothing varies" in undefined[name] for name in needing)
        assert set(told.tables) == {"sources", "unfooted"}
        assert told.checks.loc[sorted(needing), "passed"].isna().all()

    def test_the_example_tells_its_selection_of_good_news(self) -> None:
        told = {one.check: one for one in audit("kazakhstan").findings if one.severity == "warning"}
        assert told["positives"].number == pytest.approx(199 / 214)
        assert told["weak_data"].number == pytest.approx(17 / 30)


class TestAudit:
    def test_a_score_and_its_profile_give_the_same(self, sound: Profile) -> None:
        pd.testing.assert_frame_equal(audit(sp.score(sound)).to_frame(), audit(sound).to_frame())

    def test_draws_that_are_given_are_used(self) -> None:
        profile = SPEAKS["rank_robustness"](None)  # type: ignore[arg-type]
        drawn = sp.uncertainty_analysis(profile, n=256, rng=1)
        wide = (drawn.ranks()["high"] - drawn.ranks()["low"]).max() / 29
        (one,) = found(drawn, "rank_robustness")
        assert one.number == pytest.approx(wide)

    def test_frame_and_checks_count_the_same(self, sound: Profile) -> None:
        told = audit(sound)
        frame = told.to_frame()
        assert len(frame) == len(told.findings)
        for (name, severity), count in frame.groupby(["check", "severity"]).size().items():
            assert told.checks.loc[name, severity] == count
        assert told.checks[list(SEVERITIES)].to_numpy().sum() == len(frame)
        assert list(frame["severity"]) == sorted(frame["severity"], key=SEVERITIES.index)

    def test_worst_and_at_least(self, sound: Profile) -> None:
        told = audit(told_twice(sound))
        assert told.worst == "serious"
        assert {one.severity for one in told.at_least("warning")} <= {"serious", "warning"}
        assert audit(table(), leave_out=[one for one in NAMES if one != "zeros"]).worst is None
        with pytest.raises(sp.MethodError, match="Did you mean 'serious'"):
            told.at_least("seriuos")

    def test_thresholds_move_what_is_said(self) -> None:
        profile = SPEAKS["correlation"](None)  # type: ignore[arg-type]
        (one,) = [each for each in found(profile, "correlation") if each.threshold == 0.9]
        assert not [
            each for each in found(profile, "correlation", thresholds={"correlation": 1.0}) if each.threshold == 1.0
        ]
        assert found(profile, "correlation", thresholds=Thresholds(correlation=0.95))[0].number == one.number

    def test_the_ten_steps(self, sound: Profile) -> None:
        told = audit(sound).handbook
        assert [one.number for one in told] == list(range(1, 11))
        assert all(one.done or one.lacking for one in told)
        assert "Nothing is declared uncertain" in told[6].lacking
        uncertain = sound.replace(uncertainty={"weights": "simplex"})
        assert "Nothing is declared uncertain" not in audit(uncertain).handbook[6].lacking

    def test_words(self, sound: Profile) -> None:
        told = audit(sound)
        assert repr(told).startswith("Audit of A small study: 30 checks: ")
        page = told._repr_html_()
        assert "<caption>" in page
        assert 'scope="col"' in page

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"thresholds": {"corelation": 1}}, "Did you mean 'correlation'"),
            ({"thresholds": {"correlation": 2}}, "less than or equal to 1"),
            ({"thresholds": 3}, "thresholds is a int"),
            ({"leave_out": "zeroes"}, "Did you mean 'zeros'"),
        ],
    )
    def test_wrong_choices_are_refused(self, given: dict[str, Any], says: str, sound: Profile) -> None:
        with pytest.raises(sp.SoftPowerError, match=says):
            audit(sound, **given)

    def test_choices_beside_draws_are_refused(self, sound: Profile) -> None:
        drawn = sp.uncertainty_analysis(sound, uncertainty={"weights": "simplex"}, n=16)
        with pytest.raises(
            sp.MethodError, match=r"scenario is given beside draws .*\. Give them to uncertainty_analysis"
        ):
            audit(drawn, scenario="x")
        with pytest.raises(sp.MethodError, match="framework and scenario are given beside draws"):
            audit(drawn, "nye", scenario="x")
        assert audit(drawn).result is drawn.score

    def test_many_cases_do_not_take_for_ever(self) -> None:
        values = np.random.default_rng(0).normal(size=(2_001, 3))
        told = found(pd.DataFrame(values, columns=list("abc")), "influence")
        assert [one.severity for one in told] == ["undefined"]
        assert "over 2,001 rows" in told[0].what

    def test_periods_and_odd_tables(self) -> None:
        rows = pd.MultiIndex.from_product([["A", "B"], [2019, 2020]], names=["case", "period"])
        frame = pd.DataFrame({"x": [1.0, 2, 3, np.nan], "y": [2.0, 1, 4, 3]}, rows)
        assert isinstance(audit(frame), Audit)
        assert isinstance(audit(pd.DataFrame({"x": [1.0, 2.0], "y": [np.nan, np.nan]}, ["A", "B"])), Audit)
        unscaled = audit(frame, methodology={"normalise": "z_score"})
        assert unscaled.result.scale is None
        votes = audit(table(), methodology={"aggregate": "copeland"})
        assert votes.checks.loc["influence", "note"] >= 0


class TestCorners:
    """What few studies show, worked by hand."""

    def test_the_gaps_of_one_case_are_indicators_that_nobody_observed(self) -> None:
        indicator = {
            "dimension": "all",
            "goalposts": {"kind": "scale_ends", "low": 0, "high": 100, "reason": "A share."},
        }
        framework = sp.Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}},
                "indicators": {name: {"title": name, **indicator} for name in "abc"},
            }
        )
        row = pd.DataFrame({"a": [50.0], "b": [np.nan], "c": [40.0]}, ["A"])
        (one,) = found(sp.from_frame(row, framework), "availability")
        assert one.what == "1 indicator of 3 is not observed: b."
        assert (one.where, one.number) == (("b",), pytest.approx(2 / 3))

    def test_columns_and_cases_that_were_copied(self) -> None:
        (one,) = found(table(a=LINE, b=LINE), "duplicates")
        assert one.what == "The indicators a, b are the same in every value."
        rows = {name: [1.0, 1.0, *noise(seed)[2:]] for seed, name in enumerate("abc")}
        assert [each.where for each in found(table(**rows), "duplicates")] == [("C00", "C01")]

    def test_bad_news_that_was_sought(self, sound: Profile) -> None:
        signed = ["lowers"] * 8 + ["raises"] * 1 + ["neutral"] * 4
        told = [one.replace(polarity=sign) for one, sign in zip(sound.observations, signed, strict=True)]
        (one,) = found(sound.replace(observations=told), "positives")
        assert one.number == pytest.approx(8 / 9)
        assert one.what == "Of 9 observations that raise or lower, 1 raise (11%): bad news may have been sought."

    def test_each_method_that_filled_gaps_is_named(self) -> None:
        gappy = table(a=[np.nan, *LINE[1:]], b=[*LINE[1:], np.nan])
        told = audit(gappy, methodology={"impute": {"a": "mean", "others": "median"}}).handbook[2]
        assert told.done == "2 values of 90 are missing and filled by 'mean' and 'median'."

    def test_coders_of_whom_nothing_can_be_said(self, sound: Profile) -> None:
        (one,) = found(coded(sound, -2), "coders")
        assert one.severity == "undefined"
        assert one.where == ("mood",)

    def test_a_study_without_a_single_score(self) -> None:
        halves = pd.DataFrame({"a": [1.0, 2, np.nan, np.nan], "b": [np.nan, np.nan, 1, 2]}, list("ABCD"))
        halves["a:source"] = halves["b:source"] = "Yearbook"
        told = audit(
            sp.from_frame(halves).replace(uncertainty={"weights": "simplex"}), methodology={"missing": "strict"}
        )
        said = {one.check: one.what for one in told.findings}
        assert said["rank_robustness"] == "No case has a rank in the draws."
        assert told.tables["sources"]["share"].isna().all()

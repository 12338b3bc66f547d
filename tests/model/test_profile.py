"""Profiles: that observations fit the framework, and which of them hold for a case."""

import pickle

import pandas as pd
import pytest

from softpower import Observation, Profile, SoftPowerError, SpecificationError, from_frame, score, screen
from softpower.model.observation import patterns


def fact(name, case="A>B", variable="share", **fields):
    """An observation of the share, unless it says otherwise."""
    return Observation(**{"id": name, "case": case, "variable": variable, "value": 30, "unit": "percent"} | fields)


@pytest.fixture
def bare(sound):
    """The sound profile without observations."""
    return sound.replace(observations=())


def complaint(profile, **changes) -> str:
    with pytest.raises(SoftPowerError) as caught:
        profile.replace(**changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("case", "tried"),
    [("EU>KAZ", ("EU>KAZ", "EU>*", "*>KAZ", "*>*")), ("KAZ", ("KAZ", "*"))],
)
def test_the_most_specific_case_is_tried_first(case, tried):
    assert patterns(case) == tried


@pytest.mark.parametrize(
    ("cases", "winner"),
    [
        (("A>B", "A>*", "*>*"), "A>B"),
        (("A>*", "*>*"), "A>*"),
        (("*>B", "*>*"), "*>B"),
        (("*>*",), "*>*"),
        (("A>B", "A>*", "*>B"), "A>B"),
    ],
)
def test_the_most_specific_observation_wins(bare, cases, winner):
    profile = bare.replace(observations=[fact(f"O{place}", case) for place, case in enumerate(cases)])
    assert [one.case for one in profile.observed("share", "A>B")] == [winner]


def test_what_nobody_observed_is_an_empty_group(bare):
    assert bare.observed("share", "A>B") == ()


def test_a_fact_about_another_partner_does_not_hold(bare):
    profile = bare.replace(cases=("A>B", "A>C"), observations=[fact("O", "A>C")])
    assert profile.observed("share", "A>B") == ()
    assert len(profile.observed("share", "A>C")) == 1


def test_two_wildcards_that_tie_are_refused_for_the_case_that_both_are_about(bare):
    tie = [fact("O-there", "*>B"), fact("O-here", "A>*")]
    says = complaint(bare, observations=tie)
    assert "'O-here' (A>*) and 'O-there' (*>B) both stand for 'share' of A>B" in says
    assert bare.replace(observations=[*tie, fact("O-both", "A>B")]).observed("share", "A>B")[0].id == "O-both"


@pytest.mark.parametrize("combine", ["sum", "latest", "alternatives"])
def test_several_observations_need_a_way_to_combine(bare, combine):
    several = [
        fact("O1", start=2001, end=2001, preferred=combine == "alternatives"),
        fact("O2", start=2002, end=2002),
    ]
    assert "'O1' and 'O2' of 'share' stand side by side for one case" in complaint(bare, observations=several)
    variables = dict(bare.framework.variables)
    variables["share"] = variables["share"].replace(combine=combine)
    profile = bare.replace(framework=bare.framework.replace(variables=variables), observations=several)
    assert [one.id for one in profile.observed("share", "A>B")] == ["O1", "O2"]


def test_spells_and_judgements_may_stand_side_by_side(bare):
    moods = [
        fact(f"O{value}", variable="mood", value=value, low=value, high=value, unit="ordinal:-2..2") for value in (0, 1)
    ]
    spells = [
        fact(f"S{year}", variable="office", value=1, unit="count:event", start=year, end=year) for year in (2001, 2002)
    ]
    assert len(bare.replace(observations=[*moods, *spells]).observations) == 4


def test_observations_for_different_cases_do_not_conflict(bare):
    profile = bare.replace(cases=("A>B", "A>C"), observations=[fact("O1", "A>B"), fact("O2", "A>C"), fact("O3", "A>*")])
    assert profile.observed("share", "A>C")[0].id == "O2"


def test_a_rate_takes_what_lies_inside_the_window_and_leaves_what_lies_outside(bare):
    visit = {"variable": "visits", "unit": "count:visit", "value": 2}
    profile = bare.replace(
        observations=[fact("in", start=2000, end=2009, **visit), fact("out", start=1990, end=1999, **visit)]
    )
    assert len(profile.observations) == 2
    across = [fact("across", start=1999, end=2000, **visit)]
    assert "'across' covers 1999 to 2000, not inside 2000 to 2009" in complaint(bare, observations=across)


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({}, "observations.0.start: observation 'O' has no dates"),
        ({"start": 2003}, "observations.0.end: observation 'O' has no end"),
        ({"end": 2003}, "observations.0.start: observation 'O' has no start"),
    ],
    ids=str,
)
def test_a_rate_asks_for_the_dates_that_lack(bare, dates, says):
    dates = {"start": None, "end": None} | dates
    visit = fact("O", variable="visits", unit="count:visit", value=2, **dates)
    said = complaint(bare, observations=[visit])
    assert f"{says}, and only a count of a known time gives a rate" in said
    assert "Date it: from when to when it counts, inside 2000 to 2009." in said
    assert "widen" not in said


def test_cases_that_leave_without_their_observations_are_one_fault_that_names_the_way(bare):
    facts = [fact("O1", "A>B"), fact("O2", "A>C"), fact("O3", "D>B"), fact("O4", "*>B")]
    profile = bare.replace(cases=("A>B", "A>C", "D>B"), observations=facts)
    with pytest.raises(SpecificationError) as caught:
        profile.replace(cases=["A>B"])
    assert str(caught.value) == (
        "Profile: cases: 2 observations would be about no case: those of A>C, D>B."
        ' Drop cases with their observations: screen(profile, drop=["A>C", "D>B"]).'
    )
    assert screen(profile, drop=["A>C", "D>B"]).profile.cases == ("A>B",)
    assert profile.replace(cases=["A>B"], observations=facts[:1]).cases == ("A>B",)
    assert profile.replace(cases=[*profile.cases, "E>B"]).cases[-1] == "E>B"


def test_a_smaller_unit_converts_and_another_dimension_does_not(bare):
    assert bare.replace(observations=[fact("O", unit="ratio", value=0.3)])
    says = complaint(bare, observations=[fact("O", unit="count:person")])
    assert "'O' is in count:person, but the variable 'share' is in percent. Only the scale of a unit converts" in says


def test_all_faults_of_observations_are_reported_together(bare):
    says = complaint(
        bare,
        observations=[
            fact("O", case="A>C"),
            fact("O", variable="shares"),
            fact("O-region", scope="regional", source="nowhere"),
            fact("O-minus", variable="trade", unit="USD", value=-1),
        ],
    )
    for words in (
        "observations.0.case: observation 'O' is about 'A>C'",
        "observations.1.id: the id 'O' is taken already",
        "observations.1.variable: there is no variable 'shares'",
        "observations.2.scope: observation 'O-region' is regional",
        "observations.2.source: there is no source 'nowhere'",
        "observations.3.low: observation 'O-minus' is below zero",
    ):
        assert words in says


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"cases": ()}, 'cases: no case is named. Name what is scored, for instance ["EU>KAZ"].'),
        ({"cases": ("A>B", "A>B")}, "cases: the case 'A>B' is named twice. Name each case once."),
        ({"cases": ("A>*",)}, "cases: 'A>*' is a pattern, not a case. Name what is scored, like EU>KAZ."),
        ({"sets": ()}, "sets: () is wrong"),
        ({"sets": ("extended",)}, "sets: no indicator is in the chosen sets. Choose base, extended or both."),
        ({"window": {"start": 2000}}, "window: the window is open. Give it both a start and an end."),
        ({"caveats": ("",)}, "caveats.0: '' is wrong"),
        ({"title": ""}, "title: '' is wrong"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(bare, changes, says):
    assert says in complaint(bare, **changes)


def test_only_the_chosen_sets_enter(sound):
    indicators = dict(sound.framework.indicators)
    indicators["ties"] = indicators["ties"].replace(set="extended")
    framework = sound.framework.replace(indicators=indicators)
    assert "ties" not in sound.replace(framework=framework).indicators
    assert "ties" in sound.replace(framework=framework, sets=("base", "extended")).indicators
    assert list(sound.replace(framework=framework, sets=("extended",)).indicators) == ["ties"]


def test_a_profile_round_trips(sound):
    assert Profile.parse(sound.model_dump(mode="json")) == sound
    assert pickle.loads(pickle.dumps(sound)) == sound


def test_profiles_of_tables_are_equal_before_and_after_they_are_scored():
    table = pd.DataFrame({"x": [1.0, 2, 3], "y": [3.0, 1, 2]}, index=["A", "B", "C"])
    one, other = from_frame(table), from_frame(table)
    assert one == other
    score(one)
    assert one == other
    score(other)
    assert one == other
    assert pickle.loads(pickle.dumps(one)) == one
    assert one in [from_frame(table * 2), other]


def test_the_methodology_of_a_framework_holds_where_the_profile_names_none(sound):
    framework = sound.framework.replace(methodology={"missing": "strict"})
    parts = {name: getattr(sound, name) for name in Profile.model_fields} | {"framework": framework}
    own = Profile(**parts)
    del parts["methodology"]
    assert Profile(**parts).methodology.missing.method == "strict"
    assert own.methodology == sound.methodology


def test_a_profile_in_python_is_checked_like_one_from_files(sound):
    parts = {name: getattr(sound, name) for name in type(sound).model_fields}
    assert Profile(**parts) == sound
    with pytest.raises(SpecificationError, match=r"Profile: windw: unknown key 'windw'. Did you mean 'window'\?"):
        Profile(**parts, windw=1)


def test_an_undated_row_cannot_be_the_latest(bare):
    several = [fact("O1", start=2001, end=2001), fact("O2")]
    variables = dict(bare.framework.variables)
    variables["share"] = variables["share"].replace(combine="latest")
    framework = bare.framework.replace(variables=variables)
    with pytest.raises(SpecificationError, match="'O2' of 'share' has no date, so which one is the latest is unknown"):
        bare.replace(framework=framework, observations=several)


def test_a_faulty_window_beside_a_framework_in_plain_data_is_named(sound):
    data = {name: getattr(sound, name) for name in type(sound).model_fields}
    plain = data | {"framework": sound.framework.model_dump(), "window": {"start": 2009, "end": 2000}}
    with pytest.raises(SpecificationError) as caught:
        Profile.parse(plain)
    (fault,) = caught.value.faults
    assert "window" in fault.where


def test_a_faulty_window_hides_no_faulty_row(bare):
    with pytest.raises(SpecificationError) as caught:
        bare.replace(window={"start": 2000}, observations=[fact("O1", case="A>C")])
    assert "the window is open" in str(caught.value)
    assert "'A>C', which is none of the profile's cases" in str(caught.value)


@pytest.mark.parametrize("preferred", [(), (0, 1)])
def test_alternative_judgements_need_one_preferred(bare, preferred):
    moods = [
        fact(f"O{n}", variable="mood", value=n, low=n, high=n, unit="ordinal:-2..2", preferred=n in preferred)
        for n in (0, 1)
    ]
    variables = dict(bare.framework.variables)
    variables["mood"] = variables["mood"].replace(combine="alternatives")
    with pytest.raises(SpecificationError, match=f"{len(preferred)} of the alternatives 'O0' and 'O1' of 'mood'"):
        bare.replace(framework=bare.framework.replace(variables=variables), observations=moods)


class TestSeveralCoders:
    def mood(self, name, coder, value=1, **fields):
        scale = {"variable": "mood", "low": value, "high": value, "unit": "ordinal:-2..2"}
        return fact(name, coder=coder, value=value, **scale | fields)

    def test_readings_of_one_fact_do_not_conflict(self, bare):
        shares = [fact("O1", coder="Ann", preferred=True), fact("O2", coder="Bob", value=40)]
        assert len(bare.replace(observations=shares).observations) == 2

    def test_but_readings_of_two_facts_do(self, bare):
        shares = [
            fact(f"O{page}{coder}", coder=coder, paragraph=page, preferred=coder == "Ann")
            for page in (1, 2)
            for coder in ("Ann", "Bob")
        ]
        assert "'O1Ann' and 'O2Ann' of 'share' stand side by side" in complaint(bare, observations=shares)

    def test_a_figure_needs_one_that_holds_and_a_judgement_does_not(self, bare):
        shares = [fact("O1", coder="Ann"), fact("O2", coder="Bob", value=40)]
        says = complaint(bare, observations=shares)
        assert "0 of the readings 'O1' and 'O2' of one fact of 'share' are marked preferred. Mark exactly one." in says
        moods = [self.mood("O1", "Ann"), self.mood("O2", "Bob", 2)]
        assert len(bare.replace(observations=moods).observations) == 2

    def test_half_a_rung_is_no_value(self, bare):
        variables = dict(bare.framework.variables)
        variables["step"] = variables["mood"].replace(unit="rungs:3")
        framework = bare.framework.replace(variables=variables)
        steps = [self.mood(f"O{value}", f"coder {value}", value, variable="step", unit="rungs:3") for value in (1, 2)]
        assert "0 of the readings 'O1' and 'O2'" in complaint(bare, framework=framework, observations=steps)

    def test_the_latest_fact_may_have_several_readings(self, bare):
        variables = dict(bare.framework.variables)
        variables["share"] = variables["share"].replace(combine="latest")
        framework = bare.framework.replace(variables=variables)
        shares = [
            fact("O1", coder="Ann", start=2001, end=2001),
            fact("O2", coder="Ann", start=2002, end=2002, preferred=True),
            fact("O3", coder="Bob", start=2002, end=2002),
        ]
        assert bare.replace(framework=framework, observations=shares)

    def test_alternatives_are_one_group_whoever_read_them(self, bare):
        variables = dict(bare.framework.variables)
        variables["mood"] = variables["mood"].replace(combine="alternatives")
        framework = bare.framework.replace(variables=variables)
        moods = [self.mood("O1", "Ann"), self.mood("O2", "Bob"), self.mood("O3", "Bob", 2)]
        says = complaint(bare, framework=framework, observations=moods)
        assert "0 of the alternatives" in says
        assert "readings" not in says
        assert bare.replace(framework=framework, observations=[moods[0].replace(preferred=True), *moods[1:]])

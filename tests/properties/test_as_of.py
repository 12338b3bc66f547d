"""Laws of a profile as of a day: nothing leaks from the future, twice is once, and what is known stays known."""

from datetime import date

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import fewer, measured_studies
from properties.test_scenarios import same_to_the_bit
from softpower import Profile, score
from softpower.model.period import Moment

BEGINNING = {"event", "spell"}
LAST = date(2010, 12, 31)
days = st.one_of(
    st.integers(2001, 2010).map(str),
    st.builds("{}-{:02}".format, st.integers(2001, 2010), st.integers(1, 12)),
    st.builds("{}-{:02}-{:02}".format, st.integers(2001, 2010), st.integers(1, 12), st.integers(1, 28)),
)
both = st.sampled_from(["leave_out", "constant"])


def kind(profile, fact):
    return profile.framework.variables[fact.variable].kind


@st.composite
def dated_studies(draw: st.DrawFn) -> Profile:
    """Return a study whose shares and judgements have a period, one with an open end, or none."""
    profile = draw(measured_studies(aggregate="arithmetic"))
    made = []
    for one in profile.observations:
        if kind(profile, one) in {"share", "judgement"}:
            start, end = sorted(draw(st.lists(st.integers(1999, 2012), min_size=2, max_size=2)))
            when = [{}, {"start": start}, {"start": start, "end": end}, {"end": end}]
            one = one.replace(**draw(st.sampled_from(when)))  # noqa: PLW2901 - with a period now
        made.append(one)
    return profile.replace(observations=tuple(made))


def counts_late(profile, fact, day) -> bool:
    """Whether a fact lies wholly after a day, by the words of the rule."""
    if fact.start is None and fact.end is None:
        return False
    if kind(profile, fact) in BEGINNING:
        return fact.start is not None and fact.start.first > day
    return (LAST if fact.end is None else fact.end.last) > day


class TestNothingLeaks:
    """What lies wholly after the day changes no score as of that day: neither if it changes nor if it is gone."""

    @fewer
    @given(dated_studies(), days, both, st.randoms(use_true_random=False))
    def test_values_of_the_future_do_not_matter(self, profile, text, undated, random):
        day = Moment(text).last
        made = []
        for one in profile.observations:
            if counts_late(profile, one, day):
                codes = profile.framework.variables[one.variable].codes
                value = random.choice(codes) if codes else round(random.uniform(1, 40), 3)
                one = one.replace(value=value, low=None, high=None)  # noqa: PLW2901 - another value
            made.append(one)
        other = profile.replace(observations=tuple(made))
        same_to_the_bit(*(score(each, as_of=text, undated=undated) for each in (profile, other)))

    @fewer
    @given(dated_studies(), days, both)
    def test_nor_whether_there_are_any(self, profile, text, undated):
        day = Moment(text).last
        # An event that nobody tells of is missing, and what is told of alternatives hangs on the preferred one.
        kept = [
            one
            for one in profile.observations
            if kind(profile, one) in BEGINNING
            or profile.framework.variables[one.variable].combine == "alternatives"
            or not counts_late(profile, one, day)
        ]
        other = profile.replace(observations=tuple(kept))
        same_to_the_bit(*(score(each, as_of=text, undated=undated) for each in (profile, other)))


class TestTwice:
    """A profile as of a day and then as of an earlier one is the profile as of the earlier one; so twice is once."""

    @fewer
    @given(dated_studies(), days, days, both)
    def test_the_earlier_day_holds(self, profile, one, other, undated):
        early, late = sorted([one, other], key=lambda text: Moment(text).last)
        assume(early == late or Moment(early).last < Moment(late).last)
        direct = profile.as_of(early, undated=undated)
        assert profile.as_of(late, undated=undated).as_of(early, undated=undated) == direct
        assert direct.as_of(early, undated=undated) == direct


class TestWhatIsKnownStaysKnown:
    """An indicator that is observed as of a day is observed as of every later one."""

    @fewer
    @given(dated_studies(), days, days, both)
    def test_no_value_is_lost(self, profile, one, other, undated):
        early, late = sorted([one, other], key=lambda text: Moment(text).last)
        before, after = (~np.isnan(score(profile, as_of=day, undated=undated).raw) for day in (early, late))
        assert not (before & ~after).any()


class TestTheEnd:
    """As of the window's end with undated facts held constant, the score is the score, if nothing lies beyond."""

    @fewer
    @given(dated_studies(), st.sampled_from(["2010", "2010-12", "2010-12-31"]))
    def test_it_is_the_score(self, profile, text):
        inside = [
            one
            for one in profile.observations
            if not any(moment is not None and moment.last > LAST for moment in (one.start, one.end))
        ]
        profile = profile.replace(observations=tuple(inside))
        same_to_the_bit(score(profile, as_of=text, undated="constant"), score(profile))

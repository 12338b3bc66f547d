"""The framework `manners`: the indicators of `nye` by the channels that a norm takes."""

from collections import Counter

import numpy as np
import pytest

import softpower
from softpower import SpecificationError, load_framework, load_profile, score

CHANNELS = ("contagion", "transference", "information", "cultural_filter")


@pytest.fixture(scope="module")
def nye():
    return load_framework("nye")


@pytest.fixture(scope="module")
def manners():
    return load_framework("manners")


@pytest.fixture(scope="module")
def everything():
    """Kazakhstan with both sets of indicators, and what feeds each."""
    profile = load_profile("kazakhstan").replace(sets=("base", "extended"), scenarios={}, uncertainty={}, claims=())
    return score(profile)


def channels(result, name):
    """The channels of the facts that feed an indicator, by how many facts name each; None is no channel."""
    facts = {one.id: one for one in result.profile.observations}
    return Counter(facts[one].channel for one in result.feeds["EU>KAZ", name])


def test_every_indicator_of_nye_has_a_channel_or_a_reason_for_none(nye, manners):
    assert set(manners.indicators) | set(manners.left_out) == set(nye.indicators)
    assert not set(manners.indicators) & set(manners.left_out)


def test_the_channels_are_the_first_level_and_weigh_the_same(manners):
    first = {name: one for name, one in manners.dimensions.items() if one.parent == manners.root}
    assert tuple(first) == CHANNELS
    assert {one.weight for one in first.values()} == {1.0}
    below = [one for name, one in manners.dimensions.items() if manners.level(name) == "dimension"]
    assert {one.weight for one in below} == {"indicators"}


def test_an_indicator_hangs_under_the_channel_of_most_of_its_facts(manners, everything):
    for name in manners.indicators:
        count = channels(everything, name)
        mine = count[manners.path(name)[1]]
        assert mine == max(count.values()), (name, count)


def test_what_is_left_out_has_no_channel_that_most_of_its_facts_take(manners, everything):
    for name in manners.left_out:
        count = channels(everything, name)
        most = max(count.values())
        leading = [channel for channel, number in count.items() if number == most]
        assert None in leading, (name, count)


def test_indicators_are_those_of_nye(nye, manners):
    for name, one in manners.indicators.items():
        theirs = nye.indicators[name]
        assert one.replace(dimension="x", overlaps=()) == theirs.replace(dimension="x", overlaps=())


def test_kazakhstan_is_scored_under_it(manners):
    result = score("kazakhstan", framework="manners")
    assert result.nodes[-1] == "normative_diffusion"
    plain = score("kazakhstan")
    for name in result.engine.indicators:
        mine, theirs = (one.score[0, one.nodes.index(name)] for one in (result, plain))
        assert mine == theirs
    # By hand: each channel is the mean of its indicators, the whole the mean of the channels.
    leaves = dict(zip(result.nodes, result.score[0], strict=True))
    means = [
        np.mean([leaves[name] for name in result.engine.indicators if manners.path(name)[1] == channel])
        for channel in CHANNELS
    ]
    assert result.composite.iloc[0] == pytest.approx(np.mean(means))
    assert [leaves[channel] for channel in CHANNELS] == pytest.approx(means)


def test_a_score_under_it_does_not_pass_for_the_declared_one():
    profile = score("kazakhstan", framework="manners").profile
    assert profile.title == "Soft power of the European Union in Kazakhstan: Channels of normative diffusion"
    first, *rest = profile.caveats
    assert first == (
        "Scored under 'Channels of normative diffusion'. What follows was said of scores under 'Three sources of soft"
        " power'."
    )
    assert tuple(rest[:-1]) == load_profile("kazakhstan").caveats
    assert rest[-1].startswith("Declared, but without a place in this framework, and so not drawn: weights of source,")
    assert score("kazakhstan", framework="nye").profile == load_profile("kazakhstan").replace(
        scenarios={}, uncertainty=score("kazakhstan", framework="nye").profile.uncertainty
    )


def test_choices_of_the_study_carry_over():
    result = score("kazakhstan", framework="manners")
    assert result.profile.methodology == load_profile("kazakhstan").methodology


def test_choices_that_name_what_the_tree_lacks_are_refused_in_clear_words():
    by_level = {"composite": "geometric", "source": "arithmetic", "dimension": "arithmetic"}
    profile = load_profile("kazakhstan")
    levelled = profile.replace(methodology=profile.methodology.replace(aggregate=by_level))
    with pytest.raises(SpecificationError) as caught:
        score(levelled, framework="manners")
    assert "methodology.aggregate: the framework has no level 'source'" in str(caught.value)
    assert "no aggregation is chosen for the level 'channel'" in str(caught.value)
    weighed = profile.replace(methodology=profile.methodology.replace(weights={"culture": 2}))
    with pytest.raises(softpower.SoftPowerError) as caught:
        score(weighed, framework="manners")
    assert "culture" in str(caught.value)


def test_a_saved_study_holds_the_whole_framework(tmp_path, manners):
    profile = score("kazakhstan", framework="manners").profile
    folder = profile.save(tmp_path / "mine")
    assert "indicators_from" not in (folder / "spec" / "framework.toml").read_text(encoding="utf-8")
    read = load_profile(folder)
    assert read == profile
    assert read.framework.left_out == manners.left_out
    assert score(read).composite.tolist() == score("kazakhstan", framework="manners").composite.tolist()

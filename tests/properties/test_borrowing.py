"""Laws of frameworks that take indicators from another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softpower import Framework, load_framework, load_profile, score
from softpower.model.borrowing import borrowed

NYE = load_framework("nye")
KAZAKHSTAN = load_profile("kazakhstan").replace(scenarios={}, uncertainty={}, claims=())
few = settings(max_examples=10)
"""Each example is a whole framework, validated and scored."""


@st.composite
def regroupings(draw):
    """The base indicators of nye, each in one of a few groups or in none."""
    base = [name for name, one in NYE.indicators.items() if one.set == "base"]
    groups = draw(st.lists(st.sampled_from(["one", "two", "three", None]), min_size=len(base), max_size=len(base)))
    hung = {name: group for name, group in zip(base, groups, strict=True) if group}
    return hung or {base[0]: "one"}


@few
@given(regroupings())
def test_regrouping_moves_no_score_of_an_indicator(hung):
    """Indicators score as under the lender; a group is the mean of its own, the whole that of the groups."""
    groups = dict.fromkeys(hung.values())
    dimensions = {"all": {"title": "All"}} | {
        group: {"title": group, "parent": "all", "indicators": [name for name in hung if hung[name] == group]}
        for group in groups
    }
    head = {"id": "mine", "title": "Mine", "levels": ["composite", "group"], "dimensions": dimensions}
    made, faults = borrowed(head, NYE)
    assert faults == []
    framework = Framework.parse(made | {"works": NYE.works})
    assert set(framework.indicators) == set(hung)
    result, plain = score(KAZAKHSTAN, framework), score(KAZAKHSTAN)
    mine, theirs = (dict(zip(one.nodes, one.score[0], strict=True)) for one in (result, plain))
    assert {name: mine[name] for name in hung} == {name: theirs[name] for name in hung}
    means = {}
    for group in groups:
        members = [theirs[name] for name in hung if hung[name] == group]
        means[group] = sum(members) / len(members)
        assert mine[group] == pytest.approx(means[group])
    assert mine["all"] == pytest.approx(sum(means.values()) / len(means))

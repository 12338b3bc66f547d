"""That the page on scenarios is true: every key stands in it, and every scenario on it can be scored."""

import re
import tomllib
from pathlib import Path

import pytest

import softpower
from softpower.model.scenario_parts import Selection, Unobserved

PAGE = Path(__file__).parents[1] / "docs" / "scenarios.md"
TEXT = PAGE.read_text(encoding="utf-8")
WRITTEN = {
    name: one
    for text in re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    for name, one in tomllib.loads(text)["scenarios"].items()
}


@pytest.mark.parametrize("model", [softpower.Scenario, Selection, Unobserved], ids=lambda one: one.__name__)
def test_the_page_names_every_key(model):
    rows = re.findall(r"^\| (`[^|]*) \|", TEXT, re.MULTILINE)
    assert set(model.model_fields) <= {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_scenario_on_the_page_scores_and_changes_something(name):
    result = softpower.score("kazakhstan", scenario=WRITTEN[name])
    assert result.composite.notna().all()
    assert result.composite["EU>KAZ"] != softpower.score("kazakhstan").composite["EU>KAZ"]


def test_every_key_has_an_example():
    assert len(WRITTEN) >= 5
    used = {key for one in WRITTEN.values() for key in one}
    assert used | {"sets"} == set(softpower.Scenario.model_fields)


def test_the_fault_on_the_page_is_what_is_said():
    scenario = WRITTEN["soft_evidence_out"] | {"exclude": {"tags": ["judgment"]}}
    with pytest.raises(softpower.SpecificationError) as caught:
        softpower.load_profile("kazakhstan").replace(
            scenarios={"soft_evidence_out": scenario}, uncertainty=softpower.Uncertainty()
        )
    assert str(caught.value).replace("Profile: ", "profile.toml: ") in TEXT

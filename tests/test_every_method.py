"""Every method of every step, through `score`: it scores, whatever the order of the cases, or is refused in words."""

import numpy as np
import pandas as pd
import pytest

from parameters import parameters_of_methods
from softpower import MethodError, SpecificationError, load_profile, score
from softpower.registry import STEPS

PROFILE = load_profile("technology_achievement")
LEAVES = list(PROFILE.indicators)
ONE_CASE = load_profile("kazakhstan")
PARAMETERS = parameters_of_methods("Japan", LEAVES, "technology", len(LEAVES))
REFUSED = {
    # what this table lacks, or what its numbers do not allow
    "last_observation": "the rows have no periods to look along",
    "linear": "the rows have no periods to look along",
    "fuzzy": "the indicator has no goalposts with a parity",
    "distance_to_target": "the indicator has no target",
    "optimised": "no weights give the importance that is declared",
}
EVERY = [(step, name) for step, methods in STEPS.items() if step != "missing" for name in methods]


def table() -> pd.DataFrame:
    """The raw table with two gaps and a group."""
    assert PROFILE.values is not None
    frame = PROFILE.values.to_frame()[LEAVES]
    frame.iloc[2, 1] = frame.iloc[5, 4] = np.nan
    return frame.assign(**{"group:half": ["a", "b"] * 11 + ["a"]})


def methodology(step: str, name: str) -> dict[str, object]:
    """The method, among others with which it has a meaning."""
    chosen: dict[str, object] = {"normalise": {"method": "min_max", "low": 1.0}}
    if step in {"weights", "aggregate"}:
        chosen["impute"] = "mean"
    if name == "mazziotta_pareto":
        chosen["normalise"] = {"method": "z_score", "mean": 100.0, "deviation": 10.0}
    if name == "none":
        chosen["aggregate"] = "geometric"
    return chosen | {step: {"method": name, **PARAMETERS.get(name, {})}}


@pytest.mark.parametrize(("step", "name"), EVERY)
def test_it_scores_whatever_the_order_of_the_cases(step, name):
    frame, chosen = table(), methodology(step, name)
    if name in REFUSED:
        with pytest.raises(MethodError, match=REFUSED[name]):
            score(frame, PROFILE.framework, methodology=chosen)
        return
    result = score(frame, PROFILE.framework, methodology=chosen)
    assert np.isfinite(result.composite).all()
    order = np.random.default_rng(3).permutation(len(frame))
    turned = score(frame.iloc[order], PROFILE.framework, methodology=chosen)
    # Chance falls otherwise in another order, as the docstring of `multiple` says.
    tolerance = 0.1 if name == "multiple" else 1e-7
    np.testing.assert_allclose(turned.composite[result.composite.index], result.composite, rtol=tolerance)


@pytest.mark.parametrize(("step", "name"), EVERY)
def test_what_scores_reads_back_from_a_saved_folder(step, name, tmp_path):
    if name in REFUSED:
        pytest.skip("it is refused for this table, see above")
    result = score(table(), PROFILE.framework, methodology=methodology(step, name))
    again = load_profile(result.profile.save(tmp_path / "study"))
    assert again.methodology == result.profile.methodology
    np.testing.assert_array_equal(score(again).score, result.score)


@pytest.mark.parametrize(("step", "name"), EVERY)
def test_one_case_alone_scores_or_is_refused(step, name):
    refused = None
    try:
        result = score(ONE_CASE, methodology={step: {"method": name, **PARAMETERS.get(name, {})}})
    except (MethodError, SpecificationError) as error:
        refused = error
    if refused is not None:
        assert all(fault.mend for fault in refused.faults)
    else:
        assert np.isfinite(result.composite).all()

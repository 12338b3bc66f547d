"""The methodology on a page: the files of the study, where they can be shown."""

import numpy as np
import pandas as pd
import pytest

from page.studies import drawn_study
from softpower import from_frame, register
from softpower.page import methodology
from softpower.page.methodology import methodology_sections
from softpower.registry import STEPS

FRAME = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 1.0]}, index=["A", "B"])
ABSENT = "The files of the study are not on the page."


def shown(profile):
    """Return the titles of the files on the page, and what is said above."""
    first = next(methodology_sections(drawn_study(profile)))
    return [one.title for one in first.blocks], first.paragraphs


def test_the_files_of_a_study_are_shown():
    titles, said = shown(from_frame(FRAME))
    assert titles == ["File profile.toml", "File values.csv", "File spec/framework.toml"]
    assert ABSENT not in said


def test_files_that_are_too_large_are_not(monkeypatch):
    monkeypatch.setattr(methodology, "FILES", 10)
    titles, said = shown(from_frame(FRAME))
    assert titles == []
    assert said[-1] == ABSENT


@pytest.mark.parametrize("given", [None, (1, 2)])
def test_what_no_file_can_hold_is_not_shown_as_one(monkeypatch, given):
    monkeypatch.setattr(STEPS["aggregate"], "_methods", dict(STEPS["aggregate"]._methods))

    @register("aggregate", "largest")
    def largest(values, weights, *, of: object):
        """Largest of the children."""
        assert of == given
        return np.where(weights > 0, values, -np.inf).max(axis=-1)

    titles, said = shown(from_frame(FRAME, methodology={"aggregate": {"method": "largest", "of": given}}))
    assert titles == []
    assert said[-1] == ABSENT

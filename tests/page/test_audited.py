"""The audit on a page: no table and no sentence of what there is none of."""

from dataclasses import replace

import pandas as pd
import pytest

from page.studies import drawn_study
from softpower import from_frame
from softpower.page import audited
from softpower.page.audited import audit_section

FRAME = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [3.0, 1.0, 2.0]}, index=["A", "B", "C"])


@pytest.fixture
def study():
    return drawn_study(from_frame(FRAME))


def test_findings_and_what_is_undefined_stand_apart(study):
    made = audit_section(study)
    captions = [one.caption for one in made.tables]
    assert captions == ["Findings", "Undefined here", "The ten steps of the Handbook"]
    assert made.paragraphs[1].startswith("Passed: ")


def test_an_audit_without_findings_has_no_table_of_them(study, monkeypatch):
    made = audited.audit(study.result)
    monkeypatch.setattr(audited, "audit", lambda _: replace(made, findings=()))
    assert [one.caption for one in audit_section(study).tables] == ["The ten steps of the Handbook"]


def test_an_audit_in_which_no_check_passed_names_none(study, monkeypatch):
    made = audited.audit(study.result)
    failed = {one.check for one in made.findings}
    monkeypatch.setattr(
        audited, "audit", lambda _: replace(made, asked=tuple(one for one in made.asked if one.name in failed))
    )
    assert not [said for said in audit_section(study).paragraphs if said.startswith("Passed")]

"""Audits as they are printed."""

import softpower as sp
from softpower.auditing.inspecting import audit
from softpower.present.findings import audit_sheet


def test_it_is_printed_part_by_part_with_what_to_do(sound):
    found = audit(sound)
    text = str(audit_sheet(found))
    assert text.startswith("A small study: 30 checks: ")
    assert text.index("The tree") < text.index("The data") < text.index("Over several cases") < text.index("Judgements")
    flat = " ".join(text.split())
    for one in found.findings:
        assert " ".join(one.what.split()) in flat
        assert f"[{one.check}]" in flat
        if one.severity != "undefined":
            assert " ".join(one.mend.split()) in flat
    for step in found.handbook:
        assert f"{step.number} {step.title}." in flat


def test_what_passed_is_told(sound):
    text = " ".join(str(audit_sheet(audit(sound))).split())
    assert "Passed: " in text
    assert "Nothing weighs far more than its siblings;" in text


def test_a_study_of_which_nothing_is_found(sound):
    names = sp.audit(sound).checks.index
    text = str(audit_sheet(sp.audit(sound, leave_out=[one for one in names if one != "weightless"])))
    assert text.splitlines()[0] == "A small study: 1 check: nothing found."


def test_where_nothing_passed_nothing_is_said_to_have(sound):
    names = sp.audit(sound).checks.index
    text = str(audit_sheet(sp.audit(sound, leave_out=[one for one in names if one != "judged"])))
    assert "[judged]" in text
    assert "Passed" not in text

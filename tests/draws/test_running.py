"""Work in threads and processes: what comes back, and what cannot be sent."""

import pytest

from softpower import ExecutionError
from softpower.draws import running
from softpower.draws.running import _packed, aside, meter


def test_what_is_done_aside_comes_back_with_the_work_that_was_told():
    told = []

    def counted(tick):
        tick(2)
        tick(1)
        return "done"

    assert aside(counted, work=3, progress=lambda done, whole: told.append((done, whole))) == "done"
    assert told == [(2, 3), (3, 3)]


def test_what_breaks_off_aside_breaks_off_here():
    def broken(_):
        raise ZeroDivisionError("aside")

    with pytest.raises(ZeroDivisionError, match="aside"):
        aside(broken, work=1, progress=False)


def test_what_no_other_process_can_have_is_named():
    with pytest.raises(ExecutionError, match=r"cannot be sent to them .*Use threads, or methods that are functions"):
        _packed(lambda: None)


def test_a_terminal_is_told_now_and_then_and_at_the_end(capsys, monkeypatch):
    monkeypatch.setattr(running, "CHECKED", 1e99)
    with meter(progress=True, work=4) as tick:
        for _ in range(3):
            tick(1)
        assert capsys.readouterr().err == ""
        tick(1)
        assert capsys.readouterr().err == "\r100% done"
    assert not capsys.readouterr().err.strip()

"""Work in threads and processes: what comes back, and what cannot be sent."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest

from softpower import ExecutionError, MethodError, NotFoundError, SpecificationError
from softpower.draws import running
from softpower.draws.running import _packed, aside, meter, run


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


def squared(shared, task, tick):
    """Return a number to the power that is shared, and tell of one piece of work."""
    tick(1)
    return task**shared


def failing(shared, task, tick):  # noqa: ARG001 - a contract
    """Raise what is shared."""
    raise shared


class Inline(Executor):
    """Takes work and does it at once, as a process would; or hands back something else."""

    def __init__(self, **instead):
        self.instead = instead

    def submit(self, function, *arguments):
        future = Future()
        try:
            future.set_result(self.instead["result"] if self.instead else function(*arguments))
        except Exception as error:  # noqa: BLE001 - as executors do
            future.set_exception(error)
        return future


def threads():
    """Return an executor of threads."""
    return ThreadPoolExecutor(2)


@pytest.mark.parametrize("made", [threads, Inline])
def test_work_comes_back_in_order_and_is_told_of(made):
    told = []

    def tell(done, whole):
        told.append((done, whole))

    with made() as executor:
        got = run(squared, 2, [3, 1, 2], work=3, executor=executor, progress=tell)
    assert got == [9, 1, 4]
    assert told[-1] == (3, 3)


class Changed(ThreadPoolExecutor):
    """Threads whose futures hold something else."""

    def submit(self, *_):
        return Inline(result="nonsense").submit(None)


@pytest.mark.parametrize("made", [lambda: Inline(result="nonsense"), lambda: Inline(result=(1, 2)), Changed])
def test_what_is_not_the_work_is_no_answer(made):
    with made() as executor, pytest.raises(ExecutionError, match=r"executor: a \w+ came back and not the work"):
        run(squared, 2, [3], work=1, executor=executor)


def test_a_worker_that_does_not_know_a_method_is_told_how_to_learn_it():
    error = NotFoundError.of("aggregate", "there is no method 'own'", "Known: arithmetic.")
    says = r"a worker does not know .* \(aggregate: there is no method 'own'\)\. .*initializer=importlib.import_module"
    with pytest.raises(ExecutionError, match=says) as caught:
        run(failing, error, [1], work=1, executor=Inline())
    assert isinstance(caught.value.__cause__, NotFoundError)
    # A thread knows whatever is known here.
    with threads() as executor, pytest.raises(NotFoundError):
        run(failing, error, [1], work=1, executor=executor)


def test_an_error_of_a_method_comes_out_of_a_worker_as_it_is():
    error = MethodError.of("aggregate = 'own'", "its function broke off", "Mend it.")
    with pytest.raises(MethodError, match="aggregate = 'own': its function broke off"):
        run(failing, error, [1], work=1, executor=Inline())


@pytest.mark.parametrize("function", [lambda: 1, lambda one: one, lambda *, done: done, lambda a, b, c: (a, b, c)])
def test_a_function_that_cannot_be_told_of_progress_is_refused_before_any_work(function):
    with pytest.raises(SpecificationError, match="progress: the function cannot be called with two arguments"):
        run(failing, ValueError("worked"), [1], work=1, progress=function)


@pytest.mark.parametrize("function", [print, lambda *all_: all_, lambda done, whole, more=0: (done, whole, more), max])
def test_a_function_that_can_be_told_is_taken(function):
    assert run(squared, 2, [3], work=1, progress=function) == [9]

"""Run tasks on workers: in their order, whole or not at all, with a way to stop and to show how far they are."""

from __future__ import annotations

import inspect
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Event, Lock, Thread
from typing import Any, TypeVar

from softpower.errors import ExecutionError, Fault, NotFoundError, SoftPowerError, SpecificationError

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")
Tick = Callable[[int], None]
"""Called by a task with the work that it has done since the last call."""
Progress = bool | Callable[[int, int], object]
"""Whether progress is shown on the terminal, or a function that is told the work that is done and all there is."""
Function = Callable[[Any, Any, Tick], Any]

UNTOLD = 16
"""So many workers an executor is taken to have that does not say."""
EXECUTORS = "Give one of concurrent.futures, or dask.distributed's Client.get_executor()."
"""How to mend what is no executor."""
PATIENCE = 0.5
"""So many seconds the step in work has to end after an interruption."""
CHECKED = 0.2
"""So many seconds pass at most before an interruption is heard."""


def run(
    function: Function,
    shared: object,
    tasks: Sequence[Task],
    *,
    work: int,
    executor: Executor | None = None,
    progress: Progress = False,
) -> list[Any]:
    """Return what a function makes of each task, in the order of the tasks.

    Parameters
    ----------
    function : callable
        Takes what is shared, a task, and a function that it calls with the work done; of a module, so that processes
        find it.
    shared : object
        The same for all tasks; threads share it, other workers get a copy each.
    tasks : sequence
    work : int
        How much work all tasks are, in the units in which they report it.
    executor : concurrent.futures.Executor, optional
        Where tasks run; by default threads of its own, one for each processor.
    progress : bool or function
        Whether to write to the terminal how far it is, or what to call with the work done and the whole.

    Raises
    ------
    ExecutionError
        If a worker is lost or the executor takes no tasks. There is no partial answer.
    SpecificationError
        If the executor is none.
    """
    if executor is not None and not callable(getattr(executor, "submit", None)):
        what = f"a {type(executor).__name__} is no executor"
        raise SpecificationError.of("executor", what, EXECUTORS)
    with meter(progress, work) as tick, one_thread_each():
        if executor is None and (len(tasks) == 1 or processors() == 1):
            return [function(shared, task, tick) for task in tasks]
        if executor is None:
            with ThreadPoolExecutor(processors()) as own:
                return _on(own, function, shared, tasks, tick)
        return _on(executor, function, shared, tasks, tick)


def aside(function: Callable[[Tick], Outcome], *, work: int, progress: Progress) -> Outcome:
    """Return what a function gives that calls solvers, which no interruption stops: it runs in a thread that is left.

    Parameters
    ----------
    function : callable
        Takes a function that it calls with the work done.
    work, progress
        As for `run`.
    """
    outcome: Future[Outcome] = Future()
    stopped = Event()

    with meter(progress, work) as tick:

        def ticking(done: int) -> None:
            if stopped.is_set():
                raise _StoppedError
            tick(done)

        def work_off() -> None:
            try:
                outcome.set_result(function(ticking))
            except BaseException as error:  # noqa: BLE001 - it is raised again where the answer is waited for
                outcome.set_exception(error)

        thread = Thread(target=work_off, daemon=True)
        thread.start()
        try:
            while not outcome.done():
                wait([outcome], timeout=CHECKED)
            return outcome.result()
        finally:
            stopped.set()
            # A solver that is still at work when the program ends may abort it: let it end its step, if it is short.
            thread.join(PATIENCE)


def processors() -> int:
    """Return how many processors there are to use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def workers(executor: Executor | None) -> int:
    """Return how many tasks run at a time: one on each processor, or on each worker of an executor."""
    if executor is None:
        return processors()
    known = getattr(executor, "_max_workers", None)
    return known if isinstance(known, int) and known > 0 else UNTOLD


def _on(executor: Executor, function: Function, shared: object, tasks: Sequence[Any], tick: Tick) -> list[Any]:
    """Return the outcomes of tasks on an executor; whatever goes wrong, nothing is left running for longer."""
    stopped = Event()
    threads = isinstance(executor, ThreadPoolExecutor)
    futures: list[Future[Any]] = []

    def ticking(done: int) -> None:
        if stopped.is_set():
            raise _StoppedError
        tick(done)

    try:
        if threads:
            futures = [executor.submit(_beside, function, shared, task, ticking) for task in tasks]
        else:
            packed = _packed(shared)
            futures = [executor.submit(_apart, function, packed, task) for task in tasks]
        _check_futures(futures)
        pending = set(futures)
        while pending:
            done, pending = wait(pending, timeout=CHECKED, return_when=FIRST_COMPLETED)
            for one in done:
                tick(_done(one).untold)
        return [one.result().made for one in futures]
    except SoftPowerError as error:
        if threads or not isinstance(error, NotFoundError):
            raise
        # The study has been scored here, so that whatever it names is known here.
        raise _unknown(error) from error
    except (BrokenExecutor, CancelledError) as error:
        raise _lost(error) from error
    except Exception as error:
        if threads and not isinstance(error, RuntimeError):
            raise
        # What an executor of another kind raises when it loses a worker, nobody can list.
        raise _lost(error) from error
    finally:
        stopped.set()
        for one in futures:
            if isinstance(one, Future):
                one.cancel()


def _check_futures(futures: Sequence[object]) -> None:
    """Raise SpecificationError where an executor gives back something else."""
    if not all(isinstance(one, Future) for one in futures):
        raise SpecificationError.of("executor", "what it submits comes back as no future", EXECUTORS)


def _done(future: Future[Any]) -> _Done:
    """Return what a task came to."""
    outcome = future.result()
    if not isinstance(outcome, _Done):
        what = f"a {type(outcome).__name__} came back and not the work, so there is no answer"
        raise ExecutionError.of("executor", what, EXECUTORS)
    return outcome


def _lost(error: BaseException) -> ExecutionError:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    what = f"the work did not come back ({said}), so there is no answer"
    mend = "See that the workers have memory and are not shut down, or leave executor out."
    return ExecutionError([Fault("executor", what, mend)])


def _unknown(error: NotFoundError) -> ExecutionError:
    said = "; ".join(f"{one.where}: {one.what}" for one in error.faults)
    what = f"a worker does not know what is known here ({said})"
    mend = (
        "Register methods of your own in a module, and import it in the workers: "
        "ProcessPoolExecutor(initializer=importlib.import_module, initargs=('my_methods',))."
    )
    return ExecutionError.of("executor", what, mend)


class _StoppedError(Exception):
    """Another task has failed, or somebody has interrupted: this one is not wanted any more."""


def _packed(shared: object) -> bytes:
    try:
        return pickle.dumps(shared)
    except Exception as error:
        what = f"what the workers need cannot be sent to them ({error})"
        raise ExecutionError.of("executor", what, "Use threads, or methods that are functions of a module.") from error


@dataclass(frozen=True)
class _Done:
    """What a function made of a task, and the work that nobody was told of."""

    made: Any
    untold: int = 0


def _beside(function: Function, shared: object, task: object, tick: Tick) -> _Done:
    """Return what a function makes of a task in another thread, which tells of the work itself."""
    return _Done(function(shared, task, tick))


def _apart(function: Function, packed: bytes, task: object) -> _Done:
    """Return what a function makes of a task in another process, and the work that it did."""
    done = [0]

    def tick(count: int) -> None:
        done[0] += count

    with one_thread_each():
        return _Done(function(_unpacked(packed), task, tick), done[0])


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(packed)


class _Limit:
    """A limit for the whole process: the first that asks for it sets it, the last that goes lifts it."""

    def __init__(self) -> None:
        self._lock, self._users = Lock(), 0
        self._set: Any = None

    def __enter__(self) -> None:
        from threadpoolctl import ThreadpoolController

        with self._lock:
            if not self._users:
                # Looked for anew: since the last time another library may have come with its own.
                self._set = ThreadpoolController().limit(limits=1, user_api="blas")
            self._users += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._set.restore_original_limits()


_LIMIT = _Limit()


def one_thread_each() -> _Limit:
    """Keep linear algebra to one thread: blocks run side by side, and the same sums come out on any machine size."""
    return _LIMIT


@contextmanager
def meter(progress: Progress, work: int) -> Iterator[Tick]:
    """Yield a function that counts work and shows it.

    Raises
    ------
    SpecificationError
        If progress is neither true or false nor a function of two arguments.
    """
    mend = "Give True, or a function of the work done and the whole."
    if progress not in (True, False) and not callable(progress):
        raise SpecificationError.of("progress", f"a {type(progress).__name__} is no way to show progress", mend)
    if callable(progress) and not _takes_two(progress):
        raise SpecificationError.of("progress", "the function cannot be called with two arguments", mend)
    if progress is False:
        yield lambda _: None
        return
    lock, done, shown = Lock(), [0], [0.0]
    tell = progress if callable(progress) else _write

    def tick(count: int) -> None:
        with lock:
            done[0] += count
            now = time.monotonic()
            if count and (callable(progress) or now - shown[0] > CHECKED or done[0] >= work):
                shown[0] = now
                tell(min(done[0], work), work)

    try:
        yield tick
    finally:
        if tell is _write:
            sys.stderr.write("\r" + " " * 20 + "\r")
            sys.stderr.flush()


def _takes_two(function: Callable[..., object]) -> bool:
    """Whether a function can be called with two arguments, as far as one can read that."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(0, 1)
    except TypeError:
        return False
    return True


def part_of(tick: Tick, share: int) -> Callable[[int, int], None]:
    """Return a function of the work done and the whole of a part, which is so much of the work that `tick` counts.

    Examples
    --------
    >>> told = part_of(print, 40)
    >>> told(1, 4), told(4, 4)
    10
    30
    (None, None)
    """
    given = 0

    def told(done: int, whole: int) -> None:
        nonlocal given
        due = share * done // whole
        tick(due - given)
        given = due

    return told


def _write(done: int, work: int) -> None:
    sys.stderr.write(f"\r{done / max(1, work):4.0%} done")
    sys.stderr.flush()

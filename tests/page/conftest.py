"""What tests of pages share: a browser, and studies of which pages are made."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from page.browsing import running
from page.documents import HOSTILE
from softpower import Profile, score
from softpower.page.writing import report

DRAWS = 64
PATIENCE = 300.0
"""So many seconds one process waits for what another makes."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Not for the session: while it is open, what runs in an event loop of its own fails.
    with running() as one:
        yield one


@pytest.fixture(scope="module")
def tab(browser: Any) -> Any:
    return browser.new_page()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


Make = Callable[[Path], object]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Make], Path]:
    """Gives a file that the first of all test processes makes, and the others wait for: a page takes seconds."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def give(name: str, make: Make) -> Path:
        path, taken = shared / name, shared / f"{name}.taken"
        end = time.monotonic() + PATIENCE
        while not path.exists():
            try:
                taken.touch(exist_ok=False)
            except FileExistsError:
                assert time.monotonic() < end, f"the process that makes {name} has not made it"
                time.sleep(0.1)
                continue
            try:
                make(path)
            except BaseException:
                taken.unlink()
                raise
        return path

    return give


@pytest.fixture(scope="module")
def few(made_once: Callable[[str, Make], Path]) -> Path:
    """The page of three cases with drawn weights, one of which lacks a value."""
    table = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, None]}, index=["KAZ", "UZB", "KGZ"])
    profile = score(table).profile.replace(uncertainty={"weights": "simplex"})
    return made_once("few.html", lambda path: report(profile, path, n=DRAWS))


@pytest.fixture(scope="module")
def hostile(made_once: Callable[[str, Make], Path], sound: Profile) -> Path:
    """The page of a study whose every text is hostile."""
    framework = sound.framework
    indicators = {
        name: one.replace(title=HOSTILE, question=HOSTILE, quality_reason=HOSTILE, note=HOSTILE)
        for name, one in framework.indicators.items()
    }
    dimensions = {name: one.replace(title=HOSTILE, description=HOSTILE) for name, one in framework.dimensions.items()}
    profile = sound.replace(
        title=HOSTILE,
        summary=HOSTILE,
        caveats=[HOSTILE],
        framework=framework.replace(title=HOSTILE, indicators=indicators, dimensions=dimensions),
        sources={
            name: one.replace(title=HOSTILE, note=HOSTILE, url="javascript:alert(3)")
            for name, one in sound.sources.items()
        },
        observations=[
            one.replace(statement=HOSTILE, section=HOSTILE, reason=HOSTILE, flags=["<b>", "\u202eflag"])
            for one in sound.observations
        ],
        uncertainty={"weights": "simplex", "observations": True},
        claims=[{"id": "x", "says": HOSTILE, "kind": "above", "nodes": ["regard", "help"], "cases": ["A>B"]}],
        scenarios={"other": {"title": HOSTILE, "exclude": {"nodes": ["mood_mean"]}}},
    )
    return made_once("hostile.html", lambda path: report(profile, path, n=DRAWS))

"""What tests of pages share: a browser, and studies of which pages are made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from page.browsing import running
from page.documents import HOSTILE
from softpower import Profile, score
from softpower.page.writing import report

DRAWS = 64


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


@pytest.fixture(scope="module")
def few(folder: Path) -> Path:
    """The page of three cases with drawn weights, one of which lacks a value."""
    table = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, None]}, index=["KAZ", "UZB", "KGZ"])
    profile = score(table).profile.replace(uncertainty={"weights": "simplex"})
    return report(profile, folder / "few.html", n=DRAWS)


@pytest.fixture(scope="module")
def hostile(folder: Path, sound: Profile) -> Path:
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
    return report(profile, folder / "hostile.html", n=DRAWS)

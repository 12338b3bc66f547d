"""A browser for the tests: started, or skipped with its reason, and what a page says while it is open in it."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
BLANK = 10_000
"""A picture of one colour alone packs into a few thousand bytes."""
PATIENCE = 5.0
"""So many seconds a page has to be laid out."""


def started(driver: Any, path: str) -> Any:
    """Return the browser at a path.

    One that does not start is a matter of the machine, so its tests are skipped; where CI is set the browser was put
    there for the tests, and they fail rather than go by in silence.
    """
    from playwright.sync_api import Error

    try:
        return driver.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=30_000)
    except Error as error:
        said = f"{path} does not start: {str(error).splitlines()[0]}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)


@contextmanager
def running() -> Iterator[Any]:
    """Give Debian's chromium; without it, or without playwright, the tests are skipped."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright, which drives a browser, is not installed"
    )
    if CHROMIUM is None:
        pytest.skip("there is no chromium on the path: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = started(driver, CHROMIUM)
        yield browser
        browser.close()


class Visit:
    """A page file that is opened in a window of a width; what it says and asks for beside itself is kept."""

    def __init__(self, browser: Any, path: Path, width: int, *, place: str = "", **given: Any) -> None:
        self.width = width
        self.said: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 800}, **given)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.said.append(request.url))
        self.page.goto(path.as_uri() + place)
        assert self.said.pop(0) == path.as_uri()

    def ask(self, script: str, given: Any = None) -> Any:
        return self.page.evaluate(script, given)

    def ask_until(self, wanted: Any, script: str, given: Any = None) -> Any:
        """Return what is answered, as soon as it is what is wanted: a page is laid out a little after it is changed."""
        return self._seen(lambda: self.ask(script, given), lambda answer: answer == wanted)

    def picture(self, path: Path) -> bytes:
        """Return a picture of what is seen, as soon as that is more than a ground: a page is painted after it moved."""
        return self._seen(lambda: bytes(self.page.screenshot(path=path)), lambda shown: len(shown) > BLANK)

    def _seen(self, look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
        """Return what is seen last: what is wanted, or what there is when patience ends."""
        end = time.monotonic() + PATIENCE
        while not wanted(seen := look()) and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        return seen

    def open_all(self) -> None:
        self.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def close_all(self) -> None:
        self.ask("document.querySelectorAll('details').forEach((one) => { one.open = false; })")

"""That the pages hang together: links and anchors lead somewhere, nothing is left out, the drawing is up to date."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import softpower
from softpower.registry import STEPS

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(path for place in ("docs", "indicators", "examples") for path in (ROOT / place).glob("**/*.md")),
]
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^()\s]+)[^()]*\)")
NAVIGATION = re.findall(r"^ +- .*?([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
REFERENCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "reference").glob("*.md")))
SHOWN = re.findall(r"^::: (\S+)$", REFERENCE, re.MULTILINE)


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them and as the site is told to."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(page), re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        again = found.get(slug, 0)
        found[slug] = again + 1
        # A second heading of one name has another anchor here than there, so none may be linked to.
        anchors |= {slug} if not again else set()
    return anchors


def leads_astray(page: Path, link: str) -> bool:
    place, _, anchor = link.partition("#")
    target = (page.parent / place).resolve() if place else page
    if not target.is_file() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and (target.suffix != ".md" or anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_anchor_leads_somewhere(page):
    links = [link for link in LINK.findall(CODE.sub("", prose(page))) if "://" not in link]
    assert [link for link in links if leads_astray(page, link)] == []


def test_a_broken_link_is_seen():
    assert leads_astray(ROOT / "README.md", "docs/no-such-page.md")
    assert leads_astray(ROOT / "README.md", "docs/scenarios.md#no-such-heading")
    assert leads_astray(ROOT / "README.md", "#no-such-heading")
    assert not leads_astray(ROOT / "README.md", "docs/architecture.md#rooms-imports-point-down-only")


def test_every_page_is_in_the_navigation_once():
    assert sorted(NAVIGATION) == sorted(page.relative_to(ROOT).as_posix() for page in PAGES)


def test_every_public_name_is_in_the_reference_once():
    modules = (softpower.plot, softpower.interop)
    named = [f"{module.__name__}.{name}" for module in (softpower, *modules) for name in module.__all__]
    assert sorted(one for one in SHOWN if not one.startswith("softpower.steps.")) == sorted(named)


def test_every_method_is_in_the_reference_under_its_name():
    """A heading with the name in quotation marks, and below it the function that is registered under it."""
    shown = re.findall(r'^(?:## .*: `(\w+)`|### `"(\w+)"`\n\n::: (\S+))$', REFERENCE, re.MULTILINE)
    step, found = "", []
    for heading, name, function in shown:
        step = heading or step
        if name:
            found.append((step, name, function))
    methods = [(step, name, registry[name].function) for step, registry in STEPS.items() for name in registry]
    ours = [
        (step, name, f"{function.__module__}.{function.__qualname__}")
        for step, name, function in methods
        if function.__module__.startswith("softpower.steps.")
    ]
    assert sorted(found) == sorted(ours)


def test_the_drawing_shows_the_rooms_of_today():
    path = ROOT / "docs" / "making" / "rooms.py"
    specification = importlib.util.spec_from_file_location("rooms", path)
    assert specification is not None
    assert specification.loader is not None
    rooms = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(rooms)
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.drawing(), "run: python docs/making/rooms.py"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    named = re.findall(r"\w+", " ".join(settings["contracts"][0]["layers"]))
    assert len(named) > 15
    assert [room for room in named if f">{room}</text>" not in rooms.drawing()] == []

"""Real page files in a real browser, at the width of a phone and of a desk: all opens, all fits, nothing runs."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from page.browsing import BLANK, PATIENCE, Visit, started
from page.documents import HOSTILE, Document
from softpower import load_profile, score
from softpower.page.writing import report

DRAWS = 64
PHONE, DESK = 375, 1280
STRANGE = "<img src=x onerror='window.broken=3'>{{7*7}}&lt;</style></title>]]>"
"""What the name of a case may be, which holds no sign that cannot be seen."""

CLOSED = """() => [...document.querySelectorAll("details")].filter((one) => !one.open).length"""
UNSEEN = """([lines]) => [...document.querySelectorAll(`${lines} > :not(summary)`)]
    .filter((one) => !one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
        || one.getBoundingClientRect().height === 0)
    .map((one) => one.outerHTML.slice(0, 80))"""
"""What stands in a line that can be opened, and is not laid out to be seen."""
STEPS = """() => document.querySelectorAll("summary").forEach((one) => one.click())"""
LOST = """() => {
    const lost = [];
    for (const link of document.querySelectorAll("a[href^='#']")) {
        document.querySelectorAll("details[open]").forEach((one) => { one.open = false; });
        link.click();
        const target = document.querySelector(":target");
        const box = target?.getBoundingClientRect();
        if (`#${target?.id}` !== link.getAttribute("href")) lost.push([link.hash, "none"]);
        else if (!target.checkVisibility() || box.height === 0) lost.push([link.hash, "closed"]);
        else if (box.top > innerHeight - 1 || box.bottom < 1) lost.push([link.hash, "elsewhere"]);
    }
    return lost;
}"""
"""The links that do not lead to a place that can be seen, from a page on which all is closed."""
PALE = """([least]) => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [red, green, blue] = parts(colour).map((one) => {
            const share = one / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (one) => {
        for (let each = one; each !== null; each = each.parentElement) {
            const colour = getComputedStyle(each).backgroundColor;
            if (parts(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const seen = new Map();
    for (const one of document.querySelectorAll("body *:not(script, style, svg *, option)")) {
        if (![...one.childNodes].some((each) => each.nodeType === 3 && each.data.trim())) continue;
        const pair = [getComputedStyle(one).color, ground(one)];
        const [dark, bright] = pair.map(light).sort((a, b) => a - b);
        seen.set(pair.join(" on "), (bright + 0.05) / (dark + 0.05));
    }
    return [seen.size, [...seen].filter(([, contrast]) => contrast < least)];
}"""
TURNED = """() => {
    const turned = [];
    let looked = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        const found = node.data.match(/edart\\u2069*([^\\u2066-\\u2069]{3,})/);
        if (found === null || node.parentElement.closest("pre") || !node.parentElement.checkVisibility()) continue;
        const after = found.index + found[0].length - found[1].length;
        const boxes = [...found[1]].map((_, place) => {
            range.setStart(node, after + place);
            range.setEnd(node, after + place + 1);
            return range.getBoundingClientRect();
        });
        looked += 1;
        for (let place = 1; place < boxes.length; place += 1) {
            const [one, next] = [boxes[place - 1], boxes[place]];
            if (one.width && next.width && one.top === next.top && next.left < one.left) {
                turned.push(found[1]);
                break;
            }
        }
    }
    return [looked, turned];
}"""
"""How many texts go on after an override, and those that do not run from left to right there."""
BARE = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        node.data = node.data.replace(/[\\u2066-\\u2069]/g, "");
    }
}"""


@pytest.fixture(scope="module")
def kazakhstan(made_once):
    """The page of the example as it ships."""
    return made_once("kazakhstan.html", lambda path: report("kazakhstan", path, n=DRAWS))


@pytest.fixture(scope="module")
def strangers(made_once):
    """The page of cases and indicators with hostile names, in two periods."""
    index = pd.MultiIndex.from_product([[STRANGE, "\u05d0\u05d1 B"], [2019, 2020]], names=["case", "period"])
    frame = pd.DataFrame({STRANGE: [1.0, 2.0, 3.0, 4.0], "y": [2.0, 1.0, 4.0, 3.0]}, index)
    return made_once("strangers.html", lambda path: report(frame, path))


@pytest.fixture(
    params=[("kazakhstan", PHONE), ("kazakhstan", DESK), ("few", PHONE), ("hostile", PHONE), ("strangers", DESK)],
    ids=lambda pair: f"{pair[0]}-{pair[1]}",
    scope="module",
)
def visit(request, browser):
    """The example in a window of either width, and each other page in one of them."""
    name, width = request.param
    opened = Visit(browser, request.getfixturevalue(name), width)
    yield opened
    opened.page.close()


class TestEveryPage:
    """What holds of every page."""

    def test_all_opens_and_fits(self, visit):
        assert visit.ask("document.documentElement.scrollWidth") <= visit.width
        visit.close_all()
        visit.ask(STEPS)
        assert visit.ask(CLOSED) == 0
        assert visit.ask_until([], UNSEEN, ["details"]) == []
        assert visit.ask("document.documentElement.scrollWidth") <= visit.width

    def test_every_link_opens_the_place_to_which_it_leads(self, visit):
        assert visit.ask(LOST) == []

    def test_texts_stand_out_from_their_ground(self, visit):
        visit.open_all()
        looked, pale = visit.ask(PALE, [4.5])
        assert looked > 4
        assert pale == []

    def test_on_paper_all_is_open_but_the_files(self, visit):
        visit.close_all()
        visit.page.emulate_media(media="print")
        assert visit.ask_until([], UNSEEN, ["details:not(.block)"]) == []
        assert not visit.page.locator("nav").is_visible()
        visit.page.emulate_media(media="screen")

    def test_it_can_be_looked_at(self, visit, tmp_path):
        """``pytest --basetemp=FOLDER`` keeps what is seen of each page, from its first screen on."""
        visit.close_all()
        for place in ("finding", "explorer", "cases"):
            visit.ask(f"document.getElementById('{place}').scrollIntoView()")
            shown = visit.picture(tmp_path / f"{place}-{visit.width}.png")
            assert int.from_bytes(shown[16:20], "big") == visit.width
            assert len(shown) > BLANK

    def test_nothing_is_asked_of_the_network_and_nothing_is_said(self, visit):
        """After all that was done to it above."""
        assert visit.said == []
        assert visit.ask("window.broken") is None
        assert visit.page.locator("img, main style:not(svg style), main title, header script").count() == 0


@pytest.fixture(scope="module")
def desk(browser, kazakhstan):
    """The page of the example in a wide window, which each test leaves as it was."""
    opened = Visit(browser, kazakhstan, DESK)
    yield opened
    opened.page.close()


class TestWithoutScript:
    def test_a_link_opens_what_is_closed(self, browser, kazakhstan):
        name = "fact-EU-KAZ-cultural_network_breadth-CIN-07a"
        closed = Visit(browser, kazakhstan, PHONE, java_script_enabled=False)
        assert not closed.page.locator(f"#{name}").is_visible()
        closed.page.close()
        visit = Visit(browser, kazakhstan, PHONE, place=f"#{name}", java_script_enabled=False)
        fact = visit.page.locator(f"#{name}")
        fact.wait_for(state="visible", timeout=1000 * PATIENCE)
        assert fact.locator("xpath=../summary").bounding_box()["y"] >= 0
        visit.page.close()


class TestExample:
    """The example as it ships."""

    def test_it_is_told_in_full(self, kazakhstan):
        """In the file: this test needs no browser, and shares the page, which takes long to make."""
        profile = load_profile("kazakhstan")
        page = Document(kazakhstan.read_text(encoding="utf-8"))
        assert kazakhstan.stat().st_size < 3_000_000
        finding = next(line for line in page.text.splitlines() if "comes to" in line)
        assert re.match(r"EU>KAZ: Soft power comes to 61\.2 of 100 \([\d.]+ to [\d.]+ in 90 % of the draws\)", finding)
        assert page.text.index("What is robust") < page.text.index("What is not") < page.text.index("Contents")
        ids = set(page.ids)
        assert len(ids) == len(page.ids)
        assert {one["href"] for one in page.all("a") if one["href"].startswith("#")} <= {f"#{name}" for name in ids}
        assert ids >= {f"node-EU-KAZ-{name}" for name in profile.indicators}
        assert {"node-EU-KAZ-soft_power", "fact-EU-KAZ-cultural_network_breadth-CIN-07a", "source-eunic"} <= ids
        assert "Culture, paragraph 2, footnote 36" in page.text
        for one in profile.indicators.values():
            assert {one.question, one.goalposts.reason, one.quality_reason} <= set(page.texts)
        # Its files are on it, so that it can be computed again.
        assert all(content in page.text for content in profile.to_files().values())

    def test_its_sliders_give_what_python_gives(self, desk):
        cell = desk.page.locator("#explorer .explorer-composite")
        declared = score("kazakhstan")
        first = declared.composite.iloc[0]

        def shown():
            return float(cell.get_attribute("data-composite"))

        np.testing.assert_allclose(shown(), first, rtol=0, atol=1e-9)
        desk.page.get_by_role("slider", name="Culture").press("Home")
        weights = {"culture": 0.0, "political_values": 1.0, "foreign_policy": 1.0}
        chosen = score("kazakhstan", methodology={"weights": weights}).composite.iloc[0]
        assert abs(chosen - first) > 0.1
        np.testing.assert_allclose(shown(), chosen, rtol=0, atol=1e-9)
        assert desk.page.inner_text("#explorer-answer") == f"{chosen:.1f} as chosen, {first:.1f} as declared."
        desk.page.get_by_role("button", name="Back to what is declared").click()
        np.testing.assert_allclose(shown(), first, rtol=0, atol=1e-9)
        assert cell.inner_text() == f"{first:.1f}"
        assert desk.said == []

    def test_it_is_read_by_keys(self, browser, kazakhstan):
        visit = Visit(browser, kazakhstan, DESK)
        keys = visit.page.keyboard
        keys.press("Tab")
        skip = visit.page.locator(".skip")
        assert visit.ask("document.activeElement.className") == "skip"
        assert skip.bounding_box()["x"] >= 0
        keys.press("Enter")
        assert visit.ask("location.hash") == "#finding"
        tags = set()
        for _ in range(25):
            keys.press("Tab")
            tag, style, width = visit.ask(
                "(() => { const one = document.activeElement; const look = getComputedStyle(one);"
                " return [one.tagName, look.outlineStyle, parseFloat(look.outlineWidth)]; })()"
            )
            assert (style, width) == ("solid", 3), tag
            tags.add(tag)
        assert tags >= {"FIGURE", "INPUT", "SELECT", "BUTTON", "A"}
        summary = visit.page.locator("summary", has_text="Culture").first
        opened = visit.page.locator("#node-EU-KAZ-culture")
        summary.press("Enter")
        opened.wait_for(state="visible", timeout=1000 * PATIENCE)
        summary.press("Space")
        opened.wait_for(state="hidden", timeout=1000 * PATIENCE)
        visit.page.close()

    def test_it_is_heard_and_its_explorer_fits_a_phone(self, desk):
        pictures = desk.page.get_by_role("img").all()
        assert len(pictures) == desk.page.locator("figure > svg").count() > 3
        said = [one.get_attribute("aria-label") for one in pictures]
        assert said[0].startswith("Soft power of the European Union in Kazakhstan: 61 (90 % interval ")
        assert all(re.search(r"\d", one) for one in said)
        assert desk.page.get_by_role("heading", level=1).count() == 1
        assert desk.page.get_by_role("heading", level=2).count() == 16
        assert desk.page.get_by_role("main").count() == desk.page.get_by_role("navigation").count() == 1
        assert desk.page.locator("th:not([scope])").count() == 0
        desk.page.set_viewport_size({"width": PHONE, "height": 800})
        box = desk.page.locator(".explorer-scroll")
        assert box.evaluate("one => one.scrollWidth <= one.clientWidth")
        desk.page.set_viewport_size({"width": DESK, "height": 800})


class TestHostile:
    """Whatever a file says is a text in the browser, too."""

    def test_every_text_is_there_to_the_letter(self, browser, hostile):
        visit = Visit(browser, hostile, DESK)
        for place in (
            *("h1", "header p", ".node > summary .title", ".fact > summary .title", "dd", "#claims th[scope=row]"),
            *("#references li", "#explorer label", "#scenarios th[scope=row]", "#finding li", "pre", "caption"),
        ):
            texts = visit.page.locator(place).evaluate_all("all => all.map((one) => one.textContent)")
            wanted = HOSTILE.replace('"', '\\"').replace("\u202e", "") if place == "pre" else HOSTILE
            assert any(wanted in text.replace("\u202e", "") if place == "pre" else wanted in text for text in texts), (
                place
            )
        assert HOSTILE in visit.page.title()
        assert any(HOSTILE in one.get_attribute("aria-label") for one in visit.page.get_by_role("img").all())
        visit.page.close()

    def test_cases_are_there_to_the_letter(self, browser, strangers):
        visit = Visit(browser, strangers, DESK)
        for place in ("h3", ".finding", "#ranking th[scope=row]", "#explorer tr[data-row] th", "#indicators .title"):
            texts = visit.page.locator(place).evaluate_all("all => all.map((one) => one.textContent)")
            assert any(STRANGE in text for text in texts), place
        visit.page.close()

    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_what_turns_a_text_ends_with_it(self, browser, hostile, width):
        visit = Visit(browser, hostile, width)
        visit.open_all()
        looked, turned = visit.ask(TURNED)
        assert looked > 10
        assert turned == []
        # What is asked can tell: without the signs that isolate, texts are turned.
        visit.ask(BARE)
        assert visit.ask(TURNED)[1]
        visit.page.close()


class TestStarting:
    """A browser that is there and does not start."""

    @pytest.fixture
    def driver(self):
        error = pytest.importorskip("playwright.sync_api").Error

        def launch(**_):
            raise error("no display\nand more")

        return SimpleNamespace(chromium=SimpleNamespace(launch=launch))

    def test_is_skipped_with_its_reason(self, driver, monkeypatch):
        monkeypatch.delenv("CI", raising=False)
        with pytest.raises(pytest.skip.Exception, match=r"/bin/none does not start: no display$"):
            started(driver, "/bin/none")

    def test_fails_where_it_was_put_for_the_tests(self, driver, monkeypatch):
        monkeypatch.setenv("CI", "true")
        with pytest.raises(pytest.fail.Exception, match="does not start"):
            started(driver, "/bin/none")

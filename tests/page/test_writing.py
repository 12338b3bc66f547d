"""The page as a file: sound HTML, nothing from elsewhere, every text a text, the same bytes each time."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from softpower import FileError, MethodError, SoftPowerError, load_profile, score
from softpower.page.writing import POLICY, report

VOID = {"meta", "link", "br", "img", "hr", "input", "path", "use"}
DRAWS = 64
EXPLORER = [{"type": "application/json", "id": "explorer-data"}, {}]
"""The only scripts of a page: what the explorer computes with, and the explorer."""
HOSTILE = "</td></summary><script>alert(1)</script><img src=x onerror='alert(2)'>{{7*7}}{% raw %}<!-- & \" \u202eedart"


class Document(HTMLParser):
    """What stands in a page: its elements, its texts, and which of its tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.unmatched, self._open = [], [], [], []
        self.feed(text)
        self.close()
        self.unmatched += self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unmatched.append(f"/{tag}")

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self):
        return "".join(self.texts)

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch(r"h[1-6]", tag)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def countries(folder):
    """The page of 23 cases."""
    return report("technology_achievement", folder / "countries.html")


@pytest.fixture(scope="module")
def few(folder):
    """The page of three cases with drawn weights, one of which lacks a value."""
    table = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, None]}, index=["KAZ", "UZB", "KGZ"])
    profile = score(table).profile.replace(uncertainty={"weights": "simplex"})
    return report(profile, folder / "few.html", n=DRAWS)


@pytest.fixture(scope="module")
def periods(folder):
    """The page of two cases in two periods."""
    table = pd.DataFrame(
        {"case": ["A", "A", "B", "B"], "period": [2019, 2020, 2019, 2020], "x": [1.0, 2, 3, 4], "y": [2.0, 1, 4, 3]}
    )
    profile = score(table.set_index(["case", "period"])).profile.replace(uncertainty={"weights": "simplex"})
    return report(profile, folder / "periods.html", n=DRAWS)


@pytest.fixture(scope="module")
def everything(sound):
    """A small study of one case that declares whatever can be declared."""
    return sound.replace(
        uncertainty={"weights": "simplex", "observations": True, "aggregate": ["arithmetic", "geometric"]},
        claims=[{"id": "x", "says": "Regard leads.", "kind": "above", "nodes": ["regard", "help"], "cases": ["A>B"]}],
        scenarios={"no_mood": {"title": "Without the mood", "exclude": {"nodes": ["mood_mean"]}}},
    )


@pytest.fixture(scope="module")
def declared(folder, everything):
    """Its page."""
    return report(everything, folder / "declared.html", n=DRAWS)


@pytest.fixture(scope="module")
def hostile(folder, sound):
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
    )
    return report(profile, folder / "hostile.html", n=DRAWS).read_text(encoding="utf-8")


@pytest.fixture(params=["declared", "countries", "few", "periods"])
def page(request):
    """Each of the pages, read."""
    return Document(request.getfixturevalue(request.param).read_text(encoding="utf-8"))


class TestStructure:
    """What holds of every page."""

    def test_every_tag_is_closed(self, page):
        assert page.unmatched == []

    def test_ids_are_unique_and_plain(self, page):
        assert [name for name, count in Counter(page.ids).items() if count > 1] == []
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) for name in page.ids)

    def test_every_link_leads_somewhere(self, page):
        inside = {one["href"] for one in page.all("a") if one["href"].startswith("#")}
        assert len(inside) > 5
        assert inside <= {f"#{name}" for name in page.ids}

    def test_whatever_is_labelled_by_something_finds_it(self, page):
        assert {one["aria-labelledby"] for _, one in page.elements if "aria-labelledby" in one} <= set(page.ids)

    def test_headings_go_down_one_at_a_time(self, page):
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(below - above <= 1 for above, below in zip(page.headings, page.headings[1:], strict=False))

    def test_nothing_is_loaded_and_nothing_runs(self, page):
        assert not {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "embed", "base"}
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name in {"src", "srcset"}]
            assert tag == "a" or "href" not in attributes
            assert attributes.get("xlink:href", "#").startswith(("#", "data:image/png;base64,"))
            assert "url(" not in attributes.get("style", "").replace("url(#", "")
        assert page.all("meta")[2]["http-equiv"] == "Content-Security-Policy"
        policy, script = page.all("meta")[2]["content"].split("; script-src ")
        assert policy == POLICY
        assert "default-src 'none'" in POLICY
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", script)
        assert len([one for one in page.all("script") if one.get("type") != "application/json"]) <= 1

    def test_it_says_its_language_and_fits_a_phone(self, page):
        assert page.all("html") == [{"lang": "en"}]
        assert page.all("meta")[1]["name"] == "viewport"

    def test_every_table_has_a_caption_and_scopes(self, page):
        tags = [tag for tag, _ in page.elements]
        assert tags.count("table") == tags.count("caption") > 0
        assert {"col", "row"} <= {one["scope"] for one in page.all("th")} <= {"col", "row", "rowgroup"}

    def test_every_table_scrolls_in_a_box_of_its_own(self, page):
        boxes = [one for one in page.all("div") if one.get("class") in {"scroll", "explorer-scroll"}]
        assert len(boxes) == len(page.all("table"))
        assert all(one.get("aria-label") or one["aria-labelledby"] for one in boxes)
        assert {one["tabindex"] for one in boxes} == {"0"}

    def test_it_opens_in_print(self, page):
        assert "@media print" in page.text
        assert "details-content" in page.text


class TestContents:
    """What a page says."""

    def test_the_example_is_told_in_full(self, tmp_path):
        path, profile = tmp_path / "kazakhstan.html", load_profile("kazakhstan")
        page = Document(report(profile, path, n=DRAWS).read_text(encoding="utf-8"))
        assert path.stat().st_size < 3_000_000
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

    def test_it_has_every_section(self, page):
        sections = {one["id"] for one in page.all("section") if "id" in one}
        assert sections >= {
            *("finding", "cases", "uncertainty", "claims", "specification-curve", "sensitivity", "scenarios"),
            *("weight-space", "coverage", "inconsistencies", "methodology", "references", "fingerprint"),
        }

    def test_several_cases_are_ranked_and_compared(self, countries):
        page = Document(countries.read_text(encoding="utf-8"))
        assert {"ranking", "case-Finland", "case-United-States", "indicators"} <= set(page.ids)
        assert "The first two side by side: Finland and United States" in page.text
        assert "Of 23 cases, Finland has the highest Technology achievement: 74.5 of 100" in page.text

    def test_a_gap_has_its_reason(self, few):
        text = Document(few.read_text(encoding="utf-8")).text
        assert "Coverage is the weight of what is observed" in text
        assert "of KGZ." in text

    def test_a_page_bears_a_date_only_if_it_is_given(self, folder, monkeypatch):
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": [2.0, 1.0]}, index=["A", "B"])

        def dates(name, **given):
            text = report(frame, folder / name, **given).read_text(encoding="utf-8")
            return re.findall(r"<th scope=\"row\">date</th><td>(.*?)</td>", text)

        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        assert dates("none.html") == []
        assert dates("text.html", date="2024-05-31") == ["2024-05-31"]
        assert dates("date.html", date=dt.date(2024, 5, 31)) == ["2024-05-31"]
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        assert dates("epoch.html") == ["1970-01-02"]
        assert dates("both.html", date="2024-05-31") == ["2024-05-31"]


class TestHostile:
    """Whatever comes from a file is a text."""

    def test_no_text_becomes_markup(self, hostile):
        page = Document(hostile)
        assert page.unmatched == []
        assert page.all("script") == EXPLORER
        assert not {tag for tag, _ in page.elements} & {"img", "b"}
        assert not [one for _, attributes in page.elements for one in attributes if one.startswith("on")]
        assert len(set(page.ids)) == len(page.ids)

    def test_no_text_is_taken_for_a_template(self, hostile):
        assert "{{7*7}}{% raw %}" in Document(hostile).text
        assert "49<!--" not in hostile

    def test_no_address_but_that_of_the_web_is_a_link(self, hostile):
        links = [one["href"] for one in Document(hostile).all("a")]
        assert links
        assert all(one.startswith(("#", "https://", "http://")) for one in links)

    def test_what_turns_the_text_is_isolated(self, hostile):
        """Every override stands in an isolate that is closed before its element ends."""
        texts = [text for text in Document(hostile).texts if "\u202e" in text]
        assert len(texts) > 20
        for text in texts:
            depth = 0
            for letter in text:
                depth += (letter == "\u2068") - (letter == "\u2069")
                assert depth >= 0
                assert letter != "\u202e" or depth > 0
            assert depth == 0

    def test_cases_of_a_table_are_texts_too(self, folder):
        frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [3.0, 2.0, 1.0]}, index=["<script>", "a b", "a-b"])
        page = Document(report(frame, folder / "cases.html").read_text(encoding="utf-8"))
        assert page.all("script") == EXPLORER
        assert {"case-a-b", "case-a-b-2", "case-script"} <= set(page.ids)


class TestFile:
    """The file itself."""

    def test_the_same_input_gives_the_same_bytes(self, declared, everything, folder):
        """In another process too, where Python orders sets in another way."""
        saved = everything.save(folder / "saved")
        code = "import sys; from softpower.page.writing import report; report(*sys.argv[1:3], n=int(sys.argv[3]))"
        environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
        again = folder / "again.html"
        run = [sys.executable, "-c", code, str(saved), str(again), str(DRAWS)]
        subprocess.run(run, check=True, env=environment)
        assert again.read_bytes() == declared.read_bytes()

    def test_many_cases_fit_a_page_that_can_be_sent(self, folder):
        cells = np.random.default_rng(0).random((310, 6))
        frame = pd.DataFrame(cells, [f"case {place}" for place in range(310)], [f"x{place}" for place in range(6)])
        path = report(frame, folder / "many.html")
        page = Document(path.read_text(encoding="utf-8"))
        assert path.stat().st_size < 3_000_000
        assert page.unmatched == []
        assert "Of 310 cases, the first 300 have a section here; the rest are ranked." in page.text
        assert {one["href"] for one in page.all("a")} <= {f"#{name}" for name in page.ids}

    def test_a_file_that_is_there_is_kept(self, folder, sound):
        path = folder / "there.html"
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(FileError, match="it is there already"):
            report(sound, path)
        assert path.read_text(encoding="utf-8") == "mine"
        assert report(sound, path, overwrite=True) == path
        assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    def test_nothing_is_computed_for_a_file_that_cannot_be(self, folder):
        with pytest.raises(FileError, match=r"Let the name end in \.html"):
            report("no_such_profile", folder / "page.pdf")
        with pytest.raises(FileError, match="is no path"):
            report("no_such_profile", 7)

    @pytest.mark.parametrize("date", ["yesterday", 20240531, "", [2024]])
    def test_what_is_no_date_is_refused(self, date, folder, sound):
        with pytest.raises(MethodError, match="is no date"):
            report(sound, folder / "date-refused.html", date=date)

    def test_an_epoch_that_is_none_is_refused(self, folder, sound, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
        with pytest.raises(MethodError, match="SOURCE_DATE_EPOCH: 'today' is no date"):
            report(sound, folder / "epoch-refused.html")

    @pytest.mark.parametrize("given", [{"n": 0}, {"rng": "x"}, {"methodology": {"aggregate": "geometrc"}}])
    def test_wrong_choices_are_refused(self, given, folder, everything):
        path = folder / "refused.html"
        with pytest.raises(SoftPowerError):
            report(everything, path, **given)
        assert not path.exists()

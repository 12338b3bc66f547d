"""The page as a file: sound HTML, nothing from elsewhere, every text a text, the same bytes each time."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from page.documents import Document
from softpower import FileError, MethodError, MissingExtraError, SoftPowerError, score
from softpower.page.writing import POLICY, report

DRAWS = 64
EXPLORER = [{"type": "application/json", "id": "explorer-data"}, {}]
"""The only scripts of a page: what the explorer computes with, and the explorer."""


@pytest.fixture(scope="module")
def countries(made_once):
    """The page of 23 cases."""
    return made_once("countries.html", lambda path: report("technology_achievement", path))


@pytest.fixture(scope="module")
def periods(made_once):
    """The page of two cases in two periods."""
    table = pd.DataFrame(
        {"case": ["A", "A", "B", "B"], "period": [2019, 2020, 2019, 2020], "x": [1.0, 2, 3, 4], "y": [2.0, 1, 4, 3]}
    )
    profile = score(table.set_index(["case", "period"])).profile.replace(uncertainty={"weights": "simplex"})
    return made_once("periods.html", lambda path: report(profile, path, n=DRAWS))


@pytest.fixture(scope="module")
def everything(sound):
    """A small study of one case that declares whatever can be declared."""
    return sound.replace(
        uncertainty={"weights": "simplex", "observations": True, "aggregate": ["arithmetic", "geometric"]},
        claims=[{"id": "x", "says": "Regard leads.", "kind": "above", "nodes": ["regard", "help"], "cases": ["A>B"]}],
        scenarios={"no_mood": {"title": "Without the mood", "exclude": {"nodes": ["mood_mean"]}}},
    )


@pytest.fixture(scope="module")
def declared(made_once, everything):
    """Its page."""
    return made_once("declared.html", lambda path: report(everything, path, n=DRAWS))


@pytest.fixture(params=["declared", "countries", "few", "periods"], scope="module")
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

    def test_it_has_every_section(self, page):
        sections = {one["id"] for one in page.all("section") if "id" in one}
        assert sections >= {
            *("finding", "cases", "uncertainty", "claims", "specification-curve", "sensitivity", "scenarios"),
            *("weight-space", "audit", "coverage", "inconsistencies", "methodology", "references", "fingerprint"),
        }

    def test_several_cases_are_ranked_and_compared(self, countries):
        page = Document(countries.read_text(encoding="utf-8"))
        assert {"ranking", "case-Finland", "case-United-States", "indicators"} <= set(page.ids)
        assert "The first two side by side: Finland and United States" in page.text
        assert "Of 23 cases, Finland has the highest Technology achievement: 74.5 of 100" in page.text

    def test_the_two_that_are_named_stand_side_by_side(self, folder):
        frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [3.0, 2.0, 9.0]}, index=["A", "B", "C"])
        page = Document(report(frame, folder / "named.html", compare=("B", "A")).read_text(encoding="utf-8"))
        assert "Side by side: B and A" in page.texts
        assert "The first two" not in page.text
        start = page.texts.index("points of the composite")
        row = [one for one in page.texts[start + 1 :] if one.strip()][:5]
        scores = score(frame).composite
        apart = scores["B"] - scores["A"]
        assert row == ["Composite", f"{scores['B']:.1f}", f"{scores['A']:.1f}", f"{apart:+.1f}", f"{apart:+.2f}"]

    def test_one_period_is_compared_as_none_is(self, folder):
        index = pd.MultiIndex.from_product([["A", "B"], [2020]], names=["case", "period"])
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 2.0]}, index)
        page = Document(report(frame, folder / "period.html", compare=["B", "A"]).read_text(encoding="utf-8"))
        assert "Side by side: B 2020 and A 2020" in page.texts

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
        assert dates("hour.html", date=dt.datetime(2024, 5, 31, 23, 59, tzinfo=dt.UTC)) == ["2024-05-31"]
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        assert dates("epoch.html") == ["1970-01-02"]
        assert dates("both.html", date="2024-05-31") == ["2024-05-31"]


class TestHostile:
    """Whatever comes from a file is a text."""

    @pytest.fixture
    def written(self, hostile):
        return hostile.read_text(encoding="utf-8")

    def test_no_text_becomes_markup(self, written):
        page = Document(written)
        assert page.unmatched == []
        assert page.all("script") == EXPLORER
        assert not {tag for tag, _ in page.elements} & {"img", "b"}
        assert not [one for _, attributes in page.elements for one in attributes if one.startswith("on")]
        assert len(set(page.ids)) == len(page.ids)

    def test_no_text_is_taken_for_a_template(self, written):
        assert "{{7*7}}{% raw %}" in Document(written).text
        assert "49{%" not in written

    def test_no_address_but_that_of_the_web_is_a_link(self, written):
        links = [one["href"] for one in Document(written).all("a")]
        assert links
        assert all(one.startswith(("#", "https://", "http://")) for one in links)

    def test_what_turns_the_text_is_isolated(self, written):
        """Every override stands in an isolate that is closed before its element ends."""
        texts = [text for text in Document(written).texts if "\u202e" in text]
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

    def test_without_jinja2_it_is_said_how_to_install_it(self, folder, monkeypatch):
        monkeypatch.setitem(sys.modules, "jinja2", None)
        with pytest.raises(MissingExtraError, match=r"report: reports need jinja2.*pip install 'softpower\[report\]'"):
            report("no_such_profile", folder / "page.html")

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

    @pytest.mark.parametrize(
        ("names", "says"),
        [
            (("KAX", "UZB"), "there is no case 'KAX'. Did you mean 'KAZ'?"),
            (("KAX", "UZC"), "2 faults:"),
            (("KAZ", "KAZ"), "'KAZ' is named twice. Name two cases."),
            (("KAZ",), r"\('KAZ',\) are not two cases. Name two, such as \('KAZ', 'UZB'\)."),
            ("KAZ", "'KAZ' are not two cases."),
            ((["KAZ"], 3), "2 faults:"),
        ],
    )
    def test_cases_that_are_none_are_not_compared(self, names, says, folder):
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 2.0]}, index=["KAZ", "UZB"])
        with pytest.raises(MethodError, match=f"^(report: compare: )?{says}"):
            report(frame, folder / "refused.html", compare=names)

    def test_one_case_and_several_periods_are_not_compared(self, folder, sound):
        with pytest.raises(MethodError, match=r"there is one case, 'A>B', and nothing to compare it with\. Leave it"):
            report(sound, folder / "refused.html", compare=("A>B", "B>A"))
        index = pd.MultiIndex.from_product([["A", "B"], [2019, 2020]], names=["case", "period"])
        frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [3.0, 2.0, 1.0, 0.0]}, index)
        with pytest.raises(MethodError, match=r"in one period, and these are scored in 2\. Score one period alone"):
            report(frame, folder / "refused.html", compare=("A", "B"))
        assert not (folder / "refused.html").exists()

    @pytest.mark.parametrize("given", [{"n": 0}, {"rng": "x"}, {"methodology": {"aggregate": "geometrc"}}])
    def test_wrong_choices_are_refused(self, given, folder, everything):
        path = folder / "refused.html"
        with pytest.raises(SoftPowerError):
            report(everything, path, **given)
        assert not path.exists()

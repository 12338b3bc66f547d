"""What stands in a file is read as text and numbers: never run, imported or fetched, and never more than fits."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
import warnings
import zipfile
from itertools import product
from pathlib import Path

import matplotlib as mpl
import matplotlib.texmanager
import pandas as pd
import pytest

import softpower
from softpower import FileError, ObservationError, SoftPowerError, load_profile
from softpower.catalogue import template
from softpower.files import read_text
from softpower.interop import read_table, sheets, unpacking

SOURCE = Path(softpower.__file__).parents[1]


@pytest.fixture
def study(tmp_path):
    """The folder of a small study, with another folder beside it."""
    folder = tmp_path / "study"
    for name, text in template().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("observations.csv", "sources.toml", "spec/framework.toml"):
        (outside / Path(name).name).write_text(template()[name], encoding="utf-8")
    return folder


def named(folder: Path, key: str, name: str) -> None:
    """Let the head of a study, or of its framework, name a file."""
    path = folder / ("spec/framework.toml" if key == "files" else "profile.toml")
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{key} =")]
    written = f"{key} = [{name}]" if key == "files" else f"{key} = {name}"
    path.write_text("\n".join([written, *kept]), encoding="utf-8")


KEYS = ("observations", "sources", "framework", "values", "files")
LEAVING = {
    "a folder up": "'../outside/observations.csv'",
    "up from within": "'spec/../../outside/sources.toml'",
    "absolute": "'/etc/passwd'",
    "a link to a file": "'link'",
    "a link to a folder": "'away'",
    "through a link": "'away/observations.csv'",
    "a drive": "'C:/Windows/win.ini'",
    "a drive's own folder": "'C:win.ini'",
    "another host": r"'\\host\share\observations.csv'",
    "a stroke of Windows": r"'..\outside\observations.csv'",
    "a stream of Windows": "'observations.csv:hidden'",
    "an address": "'http://127.0.0.1:9/observations.csv'",
    "an address of a file": "'file:///etc/passwd'",
}
UNFIT = {
    "a device": "'NUL'",
    "a device with an ending": "'con.csv'",
    "a device in capitals with blanks": "'Com1 .toml'",
    "a device in a folder": "'spec/aux.toml'",
    "no character": r'"a\u0000b"',
    "a line": r'"a\nb"',
    "a command to a terminal": r'"\u001b[31m"',
    "long": f"'{'x' * 300}'",
    "a long way": f"'{'y/' * 3000}z'",
    "a pipe": "'pipe'",
    "a circle of links": "'circle'",
    "nothing": "'missing'",
}


@pytest.mark.parametrize("key", KEYS)
class TestNames:
    @pytest.fixture(autouse=True)
    def _links(self, study):
        place = study / "spec"
        for folder in (study, place):
            (folder / "link").symlink_to(study.parent / "outside" / "observations.csv")
            (folder / "away").symlink_to(study.parent / "outside")
            (folder / "circle").symlink_to("circle")
            os.mkfifo(folder / "pipe")

    @pytest.mark.parametrize("name", LEAVING.values(), ids=LEAVING)
    def test_none_leaves_the_folder(self, study, key, name):
        named(study, key, name)
        with pytest.raises(SoftPowerError) as caught:
            load_profile(study)
        assert any("leaves the" in one.what or "on Windows" in one.what for one in caught.value.faults)
        assert "Selmark" not in str(caught.value)

    @pytest.mark.parametrize("name", UNFIT.values(), ids=UNFIT)
    def test_none_that_no_system_takes_is_more_than_a_fault(self, study, key, name):
        named(study, key, name)
        with pytest.raises(SoftPowerError) as caught:
            load_profile(study)
        said = str(caught.value)
        assert len(said) < 1000
        assert "\x1b" not in said
        assert "\0" not in said


def test_names_that_some_disk_takes_for_one_are_refused(study):
    for name in ("more.toml", "More.toml"):
        (study / "spec" / name).write_text("[indicators]\n", encoding="utf-8")
    named(study, "files", "'more.toml', 'More.toml'")
    with pytest.raises(SoftPowerError, match=r"not every disk tells 'More.toml' from 'more.toml'"):
        load_profile(study)


def test_a_text_that_fills_the_memory_is_not_read(tmp_path):
    with (tmp_path / "huge.toml").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(FileError, match=r"1,099,511,627,776 bytes, more than 1,000,000,000"):
        read_text(tmp_path, "huge.toml")


def test_a_table_that_is_wrong_throughout_is_told_so_at_once(study):
    """A fault takes far more room than a row of one letter, and names of columns are compared with each other."""
    head = template()["observations.csv"].splitlines()[0]
    began = time.process_time()
    for text, said in {
        f"{head}\n" + "x\n" * 300_000: r"1001 faults:.*line 1002: what follows is not read",
        f"{head},{',a' * 50_000}\n": r"line 1: 49976 more columns are unknown",
    }.items():
        (study / "observations.csv").write_text(text, encoding="utf-8")
        with pytest.raises(ObservationError, match=f"(?s){said}") as caught:
            load_profile(study)
        assert len(caught.value.faults) < 1100
    (study.parent / "table.csv").write_text("a,b\n" + "x\n" * 300_000, encoding="utf-8")
    with pytest.raises(ObservationError, match="5 faults"):
        read_table(study.parent / "table.csv")
    assert time.process_time() - began < 3


@pytest.mark.parametrize("part", ["a", '"a b"', " a\t", "'a.b'"])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_many_parts_takes_no_time(study, form, part):
    path = study / "profile.toml"
    path.write_text(form.format(".".join([part] * 20_000)) + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    began = time.process_time()
    with pytest.raises(SoftPowerError, match="it is nested too deeply"):
        load_profile(study)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "line",
    [
        "summary = '" + "A sentence. " * 300 + "'",
        "summary = '" + "." * 300 + "'",
        f"summary = '{[number + 0.5 for number in range(300)]}'",
        f"summary = '{[number + 0.5 for number in range(300)]}'".replace(" ", ""),
    ],
    ids=["sentences", "points", "numbers", "numbers without blanks"],
)
def test_a_text_of_many_points_is_no_key(study, line):
    path = study / "profile.toml"
    kept = [one for one in path.read_text(encoding="utf-8").splitlines() if not one.startswith("summary")]
    path.write_text("\n".join([line, *kept]), encoding="utf-8")
    assert load_profile(study).summary


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f"<Types xmlns='{TYPES}'><Default Extension='rels' ContentType='application/xml'/>"
    f"<Override PartName='/xl/workbook.xml' ContentType='{KIND}.sheet.main+xml'/>"
    f"<Override PartName='/xl/sharedStrings.xml' ContentType='{KIND}.sharedStrings+xml'/>"
    f"<Override PartName='/xl/worksheets/sheet1.xml' ContentType='{KIND}.worksheet+xml'/></Types>",
    "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{DOCUMENT}'>"
    "<sheets><sheet name='first' sheetId='1' r:id='rId1'/></sheets></workbook>",
    "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    f"<Relationship Id='rId1' Type='{DOCUMENT}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
    "xl/sharedStrings.xml": f"<sst xmlns='{MAIN}'><si><t>case</t></si><si><t>A</t></si></sst>",
    "xl/styles.xml": f"<styleSheet xmlns='{MAIN}'/>",
}
HEAD = "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>x</t></is></c></row>"
ROW = "<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2'><v>1.5</v></c></row>"


def sheet(*rows: str) -> str:
    return f"<worksheet xmlns='{MAIN}'><sheetData>{''.join(rows)}</sheetData></worksheet>"


@pytest.fixture
def book(tmp_path):
    def write(changed: dict[str, str | bytes] | None = None, *rows: str) -> Path:
        path = tmp_path / "table.xlsx"
        parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(*(rows or (HEAD, ROW))), **(changed or {})}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in parts.items():
                packed.writestr(name, content)
        return path

    return write


def most_used(path: Path) -> int:
    """Return how many bytes Python holds at most while a workbook is refused."""
    tracemalloc.start()
    try:
        with pytest.raises((FileError, ObservationError)):
            read_table(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


ENTITIES = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
LAUGHS = f"<!DOCTYPE sst [<!ENTITY l0 'ha'>{ENTITIES}]>"
OUTSIDE = "<!DOCTYPE sst [<!ENTITY out SYSTEM 'file:///etc/passwd'>]>"
LOADED = "<!DOCTYPE sst SYSTEM 'http://127.0.0.1:9/outer.dtd'>"


class TestWorkbooks:
    def test_a_sound_one_is_read(self, book):
        assert read_table(book())["x"].to_dict() == {"A": 1.5}

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize("before", ["", f"<?pi {'x' * 9000}?>"], ids=["at once", "far down"])
    @pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, LOADED], ids=["laughs", "file", "address"])
    def test_entities_are_refused_wherever_they_hide(self, book, head, before, encoding):
        entity = {LAUGHS: "&l9;", OUTSIDE: "&out;", LOADED: ""}[head]
        text = f"{before}{head}{PARTS['xl/sharedStrings.xml'].replace('case', f'case{entity}')}"
        path = book({"xl/sharedStrings.xml": text.encode(encoding)})
        with pytest.raises(FileError, match=r"xl/sharedStrings\.xml declares a type of document, which could hold ent"):
            read_table(path)

    @pytest.mark.parametrize("encoding", ["x-nobody-knows", "rot13", "utf-7", "big5"])
    def test_an_encoding_that_may_hide_them_is_refused(self, book, encoding):
        text = f'<?xml version="1.0" encoding="{encoding}"?>{PARTS["xl/sharedStrings.xml"]}'
        with pytest.raises(FileError, match=r"xl/sharedStrings\.xml is in an encoding that is not known"):
            read_table(book({"xl/sharedStrings.xml": text}))

    def test_an_encoding_that_warns_does_so_to_nobody(self, book):
        text = f'<?xml version="1.0" encoding="unicode_escape"?>{PARTS["xl/sharedStrings.xml"]}'
        assert read_table(book({"xl/sharedStrings.xml": text}))["x"].to_dict() == {"A": 1.5}

    @pytest.mark.parametrize("part", [*PARTS, "xl/worksheets/sheet1.xml", "docProps/core.xml", "xl/theme/theme1.xml"])
    def test_entities_are_refused_in_every_part(self, book, part):
        content = PARTS.get(part, sheet(HEAD, ROW))
        with pytest.raises(FileError, match="declares a type of document"):
            read_table(book({part: f"{LAUGHS}{content}"}))

    def test_a_part_that_unpacks_to_far_more_than_it_says_takes_no_memory(self, book):
        path = book({"xl/theme/theme1.xml": b" " * 50_000_000})
        raw = path.read_bytes().replace((50_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
        path.write_bytes(raw)
        assert most_used(path) < 5_000_000

    def test_parts_that_unpack_to_too_much_together_take_no_memory(self, book, monkeypatch):
        monkeypatch.setattr(unpacking, "LARGEST", 10_000_000)
        path = book({f"xl/part{n}.xml": b" " * 3_000_000 for n in range(4)})
        assert path.stat().st_size < 50_000
        assert most_used(path) < 5_000_000
        with pytest.raises(FileError, match=r"unpacked it has 12,00\d,\d\d\d bytes, more than 10,000,000"):
            read_table(path)

    @pytest.mark.parametrize(
        ("part", "content"),
        [
            ("xl/styles.xml", f"<styleSheet xmlns='{MAIN}'><fonts>{'<font/>' * 20_000}</fonts></styleSheet>"),
            ("xl/styles.xml", f"<styleSheet xmlns='{MAIN}'>{'<fonts/><row/>' * 20_000}</styleSheet>"),
            ("xl/sharedStrings.xml", f"<sst xmlns='{MAIN}'><si>{'<t/>' * 20_000}</si></sst>"),
            ("[Content_Types].xml", f"<Types xmlns='{TYPES}'>{'<Default/>' * 20_000}</Types>"),
            ("xl/worksheets/sheet1.xml", f"<worksheet xmlns='{MAIN}'>{'<cols/>' * 20_000}</worksheet>"),
            ("xl/worksheets/sheet1.xml", sheet(HEAD, f"<row r='2'>{'<c/>' * 20_000}</row>")),
        ],
        ids=["fonts", "fonts that look like rows", "a text", "kinds", "no rows", "a row"],
    )
    def test_tags_without_number_do_not_fill_the_memory(self, book, monkeypatch, part, content):
        monkeypatch.setattr(unpacking, "TOGETHER", 10_000)
        path = book({part: content})
        assert most_used(path) < 2_000_000
        said = rf"its part {re.escape(part)} has more than 10,000 tags in one piece, which no table needs\. Open it"
        with pytest.raises(FileError, match=said):
            read_table(path)

    def test_a_workbook_that_stands_among_its_sheets_is_no_sheet(self, book, monkeypatch):
        monkeypatch.setattr(unpacking, "TOGETHER", 10_000)
        place = "xl/worksheets/book.xml"
        kinds = PARTS["[Content_Types].xml"].replace("xl/workbook.xml", place)
        names = "<definedName name='n'>A</definedName><row/>" * 10_000
        held = PARTS["xl/workbook.xml"].replace("</sheets>", f"</sheets><definedNames>{names}</definedNames>")
        path = book({"[Content_Types].xml": kinds, place: held})
        with pytest.raises(FileError, match=r"its part xl/worksheets/book\.xml has more than 10,000 tags in one piece"):
            read_table(path)

    def test_texts_without_number_are_refused(self, book, monkeypatch):
        monkeypatch.setattr(unpacking, "TAGS", 10_000)
        path = book({"xl/sharedStrings.xml": f"<sst xmlns='{MAIN}'>{'<si/>' * 20_000}</sst>"})
        with pytest.raises(FileError, match=r"its part xl/sharedStrings\.xml has more than 10,000 tags, which no"):
            read_table(path)

    def test_sheets_without_number_are_refused(self, book):
        sheets = "<sheet name='first' sheetId='1' r:id='rId1'/>" * 1_001
        path = book({"xl/workbook.xml": PARTS["xl/workbook.xml"].replace("<sheets>", f"<sheets>{sheets}")})
        with pytest.raises(FileError, match=r"its part xl/workbook\.xml names more than 1,000 sheets\. Open it"):
            read_table(path)

    @pytest.mark.parametrize(
        ("rows", "says"),
        [
            ([ROW.replace("2", "3"), ROW], "row 2 after row 3"),
            ([ROW, ROW], "row 2 after row 2"),
            ([ROW.replace("B2", "A2")], "the cell A2 twice"),
        ],
    )
    def test_what_openpyxl_would_leave_out_is_refused(self, book, rows, says):
        with pytest.raises(FileError, match=rf"its part xl/worksheets/sheet1\.xml has {says}\. Open it in Excel"):
            read_table(book({}, HEAD, *rows))

    def test_rows_and_cells_need_no_numbers(self, book):
        path = book({}, *(re.sub(r" r='\w+'", "", row) for row in (HEAD, ROW)))
        assert read_table(path)["x"].to_dict() == {"A": 1.5}

    def test_rows_and_texts_may_be_many(self, book, monkeypatch):
        monkeypatch.setattr(unpacking, "TOGETHER", 20)
        texts = "".join(f"<si><t>c{n}</t></si>" for n in range(2, 102))
        rows = [f"<row r='{n}'><c r='A{n}' t='s'><v>{n}</v></c><c r='B{n}'><v>{n}</v></c></row>" for n in range(2, 102)]
        strings = PARTS["xl/sharedStrings.xml"].replace("</sst>", f"{texts}</sst>")
        table = read_table(book({"xl/sharedStrings.xml": strings}, HEAD, *rows))
        assert table["x"].to_dict() == {f"c{n}": n for n in range(2, 102)}

    def test_rows_that_reach_far_to_the_right_do_not_fill_the_memory(self, book, monkeypatch):
        monkeypatch.setattr(sheets, "CELLS", 200_000)
        rows = [f"<row r='{n}'><c r='A{n}'><v>1</v></c><c r='XFD{n}'><v>1</v></c></row>" for n in range(2, 100)]
        path = book({}, HEAD, *rows)
        assert most_used(path) < 10_000_000
        with pytest.raises(FileError, match=r"table.xlsx: first: its rows reach over more than 200,000 cells"):
            read_table(path)

    def test_a_row_that_no_sheet_has_is_no_endless_loop(self, book):
        with pytest.raises(FileError, match=r"more than the 1,048,576 rows of a sheet"):
            read_table(book({}, HEAD, ROW, "<row r='99999999999999'><c><v>1</v></c></row>"))

    def test_a_column_that_no_sheet_has_is_refused(self, book):
        with pytest.raises(FileError, match="no workbook that can be read"):
            read_table(book({}, HEAD, "<row r='2'><c r='ZZZZZZZ2'><v>1</v></c></row>"))

    def test_faults_without_number_do_not_fill_the_memory(self, book):
        rows = [f"<row r='{n}'><c r='C{n}'><v>1</v></c></row>" for n in range(2, 20_002)]
        with pytest.raises(ObservationError, match="19995 more cells are at fault") as caught:
            read_table(book({}, HEAD, ROW, *rows[1:], "<row r='20002'><c r='C20002'><v>1</v></c></row>"))
        assert len(caught.value.faults) == 6

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_part_that_is_there_twice_is_refused(self, book):
        path = book()
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr("xl/worksheets/sheet1.xml", sheet(HEAD))
        with pytest.raises(FileError, match="a part of it is there twice"):
            read_table(path)

    @pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_only_what_workbooks_are_packed_with_is_unpacked(self, tmp_path, packing):
        with zipfile.ZipFile(tmp_path / "table.xlsx", "w", packing) as packed:
            for name, content in PARTS.items():
                packed.writestr(name, content)
        with pytest.raises(FileError, match=r"no \.xlsx workbook"):
            read_table(tmp_path / "table.xlsx")

    def test_no_flipped_or_missing_byte_is_more_than_a_fault(self, book):
        path = book()
        whole = path.read_bytes()
        read = 0
        for place in range(0, len(whole), 41):
            flipped = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            for content in (flipped, whole[:place]):
                path.write_bytes(content)
                try:
                    read += read_table(path)["x"].to_dict() == {"A": 1.5}
                except SoftPowerError:
                    continue
        assert read < len(whole) / 41

    def test_a_pipe_is_no_workbook(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.xlsx")
        with pytest.raises(FileError, match="no plain file"):
            read_table(tmp_path / "pipe.xlsx")

    def test_what_openpyxl_does_not_understand_is_passed_over_in_silence(self, book):
        more = "<extLst><ext uri='{78C0D931-6437-407D-A8EE-F0AAD7539E65}'/></extLst></worksheet>"
        path = book({"xl/worksheets/sheet1.xml": sheet(HEAD, ROW).replace("</worksheet>", more)})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert read_table(path)["x"].to_dict() == {"A": 1.5}


MARK = "hostile_mark"
TEXTS = (
    f"__import__('{MARK}').run()",
    f"{{{{ {MARK}.__class__.__mro__[1].__subclasses__() }}}}{{% import '{MARK}' %}}{{% include '../secret.txt' %}}",
    f'=HYPERLINK("http://127.0.0.1:9/{MARK}")',
    f"${MARK}\\input{{../secret.txt}}\\write18{{touch {MARK}}}$ %({MARK})s {{0.__globals__[{MARK}]}}",
    f"c{MARK}\nrun\n(S'x'\ntR.",
    f"!!python/object/apply:{MARK}.run [] @{MARK}.run `{MARK}` $({MARK}) ;{MARK};",
    f"<?xml-stylesheet href='http://127.0.0.1:9/{MARK}'?><!ENTITY e SYSTEM 'file:///{MARK}'>",
)
CHOICES = (
    *(f"{MARK}.run", f"{MARK}:run", f"softpower.{MARK}", f"lambda x: {MARK}", f"http://127.0.0.1:9/{MARK}.py"),
    *("os.system", "builtins.eval", "numpy.load", "pickle.loads"),
)

STEPS = ("normalise", "aggregate", "weights", "impute", "framework", "observations")


def hostile(text: str) -> str:
    """Return a file of a study whose every free text is hostile."""
    said = iter(TEXTS * 20)
    keys = ("title", "summary", "question", "quality_reason", "reason", "publisher", "author", "note")
    lines = []
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        lines.append(f"{key} = {toml_string(next(said))}" if key in keys else line)
    return "\n".join(lines)


def toml_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def hostile_table(text: str) -> str:
    """Return a table of observations whose every statement and reason is hostile."""
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    frame["statement"] = [TEXTS[place % len(TEXTS)] for place in range(len(frame))]
    frame["reason"] = [f"{TEXTS[0]}{one}" if one else "" for one in frame["reason"]]
    return frame.to_csv(index=False)


def test_nothing_in_a_study_is_run_imported_unpickled_or_fetched(study):
    above = study.parent
    for name, text in template().items():
        made = hostile_table(text) if name.endswith(".csv") else hostile(text)
        (study / name).write_text(made, encoding="utf-8")
    head = (study / "profile.toml").read_text(encoding="utf-8")
    (study / "profile.toml").write_text(head + "\n[uncertainty]\nobservations = true\n", encoding="utf-8")
    (above / "outputs").mkdir()
    (above / "secret.txt").write_text("secret", encoding="utf-8")
    (above / "modules").mkdir()
    (above / "modules" / f"{MARK}.py").write_text("run = print", encoding="utf-8")
    for step, (number, choice) in product(STEPS, enumerate(CHOICES)):
        folder = study / "variants" / f"{step}-{number}"
        shutil.copytree(study, folder, ignore=shutil.ignore_patterns("variants"))
        text = (folder / "profile.toml").read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith(f"{step} =")]
        at = 0 if step in {"framework", "observations"} else kept.index("[methodology]") + 1
        kept.insert(at, f'{step} = "{choice}"')
        (folder / "profile.toml").write_text("\n".join(kept), encoding="utf-8")
    places = {"PYTHONPATH": os.pathsep.join([str(SOURCE), str(above / "modules")]), "TMPDIR": str(above / "outputs")}
    ran = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("watched.py")), str(above)],
        capture_output=True,
        text=True,
        check=False,
        cwd=above / "outputs",
        env={**os.environ, **places},
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["seen"] == [], told["seen"]
    assert len(told["refused"]) == len(STEPS) * len(CHOICES)
    # The watch sees what it is there for.
    kinds = {one.partition(" ")[0] for one in told["proved"]}
    assert {"compile", "exec", "import", "open", "pickle.find_class", "socket.connect", "os.posix_spawn"} <= kinds
    assert MARK in (above / "outputs" / "page.html").read_text(encoding="utf-8")


def test_nothing_that_is_shown_at_a_prompt_commands_the_terminal(sound):
    """Python shows what an expression comes to as it is, so it must not hold what a terminal obeys."""
    command = "\x1b]0;title\x07\x9b31m\u202e"
    framework = sound.framework
    nodes = {
        part: {name: one.replace(title=f"{command}{name}") for name, one in getattr(framework, part).items()}
        for part in ("dimensions", "indicators", "variables")
    }
    hostile_one = sound.replace(
        title=command,
        caveats=(command,),
        framework=framework.replace(title=command, **nodes),
        sources={name: one.replace(title=command, note=command) for name, one in sound.sources.items()},
        observations=[one.replace(statement=command, reason=command) for one in sound.observations],
    )
    result = softpower.score(hostile_one)
    shown = [
        *(result, result.explain(case=hostile_one.cases[0]), softpower.audit(hostile_one), hostile_one),
        *(
            softpower.weight_space(hostile_one, weights="simplex"),
            softpower.trajectory(hostile_one, years=range(2005, 2008)),
        ),
        softpower.compare(result, softpower.score(sound)),
    ]
    for one in shown:
        for text in (str(one), repr(one)):
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), type(one)


def test_no_title_is_typeset_by_another_program(monkeypatch):
    """A title is drawn letter by letter also where a user's settings let TeX draw all text."""

    def run(*_: object, **__: object) -> None:
        raise AssertionError("TeX was asked")

    monkeypatch.setattr(mpl.texmanager.TexManager, "_run_checked_subprocess", run)
    result = softpower.score(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=[r"\input{x}", "Y"]))
    with mpl.rc_context({"text.usetex": True}):
        axes = softpower.plot.ranking(result)
        axes.figure.savefig(io.BytesIO(), format="svg")

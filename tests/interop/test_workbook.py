"""Excel in and out: its sheets, what is refused, and that the same result gives the same bytes."""

import io
import sys
import zipfile
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from softpower import FileError, MissingExtraError, NotFoundError, ObservationError, from_frame, load_profile, score
from softpower.interop import read_table, sheets, unpacking, write_table, write_workbook
from softpower.interop.sheets import workbook_bytes


@pytest.fixture
def book(tmp_path):
    def write(rows, name="table.xlsx", **more):
        made = openpyxl.Workbook()
        made.active.title = "first"
        for row in rows:
            made.active.append(row)
        for title, others in more.items():
            sheet = made.create_sheet(title)
            for row in others:
                sheet.append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture(scope="module")
def result():
    frame = pd.DataFrame({"x": [0.1, 2.0, np.nan], "y": [1.0, 3.0, 2.0]}, index=["A", "=B", "#N/A"])
    frame["x:source"] = ["=HYPERLINK(1)", "a book", ""]
    return score(from_frame(frame))


class TestRead:
    def test_cells_are_what_they_are(self, book):
        frame = read_table(book([["case", "x", "group:g"], ["NA", 1, 3], [7, None, None], [], ["B", 0.1, 2.0]]))
        assert frame.index.tolist() == ["NA", "7", "B"]
        assert frame["group:g"].tolist() == ["3", "", "2"]
        np.testing.assert_array_equal(frame["x"].to_numpy(), [1.0, np.nan, 0.1])

    def test_years_and_dates_as_periods(self, book):
        years = read_table(book([["case", "period", "x"], ["A", 2019, 1], ["A", 2020, 2]]))
        assert years.index.tolist() == [("A", 2019), ("A", 2020)]
        days = read_table(book([["case", "period", "x"], ["A", datetime(2019, 5, 31), 1]]))  # noqa: DTZ001
        assert days.index.tolist() == [("A", "2019-05-31")]

    def test_a_table_scores(self, book):
        path = book([["case", "x", "y"], ["A", 1, 2], ["B", 3, 5]])
        assert score(read_table(path)).composite.tolist() == [0.0, 100.0]

    def test_a_text_among_numbers_is_refused_where_it_is_scored(self, book):
        with pytest.raises(ObservationError, match="row A, column 'x'"):
            score(read_table(book([["case", "x", "y"], ["A", "1", 2], ["B", 3, 5]])))

    def test_sheets_are_named(self, book):
        path = book([["case", "x"], ["A", 1]], second=[["case", "x"], ["A", 2]])
        with pytest.raises(NotFoundError, match="it has 2 sheets: first, second"):
            read_table(path)
        with pytest.raises(NotFoundError, match="Did you mean 'second'"):
            read_table(path, sheet="secnd")
        assert read_table(path, sheet="second")["x"].tolist() == [2.0]

    def test_formulas_are_refused_and_never_evaluated(self, book):
        path = book([["case", "x", "y"], ["A", 1, "=B2*2"], ["B", 3, 5]])
        with pytest.raises(ObservationError, match=r"table.xlsx: first: row 2, column 3: it holds the formula =B2\*2"):
            read_table(path)

    def test_errors_of_excel_are_refused(self, book):
        with pytest.raises(ObservationError, match=r"row 2, column 2: it holds the error #DIV/0!"):
            read_table(book([["case", "x"], ["A", "#DIV/0!"]]))

    def test_cells_without_a_column(self, book):
        with pytest.raises(ObservationError, match="row 2, column 3: the cell stands under no name"):
            read_table(book([["case", "x"], ["A", 1, 2]]))
        with pytest.raises(ObservationError, match="column 2: it has no name"):
            read_table(book([["case", None, "x"], ["A", 1, 2]]))

    def test_empty_cells_to_the_right_of_the_names_are_passed_over(self, book):
        frame = read_table(book([["case", "x", "", None], ["A", 1, None, None]]))
        assert frame.columns.tolist() == ["x"]

    def test_numbers_with_a_point_as_labels(self, tmp_path):
        made = openpyxl.Workbook()
        for place, cell in enumerate(["case", "x", 7.0, 1.0]):
            made.active.cell(1 + place // 2, 1 + place % 2, cell)
        made.save(tmp_path / "table.xlsx")
        with zipfile.ZipFile(tmp_path / "table.xlsx") as parts:
            whole = {one: parts.read(one) for one in parts.namelist()}
        with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as parts:
            for name, content in whole.items():
                parts.writestr(name, content.replace(b"<v>7</v>", b"<v>7.0</v>"))
        assert read_table(tmp_path / "table.xlsx").index.tolist() == ["7"]

    def test_a_name_that_stands_twice(self, book):
        with pytest.raises(ObservationError, match="column 'x': the name stands twice"):
            score(read_table(book([["case", "x", "x"], ["A", 1, 2], ["B", 3, 5]])))

    def test_a_sheet_that_is_a_chart(self, tmp_path):
        made = openpyxl.Workbook()
        made.create_chartsheet("picture").add_chart(openpyxl.chart.BarChart())
        made.save(tmp_path / "table.xlsx")
        with pytest.raises(FileError, match=r"table\.xlsx: picture: it is a chart, not a table"):
            read_table(tmp_path / "table.xlsx", sheet="picture")

    def test_a_folder_with_the_name_of_a_workbook(self, tmp_path):
        (tmp_path / "table.xlsx").mkdir()
        with pytest.raises(FileError, match="it is a folder, not a file"):
            read_table(tmp_path / "table.xlsx")

    def test_an_empty_sheet(self, book):
        with pytest.raises(ObservationError, match="it has no rows"):
            read_table(book([]))

    def test_many_faults_are_counted(self, book):
        with pytest.raises(ObservationError) as caught:
            read_table(book([["case", "x"], *(["A", "=1"] for _ in range(9))]))
        assert len(caught.value.faults) == 6
        assert "4 more cells are at fault" in str(caught.value)

    def test_what_is_no_workbook(self, tmp_path):
        path = tmp_path / "table.xlsx"
        with pytest.raises(FileError, match="there is no such file"):
            read_table(path)
        path.write_bytes(b"case,x")
        with pytest.raises(FileError, match=r"it is no \.xlsx workbook"):
            read_table(path)
        with zipfile.ZipFile(path, "w") as parts:
            parts.writestr("hello.txt", "hello")
        with pytest.raises(FileError, match="it is no workbook that can be read"):
            read_table(path)

    def test_a_part_that_unpacks_to_too_much(self, book, monkeypatch):
        path = book([["case", "x"], ["A", 1]])
        monkeypatch.setattr(unpacking, "LARGEST", 1000)
        with pytest.raises(FileError, match=r"more than 1,000\. Save the sheet as CSV"):
            read_table(path)

    def test_a_cell_at_the_far_end_does_not_fill_the_memory(self, tmp_path):
        made = openpyxl.Workbook()
        made.active["A1"], made.active["B1"], made.active["XFD1048576"] = "case", "x", 1
        made.save(tmp_path / "far.xlsx")
        with pytest.raises(ObservationError, match="row 1048576, column 16384"):
            read_table(tmp_path / "far.xlsx")


class TestWrite:
    def test_sheets_of_a_table(self, result, tmp_path):
        path = write_workbook(result, tmp_path / "scores.xlsx")
        names = ["scores", "indicators", "values", "methodology", "sources"]
        assert openpyxl.load_workbook(path).sheetnames == names
        values = read_table(path, sheet="values")
        assert values.index.tolist() == ["A", "=B", "#N/A"]
        assert values["x:source"].tolist() == ["HYPERLINK_1", "a_book", ""]
        np.testing.assert_array_equal(values["x"].to_numpy(), [0.1, 2.0, np.nan])
        assert read_table(path, sheet="sources").set_index("source").loc["HYPERLINK_1", "citation"] == "=HYPERLINK(1)"
        choices = read_table(path, sheet="methodology").set_index("what")["choice"]
        assert choices["normalise"] == "min_max"
        assert choices["fingerprint: observations"] == result.fingerprint["observations"]

    def test_sheets_of_observations(self, scored, tmp_path):
        path = write_workbook(scored, tmp_path / "scores.xlsx")
        names = ["scores", "indicators", "observations", "methodology", "sources"]
        assert openpyxl.load_workbook(path).sheetnames == names
        assert read_table(path, sheet="observations")["id"].tolist() == [one.id for one in scored.profile.observations]
        assert read_table(path, sheet="indicators")["indicator"].tolist() == list(scored.profile.indicators)

    def test_scores_come_back_to_the_bit(self, result, tmp_path):
        read = read_table(write_workbook(result, tmp_path / "scores.xlsx"), sheet="scores")
        frame = result.to_frame().reset_index("node")
        for name in ("score", "low", "gap_high", "coverage", "raw", "weight", "contribution"):
            np.testing.assert_array_equal(read[name].to_numpy(dtype=float), frame[name].to_numpy(dtype=float))
        assert read["exact"].tolist() == frame["exact"].tolist()

    def test_no_cell_is_a_formula_or_an_error(self, result, tmp_path):
        made = openpyxl.load_workbook(write_workbook(result, tmp_path / "scores.xlsx"))
        kinds = {cell.data_type for sheet in made for row in sheet.iter_rows() for cell in row}
        assert kinds == {"s", "n", "b"}

    def test_it_is_the_same_as_the_csv(self, result, tmp_path):
        path = write_table(result, tmp_path / "scores.csv")
        sheet = read_table(write_workbook(result, tmp_path / "scores.xlsx"), sheet="scores")
        assert sheet["score"].equals(read_table(path)["score"])

    def test_the_same_result_gives_the_same_bytes(self, result, tmp_path):
        path = write_workbook(result, tmp_path / "one.xlsx")
        assert write_workbook(result, tmp_path / "two.xlsx").read_bytes() == path.read_bytes()
        with zipfile.ZipFile(path) as parts:
            assert {one.date_time for one in parts.infolist()} == {sheets.NEVER}
            assert parts.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2

    def test_kazakhstan(self, tmp_path):
        path = write_workbook(score(load_profile("kazakhstan")), tmp_path / "scores.xlsx")
        assert read_table(path, sheet="scores").loc["EU>KAZ", "node"].iloc[0] == "soft_power"

    def test_it_never_overwrites_unasked(self, result, tmp_path):
        path = tmp_path / "scores.xlsx"
        path.write_bytes(b"mine")
        with pytest.raises(FileError, match="it is there already"):
            write_workbook(result, path)
        assert path.read_bytes() == b"mine"
        write_workbook(result, path, overwrite=True)
        assert zipfile.is_zipfile(path)

    def test_the_name_says_what_it_is(self, result, tmp_path):
        with pytest.raises(FileError, match=r"does not end in \.xlsx.*write_table"):
            write_workbook(result, tmp_path / "scores.csv")


class TestLimits:
    def test_rows(self):
        table = pd.DataFrame({"x": np.zeros(1_048_576)})
        with pytest.raises(ObservationError, match=r"book: scores: 1,048,577 rows .* Write CSV"):
            workbook_bytes("book", {"scores": table})

    def test_columns(self):
        table = pd.DataFrame(np.zeros((1, 16_385)))
        with pytest.raises(ObservationError, match="16,385 columns"):
            workbook_bytes("book", {"scores": table})

    def test_characters_and_what_no_cell_may_hold_come_together(self):
        table = pd.DataFrame({"text": ["a" * 32_768, "b\x07", "c\ud800", "d" * 32_767]})
        with pytest.raises(ObservationError) as caught:
            workbook_bytes("book", {"notes": table})
        text = str(caught.value)
        assert "book: notes: row 2, column 'text': the text has 32,768 characters" in text
        assert "row 3, column 'text': the text holds the character U+0007" in text
        assert "U+D800" in text
        assert len(caught.value.faults) == 3

    def test_texts_at_the_limit_come_back_whole(self):
        made = openpyxl.load_workbook(io.BytesIO(workbook_bytes("b", {"s": pd.DataFrame({"t": ["d" * 32_767]})})))
        assert len(made["s"]["A2"].value) == 32_767


def test_without_openpyxl_the_mend_is_one_line(result, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'softpower\[excel\]'"):
        write_workbook(result, tmp_path / "scores.xlsx")
    with pytest.raises(MissingExtraError, match=r"pip install 'softpower\[excel\]'"):
        read_table(tmp_path / "scores.xlsx")

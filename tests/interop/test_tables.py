"""CSV in and out: no cell is guessed, and no text becomes a formula."""

import numpy as np
import pandas as pd
import pytest

from softpower import FileError, ObservationError, SpecificationError, from_frame, score
from softpower.interop import read_table, to_coinr, write_table, write_workbook
from softpower.interop.tables import guarded

FRAME = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["X", "Y"])


@pytest.fixture
def file(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_namibia_is_a_case_and_an_empty_cell_a_gap(file):
    frame = read_table(file("case,trade,group:region\nNA,1.5,NA\nUZB,,None\n"))
    assert frame.index.tolist() == ["NA", "UZB"]
    assert frame["trade"].tolist()[0] == 1.5
    assert np.isnan(frame["trade"].tolist()[1])
    assert frame["group:region"].tolist() == ["NA", "None"]


def test_the_byte_order_mark_of_a_spreadsheet_is_passed_over(file):
    assert read_table(file("\ufeffcase,trade\nNA,1.5\n")).index.tolist() == ["NA"]


@pytest.mark.parametrize("given", [None, 3, "scores"])
def test_what_is_no_result_is_not_written(tmp_path, given):
    for write, name in ((write_table, "a.csv"), (write_workbook, "a.xlsx")):
        with pytest.raises(SpecificationError, match=r"is no result\. Give what softpower\.score returns"):
            write(given, tmp_path / name)
    with pytest.raises(SpecificationError, match="is no profile"):
        to_coinr(given)


def test_numbers_are_read_to_the_last_bit(file):
    assert read_table(file("case,x\nA,0.1\nB,5e-324\n"))["x"].tolist() == [0.1, 5e-324]


def test_periods_become_a_level_of_whole_numbers(file):
    frame = read_table(file("case,period,x,y\nA,2019,1,2\nA,2020,3,4\n"))
    assert frame.index.tolist() == [("A", 2019), ("A", 2020)]
    assert score(frame).composite["A"].tolist() == [0.0, 100.0]


def test_months_stay_texts(file):
    assert read_table(file("case,period,x\nA,2019-05,1\n")).index.tolist() == [("A", "2019-05")]


def test_a_tidy_table_keeps_its_columns(file):
    frame = read_table(file("case,indicator,value\nA,x,1\nA,y,2\nB,x,3\nB,y,5\n"))
    assert list(frame.columns) == ["case", "indicator", "value"]
    assert score(frame).cases == ("A", "B")


def test_coinr_tables_have_no_case_and_no_index(file):
    assert list(read_table(file("uCode,x\nA,1\n")).columns) == ["uCode", "x"]


def test_what_is_no_number_is_refused_where_it_is_scored(file):
    with pytest.raises(ObservationError, match="row A, column 'x'"):
        score(read_table(file("case,x,y\nA,n/a,1\nB,2,2\n")))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("table.txt", "case,x\n", "its name ends neither in .csv nor in .xlsx"),
        ("table.csv", "", "the file is empty"),
    ],
)
def test_files_that_are_refused(file, name, text, words):
    with pytest.raises(FileError, match=words):
        read_table(file(text, name))


def test_a_file_that_is_not_there_and_a_sheet_of_a_csv_file(file, tmp_path):
    path = file("case,x\nA,1\n")
    with pytest.raises(FileError, match=r"no such file .* Did you mean 'table.csv'"):
        read_table(tmp_path / "tabel.csv")
    with pytest.raises(FileError, match="there is no folder"):
        read_table(tmp_path / "nowhere" / "table.csv")
    with pytest.raises(FileError, match="a CSV file has no sheet 'one'"):
        read_table(path, sheet="one")


@pytest.mark.parametrize("path", [None, 3, ""])
def test_what_is_no_path(path):
    with pytest.raises(FileError, match="ends neither in"):
        read_table(path)
    with pytest.raises(FileError, match=r"does not end in \.csv"):
        write_table(score(FRAME), path)


def test_an_apostrophe_of_ones_own_stays(file):
    assert read_table(file("case,group:g,x\nA,'quoted,1\nB,'=1,2\n"))["group:g"].tolist() == ["'quoted", "=1"]


def test_a_ragged_file_names_the_line(file):
    with pytest.raises(ObservationError, match=r"table\.csv line 3: 3 cells where the header has 2"):
        read_table(file("case,x\nA,1\nB,2,3\n"))


class TestGuard:
    def test_texts_are_guarded_and_numbers_are_not(self):
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", "a=b", "", "'quoted", "'=1"]
        frame = guarded(pd.DataFrame({"text": texts, "number": -1.0}))
        guards = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "plain", "a=b", "", "'quoted", "''=1"]
        assert frame["text"].tolist() == guards
        assert frame["number"].tolist() == [-1.0] * len(texts)

    def test_a_case_that_begins_with_an_equals_sign_comes_back(self, tmp_path):
        frame = pd.DataFrame({"x": [-1.0, 2.0], "y": [1.0, -3.0]}, index=["=1+1", "-A"])
        path = write_table(score(frame), tmp_path / "scores.csv")
        assert "\n'=1+1," in path.read_text(encoding="utf-8")
        assert ",-3.0," in path.read_text(encoding="utf-8")
        assert read_table(path).index.unique().tolist() == ["=1+1", "-A"]


class TestWrite:
    @pytest.fixture
    def result(self):
        frame = pd.DataFrame({"x": [0.1, 2.0, np.nan], "y": [1.0, 3.0, 2.0]}, index=["A", "B", "C"])
        return score(from_frame(frame))

    def test_what_is_written_reads_back_to_the_bit(self, result, tmp_path):
        read = read_table(write_table(result, tmp_path / "scores.csv"))
        frame = result.to_frame().reset_index("node")
        assert list(read.columns) == list(frame.columns)
        for name in ("score", "low", "gap_high", "coverage", "raw", "weight", "contribution"):
            np.testing.assert_array_equal(read[name].to_numpy(dtype=float), frame[name].to_numpy(dtype=float))
        assert read["reason"].fillna("").tolist() == frame["reason"].tolist()

    def test_it_never_overwrites_unasked(self, result, tmp_path):
        path = tmp_path / "scores.csv"
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(FileError, match="it is there already"):
            write_table(result, path)
        assert path.read_text(encoding="utf-8") == "mine"
        write_table(result, path, overwrite=True)
        assert path.read_text(encoding="utf-8").startswith("case,node,title,")

    def test_the_name_says_what_it_is(self, result, tmp_path):
        with pytest.raises(FileError, match=r"does not end in \.csv.*write_workbook"):
            write_table(result, tmp_path / "scores.xlsx")

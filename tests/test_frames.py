"""Frames: what is read of them, and what is said of those that cannot be read."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower import ObservationError
from softpower.frames import parse_csv, read_frame

GOOD = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 1.0, 2.0]}, index=["X", "Y", "Z"])
PAIRS = pd.MultiIndex.from_product([["X", "Y"], [2019, 2020]])
PANEL = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 2.0, 1.0]}, index=PAIRS)
TIDY = pd.DataFrame({"case": ["X", "X", "Y", "Y"], "indicator": ["a", "b", "a", "b"], "value": [1.0, 2.0, 3.0, 4.0]})


def periods(*labels):
    return PANEL.set_axis(pd.MultiIndex.from_product([["X", "Y"], list(labels)]))


def said(frame, framework=None):
    with pytest.raises(ObservationError) as caught:
        read_frame(frame, framework)
    return [str(one) for one in caught.value.faults]


class TestWide:
    def test_the_index_names_the_cases(self):
        values, framework = read_frame(GOOD)
        assert list(values.index) == ["X", "Y", "Z"]
        assert values.index.names == ["case"]
        assert values.columns == tuple(framework.indicators) == ("a", "b")
        np.testing.assert_array_equal(values.value, GOOD)
        assert values.low is values.high is values.source is values.periods is None

    def test_a_column_names_them_as_well(self):
        assert read_frame(GOOD.reset_index(names="case"))[0] == read_frame(GOOD)[0]

    def test_whole_numbers_become_texts(self):
        assert list(read_frame(GOOD.set_axis([3, 1, 2]))[0].index) == ["3", "1", "2"]
        assert list(read_frame(GOOD.reset_index(drop=True))[0].index) == ["0", "1", "2"]

    def test_categories_are_what_they_stand_for(self):
        assert list(read_frame(GOOD.set_axis(pd.CategoricalIndex([3, 1, 2])))[0].index) == ["3", "1", "2"]
        assert list(read_frame(GOOD.set_axis(pd.CategoricalIndex(["X", "Y", "Z"])))[0].index) == ["X", "Y", "Z"]
        assert "row 2: the label nan" in said(GOOD.set_axis(pd.CategoricalIndex(["X", None, "Z"])))[0]

    def test_the_frame_stays_as_it_is_and_the_values_do_not_follow_it(self):
        frame = GOOD.copy()
        values, _ = read_frame(frame)
        frame.loc["X", "a"] = 99
        assert values.value[0, 0] == 1
        frame["a"] = 0.0
        with pytest.raises(ValueError, match="read-only"):
            values.value[0, 0] = 5

    @pytest.mark.parametrize("dtype", ["float32", "int16", "uint8", "Int64", "Float64", pd.SparseDtype(float)], ids=str)
    def test_every_type_of_number_is_taken(self, dtype):
        np.testing.assert_array_equal(read_frame(GOOD.astype(dtype))[0].value, GOOD)

    def test_a_gap_of_any_kind_is_a_gap(self):
        frame = GOOD.assign(a=pd.array([1, None, 3], dtype="Int64"), b=[np.nan, 1, 2])
        np.testing.assert_array_equal(np.isnan(read_frame(frame)[0].value), [[0, 1], [1, 0], [0, 0]])

    def test_bounds_sources_and_groups(self):
        frame = GOOD.assign(**{"a:low": [0.5, None, 3], "b:high": 9, "b:source": ["s", "", None], "group:region": "R"})
        values, _ = read_frame(frame)
        np.testing.assert_array_equal(values.low, [[0.5, 3], [2, 1], [3, 2]])
        np.testing.assert_array_equal(values.high, [[1, 9], [2, 9], [3, 9]])
        np.testing.assert_array_equal(values.source, [[-1, 0], [-1, -1], [-1, -1]])
        assert values.sources == ("s",)
        assert values.groups == {"region": ("R", "R", "R")}

    def test_names_that_are_no_ids_stay_as_titles(self):
        values, framework = read_frame(GOOD.rename(columns={"a": "GDP per head (€)", "b": "Côte"}))
        assert values.columns == ("gdp_per_head", "cote")
        assert framework.node_title("gdp_per_head") == "GDP per head (€)"

    def test_a_column_may_be_named_by_the_title(self):
        named = GOOD.rename(columns={"a": "GDP per head (€)"})
        framework = softpower.Framework.flat(named.columns, better={"GDP per head (€)": "lower"})
        assert read_frame(named, framework)[0].columns == ("gdp_per_head", "b")
        (fault,) = said(named.assign(gdp_per_head=1.0), framework)
        assert "it is the title of 'gdp_per_head', which has a column of its own" in fault

    def test_a_title_that_two_indicators_have_names_neither(self):
        one = {"title": "Trade", "dimension": "index"}
        specs = {"dimensions": {"index": {"title": "Index"}}, "indicators": {"a": one, "b": one}}
        (fault,) = said(GOOD.rename(columns={"b": "Trade"}), softpower.Framework.from_dict(specs))
        assert "column 'Trade': the framework 'framework' has no such indicator" in fault

    def test_a_framework_may_ask_for_more_than_there_is(self):
        framework = softpower.Framework.flat(["a", "b", "c"])
        result = softpower.score(GOOD, framework)
        assert result.reasons["X", "c"] == "the table has no column 'c'"
        assert result.coverage[:, -1] == pytest.approx(2 / 3)


class TestPeriods:
    @pytest.mark.parametrize(
        "frame",
        [
            PANEL,
            PANEL.rename_axis(["country", "year"]),
            PANEL.reset_index(names=["case", "period"]),
            PANEL.rename_axis(["case", "period"]).reset_index(level="period"),
            periods("2019", "2020"),
            periods(*pd.PeriodIndex(["2019", "2020"], freq="Y")),
            PANEL.swaplevel().rename_axis(["period", "case"]),
            PANEL.swaplevel().rename_axis(["period", None]),
            PANEL.rename_axis(["case", "period"]).reset_index(level="case"),
        ],
        ids=["index", "names", "columns", "mixed", "texts", "pandas", "swapped", "half_named", "period_in_the_index"],
    )
    def test_are_read_however_they_are_given(self, frame):
        values, _ = read_frame(frame)
        assert values.index.names == ["case", "period"]
        assert list(values.index) == list(PAIRS)
        assert values.periods == (2019, 2020)

    def test_months_and_days_are_iso_texts(self):
        days = pd.to_datetime(["2019-01-31", "2019-02-28"])
        assert read_frame(periods(*days))[0].periods == ("2019-01-31", "2019-02-28")
        months = pd.PeriodIndex(["2019-01", "2019-02"], freq="M")
        assert read_frame(periods(*months))[0].periods == ("2019-01", "2019-02")

    def test_are_in_their_order_in_time(self):
        assert read_frame(PANEL.iloc[::-1])[0].periods == (2019, 2020)


class TestTidy:
    def test_is_read_exactly_with_its_three_columns(self):
        values, _ = read_frame(TIDY)
        assert values.columns == ("a", "b")
        np.testing.assert_array_equal(values.value, [[1, 2], [3, 4]])
        wide = said(TIDY.rename(columns={"value": "v"}), softpower.Framework.flat(["a", "b"]))
        assert any("column 'indicator': the framework 'flat' has no such indicator" in one for one in wide)

    def test_a_cell_that_is_not_given_is_a_gap(self):
        np.testing.assert_array_equal(read_frame(TIDY.iloc[:3])[0].value, [[1, 2], [3, np.nan]])

    def test_bounds_periods_and_sources(self):
        frame = TIDY.assign(low=[0.0, None, 3, 4], high=[2, 2, 3, None], period=2019, source=["s", None, "t", "s"])
        values, _ = read_frame(frame)
        np.testing.assert_array_equal(values.low, [[0, 2], [3, 4]])
        np.testing.assert_array_equal(values.high, [[2, 2], [3, 4]])
        assert list(values.index) == [("X", 2019), ("Y", 2019)]
        assert values.sources == ("s", "t")
        np.testing.assert_array_equal(values.source, [[0, -1], [1, 0]])

    def test_units_convert_to_the_first_of_their_indicator(self):
        values, framework = read_frame(TIDY.assign(unit=["EUR billion", "ratio", "EUR million", "percent"]))
        np.testing.assert_allclose(values.value, [[1, 2], [0.003, 0.04]])
        assert [one.unit for one in framework.indicators.values()] == ["EUR billion", "ratio"]

    def test_units_convert_to_those_of_the_framework(self):
        framework = softpower.Framework.flat(["a", "b"], units={"a": "percent", "b": "ratio"})
        frame = TIDY.assign(unit="ratio", low=TIDY["value"], high=TIDY["value"])
        values, _ = read_frame(frame, framework)
        for table in (values.value, values.low, values.high):
            np.testing.assert_allclose(table, [[100, 2], [300, 4]])


class TestFaults:
    @pytest.mark.parametrize(
        ("frame", "says"),
        [
            (GOOD["a"], "a Series is no DataFrame. Give a pandas DataFrame"),
            (GOOD.iloc[:0], "it has no rows. Give one row for each case"),
            (GOOD[[]], "it has no columns of values"),
            (GOOD[["a"]], "column 'a': one indicator alone makes no composite. Give two columns of values or more"),
            (GOOD.set_axis(["X", "Y", "X"]), "row X: the label stands twice. Keep one row for each label"),
            (PANEL.set_axis(PAIRS[[0, 1, 2, 2]]), "row Y 2019: the label stands twice"),
            (GOOD.set_axis(["a", "a"], axis=1), "column 'a': the name stands twice. Rename or delete one"),
            (GOOD.set_axis([0, 1], axis=1), "column 0: its name is no text. Name every column"),
            (GOOD.set_axis(pd.MultiIndex.from_product([["a"], ["b", "c"]]), axis=1), "their names have several levels"),
            (GOOD.set_axis(["X", 2, "Z"]), "row 2: the label 2 is a number among texts. Name all cases alike"),
            (GOOD.set_axis(["X", None, "Z"]), "row 2: the label"),
            (GOOD.set_axis([" X", "Y", "Z"]), "row 1: the label ' X' is no name of a case"),
            (GOOD.set_axis(["X", "Y ", "Z"]), "row 2: the label 'Y ' is no name of a case"),
            (GOOD.set_axis(["X", "", "Z"]), "row 2: the label '' is no name of a case"),
            (GOOD.set_axis(["X", "Y\n", "Z"]), "row 2: the label 'Y\\n' is no name of a case"),
            (GOOD.set_axis(["X", "Y\nZ", "Z"]), "row 2: the label 'Y\\nZ' is no name of a case"),
            (GOOD.set_axis(["X", "Y\xa0Z", "Z"]), "it holds U+00A0 NO-BREAK SPACE. Names hold what prints"),
            (GOOD.set_axis(["X", "Y\x07Z", "Z"]), "it holds U+0007. Names hold what prints"),
            (GOOD.set_axis([0.5, 1.5, 2.5]), "row 1: the label 0.5 is no name of a case"),
            (GOOD.set_axis([True, False, True]), "row 1: the label True is no name of a case"),
            (
                GOOD.assign(a=["1", "x", "3"]),
                "row Y, column 'a': 'x' is no number. Correct it, or leave the cell empty",
            ),
            (GOOD.assign(a=["1", "2", "3"]), "row X, column 'a': '1' is no number"),
            (
                GOOD.assign(a=["1", "2,5", "3"]),
                "row Y, column 'a': '2,5' is no number. Write the decimal mark as a point",
            ),
            (GOOD.astype(object), "column 'a': it is of type object, though its cells are numbers. Make it numbers"),
            (GOOD.assign(a=[True, False, True]), "row X, column 'a': the column holds True and False, as here True"),
            (GOOD.assign(a=np.array([1, True, None], dtype=object)), "row Y, column 'a': True is no number"),
            (GOOD.assign(a=pd.Categorical(["u", "v", "u"])), "row X, column 'a': 'u' is no number"),
            (GOOD.assign(a=pd.to_datetime(["2020", "2021", "2022"])), "row X, column 'a': Timestamp("),
            (GOOD.assign(a=[1j, 2, 3]), "row X, column 'a': " + repr(np.complex128(1j)) + " is no number"),
            (GOOD.assign(a=[1, np.inf, -np.inf]), "row Y, column 'a': the value inf is not finite, and so are 1 more"),
            (
                GOOD.assign(**{"a:low": [0, 3, 3]}),
                "row Y, column 'a': low 3 is above the value 2. Swap or correct them",
            ),
            (GOOD.assign(**{"a:high": [0, 3, 3]}), "row X, column 'a': high 0 is below the value 1"),
            (GOOD.assign(a=[None, 2, 3], **{"a:low": 0.0}), "row X, column 'a:low': there is a bound but no value"),
            (GOOD.assign(**{"c:low": 0.0}), "column 'c:low': there is no column 'c' beside it"),
            (GOOD.assign(**{"group:region": 1.5}), "row X, column 'group:region': 1.5 is no text"),
            (
                GOOD.rename(columns={"a": "x y", "b": "x_y"}),
                "the name 'x_y' gives the id 'x_y', which is that of 'x y'",
            ),
            (GOOD.rename(columns={"a": "ناتج"}), "gives no id. Name indicators with Latin letters and digits"),
            (GOOD.rename(columns={"a": "composite"}), "gives the id 'composite', which is that of the composite"),
            (periods("n/a", "2020"), "row 1: the period 'n/a' is no year, month or day. Write it like 2019"),
            (periods("2019", "2020-05"), "period: years, months and days are mixed: 2019, 2020-05"),
            (periods(*pd.PeriodIndex(["2019Q1", "2019Q2"], freq="Q")), "is no year, month or day"),
            (periods(*pd.PeriodIndex(["2019", "2020"], freq="Y-JUN")), "the period Period('2019', 'Y-JUN') is no year"),
            (periods(2019.0, 2020.0), "the period 2019.0 is no year, month or day"),
            (periods(2019.0, np.nan), "row 2: the period is missing. Fill it in"),
            (PANEL.rename_axis(["case", "period"]).assign(period=2018), "index: it names rows, and so does the column"),
            (PANEL.assign(case=list("PQRS")), "index: it names rows, and so does the column 'case'. Leave one out"),
            (GOOD.rename_axis("case").assign(case=list("PQR")), "index: it names rows, and so does the column 'case'"),
            (GOOD.set_axis([2019, 2020, 2021]).rename_axis("period"), "index: it names periods and no cases"),
            (TIDY.set_index(["case", "indicator"]), "together make a tidy table. Make its levels columns"),
            (TIDY.set_index("case"), "index: its levels and the columns together make a tidy table"),
            (periods(True, False), "is no year, month or day"),
            (PANEL.set_axis(pd.MultiIndex.from_product([["X"], ["Y"], [1, 2, 3, 4]])), "index: it has 3 levels"),
            (pd.concat([TIDY, TIDY.iloc[:1]]), "row 5, column 'value': X, a is given a second time"),
            (
                TIDY.assign(unitt="ratio"),
                "column 'unitt': a table with columns case, indicator, value has no such column",
            ),
            (TIDY.assign(unit=["", "", "furlong", "furlong"]), "row 3, column 'unit': unknown unit 'furlong'"),
            (
                TIDY.assign(unit=["ratio", "EUR", "EUR", "EUR"]),
                "row 3, column 'unit': 'a' is in EUR here, and is in ratio",
            ),
            (TIDY.assign(low=[0, 3, 0, 0]), "row 2, column 'value': low 3 is above the value 2"),
            (TIDY.assign(value=[None, 2, 3, 4], low=0.0), "row 1, column 'low': there is a bound but no value"),
            (TIDY.assign(indicator=["a", None, "a", "b"]), "row 2, column 'indicator': the name is empty"),
            (TIDY.assign(value=["1", "two", "3", "4"]), "row 2, column 'value': 'two' is no number"),
            (TIDY.assign(case=["X", None, "Y", "Y"]), "row 2: the label"),
        ],
    )
    def test_name_the_cell_and_the_mend(self, frame, says):
        assert any(says in one for one in said(frame)), said(frame)

    def test_are_reported_together(self):
        frame = GOOD.assign(a=["1", "x", "3"], b=[True, False, True])
        assert len(said(frame)) == 2

    def test_a_column_that_the_framework_lacks_gets_the_nearest_name(self):
        framework = softpower.Framework.flat(["trade", "visits"])
        (fault,) = said(GOOD.rename(columns={"a": "trade", "b": "visit"}), framework)
        assert "column 'visit'" in fault
        assert "Did you mean 'visits'?" in fault
        (fault,) = said(TIDY.replace({"a": "trade", "b": "visit"}), framework)
        assert "column 'visit'" in fault
        assert "Did you mean 'visits'?" in fault

    def test_units_need_a_unit_in_the_framework(self):
        (first, *_) = said(TIDY.assign(unit="ratio"), softpower.Framework.flat(["a", "b"]))
        assert "'a' is in ratio here, and states none in the framework" in first

    def test_a_million_faults_are_not_a_million_lines(self):
        frame = pd.DataFrame(np.full((5000, 3), np.inf), columns=list("abc")).set_axis(map(str, range(5000)))
        assert len(said(frame)) == 3
        assert "4999 more" in said(frame)[0]
        many = pd.DataFrame({"a": 1.0, "b": 2.0}, index=[f"C{place // 2}" for place in range(200)])
        assert len(said(many)) == 6
        assert "95 more labels stand twice" in said(many)[-1]


class TestCsv:
    def test_the_code_of_namibia_is_a_name(self):
        frame = parse_csv("case,a,b\nNA,1,2\nNaN,3,\n", "t.csv")
        values, _ = read_frame(frame)
        assert list(values.index) == ["NA", "NaN"]
        np.testing.assert_array_equal(values.value, [[1, 2], [3, np.nan]])

    def test_numbers_are_read_to_the_last_bit(self):
        numbers = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5e-17]
        text = "case,a,b\n" + "\n".join(f"C{place},{one!r},1" for place, one in enumerate(numbers))
        assert read_frame(parse_csv(text, "t.csv"))[0].value[:, 0].tolist() == numbers

    @pytest.mark.parametrize("cell", ["nan", "inf", "1_000", "1,5", "0x10", "n/a", "-", "1 000", "١٢"])
    def test_what_is_no_number_is_refused(self, cell):
        with pytest.raises(ObservationError, match="is no number"):
            read_frame(parse_csv(f'case,a,b\nX,"{cell}",1\nY,2,3\n', "t.csv"))

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("case;a;b\nX;1;2\n", "t.csv line 1: the cells are separated by semicolons. Save the table with commas"),
            ("case|a\nX|1|2\n", "t.csv line 1: the cells are separated by bars"),
            ("case,a\nX,1,2\n", "t.csv line 2: 3 cells where the header has 2"),
            ("case,a,b\nX,1,2\n\nY,1\n", "t.csv line 4: 2 cells where the header has 3"),
            ('case,a\nX,"1\n', "t.csv line 2: not valid CSV: unexpected end of data. Close every quoted cell"),
            ("\n", "t.csv: it has no rows. Name the columns in the first row"),
        ],
    )
    def test_what_is_no_table_is_refused(self, text, says):
        with pytest.raises(ObservationError) as caught:
            parse_csv(text, "t.csv")
        assert says in str(caught.value)

    def test_a_name_that_stands_twice_is_seen(self):
        with pytest.raises(ObservationError, match="column 'a': the name stands twice"):
            read_frame(parse_csv("case,a,a\nX,1,2\n", "t.csv"))

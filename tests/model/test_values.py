"""Tables of values: what they hold, and that they are equal when their cells are."""

import pickle

import numpy as np
import pandas as pd
import pytest

from softpower import Profile, SpecificationError, from_frame
from softpower.frames import read_frame
from softpower.model.framework import Framework
from softpower.model.values import Values

FRAME = pd.DataFrame(
    {"a": [1.0, np.nan, 3.0], "a:low": [0.5, np.nan, 3], "b": [3.0, 1.0, 2.0], "b:source": ["s", "", "t"]},
    index=pd.MultiIndex.from_tuples([("X", 2020), ("X", 2019), ("Y", 2020)], names=["case", "period"]),
).assign(**{"group:region": ["n", "n", "s"]})


@pytest.fixture
def table() -> Values:
    return read_frame(FRAME)[0]


def test_it_knows_its_cases_and_its_periods_in_their_order(table):
    assert table.cases == ("X", "Y")
    assert table.periods == (2019, 2020)
    assert repr(table) == "Values(3 rows, 2 periods, 2 columns)"


def test_a_column_and_its_bounds(table):
    np.testing.assert_array_equal(table.column("a", "low"), [0.5, np.nan, 3])
    np.testing.assert_array_equal(table.column("b", "high"), [3, 1, 2])
    assert np.isnan(table.column("c")).all()
    np.testing.assert_array_equal(table.part(["b", "c"]), [[3, np.nan], [1, np.nan], [2, np.nan]])


def test_all_columns_are_had_without_a_copy(table):
    assert table.part(table.columns) is table.value


def test_it_is_written_as_it_is_read(table):
    written = table.to_frame()
    assert list(written.columns) == ["group:region", "a", "a:low", "b", "b:source"]
    assert read_frame(written)[0] == table


def test_some_rows_and_columns(table):
    part = table.take(np.array([2, 0]), ["b"])
    assert list(part.index) == [("Y", 2020), ("X", 2020)]
    assert part.to_frame()["b"].tolist() == [2, 3]
    assert part.to_frame()["b:source"].tolist() == ["t", "s"]
    assert part.groups == {"region": ("s", "n")}


def test_without_a_source_its_cells_are_gaps(table):
    part = table.without_sources(["s"])
    np.testing.assert_array_equal(part.column("b"), [np.nan, 1, 2])
    np.testing.assert_array_equal(part.column("a"), table.column("a"))
    assert part.source is not None
    assert part.source[:, 1].tolist() == [-1, -1, 1]
    assert table.without_sources(["x"]) == table


def test_plain_lists_read_back_equal(table):
    assert Values.from_mapping(table.to_mapping()) == table


def test_it_pickles_and_stays_read_only(table):
    copy = pickle.loads(pickle.dumps(table))
    assert copy == table
    with pytest.raises(ValueError, match="read-only"):
        copy.value[0, 0] = 1


@pytest.mark.parametrize(
    "other",
    [
        FRAME.assign(b=[3.0, 1.0, 2.5]),
        FRAME.assign(**{"a:low": [0.6, np.nan, 3]}),
        FRAME.assign(**{"a:high": [1.5, np.nan, 3]}),
        FRAME.assign(**{"b:source": ["s", "", "s"]}),
        FRAME.assign(**{"group:region": ["n", "s", "s"]}),
        FRAME.rename(index={"Y": "Z"}),
        FRAME.rename(index={2019: 2018}),
        FRAME.rename(columns={"b": "c", "b:source": "c:source"}),
        FRAME.iloc[::-1],
        FRAME.iloc[:2],
    ],
    ids=["value", "low", "high", "source", "group", "case", "period", "column", "order", "rows"],
)
def test_any_other_cell_or_label_makes_another_table_and_digest(table, other):
    changed = read_frame(other)[0]
    assert changed != table
    assert changed.digest() != table.digest()


def test_a_digest_does_not_hang_on_memory(table):
    again = Values(
        table.index, table.columns, np.asfortranarray(table.value.copy()), table.low, None, table.source, table.sources,
        table.groups,
    )  # fmt: skip
    assert again.digest() == table.digest()


def test_a_gap_is_a_gap_whatever_its_bits_and_a_zero_has_no_sign():
    def one(gap, zero):
        return Values(pd.Index(["X", "Y"], name="case"), ("a",), np.array([[gap], [zero]]))

    other = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)[0]
    assert one(np.nan, 0.0).digest() == one(other, -0.0).digest()


class TestProfiles:
    def test_a_table_takes_the_place_of_cases_and_window(self):
        profile = from_frame(FRAME)
        assert profile.cases == ()
        assert profile.window is None
        assert profile.span == "2019 to 2020"
        assert list(profile.index) == list(FRAME.index)

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"cases": ("X",)}, "cases: the profile has a table of values and cases as well. Leave cases out."),
            ({"values": 3}, "values: int is no table of values. Make one with softpower.from_frame."),
            ({"framework": Framework.flat(["a", "c"])}, "values.b: there is no indicator 'b'"),
            ({"sources": {}}, "values.row X 2020, column 'b:source': there is no source 's'. Describe 's'"),
            ({"values": None}, "cases: no case is named"),
        ],
    )
    def test_what_does_not_go_with_it_is_refused(self, changes, says):
        with pytest.raises(SpecificationError) as caught:
            from_frame(FRAME).replace(**changes)
        assert says in str(caught.value)

    @pytest.mark.parametrize(
        ("unit", "cells", "says"),
        [
            ("count:visit", [3, -2, -5], "row X 2019, column 'a': -2 is impossible: count:visit starts at zero"),
            ("count:visit per year", [3, -2, 0], "count:visit per year starts at zero. Correct it. A change or a bal"),
            ("rungs:3", [3, 4, 0], "4 is impossible: rungs:3 goes from 0 to 3. Correct it."),
            (
                "ordinal:-2..2",
                [-2, 2, 2.5],
                "row Y 2020, column 'a': 2.5 is impossible: ordinal:-2..2 goes from -2 to 2",
            ),
            ("ordinal:1..5", [1, 0.5, 5], "0.5 is impossible"),
            # A mean of codes is none of them, and a balance may be below zero.
            ("ordinal:-2..2", [-2, 1.5, np.nan], ""),
            ("rungs:3", [3, 0, 0.5], ""),
            ("count:visit", [0, np.nan, 1], ""),
            ("EUR million", [-3, 1, 2], ""),
            ("percent", [-3, 1, 155], ""),
            ("number", [-3, 1, 2], ""),
        ],
        ids=str,
    )
    def test_what_a_unit_rules_out_is_refused_at_its_cell(self, unit, cells, says):
        frame = FRAME[["b"]].assign(a=np.array(cells, dtype=float))
        framework = Framework.flat(["a", "b"], units={"a": unit})
        if not says:
            assert from_frame(frame, framework).values is not None
            return
        with pytest.raises(SpecificationError) as caught:
            from_frame(frame, framework)
        (fault,) = caught.value.faults
        assert says in str(fault)

    def test_a_bound_that_a_unit_rules_out_is_refused(self):
        frame = FRAME[["b"]].assign(**{"b:low": [-1.0, 1.0, 2.0]})
        with pytest.raises(SpecificationError, match=r"row X 2020, column 'b:low': -1 is impossible: count:visit"):
            from_frame(frame, Framework.flat(["b"], units={"b": "count:visit"}))

    def test_sources_get_ids_and_keep_their_words(self):
        profile = from_frame(FRAME.assign(**{"b:source": ["A book, 2020", "a_book", "A book. 2020"]}))
        assert profile.values is not None
        assert profile.values.sources == ("A_book_2020", "a_book", "A_book_2020_")
        assert [one.title for one in profile.sources.values()] == ["A book, 2020", "a_book", "A book. 2020"]


def test_it_equals_nothing_but_a_table_and_equal_ones_hash_alike(table):
    assert table != table.to_frame().to_dict()
    assert len({table, pickle.loads(pickle.dumps(table))}) == 1


def test_sources_that_are_all_empty_are_none():
    assert read_frame(FRAME.assign(**{"b:source": ""}))[0].source is None


def test_a_profile_of_a_table_is_read_back_from_plain_data():
    profile = from_frame(FRAME)
    assert Profile.parse(profile.model_dump(mode="json")) == profile

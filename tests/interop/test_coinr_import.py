"""COINr's tables in: what they say, what is not understood, and what is said of every mistake in them."""

import csv

import numpy as np
import pandas as pd
import pytest

from softpower import ObservationError, SoftPowerError, SpecificationError, score
from softpower.interop import from_coinr, read_table


def imeta(**changes):
    """A small iMeta: two pillars, three indicators, a denominator, a group and something else.

    A change is ``code_column=value``, with the column in small letters.
    """
    rows = {
        "trade": (1, "economy", 1, 2.0, "Indicator", "Trade in goods", "EUR million", "people", 1000.0),
        "tension": (1, "economy", -1, 1.0, "Indicator", "Tension", None, None, None),
        "visits": (1, "contact", 1, 1.0, "Indicator", "Visits", "percent", None, None),
        "economy": (2, "index", 1, 3.0, "Aggregate", "Economy", None, None, None),
        "contact": (2, "index", 1, 1.0, "Aggregate", "Contact", None, None, None),
        "index": (3, None, 1, 1.0, "Aggregate", "The index", None, None, None),
        "people": (None, None, None, None, "Denominator", "Population", None, None, None),
        "region": (None, None, None, None, "Group", "region", None, None, None),
    }
    columns = ["Level", "Parent", "Direction", "Weight", "Type", "iName", "Unit", "Denominator", "ScaleFactor"]
    frame = pd.DataFrame(rows, columns, dtype=object).T.rename_axis("iCode").reset_index()
    by_name = {name.lower(): name for name in frame.columns}
    for key, value in changes.items():
        code, _, column = key.rpartition("_")
        frame.loc[frame["iCode"] == code, by_name[column]] = value
    return frame


def idata(**changes):
    columns = {
        "uCode": ["KAZ", "UZB", "NA"],
        "uName": ["Kazakhstan", "Uzbekistan", None],
        "trade": [10.0, 20.0, None],
        "tension": [1.0, 3.0, 2.0],
        "visits": [4, 2, 3],
        "people": [20.0, 30.0, 2.0],
        "region": ["north", "south", "south"],
    }
    return pd.DataFrame(columns | changes)


def without(frame, code):
    return frame[frame["iCode"] != code].reset_index(drop=True)


def faults(data, meta, **more):
    with pytest.raises(SoftPowerError) as caught:
        from_coinr(data, meta, **more)
    return caught.value


class TestWhatIsUnderstood:
    def test_tree_names_weights_directions_and_units(self):
        made = from_coinr(idata(), imeta())
        framework = made.profile.framework
        assert made.not_understood == ()
        assert framework.levels == ("Level_3", "Level_2")
        assert framework.path("visits") == ("index", "contact", "visits")
        assert framework.node_title("trade") == "Trade in goods"
        assert (framework.dimensions["economy"].weight, framework.indicators["trade"].weight) == (3.0, 2.0)
        assert [one.better for one in framework.indicators.values()] == ["higher", "lower", "higher"]
        assert [one.unit for one in framework.indicators.values()] == ["EUR million", "number", "percent"]

    def test_values_groups_and_names_of_units(self):
        table = from_coinr(idata(), imeta()).profile.values
        assert table.cases == ("KAZ", "UZB", "NA")
        assert table.columns == ("trade", "tension", "visits", "people")
        assert table.groups == {"uName": ("Kazakhstan", "Uzbekistan", ""), "region": ("north", "south", "south")}

    def test_a_denominator_divides_with_its_scale(self):
        raw = score(from_coinr(idata(), imeta()).profile).raw
        # 10 / 20 x 1000 and 20 / 30 x 1000
        np.testing.assert_allclose(raw[:2, 0], [500.0, 2000.0 / 3], rtol=1e-15)

    def test_a_denominator_without_a_scale_factor_has_scale_one(self):
        raw = score(from_coinr(idata(), imeta(trade_scalefactor=None)).profile).raw
        assert raw[0, 0] == 0.5

    def test_scores_by_hand(self):
        # min-max: tension turned gives 100, 0, 50; visits give 100, 0, 50; trade gives 0 and 100
        result = score(from_coinr(idata(), imeta()).profile)
        economy = {"KAZ": (2 * 0 + 100) / 3, "UZB": (2 * 100 + 0) / 3, "NA": 50.0}
        contact = {"KAZ": 100.0, "UZB": 0.0, "NA": 50.0}
        expected = {case: (3 * one + contact[case]) / 4 for case, one in economy.items()}
        assert result.composite.to_dict() == pytest.approx(expected, rel=1e-12)

    def test_a_gap_as_r_writes_it_among_numbers(self):
        values = from_coinr(idata(visits=[4, "NA", 3]), imeta()).profile.values
        np.testing.assert_array_equal(values.to_frame()["visits"], [4.0, np.nan, 3.0])

    def test_time_becomes_the_period(self):
        data = idata(Time=[2019.0, 2019.0, 2020.0])
        assert from_coinr(data, imeta()).profile.values.index.tolist() == [("KAZ", 2019), ("UZB", 2019), ("NA", 2020)]

    def test_goalposts_are_used_where_every_indicator_has_them(self):
        meta = imeta()
        leaves = meta["Type"] == "Indicator"
        meta.loc[leaves, "goalpost_lower"] = 0.0
        meta.loc[leaves, "goalpost_upper"] = [1000.0, 4.0, 4.0]
        made = from_coinr(idata(), meta)
        assert made.profile.methodology.normalise.method == "goalposts"
        # trade: 500 of 1000; tension: 1 of 4, turned; visits: 4 of 4
        assert score(made.profile).score[0, :3].tolist() == [50.0, 75.0, 100.0]
        assert made.not_understood == ()

    def test_some_goalposts_are_kept_and_min_max_is_used(self):
        meta = imeta()
        meta.loc[meta["iCode"] == "visits", ["goalpost_lower", "goalpost_upper"]] = [0.0, 4.0]
        made = from_coinr(idata(), meta)
        assert made.profile.methodology.normalise.method == "min_max"
        assert made.profile.framework.indicators["visits"].goalposts.high == 4.0
        assert made.not_understood == (
            "Goalposts are kept and not used, for 'trade', 'tension' have none: values are scored by min_max.",
        )

    def test_targets_are_kept(self):
        meta = imeta()
        meta.loc[meta["Type"] == "Indicator", "Target"] = [5.0, 6.0, 7.0]
        assert from_coinr(idata(), meta).profile.framework.indicators["visits"].target == 7.0

    def test_level_names_come_indicators_first(self):
        made = from_coinr(idata(), imeta(), level_names=["Indicator", "Pillar", "Index"])
        assert made.profile.framework.levels == ("Index", "Pillar")

    def test_branches_may_end_at_different_depths(self):
        made = from_coinr(idata(), without(imeta(visits_parent="index"), "contact"))
        assert made.profile.framework.path("visits") == ("index", "visits")
        assert made.profile.framework.path("trade") == ("index", "economy", "trade")
        assert made.not_understood == ()

    def test_a_lone_branch_is_counted_from_the_top(self):
        deeper = pd.concat(
            [
                imeta(index_level=4, economy_level=3, trade_parent="deep", tension_parent="deep"),
                imeta().query("iCode == 'economy'").assign(iCode="deep", Parent="economy"),
            ]
        )
        made = from_coinr(idata(), deeper)
        assert made.not_understood == ("Level 2 of 'contact' is 3 here: levels are counted from the top.",)

    def test_missing_numbers_as_r_writes_them(self):
        data = idata(trade=["10", "NA", "7.5"])
        made = from_coinr(data, imeta(people_level="NA", people_parent="NA", index_parent="NA"))
        assert made.not_understood == ()
        column = made.profile.values.column("trade")
        assert column[[0, 2]].tolist() == [10.0, 7.5]
        assert np.isnan(column[1])

    def test_files_that_r_wrote(self, tmp_path):
        tables = {"iData": idata(uName=["Kazakhstan", "Uzbekistan", "Namibia"]), "iMeta": imeta()}
        for name, table in tables.items():
            table.to_csv(tmp_path / f"{name}.csv", index=False, na_rep="NA", quoting=csv.QUOTE_NONNUMERIC)
        read = from_coinr(*(read_table(tmp_path / f"{name}.csv") for name in tables))
        made = from_coinr(*tables.values())
        assert read.not_understood == ()
        assert read.profile.framework == made.profile.framework
        assert read.profile.values.cases == ("KAZ", "UZB", "NA")
        assert read.profile.values == made.profile.values

    def test_the_repr_says_size_method_and_what_is_not_understood(self):
        assert repr(from_coinr(idata(), imeta())) == (
            "The index: 3 indicators, 3 rows, min_max\nnot understood: nothing"
        )
        shown = repr(from_coinr(idata(), imeta(visits_unit="score")))
        assert shown.endswith(
            "not understood:\n- Unit 'score' of 'visits' is none that is known here: it counts as a plain number."
        )


class TestWhatIsNotUnderstood:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"people_unit": "ordinal:0..3"}, "Unit 'ordinal:0..3' of 'people' is none of a denominator"),
            ({"region_type": "Other"}, "'region' is of type Other and left out"),
            ({"region_iname": "Region of the world"}, "The name of the group 'region', 'Region of the world'"),
            ({"region_weight": 1.0}, "Weight of 'region' say nothing: it is a Group"),
            ({"economy_direction": -1}, "Direction -1 of the aggregate 'economy'"),
            ({"economy_unit": "percent"}, "Unit of 'economy' say nothing"),
            ({"tension_scalefactor": 10.0}, "ScaleFactor of 'tension' says nothing"),
            ({"trade_denominator": None, "trade_scalefactor": None}, "The denominator 'people' divides no indicator"),
        ],
    )
    def test_it_is_named(self, changes, words):
        notes = from_coinr(idata(), imeta(**changes)).not_understood
        assert len(notes) == 1
        assert words in notes[0]

    def test_columns_that_say_nothing_here(self):
        assert from_coinr(idata(), imeta().assign(Source="a book")).not_understood == (
            "iMeta has columns that say nothing here: Source.",
        )

    def test_scores_in_idata(self):
        assert from_coinr(idata(economy=[1.0, 2.0, 3.0]), imeta()).not_understood == (
            "The column 'economy' of iData is left out: aggregates are computed.",
        )

    def test_goalposts_that_act_otherwise(self):
        meta = imeta()
        leaves = meta["Type"] == "Indicator"
        meta.loc[leaves, "goalpost_lower"] = 0.0
        meta.loc[leaves, "goalpost_upper"] = 10.0
        meta.loc[leaves, "goalpost_scale"] = [1.0, 100.0, 100.0]
        meta["goalpost_trunc2posts"] = [True, False, True, None, None, None, None, None]
        assert from_coinr(idata(), meta).not_understood == (
            "goalpost_scale of 'trade' is left out: scores go from 0 to 100.",
            "goalpost_trunc2posts of 'tension' is left out: scores end at the goalposts.",
        )


BROKEN_META = {
    "no_iname_but_a_number": ({"trade_iname": 3}, "iMeta: row trade, column 'iName': 3 is no text"),
    "unknown_parent": ({"visits_parent": "contakt"}, "no aggregate 'contakt'. Did you mean 'contact'?"),
    "no_parent": ({"visits_parent": None}, "row visits, column 'Parent': the cell is empty"),
    "second_root": ({"economy_parent": None}, "2 aggregates have no parent: economy, index"),
    "parent_is_an_indicator": ({"visits_parent": "trade"}, "there is no aggregate 'trade'"),
    "circle": ({"index_parent": "economy"}, "level 3 is not below that of its parent 'economy', 2"),
    "same_level": ({"economy_level": 3}, "level 3 is not below that of its parent 'index', 3"),
    "indicator_at_level_two": ({"trade_level": 2}, "an indicator is at level 2. Indicators are at level 1."),
    "direction": ({"trade_direction": 2}, "row trade, column 'Direction': 2 is no direction"),
    "direction_text": ({"trade_direction": "lower"}, "row trade, column 'Direction': 'lower' is no finite number"),
    "parent_number": ({"visits_parent": 5}, "row visits, column 'Parent': 5 is no text"),
    "parent_number_of_an_aggregate": ({"economy_parent": 5}, "row economy, column 'Parent': 5 is no text"),
    "type_number": ({"trade_type": 5}, "row trade, column 'Type': 5 is no text"),
    "direction_empty": ({"trade_direction": None}, "row trade, column 'Direction': the cell is empty"),
    "weight_negative": ({"economy_weight": -1.0}, "the weight -1 is negative"),
    "weight_empty": ({"economy_weight": None}, "row economy, column 'Weight': the cell is empty"),
    "weight_text": ({"economy_weight": "much"}, "row economy, column 'Weight': 'much' is no finite number"),
    "weight_infinite": ({"economy_weight": np.inf}, "inf is no finite number"),
    "weight_true": ({"economy_weight": True}, "True is no finite number"),
    "weights_all_zero": ({"visits_weight": 0.0}, "iMeta: row contact: the weights of its children sum to zero"),
    "type": ({"trade_type": "indicator"}, "'indicator' is no type. Did you mean 'Indicator'?"),
    "type_empty": ({"trade_type": None}, "row trade, column 'Type': None is no type"),
    "code": ({"trade_icode": "trade in goods"}, "row 1, column 'iCode': 'trade in goods' is no code"),
    "code_twice": ({"trade_icode": "visits"}, "row visits, column 'iCode': the code stands twice"),
    "code_reserved": ({"trade_icode": "Time"}, "'Time' is a column of iData with a meaning of its own"),
    "denominator": ({"trade_denominator": "peeple"}, "no denominator 'peeple'. Did you mean 'people'?"),
    "scale": ({"trade_scalefactor": 0.0}, "row trade, column 'ScaleFactor': 0 is not above zero"),
    "childless": ({"visits_parent": "economy"}, "iMeta: row contact: the dimension has no children"),
}

BROKEN_DATA = {
    "text": ({"visits": [4, "many", 3]}, "iData: row UZB, column 'visits': 'many' is no number"),
    "infinite": ({"visits": [4, np.inf, 3]}, "iData: row UZB, column 'visits': the value inf is not finite"),
    "truths": ({"visits": [True, False, True]}, "the column holds True and False"),
    "case_twice": ({"uCode": ["KAZ", "KAZ", "NA"]}, "iData: row KAZ: the label stands twice"),
    "case_empty": ({"uCode": ["KAZ", None, "NA"]}, "is no name of a case"),
    "time": ({"Time": [1, 2, 3]}, "the period 1 is no year, month or day"),
    "time_empty": ({"Time": [2019, None, 2019]}, "row 2: the period is missing"),
    "unknown_column": ({"vists": [1, 2, 3]}, "iData: column 'vists': iMeta has no such iCode. Did you mean 'visits'?"),
    "denominator_of_zero": ({"people": [0.0, 1.0, 1.0]}, "iData: column 'people': the denominator of KAZ is zero"),
}


class TestWhatIsRefused:
    @pytest.mark.parametrize("name", BROKEN_META)
    def test_a_faulty_imeta(self, name):
        changes, words = BROKEN_META[name]
        error = faults(idata(), imeta(**changes))
        assert isinstance(error, SpecificationError)
        assert words in str(error)

    def test_a_count_below_zero_is_refused_at_its_cell(self):
        error = faults(idata(visits=[4, -2, 3]), imeta(visits_unit="count:visit"))
        assert "iData: row UZB, column 'visits': -2 is impossible: count:visit starts at zero" in str(error)

    @pytest.mark.parametrize(
        "name", ["direction_text", "weight_text", "parent_number", "parent_number_of_an_aggregate"]
    )
    def test_a_cell_at_fault_is_one_fault(self, name):
        changes, _ = BROKEN_META[name]
        assert len(faults(idata(), imeta(**changes)).faults) == 1

    @pytest.mark.parametrize("name", BROKEN_DATA)
    def test_a_faulty_idata(self, name):
        changes, words = BROKEN_DATA[name]
        error = faults(idata(**changes), imeta())
        assert isinstance(error, ObservationError)
        assert words in str(error)

    @pytest.mark.parametrize("column", ["Level", "iCode", "Parent", "Direction", "Type", "Weight"])
    def test_a_column_that_lacks(self, column):
        error = faults(idata(), imeta().rename(columns={column: f"{column}s"}))
        assert f"iMeta: it has no column '{column}'. Did you mean '{column}s'?" in str(error)

    def test_no_ucode(self):
        assert "iData: it has no column 'uCode'" in str(faults(idata().rename(columns={"uCode": "code"}), imeta()))

    def test_a_column_that_imeta_describes_lacks(self):
        error = faults(idata().drop(columns="visits"), imeta())
        assert "iData: it has no column 'visits', which iMeta describes" in str(error)

    def test_columns_named_twice_or_by_numbers(self):
        meta = imeta()
        twice = pd.concat([meta, meta[["Weight"]]], axis=1)
        assert "iMeta: column 'Weight': the name stands twice" in str(faults(idata(), twice))
        assert "iData: column 7: its name is no text" in str(faults(idata().rename(columns={"uName": 7}), meta))

    @pytest.mark.parametrize("given", [None, [], {}, "iData.csv"])
    def test_what_is_no_frame(self, given):
        assert "iMeta: a " in str(faults(idata(), given))
        assert "iData: a " in str(faults(given, imeta()))

    def test_a_tree_without_indicators(self):
        meta = imeta()
        error = faults(idata(), meta[meta["Type"] != "Indicator"])
        assert "iMeta: it has no row of type Indicator" in str(error)

    def test_cells_are_judged_beside_a_faulty_imeta_whatever_the_columns_are_called(self):
        meta = imeta(trade_direction=3).replace("visits", "root")
        error = faults(idata(visits=[4, "many", 3]).rename(columns={"visits": "root"}), meta)
        assert "'many' is no number" in str(error)
        assert "3 is no direction" in str(error)

    def test_empty_tables(self):
        error = faults(idata().iloc[:0], imeta().iloc[:0])
        assert [one.where for one in error.faults] == ["iMeta", "iData"]

    def test_goalposts(self):
        meta = imeta().assign(goalpost_lower=None, goalpost_upper=None)
        meta.loc[0, "goalpost_lower"] = 1.0
        meta.loc[1, ["goalpost_lower", "goalpost_upper"]] = [3.0, 2.0]
        error = faults(idata(), meta)
        assert "row trade, column 'goalpost_upper': the cell is empty. Give both goalposts" in str(error)
        assert "row tension, column 'goalpost_upper': the upper goalpost 2 is not above the lower one, 3" in str(error)

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            (["Indicator", "Index"], "2 names are given for 3 levels"),
            (["Indicator", "A pillar", "Index"], "'A pillar' is no name of a level"),
            (["Indicator", "Index", "Index"], "levels"),
        ],
    )
    def test_level_names(self, names, words):
        assert words in str(faults(idata(), imeta(), level_names=names))

    def test_all_faults_of_both_tables_come_at_once(self):
        meta = imeta(trade_direction=3, visits_parent="nobody", economy_weight=-2.0)
        error = faults(idata(visits=["many", 1, 2], tension=[np.inf, 1.0, 2.0]), meta)
        assert isinstance(error, SpecificationError)
        text = str(error)
        for words in ("3 is no direction", "no aggregate 'nobody'", "-2 is negative", "'many' is no number"):
            assert words in text

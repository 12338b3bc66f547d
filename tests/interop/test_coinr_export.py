"""A profile as COINr's tables: what stands in them, what they do not hold, what COINr would refuse."""

import numpy as np
import pandas as pd
import pytest

from softpower import Framework, SpecificationError, from_frame, load_profile
from softpower.interop import from_coinr, to_coinr


def specs(**more):
    return {
        "dimensions": {
            "index": {"title": "The index"},
            "economy": {"title": "Economy", "parent": "index", "weight": 3.0},
            "contact": {"title": "Contact", "parent": "index"},
        },
        "levels": ["all", "pillar"],
        "variables": {"people": {"title": "Population", "kind": "stock", "unit": "count:person"}},
        "indicators": {
            "trade": {
                "title": "Trade",
                "dimension": "economy",
                "weight": 2.0,
                "denominator": {"variable": "people", "scale": 10.0},
                "target": 5.0,
            },
            "visits": {"title": "Visits", "dimension": "contact", "unit": "percent", "better": "lower"},
        }
        | more,
    }


def profile(frame=None, data=None, **more):
    given = {"trade": [1.0, 3.0], "visits": [4.0, np.nan], "people": [2.0, 3.0], "group:region": ["north", ""]}
    table = pd.DataFrame(given, index=["KAZ", "UZB"]) if frame is None else frame
    return from_frame(table, Framework.from_dict(data or specs()), **more)


def test_the_tables_by_hand():
    tables = to_coinr(profile())
    assert tables.level_names == ("Indicator", "pillar", "all")
    assert tables.idata.astype(object).where(tables.idata.notna(), None).to_dict("list") == {
        "uCode": ["KAZ", "UZB"],
        "region": ["north", None],
        "trade": [1.0, 3.0],
        "visits": [4.0, None],
        "people": [2.0, 3.0],
    }
    meta = tables.imeta.astype(object).where(tables.imeta.notna(), None).set_index("iCode")
    assert meta.loc["trade"].to_dict() == {
        "Level": 1,
        "Parent": "economy",
        "Direction": 1,
        "Weight": 2.0,
        "Type": "Indicator",
        "iName": "Trade",
        "Unit": None,
        "Target": 5.0,
        "Denominator": "people",
        "ScaleFactor": 10.0,
    }
    assert (meta.loc["visits", "Direction"], meta.loc["visits", "Unit"]) == (-1, "percent")
    assert meta["Level"].tolist() == [1, 1, 3, 2, 2, None, None]
    assert meta["Type"].tolist() == ["Indicator"] * 2 + ["Aggregate"] * 3 + ["Denominator", "Group"]


def test_read_back_it_is_the_same():
    tables = to_coinr(profile())
    back = from_coinr(tables.idata, tables.imeta, level_names=tables.level_names)
    assert back.not_understood == ()
    assert back.profile.values == profile().values
    assert back.profile.framework.indicators == profile().framework.indicators
    again = to_coinr(back.profile)
    pd.testing.assert_frame_equal(again.idata, tables.idata)
    pd.testing.assert_frame_equal(again.imeta, tables.imeta)


def test_what_was_read_from_coinr_is_held_whole():
    tables = to_coinr(profile(data=specs(trade=specs()["indicators"]["trade"] | {"target": None})))
    read = from_coinr(tables.idata, tables.imeta, level_names=tables.level_names).profile
    assert to_coinr(read).not_held == ()
    assert repr(to_coinr(read)) == ("iData: 2 rows, iMeta: 7 rows, levels Indicator, pillar, all\nnot held: nothing")


def test_periods_become_the_time():
    index = pd.MultiIndex.from_product([["KAZ", "UZB"], [2019, 2020]], names=["case", "period"])
    frame = pd.DataFrame({"trade": [1.0, 2, 3, 4], "visits": [1.0, 2, 3, 5], "people": 1.0}, index=index)
    tables = to_coinr(profile(frame))
    assert tables.idata["Time"].tolist() == [2019, 2020, 2019, 2020]
    assert from_coinr(tables.idata, tables.imeta).profile.values.index.equals(index)


class TestWhatIsNotHeld:
    def names(self, one):
        return "\n".join(to_coinr(one).not_held)

    def test_bounds_and_sources(self):
        frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4.0, 2.0], "people": [2.0, 3.0]}, index=["KAZ", "UZB"])
        frame["trade:low"] = [0.5, 3.0]
        frame["visits:source"] = "a book"
        text = self.names(profile(frame))
        assert "Of the values: low, source." in text
        assert "Of the profile: id, title, sources." in text or "sources" in text

    def test_goalposts_say_more(self):
        posts = {"low": 1.0, "high": 9.0, "parity": 2.0, "log": True, "kind": "parity", "reason": "Because."}
        text = self.names(profile(data=specs(trade=specs()["indicators"]["trade"] | {"goalposts": posts})))
        for field in ("kind", "log", "parity", "reason"):
            assert f"goalposts.{field} of the indicators 'trade'." in text

    def test_methodology(self):
        assert "methodology" in self.names(profile(methodology={"aggregate": "geometric"}))

    def test_words_of_indicators_and_dimensions(self):
        data = specs(visits=specs()["indicators"]["visits"] | {"question": "How many?"})
        data["dimensions"]["contact"]["description"] = "Who meets whom."
        text = self.names(profile(data=data))
        assert "question of the indicators 'visits'." in text
        assert "description of the dimensions 'contact'." in text

    def test_indicators_that_do_not_enter(self):
        frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4.0, 2.0], "people": [2.0, 3.0]}, index=["KAZ", "UZB"])
        one = profile(frame).replace(left_out=("contact",))
        tables = to_coinr(one)
        assert "visits" not in tables.idata
        assert "The indicators 'visits', which do not enter the score." in tables.not_held
        assert "The dimensions 'contact', which do not enter the score." in tables.not_held

    def test_weights_that_count_indicators_are_counted(self):
        data = specs(goods={"title": "Goods", "dimension": "economy"})
        data["dimensions"]["economy"]["weight"] = "indicators"
        tables = to_coinr(profile(data=data))
        assert tables.imeta.set_index("iCode").loc["economy", "Weight"] == 2.0
        assert "weight of the dimensions 'economy'." in tables.not_held

    def test_a_tree_that_coinr_refuses(self):
        text = self.names(profile(data=specs(goods={"title": "Goods", "dimension": "index"})))
        assert "COINr wants each parent one level above its children; that of 'goods' is higher." in text

    def test_targets_of_some(self):
        assert "COINr wants a Target for every indicator, or none at all: some have none." in self.names(profile())


class TestWhatIsRefused:
    def test_a_profile_of_observations(self):
        with pytest.raises(SpecificationError, match="COINr takes a table of values"):
            to_coinr(load_profile("kazakhstan"))

    def test_codes_and_periods_that_coinr_refuses_come_together(self):
        index = pd.MultiIndex.from_product([["KAZ", "trade"], ["2019-05"]], names=["case", "period"])
        frame = pd.DataFrame({"trade": [1.0, 2.0], "visits": [1.0, 2.0], "2nd": 1.0, "uCode": 1.0}, index=index)
        frame["group:visits"] = "a"
        extra = {name: {"title": name, "dimension": "index"} for name in ("2nd", "uCode")}
        data = specs(**extra)
        del data["indicators"]["trade"]["denominator"]
        with pytest.raises(SpecificationError) as caught:
            to_coinr(profile(frame, data))
        text = str(caught.value)
        for words in (
            "'2nd': COINr takes no such code",
            "'uCode': a column of that name has a meaning of its own",
            "'trade': it is the name of a case as well",
            "group 'visits': another column has that name",
            "period: COINr takes times that are numbers",
        ):
            assert words in text

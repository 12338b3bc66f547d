"""That leaving out is scoring the profile without it, and that ranks move as COINr's do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from properties.strategies import scored, tree_specs
from softpower import Framework, drop_each, from_frame, load_profile, score
from softpower.errors import MethodError, NotFoundError
from softpower.interop import from_coinr
from softpower.model.profile import Profile

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "reference" / "coinr_synthetic"
STUDY = scored(tree_specs([[None, None], None]), [[10, 30, 60]])
"""Scores of 10 and 30 under d1, and 60 beside it: 40."""
FRAME = pd.DataFrame(
    {"i0": [0.9, 0.5, 0.1], "i1": [0.1, 0.5, 0.2], "i1:source": ["page", "page", "book"]}, index=["KAZ", "UZB", "KGZ"]
)
TWO = Framework.parse(tree_specs([None, None]))


class TestByHand:
    def test_indicators(self):
        table = drop_each(STUDY)
        assert table["score"].to_dict() == pytest.approx({"i2": 20, "i0": 45, "i1": 35})
        assert table["difference"].to_dict() == pytest.approx({"i2": -20, "i0": 5, "i1": -5})
        assert table.index.tolist() == ["i2", "i0", "i1"]
        assert table.columns.tolist() == ["title", "level", "score", "difference", "reason"]
        assert set(table["reason"]) == {""}

    def test_dimensions_and_levels(self):
        table = drop_each(STUDY, by="dimension")
        assert table[["title", "level", "score", "difference"]].to_numpy().tolist() == [["d1", "level1", 60.0, 20.0]]
        pd.testing.assert_frame_equal(drop_each(STUDY, by="level1"), table.rename_axis("level1"))

    def test_sources(self):
        table = drop_each(FRAME, TWO, by="source_text", case="KAZ")
        # 0.9 alone, where the cell of 0.1 is gone
        assert table.loc["page", ["observations", "score", "difference"]].tolist() == pytest.approx([2, 90, 40])
        assert table.loc["book", ["observations", "score", "difference"]].tolist() == pytest.approx([1, 50, 0])

    @pytest.mark.parametrize(("gone", "left"), [("book", "page"), ("page", "book")])
    def test_a_source_that_nothing_rests_on_any_more_is_not_left_out(self, gone, left):
        table = drop_each(from_frame(FRAME, TWO).without(sources=[gone]), by="source_text")
        assert table.index.tolist() == [left]

    def test_a_source_that_only_says_what_is_around_feeds_nothing(self):
        around = {"id": "context", "case": "A>0", "source": "page", "use": "context", "reason": "Around it."}
        facts = {"observations": [one.model_dump(exclude_none=True) for one in STUDY.observations] + [around]}
        study = Profile.parse(
            STUDY.model_dump(exclude_none=True) | facts | {"sources": {"page": {"title": "Page", "kind": "web_page"}}}
        )
        table = drop_each(study, by="source_text")
        assert table.loc["page", ["observations", "difference"]].tolist() == [0, 0]

    def test_ranks_of_several_cases(self):
        # Scores of 50, 50 and 15: ranks 1, 1, 3. Without i1: 1, 2, 3. Without i0: 3, 1, 2.
        table = drop_each(FRAME, TWO)
        assert table["rank_change"].to_dict() == pytest.approx({"i1": 1 / 3, "i0": 1})
        assert "score" not in table
        shown = drop_each(FRAME, TWO, case="UZB")
        assert shown.columns.tolist() == ["title", "level", "score", "difference", "rank_change", "reason"]
        assert shown["score"].tolist() == pytest.approx([50, 50])

    def test_two_cases_are_compared_by_rank(self):
        # Scores of 50 and 15. Without i0: 10 and 20; without i1: 90 and 10.
        assert drop_each(FRAME.iloc[::2], TWO)["rank_change"].to_dict() == pytest.approx({"i0": 1, "i1": 0})

    def test_progress_counts_each(self):
        told = []
        drop_each(FRAME, TWO, progress=lambda done, whole: told.append((done, whole)))
        assert told == [(1, 2), (2, 2)]

    def test_periods(self):
        frame = FRAME.assign(period=[2001, 2001, 2002]).rename_axis("case").reset_index()
        frame.loc[2, "case"] = "KAZ"
        assert drop_each(frame, TWO, case="KAZ", period=2002)["score"].to_dict() == pytest.approx({"i0": 20, "i1": 10})
        for more in ({"case": "KAZ"}, {}):
            with pytest.raises(NotFoundError, match="drop_each: period: there are 2 periods: 2001, 2002"):
                drop_each(frame[frame["case"] == "KAZ"], TWO, **more)

    def test_what_cannot_be_scored_says_why(self):
        table = drop_each(scored(tree_specs([None]), [[10]]))
        assert table["reason"].tolist() == ["every indicator is left out. Leave at least one in."]
        assert table["score"].isna().all()
        assert table["score"].dtype == float
        lost = drop_each(scored(tree_specs([None, None]), [[10, None]]))
        assert lost.loc["i0", "reason"] == "0 of 1 children are present"
        assert lost.loc["i1", "difference"] == pytest.approx(0)
        assert lost.index.tolist() == ["i1", "i0"]

    @pytest.mark.parametrize("sourced", ["i0", "i1"])
    def test_the_reason_is_that_of_the_composite(self, sourced):
        frame = FRAME.rename(columns={"i1:source": f"{sourced}:source"})
        table = drop_each(from_frame(frame, TWO, methodology={"missing": "strict"}), by="source_text", case="KAZ")
        assert table.loc["page", "reason"] == "1 of 2 children are present, below the threshold of 1"

    def test_cases_that_lose_their_score_are_counted(self):
        frame = pd.DataFrame({"i0": [0.9, 0.5, 0.1], "i1": [0.1, 0.5, None]}, index=["KAZ", "UZB", "KGZ"])
        table = drop_each(frame, TWO)
        assert table.loc["i0", "reason"] == "1 of 3 cases lose their score"
        # KAZ and UZB are first together, and then second and first.
        assert table.loc["i0", "rank_change"] == pytest.approx(1 / 2)

    def test_cases_that_keep_their_score_are_not_counted_whatever_else_they_lose(self):
        scores = [[10, 30, 60], [20, 40, 50], [None, 30, None], [15, None, 70]]
        table = drop_each(scored(tree_specs([[None, None], None]), scores))
        assert table["reason"].to_dict() == {"i0": "", "i1": "1 of 4 cases lose their score", "i2": ""}


@pytest.fixture(scope="module")
def texts() -> pd.DataFrame:
    return drop_each("kazakhstan", by="source_text")


class TestKazakhstan:
    def test_a_node_of_a_level_as_without_it(self):
        profile = load_profile("kazakhstan")
        table = drop_each(profile, by="source")
        assert set(table.index) == {"culture", "political_values", "foreign_policy"}
        expected = score(profile.without("culture")).composite.iloc[0]
        assert table.loc["culture", "score"] == pytest.approx(expected, abs=1e-12)
        difference = expected - score(profile).composite.iloc[0]
        assert table.loc["culture", "difference"] == pytest.approx(difference, abs=1e-12)

    def test_a_text_as_without_it(self, texts):
        expected = score(load_profile("kazakhstan").without(sources=["interview_3"])).composite.iloc[0]
        assert texts.loc["interview_3", "score"] == pytest.approx(expected, abs=1e-12)
        assert texts["difference"].abs().diff().max() < 1e-9

    def test_a_text_that_feeds_nothing_changes_nothing(self, texts):
        assert texts.loc["interview_2", ["observations", "difference"]].tolist() == [0, 0]


class TestRefusals:
    def test_unknown_things(self):
        with pytest.raises(NotFoundError, match="Did you mean 'indicator'"):
            drop_each(STUDY, by="indicators")
        with pytest.raises(NotFoundError, match="Did you mean 'source_text'"):
            drop_each(STUDY, by="source")
        with pytest.raises(MethodError, match="the level 'level0' is the composite"):
            drop_each(STUDY, by="level0")
        levels = {"levels": ["level0", "dimension"]}
        with pytest.raises(MethodError, match=r"one of these: indicator, dimension, source_text\.$"):
            drop_each(scored(tree_specs([[None], None]) | levels, [[10, 30]]), by="level0")
        with pytest.raises(MethodError, match="names the source that it rests on"):
            drop_each(STUDY, by="source_text")
        with pytest.raises(NotFoundError) as caught:
            drop_each(FRAME, TWO, case="KAS", period=2001)
        assert [one.what for one in caught.value.faults] == ["there is no case 'KAS'", "the scores have no periods"]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the numbers of COINr are not here: ../shared/reference")
@pytest.mark.parametrize(("by", "levels"), [("indicator", [1]), ("dimension", [2, 3])])
def test_ranks_move_as_there(by, levels):
    structure = pd.read_csv(FOLDER / "structure.csv").set_axis(
        ["iCode", "Type", "Level", "Parent", "Direction", "Weight"], axis=1
    )
    imeta = structure.assign(Type=np.where(structure["Type"] == "indicator", "Indicator", "Aggregate"))
    imeta.loc[len(imeta), ["iCode", "Type"]] = ["region", "Group"]
    idata = pd.read_csv(FOLDER / "raw.csv").rename(columns={"case": "uCode"})
    read = from_coinr(idata, imeta, level_names=("indicator", "dimension", "source", "index"))
    treated = pd.read_csv(FOLDER / "treated.csv", index_col="uCode").rename_axis("case")
    methodology = {"normalise": {"method": "min_max", "low": 1.0}}
    table = drop_each(from_frame(treated, read.profile.framework), methodology=methodology, by=by)
    files = [pd.read_csv(FOLDER / f"drop_one_level{level}.csv", index_col="element") for level in levels]
    expected = pd.concat(files)["mean_abs_rank_change"].drop("Nominal")
    assert table["rank_change"].to_dict() == pytest.approx(expected.to_dict(), abs=1e-12)

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import softpower as sp
from softpower.plot.bars import sensitivity, tornado

FRAME = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
SIMPLEX = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}


def texts(ax):
    return [text for text in (*ax.texts, *ax.get_yticklabels()) if text.get_text()]


def overlapping(ax):
    ax.figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(ax)]
    return [(a, b) for i, (a, one) in enumerate(boxes) for b, other in boxes[i + 1 :] if one.overlaps(other)]


def rows(count):
    """A table as tornado returns it: factor i from 50 - i to 50 + 2 i."""
    swing = np.arange(count, dtype=float)
    index = pd.MultiIndex.from_arrays(
        [["KAZ"] * count, [f"factor_{i}" for i in range(count)]], names=["case", "factor"]
    )
    said = [f"more weight on what is called node_{i}, less on the rest" for i in range(count)]
    columns = {"kind": "weights", "score": 50.0, "low": 50 - swing, "high": 50 + 2 * swing}
    columns |= {"at_low": said, "at_high": said, "swing": 3 * swing, "reason": ""}
    return pd.DataFrame(columns, index)


@pytest.fixture(scope="module")
def result():
    return sp.sensitivity_analysis(FRAME, uncertainty=SIMPLEX, n=64, outputs=["rank_change", "KAZ above UZB"])


class TestTornado:
    def test_by_hand(self):
        # Trade scores 50 and visits 100 of KGZ: 75, from 50 (the least of them, or trade alone) to 100.
        ax = tornado(sp.tornado(FRAME, uncertainty=SIMPLEX, case="KGZ"))
        assert [text.get_text() for text in ax.get_yticklabels()] == ["weights: composite", "aggregation"]
        spans = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
        assert np.array(spans) == pytest.approx(np.array([(50, 25), (75, 25), (50, 25)]))
        assert ax.lines[0].get_xdata()[0] == pytest.approx(75)
        assert [text.get_text() for text in ax.texts][:2] == ["all weight on trade", "all weight on visits"]
        assert "from 50.0 to 100.0" in ax.get_title(loc="left")

    def test_titles_stand_in_the_place_of_ids(self, sound):
        names = [text.get_text() for text in tornado(sp.swings(sound), profile=sound).get_yticklabels()]
        titles = {one.title for one in sound.framework.variables.values()}
        assert {name.replace("\n", " ").partition(": ")[2] for name in names} <= titles
        weighed = sound.replace(uncertainty={"weights": {"all": "simplex"}})
        (name,) = tornado(sp.tornado(weighed), profile=weighed).get_yticklabels()
        assert name.get_text() == f"weights: {sound.framework.node_title('all')}"
        with pytest.raises(sp.SpecificationError, match=r"plot\.tornado: profile: a str is given"):
            tornado(rows(3), profile="kazakhstan")

    def test_of_swings(self):
        ax = tornado(sp.swings("kazakhstan"), top=3)
        assert len(ax.get_yticks()) == 3
        assert ax.texts[0].get_text() == "at 9"
        assert "VIS-06" in ax.get_title(loc="left")

    def test_the_widest_are_shown_and_the_others_counted(self):
        ax = tornado(rows(60), top=4)
        assert [text.get_text() for text in ax.get_yticklabels()] == [f"factor_{i}" for i in (59, 58, 57, 56)]
        assert "55 that move it less. Without effect: 1." in " ".join(ax.texts[-1].get_text().split())

    def test_no_text_stands_on_another_or_leaves_the_figure(self):
        ax = tornado(rows(60))
        assert not overlapping(ax)
        frame = ax.figure.bbox
        assert all(frame.x0 <= t.get_window_extent().x0 and t.get_window_extent().x1 <= frame.x1 for t in texts(ax))

    def test_it_draws_where_it_is_told(self):
        given = Figure().subplots()
        assert tornado(rows(3), ax=given) is given

    @pytest.mark.parametrize("top", [0, True, 2.5, "3"])
    def test_no_number_of_bars(self, top):
        with pytest.raises(sp.SpecificationError, match="whole number"):
            tornado(rows(3), top=top)

    def test_what_is_no_such_table(self):
        for given in (None, FRAME):
            with pytest.raises(sp.SpecificationError, match=r"softpower\.tornado or softpower\.swings"):
                tornado(given)

    def test_several_cases(self):
        table = sp.tornado(FRAME, uncertainty=SIMPLEX)
        with pytest.raises(sp.NotFoundError, match=r"3 cases: .* Draw the rows of one: table\.xs\(") as caught:
            tornado(table)
        mend = caught.value.faults[0].mend.removeprefix("Draw the rows of one: ").removesuffix(".")
        assert "KAZ" in tornado(eval(mend, {"table": table})).get_title(loc="left")

    def test_nothing_moves(self):
        with pytest.raises(sp.MethodError, match="nothing in the table moves"):
            tornado(rows(1))
        with pytest.raises(sp.MethodError, match="no rows"):
            tornado(rows(0))


class TestSensitivity:
    def test_bars_and_intervals_are_those_of_the_table(self, result):
        output = result.outputs[0]
        frame, ax = result.to_frame(output), sensitivity(result)
        widths = [bar.get_width() for bar in ax.patches]
        assert widths == pytest.approx([*frame["first"], *frame["total"]])
        ends = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
        expected = [*frame[["first_low", "first_high"]].values, *frame[["total_low", "total_high"]].values]
        assert np.array(ends) == pytest.approx(np.array(expected))
        assert [text.get_text() for text in ax.get_yticklabels()] == [
            name.replace("composite", "Composite") for name in frame["factor"]
        ]
        assert not overlapping(ax)

    def test_estimates_below_zero_are_drawn_as_they_are(self):
        result = sp.sensitivity_analysis("kazakhstan", n=16, resamples=20)
        frame, ax = result.to_frame(result.outputs[0]), sensitivity(result, top=84)
        assert (frame["first"] < 0).any()
        assert [bar.get_width() for bar in ax.patches[: len(frame)]] == pytest.approx(frame["first"].tolist())
        assert ax.get_xlim()[0] < frame["first_low"].min()
        assert "Not shown" not in ax.texts[-1].get_text()
        assert "64 with a smaller total" in " ".join(sensitivity(result).texts[-1].get_text().split())

    def test_wrong_inputs(self, result):
        with pytest.raises(sp.NotFoundError, match="output"):
            sensitivity(result, output="tade")
        with pytest.raises(sp.SpecificationError, match=r"softpower\.sensitivity_analysis"):
            sensitivity(result.to_frame())
        still = sp.sensitivity_analysis(
            pd.DataFrame({"a": [1.0, 2], "b": [1.0, 2]}, index=["X", "Y"]),
            uncertainty={"weights": "simplex"},
            n=16,
            outputs=["rank_change"],
        )
        with pytest.raises(sp.MethodError, match="does not vary"):
            sensitivity(still)

"""That what looks for overlapping and cut texts finds them, and nothing else."""

from matplotlib.figure import Figure

from plot.overlap import cut, overlapping


def test_texts_on_each_other_are_found():
    ax = Figure().subplots()
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "other")
    ax.text(0.1, 0.1, "far")
    assert overlapping(ax) == [("one", "other")]


def test_ticks_out_of_view_are_no_texts():
    ax = Figure().subplots()
    ax.set_xticks([0.0, 0.5, 0.501], ["left", "middle", "beside"])
    assert overlapping(ax) == [("middle", "beside")]
    ax.set_xlim(0.0, 0.4)
    assert overlapping(ax) == []


def test_a_text_that_sticks_out_is_found():
    ax = Figure().subplots()
    ax.text(1.0, 0.5, "much too long for what is left of the figure")
    ax.text(0.0, 0.5, "fits")
    assert cut(ax) == ["much too long for what is left of the figure"]

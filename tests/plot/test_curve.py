import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import softpower as sp
from softpower.plot import curve
from softpower.plot.curve import specifications

FRAME = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])


def named(ax):
    return {line.get_gid(): line for line in ax.lines}


@pytest.fixture(scope="module")
def drawn():
    chosen = {"aggregate": ["arithmetic", "minimum"], "leave_out": "one"}
    return sp.uncertainty_analysis(FRAME, uncertainty=chosen, n=64)


def test_every_combination_stands_in_the_order_of_its_score_above_its_options(drawn):
    # KGZ has 50 and 100: means 50 (three times), 75, 100 (twice), least 50.
    ax = specifications(drawn, case="KGZ")
    top, below = ax.child_axes
    table = drawn.specifications().query("case == 'KGZ'")
    assert named(top)["scores"].get_ydata().tolist() == [50, 50, 50, 75, 100, 100]
    labels = [text.get_text() for text in below.get_yticklabels()]
    assert labels[:3] == ["aggregation", "arithmetic (declared)", "minimum"]
    assert labels[3:] == ["selection: left out", "none (declared)", "trade", "visits"]
    rows = dict(zip(below.get_yticks(), labels, strict=True))
    marked = [rows[y].removesuffix(" (declared)") for y in named(below)["aggregation"].get_ydata()]
    assert marked == table["aggregation"].tolist()
    marked = [rows[y].removesuffix(" (declared)") for y in named(below)["selection: left out"].get_ydata()]
    assert marked == table["selection: left out"].tolist()
    assert named(top)["declared"].get_xydata().tolist() == [[4, 75]]
    assert "50.0 to 100.0 over 6 combinations" in " ".join(ax.get_title(loc="left").split())
    assert "50 % of them score below the declared 75.0" in " ".join(ax.get_title(loc="left").split())


def test_a_declared_choice_that_is_none_of_the_combinations_is_a_line_alone():
    drawn = sp.uncertainty_analysis(
        FRAME, uncertainty={"aggregate": ["minimum", {"method": "ordered_weighted_average", "orness": 0.25}]}, n=16
    )
    top, _ = specifications(drawn, case="KGZ").child_axes
    assert "declared" not in named(top)
    assert 75 in [line.get_ydata()[0] for line in top.lines if line.get_linestyle() == "--"]


def test_of_many_some_are_drawn_and_the_foot_says_so(drawn, monkeypatch):
    monkeypatch.setattr(curve, "SHOWN", 3)
    ax = specifications(drawn, case="KGZ")
    assert named(ax.child_axes[0])["scores"].get_xdata().tolist() == [1, 3, 4, 6]
    assert "Drawn are 4 of 6" in ax.texts[-1].get_text()


def test_it_draws_both_parts_inside_what_it_is_given(drawn):
    given = Figure(figsize=(6, 4)).subplots()
    assert specifications(drawn, case="KAZ", ax=given) is given
    assert len(given.child_axes) == 2
    assert len(given.figure.axes) == 1


def test_labels_do_not_overlap():
    drawn = sp.uncertainty_analysis("kazakhstan", n=16)
    ax = specifications(drawn)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.child_axes[1].get_yticklabels()]
    assert len(boxes) == 41
    ends = np.array([(box.y0, box.y1) for box in boxes])
    # From the top down.
    assert (ends[:-1, 0] >= ends[1:, 1] - 1).all()
    assert min(box.x0 for box in boxes) >= 0


def test_wrong_inputs(drawn):
    with pytest.raises(sp.NotFoundError, match=r"3 cases: KAZ, UZB, KGZ.*case='KAZ'"):
        specifications(drawn)
    with pytest.raises(sp.NotFoundError, match="Did you mean 'KAZ'"):
        specifications(drawn, case="KAS")
    with pytest.raises(sp.NotFoundError, match="no periods"):
        specifications(drawn, case="KAZ", period=2001)
    with pytest.raises(sp.NotFoundError, match="no factor 'agregation'"):
        specifications(drawn, case="KAZ", factors=["agregation"])
    with pytest.raises(sp.SpecificationError, match=r"softpower\.uncertainty_analysis"):
        specifications(drawn.score)
    weights = sp.uncertainty_analysis(FRAME, uncertainty={"weights": "simplex"}, n=64)
    with pytest.raises(sp.MethodError, match="no choice has alternatives"):
        specifications(weights, case="KAZ")
    scales = sp.uncertainty_analysis(FRAME, uncertainty={"normalise": ["min_max", "z_score"]}, n=64)
    with pytest.raises(sp.MethodError, match="several scales"):
        specifications(scales, case="KAZ")

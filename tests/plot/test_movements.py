"""A change as steps, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.overlap import cut, overlapping
from softpower.analysis import movements
from softpower.errors import MethodError, NotFoundError, SpecificationError
from softpower.plot.movements import STEPS, changes


def moved(indicators, *, gaps=0.1, methodology=None):
    g = np.random.default_rng(1)
    index = pd.MultiIndex.from_product([["KAZ", "UZB", "KGZ"], [2000, 2001, 2004]], names=["case", "period"])
    names = [f"indicator_with_a_name_{place}" for place in range(indicators)]
    frame = pd.DataFrame(g.uniform(1, 100, (9, indicators)), index, columns=names)
    return movements.changes(softpower.score(frame.mask(g.random(frame.shape) < gaps), methodology=methodology))


def bars(ax):
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def names(ax):
    return [" ".join(label.get_text().split()) for label in ax.get_yticklabels()]


def test_steps_go_from_the_old_score_to_the_new_one():
    made = moved(8)
    ax = changes(made, case="UZB", start=2000, stop=2001)
    before, after, *_ = made.scores.loc[("UZB", 2000, 2001, "composite")]
    drawn = bars(ax)
    assert drawn[0][0] == pytest.approx(before)
    assert [start for start, _ in drawn[1:]] == pytest.approx([end for _, end in drawn[:-1]])
    assert drawn[-1][1] == pytest.approx(after)
    given = made.contributions.loc["UZB"].xs((2000, 2001), level=["from", "to"])["change"]
    assert {name: end - start for name, (start, end) in zip(names(ax)[1:-1], drawn, strict=True)} == pytest.approx(
        given.to_dict()
    )
    assert names(ax)[0::9] == ["Composite, 2000", "Composite, 2001"]


@pytest.mark.parametrize("indicators", [2, 60])
def test_nothing_overlaps_and_nothing_is_cut(indicators):
    made = moved(indicators)
    ax = changes(made, case="KAZ")
    assert overlapping(ax) == []
    assert cut(ax) == []
    if indicators > STEPS:
        assert names(ax)[-2] == f"{indicators - STEPS} others together"
        assert len(ax.patches) == STEPS + 1
        assert bars(ax)[-1][1] == pytest.approx(made.scores.loc[("KAZ", 2000, 2004, "composite"), "after"])


def test_the_title_says_what_moved_most():
    title = " ".join(changes(moved(2, gaps=0.0), case="KGZ").get_title(loc="left").split())
    assert title.startswith("Composite of KGZ ")
    assert "in 2000 to" in title
    assert title.split("most by ")[1].startswith("indicator_with_a_name_")


def test_what_cannot_be_drawn_is_refused():
    made = moved(3)
    with pytest.raises(SpecificationError, match=r"Give what softpower\.changes returns"):
        changes(made.result)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="there are 3 cases"):
        changes(made)
    with pytest.raises(NotFoundError, match="there is no change from 1999"):
        changes(made, case="KAZ", start=1999)
    with pytest.raises(NotFoundError, match=r"there is no change to '2004'. Give 2004"):
        changes(made, case="KAZ", stop="2004")
    with pytest.raises(MethodError, match="no sum of parts"):
        changes(moved(3, methodology={"aggregate": "copeland"}), case="KAZ")

"""Tables with many uncertain cells: each is a fact like any other, and a few points at a time give the same draws."""

import numpy as np
import pandas as pd
import pytest

import softpower
from softpower.draws import drawing
from softpower.draws import facts as module
from softpower.draws import points as of_points
from softpower.draws.facts import Fact, Facts
from softpower.draws.sampler import Sampler


@pytest.fixture(scope="module")
def profile():
    g = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([list("ABCD"), [2000, 2001, 2003]], names=["case", "period"])
    frame = pd.DataFrame(g.uniform(1, 9, (12, 4)), index, columns=list("wxyz"))
    for name in "wxz":
        frame[f"{name}:low"], frame[f"{name}:high"] = frame[name] - 1, frame[name] + g.uniform(0, 2, 12)
    # The first cell is certain, and one is a gap.
    frame.iloc[0, frame.columns.get_indexer(["w:low", "w:high"])] = frame["w"].iloc[0]
    frame.iloc[1, frame.columns.get_indexer(["x", "x:low", "x:high"])] = np.nan
    return softpower.from_frame(frame).replace(uncertainty={"weights": "simplex", "observations": True})


def test_cells_are_facts_and_factors_column_by_column(profile):
    sampler = Sampler(profile, profile.uncertainty)
    cells = sampler.inventory.facts.table
    assert len(cells) == 3 * 12 - 2
    assert list(cells)[:2] == [("A 2001", "w"), ("A 2003", "w")]
    names = [column for _, column in cells]
    assert names == sorted(names)
    values = profile.values
    # As texts: since Python 3.13 records that hold NaN differ from each other.
    ends = (float(getattr(values, end)[1, 0]) for end in ("low", "value", "high"))
    assert repr(cells["A 2001", "w"]) == repr(Fact(*ends, "triangular"))
    assert ("A 2000", "w") not in cells
    weights, first, *_ = sampler.factors
    assert (weights.kind, first.name, first.kind, first.columns) == (
        "weights",
        "observation: A 2001, w",
        "observations",
        (4,),
    )
    assert len(sampler.factors) == 1 + len(cells)
    assert sampler.factors[-1].columns == (sampler.dimensions - 1,)


@pytest.mark.parametrize("width", [5, 4096])
def test_cells_are_drawn_like_facts_one_by_one(profile, width, monkeypatch):
    monkeypatch.setattr(module, "WIDE", width)
    cells = Sampler(profile, profile.uncertainty).inventory.facts
    single = Facts(dict(cells.table))
    u = np.random.default_rng(1).random((7, len(cells.table)))
    u[0], u[1, 3], u[2] = 0.0, np.nan, 1.0
    assert (cells.draw(u) == single.draw(u)).all()
    assert (cells.draw(u, np.arange(7)[::-1]) == single.draw(u)[::-1]).all()


def test_a_few_points_at_a_time_give_the_same_result(profile, monkeypatch):
    monkeypatch.setattr(drawing, "KEPT", 100)
    given = {"n": 2_000, "sampling": "random", "rng": 3}
    whole = softpower.uncertainty_analysis(profile, **given)
    monkeypatch.setattr(of_points, "NUMBERS", 38 * 7)
    monkeypatch.setattr(drawing, "CELLS", 1)
    parts = softpower.uncertainty_analysis(profile, **given)
    assert (parts.job.points.together_at_most, parts.job.room) == (7, 7)
    pd.testing.assert_frame_equal(parts.ranks(), whole.ranks())
    pd.testing.assert_frame_equal(parts.to_frame(), whole.to_frame(), rtol=1e-12)

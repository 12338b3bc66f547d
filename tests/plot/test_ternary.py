import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import softpower as sp
from softpower.plot.ternary import CORNERS, simplex
from softpower.registry import AGGREGATE

INDEX = ["KAZ", "UZB", "KGZ"]
EACH = pd.DataFrame(np.eye(3), INDEX, ["trade", "visits", "aid"])


def regions(ax):
    return [one for one in ax.collections if one.get_gid() == "region"]


def says(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def test_three_cases_that_each_lead_one_node_share_the_triangle():
    ax = simplex(sp.score(EACH))
    assert sorted(says(ax)) == sorted(f"{name} leads: 33 %" for name in INDEX)
    assert len(regions(ax)) == 3
    for corner, name in zip(CORNERS, INDEX, strict=True):
        inside = corner * 0.9 + CORNERS.mean(axis=0) * 0.1
        mine = [one.get_paths()[0].contains_point(inside) for one in regions(ax)]
        assert [said.split()[0] for said, found in zip(says(ax), mine, strict=True) if found] == [name]


def test_one_case_leads_where_its_line_says():
    # KAZ leads where 100 (w_visits) > 100 (w_trade + w_aid), a quarter of the triangle.
    frame = pd.DataFrame({"trade": [1, 3], "visits": [4, 2], "aid": [1, 2]}, index=["KAZ", "UZB"])
    ax = simplex(sp.score(frame))
    assert says(ax) == ["UZB leads: 75 %", "KAZ leads: 25 %"]
    assert title(ax) == "UZB leads under 75 % of all weights, also under the declared ones"


def test_a_case_that_leads_everywhere_has_the_whole_triangle():
    frame = pd.DataFrame({"trade": [1, 3], "visits": [2, 4], "aid": [1, 2]}, index=["KAZ", "UZB"])
    ax = simplex(sp.score(frame))
    assert says(ax) == ["UZB leads: 100 %"]
    (region,) = regions(ax)
    inside = CORNERS * 0.98 + CORNERS.mean(axis=0) * 0.02
    assert all(any(path.contains_point(point) for path in region.get_paths()) for point in inside)


def test_of_one_case_the_score_is_linear_and_the_largest_part_leads():
    values = pd.DataFrame({"a": [0.0, 10, 8], "b": [0.0, 10, 4], "c": [0.0, 10, 2]}, index=["X", "Y", "Z"])
    ax = simplex(sp.score(values), case="Z")
    assert title(ax).startswith("Z scores 20.0 to 80.0 under all weights, 46.7 under the declared ones")
    # a leads where 80 w_a > 40 w_b and 80 w_a > 20 w_c: by areas, random weights as the oracle.
    weights = np.random.default_rng(0).dirichlet([1, 1, 1], 200_000)
    expected = np.bincount((weights * [80, 40, 20]).argmax(axis=1)) / len(weights)
    for name, share in zip("abc", expected, strict=True):
        said = next(text for text in says(ax) if text.startswith(name))
        assert abs(float(said.split()[-2]) - 100 * share) <= 1.5
    lines = next(one for one in ax.collections if one.get_gid() == "composite")
    inverse = np.linalg.inv(np.column_stack([CORNERS, np.ones(3)]))
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        if len(path.vertices):
            found = np.column_stack([path.vertices, np.ones(len(path.vertices))]) @ inverse @ [80, 40, 20]
            assert found == pytest.approx(np.full(len(found), level))


def test_of_one_case_no_part_leads_where_cases_are_compared(monkeypatch):
    monkeypatch.setattr(AGGREGATE, "_methods", dict(AGGREGATE._methods))

    @sp.register("aggregate", "above_mean", across=True, parts=lambda values, weights: values * weights)
    def above_mean(values, weights):
        given = (values * weights).sum(axis=-1)
        return given - given.mean(axis=-1, keepdims=True)

    for method in ("copeland", "above_mean"):
        ax = simplex(sp.score(EACH, methodology={"aggregate": method}), case="KAZ")
        assert "contributes most" not in title(ax)
        assert not regions(ax)
        assert not [one.get_text() for one in ax.texts if "ties" in one.get_text()]


def test_the_declared_weights_are_marked():
    result = sp.score(EACH, methodology={"weights": {"trade": 2, "visits": 1, "aid": 1}})
    ax = simplex(result)
    mark = next(line for line in ax.lines if line.get_gid() == "declared")
    assert mark.get_xydata()[0] == pytest.approx(np.array([0.5, 0.25, 0.25]) @ CORNERS)


@pytest.mark.parametrize("scenario", [None, "geometric_mean"])
def test_kazakhstan(scenario):
    result = sp.score("kazakhstan", scenario=scenario)
    tops = result.score[0, result.engine.tree.families[-1].children]
    ax = simplex(result)
    assert f"scores {tops.min():.1f} to {tops.max():.1f} under all weights" in title(ax)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in (*ax.texts, *ax.get_legend().get_texts()) if text.get_text()]
    levels = [one for one in boxes if one.width < 40]
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b) and a not in levels]
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= ax.figure.bbox.x1


def test_cases_that_tie_everywhere_have_no_region():
    twins = pd.concat([EACH[:1], EACH[:1].set_axis(["UZB"])])
    twins = pd.concat([twins, pd.DataFrame(0.0, ["KGZ"], EACH.columns) - 1])
    ax = simplex(sp.score(twins))
    assert not regions(ax)
    assert title(ax) == "Under all weights several cases lead together; under the declared ones KAZ and UZB"


def test_periods():
    index = pd.MultiIndex.from_product([INDEX, [2001, 2002]], names=["case", "period"])
    result = sp.score(pd.DataFrame(np.repeat(np.eye(3), 2, axis=0), index, EACH.columns))
    with pytest.raises(sp.NotFoundError, match=r"2 periods: 2001, 2002.*period=2001"):
        simplex(result)
    assert len(regions(simplex(result, period=2001))) == 3


def test_wrong_inputs():
    result = sp.score(EACH)
    given = Figure().subplots()
    assert simplex(result, ax=given) is given
    with pytest.raises(sp.NotFoundError, match="no case 'KAS'"):
        simplex(result, case="KAS")
    with pytest.raises(sp.MethodError, match=r"2 nodes below it.*weight_space"):
        simplex(sp.score(EACH[["trade", "aid"]]))
    with pytest.raises(sp.SpecificationError, match=r"softpower\.score"):
        simplex(EACH)
    gap = EACH.astype(float)
    gap.loc["KAZ", "aid"] = np.nan
    with pytest.raises(sp.MethodError, match="no score of aid"):
        simplex(sp.score(gap), case="KAZ")

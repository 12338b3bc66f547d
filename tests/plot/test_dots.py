"""The profile of a case, as drawn."""

import numpy as np
import pandas as pd
import pytest

import softpower
from plot.drawn import lines_at, sizes_of, texts
from plot.overlap import overlapping
from softpower.errors import MissingExtraError, NotFoundError, SpecificationError
from softpower.plot.dots import _order, profile
from softpower.plot.subject import Subject

FRAME = pd.DataFrame(
    {"trade": [1.0, 3.0, np.nan], "visits": [4.0, 2.0, 5.0], "aid": [1.0, 2.0, 3.0]}, index=["KAZ", "UZB", "KGZ"]
)


@pytest.fixture(scope="module")
def kazakhstan():
    return softpower.score("kazakhstan")


@pytest.fixture(scope="module")
def drawn():
    return softpower.uncertainty_analysis("kazakhstan", n=64)


@pytest.fixture(scope="module")
def picture(drawn):
    return profile(drawn)


def test_every_node_has_a_row_in_the_order_of_the_tree(kazakhstan, picture):
    names = [label.get_text().replace("\n", " ").split() for label in picture.get_yticklabels()]
    assert names == [title.split() for title in kazakhstan.to_frame()["title"]]
    assert (np.diff(picture.get_yticks()) > 0.999).all()


def test_the_line_of_a_node_is_its_interval_and_the_dot_its_score(drawn, picture):
    frame = drawn.to_frame().droplevel("case")
    places = dict(zip(frame.index, picture.get_yticks(), strict=True))
    for node in ("soft_power", "culture", "mobility", "reception_of_values"):
        assert lines_at(picture, places[node]) == [pytest.approx(frame.loc[node, ["low", "high"]].tolist())]
    dots = {tuple(np.round(one.get_offsets()[0], 6)) for one in picture.collections if len(one.get_offsets()) == 1}
    for node, place in places.items():
        assert tuple(np.round([frame.loc[node, "score"], place], 6)) in dots


def test_bounds_are_the_lines_of_a_score(kazakhstan):
    ax = profile(kazakhstan)
    frame = kazakhstan.to_frame()
    assert lines_at(ax, ax.get_yticks()[0]) == [pytest.approx(frame[["low", "high"]].iloc[0].tolist())]
    assert "bounds" in texts(ax)
    assert "45 to 75" in texts(ax)


def test_the_title_says_score_interval_and_what_is_certain_of_the_order(picture, drawn):
    whole = drawn.to_frame().iloc[0]
    expected = (
        f"Soft power of the European Union in Kazakhstan: 61 (90 % interval {whole['low']:.0f} to {whole['high']:.0f});"
        " no order of the sources is certain"
    )
    assert " ".join(picture.get_title(loc="left").split()) == expected


def test_the_foot_names_the_source_and_the_draws(picture):
    foot = next(text for text in texts(picture) if text.startswith("Source: "))
    assert "Madina Zhunissova" in foot
    assert "64 draws of 84 factors, seed 0" in " ".join(foot.split())


def test_no_text_lies_on_another(picture):
    assert overlapping(picture) == []


def test_a_missing_node_says_why_and_is_hollow():
    result = softpower.score(FRAME)
    ax = profile(result, case="KGZ")
    said = " ".join(" ".join(texts(ax)).split())
    assert f"missing: {result.reasons['KGZ', 'trade']}" in said
    # Three discs are filled in part or in full: the composite, and two of three indicators.
    sizes = [len(one.get_offsets()) for one in ax.collections if sizes_of(one) == [42.0]]
    assert sorted(sizes) == [1, 2, 4]
    assert overlapping(ax) == []


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(60, 70), (10, 20), (30, 40)], "of the sources Culture is surely highest and Political values lowest"),
        ([(60, 70), (10, 35), (30, 40)], "of the sources Culture is surely highest"),
        ([(60, 70), (10, 20), (30, 65)], "of the sources Political values is surely lowest"),
        ([(60, 70), (10, 40), (30, 60.5)], "the order of the sources is certain in part"),
        ([(10, 70), (10, 40), (30, 60)], "no order of the sources is certain"),
        ([(np.nan, np.nan), (10, 40), (30, 60)], ""),
    ],
)
def test_bounds_that_do_not_overlap_settle_an_order(kazakhstan, spans, expected):
    subject = Subject(kazakhstan, None)
    table = subject.table(0)
    table.loc[["culture", "political_values", "foreign_policy"], ["low", "high"]] = spans
    assert _order(subject, 0, table) == expected


def test_bounds_that_may_not_be_attained_are_marked(sound):
    twin = sound.indicators["visit_rate"].replace(title="Fewer visits", dimension="help", better="lower")
    shared = sound.framework.replace(indicators={**sound.indicators, "visits_again": twin})
    ax = profile(softpower.score(sound.replace(framework=shared)))
    assert "~  outer bounds: they may not be attained" in ax.get_xlabel().splitlines()
    assert [text for text in texts(ax) if text.startswith("~ ")]
    assert "outer bounds" not in profile(softpower.score(sound.without("trade_volume", "ties"))).get_xlabel()


def test_of_indicators_that_no_draw_moves_no_order_is_said():
    drawn = softpower.uncertainty_analysis(FRAME, uncertainty={"weights": "simplex"}, n=16)
    said = " ".join(profile(drawn, case="UZB").get_title(loc="left").split())
    assert said.startswith("Composite of UZB: ")
    assert said.endswith(")")


def test_dollars_and_brackets_in_a_title_are_text():
    frame = FRAME.rename(columns={"trade": "trade in $ and $\\frac$"})
    ax = profile(softpower.score(frame), case="KAZ")
    assert "trade in $ and $\\frac$" in ax.get_yticklabels()[1].get_text()
    assert overlapping(ax) == []


def test_sixty_indicators_stand_under_one_another():
    names = [f"a rather long name of indicator number {number} that needs two lines" for number in range(60)]
    frame = pd.DataFrame(np.arange(120.0).reshape(2, 60), index=["A", "B"], columns=names)
    assert overlapping(profile(softpower.score(frame), case="A")) == []


def test_a_case_of_several_must_be_named():
    with pytest.raises(NotFoundError, match=r"plot.profile: case: there are 3 cases.*Name one"):
        profile(softpower.score(FRAME))
    with pytest.raises(NotFoundError, match="Did you mean 'KAZ'"):
        profile(softpower.score(FRAME), case="KAS")


def test_what_is_no_result_is_refused():
    with pytest.raises(SpecificationError, match=r"plot.profile: a str is given. Give what softpower.score"):
        profile("kazakhstan")


def test_it_draws_where_it_is_told_and_opens_nothing(kazakhstan):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(9, 12)).subplots()
    assert profile(kazakhstan, ax=ax) is ax


def test_without_matplotlib_the_extra_is_named(kazakhstan, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match="softpower\\[plot\\]"):
        profile(kazakhstan)

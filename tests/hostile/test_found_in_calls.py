"""What hostile frames and arguments have found: each by itself, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import softpower
from hostile import subjects
from hostile.judging import read
from softpower import FileError, MethodError, NotFoundError, SoftPowerError, SpecificationError, interop, plot
from softpower.arguments import diagnosed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def refused(call, kind, says):
    with pytest.raises(SoftPowerError) as caught:
        call()
    assert isinstance(caught.value, kind)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: softpower.score(subjects.cases(), undated=np.array(["constant"] * 2)),
            "score: undated: a ndarray is given. Give 'leave_out' or 'constant'.",
        ),
        (lambda: softpower.from_frame(subjects.cases(), title=pd.Series(["It"])), "title: a Series is given"),
        (lambda: softpower.audit(subjects.cases(), leave_out=3), "leave_out: an int is given. Give a list or a text"),
        (
            lambda: softpower.drop_each(subjects.profile(), case=["A>B"]),
            "drop_each: case: there is no case ['A>B']. Did you mean 'A>B'?",
        ),
        (lambda: softpower.swings(subjects.profile(), progress=pd.NA), "swings: progress: a NAType is given"),
        (lambda: subjects.scored().ranks(np.array(["a", "b"])), "node: there is no node"),
        (lambda: subjects.scored().to_wide(pd.NA), "Result.to_wide: level: a NAType is given. Give a text or None."),
        (lambda: subjects.through().phases(2003), "Trajectory.phases: phases: an int is given. Give a list or a text."),
        (lambda: subjects.drawn().specifications(3), "UncertaintyResult.specifications: factors: an int is given"),
        (lambda: subjects.profile().observed("visits", None), "Profile.observed: case: None is given. Give a text."),
        (
            lambda: softpower.Scenario(title="other").apply(subjects.scored()),
            "Scenario.apply: profile: a Result is given. Give a Profile.",
        ),
        (
            lambda: softpower.Framework.flat(["a", "b"]).unfit("equal"),
            "Framework.unfit: methodology: a str is given. Give a Methodology.",
        ),
        (
            lambda: plot.treatment(subjects.scored(), indicator=pd.Series(["a", "b"])),
            "plot.treatment: indicator: a Series is given. Give a text.",
        ),
        (
            lambda: interop.write_table(subjects.scored(), "it.csv", drawn=subjects.scored()),
            "interop.write_table: drawn: a Result is given. Give what softpower.uncertainty_analysis returns or None.",
        ),
        (
            lambda: interop.from_coinr(subjects.cases(), subjects.cases(), level_names=np.datetime64("NaT", "D")),
            "interop.from_coinr: ",
        ),
    ],
)
def test_an_argument_of_a_wrong_type_is_named_with_what_is_asked_for(call, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(call, SoftPowerError, says)


class TestDiagnosed:
    def test_what_a_function_says_itself_stands(self):
        @diagnosed
        def own(text: str) -> str:
            raise NotFoundError.of("own", f"there is no {text}", "Look again.")

        refused(lambda: own(3), NotFoundError, "own: there is no 3. Look again.")

    def test_a_fault_of_the_function_stays_one(self):
        @diagnosed
        def divide(by: float) -> float:
            return 1 / by

        with pytest.raises(ZeroDivisionError):
            divide(0.0)

    def test_python_itself_tells_of_arguments_that_there_are_not(self):
        with pytest.raises(TypeError, match="unexpected keyword argument 'nodes'"):
            subjects.scored().ranks(nodes="a")

    def test_all_arguments_are_named_at_once(self):
        @diagnosed
        def join(*texts: str, times: int) -> str:
            return "".join(texts) * times

        with pytest.raises(SpecificationError) as caught:
            join("a", 2, None, times=1.5)
        assert [one.where.split(": ")[1] for one in caught.value.faults] == ["texts", "texts", "times"]

    def test_an_item_of_a_list_is_named_and_a_generator_is_not_used_up(self):
        @diagnosed
        def join(texts: Iterable[str], by: str) -> str:
            return by.join(texts)

        refused(lambda: join(["a", 2], "-"), SpecificationError, "join: texts: item 2: an int is given. Give a text.")
        left = (one for one in "ab")
        refused(lambda: join(left, None), SpecificationError, "join: by: None is given. Give a text.")
        assert list(left) == ["a", "b"]

    def test_a_list_whose_items_fit_is_not_named(self):
        @diagnosed
        def join(texts: Iterable[str], by: str) -> str:
            return by.join(texts)

        with pytest.raises(SpecificationError) as caught:
            join(["a", "b"], 3)
        assert [one.where.split(": ")[1] for one in caught.value.faults] == ["by"]

    def test_of_several_words_the_nearest_is_named(self):
        @diagnosed
        def end(of: Literal["least", "greatest"]) -> int:
            return {"least": 0, "greatest": 1}[of]

        assert end("greatest") == 1
        says = "end: of: 'greatst' is no possible value. Did you mean 'greatest'?"
        refused(lambda: end("greatst"), SpecificationError, says)

    def test_a_type_that_only_a_type_checker_sees_is_held_against_its_name(self):
        @diagnosed
        def draw(text: str, ax: Axes | None = None) -> str:
            return text.upper() + ("" if ax is None else ax.get_title())

        assert draw("a") == "A"
        refused(lambda: draw("a", 3), SpecificationError, "draw: ax: an int is given. Give an Axes or None.")
        with pytest.raises(SpecificationError) as caught:
            draw(3, Figure().subplots())
        assert [one.where.split(": ")[1] for one in caught.value.faults] == ["text"]


@pytest.mark.parametrize("node", ["", "no such node", None, 3, ["a"]])
@pytest.mark.parametrize("ask", ["level", "node_title", "path"])
def test_a_node_that_a_framework_has_not_is_not_found(ask, node):
    refused(lambda: getattr(softpower.Framework.flat(["a", "b"]), ask)(node), NotFoundError, "there is no node")


def test_an_empty_name_is_not_taken_for_the_composite():
    refused(lambda: subjects.scored().ranks(""), NotFoundError, "''")
    refused(lambda: subjects.scored().explain("X", ""), NotFoundError, "''")
    refused(lambda: subjects.drawn().probability_above(""), NotFoundError, "''")
    refused(lambda: plot.trajectory(subjects.through(), node=""), NotFoundError, "''")


def test_a_table_that_a_trajectory_has_not_is_not_found():
    refused(lambda: subjects.through().table("scores"), NotFoundError, "Did you mean 'score'?")


def test_no_node_is_no_phase_of_one():
    refused(lambda: subjects.through().phases(["2000-2009"], []), SpecificationError, "no node is named")


def test_a_step_that_has_one_method_for_all_has_no_choices():
    refused(lambda: softpower.Methodology().choices("weights", ["a"]), NotFoundError, "weights")
    refused(lambda: softpower.Methodology().choices("__class__", ["a"]), NotFoundError, "__class__")


def test_a_level_without_a_method_is_not_found():
    chosen = softpower.Methodology(aggregate={"composite": "arithmetic"})
    refused(lambda: chosen.aggregation("pillar"), NotFoundError, "no method is chosen for a level 'pillar'")


@pytest.mark.parametrize(
    "shares", [None, 3, "x", subjects.cases(), pd.Series(["a"]), pd.Series([1.5]), pd.Series([-0.5])]
)
def test_the_error_of_what_is_no_share_is_refused(shares):
    refused(lambda: subjects.drawn().share_error(shares), MethodError, "holds no shares is given")


def test_a_tornado_of_nothing_is_refused():
    what = "nothing that is declared uncertain can vary"
    refused(lambda: softpower.tornado(subjects.cases(), uncertainty={}), MethodError, what)


@pytest.mark.parametrize("n", [2**70, 16 * 2**30 + 1])
def test_more_draws_than_there_are_points_are_refused_at_once(n):
    doubts = {"weights": "simplex"}
    refused(
        lambda: softpower.uncertainty_analysis(subjects.cases(), uncertainty=doubts, n=n),
        SpecificationError,
        "more than there are Sobol points. Take 17,179,869,184 at most.",
    )
    refused(
        lambda: softpower.sensitivity_analysis(subjects.cases(), uncertainty=doubts, n=n),
        SpecificationError,
        "Give a whole number from 2 to 1,073,741,824.",
    )


def test_more_resamples_than_say_anything_are_refused():
    doubts = {"weights": "simplex"}
    refused(
        lambda: softpower.sensitivity_analysis(subjects.cases(), uncertainty=doubts, n=4, resamples=2**70),
        SpecificationError,
        "from 1 to 1,000,000",
    )


@pytest.mark.parametrize("step", ["missing", "normalise", "aggregate"])
def test_half_a_letter_is_no_name_of_a_method(step):
    refused(lambda: softpower.Methodology(**{step: "\ud800"}), SpecificationError, "there is no method")
    refused(lambda: softpower.score(subjects.profile(), as_of="\ud800"), SoftPowerError, "as_of")


def test_what_is_neither_true_nor_false_is_refused_in_models():
    refused(lambda: softpower.Framework.flat(["a", "b"]).replace(references=pd.NA), SpecificationError, "references")
    refused(lambda: softpower.Framework.flat(["a", "b"]).replace(references=[["a"]]), SpecificationError, "references")
    refused(lambda: softpower.Uncertainty(leave_out=pd.NA), SpecificationError, "neither 'one' nor a share")
    refused(lambda: softpower.Uncertainty(observations=pd.NA), SpecificationError, "no way to draw")


def test_growth_beyond_the_numbers_that_there_are_is_missing_with_its_reason():
    index = pd.MultiIndex.from_product([["X"], [2019, 2020]], names=["case", "period"])
    table = softpower.growth(pd.DataFrame({"a": [5e-324, 1.7e308], "b": [1.0, 2.0]}, index))
    assert np.isnan(table.loc[("X", "a"), "growth"])
    assert table.loc[("X", "a"), "reason"] == "no growth: it is beyond the numbers that there are"
    assert table.loc[("X", "b"), "growth"] == pytest.approx(1.0)


def test_ten_thousand_columns_are_scored():
    cells = np.random.default_rng(0).random((4, 10_000))
    frame = pd.DataFrame(cells, index=list("XYZW")).add_prefix("i")
    ranges = (cells - cells.min(axis=0)) / np.ptp(cells, axis=0)
    np.testing.assert_allclose(softpower.score(frame).composite, 100 * ranges.mean(axis=1))


@pytest.mark.parametrize("wide", [2**53 + 1, 2**63 - 1])
def test_large_whole_numbers_are_scored_as_the_nearest_floats(wide):
    frame = pd.DataFrame({"a": [wide, wide - 4096, wide - 8192], "b": [1, 2, 3]}, index=list("XYZ"))
    result = softpower.score(frame)
    np.testing.assert_array_equal(result.score, softpower.score(frame.astype(float)).score)
    read(result)


@pytest.mark.parametrize("word", ["no", "False", 1, np.array([1]), [False]])
def test_nothing_but_true_replaces_a_file(word, tmp_path):
    path = tmp_path / "it.csv"
    path.write_text("mine", encoding="utf-8")
    refused(
        lambda: interop.write_table(subjects.scored(), path, overwrite=word),
        FileError,
        "say overwrite=True to replace it",
    )
    assert path.read_text(encoding="utf-8") == "mine"


def test_ranks_that_nobody_has_do_not_change_and_warn_of_nothing():
    nothing = pd.DataFrame({"a": [np.nan] * 3, "b": [np.nan] * 3}, index=list("XYZ"))
    found = softpower.sensitivity_analysis(nothing, uncertainty={"weights": "simplex"}, n=4)
    assert found.to_frame()["total"].isna().all()
    assert any("lack in some draws" in note and "rank_change (0 of 4)" in note for note in found.notes)


def test_numbers_in_another_order_of_bytes_are_the_same_numbers():
    frame = pd.DataFrame({"X": [1.0, 2.0, 4.0], "period": [2001, 2001, 2002], "Y": [3.0, 1.0, 2.0]}, index=list("ABA"))
    swapped = frame.astype({"X": ">f8", "period": ">i8"})
    pd.testing.assert_frame_equal(softpower.score(swapped).to_wide(), softpower.score(frame).to_wide())
    assert swapped["X"].dtype == ">f8"


def test_bounds_farther_apart_than_any_number_are_compared_all_the_same():
    frame = pd.DataFrame({"a": [0.0, 1.7e308], "a:low": [0.0, -1.7e308], "b": [1.0, 2.0]})
    assert softpower.from_frame(frame).values is not None
    swapped = frame.rename(columns={"a": "a:low", "a:low": "a"})
    refused(lambda: softpower.from_frame(swapped), SoftPowerError, "low 1.7e+308 is above the value -1.7e+308")

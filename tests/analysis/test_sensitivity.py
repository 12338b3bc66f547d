"""Sensitivity analysis as a whole: its tasks, groups, tables, convergence and notes."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from properties.strategies import scored, tree_specs
from softpower import MethodError, NotFoundError, sensitivity_analysis, uncertainty_analysis
from softpower.analysis import design, sensitivity

TREE = tree_specs([[None, None], None])
TWO = scored(TREE, [[10, 90, 50], [30, 20, 70]])
BOUNDED = scored(TREE, [[(0, 10, 20), (60, 90, 95), (40, 50, 60)]])
SIMPLEX = {"weights": "simplex"}


@pytest.fixture(scope="module")
def two():
    return sensitivity_analysis(TWO, uncertainty=SIMPLEX, n=64, resamples=20)


class TestTasks:
    def test_rows_may_be_taken_one_by_one(self, two, monkeypatch):
        monkeypatch.setattr(design, "CELLS", 1)
        told = []
        made = sensitivity_analysis(
            TWO, uncertainty=SIMPLEX, n=64, resamples=20, progress=lambda *done: told.append(done)
        )
        assert told == [(done, 64) for done in range(1, 65)]
        for name in ("a", "b", "ab"):
            np.testing.assert_allclose(getattr(made, name), getattr(two, name), rtol=0, atol=1e-12)

    @pytest.mark.parametrize("sampling", ["sobol", "random"])
    @pytest.mark.parametrize("cells", [4_000, 20_000, 2**22])
    def test_steps_hold_every_row_once_and_in_order(self, sampling, cells, monkeypatch):
        """A and B are the two halves of the points of the first replicate; a group of A has its columns from B."""
        made = sensitivity_analysis(TWO, uncertainty=SIMPLEX, n=2_500, resamples=1, sampling=sampling).design
        monkeypatch.setattr(design, "CELLS", cells)
        found = np.concatenate([made.swapped(both) for both in made.steps()], axis=1)
        a, b = np.split(np.concatenate(list(made.points.replicate(0))), 2, axis=1)
        np.testing.assert_array_equal(found[:2], [a, b])
        for one, columns in zip(found[2:], map(list, made.groups.values()), strict=True):
            np.testing.assert_array_equal(one[:, columns], b[:, columns])
            rest = np.setdiff1d(np.arange(a.shape[1]), columns)
            np.testing.assert_array_equal(one[:, rest], a[:, rest])

    @pytest.mark.parametrize("workers", [1, 3, 100])
    def test_it_does_not_matter_how_many_workers_there_are(self, workers, monkeypatch):
        monkeypatch.setattr(design, "CELLS", 400)
        alone = sensitivity_analysis(TWO, uncertainty=SIMPLEX, n=64, resamples=1)
        assert 3 < len(list(alone.design.steps())) < 64
        with ThreadPoolExecutor(workers) as executor:
            shared = sensitivity_analysis(TWO, uncertainty=SIMPLEX, n=64, resamples=1, executor=executor)
        for name in ("a", "b", "ab"):
            np.testing.assert_array_equal(getattr(shared, name), getattr(alone, name))

    def test_they_run_where_they_are_told(self, two):
        class Counting(ThreadPoolExecutor):
            given = 0

            def submit(self, *given, **more):
                self.given += 1
                return super().submit(*given, **more)

        with Counting(2) as executor:
            made = sensitivity_analysis(TWO, uncertainty=SIMPLEX, n=64, resamples=20, executor=executor)
            assert executor.given > 0
        np.testing.assert_array_equal(made.a, two.a)


class TestGroups:
    def test_kinds_are_groups(self):
        found = sensitivity_analysis(BOUNDED, uncertainty=SIMPLEX | {"observations": True}, n=16, groups="kinds")
        assert set(found.groups) == {"weights", "observations: d1", "observations: i2"}
        columns = sorted(column for one in found.design.groups.values() for column in one)
        assert columns == list(range(found.design.outputs.sampler.dimensions))

    @pytest.mark.parametrize(("count", "more"), [(5, ""), (6, ", ...")])
    def test_of_those_left_out_five_are_named(self, count, more):
        profile = scored(tree_specs([None] * (count + 1)), [[(10, 20, 30)] * (count + 1)])
        names = [f"observation: 0-{place}" for place in range(count + 1)]
        with pytest.raises(MethodError) as caught:
            sensitivity_analysis(profile, uncertainty={"observations": True}, n=16, groups={"one": names[:1]})
        (fault,) = caught.value.faults
        assert fault.what == f"{count} factors in no group: {', '.join(names[1:6])}{more}"


class TestFrame:
    def test_of_each_output_the_greatest_total_comes_first(self, two):
        frame = two.to_frame()
        columns = [f"{name}{end}" for name in ("first", "total") for end in ("", "_low", "_high")]
        assert frame.columns.tolist() == ["output", "factor", *columns]
        assert frame["output"].drop_duplicates().tolist() == list(two.outputs)
        for output, rows in frame.groupby("output"):
            assert rows["total"].is_monotonic_decreasing
            pd.testing.assert_frame_equal(two.to_frame(output), rows.reset_index(drop=True))

    @pytest.mark.parametrize("interval", [0, 1, 2])
    def test_an_interval_is_a_share(self, two, interval):
        with pytest.raises(MethodError, match=r"to_frame: interval: .* is no share"):
            two.to_frame(interval=interval)

    @pytest.mark.parametrize(("rows", "each"), [(1, 1), (12, 2)])
    def test_as_html_the_greatest_of_each_output_are_shown(self, two, monkeypatch, rows, each):
        monkeypatch.setattr(sensitivity, "ROWS", rows)
        page = two._repr_html_()
        assert len(two.outputs) == 5
        assert f"the {each} greatest totals of each output" in page
        assert "<th" not in page.split("<tbody>")[1]
        assert page.split("<tbody>")[1].count("<tr>") == each * len(two.outputs)


class TestConvergence:
    def test_is_of_the_first_output_unless_another_is_named(self, two):
        pd.testing.assert_frame_equal(two.convergence(), two.convergence(two.outputs[0]))
        last = two.convergence(two.outputs[-1], sizes=[2, 64])
        assert last["n"].drop_duplicates().tolist() == [2, 64]
        assert last["total"].tail(2).tolist() == two.indices.total[:, -1].tolist()
        with pytest.raises(NotFoundError, match="there is no output 'd7'"):
            two.convergence("d7")

    @pytest.mark.parametrize("size", [1, 65])
    def test_sizes_are_from_two_to_all(self, two, size):
        with pytest.raises(MethodError, match=f"{size} rows are not among 2 to 64"):
            two.convergence(sizes=[size])


class TestNotes:
    def test_where_all_goes_well_there_are_none(self, two):
        assert two.notes == ()

    @pytest.mark.parametrize(
        "analysis", [lambda *args, **more: sensitivity_analysis(*args, resamples=2, **more), uncertainty_analysis]
    )
    @pytest.mark.parametrize(
        ("own", "sets", "named"),
        [
            ("entropy", {"one": {"i0": 2}}, "entropy"),
            ("equal", {"one": "critic", "two": {"i0": 2}, "three": "equal"}, "critic"),
            ("entropy", {"one": "critic", "two": "entropy"}, "entropy and critic"),
            ("equal", {"one": "declared", "two": {"i0": 2}}, None),
        ],
    )
    def test_where_fitted_weights_are_not_fitted_anew(self, analysis, own, sets, named):
        cells = [[10, 90, 50], [30, 20, 70], [55, 40, 20], [80, 60, 90]]
        study = scored(tree_specs([[None, None], None]), cells, methodology={"weights": own})
        uncertain = {"weights": {"method": "sets", "sets": sets}}
        notes = analysis(study, uncertainty={**uncertain, "leave_out": "one"}, n=16).notes
        said = f"Weights by {named} stay in proportion where a draw leaves indicators out; drop_each() fits them anew."
        assert [note for note in notes if "in proportion" in note] == ([] if named is None else [said])
        assert not any("in proportion" in note for note in analysis(study, uncertainty=uncertain, n=16).notes)

    def test_what_does_not_vary_or_act_or_lacks_is_told(self):
        # The least hangs on no weights. The second case has one score, which is 70 or nothing.
        study = scored(tree_specs([[None, None], None, None]), [[10, 90, 50, 50], [None, None, 70, None]])
        uncertain = {"weights": {"d1": "simplex"}, "leave_out": "one", "aggregate": ["minimum"]}
        found = sensitivity_analysis(study, uncertainty=uncertain, n=64, resamples=5, outputs=["d0", "i3"])
        notes = " ".join(found.notes)
        assert "Outputs that do not vary, and have no indices: A>1: d0, A>0: i3, A>1: i3." in notes
        assert "Draws choose among alternatives of which none is what is declared: aggregation." in notes
        assert "Factors that change no output: aggregation, weights: d1." in notes
        lacking = notes.split("the rows that count for them: ")[1].split(".")[0]
        assert [one.split(" (")[0] for one in lacking.split(", ")] == ["A>1: d0", "A>0: i3", "A>1: i3"]

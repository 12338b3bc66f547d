"""Loads far beyond a study's: deep and wide trees, many facts, many cases, and the same again and again."""

import csv
import gc
import inspect
import signal
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from softpower import (
    Framework,
    SpecificationError,
    load_profile,
    report,
    score,
    sensitivity_analysis,
    uncertainty_analysis,
)
from softpower.analysis.indices import bootstrap_indices
from softpower.steps.measures import effective_number_bounds

RELATIVE = {"normalise": "min_max"}


def chain(levels):
    """A framework in which each dimension has one below it, down to two indicators."""
    dimensions = {"d0": {"title": "Index"}}
    dimensions |= {f"d{level}": {"title": "Part", "parent": f"d{level - 1}"} for level in range(1, levels)}
    leaf = {"title": "Leaf", "dimension": f"d{levels - 1}"}
    return Framework.from_dict({"dimensions": dimensions, "indicators": {"a": leaf, "b": leaf}})


def peak(work):
    """How many megabytes some work holds at most."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


class TestTrees:
    FRAME = pd.DataFrame({"a": [0.0, 1.0, 4.0], "b": [2.0, 0.0, 3.0]}, list("xyz"))

    def test_of_1500_levels_are_scored_and_told(self):
        made = score(self.FRAME, chain(1_500), methodology=RELATIVE)
        np.testing.assert_allclose(made.composite, self.FRAME.div([4.0, 3.0]).mean(axis=1) * 100.0)
        assert len(made.to_frame()) == 3 * 1_502
        assert str(made.explain("x")).count("\n") > 1_500

    def test_time_grows_with_the_levels_and_not_with_their_square(self):
        chain(50)
        few, many = (min(seconds(lambda n=levels: chain(n)) for _ in range(2)) for levels in (250, 1_000))
        # Four times as many; their square would be sixteen times, and their cube sixty-four.
        assert many < 30 * few

    def test_that_no_browser_shows_are_refused_as_a_page(self, tmp_path):
        pytest.importorskip("jinja2")
        with pytest.raises(SpecificationError, match="the framework has 121 levels below the composite"):
            report(self.FRAME, tmp_path / "page.html", chain(121), methodology=RELATIVE)
        assert not list(tmp_path.iterdir())

    def test_of_2000_indicators_on_12_levels(self):
        dimensions, row = {"d0": {"title": "Index"}}, ["d0"]
        for _ in range(10):
            below = [f"d{len(dimensions) + place}" for place in range(min(2 * len(row), 256))]
            above = [row[place * len(row) // len(below)] for place in range(len(below))]
            dimensions |= {one: {"title": "Part", "parent": up} for one, up in zip(below, above, strict=True)}
            row = below
        leaves = {f"i{n}": {"title": "Leaf", "dimension": row[n % len(row)]} for n in range(2_000)}
        framework = Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
        cells = np.random.default_rng(0).uniform(size=(20, 2_000))
        made = score(pd.DataFrame(cells, [f"c{n}" for n in range(20)], list(leaves)), framework, methodology=RELATIVE)
        assert len(framework.levels) == 11
        effective = made.effective_weight[:, :2_000]
        np.testing.assert_allclose((effective * made.score[:, :2_000]).sum(axis=1), made.composite, rtol=1e-12)


class TestFacts:
    def test_bounds_of_an_effective_number_take_no_table_of_all_pairs_of_parts(self):
        low = np.random.default_rng(0).uniform(size=(1, 20_000))
        # A table of pairs would take gigabytes.
        assert peak(lambda: effective_number_bounds(low, low * 1.5, np.ones(low.shape, dtype=bool))) < 50

    @pytest.mark.long
    def test_a_profile_of_100000_observations_loads_and_scores_in_seconds(self, tmp_path):
        few, many = (self.written(tmp_path / str(count), count) for count in (10_000, 100_000))
        short, long = (seconds(lambda folder=folder: score(load_profile(folder))) for folder in (few, many))
        assert long < 20 * short

    @staticmethod
    def written(folder, count):
        """A study in which every observation is one part of an effective number."""
        (folder / "spec").mkdir(parents=True)
        (folder / "spec" / "framework.toml").write_text(
            'id = "spec"\ntitle = "S"\n[dimensions.index]\ntitle = "I"\n'
            '[variables.v]\ntitle = "V"\nkind = "count"\nunit = "count:visit"\ncombine = "sum"\n'
            '[indicators.a]\ntitle = "A"\ndimension = "index"\nunit = "number"\n'
            'measure = { kind = "effective_number", variables = ["v"] }\n'
            'goalposts = { low = 1, high = 1e6, kind = "benchmark", reason = "None." }\n'
        )
        (folder / "profile.toml").write_text(
            'id = "many"\ntitle = "M"\nframework = "spec"\ncases = ["A>B"]\nwindow = { start = 1900, end = 2019 }\n'
        )
        (folder / "sources.toml").write_text("# none\n")
        with (folder / "observations.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "case", "variable", "value", "unit", "start", "end", "scope"])
            for n in range(count):
                year = 1900 + n % 119
                rows.writerow([f"o{n}", "A>B", "v", n % 7 + 1, "count:visit", year, year, "national"])
        return folder


class TestCases:
    def test_one_case_of_many_is_explained_without_a_table_of_all(self):
        cells = np.random.default_rng(0).uniform(size=(20_000, 4))
        made = score(pd.DataFrame(cells, [f"c{n}" for n in range(len(cells))], list("abcd")))
        explained = peak(lambda: str(made.explain("c7")))
        assert explained < peak(made.to_frame)

    @pytest.mark.long
    def test_a_million(self):
        rng, study = np.random.default_rng(0), load_profile("kazakhstan").framework
        posts = {name: one.goalposts for name, one in study.indicators.items() if one.set == "base"}
        cells = {name: rng.uniform(one.low, one.high, 10**6) for name, one in posts.items()}
        made = score(pd.DataFrame(cells, [f"c{n}" for n in range(10**6)]), study)
        assert np.isfinite(made.composite).all()
        places = rng.integers(0, 10**6, 50)
        again = score(pd.DataFrame(cells, [f"c{n}" for n in range(10**6)]).iloc[places], study)
        np.testing.assert_allclose(again.composite, made.composite.iloc[places], rtol=1e-12)


class TestDraws:
    def test_memory_does_not_grow_with_the_resamples(self):
        a, b, *ab = np.random.default_rng(0).normal(size=(4, 2_048, 2))
        rng = np.random.default_rng(1)
        few, many = (
            peak(lambda n=n: bootstrap_indices(a, b, np.array(ab), resamples=n, rng=rng)) for n in (500, 4_000)
        )
        # Eight times as many; what is kept of each is eight numbers.
        assert many < 1.5 * few

    @pytest.mark.long
    def test_memory_does_not_grow_with_the_rows_of_a_design(self):
        cells = np.random.default_rng(0).uniform(1.0, 2.0, size=(150, 4))
        made = pd.DataFrame(cells, [f"c{n}" for n in range(len(cells))], list("abcd"))
        made = pd.concat([made, (made * 0.9).add_suffix(":low"), (made * 1.1).add_suffix(":high")], axis=1)
        asked = {"uncertainty": {"observations": True}, "groups": "kinds", "outputs": ["rank_change"]}
        few, many = (peak(lambda n=n: sensitivity_analysis(made, n=n, resamples=10, **asked)) for n in (4_096, 16_384))
        # Four times as many; their 1,200 columns of points, A and B side by side, would be 157 MB.
        assert many < 1.2 * few

    @pytest.mark.long
    def test_memory_does_not_grow_with_the_draws(self):
        few, many = (
            peak(lambda n=n: uncertainty_analysis("kazakhstan", n=n, sampling="random")) for n in (100_000, 1_000_000)
        )
        # Of a million scores and fewer all are kept for exact quantiles; draws are ten times as many.
        assert many < 3.0 * few


def analyses(number):
    """One round of what a service does all day, with names that are new each time."""
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0 + number], "b": [3.0, 1.0, 2.0]}, ["x", "y", f"z{number}"])
    assert str(score(frame).explain("x"))
    uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=16)


class TestAgainAndAgain:
    """After a first round, rounds leave nothing behind."""

    def test_four_times(self):
        for number in range(3):
            analyses(number)
        gc.collect()
        tracemalloc.start()
        try:
            analyses(3)
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            for number in range(4):
                analyses(4 + number)
            gc.collect()
            kept = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        # What caches of a fixed size hold is all that may stay.
        assert kept < 200_000

    @pytest.mark.long
    @pytest.mark.skipif(sys.platform == "win32", reason="it does not tell how much memory a process took at most")
    def test_a_thousand_times(self):
        done = subprocess.run([sys.executable, "-c", ROUNDS], capture_output=True, text=True, check=True)
        early, late = (int(peak) for peak in done.stdout.split())
        # In kilobytes, or in bytes on macOS.
        assert late - early < 0.02 * early


# A process of its own, since the most that this one held is more than either reading.
ROUNDS = f"""
from resource import RUSAGE_SELF, getrusage

import pandas as pd
from softpower import score, sensitivity_analysis, uncertainty_analysis

{inspect.getsource(analyses)}

for number in range(1_000):
    analyses(number)
    assert str(score("kazakhstan"))
    sensitivity_analysis("kazakhstan", n=4)
    if number in {{199, 999}}:
        print(getrusage(RUSAGE_SELF).ru_maxrss)
"""

LOOPS = {
    "scores": "frame = pd.DataFrame(np.random.default_rng(0).uniform(size=(200_000, 20)))\n"
    'frame.columns, frame.index = [f"i{n}" for n in range(20)], [f"c{n}" for n in range(200_000)]\n'
    "while True: softpower.score(frame)",
    "sensitivity": 'while True: softpower.sensitivity_analysis("kazakhstan", n=4096)',
    "trajectory": 'while True: softpower.trajectory("kazakhstan")',
    "profiles": 'while True: softpower.score(softpower.load_profile("kazakhstan")).to_frame()',
}


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals of the keyboard are sent otherwise there")
@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("moment", [0.3, 1.1])
def test_an_interruption_is_heard_at_any_moment(name, moment):
    begin = 'import numpy as np, pandas as pd, softpower\nprint("begun", flush=True)\n'
    command = [sys.executable, "-c", begin + LOOPS[name]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "begun\n"
            time.sleep(moment)
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=20)
        finally:
            running.kill()
    assert running.returncode != 0
    assert errors.rstrip().endswith("KeyboardInterrupt")

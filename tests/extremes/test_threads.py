"""Thirty-two threads at once: each has the answer that one alone has, and nothing of the process is left changed."""

import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from softpower import MethodError, load_profile, plot, register, report, score, uncertainty_analysis
from softpower.draws.running import one_thread_each
from softpower.plot.style import SETTINGS, styled
from softpower.registry import Registry

THREADS = 32
SHOWN = ("low", "gap_high", "coverage", "weight", "contribution", "exact", "clipped", "reasons", "notes", "fingerprint")


def at_once(function):
    """What a function of a number returns in each of thirty-two threads that begin together."""
    together = Barrier(THREADS)

    def begun(number):
        together.wait(timeout=60)
        return function(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begun, range(THREADS)))


def limits():
    return sorted((one["filepath"], one["num_threads"]) for one in threadpool_info() if one["user_api"] == "blas")


FIRST = f"""
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from softpower.draws.points import Points

points, together = Points(dimensions=8, n=16, sampling="sobol", seed=0), Barrier({THREADS})


def drawn(_):
    together.wait()
    return points.all().tolist()


with ThreadPoolExecutor({THREADS}) as threads:
    made = list(threads.map(drawn, range({THREADS})))
print(made == [points.all().tolist()] * {THREADS})
"""


class TestAnswers:
    """The answer in a thread among others is that of one alone, to the bit."""

    def test_of_scores_of_one_profile(self):
        study = load_profile("technology_achievement")
        alone = score(load_profile("technology_achievement"))
        for made in at_once(lambda _: score(study)):
            np.testing.assert_array_equal(made.score, alone.score)

    @pytest.mark.parametrize("name", ["technology_achievement", "kazakhstan"])
    def test_of_one_result_that_all_ask(self, name):
        def said(result):
            case = result.cases[0]
            return [repr(getattr(result, one)) for one in SHOWN], result.to_frame().to_csv(), str(result.explain(case))

        shared, alone = score(name), said(score(name))
        assert at_once(lambda _: said(shared)) == [alone] * THREADS

    def test_of_draws(self):
        study = load_profile("technology_achievement")

        def drawn(_):
            return uncertainty_analysis(study, uncertainty={"weights": "simplex"}, n=16).to_frame().to_csv()

        assert at_once(drawn) == [drawn(0)] * THREADS

    def test_of_the_first_draws_of_all(self):
        """Older versions of scipy read the tables of Sobol points at the first use, and not for one thread alone."""
        told = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
        assert (told.stdout, told.stderr) == ("True\n", "")

    @pytest.mark.long
    def test_of_pages(self, tmp_path):
        pytest.importorskip("jinja2")
        study = load_profile("technology_achievement")

        def page(number):
            return report(study, tmp_path / f"{number}.html", n=64).read_bytes()

        assert at_once(page) == [page("alone")] * THREADS

    @pytest.mark.long
    def test_of_imputation_by_regression(self):
        pytest.importorskip("sklearn")
        study = load_profile("technology_achievement")
        frame = study.values.to_frame()[list(study.indicators)]
        frame.iloc[2, 1] = frame.iloc[5, 4] = np.nan
        chosen = {"normalise": "min_max", "impute": "regression"}

        def filled(_):
            return score(frame, study.framework, methodology=chosen).score.tobytes()

        before = list(warnings.filters)
        assert at_once(filled) == [filled(0)] * THREADS
        assert list(warnings.filters) == before


class TestProcess:
    """What belongs to the whole process is afterwards what it was before, in whatever order threads come and go."""

    def test_threads_of_linear_algebra(self):
        before = limits()
        first, second = one_thread_each(), one_thread_each()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert {number for _, number in limits()} == {1}
        second.__exit__(None, None, None)
        assert limits() == before

    def test_threads_of_linear_algebra_after_many_analyses(self):
        before, study = limits(), load_profile("technology_achievement")
        at_once(lambda _: uncertainty_analysis(study, uncertainty={"weights": "simplex"}, n=16))
        assert limits() == before

    def test_settings_of_pictures(self):
        mpl = pytest.importorskip("matplotlib")
        before = dict(mpl.rcParams)

        def draw(_):
            with styled():
                return all(
                    mpl.rcParams[name] == SETTINGS[name] for name in ("font.size", "svg.hashsalt", "savefig.bbox")
                )

        assert all(at_once(draw))
        assert dict(mpl.rcParams) == before

    def test_pictures(self):
        mpl = pytest.importorskip("matplotlib")
        before, shown = dict(mpl.rcParams), score("technology_achievement")
        titles = at_once(lambda number: plot.ranking(shown).get_title(loc="left") if number < 4 else None)
        assert len(set(titles[:4])) == 1
        assert dict(mpl.rcParams) == before

    def test_errors_and_warnings_of_numbers(self):
        before, study = (np.geterr(), list(warnings.filters)), load_profile("kazakhstan")
        at_once(lambda _: score(study).low)
        assert (np.geterr(), list(warnings.filters)) == before


class TestRegistries:
    """Of many that register one name, one has it; all others are refused."""

    def test_one_of_many_threads_wins(self):
        for _ in range(5):
            registry = Registry("aggregate", 2)

            def add(number, registry=registry):
                def mean(values, weights):
                    return values @ weights + number

                try:
                    return registry.register("mine")(mean)
                except MethodError as error:
                    return str(error)

            made = at_once(add)
            winners = [one for one in made if callable(one)]
            assert len(winners) == 1
            assert registry["mine"].function is winners[0]
            assert set(made) - set(winners) == {"aggregate: method 'mine' is registered already. Choose another name."}

    def test_a_method_that_ships_stays(self):
        def mean(values, weights):
            return values @ weights

        with pytest.raises(MethodError, match="'arithmetic' is registered already"):
            register("aggregate", "arithmetic")(mean)

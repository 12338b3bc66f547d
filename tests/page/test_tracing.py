"""What a page needs several times is worked out once, and each case is taken apart down to its facts."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from page.studies import drawn_study
from properties.strategies import framework, indicator, study, tree_specs, variable
from softpower import Framework, from_frame
from softpower.analysis import uncertainty
from softpower.page import analyses, tracing
from softpower.page.tracing import trace
from softpower.page.writing import report

SLOW = (
    (tracing, "score_scenarios"),
    (tracing, "sensitivity_analysis"),
    (tracing, "tornado"),
    (uncertainty, "specifications"),
    (analyses, "drop_each"),
    (analyses, "weight_space"),
)


@pytest.fixture(scope="module")
def made(sound, tmp_path_factory):
    """How often each slow function ran while a page was made, what progress was told, and the page."""
    profile = sound.replace(
        uncertainty={"weights": "simplex", "observations": True, "aggregate": ["arithmetic", "geometric"]},
        scenarios={"no_mood": {"title": "Without the mood", "exclude": {"nodes": ["mood_mean"]}}},
    )
    calls: Counter[str] = Counter()
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in SLOW:
            function = getattr(module, name)

            def counted(*given, _name=name, _function=function, **named):
                calls[_name, named.get("by")] += 1
                return _function(*given, **named)

            patch.setattr(module, name, counted)
        path = tmp_path_factory.mktemp("traced") / "page.html"
        report(profile, path, n=64, progress=lambda done, work: told.append((done, work)))
    return calls, told, path.read_text(encoding="utf-8")


def test_each_analysis_runs_once(made):
    calls, _, _ = made
    assert {name for name, _ in calls} == {name for _, name in SLOW}
    assert set(calls.values()) == {1}
    assert {by for name, by in calls if name == "drop_each"} >= {"indicator", "source_text"}


def test_progress_covers_the_whole_page(made):
    _, told, _ = made
    done = [one for one, _ in told]
    assert {work for _, work in told} == {100}
    assert done == sorted(done)
    assert done[-1] == 100
    assert len(set(done)) > 10


def test_both_pictures_of_what_moves_the_score_are_there_and_described(made):
    _, _, page = made
    section = page[page.index('<section id="sensitivity"') :]
    section = section[: section.index("</section>")]
    assert section.count("<svg ") == 2
    assert section.count('role="img" aria-label="') == 2
    assert "of the variance of" in section
    assert "alone moves the score of" in section
    assert "weights: help" not in section


class TestTrace:
    """What the tree of a case says of a node: entries by their term."""

    def said(self, profile, name, row=0):
        """Return what is said of a node of a case, by term."""
        study = drawn_study(profile)
        nodes = [trace(study, row, defined=True)]
        for one in nodes:
            nodes.extend(one.children)
        (found,) = (one for one in nodes if one.name == name)
        return found, {entry.term: entry.said for entry in found.entries}

    def test_a_value_that_is_filled_and_one_that_is_cut_name_the_method(self):
        frame = pd.DataFrame({"x": [1.0, 2.0, 6.0, np.nan], "y": [3.0, 1.0, 4.0, 100.0]}, index=list("ABCD"))
        choices = {"impute": "mean", "treat": {"method": "percentile_clip", "low": 25, "high": 75}}
        profile = from_frame(frame, methodology=choices)
        wrong = "What is wrong with its data"
        filled = "There is no observation; 3 is imputed by 'mean'."
        assert self.said(profile, "x", 3)[1][wrong] == (filled,)
        cut = "As an outlier it is treated by 'percentile_clip': 100 becomes 28."
        assert self.said(profile, "y", 3)[1][wrong] == (cut,)
        assert wrong not in self.said(profile, "x", 1)[1]

    def test_a_missing_score_has_its_reason(self):
        frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [np.nan, 3.0, 1.0]}, index=list("ABC"))
        _, said = self.said(from_frame(frame, methodology={"missing": "strict"}), "composite")
        assert said["Why it is missing"] == ("1 of 2 children are present, below the threshold of 1",)

    @pytest.mark.parametrize(("scale", "shown"), [(1, "per Inhabitants"), (1000, "per 1000 of Inhabitants")])
    def test_an_indicator_per_something_names_it(self, scale, shown):
        framework = {
            "id": "per",
            "title": "Per",
            "levels": ["composite"],
            "dimensions": {"top": {"title": "Top"}},
            "variables": {"people": {"title": "Inhabitants", "kind": "stock", "unit": "count:person"}},
            "indicators": {
                "aid": {
                    "title": "Aid",
                    "dimension": "top",
                    "denominator": {"variable": "people", "scale": scale},
                }
            },
        }
        frame = pd.DataFrame({"aid": [1.0, 2.0], "people": [4.0, 5.0]}, index=list("AB"))
        _, said = self.said(from_frame(frame, Framework.from_dict(framework)), "aid")
        assert said["Divided by"] == (shown,)

    def test_a_cell_without_a_source_comes_from_nowhere(self):
        frame = pd.DataFrame({"x": [1.0, 2.0], "y": [2.0, 1.0], "x:source": ["A report", None]}, index=list("AB"))
        profile = from_frame(frame)
        assert [one.text for one in self.said(profile, "x", 0)[1]["Comes from"]] == ["A report"]
        assert "Comes from" not in self.said(profile, "x", 1)[1]

    @pytest.mark.parametrize("source", [None, "report"])
    def test_a_fact_names_its_source_where_it_has_one(self, source):
        sources = {"report": {"title": "A report", "kind": "report"}}
        rows = [{"variable": "v0", "value": 0.4, "source": source}]
        node, _ = self.said(study(tree_specs([None]), rows, sources=sources), "i0")
        (fact,) = node.facts
        cited = [entry.said[0].text for entry in fact.entries if entry.term == "Source"]
        assert cited == (["A report"] if source else [])

    def test_years_and_effective_numbers_are_told_in_words(self):
        variables = {
            "opened": variable("event", "count:event", title="An office opens"),
            "closed": variable("event", "count:event", title="It closes"),
            "loans": variable("flow", "EUR million", title="Loans"),
            "gifts": variable("flow", "EUR million", title="Gifts"),
        }
        span = {"kind": "years_between", "earlier": "opened", "later": "closed"}
        parts = {"kind": "effective_number", "variables": ["loans", "gifts"]}
        indicators = {
            "span": indicator(span, unit="year", high=9),
            "parts": indicator(parts, unit="count:part", low=1, high=2),
        }
        rows = [
            {"variable": "opened", "value": 1, "start": "2001-01-01"},
            {"variable": "closed", "value": 1, "start": "2004-01-01"},
            {"variable": "loans", "value": 2},
            {"variable": "gifts", "value": 2},
        ]
        profile = study(framework(indicators, variables), rows)
        years = "Years from the first to the second: An office opens; It closes."
        assert self.said(profile, "span")[1]["Measure"] == (years,)
        number = "The effective number, 1 over the sum of squared shares, of: Loans; Gifts."
        assert self.said(profile, "parts")[1]["Measure"] == (number,)

    def test_bounds_that_are_searched_from_outside_are_called_so(self):
        """Of very many uncertain parts the least effective number is bounded, not found."""
        names = [f"part{place}" for place in range(20)]
        money = {name: variable("flow", "EUR million") for name in names}
        parts = indicator({"kind": "effective_number", "variables": names}, unit="count:part", low=1, high=20)
        rows = [{"variable": name, "value": 2, "low": 1, "high": 5} for name in names]
        _, said = self.said(study(framework({"x": parts}, money), rows), "x")
        assert "Its bounds are outer bounds: they may not be attained." in said["What is wrong with its data"]
        assert said["Bounds"][0].endswith(", outer bounds")

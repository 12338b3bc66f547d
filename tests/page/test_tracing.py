"""What a page needs several times is worked out once."""

from collections import Counter

import pytest

from softpower.analysis import uncertainty
from softpower.page import analyses, tracing
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

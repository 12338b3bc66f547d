"""The explorer: its data, and in a browser whether it shows what `score` computes."""

import json
import re
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
import pytest

import softpower as sp
from properties.strategies import scored, tree_specs
from softpower.engine import Engine
from softpower.page.exploring import MEANS, MOST_ROWS, embedded, explorer, explorer_context, refusal

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body { font: 16px/1.5 "DejaVu Sans", sans-serif; margin: 1rem; }{% include "explorer.css" %}</style></head>
<body>{% include "explorer.html" %}</body></html>"""
HOSTILE = (
    "</script><script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    "{{ 7 * 7 }} {% raw %} \u202eleft \u2028 & '\"",
)


def tree_study(**methodology: Any) -> sp.Profile:
    """Eight cases with gaps, zeros and ties on a tree of three levels: d0 of d1, d3 and i5, d1 of i0 and d2."""
    specs = tree_specs([[None, [None, None]], [None, None], None], [1, 3, 1, 2, 1, 4, 2, 1, 3, 2])
    cases = [
        (10, 40, 60, 90, 20, 50),
        (0, 30, 80, None, 70, 20),
        (None, None, 50, 20, 30, 90),
        (70, None, None, None, None, 40),
        (25, 75, 5, 60, 0, None),
        (25, 75, 5, 60, 0, None),
        (None, None, None, None, None, 35),
        (90, 80, 70, 10, 20, 0),
    ]
    choices = {"missing": {"method": "available", "threshold": {"level0": 0.5}}, "floor": 2.0, **methodology}
    return scored(specs, cases, methodology=choices)


def panel() -> sp.Profile:
    """Three cases in two years, on a scale without ends."""
    index = pd.MultiIndex.from_product([["A", "B", "C"], [2001, 2000]], names=["case", "period"])
    frame = pd.DataFrame({"x": [1.0, 5, 2, 4, 3, 9], "y": [7.0, 1, np.nan, 3, 2, 2]}, index)
    return sp.from_frame(frame, methodology={"normalise": "z_score"})


def document(result: sp.Result) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("softpower.page"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(PAGE).render(explorer_context(result))


class TestData:
    def test_holds_the_tree_the_scores_and_what_is_declared(self) -> None:
        result = sp.score(tree_study())
        data = explorer(result)
        nodes = result.nodes
        assert [nodes[one["node"]] for one in data["first"]] == ["d1", "d3", "i5"]
        assert [one["weight"] for one in data["first"]] == pytest.approx([3 / 7, 2 / 7, 2 / 7])
        families = {nodes[one["parent"]]: one for one in data["families"]}
        assert [nodes[one] for one in families["d1"]["children"]] == ["d2", "i0"]
        assert families["d0"]["threshold"] == 0.5
        assert families["d1"]["threshold"] == 0.0
        assert nodes[data["families"][-1]["parent"]] == "d0"
        assert data["rows"][3]["scores"] == pytest.approx([70, None, None, None, None, 40])
        assert data["rows"][6] == {
            "case": "A>6",
            "group": 0,
            "scores": [None] * 5 + [35.0],
            "composite": None,
            "rank": None,
        }
        assert [one["composite"] for one in data["rows"]] == pytest.approx(
            [None if np.isnan(one) else one for one in result.composite]
        )
        assert [one["rank"] for one in data["rows"]] == [4, 3, 2, 1, 6, 6, None, 5]
        assert (data["floor"], data["scale"], data["digits"], data["ranked"]) == (2.0, [0.0, 100.0], 1, True)

    def test_is_json_without_anything_else(self) -> None:
        data = explorer(sp.score(panel()))
        assert json.loads(json.dumps(data, allow_nan=False)) == data

    def test_groups_rows_by_period(self) -> None:
        result = sp.score(panel())
        data = explorer(result)
        assert data["periods"] == ["2000", "2001"]
        assert [(one["case"], one["group"]) for one in data["rows"]] == [
            (case, period - 2000) for case, period in result.index
        ]
        assert [one["rank"] for one in data["rows"]] == result.ranks().tolist()
        assert (data["scale"], data["digits"]) == (None, 3)

    def test_one_case_has_no_ranks(self) -> None:
        data = explorer(sp.score("kazakhstan"))
        assert not data["ranked"]
        assert [one["rank"] for one in data["rows"]] == [None]

    def test_offers_what_levels_declare_where_they_differ(self) -> None:
        levels = {"level0": "geometric", "level1": "arithmetic", "level2": "harmonic"}
        data = explorer(sp.score(tree_study(aggregate=levels)))
        assert data["choice"] == "declared"
        assert [one["name"] for one in data["choices"]] == ["declared", *MEANS]
        assert [one["mean"] for one in data["families"]] == ["harmonic", "arithmetic", "arithmetic", "geometric"]

    def test_says_why_a_mean_is_not_offered(self) -> None:
        choices = {one["name"]: one["refused"] for one in explorer(sp.score(tree_study(floor=None)))["choices"]}
        assert choices["arithmetic"] == ""
        assert "needs positive scores and 'i0' has 0" in choices["geometric"]

    def test_values_in_unlike_units_have_their_geometric_mean_alone(self) -> None:
        frame = pd.DataFrame({"x": [1.0, 5], "y": [7.0, 1]}, index=["A", "B"])
        bare = sp.score(frame, methodology={"normalise": "none", "aggregate": "geometric"})
        choices = {one["name"]: one["refused"] for one in explorer(bare)["choices"]}
        assert choices["geometric"] == ""
        assert "different units meet in the arithmetic mean" in choices["arithmetic"]
        assert "different units meet in the harmonic mean" in choices["harmonic"]
        page = document(bare)
        assert re.search('<option value="harmonic" disabled>', page)
        assert "Harmonic mean: not offered, because <bdi>values in different units" in page

    def test_weights_fitted_to_scores_are_held_and_said_to_be(self) -> None:
        frame = pd.DataFrame({"x": [1.0, 5, 2, 4], "y": [7.0, 1, 4, 3]}, index=list("ABCD"))
        result = sp.score(frame, methodology={"weights": "entropy"})
        data = explorer(result)
        assert data["fitted"]
        assert [one["weight"] for one in data["first"]] == result.engine.weights[:2].tolist()
        assert "as they were fitted to the scores" in document(result)

    @pytest.mark.parametrize(
        ("methodology", "why"),
        [
            (
                {"aggregate": "copeland"},
                "it knows the arithmetic, geometric and harmonic means, and 'copeland' is declared",
            ),
            ({"aggregate": {"method": "ordered_weighted_average", "orness": 0.3}}, "'ordered_weighted_average' is"),
            (
                {"aggregate": {"level0": "borda", "level1": "minimum", "level2": "geometric"}},
                "'borda' and 'minimum' are",
            ),
            ({"weights": "benefit_of_the_doubt"}, "'benefit_of_the_doubt' gives each case weights of its own"),
        ],
    )
    def test_is_left_out_with_a_reason(self, methodology: dict[str, Any], why: str) -> None:
        result = sp.score(tree_study(**methodology))
        said = refusal(result)
        assert said is not None
        assert why in said
        with pytest.raises(sp.MethodError, match="There is no explorer"):
            explorer(result)
        page = document(result)
        assert "There is no explorer" in page
        assert "<script" not in page

    def test_too_many_rows_are_left_out(self) -> None:
        numbers = np.arange(MOST_ROWS + 1.0)
        frame = pd.DataFrame({"x": numbers, "y": numbers[::-1]})
        assert refusal(sp.score(frame[1:])) is None
        assert refusal(sp.score(frame)) == "There is no explorer: 1001 rows of 2 indicators are too many for a page."
        wide = pd.DataFrame(np.random.default_rng(1).random((MOST_ROWS, 41))).rename(columns="x{}".format)
        assert refusal(sp.score(wide)) == "There is no explorer: 1000 rows of 41 indicators are too many for a page."


class TestEmbedded:
    def test_no_text_leaves_the_element(self) -> None:
        element = embedded({"titles": HOSTILE, "more": "\u2029<!--"})
        inside = re.fullmatch(r'<script type="application/json" id="explorer-data">([^<>&\']*)</script>', element)
        assert inside
        assert inside[1].isascii()
        assert json.loads(inside[1])["titles"] == list(HOSTILE)

    def test_numbers_come_back_to_the_bit(self) -> None:
        numbers = np.random.default_rng(1).random(100).tolist()
        inside = embedded({"numbers": numbers}).split(">", 1)[1].rsplit("<", 1)[0]
        assert json.loads(inside)["numbers"] == numbers


class TestTemplates:
    def test_the_script_asks_for_no_network_and_evaluates_nothing(self) -> None:
        source = jinja2.PackageLoader("softpower.page").get_source(jinja2.Environment(autoescape=True), "explorer.js")[
            0
        ]
        for banned in ("fetch", "XMLHttpRequest", "import", "eval", "Function(", "innerHTML", "document.write", "http"):
            assert banned not in source
        # It stands in a page and passes through jinja.
        for sign in ("{{", "{%", "{#", "</", "<!--"):
            assert sign not in source
        assert '"use strict";' in source

    def test_without_a_script_the_declared_answer_stands_there(self) -> None:
        page = document(sp.score("kazakhstan"))
        assert re.search(r'<th scope="row"><bdi>EU&gt;KAZ</bdi></th>\s*<td>61\.2</td>', page)
        assert re.search(r'<form class="explorer-controls"[^>]* hidden>', page)
        assert "<noscript>" in page


class Opened:
    """A tab with an explorer; what its console says and what it asks of the network is kept."""

    def __init__(self, tab: Any, result: sp.Result, width: int = 1280) -> None:
        self.said: list[str] = []
        self.page = tab
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.said.append(request.url))
        self.page.set_content(document(result))

    def choose(self, weights: list[float], mean: str) -> None:
        self.page.evaluate(
            """([weights, mean]) => {
                const sliders = document.querySelectorAll("#explorer input");
                sliders.forEach((slider, place) => { slider.value = weights[place]; });
                document.querySelector("#explorer-mean").value = mean;
                sliders[0].dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            [weights, mean],
        )

    def rows(self) -> list[dict[str, str]]:
        """The rows from the top down."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll("#explorer tr[data-row]")].map((row) => ({
                row: Number(row.dataset.row),
                composite: row.querySelector(".explorer-composite").dataset.composite,
                shown: row.querySelector(".explorer-composite").textContent,
                rank: row.querySelector(".explorer-rank")?.textContent ?? "",
            }))"""
        )

    def composites(self) -> list[float]:
        rows = sorted(self.rows(), key=lambda row: row["row"])
        return [float(row["composite"] or "nan") for row in rows]

    def ranks(self) -> list[int | None]:
        rows = sorted(self.rows(), key=lambda row: row["row"])
        return [int(row["rank"]) if row["rank"] else None for row in rows]

    @property
    def answer(self) -> str:
        return str(self.page.inner_text("#explorer-answer"))


def python(profile: sp.Profile, weights: list[float], mean: str) -> sp.Result:
    tree = Engine(profile).tree
    first = [tree.nodes[place] for place in tree.families[-1].children]
    choices: dict[str, Any] = {"weights": dict(zip(first, weights, strict=True))}
    return sp.score(profile, methodology=choices | ({} if mean == "declared" else {"aggregate": mean}))


def agree(opened: Opened, profile: sp.Profile, weights: list[float], mean: str) -> None:
    opened.choose(weights, mean)
    expected = python(profile, weights, mean)
    np.testing.assert_allclose(opened.composites(), expected.composite, rtol=0, atol=1e-9)
    shown = [row["shown"] for row in sorted(opened.rows(), key=lambda row: row["row"])]
    digits = 1 if expected.scale else 3
    assert shown == ["no score" if np.isnan(one) else f"{one:.{digits}f}" for one in expected.composite]
    if len(expected.cases) > 1:
        assert opened.ranks() == [None if one is pd.NA else one for one in expected.ranks()]


def some_weights(count: int) -> list[list[float]]:
    generator = np.random.default_rng(20)
    drawn = generator.uniform(0, 100, (2, count))
    drawn[1, 0] = 0.0
    alone = [0.0] * (count - 1) + [37.5]
    return [*drawn.tolist(), alone]


class TestInTheBrowser:
    def test_kazakhstan_equals_python(self, tab: Any) -> None:
        profile = sp.load_profile("kazakhstan")
        opened = Opened(tab, sp.score(profile))
        assert opened.composites() == pytest.approx(sp.score(profile).composite.tolist(), rel=0, abs=1e-9)
        for mean in MEANS:
            for weights in some_weights(3):
                agree(opened, profile, weights, mean)
        assert opened.said == []

    def test_cases_with_gaps_a_floor_and_ties_equal_python(self, tab: Any) -> None:
        profile = tree_study()
        opened = Opened(tab, sp.score(profile))
        for mean in MEANS:
            for weights in some_weights(3):
                agree(opened, profile, weights, mean)
        order = [row["rank"] for row in opened.rows() if row["rank"]]
        assert order == sorted(order, key=int)
        assert opened.said == []

    def test_levels_with_different_means_and_periods_equal_python(self, tab: Any) -> None:
        mixed = tree_study(aggregate={"level0": "geometric", "level1": "arithmetic", "level2": "harmonic"})
        for profile, means in ((mixed, ("declared", "harmonic")), (panel(), ("arithmetic",))):
            opened = Opened(tab, sp.score(profile))
            for mean in means:
                for weights in some_weights(2 if profile.values else 3):
                    agree(opened, profile, weights, mean)
            assert opened.said == []

    def test_scores_between_two_texts_are_shown_as_python_shows_them(self, tab: Any) -> None:
        profile = scored(tree_specs([None, None]), [(62.0, 62.5), (62.5, 63.0), (30.0, 31.5)])
        agree(Opened(tab, sp.score(profile)), profile, [50.0, 50.0], "arithmetic")

    def test_without_weight_there_is_no_score(self, tab: Any) -> None:
        opened = Opened(tab, sp.score(tree_study()))
        opened.choose([0.0, 0.0, 0.0], "geometric")
        assert opened.answer == "No score: all weights are zero."
        assert np.isnan(opened.composites()).all()
        assert set(opened.ranks()) == {None}

    def test_a_mean_that_python_refuses_gives_no_score(self, tab: Any) -> None:
        specs = tree_specs([None, None, None])
        profile = scored(
            specs, [(0, 50, 60), (20, 30, 40)], methodology={"weights": {"i0": 0.0}, "aggregate": "geometric"}
        )
        opened = Opened(tab, sp.score(profile))
        agree(opened, profile, [0.0, 30.0, 60.0], "geometric")
        with pytest.raises(sp.MethodError, match="needs positive scores"):
            python(profile, [10.0, 30.0, 60.0], "geometric")
        opened.choose([10.0, 30.0, 60.0], "geometric")
        assert opened.answer == "No score: this mean needs scores above zero, and no floor is declared."
        assert np.isnan(opened.composites()).all()

    def test_keys_move_it_and_the_button_puts_it_back(self, tab: Any) -> None:
        profile = sp.load_profile("kazakhstan")
        declared = float(sp.score(profile).composite.iloc[0])
        opened = Opened(tab, sp.score(profile))
        assert opened.answer == f"{declared:.1f} as chosen, {declared:.1f} as declared."
        slider = opened.page.get_by_role("slider", name="Culture")
        slider.focus()
        slider.press("End")
        assert slider.get_attribute("aria-valuetext") == "60.0 %"
        np.testing.assert_allclose(
            opened.composites(), python(profile, [100.0, 100 / 3, 100 / 3], "arithmetic").composite, rtol=0, atol=1e-9
        )
        opened.page.get_by_label("Mean at all levels").select_option("geometric")
        assert abs(opened.composites()[0] - declared) > 1
        opened.page.get_by_role("button", name="Back to what is declared").click()
        assert opened.composites() == pytest.approx([declared], rel=0, abs=1e-9)
        assert opened.page.get_by_label("Mean at all levels").input_value() == "arithmetic"

    def test_says_who_is_first_and_how_many_ranks_move(self, tab: Any) -> None:
        opened = Opened(tab, sp.score(tree_study()))
        assert opened.answer == "First as chosen: A>3. 0 of 8 ranks differ from the declared ones."
        opened.choose([100.0, 0.0, 0.0], "arithmetic")
        changed = python(tree_study(), [100.0, 0.0, 0.0], "arithmetic").ranks()
        declared = sp.score(tree_study()).ranks()
        moved = int((changed.fillna(0) != declared.fillna(0)).sum())
        first = ", ".join(changed.index[(changed == 1).fillna(False)])
        assert moved > 0
        assert opened.answer == f"First as chosen: {first}. {moved} of 8 ranks differ from the declared ones."
        assert opened.page.locator("#explorer tr[data-row] th").first.inner_text() == first

    def test_hostile_texts_are_text(self, tab: Any) -> None:
        values = [[1.0, 2.0, 4.0], [3.0, 2.0, 1.0], [2.0, 9.0, 2.0]]
        labels = [*HOSTILE[:2], "{{ 7 * 7 }} & '"]  # the label of a case has no sign that cannot be seen
        frame = pd.DataFrame(values, index=labels, columns=["a", "b", "c"])
        specs = tree_specs([[None], [None], [None]])
        for name, title in zip(("d1", "d2", "d3"), HOSTILE, strict=True):
            specs["dimensions"][name]["title"] = title
        study = scored(specs, values)
        for result, place, texts in (
            (sp.score(frame), "th[scope=row]", labels),
            (sp.score(study), "label[for^=explorer-weight]", list(HOSTILE)),
        ):
            opened = Opened(tab, result)
            opened.choose([10.0, 20.0, 70.0], "arithmetic")
            opened.page.wait_for_timeout(50)
            found = opened.page.eval_on_selector_all(f"#explorer {place}", "all => all.map((one) => one.textContent)")
            assert sorted(found) == sorted(texts)
            assert opened.page.evaluate("window.broken") is None
            assert opened.page.locator("#explorer img").count() == 0
            assert opened.said == []

    def test_fits_a_phone_and_hides_its_controls_on_paper(self, tab: Any, tmp_path: Path) -> None:
        opened = Opened(tab, sp.score(tree_study()), width=360)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert opened.page.eval_on_selector(".explorer-scroll", "one => one.scrollWidth <= one.clientWidth")
        for slider in opened.page.locator("#explorer input").all():
            box = slider.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
        opened.page.emulate_media(media="print")
        assert not opened.page.locator("#explorer form").is_visible()
        assert not opened.page.locator(".explorer-composite").first.is_visible()
        assert opened.page.locator("#explorer th[scope=row]").first.is_visible()
        opened.page.screenshot(path=tmp_path / "paper.png")
        assert (tmp_path / "paper.png").stat().st_size > 0

"""The framework `hdi`, worked out by hand."""

import math

import pandas as pd
import pytest

import softpower
from softpower import Framework, Methodology, load_framework, score
from softpower.studies import from_frame

UNIT = {"normalise": {"method": "goalposts", "low": 0, "high": 1}}
COLUMNS = ["life_expectancy", "expected_schooling", "mean_schooling", "gni_per_capita"]


def table(**rows):
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)


def test_three_countries_by_hand():
    given = table(
        A=[72.0, 13.5, 9.0, 10000.0], B=[52.5, 9.0, 7.5, math.sqrt(100 * 75000)], C=[85.0, 18.0, 15.0, 75000.0]
    )
    result = score(given, framework="hdi", methodology=UNIT)
    health, knowledge = (72 - 20) / 65, (13.5 / 18 + 9 / 15) / 2
    income = (math.log(10000) - math.log(100)) / (math.log(75000) - math.log(100))
    assert health == pytest.approx(0.8)
    assert knowledge == pytest.approx(0.675)
    assert income == pytest.approx(math.log(100) / math.log(750))
    wide = result.to_wide()
    assert wide.loc["A", "health"] == pytest.approx(0.8)
    assert wide.loc["A", "knowledge"] == pytest.approx(0.675)
    assert wide.loc["A", "standard_of_living"] == pytest.approx(income)
    assert result.composite["A"] == pytest.approx((health * knowledge * income) ** (1 / 3))
    # Half way in every respect, on the logarithmic scale too.
    assert result.composite["B"] == pytest.approx(0.5)
    assert result.composite["C"] == pytest.approx(1.0)


def test_a_value_beyond_a_goalpost_counts_as_the_goalpost():
    given = table(top=[90.0, 23.0, 14.0, 140000.0], edge=[85.0, 18.0, 14.0, 75000.0])
    result = score(given, framework="hdi", methodology=UNIT)
    assert result.composite["top"] == result.composite["edge"] == pytest.approx(((1 + 14 / 15) / 2) ** (1 / 3))
    assert result.to_frame("indicator").loc["top", "clipped"].tolist() == ["high", "high", "", "high"]


def test_schooling_may_be_zero():
    given = table(none=[72.0, 9.0, 0.0, 10000.0], some=[72.0, 9.0, 15.0, 10000.0])
    wide = score(given, framework="hdi", methodology=UNIT).to_wide()
    assert wide["knowledge"].tolist() == pytest.approx([0.25, 0.75])


def test_a_dimension_at_zero_is_refused_and_not_scored_without_it():
    with pytest.raises(softpower.MethodError) as caught:
        score(table(low=[20.0, 9.0, 9.0, 10000.0], other=[70.0, 9.0, 9.0, 10000.0]), framework="hdi")
    assert "the geometric mean needs positive scores and 'health' has 0" in str(caught.value)


def test_no_component_may_lack():
    given = table(whole=[72.0, 13.5, 9.0, 10000.0], part=[72.0, 13.5, None, 10000.0])
    result = score(given, framework="hdi")
    assert pd.isna(result.composite["part"])
    assert result.reasons["part", "knowledge"] == "1 of 2 children are present, below the threshold of 1"
    assert not pd.isna(result.composite["whole"])


def test_scores_go_from_0_to_100_unless_asked():
    given = table(A=[72.0, 13.5, 9.0, 10000.0], B=[60.0, 9.0, 7.5, 3000.0])
    hundred, one = score(given, framework="hdi"), score(given, framework="hdi", methodology=UNIT)
    assert (hundred.scale, one.scale) == ((0, 100), (0, 1))
    assert (hundred.composite / 100).tolist() == pytest.approx(one.composite.tolist())


def test_one_country_is_scored_and_many_are():
    row = [72.0, 13.5, 9.0, 10000.0]
    alone = score(table(A=row), framework="hdi").composite["A"]
    many = score(
        pd.DataFrame([row] * 500, index=[f"C{place}" for place in range(500)], columns=COLUMNS), framework="hdi"
    )
    assert many.composite.tolist() == pytest.approx([alone] * 500)


class TestTheMethodologyOfAFramework:
    def test_it_holds_where_nobody_makes_a_choice(self):
        own = load_framework("hdi").methodology
        assert from_frame(table(A=[72.0, 13.5, 9.0, 10000.0]), "hdi").methodology == own
        assert own.aggregate["composite"].method == "geometric"

    def test_a_mapping_changes_only_what_it_names(self):
        own = load_framework("hdi").methodology
        result = score(table(A=[72.0, 13.5, 9.0, 10000.0]), framework="hdi", methodology={"aggregate": "arithmetic"})
        assert result.profile.methodology == own.replace(aggregate="arithmetic")

    def test_a_methodology_replaces_it_whole(self):
        result = score(table(A=[72.0, 13.5, 9.0, 10000.0]), framework="hdi", methodology=Methodology())
        assert result.profile.methodology == Methodology()

    def test_a_profile_without_choices_takes_it_and_one_with_choices_does_not(self, sound):
        geometric = Methodology(aggregate="geometric", floor=1)
        framework = sound.framework.replace(methodology=geometric)
        parts = {name: getattr(sound, name) for name in type(sound).model_fields} | {"framework": framework}
        assert type(sound).parse({k: v for k, v in parts.items() if k != "methodology"}).methodology == geometric
        assert type(sound).parse(parts).methodology == sound.methodology

    def test_it_goes_before_that_of_a_study_made_for_another_framework(self, sound):
        geometric = Methodology(aggregate="geometric", floor=1)
        framework = sound.framework.replace(methodology=geometric)
        assert score(sound, framework=framework).profile.methodology == geometric
        changed = score(sound, framework=framework, methodology={"floor": 2}).profile.methodology
        assert changed == geometric.replace(floor=2)

    def test_it_is_read_from_a_file_and_written_back(self, study):
        file = study / "spec" / "framework.toml"
        file.write_text(file.read_text(encoding="utf-8") + '\n[methodology]\naggregate = "geometric"\nfloor = 2.0\n')
        framework = load_framework(study / "spec")
        assert framework.methodology == Methodology(aggregate="geometric", floor=2)
        again = study / "again"
        again.mkdir()
        for name, text in framework.to_files().items():
            (again / name).write_text(text, encoding="utf-8")
        assert load_framework(again) == framework

    @pytest.mark.parametrize("name", ["nye", "manners", "hdi"])
    def test_what_ships_comes_back_from_its_own_files(self, name, tmp_path):
        framework = load_framework(name)
        for file, text in framework.to_files().items():
            (tmp_path / file).write_text(text, encoding="utf-8")
        assert load_framework(tmp_path) == framework
        assert Framework.parse(framework.model_dump(mode="json")) == framework

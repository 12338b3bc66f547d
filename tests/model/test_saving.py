"""Which files a saved profile has and what stands in them; that they read back is a law in properties/test_saving."""

import csv
import tomllib
from typing import Any

import pandas as pd
import pytest

from softpower import FileError, Observation, ObservationError, SpecificationError, from_frame, load_profile, register
from softpower.model.saving import NAMES, observation_table
from softpower.registry import WEIGHTS


def test_only_the_files_that_are_needed_are_written(sound):
    assert set(sound.to_files()) == set(NAMES) - {"values.csv"}
    table = from_frame(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["X", "Y"]))
    assert list(table.to_files()) == ["profile.toml", "values.csv", "spec/framework.toml"]
    assert table.to_files()["values.csv"] == "case,a,b\nX,1.0,2.0\nY,2.0,1.0\n"
    bare = sound.replace(sources={}, observations=[one.replace(source=None) for one in sound.observations])
    assert "sources.toml" not in bare.to_files()
    assert "sources" not in tomllib.loads(bare.to_files()["profile.toml"])
    framework = sound.framework.replace(
        works={},
        references=(),
        indicators={name: one.replace(references=()) for name, one in sound.framework.indicators.items()},
    )
    assert set(framework.to_files()) == {"framework.toml"}


def test_defaults_are_left_out_but_those_of_the_methodology(sound):
    files = sound.to_files()
    assert "sets" not in tomllib.loads(files["profile.toml"])
    assert tomllib.loads(files["profile.toml"])["methodology"]["normalise"] == "goalposts"
    indicator = tomllib.loads(files["spec/framework.toml"])["indicators"]["mood_mean"]
    assert not indicator.keys() & {"set", "better", "weight", "applies_to", "note", "alternative_measures"}


def test_the_table_has_the_columns_that_are_used(sound):
    header, *rows = csv.reader(sound.to_files()["observations.csv"].splitlines())
    assert {"id", "case", "variable", "value", "unit", "preferred", "footnote"} <= set(header)
    assert not set(header) & {"flags", "coder", "distribution", "standard_error", "polarity", "channel"}
    assert len(rows) == len(sound.observations)
    assert observation_table([]) == "id,case,variable,value,unit\n"


def test_cells_are_exact_and_quoted():
    one = Observation(
        id="o", case="A", use="context", value=0.1 + 0.2, low=-0.0, high=1e22, reason='a, "b"\r\nc\rd', flags=("x", "y")
    )
    assert observation_table([one]) == (
        "id,case,variable,value,low,high,unit,use,reason,flags\n"
        'o,A,,0.30000000000000004,-0,1e+22,,context,"a, ""b""\r\nc\rd",x y\n'
    )


def test_labels_of_a_table_keep_their_carriage_returns(tmp_path):
    labels = ["a\rb", 'c "d"\r\ne', "f,\n"]
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [2.0, 1.0, 3.0], "group:region": labels}, index=["A", "B", "C"])
    again = load_profile(from_frame(frame).save(tmp_path / "table"))
    assert [*again.values.groups["region"]] == ["a\rb", 'c "d"\r\ne', "f,"]


@pytest.mark.parametrize("flag", ["two words", "a\tb", "a\nb", "a\xa0b", "a\x1fb", " "])
def test_a_flag_with_a_blank_is_refused(flag):
    with pytest.raises(SpecificationError, match="flags"):
        Observation(id="o", case="A", use="context", reason="r", flags=[flag])


def test_a_text_that_no_cell_holds_is_refused(sound, tmp_path):
    limit = csv.field_size_limit()
    rows = [one.replace(statement="x" * (limit - 1)) for one in sound.observations[:1]]
    assert load_profile(sound.replace(observations=rows).save(tmp_path / "a")).observations == tuple(rows)
    rows = [one.replace(statement="x" * limit) for one in sound.observations[:2]]
    with pytest.raises(ObservationError, match=r"observation 'O-visit-1': statement.*Keep below") as caught:
        sound.replace(observations=rows).save(tmp_path / "b")
    assert len(caught.value.faults) == 2
    assert not (tmp_path / "b").exists()


def test_a_parameter_that_toml_cannot_hold_is_refused(sound, monkeypatch):
    monkeypatch.setattr(WEIGHTS, "_methods", dict(WEIGHTS._methods))

    @register("weights", "saving_knots")
    def weigh(_tree, *, knots: tuple[float, ...] = (0.0, 1.0), label: Any = None):
        """Weigh nothing; it stands here for its parameters."""
        return knots, label

    def made(**parameters):
        return sound.replace(methodology={"weights": {"method": "saving_knots", **parameters}})

    assert made(label="plain").to_files()
    for parameters, says in (
        ({"knots": (0.0, 0.5)}, "written as TOML, parameter 'knots'"),
        ({"label": (1, 2)}, "a parameter changes"),
        ({"label": None}, "None cannot be written"),
        ({"label": float("nan")}, "nan is no finite number"),
    ):
        with pytest.raises(SpecificationError, match=says):
            made(**parameters).to_files()


def test_a_replaced_folder_keeps_the_notes_of_its_owner_and_none_of_the_old_profile(sound, study):
    (study / "README.md").write_text("mine", encoding="utf-8")
    bare = sound.replace(sources={}, observations=[])
    assert load_profile(bare.save(study, overwrite=True)) == bare
    assert (study / "README.md").read_text(encoding="utf-8") == "mine"
    assert not (study / "sources.toml").exists()


def test_a_folder_that_is_there_is_refused(sound, study):
    before = (study / "profile.toml").read_bytes()
    with pytest.raises(FileError, match="overwrite=True"):
        sound.replace(title="Other").save(study)
    assert (study / "profile.toml").read_bytes() == before

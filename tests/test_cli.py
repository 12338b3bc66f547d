"""The command: what it prints, where, and with which exit code."""

import csv
import inspect
import io
import json
import os
import re
import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

from softpower import (
    Result,
    changes,
    cli,
    drop_each,
    from_frame,
    load_framework,
    load_profile,
    score,
    score_scenarios,
    swings,
    tornado,
)
from softpower.catalogue import framework_names, profile_names
from softpower.cli import one_at_a_time, periods, scores
from softpower.cli.running import _commands
from softpower.interop import read_table
from softpower.present.table import NO_INTERVAL
from softpower.registry import STEPS


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs the command in this process; gives the exit code, what was printed, and what was said of errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["softpower", *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def gappy(study):
    """A study with a missing indicator."""
    table = study / "observations.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("O-mood")), encoding="utf-8")
    return study


class TestTables:
    """A table in, a file out."""

    @pytest.fixture
    def table(self, tmp_path):
        path = tmp_path / "table.csv"
        path.write_text("case,x,y\nNA,1,2\nUZB,3,\nKAZ,2,5\n", encoding="utf-8")
        return path

    def test_a_csv_file_is_scored(self, command, table):
        code, out, err = command("score", table)
        assert (code, err) == (0, "")
        assert "NA" in out
        code, out, _ = command("explain", table, "--case", "NA", "--node", "x")
        assert code == 0
        assert "from the table: 1; no source named" in out

    def test_a_workbook_is_scored_as_its_csv(self, command, table, tmp_path):
        pd.read_csv(table, keep_default_na=False, na_values={"y": [""]}).to_excel(tmp_path / "table.xlsx", index=False)
        _, of_csv, _ = command("score", table, "--format", "csv")
        code, of_book, _ = command("score", tmp_path / "table.xlsx", "--format", "csv")
        assert code == 0
        assert of_book == of_csv

    def test_faults_name_the_file_and_what_can_be_done_in_it(self, command, tmp_path):
        path = tmp_path / "own.csv"
        path.write_text("country,x,y\nNA,1,2\nUZB,3,4\n", encoding="utf-8")
        code, _, err = command("score", path)
        assert code == 1
        assert "own.csv: row 0, column 'country': 'NA' is no number" in err
        assert "If the column names the cases, call it 'case'." in err
        assert "frame" not in err

    def test_printed_csv_holds_no_formula(self, command, tmp_path):
        path = tmp_path / "own.csv"
        path.write_text("case,x,y\n=1+1,1,2\nUZB,3,-4\n", encoding="utf-8")
        code, out, _ = command("score", path, "--format", "csv")
        assert code == 0
        assert [line.split(",")[0] for line in out.splitlines()[1:4]] == ["'=1+1"] * 3
        assert ",-4.0," in out

    def test_with_a_framework_it_must_have_its_indicators(self, command, table):
        code, _, err = command("score", table, "--framework", "nye")
        assert code == 1
        assert "the framework 'nye' has no such indicator" in err

    def test_with_a_methodology(self, command, table):
        code, out, _ = command("score", table, "--methodology", "normalise=rank", "--format", "json")
        assert code == 0
        assert json.loads(out)["profile"] == "frame"

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_output_writes_a_file_and_never_overwrites_unasked(self, command, study, tmp_path, ending):
        path = tmp_path / f"scores.{ending}"
        assert command("score", study, "--output", path) == (0, f"written: {path}\n", "")
        before = path.read_bytes()
        code, out, err = command("score", study, "--output", path)
        assert (code, out) == (1, "")
        assert "it is there already" in err
        assert command("score", study, "--output", path, "--overwrite")[0] == 0
        assert path.read_bytes() == before

    def test_output_of_another_kind_is_refused(self, command, study, tmp_path):
        code, _, err = command("score", study, "--output", tmp_path / "scores.txt")
        assert code == 1
        assert "does not end in .csv" in err


class TestScore:
    def test_a_table_shows_scores_bounds_coverage_and_caveats(self, command, study):
        code, out, err = command("score", study)
        assert (code, err) == (0, "")
        assert out.startswith("A small study (2000 to 2009), scores 0 to 100\n")
        for words in (
            "All ",
            "57.7",
            "53.1 to 67.9",
            "100%",
            "- All numbers are made up.",
            f"softpower explain {study}",
        ):
            assert words in out

    def test_a_missing_indicator_is_said_to_be_missing_and_why(self, command, gappy):
        code, out, _ = command("score", gappy)
        assert code == 0
        mood = score(gappy).profile.framework.node_title("mood_mean")
        assert f"  {mood}: missing, no observation of 'mood'" in out

    def test_what_is_missing_below_the_depth_is_counted(self, command, gappy):
        _, out, _ = command("score", gappy, "--depth", "1")
        assert "not shown: 1 missing below" in out

    def test_the_way_to_the_facts_keeps_the_choices(self, command, study):
        _, out, _ = command("score", study, "--methodology", "weights={regard = 2}", "--sets", "base,extended")
        again = out.strip().splitlines()[-1].partition("softpower ")[2]
        assert command(*shlex.split(again))[0] == 0
        assert "weights={regard = 2}" in again
        assert "--sets base,extended" in again

    def test_an_unknown_set_is_an_error(self, command, study):
        code, _, err = command("score", study, "--sets", "basic")
        assert code == 1
        assert "Did you mean 'base'?" in err

    @pytest.mark.parametrize(("depth", "rows"), [(0, 1), (1, 3), (2, 10), (9, 10)])
    def test_the_depth_cuts_the_table(self, command, study, depth, rows):
        _, out, _ = command("score", study, "--depth", depth)
        assert sum("100%" in line for line in out.splitlines()) == rows

    def test_csv_reads_back_as_the_table_of_the_result(self, command, gappy):
        code, out, err = command("score", gappy, "--format", "csv")
        assert (code, err) == (0, "")
        read = pd.read_csv(io.StringIO(out)).set_index(["case", "node"])
        expected = score(gappy).to_frame()
        texts = expected.select_dtypes(exclude=["number", "bool"]).columns
        read[texts] = read[texts].astype(object).where(read[texts].notna(), "").astype(str)
        pd.testing.assert_frame_equal(read, expected, check_dtype=False, rtol=1e-12)

    def test_json_holds_the_same_numbers_and_a_gap_is_null(self, command, gappy):
        code, out, err = command("score", gappy, "--format", "json")
        assert (code, err) == (0, "")
        read = json.loads(out, parse_constant=pytest.fail)
        result = score(gappy)
        assert read["profile"] == "mini"
        assert read["scale"] == [0, 100]
        assert read["fingerprint"] == dict(result.fingerprint)
        assert read["notes"] == list(result.notes)
        rows = {one["node"]: one for one in read["scores"]}
        assert list(rows) == list(result.to_frame().index.get_level_values("node"))
        assert rows["all"]["score"] == result.composite["A>B"]
        assert rows["mood_mean"]["score"] is None
        assert rows["mood_mean"]["reason"] == "no observation of 'mood'"
        assert rows["all"]["raw"] is None
        assert rows["all"]["exact"] is True

    def test_another_framework_is_a_folder_or_a_name(self, command, study):
        spec = study / "spec" / "framework.toml"
        changed = study.parent / "other"
        (study / "spec").rename(changed)
        (study / "spec").mkdir()
        for file in changed.iterdir():
            (study / "spec" / file.name).write_bytes(file.read_bytes())
        other = changed / "framework.toml"
        other.write_text(spec.read_text(encoding="utf-8").replace('"Regard"', '"Esteem"'), encoding="utf-8")
        code, out, _ = command("score", study, "--framework", changed)
        assert code == 0
        assert "Esteem" in out
        code, _, err = command("score", study, "--framework", "nie")
        assert code == 1
        assert "Did you mean 'nye'?" in err


class TestMethodology:
    @pytest.mark.parametrize(
        ("settings", "methodology"),
        [
            (["aggregate=geometric"], {"aggregate": "geometric"}),
            (["aggregate = geometric", "floor=5"], {"aggregate": "geometric", "floor": 5}),
            (['aggregate="harmonic"'], {"aggregate": "harmonic"}),
            (["aggregate={method = 'power', p = 0.5}"], {"aggregate": {"method": "power", "p": 0.5}}),
            (["weights=equal_indicators"], {"weights": "equal_indicators"}),
            (["weights={regard = 3}"], {"weights": {"regard": 3}}),
            (["aggregate=geometric", "aggregate=harmonic"], {"aggregate": "harmonic"}),
        ],
    )
    def test_a_setting_changes_one_choice(self, command, study, settings, methodology):
        arguments = [part for setting in settings for part in ("--methodology", setting)]
        code, out, err = command("score", study, *arguments, "--format", "json")
        assert (code, err) == (0, "")
        assert json.loads(out)["scores"][0]["score"] == score(study, methodology=methodology).composite["A>B"]

    def test_a_file_changes_several(self, command, study):
        file = study.parent / "choices.toml"
        file.write_text('aggregate = "geometric"\nfloor = 5\n\n[weights]\nregard = 3\n', encoding="utf-8")
        _, out, _ = command("score", study, "--methodology", file, "--format", "json")
        changed = score(study, methodology={"aggregate": "geometric", "floor": 5, "weights": {"regard": 3}})
        assert json.loads(out)["scores"][0]["score"] == changed.composite["A>B"]

    @pytest.mark.parametrize(
        ("setting", "says"),
        [
            ("aggregate=geometrc", ("no method 'geometrc'", "Did you mean 'geometric'?")),
            ("agregate=geometric", ("unknown key 'agregate'", "Did you mean 'aggregate'?")),
            ("aggregate=power", ("parameter 'p' is missing", "Set p")),
            ("floor=", ("--methodology floor=", "not valid TOML", "floor=1")),
            ("floor=1\naggregate='minimum'", ("not valid TOML: one setting at a time", "Write aggregate=geometric")),
            ("floor=much", ("floor", "'much' is wrong")),
            ("weights={regards = 2}", ("no node 'regards'", "Did you mean 'regard'?")),
            ("geometric", ("--methodology geometric", "no setting", "aggregate=geometric")),
            ("nowhere.toml", ("--methodology nowhere.toml", "no file that can be read", "name a TOML file")),
        ],
    )
    def test_a_setting_that_cannot_be_is_an_error(self, command, study, setting, says):
        code, out, err = command("score", study, "--methodology", setting)
        assert (code, out) == (1, "")
        assert [words for words in says if words not in err] == [], err

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"aggregate = ", ("not valid TOML",)),
            (b"agregate = 'geometric'\n", ("unknown key 'agregate'",)),
            (b"aggregate = 'caf\xe9'\n", ("choices.toml", "UTF-8")),
        ],
    )
    def test_a_faulty_file_is_an_error(self, command, study, raw, says):
        file = study.parent / "choices.toml"
        file.write_bytes(raw)
        code, out, err = command("score", study, "--methodology", file)
        assert (code, out) == (1, "")
        assert [words for words in says if words not in err] == [], err

    def test_a_mark_before_the_file_is_no_fault(self, command, study):
        file = study.parent / "choices.toml"
        file.write_bytes(b"\xef\xbb\xbfaggregate = 'geometric'\n")
        assert command("score", study, "--methodology", file)[0] == 0

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
    def test_no_file_is_waited_for_or_read_without_end(self, command, study):
        os.mkfifo(study.parent / "choices")
        for file in (study.parent / "choices", "/dev/zero", "a\0b"):
            code, out, err = command("score", study, "--methodology", file)
            assert (code, out) == (1, "")
            assert "it is no setting, and no file that can be read (" in err

    def test_a_folder_is_no_file_of_choices(self, command, study):
        code, _, err = command("score", study, "--methodology", study)
        assert code == 1
        assert "no file that can be read" in err


class TestExplain:
    def test_it_prints_the_way_down_to_the_facts(self, command, study):
        code, out, err = command("explain", study)
        assert (code, err) == (0, "")
        assert out.strip() == f"{score(study).explain()}\n\n{NO_INTERVAL}"

    def test_a_node_alone(self, command, study):
        _, out, _ = command("explain", study, "--node", "visit_rate", "--case", "A>B")
        assert out.strip() == f"{score(study).explain('A>B', 'visit_rate')}\n\n{NO_INTERVAL}"
        assert "Visits, paragraph 2, footnote 7" in out

    @pytest.mark.parametrize(
        ("uncertain", "strict"), [({"normalise": ["min_max", "z_score"]}, False), ({"weights": "simplex"}, True)]
    )
    def test_why_there_is_no_interval_is_said(self, command, tmp_path, uncertain, strict):
        frame = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [None, 3.0, 1.0]}, index=list("ABC"))
        choices = {"missing": "strict"} if strict else {}
        study = from_frame(frame, methodology=choices).replace(uncertainty=uncertain).save(tmp_path / "study")
        code, out, _ = command("explain", study, "--case", "A")
        assert code == 0
        assert out.endswith("No interval: draws are on several scales, or have no score here.\n")

    def test_an_unknown_node_or_case_suggests_the_nearest(self, command, study):
        code, out, err = command("explain", study, "--node", "visit_rates")
        assert (code, out) == (1, "")
        assert "Did you mean 'visit_rate'?" in err
        code, _, err = command("explain", study, "--case", "A>C")
        assert code == 1
        assert "Did you mean 'A>B'?" in err


CHOICES = """
[scenarios.no_money]
title = "Without money"
exclude = { tags = ["money"] }
"""


@pytest.fixture
def choosy(study):
    """A study with a scenario."""
    file = study / "profile.toml"
    file.write_text(file.read_text(encoding="utf-8") + CHOICES, encoding="utf-8")
    return study


class TestScenarios:
    def test_score_and_explain_take_one(self, command, choosy):
        result = score(choosy, scenario="no_money")
        code, out, err = command("score", choosy, "--scenario", "no_money")
        assert (code, err) == (0, "")
        assert out.startswith("A small study: Without money (2000 to 2009)")
        assert f"{result.composite['A>B']:.1f}" in out
        (line,) = [line for line in out.splitlines() if "softpower explain" in line]
        words = shlex.split(line)
        assert words[words.index("--scenario") + 1] == "no_money"
        _, out, _ = command("explain", choosy, "--scenario", "no_money")
        assert out.strip() == f"{result.explain()}\n\n{NO_INTERVAL}"

    @pytest.mark.parametrize("name", ["score", "explain", "scenarios"])
    def test_an_unknown_one_names_the_nearest(self, command, choosy, name):
        code, out, err = command(name, choosy, "--scenario", "no_mony")
        assert (code, out) == (1, "")
        assert "there is no scenario 'no_mony'. Did you mean 'no_money'?" in err

    def test_a_table_of_all(self, command, choosy):
        code, out, err = command("scenarios", choosy)
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert lines[0] == "A small study: scenarios"
        assert [line.split()[0] for line in lines if line.startswith(("declared", "no_money"))] == [
            "declared",
            "no_money",
        ]
        start = "One of them in full, with an interval where uncertainty is declared"
        assert lines[-1] == f"{start}: softpower score {choosy} --scenario NAME"

    def test_a_table_has_none_and_is_shown_as_declared(self, command, tmp_path):
        path = tmp_path / "table.csv"
        path.write_text("case,x,y\nA,1,5\nB,2,1\n", encoding="utf-8")
        code, out, err = command("scenarios", path)
        assert (code, err) == (0, "")
        assert [line.split()[:2] for line in out.splitlines() if line.startswith("declared")] == [
            ["declared", "50.0"],
            ["declared", "50.0"],
        ]
        assert out.splitlines()[-1].startswith("There are no scenarios beside it")

    def test_csv_and_json_hold_the_whole_table(self, command, choosy):
        table = score_scenarios(choosy)
        _, out, _ = command("scenarios", choosy, "--format", "csv")
        read = pd.read_csv(io.StringIO(out), index_col=["scenario", "case"], keep_default_na=False)
        assert read["all"].tolist() == pytest.approx(table["all"].tolist())
        _, out, _ = command("scenarios", choosy, "--format", "json", "--scenario", "no_money")
        body = json.loads(out)
        assert (body["profile"], body["window"]) == ("mini", "2000 to 2009")
        assert [one["scenario"] for one in body["scenarios"]] == ["declared", "no_money"]
        assert body["scenarios"][1]["indicators"] == 5
        assert body["scenarios"][1]["difference"] == pytest.approx(table.loc[("no_money", "A>B"), "difference"])

    def test_json_says_null_where_there_is_no_score(self, command, choosy):
        file = choosy / "profile.toml"
        more = '[scenarios.high]\ntitle = "Too high"\nmethodology = { floor = 100.0, aggregate = "geometric" }\n'
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
        _, out, _ = command("scenarios", choosy, "--format", "json")
        last = json.loads(out)["scenarios"][-1]
        assert (last["all"], last["indicators"]) == (None, None)
        assert last["reason"].startswith("methodology: floor")


class TestValidate:
    def test_a_sound_profile_or_framework_has_no_faults(self, command, study):
        for folder in (study, study / "spec"):
            code, out, err = command("validate", folder)
            assert (code, err) == (0, "")
            assert out.splitlines()[-1] == f"{folder}: no faults"

    def test_it_notes_gaps_and_rows_outside_the_window(self, command, gappy):
        _, out, _ = command("validate", gappy)
        assert "note: scored rows dated outside 2000 to 2009: O-treaty" in out
        assert "note: A>B: mood_mean is missing: no observation of 'mood'" in out

    def test_it_checks_the_folder_and_not_what_ships_under_its_name(self, command, study, monkeypatch):
        study.rename(study.parent / "kazakhstan")
        monkeypatch.chdir(study.parent)
        (study.parent / "kazakhstan" / "sources.toml").write_text("", encoding="utf-8")
        code, _, err = command("validate", "kazakhstan")
        assert code == 1
        assert "sources.toml: the file is empty" in err

    def test_all_faults_go_to_standard_error_with_exit_code_1(self, command, study):
        for file, sound, broken in (
            ("profile.toml", "summary =", "sumary ="),
            ("sources.toml", "year = 2010", 'year = "long ago"'),
            ("observations.csv", "trade,10,", "trade,ten,"),
            ("spec/framework.toml", "parity = 0.5", "parity = 1.5"),
        ):
            path = study / file
            path.write_text(path.read_text(encoding="utf-8").replace(sound, broken), encoding="utf-8")
        code, out, err = command("validate", study)
        assert (code, out) == (1, "")
        assert err.startswith("4 faults:\n")
        for words in ("profile.toml: sumary", "sources.toml", "observations.csv line 10", "framework.toml: indicators"):
            assert words in err

    def test_a_fault_that_shows_at_scoring_is_found(self, command, study):
        path = study / "profile.toml"
        path.write_text(path.read_text(encoding="utf-8").replace('"declared"', "{ regards = 2 }"), encoding="utf-8")
        code, _, err = command("validate", study)
        assert code == 1
        assert "no node 'regards'" in err

    def test_what_drawing_refuses_is_found(self, command, study):
        # The lowest mood scores 0, of which the geometric mean has no value.
        path = study / "profile.toml"
        drawn = '\n[uncertainty]\naggregate = ["arithmetic", "geometric"]\n'
        text = path.read_text(encoding="utf-8").replace("floor = 1.0\n", "") + drawn
        path.write_text(text, encoding="utf-8")
        facts = study / "observations.csv"
        facts.write_text(facts.read_text(encoding="utf-8").replace("mood,1,0,2", "mood,-2,-2,-2"), encoding="utf-8")
        code, out, err = command("validate", study)
        assert (code, "no faults" in out) == (1, False)
        assert "profile.toml: uncertainty: aggregation = geometric: A>B: regard: the geometric mean needs" in err
        path.write_text(text.replace('"declared"', '"declared"\nfloor = 1.0'), encoding="utf-8")
        assert command("validate", study)[0] == 0

    def test_it_notes_values_beyond_their_goalposts(self, command, study):
        facts = study / "observations.csv"
        facts.write_text(
            facts.read_text(encoding="utf-8").replace("share,70,70,100", "share,155,155,160"), encoding="utf-8"
        )
        code, out, _ = command("validate", study)
        assert code == 0
        assert "note: agreement lies beyond its high goalpost, where the score stays: A>B (1.55)" in out

    def test_a_folder_that_is_not_there_is_an_error(self, command, study):
        code, _, err = command("validate", study / "nowhere")
        assert code == 1
        assert "no such folder" in err


class TestMisuse:
    def test_an_unknown_name_suggests_the_shipped_one(self, command):
        code, out, err = command("score", "kazakstan")
        assert (code, out) == (1, "")
        assert "kazakstan" in err
        assert "Did you mean 'kazakhstan'?" in err

    @pytest.mark.parametrize("arguments", [("score",), ("scores",), ("score", "x", "--format", "xml"), ("score", "-x")])
    def test_a_wrong_call_ends_with_exit_code_2(self, command, arguments):
        code, out, err = command(*arguments)
        assert (code, out) == (2, "")
        assert "Error" in err

    def test_help_names_every_command(self, command):
        code, out, _ = command("--help")
        assert code == 0
        for name in ("score", "explain", "validate", "new", "list"):
            assert name in out

    def test_without_typer_one_line_says_how_to_install_it(self, command, monkeypatch, study):
        monkeypatch.setitem(sys.modules, "typer", None)
        code, out, err = command("score", study)
        assert (code, out) == (1, "")
        assert len(err.splitlines()) == 1
        assert "pip install 'softpower[cli]'" in err


def test_it_runs_as_a_module_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "softpower.cli", "score", "kazakstan"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Did you mean 'kazakhstan'?" in done.stderr


def test_the_version_is_that_of_the_package(command):
    assert command("--version") == (0, f"{metadata.version('softpower')}\n", "")


class TestNew:
    def test_it_writes_a_profile_that_validates_and_scores_at_once(self, command, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        code, out, err = command("new", "kazakhstan")
        assert (code, err) == (0, "")
        written = {path.relative_to("kazakhstan").as_posix() for path in Path("kazakhstan").rglob("*.*")}
        assert written == {"profile.toml", "observations.csv", "sources.toml", "spec/framework.toml"}
        assert [name for name in written if f"  {name}\n" not in out] == []
        following = [line.strip() for line in out.partition("Next:\n")[2].splitlines()]
        assert [line.split()[1] for line in following] == ["score", "explain", "validate"]
        assert command(*shlex.split(following[2])[1:]) == (0, "./kazakhstan: no faults\n", "")
        # The one that was written, not the one that ships under its name.
        assert "All facts are invented." in command(*shlex.split(following[0])[1:])[1]

    def test_its_profile_shows_what_there_is_to_know(self, command, tmp_path):
        command("new", tmp_path / "study")
        profile = load_profile(tmp_path / "study")
        assert len(profile.cases) == 2
        assert sorted(one.measure.kind for one in profile.indicators.values()) == ["ladder", "mean", "rate", "ratio"]
        assert all("nvented" in one.statement for one in profile.observations)
        # By hand: 0.6 visits a year, 1200 of 6000 students, two rungs of two; the mean of one judgement of 1.
        exchange = (60 + 20 + 100) / 3
        assert score(profile).composite["ARV>SEL"] == pytest.approx((2 * exchange + 75) / 3)
        for name in ("profile.toml", "sources.toml", "spec/framework.toml"):
            assert (tmp_path / "study" / name).read_text(encoding="utf-8").count("# ") > 1

    def test_an_empty_folder_is_filled_and_any_other_refused(self, command, tmp_path):
        (tmp_path / "study").mkdir()
        assert command("new", tmp_path / "study")[0] == 0
        (tmp_path / "study" / "profile.toml").write_text("mine", encoding="utf-8")
        code, out, err = command("new", tmp_path / "study")
        assert (code, out) == (1, "")
        assert "it is there already, and not empty. Name a folder that is not there yet." in err
        assert (tmp_path / "study" / "profile.toml").read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize(
        ("folder", "says"),
        [
            ("", "is no path"),
            ("file", "it is a file"),
            ("a/b", "Make that folder first"),
            ("x" * 300, "Choose a shorter name"),
        ],
    )
    def test_a_place_that_cannot_be_is_refused(self, command, tmp_path, monkeypatch, folder, says):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        code, out, err = command("new", folder)
        assert (code, out) == (1, "")
        assert says in err
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


class TestList:
    def test_everything_has_one_line(self, command, monkeypatch):
        monkeypatch.delenv("COLUMNS", raising=False)
        code, out, err = command("list")
        assert (code, err) == (0, "")
        for line in (
            "  nye      Three sources of soft power",
            "  hdi      Human Development Index",
            "  kazakhstan              Soft power of the European Union in Kazakhstan",
            "  visa_openness                    Opening of the border by the partner",
            f"  available  {STEPS['missing']['available'].summary}",
        ):
            assert line in out.splitlines()
        names = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
        frameworks = [load_framework(name) for name in framework_names()]
        shown = len(frameworks) + sum(len(one.indicators) for one in frameworks) + len(profile_names())
        assert len(names) == shown + sum(map(len, STEPS.values()))

    @pytest.mark.parametrize("kind", ["frameworks", "indicators", "profiles", "methods"])
    def test_one_kind_is_listed_alone(self, command, kind):
        code, out, _ = command("list", kind)
        assert code == 0
        heads = [line for line in out.splitlines() if line and not line.startswith(" ")]
        assert heads
        assert all(line.startswith(kind) for line in heads)

    def test_the_indicators_of_a_folder(self, command, study):
        code, out, _ = command("list", "--framework", study / "spec")
        assert code == 0
        assert out.startswith(f"indicators of {study / 'spec'}\n  visit_rate    Visits a year\n")
        assert len(out.splitlines()) == 8

    @pytest.mark.parametrize("width", [1, 40, 60, 72, 120])
    def test_titles_go_on_in_the_next_line_where_the_terminal_ends(self, command, monkeypatch, width):
        monkeypatch.setenv("COLUMNS", str(width))
        _, out, _ = command("list", "methods")
        blocks = {block.splitlines()[0]: block.splitlines()[1:] for block in out.split("\n\n")}
        for step, methods in STEPS.items():
            lines = blocks[f"methods: {step}"]
            words = [word for name in methods for word in (name, *methods[name].summary.replace("`", "").split())]
            # Whatever is long may be broken within a word, and nothing is cut.
            assert "".join("".join(lines).split()) == "".join(words)
            assert max(map(len, lines)) <= max(width, 28, max(map(len, methods)) + 2)

    @pytest.mark.parametrize(
        ("arguments", "code", "says"),
        [
            (("frames",), 2, "'frames' is not one of"),
            (("indicators", "--framework", "nie"), 1, "Did you mean 'nye'?"),
            (("methods", "--framework", "nye"), 1, "methods belong to no framework. Leave it out"),
        ],
    )
    def test_what_there_is_not_is_an_error(self, command, arguments, code, says):
        ended, out, err = command("list", *arguments)
        assert (ended, out) == (code, "")
        assert says in err


class TestDraws:
    """What is drawn, on the command line."""

    def test_scores_have_intervals(self, command):
        code, out, err = command("score", "kazakhstan", "--draws", 64)
        assert (code, err) == (0, "")
        assert "90 % of draws" in out
        code, out, _ = command("score", "kazakhstan", "--draws", 0)
        assert "90 % of draws" not in out

    def test_without_declared_uncertainty_that_is_said(self, command):
        _, out, _ = command("score", "technology_achievement")
        assert "No uncertainty is declared" in out

    def test_intervals_are_written_and_explained(self, command, tmp_path):
        path = tmp_path / "scores.csv"
        code, _, err = command("score", "kazakhstan", "--draws", 64, "--output", path)
        assert (code, err) == (0, "")
        assert {"drawn_low", "drawn_median", "drawn_high"} <= set(pd.read_csv(path).columns)
        _, out, _ = command("explain", "kazakhstan", "--node", "culture")
        assert re.search(r"^90 % of draws of what is declared uncertain: \d+\.\d to \d+\.\d$", out, re.MULTILINE)

    def test_intervals_stand_in_csv_and_json(self, command):
        _, out, _ = command("score", "kazakhstan", "--draws", 64, "--format", "csv")
        frame = pd.read_csv(io.StringIO(out))
        composite = frame[frame["level"] == "composite"].iloc[0]
        assert composite["drawn_low"] < composite["drawn_median"] < composite["drawn_high"]
        _, out, _ = command("score", "kazakhstan", "--draws", 64, "--format", "json")
        body = json.loads(out)
        assert body["draws"] == {"n": 64, "sampling": "sobol", "seed": 0}
        assert body["scores"][0]["drawn_low"] < body["scores"][0]["score"]

    def test_uncertainty(self, command):
        code, out, err = command("uncertainty", "kazakhstan", "--draws", 64, "--depth", 0)
        assert (code, err) == (0, "")
        assert "64 draws of 84 factors" in out
        assert "\n  Culture " not in out
        _, out, _ = command("uncertainty", "kazakhstan", "--draws", 64, "--format", "csv")
        assert "mean_error" in out.splitlines()[0]
        _, out, _ = command("uncertainty", "kazakhstan", "--draws", 64, "--format", "json", "--seed", 5)
        assert json.loads(out)["seed"] == 5

    def test_of_a_table_with_an_uncertainty_of_the_moment(self, command, tmp_path):
        path = tmp_path / "table.csv"
        path.write_text("case,x,y\nA,1,2\nB,3,1\nC,2,5\nD,0,4\n", encoding="utf-8")
        chosen = tmp_path / "chosen.toml"
        chosen.write_text('aggregate = ["arithmetic", "minimum"]\n', encoding="utf-8")
        code, out, err = command(
            "uncertainty", path, "--uncertainty", "weights=simplex", "--uncertainty", chosen, "--sampling", "random"
        )
        assert (code, err) == (0, "")
        assert "weights, aggregation" in out.replace("aggregation, weights", "weights, aggregation")
        assert "mean rank" in out
        code, _, err = command("uncertainty", path)
        assert code == 1
        assert "declares no uncertainty" in err

    def test_claims(self, command):
        code, out, _ = command("claims", "kazakhstan", "--draws", 64)
        assert code == 0
        assert out.splitlines()[1].split()[0] == "culture_leads"
        _, out, _ = command("claims", "kazakhstan", "--draws", 64, "--format", "csv")
        assert out.splitlines()[0].startswith("claim,says,kind")
        _, out, _ = command("claims", "kazakhstan", "--draws", 64, "--format", "json")
        assert len(json.loads(out)["claims"]) == 4
        code, _, err = command("claims", "technology_achievement", "--uncertainty", "weights=simplex", "--draws", 16)
        assert code == 1
        assert "the profile states no claims" in err

    def test_sensitivity(self, command):
        code, out, err = command("sensitivity", "kazakhstan", "--output", "soft_power", "--rows", 16)
        assert (code, err) == (0, "")
        assert "observations: culture" in out
        _, out, _ = command(
            "sensitivity", "kazakhstan", "--output", "soft_power", "--rows", 16, "--groups", "single", "--format", "csv"
        )
        assert "weights: culture" in out
        _, out, _ = command("sensitivity", "kazakhstan", "--output", "soft_power", "--rows", 16, "--format", "json")
        assert json.loads(out)["n"] == 16
        code, _, err = command("sensitivity", "kazakhstan", "--output", "soft_pwer", "--rows", 16)
        assert code == 1
        assert "Did you mean 'soft_power'?" in err


class TestOneAtATime:
    """What one thing alone does."""

    @pytest.fixture
    def table(self, tmp_path):
        path = tmp_path / "table.csv"
        path.write_text("case,x,x:low,x:high,y\nA,1,0,2,2\nB,3,,,1\nC,2,,,5\n", encoding="utf-8")
        return path

    def test_tornado(self, command, table):
        arguments = ("tornado", table, "--uncertainty", "weights=simplex", "--case", "A")
        code, out, err = command(*arguments)
        assert (code, err) == (0, "")
        assert out.splitlines()[0].endswith(": each uncertain factor alone (Composite)")
        assert out.splitlines()[3].startswith("weights: composite  ")
        assert "weights: composite: from all weight on" in out
        frame = tornado(from_frame(read_table(table)), uncertainty={"weights": "simplex"}, case="A")
        _, out, _ = command(*arguments, "--format", "csv")
        assert [float(row["swing"]) for row in csv.DictReader(io.StringIO(out))] == frame["swing"].tolist()
        _, out, _ = command(*arguments, "--format", "json")
        assert json.loads(out)["tornado"][0]["high"] == frame["high"].iloc[0]

    def test_swings(self, command, table):
        code, out, err = command("swings", table, "--case", "A", "--node", "x")
        assert (code, err) == (0, "")
        assert out.splitlines()[0].endswith(": each observation alone (x)")
        assert out.splitlines()[3].startswith("A, x: x ")
        _, out, _ = command("swings", table, "--case", "A", "--format", "json")
        (one,) = json.loads(out)["swings"]
        code, days, err = command("swings", "kazakhstan", "--format", "json")
        assert (code, err) == (0, "")
        assert "date" in {row["unit"] for row in json.loads(days)["swings"]}
        assert (one["low"], one["high"]) == (0, 2)

    def test_drop_each(self, command, study, table):
        code, out, err = command("drop-each", study, "--by", "dimension")
        assert (code, err) == (0, "")
        assert out.splitlines()[2].split() == ["without", "dimension", "score", "difference"]
        titles = set(drop_each(study, by="dimension")["title"])
        assert {line.split("  ")[0] for line in out.splitlines()[3:] if not line.startswith("!")} == titles
        _, out, _ = command("drop-each", table, "--format", "csv")
        assert out.splitlines()[0] == "indicator,title,level,rank_change,reason"

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("tornado", "--case", "D"), "tornado"),
            (("swings", "--node", "z"), "z"),
            (("drop-each", "--by", "indicater"), "Did you mean 'indicator'?"),
            (("drop-each", "--period", "1999"), "the scores have no periods"),
        ],
    )
    def test_what_there_is_not_is_an_error(self, command, table, arguments, says):
        name, *rest = arguments
        uncertain = ("--uncertainty", "weights=simplex") if name == "tornado" else ()
        code, out, err = command(name, table, *rest, *uncertain)
        assert (code, out) == (1, "")
        assert says in err


class TestReaders:
    """Who reads what is printed, and with which characters."""

    HOSTILE = "\\u001b[31mred\\u009b [bold]x[/bold] [/] \\u202e影響力 é … end"

    @pytest.fixture
    def hostile(self, study):
        for file in (study / "profile.toml", study / "spec" / "framework.toml"):
            text = re.sub(
                r'^title = ".*"$',
                f'title = "{self.HOSTILE}"'.replace("\\", r"\\"),
                file.read_text("utf-8"),
                flags=re.MULTILINE,
            )
            file.write_text(text, encoding="utf-8")
        return study

    @pytest.mark.parametrize(
        "arguments",
        [
            ("score",),
            ("explain",),
            ("scenarios",),
            ("swings",),
            ("drop-each",),
            ("validate",),
            ("score", "--depth", "x"),
        ],
    )
    def test_no_text_commands_a_terminal(self, command, hostile, arguments):
        name, *rest = arguments
        _, *texts = command(name, hostile, *rest)
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(texts)) is None
        if name in {"score", "explain", "scenarios"} and not rest:
            assert r"\x1b[31mred\x9b [bold]x[/bold] [/] \u202e影響力 é … end" in texts[0]

    def test_data_are_as_they_are_unless_a_terminal_shows_them(self, command, hostile):
        _, out, _ = command("score", hostile, "--format", "csv")
        assert "\x1b[31mred" in out

    @pytest.mark.parametrize("format_", ["table", "json"])
    def test_an_output_with_ascii_alone_gets_what_is_like_it(self, hostile, monkeypatch, format_):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
        monkeypatch.setattr(sys, "argv", ["softpower", "score", str(hostile), "--format", format_])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
        text = raw.getvalue().decode("ascii")
        if format_ == "json":
            assert "影響力 é … end" in json.loads(text)["scores"][0]["title"]
        else:
            assert r"\u5f71\u97ff\u529b \xe9 ... end" in text

    @pytest.mark.parametrize("arguments", [["list"], ["--version"], ["--help"]])
    def test_stdout_may_be_closed(self, monkeypatch, arguments):
        monkeypatch.setattr(sys, "stdout", None)
        monkeypatch.setattr(sys, "stderr", None)
        monkeypatch.setattr(sys, "argv", ["softpower", *arguments])
        try:
            cli.main()
        except SystemExit as end:
            assert not end.code  # noqa: PT017 - the command may end by itself, or by that

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
    @pytest.mark.parametrize("arguments", ["list", "--version", "--help"])
    def test_a_full_disk_is_told_in_a_line(self, arguments):
        with Path("/dev/full").open("w") as full:
            run = [sys.executable, "-m", "softpower", arguments]
            ended = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert ended.returncode == 1
        assert ended.stderr == "stdout: No space left on device. Free some space, or let it go elsewhere.\n"

    def test_errors_speak_of_options_and_not_of_keywords(self, command, tmp_path):
        table = tmp_path / "table.csv"
        table.write_text("case,period,x,y\nA,2001,1,2\nA,2002,2,1\nB,2001,3,3\nB,2002,1,1\n", encoding="utf-8")
        assert "Name one: --case 'A'." in command("explain", table)[2]
        assert "Name one: --period 2001." in command("explain", table, "--case", "A")[2]
        assert "or say --overwrite to replace it." in command("score", table, "--output", table)[2]
        assert "or floor=1" in command("score", table, "--methodology", "floor=")[2]

    @pytest.mark.parametrize("stopped", [KeyboardInterrupt, BrokenPipeError])
    def test_a_stop_and_a_reader_that_has_gone_are_silent(self, monkeypatch, tmp_path, stopped):
        def stop(**_):
            raise stopped

        monkeypatch.setattr("softpower.cli.running._application", lambda: stop)
        with (tmp_path / "out").open("w") as out:
            monkeypatch.setattr(sys, "stdout", out)
            with pytest.raises(SystemExit) as end:
                cli.main()
        assert end.value.code == {KeyboardInterrupt: 130, BrokenPipeError: 1}[stopped]


class TestAsOf:
    """A score as of a day."""

    def test_it_is_that_of_python(self, command):
        code, out, err = command("score", "kazakhstan", "--as-of", "2005", "--undated", "constant", "--format", "json")
        assert (code, err) == (0, "")
        body = json.loads(out)
        assert body["window"] == "1991 to 2005"
        expected = score("kazakhstan", as_of=2005, undated="constant").composite.iloc[0]
        assert next(one["score"] for one in body["scores"] if one["node"] == "soft_power") == expected

    def test_the_next_command_is_of_the_same_day(self, command):
        _, out, _ = command("score", "kazakhstan", "--as-of", "2012", "--undated", "constant", "--draws", "0")
        call = next(line for line in out.splitlines() if "softpower explain" in line)
        assert call.endswith("--as-of 2012 --undated constant")
        code, out, _ = command(*shlex.split(call.split("softpower ", 1)[1]), "--node", "legal_ties")
        assert code == 0
        assert "Legal ties" in out

    def test_a_day_outside_the_window_is_a_fault(self, command):
        code, _, err = command("score", "kazakhstan", "--as-of", "1980")
        assert (code, "lies outside the window 1991 to 2022" in err) == (1, True)


class TestAudit:
    """What an auditor would question, by the command, and the exit code for a machine that asks."""

    def test_it_is_printed_and_passes_where_nothing_is_serious(self, command, study):
        code, out, err = command("audit", study)
        assert (code, err) == (0, "")
        assert out.startswith("A small study: 30 checks: ")
        assert "The ten steps of the Handbook" in out

    def test_the_exit_code_says_what_is_grave_enough(self, command, study):
        assert command("audit", study, "--fail-on", "warning")[0] == cli.FOUND
        assert command("audit", study, "--fail-on", "never")[0] == 0
        with (study / "observations.csv").open("a", encoding="utf-8") as table:
            first = (study / "observations.csv").read_text(encoding="utf-8").splitlines()[1]
            table.write(f"{first.replace('O-visit-1', 'O-again')}\n")
        code, out, _ = command("audit", study)
        assert code == cli.FOUND
        assert "The observations O-visit-1, O-again say the same" in " ".join(out.split())
        assert command("audit", study, "--leave-out", "duplicates")[0] == 0

    def test_formats(self, command, study):
        _, out, _ = command("audit", study, "--format", "json")
        body = json.loads(out)
        assert {one["severity"] for one in body["findings"]} <= {"serious", "warning", "note", "undefined"}
        assert [one["number"] for one in body["handbook"]] == list(range(1, 11))
        _, out, _ = command("audit", study, "--format", "csv")
        assert out.splitlines()[0] == "check,part,severity,what,where,number,threshold,mend,reference"

    def test_an_unknown_check_is_a_fault(self, command, study):
        code, _, err = command("audit", study, "--leave-out", "zeroes")
        assert (code, "Did you mean 'zeros'" in err) == (1, True)


class TestReport:
    """The page, by the command."""

    def test_a_page_is_written_once(self, command, study, tmp_path):
        path = tmp_path / "page.html"
        assert command("report", study, "-o", path) == (0, f"written: {path}\n", "")
        first = path.read_bytes()
        assert b"A small study" in first
        code, out, err = command("report", study, "-o", path)
        assert (code, out) == (1, "")
        assert "it is there already" in err
        assert command("report", study, "-o", path, "--overwrite", "--date", "2024-05-31")[0] == 0
        assert b"2024-05-31" in path.read_bytes()

    def test_the_two_that_are_named_are_compared(self, command, tmp_path):
        table = tmp_path / "table.csv"
        table.write_text("case,x,y\nA,1,3\nB,2,2\nC,3,9\n", encoding="utf-8")
        path = tmp_path / "page.html"
        assert command("report", table, "-o", path, "--compare", "B", "A")[0] == 0
        assert "Side by side: B and A" in path.read_text(encoding="utf-8")
        code, _, err = command("report", table, "-o", path, "--overwrite", "--compare", "B", "D")
        assert (code, err) == (1, "report: compare: there is no case 'D'. Known: A, B, C.\n")

    def test_the_seed_and_the_draws_are_on_it(self, command, study, tmp_path):
        with (study / "profile.toml").open("a", encoding="utf-8") as profile:
            profile.write('\n[uncertainty]\nweights = "simplex"\n')
        path = tmp_path / "page.html"
        code, _, err = command("report", study, "-o", path, "--draws", "64", "--seed", "3")
        assert (code, err) == (0, "")
        assert ": 64 draws of" in path.read_text(encoding="utf-8")
        assert "seed 3" in path.read_text(encoding="utf-8")


class TestPanels:
    """What moved between periods."""

    @pytest.fixture
    def panel(self, tmp_path):
        path = tmp_path / "panel.csv"
        rows = ["A,2000,1,4", "A,2001,3,4", "B,2000,2,1", "B,2001,2,9", "C,2001,3,3"]
        path.write_text("\n".join(["case,period,x,y", *rows]) + "\n", encoding="utf-8")
        return path

    def test_changes(self, command, panel):
        code, out, err = command("changes", panel)
        assert (code, err) == (0, "")
        assert out.splitlines()[0].endswith(": changes of Composite")
        assert "C enters in 2001" in out
        _, out, _ = command("changes", panel, "--case", "A", "--format", "csv")
        assert set(pd.read_csv(io.StringIO(out))["case"]) == {"A"}
        _, out, _ = command("changes", panel, "--format", "json")
        body = json.loads(out)
        assert [row["case"] for row in body["ranks"]] == ["A", "B"]
        assert body["entered"][0]["case"] == "C"
        _, out, _ = command("changes", panel, "--format", "json", "--methodology", "aggregate=copeland")
        assert "contributions" not in json.loads(out)

    def test_of_one_case_all_tables_are_of_that_case(self, command, panel):
        with panel.open("a", encoding="utf-8") as table:
            table.write("C,1999,5,5\n")
        # C leaves after 1999 and enters in 2001; A and B enter in 2000.
        for case, left in (("A", 0), ("B", 0), ("C", 1)):
            _, out, _ = command("changes", panel, "--case", case, "--format", "json")
            body = json.loads(out)
            tables = {key: [row["case"] for row in rows] for key, rows in body.items() if key != "profile"}
            rows = {"scores": 3, "contributions": 2, "ranks": 1, "entered": 1, "left": left}
            assert tables == {key: [case] * count for key, count in rows.items()}

    # Years are whole numbers in the scores, months texts, and a workbook's days are days.
    @pytest.mark.parametrize("periods", [("2000", "2001"), ("2000-05", "2000-06"), ("2000-05-30", "2000-05-31")])
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_a_period_is_named_as_the_table_has_it(self, command, tmp_path, periods, ending):
        frame = pd.DataFrame({"case": [*"AABB"], "period": [*periods] * 2, "x": [1, 3, 2, 2], "y": [4, 4, 1, 9]})
        path = tmp_path / f"panel.{ending}"
        if ending == "csv":
            frame.to_csv(path, index=False)
        else:
            days = len(periods[0]) == 10
            frame.assign(period=pd.to_datetime(frame["period"]) if days else frame["period"]).to_excel(
                path, index=False
            )
        # min_max over all rows: x of A goes from 0 to 100, y stays at 37.5
        code, out, err = command("explain", path, "--case", "A", "--period", periods[1])
        assert (code, err) == (0, "")
        assert out.startswith(f"A {periods[1]}\nComposite [composite]: 68.75\n")
        code, out, err = command("drop-each", path, "--case", "A", "--period", periods[0], "--format", "csv")
        assert (code, err) == (0, "")
        assert {row["indicator"]: float(row["score"]) for row in csv.DictReader(io.StringIO(out))} == {
            "x": 37.5,
            "y": 0,
        }

    def test_what_stands_alone_may_be_of_one_period(self, command, panel):
        rows = ["case,period,x,x:low,x:high,y", "A,2000,1,0,2,4", "A,2001,3,2,4,4", "B,2000,2,,,1", "B,2001,2,,,9"]
        panel.write_text("\n".join(rows) + "\n", encoding="utf-8")
        for name, more in (("swings", ()), ("tornado", ("--uncertainty", "leave_out=one"))):
            code, out, err = command(name, panel, *more, "--case", "A", "--period", "2001", "--format", "csv")
            assert (code, err) == (0, "")
            assert {row["period"] for row in csv.DictReader(io.StringIO(out))} == {"2001"}

    @pytest.mark.parametrize("name", ["explain", "drop-each"])
    def test_a_period_that_there_is_not_is_an_error(self, command, panel, name):
        code, out, err = command(name, panel, "--case", "A", "--period", "2002")
        assert (code, out) == (1, "")
        assert "there is no period '2002'. Did you mean '200" in err
        code, out, err = command(name, panel, "--case", "A")
        assert (code, out) == (1, "")
        assert "there are 2 periods: 2000, 2001" in err

    def test_every_command_of_a_case_names_a_period_where_its_function_does(self):
        functions = {
            scores.explain_command: Result.explain,
            one_at_a_time.drop_each_command: drop_each,
            one_at_a_time.tornado_command: tornado,
            one_at_a_time.swings_command: swings,
            periods.changes_command: changes,
        }
        commands = _commands().values()
        assert {one for one in commands if "case" in inspect.signature(one).parameters} == set(functions)
        for one, function in functions.items():
            told, taken = (set(inspect.signature(each).parameters) for each in (one, function))
            assert ("period" in told) == ("period" in taken)

    def test_what_there_is_not_is_an_error(self, command, panel):
        code, out, err = command("changes", panel, "--case", "D")
        assert (code, out) == (1, "")
        assert "no case 'D' has two periods" in err
        assert "no periods" in command("changes", "kazakhstan")[2]


class TestTrajectory:
    """A profile through time."""

    def test_years_and_phases(self, command):
        arguments = ["trajectory", "kazakhstan", "--years", "1998-2000", "--undated", "constant"]
        code, out, err = command(*arguments, "--phases", "1998-1999, 2000-2000")
        assert (code, err) == (0, "")
        assert [line.split()[1] for line in out.splitlines()[3:6]] == ["50.5", "55.1", "55.4"]
        assert "Soft power 2000-2000" in out
        assert "1999 Legal ties" in out

    def test_only_what_is_comparable(self, command):
        code, out, _ = command("trajectory", "kazakhstan", "--years", "1991,2022", "--comparable", "--format", "csv")
        assert code == 0
        table = pd.read_csv(io.StringIO(out))
        assert table["score"].iloc[:2].round(1).tolist() == [8.3, 74.2]
        assert set(table["coverage"]) == {1.0}

    def test_as_json_and_with_draws(self, command):
        arguments = ["trajectory", "kazakhstan", "--years", "2021-2022", "--draws", "16", "--undated", "constant"]
        code, out, _ = command(*arguments, "--phases", "2021-2022", "--format", "json")
        body = json.loads(out)
        assert code == 0
        assert set(body) == {"profile", "undated", "notes", "scores", "changes", "moves", "phases"}
        assert body["phases"][0]["years"] == 2

    def test_phases_as_csv(self, command):
        _, out, _ = command(
            "trajectory", "kazakhstan", "--years", "2021-2022", "--phases", "2021-2022", "--format", "csv"
        )
        assert out.startswith("case,node,phase,years")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--years", "2021-2050"], "2023 and 27 more lie outside the window 1991 to 2022"),
            (["--years", "soon"], "'soon' is not a date"),
            (["--phases", "1991"], "'1991' is no phase"),
        ],
    )
    def test_faults_are_said_in_words(self, command, arguments, said):
        code, out, err = command("trajectory", "kazakhstan", *arguments)
        assert (code, out) == (1, "")
        assert said in err

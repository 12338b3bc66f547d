"""Whatever befalls a program that writes: the old file is there, or the new one, whole, and nothing beside it."""

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import tomllib
from pathlib import Path

import pytest

import softpower
from softpower import FileError, load_profile
from softpower.files import write_file, write_folder
from softpower.interop import read_table, write_table, write_workbook

SOURCE = Path(softpower.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}
WRITERS = Path(__file__).with_name("writers.py")
LENGTH = 20_000
NEW = {"profile.toml": "new", "spec/framework.toml": "new"}


def start(what: str, folder: Path, letter: str, times: int, *more: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, str(WRITERS), what, str(folder), letter, str(times), *more]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)


def end(process: subprocess.Popen[str]) -> dict[str, int]:
    told, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return {name: count for name, count in json.loads(told).items() if count}


def contents(folder: Path) -> dict[str, str]:
    """Return every file under a folder, temporaries included."""
    return {one.relative_to(folder).as_posix(): one.read_text() for one in folder.rglob("*") if one.is_file()}


def whole(folder: Path, letters: str) -> bool:
    """Return whether all files under a folder are of one of the letters, from their first to their last."""
    return any(set(contents(folder).values()) == {letter * LENGTH} for letter in letters)


class TestStopped:
    """Ctrl-C at any call that writing makes leaves old or new, whole, and no temporary file."""

    @pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "end"])
    @pytest.mark.parametrize("call", ["open", "fsync", "stat", "chmod", "link", "replace", "rename", "mkdir", "unlink"])
    @pytest.mark.parametrize("what", ["file", "file over another", "folder", "folder over another"])
    def test_at_any_call(self, tmp_path, monkeypatch, call, what, name):
        target = tmp_path / "target"
        if what == "file over another":
            write_file(target, "old")
        if what == "folder over another":
            write_folder(target, dict.fromkeys([*NEW, "spec/references.toml"], "old"))
        before = contents(tmp_path)
        real, called = getattr(os, call), []

        def stopped(*arguments: object, **keywords: object) -> object:
            if not called:
                called.append(call)
                signal.raise_signal(name)
            made = real(*arguments, **keywords)
            signal.raise_signal(name)
            return made

        def handler(*_: object) -> None:
            raise KeyboardInterrupt

        ours = signal.signal(name, handler)
        try:
            with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
                patched.setattr(os, call, stopped)
                if "file" in what:
                    write_file(target, "new", overwrite=True)
                else:
                    write_folder(target, {**NEW, "spec/references.toml": "new"}, overwrite=True)
            assert signal.getsignal(name) is handler
        finally:
            signal.signal(name, ours)
        after = contents(tmp_path)
        assert after == before or (after and set(after.values()) == {"new"})
        assert [path.name for path in tmp_path.iterdir()] == ["target"] * bool(after)

    def test_it_is_not_forgotten(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "fsync", lambda _: signal.raise_signal(signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            write_file(tmp_path / "a", "new")
        assert contents(tmp_path) == {"a": "new"}

    def test_other_threads_write_as_well(self, tmp_path):
        thread = threading.Thread(target=write_file, args=(tmp_path / "a", "new"))
        thread.start()
        thread.join()
        assert contents(tmp_path) == {"a": "new"}

    def test_where_no_signal_can_be_held_it_is_written_as_well(self, tmp_path, monkeypatch):
        def inner(*_: object) -> None:
            raise ValueError("signal only works in main thread of the main interpreter")

        monkeypatch.setattr(signal, "signal", inner)
        write_file(tmp_path / "a", "new")
        assert contents(tmp_path) == {"a": "new"}

    @pytest.mark.parametrize("times", [40, pytest.param(5000, marks=pytest.mark.long)])
    @pytest.mark.parametrize("what", ["file", "folder", "new file", "new folder"])
    def test_at_any_moment(self, tmp_path, what, times):
        ends = end(start(what, tmp_path, "a", times, "stopping"))
        assert ends.keys() <= {"written", "stopped"}
        assert sum(ends.values()) == times
        assert ends["stopped"] >= times // 10
        for made in [tmp_path] if "new" not in what else [one for one in tmp_path.iterdir() if one.is_dir()]:
            assert whole(made, "ab")
        assert all(path.read_text() in {"a" * LENGTH, "b" * LENGTH} for path in tmp_path.iterdir() if path.is_file())


class TestTwoWriters:
    """Two processes that write one thing at once: each end is one whole result or the other."""

    @pytest.mark.parametrize("times", [30, pytest.param(3000, marks=pytest.mark.long)])
    @pytest.mark.parametrize("what", ["file", "folder"])
    def test_where_both_may_overwrite_one_comes_after_the_other(self, tmp_path, what, times):
        both = [start(what, tmp_path, letter, times) for letter in "xy"]
        seen = set()
        while any(one.poll() is None for one in both):
            if what == "file" and (tmp_path / "target").exists():
                seen.add((tmp_path / "target").read_text())
            time.sleep(0.002)
        assert [end(one) for one in both] == [{"written": times}] * 2
        assert seen <= {"x" * LENGTH, "y" * LENGTH}
        assert whole(tmp_path, "xy")
        assert [path.name for path in tmp_path.iterdir()] == ["target"]

    @pytest.mark.parametrize("what", ["new file", "new folder"])
    def test_where_none_may_overwrite_each_is_written_once(self, tmp_path, what):
        ends = [end(one) for one in [start(what, tmp_path, letter, 60) for letter in "xy"]]
        assert sum(one.get("written", 0) for one in ends) == 60
        refused = {name for one in ends for name in one} - {"written"}
        assert all("there already" in one or "cannot be written" in one for one in refused)
        for number in range(60):
            made = tmp_path / str(number)
            letters = {made.read_text()} if made.is_file() else set(contents(made).values())
            assert letters in ({"x" * LENGTH}, {"y" * LENGTH})
        assert len(list(tmp_path.iterdir())) == 60

    @pytest.mark.long
    def test_reports_tables_workbooks_and_studies(self, tmp_path):
        program = """
            import sys, softpower
            from softpower.interop import write_table, write_workbook
            folder, name = sys.argv[1:]
            study = softpower.load_profile(name)
            result = softpower.score(study)
            for _ in range(3):
                softpower.report(study, f"{folder}/page.html", n=64, overwrite=True)
                for _ in range(10):
                    write_table(result, f"{folder}/table.csv", overwrite=True)
                    write_workbook(result, f"{folder}/book.xlsx", overwrite=True)
                    study.save(f"{folder}/study", overwrite=True)
            """
        names = ("kazakhstan", "technology_achievement")
        for folder in ("both", *names):
            (tmp_path / folder).mkdir()
        for folder in ("both", "alone"):
            all_at_once = [
                subprocess.Popen(
                    [
                        sys.executable,
                        "-c",
                        textwrap.dedent(program),
                        str(tmp_path / (folder if folder == "both" else name)),
                        name,
                    ],
                    env=ENVIRONMENT,
                )
                for name in names
            ]
            assert [one.wait(600) for one in all_at_once] == [0, 0]
        for part in ("page.html", "table.csv", "book.xlsx"):
            assert (tmp_path / "both" / part).read_bytes() in [(tmp_path / name / part).read_bytes() for name in names]
        saved = load_profile(tmp_path / "both" / "study")
        assert saved in [load_profile(name) for name in names]
        assert sorted(one.name for one in (tmp_path / "both").iterdir()) == [
            "book.xlsx",
            "page.html",
            "study",
            "table.csv",
        ]


NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TestDisks:
    @pytest.mark.parametrize("what", ["file", "folder"])
    def test_a_file_that_is_too_large_for_the_disk(self, tmp_path, what):
        """The kernel itself refuses what is beyond the limit, in the middle of a file."""
        end(start(what, tmp_path, "a", 1))
        assert end(start(what, tmp_path, "b", 2, "limited")) == {"it cannot be written (File too large)": 2}
        assert whole(tmp_path, "a")
        assert [path.name for path in tmp_path.iterdir()] == ["target"]

    @pytest.mark.parametrize("failing", ["fsync", "link", "replace"])
    def test_whatever_is_written_on_a_full_disk_is_a_fault(self, tmp_path, monkeypatch, scored, failing):
        def full(*_: object, **__: object) -> None:
            raise NO_SPACE

        monkeypatch.setattr(os, failing, full)
        if failing == "link":
            monkeypatch.setattr(os, "replace", full)
        overwrite = failing == "replace"
        for name, write in {
            "a.csv": lambda path: write_table(scored, path, overwrite=overwrite),
            "a.xlsx": lambda path: write_workbook(scored, path, overwrite=overwrite),
        }.items():
            if overwrite:
                (tmp_path / name).write_text("old")
            with pytest.raises(FileError, match=r"No space left on device\). Free some space"):
                write(tmp_path / name)
            assert contents(tmp_path) == ({name: "old"} if overwrite else {})
            (tmp_path / name).unlink(missing_ok=True)
        if failing == "fsync":
            with pytest.raises(FileError, match="No space left on device"):
                scored.profile.save(tmp_path / "study")
            assert list(tmp_path.iterdir()) == []

    def test_a_full_folder_for_temporary_files(self, tmp_path, monkeypatch, scored):
        import openpyxl.worksheet._writer

        def full(*_: object, **__: object) -> None:
            raise NO_SPACE

        monkeypatch.setattr(openpyxl.worksheet._write_only, "WorksheetWriter", full)
        with pytest.raises(
            FileError, match=r"the folder for temporary files takes no sheet \(No space left on device\)"
        ):
            write_workbook(scored, tmp_path / "a.xlsx")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(("number", "mend"), [(errno.EACCES, "permissions"), (errno.EIO, "permissions")])
    def test_a_file_that_another_holds(self, tmp_path, monkeypatch, study, number, mend):
        def held(*_: object, **__: object) -> bytes:
            raise OSError(number, os.strerror(number), "path")

        monkeypatch.setattr(Path, "read_bytes", held)
        (tmp_path / "a.csv").write_text("case,x\nA,1\n")
        (tmp_path / "a.xlsx").write_text("")
        for read in (
            lambda: load_profile(study),
            lambda: read_table(tmp_path / "a.csv"),
            lambda: read_table(tmp_path / "a.xlsx"),
        ):
            with pytest.raises(FileError, match=rf"it cannot be read \({os.strerror(number)}\)\. Check .*{mend}"):
                read()

    def test_a_file_in_use_says_to_close_it(self, tmp_path, monkeypatch):
        def held(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, "The process cannot access the file")

        (tmp_path / "a").write_text("old")
        monkeypatch.setattr(os, "replace", held)
        with pytest.raises(FileError, match=r"cannot access the file\). Check the permissions, close what has it open"):
            write_file(tmp_path / "a", "new", overwrite=True)
        assert contents(tmp_path) == {"a": "old"}

    @pytest.mark.long
    @pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="only root can mount a disk")
    def test_disks_that_are_full_or_read_only(self, tmp_path):
        """A disk of 256 kB in a name space of its own, filled and then made read-only."""
        program = f"""
            import softpower
            from softpower.interop import write_table, write_workbook
            from pathlib import Path
            folder = Path({str(tmp_path)!r})
            result = softpower.score("kazakhstan")
            write_table(result, folder / "a.csv")
            write_workbook(result, folder / "a.xlsx")
            result.profile.save(folder / "study")
            before = {{one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}}
            filler = open(folder / "filler", "wb", buffering=0)
            try:
                while filler.write(b"x" * 512):
                    pass
            except OSError:
                filler.close()
            before[folder / "filler"] = (folder / "filler").read_bytes()
            def check(says):
                for write in (
                    lambda: write_table(result, folder / "a.csv", overwrite=True),
                    lambda: write_table(result, folder / "b.csv"),
                    lambda: write_workbook(result, folder / "a.xlsx", overwrite=True),
                    lambda: result.profile.save(folder / "study", overwrite=True),
                    lambda: result.profile.save(folder / "other"),
                    lambda: softpower.report(result.profile, folder / "a.html", n=64),
                ):
                    try:
                        write()
                    except softpower.FileError as error:
                        assert says in str(error), error
                    else:
                        raise AssertionError("it was written")
                    assert {{one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}} == before
                    assert sorted(one.name for one in folder.iterdir()) == ["a.csv", "a.xlsx", "filler", "study"]
            check("No space left on device). Free some space")
            import subprocess
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            check("ead-only")
            """
        (tmp_path / "program.py").write_text(textwrap.dedent(program))
        shutil.copy(tmp_path / "program.py", tmp_path.parent / "program.py")
        mounted = f"mount -t tmpfs -o size=256k none {tmp_path} && exec {sys.executable} {tmp_path.parent}/program.py"
        ran = subprocess.run(
            ["unshare", "-m", "sh", "-c", mounted], env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        if "ermitted" in ran.stderr or "denied" in ran.stderr:
            pytest.skip("no disk can be mounted here")
        assert ran.returncode == 0, ran.stderr


class TestCommand:
    """Ctrl-C ends the command quietly, with exit code 130, from its first import to its last line."""

    CALL = "from softpower_command import main; main()"
    STOP = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"

    def run(self, folder: Path, package: str, command: str, before: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command with a package that stands for ours."""
        (folder / "softpower").mkdir()
        (folder / "softpower" / "__init__.py").write_text(package)
        (folder / "softpower" / "cli.py").write_text(command)
        return subprocess.run(
            [sys.executable, "-c", f"{before}\n{self.CALL}"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(SOURCE)])},
        )

    @pytest.mark.parametrize(
        ("package", "command"),
        [
            (STOP, "def main(): print('runs')"),
            (f"try:\n    {STOP}\nexcept BaseException:\n    pass", "def main(): print('runs')"),
            ("", f"{STOP}\ndef main(): print('runs')"),
            ("", f"def main():\n    {STOP}\n    print('runs')"),
        ],
        ids=["package", "what takes it for another", "module", "command"],
    )
    def test_it_is_quiet(self, tmp_path, package, command):
        ran = self.run(tmp_path, package, command)
        assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")

    def test_what_comes_after_the_end_changes_nothing(self, tmp_path):
        late = f"import atexit\ndef stop():\n    {self.STOP}\natexit.register(stop)\ndef main(): print('runs')"
        ran = self.run(tmp_path, "", late)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "runs\n", "")

    def test_where_it_is_ignored_it_stays_ignored(self, tmp_path):
        ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
        ran = self.run(tmp_path, self.STOP, f"def main():\n    {self.STOP}\n    print('runs')", ignored)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "runs\n", "")

    def test_it_is_what_is_installed(self):
        settings = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text(encoding="utf-8"))
        assert settings["project"]["scripts"] == {"softpower": "softpower_command:main"}

    @pytest.mark.long
    def test_at_any_moment_of_a_report(self, tmp_path):
        chance = random.Random(8)
        for number in range(60):
            page, begun = tmp_path / f"{number}.html", tmp_path / f"{number}.begun"
            call = self.CALL.replace("main()", f"open({str(begun)!r}, 'w').close(); main()")
            process = subprocess.Popen(
                [sys.executable, "-c", call, "report", "technology_achievement", "-o", str(page)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=ENVIRONMENT,
            )
            # Before Python itself has begun nobody can be quiet.
            while not begun.exists():
                time.sleep(0.005)
            time.sleep(chance.uniform(0.001, 5))
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=120)
            assert (process.returncode, *said) in {
                (130, "", ""),
                (0, f"written: {page}\n", ""),
                (130, f"written: {page}\n", ""),
            }
            assert not page.exists() or page.read_text().rstrip().endswith("</html>")
            assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []

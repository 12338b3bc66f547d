"""Reading and writing: whole or not at all, never over anything unasked, and nothing left behind."""

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

from softpower import FileError
from softpower.files import check_target, read_given, read_text, write_file, write_folder

FILES = {"profile.toml": "id = 'new'\n", "spec/framework.toml": "id = 'spec'\n"}


def held(folder: Path) -> dict[str, bytes]:
    """Everything under a folder by name, temporaries included."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> list[str]:
    """What stands in a folder, temporaries included."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def old(tmp_path):
    """A folder with a profile that was there before, and what its owner keeps in it."""
    folder = tmp_path / "study"
    (folder / "spec").mkdir(parents=True)
    for name in ("profile.toml", "sources.toml", "README.md", "spec/framework.toml", "spec/notes.md"):
        (folder / name).write_text(f"old {name}", encoding="utf-8")
    return folder


def no_links(*_: object) -> None:
    """Stand for `os.link` on a disk without hard links."""
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def fail_at(monkeypatch, name: str, error: BaseException, times: int = 1):
    """Let a function of `os` raise when it is called for the n-th time, and work otherwise."""
    real, calls = getattr(os, name), []

    def fake(*arguments, **keywords):
        calls.append(1)
        if len(calls) == times:
            raise error
        return real(*arguments, **keywords)

    monkeypatch.setattr(os, name, fake)


NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS))


class TestRead:
    def test_a_text_is_read_as_it_is(self, tmp_path):
        (tmp_path / "a.toml").write_bytes("é\r\n\u2028".encode())
        assert read_text(tmp_path, "a.toml") == "é\r\n\u2028"

    def test_a_pipe_is_no_plain_file(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FileError, match="no plain file"):
            read_text(tmp_path, "pipe")

    @pytest.mark.parametrize("raw", ["case,x\nA,1\n".encode("utf-16-le"), b"case,x\0\n"])
    def test_a_table_that_is_saved_as_utf_16_is_told(self, tmp_path, raw):
        (tmp_path / "a.csv").write_bytes(raw)
        with pytest.raises(FileError, match=r"a\.csv line 1: it holds a NUL character, as UTF-16 does\. Save"):
            read_given(tmp_path / "a.csv")

    def test_texts_of_a_profile_may_hold_whatever_was_saved(self, tmp_path):
        (tmp_path / "a.csv").write_bytes(b"id,statement\n1,\0\n")
        assert read_text(tmp_path, "a.csv").endswith("\0\n")


class TestNoFolderToRunIn:
    """The folder in which the program runs is deleted."""

    @pytest.fixture
    def nowhere(self, tmp_path):
        here = Path.cwd()
        gone = tmp_path / "gone"
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()
        yield tmp_path
        os.chdir(here)

    @pytest.mark.usefixtures("nowhere")
    def test_what_is_read_or_written_there_is_refused(self):
        with pytest.raises(FileError, match="there is no such file"):
            read_given(Path("a.csv"))
        with pytest.raises(FileError, match="it cannot be written"):
            write_file("a.csv", "x")
        with pytest.raises(FileError, match="it cannot be written"):
            check_target(Path("a.html"), overwrite=False)

    def test_other_folders_can_be_replaced(self, nowhere):
        (nowhere / "study").mkdir()
        write_folder(nowhere / "study", {"profile.toml": "id = 'a'"}, overwrite=True)
        assert read_text(nowhere / "study", "profile.toml") == "id = 'a'"


class TestWriteFile:
    @pytest.mark.parametrize("data", ["", "line\n", "a\r\nb\rc\n", "é \U0001f600", b"\x00\xff"])
    def test_it_writes_what_it_is_given(self, tmp_path, data):
        path = write_file(tmp_path / "Größe 中.csv", data)
        assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
        assert held(tmp_path).keys() == {"Größe 中.csv"}

    def test_its_permissions_are_those_of_any_new_file(self, tmp_path):
        (tmp_path / "plain").write_text("", encoding="utf-8")
        written = write_file(tmp_path / "written", "")
        assert written.stat().st_mode == (tmp_path / "plain").stat().st_mode

    def test_what_is_replaced_keeps_its_permissions(self, tmp_path):
        path = write_file(tmp_path / "a", "old")
        path.chmod(0o640)
        assert write_file(path, "new", overwrite=True).stat().st_mode & 0o777 == 0o640
        assert held(tmp_path) == {"a": b"new"}

    def test_nothing_is_overwritten_unasked(self, tmp_path):
        path = write_file(tmp_path / "a", "old")
        with pytest.raises(FileError, match=r"it is there already.*overwrite=True"):
            write_file(path, "new")
        assert held(tmp_path) == {"a": b"old"}

    def test_a_link_is_followed_and_stays(self, tmp_path):
        (tmp_path / "real").write_text("old", encoding="utf-8")
        (tmp_path / "link").symlink_to("real")
        with pytest.raises(FileError, match="there already"):
            write_file(tmp_path / "link", "new")
        write_file(tmp_path / "link", "new", overwrite=True)
        assert (tmp_path / "link").is_symlink()
        assert held(tmp_path) == {"real": b"new", "link": b"new"}

    def test_a_link_to_nothing_counts_as_something(self, tmp_path):
        (tmp_path / "link").symlink_to("nothing")
        with pytest.raises(FileError, match="there already"):
            write_file(tmp_path / "link", "new")
        assert held(tmp_path) == {}

    def test_a_circle_of_links_is_an_error(self, tmp_path):
        (tmp_path / "link").symlink_to("link")
        with pytest.raises(FileError, match="link"):
            write_file(tmp_path / "link", "new", overwrite=True)

    @pytest.mark.parametrize("path", ["", " ", None, 3, b"a"])
    def test_what_is_no_path_is_refused(self, path):
        with pytest.raises(FileError, match=r"is no path. Name the file"):
            write_file(path, "new")

    @pytest.mark.parametrize("path", [".", "a/", "folder", "folder/"])
    def test_a_folder_is_no_file(self, tmp_path, monkeypatch, path):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "folder").mkdir()
        for overwrite in (False, True):
            with pytest.raises(FileError, match=r"names a folder, not a file. Add the name"):
                write_file(path, "new", overwrite=overwrite)
        assert held(tmp_path) == {}

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_a_pipe_is_no_plain_file(self, tmp_path, overwrite):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FileError, match=r"it is no plain file\. Choose another name"):
            write_file(tmp_path / "pipe", "new", overwrite=overwrite)
        assert names(tmp_path) == ["pipe"]

    @pytest.mark.parametrize(
        ("path", "says"),
        [
            ("nowhere/a", "there is no folder .*nowhere. Make that folder first"),
            ("file/a", "above it is no folder|Not a directory"),
            ("a\0b", "null (byte|character)"),
            ("x" * 300, "too long.*Choose a shorter name"),
        ],
    )
    def test_a_place_that_cannot_be_is_refused(self, tmp_path, path, says):
        (tmp_path / "file").write_text("old", encoding="utf-8")
        for overwrite in (False, True):
            with pytest.raises(FileError, match=says):
                write_file(tmp_path / path, "new", overwrite=overwrite)
        assert held(tmp_path) == {"file": b"old"}

    def test_a_text_that_is_no_unicode_is_refused(self, tmp_path):
        with pytest.raises(FileError, match="surrogates not allowed"):
            write_file(tmp_path / "a", "\ud800")
        assert held(tmp_path) == {}

    @pytest.mark.parametrize("overwrite", [False, True])
    @pytest.mark.parametrize(("error", "says"), [(NO_SPACE, "Free some space"), (READ_ONLY, "permissions")])
    def test_a_disk_that_fails_leaves_the_old_and_says_how_to_mend_it(
        self, tmp_path, monkeypatch, overwrite, error, says
    ):
        path = tmp_path / "a"
        if overwrite:
            path.write_text("old", encoding="utf-8")
        before = held(tmp_path)
        fail_at(monkeypatch, "fsync", error)
        with pytest.raises(FileError, match=f"(?s){error.strerror}.*{says}"):
            write_file(path, "new", overwrite=overwrite)
        assert held(tmp_path) == before

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), READ_ONLY], ids=["interrupt", "read_only"])
    @pytest.mark.parametrize("place", ["fsync", "replace"])
    def test_an_end_in_the_middle_leaves_the_old_and_nothing_else(self, tmp_path, monkeypatch, place, error):
        write_file(tmp_path / "a", "old")
        fail_at(monkeypatch, place, error)
        with pytest.raises((KeyboardInterrupt, FileError)):
            write_file(tmp_path / "a", "new", overwrite=True)
        assert held(tmp_path) == {"a": b"old"}

    def test_a_disk_without_hard_links_will_do(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "link", no_links)
        assert write_file(tmp_path / "a", "new").read_text(encoding="utf-8") == "new"
        assert held(tmp_path) == {"a": b"new"}

    def test_an_interruption_on_a_disk_without_hard_links_leaves_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "link", no_links)
        fail_at(monkeypatch, "replace", KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            write_file(tmp_path / "a", "new")
        assert held(tmp_path) == {}

    def test_what_came_meanwhile_is_not_overwritten(self, tmp_path, monkeypatch):
        path = tmp_path / "a"
        monkeypatch.setattr(os, "fsync", lambda _: path.write_text("other", encoding="utf-8"))
        with pytest.raises(FileError, match="in the way"):
            write_file(path, "new")
        assert held(tmp_path) == {"a": b"other"}


class TestWriteFolder:
    def test_it_writes_the_files_and_returns_the_folder(self, tmp_path):
        assert write_folder(f"{tmp_path}/é 中/", FILES) == tmp_path / "é 中"
        assert held(tmp_path / "é 中") == {name: text.encode() for name, text in FILES.items()}
        assert names(tmp_path) == ["é 中"]

    def test_a_relative_path_is_meant_from_here(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert write_folder("study", FILES) == Path("study")
        assert (tmp_path / "study" / "profile.toml").is_file()

    def test_nothing_is_overwritten_unasked_not_even_an_empty_folder(self, tmp_path, old):
        (tmp_path / "empty").mkdir()
        before = held(tmp_path)
        for folder in (old, tmp_path / "empty"):
            with pytest.raises(FileError, match=r"it is there already.*overwrite=True"):
                write_folder(folder, FILES)
        assert held(tmp_path) == before

    def test_an_empty_folder_may_be_replaced(self, tmp_path):
        (tmp_path / "empty").mkdir()
        write_folder(tmp_path / "empty", FILES, overwrite=True)
        assert held(tmp_path / "empty").keys() == FILES.keys()
        assert names(tmp_path) == ["empty"]

    def test_a_profile_is_replaced_and_what_else_there_is_survives(self, tmp_path, old):
        (old / "link").symlink_to("README.md")
        (old / "data").mkdir()
        write_folder(old, FILES, overwrite=True, stale=("sources.toml", "profile.toml", "spec/references.toml"))
        assert held(old) == {
            "profile.toml": b"id = 'new'\n",
            "spec/framework.toml": b"id = 'spec'\n",
            "README.md": b"old README.md",
            "link": b"old README.md",
            "spec/notes.md": b"old spec/notes.md",
        }
        assert (old / "link").is_symlink()
        assert (old / "data").is_dir()
        assert names(tmp_path) == ["study"]

    def test_a_folder_that_holds_something_else_is_never_replaced(self, tmp_path):
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "one.png").write_bytes(b"1")
        with pytest.raises(FileError, match=r"holds other things and no profile.toml or framework.toml"):
            write_folder(tmp_path / "photos", FILES, overwrite=True)
        assert held(tmp_path) == {"photos/one.png": b"1"}

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_a_file_is_no_folder(self, tmp_path, overwrite):
        (tmp_path / "file").write_text("old", encoding="utf-8")
        with pytest.raises(FileError, match=r"it is a file, not a folder. Name a folder."):
            write_folder(tmp_path / "file", FILES, overwrite=overwrite)
        assert held(tmp_path) == {"file": b"old"}

    @pytest.mark.parametrize("inside", [".", "spec"])
    def test_the_folder_that_one_works_in_is_not_replaced(self, old, monkeypatch, inside):
        monkeypatch.chdir(old / inside)
        before = held(old)
        for path in (".", old) if inside == "." else (old,):
            with pytest.raises(FileError, match=r"in which this program runs.*Go to the folder above"):
                write_folder(path, FILES, overwrite=True)
        assert held(old) == before

    def test_a_link_to_a_folder_is_followed_and_stays(self, tmp_path, old):
        (tmp_path / "link").symlink_to("study")
        with pytest.raises(FileError, match="there already"):
            write_folder(tmp_path / "link", FILES)
        write_folder(tmp_path / "link", FILES, overwrite=True)
        assert (tmp_path / "link").is_symlink()
        assert (old / "profile.toml").read_text(encoding="utf-8") == "id = 'new'\n"
        assert names(tmp_path) == ["link", "study"]

    @pytest.mark.parametrize("path", ["", "  ", None, 3])
    def test_what_is_no_path_is_refused(self, path):
        with pytest.raises(FileError, match="is no path"):
            write_folder(path, FILES)

    def test_a_folder_in_no_folder_is_refused(self, tmp_path):
        with pytest.raises(FileError, match=r"there is no folder .*nowhere. Make that folder first"):
            write_folder(tmp_path / "nowhere" / "study", FILES)
        assert held(tmp_path) == {}

    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "..",
            "../a",
            "a/../../b",
            "/a",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "C:a",
            "\\\\host\\a",
            3,
            "a\0",
            "a:b",
            "NUL",
            "x/con.csv",
        ],
    )
    def test_a_name_that_leaves_the_folder_is_refused(self, tmp_path, name):
        with pytest.raises(FileError, match="no name of a file inside the folder"):
            write_folder(tmp_path / "study", {"sound": "", name: "new"})
        assert held(tmp_path) == {}
        assert names(tmp_path) == []

    def test_two_names_that_differ_in_case_alone_are_refused(self, tmp_path):
        with pytest.raises(
            FileError, match=r"'Trade.toml': not every disk tells it from 'trade.toml'\. Choose another"
        ):
            write_folder(tmp_path / "study", {"trade.toml": "", "aid.toml": "", "Trade.toml": ""})
        assert names(tmp_path) == []

    @pytest.mark.parametrize("files", [{"a": "", "a/b": ""}, {"a/b": "", "a": ""}, {"x" * 300: ""}, {"a": "\ud800"}])
    def test_names_and_texts_that_cannot_be_leave_nothing(self, tmp_path, files):
        with pytest.raises(FileError, match="cannot be written"):
            write_folder(tmp_path / "study", files)
        assert names(tmp_path) == []

    def test_a_link_out_of_the_old_folder_is_not_written_through(self, tmp_path, old):
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "profile.toml").write_text("outside", encoding="utf-8")
        (old / "profile.toml").unlink()
        (old / "profile.toml").symlink_to(tmp_path / "outside" / "profile.toml")
        write_folder(old, FILES, overwrite=True)
        assert not (old / "profile.toml").is_symlink()
        shutil.rmtree(old / "spec")
        (old / "spec").symlink_to(tmp_path / "outside")
        before = held(tmp_path)
        with pytest.raises(FileError, match=r"'spec/framework.toml' leaves the folder by a link"):
            write_folder(old, FILES, overwrite=True)
        assert held(tmp_path) == before
        assert (tmp_path / "outside" / "profile.toml").read_text(encoding="utf-8") == "outside"

    @pytest.mark.parametrize(
        "error", [KeyboardInterrupt(), NO_SPACE, READ_ONLY], ids=["interrupt", "full", "no_writing"]
    )
    @pytest.mark.parametrize("call", ["mkdir 1", "fsync 1", "fsync 2", "rename 1"])
    def test_an_end_in_the_middle_of_a_new_folder_leaves_nothing(self, tmp_path, monkeypatch, call, error):
        function, times = call.split()
        fail_at(monkeypatch, function, error, int(times))
        with pytest.raises((KeyboardInterrupt, FileError)) as caught:
            write_folder(tmp_path / "new", FILES)
        assert isinstance(caught.value, FileError | type(error))
        assert names(tmp_path) == []

    @pytest.mark.parametrize(
        "error", [KeyboardInterrupt(), NO_SPACE, READ_ONLY], ids=["interrupt", "full", "no_writing"]
    )
    @pytest.mark.parametrize("call", ["mkdir 1", "fsync 1", "fsync 2", "rename 1", "rename 2"])
    def test_an_end_in_the_middle_of_a_replacement_leaves_the_old_alone(self, old, monkeypatch, call, error):
        before = held(old)
        function, times = call.split()
        fail_at(monkeypatch, function, error, int(times))
        with pytest.raises((KeyboardInterrupt, FileError)) as caught:
            write_folder(old, FILES, overwrite=True)
        assert isinstance(caught.value, FileError | type(error))
        assert held(old) == before
        assert names(old.parent) == ["study"]

    def test_a_disk_without_hard_links_will_do(self, old, monkeypatch):
        monkeypatch.setattr(os, "link", no_links)
        write_folder(old, FILES, overwrite=True)
        assert held(old)["README.md"] == b"old README.md"

    def test_an_old_folder_whose_place_another_took_is_kept_beside(self, tmp_path, old, monkeypatch):
        real = os.rename

        def rename(source, target):
            real(source, target)
            if Path(source) == old:
                old.mkdir()
                (old / "other").write_text("other", encoding="utf-8")

        monkeypatch.setattr(os, "rename", rename)
        before = held(old)
        with pytest.raises(FileError, match="in the way"):
            write_folder(old, FILES, overwrite=True)
        assert held(old) == {"other": b"other"}
        (kept,) = (path for path in tmp_path.iterdir() if path != old)
        assert held(kept) == before

    def test_an_old_folder_that_cannot_come_back_is_kept_beside(self, tmp_path, old, monkeypatch):
        real, calls = os.rename, []

        def rename(*arguments):
            calls.append(1)
            if len(calls) > 1:
                raise READ_ONLY
            return real(*arguments)

        monkeypatch.setattr(os, "rename", rename)
        before = held(old)
        with pytest.raises(FileError):
            write_folder(old, FILES, overwrite=True)
        (kept,) = tmp_path.iterdir()
        assert held(kept) == before


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_of_two_that_write_at_once_one_wins_whole_and_one_is_told(tmp_path, kind):
    start, ends = threading.Barrier(2), []

    def write(text):
        start.wait()
        try:
            if kind == "file":
                write_file(tmp_path / "target", text * 10_000)
            else:
                write_folder(tmp_path / "target", {"a": text, "b/c": text})
            ends.append(text)
        except FileError as error:
            ends.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (one for one in ends if isinstance(one, str))
    whole = {"target": winner.encode() * 10_000}
    assert held(tmp_path) == (whole if kind == "file" else {"target/a": winner.encode(), "target/b/c": winner.encode()})
    assert names(tmp_path) == ["target"]


def test_a_folder_that_came_meanwhile_is_not_overwritten(old, monkeypatch):
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    before = held(old)
    with pytest.raises(FileError, match="in the way"):
        write_folder(old, FILES)
    assert held(old) == before
    assert names(old.parent) == ["study"]

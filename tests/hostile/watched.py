"""Loads, scores, draws, reports and writes hostile studies, and tells what the interpreter was seen to do meanwhile.

Run by test_security.py: ``python watched.py FOLDER``, where FOLDER holds ``study``, ``outputs``, ``modules`` and more.
"""

import json
import mimetypes
import os
import sys
import types
from contextlib import suppress
from pathlib import Path

import matplotlib.font_manager  # its list of fonts may ask another program, once on a machine

import softpower
from softpower.interop import read_table, write_table, write_workbook

MARK = "hostile_mark"
FETCHING = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "telnetlib.", "webbrowser.")
STARTING = ("os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile", "subprocess.Popen", "pty.spawn")
ABOVE = Path(sys.argv[-1])
ALLOWED = tuple(
    os.path.realpath(place)
    for place in (
        *(sys.prefix, sys.base_prefix, Path(softpower.__file__).parents[2], Path(matplotlib.__file__).parents[1]),
        *(matplotlib.get_configdir(), matplotlib.get_cachedir(), ABOVE / "study", ABOVE / "outputs", os.devnull),
        # openpyxl looks up which kinds of files there are, and others how many processors.
        *(*mimetypes.knownfiles, "/proc", "/sys"),
    )
)
# What the libraries below start for themselves: older ones ask for the C library, and for the number of cores.
THEIRS = {"/sbin/ldconfig", "lscpu"}
seen: list[str] = []


def holds_mark(code: object) -> bool:
    """Return whether the mark stands in source or in code, at whatever depth."""
    if isinstance(code, types.CodeType):
        return any(map(holds_mark, (*code.co_consts, *code.co_names, *code.co_varnames, code.co_filename)))
    if isinstance(code, bytes):
        return MARK.encode() in code
    return isinstance(code, str) and MARK in code


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what no text of a file may bring about."""
    first = arguments[0] if arguments else None
    if event in {"compile", "exec"}:
        suspicious = holds_mark(first)
    elif event == "import":
        suspicious = MARK in str(first)
    elif event == "open":
        # A number is a file that is open already.
        inside = not isinstance(first, str | bytes) or os.path.realpath(os.fsdecode(first)).startswith(ALLOWED)
        suspicious = not inside
    elif event == "subprocess.Popen":
        suspicious = first not in THEIRS
    else:
        suspicious = event == "pickle.find_class" or event.startswith((*FETCHING, *STARTING))
    if suspicious:
        seen.append(f"{event} {first!r}"[:200])


def use(name: str | Path) -> None:
    """Do with a study whatever can be done with one."""
    study = softpower.load_profile(name)
    result = softpower.score(study)
    drawn = softpower.uncertainty_analysis(study, n=64) if study.uncertainty.declared else None
    outputs = ABOVE / "outputs"
    str(result), repr(result), result._repr_html_(), str(result.explain(case=study.cases[0]))
    softpower.score_scenarios(study)
    softpower.audit(study)
    softpower.report(study, outputs / "page.html", n=64, overwrite=True)
    write_table(result, outputs / "scores.csv", drawn=drawn, overwrite=True)
    write_workbook(result, outputs / "scores.xlsx", drawn=drawn, overwrite=True)
    read_table(outputs / "scores.csv")
    read_table(outputs / "scores.xlsx", sheet="scores")
    study.save(outputs / "copy", overwrite=True)
    softpower.load_profile(outputs / "copy")


def prove() -> list[str]:
    """Do what must be seen, and return it."""
    exec(compile(f"{MARK} = 1", "<text>", "exec"))
    with suppress(ImportError):
        __import__(f"{MARK}_absent")
    (ABOVE / "secret.txt").read_text(encoding="utf-8")
    import pickle
    import socket

    pickle.loads(pickle.dumps(Path))
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=0.1)
    with suppress(OSError):
        os.posix_spawn(str(ABOVE / "absent"), ["absent"], {})
    found, seen[:] = list(seen), []
    return found


def main() -> None:
    """Watch, prove that the watch sees, and use every study."""
    sys.addaudithook(watch)
    proved, refused = prove(), []
    use(ABOVE / "study")
    for variant in sorted((ABOVE / "study" / "variants").iterdir()):
        try:
            use(variant)
        except softpower.SoftPowerError:
            refused.append(variant.name)
    json.dump({"seen": seen, "proved": proved, "refused": refused}, sys.stdout)


if __name__ == "__main__":
    main()

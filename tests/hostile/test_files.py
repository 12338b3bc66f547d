"""Hostile files: whatever stands in them, it is answered, or an error says what is wrong and how to mend it."""

import contextlib
import io
import json
import re
import sys
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hostile import bases
from hostile.answering import answered, kept, scored, written
from hostile.building import PIECES, Study, books, hostile, made_up, methods, odd_texts
from softpower import Framework, Profile, SoftPowerError, cli, from_frame, load_framework, load_profile
from softpower.files import write_folder
from softpower.interop import from_coinr, read_table, to_coinr

SOUND = Study("sound", bases.SOUND)
RICH = Study("rich", bases.RICH)
PANEL = Study("panel", bases.PANEL)
KAZAKHSTAN = Study("kazakhstan", bases.KAZAKHSTAN)
SPEC = Study("spec", {name.removeprefix("spec/"): raw for name, raw in bases.RICH.items() if name.startswith("spec/")})
NYE = Study("nye", bases.NYE)
MANNERS = Study("manners", bases.MANNERS)
TABLE = Study("table", bases.TABLE)
COINR = Study("COINr", bases.COINR)
BOOK = {"table.xlsx"}

JSON = ("--format", "json")
COMMANDS = (
    *(("validate", "{}"), ("score", "{}"), ("score", "{}", *JSON), ("score", "{}", "--format", "csv", "--draws", "0")),
    *(("explain", "{}"), ("scenarios", "{}"), ("scenarios", "{}", *JSON), ("uncertainty", "{}", "--draws", "16")),
    *(("uncertainty", "{}", "--draws", "16", *JSON), ("claims", "{}", "--draws", "16"), ("tornado", "{}")),
    *(("sensitivity", "{}", "--rows", "4"), ("sensitivity", "{}", "--rows", "4", *JSON), ("tornado", "{}", *JSON)),
    *(("swings", "{}"), ("swings", "{}", "--format", "csv"), ("drop-each", "{}"), ("drop-each", "{}", *JSON)),
    *(("drop-each", "{}", "--by", "dimension"), ("trajectory", "{}"), ("trajectory", "{}", *JSON), ("changes", "{}")),
    *(("trajectory", "{}", "--undated", "constant"), ("audit", "{}"), ("audit", "{}", *JSON), ("changes", "{}", *JSON)),
    *(("score", "{}", "--as-of", "2004"), ("score", "{}", "--sets", "base,extended")),
    *(("score", "{}", "--methodology", "normalise=rank"), ("list", "indicators", "--framework", "{}/spec")),
    *(("score", "{}", "--output", "{}.csv", "--overwrite"), ("score", "{}", "--output", "{}.xlsx", "--overwrite")),
)
REPORT = ("report", "{}", "--draws", "16", "--output", "{}.html", "--overwrite")
"""It draws a dozen pictures, and takes a second."""


def study(place, given_to, files):
    """A profile is loaded, saved, loaded again as equal, and scored."""
    load = partial(answered, load_profile, names=given_to.names)
    profile = load(written(files, place / "study"))
    if isinstance(profile, Profile):
        kept(profile, place / "saved", profile.save, load)
        scored(profile)


def framework(place, given_to, files):
    """A framework is loaded, saved, and loaded again as equal."""
    load = partial(answered, load_framework, names=given_to.names)
    made = load(written(files, place / "study"))
    if isinstance(made, Framework):
        kept(made, place / "saved", lambda folder: write_folder(folder, made.to_files()), load)


def table(place, given_to, files):
    """A table is read, and becomes a profile that is scored."""
    name = next(iter(given_to))
    folder = written(files, place / "study")
    frame = answered(read_table, folder / name, names={name})
    profile = frame if isinstance(frame, SoftPowerError) else answered(from_frame, frame, where=name, names={name})
    if isinstance(profile, Profile):
        scored(profile.replace(methodology={"normalise": "min_max"}))


def coinr(place, given_to, files):
    """COINr's tables become a profile, which is saved and scored, and tables again."""
    folder = written(files, place / "study")
    tables = [answered(read_table, folder / name, names=given_to.names) for name in given_to.files]
    if any(isinstance(one, SoftPowerError) for one in tables):
        return
    read = answered(from_coinr, *tables, names={"iData", "iMeta"})
    if isinstance(read, SoftPowerError):
        return
    assert repr(read)
    kept(read.profile, place / "saved", read.profile.save, partial(answered, load_profile))
    scored(read.profile)
    answered(to_coinr, read.profile)


def command(place, given_to, files, words, *more):
    """A command prints what it says it prints, or the faults and nothing else, a line for each."""
    folder = written(files, place / "study")
    named = folder / "table.csv" if given_to is TABLE else folder
    code, out, err = answered(run, *(one.replace("{}", str(named)) for one in words), *more)
    name = words[0]
    assert code in ({0, 1, 3} if name == "audit" else {0, 1}), f"exit code {code}: {err}"
    assert (code == 1) == bool(err), f"exit code {code}: {err[:600]!r}"
    assert not re.search(r"Traceback|Warning|[\x00-\x09\x0b-\x1f\x7f]", err), err[:600]
    first, *others = err.removesuffix("\n").split("\n")
    assert all(line.startswith("- ") for line in others), err[:600]
    assert not others or first == f"{len(others)} faults:"
    if code != 1 and "json" in words:
        json.loads(out)


def settings_file(place, given_to, made):
    """A file of choices, which a command takes beside a sound study."""
    raw, option = made
    path = place / "choices.toml"
    path.write_bytes(raw)
    command(place, given_to, SOUND.files, ("uncertainty", "{}", "--draws", "16"), option, str(path))


def option(place, given_to, words, text):
    """A command takes an option with any text beside a sound study."""
    name, key = words
    (place / "study.csv").unlink(missing_ok=True)
    few = {"sensitivity": ("--rows", "4"), "uncertainty": ("--draws", "16")}.get(name, ())
    if "--output" in words and name == "score":
        # Anything else would be written where it says.
        text = f"{place}/{text.replace('/', '')}.csv"
    command(place, given_to, given_to.files, (name, "{}", *few), f"{key}={text}")


def run(*arguments):
    """Run the command in this process; return the exit code, what it printed, and what it said of errors."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["softpower", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = before
    return code, out.getvalue(), err.getvalue()


def files_and_words(one):
    """Return pairs of a study's files with a few changes, and a command."""
    return st.tuples(hostile(one, 2), st.sampled_from(COMMANDS))


def spread(law):
    """Return a law of files and words as one of a pair."""
    return lambda place, given_to, pair: law(place, given_to, *pair)


CHOICES = st.tuples(
    st.one_of(
        made_up([*SOUND.words, *RICH.words]),
        hostile(Study("choices", {"choices.toml": bases.CHOICES}), 2).map(lambda made: made.get("choices.toml") or b""),
    ),
    st.sampled_from(["--methodology", "--uncertainty"]),
)
OPTIONS = (
    *(
        ("score", "--as-of"),
        ("score", "--sets"),
        ("score", "--scenario"),
        ("score", "--framework"),
        ("explain", "--node"),
    ),
    *(("score", "--methodology"), ("score", "--output"), ("explain", "--case"), ("scenarios", "--scenario")),
    *(("uncertainty", "--uncertainty"), ("sensitivity", "--output"), ("tornado", "--node"), ("swings", "--case")),
    *(("drop-each", "--by"), ("drop-each", "--period"), ("trajectory", "--years"), ("trajectory", "--phases")),
    *(("audit", "--leave-out"), ("changes", "--case")),
)
"""Options that take any text; what a system hands over never holds a NUL, but bytes that are no text."""
SPANS = (
    "2001-2004",
    "2001,2003",
    "2001-2003,2004-2005",
    "2004-2001",
    "1-9",
    "\u00b2\u00b2\u00b2\u00b2-2001",
    "0001-9999",
)
SAID = st.one_of(
    *(odd_texts, st.sampled_from(RICH.words), st.sampled_from(SPANS), st.just("\udcff")),
    st.tuples(
        st.sampled_from([*RICH.words, "impute", "treat"]), st.one_of(methods, odd_texts, st.sampled_from(PIECES))
    ).map("=".join),
).map(lambda text: text.replace("\0", ""))
LAWS = {
    "sound": (study, SOUND, hostile(SOUND, 3), 9000),
    "rich": (study, RICH, hostile(RICH, 2), 9000),
    "panel": (study, PANEL, hostile(PANEL, 2), 9000),
    "kazakhstan": (study, KAZAKHSTAN, hostile(KAZAKHSTAN), 300),
    "spec": (framework, SPEC, hostile(SPEC, 2), 7000),
    "manners": (framework, MANNERS, hostile(MANNERS, 2), 800),
    "nye": (framework, NYE, hostile(NYE), 700),
    "table": (table, bases.TABLE, hostile(TABLE, 2), 5000),
    "workbook": (table, BOOK, books(), 4000),
    "coinr": (coinr, COINR, hostile(COINR), 2500),
    "commands": (spread(command), RICH, files_and_words(RICH), 2500),
    "commands on a panel": (spread(command), PANEL, files_and_words(PANEL), 1500),
    "commands on a table": (spread(command), TABLE, files_and_words(TABLE), 500),
    "reports": (spread(command), RICH, st.tuples(hostile(RICH), st.just(REPORT)), 150),
    "options": (spread(option), RICH, st.tuples(st.sampled_from(OPTIONS), SAID), 1500),
    "choices": (settings_file, SOUND, CHOICES, 1000),
}
FEW = {"kazakhstan": 3, "nye": 8, "manners": 8, "coinr": 15, "options": 15}
"""How many examples the quick run takes of what takes longer than the others."""


def tried(name, place, examples, **how):
    """Hold a law against so many examples."""
    law, given_to, strategy, _ = LAWS[name]

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), **how)
    @given(strategy)
    def holds(made):
        law(place, given_to, made)

    holds()


class TestAnyFile:
    """Whatever stands in a file: a right answer, or an error with the file, the fault and a mend in each line."""

    @pytest.mark.parametrize("name", [name for name in LAWS if name != "reports"])
    def test_is_answered(self, name, tmp_path):
        tried(name, tmp_path, FEW.get(name, 25))

    @pytest.mark.long
    @pytest.mark.parametrize("name", LAWS)
    def test_is_answered_however_many(self, name, tmp_path):
        tried(name, tmp_path, LAWS[name][-1], database=None, derandomize=False, phases=[Phase.generate])

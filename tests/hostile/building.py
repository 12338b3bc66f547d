"""Files made wrong on purpose, in the ways in which files go wrong.

By hand: a key, a cell, a row. By a program: line ends, encodings, a cut. By a disk: bytes. Some
changes keep a file sound.
"""

import csv
import datetime as dt
import io
import math
import re
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import tomli_w
from hypothesis import strategies as st

from softpower.registry import STEPS

DEEP = 3000
"""Tables and lists so deep end a recursion."""
ODD_TEXTS = (
    *("", " ", "\n", "\t", "\x00", "\x1b[31m", "\ufeff", "\ufeffid", "\u202eabc", "e\u0301", "\u200b"),
    *("\u2028", "中", "ß", "\U0001f600", "x" * 300, "y" * 20_000, "a.b", "a b", "../a", "/etc/passwd", "C:\\a"),
    *("CON", "'", '"', "\\", "#", ",", "*", ">", "A>B", "A>*", "*>*", ">B", "__class__", "model_config", "0"),
    *("-1", "1e999", "nan", "inf", "None", "null", "true", "yes", "=1+1", "{0}", "%s", "[a]", "{what}", ";"),
    *("count:", "count: ", "ordinal:1..0", "ordinal:0..999999999", "rungs:0", "EUR", "EUR million per year"),
    *("percent", "ratio", "number", "0001", "9999", "10000", "2001-02-30", "2001-13", "2001-1", "0000"),
    *("9999-12-31", "0001-01-01", "-2001", "declared", "others", "all", "composite", "one", "none", "base"),
)
ODD_NUMBERS = (
    *(0, -0.0, 1, -1, 2, 3, 0.5, 100, 1e-9, 1e-300, 5e-324, 1e300, 1.7976931348623157e308),
    *(-1.7976931348623157e308, math.nan, math.inf, -math.inf, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64),
    *(10**30, 10**400, 9999, -2001),
)
ODD_CELLS = (
    *("", " ", "0", "-0", "1", "-1", "+1", "1.", ".5", "1e5", "1E5", "1e999", "-1e999", "1e-999", "nan", "NaN"),
    *("inf", "-inf", "Infinity", "NA", "N/A", "null", "None", "TRUE", "false", "yes", "no", "1,5", "1 000"),
    *("1_000", "0x10", "\u0661\u0662", "\uff11\uff12", "1\u00a0000", "\u22121", "1e", "--1", "a\nb", "a\rb"),
    *("a\r\nb", 'a"b', "a,b", "'1", "=1+1", "@x", "\x00", "\x1a", "\x1c", "\ufeff", "\u202e", "e\u0301", "*>*"),
    *("A>*", "*>B", "A>B>C", "2001-02-30", "1999-05", "1" * 400, "0." + "3" * 400, "9" * 5000, "x" * 131_071),
    *("z" * 200_000, "1e308", "-1e308", "1e-320"),
)
ODD_PARTS = (
    *("", "-1", "0", "1e999", "nan", "99999999999", "A1", "ZZZZ9", "t", "s", "e", "b", "n", "d", "str"),
    *("inlineStr",),
)
"""What attributes and texts in the XML of a workbook may say."""
PIECES = (
    *("[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', '"""', "'", "'''", "#", "\\", "\n", "\r\n", " "),
    *("\t", "nan", "1e400", "0x1", "1_0", "1979-05-27", "07:32:00Z", "\\u0000", '"\\ud800"', "true", "id"),
    *("title", "a", "framework", "spec", "cases", "window", "start", "sources", "scenarios", "methodology"),
    *("dimensions", "indicators", "variables", "9" * 5000, "a." * 400, "[" * DEEP, "{a=" * DEEP, "\ufeff"),
    *("\x00", "é"),
)
METHODS = tuple(name for registry in STEPS.values() for name in registry)


def nested(depth, *, table):
    """Return a value in so many tables or lists."""
    made = 1
    for _ in range(depth):
        made = {"a": made} if table else [made]
    return made


odd_texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=8))
numbers = st.one_of(st.sampled_from(ODD_NUMBERS), st.floats(), st.integers())
scalars = st.one_of(numbers, odd_texts, st.booleans(), st.dates(), st.times(), st.datetimes())
methods = st.sampled_from(METHODS)
odd_values = st.one_of(
    scalars,
    methods,
    methods.map(lambda name: {"method": name}),
    st.sampled_from([[], {}, [[]], [{}], {"": {}}, {"method": 1}, {"kind": "value"}, {"others": "rank"}, [1, "a", {}]]),
    st.lists(scalars, max_size=3),
    st.dictionaries(odd_texts, scalars, max_size=3),
    st.builds(nested, st.sampled_from([2, 20, 90]), table=st.booleans()),
)
tomls = st.recursive(
    scalars,
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(odd_texts, inside, max_size=4)),
    max_leaves=12,
)
line_ends = st.sampled_from(["\r\n", "\r", "\n\r", "\u2028", "\x0b", ""])
encodings = st.sampled_from(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1252", "utf-7", "cp037"])


class Study:
    """The files of a study and its words; where a test fails it is called by its name alone."""

    def __init__(self, name, files):
        self.name, self.files, self.words = name, files, vocabulary(files)
        self.names = {Path(one).name for one in files} | {"study", "saved", "spec", "framework.toml", "profile.toml"}
        """What a fault may name: a file, or a folder of the study."""

    def __repr__(self):
        return self.name


def vocabulary(files):
    """Return the words of a study, keys, texts and cells, which a change puts where they do not belong."""
    found = set()
    for name, raw in files.items():
        if name.endswith(".toml"):
            data = tomllib.loads(raw.decode())
            for path in places(data):
                value = at(data, path)
                found |= {str(path[-1])} | ({value} if isinstance(value, str) else set())
        elif name.endswith(".csv"):
            found |= {cell for row in csv.reader(io.StringIO(raw.decode())) for cell in row}
    return sorted(found - {""})


def places(value, path=()):
    """Yield the path of every value inside plain data."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places(one, (*path, key))


def at(data, path):
    """Return the value at a path."""
    for key in path:
        data = data[key]
    return data


INSIDE_TOML = ("remove", "rename", "double", "replace", "replace", "like", "like", "move", "nest", "add", "word")
INSIDE_CSV = (
    *("cell", "cell", "cell", "cell", "swap", "fill", "row out", "row twice", "row moved", "rows turned"),
    *("column out", "column twice", "column named", "columns turned", "ragged", "blank row", "no rows"),
)
TEXT = ("ends", "encoding", "mark", "no end", "line out", "line twice", "cut", "put", "blank", "all twice", "piece")
STYLES = ({}, {}, {}, {}, {"quoting": csv.QUOTE_ALL}, {"delimiter": ";"}, {"delimiter": "\t"}, {"lineterminator": "\n"})
BLANKS = (b"", b" ", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\x00", b"#", b",", b'"')
WAYS = (*["inside"] * 12, *["text"] * 3, "bytes", "made up", "gone", "folder")


@st.composite
def changed_tables(draw, raw, words):
    """One value of a TOML file removed, renamed, doubled, moved or replaced."""
    data = tomllib.loads(raw.decode())
    if not data:
        raise ValueError("there is nothing to change")
    where = draw(st.sampled_from(list(places(data))))
    holder, key = at(data, where[:-1]), where[-1]
    value = holder[key]
    names = st.one_of(odd_texts, st.sampled_from(words))
    how = draw(st.sampled_from(INSIDE_TOML))
    match how:
        case "remove":
            del holder[key]
        case "rename" | "double":
            put(holder, draw(names), value)
            if how == "rename":
                del holder[key]
        case "move":
            there = draw(st.sampled_from(list(places(data))))
            at(data, there[:-1])[there[-1]] = tomllib.loads(tomli_w.dumps({"a": value}))["a"]
        case "nest":
            holder[key] = draw(st.sampled_from([[value], {"a": value}, str(value)]))
        case "add":
            put(value if isinstance(value, dict) else holder, draw(names), draw(odd_values))
        case "word":
            holder[key] = draw(st.sampled_from(words))
        case "like":
            plain = isinstance(value, int | float) and not isinstance(value, bool)
            holder[key] = draw(numbers if plain else st.one_of(methods, st.sampled_from(words)))
        case _:
            holder[key] = draw(odd_values)
    return dumped(data)


def put(holder, name, value):
    """Put a value into a table under a name, or at the end of a list."""
    if isinstance(holder, dict):
        holder[name] = value
    else:
        holder.append(value)


def dumped(data):
    """Return data as TOML; where the writer has no way to write them, TOML that breaks off."""
    try:
        return tomli_w.dumps(data).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError):
        return b"a = ["


@st.composite
def changed_cells(draw, raw, words):  # noqa: PLR0912 - a way of changing a table each
    """One row, column, cell or line of a CSV file changed."""
    rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
    if not rows or not all(rows):
        raise ValueError("there is nothing to change")
    line = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, min(len(rows[0]), len(rows[line])) - 1))
    odd = st.one_of(st.sampled_from(ODD_CELLS), odd_texts, st.sampled_from(words), st.floats().map(str))
    match draw(st.sampled_from(INSIDE_CSV)):
        case "cell":
            rows[line][column] = draw(odd)
        case "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[line][column], rows[other][column] = rows[other][column], rows[line][column]
        case "fill":
            filling = draw(odd)
            rows[1:] = [[*row[:column], filling, *row[column + 1 :]] for row in rows[1:]]
        case "row out":
            del rows[line]
        case "row twice":
            rows.insert(draw(st.integers(0, len(rows))), list(rows[line]))
        case "row moved":
            rows.append(rows.pop(line))
        case "rows turned":
            rows[1:] = rows[:0:-1]
        case "column out":
            rows = [row[:column] + row[column + 1 :] for row in rows]
        case "column twice":
            rows = [[*row, *row[column : column + 1]] for row in rows]
        case "column named":
            rows[0][column] = draw(st.one_of(odd, st.sampled_from(rows[0])))
        case "columns turned":
            rows = [row[::-1] for row in rows]
        case "ragged":
            rows[line] = draw(st.sampled_from([rows[line][:column], [*rows[line], "1"], [*rows[line], "", "", ""]]))
        case "blank row":
            rows.insert(line, draw(st.sampled_from([[], [""], [""] * len(rows[0]), [" "] * len(rows[0])])))
        case "no rows":
            rows = rows[: draw(st.integers(0, 1))]
    return table_of(rows, **draw(st.sampled_from(STYLES)))


def table_of(rows, **style):
    """Return rows as the bytes of a CSV file."""
    made = io.StringIO(newline="")
    csv.writer(made, **style).writerows(rows)
    return made.getvalue().encode("utf-8", "surrogatepass")


@st.composite
def changed_text(draw, raw):
    """A text as another program, an editor or a slip of the hand leaves it."""
    text = raw.decode("utf-8", "replace")
    lines = text.splitlines(keepends=True) or [""]
    line = draw(st.integers(0, len(lines) - 1))
    place = draw(st.integers(0, len(text)))
    how = draw(st.sampled_from(TEXT))
    if how == "ends":
        text = text.replace("\n", draw(line_ends))
    elif how == "encoding":
        return text.encode(draw(encodings), "replace")
    elif how == "mark":
        return b"\xef\xbb\xbf" * draw(st.integers(1, 2)) + raw
    elif how == "blank":
        return draw(st.sampled_from(BLANKS))
    elif how in {"put", "piece"}:
        odd = st.sampled_from(PIECES) if how == "piece" else st.one_of(odd_texts, st.sampled_from(ODD_CELLS[:60]))
        text = text[:place] + draw(odd) + text[place:]
    else:
        left = {"no end": text.rstrip("\r\n"), "cut": text[:place], "all twice": text + text}
        left |= {"line out": "".join(lines[:line] + lines[line + 1 :])}
        left |= {"line twice": "".join(lines[: line + 1] + lines[line:])}
        text = left[how]
    return text.encode("utf-8", "replace")


@st.composite
def changed_bytes(draw, raw):
    """Bytes as a broken disk leaves them."""
    place = draw(st.integers(0, len(raw)))
    return raw[:place] + draw(st.binary(max_size=8)) + raw[place + draw(st.integers(0, 8)) :]


def made_up(words):
    """Return files that hold nothing of a study but, now and then, its words: bytes, texts, TOML and CSV."""
    keys = st.one_of(st.sampled_from(words), odd_texts)
    cells = st.one_of(st.sampled_from(ODD_CELLS), st.sampled_from(words), odd_texts, st.floats().map(str))
    pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(words)), max_size=30)
    return st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
        pieces.map(lambda parts: "".join(parts).encode("utf-8", "replace")),
        st.dictionaries(keys, st.one_of(tomls, st.dictionaries(keys, tomls, max_size=4)), max_size=6).map(dumped),
        st.lists(st.lists(cells, max_size=6), max_size=5).map(table_of),
    )


class Changed(dict):
    """Files by their names; where a test fails they show what was changed."""

    def __init__(self, files):
        super().__init__(files)
        self.before = files

    def __repr__(self):
        names = [name for name in {**self.before, **self} if self.before.get(name) != self.get(name, b"")]
        return repr({name: (self.get(name, b"") or b"")[:2000] for name in names})


@st.composite
def hostile(draw, study, most=1):
    """The files of a study with one change, or a few."""
    made, words = Changed(study.files), study.words
    for _ in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(sorted(made)))
        raw = made[name]
        if raw is None:
            continue
        try:
            match draw(st.sampled_from(WAYS)):
                case "inside":
                    made[name] = draw((changed_tables if name.endswith(".toml") else changed_cells)(raw, words))
                case "text":
                    made[name] = draw(changed_text(raw))
                case "bytes":
                    made[name] = draw(changed_bytes(raw))
                case "made up":
                    made[name] = draw(made_up(words))
                case "gone" if len(made) > 1:
                    del made[name]
                case _:
                    made[name] = None
        except (ValueError, IndexError, csv.Error, RecursionError):
            # An earlier change left nothing that could be read and changed again.
            made[name] = draw(changed_bytes(raw))
    return made


SHEET = (
    ("case", "period", "trade", "visits", "group:region"),
    ("KAZ", 2001, 29.4, 4, "x"),
    ("UZB", 2001, 40.5, 1, "y"),
    ("KAZ", 2002, 30, None, "x"),
)
DAY = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - no workbook knows a zone
letters = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=6)


def book_of(rows):
    """Return rows as the bytes of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


BOOK = book_of(SHEET)


@st.composite
def changed_xml(draw, raw):
    """One attribute or text of XML replaced."""
    text = raw.decode()
    spots = [found.span() for found in re.finditer(r'"[^"]*"|>[^<]+<', text)]
    if not spots:
        return raw
    first, last = draw(st.sampled_from(spots))
    plain = letters.map(lambda one: re.sub(r'[<&">]', "", one))
    return (text[: first + 1] + draw(st.one_of(st.sampled_from(ODD_PARTS), plain)) + text[last - 1 :]).encode()


@st.composite
def books(draw):
    """A workbook with odd cells, a part that is gone or another, or bytes that are wrong."""
    how = draw(st.sampled_from(["cells", "cells", "part", "part", "part", "bytes"]))
    if how == "bytes":
        return {"table.xlsx": draw(changed_bytes(BOOK))}
    if how == "cells":
        rows = [list(row) for row in SHEET]
        cells = st.one_of(
            st.sampled_from(
                ["=1+1", "#DIV/0!", "#N/A", "'=1", True, None, 1e300, 2**60, "1e400", "", " ", "x" * 32_767]
            ),
            *(st.dates(min_value=DAY.date()), st.datetimes(min_value=DAY), st.times(), letters),
            st.floats(allow_nan=False, allow_infinity=False),
        )
        for _ in range(draw(st.integers(1, 3))):
            line, column = draw(st.integers(0, 3)), draw(st.integers(0, 5))
            rows[line] += [None] * (column + 1 - len(rows[line]))
            rows[line][column] = draw(cells)
        return {"table.xlsx": book_of(rows)}
    with zipfile.ZipFile(io.BytesIO(BOOK)) as parts:
        made = {one.filename: parts.read(one) for one in parts.infolist()}
    name = draw(st.sampled_from(sorted(made)))
    raw = made.pop(name)
    if changed := draw(
        st.one_of(st.none(), st.binary(max_size=50), changed_bytes(raw), changed_xml(raw), changed_xml(raw))
    ):
        made[name] = changed
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for one, content in made.items():
            parts.writestr(one, content)
    return {"table.xlsx": packed.getvalue()}

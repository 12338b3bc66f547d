"""Writes the page of errors: makes every mistake of a list, and tells what the library says of it.

``python docs/making/errors.py`` writes docs/errors.md. What an error means is the first line of its docstring.
"""

import inspect
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pandas as pd

import softpower
from softpower import SoftPowerError

PAGE = Path(__file__).parents[1] / "errors.md"
MISTAKES = (
    """
    # A misspelt key.
    softpower.score("kazakhstan", methodology={"weight": "equal"})
    """,
    """
    # A cell that is no number.
    softpower.score(pd.DataFrame({"trade": [1.5, "two"], "visits": [3, 4]}, index=["KAZ", "UZB"]))
    """,
    """
    # The least and the greatest of one case.
    softpower.score(pd.DataFrame({"trade": [1.5], "visits": [3]}, index=["KAZ"]))
    """,
    """
    # A misspelt name.
    softpower.load_profile("kazakstan")
    """,
    """
    # A folder that is there already.
    softpower.load_profile("kazakhstan").save("study")
    softpower.load_profile("kazakhstan").save("study")
    """,
    """
    # Workers that are gone.
    executor = ThreadPoolExecutor()
    executor.shutdown()
    softpower.uncertainty_analysis("kazakhstan", n=64, executor=executor)
    """,
    """
    # A workbook where openpyxl is not installed.
    softpower.interop.read_table("table.xlsx")
    """,
)
ABSENT = {"openpyxl": None}
"""What is as if it were not installed."""
HEAD = """\
# What an error says

Every error of the library is a `softpower.SoftPowerError`, and the builtin that fits as well: `except OSError` catches
a file that cannot be written. It holds its `faults`, all that were found at once. Each says `where` something is
wrong, `what` is, and how to `mend` it. `error.code` is the word in the first column. It stays the same in every
release, whatever the messages say, so programs can rely on it. An error can be pickled and copied. On the command line
it ends with exit code 1.

```python
import softpower

try:
    result = softpower.score("my_study")
except softpower.SoftPowerError as error:
    for fault in error.faults:
        print(error.code, fault.where, fault.what, fault.mend, sep="\\n")
```

This page is written by `python docs/making/errors.py`, which makes each mistake. The classes are in the
[reference](reference/errors.md).
"""


@dataclass(frozen=True)
class Made:
    """A mistake that was made, and the error that came of it."""

    code: str
    error: SoftPowerError


def kinds() -> list[type[SoftPowerError]]:
    """Return every class of error, the base first, the others in the order of their module."""
    found = [one for one in vars(softpower.errors).values() if inspect.isclass(one) and issubclass(one, SoftPowerError)]
    return list(dict.fromkeys(found))


def builtin(kind: type[SoftPowerError]) -> str:
    """Return the name of the builtin error that a class is as well."""
    return next(one.__name__ for one in kind.__mro__ if one.__module__ == "builtins")


def made(mistake: str) -> Made:
    """Make a mistake in an empty folder, and return what came of it."""
    code = textwrap.dedent(mistake).strip()
    names = {"softpower": softpower, "pd": pd, "ThreadPoolExecutor": ThreadPoolExecutor}
    with tempfile.TemporaryDirectory() as folder, chdir(folder), patch.dict(sys.modules, ABSENT):
        try:
            exec(code, names)
        except SoftPowerError as error:
            return Made(code, error)
    raise ValueError(f"no mistake: {code}")


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def page() -> str:
    """Return the whole page."""
    examples = {type(one.error): one for one in map(made, MISTAKES)}
    if set(examples) != set(kinds()[1:]):
        raise ValueError("one mistake for each class of error, please")
    rows = [row("code", "error", "it is also", "what it means", "an example", "how to mend it"), row(*["---"] * 6)]
    sections = []
    for kind in kinds():
        means = (inspect.getdoc(kind) or "").partition("\n")[0]
        if kind is SoftPowerError:
            rows.append(
                row(f"`{kind.code}`", f"`{kind.__name__}`", f"`{builtin(kind)}`", means, "any of those below", "")
            )
            continue
        one = examples[kind]
        fault = one.error.faults[0]
        said = f"{fault.where}: {fault.what}"
        link = f"[`{kind.code}`](#{kind.__name__.lower()})"
        rows.append(row(link, f"`{kind.__name__}`", f"`{builtin(kind)}`", means, said, fault.mend))
        message = "\n".join(textwrap.fill(line, 110, subsequent_indent="  ") for line in str(one.error).splitlines())
        sections.append(f"## {kind.__name__}\n\n{means}\n\n```python\n{one.code}\n```\n\n```text\n{message}\n```\n")
    return "\n".join([HEAD, *rows, "", *sections])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

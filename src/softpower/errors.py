"""What went wrong, where, and how to mend it."""

from __future__ import annotations

import bisect
import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it: control characters, and those that turn the direction of a line."""
LONGEST = 1000
"""So many characters of a part of a fault are read; what a file holds in one place may have millions."""
COMPARED = 250
"""So many names before and after a wrong one are looked through for the one that is meant."""


@dataclass(frozen=True, order=True)
class Fault:
    r"""One mistake: the place where it stands, what is wrong, and how to mend it.

    Each part is a line that prints, whatever the file or the value holds that it quotes.

    Examples
    --------
    >>> print(Fault("own.csv line 2", "'a\nb' is no unit", "Correct it."))
    own.csv line 2: 'a b' is no unit. Correct it.
    """

    where: str
    what: str
    mend: str

    def __post_init__(self) -> None:
        for name in ("where", "what", "mend"):
            object.__setattr__(self, name, _shortened(visible(getattr(self, name))))

    def __str__(self) -> str:
        """Return the fault as one readable line."""
        return f"{self.where}: {self.what}. {self.mend}" if self.where else f"{self.what}. {self.mend}"


class SoftPowerError(Exception):
    """Base of every error that the library raises on purpose.

    Parameters
    ----------
    faults : sequence of Fault
        Every fault that was found, in the order of the files.

    Attributes
    ----------
    code : str
        What kind of error it is, in a word that stays the same whatever the message says.

    Examples
    --------
    >>> error = SoftPowerError([Fault("profile.toml: window", "the end is before the start", "Swap them.")])
    >>> print(error)
    profile.toml: window: the end is before the start. Swap them.
    >>> error.code
    'softpower'
    """

    code: ClassVar[str] = "softpower"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """Return all faults, one a line, under a count when there are several."""
        if len(self.faults) == 1:
            return str(self.faults[0])
        lines = [f"{len(self.faults)} faults:"]
        lines += [f"- {fault}" for fault in self.faults]
        return "\n".join(lines)

    @classmethod
    def of(cls, where: str, what: str, mend: str) -> Self:
        """Return the error with a single fault."""
        return cls([Fault(where, what, mend)])


class SpecificationError(SoftPowerError, ValueError):
    """A framework, profile, methodology or source file says something that cannot be."""

    code = "specification"


class ObservationError(SoftPowerError, ValueError):
    """An observation is faulty, or observations clash."""

    code = "observation"


class MethodError(SoftPowerError, ValueError):
    """A method is unknown, has a wrong parameter, or has no meaning for the data."""

    code = "method"


class NotFoundError(SoftPowerError, KeyError):
    """A name is not known."""

    code = "not_found"


class FileError(SoftPowerError, OSError):
    """A file or folder cannot be read or written."""

    code = "file"


class ExecutionError(SoftPowerError, RuntimeError):
    """Work that was handed to an executor did not come back."""

    code = "execution"


class MissingExtraError(SoftPowerError, ImportError):
    """An optional dependency is not installed."""

    code = "missing_extra"


def visible(text: str) -> str:
    r"""Return a text of one line in which whatever a terminal would obey is written out.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> print(visible("a\x1b[31mred\ttitle"))
    a\x1b[31mred title
    """
    return COMMANDS.sub(_written_out, re.sub(r"[\t-\r\u2028\u2029\x85]", " ", text))


def printed(text: str) -> str:
    """Return a text of several lines in which whatever a terminal would obey is written out."""
    return "\n".join(map(visible, text.split("\n")))


def _written_out(found: re.Match[str]) -> str:
    place = ord(found[0])
    return f"\\x{place:02x}" if place < 256 else f"\\u{place:04x}"


def _shortened(text: str) -> str:
    """Return a text without its middle where it is too long: its ends say what it is about."""
    half = LONGEST // 2 - 3
    return text if len(text) <= LONGEST else f"{text[:half]} ... {text[-half:]}"


def problem(what: str, mend: str) -> PydanticCustomError:
    """Return the error that a model's validator raises: what is wrong and how to mend it."""
    # Pydantic encodes what it is given, and half a character, as a shell hands it over, has no code.
    return PydanticCustomError("softpower", "{what}. {mend}", {"what": visible(what), "mend": visible(mend)})


def raise_all(title: str, problems: Iterable[tuple[tuple[int | str, ...], PydanticCustomError]]) -> None:
    """Raise validation problems together, each at its location, if there are any."""
    details = [InitErrorDetails(type=one, loc=location, input=None) for location, one in problems]
    if details:
        raise ValidationError.from_exception_data(title, details)


def unknown_names(where: str, noun: str, names: Iterable[str], known: Collection[str]) -> list[Fault]:
    """Return a fault for each name that is not known, with the nearest that is.

    Examples
    --------
    >>> print(*unknown_names("audit: leave_out", "check", ["zeros", "balence"], ["balance", "zeros"]))
    audit: leave_out: there is no check 'balence'. Did you mean 'balance'?
    """
    return [
        Fault(where, f"there is no {noun} '{name}'", did_you_mean(name, known)) for name in names if name not in known
    ]


def did_you_mean(name: object, known: Iterable[str], *, listing: int = 12) -> str:
    """Return a sentence that names the nearest known name, or the known names.

    Examples
    --------
    >>> did_you_mean("geometrc", ["arithmetic", "geometric"])
    "Did you mean 'geometric'?"
    >>> did_you_mean("x", ["arithmetic", "geometric"])
    'Known: arithmetic, geometric.'
    """
    # What is known may itself be at fault: names that are no texts.
    names, text = sorted(map(str, known)), str(name)[:LONGEST]
    # Among many names only neighbours in the alphabet are compared: a large table may have as many faults as names.
    place = bisect.bisect(names, text)
    near = difflib.get_close_matches(text, names[max(0, place - COMPARED) : place + COMPARED], n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(names[:listing])
    return f"Known: {shown}{' ...' if len(names) > listing else '.'}" if names else "None is known."

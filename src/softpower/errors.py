"""What went wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake: the place where it stands, what is wrong, and how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        """Return the fault as one readable line."""
        return f"{self.where}: {self.what}. {self.mend}" if self.where else f"{self.what}. {self.mend}"


class SoftPowerError(Exception):
    """Base of every error that the library raises on purpose.

    Parameters
    ----------
    faults : sequence of Fault
        Every fault that was found, in the order of the files.

    Examples
    --------
    >>> error = SoftPowerError([Fault("profile.toml: window", "the end is before the start", "Swap them.")])
    >>> print(error)
    profile.toml: window: the end is before the start. Swap them.
    """

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
    def of(cls, where: str, what: str, mend: str) -> SoftPowerError:
        """Return the error with a single fault."""
        return cls([Fault(where, what, mend)])


class SpecificationError(SoftPowerError, ValueError):
    """A framework, profile, methodology or source file says something that cannot be."""


class ObservationError(SoftPowerError, ValueError):
    """An observation is faulty, or observations clash."""


class MethodError(SoftPowerError, ValueError):
    """A method is unknown, has a wrong parameter, or has no meaning for the data."""


class NotFoundError(SoftPowerError, KeyError):
    """A name is not known."""


class FileError(SoftPowerError, OSError):
    """A file or folder cannot be read or written."""


class ExecutionError(SoftPowerError, RuntimeError):
    """Work that was handed to an executor did not come back."""


class MissingExtraError(SoftPowerError, ImportError):
    """An optional dependency is not installed."""


def problem(what: str, mend: str) -> PydanticCustomError:
    """Return the error that a model's validator raises: what is wrong and how to mend it."""
    # Half a letter, of which Python lets a text have one, would break the message itself.
    what, mend = (one.encode("utf-8", "backslashreplace").decode("utf-8") for one in (what, mend))
    return PydanticCustomError("softpower", "{what}. {mend}", {"what": what, "mend": mend})


def raise_all(title: str, problems: Iterable[tuple[tuple[int | str, ...], PydanticCustomError]]) -> None:
    """Raise validation problems together, each at its location, if there are any."""
    details = [InitErrorDetails(type=one, loc=location, input=None) for location, one in problems]
    if details:
        raise ValidationError.from_exception_data(title, details)


def did_you_mean(name: object, known: Iterable[str], *, listing: int = 12) -> str:
    """Return a sentence that names the nearest known name, or the known names.

    Examples
    --------
    >>> did_you_mean("geometrc", ["arithmetic", "geometric"])
    "Did you mean 'geometric'?"
    >>> did_you_mean("x", ["arithmetic", "geometric"])
    'Known: arithmetic, geometric.'
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(names[:listing])
    return f"Known: {shown}{' ...' if len(names) > listing else '.'}" if names else "None is known."

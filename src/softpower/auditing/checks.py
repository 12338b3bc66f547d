"""What a check is: a question to a study, how it is answered, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from softpower.auditing.audited import Audited
from softpower.auditing.findings import Part, Said

HANDBOOK = "OECD/JRC, Handbook on Constructing Composite Indicators (2008), step {}"
"""The rule of a check that the handbook asks for, by its step."""


@dataclass(frozen=True)
class Check:
    """One question to a study.

    Parameters
    ----------
    name, title : str
    part : {"framework", "data", "cases", "judgements"}
    reference : str
        By which rule.
    look : callable
        Yields what it finds.
    needs : {"cases", "observations"}, optional
        What it has no meaning without.
    """

    name: str
    title: str
    part: Part
    reference: str
    look: Callable[[Audited], Iterator[Said]] = field(repr=False)
    needs: Literal["cases", "observations"] | None = None

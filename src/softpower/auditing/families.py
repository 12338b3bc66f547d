"""A node and what is under it, over several cases: each statistic is computed once, for all who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from softpower.analysis.reliability import Reliability, cronbach_alpha
from softpower.analysis.structure import (
    Adequacy,
    Components,
    Inflation,
    components,
    sampling_adequacy,
    variance_inflation,
)
from softpower.auditing.findings import Said
from softpower.steps.measures import Floats


@dataclass(frozen=True, eq=False)
class Family:
    """A node with the scores of its children.

    Parameters
    ----------
    node, title : str
    children : sequence of str
    scores : array of shape (rows, children)
    """

    node: str
    title: str
    children: Sequence[str]
    scores: Floats

    @cached_property
    def reliability(self) -> Reliability:
        """Whether the children vary together."""
        return cronbach_alpha(self.scores, names=self.children)

    @cached_property
    def components(self) -> Components:
        """What the children have in common."""
        return components(self.scores, names=self.children)

    @cached_property
    def adequacy(self) -> Adequacy:
        """Whether they share enough for components."""
        return sampling_adequacy(self.scores, names=self.children)

    @cached_property
    def inflation(self) -> Inflation:
        """Whether one follows from the others."""
        return variance_inflation(self.scores, names=self.children)


class Reasoned(Protocol):
    """A statistic that says why it is undefined; nothing where it is defined."""

    @property
    def reason(self) -> str:
        """Why."""
        ...


Statistic = TypeVar("Statistic", bound=Reasoned)


def defined(
    families: Sequence[Family], name: str, statistic: Callable[[Family], Statistic], *, least: int = 2
) -> Iterator[tuple[Family, Statistic | Said]]:
    """Yield each family of so many children with its statistic, or with why that is undefined."""
    for one in families:
        if len(one.children) < least:
            continue
        found = statistic(one)
        if not found.reason:
            yield one, found
            continue
        what = f"{name} of {one.title}: undefined, since {found.reason.rstrip('.')}."
        yield one, Said("undefined", what, "Find more cases, or leave out what never differs.", (one.node,))

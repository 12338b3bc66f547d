"""Claims: what a text says of scores, in a form that draws can be held against."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from softpower.errors import problem, raise_all
from softpower.model.base import Case, Id, Model, Number, Problem, Text, Truth

Kind = Literal["order", "highest", "lowest", "above", "spread"]


class Claim(Model):
    """A statement about scores that holds or does not hold in a draw.

    It compares several nodes of one case, or several cases by one node: the *items*.

    Parameters
    ----------
    id : str
    says : str
        The statement in words.
    source : str, optional
        The source of the profile that makes it, and ``place`` where it stands there.
    kind : {"order", "highest", "lowest", "above", "spread"}
        ``order``: each item is above the next. ``highest`` and ``lowest``: the first item is above, or below, every
        other; one node alone is compared with its siblings, one case alone with all others. ``above``: the first of
        two is above the second. ``spread``: the greatest and the least are at least ``by`` points apart.
    nodes : tuple of str
        What is compared, or the one node by which cases are; the composite by default.
    cases : tuple of str
        What is compared, or the one case whose nodes are; needed where there are several.
    by : float
        By so many points or more; without it any difference beyond a tie counts. A spread needs it.
    negated : bool
        Whether the statement denies it.

    Raises
    ------
    SpecificationError
        With everything that makes it no claim.

    Examples
    --------
    >>> Claim(id="culture_leads", says="Culture leads.", kind="highest", nodes=["culture"]).by
    0.0
    """

    id: Id
    says: Text
    source: Id | None = None
    place: Text | None = None
    kind: Kind
    nodes: tuple[Id, ...] = ()
    cases: tuple[Case, ...] = ()
    by: Annotated[Number, Field(ge=0)] = 0.0
    negated: Truth = False

    @property
    def of_cases(self) -> bool:
        """Whether cases are compared, and not nodes."""
        return len(self.cases) > 1 or (len(self.cases) == 1 and not self.nodes)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        found: list[Problem] = []
        for key, given in (("nodes", self.nodes), ("cases", self.cases)):
            if len(set(given)) < len(given):
                found.append(((key,), problem("a name stands twice", "Name each once.")))
        if len(self.nodes) > 1 and len(self.cases) > 1:
            found.append((("cases",), problem("several nodes and several cases are named", "Compare one kind.")))
        count = len(self.cases) if self.of_cases else len(self.nodes)
        alone = self.kind in {"highest", "lowest"}
        if self.kind == "above" and count != 2:
            found.append(((), problem(f"it names {count} to compare", "'above' compares two nodes, or two cases.")))
        elif count < (1 if alone else 2):
            found.append(((), problem("it names too few to compare", "Name nodes, or cases.")))
        if self.kind == "spread" and self.by == 0:
            found.append((("by",), problem("a spread of 0 always holds", "Say by how many points, for instance 5.")))
        raise_all("Claim", found)
        return self

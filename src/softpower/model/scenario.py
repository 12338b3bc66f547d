"""Scenarios: what else could have been chosen, as a validated patch of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from softpower.arguments import diagnosed
from softpower.errors import SpecificationError, problem, raise_all
from softpower.model.base import FrozenDict, Id, Model, Number, Problem, Table, Text, fault_of
from softpower.model.framework import Framework
from softpower.model.indicator import Indicator
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.patching import name_problems, patched
from softpower.model.period import Date

if TYPE_CHECKING:
    from softpower.model.profile import Profile


def _frozen(value: Any) -> Any:
    """Return plain data whose tables cannot be changed."""
    return FrozenDict({key: _frozen(one) for key, one in value.items()}) if isinstance(value, Mapping) else value


DECLARED = "declared"
"""The name under which the profile itself stands among its scenarios."""


class Selection(Model):
    """Some indicators, by what their specs say of them or by the nodes above them.

    Parameters
    ----------
    tags, mode, quality : tuple of str
        An indicator fits a key if it has any of the values.
    nodes : tuple of str
        Indicators, or dimensions with all that hangs under them.
    """

    tags: tuple[Id, ...] = ()
    mode: tuple[Literal["active", "passive"], ...] = ()
    quality: tuple[Literal["A", "B", "C", "D"], ...] = ()
    nodes: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if not (self.tags or self.mode or self.quality or self.nodes):
            raise problem("the selection names nothing", "Give it tags, mode, quality or nodes.")
        return self

    def fits(self, name: str, indicator: Indicator, framework: Framework) -> list[bool]:
        """Return for each key that is given whether the indicator fits it."""
        has = [
            (self.tags, indicator.tags),
            (self.mode, (indicator.mode,)),
            (self.quality, (indicator.quality,)),
            (self.nodes, framework.path(name)),
        ]
        return [not set(wanted).isdisjoint(mine) for wanted, mine in has if wanted]


class Unobserved(Model):
    """Facts that a scenario does without; a fact leaves if any of the keys names it.

    Of a table of values, cells leave by their source alone.

    Parameters
    ----------
    sources, ids, flags : tuple of str
        The source that a fact rests on, its own id, a flag that it carries.
    after : date, optional
        Facts whose period begins later leave; undated ones stay.
    without_footnote : bool
        Whether facts leave that no footnote stands behind.
    """

    sources: tuple[Id, ...] = ()
    ids: tuple[Id, ...] = ()
    flags: tuple[Text, ...] = ()
    after: Date | None = None
    without_footnote: bool = False

    def names(self, fact: Observation) -> bool:
        """Return whether the fact is one of those that leave."""
        late = self.after is not None and fact.start is not None and fact.start.first > self.after.last
        bare = self.without_footnote and fact.footnote is None
        flagged = not set(self.flags).isdisjoint(fact.flags)
        return late or bare or flagged or fact.id in self.ids or fact.source in self.sources


class Scenario(Model):
    """Another defensible set of choices for a profile: a patch that names only what it changes.

    Parameters
    ----------
    title, reason : str
        What it does, and why somebody would.
    include, exclude : Selection, optional
        ``include`` keeps the indicators that fit every key; ``exclude`` leaves out those that fit any. Each further
        key leaves fewer.
    sets : tuple, optional
        Which sets of indicators enter.
    without_observations : Unobserved, optional
        Facts that it does without.
    preferred : tuple of str
        Ids of the observations that hold among their alternatives.
    weights : mapping of node to weight
        On top of what the profile weighs with.
    parents : mapping of node to dimension
        Where nodes hang instead. A dimension that loses all its children is gone.
    rungs : mapping of indicator to variables
        Rungs that are dropped from its ladder or checklist, and from the top of its goalposts.
    measures, goalposts : mapping of indicator to id
        The alternative measure, the alternative goalposts that hold.
    methodology : mapping
        Choices that replace those of the profile.

    Raises
    ------
    SpecificationError
        With every key that is wrong by itself.

    Notes
    -----
    Misleads where scenarios are counted as if they were equally likely: they are readings, not draws.

    Examples
    --------
    >>> from softpower import load_profile
    >>> culture_first = Scenario(title="Culture first", weights={"culture": 2})
    >>> culture_first.apply(load_profile("kazakhstan")).methodology.weights
    Choice(method='mapping', parameters={'weights': {'culture': 2.0}})
    """

    title: Text
    reason: Text | None = None
    include: Selection | None = None
    exclude: Selection | None = None
    sets: Annotated[tuple[Literal["base", "extended"], ...], Field(min_length=1)] | None = None
    without_observations: Unobserved | None = None
    preferred: tuple[Id, ...] = ()
    weights: Table[Id, Annotated[Number, Field(ge=0)]] = Field(default_factory=dict)
    parents: Table[Id, Id] = Field(default_factory=dict)
    rungs: Table[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = Field(default_factory=dict)
    measures: Table[Id, Id] = Field(default_factory=dict)
    goalposts: Table[Id, Id] = Field(default_factory=dict)
    methodology: Annotated[Mapping[str, Any], AfterValidator(_frozen)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound_choices(self) -> Self:
        found: list[Problem] = []
        if self.weights and "weights" in self.methodology:
            what = "both 'weights' and 'methodology.weights' are given"
            found.append((("weights",), problem(what, "Give one: 'weights' stands on top of what the profile uses.")))
        # Most scenarios choose no method, and a profile checks all of its scenarios whenever it is made.
        found += self._choice_problems() if self.methodology else []
        raise_all("Scenario", found)
        return self

    def _choice_problems(self) -> list[Problem]:
        try:
            Methodology().replace(**self.methodology)
        except SpecificationError as error:
            named = [(fault.where.removeprefix("Methodology: "), fault) for fault in error.faults]
            return [(("methodology", key), problem(fault.what, fault.mend)) for key, fault in named]
        return []

    @diagnosed
    def apply(self, profile: Profile) -> Profile:
        """Return the profile under the scenario; it has no scenarios of its own, and the title says which one it is.

        Parameters
        ----------
        profile : Profile

        Raises
        ------
        SpecificationError
            With everything in the scenario that does not fit the profile.

        Examples
        --------
        >>> from softpower import load_profile
        >>> profile = load_profile("kazakhstan")
        >>> Scenario(title="No judgements", exclude={"tags": ["judgment"]}).apply(profile)
        Traceback (most recent call last):
            ...
        softpower.errors.SpecificationError: scenario 'No judgements': exclude.tags: there is no tag 'judgment'. ...
        """
        found = list(name_problems(self, profile.framework, profile.observations, profile.sources))
        outcome = found or patched(self, profile)
        if isinstance(outcome, list):
            raise SpecificationError([fault_of(f"scenario '{self.title}'", one) for one in outcome])
        return outcome

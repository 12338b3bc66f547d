"""What factors and their ends are called: titles in the place of ids, for a reader who has no list of these."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from softpower.model.indicator import Range
from softpower.model.profile import Profile
from softpower.model.scenario_parts import DECLARED

OWN = ", as declared"
"""What stands behind the end that is the declared one."""


@dataclass(frozen=True)
class Titles:
    """The titles of what the factors of a profile are about; what has none keeps its id.

    Parameters
    ----------
    profile : Profile

    Examples
    --------
    >>> from softpower import load_profile
    >>> titles = Titles(load_profile("kazakhstan"))
    >>> titles.factor("weights: soft_power"), titles.factor("observations: culture"), titles.factor("aggregation")
    ('weights: Soft power', 'observations: Culture', 'aggregation')
    >>> titles.end("weights: soft_power", "all weight on foreign_policy")
    'all weight on Foreign policy'
    """

    profile: Profile

    def node(self, name: str) -> str:
        """Return the title of a node."""
        return self._nodes.get(name, name)

    def factor(self, name: str) -> str:
        """Return what a factor, or a group of factors, is called."""
        kind, colon, about = name.partition(": ")
        if kind in {"observation", "alternatives"}:
            return f"{kind}: {self._figure(about)}"
        return f"{kind}{colon}{self.node(about)}"

    def fact(self, name: str) -> str:
        """Return an observation's id and the title of its variable."""
        return f"{name}, {self._facts[name]}" if name in self._facts else name

    def variable(self, name: str) -> str:
        """Return the title of a variable, or of the column of a table."""
        known = self.profile.framework.variables
        return known[name].title if name in known else self.node(name)

    def end(self, factor: str, said: str) -> str:
        """Return what a factor is at an end, in titles."""
        kind, _, about = factor.partition(": ")
        if kind == "weights":
            below = {name for name, parent in self.profile.framework.parents.items() if parent == about}
            return re.sub(r"[\w.-]+", lambda found: self.node(found[0]) if found[0] in below else found[0], said)
        if said.startswith("without "):
            return f"without {self.node(said.removeprefix('without '))}"
        option, own = said.removesuffix(OWN), OWN if said.endswith(OWN) else ""
        return self._options(kind, about).get(option, option) + own

    @cached_property
    def _nodes(self) -> Mapping[str, str]:
        framework = self.profile.framework
        return {name: framework.node_title(name) for name in (*framework.dimensions, *framework.indicators)}

    @cached_property
    def _facts(self) -> Mapping[str, str]:
        variables = self.profile.framework.variables
        fed = ((one.id, variables.get(one.variable or "")) for one in self.profile.observations)
        return {name: variable.title for name, variable in fed if variable is not None}

    def _figure(self, about: str) -> str:
        """Return what a number is called: an observation and its part, some alternatives, or a cell of a table."""
        if self.profile.values is not None:
            row, comma, column = about.rpartition(", ")
            return f"{row}{comma}{self.node(column)}"
        name, comma, part = about.partition(", ")
        first = name.partition(" or ")[0]
        said = f"{name}, {self._facts[first]}" if first in self._facts else name
        return f"{said}{comma}{part}"

    def _options(self, kind: str, about: str) -> Mapping[str, str]:
        """Return the titles of what a scenario, a measure or goalposts may be."""
        if kind == "scenarios":
            titles = {name: one.title for name, one in self.profile.all_scenarios.items()}
            return titles | {DECLARED: "no scenario"}
        indicator = self.profile.framework.indicators.get(about)
        if indicator is None or kind not in {"measures", "goalposts"}:
            return {}
        if kind == "measures":
            return {one.id: one.title for one in indicator.alternative_measures}
        main = indicator.goalposts
        given = [main, *(one.goalposts for one in indicator.alternative_measures)]
        posts: dict[str, Range] = {one.id: one for each in given if each is not None for one in each.alternatives}
        posts |= {} if main is None else {"main": main}
        said = {name: f"{one.low:g} to {one.high:g}" for name, one in posts.items()}
        # Two ranges of the same ends may go two ways, or count in two units.
        count = Counter(said.values())
        return {name: text if count[text] == 1 else f"{text} ({name})" for name, text in said.items()}

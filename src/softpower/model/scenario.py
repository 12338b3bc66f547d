"""Scenarios: what else could have been chosen, as a validated patch of a profile."""

from __future__ import annotations

from softpower.arguments import diagnosed
from softpower.errors import SpecificationError
from softpower.model.base import fault_of
from softpower.model.patching import Patched, name_problems, patched
from softpower.model.scenario_parts import ScenarioParts


class Scenario(ScenarioParts):
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

    @diagnosed
    def apply(self, profile: Patched) -> Patched:
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

"""What is settled before anything is drawn: what is uncertain, and that as declared it scores as `score` does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from softpower.draws.sampler import Sampler
from softpower.errors import MethodError, SpecificationError
from softpower.model.base import fault_of
from softpower.model.declarations import uncertainty_problems
from softpower.model.profile import Profile
from softpower.model.uncertainty import Uncertainty


def declared(profile: Profile, uncertainty: object, where: str) -> Profile:
    """Return a profile with the uncertainty that is given, or its own.

    Raises
    ------
    MethodError
        If none is given and it declares none.
    SpecificationError
        If what is given names what is not there.
    """
    if uncertainty is None:
        if not profile.uncertainty.declared:
            what = f"profile '{profile.id}' declares no uncertainty"
            mend = 'Say what is uncertain, for instance uncertainty={"weights": "simplex"}.'
            raise MethodError.of(where, what, mend)
        return profile
    if isinstance(uncertainty, Mapping):
        uncertainty = Uncertainty.parse(dict(uncertainty), "uncertainty")
    if not isinstance(uncertainty, Uncertainty):
        what = f"uncertainty is a {type(uncertainty).__name__}"
        raise SpecificationError.of(where, what, 'Give an Uncertainty, or a mapping like {"weights": "simplex"}.')
    found = list(uncertainty_problems(uncertainty, profile.framework, profile.all_scenarios))
    if found:
        raise SpecificationError([fault_of("uncertainty", one) for one in found])
    # What it names has just been held against the profile.
    return profile.model_copy(update={"uncertainty": uncertainty})


def check_nominal(sampler: Sampler) -> None:
    """Raise MethodError unless the point at which nothing is drawn scores as `score` does, and twice alike."""
    drawn = sampler.scores(np.full((2, sampler.dimensions), np.nan))
    expected = sampler.nominal_of_nodes
    near = np.isclose(drawn, expected, rtol=1e-12, atol=1e-3 * sampler.declared.ties[-1], equal_nan=True)
    if not near.all():
        place, node, row = np.argwhere(~near)[0]
        what = (
            f"the draws do not reproduce the score: {sampler.nodes[node]} of {sampler.engine.label(row)} is"
            f" {expected[node, row]!r} and is drawn as {drawn[place, node, row]!r}"
        )
        raise MethodError.of("uncertainty_analysis", what, "A method of your own must treat each draw by itself.")

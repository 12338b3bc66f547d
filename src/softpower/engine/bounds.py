"""Why bounds are not offered, and where they are attained."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np

from softpower.engine.choices import Chosen
from softpower.model.profile import Profile
from softpower.registry import WEIGHTS, Method
from softpower.steps.derive import Bounds
from softpower.steps.measures import Mask
from softpower.steps.plan import Slot
from softpower.steps.tabulate import disputed
from softpower.steps.tree import Tree


def why_refused(
    filling: Iterable[Sequence[Chosen]], normalisers: Sequence[Chosen], weights: str, aggregations: Sequence[Method]
) -> str | None:
    """Return why bounds are not offered, or None where they are.

    Parameters
    ----------
    filling : sequences of Chosen
        The methods of each step that fills or moves values.
    normalisers : sequence of Chosen
    weights : str
        The name of the method of the weights.
    aggregations : sequence of Method
        One for each level.
    """
    for chosen in filling:
        if chosen:
            names = ", ".join(one.method.name for one in chosen)
            return f"Bounds are not offered: what '{names}' makes of a value depends on the other cases."
    standing = [one.method.name for one in normalisers if not one.method.fixed]
    if standing:
        return f"Bounds are not offered: '{standing[0]}' scores depend on the other cases."
    if WEIGHTS[weights].fitted:
        return f"Bounds are not offered: '{weights}' weights depend on the scores."
    across = [method.name for method in aggregations if method.across]
    if across:
        return f"Bounds are not offered: '{across[0]}' scores depend on the other cases."
    unsteady = [method.name for method in aggregations if not method.monotone]
    if unsteady:
        return f"Bounds are not offered: '{unsteady[0]}' may fall when a value rises."
    return None


def attained(profile: Profile, tree: Tree, derived: Bounds, slots: Sequence[Slot]) -> Mask:
    """Return where bounds are attained: where every uncertain fact pulls all indicators under a node alike.

    Parameters
    ----------
    profile : Profile
    tree : Tree
    derived : Bounds
        The bounds of the values, and what attains them.
    slots : sequence of Slot
        The numbers that observations give; none where a table is scored.
    """
    exact = np.ones((len(profile.index), len(tree.nodes)), dtype=bool)
    exact[:, : tree.indicator_count] = derived.exact
    if profile.values is None:
        _mark_facts(exact, profile, tree, derived, slots)
    else:
        _mark_denominators(exact, profile, tree, derived)
    for family in tree.families:
        exact[:, family.parent] &= exact[:, family.children].all(axis=-1)
    return exact


def _mark_facts(exact: Mask, profile: Profile, tree: Tree, derived: Bounds, slots: Sequence[Slot]) -> None:
    """Mark nodes under which an uncertain fact pulls indicators to different ends."""
    place = {node: index for index, node in enumerate(tree.nodes)}
    taken: dict[tuple[int, str, str, str], tuple[int, tuple[bool, bool] | None]] = {}
    for (case, indicator), pulls in derived.pulls.items():
        name = tree.nodes[indicator]
        turned = profile.framework.indicators[name].better == "lower"
        for number, pull in pulls.items():
            slot, mine = slots[number], pull[::-1] if pull is not None and turned else pull
            for fact, node in product(slot.observations, profile.framework.path(name)[:-1]):
                key = (case, node, fact, slot.part)
                # A fact taken alone here and among alternatives there is not at one end for both.
                if key in taken and (mine is None or taken[key] != (number, mine)):
                    exact[case, place[node]] = False
                taken[key] = (number, mine)


def _mark_denominators(exact: Mask, profile: Profile, tree: Tree, derived: Bounds) -> None:
    """Mark nodes under which an uncertain denominator pulls indicators to different ends."""
    assert profile.values is not None
    framework, place = profile.framework, {node: index for index, node in enumerate(tree.nodes)}
    for rows, names in disputed(profile.values, profile.indicators).values():
        signs = {name: framework.indicators[name].better for name in names}
        negative = np.any([derived.low[:, place[name]] < 0 for name in names], axis=0)
        above = Counter(node for name in names for node in framework.path(name)[:-1])
        for node, count in above.items():
            ways = {signs[name] for name in names if node in framework.path(name)}
            if count > 1:
                exact[rows & (negative if len(ways) == 1 else True), place[node]] = False

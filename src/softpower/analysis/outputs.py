"""Numbers that a draw is asked for: scores of nodes, how far ranks move, whether one is above another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from softpower.draws.claims import Held
from softpower.draws.drawing import held_against
from softpower.draws.sampler import Sampler
from softpower.errors import Fault, MethodError, NotFoundError, SpecificationError, did_you_mean
from softpower.model.claim import Claim
from softpower.result import steps_of
from softpower.steps.measures import Floats
from softpower.steps.ordering import ranked

RANK_CHANGE = "rank_change"
"""The mean over cases of how far the rank of the composite is from that as declared."""
ABOVE = " above "


@dataclass(frozen=True)
class Outputs:
    """What draws are asked for.

    Parameters
    ----------
    names : tuple of str
    cells : sequence of (output, node, row)
        The scores that are asked for.
    held : mapping of output to claim
    ranked : int
        The output that says how far ranks move; -1 where none does.
    """

    sampler: Sampler
    names: tuple[str, ...]
    cells: Sequence[tuple[int, int, int]]
    held: Sequence[tuple[int, Held]]
    ranked: int

    @classmethod
    def of(cls, sampler: Sampler, asked: Sequence[str] | str | None) -> Outputs:
        """Return the outputs that are asked for by name.

        Parameters
        ----------
        sampler : Sampler
        asked : sequence of str, optional
            Nodes; ``"rank_change"``; ``"a above b"`` for two cases, or two nodes of one case; ids of claims. By default
            the composite and the nodes below it, and the change of ranks where there are several cases.

        Raises
        ------
        NotFoundError
            For every name that is none of these.
        SpecificationError
            If no names are given.
        MethodError
            If ranks are asked of one case, or a score that is the same in all draws.
        """
        nodes, several = sampler.nodes, len(sampler.index.get_level_values("case").unique()) > 1
        if asked is None:
            scores = [nodes[-1], *sampler.children(nodes[-1])] if sampler.comparable else []
            asked = [*scores, *([RANK_CHANGE] if several else [])]
        made: list[str] = []
        cells: list[tuple[int, int, int]] = []
        held: list[tuple[int, Held]] = []
        ranked, faults = -1, []
        for name in _names(asked):
            if (fault := _unfit(sampler, name, several=several)) is not None:
                faults.append(fault)
            elif name in nodes:
                for row in range(len(sampler.index)):
                    cells.append((len(made), nodes.index(name), row))
                    made.append(f"{sampler.engine.label(row)}: {name}" if len(sampler.index) > 1 else name)
            elif name == RANK_CHANGE:
                ranked = len(made)
                made.append(name)
            elif (claim := _claim(sampler, name, several=several)) is not None:
                held += [(len(made), one) for one in held_against(sampler, [claim])]
                made.append(name)
            else:
                known = [*sampler.engine.tree.nodes, *(one.id for one in sampler.profile.claims), RANK_CHANGE]
                faults.append(Fault("outputs", f"there is no output '{name}'", did_you_mean(name, known)))
        if faults:
            missing = any("there is no" in fault.what for fault in faults)
            raise NotFoundError(faults) if missing else MethodError(faults)
        return cls(sampler, tuple(made), cells, held, ranked)

    def values(self, u: Floats) -> Floats:
        """Return the outputs of points, of shape (draws, outputs); NaN where a score lacks."""
        scores = self.sampler.scores(u)
        made = np.empty((len(u), len(self.names)))
        if self.cells:
            places, nodes, rows = np.array(self.cells).T
            made[:, places] = scores[:, nodes, rows]
        ties = None if self.sampler.comparable else self.sampler.ties(u)
        for place, one in self.held:
            made[:, place] = one.holds(scores, ties)
        if self.ranked >= 0:
            tie = self.sampler.declared.ties[-1] if ties is None else ties[:, -1:]
            made[:, self.ranked] = self._rank_change(steps_of(scores[:, -1], tie))
        return made

    def _rank_change(self, composite: Floats) -> Floats:
        """Return the mean absolute change of ranks, of shape (draws,), of composites in whole steps."""
        nominal = steps_of(self.sampler.nominal_of_nodes[-1], self.sampler.declared.ties[-1])
        steps = np.vstack([nominal, composite])
        ranks = np.empty_like(steps)
        for rows in self.sampler.engine.by_period.values():
            # The highest has rank 1, and ties take the lowest rank.
            ranks[:, rows] = ranked(-steps[:, rows, None], "lowest")[..., 0]
        moved = np.abs(ranks[1:] - ranks[0])
        count = (~np.isnan(moved)).sum(axis=1)
        return np.asarray(np.where(count > 0, np.nansum(moved, axis=1) / np.maximum(count, 1), np.nan))


def _unfit(sampler: Sampler, name: str, *, several: bool) -> Fault | None:
    """Return why an output that is known cannot be drawn."""
    if name in sampler.engine.tree.nodes and name not in sampler.nodes:
        return Fault("outputs", f"the score of '{name}' is the same in all draws", "Leave it out.")
    if name in sampler.nodes and not sampler.comparable:
        what = f"draws score '{name}' on several scales, which have no common variance"
        return Fault("outputs", what, f"Ask for '{RANK_CHANGE}', or for 'a above b'.")
    if name == RANK_CHANGE and name not in sampler.nodes and not several:
        return Fault("outputs", "one case has no rank", "Ask for a score, or for 'a above b' of nodes.")
    return None


def _claim(sampler: Sampler, name: str, *, several: bool) -> Claim | None:
    """Return the claim that two cases, or two nodes of one case, stand in an order, or the profile's of that id."""
    first, above, second = name.partition(ABOVE)
    if above and {first, second} <= set(sampler.index.get_level_values("case")):
        return Claim(id="asked", says=name, kind="above", cases=(first, second))
    if above and {first, second} <= set(sampler.engine.tree.nodes) and not several:
        return Claim(id="asked", says=name, kind="above", nodes=(first, second))
    return next((one for one in sampler.profile.claims if one.id == name), None)


def _names(asked: object) -> list[str]:
    """Return the names that are asked for."""
    given = [asked] if isinstance(asked, str) else list(asked) if isinstance(asked, Iterable) else []
    names = [name for name in given if isinstance(name, str)]
    if not names or len(names) < len(given):
        raise SpecificationError.of("outputs", f"{asked!r} names no outputs", "Give a name, or a list of names.")
    return names

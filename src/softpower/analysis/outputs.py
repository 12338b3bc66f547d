"""Numbers that a draw is asked for: scores of nodes, how far ranks move, whether one is above another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from softpower.draws.claims import Held
from softpower.draws.sampler import Sampler
from softpower.errors import Fault, MethodError, NotFoundError, SpecificationError, did_you_mean
from softpower.model.claim import Claim
from softpower.result import in_steps
from softpower.steps.measures import Floats

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
    def of(cls, sampler: Sampler, asked: Sequence[str] | str | None) -> Outputs:  # noqa: PLR0912 - one branch a form
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
        engine, nodes = sampler.engine, sampler.nodes
        cases = list(dict.fromkeys(engine.index.get_level_values("case")))
        root = nodes[-1]
        several = len(cases) > 1
        if asked is None:
            scores = [root, *sampler.children(root)] if sampler.comparable else []
            asked = [*scores, *([RANK_CHANGE] if several else [])]
        names = _names(asked)
        claims = {one.id: one for one in sampler.profile.claims}
        known = [*engine.tree.nodes, *claims, RANK_CHANGE]
        made: list[str] = []
        cells: list[tuple[int, int, int]] = []
        held: list[tuple[int, Held]] = []
        ranked, faults = -1, []
        for name in names:
            first, above, second = name.partition(ABOVE)
            if name in engine.tree.nodes and name not in nodes:
                faults.append(Fault("outputs", f"the score of '{name}' is the same in all draws", "Leave it out."))
            elif name in nodes and not sampler.comparable:
                what = f"draws score '{name}' on several scales, which have no common variance"
                faults.append(Fault("outputs", what, f"Ask for '{RANK_CHANGE}', or for 'a above b'."))
            elif name in nodes:
                for row in range(len(engine.index)):
                    cells.append((len(made), nodes.index(name), row))
                    made.append(f"{engine.label(row)}: {name}" if len(engine.index) > 1 else name)
            elif name == RANK_CHANGE and not several:
                faults.append(Fault("outputs", "one case has no rank", "Ask for a score, or for 'a above b' of nodes."))
            elif name == RANK_CHANGE:
                ranked = len(made)
                made.append(name)
            elif above and {first, second} <= set(cases):
                claim = Claim(id="asked", says=name, kind="above", cases=(first, second))
                held.append((len(made), Held.of(claim, engine, nodes, sampler.nominal)))
                made.append(name)
            elif above and {first, second} <= set(engine.tree.nodes) and not several:
                claim = Claim(id="asked", says=name, kind="above", nodes=(first, second))
                held.append((len(made), Held.of(claim, engine, nodes, sampler.nominal)))
                made.append(name)
            elif name in claims:
                held.append(
                    (len(made), Held.of(claims[name], engine, nodes, sampler.nominal, comparable=sampler.comparable))
                )
                made.append(name)
            else:
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
        for place, one in self.held:
            made[:, place] = one.holds(scores)
        if self.ranked >= 0:
            widths = self.sampler.widths(u) if not self.sampler.comparable else self.sampler.declared.width
            made[:, self.ranked] = self._rank_change(scores[:, -1] / np.reshape(widths, (-1, 1)))
        return made

    def _rank_change(self, composite: Floats) -> Floats:
        """Return the mean absolute change of ranks, of shape (draws,), of composites in widths of their scale."""
        nominal = in_steps(self.sampler.nominal_of_nodes[-1] / self.sampler.declared.width, (0.0, 1.0))
        steps = np.vstack([nominal, in_steps(composite, (0.0, 1.0))])
        ranks = np.empty_like(steps)
        for rows in self.sampler.engine.by_period.values():
            ranks[:, rows] = ranked(steps[:, rows])
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nanmean(np.abs(ranks[1:] - ranks[0]), axis=1))


def _names(asked: object) -> list[str]:
    """Return the names that are asked for."""
    given = [asked] if isinstance(asked, str) else list(asked) if isinstance(asked, Iterable) else []
    names = [name for name in given if isinstance(name, str)]
    if not names or len(names) < len(given):
        raise SpecificationError.of("outputs", f"{asked!r} names no outputs", "Give a name, or a list of names.")
    return names


def ranked(steps: Floats) -> Floats:
    """Return the ranks in each row of an array: 1 is the highest, ties take the lowest rank, NaN has none.

    Examples
    --------
    >>> ranked(np.array([[5.0, 7.0, 7.0, np.nan]]))
    array([[ 3.,  1.,  1., nan]])
    """
    order = np.argsort(-steps, axis=1)
    ordered = np.take_along_axis(steps, order, axis=1)
    place = np.zeros(steps.shape)
    place[:, 1:] = np.where(ordered[:, 1:] == ordered[:, :-1], 0.0, np.arange(1.0, steps.shape[1]))
    ranks = np.empty(steps.shape)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1) + 1, axis=1)
    ranks[np.isnan(steps)] = np.nan
    return ranks

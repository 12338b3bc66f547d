"""What weights that are fitted to scores share: which families they act on, and which scores they see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from softpower.errors import Fault, MethodError, did_you_mean
from softpower.steps.measures import Floats
from softpower.steps.tree import Family, Tree
from softpower.words import LISTED, some_quoted


@dataclass(frozen=True)
class Siblings:
    """The children of one node that weights are fitted for.

    Parameters
    ----------
    where : str
        The method and the node, for an error.
    names : tuple of str
        The children, without those whose declared weight is zero.
    scores : array of shape (cases, children)
        NaN where missing.
    declared : array of shape (children,)
        Their declared weights.
    """

    where: str
    names: tuple[str, ...]
    scores: Floats
    declared: Floats

    def refusal(self, what: str, mend: str) -> MethodError:
        """Return the error that says why the method has no meaning for these children."""
        return MethodError([Fault(self.where, what, mend)])

    def listed(self, places: Sequence[int] | np.ndarray) -> str:
        """Return the names of some children, quoted."""
        return some_quoted([self.names[place] for place in places], LISTED)

    def complete(self, least: int) -> Floats:
        """Return the scores of the cases that have all of them.

        Raises
        ------
        MethodError
            If they are fewer than ``least``, or a child has the same score in all of them.
        """
        scores = self.scores[~np.isnan(self.scores).any(axis=-1)]
        if len(scores) < least:
            what = f"{len(scores)} cases have a score on each of the {len(self.names)} children"
            mend = f"It takes {least} at least: impute, drop the child with most gaps, or weigh otherwise."
            raise self.refusal(what, mend)
        self.refuse_constant(scores)
        return scores

    def refuse_constant(self, scores: Floats) -> None:
        """Raise MethodError where a child has one score in all cases that have any, or none at all."""
        there = ~np.isnan(scores)
        least = np.where(there, scores, np.inf).min(axis=0, initial=np.inf)
        greatest = np.where(there, scores, -np.inf).max(axis=0, initial=-np.inf)
        # What rounding alone tells apart is the same score.
        constant = np.flatnonzero(~(greatest - least > 1e-12 * np.abs(greatest)))
        if constant.size:
            what = f"{self.listed(constant)} has the same score in all cases"
            raise self.refusal(what, "Leave it out, give it a declared weight of zero, or weigh otherwise.")

    def refuse_negative(self) -> None:
        """Raise MethodError where a score is below zero."""
        negative = np.flatnonzero((self.scores < 0).any(axis=0))
        if negative.size:
            what = f"{self.listed(negative)} has scores below zero"
            raise self.refusal(what, 'Normalise to zero and above, for instance with "min_max" or "goalposts".')


Rule = Callable[[Siblings], Floats]
"""Weights of shape (children,) or (cases, children) from what siblings score."""


def fit(tree: Tree, scores: Floats, name: str, levels: Sequence[str] | None, rule: Rule) -> Floats:
    """Return the declared weights, with those of the chosen families fitted by a rule.

    A child whose declared weight is zero stays at zero and is not seen by the rule. A family with one child that
    weighs anything has nothing to fit.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (cases, nodes)
    name : str
        The method's, for an error.
    levels : sequence of str, optional
        The levels whose nodes weigh their children by the rule, as those of an aggregation. Without it every
        node whose children are all indicators.
    rule : function of Siblings

    Returns
    -------
    array of shape (nodes,), or (cases, nodes) where the rule gives weights by case

    Raises
    ------
    MethodError
        For an unknown level, or where the rule has no meaning for a family; all of them at once.
    """
    where = f"weights = '{name}'"
    families = _chosen(tree, levels, where)
    fitted: list[tuple[np.ndarray, Floats]] = []
    faults: list[Fault] = []
    for family in families:
        children = family.children[tree.declared[family.children] > 0]
        if len(children) < 2:
            continue
        names = tuple(tree.nodes[child] for child in children)
        place = f"{where}: {tree.nodes[family.parent]}"
        try:
            made = rule(Siblings(place, names, scores[:, children], tree.declared[children]))
        except MethodError as error:
            faults += error.faults
        else:
            fitted.append((children, made))
    if faults:
        raise MethodError(faults)
    by_case = any(made.ndim > 1 for _, made in fitted)
    weights = np.tile(tree.declared, (len(scores), 1)) if by_case else tree.declared.copy()
    for children, made in fitted:
        weights[..., children] = made
    return weights


def _chosen(tree: Tree, levels: Sequence[str] | None, where: str) -> list[Family]:
    """Return the families of some levels, or those of indicators alone."""
    if levels is None:
        return [family for family in tree.families if (family.children < tree.indicator_count).all()]
    known = {family.level for family in tree.families}
    unknown = [one for one in levels if one not in known]
    if unknown:
        raise MethodError(
            [Fault(where, f"no node with children is on a level '{one}'", did_you_mean(one, known)) for one in unknown]
        )
    return [family for family in tree.families if family.level in levels]

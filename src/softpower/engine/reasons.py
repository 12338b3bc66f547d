"""Why a node is missing, as a text."""

from collections.abc import Mapping

import numpy as np

from softpower.model.profile import Profile
from softpower.steps.measures import Floats
from softpower.steps.missing import enough
from softpower.steps.tree import Tree


def reasons_of_cells(profile: Profile, imputed: Floats) -> np.ndarray:
    """Return what each missing cell of a table lacks, as texts of shape (rows, indicators)."""
    table = profile.values
    assert table is not None
    reasons = np.full(imputed.shape, "", dtype=object)
    for place, (name, one) in enumerate(profile.indicators.items()):
        gone = np.isnan(imputed[:, place])
        lacking = "no value in the table" if name in table.columns else f"the table has no column '{name}'"
        reasons[gone, place] = lacking
        if one.denominator is not None:
            by = one.denominator.variable
            reasons[gone & ~np.isnan(table.column(name)), place] = f"no value of the denominator '{by}'"
    return reasons


def reasons_of_facts(profile: Profile, given: Mapping[tuple[str, str], str]) -> np.ndarray:
    """Return why indicators have no value, given by case and indicator, as texts of shape (rows, indicators)."""
    place = {name: column for column, name in enumerate(profile.indicators)}
    rows = {case: row for row, case in enumerate(profile.index)}
    reasons = np.full((len(rows), len(place)), "", dtype=object)
    for (case, indicator), why in given.items():
        reasons[rows[case], place[indicator]] = why
    return reasons


def reasons_of_nodes(tree: Tree, scores: Floats, thresholds: Floats, indicators: np.ndarray) -> np.ndarray:
    """Return why each missing node is missing, as texts of shape (rows, nodes), empty where it is not.

    Parameters
    ----------
    tree : Tree
    scores : array of shape (rows, nodes)
    thresholds : array of shape (families,)
        Least share of children present.
    indicators : array of shape (rows, indicators)
        The reasons of indicators.
    """
    reasons = np.full(scores.shape, "", dtype=object)
    reasons[:, : tree.indicator_count] = indicators
    for family, threshold in zip(tree.families, thresholds, strict=True):
        gone = np.isnan(scores[:, family.parent])
        present = (~np.isnan(scores[:, family.children])).sum(axis=-1)
        for count in np.unique(present[gone]):
            why = f"{count} of {len(family.children)} children are present"
            if count and not enough(count, len(family.children), threshold):
                why += f", below the threshold of {threshold:g}"
            elif count:
                why += ", and their weights are zero"
            reasons[gone & (present == count), family.parent] = why
    return reasons

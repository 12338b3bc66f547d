"""What each draw stands for: every factor's value, label or weights, back from its point."""

from __future__ import annotations

import numpy as np
import pandas as pd

from softpower.draws.facts import chosen_of
from softpower.draws.sampler import Sampler
from softpower.steps.measures import Floats


def realised(sampler: Sampler, u: Floats) -> pd.DataFrame:
    """Return what points stand for, one row each.

    Choices are named, observations are in the unit of their variable, weights are among siblings of the declared
    tree, one column for each child, and what is left out is listed.
    """
    columns: dict[str, object] = {}
    inventory = sampler.inventory
    facts = inventory.facts.draw(u[:, inventory.fact_run])
    tree = sampler.engine.tree
    weights = sampler.declared.weights(u, None)
    for factor in sampler.factors:
        if factor.alternatives:
            nominal = -1 if factor.nominal is None else factor.nominal
            labels = np.array([*factor.alternatives, "declared"], dtype=object)
            columns[factor.name] = labels[chosen_of(u[:, factor.columns[0]], len(factor.alternatives), nominal)]
        elif factor.kind == "weights":
            parent = factor.name.removeprefix("weights: ")
            for family in tree.families:
                if tree.nodes[family.parent] == parent:
                    for child in family.children:
                        columns[f"{factor.name}: {tree.nodes[child]}"] = weights[:, child]
        elif factor.kind == "observations":
            for column in factor.columns:
                at = inventory.fact_place[column]
                columns[inventory.fact_names[at]] = facts[:, at]
        elif factor.kind == "selection":
            included = sampler.declared.included(u)
            assert included is not None
            gone = ~included[:, : tree.indicator_count]
            leaves = np.array(tree.nodes[: tree.indicator_count], dtype=object)
            columns[factor.name] = [", ".join(leaves[row]) for row in gone]
        elif factor.kind == "imputation":
            # Zero stands for the imputation that is declared.
            columns[factor.name] = chosen_of(u[:, factor.columns[0]], sampler.uncertainty.imputations, -1) + 1
        else:
            columns[factor.name] = inventory.parameter(factor.columns[0]).values(u)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(u), name="draw"))

"""What the numbers of a score say to a reader, a sentence each."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from softpower.engine import Engine
from softpower.model.framework import FLAT
from softpower.steps.measures import Floats


def taken_for_granted(engine: Engine) -> Iterator[str]:
    """Yield what a score without a framework of its own takes for granted."""
    if engine.profile.framework.id != FLAT:
        return
    indicators = engine.profile.indicators.values()
    weights = np.atleast_2d(engine.weights)[:, : engine.tree.indicator_count]
    equal = "equal weights" if np.allclose(weights, weights[:, :1]) else "weights as given"
    turned = [one.title for one in indicators if one.better == "lower"]
    better = f"lower is better for {', '.join(turned)}" if turned else "higher is better"
    cases = engine.index.get_level_values("case").nunique()
    number = f"{cases} cases" if cases > 1 else "one case"
    if engine.index.nlevels > 1:
        number += f" in {engine.index.get_level_values('period').nunique()} periods"
    how = ", ".join(one.method.name for one in engine.normalisers) + ("" if engine.fixed else f" over {number}")
    yield f"Scored without a framework: {len(engine.indicators)} indicators, {equal}, {better}, {how}."


def held_constant(undated: pd.DataFrame) -> Iterator[str]:
    """Yield what facts without a date carry of each score, where they are held constant."""
    for case, row in zip(undated.index, undated.to_dict("records"), strict=True):
        if np.isnan(row["points"]):
            continue
        yield (
            f"{case}: facts without a date, held constant, carry {row['points']:.1f} points ({row['share']:.0%}), and"
            f" {row['points_in_part']:.1f} more ({row['share_in_part']:.0%}) beside dated ones."
        )


def left_open(engine: Engine, score: Floats, low: Floats, high: Floats) -> Iterator[str]:
    """Yield which order of the first level the facts of one case do not settle.

    Parameters
    ----------
    score, low, high : arrays of shape (nodes,)
    """
    first = engine.tree.families[-1].children
    if np.isnan(low[first]).any():
        return
    order = first[np.argsort(-score[first], kind="stable")]
    if (low[order[:-1]] <= high[order[1:]]).any():
        ranked = ", ".join(engine.profile.framework.node_title(engine.tree.nodes[one]) for one in order)
        yield f"{engine.label(0)}: the facts do not settle the order {ranked}: their bounds overlap."

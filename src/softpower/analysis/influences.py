"""What moves the composite, against what is said to: the influence of each node beside its declared weight."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.association import associate
from softpower.analysis.smoothing import LEAST, correlation_ratio
from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.result import Result, in_steps
from softpower.scoring import score
from softpower.steps.measures import Floats


@diagnosed
def influence(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
) -> pd.DataFrame:
    """Return how much of the composite's variance over cases each node explains, beside its declared weight.

    S = Var(E[y | x]) / Var(y), the correlation ratio of the composite y on the score x of the node.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.

    Returns
    -------
    DataFrame
        One row for each node below the composite, down the tree. ``title``; ``level``; ``weight`` in the composite as
        declared, before any gap, the mean over cases where each has its own; ``influence``, S by a local-linear
        regression; ``linear``, the squared Pearson correlation; ``influence_share`` and ``weight_share`` among the
        siblings that have an influence; ``ratio`` of the two, above one where a node moves more than its weight says;
        ``cases`` that have both scores; ``note``, why a number is missing.

    Raises
    ------
    MethodError
        If there is one case alone.
    SoftPowerError
        If the data cannot be scored.

    Notes
    -----
    Time grows with the square of the number of cases. Rows of all periods count as cases.

    Misleads where it is read as a cause: a node that goes along with others explains what they move, and the
    influences of siblings do not sum to one. With few cases the curve, and so S, is uncertain by a lot.

    References
    ----------
    P. Paruolo, M. Saisana and A. Saltelli, Ratings and rankings: voodoo or science?, Journal of the Royal Statistical
    Society A 176 (2013).

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": np.arange(12.0), "visits": [3.0, 4.0] * 6}, index=[f"C{i}" for i in range(12)])
    >>> influence(frame)[["weight", "linear", "note"]].round(2).to_numpy().tolist()
    [[0.5, 0.38, ''], [0.5, 0.76, '2 distinct values are too few for a curve']]
    """
    return influence_of(score(data, framework, methodology=methodology, scenario=scenario))


def influence_of(result: Result) -> pd.DataFrame:
    """Return the influences of a score, as `influence` has them.

    Raises
    ------
    MethodError
        If there is one case alone.
    """
    if len(result.cases) < 2:
        mend = "Compare several cases; for one case see explain() and contributions."
        raise MethodError.of("influence", "in one case nothing varies", mend)
    names = list(result.to_wide().columns)[1:]
    weights = result.engine.tree.effective(result.engine.weights)
    frame = pd.DataFrame([_row(result, name, weights) for name in names], pd.Index(names, name="node"))
    parents = pd.Series([result.profile.framework.parents[name] for name in names], frame.index)
    known = frame[["influence", "weight"]].where(frame["influence"].notna())
    shares = known / known.groupby(parents).transform("sum")
    frame["influence_share"], frame["weight_share"] = shares["influence"], shares["weight"]
    frame["ratio"] = frame["influence_share"] / frame["weight_share"].where(frame["weight_share"] > 0)
    shown = ("title", "level", "weight", "influence", "linear", "influence_share", "weight_share", "ratio", "cases")
    return frame[[*shown, "note"]]


def _row(result: Result, name: str, weights: Floats) -> dict[str, object]:
    """Return what is known of a node by itself."""
    place, framework = result.nodes.index(name), result.profile.framework
    x, y = result.score[:, place], result.score[:, -1]
    both = ~(np.isnan(x) | np.isnan(y))
    linear, curve, note = _explained(x[both], y[both], result.scale)
    return {
        "title": framework.node_title(name),
        "level": framework.level(name),
        "weight": float(weights[..., place].mean()),
        "influence": curve,
        "linear": linear,
        "cases": int(both.sum()),
        "note": note,
    }


def _explained(x: Floats, y: Floats, scale: tuple[float, float] | None) -> tuple[float, float, str]:
    """Return how much of y a line and a curve through x explain, and why one of them does not."""
    values, composites = (len(np.unique(in_steps(one, scale))) for one in (x, y))
    flat = [name for name, count in (("its scores", values), ("the composites", composites)) if count == 1]
    if flat:
        return np.nan, np.nan, f"{' and '.join(flat)} are all the same"
    together = associate(x, y)
    if together.reason:
        return np.nan, np.nan, together.reason
    linear = together.pearson**2
    if values < LEAST:
        return linear, np.nan, f"{values} distinct values are too few for a curve"
    return linear, correlation_ratio(x, y), ""
